"""`redline check` and `redline explain`: scenarios judged, and one rule's whole proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from redline.engine.library import scenario_id
from redline.engine.read import Document, edition, read_path
from redline.engine.run import Bench, Options, Run, judge, prepare
from redline.front.cli import EXIT_ORDER, log
from redline.front.cli_options import (
    Context,
    coloured,
    encoding,
    failed,
    judging_options,
    named,
    output_options,
    policy_options,
    readings,
    tell_problems,
    write,
)
from redline.rules.frozen import dataclass
from redline.rules.problems import Problem, Refused
from redline.rules.quantities import parse_date

if TYPE_CHECKING:
    from redline.answers.render_html import Picture
    from redline.engine.rete import Opinion
    from redline.rules.report import Report

_BAD_INPUT = 2


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the options of a judging command come to."""

    bench: Bench
    problems: tuple[Problem, ...]


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@policy_options
@judging_options
@click.option(
    "--require-second-opinion", is_flag=True, help="Exit with 3 where there is no second opinion that agrees."
)
@click.option("--no-second-opinion", is_flag=True, help="Do not ask the second evaluator.")
@click.option("--all", "everything", is_flag=True, help="Show what does not cross or apply too.")
@click.option(
    "--timeline", metavar="FROM..TO", help="Draw when findings change, on the page of `--format html`."
)
@click.option(
    "--map",
    "drawn",
    metavar="PATH",
    help="Draw the verdict with each country at PATH on that page: `parties.buyer.country`.",
)
@output_options("text", "markdown", "json", "html")
@click.pass_obj
def check(
    obj: Context, scenarios: tuple[str, ...], policy: tuple[str, ...], add_policy: tuple[str, ...],
    as_of: str | None, as_if_in_force: bool, reading: tuple[str, ...], include: tuple[str, ...],
    require_second_opinion: bool, no_second_opinion: bool, everything: bool, timeline: str | None,
    drawn: str | None, form: str, output: str | None,
) -> int:  # fmt: skip
    """Judge scenarios: which red lines would be crossed, by which step, on whose word.

    SCENARIO is a file of one or more scenarios, or `-` for standard input.
    """
    if timeline is not None or drawn is not None:
        from redline.front.cli_pictures import to_be_drawn

        to_be_drawn(timeline, drawn, form)
    asked = asked_by(policy, add_policy, as_of, as_if_in_force, reading, include, form)
    if failed(asked.problems):
        return _BAD_INPUT
    codes: list[int] = []
    reports: list[Report] = []
    runs: list[Run] = []
    for run in _runs(asked, scenarios, form, codes):
        opinion = None if no_second_opinion else _second(asked.bench, run)
        made = _report(asked.bench, run, opinion)
        codes.append(_code(made, opinion, required=require_second_opinion))
        reports.append(made)
        runs.append(run)
    if reports and not obj["quiet"]:
        colour = coloured(obj["color"], output)
        try:
            pictures = _pictures(asked.bench, runs, timeline, drawn)
        except Refused as refused:
            tell_problems(refused.problems, {}, form)
            return _BAD_INPUT
        shown = _shown(reports, form, output, everything=everything, colour=colour, pictures=pictures)
        write(shown, output, colour=colour)
    return next(code for code in EXIT_ORDER if code in codes)


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.argument("rule", metavar="RULE")
@policy_options
@judging_options
@output_options("text", "markdown", "json")
@click.pass_obj
def explain(
    obj: Context, scenario: str, rule: str, policy: tuple[str, ...], add_policy: tuple[str, ...],
    as_of: str | None, as_if_in_force: bool, reading: tuple[str, ...], include: tuple[str, ...],
    form: str, output: str | None,
) -> int:  # fmt: skip
    """Show the whole proof of one rule on a scenario: why, why not, the exceptions and permissions tried.

    RULE is a rule's id, or POLICY/RULE.
    """
    asked = asked_by(policy, add_policy, as_of, as_if_in_force, reading, include, form)
    if failed(asked.problems):
        return _BAD_INPUT
    known = [f"{r.policy}/{r.id}" for p in asked.bench.policies for r in p.rules]
    meant = [name for name in known if rule in (name, name.rpartition("/")[2])]
    if len(meant) != 1:
        from redline.engine.show import did_you_mean

        near = did_you_mean(rule, [name.rpartition("/")[2] for name in known])
        advice = f"it is one of {', '.join(meant)}" if meant else near
        many = "more than one" if meant else "no"
        raise click.UsageError(f"there is {many} rule `{rule}`; {advice}".rstrip("; "))
    codes: list[int] = []
    texts = []
    colour = coloured(obj["color"], output)
    for run in _runs(asked, (scenario,), form, codes):
        made = _report(asked.bench, run, None)
        from redline.answers.render import explained

        texts.append(explained(made, meant[0], form, colour=colour, encoding=encoding(output)))
        codes.append(_exit_code(made, meant[0]))
    if texts and not obj["quiet"]:
        write("\n".join(texts), output, colour=colour)
    return next(code for code in EXIT_ORDER if code in codes)


