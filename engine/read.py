"""Bytes in, documents out: the first stage, which types nothing and trusts nothing.

A text is cut at its document markers and each document is read alone, so that one that cannot be
read costs none of the others.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from redline.engine.characters import FORBIDDEN, called, quote
from redline.engine.compose import USUAL, Limits, Piece, compose
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Text
from redline.rules.problems import Problem, Span

__all__ = ["EDITION", "Document", "Limits", "Reading", "edition", "lines_of", "read_path", "read_text"]

EDITION = "1"
"""The edition of the language that this version reads, said by `redline: 1` in every document."""

_SAY_EDITION = f"write `redline: {EDITION}` as the first line of the document"


@dataclass(frozen=True, slots=True)
class Document:
    """A document without a problem of reading: its root, the name of its file, which document of the
    file it is (from 0, those refused counted too), and the lines of the whole file."""

    root: Node
    name: str
    index: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: `lines` are there for showing problems, whatever else is wrong with it."""

    name: str
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]


def read_path(path: str | Path, limits: Limits = USUAL) -> Reading:
    """Reads a file, or standard input where the path is `-`.  Raises nothing: a file that is not there
    or may not be read is the problem `cannot-read`."""
    name = "<stdin>" if str(path) == "-" else str(path)
    try:
        data = _bytes(path, limits.size + 1)  # one more than allowed tells too large, of a pipe too
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path, a closed standard input
        return Reading(
            name, (), (Problem("cannot-read", _why(error), Span(name, 0, 0), "check the path"),), ()
        )
    documents, problems = read_text(data, name, limits)
    return Reading(
        name, tuple(documents), tuple(problems), lines_of(data) if len(data) <= limits.size else ()
    )


def read_text(data: bytes, name: str, limits: Limits = USUAL) -> tuple[list[Document], list[Problem]]:
    """The documents of a text, and every problem found; a document with a problem is left out.

    Text is UTF-8, with or without a byte order mark, lines ending in LF or CRLF.  Raises nothing,
    whatever the bytes.
    """
    if len(data) > limits.size:
        message = f"the text is larger than {limits.size:,} bytes"
        return [], [Problem("too-large", message, Span(name, 1, 1), "split it, or raise the limit")]
    if fault := _not_utf8(data, name):
        return [], [fault]
    lines = lines_of(data)
    documents: list[Document] = []
    problems: list[Problem] = []
    count = 0
    for number, piece in enumerate(_pieces("\n".join(lines), name, lines)):
        if number == limits.documents:
            message = f"more than {limits.documents:,} documents in one text"
            problems.append(
                Problem("too-many-documents", message, piece.span(0, 0), "split it; the rest was not read")
            )
            break
        root, found = _read_piece(piece, limits)
        if root is not None and not found:
            documents.append(Document(root, name, count, lines))
        problems += found
        count += root is not None or bool(found)
    if not count:
        problems.append(
            Problem("empty-document", "there is no document here", Span(name, 1, 1), _SAY_EDITION)
        )
    return documents, problems


def edition(document: Document) -> Problem | None:
    """What is wrong with how the document says which edition of the language it is written in, if
    anything: it says none (`no-edition`) or one that is not read here (`unknown-edition`)."""
    root = document.root
    if not isinstance(root, Map):
        return Problem("no-edition", "a document is a mapping that says its edition", root.span, _SAY_EDITION)
    said = root.get("redline")
    if said is None:
        return Problem("no-edition", "the document does not say its edition", root.span, _SAY_EDITION)
    if isinstance(said, Text) and said.text == EDITION:
        return None
    what = (
        f"the edition {quote(said.text)} is not known" if isinstance(said, Text) else "an edition is a number"
    )
    return Problem("unknown-edition", what, said.span, f"this version reads `redline: {EDITION}`")


