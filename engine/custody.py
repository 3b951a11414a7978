"""Going through the steps in one order: what lies behind each, and who holds what after it.

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
"""

from __future__ import annotations

from redline.engine.cells import is_under
from redline.engine.lots import (
    Custody,
    Lot,
    Past,
    Upstream,
    back_again,
    full_past,
    gone_through,
    lots_held,
    may_have_made,
    past_elsewhere,
    taken_out,
)
from redline.engine.steps import (
    ANY,
    MOVES,
    STAYS,
    Step,
    activity_of,
    holders_after,
    into_of,
    items_of,
    may_be_only_one,
    on_the_way,
    only_one,
    senders_of,
)
from redline.rules.frozen import replace
from redline.rules.terms import ACTIVITY
from redline.rules.truth import FALSE, TRUE


def take(custody: Custody, number: int, before: tuple[int, ...]) -> Upstream:
    """Goes through one more step, `before` being those gone through: what lies behind it."""
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
    custody: Custody, item: str, senders: frozenset[str], *, sure: bool, first: bool
) -> tuple[Past, bool]:
    """The past of the item as sent, and whether the sender can have held it; `first`: if nobody held it
    before, the sender certainly did from the start."""
    lots = [lot for sender in sorted(senders) for lot in lots_held(custody, item, sender)]
    back = Past(possible=back_again(custody, item, senders))
    if any(lot.sure for lot in lots) and not may_be_only_one(custody.case, item):
        inside: list[Lot] = []
    else:
        inside = taken_out(custody, item, senders)
    if not lots and sure and any(lot.sure for lot in inside):
        found = _either([lot.past for lot in inside if lot.sure], inside)
        custody.begun.add(item)
        return found.beside(Past(possible=gone_through(custody, item))), True
    if item not in custody.begun:
        lots.append(Lot(Past(), frozenset()))
        if first:
            custody.begun.add(item)
            custody.lots.setdefault((item, next(iter(senders))), []).append(lots[-1])
    elsewhere = past_elsewhere(custody, item)
    if not lots:
        return _either([elsewhere], inside), may_have_made(custody, item, senders)
    known = any(lot.sure for lot in lots) and sure and item not in custody.built_in
    pasts = [full_past(custody, item, lot, senders, frozenset()) for lot in lots]
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


def _stay(
    custody: Custody, number: int, step: Step, items: frozenset[str], past: Past, *, sure: bool
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
    custody: Custody, whole: str, actor: str, items: frozenset[str], after: Past, *, sure: bool
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
    custody: Custody, number: int, step: Step, items: frozenset[str], past: Past, *, sure: bool
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


def _take_away(custody: Custody, items: frozenset[str]) -> None:
    for key in [key for key in custody.lots if key[0] in items]:
        del custody.lots[key]
