"""A network of supply: parties, what they may pass on to whom by which channel, and what leaks along it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from redline.rules.frozen import dataclass, field
from redline.rules.node import Map, Node
from redline.rules.problems import NOWHERE, Span
from redline.rules.verdicts import Layer, Strength

Window = tuple[int | None, int | None]
"""The first and the last day on which a channel may be used, as ordinals; None: without that bound."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Who may pass what on to whom.  `facts` is what the transfer states besides: activity, use, place.

    `cost` is what it costs to close it, `clause` what a promise of its recipient not to pass on costs; None:
    it may not be done."""

    id: str
    sender: str
    recipient: str
    items: tuple[str, ...]
    papers: tuple[str, ...]
    facts: Map
    window: Window = (None, None)
    cost: int | None = 1
    clause: int | None = 1
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Build:
    """Someone builds one item into another, or makes the other with it (`made_with`)."""

    id: str
    holder: str
    takes: str
    gives: str
    facts: Map
    made_with: bool = False
    window: Window = (None, None)
    cost: int | None = 1
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Network:
    """A network, read.  What parties, items, papers and agreements say stays as written: it goes into the
    scenarios that are made of paths, and is read there."""

    id: str
    title: str
    head: Map
    """`as_of` and `assume`, as in a scenario."""
    parties: Mapping[str, Node]
    items: Mapping[str, Node]
    papers: Mapping[str, Node]
    agreements: Node | None
    channels: tuple[Channel, ...]
    builds: tuple[Build, ...]
    forbidden: tuple[str, ...] = ()
    """The holders that are looked at; none named: whoever a line keeps an item from."""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule that the whole of a path crosses, or may: with the word that it is."""

    rule: str
    says: str
    layer: Layer
    strength: Strength
    stated_by: str


@dataclass(frozen=True, slots=True)
class Leak:
    """A path along which no transfer by itself crosses a line and the whole does (`certain`), or may."""

    item: Annotated[str, "the item as it sets out"]
    holder: Annotated[str, "who holds it at the end, where the line is crossed"]
    steps: Annotated[tuple[str, ...], "the ids of the channels, and of what is built in, in their order"]
    arrives: Annotated[str, "the item as it arrives"]
    days: Annotated[tuple[str, ...], "the day of each step; empty where none is said"]
    certain: Annotated[bool, "whether the whole crosses, or only may"]
    rules: tuple[Ruled, ...]
    lost: Annotated[int, "the step after which no paper in force binds the holder; counted from 1"]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that closes leaks: a channel that is no longer used, or a promise of its recipient."""

    sort: Annotated[str, "`channel` or `clause`"]
    channel: str
    cost: int

    def __str__(self) -> str:
        return f"{self.sort} {self.channel}"


@dataclass(frozen=True, slots=True)
class Closing:
    """The cheapest set of measures found that leaves no leak; None where there is none, or the search was
    ended.  `bound` is what any such set costs at least; the set is the cheapest where the two meet."""

    measures: tuple[Measure, ...] | None
    cost: int
    bound: int
    paths: Annotated[int, "leaks that were found on the way"]
    rounds: int
    cannot: Annotated[tuple[str, ...], "the steps of a leak that nothing may close"] = ()
    whole: Annotated[bool, "whether every path was looked at when none was left that leaks"] = True

    @property
    def exact(self) -> bool:
        """Whether it is known that it closes all, and that no set costs less."""
        return self.measures is not None and self.cost == self.bound and self.whole


@dataclass(frozen=True, slots=True)
class Leaks:
    """What leaks along a network, what was stopped, and what closes it."""

    network: Network
    leaks: tuple[Leak, ...]
    more: Annotated[tuple[tuple[str, str], ...], "items and holders to whom more paths lead than are shown"]
    stopped: Annotated[Mapping[str, int], "channels and paths that end before a leak, by what stopped them"]
    closing: Closing | None
    judged: Annotated[int, "scenarios that were judged"]
    checked: Annotated[int, "classes of paths that were written out, read again and judged both ways"]
    cycles: Annotated[int, "groups of parties that supply one another in a circle"]
    whole: Annotated[bool, "whether every path was looked at, and each was found again when it was judged"]
