"""One differential test: every interpreter on the same rules and subjects.

The law: what an interpreter leaves possible lies between what strong Kleene logic leaves and what some
completion gives; the last word is everywhere the same.  The reference and the plan agree exactly.  On flat
records, which the index (and whatever takes tables) reads rule by rule, its answer is that of the reference,
rolled up over the record's subjects.

    python -m tests.differential 1000000      so many evaluations: rule x subject x interpreter
    python -m tests.differential 1000000 60   as many as there are in 60 seconds, if that is less

A disagreement is printed with the policy and the scenario, made short, as files to run.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from math import inf
from pathlib import Path
from typing import Self, get_args

import pyarrow as pa

from redline import Engine
from redline.engine.assume import assume
from redline.engine.conclude import conclude
from redline.engine.derive import derive
from redline.engine.ground import Memo, ground_entry
from redline.engine.kleene import Kleene
from redline.engine.queries import within
from redline.engine.reference import applies, judge, name
from redline.engine.rete import second_opinion
from redline.engine.rete_cases import AS_KNOWN, NotJudged, Planned, Unrolled, unrolled
from redline.engine.rete_process import Child, Unavailable
from redline.engine.sharpen import STEPS, Budget, GaveUp, possible
from redline.engine.sharpen import kleene as on_ground
from redline.front.screen import ready
from redline.rules.condition import Condition, InForce, Is, Query
from redline.rules.decision import Decision
from redline.rules.finding import Conclusion
from redline.rules.frozen import replace
from redline.rules.opinion import Status
from redline.rules.policy import Rule
from redline.rules.record import Subject
from redline.rules.truth import FALSE, TRUE, Truth
from redline.rules.values import Amounts
from redline.rules.verdicts import Kind, Verdict, settle
from redline.testing.draft import consistent
from tests.generate_trials import EFFECTS, SPEAKS, Case, Trial, a_trial, exceptions, tried
from tests.shrink_trials import FOLDER, shown

Verdicts = frozenset[Verdict]
Records = Sequence[Mapping[str, object]]
OPEN = SPEAKS | {Verdict.UNDETERMINED}
CONSTRUCTS = frozenset(
    {each.__name__ for each in (*get_args(Condition), *get_args(Query))}
    | {"amount", "doubtful term", "scope", "unless", "permission", "dates", *Kind}
    | {"each step", "each item", "each agreement", "each scenario"}
) - {"Is"}
"""Every form of condition, every question of the catalogue, every part and kind of a rule."""
OUTCOMES = ("certain", "possible only", "false")
_ON_TRUTH: Mapping[Truth, Verdicts] = {
    TRUE: frozenset({Verdict.CROSSES}),
    FALSE: frozenset({Verdict.NOT_CROSSED}),
    Truth.UNKNOWN: frozenset({Verdict.CROSSES, Verdict.NOT_CROSSED}),
}
"""A permission or red flag holds where a prohibition of the same condition would be crossed."""


def by_index(engine: Engine, records: Records) -> list[Decision]:
    """One record after the other, and each again from what was kept."""
    found = [engine.decide(record) for record in records]
    assert found == [engine.decide(record) for record in records], "the second time it says something else"
    return found


def by_columns(engine: Engine, records: Records) -> list[Decision]:
    """Records that say the same fields as one table, each cell as it is written in JSON; then the last row
    first, with numbers of values that were met.  What says nothing is no row, and left to the index."""
    found: dict[int, Decision] = {}
    forms: dict[tuple[str, ...], list[int]] = {}
    for number, record in enumerate(records):
        forms.setdefault(tuple(sorted(record)), []).append(number)
    for names, numbers in forms.items():
        if not names:
            found |= {number: engine.decide(records[number]) for number in numbers}
            continue
        cells = {name: [json.dumps(records[n][name], default=str) for n in numbers] for name in names}
        table = pa.RecordBatch.from_pydict(cells)
        judging = ready(engine._decider, table.schema, None, json=True)  # noqa: SLF001
        said = judging.with_answers(table).to_pylist()
        turned = judging.with_answers(table.take(pa.array(range(len(numbers) - 1, -1, -1)))).to_pylist()
        assert turned == said[::-1], "the other way round it says something else"
        for number, row in zip(numbers, said, strict=True):
            assert row["problem"] is None, row["problem"]
            found[number] = Decision(tuple(row["certain"]), tuple(row["possible"]))
    return [found[number] for number in range(len(records))]


ON_RECORDS: dict[str, Callable[[Engine, Records], list[Decision]]] = {
    "index": by_index,
    "columns": by_columns,
}
"""Interpreters of flat records: for each, the rules that are crossed for sure and those that may be."""
ON_SUBJECTS = ("reference", "plan", "sharpening", "durable_rules")


@dataclass(frozen=True)
class Disagreement:
    """Who disagrees with whom, about which rule and case."""

    who: str
    rule: str
    case: Case
    why: str


@dataclass
class Tally:
    """What was evaluated."""

    evaluations: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    constructs: Counter[str] = field(default_factory=Counter)
    exceptions: dict[tuple[int, str, str], set[str]] = field(default_factory=dict)
    sharper: int = 0
    given_up: int = 0
    policies: int = 0
    cases: int = 0

    @property
    def total(self) -> int:
        """Rule x subject x interpreter; of records rule x interpreter."""
        return self.evaluations.total()

    def __iadd__(self, other: Tally) -> Self:
        """With what else was evaluated."""
        self.evaluations += other.evaluations
        self.outcomes += other.outcomes
        self.constructs += other.constructs
        self.exceptions |= other.exceptions
        self.sharper += other.sharper
        self.given_up += other.given_up
        self.policies += other.policies
        self.cases += other.cases
        return self

    def share(self, found: int) -> float:
        """In percent of all evaluations."""
        return 100 * found / max(1, self.total)

    def __str__(self) -> str:
        both = sum(len(ways) == 2 for ways in self.exceptions.values())
        lines = [f"{self.policies} policies, {self.cases} scenarios and records, {self.total:,} evaluations"]
        lines += [f"  {each:20} {n:>12,}" for each, n in self.evaluations.items()]
        lines += [f"  {each:20} {self.share(self.outcomes[each]):11.1f} %" for each in OUTCOMES]
        lines.append(f"  sharper than Kleene logic: {self.sharper:,}; given up: {self.given_up:,}")
        lines.append(f"  exceptions that both defeat and fail to: {both} of {len(self.exceptions)}")
        lines += [f"  {each:20} {self.share(self.constructs[each]):11.1f} %" for each in sorted(CONSTRUCTS)]
        return "\n".join(lines)

    def wanting(self) -> list[str]:
        """What the evaluations do not put to the test enough."""
        few = [each for each in OUTCOMES if self.share(self.outcomes[each]) < 15]
        few += [each for each in sorted(CONSTRUCTS) if self.share(self.constructs[each]) < 1]
        few += [" ".join(map(str, key)) for key, ways in self.exceptions.items() if len(ways) < 2]
        few += [each for each in (*ON_SUBJECTS, *ON_RECORDS) if not self.evaluations[each]]
        return few


@dataclass(frozen=True)
class _Asked:
    """A rule on a subject."""

    index: int
    rule: Rule
    subject: Subject
    case: Case


class _Judging:
    """One trial, judged by everyone."""

    def __init__(self, trial: Trial, number: int, tally: Tally) -> None:
        self.trial, self.number, self.tally = trial, number, tally
        self.bench = trial.bench
        self.rules = {name(rule): rule for _, rule in self.bench.judging.rules()}
        self.permits = {
            each: tuple(p for p in self.rules.values() if each in p.defeats) for each in self.rules
        }
        self.constructs = {each: constructs(rule, self.permits[each]) for each, rule in self.rules.items()}
        self.sorts = {each: sorted(found) for each, found in self.constructs.items()}
        self.exceptions = {each: exceptions(rule, self.rules) for each, rule in self.rules.items()}
        tally.exceptions |= {(number, *key): set() for each in self.exceptions.values() for key, *_ in each}
        self.found: list[Disagreement] = []

    def against(self, who: str, asked: _Asked, ours: object, theirs: object) -> None:
        """Notes a disagreement."""
        of = f"{asked.subject.kind} {asked.subject.label}"
        why = f"{who} says {_words(theirs)} where it is {_words(ours)}, of {of}"
        self.found.append(Disagreement(who, name(asked.rule), asked.case, why))

    def judged(self, whom: str = "") -> list[Disagreement]:
        """Every rule on every subject of every case, by every interpreter; of `whom`, by no other process if
        it needs none."""
        bench = self.bench
        every: list[_Asked] = []
        of_case: list[tuple[Case, list[_Asked]]] = []
        for case in self.trial.cases:
            scenario = consistent(case.scenario, bench.library.lexicon)
            assert scenario is not None
            derived = derive(assume(scenario), bench.asked)
            asked = [
                _Asked(index, rule, subject, case)
                for index, rule in bench.judging.rules()
                for subject in (*derived.subjects, *derived.phantoms)
                if subject.kind == rule.subject
            ]
            every += asked
            of_case.append((case, asked))
        by_reference = [self._reference(asked) for asked in every]
        last = self._sharpened(every, by_reference)
        if whom in ("", "durable_rules", "check"):
            self._durable_rules(every, by_reference, last)
        at = {id(asked): n for n, asked in enumerate(every)}
        recorded = [(case, asked) for case, asked in of_case if case.record is not None]
        for who, interpreter in ON_RECORDS.items():
            self._on_records(who, interpreter, recorded, by_reference, last, at)
        self.tally.policies += 1
        self.tally.cases += len(self.trial.cases)
        return self.found

    def count(self, who: str, asked: _Asked, found: Verdicts) -> None:
        """Enters an evaluation."""
        tally = self.tally
        tally.evaluations[who] += 1
        tally.outcomes[outcome(found)] += 1
        tally.constructs.update(self.sorts[name(asked.rule)])

    def _reference(self, asked: _Asked) -> Verdicts:
        rule, row = asked.rule, asked.subject.row
        if rule.kind in EFFECTS:
            found = _ON_TRUTH[applies(rule, row, {})]
        else:
            found = judge(rule, self.permits[name(rule)], row, {})
        self.count("reference", asked, found)
        if not asked.subject.phantom:
            for key, way in tried(self.exceptions[name(rule)], row):
                self.tally.exceptions[self.number, *key].add(way)
        return found

    def _sharpened(self, every: Sequence[_Asked], by_reference: Sequence[Verdicts]) -> list[Verdicts]:
        """What the plan says, and what is possible over all completions: that lies within all others."""
        plan = self.bench.plan
        kleene, memo = Kleene(plan, {}), Memo(plan, {})
        last = []
        for asked, reference in zip(every, by_reference, strict=True):
            entry, row = plan.entries[asked.index], asked.subject.row
            if asked.rule.kind in EFFECTS:
                planned = _ON_TRUTH[kleene.applies(entry, row)]
            else:
                planned = kleene.verdicts(entry, row)
            self.count("plan", asked, planned)
            if planned != reference:
                self.against("plan", asked, reference, planned)
            case = ground_entry(plan, asked.index, row, {}, memo)
            grounded = _plain(asked.rule, on_ground(case, case.masks))
            try:
                found = _plain(asked.rule, possible(case, case.masks, Budget(STEPS)))
            except GaveUp:
                found = grounded
                self.tally.given_up += 1
            self.count("sharpening", asked, found)
            self.tally.sharper += settle(found) is not settle(reference)
            if not found <= grounded or not grounded <= reference:
                self.against("sharpening", asked, reference, found if grounded <= reference else grounded)
            last.append(found)
        return last

    def _durable_rules(
        self, every: Sequence[_Asked], by_reference: Sequence[Verdicts], last: Sequence[Verdicts]
    ) -> None:
        """What durable_rules says at once; and whether it follows the last word."""
        planned = Planned(self.bench.plan)
        sent: dict[int, Unrolled] = {}
        sharper: set[str] = set()
        for n, asked in enumerate(every):
            try:
                sent[n] = unrolled(planned, asked.index, asked.subject.row, {}, AS_KNOWN)
            except NotJudged:
                self.tally.given_up += 1
        try:
            with Child(600) as child:
                answers = child.ask([case.message(f"c{n}") for n, case in sent.items()])
                child.finish()
        except Unavailable:
            return
        for n, answer in zip(sent, answers, strict=True):
            asked, holding = every[n], {"holds": "crosses", "fails": "not_crossed"}
            found = frozenset(Verdict(holding.get(word, word)) for word in answer.verdicts)
            self.count("durable_rules", asked, found)
            if settle(found) is not settle(last[n]):
                sharper.add(name(asked.rule))
            if not last[n] <= found or not found <= by_reference[n]:
                self.against("durable_rules", asked, by_reference[n], found)
        there = {id(asked.subject): asked for asked in every}
        # each called by its number, which no other case has
        numbered = {at: replace(a.subject, label=str(n)) for n, (at, a) in enumerate(there.items())}
        subjects = tuple(numbered.values())
        judging = self.bench.judging
        conclusion = conclude(judging, subjects, subjects, explained=lambda _: False)
        said = {(name(f.rule), f.subject.label): f.verdict for f in conclusion.findings}
        for asked, found in zip(every, last, strict=True):
            verdict = said.get((name(asked.rule), numbered[id(asked.subject)].label))
            if verdict is not None and verdict is not _told(asked.subject, settle(found)):
                self.against("check", asked, found, verdict)
        followed = Conclusion(
            tuple(f for f in conclusion.findings if name(f.rule) in sharper),
            tuple(e for e in conclusion.effects if name(e.rule) in sharper),
        )
        opinion = second_opinion(judging, subjects, subjects, followed, lambda r: name(r) in sharper, 600)
        assert opinion.status in (Status.AGREES, Status.DISAGREES), opinion.reason
        called = {str(n): asked for n, asked in enumerate(there.values())}
        for each in opinion.disagreements:
            asked = called[each.subject.rpartition(" ")[2]]
            meant = replace(asked, rule=self.rules[each.rule])
            self.against("durable_rules", meant, each.ours, each.theirs)

    def _on_records(
        self,
        who: str,
        interpreter: Callable[[Engine, Records], list[Decision]],
        recorded: Sequence[tuple[Case, list[_Asked]]],
        by_reference: Sequence[Verdicts],
        last: Sequence[Verdicts],
        at: Mapping[int, int],
    ) -> None:
        """The rules that a record crosses for sure, and those that it may."""
        records = [case.record for case, _ in recorded if case.record is not None]
        if not records:
            return
        try:
            decisions = interpreter(self.trial.engine, records)
        except Exception as broken:  # noqa: BLE001  # that it breaks, whatever by, is made short like the rest
            why = f"{who} says nothing: {broken!r}"
            self.found.append(Disagreement(who, "every rule", recorded[0][0], why))
            return
        for (_, every), decision in zip(recorded, decisions, strict=True):
            by_rule: dict[str, list[_Asked]] = {}
            for asked in every:
                if asked.rule.kind not in EFFECTS:
                    by_rule.setdefault(name(asked.rule), []).append(asked)
            assert {*decision.certain} <= {*decision.possible} <= by_rule.keys()
            for rule, subjects in by_rule.items():
                sure, may, must, can = False, False, False, False
                for asked in subjects:
                    left, ended = by_reference[at[id(asked)]], last[at[id(asked)]]
                    sure |= left == {Verdict.CROSSES} and not asked.subject.phantom
                    may |= bool(left & SPEAKS)
                    must |= settle(ended) in OPEN
                    can |= ended == {Verdict.CROSSES} and not asked.subject.phantom
                says = (rule in decision.certain, rule in decision.possible)
                found = SPEAKS if says == (False, True) else _ON_TRUTH[TRUE if says[0] else FALSE]
                self.count(who, subjects[0], found | _ON_TRUTH[FALSE] if says == (False, True) else found)
                if says != (sure, may) or (must and not says[1]) or (says[0] and not can):
                    self.against(who, subjects[0], (sure, may), says)


def _plain(rule: Rule, found: Verdicts) -> Verdicts:
    """Of a permission or red flag, what a prohibition of the same condition would come to."""
    if rule.kind not in EFFECTS:
        return found
    crosses = {Verdict.CROSSES} & found
    return frozenset(crosses | ({Verdict.NOT_CROSSED} if found - crosses else set()))


def _told(subject: Subject, verdict: Verdict) -> Verdict:
    return Verdict.UNDETERMINED if subject.phantom and verdict in SPEAKS else verdict


def _words(found: object) -> str:
    match found:
        case frozenset():
            return " or ".join(sorted(str(each) for each in found))
        case (bool() as sure, bool() as may):
            return "crossed for sure" if sure else "possible" if may else "cleared"
        case _:
            return str(found)


def outcome(found: Verdicts) -> str:
    """Which of the three outcomes it is: that the rule speaks for sure, that it may, that it does not."""
    if found <= SPEAKS and len(found) == 1:
        return "certain"
    return "possible only" if found & SPEAKS else "false"


def constructs(rule: Rule, permits: Sequence[Rule]) -> frozenset[str]:
    """What there is in a rule and in the permissions that name it."""
    found = {rule.kind.value, f"each {rule.subject}"}
    found |= {"permission"} if permits else set()
    for each in (rule, *permits):
        found |= {"dates", InForce.__name__} if each.validity else set()
        found |= {"scope"} if each.scope is not None else set()
        found |= {"unless"} if each.unless is not None else set()
        for condition in (each.scope, each.when, each.unless, each.requires):
            for node in () if condition is None else within(condition):
                if isinstance(node, Is):
                    found |= {type(node.key).__name__} if not isinstance(node.key, str) else set()
                    found |= {"amount"} if isinstance(node.test.accepts, Amounts) else set()
                    found |= {"doubtful term"} if node.test.perhaps is not None else set()
                else:
                    found.add(type(node).__name__)
    return frozenset(found)


def judged(
    trial: Trial, number: int = 0, tally: Tally | None = None, *, whom: str = ""
) -> list[Disagreement]:
    """What the interpreters disagree on; or at least all that `whom` does."""
    return _Judging(trial, number, tally if tally is not None else Tally()).judged(whom)


def short(trial: Trial, found: Disagreement, folder: Path = FOLDER) -> str:
    """The disagreement with as little as it needs, as files to run."""
    if found.who not in ON_RECORDS:
        found = replace(found, case=Case(found.case.scenario))
    return shown(trial, found, partial(judged, whom=found.who), folder)


_One = tuple[Tally, list[Disagreement]]


def one(number: int) -> _One:
    """The trial of that number."""
    tally = Tally()
    return tally, judged(a_trial(number), number, tally)


def _spread(processes: int) -> Iterator[_One]:
    """One trial after the other, in order, worked out in several processes."""
    with ProcessPoolExecutor(processes) as pool:
        waiting = deque(pool.submit(one, number) for number in range(2 * processes))
        for number in count(2 * processes):
            yield waiting.popleft().result()
            waiting.append(pool.submit(one, number))


def run(
    evaluations: int,
    processes: int = 1,
    told: Callable[[str], None] = lambda _: None,
    seconds: float = inf,
) -> tuple[Tally, Trial | None, list[Disagreement]]:
    """Trial after trial until there are so many evaluations, or the time is over; or a disagreement: with its
    trial."""
    whole, began = Tally(), time.monotonic()
    results = map(one, count()) if processes == 1 else _spread(processes)
    for number, (tally, found) in enumerate(results):
        whole += tally
        spent = time.monotonic() - began
        if whole.policies % 10 == 0:
            told(f"{whole.total:,} evaluations in {spent:.0f} s")
        if found:
            return whole, a_trial(number), found
        if whole.total >= evaluations or spent > seconds:
            break
    return whole, None, []


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """So many evaluations, or as many as there are in so many seconds; prints the table, and ends with 0
    where all agree and enough was put to the test."""
    wanted = int(arguments[0]) if arguments else 1_000_000
    seconds = float(arguments[1]) if len(arguments) > 1 else inf
    tally, trial, found = run(wanted, os.cpu_count() or 1, _tell, seconds)
    print(tally)
    if trial is not None:
        print(short(trial, found[0]))
        return 1
    if missing := tally.wanting():
        print(f"not put to the test enough: {', '.join(missing)}")
        return 1
    print("all agree")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
