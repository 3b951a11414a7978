"""Shares known only within bounds: a bound that is left out stays so along chains and in sums."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from redline.rules.bounds import ALL, Bound, ends
from redline.rules.values import Amounts, Stretch
from redline.rules.verdicts import Verdict
from tests.asked import verdict

CROSSES, NOT, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("share", "asked", "mode", "expected"),
    [
        ("{less_than: 50%}", "50%", "whole", NOT),
        ("{at_most: 50%}", "50%", "whole", OPEN),
        ("{more_than: 50%}", "50%", "whole", CROSSES),
        ("{less_than: 50%}", "49%", "whole", OPEN),
        ("{less_than: 50%}", "50%", "multiplied", NOT),
        ("{at_least: 50%}", "50%", "multiplied", CROSSES),
        ("{more_than: 0%}", "1%", "any", CROSSES),
    ],
)
def test_a_holding_of_less_than_half_is_never_half(
    share: str, asked: str, mode: str, expected: Verdict, tmp_path: Path
) -> None:
    """Whoever holds it, in whichever way shares run."""
    said = {
        "parties": "  holder: {country: RU, kind: state}",
        "buyer": f"{{country: AE, owners: {{known: [{{party: holder, share: {share}}}], more: none}}}}",
    }
    when = f"{{to: {{owned: {{by: {{country: RU}}, at_least: {asked}, mode: {mode}}}}}}}"
    assert verdict(tmp_path, when, said) is expected


@pytest.mark.parametrize(
    ("first", "second", "mode", "expected"),
    [
        ("{less_than: 60%}", "50%", "multiplied", NOT),
        ("60%", "{less_than: 50%}", "multiplied", NOT),
        ("{more_than: 60%}", "50%", "multiplied", CROSSES),
        ("{at_most: 60%}", "50%", "multiplied", OPEN),
    ],
)
def test_shares_that_are_multiplied_along_a_chain_keep_their_open_bounds(
    first: str, second: str, mode: str, expected: Verdict, tmp_path: Path
) -> None:
    """Less than 60% of a half is less than 30%."""
    said = {
        "parties": "  state: {country: RU, kind: state}\n"
        f"  holder: {{country: AE, owners: {{known: [{{party: state, share: {second}}}], more: none}}}}",
        "buyer": f"{{country: AE, owners: {{known: [{{party: holder, share: {first}}}], more: none}}}}",
    }
    when = f"{{to: {{owned: {{by: {{country: RU}}, at_least: 30%, mode: {mode}}}}}}}"
    assert verdict(tmp_path, when, said) is expected


@pytest.mark.parametrize(
    ("shares", "asked", "expected"),
    [
        (("{less_than: 25%}", "0%"), "at_least: 25%", NOT),
        (("{at_most: 25%}", "0%"), "at_least: 25%", OPEN),
        (("{more_than: 25%}", "0%"), "more_than: 25%", CROSSES),
        (("{at_least: 25%}", "0%"), "more_than: 25%", OPEN),
        (("{less_than: 15%}", "10%"), "at_least: 25%", NOT),
        (("{more_than: 15%}", "{more_than: 10%}"), "more_than: 25%", CROSSES),
        (("{less_than: 15%}", "{more_than: 10%}"), "at_least: 25%", OPEN),
        (("10%", "15%"), "at_least: 25%", CROSSES),
    ],
)
def test_a_part_of_less_than_a_quarter_is_never_a_quarter(
    shares: tuple[str, str], asked: str, expected: Verdict, tmp_path: Path
) -> None:
    """Nor is one of more than a quarter no more than that; sums are the same."""
    said = {
        "items": '  chip: {codes: ["us_ccl:3A001"]}\n  board: {codes: ["us_ccl:3A002"]}',
        "radar": "{class: radar, form: hardware, codes: none, contains: "
        f"[{{item: chip, share: {shares[0]}}}, {{item: board, share: {shares[1]}}}]}}",
    }
    when = f"{{content_share: {{of: {{codes: {{under: us_ccl}}}}, {asked}}}}}"
    assert verdict(tmp_path, when, said) is expected


def test_shares_of_parts_of_parts_keep_their_open_bounds(tmp_path: Path) -> None:
    """Less than a half of a half is less than a quarter; and so says the share of the part itself."""
    said = {
        "items": '  chip: {form: hardware, codes: ["us_ccl:3A001"]}\n'
        "  board: {form: hardware, codes: none, contains: [{item: chip, share: {less_than: 50%}}]}",
        "radar": "{class: radar, form: hardware, codes: none, contains: [{item: board, share: 50%}]}",
    }
    assert verdict(tmp_path, "{content_share: {of: {codes: us_ccl}, at_least: 25%}}", said) is NOT
    assert verdict(tmp_path, "{some content: {codes: us_ccl, share: {at_least: 25%}}}", said) is NOT
    assert verdict(tmp_path, "{content_share: {of: {codes: us_ccl}, at_least: 24%}}", said) is OPEN


def test_bounds_are_compared_by_the_number_and_then_by_the_side() -> None:
    """Short of a number comes before it, beyond it after; what cancels out is the number itself."""
    half = Fraction(1, 2)
    short, at, beyond = Bound(half, Fraction(-1)), Bound(half), Bound(half, Fraction(1))
    assert short < at < beyond
    assert not beyond <= at
    assert short + beyond == ALL
    assert (ALL - beyond) < at
    assert ends(Amounts("", (Stretch(half, None, low_open=True),))) == (beyond, ALL)
