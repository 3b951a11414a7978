"""What is left to ask of a scenario: facts on which open lines turn, the one first that decides most.

An open line is a finding that is undetermined.  The smallest sets of facts that would settle it name the
facts that matter to it, and no others: what is in none of them changes no verdict, however it turns out.  A
fact is worth the share of its classes that settle a line at once, over all open lines, and a little where it
settles one only together with others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from redline.analysis.answer_places import is_list
from redline.analysis.choices import choices_of
from redline.analysis.open_lines import Asked, Solved, lines_of, place_of_phantom, worth_of
from redline.answers.naming import Naming, naming
from redline.answers.say_questions import ask
from redline.engine.characters import visible
from redline.engine.conclude import point_of, rolled_up
from redline.engine.paths import Standing, standing
from redline.engine.reference import name
from redline.engine.run import Bench, Run
from redline.engine.scenarios import SECTIONS
from redline.rules.finding import Finding
from redline.rules.questions import Open, Question
from redline.rules.record import Subject
from redline.rules.shapes import Field
from redline.rules.truth import UNKNOWN as NOT_TOLD
from redline.rules.verdicts import Kind, Verdict


def open_questions(
    bench: Bench, run: Run, solved: Solved | None = None, not_known: Collection[str] = ()
) -> Open:
    """All that is left to ask of a scenario that was judged.  `solved` keeps what was worked out from one
    question to the next; what only settles together with what is `not_known` is not asked."""
    assert run.scenario is not None
    assert run.conclusion is not None
    words = naming(run.scenario, bench.policies)
    open_findings = [f for f in run.conclusion.findings if f.verdict is Verdict.UNDETERMINED]
    gathered: dict[str, Asked] = {}
    for finding in open_findings:
        if finding.subject.phantom:
            place = place_of_phantom(finding.subject)
            if place and place not in not_known:
                asked = gathered.setdefault(place, Asked())
                asked.lines[name(finding.rule)] = None
                asked.phantom, asked.worth = finding.subject, asked.worth + 1 / 2
    for line in lines_of(bench, run, words, open_findings, {} if solved is None else solved):
        for place, worth in worth_of(line, not_known).items():
            asked = gathered.setdefault(place, Asked())
            asked.worth += worth
            asked.lines[name(line.finding.rule)] = None
            within = {i for s in line.sets for i in s.variables}
            asked.variables += [(line, i) for i, p in enumerate(line.places) if p == place and i in within]
    questions = [_question(bench, run, words, place, asked) for place, asked in gathered.items()]
    ranked = sorted((q for q in questions if q is not None), key=lambda q: (-q.settles, q.path))
    verdict = rolled_up(run.conclusion.findings)
    return Open(
        visible(run.scenario.title or run.scenario.id),
        verdict,
        len(open_findings),
        tuple(ranked),
        readings=tuple(_readings(words, open_findings)),
        left_open=tuple(
            dict.fromkeys(visible(q) for f in open_findings for u in f.under for q in u.questions)
        ),
        flags=tuple(_flags(run)),
    )


def _question(bench: Bench, run: Run, words: Naming, place: str, asked: Asked) -> Question | None:
    there = standing(run.document.root, place, bench.library.lexicon)
    known = None if there is None else there.what
    section = place in SECTIONS or place == "transfers"
    if there is None or (known is None and not section):
        return None
    if asked.variables:
        line, i = asked.variables[0]
        text = ask(words, point_of(line.case.variables[i]), line.finding.subject)
    else:
        assert asked.phantom is not None
        text = _ask_of_phantom(words, place, asked.phantom)
    several = section or is_list(run.document.root, place, there, bench)
    choices = tuple(choices_of(bench, run, place, there, asked, several=several))
    lines = tuple(asked.lines)
    return Question(place, text, choices, lines, round(asked.worth, 3), several, _form(place, there, several))


def _ask_of_phantom(words: Naming, place: str, subject: Subject) -> str:
    owner = next((words.called[p] for p in words.called if place.startswith(f"{p}.")), "")
    if owner:
        return f"what else is transferred in {owner}?"
    return f"which {'other steps' if subject.kind == 'step' else f'{subject.kind}s'} are there?"


def _form(place: str, there: Standing, several: bool) -> str:
    """How an answer is written."""
    if place in SECTIONS or place == "transfers":
        thing = SECTIONS.get(place, "transfer")
        example = f"`{place}.+={{...}}`" if place == "transfers" else f"`{place}.ID={{...}}`"
        return f"`none`, or add each {thing} by {example}"
    if not isinstance(there.what, Field):
        return "`none`, or all of them, in YAML: `[{...}]`"
    kind = there.what.type
    what = {"party": "the id of a party, or a country for some party there", "item": "the id of an item"}
    of = what.get(kind.sort) or ("the id of a paper" if kind.sort == "paper" else kind.of.replace("_", " "))
    of = of or "a name"
    return f"`none`, or all there are: `[...]` of {of}" if several else of


def _readings(words: Naming, findings: Iterable[Finding]) -> Iterator[str]:
    """Interpretations on which open lines turn, with how an answer is fixed."""
    found: dict[str, None] = {}
    for finding in findings:
        for under in finding.under:
            for each in under.answers:
                found[each] = None
            for need in under.needs:
                found |= dict.fromkeys(p.name for p in need.points if p.sort == "reading")
    for each in found:
        known = words.interpretations.get(each)
        if known is not None:
            answers = ", ".join(known.answers)
            yield f"{visible(known.question)} (--reading {each.rpartition('/')[2]}=ANSWER, one of {answers})"


def _flags(run: Run) -> Iterator[str]:
    assert run.conclusion is not None
    yield from dict.fromkeys(
        visible(e.rule.asks)
        for e in run.conclusion.effects
        if e.rule.kind is Kind.FLAGS and e.holds is NOT_TOLD and e.rule.asks
    )
