"""Cases for the second opinion: an entry of the plan on a record, every list unrolled, every comparison
answered and nothing above the comparisons decided.

Shares nothing with `ground.py` and the reference interpreter but the comparison of one value.  What a
list may still bring is unrolled as one element more, of which it is not known whether it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, assert_never

from redline.engine.plan import (
    Column,
    Entry,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    Plan,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
)
from redline.engine.rete_gates import Tree
from redline.rules.frozen import dataclass, field
from redline.rules.record import Cell, Row
from redline.rules.terms import YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms, Test, Value, fits
from redline.rules.vocabulary import ASKED, states

MOST_COMPARISONS = 4000
"""The most comparisons in one case that are handed over."""
FURTHER = "*"
"""How the names of elements begin that a list may still bring."""
THERE, NOT_THERE = 0b01, 0b10
"""Masks of a row's presence; and of any other thing that is so or is not."""

Path = tuple[str | int, ...]
"""Names of parts and lists, and of elements: their number, or for further ones a name with `*`."""


class NotJudged(Exception):
    """A case that the second opinion leaves alone, and why."""


class Doubt(NamedTuple):
    """Whether a test means a class of values of which it does not tell (a territory that a list leaves
    out).  `test` are the masks of the test and of its opposite: it has one answer for both."""

    column: Column
    test: frozenset[int]
    class_: int


class Place(NamedTuple):
    """Where something stands of which several things may be so: a column of a row, whether a row is
    `there`, an interpretation's `answer`, an open `question`, a doubt about a test."""

    path: Path
    what: Column | Doubt | str


@dataclass(frozen=True, slots=True)
class World:
    """What is supposed beyond what is known: of some places, the mask of what is so there; and of some
    open lists, by names of our own, the sorts of further elements that they may have."""

    masks: Mapping[Place, int] = field(default_factory=dict)
    further: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)


AS_KNOWN = World()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One leaf: what may be so at a place (`mask`), what of that makes it true, of what it cannot be
    told, and the doubts that this comes from.  Where there is no place it is known."""

    place: Place | None
    mask: int
    accepts: int
    perhaps: int = 0
    doubts: tuple[Place, ...] = ()

    @property
    def truth(self) -> Truth:
        """Whether it is true."""
        if not self.mask & ~self.accepts:
            return TRUE
        return UNKNOWN if self.mask & (self.accepts | self.perhaps) else FALSE

    @property
    def choices(self) -> tuple[int, ...]:
        """The mask, cut into what makes it true, what leaves it in doubt, and what makes it false."""
        cuts = (self.accepts, self.perhaps & ~self.accepts, ~(self.accepts | self.perhaps))
        return tuple(part for cut in cuts if (part := self.mask & cut))


@dataclass(frozen=True, slots=True)
class Unrolled:
    """A case, ready to be sent; and its comparisons in the order in which the child counts them."""

    kind: str
    parts: tuple[Tree, ...]
    permits: tuple[tuple[Tree, ...], ...]
    comparisons: tuple[Comparison, ...]

    def message(self, key: str) -> dict[str, object]:
        """What is sent."""
        return {"key": key, "kind": self.kind, "parts": self.parts, "permits": self.permits}


class Planned:
    """The plan; with it, what values are as masks, each worked out once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._masks: dict[tuple[int, Value], int] = {}

    def mask(self, column: Column, value: Value) -> int:
        """The classes of the column that the value may be of."""
        at = (id(column), value)  # the columns are the plan's own; a question is costly to hash
        if at not in self._masks:
            self._masks[at] = self.plan.domains[column].mask(value)
        return self._masks[at]


def unrolled(
    planned: Planned, index: int, row: Row, readings: Mapping[str, frozenset[str]], world: World
) -> Unrolled:
    """The entry of that index on the record, in a world.  Raises NotJudged."""
    entries = planned.plan.entries
    entry = entries[index]
    unrolling = _Unrolling(planned, readings, world)
    try:
        parts = tuple(unrolling.tree(part, row, ()) for part in (*_applying(entry), entry.met, entry.granted))
        permits = tuple(
            tuple(unrolling.tree(part, row, ()) for part in _applying(entries[permit]))
            for permit in entry.permits
        )
    except KeyError as missing:
        raise NotJudged(f"the record has no {missing.args[0]!r}") from missing
    return Unrolled(entry.kind.value, parts, permits, tuple(unrolling.comparisons))


def _applying(entry: Entry) -> tuple[Formula, Formula, Formula]:
    return entry.bound, entry.when, entry.unless


