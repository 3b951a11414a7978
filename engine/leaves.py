"""The leaves of a rule: each comparison as it is written, its validity, and the permissions that name it.

A leaf is known by what it asks and where it is written, so that a definition used twice in a rule has
its leaves once in it.  What a question of the catalogue asks inside (of the issuer, of the owner) is
part of that question and no leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from redline.engine.cells import truth_of
from redline.engine.plan import Column, Domain, column
from redline.engine.reference import IS_YES, name
from redline.engine.validity import in_force
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Every,
    In,
    InForce,
    Is,
    Named,
    Not,
    Query,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.frozen import dataclass, field
from redline.rules.policy import Rule
from redline.rules.problems import Span
from redline.rules.quantities import DATE, base_unit, exactly
from redline.rules.record import Cell
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import inside

Asks = Is | Silent | Reading | Unsettled
"""A comparison."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Something that a rule asks, where it is written, in words, and what it can be."""

    asks: Asks | str
    """A comparison, or the full name of a permission."""
    span: Span
    words: str = field(compare=False)
    part: str = field(compare=False)
    """`scope`, `when`, `unless`, `requires`, `validity` or `permission`."""
    demanded: tuple[Truth, ...] = field(compare=False)
    """The truths of which an example is wanted."""
    impossible: tuple[Truth, ...] = field(default=(), compare=False)
    """The truths that it is known never to have."""


def leaves_of(rule: Rule, permits: Iterable[Rule], domains: Mapping[Column, Domain]) -> tuple[Leaf, ...]:
    """The leaves of a rule, in the order in which they are written; `permits` name the rule."""
    found: dict[Leaf, None] = {}
    if rule.validity:
        dated = in_force_of(rule)
        found[_leaf(dated, dated.span, "validity: in force", "validity", _in_force(rule))] = None
    for part, condition in (
        ("scope", rule.scope),
        ("when", rule.when),
        ("unless", rule.unless),
        ("requires", rule.requires),
    ):
        for asks, words in _asked(condition, ""):
            found.setdefault(_leaf(asks, asks.span, words, part, _can_be(asks, domains)))
    for permit in permits:
        can_be = (TRUE, FALSE, UNKNOWN)
        words = f"permission: {permit.id}"
        found[_leaf(name(permit), permit.span, words, "permission", can_be)] = None
    return tuple(found)


def in_force_of(rule: Rule) -> Is:
    """The comparison that the rule's validity is."""
    return Is(InForce(name(rule)), IS_YES, "in force", rule.validity[0].span)


def _leaf(asks: Asks | str, span: Span, words: str, part: str, can_be: tuple[Truth, ...]) -> Leaf:
    never_unknown = isinstance(asks, Silent | Reading)
    possible = (TRUE, FALSE) if never_unknown else (TRUE, FALSE, UNKNOWN)
    impossible = tuple(truth for truth in possible if truth not in can_be)
    return Leaf(asks, span, words, part, can_be, () if isinstance(asks, Unsettled) else impossible)


def _asked(condition: Condition | None, way: str) -> Iterator[tuple[Asks, str]]:
    """The leaves of a condition, with their words; `way` leads to the row that it is asked of."""
    match condition:
        case None:
            return
        case All(parts) | Any(parts):
            for part in parts:
                yield from _asked(part, way)
        case Not(body) | Named(_, body):
            yield from _asked(body, way)
        case In(inner, body) | Some(inner, body) | Every(inner, body):
            yield from _asked(body, f"{way}{inner}.")
        case Is(key, _, words):
            yield condition, f"{way}{_called(key)}: {words}".replace(".value: ", ": ")
        case Silent(key):
            yield condition, f"{way}{key}: unstated"
        case Reading(reading, answers):
            yield condition, f"interpretation {reading.rpartition('/')[2]}: {' or '.join(sorted(answers))}"
        case Unsettled(question):
            yield condition, f"unsettled: {question}"
        case _:
            assert_never(condition)


def _called(key: str | Query) -> str:
    if isinstance(key, str):
        return key
    return "paper" if isinstance(key, Covered) else type(key).__name__.lower()


def _can_be(asks: Asks, domains: Mapping[Column, Domain]) -> tuple[Truth, ...]:
    """What a leaf can be; an interpretation is answered one way or another."""
    match asks:
        case Is(key, test):
            classes = domains[column(key, test)].classes
            fitting = [inside(c, test.accepts) for c in classes]
            doubtful = [test.perhaps is not None and inside(c, test.perhaps) for c in classes]
            so = (TRUE,) if any(fitting) else ()
            not_so = (FALSE,) if not all(f or d for f, d in zip(fitting, doubtful, strict=True)) else ()
            return (*so, *not_so, UNKNOWN) if (so and not_so) or any(doubtful) else (*so, *not_so)
        case Silent() | Reading():
            return (TRUE, FALSE)
        case Unsettled():
            return (UNKNOWN,)
        case _:
            assert_never(asks)


def _in_force(rule: Rule) -> tuple[Truth, ...]:
    """What it can be that the rule is in force, over all days."""
    edges = {edge for v in rule.validity for s in v.days.stretches for edge in (s.low, s.high)}
    days = {edge + step for edge in edges if edge is not None for step in (-1, 0, 1)} or {Fraction(1)}
    cells = (Cell(exactly(day, base_unit(DATE), whole=True)) for day in days)
    found = {truth_of(in_force(rule, cell, cell)) for cell in cells}
    can_be = found if len(found) == 1 else {*found, UNKNOWN}
    return tuple(truth for truth in (TRUE, FALSE, UNKNOWN) if truth in can_be)
