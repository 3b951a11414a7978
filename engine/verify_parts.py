"""Parts of rules that never matter: an exception, or an interpretation whose answers make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from redline.engine.circuit import Circuit, Literal
from redline.engine.joint import opposite
from redline.engine.reference import name
from redline.engine.run import Run
from redline.engine.variants import ASIDE, alternatives, part_of
from redline.engine.verify_ask import EFFECTS, Asking, Question, Says, speaks
from redline.rules.condition import Condition
from redline.rules.evidence import Flaw, FlawKind, Witness
from redline.rules.policy import Rule
from redline.rules.truth import TRUE
from redline.rules.verdicts import Verdict


def exceptions_apart(rules: Iterable[Rule]) -> Iterator[Rule]:
    """A variant for each alternative of each rule's exception, raised where that alone would except."""
    for rule in rules:
        for number, part in enumerate(_exceptions(rule)):
            yield part_of(rule, number, part)


def _exceptions(rule: Rule) -> tuple[Condition, ...]:
    return () if rule.unless is None or rule.kind in EFFECTS else alternatives(rule.unless)


def idle_exceptions(asking: Asking, kind: str) -> Iterator[Flaw]:
    """Exceptions that never set aside what would else cross; the variants of `exceptions_apart` are there."""
    index = {name(rule): i for i, rule in asking.rules.items()}
    for i in asking.of_kind(kind):
        rule = asking.rules[i]
        parts = _exceptions(rule)
        variants = [index[f"{name(rule)}{ASIDE}{number}"] for number in range(len(parts))]
        for part, variant in zip(parts, variants, strict=True):
            question = _excepts(asking, i, variant, [v for v in variants if v != variant])
            if asking.shown_by_facts(question):
                continue
            evidence = asking.evidence(question)
            if not isinstance(evidence, Witness):
                says = "this exception never sets aside what would else cross"
                yield Flaw(FlawKind.IDLE_EXCEPTION, (name(rule),), says, evidence, part.span)


def _excepts(asking: Asking, index: int, part: int, others: list[int]) -> Question:
    """That the rule would cross, and this part of its exception alone keeps it from it."""
    rule, exception = asking.rules[index], asking.rules[part]

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        one = says(index)
        bites = circuit.all((one.bound, one.when, opposite(one.permitted), opposite(one.met)))
        return [bites.yes, says(part).holds(circuit).yes, *(says(i).holds(circuit).no for i in others)]

    def seen(run: Run) -> bool:
        assert run.conclusion is not None
        set_aside = any(
            f.verdict is Verdict.NOT_CROSSED and f.exception is TRUE
            for f in run.conclusion.findings
            if name(f.rule) == name(rule)
        )
        return set_aside and speaks(run, exception)

    return Question(rule.subject, (index, part, *others), literals, seen)
