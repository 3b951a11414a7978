"""`redline sources`: which statement is encoded by which rule, and whether the citations still hold."""

from __future__ import annotations

import click

from redline.engine.library import Library
from redline.engine.render_sources import render_coverage, render_verification
from redline.engine.sources import Copy, Status, coverage, verify
from redline.front.cli_options import failed, library, policy_options, tell_problems, write
from redline.rules.register import Register


@click.group()
def sources() -> None:
    """The statements that policies rest on, and the documents they come from."""


@sources.command("list")
@policy_options
def list_sources(policy: tuple[str, ...], add_policy: tuple[str, ...]) -> int:
    """List every statement: the rules that encode it, or why none does.  Exit code 1 if one is left over."""
    loaded = library(policy, add_policy)
    tell_problems(loaded.problems, loaded.texts)
    encoded: dict[str, tuple[str, ...]] = {}
    for found in loaded.policies:
        for rule in found.rules:
            for source in rule.source:
                encoded[source] = (*encoded.get(source, ()), f"{rule.policy}/{rule.id}")
    reasons = {name: why for found in loaded.policies for name, why in found.not_encoded.items()}
    rows = coverage(_cited(loaded), encoded, reasons)
    write(render_coverage(rows), None)
    if failed(loaded.problems):
        return 2
    return 1 if any(row.status is Status.UNCOVERED for row in rows) else 0


@sources.command("verify")
@click.option(
    "--documents",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="The folder that holds copies of the documents.",
)
@policy_options
def verify_sources(documents: str, policy: tuple[str, ...], add_policy: tuple[str, ...]) -> int:
    """Hold every citation against copies of the documents.  Exit code 1 if a paragraph moved or changed."""
    from pathlib import Path

    loaded = library(policy, add_policy)
    tell_problems(loaded.problems, loaded.texts)
    results = verify(_cited(loaded), Path(documents))
    write(render_verification(results), None)
    if failed(loaded.problems):
        return 2
    return 0 if all(result.holds and result.copy is Copy.EXACT for result in results) else 1


def _cited(loaded: Library) -> tuple[Register, ...]:
    """The registers that a loaded policy cites."""
    cited = {name for policy in loaded.policies for name in policy.registers}
    return tuple(register for register in loaded.registers if register.id in cited)
