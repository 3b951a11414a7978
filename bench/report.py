"""From the results of a run to the page and the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from bench.chart import draw
from bench.engines import engine
from bench.results import Cell, Run

HAND, POLARS = "masks", "polars"
REDLINE, SECOND = "redline", "redline2"
TARGETS: dict[
    str, dict[int, float]
] = {  # times faster than the fastest peer; at least, for each number of rules
    "single": {15: 2, 100: 6, 1000: 30, 10_000: 25},
    "single_again": {15: 2, 100: 6, 1000: 30, 10_000: 25},
    "hand": dict.fromkeys((15, 100, 1000, 10_000), 2),  # times the hand-written index; at most
    "again": dict.fromkeys((15, 100, 1000, 10_000), 2),
    "growth": {10_000: 10},
    "generated": {100: 1, 1000: 1, 10_000: 1},
    "second": dict.fromkeys((15, 100, 1000, 10_000), 3),  # at most
    "batch": {15: 2.5, 100: 4, 1000: 3, 10_000: 1.5},
    "columns": {15: 6, 100: 4.5, 1000: 3, 10_000: 3},
}

HOW = (
    "`make bench` measures redline and the engines that could be used in its place on the same work, and "
    "writes this page. [What is measured](../bench/README.md) is told beside the code."
)
SPAN = (
    "Python {python}, one core a process, engines in turn, {passes}: the best of each, and in brackets the "
    "worst. Single decisions are timed by the clock, the rest by the processor's time. **Bold** is the best "
    "of redline and the peers: where a peer is bold, it wins the cell. Times on another machine "
    "differ; ratios less so. Every engine gave the oracle's answers before it was timed; one "
    "that did not, or failed, says so in its cell."
)


def write(results: Path, folder: Path) -> None:
    """The page and the chart."""
    run = Run(results)
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "benchmark.md"
    page.write_text(text(run), encoding="utf-8")
    print(f"wrote {page}")
    draw(run, folder / "benchmark.svg")


def text(run: Run) -> str:
    """The page."""
    passes = max(len(cells) for cells in run.cells.values())
    python = next(cell["python"] for cells in run.cells.values() for cell in cells if "python" in cell)
    parts = [
        "# The benchmark",
        HOW,
        SPAN.format(python=python, passes="one pass" if passes == 1 else f"{passes} passes"),
        "![Time of one decision by number of rules](benchmark.svg)",
        "## In short",
        summary(run),
        "## One decision: the median, in microseconds",
        table(run, lambda name, size: _span(run, name, size, "p50_us"), _winners(run, "p50_us", low=True)),
        "## One decision that was met before: the median, in microseconds",
        table(
            run, lambda name, size: _span(run, name, size, "again_us"), _winners(run, "again_us", low=True)
        ),
        "## One decision: 99 of 100 are done in, in microseconds",
        table(run, lambda name, size: _span(run, name, size, "p99_us"), _winners(run, "p99_us", low=True)),
        "## Many from dicts: decisions a second",
        table(
            run,
            lambda name, size: _span(run, name, size, "batch_per_s", low=False),
            _winners(run, "batch_per_s", low=False),
        ),
        "## Many from encoded columns: decisions a second",
        table(
            run,
            lambda name, size: _span(run, name, size, "columns_per_s", low=False),
            _winners(run, "columns_per_s", low=False),
        ),
        "## Loading: seconds",
        table(run, lambda name, size: _span(run, name, size, "load_s"), {}),
        "## Memory: the most that the process held after loading, in MB",
        table(run, lambda name, size: _span(run, name, size, "loaded_mb"), {}),
        "## The engines",
        engines(run),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(run: Run) -> str:
    """The ratios, beside what was aimed at."""
    lines = [_head(run, "ratio in this run (aim)")]
    for one in RATIOS:
        aims: dict[int, float] = TARGETS.get(one.key, {})
        cells = [_against(one.ratio(run, size), aims.get(size), at_most=one.at_most) for size in run.sizes]
        lines.append(f"| {one.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _against(ratio: float | None, aim: float | None, *, at_most: bool) -> str:
    if ratio is None:
        return "-"
    if aim is None:
        return number(ratio)
    reached = ratio <= aim if at_most else ratio >= aim
    return f"{number(ratio)} ({'at most' if at_most else 'at least'} {aim:g}: {'yes' if reached else 'no'})"


def _single(run: Run, size: int) -> float | None:
    return _ratio(_fastest(run, size, "p50_us", low=True), run.least(REDLINE, size, "p50_us"))


def _hand(run: Run, size: int) -> float | None:
    return _ratio(run.least(REDLINE, size, "p50_us"), run.least(HAND, size, "p50_us"))


def _single_again(run: Run, size: int) -> float | None:
    return _ratio(_fastest(run, size, "again_us", low=True), run.least(REDLINE, size, "again_us"))


def _again(run: Run, size: int) -> float | None:
    return _ratio(run.least(REDLINE, size, "again_us"), run.least(HAND, size, "again_us"))


def _growth(run: Run, size: int) -> float | None:
    return _ratio(run.least(REDLINE, size, "p50_us"), run.least(REDLINE, run.sizes[0], "p50_us"))


def _generated(run: Run, size: int) -> float | None:
    return _ratio(run.least("generated", size, "p50_us"), run.least(REDLINE, size, "p50_us"))


def _batch(run: Run, size: int) -> float | None:
    return _ratio(_own(run, size, "batch_per_s"), _fastest(run, size, "batch_per_s", low=False))


def _columns(run: Run, size: int) -> float | None:
    return _ratio(_own(run, size, "columns_per_s"), run.most(POLARS, size, "columns_per_s"))


def _second(run: Run, size: int) -> float | None:
    return _ratio(run.least(SECOND, size, "p50_us"), run.least(REDLINE, size, "p50_us"))


def _own(run: Run, size: int, key: str) -> float | None:
    own = [n for n in run.engines if engine(n).package == "redline" and not engine(n).second]
    found = [value for name in own if (value := run.most(name, size, key)) is not None]
    return max(found, default=None)


def _fastest(run: Run, size: int, key: str, *, low: bool) -> float | None:
    take = run.least if low else run.most
    found = [value for name in run.peers() if (value := take(name, size, key)) is not None]
    return (min if low else max)(found, default=None)


def _ratio(over: float | None, under: float | None) -> float | None:
    return None if over is None or not under else over / under


class Ratio(NamedTuple):
    """A row of the summary, and the aim that it is held against."""

    key: str
    title: str
    ratio: Callable[[Run, int], float | None]
    at_most: bool = False


RATIOS = (
    Ratio("single", "one decision: times faster than the fastest peer", _single),
    Ratio("single_again", "the same, met before: times faster than the fastest peer", _single_again),
    Ratio("hand", "one decision: times the hand-written index", _hand, at_most=True),
    Ratio("again", "the same, met before: times the hand-written index", _again, at_most=True),
    Ratio("growth", "one decision: times that by the fewest rules", _growth, at_most=True),
    Ratio("generated", "one decision: times faster than generated Python", _generated),
    Ratio("batch", "many from dicts: times faster than the fastest peer", _batch),
    Ratio("columns", "many from columns: times faster than the polars join", _columns),
    Ratio("second", "one decision of the second work: times the first", _second, at_most=True),
)


def _winners(run: Run, key: str, *, low: bool) -> dict[int, str]:
    """Of each number of rules the best among redline and the peers."""
    compared = [n for n in run.engines if not engine(n).second and (engine(n).peer or engine(n).package)]
    take = run.least if low else run.most
    winners = {}
    for size in run.sizes:
        found = {name: value for name in compared if (value := take(name, size, key)) is not None}
        if found:
            winners[size] = (min if low else max)(found, key=found.__getitem__)
    return winners


def table(run: Run, cell: Callable[[str, int], str], winners: dict[int, str]) -> str:
    """A row for each engine that has a figure."""
    lines = [_head(run, "engine")]
    for name in run.engines:
        cells = [cell(name, size) for size in run.sizes]
        if any(one != "-" for one in cells):
            shown = [
                f"**{one}**" if winners.get(size) == name else one
                for one, size in zip(cells, run.sizes, strict=True)
            ]
            lines.append(f"| {engine(name).name} | {' | '.join(shown)} |")
    return "\n".join(lines) if len(lines) > 1 else "Nothing was measured."


def _head(run: Run, first: str) -> str:
    sizes = " | ".join(f"{size:,} rules" for size in run.sizes)
    return f"| {first} | {sizes} |\n| --- |{' ---: |' * len(run.sizes)}"


def _span(run: Run, name: str, size: int, key: str, *, low: bool = True) -> str:
    cells = run.cells.get((name, size), [])
    if wrong := next((cell["error"] for cell in cells if "error" in cell), ""):
        return "not done" if "not done" in wrong else "failed"
    if any(cell["wrong"] for cell in cells):
        return "wrong answers"
    values = run.values(name, size, key)
    if not values:
        return "-"
    best, worst = (values[0], values[-1]) if low else (values[-1], values[0])
    return number(best) if len(values) == 1 else f"{number(best)} ({number(worst)})"


def number(value: float) -> str:
    """Three digits, and thousands told apart."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def engines(run: Run) -> str:
    """Which version of what was used how, and what failed."""
    lines = ["| engine | version | use | held to the oracle |", "| --- | --- | --- | --- |"]
    for name in run.engines:
        cells = [cell for size in run.sizes for cell in run.cells.get((name, size), [])]
        versions = sorted({cell["version"] for cell in cells if cell.get("version")})
        lines.append(
            f"| {engine(name).name} | {', '.join(versions)} | {engine(name).how} | {_checked(cells)} |"
        )
    return "\n".join(lines)


def _checked(cells: Iterable[Cell]) -> str:
    cells = list(cells)
    answers = sum(cell.get("checked", 0) for cell in cells)
    wrong = sum(cell.get("wrong", 0) for cell in cells)
    failed = sorted({f"{cell['rules']:,} rules: {cell['error']}" for cell in cells if "error" in cell})
    said = f"{answers:,} answers, {wrong:,} wrong"
    return "; ".join([said, *failed]).replace("|", "/").replace("\n", " ")
