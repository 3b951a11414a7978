"""The steps of a network judged, alone and with all that is behind them; each class of them once.

Only lines that may be crossed there at all are judged: on the record of the transfer by itself with the
records of the steps behind it; or, where papers, what is built in or what is not known make a difference, on
the scenario of the whole path.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from redline.analysis.leak_classes import Classes, Sort
from redline.analysis.leak_marks import (
    NOTHING,
    Marking,
    Marks,
    asked_apart,
    asked_behind,
    of_papers,
    plain,
)
from redline.analysis.leak_open import BINDING, UNDERTAKINGS, UPSTREAM, Line, Open
from redline.analysis.leak_records import Records
from redline.analysis.network_chain import Hop, scenario_of, standing, texts, transfers_of
from redline.engine.cells import is_under, truth_of
from redline.engine.conclude import conclude
from redline.engine.ground import Memo, ground_entry
from redline.engine.kleene import Kleene
from redline.engine.reference import IS_YES, name
from redline.engine.run import Bench, all_subjects
from redline.engine.sharpen import STEPS, Budget, GaveUp, verdict
from redline.rules.frozen import dataclass, field, replace
from redline.rules.network import Build, Network
from redline.rules.node import Node
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Refused
from redline.rules.record import Cell, Row, Rows, Subject
from redline.rules.terms import PAPER_KIND, PAPER_STATE
from redline.rules.truth import FALSE, TRUE
from redline.rules.values import fits
from redline.rules.verdicts import Verdict, settle, worst

NO_RULE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is found of the last hop of a path: the rules that cross, and those that may."""

    crosses: frozenset[str] = NO_RULE
    perhaps: frozenset[str] = NO_RULE
    problems: tuple[Problem, ...] = ()


CLEAR = Judgement()
"""Nothing is crossed, for certain."""
_Subjects = tuple[tuple[Subject, ...], tuple[Subject, ...], tuple[Problem, ...]]
"""What rules are asked of, as stated and as supported; or what is wrong."""


