"""Many pairs of rules shown to speak together, without a scenario for each: flat records, decided at once.

A point at which a permission and a rule meet is said as a flat record, and the index decides all rules on it,
the permissions taken for rules that cross where they hold.  One record shows every pair that speaks on it.
Points are filled in such that as many as can be do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from redline.analysis.boxes import Box, Key, bits, meet
from redline.analysis.keys import DAY
from redline.analysis.plausible import plausible
from redline.analysis.verify_ask import Asking
from redline.analysis.witness import World
from redline.engine.kleene import Kleene
from redline.engine.plan import Entry, Plan
from redline.engine.reference import name
from redline.flat import index as flat
from redline.flat.decide import Decider
from redline.rules.frozen import dataclass, field, replace
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
        self._bits = {name(asking.rules[i]): 1 << i for i in (*permissions, *binding)}
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
        self.index = self.world.boxed.index([*permissions, *binding])
        things = (self._thing(key, size, told.fields) for key, size in self.index.sizes.items())
        # those of few values first: fewer boxes are left where there are many values to choose from
        self._things = sorted(things, key=lambda thing: len(thing.values))
        self._blank: dict[str, object] = {"date": self.world.calendar.usual_day(None), "papers": "none"}
        self._blank |= {thing.name: "unknown" for thing in self._things if thing.name not in ("", "date")}

    def _wanted(self, rule: Rule) -> bool:
        return name(rule) in self._bits

    def shown(self, pairs: Mapping[int, Collection[int]]) -> Mapping[int, frozenset[int]]:
        """Of the rules that each permission is said to meet, those that records show to cross where it
        holds."""
        need = {p: sum(1 << i for i in against) for p, against in pairs.items()}
        permissions = sum(1 << p for p in pairs)
        mine = [number for p in pairs for number in bits(self.index.of.get(p, 0))]
        # those first that leave the least open: others may hold on their records too, but not the other way
        for number in sorted(mine, key=lambda number: -len(self.index.boxes[number][1])):
            p, box = self.index.boxes[number]
            untried = self.index.meeting(box, self.index.owned(bits(need[p])))
            while untried:
                first = (untried & -untried).bit_length() - 1
                untried ^= 1 << first
                point = meet(box, self.index.boxes[first][1])
                assert point is not None
                certain = self.certain(self._full(point, untried))
                if certain >> p & 1:
                    untried &= ~self.index.owned(bits(need[p] & certain))
                for q in bits(certain & permissions):
                    need[q] &= ~certain
        return {p: frozenset(i for i in against if not need[p] >> i & 1) for p, against in pairs.items()}

    def certain(self, point: Box) -> int:
        """The rules that certainly cross or hold on the record of a point, as bits."""
        record = dict(self._blank)
        listed: dict[str, list[str]] = {}
        for thing in self._things:
            text = self._text(thing, point[thing.key])
            if text is None:
                continue
            if thing.place is None:
                record[thing.name] = text
            else:
                known = listed.setdefault(thing.name, [])
                if point.get(thing.place, 0) & 0b01:
                    known.append(text)
        for named, known in listed.items():
            record[named] = {"known": known, "more": "none"} if known else "none"
        try:
            decision = self.decider.decide(record)
        except Refused:
            return 0
        return sum([self._bits[each] for each in decision.certain])

    def _full(self, point: Box, others: int) -> Box:
        """The point with one value of everything, such that as many of the other boxes hold as can be."""
        exact: dict[Key, int] = {}
        others = self.index.meeting(point, others)
        for thing in self._things:
            left = point.get(thing.key, -1)
            most, best, still = -1, 0, others
            looked_at = others & thing.looking
            for value, accepting in thing.values:
                if value & left:
                    met = others & accepting
                    count = met.bit_count()
                    if count > most:
                        most, best, still = count, value & left, met
                    if met == others or not looked_at:
                        break
            exact[thing.key], others = best & -best or point.get(thing.key, 0), still
        return exact

    def _thing(self, key: Key, size: int, fields: Collection[str]) -> _Thing:
        named = _field(key)
        place = ("there", key[1]) if named and _number(key) else None  # type: ignore[index]
        looking = self.index.everything & ~self.index.accepting(key, 0)
        return _Thing(key, named if named in fields else "", place, self._told_apart(key, size), looking)

    def _told_apart(self, key: Key, size: int) -> tuple[tuple[int, int], ...]:
        """The values of a thing that no box tells from each other, with the boxes that accept them."""
        found: dict[int, int] = {}
        for value in bits(size & self.world.calendar.single if key == DAY else size):
            accepting = self.index.accepting(key, 1 << value)
            found[accepting] = found.get(accepting, 0) | 1 << value
        return tuple((values, accepting) for accepting, values in found.items())

    def _text(self, thing: _Thing, mask: int) -> str | None:
        if not thing.name:
            return None
        if mask not in thing.texts:
            thing.texts[mask] = self._written(thing.key, mask & -mask)
        return thing.texts[mask]

    def _written(self, key: Key, mask: int) -> str | None:
        match key:
            case (_, _, column):
                return plausible(self.world.wording.value(column, mask))  # type: ignore[arg-type]
            case _:
                return self.world.calendar.usual_day(mask)


@dataclass(slots=True)
class _Thing:
    """A thing that boxes look at: what a flat record calls it (nothing: it has no word for it) and, of a
    value of a list, what tells whether it is there; its values as far as boxes tell them apart, each with
    those that accept it; and the boxes that look at it."""

    key: Key
    name: str
    place: Key | None
    values: tuple[tuple[int, int], ...]
    looking: int
    texts: dict[int, str | None] = field(default_factory=dict)


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


def _number(key: Key) -> bool:
    """Whether it is a fact about a value of a list."""
    match key:
        case ("fact", str(path), *_):
            return path.rpartition(".")[2].isdigit()
        case _:
            return False


def _field(key: Key) -> str:
    """What a flat record calls the day, or a fact of a bare outline; empty for what it has no word for."""
    if key == DAY:
        return "date"
    match key:
        case ("fact", str(path), *_):
            section, thing, *rest = path.split(".")
            rest = rest[:-1] if _number(key) else rest
        case _:
            return ""
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
