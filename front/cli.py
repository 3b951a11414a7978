"""The command line: one door to everything, with exit codes that a script can rely on.

0 none crossed, 1 crosses, 3 undetermined or evaluators disagree, 4 assessment needed, 2 bad input or
usage, 70 internal error, 130 interrupted; of several scenarios the first of 70, 2, 1, 3, 4, 0.
Answers go to standard output, problems to standard error.  Commands are imported when they are used.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import click

EXIT_ORDER = (70, 2, 1, 3, 4, 0)
"""Of several answers, the exit code is the first of these that one of them has."""
INTERNAL, USAGE, INTERRUPTED = 70, 2, 130
COLLECT_AFTER = 50_000
"""How many new objects there may be before the collector looks at them: it goes over all policies too."""

_WHERE = {
    "check": "cli_check",
    "explain": "cli_check",
    "whatif": "cli_whatif",
    "ask": "cli_ask",
    "exposure": "cli_exposure",
    "leaks": "cli_leaks",
    "test": "cli_test",
    "lint": "cli_lint",
    "verify": "cli_verify",
    "diff": "cli_diff",
    "screen": "cli_screen",
    "policies": "cli_policies",
    "sources": "cli_sources",
    "new": "cli_new",
}

_CALLED = {"exposure": "exposure_command"}
"""Commands under another name in their module, where what they show has theirs."""


class _Late(click.Group):
    """A group whose commands are imported when they are used, so that `check` starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _WHERE:
            return None
        from importlib import import_module

        found = getattr(import_module(f"redline.front.{_WHERE[cmd_name]}"), _CALLED.get(cmd_name, cmd_name))
        assert isinstance(found, click.Command)
        from redline.front.cli_options import with_shared

        return with_shared(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from redline.engine.show import did_you_mean

            raise click.UsageError(f"{error.message} {did_you_mean(args[0], _WHERE)}".strip(), ctx) from error


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from redline.engine.load import load
    from redline.engine.versions import versions

    for name, version in versions(load().policies).items():
        click.echo(f"{name} {version}")
    ctx.exit()


@click.group(cls=_Late, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the versions of program, language, schema and policies.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but problems: the exit code is the answer.")
@click.option("--verbose", "-v", is_flag=True, help="Log what is done, on standard error.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Whether to colour what is shown.",
)
@click.pass_context
def cli(ctx: click.Context, quiet: bool, verbose: bool, color: str) -> None:
    """Check hypothetical transfers against publicly stated red lines, and explain the answer.

    A hypothetical judged by an encoded reading of public statements; not legal advice.
    """
    if verbose:
        from redline.front.cli_options import listen

        listen()
    ctx.obj = {"quiet": quiet, "verbose": verbose, "color": color}


def log(message: str, *values: object) -> None:
    """Tell what is done, where that was asked for (else nothing listens, and `logging` is not imported)."""
    if "logging" in sys.modules:
        sys.modules["logging"].getLogger("redline").debug(message, *values)


def main(arguments: Sequence[str] | None = None) -> None:
    """The program.  Ends with the documented exit codes, never with a traceback."""
    gc.set_threshold(COLLECT_AFTER)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """The program, giving its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments), prog_name="redline", standalone_mode=False
        )
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: no answer was given", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return INTERRUPTED
    except Exception as error:  # the last stop: an error must end loud, as no answer at all
        import logging

        logging.getLogger("redline").debug("internal error", exc_info=True)
        click.echo(f"error[internal]: {type(error).__name__}: {error}", err=True)
        click.echo(
            "  this is a fault of redline, and nothing was judged; `redline --verbose` shows where", err=True
        )
        return INTERNAL
