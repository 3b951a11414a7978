"""Problems shown: as text with the line that each is about, and as data for `--format json`.

What is shown comes from whoever wrote the file, so nothing reaches the terminal that could move its
cursor, hide, or turn the order of a line: such characters are shown by their code points.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from redline.engine.characters import code_point, is_hidden, visible
from redline.rules.problems import Problem, Span

WIDTH = 100
"""Columns of a terminal that are used."""

_TAB = 4
_LONGEST_WORD = 64


def show(problems: Iterable[Problem], texts: Mapping[str, Sequence[str]]) -> str:
    """The problems as plain text, in order of document, line and column, a blank line between two.

    `texts` holds the lines of each document by its name; a problem whose line it does not hold is
    shown without it.
    """
    return "\n".join("\n".join(_block(problem, texts)) + "\n" for problem in in_order(problems))


def as_json(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """The problems as plain data, in the same order; `place` is null for what nobody wrote."""
    return [
        {
            "code": problem.code,
            "severity": str(problem.severity),
            "message": problem.message,
            "place": _place(problem.span),
            "help": problem.help,
            "related": [{"message": other.message, "place": _place(other.span)} for other in problem.related],
        }
        for problem in in_order(problems)
    ]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By document, line and column; those of one place by code and message."""
    return sorted(problems, key=lambda p: (p.span.document, p.span.line, p.span.column, p.code, p.message))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean `x`?`` for the known word nearest to this one, whatever their case, hyphens and
    underscores; empty where none is near, or where the word itself is known."""
    words = {
        _plain(each): each for each in sorted(set(known), reverse=True)
    }  # of equals the first by alphabet
    if len(word) > _LONGEST_WORD or word in words.values():
        return ""
    from difflib import get_close_matches

    near = get_close_matches(_plain(word), sorted(words), n=1, cutoff=0.65)
    return f"did you mean `{words[near[0]]}`?" if near else ""


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def _place(span: Span) -> dict[str, object] | None:
    if not span.document and not span.line:
        return None
    return {"document": span.document, "line": span.line, "column": span.column, "length": span.length}


def _block(problem: Problem, texts: Mapping[str, Sequence[str]]) -> list[str]:
    places = [problem.span, *(other.span for other in problem.related)]
    gutter = max(len(str(span.line)) for span in places)
    head = f"{problem.severity}[{problem.code}] {_called(problem.span)}".rstrip()
    block = [head, *_wrapped(problem.message, "  "), *_source(problem.span, texts, gutter)]
    if problem.help:
        block += _wrapped(f"help: {problem.help}", "  ", "        ")
    for other in problem.related:
        block += _wrapped(
            f"{_called(other.span)}: {other.message}" if _called(other.span) else other.message, "  "
        )
        block += _source(other.span, texts, gutter)
    return block


def _called(span: Span) -> str:
    """`FILE:LINE:COL`, or less where less is known."""
    name = visible(span.document)
    return f"{name}:{span.line}:{span.column}" if span.line else name


def _wrapped(text: str, indent: str, later: str | None = None) -> list[str]:
    from textwrap import wrap

    return wrap(
        visible(text),
        WIDTH,
        initial_indent=indent,
        break_on_hyphens=False,
        subsequent_indent=indent if later is None else later,
    )


def _source(span: Span, texts: Mapping[str, Sequence[str]], gutter: int) -> list[str]:
    """The line that the span is on, cut to the width, and carets under the span."""
    lines = texts.get(span.document, ())
    if not 1 <= span.line <= len(lines):
        return []
    line = lines[span.line - 1]
    first = min(max(span.column - 1, 0), len(line))
    last = min(first + max(span.length, 1), len(line))
    room = WIDTH - gutter - 5
    # Cells are made for a stretch around the span only: a line may be megabytes long.
    start, stop = max(first - room, 0), min(max(last, first + room), first + 2 * room, len(line))
    cells = [_cell(line[i], first <= i < last) for i in range(start, stop)]
    head, tail = first - start, min(last, stop) - start
    left, right = _window([_width(cell) for cell in cells], head, tail, room - 2)
    before = "…" if start + left else ""
    after = "…" if start + right < len(line) else ""
    shown = f"{before}{''.join(cells[left:right])}{after}"
    blank = len(before) + sum(map(_width, cells[left:head]))
    carets = max(1, sum(map(_width, cells[head : min(tail, right)])))
    return [f"  {span.line:>{gutter}} | {shown}".rstrip(), f"  {'':>{gutter}} | {' ' * blank}{'^' * carets}"]


def _window(widths: Sequence[int], head: int, tail: int, room: int) -> tuple[int, int]:
    """The stretch of cells to show: the span from its head on, then as much after and before as fits."""
    left = right = head
    while right < tail and room >= widths[right]:
        room -= widths[right]
        right += 1
    if right < tail:
        return left, right
    reserve = min(room, sum(widths[right:])) // 2  # what stays for the text after, once that before is placed
    while left and room - reserve >= widths[left - 1]:
        left -= 1
        room -= widths[left]
    while right < len(widths) and room >= widths[right]:
        room -= widths[right]
        right += 1
    return left, right


def _cell(character: str, is_marked: bool) -> str:
    """What is shown for a character: what cannot be seen is named, blanks only inside the span."""
    if character == "\t":
        return " " * _TAB
    if is_hidden(character) and (is_marked or unicodedata.category(character) != "Zs"):
        return f"<{code_point(character)}>"
    return character


def _width(cell: str) -> int:
    """Columns that a terminal gives to it."""
    if cell.isascii():
        return len(cell)
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in cell
    )
