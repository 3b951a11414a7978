"""Whom or what a reference means: its row, and whether two references mean the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from redline.engine.blanks import blank
from redline.engine.cells import joined, merged, unknown
from redline.engine.records import Case, day_cells
from redline.rules.countries import COUNTRY, places
from redline.rules.facts import Reference
from redline.rules.frozen import replace
from redline.rules.quantities import unknown_amount
from redline.rules.record import Cell, Key, Row
from redline.rules.shapes import Shape
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms
from redline.rules.vocabulary import ASKED


def meant(
    case: Case, reference: Reference | None, about: str, shape: str, row_of: Callable[[str], Row]
) -> Row:
    """The row of what is meant: of one of several what they have in common; of a country no more than
    that; of nothing said, nothing.  Every cell follows from the reference too."""
    if reference is None:
        return blank(case, shape, about)
    facts = joined((reference.fact,))
    if reference.names:
        return merged([row_of(name) for name in reference.names], facts, about)
    unnamed = blank(case, shape, about, stated=True)
    if not reference.country:
        return unnamed
    country = Cell(Terms(case.asked.trees["country"], places(reference.country)), about, facts)
    return replace(
        unnamed,
        name=reference.fact.says and f"a party in {reference.country}",
        cells={**unnamed.cells, "country": country},
    )


def reshaped(case: Case, row: Row, shape: str, cells: Mapping[Key, Cell], present: Cell | None = None) -> Row:
    """The row as one of a shape that has its fields and more (or fewer), with further cells."""
    known: Shape = ASKED[shape]
    fields = case.asked.fields(shape)
    kept: dict[Key, Cell] = {k: c for k, c in row.cells.items() if not isinstance(k, str) or k in fields}
    if "screened_on" in fields and "screened_on" not in kept and "screened_on" not in cells:
        kept["screened_on"] = unknown(unknown_amount("date"), row.cells["country"].about)
    names = {*known.many, *known.lists}
    lists = {name: rows for name, rows in row.lists.items() if name in names}
    full = {**kept, **cells}
    return Row(shape, row.name, {**full, **day_cells(case, shape, full)}, {}, lists, present)


def same(one: Reference | None, other: Reference | None, case: Case) -> Truth:
    """Whether two references mean one and the same party, item or paper."""
    if one is None or other is None:
        return UNKNOWN
    if one.names and other.names:
        if len(one.names) == len(other.names) == 1:
            return TRUE if one.names == other.names else FALSE
        return UNKNOWN if set(one.names) & set(other.names) else FALSE
    here, there = (_countries(reference, case) for reference in (one, other))
    if here is None or there is None:
        return UNKNOWN
    return FALSE if here.meet(there).empty else UNKNOWN


def _countries(reference: Reference, case: Case) -> Terms | None:
    """The countries in which the one meant may be; None if that may be any."""
    if reference.country:
        return Terms(COUNTRY, places(reference.country))
    within: frozenset[str] = frozenset()
    for name in reference.names:
        fact = case.scenario.parties[name].facts.get("country") if name in case.scenario.parties else None
        value = fact.value if fact is not None else None
        if not isinstance(value, Terms) or value.within is None:
            return None
        within |= value.within
    return Terms(COUNTRY, within) if reference.names else None
