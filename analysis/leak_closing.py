"""What closes leaks: the cheapest channels to close, and promises to ask for, that leave none.

Every leak has to be hit by a measure.  The cheapest measures that hit all leaks found so far are looked
for; what leaks without them is read from the maps of the search, and added, until nothing does.  What hits
all that were found costs at most what closes the network, so that where nothing is left the set is the
cheapest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from pysat.examples.rc2 import RC2Stratified
from pysat.formula import WCNF

from redline.analysis.leak_judging import Judge, keeps
from redline.analysis.leak_search import Search, paths_to
from redline.analysis.leak_steps import Found
from redline.analysis.network_chain import FORMS, Clause, Hop, scenario_of, transfers_of
from redline.engine.cells import truth_of
from redline.engine.reference import IS_YES
from redline.rules.frozen import dataclass, field
from redline.rules.network import Channel, Closing, Measure
from redline.rules.truth import FALSE
from redline.rules.values import fits

ROUNDS = 60
"""How often leaks are looked for again; past it the set closes all, and may not be the cheapest."""
EACH = 3
"""How many leaks for an item and a holder are added in a round."""


@dataclass
class _Closing:
    """Measures, the leaks that each would stop, and what is known of how promises bind."""

    search: Search
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    measures: list[Measure] = field(default_factory=list)
    leaks: list[tuple[int, ...]] = field(default_factory=list)
    seen: set[tuple[int, ...]] = field(default_factory=set)
    binding: dict[Any, int | None] = field(default_factory=dict)
    """For the classes of two steps, which wording of a promise holds; None: none does."""

    @property
    def judge(self) -> Judge:
        """What judges promises."""
        return self.search.steps.judge

    def number(self, measure: Measure) -> int:
        """The measure's number, from 1."""
        key = (measure.sort, measure.channel)
        if key not in self.numbers:
            self.measures.append(measure)
            self.numbers[key] = len(self.measures)
        return self.numbers[key]


def closing_of(search: Search, leaks: Sequence[Found], rounds: int = ROUNDS) -> Closing:
    """The cheapest set of measures that leaves no leak, found by hitting those that were found."""
    closing = _Closing(search)
    bound, found = 0, list(leaks)
    for number in range(1, rounds + 1):
        stuck = _add(closing, found)
        if stuck is not None:
            return Closing(None, 0, bound, len(closing.leaks), number, tuple(hop.by.id for hop in stuck.hops))
        chosen = _cheapest(closing)
        bound = sum(closing.measures[each - 1].cost for each in chosen)
        found = _left(closing, chosen)
        if not found:
            return _closed(closing, chosen, bound, number)
    return _in_the_end(closing, found, bound, rounds)


def _closed(closing: _Closing, chosen: Sequence[int], bound: int, rounds: int) -> Closing:
    measures = tuple(closing.measures[each - 1] for each in sorted(chosen))
    cost = sum(each.cost for each in measures)
    measures = tuple(sorted(measures, key=lambda each: (each.sort, each.channel)))
    return Closing(measures, cost, bound, len(closing.leaks), rounds, whole=closing.search.whole)


def _in_the_end(closing: _Closing, found: list[Found], bound: int, rounds: int) -> Closing:
    """Where the rounds are over: what is left is stopped by the cheapest measure of each path, until none
    is left."""
    chosen = set(_cheapest(closing))
    while found:
        rounds += 1
        begun = len(closing.leaks)
        stuck = _add(closing, found)
        if stuck is not None or len(closing.leaks) == begun:
            cannot = () if stuck is None else tuple(hop.by.id for hop in stuck.hops)
            return Closing(None, 0, bound, len(closing.leaks), rounds, cannot)
        for leak in closing.leaks[begun:]:
            if not chosen & set(leak):
                chosen.add(min(leak, key=lambda each: (closing.measures[each - 1].cost, each)))
        found = _left(closing, chosen)
    return _closed(closing, sorted(chosen), bound, rounds)


def _add(closing: _Closing, found: Sequence[Found]) -> Found | None:
    """The leaks, each as the measures that would stop it; one that nothing stops is given back."""
    for each in found:
        hitting = tuple(sorted(set(_stopping(closing, each))))
        if not hitting:
            return each
        if hitting not in closing.seen:
            closing.seen.add(hitting)
            closing.leaks.append(hitting)
    return None


def _stopping(closing: _Closing, found: Found) -> list[int]:
    hits = []
    for place, hop in enumerate(found.hops):
        if hop.by.cost is not None:
            hits.append(closing.number(Measure("channel", hop.by.id, hop.by.cost)))
        if not isinstance(hop.by, Channel) or hop.by.clause is None:
            continue
        if promise_holds(closing.judge, found.hops, place, closing.binding) is not None:
            hits.append(closing.number(Measure("clause", hop.by.id, hop.by.clause)))
    return hits


def promise_holds(judge: Judge, hops: Sequence[Hop], place: int, known: dict[Any, int | None]) -> int | None:
    """The wording in which a promise of the recipient of that step certainly keeps it from passing on in this
    path, and is not broken by the transfer under which it is given; None: there is none."""
    onward = next((n for n in range(place + 1, len(hops)) if isinstance(hops[n].by, Channel)), None)
    if onward is None:
        return None
    hops = tuple(hops[place : onward + 1])
    sort = tuple((judge.classes.of(hop), hop.day) for hop in hops)
    if sort not in known:
        known[sort] = None
        for form in range(FORMS):
            derived, _, _ = judge.records.derived(
                scenario_of(judge.network, hops, "path", clause=Clause(0, form))
            )
            judge.made += 1
            if derived is None:
                continue
            rows = {each.transfer: each.row for each in derived.subjects if each.kind == "step"}
            first, last = rows[0], rows[transfers_of(hops)[-1]]
            broken = any(
                truth_of(each.present) is not FALSE
                and fits(each.cells["breached"].value, IS_YES) is not FALSE
                for each in first.lists["undertakings"].rows
                if each.name.startswith("promise on")
            )
            if not broken and keeps(last):
                known[sort] = form
                break
    return known[sort]


def _cheapest(closing: _Closing) -> list[int]:
    """The measures of least cost that hit every leak, by number."""
    problem = WCNF()
    for leak in closing.leaks:
        problem.append(list(leak))
    for number, measure in enumerate(closing.measures, 1):
        problem.append([-number], weight=measure.cost)
    with RC2Stratified(problem) as solver:
        model = solver.compute()
    return [each for each in model or () if each > 0]


def _left(closing: _Closing, chosen: Iterable[int]) -> list[Found]:
    """What still leaks when these measures are taken."""
    taken = [closing.measures[each - 1] for each in chosen]
    closed = frozenset(each.channel for each in taken if each.sort == "channel")
    promised = frozenset(each.channel for each in taken if each.sort == "clause")
    dated = closing.judge.open.dated

    def open_(hops: Sequence[Hop]) -> bool:
        first = hops[0].by.id
        kept = first in promised and promise_holds(closing.judge, hops, 0, closing.binding) is not None
        return first not in closed and not kept

    def leaks(hops: Sequence[Hop]) -> bool:
        return all(open_(hops[number:]) for number in range(len(hops)))

    found: list[Found] = []
    for ends in closing.search.ends():  # on which days steps are taken is known of whole paths alone
        if_closed = (lambda hops: hops[0].by.id not in closed) if dated else open_
        paths = paths_to(closing.search, ends, certain=True, open_=if_closed)
        found += islice((each for each in paths if leaks(each.hops)), EACH)
    return found
