"""How many questions a settled verdict takes, by rank and otherwise: `python -m tests.asked_in_order`.

A scenario with a settled verdict is drawn, some of its facts are forgotten so that the verdict is open,
and whoever asks is answered with what was forgotten; what the scenario never said is not known.  In random
order is as by a list that was shuffled once; at random among the questions that still matter, so that what
rank alone saves is counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from redline.analysis.ask import Asking, verified
from redline.engine.conclude import rolled_up
from redline.engine.library import shipped
from redline.engine.load import load
from redline.engine.paths import standing
from redline.engine.read import Document, read_path, read_text
from redline.engine.run import Bench, judge, prepare
from redline.rules.problems import Refused, errors
from redline.rules.questions import Question
from redline.rules.verdicts import Verdict
from redline.testing.changes import changed
from redline.testing.forget import forgettings
from redline.testing.written import data, document, mapped
from tests.generate_policies import a_policy
from tests.test_whatif_brute_force import a_scenario
from tests.whatif_cases import CHAIN_POLICY, chains

MOST = 40
"""Questions after which asking is given up."""


def chance_of(seed: str) -> Random:
    """Chance that is the same wherever it is run."""
    return Random(seed)  # noqa: S311  # no secret hangs on it


def verdict_of(bench: Bench, one: Document) -> Verdict | None:
    """The verdict on a scenario; None where it contradicts itself."""
    run = judge(bench, one, explained=lambda _: False)
    if run.conclusion is None or errors(run.problems):
        return None
    return rolled_up(run.conclusion.findings)


def forgotten(bench: Bench, whole: Document, chance: Random, facts: int) -> Document | None:
    """The scenario with so many facts forgotten, if its verdict is then not settled; else None."""
    written = mapped(data(whole.root))
    silent = frozenset({"listed", "screened_on"})
    several = [
        each for each in forgettings(written, silent) if not each.refers or each.key in ("to", "end_user")
    ]
    chosen = chance.sample(several, min(facts, len(several)))
    fewer = document(changed(written, chosen), whole.name)
    return fewer if verdict_of(bench, fewer) is Verdict.UNDETERMINED else None


def by_rank(questions: Sequence[Question], _: Random) -> Sequence[Question]:
    """The one that decides most; then it is seen anew which matter."""
    return questions[:1]


def in_random_order(questions: Sequence[Question], chance: Random) -> Sequence[Question]:
    """All that are open, one after the other, before it is seen anew which matter."""
    return chance.sample(questions, len(questions))


def at_random(questions: Sequence[Question], chance: Random) -> Sequence[Question]:
    """Any of those that still matter."""
    return (chance.choice(questions),)


ORDERS = (by_rank, in_random_order, at_random)
Order = Callable[[Sequence[Question], Random], Sequence[Question]]


def questions_taken(
    bench: Bench, fewer: Document, whole: Document, order: Order, chance: Random
) -> tuple[int, Verdict]:
    """How many questions are asked until the verdict is settled, or none is left; and the verdict."""
    asking = Asking(bench, fewer)
    taken = 0
    while taken < MOST and (questions := _open(asking)):
        for question in order(questions, chance):
            if taken == MOST or asking.verdict is not Verdict.UNDETERMINED:
                break
            taken += 1
            known = standing(whole.root, question.path, bench.library.lexicon)
            if known is None or known.node is None or asking.learn([(question.path, known.node)]):
                asking.skip(question.path)
    verified(asking)
    return taken, asking.verdict


def _open(asking: Asking) -> Sequence[Question]:
    return asking.open().questions if asking.verdict is Verdict.UNDETERMINED else ()


def cases(seeds: Sequence[int], folder: Path) -> Iterator[tuple[str, Bench, Document, Random]]:
    """Scenarios that ship, chains, and generated ones under generated policies."""
    bench = prepare(load())
    paths = sorted(p for folder in shipped("scenarios") for p in Path(folder).glob("*.yaml"))
    chain = folder / "chain.yaml"
    chain.write_text(CHAIN_POLICY, encoding="utf-8")
    chained = prepare(load([chain]))
    for seed in seeds:
        for path in paths:
            chance = chance_of(f"{seed} {path.name}")
            yield path.stem, bench, read_path(path).documents[0], chance
        for number, text in enumerate(chains()):
            yield (
                f"chain {number}",
                chained,
                read_text(text.encode(), "chain.yaml")[0][0],
                chance_of(f"{seed} {number}"),
            )
        made = folder / f"{seed}.yaml"
        made.write_text(a_policy(20, seed), encoding="utf-8")
        generated = prepare(load([made]))
        for number in range(20):
            chance = chance_of(f"{seed} made {number}")
            text = a_scenario(chance)
            yield f"made {number}", generated, read_text(text.encode(), "made.yaml")[0][0], chance


def figures(seeds: Sequence[int], facts: Sequence[int] = (6, 12, 24)) -> dict[str, tuple[int, list[float]]]:
    """By family: how many cases, and the questions in each of the orders (means of three tries)."""
    found: dict[str, tuple[int, list[float]]] = {}
    with TemporaryDirectory() as folder:
        for name, bench, whole, chance in cases(seeds, Path(folder)):
            if verdict_of(bench, whole) in (None, Verdict.UNDETERMINED):
                continue
            for number in facts:
                try:
                    fewer = forgotten(bench, whole, chance, number)
                except Refused:
                    continue
                if fewer is None:
                    continue
                if questions_taken(bench, fewer, whole, by_rank, chance)[1] is Verdict.UNDETERMINED:
                    continue
                taken = [_mean(bench, fewer, whole, order, name) for order in ORDERS]
                family = name.split()[0] if " " in name else "shipped"
                for key in (family, "all"):
                    n, before = found.get(key, (0, [0.0] * len(ORDERS)))
                    found[key] = n + 1, [one + more for one, more in zip(before, taken, strict=True)]
    return found


def _mean(bench: Bench, fewer: Document, whole: Document, order: Order, name: str) -> float:
    tries = 1 if order is by_rank else 3
    each = (questions_taken(bench, fewer, whole, order, chance_of(f"{name} {i}"))[0] for i in range(tries))
    return sum(each) / tries


def main(seeds: int = 2) -> None:
    """Tells the questions taken in each order."""
    for family, (n, (ranked, *others)) in figures(range(seeds)).items():
        told = (
            f"{other:.0f} {_words(order)}: {100 * (1 - ranked / other):.0f} % fewer"
            for order, other in zip(ORDERS[1:], others, strict=True)
        )
        sys.stdout.write(f"{family}: {n} scenarios, {ranked:.0f} questions by rank; {'; '.join(told)}\n")


def _words(order: Order) -> str:
    return order.__name__.replace("_", " ")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
