"""Cells and rows, and what is done with them: cite further facts, join alternatives into one row.

A cell whose value could be anything cites nothing: what is not known follows from nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial

from redline.rules.bounds import Bound
from redline.rules.condition import All, Any, Condition, Every, In, Is, Named, Not, Some
from redline.rules.facts import Fact
from redline.rules.frozen import replace
from redline.rules.quantities import base_unit
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.terms import YES_NO
from redline.rules.trees import Tree
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Stretch, Terms, Test, Value, fits

Facts = tuple[Fact, ...]

YES = Terms(YES_NO, frozenset({"yes"}))
NO = Terms(YES_NO, frozenset({"no"}))
EITHER = Terms(YES_NO)
IS_YES = Test(YES)
_ANSWERS = {TRUE: YES, FALSE: NO, UNKNOWN: EITHER}


def joined(*groups: Iterable[Fact]) -> Facts:
    """The facts of all the groups, each once, in the order in which they first come; none in doubt."""
    return tuple({id(fact): fact for group in groups for fact in group if not fact.doubted}.values())


def told(*facts: Fact | None) -> Facts:
    """Those of the facts that tell a value; one that is said not to be known tells nothing."""
    return tuple(
        fact for fact in facts if fact is not None and fact.value is not None and not fact.value.anything
    )


def unknown(value: Value, about: str, *, stated: bool = False) -> Cell:
    """A cell of which nothing is known beyond what its type tells."""
    return Cell(value, about, stated=stated)


def answer(
    truth: Truth, about: str, facts: Iterable[Fact] = (), how: str = "", *, stated: bool = True
) -> Cell:
    """Yes, no, or either."""
    return Cell(_ANSWERS[truth], about, joined(facts), how, stated)


def truth_of(cell: Cell | None) -> Truth:
    """What a cell over yes and no says; no cell at all means certain by structure."""
    if cell is None or cell.value is YES:
        return TRUE
    return UNKNOWN if cell.value is EITHER else fits(cell.value, IS_YES)


def is_under(value: Value, tree: Tree, *terms: str) -> Truth:
    """Whether the value is, or lies under, one of the terms."""
    return fits(value, Test(Terms(tree, frozenset(terms))))


def between(low: Fraction | int | None, high: Fraction | int | None, unit: str = "") -> Amounts:
    """The amounts from one number to another, both included."""
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    return Amounts(unit or base_unit("share"), (Stretch(ends[0], ends[1]),))


def shares_between(low: Bound, high: Bound) -> Amounts:
    """The shares from one bound to another; what contradicts itself is a share at the bounds."""
    within = Stretch(low.at, high.at, low.edge > 0, high.edge < 0)
    return between(low.at, high.at) if within.empty else Amounts(base_unit("share"), (within,))


def either(values: Sequence[Value]) -> Value:
    """What may be any of the values (at least one, all of one type); nothing that one may be is lost."""
    first = values[0]
    if isinstance(first, Terms):
        terms = [value for value in values if isinstance(value, Terms)]
        tree = first.tree
        within: frozenset[str] | None = frozenset()
        for value in terms:
            within = None if within is None or value.within is None else within | value.within
        outside = {out for value in terms for out in value.without}
        kept = (out for out in outside if all(v.meet(Terms(tree, frozenset({out}))).empty for v in terms))
        return Terms(tree, within, frozenset(kept))
    amounts = [value for value in values if isinstance(value, Amounts)]
    if len({value.unit for value in amounts}) > 1:
        return Amounts("", (Stretch(),), first.whole)
    return Amounts(first.unit, tuple(s for value in amounts for s in value.stretches), first.whole)


def citing(row: Row, facts: Facts) -> Row:
    """The row, every known cell of it (those of its parts and lists too) following from the facts as well."""
    if not facts:
        return row
    return replace(
        row,
        cells={key: _citing(cell, facts) for key, cell in row.cells.items()},
        parts={name: citing(part, facts) for name, part in row.parts.items()},
        lists={name: Rows.late(partial(citing_all, rows, facts)) for name, rows in row.lists.items()},
        present=None if row.present is None else _citing(row.present, facts),
    )


def citing_all(rows: Rows, facts: Facts) -> Rows:
    """The list, everything known in it following from the facts as well."""
    return Rows(
        tuple(citing(row, facts) for row in rows.rows), _citing(rows.closed, facts), citing(rows.rest, facts)
    )


def _citing(cell: Cell, facts: Facts) -> Cell:
    if not cell.facts and cell.value.anything:
        return cell
    return Cell(cell.value, cell.about, joined(cell.facts, facts), cell.how, cell.stated)


def merged(rows: Sequence[Row], facts: Facts, about: str) -> Row:
    """The row of a thing that is one of several: each cell may be what it is in any of them.

    `facts` tell that it is one of these; `about` is where it would be told which.
    """
    first = rows[0]
    if len(rows) == 1:
        return citing(first, facts)
    return Row(
        first.shape,
        " or ".join(dict.fromkeys(row.name for row in rows if row.name)),
        {key: _either_cell([row.cells[key] for row in rows], facts, about) for key in first.cells},
        {name: merged([row.parts[name] for row in rows], facts, about) for name in first.parts},
        {name: _merged_lists([row.lists[name] for row in rows], facts, about) for name in first.lists},
        first.present,
    )


def _either_cell(cells: Sequence[Cell], facts: Facts, about: str) -> Cell:
    value = either([cell.value for cell in cells])
    known = () if value.anything else joined(facts, *(cell.facts for cell in cells))
    return Cell(value, about, known, "either may be meant", any(cell.stated for cell in cells))


def _merged_lists(lists: Sequence[Rows], facts: Facts, about: str) -> Rows:
    """What is in each of the lists is certain, what is in some of them possible."""
    rows: list[Row] = []
    for number, each in enumerate(lists):
        others = [other for i, other in enumerate(lists) if i != number]
        for row in each.rows:
            if any(_alike(seen, row) for seen in rows):
                continue
            twins = [next((o for o in other.rows if _alike(o, row)), None) for other in others]
            found = [row, *(twin for twin in twins if twin is not None)]
            sure = None not in twins and all(truth_of(twin.present) is TRUE for twin in found)
            cited = joined(facts, *(t.present.facts for t in found if t.present))
            same = merged(found, facts, about) if row.shape == "value" else citing(row, facts)
            rows.append(replace(same, present=answer(TRUE if sure else UNKNOWN, about, cited)))
    closed = all(truth_of(each.closed) is TRUE for each in lists)
    cited = joined(facts, *(each.closed.facts for each in lists))
    return Rows(
        tuple(rows),
        answer(
            TRUE if closed else UNKNOWN,
            about,
            cited if closed else (),
            stated=any(x.closed.stated for x in lists),
        ),
        merged([each.rest for each in lists], facts, about),
    )


def _alike(one: Row, other: Row) -> bool:
    """Whether two rows are one thing, or one value told of two things."""
    if one.name != other.name:
        return False
    told_of_two = one.shape == "value" and one.cells["value"].value == other.cells["value"].value
    return told_of_two or one.cells == other.cells


def touched(condition: Condition | None, row: Row) -> Facts:
    """Every fact that the condition looks at in the row."""
    match condition:
        case All(parts) | Any(parts):
            return joined(*(touched(part, row) for part in parts))
        case Not(part):
            return touched(part, row)
        case Is(key):
            return row.cells[key].facts
        case In(name, body):
            return touched(body, row.parts[name])
        case Some(name, body) | Every(name, body):
            rows = row.lists[name]
            seen = [joined(r.present.facts if r.present else (), touched(body, r)) for r in rows.rows]
            return joined(rows.closed.facts, *seen, touched(body, rows.rest))
        case Named(_, body):
            return touched(body, row)
        case _:
            return ()


def with_cells(row: Row, cells: Mapping[Key, Cell]) -> Row:
    """The row with further cells."""
    return replace(row, cells={**row.cells, **cells})


def all_of(*truths: Truth) -> Truth:
    """Whether all are true (strong Kleene)."""
    if FALSE in truths:
        return FALSE
    return UNKNOWN if UNKNOWN in truths else TRUE


def any_of(*truths: Truth) -> Truth:
    """Whether one is true (strong Kleene)."""
    if TRUE in truths:
        return TRUE
    return UNKNOWN if UNKNOWN in truths else FALSE
