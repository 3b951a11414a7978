"""Changes by path, made on what is written; and what is written again reads as the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redline.engine.characters import first_hidden
from redline.engine.edits import edit
from redline.engine.read import read_text
from redline.engine.scenarios import scenario_from
from redline.engine.write import to_yaml
from redline.rules.facts import Entity, Fact, Scenario
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Severity
from tests.scenario_texts import RADAR, RICH, documents, listed, said


def value(text: str) -> Node:
    """A value as it would be written after `with:`."""
    root = documents(f"it: {text}")[0].root
    assert isinstance(root, Map)
    found = root.get("it")
    assert found is not None
    return found


def changed(text: str, *changes: tuple[str, str]) -> Scenario:
    """The scenario with the changes made, written and read again; all without a problem."""
    root, problems = edit(documents(text)[0].root, [(path, value(new)) for path, new in changes])
    assert problems == []
    again = documents(to_yaml(root))[0]
    assert again.root == root
    found, problems = scenario_from(again)
    assert problems == []
    assert found is not None
    return found


def refused(text: str, path: str, new: str = "x") -> tuple[str, str, str]:
    """Code, message and help of the one problem; nothing is changed then."""
    before = documents(text)[0].root
    after, (problem,) = edit(before, [(path, value(new))])
    assert after == before or problem.severity is Severity.WARNING
    return problem.code, problem.message, problem.help


def test_a_fact_is_set_by_its_path() -> None:
    """What is there is replaced, what is not is added."""
    found = changed(
        RADAR,
        ("parties.navy.country", "IN"),
        ("parties.hub.country", "AE"),
        ("transfers.3.end_user", "navy"),
        ("items.radar.origin", "[IT, FR]"),
        ("items.radar.origin.2", "US"),
        ("assume", "recipient_is_end_user"),
        ("as_of", "2027"),
    )
    assert said(found.parties["navy"].facts["country"].value) == "IN"
    assert said(found.parties["hub"].facts["country"].value) == "AE"
    assert found.transfers[2].references["end_user"].names == ("navy",)
    assert listed(found.items["radar"].lists["origin"]) == (["IT", "US"], True)
    assert len(found.assumptions) == 1
    assert found.as_of is not None
    assert said(found.as_of.value) == "2027"


def test_a_transfer_is_named_by_its_number_or_by_its_id() -> None:
    """Also in the long form of the list."""
    found = changed(RICH, ("transfers.first.to", "port"), ("transfers.2.from", "maker"))
    assert found.transfers[0].references["to"].names == ("port",)
    assert found.transfers[1].references["from"].names == ("maker",)
    assert "transfers" not in found.complete


def test_an_id_may_hold_dots() -> None:
    """The longest id that is there is meant."""
    found = changed(RICH, ("items.know.how.form", "software"))
    assert said(found.items["know.how"].facts["form"].value) == "software"


def test_a_plus_adds_at_the_end() -> None:
    """To a list, to one written alone, and to one that is not there yet."""
    found = changed(
        RADAR,
        ("transfers.+", "{activity: re-export, item: corvette, from: navy, to: SA}"),
        ("transfers.4.end_user", "SA"),
        ("items.corvette.contains.+", "{item: radar, share: 5%}"),
        ("parties.navy.roles.+", "end_user"),
        ("transfers.1.items.+", "corvette"),
    )
    assert found.transfers[3].references["end_user"].country == "SA"
    assert listed(found.items["corvette"].lists["contains"])[0] == ["radar", "radar"]
    assert listed(found.parties["navy"].lists["roles"]) == (["end-user"], False)
    assert listed(found.transfers[0].lists["items"])[0] == ["radar", "corvette"]


def test_numbers_count_what_was_there_before_the_first_change() -> None:
    """So that the end of a chain can be taken off step by step, in any order."""
    for order in (("transfers.2", "transfers.3"), ("transfers.3", "transfers.2")):
        found = changed(RADAR, *((path, "~remove") for path in order))
        assert [transfer.id for transfer in found.transfers] == ["1"]
    found = changed(RADAR, ("transfers.1", "~remove"), ("transfers.3.to", "IN"))
    assert found.transfers[1].references["to"].country == "IN"


def test_a_list_left_empty_is_none_where_it_is_complete_as_given() -> None:
    """A corvette without its radar has no part; papers without the only one are not known."""
    found = changed(RADAR, ("items.corvette.contains.1", "~remove"))
    assert listed(found.items["corvette"].lists["contains"]) == ([], True)
    found = changed(RICH, ("transfers.1.papers.1", "~remove"), ("transfers.1.papers.2", "~remove"))
    assert "papers" not in found.transfers[0].lists
    found = changed(RADAR, *((f"transfers.{number}", "~remove") for number in (1, 2, 3)))
    assert found.transfers == ()
    assert "transfers" in found.complete
    found = changed(RICH, ("items.know.how.origin.1", "~remove"))
    assert listed(found.items["know.how"].lists["origin"]) == ([], False)
    found = changed(RADAR, ("items.radar.codes.1", "~remove"))
    assert "codes" not in found.items["radar"].lists


def test_removing_what_is_stated_leaves_it_unknown() -> None:
    """A fact, a party, a whole part of the scenario."""
    found = changed(RADAR, ("parties.navy.country", "~remove"), ("as_of", "~remove"))
    assert "country" not in found.parties["navy"].facts
    assert found.as_of is None
    found = changed(
        RICH, ("agreements", "~remove"), ("transfers.1.papers.2", "~remove"), ("papers.euc", "~remove")
    )
    assert "agreements" not in found.complete
    assert set(found.papers) == {"lic"}
    found = changed(RICH, ("agreements.plan", "~remove"))
    assert found.agreements == {}
    assert "agreements" in found.complete


def test_shorter_and_longer_ways_of_writing_do_not_meet() -> None:
    """What is not changed stays as it was."""
    found = changed(RADAR, ("transfers.1.delivery", "2027"), ("transfers.1.items.1", "corvette"))
    assert said(found.transfers[0].facts["contract"].value) == "2026-03"
    assert said(found.transfers[0].facts["delivery"].value) == "2027"
    assert listed(found.transfers[0].lists["items"])[0] == ["corvette"]
    found = changed(RICH, ("transfers.1.date", "2027-02"))
    assert said(found.transfers[0].facts["contract"].value) == "2027-02"
    found = changed(
        RICH,
        ("papers.lic.to", "2030"),
        ("papers.lic.covers.destinations.+", "TR"),
        ("papers.lic.consignees", "~remove"),
        ("papers.euc.declared_use", "military"),
        ("parties.maker.listed", "[EU]"),
    )
    licence = found.papers["lic"]
    assert (said(licence.facts["from"].value), said(licence.facts["to"].value)) == ("2026", "2030")
    assert listed(licence.lists["destinations"])[0] == ["AE", "TR"]
    assert "consignees" not in licence.lists
    assert said(found.papers["euc"].facts["declared_use"].value) == "military"
    assert said(found.papers["euc"].facts["declared_place"].value) == "AE"
    assert listed(found.parties["maker"].lists["listed"]) == (["eu"], False)
    assert said(found.parties["maker"].facts["screened_on"].value) == "2026-05-02"


def test_a_part_named_alone_can_be_given_a_share_or_a_grade() -> None:
    """It is spelled out for that."""
    found = changed(
        RADAR,
        ("items.corvette.contains.1.share", "20%"),
        ("parties.navy.country.grade", "alleged"),
        ("parties.yard.grade", "reported"),
    )
    (part,) = found.items["corvette"].lists["contains"].elements
    assert isinstance(part, Entity)
    assert said(part.facts["share"].value) == "0.2"
    assert found.parties["navy"].facts["country"].grade.word == "alleged"
    assert found.parties["yard"].facts["name"].grade.word == "reported"


@pytest.mark.parametrize(
    ("path", "new", "why", "advice"),
    [
        ("transfers.4.to", "IN", "there is no element `4` among 3", "`+` adds one at the end"),
        ("transfers.0", "~remove", "there is no element `0` among 3", "`+` adds one at the end"),
        ("transfers.sale.to", "IN", "there is no element `sale` among 3", "`+` adds one at the end"),
        ("party.navy.country", "IN", "a scenario has no `party`", "did you mean `parties`?"),
        ("parties.nvay", "~remove", "there is no party `nvay`", "did you mean `navy`?"),
        ("parties.navy.kinds", "~remove", "there is no `kinds`", "did you mean `kind`?"),
        ("parties.navy.country.code", "IN", "what is there is a single value", ""),
        ("parties..country", "IN", "a step of it is empty", "write `parties.navy.country`"),
        ("", "IN", "a step of it is empty", "write `parties.navy.country`"),
        ("items.corvette.contains.+", "~remove", "what is added cannot be removed", ""),
        ("title.en", "x", "what is there is a single value", ""),
    ],
)
def test_a_path_that_names_nothing_is_told(path: str, new: str, why: str, advice: str) -> None:
    """And the scenario stays as it was."""
    assert refused(RADAR, path, new) == ("no-such-path", f"the path `{path}` names nothing: {why}", advice)


def test_what_was_removed_cannot_be_changed() -> None:
    """Its number names nothing any more."""
    changes = [("transfers.1", value("~remove")), ("transfers.1.to", value("IN"))]
    _, (problem,) = edit(documents(RADAR)[0].root, changes)
    assert problem.code == "no-such-path"


def test_a_new_thing_whose_id_is_nearly_that_of_another_is_warned_of() -> None:
    """It may be a slip, and the change would change nothing that is used."""
    code, message, advice = refused(RADAR, "parties.nvay.country", "IN")
    assert (code, advice) == ("added", "did you mean `navy`?")
    assert message == "there is no party `nvay`, so that it is added"
    assert edit(documents(RADAR)[0].root, [("parties.navy2", value("{country: IN}"))])[1] == []


def test_every_path_of_a_fact_can_be_set_to_not_known() -> None:
    """What answers name, a change can name: each fact, element and list of a scenario."""
    for text in (RADAR, RICH):
        root = documents(text)[0].root
        found = scenario_from(documents(text)[0])[0]
        assert found is not None
        paths = [path for thing in things(found) for path in paths_of(thing)]
        assert len(paths) > 20
        for path in paths:
            again, problems = edit(root, [(path, Text("unknown"))])
            assert problems == [], path
            assert [p.message for p in scenario_from(documents(to_yaml(again))[0])[1]] == [], path


def things(found: Scenario) -> list[Entity]:
    """Every thing of a scenario that has an id, and every transfer."""
    return [
        *found.parties.values(), *found.items.values(), *found.agreements.values(), *found.papers.values(),
        *found.transfers,
    ]  # fmt: skip


def paths_of(thing: Entity) -> list[str]:
    """The paths of all that is stated of it."""
    paths = [fact.path for fact in thing.facts.values()]
    paths += [reference.fact.path for reference in thing.references.values()]
    for listing in thing.lists.values():
        paths.append(listing.closure.path.removesuffix(".more"))
        for element in listing.elements:
            match element:
                case Entity():
                    paths += paths_of(element)
                case Fact(path=path):
                    paths.append(path)
                case _:
                    paths.append(element.fact.path)
    return paths


# --- written and read again --------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "", " a", "a ", "a  b", "a: b", "a:b", "1:30", "a #b", "a#b", "#", "- a", "-", "?", "~", "null", "NO",
        "3E001", "'", '"', "\\", "a b\nc", "a b\n", "\n b", "a b\tc", "[", "a, b", "{a}", "&a", "*a", "!a",
        "|", ">", "%a", "@", "`", "a:", ":a", "é", "漢", "a b\u00a0c", "---", "...", "a" * 3000, "0x1F", "=",
        "<<", "yes", "2018-01-01", "a b\U0001f600c",
    ],
)  # fmt: skip
def test_every_text_is_written_so_that_it_reads_the_same(text: str) -> None:
    """As a value, in a list, and as a key."""
    forms: list[Node] = [
        Map(((Text("k"), Text(text)),)),
        Map(((Text("k"), Seq((Text(text), Text(text)))),)),
        Seq((Seq((Text(text),)), Map(((Text("a"), Text(text)), (Text("b"), Text(text)))))),
    ]
    if len(text) < 1000 and text != "<<" and not first_hidden(text):
        forms.append(Map(((Text(text), Text("v")),)))
    for form in forms:
        written = to_yaml(form)
        found, problems = read_text(written.encode(), "f")
        assert problems == [], written
        assert [document.root for document in found] == [form], written


TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0x2FF), max_size=8)
TREES: st.SearchStrategy[Node] = st.recursive(
    TEXTS.map(Text),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: Seq(tuple(items)))
        | st.dictionaries(TEXTS.filter(str.isascii), inner, max_size=4).map(
            lambda found: Map(tuple((Text(key), value) for key, value in found.items() if key != "<<"))
        )
    ),
    max_leaves=20,
)


@given(TREES)
def test_every_tree_is_written_so_that_it_reads_the_same(tree: Node) -> None:
    """Whatever is in it, empty collections too."""
    root = Map(((Text("redline"), Text("1")), (Text("it"), tree)))
    found, problems = read_text(to_yaml(root).encode(), "f")
    if all(problem.code != "invisible-character" for problem in problems):
        assert problems == []
        assert [document.root for document in found] == [root]


STEPS = st.sampled_from([
    "parties", "navy", "maker", "items", "radar", "know", "how", "transfers", "1", "2", "3", "9", "+",
    "first", "country", "covers", "papers", "lic", "destinations", "screened", "date", "delivery", "contains",
    "item", "more", "known", "owners", "grade", "forbids", "x", "", "to", "valid", "assume", "note",
])  # fmt: skip
PATHS = st.lists(STEPS, min_size=1, max_size=5).map(".".join)


@given(
    st.sampled_from([RADAR, RICH]),
    st.lists(
        st.tuples(PATHS, st.sampled_from(["~remove", "unknown", "none", "PK", "{a: b}", "[1, 2]"])),
        max_size=4,
    ),
)
def test_whatever_is_changed_gives_a_tree_that_is_written_and_read(
    text: str, changes: list[tuple[str, str]]
) -> None:
    """Nothing is raised, nothing that was removed is left behind."""
    root, problems = edit(documents(text)[0].root, [(path, value(new)) for path, new in changes])
    assert all(problem.code in ("no-such-path", "added") for problem in problems)
    written = to_yaml(root)
    assert "~remove" not in written
    again = documents(written)[0]
    assert again.root == root
    scenario_from(again)
