"""`redline leaks`: what passes along a network to where the whole crosses a line, and what closes it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from redline.analysis.network_file import read_network
from redline.analysis.render_leaks import leaks_data, leaks_markdown, leaks_text
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
from redline.rules.network import Leaks
from redline.rules.problems import Refused

_BAD_INPUT, _LEAKS, _CANNOT_TELL = 2, 1, 3


@click.command()
@click.argument("network", metavar="NETWORK")
@click.option(
    "--item", "items", multiple=True, metavar="ITEM", help="Look at this item alone (as it sets out)."
)
@click.option("--to", "holders", multiple=True, metavar="PARTY", help="Look at this holder alone.")
@click.option(
    "--most", type=click.IntRange(1), default=10, show_default=True, help="Paths to an item's holder."
)
@click.option("--no-closing", is_flag=True, help="Do not look for what closes the leaks.")
@click.option("--write", "folder", metavar="DIR", help="Write each path as a scenario into this folder.")
@click.option("--draw", "picture", metavar="FILE", help="Draw the leaks: FILE.svg or FILE.png.")
@policy_options
@judging_options
@output_options("text", "markdown", "json")
@click.pass_obj
def leaks(
    obj: Context, network: str, items: tuple[str, ...], holders: tuple[str, ...], most: int, no_closing: bool,
    folder: str | None, picture: str | None, policy: tuple[str, ...], add_policy: tuple[str, ...],
    as_of: str | None, as_if_in_force: bool, reading: tuple[str, ...], include: tuple[str, ...], form: str,
    output: str | None,
) -> int:  # fmt: skip
    """Find the paths of a network along which no transfer alone crosses a line and the whole does.

    NETWORK is a YAML file, or a folder of CSV tables (channels.csv, parties.csv, items.csv, ...). Exit code:
    1 a leak was found, 3 only paths of which it cannot be told, 0 none was found.
    """
    if picture is not None and Path(picture).suffix.lower() not in (".svg", ".png"):
        raise click.UsageError(f"`--draw {picture}` is neither .svg nor .png")
    asked = asked_by(policy, add_policy, as_of, as_if_in_force, reading, include, form)
    if failed(asked.problems):
        return _BAD_INPUT
    read, problems, texts = read_network(network, asked.bench.library.lexicon)
    tell_problems(problems, texts, form)
    if read is None:
        return _BAD_INPUT
    try:
        from redline.analysis.leaks import leaks as leaks_of
    except ModuleNotFoundError as error:
        raise click.UsageError(f"`{error.name}` is not there: pip install 'redline[network]'") from error
    try:
        found = leaks_of(asked.bench, read, items=items, holders=holders, most=most, close=not no_closing)
    except Refused as refused:
        tell_problems(refused.problems, texts, form)
        return _BAD_INPUT
    files = {} if folder is None else _written(found, folder)
    if picture is not None:
        _drawn(found, picture)
    if not obj["quiet"]:
        write(_shown(found, files, form), output)
    if any(each.certain for each in found.leaks):
        return _LEAKS
    return _CANNOT_TELL if found.leaks or not found.whole else 0


def _shown(found: Leaks, files: dict[int, str], form: str) -> str:
    match form:
        case "json":
            return json.dumps(leaks_data(found, files), ensure_ascii=False, indent=2)
        case "markdown":
            return leaks_markdown(found, files)
        case _:
            return leaks_text(found, files)


def _written(found: Leaks, folder: str) -> dict[int, str]:
    from redline.analysis.leaks import scenarios

    files = {}
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(scenarios(found), 1):
            path = Path(folder) / f"leak-{number}.yaml"
            path.write_text(text, encoding="utf-8", newline="\n")
            files[number] = str(path)
    except OSError as error:
        raise click.UsageError(f"`{folder}` cannot be written: {error.strerror}") from error
    return files


def _drawn(found: Leaks, picture: str) -> None:
    try:
        from redline.analysis.draw_leaks import draw

        draw(found, picture)
    except ModuleNotFoundError as error:
        raise click.UsageError(f"`{error.name}` is not there: pip install 'redline[pictures]'") from error
    except OSError as error:
        raise click.UsageError(f"`{picture}` cannot be written: {error.strerror}") from error