@dataclass(slots=True)
class _Unrolling:
    planned: Planned
    readings: Mapping[str, frozenset[str]]
    world: World
    comparisons: list[Comparison] = field(default_factory=list)

    def tree(self, formula: Formula, row: Row, path: Path) -> Tree:
        match formula:
            case PAll(parts):
                return ["all", *(self.tree(part, row, path) for part in parts)]
            case PAny(parts):
                return ["any", *(self.tree(part, row, path) for part in parts)]
            case PTest(column, accepts, perhaps):
                place = _where(row, column, path)
                mask = self.world.masks.get(place) or self.planned.plan.domains[column].mask(
                    row.cells[column[0]].value
                )
                return self._compared(place, mask, *self._meant(column, mask, accepts, perhaps))
            case PSilent(key, wanted):
                return self._compared(None, 1, 1 if _silent(row, key) is wanted else 0)
            case PIn(name, body):
                return self.tree(body, row.parts[name], (*path, name))
            case PSome(name, body):
                return ["any", *self._elements(name, body, row, path, some=True)]
            case PEvery(name, body):
                return ["all", *self._elements(name, body, row, path, some=False)]
            case PReading(name, answers, wanted):
                known = self.planned.plan.answers[name]
                mask = _bits(answer in self.readings.get(name, known) for answer in known)
                return self._compared(
                    Place((name,), "answer"), mask, _bits((a in answers) is wanted for a in known)
                )
            case PUnsettled(question, wanted):
                accepts = THERE if wanted else NOT_THERE
                return self._compared(Place((question,), "question"), THERE | NOT_THERE, accepts)
            case _:
                assert_never(formula)

    def _elements(self, name: str, body: Formula, row: Row, path: Path, *, some: bool) -> Iterator[Tree]:
        """Of `some`: it is there and meets the body.  Else: it is not there or meets the body."""
        rows = row.lists[name]
        elements: list[tuple[str | int, Row, int | None]] = [
            (i, element, None if element.present is None else _there(element.present))
            for i, element in enumerate(rows.rows)
        ]
        if fits(rows.closed.value, _YES) is not TRUE:
            names = self.world.further.get((*path, name), (FURTHER,))
            elements += [(further, rows.rest, THERE | NOT_THERE) for further in names]
        for at, element, there in elements:
            here = (*path, name, at)
            if there is None:
                yield self.tree(body, element, here)
            else:
                known = self._compared(Place(here, "there"), there, THERE if some else NOT_THERE)
                yield ["all" if some else "any", known, self.tree(body, element, here)]

    def _meant(
        self, column: Column, mask: int, accepts: int, perhaps: int
    ) -> tuple[int, int, tuple[Place, ...]]:
        """What a test accepts, with the doubts about it answered that are answered in this world."""
        test = frozenset((accepts, self.planned.plan.domains[column].everything & ~accepts & ~perhaps))
        if not perhaps or len(test) < 2:  # (a test and its opposite that look alike would get one answer)
            return accepts, perhaps, ()
        for_it = THERE if accepts == max(test) else NOT_THERE
        doubts = []
        for class_ in (1 << i for i in range(perhaps.bit_length()) if (perhaps & mask) >> i & 1):
            doubt = Place((), Doubt(column, test, class_))
            answer = self.world.masks.get(doubt)
            if answer is None:
                doubts.append(doubt)
            else:
                perhaps &= ~class_
                accepts |= class_ if answer == for_it else 0
        return accepts, perhaps, tuple(doubts)

    def _compared(
        self, place: Place | None, mask: int, accepts: int, perhaps: int = 0, doubts: tuple[Place, ...] = ()
    ) -> Tree:
        if place is not None:
            mask = self.world.masks.get(place, mask)
        if not mask:
            raise NotJudged(f"nothing is possible at {place}")
        if len(self.comparisons) >= MOST_COMPARISONS:
            raise NotJudged(f"it makes more than {MOST_COMPARISONS} comparisons")
        self.comparisons.append(Comparison(place, mask, accepts, perhaps, doubts))
        return self.comparisons[-1].truth.value


_YES, _NO = (Test(Terms(YES_NO, frozenset({word}))) for word in ("yes", "no"))


def _where(row: Row, column: Column, path: Path) -> Place:
    """Where a cell stands: by itself, or where the scenario states it, which several rows may see (one party
    in two parts of a step, an item and what is first in it)."""
    key, cell = column[0], row.cells[column[0]]
    told = isinstance(key, str) and cell.about.endswith(f".{key}") and key not in _OF_THE_WAY
    further = any(isinstance(at, str) and at.startswith(FURTHER) for at in path)
    if not told or further or row.shape not in ASKED or not states(row.shape, str(key)):
        return Place(path, column)
    return Place((cell.about, hash(cell.value), *(id(fact) for fact in cell.facts)), column)


_OF_THE_WAY = frozenset({"share"})
"""What an item has of each thing that it is in, and not by itself."""


def _there(present: Cell) -> int:
    return _bits(fits(present.value, so) is not FALSE for so in (_YES, _NO))


def _silent(row: Row, key: str) -> bool:
    rows = row.lists.get(key)
    if rows is None:
        return not row.cells[key].stated
    return not rows.rows and not rows.closed.stated


def _bits(so: Iterator[bool]) -> int:
    return sum(1 << i for i, each in enumerate(so) if each)
