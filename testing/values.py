"""The values that loaded policies tell apart, as a scenario writes them, and where they change over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import cached_property

from redline.analysis.plausible import plausible
from redline.engine.run import Bench
from redline.rules.condition import Days, Owned, Share
from redline.rules.frozen import dataclass
from redline.rules.quantities import DATE, base_unit
from redline.rules.values import Amounts, Terms

_DAY = base_unit(DATE)
_FIRST, _LAST = date(1900, 1, 1).toordinal(), date(2200, 12, 31).toordinal()


@dataclass(frozen=True)
class Values:
    """What the policies of a bench compare facts with."""

    bench: Bench

    @cached_property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Of each tree that a rule tests, one term a class that the rules tell apart."""
        found: dict[str, dict[str, None]] = {}
        for (_, tree), domain in self.bench.plan.domains.items():
            for each in domain.classes:
                if isinstance(each, Terms) and (text := plausible(each)) is not None:
                    found.setdefault(tree, {})[text] = None
        return {tree: tuple(texts) for tree, texts in found.items()}

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The days on both sides of every bound of a date: of comparisons, and of when rules are in force."""
        tested = [
            d for (_, unit), domain in self.bench.plan.domains.items() if unit == _DAY for d in domain.classes
        ]
        valid = [v.days for p in self.bench.policies for r in p.rules for v in r.validity]
        ends = (int(n) for each in (*tested, *valid) if isinstance(each, Amounts) for n in _ends(each))
        both = {day for end in ends for day in (end - 1, end, end + 1) if _FIRST <= day <= _LAST}
        return tuple(date.fromordinal(day).isoformat() for day in sorted(both))

    @cached_property
    def apart(self) -> tuple[tuple[Days, tuple[int, ...]], ...]:
        """Of each question how many days apart two dates are, the numbers on both sides of its bounds."""
        return tuple(
            (key, tuple(sorted({int(n) for c in domain.classes for n in _near(c) if n == int(n)})))
            for (key, _), domain in self.bench.plan.domains.items()
            if isinstance(key, Days)
        )

    def amounts(self, name: str) -> tuple[str, ...]:
        """Of a field of amounts, those on both sides of every bound that a rule tests."""
        return self._texts(key == name for key, _ in self.bench.plan.domains)

    @cached_property
    def shares(self) -> tuple[str, ...]:
        """The shares of what is contained, on both sides of every bound that a rule tests."""
        return self._texts(isinstance(key, Share) or key == "share" for key, _ in self.bench.plan.domains)

    @cached_property
    def holdings(self) -> tuple[str, ...]:
        """The shares of owners on both sides of what counts as owned."""
        least = {key.at_least for key, _ in self.bench.plan.domains if isinstance(key, Owned)}
        ends = {n for at_least in least for n in (at_least - Fraction(1, 100), at_least)}
        return tuple(
            dict.fromkeys((*(_percent(n) for n in sorted(ends) if 0 < n <= 1), *self.amounts("share")))
        )

    def _texts(self, wanted: Iterable[bool]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for yes, ((_, unit), domain) in zip(wanted, self.bench.plan.domains.items(), strict=True):
            for each in domain.classes if yes and unit != _DAY else ():
                if isinstance(each, Amounts):
                    found |= dict.fromkeys(f"{_decimal(n)} {unit}".strip() for n in _near(each) if n >= 0)
        return tuple(found)


def _ends(amounts: Amounts) -> Iterator[Fraction]:
    for stretch in amounts.stretches:
        yield from (end for end in (stretch.low, stretch.high) if end is not None)


def _near(amounts: object) -> Iterator[Fraction]:
    """The numbers of the set that are nearest to its bounds."""
    if not isinstance(amounts, Amounts):
        return
    for s in amounts.stretches:
        step = (
            Fraction(1) if amounts.whole or amounts.unit == "days" else _step(s.low or s.high or Fraction(1))
        )
        if s.low is not None:
            yield s.low + step if s.low_open else s.low
        if s.high is not None:
            yield s.high - step if s.high_open else s.high


def _step(number: Fraction) -> Fraction:
    """A hundredth of the number, in powers of ten."""
    size = Fraction(1)
    while size > abs(number) and size > Fraction(1, 10**9):
        size /= 10
    return size / 100


def _decimal(number: Fraction) -> str:
    return f"{float(number):.10f}".rstrip("0").rstrip(".")


def _percent(number: Fraction) -> str:
    return f"{_decimal(number * 100)}%"
