"""Many pairs of rules shown to speak together, without a scenario for each: flat records, decided at once.

A point at which a permission and a rule meet is said as a flat record, and the index decides all rules on it,
the permissions taken for rules that cross where they hold.  One record shows every pair that speaks on it.
Points are filled in such that as many as can be do.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

from redline.analysis.boxes import Box, bits, meet
from redline.analysis.plausible import plausible
from redline.analysis.verify_ask import Asking
from redline.analysis.witness import DAY, World
from redline.engine import index as flat
from redline.engine.decide import Decider
from redline.engine.kleene import Kleene
from redline.engine.plan import Entry, Plan
from redline.engine.reference import name
from redline.rules.frozen import replace
from redline.rules.policy import Policy, Rule
from redline.rules.problems import Refused
from redline.rules.record import Row
from redline.rules.truth import FALSE
from redline.rules.verdicts import Kind

PARTIES = {"holder-0": "from", "holder-1": "to", "actor": "by", "user": "end_user"}
"""The parties of a bare outline, and what a flat record calls them."""


class Replay:
    """The rules on steps, to be decided on flat records."""

    def __init__(self, asking: Asking, permissions: Collection[int], binding: Collection[int]) -> None:
        self.world: World = asking.bare("step")
        self.index = self.world.boxed.index([*permissions, *binding])
        self._bits = {name(asking.rules[i]): 1 << i for i in (*permissions, *binding)}
        self._permissions = tuple(permissions)
        judging = asking.bench.judging
        policies = tuple(_crossing(policy) for policy in judging.policies)
        lexicon = asking.bench.library.lexicon
        asked = asking.bench.asked
        told = flat.Index(replace(judging, policies=policies), asked, lexicon, self._wanted)
        without = told.row("@all", {"papers": "none"})
        entries = tuple(_unmet(entry, judging.plan, told.kleene, without) for entry in judging.plan.entries)
        if any(entry is not old for entry, old in zip(entries, judging.plan.entries, strict=True)):
            judging = replace(judging, plan=replace(judging.plan, entries=entries))
            told = flat.Index(replace(judging, policies=policies), asked, lexicon, self._wanted)
        self.decider = Decider(told)
        self._fields = {key: field for key in self.index.sizes if (field := _field(key)) in told.fields}
        self._texts: dict[tuple[object, int], str | None] = {}
        self._days: dict[int | None, str] = {}
        self._there = {key: ("there", key[1]) for key in self._fields if _number(key)}  # type: ignore[index]
        self._values = {key: self._told_apart(key, size) for key, size in self.index.sizes.items()}
        self._blank: dict[str, object] = {"date": self._day(None), "papers": "none"}
        self._blank |= dict.fromkeys(self._fields.values(), "unknown")

    def _wanted(self, rule: Rule) -> bool:
        return name(rule) in self._bits

    def shown(self, pairs: Mapping[int, Collection[int]]) -> Mapping[int, frozenset[int]]:
        """Of the rules that each permission is said to meet, those that records show to cross where it
        holds."""
        need = {p: sum(1 << i for i in against) for p, against in pairs.items()}
        for p in pairs:
            for mine in bits(self.index.of.get(p, 0)):
                box = self.index.boxes[mine][1]
                untried = self.index.meeting(box, self.index.owned(bits(need[p])))
                while untried:
                    number = (untried & -untried).bit_length() - 1
                    untried ^= 1 << number
                    point = meet(box, self.index.boxes[number][1])
                    assert point is not None
                    certain = self.certain(self._full(point, untried))
                    for q in self._permissions:
                        if certain >> q & 1 and q in need:
                            if q == p:
                                untried &= ~self.index.owned(bits(need[p] & certain))
                            need[q] &= ~certain
        return {p: frozenset(i for i in against if not need[p] >> i & 1) for p, against in pairs.items()}

    def certain(self, point: Box) -> int:
        """The rules that certainly cross or hold on the record of a point, as bits."""
        record = dict(self._blank)
        listed: dict[str, list[str]] = {}
        for key, mask in point.items():
            if key == DAY:
                record["date"] = self._day(mask)
            elif (field := self._fields.get(key)) is None or (text := self._text(key, mask)) is None:
                continue
            elif (place := self._there.get(key)) is None:
                record[field] = text
            else:
                listed.setdefault(field, [])
                if point.get(place, 0) & 0b01:
                    listed[field].append(text)
        for field, known in listed.items():
            record[field] = {"known": known, "more": "none"} if known else "none"
        try:
            decision = self.decider.decide(record)
        except Refused:
            return 0
        return sum([self._bits[each] for each in decision.certain])

    def _full(self, point: Box, others: int) -> Box:
        """The point with one value of everything, such that as many of the other boxes hold as can be."""
        exact = dict(point)
        others = self.index.meeting(point, others)
        for key, values in self._values.items():
            left = point.get(key, -1)
            if not others:
                value = next((value & left for value, _ in values if value & left), 0)
                exact[key] = value & -value or exact[key]
                continue
            most, best, still = -1, 0, 0
            for value, accepting in values:
                if value & left:
                    met = others & accepting
                    count = met.bit_count()
                    if count > most:
                        most, best, still = count, value & left, met
            if best:
                exact[key], others = best & -best, still
        return exact

    def _told_apart(self, key: Hashable, size: int) -> tuple[tuple[int, int], ...]:
        """The values of a thing that no box tells from each other, with the boxes that accept them."""
        found: dict[int, int] = {}
        for value in bits(size & self.world.single_days if key == DAY else size):
            accepting = self.index.accepting(key, 1 << value)
            found[accepting] = found.get(accepting, 0) | 1 << value
        return tuple((values, accepting) for accepting, values in found.items())

    def _text(self, key: object, mask: int) -> str | None:
        mask &= -mask
        if (key, mask) not in self._texts:
            assert isinstance(key, tuple)
            self._texts[key, mask] = plausible(self.world.value(key[2], mask))
        return self._texts[key, mask]

    def _day(self, mask: int | None) -> str:
        if mask not in self._days:
            self._days[mask] = self.world.usual_day(mask)
        return self._days[mask]


def _unmet(entry: Entry, plan: Plan, kleene: Kleene, without: Row) -> Entry:
    """What requires something that is not so on any step without papers, as what prohibits: on a record which
    says more, what is certain of one that says less is so too."""
    if entry.kind is not Kind.REQUIRES or entry.subject != "step":
        return entry
    unmet = kleene.truth(entry.met, without) is FALSE
    return replace(entry, kind=Kind.PROHIBITS) if unmet else entry


def _crossing(policy: Policy) -> Policy:
    """The policy with permissions as rules that cross where they hold."""
    rules = (replace(r, kind=Kind.PROHIBITS) if r.kind is Kind.PERMITS else r for r in policy.rules)
    return replace(policy, rules=tuple(rules))


def _number(key: object) -> bool:
    """Whether it is a fact about a value of a list."""
    return isinstance(key, tuple) and str(key[1]).rpartition(".")[2].isdigit()


def _field(key: object) -> str:
    """What a flat record calls a fact of a bare outline; empty for what it has no word for."""
    match key:
        case ("fact", str(path), *_):
            section, thing, *rest = path.split(".")
        case _:
            return ""
    if _number(key):
        rest = rest[:-1]
    if len(rest) != 1:
        return ""
    match section:
        case "items" if thing == "product":
            return f"item.{rest[0]}"
        case "parties" if thing in PARTIES:
            return f"{PARTIES[thing]}.{rest[0]}"
        case "transfers":
            return rest[0]
        case _:
            return ""
