"""The leaks as a picture: parties in layers by the steps that lie before them, drawn without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx

from redline.analysis.render_leaks import called, drawing, summary
from redline.answers.palette import FILL, INK
from redline.rules.network import Leaks
from redline.rules.verdicts import Verdict

_WIDE, _HIGH, _GAP_X, _GAP_Y = 170, 54, 300, 100
_SPLIT = 24


def draw(found: Leaks, path: str | Path) -> None:
    """Writes the picture as SVG or PNG, by the name of the file.  Needs the extra `pictures`."""
    chart = leaks_chart(found)
    if Path(path).suffix.lower() == ".png":
        chart.save(str(path), scale_factor=2)
    else:
        chart.save(str(path))


def leaks_chart(found: Leaks) -> Any:
    """The leaks as a chart of altair."""
    import altair as alt

    drawn = drawing(found)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(drawn.nodes)
    graph.add_edges_from(drawn.edges)
    places = _places(graph)
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for name, (x, y) in places.items():
        verdict = Verdict.CROSSES if name in drawn.ends else Verdict.NOT_CROSSED
        told = _lines(called(found.network, name))
        extra = ["control lost"] if name in drawn.lost and name not in drawn.ends else []
        fill = FILL[Verdict.UNDETERMINED] if extra else FILL[verdict]
        row = {"x": x - _WIDE / 2, "x2": x + _WIDE / 2, "y": y - _HIGH / 2, "y2": y + _HIGH / 2, "fill": fill}
        nodes.append(row)
        lines = [*told, *extra]
        for number, line in enumerate(lines):
            offset = (number - (len(lines) - 1) / 2) * 13
            words.append({"x": x, "y": y + offset, "text": line, "ink": INK[verdict]})
    labels = []
    for (one, other), label in drawn.edges.items():
        (x, y), (x2, y2) = places[one], places[other]
        begin = x + _WIDE / 2 if x2 > x else x - _WIDE / 2 if x2 < x else x
        end = x2 - _WIDE / 2 if x2 > x else x2 + _WIDE / 2 if x2 < x else x2
        if x2 == x:
            y, y2 = (y + _HIGH / 2, y2 - _HIGH / 2) if y2 > y else (y - _HIGH / 2, y2 + _HIGH / 2)
        shift = 0 if (other, one) not in drawn.edges else 9 if one < other else -9
        closed = drawn.closed.get((one, other), "")
        style = {"": "used", "channel": "closed to stop leaks", "clause": "promise asked for"}[closed]
        edges.append({"x": begin, "y": y + shift, "x2": end, "y2": y2 + shift, "style": style})
        back = 0.28 if (other, one) in drawn.edges else 0.55
        labels.append(
            {"x": begin + (end - begin) * back, "y": y + (y2 - y) * back + shift - 7, "text": _short(label)}
        )
    wide = max((each["x2"] for each in nodes), default=400) + 30
    high = max((each["y2"] for each in nodes), default=100) + 30
    across = alt.X("x:Q", scale=alt.Scale(domain=[0, wide], nice=False), axis=None)
    down = alt.Y("y:Q", scale=alt.Scale(domain=[high, 0], nice=False), axis=None)
    styles = alt.Color(
        "style:N",
        scale=alt.Scale(
            domain=["used", "promise asked for", "closed to stop leaks"],
            range=["#555555", "#8E5BB5", "#1F78B4"],
        ),
        legend=alt.Legend(title=None, orient="bottom", labelLimit=300),
    )
    dashes = alt.StrokeDash(
        "style:N",
        scale=alt.Scale(
            domain=["used", "promise asked for", "closed to stop leaks"], range=[[1, 0], [7, 3], [2, 3]]
        ),
        legend=None,
    )
    lines_ = (
        alt.Chart({"values": edges})
        .mark_rule(strokeWidth=1.8)
        .encode(x=across, y=down, x2="x2:Q", y2="y2:Q", color=styles, strokeDash=dashes)
    )
    heads = (
        alt.Chart(
            {"values": [{"x": e["x2"], "y": e["y2"], "angle": _angle(e), "style": e["style"]} for e in edges]}
        )
        .mark_point(shape="triangle", filled=True, size=110, opacity=1)
        .encode(x=across, y=down, angle=alt.Angle("angle:Q", scale=None), color=styles)
    )
    boxes = (
        alt.Chart({"values": nodes})
        .mark_rect(stroke="#1A1A1A", strokeWidth=0.8, cornerRadius=5)
        .encode(x=across, y=down, x2="x2:Q", y2="y2:Q", color=alt.Color("fill:N", scale=None))
    )
    texts = (
        alt.Chart({"values": words})
        .mark_text(fontSize=11, baseline="middle")
        .encode(x=across, y=down, text="text:N", color=alt.Color("ink:N", scale=None))
    )
    halo: dict[str, Any] = {"fontSize": 11, "fontStyle": "italic", "baseline": "bottom"}
    behind = (
        alt.Chart({"values": labels})
        .mark_text(**halo, stroke="#FFFFFF", strokeWidth=4)
        .encode(x=across, y=down, text="text:N")
    )
    front = (
        alt.Chart({"values": labels})
        .mark_text(**halo, color="#1A1A1A")
        .encode(x=across, y=down, text="text:N")
    )
    return (
        alt.layer(lines_, heads, boxes, behind, front, texts)
        .properties(width=wide, height=high, title=summary(found), background="#FFFFFF")
        .configure_view(stroke=None)
        .configure_title(anchor="start", fontSize=13)
    )


def _places(graph: nx.DiGraph[str]) -> dict[str, tuple[float, float]]:
    """Layers by the longest way there, the parties of a circle one after the other; in a layer in the order
    of those before."""
    parts = nx.condensation(graph)
    layers: dict[str, int] = {}
    at = 0
    for generation in nx.topological_generations(parts):
        width = 1
        for part in generation:
            members = sorted(parts.nodes[part]["members"])
            for number, name in enumerate(members):
                layers[name] = at + number
            width = max(width, len(members))
        at += width
    rows: dict[int, list[str]] = {}
    heights: dict[str, float] = {}
    for name in sorted(layers, key=lambda each: (layers[each], each)):
        rows.setdefault(layers[name], []).append(name)
    tallest = max((len(each) for each in rows.values()), default=1)
    for layer in sorted(rows):

        def before(name: str) -> tuple[float, str]:
            known = [heights[each] for each in graph.predecessors(name) if each in heights]
            return (sum(known) / len(known) if known else 0.0), name

        names = sorted(rows[layer], key=before)
        for number, name in enumerate(names):
            heights[name] = (number + (tallest - len(names)) / 2 + layer % 2) * _GAP_Y
    return {name: (30 + _WIDE / 2 + layers[name] * _GAP_X, 40 + heights[name]) for name in layers}


def _lines(name: str) -> list[str]:
    """A name in at most two lines that fit a box."""
    if len(name) <= _SPLIT:
        return [name]
    words, lines = name.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _SPLIT:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [lines[0], " ".join(lines[1:])[:_SPLIT]]


def _short(label: str) -> str:
    return label if len(label) <= 28 else label[:26] + " …"


def _angle(edge: Any) -> float:
    """The angle of an arrow's head, in degrees, clockwise from up."""
    from math import atan2, degrees

    return degrees(atan2(edge["y2"] - edge["y"], edge["x2"] - edge["x"])) + 90
