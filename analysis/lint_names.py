"""What a policy names: lists with dates and territories; what nothing uses, and what stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from redline.analysis.lint_on import Linted, conditions, finding, leaves, nodes_under, texts_in, twins
from redline.engine.characters import quote
from redline.rules.condition import Is, Named, Reading
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY
from redline.rules.frozen import replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Group, Policy
from redline.rules.problems import Problem, Related
from redline.rules.quantities import parse_date
from redline.rules.values import Terms

_COPIED = frozenset({"country", "code"})
"""The trees whose groups are copied from lists that change."""


def lists(on: Linted) -> Iterator[Problem]:
    """What is found about the groups of a policy and the states that it names."""
    for name, node in on.entries("groups"):
        assert isinstance(node, Map)
        group = on.policy.groups[name.text]
        if group.tree in _COPIED:
            yield from _dated(group, node, on)
        if not group.source:
            yield finding("group-without-source", f"group {quote(group.name)} has no source", group.span)
        if group.perhaps is not None:
            message = f"group {quote(group.name)} leaves open {_listed(group.perhaps)}"
            yield finding("territories-undecided", message, group.span)
        yield from _covered(group, node)
    for rule in on.policy.rules:
        told: set[str] = set()
        for _, condition in conditions(rule):
            for leaf, _ in leaves(condition):
                if isinstance(leaf, Is) and (open_ := _territories(leaf)) and leaf.words not in told:
                    told.add(leaf.words)
                    message = f"{quote(leaf.words)} leaves open {', '.join(open_)}"
                    related = Related(rule.span, "in this rule")
                    yield finding("territories-undecided", message, leaf.span, related)


def _dated(group: Group, node: Map, on: Linted) -> Iterator[Problem]:
    written = node.get("as_of")
    if not isinstance(written, Text):
        yield finding("group-without-date", f"group {quote(group.name)} has no `as_of`", group.span)
        return
    days = parse_date(written.text)
    if days is None or days.low is None or days.high is None:
        yield finding("wrong-as-of", f"{quote(written.text)} is no day", written.span)
        return
    on_day = on.settings.as_of or parse_date(on.policy.edition)
    if on_day is None or on_day.low is None:
        return
    age = int(on_day.low - days.high)
    if age > on.settings.list_age:
        day = date.fromordinal(int(on_day.low))
        message = f"group {quote(group.name)} was {age} days old on {day}"
        yield finding("list-out-of-date", message, written.span)


def _covered(group: Group, node: Map) -> Iterator[Problem]:
    members = node.get("members")
    if not isinstance(members, Seq) or group.tree == COUNTRY.name:
        return
    kept = group.members.within or frozenset()
    if len(kept) < len(members.items):
        message = f"group {quote(group.name)} has {len(members.items)} members, of which {len(kept)} count"
        shown = ", ".join(sorted(kept))
        yield finding("member-covered", message, group.span, advice=f"these cover the others: {shown}")


def _territories(leaf: Is) -> list[str]:
    """The territories with codes of their own of which a state that a comparison names does not tell."""
    perhaps = leaf.test.perhaps
    if not isinstance(perhaps, Terms) or perhaps.tree != COUNTRY or " in " in f" {leaf.words} ":
        return []
    return sorted(term for term in perhaps.within or () if term in STATE_OF_TERRITORY)


def _listed(terms: Terms) -> str:
    return ", ".join(sorted(terms.within or ()))


# --- what is used, and what stands twice -----------------------------------------------------------


def names(on: Linted) -> Iterator[Problem]:
    """What is found about definitions, groups, interpretations, declared facts and rules as such."""
    yield from _unused(on)
    yield from _alike(on)
    for name, span, other, first in twins(
        ((g.tree, g.members, g.perhaps), g.name, g.span) for g in on.policy.groups.values()
    ):
        message = f"group {quote(name)} has the members of {quote(other)}"
        yield finding("equal-groups", message, span, Related(first, "the other"))
    for name, span, other, first in twins((node, key.text, key.span) for key, node in on.entries("define")):
        message = f"{quote(name)} is defined like {quote(other)}"
        yield finding("equal-definitions", message, span, Related(first, "the other"))
    bare = ((replace(r, id="", says="", source=()), r.id, r.span) for r in on.policy.rules)
    for name, span, other, first in twins(bare):
        message = f"rule {quote(name)} is rule {quote(other)} in other words"
        yield finding("equal-rules", message, span, Related(first, "the other"))
    for name, span, other, first in twins((r.says.casefold(), r.id, r.span) for r in on.policy.rules):
        message = f"rule {quote(name)} says the same as rule {quote(other)}"
        yield finding("same-words", message, span, Related(first, "the other"))


def _unused(on: Linted) -> Iterator[Problem]:
    used: set[str] = set()
    asked: set[str] = set()
    for rule in on.policy.rules:
        for _, condition in conditions(rule):
            for leaf, _ in leaves(condition):
                if isinstance(leaf, Named):
                    used.add(leaf.name)
                elif isinstance(leaf, Reading):
                    asked.add(leaf.name.rpartition("/")[2])
    for key, _ in on.entries("define"):
        if key.text not in used:
            yield finding("unused-define", f"no rule uses {quote(key.text)}", key.span)
    for interpretation in on.policy.interpretations.values():
        if interpretation.name not in asked:
            message = f"no rule turns on {quote(interpretation.name)}"
            yield finding("unused-interpretation", message, interpretation.span)
    grouped = {text for part in ("rules", "define") for node in _under(on, part) for text in texts_in(node)}
    for group in on.policy.groups.values():
        if group.name not in grouped:
            yield finding("unused-group", f"no condition uses {quote(group.name)}", group.span)
    facts = _facts_asked(on)
    for key, node in on.entries("facts"):
        for name, _ in node if isinstance(node, Map) else ():
            if name.text not in facts:
                message = f"no rule asks for {quote(name.text)} of {key.text}"
                yield finding("unused-fact", message, name.span)


def _under(on: Linted, part: str) -> Iterator[Node]:
    node = on.written.get(part)
    if node is not None:
        yield from nodes_under(node, "in")


def _facts_asked(on: Linted) -> set[str]:
    """The last word of every key that stands in the rules and definitions of any loaded policy."""
    found: set[str] = set()
    for written in on.library.written.values():
        for part in ("rules", "define"):
            node = written.get(part)
            if node is not None:
                found |= {text.rpartition(".")[2] for text in _keys(node)}
    return found


def _keys(node: Node) -> Iterator[str]:
    match node:
        case Text():
            return
        case Seq(items):
            for item in items:
                yield from _keys(item)
        case Map(entries):
            for key, value in entries:
                yield key.text
                if key.text != "examples":
                    yield from _keys(value)


def _alike(on: Linted) -> Iterator[Problem]:
    """Answers that stand in the same conditions, so that nothing tells them apart."""
    tested = _tested(on.policy)
    for interpretation in on.policy.interpretations.values():
        sets = tested.get(interpretation.name, frozenset())
        if not sets:
            continue
        alike: dict[frozenset[frozenset[str]], list[str]] = {}
        for answer in interpretation.answers:
            alike.setdefault(frozenset(s for s in sets if answer in s), []).append(answer)
        for same in alike.values():
            if len(same) > 1:
                message = f"no condition tells {' and '.join(quote(a) for a in same)} apart"
                yield finding("answers-alike", message, interpretation.span)


def _tested(policy: Policy) -> dict[str, frozenset[frozenset[str]]]:
    found: dict[str, frozenset[frozenset[str]]] = {}
    for rule in policy.rules:
        for _, condition in conditions(rule):
            for leaf, _ in leaves(condition):
                if isinstance(leaf, Reading):
                    name = leaf.name.rpartition("/")[2]
                    found[name] = found.get(name, frozenset()) | {leaf.answers}
    return found
