"""A report as plain text of at most 100 columns: the deciding few first, the rest folded and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from redline.engine.chain import MARKS, draw, plain_ascii
from redline.engine.columns import WIDTH, beside, clipped, width, wrapped
from redline.engine.text_style import paint
from redline.rules.report import Because, Cited, EffectReport, FindingReport, LayerReport, NotCovered, Reading, Report, Source
from redline.rules.verdicts import Verdict

IN_FULL = 3
"""Crossings that are shown with their proof; further ones are named."""
_BECAUSE = 6
_WAITS = 2
_SHOWN = (Verdict.CROSSES, Verdict.UNDETERMINED, Verdict.REQUIRES_ASSESSMENT, Verdict.AUTHORISED)
_DECIDING = 6
"""Findings of one verdict that are named; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Style:
    """How to show: in colour, in ASCII only, everything at length."""

    color: bool = False
    ascii_only: bool = False
    verbose: bool = False


def render_text(report: Report, style: Style = Style()) -> str:
    """The report as text."""
    lines = [*_head(report, style), ""]
    if report.chain:
        lines += [*draw(report.chain, WIDTH, "    "), ""]
    for layer in report.layers:
        lines += _layer(layer, style, report.verdict)
    silent = [layer.layer for layer in report.layers if not layer.loaded]
    if silent:
        lines += [f"{' · '.join(silent)}    no policy loaded", ""]
    lines += _effects(report)
    lines += _foot(report, style)
    text = "".join(f"{line.rstrip()}\n" for line in lines)
    return plain_ascii_lines(text) if style.ascii_only else text


def plain_ascii_lines(text: str) -> str:
    """The text for an output that cannot carry more than ASCII."""
    return "\n".join(plain_ascii(line) for line in text.split("\n"))


def _head(report: Report, style: Style) -> Iterator[str]:
    second = report.about_this_run.second_opinion
    if second.status == "none" and second.why:
        yield from wrapped(f"no second opinion: {second.why}")
    if second.status == "disagrees":
        yield from wrapped(f"THE EVALUATORS DISAGREE on {', '.join(second.differs_on)}: nothing below is settled")
    when = f"judged as of {report.as_of} ({report.as_of_from})" if report.as_of else report.as_of_from
    for line in beside(f"{clipped(report.scenario, 40)}   {when}", report.answer):
        yield line.replace(report.answer, paint(report.answer, str(report.verdict), color=style.color))
    if report.title:
        yield from wrapped(report.title)
    for number, each in enumerate(report.assumptions):
        yield from wrapped(each.says, WIDTH, "assumed: " if not number else " " * 9, " " * 9)


# --- findings ----------------------------------------------------------------------------------


def _layer(layer: LayerReport, style: Style, first: Verdict) -> Iterator[str]:
    heading = None
    full = 0
    for group in _groups(layer.findings, style):
        card = group[0].rule
        to = f" to {card.addressed_to}" if card.addressed_to else ""
        now = f"{layer.layer} · {card.strength}   {card.stated_by}{to}"
        if now != heading:
            yield paint(clipped(now, WIDTH), "heading", color=style.color)
            heading = now
        decides = group[0].verdict is first
        full += decides
        yield from _group(group, style, brief=not style.verbose and not (decides and full <= IN_FULL))
    hidden = _folded(layer.findings, style)
    if hidden:
        if heading is None:
            yield paint(str(layer.layer), "heading", color=style.color)
        yield from wrapped(hidden, WIDTH, "  ")
    if heading is not None or hidden:
        yield ""


def _groups(findings: Sequence[FindingReport], style: Style) -> list[list[FindingReport]]:
    """The findings shown, those of one rule and verdict together, in the report's order."""
    groups: dict[object, list[FindingReport]] = {}
    for finding in findings:
        readings = tuple((r.answers, r.verdict) for r in finding.under)
        groups.setdefault((finding.rule.rule, finding.verdict, readings), []).append(finding)
    if style.verbose:
        return list(groups.values())
    alone = all(f.verdict not in _SHOWN for f in findings)
    shown: list[list[FindingReport]] = []
    counts: dict[str, int] = {}
    for group in groups.values():
        verdict = group[0].verdict
        counts[verdict] = counts.get(verdict, 0) + 1
        wanted = verdict in _SHOWN or (alone and verdict is Verdict.NOT_CROSSED)
        if wanted and counts[verdict] <= _DECIDING:
            shown.append(group)
    return shown


def _folded(findings: Sequence[FindingReport], style: Style) -> str:
    """How many rules are not shown: `7 rules not crossed, 3 do not apply: --verbose lists them`."""
    seen = {id(f) for group in _groups(findings, style) for f in group}
    rules: dict[Verdict, set[str]] = {}
    for finding in findings:
        if id(finding) not in seen:
            rules.setdefault(finding.verdict, set()).add(finding.rule.rule)
    words = {Verdict.NOT_APPLICABLE: ("does not apply", "do not apply")}
    told = []
    for verdict in Verdict:
        count = len(rules.get(verdict, ()))
        if count:
            one, many = words.get(verdict, (verdict.words, verdict.words))
            noun = "" if told else " rule" if count == 1 else " rules"
            told.append(f"{count}{noun} {one if count == 1 else many}")
    return f"{', '.join(told)}: --verbose lists them" if told else ""


