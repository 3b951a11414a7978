"""The ground on which edits are made: the scenario, what rules look at in it, what may not change; and words
for what stands at a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.analysis.costs import cost_of, frozen_places, is_frozen
from redline.analysis.looked import looked_at
from redline.engine.entities import called
from redline.engine.run import Bench, Run
from redline.rules.facts import Entity
from redline.rules.node import Map, Node, Text
from redline.rules.policy import Rule
from redline.rules.whatif import Costs, Edit

PARTS = frozenset({"contains", "made_with"})
_SECTION_SORT = {"parties": "party", "items": "item", "agreements": "agreement", "papers": "paper"}


class Space:
    """What the edits of one scenario, that touch what some rules look at, are made of."""

    def __init__(self, bench: Bench, run: Run, rules: Sequence[int], costs: Costs) -> None:
        assert run.scenario is not None
        self.bench, self.run, self.costs, self.scenario = bench, run, costs, run.scenario
        self.root = run.document.root
        self.lexicon = bench.library.lexicon
        self.frozen = frozen_places(costs, self.scenario)
        permits = {p for i in rules for p in bench.plan.entries[i].permits}
        asked = {i: rule for i, rule in bench.judging.rules() if i in permits or i in rules}
        self.rules: tuple[Rule, ...] = tuple(asked.values())
        self.indices = tuple(rules)
        self.looked = looked_at(bench, run, rules)
        self.cuts: tuple[int, ...] | None = None
        """Days at which something turns, once they were asked for (`edit_values.py`)."""

    def edit(
        self, sort: str, changes: Sequence[tuple[str, Node]], says: str, places: Sequence[str] = ()
    ) -> Iterator[Edit]:
        """The edit, unless it touches what may not change."""
        touched = tuple(places) or tuple(path for path, _ in changes)
        if not any(is_frozen(place, self.frozen) for place in touched):
            yield Edit(sort, tuple(changes), cost_of(self.costs, sort, touched), says, touched)

    def number(self, rest: str) -> int | None:
        """The number of the transfer, from 0, in a path within the transfers."""
        word = rest.partition(".")[0]
        return int(word) - 1 if word.isdigit() and 0 < int(word) <= len(self.scenario.transfers) else None

    def entity(self, path: str) -> Entity | None:
        """The thing at the path."""
        section, _, ident = path.partition(".")
        if section == "transfers":
            number = self.number(ident)
            return None if number is None or "." in ident else self.scenario.transfers[number]
        things = getattr(self.scenario, section, None)
        return things.get(ident) if isinstance(things, dict) else None

    def sort(self, place: str) -> str:
        """The sort of an edit of that place."""
        steps = place.split(".")
        if "owners" in steps:
            return "owner"
        if PARTS & set(steps):
            return "part"
        if steps[0] == "transfers":
            return "route" if "via" in steps else "transfer"
        if "forbids" in steps:
            return "promise"
        return _SECTION_SORT.get(steps[0], "transfer")

    def called(self, place: str) -> str:
        """What the thing at or around the place is called."""
        section, _, rest = place.partition(".")
        if section == "transfers":
            return f"step {rest.split('.')[0]}"
        things = getattr(self.scenario, section, {})
        ident = max((i for i in things if f"{rest}.".startswith(f"{i}.")), key=len, default=rest)
        return self.name(section, ident)

    def name(self, section: str, ident: str) -> str:
        """What a thing is called."""
        things = self.root.get(section) if isinstance(self.root, Map) else None
        node = things.get(ident) if isinstance(things, Map) else None
        return called(ident, node) if node is not None else ident

    def meant(self, element: Node) -> str:
        """What an element of a list means, in words."""
        if isinstance(element, Map):
            inner = [element.get(key) for key in ("item", "party", "value")]
            element = next((each for each in inner if each is not None), element)
        if not isinstance(element, Text):
            return "this"
        for section in ("items", "parties", "papers"):
            if element.text in getattr(self.scenario, section):
                return self.name(section, element.text)
        return element.text
