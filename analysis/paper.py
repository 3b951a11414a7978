"""What a rule may come to on paper, of a subject of which nothing is known: what it may not come to there, it
comes to in no scenario."""

from __future__ import annotations

from redline.engine.blanks import unknown_row
from redline.engine.case import Case, Variable
from redline.engine.cells import between
from redline.engine.circuit import Budget
from redline.engine.ground import ground_entry
from redline.engine.reference import holds
from redline.engine.run import Bench
from redline.engine.sharpen import STEPS, possible
from redline.rules.condition import Share
from redline.rules.truth import TRUE
from redline.rules.verdicts import Verdict


def blank_case(bench: Bench, index: int) -> Case:
    """The rule of that place in the plan on a subject of which nothing is known."""
    row = unknown_row(bench.plan.entries[index].subject, "", bench.asked)
    return ground_entry(bench.plan, index, row, {})


def verdicts(bench: Bench, case: Case) -> frozenset[Verdict]:
    """Which verdicts some completion gives.  Raises GaveUp."""
    return possible(case, [_values(bench, each) for each in case.variables], Budget(STEPS))


def _values(bench: Bench, variable: Variable) -> int:
    """The values that a variable may have: of what whatever it is asked of meets, the share is all."""
    if variable.column is not None and isinstance(variable.column[0], Share):
        itself = variable.rows[-1].lists["content"].rows[0]
        if holds(variable.column[0].of, itself, {}) is TRUE:
            return bench.plan.domains[variable.column].mask(between(1, 1)) & variable.free
    return variable.free
