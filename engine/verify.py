"""Whether policies are consistent: every rule tried for what it may never do, and against the others.

Of each question there is a scenario that the evaluator has judged, or a proof that there is none, or neither
within the bounds.  A witness comes from an outline (`witness.py`); a proof from the record of a subject of
which nothing is known, where every field is independent of every other, so that more is possible there than
in any scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from redline.engine.blanks import unknown_row
from redline.engine.case import Case
from redline.engine.circuit import Budget, Circuit, GaveUp, Literal, Rails
from redline.engine.formula import NO
from redline.engine.ground import ground_entry
from redline.engine.joint import Joint, Said, at_path, opposite
from redline.engine.plain import document_of
from redline.engine.reference import name
from redline.engine.run import Bench, Run
from redline.engine.sharpen import STEPS, Sharpening, possible
from redline.engine.slots import slotted
from redline.engine.variants import ASIDE, alternatives, beside, part_of
from redline.engine.witness import LAST, Tried, World
from redline.engine.write import to_yaml
from redline.rules.evidence import Evidence, Flaw, FlawKind, Proved, Undetermined, Witness
from redline.rules.frozen import dataclass, field, replace
from redline.rules.policy import Rule
from redline.rules.record import Row
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.verdicts import Kind, Verdict
from redline.rules.vocabulary import SUBJECTS

SLOTS = 2
"""In proofs about several rules together: how many elements each list may have."""
_CROSSED = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})
_EFFECTS = (Kind.PERMITS, Kind.FLAGS)
_BUDGET = "the search was given up"


@dataclass
class Analysis:
    """The analyses of one set of policies."""

    bench: Bench
    worlds: dict[tuple[str, bool], World] = field(default_factory=dict)

    def flaws(self) -> Iterator[Flaw]:
        """Everything that is found, kind after kind."""
        for kind in SUBJECTS:
            rules = {i: rule for i, rule in self._rules() if rule.subject == kind}
            alive = {i: self._alive(i) for i in rules}
            for i, evidence in alive.items():
                if not isinstance(evidence, Witness):
                    yield self._never(i, evidence)
            live = [i for i in rules if isinstance(alive[i], Witness)]
            yield from self._conflicts(kind, live)
            yield from self._redundant(kind, live)
        yield from self._idle_exceptions()

    def _rules(self) -> Iterator[tuple[int, Rule]]:
        return ((i, rule) for i, rule in self.bench.judging.rules() if self.bench.wanted(rule))

    # --- dead and shadowed ---

    def _alive(self, index: int) -> Evidence:
        """A scenario in which the rule says something, or that there is none."""
        rule = self._rule(index)

        def good(run: Run) -> bool:
            return _speaks(run, rule, certain=certain)

        certain = True
        found = self._find(rule.subject, lambda w: [_crosses(w, index, rule)], [(index, LAST)], good)
        if isinstance(found, Witness):
            return found
        case = self._blank_case(index)
        possible = _possible(case)
        if possible is None:
            return Undetermined(_BUDGET)
        if not possible & _CROSSED:
            return Proved()
        certain = False  # an open question keeps it from ever being certain
        if any(variable.sort == "open" for variable in case.variables):
            lenient = self._find(rule.subject, lambda w: [-_says(w, index, rule).no], [(index, LAST)], good)
            if isinstance(lenient, Witness):
                return lenient
        return found if isinstance(found, Undetermined) else Undetermined("it is possible on paper alone")

    def _never(self, index: int, evidence: Evidence) -> Flaw:
        rule = self._rule(index)
        kind, says = FlawKind.DEAD, "it never crosses, whatever the scenario"
        if rule.kind in _EFFECTS:
            says = "it never applies, whatever the scenario"
        elif isinstance(evidence, Proved) and (rule.unless is not None or self._permits(index)):
            bare = replace(self._blank_case(index), permits=())
            with Sharpening(replace(bare, unless=NO)) as sharpening:
                free = [v.free for v in bare.variables]
                if _CROSSED & sharpening.possible(free, Budget(STEPS)):
                    kind, says = FlawKind.SHADOWED, "whenever it would cross, something sets it aside"
        return Flaw(kind, (name(rule),), says, evidence, rule.span)

    # --- conflicts ---

    def _conflicts(self, kind: str, live: Sequence[int]) -> Iterator[Flaw]:
        """For each permission, the rules by the same stater in the same layer against which it stands."""
        for p in live:
            permission = self._rule(p)
            against = [i for i in live if permission.kind is Kind.PERMITS and self._stands(permission, i)]
            found: dict[int, Witness] = {}
            while left := [i for i in against if i not in found]:
                new = self._conflict(kind, p, left)
                if new is None:
                    break
                found |= new
            if found:
                first, *others = found
                yield Flaw(
                    FlawKind.CONFLICT,
                    (name(permission), name(self._rule(first))),
                    _conflict_says(len(others)),
                    found[first],
                    permission.span,
                    tuple(name(self._rule(i)) for i in others),
                )

    def _conflict(self, kind: str, p: int, left: Sequence[int]) -> dict[int, Witness] | None:
        """Those of the rules that one scenario has cross while the permission holds."""
        permission = self._rule(p)
        crossed: list[int] = []

        def good(run: Run) -> bool:
            crossed[:] = [i for i in left if _speaks(run, self._rule(i), certain=True)]
            return bool(crossed) and _speaks(run, permission, certain=True)

        def assumed(world: World) -> list[Literal]:
            some = world.circuit.either([world.said(i).crosses.yes for i in left])
            return [world.said(p).holds(world.circuit).yes, some]

        asked = [(p, LAST), *((i, LAST) for i in left)]
        found = self._find(kind, assumed, asked, good)
        return dict.fromkeys(crossed, found) if isinstance(found, Witness) else None

    def _stands(self, permission: Rule, index: int) -> bool:
        rule = self._rule(index)
        return (
            rule.kind in (Kind.PROHIBITS, Kind.REQUIRES)
            and rule.layer is permission.layer
            and _stater(rule) == _stater(permission)
            and name(rule) not in permission.defeats
        )

    # --- redundant ---

    def _redundant(self, kind: str, live: Sequence[int]) -> Iterator[Flaw]:
        binding = [i for i in live if self._rule(i).kind not in _EFFECTS]
        for index in binding:
            others = [i for i in binding if i != index]
            evidence, among = self._alone(kind, index, others)
            if not isinstance(evidence, Witness):
                rule = self._rule(index)
                yield Flaw(
                    FlawKind.REDUNDANT, (name(rule),), "it is never the sole reason", evidence, rule.span,
                    tuple(name(self._rule(i)) for i in among),
                )  # fmt: skip

    def _alone(self, kind: str, index: int, others: Sequence[int]) -> tuple[Evidence, Sequence[int]]:
        """A scenario in which the rule crosses and none of the others does; else the proof, and with which
        others it always crosses."""
        rule = self._rule(index)

        def good(run: Run) -> bool:
            return _speaks(run, rule, certain=True) and not any(
                _speaks(run, self._rule(i), certain=True) for i in others
            )

        def assumed(world: World) -> list[Literal]:
            return [world.said(index).crosses.yes, *(-world.said(i).crosses.yes for i in others)]

        found = self._find(kind, assumed, [(i, LAST) for i in (index, *others)], good)
        if isinstance(found, Witness):
            return found, ()
        with Circuit("glucose42") as circuit:
            joint = Joint(circuit, self.bench.plan, self._slotted[kind], at_path, certain=False)
            against = {-joint.said(i).crosses.yes: i for i in others}
            try:
                if circuit.possible([joint.said(index).crosses.yes, *against], Budget(STEPS)):
                    return found or Undetermined("it is possible on paper alone"), ()
            except GaveUp:
                return Undetermined(_BUDGET), ()
            among = [i for literal, i in against.items() if literal in circuit.against()]
        return Proved(f"lists of up to {SLOTS} elements"), among

    # --- exceptions ---

    def _idle_exceptions(self) -> Iterator[Flaw]:
        parts = [(i, rule, alternatives(rule.unless)) for i, rule in self._rules() if rule.unless is not None]
        variants = [part_of(rule, n, part) for _, rule, found in parts for n, part in enumerate(found)]
        inner = Analysis(beside(self.bench, variants))
        index = {name(rule): i for i, rule in inner.bench.judging.rules()}
        for _, rule, found in parts:
            for n, part in enumerate(found):
                these = [index[f"{name(rule)}{ASIDE}{m}"] for m in range(len(found))]
                evidence = inner._excepts(index[name(rule)], these[n], [i for i in these if i != these[n]])
                if not isinstance(evidence, Witness):
                    span = getattr(part, "span", rule.span)
                    says = "this exception never sets aside what would else cross"
                    yield Flaw(FlawKind.IDLE_EXCEPTION, (name(rule),), says, evidence, span)

    def _excepts(self, index: int, part: int, others: Sequence[int]) -> Evidence:
        """A scenario that would cross but for this part of the rule's exception."""
        rule, exception = self._rule(index), self._rule(part)

        def literals(circuit: Circuit, said: Callable[[int], Said]) -> list[Literal]:
            one = said(index)
            bites = circuit.all((one.bound, one.when, opposite(one.permitted), opposite(one.met)))
            alone = [said(i).holds(circuit).no for i in others]
            return [bites.yes, said(part).holds(circuit).yes, *alone]

        def good(run: Run) -> bool:
            return _speaks(run, exception, certain=True) and _excepted(run, rule)

        asked = [(i, LAST) for i in (index, part, *others)]
        found = self._find(rule.subject, lambda w: literals(w.circuit, w.said), asked, good)
        if isinstance(found, Witness):
            return found
        with Circuit("glucose42") as circuit:
            joint = Joint(circuit, self.bench.plan, self._slotted[rule.subject], at_path, certain=False)
            try:
                if not circuit.possible(literals(circuit, joint.said), Budget(STEPS)):
                    return Proved(f"lists of up to {SLOTS} elements")
            except GaveUp:
                pass
        return found or Undetermined("it is possible on paper alone")

    # --- what is asked ---

    def _find(
        self, kind: str, assumed: Callable[[World], list[Literal]],
        asked: Sequence[tuple[int, int]], good: Callable[[Run], bool],
    ) -> Witness | Undetermined | None:  # fmt: skip
        """A witness, in an outline of which everything is said or of which nothing is; None if neither has
        one."""
        gave_up = False
        for silent in (False, True):
            world = self._world(kind, silent=silent)
            try:
                tried = world.find(assumed(world), asked, good)
            except GaveUp:
                gave_up = True
                continue
            if tried is not None:
                return _witness(tried)
        return Undetermined(_BUDGET) if gave_up else None

    def _world(self, kind: str, *, silent: bool = False) -> World:
        if (kind, silent) not in self.worlds:
            self.worlds[kind, silent] = World(self.bench, kind, silent=silent)
        return self.worlds[kind, silent]

    def _blank_case(self, index: int) -> Case:
        """The rule on a subject of which nothing is known."""
        row = unknown_row(self._rule(index).subject, "", self.bench.asked)
        return ground_entry(self.bench.plan, index, row, {})

    def _permits(self, index: int) -> bool:
        return bool(self.bench.plan.entries[index].permits)

    @cached_property
    def _slotted(self) -> dict[str, Row]:
        return {kind: slotted(kind, self.bench.asked, SLOTS) for kind in SUBJECTS}

    def _rule(self, index: int) -> Rule:
        return self._by_index[index]

    @cached_property
    def _by_index(self) -> dict[int, Rule]:
        return dict(self.bench.judging.rules())


