"""What an answer waits for, and what it does not cover: computed, never remembered by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from redline.answers.naming import Naming
from redline.answers.report_rules import Telling
from redline.answers.say_values import plain, term_words
from redline.engine.characters import visible
from redline.engine.conclude import Judging
from redline.engine.sources import Status, coverage
from redline.rules.facts import Scenario
from redline.rules.finding import Conclusion
from redline.rules.record import Row
from redline.rules.register import Register
from redline.rules.report import Asked, FindingReport, LeftOut, NotCovered, Waiting
from redline.rules.values import Terms
from redline.rules.verdicts import Layer, Verdict, Voice


def waiting(findings: Iterable[FindingReport]) -> tuple[Waiting, ...]:
    """The missing facts, those that most rules wait for first."""
    rules: dict[str, dict[str, None]] = {}
    asked: dict[str, Asked] = {}
    for finding in findings:
        if finding.verdict is Verdict.UNDETERMINED:
            open_ones = (r for r in finding.under if r.verdict is Verdict.UNDETERMINED)
            for fact in (f for r in open_ones for w in r.waits_for for f in w.facts):
                rules.setdefault(fact.question, {}).setdefault(finding.rule.rule)
                asked.setdefault(fact.question, fact)
    found = [Waiting(q, asked[q].about, asked[q].sort, tuple(sorted(names))) for q, names in rules.items()]
    return tuple(sorted(found, key=lambda w: (w.sort, -len(w.rules), w.question)))


def not_covered(
    scenario: Scenario, judging: Judging, registers: Sequence[Register], conclusion: Conclusion, told: Telling
) -> NotCovered:
    """What no loaded rule ranges over, what was left out, and what stays open."""
    naming = told.naming
    rules = [rule for _, rule in judging.rules()]
    ran = {id(f.rule) for f in conclusion.findings} | {id(e.rule) for e in conclusion.effects}
    reached = [
        f for f in conclusion.findings if f.verdict is not Verdict.NOT_APPLICABLE and not f.subject.phantom
    ]
    steps = {f.subject.transfer for f in reached if f.subject.transfer is not None}
    whole = any(f.subject.kind == "scenario" for f in reached)
    bare = [] if whole else [(i, t) for i, t in enumerate(scenario.transfers) if i not in steps]
    subjects = {id(finding.subject): finding.subject for finding in reached}
    covered = {path for subject in subjects.values() for path in _walked(subject.row, naming, 0)}
    activities = dict.fromkeys(
        _activity(fact.value)
        for i, transfer in bare
        if (fact := transfer.facts.get("activity")) is not None
        and isinstance(fact.value, Terms)
        and not any(
            other.facts.get("activity") is not None and other.facts["activity"].value == fact.value
            for j, other in enumerate(scenario.transfers)
            if j in steps
        )
    )
    return NotCovered(
        layers=tuple(layer for layer in Layer if not any(rule.layer is layer for rule in rules)),
        author_rules=tuple(
            sorted(
                visible(f"{r.policy}/{r.id}") for r in rules if r.voice is Voice.AUTHOR and id(r) not in ran
            )
        ),
        statements=tuple(_statements(judging, registers)),
        items=()
        if whole
        else tuple(naming.called[i.path] for i in scenario.items.values() if i.path not in covered),
        activities=tuple(activities),
        parties=()
        if whole
        else tuple(naming.called[p.path] for p in scenario.parties.values() if p.path not in covered),
        steps=tuple(naming.called[t.path] for _, t in bare),
        interpretations=tuple(_open(judging, naming, conclusion)),
    )


def _activity(value: Terms) -> str:
    return term_words("activity", value.single) if value.single else plain(value)


def _walked(row: Row, naming: Naming, depth: int) -> Iterator[str]:
    """The things of the scenario that a rule has looked at, through its subject."""
    path = naming.path_of(row)
    if path is not None:
        yield path
    if depth < 2 and row.shape in ("step", "item", "agreement", "scenario"):
        for part in row.parts.values():
            yield from _walked(part, naming, depth + 1)
        for name in ("content", "reach", "via", "parties", "partners", "items"):
            if name in row.lists:
                for each in row.lists[name].rows:
                    yield from _walked(each, naming, depth + 1)


def _statements(judging: Judging, registers: Sequence[Register]) -> Iterator[LeftOut]:
    """The statements of the registers that no loaded rule encodes."""
    encoded: dict[str, list[str]] = {}
    used = {name for policy in judging.policies for name in policy.registers}
    reasons = {name: why for policy in judging.policies for name, why in policy.not_encoded.items()}
    for _, rule in judging.rules():
        for name in rule.source:
            encoded.setdefault(name, []).append(f"{rule.policy}/{rule.id}")
    own = [register for register in registers if register.id in used]
    for row in coverage(own, {name: tuple(by) for name, by in encoded.items()}, reasons):
        if row.status is not Status.ENCODED:
            why = row.reason or (
                f"open question {row.question}" if row.question is not None else "not encoded"
            )
            yield LeftOut(f"{row.register} {row.statement}", visible(why))


def _open(judging: Judging, naming: Naming, conclusion: Conclusion) -> Iterator[str]:
    """Interpretations on which an undetermined answer turns, and for which no answer was fixed."""
    seen: dict[str, None] = {}
    for finding in conclusion.findings:
        for under in finding.under:
            for name in under.answers:
                seen.setdefault(name)
            if under.verdict is Verdict.UNDETERMINED:
                for point in (p for need in under.needs for p in need.points if p.sort == "reading"):
                    seen.setdefault(point.name)
    for name in sorted(seen):
        if len(judging.readings.get(name, ())) != 1:
            known = naming.interpretations.get(name)
            yield f"{visible(name)}: {visible(known.question)}" if known else visible(name)
