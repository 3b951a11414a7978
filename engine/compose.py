"""One YAML document's events made into nodes, each scalar as text, with every problem on the way.

A stack of open collections stands in for recursion, and what the grammar of documents leaves out
(aliases, anchors, tags, merge keys, keys that are not text, keys given twice) is met here as an
event, before anything is built on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from redline.engine.characters import FORBIDDEN, called, first_hidden, quote
from redline.engine.syntax import TAG_HELP, Place, fault
from redline.rules.frozen import dataclass, field, replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Related, Span

LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser: the one in C where PyYAML has it, some ten times faster."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: bytes and documents of a text; levels, nodes and problems of a document."""

    size: int = 5_000_000
    documents: int = 10_000
    depth: int = 64
    nodes: int = 1_000_000
    problems: int = 100


USUAL = Limits()
"""What is read unless the caller says otherwise."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one document, free of forbidden characters, and where it stands: `before` lines of
    `lines`, which are those of the whole file, come first."""

    text: str
    name: str
    before: int
    lines: Sequence[str]

    def span(self, line: int, column: int, length: int = 0) -> Span:
        """The place of what the parser puts at this line and column, counted from 0 in the piece."""
        return Span(self.name, self.before + line + 1, column + 1, length)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been met; in a mapping `key` waits for its value."""

    span: Span
    flow: bool
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: list[tuple[Text, Node]] = field(default_factory=list)
    seen: dict[str, Text] = field(default_factory=dict)
    key: Text | None = None

    def awaits_key(self) -> bool:
        """Whether a node that comes now is a key."""
        return self.mapping and self.key is None

    def closed(self, end: Place, piece: Piece) -> Node:
        """The node; its span has a length only where brackets close on the line that they open on."""
        span = self.span
        if self.flow and piece.before + end[0] + 1 == span.line:
            span = Span(span.document, span.line, span.column, end[1] + 1 - span.column)
        return Map(tuple(self.entries), span) if self.mapping else Seq(tuple(self.items), span)


def compose(piece: Piece, limits: Limits, problems: list[Problem]) -> Node | None:
    """The document's root, or None where there is none; problems are added to the list.

    Stops at the first error of syntax and where a limit is passed.  A root that comes with a new
    problem is there to be thrown away.
    """
    root: Node | None = None
    stack: list[_Open] = []
    refused: dict[str, tuple[int, Problem, int]] = {}
    for count, event in enumerate(_events(piece)):
        if isinstance(event, Problem):
            problems.append(event)
            return None
        if not isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
            continue
        if root is not None:  # pieces are cut so that this cannot be; if it were, a document would be lost
            problems.append(Problem("not-yaml", "this does not belong to the document above it", root.span))
            return None
        opens = isinstance(event, yaml.CollectionStartEvent)
        if passed := _passed(limits, count, len(stack) + opens, len(problems)):
            span = piece.span(*_ends(event)[0], 1)
            problems.append(Problem(*passed, span, "the rest of the document was not read"))
            return None
        if isinstance(event, yaml.NodeEvent):
            _refuse_properties(event, piece, problems, refused)
        node: Node
        if isinstance(event, yaml.CollectionStartEvent):
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            stack.append(_Open(piece.span(*_ends(event)[0], 1), bool(event.flow_style), is_mapping))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            node = stack.pop().closed(_ends(event)[1], piece)
        else:  # a scalar, or an alias: that is refused, and the empty text stands in for it
            node = Text(getattr(event, "value", ""), _extent(event, piece), bool(getattr(event, "style", "")))
            _refuse_hidden(node, bool(stack) and stack[-1].awaits_key(), piece, problems)
        if stack:
            _put(stack[-1], node, problems)
        else:
            root = node
    return root


def _passed(limits: Limits, events: int, depth: int, problems: int) -> tuple[str, str] | None:
    """Code and message of the limit that is passed, if one is."""
    if depth > limits.depth:
        return "too-deep", f"this is nested more than {limits.depth} levels deep"
    if events > limits.nodes:
        return "too-large", f"more than {limits.nodes:,} values in one document"
    if problems > limits.problems:
        return "too-many-problems", f"more than {limits.problems} problems in one document"
    return None


def _events(piece: Piece) -> Iterator[yaml.Event | Problem]:
    """The parser's events; where it gives up, the problem, which is then the last."""
    stream = yaml.parse(piece.text, Loader=LOADER)
    while True:
        try:  # beyond its own errors the parser in Python lets those of `chr` pass, for escapes out of range
            event = next(stream, None)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            yield _not_yaml(error, piece)
            return
        if event is None:
            return
        yield event


