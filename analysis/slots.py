"""A record of which nothing is known, with places in its lists: what may be so on paper, for proofs.

Every field is independent of every other and every list may have any number of elements up to the places, so
that what is impossible here is impossible in every scenario whose lists are no longer.
"""

from __future__ import annotations

from collections.abc import Mapping

from redline.engine.blanks import unknown_row
from redline.engine.cells import answer
from redline.engine.records import Asked
from redline.rules.frozen import replace
from redline.rules.record import Row, Rows
from redline.rules.truth import TRUE, UNKNOWN

Places = int | Mapping[str, int]
"""How many places each list has; or each by its name (none, if it is not named)."""


def slotted(shape: str, asked: Asked, places: Places) -> Row:
    """The record of a subject of that shape, with so many places in each of its lists."""
    return _opened(unknown_row(shape, shape, asked), places)


def _opened(row: Row, places: Places) -> Row:
    parts = {name: _opened(part, places) for name, part in row.parts.items()}
    lists = {name: _places(name, rows, places) for name, rows in row.lists.items()}
    return replace(row, parts=parts, lists=lists)


def _places(name: str, rows: Rows, places: Places) -> Rows:
    count = places if isinstance(places, int) else places.get(name, 0)
    rest = _opened(rows.rest, places) if count else rows.rest
    further = tuple(
        replace(rest, name=f"{number + 1}", present=answer(UNKNOWN, f"{rows.closed.about}.{number + 1}"))
        for number in range(count)
    )
    listed = tuple(_opened(row, places) for row in rows.rows)
    return Rows((*listed, *further), replace(rows.closed, value=answer(TRUE, "").value), rows.rest)
