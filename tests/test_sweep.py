"""Sweeps: equal to judging every cell by itself, and shown so that nothing passes for a clear."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from redline import Engine, Refused
from redline.analysis.render_map import countries_of, sweep_as_map
from redline.analysis.render_sweep import (
    sweep_as_chart,
    sweep_as_csv,
    sweep_as_data,
    sweep_as_parquet,
    sweep_as_text,
    words_of,
)
from redline.analysis.sweep import Outcome, Sweep, axes_of, sweep
from redline.analysis.timeline import Place
from redline.answers.palette import FILL, IMPOSSIBLE
from redline.engine.paths import changed, rewritten
from redline.engine.plain import document_of
from redline.engine.read import Document, read_path
from redline.engine.reference import name
from redline.engine.run import Bench, judge
from redline.front import cli
from redline.rules.countries import country_names
from redline.rules.node import Text
from redline.rules.policy import Rule
from redline.rules.verdicts import Verdict, worst
from tests.conftest import ROOT

SCENARIOS = ROOT / "scenarios"
RADAR = str(SCENARIOS / "radar-through-a-shipyard.yaml")
OURS = """
redline: 1
policy: ours
title: Rules of every sort
stated_by: A state
groups:
  friends: {label: friends, as_of: 2026-01-01, source: by hand, members: [FR, DE, IT]}
rules:
  - id: not-to-them
    says: Nothing goes to China or to Iran.
    kind: prohibits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    when: {to.country: [CN, IR]}
  - id: abroad
    says: What crosses a border needs a licence of the sender.
    kind: requires
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    scope: {crosses_border: yes, item.codes: ML5}
    unless: {to.country: {in: friends}}
    requires: {paper: {kind: licence}}
  - id: fine-print
    says: Sights of one sort are weighed.
    kind: weighs
    layer: regime
    strength: guideline
    source: [by hand]
    for: each step
    when: {item.codes: ML5.b.2}
