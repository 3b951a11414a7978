"""Sharpening: which verdicts are possible over every completion of what is not known, and which
smallest sets of facts would settle it.

A completion gives each variable one of its values.  The search splits one variable at a time, and
only those on which the verdict still hangs; it stops as soon as it has seen that the verdict cannot
be told.  Past `STEPS` evaluations it gives up and says so: the finding then stays undetermined.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from redline.engine.case import Case, simplified_case, splits
from redline.engine.formula import NO, YES, Ground, atoms, simplified
from redline.engine.reference import outcomes
from redline.rules.frozen import dataclass
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction, negation
from redline.rules.verdicts import HARMLESS, Verdict, settle

STEPS = 20_000
"""How many evaluations one finding may take before the search is given up."""
LARGEST_SET = 6
"""The most facts in a set that would settle a finding."""
SETTLING_STEPS = 4_000
"""How many evaluations the search for settling sets may take."""


GLANCES = 1_500
"""How many sets of facts it may look at."""

Formulas = tuple[Ground, ...]


class GaveUp(Exception):
    """The search was not finished within its bound."""


@dataclass(slots=True)
class Budget:
    """Evaluations left."""

    left: int = STEPS
    glances: int = GLANCES

    def glance(self) -> None:
        """Look at one more set of facts; raises GaveUp when there were too many."""
        if self.glances <= 0:
            raise GaveUp
        self.glances -= 1

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
    return _left(case, _cut(case.formulas, masks))


def possible(case: Case, masks: Sequence[int], budget: Budget) -> frozenset[Verdict]:
    """The verdicts that some completion gives; as soon as they cannot be told apart from an
    undetermined answer, those seen so far.  Raises GaveUp past the budget."""
    return frozenset(completions(case, masks, budget).values())


_Found = dict[tuple[int, ...], Verdict]
"""Partial completions (masks) and the verdict that each gives, whatever is still open in it."""


def completions(case: Case, masks: Sequence[int], budget: Budget) -> _Found:
    """Partial completions that give every possible verdict, or enough to see that it cannot be told."""
    found: _Found = {}
    _search(case, case.formulas, list(masks), budget, found)
    return found


def _search(case: Case, formulas: Formulas, masks: list[int], budget: Budget, found: _Found) -> None:
    budget.spend()
    formulas = _cut(formulas, masks)
    verdicts = _left(case, formulas)
    seen = set(found.values())
    if verdicts <= seen:
        return
    pivot = None if len(verdicts) == 1 else _pivot(case, formulas, masks)
    if pivot is None:
        # one verdict, or a comparison that no value settles: then every verdict left is possible
        for number, verdict_left in enumerate(sorted(verdicts)):
            found[(*masks, number)] = verdict_left
        return
    known = masks[pivot]
    for block in case.variables[pivot].blocks:
        if known & block:
            masks[pivot] = known & block
            _search(case, formulas, masks, budget, found)
            if settle(found.values()) is Verdict.UNDETERMINED:
                break
    masks[pivot] = known


def _cut(formulas: Formulas, masks: Sequence[int]) -> Formulas:
    return tuple(simplified(formula, masks) for formula in formulas)


def _left(case: Case, formulas: Formulas) -> frozenset[Verdict]:
    """The verdicts possible where each formula that is not decided may go either way."""
    bound, when, unless, met, granted, *permits = (_truth(formula) for formula in formulas)
    bites = conjunction((when, negation(unless), negation(disjunction(permits))))
    return outcomes(case.entry.kind, bound, bites, met, conjunction((met, granted)))


def _truth(formula: Ground) -> Truth:
    """The truth of a formula that was simplified: what is left of it is unknown."""
    return TRUE if formula is YES else FALSE if formula is NO else UNKNOWN


def _pivot(case: Case, formulas: Formulas, masks: Sequence[int]) -> int | None:
    """A variable on which the verdict hangs and that can still be split; None if there is none."""
    return next((a.variable for f in formulas for a in atoms(f) if splits(case.variables, a, masks)), None)


def verdict(case: Case, masks: Sequence[int], budget: Budget | None = None) -> Verdict:
    """The verdict after sharpening.  Raises GaveUp past the budget."""
    return settle(possible(case, masks, budget or Budget()))


def settling_sets(case: Case, masks: Sequence[int]) -> tuple[tuple[Settling, ...], bool]:
    """The smallest sets of unknown facts some values of which settle the verdict, whatever the rest
    turns out to be: every set of which no part does.  The second part tells whether all were searched.

    A set settles if its values rule out every completion with another verdict.  So the search takes one
    such completion at a time, and branches on the facts by which it can be ruled out (implicit hitting sets).
    """
    case = simplified_case(case, masks)
    budget = Budget(SETTLING_STEPS)
    learnable = {i for i in _relevant(case, masks) if case.variables[i].sort != "open"}
    known: _Found = {}
    found: dict[tuple[int, ...], None] = {}
    finished = True
    try:
        known = completions(case, masks, Budget())
        for goal in (HARMLESS, frozenset({Verdict.CROSSES}), frozenset({Verdict.REQUIRES_ASSESSMENT})):
            finished &= _toward(case, masks, goal, learnable, budget, known, found)
    except GaveUp:
        finished = False
    smallest = [s for s in found if not any(set(o) < set(s) for o in found)]
    smallest.sort(key=lambda s: (len(s), s))
    sets = []
    for s in smallest:
        try:
            sets.append(Settling(s, _settled(case, masks, s, Budget(), known)))
        except GaveUp:
            finished = False
    return tuple(sets), finished


_Step = tuple[tuple[int, int], ...]
"""Variables with the values given to them, in order."""


def _toward(
    case: Case, masks: Sequence[int], goal: frozenset[Verdict], learnable: set[int],
    budget: Budget, known: _Found, found: dict[tuple[int, ...], None],
) -> bool:  # fmt: skip
    """Adds the sets of facts that settle the verdict as one of the goal's; whether all were searched."""
    level: dict[_Step, None] = {(): None}
    for size in range(LARGEST_SET + 1):
        following: dict[_Step, None] = {}
        for step in level:
            chosen = tuple(i for i, _ in step)
            if any(set(f) <= set(chosen) for f in found):
                continue
            against = _against(case, masks, step, goal, budget, known)
            if against is None:
                found[chosen] = None
            elif size < LARGEST_SET:
                for i in sorted(learnable - set(chosen)):
                    for block in case.variables[i].blocks:
                        if block & masks[i] and not block & against[i]:
                            following[tuple(sorted((*step, (i, block & masks[i]))))] = None
            else:
                return False
        level = following
    return True


