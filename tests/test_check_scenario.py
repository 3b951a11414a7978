"""What is wrong with a scenario that reading its parts one by one cannot see."""

from __future__ import annotations

from itertools import product

import pytest

from redline.engine.as_of import judged_as_of
from redline.engine.check_scenario import check_scenario
from redline.engine.consistent import contradictions
from redline.engine.derive import derive
from redline.engine.records import Asked
from redline.rules.problems import Refused, Severity
from redline.rules.quantities import parse_date
from redline.rules.terms import TREES
from tests.build import item, party, scenario, transfer

PEOPLE = {name: party(country="TR", kind="company") for name in ("maker", "yard", "dealer", "navy")}
ITEMS = {
    "radar": item(form="hardware"),
    "unit": item(form="hardware", quantity=1),
    "ship": item(form="hardware", contains=["radar"]),
    "plans": item(form="technology"),
    "boat": item(form="hardware", made_with=["plans"]),
}


def _codes(*transfers: dict[str, object], **said: object) -> list[str]:
    what = scenario(*transfers, **{"parties": PEOPLE, "items": ITEMS, **said})  # type: ignore[arg-type]
    return [problem.code for problem in check_scenario(what)]


def _export(what: object, sender: object, to: object, **more: object) -> dict[str, object]:
    return transfer("export", [what], from_=sender, to=to, **more)


def test_a_sound_scenario_has_no_problem() -> None:
    """Received, built in, sent on."""
    assert not _codes(
        _export("radar", "maker", "yard"),
        transfer("incorporation", ["radar"], by="yard", into="ship"),
        _export("ship", "yard", "navy"),
    )


def test_an_item_that_may_contain_itself_is_refused_before_derivation() -> None:
    """Each circle once, in the words of its items."""
    items = {
        "a": item(contains=["b"]),
        "b": item(contains=["c", "d"]),
        "c": item(contains=[("a", "d")]),
        "d": item(),
    }
    what = scenario(items=items)
    problems = contradictions(what)
    assert [p.code for p in problems] == ["inside-itself"]
    assert problems[0].message == "`a` would be part of itself: it has `b`, which has `c`, which has `a`"
    with pytest.raises(Refused) as refused:
        derive(what, Asked())
    assert [p.code for p in refused.value.problems] == ["inside-itself"]


def test_a_tool_may_be_made_with_what_it_makes() -> None:
    """A press made of steel that it pressed is no part of itself."""
    items = {"press": item(made_with=["steel"]), "steel": item(made_with=["press"])}
    assert not _codes(items=items)
    assert derive(scenario(items=items), Asked()).subjects


def test_parts_over_the_whole_are_told() -> None:
    """At their least."""
    whole = {"a": item(contains=[{"item": "b", "share": "0.7"}, {"item": "c", "share": ("0.4", "0.9")}])}
    found = contradictions(scenario(items=whole | {"b": item(), "c": item()}))
    assert [p.code for p in found] == ["more-than-whole"]


def test_owners_over_the_whole_on_one_day_are_told() -> None:
    """Owners that follow each other are not."""
    owners = [{"party": "yard", "share": "0.7"}, {"party": "navy", "share": "0.6"}]
    assert _codes(parties=PEOPLE | {"firm": party(owners=owners)}) == ["owners-over-100"]
    owners = [owners[0] | {"to": "2020-12-31"}, owners[1] | {"from_": "2021-01-01"}]
    assert not _codes(parties=PEOPLE | {"firm": party(owners=owners)})
    owners = [owners[0] | {"to": "2021-01-01"}, owners[1]]
    assert _codes(parties=PEOPLE | {"firm": party(owners=owners)}) == ["owners-over-100"]


def test_dates_that_contradict_are_told() -> None:
    """Of steps, papers, agreements and owners; years that overlap do not contradict."""
    late = {"contract": "2027", "delivery": "2026"}
    turned = {"from_": "2027", "to": "2026"}
    owner = party(owners=[{"party": "yard", **turned}])
    found = contradictions(
        scenario(
            _export("radar", "maker", "yard", **late),
            papers={"it": turned},
            agreements={"pact": turned},
            parties=PEOPLE | {"firm": owner},
            items=ITEMS,
        )
    )
    assert [p.code for p in found] == ["out-of-order"] * 4
    overlap = _export("radar", "maker", "yard", contract="2026-06-01", delivery="2026")
    assert not contradictions(scenario(overlap, parties=PEOPLE, items=ITEMS))


