"""Conflicts between rules are told, tied to both rules and their subject, and change no verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from redline.answers.render import explained, rendered
from redline.answers.report_schema import schema
from redline.engine.run import Options
from redline.rules.report import ConflictReport, Report
from redline.rules.verdicts import Verdict
from tests.answers import answered, as_json

RULES = """\
redline: 1
policy: two-minds
title: Two minds
stated_by: IN
rules:
  - id: no-arms-to-vietnam
    says: Arms do not go to Vietnam.
    kind: prohibits
    layer: political
    strength: formal request
    source: [{text: a note}]
    for: each step
    when: {item.military: yes, to.country: VN}
"""
PERMITS = """\
  - id: friends-may-have-it
    says: What is given is welcome.
    kind: permits
    layer: political
    strength: indicated
    source: [{text: another note}]
    for: each step
    when: {activity: donation}
"""
REQUIRES = """\
  - id: nothing-without-a-licence
    says: Arms need a licence.
    kind: requires
    layer: political
    strength: law
    source: [{text: a law}]
    for: each step
    when: {item.military: yes}
    requires: {paper: licence}
"""
SCENARIO = """\
redline: 1
scenario: guns-given
as_of: 2026-06-01
assume: [no_other_papers]
parties:
  army: {country: IN, kind: armed-forces}
  navy: {country: VN, kind: armed-forces}
items:
  gun: {class: naval-gun, form: hardware, military: yes}
transfers:
  - {activity: donation, item: gun, from: army, to: navy, date: 2026-03-01}