def _group(group: Sequence[FindingReport], style: Style, *, brief: bool) -> Iterator[str]:
    first = group[0]
    card, verdict = first.rule, first.verdict
    mark = MARKS.get(verdict, "·")
    name = card.rule.rpartition("/")[2]
    at = _verdict_at(group)
    head = clipped(f"  {mark} {name}", WIDTH - 2 - width(at))
    yield paint(clipped(f"{head}{' ' * max(2, 42 - width(head))}{at}", WIDTH), str(verdict), color=style.color)
    if verdict in (Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE, Verdict.AUTHORISED) and not style.verbose:
        yield from _why_not(first.main)
        return
    if brief:
        yield from _briefly(first)
        return
    yield from wrapped(f'"{card.says}"', WIDTH, "    ", "     ")
    yield from source_lines(card.sources, f"{card.file}:{card.line}", style)
    shown = group if style.verbose else group[:1]
    for finding in shown:
        if len(group) > 1 and style.verbose:
            yield f"    {clipped(finding.subject.called, 90)}:"
        yield from finding_lines(finding, style)
    if len(group) > len(shown):
        others = _subjects([f.subject.called for f in group[1:]])
        yield from wrapped(f"the same of {others}", WIDTH, "    ")


def _briefly(finding: FindingReport) -> Iterator[str]:
    """One line on a finding beside which others decide."""
    reading = finding.main
    if reading.waits_for:
        questions = dict.fromkeys(f.question for f in reading.waits_for[0].facts)
        yield clipped(f"    waits for: {' and '.join(questions)}", WIDTH)
    elif reading.open_questions:
        yield clipped(f"    the text leaves open: {reading.open_questions[0]}", WIDTH)
    elif reading.because:
        yield clipped(f"    because {reading.because[0].says}", WIDTH)


def _verdict_at(group: Sequence[FindingReport]) -> str:
    """`crossed at step 3`, `undetermined at steps 2 and 3`."""
    verdict = group[0].verdict
    words = "crossed" if verdict is Verdict.CROSSES else verdict.words
    if group[0].subject.kind == "scenario":
        return words
    return f"{words} at {_subjects([f.subject.called for f in group])}"


def _subjects(called: Sequence[str]) -> str:
    """`step 3`, `steps 1, 3`."""
    if len(called) > 1 and all(name.startswith("step ") for name in called):
        return f"steps {', '.join(name.removeprefix('step ') for name in called)}"
    return ", ".join(called)


def _why_not(reading: Reading) -> Iterator[str]:
    if reading.failed:
        yield from wrapped(reading.failed, WIDTH, "    since ", "          ")
    yield from because_lines(reading.because[:_WAITS], "    ")


def finding_lines(finding: FindingReport, style: Style) -> Iterator[str]:
    """Why a finding is as it is, under each reading that makes a difference."""
    several = len(finding.under) > 1
    for reading in finding.under:
        if several:
            read = "; ".join(f"{a.interpretation.rpartition('/')[2]} = {a.answer}" for a in reading.answers)
            yield from wrapped(f"read {read}: {reading.verdict.words}", WIDTH, "    ", "      ")
            if not style.verbose and reading is not finding.main:
                continue
        if reading.failed:
            yield from wrapped(reading.failed, WIDTH, "    since    ", "             ")
        kept = reading.because if style.verbose else reading.because[:_BECAUSE]
        yield from because_lines(kept, "    ", style)
        if len(reading.because) > len(kept):
            yield f"             and {len(reading.because) - len(kept)} more: redline explain shows the whole proof"
        yield from _waits(reading, style)
        if reading.grade in ("alleged", "assumed"):
            yield f"    it rests on what is only {reading.grade}"


def because_lines(because: Iterable[Because], indent: str, style: Style = Style()) -> Iterator[str]:
    """Sentences with their places at the right edge."""
    word = "because  "
    for each in because:
        place = _places(each.facts)
        room = WIDTH - width(place) - 2 if place else WIDTH
        lines = wrapped(each.says, room, f"{indent}{word}", f"{indent}{' ' * len(word)}")
        last = beside(lines[0], place)[0] if place else lines[0]
        if place:
            last = last[: len(last) - len(place)] + paint(place, "place", color=style.color)
        yield from (last, *lines[1:])
        word = " " * len(word)


def _places(facts: Sequence[Cited]) -> str:
    by: dict[str, list[int]] = {}
    for fact in facts:
        if fact.line:
            lines = by.setdefault(fact.file.rpartition("/")[2], [])
            if fact.line not in lines:
                lines.append(fact.line)
    told = [f"{clipped(name, 32)}:{', '.join(map(str, sorted(lines)[:3]))}{'…' if len(lines) > 3 else ''}" for name, lines in by.items()]
    return "; ".join(told[:1]) + ("; …" if len(told) > 1 else "")


