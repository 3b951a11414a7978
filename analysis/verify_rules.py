"""Rules that say nothing of their own: dead, always set aside, or never the sole reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.analysis.boxed import EFFECTS
from redline.analysis.joint import opposite
from redline.analysis.verify_ask import (
    CROSSED,
    GAVE_UP,
    ON_PAPER,
    Asking,
    Question,
    Says,
    speaking,
    speaks,
    spoken,
)
from redline.analysis.verify_near import Near
from redline.analysis.witness_days import days_in_force
from redline.engine.case import Case
from redline.engine.circuit import Circuit, GaveUp, Literal
from redline.engine.reference import name
from redline.engine.run import Run
from redline.engine.validity import spells
from redline.rules.evidence import Evidence, Flaw, FlawKind, Proved, Witness
from redline.rules.policy import Rule
from redline.rules.truth import TRUE
from redline.rules.values import Stretch
from redline.rules.verdicts import Kind


def alive(asking: Asking, kind: str) -> tuple[tuple[int, ...], tuple[Flaw, ...]]:
    """The rules on that kind of subject that say something in some scenario, and what the others are."""
    boxed = asking.bare(kind).boxed
    living = [index for index in asking.of_kind(kind) if boxed.where(index)]
    left = dict.fromkeys(index for index in asking.of_kind(kind) if not boxed.where(index))
    flaws: list[Flaw] = []
    for index in list(left):
        if index not in left:
            continue
        question = _speaking(asking, index)
        if asking.shown_by_facts(question):
            # the same facts have others speak too
            circuit = asking.world(kind).circuit
            heard = [i for i in left if circuit.held(_says(asking, circuit, index=i))]
        else:
            evidence = _evidence(asking, index, question)
            heard = [index] if isinstance(evidence, Witness) else []
            if not heard:
                flaws.append(_flaw(asking, index, evidence))
                del left[index]
        for i in heard:
            del left[i]
        living += heard
    return tuple(sorted(living)), tuple(flaws)


def _says(asking: Asking, circuit: Circuit, *, index: int) -> Literal:
    rule = asking.rules[index]
    return speaking(circuit, asking.world(rule.subject).said(index, by_facts=True), rule).yes


def _speaking(asking: Asking, index: int, *, certain: bool = True) -> Question:
    rule = asking.rules[index]

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        rails = speaking(circuit, says(index), rule)
        return [rails.yes if certain else -rails.no]

    return Question(rule.subject, (index,), literals, lambda run: speaks(run, rule, certain=certain))


def _evidence(asking: Asking, index: int, question: Question) -> Evidence:
    found = asking.shown(question)
    if isinstance(found, Witness):
        return found
    case = asking.paper.case(index)
    try:
        told = asking.paper.verdicts(case)
    except GaveUp:
        return GAVE_UP
    if not told & CROSSED:
        return Proved()
    if asking.impossible(question) is not None and not _open(case):
        return asking.proved(question.kind)  # no two of its tests are told of one thing
    if _open(case):
        # an open question keeps it from ever being certain: that it may speak is all it can do
        doubtful = asking.shown(_speaking(asking, index, certain=False))
        if isinstance(doubtful, Witness):
            return doubtful
    return found or ON_PAPER


def _unhindered(asking: Asking, index: int) -> Question:
    """That the rule would cross, whatever sets it aside."""
    rule = asking.rules[index]

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        said = says(index)
        unmet = [opposite(said.met)] if rule.kind is Kind.REQUIRES else []
        return [circuit.all((said.bound, said.when, *unmet)).yes]

    return Question(rule.subject, (index,), literals, lambda _: False)


def _open(case: Case) -> bool:
    """Whether it turns on an open question."""
    return any(variable.sort == "open" for variable in case.variables)


def _flaw(asking: Asking, index: int, evidence: Evidence) -> Flaw:
    rule = asking.rules[index]
    kind = FlawKind.DEAD
    says = f"it never {'applies' if rule.kind in EFFECTS else 'crosses'}, whatever the scenario"
    if isinstance(evidence, Proved) and asking.impossible(_unhindered(asking, index)) is None:
        kind, says = FlawKind.SHADOWED, "whenever it would cross, something sets it aside"
    return Flaw(kind, (name(rule),), says, evidence, rule.span)


def redundant(asking: Asking, kind: str, living: Sequence[int]) -> Iterator[Flaw]:
    """The rules that cross only where others do too."""
    binding = [i for i in living if asking.rules[i].kind not in EFFECTS]
    near = Near(asking, kind, binding)
    for index in binding:
        if near.alone(index):
            continue
        evidence, among = _never_alone(asking, kind, index, binding, near.beside(index))
        if not isinstance(evidence, Witness):
            rule = asking.rules[index]
            others = tuple(name(asking.rules[i]) for i in among)
            says = "whenever it crosses, " + ("others do too" if others else "others may too")
            yield Flaw(FlawKind.REDUNDANT, (name(rule),), says, evidence, rule.span, others)


def _alone(asking: Asking, kind: str, index: int, binding: Sequence[int], *, strict: bool) -> Question:
    """That the rule crosses and no other certainly does (or, `strict`, possibly)."""
    others = [i for i in binding if i != index]

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        rails = (says(i).crosses for i in others)
        return [says(index).crosses.yes, *(r.no if strict else -r.yes for r in rails)]

    return Question(kind, (index, *others), literals, lambda run: speaks_alone(asking, run, index, others))


def speaks_alone(asking: Asking, run: Run, index: int, others: Sequence[int]) -> bool:
    """Whether of some subject the rule certainly crosses, and none of the others does."""
    beside = (spoken(run, asking.rules[i]) for i in others)
    return bool(spoken(run, asking.rules[index]).difference(*beside))


def _never_alone(
    asking: Asking, kind: str, index: int, binding: Sequence[int], near: Sequence[int]
) -> tuple[Evidence, Sequence[int]]:
    """A proof that one of those near always crosses where the rule does, and which; or a scenario."""
    against: dict[Literal, int] = {}

    def never(then: Sequence[int]) -> frozenset[Literal] | None:
        def literals(circuit: Circuit, says: Says) -> list[Literal]:
            against.update({-says(i).crosses.yes: i for i in near})
            held = [asking.in_force(i) for i in then]
            return [says(index).crosses.yes, *dict.fromkeys(against), *held]

        return asking.impossible(Question(kind, (index, *near), literals, lambda _: False))

    rules = asking.rules
    cores = [never([i for i in near if _runs_over(rules[i], days)]) for days in days_in_force(rules[index])]
    found = frozenset().union(*(core for core in cores if core is not None))
    if None not in cores:
        return asking.proved(kind), [i for literal, i in against.items() if literal in found]
    if asking.shown_by_facts(_alone(asking, kind, index, binding, strict=True)):
        return Witness(""), ()
    return asking.shown(_alone(asking, kind, index, binding, strict=False)) or ON_PAPER, ()


def _runs_over(rule: Rule, days: Stretch) -> bool:
    """Whether the rule is in force for whatever lies in the stretch, and has a validity that tells it."""
    if not rule.validity or any(rule.running):
        return False
    return any(truth is TRUE and days.meet(stretch) == days for stretch, truth in spells(rule))
