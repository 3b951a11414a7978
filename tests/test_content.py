"""What an item consists of and was made with."""

from __future__ import annotations

from fractions import Fraction

from redline.engine.content import content_rows, item_row
from redline.engine.records import Asked
from redline.rules.condition import Share
from redline.rules.record import Row, Rows
from tests.build import MORE, case, is_, item, named, paths, scenario, seen, yes


def _rows(ident: str, **items: dict[str, object]) -> Rows:
    return content_rows(case(scenario(items=items)), ident)


def _row(rows: Rows, name: str, via: str = "") -> Row:
    return next(r for r in rows.rows if r.name == name and via in ("", seen(r, "via")))


def test_an_item_is_the_first_part_of_itself() -> None:
    """Certainly, wholly and at depth 0, even if nothing else is known of it."""
    rows = _rows("radar", radar={})
    first = rows.rows[0]
    assert (first.name, first.present) == ("radar", None)
    assert (seen(first, "via"), seen(first, "depth"), seen(first, "share")) == ("itself", 0, 1)


def test_of_an_item_that_says_nothing_of_its_parts_the_parts_are_open() -> None:
    """And it is asked for them where they would be stated."""
    rows = _rows("radar", radar={})
    assert yes(rows.closed) == "?"
    assert rows.closed.about == "items.radar.contains"
    assert not rows.closed.stated


def test_an_unlisted_part_has_no_origin_but_those_of_the_whole() -> None:
    """Where these are complete; an unlisted tool may be of any origin."""
    rows = _rows("ship", ship={"origin": ["TR", "IT"]})
    assert seen(rows.rest.lists["origin"].rest, "value") == ("IT", "TR")
    assert seen(rows.rest, "via") == "contained"
    tool = rows.rows[-1]
    assert yes(tool.present) == "?"
    assert seen(tool, "via") == ("made-with-plant", "made-with-technology")
    assert tool.lists["origin"].rest.cells["value"].value.anything


def test_an_item_without_origins_has_no_unlisted_part_with_any() -> None:
    """An empty complete list is no set of which everything is true."""
    rows = _rows("ship", ship={"origin": [], "made_with": []})
    assert yes(rows.rest.lists["origin"].closed) == "yes"
    assert not rows.rest.lists["origin"].rows


def test_an_origin_that_leaves_out_that_of_a_listed_part_is_open() -> None:
    """As is one beside a part whose origin is not known."""
    parts = {"radar": item(origin=["IT"]), "engine": item()}
    fitting = item_row(
        case(scenario(items={"ship": item(origin=["TR", "IT"], contains=["radar"]), **parts})), "ship"
    )
    lacking = item_row(
        case(scenario(items={"ship": item(origin=["TR"], contains=["radar"]), **parts})), "ship"
    )
    unknown = item_row(
        case(scenario(items={"ship": item(origin=["TR"], contains=["engine"]), **parts})), "ship"
    )
    assert [yes(row.lists["origin"].closed) for row in (fitting, lacking, unknown)] == ["yes", "?", "?"]
    assert unknown.lists["origin"].closed.about == "items.engine.origin"


def test_an_unlisted_part_may_have_been_made_with_anything() -> None:
    """Though the item itself was made with nothing: F1."""
    for contains in ({}, {"contains": [MORE]}):
        rows = _rows("board", board={"made_with": [], "origin": ["TR"], **contains})
        tool = rows.rows[-1]
        assert yes(tool.present) == "?"
        assert seen(tool, "via") == ("made-with-plant", "made-with-technology")
        assert tool.lists["origin"].rest.cells["value"].value.anything
        assert tool.cells["via"].about == "items.board.contains"


def test_an_unlisted_part_of_a_tool_comes_in_as_tools_do() -> None:
    """It is no part of the item, which is listed in full."""
    rows = _rows(
        "gun", gun=item(made_with=["press"]), press={"form": "hardware", "made_with": [], "contains": [MORE]}
    )
    assert yes(rows.closed) == "?"
    assert rows.closed.about == "items.press.contains"
    assert seen(rows.rest, "via") == ("made-with-plant", "made-with-technology")


def test_a_tool_of_a_tool_comes_in_by_its_own_form_or_by_that_of_the_tool() -> None:
    """The plans of a plant are technology; whether the product of the plant is theirs is a reading."""
    rows = _rows(
        "radar",
        radar=item(made_with=["plant"]),
        plant=item(form="hardware", made_with=["plans", "crane"], contains=["firmware"]),
        plans=item(form="technology"),
        crane=item(form="hardware"),
        firmware=item(form="software"),
    )
    either = ("made-with-plant", "made-with-technology")
    vias = {row.name: seen(row, "via") for row in rows.rows}
    assert vias["plant"] == vias["crane"] == "made-with-plant"
    assert vias["plans"] == vias["firmware"] == either


def test_a_part_of_a_tool_is_content_but_not_contained() -> None:
    """The components of a plant count where rules ask how the item was made."""
    press = item(form="hardware", contains=["engine"])
    rows = _rows("gun", gun=item(made_with=["press"]), press=press, engine=item(form="hardware"))
    assert seen(_row(rows, "engine"), "via") == "made-with-plant"


