"""The chain as a line of steps: who holds what, each step under its arrow, the crossing one marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.answers.chain import draw, plain_ascii
from redline.answers.columns import beside, clipped, width, wrapped
from redline.rules.report import Held, Link
from redline.rules.verdicts import Verdict
from tests.answers import answered

MAKER, YARD, NAVY = Held("maker", "a maker", "IT"), Held("yard", "a yard", "TR"), Held("navy", "a navy", "PK")
RADAR, SHIP = Held("radar", "the radar"), Held("corvette", "the corvette")


def _step(
    number: int, sender: Held | None, recipient: Held | None, *, into: Held | None = None, item: Held = RADAR
) -> Link:
    return Link(str(number), "export", (item,), sender, recipient, into, (), "2026-03")


def test_the_chain_of_the_demo_is_one_line_with_its_steps_under_their_arrows(tmp_path: Path) -> None:
    """As the example draws it."""
    assert draw(answered(tmp_path).chain, indent="    ") == [
        "    maker (IT) ──radar──▶ yard (TR) ──radar into corvette──▶ corvette ──▶ navy (PK)",
        "       1 export 2026-03  ?          2 incorporation                   3 export 2028  ✗",
    ]


@pytest.mark.parametrize("steps", [1, 2, 9, 40])
def test_a_long_chain_is_wrapped_within_the_width(steps: int) -> None:
    """Every step is drawn once, none is cut off."""
    parties = [Held(f"holder-number-{i}", f"holder {i}", "IT") for i in range(steps + 1)]
    lines = draw([_step(i + 1, parties[i], parties[i + 1]) for i in range(steps)], indent="    ")
    assert all(width(line) <= 100 for line in lines)
    assert " ".join(lines).count("export") == steps
    assert all(f"holder-number-{i} " in " ".join(lines) for i in range(steps + 1))


def test_steps_that_do_not_go_on_from_each_other_begin_a_line_of_their_own() -> None:
    """Branches and separate chains."""
    lines = draw([_step(1, MAKER, YARD), _step(2, MAKER, NAVY)])
    assert lines[0] == "maker (IT) ──radar──▶ yard (TR)"
    assert lines[2] == "maker (IT) ──radar──▶ navy (PK)"


@pytest.mark.parametrize(
    ("verdict", "mark"),
    [(Verdict.CROSSES, "✗"), (Verdict.UNDETERMINED, "?"), (Verdict.REQUIRES_ASSESSMENT, "!")],
)
def test_a_step_is_marked_by_its_verdict(verdict: Verdict, mark: str) -> None:
    """A mark stands behind the step, whatever the colour."""
    link = Link("7", "export", (RADAR,), MAKER, YARD, None, (), "2028", verdict)
    assert draw([link])[1].endswith(f"7 export 2028  {mark}")
    assert not draw([_step(7, MAKER, YARD)])[1].endswith(mark)


def test_what_is_not_known_is_drawn_as_unknown_and_stations_on_the_way_are_named() -> None:
    """A transfer to nobody in particular is still a step."""
    link = Link("1", "", (), None, None, None, (YARD, Held("", "", "AE")), "")
    drawn = draw([link])
    assert drawn[0] == "unknown ──via yard (TR), someone (AE)──▶ unknown"
    assert drawn[1].strip() == "1"


def test_wide_and_very_long_names_stay_within_the_width() -> None:
    """Characters that take two columns count for two."""
    wide = Held("漢" * 40, "", "JP")
    lines = draw([_step(i, wide, wide, item=Held("字" * 90, "")) for i in range(5)], indent="    ")
    assert all(width(line) <= 100 for line in lines)


def test_an_output_that_cannot_carry_the_arrows_gets_ascii() -> None:
    """With a mark for each mark."""
    lines = draw(
        [Link("1", "export", (RADAR,), MAKER, YARD, None, (), "2028", Verdict.CROSSES)], ascii_only=True
    )
    assert lines == ["maker (IT) --radar--> yard (TR)", "   1 export 2028  X"]
    assert plain_ascii("“漢”…") == '"?"~'


def test_text_is_wrapped_and_cut_by_columns_not_by_characters() -> None:
    """Words that are wider than a line are broken."""
    assert wrapped("a " * 60, 20, "  ") == ["  " + " ".join("a" * 9)] * 6 + ["  " + " ".join("a" * 6)]
    assert all(width(line) <= 20 for line in wrapped("漢" * 99, 20, "because ", "        "))
    assert clipped("漢字漢字", 5) == "漢字…"
    assert beside("left", "right", 12) == ["left   right"]
    assert beside("left", "right", 9) == ["left", "    right"]
    assert wrapped("", 20) == [""]
