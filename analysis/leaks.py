"""Leaks: what passes along a network, step by step clear, to where the whole crosses; and what closes it.

Every class of paths that is told was written out as a scenario, read again and judged: each step alone, and
the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import networkx as nx

from redline.analysis.leak_closing import ROUNDS, closing_of
from redline.analysis.leak_judging import Judge, binds
from redline.analysis.leak_map import LABELS, graph_of
from redline.analysis.leak_search import Search, search
from redline.analysis.leak_steps import Found
from redline.analysis.network_chain import Hop, said_days, scenario_of, transfers_of
from redline.engine.characters import quote
from redline.engine.read import read_text
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge
from redline.engine.show import did_you_mean
from redline.engine.write import to_yaml
from redline.rules.frozen import dataclass
from redline.rules.network import Build, Channel, Leak, Leaks, Network, Ruled
from redline.rules.problems import NOWHERE, Problem, Refused
from redline.rules.verdicts import Verdict

MOST = 10
"""How many paths are told of an item and a holder."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a path is found to be, written out and judged again."""

    crosses: frozenset[str]
    perhaps: frozenset[str]
    alone: frozenset[str]
    """Rules that a step crosses by itself."""


def leaks(
    bench: Bench,
    network: Network,
    *,
    items: Sequence[str] = (),
    holders: Sequence[str] = (),
    most: int = MOST,
    close: bool = True,
    labels: int = LABELS,
    rounds: int = ROUNDS,
) -> Leaks:
    """The shortest leaks by item and holder (those named; else all), and what closes them.  Raises Refused
    where something that is named is not there, or a transfer of the network contradicts itself."""
    _known(items, network.items, "item")
    _known(holders, network.parties, "party")
    judging = Judge(bench, network)
    asked: dict[str, Any] = {"items": frozenset(items), "holders": frozenset(holders), "labels": labels}
    found = search(judging, most, **asked)
    checked: dict[Any, _Checked] = {}
    again = [_told(judging, each, checked) for each in _ordered(found)]
    told = [leak for leak in again if leak is not None]
    certain = [each for each in found.all() if _is_certain(judging, each, checked)]
    closing = closing_of(found, certain, rounds) if close and certain else None
    graph = nx.DiGraph((channel.sender, channel.recipient) for channel in network.channels)
    cycles = sum(1 for part in nx.strongly_connected_components(graph) if len(part) > 1)
    return Leaks(
        network,
        tuple(told),
        tuple(sorted(found.more)),
        dict(sorted(found.stopped.items())),
        closing,
        judging.made,
        len(checked),
        cycles,
        found.whole and not judging.failed and len(told) == len(again),
    )


def _known(named: Sequence[str], there: Any, what: str) -> None:
    wrong = [each for each in named if each not in there]
    if wrong:
        raise Refused(
            Problem("no-such-id", f"there is no {what} {quote(each)}", NOWHERE, did_you_mean(each, there))
            for each in wrong
        )


def _ordered(found: Search) -> Iterator[Found]:
    """Those that leak for certain before those that may."""
    yield from found.all()
    for ends, paths in found.perhaps.items():
        if ends not in found.leaks:
            yield from paths


def _is_certain(judging: Judge, found: Found, checked: dict[Any, _Checked]) -> bool:
    return bool(found.crosses) and bool(_check(judging, found, checked).crosses)


def _told(judging: Judge, found: Found, checked: dict[Any, _Checked]) -> Leak | None:
    """The leak in words; None where it is none when it is judged again, whole."""
    here = _check(judging, found, checked)
    rules = here.crosses or here.perhaps
    if here.alone or not rules:
        return None
    item, holder = found.ends
    return Leak(
        item,
        holder,
        tuple(hop.by.id for hop in found.hops),
        found.hops[-1].gives,
        said_days(found.hops),
        bool(here.crosses),
        tuple(_ruled(judging, each) for each in sorted(rules)),
        control_lost(judging, found.hops),
    )


