"""What the two completions furthest apart show is what the solver shows: held to it on generated records."""

from __future__ import annotations

from random import Random

from hypothesis import settings

from redline.engine.case import kleene
from redline.engine.extremes import Extremes
from redline.engine.sharpen import STEPS, Budget, Sharpening, possible
from redline.rules.verdicts import HARMLESS, Verdict, settle
from tests.generate_rows import Wish, seeded

CASES = 15 * settings().max_examples
WISH = Wish(unknown=60, open=60, perhaps=30)
GOALS = (HARMLESS, frozenset({Verdict.CROSSES}), frozenset({Verdict.REQUIRES_ASSESSMENT}))


def test_a_completion_gives_each_variable_a_value_that_it_may_have() -> None:
    """One value, or values that the rule cannot tell apart."""
    for seed in range(CASES):
        case = seeded(seed, WISH).case()
        for completion in Extremes(case).of(case.masks):
            for mask, variable in zip(completion, case.variables, strict=True):
                assert mask & variable.now or not variable.now, seed
                assert mask in (*variable.blocks, variable.free, variable.now), seed


def test_verdicts_are_those_that_the_solver_finds_alone() -> None:
    """Where extremes settle that it cannot be told, too, which they do often enough to be of use."""
    told = 0
    for seed in range(CASES):
        case = seeded(seed, WISH).case()
        with Sharpening(case) as alone:
            right = alone.possible(case.masks, Budget(STEPS))
        assert settle(possible(case, case.masks, Budget(STEPS))) is settle(right), seed
        found = frozenset(v for each in Extremes(case).of(case.masks) for v in kleene(case, each))
        if settle(found) is Verdict.UNDETERMINED:
            assert settle(right) is Verdict.UNDETERMINED, seed
            told += 1
    assert told > CASES * 0.2


def test_what_speaks_against_a_verdict_is_found_by_the_solver_too() -> None:
    """Of some of the facts of a case, whatever else is so; and most that the solver finds is found."""
    shown = found = 0
    for seed in range(CASES):
        case, random = seeded(seed, WISH).case(), Random(seed)  # noqa: S311  # no secret hangs on it
        known = [i for i, v in enumerate(case.variables) if v.now and random.random() < 0.6]
        extremes = Extremes(case)
        with Sharpening(case) as solver:
            assumed = [solver.fact(i, case.masks[i]) for i in known]
            for goal in GOALS:
                other = solver.other_than(goal, assumed, Budget(STEPS)) is not None
                shows = extremes.other_than(goal, case.masks, known)
                assert other or not shows, (seed, goal)
                shown += shows
                found += other
    assert found > CASES
    assert shown > found * 0.9
