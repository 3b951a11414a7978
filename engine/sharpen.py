"""Sharpening: which verdicts are possible over every completion of what is not known, and which
smallest sets of facts would settle it.

A completion gives each variable one of its values.  The search splits one variable at a time, and
only those on which the verdict still hangs; it stops as soon as it has seen that the verdict cannot
be told.  Past `STEPS` evaluations it gives up and says so: the finding then stays undetermined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from redline.engine.ground import Atom, Case, unsettled_atoms, value_of
from redline.engine.reference import outcomes
from redline.rules.truth import conjunction, disjunction, negation
from redline.rules.verdicts import Verdict, settle

STEPS = 20_000
"""How many evaluations one finding may take before the search is given up."""
LARGEST_SET = 6
"""The most facts in a set that would settle a finding."""
SETTLING_STEPS = 4_000
"""How many evaluations the search for settling sets may take."""


class GaveUp(Exception):
    """The search was not finished within its bound."""


@dataclass(slots=True)
class Budget:
    """Evaluations left."""

    left: int = STEPS

    def spend(self) -> None:
        """Take one; raises GaveUp when none is left."""
        if self.left <= 0:
            raise GaveUp
        self.left -= 1


@dataclass(frozen=True, slots=True)
class Settling:
    """Facts that would settle a finding if they turned out so: the variables, and for each outcome the
    values (masks) under which it is the verdict."""

    variables: tuple[int, ...]
    outcomes: tuple[tuple[tuple[int, ...], Verdict], ...]


def kleene(case: Case, masks: Sequence[int]) -> frozenset[Verdict]:
    """The verdicts that strong Kleene logic leaves possible."""
    met = value_of(case.met, masks)
    permitted = disjunction(value_of(permit, masks) for _, permit in case.permits)
    unless = value_of(case.unless, masks)
    bites = conjunction((value_of(case.when, masks), negation(unless), negation(permitted)))
    granted = conjunction((met, value_of(case.granted, masks)))
    return outcomes(case.entry.kind, value_of(case.bound, masks), bites, met, granted)


def possible(case: Case, masks: Sequence[int], budget: Budget) -> frozenset[Verdict]:
    """The verdicts that some completion gives; as soon as they cannot be told apart from an
    undetermined answer, those seen so far.  Raises GaveUp past the budget."""
    seen: set[Verdict] = set()
    _search(case, list(masks), budget, seen)
    return frozenset(seen)


def _search(case: Case, masks: list[int], budget: Budget, seen: set[Verdict]) -> None:
    budget.spend()
    verdicts = kleene(case, masks)
    if verdicts <= seen:
        return
    if len(verdicts) == 1:
        seen |= verdicts
        return
    pivot = _pivot(case, masks)
    if pivot is None:
        seen |= verdicts
        return
    known = masks[pivot]
    for block in case.variables[pivot].blocks:
        if known & block:
            masks[pivot] = known & block
            _search(case, masks, budget, seen)
            if settle(seen) is Verdict.UNDETERMINED:
                break
    masks[pivot] = known


def _pivot(case: Case, masks: Sequence[int]) -> int | None:
    """A variable on which the verdict hangs and that can still be split; None if there is none."""
    for formula in case.formulas:
        for atom in unsettled_atoms(formula, masks):
            if _splits(case, atom, masks):
                return atom.variable
    return None


def _splits(case: Case, atom: Atom, masks: Sequence[int]) -> bool:
    return sum(1 for block in case.variables[atom.variable].blocks if masks[atom.variable] & block) > 1


def verdict(case: Case, masks: Sequence[int], budget: Budget | None = None) -> Verdict:
    """The verdict after sharpening.  Raises GaveUp past the budget."""
    return settle(possible(case, masks, budget or Budget()))


def settling_sets(case: Case, masks: Sequence[int]) -> tuple[tuple[Settling, ...], bool]:
    """The smallest sets of unknown facts some values of which settle the verdict, whatever the rest
    turns out to be: every set of which no part does.  The second part tells whether all were searched.
    """
    budget = Budget(SETTLING_STEPS)
    unknown = [i for i in _relevant(case, masks) if case.variables[i].sort != "open"]
    found: list[Settling] = []
    try:
        for size in range(1, min(LARGEST_SET, len(unknown)) + 1):
            for chosen in combinations(unknown, size):
                if not any(set(s.variables) <= set(chosen) for s in found):
                    settled = _settled(case, masks, chosen, budget)
                    if settled:
                        found.append(Settling(chosen, settled))
    except GaveUp:
        return tuple(found), False
    return tuple(found), len(unknown) <= LARGEST_SET


def _settled(
    case: Case, masks: Sequence[int], chosen: Sequence[int], budget: Budget
) -> tuple[tuple[tuple[int, ...], Verdict], ...]:
    settled = []
    choices = [[b & masks[i] for b in case.variables[i].blocks if b & masks[i]] for i in chosen]
    for values in product(*choices):
        trial = list(masks)
        for i, value in zip(chosen, values, strict=True):
            trial[i] = value
        result = verdict(case, trial, budget)
        if result is not Verdict.UNDETERMINED:
            settled.append((values, result))
    return tuple(settled)


def _relevant(case: Case, masks: Sequence[int]) -> list[int]:
    """The variables that are not known and that the rule's parts look at, in the order they are asked."""
    seen: dict[int, None] = {}
    for formula in case.formulas:
        for atom in unsettled_atoms(formula, masks):
            if _splits(case, atom, masks):
                seen.setdefault(atom.variable)
    return list(seen)
