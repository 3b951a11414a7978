"""The strong Kleene tables, and values as sets of possible values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given

from redline.rules.countries import COUNTRY
from redline.rules.quantities import base_unit, days, exactly, parse_date, unknown_amount
from redline.rules.terms import CLASS, SENSITIVITY, YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction, negation
from redline.rules.values import Amounts, Stretch, Terms, Test, Value, contains, fits, meet, minus, partition
from tests.brute_force import inside, points
from tests.generate_rows import blank, values_and_tests

T, F, U = TRUE, FALSE, UNKNOWN
Asked = tuple[Value, tuple[Test, ...]]


def _terms(*terms: str) -> Terms:
    return Terms(COUNTRY, frozenset(terms))


def _without(*terms: str) -> Terms:
    return Terms(COUNTRY, None, frozenset(terms))


def _day(text: str) -> Amounts:
    found = parse_date(text)
    assert found is not None
    return found


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "opposite"), [(T, F), (F, T), (U, U)])
def test_negation_is_the_strong_table(one: Truth, opposite: Truth) -> None:
    """Kleene, section 64: not."""
    assert negation(one) is opposite


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [(T, T, T), (T, F, F), (T, U, U), (F, T, F), (F, F, F), (F, U, F), (U, T, U), (U, F, F), (U, U, U)],
)
def test_conjunction_is_the_strong_table(one: Truth, other: Truth, both: Truth) -> None:
    """Kleene, section 64: and."""
    assert conjunction((one, other)) is both


@pytest.mark.parametrize(
    ("one", "other", "either"),
    [(T, T, T), (T, F, T), (T, U, T), (F, T, T), (F, F, F), (F, U, U), (U, T, T), (U, F, U), (U, U, U)],
)
def test_disjunction_is_the_strong_table(one: Truth, other: Truth, either: Truth) -> None:
    """Kleene, section 64: or."""
    assert disjunction((one, other)) is either


def test_of_nothing_all_holds_and_some_does_not() -> None:
    """The empty conjunction is true, the empty disjunction false."""
    assert conjunction(()) is TRUE
    assert disjunction(()) is FALSE


def test_longer_tables_follow_from_the_short_ones() -> None:
    """Three at a time, in any grouping, and whatever iterates."""
    for a, b, c in product((T, F, U), repeat=3):
        assert conjunction(iter((a, b, c))) is conjunction((conjunction((a, b)), c))
        assert disjunction(iter((a, b, c))) is disjunction((a, disjunction((b, c))))


@pytest.mark.parametrize("table", [conjunction, disjunction])
def test_knowing_more_never_turns_true_into_false(table: Callable[[tuple[Truth, ...]], Truth]) -> None:
    """The tables are monotone in what is known."""
    for one, other in product((T, F, U), repeat=2):
        for better in (T, F) if one is U else (one,):
            before, after = table((one, other)), table((better, other))
            assert before in (U, after)


# --- laws of values ------------------------------------------------------------------------------


def _everywhere(asked: Asked) -> list[str | Fraction]:
    """Points that tell the value and all the tests apart."""
    found, tests = asked
    same = [t for t in tests if not _otherwise(found, t)]
    return points(blank(found), [*same, Test(found)])


def _otherwise(found: Value, asked: Test) -> bool:
    """Whether the test is in another unit."""
    return (
        isinstance(found, Amounts) and isinstance(asked.accepts, Amounts) and found.unit != asked.accepts.unit
    )


@given(values_and_tests())
def test_a_value_fits_if_all_that_it_may_be_does(asked: Asked) -> None:
    """True if every point is accepted, false if none is or is in doubt, else unknown."""
    found, tests = asked
    for asked_test in tests:
        if _otherwise(found, asked_test):
            assert fits(found, asked_test) is UNKNOWN
            continue
        mine = [p for p in _everywhere(asked) if inside(p, found)]
        accepted = [inside(p, asked_test.accepts) for p in mine]
        doubtful = [asked_test.perhaps is not None and inside(p, asked_test.perhaps) for p in mine]
        expected = TRUE if all(accepted) else UNKNOWN if any(accepted) or any(doubtful) else FALSE
        assert fits(found, asked_test) is expected


@given(values_and_tests())
def test_meet_and_minus_are_those_of_sets(asked: Asked) -> None:
    """A point is in the meet if in both, in the difference if in the first alone; empty means no point."""
    found, tests = asked
    for other in (t.accepts for t in tests if not _otherwise(found, t)):
        everywhere = _everywhere(asked)
        for point in everywhere:
            one, two = inside(point, found), inside(point, other)
            assert inside(point, meet(found, other)) is (one and two)
            assert inside(point, meet(other, found)) is (one and two)
            assert inside(point, minus(found, other)) is (one and not two)
        assert meet(found, other).empty is not any(inside(p, found) and inside(p, other) for p in everywhere)
        assert minus(found, other).empty is all(inside(p, other) for p in everywhere if inside(p, found))


@given(values_and_tests())
def test_an_outer_value_contains_an_inner_one_if_no_point_is_missing(asked: Asked) -> None:
    """Also of values with exclusions, both ways round."""
    found, tests = asked
    others = [v for t in tests if not _otherwise(found, t) for v in (t.accepts, minus(found, t.accepts))]
    for other in (*others, blank(found)):
        everywhere = _everywhere(asked)
        for outer, inner in ((found, other), (other, found)):
            expected = all(inside(p, outer) for p in everywhere if inside(p, inner))
            assert contains(outer, inner) is expected


@given(values_and_tests())
def test_a_partition_covers_everything_once_and_no_test_cuts_a_class(asked: Asked) -> None:
    """Each point is in just one class; of a class, a test takes all or nothing."""
    found, tests = asked
    same = [t for t in tests if not _otherwise(found, t)]
    classes = partition(blank(found), same)
    assert not any(c.empty for c in classes)
    for point in _everywhere(asked):
        assert sum(inside(point, c) for c in classes) == 1
    for c in classes:
        for t in same:
            assert minus(c, t.accepts).empty or meet(c, t.accepts).empty
            assert t.perhaps is None or minus(c, t.perhaps).empty or meet(c, t.perhaps).empty


# --- dates and amounts ---------------------------------------------------------------------------


def test_a_year_is_any_of_its_days() -> None:
    """`2018` fits a test of the whole year, and of one of its days it cannot be told."""
    assert fits(_day("2018"), Test(days(date(2018, 1, 1), date(2018, 12, 31)))) is TRUE
    assert fits(_day("2018"), Test(_day("2018-12-31"))) is UNKNOWN
    assert fits(_day("2018"), Test(days(date(2019, 1, 1), None))) is FALSE
    assert fits(_day("2020-02"), Test(days(None, date(2020, 2, 29)))) is TRUE


def test_open_ends_are_ends_of_nothing() -> None:
    """A date with one end unknown fits what it can only be, and no more."""
    since = days(date(2020, 1, 1), None)
    assert fits(since, Test(days(date(2019, 12, 31), None))) is TRUE
    assert fits(since, Test(days(None, date(2020, 1, 1)))) is UNKNOWN
    assert fits(since, Test(days(None, date(2019, 12, 31)))) is FALSE
    assert fits(unknown_amount("date"), Test(since)) is UNKNOWN
    assert fits(unknown_amount("date"), Test(unknown_amount("date"))) is TRUE


def test_between_two_days_there_is_no_third() -> None:
    """Days are whole: after the first and before the second is empty, and neighbours join."""
    first, second = (Fraction(date(2020, 1, d).toordinal()) for d in (1, 2))
    unit = base_unit("date")
    between = Stretch(first, second, low_open=True, high_open=True)
    assert Amounts(unit, (between,), whole=True).empty
    assert not Amounts(unit, (between,)).empty
    joined = Amounts(unit, (Stretch(second, second), Stretch(first, first)), whole=True)
    assert joined.stretches == (Stretch(first, second),)
    assert len(Amounts(unit, (Stretch(first, first), Stretch(second, second))).stretches) == 2


def test_a_bound_belongs_to_one_side_only() -> None:
    """`at least 1` and `less than 1` cut everything in two, `more than` leaves the bound out."""
    one = Fraction(1)
    below, above = Stretch(None, one, high_open=True), Stretch(one, None)
    assert Amounts("m", (below,)).meet(Amounts("m", (above,))).empty
    assert Amounts("m", (below, above)).anything
    assert not Amounts("m", (below, Stretch(one, None, low_open=True))).anything
    assert Amounts("m").minus(Amounts("m", (below, Stretch(one, None, low_open=True)))) == exactly(one, "m")


def test_currencies_that_differ_say_nothing_about_each_other() -> None:
    """No rate is invented, not even for none or for what costs anything at all."""
    euros = Test(Amounts("EUR", (Stretch(Fraction(0), None),)))
    assert fits(exactly(Fraction(5), "USD"), euros) is UNKNOWN
    assert fits(unknown_amount("money"), euros) is UNKNOWN
    assert fits(exactly(Fraction(5), "EUR"), euros) is TRUE


# --- terms ---------------------------------------------------------------------------------------


def test_a_term_is_itself_or_anything_under_it() -> None:
    """A coarse value may still turn out finer; a finer one is what it lies under."""
    assert fits(_terms("PK-SD"), Test(_terms("PK"))) is TRUE
    assert fits(_terms("PK"), Test(_terms("PK-SD"))) is UNKNOWN
    assert fits(_terms("PK"), Test(_terms("IN"))) is FALSE


def test_what_is_excluded_is_never_met() -> None:
    """`not: PK` leaves no Sindh, yet a country without one of its parts is still there."""
    assert fits(_without("PK"), Test(_terms("PK-SD"))) is FALSE
    assert fits(_without("PK-SD"), Test(_terms("PK"))) is UNKNOWN
    assert _terms("PK-SD").meet(_without("PK")).empty
    assert not _terms("PK").meet(_without("PK-SD")).empty
    assert contains(_without("IN"), _terms("PK"))
    assert not contains(_without("PK-SD"), _terms("PK"))
    assert contains(_terms("PK"), Terms(COUNTRY, frozenset({"PK"}), frozenset({"PK-SD"})))


def test_an_open_tree_never_runs_out_and_a_closed_one_does() -> None:
    """All listed classes excluded leaves a class nobody listed; neither yes nor no leaves nothing."""
    assert not Terms(CLASS, None, CLASS.tops).empty
    assert not Terms(CLASS, None, CLASS.tops).anything
    assert Terms(YES_NO, None, frozenset({"yes", "no"})).empty
    assert fits(Terms(YES_NO, None, frozenset({"no"})), Test(Terms(YES_NO, frozenset({"yes"})))) is TRUE
    assert Terms(YES_NO, frozenset({"yes", "no"})) == Terms(YES_NO)


def test_a_term_of_a_closed_tree_is_more_than_what_is_listed_under_it() -> None:
    """Sensitive and not very sensitive is possible."""
    very = Terms(SENSITIVITY, frozenset({"very-sensitive"}))
    plain = Terms(SENSITIVITY, frozenset({"sensitive"})).minus(very)
    assert not plain.empty
    assert fits(plain, Test(very)) is FALSE


def test_of_a_territory_that_a_list_does_not_mention_it_cannot_be_told() -> None:
    """Nor of a value that may be one; a territory excluded is no longer in doubt."""
    china = Test(_terms("CN"), _terms("HK"))
    assert fits(_terms("HK"), china) is UNKNOWN
    assert fits(_terms("CN"), china) is TRUE
    assert fits(_terms("CN", "HK"), china) is UNKNOWN
    assert fits(_terms("IN", "HK"), china) is UNKNOWN
    assert fits(_without("CN", "HK"), china) is FALSE
