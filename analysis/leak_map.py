"""All that paths of a network can come to, as one line sees it: who holds what, with what past; and the steps
between.

Paths that come to the same holder and item with pasts that no rule can tell apart are one *spot*, and go on
alike.  So each spot is gone on from once, by the shortest and earliest path that comes there, and what comes
of it is a map: from it the leaks are read in order of length, and what is left of them when steps are closed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

import networkx as nx

from redline.analysis.leak_judging import Judge
from redline.analysis.leak_marks import AGAIN
from redline.analysis.leak_steps import Found, Place, Steps, Stretch, after, before
from redline.analysis.network_chain import Hop
from redline.rules.frozen import dataclass, field
from redline.rules.network import Network

LABELS = 2_000_000
"""How many stretches of paths are looked at; past it the search says that it was not whole."""
START = 0
"""The spot from which all paths set out."""
Ends = tuple[str, str]
"""The item as it sets out, and who holds it in the end."""


@dataclass
class Map:
    """Spots by number, in the order in which they were come to, with the steps that lead to each; and the
    steps by which something leaks."""

    steps: Steps
    depth: list[int] = field(default_factory=lambda: [0])
    moves: list[Hop] = field(default_factory=list)
    """Every step, without a day; known by its number here."""
    places: list[Any] = field(default_factory=lambda: [None])
    """Of each spot who holds what, with what past."""
    into: list[dict[tuple[int, int], None]] = field(default_factory=lambda: [{}])
    """For each spot the spots and steps that lead there."""
    leaks: dict[Ends, dict[tuple[int, int], Found]] = field(default_factory=dict)
    """The spots and last steps of leaks, each with a path that ends so."""
    looked: int = 0
    whole: bool = True


def map_of(
    judge: Judge,
    line: int,
    *,
    items: frozenset[str] = frozenset(),
    holders: frozenset[str] = frozenset(),
    labels: int = LABELS,
) -> Map:
    """The map of what crosses a line.  `items` and `holders`, if any, are those looked at."""
    found = Map(Steps(judge, line))
    wanted = holders or frozenset(judge.network.forbidden)
    found.moves = moves_of(judge.network)
    moves: dict[Place, list[tuple[int, Hop]]] = {}
    for number, move in enumerate(found.moves):
        moves.setdefault(before(move), []).append((number, move))
    live = _live(found.steps, found.moves, wanted)
    known: dict[Any, int] = {}
    best: list[int] = [0]
    todo: deque[tuple[int, Stretch]] = deque()
    for place in moves:
        if place in live and (not items or place[1] in items):
            todo.extend((START, stretch) for stretch in found.steps.begun(place))
    segment = judge.classes.segment
    while todo:
        spot, stretch = todo.popleft()
        found.looked += 1
        if found.looked > labels:
            found.whole = False
            break
        for number, move in moves.get(stretch.place, ()):
            if after(move) not in live and not found.steps.may_end(move):
                continue
            for dated, hop in found.steps.dated(stretch, move):
                leak, further = found.steps.taken(dated, hop)
                if leak is not None and (not wanted or leak.ends[1] in wanted):
                    found.leaks.setdefault(leak.ends, {}).setdefault((spot, number), leak)
                if further is None or after(move) not in live:
                    continue
                key = (
                    *further.place, further.past, further.without, further.hops[0].item,
                    segment(further.day), further.floats,
                )  # fmt: skip
                day = further.day or 0
                there = known.setdefault(key, len(found.depth))
                if there == len(found.depth):
                    found.depth.append(len(further.hops))
                    found.places.append((*further.place, further.past - {AGAIN}))
                    found.into.append({})
                    best.append(day + 1)
                found.into[there][spot, number] = None
                if day < best[there]:
                    best[there] = day
                    todo.append((there, further))
    return found


def moves_of(network: Network) -> list[Hop]:
    """What each holder of an item can do with it, without a day."""
    hops = [Hop(each, item) for each in network.channels for item in each.items]
    return hops + [Hop(each, each.takes) for each in network.builds]


def graph_of(moves: Iterable[Hop]) -> nx.DiGraph[Place]:
    """Who holds what, and may come to hold what next, as a graph."""
    graph: nx.DiGraph[Place] = nx.DiGraph()
    graph.add_edges_from((before(hop), after(hop)) for hop in moves)
    return graph


def _live(steps: Steps, moves: list[Hop], wanted: frozenset[str]) -> frozenset[Place]:
    """The holders and items from which a step can be reached that may cross a line."""
    ends = {
        before(move) for move in moves if (not wanted or after(move)[0] in wanted) and steps.may_end(move)
    }
    if not ends:
        return frozenset()
    backwards = graph_of(moves).reverse(copy=False)
    return frozenset(node for layer in nx.bfs_layers(backwards, sorted(ends)) for node in layer)
