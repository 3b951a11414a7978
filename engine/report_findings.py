"""One finding or effect as the report has it: every sentence made, every place named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from redline.engine.characters import visible
from redline.engine.naming import Naming
from redline.engine.reference import Readings, holds
from redline.engine.say import Said, ask, because, outcome_words, weakest
from redline.engine.say_conditions import bodies, negated, words
from redline.engine.say_values import country, listed, said_name
from redline.rules.condition import All, Any, Condition, Named, Not
from redline.rules.countries import country_names
from redline.rules.facts import Fact
from redline.rules.finding import Effect, Finding, Need, Point, Under
from redline.rules.policy import Rule
from redline.rules.record import Subject
from redline.rules.register import Register, Statement
from redline.rules.report import (
    About,
    Asked,
    Because,
    Cited,
    Clause,
    EffectReport,
    FindingReport,
    Outcome,
    Read,
    Reading,
    RuleCard,
    Source,
    Tried,
    Waits,
)
from redline.rules.truth import FALSE, Truth
from redline.rules.verdicts import Kind, Verdict

_TRUTH = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "unknown"}
_NEGATIVE = frozenset({Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to tell of findings: the names, the statements cited, and the answers fixed."""

    naming: Naming
    statements: Mapping[str, tuple[Register, Statement]]
    readings: Readings


def telling(naming: Naming, registers: Iterable[Register], readings: Readings) -> Telling:
    """Telling of findings under the registers."""
    statements = {s.id: (r, s) for r in registers for s in r.statements}
    return Telling(naming, statements, readings)


def finding_report(told: Telling, finding: Finding) -> FindingReport:
    """A finding as the report has it."""
    rule, subject = finding.rule, finding.subject
    called = told.naming.subject(subject)
    return FindingReport(
        verdict=finding.verdict,
        rule=rule_card(told, rule),
        subject=about(told.naming, subject),
        under=tuple(_reading(told, finding, under) for under in finding.under),
        exception=_TRUTH[finding.exception] if rule.unless is not None else "",
        exception_says=_clause(told, rule.unless, rule, called) if rule.unless is not None else "",
        permissions_tried=tuple(_permission(told, name, truth) for name, truth in finding.permissions),
        factors=tuple(
            Tried(visible(name), _clause(told, condition, rule, called), _TRUTH[truth])
            for (name, truth), (_, condition) in zip(finding.factors, rule.factors, strict=True)
        ),
        clauses=() if subject.phantom else tuple(_clauses(told, rule, subject, called)),
    )


def effect_report(told: Telling, effect: Effect) -> EffectReport:
    """A permission or a red flag as the report has it."""
    rule, naming = effect.rule, told.naming
    return EffectReport(
        rule=rule_card(told, rule),
        subject=about(naming, effect.subject),
        holds=_TRUTH[effect.holds],
        question=visible(rule.asks) if rule.kind is Kind.FLAGS else "",
        defeats=tuple(visible(name) for name in rule.defeats),
        because=told_because(because(naming, effect.premises, effect.subject, rule)),
        waits_for=_distinct(Asked(ask(naming, p, effect.subject), visible(p.about)) for p in effect.needs),
    )


def rule_card(told: Telling, rule: Rule) -> RuleCard:
    """What a rule says, on whose word, and where."""
    return RuleCard(
        rule=visible(f"{rule.policy}/{rule.id}"),
        policy=visible(rule.policy),
        kind=rule.kind,
        layer=rule.layer,
        strength=rule.strength,
        voice=rule.voice,
        stated_by=who(rule.stated_by),
        addressed_to=who(rule.addressed_to),
        says=visible(rule.says),
        file=place_of(rule.span.document),
        line=rule.span.line,
        sources=tuple(_source(told, name) for name in rule.source),
        note=visible(rule.note),
    )


def about(naming: Naming, subject: Subject) -> About:
    """The subject of a finding."""
    return About(
        subject.kind, visible(subject.label), naming.subject(subject), subject.transfer, subject.item, subject.phantom
    )


def who(name: str) -> str:
    """Who states a rule or is addressed: a country by its name, anyone else as written."""
    return country(name) if name in country_names() else said_name(name) if name else ""


