"""Who owns a party: directly, through chains, together, on a day."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from redline.engine.ownership import owned
from redline.engine.party import party_row
from redline.engine.records import Asked
from redline.rules.condition import Owned
from tests.build import MORE, case, country, named, party, paths, scenario, seen, yes

HALF = Fraction(1, 2)


def _owned(
    mode: str = "whole", limit: Fraction = HALF, as_of: str | None = "2026-06-01", **parties: object
) -> str:
    query = Owned(country("RU"), limit, mode)
    what = case(scenario(parties=parties, as_of=as_of), Asked(owned=(query,)))
    return yes(owned(what, query, "firm", what.today))


def _by(*owners: tuple[str, str], **more: object) -> dict[str, object]:
    return party(owners=[{"party": who, "share": share, **more} for who, share in owners])


RUSSIAN, OTHER = party(country="RU", owners=[]), party(country="CY", owners=[])


def test_a_party_of_whose_owners_nothing_is_said_may_be_owned_by_anyone() -> None:
    """Neither way is known."""
    assert _owned(firm=party(country="TR", kind="company")) == "?"


def test_a_person_and_a_state_are_owned_by_nobody() -> None:
    """Unless the scenario says so."""
    assert _owned(firm=party(country="TR", kind="person")) == "no"
    assert _owned(firm=party(country="TR", kind="armed-forces")) == "no"
    assert _owned(firm=party(country="TR", kind=("person", "company"))) == "?"


def test_the_rest_that_unlisted_owners_hold_may_be_too_little() -> None:
    """At most what is left of the whole."""
    most = party(owners=[{"party": "other", "share": "0.6"}, MORE])
    half = party(owners=[{"party": "other", "share": "0.5"}, MORE])
    assert _owned(firm=most, other=OTHER) == "no"
    assert _owned(firm=half, other=OTHER) == "?"


def test_shares_of_several_owners_are_added() -> None:
    """Two quarters are a half."""
    assert _owned(firm=_by(("one", "0.25"), ("two", "0.25")), one=RUSSIAN, two=RUSSIAN) == "yes"


def test_an_owner_of_whom_only_the_country_is_given_counts_as_one_of_that_country() -> None:
    """Directly, beside others, at any remove, whatever the mode; who stands behind one of
    another country is not known."""
    assert _owned(firm=_by(("RU", "0.5"))) == "yes"
    assert _owned(firm=_by(("RU", "0.25"), ("one", "0.25")), one=RUSSIAN) == "yes"
    assert _owned(firm=_by(("middle", "0.5")), middle=_by(("RU", "0.5"))) == "yes"
    assert (
        _owned("multiplied", Fraction(1, 4), firm=_by(("middle", "0.5")), middle=_by(("RU", "0.5"))) == "yes"
    )
    assert _owned("any", firm=_by(("RU", "0.01"))) == "yes"
    assert _owned(firm=_by(("RU", "0.4"), ("CY", "0.6"))) == "?"
    assert _owned(firm=_by(("RU", "0.4"), ("other", "0.6")), other=OTHER) == "no"


def test_who_holds_the_limit_passes_on_all_that_it_owns() -> None:
    """Half of half is enough in mode `whole`, and is a quarter in mode `multiplied`."""
    chain: dict[str, Any] = {
        "firm": _by(("middle", "0.5")),
        "middle": _by(("top", "0.5")) | {"country": "CY"},
        "top": RUSSIAN,
    }
    assert _owned(**chain) == "yes"
    assert _owned(mode="multiplied", **chain) == "no"
    assert _owned(mode="multiplied", limit=Fraction(1, 4), **chain) == "yes"


def test_a_share_that_is_not_given_may_be_all_or_next_to_nothing() -> None:
    """But a listed owner holds something."""
    firm = party(owners=["top"])
    assert _owned(firm=firm, top=RUSSIAN) == "?"
    assert _owned(mode="any", firm=firm, top=RUSSIAN) == "yes"


def test_an_owner_who_is_not_known_may_be_the_one_sought() -> None:
    """As may one of two, and some party in a country."""
    unknown = party(owners=[{"party": None, "share": "0.6"}])
    one_of = party(owners=[{"party": ("top", "other"), "share": "0.6"}])
    assert _owned(firm=unknown) == "?"
    assert _owned(firm=one_of, top=RUSSIAN, other=OTHER) == "?"
    assert _owned(firm=party(owners=[{"party": "RU", "share": "0.6"}])) == "yes"
    assert _owned(firm=party(owners=[{"party": "CY", "share": "0.6"}])) == "?"


def test_outside_its_dates_an_owner_holds_nothing() -> None:
    """On a day that may be in or out it is not known."""
    sold = _by(("top", "0.9"), to="2025-12-31")
    assert _owned(firm=sold, top=RUSSIAN) == "no"
    assert _owned(firm=sold, top=RUSSIAN, as_of="2025-06-01") == "yes"
    assert _owned(firm=_by(("top", "0.9"), to="2026"), top=RUSSIAN) == "?"
    assert _owned(firm=sold, top=RUSSIAN, as_of=None) == "?"


def test_a_closed_circle_of_companies_is_owned_by_nobody() -> None:
    """It ends, and the answer is no."""
    circle: dict[str, Any] = {
        "firm": _by(("other", "1")) | {"country": "CY"},
        "other": _by(("firm", "1")) | {"country": "CY"},
    }
    for mode in ("whole", "multiplied", "any"):
        assert _owned(mode=mode, **circle) == "no"


def test_a_circle_with_an_outside_owner_is_owned_by_it() -> None:
    """The firm holds 40 % of itself through another: what counts is the rest."""
    parties: dict[str, Any] = {
        "firm": _by(("top", "0.6"), ("sub", "0.4")),
        "sub": _by(("firm", "1")) | {"country": "CY"},
        "top": RUSSIAN,
    }
    assert _owned(mode="multiplied", limit=Fraction(99, 100), **parties) == "yes"
    assert _owned(limit=HALF, **parties) == "yes"


def test_an_alleged_owner_is_in_doubt_once_allegations_are() -> None:
    """Its presence is not known, and who it is stays said."""
    from redline.engine.without_alleged import without_alleged
    from redline.rules.facts import Grade

    firm = party(owners=[{"party": "top", "share": "0.9", "grade": Grade.ALLEGED}])
    query = Owned(country("RU"), HALF, "whole")
    stated = scenario(parties={"firm": firm, "top": RUSSIAN})
    for what, expected in ((stated, "yes"), (without_alleged(stated), "?")):
        under = case(what, Asked(owned=(query,)))
        assert yes(owned(under, query, "firm", under.today)) == expected
        assert named(party_row(under, "firm", under.today).lists["owners"]) == {"top": expected}


def test_in_the_place_of_an_alleged_owner_there_may_be_another() -> None:
    """Who is alleged to own all of it leaves nothing for others only if the allegation is true."""
    from redline.engine.without_alleged import without_alleged
    from redline.rules.facts import Grade

    firm = party(owners=[{"party": "e", "share": "1", "grade": Grade.ALLEGED}])
    people = {"firm": firm, "e": party(country="IT", kind="person")}
    query = Owned(country("RU"), HALF, "whole")
    doubted = case(without_alleged(scenario(parties=people)), Asked(owned=(query,)))
    assert yes(owned(doubted, query, "firm", doubted.today)) == "?"
    owners = party_row(doubted, "firm", doubted.today).lists["owners"]
    assert (named(owners), yes(owners.closed)) == ({"e": "?"}, "?")


def test_an_answer_cites_the_holdings_the_countries_and_that_there_are_no_others() -> None:
    """Everything that it follows from."""
    query = Owned(country("RU"), HALF, "whole")
    what = case(scenario(parties={"firm": _by(("top", "0.4")), "top": RUSSIAN}), Asked(owned=(query,)))
    cell = owned(what, query, "firm", what.today)
    assert yes(cell) == "no"
    assert {"parties.firm.owners", "parties.firm.owners.1", "parties.firm.owners.1.share"} <= paths(cell)


def test_owners_are_rows_with_what_is_left_for_others() -> None:
    """An unlisted owner holds at most the rest."""
    what = case(
        scenario(parties={"firm": party(owners=[{"party": "top", "share": "0.7"}, MORE]), "top": RUSSIAN})
    )
    owners = party_row(what, "firm", what.today).lists["owners"]
    assert seen(owners.rows[0], "share") == Fraction(7, 10)
    assert seen(owners.rest, "share") == (0, Fraction(3, 10))
    assert yes(owners.closed) == "?"
