"""`redline whatif`: what flips by hand, the smallest changes, what to learn; in words, as data, as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from redline import Engine
from redline.analysis.costs import read_costs
from redline.front.cli import cli
from redline.rules.problems import Refused
from redline.rules.verdicts import HARMLESS, Verdict
from redline.rules.whatif import SORTS, Difference, WhatIf
from tests.whatif_cases import CHAIN_POLICY, chains

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
EXPIRED = str(SCENARIOS / "consent-expired.yaml")
RULE = "consent-before-shared-designs-move-on"


def run(*arguments: str) -> Result:
    """What the command line gives."""
    return CliRunner().invoke(cli, ["whatif", *arguments], standalone_mode=False)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Path]:
    """An engine of rules on chains, and a folder with the chains."""
    folder = tmp_path_factory.mktemp("chain")
    (folder / "chain.yaml").write_text(CHAIN_POLICY, encoding="utf-8")
    for number, text in enumerate(chains()):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return Engine.load([folder / "chain.yaml"]), folder


def flips(engine: Engine, path: str | Path, **sets: str | None) -> dict[tuple[str, str], tuple[str, str]]:
    """Rule and subject of each flip, with the verdicts before and after."""
    found = engine.whatif(path, sets={key.replace("__", "."): value for key, value in sets.items()})
    assert isinstance(found, Difference)
    return {(f.rule.rpartition("/")[2], f.subject): (str(f.before), str(f.after)) for f in found.flips}


def test_what_is_set_by_hand_is_told_by_what_it_flips() -> None:
    """Both verdicts, the path by which, and the exit code of the scenario after."""
    result = run(EXPIRED, "--set", "transfers.3.date=2027-01-31")
    assert result.return_value == 0
    assert f"{RULE}, step 3: crosses -> authorisation held" in result.output
    assert "by `transfers.3.date`" in result.output
    assert "before: CROSSES 1 line" in result.output


def test_that_nothing_flips_is_said() -> None:
    """And the verdict stays."""
    result = run(EXPIRED, "--set", "title=another")
    assert result.return_value == 1
    assert "nothing flips" in result.output


def test_a_step_or_a_paper_is_added_and_taken_away(chain: tuple[Engine, Path]) -> None:
    """Findings of steps that are there before and after are compared, whatever their number."""
    engine, folder = chain
    licence = "{kind: licence, issuer: IT, state: held, covers: {items: [ship]}, valid: {from: 2026-01-01}}"
    found = flips(engine, folder / "5.yaml", papers__other=licence, transfers__3__papers="[other]")
    assert found[("licence-for-arms", "step 3")][1] == "authorised"
    found = flips(engine, folder / "0.yaml", transfers__2=None)
    assert all(subject != "step 1" for _, subject in found)
    added = "{activity: re-export, item: ship, from: navy, to: FR, via: [AE], date: 2026-10-01, papers: none}"
    found = flips(engine, folder / "0.yaml", **{"transfers__+": added})
    assert found[("not-through-the-emirates", "step 4")] == ("None", "crosses")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--set", "parties.nobody.country=FR"),
        ("--set", "parties.yard.country=Utopia"),
        ("--set", "transfers.9.to=yard"),
        ("--set", "nonsense"),
        ("--unset", "parties.nobody"),
        ("no-such-rule",),
        ("--costs", "no-such-file.yaml"),
        ("--set", "title=x", RULE),
    ],
)
def test_what_names_nothing_is_bad_input(arguments: tuple[str, ...]) -> None:
    """In clear words, with exit code 2, and no answer."""
    try:
        result = run(EXPIRED, *arguments)
    except Exception as error:  # noqa: BLE001  # click's own are told by their exit code
        pytest.fail(str(error))
    code = result.return_value if result.exception is None else getattr(result.exception, "exit_code", None)
    assert code == 2
    assert "before:" not in result.stdout


def test_the_smallest_changes_come_first_and_are_never_called_a_clearance() -> None:
    """In order of cost; the words for a negative, and the disclaimer."""
    result = run(EXPIRED, "--format", "json", "--tries", "60")
    data = json.loads(result.stdout)
    ways = data["change"][0]["ways"]
    assert [way["cost"] for way in ways] == sorted(way["cost"] for way in ways)
    assert ways[0]["edits"][0]["if"] == "step 3 took place on 2027-01-31"
    text = run(EXPIRED, "--tries", "60").stdout
    assert "no encoded red line crossed" in text
    assert "not legal advice" in text
    assert not {"illegal", "legal.", "allowed", "permitted"} & set(text.lower().split())


def test_what_to_learn_stands_apart_from_what_to_change() -> None:
    """Of an undetermined line nothing is to be changed."""
    data = json.loads(run(str(SCENARIOS / "consent-not-known.yaml"), "--format", "json").stdout)
    assert data["change"] == []
    (learn,) = data["learn"]
    assert learn["waits_for"][0]["facts"][0]["about"] == "papers.italian.state"


def test_what_is_written_is_what_check_judges(tmp_path: Path, chain: tuple[Engine, Path]) -> None:
    """Each file gives the promised verdicts."""
    engine, folder = chain
    policy = ("--policy", str(folder / "chain.yaml"))
    result = run(str(folder / "1.yaml"), *policy, "--write", str(tmp_path), "--format", "json")
    data = json.loads(result.stdout)
    written = [way for each in data["change"] for way in each["ways"]]
    assert len(written) > 3
    for way in written:
        report = engine.check(way["file"])
        assert str(report.verdict) == way["scenario_verdict"]


def test_what_may_not_change_does_not(chain: tuple[Engine, Path]) -> None:
    """Neither the destination nor what an item is, unless the costs say so."""
    engine, folder = chain
    found = engine.whatif(folder / "0.yaml", "no-italian-content-to-pakistan", judgements=60)
    assert isinstance(found, WhatIf)
    places = {p for c in found.clearings for w in c.ways for e in w.edits for p in e.places}
    assert places
    assert not any(p.startswith("parties.navy") or p.endswith((".to", ".class")) for p in places)
    free = folder / "free.yaml"
    free.write_text("redline: 1\ncosts: free\nmay_not_change: none\n", encoding="utf-8")
    found = engine.whatif(folder / "0.yaml", "no-italian-content-to-pakistan", costs=free, judgements=60)
    assert isinstance(found, WhatIf)
    assert any(e.says.startswith("the country of the navy") for w in found.clearings[0].ways for e in w.edits)


def test_that_nothing_clears_within_the_edits_is_said_with_the_bound(tmp_path: Path) -> None:
    """Everything frozen, there is no edit at hand."""
    costs = tmp_path / "costs.yaml"
    costs.write_text('redline: 1\ncosts: frozen\nmay_not_change: ["*"]\n', encoding="utf-8")
    text = run(EXPIRED, "--costs", str(costs)).stdout
    assert "none within these edits: every set of up to 3 of the 0 edits at hand was tried" in text


def test_a_bound_on_judgements_is_said() -> None:
    """And that there may be more."""
    text = run(EXPIRED, "--tries", "5").stdout
    assert "up to 5 scenarios judged: there may be more" in " ".join(text.split())
    text = run(EXPIRED, "--most", "1").stdout
    assert "more exist" in text


def test_all_lines_together_are_cleared_together(chain: tuple[Engine, Path]) -> None:
    """Then nothing crosses."""
    engine, folder = chain
    found = engine.whatif(folder / "0.yaml")
    assert isinstance(found, WhatIf)
    together = found.clearings[-1]
    assert together.rule == ""
    assert len(found.clearings) > 2
    assert together.ways
    assert all(way.left is not Verdict.CROSSES for way in together.ways)
    assert all(way.verdict in HARMLESS for each in found.clearings for way in each.ways)


def test_every_sort_of_edit_has_a_cost() -> None:
    """In the file that ships; what is no cost, no sort or no key is told."""
    costs, problems, _ = read_costs()
    assert problems == []
    assert costs is not None
    assert set(costs.edits) == set(SORTS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("costs: x", "no-edition"),
        ("redline: 1\ncosts: x\nedit: {date: 1}", "unknown-key"),
        ("redline: 1\ncosts: x\nedits: {dates: 1}", "unknown-key"),
        ("redline: 1\ncosts: x\nedits: {date: 0}", "wrong-cost"),
        ("redline: 1\ncosts: x\nedits: [date]", "wrong-shape"),
        ("redline: 1\nedits: {date: 1}", "missing-key"),
        ("redline: 1\ncosts: x\nmay_not_change: [{a: b}]", "wrong-shape"),
        ("[1]", "no-edition"),
    ],
)
def test_a_wrong_file_of_costs_is_told(tmp_path: Path, text: str, code: str) -> None:
    """With its place; nothing is searched with it."""
    path = tmp_path / "costs.yaml"
    path.write_text(text, encoding="utf-8")
    costs, problems, _ = read_costs(path)
    assert costs is None
    assert [p.code for p in problems] == [code]
    with pytest.raises(Refused):
        Engine.load().whatif(EXPIRED, costs=path)
