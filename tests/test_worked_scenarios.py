"""The worked scenarios: each expects all its findings, and a twin, one fact apart, that ends otherwise.

`pytest --refresh` writes the expected findings anew; each changed verdict is then to be argued for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from redline.analysis import examples
from redline.engine.load import Library, load, shipped
from redline.engine.read import Document
from redline.engine.run import judge, prepare
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.register import WEIGHTLESS
from redline.rules.verdicts import Kind, Verdict, Voice, worst

WIDTH = 110
ROOT = Path(__file__).resolve().parent.parent


@cache
def _library() -> Library:
    return load(scenarios=shipped("scenarios"))


def _worked() -> dict[str, Document]:
    files = {path.name for path in shipped("scenarios")}
    return {name: found for name, found in _library().scenarios.items() if Path(found.name).name in files}


def _root(document: Document) -> Map:
    assert isinstance(document.root, Map)
    return document.root


def _text(node: Node | None, *keys: str) -> str:
    for key in keys:
        node = node.get(key) if isinstance(node, Map) else None
    return node.text if isinstance(node, Text) else ""


def _transfers(document: Document) -> int:
    listed = _root(document).get("transfers")
    return len(listed.items) if isinstance(listed, Seq) else 0


def test_the_worked_scenarios_are_many_and_not_all_alike() -> None:
    """At least twenty, twelve of three steps or more, and no more than eight that plainly cross."""
    worked = _worked()
    assert len(worked) >= 20
    assert sum(_transfers(document) >= 3 for document in worked.values()) >= 12
    verdicts = [_text(_root(document), "expect", "verdict") for document in worked.values()]
    assert verdicts.count("crosses") <= 8
    assert {"crosses", "undetermined", "requires_assessment", "authorised", "not_crossed"} <= set(verdicts)


@pytest.mark.parametrize("name", sorted(_worked()))
def test_a_twin_differs_by_one_fact_and_ends_otherwise(name: str) -> None:
    """One change, a reason in one sentence, and another verdict."""
    root = _root(_worked()[name])
    twin = root.get("twin")
    assert isinstance(twin, Map)
    changes = twin.get("with")
    assert isinstance(changes, Map)
    assert len(changes.entries) == 1
    assert _text(twin, "expect", "why").endswith(".")
    assert _text(twin, "expect", "verdict") != _text(root, "expect", "verdict")


@pytest.mark.parametrize("name", sorted(_worked()))
def test_a_worked_scenario_gives_what_it_expects(name: str, refresh: bool) -> None:
    """Every finding that applies: on what it turns, and what it waits for."""
    document = _worked()[name]
    if refresh:
        _refresh(document)
        return
    library = replace(_library(), scenarios={name: document})
    assert _text(_root(document), "expect", "verdict")
    assert [tested for tested in examples.expectations_tried(library) if not tested.passed] == []


def test_the_second_document_alone_crosses_nothing() -> None:
    """Its policy opens and never forbids: it gives no verdict on any shipped scenario."""
    policies = tuple(policy for policy in _library().policies if policy.registers == ("S3",))
    assert policies
    assert {rule.kind for policy in policies for rule in policy.rules} == {Kind.PERMITS}
    bench = prepare(replace(_library(), policies=policies))
    runs = [judge(bench, document) for document in _worked().values()]
    verdicts = {
        worst(f.verdict for f in run.conclusion.findings) for run in runs if run.conclusion is not None
    }
    assert verdicts == {Verdict.NOT_APPLICABLE}
    assert any(
        effect.holds for run in runs if run.conclusion is not None for effect in run.conclusion.effects
    )


def test_every_statement_of_a_state_or_reported_is_encoded_or_an_open_question() -> None:
    """And what the author infers is opt-in, or left out for a reason."""
    cited = {
        source: rule for policy in _library().policies for rule in policy.rules for source in rule.source
    }
    left_out = {name for policy in _library().policies for name in policy.not_encoded}
    for register in _library().registers:
        for said in register.statements:
            rule = cited.get(said.id)
            if said.voice is Voice.AUTHOR:
                assert rule is None or rule.voice is Voice.AUTHOR, said.id
                assert rule or said.open_question or said.not_encoded or said.id in left_out, said.id
            else:
                assert rule or said.open_question or (said.modality in WEIGHTLESS and said.not_encoded), (
                    said.id
                )
                assert said.id not in left_out


def test_no_rule_speaks_louder_than_its_statements() -> None:
    """Neither in strength nor in voice: a concern does not become a request, nor the author the state."""
    statements = {said.id: said for register in _library().registers for said in register.statements}
    order = list(Voice)
    for policy in _library().policies:
        for rule in policy.rules:
            said = [statements[source] for source in rule.source]
            strengths = [one.strength for one in said if one.strength is not None]
            assert not strengths or rule.strength in strengths, rule.id
            assert order.index(rule.voice) >= min(order.index(one.voice) for one in said), rule.id


# --- writing anew ------------------------------------------------------------------------------------


def _refresh(document: Document) -> None:
    """Writes what the scenario expects of itself anew, at the end of its file."""
    run = judge(prepare(_library()), document)
    assert run.conclusion is not None, run.problems
    path = ROOT / "scenarios" / Path(document.name).name
    text = path.read_text(encoding="utf-8")
    kept = text.partition("\nexpect:\n")[0].rstrip("\n")
    lines = ["expect:", f"  verdict: {worst(f.verdict for f in run.conclusion.findings)}", "  findings:"]
    for node in examples.expected_nodes(run):
        lines += list(_lines(node))
    path.write_text(kept + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _lines(finding: Map) -> Iterator[str]:
    for number, (key, value) in enumerate(finding):
        start = f"{'    - ' if number == 0 else '      '}{key.text}: "
        if isinstance(value, Seq) and any(isinstance(item, Map) for item in value.items):
            yield start.rstrip()
            yield from (f"        - {_flow(item)}" for item in value.items)
        else:
            indent = " " * (len(start) + 1)
            yield from textwrap.wrap(
                start + _flow(value),
                WIDTH,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )


def _flow(node: Node) -> str:
    match node:
        case Text(text):
            return f'"{text}"' if any(sign in text for sign in ":,[]{}#*\"'?") else text
        case Seq(items):
            return f"[{', '.join(_flow(item) for item in items)}]"
        case Map(entries):
            return f"{{{', '.join(f'{key.text}: {_flow(value)}' for key, value in entries)}}}"
