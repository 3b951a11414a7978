"""Whether rules of NEW somewhere bind more than rules of OLD, or less: a scenario, a proof, or neither."""

from __future__ import annotations

from collections.abc import Sequence

from redline.analysis.diff_bench import Both
from redline.analysis.diff_examples import scenes
from redline.analysis.diff_paper import EFFECTS, MOST, Paper, Rules, more
from redline.analysis.diff_replay import Replay, Scene, exceeds, said_by, words
from redline.analysis.stage import LAST
from redline.analysis.witness import Tried
from redline.analysis.worlds import Worlds
from redline.engine.circuit import GaveUp
from redline.engine.plain import document_of
from redline.engine.reference import name
from redline.engine.run import Run
from redline.engine.write import to_yaml
from redline.rules.comparison import Compared, Evidence, Shown
from redline.rules.evidence import Proved, Undetermined, Witness
from redline.rules.frozen import dataclass, field
from redline.rules.verdicts import Kind

_GIVEN_UP = Undetermined("the search was given up")
_ON_PAPER = Undetermined("it is possible on paper, and no scenario was found")
_OTHERWISE = Undetermined("a scenario was found that is judged otherwise as it is written")

TOGETHER = 4
"""Of how many rules at most the examples are tried."""


@dataclass
class Ask:
    """Questions about the rules of two editions."""

    both: Both
    rules: Rules = field(init=False)
    paper: Paper = field(init=False)
    replay: Replay = field(init=False)
    twins: dict[int, int] = field(default_factory=dict)
    """Of rules of OLD that stand for those of NEW that are alike to them, the place of the other."""
    _worlds: Worlds = field(init=False)

    def __post_init__(self) -> None:
        self.rules = Rules(self.both.bench)
        self.paper = Paper(self.rules)
        self.replay = Replay(self.both)
        self._worlds = Worlds(self.both.bench)
        self._old = {i: full for full, i in self.both.old.at.items()}
        self._new = {i: full for full, i in self.both.new.at.items()}

    def compared(self, old: Sequence[int], new: Sequence[int], most: int = MOST) -> Compared:
        """What these rules of NEW say against those of OLD; all of them bind, or none does."""
        return Compared(
            self.evidence(old, new, stricter=True, most=most),
            self.evidence(old, new, stricter=False, most=most),
        )

    def evidence(
        self, old: Sequence[int], new: Sequence[int], *, stricter: bool, most: int = MOST
    ) -> Evidence:
        """A scenario in which NEW binds more (or, not `stricter`, less); of permissions, permits less (or
        more)."""
        low, high = (old, new) if stricter is not self._permits(old, new) else (new, old)
        if not high:
            return Proved()
        proof = self.paper.never(low, high, most)
        if isinstance(proof, Proved):
            return proof
        return self._shown(old, new, low, high, stricter=stricter) or proof or _ON_PAPER

    def of(self, scene: Scene, old: Sequence[int], new: Sequence[int], *, stricter: bool) -> Shown | None:
        """The scenario as a witness, if both editions judge it so as it is written."""
        effects = self.rules.by_index[(*old, *new)[0]].kind in EFFECTS
        before = self.replay.old(scene, [self._old[i] for i in old], effects=effects)
        after = self.replay.new(scene, [self._new[self.twins.get(i, i)] for i in new], effects=effects)
        if before is None or after is None:
            return None
        rises = stricter is not self._permits(old, new)
        if not (exceeds(after[0], before[0]) if rises else exceeds(before[0], after[0])):
            return None
        return Shown(
            Witness(scene.text, scene.readings, subject=before[1]), words(before[0]), words(after[0])
        )

    def _shown(
        self,
        old: Sequence[int],
        new: Sequence[int],
        low: Sequence[int],
        high: Sequence[int],
        *,
        stricter: bool,
    ) -> Evidence | None:
        kind = self.rules.by_index[high[0]].subject
        effects = self.rules.by_index[high[0]].kind in EFFECTS
        names = [{name(self.rules.by_index[i]) for i in side} for side in (low, high)]

        def good(run: Run) -> bool:
            less, greater = (said_by(run, each, kind, effects=effects) for each in names)
            return less is not None and greater is not None and exceeds(greater[0], less[0])

        asked = [(i, LAST) for i in dict.fromkeys((*low, *high))]
        failed: Evidence | None = None
        for silent in (False, True):
            world = self._worlds.of(kind, silent=silent)
            try:
                tried = world.find([more(world.circuit, world.said, self.rules, low, high)], asked, good)
            except GaveUp:
                failed = _GIVEN_UP
                continue
            if tried is not None:
                found = self.of(_scene(tried, kind), old, new, stricter=stricter)
                if found is not None:
                    return found
                failed = _OTHERWISE
        return self._exemplified(old, new, stricter=stricter) or failed

    def _exemplified(self, old: Sequence[int], new: Sequence[int], *, stricter: bool) -> Shown | None:
        names = [self._old[i] for i in old], [self._new[self.twins.get(i, i)] for i in new]
        if len(old) + len(new) > TOGETHER:
            return None
        each = (self.of(scene, old, new, stricter=stricter) for scene in scenes(self.both, *names))
        return next((shown for shown in each if shown is not None), None)

    def _permits(self, old: Sequence[int], new: Sequence[int]) -> bool:
        return self.rules.by_index[(*old, *new)[0]].kind is Kind.PERMITS


def _scene(tried: Tried, kind: str) -> Scene:
    return Scene(to_yaml(document_of(tried.data).root), dict(tried.readings), kind)
