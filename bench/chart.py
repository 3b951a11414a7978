"""The chart of the page: the time of one decision by number of rules, both on scales of powers of ten."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from bench.engines import engine
from bench.results import Run

OWN, BASE, PEER = "redline", "written by hand", "peers"
POWERS = [10.0**n for n in range(-1, 6)]
COLOURS = {OWN: "#b3261e", BASE: "#3c4650", PEER: "#5f9bd1"}


def draw(run: Run, file: Path) -> None:
    """Write the chart; where altair is not installed, say so."""
    try:
        altair: Any = import_module("altair")
    except ImportError:
        print("no chart: altair and vl-convert-python are not installed")
        return
    points = rows(run)
    ends = [point for point in points if point["last"]]
    x = altair.X("rules:Q", title="rules", scale=altair.Scale(type="log", domain=[10, max(run.sizes) * 9]))
    y = altair.Y(
        "time:Q",
        title="one decision, median, µs",
        scale=altair.Scale(type="log"),
        axis=altair.Axis(values=POWERS, format="~g"),
    )
    colour = altair.Color(
        "kind:N",
        title=None,
        scale=altair.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=altair.Legend(orient="top-left"),
    )
    lines = (
        altair.Chart(altair.Data(values=points)).mark_line(point=True).encode(x, y, colour, detail="engine:N")
    )
    names = (
        altair.Chart(altair.Data(values=_apart(ends)))
        .mark_text(align="left", dx=8, fontSize=11)
        .encode(x, altair.Y("shown:Q", scale=altair.Scale(type="log"), title=""), colour, text="engine:N")
    )
    axis = altair.Axis(values=run.sizes, format=",d")
    chart = altair.layer(lines.encode(x=x.axis(axis)), names).properties(width=640, height=440)
    chart.save(str(file))
    print(f"wrote {file}")


def rows(run: Run) -> list[dict[str, Any]]:
    """A point for each cell that was measured."""
    found: list[dict[str, Any]] = []
    for name in run.engines:
        kind = engine(name)
        group = OWN if kind.package == "redline" else PEER if kind.peer else BASE
        times = [(size, time) for size in run.sizes if (time := run.least(name, size, "p50_us")) is not None]
        for size, time in times:
            last = size == times[-1][0]
            found.append({"engine": kind.name, "kind": group, "rules": size, "time": time, "last": last})
    return found


def _apart(ends: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names that would lie on one another are moved up, each by a little."""
    shown: list[dict[str, Any]] = []
    lowest: dict[int, float] = {}
    for end in sorted(ends, key=lambda end: end["time"]):
        at = max(end["time"], lowest.get(end["rules"], 0.0))
        lowest[end["rules"]] = at * 1.65
        shown.append({**end, "shown": at})
    return shown
