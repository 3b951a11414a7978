"""Assumptions by name: they speak where the scenario is silent, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redline.engine.assume import CATALOGUE, CONTRADICTED, assume
from redline.rules.facts import Entity, Fact, Grade, Scenario
from redline.rules.shapes import NAME
from redline.rules.values import Terms
from redline.rules.verdicts import Verdict
from tests.answers import answered
from tests.scenario_texts import RADAR, RICH, listed, said, scenario, told

TEXT = """\
redline: 1
scenario: s
assume: [{names}]
parties:
  maker: {{country: IT, owners: [bank], flags: [new-intermediary]}}
  bank: {{country: {{one_of: [CH, LI]}}, owners: unknown, listed: [EU]}}
  clerk: {{kind: person, nationalities: [CN], country: HK}}
  buyer: {{country: {{value: IN, grade: alleged}}, owners: {{known: [bank], more: possible}}}}
items:
  radar: {{origin: [IT]}}
  ship: {{contains: [radar], made_with: unknown}}
transfers:
  - {{activity: export, item: ship, from: maker, to: buyer}}
  - {{activity: export, item: radar, to: {{one_of: [clerk, bank]}}, papers: [lic], knew: unknown}}
  - {{activity: export, item: radar, to: PK, end_user: unknown, place_of_use: unknown, flags: unknown}}
  - {{activity: incorporation, item: radar, into: ship, by: maker, papers: {{known: [lic], more: possible}}}}
papers:
  lic: {{kind: licence}}
