"""Circuits of three-valued logic as clauses for a SAT solver.

A truth runs on two rails: one literal that it certainly holds, one that it certainly does not; where
neither is so, it cannot be told.  `all` is the AND of the first rails and the OR of the second, `any` the
mirror of it, `not` swaps them: the strong Kleene tables in two bits.  What is not known is a *choice*: one
literal a value, of which exactly one holds.

Every answer is bounded by solver steps, never by time, so that it is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Self

from redline.engine.formula import Atom, Both, Either, Ground
from redline.rules.frozen import dataclass

Literal = int
"""A variable of the solver, or (below 0) its opposite."""
ALWAYS: Literal = 1
"""The literal that always holds; its opposite never does."""
PAIRWISE = 6
"""Up to so many values, that no two hold is said pair by pair; beyond, along a ladder."""


class GaveUp(Exception):
    """A question was not answered within its bound."""


@dataclass(slots=True)
class Budget:
    """Steps left: each question takes one, and one more for each conflict on the way to its answer."""

    left: int


@dataclass(frozen=True, slots=True)
class Rails:
    """A truth: certainly so, certainly not so."""

    yes: Literal
    no: Literal


NEVER_SO, ALWAYS_SO = Rails(-ALWAYS, ALWAYS), Rails(ALWAYS, -ALWAYS)


class Circuit:
    """Gates and choices, gathered once and asked many times.  Close it after use."""

    def __init__(self, name: str = "minisat22") -> None:
        """`name` is that of a solver that takes a bound on conflicts."""
        from pysat.solvers import Solver

        self._solver = Solver(name=name)
        self._top = ALWAYS
        self._gates: dict[tuple[Literal, ...], Literal] = {}
        self._masks: dict[tuple[Choice, int], Literal] = {}
        self._model: list[Literal] = []
        self._solver.add_clause([ALWAYS])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.delete()

    def literal(self) -> Literal:
        """A new variable."""
        self._top += 1
        return self._top

    def choice(self, size: int) -> Choice:
        """One of so many values (at least one)."""
        if size == 1:
            return Choice((ALWAYS,))
        if size == 2:
            one = self.literal()
            return Choice((one, -one))
        literals = tuple(self.literal() for _ in range(size))
        self._solver.add_clause(literals)
        if size <= PAIRWISE:
            for one, other in combinations(literals, 2):
                self._solver.add_clause([-one, -other])
            return Choice(literals)
        rung = literals[0]  # some value up to here holds
        for literal in literals[1:]:
            self._solver.add_clause([-rung, -literal])
            above = self.literal()
            self._solver.add_clause([-rung, above])
            self._solver.add_clause([-literal, above])
            rung = above
        return Choice(literals)

    def among(self, choice: Choice, mask: int) -> Literal:
        """Whether the choice is one of the values of the mask."""
        key = (choice, mask)
        if key not in self._masks:
            inside = [lit for i, lit in enumerate(choice.literals) if mask >> i & 1]
            outside = [lit for i, lit in enumerate(choice.literals) if not mask >> i & 1]
            few = len(inside) <= len(outside)
            self._masks[key] = self.either(inside) if few else -self.either(outside)
        return self._masks[key]

    def both(self, literals: Iterable[Literal]) -> Literal:
        """Whether all of them hold."""
        return -self.either([-literal for literal in literals])

    def either(self, literals: Iterable[Literal]) -> Literal:
        """Whether some of them holds."""
        inputs = {literal for literal in literals if literal != -ALWAYS}
        if ALWAYS in inputs or any(-literal in inputs for literal in inputs):
            return ALWAYS
        if not inputs:
            return -ALWAYS
        if len(inputs) == 1:
            return next(iter(inputs))
        key = tuple(sorted(inputs))
        if key not in self._gates:
            gate = self.literal()
            self._gates[key] = gate
            self._solver.add_clause([-gate, *key])
            for literal in key:
                self._solver.add_clause([-literal, gate])
        return self._gates[key]

    def say(self, *literals: Literal) -> None:
        """From here on one of the literals holds."""
        self._solver.add_clause(literals)

    def rails(self, ground: Ground, truth: Callable[[Atom], Rails]) -> Rails:
        """The truth of a formula, given that of its atoms."""
        match ground:
            case Atom():
                return truth(ground)
            case Both(parts):
                return self.all(self.rails(part, truth) for part in parts)
            case Either(parts):
                return self.any(self.rails(part, truth) for part in parts)

    def atom(self, choice: Choice, atom: Atom) -> Rails:
        """The truth of an atom, given the choice that its variable is."""
        yes = self.among(choice, choice.of(atom.accepts))
        if not atom.perhaps:
            return Rails(yes, -yes)
        return Rails(yes, -self.among(choice, choice.of(atom.accepts | atom.perhaps)))

    def all(self, rails: Iterable[Rails]) -> Rails:
        """Whether all of them are so."""
        parts = tuple(rails)
        return Rails(self.both([part.yes for part in parts]), self.either([part.no for part in parts]))

    def any(self, rails: Iterable[Rails]) -> Rails:
        """Whether some of them is so."""
        parts = tuple(rails)
        return Rails(self.either([part.yes for part in parts]), self.both([part.no for part in parts]))

    def possible(self, assumed: Iterable[Literal], budget: Budget) -> bool:
        """Whether what was said and what is assumed can hold together.  Raises GaveUp past the budget."""
        if budget.left <= 0:
            raise GaveUp
        before = self._conflicts()
        self._solver.conf_budget(budget.left)
        found: bool | None = self._solver.solve_limited(assumptions=list(assumed))
        budget.left -= 1 + self._conflicts() - before
        if found is None:
            raise GaveUp
        self._model = self._solver.get_model() if found else []
        return found

    def found(self, choice: Choice) -> int:
        """The value of a choice where it was last found possible, as a mask."""
        return next(1 << i for i, literal in enumerate(choice.literals) if self.held(literal))

    def held(self, literal: Literal) -> bool:
        """Whether a literal held where it was last found possible."""
        if abs(literal) > len(self._model):  # nothing was ever said of it
            return literal < 0
        return self._model[abs(literal) - 1] == literal

    def against(self) -> frozenset[Literal]:
        """Of what was assumed last, in vain, enough that it cannot hold together."""
        return frozenset(self._solver.get_core() or ())

    def _conflicts(self) -> int:
        return int(self._solver.accum_stats()["conflicts"])


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each with its literal.  `values` are their masks, where a value of the choice
    stands for several of the formula's."""

    literals: tuple[Literal, ...]
    values: tuple[int, ...] = ()

    def of(self, mask: int) -> int:
        """The mask of the choice's values, given that of the formula's; none of them is cut by it."""
        if not self.values:
            return mask & (1 << len(self.literals)) - 1
        return sum(1 << i for i, value in enumerate(self.values) if value & mask)
