"""Whom and what a step reaches, and who takes part in it.

The sender is not reached.  Who receives, what lies on the way, who uses, where it is used, and of a
person each nationality are.  What is built in, changed or copied stays with whoever does it, who then
counts as sender and recipient, and has no end user unless one is stated.
"""

from __future__ import annotations

from collections.abc import Callable

from redline.engine.blanks import blank
from redline.engine.cells import Facts, answer, is_under, joined, truth_of, unknown
from redline.engine.dates import dates
from redline.engine.party import party_meant
from redline.engine.records import Case, cell_of, closed_cell, list_of_rows, present_cell
from redline.engine.referents import reshaped
from redline.engine.steps import STAYS, Step
from redline.rules.countries import COUNTRY, IN_TWO_PLACES, STATE_OF_TERRITORY, related_states
from redline.rules.facts import Entity, Fact, Reference
from redline.rules.frozen import dataclass, replace
from redline.rules.record import Cell, Row, Rows
from redline.rules.shapes import tree
from redline.rules.terms import ACTIVITY, PART_IN, PARTY_KIND, REACH_HOW
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms

_WITHOUT_GOODS = "cooperation"


@dataclass(frozen=True, slots=True)
class Someone:
    """A party to a step: its row, by which reference (None: nothing is said), where that is asked, and by
    which facts it is a party."""

    row: Row
    reference: Reference | None
    about: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does what in a transfer; `end_user` is None where there is none to be."""

    sender: Someone
    recipient: Someone
    actor: Someone
    user: Someone
    uses: Truth
    """Whether the step has an end user at all."""
    day: Cell
    stays: bool


def roles(case: Case, transfer: Entity, day: Cell, *, nothing: bool) -> Roles:
    """Who takes part in the transfer; `nothing` tells that no item is transferred."""
    activity = cell_of(case, transfer, "activity", tree("activity"))
    staying = is_under(activity.value, ACTIVITY, *STAYS)

    def someone(*names: str) -> Someone:
        for number, name in enumerate(names):
            reference = transfer.references.get(name)
            if reference is not None:
                facts = joined((reference.fact,), activity.facts if number else ())
                row = party_meant(case, reference, f"{transfer.path}.{name}", day)
                return Someone(row, reference, f"{transfer.path}.{name}", facts)
        about = f"{transfer.path}.{names[0]}"
        return Someone(party_meant(case, None, about, day), None, about, ())

    stays = staying is TRUE
    sender = someone("from", "by", "to") if stays else someone("from")
    # who brokers or pays need not be who sends: there, one who is not named is not known
    others = is_under(activity.value, ACTIVITY, "brokering", "financing") is not FALSE
    actor = someone("by", "from", "to") if stays else someone("by") if others else someone("by", "from")
    recipient = someone("to", "by", "from") if stays else someone("to")
    user = someone("end_user")
    without = stays or (nothing and is_under(activity.value, ACTIVITY, _WITHOUT_GOODS) is TRUE)
    uses = TRUE if not without else TRUE if user.reference is not None else FALSE
    return Roles(sender, recipient, actor, user, uses, day, stays)


def roles_in(case: Case, step: Step) -> Roles:
    """Who does what in the transfer of a step."""
    return case.kept(
        ("roles", step.transfer, step.nothing),
        lambda: roles(case, step.entity, dates(case, step.entity)[1], nothing=step.nothing),
    )


def crosses_border(who: Roles, about: str) -> Cell:
    """Whether sender and recipient are in different countries.  Of a state and its own territory, and of
    a state that is no more and one that came after it, it cannot be told."""
    here, there = (someone.row.cells["country"] for someone in (who.sender, who.recipient))
    assert isinstance(here.value, Terms)
    assert isinstance(there.value, Terms)
    one, other = _states(here.value), _states(there.value)
    facts = joined(here.facts, there.facts, who.sender.facts, who.recipient.facts)
    different = answer(TRUE, about, facts, "sender and recipient are in different countries")
    if one is None or other is None:
        named, anywhere = (other, here) if one is None else (one, there)
        assert isinstance(anywhere.value, Terms)
        if named is not None and _elsewhere(anywhere.value, named):
            return different
        missing = there if other is None else here
        return answer(UNKNOWN, missing.about or about, stated=False)
    if len(one) == 1 and one == other:
        return answer(FALSE, about, facts, "sender and recipient are in one country")
    if any(_may_be_one(a, b) for a in one for b in other):
        return answer(UNKNOWN, about, facts)
    return different


def _states(value: Terms) -> frozenset[str] | None:
    return None if value.within is None else frozenset(COUNTRY.line(term)[-1] for term in value.within)


def _elsewhere(value: Terms, states: frozenset[str]) -> bool:
    """Whether the value is in none of the states, nor in what may be one with one of them."""
    families = {*STATE_OF_TERRITORY, *STATE_OF_TERRITORY.values()}
    near = {place for place in families if any(_may_be_one(place, one) for one in states)}
    near |= {place for place, other in IN_TWO_PLACES.items() if other in states}
    near |= {place for one in states for place in (one, *related_states(one))}
    return not value.overlaps(Terms(value.tree, frozenset(near)))


def _may_be_one(one: str, other: str) -> bool:
    if one == other or len(one) > 2 or len(other) > 2 or other in related_states(one):
        return True
    return STATE_OF_TERRITORY.get(one, one) == STATE_OF_TERRITORY.get(other, other)


# --- reach -------------------------------------------------------------------------------------


def reach(case: Case, transfer: Entity, who: Roles) -> Rows:
    """Each country and party that the step reaches, and how."""
    label = f"step {transfer.id}"
    rows = [_reached(case, who.recipient, "holder", f"recipient of {label}")]
    for someone, present in _passages(case, transfer, who.day):
        rows.append(_reached(case, someone, "transit", f"{label} passes through it", present))
    if who.uses is TRUE:
        rows.append(_reached(case, who.user, "end-user", f"end user of {label}"))
    place = cell_of(case, transfer, "place_of_use", tree("country"))
    if place.stated or who.uses is TRUE:
        rows.append(_place(case, place, label))
    closed = closed_cell(transfer.lists.get("via"), f"{transfer.path}.via")
    rest = blank(case, "reached", closed.about)
    persons = [who.recipient] + ([who.user] if who.uses is TRUE else [])
    open_persons = []
    facts = list(closed.facts)
    for person in persons:
        found, complete = _nationalities(case, person, label)
        rows += found
        facts += complete.facts
        if truth_of(complete) is not TRUE:
            open_persons.append(complete)
    if truth_of(closed) is not TRUE:
        hows = {"transit", *(["nationality"] if open_persons else [])}
        return Rows(tuple(rows), closed, _only_how(rest, hows, closed.about))
    if open_persons:
        return Rows(tuple(rows), open_persons[0], _only_how(rest, {"nationality"}, open_persons[0].about))
    return list_of_rows(rows, replace(closed, facts=joined(facts)), rest)


def _only_how(rest: Row, hows: set[str], about: str) -> Row:
    how = replace(rest.cells["how"], value=Terms(REACH_HOW, frozenset(hows)))
    cells = {**rest.cells, "how": how}
    return replace(rest, cells={key: replace(cell, about=about) for key, cell in cells.items()})


def _reached(case: Case, someone: Someone, how: str, says: str, present: Cell | None = None) -> Row:
    cell = Cell(Terms(REACH_HOW, frozenset({how})), someone.about, someone.facts, says)
    if present is None and someone.facts:
        present = answer(TRUE, someone.about, someone.facts, says)
    return reshaped(case, someone.row, "reached", {"how": cell}, present)


def _place(case: Case, place: Cell, label: str) -> Row:
    row = blank(case, "reached", place.about)
    how = Cell(
        Terms(REACH_HOW, frozenset({"place-of-use"})), place.about, place.facts, f"place of use of {label}"
    )
    present = answer(TRUE, place.about, place.facts, how.how)
    if not place.facts:
        present = answer(UNKNOWN, place.about, stated=place.stated)
    return replace(row, cells={**row.cells, "country": place, "how": how}, present=present)


def _nationalities(case: Case, person: Someone, label: str) -> tuple[list[Row], Cell]:
    """A row for each nationality, and whether there are no more: of one who is no person there are none."""
    kind = person.row.cells["kind"]
    human = is_under(kind.value, PARTY_KIND, "person")
    if human is FALSE:
        return [], answer(TRUE, kind.about, joined(kind.facts, person.facts), "it is no person")
    listed = person.row.lists["nationalities"]
    rows = []
    for each in listed.rows:
        country = each.cells["value"]
        facts = joined(country.facts, person.facts, kind.facts)
        how = Cell(
            Terms(REACH_HOW, frozenset({"nationality"})),
            country.about,
            facts,
            f"reached in {label} by nationality",
        )
        sure = human is TRUE and truth_of(each.present) is TRUE
        present = answer(TRUE if sure else UNKNOWN, country.about, facts, how.how)
        row = reshaped(case, person.row, "reached", {"how": how}, present)
        rows.append(replace(row, cells={**row.cells, "country": replace(country, facts=facts)}))
    return rows, replace(listed.closed, facts=joined(listed.closed.facts, person.facts))


# --- on the way, and all parties -------------------------------------------------------------------


def _passages(case: Case, transfer: Entity, day: Cell) -> list[tuple[Someone, Cell]]:
    listing = transfer.lists.get("via")
    found = []
    for number, each in enumerate(listing.elements if listing is not None else ()):
        assert listing is not None
        reference = each.references.get("party") if isinstance(each, Entity) else None
        present = present_cell(listing, number)
        facts = joined(present.facts, (reference.fact,) if reference is not None else ())
        row = party_meant(case, reference, present.about, day)
        found.append((Someone(row, reference, present.about, facts), replace(present, facts=facts)))
    return found


def via(case: Case, transfer: Entity, day: Cell) -> Rows:
    """Whom and what the step passes through, with the part that each plays."""
    listing = transfer.lists.get("via")
    rows = []
    for number, (someone, present) in enumerate(_passages(case, transfer, day)):
        element = listing.elements[number] if listing is not None else None
        stated = element.facts.get("role") if isinstance(element, Entity) else None
        role = unknown(Terms(case.asked.trees["role"]), f"{someone.about}.role")
        if isinstance(stated, Fact) and stated.value is not None:
            role = Cell(stated.value, stated.path, (stated,))
        rows.append(reshaped(case, someone.row, "passed", {"role": role}, present))
    about = f"{transfer.path}.via"
    return list_of_rows(rows, closed_cell(listing, about), blank(case, "passed", about))


def parties(case: Case, transfer: Entity, who: Roles, issued: Callable[[Reference | None], Rows]) -> Rows:
    """All the parties to the step, each with its part, and the papers of the step that it has issued."""
    rows = []

    def add(someone: Someone, part: str, present: Cell | None = None) -> None:
        says = f"{part} in step {transfer.id}"
        cell = Cell(Terms(PART_IN, frozenset({part})), someone.about, someone.facts, says)
        if present is None and someone.facts:
            present = answer(TRUE, someone.about, someone.facts, says)
        row = reshaped(case, someone.row, "participant", {"part": cell}, present)
        rows.append(replace(row, lists={**row.lists, "issued": issued(someone.reference)}))

    add(who.sender, "sender")
    add(who.recipient, "recipient")
    for someone, present in _passages(case, transfer, who.day):
        add(someone, "intermediary", present)
    if who.uses is TRUE:
        add(who.user, "end-user")
    add(who.actor, "actor")
    closed = closed_cell(transfer.lists.get("via"), f"{transfer.path}.via")
    rest = blank(case, "participant", closed.about)
    part = replace(rest.cells["part"], value=Terms(PART_IN, frozenset({"intermediary"})))
    return list_of_rows(rows, closed, replace(rest, cells={**rest.cells, "part": part}))


def everyone(case: Case, transfer: Entity, who: Roles) -> list[tuple[Someone, Truth]]:
    """The parties to the step, and whether each certainly is one."""
    found = [(who.sender, TRUE), (who.recipient, TRUE), (who.actor, TRUE)]
    if who.uses is TRUE:
        found.append((who.user, TRUE))
    found += [(someone, truth_of(present)) for someone, present in _passages(case, transfer, who.day)]
    return found
