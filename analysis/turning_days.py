"""The days on which a comparison of dates may turn, and what turns it: dates of the policies, dates of the
scenario, the day after each, and so many days from one as a policy counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from redline.engine.queries import all_within
from redline.engine.reference import name
from redline.engine.run import Bench
from redline.rules.condition import Days, Is
from redline.rules.facts import Entity, Fact, Reference, Scenario
from redline.rules.frozen import dataclass, replace
from redline.rules.policy import Rule
from redline.rules.problems import Span
from redline.rules.quantities import DATE, base_unit
from redline.rules.values import Amounts, Stretch

_STATES = {"in_force": "is in force", "suspended": "is suspended", "unknown": "may be in force"}


@dataclass(frozen=True, slots=True)
class Cause:
    """What happens on a day: in words, and where that is written."""

    words: str
    span: Span
    rule: str = ""
    """The rule, by its full name, that it is about; none: it is a fact of the scenario."""


def causes_of(bench: Bench, scenario: Scenario) -> dict[int, list[Cause]]:
    """The days on which a comparison may turn, each with what turns it."""
    found: dict[int, list[Cause]] = {}

    def add(day: int, cause: Cause) -> None:
        if 1 <= day <= date.max.toordinal():
            found.setdefault(day, []).append(cause)

    rules = [rule for policy in bench.policies for rule in policy.rules]
    for rule in rules:
        for day, cause in _of_rule(rule):
            add(day, cause)
    counted = {step for rule in rules for step in _counted(rule)}
    for fact in facts_of(scenario):
        if isinstance(fact.value, Amounts) and fact.value.unit == base_unit(DATE):
            for day in dict.fromkeys(_bounds(fact.value)):
                cause = Cause(f"`{fact.path}` is {date.fromordinal(day)}", fact.span)
                for step in {0, *counted, *(-step for step in counted)}:
                    how = f", {abs(step)} days {'before' if step < 0 else 'after'} it" if step else ""
                    add(day + step, replace(cause, words=cause.words + how))
                    add(day + step + 1, replace(cause, words=cause.words + (how or ", and the day is over")))
    return found


def _of_rule(rule: Rule) -> Iterator[tuple[int, Cause]]:
    full = name(rule)
    for validity in rule.validity:
        for stretch in validity.days.stretches:
            for day, word, shown in ((stretch.low, "from", 0), (_after(stretch), "until", 1)):
                if day is not None:
                    said = date.fromordinal(int(day) - shown)
                    words = f"`{rule.id}` {_STATES[validity.state]} {word} {said}"
                    yield int(day), Cause(words, validity.span, full)
    for each, amounts in _asked(rule):
        if amounts.unit == base_unit(DATE):
            for stretch in amounts.stretches:
                for bound in (stretch.low, stretch.high):
                    if bound is not None:
                        words = f"`{rule.id}` compares a date: {each.words}"
                        yield int(bound), Cause(words, each.span, full)
                        yield int(bound) + 1, Cause(words, each.span, full)


def _asked(rule: Rule) -> Iterator[tuple[Is, Amounts]]:
    """The comparisons of amounts that a rule makes, those inside its questions too, each with what it
    accepts."""
    for condition in (rule.scope, rule.when, rule.unless, rule.requires, *(c for _, c in rule.factors)):
        for each in () if condition is None else all_within(condition):
            if isinstance(each, Is):
                for accepted in (each.test.accepts, each.test.perhaps):
                    if isinstance(accepted, Amounts):
                        yield each, accepted


def _counted(rule: Rule) -> Iterator[int]:
    """The numbers of days that a rule counts from one date to another."""
    for each, amounts in _asked(rule):
        if isinstance(each.key, Days):
            for stretch in amounts.stretches:
                yield from (abs(int(bound)) for bound in (stretch.low, stretch.high) if bound)


def _after(stretch: Stretch) -> Fraction | None:
    """The first day after a stretch of days."""
    return None if stretch.high is None else stretch.high + (not stretch.high_open)


def _bounds(value: Amounts) -> Iterator[int]:
    for stretch in value.stretches:
        yield from (int(bound) for bound in (stretch.low, stretch.high) if bound is not None)


def facts_of(scenario: Scenario) -> Iterator[Fact]:
    """Every fact that the scenario states."""
    if scenario.as_of is not None:
        yield scenario.as_of
    for things in (scenario.parties, scenario.items, scenario.agreements, scenario.papers):
        for entity in things.values():
            yield from _of(entity)
    for transfer in scenario.transfers:
        yield from _of(transfer)


def _of(element: Entity | Fact | Reference) -> Iterator[Fact]:
    match element:
        case Fact():
            yield element
        case Reference(fact=fact):
            yield fact
        case Entity(facts=facts, lists=lists):
            yield from facts.values()
            for listing in lists.values():
                for each in listing.elements:
                    yield from _of(each)
