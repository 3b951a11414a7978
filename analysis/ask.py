"""Asking on: answers learnt one after the other, each making what is known of the scenario smaller.

After each answer only the rules that still have an open line are judged again: learning never turns a verdict
that is settled (where something is alleged, all are).  What is told in the end is not taken from there: the
scenario is written out, read again and judged by every rule, and each verdict held to what the reference
leaves possible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from redline.analysis.answer_places import elements_of, is_list, may_be, referred
from redline.analysis.questions import open_questions
from redline.answers.naming import naming
from redline.answers.say_values import plain
from redline.engine.asking import asked_of
from redline.engine.characters import quote
from redline.engine.edits import REMOVE
from redline.engine.paths import Change, changed, rewritten, standing
from redline.engine.possible import UNKNOWN, is_word, value_of
from redline.engine.read import Document
from redline.engine.reference import judge as by_reference
from redline.engine.reference import name
from redline.engine.run import Bench, Run, all_subjects, judge
from redline.engine.sharpen import Settling
from redline.rules.facts import Grade
from redline.rules.finding import Finding
from redline.rules.frozen import replace
from redline.rules.node import Node, Text
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Refused, errors
from redline.rules.questions import Choice, Open, Settled
from redline.rules.shapes import Field
from redline.rules.values import contains
from redline.rules.verdicts import HARMLESS, Verdict, settle, worst


class Asking:
    """A scenario about which is asked.  Raises Refused where it cannot be judged as it is."""

    def __init__(self, bench: Bench, document: Document) -> None:
        self.bench, self.document = bench, document
        self.given: list[Change] = []
        self.not_known: dict[str, None] = {}
        self.run = _judged(bench, document)
        self._narrow = bench
        self.settled: dict[tuple[str, str, bool], Verdict] = {}
        self._solved: dict[object, tuple[Settling, ...]] = {}
        self._note()

    def open(self) -> Open:
        """What is left to ask, without what was answered to be not known."""
        found = open_questions(self.bench, self.run, self._solved, self.not_known)
        return replace(found, verdict=self.verdict, not_known=tuple(self.not_known))

    @property
    def verdict(self) -> Verdict:
        """The verdict on the whole scenario, as far as it is known."""
        return worst(self.settled.values())

    def learn(self, changes: Sequence[Change]) -> list[Problem]:
        """What was found out.  Problems, and nothing is learnt, where it cannot be so."""
        document, problems = changed(self.document, changes)
        if errors(problems):
            return problems
        for path, value in changes:
            problems += self._against(path, value)
        if errors(problems):
            return problems
        run = judge(self._narrow, document, self._wanted, explained=lambda _: False)
        if run.conclusion is None or errors(run.problems):
            return [*problems, *errors(run.problems)]
        other = [p for path, value in changes for p in self._someone_else(path, value, run)]
        if other:
            return other
        self.document, self.run = document, run
        self.given += changes
        self._note()
        return []

    def tried(self) -> Open:
        """What is left to ask, with what each answer would settle: the scenario with it written out, read
        again and judged."""
        found = self.open()
        questions = tuple(
            replace(q, choices=tuple(replace(c, settles=self._settling(q.path, c)) for c in q.choices))
            for q in found.questions
        )
        return replace(found, questions=questions)

    def _settling(self, path: str, choice: Choice) -> tuple[Settled, ...]:
        if choice.value is None:
            return choice.settles
        document, problems = changed(self.document, [(path, choice.value)])
        if errors(problems):
            return ()
        run = judge(self._narrow, rewritten(document), self._wanted, explained=lambda _: False)
        if run.conclusion is None or run.scenario is None:
            return ()
        words = naming(run.scenario, self.bench.policies)
        return tuple(
            Settled(name(f.rule), words.subject(f.subject), f.verdict)
            for f in run.conclusion.findings
            if f.verdict is not Verdict.UNDETERMINED and self.settled.get(_of(f)) is Verdict.UNDETERMINED
        )

    def skip(self, path: str) -> None:
        """The answer to a question is not known: it is not asked again."""
        self.not_known[path] = None

    def _note(self) -> None:
        assert self.run.conclusion is not None
        judged = self._rules_judged()
        self.settled = {key: v for key, v in self.settled.items() if key[0] not in judged}
        self.settled |= {_of(f): f.verdict for f in self.run.conclusion.findings}
        still = self._rules_judged()
        named = {
            self.bench.plan.entries[p].rule
            for i, e in enumerate(self.bench.plan.entries)
            if e.rule in still
            for p in (i, *e.permits)
        }
        few = (replace(p, rules=tuple(r for r in p.rules if name(r) in named)) for p in self.bench.policies)
        self._narrow = replace(self.bench, asked=asked_of(tuple(few), self.bench.library.lexicon))

    def _open_rules(self) -> set[str]:
        return {rule for (rule, _, _), v in self.settled.items() if v is Verdict.UNDETERMINED}

    def _rules_judged(self) -> set[str]:
        """The rules that are judged after each answer: where something is alleged all of them, for what is
        found out may stand in place of what was alleged."""
        if self.run.derived is not self.run.supported:
            return {name(rule) for _, rule in self.bench.judging.rules()}
        return self._open_rules()

    def _wanted(self, rule: Rule) -> bool:
        return self.bench.wanted(rule) and name(rule) in self._rules_judged()

    def _someone_else(self, path: str, value: Node, run: Run) -> Iterator[Problem]:
        """What is wrong with an answer by which someone else is meant than may be."""
        assert self.run.scenario is not None
        assert run.scenario is not None
        before, after = referred(self.run.scenario, path), referred(run.scenario, path)
        if before is None or after is None or before.fact.grade is Grade.ALLEGED:
            return
        fits = all(may_be(run.scenario, before, each) for each in after.names)
        if after.country and before.fact.value is not None and after.fact.value is not None:
            fits = bool(before.country) and contains(before.fact.value, after.fact.value)
        if not fits:
            says = before.fact.says or "someone else"
            yield _less(path, value, f"it says: {says}; correct the scenario if it is wrong")

    def _against(self, path: str, value: Node) -> list[Problem]:
        """What is wrong with an answer that is not among what the scenario says it may be."""
        lexicon = self.bench.library.lexicon
        there = standing(self.document.root, path, lexicon)
        if there is None or there.node is None:
            return []
        if isinstance(value, Text) and value.text == REMOVE:
            return [_less(path, value, "asking adds what is known, and takes nothing away")]
        if there.what is None and "." in path and path not in ("agreements.more", "papers.more"):
            return [_less(path, value, "it is there already: tell its facts one by one")]
        if path != "transfers" and is_list(self.document.root, path, there, self.bench):
            given = elements_of(value)
            if all(each in given for each in elements_of(there.node)):
                return []
            return [_less(path, value, "all that are there already stay among them: list them too")]
        if not isinstance(there.what, Field):
            return []
        kind = there.what.type
        if kind.sort not in ("tree", "amount") or is_word(there.node, UNKNOWN):
            return []
        quiet: list[Problem] = []
        before = value_of(there.node, kind, "it", lexicon, quiet)
        after = value_of(value, kind, "it", lexicon, quiet)
        if before is None or after is None or quiet:
            return []
        try:
            fits = contains(before, after)
        except TypeError:
            return []
        if fits:
            return []
        return [_less(path, value, f"it says: {plain(before)}; correct the scenario if it is wrong")]


def verified(asking: Asking) -> tuple[Document, Run]:
    """The scenario with what was learnt, written out, read again and judged by every rule; each verdict is
    one that the reference leaves possible, and each that was told along the way is what it is now."""
    again = rewritten(asking.document)
    run = _judged(asking.bench, again)
    assert run.conclusion is not None
    assert run.derived is not None
    assert run.supported is not None
    judging = asking.bench.judging
    rules = {name(rule): rule for _, rule in judging.rules()}
    entries = {e.rule: e for e in asking.bench.plan.entries}
    sure = dict(zip(map(id, all_subjects(run.derived)), all_subjects(run.supported), strict=True))
    for finding in run.conclusion.findings:
        if finding.verdict is Verdict.UNDETERMINED:
            continue
        permits = [rules[asking.bench.plan.entries[p].rule] for p in entries[name(finding.rule)].permits]
        rows = (finding.subject.row, sure[id(finding.subject)].row)
        possible = [by_reference(finding.rule, permits, row, judging.readings) for row in rows]
        if not any(_agree(finding.verdict, each) for each in possible):
            raise AssertionError(f"{name(finding.rule)}: the reference does not give {finding.verdict}")
    now = {_of(f): f.verdict for f in run.conclusion.findings}
    for key, verdict in asking.settled.items():
        if not _still(verdict, now.get(key, verdict)):
            raise AssertionError(f"{key[0]}: {verdict} along the way, and {now[key]} when it is read again")
    return again, run


def _still(before: Verdict, now: Verdict) -> bool:
    """Whether what was settled is settled so.  Not crossed may have stood for any of the harmless verdicts;
    which, is no longer asked, and may come out by what is."""
    if before is Verdict.NOT_CROSSED:
        return now in HARMLESS
    return before in (now, Verdict.UNDETERMINED)


def _less(path: str, value: Node, advice: str) -> Problem:
    message = f"the answer is not among what the scenario says of {quote(path)}"
    return Problem("not-narrower", message, value.span, advice)


def _agree(verdict: Verdict, possible: Collection[Verdict]) -> bool:
    """Whether the verdict is among what the reference leaves open, or what the harmless ones among that come
    to together."""
    harmless = HARMLESS.intersection(possible)
    return verdict in possible or (bool(harmless) and verdict is settle(harmless))


def _of(finding: Finding) -> tuple[str, str, bool]:
    return name(finding.rule), f"{finding.subject.kind} {finding.subject.label}", finding.subject.phantom


def _judged(bench: Bench, document: Document) -> Run:
    run = judge(bench, document, explained=lambda _: False)
    if run.conclusion is None or errors((*bench.problems, *run.problems)):
        raise Refused((*bench.problems, *run.problems))
    return run
