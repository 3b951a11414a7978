"""What a rule may come to on paper, of a subject of which nothing is known: what it may not come to there, it
comes to in no scenario.

On paper nothing is said, and yet whether something is may be either way: there that is a fact like others.
"""

from __future__ import annotations

from redline.analysis.outline import silences
from redline.analysis.voices import voiced, with_voices
from redline.engine.blanks import unknown_row
from redline.engine.case import Case, Variable
from redline.engine.cells import between
from redline.engine.circuit import Budget
from redline.engine.ground import ground_entry
from redline.engine.reference import holds
from redline.engine.run import Bench
from redline.engine.sharpen import STEPS, possible
from redline.rules.condition import Share
from redline.rules.record import Row
from redline.rules.truth import TRUE
from redline.rules.verdicts import Verdict


class OnPaper:
    """The rules of a bench on paper."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._asked = silences(bench.plan.entries)
        self.plan = voiced(bench.plan, self._asked) if self._asked else bench.plan

    def row(self, row: Row) -> Row:
        """The record as it is on paper."""
        return with_voices(row, self._asked) if self._asked else row

    def case(self, index: int) -> Case:
        """The rule of that place in the plan on a subject of which nothing is known."""
        row = self.row(unknown_row(self.plan.entries[index].subject, "", self.bench.asked))
        return ground_entry(self.plan, index, row, {})

    def verdicts(self, case: Case) -> frozenset[Verdict]:
        """Which verdicts some completion gives.  Raises GaveUp."""
        return possible(case, [_values(self.bench, each) for each in case.variables], Budget(STEPS))


def _values(bench: Bench, variable: Variable) -> int:
    """The values that a variable may have.  Some things are so of whatever it is asked of: an item is the
    whole of itself, and of what every item meets the share is all."""
    if variable.column is not None and isinstance(variable.column[0], Share):
        itself = variable.rows[-1].lists["content"].rows[0]
        if holds(variable.column[0].of, itself, {}) is TRUE:
            return bench.plan.domains[variable.column].mask(between(1, 1))
    return variable.now
