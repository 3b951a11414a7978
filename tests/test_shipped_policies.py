"""The shipped policies: every rule gives what its examples say, and nothing in it can be left out.

A *mutant* is a policy with one condition, exception, date, interpretation test or permission taken out
of what is written.  Each must make an example fail, so that every part of a rule is there for a reason
that an example shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from redline.analysis import examples
from redline.engine.load import Library, load, shipped
from redline.engine.policies import link, policy_from
from redline.engine.read import Document, read_path
from redline.engine.typed import PLAIN
from redline.engine.words import with_words_of
from redline.rules.node import Map, Node, Seq, Text

CONDITIONS = ("scope", "when", "unless", "requires")


# --- what is shipped ---------------------------------------------------------------------------


@cache
def _library() -> Library:
    return load(scenarios=shipped("scenarios"))


@cache
def _documents() -> dict[str, Document]:
    found = {}
    for path in shipped("policies"):
        for document in read_path(path).documents:
            assert isinstance(document.root, Map)
            name = document.root.get("policy")
            if isinstance(name, Text):
                found[name.text] = document
    return found


def _rules(policy: str) -> tuple[Map, ...]:
    root = _documents()[policy].root
    assert isinstance(root, Map)
    rules = root.get("rules")
    assert isinstance(rules, Seq)
    return tuple(rule for rule in rules.items if isinstance(rule, Map))


def _definitions(policy: str) -> dict[str, Node]:
    root = _documents()[policy].root
    assert isinstance(root, Map)
    defined = root.get("define")
    return {key.text: body for key, body in defined} if isinstance(defined, Map) else {}


def _id(rule: Map) -> str:
    name = rule.get("id")
    assert isinstance(name, Text)
    return name.text


EVERY_RULE = [(policy, _id(rule)) for policy in _documents() for rule in _rules(policy)]
EVERY_DEFINITION = [(policy, name) for policy in _documents() for name in _definitions(policy)]


# --- a policy with one rule ----------------------------------------------------------------------


def _narrowed(policy: str, rules: Sequence[Map], definitions: dict[str, Node]) -> Library | None:
    """The library with these rules alone, and no others to judge by; None where they cannot be read."""
    document = _documents()[policy]
    assert isinstance(document.root, Map)
    entries = [
        entry
        for entry in document.root
        if entry[0].text not in ("rules", "define", "registers", "not_encoded")
    ]
    entries.append((Text("define"), Map(tuple((Text(name), body) for name, body in definitions.items()))))
    entries.append((Text("rules"), Seq(tuple(rules))))
    written = replace(document, root=Map(tuple(entries), document.root.span))
    lexicon = PLAIN
    for other in _documents().values():  # an example may state a fact that another policy declares
        lexicon = with_words_of(other, lexicon, [])
    read, _ = policy_from(written, lexicon)
    if read is None:
        return None
    linked, wrong = link((read,))
    if wrong:
        return None
    return replace(_library(), policies=linked, lexicon=lexicon, problems=())


def _with_companions(policy: str, rule: Map) -> tuple[Map, ...]:
    """The rule, the permissions that defeat it, and the rules that it defeats."""
    name = _id(rule)
    return tuple(
        other
        for other in _rules(policy)
        if _id(other) == name or name in _named(other, "defeats") or _id(other) in _named(rule, "defeats")
    )


def _named(rule: Map, key: str) -> tuple[str, ...]:
    node = rule.get(key)
    return tuple(item.text for item in node.items if isinstance(item, Text)) if isinstance(node, Seq) else ()


def _failing(library: Library, rules: Sequence[str]) -> Iterator[examples.Tried]:
    for rule in rules:
        yield from (tested for tested in examples.examples_tried(library, rule) if not tested.passed)


# --- mutants -------------------------------------------------------------------------------------


def _without(node: Node) -> Iterator[tuple[str, Node]]:
    """Every condition that is left when one part of this one is taken out, and what was."""
    match node:
        case Map(entries, span):
            for number, (key, value) in enumerate(entries):
                rest = entries[:number] + entries[number + 1 :]
                if rest:
                    yield f"{key.text} at line {key.span.line}", Map(rest, span)
                for what, changed in _inside(key.text, value):
                    yield what, Map((*entries[:number], (key, changed), *entries[number + 1 :]), span)
        case Seq(items, span):
            for number, item in enumerate(items):
                rest_of = items[:number] + items[number + 1 :]
                if rest_of:
                    yield f"an element at line {item.span.line}", Seq(rest_of, span)
                for what, changed in _without(item):
                    yield what, Seq((*items[:number], changed, *items[number + 1 :]), span)
        case Text():
            return


def _inside(key: str, value: Node) -> Iterator[tuple[str, Node]]:
    """Goes down only where conditions stand: a list of terms in a test is one comparison."""
    if isinstance(value, Map) or key in ("all", "any"):
        yield from _without(value)


def _dated(rule: Map) -> Iterator[tuple[str, Map]]:
    """The rule with one date, or one word on running contracts, taken out."""
    for key in ("validity", "running"):
        node = rule.get(key)
        if isinstance(node, Map) and len(node.entries) > 1:
            for number, (bound, _) in enumerate(node):
                rest = node.entries[:number] + node.entries[number + 1 :]
                yield f"{key} {bound.text}", _put(rule, key, Map(rest, node.span))
        elif isinstance(node, Seq):
            for number, stretch in enumerate(node.items):
                others = node.items[:number] + node.items[number + 1 :]
                if others:
                    yield f"{key}, stretch {number + 1}", _put(rule, key, Seq(others, node.span))
                assert isinstance(stretch, Map)
                for at, (bound, _) in enumerate(stretch):
                    rest = stretch.entries[:at] + stretch.entries[at + 1 :]
                    if rest:
                        changed = (*node.items[:number], Map(rest, stretch.span), *node.items[number + 1 :])
                        yield (
                            f"{key}, stretch {number + 1}, {bound.text}",
                            _put(rule, key, Seq(changed, node.span)),
                        )


def _put(rule: Map, key: str, value: Node | None) -> Map:
    entries = [(name, node if name.text != key else value) for name, node in rule]
    return Map(tuple((name, node) for name, node in entries if node is not None), rule.span)


def _mutants(rule: Map) -> Iterator[tuple[str, Map]]:
    """Every rule that is left when one part of this one is taken out."""
    for key in (*CONDITIONS, "validity", "running", "defeats"):
        node = rule.get(key)
        if node is None:
            continue
        without = _put(_put(rule, key, None), "running", None) if key == "validity" else _put(rule, key, None)
        yield key, without
        if key in CONDITIONS:
            yield from ((f"{key}: {what}", _put(rule, key, changed)) for what, changed in _without(node))
    yield from _dated(rule)


# --- tests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "name"), EVERY_RULE)
def test_every_rule_gives_what_its_examples_say(policy: str, name: str) -> None:
    """Crossing, not crossing, not to be told, and both sides of each date."""
    rule = next(rule for rule in _rules(policy) if _id(rule) == name)
    library = _narrowed(policy, _with_companions(policy, rule), _definitions(policy))
    assert library is not None
    tested = list(examples.examples_tried(library, f"{policy}/{name}"))
    assert [t for t in tested if not t.passed] == []
    shown = {t.expected for t in tested}
    assert shown & {"crosses", "requires_assessment", "applies", "raised"} or "unsettled" in _words(rule)
    assert shown & {"not_crossed", "not_applicable", "does_not_apply", "not_raised"}
    assert shown & {"undetermined", "may_apply", "question"}


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "name"), EVERY_RULE)
def test_no_part_of_a_rule_can_be_left_out(policy: str, name: str) -> None:
    """Without one condition, exception, date or permission an example fails."""
    rule = next(rule for rule in _rules(policy) if _id(rule) == name)
    survivors = []
    count = 0
    for what, mutant in _mutants(rule):
        written = [mutant if other is rule else other for other in _with_companions(policy, rule)]
        library = _narrowed(policy, written, _definitions(policy))
        if library is None:
            continue  # what cannot be read any more is told at once
        count += 1
        rules = [f"{policy}/{_id(other)}" for other in _with_companions(policy, rule)]
        if next(_failing(library, rules), None) is None:
            survivors.append(what)
    assert count
    assert survivors == []


@pytest.mark.slow
@pytest.mark.parametrize(("policy", "name"), EVERY_DEFINITION)
def test_no_part_of_a_definition_can_be_left_out(policy: str, name: str) -> None:
    """Without one part of what a policy defines, an example of one of its rules fails."""
    definitions = _definitions(policy)
    survivors = []
    for what, body in _without(definitions[name]):
        changed = {**definitions, name: body}
        for rule in _rules(policy):
            if name not in _used(rule, definitions):
                continue
            library = _narrowed(policy, _with_companions(policy, rule), changed)
            if library is None or next(_failing(library, [f"{policy}/{_id(rule)}"]), None) is not None:
                break
        else:
            survivors.append(what)
    assert survivors == []


def _used(node: Node, definitions: dict[str, Node]) -> frozenset[str]:
    """The names of definitions that occur in what is written, and in these definitions in turn."""
    found: set[str] = set()
    left = [node]
    while left:
        match left.pop():
            case Text(text):
                if text in definitions and text not in found:
                    found.add(text)
                    left.append(definitions[text])
            case Seq(items):
                left.extend(items)
            case Map(entries):
                left.extend(value for key, value in entries if key.text != "examples")
    return frozenset(found)


def _words(node: Node) -> Iterator[str]:
    """Every text that is written there, keys too."""
    match node:
        case Text(text):
            yield text
        case Seq(items):
            for item in items:
                yield from _words(item)
        case Map(entries):
            for key, value in entries:
                yield key.text
                yield from _words(value)
