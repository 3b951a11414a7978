"""Whether the examples of a rule try it: where it bites, where not, where it cannot be told, at its edges."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from redline.analysis.lint_on import Linted, conditions, finding, leaves, texts_in, twins
from redline.engine.characters import quote
from redline.engine.typed import percent
from redline.rules.condition import Is, Owned, Reading, Unsettled
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Span
from redline.rules.quantities import DATE, MONEY, UNITS, base_unit, parse_date, parse_quantity
from redline.rules.values import Amounts

_BITES = frozenset({"crosses", "requires_assessment", "applies", "raised"})
_NOT = frozenset({"not_crossed", "authorised", "not_applicable", "does_not_apply", "not_raised"})
_OPEN = frozenset({"undetermined", "may_apply", "question"})
_DAY = base_unit(DATE)
_DERIVED = frozenset({"depth"})
"""Numbers that no scenario states, so that its texts cannot show an edge of theirs."""


def examples(on: Linted) -> Iterator[Problem]:
    """What is found about the examples of the policy's rules."""
    for rule in on.policy.rules:
        if not rule.examples:
            yield finding("no-examples", f"rule {quote(rule.id)} has no examples", rule.span)
            continue
        yield from _kinds(rule, on)
        yield from _edges_of_validity(rule, on)
        same = (
            ((e.scenario, _ordered(e.changes), dict(e.readings)), e.verdict, e.span) for e in rule.examples
        )
        for _, span, _, first in twins(same):
            message = f"this example of rule {quote(rule.id)} stands at line {first.line} too"
            yield finding("duplicate-example", message, span)
    yield from _edges_of_amounts(on)
    yield from _answers(on)


def _ordered(changes: tuple[tuple[str, object], ...]) -> list[tuple[str, object]]:
    return sorted(changes, key=lambda change: change[0])


def _kinds(rule: Rule, on: Linted) -> Iterator[Problem]:
    shown = {example.verdict for example in rule.examples}
    at = on.at(rule, "examples")
    unsettled = any(isinstance(leaf, Unsettled) for _, c in conditions(rule) for leaf, _ in leaves(c))
    if not shown & _BITES and not unsettled:
        yield finding("no-crossing-example", f"no example of rule {quote(rule.id)} shows it biting", at)
    if not shown & _NOT:
        yield finding(
            "no-negative-example", f"every example of rule {quote(rule.id)} shows it biting or open", at
        )
    if not shown & _OPEN:
        yield finding("no-open-example", f"no example of rule {quote(rule.id)} lacks a fact", at)


def _answers(on: Linted) -> Iterator[Problem]:
    """Answers to interpretations with which no example is run, of those that rules with examples turn on."""
    tested = [rule for rule in on.policy.rules if rule.examples]
    asked = {
        leaf.name.rpartition("/")[2]
        for rule in tested
        for _, condition in conditions(rule)
        for leaf, _ in leaves(condition)
        if isinstance(leaf, Reading)
    }
    run = {fixed for rule in tested for example in rule.examples for fixed in example.readings.items()}
    for interpretation in on.policy.interpretations.values():
        missing = [answer for answer in interpretation.answers if (interpretation.name, answer) not in run]
        if missing and interpretation.name in asked:
            without = ", ".join(quote(answer) for answer in missing)
            message = f"no example is run with {quote(interpretation.name)} answered by {without}"
            yield finding("untested-answer", message, interpretation.span)


# --- edges ---------------------------------------------------------------------------------------


def _texts(rule: Rule, on: Linted) -> set[str]:
    """Every text of the rule's examples and of the scenarios that they change."""
    found = {text for example in rule.examples for _, node in example.changes for text in texts_in(node)}
    for example in rule.examples:
        document = on.library.scenarios.get(example.scenario)
        if document is not None:
            found |= set(texts_in(document.root))
    return found


def _edges_of_validity(rule: Rule, on: Linted) -> Iterator[Problem]:
    texts = _texts(rule, on)
    for stretch in rule.validity:
        low, high = stretch.days.low, stretch.days.high
        for inner, outer in ((low, low and low - 1), (high, high and high + 1)):
            for edge in (inner, outer):
                if edge is not None and _iso(edge) not in texts:
                    message = f"no example of rule {quote(rule.id)} is of {_iso(edge)}"
                    yield finding("untested-edge", message, stretch.span)


def _iso(day: Fraction) -> str:
    return date.fromordinal(int(day)).isoformat()


def _edges_of_amounts(on: Linted) -> Iterator[Problem]:
    """Thresholds on which no example of any rule of the policy stands."""
    tested = [rule for rule in on.policy.rules if rule.examples]
    texts = {text for rule in tested for text in _texts(rule, on)}
    told: set[tuple[Span, Fraction]] = set()
    for rule in tested:
        for leaf in (leaf for _, c in conditions(rule) for leaf, _ in leaves(c)):
            if not isinstance(leaf, Is):
                continue
            for unit, edge, words in _edges(leaf):
                if (leaf.span, edge) not in told and not _stood_on(edge, unit, texts):
                    told.add((leaf.span, edge))
                    message = f"no example stands on the edge of {quote(words)}, in rule {quote(rule.id)}"
                    yield finding("untested-edge", message, leaf.span)


def _edges(leaf: Is) -> Iterator[tuple[str, Fraction, str]]:
    """The bounds that a comparison draws, each with its unit and how it is written."""
    if isinstance(leaf.key, Owned) and leaf.key.at_least:
        yield base_unit("share"), leaf.key.at_least, f"at least {percent(leaf.key.at_least)}"
    if leaf.key in _DERIVED or not isinstance(leaf.key, str):
        return
    if isinstance(leaf.test.accepts, Amounts):
        for stretch in leaf.test.accepts.stretches:
            for edge in (stretch.low, stretch.high):
                if edge is not None:
                    yield leaf.test.accepts.unit, edge, leaf.words


def _stood_on(edge: Fraction, unit: str, texts: set[str]) -> bool:
    """Whether a text is the bound; of days, the one beside it will do."""
    edges = {edge - 1, edge, edge + 1} if unit == _DAY else {edge}
    return any(edges.intersection(_numbers(text, unit)) for text in texts)


def _numbers(text: str, unit: str) -> Iterator[Fraction]:
    """The numbers in that unit that a text may mean; of a month or a year its first and last day."""
    if unit == _DAY:
        days = parse_date(text)
        yield from (bound for bound in (days.low, days.high) if bound is not None) if days is not None else ()
        return
    for dimension in (*UNITS, MONEY):
        parsed = parse_quantity(text, dimension) if len(text) < 60 else None
        if parsed is not None and parsed[1] == unit:
            yield parsed[0]
