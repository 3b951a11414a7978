"""Three-valued truth: the strong Kleene tables (Kleene, Introduction to Metamathematics, section 64)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """True, false, or not known: either may still turn out to be the case."""

    TRUE = "T"
    FALSE = "F"
    UNKNOWN = "U"


TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def negation(truth: Truth) -> Truth:
    """The opposite; the opposite of not known is not known."""
    match truth:
        case Truth.TRUE:
            return FALSE
        case Truth.FALSE:
            return TRUE
        case Truth.UNKNOWN:
            return UNKNOWN


def conjunction(truths: Iterable[Truth]) -> Truth:
    """False if any is false, true if all are true, else not known; true of nothing at all."""
    seen = UNKNOWN if (known := set(truths)) & {UNKNOWN} else TRUE
    return FALSE if FALSE in known else seen


def disjunction(truths: Iterable[Truth]) -> Truth:
    """True if any is true, false if all are false, else not known; false of nothing at all."""
    return negation(conjunction(negation(truth) for truth in truths))
