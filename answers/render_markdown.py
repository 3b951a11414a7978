"""A report as Markdown with the chain as a Mermaid diagram; nothing that a name holds is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from redline.answers.chain import MARKS
from redline.answers.flow_graph import graph
from redline.answers.palette import EDGE
from redline.answers.render_text import second_opinion_words
from redline.answers.text_finding import fact_sources, in_one_line
from redline.rules.report import (
    Because,
    Cited,
    EffectReport,
    FindingReport,
    LayerReport,
    Link,
    Reading,
    Report,
)
from redline.rules.verdicts import Verdict

_MARKUP = re.compile(r"([\\`*_{}\[\]|~$^@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_AT_START = re.compile(r"^(\d*)([-+=#.)]|\u2022)")
_PLAIN_IN_LABELS = re.compile(r"[^\w .,/():✗?!-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|^-")
"""What is written by its number in a label: what is no word, and what begins a list."""


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line: no markup, no link, no list."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _AT_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line))


def render_markdown(report: Report, *, whole: bool = False) -> str:
    """The report as Markdown; the `whole` of it with the proofs of negatives too."""
    lines = [f"# {escaped(report.scenario)}: {escaped(report.answer)}", ""]
    if told := second_opinion_words(report.about_this_run.second_opinion):
        lines += [f"**{escaped(told)}**", ""]
    if report.title:
        lines += [escaped(report.title), ""]
    when = f"Judged as of {report.as_of} ({report.as_of_from})." if report.as_of else f"{report.as_of_from}."
    lines += [escaped(when), ""]
    lines += [f"- {escaped(each)}" for each in report.judged_with]
    if report.assumptions:
        lines += [
            "## Assumed",
            "",
            *(f"- {escaped(a.says)}{_places(a.facts)}" for a in report.assumptions),
            "",
        ]
    if report.chain:
        lines += ["## The chain", "", *_mermaid(report.chain), ""]
    for layer in report.layers:
        lines += _layer(layer, whole=whole)
    lines += _effects("Permissions", report.permissions)
    lines += _effects("Red flags", report.red_flags)
    if report.conflicts:
        lines += ["## Conflicts", "", *(f"- {escaped(each.says)}" for each in report.conflicts), ""]
    if report.waiting:
        lines += ["## Waiting for", ""]
        lines += [f"- {escaped(w.question)} — {escaped(', '.join(w.rules))}" for w in report.waiting]
        lines.append("")
    lines += _gaps(report)
    lines += _versions(report)
    lines += [f"*{escaped(report.disclaimer)}*"]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _layer(layer: LayerReport, *, whole: bool) -> Iterator[str]:
    yield f"## {escaped(str(layer.layer).capitalize())}"
    yield ""
    if not layer.loaded:
        yield "No policy of this layer is loaded."
        yield ""
        return
    folded: list[FindingReport] = []
    for finding in layer.findings:
        if not whole and finding.verdict in (Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE):
            folded.append(finding)
            continue
        yield from _finding(finding)
    if folded:
        yield f"### {len(folded)} more: not crossed, or not about it"
        yield ""
        for finding in folded:
            failed = f": {finding.main.failed}" if finding.main.failed else ""
            told = f"{finding.rule.rule}, {finding.subject.called}, {finding.verdict.words}{failed}"
            yield f"- {escaped(told)}"
        yield ""


def _finding(finding: FindingReport) -> Iterator[str]:
    card = finding.rule
    mark = MARKS.get(finding.verdict, "")
    at = "at" if finding.subject.kind == "step" else "for"
    told = f"{card.rule}: {finding.verdict.words} {at} {finding.subject.called}"
    yield " ".join(part for part in ("###", mark, escaped(told)) if part)
    yield ""
    to = f" to {card.addressed_to}" if card.addressed_to else ""
    yield f"> {escaped(card.says)}"
    yield ""
    yield f"- {escaped(f'{card.layer}, {card.strength}, stated by {card.stated_by}{to}')}"
    yield f"- rule: {_code(f'{card.file}:{card.line}')}"
    for source in card.sources:
        many = "" if len(source.paragraphs) == 1 else "s"
        where = (
            f"{source.register} paragraph{many} {', '.join(map(str, source.paragraphs))}, "
            if source.paragraphs
            else ""
        )
        speaker = f", {source.speaker}" if source.speaker else ""
        yield f"- source: {escaped(f'{where}{source.statement}{speaker}')}"
        if source.paraphrase:
            yield f"  - {escaped(source.paraphrase)}"
    for reading in finding.under:
        yield from _reading(reading, several=len(finding.under) > 1)
    yield ""


def _reading(reading: Reading, *, several: bool) -> Iterator[str]:
    indent = ""
    if several:
        read = "; ".join(f"{a.interpretation} = {a.answer}" for a in reading.answers)
        yield f"- read {escaped(read)}: **{escaped(reading.verdict.words)}**"
        indent = "  "
    if reading.failed:
        yield f"{indent}- since {escaped(reading.failed)}"
    yield from (f"{indent}- because {line}" for line in _because(reading.because))
    for waits in reading.waits_for if reading.verdict is Verdict.UNDETERMINED else ():
        yield f"{indent}- waits for: {escaped(in_one_line(dict.fromkeys(f.question for f in waits.facts)))}"
        for outcome in waits.outcomes:
            yield f"{indent}  - if {escaped(' and '.join(outcome.values))}: {escaped(outcome.verdict.words)}"
    for question in reading.open_questions:
        yield f"{indent}- the text leaves open: {escaped(question)}"
    yield f"{indent}- grade: {escaped(reading.grade)}"


def _because(because: Iterable[Because]) -> Iterator[str]:
    for each in because:
        sources = "; ".join(fact_sources(each.facts))
        yield f"{escaped(each.says)}{_places(each.facts)}{f', source: {escaped(sources)}' if sources else ''}"


def _places(facts: Sequence[Cited]) -> str:
    told = dict.fromkeys(f"{f.file}:{f.line}" for f in facts if f.line)
    return f" ({', '.join(map(_code, told))})" if told else ""


def _code(text: str) -> str:
    """A place as code: a name of a file cannot end it early."""
    return f"`{text.replace('`', chr(0x2032))}`"


def _effects(title: str, effects: Sequence[EffectReport]) -> Iterator[str]:
    held = [effect for effect in effects if effect.holds != "no"]
    if held:
        yield f"## {title}"
        yield ""
        for effect in held:
            perhaps = "" if effect.holds == "yes" else " (perhaps)"
            told = (
                f"{effect.rule.rule}, {effect.subject.called}{perhaps}: {effect.question or effect.rule.says}"
            )
            yield f"- {escaped(told)}"
        yield ""


def _gaps(report: Report) -> Iterator[str]:
    gaps = report.not_covered
    yield "## Not covered"
    yield ""
    if gaps.layers:
        yield f"- layers without a policy: {', '.join(gaps.layers)}"
    named = {"items": gaps.items, "activities": gaps.activities, "parties": gaps.parties, "steps": gaps.steps}
    for what, found in named.items():
        if found:
            yield f"- {what} that no rule is about: {escaped(', '.join(found))}"
    for what, listed in (
        ("inferences of the author", gaps.author_rules),
        ("interpretations open", gaps.interpretations),
    ):
        if listed:
            yield f"- {what}: {escaped(', '.join(listed))}"
    if gaps.statements:
        yield f"- statements not encoded: {len(gaps.statements)}"
        yield from (f"  - {escaped(s.what)}: {escaped(s.why)}" for s in gaps.statements)
    yield ""


def _versions(report: Report) -> Iterator[str]:
    yield "## Judged by"
    yield ""
    for policy in report.policies:
        rules = f"{policy.rules} rule{'' if policy.rules == 1 else 's'}"
        told = f"policy {policy.id}, edition {policy.edition or 'not said'}, {rules}, sha256"
        yield f"- {escaped(told)} {_code(policy.sha256)}"
    if report.scenario_sha256:
        yield f"- scenario sha256 {_code(report.scenario_sha256)}"
    yield f"- {escaped(', '.join(f'{name} {version}' for name, version in report.versions.items()))}"
    yield ""


# --- the chain ---------------------------------------------------------------------------------


_SHAPES = {"party": ("[", "]"), "thing": ("([", "])"), "step": ("(", ")")}
_DASHED = "stroke-dasharray:6 4"


def _mermaid(chain: Sequence[Link]) -> Iterator[str]:
    """A flow of holders and steps; ids are numbers, so that no name can be taken for syntax."""
    boxes, edges = graph(chain)
    yield "```mermaid"
    yield "flowchart TD"
    for i, box in enumerate(boxes):
        start, end = _SHAPES[box.kind]
        yield f'  n{i}{start}"{"<br/>".join(_plain(line.text) for line in box.words)}"{end}'
    for one, other in edges:
        yield f"  n{one} {'---' if boxes[other].kind == 'step' else '-->'} n{other}"
    for verdict, colour in EDGE.items():
        own = [f"n{i}" for i, box in enumerate(boxes) if box.verdict is verdict]
        if own:
            dashed = f",{_DASHED}" if verdict is Verdict.UNDETERMINED else ""
            yield f"  classDef {verdict} stroke:{colour},stroke-width:3px{dashed}"
            yield f"  class {','.join(own)} {verdict}"
    if unknown := [f"n{i}" for i, box in enumerate(boxes) if not box.known]:
        yield f"  classDef unknown {_DASHED}"
        yield f"  class {','.join(unknown)} unknown"
    yield "```"


def _plain(text: str) -> str:
    """A label in quotes: what Mermaid could take for syntax is written by its number."""
    return _PLAIN_IN_LABELS.sub(lambda found: f"#{ord(found[0])};", " ".join(text.split()))
