"""What the tests of reading share: a valid text, both parsers, and short forms of what came of a text."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from redline.engine.compose import LOADER
from redline.engine.read import Limits, read_text
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem

PARSERS = {"in C": LOADER, "in Python": yaml.SafeLoader}
"""PyYAML's two parsers; where it has none in C they are one."""

VALID = """\
# a comment with é and 漢
redline: 1
parties:
  - {id: nl, country: NO, names: ["Nordé", 'it''s']}
  - id: pk
    codes: [3E001, 1:30, ML10.c]
note: |
  two
  lines
folded: >-
  one
  line
empty:
---
redline: 1
second: yes
...
# between
---
[a, b]
"""


def plain(node: Node) -> object:
    """A node without its places."""
    match node:
        case Text():
            return node.text
        case Seq():
            return [plain(item) for item in node.items]
        case Map():
            return {key.text: plain(value) for key, value in node}


def read(text: str | bytes, limits: Limits | None = None) -> tuple[list[object], list[tuple[str, int, int]]]:
    """The documents without places, and code, line and column of each problem."""
    data = text if isinstance(text, bytes) else text.encode()
    documents, problems = read_text(data, "f", limits or Limits())
    return [plain(document.root) for document in documents], [at(problem) for problem in problems]


def at(problem: Problem) -> tuple[str, int, int]:
    """Code, line and column of a problem."""
    return problem.code, problem.span.line, problem.span.column


def only(text: str | bytes) -> Problem:
    """The one problem of a text of which nothing comes back."""
    documents, problems = read_text(text if isinstance(text, bytes) else text.encode(), "f")
    assert documents == []
    assert len(problems) == 1, problems
    return problems[0]


def texts(node: Node) -> Iterator[Text]:
    """Every scalar under a node, keys too."""
    match node:
        case Text():
            yield node
        case Seq():
            for item in node.items:
                yield from texts(item)
        case Map():
            for key, value in node:
                yield key
                yield from texts(value)
