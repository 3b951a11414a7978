"""Papers, undertakings and agreements of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from redline.engine.records import Asked
from redline.engine.step_row import step_row
from redline.rules.condition import Covered, Forbids
from redline.rules.facts import Fact, Listing
from redline.rules.record import Cell, Row
from redline.rules.terms import TREES
from redline.rules.values import Terms
from tests.build import (
    MORE,
    UNKNOWN,
    case,
    country,
    is_,
    item,
    named,
    party,
    paths,
    scenario,
    seen,
    transfer,
    yes,
)

PEOPLE = {
    "maker": party(country="IT", kind="company"),
    "yard": party(country="TR", kind="company"),
    "navy": party(country="PK", kind="armed-forces"),
    "ministry": party(country="IT", kind="authority"),
}
ITEMS = {
    "radar": item(codes=["wa_ml:ML5.b"], **{"class": "radar"}),
    "ship": item(codes=["wa_ml:ML9.a"], contains=["radar"], **{"class": "corvette"}),
    "box": item(codes=[], **{"class": "consumer-goods"}),
}
LICENCE = Covered("licence")
GOOD: dict[str, object] = {"state": "held", "from_": "2020", "activities": ["movement"]}
"""Held, valid for some time, and covering something."""
HELD: dict[str, object] = {"kind": "individual-licence", "issuer": "ministry", **GOOD}


def _export(
    what: str = "radar", sender: str = "maker", to: object = "yard", **more: object
) -> dict[str, object]:
    day = {"contract": "2026-03-01", "delivery": "2026-03-01"}
    user = {"end_user": to, "place_of_use": "TR", "papers": []}
    return transfer("export", [what], from_=sender, to=to, **{**day, **user, **more})


def _step(
    *transfers: dict[str, object],
    number: int = 1,
    query: Covered = LICENCE,
    open_lists: tuple[str, ...] = (),
    **said: object,
) -> Row:
    papers = said.get("papers", {})
    agreements = said.get("agreements", {})
    what = scenario(
        *transfers, parties=PEOPLE, items=ITEMS, papers=papers, agreements=agreements, open_lists=open_lists  # type: ignore[arg-type]
    )  # fmt: skip
    return step_row(case(what, Asked(covered=(query,))), number - 1)


def _held(
    paper: Mapping[str, object], query: Covered = LICENCE, *, listed: object = ("it",), **step: Any
) -> object:
    papers = [*listed] if isinstance(listed, tuple) else listed
    row = _step(_export(papers=papers, **step), query=query, papers={"it": paper})
    return seen(row, query)


# --- is such a paper held ----------------------------------------------------------------------


def test_a_licence_that_is_held_and_covers_the_step_is_held() -> None:
    """Whatever else may be attached."""
    assert _held(HELD) == "held"
    assert _held(HELD, listed=["it", MORE]) == "held"


def test_of_a_licence_that_says_nothing_of_its_time_or_of_what_it_covers_these_are_not_known() -> None:
    """What it leaves out may be what leaves the step out."""
    assert _held({"kind": "licence", "state": "held", "activities": ["movement"]}) is None
    assert _held({"kind": "licence", "state": "held", "from_": "2020"}) is None


def test_where_no_paper_can_be_attached_none_is_held() -> None:
    """And where one can, it is not known."""
    assert seen(_step(_export()), LICENCE) == "not-held"
    assert seen(_step(_export(papers=[MORE]), open_lists=("papers",)), LICENCE) is None


def test_a_paper_that_is_not_attached_may_be_where_the_papers_of_the_step_are_open() -> None:
    """That the scenario has no others does not tell that this one is not."""
    assert _held(HELD, listed=[MORE]) is None
    assert _held(HELD | {"kind": "report"}, listed=[MORE]) == "not-held"


@pytest.mark.parametrize("state", ["refused", "revoked", "expired", "pending", "absent"])
def test_a_licence_that_was_refused_or_is_no_more_is_not_held(state: str) -> None:
    """Though other papers may be attached."""
    assert _held(HELD | {"state": state}) == "not-held"
    row = _step(_export(papers=["it", MORE]), papers={"it": HELD | {"state": state}}, open_lists=("papers",))
    assert seen(row, LICENCE) == "not-held"


def test_of_a_licence_whose_state_is_not_told_it_is_not_known() -> None:
    """It may be held, it may be refused."""
    assert _held({"kind": "licence", "issuer": "ministry"}) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"from_": "2026-01-01", "to": "2026-12-31"}, "held"),
        ({"to": "2026-02-28"}, "not-held"),
        ({"from_": "2026-03-02"}, "not-held"),
        ({"from_": "2026-03"}, None),
        ({"to": UNKNOWN}, None),
        ({"to": "2026-03-01", "from_": "2026-03-01"}, "held"),
    ],
)
def test_a_licence_is_good_from_its_first_day_to_its_last(said: dict[str, object], expected: object) -> None:
    """On the day of delivery; a bound that is not known leaves it open."""
    assert _held({**HELD, **said}) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"items": ["radar"]}, "held"),
        ({"items": ["ship"]}, "not-held"),
        ({"items": ["ship", MORE]}, None),
        ({"items": [("ship", "radar")]}, None),
        ({"items": []}, "not-held"),
        ({"codes": ["wa_ml:ML5"]}, "held"),
        ({"codes": ["wa_ml:ML5.b.1"]}, None),
        ({"codes": ["wa_ml:ML9"]}, "not-held"),
        ({"classes": ["sensor"]}, "held"),
        ({"classes": ["missile"]}, "not-held"),
        ({"activities": ["movement"]}, "held"),
        ({"activities": ["brokering"]}, "not-held"),
        ({"destinations": ["TR"]}, "held"),
        ({"destinations": ["GR"]}, "not-held"),
        ({"codes": ["wa_ml:ML50"]}, "not-held"),
        ({"destinations": [("TR", "GR")]}, None),
        ({"consignees": ["yard"]}, "held"),
        ({"consignees": ["navy"]}, "not-held"),
        ({"consignees": ["TR"]}, None),
        ({"consignees": ["GR"]}, "not-held"),
        ({"end_users": ["navy"]}, "not-held"),
        ({"end_users": [UNKNOWN]}, None),
    ],
)
def test_what_a_licence_says_that_it_covers_must_not_leave_the_step_out(
    said: dict[str, object], expected: object
) -> None:
    """What it does not say does not limit."""
    assert _held({**HELD, **said}) == expected


def test_a_licence_covers_whoever_of_several_receives_if_it_covers_each() -> None:
    """And leaves the step out if it covers none of them."""
    for name in ("consignees", "end_users"):
        for listed, expected in (
            (["yard", "navy"], "held"), (["navy", "maker", "yard"], "held"), (["yard"], None),
            (["yard", MORE], None), (["maker"], "not-held"), (["TR", "navy"], None),
        ):  # fmt: skip
            paper = HELD | {name: listed}
            assert _held(paper, to=("navy", "yard"), end_user=("navy", "yard")) == expected, (name, listed)


def test_a_licence_by_entries_does_not_cover_an_item_on_no_list() -> None:
    """Though it may cover more entries than it names; of an item whose entries are open it is not known."""
    for codes, expected in (([], "not-held"), ([MORE], None)):
        items = {"box": item(codes=codes)}
        papers = {"it": HELD | {"codes": ["wa_ml:ML5", MORE]}}
        what = scenario(_export("box", papers=["it"]), parties=PEOPLE, items=items, papers=papers)
        assert seen(step_row(case(what, Asked(covered=(LICENCE,))), 0), LICENCE) == expected


def test_a_licence_for_a_state_may_be_for_its_territory() -> None:
    """Of Hong Kong a paper that names China says nothing."""
    for limit in ({"destinations": ["CN"]}, {"consignees": ["CN"]}):
        paper = HELD | limit
        row = _in_hong_kong(paper, LICENCE)
        assert seen(row, LICENCE) is None
    assert seen(_in_hong_kong(HELD | {"destinations": ["GR"]}, LICENCE), LICENCE) == "not-held"
    assert seen(_in_hong_kong(HELD | {"destinations": ["HK"]}, LICENCE), LICENCE) == "held"


def _in_hong_kong(paper: Mapping[str, object], query: Covered = LICENCE) -> Row:
    people = PEOPLE | {"trader": party(country="HK", kind="company")}
    what = scenario(
        _export(to="trader", place_of_use="HK", papers=["it"]),
        parties=people,
        items=ITEMS,
        papers={"it": paper},
    )
    return step_row(case(what, Asked(covered=(query,))), 0)


def test_a_stated_limit_needs_an_entry_of_that_list_though_other_lists_are_open() -> None:
    """An item whose entries are complete for one list has none of another entry of it."""
    codes = Listing(
        (Fact("items.radar.codes.1", Terms(TREES["code"], frozenset({"wa_ml:ML5.b"}))),),
        False,
        Fact("items.radar.codes", None),
        no_more_in=Terms(TREES["code"], frozenset({"wa_ml"})),
    )
    paper = HELD | {"codes": ["wa_ml:ML50"]}
    what = scenario(_export(papers=["it"]), parties=PEOPLE, items=ITEMS, papers={"it": paper})
    radar = what.items["radar"]
    radar = replace(radar, lists={**radar.lists, "codes": codes})
    what = replace(what, items={**what.items, "radar": radar})
    assert seen(step_row(case(what, Asked(covered=(LICENCE,))), 0), LICENCE) == "not-held"


def test_a_licence_of_another_issuer_or_content_is_not_the_one_asked_for() -> None:
    """Conditions on the issuer and on the paper; an issuer that is not told may be the one."""
    assert _held(HELD, Covered("licence", country("IT"))) == "held"
    assert _held(HELD, Covered("licence", country("FR"))) == "not-held"
    assert _held({"kind": "licence", **GOOD}, Covered("licence", country("FR"))) is None
    assert _held(HELD, Covered("licence", None, is_("paper", "declared_use", "civil"))) is None
    assert (
        _held(
            HELD | {"declared_use": "medical"},
            Covered("licence", None, is_("paper", "declared_use", "civil")),
        )
        == "held"
    )


def test_a_paper_of_a_wider_kind_may_be_of_the_one_asked_for() -> None:
    """A grant may be a licence; a licence is a grant."""
    assert _held(HELD | {"kind": "grant"}) is None
    assert _held(HELD, Covered("grant")) == "held"
    assert _held(HELD, Covered("consent")) == "not-held"


def test_the_answer_cites_the_paper_its_state_and_that_it_is_attached() -> None:
    """And for a negative that nothing else is."""
    row = _step(_export(papers=["it"]), papers={"it": HELD})
    assert {"papers.it.kind", "papers.it.state", "transfers.1.papers.1"} <= paths(row.cells[LICENCE])
    row = _step(_export())
    assert "transfers.1.papers" in paths(row.cells[LICENCE])


# --- undertakings ------------------------------------------------------------------------------

CLAUSE: dict[str, object] = {
    "kind": "no-re-export-clause",
    "forbids": [{"destinations": ["PK"]}],
    **GOOD,
}


def _bound(row: Row) -> dict[str, tuple[str, str]]:
    return {r.name: (yes(r.present), yes(r.cells["breached"])) for r in row.lists["undertakings"].rows}


def test_an_undertaking_binds_the_recipient_and_all_later_holders() -> None:
    """Through the whole into which the item was built."""
    first = _export(papers=["it"])
    built = transfer("incorporation", ["radar"], by="yard", into="ship", papers=[])
    last = _export("ship", "yard", "navy", contract="2028", delivery="2028", place_of_use="PK")
    papers = {"it": CLAUSE}
    assert _bound(_step(first, built, last, papers=papers)) == {"it": ("yes", "no")}
    assert _bound(_step(first, built, last, number=3, papers=papers)) == {"it": ("yes", "yes")}


_LATER = {"contract": "2026-04-01", "delivery": "2026-04-01"}
_SOLD = {"contract": "2026-05-01", "delivery": "2026-05-01", "place_of_use": "PK"}
_COVERS_BOTH = CLAUSE | {"items": ["radar", "box"]}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (_COVERS_BOTH, {"it": ("yes", "yes")}),
        ({**_COVERS_BOTH, "binds": ["yard"]}, {"it": ("yes", "yes")}),
        (CLAUSE | {"items": ["radar"]}, {}),
        ({k: v for k, v in CLAUSE.items() if k != "activities"}, {"it": ("?", "?")}),
        (CLAUSE, {"it": ("?", "yes")}),
        (CLAUSE | {"codes": ["wa_ml:ML5"]}, {}),
        (CLAUSE | {"classes": ["civil-goods"]}, {"it": ("yes", "yes")}),
    ],
)
def test_who_received_under_a_clause_is_bound_in_all_that_it_covers(
    said: dict[str, object], expected: dict[str, tuple[str, str]]
) -> None:
    """Though that came in another step, and whoever has it from them; where it is silent, perhaps."""
    steps = (
        _export(papers=["it"]),
        _export("box", **_LATER),
        _export("box", "yard", "ministry", **{**_LATER, "delivery": "2026-04-20"}),
        _export("box", "ministry", "navy", **_SOLD),
    )
    direct = (steps[0], steps[1], _export("box", "yard", "navy", **_SOLD))
    assert _bound(_step(*direct, number=3, papers={"it": said})) == expected
    if "binds" not in said:
        assert _bound(_step(*steps, number=4, papers={"it": said})) == expected


def test_who_is_to_receive_under_a_clause_later_is_not_bound_before() -> None:
    """Nor is it known, where the dates do not tell which comes first."""
    sold = _export("box", "yard", "navy", **{**_SOLD, "contract": "2026-02-01", "delivery": "2026-02-01"})
    steps = (_export(papers=["it"]), sold)
    assert _bound(_step(*steps, number=2, papers={"it": _COVERS_BOTH})) == {}
    some_day = _export("box", "yard", "navy", **{**_SOLD, "contract": "2026", "delivery": "2026"})
    assert _bound(_step(_export(papers=["it"]), some_day, number=2, papers={"it": _COVERS_BOTH})) == {
        "it": ("?", "yes")
    }
    to = _export(to=("yard", "ministry"), papers=["it"])
    after = _export("box", "yard", "navy", **_SOLD)
    assert _bound(_step(to, after, number=2, papers={"it": _COVERS_BOTH})) == {"it": ("?", "yes")}


def test_a_part_taken_out_of_what_was_received_under_a_clause_is_bound_by_it() -> None:
    """Though only the whole was delivered with it."""
    papers = {"it": CLAUSE | {"items": ["ship", "radar"]}}
    steps = (_export("ship", papers=["it"]), _export("radar", "yard", "navy", **_SOLD))
    assert _bound(_step(*steps, number=2, papers=papers)) == {"it": ("yes", "yes")}


def test_an_undertaking_that_names_whom_it_binds_binds_nobody_else() -> None:
    """But these though it is attached to nothing, on what it covers."""
    papers = {"it": CLAUSE | {"binds": ["yard"], "items": ["radar"]}}
    assert _bound(_step(_export("ship", "yard", "navy"), papers=papers)) == {"it": ("yes", "yes")}
    assert _bound(_step(_export("box", "yard", "navy"), papers=papers)) == {}
    assert _bound(_step(_export("radar", "maker", "navy"), papers=papers)) == {}


@pytest.mark.parametrize(
    ("ban", "expected"),
    [
        ({}, "yes"),
        ({"destinations": ["TR"]}, "yes"),
        ({"destinations": ["PK"]}, "no"),
        ({"except_destinations": ["TR"]}, "no"),
        ({"except_destinations": ["GR"]}, "yes"),
        ({"activities": ["movement"], "destinations": ["TR"]}, "yes"),
        ({"activities": ["brokering"], "destinations": ["TR"]}, "no"),
        ({"recipients": ["company"]}, "yes"),
        ({"recipients": ["armed-forces"]}, "no"),
        ({"end_uses": ["military"]}, "?"),
    ],
)
def test_a_ban_is_about_all_that_it_limits_together(ban: dict[str, object], expected: str) -> None:
    """What it does not limit, it forbids altogether."""
    assert _bound(_step(_export(papers=["it"]), papers={"it": CLAUSE | {"forbids": [ban]}})) == {
        "it": ("yes", expected)
    }


@pytest.mark.parametrize(
    ("ban", "expected"),
    [
        ({"destinations": ["CN"]}, "?"),
        ({"except_destinations": ["CN"]}, "?"),
        ({"destinations": ["HK"], "except_destinations": ["CN"]}, "?"),
        ({"destinations": ["HK"]}, "yes"),
        ({"destinations": ["GR"]}, "no"),
    ],
)
def test_a_ban_on_a_state_may_be_on_its_territory(ban: dict[str, object], expected: str) -> None:
    """Or an exception of it."""
    assert _bound(_in_hong_kong(CLAUSE | {"forbids": [ban]})) == {"it": ("yes", expected)}


@pytest.mark.parametrize(
    ("done", "banned", "expected"),
    [
        ("supply", "export", "?"),
        ("loan", "export", "?"),
        ("return", "re-export", "?"),
        ("supply", "movement", "yes"),
        ("supply", "brokering", "no"),
        ("export", "return", "no"),
        ("export", "supply", "?"),
        ("retransfer", "supply", "?"),
        ("brokering", "supply", "no"),
        ("export", "loan", "no"),
    ],
)
def test_a_ban_on_exports_may_be_on_what_says_how_it_moves_and_not_what_it_is(
    done: str, banned: str, expected: str
) -> None:
    """A step called a supply does not certainly keep a promise not to export; nor does a licence for
    exports certainly leave it out."""
    step = _export(papers=["it"]) | {"activity": done}
    bound = _bound(_step(step, papers={"it": CLAUSE | {"forbids": [{"activities": [banned]}]}}))
    assert bound == {"it": ("yes", expected)}
    held = seen(_step(step, papers={"it": HELD | {"activities": [banned]}}), LICENCE)
    assert held == {"?": None, "yes": "held", "no": "not-held"}[expected]


@pytest.mark.parametrize("banned", ["intangible-transfer", "release"])
@pytest.mark.parametrize(
    ("form", "done", "expected"),
    [
        ("technology", "export", {"intangible-transfer": "?", "release": "no"}),
        ("software", "supply", {"intangible-transfer": "?", "release": "?"}),
        (UNKNOWN, "re-export", {"intangible-transfer": "?", "release": "no"}),
        (("hardware", "software"), "supply", {"intangible-transfer": "?", "release": "?"}),
        ("hardware", "export", {"intangible-transfer": "no", "release": "no"}),
        ("hardware", "supply", {"intangible-transfer": "no", "release": "no"}),
        ("hardware", "loan", {"intangible-transfer": "no", "release": "no"}),
    ],
)
def test_a_ban_on_what_goes_by_wire_may_be_on_a_movement_of_what_is_not_hardware(
    form: object, done: str, banned: str, expected: dict[str, str]
) -> None:
    """As of a rule that names it; hardware never goes so."""
    papers = {"it": CLAUSE | {"forbids": [{"activities": [banned]}]}}
    step = _export("plans", papers=["it"]) | {"activity": done}
    what = scenario(step, parties=PEOPLE, items={"plans": item(form=form)}, papers=papers)
    assert _bound(step_row(case(what), 0)) == {"it": ("yes", expected[banned])}


@pytest.mark.parametrize(
    ("said", "asked", "expected"),
    [
        ({"activities": ["supply"]}, {"activities": "re-export"}, None),
        ({"activities": ["re-export"]}, {"activities": "supply"}, None),
        ({"activities": ["supply"]}, {"activities": "supply"}, "yes"),
        ({"activities": ["movement"]}, {"activities": "supply"}, "yes"),
        ({"activities": ["brokering"]}, {"activities": "supply"}, "no"),
        ({"activities": ["supply"]}, {"activities": "brokering"}, "no"),
        ({"activities": ["loan"]}, {"activities": "re-export"}, "no"),
        ({"activities": ["re-export"]}, {"activities": "loan"}, "no"),
        ({"destinations": ["SU"]}, {"destinations": "RU"}, None),
        ({"destinations": ["RU"]}, {"destinations": "SU"}, None),
        ({"except_destinations": ["SU"]}, {"destinations": "RU"}, None),
        ({"destinations": ["YU"]}, {"destinations": "RU"}, "no"),
    ],
)
def test_a_clause_on_supplies_or_a_former_state_may_forbid_what_is_asked_for(
    said: dict[str, object], asked: dict[str, str], expected: object
) -> None:
    """It cannot be told what its word means; a loan is less than all re-exports, and may be none of them."""
    terms = {
        name: Terms(TREES["activity" if name == "activities" else "country"], frozenset({term}))
        for name, term in asked.items()
    }
    query = Forbids(**terms)
    what = scenario(
        _export(papers=["it"]), parties=PEOPLE, items=ITEMS, papers={"it": CLAUSE | {"forbids": [said]}}
    )
    row = step_row(case(what, Asked(forbids=(query,))), 0).lists["papers"].rows[0]
    assert seen(row, query) == expected


def test_a_licence_or_declaration_for_a_former_state_may_be_for_its_successor() -> None:
    """Written in either direction; another state is not meant."""
    for there, named_, expected in (("RU", "SU", None), ("SU", "RU", None), ("RU", "YU", "not-held")):
        people = PEOPLE | {"trader": party(country=there, kind="company")}
        for limit in ({"destinations": [named_]}, {"consignees": [named_]}, {"end_users": [named_]}):
            papers = {"it": HELD | limit}
            step = _export(to="trader", place_of_use=there, papers=["it"])
            what = scenario(step, parties=people, items=ITEMS, papers=papers)
            assert seen(step_row(case(what, Asked(covered=(LICENCE,))), 0), LICENCE) == expected
        said = {"kind": "end-use-certificate", **GOOD, "forbids": []}
        for declared in ({"declared_place": named_}, {"declared_end_user": named_}):
            papers = {"it": said | declared}
            step = _export(to="trader", place_of_use=there, papers=["it"])
            what = scenario(step, parties=people, items=ITEMS, papers=papers)
            breached = "?" if expected is None else "yes"
            assert _bound(step_row(case(what), 0)) == {"it": ("yes", breached)}, (there, declared)


def test_a_ban_on_a_former_state_may_be_on_its_successor() -> None:
    """As of the state that a rule names."""
    step = _export(papers=["it"], place_of_use="TR", via=["RU"])
    for banned, expected in (("SU", "?"), ("YU", "no")):
        clause = CLAUSE | {"forbids": [{"destinations": [banned]}]}
        assert _bound(_step(step, papers={"it": clause})) == {"it": ("yes", expected)}


def test_use_in_a_territory_may_be_in_the_place_that_was_declared() -> None:
    """A state that is declared may mean it."""
    said: dict[str, object] = {"kind": "end-use-certificate", **GOOD, "forbids": []}
    assert _bound(_in_hong_kong(said | {"declared_place": "CN"})) == {"it": ("yes", "?")}
    assert _bound(_in_hong_kong(said | {"declared_place": "TR"})) == {"it": ("yes", "yes")}


def test_a_clause_that_binds_by_name_and_says_nothing_of_what_it_covers_may_bind() -> None:
    """Though it is attached to nothing: it may cover the item."""
    clause: dict[str, object] = {
        "kind": "no-re-export-clause",
        "state": "held",
        "from_": "2020",
        "binds": ["maker"],
        "forbids": [{"destinations": ["TR"]}],
    }
    row = _step(_export(), papers={"it": clause})
    assert _bound(row) == {"it": ("?", "?")}
    assert row.lists["undertakings"].rows[0].cells["breached"].about == "papers.it.covers"


def test_a_breach_tells_what_is_forbidden_or_of_what_the_paper_is_silent() -> None:
    """The country, or the declaration; or where to ask."""

    def breach(**said: object) -> Cell:
        paper = {"kind": "no-re-export-clause", **GOOD, **said}
        row = _step(_export(papers=["it"]), papers={"it": paper})
        return row.lists["undertakings"].rows[0].cells["breached"]

    assert breach(forbids=[{"destinations": ["TR"]}]).how.startswith("step 1 sends it to T")
    assert breach(forbids=[{"activities": ["movement"]}]).how == "it forbids the activity of step 1"
    certificate = {"kind": "end-use-certificate", "forbids": []}
    declared = breach(**certificate, declared_end_user="navy")
    assert declared.how == "the end user of step 1 is another than it declares"
    assert breach().about == "papers.it.forbids"
    assert breach(**certificate).about == "papers.it.declared_end_user"


def test_a_clause_that_does_not_say_what_it_forbids_may_be_breached() -> None:
    """As may one of which it is not told whether it is held."""
    silent: dict[str, object] = {"kind": "no-re-export-clause", **GOOD}
    assert _bound(_step(_export(papers=["it"]), papers={"it": silent})) == {"it": ("yes", "?")}
    doubtful: dict[str, object] = {"kind": "no-re-export-clause", "forbids": [{}]}
    assert _bound(_step(_export(papers=["it"]), papers={"it": doubtful})) == {"it": ("yes", "?")}


def test_another_end_user_than_was_declared_breaches_the_undertaking() -> None:
    """At a later step too; the same one does not, and one who is not known may."""
    declared: dict[str, object] = {
        "kind": "end-use-certificate",
        **GOOD,
        "forbids": [],
        "declared_end_user": "yard",
    }
    papers = {"it": declared}
    assert _bound(_step(_export(papers=["it"]), papers=papers)) == {"it": ("yes", "no")}
    later = _step(
        _export(papers=["it"]), _export("radar", "yard", "navy", delivery="2027"), number=2, papers=papers
    )
    assert _bound(later) == {"it": ("yes", "yes")}
    unknown = _step(_export(papers=["it"], end_user=UNKNOWN), papers=papers)
    assert _bound(unknown) == {"it": ("yes", "?")}


def test_another_use_or_place_than_was_declared_breaches_the_undertaking() -> None:
    """Unless the declared one may be meant."""
    declared: dict[str, object] = {
        "kind": "end-use-certificate",
        **GOOD,
        "forbids": [],
        "declared_use": "civil",
    }
    for use, expected in (("medical", "no"), ("military", "yes"), (UNKNOWN, "?")):
        assert _bound(_step(_export(papers=["it"], end_use=use), papers={"it": declared})) == {
            "it": ("yes", expected)
        }
    placed = {"kind": "end-use-certificate", **GOOD, "forbids": [], "declared_place": "IT"}
    assert _bound(_step(_export(papers=["it"]), papers={"it": placed})) == {"it": ("yes", "yes")}


def test_undertakings_are_complete_where_papers_and_steps_are() -> None:
    """Else an unlisted one may bind."""
    assert yes(_step(_export()).lists["undertakings"].closed) == "yes"
    assert yes(_step(_export(), open_lists=("papers",)).lists["undertakings"].closed) == "?"
    assert yes(_step(_export(), open_lists=("transfers",)).lists["undertakings"].closed) == "?"


# --- agreements --------------------------------------------------------------------------------


def _agreed(what: str = "ship", **said: object) -> tuple[dict[str, str], dict[str, str], str]:
    together = {"kind": "co-development", "partners": ["maker", "yard"], **said}
    row = _step(_export(what), agreements={"pact": together})
    found = row.lists
    return named(found["agreements"]), named(found["co_developers"]), yes(found["co_developers"].closed)


def test_who_develops_a_part_together_co_develops_the_whole() -> None:
    """By the item or by its class."""
    both = ({"pact": "yes"}, {"maker": "yes", "yard": "yes"}, "yes")
    assert _agreed(items=["radar"]) == both
    assert _agreed(classes=["sensor"]) == both
    assert _agreed(items=["box"]) == ({}, {}, "yes")
    assert _agreed(classes=["missile"]) == ({}, {}, "yes")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"state": "proposed"}, "?"),
        ({"state": UNKNOWN}, "?"),
        ({"state": "signed"}, "yes"),
        ({"state": "ended"}, "yes"),
        ({"from_": "2010", "to": "2020"}, "yes"),
        ({"from_": "2027"}, "?"),
    ],
)
def test_partners_of_an_agreement_that_is_over_stay_and_of_one_that_is_proposed_are_in_doubt(
    said: dict[str, Any], expected: str
) -> None:
    """What was developed together was; what is only to be may never be."""
    assert _agreed(items=["radar"], **said)[1] == {"maker": expected, "yard": expected}


def test_an_agreement_that_does_not_say_what_it_is_about_may_be_about_anything() -> None:
    """As may one whose items are not all told."""
    maybe = ({"pact": "?"}, {"maker": "?", "yard": "?"}, "yes")
    assert _agreed() == maybe
    assert _agreed(items=["box", MORE]) == maybe


def test_partners_of_other_agreements_are_no_co_developers() -> None:
    """Partners that are not all told leave the list open."""
    assert _agreed(items=["radar"], kind="cooperation-plan") == ({"pact": "yes"}, {}, "yes")
    assert _agreed(items=["radar"], partners=["maker", MORE])[2] == "?"


def test_without_word_of_agreements_there_may_be_some() -> None:
    """The list is open, and asked for."""
    row = _step(_export(), open_lists=("agreements",))
    assert yes(row.lists["agreements"].closed) == "?"
    assert row.lists["co_developers"].closed.about == "agreements"
