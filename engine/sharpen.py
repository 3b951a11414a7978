"""Sharpening: which verdicts are possible over every completion of what is not known, and which
smallest sets of facts would settle it.

A completion gives each variable one of its values.  Where Kleene logic does not tell, the rule becomes a
circuit and the question whether some completion gives a verdict goes to a SAT solver.  Past `STEPS` solver
steps it gives up and says so: the finding then stays undetermined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from typing import Self

from redline.engine.case import Case, Variable, kleene, simplified_case, splits
from redline.engine.circuit import ALWAYS, Budget, Choice, Circuit, GaveUp, Literal, Rails
from redline.engine.extremes import Extremes
from redline.engine.formula import Ground, atoms, support, value_of
from redline.rules.frozen import dataclass, replace
from redline.rules.truth import FALSE, TRUE, UNKNOWN
from redline.rules.verdicts import HARMLESS, Kind, Verdict, settle

STEPS = 20_000
"""How many solver steps one finding may take before the search is given up."""
SETTLING_STEPS = 20_000
"""How many solver steps the search for settling sets may take."""
LARGEST_SET = 6
"""The most facts in a set that would settle a finding."""
GLANCES = 1_500
"""How many sets of facts it may look at."""

__all__ = ["Budget", "GaveUp", "Settling", "Sharpening", "kleene", "possible", "settling_sets", "verdict"]


@dataclass(frozen=True, slots=True)
class Settling:
    """Facts that would settle a finding if they turned out so: the variables, and for each outcome the
    values (masks) under which it is the verdict."""

    variables: tuple[int, ...]
    outcomes: tuple[tuple[tuple[int, ...], Verdict], ...]


def possible(case: Case, masks: Sequence[int], budget: Budget) -> frozenset[Verdict]:
    """The verdicts that some completion gives; as soon as they cannot be told apart from an
    undetermined answer, those seen so far.  Raises GaveUp past the budget."""
    case = simplified_case(case, masks)
    left = kleene(case, masks)
    if len(left) == 1 or _each_by_itself(case, masks):
        return left
    found = frozenset(v for completion in Extremes(case).of(masks) for v in kleene(case, completion))
    if settle(found) is Verdict.UNDETERMINED:
        return found
    with Sharpening(case) as sharpening:
        return sharpening.possible(masks, budget)


def _each_by_itself(case: Case, masks: Sequence[int]) -> bool:
    """Whether no two atoms that are left share a variable and each may come out either way: then every
    formula may too, whatever the others come to."""
    seen = set()
    for formula in case.formulas:
        for atom in atoms(formula):
            mask = masks[atom.variable]
            if atom.variable in seen or not (mask & atom.accepts and mask & ~(atom.accepts | atom.perhaps)):
                return False
            seen.add(atom.variable)
    return True


def verdict(case: Case, masks: Sequence[int], budget: Budget | None = None) -> Verdict:
    """The verdict after sharpening.  Raises GaveUp past the budget."""
    return settle(possible(case, masks, budget or Budget(STEPS)))


_EACH = (
    Verdict.CROSSES,
    Verdict.NOT_APPLICABLE,
    Verdict.NOT_CROSSED,
    Verdict.AUTHORISED,
    Verdict.REQUIRES_ASSESSMENT,
)
"""Every verdict of a completion, those first that most often tell that it cannot be told."""


class Sharpening:
    """One case as a circuit, asked which verdicts its completions give.  Close it after use."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._circuit = circuit = Circuit()
        looked_at = {atom.variable for formula in case.formulas for atom in atoms(formula)}
        self._choices = [
            _choice(circuit, v) if i in looked_at else Choice((ALWAYS,), (v.free,))
            for i, v in enumerate(case.variables)
        ]
        self._gives = self._outcomes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._circuit.__exit__()

    def possible(self, masks: Sequence[int], budget: Budget) -> frozenset[Verdict]:
        """The verdicts that some completion gives, or enough of them to see that it cannot be told."""
        known = self.assumed(masks)
        found: set[Verdict] = set()
        for one in _EACH:
            if found and settle(found) is Verdict.UNDETERMINED:
                break
            if self._circuit.possible((*known, self._gives[one]), budget):
                found.add(one)
        return frozenset(found)

    def other_than(
        self, goal: Collection[Verdict], assumed: Sequence[Literal], budget: Budget
    ) -> tuple[int, ...] | None:
        """A completion with another verdict, as masks of what it turns on; None if there is none."""
        literal = self._circuit.either([lit for v, lit in self._gives.items() if v not in goal])
        if not self._circuit.possible((*assumed, literal), budget):
            return None
        masks = [
            v.free if choice.literals == (ALWAYS,) else choice.values[found.bit_length() - 1]
            for v, choice in zip(self.case.variables, self._choices, strict=True)
            for found in (self._circuit.found(choice),)
        ]
        return self._widened(masks)

    def enough(self) -> frozenset[Literal]:
        """Of what was assumed last, where no completion was found, enough that there is none."""
        return self._circuit.against()

    def assumed(self, masks: Sequence[int]) -> list[Literal]:
        """What is known, as literals."""
        return [lit for i, mask in enumerate(masks) if (lit := self.fact(i, mask)) != ALWAYS]

    def fact(self, variable: int, mask: int) -> Literal:
        """That a variable has one of the values."""
        choice = self._choices[variable]
        return self._circuit.among(choice, choice.of(mask))

    def _widened(self, masks: list[int]) -> tuple[int, ...]:
        """The completion with everything left open that it is not needed for: whatever that turns out to
        be, the verdict stays among the harmless, or stays what it is."""
        case = self.case
        permits = [permit for _, permit in case.permits]
        decisive = [(case.bound, FALSE), (case.when, FALSE), *((p, TRUE) for p in (case.unless, *permits))]
        harmless = [support(part, masks) for part, truth in decisive if value_of(part, masks) is truth]
        if harmless:
            kept = min(harmless, key=len)
        else:
            kept = frozenset().union(*(_turns_on(part, masks) for part in case.formulas))
        return tuple(
            mask if i in kept else v.free
            for i, (mask, v) in enumerate(zip(masks, case.variables, strict=True))
        )

    def _outcomes(self) -> dict[Verdict, Literal]:
        """For each verdict, whether it is possible: `reference.outcomes` as gates."""
        circuit, case = self._circuit, self.case
        bound, when, unless, met, granted, *permits = (
            circuit.rails(formula, lambda atom: circuit.atom(self._choices[atom.variable], atom))
            for formula in case.formulas
        )
        excepted = circuit.any((unless, *permits))
        bites = circuit.all((when, Rails(excepted.no, excepted.yes)))
        about, bitten = -bound.no, circuit.both((-bound.no, -bites.no))
        crossed = circuit.both((bitten, -met.yes))
        satisfied = circuit.both((bitten, -met.no))
        weighed = case.entry.kind is Kind.WEIGHS
        return {
            Verdict.CROSSES: -ALWAYS if weighed else crossed,
            Verdict.REQUIRES_ASSESSMENT: crossed if weighed else -ALWAYS,
            Verdict.AUTHORISED: circuit.both((satisfied, -granted.no)),
            Verdict.NOT_CROSSED: circuit.either(
                (circuit.both((about, -bites.yes)), circuit.both((satisfied, -granted.yes)))
            ),
            Verdict.NOT_APPLICABLE: -bound.yes,
        }


