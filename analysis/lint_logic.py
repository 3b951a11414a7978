"""Conditions that let off whom they should not: empty lists, earlier steps, silence, and contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from redline.analysis.lint_implied import Fact, bare, contradicted, facts_of
from redline.analysis.lint_on import Linted, clearing, conditions, finding, leaves
from redline.engine.characters import quote
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
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Related, Span

_EARLIER = frozenset({"upstream", "steps"})
_FILLED = frozenset({"parties", "reach", "content"})
"""Lists that have an element of themselves: the sender, the recipient, the item itself."""

Path = tuple[str, ...]


def logic(on: Linted) -> Iterator[Problem]:
    """What is found in the conditions of the policy's rules."""
    told: set[tuple[str, Span]] = set()
    for rule in on.policy.rules:
        for problem in (*_clears(rule, on), *_of_nothing(rule), *_never(rule)):
            if (problem.code, problem.span) not in told:  # a definition is told once
                told.add((problem.code, problem.span))
                yield problem


def _clears(rule: Rule, on: Linted) -> Iterator[Problem]:
    for key, condition, truth in clearing(rule):
        here = Related(on.at(rule, key), f"`{key}` of rule {quote(rule.id)}")
        for leaf, positive in leaves(condition):
            match leaf:
                case Some(name) if name in _EARLIER and positive == truth:
                    message = f"`some {name}` can clear in rule {quote(rule.id)}"
                    yield finding("upstream-clears", message, leaf.span, here)
                case Every(name) if name in _EARLIER and positive != truth:
                    message = f"`every {name}` can fail, and then clears, in rule {quote(rule.id)}"
                    yield finding("upstream-clears", message, leaf.span, here)
                case Silent(name) if positive == truth:
                    message = f"who says nothing of `{name}` is let off by rule {quote(rule.id)}"
                    yield finding("silence-clears", message, leaf.span, here)
                case _:
                    pass


# --- every of nothing ----------------------------------------------------------------------------


def _of_nothing(rule: Rule) -> Iterator[Problem]:
    bound = [c for c in (rule.scope, rule.when) if c is not None]
    sure = frozenset(path for c in bound for path in _filled(c, ()))
    for _, condition in conditions(rule):
        for leaf in _empty(condition, (), sure):
            message = f"every element of `{leaf.list}` passes where there is none, in rule {quote(rule.id)}"
            yield finding("every-of-nothing", message, leaf.span, Related(rule.span, "in this rule"))


def _filled(condition: Condition, path: Path) -> Iterator[Path]:
    """The lists that have an element wherever the condition holds."""
    match condition:
        case All(parts):
            for part in parts:
                yield from _filled(part, path)
        case Any((first, *others)):
            shared = set(_filled(first, path)).intersection(*(set(_filled(o, path)) for o in others))
            yield from shared
        case In(part, body):
            yield from _filled(body, (*path, part))
        case Named(_, body):
            yield from _filled(body, path)
        case Some(name):
            yield (*path, name)
        case Any() | Not() | Is() | Silent() | Every() | Reading() | Unsettled():
            return
        case _:
            assert_never(condition)


def _empty(condition: Condition, path: Path, sure: frozenset[Path]) -> Iterator[Every]:
    """The `every` in a condition, not under `not`, whose list need have no element."""
    sure |= frozenset(_filled(condition, path))
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _empty(part, path, sure)
        case In(part, body):
            yield from _empty(body, (*path, part), sure)
        case Named(_, body):
            yield from _empty(body, path, sure)
        case Every(name, body):
            if name not in _FILLED and (*path, name) not in sure:
                yield condition
            yield from _empty(body, (), frozenset())
        case Some(_, body):
            yield from _empty(body, (), frozenset())
        case Not() | Is() | Silent() | Reading() | Unsettled():
            return
        case _:
            assert_never(condition)


# --- contradictions ------------------------------------------------------------------------------


def _never(rule: Rule) -> Iterator[Problem]:
    given: tuple[Fact, ...] = ()
    for key in ("scope", "when"):
        condition: Condition | None = getattr(rule, key)
        if condition is None:
            continue
        for dead in _dead(condition, (), given):
            message = f"this can never hold in `{key}` of rule {quote(rule.id)}"
            yield finding(
                "never-holds",
                message,
                dead.span,
                Related(rule.span, "in this rule"),
            )
        given = (*given, *facts_of(bare(condition)))


def _dead(condition: Condition, path: Path, given: tuple[Fact, ...]) -> Iterator[Condition]:
    """The conditions that cannot hold beside what is given.  A branch of a definition may be dead in one
    place and needed in another, so that definitions are looked at as wholes."""
    if contradicted((*given, *facts_of(bare(condition), path))):
        yield condition
        return
    match condition:
        case All(parts):
            for i, part in enumerate(parts):
                others = [f for p in (*parts[:i], *parts[i + 1 :]) for f in facts_of(bare(p), path)]
                yield from _dead(part, path, (*given, *others))
        case Any(parts):
            for part in parts:
                yield from _dead(part, path, given)
        case In(part_name, body):
            yield from _dead(body, (*path, part_name), given)
        case Some(_, body):
            yield from _dead(body, (), ())
        case Not() | Is() | Silent() | Every() | Reading() | Unsettled() | Named():
            return
        case _:
            assert_never(condition)
