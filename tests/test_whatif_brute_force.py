"""The search for the smallest changes, held to all sets of up to three edits, each judged by every rule."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from redline.analysis.clear import LARGEST, Search
from redline.analysis.costs import read_costs
from redline.analysis.judged_again import crossing
from redline.analysis.papers_listed import normal
from redline.engine.edits import edit
from redline.engine.load import load
from redline.engine.paths import rewritten
from redline.engine.read import Document, read_text
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge, prepare
from redline.rules.frozen import replace
from redline.rules.problems import errors
from redline.rules.verdicts import HARMLESS
from redline.rules.whatif import Costs, Edit
from tests.generate_policies import COUNTRIES, LISTS, TERMS, a_policy
from tests.whatif_cases import CHAIN_POLICY, STEP_POLICY, chains

AT_HAND = 9
"""Edits that are taken, so that all sets of three can be judged."""


@pytest.fixture(scope="module")
def costs() -> Costs:
    """Those that ship, with everything free to change, so that there is more to find."""
    found, problems, _ = read_costs()
    assert found is not None, problems
    return replace(found, may_not_change=())


def a_scenario(chance: Random) -> str:
    """One step, of which almost everything is said."""

    def one(key: str) -> str:
        return chance.choice(TERMS[key])

    item = {key.partition(".")[2]: one(key) for key in TERMS if key.startswith("item.")}
    item |= {"quantity": str(chance.choice((1, 5, 60))), "value": f"{chance.choice((500, 30000))} EUR"}
    item |= {"codes": f"[{chance.choice(LISTS['item.codes'])}]", "origin": f"[{chance.choice(COUNTRIES)}]"}
    said = ", ".join(f"{key}: {value}" for key, value in item.items())
    flags = chance.choice(("none", f"{{known: [{chance.choice(LISTS['flags'])}], more: none}}"))
    return f"""\
redline: 1
scenario: made
as_of: {chance.randint(2016, 2028)}-06-01
assume: [used_where_received, nothing_else_inside, no_other_papers, no_agreements]
parties:
  maker: {{country: {chance.choice(COUNTRIES)}, kind: company}}
  buyer: {{country: {chance.choice(COUNTRIES)}, kind: {one("to.kind")}}}
items:
  thing: {{{said}}}
transfers:
  - {{activity: {one("activity")}, item: thing, from: maker, to: buyer, end_user: buyer,
     end_use: {one("end_use")}, status: {one("status")}, flags: {flags}, papers: none}}
