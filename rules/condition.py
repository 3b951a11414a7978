"""The grammar of conditions: passive nodes that carry their place and compare without it.

A condition is asked of a row.  Its meaning is in `engine/reference.py`, at one sitting.
"""

from __future__ import annotations

from fractions import Fraction

from redline.rules.frozen import dataclass, field
from redline.rules.problems import NOWHERE, Span
from redline.rules.values import Terms, Test


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds."""

    parts: tuple[Condition, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the conditions holds."""

    parts: tuple[Condition, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    part: Condition
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """A field, or the answer to a question of the catalogue, passes a test; `words` is it as written."""

    key: str | Query
    test: Test
    words: str = field(default="", compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Silent:
    """The scenario is silent about the field: never unknown, and the one test of what is said, not of
    what is so."""

    key: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """The condition holds of a part (`item`, `from`, `to`, `end_user`, ...)."""

    part: str
    body: Condition
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Some:
    """Some element of a list meets the condition.  A field of several values is a list of `value`s."""

    list: str
    body: Condition
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """Every element of a list meets the condition; true of an empty list."""

    list: str
    body: Condition
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """The interpretation of that name is answered by one of these answers."""

    name: str
    answers: frozenset[str]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A question that the text leaves open: always unknown."""

    question: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A condition that the policy defines once, under a name."""

    name: str
    body: Condition
    span: Span = field(default=NOWHERE, compare=False)


Condition = All | Any | Not | Is | Silent | In | Some | Every | Reading | Unsettled | Named


# --- questions of the catalogue of derived fields; each is the key of a cell in the rows of `shape` ---


@dataclass(frozen=True, slots=True)
class Share:
    """The share of an item's value that its parts meeting a condition make up, through containment
    alone: an amount between 0 and 1.  Asked of an item (of a step: of its item)."""

    of: Condition
    shape = "item"

    def __hash__(self) -> int:
        return hash("Share")  # cheap: it is the key of cells, and equality looks at all of it


@dataclass(frozen=True, slots=True)
class Owned:
    """Whether a party is owned by parties meeting a condition, to at least a share, on the day of the
    step (of no step: the scenario's date).  `mode` says how shares run through chains:

    `whole`: who holds the share or more passes on all that it owns, and shares of several are added;
    `multiplied`: shares along a chain are multiplied, and chains added; `any`: any holding counts.
    """

    by: Condition
    at_least: Fraction
    mode: str
    shape = "party"

    def __hash__(self) -> int:
        return hash(("Owned", self.at_least, self.mode))  # cheap: it is the key of cells


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether a paper of that kind (and state of things that it must meet) is held and covers the step:
    `held`, or `not-held` (refused, revoked, expired, pending, or stated absent).

    `issuer` is a condition on who issued it, `where` a condition on the paper itself; None: no matter.
    """

    kind: str
    issuer: Condition | None = None
    where: Condition | None = None
    shape = "step"

    def __hash__(self) -> int:
        return hash(("Covered", self.kind))  # cheap: it is the key of cells


@dataclass(frozen=True, slots=True)
class Days:
    """The days from one date to another, negative if it comes first.  `paper.from` and the like are not
    dates of the row; only its own date fields are."""

    start: str
    end: str
    shape = ""


@dataclass(frozen=True, slots=True)
class Forbids:
    """Whether a paper forbids something: any of the activities (`activities`; None: whatever is done), to
    any of the countries (`destinations`; None: wherever), for any of the uses (`end_uses`; None: whatever
    for).  A ban that does not limit one of them forbids all of it."""

    activities: Terms | None = None
    destinations: Terms | None = None
    end_uses: Terms | None = None
    shape = "paper"


@dataclass(frozen=True, slots=True)
class InForce:
    """Whether the rule of that name was in force for the subject on its dates."""

    rule: str
    shape = ""


Query = Share | Owned | Covered | Days | Forbids | InForce
