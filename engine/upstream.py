"""Custody: which earlier steps an item, and everything inside it, went through before a step.

The model.  A *lot* is an item as someone holds it, with its past: the steps that it certainly went
through, and those that it may have.  The first to send an item holds it with no past of its own; what
is inside that first lot has the past that its parts have with the same holder.  Whoever receives an
item holds a lot with the sender's past and that step.  Technology and software are copied, so the
sender keeps them; so may the sender of hardware, unless there is exactly one of it: then it is where
it went last.  Who sends hardware away and then the same again has another, or may have it back, unless
there certainly are others.  What is built into another item passes its past on to it; of that of which
there may be no other, whoever has it by itself afterwards may have taken it out.  So may whoever received
a whole in which it is: the steps of the whole are then its own, certainly those of the only one.  One who
holds several lots may send any of them: what all have is certain, what any has is possible.  Steps
that move nothing by themselves (brokering, talks, finance), recipients that are not known, end users and
those on the way make lots that may be there.

Steps are taken in the order of their deliveries (of one without dates, the scenario's date) where one is
certainly over before the other begins, else as written; where dates leave the order open, what another
order would add is possible, and certain is what every order has (past `ORDERS` of them: nothing).
"""

from __future__ import annotations

from redline.engine.cells import is_under, truth_of
from redline.engine.otherwise import of_others, otherwise
from redline.engine.parts import CONTAINED, content, pieces
from redline.engine.records import Case
from redline.engine.steps import (
    ANY,
    MOVES,
    STAYS,
    Step,
    Steps,
    activity_of,
    holders_after,
    into_of,
    items_of,
    may_be_only_one,
    on_the_way,
    only_one,
    order_of,
    orders_of,
    senders_of,
    steps_of,
)
from redline.rules.frozen import dataclass, field, replace
from redline.rules.terms import ACTIVITY
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth

ORDERS = 24
"""How many orders that the dates leave open are gone through; past it nothing is certain of them."""


@dataclass(frozen=True, slots=True)
class Past:
    """The steps that something certainly went through, and all that it may have."""

    sure: Steps = frozenset()
    possible: Steps = frozenset()

    def after(self, step: int, *, sure: bool = True) -> Past:
        """With one more step."""
        return Past(self.sure | ({step} if sure else set()), self.possible | {step})

    def beside(self, other: Past) -> Past:
        """Of two things together."""
        return Past(self.sure | other.sure, self.possible | other.possible)

    def instead(self, other: Past) -> Past:
        """Of one of two things."""
        return Past(self.sure & other.sure, self.possible | other.possible)


@dataclass(frozen=True, slots=True)
class Lot:
    """An item as someone holds it.  `settled` are the pieces whose past is already in its own (None: all);
    `sure` tells whether the holder certainly has it."""

    past: Past
    settled: frozenset[str] | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Upstream:
    """What lies behind a step, by the numbers of the steps; and whether its sender can have held the item."""

    past: Past
    held: bool = True


@dataclass
class _Custody:
    """Who holds what, while the steps are gone through."""

    case: Case
    steps: tuple[Step, ...]
    order: tuple[int, ...]
    lots: dict[tuple[str, str], list[Lot]] = field(default_factory=dict)
    moved: dict[str, Steps] = field(default_factory=dict)
    """The steps that each item was in so far."""
    went: dict[str, Steps] = field(default_factory=dict)
    """The steps that each item certainly went through, if there is one of it."""
    built_in: set[str] = field(default_factory=set)
    """The items that may have been built in, and of which there may be one."""
    sent: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """The steps in which each holder certainly sent an item away."""
    begun: set[str] = field(default_factory=set)
    """The items of which someone has certainly been the first to send or to have them."""
    pasts: dict[int, Upstream] = field(default_factory=dict)


def upstream(case: Case) -> dict[int, Upstream]:
    """For each step, by its number in `steps_of`, what lies behind it."""
    return case.kept(("upstream",), lambda: _upstream(case))


def _upstream(case: Case) -> dict[int, Upstream]:
    steps = steps_of(case)
    order, open_pairs, against = order_of(case)
    unsupported = {number for number, step in enumerate(steps) if step.unsupported}
    pasts, in_all = _gone_through_in(case, order), dict[int, Steps]()
    if open_pairs and not against:
        order, pasts, in_all = _in_all_orders(case, order, pasts)
    found = {}
    for place, number in enumerate(order):
        here = pasts[number]
        past = here.past
        if open_pairs or against:
            reach = otherwise(case, number, order, open_pairs)
            if against or any(reach | {number} >= set(pair) for pair in open_pairs):
                past = Past(in_all.get(number, frozenset()), past.possible | reach)
        if _may_hold_more(case, steps[number]):
            past = Past(past.sure, past.possible | of_others(case, number, order[:place]))
        mine = {i for i, step in enumerate(steps) if step.transfer == steps[number].transfer} | unsupported
        sure = frozenset(i for i in past.sure - mine if not steps[i].doubtful and not steps[i].possible)
        found[number] = replace(here, past=Past(sure, past.possible - mine))
    return found


