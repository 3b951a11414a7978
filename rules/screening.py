"""What is told of a row of a table."""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.frozen import dataclass

VERDICTS = ("crosses", "undetermined", "requires_assessment", "no encoded red line crossed")
"""The words for a row, the first that fits:

    crosses                       some rule crosses for sure
    undetermined                  some rule is not cleared, and it cannot be told whether it crosses
    requires_assessment           rules that someone has to weigh, and no other, are not cleared
    no encoded red line crossed   every rule that is judged is cleared
"""
REJECTED = "rejected"
"""A row that cannot be used: nothing is said of it."""
RESULTS = ("verdict", "certain", "possible", "problem")
"""The columns of an answer."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was found in a table: rows, those of them rejected, rows by verdict, the rows that each rule
    crosses for sure and those of which it is not cleared, and rows by recipient's country and verdict."""

    rows: int
    rejected: int
    verdicts: Mapping[str, int]
    rules: Mapping[str, tuple[int, int]]
    countries: Mapping[str, Mapping[str, int]]
