"""Reading whatever comes: bombs, floods and noise end soon and loud, and what was written is read."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from unittest import mock

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redline.engine import compose
from redline.engine.characters import is_hidden
from redline.engine.read import Limits, edition, lines_of, read_text
from tests.reading import PARSERS, VALID, at, only, read, texts


@pytest.fixture(params=PARSERS)
def _parser(request: pytest.FixtureRequest) -> Iterator[None]:
    with mock.patch.object(compose, "LOADER", PARSERS[request.param]):
        yield


both = pytest.mark.usefixtures("_parser")


@both
@pytest.mark.parametrize("level", ["[", "{", "{a: ", "- ", "? ", "[a, ", '{"a": [', "[{"])
def test_a_hundred_thousand_levels_are_refused_at_the_first_too_many(level: str) -> None:
    """At once, and at the place of the sixty-fifth."""
    start = time.monotonic()
    problem = only(level * 100_000)
    assert time.monotonic() - start < 10
    assert problem.code == "too-deep"
    assert problem.span.column <= 65 * len(level)


@both
def test_lines_nested_deep_are_refused_at_the_first_too_many() -> None:
    """A block mapping a line."""
    assert at(only("\n".join(" " * i + "a:" for i in range(2000)))) == ("too-deep", 65, 65)


@both
def test_sixty_four_levels_are_read_and_no_more() -> None:
    """The bound itself is inside."""
    assert read("[" * 64 + "]" * 64)[1] == []
    assert read("[" * 65 + "]" * 65)[1] == [("too-deep", 1, 65)]
    assert read("[[]]", Limits(depth=1))[1] == [("too-deep", 1, 2)]


def test_an_alias_bomb_is_refused_unbuilt() -> None:
    """Nine levels of nine aliases, a billion texts if they were followed."""
    rows = [f"{c}: &{c} [{', '.join(['*' + p] * 9)}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)]
    documents, problems = read("a: &a [x, x]\n" + "\n".join(rows))
    assert documents == []
    assert {code for code, _, _ in problems} == {"anchor", "alias"}


@mock.patch.object(yaml, "parse", side_effect=AssertionError)
def test_fifty_megabytes_are_refused_before_anything_is_parsed(parse: mock.Mock) -> None:
    """Of bytes in hand and of a limit given."""
    assert at(only(b"a" * 50_000_000)) == ("too-large", 1, 1)
    assert read("a: bcd", Limits(size=5))[1] == [("too-large", 1, 1)]
    parse.assert_not_called()


def test_the_size_allowed_is_read() -> None:
    """The bound itself is inside."""
    assert read("a: bc", Limits(size=5)) == ([{"a": "bc"}], [])


def test_the_other_limits_end_loud() -> None:
    """Documents, values and problems: what was read before stays, what was not is said."""
    assert read("--- a\n--- b\n--- c\n", Limits(documents=2)) == (["a", "b"], [("too-many-documents", 3, 1)])
    assert read("[a, a, a, a]", Limits(nodes=4))[1][-1][0] == "too-large"
    codes = [code for code, _, _ in read("a: 1\n" * 500, Limits(problems=3))[1]]
    assert codes == ["duplicate-key"] * 4 + ["too-many-problems"]
    assert len(read("\u202e" * 500)[1]) == Limits().problems


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 10**6,
        "# x\n" * 10**6,
        "---\n" * 10**6,
        "...\n" * 10**6,
        "%x\n" * 10**6,
        "\u202e" * 10**6,
        "? " * 10**6,
    ],
    ids=["lines", "comments", "starts", "ends", "directives", "overrides", "keys"],
)
def test_no_long_text_takes_more_than_its_length(text: str) -> None:
    """A text of millions of small things is refused in seconds: nothing is looked at again and again."""
    start = time.monotonic()
    assert read(text)[1]
    assert time.monotonic() - start < 20


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")), min_size=1, max_size=6
).filter(lambda word: word != "<<" and not any(map(is_hidden, word)))
TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=25,
)

SNIPPETS = [
    *(b"a", b": ", b"- ", b"? ", b", ", b"#", b"  ", b"\n", b"\t", b"\r", b"[", b"]", b"{", b"}", b'"', b"'"),
    *(b"\n---\n", b"\n...\n", b"%", b"&a ", b"*a", b"!x ", b"|", b">-", b"<<: ", b"redline: 1\n"),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xc2\x85", b"\\U00110000", b"\\ud800"),
    "é漢😀".encode(),
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid text with up to six cuts, repeats and snippets put in."""
    data = VALID.encode()
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.integers(0, 12))
        put = draw(st.sampled_from([b"", data[start:end] * 3, *SNIPPETS]))
        data = data[:start] + put + data[end:]
    return data


ANY_BYTES = (
    st.binary(max_size=300) | mutated() | st.lists(st.sampled_from(SNIPPETS), max_size=40).map(b"".join)
)


@both
@given(ANY_BYTES)
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    """Each problem has a code, words that can be shown and a place in the text; each root is text."""
    documents, problems = read_text(data, "f")
    assert documents or problems
    last = len(lines_of(data)) + 1
    for problem in problems:
        assert problem.code
        assert not any(map(is_hidden, problem.message))
        assert 1 <= problem.span.line <= last
        assert problem.span.column >= 1
        assert problem.span.length >= 0
    for document in documents:
        assert all(t.text.encode() is not None and t.span.length >= 0 for t in texts(document.root))
        edition(document)


@given(ANY_BYTES)
def test_the_two_parsers_never_read_two_meanings(data: bytes) -> None:
    """Where one refuses what the other reads nothing is amiss; where both read, they read the same."""
    first = {d.index: d.root for d in read_text(data, "f")[0]}
    with mock.patch.object(compose, "LOADER", yaml.SafeLoader):
        second = {d.index: d.root for d in read_text(data, "f")[0]}
    for index in first.keys() & second.keys():
        assert first[index] == second[index]


@both
@given(st.lists(TREES, min_size=1, max_size=4))
def test_what_was_written_is_read(trees: list[object]) -> None:
    """Documents written as JSON, which is YAML, come back whole and apart."""
    text = "".join(f"---\n{json.dumps(tree, ensure_ascii=False)}\n" for tree in trees)
    assert read(text) == (trees, [])
