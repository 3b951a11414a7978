"""Nodes written as YAML that reads as equal nodes: what a suggested change, a twin or a template becomes.

Block style all through, one key or element a line; text in quotes wherever it would else be read as
something different, and wherever it was quoted before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from redline.engine.characters import first_hidden, is_hidden
from redline.rules.node import Map, Node, Seq, Text

_PLAIN = re.compile(r"[^\W_](?:[^\n:#,\[\]{}\"'\\&*!|>%@`]|:(?! |\Z)|(?<! )#)*", re.ASCII)
"""Text that needs no quotes anywhere: it begins with a letter or digit and holds no sign that YAML
gives a meaning to, save a colon with something after it."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def to_yaml(root: Node) -> str:
    """The document as text, which `read_text` reads as an equal node."""
    return "\n".join(_lines(root, "")) + "\n"


def _lines(node: Node, indent: str) -> Iterator[str]:
    match node:
        case Text():
            yield f"{indent}{_text(node)}"
        case Seq(items=()):
            yield f"{indent}[]"
        case Map(entries=()):
            yield f"{indent}{{}}"
        case Seq(items):
            for each in items:
                first, *rest = _lines(each, f"{indent}  ")
                yield f"{indent}- {first[len(indent) + 2 :]}".rstrip(" ")
                yield from rest
        case Map(entries):
            for key, each in entries:
                written = f"{indent}{_text(key, key=True)}:"
                if isinstance(each, Text) or not _children(each):
                    (value,) = _lines(each, "")
                    yield f"{written} {value}".rstrip(" ")
                else:
                    yield written
                    yield from _lines(each, f"{indent}  ")


def _children(node: Seq | Map) -> tuple[object, ...]:
    return node.items if isinstance(node, Seq) else node.entries


def _text(text: Text, *, key: bool = False) -> str:
    value = text.text
    if not text.quoted and _needs_no_quotes(value):
        return value
    if not value and not text.quoted and not key:
        return ""
    return f'"{"".join(_escaped(character) for character in value)}"'


def _needs_no_quotes(value: str) -> bool:
    if not _PLAIN.fullmatch(value) or value != value.strip() or "  " in value:
        return False
    return not first_hidden(value)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not is_hidden(character):
        return character
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02X}"
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"
