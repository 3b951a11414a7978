"""What an open list may still bring: which of the formulas asked of it further elements may meet."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, assert_never

from redline.engine.case import Variable, splits
from redline.engine.formula import NO, YES, Ground, atoms, simplified
from redline.engine.kleene import silent
from redline.engine.plan import (
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
)
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Terms, Value

K = TypeVar("K")
V = TypeVar("V")

REST_COMBINATIONS = 4096
"""How many completions of a further element of an open list are looked at; past it, all that Kleene
logic leaves open is held possible."""


def is_flat(row: Row) -> bool:
    """Whether the row is its cells and no more."""
    return not row.parts and not row.lists


def kind_of(row: Row, asked: Sequence[Formula]) -> Hashable:
    """What tells two rows apart that are flat, or of which nothing is known: their shape, the values of one
    that is flat, and whether the scenario is silent about what these formulas ask that of."""
    values = tuple(cell.value for cell in row.cells.values()) if is_flat(row) else None
    return row.shape, values, tuple(so for formula in asked for so in _silences(formula, row))


def _silences(formula: Formula, row: Row) -> Iterator[bool]:
    match formula:
        case PSilent(key):
            yield silent(row, key)
        case PAll(parts) | PAny(parts):
            for part in parts:
                yield from _silences(part, row)
        case PIn(name, body):
            yield from _silences(body, row.parts[name])
        case PSome(name, body) | PEvery(name, body):
            yield from _silences(body, row.lists[name].rest)
        case PTest() | PReading() | PUnsettled():
            pass
        case _:
            assert_never(formula)


def vectors(formulas: Sequence[Ground], variables: Sequence[Variable]) -> set[int]:
    """For one further element, the formulas that it may meet together, as masks.  Past the bound on
    completions, everything that Kleene logic leaves open is held possible."""
    masks = [variable.now for variable in variables]
    found: set[int] = set()
    left = REST_COMBINATIONS

    def visit(open_formulas: Sequence[Ground]) -> None:
        nonlocal left
        left -= 1
        reduced = [simplified(formula, masks) for formula in open_formulas]
        pivot = None
        if left > 0 and len(found) < 1 << len(formulas):
            pivot = next((a.variable for f in reduced for a in atoms(f) if splits(variables, a, masks)), None)
        if pivot is None:
            found.update(_spread([TRUE if f is YES else FALSE if f is NO else UNKNOWN for f in reduced]))
            return
        known = masks[pivot]
        for block in variables[pivot].blocks:
            if known & block:
                masks[pivot] = known & block
                visit(reduced)
        masks[pivot] = known

    visit(formulas)
    return found


def _spread(truths: Sequence[Truth]) -> set[int]:
    vectors = {0}
    for i, truth in enumerate(truths):
        if truth is TRUE:
            vectors = {v | 1 << i for v in vectors}
        elif truth is UNKNOWN:
            vectors |= {v | 1 << i for v in vectors}
    return vectors


def blocks(free: int, edges: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """The values of a mask in groups that no edge (a mask accepted, a mask in doubt) tells apart."""
    found = [free]
    for accepts_and_perhaps in edges:
        for edge in accepts_and_perhaps:
            if edge:
                found = [part for old in found for part in (old & edge, old & ~edge) if part]
    return tuple(found)


def blank_row(row: Row) -> Row:
    """The row with nothing known of it.  Of its cells, parts and lists those are made that are looked at."""
    return Row(
        row.shape,
        row.name,
        Lazily(row.cells, lambda _, cell: blank_cell(cell)),
        Lazily(row.parts, lambda _, part: blank_row(part)),
        Lazily(row.lists, lambda _, rows: _blank_rows(rows)),
    )


def _blank_rows(rows: Rows) -> Rows:
    closed = Cell(Terms(YES_NO), rows.closed.about, stated=rows.closed.stated)
    return Rows((), closed, blank_row(rows.rest))


def blank_cell(cell: Cell) -> Cell:
    """The cell with nothing known of its value."""
    return Cell(anything(cell.value), cell.about, cell.facts, cell.how, cell.stated)


class Lazily(Mapping[K, V]):
    """A mapping made from another, each value when it is first looked at."""

    def __init__(self, source: Mapping[K, V], made: Callable[[K, V], V]) -> None:
        self._source = source
        self._made = made
        self._known: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._known:
            self._known[key] = self._made(key, self._source[key])
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._source

    def __iter__(self) -> Iterator[K]:
        return iter(self._source)

    def __len__(self) -> int:
        return len(self._source)


def anything(value: Value) -> Value:
    """The value of the same sort of which nothing is known."""
    match value:
        case Terms(tree):
            return Terms(tree)
        case Amounts(unit, _, whole):
            return Amounts(unit, whole=whole)