"""


def _told(
    folder: Path, rules: str = RULES + PERMITS, scenario: str = SCENARIO, options: Options | None = None
) -> tuple[ConflictReport, ...]:
    return answered(folder, scenario, rules, options).conflicts


def _changed(old: str, new: str, text: str = RULES + PERMITS) -> str:
    assert old in text
    return text.replace(old, new)


def test_what_one_stater_permits_and_prohibits_of_one_step_is_told_and_changes_no_verdict(
    tmp_path: Path,
) -> None:
    """Tied to both rules and to the step; the prohibition crosses with and without the permission."""
    made = answered(tmp_path, SCENARIO, RULES + PERMITS)
    (told,) = made.conflicts
    assert (told.permission, told.against) == (
        "two-minds/friends-may-have-it",
        "two-minds/no-arms-to-vietnam",
    )
    assert [subject.called for subject in told.subjects] == ["step 1"]
    assert (told.holds, told.verdict) == ("yes", Verdict.CROSSES)
    assert made.verdict is Verdict.CROSSES
    assert answered(tmp_path, SCENARIO, RULES).verdict is Verdict.CROSSES


def test_a_conflict_is_one_line_in_every_form_and_stands_under_both_rules(tmp_path: Path) -> None:
    """Text, Markdown, JSON that keeps to the schema; `explain` of the permission and of the prohibition."""
    made = answered(tmp_path, SCENARIO, RULES + PERMITS)
    sentence = (
        "at step 1 India permits (friends-may-have-it) and prohibits (no-arms-to-vietnam): "
        "neither names the other, and no verdict changes"
    )
    assert made.conflicts[0].says == sentence
    text = " ".join(rendered([made], "text").split())
    assert text.count(f"conflict: {sentence}") == 1
    assert f"- {sentence}" in rendered([made], "markdown")
    Draft202012Validator(schema()).validate(as_json(made))
    assert as_json(made)["conflicts"][0]["subjects"][0]["transfer"] == 0
    for rule in ("friends-may-have-it", "no-arms-to-vietnam"):
        assert f"conflict: {sentence}" in " ".join(explained(made, f"two-minds/{rule}", "text").split())
        assert sentence in explained(made, f"two-minds/{rule}", "markdown")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{activity: donation}\n", "{activity: donation}\n    defeats: [no-arms-to-vietnam]\n"),
        ("strength: indicated\n", "strength: indicated\n    stated_by: VN\n"),
        ("layer: political\n    strength: indicated", "layer: legal\n    strength: indicated"),
        ("when: {activity: donation}", "when: {activity: loan, end_use: civil, item.military: no}"),
        ("when: {activity: donation}", "when: {activity: donation}\n    validity: {to: 2025-12-31}"),
        ("to.country: VN}", "to.country: VN}\n    validity: {to: 2025-12-31}"),
        ("to.country: VN}", "to.country: MM}"),
    ],
    ids=[
        "it names the rule", "another stater", "another layer", "it does not hold", "it is not in force",
        "the rule is not in force", "the rule is not crossed",
    ],
)  # fmt: skip
def test_there_is_no_conflict_unless_both_are_live_and_neither_names_the_other(
    old: str, new: str, tmp_path: Path
) -> None:
    """Each condition of a conflict, taken away alone."""
    assert _told(tmp_path)
    assert not _told(tmp_path, _changed(old, new))


def test_a_requirement_that_is_not_met_conflicts_too(tmp_path: Path) -> None:
    """It is a rule that binds as a prohibition does."""
    (told,) = _told(tmp_path, _changed(RULES, RULES.partition("rules:")[0] + "rules:\n" + REQUIRES))
    assert told.against == "two-minds/nothing-without-a-licence"
    assert "requires what is not so (nothing-without-a-licence)" in told.says


def test_a_conflict_that_cannot_be_told_is_told_as_such(tmp_path: Path) -> None:
    """A permission that may hold, a rule that may cross; where neither is certain text counts it alone."""
    (told,) = _told(tmp_path, scenario=_changed("country: VN, ", "", SCENARIO))
    assert (told.holds, told.verdict) == ("yes", Verdict.UNDETERMINED)
    assert "permits (friends-may-have-it) and may prohibit" in told.says
    (told,) = _told(tmp_path, scenario=_changed("activity: donation", "activity: unknown", SCENARIO))
    assert (told.holds, told.verdict) == ("unknown", Verdict.CROSSES)
    assert "may permit" in told.says
    open_both = _changed("country: VN, ", "", SCENARIO).replace("activity: donation", "activity: unknown")
    made = answered(tmp_path, open_both, RULES + PERMITS)
    assert len(made.conflicts) == 1
    assert "conflict: " not in rendered([made], "text")
    assert "perhaps 1 conflict between rules besides" in rendered([made], "text")
    assert "conflict: at step 1 India may permit" in rendered([made], "text", everything=True)


def test_what_is_only_alleged_makes_no_permission_conflict(tmp_path: Path) -> None:
    """As it makes none hold: what is then told is that it may."""
    alleged = _changed("activity: donation", "activity: {value: donation, grade: alleged}", SCENARIO)
    assert [told.holds for told in _told(tmp_path, scenario=alleged)] == ["unknown"]


def test_an_authors_permission_conflicts_only_where_it_is_asked_for(tmp_path: Path) -> None:
    """It is not run else."""
    inferred = _changed("strength: indicated\n", "strength: inference\n    voice: author\n")
    assert not _told(tmp_path, inferred)
    assert _told(tmp_path, inferred, options=Options(include_author=True))


def test_policies_that_name_nobody_state_only_their_own_rules(tmp_path: Path) -> None:
    """Within one there is a conflict; between two that name nobody it cannot be said."""
    nobody = _changed("stated_by: IN\n", "")
    (told,) = _told(tmp_path, nobody)
    assert "one stater permits" in told.says
    head = nobody.partition("rules:")[0].replace("two-minds", "another-mind")
    both = [_changed(PERMITS, "", nobody), f"{head}rules:\n{PERMITS}"]
    assert not _told(tmp_path, "---\n".join(both))
    named = [each.replace("title:", "stated_by: IN\ntitle:") for each in both]
    (told,) = _told(tmp_path, "---\n".join(named))
    assert "(another-mind/friends-may-have-it)" in told.says


def test_steps_of_one_conflict_are_told_together(tmp_path: Path) -> None:
    """One line for two rules, however many steps."""
    twice = SCENARIO + SCENARIO.splitlines()[-1].replace("2026-03-01", "2026-04-01") + "\n"
    made: Report = answered(tmp_path, twice, RULES + PERMITS)
    (told,) = made.conflicts
    assert [subject.transfer for subject in told.subjects] == [0, 1]
    assert told.says.startswith("at step 1 and step 2 India permits")
