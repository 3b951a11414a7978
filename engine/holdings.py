"""Holdings: the shares of a party that are stated, as of a day.

Outside its dates an owner holds nothing; dates that are not said do not limit.  Owners are open unless
closed: whoever is not listed holds at most what is left.  A person, a state and an organisation of
states are owned by nobody unless the scenario says so.
"""

from __future__ import annotations

from redline.engine.blanks import unknown_answers
from redline.engine.cells import Facts, all_of, answer, between, is_under, joined, told, unknown
from redline.engine.records import Case, bare_row, closed_cell, element_fact, named_in
from redline.engine.referents import meant, reshaped
from redline.rules.bounds import ALL, NONE, Bound, ends
from redline.rules.facts import Entity, Fact, Reference
from redline.rules.frozen import dataclass, replace
from redline.rules.record import Cell, Key, Row
from redline.rules.terms import PARTY_KIND
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Value

ANY_DAY = Amounts("day of the calendar", whole=True)
_OWNED_BY_NOBODY = ("person", "state", "international-organisation")


@dataclass(frozen=True, slots=True)
class Holding:
    """A share of a party on the day, from `low` to `high`, held by `owner` (None: not known by whom);
    `sure` tells whether it is certainly held on that day."""

    owner: Reference | None
    low: Bound
    high: Bound
    sure: bool
    facts: Facts
    row: Row


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that is said of who owns a party on the day; `open`: others may own what is left."""

    known: tuple[Holding, ...]
    open: bool
    closed: Cell
    outside: Facts = ()
    """The dates by which owners that are listed hold nothing on the day."""

    @property
    def left(self) -> Bound:
        """The most that owners who are not listed may hold."""
        return (
            max(NONE, ALL - sum((each.low for each in self.known if each.sure), NONE)) if self.open else NONE
        )


def bare_party(case: Case, ident: str) -> Row:
    """What is stated of a party, without its owners."""
    return case.kept(("bare party", ident), lambda: _bare_party(case, ident))


def _bare_party(case: Case, ident: str) -> Row:
    entity = case.scenario.parties[ident]
    row = bare_row(case, entity, "party")
    return replace(row, cells={**row.cells, **unknown_answers(case, "party", f"{entity.path}.owners")})


def holdings(case: Case, ident: str, day: Cell) -> Holdings:
    """The holdings in a party on the day; those that were certainly over or not yet begun are left out."""
    return case.kept(("holdings", ident, *of_day(case, day)), lambda: _holdings(case, ident, day))


def of_day(case: Case, day: Cell) -> tuple[object, ...]:
    """What tells one day from another to whoever asks who owns whom: nothing, where no owner has dates."""
    return (day.value, day.about) if case.kept(("owners dated",), lambda: _dated(case)) else ()


def _dated(case: Case) -> bool:
    listings = (party.lists.get("owners") for party in case.scenario.parties.values())
    owners = (each for listing in listings if listing is not None for each in listing.elements)
    return any(isinstance(each, Entity) and ("from" in each.facts or "to" in each.facts) for each in owners)


def _holdings(case: Case, ident: str, day: Cell) -> Holdings:
    entity = case.scenario.parties[ident]
    about, listing = f"{entity.path}.owners", entity.lists.get("owners")
    if listing is None:
        kind = bare_party(case, ident).cells["kind"]
        if is_under(kind.value, PARTY_KIND, *_OWNED_BY_NOBODY) is TRUE:
            nobody = answer(TRUE, about, kind.facts, "it is of a kind that nobody owns", stated=False)
            return Holdings((), open=False, closed=nobody)
        return Holdings((), open=True, closed=answer(UNKNOWN, about, stated=False))
    made = [
        _holding(case, each, number in listing.doubtful, day) for number, each in enumerate(listing.elements)
    ]
    outside = joined(*(facts for facts in made if not isinstance(facts, Holding)))
    closed = closed_cell(listing, about)
    if listing.closed:
        closed = replace(closed, facts=joined(closed.facts, outside))
    known = tuple(each for each in made if isinstance(each, Holding))
    return Holdings(known, not listing.closed, closed, outside)


def _holding(case: Case, element: Fact | Reference | Entity, doubtful: bool, day: Cell) -> Holding | Facts:
    owner, there = named_in(element, "party"), element_fact(element)
    stated = element.facts if isinstance(element, Entity) else {}
    share, begun, over = (
        fact if fact is not None and fact.value is not None else None
        for fact in (stated.get(name) for name in ("share", "from", "to"))
    )
    assert isinstance(day.value, Amounts)
    in_time = all_of(_not_after(begun, day.value), _not_before(over, day.value))
    if in_time is FALSE:
        return joined(told(begun, over), day.facts)
    about = there.path if there is not None else ""
    low, high = _bounds(share.value if share is not None else None)
    facts = joined(
        (there,) if there is not None else (),
        told(owner.fact if owner is not None else None, share, begun, over),
        day.facts if begun or over else (),
    )
    sure = in_time is TRUE and not doubtful
    bare = meant(case, owner, about, "party", lambda ident: bare_party(case, ident))
    cells: dict[Key, Cell] = {
        name: Cell(fact.value, fact.path, (fact,)) if fact is not None and fact.value is not None else empty
        for name, fact, empty in (
            ("share", share, unknown(between(0, 1), f"{about}.share")),
            ("from", begun, unknown(ANY_DAY, f"{about}.from")),
            ("to", over, unknown(ANY_DAY, f"{about}.to")),
        )
    }
    present = answer(TRUE if sure else UNKNOWN, about, facts, there.says if there is not None else "")
    return Holding(owner, low, high, sure, facts, reshaped(case, bare, "holding", cells, present))


def _bounds(value: Value | None) -> tuple[Bound, Bound]:
    if not isinstance(value, Amounts) or value.empty:
        return NONE, ALL
    return ends(value)


def _not_after(begun: Fact | None, day: Amounts) -> Truth:
    return TRUE if begun is None or not isinstance(begun.value, Amounts) else _in_order(begun.value, day)


def _not_before(over: Fact | None, day: Amounts) -> Truth:
    return TRUE if over is None or not isinstance(over.value, Amounts) else _in_order(day, over.value)


def _in_order(first: Amounts, then: Amounts) -> Truth:
    """Whether a day of the first is not after one of the second."""
    if first.high is not None and then.low is not None and first.high <= then.low:
        return TRUE
    if first.low is not None and then.high is not None and first.low > then.high:
        return FALSE
    return UNKNOWN
