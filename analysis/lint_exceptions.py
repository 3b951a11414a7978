"""Exceptions and permissions held against the rules that they set aside."""

from __future__ import annotations

from collections.abc import Iterator

from redline.analysis.lint_implied import Fact, bare, contradicted, excluded, facts_of, implied
from redline.analysis.lint_on import Linted, finding
from redline.engine.characters import quote
from redline.rules.countries import country_code, country_of_name
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Related
from redline.rules.verdicts import Strength

_ORDER = tuple(Strength)


def exceptions(on: Linted) -> Iterator[Problem]:
    """What is found about the exceptions of the policy's rules, and about what its permissions defeat."""
    for rule in on.policy.rules:
        yield from _excepted(rule, on)
        for target in rule.defeats:
            yield from _permitted(rule, on.rules[target], on)


def _bound(rule: Rule) -> tuple[Fact, ...]:
    """What is known where the rule's scope and condition hold."""
    return tuple(fact for c in (rule.scope, rule.when) if c is not None for fact in facts_of(bare(c)))


def _excepted(rule: Rule, on: Linted) -> Iterator[Problem]:
    known = _bound(rule)
    if rule.unless is None or contradicted(known):
        return
    exception = bare(rule.unless)
    at = on.at(rule, "unless")
    if implied(exception, known):
        message = f"the exception of rule {quote(rule.id)} holds whenever the rule does"
        yield finding("exception-covers-rule", message, at)
    elif excluded(exception, known):
        message = f"the exception of rule {quote(rule.id)} never holds where the rule does"
        yield finding("exception-never-meets", message, at)


def _permitted(permit: Rule, rule: Rule, on: Linted) -> Iterator[Problem]:
    there = Related(rule.span, f"rule {quote(rule.id)}")
    at = on.at(permit, "defeats")
    what = f"permission {quote(permit.id)} defeats {quote(rule.id)}"
    if permit.layer is not rule.layer:
        yield finding(
            "permission-of-another-layer",
            f"{what}: the one is {permit.layer}, the other {rule.layer}",
            at,
            there,
        )
    if _state(permit) != _state(rule) and _state(permit) and _state(rule):
        message = f"{what}: {quote(permit.stated_by)} states the one, {quote(rule.stated_by)} the other"
        yield finding("permission-of-another-stater", message, at, there)
    if _ORDER.index(permit.strength) > _ORDER.index(rule.strength):
        message = f"{what}: the one is {quote(permit.strength)}, the other {quote(rule.strength)}"
        yield finding("weaker-permission", message, at, there)
    known = _bound(rule)
    if contradicted(known):
        return
    asked = [bare(c) for c in (permit.scope, permit.when) if c is not None]
    if permit.unless is None and not permit.validity and all(implied(c, known) for c in asked):
        yield finding("permission-covers-rule", f"{what} whenever it holds", at, there)
    elif any(excluded(c, known) for c in asked):
        yield finding("permission-never-meets", f"{what} and never meets it", at, there)


def _state(rule: Rule) -> str | None:
    """The state that states the rule, where it is one that is named as such."""
    return country_code(rule.stated_by) or country_of_name(rule.stated_by)
