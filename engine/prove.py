"""Proofs: a smallest set of known facts that alone gives the verdict, resting on the best supported.

A fact is left out by taking its variable for unknown; what cannot be left out is the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redline.engine.ground import Case, value_of
from redline.engine.sharpen import Budget, GaveUp, kleene, verdict
from redline.rules.facts import Grade
from redline.rules.truth import Truth
from redline.rules.verdicts import Verdict, settle

PROOF_STEPS = 3_000
"""How many evaluations making a proof smaller may take; past it the proof is right but may be larger."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The variables that it rests on, the masks with all others forgotten, the grade of its weakest fact."""

    variables: tuple[int, ...]
    masks: tuple[int, ...]
    grade: Grade


def prove(case: Case, masks: Sequence[int], result: Verdict) -> Proof:
    """A minimal proof of the verdict.  The verdict must be what `masks` give."""
    known = [i for i, v in enumerate(case.variables) if masks[i] != v.free]
    budget = Budget(PROOF_STEPS)
    for limit in Grade:
        kept = [i for i in known if _grade(case, i) <= limit]
        if _gives(case, _forget(case, masks, kept), result, budget):
            break
    else:
        kept = known
    for strict in (True, False):
        for i in reversed(tuple(kept)):
            fewer = [k for k in kept if k != i]
            trial = _forget(case, masks, fewer)
            if settle(kleene(case, trial)) is result or (not strict and _gives(case, trial, result, budget)):
                kept = fewer
    grade = max((_grade(case, i) for i in kept), default=Grade.DOCUMENTED)
    return Proof(tuple(kept), tuple(_forget(case, masks, kept)), grade)


def failing(case: Case, proof: Proof) -> str:
    """The part of the rule by whose failing (or holding) the verdict came about, in the plan's terms:
    `bound`, `when`, `unless`, `met`, or the name of a permission."""
    if value_of(case.bound, proof.masks) is Truth.FALSE:
        return "bound"
    if value_of(case.when, proof.masks) is Truth.FALSE:
        return "when"
    if value_of(case.unless, proof.masks) is Truth.TRUE:
        return "unless"
    for permit, formula in case.permits:
        if value_of(formula, proof.masks) is Truth.TRUE:
            return permit
    return "met" if value_of(case.met, proof.masks) is Truth.TRUE else ""


def _forget(case: Case, masks: Sequence[int], kept: Sequence[int]) -> list[int]:
    trial = [v.free for v in case.variables]
    for i in kept:
        trial[i] = masks[i]
    return trial


def _gives(case: Case, masks: Sequence[int], result: Verdict, budget: Budget) -> bool:
    try:
        return verdict(case, masks, budget) is result
    except GaveUp:
        return False


def _grade(case: Case, index: int) -> Grade:
    cell = case.variables[index].cell
    if cell is None:
        return Grade.DOCUMENTED
    return max((fact.grade for fact in cell.facts), default=Grade.STATED)
