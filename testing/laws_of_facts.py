"""Laws about facts: what is missing, learnt or only alleged."""

from __future__ import annotations

from collections.abc import Iterator

from redline.engine.run import Run
from redline.rules.frozen import replace
from redline.rules.verdicts import HARMLESS, Verdict
from redline.testing.allege import allegations
from redline.testing.changes import Change, changed
from redline.testing.dice import pick
from redline.testing.forget import forgettings
from redline.testing.judged import cleared, harmful, run, verdicts
from redline.testing.law import DECIDED, Trial, Tried, judged, law
from redline.testing.leaning import silences
from redline.testing.widen import widenings
from redline.testing.written import mapped

_UNKNOWN_TOO = {Verdict.CROSSES: (), Verdict.REQUIRES_ASSESSMENT: (Verdict.UNDETERMINED,)}
"""What stands before it where several steps of a transfer are taken together: that these are all may be
alleged too, and a step that is not listed is then possible."""


@law()
def a_missing_fact_never_clears(case: Trial) -> Tried:
    """Any stated facts forgotten: what crosses, cannot be told or calls for an assessment never becomes
    harmless; what is harmless may become undetermined.

    The exception is documented: `unstated` tests what is said and not what is so.  A fact of that name is
    said not to be known; it is not left out.
    """
    made = run(case.by, case.scenario, explained=True)
    if made.conclusion is None:
        return
    before = verdicts(made)
    changes = forgettings(case.scenario, silences(case.by.policies))
    weighty = _weighty(made, changes, harmless=False)
    mattered = False
    for chosen in (some(case, changes, 1), some(case, changes, 4), some(case, weighty, 2)):
        scenario = changed(case.scenario, chosen)
        after = judged(case, scenario)
        if after is None:
            continue
        wrong = [*cleared(before, after)]
        assert not wrong, case.told(scenario, *wrong)
        mattered |= harmful(before.values()) and any(after.get(key) != was for key, was in before.items())
    yield mattered


@law()
def learning_never_turns_a_crossing_into_a_negative_or_back(case: Trial) -> Tried:
    """Values narrowed, what was not known told, open lists closed: what was decided stays decided.

    It is tried backwards: a scenario is made less certain, and what that one says must still hold of the
    first.  What rules test for being `unstated` is not touched: learning that makes a difference there.
    """
    made = run(case.by, case.scenario, explained=True)
    if made.conclusion is None:
        return
    after = verdicts(made)
    silent = silences(case.by.policies)
    wider = widenings(case.dice, case.scenario, silent)
    fewer = forgettings(case.scenario, silent)
    weighty = _weighty(made, wider, harmless=True)
    mattered = False
    for chosen in (
        some(case, weighty, 2),
        some(case, weighty + wider, 6),
        some(case, wider + fewer, 4),
    ):
        scenario = changed(case.scenario, chosen)
        before = judged(case, scenario)
        if before is None:
            continue
        wrong = [
            f"{key}: {was} became {after[key]}"
            for key, was in before.items()
            if key in after
            if (was in HARMLESS and after[key] not in HARMLESS) or (was in DECIDED and after[key] in HARMLESS)
        ]
        assert not wrong, "\n".join(("LEARNT FROM THE CHANGED ONE", case.told(scenario, *wrong)))
        mattered |= any(key in after and after[key] != was for key, was in before.items())
    yield mattered


@law()
def an_alleged_fact_never_clears(case: Trial) -> Tried:
    """A fact that is only alleged: what is harmless would be so were it not known at all; and what crossed
    when it was stated still crosses."""
    before = judged(case, case.scenario)
    found = allegations(case.scenario)
    if before is None or not found:
        return
    silent = silences(case.by.policies)
    for _ in range(3):
        alleging, forgetting = pick(case.dice, found)
        scenario = alleging.to(case.scenario)
        alleged = judged(case, scenario)
        if alleged is None:
            continue
        wrong = [
            f"{key}: {was} became {alleged.get(key)}"
            for key, was in before.items()
            if was in DECIDED and alleged.get(key) not in (was, *_UNKNOWN_TOO[was])
        ]
        assert not wrong, case.told(scenario, *wrong)
        if forgetting is not None and not silent:
            forgotten = forgetting.to(case.scenario)
            gone = judged(case, forgotten)
            wrong = (
                []
                if gone is None
                else [*cleared(gone, {key: alleged.get(key, v) for key, v in gone.items()})]
            )
            assert not wrong, replace(case, scenario=mapped(forgotten)).told(scenario, *wrong)
        yield (
            any(alleged.get(key) is not was for key, was in before.items())
            or any(v in DECIDED for v in before.values())
        )


def _weighty(made: Run, changes: list[Change], *, harmless: bool) -> list[Change]:
    """Those of the changes that touch what findings rest on (all, or those that are no negatives); all, if
    there are none."""
    assert made.conclusion is not None
    found = [f for f in made.conclusion.findings if harmless or f.verdict not in HARMLESS]
    cited = {
        fact.path
        for f in found
        for p in f.main.premises
        if p.point.cell is not None
        for fact in p.point.cell.facts
    }
    return [
        c for c in changes if any(f.startswith(p) or p.startswith(f) for p in _paths(c) for f in cited)
    ] or changes


def _paths(change: Change) -> Iterator[str]:
    for path, _ in change.puts:
        yield ".".join(str(step + 1) if isinstance(step, int) else step for step in path if step != "known")


def some(case: Trial, changes: list[Change], most: int) -> list[Change]:
    """A few of the changes."""
    return [pick(case.dice, changes) for _ in range(case.dice.number(1, most))]
