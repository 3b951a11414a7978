"""A place of use is a country and no party."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.rules.verdicts import Verdict
from tests.asked import verdict

CROSSES, NOT, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED

_KNOWN = {
    "buyer": "{country: AE, kind: company, listed: none, owners: none, flags: none, "
    "roles: {known: [reseller], more: none}}",
    "step": ", place_of_use: AE",
}


@pytest.mark.parametrize("place", ["", ", place_of_use: AE", ", place_of_use: unknown"])
@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        ("some reach: {listed: EL}", NOT),
        ("some reach: {kind: armed-forces}", NOT),
        ("some reach: {kind: company}", CROSSES),
        ("some reach: {roles: end-user}", NOT),
        ("some reach: {flags: military-links}", NOT),
        ("some reach: {owned: {by: {country: RU}, at_least: 50%}}", NOT),
        ("some reach: {not: {kind: company}}", NOT),
        ("some reach: {kind: {not: company}}", NOT),
        ("some reach: {not: {kind: armed-forces}}", CROSSES),
        ("some reach: {not: {listed: EL}}", CROSSES),
        ("some reach: {not: {any: [{kind: company}, {listed: EL}]}}", NOT),
        ("some reach: {not: {all: [{kind: company}, {listed: EL}]}}", CROSSES),
        ("some reach: {any: [{kind: police}, {listed: EL}]}", NOT),
        ("every reach: {any: [{kind: company}, {listed: EL}]}", CROSSES),
        ("every reach: {all: [{kind: company}, {listed: {not: EL}}]}", CROSSES),
        ("some reach: {kind: police, not: {listed: EL}}", NOT),
        ("some reach: party", NOT),
        ("every reach: {kind: company}", CROSSES),
        ("every reach: {listed: {not: EL}}", CROSSES),
        ("every reach: {not: {kind: company}}", NOT),
        ("not: {some reach: {listed: EL}}", CROSSES),
        ("some reach: {how: [holder, end-user], kind: armed-forces}", NOT),
        ("some reach: {how: {not: place-of-use}, kind: armed-forces}", NOT),
        ("some reach: {how: place-of-use, kind: armed-forces}", NOT),
        ("some reach: {name: unstated}", CROSSES),
    ],
)
def test_nothing_is_so_of_a_place_of_use_that_only_a_party_has(
    place: str, reached: str, expected: Verdict, tmp_path: Path
) -> None:
    """Neither a kind nor its opposite: a rule that asks for them waits for no place."""
    assume = "[recipient_is_end_user, nothing_else_inside, no_other_papers]"
    said = {**_KNOWN, "step": place, "assume": assume}
    assert verdict(tmp_path, f"{{{reached}}}", said, groups="define: {party: {listed: EL}}") is expected


@pytest.mark.parametrize(
    ("reached", "in_pakistan", "anywhere", "at_home"),
    [
        ("some reach: {country: PK}", CROSSES, OPEN, NOT),
        ("some reach: {any: [{country: PK}, {listed: EL}]}", CROSSES, OPEN, NOT),
        ("some reach: {country: PK, kind: company}", NOT, NOT, NOT),
        ("some reach: {how: place-of-use, country: PK}", CROSSES, OPEN, NOT),
        ("every reach: {country: AE}", NOT, OPEN, CROSSES),
        ("every reach: {country: AE, kind: company}", NOT, OPEN, CROSSES),
        ("every reach: {any: [{country: AE}, {not: {listed: EL}}]}", CROSSES, CROSSES, CROSSES),
    ],
)
def test_a_place_of_use_has_its_country(
    reached: str, in_pakistan: Verdict, anywhere: Verdict, at_home: Verdict, tmp_path: Path
) -> None:
    """Which is asked of it as before; nothing is so of it besides that only a party has."""
    assume = "[recipient_is_end_user, nothing_else_inside, no_other_papers]"
    for place, expected in (("PK", in_pakistan), ("unknown", anywhere), ("AE", at_home)):
        said = {**_KNOWN, "step": f", place_of_use: {place}", "assume": assume}
        assert verdict(tmp_path, f"{{{reached}}}", said) is expected


@pytest.mark.parametrize(
    ("reached", "in_pakistan"),
    [
        ("some reach: {country: PK, not: {kind: company}}", OPEN),
        ("some reach: {not: {any: [{country: AE}, {kind: police}]}}", OPEN),
        ("every reach: {any: [{country: AE}, {kind: police}]}", OPEN),
        ("some reach: {country: PK, not: {not: {kind: company}}}", NOT),
    ],
)
def test_whether_the_opposite_of_what_a_party_has_is_meant_of_a_place_cannot_be_told(
    reached: str, in_pakistan: Verdict, tmp_path: Path
) -> None:
    """Beside a country that fits: a place is no police, but it is no party other than police either."""
    said = {**_KNOWN, "step": ", place_of_use: PK"}
    assert verdict(tmp_path, f"{{{reached}}}", said) is in_pakistan
    assert verdict(tmp_path, f"{{{reached}}}", {**said, "step": ", place_of_use: AE"}) in (NOT, CROSSES)


def test_of_an_end_user_of_whom_nothing_is_said_it_is_still_not_known(tmp_path: Path) -> None:
    """Nor of a recipient in some country."""
    said = {**_KNOWN, "assume": "[nothing_else_inside]"}
    assert verdict(tmp_path, "{some reach: {listed: EL}}", said) is OPEN
    assert verdict(tmp_path, "{some reach: {listed: EL}}", {**_KNOWN, "to": "AE"}) is OPEN


def test_who_is_known_to_be_no_pakistani_by_country_is_none_by_nationality(tmp_path: Path) -> None:
    """Where no other nationality than that of the country is assumed, and use where it is received."""
    assume = "[recipient_is_end_user, used_where_received, no_other_nationalities, nothing_else_inside]"
    said = {"buyer": "{country: {not: PK}, kind: person}", "assume": assume}
    assert verdict(tmp_path, "{some reach: {country: PK}}", said) is NOT
    assert verdict(tmp_path, "{some reach: {country: IN}}", said) is OPEN
