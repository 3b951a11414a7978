"""What is told of small policies is what comes out when every completion of a record is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from random import Random

import pytest

from redline.analysis.diff_bench import both, load_both
from redline.analysis.slots import slotted
from redline.rules.comparison import Relation, Shown
from redline.rules.evidence import Proved
from redline.rules.frozen import replace
from redline.rules.policy import Policy, Rule
from redline.rules.record import Row
from redline.rules.verdicts import Verdict
from tests.brute_force import Choice, choices, verdicts
from tests.generate_rows import needs
from tests.test_diff import compared, rule, text

CASES = 60
MANY = 400
LEAVES = (
    "{to.country: PK}",
    "{to.country: [PK, CN]}",
    "{item.military: yes}",
    "{item.class: naval-platform}",
    "{item.class: warship}",
    "{item.quantity: {at_least: 3}}",
    "{item.quantity: {more_than: 3}}",
    "{some via: {country: PK}}",
    "{every via: {country: [PK, CN]}}",
    "{interpretation: {meant: a}}",
)
HEAD = "interpretations:\n  meant:\n    question: What is meant?\n    answers: {a: this, b: that, c: other}\n"
RANKS: Mapping[Verdict, int] = {Verdict.CROSSES: 2, Verdict.REQUIRES_ASSESSMENT: 1}


def condition(random: Random, leaves: list[str], depth: int) -> str:
    """A condition put together of some of the leaves."""
    sort = random.choice(("leaf", "leaf", "not", "all", "any") if depth else ("leaf",))
    if sort == "leaf":
        return random.choice(leaves)
    if sort == "not":
        return f"{{not: {condition(random, leaves, depth - 1)}}}"
    return f"{{{sort}: [{condition(random, leaves, depth - 1)}, {condition(random, leaves, depth - 1)}]}}"


def editions(random: Random, leaves: list[str]) -> tuple[str, str]:
    """A rule with a condition, and perhaps an exception; and another, or now and then the same by cases."""
    first, second = (condition(random, leaves, 2) for _ in range(2))
    if random.random() < 0.25:
        leaf = random.choice(leaves)
        second = f"{{any: [{{all: [{first}, {leaf}]}}, {{all: [{{not: {leaf}}}, {first}]}}]}}"
    more = f"unless: {condition(random, leaves, 1)}" if random.random() < 0.4 else ""
    kind = random.choice(("prohibits", "prohibits", "weighs"))
    old, new = (text(rule(when, kind=kind, more=more), head=HEAD) for when in (first, second))
    return old, new


def _named(policy: Policy) -> tuple[Rule, ...]:
    return tuple(replace(r, policy="p") for r in policy.rules)


def expected(old: Policy, new: Policy, row: Row) -> tuple[bool, bool]:
    """Whether NEW binds more than OLD of some completion, and whether less of some."""
    rules = (*_named(old), *_named(new))
    options = choices(row, needs(rules))
    options["reading", "arms/meant"] = ["a", "b", "c"]
    stricter = laxer = False
    for chosen in product(*options.values()):
        completion: Choice = dict(zip(options, chosen, strict=True))
        before, after = ([RANKS.get(v, 0) for v in verdicts(r, (), row, completion)] for r in rules)
        # where a territory is in doubt there are several verdicts
        stricter |= min(after) > min(before) or max(after) > max(before)
        laxer |= min(after) < min(before) or max(after) < max(before)
    return stricter, laxer


def test_the_answer_is_that_of_every_completion(tmp_path: Path) -> None:
    """Over scalar fields, a list, an interpretation; with relations of every sort among the cases."""
    _tried(tmp_path, range(CASES))


@pytest.mark.slow
def test_the_answer_is_that_of_every_completion_in_many_more_cases(tmp_path: Path) -> None:
    """As before, with other seeds."""
    _tried(tmp_path, range(CASES, CASES + MANY))


def _tried(tmp_path: Path, seeds: range) -> None:
    seen: dict[Relation, int] = {}
    for seed in seeds:
        random = Random(seed)  # noqa: S311  # no secret hangs on it
        leaves = random.sample(LEAVES, 3)
        texts = editions(random, leaves)
        found = compared(tmp_path, *texts).overall
        old, new = load_both([tmp_path / "old.yaml"], [tmp_path / "new.yaml"])
        row = slotted("step", both(old, new).bench.asked, {"via": 2})
        right = expected(old.policies[0], new.policies[0], row)
        for evidence, so in zip((found.stricter, found.laxer), right, strict=True):
            assert not isinstance(evidence, Shown) or so, (seed, texts)
            assert not isinstance(evidence, Proved) or not so, (seed, texts)
        seen[found.relation] = seen.get(found.relation, 0) + 1
    decided = (Relation.EQUIVALENT, Relation.STRICTER, Relation.LAXER, Relation.INCOMPARABLE)
    assert min(seen.get(each, 0) for each in decided) >= 3, seen
    assert sum(seen.get(each, 0) for each in decided) >= 0.95 * len(seeds), seen
