"""A rule's conditions on one record with every list unrolled, so that a leaf can be forced on the rows where
it is true, false or unknown, and on these alone.

What comes out are formulas of the plan again, over a record in which listed rows stand as parts: they are
judged by the same evaluator as any other.  Further elements of an open list stay a list, without rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import assert_never

from redline.engine.leaves import Asks, Leaf
from redline.engine.plan import (
    EVERYTHING,
    NOTHING,
    Column,
    Domain,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    PSome,
    compile_condition,
)
from redline.engine.reference import IS_YES, Readings, holds
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Every,
    In,
    Is,
    Named,
    Not,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.frozen import dataclass, replace
from redline.rules.record import Row, Rows
from redline.rules.terms import YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, negation
from redline.rules.values import Terms, fits, partition


@dataclass(frozen=True, slots=True)
class Forced:
    """A leaf taken for true or false (`for_`) on every row where it has the truth `where`."""

    leaf: Leaf
    where: Truth
    for_: Truth


_PRESENT = "~present"
PRESENCE: Column = (_PRESENT, YES_NO.name)
PRESENCE_DOMAIN = Domain(PRESENCE, partition(Terms(YES_NO), (IS_YES,)))
CONSTANT: Mapping[Truth, Formula] = {TRUE: EVERYTHING, FALSE: NOTHING}
"""What always holds, and what never does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One comparison on one row; `truth` and `formula` are of its negation if it is not `wanted`."""

    truth: Truth
    formula: Formula
    leaf: Leaf | None = None
    wanted: bool = True
    about: str = ""
    """Where in the scenario it is stated, or would be."""

    @property
    def so(self) -> Truth:
        """The truth of the leaf."""
        return self.truth if self.wanted else negation(self.truth)

    @property
    def leaves(self) -> frozenset[Leaf]:
        """The leaf, if it is one."""
        return _NONE if self.leaf is None else frozenset({self.leaf})

    def forced(self, forced: Forced | None) -> Truth | None:
        """The truth that it is taken for; None where it stays as it is."""
        if forced is None or forced.leaf != self.leaf:
            return None
        if self.so is not forced.where:
            return None
        return forced.for_ if self.wanted else negation(forced.for_)


@dataclass(frozen=True, slots=True)
class Joined:
    """All of the parts (`every`), or one of them."""

    every: bool
    parts: tuple[Tree, ...]
    formula: Formula
    leaves: frozenset[Leaf]


@dataclass(frozen=True, slots=True)
class Inside:
    """Of a part of the row."""

    part: str
    body: Tree
    formula: Formula
    leaves: frozenset[Leaf]


@dataclass(frozen=True, slots=True)
class Further:
    """Of what an open list may still bring: of some further element, or of every one."""

    list: str
    every: bool
    closed: bool
    body: Tree
    formula: Formula
    leaves: frozenset[Leaf]


Tree = Asked | Joined | Inside | Further
_NONE = frozenset[Leaf]()


def both(parts: tuple[Tree, ...], *, every: bool = True) -> Tree:
    """The parts joined."""
    formulas = tuple(part.formula for part in parts)
    leaves = _NONE.union(*(part.leaves for part in parts))
    return Joined(every, parts, PAll(formulas) if every else PAny(formulas), leaves)


# --- unrolling -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unrolling:
    """What unrolling needs: the classes of values, the answers fixed, and which leaf a comparison is."""

    domains: Mapping[Column, Domain]
    readings: Readings
    leaf: Callable[[Asks], Leaf | None]

    def tree(self, condition: Condition, row: Row, wanted: bool = True) -> Tree:
        """The condition (or, if not `wanted`, its negation) of the row."""
        match condition:
            case All(parts) | Any(parts):
                inner = tuple(self.tree(part, row, wanted) for part in parts)
                return both(inner, every=isinstance(condition, All) is wanted)
            case Not(body):
                return self.tree(body, row, not wanted)
            case Named(_, body):
                return self.tree(body, row, wanted)
            case In(name, body):
                return _inside(name, self.tree(body, row.parts[name], wanted))
            case Some(name, body) | Every(name, body):
                return self._listed(name, body, row, some=isinstance(condition, Some), wanted=wanted)
            case Is() | Silent() | Reading() | Unsettled():
                return self._leaf(condition, row, wanted=wanted)
            case _:
                assert_never(condition)

    def _leaf(self, condition: Is | Silent | Reading | Unsettled, row: Row, *, wanted: bool) -> Asked:
        so = holds(condition, row, self.readings)
        truth = so if wanted else negation(so)
        if isinstance(condition, Silent):
            formula = CONSTANT[truth]
        else:
            formula = compile_condition(condition, self.domains, wanted)
        return Asked(truth, formula, self.leaf(condition), wanted, _about(condition, row))

    def _listed(self, name: str, body: Condition, row: Row, *, some: bool, wanted: bool) -> Tree:
        """Negation was carried down: `not some` asks `every` of the negated body, and the other way round."""
        existential = some is wanted
        rows = row.lists[name]
        found: list[Tree] = []
        for number, element in enumerate(rows.rows):
            inner = self.tree(body, element, wanted)
            if element.present is not None:
                there = Is(_PRESENT, IS_YES) if existential else Not(Is(_PRESENT, IS_YES))
                inner = both((self._presence(there, element), inner), every=existential)
            found.append(_inside(_place(name, number), inner))
        further = self.tree(body, rows.rest, wanted)
        formula = (PSome if existential else PEvery)(name, further.formula)
        closed = fits(rows.closed.value, IS_YES) is TRUE
        found.append(Further(name, not existential, closed, further, formula, further.leaves))
        return both(tuple(found), every=not existential)

    def _presence(self, condition: Condition, element: Row) -> Asked:
        assert element.present is not None
        so = fits(element.present.value, IS_YES)
        truth = so if isinstance(condition, Is) else negation(so)
        return Asked(truth, compile_condition(condition, self.domains))


def _about(condition: Asks, row: Row) -> str:
    if isinstance(condition, Reading | Unsettled):
        return ""
    listed = row.lists.get(condition.key) if isinstance(condition.key, str) else None
    return row.cells[condition.key].about if listed is None else listed.closed.about


def _inside(part: str, body: Tree) -> Inside:
    return Inside(part, body, PIn(part, body.formula), body.leaves)


def _place(name: str, number: int) -> str:
    return f"{name} {number}"


def flat(row: Row) -> Row:
    """The row with listed rows as parts of their own; what lists may still bring stays theirs."""
    cells = dict(row.cells)
    if row.present is not None:
        cells[_PRESENT] = row.present
    parts = {name: flat(part) for name, part in row.parts.items()}
    lists = {}
    for name, rows in row.lists.items():
        parts |= {_place(name, i): flat(element) for i, element in enumerate(rows.rows)}
        lists[name] = Rows((), rows.closed, flat(rows.rest))
    return replace(row, cells=cells, parts=parts, lists=lists)


# --- what is left of it --------------------------------------------------------------------------


def formula_of(tree: Tree, forced: Forced | None) -> Formula:
    """The formula, with a leaf taken for something else."""
    if forced is None or forced.leaf not in tree.leaves:
        return tree.formula
    match tree:
        case Asked(formula=formula):
            truth = tree.forced(forced)
            return formula if truth is None else CONSTANT[truth]
        case Joined(every, parts):
            inner = tuple(formula_of(part, forced) for part in parts)
            return PAll(inner) if every else PAny(inner)
        case Inside(part, body):
            return PIn(part, formula_of(body, forced))
        case Further(name, every, _, body):
            return (PEvery if every else PSome)(name, formula_of(body, forced))
        case _:
            assert_never(tree)


def left_of(tree: Tree, forced: Forced | None = None) -> Hashable:
    """The truth, or where it is unknown what it hangs on: alike where forcing changes nothing."""
    match tree:
        case Asked(truth, formula):
            found = tree.forced(forced) or truth
            return found if found is not UNKNOWN else id(formula)
        case Inside(_, body):
            return left_of(body, forced)
        case Further(_, every, closed, body):
            neutral = TRUE if every else FALSE
            inner = neutral if closed else left_of(body, forced)
            return neutral if inner is neutral else (every, inner)
        case Joined(every, parts):
            decisive, neutral = (FALSE, TRUE) if every else (TRUE, FALSE)
            kept = []
            for part in parts:
                inner = left_of(part, forced)
                if inner is decisive:
                    return decisive
                if inner is not neutral:
                    kept.append(inner)
            return (every, *kept) if kept else neutral
        case _:
            assert_never(tree)


def truth_left(left: Hashable) -> Truth:
    """The Kleene truth of what is left."""
    return left if isinstance(left, Truth) else UNKNOWN


def asked_in(tree: Tree) -> Iterator[Asked]:
    """Every comparison that is asked, row by row; not those of further elements where there are none."""
    match tree:
        case Asked():
            yield tree
        case Inside(_, body):
            yield from asked_in(body)
        case Further(_, _, closed, body):
            if not closed:
                yield from asked_in(body)
        case Joined(_, parts):
            for part in parts:
                yield from asked_in(part)
        case _:
            assert_never(tree)
