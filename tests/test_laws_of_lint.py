"""Laws of what `redline lint` takes to follow by form: the reference never gainsays it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from redline.analysis.lint import lint
from redline.analysis.lint_implied import bare, contradicted, excluded, facts_of, implied
from redline.engine.load import load
from redline.engine.reference import holds
from redline.engine.show import show
from redline.rules.condition import All, Any, Condition, Named, Not
from redline.rules.truth import FALSE, TRUE
from redline.testing.author import policy
from redline.testing.dice import Seeded
from redline.testing.written import text
from tests.generate_rows import Situation, seeded

CASES = 1500


def _of(situation: Situation) -> list[Condition]:
    """The conditions of the situation's rules, and what they are joined of."""
    rules = situation.policy.rules
    whole = [c for r in rules for c in (r.scope, r.when, r.unless) if c is not None]
    return list(dict.fromkeys(part for condition in whole for part in _joined(condition)))


def _joined(condition: Condition) -> Iterator[Condition]:
    yield condition
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _joined(part)
        case Not(body) | Named(_, body):
            yield from _joined(body)
        case _:
            pass


def _pairs() -> Iterator[tuple[Situation, Condition, Condition]]:
    for seed in range(CASES):
        situation = seeded(seed)
        conditions = _of(situation)[:12]
        for one in conditions:
            for other in conditions:
                if one is not other:
                    yield situation, one, other


def test_a_condition_written_out_means_the_same() -> None:
    """Names are only names."""
    for seed in range(CASES // 5):
        situation = seeded(seed)
        for condition in _of(situation):
            assert holds(bare(condition), situation.row, situation.readings) is holds(
                condition, situation.row, situation.readings
            )


def test_what_is_implied_never_fails_where_its_premise_holds() -> None:
    """Premise: something is implied by another condition; that one holds of the record, or it fails."""
    met: Counter[str] = Counter()
    for situation, known, goal in _pairs():
        if not implied(bare(goal), facts_of(bare(known))):
            continue
        met["implied"] += 1
        truths = (
            holds(known, situation.row, situation.readings),
            holds(goal, situation.row, situation.readings),
        )
        met["telling"] += truths[0] is TRUE or truths[1] is FALSE
        assert truths != (TRUE, FALSE), (known, goal)
    assert met["implied"] > CASES / 5
    assert met["telling"] > met["implied"] / 5


def test_what_is_excluded_never_holds_where_its_premise_does() -> None:
    """Premise: something is excluded by another condition, and one of the two holds of the record."""
    met: Counter[str] = Counter()
    for situation, known, goal in _pairs():
        if not excluded(bare(goal), facts_of(bare(known))):
            continue
        met["excluded"] += 1
        truths = (
            holds(known, situation.row, situation.readings),
            holds(goal, situation.row, situation.readings),
        )
        met["holds"] += TRUE in truths
        assert truths != (TRUE, TRUE), (known, goal)
    assert met["excluded"] > CASES / 5
    assert met["holds"] > met["excluded"] / 5


def test_what_contradicts_itself_holds_of_no_record() -> None:
    """Premise: two conditions joined contradict each other, and one of the two holds of the record."""
    met: Counter[str] = Counter()
    for situation, one, other in _pairs():
        joined = All((one, other))
        if contradicted(facts_of(bare(joined))):
            met["contradicted"] += 1
            met["holds"] += TRUE in (
                holds(one, situation.row, situation.readings),
                holds(other, situation.row, situation.readings),
            )
            assert holds(joined, situation.row, situation.readings) is not TRUE, joined
    assert met["contradicted"] > CASES / 5
    assert met["holds"] > met["contradicted"] / 5


def test_lint_has_an_answer_to_every_policy_that_is_read(tmp_path: Path) -> None:
    """Premise: of most codes of conditions, exceptions and lists something is found in some policy."""
    told: Counter[str] = Counter()
    for seed in range(60):
        made = policy(Seeded(Random(seed)))  # noqa: S311  # no secret hangs on it
        (tmp_path / "policy.yaml").write_text(text(made), encoding="utf-8")
        loaded = load([tmp_path / "policy.yaml"], registers=[])
        found, accepted = lint(loaded)
        assert accepted == []
        assert show(found, loaded.texts)
        told.update({problem.code for problem in found})
    for code in ("upstream-clears", "silence-clears", "no-running", "never-holds", "weaker-permission"):
        assert told[code], told
