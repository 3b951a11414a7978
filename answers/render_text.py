"""A report as plain text of at most 100 columns: the deciding few first, the rest folded and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.answers.chain import MARKS, draw, plain_ascii
from redline.answers.columns import WIDTH, beside, clipped, width, wrapped
from redline.answers.text_conflicts import conflict_lines
from redline.answers.text_finding import PLAIN, Style, brief_lines, finding_lines, source_lines, why_not_lines
from redline.answers.text_style import paint
from redline.rules.frozen import replace
from redline.rules.report import (
    EffectReport,
    FindingReport,
    LayerReport,
    NotCovered,
    Report,
    RuleCard,
    SecondOpinion,
)
from redline.rules.verdicts import Verdict

IN_FULL = 3
"""Crossings that are shown with their proof; further ones are named."""
_ASKED = 3
"""Missing facts that are named at the foot, those that most rules wait for."""
_SHOWN = (Verdict.CROSSES, Verdict.UNDETERMINED, Verdict.REQUIRES_ASSESSMENT, Verdict.AUTHORISED)
_MANY = {Verdict.NOT_APPLICABLE: "do not apply", Verdict.REQUIRES_ASSESSMENT: "in need of assessment"}
_BESIDE = 4
"""Findings that are named in a layer beside those that decide; further ones are counted."""
_MOST = 8
"""Findings that are shown in a layer."""
_NEGATIVES = 3
"""Negatives that are shown in a layer, where nothing else is the answer."""


def render_text(report: Report, style: Style = PLAIN) -> str:
    """The report as text."""
    style = replace(style, scenario=report.scenario_file)
    lines = [*_head(report, style), ""]
    if report.chain:
        lines += [*draw(report.chain, WIDTH, "    "), ""]
    for layer in report.layers:
        lines += _layer(layer, style, report.verdict)
    lines += _folded(report, style)
    lines += _effects(report, style)
    lines += conflict_lines(report, verbose=style.verbose)
    lines += _foot(report, style)
    text = "".join(f"{line.rstrip()}\n" for line in lines)
    return plain_ascii_lines(text) if style.ascii_only else text


def plain_ascii_lines(text: str) -> str:
    """The text for an output that cannot carry more than ASCII."""
    return "\n".join(plain_ascii(line) for line in text.split("\n"))


def _head(report: Report, style: Style) -> Iterator[str]:
    second = report.about_this_run.second_opinion
    if told := second_opinion_words(second):
        yield from wrapped(told, WIDTH, "", "  ")
    when = f"judged as of {report.as_of} ({report.as_of_from})" if report.as_of else report.as_of_from
    for line in beside(f"{clipped(report.scenario, 40)}   {when}", report.answer):
        yield line.replace(report.answer, paint(report.answer, str(report.verdict), color=style.color))
    if report.title:
        yield from wrapped(report.title)
    if style.verbose:
        yield clipped(f"scenario: {report.scenario_file}", WIDTH)
    for each_with in report.judged_with:
        yield from wrapped(each_with, WIDTH, "asked for: ", " " * 11)
    if report.assumptions:
        assumed = "; ".join(each.says for each in report.assumptions)
        yield from wrapped(assumed, WIDTH, "assumed: ", " " * 9)


def second_opinion_words(second: SecondOpinion) -> str:
    """What has to be said first of a second opinion; nothing where it agrees, or was not asked for."""
    match second.status:
        case "unavailable":
            return f"no second opinion: {second.why}"
        case "failed":
            return f"THE SECOND OPINION FAILED: {second.why}; {'; '.join(second.differs_on)}".rstrip("; ")
        case "disagrees":
            return f"THE EVALUATORS DISAGREE, nothing below is settled: {'; '.join(second.differs_on)}"
        case _:
            return ""


# --- findings ----------------------------------------------------------------------------------


def _layer(layer: LayerReport, style: Style, first: Verdict) -> Iterator[str]:
    heading, full = None, 0
    groups = _groups(layer.findings, style, first)
    for group in groups:
        card = group[0].rule
        decides = group[0].verdict is first
        full += decides
        brief = not style.verbose and not (decides and full <= IN_FULL)
        now = f"{layer.layer} · {card.strength}   {_by(card)}"
        if heading is None or (now != heading and not brief):
            heading = f"{layer.layer}" if brief else now
            yield paint(clipped(heading, WIDTH), "heading", color=style.color)
        yield from _group(group, style, brief=brief)
    if groups:
        yield ""


def _by(card: RuleCard) -> str:
    return f"{card.stated_by} to {card.addressed_to}" if card.addressed_to else card.stated_by


def _groups(findings: Sequence[FindingReport], style: Style, first: Verdict) -> list[list[FindingReport]]:
    """The findings shown, those of one rule and verdict together, in the report's order."""
    groups: dict[object, list[FindingReport]] = {}
    for finding in findings:
        readings = tuple((r.answers, r.verdict) for r in finding.under)
        groups.setdefault((finding.rule.rule, finding.verdict, readings), []).append(finding)
    if style.verbose:
        return list(groups.values())
    shown: list[list[FindingReport]] = []
    beside = 0
    for group in groups.values():
        verdict = group[0].verdict
        beside += verdict is not first
        if verdict is first or (verdict in _SHOWN and beside <= _BESIDE):
            shown.append(group)
    return shown[: _MOST if first in _SHOWN else _NEGATIVES]


