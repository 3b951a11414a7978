"""The chain as a flow from top to bottom: who holds what, and the steps between, each with its place.

A step is a box of its own, so that what is said of it has room; lines between boxes carry no words.  Who
receives again after having passed on stands there a second time, so that the flow never turns back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from redline.answers.chain import MARKS
from redline.rules.frozen import dataclass
from redline.rules.report import Held, Link
from redline.rules.verdicts import Verdict

WIDTH = 250.0
"""Of a box; every box has the same."""
LINE = 17.0
"""Height of a line of text, of which `TEXT` is the size."""
TEXT = 13.0
_INSET = 10.0
_GAP, _BETWEEN, _PASSING = 34.0, 30.0, 18.0
"""Between two rows, between two boxes of a row, and what a line takes that passes a row."""
_HEAD = 11.0
"""What a line goes straight before it arrives."""
_MOST = 4
"""Lines of one name; it is cut after them, and told whole beside the picture."""
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text in a box."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """Something that is drawn, its upper left corner, and the words in it."""

    kind: str
    """party, thing or step."""
    words: tuple[Words, ...]
    whole: str
    """What it is, in one line and uncut."""
    verdict: Verdict | None = None
    known: bool = True
    x: float = 0.0
    y: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from box to box through points; it has a head where something arrives."""

    points: tuple[tuple[float, float], ...]
    head: bool
    verdict: Verdict | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """Boxes and arrows, and how much room they take."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


def flow(chain: Sequence[Link]) -> Flow:
    """The chain laid out; the same chain gives the same picture."""
    return _placed(*graph(chain))


def graph(chain: Sequence[Link]) -> tuple[list[Box], list[tuple[int, int]]]:
    """The boxes, not placed yet, and by their numbers which leads to which."""
    made = _Graph()
    for link in chain:
        made.add(link)
    return made.boxes, list(made.edges)


# --- who and what --------------------------------------------------------------------------------


class _Graph:
    """Boxes by their number, and the edges between them, as steps are added in their order."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.edges: dict[tuple[int, int], None] = {}
        self._at: dict[str, int] = {}
        """The box at which a party stands last."""
        self._holds: dict[tuple[str, str], int] = {}
        """The box at which a party holds an item."""
        self._sent: set[int] = set()
        """Boxes from which something has been passed on to somebody."""

    def add(self, link: Link) -> None:
        """One more step."""
        sender = _key(link.sender)
        step = self._box(_step(link))
        for source in self._sources(link, sender):
            self._edge(source, step)
            if link.into is None:
                self._sent.add(source)
        if link.into is not None:
            thing = self._holds.get((sender, link.into.id))
            if thing is None or thing in self._sent or self._leads(thing, step):
                thing = self._box(_thing(link.into, link.sender))
            self._edge(step, thing)
            self._holds[sender, link.into.id] = thing
        elif link.recipient is not None:
            recipient = _key(link.recipient)
            there = self._at.get(recipient)
            if there is None or there in self._sent or self._leads(there, step) or not recipient:
                there = self._box(_party(link.recipient))
            self._edge(step, there)
            self._at[recipient] = there
            for item in link.items:
                self._holds[recipient, item.id] = there

    def _sources(self, link: Link, sender: str) -> list[int]:
        asked = (*link.items, *([link.into] if link.into is not None else []))
        held = [self._holds[sender, item.id] for item in asked if sender and (sender, item.id) in self._holds]
        if held:
            return list(dict.fromkeys(held))
        if not sender or sender not in self._at:
            made = self._box(_party(link.sender))
            if sender:
                self._at[sender] = made
            return [made]
        return [self._at[sender]]

    def _leads(self, start: int, end: int) -> bool:
        """Whether the one box leads to the other."""
        seen, left = {start}, [start]
        while left:
            at = left.pop()
            new = [other for one, other in self.edges if one == at and other not in seen]
            seen.update(new)
            left += new
        return end in seen

    def _box(self, box: Box) -> int:
        self.boxes.append(box)
        return len(self.boxes) - 1

    def _edge(self, start: int, end: int) -> None:
        self.edges.setdefault((start, end))


def _key(held: Held | None) -> str:
    return "" if held is None else held.id or held.country


