"""Reports in the forms that leave the program: text, Markdown, JSON, HTML; each is imported when used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from redline.rules.report import Report

if TYPE_CHECKING:
    from redline.answers.render_html import Picture

FORMS = ("text", "markdown", "json", "html")


def rendered(
    reports: Sequence[Report],
    form: str,
    *,
    everything: bool = False,
    colour: bool = False,
    encoding: str = "utf-8",
    pictures: Mapping[int, Sequence[Picture]] | None = None,
) -> str:
    """The reports in one of the forms.  `everything` shows in text what is folded otherwise; text for an
    `encoding` that cannot carry its characters is in ASCII.  JSON of one report is an object, of several
    a list of objects.  `pictures` stand on a page of HTML, each with the report of that position."""
    match form:
        case "json":
            from redline.answers.render_json import render_json

            return render_json(*reports)
        case "markdown":
            from redline.answers.render_markdown import render_markdown

            return "\n".join(render_markdown(each) for each in reports)
        case "html":
            from redline.answers.render_html import render_html

            return render_html(reports, pictures, everything=everything)
        case "text":
            from redline.answers.render_text import render_text
            from redline.answers.text_finding import Style

            style = Style(colour, not carries(encoding), everything)
            return "\n".join(render_text(each, style) for each in reports)
        case _:
            raise ValueError(f"there is no form {form!r}")


def explained(report: Report, rule: str, form: str, *, colour: bool = False, encoding: str = "utf-8") -> str:
    """The whole proof of one rule (`policy/rule`) in one of the forms."""
    from redline.answers.report_one import of_rule

    match form:
        case "json":
            from redline.answers.render_json import render_json

            return render_json(of_rule(report, rule))
        case "markdown":
            from redline.answers.render_markdown import render_markdown

            return render_markdown(of_rule(report, rule), whole=True)
        case "text":
            from redline.answers.render_explain import explain_rule
            from redline.answers.text_finding import Style

            return explain_rule(report, rule, Style(colour, not carries(encoding), verbose=True))
        case _:
            raise ValueError(f"there is no form {form!r}")


def carries(encoding: str) -> bool:
    """Whether the encoding has the characters that text is drawn with."""
    try:
        "─▶✗✓…·“”".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
