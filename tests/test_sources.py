"""Citations held against documents, and statements against rules: nothing that is lost passes for kept."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from redline.engine.registers import load_registers
from redline.engine.render_sources import WIDTH, render_coverage, render_verification
from redline.engine.sources import (
    Copy,
    Outcome,
    Status,
    Verification,
    coverage,
    unknown_statements,
    verify,
)
from redline.rules.register import (
    DocumentKind,
    Modality,
    OpenQuestion,
    Register,
    Statement,
    paragraphs_of,
)
from redline.rules.verdicts import Strength, Voice

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

LINES = [
    "A notice to all who build ships",
    "The ministry of the north asks that no engine of a patrol boat be sold beyond the strait this year",
    "Fishing boats and their nets may be sold to whoever wishes to buy them at a fair price",
    "Questions are answered by the harbour office every morning before the bell has rung",
    "Whether spare parts are meant was not said by anybody who spoke at the meeting",
]


def _text(lines: list[str]) -> str:
    return "\n\n".join(lines) + "\n"


def _register(lines: list[str], name: str = "T1") -> Register:
    text = _text(lines)
    paragraphs = paragraphs_of(text)
    statements = tuple(
        Statement(
            f"{name}-{p.number}",
            (p,),
            "the north",
            Modality.REQUIRES,
            Voice.REPORTED,
            Strength.CONCERN,
            "engines",
            "sale",
            "Ours.",
        )
        for p in paragraphs[:4]
    )
    asked = OpenQuestion(1, paragraphs[4:5], "Are spares meant?")
    digest = sha256(text.encode()).hexdigest()
    return Register(
        name,
        "none",
        "a notice",
        DocumentKind.NEWS_REPORT,
        None,
        "made up",
        digest,
        "notice*.txt",
        paragraphs,
        statements,
        (asked,),
    )


def _against(tmp_path: Path, lines: list[str], name: str = "notice.txt") -> Verification:
    (tmp_path / name).write_text(_text(lines), encoding="utf-8", newline="")
    (seen,) = verify([_register(LINES)], tmp_path)
    return seen


def _outcomes(seen: Verification) -> list[tuple[Outcome, int | None]]:
    return [(said.outcome, said.now) for said in seen.citations]


def test_every_citation_of_the_shipped_registers_holds_in_the_real_documents(seeds_documents: Path) -> None:
    """The proof that `sources verify` gives; the copies are the very files that were read."""
    registers, problems = load_registers([SEEDS])
    assert problems == []
    seen = verify(registers, seeds_documents)
    assert [one.copy for one in seen] == [Copy.EXACT] * len(registers)
    assert all(one.holds for one in seen)
    for one in seen:
        assert one.document is not None
        read = paragraphs_of(one.document.read_text(encoding="utf-8"))
        assert read == one.register.paragraphs


def test_an_exact_copy_is_found_under_any_name(tmp_path: Path) -> None:
    """The digest counts, not the name, and every citation holds."""
    seen = _against(tmp_path, LINES, "other.bin")
    assert seen.copy is Copy.EXACT
    assert seen.holds
    assert _outcomes(seen) == [(Outcome.OK, number) for number in range(1, 6)]


def test_a_paragraph_put_in_before_moves_those_behind(tmp_path: Path) -> None:
    """Their words are the same, so that only their number is wrong."""
    seen = _against(tmp_path, [LINES[0], "A line that was put in", *LINES[1:]])
    assert (seen.copy, seen.kept, seen.holds) == (Copy.CHANGED, 5, False)
    assert _outcomes(seen) == [(Outcome.OK, 1), *((Outcome.MOVED, number) for number in range(3, 7))]


def test_a_changed_paragraph_is_shown_with_what_is_left_of_its_words(tmp_path: Path) -> None:
    """Nearly the same is not the same."""
    seen = _against(tmp_path, [LINES[0], LINES[1].replace("year", "decade"), *LINES[2:]])
    changed = seen.citations[1]
    assert (changed.outcome, changed.now) == (Outcome.CHANGED, 2)
    assert 0.8 < changed.ratio < 1
    assert not seen.holds


def test_a_paragraph_moved_and_changed_is_found_by_its_words(tmp_path: Path) -> None:
    """The nearest in words counts before the nearest in place."""
    seen = _against(tmp_path, [LINES[0], *LINES[2:], LINES[1].replace("no engine", "an engine")])
    assert (seen.citations[1].outcome, seen.citations[1].now) == (Outcome.CHANGED, 5)


def test_a_lost_paragraph_is_missing(tmp_path: Path) -> None:
    """A stranger in its place is no changed form of it; an open question's paragraph counts as well."""
    seen = _against(tmp_path, [LINES[0], "Weather will be mild, with sun over most hills", *LINES[2:4]])
    assert seen.citations[1].outcome is Outcome.MISSING
    assert (seen.citations[4].cited_by, seen.citations[4].outcome) == ("open question 1", Outcome.MISSING)


