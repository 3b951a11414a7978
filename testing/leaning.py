"""What rules test, and which way their verdicts may turn when something is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.engine.queries import all_within
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Every,
    In,
    Is,
    Named,
    Not,
    Silent,
    Some,
)
from redline.rules.policy import Policy, Rule
from redline.rules.verdicts import Kind


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """The conditions that a rule's verdict turns on."""
    return tuple(c for c in (rule.scope, rule.when, rule.unless, rule.requires) if c is not None)


def silences(policies: Sequence[Policy]) -> frozenset[str]:
    """The keys that some rule tests for being unstated."""
    return frozenset(
        node.key
        for policy in policies
        for rule in policy.rules
        for c in conditions_of(rule)
        for node in all_within(c)
        if isinstance(node, Silent)
    )


def leans(
    policies: Sequence[Policy], rule: Rule, grows: frozenset[str], *, papers: bool = False
) -> frozenset[int]:
    """Which way a rule's verdict may turn when the lists grow (and with `papers`, when more papers are held):
    +1 toward harm, -1 away from it; nothing where it does not test them."""
    ways = {(1, rule.scope), (1, rule.when), (-1, rule.unless), (-1, rule.requires)}
    full = f"{rule.policy}/{rule.id}"
    for other in (each for policy in policies for each in policy.rules):
        if other.kind is Kind.PERMITS and full in other.defeats:
            ways |= {(-1, other.scope), (-1, other.when), (1, other.unless)}
    return frozenset(
        sign for way, part in ways if part is not None for sign in _leans(part, way, grows, papers=papers)
    )


def _leans(condition: Condition, way: int, grows: frozenset[str], *, papers: bool) -> Iterator[int]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leans(part, way, grows, papers=papers)
        case Not(body):
            yield from _leans(body, -way, grows, papers=papers)
        case In(_, body) | Named(_, body):
            yield from _leans(body, way, grows, papers=papers)
        case Some(name, body):
            if name in grows:
                yield way
            yield from _leans(body, way, grows, papers=papers)
        case Every(name, body):
            if name in grows:
                yield -way
            yield from _leans(body, way, grows, papers=papers)
        case Silent(key) if key in grows:
            yield from (1, -1)
        case Is(key=Covered()) if papers:
            yield way
        case _:
            pass
