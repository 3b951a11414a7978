"""Rules that say nothing of their own: dead, always set aside, or never the sole reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.engine.boxed import EFFECTS, Boxed
from redline.engine.circuit import Budget, Circuit, GaveUp, Literal
from redline.engine.formula import NO
from redline.engine.reference import name
from redline.engine.run import Run
from redline.engine.sharpen import STEPS, Sharpening, possible
from redline.engine.verify_ask import (
    CROSSED,
    GAVE_UP,
    ON_PAPER,
    Asking,
    Question,
    Says,
    speaking,
    speaks,
)
from redline.rules.evidence import Evidence, Flaw, FlawKind, Proved, Witness
from redline.rules.frozen import replace

_STEPS = 20_000
"""How many values are tried to keep one rule apart from the others, before the solver is asked."""


def alive(asking: Asking, kind: str) -> tuple[tuple[int, ...], tuple[Flaw, ...]]:
    """The rules on that kind of subject that say something in some scenario, and what the others are."""
    boxed = asking.bare(kind).boxed
    living = [index for index in asking.of_kind(kind) if boxed.where(index, sure=True)]
    left = dict.fromkeys(index for index in asking.of_kind(kind) if not boxed.where(index, sure=True))
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
    case = asking.blank_case(index)
    try:
        verdicts = possible(case, [v.free for v in case.variables], Budget(STEPS))
    except GaveUp:
        return GAVE_UP
    if not verdicts & CROSSED:
        return Proved()
    if any(variable.sort == "open" for variable in case.variables):
        # an open question keeps it from ever being certain: that it may speak is all it can do
        doubtful = asking.shown(_speaking(asking, index, certain=False))
        if isinstance(doubtful, Witness):
            return doubtful
    return found or ON_PAPER


def _flaw(asking: Asking, index: int, evidence: Evidence) -> Flaw:
    rule = asking.rules[index]
    kind = FlawKind.DEAD
    says = f"it never {'applies' if rule.kind in EFFECTS else 'crosses'}, whatever the scenario"
    case = asking.blank_case(index)
    if isinstance(evidence, Proved) and (rule.unless is not None or case.permits):
        with Sharpening(replace(case, unless=NO, permits=())) as sharpening:
            if sharpening.possible([v.free for v in case.variables], Budget(STEPS)) & CROSSED:
                kind, says = FlawKind.SHADOWED, "whenever it would cross, something sets it aside"
    return Flaw(kind, (name(rule),), says, evidence, rule.span)


def redundant(asking: Asking, kind: str, living: Sequence[int]) -> Iterator[Flaw]:
    """The rules that cross only where others do too."""
    binding = [i for i in living if asking.rules[i].kind not in EFFECTS]
    near = Near(asking.bare(kind).boxed, binding)
    for index in binding:
        if near.alone(index):
            continue
        if asking.shown_by_facts(_alone(asking, kind, index, binding, strict=True)):
            continue
        evidence, among = _never_alone(asking, _alone(asking, kind, index, binding, strict=False))
        if not isinstance(evidence, Witness):
            rule = asking.rules[index]
            others = tuple(name(asking.rules[i]) for i in among)
            says = "whenever it crosses, " + ("others do too" if others else "others may too")
            yield Flaw(FlawKind.REDUNDANT, (name(rule),), says, evidence, rule.span, others)


class Near:
    """Which rules may cross where another does."""

    def __init__(self, boxed: Boxed, binding: Sequence[int]) -> None:
        self.boxed = boxed
        self.index = boxed.index(binding, sure=False)

    def alone(self, index: int) -> bool:
        """Whether facts are found under which the rule crosses, and no other may."""
        others = self.index.everything & ~self.index.of.get(index, 0)
        where = self.boxed.where(index, sure=True)
        return any(self.index.outside(box, others, _STEPS) is not None for box in where)


def _alone(asking: Asking, kind: str, index: int, binding: Sequence[int], *, strict: bool) -> Question:
    """That the rule crosses and no other certainly does (or, `strict`, possibly)."""
    rule = asking.rules[index]
    others = [i for i in binding if i != index]

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        rails = (says(i).crosses for i in others)
        return [says(index).crosses.yes, *(r.no if strict else -r.yes for r in rails)]

    def seen(run: Run) -> bool:
        return speaks(run, rule) and not any(speaks(run, asking.rules[i]) for i in others)

    return Question(kind, (index, *others), literals, seen)


def _never_alone(asking: Asking, question: Question) -> tuple[Evidence, Sequence[int]]:
    index, *others = question.asked
    against: dict[Literal, int] = {}

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        against.update({-says(i).crosses.yes: i for i in others})
        return [says(index).crosses.yes, *against]

    core = asking.impossible(replace(question, literals=literals))
    if core is not None:
        return asking.proved(question.kind), [i for literal, i in against.items() if literal in core]
    return asking.shown(question) or ON_PAPER, ()
