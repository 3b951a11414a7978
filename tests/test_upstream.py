"""What lies behind a step."""

from __future__ import annotations

import pytest

from redline.engine.records import Asked
from redline.engine.step_row import step_row
from redline.engine.steps import order_of, steps_of
from redline.engine.upstream import upstream
from redline.rules.facts import Scenario
from tests.build import MORE, case, item, named, party, paths, scenario, transfer, yes

PEOPLE = {name: party(country="TR", kind="company") for name in ("maker", "yard", "dealer", "navy")}
ITEMS = {
    "radar": item(form="hardware"),
    "unit": item(form="hardware", quantity=1),
    "plans": item(form="technology"),
    "ship": item(form="hardware", contains=["radar"]),
    "boat": item(form="hardware", made_with=["plans"]),
}


def _export(what: object, sender: object, to: object, date: str = "", **more: object) -> dict[str, object]:
    days = {"contract": date, "delivery": date} if date else {}
    return transfer("export", [what], from_=sender, to=to, **days, **more)


def _scenario(
    *transfers: dict[str, object], open_lists: tuple[str, ...] = (), as_of: str | None = "2026-06-01"
) -> Scenario:
    return scenario(*transfers, parties=PEOPLE, items=ITEMS, open_lists=open_lists, as_of=as_of)


def _behind(what: Scenario, number: int) -> tuple[set[int], set[int]]:
    """The steps, counted from 1, that certainly lie behind a step, and those that may."""
    past = upstream(case(what))[number - 1].past
    return {n + 1 for n in past.sure}, {n + 1 for n in past.possible - past.sure}


def test_what_is_sent_on_was_received_before() -> None:
    """Along the chain of holders."""
    what = _scenario(_export("radar", "maker", "yard"), _export("radar", "yard", "navy"))
    assert _behind(what, 1) == (set(), set())
    assert _behind(what, 2) == ({1}, set())


def test_what_is_built_in_passes_its_past_on() -> None:
    """With the step by which it is built in."""
    what = _scenario(
        _export("radar", "maker", "yard"),
        transfer("incorporation", ["radar"], by="yard", into="ship"),
        _export("ship", "yard", "navy"),
    )
    assert _behind(what, 3) == ({1, 2}, set())


def test_a_part_that_its_holder_received_is_behind_the_whole_that_it_sends() -> None:
    """Though nobody says that it was built in; so is technology with which it was made."""
    what = _scenario(_export("radar", "maker", "yard"), _export("ship", "yard", "navy"))
    assert _behind(what, 2) == ({1}, set())
    what = _scenario(_export("plans", "maker", "yard"), _export("boat", "yard", "navy"))
    assert _behind(what, 2) == ({1}, set())


def test_a_part_that_went_elsewhere_may_be_behind_the_whole() -> None:
    """How it came to the sender of the whole is not told."""
    what = _scenario(_export("radar", "maker", "dealer"), _export("ship", "yard", "navy"))
    assert _behind(what, 2) == (set(), {1})


def test_who_received_it_twice_may_send_either() -> None:
    """What both have is certain, what one has is possible."""
    what = _scenario(
        _export("radar", "maker", "dealer"),
        _export("radar", "dealer", "yard"),
        _export("radar", "maker", "yard"),
        _export("radar", "yard", "navy"),
    )
    assert _behind(what, 4) == (set(), {1, 2, 3})


def test_the_only_one_is_where_it_went_last() -> None:
    """It came back and went out again: its whole way is certain."""
    what = _scenario(
        _export("unit", "maker", "yard"), _export("unit", "yard", "maker"), _export("unit", "maker", "navy")
    )
    assert _behind(what, 3) == ({1, 2}, set())


def test_what_is_built_in_and_sent_on_may_have_been_taken_out_unless_there_are_others() -> None:
    """Of how many there are nothing is said; or it is the only one, whose whole way is certain."""
    for quantity, expected in (
        (None, ({1}, {2})),
        (1, ({1, 2}, set())),
        ((1, 3), ({1}, {2})),
        (5, ({1}, set())),
        ((2, None), ({1}, set())),
    ):
        told = {} if quantity is None else {"quantity": quantity}
        items = ITEMS | {"radar": item(form="hardware", **told)}
        what = scenario(
            _export("radar", "maker", "yard"),
            transfer("incorporation", ["radar"], by="yard", into="ship"),
            _export("radar", "yard", "navy"),
            parties=PEOPLE,
            items=items,
        )
        assert _behind(what, 3) == expected, quantity


def test_what_is_built_in_twice_is_not_said_to_be_new_unless_there_are_others() -> None:
    """Of how many there are nothing is said."""
    twice = [transfer("incorporation", ["radar"], by="yard", into="ship")] * 2
    assert _behind(_scenario(*twice), 2) == (set(), {1})
    items = ITEMS | {"radar": item(form="hardware", quantity=2)}
    assert _behind(scenario(*twice, parties=PEOPLE, items=items), 2) == (set(), set())


