"""What an item consists of and was made with, at any depth, and what share of it meets a condition.

Parts are reached through containment, and their shares of the value multiply along the way.  What
the item, or a part of it, was made with is no part of its value, and comes in as technology or as plant,
by its form.  Whatever such a tool contains or was itself made with counts too, never as contained: rules
on direct products turn on the components of a plant as well, so a rule that means parts alone asks for
`via: contained`.  It comes in as the tool does, if its own form says the same; if not, as either: what
the plant was made with is technology of which the item is, or is not, the direct product, by how one
reads that.
"""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.cells import Facts, answer, is_under, joined, told, truth_of
from redline.engine.records import Case, bare_row, closed_cell, element_fact, named_in
from redline.rules.bounds import ALL, NONE, Bound, ends
from redline.rules.facts import Entity, Reference
from redline.rules.frozen import dataclass, replace
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import FORM
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.values import Amounts, Terms

CONTAINED, ITSELF = "contained", "itself"
TECHNOLOGY, PLANT = "made-with-technology", "made-with-plant"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part or a tool as listed: what is meant (`names`; none: not known), its share of the value from
    `low` to `high`, whether it is certainly there, and the facts that tell."""

    names: tuple[str, ...]
    reference: Reference | None
    low: Bound
    high: Bound
    sure: bool
    about: str
    facts: Facts
    how: str

    @property
    def key(self) -> str:
        """What the piece is known by: the id of the one item meant, else its place."""
        return self.names[0] if len(self.names) == 1 else f"?{self.about}"


@dataclass(frozen=True, slots=True)
class Pieces:
    """What an item is listed to contain (`parts`), and what it was made with (`tools`)."""

    parts: tuple[Piece, ...]
    parts_closed: Cell
    tools: tuple[Piece, ...]
    tools_closed: Cell


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in an item: certainly or possibly there, its share, its least depth, and why."""

    key: str
    via: str
    piece: Piece | None
    sure: bool
    low: Bound
    high: Bound
    nearest: int
    surely_by: int | None
    facts: Facts
    how: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything in an item: its entries, and the lists by which that is all or may go on."""

    entries: tuple[Entry, ...]
    parts_closed: Cell
    tools_closed: Cell
    inside_closed: Cell
    """Whether the lists of parts of what is contained, those of tools apart, are complete."""
    left: Bound
    """The most of the value that parts not listed may make up."""


def pieces(case: Case, ident: str) -> Pieces:
    """What is listed of one item, nothing deeper."""
    return case.kept(("pieces", ident), lambda: _pieces(case, ident))


def _pieces(case: Case, ident: str) -> Pieces:
    entity = case.scenario.items[ident]
    parts = _listed(entity, "contains")
    certain = sum((piece.low for piece in parts if piece.sure), NONE)
    parts = tuple(
        # no part is more than what the least of the others leaves
        replace(p, high=max(p.low, min(p.high, ALL - certain + (p.low if p.sure else NONE))))
        for p in parts
    )
    closed, made = entity.lists.get("contains"), entity.lists.get("made_with")
    return Pieces(
        parts,
        closed_cell(closed, f"{entity.path}.contains"),
        _listed(entity, "made_with"),
        closed_cell(made, f"{entity.path}.made_with"),
    )


def _listed(entity: Entity, name: str) -> tuple[Piece, ...]:
    listing = entity.lists.get(name)
    found = []
    for number, each in enumerate(listing.elements if listing is not None else ()):
        reference, fact = named_in(each, "item"), element_fact(each)
        share = each.facts.get("share") if isinstance(each, Entity) else None
        low, high = NONE, ALL if name == "contains" else NONE
        if share is not None and isinstance(share.value, Amounts) and not share.value.empty:
            low, high = ends(share.value)
        about = fact.path if fact is not None else f"{entity.path}.{name}"
        named = reference.fact if reference is not None and reference.names else None
        facts = joined((fact,) if fact is not None else (), told(named, share))
        sure = listing is not None and number not in listing.doubtful
        how = (fact.says if fact is not None else "") or (reference.fact.says if reference else "")
        found.append(
            Piece(reference.names if reference else (), reference, low, high, sure, about, facts, how)
        )
    return tuple(found)


# --- all that is inside ------------------------------------------------------------------------


def content(case: Case, ident: str) -> Content:
    """Everything in the item, the item itself first."""
    return case.kept(("content", ident), lambda: _content(case, ident))


def _content(case: Case, ident: str) -> Content:
    found = _inside(case, ident)
    entries = {(entry.key, entry.via): entry for entry in found}
    todo = [(entry, tool) for entry in found for tool in _tools_of(case, entry)]
    while todo:
        whole, tool = todo.pop(0)
        for entry in _under_tool(case, whole, tool):
            known = entries.get((entry.key, entry.via))
            if known is None or _improves(entry, known):
                both = entry if known is None else _better(known, entry)
                entries[entry.key, entry.via] = both
                todo += [(both, deeper) for deeper in _tools_of(case, both)]
    listed = list(entries.values())
    parts_closed, tools_closed = _ends(case, listed)
    return Content(tuple(listed), parts_closed, tools_closed, _ends(case, found)[0], _left(case, found))


def _ends(case: Case, entries: Sequence[Entry]) -> tuple[Cell, Cell]:
    """Whether all that the entries contain is listed, and all that they were made with."""
    spots = [pieces(case, name) for entry in entries for name in _names(entry)]
    nameless = next((entry for entry in entries if not _names(entry)), None)
    return (
        _together([spot.parts_closed for spot in spots], nameless),
        _together([spot.tools_closed for spot in spots], nameless),
    )


def _inside(case: Case, ident: str) -> tuple[Entry, ...]:
    """The item and its parts at any depth, through containment alone."""
    return case.kept(("inside", ident), lambda: _parts_inside(case, ident))


def _parts_inside(case: Case, ident: str) -> tuple[Entry, ...]:
    found = {
        ident: Entry(
            ident, ITSELF, None, sure=True, low=ALL, high=ALL, nearest=0, surely_by=0, facts=(), how=""
        )
    }
    for piece in pieces(case, ident).parts:
        for entry in _of_piece(case, piece):
            known = found.get(entry.key)
            found[entry.key] = entry if known is None else _sum(known, entry)
    return tuple(found.values())


def _of_piece(case: Case, piece: Piece) -> list[Entry]:
    """The piece and what is inside it, as parts of the whole that it is a piece of."""
    found = []
    if len(piece.names) != 1:
        near = 1 if piece.sure else None
        found.append(
            Entry(
                piece.key,
                CONTAINED,
                piece,
                piece.sure,
                piece.low,
                piece.high,
                1,
                near,
                piece.facts,
                piece.how,
            )
        )
    for name in piece.names:
        for entry in _inside(case, name):
            if len(piece.names) > 1 and entry.key == name:
                continue  # one of several is one row, already there
            sure = entry.sure and piece.sure and len(piece.names) == 1
            found.append(
                replace(
                    entry,
                    via=CONTAINED,
                    piece=entry.piece or piece,
                    sure=sure,
                    low=entry.low * piece.low if sure else NONE,
                    high=entry.high * piece.high,
                    nearest=entry.nearest + 1,
                    surely_by=entry.surely_by + 1 if sure and entry.surely_by is not None else None,
                    facts=joined(piece.facts, entry.facts),
                    how=entry.how or piece.how,
                )
            )
    return found


def _sum(one: Entry, other: Entry) -> Entry:
    """The same part met twice: its shares add up."""
    both = _better(one, other)
    return replace(both, low=min(ALL, one.low + other.low), high=min(ALL, one.high + other.high))


def _better(one: Entry, other: Entry) -> Entry:
    first = one if one.sure or not other.sure else other
    near = [depth for depth in (one.surely_by, other.surely_by) if depth is not None]
    return replace(
        first,
        nearest=min(one.nearest, other.nearest),
        surely_by=min(near) if near else None,
        facts=joined(one.facts, other.facts),
    )


def _improves(entry: Entry, known: Entry) -> bool:
    """Whether something new is learned of a tool; depths only shrink, so that circles of tools end."""
    if entry.sure and not known.sure:
        return True
    sooner = entry.surely_by is not None and (known.surely_by is None or entry.surely_by < known.surely_by)
    return entry.nearest < known.nearest or sooner


def _names(entry: Entry) -> tuple[str, ...]:
    return (entry.key,) if not entry.key.startswith("?") else entry.piece.names if entry.piece else ()


def _tools_of(case: Case, entry: Entry) -> list[Piece]:
    names = _names(entry)
    sure = len(names) == 1
    return [replace(tool, sure=tool.sure and sure) for name in names for tool in pieces(case, name).tools]


def _ways(case: Case, names: Sequence[str]) -> tuple[frozenset[str], Facts]:
    """As what the thing comes in by its own form: as technology, as plant, or either; and by which facts."""
    if len(names) != 1:
        return frozenset({TECHNOLOGY, PLANT}), ()
    form = bare_row(case, case.scenario.items[names[0]], "item").cells["form"]
    if is_under(form.value, FORM, "technology", "software") is TRUE:
        return frozenset({TECHNOLOGY}), form.facts
    plant = is_under(form.value, FORM, "hardware") is TRUE
    return frozenset({PLANT} if plant else {TECHNOLOGY, PLANT}), form.facts


def _under_tool(case: Case, whole: Entry, tool: Piece) -> list[Entry]:
    """The tool and all that is inside it, as what the whole was made with."""
    direct = whole.via in (ITSELF, CONTAINED)
    come, told_by = _ways(case, tool.names)
    found = []
    for entry in _of_piece(case, tool):
        own, form = _ways(case, _names(entry))
        ways = own | come | (frozenset() if direct else frozenset(whole.via.split("|")))
        found.append(
            replace(
                entry,
                via="|".join(sorted(ways)),
                sure=entry.sure and whole.sure,
                low=NONE,
                high=NONE,
                nearest=entry.nearest + whole.nearest,
                surely_by=None
                if not (entry.sure and whole.sure) or entry.surely_by is None or whole.surely_by is None
                else entry.surely_by + whole.surely_by,
                facts=joined(whole.facts, entry.facts, told_by, form),
            )
        )
    return found


def _together(cells: list[Cell], nameless: Entry | None) -> Cell:
    """Whether all the lists are complete; where not, the first of which it is not known."""
    if nameless is not None:
        return answer(UNKNOWN, nameless.piece.about if nameless.piece else "", stated=True)
    for cell in cells:
        if truth_of(cell) is not TRUE:
            return cell
    return answer(TRUE, cells[0].about, joined(*(cell.facts for cell in cells)), cells[0].how)


def _left(case: Case, found: tuple[Entry, ...]) -> Bound:
    """The most of the value that unlisted parts may make up, all of them together."""
    left = NONE
    for entry in found:
        if not _names(entry):
            left = left + entry.high
        for name in _names(entry):
            here = pieces(case, name)
            if truth_of(here.parts_closed) is not TRUE:
                left = left + entry.high * max(NONE, ALL - sum((p.low for p in here.parts if p.sure), NONE))
    return min(ALL, left)


# --- what is stated of one item ---


def bare_item(case: Case, ident: str) -> Row:
    """What is stated of an item; its origins are open where they leave out those of a listed part."""
    return case.kept(("bare item", ident), lambda: _bare_item(case, ident))


def _bare_item(case: Case, ident: str) -> Row:
    row = bare_row(case, case.scenario.items[ident], "item")
    return replace(row, lists={**row.lists, "origin": _origin(case, ident, row.lists["origin"])})


def _origin(case: Case, ident: str, stated: Rows) -> Rows:
    """The stated origins; complete only where each listed part has no other."""
    if truth_of(stated.closed) is not TRUE:
        return stated
    named = [row.cells["value"].value for row in stated.rows if truth_of(row.present) is TRUE]
    sure: frozenset[str] = frozenset()
    for value in named:
        if isinstance(value, Terms) and value.single is not None:
            sure |= {value.single}
    facts: list[Facts] = [stated.closed.facts]
    for piece in pieces(case, ident).parts:
        if not piece.names:
            return replace(stated, closed=answer(UNKNOWN, piece.about))
        for name in piece.names:
            theirs = bare_item(case, name).lists["origin"]
            values = [row.cells["value"].value for row in theirs.rows]
            fits_in = all(_only_in(value, sure) for value in values)
            if truth_of(theirs.closed) is not TRUE or not fits_in:
                return replace(
                    stated, closed=answer(UNKNOWN, theirs.closed.about if fits_in else stated.closed.about)
                )
            facts += [theirs.closed.facts, piece.facts]
    return replace(
        stated, closed=replace(stated.closed, facts=joined(*facts, pieces(case, ident).parts_closed.facts))
    )


def _only_in(value: Terms | Amounts, terms: frozenset[str]) -> bool:
    return (
        isinstance(value, Terms)
        and value.within is not None
        and all(any(value.tree.under(term, over) for over in terms) for term in value.within)
    )
