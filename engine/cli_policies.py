"""`redline test` and `redline policies`: policies tried by their examples, listed, shown, described."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from redline.engine.cli_options import (
    Context,
    failed,
    library,
    output_options,
    policy_options,
    tell_problems,
    uses_shipped,
    write,
)
from redline.engine.examples import Tried, examples_tried, expectations_tried
from redline.engine.load import Library, scenarios_in, shipped
from redline.rules.policy import Rule


@click.command()
@policy_options
@click.option(
    "--scenarios",
    "more",
    multiple=True,
    metavar="FILE",
    help="Files or folders of scenarios that examples name or that say what they expect.",
)
@click.option("--rule", default="", metavar="NAME", help="Only the examples of this rule.")
@output_options("text", "json")
@click.pass_obj
def test(
    obj: Context,
    policy: tuple[str, ...],
    add_policy: tuple[str, ...],
    more: tuple[str, ...],
    rule: str,
    form: str,
    output: str | None,
) -> int:
    """Run the examples of every rule, and hold worked scenarios to what they expect.

    Exit code: 0 all came as expected, 1 some did not, 2 bad input.
    """
    loaded = library(policy, add_policy, [*shipped("scenarios"), *more])
    held = None if uses_shipped(policy) else scenarios_in(loaded, (*policy, *add_policy, *more))
    tell_problems(loaded.problems, loaded.texts, form)
    if failed(loaded.problems):
        return 2
    known = {name for p in loaded.policies for r in p.rules for name in (r.id, f"{r.policy}/{r.id}")}
    if rule and rule not in known:
        raise click.UsageError(f"there is no rule `{rule}`")
    results = list(examples_tried(loaded, rule))
    if not rule:
        results.extend(expectations_tried(loaded, held))
    if not obj["quiet"]:
        write(_as_json(results) if form == "json" else _as_text(results, loaded), output)
    tell_problems((p for r in results for p in r.problems), loaded.texts, form)
    if any(result.misnamed for result in results):
        return 2
    return 0 if all(result.passed for result in results) else 1


def _as_text(results: list[Tried], loaded: Library) -> str:
    lines = []
    for result in results:
        if not result.passed:
            lines.append(f"✗ {result.what}   {result.span}")
            lines.append(f"    expected {_indented(result.expected)}")
            lines.append(f"    but got  {_indented(result.got)}")
    without = [f"{r.policy}/{r.id}" for p in loaded.policies for r in p.rules if not r.examples]
    if without:
        lines.append(f"without examples: {', '.join(without)}")
    wrong = sum(1 for result in results if not result.passed)
    lines.append(f"{len(results) - wrong} as expected, {wrong} not")
    return "\n".join(lines)


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n             ")


def _as_json(results: Iterable[Tried]) -> str:
    return json.dumps(
        [
            {"what": r.what, "place": str(r.span), "expected": r.expected, "got": r.got, "passed": r.passed}
            for r in results
        ],
        ensure_ascii=False,
        indent=2,
    )


@click.group()
def policies() -> None:
    """List, show and describe the loaded policies."""


@policies.command("list")
@policy_options
@output_options("text", "json")
def list_policies(policy: tuple[str, ...], add_policy: tuple[str, ...], form: str, output: str | None) -> int:
    """List every rule: who states it, how strongly, and where it is written."""
    loaded = library(policy, add_policy)
    tell_problems(loaded.problems, loaded.texts, form)
    if form == "json":
        write(
            json.dumps(
                [_rule_as_data(r) for p in loaded.policies for r in p.rules], ensure_ascii=False, indent=2
            ),
            output,
        )
    else:
        lines = []
        for found in loaded.policies:
            lines += [
                "",
                f"{found.id}   {found.title}",
                f"  {found.document}, edition {found.edition or 'not said'}",
            ]
            for rule in found.rules:
                opt_in = "   only with --include author" if rule.voice == "author" else ""
                lines.append(
                    f"  {rule.id}   {rule.kind}, {rule.layer}, {rule.strength}, "
                    f"{rule.stated_by or 'nobody named'}{opt_in}"
                )
        write("\n".join(lines).lstrip("\n"), output)
    return 2 if failed(loaded.problems) else 0


@policies.command("show")
@click.argument("name")
@policy_options
def show_policy(name: str, policy: tuple[str, ...], add_policy: tuple[str, ...]) -> int:
    """Show a policy, or one rule (RULE or POLICY/RULE), as it is written."""
    loaded = library(policy, add_policy)
    tell_problems(loaded.problems, loaded.texts)
    for found in loaded.policies:
        if name == found.id:
            write("\n".join(loaded.texts[found.document]), None)
            return 0
        for rule in found.rules:
            if name in (rule.id, f"{rule.policy}/{rule.id}"):
                write(_as_written(rule, loaded), None)
                return 0
    from redline.engine.show import did_you_mean

    known = [n for p in loaded.policies for n in (p.id, *(r.id for r in p.rules))]
    advice = did_you_mean(name, known) or "`redline policies list` lists them"
    raise click.UsageError(f"there is no policy and no rule `{name}`; {advice}")


@policies.command("schema")
@click.argument("what", type=click.Choice(["scenario", "policy", "report"]), default="scenario")
@policy_options
@output_options("json")
def schema(
    what: str, policy: tuple[str, ...], add_policy: tuple[str, ...], form: str, output: str | None
) -> int:
    """Write the JSON Schema of scenarios, policies or reports, for the loaded policies' words."""
    from redline.engine.schema import schema_of

    loaded = library(policy, add_policy)
    tell_problems(loaded.problems, loaded.texts, form)
    write(json.dumps(schema_of(what, loaded.lexicon), ensure_ascii=False, indent=2), output)
    return 2 if failed(loaded.problems) else 0


def _as_written(rule: Rule, loaded: Library) -> str:
    """The lines of a rule, from its first key to the next thing that stands as far left."""
    lines = loaded.texts[rule.span.document]
    first = rule.span.line - 1
    while first and not lines[first].lstrip().startswith("- "):
        first -= 1
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while last < len(lines) and (
        not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > indent
    ):
        last += 1
    return f"# {rule.span.document}:{first + 1}\n" + "\n".join(lines[first:last]).rstrip()


def _rule_as_data(rule: Rule) -> dict[str, object]:
    return {
        "rule": f"{rule.policy}/{rule.id}",
        "says": rule.says,
        "kind": str(rule.kind),
        "layer": str(rule.layer),
        "strength": str(rule.strength),
        "voice": str(rule.voice),
        "stated_by": rule.stated_by,
        "addressed_to": rule.addressed_to,
        "source": list(rule.source),
        "for": rule.subject,
        "place": str(rule.span),
        "examples": len(rule.examples),
    }
