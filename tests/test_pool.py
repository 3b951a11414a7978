"""The pool of scenarios made to order: which rules it has speak, and what is constructed for it."""

from __future__ import annotations

import pytest

from redline.engine.plain import document_of
from redline.engine.run import judge
from redline.testing.author import policy
from redline.testing.dice import seeded
from redline.testing.draft import Draft
from redline.testing.loading import bench_of
from redline.testing.pool import applies
from redline.testing.scenarios import workshop

HEAD = """\
redline: 1
policy: made
title: Made
stated_by: IT
rules:
  - id: one
    says: Something is asked.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: a law}]
    for: each step
"""
WORKED_OUT = {
    "two dates apart": "{days: {from: contract, to: delivery, more_than: 200 days}}",
    "a share of the value": "{content_share: {of: {military: no}, more_than: 10%}}",
    "little of the value": "{content_share: {of: {origin: CN}, at_most: 25%}}",
    "an owner by what it is": "{some reach: {owned: {by: {roles: broker}, at_least: 60%}}}",
    "an owner of a station": "{some via: {country: FR, owned: {by: {country: NL}, at_least: 50%}}}",
    "a paper of someone": "{paper: {kind: grant, issuer: {country: [FR, DE]}}}",
    "an earlier step by its day": "{some upstream: {delivery: {after: 2026-05-01}}}",
}


def reached(policies: int) -> tuple[int, list[str]]:
    """Of the rules of so many generated policies, how many there are that are not proved to be silent, and
    those of them that the pool does not reach."""
    rules, lost = 0, []
    for seed in range(1, policies + 1):
        pool = workshop(Draft(policy(seeded(seed)))).pool
        for index, rule in pool.rules.items():
            if pool.speaking(index) is not None:
                assert pool.possible(index), f"{seed}: {rule.id} is proved silent, and speaks"
                rules += 1
            elif pool.possible(index):
                rules += 1
                lost.append(f"{seed}: {rule.id}")
    return rules, lost


@pytest.mark.parametrize("case", WORKED_OUT)
def test_what_is_worked_out_from_facts_is_constructed(case: str) -> None:
    """One of each question of the catalogue; and what is made has the rule speak."""
    by = bench_of(f"{HEAD}    when: {WORKED_OUT[case]}\n")
    pool = workshop(by).pool
    ((index, rule),) = pool.rules.items()
    made = pool.speaking(index)
    assert made is not None
    assert applies(judge(by, document_of(made)), rule)


def test_of_what_is_impossible_there_is_a_proof_and_no_search() -> None:
    """No value is both."""
    pool = workshop(f"{HEAD}    when: {{all: [{{item.military: yes}}, {{item.military: no}}]}}\n").pool
    assert not pool.possible(0)
    assert pool.speaking(0) is None


def test_the_pool_reaches_the_rules_of_generated_policies() -> None:
    """All of them, but for those that are proved to be silent."""
    rules, lost = reached(9)
    assert rules > 25
    assert not lost


@pytest.mark.slow
def test_the_pool_reaches_a_thousand_rules() -> None:
    """As before, of many more policies: 49 of 50, at the least."""
    rules, lost = reached(300)
    assert rules >= 900
    assert len(lost) <= rules / 50, lost
