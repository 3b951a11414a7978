"""`redline policies`: policies listed, shown, described."""

from __future__ import annotations

import json

import click

from redline.engine.library import Library
from redline.front.cli_options import (
    failed,
    library,
    output_options,
    policy_options,
    tell_problems,
    write,
)
from redline.rules.policy import Rule


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


@policies.command("plan")
@click.argument("rule", required=False, default="")
@policy_options
@click.option("--output", "-o", metavar="FILE", help="Write the answer to a file.")
def show_plan(rule: str, policy: tuple[str, ...], add_policy: tuple[str, ...], output: str | None) -> int:
    """Print what the policies come to: each rule's tests, as masks of the classes of values that no loaded
    rule tells apart.  RULE (or POLICY/RULE): of this rule alone."""
    from redline.answers.render_plan import plan_as_text
    from redline.engine.plan import plan
    from redline.engine.reference import name

    loaded = library(policy, add_policy)
    tell_problems(loaded.problems, loaded.texts)
    rules = {name(each): each for found in loaded.policies for each in found.rules}
    wanted = {full: each for full, each in rules.items() if not rule or rule in (full, each.id)}
    if not wanted and rule:
        from redline.engine.show import did_you_mean

        advice = (
            did_you_mean(rule, [each.id for each in rules.values()]) or "`redline policies list` lists them"
        )
        raise click.UsageError(f"there is no rule `{rule}`; {advice}")
    write(plan_as_text(plan(loaded.policies), wanted), output)
    return 2 if failed(loaded.problems) else 0


@policies.command("schema")
@click.argument("what", type=click.Choice(["scenario", "policy", "report"]), default="scenario")
@policy_options
@output_options("json")
def schema(
    what: str, policy: tuple[str, ...], add_policy: tuple[str, ...], form: str, output: str | None
) -> int:
    """Write the JSON Schema of scenarios, policies or reports, for the loaded policies' words."""
    from redline.front.schema import schema_of

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
