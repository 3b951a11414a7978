"""Rules that are alike by their form: entries of the plan without the order and nesting of their parts.

What is alike here is so of every subject, and no solver is asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from itertools import combinations_with_replacement, pairwise, product
from typing import assert_never

from redline.engine.plan import (
    Entry,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
)
from redline.engine.reference import name
from redline.engine.run import Bench
from redline.engine.validity import in_force, spells
from redline.rules.condition import InForce
from redline.rules.frozen import dataclass
from redline.rules.policy import Rule
from redline.rules.quantities import DATE, base_unit
from redline.rules.record import Cell
from redline.rules.values import Amounts, Stretch, Terms

Form = Hashable
"""What is equal for formulas and entries that are alike."""


@dataclass
class Forms:
    """The forms of the rules of a bench."""

    bench: Bench

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {name(rule): rule for _, rule in self.bench.judging.rules()}

    def of(self, index: int) -> Form:
        """The form of the rule of that place in the plan, with the permissions that name it."""
        entry = self.bench.plan.entries[index]
        permits = frozenset(self._entry(self.bench.plan.entries[p]) for p in entry.permits)
        return self._entry(entry), permits

    def _entry(self, entry: Entry) -> Form:
        parts = (entry.bound, entry.when, entry.unless, entry.met, entry.granted)
        return entry.kind, entry.subject, *(self.formula(part) for part in parts)

    def formula(self, formula: Formula, inside: tuple[str, ...] = ()) -> Form:
        """The form of a formula; what is said of a part is said of each comparison inside."""
        match formula:
            case PAll(parts):
                return self._joined("all", parts, inside)
            case PAny(parts):
                return self._joined("any", parts, inside)
            case PTest((InForce(rule), unit), accepts, perhaps):
                return "test", inside, (self.validity(rule), unit), accepts, perhaps
            case PTest(column, accepts, perhaps):
                return "test", inside, column, accepts, perhaps
            case PIn(part, body):
                return self.formula(body, (*inside, part))
            case PSome(rows, body):
                return "some", inside, rows, self.formula(body)
            case PEvery(rows, body):
                return "every", inside, rows, self.formula(body)
            case PReading(reading, answers, wanted):
                every = frozenset(self.bench.plan.answers[reading])
                return "reading", reading, answers & every if wanted else every - answers
            case PSilent() | PUnsettled():
                return inside, formula
            case _:
                assert_never(formula)

    def validity(self, rule: str) -> Form:
        """When the rule of that name is in force."""
        return validity(self._rules[rule])

    def _joined(self, sort: str, parts: Iterable[Formula], inside: tuple[str, ...]) -> Form:
        found: set[Form] = set()
        for form in (self.formula(part, inside) for part in parts):
            if isinstance(form, tuple) and form[0] == sort:
                assert isinstance(form[1], frozenset)
                found |= form[1]
            else:
                found.add(form)
        return next(iter(found)) if len(found) == 1 else (sort, frozenset(found))


Validity = tuple[object, ...]
"""What is equal for validities that are alike."""


def validity(rule: Rule) -> Validity:
    """The days on which the rule is in force, and what becomes of steps across their bounds."""
    return spells(rule), rule.running


def together(one: Rule, other: Rule) -> frozenset[tuple[bool, bool]]:
    """Whether one rule and another can be in force of one subject: each pair that some days give.  Of days
    for which it cannot be told of either, both are taken for the same."""
    cuts = {s.low for r in (one, other) for s, _ in spells(r) if s.low is not None}
    edges = [None, *sorted(cuts), None]
    days = [
        Cell(Amounts(base_unit(DATE), (Stretch(low, None if after is None else after - 1),), whole=True))
        for low, after in pairwise(edges)
    ]
    found: set[tuple[bool, bool]] = set()
    for first, last in combinations_with_replacement(days, 2):
        each = [_may_be(in_force(rule, first, Cell(last.value))) for rule in (one, other)]
        both_open = len(each[0]) == len(each[1]) == 2
        found |= {(True, True), (False, False)} if both_open else set(product(each[0], each[1]))
    return frozenset(found)


def _may_be(cell: Cell) -> frozenset[bool]:
    assert isinstance(cell.value, Terms)
    single = cell.value.single
    return frozenset({True, False}) if single is None else frozenset({single == "yes"})
