"""A mapping of a document read key by key, with everything that is wrong collected on the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import TypeVar

from redline.engine.characters import quote
from redline.engine.show import did_you_mean
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Related, Span

NUMBER = re.compile(r"[1-9][0-9]{0,5}")
"""How a number from 1 is written; six digits are more than anything that is counted here."""

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping being read, what messages call it, and where its problems are collected.

    Each getter tells what is wrong and returns something empty: the keys are checked at the start,
    so that a key left out is told once, and at the end nothing empty is given out.
    """

    map: Map
    what: str
    problems: list[Problem]

    def tell(self, code: str, message: str, span: Span, advice: str = "", *related: Related) -> None:
        """Adds a problem."""
        self.problems.append(Problem(code, message, span, advice, related))

    def check_keys(self, required: Collection[str], optional: Collection[str]) -> None:
        """Tells every key that is not known, and every one that is missing."""
        known = (*required, *optional)
        for key, _ in self.map:
            if key.text not in known:
                advice = did_you_mean(key.text, known) or f"it can have {', '.join(known)}"
                self.tell("unknown-key", f"{self.what} has no {quote(key.text)}", key.span, advice)
        for name in required:
            if self.map.get(name) is None:
                self.tell("missing-key", f"{self.what} lacks `{name}`", self.map.span, f"add `{name}:`")

    def scalar(self, key: str) -> Text | None:
        """The text under a key, with its place; None, and told, where it is not a text or is empty."""
        value = self.map.get(key)
        if value is None:
            return None
        if not isinstance(value, Text):
            self.tell("wrong-shape", f"`{key}` of {self.what} is not a text", value.span, "write a text")
            return None
        if not value.text.strip():
            self.tell(
                "empty-value", f"`{key}` of {self.what} is empty", value.span, "say it, or leave the key out"
            )
            return None
        return value

    def text(self, key: str) -> str:
        """The text under a key, or the empty text."""
        value = self.scalar(key)
        return "" if value is None else value.text.strip()

    def formed(self, key: str, form: re.Pattern[str], what: str) -> str:
        """The text under a key, which has to have a form; `what` is what messages call the form."""
        value = self.scalar(key)
        if value is None or form.fullmatch(value.text):
            return "" if value is None else value.text
        self.tell("wrong-value", f"{quote(value.text)} is not {what}", value.span, f"write {what}")
        return ""

    def number(self, key: str) -> int | None:
        """The number from 1 under a key."""
        found = self.formed(key, NUMBER, "a number from 1")
        return int(found) if found else None

    def word(self, key: str, words: type[_Word]) -> _Word | None:
        """The word of a closed list under a key; `-`, `_` and a blank are read alike, in either case."""
        value = self.scalar(key)
        if value is None:
            return None
        for word in words:
            if _folded(word) == _folded(value.text):
                return word
        known = [str(word) for word in words]
        advice = did_you_mean(value.text, known) or f"it is one of {', '.join(known)}"
        self.tell("unknown-word", f"{quote(value.text)} is no {key} of {self.what}", value.span, advice)
        return None

    def children(self, key: str, shape: type[Seq | Map]) -> tuple[tuple[Text | None, Node], ...]:
        """The nodes under a key: of a list without names, of a mapping with them."""
        value = self.map.get(key)
        if isinstance(value, Map) and shape is Map:
            return value.entries
        if isinstance(value, Seq) and shape is Seq:
            return tuple((None, item) for item in value.items)
        if value is not None:
            want = "a list" if shape is Seq else "a mapping from numbers"
            self.tell("wrong-shape", f"`{key}` of {self.what} is not {want}", value.span, f"write {want}")
        return ()

    def form(self, node: Node, what: str, keys: tuple[Collection[str], Collection[str]]) -> Form:
        """A mapping inside this one, whose `keys` are those that it must and those that it may have."""
        if not isinstance(node, Map):
            self.tell("wrong-shape", f"{what} is not a mapping", node.span, f"it has {', '.join(keys[0])}")
            return Form(Map((), node.span), what, [])  # nothing more is told of what it would lack
        inner = Form(node, what, self.problems)
        inner.check_keys(*keys)
        return inner

    def numbered(self, key: str, what: str) -> Iterator[tuple[int, Text, Node]]:
        """The entries of a mapping from numbers: the number, as it is written, and what it leads to."""
        for name, node in self.children(key, Map):
            if name is not None and NUMBER.fullmatch(name.text):
                yield int(name.text), name, node
            elif name is not None:
                self.tell(
                    "wrong-value",
                    f"{quote(name.text)} is not the number of {what}",
                    name.span,
                    "count from 1",
                )


def _folded(word: str) -> str:
    return word.strip().casefold().replace("-", " ").replace("_", " ")
