"""Strong Kleene logic on the plan: what a formula comes to on a record without unrolling it.

Most rules are settled by it on most subjects.  What it leaves unknown may still be told by sharpening; what
it tells, sharpening tells too.
"""

from __future__ import annotations

from typing import assert_never

from redline.engine.cells import truth_of
from redline.engine.plan import (
    Entry,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    Plan,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
)
from redline.engine.reference import Readings, outcomes
from redline.rules.frozen import dataclass
from redline.rules.record import Row, Rows
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction, negation
from redline.rules.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Kleene:
    """What is needed to evaluate: the plan, and the answers fixed."""

    plan: Plan
    readings: Readings

    def verdicts(self, entry: Entry, row: Row) -> frozenset[Verdict]:
        """The verdicts that are left possible on the record."""
        bound = self.truth(entry.bound, row)
        if bound is FALSE:
            return outcomes(entry.kind, bound, UNKNOWN, UNKNOWN, UNKNOWN)
        bites = self.truth(entry.when, row)
        if bites is not FALSE:
            permitted = disjunction(self.applies(self.plan.entries[p], row) for p in entry.permits)
            bites = conjunction((bites, negation(self.truth(entry.unless, row)), negation(permitted)))
        met = self.truth(entry.met, row)
        return outcomes(entry.kind, bound, bites, met, self.truth(entry.granted, row))

    def applies(self, entry: Entry, row: Row) -> Truth:
        """Whether a permission or a red flag holds of the record."""
        bound = self.truth(entry.bound, row)
        if bound is FALSE:
            return FALSE
        unless = negation(self.truth(entry.unless, row))
        return conjunction((bound, self.truth(entry.when, row), unless))

    def truth(self, formula: Formula, row: Row) -> Truth:
        """Whether the formula is true of the record, false of it, or cannot be told."""
        match formula:
            case PAll(parts):
                result = TRUE
                for part in parts:
                    truth = self.truth(part, row)
                    if truth is FALSE:
                        return FALSE
                    if truth is UNKNOWN:
                        result = UNKNOWN
                return result
            case PAny(parts):
                result = FALSE
                for part in parts:
                    truth = self.truth(part, row)
                    if truth is TRUE:
                        return TRUE
                    if truth is UNKNOWN:
                        result = UNKNOWN
                return result
            case PTest(column, accepts, perhaps):
                mask = self.plan.domains[column].mask(row.cells[column[0]].value)
                if not mask & ~accepts:
                    return TRUE
                return UNKNOWN if mask & (accepts | perhaps) else FALSE
            case PSilent(key, wanted):
                return TRUE if silent(row, key) is wanted else FALSE
            case PIn(name, body):
                return self.truth(body, row.parts[name])
            case PSome(name, body):
                return self._some(row.lists[name], body)
            case PEvery(name, body):
                return self._every(row.lists[name], body)
            case PReading(name, answers, wanted):
                possible = self.readings.get(name, frozenset(self.plan.answers[name]))
                so = {(answer in answers) is wanted for answer in possible}
                return UNKNOWN if len(so) != 1 else TRUE if so == {True} else FALSE
            case PUnsettled():
                return UNKNOWN
            case _:
                assert_never(formula)

    def _some(self, rows: Rows, body: Formula) -> Truth:
        result = FALSE
        for row in rows.rows:
            there = truth_of(row.present)
            truth = FALSE if there is FALSE else conjunction((there, self.truth(body, row)))
            if truth is TRUE:
                return TRUE
            if truth is UNKNOWN:
                result = UNKNOWN
        if result is UNKNOWN or truth_of(rows.closed) is TRUE:
            return result
        return FALSE if self.truth(body, rows.rest) is FALSE else UNKNOWN

    def _every(self, rows: Rows, body: Formula) -> Truth:
        result = TRUE
        for row in rows.rows:
            there = truth_of(row.present)
            truth = TRUE if there is FALSE else disjunction((negation(there), self.truth(body, row)))
            if truth is FALSE:
                return FALSE
            if truth is UNKNOWN:
                result = UNKNOWN
        if result is UNKNOWN or truth_of(rows.closed) is TRUE:
            return result
        return TRUE if self.truth(body, rows.rest) is TRUE else UNKNOWN


def silent(row: Row, key: str) -> bool:
    """Whether the scenario says nothing of the field or list."""
    if key in row.lists:
        return not row.lists[key].rows and not row.lists[key].closed.stated
    return not row.cells[key].stated
