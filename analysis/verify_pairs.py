"""Conflicts: what one stater both permits and forbids in one layer, neither rule naming the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from redline.analysis.boxes import Box, Index, Sense, bits, meet
from redline.analysis.verify_ask import Asking, Question, Says, as_witness
from redline.analysis.witness import LAST
from redline.engine.circuit import Circuit, Literal
from redline.engine.conflicts import BINDING, conflicts, stater
from redline.engine.reference import name
from redline.engine.run import Run
from redline.rules.evidence import Flaw, FlawKind, Undetermined, Witness
from redline.rules.policy import Rule
from redline.rules.truth import TRUE
from redline.rules.verdicts import Kind, Verdict

ROUNDS = 3
"""How many scenarios may add to the rules that a permission stands against, once facts alone add none."""
FEW = 4
"""How many scenarios are tried for those of a group that stated facts alone do not show."""


def conflicts_between(asking: Asking, kind: str, living: Sequence[int]) -> Iterator[Flaw]:
    """For each permission, the rules that bind against which it stands: one scenario, and the others."""
    sides = _Sides(asking, kind, living)
    for p in living:
        permission = asking.rules[p]
        against = sides.against(permission)
        if permission.kind is not Kind.PERMITS or not against:
            continue
        met = sides.met(p, against)
        found = [*met]
        # of rules that look at stated facts alone, that is all there is
        left = [i for i in against if i not in met and not (asking.plain(p) and asking.plain(i))]
        left = sides.may_meet(p, left) if left else []
        while new := list(_together(asking, kind, p, left)) if left else []:
            found += new
            left = [i for i in left if i not in new]
        if left and not asking.world(kind).works_out(p):
            left = [i for i in left if asking.world(kind).works_out(i)]
        found += _tried_together(asking, kind, p, left)
        if not found:
            continue
        shown = _shown(asking, _both(asking, kind, p, found[:1]), met.get(found[0]))
        if isinstance(shown, Witness):
            first, *others = (name(asking.rules[i]) for i in (found[0], *sorted(found[1:])))
            says = "it permits what a rule of the same stater forbids, and neither names the other"
            rules = (name(permission), first)
            yield Flaw(FlawKind.CONFLICT, rules, says, shown, permission.span, tuple(others))


class _Sides:
    """The rules that bind, those of one stater in one layer together, as boxes."""

    def __init__(self, asking: Asking, kind: str, living: Sequence[int]) -> None:
        self.rules = asking.rules
        self.boxed, self._asking, self._kind = asking.bare(kind).boxed, asking, kind
        binding = [i for i in living if self.rules[i].kind in BINDING]
        self._permissions = [i for i in living if self.rules[i].kind is Kind.PERMITS]
        self.index = self.boxed.index(binding)
        self._of: dict[Hashable, list[int]] = {}
        for i in binding:
            self._of.setdefault(_side(self.rules[i]), []).append(i)

    def against(self, permission: Rule) -> list[int]:
        """The rules that the permission would stand against."""
        named = set(permission.defeats)
        side = self._of.get(_side(permission), ())
        return [i for i in side if not named or name(self.rules[i]) not in named]

    def met(self, p: int, against: Iterable[int]) -> Mapping[int, Box | None]:
        """Those of the rules that stated facts have cross where the permission holds, the first of them with
        as few facts as do."""
        among = self.index.owned(against)
        pairs = [
            (len(box.keys() | self.index.boxes[number][1].keys()), self.index.boxes[number], box)
            for box in self.boxed.where(p)
            for number in bits(self.index.meeting(box, among))
        ]
        if not pairs:
            return {}
        _, (first, other), box = min(pairs, key=lambda pair: (pair[0], pair[1][0]))
        found = {first: meet(box, other)}
        return found | {i: None for _, (i, _), _ in pairs if i != first}

    def may_meet(self, p: int, against: Iterable[int]) -> list[int]:
        """Those of the rules that may speak where the permission does, on a record on which everything is
        possible."""
        found = 0
        among = self._on_paper.owned(against)
        for box in self._asking.on_paper(self._kind).where(p, Sense.POSSIBLE):
            found |= self._on_paper.meeting(box, among)
        return sorted(self._on_paper.owners(found))

    @cached_property
    def _on_paper(self) -> Index:
        """The rules that stated facts alone do not decide, on paper."""
        binding = [i for side in self._of.values() for i in side]
        permits = any(not self._asking.plain(i) for i in self._permissions)
        left = [i for i in binding if permits or not self._asking.plain(i)]
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
    for _ in range(ROUNDS):
        question = _both(asking, kind, p, left)
        if not left or asking.impossible(question) is not None:
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


def _together(asking: Asking, kind: str, p: int, left: Sequence[int]) -> Iterator[int]:
    """Those of the rules that stated facts alone have cross together with the permission."""
    if asking.shown_by_facts(_both(asking, kind, p, left)):
        world = asking.world(kind)
        for i in left:
            if world.circuit.held(world.said(i, by_facts=True).crosses.yes):
                yield i
