"""How long a check takes, warm, with its report as text: `python -m tests.bench_check`.

Every scenario that ships, and one of ten steps, with the policies that ship and without a second opinion;
time of the processor, the best of several.  Beside it stands a fixed loop, so that machines can be compared.
"""

from __future__ import annotations

from statistics import median
from time import process_time

import click

from redline import Engine
from redline.answers.render import rendered
from tests.conftest import ROOT

TEN_STEPS = ROOT / "tests" / "ten_steps.yaml"


def loop() -> float:
    """Seconds of the processor for a fixed piece of plain Python, the best of three."""
    tries = []
    for _ in range(3):
        began = process_time()
        found: dict[int, frozenset[int]] = {}
        for number in range(50_000):
            found[number % 997] = frozenset((number, number % 7))
        tries.append(process_time() - began)
    return min(tries)


def run(*, times: int = 9) -> None:
    """Prints a line a scenario: the report made, and the report made and shown."""
    engine = Engine.load()
    every = []
    for path in (*sorted((ROOT / "scenarios").glob("*.yaml")), TEN_STEPS):
        made, shown = [], []
        for _ in range(times + 1):  # the first warms up
            began = process_time()
            report = engine.check(path)
            made.append(process_time() - began)
            rendered((report,), "text")
            shown.append(process_time() - began)
        best = min(shown[1:]) * 1000
        every.append(best)
        click.echo(f"{path.stem:45} {min(made[1:]) * 1000:5.1f} ms, shown as text {best:5.1f} ms")
    click.echo(f"median {median(every):.1f} ms, slowest {max(every):.1f} ms; the loop {loop() * 1000:.1f} ms")


if __name__ == "__main__":
    run()