def test_a_part_sent_on_by_whoever_received_the_whole_may_have_come_in_it() -> None:
    """Certainly, if there is one of it and nobody else had it; of what is not said to be in it, possibly."""
    for told, inside, expected in (
        ({"quantity": 1}, {"contains": ["gun"]}, ({1}, set())),
        ({}, {"contains": ["gun"]}, (set(), {1})),
        ({"quantity": 2}, {"contains": ["gun"]}, (set(), {1})),
        ({"quantity": 1}, {"contains": ["gun", MORE]}, ({1}, set())),
        ({"quantity": 1}, {"contains": ["turret"]}, ({1}, set())),
        ({"quantity": 1}, {"contains": [("gun", "radar")]}, (set(), {1})),
        ({"quantity": 1}, {"contains": [MORE]}, (set(), {1})),
        ({"quantity": 1}, {"contains": ["radar"]}, (set(), set())),
    ):
        items = ITEMS | {
            "gun": item(form="hardware", **told),
            "turret": item(form="hardware", contains=["gun"]),
            "ship": item(form="hardware", **inside),
        }
        what = scenario(
            _export("ship", "maker", "navy"), _export("gun", "navy", "dealer"), parties=PEOPLE, items=items
        )
        assert _behind(what, 2) == expected, (told, inside)


def test_what_the_whole_went_through_without_the_part_is_not_behind_it() -> None:
    """The only gun was delivered to the yard by itself, then in the ship; the hull's way is not the gun's."""
    items = ITEMS | {
        "gun": item(form="hardware", quantity=1),
        "ship": item(form="hardware", quantity=1, contains=["gun", "hull"]),
        "hull": item(form="hardware", quantity=1),
    }
    what = scenario(
        _export("hull", "dealer", "yard"),
        _export("gun", "maker", "yard"),
        _export("ship", "yard", "navy"),
        _export("gun", "navy", "dealer"),
        parties=PEOPLE,
        items=items,
    )
    assert _behind(what, 4) == ({2, 3}, set())


def test_hardware_that_its_sender_sends_again_may_be_back_unless_there_are_others() -> None:
    """It came back or is another: of the only one its way is certain."""
    twice = (_export("radar", "maker", "yard"), _export("radar", "maker", "navy"))
    back = (
        _export("radar", "maker", "yard"),
        _export("radar", "yard", "maker"),
        _export("radar", "maker", "navy"),
    )
    for quantity, again, returned in (
        (None, (set(), {1}), (set(), {1, 2})),
        (1, None, ({1, 2}, set())),
        (2, (set(), set()), (set(), {1, 2})),
    ):
        told = {} if quantity is None else {"quantity": quantity}
        items = ITEMS | {"radar": item(form="hardware", **told)}
        if again is None:
            assert not upstream(case(scenario(*twice, parties=PEOPLE, items=items)))[1].held
        else:
            assert _behind(scenario(*twice, parties=PEOPLE, items=items), 2) == again, quantity
        assert _behind(scenario(*back, parties=PEOPLE, items=items), 3) == returned, quantity


def test_technology_is_copied_and_the_sender_keeps_it() -> None:
    """What comes back may be sent on, or what was kept."""
    what = _scenario(
        _export("plans", "maker", "yard"),
        _export("plans", "yard", "maker"),
        _export("plans", "maker", "navy"),
    )
    assert _behind(what, 3) == (set(), {1, 2})


def test_steps_are_taken_by_date_however_they_are_written() -> None:
    """The last is written first."""
    what = _scenario(
        _export("radar", "yard", "navy", "2028"),
        _export("radar", "maker", "dealer", "2026"),
        _export("radar", "dealer", "yard", "2027"),
    )
    assert order_of(case(what))[0] == (1, 2, 0)
    assert _behind(what, 1) == ({2, 3}, set())


def test_steps_of_one_day_or_without_dates_are_taken_as_written() -> None:
    """An undated step between dated ones stands where it is written, if the scenario has no date either."""
    what = _scenario(
        _export("radar", "maker", "yard", "2027"),
        transfer("incorporation", ["radar"], by="yard", into="ship"),
        _export("ship", "yard", "navy", "2028"),
        as_of=None,
    )
    assert order_of(case(what))[0] == (0, 1, 2)
    assert _behind(what, 3) == ({1, 2}, set())


def test_a_step_without_dates_has_its_place_by_the_date_of_the_scenario() -> None:
    """It falls on that day: what was before is behind it though written after, what comes later is not."""
    nothing = set[int]()
    for days, expected in (
        (("2026-05-01", ""), ({2}, nothing)),
        (("2026-06-01", ""), (nothing, nothing)),
        (("2026-06-02", ""), (nothing, nothing)),
        (("2026", ""), ({2}, nothing)),  # the other way round the maker would send what is with another
        (("", "2026-06-02"), ({2}, nothing)),
        (("", "2026-06-01"), (nothing, nothing)),
    ):
        first, then = days
        what = _scenario(_export("radar", "yard", "navy", then), _export("radar", "maker", "yard", first))
        assert _behind(what, 1) == expected, days
    behind = step_row(
        case(_scenario(_export("ship", "yard", "navy"), _export("radar", "maker", "yard", "2026-05-01"))), 0
    )
    assert "as_of" in paths(behind.lists["upstream"].rows[0].present)


