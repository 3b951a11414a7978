"""The whole proof of one rule as text: why, why not, what was tried, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator

from redline.answers.chain import draw
from redline.answers.columns import WIDTH, beside, clipped, wrapped
from redline.answers.render_text import plain_ascii_lines
from redline.answers.report_one import of_rule, rules_named
from redline.answers.text_conflicts import conflict_lines
from redline.answers.text_finding import PLAIN, Style, because_lines, to_whom, waits_lines
from redline.answers.text_style import paint
from redline.rules.frozen import replace
from redline.rules.report import EffectReport, FindingReport, Reading, Report, RuleCard, Tried
from redline.rules.verdicts import Verdict

_HOLDS = {"yes": "holds", "no": "does not hold", "unknown": "cannot be told"}
_MARK = {"yes": "✓", "no": "-", "unknown": "?"}


def explain_rule(report: Report, rule: str, style: Style = PLAIN) -> str:
    """All that the report says of one rule, on every subject."""
    style = replace(style, verbose=True, scenario=report.scenario_file)
    names = rules_named(report, rule)
    findings = [f for f in report.findings if f.rule.rule in names]
    effects = [e for e in (*report.permissions, *report.red_flags) if e.rule.rule in names]
    lines = [clipped(f"scenario: {report.scenario_file}", WIDTH), ""]
    if not findings and not effects:
        lines += wrapped(
            f"{rule} was asked of nothing: the scenario has no subject for it, or it is the author's "
            "inference and runs with --include author only"
        )
    if report.chain:
        lines += [*draw(report.chain, WIDTH, "    "), ""]
    told: set[str] = set()
    for finding in findings:
        if finding.rule.rule not in told:
            told.add(finding.rule.rule)
            lines += _card(finding.rule, report, style)
        lines += _finding(finding, style)
    for effect in effects:
        if effect.rule.rule not in told:
            told.add(effect.rule.rule)
            lines += _card(effect.rule, report, style)
        lines += _effect(effect, style)
    lines += conflict_lines(of_rule(report, rule), verbose=True)
    lines += wrapped(report.disclaimer)
    text = "".join(f"{line.rstrip()}\n" for line in lines)
    return plain_ascii_lines(text) if style.ascii_only else text


def _card(card: RuleCard, report: Report, style: Style) -> Iterator[str]:
    yield from beside(
        paint(clipped(card.rule, 60), "heading", color=False), clipped(f"{card.file}:{card.line}", 38)
    )
    yield from wrapped(f'"{card.says}"', WIDTH, "  ", "   ")
    to = f" to {card.addressed_to}" if card.addressed_to else ""
    yield from wrapped(
        f"{card.layer} · {card.strength} · {card.voice} · {card.kind} · stated by {card.stated_by}{to}",
        WIDTH,
        "  ",
    )
    for source in card.sources:
        numbers = ", ".join(map(str, source.paragraphs))
        where = (
            f"{source.register} paragraph{'' if len(source.paragraphs) == 1 else 's'} {numbers}, "
            if numbers
            else ""
        )
        speaker = f": {source.speaker}" if source.speaker else ""
        to = to_whom(source.addressee)
        free = "" if source.register else "source: "
        yield from wrapped(f"{free}{where}{source.statement}{speaker}{to}", WIDTH, "  ", "    ")
        if source.paraphrase:
            yield from wrapped(source.paraphrase, WIDTH, "      ")
    for each in card.defined:
        yield from wrapped(f"“{each.name}”: {each.means}", WIDTH, "  ", "    ")
    if card.note:
        yield from wrapped(f"note: {card.note}", WIDTH, "  ", "    ")
    yield ""


def _finding(finding: FindingReport, style: Style) -> Iterator[str]:
    verdict = "crossed" if finding.verdict is Verdict.CROSSES else finding.verdict.words
    yield paint(
        clipped(f"{finding.subject.called}: {verdict}", WIDTH), str(finding.verdict), color=style.color
    )
    for reading in finding.under:
        yield from _reading(reading, style, several=len(finding.under) > 1)
    if finding.clauses:
        yield "    the rule's parts, and whether they hold"
        for clause in finding.clauses:
            label = f"    {_MARK[clause.holds]} {clause.part:<9}{'  ' * min(clause.depth, 12)}"
            yield from wrapped(clause.says, WIDTH, label, " " * len(label) + "  ")
    if finding.exception:
        yield from wrapped(
            f"exception tried: {finding.exception_says}: {_HOLDS[finding.exception]}", WIDTH, "    ", "      "
        )
    yield from _tried("permission tried", finding.permissions_tried)
    yield from _tried("factor", finding.factors)
    yield ""


def _tried(word: str, tried: tuple[Tried, ...]) -> Iterator[str]:
    for each in tried:
        says = f": {each.says}" if each.says else ""
        yield from wrapped(f"{word}: {each.name}{says}: {_HOLDS[each.holds]}", WIDTH, "    ", "      ")


def _reading(reading: Reading, style: Style, *, several: bool) -> Iterator[str]:
    if several:
        for answer in reading.answers:
            yield from wrapped(
                f"read {answer.interpretation} = {answer.answer} ({answer.question})", WIDTH, "    ", "      "
            )
        yield f"    {reading.verdict.words}"
    if reading.decided_by:
        yield from wrapped(f"decided by its {reading.decided_by}", WIDTH, "    ", "      ")
    if reading.failed:
        yield from wrapped(reading.failed, WIDTH, "    since    ", "             ")
    yield from because_lines(reading.because, "    ", style)
    yield from waits_lines(reading, style)
    if reading.because:
        yield f"    grade: {reading.grade}"


def _effect(effect: EffectReport, style: Style) -> Iterator[str]:
    yield clipped(f"{effect.subject.called}: {_HOLDS[effect.holds]}", WIDTH)
    if effect.question:
        yield from wrapped(f"ask: {effect.question}", WIDTH, "    ", "      ")
    yield from because_lines(effect.because, "    ", style)
    for asked in effect.waits_for:
        yield from wrapped(asked.question, WIDTH, "    waits for: ", "               ")
    if effect.defeats:
        yield from wrapped(f"sets aside: {', '.join(effect.defeats)}", WIDTH, "    ", "      ")
    yield ""
