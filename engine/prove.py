"""Proofs: a smallest set of known facts that alone gives the verdict, resting on the best supported.

A fact is left out by taking its variable for unknown; what cannot be left out is the proof.
"""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.case import Case
from redline.engine.formula import Ground, support, value_of
from redline.engine.sharpen import Budget, GaveUp, completions, kleene
from redline.rules.facts import Grade
from redline.rules.frozen import dataclass
from redline.rules.truth import Truth
from redline.rules.verdicts import HARMLESS, Verdict, settle

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
    grades = sorted({_grade(case, i) for i in known})
    budget = Budget(PROOF_STEPS)
    others: dict[tuple[int, ...], Verdict] = {}
    kept = known
    for limit in grades[:-1]:
        supported = [i for i in known if _grade(case, i) <= limit]
        if _gives(case, _forget(case, masks, supported), result, budget, others):
            kept = supported
            break
    kept = _enough(case, _forget(case, masks, kept), result) or kept
    for i in reversed(tuple(kept)):
        fewer = [k for k in kept if k != i]
        trial = _forget(case, masks, fewer)
        if settle(kleene(case, trial)) is result or _gives(case, trial, result, budget, others):
            kept = fewer
    grade = max((_grade(case, i) for i in kept), default=Grade.DOCUMENTED)
    return Proof(tuple(kept), tuple(_forget(case, masks, kept)), grade)


def _enough(case: Case, masks: Sequence[int], result: Verdict) -> list[int] | None:
    """Known variables that are enough for Kleene logic to give the verdict, fewest first tried; None
    where it takes sharpening."""
    one_of: list[list[Ground]] = []
    permits = [permit for _, permit in case.permits]
    match result:
        case Verdict.NOT_APPLICABLE:
            one_of = [[case.bound]]
        case Verdict.NOT_CROSSED:
            one_of = [[part] for part in (case.when, case.unless, *permits, case.met)]
        case _:
            one_of = [[case.bound, case.when, case.unless, *permits, case.met, case.granted]]
    bound = support(case.bound, masks)
    found = []
    for parts in one_of:
        for more in ((), bound):
            variables = {i for part in parts for i in support(part, masks)}.union(more)
            trial = _forget(case, masks, sorted(variables))
            if settle(kleene(case, trial)) is result:
                found.append(sorted(variables))
                break
    return min(found, key=len, default=None)


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


def _gives(
    case: Case,
    masks: Sequence[int],
    result: Verdict,
    budget: Budget,
    others: dict[tuple[int, ...], Verdict],
) -> bool:
    """Whether the masks give the verdict; `others` gathers completions that give another."""
    if any(all(a & b for a, b in zip(masks, seen, strict=False)) for seen in others):
        return False
    try:
        completed = completions(case, masks, budget)
    except GaveUp:
        return False
    others |= {seen: found for seen, found in completed.items() if _against(found, result)}
    return settle(completed.values()) is result


def _against(found: Verdict, result: Verdict) -> bool:
    """Whether a completion with that verdict keeps the result from being the verdict of all."""
    return found is not result and not (result is Verdict.NOT_CROSSED and found in HARMLESS)


def _grade(case: Case, index: int) -> Grade:
    cell = case.variables[index].cell
    if cell is None:
        return Grade.DOCUMENTED
    return max((fact.grade for fact in cell.facts), default=Grade.STATED)
