"""What the YAML parser says when it gives up, in our words.

The parser comes in C and in Python; the two word the same fault differently, and neither speaks to
someone who writes policies.  The first row of the table whose words occur in what the parser said
gives the message.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from redline.engine.characters import quote
from redline.rules.frozen import dataclass

Place = tuple[int, int]
"""Line and column, counted from 0 as the parser does."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A syntax error: `at` is where reading stopped, or where what is never closed begins; `began` is
    where that begins which is not closed, if that is elsewhere.  None is a place not known."""

    code: str
    message: str
    help: str
    at: Place | None
    began: Place | None = None


TAG_HELP = "leave out what begins with `!`, or put the text in quotes"

_TAGS = ("scanning a tag", "parsing a tag", "tag handle")
_QUOTE_IT = "put the text in quotes"
_BACKSLASH = "write the backslash twice, or use single quotes"
_ITEM = ("this does not continue the list above it", "begin every entry with `-`, all at one indentation")
_LIST = ("a list in `[ ]` is not closed, or lacks a comma here", "write `[one, two]`")

# what the parser says -> our message, our help; `@` stands for the character where it stopped
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("unexpected document", "a text in quotes is not closed where the document ends", "close the quotes"),
    ("quoted scalar: found unexpected end", "a text in quotes is not closed", "close the quotes"),
    ("unknown escape character", "a backslash in double quotes begins nothing known", _BACKSLASH),
    ("hexdecimal", "a backslash in double quotes lacks its digits", _BACKSLASH),
    ("hexadecimal", "a backslash in double quotes lacks its digits", _BACKSLASH),
    ("character escape", "a backslash in double quotes names no character", _BACKSLASH),
    (
        "mapping values are not allowed",
        "`:` cannot stand here",
        "if it belongs to a text, put the text in quotes; else look at the indentation",
    ),
    ("could not find expected ':'", "a key lacks its `:`", "write `key: value`; look at the indentation"),
    (
        "sequence entries are not allowed",
        "`-` cannot begin a list here",
        "put it on a line of its own under the key; if it belongs to a text, put the text in quotes",
    ),
    ("mapping keys are not allowed", "`?` cannot begin a key here", _QUOTE_IT),
    ("cannot start any token", "a value cannot begin with @", _QUOTE_IT),
    ("scanning an alias", "`*` cannot begin a value", _QUOTE_IT),
    ("scanning an anchor", "`&` cannot begin a value", _QUOTE_IT),
    ("indentation indicator", "the number after `|` or `>` cannot be used", "leave the number out"),
    ("scanning a block scalar", "`|` or `>` must end its line", "begin the text on the next line, indented"),
    ("flow sequence", *_LIST),
    (
        "flow mapping",
        "a mapping in `{ }` is not closed, or lacks a comma here",
        "write `{key: value, key: value}`; text with `{`, `}` or `,` in it goes in quotes",
    ),
    ("block collection", *_ITEM),
    ("block sequence", *_ITEM),
    (
        "block mapping",
        "this does not continue the mapping above it",
        "write `key: value`, every key of a mapping at one indentation",
    ),
    ("node content", "a value cannot begin with @", _QUOTE_IT),
    (
        "document start",
        "this does not belong to the document above it",
        "begin another document with `---`; look at the indentation",
    ),
)
_OTHERWISE = ("", "this cannot be read as YAML", "look at the indentation and the quotes around here")


def fault(error: Exception, lines: Sequence[str]) -> Fault:
    """The parser's error in our words; `lines` is the text that it was reading."""
    said = f"{getattr(error, 'context', None) or ''}: {getattr(error, 'problem', None) or ''}"
    stopped, began = (
        _place(getattr(error, "problem_mark", None)),
        _place(getattr(error, "context_mark", None)),
    )
    at = stopped or began
    if any(words in said for words in _TAGS):
        return Fault("tag", "a tag cannot be used", TAG_HELP, at)
    character, before = _around(at, lines)
    words, message, advice = next((row for row in _WORDS if row[0] in said), _OTHERWISE)
    if character == "\t" and "cannot start any token" in said:
        message, advice = "a tab cannot stand here", "indent with spaces"
    elif words == "block mapping" and before.rstrip().endswith(('"', "'")):
        message, advice = "a text in quotes is closed, and more follows", "put the whole value in quotes"
    message = message.replace("@", quote(character) if character else "what stands here")
    if words == "could not find expected ':'":
        return Fault("not-yaml", message, advice, began)
    if "is not closed" not in message or at is None or began is None or began == at:
        return Fault("not-yaml", message, advice, _back(at, lines))
    if _is_end(at, lines):  # where the text ends does not help to find the fault
        return Fault("not-yaml", message, advice, began)
    return Fault("not-yaml", message, advice, at, began)


def _place(mark: yaml.Mark | None) -> Place | None:
    return None if mark is None else (mark.line, mark.column)


def _around(at: Place | None, lines: Sequence[str]) -> tuple[str, str]:
    """The character at the place, empty at the end of a line, and what stands before it on its line."""
    if at is None or at[0] >= len(lines):
        return "", ""
    line = lines[at[0]]
    return line[at[1] : at[1] + 1], line[: at[1]]


def _is_end(at: Place, lines: Sequence[str]) -> bool:
    """Whether nothing is written from the place on."""
    line, column = at
    return line >= len(lines) or not (lines[line][column:].strip() or any(map(str.strip, lines[line + 1 :])))


def _back(at: Place | None, lines: Sequence[str]) -> Place | None:
    """The place, or the end of the last line that is not blank where nothing is written from there on."""
    if at is None or not _is_end(at, lines):
        return at
    last = next((number for number in reversed(range(len(lines))) if lines[number].strip()), 0)
    return last, len(lines[last].rstrip())
