"""A mapping: which column of a user's table says which field of a record."""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.frozen import dataclass
from redline.rules.frozen import field as made


@dataclass(frozen=True, slots=True)
class Said:
    """How one field is said: by a column, or by the same value on each row."""

    field: str
    column: str | None = None
    value: object = None
    split: str = ""
    """What stands between several values in one text."""
    whole: bool = False
    """Whether a list is all there is; an empty one is then `none`."""
    words: Mapping[str, str] = made(default_factory=dict)
    """The user's words, and what they mean."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The whole mapping; `unknown` are texts that stand for what is not known."""

    fields: tuple[Said, ...]
    unknown: tuple[str, ...] = ("",)
