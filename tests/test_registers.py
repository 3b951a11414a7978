"""Registers of source documents: the shipped ones are whole, and a broken one is told, never half read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redline.engine.read import read_text
from redline.engine.registers import load_registers, register_from
from redline.rules.problems import Problem
from redline.rules.register import (
    WEIGHTLESS,
    Register,
    fingerprint,
    overlap,
    paragraphs_of,
    sketch,
    words_of,
)
from redline.rules.verdicts import Strength, Voice

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TABLE = [
    "IN-IT-PK-01",
    "IN-IT-PK-01a",
    "IN-IT-PK-01b",
    "IN-IT-PK-02",
    "IN-IT-PK-03",
    "IN-EU-3P-01",
    "IT-EXCL-01",
    "IT-ROUTE-01",
    "IT-EXPCTL-01",
    "IN-EU-GEN-01",
    "IN-NL-PK-01",
    "COMPACT-01",
    "IN-CTRL-01",
    "IN-DIRIND-01",
    "IN-RCPT-01",
    "EU-EUM-01",
    "EU-FLAG-01",
    "EU-EUG-01",
    "PK-HES-01",
    "IN-ASSERT-01",
    "MCP-01",
    "IN-COPROD-01",
    "WASS-01",
    "WASS-02",
    "IN-ATM-01",
    "IN-VALUED-01",
    "IT-PARL-01",
    "LEO-BAN-01",
    "LEO-LIFT-01",
    "LEO-PIPE-01",
    "IT-BET-01",
    "JDC-01",
    "JDC-02",
    "JDC-03",
    "JDC-04",
    "MOU-01",
    "JDC-05",
    "PREC-01",
    "PREC-02",
    "PREC-03",
    "PREC-04",
]

GOOD = f"""\
redline: 1
register: T1
publisher: made up
title: a made-up notice
kind: news_report
date: 2026-01-31
sha256: {"0" * 64}
file: notice*.txt
paragraph_count: 2
paragraphs:
  1: {{fingerprint: {"1" * 16}, sketch: {"1" * 64}}}
  2: {{fingerprint: {"2" * 16}, sketch: {"2" * 64}}}
statements:
  - id: T-01
    paragraphs: [1, 2]
    speaker: one state
    modality: requests_restraint
    voice: state
    strength: formal_request
    subject: drones
    activity: sale
    paraphrase: One state asks for no sale of drones.
  - id: T-02
    paragraphs: [2]
    speaker: the author
    modality: expects
    voice: author
    strength: inference
    subject: drones
    activity: sale
    paraphrase: The author thinks that sales will end.
    not_encoded: a forecast
open_questions:
  1: {{paragraphs: [2], question: From which day?}}
