"""Showing problems: the line, the caret under the place, and nothing that fools a terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redline.engine.characters import is_hidden
from redline.engine.read import lines_of, read_text
from redline.engine.show import WIDTH, as_json, did_you_mean, show
from redline.rules.problems import NOWHERE, Problem, Related, Severity, Span


def cells(text: str) -> int:
    """Columns of a terminal, for text of letters only."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def under(shown: str) -> str:
    """What stands above the carets of the first source line shown."""
    lines = shown.split("\n")
    row = next(i for i, line in enumerate(lines) if set(line.split("|")[-1].strip()) == {"^"})
    start, length = lines[row].index("^"), lines[row].count("^")
    column, found = 0, ""
    for character in lines[row - 1]:
        if start <= column < start + length:
            found += character
        column += cells(character)
    return found


def test_a_problem_is_shown_with_its_line_a_caret_help_and_the_other_place() -> None:
    """The whole block, as it is published."""
    problem = Problem(
        "unknown-key",
        "unknown key `actvity`",
        Span("f.yaml", 12, 3, 7),
        "did you mean `activity`?",
        (Related(Span("f.yaml", 2, 1, 4), "the keys of a transfer"),),
    )
    lines = [""] * 11 + ["  actvity: export"]
    lines[1] = "keys: x"
    assert show([problem], {"f.yaml": lines}) == (
        "error[unknown-key] f.yaml:12:3\n"
        "  unknown key `actvity`\n"
        "  12 |   actvity: export\n"
        "     |   ^^^^^^^\n"
        "  help: did you mean `activity`?\n"
        "  f.yaml:2:1: the keys of a transfer\n"
        "   2 | keys: x\n"
        "     | ^^^^\n"
    )


def test_problems_come_in_order_of_their_places() -> None:
    """By document, then line, then column as numbers, in text and as data."""
    places = [Span("b", 1, 1), Span("a", 10, 1), Span("a", 2, 11), Span("a", 2, 9)]
    problems = [Problem(f"p{i}", "x", span) for i, span in enumerate(places)]
    expected = ["p3", "p2", "p1", "p0"]
    assert [row["code"] for row in as_json(problems)] == expected
    shown = show(problems, {})
    assert sorted(expected, key=shown.index) == expected


def test_what_nobody_wrote_is_shown_without_a_place() -> None:
    """No document, no line, or a line that is not there."""
    assert show([Problem("x", "y")], {}) == "error[x]\n  y\n"
    assert show([Problem("x", "y", Span("f", 0, 0))], {"f": ["a"]}) == "error[x] f\n  y\n"
    assert show([Problem("x", "y", Span("f", 9, 1))], {"f": ["a"]}) == "error[x] f:9:1\n  y\n"
    assert show([], {}) == ""


def test_a_warning_says_so() -> None:
    """In text and as data."""
    problem = Problem("x", "y", severity=Severity.WARNING)
    assert show([problem], {}).startswith("warning[x]")
    assert as_json([problem])[0]["severity"] == "warning"


@pytest.mark.parametrize(
    ("line", "column", "length", "marked"),
    [
        ("a: bcd", 4, 3, "bcd"),
        ("漢字: 漢b", 5, 2, "漢b"),
        ("\tb: c", 2, 1, "b"),
        ("x" * 500 + "HERE" + "y" * 500, 501, 4, "HERE"),
        ("漢" * 500 + "HERE" + "漢" * 500, 501, 4, "HERE"),
        ("HERE" + "y" * 500, 1, 4, "HERE"),
        ("x" * 500 + "HERE", 501, 4, "HERE"),
        ("a: b", 4, 99, "b"),
        ("\u202eab", 2, 1, "a"),
        ("\u202eab", 1, 1, "<U+202E>"),
    ],
)
def test_the_carets_stand_under_the_span(line: str, column: int, length: int, marked: str) -> None:
    """Behind wide characters, tabs and what cannot be seen, and in a line that is cut."""
    shown = show([Problem("x", "y", Span("f", 1, column, length))], {"f": [line]})
    assert under(shown) == marked
    assert all(cells(row) <= WIDTH for row in shown.split("\n"))


