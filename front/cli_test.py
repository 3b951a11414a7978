"""`redline test`: policies tried by their examples, and what the examples leave untried."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from functools import partial

import click

from redline.analysis.examples import Tried, examples_run, expectations_tried
from redline.analysis.generate import generated
from redline.analysis.render_untested import coverage_data, coverage_text
from redline.analysis.untested import Coverage, percent, total
from redline.analysis.write_examples import written, yaml_lines
from redline.engine.load import Library, scenarios_in, shipped
from redline.engine.run import prepare
from redline.front.cli_options import (
    Context,
    failed,
    library,
    output_options,
    policy_options,
    tell_problems,
    uses_shipped,
    write,
)


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
@click.option("--coverage", is_flag=True, help="Tell which comparisons of the rules no example decides.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="With --coverage: exit code 1 where less is decided.",
)
@click.option("--generate", is_flag=True, help="Make the examples that are missing, as YAML.")
@click.option("--write", "into", is_flag=True, help="With --generate: into the files of the policies.")
@output_options("text", "json")
@click.pass_obj
def test(
    obj: Context,
    policy: tuple[str, ...],
    add_policy: tuple[str, ...],
    more: tuple[str, ...],
    rule: str,
    coverage: bool,
    fail_under: float | None,
    generate: bool,
    into: bool,
    form: str,
    output: str | None,
) -> int:
    """Run the examples of every rule, and hold worked scenarios to what they expect.

    Exit code: 0 all came as expected, 1 some did not (or too little is decided), 2 bad input.
    """
    if fail_under is not None and not coverage:
        raise click.UsageError("`--fail-under` goes with `--coverage`")
    if into and not generate:
        raise click.UsageError("`--write` goes with `--generate`")
    if generate and form == "json":
        raise click.UsageError("`--generate` gives YAML: leave `--format` out")
    again = partial(library, policy, add_policy, [*shipped("scenarios"), *more])
    loaded = again()
    held = None if uses_shipped(policy) else scenarios_in(loaded, (*policy, *add_policy, *more))
    tell_problems(loaded.problems, loaded.texts, form)
    if failed(loaded.problems):
        return 2
    known = {name for p in loaded.policies for r in p.rules for name in (r.id, f"{r.policy}/{r.id}")}
    if rule and rule not in known:
        raise click.UsageError(f"there is no rule `{rule}`")
    covered = Coverage(loaded, rule) if coverage or generate else None
    results = []
    for ran in examples_run(loaded, rule):
        results.append(ran.tried)
        if covered is not None:
            covered.add(ran)
    if not rule:
        results.extend(expectations_tried(loaded, held))
    if covered is not None and more:
        covered.add_worked(prepare(loaded), scenarios_in(loaded, more))
    if generate and covered is not None:
        made = tuple(generated(loaded, covered))
        text = _as_text(results, loaded, covered if coverage else None)
        told = [f"# {line}".rstrip() for line in text.split("\n")]
        if into:
            told += [f"# {line}" for line in written(loaded, made, again)]
        else:
            told += yaml_lines(made)
        write("\n".join(told), output)
    elif not obj["quiet"]:
        write(_as_json(results, covered) if form == "json" else _as_text(results, loaded, covered), output)
    tell_problems((p for r in results for p in r.problems), loaded.texts, form)
    if any(result.misnamed for result in results):
        return 2
    enough = covered is None or fail_under is None or _decided(covered) >= Fraction(fail_under)
    return 0 if enough and all(result.passed for result in results) else 1


def _decided(covered: Coverage) -> Fraction:
    return percent(*total(covered.standings.values()))


def _as_text(results: list[Tried], loaded: Library, covered: Coverage | None) -> str:
    lines = []
    for result in results:
        if not result.passed:
            lines.append(f"✗ {result.what}   {result.span}")
            lines.append(f"    expected {_indented(result.expected)}")
            lines.append(f"    but got  {_indented(result.got)}")
    without = [f"{r.policy}/{r.id}" for p in loaded.policies for r in p.rules if not r.examples]
    if without:
        lines.append(f"without examples: {', '.join(without)}")
    if covered is not None:
        lines.append(coverage_text(covered))
    wrong = sum(1 for result in results if not result.passed)
    waiting = sum(1 for result in results if result.passed and result.unconfirmed)
    told = f"{len(results) - wrong - waiting} as expected, {wrong} not"
    lines.append(f"{told}, {waiting} unconfirmed" if waiting else told)
    return "\n".join(lines)


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n             ")


def _as_json(results: Iterable[Tried], covered: Coverage | None) -> str:
    tried = [
        {
            "what": r.what,
            "place": str(r.span),
            "expected": r.expected,
            "got": r.got,
            "passed": r.passed,
            **({"unconfirmed": True} if r.unconfirmed else {}),
        }
        for r in results
    ]
    data = tried if covered is None else {"examples": tried, "coverage": coverage_data(covered)}
    return json.dumps(data, ensure_ascii=False, indent=2)