def test_the_only_one_is_held_by_whom_the_dates_tell_where_one_has_none() -> None:
    """Written last and undated, it comes before what is dated later."""
    what = _scenario(_export("unit", "yard", "navy", "2026-07"), _export("unit", "maker", "yard"))
    assert all(each.held for each in upstream(case(what)).values())
    assert _behind(what, 1) == ({2}, set())


@pytest.mark.parametrize("first", ["2026", "2026-03"])
def test_who_holds_what_tells_the_order_of_dates_that_overlap_or_are_the_same_and_no_day(first: str) -> None:
    """Written first, it comes later: else the maker would send what is with another."""
    what = _scenario(_export("radar", "yard", "navy", first), _export("radar", "maker", "yard", "2026-03"))
    assert all(each.held for each in upstream(case(what)).values())
    assert _behind(what, 1) == ({2}, set())


@pytest.mark.parametrize(("day", "behind"), [("2026", (set(), {2, 3})), ("2026-03-01", (set(), set()))])
def test_what_another_order_would_add_is_possible_where_dates_are_the_same_and_no_day(
    day: str, behind: tuple[set[int], set[int]]
) -> None:
    """It may be sent on before, or after it was away and came back; of one day it is as written."""
    what = _scenario(
        _export("radar", "yard", "navy", day),
        _export("radar", "yard", "dealer", day),
        _export("radar", "dealer", "yard", day),
    )
    assert _behind(what, 1) == behind


def test_what_is_written_against_the_dates_around_it_leaves_nothing_certain() -> None:
    """An undated step between two that the dates turn round may be before, between or after."""
    what = _scenario(
        _export("radar", "yard", "dealer", "2027"),
        _export("radar", "dealer", "navy"),
        _export("radar", "maker", "yard", "2026"),
        as_of=None,
    )
    assert _behind(what, 2)[0] == set()
    assert _behind(what, 2)[1] == {1, 3}


def test_an_unknown_item_before_may_have_been_this_one() -> None:
    """Sent by anyone to whoever sends it now."""
    what = _scenario(transfer("export", [None], from_="maker", to="yard"), _export("radar", "yard", "navy"))
    assert _behind(what, 2) == (set(), {1})


def test_a_recipient_who_is_not_known_may_be_who_sends_it_on() -> None:
    """As may one of two, and some party in the sender's country."""
    for to in (None, ("yard", "dealer"), "TR"):
        what = _scenario(_export("radar", "maker", to), _export("radar", "yard", "navy"))
        assert _behind(what, 2) == (set(), {1})


def test_an_end_user_or_one_on_the_way_may_send_it_on() -> None:
    """Though another received it."""
    what = _scenario(_export("radar", "maker", "dealer", end_user="yard"), _export("radar", "yard", "navy"))
    assert _behind(what, 2) == (set(), {1})
    what = _scenario(_export("radar", "maker", "dealer", via=["yard"]), _export("radar", "yard", "navy"))
    assert _behind(what, 2) == (set(), {1})


def test_brokering_moves_nothing_by_itself() -> None:
    """The item may have come by it."""
    what = _scenario(
        transfer("brokering", ["radar"], from_="maker", to="yard", by="dealer"),
        _export("radar", "yard", "navy"),
    )
    assert _behind(what, 2) == (set(), {1})


def test_items_in_a_whole_whose_parts_are_open_may_lie_behind_it() -> None:
    """Any that was transferred before, but none that the whole is part of."""
    items = {"box": item(contains=["..."]), "radar": item(), "crate": item(contains=["box"])}
    what = scenario(
        _export("radar", "maker", "dealer"), _export("crate", "yard", "navy"), _export("box", "yard", "navy"),
        parties=PEOPLE, items=items,
    )  # fmt: skip
    assert 1 in _behind(what, 3)[1]
    assert 2 not in _behind(what, 3)[0] | _behind(what, 3)[1]


def test_a_step_is_not_behind_another_of_the_same_transfer() -> None:
    """Both happen at once."""
    what = _scenario(transfer("export", ["radar", "ship"], from_="yard", to="navy"))
    assert len(steps_of(case(what))) == 2
    assert _behind(what, 2) == (set(), set())


def test_the_list_is_complete_where_the_transfers_are() -> None:
    """And open where there may be more of them."""
    moves = (_export("radar", "maker", "yard"), _export("radar", "yard", "navy"))
    closed = step_row(case(_scenario(*moves), Asked()), 1).lists["upstream"]
    opened = step_row(case(_scenario(*moves, open_lists=("transfers",)), Asked()), 1).lists["upstream"]
    assert named(closed) == {"step 1": "yes"}
    assert (yes(closed.closed), yes(opened.closed)) == ("yes", "?")
    assert {"transfers.1.to", "transfers.2.from", "transfers.1.items.1"} <= paths(closed.rows[0].present)
    assert "transfers" in paths(closed.closed)
