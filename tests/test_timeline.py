"""When findings flip as a date moves: equal to a run day by day, and with the instrument that turns them."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from redline import Engine, Refused
from redline.analysis.render_timeline import timeline_as_chart, timeline_as_data, timeline_as_text
from redline.analysis.timeline import AS_OF, Place, Timeline, timeline
from redline.engine.edits import edit
from redline.engine.plain import document_of
from redline.engine.read import Document, read_path
from redline.engine.reference import name
from redline.engine.run import Bench, judge
from redline.rules.frozen import replace
from redline.rules.node import Text
from redline.rules.policy import Rule
from redline.rules.quantities import days
from redline.rules.verdicts import Verdict, worst
from tests.conftest import ROOT

SCENARIOS = ROOT / "scenarios"
MOVING = [
    ("consent-held", AS_OF),
    ("exercise-before-april", AS_OF),
    ("exercises-in-the-years-of-the-plan", AS_OF),
    ("guns-while-restricted", AS_OF),
    ("guns-while-restricted", "transfers.1.delivery"),
    ("running-contract-for-guns", "transfers.1.contract"),
    ("third-partner-in-a-joint-project", AS_OF),
    ("torpedoes-from-a-sold-subsidiary", "transfers.1.delivery"),
    ("promise-not-to-pass-on", AS_OF),
    ("radar-through-a-shipyard", AS_OF),
]
DATED = """
redline: 1
policy: dated
title: Dates of every sort
stated_by: A state
rules:
  - id: limited
    says: A state allows no export while it is limited.
    kind: prohibits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    validity: [{from: 2020-03-01, to: 2020-06-30}, {from: 2020-07-01, to: 2020-07-31, state: suspended}]
    running: {begun_before: covered, ended_after: exempt}
    when: {activity: export}
  - id: late
    says: A state allows no delivery more than 30 days after the contract.
    kind: prohibits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    when: {all: [{delivery: {after: 2020-01-10}}, {days: {from: contract, to: delivery, at_least: 30 days}}]}
  - id: let
    says: A state permits deliveries to its friends before May.
    kind: permits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    when: {delivery: {before: 2020-05-01}}
    defeats: [limited]
"""


def _found(bench: Bench, document: Document, moved: str, day: date) -> dict[Place, Verdict] | None:
    """What is found on one day, by the plain road."""
    if moved == AS_OF:
        bench = replace(bench, options=replace(bench.options, as_of=days(day, day)))
    else:
        document = replace(document, root=edit(document.root, [(moved, Text(day.isoformat()))])[0])
    run = judge(bench, document)
    if run.conclusion is None:
        return None
    found: dict[Place, Verdict] = {}
    for each in run.conclusion.findings:
        place = (name(each.rule), each.subject.kind, each.subject.label)
        found[place] = worst([each.verdict, *([found[place]] if place in found else [])])
    return found


def _days_of(line: Timeline, *, every: int) -> list[date]:
    """Both sides of every flip, and one day in so many besides."""
    edges = [day for spell in line.spells for day in (spell.first, spell.last)]
    first, last = line.spells[0].first, line.spells[-1].last
    between = [first + timedelta(number) for number in range(0, (last - first).days, every)]
    return sorted({*edges, *between})


def _agrees(bench: Bench, document: Document, line: Timeline, chosen: list[date]) -> None:
    for day in chosen:
        (spell,) = (each for each in line.spells if each.first <= day <= each.last)
        found = _found(bench, document, line.moved, day)
        assert (None if spell.problems else spell.found) == found, (day, spell.first, spell.last)


@pytest.mark.parametrize(("scenario", "moved"), MOVING)
def test_a_timeline_is_what_every_day_gives(scenario: str, moved: str) -> None:
    """Looked at on both sides of each flip, and on days between."""
    bench, document = Engine.load().bench, read_path(SCENARIOS / f"{scenario}.yaml").documents[0]
    line = timeline(bench, document, date(2012, 1, 1), date(2028, 12, 31), moved)
    _agrees(bench, document, line, _days_of(line, every=211))


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "moved"), MOVING)
def test_a_timeline_is_what_every_day_gives_day_by_day(scenario: str, moved: str) -> None:
    """On every single day of the years in which the shipped policies change."""
    bench, document = Engine.load().bench, read_path(SCENARIOS / f"{scenario}.yaml").documents[0]
    line = timeline(bench, document, date(2012, 1, 1), date(2028, 12, 31), moved)
    _agrees(bench, document, line, _days_of(line, every=1))


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A bench of rules with dates of every sort."""
    path: Path = tmp_path_factory.mktemp("dated") / "dated.yaml"
    path.write_text(DATED, encoding="utf-8")
    return Engine.load([path]).bench


