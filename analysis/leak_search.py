"""The search for leaks: paths in order of length, read backwards from the last steps of leaks on the maps.

There is a map for each line, so that each can be small.  Each path that is read is taken again step by step,
on its own days and judged by all lines, before it is told.  Past some stretches looked at for an item and a
holder, only such are followed as can still come from a start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count, islice

from redline.analysis.leak_judging import Judge
from redline.analysis.leak_map import LABELS, START, Ends, Map, map_of
from redline.analysis.leak_steps import Found, Steps, Stretch, before
from redline.analysis.network_chain import Hop
from redline.rules.frozen import dataclass, field

FEW = 400
"""How many stretches are followed for an item and a holder without asking whether they can be whole paths."""
Open = Callable[[Sequence[Hop]], bool]
"""Whether the end of a path that begins with these steps is not closed at its first step."""


@dataclass
class Search:
    """What came of a search: by item and holder the paths that leak for certain and those that may; to whom
    there are more; and what stopped others."""

    maps: tuple[Map, ...]
    steps: Steps
    labels: int
    leaks: dict[Ends, list[Found]] = field(default_factory=dict)
    perhaps: dict[Ends, list[Found]] = field(default_factory=dict)
    more: set[Ends] = field(default_factory=set)
    stopped: Counter[str] = field(default_factory=Counter)
    looked: int = 0
    """Stretches of paths that were looked at."""
    whole: bool = True

    def all(self) -> Iterator[Found]:
        """Every path that leaks for certain, by item and holder, the shortest first."""
        for found in self.leaks.values():
            yield from found

    def ends(self) -> list[Ends]:
        """Every item and holder to whom something leaks on a map, the nearest first."""
        return list(dict.fromkeys(ends for each in self.maps for ends in each.leaks))


def search(
    judge: Judge,
    most: int,
    *,
    items: frozenset[str] = frozenset(),
    holders: frozenset[str] = frozenset(),
    labels: int = LABELS,
) -> Search:
    """The `most` shortest leaks by item and holder; `items` and `holders`, if any, are those looked at."""
    result = Search((), Steps(judge), labels)
    for line in judge.crossable:
        left = labels - result.looked
        found = map_of(judge, line, items=items, holders=holders, labels=left)
        result.maps += (found,)
        result.looked += found.looked
        result.whole &= found.whole
        result.stopped |= found.steps.stopped
    for ends in result.ends():
        paths = list(islice(paths_to(result, ends, certain=True), most + 1))
        if len(paths) > most:
            result.more.add(ends)
        if paths:
            result.leaks[ends] = paths[:most]
        elif perhaps := list(islice(paths_to(result, ends, certain=False), most)):
            result.perhaps[ends] = perhaps
    return result


def paths_to(result: Search, ends: Ends, *, certain: bool, open_: Open = lambda _: True) -> Iterator[Found]:
    """The leaks to there, the shortest first; not those that are closed."""
    tie, told = count(), set[tuple[str, ...]]()
    todo: list[tuple[int, int, Map, int, tuple[Hop, ...], frozenset[object]]] = []
    for found in result.maps:
        for (spot, number), leak in found.leaks.get(ends, {}).items():
            move = found.moves[number]
            if bool(leak.crosses) is certain and open_((move,)):
                been = frozenset({found.places[spot]})
                heappush(todo, (found.depth[spot] + 1, next(tie), found, spot, (move,), been))
    followed = 0
    while todo:
        _, _, found, spot, moves, been = heappop(todo)
        followed += 1
        result.looked += 1
        if result.looked > result.labels:
            result.whole = False
            return
        if spot == START:
            name = tuple(move.by.id for move in moves)
            if name not in told and (leak_ := _again(result.steps, moves, certain=certain)) is not None:
                told.add(name)
                yield leak_
            continue
        if followed > FEW and not _comes_from_start(found, spot, been, open_):
            continue
        for earlier, number in found.into[spot]:
            place, longer = found.places[earlier], (found.moves[number], *moves)
            if (earlier == START or place not in been) and open_(longer):
                length = found.depth[earlier] + len(longer)
                heappush(todo, (length, next(tie), found, earlier, longer, been | {place}))


def _comes_from_start(found: Map, spot: int, been: frozenset[object], open_: Open) -> bool:
    """Whether some path comes to the spot that has not been where its rest will go."""
    todo, seen = [spot], {spot}
    while todo:
        for earlier, number in found.into[todo.pop()]:
            if earlier not in seen and found.places[earlier] not in been and open_((found.moves[number],)):
                if earlier == START:
                    return True
                seen.add(earlier)
                todo.append(earlier)
    return False


def _again(steps: Steps, moves: Sequence[Hop], *, certain: bool) -> Found | None:
    """The leak along these steps, taken on the first days on which it is one; None: it is none."""

    def taken(stretch: Stretch, number: int) -> Iterator[Found]:
        for dated, hop in steps.dated(stretch, moves[number]):
            leak, further = steps.taken(dated, hop)
            if number == len(moves) - 1:
                straight = None if leak is None else steps.straightened(leak)
                if straight is not None and bool(straight.crosses) is certain:
                    yield straight
            elif further is not None:
                yield from taken(further, number + 1)

    begun = steps.begun(before(moves[0]))
    return next((leak for stretch in begun for leak in taken(stretch, 0)), None)
