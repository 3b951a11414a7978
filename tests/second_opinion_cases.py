"""Many rules on many records at once, for the second opinion to be asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from random import Random

import pytest

from redline.engine.conclude import Judging, conclude
from redline.engine.plan import plan
from redline.engine.rete import second_opinion
from redline.rules.finding import Conclusion
from redline.rules.opinion import Opinion
from redline.rules.policy import Rule
from redline.rules.record import Row, Subject
from redline.rules.verdicts import Kind
from redline.testing.dice import Dice, Seeded, chance, pick
from tests.generate_rows import PLAIN, Wish, a_policy, changed, forgotten, needs, places, policy, record


def _importable() -> bool:
    try:
        import durable_rules_engine  # noqa: F401  # only whether it can be
    except ImportError:
        return False
    return True


needs_durable_rules = pytest.mark.skipif(
    find_spec("durable_rules_engine") is None or not _importable(), reason="durable-rules cannot be had here"
)


@dataclass(frozen=True)
class Batch:
    """What is judged: rules, subjects as stated, and the same with what is alleged taken for unknown."""

    judging: Judging
    subjects: tuple[Subject, ...]
    supported: tuple[Subject, ...]

    def conclusion(self) -> Conclusion:
        """What we say of it."""
        return conclude(self.judging, self.subjects, self.supported)

    def opinion(self, conclusion: Conclusion, timeout: float = 60.0) -> Opinion:
        """What the second opinion says of that."""
        return second_opinion(self.judging, self.subjects, self.supported, conclusion, timeout=timeout)


def batch(seed: int, rules: int = 10, steps: int = 3, wish: Wish = PLAIN) -> Batch:
    """Rules (each with its permissions and perhaps a red flag) on steps, the last of them a phantom."""
    dice = Seeded(Random(seed))  # noqa: S311  # no secret hangs on it
    made = [rule for number in range(rules) for rule in _rules(dice, number, wish)]
    policies = (a_policy(made),)
    rows = [record(dice, "step", needs(made), wish) for _ in range(steps)]
    subjects = [Subject("step", str(i), row, phantom=i == steps) for i, row in enumerate(rows, 1)]
    readings = {"p/two": frozenset({"b"})} if chance(dice, 50) else {}
    supported = tuple(s if chance(dice, 50) else replace(s, row=_less_known(dice, s.row)) for s in subjects)
    return Batch(Judging(policies, plan(policies), readings), tuple(subjects), supported)


def one(rules: Rule | list[Rule], *rows: Row, supported: tuple[Row, ...] = ()) -> Batch:
    """Rules on steps with these records."""
    policies = (a_policy([rules] if isinstance(rules, Rule) else rules),)
    subjects = tuple(Subject("step", str(i), row) for i, row in enumerate(rows, 1))
    backed = tuple(Subject("step", str(i), row) for i, row in enumerate(supported, 1)) or subjects
    return Batch(Judging(policies, plan(policies), {}), subjects, backed)


def _rules(dice: Dice, number: int, wish: Wish) -> list[Rule]:
    found = []
    for rule in policy(dice, wish).rules:
        flags = rule.kind is Kind.PERMITS and chance(dice, 20)
        found.append(
            replace(
                rule,
                id=f"{rule.id}-{number}",
                kind=Kind.FLAGS if flags else rule.kind,
                defeats=() if flags else tuple(f"{target}-{number}" for target in rule.defeats),
            )
        )
    return found


def _less_known(dice: Dice, row: Row) -> Row:
    """The record with a few of its facts taken for unknown."""
    for _ in range(3):
        if found := [place for place, _ in places(row)]:
            row = changed(row, pick(dice, found), forgotten)
    return row


Seam = Callable[[pytest.MonkeyPatch], None]