"""


def _bench(tmp_path: Path) -> Bench:
    path = tmp_path / "ours.yaml"
    path.write_text(OURS, encoding="utf-8")
    return Engine.load([path]).bench


def _document(**more: object) -> Document:
    step = {"activity": "export", "item": "x", "from": "maker", "to": "buyer", "papers": "none"}
    return document_of(
        {
            "redline": "1",
            "scenario": "sale",
            "as_of": "2026-01-01",
            "assume": ["recipient_is_end_user", "nothing_else_inside"],
            "parties": {"maker": {"country": "NL"}, "buyer": {"country": "BR"}},
            "items": {"x": {"what": "a sight", "form": "hardware", "codes": ["ML5.b"]}},
            "transfers": [{**step, "contract": "2026-02-01", "delivery": "2026-05-01"}],
            **more,
        }
    )


def _plainly(bench: Bench, document: Document, found: Sweep, cell: Sequence[int]) -> Outcome:
    """A cell judged by the plain road: written out, read again, and everything explained."""
    changes = [(axis.path, Text(axis.values[n])) for axis, n in zip(found.axes, cell, strict=True)]
    edited, problems = changed(document, changes)
    assert not problems
    run = judge(bench, rewritten(edited))
    if run.conclusion is None:
        return Outcome(None, {}, run.problems)
    told: dict[Place, Verdict] = {}
    for each in run.conclusion.findings:
        place = (name(each.rule), each.subject.kind, each.subject.label)
        told[place] = worst([each.verdict, *([told[place]] if place in told else [])])
    return Outcome(worst(told.values()), told)


def _agrees(bench: Bench, document: Document, found: Sweep, cells: Sequence[Sequence[int]]) -> None:
    for cell in cells:
        plain, told = _plainly(bench, document, found, cell), found.at(*cell)
        values = [axis.values[n] for axis, n in zip(found.axes, cell, strict=True)]
        assert (plain.verdict, plain.found) == (told.verdict, told.found), values


def _swept(bench: Bench, document: Document, *texts: str) -> Sweep:
    return sweep(bench, document, axes_of(bench, document, texts))


COUNTRIES = (
    "[CN, HK, TW, IR, NL, AW, CW, FR, GF, DE, BR, US, PR, XK, RS, SU, RU, MA, EH, GB-LND, CN-TW, unknown]"
)


def test_a_small_sweep_is_what_every_cell_gives(tmp_path: Path) -> None:
    """Countries with territories, parts and successors, by codes above, at and below what a rule names."""
    bench, document = _bench(tmp_path), _document()
    codes = "[ML5, ML5.a, ML5.b, ML5.b.1, ML5.b.2, ML5.b.2.a, ML6, ML6.b, 3A001, wa_ml, none, unknown]"
    found = _swept(bench, document, f"parties.buyer.country={COUNTRIES}", f"items.x.codes={codes}")
    assert {outcome.verdict for outcome in found.outcomes} >= {Verdict.CROSSES, Verdict.UNDETERMINED}
    assert found.judged < len(found.cells)
    every = [(i, j) for i in range(len(found.axes[0])) for j in range(len(found.axes[1]))]
    _agrees(bench, document, found, every)


def test_two_countries_are_told_apart_where_they_meet(tmp_path: Path) -> None:
    """Sender and recipient both vary: one country, or a state and its territory, crosses no sure border."""
    bench, document = _bench(tmp_path), _document()
    found = _swept(
        bench, document, f"parties.maker.country={COUNTRIES}", f"parties.buyer.country={COUNTRIES}"
    )
    every = [(i, j) for i in range(len(found.axes[0])) for j in range(len(found.axes[1]))]
    some = random.Random(7).sample(every, 150)  # noqa: S311  # no secret hangs on it
    _agrees(bench, document, found, [*some, *((i, i) for i in range(22))])


@pytest.mark.parametrize(
    ("scenario", "path"),
    [
        ("pump-in-a-frigate", "parties.navy.country"),
        ("radar-through-a-shipyard", "parties.yard.country"),
        ("radar-through-a-shipyard", "items.radar.origin"),
        ("undisclosed-end-user", "items.{item}.origin"),
        ("consent-held", "{first}.country"),
        ("promise-not-to-pass-on", "{first}.country"),
        ("torpedoes-from-a-sold-subsidiary", "{first}.country"),
    ],
)
def test_a_sweep_over_all_countries_is_what_each_gives(scenario: str, path: str) -> None:
    """With the policies that ship: one of every class that was saved, and others at random."""
    bench, document = Engine.load().bench, read_path(SCENARIOS / f"{scenario}.yaml").documents[0]
    plain = document.root
    first = next(key.text for key, _ in plain.get("parties"))  # type: ignore[union-attr]  # it is a mapping
    item = next(key.text for key, _ in plain.get("items"))  # type: ignore[union-attr]  # it is a mapping
    found = _swept(bench, document, f"{path.format(first=f'parties.{first}', item=item)}=all")
    assert len(found.axes[0]) == 250
    assert found.judged < 80
    chosen = random.Random(scenario).sample(range(250), 25)  # noqa: S311  # no secret hangs on it
    kin = [found.axes[0].values.index(code) for code in ("HK", "TW", "CN", "PK", "US", "TR", "XK", "GF")]
    _agrees(bench, document, found, [(n,) for n in {*chosen, *kin}])


def test_days_of_one_class_are_what_each_day_gives() -> None:
    """A delivery from day to day: judged once between the days on which something turns."""
    bench = Engine.load().bench
    document = read_path(SCENARIOS / "running-contract-for-guns.yaml").documents[0]
    found = _swept(bench, document, "transfers.1.delivery=2013-06-01..2017-06-01")
    assert found.judged < 40
    _agrees(bench, document, found, [(n,) for n in range(0, len(found.cells), 67)])


def test_a_sweep_of_each_by_itself_is_the_same(tmp_path: Path) -> None:
    """With nothing saved."""
    bench, document = _bench(tmp_path), _document()
    axes = axes_of(bench, document, ["parties.buyer.country=all"])
    saved, each = sweep(bench, document, axes), sweep(bench, document, axes, each=True)
    assert (saved.outcomes, saved.cells) == (each.outcomes, each.cells)
    assert each.judged == 250 > saved.judged


def test_a_cell_that_contradicts_itself_has_no_verdict(tmp_path: Path) -> None:
    """A delivery before its contract is black, has a letter of its own, and never exit code 0."""
    bench, document = _bench(tmp_path), _document()
    found = _swept(bench, document, "transfers.1.delivery=2024..2027", "parties.buyer.country=[FR, CN]")
    assert found.at(0, 0).verdict is None
    assert found.at(0, 0).problems
    text = sweep_as_text(found, _rules(bench))
    assert "! cannot be so" in text
    assert "lies before its `contract`" in text
    rows = list(csv.DictReader(io.StringIO(sweep_as_csv(found))))
    assert len(rows) == 8
    assert rows[0]["verdict"] == ""
    assert "lies before" in rows[0]["problems"]
    assert IMPOSSIBLE not in FILL.values()


def test_the_fills_are_apart_in_grey() -> None:
    """What is undetermined, or cannot be so, is never as light as what is clear."""

    def light(fill: str) -> float:
        red, green, blue = (int(fill[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    clear = min(light(FILL[verdict]) for verdict in (Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE))
    for fill in (FILL[Verdict.UNDETERMINED], FILL[Verdict.CROSSES], IMPOSSIBLE):
        assert clear - light(fill) > 40


def test_a_sweep_as_data_and_as_tables_has_every_cell(tmp_path: Path) -> None:
    """JSON by number of outcome, CSV and Parquet a row a cell."""
    bench, document = _bench(tmp_path), _document()
    found = _swept(bench, document, "parties.buyer.country=[FR, CN]", "items.x.codes=[ML5.b, ML6]")
    data = json.loads(json.dumps(sweep_as_data(found)))
    assert [data["outcomes"][n]["verdict"] for n in data["cells"]] == [o.verdict for _, o in found.all()]
    rows = list(csv.DictReader(io.StringIO(sweep_as_csv(found))))
    assert [row["parties.buyer.country"] for row in rows] == ["FR", "FR", "CN", "CN"]
    assert "ours/not-to-them" in rows[2]["crosses"]
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `tables` is not installed")
    assert parquet.read_table(io.BytesIO(sweep_as_parquet(found))).to_pylist() == rows


def test_every_country_is_on_the_map_in_its_colour(tmp_path: Path) -> None:
    """As a shape or as a dot; a former state is told below."""
    pytest.importorskip("altair", reason="the extra `pictures` is not installed")
    bench, document = _bench(tmp_path), _document()
    found = _swept(bench, document, "parties.buyer.country=all")
    told = countries_of(found)
    assert told["CN"].verdict is Verdict.CROSSES
    drawn = sweep_as_map(found).to_dict()
    world = json.loads((ROOT / "analysis" / "world.json").read_text(encoding="utf-8"))
    shapes = {each["id"] for each in world["objects"]["countries"]["geometries"]}
    assert shapes | world["points"].keys() == told.keys() <= country_names().keys()
    assert not shapes & world["points"].keys()
    (shown,) = _datas(drawn)
    verdicts = {g["id"]: g["properties"]["verdict"] for g in shown["objects"]["countries"]["geometries"]}
    assert verdicts["CN"] == "crosses"
    assert all(verdicts[code] == words_of(told[code]) for code in shapes)
    gone = _swept(bench, document, "parties.buyer.country=[SU, FR]")
    assert any(
        "not drawn" in line and "SU" in line for line in sweep_as_map(gone).to_dict()["title"]["subtitle"]
    )


def _datas(drawn: object) -> list[dict[str, Any]]:
    if isinstance(drawn, list):
        return [each for value in drawn for each in _datas(value)]
    if not isinstance(drawn, dict):
        return []
    return [drawn] if "objects" in drawn else [each for value in drawn.values() for each in _datas(value)]


def test_a_heat_map_has_a_letter_in_every_square(tmp_path: Path) -> None:
    """Of two facts; of one, by rule."""
    pytest.importorskip("altair", reason="the extra `pictures` is not installed")
    bench, document = _bench(tmp_path), _document()
    two = _swept(bench, document, "parties.buyer.country=[FR, CN]", "items.x.codes=[ML5.b, ML6]")
    rows = [
        each for data in sweep_as_chart(two, _rules(bench)).to_dict()["datasets"].values() for each in data
    ]
    assert sum("across" in row for row in rows) == 4
    assert all(row["letter"] for row in rows)
    one = _swept(bench, document, "parties.buyer.country=all")
    assert sweep_as_chart(one, _rules(bench)).to_dict()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parties.nobody.country=all", "there is no party `nobody`"),
        ("parties.buyer=all", "a whole thing stands there"),
        ("parties.buyer.nix=all", "names no fact"),
        ("items.x.codes=all", "there is no end"),
        ("items.x.codes=QQ*", "nothing that is known"),
        ("parties.buyer.country=[FR, Utopia]", "`Utopia` is not a country code"),
        ("parties.buyer.country", "is not PATH=VALUES"),
        ("parties.buyer.country=[{a: b}]", "is not a list of values"),
        ("transfers.1.delivery=2012..2013-01", "is not a range of dates"),
        ("transfers.1.delivery=2013..2012", "comes before"),
        ("transfers.1.delivery=2013-13..2014-01", "is not a date"),
        ("parties.buyer.country=@nowhere.txt", "cannot be read"),
    ],
)
def test_what_names_no_fact_or_no_value_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """In clear words."""
    with pytest.raises(Refused) as refused:
        _swept(_bench(tmp_path), _document(), text)
    assert any(message in problem.message for problem in refused.value.problems)


def test_ranges_and_nodes_and_files_are_written_out(tmp_path: Path) -> None:
    """Years, months, days, numbers with a unit, what is under a node, and lines of a file."""
    bench, document = _bench(tmp_path), _document()

    def values(text: str) -> tuple[str, ...]:
        return axes_of(bench, document, [text])[0].values

    assert values("transfers.1.delivery=2012..2014") == ("2012", "2013", "2014")
    assert values("transfers.1.delivery=2012-11..2013-01") == ("2012-11", "2012-12", "2013-01")
    assert values("transfers.1.delivery=2012-02-28..2012-03-01") == ("2012-02-28", "2012-02-29", "2012-03-01")
    assert values("items.x.codes=ML5*") == ("wa_ml:ML5", "wa_ml:ML5.b", "wa_ml:ML5.b.2")
    (tmp_path / "codes.txt").write_text("ML1\n\n# a comment\nML2.a\n", encoding="utf-8")
    assert values(f"items.x.codes=@{tmp_path / 'codes.txt'}") == ("ML1", "ML2.a")
    assert values("transfers.1.to=all") == ("maker", "buyer")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--vary", "parties.navy.country=[PK, EG]"], 1, "crosses: 1 value"),
        (["--vary", "parties.navy.country=[EG]"], 3, "undetermined"),
        (["--vary", "transfers.3.delivery=2001"], 3, "cannot be so"),
        (["--vary", "as_of=1900-01-01..2000-01-01", "--vary", "transfers.1.date=1900..2000"], 2, "a million"),
        (["--vary", "parties.navy.country=all", "--map", "x.jpg"], 2, "has to end in"),
        (["--vary", "as_of=2026..2027", "--map", "x.svg"], 2, "none varies"),
        (["--vary", "as_of=2026", "--timeline", "2012..2014"], 2, "one at a time"),
        (["--map", "x.svg"], 2, "belongs to `--vary`"),
        (["--moving", "as_of"], 2, "belongs to `--timeline`"),
        (["--timeline", "2028..2012"], 2, "comes before"),
        (["--timeline", "sometime"], 2, "no range of dates"),
        (["--timeline", "2012..2014", "--moving", "transfers.1.nix"], 2, "has no `nix`"),
        (["--timeline", "2027..2028"], 1, "crosses"),
        (["--timeline", "2012..2014"], 3, "contradicts itself"),
    ],
)  # fmt: skip
def test_the_command_ends_with_the_gravest(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A code of 0 is only for what is told, in every cell, and not crossed."""
    assert cli.run(["whatif", RADAR, *words]) == code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


