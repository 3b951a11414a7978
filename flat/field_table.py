"""The table of a field: for each value that was met, the rules that it leaves possible."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from datetime import date
from fractions import Fraction

from redline.flat.clauses import ON_DATES
from redline.flat.fields import LARGEST, Flat
from redline.flat.index import Index, keep
from redline.flat.masks import Group
from redline.rules.problems import Refused
from redline.rules.quantities import DATE, base_unit
from redline.rules.values import Amounts

_DAY = len("2026-11-22")


class FieldTable:
    """What hangs on one field alone, by these sources.

    `sure` has those values of which nothing is in doubt, so that they need no second mask.  Of whole numbers
    and of days that is known of all that lie in one stretch: `cuts` are where stretches begin, `sides` what
    is left before the first cut, from it on, ...; None where a number is refused, or leaves a doubt.  Sides
    of numbers are worked out beforehand, of days when one is met.
    """

    def __init__(self, index: Index, field: Flat, groups: tuple[str, ...]) -> None:
        self.index, self.field, self.groups = index, field, groups
        self.sure: dict[Hashable, int] = {}
        self.cuts: list[int] = []
        self.sides: list[int | None] | None = None
        self.dated = field.name == "date" and groups in ((), (ON_DATES,))
        if self.dated:
            self._cut_days()
        elif field.type is not None and field.type.sort == "amount" and not field.whole:
            self._cut()

    @property
    def counted(self) -> bool:
        """Whether whole numbers are looked up by their stretch."""
        return self.sides is not None and not self.dated

    def met(self, value: object, key: Hashable) -> int | None:
        """The rules that are possible, where nothing is in doubt and that is known without reading the value:
        of no value that was not checked."""
        found = self.sure.get(key)
        if found is None and self.sides is not None:
            number = _ordinal(key) if self.dated else value if value.__class__ is int else None
            if isinstance(number, int):
                found = self.sides[bisect_right(self.cuts, number)]
                if self.dated and found is not None:
                    keep(self.sure, key, found)
        return found

    def masks(self, value: object, key: Hashable) -> tuple[int, int]:
        """The rules that are possible, and in doubt, where the field has the value."""
        possible, doubt = self.index.full, 0
        for source in self.groups:
            one, other = self.index.masks(source, (self.field.name,), (value,), key)
            possible &= one
            doubt |= other
        if not doubt:
            keep(self.sure, key, possible)
            if value.__class__ is date:
                self.sure[value] = possible  # it was found by its text
            if self.dated and self.sides is not None and (day := _ordinal(key)) is not None:
                self.sides[bisect_right(self.cuts, day)] = possible
        return possible, doubt

    def _cut_days(self) -> None:
        """Finds the days on which something may change."""
        points: set[int] = set()
        for source in self.groups:
            group = self.index.groups[source]
            points |= bounds_in(group, base_unit(DATE)) | group.turns()
        self.cuts = _ends(points, date.max.toordinal())
        self.sides = [None] * (len(self.cuts) + 1)

    def _cut(self) -> None:
        """Works out the sides of all bounds, where whole numbers are taken as they are."""
        one = self.amount(1)
        if one is None or one.low != 1 or one.high != 1:
            return
        points = {0}
        for source in self.groups:
            group = self.index.groups.get(source)
            if group is None:
                return
            points |= bounds_in(group, one.unit)
        self.sides = [None]
        sides = [(cut, self._side(cut)) for cut in (-LARGEST, *_ends(points, LARGEST))]
        for cut, side in [*sides, (LARGEST + 1, None)]:
            if side != self.sides[-1]:
                self.cuts.append(cut)
                self.sides.append(side)

    def _side(self, number: int) -> int | None:
        """The rules that a whole number leaves possible; None where it is refused, or leaves a doubt."""
        if self.amount(number) is None:
            return None
        possible, doubt = self.masks(number, str(number))
        return None if doubt else possible

    def amount(self, number: int) -> Amounts | None:
        """What a whole number is taken for, if it can be used."""
        try:
            self.index.check(self.field, number, str(number))
        except Refused:
            return None
        row = self.index.row(self.field.name, {self.field.name: number})
        row = row.parts.get(self.field.of, row)
        if self.field.key not in row.cells:
            return None
        value = row.cells[self.field.key].value
        return value if isinstance(value, Amounts) else None


class Tables:
    """The tables of fields; records of several forms share them."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.known: dict[tuple[str, tuple[str, ...]], FieldTable] = {}

    def of(self, field: Flat, groups: tuple[str, ...]) -> FieldTable:
        """The table of a field, for what hangs on it alone."""
        key = (field.name, groups)
        if key not in self.known:
            self.known[key] = FieldTable(self.index, field, groups)
        return self.known[key]


def bounds_in(group: Group, unit: str) -> set[int]:
    """The whole numbers at or around each bound that the group's tests in that unit have."""
    points: set[int] = set()
    for (key, of), domain in group.kleene.plan.domains.items():
        if of == unit and isinstance(key, str):
            for each in domain.classes:
                assert isinstance(each, Amounts)
                ends = [end for stretch in each.stretches for end in (stretch.low, stretch.high)]
                points |= {whole for end in ends if end is not None for whole in _around(end)}
    return points


def _around(end: Fraction) -> tuple[int, int]:
    return end.__floor__(), end.__ceil__()


def _ends(points: Iterable[int], largest: int) -> list[int]:
    """Where the stretches between points, and those of the points themselves, begin."""
    return sorted({cut for point in points for cut in (point, point + 1) if -largest < cut <= largest})


def _ordinal(text: object) -> int | None:
    """The number of the day that is written in full, if it is one."""
    if isinstance(text, str) and len(text) == _DAY and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text).toordinal()
        except ValueError:
            pass
    return None
