"""Days as a scenario needs them: cut where rules tell them apart, with the spans over which rules change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from math import inf

from redline.engine.plan import Plan
from redline.engine.reference import IS_YES
from redline.engine.validity import in_force, spells
from redline.rules.policy import Rule
from redline.rules.quantities import days
from redline.rules.record import Cell
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Stretch, fits

DAYS = ("contract", "delivery")
USUAL = date(2026, 6, 1)
_ANY_DAY = (Stretch(),)
FEW = 8
"""Of up to so many days that are told apart, each span from one to another is looked at."""


def written_day(day: Amounts) -> str:
    """A day of the stretch, as near to the usual one as can be."""
    low, high = int(day.low or 0), int(day.high or date.max.toordinal())
    return date.fromordinal(min(max(USUAL.toordinal(), low), high)).isoformat()


def cut_days(rules: Iterable[Rule], plan: Plan) -> tuple[Amounts, ...]:
    """All days, cut wherever a rule tells one side from the other."""
    cuts: set[int] = set()
    stretches = [s for rule in rules for v in rule.validity for s in v.days.stretches]
    for (name, _), domain in plan.domains.items():
        if name in DAYS:
            stretches += [s for c in domain.classes if isinstance(c, Amounts) for s in c.stretches]
    for stretch in stretches:
        cuts |= {int(stretch.low)} if stretch.low is not None else set()
        cuts |= {int(stretch.high) + 1} if stretch.high is not None else set()
    edges = [None, *sorted(cuts), None]
    spells = [(low, None if after is None else after - 1) for low, after in pairwise(edges)]
    return tuple(days(*(None if n is None else date.fromordinal(n) for n in spell)) for spell in spells)


def whole_spans(rules: Iterable[Rule], cut: Sequence[Amounts]) -> tuple[Amounts, ...]:
    """From the first day to the last of all, and of each stretch in which a rule is in force: over a longer
    one no fewer rules change.  And from each of the days that are told apart, if they are few, to each later
    one."""
    found: list[tuple[Fraction | None, Fraction | None]] = [(None, None)]
    for rule in rules:
        found += [(s.low, s.high) for s, truth in spells(rule) if truth is TRUE] if rule.validity else []
    if len(cut) <= FEW:
        found += [(one.high, other.low) for one, other in combinations(cut, 2)]
    return tuple(
        days(*(None if n is None else date.fromordinal(int(n)) for n in each))
        for each in dict.fromkeys(found)
    )


def running(rule: Rule, cut: Sequence[Amounts], spans: Sequence[Amounts]) -> Mapping[Truth, int]:
    """On which of the days (cut wherever the rule changes), and from the first to the last of which spans, it
    is in force, is not, or one cannot tell."""
    found = {TRUE: 0, FALSE: 0, UNKNOWN: 0}
    if not rule.validity:
        return {TRUE: (1 << len(cut) + len(spans)) - 1}
    told = [(_number(spell.low, -inf), _number(spell.high, inf), truth) for spell, truth in spells(rule)]
    for i, span in enumerate(spans, len(cut)):
        found[_over(rule, told, span)] |= 1 << i
    lows = [_number(day.low, -inf) for day in cut]
    for low, high, truth in told:
        after = len(cut) if high == inf else bisect_left(lows, high + 1)
        found[truth] |= (1 << after) - (1 << bisect_left(lows, low))
    return found


def _over(rule: Rule, told: Iterable[tuple[float, float, Truth]], span: Amounts) -> Truth:
    """Whether the rule is in force from the first day of the span to the last."""
    first, last = int(span.low or 1), int(span.high or date.max.toordinal())
    if any(rule.running):
        start, end = (Cell(days(*[date.fromordinal(day)] * 2)) for day in (first, last))
        return fits(in_force(rule, start, end).value, IS_YES)
    inside = (truth for low, high, truth in told if low <= first <= high and low <= last <= high)
    return next(inside, UNKNOWN)  # nobody says what a change on the way means


def _number(day: Fraction | None, otherwise: float) -> float:
    return otherwise if day is None else day.numerator  # days are whole


def days_in_force(rule: Rule) -> tuple[Stretch, ...]:
    """The stretches in one of which whatever it is in force for lies, as far as that is told."""
    if not rule.validity or any(rule.running):
        return _ANY_DAY
    return tuple(stretch for stretch, truth in spells(rule) if truth is TRUE)


def meet_days(some: Sequence[Stretch], others: Sequence[Stretch]) -> bool:
    """Whether there is a day in both."""
    if some is _ANY_DAY or others is _ANY_DAY:
        return bool(some) and bool(others)
    return any(not one.meet(other).empty for one in some for other in others)
