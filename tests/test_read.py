"""Reading: bytes become text with places, and the traps of YAML are closed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from redline.engine import compose
from redline.engine.characters import is_hidden
from redline.engine.read import Limits, edition, lines_of, read_path, read_text
from redline.rules.node import Map, Seq, Text
from tests.reading import PARSERS, VALID, at, only, plain, read, texts


@pytest.fixture(params=PARSERS)
def _parser(request: pytest.FixtureRequest) -> Iterator[None]:
    with mock.patch.object(compose, "LOADER", PARSERS[request.param]):
        yield


both = pytest.mark.usefixtures("_parser")


@both
def test_every_scalar_is_the_text_that_was_written() -> None:
    """No scalar is typed: `NO`, `3E001`, `1:30`, `yes` and nothing at all stay text."""
    documents, problems = read(VALID)
    assert problems == []
    assert documents == [
        {
            "redline": "1",
            "parties": [
                {"id": "nl", "country": "NO", "names": ["Nordé", "it's"]},
                {"id": "pk", "codes": ["3E001", "1:30", "ML10.c"]},
            ],
            "note": "two\nlines\n",
            "folded": "one line",
            "empty": "",
        },
        {"redline": "1", "second": "yes"},
        ["a", "b"],
    ]
    typed = "a: 0x1F\nb: 1_000\nc: 2018-01-01\nd: .inf\ne: ~\nf: null\ng: True\nh: 1e3\ni: 010\n"
    assert read(typed)[0] == [dict(line.split(": ") for line in typed.splitlines())]


@both
def test_places_are_counted_in_characters_from_one() -> None:
    """Each scalar's span covers it in its line, behind text that takes two and four bytes too."""
    text = 'é: "ñ"\n漢😀: [ä, 😀😀, {ö: c}]\n---\n- ü: x\n'
    documents, _ = read_text(text.encode(), "f")
    lines = text.split("\n")
    found = [t for document in documents for t in texts(document.root)]
    assert len(found) == 9
    for scalar in found:
        span = scalar.span
        written = lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]
        assert written == (f'"{scalar.text}"' if scalar.quoted else scalar.text)
    root = documents[0].root
    assert isinstance(root, Map)
    flow = root.get("漢😀")
    assert flow is not None
    assert (flow.span.line, flow.span.column, flow.span.length) == (2, 5, len("[ä, 😀😀, {ö: c}]"))


@both
def test_a_byte_order_mark_and_crlf_change_nothing() -> None:
    """The same documents, at the same places, and lines without their ends."""
    expected = read_text(VALID.encode(), "f")[0]
    for data in (
        b"\xef\xbb\xbf" + VALID.encode(),
        VALID.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + VALID.replace("\n", "\r\n").encode(),
    ):
        documents, problems = read_text(data, "f")
        assert problems == []
        assert documents == expected
        for one, other in zip(documents, expected, strict=True):
            assert [t.span for t in texts(one.root)] == [t.span for t in texts(other.root)]


def test_quoted_tells_what_was_written_plain() -> None:
    """Quotes and block texts are told from plain text, and are equal to it all the same."""
    documents, _ = read_text(b"[a, 'a', \"a\"]", "f")
    root = documents[0].root
    assert isinstance(root, Seq)
    assert [item.quoted for item in root.items if isinstance(item, Text)] == [False, True, True]
    assert len(set(root.items)) == 1


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        ("a: b".encode("utf-16"), 1, 1),
        ("a: b".encode("utf-32"), 1, 1),
        ("a: b".encode("utf-16-be"), 1, 1),
        (b"a: b\nc: \x00", 2, 4),
        ("é: ".encode() + b"\xff", 1, 4),
        ("x\né: ".encode() + b"\xe9\x00", 2, 4),
        (b"\xef\xbb\xbfa\xc3", 1, 2),
        ("a: é".encode("latin-1"), 1, 4),
        (b"a: \xed\xa0\x80", 1, 4),
    ],
)
def test_other_encodings_are_refused_at_their_first_byte(data: bytes, line: int, column: int) -> None:
    """UTF-16, UTF-32, Latin-1, NUL, a cut character and a surrogate."""
    assert at(only(data)) == ("not-utf-8", line, column)
    assert lines_of(data)