def _gone_through_in(case: Case, order: tuple[int, ...]) -> dict[int, Upstream]:
    """What lies behind each step, if they happen in that order."""
    steps = steps_of(case)
    custody = _Custody(case, steps, order)
    before: list[int] = []
    for number in order:
        if steps[number].unsupported:
            custody.pasts[number] = Upstream(Past(possible=frozenset(before)))
        else:
            custody.pasts[number] = _take(custody, number, tuple(before))
            before.append(number)
    return custody.pasts


def _in_all_orders(
    case: Case, order: tuple[int, ...], pasts: dict[int, Upstream]
) -> tuple[tuple[int, ...], dict[int, Upstream], dict[int, Steps]]:
    """An order in which everybody holds what it sends, if there is one; what lies behind each step in it;
    and what does for certain, whichever of the orders left open is the true one.  None is one in which
    somebody would send what nobody had sent there before."""
    orders = orders_of(case, ORDERS)
    if orders is None:
        return order, pasts, {}
    tried = [(order, pasts), *((other, _gone_through_in(case, other)) for other in orders if other != order)]
    each = [one for one in tried if all(step.held for step in one[1].values())] or tried[:1]
    sure = {n: frozenset.intersection(*(found[n].past.sure for _, found in each)) for n in pasts}
    return *each[0], sure


def _may_hold_more(case: Case, step: Step) -> bool:
    """Whether something that is transferred elsewhere may be in the item unlisted."""
    if step.nothing:
        return False
    if step.item is None or not step.item.names:
        return True
    found = (content(case, name) for name in step.item.names)
    return any(truth_of(c) is not TRUE for each in found for c in (each.parts_closed, each.tools_closed))


# --- going through the steps -------------------------------------------------------------------


def _take(custody: _Custody, number: int, before: tuple[int, ...]) -> Upstream:
    case, step = custody.case, custody.steps[number]
    if step.nothing:
        return Upstream(Past())
    items = items_of(case, step)
    senders, one_sender = senders_of(case, step)
    activity = activity_of(case, step.entity)
    stays, moves = is_under(activity, ACTIVITY, *STAYS), is_under(activity, ACTIVITY, *MOVES)
    known = len(items) == 1 and ANY not in items and not step.possible and not step.doubtful
    if ANY in items:
        past, held = Past(possible=frozenset(before)), True
    else:
        sure = known and one_sender
        first = sure and TRUE in (moves, stays)
        found = [_sent(custody, item, senders, sure=sure, first=first) for item in sorted(items)]
        past, held = found[0]
        for other, _ in found[1:]:
            past = past.instead(other)
    certain = known and moves is TRUE
    if stays is not FALSE:
        _stay(custody, number, step, items, past, sure=known and one_sender and stays is TRUE)
    if stays is not TRUE:
        _move(custody, number, step, items, past, sure=certain)
    if known and one_sender and moves is TRUE:
        for item in items:
            custody.sent.setdefault((item, next(iter(senders))), []).append(number)
    for item in items if ANY not in items else {*case.scenario.items, ANY}:
        custody.moved[item] = custody.moved.get(item, frozenset()) | {number}
    if known and TRUE in (moves, stays):
        for item in items:
            custody.went[item] = custody.went.get(item, frozenset()) | past.sure | {number}
    return Upstream(past, held or not (known and one_sender and TRUE in (moves, stays)))


def _sent(
    custody: _Custody, item: str, senders: frozenset[str], *, sure: bool, first: bool
) -> tuple[Past, bool]:
    """The past of the item as sent, and whether the sender can have held it; `first`: if nobody held it
    before, the sender certainly did from the start."""
    lots = [lot for sender in sorted(senders) for lot in _held(custody, item, sender)]
    back = Past(possible=_back_again(custody, item, senders))
    if any(lot.sure for lot in lots) and not may_be_only_one(custody.case, item):
        inside: list[Lot] = []
    else:
        inside = _taken_out(custody, item, senders)
    if not lots and sure and any(lot.sure for lot in inside):
        found = _either([lot.past for lot in inside if lot.sure], inside)
        custody.begun.add(item)
        return found.beside(Past(possible=_gone_through(custody, item))), True
    if item not in custody.begun:
        lots.append(Lot(Past(), frozenset()))
        if first:
            custody.begun.add(item)
            custody.lots.setdefault((item, next(iter(senders))), []).append(lots[-1])
    elsewhere = _elsewhere(custody, item)
    if not lots:
        return _either([elsewhere], inside), _may_have_made(custody, item, senders)
    known = any(lot.sure for lot in lots) and sure and item not in custody.built_in
    pasts = [_full(custody, item, lot, senders, frozenset()) for lot in lots]
    return _either(pasts if known else [elsewhere, *pasts], inside).beside(back), True


