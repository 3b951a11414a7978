"""Validity and amounts, papers, red flags and subjects: what a careful reader of a rule would ask."""

from __future__ import annotations

from collections.abc import Iterator

from redline.analysis.lint_on import Linted, clearing, conditions, finding, leaves
from redline.engine.characters import quote
from redline.engine.queries import within
from redline.rules.condition import Covered, Is, Some
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Related, Span
from redline.rules.terms import PAPER_KIND
from redline.rules.values import Amounts
from redline.rules.verdicts import Kind

_ASKED = {"good": "held and valid on the day", "covers": "about the step"}
_SINGLE = {"steps": "each step", "items": "each item", "agreements": "each agreement"}


def dates(on: Linted) -> Iterator[Problem]:
    """What is found about the validity of the policy's rules, and about amounts of money."""
    for rule in on.policy.rules:
        if not rule.validity:
            continue
        at = on.at(rule, "validity")
        bounded = any(v.days.low is not None or v.days.high is not None for v in rule.validity)
        if rule.subject == "step" and bounded and "" in rule.running:
            message = (
                f"rule {quote(rule.id)} does not say what becomes of steps across a bound of its validity"
            )
            yield finding("no-running", message, at)
        last = rule.validity[-1]
        if last.state == "suspended" and last.days.high is None:
            message = f"rule {quote(rule.id)} is suspended without an end"
            yield finding("suspended-for-ever", message, last.span)
        yield from _hidden(rule)
    yield from _currencies(on)


def _hidden(rule: Rule) -> Iterator[Problem]:
    for i, stretch in enumerate(rule.validity):
        left = stretch.days
        for later in rule.validity[i + 1 :]:
            left = left.minus(later.days)
        if left.empty:
            message = f"this stretch of rule {quote(rule.id)} decides no day"
            yield finding("hidden-validity", message, stretch.span)


def _currencies(on: Linted) -> Iterator[Problem]:
    first: dict[str, Span] = {}
    for rule in on.policy.rules:
        for _, condition in conditions(rule):
            for leaf, _ in leaves(condition):
                if (
                    isinstance(leaf, Is)
                    and isinstance(money := leaf.test.accepts, Amounts)
                    and _currency(money.unit)
                ):
                    first.setdefault(money.unit, leaf.span)
    (one, place), *others = list(first.items()) or [("", on.policy.span)]
    for unit, span in others:
        message = f"the policy bounds amounts in {quote(unit)} and in {quote(one)}"
        yield finding("two-currencies", message, span, Related(place, "the other currency"))


def _currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()


def requirements(on: Linted) -> Iterator[Problem]:
    """What is found about papers, red flags and subjects."""
    for rule in on.policy.rules:
        yield from _papers(rule)
        if rule.kind is Kind.FLAGS and not rule.asks:
            yield finding("flag-without-question", f"red flag {quote(rule.id)} asks nothing", rule.span)
        if (
            rule.subject == "scenario"
            and rule.scope is None
            and isinstance(rule.when, Some)
            and rule.unless is None
        ):
            single = _SINGLE.get(rule.when.list)
            if single is not None and rule.requires is None:
                message = f"rule {quote(rule.id)} looks at one of `{rule.when.list}` at a time"
                yield finding("scenario-for-one", message, on.at(rule, "for"), advice=f"say `for: {single}`")


def _papers(rule: Rule) -> Iterator[Problem]:
    for key, condition, truth in clearing(rule):
        for leaf, positive in leaves(condition):
            match leaf:
                case Is(Covered(kind, None, None)) if positive == truth and PAPER_KIND.under(kind, "grant"):
                    message = f"`{key}` of rule {quote(rule.id)} takes a {quote(kind)} of anyone"
                    yield finding("paper-of-anyone", message, leaf.span)
                case Some("papers" | "issued" as name, body) if positive == truth and rule.subject == "step":
                    asked = {each.key for each in within(body) if isinstance(each, Is)}
                    if lacking := [field for field in ("good", "covers") if field not in asked]:
                        message = (
                            f"`{key}` of rule {quote(rule.id)} takes one of `{name}` and does not ask "
                            f"whether it is {' or '.join(_ASKED[field] for field in lacking)}"
                        )
                        yield finding("paper-taken-as-good", message, leaf.span)
                case _:
                    pass
