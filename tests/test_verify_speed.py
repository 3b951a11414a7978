"""`redline verify` is quick on many rules, and finds by boxes what the solver finds without them."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from redline.analysis.boxed import Boxed
from redline.analysis.verify import flaws
from redline.analysis.verify_near import Near
from redline.engine.load import load
from redline.engine.run import Bench, Options, prepare
from redline.rules.evidence import FlawKind, Undetermined
from tests.generate_policies import a_policy

FIVE = frozenset({FlawKind.CONFLICT, FlawKind.DEAD, FlawKind.SHADOWED, FlawKind.REDUNDANT, FlawKind.GAP})


def _bench(tmp_path: Path, rules: int, seed: int = 1) -> Bench:
    path = tmp_path / f"made-{rules}-{seed}.yaml"
    path.write_text(a_policy(rules, seed), encoding="utf-8")
    return prepare(load([path], None), Options(include_author=True))


def test_a_hundred_rules_are_verified_in_seconds(tmp_path: Path) -> None:
    """Within three times the aim of one second, and all is determined."""
    bench = _bench(tmp_path, 100)
    begun = process_time()
    found = list(flaws(bench, FIVE))
    assert process_time() - begun < 3
    assert len(found) > 20
    assert not any(isinstance(flaw.evidence, Undetermined) for flaw in found)


@pytest.mark.parametrize(("rules", "seed"), [(10, 2), (20, 3), (30, 7)])
def test_boxes_find_what_the_solver_finds_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: int, seed: int
) -> None:
    """The same rules, in the same kinds of flaw; in conflicts with all that they stand against there."""
    bench = _bench(tmp_path, rules, seed)

    def told() -> set[tuple[FlawKind, str, frozenset[str]]]:
        found = list(flaws(bench, FIVE))
        return {(f.kind, f.rules[0], frozenset((*f.rules[1:], *f.among))) for f in found}

    by_boxes = told()
    everywhere: tuple[dict[object, int]] = ({},)
    monkeypatch.setattr(Boxed, "where", lambda self, index, sense=None: () if sense is None else everywhere)
    monkeypatch.setattr(Near, "alone", lambda self, index: False)
    monkeypatch.setattr("redline.analysis.verify_ask.Asking.plain", lambda self, index: False)
    by_solver = told()
    assert by_boxes
    assert {(kind, rule) for kind, rule, _ in by_boxes} == {(kind, rule) for kind, rule, _ in by_solver}
    others = {rule: among for kind, rule, among in by_boxes if kind is FlawKind.CONFLICT}
    for kind, rule, among in by_solver:  # which tries few scenarios for what facts alone do not show
        assert kind is not FlawKind.CONFLICT or among <= others[rule]
