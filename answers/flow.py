"""The chain as a flow from top to bottom, each box and line with its place.

A step is a box of its own, so that what is said of it has room; lines between boxes carry no words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from redline.answers.flow_boxes import INSET, LINE, WIDTH, Arrow, Box, Flow
from redline.answers.flow_graph import graph
from redline.rules.report import Link

_GAP, _BETWEEN, _PASSING = 34.0, 30.0, 18.0
"""Between two rows, between two boxes of a row, and what a line takes that passes a row."""
_HEAD = 11.0
"""What a line goes straight before it arrives."""
_SWEEPS = 8


def flow(chain: Sequence[Link]) -> Flow:
    """The chain laid out; the same chain gives the same picture."""
    return _placed(*graph(chain))


def _placed(boxes: Sequence[Box], edges: Iterable[tuple[int, int]]) -> Flow:
    """Rows by the longest way to a box; in a row an order in which few lines cross."""
    links = list(edges)
    rows_of = _rows(len(boxes), links)
    widths = [WIDTH] * len(boxes)
    paths: list[list[int]] = []
    for start, end in links:  # a line that passes a row takes room there
        path = [start]
        for row in range(rows_of[start] + 1, rows_of[end]):
            widths.append(_PASSING)
            rows_of.append(row)
            path.append(len(widths) - 1)
        paths.append([*path, end])
    rows: list[list[int]] = [[] for _ in range(max(rows_of, default=-1) + 1)]
    for node, row in enumerate(rows_of):
        rows[row].append(node)
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for path in paths:
        for one, other in pairwise(path):
            below.setdefault(one, []).append(other)
            above.setdefault(other, []).append(one)
    _order(rows, above, below)
    centre = _across(rows, widths, above, below)
    heights = [2 * INSET + LINE * len(box.words) for box in boxes]
    tops, bottoms, y = [], [], 2.0
    for each in rows:
        tall = max((heights[n] for n in each if n < len(boxes)), default=0.0)
        tops.append(y)
        bottoms.append(y + tall)
        y += tall + _GAP
    placed = tuple(
        _at(box, centre[i] - WIDTH / 2, tops[rows_of[i]], heights[i]) for i, box in enumerate(boxes)
    )
    arrows = tuple(_arrow(path, placed, rows_of, centre, tops, bottoms, above, below) for path in paths)
    width = max((c + w / 2 for c, w in zip(centre, widths, strict=True)), default=0.0) + 2
    return Flow(placed, arrows, width, y - _GAP + 2)


def _at(box: Box, x: float, y: float, height: float) -> Box:
    return Box(box.kind, box.words, box.whole, box.verdict, box.known, x, y, height)


def _rows(count: int, links: Sequence[tuple[int, int]]) -> list[int]:
    """For each box its row: below all that leads to it; what nothing leads to, right above where it goes."""
    rows = [0] * count
    changed = True
    while changed:
        changed = False
        for start, end in links:
            if rows[end] <= rows[start]:
                rows[end], changed = rows[start] + 1, True
    ends = {end for _, end in links}
    for box in range(count):
        after = [rows[end] for start, end in links if start == box]
        if box not in ends and after:
            rows[box] = min(after) - 1
    return rows


def _order(rows: list[list[int]], above: dict[int, list[int]], below: dict[int, list[int]]) -> None:
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for i in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            beside = rows[i - 1] if down else rows[i + 1]
            place = {node: at for at, node in enumerate(beside)}
            own = {node: float(at) for at, node in enumerate(rows[i])}
            for node in rows[i]:
                if others := [place[n] for n in near.get(node, ()) if n in place]:
                    own[node] = sum(others) / len(others)
            rows[i].sort(key=own.__getitem__)


def _across(
    rows: Sequence[Sequence[int]],
    widths: Sequence[float],
    above: dict[int, list[int]],
    below: dict[int, list[int]],
) -> list[float]:
    """For each node its middle: as near to the middles of its neighbours as its row has room."""
    centre = [0.0] * len(widths)
    for row in rows:
        _spread(row, dict.fromkeys(row, 0.0), widths, centre)
    for sweep in range(2 * _SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            near = {
                node: [centre[n] for n in (*above.get(node, ()), *below.get(node, ()))] or [centre[node]]
                for node in row
            }
            _spread(row, {node: sum(them) / len(them) for node, them in near.items()}, widths, centre)
    left = min((c - w / 2 for c, w in zip(centre, widths, strict=True)), default=0.0)
    return [c - left + 2 for c in centre]


def _spread(
    row: Sequence[int], wanted: dict[int, float], widths: Sequence[float], centre: list[float]
) -> None:
    """The places nearest to those wanted without an overlap: neighbours that would are moved as one."""
    offsets, offset = [], 0.0
    for before, node in zip((None, *row), row, strict=False):
        if before is not None:
            offset += widths[before] / 2 + _BETWEEN + widths[node] / 2
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []
    for node, moved in zip(row, offsets, strict=True):
        blocks.append((wanted[node] - moved, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, many), (other, more) = blocks[-2:]
            blocks[-2:] = [((one * many + other * more) / (many + more), many + more)]
    starts = [start for start, count in blocks for _ in range(count)]
    for node, start, moved in zip(row, starts, offsets, strict=True):
        centre[node] = start + moved


def _arrow(
    path: Sequence[int],
    boxes: Sequence[Box],
    rows_of: Sequence[int],
    centre: Sequence[float],
    tops: Sequence[float],
    bottoms: Sequence[float],
    above: dict[int, list[int]],
    below: dict[int, list[int]],
) -> Arrow:
    start, end = boxes[path[0]], boxes[path[-1]]
    points = [
        (_port(path[0], path[1], below, centre), start.y + start.height),
        (_port(path[0], path[1], below, centre), bottoms[rows_of[path[0]]]),
    ]
    for node in path[1:-1]:
        points += [(centre[node], tops[rows_of[node]]), (centre[node], bottoms[rows_of[node]])]
    x = _port(path[-1], path[-2], above, centre)
    points += [(x, end.y - _HEAD), (x, end.y)]
    step = start if start.kind == "step" else end
    other = end if step is start else start
    return Arrow(tuple(points), end.kind != "step", step.verdict, other.known)


def _port(node: int, other: int, near: dict[int, list[int]], centre: Sequence[float]) -> float:
    """Where on the edge of a box a line begins or ends: several lines stand beside each other, in the order
    of where they lead."""
    others = sorted(near[node], key=lambda n: (centre[n], n))
    return centre[node] + (others.index(other) - (len(others) - 1) / 2) * min(24.0, WIDTH / (len(others) + 1))
