"""One of several parties: in its lists is what is in all of theirs, and may be what is in some."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.rules.problems import Refused
from redline.rules.verdicts import Verdict
from tests.asked import verdict

CROSSES, NOT, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("one", "two", "on_el", "on_xx"),
    [
        ("[EL]", "[EL]", CROSSES, OPEN),
        ("[EL]", "[XX, EL]", CROSSES, OPEN),
        ("none", "none", NOT, NOT),
        ("[EL]", "none", OPEN, OPEN),
        ("{known: [EL], more: none}", "{known: [EL], more: none}", CROSSES, NOT),
        ("{known: [EL], more: none}", "{known: [XX], more: none}", OPEN, OPEN),
        ("[{value: EL, grade: alleged}]", "[EL]", CROSSES, OPEN),
    ],
)
def test_what_is_in_all_their_lists_is_in_that_of_whoever_is_meant(
    one: str, two: str, on_el: Verdict, on_xx: Verdict, tmp_path: Path
) -> None:
    """And nothing else is certain of it."""
    said = {
        "parties": f"  one: {{country: AE, listed: {one}}}\n  two: {{country: AE, listed: {two}}}",
        "to": "{one_of: [one, two]}",
    }
    assert verdict(tmp_path, "{to.listed: EL}", said) is on_el
    assert verdict(tmp_path, "{to.listed: XX}", said) is on_xx


def test_a_country_cannot_stand_among_several_parties(tmp_path: Path) -> None:
    """A party that may be in either country can."""
    with pytest.raises(Refused, match="there is no party `FR`"):
        verdict(tmp_path, "{to.country: FR}", {"to": "{one_of: [FR, IT]}"})
    said = {"parties": "  dealer: {country: {one_of: [FR, IT]}}", "to": "dealer"}
    assert verdict(tmp_path, "{to.country: FR}", said) is OPEN
    assert verdict(tmp_path, "{to.country: [FR, IT]}", said) is CROSSES