def _either(pasts: list[Past], inside: list[Lot]) -> Past:
    """The past of one of several things, if not of one that was taken out of a whole."""
    found = pasts[0]
    for past in pasts[1:]:
        found = found.instead(past)
    for lot in inside:
        if lot.past not in pasts:
            found = found.instead(lot.past)
    return found


def _back_again(custody: _Custody, item: str, senders: frozenset[str]) -> Steps:
    """The steps since the sender sent the item away, if there may be one of it: it may be back."""
    if not may_be_only_one(custody.case, item):
        return frozenset()
    away = [n for sender in senders for n in custody.sent.get((item, sender), ())]
    first = min((custody.order.index(n) for n in away), default=None)
    if first is None:
        return frozenset()
    return _gone_through(custody, item, frozenset(custody.order[first:]))


def _gone_through(custody: _Custody, item: str, among: Steps | None = None) -> Steps:
    """The steps so far of the item, and what lies behind these."""
    own = custody.moved.get(item, frozenset())
    own = own if among is None else own & among
    return frozenset(own | {past for step in own for past in _possible(custody, step)})


def _taken_out(custody: _Custody, item: str, holders: frozenset[str]) -> list[Lot]:
    """The item as it may be taken out of what its holder has, with the steps that it went through in it."""
    case = custody.case
    if item == ANY or item not in case.scenario.items:
        return []
    last = max((custody.order.index(n) for n in custody.moved.get(item, ())), default=-1)
    since = frozenset(custody.order[last + 1 :])
    one, own = only_one(case, frozenset({item})), _elsewhere(custody, item).sure
    found = []
    for whole in case.scenario.items:
        within = _within(case, item, whole)
        if within is FALSE:
            continue
        for lot in (lot for holder in sorted(holders) for lot in _held(custody, whole, holder)):
            possible = frozenset(n for n in lot.past.possible if _carries(custody, n, item) is not FALSE)
            if possible:
                inside = frozenset(n for n in lot.past.sure & since if _carries(custody, n, item) is TRUE)
                certain = one and within is TRUE and lot.sure and len(holders) == 1
                sure = inside | own if certain else own if one else lot.past.sure & own
                found.append(Lot(Past(sure, possible | sure), sure=certain))
    return found


def _within(case: Case, item: str, whole: str) -> Truth:
    """Whether the item is a part of the whole, at any depth."""
    if item == whole or any(entry.key == whole for entry in content(case, item).entries):
        return FALSE
    found = content(case, whole)
    inside = [entry for entry in found.entries if entry.via == CONTAINED]
    if any(entry.key == item and entry.sure for entry in inside):
        return TRUE
    named = any(entry.key.startswith("?") or entry.key == item for entry in inside)
    return UNKNOWN if named or truth_of(found.inside_closed) is not TRUE else FALSE


def _carries(custody: _Custody, number: int, item: str) -> Truth:
    """Whether a step moved the item by itself or in a whole."""
    step = custody.steps[number]
    items = items_of(custody.case, step)
    if ANY in items:
        return UNKNOWN
    truths = {TRUE if each == item else _within(custody.case, item, each) for each in items}
    found = truths.pop() if len(truths) == 1 else UNKNOWN
    return UNKNOWN if found is TRUE and (step.possible or step.doubtful) else found


def _elsewhere(custody: _Custody, item: str) -> Past:
    """The past of an item that its holder has from nobody knows where; the only one has all of its own."""
    alone = item in custody.built_in or only_one(custody.case, frozenset({item}))
    sure = custody.went.get(item, frozenset()) if alone else frozenset()
    return Past(sure, sure | _anywhere(custody, item))


def _held(custody: _Custody, item: str, holder: str) -> list[Lot]:
    keys = {(i, h) for i in (item, ANY) for h in (holder, ANY)}
    return [lot for key in sorted(keys) for lot in custody.lots.get(key, ())]


def _full(custody: _Custody, item: str, lot: Lot, holders: frozenset[str], seen: frozenset[str]) -> Past:
    """The past of a lot with that of all inside it which is not already in it."""
    if lot.settled is None or item in seen or item == ANY:
        return lot.past
    past = lot.past
    here = pieces(custody.case, item)
    for piece in (*here.parts, *here.tools):
        if piece.key in lot.settled:
            continue
        if not piece.names:
            past = past.beside(Past(possible=frozenset(s for steps in custody.moved.values() for s in steps)))
        for name in piece.names:
            inner = _piece_past(custody, name, holders, seen | {item})
            sure = piece.sure and len(piece.names) == 1
            past = past.beside(inner if sure else Past(possible=inner.possible))
    return past