@dataclass
class Judge:
    """A network on a bench, with what was judged of it so far."""

    bench: Bench
    network: Network
    made: int = 0
    """Scenarios and records that were judged."""
    known: dict[Any, Verdict | tuple[Problem, ...]] = field(default_factory=dict)
    _keeps: dict[Any, bool] = field(default_factory=dict)
    _derived: dict[Any, _Subjects] = field(default_factory=dict)
    _seen: dict[tuple[int, Marks], Marks] = field(default_factory=dict)

    def __post_init__(self) -> None:
        judging = self.bench.judging
        self.rules = {name(rule): rule for _, rule in judging.rules()}
        self.classes = Classes(self.bench, self.network)
        self.records = Records(self.bench, self.network, self.classes)
        self.open = Open(self.bench, self.network, self.records, self.classes)
        self.kleene = Kleene(judging.plan, judging.readings)
        self.memo = Memo(judging.plan, judging.readings)
        self.general = bool(standing(self.network))
        self.alleged = _alleged(self.network)

    @cached_property
    def marking(self) -> Marking:
        """What tells the marks of steps: of what is asked by lines that may be crossed somewhere."""
        asked = asked_behind(each for number in self.crossable for each in self.open.asked[number])
        self.records.apart = asked_apart(asked) and not self.alleged
        return Marking(self.network, self.records, asked)

    @property
    def failed(self) -> int:
        """Scenarios that could not be judged."""
        return self.records.failed

    def wanted(self, rule: Rule) -> bool:
        """Whether the rule draws a line, and runs."""
        return rule.kind in BINDING and self.bench.wanted(rule)

    def marks(self, hops: Sequence[Hop], past: Marks, sort: Sort) -> Marks:
        """The marks that the last hop leaves on the past of what comes after it."""
        return self.marking.of(hops, past, sort)

    def may_end(self, hop: Hop, line: int | None = None) -> bool:
        """Whether a line (that, or any) may be crossed there, whatever lies behind it."""
        return any(line is None or number == line for number, _ in self.open.of(hop))

    @cached_property
    def crossable(self) -> tuple[int, ...]:
        """The lines that may be crossed somewhere."""
        hops = [Hop(each, item) for each in self.network.channels for item in each.items]
        hops += [Hop(each, each.takes) for each in self.network.builds]
        return tuple(sorted({number for hop in hops for number, _ in self.open.of(hop)}))

    def last(self, hops: Sequence[Hop], past: Marks, sort: Sort, line: int | None = None) -> Judgement:
        """What is found of the last hop of a path whose past has these marks, by one line or by all; judged
        once a class."""
        crosses, perhaps = set[str](), set[str]()
        for number, rule in self.open.of(hops[-1]):
            if line is not None and number != line:
                continue
            key = self._class(number, hops[-1], past, sort)
            found = self.known.get(key)
            if found is None:
                found = self.known[key] = self._judged((number, rule), hops, past, sort)
            match found:
                case Verdict():
                    if found is Verdict.CROSSES:
                        crosses.add(name(rule))
                    elif found is Verdict.UNDETERMINED:
                        perhaps.add(name(rule))
                case problems:
                    return Judgement(NO_RULE, frozenset({""}), problems)
        return Judgement(frozenset(crosses), frozenset(perhaps)) if crosses or perhaps else CLEAR

    def class_of(self, hop: Hop, past: Marks, sort: Sort, told: frozenset[str]) -> frozenset[Any]:
        """The class of a path that ends with the hop, for the rules that are told of it."""
        lines = (number for number, rule in self.open.of(hop) if name(rule) in told)
        return frozenset(self._class(number, hop, past, sort) for number in lines)

    def _class(self, line: int, hop: Hop, past: Marks, sort: Sort) -> tuple[int, Marks, Sort]:
        """What a line can tell of a path that ends with the hop."""
        sender = not self.records.simple(hop) or self.open.asks_sender(line)
        return line, self.seen_by(line, past), sort if sender else (None, *sort[1:2], None, *sort[3:])

    def seen_by(self, line: int, past: Marks) -> Marks:
        """What a line can tell of a past."""
        if (line, past) not in self._seen:
            self._seen[line, past] = self.marking.seen_by(self.open.asked[line], past)
        return self._seen[line, past]

    def _judged(
        self, line: Line, hops: Sequence[Hop], past: Marks, sort: Sort
    ) -> Verdict | tuple[Problem, ...]:
        """What one line says of the last hop; or what is wrong with the scenario."""
        self.made += 1
        step = self._put_together(line, hops, past, sort)
        if step is not None:
            return self._told(line, [step])
        subjects, sure, problems = self._subjects(hops, past, sort)
        if problems:
            return problems
        if sure is not subjects:
            found = conclude(
                self.bench.judging, subjects, sure, lambda rule: rule is line[1], explained=lambda _: False
            ).findings
            return worst(each.verdict for each in found)
        return self._told(line, [each for each in subjects if each.kind == line[1].subject])

    def _subjects(self, hops: Sequence[Hop], past: Marks, sort: Sort) -> _Subjects:
        """What rules are asked of at the last hop, as stated and as supported, with the whole path."""
        if (past, sort) not in self._derived:
            derived, supported, problems = self.records.derived(scenario_of(self.network, hops, "path"))
            found: _Subjects = ((), (), problems)
            if derived is None or supported is None:
                self.records.failed += 1
            else:
                place = transfers_of(hops)[-1]
                here = tuple(s for s in all_subjects(derived) if s.kind != "step" or s.transfer == place)
                sure = here
                if supported is not derived:
                    sure = tuple(
                        s for s in all_subjects(supported) if s.kind != "step" or s.transfer == place
                    )
                found = here, sure, ()
            self._derived[past, sort] = found
        return self._derived[past, sort]

    def _put_together(self, line: Line, hops: Sequence[Hop], past: Marks, sort: Sort) -> Subject | None:
        """The last step by itself with those that lie behind it; None: there is more to it than that."""
        number, rule = line
        known = {UPSTREAM} if self.network.papers else {UPSTREAM, UNDERTAKINGS}
        simple = len(hops) > 1 and plain(past) and self.records.simple(hops[-1]) and not self.alleged
        if not simple or rule.subject != "step" or self.open.past_of(number) - known:
            return None
        steps = [each for each in self._subjects(hops[-1:], NOTHING, sort)[0] if each.kind == "step"]
        if len(steps) != 1:
            return None
        row = steps[0].row
        upstream = row.lists[UPSTREAM]
        earlier = tuple(self._earlier(n, hop, upstream.closed) for n, hop in enumerate(hops[:-1], 1))
        lists = {**row.lists, UPSTREAM: Rows(earlier, upstream.closed, upstream.rest)}
        return replace(steps[0], row=replace(row, lists=lists))

    def _earlier(self, number: int, hop: Hop, present: Cell) -> Row:
        """The record of a step as it lies behind another.  Its sender is not that of another step, though it
        may be of one class with it."""
        row = self.records.behind((hop,), NOTHING)
        assert row is not None  # else it had left no mark that is plain
        sender = row.parts["from"]
        cells = {
            key: replace(each, about=f"step {number}.{each.about}") for key, each in sender.cells.items()
        }
        parts = {**row.parts, "from": replace(sender, cells=cells)}
        return Row("earlier", row.name, row.cells, parts, {}, present)

    def _told(self, line: Line, subjects: Sequence[Subject]) -> Verdict:
        """The verdict as `conclude` finds it, without what each answer to an interpretation would give."""
        judging, (index, _) = self.bench.judging, line
        worst_ = Verdict.NOT_APPLICABLE
        for subject in subjects:
            possible = self.kleene.verdicts(judging.plan.entries[index], subject.row)
            if Verdict.CROSSES not in possible:
                continue
            found = settle(possible)
            if len(possible) > 1:
                case = ground_entry(judging.plan, index, subject.row, judging.readings, self.memo)
                try:
                    found = verdict(case, case.masks, Budget(STEPS))
                except GaveUp:
                    found = Verdict.UNDETERMINED
            if found is Verdict.CROSSES and not subject.phantom:
                return found
            if found in (Verdict.CROSSES, Verdict.UNDETERMINED):
                worst_ = Verdict.UNDETERMINED
        return worst_

    def keeps(self, hops: Sequence[Hop], past: Marks, sort: Sort) -> bool:
        """Whether a paper in force certainly keeps the sender of the last hop from it."""
        last = hops[-1].by
        if isinstance(last, Build) or not (self.general or of_papers(past) or last.papers):
            return False
        if (past, sort) not in self._keeps:
            row = self.records.last(hops)
            self._keeps[past, sort] = row is not None and keeps(row)
        return self._keeps[past, sort]


