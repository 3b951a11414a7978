"""Variants of rules and policies, made to be compared with what they come from.

An analysis asks what would be if a part of a rule stood alone, or an interpretation had one answer; such a
variant is a rule like any other, judged and grounded beside the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from redline.engine.queries import within
from redline.engine.run import Bench, prepare
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
from redline.rules.frozen import replace
from redline.rules.policy import Policy, Rule
from redline.rules.verdicts import Kind

ASIDE = "~"
"""Stands in the id of a variant, which no rule in a file can have."""


def beside(bench: Bench, variants: Iterable[Rule]) -> Bench:
    """The bench with further rules, each in the policy that it says it is of."""
    more: dict[str, list[Rule]] = {}
    for rule in variants:
        more.setdefault(rule.policy, []).append(rule)
    policies = tuple(replace(p, rules=(*p.rules, *more.get(p.id, ()))) for p in bench.library.policies)
    return on(bench, policies)


def on(bench: Bench, policies: tuple[Policy, ...]) -> Bench:
    """A bench like this one, with these policies."""
    return prepare(replace(bench.library, policies=policies), bench.options)


def part_of(rule: Rule, number: int, condition: Condition) -> Rule:
    """A red flag that is raised wherever a condition of the rule holds."""
    return replace(
        rule, id=f"{rule.id}{ASIDE}{number}", kind=Kind.FLAGS, scope=None, when=condition, unless=None,
        requires=None, defeats=(), validity=(), running=("", ""), burden="", asks="", factors=(), examples=(),
    )  # fmt: skip


def alternatives(condition: Condition) -> tuple[Condition, ...]:
    """The conditions any of which is enough for it."""
    match condition:
        case Any(parts):
            return tuple(each for part in parts for each in alternatives(part))
        case Named(_, body):
            return alternatives(body) if isinstance(body, Any) else (condition,)
        case _:
            return (condition,)


def answered(rule: Rule, reading: str, answer: str) -> Rule:
    """The rule with an interpretation (by its full name) answered, beside the rule itself."""

    def condition(old: Condition | None) -> Condition | None:
        return None if old is None else _answered(old, reading, answer)

    return replace(
        rule,
        id=answered_id(rule, reading, answer),
        scope=condition(rule.scope),
        when=condition(rule.when),
        unless=condition(rule.unless),
        requires=condition(rule.requires),
        defeats=(),
        examples=(),
    )


def answered_id(rule: Rule, reading: str, answer: str) -> str:
    """The id of such a variant."""
    return f"{rule.id}{ASIDE}{reading.partition('/')[2]}={answer}"


def _answered(condition: Condition, name: str, answer: str) -> Condition:
    match condition:
        case All(parts) | Any(parts):
            return replace(condition, parts=tuple(_answered(part, name, answer) for part in parts))
        case Not(part):
            return replace(condition, part=_answered(part, name, answer))
        case In(_, body) | Some(_, body) | Every(_, body) | Named(_, body):
            return replace(condition, body=_answered(body, name, answer))
        case Reading(asked, answers) if asked == name:
            return All(()) if answer in answers else Any(())
        case Reading() | Is() | Silent() | Unsettled():
            return condition
        case _:
            assert_never(condition)


def readings_in(rule: Rule) -> frozenset[str]:
    """The interpretations that a rule turns on, by their full names."""
    parts = (rule.scope, rule.when, rule.unless, rule.requires)
    every = (each for part in parts if part is not None for each in within(part))
    return frozenset(each.name for each in every if isinstance(each, Reading))
