"""The questions of the catalogue of derived fields that a condition asks."""

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


def queries_in(condition: Condition) -> Iterator[Query]:
    """Every question of the catalogue in a condition, those inside questions first."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from queries_in(part)
        case Not(body) | In(_, body) | Some(_, body) | Every(_, body) | Named(_, body):
            yield from queries_in(body)
        case Is(key=str()) | Silent() | Reading() | Unsettled():
            pass
        case Is(key=Share(inner) | Owned(by=inner) as query):
            yield from queries_in(inner)
            yield query
        case Is(key=Covered(_, issuer, where) as query):
            for inner_condition in (issuer, where):
                if inner_condition is not None:
                    yield from queries_in(inner_condition)
            yield query
        case Is(key=Days() | Forbids() | InForce() as query):
            yield query
        case Is():
            raise AssertionError(f"{condition.key} is no question of the catalogue")
        case _:
            assert_never(condition)
