"""`redline.testing`: scenarios and policies as strategies of hypothesis.

The shares asserted here are well below those measured; they are the same on every machine.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Collection
from functools import cache
from time import process_time

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty

from redline import Engine, Refused
from redline.engine.load import load
from redline.engine.plain import document_of
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge
from redline.rules.policy import Rule
from redline.testing import Draft, NothingToDraw, draft, policies, scenarios_for
from redline.testing.draft import consistent
from redline.testing.loading import bench_of, with_policies
from redline.testing.pool import applies, in_conflict, speaks_not
from redline.testing.scenarios import workshop
from redline.testing.values import Values
from redline.testing.written import Data
from tests.draws import drawn
from tests.laws.judged import shipped_bench
from tests.laws.test_generate import WORDS
from tests.test_testing_laws import POLICY

TOLD_APART = """\
redline: 1
policy: bounds
title: Bounds
stated_by: IT
facts: {item: {max_range: {type: length}}}
rules:
  - id: far
    says: Nothing that reaches far.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: a law}]
    for: each step
    validity: {from: 2020-01-01, lifted: 2028-01-01}
    when: {item.max_range: {at_least: 300 km}}
  - id: but-here
    says: Friends may have it.
    kind: permits
    layer: legal
    strength: law
    source: [{text: a law}]
    for: each step
    when: {to.country: [FR, DE]}
