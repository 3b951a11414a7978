"""`redline exposure`: what may come next, and which continuations cross a line."""

from __future__ import annotations

import json

import click

from redline.analysis.exposure import JUDGEMENTS, LARGEST, exposure
from redline.analysis.render_exposure import exposure_data, exposure_markdown, exposure_text
from redline.answers.report import exit_code
from redline.front.cli_check import asked_by
from redline.front.cli_options import (
    Context,
    failed,
    judging_options,
    output_options,
    policy_options,
    tell_problems,
    write,
)
from redline.front.cli_whatif import one_scenario, written
from redline.rules.exposure import Exposure
from redline.rules.problems import Refused

_BAD_INPUT = 2


@click.command(name="exposure")
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--steps", type=click.IntRange(1, 2), default=1, show_default=True, help="Further steps to look at."
)
@click.option(
    "--facts", type=click.IntRange(1, 4), default=LARGEST, show_default=True, help="Facts in a set, at most."
)
@click.option(
    "--tries",
    type=click.IntRange(1),
    default=JUDGEMENTS,
    show_default=True,
    help="Scenarios judged of one way to go on.",
)
@click.option("--write", "folder", metavar="DIR", help="Write the continuations that cross into this folder.")
@policy_options
@judging_options
@output_options("text", "markdown", "json")
@click.pass_obj
def exposure_command(
    obj: Context, scenario: str, steps: int, facts: int, tries: int, folder: str | None,
    policy: tuple[str, ...], add_policy: tuple[str, ...], as_of: str | None, as_if_in_force: bool,
    reading: tuple[str, ...], include: tuple[str, ...], form: str, output: str | None,
) -> int:  # fmt: skip
    """What may come next of a scenario, and what of it would cross a line.

    The items passed on by a further step, and whoever is not known: the smallest sets of facts about them
    under which a line is crossed that is not crossed on the known facts. Exit code: as of `check`, on the
    scenario as it is.
    """
    asked = asked_by(policy, add_policy, as_of, as_if_in_force, reading, include, form)
    if failed(asked.problems):
        return _BAD_INPUT
    document, texts = one_scenario(scenario, form)
    if document is None:
        return _BAD_INPUT
    try:
        found = exposure(asked.bench, document, steps=steps, largest=facts, judgements=tries)
    except Refused as refused:
        tell_problems(refused.problems, texts, form)
        return _BAD_INPUT
    files = {} if folder is None else _files(found, folder)
    match form:
        case "json":
            shown = json.dumps(exposure_data(found, files), ensure_ascii=False, indent=2)
        case "markdown":
            shown = exposure_markdown(found, files)
        case _:
            shown = exposure_text(found, files)
    if not obj["quiet"]:
        write(shown, output)
    return exit_code(found.report)


def _files(found: Exposure, folder: str) -> dict[str, str]:
    """Each continuation that crosses in a file of its own; the files by what is in them."""
    named: dict[str, str] = {}
    for way, beyond in enumerate(found.beyond, 1):
        for line in beyond.lines:
            texts = [text for each in line.continuations for text in each.scenarios]
            for number, text in enumerate(texts, 1):
                named.setdefault(text, f"{way}-{line.rule.rpartition('/')[2]}-{number}")
    files = written(folder, {name: text for text, name in named.items()})
    return {text: files[name] for text, name in named.items()}
