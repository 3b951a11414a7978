"""The generators: what they make is consistent, is read without a problem, and uses the whole language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redline.engine.load import load
from redline.rules.verdicts import Kind, Verdict
from redline.testing import author as generate_policies
from redline.testing.dice import Drawn, Seeded
from redline.testing.judged import run, verdicts
from redline.testing.terms import words
from redline.testing.written import Data, Mapped, text
from tests.laws import generate
from tests.laws.judged import bench

CASES = 3 * settings().max_examples // 2
WORDS = (
    *(
        "all",
        "any",
        "not",
        "some",
        "every",
        "unstated",
        "only",
        "in",
        "under",
        "unsettled",
        "interpretation",
        "paper",
        "issuer",
        "where",
        "owned",
        "mode",
        "content_share",
    ),
    *(
        "days",
        "forbids",
        "at_least",
        "at_most",
        "more_than",
        "less_than",
        "equals",
        "before",
        "after",
        "from",
        "to",
        "within",
        "scope",
        "when",
        "unless",
        "requires",
        "defeats",
    ),
    *(
        "validity",
        "lifted",
        "running",
        "begun_before",
        "burden",
        "factors",
        "asks",
        "voice",
        "groups",
        "territories",
        "facts",
        "extend",
        "lists",
        "define",
        "interpretations",
    ),
)
"""The words of the language that stand as keys of policies (or as what a field is compared with)."""
SAID = (
    *(
        "one_of",
        "not",
        "known",
        "more",
        "grade",
        "source",
        "value",
        "contains",
        "made_with",
        "owners",
        "share",
        "screened",
        "listed",
        "roles",
        "flags",
        "nationalities",
    ),
    *(
        "covers",
        "valid",
        "forbids",
        "declares",
        "binds",
        "issued",
        "partners",
        "via",
        "end_user",
        "knew",
        "date",
        "contract",
        "delivery",
        "place_of_use",
        "end_use",
        "status",
    ),
    *("assume", "agreements", "papers", "return_by", "max_range", "seeks_business", "into", "by", "id"),
)
"""What scenarios may say."""


def _dice(seed: int) -> Seeded:
    return Seeded(Random(seed))  # noqa: S311  # no secret hangs on it


def _keys(written: Data) -> Counter[str]:
    return Counter(re.findall(r"[a-z_]+", text(written)))


def test_generated_scenarios_are_consistent_and_say_everything_that_can_be_said() -> None:
    """Each is read and checked without an error; all together they use every key."""
    found: Counter[str] = Counter()
    for seed in range(CASES):
        scenario = generate.scenario(_dice(seed))
        assert generate.consistent(scenario, words()), text(scenario)
        found += _keys(scenario)
    assert [word for word in SAID if not found[word]] == []


def test_generated_policies_are_read_without_a_problem_and_use_the_whole_language(tmp_path: Path) -> None:
    """Every construct, every kind of rule, every sort of subject."""
    found: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    path = tmp_path / "policy.yaml"
    for seed in range(CASES):
        policy = generate_policies.policy(_dice(seed))
        path.write_text(text(policy), encoding="utf-8")
        library = load([path], registers=[])
        assert library.problems == (), (library.problems, text(policy))
        found += _keys(policy)
        kinds += Counter(each for rule in library.policies[0].rules for each in (rule.kind, rule.subject))
    assert [word for word in WORDS if not found[word]] == []
    assert [each for each in (*Kind, "step", "item", "agreement", "scenario") if not kinds[each]] == []


def test_every_verdict_is_given_often_enough(tmp_path: Path) -> None:
    """Laws about crossings are of no use where nothing crosses."""
    seen: Counter[Verdict] = Counter()
    for seed in range(4 * CASES):  # some verdicts are rare
        dice = _dice(seed)
        scenario = generate.scenario(dice)
        found = verdicts(run(bench(tmp_path, generate_policies.policy(dice)), scenario))
        seen += Counter(set(found.values()))
    for verdict in Verdict:
        often = verdict in (Verdict.CROSSES, Verdict.UNDETERMINED, Verdict.NOT_CROSSED)
        assert seen[verdict] >= (4 * CASES * 0.2 if often else 1), seen


@st.composite
def _policies(draw: Callable[[st.SearchStrategy[int]], int]) -> Mapped:
    return generate_policies.policy(Drawn(draw))


@settings(
    suppress_health_check=(
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    )
)
@given(generate.scenarios(), _policies())
def test_whatever_is_generated_is_judged(tmp_path: Path, scenario: Mapped, policy: Mapped) -> None:
    """As strategies of hypothesis, which shrink what fails: every subject has a verdict, none an error."""
    made = run(bench(tmp_path, policy), scenario, explained=True)
    assert made.conclusion is not None
    assert made.derived is not None
    for finding in made.conclusion.findings:
        assert finding.verdict in Verdict
