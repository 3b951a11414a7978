"""How long the smallest changes and the next question take at very many rules:
`python -m tests.bench_whatif`.

The policies that ship, and rules made by chance up to a thousand; the scenarios that ship and cross a line,
and some made by chance.  Warm: the first scenario is asked about twice.  Times are of the processor,
each from the question to the answer: judging the scenario as it is, and every answer judged again, are in
them.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from redline.analysis.ask import Asking
from redline.analysis.clear import JUDGEMENTS, MOST, Search
from redline.analysis.costs import read_costs
from redline.analysis.judged_again import crossing
from redline.analysis.papers_listed import normal
from redline.engine.load import load
from redline.engine.read import Document, read_path, read_text
from redline.engine.reference import name
from redline.engine.run import Bench, judge, prepare
from redline.front.cli import COLLECT_AFTER
from redline.rules.frozen import dataclass, replace
from redline.rules.whatif import Costs
from tests.generate_policies import a_policy
from tests.test_whatif_brute_force import a_scenario

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Taken:
    """What one line took: seconds to the first way, to all of them; how many, out of how many tried."""

    first: float | None
    whole: float
    ways: int
    tried: int


def lines(bench: Bench, document: Document, costs: Costs) -> Iterator[Taken]:
    """Each line that is crossed, asked by itself, from the scenario as it is written."""
    run = judge(bench, document)
    if run.conclusion is None:
        return
    crossed = crossing(run)
    for target in [i for i, rule in bench.judging.rules() if name(rule) in crossed][:2]:
        begin, first, ways = time.process_time(), None, 0
        base = judge(bench, replace(document, root=normal(document.root)))
        search = Search(bench, document, base, costs, [target], JUDGEMENTS)
        for chosen in search.found():
            search.way(chosen)
            ways += 1
            if first is None:
                first = time.process_time() - begin
            if ways == MOST:
                break
        yield Taken(first, time.process_time() - begin, ways, search.tried)


def next_questions(bench: Bench, document: Document) -> Iterator[float]:
    """How long the next question takes: after each answer (`not known`), up to three."""
    asking = Asking(bench, document)
    for _ in range(3):
        begin = time.process_time()
        questions = asking.open().questions
        yield time.process_time() - begin
        if not questions:
            return
        asking.skip(questions[0].path)


def documents(made: int) -> Iterator[Document]:
    """The scenarios that ship, and so many made by chance."""
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        yield read_path(path).documents[0]
    for seed in range(made):
        text = a_scenario(Random(seed))  # noqa: S311  # no secret hangs on it
        yield read_text(text.encode(), f"made-{seed}.yaml")[0][0]


def many(rules: int) -> Bench:
    """The policies that ship, and rules made by chance: so many in all."""
    shipped = len(list(prepare(load([ROOT / "policies"])).judging.rules()))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "many.yaml"
        path.write_text(a_policy(rules - shipped, 1), encoding="utf-8")
        return prepare(load([ROOT / "policies", path]))


def _told(what: str, taken: list[Taken]) -> str:
    firsts = [each.first for each in taken if each.first is not None]
    wholes = [each.whole for each in taken]
    return (
        f"{what}: {len(taken)} lines, {len(firsts)} with a way out: first {median(firsts) * 1000:.0f} ms, "
        f"all {median(wholes):.2f} s (median; at most {max(firsts) * 1000:.0f} ms, {max(wholes):.2f} s), "
        f"{median(each.ways for each in taken):.0f} ways, {median(each.tried for each in taken):.0f} judged\n"
    )


def main(rules: int = 1000, made: int = 10) -> None:
    """Tells the median processor time, first and whole, and of the next question."""
    gc.set_threshold(COLLECT_AFTER)  # as the program does
    costs = read_costs()[0]
    assert costs is not None
    bench = many(rules)
    shipped: list[Taken] = []
    chance: list[Taken] = []
    asked: list[float] = []
    for number, document in enumerate(documents(made)):
        if not number:
            list(lines(bench, document, costs))
        (chance if document.name.startswith("made") else shipped).extend(lines(bench, document, costs))
        asked.extend(next_questions(bench, document))
    sys.stdout.write(f"{rules} rules, processor time\n")
    sys.stdout.write(_told("scenarios that ship", shipped))
    sys.stdout.write(_told("scenarios made by chance", chance))
    sys.stdout.write(_told("all", shipped + chance))
    sys.stdout.write(f"the next question: {median(asked) * 1000:.0f} ms of {len(asked)} (median)\n")


if __name__ == "__main__":
    main()