def test_a_cut_line_says_where_it_was_cut() -> None:
    """An ellipsis at each end that was cut, and text on both sides of the span."""
    line = "x" * 500 + "HERE" + "y" * 500
    source = show([Problem("x", "y", Span("f", 1, 501, 4))], {"f": [line]}).split("\n")[2]
    assert source.split("| ")[1].startswith("…xxx")
    assert source.endswith("yyy…")
    whole = show([Problem("x", "y", Span("f", 1, 1, 4))], {"f": ["z" * 90]})
    assert "…" not in whole


def test_a_span_longer_than_the_line_of_the_terminal_is_cut() -> None:
    """Carets fill what is shown of it."""
    shown = show([Problem("x", "y", Span("f", 1, 1, 900))], {"f": ["z" * 900]}).split("\n")
    assert shown[2].endswith("zzz…")
    assert len(shown[3]) == len(shown[2]) - 1


def test_a_point_gets_one_caret_also_behind_the_end_of_its_line() -> None:
    """Where a value is missing."""
    shown = show([Problem("x", "y", Span("f", 1, 3, 0))], {"f": ["a:"]}).split("\n")
    assert shown[3] == "    |   ^"


def test_nothing_that_moves_the_cursor_reaches_the_terminal() -> None:
    """Escapes and overrides in the name, the message, the help and the line are shown by code point."""
    evil = "\x1b[2J\u202e"
    problem = Problem("x", f"`{evil}`", Span(evil, 1, 1, 1), evil, (Related(NOWHERE, evil),))
    shown = show([problem], {evil: [f"a{evil}"]})
    assert all(row.isprintable() for row in shown.split("\n"))
    assert shown.count("<U+001B>") == 5


def test_problems_are_data_too() -> None:
    """What is in the text is in the data, and what has no place says null."""
    problem = Problem("x", "y", Span("f", 1, 2, 3), "do", (Related(Span("g", 4, 5), "there"),))
    assert as_json([problem, Problem("a", "b")]) == [
        {"code": "a", "severity": "error", "message": "b", "place": None, "help": "", "related": []},
        {
            "code": "x",
            "severity": "error",
            "message": "y",
            "place": {"document": "f", "line": 1, "column": 2, "length": 3},
            "help": "do",
            "related": [
                {"message": "there", "place": {"document": "g", "line": 4, "column": 5, "length": 0}}
            ],
        },
    ]
    assert json.loads(json.dumps(as_json([problem]))) == as_json([problem])


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("actvity", "did you mean `activity`?"),
        ("Activity", "did you mean `activity`?"),
        ("ACTIVITY", "did you mean `activity`?"),
        ("end-user", "did you mean `end_user`?"),
        ("A-B-C-D", "did you mean `a_b_c_d`?"),
        ("activity", ""),
        ("zebra", ""),
        ("", ""),
        ("x" * 69, ""),
    ],
)
def test_the_nearest_known_word_is_named(word: str, expected: str) -> None:
    """Whatever its case, hyphens and underscores; never a far one, never the word itself."""
    assert did_you_mean(word, ["end_user", "activity", "items", "a_b_c_d", "x" * 70]) == expected
    assert did_you_mean(word, {"x" * 70, "a_b_c_d", "items", "activity", "end_user"}) == expected


def test_no_known_word_is_no_help() -> None:
    """With nothing known nothing is proposed."""
    assert did_you_mean("word", []) == ""


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_was_read_can_be_shown(data: bytes) -> None:
    """Every row is printable, and every problem is there."""
    _, problems = read_text(data, "f")
    shown = show(problems, {"f": lines_of(data)})
    assert not any(is_hidden(c) and not c.isspace() for row in shown.split("\n") for c in row)
    assert shown.count("error[") >= len(problems)


@given(st.text(max_size=300), st.integers(1, 320), st.integers(0, 320))
def test_any_span_in_any_line_gets_its_caret(line: str, column: int, length: int) -> None:
    """Also beyond the end of the line, and never more than one row of source and one of carets."""
    shown = show([Problem("x", "y", Span("f", 1, column, length))], {"f": [line]}).split("\n")
    assert len(shown) == 5
    assert set(shown[3].split("|")[1].strip()) == {"^"}
    assert len(shown[3]) <= WIDTH
