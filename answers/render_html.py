"""Reports as one page of HTML that needs no script, no network and no other file, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from redline.answers.flow_graph import step_words
from redline.answers.flow_svg import chain_svg
from redline.answers.html_finding import NEGATIVE, group_html, groups
from redline.answers.html_rest import Section, effects, facts, gaps, items, judged_by, unknown
from redline.answers.html_style import style
from redline.answers.html_words import at, counted, folded, listing, mark, places, said_by, short
from redline.answers.markup import Markup, joined, tag
from redline.answers.render_text import not_covered_lines, second_opinion_words
from redline.answers.text_finding import PLAIN
from redline.rules.frozen import dataclass
from redline.rules.report import FindingReport, LayerReport, Report
from redline.rules.verdicts import ORDER, Verdict

_CLOSED = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may fetch for the page: nothing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was asked for besides, and the same in words."""

    title: str
    svg: Markup
    words: str


def render_html(
    reports: Sequence[Report],
    pictures: Mapping[int, Sequence[Picture]] | None = None,
    *,
    everything: bool = False,
) -> str:
    """The reports as one page; `pictures` by the position of the report that they belong to; `everything`:
    negatives too with the parts of their rules."""
    title = "; ".join(f"{each.scenario}: {each.answer}" for each in reports)
    contents = (
        tag("nav", listing(_entry(each, i) for i, each in enumerate(reports)), class_="contents",
            aria_label="Scenarios")
        if len(reports) > 1
        else None
    )  # fmt: skip
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", http_equiv="Content-Security-Policy", content=_CLOSED),
            tag("title", title),
            tag("style", Markup(style())),
        ),
        tag(
            "body",
            tag("a", "To the answer", href="#r1", class_="skip"),
            contents,
            tag(
                "main",
                (
                    _report(each, f"r{i + 1}", (pictures or {}).get(i, ()), everything)
                    for i, each in enumerate(reports)
                ),
            ),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{page}\n"


def _entry(report: Report, at_: int) -> Markup:
    link = tag("a", report.scenario, href=f"#r{at_ + 1}")
    return joined(mark(report.verdict), link, f": {report.answer}")


def _report(report: Report, own: str, pictures: Sequence[Picture], whole: bool) -> Markup:
    cards = _cards(report, own)
    sections = [
        *_assumed(report, own),
        *_chain(report, own),
        *_items(report, own),
        *_layers(report, own, cards, whole),
        *_beside(report, own, cards),
        *(
            (f"{own}-picture-{i + 1}", each.title, _picture(each))
            for i, each in enumerate(pictures)
        ),
        (f"{own}-gaps", "What was not covered", gaps(report)),
        (f"{own}-judged-by", "Judged by", judged_by(report)),
    ]  # fmt: skip
    return tag(
        "div",
        _head(report, cards),
        tag(
            "nav",
            listing(tag("a", title, href=f"#{name}") for name, title, _ in sections),
            class_="contents",
            aria_label="Contents",
        ),
        (_section(*each) for each in sections),
        tag("footer", tag("p", report.disclaimer)),
        class_="report",
        id=own,
    )


def _section(name: str, title: str, content: Markup) -> Markup:
    return tag(
        "section", tag("h2", title, id=f"{name}-title"), content, id=name, aria_labelledby=f"{name}-title"
    )


def _cards(report: Report, own: str) -> dict[str, str]:
    """The ids of rules, in the order in which they are first told."""
    rules = dict.fromkeys(finding.rule.rule for finding in report.findings)
    return {rule: f"{own}-rule-{i + 1}" for i, rule in enumerate(rules)}


# --- the answer ----------------------------------------------------------------------------------


def _head(report: Report, cards: Mapping[str, str]) -> Markup:
    second = second_opinion_words(report.about_this_run.second_opinion)
    when = f"judged as of {report.as_of} ({report.as_of_from})" if report.as_of else report.as_of_from
    deciding = [f for f in report.findings if f.verdict is report.verdict and f.verdict not in NEGATIVE]
    gaps_told = " ".join(not_covered_lines(report.not_covered, PLAIN))
    return tag(
        "header",
        tag("h1", report.title or report.scenario),
        tag("p", f"{report.scenario} · {when}", class_="quiet"),
        tag("p", second, class_="alarm" if "DISAGREE" in second or "FAILED" in second else "quiet")
        if second
        else None,
        tag("p", mark(report.verdict), " ", report.answer, class_=f"verdict v-{report.verdict}"),
        listing(_in_short(group, cards) for group in groups(deciding)),
        listing(f"asked for: {each}" for each in report.judged_with),
        tag("p", " ".join(gaps_told.split())) if gaps_told else None,
        tag("p", report.disclaimer),
    )


def _in_short(group: Sequence[FindingReport], cards: Mapping[str, str]) -> Markup:
    card = group[0].rule
    return joined(
        tag("a", short(card.rule), href=f"#{cards[card.rule]}"),
        f": {at(group[0].verdict, [f.subject for f in group])}. “{card.says}” ({said_by(card)})",
    )


def _assumed(report: Report, own: str) -> Iterator[Section]:
    told = listing(joined(each.says, places(each.facts)) for each in report.assumptions)
    if told is not None:
        yield f"{own}-assumed", "What is assumed", told


def _chain(report: Report, own: str) -> Iterator[Section]:
    if report.chain:
        steps = [tag("li", step_words(link)) for link in report.chain]
        yield (
            f"{own}-chain",
            "The chain",
            tag(
                "figure",
                tag(
                    "div",
                    tag("div", chain_svg(report.chain, f"{own}-"), class_="wide"),
                    tag("div", tag("h3", "The steps in words"), tag("ul", steps), class_="steps"),
                    class_="beside",
                ),
                tag(
                    "figcaption",
                    "✗ and a thick red line: a red line is crossed at this step. ? and dashes: it cannot be "
                    "told. ! and violet: an assessment is needed. No sign: no encoded red line is crossed at "
                    "this step, or none is about it. Dashed edges: a holder or a place that is not known.",
                ),
            ),
        )


def _items(report: Report, own: str) -> Iterator[Section]:
    told = items(report.items)
    if told is not None:
        yield f"{own}-items", "What the items consist of", told


def _picture(picture: Picture) -> Markup:
    return tag(
        "figure",
        tag(
            "div", picture.svg, class_="wide drawn", role="img", aria_label=f"{picture.title}; in words below"
        ),
        tag("figcaption", folded("The same in words", tag("pre", picture.words, class_="wide"))),
    )


# --- findings ------------------------------------------------------------------------------------


def _layers(report: Report, own: str, cards: Mapping[str, str], whole: bool) -> Iterator[Section]:
    """Layers whose findings decide come first; those without a policy stand together."""
    told: set[str] = set()
    loaded = [layer for layer in report.layers if layer.loaded]
    for layer in sorted(loaded, key=lambda each: ORDER.index(each.verdict or Verdict.NOT_APPLICABLE)):
        yield f"{own}-{layer.layer}", f"Findings: {layer.layer}", _layer(layer, cards, told, whole)
    if silent := [layer.layer for layer in report.layers if not layer.loaded]:
        yield (
            f"{own}-no-policy",
            "Layers without a policy",
            tag("p", f"{' · '.join(silent)}: no policy loaded"),
        )


def _layer(layer: LayerReport, cards: Mapping[str, str], told: set[str], whole: bool) -> Markup:
    def shown(found: Sequence[FindingReport]) -> Markup:
        first = found[0].rule.rule not in told
        told.add(found[0].rule.rule)
        return group_html(found, cards, first=first, whole=whole)

    loud = [shown(g) for g in groups(f for f in layer.findings if f.verdict not in NEGATIVE)]
    quiet = groups(f for f in layer.findings if f.verdict in NEGATIVE)
    parts: list[Markup] = [*loud]
    if not layer.findings:
        parts.append(tag("p", "No rule of this layer had anything to be asked of."))
    for verdict in sorted(NEGATIVE, key=tuple(Verdict).index):
        own = [shown(g) for g in quiet if g[0].verdict is verdict]
        if own:
            words = "not crossed" if verdict is Verdict.NOT_CROSSED else "does not apply"
            words = words if len(own) == 1 else words.replace("does", "do")
            parts.append(folded(f"{counted(len(own), 'rule')} {words}, and why", own))
    return joined(parts)


def _beside(report: Report, own: str, cards: Mapping[str, str]) -> Iterator[Section]:
    for name, title, content in (
        ("unknown", "What is not known", unknown(report, cards)),
        ("permissions", "Permissions", effects(report.permissions, f"{own}-permission")),
        ("flags", "Red flags", effects(report.red_flags, f"{own}-flag")),
        ("conflicts", "Conflicts", listing(f"conflict: {each.says}" for each in report.conflicts)),
        ("facts", "Facts that the answer rests on", facts(report, cards)),
    ):
        if content is not None:
            yield f"{own}-{name}", title, content
