"""A timeline as a picture on the page of a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from redline.analysis.render_timeline import timeline_as_chart, timeline_as_text
from redline.analysis.timeline import Timeline, timeline
from redline.answers.markup import Markup
from redline.answers.render_html import Picture
from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench
from redline.rules.policy import Rule

TITLE = "When findings change"


def timeline_picture(bench: Bench, document: Document, first: date, last: date) -> Picture:
    """The timeline of a scenario from the first day to the last.  Needs the extra `pictures`.

    Raises Refused where the scenario cannot be read, ValueError where the last day comes before the first.
    """
    rules = {name(rule): rule for policy in bench.policies for rule in policy.rules}
    line = timeline(bench, document, first, last)
    return Picture(TITLE, _svg(line, rules), timeline_as_text(line, rules))


def _svg(line: Timeline, rules: Mapping[str, Rule]) -> Markup:
    """The chart, drawn without a browser and without a network."""
    from vl_convert import vegalite_to_svg

    return Markup(vegalite_to_svg(timeline_as_chart(line, rules).to_json()))
