"""What a law is: a sentence about any policies and any scenario, tried by changing one of them.

A law yields, for each way in which it was tried on a case, whether its premise was true and mattered; nothing
where the case is none for it.  Where it is broken it raises an AssertionError with the case in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from redline.engine.load import shipped
from redline.engine.run import Bench
from redline.rules.frozen import dataclass, field
from redline.rules.policy import Policy, Rule
from redline.rules.verdicts import Kind, Verdict
from redline.testing.dice import Dice, seeded
from redline.testing.draft import Draft, draft
from redline.testing.judged import Verdicts, name, run, told, verdicts
from redline.testing.loading import Policies, bench_of, written
from redline.testing.written import Data, Mapped, text

BINDING = frozenset({Kind.PROHIBITS, Kind.REQUIRES, Kind.WEIGHS})
Scenario = Draft | str | Mapping[str, object]
"""A scenario as it was drawn, as YAML text or as plain data."""
DECIDED = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})


@dataclass(frozen=True)
class Trial:
    """A scenario and policies ready to judge it, on which a law is tried, and the dice that choose how.

    `policies` are shown where a law is broken.  The three ways of making other policies of them may be
    replaced: one with a rule more of that kind (and the rule), one in another order (beside the first), and
    one written and read again; None stands for what is made of the policies themselves.
    """

    dice: Dice
    scenario: Mapped
    policies: tuple[Mapped, ...]
    by: Bench
    more: Callable[[str], tuple[Bench, Mapped]] | None = field(default=None)
    reordered: Callable[[], tuple[Bench, Bench]] | None = field(default=None)
    again: Callable[[], Bench] | None = field(default=None)
    strict: bool = field(default=False)
    """Whether a law about papers mattered only where a verdict became another."""

    def told(self, changed: Data, *why: str) -> str:
        """The case in full, where it breaks a law."""
        return told(self.scenario, *self.policies, why=why) + "--- changed\n" + text(changed)


Tried = Iterator[bool]


@dataclass(frozen=True)
class Law:
    """A law by its name, a sentence; `says` what it means, `trials` tries it on a case.

    Called with policies and a scenario it returns nothing, or raises an AssertionError where the law is
    broken; which changes are tried is the same each time.
    """

    name: str
    says: str
    trials: Callable[[Trial], Tried]
    about: Callable[[Rule, Sequence[Policy]], bool]
    """Which rules put the law to the test, beside the other policies."""
    none: str
    """What is so where no rule does."""
    unknowns: float
    """The share of doubts in scenarios that puts the law to the test."""

    def __call__(self, policies: Policies, scenario: Scenario, dice: int = 0) -> None:
        """Tries the law; another number of `dice` tries other changes.

        Raises Refused where the policies or the scenario cannot be read.
        """
        for _ in self.trials(trial(policies, scenario, dice)):
            pass

    def tested_by(self, bench: Bench) -> tuple[str, ...]:
        """The full names of the rules that put the law to the test."""
        rules = (rule for _, rule in bench.judging.rules() if bench.wanted(rule))
        return tuple(name(rule) for rule in rules if self.about(rule, bench.policies))

    def __repr__(self) -> str:
        return self.name


def law(
    *,
    about: Callable[[Rule, Sequence[Policy]], bool] = lambda rule, _: rule.kind in BINDING,
    none: str = "no rule prohibits, requires or weighs anything",
    unknowns: float = 0.1,
) -> Callable[[Callable[[Trial], Tried]], Law]:
    """Makes a law of a function that tries one; its name and docstring are the law's."""

    def made(trials: Callable[[Trial], Tried]) -> Law:
        assert trials.__doc__
        return Law(trials.__name__, trials.__doc__, trials, about, none, unknowns)

    return made


def trial(policies: Policies, scenario: Scenario, dice: int = 0) -> Trial:
    """A case of these policies and this scenario, with the dice of that number."""
    by = bench_of(policies)
    made = scenario if isinstance(scenario, Draft) else draft(scenario)
    return Trial(seeded(dice), made.data, () if _ships(by) else written(by), by)


def _ships(bench: Bench) -> bool:
    known = {f"policies/{path.name}" for path in shipped("policies")}
    return all(policy.document in known for policy in bench.policies)


def judged(case: Trial, scenario: Data) -> Verdicts | None:
    """The verdicts; None where the changed scenario contradicts itself, and so is no case."""
    made = run(case.by, scenario)
    return None if made.conclusion is None else verdicts(made)
