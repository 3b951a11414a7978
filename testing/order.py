"""The same said in another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from redline.testing.dice import Dice
from redline.testing.written import Data

T = TypeVar("T")


def shuffled(dice: Dice, written: Data, ordered: frozenset[str]) -> Data:
    """The same with every key, and every list that is not `ordered`, in another order."""
    if isinstance(written, dict):
        return {
            key: each if key in ordered and isinstance(each, str) else _shuffled(dice, key, each, ordered)
            for key, each in mixed(dice, list(written.items()))
        }
    return written


def _shuffled(dice: Dice, key: str, written: Data, ordered: frozenset[str]) -> Data:
    if isinstance(written, list):
        inner = [shuffled(dice, each, ordered) for each in written]
        return inner if key in ordered else mixed(dice, inner)
    return shuffled(dice, written, ordered | ({"known"} if key in ordered else set()))


def mixed(dice: Dice, things: Sequence[T]) -> list[T]:
    """The things in another order."""
    left = list(things)
    return [left.pop(dice.number(0, len(left) - 1)) for _ in things]
