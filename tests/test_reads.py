"""Judging again only the rules that read what a change touches: each verdict is that of judging all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from redline.analysis.clear import Search
from redline.analysis.costs import read_costs
from redline.analysis.judged_again import JudgedAgain, by_rule
from redline.analysis.papers_listed import normal
from redline.engine.edits import edit
from redline.engine.ground import Memo
from redline.engine.load import load
from redline.engine.paths import rewritten
from redline.engine.read import Document, read_path, read_text
from redline.engine.reference import name
from redline.engine.run import Bench, judge, prepare
from redline.rules.frozen import replace
from redline.rules.node import Node
from redline.rules.verdicts import HARMLESS
from redline.rules.whatif import Edit
from tests.generate_policies import a_policy
from tests.test_whatif_brute_force import a_scenario
from tests.whatif_cases import CHAIN_POLICY, STEP_POLICY, chains

ROOT = Path(__file__).parent.parent
SHIPPED = ("leak-from-the-recipient", "radar-through-a-shipyard", "guns-while-restricted")


def edits_of(bench: Bench, document: Document) -> list[Edit]:
    """The edits at hand for all rules that are not harmless, with nothing frozen."""
    costs = read_costs()[0]
    assert costs is not None
    run = judge(bench, document)
    assert run.conclusion is not None
    bad = {name(f.rule) for f in run.conclusion.findings if f.verdict not in HARMLESS}
    places = [i for i, rule in bench.judging.rules() if name(rule) in bad]
    search = Search(bench, document, run, replace(costs, may_not_change=()), places, 1)
    return list(search.edits)


def changed_by(document: Document, some: list[Edit]) -> Document | None:
    """The scenario with the edits, written out and read again."""
    changes: dict[tuple[str, Node], None] = dict.fromkeys(c for each in some for c in each.changes)
    root, problems = edit(document.root, list(changes))
    if [p for p in problems if p.code != "added"]:
        return None
    return rewritten(replace(document, root=root))


def compared(bench: Bench, document: Document, chance: Random, times: int) -> Iterator[tuple[bool, bool]]:
    """Of scenarios changed by chance: whether a verdict came to be another, and whether some rule was left
    as it was."""
    document = replace(document, root=normal(document.root))
    run = judge(bench, document)
    edits = edits_of(bench, document)
    again = JudgedAgain(bench, run, Memo(bench.plan, bench.readings))
    for _ in range(times):
        other = changed_by(document, chance.sample(edits, min(len(edits), chance.randint(1, 3))))
        if other is None:
            continue
        whole = judge(bench, other)
        if whole.conclusion is None:
            continue
        expected = by_rule(whole)
        assert again.verdicts(other) == expected
        yield expected != again.before, again.left_out > 0


def test_what_reads_nothing_that_differs_comes_to_the_same_on_chains(tmp_path: Path) -> None:
    """With parts, papers, owners, stations, promises and steps."""
    path = tmp_path / "chain.yaml"
    path.write_text(CHAIN_POLICY + STEP_POLICY.partition("rules:\n")[2], encoding="utf-8")
    bench = prepare(load([path]))
    found = []
    for seed, text in enumerate(chains()):
        document = read_text(text.encode(), "chain.yaml")[0][0]
        found += list(compared(bench, document, Random(seed), 12))  # noqa: S311  # no secret hangs on it
    assert sum(other for other, _ in found) > len(found) / 4
    assert sum(left for _, left in found) > len(found) / 4


def test_what_reads_nothing_that_differs_comes_to_the_same_by_policies_made_by_chance(tmp_path: Path) -> None:
    """Of many rules, on one step."""
    found = []
    for seed in range(4):
        path = tmp_path / f"{seed}.yaml"
        path.write_text(a_policy(120, seed), encoding="utf-8")
        bench, chance = prepare(load([path])), Random(seed)  # noqa: S311  # no secret hangs on it
        document = read_text(a_scenario(chance).encode(), "made.yaml")[0][0]
        found += list(compared(bench, document, chance, 12))
    assert sum(other for other, _ in found) > len(found) / 4
    assert all(left for _, left in found)


@pytest.mark.parametrize("scenario", SHIPPED)
def test_what_reads_nothing_that_differs_comes_to_the_same_by_the_policies_that_ship(scenario: str) -> None:
    """On scenarios that ship."""
    bench = prepare(load([ROOT / "policies"]))
    document = read_path(ROOT / "scenarios" / f"{scenario}.yaml").documents[0]
    found = list(compared(bench, document, Random(1), 12))  # noqa: S311  # no secret hangs on it
    assert any(other for other, _ in found)
    assert any(left for _, left in found)


def test_what_is_only_alleged_is_compared_too() -> None:
    """A fact whose grade alone is another may turn a verdict."""
    bench = prepare(load([ROOT / "policies"]))
    path = ROOT / "scenarios" / "alleged-harmless-user.yaml"
    run = judge(bench, read_path(path).documents[0])
    again = JudgedAgain(bench, run, Memo(bench.plan, bench.readings))
    text = path.read_text(encoding="utf-8").replace("grade: alleged", "grade: documented")
    other = read_text(text.encode(), "other.yaml")[0][0]
    assert again.verdicts(other) == by_rule(judge(bench, other)) != again.before
