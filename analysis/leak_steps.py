"""One step more on a path of a network: on which days it may be taken, and where the path ends with it.

A path ends where the whole crosses a line; it is left where a transfer by itself crosses, where a paper in
force keeps the holder from passing on, where days do not follow, and where its first step no longer makes a
difference (then the path without it tells the same, and is looked at too).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from redline.analysis.leak_classes import Sort
from redline.analysis.leak_judging import Judge, Judgement, refuse
from redline.analysis.leak_marks import AGAIN, NOTHING, Marks
from redline.analysis.network_chain import Hop
from redline.rules.frozen import dataclass, field, replace
from redline.rules.network import Build, Channel, Window
from redline.rules.node import Text
from redline.rules.quantities import parse_date

Place = tuple[str, str]
"""A holder and what it holds."""
_FOREVER = 4_000_000
_AGAIN: Marks = frozenset({AGAIN})


@dataclass(frozen=True, slots=True)
class Found:
    """A path that leaks; `crosses` and `perhaps` are the rules that the whole crosses, or may, and no stretch
    of it does."""

    hops: tuple[Hop, ...]
    crosses: frozenset[str]
    perhaps: frozenset[str]
    sort: Any
    """The class of the path, as the rules that are told of it see it."""

    @property
    def ends(self) -> tuple[str, str]:
        """The item as it sets out, and who holds it in the end."""
        return self.hops[0].item, after(self.hops[-1])[0]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a path: who holds what, the marks of its past, with its first step and without it.

    `floats`: none of its steps has said a day so far, and it is looked at as if they were taken on `day`.
    """

    place: Place
    past: Marks
    without: Marks
    day: int | None
    hops: tuple[Hop, ...]
    floats: bool = False
    been: frozenset[Any] = frozenset()
    """Where it has been, with what past: it does not come there again."""


