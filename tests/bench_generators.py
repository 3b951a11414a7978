"""How quickly scenarios are drawn, and what share of the rules that can speak does in one of them.

    python -m tests.bench_generators 1000          1,000 generated rules (`shipped`: the policies that ship)
    python -m tests.bench_generators 100 boundary  with another target than `any`, and
    python -m tests.bench_generators 100 any 500   fewer than 10,000 scenarios

Time is that of the processor.  The pool is made first, and told apart: it is made once for a set of policies.
A rule can speak if the pool has a scenario for it; of the others it is told how many are not proved to be
silent in every scenario.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import cast

import click

from redline.engine.load import load, shipped
from redline.engine.plain import document_of
from redline.engine.reference import name
from redline.engine.run import Bench, Options, judge, prepare
from redline.rules.policy import Rule
from redline.testing.draft import Draft
from redline.testing.pool import applies
from redline.testing.scenarios import NothingToDraw, Target, Workshop, scenarios_for, workshop
from tests.draws import drawn
from tests.generate_policies import a_policy


def speaking(shop: Workshop, scenarios: Sequence[Draft]) -> frozenset[str]:
    """The rules that cross, call for an assessment or hold in one of the scenarios, or may where an open
    question is all that keeps them from it."""
    pool, heard = shop.pool, set[str]()
    left = {name(rule): (rule, pool.closed(i)) for i, rule in pool.rules.items()}

    def wanted(rule: Rule) -> bool:
        return name(rule) in left

    for each in scenarios:
        run = judge(shop.bench, document_of(each.data), wanted, explained=lambda _: False)
        now = [rule for rule, (told, certain) in left.items() if applies(run, told, certain=certain)]
        heard.update(now)
        for rule in now:
            del left[rule]
    return frozenset(heard)


def run(bench: Bench, target: Target, count: int) -> None:
    """Prints the figures of one target."""
    begun = process_time()
    shop = workshop(bench)
    pool = shop.pool
    able = {name(rule) for i, rule in pool.rules.items() if pool.speaking(i) is not None}
    open_ = sum(pool.possible(i) for i, rule in pool.rules.items() if name(rule) not in able)
    made = process_time()
    click.echo(f"{made - begun:.1f} s to make the pool")
    click.echo(f"{len(able)} of {len(pool.rules)} rules can speak; of {open_} it is not known")
    try:
        found = drawn(scenarios_for(bench, target), count)
    except NothingToDraw as nothing:
        click.echo(f"{process_time() - made:.1f} s to find that there is nothing to draw: {nothing}")
        return
    spent = process_time() - made
    click.echo(f"{len(found)} scenarios at {len(found) / spent:.0f} a second")
    heard = speaking(shop, found) & able
    click.echo(
        f"{len(heard)} of {len(able)} rules speak in one of them, {len(heard) / max(1, len(able)):.1%}"
    )


def _bench(paths: Sequence[Path]) -> Bench:
    return prepare(load(paths, None), Options(include_author=True))


def main() -> None:
    """What is asked for on the command line."""
    rules, target, count = (*sys.argv[1:], *("1000", "any", "10000")[len(sys.argv) - 1 :])
    if rules == "shipped":
        run(_bench(shipped("policies")), cast(Target, target), int(count))
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.yaml"
        path.write_text(a_policy(int(rules)), encoding="utf-8")
        run(_bench([path]), cast(Target, target), int(count))


if __name__ == "__main__":
    main()
