"""What is suggested holds: applied, written out, read again and judged."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from redline import Engine
from redline.analysis.papers_listed import normal
from redline.engine.edits import edit
from redline.engine.read import read_path, read_text
from redline.engine.reference import name
from redline.engine.run import judge
from redline.engine.scenarios import scenario_from
from redline.engine.write import to_yaml
from redline.rules.problems import errors
from redline.rules.verdicts import HARMLESS, Verdict, worst
from redline.rules.whatif import WhatIf
from tests.generate_policies import a_policy
from tests.test_whatif_brute_force import a_scenario
from tests.whatif_cases import CHAIN_POLICY, chains

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SHIPPED = ("consent-expired", "guns-while-restricted", "leak-from-the-recipient")


def held(engine: Engine, path: Path, judgements: int) -> int:
    """Every way told of a scenario gives, applied to it by its paths alone, what it promises."""
    found = engine.whatif(path, judgements=judgements)
    assert isinstance(found, WhatIf)
    before = {f.rule.rule for f in found.report.findings if f.verdict is Verdict.CROSSES}
    (document,) = read_path(path).documents
    count = 0
    for clearing in found.clearings:
        for way in clearing.ways:
            root, problems = edit(normal(document.root), [c for each in way.edits for c in each.changes])
            assert not errors(problems)
            for text in (way.scenario, to_yaml(root)):
                (again,) = read_text(text.encode(), "again.yaml")[0]
                run = judge(engine.bench, again)
                assert run.conclusion is not None
                of = {clearing.rule} if clearing.rule else before
                own = [f.verdict for f in run.conclusion.findings if name(f.rule) in of]
                assert worst(own) is way.verdict
                assert way.verdict in HARMLESS
                crossed = {name(f.rule) for f in run.conclusion.findings if f.verdict is Verdict.CROSSES}
                assert crossed - before == set(way.crosses_besides)
                assert worst(f.verdict for f in run.conclusion.findings) is way.left
                assert scenario_from(again)[0] is not None
            count += 1
    return count


@pytest.mark.parametrize("scenario", SHIPPED)
def test_every_suggested_change_gives_the_promised_verdict_on_what_ships(scenario: str) -> None:
    """Of scenarios that ship and cross."""
    assert held(Engine.load(), SCENARIOS / f"{scenario}.yaml", judgements=40) > 0


def test_every_suggested_change_gives_the_promised_verdict_on_chains(tmp_path: Path) -> None:
    """Of several steps, with papers, parts, promises and owners."""
    (tmp_path / "policy.yaml").write_text(CHAIN_POLICY, encoding="utf-8")
    engine = Engine.load([tmp_path / "policy.yaml"])
    count = 0
    for text in chains():
        (tmp_path / "chain.yaml").write_text(text, encoding="utf-8")
        count += held(engine, tmp_path / "chain.yaml", judgements=40)
    assert count > 20


def test_every_suggested_change_gives_the_promised_verdict_on_generated_cases(tmp_path: Path) -> None:
    """Of one step, by policies made by chance."""
    count = 0
    for seed in range(6):
        (tmp_path / "policy.yaml").write_text(a_policy(60, seed), encoding="utf-8")
        text = a_scenario(Random(seed))  # noqa: S311  # no secret hangs on it
        (tmp_path / "made.yaml").write_text(text, encoding="utf-8")
        count += held(Engine.load([tmp_path / "policy.yaml"]), tmp_path / "made.yaml", judgements=60)
    assert count > 5
