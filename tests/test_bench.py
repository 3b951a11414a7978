"""The benchmark's work: drawn as published, the same in redline's words, and its oracles right.

The engines that redline is measured against are not needed here: `make bench` installs them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from statistics import mean

import pytest

from bench import words, workload
from bench.baselines import Generated, Masks, Naive
from bench.engine import Engine as Measured
from bench.engines import PLACES, engine
from bench.oracle import matching, ready
from bench.report import text
from bench.results import Run
from bench.second_oracle import asked, decided
from bench.second_words import further_text, partial_record
from bench.second_work import UNKNOWN, further_rules, partial_transfers
from redline import Engine

MEAN = {15: 0.39, 100: 0.71, 1000: 1.55, 10_000: 2.67}  # rules that a transfer matches, as published
DRAWN = {  # digests of the draws, compared with the published generator's when they were taken
    15: "88e646bb2e58e899",
    100: "5f4ea5f162640d1e",
    1000: "62087342153493ca",
    10_000: "8a607ecce7c9dec6",
}
TRANSFERS = "abeea7ecb4fca040"
SOME = 60


def digest(drawn: object) -> str:
    """Of plain data, as JSON."""
    return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:16]


@pytest.mark.parametrize("count", workload.SIZES)
def test_the_rules_are_those_that_were_published(count: int) -> None:
    """Name for name, but for the countries."""
    assert digest([astuple(rule) for rule in workload.rules(count)]) == DRAWN[count]


def test_the_transfers_are_those_that_were_published() -> None:
    """So are they, and the first are the same however many are drawn."""
    drawn = workload.transfers(2000)
    assert digest(drawn) == TRANSFERS
    assert workload.transfers(1500) == drawn[:1500]


@pytest.mark.parametrize("count", [15, 100, 1000])
def test_as_many_rules_match_as_published(count: int) -> None:
    """The mean over a thousand transfers; few match more than five rules, none more than eleven."""
    rules = ready(workload.rules(count))
    found = [len(matching(rules, transfer)) for transfer in workload.transfers(1000)]
    assert round(mean(found), 2) == MEAN[count]
    assert sum(n <= 5 for n in found) >= 900
    assert max(found) <= 11


@pytest.mark.parametrize("kind", [Naive, Generated, Masks])
@pytest.mark.parametrize("count", [15, 1000])
def test_baselines_give_the_answers_of_the_oracle(kind: type[Measured], count: int) -> None:
    """On three hundred transfers, one by one and together."""
    rules, transfers = workload.rules(count), workload.transfers(300)
    one = kind()
    one.load(rules)
    expected = [matching(ready(rules), transfer) for transfer in transfers]
    assert [one.ids(one.one(transfer)) for transfer in transfers] == expected
    assert [one.ids(answer) for answer in one.batch(transfers)] == expected


def loaded(policy: str, folder: Path) -> Engine:
    """An engine with the policy."""
    file = folder / "bench.yaml"
    file.write_text(policy, encoding="utf-8")
    return Engine.load([file])


def judged(judge: Engine, record: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """The ids of the rules that the scenario of the record crosses, and of those that it may."""
    findings = judge.check(words.scenario(record)).findings
    verdicts = {finding.rule.rule.partition("/")[2]: str(finding.verdict) for finding in findings}
    possible = sorted(name for name, verdict in verdicts.items() if verdict in ("crosses", "undetermined"))
    return [name for name in possible if verdicts[name] == "crosses"], possible


@pytest.mark.parametrize("count", [15, 100])
def test_a_transfer_crosses_the_rules_that_the_oracle_names(count: int, tmp_path: Path) -> None:
    """As a scenario of one step, by rules written as YAML; and of no other rule it cannot be told."""
    rules = workload.rules(count)
    judge = loaded(words.policy(map(words.rule_text, rules)), tmp_path)
    crossed = 0
    for transfer in workload.transfers(SOME):
        expected = matching(ready(rules), transfer)
        assert judged(judge, words.record(transfer)) == (expected, expected)
        crossed += len(expected)
    assert crossed >= SOME // 4


@pytest.mark.parametrize("count", [15, 100])
def test_what_is_certain_and_possible_is_what_the_second_oracle_tells(count: int, tmp_path: Path) -> None:
    """With a fifth of the fields unknown; some rules are possible only."""
    rules = further_rules(count)
    judge = loaded(words.policy(map(further_text, rules)), tmp_path)
    certain = possible = 0
    for transfer in partial_transfers(SOME):
        expected = decided(asked(rules), transfer)
        assert judged(judge, partial_record(transfer)) == expected
        certain += len(expected[0])
        possible += len(expected[1])
    assert 5 <= certain < possible


def test_of_a_record_is_said_what_kleene_logic_tells(tmp_path: Path) -> None:
    """By `decide`, more than once less than `check`: the oracle that leaves out what fields say together."""
    rules = further_rules(1000)
    judge = loaded(words.policy(map(further_text, rules)), tmp_path)
    less = 0
    for transfer in partial_transfers(20):
        found = judge.decide(partial_record(transfer))
        certain, possible = ([name.partition("/")[2] for name in names] for names in found)
        assert (certain, possible) == decided(asked(rules, kleene=True), transfer)
        less += (certain, possible) != decided(asked(rules), transfer)
    assert less > 1


def test_a_fifth_of_the_fields_of_the_second_work_is_unknown() -> None:
    """Within a hundredth."""
    transfers = partial_transfers(2000)
    assert abs(1 - sum(map(len, transfers)) / (9 * len(transfers)) - UNKNOWN) < 0.01


def test_names_are_mapped_one_to_one() -> None:
    """No two words of the work become one of redline's."""
    for mapping in (words.ACTIVITY, words.END_USER, words.PAPER):
        assert len(set(mapping.values())) == len(mapping)
    assert len({words.code(node) for node in workload.NODES}) == len(workload.NODES)
    assert len(set(workload.COUNTRIES)) == 190


def test_every_engine_of_the_benchmark_tells_what_it_is() -> None:
    """Each can be named without being installed, and says what is measured."""
    kinds = [engine(name) for name in PLACES]
    assert len({kind.name for kind in kinds}) == len(kinds)
    assert all(kind.how for kind in kinds)


def cell(name: str, **figures: object) -> str:
    """A line of results."""
    return json.dumps({"engine": name, "rules": 15, "pass": 0, "python": "3", "checked": 9, **figures}) + "\n"


def test_a_cell_that_a_peer_wins_is_shown_as_won_by_it(tmp_path: Path) -> None:
    """A faster peer is bold, and the aim is told to be missed; one with wrong answers wins nothing."""
    file = tmp_path / "results.jsonl"
    file.write_text(
        cell("redline", wrong=0, p50_us=4.0)
        + cell("zen", wrong=0, p50_us=2.0)
        + cell("cel", wrong=1, p50_us=1.0)
        + cell("cedar", error="RuntimeError: it fell over"),
        encoding="utf-8",
    )
    page = text(Run(file))
    assert "| zen-engine | **2.00** |" in page
    assert "| redline | 4.00 |" in page
    assert "| CEL (Rust) | wrong answers |" in page
    assert "| Cedar (cedarpy) | failed |" in page
    assert "0.50 (at least 2: no)" in page
