"""Who owns a party: directly, through chains and together, as far as the stated holdings tell.

Holdings are those of one day; outside its dates an owner holds nothing, and dates that are not said
do not limit.  Owners are open unless closed: whoever is not listed holds at most what is left.  A
person, a state and an organisation of states are owned by nobody unless the scenario says so.

Everything is computed twice: what is owned at the least (what is certain alone) and at the most
(whatever is possible); where the two differ it is not known.  Both are least fixpoints of monotone
maps, so that circular ownership ends: a closed circle of companies is owned by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from redline.engine.cells import Facts, all_of, answer, between, is_under, joined, touched, unknown
from redline.engine.records import (
    Case,
    bare_row,
    blank,
    closed_cell,
    element_fact,
    list_of_rows,
    meant,
    named_in,
    reshaped,
)
from redline.engine.reference import holds
from redline.rules.condition import Owned
from redline.rules.facts import Entity, Fact, Reference
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import PARTY_KIND
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Value

NONE, ALL = Fraction(0), Fraction(1)
ROUNDS = 120
"""How often shares are passed on round a circle; what is then still between two bounds is not known."""
_GRAIN = 10**12
_OWNED_BY_NOBODY = ("person", "state", "international-organisation")


@dataclass(frozen=True, slots=True)
class Holding:
    """A share of a party on the day, from `low` to `high`, held by `owner` (None: not known by whom);
    `sure` tells whether it is certainly held on that day."""

    owner: Reference | None
    low: Fraction
    high: Fraction
    sure: bool
    facts: Facts
    row: Row


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that is said of who owns a party on the day; `open`: others may own what is left."""

    known: tuple[Holding, ...]
    open: bool
    closed: Cell

    @property
    def left(self) -> Fraction:
        """The most that owners who are not listed may hold."""
        return max(NONE, ALL - sum((each.low for each in self.known if each.sure), NONE)) if self.open else NONE


def party_row(case: Case, ident: str, day: Cell) -> Row:
    """The row of a party: what is stated, its owners, and what is asked about its ownership on the day."""
    return case.kept(("party", ident, day.value, day.about), lambda: _party_row(case, ident, day))


def _party_row(case: Case, ident: str, day: Cell) -> Row:
    bare = bare_party(case, ident)
    answers = {query: owned(case, query, ident, day) for query in case.asked.owned}
    row = reshaped(case, bare, "party", answers)
    return Row(row.shape, row.name, row.cells, {}, {**row.lists, "owners": _owner_rows(case, ident, day)})


def bare_party(case: Case, ident: str) -> Row:
    """What is stated of a party, without its owners."""
    return case.kept(("bare party", ident), lambda: bare_row(case, case.scenario.parties[ident], "party"))


def party_meant(case: Case, reference: Reference | None, about: str, day: Cell) -> Row:
    """The row of whom a reference means."""
    return meant(case, reference, about, "party", lambda ident: party_row(case, ident, day))


# --- holdings ----------------------------------------------------------------------------------


def holdings(case: Case, ident: str, day: Cell) -> Holdings:
    """The holdings in a party on the day; those that were certainly over or not yet begun are left out."""
    return case.kept(("holdings", ident, day.value, day.about), lambda: _holdings(case, ident, day))


def _holdings(case: Case, ident: str, day: Cell) -> Holdings:
    entity = case.scenario.parties[ident]
    about, listing = f"{entity.path}.owners", entity.lists.get("owners")
    if listing is None:
        kind = bare_party(case, ident).cells["kind"]
        if is_under(kind.value, PARTY_KIND, *_OWNED_BY_NOBODY) is TRUE:
            nobody = answer(TRUE, about, kind.facts, "it is of a kind that nobody owns", stated=False)
            return Holdings((), open=False, closed=nobody)
        return Holdings((), open=True, closed=answer(UNKNOWN, about, stated=False))
    found = []
    for number, each in enumerate(listing.elements):
        one = _holding(case, each, number in listing.doubtful, day)
        if one is not None:
            found.append(one)
    closed = closed_cell(listing, about)
    return Holdings(tuple(found), not listing.closed, closed)


