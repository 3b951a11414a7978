"""A pool of scenarios made to order by the solver: each made when it is first asked for, and then kept.

One a rule has it speak; one a rule and each permission that it stands against has both speak; one a rule has
no rule speak, though it comes near.  All are found by `World.find`, which is the same on every machine, and
made short before anyone sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from redline.analysis.paper import OnPaper
from redline.analysis.stage import LAST
from redline.analysis.variants import on
from redline.analysis.witness import World
from redline.analysis.worlds import Worlds
from redline.engine.circuit import GaveUp, Literal, Rails
from redline.engine.conflicts import conflicts
from redline.engine.plain import document_of
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge
from redline.rules.frozen import dataclass, field, replace
from redline.rules.policy import Rule
from redline.rules.problems import Refused
from redline.rules.truth import FALSE, TRUE
from redline.rules.verdicts import HARMLESS, Kind, Verdict
from redline.testing.mend import Mending
from redline.testing.neat import neat
from redline.testing.written import Mapped, data, mapped

_EFFECTS = (Kind.PERMITS, Kind.FLAGS)
_SPEAKS = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})


@dataclass
class Pool:
    """What the solver has made for the policies of a bench; None stands for what it found no scenario for."""

    bench: Bench
    _made: dict[tuple[str, int, int], Mapped | None] = field(default_factory=dict)

    @cached_property
    def _worlds(self) -> Worlds:
        return Worlds(self.bench)

    @cached_property
    def _paper(self) -> OnPaper:
        return OnPaper(self.bench)

    @cached_property
    def rules(self) -> Mapping[int, Rule]:
        """The rules that run, by their place in the plan."""
        return {i: rule for i, rule in self.bench.judging.rules() if self.bench.wanted(rule)}

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Permissions and the rules against which they stand: of one stater and layer, and not named."""
        return tuple(
            (p, i)
            for p, permission in self.rules.items()
            for i, rule in self.rules.items()
            if permission.kind is Kind.PERMITS and rule.kind in (Kind.PROHIBITS, Kind.REQUIRES)
            if rule.subject == permission.subject and rule.layer is permission.layer
            if _stater(rule) == _stater(permission) and name(rule) not in permission.defeats
        )

    def speaking(self, index: int) -> Mapped | None:
        """A scenario in which the rule of that place crosses, calls for an assessment or holds; where an open
        question keeps it from that, one in which it may."""
        return self._once(("rule", index, 0), lambda: self._speaking(index))

    def possible(self, index: int) -> bool:
        """Whether the rule of that place may speak on paper; if not, it speaks in no scenario."""
        try:
            found = self._paper.verdicts(self._paper.case(index))
        except GaveUp:
            return True
        return bool(found & _SPEAKS)

    def closed(self, index: int) -> bool:
        """Whether no open question may keep the rule of that place from speaking certainly."""
        return not any(variable.sort == "open" for variable in self._paper.case(index).variables)

    def conflicting(self, pair: tuple[int, int]) -> Mapped | None:
        """A scenario in which the permission holds and the rule crosses."""
        return self._once(("conflict", *pair), lambda: self._conflicting(*pair))

    def silent(self, index: int) -> Mapped | None:
        """A scenario of which no rule says anything, though the rule of that place is about it or, if it
        always is or never, is near to it."""
        return self._once(("gap", index, 0), lambda: self._silent(index))

    def quiet(self, scenario: Mapped) -> bool:
        """Whether no rule says anything of the scenario."""
        return _judged_good(self.bench, scenario, speaks_not)

    def _once(self, key: tuple[str, int, int], make: Callable[[], Mapped | None]) -> Mapped | None:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _speaking(self, index: int) -> Mapped | None:
        rule = self.rules[index]
        for certain in (True, False):

            def literals(world: World) -> list[Literal]:
                rails = _says(world, index, rule)
                return [rails.yes if certain else -rails.no]  # noqa: B023  # asked at once

            def good(run: Run) -> bool:
                return applies(run, rule, certain=certain)  # noqa: B023  # as above

            found = self._found(rule.subject, literals, [index], good)
            if found is None:
                found = self._mended(index, good, certain=certain)
            if found is not None:
                return found
        return None

    def _mended(self, index: int, good: Callable[[Run], bool], *, certain: bool) -> Mapped | None:
        """What the solver does not find: the neutral scenario brought there fact by fact."""
        if not self.possible(index) or (not certain and self.closed(index)):
            return None
        rule = self.rules[index]
        few = _with_only(self.bench, [name(rule)])
        at = next(i for i, each in few.judging.rules() if name(each) == name(rule))

        def still(scenario: Mapped) -> bool:
            return _judged_good(few, scenario, good)

        found = Mending(few, at, certain).found((), still)
        return None if found is None else neat(found, still)

    def _conflicting(self, permission: int, against: int) -> Mapped | None:
        both = [self.rules[permission], self.rules[against]]

        def literals(world: World) -> list[Literal]:
            return [world.said(permission).holds(world.circuit).yes, world.said(against).crosses.yes]

        def good(run: Run) -> bool:
            return all(applies(run, rule) for rule in both)

        return self._found(both[0].subject, literals, [permission, against], good)

    def _silent(self, index: int) -> Mapped | None:
        near = self.rules[index]
        same = [i for i, rule in self.rules.items() if rule.subject == near.subject]

        def quiet(world: World) -> list[Literal]:
            every = range(len(world.subjects))
            return [_says(world, i, self.rules[i], at).no for at in every for i in same]

        def close(world: World) -> list[Literal]:
            return [*quiet(world), world.said(index).bound.yes]

        def good(run: Run) -> bool:
            return speaks_not(run)

        everything = [*self.rules]
        return self._found(near.subject, close, same, good, judged=everything) or self._found(
            near.subject, quiet, same, good, judged=everything
        )

    def _found(
        self,
        kind: str,
        literals: Callable[[World], list[Literal]],
        asked: Sequence[int],
        good: Callable[[Run], bool],
        judged: Sequence[int] = (),
    ) -> Mapped | None:
        few = self.bench if judged else _with_only(self.bench, [name(self.rules[i]) for i in asked])

        def still(scenario: Mapped, readings: Mapping[str, str]) -> bool:
            fixed = {key: frozenset({answer}) for key, answer in readings.items()}
            return _judged_good(replace(few, readings={**few.readings, **fixed}), scenario, good)

        for silent in (False, True):
            world = self._worlds.of(kind, silent=silent)
            try:
                places = range(len(world.subjects)) if judged else (LAST,)
                tried = world.find(literals(world), [(i, at) for at in places for i in asked], good)
            except GaveUp:
                continue
            if tried is not None:
                readings = tried.readings
                whole = mapped(data(document_of(tried.data).root))
                if not judged or still(whole, readings):
                    return neat(whole, lambda each: still(each, readings))  # noqa: B023  # asked at once
        return None


