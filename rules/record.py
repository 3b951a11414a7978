"""Records: what rules see of a scenario, after derivation: plain values and nested lists, no joins.

A record of a subject is a `Row`; each value in it is a `Cell` that remembers from which stated facts
it follows, or where the fact that is missing would be stated.
"""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.condition import Query
from redline.rules.facts import Fact
from redline.rules.frozen import dataclass, field
from redline.rules.late import Late
from redline.rules.problems import NOWHERE, Span
from redline.rules.values import Value

Key = str | Query
"""What a cell is known by: a field of the vocabulary, or a question that a policy asks of the catalogue."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, the facts it follows from, and how.

    `about` is the path in the scenario where it is stated, or would be (`parties.navy.country`).
    `how` says in words how it was derived; empty where it is simply stated.  `stated` is False
    where the scenario is silent.
    """

    value: Value
    about: str = ""
    facts: tuple[Fact, ...] = field(default=(), compare=False)
    how: str = field(default="", compare=False)
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Row(Late):
    """One thing: its cells, its parts and its lists.  `present` may be unknown where derivation
    cannot tell whether there is such a thing.  What no rule asks for is not worked out."""

    shape: str
    name: str = field(default="", compare=False)
    cells: Mapping[Key, Cell] = field(default_factory=dict)
    parts: Mapping[str, Row] = field(default_factory=dict)
    lists: Mapping[str, Rows] = field(default_factory=dict)
    present: Cell | None = None


@dataclass(frozen=True, slots=True)
class Rows(Late):
    """A list: its rows; whether that is all (`closed`: yes, or not known); and what is known of any
    further row (`rest`, which says nothing where nothing is known)."""

    rows: tuple[Row, ...]
    closed: Cell
    rest: Row


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is asked of: a step, an item, an agreement or the whole scenario, with its record.

    `label` is its number or id as a person names it (`3`, `corvette`), `transfer` and `item` tell a
    step's.  A *phantom* stands for subjects that an open list leaves possible: a rule is never
    known to cross or not to cross on it.
    """

    kind: str
    label: str
    row: Row
    transfer: int | None = None
    item: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
    phantom: bool = False