def test_a_part_deep_inside_cites_every_step_on_the_way() -> None:
    """Incorporation four deep."""
    chain = {f"i{n}": item(contains=[f"i{n + 1}"]) for n in range(4)} | {"i4": item()}
    rows = _rows("i0", **chain)
    last = _row(rows, "i4")
    assert seen(last, "depth") == 4
    assert {f"items.i{n}.contains.1" for n in range(4)} <= paths(last.present)
    assert yes(rows.closed) == "yes"
    assert {f"items.i{n}.{name}" for n in range(5) for name in ("contains", "made_with")} <= paths(
        rows.closed
    )


def test_one_open_list_deep_inside_leaves_the_whole_open() -> None:
    """A part's content is the whole's."""
    rows = _rows("ship", ship=item(contains=["radar"]), radar=item(contains=["chip", MORE]), chip=item())
    assert yes(rows.closed) == "?"
    assert rows.closed.about == "items.radar.contains"


def test_tools_come_by_their_form_and_bring_what_they_have() -> None:
    """Technology, plant, or either where the form is not known; none is a share of the value."""
    rows = _rows(
        "gun",
        gun=item(made_with=["plans", "press", "thing"]),
        plans=item(form="design"),
        press=item(form="hardware", contains=["chip"]),
        thing=item(),
        chip=item(form="hardware"),
    )
    vias = {row.name: seen(row, "via") for row in rows.rows}
    assert vias["plans"] == "made-with-technology"
    assert vias["press"] == vias["chip"] == "made-with-plant"
    assert vias["thing"] == ("made-with-plant", "made-with-technology")
    assert seen(_row(rows, "chip"), "share") == 0


def test_one_and_the_same_thing_contained_and_used_as_a_tool_is_two_rows() -> None:
    """One row an item and way."""
    rows = _rows("gun", gun=item(contains=["chip"], made_with=["chip"]), chip=item(form="hardware"))
    assert [seen(row, "via") for row in rows.rows] == ["itself", "contained", "made-with-plant"]


def test_a_part_that_is_one_of_two_is_one_row_and_what_is_in_either_is_possible() -> None:
    """Neither is certain, some one of them is."""
    rows = _rows(
        "ship",
        ship=item(contains=[("radar", "sonar")]),
        radar=item(origin=["IT"], contains=["chip"]),
        sonar=item(origin=["FR"]),
        chip=item(),
    )
    assert named(rows) == {"ship": "yes", "radar or sonar": "yes", "chip": "?"}
    either = _row(rows, "radar or sonar")
    assert named(either.lists["origin"]) == {"?": "?"}
    assert len(either.lists["origin"].rows) == 2


def test_a_part_that_is_not_known_leaves_the_content_open() -> None:
    """It may be anything, and have anything in it."""
    rows = _rows("ship", ship=item(contains=[{"item": None, "share": "0.3"}]))
    assert yes(rows.closed) == "?"
    part = rows.rows[1]
    assert yes(part.present) == "yes"
    assert part.cells["class"].value.anything
    assert seen(part, "share") == Fraction(3, 10)


def test_a_share_that_is_not_given_is_at_most_what_the_others_leave() -> None:
    """And at least nothing."""
    rows = _rows(
        "ship", ship=item(contains=[{"item": "hull", "share": "0.6"}, "radar"]), hull=item(), radar=item()
    )
    assert seen(_row(rows, "radar"), "share") == (0, Fraction(2, 5))


_US = Share(is_("part", "made_in", "US"))


def _share(**items: dict[str, object]) -> object:
    found = item_row(case(scenario(items=items), Asked(shares=(_US,))), "ship")
    return seen(found, _US)


def test_a_part_that_meets_the_condition_counts_wholly_and_once() -> None:
    """What is inside it is not counted again."""
    chip = item(made_in="US")
    engine = item(made_in="US", contains=[{"item": "chip", "share": "0.5"}])
    ship = item(made_in="TR", contains=[{"item": "engine", "share": "0.3"}])
    assert _share(ship=ship, engine=engine, chip=chip) == Fraction(3, 10)


def test_unlisted_parts_may_meet_the_condition() -> None:
    """An open list leaves the rest of the value possible."""
    ship = item(made_in="TR", contains=[{"item": "engine", "share": "0.3"}, MORE])
    assert _share(ship=ship, engine=item(made_in="US")) == (Fraction(3, 10), 1)


def test_an_item_that_itself_meets_the_condition_counts_wholly() -> None:
    """As it does as the one part of a box; of one of which it is not known it may."""
    engine = item(made_in="TR")
    assert _share(ship=item(made_in="US")) == 1
    for made_in, expected in (("US", 1), (("US", "TR"), (0, 1)), ("TR", 0)):
        ship = item(made_in=made_in, contains=[{"item": "engine", "share": "0.3"}])
        assert _share(ship=ship, engine=engine) == expected
        boxed = {"ship": item(made_in="CH", contains=[{"item": "hull", "share": 1}]), "hull": ship}
        assert _share(**boxed, engine=engine) == expected
    assert _share(ship=item(made_in="TR")) == 0


def test_two_unknown_shares_beside_a_known_one_cannot_be_more_than_what_is_left() -> None:
    """Together, not each."""
    ship = item(made_in="TR", contains=[{"item": "hull", "share": "0.8"}, "one", "two"])
    parts = {"hull": item(made_in="TR"), "one": item(made_in="US"), "two": item(made_in="US")}
    assert _share(ship=ship, **parts) == (0, Fraction(1, 5))