"""


def assuming(*names: str) -> Scenario:
    """The scenario under these assumptions."""
    return assume(scenario(TEXT.format(names=", ".join(names))))


def test_without_assumptions_nothing_is_added() -> None:
    """What is stated is all there is."""
    for text in (RADAR, TEXT.replace("assume: [{names}]\n", "").format()):
        found = scenario(text)
        assert assume(found) == found


def test_the_recipient_is_the_end_user_where_none_is_stated() -> None:
    """One stated not to be known stays not known."""
    first, second, third, fourth = assuming("recipient_is_end_user").transfers
    end_user = first.references["end_user"]
    assert (end_user.names, end_user.fact.path) == (("buyer",), "transfers.1.end_user")
    assert (end_user.fact.grade, end_user.fact.source) == (Grade.ASSUMED, "recipient_is_end_user")
    assert end_user.fact.says == "the recipient of step 1 is its end user (assumed)"
    assert second.references["end_user"].names == ("clerk", "bank")
    assert third.references["end_user"].names == ()
    assert "end_user" not in fourth.references


def test_nothing_else_is_inside_items_that_say_nothing_of_it() -> None:
    """What has parts keeps them, and what is not known stays so."""
    items = assuming("nothing_else_inside").items
    assert listed(items["radar"].lists["contains"]) == ([], True)
    assert listed(items["radar"].lists["made_with"]) == ([], True)
    assert items["radar"].lists["contains"].closure.grade is Grade.ASSUMED
    assert listed(items["ship"].lists["contains"]) == (["radar"], True)
    assert items["ship"].lists["contains"].closure.grade is Grade.STATED
    assert listed(items["ship"].lists["made_with"]) == ([], False)


def test_parties_of_which_nothing_is_said_stand_on_no_list() -> None:
    """One that is known to stand on a list may stand on more."""
    parties = assuming("parties_screened").parties
    assert listed(parties["maker"].lists["listed"]) == ([], True)
    assert listed(parties["bank"].lists["listed"]) == (["eu"], False)


def test_there_are_no_other_papers_agreements_and_owners_than_those_given() -> None:
    """Unless it is said that there may be more."""
    found = assuming("no_other_papers", "no_agreements", "no_other_owners")
    assert found.complete["agreements"].grade is Grade.ASSUMED
    assert found.complete["papers"].source == "no_other_papers"
    papers = [listed(transfer.lists["papers"]) for transfer in found.transfers]
    assert papers == [([], True), (["lic"], True), ([], True), (["lic"], False)]
    owners = {name: listed(party.lists["owners"]) for name, party in found.parties.items()}
    assert owners == {
        "maker": (["bank"], True),
        "bank": ([], False),
        "clerk": ([], True),
        "buyer": (["bank"], False),
    }


def test_there_are_no_flags_and_no_knowledge_where_nothing_is_said_of_them() -> None:
    """What is stated, be it that it is not known, stands."""
    found = assuming("no_flags", "nobody_knew")
    assert listed(found.parties["maker"].lists["flags"]) == (["new-intermediary"], False)
    assert listed(found.parties["bank"].lists["flags"]) == ([], True)
    assert listed(found.items["radar"].lists["flags"]) == ([], True)
    assert [listed(transfer.lists["flags"])[1] for transfer in found.transfers] == [True, True, False, True]
    assert [listed(transfer.lists["knew"])[1] for transfer in found.transfers] == [True, False, True, True]


def test_nobody_has_another_nationality_than_that_of_its_country() -> None:
    """Where nationalities are stated they stay."""
    parties = assuming("no_other_nationalities").parties
    assert listed(parties["maker"].lists["nationalities"]) == (["IT"], True)
    assert listed(parties["bank"].lists["nationalities"]) == (["CH|LI"], True)
    assert listed(parties["clerk"].lists["nationalities"]) == (["CN"], True)


def test_what_is_received_is_used_in_the_country_of_the_recipient() -> None:
    """Of one of several recipients, in the country of one of them."""
    transfers = assuming("used_where_received").transfers
    places = [
        said(each.facts["place_of_use"].value) if "place_of_use" in each.facts else "" for each in transfers
    ]
    assert places == ["IN", "CH|HK|LI", "anything", ""]
    received = assume(scenario(RADAR.replace("parties:", "assume: used_where_received\nparties:", 1)))
    assert said(received.transfers[2].facts["place_of_use"].value) == "PK"


@pytest.mark.parametrize(
    ("countries", "verdict"),
    [
        (["{not: PK}"], Verdict.NOT_CROSSED),
        (["{not: PK}", "FR"], Verdict.NOT_CROSSED),
        (["{not: [PK, CN]}", "{not: [PK, RU]}"], Verdict.NOT_CROSSED),
        (["{not: PK}", "PK"], Verdict.UNDETERMINED),
        (["{not: CN}"], Verdict.UNDETERMINED),
        (["unknown"], Verdict.UNDETERMINED),
        (["PK"], Verdict.CROSSES),
    ],
)
def test_where_the_recipient_is_not_nothing_that_it_receives_is_used(
    countries: list[str], verdict: Verdict, tmp_path: Path
) -> None:
    """Of several who may receive, where none of them is."""
    names = [f"buyer{number}" for number in range(len(countries))]
    to = names[0] if len(names) == 1 else f"{{one_of: [{', '.join(names)}]}}"
    parties = "".join(
        f"  {name}: {{country: {place}, kind: company}}\n"
        for name, place in zip(names, countries, strict=True)
    )
    said = (
        "redline: 1\nscenario: s\nas_of: 2026-06-01\nassume: [used_where_received, recipient_is_end_user]\n"
        f"parties:\n  maker: {{country: IT, kind: company}}\n{parties}items:\n  gun: {{form: hardware}}\n"
        f"transfers:\n  - {{activity: export, item: gun, from: maker, to: {to}, date: 2026-03-01}}\n"
    )
    rule = (
        "redline: 1\npolicy: p\ntitle: p\nstated_by: IN\nrules:\n  - {id: r, says: r, kind: prohibits, "
        "layer: legal, strength: law, source: [{text: s}], for: each step, "
        "when: {some reach: {country: PK}}}\n"
    )
    assert answered(tmp_path, said, rule).verdict is verdict


def test_what_is_assumed_of_an_alleged_fact_is_alleged() -> None:
    """It may clear no more than that fact may."""
    found = assuming("used_where_received", "no_other_nationalities", "recipient_is_end_user")
    assert found.transfers[0].facts["place_of_use"].grade is Grade.ALLEGED
    assert found.transfers[1].facts["place_of_use"].grade is Grade.ASSUMED
    assert found.parties["buyer"].lists["nationalities"].closure.grade is Grade.ALLEGED
    alleged = scenario(
        "redline: 1\nscenario: s\nassume: recipient_is_end_user\n"
        "transfers: [{to: {value: IN, grade: alleged}}]"
    )
    assert assume(alleged).transfers[0].references["end_user"].fact.grade is Grade.ALLEGED


def test_an_assumption_beside_its_contrary_is_refused() -> None:
    """Of a whole part of the scenario it would be neither."""
    for name, part in CONTRADICTED.items():
        text = f"redline: 1\nscenario: s\nassume: {name}\n{part}: {{more: possible}}"
        assert told(text) == [("contradiction", "keep one of the two")]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_assumption_is_documented_and_adds_something(name: str) -> None:
    """Its name is a word of the language, and what it adds is graded and names it."""
    assumption = CATALOGUE[name]
    assert assumption.name == name
    assert assumption.means
    assert assumption.expands
    before = scenario(TEXT.format(names=name))
    after = assume(before)
    assert after != before
    added = set(facts(after)) - set(facts(before))
    assert added
    assert {fact.source for fact in added} == {name}
    assert all(fact.grade >= Grade.ALLEGED and fact.says.endswith("(assumed)") for fact in added)


def facts(found: Scenario) -> list[Fact]:
    """Every fact of a scenario."""
    things: list[Entity] = [
        *found.parties.values(), *found.items.values(), *found.agreements.values(), *found.papers.values(),
        *found.transfers,
    ]  # fmt: skip
    collected = list(found.complete.values())
    while things:
        thing = things.pop()
        collected += [*thing.facts.values(), *(each.fact for each in thing.references.values())]
        for listing in thing.lists.values():
            collected.append(listing.closure)
            for element in listing.elements:
                match element:
                    case Entity():
                        things.append(element)
                    case Fact():
                        collected.append(element)
                    case _:
                        collected.append(element.fact)
    return [replace(fact, value=None) for fact in collected]


@given(st.permutations(list(CATALOGUE)), st.sampled_from([TEXT, RICH, RADAR]))
def test_the_order_of_assumptions_is_irrelevant_and_twice_is_once(names: list[str], text: str) -> None:
    """Each adds its own, and nothing to what another added."""
    found = scenario(text.format(names="") if text is TEXT else text)
    named = [Fact(f"assume.{n}", Terms(NAME, frozenset({n})), Grade.ASSUMED, n) for n in names]
    one = assume(replace(found, assumptions=tuple(sorted(named, key=lambda fact: fact.path))))
    other = assume(replace(found, assumptions=tuple(named)))
    assert replace(one, assumptions=()) == replace(other, assumptions=())
    assert assume(other) == other
