"""The single steps in which a scenario departs from the neutral one: each says or adds one thing."""

from __future__ import annotations

from redline.rules.frozen import dataclass
from redline.testing.written import Data, Mapped

SECTIONS = {"party": "parties", "item": "items", "paper": "papers", "agreement": "agreements"}
"""Where things of a shape stand in a scenario."""


@dataclass(frozen=True, slots=True)
class Say:
    """A fact of the thing of that shape with that number (counted round; of the scenario: of itself)."""

    shape: str
    number: int
    key: str
    value: Data


@dataclass(frozen=True, slots=True)
class Step:
    """A further transfer of the item, by whoever had it last, to someone new in that country."""

    activity: str
    country: str


@dataclass(frozen=True, slots=True)
class Inside:
    """A further item, which that one contains or is made with."""

    key: str
    said: tuple[tuple[str, Data], ...]
    share: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A further paper, attached to the last transfer."""

    kind: str
    state: str
    issuer: str
    forbids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement on the item, between whoever sends first and someone in that country."""

    kind: str
    country: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Someone in that country who owns a share of the party of that number."""

    number: int
    country: str
    share: str


@dataclass(frozen=True, slots=True)
class Station:
    """Someone in that country on the way of the last transfer."""

    country: str
    role: str


@dataclass(frozen=True, slots=True)
class Someone:
    """Someone in that country in another part of the last transfer: its end user, or who carries it out."""

    key: str
    country: str
    kind: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the actor of the last transfer knew."""

    how: str
    of: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Two dates of the last transfer, so many days apart."""

    start: str
    end: str
    days: int


Move = Say | Step | Inside | Paper | Agreement | Owner | Station | Someone | Known | Apart

NEUTRAL: Mapped = {
    "redline": "1",
    "scenario": "drawn",
    "as_of": "2026-06-01",
    "assume": ["recipient_is_end_user", "used_where_received", "nothing_else_inside", "no_other_papers"],
    "parties": {"sender": {"country": "IT"}, "recipient": {"country": "IN"}},
    "items": {"item": {"form": "hardware"}},
    "transfers": [{"activity": "export", "item": "item", "from": "sender", "to": "recipient"}],
}
"""The scenario from which draws depart: one item goes from one country to another."""
