"""The chain drawn: a picture that needs no script, no style sheet and no other file.

Colour only repeats what a sign and the form of a line say: a crossing is a thick line and a cross, what
cannot be told is dashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from redline.answers.flow import flow
from redline.answers.flow_boxes import LINE, TEXT, WIDTH, Arrow, Box, Flow
from redline.answers.flow_graph import step_words
from redline.answers.markup import Markup, joined, tag
from redline.answers.palette import EDGE, FILL, INK
from redline.rules.report import Link
from redline.rules.verdicts import Verdict

_FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_DARK, _QUIET, _PLAIN = "#1A1A1A", "#5A6570", "#FFFFFF"
_PARTY, _THING = "#E9EEF2", "#FFF6DF"
_ROUND = {"party": 0, "thing": 20, "step": 6}


def chain_svg(chain: Sequence[Link], prefix: str = "") -> Markup:
    """The chain as an SVG element; its ids begin with `prefix`, so that a page can hold several."""
    laid = flow(chain)
    named, told = f"{prefix}drawn-title", f"{prefix}drawn-words"
    return tag(
        "svg",
        tag("title", "The chain of steps", id=named),
        tag("desc", "; ".join(map(step_words, chain)), id=told),
        [_arrow(each) for each in laid.arrows],
        [_box(each) for each in laid.boxes],
        class_="chain",
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_labelledby=f"{named} {told}",
        viewBox=_view(laid),
        width=laid.width,
        height=laid.height,
        font_family=_FONT,
        font_size=TEXT,
    )


def _view(laid: Flow) -> str:
    return f"0 0 {laid.width:.0f} {laid.height:.0f}"


def _box(box: Box) -> Markup:
    edge, thick, dash = _QUIET, 1.2, None
    fill = {"party": _PARTY, "thing": _THING}.get(box.kind, _PLAIN)
    sign = box.verdict in EDGE
    if box.verdict is not None and sign:
        edge, thick = EDGE[box.verdict], 2.5
    if box.verdict is Verdict.UNDETERMINED or not box.known:
        dash = "6 4"
    return tag(
        "g",
        tag("title", box.whole),
        tag(
            "rect", x=box.x, y=box.y, width=WIDTH, height=box.height, rx=_ROUND[box.kind],
            fill=fill, stroke=edge, stroke_width=thick, stroke_dasharray=dash,
        ),
        [_words(box, i, sign=sign and i == len(box.words) - 1) for i in range(len(box.words))],
    )  # fmt: skip


def _words(box: Box, at: int, *, sign: bool) -> Markup:
    """A line of words in a box; the sign of a step stands on its colour."""
    line = box.words[at]
    middle = box.x + WIDTH / 2
    base = box.y + 10 + LINE * at + TEXT
    ink, back = _DARK, None
    if sign and box.verdict is not None:
        ink = INK[box.verdict]
        back = tag(
            "rect", x=box.x + 10, y=base - TEXT, width=WIDTH - 20, height=LINE, rx=3, fill=FILL[box.verdict]
        )
    return joined(
        back,
        tag(
            "text", line.text, x=middle, y=base, text_anchor="middle", fill=ink,
            font_weight="bold" if line.bold else None,
        ),
    )  # fmt: skip


def _arrow(arrow: Arrow) -> Markup:
    """Straight through rows, bent between them; a head where something arrives."""
    edge, thick, dash = _QUIET, 1.5, None
    if arrow.verdict is not None and arrow.verdict in EDGE:
        edge, thick = EDGE[arrow.verdict], 2.5
    if arrow.verdict is Verdict.UNDETERMINED or not arrow.known:
        dash = "6 4"
    (x, y), *_ = arrow.points
    way = f"M{_n(x)} {_n(y)}"
    for i, ((a, b), (c, d)) in enumerate(pairwise(arrow.points)):
        if i % 2 and a != c:
            middle = (b + d) / 2
            way += f"C{_n(a)} {_n(middle)} {_n(c)} {_n(middle)} {_n(c)} {_n(d)}"
        else:
            way += f"L{_n(c)} {_n(d)}"
    x, y = arrow.points[-1]
    head = f"M{_n(x - 5)} {_n(y - 9)}L{_n(x)} {_n(y)}L{_n(x + 5)} {_n(y - 9)}Z"
    return joined(
        tag("path", d=way, fill="none", stroke=edge, stroke_width=thick, stroke_dasharray=dash),
        tag("path", d=head, fill=edge) if arrow.head else None,
    )


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
