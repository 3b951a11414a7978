"""Pictures that `redline check --format html` puts on its page when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from importlib.util import find_spec

import click

from redline.answers.render_html import Picture
from redline.engine.run import Bench, Run
from redline.rules.quantities import parse_date


def years(text: str) -> tuple[date, date]:
    """The first and the last day of `2012..2028`: years, months or days."""
    ends = [part.strip() for part in text.split("..")]
    read = [parse_date(part) for part in ends]
    first, last = (read[0], read[-1])
    if len(ends) != 2 or first is None or last is None or first.low is None or last.high is None:
        raise click.UsageError(
            f"`--timeline {text}` is no range of dates: write `2012..2028`, `2012-03..2013-01` or days"
        )
    begin, end = date.fromordinal(int(first.low)), date.fromordinal(int(last.high))
    if end < begin:
        raise click.UsageError(f"`--timeline {text}`: {ends[1]} comes before {ends[0]}")
    if end == date.max:
        end -= timedelta(1)  # the day after the last is looked at
    return begin, end


def timelines(bench: Bench, runs: Sequence[Run], asked: str) -> dict[int, tuple[Picture, ...]]:
    """The timeline of each scenario, by its position."""
    first, last = years(asked)
    if not all(map(find_spec, ("altair", "vl_convert"))):
        raise click.UsageError("`--timeline` draws: install `redline[pictures]`")
    from redline.analysis.timeline_picture import timeline_picture

    return {i: (timeline_picture(bench, run.document, first, last),) for i, run in enumerate(runs)}
