"""The report of a scenario: everything that an answer shows, put together in one fixed order."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from redline.answers.chain import links
from redline.answers.naming import naming
from redline.answers.report_conflicts import conflict_reports
from redline.answers.report_coverage import not_covered, waiting
from redline.answers.report_findings import effect_report, finding_report
from redline.answers.report_items import made_of
from redline.answers.report_one import of_rule
from redline.answers.report_rules import cited, place_of, telling
from redline.answers.say_values import dates
from redline.engine import versions
from redline.engine.characters import visible
from redline.engine.conclude import Judging
from redline.engine.conflicts import conflicts
from redline.engine.library import digest
from redline.engine.read import Document
from redline.rules.facts import Fact, Grade, Scenario
from redline.rules.finding import Conclusion
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.register import Register
from redline.rules.report import (
    SCHEMA,
    AboutThisRun,
    Because,
    EffectReport,
    FindingReport,
    LayerReport,
    PolicyUsed,
    Report,
    SecondOpinion,
)
from redline.rules.values import Amounts
from redline.rules.verdicts import ORDER, Kind, Layer, Strength, Verdict, worst
from redline.rules.vocabulary import EDITION

if TYPE_CHECKING:
    from redline.engine.run import Bench, Run
    from redline.rules.opinion import Opinion

EXIT_ORDER = (1, 3, 4, 0)
"""Of several exit codes the first of these counts."""
_EXIT = {Verdict.CROSSES: 1, Verdict.UNDETERMINED: 3, Verdict.REQUIRES_ASSESSMENT: 4}
_STRENGTHS = tuple(Strength)
_AS_OF = "the scenario's own date"


def report(bench: Bench, run: Run, opinion: Opinion | None = None) -> Report:
    """The report on a run that has a conclusion."""
    assert run.scenario is not None
    assert run.conclusion is not None
    lists = (
        f"{policy.id}/{group.name} as of {group.as_of or 'a day that is not said'}"
        for policy in bench.policies
        for group in policy.groups.values()
    )
    platform = f"{sys.platform}, Python {sys.version.split()[0]}"
    return report_on(
        run.scenario,
        bench.judging,
        bench.library.registers,
        run.conclusion,
        as_of_from="asked for" if bench.options.as_of is not None else "",
        judged_with=tuple(_judged_with(bench)),
        digest_of_text=_digest(run.document),
        program={"redline": versions.program()},
        about_this_run=AboutThisRun(_second(opinion), platform, tuple(map(visible, lists))),
    )


def report_on(
    scenario: Scenario,
    judging: Judging,
    registers: Sequence[Register],
    conclusion: Conclusion,
    *,
    as_of_from: str = "",
    judged_with: tuple[str, ...] = (),
    digest_of_text: str = "",
    program: Mapping[str, str] | None = None,
    about_this_run: AboutThisRun | None = None,
) -> Report:
    """The report on a scenario, judged.

    `as_of_from` says where the date judged comes from, where that is not the scenario; `digest_of_text`
    is of the scenario's text, `program` names further versions.  The same inputs give the same report.
    """
    names = naming(scenario, judging.policies)
    told = telling(names, registers, judging.readings)
    findings = tuple(finding_report(told, finding) for finding in conclusion.findings)
    effects = tuple(effect_report(told, effect) for effect in conclusion.effects)
    layers = tuple(_layer(layer, findings, judging) for layer in Layer)
    verdict = worst(finding.verdict for finding in findings)
    nothing_asked = not any(policy.rules for policy in judging.policies)
    day, source = _as_of(scenario, as_of_from)
    return Report(
        schema=SCHEMA,
        scenario=visible(scenario.id),
        title=visible(scenario.title),
        as_of=day,
        as_of_from=source,
        judged_with=judged_with,
        verdict=Verdict.UNDETERMINED if nothing_asked else verdict,
        answer="no rule is loaded, so nothing was checked" if nothing_asked else answer(findings),
        assumptions=tuple(map(_assumption, scenario.assumptions)),
        chain=links(scenario, _by_transfer(findings), names.called),
        items=made_of(scenario, names.called),
        layers=layers,
        permissions=_effects(effects, Kind.PERMITS),
        red_flags=_effects(effects, Kind.FLAGS),
        conflicts=conflict_reports(told, conflicts(conclusion)),
        waiting=waiting(findings),
        not_covered=not_covered(scenario, judging, registers, conclusion, told),
        policies=tuple(
            PolicyUsed(visible(p.id), visible(p.title), visible(p.edition), p.digest, len(p.rules))
            for p in judging.policies
        ),
        scenario_file=place_of(scenario.document),
        scenario_sha256=digest_of_text,
        versions={"language": EDITION, "schema": SCHEMA} | dict(program or {}),
        about_this_run=about_this_run or AboutThisRun(),
    )


def answer(findings: Iterable[FindingReport]) -> str:
    """The verdict on a scenario in words.  A negative is never a clearance."""
    by: dict[Verdict, set[str]] = {}
    for finding in findings:
        by.setdefault(finding.verdict, set()).add(finding.rule.rule)
    first = next((v for v in ORDER if by.get(v)), Verdict.NOT_APPLICABLE)
    count = len(by.get(first, ()))
    lines = f"{count} line{'' if count == 1 else 's'}"
    match first:
        case Verdict.CROSSES:
            return f"CROSSES {lines}"
        case Verdict.UNDETERMINED:
            return f"UNDETERMINED on {lines}"
        case Verdict.REQUIRES_ASSESSMENT:
            return f"ASSESSMENT NEEDED on {lines}"
        case Verdict.AUTHORISED:
            return f"no encoded red line crossed; authorisation held on {lines}"
        case _:
            return "no encoded red line crossed"


def exit_code(report: Report, rule: str = "") -> int:
    """0 none crossed, 1 crosses, 3 undetermined or evaluators disagree, 4 assessment needed; of one rule,
    if one is named."""
    of = of_rule(report, rule) if rule else report
    own = _EXIT.get(of.verdict, 0)
    return 3 if own != 1 and report.about_this_run.second_opinion.status in ("disagrees", "failed") else own


def first_code(codes: Iterable[int]) -> int:
    """The exit code of several answers: the first of 1, 3, 4, 0 that one of them has."""
    found = set(codes)
    return next(code for code in EXIT_ORDER if code in found)


def _judged_with(bench: Bench) -> Iterator[str]:
    """What was asked for beyond the usual, and changes the answer."""
    if bench.options.as_if_in_force:
        yield "rules that bind are judged as if they were in force on every day"
    if bench.options.include_author:
        yield "the author's inferences are judged too"
    for name, answers in sorted(bench.readings.items()):
        yield visible(f"{name} is read as {', '.join(sorted(answers))}")


def _second(opinion: Opinion | None) -> SecondOpinion:
    if opinion is None:
        return SecondOpinion()
    return SecondOpinion(
        str(opinion.status),
        opinion.judged,
        tuple(visible(f"{d.rule} of {d.subject}: {d.ours}, but {d.theirs}") for d in opinion.disagreements),
        tuple(visible(f"{rule}: {why}") for rule, why in opinion.not_judged),
        visible(opinion.reason),
    )


def _digest(document: Document) -> str:
    """The digest of a scenario's text; of plain data, which has none, of the data."""
    return digest(document) if document.lines else sha256(_plainly(document.root).encode()).hexdigest()


