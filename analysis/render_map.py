"""A sweep over countries as a map of the world: each in the colour of its verdict, small ones as dots.

The shapes are those of Natural Earth by way of world-atlas (see NOTICE), by ISO code: what has no code of its
own is drawn with the state that ISO counts it to.  They are drawn without a network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from redline.analysis.render_sweep import scale, words_of
from redline.analysis.sweep import Outcome, Sweep
from redline.analysis.sweep_values import OPTION, Axis
from redline.rules.countries import COUNTRY, country_names
from redline.rules.problems import NOWHERE, Problem, Refused
from redline.rules.values import Terms
from redline.rules.verdicts import ORDER

_NOT_ASKED = "not asked"
_GREY = "#8C8C8C"
_SEA = "#FFFFFF"
_LISTED = 14  # countries that are named below the map, of each verdict


@cache
def _world() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(__file__).with_name("world.json").read_text(encoding="utf-8"))
    return read


def country_axis(axes: Sequence[Axis]) -> int:
    """Which of the axes is of countries.  Raises Refused where none is, or both are."""
    found = [n for n, axis in enumerate(axes) if axis.type.sort == "tree" and axis.type.of == COUNTRY.name]
    if len(found) != 1:
        why = "two countries vary" if found else "none varies"
        advice = f"vary one fact that is a country: `{OPTION} parties.buyer.country=all`"
        raise Refused([Problem("no-map", f"a map shows one country, and {why}", NOWHERE, advice)])
    return found[0]


def countries_of(found: Sweep) -> dict[str, Outcome]:
    """What is found of each country of the sweep: the gravest where another fact varies too; that it cannot
    be so only where no way can.  Raises Refused where it is not over countries."""
    which = country_axis(found.axes)
    told: dict[str, Outcome] = {}
    others = range(len(found.axes[1 - which])) if len(found.axes) > 1 else range(1)
    for number, means in enumerate(found.axes[which].means):
        code = means.single if isinstance(means, Terms) else None
        if code is None:
            continue
        cells = (((number, other), (other, number))[which] for other in others)
        told[code] = min((found.at(*cell[: len(found.axes)]) for cell in cells), key=_gravest)
    return told


def _gravest(outcome: Outcome) -> int:
    return len(ORDER) if outcome.verdict is None else ORDER.index(outcome.verdict)


def sweep_as_map(found: Sweep) -> Any:
    """The map as a chart of altair.  Needs the extra `pictures`."""
    import altair as alt

    told, world = countries_of(found), _world()
    shapes = {each["id"] for each in world["objects"]["countries"]["geometries"]}
    words, fills = scale()
    words, fills = [*words, _NOT_ASKED], [*fills, _GREY]
    here = [
        w for w in words if w in {*map(words_of, told.values())} or (w == _NOT_ASKED and shapes - told.keys())
    ]
    colour = alt.Color(
        "verdict:N",
        scale=alt.Scale(domain=here, range=[fills[words.index(w)] for w in here]),
        legend=alt.Legend(title=None, orient="top", labelLimit=300, columns=4, symbolType="square",
                          symbolStrokeColor="#555555", symbolStrokeWidth=1, symbolSize=160),
    )  # fmt: skip
    verdicts = {code: words_of(outcome) for code, outcome in told.items()}
    names = country_names()
    shown = json.loads(json.dumps({key: value for key, value in world.items() if key != "points"}))
    for each in shown["objects"]["countries"]["geometries"]:
        code = each["id"]
        each["properties"] = {
            "code": code, "country": names.get(code, code), "verdict": verdicts.get(code, _NOT_ASKED)
        }  # fmt: skip
    land = (
        alt.Chart({"values": shown, "format": {"type": "topojson", "feature": "countries"}})
        .transform_calculate(
            verdict="datum.properties.verdict",
            country="datum.properties.country",
            code="datum.properties.code",
        )
        .mark_geoshape(stroke="#555555", strokeWidth=0.4)
        .encode(color=colour, tooltip=["country:N", "code:N", "verdict:N"])
    )
    dots = [
        {"code": code, "country": names.get(code, code), "verdict": verdicts[code], "x": x, "y": y}
        for code, (x, y) in world["points"].items()
        if code in verdicts
    ]
    dots.sort(key=lambda dot: -here.index(dot["verdict"]))  # the gravest are drawn last, over the others
    points = (
        alt.Chart({"values": dots})
        .mark_circle(size=34, stroke="#1A1A1A", strokeWidth=0.7, opacity=1)
        .encode(
            longitude="x:Q", latitude="y:Q", color=colour, tooltip=["country:N", "code:N", "verdict:N"],
        )
    )  # fmt: skip
    title = alt.TitleParams(
        _title(found), subtitle=list(_below(told, shapes | world["points"].keys())), anchor="start",
        orient="bottom", subtitleFontSize=12, fontSize=13, offset=12, subtitleLineHeight=16,
    )  # fmt: skip
    sphere = alt.Chart(alt.sphere()).mark_geoshape(fill=_SEA, stroke="#BBBBBB", strokeWidth=0.6)
    return (
        alt.layer(sphere, land, points)
        .project(type="equalEarth")
        .properties(width=960, height=470, title=title)
        .configure_view(stroke=None)
    )


def _title(found: Sweep) -> str:
    countries = found.axes[country_axis(found.axes)].path
    others = [axis for axis in found.axes if axis.path != countries]
    more = f", the gravest over {len(others[0])} values of {others[0].path}" if others else ""
    return f"{countries} by verdict{more}. Hypothetical; an encoded reading, not legal advice."


def _below(told: dict[str, Outcome], drawn: set[str]) -> list[str]:
    lines = []
    ordered = sorted(told.items(), key=lambda each: (_gravest(each[1]), each[0]))
    for (_, words), each in groupby(ordered, key=lambda one: (_gravest(one[1]), words_of(one[1]))):
        codes = [code for code, _ in each]
        more = f" and {len(codes) - _LISTED} more" if len(codes) > _LISTED else ""
        lines.append(f"{words} ({len(codes)}): {', '.join(codes[:_LISTED])}{more}")
    absent = sorted(told.keys() - drawn)
    if absent:
        lines.append("not drawn, since the map has no such place: " + ", ".join(
            f"{code} ({words_of(told[code])})" for code in absent))  # fmt: skip
    return lines
