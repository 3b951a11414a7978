"""Colour for terminals: a word for each use, and what it is written with.  Colour only repeats what
words and marks say already."""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.verdicts import Verdict

STYLES: Mapping[str, str] = {
    str(Verdict.CROSSES): "1;31",
    str(Verdict.UNDETERMINED): "1;33",
    str(Verdict.REQUIRES_ASSESSMENT): "1;35",
    str(Verdict.AUTHORISED): "36",
    str(Verdict.NOT_CROSSED): "",
    str(Verdict.NOT_APPLICABLE): "2",
    "heading": "1",
    "place": "2",
    "quiet": "2",
}
"""Each use, and its parameters of a terminal's `SGR`; empty: as it is."""


def paint(text: str, use: str, *, color: bool) -> str:
    """The text in the style of its use, if there is colour."""
    codes = STYLES.get(use, "")
    return f"\x1b[{codes}m{text}\x1b[0m" if color and codes and text else text
