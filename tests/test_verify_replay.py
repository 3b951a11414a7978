"""What `redline verify` takes from stated facts alone is so: scenarios are written for it and judged."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from redline.analysis.stage import LAST
from redline.analysis.verify import flaws
from redline.analysis.verify_ask import Asking, speaks
from redline.analysis.verify_near import Near
from redline.analysis.verify_rules import alive, speaks_alone
from redline.engine.conflicts import BINDING, conflicts
from redline.engine.load import load
from redline.engine.plain import document_of
from redline.engine.read import read_text
from redline.engine.reference import name
from redline.engine.run import Options, Run, judge, prepare
from redline.rules.evidence import FlawKind, Witness
from redline.rules.truth import TRUE
from redline.rules.verdicts import Verdict
from tests.generate_policies import a_policy

MADE = [(20, 2), (30, 1), (40, 9), (60, 4), (60, 5)]


def _asking(tmp_path: Path, rules: int, seed: int) -> Asking:
    path = tmp_path / "made.yaml"
    path.write_text(a_policy(rules, seed), encoding="utf-8")
    return Asking(prepare(load([path], None), Options(include_author=True)))


def _alone(asking: Asking, index: int, others: list[int], run: Run) -> bool:
    return speaks_alone(asking, run, index, others)


def _both(asking: Asking, one: int, other: int, run: Run) -> bool:
    return speaks(run, asking.rules[one]) and speaks(run, asking.rules[other])


@pytest.mark.parametrize(("rules", "seed"), MADE)
def test_a_rule_that_facts_let_speak_speaks(tmp_path: Path, rules: int, seed: int) -> None:
    """In a scenario that says what lies in the first of its boxes, and no more."""
    asking = _asking(tmp_path, rules, seed)
    world = asking.bare("step")
    tried = 0
    for index in alive(asking, "step")[0]:
        for box in world.boxed.where(index)[:1]:
            rule = asking.rules[index]
            assert world.at(box, [(index, LAST)], partial(speaks, rule=rule)), name(rule)
            tried += 1
    assert tried > rules / 2


@pytest.mark.parametrize(("rules", "seed"), MADE)
def test_a_rule_that_facts_let_cross_alone_crosses_alone(tmp_path: Path, rules: int, seed: int) -> None:
    """In a scenario judged by all rules that bind."""
    asking = _asking(tmp_path, rules, seed)
    living = alive(asking, "step")[0]
    binding = [i for i in living if asking.rules[i].kind in BINDING]
    near = Near(asking, "step", binding)
    tried = 0
    for index in binding:
        point = near.place(index)
        if point is None:
            continue
        others = [i for i in binding if i != index]
        papers = min(8, len(near.held(point)))
        world = asking.bare("step", papers=papers)
        shown = world.at(
            world.wording.sayable({key: mask & -mask for key, mask in point.items()}),
            [(i, LAST) for i in binding],
            partial(_alone, asking, index, others),
            lean=False,
        )
        assert shown, name(asking.rules[index])
        tried += 1
    assert tried > len(binding) / 3


@pytest.mark.parametrize(("rules", "seed"), MADE)
def test_every_rule_that_a_conflict_names_conflicts(tmp_path: Path, rules: int, seed: int) -> None:
    """In a scenario for each pair, where facts alone tell; and the scenario shown shows the first of them."""
    asking = _asking(tmp_path, rules, seed)
    world = asking.bare("step")
    index = {name(rule): i for i, rule in asking.rules.items()}
    pairs = 0
    for flaw in flaws(asking.bench, {FlawKind.CONFLICT}):
        assert isinstance(flaw.evidence, Witness)
        (document,), _ = read_text(flaw.evidence.scenario.encode(), "witness.yaml")
        run = judge(asking.bench, document)
        assert run.conclusion is not None
        found = conflicts(run.conclusion)
        assert flaw.rules in {
            (name(c.permission.rule), name(c.against.rule))
            for c in found
            if c.permission.holds is TRUE and c.against.verdict is Verdict.CROSSES
        }
        p = index[flaw.rules[0]]
        for other in flaw.among:
            i = index[other]
            boxes = [
                {key: one.get(key, -1) & two.get(key, -1) for key in one.keys() | two.keys()}
                for one in world.boxed.where(p)
                for two in world.boxed.where(i)
            ]
            points = [box for box in boxes if all(box.values())]
            shown = (
                world.at(
                    point,
                    [(p, LAST), (i, LAST)],
                    partial(_both, asking, p, i),
                )
                for point in points
            )
            tried = next((each for each in shown if each is not None), None)
            assert tried is not None, (flaw.rules[0], other)
            assert judge(asking.bench, document_of(tried.data)).conclusion is not None
            pairs += 1
    assert pairs