def _choice(circuit: Circuit, variable: Variable) -> Choice:
    """One of the groups of values that the case can tell apart."""
    return replace(circuit.choice(len(variable.blocks)), values=variable.blocks)


def _turns_on(ground: Ground, masks: Sequence[int]) -> frozenset[int]:
    """Variables that keep the formula's truth as it is."""
    if value_of(ground, masks) is UNKNOWN:
        return frozenset(atom.variable for atom in atoms(ground))
    return support(ground, masks)


def settling_sets(case: Case, masks: Sequence[int]) -> tuple[tuple[Settling, ...], bool]:
    """The smallest sets of unknown facts some values of which settle the verdict, whatever the rest
    turns out to be: every set of which no part does.  The second part tells whether all were searched.

    A set settles if its values rule out every completion with another verdict.  So the search takes one
    such completion at a time, and branches on the facts by which it can be ruled out (implicit hitting sets).
    """
    case = simplified_case(case, masks)
    with Sharpening(case) as sharpening:
        search = _Search(case, masks, sharpening, Budget(SETTLING_STEPS))
        finished = True
        for goal in _GOALS:
            try:
                finished &= search.toward(goal)
            except GaveUp:
                finished = False
        smallest = [s for s in search.found if not any(set(o) < set(s) for o in search.found)]
        smallest.sort(key=lambda s: (len(s), s))
        sets = []
        for s in smallest:
            try:
                sets.append(Settling(s, tuple(search.settled(s))))
            except GaveUp:
                finished = False
    return tuple(sets), finished


