"""Whether a rule is in force for a step, by the days that the step may have."""

from __future__ import annotations

import pytest

from redline.engine.validity import in_force
from redline.rules.policy import Rule, Validity
from redline.rules.quantities import parse_date, unknown_amount
from redline.rules.record import Cell
from redline.rules.values import Amounts, Stretch
from redline.rules.verdicts import Kind, Layer, Strength, Voice
from tests.build import yes


def _rule(*spells: tuple[str, str, str], running: tuple[str, str] = ("", "")) -> Rule:
    validity = tuple(Validity(_days(first, last), state) for first, last, state in spells)
    return Rule(
        id="r",
        policy="p",
        says="",
        kind=Kind.PROHIBITS,
        subject="step",
        layer=Layer.LEGAL,
        strength=Strength.LAW,
        voice=Voice.STATE,
        stated_by="IN",
        addressed_to="IT",
        source=(),
        validity=validity,
        running=running,
    )


def _days(first: str, last: str) -> Amounts:
    low = parse_date(first).low if first else None  # type: ignore[union-attr]
    high = parse_date(last).high if last else None  # type: ignore[union-attr]
    return Amounts("day of the calendar", (Stretch(low, high),), whole=True)


def _day(text: str) -> Cell:
    return Cell(parse_date(text) or unknown_amount("date"), "t")


def _in_force(rule: Rule, contract: str, delivery: str | None = None) -> str:
    start = _day(contract)
    return yes(in_force(rule, start, start if delivery is None else _day(delivery)))


def test_a_rule_without_validity_is_always_in_force() -> None:
    """On days that are not known too."""
    assert _in_force(_rule(), "?") == "yes"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-12-31", "no"),
        ("2020-01-01", "yes"),
        ("2021-12-31", "yes"),
        ("2022-01-01", "no"),
        ("2020", "yes"),
    ],
)
def test_both_ends_of_a_validity_are_in_it(day: str, expected: str) -> None:
    """The days just outside are not."""
    assert _in_force(_rule(("2020-01-01", "2021-12-31", "in_force")), day) == expected


def test_a_day_known_only_to_its_year_may_be_on_either_side() -> None:
    """It is then not known."""
    assert _in_force(_rule(("2020-07-01", "", "in_force")), "2020") == "?"
    assert _in_force(_rule(("2020-07-01", "", "in_force")), "?") == "?"


def test_the_last_stretch_that_holds_the_day_decides() -> None:
    """A suspension within a longer stretch takes its days out, and of an unknown state nothing is known."""
    rule = _rule(("2020", "2029", "in_force"), ("2022", "2023", "suspended"), ("2025", "2025", "unknown"))
    assert [_in_force(rule, day) for day in ("2021", "2022", "2024", "2025")] == ["yes", "no", "yes", "?"]


@pytest.mark.parametrize(("said", "expected"), [("covered", "yes"), ("exempt", "no"), ("", "?")])
def test_of_a_step_begun_before_and_delivered_inside_the_rule_says_whether_it_is_covered(
    said: str, expected: str
) -> None:
    """Silence leaves it open."""
    assert _in_force(_rule(("2020", "", "in_force"), running=(said, "")), "2019", "2021") == expected


@pytest.mark.parametrize(("said", "expected"), [("covered", "yes"), ("exempt", "no"), ("", "?")])
def test_of_a_step_begun_inside_and_delivered_after_the_end_likewise(said: str, expected: str) -> None:
    """By what it says of those."""
    assert _in_force(_rule(("", "2020", "in_force"), running=("", said)), "2019", "2021") == expected


def test_a_step_that_runs_over_the_whole_validity_needs_both_answers() -> None:
    """Alike; else it is open."""
    for running, expected in (
        (("covered", "covered"), "yes"),
        (("exempt", "exempt"), "no"),
        (("covered", ""), "?"),
    ):
        assert _in_force(_rule(("2020", "2020", "in_force"), running=running), "2019", "2021") == expected


def test_a_step_in_force_at_both_ends_and_not_in_between_is_open() -> None:
    """Nobody says what that means."""
    rule = _rule(("", "2019", "in_force"), ("2021", "", "in_force"), running=("covered", "covered"))
    assert _in_force(rule, "2018", "2022") == "?"


def test_a_contract_on_an_unknown_day_up_to_the_delivery_may_lie_before_the_rule() -> None:
    """So it is open unless such steps are covered too."""
    delivery = _day("2021")
    contract = Cell(_days("", "2021"), "t")
    assert yes(in_force(_rule(("2020", "", "in_force")), contract, delivery)) == "?"
    assert (
        yes(in_force(_rule(("2020", "", "in_force"), running=("covered", "")), contract, delivery)) == "yes"
    )
