"""Where choices come from: hypothesis' draws (they shrink), or a plain seed (quick, for many cases)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from redline.rules.frozen import dataclass

T = TypeVar("T")


class Dice(Protocol):
    """Where choices come from; 0 is the simplest."""

    def number(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """Choices of a plain generator of random numbers."""

    random: Random

    def number(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""
        return self.random.randint(low, high)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Choices of hypothesis."""

    draw: Callable[[st.SearchStrategy[int]], int]

    def number(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""
        return self.draw(st.integers(low, high))


def seeded(seed: int | str) -> Seeded:
    """The dice of that seed: the same choices on every machine."""
    return Seeded(Random(seed))  # noqa: S311  # no secret hangs on it


def chance(dice: Dice, percent: int) -> bool:
    """Whether something happens that happens so often."""
    return dice.number(0, 99) >= 100 - percent


def pick(dice: Dice, things: Sequence[T]) -> T:
    """One of the things."""
    return things[dice.number(0, len(things) - 1)]
