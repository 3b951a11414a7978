"""What stands on a page beside the findings: what is not known, facts, what was not covered, versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from redline.answers.html_finding import card_html, outcomes
from redline.answers.html_words import called, counted, listing, short
from redline.answers.markup import Markup, Part, joined, tag
from redline.answers.text_finding import in_one_line
from redline.rules.report import Cited, EffectReport, FindingReport, Made, Reading, Report, Waiting, Waits
from redline.rules.verdicts import HARMLESS, Verdict

Section = tuple[str, str, Markup]
"""Its id, its title, and what stands in it."""


def unknown(report: Report, cards: Mapping[str, str]) -> Markup | None:
    """What is not known, by the fact that rules wait for, and what each answer would give."""
    parts = [_waited(each, report, cards) for each in report.waiting]
    parts += [
        joined(tag("h3", f"It turns on how this is read: {question}"), listing(dict.fromkeys(told)))
        for question, told in _read_otherwise(report.findings).items()
    ]
    left: dict[str, dict[str, None]] = {}
    for finding in report.findings:
        for reading in finding.under if finding.verdict is Verdict.UNDETERMINED else ():
            for question in reading.open_questions:
                left.setdefault(question, {}).setdefault(finding.rule.rule)
    parts += [
        joined(tag("h3", f"The text leaves open: {question}"), tag("p", "For ", _rules(rules, cards)))
        for question, rules in left.items()
    ]
    return joined(parts) if parts else None


def _read_otherwise(findings: Iterable[FindingReport]) -> dict[str, list[str]]:
    """The questions of interpretation on which findings turn, and what each reading gives."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.verdict is Verdict.UNDETERMINED and len({r.verdict for r in finding.under}) > 1:
            told = "; ".join(f"if {_read(reading)}: {reading.verdict.words}" for reading in finding.under)
            asked = dict.fromkeys(a.question or a.interpretation for r in finding.under for a in r.answers)
            line = f"{short(finding.rule.rule)}, {finding.subject.called}: {told}"
            found.setdefault(" ".join(asked), []).append(line)
    return found


def _read(reading: Reading) -> str:
    return " and ".join(f"{short(a.interpretation)} is read as {a.answer}" for a in reading.answers)


def _waited(each: Waiting, report: Report, cards: Mapping[str, str]) -> Markup:
    """One missing fact."""
    verb = "turn on how this is read" if each.sort == "reading" else "wait for it"
    verb = verb if len(each.rules) > 1 else verb.replace("turn", "turns").replace("wait", "waits")
    about = joined(" It would be stated at ", tag("code", each.about), ".") if each.about else None
    return joined(
        tag("h3", each.question),
        tag("p", f"{counted(len(each.rules), 'rule')} {verb}: ", _rules(each.rules, cards), ".", about),
        listing(dict.fromkeys(_outcomes(each.question, report.findings))),
    )


def _outcomes(question: str, findings: Iterable[FindingReport]) -> Iterator[str]:
    for finding in findings:
        for reading in finding.under if finding.verdict is Verdict.UNDETERMINED else ():
            for waits in reading.waits_for if reading.verdict is Verdict.UNDETERMINED else ():
                if any(fact.question == question for fact in waits.facts):
                    yield f"{short(finding.rule.rule)}, {finding.subject.called}{_given(waits, question)}"


def _given(waits: Waits, question: str) -> str:
    asked = tuple(dict.fromkeys(fact.question for fact in waits.facts))
    others = [each for each in asked if each != question]
    beside = f", together with: {in_one_line(others)}" if others else ""
    told = "; ".join(dict.fromkeys(outcomes(waits)))
    return f"{beside}: {told}" if told else beside


def _rules(rules: Iterable[str], cards: Mapping[str, str]) -> Markup:
    told = [tag("a", short(r), href=f"#{cards[r]}") if r in cards else Markup(tag("span", r)) for r in rules]
    return joined(*(joined(", " if i else None, each) for i, each in enumerate(told)))


def items(listed: Sequence[Made]) -> Markup | None:
    """What items consist of, as a tree: what is no part of another first, and what it consists of once."""
    by = {each.id: each for each in listed}
    inside = {ident for each in listed for part in (*each.contains, *each.made_with) for ident in part.ids}
    told: set[str] = set()

    def shown(item: Made) -> Markup:
        told.add(item.id)
        lines: list[Part] = []
        for word, open_key, parts in (
            ("contains", "contains", item.contains),
            ("made with", "made_with", item.made_with),
        ):
            for part in parts:
                perhaps = "" if part.sure else "perhaps "
                inner = [shown(by[ident]) for ident in part.ids if ident in by and ident not in told]
                lines.append(joined(f"{perhaps}{word} {part.called}", inner))
            if parts and open_key in item.open:
                lines.append(f"perhaps {word} more than is listed")
        return listing(lines) or Markup()

    roots = [each for each in listed if each.id not in inside] or list(listed)
    return listing(joined(each.called, shown(each)) for each in roots)


