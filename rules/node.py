"""A document as written: text, sequences and mappings, each with its place.  Nothing is typed yet:
`NO`, `3E001` and `1:30` are text here, and the vocabulary says later what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from redline.rules.frozen import dataclass, field
from redline.rules.problems import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, exactly as written; an empty value is the empty text."""

    text: str
    span: Span = field(default=NOWHERE, compare=False)
    quoted: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Seq:
    """A sequence."""

    items: tuple[Node, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Map:
    """A mapping, in the order written; its keys are unique."""

    entries: tuple[tuple[Text, Node], ...]
    span: Span = field(default=NOWHERE, compare=False)

    def get(self, key: str) -> Node | None:
        """The value written under `key`, or None."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None

    def key(self, key: str) -> Text | None:
        """The key as written, with its place."""
        for name, _ in self.entries:
            if name.text == key:
                return name
        return None

    def __iter__(self) -> Iterator[tuple[Text, Node]]:
        return iter(self.entries)


Node = Text | Seq | Map
