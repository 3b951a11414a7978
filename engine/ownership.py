"""Who owns a party: directly, through chains and together, as far as the stated holdings tell.

Everything is computed twice: what is owned at the least (what is certain alone) and at the most
(whatever is possible); where the two differ it is not known.  Both are least fixpoints of monotone
maps, so that circular ownership ends: a closed circle of companies is owned by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from redline.engine.cells import Facts, answer, joined, touched
from redline.engine.holdings import Holding, Holdings, bare_party, holdings, of_day
from redline.engine.records import Case
from redline.engine.reference import holds
from redline.engine.referents import meant
from redline.rules.bounds import ALL, NONE, Bound
from redline.rules.condition import Owned
from redline.rules.record import Cell, Row
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth

ROUNDS = 120
"""How often shares are passed on round a circle; what is then still between two bounds is not known."""
_GRAIN = 10**12


def owned(case: Case, query: Owned, ident: str, day: Cell) -> Cell:
    """Whether the party is owned by parties that meet the query's condition, on the day."""
    return case.kept(("owned", query, ident, *of_day(case, day)), lambda: _owned(case, query, ident, day))


def _owned(case: Case, query: Owned, ident: str, day: Cell) -> Cell:
    above = _above(case, ident, day)
    meets: dict[str, Truth] = {}
    facts: list[Facts] = []
    for name, found in above.items():
        row = bare_party(case, name)
        meets[name] = holds(query.by, row, {})
        facts += [
            touched(query.by, row),
            found.closed.facts,
            found.outside,
            *(each.facts for each in found.known),
        ]

    def worth(holding: Holding, value_of: Callable[[str], Bound], *, most: bool) -> Bound:
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
    limit = Bound(query.at_least) if query.mode == "multiplied" else ALL
    truth = TRUE if least >= limit else FALSE if most < limit else UNKNOWN
    about = f"{case.scenario.parties[ident].path}.owners"
    how = "what its owners hold, and theirs" if truth is not UNKNOWN else ""
    return answer(truth, about, joined(*facts), how, stated=bool(above[ident].known))


def _as_party(case: Case, holding: Holding) -> Row:
    about = holding.row.cells["country"].about
    return meant(case, holding.owner, about, "party", lambda ident: bare_party(case, ident))


def _worth_of(met: Truth, through: Bound, *, most: bool) -> Bound:
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
    above: Mapping[str, Holdings], query: Owned, worth: Callable[..., Bound], *, most: bool
) -> dict[str, Bound]:
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


def _counted(found: Holdings, worths: list[Bound], query: Owned, *, most: bool) -> Bound:
    known = list(zip(found.known, worths, strict=True))
    if query.mode == "any":
        direct = any(w > NONE and each.high > NONE and (each.sure or most) for each, w in known)
        return ALL if direct or (most and found.left > NONE) else NONE
    if most:
        total = _at_most(found, known)
    else:
        total = min(ALL, sum((each.low * w for each, w in known if each.sure), NONE))
    if query.mode == "whole":
        return ALL if total >= Bound(query.at_least) else NONE
    return total


def _at_most(found: Holdings, known: list[tuple[Holding, Bound]]) -> Bound:
    """The most that the shares come to: each at its least, and what is left where it counts most."""
    total = sum((each.low * w for each, w in known if each.sure), NONE)
    left = max(NONE, ALL - sum((each.low for each, _ in known if each.sure), NONE))
    if found.open:
        return min(ALL, total + left)
    for each, w in sorted(known, key=lambda pair: pair[1], reverse=True):
        more = min(left, each.high - (each.low if each.sure else NONE))
        total, left = total + more * w, left - more
    return min(ALL, total)


def _reachable(above: Mapping[str, Holdings], worth: Callable[..., Bound]) -> frozenset[str]:
    """The parties of which something may be owned at all: through some chain of holdings."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(
            name
            for name, all_known in above.items()
            if all_known.left > NONE
            or any(
                each.high > NONE and worth(each, lambda n: ALL if n in found else NONE, most=True) > NONE  # noqa: B023
                for each in all_known.known
            )
        )
        if more == found:
            return found
        found = more


def _rounded(value: Bound, *, up: bool) -> Bound:
    scaled = value.at * _GRAIN
    return min(ALL, Bound(Fraction(scaled.__ceil__() if up else scaled.__floor__(), _GRAIN)))