def test_judging_later_puts_no_delivery_before_its_contract() -> None:
    """Whatever the days, the status and the scenario's date: what was in order stays so."""
    days = ("2025", "2026-03-01", "2026-09-15", "2026", "2027", "2028-05-01")
    states: list[dict[str, object]] = [{}]
    states += [{"status": each} for each in TREES["status"].parents]
    tried = 0
    for contract, delivery, status in product(days, days, states):
        step = _export("radar", "maker", "yard", contract=contract, delivery=delivery, **status)
        for as_of, later in product((None, "2026-06-01", "2027"), days):
            what = scenario(step, parties=PEOPLE, items=ITEMS, as_of=as_of)
            day = parse_date(later)
            assert day is not None
            if not contradictions(what):
                tried += 1
                assert not contradictions(judged_as_of(what, day)), (contract, delivery, status, as_of, later)
    assert tried > 1000


def test_one_who_does_not_hold_an_item_that_another_holds_cannot_send_it() -> None:
    """Nor send the only one twice."""
    assert _codes(_export("radar", "maker", "yard"), _export("radar", "dealer", "navy")) == ["not-held"]
    assert _codes(_export("unit", "maker", "yard"), _export("unit", "maker", "navy")) == ["not-held"]
    assert not _codes(_export("radar", "maker", "yard"), _export("radar", "maker", "navy"))


def test_it_is_no_problem_where_the_holder_may_have_got_it() -> None:
    """By an unlisted step, from a recipient not known, as an end user, by making it, or taking it out."""
    sent = _export("radar", "maker", "yard")
    on = _export("radar", "dealer", "navy")
    assert not _codes(sent, on, open_lists=("transfers",))
    assert not _codes(_export("radar", "maker", None), on)
    assert not _codes(_export("radar", "maker", ("yard", "dealer")), on)
    assert not _codes(_export("radar", "maker", "yard", end_user="dealer"), on)
    assert not _codes(sent, _export("radar", ("dealer", "yard"), "navy"))
    assert not _codes(sent, _export("ship", "yard", "dealer"), on)
    boat = _export("boat", "maker", "yard")
    assert not _codes(boat, _export("plans", "maker", "dealer"), _export("boat", "dealer", "navy"))
    assert not _codes(transfer("brokering", ["radar"], from_="maker", to="yard", by="navy"), on)


def test_what_is_built_in_must_be_a_part() -> None:
    """Else the whole would be read as being without it."""
    assert _codes(transfer("incorporation", ["plans"], by="yard", into="ship")) == ["not-a-part"]
    assert not _codes(transfer("incorporation", ["radar"], by="yard", into="ship"))
    open_ship = ITEMS | {"ship": item(contains=["..."])}
    assert not _codes(transfer("incorporation", ["plans"], by="yard", into="ship"), items=open_ship)


def test_the_only_one_cannot_be_built_in_twice_unless_it_may_have_been_taken_out() -> None:
    """Neither into the same nor into another; what is sent or changed in between was taken out."""
    items = ITEMS | {"ship": item(form="hardware", contains=["unit"]), "tug": item(contains=["unit"])}
    built, again = (transfer("incorporation", ["unit"], by="yard", into=each) for each in ("ship", "tug"))
    assert _codes(built, built, items=items) == ["built-in-twice"]
    assert _codes(built, again, items=items) == ["built-in-twice"]
    assert _codes(built, built, built, items=items) == ["built-in-twice"] * 2
    refit = transfer("modification", ["ship"], by="yard")
    assert not _codes(built, refit, built, items=items)
    assert not _codes(
        built, _export("unit", "yard", "dealer"), _export("unit", "dealer", "yard"), built, items=items
    )
    assert not _codes(built, built, items=items, open_lists=("transfers",))
    assert not _codes(built, transfer("incorporation", ["radar"], by="yard", into="ship"), items=items | {
        "ship": item(contains=["unit", "radar"])
    })  # fmt: skip
    for quantity in (2, (1, 3)):
        assert not _codes(built, built, items=items | {"unit": item(form="hardware", quantity=quantity)})
    assert not _codes(built, built, items=items | {"unit": item(form="technology", quantity=1)})


def test_incorporation_asks_into_what_and_only_incorporation_does() -> None:
    """The first is a warning: derivation takes it to be anything."""
    what = scenario(transfer("incorporation", ["radar"], by="yard"), parties=PEOPLE, items=ITEMS)
    assert [(p.code, p.severity) for p in check_scenario(what)] == [("missing-into", Severity.WARNING)]
    assert _codes(_export("radar", "maker", "yard", into="ship")) == ["into-without-incorporation"]