def _not_yaml(error: Exception, piece: Piece) -> Problem:
    found = fault(error, piece.text.split("\n"))
    related = (Related(piece.span(*found.began, 1), "it begins here"),) if found.began else ()
    return Problem(found.code, found.message, piece.span(*(found.at or (0, 0)), 1), found.help, related)


def _ends(event: yaml.Event) -> tuple[Place, Place]:
    """Where the event begins and ends; what a parser yields always knows it."""
    start, end = event.start_mark, event.end_mark
    assert start is not None
    assert end is not None
    return (start.line, start.column), (end.line, end.column)


def _extent(event: yaml.Event, piece: Piece) -> Span:
    """The place of a scalar; of one on several lines, the first line's part."""
    (line, column), (last, end) = _ends(event)
    if line != last:
        end = len(piece.lines[piece.before + line].rstrip())
    return piece.span(line, column, end - column)


def _refuse_properties(
    event: yaml.NodeEvent,
    piece: Piece,
    problems: list[Problem],
    refused: dict[str, tuple[int, Problem, int]],
) -> None:
    """Aliases, anchors and tags: the first two can make a small text huge, the last types a value.

    Each of the three is told once: `refused` has the place of each among the problems, the first of its
    sort and how many there are.
    """
    tag = getattr(event, "tag", None)
    if event.anchor is None and tag is None:
        return
    span = _extent(event, piece)
    found = []
    if event.anchor is not None:
        code, sign = ("alias", "*") if isinstance(event, yaml.AliasEvent) else ("anchor", "&")
        message = f"the {code} {quote(sign + event.anchor)} cannot be used"
        found.append(Problem(code, message, span, "write the value out wherever it is needed"))
    if tag is not None:
        found.append(Problem("tag", "a tag cannot be used", span, TAG_HELP))
    for problem in found:
        at, first, count = refused.get(problem.code, (len(problems), problem, 0))
        refused[problem.code] = (at, first, count + 1)
        if not count:
            problems.append(problem)
        else:
            others = "another" if count == 1 else f"{count:,} others"
            problems[at] = replace(first, message=f"{first.message}, nor can {others} here")


def _refuse_hidden(text: Text, is_key: bool, piece: Piece, problems: list[Problem]) -> None:
    """Characters that cannot be seen: in keys and in words without a space any of them, where they
    would make two ids that look alike differ; in prose those that are forbidden everywhere, which can
    still come from an escape."""
    value = text.text
    if value.isascii() and value.isprintable():
        return
    word = is_key or (" " not in value and "\n" not in value)
    hidden = first_hidden(value) if word else ""
    if not hidden and (match := FORBIDDEN.search(value)):
        hidden = match[0]
    if not hidden:
        return
    span, line = text.span, piece.lines[text.span.line - 1]
    column = line.find(hidden, span.column - 1, span.column - 1 + span.length)
    if column >= 0:
        span = Span(span.document, span.line, column + 1, 1)
    what = "key" if is_key else "text"
    problems.append(
        Problem(
            "invisible-character",
            f"{called(hidden)} cannot stand in the {what} {quote(value)}",
            span,
            "delete it, or type the text again",
        )
    )


def _put(parent: _Open, node: Node, problems: list[Problem]) -> None:
    """Adds a finished node to its parent: as an item, as a key, or as the value of the key before it."""
    if not parent.mapping:
        parent.items.append(node)
        return
    if parent.key is not None:
        parent.entries.append((parent.key, node))
        parent.key = None
        return
    if not isinstance(node, Text):
        what = "mapping" if isinstance(node, Map) else "list"
        problems.append(
            Problem(
                "key-not-text",
                f"a {what} cannot be a key",
                node.span,
                "write a word before the `:`; if brackets belong to it, put it in quotes",
            )
        )
        parent.key = Text("", node.span)
        return
    parent.key = node
    first = parent.seen.setdefault(node.text, node)
    if first is not node:
        problems.append(
            Problem(
                "duplicate-key",
                f"the key {quote(node.text)} is given twice in one mapping",
                node.span,
                "keep one of the two",
                (Related(first.span, "it is given here first"),),
            )
        )
    if node.text == "<<":
        problems.append(
            Problem(
                "unknown-key",
                "unknown key `<<`",
                node.span,
                "mappings are not merged: write the keys out wherever they are needed",
            )
        )
