"""`redline whatif`: facts set by hand and what flips; many values, or days, one after the other; else the
smallest changes that clear."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from redline.analysis.clear import JUDGEMENTS, MOST
from redline.analysis.costs import SHIPPED, read_costs
from redline.analysis.render_whatif import (
    difference_data,
    difference_markdown,
    difference_text,
    whatif_data,
    whatif_markdown,
    whatif_text,
)
from redline.analysis.timeline import AS_OF
from redline.analysis.whatif import difference, rule_meant, what_if
from redline.answers.report import exit_code
from redline.engine.paths import read_changes
from redline.engine.read import Document, read_path
from redline.engine.run import Bench
from redline.front.cli_check import asked_by, not_a_scenario
from redline.front.cli_options import (
    Context,
    failed,
    judging_options,
    output_options,
    policy_options,
    tell_problems,
    write,
)
from redline.front.cli_sweep import swept, timed
from redline.rules.problems import Refused, errors
from redline.rules.whatif import Costs, Difference, WhatIf

_BAD_INPUT = 2
_Texts = dict[str, Sequence[str]]


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.argument("rule", required=False, default="", metavar="[RULE]")
@click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="Set a fact and show what flips.")
@click.option("--unset", "unsets", multiple=True, metavar="PATH", help="Take a fact or thing away.")
@click.option("--costs", metavar="FILE", help="What changes cost, and what may not change.")
@click.option("--write", "folder", metavar="DIR", help="Write the changed scenarios into this folder.")
@click.option("--most", type=click.IntRange(1), default=MOST, show_default=True, help="Sets told of a line.")
@click.option(
    "--tries",
    type=click.IntRange(1),
    default=JUDGEMENTS,
    show_default=True,
    help="Scenarios judged in search of a line's.",
)
@click.option("--all", "everything", is_flag=True, help="Show in text all that was found.")
@click.option("--vary", multiple=True, metavar="PATH=VALUES", help="Judge with each of many values.")
@click.option("--each", is_flag=True, help="With --vary: judge every cell by itself.")
@click.option("--yes", is_flag=True, help="With --vary: do not ask, however many cells there are.")
@click.option("--table", metavar="FILE", help="With --vary: every cell as .csv or .parquet.")
@click.option("--map", "drawn", metavar="FILE", help="With --vary: countries by verdict (.svg, .png, .html).")
@click.option("--timeline", metavar="FROM..TO", help="When findings flip between two years, months or days.")
@click.option("--moving", metavar="PATH", help="With --timeline: the date that moves, in place of `as_of`.")
@click.option("--chart", metavar="FILE", help="With --vary or --timeline: a picture (.svg, .png, .html).")
@policy_options
@judging_options
@output_options("text", "markdown", "json")
@click.pass_obj
def whatif(
    obj: Context, scenario: str, rule: str, sets: tuple[str, ...], unsets: tuple[str, ...], costs: str | None,
    folder: str | None, most: int, tries: int, everything: bool, vary: tuple[str, ...], each: bool, yes: bool,
    table: str | None, drawn: str | None, timeline: str | None, moving: str | None, chart: str | None,
    policy: tuple[str, ...],
    add_policy: tuple[str, ...], as_of: str | None, as_if_in_force: bool, reading: tuple[str, ...],
    include: tuple[str, ...], form: str, output: str | None,
) -> int:  # fmt: skip
    """What would change the answer on a scenario.

    With --set or --unset: which findings flip, by which fact. Without: the smallest changes that clear each
    line that is crossed (RULE: that line alone), and what to learn where it cannot be told. With --vary: each
    value in turn; with --timeline: each day. Exit code: as of `check`, on the scenario with what was set; of
    many, the gravest.
    """
    _fitting(
        {"--set": sets, "--unset": unsets, "RULE": rule, "--costs": costs, "--write": folder},
        {"--each": each, "--yes": yes, "--table": table, "--map": drawn},
        vary, timeline, moving, chart, form,
    )  # fmt: skip
    asked = asked_by(policy, add_policy, as_of, as_if_in_force, reading, include, form)
    if failed(asked.problems):
        return _BAD_INPUT
    document, texts = one_scenario(scenario, form)
    if document is None:
        return _BAD_INPUT
    by_hand = bool(sets or unsets)
    if by_hand and rule:
        raise click.UsageError("with --set all rules are shown: leave RULE out")
    try:
        if vary:
            texts |= {"--vary": vary}
            shown, code = swept(
                asked.bench, document, vary, form, table=table, chart=chart, drawn=drawn, each=each, yes=yes,
                quiet=obj["quiet"],
            )  # fmt: skip
        elif timeline is not None:
            shown, code = timed(asked.bench, document, timeline, moving or AS_OF, form, chart=chart)
        elif by_hand:
            found = _by_hand(asked.bench, document, sets, unsets, texts)
            files: dict[int, str] = {}
            if folder is not None:
                written(folder, {"changed": found.scenario})
            shown, code = _difference(found, form), exit_code(found.after)
        else:
            meant = rule_meant(asked.bench, rule) if rule else ""
            read = _costs(costs, texts)
            made = what_if(asked.bench, document, meant, costs=read, most=most, judgements=tries)
            files = {} if folder is None else _ways(made, folder)
            shown, code = _whatif(made, files, form, everything=everything), exit_code(made.report, meant)
    except Refused as refused:
        tell_problems(refused.problems, texts, form)
        return _BAD_INPUT
    if not obj["quiet"]:
        write(shown, output)
    return code


def _fitting(  # in the order of the options
    others: Mapping[str, object], of_sweeps: Mapping[str, object], vary: Sequence[str], timeline: str | None,
    moving: str | None, chart: str | None, form: str,
) -> None:  # fmt: skip
    """Options that say nothing together are refused."""
    one = "--vary" if vary else "--timeline" if timeline is not None else ""
    if vary and timeline is not None:
        raise click.UsageError("`--vary` and `--timeline` are two questions: ask one at a time")
    for name, given in others.items():
        if one and given:
            raise click.UsageError(f"`{name}` says nothing together with `{one}`")
    for name, given in {**of_sweeps, "--chart": chart}.items():
        if given and not vary and not (name == "--chart" and timeline is not None):
            raise click.UsageError(f"`{name}` belongs to `--vary`{' or `--timeline`' * (name == '--chart')}")
    if moving is not None and timeline is None:
        raise click.UsageError("`--moving` belongs to `--timeline`")
    if one and form == "markdown":
        raise click.UsageError(f"`{one}` is told as text or as json")


def one_scenario(path: str, form: str) -> tuple[Document | None, _Texts]:
    """The one scenario of a file; None, told, where it cannot be read."""
    reading = read_path(path)
    texts: _Texts = {reading.name: reading.lines}
    problems = [*reading.problems]
    problems += [p for d in reading.documents if (p := not_a_scenario(d)) is not None]
    if errors(problems):
        tell_problems(problems, texts, form)
        return None, texts
    if len(reading.documents) != 1:
        raise click.UsageError(f"`{path}` holds {len(reading.documents)} scenarios: give one")
    return reading.documents[0], texts


def _costs(path: str | None, texts: _Texts) -> Costs:
    read, problems, lines = read_costs(SHIPPED if path is None else path)
    texts |= lines
    if read is None or errors(problems):
        raise Refused(problems)
    return read


def _by_hand(
    bench: Bench, document: Document, sets: Sequence[str], unsets: Sequence[str], texts: _Texts
) -> Difference:
    changes, problems, lines = read_changes(sets, "--set")
    gone, more, lines_gone = read_changes(unsets, "--unset")
    texts |= {"--set": lines, "--unset": lines_gone}
    if problems or more:
        raise Refused((*problems, *more))
    return difference(bench, document, [*changes, *gone])


def _difference(found: Difference, form: str) -> str:
    match form:
        case "json":
            return json.dumps(difference_data(found), ensure_ascii=False, indent=2)
        case "markdown":
            return difference_markdown(found)
        case _:
            return difference_text(found)


def _whatif(found: WhatIf, files: dict[int, str], form: str, *, everything: bool) -> str:
    match form:
        case "json":
            return json.dumps(whatif_data(found, files), ensure_ascii=False, indent=2)
        case "markdown":
            return whatif_markdown(found, files)
        case _:
            return whatif_text(found, files, everything=everything)


def _ways(found: WhatIf, folder: str) -> dict[int, str]:
    """Each way written to a file of its own; the files by identity of the way."""
    named = {}
    for clearing in found.clearings:
        rule = clearing.rule.rpartition("/")[2] or "all-together"
        for number, way in enumerate(clearing.ways, 1):
            named[id(way)] = (f"{rule}-{number}", way.scenario)
    files = written(folder, dict(named.values()))
    return {key: files[name] for key, (name, _) in named.items()}


def written(folder: str, scenarios: dict[str, str]) -> dict[str, str]:
    """The scenarios written into a folder; the file of each."""
    files = {}
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, text in scenarios.items():
            path = Path(folder) / f"{name}.yaml"
            path.write_text(text, encoding="utf-8", newline="\n")
            files[name] = str(path)
    except OSError as error:
        raise click.UsageError(f"`{folder}` cannot be written: {error.strerror}") from error
    return files
