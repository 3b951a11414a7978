"""Rules that were split into several, or merged: one that several together are equivalent to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from redline.analysis.diff_ask import Ask
from redline.analysis.diff_pairs import Pair, sort_of
from redline.rules.comparison import Compared, How
from redline.rules.evidence import Proved

CANDIDATES = 12
"""Of how many rules that are left over the parts of one are looked for at most."""


def regrouped(ask: Ask, pairs: Sequence[Pair], done: Callable[[Pair], bool]) -> list[tuple[Pair, Compared]]:
    """The pairs that several rules of one side stand for, among those which are not `done`."""
    open_ = [pair for pair in pairs if not done(pair)]
    found: list[tuple[Pair, Compared]] = []
    if not any(pair.how in (How.ADDED, How.REMOVED) for pair in open_):
        return []
    for how in (How.SPLIT, How.MERGED):
        for pair in open_:
            whole = pair.old if how is How.SPLIT else pair.new
            taken = {i for other, _ in found for i in (*other.old, *other.new)}
            rest = [i for p in open_ for i in (p.new if how is How.SPLIT else p.old) if i not in taken]
            if len(whole) == 1 and whole[0] not in taken and (parts := _parts(ask, whole[0], rest)):
                old, new = (whole, parts) if how is How.SPLIT else (parts, whole)
                found.append((Pair(how, old, new), ask.compared(old, new)))
    return found


def _parts(ask: Ask, whole: int, rest: Sequence[int]) -> tuple[int, ...]:
    """Of the other rules those that together are equivalent to one; none if there are not several."""
    rules, never = ask.rules.by_index, ask.paper.never
    near = [i for i in rest if sort_of(rules[i]) == sort_of(rules[whole])][:CANDIDATES]
    parts = tuple(i for i in near if isinstance(never((whole,), (i,)), Proved))
    if len(parts) < 2 or not isinstance(never(parts, (whole,)), Proved):
        return ()
    for part in parts:
        fewer = tuple(i for i in parts if i != part)
        if len(fewer) > 1 and isinstance(never(fewer, (whole,)), Proved):
            parts = fewer
    return parts