def test_a_lost_paragraph_is_not_mistaken_for_its_likeness(tmp_path: Path) -> None:
    """Where two paragraphs of a document are alike, the one that is left stands for itself only."""
    lines = [*LINES[:4], LINES[1] + " again"]
    (tmp_path / "notice.txt").write_text(_text([LINES[0], *lines[2:]]), encoding="utf-8")
    (seen,) = verify([_register(lines)], tmp_path)
    assert seen.citations[1].outcome is Outcome.MISSING


def test_typography_alone_leaves_every_citation_standing(tmp_path: Path) -> None:
    """The file is another, and says so; what is cited is the same."""
    seen = _against(tmp_path, [f"\u201c{line.upper()}\u201d " for line in LINES])
    assert seen.copy is Copy.CHANGED
    assert seen.holds


@pytest.mark.parametrize("there", [[], ["quite another text", "about something else"]])
def test_without_a_copy_nothing_holds(tmp_path: Path, there: list[str]) -> None:
    """Neither an empty folder nor a stranger's file proves anything."""
    if there:
        (tmp_path / "stranger.txt").write_text(_text(there), encoding="utf-8")
    (seen,) = verify([_register(LINES)], tmp_path)
    assert (seen.copy, seen.document, seen.holds) == (Copy.ABSENT, None, False)
    assert {said.outcome for said in seen.citations} == {Outcome.MISSING}
    assert "no copy" in render_verification([seen])


def test_without_a_folder_nothing_holds(tmp_path: Path) -> None:
    """A folder that is not there is no traceback and no proof."""
    (seen,) = verify([_register(LINES)], tmp_path / "gone")
    assert not seen.holds


def test_a_file_of_the_right_name_is_the_document_however_much_it_changed(tmp_path: Path) -> None:
    """So that a document rewritten from end to end is told as changed, not as absent."""
    seen = _against(tmp_path, ["all", "of", "it", "new"])
    assert (seen.copy, seen.kept, seen.holds) == (Copy.CHANGED, 0, False)


def test_a_file_that_is_not_text_is_no_trouble(tmp_path: Path) -> None:
    """It is read as far as it goes and shares nothing."""
    (tmp_path / "notice.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "folder").mkdir()
    (seen,) = verify([_register(LINES)], tmp_path)
    assert not seen.holds


def test_the_document_of_one_register_never_stands_in_for_that_of_another(tmp_path: Path) -> None:
    """A file that is one register's very document is not taken for another's, changed."""
    other = _register([*LINES[:3], "One line that is different", LINES[4]], "T2")
    (tmp_path / "notice.txt").write_text(_text(LINES), encoding="utf-8", newline="")
    first, second = verify([_register(LINES), other], tmp_path)
    assert (first.copy, second.copy) == (Copy.EXACT, Copy.ABSENT)


def test_every_statement_is_told_with_what_became_of_it() -> None:
    """Encoded, open, left out for a reason, or uncovered: nothing else, and nothing left out."""
    register = _register(LINES)
    one, two, three, four = register.statements
    statements = (one, replace(two, open_question=1), replace(three, not_encoded="a fact"), four)
    rows = coverage([replace(register, statements=statements)], {"T1-1": ("first", "second"), "T9-9": ("x",)})
    assert [row.status for row in rows] == [Status.ENCODED, Status.OPEN, Status.NOT_ENCODED, Status.UNCOVERED]
    assert rows[0].rules == ("first", "second")
    assert (rows[1].question, rows[2].reason) == (1, "a fact")
    assert unknown_statements([register], {"T1-1": (), "T9-9": ()}) == ("T9-9",)


def test_a_statement_with_no_rule_in_its_entry_is_uncovered() -> None:
    """An empty entry is no encoding."""
    assert coverage([_register(LINES)], {"T1-1": ()})[0].status is Status.UNCOVERED


def test_a_statement_both_open_and_encoded_keeps_its_question() -> None:
    """The rule does not settle what the document leaves open; a stale reason is shown too."""
    register = _register(LINES)
    one, two, *_ = register.statements
    register = replace(register, statements=(replace(one, open_question=1), replace(two, not_encoded="no")))
    text = render_coverage(coverage([register], {"T1-1": ("first",), "T1-2": ("second",)}))
    assert "encoded by first; open question 1" in text
    assert "encoded by second; the reason not to encode it is stale" in text


def test_what_is_drawn_names_each_broken_citation_and_fits_the_page(tmp_path: Path) -> None:
    """Who cites, which paragraph, where it is now; names of files cannot forge a line."""
    seen = _against(tmp_path, [LINES[2], LINES[1].replace("year", "decade")], "notice\u202e 1.txt")
    text = render_verification([seen])
    assert "the file changed: 1 of 5 paragraphs are as they were; 0 of 5 citations hold" in " ".join(
        text.split()
    )
    assert "T1-3" in text
    assert "paragraph 3 moved to 1" in text
    assert "paragraph 2 changed: 2 is nearest" in text
    assert "paragraph 4 missing" in text
    assert "\u202e" not in text
    registers, _ = load_registers([SEEDS])
    rows = coverage(registers, {"IN-IT-PK-01": ("rule" * 40, "other-rule")})
    table = render_coverage(rows)
    assert all(len(line) <= WIDTH for line in (text + table).splitlines())
    assert all(row.statement in table for row in rows)
    assert f"{len(rows)} statements: 1 encoded" in table
