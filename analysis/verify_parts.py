"""Parts of rules that never matter: an exception, or an interpretation whose answers make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from redline.analysis.boxed import EFFECTS
from redline.analysis.joint import opposite
from redline.analysis.variants import ASIDE, alternatives, answered, answered_id, part_of, readings_in
from redline.analysis.verify_ask import Asking, Question, Says, speaking, spoken
from redline.analysis.witness import TRIES
from redline.engine.circuit import Circuit, Literal
from redline.engine.reference import name
from redline.engine.run import Run
from redline.rules.condition import Condition
from redline.rules.evidence import Evidence, Flaw, FlawKind, Proved, Undetermined, Witness
from redline.rules.policy import Policy, Rule
from redline.rules.truth import TRUE
from redline.rules.verdicts import Verdict

ANSWERS_TRIES = 4 * TRIES
"""How many scenarios are tried to tell two answers apart."""


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
        set_aside = {
            f.subject.label
            for f in run.conclusion.findings
            if name(f.rule) == name(rule) and f.verdict is Verdict.NOT_CROSSED and f.exception is TRUE
        }
        return bool(set_aside & spoken(run, exception))

    return Question(rule.subject, (index, part, *others), literals, seen)


def answers_apart(rules: Iterable[Rule], policies: Iterable[Policy]) -> Iterator[Rule]:
    """A variant of each rule for each answer to each interpretation that it turns on."""
    answers = _answers(policies)
    for rule in rules:
        for reading in sorted(readings_in(rule)):
            for answer in answers[reading]:
                yield answered(rule, reading, answer)


def _answers(policies: Iterable[Policy]) -> dict[str, tuple[str, ...]]:
    return {f"{p.id}/{i.name}": tuple(i.answers) for p in policies for i in p.interpretations.values()}


def idle_interpretations(asking: Asking, policies: Sequence[Policy]) -> Iterator[Flaw]:
    """Interpretations whose answers make no rule say anything else; those of `answers_apart` are there."""
    index = {name(rule): i for i, rule in asking.rules.items()}
    turning: dict[str, list[Rule]] = {}
    for rule in list(asking.rules.values()):
        if ASIDE not in rule.id and asking.bench.wanted(rule):
            for reading in readings_in(rule):
                turning.setdefault(reading, []).append(rule)
    answers = _answers(policies)
    for policy in policies:
        for interpretation in policy.interpretations.values():
            reading = f"{policy.id}/{interpretation.name}"
            questions = [
                _differing(asking, index[one], index[other])
                for rule in turning.get(reading, ())
                for one, other in permutations(
                    (f"{rule.policy}/{answered_id(rule, reading, answer)}" for answer in answers[reading]), 2
                )
            ]
            evidence = _some_shown(asking, questions)
            if not isinstance(evidence, Witness):
                says = f"the answers to `{interpretation.name}` never make a difference"
                yield Flaw(FlawKind.IDLE_INTERPRETATION, (reading,), says, evidence, interpretation.span)


def _differing(asking: Asking, one: int, other: int) -> Question:
    """That the rule speaks under one answer, and not under the other."""
    rule, same = asking.rules[one], asking.rules[other]

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        return [speaking(circuit, says(one), rule).yes, speaking(circuit, says(other), same).no]

    def seen(run: Run) -> bool:
        return bool(spoken(run, rule) - spoken(run, same, certain=False))

    return Question(rule.subject, (one, other), literals, seen)


def _some_shown(asking: Asking, questions: Sequence[Question]) -> Evidence:
    """A witness of one of the questions; else a proof that none can have one."""
    if any(asking.shown_by_facts(question) for question in questions):
        return Witness("")
    evidence: Evidence = Proved()
    for question in questions:
        found = asking.evidence(question, tries=ANSWERS_TRIES)
        if isinstance(found, Witness):
            return found
        if not isinstance(evidence, Undetermined):
            evidence = found
    return evidence
