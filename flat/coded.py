"""Coded columns: each distinct value of a column is checked and looked up once, by the index's own tables;
from then on it is a number, and what it leaves possible a row of words of 64 bits.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from redline.engine.plan import Formula
from redline.flat.field_table import bounds_in
from redline.flat.fields import LARGEST
from redline.flat.forms import Form
from redline.flat.keys import key_of, listed_problem
from redline.flat.masks import Group
from redline.rules.problems import Problem, Refused
from redline.rules.values import Amounts

if TYPE_CHECKING:
    from redline.flat.index import Index

Words = NDArray[np.uint64]
Codes = NDArray[np.intp]
_ROOM = 1 << 25
"""Bytes that the words of a column may take; then its values are forgotten, and looked up anew."""


def words_of(mask: int, size: int) -> Words:
    """An integer whose highest bit is the first rule, as words of which the lowest bit of the first is."""
    found = np.zeros(width(size) * 64, np.uint8)
    raw = np.frombuffer(mask.to_bytes((size >> 3) + 1, "little"), np.uint8)
    found[:size] = np.unpackbits(raw, bitorder="little")[:size][::-1]
    return np.packbits(found, bitorder="little").view("<u8").astype(np.uint64)


def width(size: int) -> int:
    """How many words so many rules take."""
    return max(1, -(-size // 64))


class Leaf:
    """Alternatives of rules that hang on one source, itself on one field: for each rule at most one."""

    def __init__(self, index: Index, source: str) -> None:
        self.index, self.source = index, source
        self.group = Group(index.kleene, index.size, index.by_name)
        self.tested = 0

    def add(self, bit: int, part: Formula) -> None:
        """One more alternative."""
        self.group.parts.append((bit, part))
        self.tested |= 1 << bit

    def masks(self, record: Mapping[str, object]) -> tuple[int, int]:
        """The rules whose alternative holds: possibly, for sure."""
        with self.index.lock:
            possible, doubt = self.group.masks(self.index.row(self.source, record))
        return possible & self.tested, possible & ~doubt & self.tested


class Coded:
    """A field of a form: its values by number."""

    def __init__(self, form: Form, at: int, leaves: Sequence[Leaf]) -> None:
        self.form, self.field, self.table = form, form.fields[at], form.tables[at]
        self.index, self.leaves = form.index, leaves
        self.size, self.width = self.index.size, width(self.index.size)
        self.cuts: NDArray[np.int64] | None = None
        self.begun = 0
        if self.table.counted:
            self._cut()
        self.forget()

    def forget(self) -> None:
        """Begins anew."""
        self.begun += 1
        self.numbers: dict[Hashable, int] = {}
        self.wrong: dict[int, tuple[Problem, ...]] = {}
        self.sides: dict[int, int] = {}
        self.doubted = False
        none = np.zeros((16, self.width), np.uint64)
        self.possible: Words = none
        self.doubt: Words = none.copy()
        self.alternatives: list[tuple[Words, Words]] = [(none.copy(), none.copy()) for _ in self.leaves]

    def _room(self, room: int) -> None:
        self.possible = _grown(self.possible, room)
        self.doubt = _grown(self.doubt, room)
        self.alternatives = [(_grown(high, room), _grown(low, room)) for high, low in self.alternatives]

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self.numbers) * self.width * 8 * (2 + 2 * len(self.leaves)) > _ROOM

    def number(self, value: object) -> int:
        """The number of a value; one that cannot be used has its problems."""
        try:
            key: Hashable = key_of(value)
        except (Refused, TypeError, RecursionError):
            key = ("what cannot be written", repr(value)[:200])
        number = self.numbers.get(key)
        if number is None:
            number = self._new(value, key)
        return number

    def numbers_of(self, values: Sequence[object]) -> Codes:
        """The numbers of values."""
        return np.fromiter(map(self.number, values), np.intp, len(values))

    def _new(self, value: object, key: Hashable) -> int:
        number = len(self.numbers)
        if number == len(self.possible):
            self._room(2 * number)
        problems: Sequence[Problem] = ()
        doubt = 0
        try:
            possible = self.table.met(value, key_of(value))
            if possible is None:
                self.index.check(self.field, value, key_of(value))
                possible, doubt = self.table.masks(value, key)
            found = [leaf.masks({self.field.name: value}) for leaf in self.leaves]
        except (Refused, TypeError, RecursionError) as wrong:
            problems = listed_problem(self.field, wrong)
            possible = doubt = 0
            found = [(0, 0)] * len(self.leaves)
        self.numbers[key] = number
        if problems:
            self.wrong[number] = tuple(problems)
        self.possible[number] = words_of(possible, self.size)
        self.doubt[number] = words_of(doubt, self.size)
        self.doubted |= bool(doubt)
        for (high, low), (one, other) in zip(self.alternatives, found, strict=True):
            high[number] = words_of(one, self.size)
            low[number] = words_of(other, self.size)
        return number

    # --- whole numbers, by the sides of all bounds -------------------------------------------------

    def _cut(self) -> None:
        points = {0}
        one = self.table.amount(1)
        assert isinstance(one, Amounts)
        groups = [*self.index.groups.values(), *(leaf.group for leaf in self.leaves)]
        for group in groups[:1]:  # a group knows the bounds of the whole plan
            points |= bounds_in(group, one.unit)
        ends = {end for point in points for end in (point, point + 1) if -LARGEST < end <= LARGEST}
        self.cuts = np.array(sorted(ends), np.int64)

    def numbers_of_whole(self, values: NDArray[np.int64]) -> Codes:
        """The numbers of whole numbers: no rule can tell those apart that lie between the same bounds."""
        assert self.cuts is not None
        side = np.searchsorted(self.cuts, values, side="right")
        known = np.full(len(self.cuts) + 1, -1, np.intp)
        for each in np.flatnonzero(np.bincount(side, minlength=len(known))).tolist():
            known[each] = self._side(each)
        found = known[side]
        for at in np.flatnonzero(found < 0).tolist():
            found[at] = self.number(int(values[at]))
        return found

    def _side(self, side: int) -> int:
        """The number that all of a side have; -1 where each of them is to be looked at."""
        assert self.cuts is not None
        if side not in self.sides:
            if side == 0 or self.table.amount(int(self.cuts[side - 1])) is None:
                return -1
            self.sides[side] = self.number(int(self.cuts[side - 1]))
        return self.sides[side]


def _grown(old: Words, room: int) -> Words:
    new = np.zeros((room, old.shape[1]), np.uint64)
    new[: len(old)] = old
    return new