def _holding(case: Case, element: Fact | Reference | Entity, doubtful: bool, day: Cell) -> Holding | None:
    owner, there = named_in(element, "party"), element_fact(element)
    stated = element.facts if isinstance(element, Entity) else {}
    share, begun, over = (
        fact if fact is not None and fact.value is not None else None
        for fact in (stated.get(name) for name in ("share", "from", "to"))
    )
    assert isinstance(day.value, Amounts)
    in_time = all_of(_not_after(begun, day.value), _not_before(over, day.value))
    if in_time is FALSE:
        return None
    about = there.path if there is not None else ""
    low, high = _bounds(share.value if share is not None else None)
    facts = joined(
        (fact for fact in (there, owner.fact if owner else None, share, begun, over) if fact is not None),
        day.facts if begun or over else (),
    )
    sure = in_time is TRUE and not doubtful
    bare = meant(case, owner, about, "party", lambda ident: bare_party(case, ident))
    cells = {
        name: Cell(fact.value, fact.path, (fact,)) if fact is not None and fact.value is not None else empty
        for name, fact, empty in (
            ("share", share, unknown(between(0, 1), f"{about}.share")),
            ("from", begun, unknown(_ANY_DAY, f"{about}.from")),
            ("to", over, unknown(_ANY_DAY, f"{about}.to")),
        )
    }
    present = answer(TRUE if sure else UNKNOWN, about, facts, there.says if there is not None else "")
    return Holding(owner, low, high, sure, facts, reshaped(case, bare, "holding", cells, present))


def _bounds(value: Value | None) -> tuple[Fraction, Fraction]:
    if not isinstance(value, Amounts) or value.empty:
        return NONE, ALL
    low, high = value.low, value.high
    return max(NONE, low if low is not None else NONE), min(ALL, high if high is not None else ALL)


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


def _owner_rows(case: Case, ident: str, day: Cell) -> Rows:
    found = holdings(case, ident, day)
    about = f"{case.scenario.parties[ident].path}.owners"
    rest = blank(case, "holding", about)
    share = unknown(between(0, found.left if found.open else 1), about)
    rest = Row(rest.shape, "", {**rest.cells, "share": share}, {}, rest.lists)
    rows = [_asked_of_owner(case, each, day) for each in found.known]
    return list_of_rows(rows, found.closed, rest)


def _asked_of_owner(case: Case, holding: Holding, day: Cell) -> Row:
    names = holding.owner.names if holding.owner is not None else ()
    if len(names) != 1 or not case.asked.owned:
        return holding.row
    answers = {query: owned(case, query, names[0], day) for query in case.asked.owned}
    row = holding.row
    return Row(row.shape, row.name, {**row.cells, **answers}, {}, row.lists, row.present)


# --- owned by whom -----------------------------------------------------------------------------


def owned(case: Case, query: Owned, ident: str, day: Cell) -> Cell:
    """Whether the party is owned by parties that meet the query's condition, on the day."""
    return case.kept(("owned", query, ident, day.value, day.about), lambda: _owned(case, query, ident, day))


def _owned(case: Case, query: Owned, ident: str, day: Cell) -> Cell:
    above = _above(case, ident, day)
    meets: dict[str, Truth] = {}
    facts: list[Facts] = []
    for name, found in above.items():
        row = bare_party(case, name)
        meets[name] = holds(query.by, row, {})
        facts += [touched(query.by, row), found.closed.facts, *(each.facts for each in found.known)]

    def worth(holding: Holding, value_of: Callable[[str], Fraction], *, most: bool) -> Fraction:
        """How much of the holding counts: all of it where its owner meets the condition."""
        reference = holding.owner
        if reference is None or not reference.names:
            row = holding.row if reference is not None and reference.country else None
            met = UNKNOWN if row is None else holds(query.by, _as_party(case, holding), {})
            return ALL if met is TRUE or most else NONE
        each = [_worth_of(meets[name], value_of(name), most=most) for name in reference.names]
        return max(each) if most else min(each)

    least = _fixpoint(above, query, worth, most=False)[ident]
    most = _fixpoint(above, query, worth, most=True)[ident]
    limit = query.at_least if query.mode == "multiplied" else ALL
    truth = TRUE if least >= limit else FALSE if most < limit else UNKNOWN
    about = f"{case.scenario.parties[ident].path}.owners"
    how = "what its owners hold, and theirs" if truth is not UNKNOWN else ""
    return answer(truth, about, joined(*facts), how, stated=bool(above[ident].known))


