"""Which rules cross where another does, and whether there is a place where it crosses by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from redline.analysis.boxes import Box, Index, Key, Sense
from redline.analysis.stage import LAST
from redline.analysis.verify_ask import Asking, speaks
from redline.engine.circuit import Budget, GaveUp
from redline.engine.run import Run
from redline.rules.condition import Covered
from redline.rules.terms import COVERED
from redline.rules.values import Terms

STEPS = 20_000
"""In how many steps of the solver one rule is kept apart from the others."""
HELD = Terms(COVERED, frozenset({"held"}))
MOST_PAPERS = 8
"""How many papers a scenario may have in which a rule is to cross by itself."""


class Near:
    """The rules that bind one kind of subject, as boxes over stated facts and the papers that are held."""

    def __init__(self, asking: Asking, kind: str, binding: Sequence[int]) -> None:
        self.asking, self.kind, self.binding = asking, kind, binding
        self.world = asking.bare(kind)
        self.boxed = self.world.with_papers
        self.index = self.boxed.index(binding, Sense.DERIVED)

    def alone(self, index: int) -> bool:
        """Whether there are facts under which the rule crosses, and no other does."""
        return self.place(index) is not None

    def place(self, index: int) -> Box | None:
        """Facts under which the rule crosses, and no other does.  Where papers have to be held, a scenario is
        judged."""
        for box in self.boxed.where(index):
            own = {key: self.world.wording.stated(key, mask) for key, mask in box.items()}
            if not all(own.values()):
                continue
            # without papers what is found needs no judging: nothing in it is derived
            others = [i for i in self.index.owners(self.index.meeting(own)) if i != index]
            point = self._outside({**self._unheld, **own}, others)
            if point is not None and not self.held(point):
                return point
            point = self._outside(own, others)
            if point is not None and (not self.held(point) or self._judged(index, point)):
                return point
        return None

    def _outside(self, box: Box, others: Iterable[int]) -> Box | None:
        try:
            return self.index.outside(box, others, Budget(STEPS))
        except GaveUp:
            return None

    @cached_property
    def _unheld(self) -> Box:
        """That no paper is held that is asked for."""
        domains = self.asking.bench.plan.domains
        return {
            key: size & ~domains[key[2]].within(HELD)
            for key, size in self.index.sizes.items()
            if isinstance(key, tuple) and _covers(key)
        }

    def _judged(self, index: int, point: Box) -> bool:
        exact = {key: mask & -mask for key, mask in point.items()}
        facts = {key: mask for key, mask in exact.items() if not _covers(key)}
        also = [i for i in self.index.owners(self.index.meeting(facts)) if i != index]

        def good(run: Run) -> bool:
            rules = self.asking.rules
            return speaks(run, rules[index]) and not any(speaks(run, rules[i]) for i in also)

        world = self.asking.bare(self.kind, papers=min(MOST_PAPERS, len(self.held(point))))
        said = world.wording.sayable(exact)
        return world.at(said, [(i, LAST) for i in (index, *also)], good, lean=False) is not None

    def held(self, point: Box) -> list[Key]:
        """The papers that have to be held."""
        domains = self.asking.bench.plan.domains
        return [
            key
            for key, mask in point.items()
            if isinstance(key, tuple) and _covers(key) and mask & -mask == domains[key[2]].within(HELD)
        ]

    def beside(self, index: int) -> list[int]:
        """The rules that may cross where this one does, on a record on which everything is possible."""
        found = 0
        for box in self.asking.on_paper(self.kind).where(index, Sense.POSSIBLE):
            found |= self._on_paper.meeting(box)
        return sorted(i for i in self._on_paper.owners(found) if i != index)

    @cached_property
    def _on_paper(self) -> Index:
        return self.asking.on_paper(self.kind).index(self.binding, Sense.POSSIBLE)


def _covers(key: Key) -> bool:
    """Whether a thing is a question after papers."""
    return isinstance(key, tuple) and key[0] == "derived" and isinstance(key[2][0], Covered)
