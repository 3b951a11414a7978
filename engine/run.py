"""One scenario judged, end to end: read, checked, assumed, derived, concluded.

What fails on the way is told as problems; a scenario that could not be judged has no conclusion, so
that nothing of it can end as "not crossed".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from redline.engine.assume import assume
from redline.engine.characters import quote
from redline.engine.check_scenario import check_scenario
from redline.engine.conclude import Judging, conclude
from redline.engine.derive import Asked, Derived, derive, without_alleged
from redline.engine.derive import derived as derived_from
from redline.engine.ground import Memo
from redline.engine.library import Library
from redline.engine.plan import Plan
from redline.engine.read import Document
from redline.engine.records import Case
from redline.engine.scenarios import judged_as_of, scenario_from
from redline.engine.show import did_you_mean
from redline.rules.facts import Scenario
from redline.rules.finding import Conclusion
from redline.rules.frozen import dataclass, field, replace
from redline.rules.late import Late
from redline.rules.policy import Policy, Rule
from redline.rules.problems import NOWHERE, Problem, errors
from redline.rules.record import Subject
from redline.rules.values import Amounts
from redline.rules.verdicts import Kind, Verdict, Voice


@dataclass(frozen=True, slots=True)
class Options:
    """How to judge: another date, rules revived, answers fixed, author's inferences included."""

    as_of: Amounts | None = None
    as_if_in_force: bool = False
    readings: Mapping[str, str] = field(default_factory=dict)
    """Answers by name of interpretation, `policy/name` or the name alone."""
    include_author: bool = False


USUAL = Options()
"""How it is judged where nothing is asked for."""


