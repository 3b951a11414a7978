"""Allegations over whole scenarios in which many facts are alleged at once: none of them clears anything."""

from __future__ import annotations

from pathlib import Path

from redline.engine.run import Run
from redline.rules.facts import Grade
from redline.rules.verdicts import HARMLESS
from tests.generate_rows import pick
from tests.laws import generate, generate_policies
from tests.laws.changes import instead, silences
from tests.laws.judged import name, run, verdicts
from tests.laws.test_laws import both, cases, tally

DOUBTED = generate.Wish(unknown=4, alleged=18, open=4, more=45, assume=75)


@both
def test_no_negative_rests_on_an_allegation(source: str, tmp_path: Path) -> None:
    """Whatever is alleged, put not known or anything else in its place: what was a negative stays one."""
    count = tally(source)
    for case in cases(source, tmp_path, 16, wish=DOUBTED, written=generate_policies.PLAIN):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario)
        found = instead(case.dice, case.scenario)
        if made.conclusion is None or not found:
            continue
        before = verdicts(made)
        mattered = False
        for change in [pick(case.dice, found) for _ in range(10)]:
            if change.refers and silences(case.by.policies):
                continue
            scenario = change.to(case.scenario)
            again = run(case.by, scenario)
            if again.conclusion is None:
                continue
            after = verdicts(again)
            wrong = [
                f"{key}: {was} became {after[key]}"
                for key, was in before.items()
                if was in HARMLESS and after.get(key, was) not in HARMLESS
            ]
            assert not wrong, case.told(scenario, *wrong)
            mattered |= any(after.get(key, was) is not was for key, was in before.items())
        count.note(mattered)
    count.enough()


@both
def test_no_negative_cites_an_allegation(source: str, tmp_path: Path) -> None:
    """Neither in the reasons of a finding that does not cross, nor in its grade."""
    count = tally(source)
    for case in cases(source, tmp_path, 17, wish=DOUBTED):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario, explained=True)
        if made.conclusion is None:
            continue
        wrong = list(_cited(made))
        assert not wrong, case.told(case.scenario, *wrong)
        count.note(made.supported is not made.derived)
    count.enough()


def _cited(made: Run) -> list[str]:
    assert made.conclusion is not None
    return [
        f"{name(finding.rule)} on {finding.subject.label}: {under.verdict} by {fact}"
        for finding in made.conclusion.findings
        for under in finding.under
        if under.verdict in HARMLESS
        for premise in under.premises
        for fact in (premise.point.cell.facts if premise.point.cell is not None else ())
        if fact.grade is Grade.ALLEGED
    ]
