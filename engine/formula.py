"""Formulas over variables with few values: what a rule comes to on one record.

What is known is a mask of values a variable; truth, support and simplification all follow from masks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.rules.frozen import dataclass, field
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth


@dataclass(frozen=True, slots=True)
class Atom:
    """A variable has one of the values of `accepts`; of those in `perhaps` it cannot be told."""

    variable: int
    accepts: int
    perhaps: int = 0
    words: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Both:
    """Every part holds."""

    parts: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Some part holds."""

    parts: tuple[Ground, ...]


Ground = Atom | Both | Either
YES, NO = Both(()), Either(())


def value_of(ground: Ground, masks: Sequence[int]) -> Truth:
    """Strong Kleene truth where each variable may have the values of its mask."""
    match ground:
        case Atom(variable, accepts, perhaps):
            mask = masks[variable]
            if not mask & ~accepts:
                return TRUE
            return UNKNOWN if mask & (accepts | perhaps) else FALSE
        case Both(parts):
            result = TRUE
            for part in parts:
                truth = value_of(part, masks)
                if truth is FALSE:
                    return FALSE
                if truth is UNKNOWN:
                    result = UNKNOWN
            return result
        case Either(parts):
            result = FALSE
            for part in parts:
                truth = value_of(part, masks)
                if truth is TRUE:
                    return TRUE
                if truth is UNKNOWN:
                    result = UNKNOWN
            return result


def unsettled_atoms(ground: Ground, masks: Sequence[int]) -> Iterator[Atom]:
    """The atoms on which the formula's being unknown rests."""
    if value_of(ground, masks) is not UNKNOWN:
        return
    match ground:
        case Atom():
            yield ground
        case Both(parts) | Either(parts):
            for part in parts:
                yield from unsettled_atoms(part, masks)


def support(ground: Ground, masks: Sequence[int]) -> frozenset[int]:
    """Variables that alone make the formula true, or false, as it is; nothing of one that is unknown."""
    return _supported(ground, masks)[1]


def _supported(ground: Ground, masks: Sequence[int]) -> tuple[Truth, frozenset[int]]:
    """The truth of the formula, with its support."""
    if isinstance(ground, Atom):
        truth = value_of(ground, masks)
        return truth, _NONE if truth is UNKNOWN else frozenset((ground.variable,))
    decisive, neutral = (FALSE, TRUE) if isinstance(ground, Both) else (TRUE, FALSE)
    inner = [_supported(part, masks) for part in ground.parts]
    deciding = [found for truth, found in inner if truth is decisive]
    if deciding:
        return decisive, min(deciding, key=len)
    if any(truth is UNKNOWN for truth, _ in inner):
        return UNKNOWN, _NONE
    return neutral, _NONE.union(*(found for _, found in inner))


_NONE: frozenset[int] = frozenset()


def simplified(ground: Ground, masks: Sequence[int]) -> Ground:
    """The formula with all that is decided taken out: `YES`, `NO`, or what it still hangs on."""
    match ground:
        case Atom(variable, accepts, perhaps):
            mask = masks[variable]
            if not mask & ~accepts:
                return YES
            return ground if mask & (accepts | perhaps) else NO
        case Both(parts):
            left: list[Ground] = []
            for part in parts:
                inner = simplified(part, masks)
                if inner is NO:
                    return NO
                left.extend(inner.parts if isinstance(inner, Both) else (inner,))
            return (left[0] if len(left) == 1 else Both(tuple(left))) if left else YES
        case Either(parts):
            left = []
            for part in parts:
                inner = simplified(part, masks)
                if inner is YES:
                    return YES
                left.extend(inner.parts if isinstance(inner, Either) else (inner,))
            return (left[0] if len(left) == 1 else Either(tuple(left))) if left else NO


def atoms(ground: Ground) -> Iterator[Atom]:
    """Every atom of the formula, in order."""
    left = [ground]
    while left:
        part = left.pop()
        if isinstance(part, Atom):
            yield part
        else:
            left.extend(reversed(part.parts))
