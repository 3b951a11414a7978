"""What a condition is made of: the conditions in it, and the questions of the catalogue of derived fields
that it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Days,
    Every,
    Forbids,
    In,
    InForce,
    Is,
    Named,
    Not,
    Owned,
    Query,
    Reading,
    Share,
    Silent,
    Some,
    Unsettled,
)


def within(condition: Condition) -> Iterator[Condition]:
    """The condition and every condition in it, each before what is in it; what its questions of the
    catalogue ask is not in it."""
    yield condition
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from within(part)
        case Not(body) | In(_, body) | Some(_, body) | Every(_, body) | Named(_, body):
            yield from within(body)
        case Is() | Silent() | Reading() | Unsettled():
            return
        case _:
            assert_never(condition)


def asked_by(query: Query) -> tuple[Condition, ...]:
    """The conditions that a question of the catalogue asks."""
    match query:
        case Share(inner) | Owned(by=inner):
            return (inner,)
        case Covered(_, issuer, where):
            return tuple(each for each in (issuer, where) if each is not None)
        case Days() | Forbids() | InForce():
            return ()
        case _:
            assert_never(query)


def queries_in(condition: Condition) -> Iterator[Query]:
    """Every question of the catalogue in a condition, those inside questions first."""
    for each in within(condition):
        if isinstance(each, Is) and not isinstance(each.key, str):
            for inner in asked_by(each.key):
                yield from queries_in(inner)
            yield each.key


def all_within(condition: Condition) -> Iterator[Condition]:
    """As `within`, with what its questions ask, however deep."""
    for each in within(condition):
        yield each
        if isinstance(each, Is) and not isinstance(each.key, str):
            for inner in asked_by(each.key):
                yield from all_within(inner)
