"""`redline verify`: whether policies are consistent, each finding with a scenario or a proof."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

from redline.analysis.render_flaws import Told, flaws_as_data, flaws_as_text, told, write_witnesses
from redline.analysis.sarif import as_sarif
from redline.analysis.verify import flaws
from redline.engine.run import Options, prepare
from redline.front.cli_options import (
    Context,
    failed,
    library,
    output_options,
    policy_options,
    tell_problems,
    write,
)
from redline.rules.evidence import MEANS, FlawKind
from redline.rules.problems import Severity

_LESS_OFTEN = 20_000


@click.command()
@click.argument("policies", nargs=-1, metavar="[POLICIES]...")
@policy_options
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([str(kind) for kind in FlawKind]),
    help="Only this kind.",
)
@click.option("--include", type=click.Choice(["author"]), help="Look at the author's inferences too.")
@click.option(
    "--witnesses", metavar="DIR", default="", help="Write the scenarios that show it into a folder."
)
@output_options("text", "json", "sarif")
@click.pass_obj
def verify(
    obj: Context,
    policies: tuple[str, ...],
    policy: tuple[str, ...],
    add_policy: tuple[str, ...],
    kinds: tuple[str, ...],
    include: str | None,
    witnesses: str,
    form: str,
    output: str | None,
) -> int:
    """Look for conflicts, dead and redundant rules, and more, in POLICIES (files or folders) together.

    Without POLICIES those that ship are looked at, or those of `redline.toml`.
    Exit code: 0 nothing found, 1 something found, 2 bad input, 3 something could not be determined.
    """
    loaded = library((*policy, *policies), add_policy)
    tell_problems(loaded.problems, loaded.texts, form)
    if failed(loaded.problems):
        return 2
    bench = prepare(loaded, Options(include_author=include is not None))
    wanted = {FlawKind(kind) for kind in kinds} or set(FlawKind)
    with little_collected():
        found = told((flaw for flaw in flaws(bench, wanted)), loaded.policies, witnesses)
    write_witnesses(found)
    if not obj["quiet"]:
        write(_shown(found, form, loaded.texts), output)
    left = {each.problem.severity for each in found if not each.reason}
    return 1 if Severity.ERROR in left else 3 if left else 0


@contextmanager
def little_collected() -> Iterator[None]:
    """Garbage is looked for less often, and not in what was loaded before: it stays to the end, and there is
    much of it."""
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_LESS_OFTEN, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()


def _shown(found: list[Told], form: str, texts: Mapping[str, Sequence[str]]) -> str:
    if form == "sarif":
        problems = [each.problem for each in found if not each.reason]
        meanings = {str(kind): means for kind, means in MEANS.items()}
        return json.dumps(as_sarif(problems, texts, meanings), ensure_ascii=False, indent=2)
    if form == "json":
        return json.dumps(flaws_as_data(found), ensure_ascii=False, indent=2)
    return flaws_as_text(found, texts)