"""


def _read(text: str) -> tuple[Register | None, list[Problem]]:
    documents, problems = read_text(text.encode(), "t.yaml")
    if not documents:
        return None, problems
    return register_from(documents[0])


def _shipped() -> tuple[Register, ...]:
    registers, problems = load_registers([SEEDS])
    assert problems == []
    return registers


def test_the_shipped_registers_load_without_a_problem() -> None:
    """Two documents, with their paragraphs numbered from 1 without a gap."""
    registers = _shipped()
    assert [register.id for register in registers] == ["S0", "S3"]
    for register in registers:
        numbers = [paragraph.number for paragraph in register.paragraphs]
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_statement_of_the_analysts_table_is_registered() -> None:
    """None may get lost; more are welcome."""
    assert set(TABLE) <= {said.id for register in _shipped() for said in register.statements}


def test_what_is_neither_fact_nor_author_is_never_left_out_for_a_reason() -> None:
    """A constraint or permission of a state, or reported, ends in a rule or in a numbered question."""
    left_out = [said for register in _shipped() for said in register.statements if said.not_encoded]
    assert left_out
    assert all(said.voice is Voice.AUTHOR or said.modality in WEIGHTLESS for said in left_out)


def test_every_open_question_of_the_shipped_registers_names_its_paragraphs() -> None:
    """Questions are numbered from 1, and each can be looked up."""
    for register in _shipped():
        numbers = [asked.number for asked in register.open_questions]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(asked.paragraphs for asked in register.open_questions)


def test_no_register_holds_six_words_in_a_row_of_a_document(seeds_documents: Path) -> None:
    """Paraphrase only: neither values nor comments copy a document."""
    copied: set[tuple[str, ...]] = set()
    for document in seeds_documents.glob("*.txt"):
        copied |= _sixes(words_of(document.read_text(encoding="utf-8")))
    assert copied
    for file in SEEDS.glob("*.yaml"):
        # a comment that goes on over several lines is one text
        text = re.sub(r"(?m)^\s*#", "", file.read_text(encoding="utf-8"))
        assert _sixes(words_of(text)) & copied == set()


def _sixes(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words[start : start + 6] for start in range(len(words) - 5)}


def test_a_good_register_is_read_whole() -> None:
    """Words are typed, citations are resolved, places are kept."""
    register, problems = _read(GOOD)
    assert problems == []
    assert register is not None
    said = register.statements[0]
    assert (said.strength, said.voice) == (Strength.FORMAL_REQUEST, Voice.STATE)
    assert [paragraph.fingerprint for paragraph in said.paragraphs] == ["1" * 16, "2" * 16]
    assert said.span.line == 14
    assert said.addressee == ""
    assert register.open_questions[0].question == "From which day?"


MISTAKES = [
    ("publisher: made", "publsher: made", {"unknown-key", "missing-key"}),
    ("publisher: made up", "publisher: ''", {"empty-value"}),
    ("publisher: made up", "publisher: [made, up]", {"wrong-shape"}),
    ("redline: 1", "redline: 7", {"unknown-edition"}),
    ("register: T1", "register: t 1", {"wrong-value"}),
    ("kind: news_report", "kind: news_raport", {"unknown-word"}),
    ("date: 2026-01-31", "date: 2026-02-31", {"wrong-value"}),
    ("date: 2026-01-31", "date: undated", {"missing-key"}),
    ("date: 2026-01-31", "date: 20260131", {"wrong-value"}),
    ("sha256: 0", "sha256: g", {"wrong-value"}),
    ("file: notice*.txt", "file: ../notice.txt", {"wrong-value"}),
    ("paragraph_count: 2", "paragraph_count: 3", {"missing-paragraph"}),
    ("paragraph_count: 2", "paragraph_count: 999999", {"missing-paragraph"}),
    ("paragraph_count: 2", "paragraph_count: 0", {"wrong-value"}),
    ("paragraphs: [1, 2]", "paragraphs: [1, 3]", {"no-such-paragraph"}),
    ("paragraphs: [1, 2]", "paragraphs: [1, one]", {"wrong-value"}),
    ("paragraphs: [1, 2]", "paragraphs: [1, 1]", {"duplicate-paragraph"}),
    ("paragraphs: [1, 2]", "paragraphs: []", {"empty-value"}),
    ("paragraphs: [1, 2]", "paragraphs: 1", {"wrong-shape"}),
    ("paragraphs: [1, 2]", "paragraphs: [[1]]", {"wrong-value"}),
    ("  2: {fingerprint", "  3: {fingerprint", {"no-such-paragraph", "missing-paragraph"}),
    ("  2: {fingerprint", "  two: {fingerprint", {"wrong-value", "missing-paragraph"}),
    ("fingerprint: 2", "fingerprint: x", {"wrong-value"}),
    ("modality: expects", "modality: expect", {"unknown-word"}),
    ("modality: expects", "modality: states", {"strength-of-a-fact"}),
    ("voice: state", "voice: steady", {"unknown-word"}),
    ("    strength: formal_request\n", "", {"missing-key"}),
    ("strength: formal_request", "strength: inference", {"strength-of-an-inference"}),
    ("strength: inference", "strength: law", {"strength-of-an-inference"}),
    ("id: T-02", "id: T-01", {"duplicate-id"}),
    ("not_encoded: a forecast", "open_question: 2", {"no-such-question"}),
    ("not_encoded: a forecast", "not_encoded: a forecast\n    open_question: 1", {"two-outcomes"}),
    ("no sale of drones.", "no sale of drones.\n    not_encoded: too hard", {"not-encoded-statement"}),
    ("  - id: T-02", "  - nothing\n  - id: T-02", {"wrong-shape"}),
    ("  1: {paragraphs: [2], question: From which day?}", "  1: why", {"wrong-shape"}),
]


@pytest.mark.parametrize(("old", "new", "codes"), MISTAKES)
def test_a_mistake_is_told_with_its_code_and_place(old: str, new: str, codes: set[str]) -> None:
    """One mistake gives its own problems and no others, and no register."""
    assert GOOD.count(old) == 1
    register, problems = _read(GOOD.replace(old, new))
    assert register is None
    assert {problem.code for problem in problems} == codes
    for problem in problems:
        assert problem.span.line > 0
        assert problem.help
        assert problem.message[0] in f"`{problem.message[0].lower()}"
        assert not problem.message.endswith(".")


def test_all_mistakes_are_told_at_once() -> None:
    """Mending one at a time is a waste of a reader's day."""
    text = GOOD
    for old, new in [("kind: news", "kind: mews"), ("voice: state", "voice: stat"), ("id: T-02", "id: T-01")]:
        text = text.replace(old, new)
    register, problems = _read(text.replace("[1, 2]", "[1, 9]"))
    assert register is None
    assert [problem.code for problem in problems].count("unknown-word") == 2
    assert {"duplicate-id", "no-such-paragraph"} <= {problem.code for problem in problems}


