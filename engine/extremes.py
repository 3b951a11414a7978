"""The two completions that are furthest apart, tried before a solver is asked.

Each variable has the one of its values that most speaks for the rule's being crossed, or the one that most
speaks against it.  A completion that gives some verdict shows that the verdict is possible, as well as one
that a solver finds; that neither of these gives it shows nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from redline.engine.case import Case, kleene
from redline.engine.formula import Atom, Both, Ground, atoms, value_of
from redline.rules.truth import TRUE
from redline.rules.verdicts import Verdict

_ACCEPTED, _PERHAPS = 2, 1
_TURNS = 12
"""How many completions that differ in one variable from one furthest to a side are looked at."""


class Extremes:
    """The completions of one case that lean most to either side."""

    def __init__(self, case: Case) -> None:
        self.case = case
        scores: dict[int, dict[int, int]] = {}
        permits = (permit for _, permit in case.permits)
        for sign, formulas in ((1, (case.bound, case.when)), (-1, (case.unless, case.met, *permits))):
            for formula in formulas:
                for atom in atoms(formula):
                    if atom.variable not in scores:
                        scores[atom.variable] = dict.fromkeys(case.variables[atom.variable].blocks, 0)
                    of = scores[atom.variable]
                    for block in of:
                        if block & atom.accepts:
                            of[block] += sign * _ACCEPTED
                        elif block & atom.perhaps:
                            of[block] += sign * _PERHAPS
        self._orders = {i: sorted(of, key=of.__getitem__) for i, of in scores.items()}
        self._ends = tuple([v.free for v in case.variables] for _ in range(2))
        for i, order in self._orders.items():
            for end, block in zip(self._ends, (order[0], order[-1]), strict=True):
                end[i] = block

    def of(self, masks: Sequence[int], known: Collection[int] | None = None) -> Iterator[list[int]]:
        """The two completions of what the masks leave open, as masks, that against a crossing first; of the
        `known` variables alone, if these are given: then the others may be anything."""
        known = range(len(masks)) if known is None else known
        for end, way in zip(self._ends, (1, -1), strict=True):
            completion = end.copy()
            for i in known:
                mask = masks[i]
                if not completion[i] & mask:
                    completion[i] = next((b for b in self._orders.get(i, ())[::way] if b & mask), mask)
            yield completion

    def other_than(self, goal: frozenset[Verdict], masks: Sequence[int], known: Collection[int]) -> bool:
        """Whether one of them has another verdict than the goal's, whatever the variables that are not known
        are; or one that differs from the first in one such variable, of those that the verdict rests on."""
        for completion in self.of(masks, known):
            if not kleene(self.case, completion) <= goal:
                return True
        return any(not kleene(self.case, turned) <= goal for turned in self._turned(masks, known))

    def _turned(self, masks: Sequence[int], known: Collection[int]) -> Iterator[list[int]]:
        first, left = next(self.of(masks, known)), _TURNS
        resting = {*_resting(self.case.bound, first), *_resting(self.case.when, first)}
        for i in sorted(resting.difference(known), key=lambda i: len(self._orders[i])):
            for block in self._orders[i]:
                if block != first[i] and left:
                    left -= 1
                    yield [*first[:i], block, *first[i + 1 :]]


def _resting(ground: Ground, masks: Sequence[int]) -> Iterator[int]:
    """Variables on which the formula's being true rests; of several ways the first."""
    if isinstance(ground, Atom):
        yield ground.variable
    elif isinstance(ground, Both):
        for part in ground.parts:
            yield from _resting(part, masks)
    else:
        holding = next((part for part in ground.parts if value_of(part, masks) is TRUE), None)
        if holding is not None:
            yield from _resting(holding, masks)