"""


def judged(by: Bench, scenario: Draft, wanted: Callable[[Rule], bool] | None = None) -> Run:
    """The scenario judged."""
    return judge(by, document_of(scenario.data), wanted, explained=lambda _: False)


def share(by: Bench, scenarios: Collection[Draft], good: Callable[[Run], bool]) -> float:
    """In how large a share of the scenarios it is so."""
    return sum(good(judged(by, each)) for each in scenarios) / len(scenarios)


@cache
def shipped_draws() -> list[Draft]:
    """A thousand draws for the policies that ship, nothing of them in doubt."""
    return drawn(scenarios_for(shipped_bench()), 1000)


# --- scenarios -----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["any", "rule", "boundary", "gap", "conflict"])
def test_what_is_drawn_is_consistent_and_reads_again_from_its_yaml(target: str) -> None:
    """Whatever it aims at, however much of it is in doubt."""
    by = bench_of(TOLD_APART)
    for each in drawn(scenarios_for(by, target, unknowns=0.3), 100):  # type: ignore[arg-type]  # one of them
        assert consistent(each.data, by.library.lexicon) == each.scenario
        assert draft(each.yaml).data == each.data
        assert eval(repr(each), {"draft": draft}) == each  # noqa: S307  # what is shown can be pasted


def test_the_same_seed_draws_the_same() -> None:
    """With a pool that is made anew, too."""
    first = drawn(scenarios_for(POLICY, unknowns=0.2), 50)
    assert first == drawn(scenarios_for(POLICY.replace("title: Arms", "title: New arms"), unknowns=0.2), 50)


def test_draws_differ() -> None:
    """Half of them, at the least, are drawn once."""
    found = shipped_draws()
    assert len({each.yaml for each in found}) > 500


def test_draws_are_quick() -> None:
    """Generated, read and checked; told in time of the processor, four times what was measured."""
    by = shipped_bench()
    drawn(scenarios_for(by), 1)
    started = process_time()
    drawn(scenarios_for(by), 1000)
    assert process_time() - started < 6


DOUBTS = re.compile(r"unknown|one_of|alleged|more: possible")


def test_without_unknowns_nothing_is_left_in_doubt() -> None:
    """And with them about so much as was asked for: half of them are in no scenario without a move."""
    by = shipped_bench()
    assert not [each for each in shipped_draws() if DOUBTS.search(each.yaml)]
    doubted = [bool(DOUBTS.search(each.yaml)) for each in drawn(scenarios_for(by, unknowns=1.0), 500)]
    assert sum(doubted) > 300
    few = [bool(DOUBTS.search(each.yaml)) for each in drawn(scenarios_for(by, unknowns=0.1), 500)]
    assert 10 < sum(few) < 250


def test_every_structure_is_drawn() -> None:
    """Steps, parts, tools, papers, agreements, owners, stations, and facts left in doubt."""
    found = "\n".join(each.yaml for each in drawn(scenarios_for(shipped_bench(), unknowns=0.2), 1500))
    words = ("contains", "made_with", "papers", "agreements", "owners", "via", "end_user", "by", "knew")
    doubts = ("grade: alleged", "more: possible", "unknown", "one_of")
    wanted = [*(f"{w}:" for w in words), *doubts]
    assert [word for word in wanted if word not in found] == ["knew:"]  # no shipped rule asks for it


def test_rules_are_reached() -> None:
    """On the shipped policies nearly all that can be, by few draws: 95 % at least."""
    by = shipped_bench()
    rules = {name(rule): rule for rule in workshop(by).pool.rules.values()}
    left = set(rules)
    for each in drawn(scenarios_for(by, "rule"), 400):
        run = judged(by, each, lambda rule, left=left: name(rule) in left)  # type: ignore[misc]  # bound at once
        left -= {n for n in left if applies(run, rules[n], certain=False)}
    assert len(left) <= len(rules) * 0.05


@cache
def bounds() -> Bench:
    """A policy with an amount, dates, and a permission against a prohibition."""
    return bench_of(TOLD_APART)


def test_rule_aims_at_the_rule() -> None:
    """Half of the draws, at the least, have it speak."""
    by = bounds()
    rule = next(rule for _, rule in by.judging.rules() if rule.id == "far")
    found = drawn(scenarios_for(by, "rule", rule="far"), 200)
    assert share(by, found, lambda run: applies(run, rule)) >= 0.5


def test_boundary_aims_at_both_sides_of_every_bound() -> None:
    """Nearly all draws have a date or an amount next to a bound; together they have most of those."""
    values = Values(bounds())
    assert values.amounts("max_range") == ("300000 m", "299999.99 m")
    assert {"2019-12-31", "2020-01-01", "2027-12-31", "2028-01-01"} <= {*values.days}
    edges = (*values.amounts("max_range"), *values.days)
    found = [each.yaml for each in drawn(scenarios_for(bounds(), "boundary"), 200)]
    assert sum(any(edge in text for edge in edges) for text in found) >= len(found) * 0.9
    assert sum(any(edge in text for text in found) for edge in edges) >= len(edges) * 0.75


def test_gap_aims_at_what_no_rule_speaks_of() -> None:
    """Nearly all draws, and they differ."""
    by = bounds()
    found = drawn(scenarios_for(by, "gap"), 100)
    assert share(by, found, speaks_not) >= 0.95
    assert len({each.yaml for each in found}) > 20


def test_conflict_aims_at_what_is_both_permitted_and_forbidden() -> None:
    """Half of the draws, at the least."""
    by = bounds()
    assert share(by, drawn(scenarios_for(by, "conflict"), 100), in_conflict) >= 0.5


def test_what_cannot_be_aimed_at_is_told() -> None:
    """At once, or when it is first drawn from."""
    with pytest.raises(ValueError, match="there is no target 'rules'"):
        scenarios_for(POLICY, "rules")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ValueError, match="a share from 0 to 1"):
        scenarios_for(POLICY, unknowns=30)
    with pytest.raises(NothingToDraw, match="there is no rule `nowhere`"):
        drawn(scenarios_for(POLICY, "rule", rule="nowhere"), 1)
    without = TOLD_APART.split("  - id: but-here", maxsplit=1)[0]
    with pytest.raises(NothingToDraw, match="no permission can hold"):
        drawn(scenarios_for(without, "conflict"), 1)
    with pytest.raises(Refused):
        scenarios_for(POLICY.replace("kind: prohibits", "kind: forbids"))


def test_a_draft_is_shown_as_what_makes_it_again() -> None:
    """By hypothesis too, which would else show every field of it."""
    shown = draft("redline: 1\n")
    assert pretty(shown) == repr(shown) == 'draft("""\\\nredline: 1\n""")'
    assert eval(repr(shown)) == shown  # noqa: S307  # our own words


def test_a_failing_example_is_short() -> None:
    """What crosses on the shipped policies shrinks to a scenario of under 25 lines."""
    engine = Engine.load()
    by = engine.bench
    (wanted,) = (each for _, each in by.judging.rules() if each.id == "no-dealings-with-the-restricted-group")

    def crosses(each: Draft) -> bool:
        return applies(judged(by, each, lambda rule: rule is wanted), wanted)

    found = find(
        scenarios_for(engine, "rule"),
        crosses,
        settings=settings(database=None, derandomize=True, deadline=None, max_examples=300),
    )
    assert len(found.yaml.splitlines()) < 25, found.yaml
    assert str(engine.check(found.data).verdict) in ("crosses", "undetermined")  # by reading


# --- policies ------------------------------------------------------------------------------------


def test_drawn_policies_are_read_and_use_the_whole_language() -> None:
    """Every construct in 1 % of the draws at the least."""
    found = drawn(policies(), 700)
    nothing = load([], registers=[])
    for each in found[:150]:
        assert with_policies(nothing, [each.data]).problems == (), each.yaml
    words = [set(re.findall(r"[a-z_]+", each.yaml)) for each in found]
    assert [word for word in WORDS if sum(word in each for each in words) < len(found) * 0.01] == []


def test_drawn_policies_shrink_to_one_simple_rule() -> None:
    """One rule, and nothing that it does not use."""

    def has_a_rule(each: Draft) -> bool:
        return bool(_rules(each.data))

    found = find(policies(), has_a_rule, settings=settings(database=None, derandomize=True, deadline=None))
    assert len(_rules(found.data)) == 1
    assert len(found.yaml.splitlines()) < 30, found.yaml


def _rules(policy: dict[str, Data]) -> list[dict[str, Data]]:
    rules = policy["rules"]
    assert isinstance(rules, list)
    return [rule for rule in rules if isinstance(rule, dict)]


def test_scenarios_are_drawn_for_drawn_policies() -> None:
    """Each consistent with the words of its policy."""
    both = policies(rules=2).flatmap(lambda each: st.tuples(st.just(each), scenarios_for(each)))

    @settings(
        max_examples=15,
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(both)
    def tried(pair: tuple[Draft, Draft]) -> None:
        by = bench_of(pair[0])
        assert judged(by, pair[1]).conclusion is not None

    tried()


def test_a_policy_has_a_rule() -> None:
    """At the least."""
    with pytest.raises(ValueError, match="at least one rule"):
        policies(rules=0)


# --- the module ----------------------------------------------------------------------------------


def test_without_hypothesis_it_says_what_is_missing() -> None:
    """And how to get it."""
    code = "import sys; sys.modules['hypothesis'] = None\nimport redline.testing"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert "pip install 'redline[test]'" in done.stderr
    assert done.returncode == 1
