"""What a scenario states: facts with their place, their grade and their source."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from redline.rules.frozen import dataclass, field
from redline.rules.problems import NOWHERE, Span
from redline.rules.values import Terms, Value


class Grade(IntEnum):
    """How well a fact is supported, the best first.  An alleged fact may cross; it never clears."""

    DOCUMENTED = 1
    REPORTED = 2
    STATED = 3
    ALLEGED = 4
    ASSUMED = 5

    @property
    def word(self) -> str:
        """The word for it in files and answers."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing stated: where in the scenario (`path`), the value, how well supported, by what source.

    `says` puts a structural fact into words ("the corvette contains the radar"); empty for a plain value.
    A fact in doubt (`doubted`: what is alleged, where only what is supported counts) is never cited.
    """

    path: str
    value: Value | None
    grade: Grade = Grade.STATED
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)
    says: str = ""
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Who or what is meant: ids of the scenario (several: one of them; none: not known), or a country
    code that stands for some party there of which no more is known (`country`)."""

    names: tuple[str, ...]
    fact: Fact
    country: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things stated together.

    `closed` says whether these are all, and `closure` is the fact (or default) by which it is so;
    `no_more_in` names values that no further element has (a control list whose entries are complete).
    Of the elements numbered in `doubtful` (from 0) it is not known whether they are there at all.
    """

    elements: tuple[Fact | Reference | Entity, ...]
    closed: bool
    closure: Fact
    no_more_in: Terms | None = None
    doubtful: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entity:
    """A party, an item, a paper, ... as stated: of a shape of the vocabulary, under an id."""

    shape: str
    id: str
    path: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    lists: Mapping[str, Listing] = field(default_factory=dict)
    span: Span = field(default=NOWHERE, compare=False)
    existence: Fact | None = field(default=None, compare=False)
    doubtful: bool = False
    """Whether it is not known that there is such a thing at all (what is alleged, left in doubt)."""

    @property
    def name(self) -> str:
        """What it is called in answers: its name, else its id."""
        fact = self.facts.get("name")
        if fact is not None and isinstance(fact.value, Terms) and fact.value.single:
            return fact.value.single
        return self.id.replace("_", " ").replace("-", " ")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A hypothesis, read: everything stated, as of a date (`as_of`; None: no date is given)."""

    id: str
    title: str
    as_of: Fact | None
    parties: Mapping[str, Entity]
    items: Mapping[str, Entity]
    agreements: Mapping[str, Entity]
    papers: Mapping[str, Entity]
    transfers: tuple[Entity, ...]
    complete: Mapping[str, Fact]
    """For `transfers`, `agreements`, `papers`, ...: the fact by which they are all; absent where open."""
    assumptions: tuple[Fact, ...] = ()
    document: str = ""
    span: Span = field(default=NOWHERE, compare=False)
