"""Policies tested by their own examples, and worked scenarios by what they expect of themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from redline.engine.characters import quote
from redline.engine.edits import edit
from redline.engine.library import Library
from redline.engine.read import Document
from redline.engine.run import Bench, Options, Run, judge, prepare
from redline.engine.show import did_you_mean
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Example, Rule
from redline.rules.problems import NOWHERE, Problem, Span
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.verdicts import Kind, Verdict, worst

_NO_SCENARIO = "unknown-scenario"


@dataclass(frozen=True, slots=True)
class Tried:
    """One expectation: what it is of, what was expected, what came, and where it is written.

    `passed` is False too where the scenario could not be judged; `problems` then says why.
    """

    what: str
    expected: str
    got: str
    span: Span = NOWHERE
    problems: tuple[Problem, ...] = ()
    unconfirmed: bool = False

    @property
    def passed(self) -> bool:
        """Whether what came is what was expected."""
        return self.expected == self.got

    @property
    def misnamed(self) -> bool:
        """Whether it names a scenario that is not there: that is wrong input, and no failed expectation."""
        return any(problem.code == _NO_SCENARIO for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Ran:
    """An example that was run: what came of it, or what stood in the way."""

    rule: Rule
    example: Example
    bench: Bench
    run: Run | Problem

    @property
    def tried(self) -> Tried:
        """Whether it came as expected."""
        tested = _tested(self.rule, self.example, self.run, self.bench.problems)
        return replace(tested, unconfirmed=self.example.unconfirmed)


def examples_tried(library: Library, only: str = "") -> Iterator[Tried]:
    """Runs the examples of every rule (of the one named `only`, if given), author's inferences too."""
    return (ran.tried for ran in examples_run(library, only))


def examples_run(library: Library, only: str = "") -> Iterator[Ran]:
    """The same, with what came of each."""
    benches: dict[tuple[tuple[str, str], ...], Bench] = {}
    for policy in library.policies:
        for rule in policy.rules:
            if only and only not in (rule.id, f"{rule.policy}/{rule.id}"):
                continue
            for example in rule.examples:
                named = tuple(sorted((f"{rule.policy}/{k}", v) for k, v in example.readings.items()))
                if named not in benches:
                    benches[named] = prepare(library, Options(readings=dict(named), include_author=True))
                run = run_example(benches[named], example, rule)
                yield Ran(rule, example, benches[named], run)


def run_example(bench: Bench, example: Example, rule: Rule) -> Run | Problem:
    """The example's scenario with its changes, judged by its rule."""
    document = bench.library.scenarios.get(example.scenario)
    if document is None:
        advice = (
            did_you_mean(example.scenario, bench.library.scenarios)
            or "write it after `---` in the policy's file, or name its file"
        )
        return Problem(_NO_SCENARIO, f"there is no scenario {quote(example.scenario)}", example.span, advice)
    changed, problems = edited(document, example.changes)
    if problems:  # a change that adds what was not meant would be tried in vain
        return replace(problems[0], span=example.span)
    return judge(bench, changed, lambda other: other is rule, explained=lambda _: False)


def edited(document: Document, changes: Sequence[tuple[str, Node]]) -> tuple[Document, list[Problem]]:
    """The document with values changed by path."""
    root, problems = edit(document.root, changes)
    return replace(document, root=root), problems


def _tested(rule: Rule, example: Example, run: Run | Problem, problems: Sequence[Problem]) -> Tried:
    what = f"{rule.policy}/{rule.id}: {example.scenario}" + "".join(
        f", {path} changed" for path, _ in example.changes
    )
    if isinstance(run, Problem) or problems:
        found = (run,) if isinstance(run, Problem) else tuple(problems)
        return Tried(what, example.verdict, "no answer", example.span, found)
    if run.conclusion is None:
        return Tried(what, example.verdict, "no answer", example.span, run.problems)
    return Tried(what, example.verdict, outcome(rule, run), example.span)


def outcome(rule: Rule, run: Run) -> str:
    """What one rule says of a whole scenario, in the words that examples use."""
    assert run.conclusion is not None
    if rule.kind in (Kind.PERMITS, Kind.FLAGS):
        truths = {
            e.holds
            for e in run.conclusion.effects
            if e.rule is rule or (e.rule.id, e.rule.policy) == (rule.id, rule.policy)
        }
        words = (
            ("applies", "may_apply", "does_not_apply")
            if rule.kind is Kind.PERMITS
            else ("raised", "question", "not_raised")
        )
        return words[0] if TRUE in truths else words[1] if UNKNOWN in truths else words[2]
    return str(
        worst(
            f.verdict for f in run.conclusion.findings if (f.rule.id, f.rule.policy) == (rule.id, rule.policy)
        )
    )


