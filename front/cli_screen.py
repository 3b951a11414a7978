"""`redline screen`: many rows, each the scenario of one step that it is mapped to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from redline.front.cli_options import Context, failed, library, policy_options, tell_problems
from redline.rules.problems import Refused
from redline.rules.screening import VERDICTS
from redline.rules.verdicts import Kind, Voice

if TYPE_CHECKING:
    from redline.engine.run import Bench
    from redline.rules.policy import Rule
    from redline.rules.screening import Tally

CODES = dict(zip(VERDICTS, (1, 3, 4, 0), strict=True))
_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", metavar="FILE", help="Which column says which field; without it, their names.")
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="Where the answers go: .csv, .jsonl or .parquet.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="Of the summary.")
@policy_options
@click.pass_obj
def screen(
    obj: Context,
    file: Path,
    mapping: str | None,
    output: Path,
    form: str,
    policy: Sequence[str],
    add_policy: Sequence[str],
) -> int:
    """Judge each row of FILE (.csv, .tsv, .jsonl or .parquet).

    Rows that cannot be used go to OUTPUT.rejected.jsonl.  Exit code: 2 if there are any, else the first of
    1, 3, 4, 0 that a row has.
    """
    if find_spec("pyarrow") is None or find_spec("numpy") is None:
        raise click.UsageError("tables need pyarrow and numpy: pip install 'redline[screen]'")
    from redline.engine.run import prepare
    from redline.flat.decide import Decider
    from redline.flat.index import Index
    from redline.flat.screen_file import screen_file
    from redline.flat.table_files import source
    from redline.front.screen import ready

    if output.resolve() == file.resolve():
        raise click.UsageError("FILE and the output are the same")
    loaded = library(policy, add_policy)
    tell_problems(loaded.problems, loaded.texts, form)
    if failed(loaded.problems):
        return 2
    bench = prepare(loaded)
    decider = Decider(Index(bench.judging, bench.asked, loaded.lexicon, bench.wanted))
    try:
        rows = source(file)
        judging = ready(decider, rows.schema, mapping, json=rows.json)
        with _progress(obj, rows.size) as told_of:
            tally = screen_file(judging, rows, output, told_of)
    except Refused as refused:
        texts = {} if mapping is None else {mapping: _lines(mapping)}
        tell_problems(refused.problems, texts, form)
        return 2
    except OSError as error:
        raise click.UsageError(f"`{error.filename or output}` cannot be written: {error.strerror}") from error
    if not obj["quiet"]:
        data = summary(bench, tally)
        click.echo(json.dumps(data, ensure_ascii=False, indent=2) if form == "json" else shown(data, output))
    if tally.rejected:
        return 2
    return next((CODES[word] for word in VERDICTS if tally.verdicts[word]), 0)


def _lines(path: str) -> Sequence[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ()


@contextmanager
def _progress(obj: Context, size: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, where that is a terminal."""
    if obj["quiet"] or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("screening", total=max(size, 1))
        yield lambda done: progress.update(task, completed=done)


def summary(bench: Bench, tally: Tally) -> dict[str, Any]:
    """What was found, as data: by verdict, rule, layer and country, and what was not judged."""
    judged = {f"{p.id}/{r.id}": r for p in bench.policies for r in p.rules}
    rules = [
        {"rule": name, "layer": str(judged[name].layer), "strength": str(judged[name].strength)}
        | {"crosses": sure, "not_cleared": some - sure}
        for name, (sure, some) in tally.rules.items()
        if some
    ]
    layers: dict[str, dict[str, int]] = {}
    for each in rules:
        one = layers.setdefault(str(each["layer"]), {"crosses": 0, "not_cleared": 0})
        for key in one:
            one[key] += int(str(each[key]))
    return {
        "rows": tally.rows,
        "rejected": tally.rejected,
        "verdicts": dict(tally.verdicts),
        "rules": rules,
        "layers": layers,
        "countries": {name: dict(counts) for name, counts in tally.countries.items()},
        "not_judged": not_judged(bench, judged, tally),
        "disclaimer": "hypothetical, by an encoded reading of public statements; not legal advice",
    }


def not_judged(bench: Bench, judged: dict[str, Rule], tally: Tally) -> dict[str, str]:
    """Rules of which nothing is told, and why."""
    found = {}
    used = tally.rows - tally.rejected
    for name, rule in judged.items():
        if rule.kind is Kind.FLAGS:
            found[name] = "a red flag, which gives no verdict"
        elif rule.voice is Voice.AUTHOR and not bench.wanted(rule):
            found[name] = "an inference of the author, not asked for"
        elif used and rule.kind is not Kind.WEIGHS and tally.rules.get(name) == (0, used):
            found[name] = "not settled by these columns on any row: each row is undetermined for it"
    return found


def shown(data: dict[str, Any], output: Path) -> str:
    """The same in words."""
    rows, rejected = data["rows"], data["rejected"]
    lines = [f"{rows:,} rows: {rows - rejected:,} in {output.name}, {rejected:,} rejected"]
    if rejected:
        lines.append(f"  why, line by line: {output.name}.rejected.jsonl")
    lines += ["", *(f"  {count:>12,}  {word}" for word, count in data["verdicts"].items())]
    if data["rules"]:
        lines += ["", "rows by rule: crossed, and not cleared besides"]
        ordered = sorted(data["rules"], key=lambda r: (-r["crosses"], -r["not_cleared"], r["rule"]))
        lines += [
            f"  {r['crosses']:>12,} {r['not_cleared']:>12,}  {r['rule']} ({r['layer']}, {r['strength']})"
            for r in ordered[:_SHOWN]
        ]
        if len(ordered) > _SHOWN:
            lines.append(f"  and {len(ordered) - _SHOWN} more: `--format json` has them all")
        lines += ["", "findings by layer: crossed, and not cleared besides"]
        for layer, each in data["layers"].items():
            lines.append(f"  {each['crosses']:>12,} {each['not_cleared']:>12,}  {layer}")
    if data["countries"]:
        lines += ["", "rows by recipient's country: crossed, undetermined, to be assessed, none crossed"]
        worst = sorted(data["countries"].items(), key=lambda e: (*(-e[1][w] for w in VERDICTS), e[0]))
        for name, counts in worst[:_SHOWN]:
            lines.append("  " + " ".join(f"{counts[word]:>12,}" for word in VERDICTS) + f"  {name}")
        if len(worst) > _SHOWN:
            lines.append(f"  and {len(worst) - _SHOWN} more: `--format json` has them all")
    if data["not_judged"]:
        lines += ["", "not judged:", *(f"  {name}: {why}" for name, why in data["not_judged"].items())]
    return "\n".join([*lines, "", f"{data['disclaimer'].capitalize()}."])
