"""The share of an item's value that what meets a condition makes up, the item itself or parts of it.

What meets the condition counts wholly, whatever is inside it; of what does not, the parts inside it may.
The item itself comes first: if it meets the condition, it is all of its value.
"""

from __future__ import annotations

from collections.abc import Mapping

from redline.engine.cells import joined, shares_between, touched, truth_of
from redline.engine.parts import CONTAINED, ITSELF, Piece, content, pieces
from redline.engine.records import Case
from redline.engine.reference import holds
from redline.rules.bounds import ALL, NONE, Bound
from redline.rules.condition import Share
from redline.rules.record import Cell, Rows
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth

Bounds = tuple[Bound, Bound]


def share(case: Case, query: Share, ident: str, listed: Rows) -> Cell:
    """The share, between the least and the most that it may be; `listed` are the rows of the content."""
    found = content(case, ident)
    meets: dict[str, Truth] = {}
    facts = [found.parts_closed.facts]
    for entry, row in zip(found.entries, listed.rows, strict=False):
        if entry.via in (ITSELF, CONTAINED):
            meets[entry.key] = holds(query.of, row, {})
            facts += [entry.facts, touched(query.of, row)]
    more = FALSE if truth_of(listed.closed) is TRUE else holds(query.of, listed.rest, {})
    low, high = _whole(case, ident, meets, unlisted=more is not FALSE)
    value = shares_between(low, high)
    about = f"{case.scenario.items[ident].path}.contains"
    if (low, high) == (NONE, ALL):
        return Cell(value, about, stated=False)
    return Cell(value, about, joined(*facts), "shares multiplied along the way and added")


def _whole(case: Case, ident: str, meets: Mapping[str, Truth], *, unlisted: bool) -> Bounds:
    if meets[ident] is TRUE:
        return ALL, ALL
    open_here = truth_of(pieces(case, ident).parts_closed) is not TRUE
    low, high = _inside(case, ident, meets, unlisted=unlisted, rest=unlisted and open_here)
    return low, high if meets[ident] is FALSE else ALL


def _inside(case: Case, ident: str, meets: Mapping[str, Truth], *, unlisted: bool, rest: bool) -> Bounds:
    """What the listed parts make up; `rest` tells whether what they leave of the value may count too."""
    worths = [
        (piece, _of_piece(case, piece, meets, unlisted=unlisted)) for piece in pieces(case, ident).parts
    ]
    low = sum((piece.low * worth[0] for piece, worth in worths if piece.sure), NONE)
    high = sum((piece.low * worth[1] for piece, worth in worths if piece.sure), NONE)
    left = max(NONE, ALL - sum((piece.low for piece, _ in worths if piece.sure), NONE))
    if rest:
        return min(ALL, low), min(ALL, high + left)
    for piece, worth in sorted(worths, key=lambda pair: pair[1][1], reverse=True):
        more = min(left, piece.high - (piece.low if piece.sure else NONE))
        high, left = high + more * worth[1], left - more
    return min(ALL, low), min(ALL, high)


def _of_piece(case: Case, piece: Piece, meets: Mapping[str, Truth], *, unlisted: bool) -> Bounds:
    """How much of the piece counts."""
    met = meets.get(piece.key, UNKNOWN)
    if met is TRUE:
        return ALL, ALL
    if not piece.names:
        inner: list[Bounds] = [(NONE, ALL if unlisted or met is UNKNOWN else NONE)]
    else:
        inner = []
        for name in piece.names:
            open_here = truth_of(pieces(case, name).parts_closed) is not TRUE
            inner.append(_inside(case, name, meets, unlisted=unlisted, rest=unlisted and open_here))
    low, high = min(low for low, _ in inner), max(high for _, high in inner)
    return low, ALL if met is UNKNOWN else high