@dataclass(frozen=True, slots=True)
class Bench(Late):
    """Policies made ready to judge by: their plan, what they ask to be derived, and the answers fixed."""

    library: Library
    options: Options
    policies: tuple[Policy, ...]
    plan: Plan
    asked: Asked
    readings: Mapping[str, frozenset[str]]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def judging(self) -> Judging:
        """What conclusions are drawn by."""
        return Judging(self.policies, self.plan, self.readings)

    def wanted(self, rule: Rule) -> bool:
        """Whether the rule runs: an author's inference only when it is asked for."""
        return self.options.include_author or rule.voice is not Voice.AUTHOR


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one scenario: as it was judged, and its conclusion; or what stood in the way."""

    document: Document
    problems: tuple[Problem, ...]
    scenario: Scenario | None = None
    derived: Derived | None = None
    supported: Derived | None = None
    conclusion: Conclusion | None = None


def prepare(library: Library, options: Options = USUAL, usual: Bench | None = None) -> Bench:
    """The bench for the library's policies under the options.  An unknown interpretation is a problem.

    `usual`, if given, is the library's bench without options.
    """
    if usual is not None and not options.as_if_in_force and not options.include_author:
        readings, problems = _readings(usual.policies, options.readings)
        return replace(usual, options=options, readings=readings, problems=tuple(problems))
    from redline.engine.asking import asked_of
    from redline.engine.plan import plan

    policies = library.policies
    if options.as_if_in_force:
        policies = tuple(replace(p, rules=tuple(_revived(r) for r in p.rules)) for p in policies)
    if not options.include_author:
        policies = tuple(replace(p, rules=tuple(_disarmed(r) for r in p.rules)) for p in policies)
    readings, problems = _readings(policies, options.readings)
    return Bench(
        library,
        options,
        policies,
        plan(policies),
        asked_of(policies, library.lexicon),
        readings,
        tuple(problems),
    )


def judge(
    bench: Bench,
    document: Document,
    wanted: Callable[[Rule], bool] | None = None,
    *,
    explained: Callable[[Verdict], bool] = lambda _: True,
    apart: bool = True,
    memo: Memo | None = None,
) -> Run:
    """The scenario of a document, judged by the rules that are wanted (those of the options, if nothing
    else is said); with proofs and needs where the verdict is to be `explained`, and answers to
    interpretations `apart`.  `memo`, if given, serves all runs of one search on the bench."""
    scenario, problems = scenario_from(document, bench.library.lexicon)
    if scenario is None:
        return Run(document, tuple(problems))
    return judge_read(
        bench, document, scenario, problems, wanted, explained=explained, apart=apart, memo=memo
    )


def judge_read(
    bench: Bench,
    document: Document,
    scenario: Scenario,
    told: Sequence[Problem],
    wanted: Callable[[Rule], bool] | None = None,
    *,
    explained: Callable[[Verdict], bool] = lambda _: True,
    apart: bool = True,
    memo: Memo | None = None,
) -> Run:
    """As `judge`, of a scenario that was read from the document; `told`: the problems of reading it."""
    run = derived_run(bench, document, scenario, told)
    return concluded(bench, run, wanted, explained=explained, apart=apart, memo=memo)


def derived_run(bench: Bench, document: Document, scenario: Scenario, told: Sequence[Problem]) -> Run:
    """The first half of `judge_read`: all but the conclusion."""
    problems = list(told)
    if bench.options.as_of is not None:
        scenario = judged_as_of(scenario, bench.options.as_of)
    scenario = assume(scenario)
    case = Case(scenario, bench.asked)
    problems.extend(check_scenario(scenario, case))
    if errors(problems):
        return Run(document, tuple(problems), scenario)
    derived = derived_from(case)
    backed = without_alleged(scenario)
    supported = derived if backed == scenario else derive(backed, bench.asked)
    return Run(document, tuple(problems), scenario, derived, supported)


def concluded(
    bench: Bench,
    run: Run,
    wanted: Callable[[Rule], bool] | None = None,
    *,
    explained: Callable[[Verdict], bool] = lambda _: True,
    apart: bool = True,
    memo: Memo | None = None,
) -> Run:
    """The second half: the run with its conclusion, where it could be derived."""
    if run.derived is None or run.supported is None:
        return run
    subjects = all_subjects(run.derived)
    sure = subjects if run.supported is run.derived else all_subjects(run.supported)
    conclusion = conclude(
        bench.judging, subjects, sure, wanted or bench.wanted, explained=explained, apart=apart, memo=memo
    )
    return replace(run, conclusion=conclusion)


def all_subjects(derived: Derived) -> tuple[Subject, ...]:
    """The subjects, and the phantoms that open lists leave possible."""
    return (*derived.subjects, *derived.phantoms)


def _revived(rule: Rule) -> Rule:
    """A rule that binds, without its dates; permissions and red flags keep theirs."""
    return rule if rule.kind in (Kind.PERMITS, Kind.FLAGS) else replace(rule, validity=(), running=("", ""))


def _disarmed(rule: Rule) -> Rule:
    """An author's inference that was not asked for defeats nothing."""
    return replace(rule, defeats=()) if rule.voice is Voice.AUTHOR else rule


def _readings(
    policies: tuple[Policy, ...], fixed: Mapping[str, str]
) -> tuple[dict[str, frozenset[str]], list[Problem]]:
    known = {f"{p.id}/{i.name}": i for p in policies for i in p.interpretations.values()}
    readings: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    for name, answer in fixed.items():
        meant = [full for full in known if name in (full, full.rpartition("/")[2])]
        if len(meant) != 1:
            why = "names more than one interpretation" if meant else "names no interpretation"
            names = list(known) if meant else [full.rpartition("/")[2] for full in known]
            advice = f"it is one of {', '.join(meant)}" if meant else did_you_mean(name, names)
            problems.append(Problem("unknown-reading", f"`--reading` {quote(name)} {why}", NOWHERE, advice))
        elif answer not in known[meant[0]].answers:
            advice = (
                did_you_mean(answer, known[meant[0]].answers)
                or f"it is one of {', '.join(known[meant[0]].answers)}"
            )
            problems.append(
                Problem("unknown-reading", f"{quote(name)} has no answer {quote(answer)}", NOWHERE, advice)
            )
        else:
            readings[meant[0]] = frozenset({answer})
    return readings, problems
