"""Who holds what, and the steps between: the boxes of a chain, and which leads to which.

Who receives again after having passed on stands there a second time, so that the flow never turns back.
"""

from __future__ import annotations

from collections.abc import Sequence

from redline.answers.chain import MARKS
from redline.answers.flow_boxes import Box, Words, lines
from redline.rules.report import Held, Link
from redline.rules.verdicts import Verdict


def graph(chain: Sequence[Link]) -> tuple[list[Box], list[tuple[int, int]]]:
    """The boxes, not placed yet, and by their numbers which leads to which."""
    made = _Graph()
    for link in chain:
        made.add(link)
    return made.boxes, list(made.edges)


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
    words = (*lines(name, bold=True), *lines(place))
    return Box("party", words, f"{name} ({place})", known=known)


def _thing(held: Held, holder: Held | None) -> Box:
    name = _called(held)
    words = (*lines(name, bold=True), *lines(f"held by {_called(holder)}"))
    return Box("thing", words, f"{name}, held by {_called(holder)}")


def _step(link: Link) -> Box:
    """What is done in a step; its number, what goes, by which way, when, and its sign."""
    activity = link.activity or "activity not known"
    items = ", ".join(map(_called, link.items))
    told = [*lines(f"{link.step}  {activity}", bold=True), *lines(items)]
    if link.into is not None:
        told += lines(f"built into {_called(link.into)}")
    if link.via:
        told += lines(f"by way of {', '.join(map(_placed_name, link.via))}")
    told += lines(link.date or "date not known")
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
