"""What may lie behind a step besides what custody in the order of the steps tells: never less than can be."""

from __future__ import annotations

from redline.engine.parts import content
from redline.engine.records import Case
from redline.engine.steps import (
    ANY,
    Steps,
    holders_after,
    into_of,
    items_of,
    on_the_way,
    senders_of,
    steps_of,
)


def otherwise(case: Case, number: int, order: tuple[int, ...], pairs: frozenset[tuple[int, int]]) -> Steps:
    """Every step that may come before in some order that the stated dates leave open, linked by items
    and holders: more than can be, never less."""
    place = {each: at for at, each in enumerate(order)}
    found: set[int] = set()
    todo = [number]
    while todo:
        here = todo.pop()
        for other in order:
            may = place[other] < place[here] or (other, here) in pairs
            if other not in found and other != number and may and _linked(case, other, here):
                found.add(other)
                todo.append(other)
    return frozenset(found)


def _linked(case: Case, before: int, after: int) -> bool:
    one, other = steps_of(case)[before], steps_of(case)[after]
    items, wanted = items_of(case, one), items_of(case, other)
    if ANY in items or ANY in wanted:
        return True
    inside = {entry.key for name in wanted for entry in content(case, name).entries}
    if items & (inside - wanted):
        return True
    if not (items & wanted or into_of(case, one) & (inside | wanted)):
        return False
    holders = holders_after(case, one)[0] | senders_of(case, one)[0] | on_the_way(case, one)
    senders = senders_of(case, other)[0]
    return bool(holders & senders) or ANY in holders | senders


def of_others(case: Case, number: int, before: tuple[int, ...]) -> Steps:
    """The steps before of items that may be in this one: not it itself, nor what it is in."""
    steps, mine = steps_of(case), items_of(case, steps_of(case)[number])
    if ANY in mine:
        return frozenset(before)
    wholes = {w for w in case.scenario.items if any(e.key in mine for e in content(case, w).entries)}
    return frozenset(n for n in before if not items_of(case, steps[n]) <= (wholes | mine))
