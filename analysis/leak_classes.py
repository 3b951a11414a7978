"""Classes of parties, steps and days of a network: what no loaded rule can tell apart is judged once.

Of a country it counts how it lies to the sets that policies compare with, and to the countries that the
network names besides (as in sweeps).  Owners count by what they are, not by who they are; a party that a
paper, an agreement or a channel names is a class of its own, and so are two parties of which one owns, or
is owned by whoever owns, the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from redline.analysis.network_chain import Hop, mentioned, texts
from redline.analysis.sweep_classes import class_of, kin
from redline.analysis.sweep_values import rules_of, tested
from redline.engine.queries import all_within
from redline.engine.run import Bench
from redline.rules.condition import Condition, Days, Is
from redline.rules.countries import COUNTRY, country_code
from redline.rules.frozen import dataclass, field
from redline.rules.network import Build, Channel, Network
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Rule
from redline.rules.quantities import DATE, base_unit, parse_date
from redline.rules.values import Amounts, Terms

Sort = tuple[Any, ...]
"""The class of a step."""
_LONGEST = 6
"""No code of a country is longer."""


@dataclass
class Classes:
    """The classes of a network, each worked out when it is first asked for."""

    bench: Bench
    network: Network
    cuts: list[int] = field(default_factory=list)
    """The first days of stretches in which no rule, paper or owner changes with the day."""
    _numbers: dict[Hashable, int] = field(default_factory=dict)
    _of_party: dict[str, int] = field(default_factory=dict)
    _of_facts: dict[int, int] = field(default_factory=dict)
    _of_country: dict[str, Hashable] = field(default_factory=dict)
    _kin: dict[str, frozenset[str]] = field(default_factory=dict)
    _owning: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules = list(rules_of(self.bench.policies))
        inner = [each for rule in rules for c in conditions_of(rule) for each in all_within(c)]
        self.named = mentioned(self.network, owners=False)
        named = {Terms(COUNTRY, frozenset({code})) for code in self._named_countries()}
        asked = {terms for rule in rules for terms in tested(rule, COUNTRY.name)}
        self._sets = sorted(asked | named, key=repr)
        self._by_name = any(isinstance(each, Is) and each.key == "name" for each in inner)
        self.each_day = any(isinstance(each, Is) and isinstance(each.key, Days) for each in inner)
        self.cuts = sorted(set(self._turns(rules, inner)))

    # --- steps ---------------------------------------------------------------------------------

    def of(self, hop: Hop) -> Sort:
        """The class of a step by itself."""
        day = self.segment(hop.day)
        match hop.by:
            case Build(holder=holder, takes=takes, gives=gives, facts=facts, made_with=made_with):
                return "build", self.party(holder), takes, gives, self.facts(facts), made_with, day
            case Channel(sender=sender, recipient=recipient, facts=facts, papers=papers):
                ends = self.party(sender), self.party(recipient), self._related(sender, recipient)
                return (*ends, hop.item, self.facts(facts), papers, day)

    def facts(self, node: Map) -> int:
        """The class of what is stated of a step besides who and what: what is said is the same."""
        if id(node) not in self._of_facts:
            self._of_facts[id(node)] = self.number(("facts", node))
        return self._of_facts[id(node)]

    def segment(self, day: int | None) -> int | None:
        """The stretch of days in which a day lies."""
        return day if day is None or self.each_day else bisect_right(self.cuts, day)

    def number(self, sort: Hashable) -> int:
        """A class by its number."""
        return self._numbers.setdefault(sort, len(self._numbers))

    # --- parties -------------------------------------------------------------------------------

    def party(self, key: str) -> int:
        """The class of a party."""
        if key not in self._of_party:
            seen: dict[str, int] = {}
            self._of_party[key] = self.number(("party", *self._told(key, seen)))
        return self._of_party[key]

    def _told(self, key: str, seen: dict[str, int]) -> Iterator[Hashable]:
        """What rules can tell of a party and of those who own it; whoever comes again is counted."""
        todo = [key]
        while todo:
            each = todo.pop(0)
            if each in seen:
                continue
            seen[each] = len(seen)
            node = self.network.parties[each]
            yield each if each in self.named or not isinstance(node, Map) else None
            for k, v in node.entries if isinstance(node, Map) else ():
                match k.text:
                    case "name" if not self._by_name:
                        pass
                    case "country":
                        yield self._country(v)
                    case "owners":
                        owners = [t for t in texts(v) if t in self.network.parties]
                        todo += owners
                        for owner in owners:
                            seen.setdefault(f"of {owner}", len(seen))
                        yield "owners", self._referred(v, seen)
                    case other:
                        yield other, v

    def _referred(self, node: Node, seen: Mapping[str, int]) -> Hashable:
        """What is said of owners, with whoever is a party by its number."""
        match node:
            case Text(text):
                return seen.get(f"of {text}"), None if f"of {text}" in seen and not _country(text) else text
            case Seq(items):
                return tuple(self._referred(each, seen) for each in items)
            case Map(entries):
                return tuple((k.text, self._referred(v, seen)) for k, v in entries)

    def _country(self, node: Node) -> Hashable:
        code = _country(node.text) if isinstance(node, Text) else None
        if code is None:
            return node
        if code not in self._of_country:
            self._of_country[code] = class_of(code, COUNTRY, self._sets)
        return self._of_country[code]

    def _related(self, one: str, other: str) -> Hashable:
        """What two parties have to do with each other: they are in one country, or in such as the engine
        may take for one another; or one owns the other, or someone both."""
        if self._owners(one) & self._owners(other):
            return one, other
        codes = [self._code(key) for key in (one, other)]
        if codes[0] == codes[1]:
            return "same"
        return tuple(codes) if self._near(codes[0]) & self._near(codes[1]) else ""

    def _code(self, key: str) -> str:
        node = self.network.parties[key]
        country = node.get("country") if isinstance(node, Map) else None
        text = country.text.strip() if isinstance(country, Text) else ""
        return _country(text) or text

    def _near(self, code: str) -> frozenset[str]:
        if code not in self._kin:
            known = {code, *(term for term, _ in kin(code, COUNTRY))} if _country(code) else {code}
            self._kin[code] = frozenset(line for term in known for line in (term, term.partition("-")[0]))
        return self._kin[code]

    def _owners(self, key: str) -> frozenset[str]:
        """The party and all who own it, however far."""
        if key not in self._owning:
            found, todo = set[str](), [key]
            while todo:
                each = todo.pop()
                if each not in found:
                    found.add(each)
                    node = self.network.parties[each]
                    owners = node.get("owners") if isinstance(node, Map) else None
                    todo += [t for t in texts(owners) if t in self.network.parties]
            self._owning[key] = frozenset(found)
        return self._owning[key]

    # --- what the network names ----------------------------------------------------------------

    def _named_countries(self) -> Iterator[str]:
        for node in self._stated():
            for text in texts(node):
                if (code := _country(text)) is not None:
                    yield code
        for node in self.network.parties.values():
            for key, value in node.entries if isinstance(node, Map) else ():
                if key.text not in ("name", "country"):
                    yield from (code for text in texts(value) if (code := _country(text)) is not None)

    def _stated(self) -> Iterator[Node]:
        yield from self.network.papers.values()
        yield from self.network.items.values()
        yield from {id(c.facts): c.facts for c in self.network.channels}.values()
        yield from [] if self.network.agreements is None else [self.network.agreements]

    def _turns(self, rules: Iterable[Rule], inner: Iterable[Condition]) -> Iterator[int]:
        amounts = [validity.days for rule in rules for validity in rule.validity]
        for each in inner:
            if isinstance(each, Is):
                amounts += [a for a in (each.test.accepts, each.test.perhaps) if isinstance(a, Amounts)]
        parties = (node for node in self.network.parties.values() if isinstance(node, Map))
        kept = (v for node in parties for k, v in node.entries if k.text not in ("name", "country", "kind"))
        for written in (*self._stated(), *kept, self.network.head):
            amounts += [day for text in texts(written) if (day := parse_date(text)) is not None]
        for value in amounts:
            if value.unit == base_unit(DATE):
                for stretch in value.stretches:
                    if stretch.low is not None:
                        yield from (int(stretch.low), int(stretch.low) + 1)
                    if stretch.high is not None:
                        yield from (int(stretch.high), int(stretch.high) + 1)


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """The conditions of a rule."""
    yield from (c for c in (rule.scope, rule.when, rule.unless, rule.requires) if c is not None)


def _country(text: str) -> str | None:
    return country_code(text) if len(text) <= _LONGEST else None