def _crosses(world: World, index: int, rule: Rule) -> Literal:
    return _says(world, index, rule).yes


def _says(world: World, index: int, rule: Rule) -> Rails:
    """That the rule crosses, or, of a permission or a red flag, holds."""
    said = world.said(index)
    return said.holds(world.circuit) if rule.kind in _EFFECTS else said.crosses


def _possible(case: Case) -> frozenset[Verdict] | None:
    """The verdicts that some completion gives; None where that was not found out."""
    try:
        return possible(case, [v.free for v in case.variables], Budget(STEPS))
    except GaveUp:
        return None


def _speaks(run: Run, rule: Rule, *, certain: bool) -> bool:
    """Whether, of some subject, the rule certainly (or, not `certain`, possibly) crosses or holds."""
    assert run.conclusion is not None
    if rule.kind in _EFFECTS:
        held = [e.holds for e in run.conclusion.effects if name(e.rule) == name(rule)]
        return TRUE in held or (not certain and UNKNOWN in held)
    verdicts = {f.verdict for f in run.conclusion.findings if name(f.rule) == name(rule)}
    return bool(verdicts & _CROSSED) or (not certain and Verdict.UNDETERMINED in verdicts)


def _excepted(run: Run, rule: Rule) -> bool:
    """Whether the rule's exception set it aside."""
    assert run.conclusion is not None
    return any(
        f.verdict is Verdict.NOT_CROSSED and f.exception is TRUE
        for f in run.conclusion.findings
        if name(f.rule) == name(rule)
    )


def _stater(rule: Rule) -> str:
    return " ".join(rule.stated_by.split()).casefold() or f"/{rule.policy}"


def _conflict_says(others: int) -> str:
    more = f", as it does {others} more" if others else ""
    return f"it permits what this rule of the same stater forbids{more}, and neither names the other"


def _witness(tried: Tried) -> Witness:
    return Witness(to_yaml(document_of(tried.data).root), dict(tried.readings))
