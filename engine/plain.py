"""A scenario given as plain Python data, made into a document as if it had been written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite

from redline.engine.read import Document
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Refused, Span
from redline.rules.vocabulary import EDITION

DATA = "given data"
"""What the place of plain data is called."""


def document_of(data: Mapping[str, object]) -> Document:
    """The document that the data would be; `redline: 1` may be left out.

    Raises Refused for a value that could not have been written: of another type than text, number,
    truth value, date, list or mapping; not a number; nested deeper than a file may be.
    """
    root = _node({"redline": EDITION, **data}, "", 0)
    return Document(root, DATA, 0, ())


def _node(value: object, path: str, depth: int) -> Node:
    span = Span(DATA, 0, 0)
    if depth > 64:
        raise Refused([Problem("too-deep", f"`{path[:60]}` is nested deeper than 64 levels", span)])
    match value:
        case bool():
            return Text("yes" if value else "no", span)
        case str():
            return Text(value, span)
        case None:
            return Text("unknown", span)
        case int() | date():
            return Text(str(value), span)
        case float() if isfinite(value):
            return Text(format(value, "f") if "e" in repr(value) else repr(value), span)
        case Mapping():
            inner = ((str(key), each) for key, each in value.items())
            entries = [(Text(k, span), _node(v, f"{path}.{k}".lstrip("."), depth + 1)) for k, v in inner]
            return Map(tuple(entries), span)
        case Sequence():
            return Seq(tuple(_node(v, f"{path}.{i}", depth + 1) for i, v in enumerate(value, 1)), span)
        case _:
            message = f"`{path}` is given as `{type(value).__name__}`, which cannot be written in a scenario"
            advice = "give texts, numbers, dates, lists and mappings"
            raise Refused([Problem("wrong-data", message, span, advice)])
