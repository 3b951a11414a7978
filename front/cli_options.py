"""What several commands have in common: where policies come from, how problems and answers leave."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from redline.engine.library import Library, shipped
from redline.rules.problems import Problem, errors

SETTINGS = "redline.toml"
COLOURS = ("auto", "always", "never")
_KEYS = ("policy", "add-policy")

_Command = TypeVar("_Command", bound=Callable[..., object])


def policy_options(command: _Command) -> _Command:
    """`--policy` and `--add-policy`."""
    command = click.option(
        "--add-policy",
        multiple=True,
        metavar="FILE",
        help="A policy file or folder, besides those that ship.",
    )(command)
    return click.option(
        "--policy", multiple=True, metavar="FILE", help="A policy file or folder, instead of those that ship."
    )(command)


def judging_options(command: _Command) -> _Command:
    """What changes how a scenario is judged."""
    as_of = "Judge as of this day; moves transfers not yet delivered."
    revive = "Revive rules that bind and are not in force; never permissions or papers."
    reading = "Fix the answer to an interpretation."
    include = "Run the author's inferences too."
    for option in (
        click.option("--include", type=click.Choice(["author"]), multiple=True, help=include),
        click.option("--reading", multiple=True, metavar="NAME=ANSWER", help=reading),
        click.option("--as-if-in-force", is_flag=True, help=revive),
        click.option("--as-of", metavar="DATE", help=as_of),
    ):
        command = option(command)
    return command


def output_options(*formats: str) -> Callable[[_Command], _Command]:
    """`--format` and `--output`."""

    def add(command: _Command) -> _Command:
        command = click.option("--output", "-o", metavar="FILE", help="Write the answer to a file.")(command)
        return click.option(
            "--format", "form", type=click.Choice(formats), default=formats[0], help="The form of the answer."
        )(command)

    return add


def with_shared(command: click.Command) -> click.Command:
    """The command (a group and each of its commands) with the options of every command, which may stand
    after it as well as before."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            with_shared(inner)
    if not any(param.name == "quiet" for param in command.params):
        command.params += _shared()
    return command


def listen() -> None:
    """Have what is done told on standard error."""
    import logging

    logging.basicConfig(stream=sys.stderr, format="%(name)s: %(message)s")
    logging.getLogger("redline").setLevel(logging.DEBUG)


def _shared() -> list[click.Parameter]:
    def kept(ctx: click.Context, param: click.Parameter, value: object) -> None:
        if value and isinstance(ctx.obj, dict) and param.name is not None:
            ctx.obj[param.name] = value
            if param.name == "verbose":
                listen()

    def option(*names: str, **settings: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=kept, **settings)

    return [
        option("--quiet", "-q", is_flag=True, help="Say nothing but problems."),
        option("--verbose", "-v", is_flag=True, help="Log what is done, on standard error."),
        option("--color", type=click.Choice(COLOURS), help="Whether to colour what is shown."),
    ]


def library(
    policy: Sequence[str], add_policy: Sequence[str], scenarios: Iterable[str | Path] = ()
) -> Library:
    """The policies that the options and `redline.toml` name, with the scenarios beside them."""
    from redline.engine.load import load

    return load(policies=named(policy, add_policy), scenarios=scenarios)


def named(policy: Sequence[str], add_policy: Sequence[str]) -> list[str | Path] | None:
    """The files of policies that the options and `redline.toml` name; the options have the last word.
    None: those that ship."""
    settings = _settings()
    chosen = list(policy) or settings.get("policy", [])
    more = [*settings.get("add-policy", []), *add_policy]
    for path in (*chosen, *more):
        if path != "-" and not Path(path).exists():
            raise click.UsageError(f"there is no policy file or folder `{path}`")
    return [*chosen, *more] if chosen else [*shipped("policies"), *more] if more else None


def uses_shipped(policy: Sequence[str]) -> bool:
    """Whether the policies that ship are among those judged by."""
    return not (policy or _settings().get("policy"))


def _settings() -> Mapping[str, list[str]]:
    path = Path(SETTINGS)
    if not path.is_file():
        return {}
    import tomllib

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{SETTINGS} cannot be read: {error}") from error
    for key, value in found.items():
        if key not in _KEYS:
            raise click.UsageError(f"{SETTINGS} has no `{key}`: it has {', '.join(_KEYS)}")
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise click.UsageError(f"`{key}` of {SETTINGS} is not a list of paths")
    return found


def tell_problems(
    problems: Iterable[Problem], texts: Mapping[str, Sequence[str]], form: str = "text"
) -> None:
    """The problems on standard error: in words with the lines they are about, or as JSON."""
    problems = list(problems)
    if not problems:
        return
    if form == "json":
        import json

        from redline.engine.show import as_json

        click.echo(json.dumps({"problems": as_json(problems)}, ensure_ascii=False, indent=2), err=True)
    else:
        from redline.engine.show import show

        click.echo(show(problems, texts), err=True)


def readings(given: Sequence[str]) -> dict[str, str]:
    """`--reading NAME=ANSWER`, read."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, answer = text.partition("=")
        if not equals or not name or not answer:
            raise click.UsageError(f"`--reading {text}` is not NAME=ANSWER")
        if found.setdefault(name, answer) != answer:
            raise click.UsageError(f"`--reading` answers `{name}` twice")
    return found


def write(text: str, output: str | None, *, colour: bool = False) -> None:
    """The answer, to standard output or whole into a file."""
    if output is None or output == "-":
        click.echo(text, nl=not text.endswith("\n"), color=colour)
        return
    path = Path(output)
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError as error:
        raise click.UsageError(f"`{output}` cannot be written: {error.strerror}") from error


def coloured(choice: str, output: str | None) -> bool:
    """Whether to colour: as chosen; else on a terminal, unless NO_COLOR is set (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def encoding(output: str | None) -> str:
    """The encoding of where the answer goes."""
    return "utf-8" if output is not None else sys.stdout.encoding or "utf-8"


def failed(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems is an error."""
    return bool(errors(problems))


Context = dict[str, Any]