def _waits(reading: Reading, style: Style) -> Iterator[str]:
    if reading.verdict is not Verdict.UNDETERMINED:
        return
    kept = reading.waits_for if style.verbose else reading.waits_for[:_WAITS]
    for waits in kept:
        questions = dict.fromkeys(f.question for f in waits.facts)
        yield from wrapped(" and ".join(questions), WIDTH, "    waits for: ", "               ")
        joined = len(questions) == 1
        told = [f"if {_values(o.values, joined=joined)}: {o.verdict.words}" for o in waits.outcomes]
        if told:
            cut = told if style.verbose else told[:3]
            yield from wrapped("; ".join(cut) + ("; …" if len(told) > len(cut) else ""), WIDTH, " " * 15)
    if len(reading.waits_for) > len(kept):
        others = len(reading.waits_for) - len(kept)
        yield f"               or for {others} other set{'' if others == 1 else 's'} of facts: redline explain"
    for question in reading.open_questions:
        yield from wrapped(f"the text leaves open: {question}", WIDTH, "    ", "      ")
    if not reading.searched:
        yield "    not every possibility was searched, so that it stays undetermined"


def _values(values: Sequence[str], *, joined: bool) -> str:
    """What the answers would be, to be read after `if`; of several questions each in its turn."""
    return " and ".join(values) if joined else f"the answers are {' and '.join(f'“{v}”' for v in values)}"


def source_lines(sources: Sequence[Source], place: str, style: Style) -> Iterator[str]:
    """Who said it, to whom, and where: the statement first cited; the others by their ids."""
    if not sources:
        yield f"    {paint(clipped(place, 94), 'place', color=style.color)}"
        return
    first = sources[0]
    said = f"stated by {first.speaker}" if first.speaker else f"source: {first.statement}"
    if first.addressee:
        said += f" to {first.addressee}"
    if first.time:
        said += f"; {first.time.partition(';')[0]}"
    yield from wrapped(said, WIDTH, "    ", "      ")
    where = ", ".join(_paragraphs(s) for s in sources)
    yield from (paint(line, "place", color=style.color) for line in wrapped(f"{where}   {place}", WIDTH, "    ", "      "))


def _paragraphs(source: Source) -> str:
    if not source.paragraphs:
        return source.statement
    numbers = ", ".join(map(str, source.paragraphs))
    return f"{source.register} paragraph{'' if len(source.paragraphs) == 1 else 's'} {numbers} ({source.statement})"


# --- the rest ----------------------------------------------------------------------------------


def _effects(report: Report) -> Iterator[str]:
    for word, effects in (("permission holds", report.permissions), ("red flag", report.red_flags)):
        by: dict[tuple[str, str], list[EffectReport]] = {}
        for effect in effects:
            by.setdefault((effect.rule.rule, effect.holds), []).append(effect)
        for (rule, holds), group in by.items():
            at = _subjects([e.subject.called for e in group])
            told = group[0].question or group[0].rule.says
            label = word if holds == "yes" else word.replace(" holds", "") + " perhaps"
            yield from wrapped(f"{label}: {rule.rpartition('/')[2]} ({at}): {told}", WIDTH, "", "  ")
        if effects:
            yield ""


def _foot(report: Report, style: Style) -> Iterator[str]:
    waiting = [w for w in report.waiting if len(w.rules) > 1 or style.verbose]
    for each in waiting if style.verbose else waiting[:4]:
        rules = f"{len(each.rules)} rule{'s wait' if len(each.rules) != 1 else ' waits'}"
        yield from wrapped(f"{rules} for: {each.question}", WIDTH, "", "  ")
    second = report.about_this_run.second_opinion
    if second.status == "agrees":
        yield f"second opinion: agrees on {second.rules} rules"
    yield from not_covered_lines(report.not_covered, style)
    yield from wrapped(report.disclaimer)


def not_covered_lines(gaps: NotCovered, style: Style) -> Iterator[str]:
    """What the answer does not cover: counted, or listed at length."""
    named = {
        "items": gaps.items,
        "activities": gaps.activities,
        "parties": gaps.parties,
        "steps": gaps.steps,
    }
    told = [f"{', '.join(gaps.layers)} layer{'' if len(gaps.layers) == 1 else 's'}"] if gaps.layers else []
    counted = (
        (gaps.author_rules, "author's inference", "author's inferences"),
        (gaps.statements, "statement not encoded", "statements not encoded"),
        (gaps.interpretations, "question of interpretation open", "questions of interpretation open"),
    )
    told += [f"{len(found)} {one if len(found) == 1 else many}" for found, one, many in counted if found]
    told += [f"{what} that no rule is about: {', '.join(found)}" for what, found in named.items() if found]
    if told:
        yield from wrapped(f"not covered: {'; '.join(told)}", WIDTH, "", "  ")
    if style.verbose:
        for left in gaps.statements:
            yield from wrapped(f"{left.what}: {left.why}", WIDTH, "  not encoded: ", "    ")
        for name in gaps.author_rules:
            yield from wrapped(f"{name} runs with --include author", WIDTH, "  ", "    ")
        for name in gaps.interpretations:
            yield from wrapped(name, WIDTH, "  open: ", "    ")
