"""Comparisons read: what a field is tested against, by the field's type."""

from __future__ import annotations

from collections.abc import Mapping

from redline.engine.characters import quote
from redline.engine.perhaps import of_activity, related, untold
from redline.engine.show import did_you_mean
from redline.engine.typed import AMOUNT_BOUNDS, DATE_BOUNDS, Lexicon, between, day, one
from redline.rules.condition import Any, Condition, Every, Is, Not, Query, Silent, Some
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Group
from redline.rules.problems import Problem, Span
from redline.rules.quantities import DATE
from redline.rules.shapes import Type
from redline.rules.terms import ACTIVITY, FORM, PARTY_KIND
from redline.rules.values import Amounts, Terms, Test, Value, union

UNSTATED = "unstated"
"""The word that tests whether a scenario is silent about a field."""


@dataclass(slots=True)
class Comparing:
    """Reads the tests of fields."""

    lexicon: Lexicon
    groups: Mapping[str, Group]
    problems: list[Problem]

    def one(self, key: str | Query, kind: Type, node: Node, span: Span) -> Condition | None:
        """A comparison of a field of one value, or of a question's answer."""
        if isinstance(node, Text) and node.text == UNSTATED and isinstance(key, str):
            return Silent(key, span)
        if isinstance(node, Map) and (inner := node.get("not")) is not None and len(node.entries) == 1:
            negated = self.one(key, kind, inner, span)
            return None if negated is None else Not(negated, span)
        test = self._test(kind, node, key if isinstance(key, str) else "the answer")
        if test is None:
            return None
        if isinstance(test, list):
            return Any(tuple(Is(key, t, _words(node), span) for t in test), span)
        if key == "activity" and kind.of == ACTIVITY.name:
            trees = self.lexicon.trees
            return of_activity(test, _words(node), span, trees[FORM.name], trees[PARTY_KIND.name])
        return Is(key, test, _words(node), span)

    def many(self, key: str, kind: Type, node: Node, span: Span) -> Condition | None:
        """A comparison of a field of several values: that some value passes, or with `only` every one."""
        if isinstance(node, Text) and node.text == UNSTATED:
            return Silent(key, span)
        if isinstance(node, Map) and len(node.entries) == 1:
            word, inner = node.entries[0]
            if word.text == "only":
                body = self.one("value", kind, inner, span)
                return None if body is None else Every(key, body, span)
            if word.text == "not":
                negated = self.many(key, kind, inner, span)
                return None if negated is None else Not(negated, span)
        body = self.one("value", kind, node, span)
        return None if body is None else Some(key, body, span)

    def all_of(self, kind: Type, node: Node) -> frozenset[str] | None:
        """Every term that is named, by itself or as a member of a group; None, if it cannot be read."""
        match node:
            case Seq(items) if items and all(isinstance(item, Text) for item in items):
                listed = [self.all_of(kind, item) for item in items]
                return None if None in listed else frozenset(t for found in listed for t in found or ())
            case Map(entries=((Text(text="in"), groups),)):
                found = self._in(kind, groups, "forbids")
            case Text():
                found = self._test(kind, node, "forbids")
            case _:
                return None
        accepted = found.accepts if isinstance(found, Test) else None
        return accepted.within if isinstance(accepted, Terms) else None

    def _test(self, kind: Type, node: Node, what: str) -> Test | list[Test] | None:
        match node:
            case Text():
                value = one(node, kind, self.lexicon, self.problems)
                return None if value is None else Test(value, untold(value))
            case Seq(items, span):
                if not items:
                    return self._wrong(
                        f"{quote(what)} is compared with nothing", span, "write what it may be"
                    )
                return self._any_of([self._test(kind, item, what) for item in items])
            case Map(entries, span):
                if not entries:
                    return self._wrong(
                        f"{quote(what)} is compared with nothing", span, "write what it may be"
                    )
                return self._mapped(kind, node, what)

    def _mapped(self, kind: Type, node: Map, what: str) -> Test | list[Test] | None:
        words = [key.text for key, _ in node]
        bounds = (DATE_BOUNDS if kind.of == DATE else AMOUNT_BOUNDS) if kind.sort == "amount" else ()
        if words and all(word in bounds for word in words):
            value = between(node, kind, f"`{what}`", self.problems)
            return None if value is None else Test(value)
        key, inner = node.entries[0]
        if len(words) == 1:
            match key.text:
                case "under" | "is" if kind.sort != "amount":
                    return self._test(kind, inner, what)
                case "equals" if kind.sort == "amount":
                    return self._test(kind, inner, what)
                case "in" if kind.sort == "tree":
                    return self._in(kind, inner, what)
                case "within" if kind.of == DATE:
                    return self._within(inner, what)
        known = (*bounds, *(("within",) if kind.of == DATE else ()), "not")
        if kind.sort == "amount":
            known = (*known, "equals")
        elif kind.sort == "tree":
            known = ("in", "under", "not")
        wrong = next((k for k, _ in node if k.text not in known), key)
        advice = did_you_mean(wrong.text, known) or f"it can be tested with {', '.join(known)}"
        if wrong.text in known:
            return self._wrong(
                f"{quote(wrong.text)} does not go with the other tests of `{what}`",
                wrong.span,
                "write two comparisons under `all`",
            )
        return self._wrong(f"`{what}` cannot be tested with {quote(wrong.text)}", wrong.span, advice)

    def _in(self, kind: Type, node: Node, what: str) -> Test | list[Test] | None:
        tests: list[Test | list[Test] | None] = []
        if isinstance(node, Seq) and not node.items:
            return self._wrong(f"`{what}` is in no group", node.span, "write the name of a group")
        for name in node.items if isinstance(node, Seq) else (node,):
            if not isinstance(name, Text):
                return self._wrong(f"`{what}` is in no group", name.span, "write the name of a group")
            group = self.groups.get(name.text)
            if group is None or group.tree != kind.of:
                fitting = [g for g, found in self.groups.items() if found.tree == kind.of]
                advice = did_you_mean(name.text, fitting) or (
                    f"there is {', '.join(fitting)}" if fitting else "define it under `groups:`"
                )
                return self._wrong(
                    f"there is no group {quote(name.text)} of {kind.of.replace('_', ' ')}", name.span, advice
                )
            untold = [v for v in (group.perhaps, related(group.members)) if v is not None]
            tests.append(Test(group.members, union(untold) if untold else None))
        return self._any_of(tests)

    def _within(self, node: Node, what: str) -> Test | None:
        if (
            not isinstance(node, Seq)
            or len(node.items) != 2
            or not all(isinstance(i, Text) for i in node.items)
        ):
            return self._wrong(
                f"`{what}` is within no two dates", node.span, "write `within: [2026-01-01, 2027-12-31]`"
            )
        first, last = (day(text, self.problems) for text in node.items if isinstance(text, Text))
        if first is None or last is None:
            return None
        inside = Map(((Text("from"), node.items[0]), (Text("to"), node.items[1])), node.span)
        value = between(inside, Type("amount", DATE), f"`{what}`", self.problems)
        return None if value is None else Test(value)

    def _any_of(self, tests: list[Test | list[Test] | None]) -> Test | list[Test] | None:
        flat: list[Test] = []
        for test in tests:
            if test is None:
                return None
            flat.extend(test if isinstance(test, list) else [test])
        units = {t.accepts.unit for t in flat if isinstance(t.accepts, Amounts)}
        if len(units) > 1 or any(isinstance(t.accepts, Terms) and t.accepts.without for t in flat):
            return flat
        perhaps: list[Value] = [t.perhaps for t in flat if t.perhaps is not None]
        return Test(union([t.accepts for t in flat]), union(perhaps) if perhaps else None)

    def _wrong(self, message: str, span: Span, advice: str) -> None:
        self.problems.append(Problem("wrong-comparison", message, span, advice))


def _words(node: Node) -> str:
    match node:
        case Text(text):
            return text
        case Seq(items):
            return " or ".join(_words(item) for item in items)
        case Map(entries):
            return ", ".join(f"{key.text.replace('_', ' ')} {_words(value)}" for key, value in entries)
