"""Conditions on what a step reaches: what is asked of a party is asked of parties, not of the place of use.

A place of use has a country, and no kind, list, owner or role.  A condition that asks for these alone passes
it over.  In one that asks for the country too, nothing is so of a place that only a party has; whether the
opposite is meant to be so of it cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from redline.rules.condition import (
    All,
    Any,
    Condition,
    Every,
    In,
    Is,
    Named,
    Not,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.terms import REACH_HOW
from redline.rules.values import Terms, Test

_OF_A_PLACE = frozenset({"country", "how"})
_PLACE = Test(Terms(REACH_HOW, frozenset({"place-of-use"})))


def of_parties(body: Condition, *, some: bool) -> Condition:
    """The condition under `some reach` (or `every reach`), the place of use passed over where it is to be."""
    match body:
        case Named(name, part, span):
            return Named(name, of_parties(part, some=some), span)
        case Any(parts, span) if some:
            return Any(tuple(of_parties(part, some=some) for part in parts), span)
        case All(parts, span) if not some:
            return All(tuple(of_parties(part, some=some) for part in parts), span)
        case _:
            asked = set(_asked(body))
            if not asked - _OF_A_PLACE or (some and _passes_over(body)):
                return body
            if asked & _OF_A_PLACE:
                return _guarded(body, so=some)
            place = Is("how", _PLACE, "place of use", body.span)
            return All((Not(place, body.span), body), body.span) if some else Any((place, body), body.span)


def _asked(condition: Condition) -> Iterator[object]:
    """What it asks of what is reached: names of fields and lists, and questions."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _asked(part)
        case Not(part) | Named(_, part):
            yield from _asked(part)
        case Is(key) | Silent(key) | Some(key) | Every(key) | In(key):
            yield key
        case Reading() | Unsettled():
            return
        case _:
            assert_never(condition)


def _passes_over(condition: Condition) -> bool:
    """Whether one of what is asked together already shuts out the place of use."""
    match condition:
        case All(parts):
            return any(_passes_over(part) for part in parts)
        case Not(Is("how", Test(Terms(within=within)))):
            return within is not None and "place-of-use" in within
        case Is("how", Test(Terms(within=within))):
            return within is not None and "place-of-use" not in within
        case _:
            return False


def _guarded(condition: Condition, *, so: bool) -> Condition:
    """The condition, in which nothing that only a party has is so of a place; `so` tells whether what it
    tests counts where it is so, or where it is not."""
    match condition:
        case All(parts, span):
            return All(tuple(_guarded(part, so=so) for part in parts), span)
        case Any(parts, span):
            return Any(tuple(_guarded(part, so=so) for part in parts), span)
        case Not(part, span):
            return Not(_guarded(part, so=not so), span)
        case Named(name, part, span):
            return Named(name, _guarded(part, so=so), span)
        case Is(key, span=span) | Silent(key, span) | Some(key, _, span) | Every(key, _, span):
            if not so or key in _OF_A_PLACE:
                return condition
            return All((Not(Is("how", _PLACE, "place of use", span), span), condition), span)
        case In() | Reading() | Unsettled():
            return condition
        case _:
            assert_never(condition)
