"""Rules without what says nothing: names of conditions, nesting, the order of parts, words and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from redline.engine.queries import within
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Every,
    In,
    Is,
    Named,
    Not,
    Owned,
    Query,
    Reading,
    Share,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.frozen import dataclass, replace
from redline.rules.policy import Rule
from redline.rules.values import Amounts, Terms, Test, Value


@dataclass(frozen=True, slots=True)
class Renaming:
    """What goes under another name: policies and open questions, each with the name it is to have."""

    policies: Mapping[str, str]
    questions: Mapping[str, str]

    def full(self, name: str) -> str:
        """The full name of a rule or an interpretation, with the policy's name as it is to be."""
        of, _, inner = name.partition("/")
        return f"{self.policies.get(of, of)}/{inner}"


NOTHING_RENAMED = Renaming({}, {})


def plain_rule(rule: Rule, policy: str, renaming: Renaming | None) -> Rule:
    """The rule as one of that policy; of NEW (with a `renaming`), it names rules of NEW."""
    new = renaming or NOTHING_RENAMED

    def condition(old: Condition | None) -> Condition | None:
        return None if old is None else plain(old, new)

    def target(full: str) -> str:
        of, _, inner = new.full(full).partition("/")
        return f"{of}{policy[-1]}/{inner}" if renaming is not None else full

    return replace(
        rule,
        policy=policy,
        scope=condition(rule.scope),
        when=condition(rule.when),
        unless=condition(rule.unless),
        requires=condition(rule.requires),
        defeats=tuple(map(target, rule.defeats)),
        factors=(),
    )


def plain(condition: Condition, renaming: Renaming = NOTHING_RENAMED) -> Condition:
    """The condition with nothing left of how it was written, save where negations stand."""
    match condition:
        case All(parts):
            return _joined(All, (plain(part, renaming) for part in parts))
        case Any(parts):
            return _joined(Any, (plain(part, renaming) for part in parts))
        case Not(part):
            return Not(plain(part, renaming))
        case Is(key, test, words):
            return Is(key if isinstance(key, str) else _query(key, renaming), test, words)
        case In(part, body):
            return In(part, plain(body, renaming))
        case Some(rows, body):
            return Some(rows, plain(body, renaming))
        case Every(rows, body):
            return Every(rows, plain(body, renaming))
        case Named(_, body):
            return plain(body, renaming)
        case Reading(name, answers):
            return Reading(renaming.full(name), answers)
        case Unsettled(question):
            return Unsettled(renaming.questions.get(question, question))
        case Silent(key):
            return Silent(key)
        case _:
            assert_never(condition)


def questions_of(rule: Rule) -> Iterator[str]:
    """The open questions that a rule turns on."""
    for condition in (rule.scope, rule.when, rule.unless, rule.requires):
        if condition is not None:
            yield from (each.question for each in within(plain(condition)) if isinstance(each, Unsettled))


def _joined(node: type[All | Any], parts: Iterable[Condition]) -> Condition:
    flat = [each for p in parts for each in (p.parts if isinstance(p, node) else (p,))]
    kept = {_text(part): part for part in flat}
    return flat[0] if len(kept) == 1 else node(tuple(kept[text] for text in sorted(kept)))


def _query(query: Query, renaming: Renaming) -> Query:
    match query:
        case Share(of):
            return Share(plain(of, renaming))
        case Owned(by, at_least, mode):
            return Owned(plain(by, renaming), at_least, mode)
        case Covered(kind, issuer, where):
            inner = (None if c is None else plain(c, renaming) for c in (issuer, where))
            return Covered(kind, *inner)
        case _:
            return query


def _text(condition: Condition) -> str:
    """A text that is the same for the same condition, whatever the order of terms."""
    match condition:
        case All(parts) | Any(parts):
            return f"{type(condition).__name__}({' '.join(map(_text, parts))})"
        case Not(body):
            return f"Not({_text(body)})"
        case In(name, body) | Some(name, body) | Every(name, body) | Named(name, body):
            return f"{type(condition).__name__}({name} {_text(body)})"
        case Is(key, test):
            return f"Is({key if isinstance(key, str) else _asked(key)} {_tested(test)})"
        case Reading(name, answers):
            return f"Reading({name} {sorted(answers)})"
        case Silent(key) | Unsettled(key):
            return f"{type(condition).__name__}({key})"
        case _:
            assert_never(condition)


def _asked(query: Query) -> str:
    match query:
        case Share(of):
            return f"Share({_text(of)})"
        case Owned(by, at_least, mode):
            return f"Owned({_text(by)} {at_least} {mode})"
        case Covered(kind, issuer, where):
            return f"Covered({kind} {[c and _text(c) for c in (issuer, where)]})"
        case _:
            limits = (getattr(query, name) for name in query.__slots__)
            said = (_value(each) if isinstance(each, Terms) else str(each) for each in limits)
            return f"{type(query).__name__}({' '.join(said)})"


def _tested(test: Test) -> str:
    return " ".join(_value(each) for each in (test.accepts, test.perhaps) if each is not None)


def _value(value: Value) -> str:
    match value:
        case Terms(tree, within, without):
            return f"{tree.name} {within and sorted(within)} {sorted(without)}"
        case Amounts(unit, stretches):
            return f"{unit} {[(str(s.low), str(s.high), s.low_open, s.high_open) for s in stretches]}"