"""


def judged(bench: Bench, document: Document, edits: Sequence[Edit]) -> Run | None:
    """The scenario with the edits, written out, read again and judged; None if it contradicts itself."""
    changes = dict.fromkeys(change for each in edits for change in each.changes)
    root, problems = edit(normal(document.root), list(changes))
    assert not errors(problems)
    run = judge(bench, rewritten(replace(document, root=root)), explained=lambda _: False)
    return None if run.conclusion is None else run


def clears(run: Run | None, targets: frozenset[str]) -> bool:
    """Whether each of the rules is harmless, and of several, nothing crosses."""
    if run is None or run.conclusion is None:
        return False
    findings = [f for f in run.conclusion.findings if name(f.rule) in targets]
    harmless = all(f.verdict in HARMLESS for f in findings)
    return harmless and (len(targets) == 1 or not crossing(run))


def together(edits: Sequence[Edit]) -> bool:
    """Whether the edits change different places, or one alike."""
    for one, other in combinations(edits, 2):
        for (a, v), (b, w) in ((x, y) for x in one.changes for y in other.changes):
            same = a == b and (v == w or a.endswith(".+"))
            p, q = (f"{path}.".replace(".date.", ".delivery.") for path in (a, b))
            if not same and (p.startswith(q) or q.startswith(p)):
                return False
    return True


def by_force(
    bench: Bench, document: Document, edits: Sequence[Edit], targets: frozenset[str]
) -> list[tuple[int, ...]]:
    """Every set of up to three edits that clears, no part of which does or contradicts itself."""
    good: dict[tuple[int, ...], bool] = {}
    odd: set[tuple[int, ...]] = set()
    for size in range(1, LARGEST + 1):
        for chosen in combinations(range(len(edits)), size):
            some = [edits[i] for i in chosen]
            if not together(some):
                continue
            run = judged(bench, document, some)
            if run is None:
                odd.add(chosen)
            good[chosen] = clears(run, targets)
    found = [
        chosen
        for chosen, so in good.items()
        if so
        and not any(
            good[part] or part in odd for size in range(1, len(chosen)) for part in combinations(chosen, size)
        )
    ]
    return sorted(found, key=lambda c: (sum(edits[i].cost for i in c), len(c), c))


def compared(bench: Bench, text: str, costs: Costs, chance: Random) -> tuple[int, int, set[str]]:
    """How many smallest sets there were for the lines that are crossed, how many of several edits, and the
    sorts of edits in them; the search finds the same ones in the same order."""
    document = read_text(text.encode(), "made.yaml")[0][0]
    run = judge(bench, replace(document, root=normal(document.root)))
    assert run.conclusion is not None, run.problems
    crossed = crossing(run)
    places = [i for i, rule in bench.judging.rules() if name(rule) in crossed]
    asked = [[i] for i in places[:2]] + ([places] if len(places) > 1 else [])
    sets = several = 0
    sorts: set[str] = set()
    for targets in asked:
        whole = Search(bench, document, run, costs, targets, 10_000)
        kept = sorted(chance.sample(range(len(whole.edits)), min(AT_HAND, len(whole.edits))))
        edits = tuple(whole.edits[i] for i in kept)
        search = Search(bench, document, run, costs, targets, 10_000, edits)
        names = frozenset(bench.plan.entries[i].rule for i in targets)
        expected = by_force(bench, document, edits, names)
        found = list(search.found())
        told = [[edits[i].says for i in chosen] for chosen in {*found} ^ {*expected}]
        assert found == expected, f"{text}\n{names}\n{told}"
        assert search.exhausted
        sets += len(found)
        several += sum(len(chosen) > 1 for chosen in found)
        sorts |= {edits[i].sort for chosen in found for i in chosen}
    return sets, several, sorts


def test_the_search_finds_what_brute_force_finds(costs: Costs, tmp_path: Path) -> None:
    """On generated policies and scenarios of one step: the same sets, in the same order."""
    sets = several = 0
    for seed in range(6):
        path = tmp_path / f"{seed}.yaml"
        path.write_text(a_policy(60, seed), encoding="utf-8")
        bench = prepare(load([path]))
        chance = Random(seed)  # noqa: S311  # no secret hangs on it
        found = compared(bench, a_scenario(chance), costs, chance)
        sets, several = sets + found[0], several + found[1]
    assert sets > 20
    assert several > 5


def test_the_search_finds_what_brute_force_finds_on_chains(costs: Costs, tmp_path: Path) -> None:
    """With parts, papers, stations, owners, promises and several steps."""
    path = tmp_path / "chain.yaml"
    path.write_text(CHAIN_POLICY, encoding="utf-8")
    bench = prepare(load([path]))
    sets = several = 0
    for seed, text in enumerate(chains(), 20):
        found = compared(bench, text, costs, Random(seed))  # noqa: S311  # no secret hangs on it
        sets, several = sets + found[0], several + found[1]
    assert sets > 10
    assert several > 2


def test_a_step_more_is_found_where_brute_force_finds_it(costs: Costs, tmp_path: Path) -> None:
    """Before the others, and after them; alone and with other edits."""
    path = tmp_path / "steps.yaml"
    path.write_text(STEP_POLICY, encoding="utf-8")
    bench = prepare(load([path]))
    sets, sorts = 0, set[str]()
    for seed, text in enumerate(list(chains())[1:4]):
        found = compared(bench, text, costs, Random(seed))  # noqa: S311  # no secret hangs on it
        sets, sorts = sets + found[0], sorts | found[2]
    assert sets > 5
    assert "new-step" in sorts
