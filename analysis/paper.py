"""What a rule may come to on paper, of a subject of which nothing is known: what it may not come to there, it
comes to in no scenario."""

from __future__ import annotations

from redline.analysis.outline import silences
from redline.engine.blanks import unknown_row
from redline.engine.case import Case, Variable
from redline.engine.cells import between
from redline.engine.circuit import Budget
from redline.engine.ground import ground_entry
from redline.engine.plan import Entry
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
    """Which verdicts some completion gives; any, where the rule asks whether something is said at all, which
    on paper nothing is.  Raises GaveUp."""
    if asks_what_is_said(bench, case.entry):
        return frozenset(Verdict)
    return possible(case, [_values(bench, each) for each in case.variables], Budget(STEPS))


def asks_what_is_said(bench: Bench, entry: Entry) -> bool:
    """Whether the rule, or a permission that names it, asks whether anything is said of a field."""
    return bool(silences([entry, *(bench.plan.entries[i] for i in entry.permits)]))


def _values(bench: Bench, variable: Variable) -> int:
    """The values that a variable may have.  Some things are so of whatever it is asked of: an item is the
    whole of itself, and of what every item meets the share is all."""
    if variable.column is not None and isinstance(variable.column[0], Share):
        itself = variable.rows[-1].lists["content"].rows[0]
        if holds(variable.column[0].of, itself, {}) is TRUE:
            return bench.plan.domains[variable.column].mask(between(1, 1))
    return variable.now