def applies(run: Run, rule: Rule, *, certain: bool = True) -> bool:
    """Whether of some subject, under some answers to interpretations, the rule crosses, calls for an
    assessment or (a permission, a red flag) holds; not `certain`: or may."""
    assert run.conclusion is not None
    if rule.kind in _EFFECTS:
        held = [e.holds for e in run.conclusion.effects if name(e.rule) == name(rule)]
        return TRUE in held or (not certain and any(each is not FALSE for each in held))
    wanted = _SPEAKS if certain else _SPEAKS | {Verdict.UNDETERMINED}
    return any(
        under.verdict in wanted
        for finding in run.conclusion.findings
        if name(finding.rule) == name(rule)
        for under in finding.under
    )


def speaks_not(run: Run) -> bool:
    """Whether no rule says anything of the scenario: nothing crosses, is open, needs an assessment or is
    authorised, no permission holds and no red flag is raised."""
    assert run.conclusion is not None
    negative = HARMLESS - {Verdict.AUTHORISED}
    return all(f.verdict in negative for f in run.conclusion.findings) and all(
        e.holds is FALSE for e in run.conclusion.effects
    )


def in_conflict(run: Run) -> bool:
    """Whether something is both permitted and forbidden by one stater in one layer."""
    assert run.conclusion is not None
    return bool(conflicts(run.conclusion))


def _judged_good(bench: Bench, scenario: Mapped, good: Callable[[Run], bool]) -> bool:
    try:
        run = judge(bench, document_of(scenario), explained=lambda _: False)
    except Refused:
        return False
    return run.conclusion is not None and good(run)


def _with_only(bench: Bench, rules: Sequence[str]) -> Bench:
    """The bench with these rules, and the permissions that name one of them, alone: quicker to judge by."""
    policies = tuple(
        replace(p, rules=tuple(r for r in p.rules if name(r) in rules or {*r.defeats} & {*rules}))
        for p in bench.library.policies
    )
    return on(bench, policies)


def _says(world: World, index: int, rule: Rule, at: int = LAST) -> Rails:
    said = world.said(index, at)
    return said.holds(world.circuit) if rule.kind in _EFFECTS else said.crosses


def _stater(rule: Rule) -> tuple[str, str]:
    return (" ".join(rule.stated_by.split()).casefold(), "") if rule.stated_by else ("", rule.policy)
