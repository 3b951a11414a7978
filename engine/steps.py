"""Steps: one transfer of one item; who sends it and who then has it, and in which order steps happen."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from redline.engine.cells import Facts, all_of, is_under, joined
from redline.engine.dates import dates
from redline.engine.holdings import bare_party
from redline.engine.parts import bare_item
from redline.engine.records import Case, cell_of, element_fact
from redline.rules.countries import COUNTRY
from redline.rules.facts import Entity, Grade, Reference
from redline.rules.frozen import dataclass, replace
from redline.rules.quantities import exactly
from redline.rules.shapes import tree
from redline.rules.terms import ACTIVITY, FORM
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Terms, Test, fits

Steps = frozenset[int]
"""Numbers of steps, as in `steps_of`."""
MOVES = (
    "movement",
    "technical-assistance",
    "licensed-production",
    "relocation-of-production",
    "co-production",
    "co-development",
)
"""Activities by which the recipient comes to hold what is transferred."""
STAYS = ("incorporation", "modification", "replication")
"""Activities on an item that stays with the one who carries them out."""
ANY = "*"
"""Stands for an item or a holder that is not known."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transfer of one item: `transfer` counts from 0; `item` is None where it is not known what is
    transferred, `nothing` tells that nothing is, `possible` that a further item may be.  `doubtful`: it is
    not known whether there is such a step.  `unsupported`: that no further item is transferred is only
    alleged; the step is there to be judged as a possibility, and lies behind no other.
    """

    transfer: int
    entity: Entity
    item: Reference | None
    nothing: bool = False
    possible: bool = False
    doubtful: bool = False
    unsupported: bool = False


def steps_of(case: Case) -> tuple[Step, ...]:
    """Every step: one transfer of one item.  A transfer of which it is not known what, or what else, is
    transferred makes a step with an unknown item."""
    return case.kept(
        ("steps",), lambda: tuple(s for n, t in enumerate(case.scenario.transfers) for s in _steps(n, t))
    )


def _steps(number: int, transfer: Entity) -> Iterable[Step]:
    listing = transfer.lists.get("items")
    if listing is None:
        return (Step(number, transfer, None, doubtful=transfer.doubtful),)
    found = [
        Step(number, transfer, each, doubtful=transfer.doubtful or place in listing.doubtful)
        for place, each in enumerate(listing.elements)
        if isinstance(each, Reference)
    ]
    alleged = listing.closure.grade is Grade.ALLEGED
    if not listing.closed or (alleged and found):
        further = Step(number, transfer, None, possible=bool(found), unsupported=listing.closed)
        found.append(replace(further, doubtful=transfer.doubtful))
    return found or (Step(number, transfer, None, nothing=True, doubtful=transfer.doubtful),)


# --- order -------------------------------------------------------------------------------------


def order_of(case: Case) -> tuple[tuple[int, ...], frozenset[tuple[int, int]], bool]:
    """The steps in the order in which they happen; the pairs whose dates leave the order open; and whether
    what is written goes against the dates in a way that leaves the order of the others open."""
    return case.kept(("order",), lambda: _ordered(case))


def _ordered(case: Case) -> tuple[tuple[int, ...], frozenset[tuple[int, int]], bool]:
    steps = steps_of(case)
    days = [_day(case, step.entity) for step in steps]
    numbers = range(len(steps))
    first = {(a, b) for a in numbers for b in numbers if _over_before(days[a], days[b])}
    order: list[int] = []
    while len(order) < len(steps):
        left = [n for n in numbers if n not in order]
        order.append(next(n for n in left if not any((other, n) in first for other in left)))
    place = {number: at for at, number in enumerate(order)}
    against = any(place[b] < place[a] and (b, a) not in first for a in numbers for b in numbers if a < b)
    open_pairs = frozenset(
        (a, b)
        for a in numbers
        for b in numbers
        if a != b
        and (a, b) not in first
        and (b, a) not in first
        and (against or _may_differ(days[a], days[b]))
    )
    return tuple(order), open_pairs, against


def orders_of(case: Case, most: int) -> tuple[tuple[int, ...], ...] | None:
    """Every order that the dates leave possible, steps of the same day as written; None if there are
    more than `most`."""
    order, open_pairs, _ = order_of(case)
    place = {number: at for at, number in enumerate(order)}
    behind = {n: {o for o in order if place[o] < place[n] and (o, n) not in open_pairs} for n in order}
    found: list[tuple[int, ...]] = [()]
    for _ in order:
        found = [(*begun, n) for begun in found for n in order if n not in begun and behind[n] <= set(begun)]
        if len(found) > most:
            return None
    return tuple(found)


def comes_before(case: Case, one: int, other: int) -> tuple[Truth, Facts]:
    """Whether one step comes before another, by their numbers."""
    order, open_pairs, against = order_of(case)
    days = [dates(case, steps_of(case)[n].entity)[1].facts for n in (one, other)]
    if against or (one, other) in open_pairs:
        return UNKNOWN, ()
    return (TRUE if order.index(one) < order.index(other) else FALSE), joined(*days)


def _day(case: Case, transfer: Entity) -> Amounts | None:
    """The day of delivery; None where none is stated and the scenario has no date."""
    _, delivery = dates(case, transfer)
    assert isinstance(delivery.value, Amounts)
    dated = delivery.facts or any(name in transfer.facts for name in ("contract", "delivery"))
    return delivery.value if dated else None


def _over_before(one: Amounts | None, other: Amounts | None) -> bool:
    if one is None or other is None or one.high is None or other.low is None:
        return False
    return one.high < other.low


def _may_differ(one: Amounts | None, other: Amounts | None) -> bool:
    return one is not None and other is not None and (one != other or one.low is None or one.low != one.high)


# --- who and what ------------------------------------------------------------------------------


def activity_of(case: Case, transfer: Entity) -> Terms:
    """What is done in a transfer."""
    value = cell_of(case, transfer, "activity", tree("activity")).value
    assert isinstance(value, Terms)
    return value


def items_of(case: Case, step: Step) -> frozenset[str]:
    """The items that a step may be of; `ANY` where that is not known."""
    return frozenset(step.item.names) if step.item is not None and step.item.names else frozenset({ANY})


def into_of(case: Case, step: Step) -> frozenset[str]:
    """What the item of a step is, or may be, built into."""
    reference = step.entity.references.get("into")
    if reference is None:
        activity = activity_of(case, step.entity)
        inside = is_under(activity, ACTIVITY, "incorporation")
        return frozenset({ANY}) if inside is TRUE else frozenset()
    return frozenset(reference.names) or frozenset({ANY})


def senders_of(case: Case, step: Step) -> tuple[frozenset[str], bool]:
    """Who may send, and whether that is certainly one known party."""
    transfer = step.entity
    stays = is_under(activity_of(case, transfer), ACTIVITY, *STAYS) is TRUE
    order = ("by", "from", "to") if stays else ("from",)
    return _whom(case, next((transfer.references[n] for n in order if n in transfer.references), None))


def holders_after(case: Case, step: Step) -> tuple[frozenset[str], bool]:
    """Who may hold the item when it is delivered, and whether that is certainly one known party."""
    return _whom(case, step.entity.references.get("to"))


def on_the_way(case: Case, step: Step) -> frozenset[str]:
    """Those who may come to hold it besides the recipient."""
    found: set[str] = set()
    end_user = step.entity.references.get("end_user")
    if end_user is not None and end_user.names:
        found |= set(end_user.names)
    via = step.entity.lists.get("via")
    for each in via.elements if via is not None else ():
        if isinstance(each, Entity) and (party := each.references.get("party")) is not None:
            found |= set(party.names)
    return frozenset(found)


def _whom(case: Case, reference: Reference | None) -> tuple[frozenset[str], bool]:
    if reference is not None and reference.names:
        return frozenset(reference.names), len(reference.names) == 1
    if reference is not None and reference.country:
        there = Terms(COUNTRY, frozenset({reference.country}))
        known = (name for name in case.scenario.parties if not _country(case, name).meet(there).empty)
        return frozenset({*known, f"{ANY}{reference.country}"}), False
    countries = {
        f"{ANY}{r.country}" for t in case.scenario.transfers for r in t.references.values() if r.country
    }
    return frozenset({*case.scenario.parties, *countries, ANY}), False


def _country(case: Case, name: str) -> Terms:
    value = bare_party(case, name).cells["country"].value
    assert isinstance(value, Terms)
    return value


def custody_facts(case: Case, step: Step) -> Facts:
    """What tells where a step stands in the custody of its item: who, what, when, and how many there are."""
    transfer = step.entity
    stated = [transfer.facts[n] for n in ("activity", "contract", "delivery") if n in transfer.facts]
    days = dates(case, transfer)[1].facts
    meant = [r.fact for r in transfer.references.values()]
    listing = transfer.lists.get("items")
    items = [f for each in (listing.elements if listing else ()) if (f := element_fact(each)) is not None]
    closure = [listing.closure] if listing is not None and listing.closed else []
    names = step.item.names if step.item is not None else ()
    amount = [bare_item(case, n).cells[c].facts for n in names for c in ("quantity", "form")]
    exists = [transfer.existence] if transfer.existence is not None else []
    return joined(exists, items, closure, meant, stated, days, *amount)


def only_one(case: Case, items: frozenset[str]) -> bool:
    """Whether it is hardware of which there is exactly one."""
    return all(_single(case, item) is TRUE for item in items)


def may_be_only_one(case: Case, item: str) -> bool:
    """Whether it may be hardware of which there is exactly one."""
    return _single(case, item) is not FALSE


def _single(case: Case, item: str) -> Truth:
    return case.kept(("single", item), lambda: _is_single(case, item))


def _is_single(case: Case, item: str) -> Truth:
    if item == ANY:
        return UNKNOWN
    row = bare_item(case, item)
    quantity = row.cells["quantity"].value
    one = exactly(Fraction(1), quantity.unit, whole=True) if isinstance(quantity, Amounts) else quantity
    return all_of(fits(quantity, Test(one)), is_under(row.cells["form"].value, FORM, "hardware"))