@dataclass
class Steps:
    """The steps of a network, and what stopped paths so far."""

    judge: Judge
    line: int | None = None
    """The one line that paths are judged by, and of which marks are kept; None: all.  That a transfer crosses
    by itself is told by all."""
    stopped: Counter[str] = field(default_factory=Counter)
    _sorts: dict[Any, Sort] = field(default_factory=dict)
    _ends: dict[tuple[int, str], bool] = field(default_factory=dict)
    _alone: dict[Sort, bool] = field(default_factory=dict)

    def may_end(self, move: Hop) -> bool:
        """Whether a line may be crossed there."""
        key = (id(move.by), move.item)
        if key not in self._ends:
            self._ends[key] = self.judge.may_end(move, self.line)
        return self._ends[key]

    def sort(self, hop: Hop) -> Sort:
        """The class of a step."""
        key = (id(hop.by), hop.item, self.judge.classes.segment(hop.day))
        if key not in self._sorts:
            self._sorts[key] = self.judge.classes.of(hop)
        return self._sorts[key]

    # --- days ----------------------------------------------------------------------------------

    def begun(self, place: Place) -> Iterator[Stretch]:
        """The empty paths from there: of no day; and of a day of each stretch of days in which a later step
        may be the first to say one, since the steps before it are then taken on its day."""
        yield Stretch(place, NOTHING, NOTHING, None, ())
        for day in self._floating():
            yield Stretch(place, NOTHING, NOTHING, day, (), floats=True)

    def _floating(self) -> Iterable[int]:
        if not self.judge.open.dated:
            return ()
        found: dict[int | None, int] = {}
        network, segment = self.judge.network, self.judge.classes.segment
        windows = {*(each.window for each in network.channels), *(each.window for each in network.builds)}
        for window in sorted(windows - {(None, None)}, key=repr):
            for day in self._days(window, None):
                found.setdefault(segment(day), day)
        return [day for part, day in found.items() if part != self._today()]

    def _today(self) -> int | None:
        as_of = self.judge.network.head.get("as_of")
        day = parse_date(as_of.text) if isinstance(as_of, Text) else None
        if self.judge.bench.options.as_of is not None:
            day = self.judge.bench.options.as_of
        single = day is not None and day.low is not None and day.low == day.high
        return self.judge.classes.segment(int(day.low)) if single and day and day.low else None

    def dated(self, stretch: Stretch, move: Hop) -> Iterator[tuple[Stretch, Hop]]:
        """The step on each of the days that make a difference, not before that of the step before it: the
        first on which it may be taken, and the first of each later stretch in which rules say the same."""
        window = move.by.window
        if window == (None, None):
            yield stretch, (move if stretch.day is None else replace(move, day=stretch.day))
            return
        if not stretch.hops or not (stretch.floats or stretch.day is None):
            if stretch.floats:
                return  # whatever says a day first says it of itself
            days = self._days(window, stretch.day)
            if not days:
                self.stopped["by a date: it may no longer be used when the item is there"] += 1
            yield from ((stretch, replace(move, day=day)) for day in days)
            return
        segment = self.judge.classes.segment
        part = segment(stretch.day) if stretch.floats else self._today()
        for day in self._days(window, None):
            if part is not None and segment(day) == part:
                hops = tuple(replace(hop, day=day) for hop in stretch.hops)
                yield replace(stretch, day=day, hops=hops, floats=False), replace(move, day=day)

    def _days(self, window: Window, since: int | None) -> list[int]:
        first, last = window
        begin = max(1 if first is None else first, 1 if since is None else since)
        end = _FOREVER if last is None else last
        cuts = self.judge.classes.cuts
        later = (cut for cut in cuts[bisect_right(cuts, begin) :] if cut <= end)
        return [begin, *later] if begin <= end else []

    # --- taken ---------------------------------------------------------------------------------

    def taken(self, stretch: Stretch, hop: Hop) -> tuple[Found | None, Stretch | None]:
        """With one more step: the leak, if it is one, and the path that goes on, if it does."""
        sort, hops = self.sort(hop), (*stretch.hops, hop)
        again = _AGAIN if _visits(hops) else NOTHING
        past = stretch.past | again
        if self.judge.keeps(hops, past, sort):
            why = "a clause: a paper in force keeps the holder from it"
            self.stopped[f"by {why if stretch.hops else 'a paper: it is forbidden by itself'}"] += 1
            return None, None
        if self._seen_alone(hop, sort):
            self.stopped["by a line: the step crosses by itself"] += 1
            return None, None
        found = None
        if stretch.hops and self.may_end(hop):
            alone = self.judge.last((hop,), NOTHING, sort, self.line)
            here = self.judge.last(hops, past, sort, self.line)
            if here.crosses or here.perhaps - alone.perhaps:
                without = stretch.without | (_AGAIN if _visits(hops[1:]) else NOTHING)
                before = self.judge.last(hops[1:], without, sort, self.line)
                if before.crosses:
                    return None, None  # the path without its first step leaks by itself
                rest = here.perhaps - alone.perhaps - before.perhaps
                if told := here.crosses or rest:
                    kind = self.judge.class_of(hop, past, sort, told)
                    found = Found(hops, here.crosses, rest, kind)
                if here.crosses:
                    return (None if stretch.floats else found), None
        return (None if stretch.floats else found), self._further(stretch, hops, past, sort)

    def _seen_alone(self, hop: Hop, sort: Sort) -> bool:
        """Whether a step crosses a line by itself."""
        if sort not in self._alone:
            alone = self.judge.last((hop,), NOTHING, sort)
            refuse(alone)
            self._alone[sort] = bool(alone.crosses)
        return self._alone[sort]

    def _further(self, stretch: Stretch, hops: tuple[Hop, ...], past: Marks, sort: Sort) -> Stretch | None:
        """The path that goes on; None where rules cannot tell that its first step was taken, or it has been
        there."""
        marks = self.judge.marks(hops, past, sort)
        if self.line is not None:
            marks = self.judge.seen_by(self.line, marks)
        place = after(hops[-1])
        joined = self.judge.marking.joined
        without = joined(stretch.without, marks | (past & _AGAIN)) if stretch.hops else NOTHING
        past = joined(past, marks)
        here = (place, past - _AGAIN)
        if past == without or here in stretch.been:
            return None
        return Stretch(place, past, without, hops[-1].day, hops, stretch.floats, stretch.been | {here})

    def straightened(self, found: Found) -> Found | None:
        """The leak without what the path without its circles would tell too; None: it adds nothing."""
        straight = self._straight(found.hops)
        if straight is None:
            return found
        rest = found.perhaps - straight.perhaps
        if straight.crosses or not (found.crosses or rest):
            return None
        return replace(found, perhaps=rest)

    def _straight(self, hops: tuple[Hop, ...]) -> Judgement | None:
        """What is found of the path without its circles; None: it has none."""
        kept: list[Hop] = []
        for hop in hops:
            at = next((n for n, each in enumerate(kept) if before(each) == before(hop)), None)
            kept = [*(kept if at is None else kept[:at]), hop]
        if len(kept) == len(hops):
            return None
        past = NOTHING
        for number in range(1, len(kept)):
            marks = self.judge.marks(kept[:number], past, self.sort(kept[number - 1]))
            past = self.judge.marking.joined(past, marks)
        return self.judge.last(kept, past, self.sort(kept[-1]))


def before(hop: Hop) -> Place:
    """Who holds what before a step."""
    return (hop.by.sender if isinstance(hop.by, Channel) else hop.by.holder), hop.item


def after(hop: Hop) -> Place:
    """Who holds what after it."""
    return (hop.by.recipient if isinstance(hop.by, Channel) else hop.by.holder), hop.gives


def _visits(hops: tuple[Hop, ...]) -> bool:
    """Whether the sender of the last step sent the same item before."""
    last = hops[-1]
    if isinstance(last.by, Build) or len(hops) < 2:
        return False
    here = before(last)
    return any(isinstance(hop.by, Channel) and before(hop) == here for hop in hops[:-1])