def place_of(document: str) -> str:
    """The file as a report names it: what ships by its folder, so that no machine's paths are told."""
    for kind, folder in _folders():
        if document.startswith(folder):
            return f"{kind}/{document[len(folder) :].replace(os.sep, '/')}"
    return visible(document)


@cache
def _folders() -> tuple[tuple[str, str], ...]:
    return tuple((kind, f"{files(f'redline.{kind}')}{os.sep}") for kind in ("policies", "scenarios", "seeds"))


def cited(fact: Fact) -> Cited:
    """The place of a fact."""
    return Cited(
        visible(fact.path), place_of(fact.span.document), fact.span.line, fact.grade.word, visible(fact.source)
    )


def told_because(said: Sequence[Said]) -> tuple[Because, ...]:
    """Sentences with the places of their facts."""
    return tuple(
        Because(s.text, tuple(dict.fromkeys(map(cited, s.facts))), weakest(s.facts).word) for s in said
    )


# --- readings ----------------------------------------------------------------------------------


def _reading(told: Telling, finding: Finding, under: Under) -> Reading:
    naming, rule, subject = told.naming, finding.rule, finding.subject
    waits = tuple(_waits(naming, need, subject, rule) for need in under.needs)
    if subject.phantom and not waits:
        waits = (Waits((Asked(f"which other {subject.kind}s are there?"),)),)
    return Reading(
        answers=tuple(_read(naming, name, answer) for name, answer in under.answers.items()),
        verdict=under.verdict,
        because=told_because(because(naming, under.premises, subject, rule)),
        grade=under.grade.word,
        decided_by=_decided_by(told, under.decisive),
        failed=_failed(told, finding, under) if under.verdict in _NEGATIVE else "",
        waits_for=waits,
        open_questions=tuple(visible(q) for q in under.questions),
        searched=under.searched,
        exhaustive=under.exhaustive,
    )


def _read(naming: Naming, name: str, answer: str) -> Read:
    known = naming.interpretations.get(name)
    return Read(visible(name), visible(known.question) if known else "", visible(answer))


def _decided_by(told: Telling, decisive: str) -> str:
    match decisive:
        case "bound":
            return "scope or dates"
        case "when":
            return "condition"
        case "unless":
            return "exception"
        case "met":
            return "requirement"
        case "":
            return ""
        case name:
            return f"permission {visible(name)}"


def _failed(told: Telling, finding: Finding, under: Under) -> str:
    """The condition that is not so (or the exception or permission that holds), in words."""
    rule, naming = finding.rule, told.naming
    called = naming.subject(finding.subject)
    match under.decisive:
        case "bound":
            if rule.scope is not None and rule.scope is not rule.when and _truth(told, finding, under, rule.scope) is FALSE:
                return negated(_culprit(told, finding, under, rule.scope), rule.subject, called, naming.asked)
            return f"the rule is not in force for {called}" if rule.validity else "it is outside the rule's scope"
        case "when":
            assert rule.when is not None
            return negated(_culprit(told, finding, under, rule.when), rule.subject, called, naming.asked)
        case "unless":
            assert rule.unless is not None
            return f"the rule excepts it: {words(rule.unless, rule.subject, called, naming.asked)}"
        case "met":
            assert rule.requires is not None
            return f"what the rule requires is so: {words(rule.requires, rule.subject, called, naming.asked)}"
        case "":
            return ""
        case name:
            permit = naming.rules.get(name)
            return f"a permission sets the rule aside: {visible(permit.says) if permit else visible(name)}"


def _culprit(told: Telling, finding: Finding, under: Under, condition: Condition) -> Condition:
    """The smallest part of a conjunction that alone is false."""
    bare = condition
    while isinstance(bare, Named):
        bare = bare.body
    if isinstance(bare, All):
        for part in bare.parts:
            if _truth(told, finding, under, part) is FALSE:
                return _culprit(told, finding, under, part)
    return bare


def _truth(told: Telling, finding: Finding, under: Under, condition: Condition) -> Truth:
    answers = {name: frozenset({answer}) for name, answer in under.answers.items()}
    return holds(condition, finding.subject.row, {**told.readings, **answers})


