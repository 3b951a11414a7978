"""Proofs: a smallest set of known facts that alone gives the verdict, resting on the best supported.

A fact is left out by taking its variable for unknown; what cannot be left out is the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from redline.engine.case import Case, kleene
from redline.engine.extremes import Extremes
from redline.engine.formula import Ground, support, value_of
from redline.engine.sharpen import Budget, GaveUp, Sharpening
from redline.rules.facts import Grade
from redline.rules.frozen import dataclass
from redline.rules.truth import Truth
from redline.rules.verdicts import HARMLESS, Verdict, settle

PROOF_STEPS = 3_000
"""How many solver steps making a proof smaller may take; past it the proof is right but may be larger."""

_ONE_OF_THE_HARMLESS = frozenset({Verdict.NOT_APPLICABLE, Verdict.AUTHORISED})


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
    with _Searched(case, masks, result) as searched:
        kept = known
        for limit in grades[:-1]:
            supported = [i for i in known if _grade(case, i) <= limit]
            if searched.gives(supported):
                kept = supported
                break
        kept = _enough(case, _forget(case, masks, kept), result) or searched.core(kept)
        for i in reversed(tuple(kept)):
            fewer = [k for k in kept if k != i]
            if i in kept and searched.gives(fewer):
                kept = fewer
    grade = max((_grade(case, i) for i in kept), default=Grade.DOCUMENTED)
    return Proof(tuple(kept), tuple(_forget(case, masks, kept)), grade)


class _Searched:
    """Whether some of the known facts alone give the verdict: by Kleene logic, else over all completions."""

    def __init__(self, case: Case, masks: Sequence[int], result: Verdict) -> None:
        self.case, self.masks, self.result = case, masks, result
        self.accepted = HARMLESS if result is Verdict.NOT_CROSSED else frozenset({result})
        self.budget = Budget(PROOF_STEPS)
        # where all harmless verdicts are not one, a completion that is widened shows more than it is
        self.extremes = Extremes(case) if result not in _ONE_OF_THE_HARMLESS else None
        self.sharpening: Sharpening | None = None
        self.others: list[tuple[int, ...]] = []  # completions that give another verdict

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.sharpening is not None:
            self.sharpening.__exit__()

    def gives(self, kept: Sequence[int]) -> bool:
        """Whether these facts give the verdict; where that takes too long, it is taken that they do not."""
        if self.extremes is not None and self.extremes.other_than(self.accepted, self.masks, kept):
            return False
        if settle(kleene(self.case, _forget(self.case, self.masks, kept))) is self.result:
            return True
        if any(all(self.masks[i] & seen[i] for i in kept) for seen in self.others):
            return False
        return self._refuted(kept) is not None

    def core(self, kept: list[int]) -> list[int]:
        """Facts among these, which give the verdict, that are enough for it."""
        refuted = self._refuted(kept)
        return kept if refuted is None else refuted

    def _refuted(self, kept: Sequence[int]) -> list[int] | None:
        """Facts enough that no completion gives another verdict; None if one does, or it takes too long."""
        if self.sharpening is None:
            self.sharpening = Sharpening(self.case)
        said = {self.sharpening.fact(i, self.masks[i]): i for i in kept}
        try:
            other = self.sharpening.other_than(self.accepted, tuple(said), self.budget)
        except GaveUp:
            return None
        if other is not None:
            self.others.append(other)
            return None
        enough = self.sharpening.enough()
        return [i for literal, i in said.items() if literal in enough]


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


def _grade(case: Case, index: int) -> Grade:
    cell = case.variables[index].cell
    if cell is None:
        return Grade.DOCUMENTED
    return max((fact.grade for fact in cell.facts), default=Grade.STATED)