def _document() -> Document:
    step = {"activity": "export", "item": "x", "from": "IT", "to": "FR", "contract": "2020-02-15"}
    return document_of(
        {
            "redline": "1",
            "scenario": "dated",
            "as_of": "2020-01-01",
            "items": {"x": {"what": "a pump"}},
            "transfers": [{**step, "delivery": "2020-04-01"}],
        }
    )


def test_every_day_of_dates_counted_and_compared_and_in_force(dated: Bench) -> None:
    """Two years, day by day: validity, suspension, a count of days, a comparison, a permission."""
    line = timeline(dated, _document(), date(2020, 1, 1), date(2020, 12, 31), "transfers.1.delivery")
    assert len(line.spells) > 4
    _agrees(dated, _document(), line, _days_of(line, every=1))


def test_a_flip_names_what_turns_it(dated: Bench) -> None:
    """The permission's end, and the count of days; not what else happens on some day."""
    line = timeline(dated, _document(), date(2020, 2, 20), date(2020, 12, 31), "transfers.1.delivery")
    told = {(f.day.isoformat(), f.place[0]): [c.words for c in f.causes] for f in line.flips}
    assert told["2020-05-01", "dated/limited"] == ["`let` compares a date: before 2020-05-01"]
    assert told["2020-03-16", "dated/late"] == ["`transfers.1.contract` is 2020-02-15, 30 days after it"]


def test_days_on_which_a_scenario_contradicts_itself_clear_nothing(dated: Bench) -> None:
    """A delivery before its contract: a spell with a problem, and without a verdict."""
    line = timeline(dated, _document(), date(2020, 2, 1), date(2020, 3, 31), "transfers.1.delivery")
    assert line.spells[0].problems
    assert line.spells[0].verdict is None
    assert line.spells[0].last == date(2020, 2, 14)


@pytest.mark.parametrize("path", ["transfers.1.nowhere", "transfers.7.delivery", "items.x.what.deep"])
def test_a_path_that_names_no_date_is_refused(dated: Bench, path: str) -> None:
    """With the reader's own problem."""
    with pytest.raises(Refused):
        timeline(dated, _document(), date(2020, 1, 1), date(2020, 2, 1), path)


def test_days_in_the_wrong_order_are_refused(dated: Bench) -> None:
    """The last before the first."""
    with pytest.raises(ValueError, match="comes before"):
        timeline(dated, _document(), date(2021, 1, 1), date(2020, 1, 1))


def test_a_timeline_is_told_in_order_with_its_instruments(dated: Bench) -> None:
    """As text: the spells, then each day on which something flips; days that cannot be so say why."""
    line = timeline(dated, _document(), date(2020, 2, 1), date(2020, 12, 31), "transfers.1.delivery")
    text = timeline_as_text(line, _rules(dated))
    assert "2020-02-01 to 2020-02-14  cannot be so" in text
    assert "2020-02-15 to 2020-02-29  no encoded red line crossed" in text
    assert "limited, step 1 (legal, law): not crossed -> crosses" in text
    assert "`let` compares a date: before 2020-05-01" in text
    assert "clear" not in text


def test_a_timeline_as_data_has_every_day_once(dated: Bench) -> None:
    """Spell after spell, without a gap; the same each time."""
    line = timeline(dated, _document(), date(2020, 1, 1), date(2020, 12, 31), "transfers.1.delivery")
    data = json.loads(json.dumps(timeline_as_data(line)))
    ends = [(date.fromisoformat(s["first"]), date.fromisoformat(s["last"])) for s in data["spells"]]
    assert all(end + timedelta(1) == start for (_, end), (start, _) in pairwise(ends))
    assert (ends[0][0], ends[-1][1]) == (date(2020, 1, 1), date(2020, 12, 31))


def test_a_timeline_is_drawn_a_bar_a_spell_of_each_rule(dated: Bench) -> None:
    """And the picture is made offline."""
    pytest.importorskip("vl_convert", reason="the extra `pictures` is not installed")
    line = timeline(dated, _document(), date(2020, 2, 15), date(2020, 12, 31), "transfers.1.delivery")
    chart = timeline_as_chart(line, _rules(dated))
    (rows,) = chart.to_dict()["datasets"].values()
    assert [r["verdict"] for r in rows if r["rule"] == "late"] == ["not crossed", "crosses"]
    picture = io.StringIO()
    chart.save(picture, format="svg")
    assert picture.getvalue().startswith("<svg")


def _rules(bench: Bench) -> dict[str, Rule]:
    return {name(rule): rule for policy in bench.policies for rule in policy.rules}
