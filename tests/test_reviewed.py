"""Cases that readers of the documents alone derived by hand: many an answer to them was once wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.front.api import Engine

CASES = sorted((Path(__file__).parent / "reviewed").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_derived_from_the_documents_stays_as_it_should_be(case: Path) -> None:
    """The verdict of the whole scenario."""
    expected = (case / "verdict").read_text(encoding="utf-8").strip()
    assert str(Engine.load([case / "policy.yaml"]).check(case / "scenario.yaml").verdict) == expected
