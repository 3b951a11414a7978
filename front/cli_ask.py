"""`redline ask`: what to find out, the fact that decides most first, until the answer is settled."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from redline.analysis.answers_kept import Kept, beside, digest_of, keep, kept_in, resume
from redline.analysis.ask import Asking, verified
from redline.analysis.render_ask import beside_text, list_data, list_text, question_text
from redline.answers.report import exit_code, report
from redline.engine.paths import Change, read_changes
from redline.engine.write import to_yaml
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
from redline.front.cli_whatif import one_scenario
from redline.rules.problems import Refused
from redline.rules.questions import Question
from redline.rules.report import Report
from redline.rules.verdicts import Verdict

_BAD_INPUT, _INTERRUPTED = 2, 130
_BY_PATH = re.compile(r"(?:parties|items|agreements|papers|transfers)\.[^\s=]+=.*", re.DOTALL)
_NOT_KNOWN = frozenset({"?", "not known", "unknown"})
_LEAVE = frozenset({"q", "quit", "leave"})


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--list", "listing", is_flag=True, help="Show what could be asked, and what it would settle.")
@click.option("--answers", metavar="FILE", help="Where answers are kept: beside the scenario, if left out.")
@click.option("--afresh", is_flag=True, help="Leave out what was answered before.")
@click.option("--enough", is_flag=True, help="End as soon as the verdict on the whole is settled.")
@policy_options
@judging_options
@output_options("text", "json")
@click.pass_obj
def ask(
    obj: Context, scenario: str, listing: bool, answers: str | None, afresh: bool, enough: bool,
    policy: tuple[str, ...], add_policy: tuple[str, ...], as_of: str | None, as_if_in_force: bool,
    reading: tuple[str, ...], include: tuple[str, ...], form: str, output: str | None,
) -> int:  # fmt: skip
    """What to find out about a scenario, the fact that decides most first.

    Answers are kept beside the scenario as they are given, so that asking can be left and resumed. --output
    writes the scenario with all that was answered. With --list nothing is asked. Exit code: as of `check`, on
    the scenario as far as it is then known.
    """
    if form == "json" and not listing:
        raise click.UsageError("--format json goes with --list")
    if scenario == "-" and not listing:
        raise click.UsageError("answers come from standard input: give the scenario as a file")
    asked = asked_by(policy, add_policy, as_of, as_if_in_force, reading, include, form)
    if failed(asked.problems):
        return _BAD_INPUT
    document, texts = one_scenario(scenario, form)
    if document is None:
        return _BAD_INPUT
    place = Path(answers) if answers else beside(scenario)
    digest = "" if scenario == "-" else digest_of(Path(scenario).read_bytes())
    try:
        asking = Asking(asked.bench, document)
        kept = Kept() if afresh or (scenario == "-" and not answers) else kept_in(place)
        if kept.of not in ("", digest):
            click.echo(f"the scenario has changed since the answers in `{place}` were given", err=True)
        resume(asking, kept)
    except Refused as refused:
        tell_problems(refused.problems, texts, form)
        return _BAD_INPUT
    if listing:
        told, code = _told(asking)
        found = asking.tried()
        if form == "json":
            shown = json.dumps(list_data(found, told.answer), ensure_ascii=False, indent=2)
        else:
            shown = list_text(found, told.answer)
        if not obj["quiet"]:
            write(shown, output)
        return code
    if asking.given or asking.not_known:
        count = len(asking.given) + len(asking.not_known)
        click.echo(f"resumed: {count} answer{'s' if count > 1 else ''} from `{place}`")
    try:
        _session(asking, place, digest, enough=enough)
    except (KeyboardInterrupt, click.Abort):
        count = len(asking.given) + len(asking.not_known)
        where = f"what was answered ({count}) is kept in `{place}`" if count else "nothing was answered"
        click.echo(f"\ninterrupted: {where}", err=True)
        return _INTERRUPTED
    return _ended(asking, output, quiet=obj["quiet"])


def _session(asking: Asking, place: Path, digest: str, *, enough: bool) -> None:
    """Asks until nothing that matters is left, or whoever answers leaves."""
    settled = False
    while True:
        if asking.verdict is not Verdict.UNDETERMINED and not settled:
            settled = True
            if enough:
                return
            if asking.open().questions:
                click.echo(
                    f"\nthe verdict on the whole is settled: {asking.verdict.words}; other lines are open"
                )
        questions = asking.open().questions
        if not questions:
            return
        click.echo(question_text(questions[0], len(questions) - 1))
        if not _answered(asking, questions[0]):
            return
        try:
            keep(place, asking, digest)
        except OSError as error:
            raise click.UsageError(f"`{place}` cannot be written: {error.strerror}") from error


def _answered(asking: Asking, question: Question) -> bool:
    """Takes one answer, asking again for what cannot be so; False where whoever answers leaves."""
    while True:
        said = _line("> ")
        if said is None or said.lower() in _LEAVE:
            return False
        if said.lower() in _NOT_KNOWN:
            asking.skip(question.path)
            return True
        if not said:
            continue
        text = said if _BY_PATH.fullmatch(said) else f"{question.path}={said}"
        changes = _changes(question, said, text)
        if changes is None:
            continue
        problems = asking.learn(changes)
        if not problems:
            return True
        tell_problems(problems, {"answer": [text]})


def _line(prompt: str) -> str | None:
    """A line from whoever answers; None at the end of the input."""
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    return line.strip() if line else None


def _changes(question: Question, said: str, text: str) -> list[Change] | None:
    """What an answer says; None, told, where it says nothing."""
    if said.isascii() and said.isdigit() and _numbered(question, said):
        choice = question.choices[int(said) - 1]
        if choice.value is not None:
            return [(question.path, choice.value)]
        click.echo(f"which of them is it? ({question.form})")
        return None
    changes, problems, lines = read_changes([text], "answer")
    if problems:
        tell_problems(problems, {"answer": lines})
        return None
    return changes


def _numbered(question: Question, said: str) -> bool:
    """Whether a number means a choice: it does where there is such a choice."""
    return 0 < int(said) <= len(question.choices)


def _told(asking: Asking) -> tuple[Report, int]:
    """The report on what is known, from the scenario written out and read again."""
    _, run = verified(asking)
    told = report(asking.bench, run)
    return told, exit_code(told)


def _ended(asking: Asking, output: str | None, *, quiet: bool) -> int:
    told, code = _told(asking)
    if output is not None:
        write(to_yaml(asking.document.root), output)
    if not quiet:
        click.echo(f"\n{told.scenario}: {told.answer}")
        rest = beside_text(asking.open())
        if rest:
            click.echo(rest)
        click.echo(f"\n{told.disclaimer}")
    return code