def _piece_past(custody: _Custody, item: str, holders: frozenset[str], seen: frozenset[str]) -> Past:
    """The past of a part or tool, as the holder of the whole has it."""
    lots = [lot for holder in sorted(holders) for lot in _held(custody, item, holder)]
    if not lots and item not in custody.moved:
        return _full(custody, item, Lot(Past(), frozenset()), holders, seen)
    surely = any(lot.sure for lot in lots) and len(holders) == 1 and item not in custody.built_in
    past = None if surely else _elsewhere(custody, item)
    for lot in lots:
        full = _full(custody, item, lot, holders, seen)
        past = full if past is None else past.instead(full)
    assert past is not None
    return past


def _anywhere(custody: _Custody, item: str) -> Steps:
    """Every step so far of the item, of what is in it, and of what it is in; and what lies behind these."""
    case = custody.case
    related = {entry.key for entry in content(case, item).entries}
    related |= {w for w in case.scenario.items if any(e.key == item for e in content(case, w).entries)}
    steps = {step for each in (*related, ANY) for step in custody.moved.get(each, ())}
    return frozenset(steps | {past for step in steps for past in _possible(custody, step)})


def _possible(custody: _Custody, step: int) -> Steps:
    return custody.pasts[step].past.possible if step in custody.pasts else frozenset()


def _may_have_made(custody: _Custody, item: str, senders: frozenset[str]) -> bool:
    """Whether the sender holds something that the item is made of or with, or that it may be taken out of."""
    case = custody.case
    related = {entry.key for entry in content(case, item).entries}
    related |= {w for w in case.scenario.items if any(e.key == item for e in content(case, w).entries)}
    return any(_held(custody, each, sender) for each in related for sender in senders)


def _stay(
    custody: _Custody, number: int, step: Step, items: frozenset[str], past: Past, *, sure: bool
) -> None:
    """What is built in, changed or copied stays with whoever does it."""
    case, actors = custody.case, senders_of(custody.case, step)[0]
    activity = activity_of(case, step.entity)
    inside, into = is_under(activity, ACTIVITY, "incorporation"), into_of(case, step)
    after = past.after(number)
    if inside is not FALSE and into:
        custody.built_in |= {item for item in items if may_be_only_one(case, item)}
        if sure and inside is TRUE and only_one(case, items):
            _take_away(custody, items)
        certain = sure and inside is TRUE and len(into) == 1 and ANY not in into
        for whole in into:
            for actor in actors:
                _build_in(custody, whole, actor, items, after, sure=certain)
            custody.moved[whole] = custody.moved.get(whole, frozenset()) | {number}
        if certain:
            custody.begun |= into
    if inside is not TRUE:
        certain = sure and inside is FALSE
        for item in items:
            for actor in actors:
                if certain and is_under(activity, ACTIVITY, "modification") is TRUE:
                    custody.lots[item, actor] = []
                custody.lots.setdefault((item, actor), []).append(Lot(after, sure=certain))


def _build_in(
    custody: _Custody, whole: str, actor: str, items: frozenset[str], after: Past, *, sure: bool
) -> None:
    lots = custody.lots.setdefault((whole, actor), [])
    if not lots or not sure:
        lots.append(Lot(after, items, sure))
        return
    alone = only_one(custody.case, frozenset({whole}))
    for lot in tuple(lots):
        settled = None if lot.settled is None else lot.settled | items
        built = replace(lot, past=lot.past.beside(after), settled=settled)
        if alone or (lot.settled is not None and not lot.settled & items):
            lots.remove(lot)
        lots.append(built)


def _move(
    custody: _Custody, number: int, step: Step, items: frozenset[str], past: Past, *, sure: bool
) -> None:
    """The recipient holds what it was sent; where there is exactly one, nobody else does."""
    case = custody.case
    after = past.after(number)
    holders, one = holders_after(case, step)
    if sure and one and only_one(case, items):
        _take_away(custody, items)
    for item in items:
        for holder in holders:
            custody.lots.setdefault((item, holder), []).append(Lot(after, sure=sure and one))
        for holder in on_the_way(case, step) - holders:
            custody.lots.setdefault((item, holder), []).append(Lot(after, sure=False))


def _take_away(custody: _Custody, items: frozenset[str]) -> None:
    for key in [key for key in custody.lots if key[0] in items]:
        del custody.lots[key]
