"""All interpreters agree, on trials that put every construct to the test; and a fault in any of them is told
with a short policy and scenario."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from redline import Engine
from redline.engine import rete_cases, sharpen
from redline.engine.kleene import Kleene
from redline.engine.plan import Formula
from redline.flat import masks
from redline.front import cli
from redline.rules.decision import Decision
from redline.rules.record import Rows
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms
from tests import differential
from tests.differential import (
    CONSTRUCTS,
    ON_RECORDS,
    ON_SUBJECTS,
    OUTCOMES,
    Records,
    Tally,
    by_columns,
    by_index,
    judged,
    run,
    short,
)
from tests.generate_trials import a_trial
from tests.second_opinion_cases import needs_durable_rules

EVALUATIONS = 37_000


@needs_durable_rules
def test_all_interpreters_agree_and_are_all_put_to_the_test() -> None:
    """Each outcome in 15 % of the evaluations, each construct in 1 %, each exception both ways."""
    tally, trial, found = run(EVALUATIONS)
    sys.stdout.write(f"{tally}\n")
    assert trial is None, short(trial, found[0])
    assert tally.wanting() == []
    assert tally.given_up < tally.total / 1000
    assert tally.sharper > 10  # else the law of sharpening was not put to the test


def test_what_is_wanting_is_told() -> None:
    """Of nothing evaluated, all of it; of an exception that only defeats, that one."""
    tally = Tally(exceptions={(1, "p/r", "p/q"): {"defeats"}})
    assert set(tally.wanting()) == {*OUTCOMES, *CONSTRUCTS, *ON_SUBJECTS, *ON_RECORDS, "1 p/r p/q"}


@pytest.mark.parametrize("number", [0, 3, 5])
def test_columns_say_of_records_over_the_whole_language_what_the_index_says(number: int) -> None:
    """Among them some that are crossed for sure, and some that only may be."""
    trial = a_trial(number)
    records = [case.record for case in trial.cases if case.record is not None]
    found = by_index(trial.engine, records)
    assert by_columns(trial.engine, records) == found
    assert sum(len(each.certain) for each in found) > 5
    assert sum(len(each.possible) - len(each.certain) for each in found) > 20


# --- a fault in each is found, and told in short ------------------------------------------------------


def _in_plan(patch: pytest.MonkeyPatch) -> None:
    """The plan's Kleene logic takes an open list for complete."""
    right = Kleene._some  # noqa: SLF001  # what is made faulty

    def wrong(self: Kleene, rows: Rows, body: Formula) -> Truth:
        found = right(self, rows, body)
        return FALSE if found is UNKNOWN and not rows.rows else found

    patch.setattr(Kleene, "_some", wrong)


def _in_index(patch: pytest.MonkeyPatch) -> None:
    """The index takes what is in doubt for sure."""
    right = masks.Tests.value

    def wrong(self: masks.Tests, value: Terms) -> tuple[int, int]:
        _, possible = right(self, value)
        return possible, possible

    patch.setattr(masks.Tests, "value", wrong)


def _in_durable_rules(patch: pytest.MonkeyPatch) -> None:
    """An open list is unrolled as if it were complete."""
    patch.setattr(rete_cases, "fits", lambda *_: TRUE)


def _in_sharpening(patch: pytest.MonkeyPatch) -> None:
    """The first verdict that some completion gives is the last word."""
    right = sharpen.possible
    for module in (sharpen, differential):
        patch.setattr(module, "possible", lambda *given: frozenset({min(right(*given))}))


def _on_records(patch: pytest.MonkeyPatch) -> None:
    """One that reads tables and forgets the last rule."""

    def by_table(engine: Engine, records: Records) -> list[Decision]:
        every = [engine.decide(record) for record in records]
        return [Decision(each.certain[:-1], each.possible[:-1]) for each in every]

    patch.setitem(ON_RECORDS, "table", by_table)


@needs_durable_rules
@pytest.mark.parametrize(
    ("who", "fault"),
    [
        ("plan", _in_plan),
        ("durable_rules", _in_sharpening),
        ("durable_rules", _in_durable_rules),
        ("index", _in_index),
        ("table", _on_records),
    ],
)
def test_a_fault_is_told_with_a_policy_and_a_scenario_to_run(
    who: str,
    fault: Callable[[pytest.MonkeyPatch], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Short ones, which `redline check` takes."""
    trial = a_trial(2, 6, 6)
    with monkeypatch.context() as patch:
        fault(patch)
        found = next(each for each in judged(trial) if each.who == who)
        told = short(trial, found, tmp_path)
    assert f"{who} says" in told
    policy, scenario = tmp_path / "policy.yaml", tmp_path / "scenario.yaml"
    assert f"redline check --policy {policy} {scenario}" in told
    assert policy.read_text(encoding="utf-8").count("- id:") <= 2
    assert len(policy.read_text(encoding="utf-8")) < 1500
    assert len(scenario.read_text(encoding="utf-8")) < 800
    assert ("as a record" in told) is (who in ("index", "table"))
    run_as_told = ["check", "--no-second-opinion", "--all", "--policy", str(policy), str(scenario)]
    assert cli.run(run_as_told) in (0, 1, 3)
    rule = told.partition("disagreement about drawn/")[2].partition(":")[0]
    assert rule
    assert f" {rule} " in capsys.readouterr().out
