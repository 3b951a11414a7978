"""Custody: which earlier steps an item, and everything inside it, went through before a step.

Steps are taken in the order of their deliveries (of one without dates, the scenario's date) where one is
certainly over before the other begins, else as written; where dates leave the order open, what another
order would add is possible, and certain is what every order has (past `ORDERS` of them: nothing).
"""

from __future__ import annotations

from redline.engine.cells import truth_of
from redline.engine.custody import take
from redline.engine.lots import Custody, Past, Upstream
from redline.engine.otherwise import of_others, otherwise
from redline.engine.parts import content
from redline.engine.records import Case
from redline.engine.steps import (
    Step,
    Steps,
    order_of,
    orders_of,
    steps_of,
)
from redline.rules.frozen import replace
from redline.rules.truth import TRUE

ORDERS = 24
"""How many orders that the dates leave open are gone through; past it nothing is certain of them."""


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
    custody = Custody(case, steps, order)
    before: list[int] = []
    for number in order:
        if steps[number].unsupported:
            custody.pasts[number] = Upstream(Past(possible=frozenset(before)))
        else:
            custody.pasts[number] = take(custody, number, tuple(before))
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
