"""A case: one rule of the plan on one record, as formulas over shared variables."""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.formula import Atom, Ground, simplified, value_of
from redline.engine.plan import Column, Entry
from redline.engine.reference import outcomes
from redline.rules.frozen import dataclass, replace
from redline.rules.record import Cell, Row
from redline.rules.truth import FALSE, UNKNOWN, conjunction, disjunction, negation
from redline.rules.verdicts import Verdict

Path = tuple[str | int, ...]
"""Where a variable stands in the record: names of parts and lists, numbers of rows, last the field."""


@dataclass(slots=True)
class Variable:
    """Something that the rule looks at.  `now` is the mask of the values it may have, `free` the mask
    if nothing were known; `blocks` group the values that the rule cannot tell apart."""

    path: Path
    sort: str
    """`field`, `presence`, `rest`, `reading` or `open` (a question never settled)."""
    now: int
    free: int
    cell: Cell | None
    column: Column | None = None
    rows: tuple[Row, ...] = ()
    """The rows on the way to it, outermost first."""
    values: tuple[object, ...] = ()
    blocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of the plan on one record: its parts over shared variables."""

    entry: Entry
    variables: tuple[Variable, ...]
    bound: Ground
    when: Ground
    unless: Ground
    met: Ground
    granted: Ground
    permits: tuple[tuple[str, Ground], ...]

    @property
    def formulas(self) -> tuple[Ground, ...]:
        """All its parts."""
        return (self.bound, self.when, self.unless, self.met, self.granted, *(p for _, p in self.permits))

    @property
    def masks(self) -> list[int]:
        """What is known: of each variable, the values that it may have."""
        return [variable.now for variable in self.variables]


def simplified_case(case: Case, masks: Sequence[int]) -> Case:
    """The case with all that is decided taken out of its formulas."""
    bound, when, unless, met, granted, *permits = (simplified(f, masks) for f in case.formulas)
    named = tuple((name, g) for (name, _), g in zip(case.permits, permits, strict=True))
    return replace(case, bound=bound, when=when, unless=unless, met=met, granted=granted, permits=named)


def splits(variables: Sequence[Variable], atom: Atom, masks: Sequence[int]) -> bool:
    """Whether what is known of the atom's variable still leaves values that can be told apart."""
    return sum(1 for block in variables[atom.variable].blocks if masks[atom.variable] & block) > 1


def kleene(case: Case, masks: Sequence[int]) -> frozenset[Verdict]:
    """The verdicts that strong Kleene logic leaves possible."""
    bound = value_of(case.bound, masks)
    if bound is FALSE:
        return outcomes(case.entry.kind, bound, UNKNOWN, UNKNOWN, UNKNOWN)
    bites = value_of(case.when, masks)
    if bites is not FALSE:
        permitted = disjunction(value_of(permit, masks) for _, permit in case.permits)
        bites = conjunction((bites, negation(value_of(case.unless, masks)), negation(permitted)))
    met = value_of(case.met, masks)
    return outcomes(case.entry.kind, bound, bites, met, value_of(case.granted, masks))
