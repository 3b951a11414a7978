"""What the loaded policies ask of the catalogue of derived fields, collected once when they are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from redline.engine.records import Asked
from redline.engine.typed import Lexicon
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
from redline.rules.policy import Policy


def asked_of(policies: Iterable[Policy], lexicon: Lexicon) -> Asked:
    """The questions that the policies' rules ask, each once, in the order in which they are met."""
    rules = tuple(rule for policy in policies for rule in policy.rules)
    written = (c for r in rules for c in (r.scope, r.when, r.unless, r.requires, *(f for _, f in r.factors)))
    queries = dict.fromkeys(
        query for condition in written if condition is not None for query in queries_in(condition)
    )
    return Asked(
        shares=tuple(q for q in queries if isinstance(q, Share)),
        owned=tuple(q for q in queries if isinstance(q, Owned)),
        covered=tuple(q for q in queries if isinstance(q, Covered)),
        days=tuple(q for q in queries if isinstance(q, Days)),
        forbids=tuple(q for q in queries if isinstance(q, Forbids)),
        rules=tuple(rule for rule in rules if rule.validity),
        declared=lexicon.declared,
        trees=lexicon.trees,
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
