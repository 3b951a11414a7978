"""Text in columns of a terminal: how wide it is drawn, where it is cut, how it is wrapped."""

from __future__ import annotations

import unicodedata

WIDTH = 100
"""Columns that answers use."""


def width(text: str) -> int:
    """The columns that the text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cell, text))


def clipped(text: str, most: int) -> str:
    """The text, its end replaced by an ellipsis where it is wider than `most` columns."""
    if width(text) <= most:
        return text
    kept, used = [], 1
    for character in text:
        used += _cell(character)
        if used > most:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def wrapped(text: str, most: int = WIDTH, first: str = "", later: str | None = None) -> list[str]:
    """The text in lines of at most `most` columns, broken at blanks, and inside a word that is wider
    than a line.  `first` stands before the first line, `later` before the others."""
    later = " " * width(first) if later is None else later
    lines: list[str] = []
    line, indent, empty = first, first, True
    for word in text.split():
        rest = word
        if not empty and width(line) + 1 + width(rest) <= most:
            line += f" {rest}"
            continue
        if not empty:
            lines.append(line)
            line, indent, empty = later, later, True
        while width(indent) + width(rest) > most:
            head = _head(rest, max(1, most - width(indent)))
            lines.append(line + head)
            rest, line, indent = rest[len(head) :], later, later
        line, empty = line + rest, False
    return [*lines, line.rstrip()] if not empty or not lines else lines


def beside(left: str, right: str, most: int = WIDTH) -> list[str]:
    """The two texts at the two ends of a line; on two lines where they do not fit on one."""
    room = most - width(left) - width(right)
    if not right:
        return [clipped(left, most)]
    if room >= 2:
        return [left + " " * room + right]
    right = clipped(right, most)
    return [clipped(left, most), " " * (most - width(right)) + right]


def _head(text: str, most: int) -> str:
    used = 0
    for i, character in enumerate(text):
        used += _cell(character)
        if used > most and i:
            return text[:i]
    return text


def _cell(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
