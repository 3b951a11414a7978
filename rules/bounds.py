"""Bounds of what is known only to lie between two numbers: each a number, perhaps itself left out."""

from __future__ import annotations

from fractions import Fraction

from redline.rules.frozen import dataclass, field
from redline.rules.values import Amounts


@dataclass(frozen=True, slots=True)
class Bound:
    """A number, and by how many of the smallest of steps beyond it (`edge` above 0) or short of it (below 0).

    So what is more than 25% is at the least one step beyond it, and half of that, added to something that
    is at least 10%, still more than 22.5%.
    """

    at: Fraction
    edge: Fraction = field(default=Fraction(0))

    def __add__(self, other: Bound) -> Bound:
        return Bound(self.at + other.at, self.edge + other.edge)

    def __sub__(self, other: Bound) -> Bound:
        return Bound(self.at - other.at, self.edge - other.edge)

    def __mul__(self, other: Bound) -> Bound:
        return Bound(self.at * other.at, self.at * other.edge + self.edge * other.at)

    def __lt__(self, other: Bound) -> bool:
        return (self.at, self.edge) < (other.at, other.edge)

    def __le__(self, other: Bound) -> bool:
        return (self.at, self.edge) <= (other.at, other.edge)


NONE, ALL = Bound(Fraction(0)), Bound(Fraction(1))
"""No share at all, and the whole."""


def ends(share: Amounts) -> tuple[Bound, Bound]:
    """The least and the most that a share may be."""
    first, last = share.stretches[0], share.stretches[-1]
    least = NONE if first.low is None else Bound(first.low, Fraction(first.low_open))
    most = ALL if last.high is None else Bound(last.high, Fraction(-last.high_open))
    return max(NONE, least), min(ALL, most)
