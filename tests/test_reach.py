"""Whom and what a step reaches, and who takes part in it."""

from __future__ import annotations

import pytest

from redline.engine.records import Asked, Case
from redline.engine.step_row import step_row
from redline.rules.record import Row
from tests.build import MORE, UNKNOWN, case, item, named, party, paths, scenario, seen, transfer, yes

PEOPLE = {
    "maker": party(country="IT", kind="company"),
    "hub": party(country="AE", kind="company"),
    "navy": party(country="PK", kind="armed-forces"),
    "guest": party(country="IT", kind="person", nationalities=["IR", "IT"]),
}


def _step(what: dict[str, object], people: dict[str, dict[str, object]] | None = None) -> Row:
    under: Case = case(scenario(what, parties=people or PEOPLE, items={"radar": item()}), Asked())
    return step_row(under, 0)


def _reached(row: Row) -> list[tuple[object, object, str]]:
    return [(seen(r, "how"), seen(r, "country"), yes(r.present)) for r in row.lists["reach"].rows]


FULL = {"from_": "maker", "to": "navy", "end_user": "navy", "place_of_use": "PK"}


def test_a_step_reaches_who_receives_who_is_on_the_way_who_uses_and_the_place_of_use() -> None:
    """Not the sender."""
    row = _step(transfer("export", ["radar"], **FULL, via=[{"party": "hub", "role": "transit-point"}]))
    assert _reached(row) == [
        ("holder", "PK", "yes"),
        ("transit", "AE", "yes"),
        ("end-user", "PK", "yes"),
        ("place-of-use", "PK", "yes"),
    ]
    assert yes(row.lists["reach"].closed) == "yes"


def test_an_end_user_of_whom_nothing_is_said_may_be_anyone() -> None:
    """And is asked for where it would be stated."""
    row = _step(transfer("export", ["radar"], from_="maker", to="hub", place_of_use="AE"))
    user = row.lists["reach"].rows[1]
    assert (seen(user, "how"), seen(user, "country"), yes(user.present)) == ("end-user", None, "yes")
    assert user.cells["country"].about == "transfers.1.end_user"


def test_a_place_of_use_of_which_nothing_is_said_may_be_anywhere() -> None:
    """A missing fact never clears: the row is there, perhaps."""
    row = _step(transfer("export", ["radar"], from_="maker", to="hub", end_user="hub"))
    assert _reached(row)[-1] == ("place-of-use", None, "?")


def test_nationalities_of_a_person_are_reached() -> None:
    """Each of them; of one whose nationalities are not all known, others are possible."""
    row = _step(
        transfer("release", ["radar"], from_="maker", to="guest", end_user="guest", place_of_use="IT")
    )
    assert {("nationality", "IR", "yes"), ("nationality", "IT", "yes")} <= set(_reached(row))
    assert yes(row.lists["reach"].closed) == "yes"
    people = PEOPLE | {"guest": party(country="IT", kind="person", nationalities=["IT", MORE])}
    row = _step(transfer("release", ["radar"], from_="maker", to="guest", end_user="guest"), people)
    assert yes(row.lists["reach"].closed) == "?"
    assert seen(row.lists["reach"].rest, "how") == "nationality"
    assert row.lists["reach"].closed.about == "parties.guest.nationalities"


def test_one_who_may_be_a_person_may_be_of_any_nationality() -> None:
    """A kind that is not told does not clear; a company has none."""
    people = PEOPLE | {"navy": party(country="IN")}
    assert yes(_step(transfer("export", ["radar"], **FULL), people).lists["reach"].closed) == "?"
    people = PEOPLE | {"navy": party(country="IN", kind="company")}
    assert yes(_step(transfer("export", ["radar"], **FULL), people).lists["reach"].closed) == "yes"


def test_a_way_that_may_go_on_leaves_the_reach_open() -> None:
    """Further countries of transit are possible."""
    row = _step(transfer("export", ["radar"], **FULL, via=["hub", MORE]))
    assert yes(row.lists["reach"].closed) == "?"
    assert seen(row.lists["reach"].rest, "how") == "transit"
    assert yes(row.lists["via"].closed) == "?"


