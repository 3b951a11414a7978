"""Allegations over whole scenarios in which many facts are alleged at once: none of them clears anything."""

from __future__ import annotations

from pathlib import Path

from redline.engine.run import Run
from redline.rules.facts import Grade
from redline.rules.verdicts import HARMLESS, Verdict
from redline.testing import author as generate_policies
from redline.testing.allege import instead
from redline.testing.dice import pick
from redline.testing.judged import name, run, verdicts
from redline.testing.leaning import silences
from redline.testing.written import Data, Mapped
from tests.laws import generate
from tests.laws.judged import bench
from tests.laws.test_laws import both, cases, tally

DOUBTED = generate.Wish(unknown=4, alleged=18, open=4, more=45, assume=75)


@both
def test_no_negative_rests_on_an_allegation(source: str, tmp_path: Path) -> None:
    """Whatever is alleged, put not known or anything else in its place: what was a negative stays one.

    It matters where the answer would be another if it were believed, or is another without it.
    """
    count = tally(source)
    for case in cases(source, tmp_path, 16, wish=DOUBTED, written=generate_policies.PLAIN):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario)
        found = instead(case.dice, case.scenario)
        if made.conclusion is None or not found:
            continue
        before = verdicts(made)
        believed = run(case.by, _believed(case.scenario))
        mattered = believed.conclusion is not None and verdicts(believed) != before
        for change in [pick(case.dice, found) for _ in range(4)]:
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


def _believed(written: Data) -> Data:
    """The same with everything alleged stated."""
    match written:
        case dict():
            return {k: _believed(v) for k, v in written.items() if (k, v) != ("grade", "alleged")}
        case list():
            return [_believed(each) for each in written]
        case str():
            return written


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


def test_what_is_alleged_to_be_transferred_clears_no_step_of_it(tmp_path: Path) -> None:
    """In whichever way it is written; what is stated to be transferred beside it is cleared."""
    rule: Mapped = {
        "id": "no-ships",
        "says": "No ships.",
        "kind": "prohibits",
        "layer": "legal",
        "strength": "law",
        "source": [{"text": "a law"}],
        "for": "each step",
        "when": {"item.class": "corvette"},
    }
    by = bench(tmp_path, {"redline": "1", "policy": "p", "title": "P", "stated_by": "IN", "rules": [rule]})
    alleged: Data = {"value": "radar", "grade": "alleged"}
    undetermined, cleared = Verdict.UNDETERMINED, Verdict.NOT_CROSSED
    ways: tuple[tuple[Mapped, dict[str, Verdict]], ...] = (
        ({"item": "radar"}, {"1": cleared}),
        ({"item": alleged}, {"1": undetermined, "1, an item that is not listed": undetermined}),
        ({"items": [alleged]}, {"1": undetermined, "1, an item that is not listed": undetermined}),
        ({"items": [alleged, "pump"]}, {"1, radar": undetermined, "1, pump": cleared}),
        (
            {"items": {"known": ["radar", "pump"], "grade": "alleged"}},
            {
                "1, radar": undetermined,
                "1, pump": undetermined,
                "1, an item that is not listed": undetermined,
            },
        ),
        (
            {"item": "radar", "grade": "alleged"},
            {"1": undetermined, "1, an item that is not listed": undetermined},
        ),
    )
    for told, expected in ways:
        step: Mapped = {"activity": "export", **told, "from": "maker", "to": "navy"}
        made = run(
            by,
            {
                "redline": "1",
                "scenario": "s",
                "as_of": "2026-06-01",
                "parties": {"maker": {"country": "IT"}, "navy": {"country": "PK"}},
                "items": {"radar": {"class": "radar"}, "pump": {"class": "component"}},
                "transfers": [step],
            },
        )
        assert made.conclusion is not None, made.problems
        assert {f.subject.label: f.verdict for f in made.conclusion.findings} == expected, told


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