_GOALS = (HARMLESS, frozenset({Verdict.CROSSES}), frozenset({Verdict.REQUIRES_ASSESSMENT}))
_Step = tuple[tuple[int, int], ...]
"""Variables with the values given to them, in order."""


class _Search:
    """The search for settling sets of one case."""

    def __init__(self, case: Case, masks: Sequence[int], sharpening: Sharpening, budget: Budget) -> None:
        self.case, self.masks, self.sharpening, self.budget = case, masks, sharpening, budget
        self.known = sharpening.assumed(masks)
        self.glances = GLANCES
        self.seen: dict[frozenset[Verdict], list[tuple[int, ...]]] = {goal: [] for goal in _GOALS}
        self.found: dict[tuple[int, ...], None] = {}
        asked = (a.variable for f in case.formulas for a in atoms(f) if splits(case.variables, a, masks))
        self.learnable = sorted({i for i in asked if case.variables[i].sort != "open"})

    def toward(self, goal: frozenset[Verdict]) -> bool:
        """Adds the sets of facts that settle the verdict as one of the goal's; whether all were searched."""
        level: dict[_Step, None] = {(): None}
        for size in range(LARGEST_SET + 1):
            following: dict[_Step, None] = {}
            for step in level:
                chosen = tuple(i for i, _ in step)
                if any(set(f) <= set(chosen) for f in self.found):
                    continue
                against = self._against(step, goal)
                if against is None:
                    self.found[chosen] = None
                elif size == LARGEST_SET:
                    return False
                else:
                    following |= dict.fromkeys(self._further(step, chosen, against))
            level = following
        return True

    def _further(self, step: _Step, chosen: Collection[int], against: Sequence[int]) -> Iterator[_Step]:
        """The step with one fact more, by which what speaks against it is ruled out."""
        for i in self.learnable:
            if i not in chosen:
                for block in self.case.variables[i].blocks:
                    if block & self.masks[i] and not block & against[i]:
                        yield tuple(sorted((*step, (i, block & self.masks[i]))))

    def _against(self, step: _Step, goal: frozenset[Verdict]) -> tuple[int, ...] | None:
        """A completion of what was chosen whose verdict is not the goal's; None if there is none."""
        if self.glances <= 0:
            raise GaveUp
        self.glances -= 1
        for seen in self.seen[goal]:
            if all(value & seen[i] for i, value in step):
                return seen
        found = self.sharpening.other_than(goal, self._assuming(step), self.budget)
        if found is not None:
            self.seen[goal].append(found)
        return found

    def _assuming(self, step: _Step) -> list[Literal]:
        return [*self.known, *(self.sharpening.fact(i, value) for i, value in step)]

    def settled(self, chosen: Sequence[int]) -> Iterator[tuple[tuple[int, ...], Verdict]]:
        """Each choice of values for the facts chosen that settles the verdict, and the verdict."""
        variables = self.case.variables
        choices = [[b & self.masks[i] for b in variables[i].blocks if b & self.masks[i]] for i in chosen]
        for values in product(*choices):
            step = tuple(zip(chosen, values, strict=True))
            if all(any(all(v & seen[i] for i, v in step) for seen in self.seen[goal]) for goal in _GOALS):
                continue
            trial = list(self.masks)
            for i, value in step:
                trial[i] = value
            result = settle(self.sharpening.possible(trial, self.budget))
            if result is not Verdict.UNDETERMINED:
                yield values, result