def _alleged(network: Network) -> bool:
    """Whether something is only alleged: then it counts what is supported, too."""
    nodes: list[Node | None] = [*network.parties.values(), *network.items.values(), *network.papers.values()]
    nodes += [network.agreements, *{id(each.facts): each.facts for each in network.channels}.values()]
    nodes += [each.facts for each in network.builds]
    return any("alleged" in text for node in nodes for text in texts(node))


def keeps(row: Row) -> bool:
    """Whether a paper in force certainly forbids the step, and no consent may be had for it."""
    if any(
        truth_of(paper.present) is not FALSE
        and is_under(paper.cells["kind"].value, PAPER_KIND, "consent") is not FALSE
        and is_under(paper.cells["state"].value, PAPER_STATE, "held") is not FALSE
        and fits(paper.cells["covers"].value, IS_YES) is not FALSE
        for paper in row.lists["papers"].rows
    ):
        return False
    return any(
        truth_of(each.present) is TRUE and fits(each.cells["breached"].value, IS_YES) is TRUE
        for each in row.lists["undertakings"].rows
    )


def binds(row: Row) -> bool:
    """Whether a promise that is good on the day certainly binds someone in the step."""
    return any(
        truth_of(each.present) is TRUE and fits(each.cells["good"].value, IS_YES) is TRUE
        for each in row.lists["undertakings"].rows
    )


def refuse(judgement: Judgement) -> None:
    """Raises Refused where what is alone on a path contradicts itself."""
    if judgement.problems:
        raise Refused(judgement.problems)
