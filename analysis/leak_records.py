"""The records of steps of a network: derived from the scenario of a path, each part of them once a class."""

from __future__ import annotations

from collections.abc import Sequence

from redline.analysis.leak_classes import Classes
from redline.analysis.network_chain import Hop, scenario_of, transfers_of
from redline.engine.assume import assume
from redline.engine.check_scenario import check_scenario
from redline.engine.derive import Derived, derive, without_alleged
from redline.engine.read import Document
from redline.engine.run import Bench
from redline.engine.scenarios import judged_as_of, scenario_from
from redline.engine.steps import MOVES
from redline.rules.frozen import dataclass, field, replace
from redline.rules.network import Build, Channel, Network
from redline.rules.node import Map
from redline.rules.problems import Problem, errors
from redline.rules.record import Row
from redline.rules.terms import ACTIVITY

_SIMPLE = frozenset({"activity", "end_use", "place_of_use", "status", "flags"})
"""What a channel may state and still hand the item from its sender to its recipient, and to nobody else."""

Derivation = tuple[Derived | None, Derived | None, tuple[Problem, ...]]
"""A scenario derived, as stated and as supported; or what is wrong with it."""


@dataclass
class Records:
    """What was derived of a network so far."""

    bench: Bench
    network: Network
    classes: Classes
    apart: bool = False
    """Whether what rules ask of a step behind another hangs on its sender, its recipient and its item each
    by itself."""
    derivations: int = 0
    failed: int = 0
    """Scenarios that could not be judged."""
    _parts: dict[tuple[object, ...], Row] = field(default_factory=dict)

    def derived(self, root: Map) -> Derivation:
        """A scenario derived."""
        self.derivations += 1
        document = Document(root, "path of the network", 0, ())
        scenario, problems = scenario_from(document, self.bench.library.lexicon)
        if scenario is None:
            return None, None, tuple(problems)
        if self.bench.options.as_of is not None:
            scenario = judged_as_of(scenario, self.bench.options.as_of)
        scenario = assume(scenario)
        problems.extend(check_scenario(scenario))
        if errors(problems):
            return None, None, tuple(problems)
        derived = derive(scenario, self.bench.asked)
        backed = without_alleged(scenario)
        return derived, derived if backed == scenario else derive(backed, self.bench.asked), ()

    def last(self, hops: Sequence[Hop]) -> Row | None:
        """The record of the last hop of a path; None: it is no transfer, or cannot be told."""
        place = transfers_of(hops)[-1]
        if place is None:
            return None
        derived, _, _ = self.derived(scenario_of(self.network, hops, "path"))
        if derived is None:
            self.failed += 1
            return None
        return next(s.row for s in derived.subjects if s.kind == "step" and s.transfer == place)

    def behind(self, hops: Sequence[Hop], built: frozenset[object]) -> Row | None:
        """The record of the last hop of a path as far as it is looked at behind another step; `built` tells
        what was built in before.  Who sends, who receives and what moves are each derived once."""
        hop = hops[-1]
        whole = hops if built else (hop,)
        if not self.apart or not isinstance(hop.by, Channel) or not self.simple(hop):
            return self.last(whole)
        sort = self.classes.of(hop)
        sender, recipient, _, item, facts, papers, day = sort
        keys = (
            ("sends", sender, day),
            ("receives", recipient, day),
            ("moves", item, facts, papers, day, built),
        )
        if any(key not in self._parts for key in keys):
            row = self.last(whole)
            if row is None:
                return None
            for key, part in zip(keys, (row.parts["from"], row.parts["to"], row), strict=True):
                self._parts.setdefault(key, part)
            return row
        sends, receives, moves = (self._parts[key] for key in keys)
        return replace(moves, parts={**moves.parts, "from": sends, "to": receives})

    def simple(self, hop: Hop) -> bool:
        """Whether a channel certainly hands its item from its sender to its recipient, and to nobody else."""
        if isinstance(hop.by, Build) or any(key.text not in _SIMPLE for key, _ in hop.by.facts):
            return False
        activity = hop.by.facts.get("activity")
        said = getattr(activity, "text", "").strip().replace("_", "-")
        return said in ACTIVITY.parents and any(ACTIVITY.under(said, each) for each in MOVES)
