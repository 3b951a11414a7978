"""Paths given from outside: read, made on a scenario, looked up; what names nothing is told."""

from __future__ import annotations

import pytest

from redline.engine.paths import changed, read_changes, rewritten, standing
from redline.engine.scenarios import scenario_from
from redline.engine.write import to_yaml
from redline.rules.facts import Scenario
from redline.rules.node import Text
from redline.rules.problems import Problem
from redline.rules.shapes import Field, Sub
from tests.scenario_texts import RADAR, RICH, documents, listed, said


def made(text: str, *settings: str) -> Scenario:
    """The scenario with the settings made, written out and read again."""
    changes, problems, _ = read_changes(settings)
    assert problems == []
    document, problems = changed(documents(text)[0], changes)
    assert problems == []
    found, problems = scenario_from(rewritten(document))
    assert problems == []
    assert found is not None
    return found


def wrong(text: str, *settings: str) -> Problem:
    """The one problem that the settings have, on the way to a scenario."""
    changes, problems, _ = read_changes(settings)
    document, told = changed(documents(text)[0], changes)
    problems += told
    if not problems:
        problems += scenario_from(document)[1]
    (problem,) = problems
    return problem


def test_a_fact_is_set_removed_and_added_by_its_path() -> None:
    """Values are YAML; an empty one removes; whole things are added."""
    found = made(
        RADAR,
        "parties.navy.country=FR",
        "items.radar.codes=[ML5, us_ccl:none]",
        "transfers.3.to=yard",
        "items.corvette.contains=",
        "papers.licence={kind: licence, state: held, issuer: IT}",
        "transfers.3.papers.+=licence",
        "transfers.+={activity: export, item: corvette, from: yard, to: IN, date: 2029}",
    )
    assert said(found.parties["navy"].facts["country"].value) == "FR"
    assert found.transfers[2].references["to"].names == ("yard",)
    assert "contains" not in found.items["corvette"].lists
    assert listed(found.transfers[2].lists["papers"])[0] == ["licence"]
    assert len(found.transfers) == 4


def test_unset_takes_paths_alone() -> None:
    """As many as are given."""
    changes, problems, _ = read_changes(["parties.navy.country", "as_of"], "--unset")
    assert problems == []
    document, problems = changed(documents(RADAR)[0], changes)
    assert problems == []
    assert standing(document.root, "as_of") is not None
    assert "as_of: 2026" not in to_yaml(document.root)


def test_a_transfer_is_named_by_its_id_too() -> None:
    """As in `edits`."""
    found = made(RICH, "transfers.first.to=port")
    assert found.transfers[0].references["to"].names == ("port",)


@pytest.mark.parametrize(
    ("setting", "code", "words", "advice"),
    [
        ("parties.navvy.country=FR", "no-such-path", "there is no party `navvy`", "did you mean `navy`?"),
        (
            "items.sub.class=radar",
            "no-such-path",
            "no item `sub`",
            "there are `radar`, `corvette`; or add it",
        ),
        (
            "parties.new.country={one_of: [FR, IT]}",
            "no-such-path",
            "there is no party `new`",
            "or add it whole",
        ),
        ("party.navy.country=FR", "no-such-path", "a scenario has no `party`", "did you mean `parties`?"),
        ("transfers.7.to=FR", "no-such-path", "there is no element `7` among 3", "`+` adds one"),
        ("parties.navy.contry=FR", "unknown-key", "has no `contry`", "did you mean `country`?"),
        ("parties.navy.country=Frankreich", "unknown-term", "`Frankreich`", ""),
        ("as_of=yesterday", "wrong-date", "`yesterday`", ""),
        ("parties.navy.country", "no-change", "`parties.navy.country` is not PATH=VALUE", "write"),
        ("=FR", "no-change", "`=FR` is not PATH=VALUE", "write"),
        ("items.radar.codes=[ML5", "not-yaml", "", ""),
    ],
)
def test_what_cannot_be_set_is_told_at_its_place(setting: str, code: str, words: str, advice: str) -> None:
    """The place is the setting among those given, so that it is shown with its caret."""
    problem = wrong(RADAR, "as_of=2026-06-02", setting)
    assert problem.code == code, problem
    assert words in problem.message
    assert advice in problem.help
    assert (problem.span.document, problem.span.line) == ("--set", 2)
    assert problem.span.column <= len(setting) + 1


def test_a_value_has_the_column_that_it_has_in_the_setting() -> None:
    """So that the caret stands under it."""
    (change,), _, lines = read_changes(["parties.navy.country=FR"])
    assert change[1].span.column == len("parties.navy.country=") + 1
    assert lines == ("parties.navy.country=FR",)


@pytest.mark.parametrize(
    ("path", "written", "what"),
    [
        ("parties.navy.country", "PK", "country"),
        ("parties.navy.kind", "armed_forces", "kind"),
        ("items.radar.codes.1", "ML5.b", "codes"),
        ("items.corvette.contains.1.item", "radar", "item"),
        ("items.radar.made_in", None, "made_in"),
        ("transfers.1.contract", "2026-03", "contract"),
        ("transfers.1.date", "2026-03", "contract"),
        ("transfers.2.items", "radar", "items"),
        ("transfers.3.to", "navy", "to"),
        ("transfers.1.via", None, "via"),
        ("as_of", "2026-06-01", "as_of"),
        ("papers.new.kind", None, "kind"),
    ],
)
def test_what_stands_at_a_path_is_found_however_it_is_written(
    path: str, written: str | None, what: str
) -> None:
    """With the field of the vocabulary that it is."""
    found = standing(documents(RADAR)[0].root, path)
    assert found is not None
    assert isinstance(found.what, Field | Sub)
    assert found.what.name == what
    assert (found.node.text if isinstance(found.node, Text) else None) == written


@pytest.mark.parametrize("path", ["party.x", "parties.navy.contry", "transfers.9.to", "as_of.x", "title.x"])
def test_a_path_that_could_not_be_names_nothing(path: str) -> None:
    """None, not an empty place."""
    assert standing(documents(RADAR)[0].root, path) is None
