"""The subjects of a scenario, what stands for those that could not be formed, and what cells cite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from redline.engine.derive import derive, unknown_row, without_alleged
from redline.engine.records import PARTY_LIKE, Asked
from redline.rules.condition import Covered, Days, InForce, Owned, Query, Share
from redline.rules.facts import Entity, Fact, Grade, Listing, Reference, Scenario
from redline.rules.policy import Rule, Validity
from redline.rules.quantities import parse_date
from redline.rules.record import Cell, Row, Rows, Subject
from redline.rules.values import Amounts
from redline.rules.verdicts import Kind, Layer, Strength, Voice
from redline.rules.vocabulary import ASKED
from tests.build import MORE, country, is_, item, named, party, paths, scenario, seen, transfer, yes

SHARE, OWNED, COVERED = (
    Share(is_("part", "made_in", "US")),
    Owned(country("RU"), Fraction(1, 2), "whole"),
    Covered("licence"),
)
LEAD, TERM = Days("contract", "delivery"), Days("from", "to")


def _rule(subject: str) -> Rule:
    day = parse_date("2026")
    assert isinstance(day, Amounts)
    return Rule(
        id=f"on-{subject}",
        policy="p",
        says="",
        kind=Kind.PROHIBITS,
        subject=subject,
        layer=Layer.LEGAL,
        strength=Strength.LAW,
        voice=Voice.STATE,
        stated_by="IN",
        addressed_to="IT",
        source=(),
        validity=(Validity(day, "in_force"),),
    )


ASKED_ALL = Asked(
    shares=(SHARE,),
    owned=(OWNED,),
    covered=(COVERED,),
    days=(LEAD, TERM),
    rules=tuple(_rule(subject) for subject in ("step", "item", "agreement", "scenario")),
)
PEOPLE = {
    "maker": party(country="IT", kind="company", owners=[{"party": "boss", "share": "0.6"}, MORE]),
    "boss": party(country="RU", kind="person", nationalities=["RU"]),
    "yard": party(country="TR", kind="company", owners=[]),
    "hub": party(country="AE", kind="company", owners=[]),
    "navy": party(country="PK", kind="armed-forces"),
}
ITEMS = {
    "chip": item(made_in="US", form="hardware", origin=["US"]),
    "radar": item(
        made_in="IT", form="hardware", origin=["IT", "US"], contains=[{"item": "chip", "share": "0.2"}]
    ),
    "ship": item(
        made_in="TR",
        form="hardware",
        origin=["TR", "IT", "US"],
        contains=[{"item": "radar", "share": "0.5"}],
        made_with=["plans"],
    ),
    "plans": item(made_in="TR", form="technology", origin=["IT"]),
}
PAPERS = {
    "clause": {
        "kind": "no-re-export-clause",
        "state": "held",
        "issuer": "maker",
        "forbids": [{"destinations": ["PK"]}],
        "to": "2030",
        "activities": ["export"],
    },
    "licence": {"kind": "licence", "state": "held", "issuer": "navy", "items": ["ship"], "from_": "2025"},
}
PACTS = {
    "pact": {
        "kind": "co-development",
        "partners": ["maker", "yard"],
        "items": ["radar"],
        "from_": "2020",
        "to": "2030",
    }
}


def _journey() -> Scenario:
    first = {
        "contract": "2026-01",
        "delivery": "2026-03",
        "end_user": "yard",
        "place_of_use": "TR",
        "papers": ["clause"],
    }
    last = {
        "contract": "2026",
        "delivery": "2028",
        "end_user": "navy",
        "place_of_use": "PK",
        "papers": ["licence"],
        "via": ["hub"],
    }
    return scenario(
        transfer("export", ["radar"], from_="maker", to="yard", **first),
        transfer("incorporation", ["radar"], by="yard", into="ship", papers=[]),
        transfer("export", ["ship"], from_="yard", to="navy", **last),
        parties=PEOPLE,
        items=ITEMS,
        papers=PAPERS,
        agreements=PACTS,
    )


def _subject(what: Scenario, kind: str, label: str) -> Row:
    found = derive(what, ASKED_ALL).subjects
    return next(s.row for s in found if (s.kind, s.label) == (kind, label))


def _whole(row: Row, where: str) -> None:
    """Asserts that a row, and every row in it, has all that its shape has."""
    if row.shape == "value":
        assert set(row.cells) == {"value"}, where
        return
    shape = ASKED[row.shape]
    plain = {name for name in row.cells if isinstance(name, str)}
    assert plain == set(shape.fields), where
    assert set(row.parts) == set(shape.parts), where
    assert set(row.lists) == {*shape.lists, *(n for n, f in shape.many.items() if f.type.sort != "paper")}, (
        where
    )
    expected: set[Query] = {SHARE} if row.shape in ("item", "step") else set()
    expected |= {OWNED} if row.shape in PARTY_LIKE else set()
    expected |= {COVERED} if row.shape == "step" else set()
    expected |= {LEAD} if "contract" in plain else set()
    expected |= {TERM} if {"from", "to"} <= plain else set()
    asked = {key for key in row.cells if not isinstance(key, str | InForce)}
    assert asked == expected, where
    for name, part in row.parts.items():
        assert part.shape == shape.parts[name].shape
        _whole(part, f"{where}.{name}")
    for name, rows in row.lists.items():
        for each in (*rows.rows, rows.rest):
            assert each.shape == (shape.lists[name].shape if name in shape.lists else "value")
            _whole(each, f"{where}.{name}")


def test_every_row_has_every_cell_part_and_list_of_its_shape() -> None:
    """And the questions that are asked of it, however little is known."""
    bare = scenario(
        {},
        {"to": ("navy", "hub"), "items": [("radar", "chip")]},
        {"items": []},
        parties=PEOPLE,
        items=ITEMS,
        open_lists=("transfers", "items", "agreements"),
    )
    for what in (_journey(), without_alleged(_journey()), bare, scenario()):
        derived = derive(what, ASKED_ALL)
        for subject in (*derived.subjects, *derived.phantoms):
            _whole(subject.row, f"{subject.kind} {subject.label}")
            assert (InForce(f"p/on-{subject.kind}") in subject.row.cells) is True
    for shape in ASKED:
        _whole(unknown_row(shape, "here", ASKED_ALL), shape)


def test_there_is_a_subject_for_each_step_item_and_agreement_and_one_for_the_scenario() -> None:
    """A transfer of two items makes two steps."""
    what = scenario(
        transfer("export", ["radar", "ship"], from_="maker", to="navy"),
        parties=PEOPLE,
        items=ITEMS,
        agreements=PACTS,
    )
    derived = derive(what, ASKED_ALL)
    assert [(s.kind, s.label, s.transfer, s.item) for s in derived.subjects if s.kind == "step"] == [
        ("step", "1, radar", 0, "radar"),
        ("step", "1, ship", 0, "ship"),
    ]
    assert [s.kind for s in derived.subjects].count("item") == len(ITEMS)
    assert [s.label for s in derived.subjects if s.kind == "agreement"] == ["pact"]
    assert derived.subjects[-1].kind == "scenario"
    assert not derived.phantoms


def test_what_could_not_be_formed_has_a_phantom() -> None:
    """Of each sort of subject of which there may be more."""

    def labels(found: tuple[Subject, ...]) -> list[str]:
        assert all(s.phantom and yes(s.row.present) == "?" for s in found)
        return [s.label for s in found]

    open_ = scenario(
        transfer("export", ["radar", MORE]), items=ITEMS, open_lists=("transfers", "items", "agreements")
    )
    assert labels(derive(open_, ASKED_ALL).phantoms) == [
        "1, an item that is not listed",
        "a step that is not listed",
        "an item that is not listed",
        "an agreement that is not listed",
    ]


def test_a_transfer_whose_items_are_not_known_makes_a_step_with_an_unknown_item() -> None:
    """It is no phantom: there is such a step."""
    derived = derive(scenario({"activity": "export"}), ASKED_ALL)
    step = derived.subjects[0]
    assert (step.kind, step.item, step.phantom) == ("step", None, False)
    assert step.row.parts["item"].cells["class"].value.anything
    assert seen(step.row.lists["content"].rows[0], "via") == "itself"


def test_a_transfer_of_nothing_has_no_content() -> None:
    """Talks between staffs move no item, and nobody uses any."""
    row = _subject(scenario(transfer("staff-talks", [], from_="IT", to="TR")), "step", "1")
    assert not row.lists["content"].rows
    assert yes(row.lists["content"].closed) == "yes"
    assert [seen(r, "how") for r in row.lists["reach"].rows] == ["holder"]


def test_an_undated_transfer_takes_the_date_of_the_scenario() -> None:
    """And says so; with no such date nothing is known, and a date said to be unknown stays so."""
    row = _subject(scenario({}), "step", "1")
    assert paths(row.cells["delivery"]) == {"as_of"}
    assert not row.cells["delivery"].stated
    assert "scenario" in row.cells["delivery"].how
    assert _subject(scenario({}, as_of=None), "step", "1").cells["delivery"].value.anything
    assert _subject(scenario({"delivery": None}), "step", "1").cells["contract"].value.anything


def test_a_delivery_is_not_before_its_contract() -> None:
    """One date alone bounds the other."""
    contract = _subject(scenario({"contract": "2026-02-01"}), "step", "1").cells["delivery"].value
    delivery = _subject(scenario({"delivery": "2026-02-01"}), "step", "1").cells["contract"].value
    day = parse_date("2026-02-01")
    assert isinstance(contract, Amounts)
    assert isinstance(delivery, Amounts)
    assert isinstance(day, Amounts)
    assert (contract.low, contract.high, delivery.low, delivery.high) == (day.low, None, None, day.low)


def test_days_between_two_dates_are_bounded_by_what_these_may_be() -> None:
    """From the first of the one to the last of the other."""
    row = _subject(scenario({"contract": "2026-01-01", "delivery": "2026-03"}), "step", "1")
    assert seen(row, LEAD) == (59, 89)
    year = _subject(scenario({"contract": "2026", "delivery": "2026"}), "step", "1").cells[LEAD].value
    assert isinstance(year, Amounts)
    assert (year.low, year.high) == (Fraction(0), Fraction(364))


def test_what_is_alleged_is_left_in_doubt() -> None:
    """Values are not known, elements perhaps there, nothing is complete, and no date is defaulted."""
    alleged: dict[str, Any] = {"grade": Grade.ALLEGED}
    past = {"contract": "2025", "delivery": "2025", "papers": ["clause"]}
    what = scenario(
        transfer("export", ["radar"], from_="maker", to="yard", **past, **alleged),
        transfer("export", ["radar"], from_="yard", to="navy", papers=[]),
        parties=PEOPLE | {"navy": party(country="PK", **alleged)},
        items=ITEMS | {"radar": item(**alleged, contains=["chip"], origin=["IT"])},
        papers=PAPERS,
    )  # fmt: skip
    row = _subject(without_alleged(what), "step", "1")
    assert yes(row.present) == "?"
    assert row.cells["delivery"].value.anything
    assert row.cells["delivery"].stated
    second = _subject(without_alleged(what), "step", "2")
    assert second.parts["to"].cells["country"].value.anything
    assert named(second.lists["content"])["chip"] == "?"
    assert yes(second.lists["content"].closed) == "?"
    assert named(second.parts["item"].lists["origin"]) == {"?": "?"}
    assert named(second.lists["upstream"]) == {"step 1": "?"}
    assert without_alleged(_journey()) == _journey()


def test_the_subjects_are_the_same_with_and_without_what_is_alleged() -> None:
    """Phantoms among them, so that what is only alleged to be complete is judged as open too."""
    alleged = {"grade": Grade.ALLEGED}
    what = scenario(
        transfer("export", ["radar", "chip"], from_="maker", to="yard", **alleged),
        transfer("export", [], from_="yard", to="navy", **alleged),
        transfer("export", ["radar"], from_="yard", to="navy"),
        parties=PEOPLE,
        items=ITEMS,
    )
    transfers = replace(what.complete["transfers"], grade=Grade.ALLEGED)
    what = replace(what, complete={**what.complete, "transfers": transfers})
    stated, backed = (derive(each, ASKED_ALL) for each in (what, without_alleged(what)))
    for one, other in ((stated.subjects, backed.subjects), (stated.phantoms, backed.phantoms)):
        pairs = list(zip(one, other, strict=True))
        assert all((s.kind, s.transfer, s.phantom) == (t.kind, t.transfer, t.phantom) for s, t in pairs)
        # of a step whose item is alleged it is not known what is transferred
        assert all(s.label == t.label or (s.transfer, s.kind) == (0, "step") for s, t in pairs)
    assert [s.label for s in stated.phantoms] == [
        "1, an item that is not listed",
        "a step that is not listed",
    ]
    assert [yes(s.row.present) for s in stated.subjects if s.kind == "step"] == ["yes"] * 4
    assert [yes(s.row.present) for s in backed.subjects if s.kind == "step"] == ["?", "?", "?", "yes"]
    last = [
        named(next(s for s in d.subjects if s.label == "3").row.lists["upstream"]) for d in (stated, backed)
    ]
    assert last[0]["step 1"] == "yes"
    assert last[1]["step 1"] == "?"


def test_what_an_alleged_step_transfers_is_not_known_where_only_what_is_supported_counts() -> None:
    """Alone, beside others, and where all that is given is alleged; the others stay what they are."""

    def steps(items: list[object], *alleged: int, all_alleged: bool = False) -> list[list[tuple[str, str]]]:
        what = scenario(transfer("export", items, from_="maker", to="yard"), parties=PEOPLE, items=ITEMS)
        listing = what.transfers[0].lists["items"]
        elements = tuple(
            replace(each, fact=replace(each.fact, grade=Grade.ALLEGED)) if number in alleged else each
            for number, each in enumerate(listing.elements)
            if isinstance(each, Reference)
        )
        grade = Grade.ALLEGED if all_alleged else Grade.STATED
        listing = replace(listing, elements=elements, closure=replace(listing.closure, grade=grade))
        step = replace(what.transfers[0], lists={**what.transfers[0].lists, "items": listing})
        what = replace(what, transfers=(step,))
        return [
            [(s.row.parts["item"].name or "?", yes(s.row.present)) for s in derived if s.kind == "step"]
            for both in (what, without_alleged(what))
            for derived in [(*derive(both, ASKED_ALL).subjects, *derive(both, ASKED_ALL).phantoms)]
        ]

    radar, chip = ("radar", "yes"), ("chip", "yes")
    assert steps(["radar"], 0) == [[radar], [("?", "?")]]
    assert steps(["radar", "chip"], 0) == [[radar, chip], [("?", "?"), chip]]
    assert steps(["radar"], 0, all_alleged=True) == [[radar, ("?", "?")], [("?", "?"), ("?", "?")]]
    assert steps([], all_alleged=True) == [[("?", "yes")], [("?", "yes")]]


def test_what_is_not_listed_is_judged_on_the_day_of_the_scenario() -> None:
    """As what is listed is: a rule that has run out by then is not about it.  A step may be of any day."""
    open_ = scenario(open_lists=("agreements", "items", "transfers"), as_of="2027-06-01")
    found = {s.kind: s.row for s in derive(open_, ASKED_ALL).phantoms}
    for kind, expected in (("agreement", "no"), ("item", "no"), ("step", "?")):
        assert yes(found[kind].cells[InForce(f"p/on-{kind}")]) == expected
    undated = {s.kind: s.row for s in derive(replace(open_, as_of=None), ASKED_ALL).phantoms}
    assert yes(undated["agreement"].cells[InForce("p/on-agreement")]) == "?"


# --- the facts that are cited give the value alone ---------------------------------------------


def _only(what: Scenario, kept: set[str]) -> Scenario:
    """The scenario in which nothing is known but the facts at these paths."""

    def fact(one: Fact) -> Fact:
        return one if one.path in kept else replace(one, value=None)

    def reference(one: Reference) -> Reference:
        return one if one.fact.path in kept else Reference((), replace(one.fact, value=None))

    def there(one: Fact | Reference | Entity) -> bool:
        match one:
            case Fact(path=path) | Reference(fact=Fact(path=path)) | Entity(path=path):
                return path in kept

    def listing(one: Listing) -> Listing:
        elements = tuple(thing(e) if isinstance(e, Entity) else e for e in one.elements if there(e))
        whole = len(elements) == len(one.elements)
        return replace(one, elements=elements, closed=one.closed and whole and one.closure.path in kept)

    def thing(one: Entity) -> Entity:
        return replace(
            one,
            facts={name: fact(each) for name, each in one.facts.items()},
            references={name: reference(each) for name, each in one.references.items()},
            lists={name: listing(each) for name, each in one.lists.items()},
        )

    return replace(
        what,
        as_of=what.as_of if what.as_of is not None and what.as_of.path in kept else None,
        parties={name: thing(each) for name, each in what.parties.items()},
        items={name: thing(each) for name, each in what.items.items()},
        papers={name: thing(each) for name, each in what.papers.items()},
        agreements={name: thing(each) for name, each in what.agreements.items()},
        transfers=tuple(thing(each) for each in what.transfers),
        complete={name: each for name, each in what.complete.items() if each.path in kept},
    )


def _named(rows: Rows, name: str) -> Row:
    return next(row for row in rows.rows if row.name == name)


def _how(row: Row, how: str) -> Row:
    return next(r for r in row.lists["reach"].rows if seen(r, "how") == how)


def _there(row: Row) -> Cell:
    assert row.present is not None
    return row.present


def _whose(row: Row, key: str) -> Cell:
    """The cell, with the facts by which its row is there."""
    return replace(row.cells[key], facts=(*row.cells[key].facts, *_there(row).facts))


Target = Callable[[Row], Cell]
TARGETS: dict[str, Target] = {
    "an ultimate part is there": lambda r: _there(_named(r.lists["content"], "chip")),
    "its depth": lambda r: _named(r.lists["content"], "chip").cells["depth"],
    "its share": lambda r: _named(r.lists["content"], "chip").cells["share"],
    "a tool is there": lambda r: _there(_named(r.lists["content"], "plans")),
    "how the tool comes in": lambda r: _named(r.lists["content"], "plans").cells["via"],
    "the content is complete": lambda r: r.lists["content"].closed,
    "the share that is asked for": lambda r: r.cells[SHARE],
    "the item's own country": lambda r: r.parts["item"].cells["made_in"],
    "the item's origins are complete": lambda r: r.parts["item"].lists["origin"].closed,
    "the recipient's country": lambda r: r.parts["to"].cells["country"],
    "the reach is complete": lambda r: r.lists["reach"].closed,
    "who uses it": lambda r: _how(r, "end-user").cells["country"],
    "where it is used": lambda r: _how(r, "place-of-use").cells["country"],
    "what it passes through": lambda r: _whose(_how(r, "transit"), "country"),
    "the parties are complete": lambda r: r.lists["parties"].closed,
    "a border is crossed": lambda r: r.cells["crosses_border"],
    "the first step lies behind": lambda r: _there(_named(r.lists["upstream"], "step 1")),
    "the second step lies behind": lambda r: _there(_named(r.lists["upstream"], "step 2")),
    "no other step does": lambda r: r.lists["upstream"].closed,
    "its sender": lambda r: _named(r.lists["upstream"], "step 1").parts["from"].cells["country"],
    "the licence covers it": lambda r: _named(r.lists["papers"], "licence").cells["covers"],
    "a licence is held": lambda r: r.cells[COVERED],
    "the papers are complete": lambda r: r.lists["papers"].closed,
    "the clause binds": lambda r: _there(_named(r.lists["undertakings"], "clause")),
    "the clause is breached": lambda r: _named(r.lists["undertakings"], "clause").cells["breached"],
    "the undertakings are complete": lambda r: r.lists["undertakings"].closed,
    "the agreement is about it": lambda r: _there(_named(r.lists["agreements"], "pact")),
    "the partner is a co-developer": lambda r: _there(_named(r.lists["co_developers"], "yard")),
    "there are no other co-developers": lambda r: r.lists["co_developers"].closed,
    "the maker is owned": lambda r: _named(r.lists["upstream"], "step 1").parts["from"].cells[OWNED],
    "the sender is owned by nobody": lambda r: r.parts["from"].cells[OWNED],
    "the rule is not in force": lambda r: r.cells[InForce("p/on-step")],
    "the days to delivery": lambda r: r.cells[LEAD],
}  # fmt: skip


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_the_facts_that_a_cell_cites_alone_give_its_value(target: Target) -> None:
    """Everything else may be unknown."""
    what = _journey()
    cell = target(_subject(what, "step", "3"))
    assert not cell.value.anything or target is TARGETS["the rule is not in force"]
    alone = target(_subject(_only(what, paths(cell)), "step", "3"))
    assert alone.value == cell.value
    assert paths(alone) <= paths(cell)