def test_what_is_built_in_stays_with_whoever_does_it() -> None:
    """Who sends, receives and holds it; there is no border and no end user."""
    row = _step(transfer("incorporation", ["radar"], by="hub"))
    assert _reached(row) == [("holder", "AE", "yes")]
    assert seen(row, "crosses_border") == "no"
    assert [seen(row.parts[name], "country") for name in ("from", "to", "by")] == ["AE", "AE", "AE"]
    assert "transfers.1.activity" in paths(row.lists["reach"].rows[0].present)


def test_the_sender_carries_out_a_step_unless_another_is_named() -> None:
    """Rules on the actor see it among the parties."""
    row = _step(transfer("export", ["radar"], **FULL))
    assert seen(row.parts["by"], "country") == "IT"
    parts = [(seen(r, "part"), seen(r, "country")) for r in row.lists["parties"].rows]
    assert parts == [("sender", "IT"), ("recipient", "PK"), ("end-user", "PK"), ("actor", "IT")]
    row = _step(transfer("brokering", ["radar"], by="hub", **FULL))
    assert ("actor", "AE") in [(seen(r, "part"), seen(r, "country")) for r in row.lists["parties"].rows]


def test_a_recipient_who_is_one_of_two_is_in_either_country() -> None:
    """One row, whose cells are what either may be."""
    row = _step(transfer("export", ["radar"], **FULL | {"to": ("hub", "navy")}))
    assert _reached(row)[0] == ("holder", ("AE", "PK"), "yes")
    assert seen(row.parts["to"], "kind") == ("armed-forces", "company")


def test_a_country_stands_for_some_party_there() -> None:
    """Of which no more is known."""
    row = _step(transfer("export", ["radar"], **FULL | {"to": "IN"}))
    assert seen(row.parts["to"], "country") == "IN"
    assert row.parts["to"].cells["kind"].value.anything
    assert row.parts["to"].cells["kind"].about == "transfers.1.to"


@pytest.mark.parametrize(
    ("sender", "recipient", "expected"),
    [
        ("IT", "PK", "yes"),
        ("PK-SD", "PK", "no"),
        ("IT", "IT", "no"),
        (("IT", "FR"), "PK", "yes"),
        (("IT", "PK"), "PK", "?"),
        ("CN", "HK", "?"),
        ("HK", "PK", "yes"),
        ("SUHH", "RU", "?"),
        ("SU", "RU", "?"),
        ("RU", "SU", "?"),
        ("KZ", "SU", "?"),
        ("SU", "PL", "yes"),
        ("IT", UNKNOWN, "?"),
    ],
)
def test_a_step_crosses_a_border_where_the_countries_certainly_differ(
    sender: object, recipient: object, expected: str
) -> None:
    """Of a state and its own territory, and of states that are no more, it cannot be told."""
    people = {"a": party(country=sender, kind="company"), "b": party(country=recipient, kind="company")}
    row = _step(transfer("export", ["radar"], from_="a", to="b"), people)
    assert yes(row.cells["crosses_border"]) == expected
    if expected != "?":
        assert {"parties.a.country", "parties.b.country", "transfers.1.from", "transfers.1.to"} <= paths(
            row.cells["crosses_border"]
        )


def test_everyone_on_the_way_is_there_by_a_fact() -> None:
    """Which a proof can cite, as it can that nobody else is."""
    row = _step(transfer("export", ["radar"], **FULL, via=["hub"]))
    passed = row.lists["via"].rows[0]
    assert named(row.lists["via"]) == {"hub": "yes"}
    assert {"transfers.1.via.1", "transfers.1.via.1.party"} <= paths(passed.present)
    assert {"transfers.1.via", "transfers.1.to", "transfers.1.end_user"} <= paths(row.lists["reach"].closed)
