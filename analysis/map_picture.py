"""A map on the page of a report: the verdict with each country in the place of one of the scenario."""

from __future__ import annotations

from redline.analysis.render_map import country_axis, sweep_as_map
from redline.analysis.render_sweep import sweep_as_text
from redline.analysis.sweep import axes_of, sweep
from redline.analysis.sweep_values import OPTION
from redline.answers.markup import Markup
from redline.answers.render_html import Picture
from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench
from redline.rules.frozen import replace
from redline.rules.problems import Problem, Refused, Span

TITLE = "The verdict by country"
_OPTION = "--map"


def map_picture(bench: Bench, document: Document, path: str) -> Picture:
    """The countries of the world by verdict, each in turn at the path.  Needs the extra `pictures`.

    Raises Refused where the path names no country of the scenario, or the scenario cannot be read.
    """
    from vl_convert import vegalite_to_svg

    try:
        axes = axes_of(bench, document, [f"{path}=all"])
        country_axis(axes)
    except Refused as refused:
        raise Refused([_placed(each) for each in refused.problems]) from refused
    found = sweep(bench, document, axes)
    rules = {name(rule): rule for policy in bench.policies for rule in policy.rules}
    svg = Markup(vegalite_to_svg(sweep_as_map(found).to_json()))
    return Picture(TITLE, svg, sweep_as_text(found, rules))


def _placed(problem: Problem) -> Problem:
    """A problem of the path, told at the option by which it came."""
    if problem.code == "no-map":
        return replace(problem, help="name a country of the scenario: `parties.buyer.country`")
    return replace(problem, span=Span(_OPTION, 1, 1, 1)) if problem.span.document == OPTION else problem
