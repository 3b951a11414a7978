"""What the checks of `redline lint` look at: policies with what is written, and conditions taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from redline.engine.library import Library
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
    Reading,
    Share,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.frozen import dataclass
from redline.rules.lint import LINTS
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Policy, Rule
from redline.rules.problems import Problem, Related, Span
from redline.rules.register import Statement
from redline.rules.values import Amounts
from redline.rules.verdicts import Kind

CONDITIONS = ("scope", "when", "unless", "requires")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a policy's lists are held against: a day (None: the policy's edition) and the age allowed."""

    as_of: Amounts | None = None
    list_age: int = 366


@dataclass(frozen=True, slots=True)
class Linted:
    """One policy as read and as written, the rules of all loaded ones, and the statements it may cite."""

    policy: Policy
    written: Map
    library: Library
    settings: Settings
    statements: Mapping[str, Statement]
    rules: Mapping[str, Rule]
    """Every loaded rule by its full name."""

    def rule_as_written(self, rule: Rule) -> Map:
        """The mapping of a rule of the policy."""
        listed = self.written.get("rules")
        assert isinstance(listed, Seq)
        for node in listed.items:
            if isinstance(node, Map) and isinstance(name := node.get("id"), Text) and name.text == rule.id:
                return node
        raise KeyError(rule.id)

    def at(self, rule: Rule, key: str) -> Span:
        """The place of what stands under a key of a rule, or the rule's own."""
        return _place(self.rule_as_written(rule), key) or rule.span

    def here(self, key: str) -> Span:
        """The place of what stands under a key of the policy, or the policy's own."""
        return _place(self.written, key) or _place(self.written, "policy") or self.policy.span

    def entries(self, key: str) -> tuple[tuple[Text, Node], ...]:
        """The entries of a mapping of the policy, such as `define` or `groups`."""
        node = self.written.get(key)
        return node.entries if isinstance(node, Map) else ()


def linted(library: Library, settings: Settings) -> Iterator[Linted]:
    """Every loaded policy, to be looked at."""
    rules = {f"{rule.policy}/{rule.id}": rule for policy in library.policies for rule in policy.rules}
    for policy in library.policies:
        statements = {
            said.id: said
            for register in library.registers
            if register.id in policy.registers
            for said in register.statements
        }
        yield Linted(policy, library.written[policy.id], library, settings, statements, rules)


def finding(code: str, message: str, span: Span, *related: Related, advice: str = "") -> Problem:
    """A finding of a registered code."""
    lint = LINTS[code]
    return Problem(code, message, span, advice or lint.help, related, lint.severity)


def _place(written: Map, key: str) -> Span | None:
    value = written.get(key)
    name = written.key(key)
    if isinstance(value, Text):
        return value.span
    return None if name is None else name.span


# --- conditions ----------------------------------------------------------------------------------


def conditions(rule: Rule) -> Iterator[tuple[str, Condition]]:
    """The conditions of a rule, each with the key that it stands under; factors too."""
    for key in CONDITIONS:
        found: Condition | None = getattr(rule, key)
        if found is not None:
            yield key, found
    for _, found in rule.factors:
        yield "factors", found


def clearing(rule: Rule) -> Iterator[tuple[str, Condition, bool]]:
    """The conditions of a rule that can let someone off, each with the truth that does."""
    match rule.kind:
        case Kind.PROHIBITS | Kind.REQUIRES | Kind.WEIGHS:
            truths = {"scope": False, "when": False, "unless": True, "requires": True}
        case Kind.PERMITS if rule.defeats:
            truths = {"scope": True, "when": True, "unless": False}
        case Kind.PERMITS | Kind.FLAGS:
            truths = {}
        case _:
            assert_never(rule.kind)
    for key, condition in conditions(rule):
        if key in truths:
            yield key, condition, truths[key]


def leaves(condition: Condition, positive: bool = True) -> Iterator[tuple[Condition, bool]]:
    """Every condition in a condition, itself and those in questions among them, each with whether it
    stands as it is or under a `not`."""
    yield condition, positive
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part, positive)
        case Not(body):
            yield from leaves(body, not positive)
        case In(_, body) | Some(_, body) | Every(_, body) | Named(_, body):
            yield from leaves(body, positive)
        case Is(key=Share(inner) | Owned(by=inner)):
            yield from leaves(inner, positive)
        case Is(key=Covered(_, issuer, where)):
            for each in (issuer, where):
                if each is not None:
                    yield from leaves(each, positive)
        case Is() | Silent() | Reading() | Unsettled():
            pass
        case _:
            assert_never(condition)


def texts_in(node: Node) -> Iterator[str]:
    """Every text of a node, save its keys."""
    match node:
        case Text(text):
            yield text
        case Seq(items):
            for item in items:
                yield from texts_in(item)
        case Map(entries):
            for _, value in entries:
                yield from texts_in(value)


def nodes_under(node: Node, name: str) -> Iterator[Node]:
    """Everything that stands under a key of that name, at any depth."""
    match node:
        case Text():
            return
        case Seq(items):
            for item in items:
                yield from nodes_under(item, name)
        case Map(entries):
            for key, value in entries:
                if key.text == name:
                    yield value
                yield from nodes_under(value, name)


def twins(things: Iterable[tuple[object, str, Span]]) -> Iterator[tuple[str, Span, str, Span]]:
    """Each thing that equals an earlier one: its name and place, and those of the earlier."""
    seen: list[tuple[object, str, Span]] = []
    for thing, name, span in things:
        first = next((other for other in seen if other[0] == thing), None)
        if first is None:
            seen.append((thing, name, span))
        else:
            yield name, span, first[1], first[2]
