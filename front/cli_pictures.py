"""Pictures that `redline check --format html` puts on its page when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec

import click

from redline.answers.render_html import Picture
from redline.engine.run import Bench, Run
from redline.rules.quantities import parse_date


def years(text: str) -> tuple[date, date]:
    """`2012..2028`, `2012-03..2028-06-30`: the first day and the last."""
    first, dots, last = text.partition("..")
    start, end = parse_date(first.strip()), parse_date(last.strip())
    if not dots or start is None or end is None:
        raise click.UsageError(f"`--timeline {text}` is not from a date to a date: write 2012..2028")
    low, high = start.stretches[0].low, end.stretches[-1].high
    assert low is not None
    assert high is not None
    if high < low:
        raise click.UsageError(f"`--timeline {text}` ends before it begins")
    return date.fromordinal(int(low)), date.fromordinal(int(high))


def timelines(bench: Bench, runs: Sequence[Run], asked: str) -> dict[int, tuple[Picture, ...]]:
    """The timeline of each scenario, by its position."""
    first, last = years(asked)
    if not all(map(find_spec, ("altair", "vl_convert"))):
        raise click.UsageError("`--timeline` draws: install `redline[pictures]`")
    from redline.analysis.timeline_picture import timeline_picture

    return {i: (timeline_picture(bench, run.document, first, last),) for i, run in enumerate(runs)}
