"""What an analysis of policies found, and how it is known: a scenario that shows it, a proof that there is
none, or neither within the bounds."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from redline.rules.frozen import dataclass, field
from redline.rules.problems import NOWHERE, Span


class FlawKind(StrEnum):
    """What may be wrong with policies."""

    CONFLICT = "conflict"
    DEAD = "dead"
    SHADOWED = "shadowed"
    REDUNDANT = "redundant"
    GAP = "gap"
    IDLE_EXCEPTION = "idle-exception"
    IDLE_INTERPRETATION = "idle-interpretation"
    VALIDITY_OVERLAP = "validity-overlap"
    VALIDITY_HOLE = "validity-hole"
    LOOPHOLE = "loophole"


MEANS = {
    FlawKind.CONFLICT: "one stater permits and forbids the same in one layer, neither rule naming the other",
    FlawKind.DEAD: "no scenario makes the rule cross, call for an assessment, permit or flag",
    FlawKind.SHADOWED: "whenever the rule would cross, an exception or a permission sets it aside",
    FlawKind.REDUNDANT: "whenever the rule crosses, another does too: it is never the sole reason",
    FlawKind.GAP: "inside what the policy means to decide, a subject that no rule decides",
    FlawKind.IDLE_EXCEPTION: "an exception that never sets aside what would else cross",
    FlawKind.IDLE_INTERPRETATION: "an interpretation whose answers never make a difference",
    FlawKind.VALIDITY_OVERLAP: "two stretches of a validity share days and say different things of them",
    FlawKind.VALIDITY_HOLE: "days between two stretches of a validity of which nothing is said",
    FlawKind.LOOPHOLE: "every rule's letter is kept, and what the policy is for comes to nothing",
}


@dataclass(frozen=True, slots=True)
class Witness:
    """A scenario, written out, of which the evaluator says what is claimed; under fixed answers to
    interpretations."""

    scenario: str
    readings: Mapping[str, str] = field(default_factory=dict)
    crossed: tuple[str, ...] = ()
    """The rules that it crosses, or that call for an assessment, of those that were asked."""
    subject: str = ""
    """Of which of its subjects it is so, where that was looked at."""


@dataclass(frozen=True, slots=True)
class Proved:
    """No scenario says otherwise, within the bound (in words; empty: none at all)."""

    bound: str = ""


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Neither a witness nor a proof was found within the budget (in words)."""

    budget: str


Evidence = Witness | Proved | Undetermined


@dataclass(frozen=True, slots=True)
class Flaw:
    """One finding of an analysis: the rules that it is about, by full name, the first in focus; `among` says
    which part of the rule, or which others share in it."""

    kind: FlawKind
    rules: tuple[str, ...]
    says: str
    evidence: Evidence
    span: Span = NOWHERE
    among: tuple[str, ...] = ()