def facts(report: Report, cards: Mapping[str, str]) -> Markup | None:
    """The facts that findings rest on, each with its place, its grade and its source."""
    used: dict[Cited, dict[str, None]] = {}
    for finding in report.findings:
        if finding.verdict not in HARMLESS or finding.verdict is Verdict.AUTHORISED:
            for fact in (f for r in finding.under for b in r.because for f in b.facts):
                used.setdefault(fact, {}).setdefault(finding.rule.rule)
    if not used:
        return None
    heads = ("place", "fact", "grade and source", "rules")
    rows = [
        tag(
            "tr",
            tag("td", tag("span", f"{fact.file}:{fact.line}" if fact.line else "nowhere", class_="place")),
            tag("td", tag("code", fact.path)),
            tag("td", f"{fact.grade}: {fact.source}" if fact.source else fact.grade),
            tag("td", _rules(rules, cards)),
        )
        for fact, rules in sorted(used.items(), key=lambda each: (each[0].file, each[0].line, each[0].path))
    ]
    return tag(
        "table",
        tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads])),
        tag("tbody", rows),
    )


def effects(listed: Sequence[EffectReport], prefix: str) -> Markup | None:
    """Permissions or red flags that hold, and those that may; ids begin with the prefix."""
    by: dict[tuple[str, str], list[EffectReport]] = {}
    for effect in listed:
        if effect.holds != "no":
            by.setdefault((effect.rule.rule, effect.holds), []).append(effect)
    return joined(_effect(group, f"{prefix}-{i + 1}") for i, group in enumerate(by.values())) if by else None


def _effect(group: Sequence[EffectReport], anchor: str) -> Markup:
    first = group[0]
    perhaps = "" if first.holds == "yes" else " (perhaps)"
    because = dict.fromkeys(b.says for e in group for b in e.because)
    asked = dict.fromkeys(a.question for e in group for a in e.waits_for)
    return tag(
        "article",
        tag("h3", f"{short(first.rule.rule)}, {called([e.subject for e in group])}{perhaps}"),
        tag("p", f"to ask: {first.question}") if first.question else None,
        card_html(first.rule, anchor),
        listing((*(f"because {each}" for each in because), *(f"waits for: {each}" for each in asked))),
        tag("p", f"sets aside: {', '.join(first.defeats)}", class_="quiet") if first.defeats else None,
        class_="finding",
    )


def gaps(report: Report) -> Markup:
    """What the answer does not cover, computed; all of it is named."""
    left = report.not_covered
    parts: list[Part] = []
    if left.layers:
        parts.append(f"{', '.join(left.layers)}: no policy loaded")
    for what, found in (
        ("items", left.items),
        ("activities", left.activities),
        ("parties", left.parties),
        ("steps", left.steps),
    ):
        if found:
            parts.append(f"{what} that no rule is about: {', '.join(found)}")
    if left.author_rules:
        parts.append(_more("inferences of the author, which run with --include author", left.author_rules))
    if left.interpretations:
        parts.append(_more("questions of interpretation for which no answer was fixed", left.interpretations))
    if left.statements:
        told = [f"{each.what}: {each.why}" for each in left.statements]
        parts.append(_more("statements that no rule encodes", told))
    return listing(parts) or tag("p", "Nothing that is known to be left out.")


def _more(what: str, found: Sequence[str]) -> Markup:
    return tag("details", tag("summary", f"{len(found)} {what}"), listing(found))


def judged_by(report: Report) -> Markup:
    """Policies, editions, digests and the second opinion: what the same answer comes from again."""
    second = report.about_this_run.second_opinion
    told: list[Part] = [
        joined(
            f"policy {policy.id}, “{policy.title}”, edition {policy.edition or 'not said'}, "
            f"{counted(policy.rules, 'rule')}, sha256 ",
            tag("code", policy.sha256),
        )
        for policy in report.policies
    ]
    place = tag("span", report.scenario_file, class_="place")
    digest = joined(", sha256 ", tag("code", report.scenario_sha256)) if report.scenario_sha256 else None
    told.append(joined("scenario ", place, digest))
    told.append(", ".join(f"{name} {version}" for name, version in report.versions.items()))
    told += [f"list {each}" for each in report.about_this_run.lists]
    if second.status == "agrees":
        apart = f", {counted(len(second.not_judged), 'rule')} not judged" if second.not_judged else ""
        told.append(f"second opinion: agrees on {counted(second.judged, 'case')}{apart}")
    told += [f"second opinion, not judged: {each}" for each in second.not_judged]
    return listing(told) or tag("p")