def scenario_name(hops: Sequence[Hop]) -> str:
    """The id of the scenario of a path."""
    return "leak-" + "-".join(hop.by.id for hop in hops)


def scenarios(found: Leaks) -> Iterator[str]:
    """The whole of each path that is told, as YAML."""
    network = found.network
    steps: dict[str, Channel | Build] = {each.id: each for each in network.channels}
    steps |= {each.id: each for each in network.builds}
    for leak in found.leaks:
        hops: list[Hop] = []
        for step, day in zip(leak.steps, leak.days, strict=True):
            item = hops[-1].gives if hops else leak.item
            hops.append(Hop(steps[step], item, date.fromisoformat(day).toordinal() if day else None))
        title = f"{leak.item} to {leak.holder}, {len(hops)} steps, along {network.id}"
        yield to_yaml(scenario_of(network, hops, scenario_name(hops), title))


def _ruled(judging: Judge, rule: str) -> Ruled:
    found = judging.rules[rule]
    return Ruled(rule, found.says, found.layer, found.strength, found.stated_by)


# --- judged again ------------------------------------------------------------------------------


def _check(judging: Judge, found: Found, checked: dict[Any, _Checked]) -> _Checked:
    """The path written out, read and judged, each step alone and the whole; once a class of paths."""
    if found.sort not in checked:
        checked[found.sort] = check(judging, found)
    return checked[found.sort]


def check(judging: Judge, found: Found) -> _Checked:
    """The path written out, read and judged: each step alone, and the whole."""
    crossing, perhaps = _rules(judging, found.hops)
    alone: set[str] = set()
    maybe: set[str] = set()
    for hop in found.hops:
        own, possible = _rules(judging, (hop,))
        alone |= own
        maybe |= possible
    return _Checked(crossing, (perhaps & found.perhaps) - maybe, frozenset(alone))


def _rules(judging: Judge, hops: Sequence[Hop]) -> tuple[frozenset[str], frozenset[str]]:
    """The binding rules that a stretch crosses, and those that it may."""
    if not any(place is not None for place in transfers_of(hops)):
        return frozenset(), frozenset()
    run = rejudged(judging, hops)
    if run.conclusion is None:
        raise Refused(run.problems)
    found = [each for each in run.conclusion.findings if judging.wanted(each.rule)]
    return (
        frozenset(name(each.rule) for each in found if each.verdict is Verdict.CROSSES),
        frozenset(name(each.rule) for each in found if each.verdict is Verdict.UNDETERMINED),
    )


def rejudged(judging: Judge, hops: Sequence[Hop]) -> Run:
    """The scenario of a stretch, written as YAML, read and judged by every rule."""
    text = to_yaml(scenario_of(judging.network, hops, scenario_name(hops)))
    documents, problems = read_text(text.encode(), scenario_name(hops))
    if problems:
        raise Refused(problems)
    return judge(judging.bench, documents[0], explained=lambda _: False)


def control_lost(judging: Judge, hops: Sequence[Hop]) -> int:
    """The first step after which no paper in force binds the holder as to the next transfer; the last but
    one at most, counted from 1."""
    places = transfers_of(hops)
    if not judging.network.papers:  # nothing binds anyone
        return next((n for n, place in enumerate(places[:-1], 1) if place is not None), max(len(hops) - 1, 1))
    derived, _, _ = judging.records.derived(scenario_of(judging.network, hops, "path"))
    if derived is None:
        return 1
    rows = {each.transfer: each.row for each in derived.subjects if each.kind == "step"}
    for number in range(1, len(hops)):
        place = places[number]
        if place is not None and place in rows and not binds(rows[place]):
            return number
    return max(len(hops) - 1, 1)


def graph(network: Network) -> Any:
    """The network as a graph: who may come to hold what."""
    hops = [Hop(each, item) for each in network.channels for item in each.items]
    return graph_of([*hops, *(Hop(each, each.takes) for each in network.builds)])
