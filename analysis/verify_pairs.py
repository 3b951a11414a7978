"""Conflicts: what one stater both permits and forbids in one layer, neither rule naming the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property

from redline.analysis.boxes import Box, Index, Key, Sense, bits, meet
from redline.analysis.keys import DAY
from redline.analysis.stage import LAST
from redline.analysis.verify_ask import ON_PAPER, Asking, Question, Says, as_witness
from redline.analysis.verify_replay import Replay
from redline.analysis.witness_days import days_in_force, meet_days
from redline.engine.circuit import Circuit, Literal
from redline.engine.conflicts import BINDING, conflicts, stater
from redline.engine.reference import name
from redline.engine.run import Run
from redline.rules.evidence import Flaw, FlawKind, Undetermined, Witness
from redline.rules.policy import Rule
from redline.rules.truth import TRUE
from redline.rules.verdicts import Kind, Verdict

FEW = 4
"""How many scenarios are tried for those of a group that stated facts alone do not show."""
MOST_REPLAYS = 64
"""How many scenarios may be judged for the rules that a permission meets and no record shows it to."""


def conflicts_between(asking: Asking, kind: str, living: Sequence[int]) -> Iterator[Flaw]:
    """For each permission, the rules that bind against which it stands: one scenario, and the others, each
    shown by a scenario or record of its own."""
    sides = _Sides(asking, kind, living)
    against = {p: others for p in sides.permissions if (others := sides.against(p))}
    met = {p: sides.met(p, others) for p, others in against.items()}
    decided = sides.decided(met)
    for p, others in against.items():
        found = {i for i in met[p] if i in decided[p]}
        found |= {*sides.replayed(p, {i: at for i, at in met[p].items() if i not in found})}
        # of rules that look at stated facts alone, that is all there is
        left = [i for i in others if i not in found and not (asking.plain(p) and asking.plain(i))]
        left = sides.may_meet(p, left) if left else []
        found |= {*_tried_together(asking, kind, p, left)}
        if found:
            yield from _told(asking, kind, p, sorted(found), sides.nearest(met[p], found))
        unshown = [i for i in met[p] if i not in found]
        if unshown:
            rules = asking.rules
            says = "by what it says it permits what these rules forbid, and no scenario for it was found"
            names = tuple(name(rules[i]) for i in unshown)
            yield Flaw(FlawKind.CONFLICT, (name(rules[p]),), says, ON_PAPER, rules[p].span, names)


def _told(
    asking: Asking, kind: str, p: int, found: Sequence[int], nearest: tuple[int, Box] | None
) -> Iterator[Flaw]:
    first, box = (found[0], None) if nearest is None else nearest
    shown = _shown(asking, _both(asking, kind, p, [first]), box)
    if isinstance(shown, Witness):
        permission = asking.rules[p]
        others = tuple(name(asking.rules[i]) for i in found if i != first)
        says = "it permits what a rule of the same stater forbids, and neither names the other"
        rules = (name(permission), name(asking.rules[first]))
        yield Flaw(FlawKind.CONFLICT, rules, says, shown, permission.span, others)


_Meeting = tuple[int, int, Box]
"""Where two rules meet: how many facts that takes, and the boxes, one by its number."""


class _Sides:
    """The rules that bind, those of one stater in one layer together, as boxes."""

    def __init__(self, asking: Asking, kind: str, living: Sequence[int]) -> None:
        self.rules = asking.rules
        self.boxed, self._asking, self._kind = asking.bare(kind).boxed, asking, kind
        self.binding = [i for i in living if self.rules[i].kind in BINDING]
        self.permissions = [i for i in living if self.rules[i].kind is Kind.PERMITS]
        self.index = self.boxed.index(self.binding)
        self._bit: dict[Key, int] = {}
        self._owner = [owner for owner, _ in self.index.boxes]
        self._size = [self._facts(box) for _, box in self.index.boxes]
        self._days = cache(lambda i: days_in_force(self.rules[i]))
        self._of: dict[Hashable, list[int]] = {}
        for i in self.binding:
            self._of.setdefault(_side(self.rules[i]), []).append(i)

    def against(self, p: int) -> list[int]:
        """The rules that a permission would stand against."""
        permission = self.rules[p]
        named = set(permission.defeats)
        side = self._of.get(_side(permission), ())
        return [i for i in side if not named or name(self.rules[i]) not in named]

    def met(self, p: int, against: Iterable[int]) -> Mapping[int, _Meeting]:
        """Those of the rules that, as boxes, cross where the permission holds, and where that takes the
        fewest facts."""
        among = self.index.owned(against)
        found: dict[int, _Meeting] = {}
        for box in self.boxed.where(p):
            facts = self._facts(box)
            for number in bits(self.index.meeting(box, among)):
                owner, size = self._owner[number], (facts | self._size[number]).bit_count()
                if owner not in found or size < found[owner][0]:
                    found[owner] = size, number, box
        return found

    def _facts(self, box: Box) -> int:
        """The facts that a box takes, each a bit; a day there is in any case, a value of a list is one."""
        bit = self._bit
        return sum(
            1 << bit.setdefault(key, len(bit))
            for key in box
            if key != DAY and not (isinstance(key, tuple) and key[0] == "there")
        )

    def decided(self, met: Mapping[int, Mapping[int, _Meeting]]) -> Mapping[int, frozenset[int]]:
        """Those of the rules that are shown to by records, all rules decided at once."""
        if self._kind != "step" or not any(met.values()):
            return dict.fromkeys(met, frozenset())
        return Replay(self._asking, self.permissions, self.binding).shown(met)

    def replayed(self, p: int, left: Mapping[int, _Meeting]) -> Iterator[int]:
        """Those of the rules that are shown to by scenarios, each judged by all that are left."""
        left = dict(left)
        for _ in range(MOST_REPLAYS):
            if not left:
                return
            i, (_, number, box) = next(iter(left.items()))
            point = meet(box, self.index.boxes[number][1])
            assert point is not None
            crossed: list[int] = []
            question = _both(self._asking, self._kind, p, [*left])
            asked = [(each, LAST) for each in question.asked]
            tried = self._asking.bare(self._kind).at(point, asked, question.seen)
            if tried is not None:
                told = as_witness(tried).crossed
                crossed = [i for i in left if name(self.rules[i]) in told]
            yield from crossed
            for each in (i, *crossed):
                left.pop(each, None)

    def nearest(self, met: Mapping[int, _Meeting], found: Iterable[int]) -> tuple[int, Box] | None:
        """Of the rules found, that which takes the fewest facts, and where."""
        least = min(((*met[i][:2], i) for i in found if i in met), default=None)
        if least is None:
            return None
        _, number, i = least
        return i, meet(met[i][2], self.index.boxes[number][1]) or {}

    def may_meet(self, p: int, against: Iterable[int]) -> list[int]:
        """Those of the rules that may speak where the permission does, on a record on which everything is
        possible; and of which some day is not outside of the one's validity or the other's."""
        found = 0
        then = self._days(p)
        also = [i for i in against if meet_days(then, self._days(i))]
        among = self._on_paper.owned(also)
        for box in self._asking.on_paper(self._kind).where(p, Sense.POSSIBLE):
            found |= self._on_paper.meeting(box, among)
        return sorted(self._on_paper.owners(found))

    @cached_property
    def _on_paper(self) -> Index:
        """The rules that stated facts alone do not decide, on paper."""
        permits = any(not self._asking.plain(i) for i in self.permissions)
        left = [i for i in self.binding if permits or not self._asking.plain(i)]
        return self._asking.on_paper(self._kind).index(left, Sense.POSSIBLE)


def _side(rule: Rule) -> Hashable:
    return rule.layer, stater(rule)


def _shown(asking: Asking, question: Question, box: Box | None) -> Witness | Undetermined | None:
    """A scenario that says no more than lies in the box; or else one that is searched for."""
    if box is not None:
        asked = [(i, LAST) for i in question.asked]
        tried = asking.bare(question.kind).at(box, asked, question.seen)
        if tried is not None:
            return as_witness(tried)
    return asking.shown(question, small=True)


def _tried_together(asking: Asking, kind: str, p: int, left: list[int]) -> Iterator[int]:
    """Those of the rules that scenarios, written out and judged, have cross together with the permission."""
    while left:
        question = _both(asking, kind, p, left)
        if asking.impossible(question) is not None:
            return
        evidence = asking.shown(question, tries=FEW)
        crossed = [
            i for i in left if isinstance(evidence, Witness) and name(asking.rules[i]) in evidence.crossed
        ]
        if not crossed:
            return
        yield from crossed
        left = [i for i in left if i not in crossed]


def _both(asking: Asking, kind: str, p: int, against: Sequence[int]) -> Question:
    """That the permission holds and one of the rules crosses."""

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        return [says(p).holds(circuit).yes, circuit.either([says(i).crosses.yes for i in against])]

    def seen(run: Run) -> bool:
        assert run.conclusion is not None
        return any(
            c.permission.holds is TRUE and c.against.verdict is Verdict.CROSSES
            for c in conflicts(run.conclusion)
        )

    return Question(kind, (p, *against), literals, seen)