def test_a_word_or_key_nearly_right_is_suggested() -> None:
    """The help of an unknown word names the known one."""
    _, problems = _read(GOOD.replace("news_report", "news_raport").replace("title:", "tilte:"))
    helps = {problem.code: problem.help for problem in problems}
    assert "news_report" in helps["unknown-word"]
    assert "title" in helps["unknown-key"]


def test_an_id_of_an_earlier_register_is_refused(tmp_path: Path) -> None:
    """The later register is left out whole, and the earlier place is shown."""
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(GOOD.replace("register: T1", "register: T2"), encoding="utf-8")
    registers, problems = load_registers([tmp_path])
    assert [register.id for register in registers] == ["T1"]
    assert [problem.code for problem in problems] == ["duplicate-id", "duplicate-id"]
    assert problems[0].related[0].span.document.endswith("a.yaml")


def test_a_file_that_cannot_be_read_costs_no_other_register(tmp_path: Path) -> None:
    """Each is told; what can be read is read."""
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").mkdir()
    registers, problems = load_registers([tmp_path, tmp_path / "gone.yaml", tmp_path / "empty"])
    assert [register.id for register in registers] == ["T1"]
    assert {problem.code for problem in problems} == {"not-utf-8", "cannot-read", "no-register"}


@given(st.data())
def test_a_mutated_register_gives_problems_and_never_a_traceback(data: st.DataObject) -> None:
    """Lines left out, doubled, emptied or swapped: a register or problems, one of the two."""
    lines = GOOD.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        junk = [
            "",
            "-",
            "  - id:",
            "{",
            "a: [",
            "paragraphs: {1: 2}",
            "statements: 7",
            "1: {}",
            "\u202e",
            "NO",
        ]
        lines[at : at + 1] = data.draw(
            st.sampled_from([[], [lines[at]] * 2, [lines[at].partition(":")[0] + ":"], [lines[at][2:]]])
            | st.sampled_from(junk).map(lambda text: [text])
        )
        if not lines:
            return
    register, problems = _read("\n".join(lines))
    assert (register is None) == bool(problems)


def test_trivial_typography_leaves_a_fingerprint_as_it_is() -> None:
    """Quotes, dashes, blanks, case, ligatures and invisible characters are no change."""
    plain = 'India\'s co-production - "joint" work, fully financed in 2026-27.'
    curly = (
        "  India\u2019s CO\u2011production \u2014 \u201cjoint\u201d\u00a0 "
        "wo\u00adrk; fully \ufb01nanced in 2026\u201327"
    )
    assert words_of(plain) == words_of(curly)
    assert fingerprint(plain) == fingerprint(curly)
    assert sketch(plain) == sketch(curly)


@pytest.mark.parametrize(
    "changed", ["may not be sold in 2027", "may be sold in 2026", "not may be sold in 2026"]
)
def test_one_word_changes_a_fingerprint(changed: str) -> None:
    """A digit, a `not` and the order of words are all that a line may turn on."""
    assert fingerprint(changed) != fingerprint("may not be sold in 2026")


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.lists(st.sampled_from("abcdefgh"), max_size=12))
def test_overlap_lies_between_nothing_and_all(one: list[str], other: list[str]) -> None:
    """Equal texts overlap whole, and the order of the two does not matter."""
    first, second = sketch(" ".join(one)), sketch(" ".join(other))
    assert 0 <= overlap(first, second) <= 1
    assert overlap(first, second) == overlap(second, first)
    assert overlap(first, first) == 1


@given(st.text())
def test_any_text_has_paragraphs(text: str) -> None:
    """Numbered from 1, whatever the characters; blank lines do not count."""
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    found = paragraphs_of(text)
    assert [paragraph.number for paragraph in found] == list(range(1, len(found) + 1))
    assert paragraphs_of("\n \n" + text + "\r\n\t\r\n") == found
