"""`redline new`: commented templates to begin from."""

from __future__ import annotations

from importlib.resources import files

import click

from redline.front.cli_options import output_options, write


@click.group()
def new() -> None:
    """Write a commented template of a scenario or a policy."""


def _template(name: str) -> str:
    return files("redline.front").joinpath(f"new_{name}.yaml").read_text(encoding="utf-8")


@new.command()
@output_options("yaml")
def scenario(form: str, output: str | None) -> int:
    """A scenario of two steps, ready to be changed."""
    write(_template("scenario"), output)
    return 0


@new.command()
@output_options("yaml")
def policy(form: str, output: str | None) -> int:
    """A policy of one rule with its examples, ready to be changed."""
    write(_template("policy"), output)
    return 0