def _against(
    case: Case, masks: Sequence[int], step: _Step, goal: frozenset[Verdict], budget: Budget, known: _Found
) -> tuple[int, ...] | None:
    """A completion of what was chosen whose verdict is not the goal's; None if there is none."""
    budget.glance()
    trial = list(masks)
    for i, value in step:
        trial[i] = value
    for seen, result in known.items():
        if result not in goal and all(value & seen[i] for i, value in step):
            return seen
    completed = completions(case, trial, budget)
    known |= completed
    return next((seen for seen, result in completed.items() if result not in goal), None)


def _settled(
    case: Case, masks: Sequence[int], chosen: Sequence[int], budget: Budget, known: _Found
) -> tuple[tuple[tuple[int, ...], Verdict], ...]:
    settled = []
    choices = [[b & masks[i] for b in case.variables[i].blocks if b & masks[i]] for i in chosen]
    for values in product(*choices):
        trial = list(masks)
        for i, value in zip(chosen, values, strict=True):
            trial[i] = value
        if _refuted(tuple(zip(chosen, values, strict=True)), known):
            continue
        completed = completions(case, trial, budget)
        known |= completed
        result = settle(completed.values())
        if result is not Verdict.UNDETERMINED:
            settled.append((values, result))
    return tuple(settled)


def _refuted(step: _Step, known: _Found) -> bool:
    """Whether completions already seen show that what is tried leaves the verdict open."""
    verdicts = {v for seen, v in known.items() if all(value & seen[i] for i, value in step)}
    return settle(verdicts) is Verdict.UNDETERMINED if verdicts else False


def _relevant(case: Case, masks: Sequence[int]) -> list[int]:
    """The variables that are not known and that the rule's parts look at, in the order they are asked."""
    asked = (a.variable for f in case.formulas for a in atoms(f) if splits(case.variables, a, masks))
    return list(dict.fromkeys(asked))
