"""How long sweeps and timelines take with the policies that ship: `python -m tests.bench_sweep`.

250 countries by 300 entries of the munitions list, and fifty years, each on every scenario that ships; time
of the processor, the best of three for a timeline.
"""

from __future__ import annotations

from datetime import date
from statistics import median
from time import process_time

import click

from redline import Engine
from redline.analysis.sweep import axes_of, sweep
from redline.analysis.timeline import timeline
from redline.engine.read import read_path
from redline.rules.node import Map
from tests.conftest import ROOT

CODES = [f"ML{number}.{letter}" for number in range(1, 23) for letter in "abcdefghijklmn"][:300]


def run(*, most: int = 100) -> None:
    """Prints a line a scenario, and what is slowest."""
    bench = Engine.load().bench
    swept, timed = [], []
    for path in sorted((ROOT / "scenarios").glob("*.yaml"))[:most]:
        document = read_path(path).documents[0]
        assert isinstance(document.root, Map)
        parties, items = document.root.get("parties"), document.root.get("items")
        if not isinstance(parties, Map) or not isinstance(items, Map):
            continue  # what has no items has no codes to vary
        party, item = [key.text for key, _ in parties][-1], next(key.text for key, _ in items)
        began = process_time()
        texts = [f"parties.{party}.country=all", f"items.{item}.codes=[{', '.join(CODES)}]"]
        found = sweep(bench, document, axes_of(bench, document, texts))
        swept.append(process_time() - began)
        tries = []
        for _ in range(3):
            began = process_time()
            timeline(bench, document, date(1990, 1, 1), date(2039, 12, 31))
            tries.append(process_time() - began)
        timed.append(min(tries))
        click.echo(
            f"{path.stem:45} sweep {swept[-1]:5.2f} s ({found.judged} judged)  timeline {timed[-1]:5.2f} s"
        )
    click.echo(f"sweep: median {median(swept):.2f} s, slowest {max(swept):.2f} s")
    click.echo(f"timeline: median {median(timed):.2f} s, slowest {max(timed):.2f} s")


if __name__ == "__main__":
    run()