@pytest.mark.parametrize("suffix", ["svg", "png", "html"])
def test_pictures_are_made_without_a_network(suffix: str, tmp_path: Path) -> None:
    """The map, the heat map and the timeline, by the ending of the file's name."""
    pytest.importorskip("vl_convert", reason="the extra `pictures` is not installed")
    drawn, chart, line = (tmp_path / f"{name}.{suffix}" for name in ("map", "chart", "line"))
    cli.run(
        ["whatif", RADAR, "--vary", "parties.navy.country=all", "--map", str(drawn), "--chart", str(chart)]
    )
    cli.run(["whatif", RADAR, "--timeline", "2024..2028", "--chart", str(line)])
    begins = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!DOCTYPE html>"}[suffix]
    for path in (drawn, chart, line):
        data = path.read_bytes()
        assert data.startswith(begins)
        assert b"<script src" not in data


def _drawn(folder: Path) -> dict[str, str]:
    """The pictures of the docs, drawn as the docs say, by file."""
    page = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    for file, body in re.findall(r"^```yaml file=(\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        (folder / file).write_text(body, encoding="utf-8")
    sale = ["whatif", str(folder / "sale.yaml"), "--policy", str(folder / "ours.yaml"), "--quiet"]
    country, codes = "parties.navy.country=all", "items.radar.codes=[ML5, ML6.b, 6A001, unknown]"
    guns = str(SCENARIOS / "running-contract-for-guns.yaml")
    cli.run([*sale, "--vary", country, "--map", str(folder / "sweep-map.svg")])
    cli.run([*sale, "--vary", country, "--vary", codes, "--chart", str(folder / "sweep-heat.svg")])
    cli.run(["whatif", guns, "--quiet", "--timeline", "2012..2028", "--chart", str(folder / "timeline.svg")])
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.svg"))}


def _written(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_the_pictures_of_the_docs_are_those_that_are_drawn(refresh: bool, tmp_path: Path) -> None:
    """By the words in them, which are the same with every version of what draws."""
    pytest.importorskip("vl_convert", reason="the extra `pictures` is not installed")
    drawn = _drawn(tmp_path)
    assert list(drawn) == ["sweep-heat.svg", "sweep-map.svg", "timeline.svg"]
    for file, svg in drawn.items():
        path = ROOT / "docs" / file
        if refresh:
            path.write_text(svg, encoding="utf-8", newline="\n")
        assert _written(path.read_text(encoding="utf-8")) == _written(svg), file


def _rules(bench: Bench) -> dict[str, Rule]:
    return {name(rule): rule for policy in bench.policies for rule in policy.rules}
