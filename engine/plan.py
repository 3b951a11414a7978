"""The plan: what every loaded rule asks, with nothing left of how it was written.

Each field's domain is cut into the classes of values that no loaded rule can tell apart; a
comparison is then a mask of classes, an integer whose bits are the classes that it accepts.
Negation is gone: it was carried down to the masks.  Interpreters work on the plan and on records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from redline.engine.queries import within
from redline.engine.reference import IS_YES, grants, name
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Every,
    In,
    InForce,
    Is,
    Named,
    Not,
    Query,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.frozen import dataclass, field, replace
from redline.rules.policy import Policy, Rule
from redline.rules.problems import NOWHERE, Span
from redline.rules.values import Amounts, Terms, Test, Value, inside, overlap, partition
from redline.rules.verdicts import Kind

_MANY = 1 << 16  # values kept, of which there may be as many as there are numbers
Key = str | Query
Column = tuple[Key, str]
"""What a domain is of: a field or a question of the catalogue, and the tree of its terms or the unit of
its amounts: shapes share names (`kind`, `state`, the `value` of a list of values) and not what they mean."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The classes of values of one column."""

    column: Column
    classes: tuple[Value, ...]
    _masks: dict[Value, int] = field(default_factory=dict, compare=False, repr=False)
    _within: dict[Value, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def everything(self) -> int:
        """The mask of all classes."""
        return (1 << len(self.classes)) - 1

    def mask(self, value: Value) -> int:
        """The classes that have something of the value; all of them where it is in another unit, or
        contradicts itself: such a value tells nothing."""
        if isinstance(value, Amounts) and value.unit != self.column[1]:
            return self.everything
        known = self._masks.get(value)
        if known is None:
            found = sum(1 << i for i, c in enumerate(self.classes) if overlap(c, value))
            known = found or self.everything
            if len(self._masks) >= _MANY:
                self._masks.clear()
            self._masks[value] = known
        return known

    def within(self, value: Value) -> int:
        """The classes that lie in the value."""
        if value not in self._within:
            self._within[value] = sum(1 << i for i, c in enumerate(self.classes) if inside(c, value))
        return self._within[value]


@dataclass(frozen=True, slots=True)
class PAll:
    """Every part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class PAny:
    """Some part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class PTest:
    """The column's value lies in the classes of `accepts`; of those in `perhaps` it cannot be told."""

    column: Column
    accepts: int
    perhaps: int
    words: str = field(default="", compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PSilent:
    """The scenario is silent about a field (`wanted`), or is not."""

    key: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class PIn:
    """The formula holds of a part."""

    part: str
    body: Formula


@dataclass(frozen=True, slots=True)
class PSome:
    """The formula holds of some element of the list."""

    list: str
    body: Formula


@dataclass(frozen=True, slots=True)
class PEvery:
    """The formula holds of every element of the list."""

    list: str
    body: Formula


@dataclass(frozen=True, slots=True)
class PReading:
    """The interpretation is answered by one of the answers (`wanted`), or by another."""

    name: str
    answers: frozenset[str]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class PUnsettled:
    """A question that is always open; `wanted` tells a question from its negation."""

    question: str
    wanted: bool = True


Formula = PAll | PAny | PTest | PSilent | PIn | PSome | PEvery | PReading | PUnsettled

NOTHING = PAny(())
"""Holds of nothing."""
EVERYTHING = PAll(())
"""Holds of everything."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule in the plan: when it is about the subject (`bound`), when its condition holds with no
    exception (`bites`), what it requires, and by which grants; its permissions by index."""

    rule: str
    kind: Kind
    subject: str
    bound: Formula
    when: Formula
    unless: Formula
    met: Formula
    granted: Formula
    permits: tuple[int, ...] = ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """What it asks of a record, grants apart: they are part of what it requires."""
        return self.bound, self.when, self.unless, self.met


@dataclass(frozen=True, slots=True)
class Plan:
    """All entries, the domains that their masks speak of, and the answers of each interpretation.  A value:
    it compares, hashes and pickles by what it holds."""

    entries: tuple[Entry, ...]
    domains: Mapping[Column, Domain]
    answers: Mapping[str, tuple[str, ...]]
    learnt: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What its interpreters worked out of its formulas, by their names; it is no part of its value, and
    shared by plans that `replace` makes of it."""

    def __hash__(self) -> int:
        return hash((self.entries, frozenset(self.domains.items()), frozenset(self.answers.items())))

    def __reduce__(self) -> tuple[type[Plan], tuple[object, ...]]:
        return Plan, (self.entries, self.domains, self.answers)


def plan(policies: Iterable[Policy]) -> Plan:
    """The plan of the policies' rules, in order."""
    policies = tuple(policies)
    rules = tuple(rule for policy in policies for rule in policy.rules)
    tests: dict[Column, list[Test]] = {}
    for rule in rules:
        for condition in (rule.scope, rule.when, rule.unless, rule.requires, *(c for _, c in rule.factors)):
            for each in () if condition is None else within(condition):
                if isinstance(each, Is):
                    tests.setdefault(column(each.key, each.test), []).append(each.test)
        if rule.validity:
            tests[column(InForce(name(rule)), IS_YES)] = [IS_YES]
    domains = {
        column: Domain(column, partition(_universe(found[0]), dict.fromkeys(found)))
        for column, found in tests.items()
    }
    at = {name(rule): i for i, rule in enumerate(rules)}
    permits: dict[str, list[int]] = {}
    for rule in rules:
        for target in rule.defeats:
            permits.setdefault(target, []).append(at[name(rule)])
    answers = {
        f"{policy.id}/{i.name}": tuple(i.answers)
        for policy in policies
        for i in policy.interpretations.values()
    }
    return Plan(
        tuple(_entry(rule, domains, tuple(permits.get(name(rule), ()))) for rule in rules), domains, answers
    )


def _entry(rule: Rule, domains: Mapping[Column, Domain], permits: tuple[int, ...]) -> Entry:
    def formula(condition: Condition | None, otherwise: Formula) -> Formula:
        return otherwise if condition is None else compile_condition(condition, domains)

    bound = formula(rule.scope, EVERYTHING)
    if rule.validity:
        asked = Is(InForce(name(rule)), IS_YES, "in force", rule.validity[0].span)
        in_force = compile_condition(asked, domains)
        bound = PAll((in_force, bound)) if rule.scope is not None else in_force
    return Entry(
        rule=name(rule),
        kind=rule.kind,
        subject=rule.subject,
        bound=bound,
        when=formula(rule.when, EVERYTHING),
        unless=formula(rule.unless, NOTHING),
        met=formula(rule.requires, NOTHING),
        granted=PAny(tuple(compile_condition(grant, domains) for grant in grants(rule.requires))),
        permits=permits,
    )


def compile_condition(condition: Condition, domains: Mapping[Column, Domain], wanted: bool = True) -> Formula:
    """The condition (or, if not `wanted`, its negation) over the domains' masks."""
    match condition:
        case All(parts):
            inner = tuple(compile_condition(part, domains, wanted) for part in parts)
            return PAll(inner) if wanted else PAny(inner)
        case Any(parts):
            inner = tuple(compile_condition(part, domains, wanted) for part in parts)
            return PAny(inner) if wanted else PAll(inner)
        case Not(part):
            return compile_condition(part, domains, not wanted)
        case Is(key, test, words, span):
            domain = domains[column(key, test)]
            accepts = domain.within(test.accepts)
            perhaps = 0 if test.perhaps is None else domain.within(test.perhaps) & ~accepts
            return PTest(
                domain.column,
                accepts if wanted else domain.everything & ~accepts & ~perhaps,
                perhaps,
                words,
                span,
            )
        case Silent(key):
            return PSilent(key, wanted)
        case In(part, body):
            return PIn(part, compile_condition(body, domains, wanted))
        case Some(rows, body):
            return (PSome if wanted else PEvery)(rows, compile_condition(body, domains, wanted))
        case Every(rows, body):
            return (PEvery if wanted else PSome)(rows, compile_condition(body, domains, wanted))
        case Reading(reading, answers):
            return PReading(reading, answers, wanted)
        case Unsettled(question):
            return PUnsettled(question, wanted)
        case Named(_, body):
            return compile_condition(body, domains, wanted)
        case _:
            assert_never(condition)


def column(key: Key, test: Test) -> Column:
    """The column that a test of that field or question is about."""
    return key, test.accepts.unit if isinstance(test.accepts, Amounts) else test.accepts.tree.name


def opposite(formula: Formula, domains: Mapping[Column, Domain]) -> Formula:
    """The formula that holds where this one does not."""
    match formula:
        case PAll(parts):
            return PAny(tuple(opposite(part, domains) for part in parts))
        case PAny(parts):
            return PAll(tuple(opposite(part, domains) for part in parts))
        case PTest(col, accepts, perhaps):
            return replace(formula, accepts=domains[col].everything & ~accepts & ~perhaps)
        case PSilent(key, wanted):
            return PSilent(key, not wanted)
        case PIn(part, body):
            return PIn(part, opposite(body, domains))
        case PSome(rows, body):
            return PEvery(rows, opposite(body, domains))
        case PEvery(rows, body):
            return PSome(rows, opposite(body, domains))
        case PReading(reading, answers, wanted):
            return PReading(reading, answers, not wanted)
        case PUnsettled(question, wanted):
            return PUnsettled(question, not wanted)
        case _:
            assert_never(formula)


Question = PReading | PUnsettled
"""What has one answer for the whole record, wherever it is asked."""


def nodes(formula: Formula) -> Iterator[Formula]:
    """The formula and all formulas in it, the outer ones first."""
    yield formula
    match formula:
        case PAll(parts) | PAny(parts):
            for part in parts:
                yield from nodes(part)
        case PIn(_, body) | PSome(_, body) | PEvery(_, body):
            yield from nodes(body)
        case PTest() | PSilent() | PReading() | PUnsettled():
            pass
        case _:
            assert_never(formula)


def listed(formula: Formula) -> Iterator[str]:
    """The lists that the formula asks after, each as often as it does."""
    return (node.list for node in nodes(formula) if isinstance(node, PSome | PEvery))


def questions(formula: Formula) -> Iterator[Question]:
    """The interpretations and open questions that the formula asks."""
    return (node for node in nodes(formula) if isinstance(node, Question))


def by_answer(formula: Formula, question: Question, plan: Plan) -> Iterator[tuple[Formula, Formula]]:
    """Each answer to the question, with what the formula comes to under it."""
    match question:
        case PReading(asked):
            for answer in plan.answers[asked]:
                yield PReading(asked, frozenset({answer})), _answered(formula, asked, answer)
        case PUnsettled(asked):
            for so in (True, False):
                yield PUnsettled(asked, so), _answered(formula, asked, so)


def _answered(formula: Formula, asked: str, answer: str | bool) -> Formula:
    """The formula where that interpretation (or, of True and False, that open question) is so answered."""
    match formula:
        case PReading(reading, answers, wanted) if reading == asked and isinstance(answer, str):
            return EVERYTHING if (answer in answers) is wanted else NOTHING
        case PUnsettled(question, wanted) if question == asked and isinstance(answer, bool):
            return EVERYTHING if wanted is answer else NOTHING
        case PAll(parts):
            return _joined(PAll, (_answered(part, asked, answer) for part in parts), EVERYTHING, NOTHING)
        case PAny(parts):
            return _joined(PAny, (_answered(part, asked, answer) for part in parts), NOTHING, EVERYTHING)
        case PIn(_, body) | PSome(_, body) | PEvery(_, body):
            return replace(formula, body=_answered(body, asked, answer))
        case PTest() | PSilent() | PReading() | PUnsettled():
            return formula
        case _:
            assert_never(formula)


def _joined(
    node: type[PAll | PAny], parts: Iterable[Formula], neutral: Formula, decisive: Formula
) -> Formula:
    kept = tuple(dict.fromkeys(part for part in parts if part != neutral))
    if decisive in kept:
        return decisive
    return kept[0] if len(kept) == 1 else node(kept)


def _universe(test: Test) -> Value:
    match test.accepts:
        case Terms(tree):
            return Terms(tree)
        case Amounts(unit, _, whole):
            return Amounts(unit, whole=whole)
