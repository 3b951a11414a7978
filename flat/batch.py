"""A batch of rows: what stands in it and what is found, and which rows and rules it is found of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redline.flat.coded import Codes, Words
from redline.rules.frozen import dataclass
from redline.rules.problems import Problem

Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Column:
    """A field in a batch: the number of each row's value, and the value of a row."""

    codes: Codes
    value: Callable[[int], Any]
    alike: NDArray[Any] | None = None
    """What tells values apart where several have one number."""


@dataclass(frozen=True)
class Found:
    """What is found in a batch: pairs of a row and a rule, in their order."""

    possible: tuple[Numbers, Numbers]
    certain: tuple[Numbers, Numbers]
    undetermined: NDArray[np.bool_]
    """Rows of which it cannot be told whether some rule is crossed, or is to be weighed."""
    wrong: dict[int, tuple[Problem, ...]]
    """Rows that cannot be used."""


def distinct(columns: Sequence[Column], rows: Numbers) -> tuple[Numbers, Numbers]:
    """Rows that are alike in these columns: the first of each sort, and the sort of each row."""
    of = np.zeros(len(rows), np.int64)
    first = np.zeros(1, np.intp)
    for column in columns:
        said = (column.codes if column.alike is None else column.alike)[rows]
        _, one = np.unique(said, return_inverse=True)
        _, first, of = np.unique(of * (int(one.max()) + 1) + one, return_index=True, return_inverse=True)
    return first, of


def pairs(row: Numbers, word: Numbers, left: Words) -> tuple[Numbers, Numbers]:
    """Each bit of the words as a row and the number of a rule, in order."""
    count = np.bitwise_count(left).astype(np.intp)
    if not len(left) or int(count.max()) <= 1:
        some = np.flatnonzero(count != 0)
        return row[some], word[some] * 64 + _place(left[some])
    octets = np.ascontiguousarray(left.astype("<u8")).view(np.uint8).reshape(-1, 8)
    bit = np.flatnonzero(np.unpackbits(octets, axis=1, bitorder="little").view(np.bool_))
    entry = np.repeat(np.arange(len(left)), count)
    return row[entry], word[entry] * 64 + (bit & 63)


def _place(single: Words) -> Numbers:
    """Where the one bit of each word is."""
    found: Numbers = np.bitwise_count(single - np.uint64(1)).astype(np.intp)
    return found
