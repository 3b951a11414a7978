"""What a picture of a chain is made of: boxes of one width with words that fit into them, and arrows."""

from __future__ import annotations

from redline.rules.frozen import dataclass
from redline.rules.verdicts import Verdict

WIDTH = 250.0
"""Of a box; every box has the same."""
LINE = 17.0
"""Height of a line of text, of which `TEXT` is the size."""
TEXT = 13.0
INSET = 10.0
_MOST = 4
"""Lines of one name; it is cut after them, and told whole beside the picture."""


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


def lines(text: str, *, bold: bool = False) -> list[Words]:
    """The text in lines that fit into a box; of what is too long the end is cut."""
    room = (WIDTH - 2 * INSET) / TEXT
    found, line = [], ""
    for word in " ".join(text.split()).split(" "):
        rest = word
        while rest:
            tried = f"{line} {rest}" if line else rest
            if drawn(tried, bold=bold) <= room:
                line, rest = tried, ""
            elif line:
                found.append(line)
                line = ""
            else:
                count = next(
                    n for n in range(len(rest), 0, -1) if n == 1 or drawn(rest[:n], bold=bold) <= room
                )
                found.append(rest[:count])
                rest = rest[count:]
            if len(found) > _MOST:
                break
        if len(found) > _MOST:
            break
    if line:
        found.append(line)
    if len(found) > _MOST:
        last = found[_MOST - 1]
        while drawn(f"{last}…", bold=bold) > room:
            last = last[:-1]
        found = [*found[: _MOST - 1], f"{last.rstrip()}…"]
    return [Words(each, bold) for each in found]


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
