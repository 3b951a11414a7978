"""The search for leaks: paths in order of length, with what rules can tell of their past.

A path ends where the whole crosses; it is left where a transfer by itself crosses, where a paper in force
keeps the holder from passing on, where days do not follow, and where its first step no longer makes a
difference (then the path without it tells the same, and is looked at too).  Of paths that lead to the same
holder with pasts that no rule can tell apart, the first few are kept, the shortest and earliest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any

import networkx as nx

from redline.analysis.leak_judging import Judge, Judgement, Marks, refuse
from redline.analysis.network_chain import Hop
from redline.rules.frozen import dataclass, field
from redline.rules.network import Build, Channel, Window

LABELS = 2_000_000
"""How many stretches of paths are looked at; past it the search says that it was not whole."""
NOTHING: Marks = frozenset()
_FOREVER = 4_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """A path that leaks; `crosses` and `perhaps` are the rules that the whole crosses, or may, and no stretch
    of it does."""

    hops: tuple[Hop, ...]
    crosses: frozenset[str]
    perhaps: frozenset[str]
    sort: Any
    """The class of the path: its past, and its last step."""

    @property
    def ends(self) -> tuple[str, str]:
        """The item as it sets out, and who holds it in the end."""
        last = self.hops[-1].by
        return self.hops[0].item, last.recipient if isinstance(last, Channel) else last.holder


@dataclass
class Search:
    """What came of a search: by item and holder the paths that leak for certain and those that may; to whom
    there are more; and what stopped others."""

    leaks: dict[tuple[str, str], list[Found]] = field(default_factory=dict)
    perhaps: dict[tuple[str, str], list[Found]] = field(default_factory=dict)
    more: set[tuple[str, str]] = field(default_factory=set)
    stopped: Counter[str] = field(default_factory=Counter)
    whole: bool = True

    def all(self) -> Iterator[Found]:
        """Every path that leaks for certain, by item and holder, the shortest first."""
        for found in self.leaks.values():
            yield from found


@dataclass(frozen=True, slots=True)
class _Label:
    """A stretch of a path: who holds what, the marks of its past, with its first step and without it."""

    holder: str
    item: str
    past: Marks
    without: Marks
    day: int | None
    hops: tuple[Hop, ...]
    places: frozenset[Any] = frozenset()
    """Where it has been, with what past: it does not come there again."""


def search(
    judge: Judge,
    most: int,
    *,
    closed: frozenset[str] = frozenset(),
    promised: frozenset[str] = frozenset(),
    items: frozenset[str] = frozenset(),
    holders: frozenset[str] = frozenset(),
    labels: int = LABELS,
) -> Search:
    """The `most` shortest leaks for each item and holder.  `closed` are steps that are not taken, `promised`
    channels whose recipient passes nothing on; `items` and `holders`, if any, are those looked at."""
    network, result = judge.network, Search()
    moves = _moves(judge, closed, result)
    if holders:
        wanted = holders
    else:
        wanted = frozenset(network.forbidden)
    live = _live(judge, moves, wanted)
    reached: dict[Any, list[int]] = {}
    todo: deque[_Label] = deque()
    starts = [(key, hop) for key, hops in moves.items() for hop in hops]
    looked = 0
    empty: dict[tuple[str, str], _Label] = {}
    for key, _ in starts:
        if key in live and key not in empty and (not items or key[1] in items):
            empty[key] = _Label(*key, NOTHING, NOTHING, None, ())
    todo.extend(empty.values())
    while todo:
        label = todo.popleft()
        looked += 1
        if looked > labels:
            result.whole = False
            break
        for move in moves.get((label.holder, label.item), ()):
            if _after(move) not in live and not _may_end(judge, move):
                continue
            for hop in _dated(judge, label, move, result):
                if promised and _promised(label, hop, promised):
                    continue
                further = _taken(judge, label, hop, result, most, wanted)
                if further is not None and not _held_back(further, reached, most):
                    todo.append(further)
    return result


def _after(hop: Hop) -> tuple[str, str]:
    return (hop.by.recipient if isinstance(hop.by, Channel) else hop.by.holder), hop.gives


def _moves(judge: Judge, closed: frozenset[str], result: Search) -> dict[tuple[str, str], list[Hop]]:
    """What each holder of an item can do with it."""
    found: dict[tuple[str, str], list[Hop]] = {}
    for channel in judge.network.channels:
        if channel.id not in closed:
            for item in channel.items:
                found.setdefault((channel.sender, item), []).append(Hop(channel, item))
    for build in judge.network.builds:
        if build.id not in closed:
            found.setdefault((build.holder, build.takes), []).append(Hop(build, build.takes))
    return found


def graph_of(moves: Iterable[Hop]) -> nx.DiGraph[tuple[str, str]]:
    """Who holds what, and may come to hold what next, as a graph."""
    graph: nx.DiGraph[tuple[str, str]] = nx.DiGraph()
    for hop in moves:
        graph.add_edge(_before(hop), _after(hop))
    return graph


def _live(
    judge: Judge, moves: dict[tuple[str, str], list[Hop]], wanted: frozenset[str]
) -> frozenset[tuple[str, str]]:
    """The holders and items from which a step can be reached that may cross a line."""
    graph = graph_of(hop for hops in moves.values() for hop in hops)
    ends = {
        key
        for key, hops in moves.items()
        if any((not wanted or _after(hop)[0] in wanted) and _may_end(judge, hop) for hop in hops)
    }
    if not ends:
        return frozenset()
    backwards = graph.reverse(copy=False)
    return frozenset(node for layer in nx.bfs_layers(backwards, sorted(ends)) for node in layer)


def _may_end(judge: Judge, move: Hop) -> bool:
    """Whether a line may be crossed there.  What others are built into is not looked at alone."""
    return isinstance(move.by, Build) or move.item in judge.built or judge.may_end(move)


def _dated(judge: Judge, label: _Label, move: Hop, result: Search) -> Iterator[Hop]:
    """The step on each of the days that make a difference, not before that of the step before it: the first
    on which it may be taken, and the first of each later stretch in which rules say the same."""
    first, last = _bounds(move.by.window)
    if move.by.window == (None, None):
        yield Hop(move.by, move.item, label.day)
        return
    begin = first if label.day is None else max(first, label.day)
    if begin > last:
        result.stopped["by a date: it may no longer be used when the item is there"] += 1
        return
    yield Hop(move.by, move.item, begin)
    for cut in judge.cuts[bisect_right(judge.cuts, begin) :]:
        if cut > last:
            break
        yield Hop(move.by, move.item, cut)


def _bounds(window: Window) -> tuple[int, int]:
    first, last = window
    return (1 if first is None else first), (_FOREVER if last is None else last)


def _taken(
    judge: Judge, label: _Label, hop: Hop, result: Search, most: int, wanted: frozenset[str]
) -> _Label | None:
    """The stretch with one more step; None where it ends there."""
    if not label.hops:
        return _begun(judge, hop, result)
    hops, sort = (*label.hops, hop), judge.sort_of(hop)
    again = _visits(hops)
    if judge.keeps(hops, label.past, (sort, again)):
        result.stopped["by a clause: a paper in force keeps the holder from it"] += 1
        return None
    if _may_end(judge, hop):
        here = judge.last(hops, label.past, (sort, again))
        if here.crosses or here.perhaps:
            alone = judge.last((hop,), NOTHING, (sort, False))
            refuse(alone)
            before = judge.last(hops[1:], label.without, (sort, _visits(hops[1:])))
            if alone.crosses:
                result.stopped["by a line: the last step crosses by itself"] += 1
                return None
            if before.crosses or any(_crosses(judge, each) for each in label.hops):
                return None  # the path without its first step leaks by itself, or a step of it is seen
            straight = _straight(judge, hops)
            if straight is not None and straight.crosses:
                return None  # it goes in a circle that adds nothing
            rest = here.perhaps - alone.perhaps - before.perhaps
            rest -= frozenset() if straight is None else straight.perhaps
            found = Found(hops, here.crosses, rest, (label.past, sort, again))
            if here.crosses:
                _keep(found, result.leaks, result, most, wanted)
                return None
            if rest:
                _keep(found, result.perhaps, result, most, wanted)
    marks = frozenset(judge.marks(hops, label.past, sort)) | (frozenset({"again"}) if again else NOTHING)
    past, without = label.past | marks, label.without | marks
    place = (*_after(hop), past - {"again"})
    if past == without or place in label.places:
        return None
    return _Label(*_after(hop), past, without, hop.day, hops, label.places | {place})


def _crosses(judge: Judge, hop: Hop) -> bool:
    """Whether a step crosses by itself."""
    if not _may_end(judge, hop):
        return False
    alone = judge.last((hop,), NOTHING, (judge.sort_of(hop), False))
    refuse(alone)
    return bool(alone.crosses)


def _straight(judge: Judge, hops: tuple[Hop, ...]) -> Judgement | None:
    """What is found of the path without its circles; None: it has none."""
    kept: list[Hop] = []
    for hop in hops:
        at = next((n for n, each in enumerate(kept) if _before(each) == _before(hop)), None)
        kept = [*(kept if at is None else kept[:at]), hop]
    if len(kept) == len(hops):
        return None
    past: Marks = NOTHING
    for number in range(1, len(kept)):
        past |= frozenset(judge.marks(kept[:number], past, judge.sort_of(kept[number - 1])))
    return judge.last(kept, past, (judge.sort_of(kept[-1]), False))


def _before(hop: Hop) -> tuple[str, str]:
    return (hop.by.sender if isinstance(hop.by, Channel) else hop.by.holder), hop.item


def _begun(judge: Judge, hop: Hop, result: Search) -> _Label | None:
    """A path of one step; None where that is forbidden, or no rule can tell that it was taken."""
    sort = judge.sort_of(hop)
    if judge.keeps((hop,), NOTHING, (sort, False)):
        result.stopped["by a paper: it is forbidden by itself"] += 1
        return None
    past = frozenset(judge.marks((hop,), NOTHING, sort))
    return _Label(*_after(hop), past, NOTHING, hop.day, (hop,)) if past else None


def _visits(hops: tuple[Hop, ...]) -> bool:
    """Whether the sender of the last step sent the same item before."""
    last = hops[-1].by
    if not isinstance(last, Channel):
        return False
    return any(
        isinstance(hop.by, Channel) and hop.by.sender == last.sender and hop.item == hops[-1].item
        for hop in hops[:-1]
    )


def _keep(
    found: Found, where: dict[tuple[str, str], list[Found]], result: Search, most: int, wanted: frozenset[str]
) -> None:
    if wanted and found.ends[1] not in wanted:
        return
    paths = where.setdefault(found.ends, [])
    if len(paths) < most:
        paths.append(found)
    elif where is result.leaks:
        result.more.add(found.ends)


def _promised(label: _Label, hop: Hop, promised: frozenset[str]) -> bool:
    """Whether someone on the stretch promised not to pass on what the step passes on."""
    if not isinstance(hop.by, Channel):
        return False
    last = next((each for each in reversed(label.hops) if isinstance(each.by, Channel)), None)
    return last is not None and last.by.id in promised


def _held_back(label: _Label, reached: dict[Any, list[int]], most: int) -> bool:
    """Whether enough paths lead there that are as short and as early."""
    key = (label.holder, label.item, label.past, label.without, label.hops[0].item)
    days = reached.setdefault(key, [])
    day = 0 if label.day is None else label.day
    if sum(1 for each in days if each <= day) >= most:
        return True
    days.append(day)
    return False
