"""When findings flip: a scenario judged on every day of some years, as its date or one of its dates moves.

Which way a comparison of dates falls can only change on a day that a policy or the scenario names, on the day
after, or so many days from one as a policy counts.  So one judgement stands for all days between two of them,
and the answer is that of a run day by day.  On a day that only rules name, they alone are judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import pairwise

from redline.analysis.turning_days import Cause, causes_of, facts_of
from redline.engine.characters import quote
from redline.engine.edits import edit
from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge, judge_read
from redline.engine.scenarios import scenario_from
from redline.rules.facts import Scenario
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Text
from redline.rules.policy import Policy, Rule
from redline.rules.problems import NOWHERE, Problem, Refused, errors
from redline.rules.quantities import days
from redline.rules.verdicts import Verdict, worst

AS_OF = "as_of"
"""The date that moves where no other is named: the day that the scenario is judged as of."""
_PROBES = (date.min, date.max)
"""Days that no scenario means, by which it is seen whether a path names a date: beside others it can lie
before or after them, and one of the two contradicts nothing."""

Place = tuple[str, str, str]
"""Of what a verdict is: the rule's full name, and the subject's kind and label."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Days, both ends included, on which every rule says the same of every subject.

    `verdict` is that of the whole scenario; `problems`, where there are any, are why the scenario cannot be
    so on these days: then nothing is found of it.
    """

    first: date
    last: date
    verdict: Verdict | None
    found: Mapping[Place, Verdict]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Flip:
    """A finding that changes between two spells that were judged: the first day of what it then is (None:
    there is no such finding), and what happens on that day."""

    day: date
    place: Place
    before: Verdict | None
    after: Verdict | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spells from one day to another, in order and without a gap, and the flips between them."""

    moved: str
    spells: tuple[Spell, ...]
    flips: tuple[Flip, ...]
    judged: int
    """How many days were judged."""


def timeline(bench: Bench, document: Document, first: date, last: date, moved: str = AS_OF) -> Timeline:
    """What is found on each day from the first to the last as the date that `moved` names moves: the day
    that the scenario is judged as of, or a date of the scenario by its path (`transfers.2.delivery`).

    Raises Refused where the scenario cannot be read, or the path names no date of it; ValueError where the
    last day comes before the first.
    """
    if last < first:
        raise ValueError(f"{last} comes before {first}")
    scenario, problems = scenario_from(document, bench.library.lexicon)
    if scenario is None or errors(problems):
        raise Refused(problems)
    probed = scenario if moved == AS_OF else _probed(bench, document, moved)
    causes = causes_of(bench, probed)
    inner = sorted(day for day in causes if first.toordinal() < day <= last.toordinal())
    starts = [first.toordinal(), *inner]
    spells: list[Spell] = []
    moving = _Moving(bench, document, moved, scenario, tuple(problems))
    for start, end in pairwise([*starts, last.toordinal() + 1]):
        before = spells[-1] if spells else None
        named = moving.named(causes[start]) if before is not None else None
        spell = _judged(moving, date.fromordinal(start), date.fromordinal(end - 1), before, named)
        if spells and _same(spells[-1], spell):
            spell = replace(spells.pop(), last=spell.last)
        spells.append(spell)
    flips = tuple(
        f for before, after in pairwise(spells) for f in _flips(before, after, causes, bench.policies)
    )
    return Timeline(moved, tuple(spells), flips, len(starts))


def _probed(bench: Bench, document: Document, path: str) -> Scenario:
    """The scenario with that date set to a day that it does not mean."""
    wrong: list[Problem] = []
    for probe in _PROBES:
        scenario, problems = scenario_from(_with(document, path, probe), bench.library.lexicon)
        if scenario is None or errors(problems):
            wrong = problems
        elif any(fact.value == days(probe, probe) for fact in facts_of(scenario)):
            return scenario
    advice = "write the path of a date: `transfers.2.delivery`"
    raise Refused(wrong or [Problem("no-such-path", f"{quote(path)} is no date", NOWHERE, advice)])


def _with(document: Document, path: str, day: date) -> Document:
    root, problems = edit(document.root, [(path, Text(day.isoformat()))])
    if errors(problems):
        raise Refused(problems)
    return replace(document, root=root)