TRAPS = [
    ("a: !x b", "tag", 1, 4),
    ("a: !!str b", "tag", 1, 4),
    ("a: ! b", "tag", 1, 4),
    ("a: !e!x b", "tag", 1, 4),
    ("!!map {a: b}", "tag", 1, 1),
    ("a: !!python/object/apply:os.system [x]", "tag", 1, 4),
    ("%YAML 1.1\n---\na: b", "directive", 1, 1),
    ("# c\n%TAG ! x\n---\na: b", "directive", 2, 1),
    ("a: &x b", "anchor", 1, 4),
    ("a: *x", "alias", 1, 4),
    ("a: 1\nb: 2\na: 3", "duplicate-key", 3, 1),
    ("a: {b: 1, 'b': 2}", "duplicate-key", 1, 11),
    ("<<: {a: b}", "unknown-key", 1, 1),
    ("? [a]\n: b", "key-not-text", 1, 3),
    ("{a: b}: c", "key-not-text", 1, 1),
    ("", "empty-document", 1, 1),
    ("# nothing\n\n", "empty-document", 1, 1),
    ("# nothing\n---\n", "empty-document", 2, 1),
    ("a: b: c", "not-yaml", 1, 5),
    ('a: "b', "not-yaml", 1, 4),
    ("a: [b\nc: d", "not-yaml", 2, 2),
    ("a: @b", "not-yaml", 1, 4),
    ("a:\n\tb: c", "not-yaml", 2, 1),
    ("a:\n   b: c\n  d: e", "not-yaml", 3, 3),
    ('a: "\\q"', "not-yaml", 1, 5),
    ("a: b\n- c", "not-yaml", 2, 1),
    ("a: b\n... c", "not-yaml", 2, 5),
    ("- a\nb\n\n", "not-yaml", 2, 1),
    ("a: b\n%YAML 1.1\n", "not-yaml", 2, 10),
]


@both
@pytest.mark.parametrize(("text", "code", "line", "column"), TRAPS)
def test_a_trap_is_refused_at_its_place(text: str, code: str, line: int, column: int) -> None:
    """Each by one problem whose words are ours: no name of a parser's class or token."""
    problem = only(text)
    assert problem.code == code
    assert problem.span.line == line
    # the two parsers differ by one character in where an escape stands
    assert problem.span.column - column in ((0, 1) if "\\" in text else (0,))
    said = f"{problem.message} {problem.help}".lower()
    assert (
        not any(word in said for word in ("error", "token", "scann", "pars", "<", "node"))
        or code == "unknown-key"
    )
    assert problem.message
    assert problem.message[-1] != "."


@both
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: @b", "begin with `@`"),
        ("a: ]", "begin with `]`"),
        ("a:\n\tb: c", "tab"),
        ("a: 'it's'", "closed, and more follows"),
        ("a: 'b", "not closed"),
        ("a: [b, c", "`[ ]` is not closed"),
        ("a: {b, c", "`{ }` is not closed"),
        ("a: | b\n", "must end its line"),
        ("a: * b", "`*`"),
        ("a: - b", "`-`"),
        ("- a\nb: c", "the list above"),
        ("a: b\n- c", "the mapping above"),
    ],
)
def test_an_error_of_syntax_says_what_to_mend(text: str, words: str) -> None:
    """In the same words whichever parser found it, with help."""
    problem = only(text)
    assert problem.code == "not-yaml"
    assert words in problem.message
    assert problem.help


