"""What a report says of rules themselves, of subjects and of places: on whose word, from where."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from redline.answers.naming import Naming
from redline.answers.say_conditions import definitions
from redline.answers.say_values import country, said_name
from redline.engine.characters import visible
from redline.engine.library import folder
from redline.engine.reference import Readings
from redline.rules.countries import country_names
from redline.rules.facts import Fact
from redline.rules.frozen import dataclass, field
from redline.rules.policy import Rule
from redline.rules.record import Subject
from redline.rules.register import Register, Statement
from redline.rules.report import About, Cited, Defined, RuleCard, Source


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to tell of findings: the names, the statements cited, and the answers fixed."""

    naming: Naming
    statements: Mapping[str, tuple[Register, Statement]]
    readings: Readings
    cards: dict[str, RuleCard] = field(default_factory=dict, compare=False)


def telling(naming: Naming, registers: Iterable[Register], readings: Readings) -> Telling:
    """Telling of findings under the registers."""
    statements = {s.id: (r, s) for r in registers for s in r.statements}
    return Telling(naming, statements, readings)


def rule_card(told: Telling, rule: Rule) -> RuleCard:
    """What a rule says, on whose word, and where; made once for all its findings."""
    name = f"{rule.policy}/{rule.id}"
    if name not in told.cards:
        told.cards[name] = _rule_card(told, rule)
    return told.cards[name]


def _rule_card(told: Telling, rule: Rule) -> RuleCard:
    known: dict[str, Any] = {
        "rule": visible(f"{rule.policy}/{rule.id}"),
        "policy": visible(rule.policy),
        "kind": rule.kind,
        "layer": rule.layer,
        "strength": rule.strength,
        "voice": rule.voice,
        "stated_by": who(rule.stated_by),
        "addressed_to": who(rule.addressed_to),
        "says": on_one_line(rule.says),
        "file": place_of(rule.span.document),
        "line": rule.span.line,
        "sources": tuple(_source(told, name) for name in rule.source),
        "note": on_one_line(rule.note),
    }
    return RuleCard.late(lambda: RuleCard(**known, defined=_defined(told, rule)), **known)


def _defined(told: Telling, rule: Rule) -> tuple[Defined, ...]:
    """The named conditions that the rule uses, in words."""
    conditions = (rule.scope, rule.when, rule.unless, rule.requires)
    found = definitions(conditions, rule.subject, told.naming.asked)
    return tuple(Defined(name, means) for name, means in found.items())


def about(naming: Naming, subject: Subject) -> About:
    """The subject of a finding."""
    return About(
        subject.kind,
        visible(subject.label),
        naming.subject(subject),
        subject.transfer,
        subject.item,
        subject.phantom,
    )


def who(name: str) -> str:
    """Who states a rule or is addressed: a country by its name, anyone else as written."""
    return country(name) if name in country_names() else said_name(name) if name else ""


def on_one_line(text: str) -> str:
    """A text of several lines as one."""
    return visible(" ".join(text.split()))


def place_of(document: str) -> str:
    """The file as a report names it: what ships by its folder, so that no machine's paths are told."""
    for kind, start in _folders():
        if document.startswith(start):
            return f"{kind}/{document[len(start) :].replace(os.sep, '/')}"
    return visible(document)


@cache
def _folders() -> tuple[tuple[str, str], ...]:
    return tuple((kind, f"{folder(kind)}{os.sep}") for kind in ("policies", "scenarios", "seeds"))


def cited(fact: Fact) -> Cited:
    """The place of a fact."""
    return Cited(
        visible(fact.path),
        place_of(fact.span.document),
        fact.span.line,
        fact.grade.word,
        visible(fact.source),
    )


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
        paraphrase=on_one_line(statement.paraphrase),
    )
