"""`redline diff`: what a new edition of policies crosses that the old does not, and the other way."""

from __future__ import annotations

import json
from pathlib import Path

import click

from redline.analysis.diff import compare
from redline.analysis.diff_bench import load_both
from redline.analysis.diff_witnesses import write_witnesses
from redline.analysis.render_diff import as_data, as_text
from redline.engine.library import Library
from redline.front.cli_options import Context, failed, output_options, tell_problems, write
from redline.rules.comparison import Comparison, Relation
from redline.rules.problems import Refused

SAME, DIFFERS, BAD, NOT_DETERMINED = 0, 1, 2, 3


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--witnesses", metavar="DIR", help="Write the scenarios into this folder.")
@output_options("text", "json")
@click.pass_obj
def diff(obj: Context, old: str, new: str, witnesses: str | None, form: str, output: str | None) -> int:
    """Compare the policies of NEW with those of OLD (a file or folder each).

    Is NEW equivalent, stricter, laxer or neither, overall and rule by rule; with a scenario for each change.
    Exit code: 0 equivalent, 1 differs, 2 bad input, 3 not determined.
    """
    for path in (old, new):
        if path != "-" and not Path(path).exists():
            raise click.UsageError(f"there is no policy file or folder `{path}`")
    if old == new == "-":
        raise click.UsageError("standard input can be read once: name a file for OLD or for NEW")
    if "-" not in (old, new) and Path(old).resolve() == Path(new).resolve():
        raise click.UsageError(f"OLD and NEW are the same: `{old}`")
    try:
        libraries = load_both([old], [new])
    except Refused as refused:
        tell_problems(refused.problems, {}, form)
        return BAD
    if not _usable(libraries, (old, new), form):
        return BAD
    comparison = compare(*libraries)
    files: dict[int, str] = {}
    if witnesses is not None:
        try:
            files = write_witnesses(comparison, Path(witnesses))
        except OSError as error:
            raise click.UsageError(f"`{witnesses}` cannot be written: {error.strerror}") from error
    if not obj["quiet"]:
        shown = as_text(comparison, files)
        if form == "json":
            shown = json.dumps(as_data(comparison, files), ensure_ascii=False, indent=2)
        write(shown, output)
    return _code(comparison)


def _usable(libraries: tuple[Library, Library], paths: tuple[str, str], form: str) -> bool:
    """Whether both can be compared; what is wrong is told."""
    bad = False
    for loaded, path in zip(libraries, paths, strict=True):
        tell_problems(loaded.problems, loaded.texts, form)
        bad |= failed(loaded.problems)
        if not loaded.policies and not failed(loaded.problems):
            raise click.UsageError(f"there is no policy in `{path}`")
    return not bad


def _code(comparison: Comparison) -> int:
    relations = comparison.relations
    if relations <= {Relation.EQUIVALENT}:
        return SAME
    return NOT_DETERMINED if relations <= {Relation.EQUIVALENT, Relation.UNDETERMINED} else DIFFERS
