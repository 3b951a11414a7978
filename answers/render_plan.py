"""The plan as it is printed: each rule's formulas, with the classes of values that each test accepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from redline.engine.plan import (
    Domain,
    Entry,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    Plan,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
)
from redline.rules.condition import Covered, Days, Forbids, InForce, Owned, Query, Share
from redline.rules.policy import Rule
from redline.rules.problems import Span
from redline.rules.quantities import say_amount
from redline.rules.values import Amounts, Terms, Value

_SHOWN = 8
"""Of a class more terms than so many are counted."""


def plan_as_text(plan: Plan, rules: dict[str, Rule]) -> str:
    """The entries of these rules (by their full names), one after the other."""
    entries = [entry for entry in plan.entries if entry.rule in rules]
    return "\n\n".join("\n".join(_entry(entry, rules[entry.rule].span, plan)) for entry in entries)


def _entry(entry: Entry, span: Span, plan: Plan) -> Iterator[str]:
    yield f"{entry.rule}  ({entry.kind}, each {entry.subject})  {span}"
    parts = (
        ("about a subject where", entry.bound, PAll(())),
        ("and", entry.when, PAll(())),
        ("unless", entry.unless, PAny(())),
        ("met by", entry.met, PAny(())),
    )
    for words, formula, nothing in parts:
        if formula != nothing:
            yield f"  {words}"
            yield from _formula(formula, plan, "    ")
    for number in entry.permits:
        yield f"  set aside by {plan.entries[number].rule}"


def _formula(formula: Formula, plan: Plan, indent: str) -> Iterator[str]:
    match formula:
        case PAll(parts) | PAny(parts):
            if len(parts) == 1:
                yield from _formula(parts[0], plan, indent)
                return
            word = "all of" if isinstance(formula, PAll) else "any of"
            yield f"{indent}{word}" if parts else f"{indent}{'always' if word == 'all of' else 'never'}"
            for part in parts:
                yield from _formula(part, plan, indent + "  ")
        case PTest():
            yield f"{indent}{_test(formula, plan.domains[formula.column])}{_place(formula.span)}"
        case PSilent(key, wanted):
            yield f"{indent}{key} is {'not stated' if wanted else 'stated'}"
        case PIn(part, body):
            yield f"{indent}of `{part}`"
            yield from _formula(body, plan, indent + "  ")
        case PSome(name, body) | PEvery(name, body):
            yield f"{indent}{'some' if isinstance(formula, PSome) else 'every'} of `{name}`"
            yield from _formula(body, plan, indent + "  ")
        case PReading(name, answers, wanted):
            yield f"{indent}{name} is {'' if wanted else 'not '}{' or '.join(sorted(answers))}"
        case PUnsettled(question, wanted):
            yield f"{indent}{'' if wanted else 'not: '}open question: {question}"
        case _:
            assert_never(formula)


def _test(test: PTest, domain: Domain) -> str:
    count = len(domain.classes)
    numbers = [str(i + 1) for i in range(count) if test.accepts >> i & 1]
    held = _classes(domain, test.accepts)
    told = f"{_called(test.column[0])}: {held or 'nothing'} [class {', '.join(numbers) or 'none'} of {count}]"
    return told + (f"; perhaps {_classes(domain, test.perhaps)}" if test.perhaps else "")


def _place(span: Span) -> str:
    return f"  :{span.line}" if span.line else ""


def _called(key: str | Query) -> str:
    if isinstance(key, str):
        return key
    match key:
        case Share():
            return "content share"
        case Owned(_, at_least, mode):
            return f"owned ({mode}, at least {float(at_least * 100):g} %)"
        case Covered(kind):
            return f"paper {kind}"
        case Days(start, end):
            return f"days from {start} to {end}"
        case Forbids():
            return "forbids"
        case InForce(rule):
            return f"{rule.partition('/')[2]} in force"
        case _:
            assert_never(key)


def _classes(domain: Domain, mask: int) -> str:
    return " | ".join(_value(each) for i, each in enumerate(domain.classes) if mask >> i & 1)


def _value(value: Value) -> str:
    match value:
        case Amounts():
            return say_amount(value)
        case Terms(_, within, without):
            some = "anything" if within is None else _listed(within)
            return f"{some} but {_listed(without)}" if without else some
        case _:
            assert_never(value)


def _listed(terms: frozenset[str]) -> str:
    names = sorted(terms)
    more = f", ... ({len(names)} in all)" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
