"""`redline verify`: flaws put into policies are found, with the right kind and rule, and shown or proved."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from redline.analysis.verify import flaws
from redline.engine.load import Library, load, shipped
from redline.engine.read import read_text
from redline.engine.reference import name
from redline.engine.run import Bench, Options, judge, prepare
from redline.rules.evidence import Flaw, FlawKind, Proved, Undetermined, Witness
from redline.rules.frozen import replace
from redline.rules.problems import errors
from redline.rules.verdicts import Verdict
from tests.generate_policies import a_policy

HEAD = """
redline: 1
policy: p
title: A policy
stated_by: A state
interpretations:
  wide: {question: Is it meant widely?, answers: {yes: so, no: not so}}
  unused: {question: Is it?, answers: {yes: so, no: not so}}
rules:
"""


INTENT = """
intents:
  - id: kept-out
    says: Nothing Italian ends there.
    when: {all: [{some content: {origin: IT}}, {to.country: PK}]}
"""


def _rule(ident: str, when: str, kind: str = "prohibits", more: str = "") -> str:
    return f"""
  - id: {ident}
    says: A state says {ident}.
    kind: {kind}
    layer: political
    strength: concern
    source: [a source]
    for: each step
    when: {when}
{more}"""


def _bench(tmp_path: Path, *rules: str, head: str = HEAD) -> Bench:
    path = tmp_path / "policy.yaml"
    path.write_text(head + "".join(rules), encoding="utf-8")
    library = load([path], None)
    assert not errors(library.problems), library.problems
    return prepare(library, Options())


def _found(bench: Bench, *kinds: FlawKind) -> set[tuple[FlawKind, str]]:
    found = list(flaws(bench, kinds or frozenset(FlawKind) - {FlawKind.IDLE_INTERPRETATION}))
    for flaw in found:
        _holds(bench, flaw)
    return {(flaw.kind, flaw.rules[0].partition("/")[2]) for flaw in found}


def _holds(bench: Bench, flaw: Flaw) -> None:
    """A witness is a scenario of which the evaluator says what is claimed."""
    assert not isinstance(flaw.evidence, Undetermined), flaw
    if not isinstance(flaw.evidence, Witness):
        return
    (document,), _ = read_text(flaw.evidence.scenario.encode(), "witness.yaml")
    fixed = {reading: frozenset({answer}) for reading, answer in flaw.evidence.readings.items()}
    run = judge(replace(bench, readings=fixed), document)
    assert run.conclusion is not None
    crossed = {name(f.rule) for f in run.conclusion.findings if f.verdict is Verdict.CROSSES}
    if flaw.kind is FlawKind.CONFLICT:
        assert flaw.rules[1] in crossed
    else:
        assert not crossed


# --- each kind, by the book ----------------------------------------------------------------------------


def test_policies_without_flaws_give_none(tmp_path: Path) -> None:
    """Two rules, each with something of its own."""
    bench = _bench(tmp_path, _rule("one", "{to.country: PK}"), _rule("two", "{to.country: IR}"))
    assert _found(bench) == set()


def test_a_rule_that_contradicts_itself_is_dead(tmp_path: Path) -> None:
    """No country is two."""
    bench = _bench(tmp_path, _rule("one", "{all: [{to.country: PK}, {to.country: IR}]}"))
    assert _found(bench) == {(FlawKind.DEAD, "one")}


def test_a_permission_that_never_holds_is_dead(tmp_path: Path) -> None:
    """And so is what would be set aside by it alone not shadowed."""
    never = _rule(
        "never", "{all: [{item.military: yes}, {item.military: no}]}", "permits", "    defeats: [one]\n"
    )
    assert _found(_bench(tmp_path, _rule("one", "{to.country: PK}"), never)) == {(FlawKind.DEAD, "never")}


def test_a_rule_that_its_exception_covers_is_shadowed(tmp_path: Path) -> None:
    """Whenever it would cross, the exception sets it aside."""
    bench = _bench(tmp_path, _rule("one", "{to.country: PK}", more="    unless: {to.country: [PK, IR]}\n"))
    assert _found(bench, FlawKind.SHADOWED, FlawKind.DEAD) == {(FlawKind.SHADOWED, "one")}


def test_a_rule_that_a_permission_covers_is_shadowed(tmp_path: Path) -> None:
    """The permission names it and holds wherever it would cross."""
    bench = _bench(
        tmp_path,
        _rule("one", "{all: [{to.country: PK}, {activity: export}]}"),
        _rule("two", "{to.country: PK}", "permits", "    defeats: [one]\n"),
    )
    assert _found(bench) == {(FlawKind.SHADOWED, "one")}


def test_a_rule_inside_another_is_redundant(tmp_path: Path) -> None:
    """The narrower one; the wider one is not."""
    bench = _bench(
        tmp_path,
        _rule("narrow", "{all: [{to.country: PK}, {activity: export}]}"),
        _rule("wide", "{to.country: [PK, IR]}"),
    )
    assert _found(bench) == {(FlawKind.REDUNDANT, "narrow")}


def test_a_rule_that_several_cover_together_is_redundant(tmp_path: Path) -> None:
    """Neither of the others covers it alone."""
    bench = _bench(
        tmp_path,
        _rule("both", "{to.country: PK}"),
        _rule("military", "{all: [{to.country: PK}, {item.military: yes}]}"),
        _rule("civil", "{all: [{to.country: PK}, {item.military: no}]}"),
    )
    assert (FlawKind.REDUNDANT, "both") in _found(bench)


def test_a_permission_against_a_prohibition_of_the_same_stater_is_a_conflict(tmp_path: Path) -> None:
    """With the rules that it stands against in one group; one that it names is none of them."""
    bench = _bench(
        tmp_path,
        _rule("one", "{all: [{to.country: PK}, {item.military: yes}]}"),
        _rule("two", "{all: [{to.country: PK}, {item.military: no}]}"),
        _rule("named", "{all: [{to.country: PK}, {item.class: radar}]}"),
        _rule("go", "{to.country: PK}", "permits", "    defeats: [named]\n"),
    )
    (flaw,) = flaws(bench, {FlawKind.CONFLICT})
    assert flaw.rules[0] == "p/go"
    assert {*flaw.rules[1:], *flaw.among} == {"p/one", "p/two"}


def test_an_exception_outside_its_rule_is_idle(tmp_path: Path) -> None:
    """One of two alternatives; the other matters."""
    bench = _bench(
        tmp_path,
        _rule("one", "{to.country: PK}", more="    unless: {any: [{to.country: IR}, {activity: return}]}\n"),
    )
    (flaw,) = flaws(bench, {FlawKind.IDLE_EXCEPTION})
    assert flaw.rules == ("p/one",)
    assert isinstance(flaw.evidence, Proved)


def test_an_interpretation_that_nothing_turns_on_is_idle(tmp_path: Path) -> None:
    """And one on which a rule turns is not."""
    bench = _bench(tmp_path, _rule("one", "{all: [{to.country: PK}, {interpretation: {wide: yes}}]}"))
    assert _found(bench, FlawKind.IDLE_INTERPRETATION) == {(FlawKind.IDLE_INTERPRETATION, "unused")}


def test_a_validity_that_contradicts_itself_or_leaves_days_out_is_told(tmp_path: Path) -> None:
    """Stretches that share days and differ; days between stretches."""
    suspended = "{state: suspended, from: 2018-06-01, to: 2020-01-01}"
    overlap = f"    validity: [{{from: 2015-01-01, to: 2018-12-31}}, {suspended}]\n"
    hole = "    validity: [{from: 2015-01-01, to: 2016-12-31}, {from: 2018-01-01}]\n"
    bench = _bench(
        tmp_path,
        _rule("overlapping", "{to.country: PK}", more=overlap),
        _rule("broken", "{to.country: IR}", more=hole),
    )
    kinds = (FlawKind.VALIDITY_HOLE, FlawKind.VALIDITY_OVERLAP)
    assert _found(bench, *kinds) == {
        (FlawKind.VALIDITY_OVERLAP, "overlapping"),
        (FlawKind.VALIDITY_HOLE, "broken"),
    }


def test_what_a_policy_means_to_decide_and_does_not_is_a_gap(tmp_path: Path) -> None:
    """Until a rule decides it."""
    head = HEAD.replace(
        "rules:", "decides: {when: {all: [{activity: export}, {to.country: [PK, IR]}]}}\nrules:"
    )
    one = _rule("one", "{to.country: PK}")
    assert _found(_bench(tmp_path, one, head=head)) == {(FlawKind.GAP, "decides")}
    two = _rule("two", "{to.country: IR}")
    assert _found(_bench(tmp_path, one, two, head=head)) == set()


@pytest.mark.parametrize(
    ("letter", "steps"),
    [
        ("{all: [{from.country: IT}, {to.country: PK}]}", 1),
        ("{all: [{to.country: PK}, {some content: {all: [{origin: IT}, {depth: 0}]}}]}", 1),
    ],
)
def test_a_letter_that_can_be_got_round_is_a_loophole(tmp_path: Path, letter: str, steps: int) -> None:
    """A sale through another country; a part inside something else."""
    head = HEAD.replace("rules:", f"{INTENT}rules:")
    bench = _bench(tmp_path, _rule("one", letter), head=head)
    (flaw,) = flaws(bench, {FlawKind.LOOPHOLE})
    _holds(bench, flaw)
    assert isinstance(flaw.evidence, Witness)
    assert flaw.evidence.scenario.count("- id:") == steps


def test_a_letter_as_wide_as_the_intent_leaves_no_loophole(tmp_path: Path) -> None:
    """In chains of up to four steps."""
    head = HEAD.replace("rules:", f"{INTENT}rules:")
    rule = _rule("one", "{all: [{some content: {origin: IT}}, {to.country: PK}]}")
    assert _found(_bench(tmp_path, rule, head=head), FlawKind.LOOPHOLE) == set()


# --- what ships -------------------------------------------------------------


@cache
def _shipped() -> Library:
    return load([*shipped("policies")], None)


def test_what_ships_is_consistent_but_for_what_it_accepts() -> None:
    """Every flaw found has a reason beside its rule, and nothing is left undetermined."""
    bench = prepare(_shipped(), Options(include_author=True))
    rules = {name(rule): rule for _, rule in bench.judging.rules()}
    found = list(flaws(bench))
    for flaw in found:
        assert not isinstance(flaw.evidence, Undetermined), flaw
        assert any(flaw.kind in rules[n].accepts for n in flaw.rules if n in rules), flaw


def test_the_same_policies_give_the_same_flaws(tmp_path: Path) -> None:
    """Witnesses included: the budget is counted in steps, never in time."""
    path = tmp_path / "made.yaml"
    path.write_text(a_policy(12), encoding="utf-8")
    once, again = (list(flaws(prepare(load([path], None), Options()))) for _ in range(2))
    assert once == again


def test_many_generated_rules_are_all_determined(tmp_path: Path) -> None:
    """Thirty rules over fifteen fields and three lists; each conflict shown by a scenario that is judged."""
    path = tmp_path / "made.yaml"
    path.write_text(a_policy(30), encoding="utf-8")
    bench = prepare(load([path], None), Options())
    found = list(flaws(bench))
    assert any(flaw.kind is FlawKind.CONFLICT for flaw in found)
    for flaw in found:
        _holds(bench, flaw)