@dataclass(frozen=True)
class _Moving:
    """A scenario of which a date moves."""

    bench: Bench
    document: Document
    moved: str
    scenario: Scenario
    told: tuple[Problem, ...]

    @cached_property
    def bearing(self) -> dict[str, set[str]]:
        """For each rule those whose dates bear on what it says."""
        return _concerns(self.bench.policies)

    @cached_property
    def concerns(self) -> dict[str, set[str]]:
        """For each rule those on which its dates bear: itself, and what it permits."""
        found: dict[str, set[str]] = {}
        for rule, others in self.bearing.items():
            for other in others:
                found.setdefault(other, set()).add(rule)
        return found

    def named(self, causes: Iterable[Cause]) -> frozenset[str] | None:
        """The rules that may say something else from such a day on; None: any of them may."""
        rules = {each.rule for each in causes}
        return None if "" in rules else frozenset().union(*(self.concerns[rule] for rule in rules))

    def run(self, day: date, rules: frozenset[str] | None) -> Run:
        """What comes of the day, by those rules (None: by all)."""
        bench = self.bench
        if rules is not None:
            asked = {other for rule in rules for other in self.bearing[rule]}
            few = tuple(rule for rule in bench.asked.rules if name(rule) in asked)
            bench = replace(bench, asked=replace(bench.asked, rules=few))

        def wanted(rule: Rule) -> bool:
            return bench.wanted(rule) and (rules is None or name(rule) in rules)

        if self.moved != AS_OF:
            return judge(bench, _with(self.document, self.moved, day), wanted, explained=lambda _: False)
        bench = replace(bench, options=replace(bench.options, as_of=days(day, day)))
        return judge_read(bench, self.document, self.scenario, self.told, wanted, explained=lambda _: False)


def _judged(
    moving: _Moving, first: date, last: date, before: Spell | None, rules: frozenset[str] | None
) -> Spell:
    """The days from the first to the last; `rules`: of the spell before them only these may say something
    else."""
    if before is not None and rules is not None and before.verdict is None and before.problems:
        return replace(before, first=first, last=last)  # why it cannot be so is not for rules to say
    run = moving.run(first, rules)
    if run.conclusion is None:
        return Spell(first, last, None, {}, run.problems)
    found: dict[Place, Verdict] = {}
    for each in run.conclusion.findings:
        place = (name(each.rule), each.subject.kind, each.subject.label)
        found[place] = worst((each.verdict, *([found[place]] if place in found else [])))
    if before is not None and rules is not None:
        kept = {place: verdict for place, verdict in before.found.items() if place[0] not in rules}
        order = {name(rule): number for number, rule in moving.bench.judging.rules()}
        together = [*kept.items(), *found.items()]
        found = dict(sorted(together, key=lambda each: order[each[0][0]]))  # within a rule as they came
    return Spell(first, last, worst(found.values()), found)


def _same(one: Spell, other: Spell) -> bool:
    """Whether two spells tell the same."""
    told = [problem.message for problem in one.problems] == [problem.message for problem in other.problems]
    return one.verdict is other.verdict and one.found == other.found and told


def _flips(
    before: Spell, after: Spell, causes: Mapping[int, list[Cause]], policies: Iterable[Policy]
) -> Iterator[Flip]:
    if before.verdict is None or after.verdict is None:
        return  # of a scenario that contradicts itself nothing is found that could flip
    here = causes[after.first.toordinal()]
    concerns = _concerns(policies)
    for place in dict.fromkeys((*before.found, *after.found)):
        was, now = before.found.get(place), after.found.get(place)
        if was is not now:
            own = [each for each in here if not each.rule or each.rule in concerns[place[0]]]
            yield Flip(after.first, place, was, now, tuple(dict.fromkeys(own or here)))


def _concerns(policies: Iterable[Policy]) -> dict[str, set[str]]:
    """For each rule those whose dates bear on what it says: itself, and the permissions that name it."""
    rules = [rule for policy in policies for rule in policy.rules]
    found = {name(rule): {name(rule)} for rule in rules}
    for rule in rules:
        for target in rule.defeats:
            found[target].add(name(rule))
    return found
