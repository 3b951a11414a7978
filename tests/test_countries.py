"""Codes of countries: what is one place is one place however it is written."""

from __future__ import annotations

from pathlib import Path

import pycountry
import pytest

from redline.rules.countries import (
    COUNTRY,
    IN_TWO_PLACES,
    PARTS_OF_TERRITORIES,
    WRITTEN_AS_A_PART,
    country_code,
    places,
)
from redline.rules.verdicts import Verdict
from tests.asked import verdict

CROSSES, NOT, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("named", "written", "expected"),
    [
        ("HK", "CN-HK", CROSSES),
        ("CN-HK", "HK", CROSSES),
        ("CN-HK", "CN-HK", CROSSES),
        ("CN", "CN-HK", OPEN),
        ("CN", "CN-GD", CROSSES),
        ("PR", "US-PR", CROSSES),
        ("GF", "FR-973", CROSSES),
        ("BQ", "NL-BQ2", CROSSES),
        ("AX", "FI-01", CROSSES),
        ("SJ", "NO-21", CROSSES),
        ("NO-21", "SJ", OPEN),
        ("NO-21", "NO-22", NOT),
        ("NO", "NO-21", OPEN),
        ("TW", "CN-TW", OPEN),
        ("CN", "CN-TW", OPEN),
        ("CN-TW", "TW", CROSSES),
        ("CN-TW", "CN-TW", CROSSES),
        ("TW", "CN", NOT),
        ("CN", "TW", NOT),
        ("XK", "RS-28", OPEN),
        ("RS", "RS-28", OPEN),
        ("EH", "MA-BOD", OPEN),
        ("MA", "MA-09", CROSSES),
        ("GB-ENG", "GB-LND", CROSSES),
        ("GB-SCT", "GB-LND", NOT),
    ],
)
def test_a_territory_written_as_a_part_of_its_state_is_that_territory(
    named: str, written: str, expected: Verdict, tmp_path: Path
) -> None:
    """In a test, in a group and in what a scenario says; nor does the state's name take it in."""
    said = {"buyer": f"{{country: {written}, kind: company}}"}
    assert verdict(tmp_path, f"{{to.country: {named}}}", said) is expected
    grouped = f"groups: {{g: {{members: [{named}]}}}}"
    assert verdict(tmp_path, "{to.country: {in: g}}", said, groups=grouped) is expected
    assert verdict(tmp_path, f"{{to.country: {named}}}", {"to": written}) is expected


def test_a_list_that_keeps_territories_apart_keeps_apart_those_written_as_a_part(tmp_path: Path) -> None:
    """And one that takes them in takes them in."""
    said = {"buyer": "{country: CN-HK, kind: company}"}
    for territories, expected in (("separate", NOT), ("follow", CROSSES)):
        grouped = f"groups: {{g: {{members: [CN], territories: {territories}}}}}"
        assert verdict(tmp_path, "{to.country: {in: g}}", said, groups=grouped) is expected


def test_no_subdivision_has_the_name_of_a_country_of_its_own() -> None:
    """Save those of which the tables tell, and those that share no more than a name."""
    told = {*WRITTEN_AS_A_PART, *PARTS_OF_TERRITORIES, *IN_TWO_PLACES}
    names = {c.name.split(",")[0].casefold(): c.alpha_2 for c in pycountry.countries}
    namesakes = {"BE-WLX", "ET-SO", "GN-ML", "US-GA", "NG-NI"}
    for part in pycountry.subdivisions:
        whose = names.get(part.name.split(" SAR")[0].split(",")[0].casefold())
        if whose is not None and whose != part.country_code and part.code not in told:
            assert part.code in namesakes, part


def test_every_code_that_the_tables_tell_of_is_one() -> None:
    """And what it stands for."""
    for part, whole in {**WRITTEN_AS_A_PART, **PARTS_OF_TERRITORIES, **IN_TWO_PLACES}.items():
        assert part in {str(each.code) for each in pycountry.subdivisions}
        assert country_code(whole) == whole or whole == "XK"
    assert {country_code(part) for part in WRITTEN_AS_A_PART} == set(WRITTEN_AS_A_PART.values())


def test_a_subdivision_lies_under_the_larger_one_that_it_is_part_of() -> None:
    """At any remove, and under its country in the end."""
    assert COUNTRY.line("GB-LND") == ("GB-LND", "GB-ENG", "GB")
    assert COUNTRY.line("NO-21") == ("NO-21", "SJ")
    for part in pycountry.subdivisions:
        top = COUNTRY.line(part.code)[-1]
        assert top == part.country_code or part.code in PARTS_OF_TERRITORIES
    assert places("RS-28") == {"RS-28", "XK"}
    assert places("FR-75C") == {"FR-75C"}


@pytest.mark.parametrize(
    ("sender", "buyer", "expected"),
    [
        ("IT", "{not: IT}", CROSSES),
        ("{not: PK}", "PK", CROSSES),
        ("IT", "{not: FR}", OPEN),
        ("IT", "{not: IT-MI}", OPEN),
        ("CN", "{not: CN}", OPEN),
        ("HK", "{not: HK}", OPEN),
        ("CN", "{not: [CN, HK, MO]}", CROSSES),
        ("RU", "{not: RU}", OPEN),
        ("RU", "{not: [RU, SU]}", CROSSES),
        ("TW", "{not: TW}", OPEN),
        ("{not: IT}", "{not: IT}", OPEN),
        ("{one_of: [IT, FR]}", "{not: [IT, FR, DE]}", OPEN),
        ("{one_of: [IT, DE]}", "{not: [IT, DE, DD]}", CROSSES),
        ("IT", "unknown", OPEN),
        ("CN-TW", "TW", OPEN),
        ("CN-TW", "IT", CROSSES),
        ("CN", "CN-HK", OPEN),
    ],
)
def test_who_is_certainly_elsewhere_is_across_a_border(
    sender: str, buyer: str, expected: Verdict, tmp_path: Path
) -> None:
    """Not in the country, in a territory of it, or in a state that it came after."""
    said = {"maker": f"{{country: {sender}}}", "buyer": f"{{country: {buyer}}}"}
    assert verdict(tmp_path, "{crosses_border: yes}", said) is expected
    against = {CROSSES: NOT, OPEN: OPEN}[expected]
    assert verdict(tmp_path, "{crosses_border: no}", said) is against
