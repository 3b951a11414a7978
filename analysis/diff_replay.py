"""What OLD and NEW say of one subject of a scenario, each by its own evaluator."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from redline.analysis.diff_bench import Both, Side
from redline.analysis.stage import LAST, subjects_of
from redline.engine.read import read_text
from redline.engine.reference import name
from redline.engine.run import Run, judge
from redline.rules.frozen import dataclass, replace
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, disjunction
from redline.rules.verdicts import HARMLESS, Verdict, worst

Said = Verdict | Truth
"""The verdict over rules that bind; of permissions and red flags, whether some applies."""
_DECISIVE = (Verdict.CROSSES, TRUE)
"""What stays what it is whatever further rules say."""
BATCH = 100
"""How many rules are asked at once, so that the others need not be where some decide."""
_APPLIES = {TRUE: "applies", UNKNOWN: "may apply", FALSE: "does not apply"}


@dataclass(frozen=True, slots=True)
class Scene:
    """A scenario as it is written, with answers to interpretations, and the subject in question, by its
    number among those of its kind."""

    text: str
    readings: Mapping[str, str]
    kind: str
    at: int = LAST


def words(said: Said) -> str:
    """What was said, as it is told."""
    return said.value if isinstance(said, Verdict) else _APPLIES[said]


def exceeds(high: Said, low: Said) -> bool:
    """Whether one binds more than the other, whatever is left open in both.  (Of what is undetermined and
    what needs an assessment neither does.)"""
    if isinstance(high, Truth) and isinstance(low, Truth):
        return (high, low) in {(TRUE, FALSE), (TRUE, UNKNOWN), (UNKNOWN, FALSE)}
    if low in HARMLESS:
        return high not in HARMLESS
    return high is Verdict.CROSSES and low is not Verdict.CROSSES


def said_by(
    run: Run, names: Collection[str], kind: str, *, effects: bool, at: int = LAST
) -> tuple[Said, str] | None:
    """What the rules of these names say of a subject of that kind, and which it is; None if there is none,
    or it was not judged."""
    if run.conclusion is None or run.derived is None:
        return None
    subjects = subjects_of(run.derived, kind)
    if not -len(subjects) <= at < len(subjects):
        return None
    label = subjects[at].label
    called = f"{kind} {label}".strip()
    if effects:
        applied = [
            e.holds for e in run.conclusion.effects if name(e.rule) in names and e.subject.label == label
        ]
        return disjunction(applied), called
    verdicts = (
        f.verdict for f in run.conclusion.findings if name(f.rule) in names and f.subject.label == label
    )
    return worst(verdicts), called


@dataclass
class Replay:
    """Scenarios judged by both editions as they stand, not by the bench of both."""

    both: Both

    def old(self, scene: Scene, names: Sequence[str], *, effects: bool = False) -> tuple[Said, str] | None:
        """What these rules of OLD say."""
        return self._said(self.both.old, scene, names, effects)

    def new(self, scene: Scene, names: Sequence[str], *, effects: bool = False) -> tuple[Said, str] | None:
        """What these rules of NEW say."""
        return self._said(self.both.new, scene, names, effects)

    def _said(self, side: Side, scene: Scene, names: Sequence[str], effects: bool) -> tuple[Said, str] | None:
        documents, _ = read_text(scene.text.encode(), "witness")
        bench = replace(side.bench, readings=_known(side, scene.readings))
        found: list[Said] = []
        called = ""
        for begin in range(0, max(1, len(names)), BATCH):
            wanted = frozenset(names[begin : begin + BATCH])
            run = judge(bench, documents[0], lambda r: name(r) in wanted, explained=lambda _: False)  # noqa: B023  # called in this turn
            said = said_by(run, wanted, scene.kind, effects=effects, at=scene.at)
            if said is None or said[0] in _DECISIVE:
                return said
            found.append(said[0])
            called = said[1]
        return _together(found), called


def _together(found: Sequence[Said]) -> Said:
    if UNKNOWN in found or FALSE in found:
        return UNKNOWN if UNKNOWN in found else FALSE
    return worst(said for said in found if isinstance(said, Verdict))


def _known(side: Side, readings: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The answers that the edition knows."""
    found = {}
    for policy in side.bench.policies:
        for each in policy.interpretations.values():
            answer = readings.get(side.called(f"{policy.id}/{each.name}"))
            if answer in each.answers:
                found[f"{policy.id}/{each.name}"] = frozenset({str(answer)})
    return found
