"""How the reference pages show types, names and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from redline.rules.quantities import DATE
from redline.rules.shapes import Type


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def code(words: Iterable[str]) -> str:
    """The words as they are written in files."""
    return ", ".join(f"`{word}`" for word in words)


def link(name: str) -> str:
    """A link to the section of that name."""
    return f"[{name.replace('_', ' ')}](#{anchor(name)})"


def anchor(name: str) -> str:
    """The name as links have it."""
    return name.replace("_", "-").replace(" ", "-")


def typed(kind: Type) -> str:
    """What a value of the type is, with a link to where its terms stand."""
    match kind.sort:
        case "tree" if kind.of == "yes_no":
            return "`yes` or `no`"
        case "tree" if kind.of == "country":
            return "[country code](scenario_reference.md#countries)"
        case "tree" if kind.of == "code":
            return "[control-list entry](scenario_reference.md#control-lists)"
        case "tree":
            return f"[{kind.of.replace('_', ' ')}](scenario_reference.md#terms-{anchor(kind.of)})"
        case "amount" if kind.of == DATE:
            return "[date](scenario_reference.md#dates)"
        case "amount":
            return f"[{kind.of.replace('_', ' ')}](scenario_reference.md#quantities)"
        case "name":
            return "text"
        case _:
            return f"id of {'an' if kind.sort == 'item' else 'a'} {kind.sort}"