def _as_party(case: Case, holding: Holding) -> Row:
    about = holding.row.cells["country"].about
    return meant(case, holding.owner, about, "party", lambda ident: bare_party(case, ident))


def _worth_of(met: Truth, through: Fraction, *, most: bool) -> Fraction:
    return ALL if met is TRUE or (most and met is UNKNOWN) else through


def _above(case: Case, ident: str, day: Cell) -> dict[str, Holdings]:
    """The party and everyone who may hold it, at any remove."""
    found: dict[str, Holdings] = {}
    todo = [ident]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = holdings(case, name, day)
            todo += [owner for each in found[name].known if each.owner for owner in each.owner.names]
    return found


def _fixpoint(
    above: Mapping[str, Holdings], query: Owned, worth: Callable[..., Fraction], *, most: bool
) -> dict[str, Fraction]:
    """For each party how much of it is owned: in mode `multiplied` a share, else all or nothing."""
    start = _reachable(above, worth) if most and query.mode == "multiplied" else frozenset()
    values = {name: ALL if name in start else NONE for name in above}
    for number in range(max(ROUNDS, len(above) + 1)):
        before = values
        values = {}
        for name, found in above.items():
            worths = [worth(each, before.__getitem__, most=most) for each in found.known]
            values[name] = _counted(found, worths, query, most=most)
            if number > len(above):  # only circles go on; bounds are kept short by rounding outwards
                values[name] = _rounded(values[name], up=most)
        if values == before:
            break
    return values


def _counted(found: Holdings, worths: list[Fraction], query: Owned, *, most: bool) -> Fraction:
    known = list(zip(found.known, worths, strict=True))
    if query.mode == "any":
        direct = any(w > 0 and each.high > 0 and (each.sure or most) for each, w in known)
        return ALL if direct or (most and found.left > 0) else NONE
    if most:
        total = _at_most(found, known)
    else:
        total = min(ALL, sum((each.low * w for each, w in known if each.sure), NONE))
    if query.mode == "whole":
        return ALL if total >= query.at_least else NONE
    return total


def _at_most(found: Holdings, known: list[tuple[Holding, Fraction]]) -> Fraction:
    """The most that the shares may come to: each has its least, and what is left goes where it counts most."""
    total = sum((each.low * w for each, w in known if each.sure), NONE)
    left = max(NONE, ALL - sum((each.low for each, _ in known if each.sure), NONE))
    if found.open:
        return min(ALL, total + left)
    for each, w in sorted(known, key=lambda pair: pair[1], reverse=True):
        more = min(left, each.high - (each.low if each.sure else NONE))
        total, left = total + more * w, left - more
    return min(ALL, total)


def _reachable(above: Mapping[str, Holdings], worth: Callable[..., Fraction]) -> frozenset[str]:
    """The parties of which something may be owned at all: through some chain of holdings."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(
            name
            for name, all_known in above.items()
            if all_known.left > 0
            or any(
                each.high > 0 and worth(each, lambda n: ALL if n in found else NONE, most=True) > 0  # noqa: B023
                for each in all_known.known
            )
        )
        if more == found:
            return found
        found = more


def _rounded(value: Fraction, *, up: bool) -> Fraction:
    scaled = value * _GRAIN
    return min(ALL, Fraction(scaled.__ceil__() if up else scaled.__floor__(), _GRAIN))




_ANY_DAY = Amounts("day of the calendar", whole=True)