def _plainly(node: Node) -> str:
    """A node as text, each part of it with its length or number, so that no two nodes read alike."""
    match node:
        case Text(text):
            return f"{len(text)}:{text}"
        case Seq(items):
            return f"[{len(items)}{''.join(map(_plainly, items))}]"
        case Map(entries):
            return f"{{{len(entries)}{''.join(_plainly(key) + _plainly(value) for key, value in entries)}}}"


def _layer(layer: Layer, findings: Iterable[FindingReport], judging: Judging) -> LayerReport:
    own = sorted((f for f in findings if f.rule.layer is layer), key=_deciding_first)
    loaded = any(rule.layer is layer for _, rule in judging.rules())
    return LayerReport(layer, loaded, worst(f.verdict for f in own) if own else None, tuple(own))


def _deciding_first(finding: FindingReport) -> tuple[object, ...]:
    """Verdicts in their order, the strongest word first, then by name: no order of files or rules."""
    subject = finding.subject
    return (
        ORDER.index(finding.verdict),
        min(ORDER.index(reading.verdict) for reading in finding.under),
        _STRENGTHS.index(finding.rule.strength),
        finding.rule.rule,
        subject.phantom,
        subject.transfer if subject.transfer is not None else -1,
        subject.label,
        subject.item or "",
    )


def _effects(effects: Iterable[EffectReport], kind: Kind) -> tuple[EffectReport, ...]:
    """Permissions or red flags, those that hold first and those that do not last."""
    order = ("yes", "unknown", "no")
    own = (effect for effect in effects if effect.rule.kind is kind)
    return tuple(
        sorted(
            own, key=lambda e: (order.index(e.holds), e.rule.rule, e.subject.transfer or 0, e.subject.label)
        )
    )


def _by_transfer(findings: Iterable[FindingReport]) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    for finding in findings:
        at = finding.subject.transfer
        if at is not None and not finding.subject.phantom:
            found[at] = worst((finding.verdict, found.get(at, Verdict.NOT_APPLICABLE)))
    return found


def _assumption(fact: Fact) -> Because:
    return Because(visible(fact.says or fact.source or fact.path), (cited(fact),), Grade.ASSUMED.word)


def _as_of(scenario: Scenario, source: str) -> tuple[str, str]:
    fact = scenario.as_of
    if fact is not None and isinstance(fact.value, Amounts) and not fact.value.anything:
        return dates(fact.value), source or _AS_OF
    return "", source or "no date is given: each step is judged on its own"
