"""What an item consists of and was made with, as rows: the item itself, all parts and tools at any depth,
what may be there unlisted, and the shares of the value that are asked for."""

from __future__ import annotations

from fractions import Fraction

from redline.engine.blanks import rest_part
from redline.engine.cells import answer, joined, shares_between, truth_of
from redline.engine.parts import CONTAINED, PLANT, TECHNOLOGY, Entry, bare_item, content
from redline.engine.records import Case, list_of_rows
from redline.engine.referents import meant, reshaped
from redline.engine.shares import share
from redline.rules.bounds import NONE, Bound
from redline.rules.facts import Reference
from redline.rules.frozen import replace
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.terms import CONTENT_VIA
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.values import Amounts, Stretch, Terms


def item_row(case: Case, ident: str) -> Row:
    """The row of an item: what is stated, all that is in it, and the shares that are asked of it."""
    return case.kept(("item", ident), lambda: _item_row(case, ident))


def _item_row(case: Case, ident: str) -> Row:
    row = bare_item(case, ident)
    listed = content_rows(case, ident)
    answers: dict[Key, Cell] = {query: share(case, query, ident, listed) for query in case.asked.shares}
    return replace(row, cells={**row.cells, **answers}, lists={**row.lists, "content": listed})


def item_meant(case: Case, reference: Reference | None, about: str) -> Row:
    """The row of the item that a reference means."""
    return meant(case, reference, about, "item", lambda ident: item_row(case, ident))


def content_rows(case: Case, ident: str) -> Rows:
    """All that is in the item.  Parts not listed have no origin but its own, where these are complete.

    Where a list of tools is open there may be technology and plant of any origin, and so there may where a
    list of parts is: a part that is not listed may have been made with them, as may one of a tool.
    """
    found = content(case, ident)
    rows = [_part_row(case, entry) for entry in found.entries]
    rest = rest_part(case, found.parts_closed.about)
    inside_open, parts_open, tools_open = (
        truth_of(c) is not TRUE for c in (found.inside_closed, found.parts_closed, found.tools_closed)
    )
    if not parts_open and not tools_open:
        facts = joined(found.parts_closed.facts, found.tools_closed.facts)
        return list_of_rows(rows, replace(found.parts_closed, facts=facts), rest)
    tools_end = found.tools_closed if tools_open else found.parts_closed
    tools = _limited(rest, (TECHNOLOGY, PLANT), NONE, tools_end.about)
    if not inside_open:
        return Rows(tuple(rows), tools_end, tools)
    # One row stands for all tools that are not listed, so that parts that are not can be limited apart.
    rows.append(replace(tools, present=answer(UNKNOWN, tools_end.about, stated=False)))
    inside = _limited(rest, (CONTAINED,), found.left, found.inside_closed.about)
    origin = bare_item(case, ident).lists["origin"]
    if truth_of(origin.closed) is TRUE:
        inside = replace(inside, lists={**inside.lists, "origin": _at_most(origin, inside.lists["origin"])})
    return Rows(tuple(rows), found.inside_closed, inside)


def _limited(rest: Row, vias: tuple[str, ...], left: Bound, about: str) -> Row:
    cells = {key: replace(cell, about=about) for key, cell in rest.cells.items()}
    cells["via"] = replace(cells["via"], value=Terms(CONTENT_VIA, frozenset(vias)))
    cells["share"] = replace(cells["share"], value=shares_between(NONE, left))
    return replace(rest, cells=cells)


def _at_most(origin: Rows, rest: Rows) -> Rows:
    """What an unlisted part may embody: none but the origins of the whole."""
    values = [row.cells["value"].value for row in origin.rows]
    if not values:
        return replace(rest, closed=origin.closed)
    within: frozenset[str] = frozenset()
    for value in values:
        if not isinstance(value, Terms) or value.within is None or value.without:
            return rest
        within |= value.within
    cell = rest.rest.cells["value"]
    assert isinstance(cell.value, Terms)
    limited = replace(cell, value=Terms(cell.value.tree, within), facts=origin.closed.facts)
    return replace(rest, rest=replace(rest.rest, cells={"value": limited}))


def _part_row(case: Case, entry: Entry) -> Row:
    row = _entry_row(case, entry)
    about = entry.piece.about if entry.piece is not None else row.cells["name"].about.rpartition(".")[0]
    far = entry.surely_by if entry.surely_by is not None else None
    depth = Amounts(
        "", (Stretch(Fraction(entry.nearest), Fraction(far) if far is not None else None),), whole=True
    )
    cells: dict[Key, Cell] = {
        "via": Cell(Terms(CONTENT_VIA, frozenset(entry.via.split("|"))), about, entry.facts, entry.how),
        "depth": Cell(depth, about, entry.facts, entry.how),
        "share": Cell(
            shares_between(entry.low, entry.high),
            f"{about}.share",
            entry.facts,
            "shares multiplied along the way",
        ),
    }
    present = None
    if entry.piece is not None:
        present = answer(TRUE if entry.sure else UNKNOWN, about, entry.facts, entry.how)
    return reshaped(case, row, "part", cells, present)


def _entry_row(case: Case, entry: Entry) -> Row:
    if not entry.key.startswith("?"):
        return bare_item(case, entry.key)
    assert entry.piece is not None
    about = entry.piece.about
    return meant(case, entry.piece.reference, about, "item", lambda ident: bare_item(case, ident))
