"""Laws about answers: what is concluded, what it is proved by, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.engine.circuit import Budget, GaveUp
from redline.engine.edits import edit
from redline.engine.ground import ground_entry
from redline.engine.prove import PROOF_STEPS
from redline.engine.reference import Readings, judge
from redline.engine.run import Run, all_subjects
from redline.engine.sharpen import possible
from redline.rules.finding import Finding, Point
from redline.rules.values import Terms
from redline.rules.verdicts import HARMLESS, Kind, Verdict
from redline.testing.bare import bare
from redline.testing.changes import changed
from redline.testing.dice import pick
from redline.testing.forget import forgettings
from redline.testing.judged import name, run
from redline.testing.law import Trial, Tried, law
from redline.testing.laws_of_facts import some
from redline.testing.leaning import silences
from redline.testing.written import Data, data, mapped, node

_ENOUGH = PROOF_STEPS // 30
"""Of a proof that takes longer to check than this, nothing is said: making it smaller is bounded too."""


@law()
def what_is_concluded_lies_within_what_the_reference_leaves_possible(case: Trial) -> Tried:
    """Of everything that a scenario makes: the verdict is one that Kleene logic over the grammar's own tree
    leaves possible, and is that one where it leaves only one."""
    made = run(case.by, case.scenario)
    if made.conclusion is None or made.derived is None or made.supported is not made.derived:
        return
    rules = {name(r): r for p in case.by.policies for r in p.rules}
    rows = {(s.kind, s.label): s.row for s in all_subjects(made.derived)}
    told_apart = False
    for finding in made.conclusion.findings:
        permits = [r for r in rules.values() if r.kind is Kind.PERMITS and name(finding.rule) in r.defeats]
        left = judge(
            finding.rule, permits, rows[finding.subject.kind, finding.subject.label], case.by.readings
        )
        where = f"{name(finding.rule)} on {finding.subject.label}: {finding.verdict} of {sorted(left)}"
        if finding.verdict is Verdict.UNDETERMINED:
            assert len(left) > 1 or finding.subject.phantom, case.told(case.scenario, where)
        else:
            assert finding.verdict in left or (finding.verdict is Verdict.NOT_CROSSED and left & HARMLESS), (
                case.told(case.scenario, where)
            )
        told_apart |= len(left) > 1
    yield told_apart


@law()
def every_fact_that_is_cited_is_there_and_has_a_place(case: Trial) -> Tried:
    """Its path leads to something written, or to something that the scenario left out and that a rule of
    reading or an assumption speaks of; and it stands on a line of the file."""
    made = run(case.by, case.scenario, explained=True)
    if made.conclusion is None:
        return
    cited = 0
    for finding in made.conclusion.findings:
        for premise in (p for under in finding.under for p in under.premises):
            cell = premise.point.cell
            for fact in cell.facts if cell is not None else ():
                cited += 1
                where = f"{name(finding.rule)} on {finding.subject.label}: {fact}"
                assert fact.path, case.told(case.scenario, where)
                assert fact.span.document == made.document.name, case.told(case.scenario, where)
                assert 1 <= fact.span.line <= len(made.document.lines), case.told(case.scenario, where)
                assert _is_there(case.scenario, fact.path) or fact.says, case.told(case.scenario, where)
    yield cited > 0


@law()
def what_a_proof_cites_is_a_minimal_set_that_alone_gives_the_verdict(case: Trial) -> Tried:
    """All else forgotten in the record, closures of lists included, the verdict is the same; and each thing
    that is cited forgotten too, it is not certain any more.

    Left aside is what rests on an allegation being left out, which the record alone does not tell.
    """
    made = run(case.by, case.scenario, explained=True)
    if made.conclusion is None or made.supported is not made.derived:
        return
    places = {entry.rule: i for i, entry in enumerate(case.by.plan.entries)}
    proved = [
        (finding, under)
        for finding in made.conclusion.findings
        for under in finding.under
        if under.verdict is not Verdict.UNDETERMINED and not finding.subject.phantom and under.premises
    ]
    weighty = [each for each in proved if each[1].verdict not in HARMLESS] or proved
    for finding, under in [pick(case.dice, each) for each in (proved, weighty) if each]:
        readings = {**case.by.readings, **{k: frozenset({a}) for k, a in under.answers.items()}}
        cited = [p.point for p in under.premises if p.point.sort not in ("reading", "open")]
        accepted = HARMLESS if under.verdict is Verdict.NOT_CROSSED else {under.verdict}

        def left(
            points: Sequence[Point], of: Finding = finding, by: Readings = readings
        ) -> frozenset[Verdict]:
            row = bare(of.subject.row, points)
            alone = ground_entry(case.by.plan, places[name(of.rule)], row, by)
            return possible(alone, alone.masks, Budget(_ENOUGH))

        where = f"{name(finding.rule)} on {finding.subject.label}: {under.verdict}"
        why = [where, *(f"cites {point.about} ({point.sort})" for point in cited)]
        try:
            assert left(cited) <= accepted, case.told(case.scenario, "THE PROOF IS NOT ENOUGH", *why)
            for point in cited:
                fewer = left([other for other in cited if other is not point])
                told = case.told(case.scenario, f"WITHOUT {point.about} IT IS ENOUGH", *why)
                assert not fewer <= accepted, told
        except GaveUp:
            continue
        yield bool(cited)


@law(unknowns=0.5)
def every_fact_that_would_settle_a_finding_does(case: Trial) -> Tried:
    """Each outcome that is promised for one missing fact, written into the scenario and read again, gives
    the promised verdict."""
    fewer = forgettings(case.scenario, silences(case.by.policies))
    scenario = mapped(changed(case.scenario, some(case, fewer, 5)))
    made = run(case.by, scenario, explained=True)
    if made.conclusion is None:
        return
    promised = list(_promised(made))
    for rule, of, about, value, verdict in [pick(case.dice, promised)] if promised else []:
        root, problems = edit(node(scenario), [(about, node(value))])
        if problems:
            continue
        again = run(case.by, data(root))
        if again.conclusion is None:
            continue
        found = {f.subject.label: f.verdict for f in again.conclusion.findings if name(f.rule) == rule}
        as_promised = found.get(of) is verdict or {found.get(of), verdict} <= HARMLESS
        assert as_promised, case.told(
            data(root), f"{rule} on {of}: {about} = {value} should give {verdict}, gives {found.get(of)}"
        )
    yield bool(promised)


def _is_there(scenario: Data, path: str) -> bool:
    """Whether the path leads somewhere in what is written: by keys, numbers from 1, or ids with dots."""
    if not path:
        return True
    if isinstance(scenario, dict) and "known" in scenario:
        return _is_there(scenario["known"], path)
    if isinstance(scenario, dict) and "value" in scenario and scenario.keys() <= {"value", "grade", "source"}:
        return _is_there(scenario["value"], path)
    if isinstance(scenario, dict):
        sugar = {
            "contract": "date",
            "delivery": "date",
            "items": "item",
            "listed": "screened",
            "screened_on": "screened",
        }
        keys = [key for key in scenario if path == key or path.startswith(f"{key}.")]
        if any(_is_there(scenario[key], path[len(key) + 1 :]) for key in keys):
            return True
        head, _, rest = path.partition(".")
        if (
            any(head in mapped(scenario.get(key)) for key in ("covers", "valid"))
            or sugar.get(head) in scenario
        ):
            return True
        return head.startswith("declared") and "declares" in scenario
    if isinstance(scenario, list):
        head, _, rest = path.partition(".")
        return head.isdigit() and 0 < int(head) <= len(scenario) and _is_there(scenario[int(head) - 1], rest)
    return path in ("1", "item", "party")  # named alone


def _promised(made: Run) -> Iterator[tuple[str, str, str, Data, Verdict]]:
    """Outcomes of one missing fact that one term says, or of nothing more being in a list of which nothing
    is said."""
    assert made.conclusion is not None
    for finding in made.conclusion.findings:
        if finding.subject.phantom or len(finding.under) != 1:
            continue
        for need in finding.main.needs:
            point = need.points[0]
            section, _, last = point.about.split(".")[0], "", point.about.rpartition(".")[2]
            if (
                len(need.points) != 1
                or point.cell is None
                or point.cell.facts
                or section not in ("parties", "items", "transfers")
            ):
                continue
            for values, verdict in need.outcomes:
                value = values[0]
                told_there = point.key == last or (
                    point.key == "country" and last in ("from", "to", "by", "end_user")
                )
                if point.sort == "field" and told_there and isinstance(value, Terms) and value.single:
                    yield name(finding.rule), finding.subject.label, point.about, value.single, verdict
                if last == "origin":
                    continue  # with the origin of a listed part left out it would be read as open again
                if (
                    point.sort == "rest"
                    and last in point.path
                    and value == "nothing more that matters"
                    and not point.cell.stated
                ):
                    yield name(finding.rule), finding.subject.label, point.about, "none", verdict
