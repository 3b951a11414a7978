"""Markup made from parts: what is not markup already is escaped, so that no name is ever taken for any."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_EMPTY = frozenset({"meta", "br", "hr", "path", "rect", "circle", "line"})


class Markup(str):
    """Text that is markup, and whole."""

    __slots__ = ()


Part = Markup | str | None
"""What stands in an element: markup as it is, text escaped, nothing for None."""


def tag(element: str, /, *parts: Part | Iterable[Part], **attributes: str | float | bool | None) -> Markup:
    """An element.  An attribute that is None or False is left out; `class_` is `class`, `_` in a name `-`."""
    told = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(_said(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if element in _EMPTY and not parts:
        return Markup(f"<{element}{told}/>")
    return Markup(f"<{element}{told}>{joined(*parts)}</{element}>")


def joined(*parts: Part | Iterable[Part]) -> Markup:
    """The parts behind each other."""
    return Markup("".join(map(_of, parts)))


def _of(part: Part | Iterable[Part]) -> str:
    match part:
        case None:
            return ""
        case Markup():
            return part
        case str():
            return escape(part)
        case _:
            return "".join(map(_of, part))


def _said(value: str | float | bool) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value)