def _folded(report: Report, style: Style) -> Iterator[str]:
    """The rules that are not shown, counted, and the layers of which nothing is said."""
    told: list[str] = []
    if not style.verbose:
        rules: dict[Verdict, set[str]] = {}
        for layer in report.layers:
            seen = {id(f) for group in _groups(layer.findings, style, report.verdict) for f in group}
            for finding in layer.findings:
                if id(finding) not in seen:
                    rules.setdefault(finding.verdict, set()).add(finding.rule.rule)
        for verdict in (v for v in Verdict if rules.get(v)):
            count = len(rules[verdict])
            words = verdict.words if count == 1 else _MANY.get(verdict, verdict.words)
            told.append(f"{count}{'' if told else ' rule' if count == 1 else ' rules'} {words}")
    silent = [layer.layer for layer in report.layers if not layer.loaded]
    parts = (
        [f"{'further: ' if report.verdict in _SHOWN else ''}{', '.join(told)}: --all lists them"]
        if told
        else []
    )
    parts += [f"{' · '.join(silent)}: no policy loaded"] if silent else []
    for part in parts:
        yield from wrapped(part, WIDTH, "", "  ")
    if parts and all(e.holds == "no" for e in (*report.permissions, *report.red_flags)):
        yield ""


def _group(group: Sequence[FindingReport], style: Style, *, brief: bool) -> Iterator[str]:
    first = group[0]
    card, verdict = first.rule, first.verdict
    mark = MARKS.get(verdict, "·")
    name = card.rule.rpartition("/")[2]
    at = _verdict_at(group)
    head = clipped(f"  {mark} {name}", max(24, WIDTH - 4 - width(at)))
    head = clipped(f"{head}{' ' * max(2, 42 - width(head))}{at}", WIDTH)
    tail = f"{card.stated_by}, {card.strength}" if brief else ""
    tail = tail if width(head) + width(tail) + 2 <= WIDTH else ""
    yield paint(beside(head, tail)[0], str(verdict), color=style.color)
    if verdict in (Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE, Verdict.AUTHORISED) and not style.verbose:
        yield from why_not_lines(first.main, style)
        return
    if brief:
        yield from brief_lines(first)
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


def _verdict_at(group: Sequence[FindingReport]) -> str:
    """`crossed at step 3`, `undetermined at steps 2 and 3`."""
    verdict = group[0].verdict
    words = "crossed" if verdict is Verdict.CROSSES else verdict.words
    if group[0].subject.kind == "scenario":
        return words
    preposition = "at" if group[0].subject.kind == "step" else "for"
    return f"{words} {preposition} {_subjects([f.subject.called for f in group])}"


def _subjects(called: Sequence[str]) -> str:
    """`step 3`, `steps 1, 3`."""
    if len(called) > 1 and all(name.startswith("step ") for name in called):
        return f"steps {', '.join(name.removeprefix('step ') for name in called)}"
    return ", ".join(called)


# --- the rest ----------------------------------------------------------------------------------


def _effects(report: Report, style: Style) -> Iterator[str]:
    perhaps: list[str] = []
    some = False
    for word, many, effects in (
        ("permission", "permissions", report.permissions),
        ("red flag", "red flags", report.red_flags),
    ):
        by: dict[tuple[str, str], list[EffectReport]] = {}
        for effect in effects:
            if effect.holds != "no":
                by.setdefault((effect.rule.rule, effect.holds), []).append(effect)
        for (rule, holds), group in by.items():
            if holds != "yes" and not style.verbose:
                continue
            at = _subjects([e.subject.called for e in group])
            told = group[0].question or group[0].rule.says
            label = f"{word}{'' if holds == 'yes' else ' perhaps'}"
            yield from wrapped(f"{label}: {rule.rpartition('/')[2]} ({at}): {told}", WIDTH, "", "  ")
            some = True
        open_ones = len({rule for rule, holds in by if holds != "yes"})
        if open_ones and not style.verbose:
            perhaps.append(f"{open_ones} {word if open_ones == 1 else many}")
    if perhaps:
        yield f"perhaps {' and '.join(perhaps)} besides: --all lists them"
    if some or perhaps:
        yield ""


def _foot(report: Report, style: Style) -> Iterator[str]:
    waiting = report.waiting if style.verbose else [w for w in report.waiting if len(w.rules) > 1][:_ASKED]
    for each in waiting:
        many = len(each.rules) != 1
        waits = "turn on how this is read" if each.sort == "reading" else "wait for"
        waits = waits if many else waits.replace("turn", "turns").replace("wait", "waits")
        line = f"{len(each.rules)} rule{'s' if many else ''} {waits}: {each.question}"
        yield from wrapped(line, WIDTH, "", "  ") if style.verbose else (clipped(line, WIDTH),)
    second = report.about_this_run.second_opinion
    if second.status == "agrees":
        left = f", {_counted(len(second.not_judged), 'rule')} not judged" if second.not_judged else ""
        yield f"second opinion: agrees on {_counted(second.judged, 'case')}{left}"
    yield from not_covered_lines(report.not_covered, style)
    yield from wrapped(report.disclaimer)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


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
