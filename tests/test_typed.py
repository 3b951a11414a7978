"""From written text to typed values: what is meant decides what a text is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redline.engine.typed import PLAIN, between, day, is_range, name, one, quantity, term, type_named
from redline.rules.node import Map, Text
from redline.rules.problems import Problem
from redline.rules.quantities import UNITS, parse_date, say_amount
from redline.rules.shapes import DAY, Field, Type, amount
from redline.rules.terms import TREES
from redline.rules.values import Amounts, Terms


def told(problems: list[Problem]) -> tuple[str, str]:
    """The code and the help of the only problem."""
    (problem,) = problems
    assert problem.message == problem.message.strip().rstrip(".")
    assert problem.message[0] == "`" or problem.message[0].islower()
    return problem.code, problem.help


def meant(text: str, tree: str) -> str | None:
    """The term that a text names without a problem."""
    problems: list[Problem] = []
    found = term(Text(text), tree, PLAIN, problems)
    assert problems == []
    return found


def refused(text: str, tree: str) -> tuple[str, str]:
    """What is told of a text that names no term."""
    problems: list[Problem] = []
    assert term(Text(text), tree, PLAIN, problems) is None
    return told(problems)


def amount_of(text: str, dimension: str) -> str:
    """A quantity in words, or the help that is given."""
    problems: list[Problem] = []
    found = quantity(Text(text), dimension, problems)
    return told(problems)[1] if found is None else say_amount(found)


@pytest.mark.parametrize(
    ("text", "tree", "found"),
    [
        ("NO", "country", "NO"),
        ("NO", "yes_no", "no"),
        ("no", "country", "NO"),
        ("True", "yes_no", "yes"),
        ("3E001", "code", "dual_use:3E001"),
        ("3e611.a", "code", "us_ccl:3E611.a"),
        ("VIII(h)", "code", "usml:VIII.h"),
        ("eu_cml:ML10.c", "code", "wa_ml:ML10.c"),
        ("us_ccl", "code", "us_ccl"),
        ("PAK", "country", "PK"),
        ("pk-sd", "country", "PK-SD"),
        ("SUHH", "country", "SU"),
        ("Armed_Forces", "party_kind", "armed-forces"),
        ("re export", "activity", "re-export"),
    ],
)
def test_a_term_is_what_is_meant_where_it_stands(text: str, tree: str, found: str) -> None:
    """The same two letters are a country here and an answer there."""
    assert meant(text, tree) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Pakistan", "PK"), ("pakistn", "PK"), ("Turkey", "TR"), ("UK", "GB"), ("Russia", "RU"),
        ("South Korea", "KR"), ("Iran", "IR"),
    ],
)  # fmt: skip
def test_a_country_by_its_name_is_refused_with_its_code(text: str, code: str) -> None:
    """Names are many, codes are one."""
    assert refused(text, "country") == ("unknown-term", f"did you mean `{code}`?")


def test_letters_that_only_look_like_a_code_name_no_country() -> None:
    """A Cyrillic letter, and one that turns into two in capitals."""
    assert refused("\u0420K", "country")[0] == "unknown-term"
    assert refused("ß", "country")[0] == "unknown-term"


def test_a_term_that_is_not_known_is_told_with_what_was_perhaps_meant() -> None:
    """Near words are suggested; where none is near, the few that there are."""
    assert refused("corvete", "class") == ("unknown-term", "did you mean `corvette`?")
    assert refused("us_cll:3A001", "code") == ("unknown-term", "did you mean `us_ccl:3A001`?")
    assert "`hardware`" in refused("paper", "form")[1]
    assert "`wa_ml`" in refused("zzz", "code")[1]
    assert refused("maybe", "yes_no")[1] == "write `yes` or `no`"


def test_a_policy_may_add_terms_lists_and_facts() -> None:
    """A finer term is known then, in its tree alone."""
    field = Field("max_range", amount("length"), "its range")
    richer = PLAIN.with_terms("class", {"coastal-radar": "radar"}).with_lists(["national_ml"])
    richer = richer.with_facts("item", {"max_range": field})
    problems: list[Problem] = []
    assert term(Text("coastal radar"), "class", richer, problems) == "coastal-radar"
    assert richer.trees["class"].under("coastal-radar", "sensor")
    assert term(Text("national_ml:A1"), "code", richer, problems) == "national_ml:A1"
    assert richer.fields("item")["max_range"] is field
    assert "max_range" in richer.names("item")
    assert "max_range" not in PLAIN.names("item")
    assert problems == []
    assert refused("coastal radar", "class")[0] == "unknown-term"


@pytest.mark.parametrize(
    ("text", "dimension", "said"),
    [
        ("300 km", "length", "300 km"),
        ("300km", "length", "300 km"),
        ("25%", "share", "0.25"),
        ("1_000", "count", "1000"),
        ("1200 EUR", "money", "1200 EUR"),
        ("1:30", "length", "write a number and a unit: `m`, `mm`, `cm`, `km`, `nm`, `um`, `nmi`"),
        ("1:30", "count", "write digits alone, without a unit"),
        ("300 KM", "length", "did you mean `300 km`?"),
        ("3 furlongs", "length", "write a number and a unit: `m`, `mm`, `cm`, `km`, `nm`, `um`, `nmi`"),
        ("20", "share", "did you mean `20%`?"),
        ("140%", "share", "write 0% to 100%"),
        ("-1 kg", "mass", "write 0 or more"),
        ("1.5", "count", "write digits alone, without a unit"),
        ("12", "money", "write a number and the code of a currency, such as `1200 EUR`"),
    ],
)
def test_a_quantity_has_a_unit_of_its_dimension(text: str, dimension: str, said: str) -> None:
    """Or the problem names the units that there are."""
    assert amount_of(text, dimension) == said


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    """It is never computed with."""
    assert amount_of("9" * 10_000, "count") == "write digits alone, without a unit"


def test_a_year_is_any_of_its_days() -> None:
    """And a month any of its own."""
    problems: list[Problem] = []
    year = day(Text("2018"), problems)
    assert year == parse_date("2018")
    assert year is not None
    assert year.low is not None
    assert year.high == year.low + 364
    assert problems == []


@pytest.mark.parametrize(
    "text", ["2018-13", "2018-02-30", "5/3/2018", "2018-3", "March 2018", "1:30", "0000"]
)
def test_what_is_no_day_of_the_calendar_is_refused(text: str) -> None:
    """With the ways of writing a date."""
    problems: list[Problem] = []
    assert day(Text(text), problems) is None
    assert told(problems) == ("wrong-date", "write `2018`, `2018-03` or `2018-03-05`")


def ranged(kind: Type, **bounds: str) -> tuple[str | None, list[Problem]]:
    """The range in words, and the problems."""
    problems: list[Problem] = []
    node = Map(tuple((Text(key), Text(value)) for key, value in bounds.items()))
    assert is_range(node, kind)
    found = between(node, kind, "`it`", problems)
    return None if found is None else say_amount(found), problems


def test_from_and_to_are_inclusive_and_before_and_after_are_not() -> None:
    """Of a month or year each takes the end that it means."""
    assert ranged(DAY, **{"from": "2018", "to": "2019-02"})[0] == "2018-01-01 to 2019-02-28"
    assert ranged(DAY, after="2018", before="2019-02")[0] == "2019-01"
    assert ranged(amount("length"), at_least="1 km", less_than="3000 m")[0] == "1 km to 3 km"


def test_a_range_without_anything_in_it_is_refused() -> None:
    """So are bounds in two currencies."""
    assert told(ranged(DAY, after="2018", before="2018")[1])[0] == "empty-range"
    assert told(ranged(amount("money"), at_least="1 EUR", at_most="2 USD")[1])[0] == "different-units"
    assert not is_range(Map(((Text("at_least"), Text("1")),)), DAY)


def test_a_declared_fact_names_its_type() -> None:
    """A dimension, a date, yes or no, a name, or a tree."""
    problems: list[Problem] = []
    found = [
        type_named(Text(each), PLAIN, problems) for each in ("length", "date", "yes/no", "name", "end-use")
    ]
    assert found == [amount("length"), DAY, Type("tree", "yes_no"), Type("name"), Type("tree", "end_use")]
    assert problems == []
    assert type_named(Text("lenght"), PLAIN, problems) is None
    assert told(problems) == ("unknown-type", "did you mean `length`?")


def test_a_name_is_free_and_its_blanks_do_not_count() -> None:
    """An empty one is told."""
    problems: list[Problem] = []
    assert name(Text("  Pakistan   Navy "), problems) == "Pakistan Navy"
    assert problems == []
    assert name(Text("  "), problems) is None
    assert told(problems)[0] == "empty-value"


@given(st.text(max_size=80), st.sampled_from([*TREES, *UNITS, "money", "date", "name"]))
def test_whatever_is_written_gives_a_value_or_a_problem(text: str, kind: str) -> None:
    """Never both, never neither, and nothing is raised."""
    typed = Type("tree", kind) if kind in TREES else Type("name") if kind == "name" else amount(kind)
    problems: list[Problem] = []
    value = one(Text(text), typed, PLAIN, problems)
    assert (value is None) == (len(problems) == 1)
    match value:
        case Terms():
            assert value.single is not None
        case Amounts():
            assert not value.empty
        case None:
            pass