def test_what_is_not_closed_points_at_where_it_begins() -> None:
    """Itself where the text ends; as the other place where something else stops the reading."""
    assert only("a: [b, c\n").related == ()
    assert only("a: [b, c\n").span.column == 4
    related = only("a: [b\nc: d\n").related
    assert [(r.span.line, r.span.column) for r in related] == [(1, 4)]


def test_utf_16_is_named() -> None:
    """Whoever saved a file so learns what to look for."""
    assert "UTF-16" in only("a: b".encode("utf-16")).message


def test_an_empty_text_in_quotes_is_a_document() -> None:
    """It was written, if in vain: that it says no edition is its problem."""
    documents, problems = read_text(b'""', "f")
    assert problems == []
    assert edition(documents[0])


def test_a_key_given_twice_points_at_the_first() -> None:
    """The related place is the first one, also for the third."""
    _, problems = read_text(b"x:\n  a: 1\n  a: 2\n  a: 3\n", "f")
    assert [p.related[0].span.line for p in problems] == [2, 2]
    assert [p.span.line for p in problems] == [3, 4]


def test_all_problems_of_a_document_come_at_once() -> None:
    """A first problem hides no other."""
    text = "a: !x 1\na: &y 2\nb: *y\n<<: 1\nc\u200b: 2\n[d]: 3\n"
    assert read(text)[1] == [
        ("tag", 1, 4),
        ("duplicate-key", 2, 1),
        ("anchor", 2, 4),
        ("alias", 3, 4),
        ("unknown-key", 4, 1),
        ("invisible-character", 5, 2),
        ("key-not-text", 6, 1),
    ]


@both
@pytest.mark.parametrize(
    ("text", "line", "column", "named"),
    [
        ("a\u200bb: c", 1, 2, "U+200B"),
        ("a b\u200b c: d", 1, 4, "U+200B"),
        ("a: b\u00a0c", 1, 5, "U+00A0"),
        ("a: 'ML10\u00ad'", 1, 9, "U+00AD"),
        ('- "a\\u200b"', 1, 3, "U+200B"),
        ("a: some \u202eprose", 1, 9, "U+202E"),
        ('a: "some \\u202e prose"', 1, 4, "U+202E"),
        ("# comment \u2066", 1, 11, "U+2066"),
        ("a: |\n  text \u202a", 2, 8, "U+202A"),
        ("a: b\u0085c: d", 1, 5, "U+0085"),
        ("a: b\u2028c: d", 1, 5, "U+2028"),
        ("a: b\rc: d", 1, 5, "U+000D"),
        ("a: b\x07", 1, 5, "U+0007"),
        ("a: \x1b[2J", 1, 4, "U+001B"),
        ("a: \ufeffb", 1, 4, "U+FEFF"),
        ('a: "\\0 b"', 1, 4, "U+0000"),
        ("a: b\U000e0041", 1, 5, "U+E0041"),
        ("a: b\u3164", 1, 5, "U+3164"),
    ],
)
def test_what_cannot_be_seen_is_refused_by_name(text: str, line: int, column: int, named: str) -> None:
    """In keys and in words any such character, in prose and comments what turns or breaks a line."""
    problem = only(text)
    assert at(problem) == ("invisible-character", line, column)
    assert problem.message.startswith(named)
    assert not any(map(is_hidden, problem.message))


def test_prose_may_hold_joiners_and_hard_spaces() -> None:
    """What scripts and typography need in sentences is not refused there."""
    text = "a: « une\u00a0phrase »\nb: क्\u200dष in a sentence\nc: 👩\u200d🚀 ok\nd: |\n  tab\there\n"
    assert read(text)[1] == []


def test_a_document_that_cannot_be_read_costs_no_other() -> None:
    """Whatever is wrong with the middle one, the first and the last come back, counted in the file."""
    for trap, code, line, _ in TRAPS:
        if code in ("empty-document", "directive"):
            continue
        documents, problems = read_text(f"first: 1\n---\n{trap}\n---\nlast: 1\n".encode(), "f")
        assert [plain(d.root) for d in documents] == [{"first": "1"}, {"last": "1"}], trap
        assert [p.span.line for p in problems] == [line + 2], trap
        assert [d.index for d in documents] in ([0, 2], [0, 3])


