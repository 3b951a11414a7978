"""Characters that a reader cannot see, or that change the order in which a line is seen.

A rule that shows one text and means another is worse than one that cannot be read.  Two sets:
what is refused wherever it is written (comments too), and what is refused in names, where it would
make two words that look alike differ.
"""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidirectional and deprecated format controls
    "\u2028\u2029"  # with U+0085 above: line breaks to YAML 1.1 and to few editors
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"  # tags: a copy of ASCII that is never drawn
    "|\r(?!\n)"  # a lone carriage return overwrites the line on a terminal
)
"""What no text may hold, wherever it is written."""

_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Drawn as nothing, or as a blank, though Unicode's categories count them as letters, marks or symbols."""

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"})
# Unassigned characters (Cn) stay out: which they are depends on the version of Python.


def is_hidden(character: str) -> bool:
    """Whether the character cannot be seen, or passes for a space; the space itself is seen."""
    if character == " ":
        return False
    return unicodedata.category(character) in _HIDDEN_CATEGORIES or _BLANK.match(character) is not None


def first_hidden(text: str) -> str:
    """The first character of the text that cannot be seen, or the empty text."""
    if text.isascii() and text.isprintable():
        return ""
    return next((character for character in text if is_hidden(character)), "")


def called(character: str) -> str:
    """What a message calls the character: `U+202E (right-to-left override)`."""
    name = unicodedata.name(character, "control character").lower()
    return f"{code_point(character)} ({name})"


def code_point(character: str) -> str:
    """`U+202E`."""
    return f"U+{ord(character):04X}"


def visible(text: str) -> str:
    """The text on one line with every character that cannot be seen written as `<U+202E>`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"<{code_point(c)}>" if is_hidden(c) else c for c in text)


def quote(text: str, limit: int = 60) -> str:
    """The user's text as a message quotes it: in backticks, visible, cut to `limit` characters."""
    return f"`{visible(text[:limit])}{'…' if len(text) > limit else ''}`"