def lines_of(data: bytes) -> tuple[str, ...]:
    """The lines of a text without their ends; bytes that are not UTF-8 become U+FFFD."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    return tuple(line.removesuffix("\r") for line in text.split("\n"))


def _bytes(path: str | Path, most: int) -> bytes:
    if str(path) == "-":
        if sys.stdin is None:
            raise ValueError("standard input is closed")
        return sys.stdin.buffer.read(most)
    with Path(path).open("rb") as file:
        return file.read(most)


def _why(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "this is a folder, not a file"
        case PermissionError():
            return "the file may not be read"
        case OSError(strerror=str(reason)):
            return f"the file cannot be read: {reason.lower()}"
        case _:
            return "the file cannot be read"


def _not_utf8(data: bytes, name: str) -> Problem | None:
    """The first byte that is not UTF-8 text, with what the encoding looks like."""
    advice = "save the file as UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(
            "not-utf-8", "the text is in UTF-16 or UTF-32, not in UTF-8", Span(name, 1, 1, 1), advice
        )
    body = data.removeprefix(b"\xef\xbb\xbf")
    bad = body.find(b"\x00")
    try:
        body[: bad if bad >= 0 else None].decode("utf-8")
    except UnicodeDecodeError as error:
        bad = error.start
    if bad < 0:
        return None
    before = body[:bad].decode("utf-8")
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    return Problem(
        "not-utf-8",
        f"the byte 0x{body[bad]:02X} is not UTF-8 text",
        Span(name, line + 1, column + 1, 1),
        advice,
    )


_MARKER = re.compile(r"^(?:---|\.\.\.)(?=[ \t\n]|\Z)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)
_COVERED = re.compile(r"^[%.]", re.MULTILINE)
# What may stand above a document: blank lines, comments, directives, ends of documents that never began.
# Possessive (`*+`), so that millions of lines leave nothing to come back to.
_HEADER = re.compile(r"(?:(?:[ \t]*(?:#.*)?|%.*|\.\.\.[ \t]*(?:#.*)?)(?:\n|\Z))*+")


def _pieces(text: str, name: str, lines: Sequence[str]) -> Iterator[Piece]:
    """The text cut into its documents: before each `---`, and after each line of `...`.

    Exact, since at the beginning of a line YAML reads neither as anything else, in no quoted or block
    text either; what stands above a `---` stays with it.
    """
    start = before = 0
    looked, begun = 0, False  # up to `looked` the piece holds no more than a header
    for marker in _MARKER.finditer(text):
        if not begun and _HEADER.fullmatch(text, looked, marker.start()):
            looked, begun = marker.start(), marker[0] == "---"
            continue
        begun = marker[0] == "---"
        end = marker.start() if begun else text.find("\n", marker.end()) + 1 or len(text)
        yield Piece(text[start:end], name, before, lines)
        before += text.count("\n", start, end)
        start = looked = end
    if start < len(text) or not start:
        yield Piece(text[start:], name, before, lines)


def _read_piece(piece: Piece, limits: Limits) -> tuple[Node | None, list[Problem]]:
    """The root of the document in the piece, if it holds one, and its problems."""
    text = piece.text
    problems = [
        Problem(
            "invisible-character",
            f"{called(m[0])} cannot stand in a text",
            _at(m.start(), piece),
            "delete it",
        )
        for m in islice(FORBIDDEN.finditer(text), limits.problems)
    ]
    unseen = bool(problems)
    header = _HEADER.match(text)
    end = header.end() if header else 0
    problems += [
        Problem(
            "directive",
            f"the directive {quote(m[0])} cannot be used",
            _at(m.start(), piece),
            "delete the line",
        )
        for m in islice(_DIRECTIVE.finditer(text, 0, end), limits.problems)
    ]
    # What is refused is covered by as many harmless characters, so that the rest can be read in place.
    text = FORBIDDEN.sub("\ufffd", _COVERED.sub("#", text[:end]) + text[end:])
    root = compose(replace(piece, text=text), limits, problems)
    if unseen:  # an error of syntax may be of their making, and would go with them
        problems = [problem for problem in problems if problem.code != "not-yaml"]
    if isinstance(root, Text) and not root.text and not root.quoted and not problems:
        advice = "delete the `---`, or write a document under it"
        problems.append(Problem("empty-document", "there is no document here", _at(end, piece), advice))
    return root, problems


def _at(offset: int, piece: Piece) -> Span:
    """The place of the character at this offset in the piece."""
    line = piece.text.count("\n", 0, offset)
    return piece.span(line, offset - (piece.text.rfind("\n", 0, offset) + 1), 1)
