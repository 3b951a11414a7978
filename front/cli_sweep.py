"""`redline whatif --vary` and `redline whatif --timeline`: many ways at once, and one way over time."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import click

from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench
from redline.front.cli import EXIT_ORDER
from redline.front.cli_pictures import years
from redline.rules.policy import Rule
from redline.rules.verdicts import Verdict

PICTURES = (".svg", ".png", ".html")
TABLES = (".csv", ".parquet")
_CODES = {Verdict.CROSSES: 1, Verdict.UNDETERMINED: 3, Verdict.REQUIRES_ASSESSMENT: 4, None: 3}
_SHOWN_FROM = 20
"""Of fewer scenarios no progress is shown."""


def _rules(bench: Bench) -> dict[str, Rule]:
    return {name(rule): rule for policy in bench.policies for rule in policy.rules}


def _code(verdicts: Sequence[Verdict | None]) -> int:
    """The exit code over several answers; what cannot be so is not told, and never a 0."""
    codes = {_CODES.get(verdict, 0) for verdict in verdicts}
    return next(code for code in EXIT_ORDER if code in codes)


def swept(
    bench: Bench, document: Document, texts: Sequence[str], form: str, *,
    table: str | None, chart: str | None, drawn: str | None, each: bool, yes: bool, quiet: bool,
) -> tuple[str, int]:  # fmt: skip
    """The answer of a sweep, with its files written, and the exit code."""
    from redline.analysis.render_sweep import sweep_as_data, sweep_as_text
    from redline.analysis.sweep import ASK_FROM, axes_of, cells_of, sweep

    _suffixes((table, TABLES, "--table"), (chart, PICTURES, "--chart"), (drawn, PICTURES, "--map"))
    _have(pictures=bool(chart or drawn), parquet=bool(table and table.lower().endswith(".parquet")))
    axes = axes_of(bench, document, texts)
    count = cells_of(axes)
    if count > ASK_FROM and not yes:
        _asked(count)
    if drawn is not None:
        from redline.analysis.render_map import country_axis

        country_axis(axes)
    with _Progress(quiet=quiet) as progress:
        found = sweep(bench, document, axes, each=each, progress=progress.told)
    rules = _rules(bench)
    if table is not None:
        _tabled(found, table)
    if chart is not None:
        from redline.analysis.render_sweep import sweep_as_chart

        save(sweep_as_chart(found, rules), chart)
    if drawn is not None:
        from redline.analysis.render_map import sweep_as_map

        save(sweep_as_map(found), drawn)
    if form == "json":
        shown = json.dumps(sweep_as_data(found), ensure_ascii=False, indent=2)
    else:
        shown = sweep_as_text(found, rules)
    return shown, _code([outcome.verdict for outcome in found.outcomes])


def timed(
    bench: Bench, document: Document, range_: str, moving: str, form: str, *, chart: str | None
) -> tuple[str, int]:
    """The answer of a timeline, with its picture written, and the exit code."""
    from redline.analysis.render_timeline import timeline_as_chart, timeline_as_data, timeline_as_text
    from redline.analysis.timeline import timeline

    _suffixes((chart, PICTURES, "--chart"))
    _have(pictures=chart is not None)
    first, last = years(range_)
    line = timeline(bench, document, first, last, moving)
    rules = _rules(bench)
    if chart is not None:
        save(timeline_as_chart(line, rules), chart)
    if form == "json":
        shown = json.dumps(timeline_as_data(line), ensure_ascii=False, indent=2)
    else:
        shown = timeline_as_text(line, rules)
    return shown, _code([spell.verdict for spell in line.spells])


def _asked(count: int) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError(f"the sweep has {count:,} cells, more than a million: `--yes` has it run")
    if not click.confirm(f"the sweep has {count:,} cells: run it?", err=True):
        raise click.Abort


def _suffixes(*given: tuple[str | None, Sequence[str], str]) -> None:
    for path, suffixes, option in given:
        if path is not None and Path(path).suffix.lower() not in suffixes:
            raise click.UsageError(f"`{option} {path}`: the name has to end in {', '.join(suffixes)}")


def _have(*, pictures: bool, parquet: bool = False) -> None:
    from importlib.util import find_spec

    for wanted, needed, extra in (
        (pictures, ("altair", "vl_convert"), "pictures"),
        (parquet, ("pyarrow",), "screen"),
    ):
        if wanted and any(find_spec(module) is None for module in needed):
            raise click.UsageError(f"this needs the extra `{extra}`: pip install 'redline[{extra}]'")


def _tabled(found: Any, path: str) -> None:
    from redline.analysis.render_sweep import sweep_as_csv, sweep_as_parquet

    if path.lower().endswith(".csv"):
        _put(path, sweep_as_csv(found).encode())
    else:
        _put(path, sweep_as_parquet(found))


def save(chart: Any, path: str) -> None:
    """A chart of altair in a file: SVG, PNG, or HTML that needs no network."""
    import vl_convert

    spec = chart.to_json()
    match Path(path).suffix.lower():
        case ".svg":
            data = vl_convert.vegalite_to_svg(spec).encode()
        case ".png":
            data = vl_convert.vegalite_to_png(spec, scale=2)
        case _:
            data = vl_convert.vegalite_to_html(spec, bundle=True).encode()
    _put(path, data)


def _put(path: str, data: bytes) -> None:
    file = Path(path)
    partial = file.with_name(file.name + ".part")
    try:
        partial.write_bytes(data)
        partial.replace(file)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise click.UsageError(f"`{path}` cannot be written: {error.strerror}") from error


class _Progress:
    """A bar on standard error, where that is a terminal and there is something to wait for."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._bar: Any = None

    def told(self, done: int, of: int) -> None:
        """So many scenarios of so many are judged."""
        if not self._shown or of < _SHOWN_FROM:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("judging", total=of)
        self._bar.update(self._task, completed=done)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
