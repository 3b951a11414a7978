"""`redline lint`: what is unsafe, unsourced or left lying about in policies that read well."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from redline.analysis.lint import Accepted
from redline.analysis.lint import lint as check
from redline.analysis.lint_on import Settings
from redline.analysis.sarif import as_sarif
from redline.engine.library import Library, shipped
from redline.engine.show import as_json, did_you_mean, show
from redline.front.cli_options import (
    Context,
    failed,
    library,
    output_options,
    policy_options,
    tell_problems,
    write,
)
from redline.rules.lint import LINTS
from redline.rules.problems import Problem
from redline.rules.quantities import parse_date
from redline.rules.values import Amounts


@click.command()
@click.argument("policies", nargs=-1, metavar="[POLICIES]...")
@policy_options
@click.option(
    "--scenarios",
    "more",
    multiple=True,
    metavar="FILE",
    help="Files or folders of scenarios that examples name.",
)
@click.option("--select", multiple=True, metavar="CODE", help="Only findings of this code.")
@click.option("--ignore", multiple=True, metavar="CODE", help="No findings of this code.")
@click.option("--as-of", metavar="DATE", help="Hold lists against this day, not the policy's edition.")
@click.option(
    "--list-age", type=click.IntRange(0), default=366, show_default=True, help="Days that a list may be old."
)
@output_options("text", "json", "sarif")
@click.pass_obj
def lint(
    obj: Context,
    policies: tuple[str, ...],
    policy: tuple[str, ...],
    add_policy: tuple[str, ...],
    more: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    as_of: str | None,
    list_age: int,
    form: str,
    output: str | None,
) -> int:
    """Find what is unsafe, unsourced or left lying about in POLICIES (files or folders).

    Without POLICIES those that ship are looked at, or those of `redline.toml`.
    Exit code: 0 nothing found, 1 something found, 2 bad input.
    """
    loaded = library((*policy, *policies), add_policy, [*shipped("scenarios"), *more])
    tell_problems(loaded.problems, loaded.texts, form)
    if failed(loaded.problems):
        return 2
    codes = _codes(select) if select else list(LINTS)
    left_out = _codes(ignore)
    wanted = [code for code in codes if code not in left_out]
    found, accepted = check(loaded, Settings(_day(as_of), list_age), wanted)
    if not obj["quiet"]:
        write(_shown(found, accepted, loaded, form), output)
    return 1 if found else 0


def _codes(given: Sequence[str]) -> list[str]:
    """The codes that are given, several in one text too, separated by commas."""
    codes = [code.strip() for text in given for code in text.split(",")]
    for code in codes:
        if code not in LINTS:
            advice = did_you_mean(code, LINTS) or "docs/lint.md lists them"
            raise click.UsageError(f"there is no code `{code}`; {advice}")
    return codes


def _day(as_of: str | None) -> Amounts | None:
    if as_of is None:
        return None
    day = parse_date(as_of)
    if day is None or day.low != day.high:
        raise click.UsageError(f"`--as-of {as_of}` is no day: write YYYY-MM-DD")
    return day


def _shown(found: list[Problem], accepted: list[Accepted], loaded: Library, form: str) -> str:
    if form == "sarif":
        meanings = {code: each.means for code, each in LINTS.items()}
        return json.dumps(as_sarif(found, loaded.texts, meanings), ensure_ascii=False, indent=2)
    if form == "json":
        reasons = [{**as_json([each.problem])[0], "reason": each.reason} for each in accepted]
        return json.dumps({"found": as_json(found), "accepted": reasons}, ensure_ascii=False, indent=2)
    last = f"{len(found)} found, {len(accepted)} accepted with a reason"
    return "\n".join([*([show(found, loaded.texts)] if found else []), last])
