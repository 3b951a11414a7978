"""The plan is a value: it compares, hashes, pickles and prints."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from redline.engine.load import load
from redline.engine.plan import Formula, Plan, PTest, nodes, plan
from redline.front.cli import run
from tests.generate_policies import a_policy


@pytest.fixture(scope="module")
def shipped_plan() -> Plan:
    """The plan of what ships."""
    return plan(load().policies)


def test_equal_plans_hash_alike_and_survive_pickling(shipped_plan: Plan) -> None:
    """Made twice, or taken out of a pickle."""
    again = plan(load().policies)
    kept = pickle.loads(pickle.dumps(shipped_plan))  # noqa: S301  # our own
    assert shipped_plan == again == kept
    assert len({shipped_plan, again, kept}) == 1


def test_another_policy_is_another_plan(tmp_path: Path) -> None:
    """Whatever it differs in."""
    path = tmp_path / "p.yaml"
    plans = set()
    for seed in range(5):
        path.write_text(a_policy(4, seed), encoding="utf-8")
        plans.add(plan(load([path]).policies))
    assert len(plans) == 5


def test_each_test_knows_where_it_is_written(shipped_plan: Plan) -> None:
    """Its line, whether it is negated or not; whether a rule is in force stands where its validity does."""
    tests = [
        test
        for entry in shipped_plan.entries
        for formula in (entry.bound, entry.when, entry.unless, entry.met)
        for test in _tests(formula)
    ]
    assert len(tests) > 100
    assert all(test.span.line for test in tests)


def _tests(formula: Formula) -> list[PTest]:
    return [node for node in nodes(formula) if isinstance(node, PTest)]


def test_a_rule_is_printed_with_its_classes_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """What it is about, its tests and their places; by id alone or in full."""
    for name in ("no-defence-tech-to-pakistan", "india-italy-defence/no-defence-tech-to-pakistan"):
        assert run(["policies", "plan", name]) == 0
        text = capsys.readouterr().out
        assert text.startswith("india-italy-defence/no-defence-tech-to-pakistan  (prohibits, each step)")
        assert "policies/india-italy.yaml:" in text
        assert "PK [class" in text
        assert text.count("(prohibits") == 1


def test_all_rules_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each once."""
    assert run(["policies", "plan"]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line and not line.startswith(" ")]
    assert len(heads) == sum(len(policy.rules) for policy in load().policies)


def test_a_rule_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With what may be meant."""
    assert run(["policies", "plan", "no-defence-tech-to-pakista"]) == 2
    assert "did you mean `no-defence-tech-to-pakistan`" in capsys.readouterr().err
