"""The outline of a scenario: a chain of steps with everything in it left open that rules may ask about.

An outline is derived like any scenario.  Its stated facts are what a witness can choose; of its optional
elements (a part, a station on the way, a paper, an owner, a value of a list) it can choose whether they
are there.  So what holds between derived facts holds in the outline as it does in every scenario.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from redline.engine.plain import document_of
from redline.engine.plan import Entry, PSilent, listed, nodes
from redline.engine.records import Asked, element_fact
from redline.engine.scenarios import scenario_from
from redline.engine.typed import Lexicon
from redline.rules.condition import Covered, Owned
from redline.rules.facts import Entity, Fact, Listing, Scenario
from redline.rules.frozen import dataclass, replace
from redline.rules.problems import errors
from redline.rules.vocabulary import STATED

Data = dict[str, object]
_FILLED = ("party", "item", "transfer", "agreement")
MOST = 2
"""How many elements of one list an outline holds at most."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A scenario as data, and as read; `optional` are the paths of what may be left out."""

    data: Data
    scenario: Scenario
    optional: frozenset[str]


def wants(entries: Iterable[Entry], asked: Asked) -> Mapping[str, int]:
    """Of each list, how many elements a rule may want at once, up to `MOST`."""
    found = counts(entries)
    for query in asked.covered:
        found["papers"] = max(found["papers"], 1)
        found["issued"] += isinstance(query, Covered)
    if asked.owned or asked.shares:
        found["owners"] = max(found["owners"], int(any(isinstance(q, Owned) for q in asked.owned)))
        found["content"] = max(found["content"], 1 if asked.shares else 0)
    return {name: min(count, MOST) for name, count in found.items() if count}


def counts(entries: Iterable[Entry]) -> Counter[str]:
    """Of each list, how many elements a rule asks after by `some`: the most of any rule."""
    found: Counter[str] = Counter()
    for entry in entries:
        found |= Counter(name for formula in entry.formulas for name in listed(formula))
    return found


def silences(entries: Iterable[Entry]) -> frozenset[str]:
    """The fields of which a rule asks whether anything is said."""
    asked = (node for entry in entries for formula in entry.formulas for node in nodes(formula))
    return frozenset(node.key for node in asked if isinstance(node, PSilent))


def outline(
    wanted: Mapping[str, int], lexicon: Lexicon, *, plot: Sequence[str], said: frozenset[str] = frozenset()
) -> Outline:
    """The outline of a chain of steps, with as many elements in lists as wanted, and with something said of
    the fields named.  The `plot` tells what each step is of: `product`, `part-1`, `tool-1`, or
    `part-1 into product`."""
    sketch = _Sketch(wanted)
    data = sketch.drawn(plot)
    scenario, problems = scenario_from(document_of(data), lexicon)
    if scenario is None or errors(problems):
        raise AssertionError(f"an outline cannot be read: {problems}")
    optional = frozenset(sketch.optional)
    slots = {name: n for shape in STATED.values() for name in shape.many if (n := wanted.get(name, 0))}
    opened = _Opened(optional, slots, said)
    return Outline(data, opened.scenario(scenario), optional | frozenset(opened.values))


def paths_in(scenario: Scenario) -> Iterator[str]:
    """The path of every fact of a scenario."""
    yield from (fact.path for fact in scenario.complete.values())
    for things in (scenario.parties, scenario.items, scenario.agreements, scenario.papers):
        for entity in things.values():
            yield from _paths(entity)
    for transfer in scenario.transfers:
        yield from _paths(transfer)


def _paths(entity: Entity) -> Iterator[str]:
    yield entity.path
    yield from (fact.path for fact in entity.facts.values())
    yield from (reference.fact.path for reference in entity.references.values())
    for listing in entity.lists.values():
        yield listing.closure.path
        for each in listing.elements:
            if isinstance(each, Entity):
                yield from _paths(each)
            elif (fact := element_fact(each)) is not None:
                yield fact.path