def asked_by(
    policy: Sequence[str], add_policy: Sequence[str], as_of: str | None, as_if_in_force: bool,
    reading: Sequence[str], include: Sequence[str], form: str,
) -> _Asked:  # fmt: skip
    """The bench that the options ask for; problems of it are told."""
    day = None if as_of is None else parse_date(as_of)
    if as_of is not None and (day is None or len(as_of.strip()) < len("2026-01-01")):
        raise click.UsageError(f"`--as-of {as_of}` is not a day: write YYYY-MM-DD")
    options = Options(day, as_if_in_force, readings(reading), "author" in include)
    bench = _bench(named(policy, add_policy), options)
    problems = (*bench.library.problems, *bench.problems)
    if problems:
        tell_problems(problems, bench.library.texts, form)
    log("%d policies, %d rules", len(bench.policies), len(bench.plan.entries))
    return _Asked(bench, problems)


def _bench(paths: Sequence[str | Path] | None, options: Options) -> Bench:
    """The policies of the files made ready (None: those that ship), from the shelf if they are there."""
    from redline.engine.shelf import usual_bench

    usual = usual_bench(paths)
    return prepare(usual.library, options, usual)


def _runs(asked: _Asked, paths: Sequence[str], form: str, codes: list[int]) -> Iterator[Run]:
    """The scenarios that could be judged; what stood in the way of others is told and is bad input."""
    problems: list[Problem] = []
    texts: dict[str, Sequence[str]] = {}
    for path in paths:
        reading = read_path(path)
        texts[reading.name] = reading.lines
        problems.extend(reading.problems)
        wrong = [not_a_scenario(d) for d in reading.documents]
        problems.extend(p for p in wrong if p is not None)
        good = [d for d, p in zip(reading.documents, wrong, strict=True) if p is None]
        if reading.problems or len(good) < len(reading.documents) or not good:
            codes.append(_BAD_INPUT)
        for document in good:
            run = judge(asked.bench, document)
            problems.extend(run.problems)
            if run.conclusion is None:
                codes.append(_BAD_INPUT)
            else:
                yield run
    tell_problems(problems, texts, form)


def not_a_scenario(document: Document) -> Problem | None:
    """What is wrong with a document that should be a scenario, if it is none."""
    wrong = edition(document)
    if wrong is not None:
        return wrong
    if scenario_id(document) is None:
        advice = "begin it with `redline: 1` and `scenario: NAME`"
        return Problem("not-a-scenario", "the document is not a scenario", document.root.span, advice)
    return None


def _second(bench: Bench, run: Run) -> Opinion:
    from redline.front.api import opinion

    return opinion(bench, run)


def _report(bench: Bench, run: Run, opinion: Opinion | None) -> Report:
    from redline.answers.report import report

    return report(bench, run, opinion)


def _code(made: Report, opinion: Opinion | None, *, required: bool) -> int:
    code = _exit_code(made)
    disagreed = opinion is not None and opinion.status in ("disagrees", "failed")
    if required and (opinion is None or opinion.status != "agrees"):
        return 3  # whatever was found: it was not to be answered without
    return 3 if code != 1 and disagreed else code


def _exit_code(made: Report, rule: str = "") -> int:
    from redline.answers.report import exit_code

    return exit_code(made, rule)


def _shown(
    reports: Sequence[Report],
    form: str,
    output: str | None,
    *,
    everything: bool,
    colour: bool,
    pictures: Mapping[int, Sequence[Picture]] | None,
) -> str:
    from redline.answers.render import rendered

    return rendered(
        reports,
        form,
        everything=everything,
        colour=colour,
        encoding=encoding(output),
        pictures=pictures,
    )


def _pictures(
    bench: Bench, runs: Sequence[Run], timeline: str | None, drawn: str | None
) -> Mapping[int, Sequence[Picture]]:
    if timeline is None and drawn is None:
        return {}
    from redline.front.cli_pictures import pictures

    return pictures(bench, runs, timeline, drawn)
