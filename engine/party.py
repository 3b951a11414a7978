"""Parties as rows: what is stated, who owns them directly, and what is asked about their ownership."""

from __future__ import annotations

from redline.engine.blanks import blank
from redline.engine.cells import shares_between, unknown
from redline.engine.holdings import Holding, bare_party, holdings, of_day
from redline.engine.ownership import owned
from redline.engine.records import Case, list_of_rows
from redline.engine.referents import meant, reshaped
from redline.rules.bounds import ALL, NONE
from redline.rules.facts import Reference
from redline.rules.record import Cell, Key, Row, Rows


def party_row(case: Case, ident: str, day: Cell) -> Row:
    """The row of a party: what is stated, its owners, and what is asked about its ownership on the day."""
    return case.kept(("party", ident, *of_day(case, day)), lambda: _party_row(case, ident, day))


def _party_row(case: Case, ident: str, day: Cell) -> Row:
    bare = bare_party(case, ident)
    answers: dict[Key, Cell] = {query: owned(case, query, ident, day) for query in case.asked.owned}
    row = reshaped(case, bare, "party", answers)
    return Row(row.shape, row.name, row.cells, {}, {**row.lists, "owners": _owner_rows(case, ident, day)})


def party_meant(case: Case, reference: Reference | None, about: str, day: Cell) -> Row:
    """The row of whom a reference means."""
    return meant(case, reference, about, "party", lambda ident: party_row(case, ident, day))


def _owner_rows(case: Case, ident: str, day: Cell) -> Rows:
    found = holdings(case, ident, day)
    about = f"{case.scenario.parties[ident].path}.owners"
    rest = blank(case, "holding", about)
    share = unknown(shares_between(NONE, found.left if found.open else ALL), about)
    rest = Row(rest.shape, "", {**rest.cells, "share": share}, {}, rest.lists)
    rows = [_asked_of_owner(case, each, day) for each in found.known]
    return list_of_rows(rows, found.closed, rest)


def _asked_of_owner(case: Case, holding: Holding, day: Cell) -> Row:
    names = holding.owner.names if holding.owner is not None else ()
    if len(names) != 1 or not case.asked.owned:
        return holding.row
    answers: dict[Key, Cell] = {query: owned(case, query, names[0], day) for query in case.asked.owned}
    row = holding.row
    return Row(row.shape, row.name, {**row.cells, **answers}, {}, row.lists, row.present)
