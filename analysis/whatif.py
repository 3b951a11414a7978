"""What if: facts set by hand and what flips; the smallest changes that clear; what to learn.

Everything told is judged again on the scenario written out and read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from redline.analysis.clear import JUDGEMENTS, MOST, clearing
from redline.analysis.costs import SHIPPED, read_costs
from redline.analysis.judged_again import crossing
from redline.analysis.papers_listed import normal
from redline.answers.report import report
from redline.engine.characters import quote, visible
from redline.engine.edits import REMOVE
from redline.engine.paths import Change, changed, rewritten, standing
from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge
from redline.engine.write import to_yaml
from redline.rules.frozen import replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import NOWHERE, Problem, Refused, errors
from redline.rules.report import FindingReport, Reading, Report
from redline.rules.verdicts import Kind, Verdict
from redline.rules.whatif import Clearing, Costs, Difference, Flip, Learning, Set, WhatIf


def difference(bench: Bench, document: Document, changes: Sequence[Change]) -> Difference:
    """The scenario before and after the changes.  Raises Refused where one cannot be made, or the scenario
    cannot be judged before or after."""
    before = _judged(bench, document)
    edited, problems = changed(document, changes)
    if errors(problems):
        raise Refused(problems)
    _judged(bench, edited)  # what is wrong is told at the place of the value
    after = _judged(bench, rewritten(edited))
    first, second = report(bench, before), report(bench, after)
    sets = tuple(
        Set(
            visible(path),
            _line(_standing(document.root, path)),
            "" if isinstance(value, Text) and value.text == REMOVE else _line(value),
        )
        for path, value in changes
    )
    flips = tuple(_flips(first, second, changes))
    return Difference(first, second, sets, flips, to_yaml(edited.root))


def what_if(
    bench: Bench,
    document: Document,
    rule: str = "",
    *,
    costs: str | Path | Costs = SHIPPED,
    most: int = MOST,
    judgements: int = JUDGEMENTS,
) -> WhatIf:
    """The smallest changes that clear each line that is crossed, and all together; of lines of which it
    cannot be told, what to learn.  `rule` (`policy/rule`): of that one alone.  Raises Refused."""
    if not isinstance(costs, Costs):
        read, problems, _ = read_costs(costs)
        if read is None or errors(problems):
            raise Refused(problems)
        costs = read
    run = _judged(bench, document)
    base = _judged(bench, replace(document, root=normal(document.root)))
    told = report(bench, run)
    crossed = crossing(run)
    rules = {name(each): (i, each) for i, each in bench.judging.rules()}
    order = dict.fromkeys(f.rule.rule for f in told.findings if f.verdict is Verdict.CROSSES)
    wanted = [each for each in order if rule in ("", each)]
    found: list[Clearing] = []
    for each in wanted:
        targets = (rules[each][0],)
        found.append(clearing(bench, document, base, costs, targets, most=most, judgements=judgements))
    if not rule and len(crossed) > 1:
        together = tuple(rules[each][0] for each in wanted)
        found.append(clearing(bench, document, base, costs, together, most=most, judgements=judgements))
    return WhatIf(told, tuple(found), tuple(_learning(told, rule)), costs.name)


def rule_meant(bench: Bench, rule: str) -> str:
    """The full name of a rule that binds.  Raises Refused where none, or more than one, is meant."""
    known = [name(r) for p in bench.policies for r in p.rules if r.kind not in (Kind.PERMITS, Kind.FLAGS)]
    meant = [each for each in known if rule in (each, each.rpartition("/")[2])]
    if len(meant) == 1:
        return meant[0]
    from redline.engine.show import did_you_mean

    near = did_you_mean(rule, [each.rpartition("/")[2] for each in known])
    advice = f"it is one of {', '.join(meant)}" if meant else near
    message = f"there is {'more than one' if meant else 'no'} rule {quote(rule)} that binds"
    raise Refused([Problem("unknown-rule", message, NOWHERE, advice)])


def _judged(bench: Bench, document: Document) -> Run:
    run = judge(bench, document)
    problems = (*bench.problems, *run.problems)
    if run.conclusion is None or errors(problems):
        raise Refused(problems)
    return run


def _learning(told: Report, rule: str) -> Iterator[Learning]:
    """What to learn of each finding that is undetermined."""
    for finding in told.findings:
        if finding.verdict is Verdict.UNDETERMINED and rule in ("", finding.rule.rule):
            reading = finding.main
            waits = tuple(dict.fromkeys(w for each in finding.under for w in each.waits_for))
            yield Learning(
                finding.rule.rule,
                finding.rule.says,
                finding.subject.called,
                waits,
                reading.open_questions,
                tuple(_read(each) for each in finding.under if each.answers),
            )


def _read(reading: Reading) -> str:
    answers = " and ".join(f"{a.interpretation.rpartition('/')[2]} = {a.answer}" for a in reading.answers)
    return f"if it is read as {answers}: {reading.verdict.words}"


# --- by hand -----------------------------------------------------------------------------------


def _flips(before: Report, after: Report, changes: Sequence[Change]) -> Iterator[Flip]:
    """The findings whose verdict is not what it was, in the order of the report after."""
    gone = sorted(
        int(path.rpartition(".")[2])
        for path, value in changes
        if isinstance(value, Text)
        and value.text == REMOVE
        and path.startswith("transfers.")
        and path.count(".") == 1
        and path.rpartition(".")[2].isdigit()
    )
    paths = tuple(path for path, _ in changes)
    old = {_key(f, gone): f for f in before.findings}
    new = {_key(f, []): f for f in after.findings}
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        one = now or was
        assert one is not None
        if was is not None and now is not None and was.verdict is now.verdict:
            continue
        if (was is None or now is None) and one.verdict is not Verdict.CROSSES:
            continue  # of what was added or taken away only a crossing is news
        by = tuple(p for p in paths if any(_rests_on(f, p) for f in (was, now) if f is not None))
        because = tuple(_because(now)) if now is not None else ()
        yield Flip(
            one.rule.rule,
            one.rule.says,
            one.subject.called if now is not None or was is None else was.subject.called,
            None if was is None else was.verdict,
            None if now is None else now.verdict,
            by or paths,
            because,
            now,
        )


def _key(finding: FindingReport, gone: Sequence[int]) -> tuple[str, str, str | None, str, bool]:
    """What makes two findings those of one rule on one subject; `gone`: steps taken away in between."""
    subject = finding.subject
    label = subject.label
    if subject.transfer is not None and label == str(subject.transfer + 1):
        number = subject.transfer + 1
        label = "taken away" if number in gone else str(number - sum(1 for g in gone if g < number))
    return finding.rule.rule, subject.kind, subject.item, label, subject.phantom


def _rests_on(finding: FindingReport, path: str) -> bool:
    """Whether the proof, or what it waits for, has to do with the path."""
    told = [fact.path for under in finding.under for b in under.because for fact in b.facts]
    told += [asked.about for under in finding.under for w in under.waits_for for asked in w.facts]
    place = path.removesuffix(".+").removesuffix(".date")
    return any(
        f"{each}.".startswith(f"{place}.") or f"{place}.".startswith(f"{each}.") for each in told if each
    )


def _because(finding: FindingReport) -> Iterator[str]:
    reading = finding.main
    if reading.failed:
        yield reading.failed
    yield from (each.says for each in reading.because)
    for waits in reading.waits_for[:1]:
        yield from (f"not known: {asked.question}" for asked in waits.facts)


def _standing(root: Node, path: str) -> Node | None:
    found = standing(root, path)
    if found is not None:
        return found.node
    node: Node | None = root
    for step in path.split("."):
        node = node.get(step) if isinstance(node, Map) else None
    return node


def _line(node: Node | None) -> str:
    """A node as YAML in one line."""
    match node:
        case None:
            return ""
        case Text():
            return to_yaml(node).strip()
        case Seq(items):
            return f"[{', '.join(map(_line, items))}]"
        case Map(entries):
            return f"{{{', '.join(f'{key.text}: {_line(value)}' for key, value in entries)}}}"
