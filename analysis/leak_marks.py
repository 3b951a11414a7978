"""What rules can tell of a past: the marks that steps leave on what comes after them.

Rules look at what lies behind a step by asking whether some, or every, earlier step meets a condition.  A
step of which each of these can be told leaves the conditions that it settles, and pasts that settle the same
are one.  Of any other step, and of one that may hand its item to others too, everything is kept that such a
condition meets.  Papers that may bind, and what was built in, are marks too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product
from operator import or_
from typing import Any

from redline.analysis.leak_classes import Sort
from redline.analysis.leak_records import Records
from redline.analysis.network_chain import Hop
from redline.engine.cells import truth_of
from redline.engine.queries import all_within
from redline.engine.reference import Readings, holds
from redline.rules.condition import All as AllOf
from redline.rules.condition import Any as AnyOf
from redline.rules.condition import Condition, Every, In, Is, Named, Not, Reading, Silent, Some, Unsettled
from redline.rules.frozen import dataclass, field
from redline.rules.network import Build, Network
from redline.rules.node import Map, Text
from redline.rules.record import Row, Rows
from redline.rules.terms import PAPER_KIND
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth

Marks = frozenset[Any]
"""What rules can tell of a past."""
NOTHING: Marks = frozenset()
AGAIN = ("again",)
"""The mark of a path on which somebody sent the same item twice."""
BEHIND = ("upstream", "steps")
MET, OPEN, STEP, PAPER, BUILD = "met", "open", "step", "paper", "build"
_DERIVED = frozenset(
    [
        "place_of_use",
        "crosses_border",
        "end_user",
        "via",
        "papers",
        "agreements",
        "co_developers",
        "reach",
        "parties",
        "upstream",
        "undertakings",
    ]
)


def asked_behind(conditions: Iterable[Condition]) -> tuple[Some | Every, ...]:
    """What these conditions ask of the steps behind a step."""
    found = (each for c in conditions for each in all_within(c))
    return tuple(dict.fromkeys(e for e in found if isinstance(e, Some | Every) and e.list in BEHIND))


def asked_apart(asked: Sequence[Some | Every]) -> bool:
    """Whether these hang on the sender, the recipient and the item of a step each by itself."""
    inner = [each for question in asked for each in all_within(question.body)]
    parts = {each.part for each in inner if isinstance(each, In)}
    return (
        parts <= {"item", "from", "to"}
        and not keys_of(inner) & _DERIVED
        and all(each.list == "upstream" for each in asked)
    )


def keys_of(conditions: Iterable[Condition]) -> frozenset[str]:
    """The fields and lists that conditions look at."""
    found = set()
    for each in conditions:
        match each:
            case Is(key):
                if isinstance(key, str):
                    found.add(key)
            case Silent(key) | Some(key) | Every(key):
                found.add(key)
            case _:
                pass
    return frozenset(found)


@dataclass
class Marking:
    """The marks of the steps of a network, each class of steps looked at once."""

    network: Network
    records: Records
    asked: tuple[Some | Every, ...]
    _known: dict[Any, Marks] = field(default_factory=dict)
    _joined: dict[tuple[Marks, Marks], Marks] = field(default_factory=dict)

    def of(self, hops: Sequence[Hop], past: Marks, sort: Sort) -> Marks:
        """The marks that the last hop leaves on the past of what comes after it."""
        built = frozenset(mark for mark in past if mark[0] == BUILD)
        key = (built, not past, sort)
        if key not in self._known:
            self._known[key] = frozenset((*self._left(hops, built, sort), *_besides(hops[-1], self.network)))
        return self._known[key]

    def _left(self, hops: Sequence[Hop], built: Marks, sort: Sort) -> Iterator[Any]:
        row = self.records.behind(hops, built)
        if row is None:
            return
        nothing = [FALSE if isinstance(each, Some) else TRUE for each in self.asked]
        told = [self._under_answers(each.body, row) for each in self.asked]
        open_ = [number for number, truths in enumerate(told) if UNKNOWN in truths]
        if not self.records.simple(hops[-1]) or not self._apart(open_, row):
            if len(hops) > 1 or any(set(t) != {n} for t, n in zip(told, nothing, strict=True)):
                leaves = (self._leaves(each.body, row) for each in self.asked)
                yield STEP, tuple(zip(told, leaves, strict=True)), sort
            return
        for number, truths in enumerate(told):
            settled = tuple(truth is not nothing[number] for truth in truths)
            if number in open_:
                yield OPEN, number, truths, self._leaves(self.asked[number].body, row)
            elif any(settled):
                yield MET, number, settled

    def _apart(self, open_: Sequence[int], row: Row) -> bool:
        """Whether at most one thing that is asked cannot be told, and that for want of a field of the sender:
        who else sends is another, so that it has to do with nothing else on a path without circles."""
        bodies = [self.asked[n].body for n in open_]
        return len(bodies) <= 1 and all(
            _of_sender(body, row, readings, inside=False)
            for body in bodies
            for readings in self._answers(body)
        )

    def _under_answers(self, body: Condition, row: Row) -> tuple[Truth, ...]:
        """Whether the step meets a condition, under each set of answers."""
        whatever = holds(body, row, self.records.bench.readings)
        open_ = whatever is UNKNOWN
        return tuple(holds(body, row, each) if open_ else whatever for each in self._answers(body))

    def _answers(self, condition: Condition) -> Iterator[Readings]:
        """Each set of answers to the questions of interpretation that a condition asks."""
        readings = self.records.bench.readings
        names = sorted({e.name for e in all_within(condition) if isinstance(e, Reading)} - readings.keys())
        for each in product(*(self.records.bench.plan.answers[name] for name in names)):
            yield {**readings, **{n: frozenset({a}) for n, a in zip(names, each, strict=True)}}

    def seen_by(self, asked: Collection[Condition], marks: Marks) -> Marks:
        """The marks of which something is told by what is asked."""
        return frozenset(m for m in marks if m[0] not in (MET, OPEN) or self.asked[m[1]] in asked)

    def joined(self, past: Marks, marks: Marks) -> Marks:
        """A past with further marks: what any step settles is settled."""
        if marks <= past:
            return past
        key = (past, marks)
        if key not in self._joined:
            settled: dict[int, tuple[bool, ...]] = {}
            for mark in (*past, *marks):
                if mark[0] == MET:
                    before = settled.get(mark[1], mark[2])
                    settled[mark[1]] = tuple(map(or_, before, mark[2]))
            rest = (
                mark
                for mark in (*past, *marks)
                if mark[0] != MET and not (mark[0] == OPEN and all(settled.get(mark[1], (False,))))
            )
            self._joined[key] = frozenset((*((MET, n, each) for n, each in settled.items()), *rest))
        return self._joined[key]

    def _leaves(self, condition: Condition, row: Row) -> Any:
        """All in a condition by which it cannot be told."""
        truth = holds(condition, row, self.records.bench.readings)
        if truth is not UNKNOWN:
            return truth
        match condition:
            case AllOf(parts) | AnyOf(parts):
                return tuple(self._leaves(part, row) for part in parts)
            case Not(body) | Named(_, body):
                return self._leaves(body, row)
            case In(part, body):
                return self._leaves(body, row.parts[part])
            case Is(key):
                return row.cells[key].value, row.cells[key].about.rpartition(".")[2]
            case Some(key, body) | Every(key, body):
                return self._rows(row.lists[key], body)
            case Reading() | Unsettled() | Silent():
                return condition

    def _rows(self, rows: Rows, body: Condition) -> Any:
        each = frozenset(
            (truth_of(row.present) if row.present is not None else TRUE, self._leaves(body, row))
            for row in rows.rows
        )
        return each, truth_of(rows.closed)


def _of_sender(condition: Condition, row: Row, readings: Readings, *, inside: bool) -> bool:
    """Whether what cannot be told hangs on fields of the sender alone."""
    if holds(condition, row, readings) is not UNKNOWN:
        return True
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return all(_of_sender(part, row, readings, inside=inside) for part in parts)
        case Not(body) | Named(_, body):
            return _of_sender(body, row, readings, inside=inside)
        case In(part, body):
            return _of_sender(body, row.parts[part], readings, inside=part == "from")
        case Is(key):
            return inside and isinstance(key, str)
        case Silent() | Reading() | Some() | Every() | Unsettled():
            return False


def plain(past: Marks) -> bool:
    """Whether a past is what each of its steps is by itself: conditions that certainly are met in it, and
    such as hang on what is not known of a sender."""
    return all(mark[0] in (MET, OPEN) for mark in past)


def of_papers(past: Marks) -> bool:
    """Whether a paper that may bind lies in a past."""
    return any(mark[0] == PAPER for mark in past)


def _besides(hop: Hop, network: Network) -> Iterator[Any]:
    """What a hop leaves behind besides: what is built in, and papers that may bind."""
    if isinstance(hop.by, Build):
        yield BUILD, hop.by.takes, hop.by.gives, hop.by.facts, hop.by.made_with
        return
    for paper in hop.by.papers:
        node = network.papers[paper]
        kind = node.get("kind") if isinstance(node, Map) else None
        value = kind.text.strip().replace("_", "-") if isinstance(kind, Text) else ""
        if not PAPER_KIND.under(value, "grant") if value in PAPER_KIND.parents else True:
            yield PAPER, paper