class _Sketch:
    """Draws the outline as data, noting what of it is optional."""

    def __init__(self, wanted: Mapping[str, int]) -> None:
        self.wanted = wanted
        self.parties: dict[str, Data] = {}
        self.items: dict[str, Data] = {}
        self.papers: dict[str, Data] = {}
        self.agreements: dict[str, Data] = {}
        self.optional: list[str] = []
        self.moves = 0

    def count(self, *names: str) -> int:
        return max((self.wanted.get(name, 0) for name in names), default=0)

    def drawn(self, plot: Sequence[str]) -> Data:
        self._items(plot)
        for number in range(min(2, self.count("agreements", "co_developers"))):
            self._agreement(f"agreement-{number + 1}")
        self._party("holder-0")
        transfers = [self._step(n, of, last=n == len(plot)) for n, of in enumerate(plot, 1)]
        return {
            "scenario": "outline",
            "parties": self.parties,
            "items": self.items,
            "papers": self.papers or "none",
            "agreements": self.agreements or "none",
            "transfers": transfers,
        }

    def _party(self, name: str) -> str:
        self.parties[name] = party = Data()
        owners = []
        for number in range(self.count("owners")):
            owner = f"{name}-owner-{number + 1}"
            self.parties[owner] = {"owners": "none"}
            owners.append({"party": owner})
            self.optional.append(f"parties.{name}.owners.{number + 1}")
        if not self.count("nationalities"):
            party["nationalities"] = "none"
        party["owners"] = {"known": owners, "more": "none"} if owners else "none"
        return name

    def _items(self, plot: Sequence[str]) -> None:
        moved = {of.split()[0] for of in plot}
        inside = {}
        for key, name in (("contains", "part"), ("made_with", "tool")):
            made = []
            for number in range(max(f"{name}-1" in moved, min(2, self.count("content")))):
                self.items[f"{name}-{number + 1}"] = {"contains": "none", "made_with": "none"}
                made.append({"item": f"{name}-{number + 1}"})
                if f"{name}-{number + 1}" not in moved:
                    self.optional.append(f"items.product.{key}.{number + 1}")
            inside[key] = made or "none"
        self.items["product"] = dict(inside)

    def _agreement(self, name: str) -> None:
        partners = [
            self._party(f"{name}-partner-{number + 1}")
            for number in range(3 if self.count("partners") else 2)
        ]
        self.optional += [f"agreements.{name}.partners.{number + 1}" for number in range(2, len(partners))]
        self.agreements[name] = {"partners": partners, "items": ["product"]}
        self.optional.append(f"agreements.{name}")

    def _step(self, number: int, of: str, *, last: bool) -> Data:
        there = f"transfers.{number}"
        item, *into = of.split(" into ")
        sender = f"holder-{self.moves}"
        step: Data = {"id": str(number), "items": [item]}
        if into:  # whoever holds it builds it in
            step |= {"activity": "incorporation", "into": into[0], "by": sender}
        else:
            self.moves += 1
            step |= {"from": sender, "to": self._party(f"holder-{self.moves}")}
        if last:
            step.setdefault("by", self._party("actor"))
            step["end_user"] = self._party("user")
            for key, wanted in (("via", ("via", "reach", "parties")), ("knew", ("knew",))):
                passing: list[Data] = []
                for n in range(min(2, self.count(*wanted))):
                    party = {"party": self._party(f"station-{n + 1}")} if key == "via" else {"how": "unknown"}
                    passing.append(dict(party))
                    self.optional.append(f"{there}.{key}.{n + 1}")
                if passing:
                    step[key] = {"known": passing, "more": "none"}
            papers = []
            for n in range(self.count("papers", "undertakings", "issued")):
                name = f"paper-{n + 1}"
                self.papers[name] = {"issuer": self._party(f"issuer-{n + 1}")}
                papers.append(name)
                self.optional.append(f"{there}.papers.{n + 1}")
            step["papers"] = {"known": papers, "more": "none"} if papers else "none"
        else:
            step["papers"] = "none"
        return step


class _Opened:
    """Leaves in doubt whether what is optional is there, and gives lists of values places for values."""

    def __init__(self, optional: frozenset[str], slots: Mapping[str, int], said: frozenset[str]) -> None:
        self.optional, self.slots, self.said = optional, slots, said
        self.values: list[str] = []

    def scenario(self, scenario: Scenario) -> Scenario:
        complete = {
            name: scenario.complete.get(name, Fact(name, None))
            for name in ("parties", "items", "agreements", "papers", "transfers")
        }
        return replace(
            scenario,
            parties=self._things(scenario.parties),
            items=self._things(scenario.items),
            agreements=self._things(scenario.agreements),
            papers=self._things(scenario.papers),
            transfers=tuple(self._thing(each) for each in scenario.transfers),
            complete=complete,
        )

    def _things(self, things: Mapping[str, Entity]) -> dict[str, Entity]:
        return {name: self._thing(entity) for name, entity in things.items()}

    def _thing(self, entity: Entity) -> Entity:
        lists = {name: self._listing(listing) for name, listing in entity.lists.items()}
        for name, many in STATED[entity.shape].many.items():
            if many.type.sort in ("tree", "amount", "name") and name not in lists and entity.shape in _FILLED:
                lists[name] = self._places(f"{entity.path}.{name}", self.slots.get(name, 0))
        facts = {
            name: Fact(f"{entity.path}.{name}", None)
            for name in STATED[entity.shape].fields
            if name in self.said and name not in entity.facts
        }
        return replace(
            entity, facts={**entity.facts, **facts}, lists=lists, doubtful=entity.path in self.optional
        )

    def _places(self, path: str, count: int) -> Listing:
        places = tuple(Fact(f"{path}.{n + 1}", None) for n in range(count))
        self.values += [place.path for place in places]
        return Listing(places, True, Fact(path, None), doubtful=frozenset(range(count)))

    def _listing(self, listing: Listing) -> Listing:
        elements = tuple(
            replace(self._thing(each), doubtful=False) if isinstance(each, Entity) else each
            for each in listing.elements
        )
        doubtful = frozenset(
            n
            for n, each in enumerate(elements)
            if (fact := element_fact(each)) is not None and fact.path in self.optional
        )
        return replace(listing, elements=elements, closed=True, doubtful=doubtful)