# --- worked scenarios ----------------------------------------------------------------------------


def expectations_tried(library: Library, of: Collection[str] | None = None) -> Iterator[Tried]:
    """Holds every scenario (of those named, if any are) that says what it expects, and its twins, against
    what comes."""
    bench = prepare(library)
    for name, document in library.scenarios.items():
        if of is not None and name not in of:
            continue
        assert isinstance(document.root, Map)
        expect = document.root.get("expect")
        if isinstance(expect, Map):
            yield from _expected(name, expect, judge(bench, document))
        twins = document.root.get("twin")
        for twin in twins.items if isinstance(twins, Seq) else (twins,):
            if isinstance(twin, Map):
                yield _twin(name, twin, document, bench)


def _twin(name: str, twin: Map, document: Document, bench: Bench) -> Tried:
    changes, expect = twin.get("with"), twin.get("expect")
    pairs = tuple((k.text, v) for k, v in changes) if isinstance(changes, Map) else ()
    wanted = _text(expect, "verdict")
    changed, problems = edited(document, pairs)
    if problems:
        return Tried(f"twin of {name}", wanted, "no answer", twin.span, tuple(problems))
    run = judge(bench, changed)
    if run.conclusion is None:
        return Tried(f"twin of {name}", wanted, "no answer", twin.span, run.problems)
    return Tried(f"twin of {name}", wanted, str(worst(f.verdict for f in run.conclusion.findings)), twin.span)


def _expected(name: str, expect: Map, run: Run) -> Iterator[Tried]:
    if run.conclusion is None:
        yield Tried(name, _text(expect, "verdict"), "no answer", expect.span, run.problems)
        return
    yield Tried(
        name, _text(expect, "verdict"), str(worst(f.verdict for f in run.conclusion.findings)), expect.span
    )
    listed = expect.get("findings")
    if not isinstance(listed, Seq):
        return
    came = dict(findings_as_expected(run))
    for node in listed.items:
        if isinstance(node, Map):
            key = f"{_text(node, 'rule')} on {_text(node, 'subject')}"
            yield Tried(f"{name}: {key}", _canonical(node), came.pop(key, "no such finding"), node.span)
    for key, got in came.items():
        yield Tried(f"{name}: {key}", "not expected", got, expect.span)


def findings_as_expected(run: Run) -> Iterator[tuple[str, str]]:
    """Each finding that applies, as a worked scenario writes it: what it is of, and its canonical text."""
    from redline.engine.write import to_yaml

    for node in expected_nodes(run):
        yield f"{_text(node, 'rule')} on {_text(node, 'subject')}", to_yaml(node)


def expected_nodes(run: Run) -> Iterator[Map]:
    """Each finding that applies, as the node that a worked scenario expects it by."""
    assert run.conclusion is not None
    for finding in run.conclusion.findings:
        if finding.verdict is Verdict.NOT_APPLICABLE:
            continue
        entries: list[tuple[str, Node]] = [
            ("rule", Text(finding.rule.id)),
            ("subject", Text(finding.subject.label)),
            ("verdict", Text(str(finding.verdict))),
        ]
        if len(finding.under) > 1:
            entries.append(("readings", Seq(tuple(_reading(u.answers, u.verdict) for u in finding.under))))
        because = sorted({p.point.about for p in finding.main.premises if p.point.about})
        waits = sorted({p.about for u in finding.under for need in u.needs for p in need.points if p.about})
        if because:
            entries.append(("because", Seq(tuple(Text(path) for path in because))))
        if waits:
            entries.append(("waits_for", Seq(tuple(Text(path) for path in waits))))
        yield Map(tuple((Text(key), value) for key, value in entries))


def _reading(answers: Mapping[str, str], verdict: Verdict) -> Map:
    said = [(Text(name.rpartition("/")[2]), Text(answer)) for name, answer in sorted(answers.items())]
    return Map((*said, (Text("verdict"), Text(str(verdict)))))


def _canonical(node: Node) -> str:
    from redline.engine.write import to_yaml

    return to_yaml(node)


def _text(node: Node | None, key: str) -> str:
    found = node.get(key) if isinstance(node, Map) else None
    return found.text if isinstance(found, Text) else ""