# --- needs -------------------------------------------------------------------------------------


def _waits(naming: Naming, need: Need, subject: Subject, rule: Rule) -> Waits:
    facts = tuple(Asked(ask(naming, point, subject), visible(point.about)) for point in need.points)
    outcomes: dict[tuple[str, ...], Outcome] = {}
    for values, verdict in need.outcomes:
        said = tuple(
            _outcome(naming, point, value, subject, rule) for point, value in zip(need.points, values, strict=True)
        )
        outcomes.setdefault((*said, verdict), Outcome(said, verdict))
    return Waits(facts, _gathered(tuple(outcomes.values())))


def _outcome(naming: Naming, point: Point, value: object, subject: Subject, rule: Rule) -> str:
    if point.sort == "rest" and value == "more that matters":
        asked = next(
            (b for c in (rule.scope, rule.when, rule.unless, rule.requires) for b in bodies(c, str(point.path[-2]))), None
        )
        steps = naming.trail(point, subject)
        known = naming.asked.get(steps[-1].row.shape) if steps else None
        listing = known.lists.get(str(point.path[-2])) if known is not None else None
        if asked is not None and listing is not None:
            return words(asked, listing.shape, "another", naming.asked, steps[-1].called)
    return outcome_words(naming, point, value, subject)  # type: ignore[arg-type]  # a value or a word


def _gathered(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """Outcomes of one fact and one verdict as one."""
    if any(len(o.values) != 1 for o in outcomes):
        return outcomes
    by: dict[Verdict, list[str]] = {}
    for outcome in outcomes:
        by.setdefault(outcome.verdict, []).append(outcome.values[0])
    return tuple(Outcome((listed(dict.fromkeys(values)),), verdict) for verdict, values in by.items())


def _distinct(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    return tuple({each.question: each for each in asked}.values())


# --- the rule's parts --------------------------------------------------------------------------


def _clause(told: Telling, condition: Condition, rule: Rule, called: str) -> str:
    return words(condition, rule.subject, called, told.naming.asked)


def _clauses(told: Telling, rule: Rule, subject: Subject, called: str) -> Iterable[Clause]:
    """The rule's conditions, opened as far as all, any and not go, each with whether it holds."""
    parts = (("scope", rule.scope), ("when", rule.when), ("unless", rule.unless), ("requires", rule.requires))
    for part, condition in parts:
        if condition is not None:
            yield from _opened(told, part, condition, rule, subject, called, 0)


def _opened(
    told: Telling, part: str, condition: Condition, rule: Rule, subject: Subject, called: str, depth: int
) -> Iterable[Clause]:
    truth = _TRUTH[holds(condition, subject.row, told.readings)]
    match condition:
        case Named(name, body):
            yield Clause(part, f"{visible(name.replace('_', ' '))}:", truth, depth)
            yield from _opened(told, part, body, rule, subject, called, depth + 1)
        case All(parts) | Any(parts) if len(parts) > 1:
            yield Clause(part, "all of:" if isinstance(condition, All) else "any of:", truth, depth)
            for each in parts:
                yield from _opened(told, part, each, rule, subject, called, depth + 1)
        case All(parts) | Any(parts) if parts:
            yield from _opened(told, part, parts[0], rule, subject, called, depth)
        case Not(inner) if isinstance(inner, All | Any | Named):
            yield Clause(part, "not:", truth, depth)
            yield from _opened(told, part, inner, rule, subject, called, depth + 1)
        case _:
            yield Clause(part, words(condition, rule.subject, called, told.naming.asked), truth, depth)


def _permission(told: Telling, name: str, truth: Truth) -> Tried:
    rule = told.naming.rules.get(name)
    return Tried(visible(name), visible(rule.says) if rule else "", _TRUTH[truth])


def _source(told: Telling, name: str) -> Source:
    if name not in told.statements:
        return Source(visible(name))
    register, statement = told.statements[name]
    return Source(
        statement=name,
        register=register.id,
        paragraphs=tuple(p.number for p in statement.paragraphs),
        speaker=visible(statement.speaker),
        addressee=visible(statement.addressee),
        time=visible(statement.time),
        paraphrase=visible(statement.paraphrase),
    )