def _called(held: Held | None) -> str:
    if held is None:
        return "unknown"
    return held.called or held.id or ("someone" if held.country else "unknown")


def _party(held: Held | None) -> Box:
    name = _called(held)
    country = held.country if held is not None else ""
    known = held is not None and bool(held.id) and bool(country) and " or " not in f"{name}{country}"
    place = country or "country not known"
    words = (*_lines(name, bold=True), *_lines(place))
    return Box("party", words, f"{name} ({place})", known=known)


def _thing(held: Held, holder: Held | None) -> Box:
    name = _called(held)
    words = (*_lines(name, bold=True), *_lines(f"held by {_called(holder)}"))
    return Box("thing", words, f"{name}, held by {_called(holder)}")


def _step(link: Link) -> Box:
    """What is done in a step; its number, what goes, by which way, when, and its sign."""
    activity = link.activity or "activity not known"
    items = ", ".join(map(_called, link.items))
    told = [*_lines(f"{link.step}  {activity}", bold=True), *_lines(items)]
    if link.into is not None:
        told += _lines(f"built into {_called(link.into)}")
    if link.via:
        told += _lines(f"by way of {', '.join(map(_placed_name, link.via))}")
    told += _lines(link.date or "date not known")
    if said := sign(link.verdict):
        told.append(Words(said, bold=True))
    return Box("step", tuple(told), step_words(link), link.verdict)


def sign(verdict: Verdict | None) -> str:
    """The sign of a step and what it means; nothing where no line is crossed for all that is encoded."""
    mark = MARKS.get(verdict) if verdict is not None else None
    return f"{mark} {verdict.words}" if verdict is not None and mark else ""


def step_words(link: Link) -> str:
    """A step in one line, whole."""
    told = f"step {link.step}: {link.activity or 'activity not known'}"
    if link.items:
        told += f" of {', '.join(map(_called, link.items))}"
    told += f" by {_placed_name(link.sender)}"
    if link.into is not None:
        told += f" into {_called(link.into)}"
    if link.recipient is not None:
        told += f" to {_placed_name(link.recipient)}"
    if link.via:
        told += f" by way of {', '.join(map(_placed_name, link.via))}"
    told += f", {link.date or 'date not known'}"
    return told + (f": {link.verdict.words}" if link.verdict is not None else "")


def _placed_name(held: Held | None) -> str:
    country = held.country if held is not None else ""
    return f"{_called(held)} ({country})" if country else _called(held)


# --- words in a box ------------------------------------------------------------------------------


def _lines(text: str, *, bold: bool = False) -> list[Words]:
    """The text in lines that fit into a box; of what is too long the end is cut."""
    room = (WIDTH - 2 * _INSET) / TEXT
    lines, line = [], ""
    for word in " ".join(text.split()).split(" "):
        rest = word
        while rest:
            tried = f"{line} {rest}" if line else rest
            if drawn(tried, bold=bold) <= room:
                line, rest = tried, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                count = next(
                    n for n in range(len(rest), 0, -1) if n == 1 or drawn(rest[:n], bold=bold) <= room
                )
                lines.append(rest[:count])
                rest = rest[count:]
            if len(lines) > _MOST:
                break
        if len(lines) > _MOST:
            break
    if line:
        lines.append(line)
    if len(lines) > _MOST:
        last = lines[_MOST - 1]
        while drawn(f"{last}…", bold=bold) > room:
            last = last[:-1]
        lines = [*lines[: _MOST - 1], f"{last.rstrip()}…"]
    return [Words(each, bold) for each in lines]


def drawn(text: str, *, bold: bool = False) -> float:
    """How wide the text is at most, in sizes of its font: by the widest font that it may be drawn in."""
    return sum(map(_wide, text)) * (1.1 if bold else 1.0)


def _wide(character: str) -> float:
    if not character.isascii():
        return 1.05
    if character in "iljI.,:;'|!()[]{}/ -ft":
        return 0.42
    if character in "mwMW@%":
        return 1.0
    return 0.72 if character.isupper() else 0.64


# --- places --------------------------------------------------------------------------------------


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
    heights = [2 * _INSET + LINE * len(box.words) for box in boxes]
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
