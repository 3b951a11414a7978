"""Validities that say two things of a day, or nothing of days between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

from redline.engine.reference import name
from redline.rules.evidence import Flaw, FlawKind, Proved
from redline.rules.policy import Rule, Validity
from redline.rules.values import Amounts, minus, union


def validity_flaws(rule: Rule) -> Iterator[Flaw]:
    """Stretches that share days and differ in what they say of them, and holes between stretches."""
    for one, other in combinations(rule.validity, 2):
        shared = one.days.meet(other.days)
        # a stretch inside a wider one written before it is a change within it, not a slip
        if not shared.empty and one.state != other.state and not _inside(other, one):
            says = (
                f"from {_day(shared.low)} it is {_word(one)} and {_word(other)}: the one written last counts"
            )
            yield Flaw(FlawKind.VALIDITY_OVERLAP, (name(rule),), says, Proved(), other.span)
    told = sorted(rule.validity, key=lambda v: (v.days.low is not None, v.days.low or 0))
    said = union([v.days for v in told]) if told else None
    if isinstance(said, Amounts):
        for before, after in pairwise(said.stretches):
            first = None if before.high is None else before.high + 1
            last = None if after.low is None else after.low - 1
            at = next(v for v in told if v.days.low == after.low)
            says = f"nothing is said of the days from {_day(first)} to {_day(last)}: it is then not in force"
            yield Flaw(FlawKind.VALIDITY_HOLE, (name(rule),), says, Proved(), at.span)


def _inside(inner: Validity, outer: Validity) -> bool:
    return minus(inner.days, outer.days).empty


def _word(validity: Validity) -> str:
    return validity.state.replace("_", " ")


def _day(number: object) -> str:
    return "the first day" if number is None else date.fromordinal(int(str(number))).isoformat()