def test_documents_are_told_apart_where_yaml_tells_them_apart() -> None:
    """Markers within lines, in comments and indented are text; ends without a document are nothing."""
    assert read("a: x---\nb: '---'\nc: |\n  ---\n  ...\n")[0] == [
        {"a": "x---", "b": "---", "c": "---\n...\n"}
    ]
    assert read("---\na: 1\n...\n...\n# c\n---\nb: 1\n...\n") == ([{"a": "1"}, {"b": "1"}], [])
    assert read("--- a\n--- b\n---  # c\nd: 1") == (["a", "b", {"d": "1"}], [])
    assert read("a: 1\n---\n---\nb: 1\n---\n") == (
        [{"a": "1"}, {"b": "1"}],
        [("empty-document", 2, 1), ("empty-document", 5, 1)],
    )


def test_what_follows_an_end_has_its_own_directives() -> None:
    """A directive is told from what a document says, above and below an end."""
    assert read("a: 1\n...\n%YAML 1.2\n---\nb: 1\n") == ([{"a": "1"}], [("directive", 3, 1)])
    assert read('"a\n%b"') == (["a %b"], [])


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("redline: 1\na: b", None, 0),
        ("a: b\nredline: '1'", None, 0),
        ("a: b", "no-edition", 1),
        ("[redline, 1]", "no-edition", 1),
        ("# c\nredline", "no-edition", 2),
        ("a: b\nredline: 2", "unknown-edition", 2),
        ("redline: 1.0", "unknown-edition", 1),
        ("redline:", "unknown-edition", 1),
        ("redline: [1]", "unknown-edition", 1),
    ],
)
def test_a_document_says_its_edition(text: str, code: str | None, line: int) -> None:
    """`redline: 1`, whichever key comes first, and nothing that only looks like it."""
    documents, problems = read_text(text.encode(), "f")
    assert problems == []
    problem = edition(documents[0])
    assert (problem and problem.code, problem.span.line if problem else 0) == (code, line)


def test_a_file_and_standard_input_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same documents but for the name."""
    path = tmp_path / "f.yaml"
    path.write_bytes(VALID.encode())
    of_file = read_path(path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(VALID.encode())))
    of_input = read_path("-")
    assert [d.root for d in of_file.documents] == [d.root for d in of_input.documents]
    assert len(of_file.documents) == 3
    assert (of_file.name, of_input.name) == (str(path), "<stdin>")
    assert of_file.lines == tuple(VALID.split("\n"))


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b", "x" * 5000])
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, name: str) -> None:
    """Not there, a folder, and names that no file can have."""
    reading = read_path(f"{tmp_path}/{name}")
    assert [p.code for p in reading.problems] == ["cannot-read"]
    assert reading.documents == ()


def test_of_a_file_no_more_is_taken_than_is_allowed(tmp_path: Path) -> None:
    """A file larger than the limit is refused, and holds no lines."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: b\n" * 1000)
    reading = read_path(path, Limits(size=100))
    assert [p.code for p in reading.problems] == ["too-large"]
    assert reading.lines == ()


def test_of_standard_input_no_more_is_taken_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte above the limit, which tells that it is passed, however much there is."""
    given = io.BytesIO(b"a: b\n" * 1000)
    monkeypatch.setattr(sys, "stdin", mock.Mock(buffer=given))
    assert [p.code for p in read_path("-", Limits(size=100)).problems] == ["too-large"]
    assert given.tell() == 101


def test_a_closed_standard_input_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under a service that has none."""
    monkeypatch.setattr(sys, "stdin", None)
    assert [p.code for p in read_path("-").problems] == ["cannot-read"]
