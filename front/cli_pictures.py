"""Pictures that `redline check --format html` puts on its page when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def to_be_drawn(timeline: str | None, drawn: str | None, form: str) -> None:
    """Whether what is asked for can be drawn, before anything is judged."""
    for option, asked in (("--timeline", timeline), ("--map", drawn)):
        if asked is None:
            continue
        if form != "html":
            raise click.UsageError(f"`{option}` draws on a page: add `--format html`")
        if not all(map(find_spec, ("altair", "vl_convert"))):
            raise click.UsageError(f"`{option}` draws: install `redline[pictures]`")
    if timeline is not None:
        years(timeline)


def pictures(
    bench: Bench, runs: Sequence[Run], timeline: str | None, drawn: str | None
) -> dict[int, tuple[Picture, ...]]:
    """The timeline and the map of each scenario, as far as they are asked for, by its position.  Raises
    Refused where the path of the map names no country of a scenario."""
    return {i: tuple(_of(bench, run, timeline, drawn)) for i, run in enumerate(runs)}


def _of(bench: Bench, run: Run, timeline: str | None, drawn: str | None) -> Iterator[Picture]:
    if timeline is not None:
        from redline.analysis.timeline_picture import timeline_picture

        yield timeline_picture(bench, run.document, *years(timeline))
    if drawn is not None:
        from redline.analysis.map_picture import map_picture

        yield map_picture(bench, run.document, drawn)
