"""What is done, in a rule's words and in a scenario's: nothing that may be meant is certainly outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.answers.render import explained, rendered
from redline.front.api import Engine
from redline.rules.verdicts import Verdict
from tests.answers import answered, finding

POLICY = """\
redline: 1
policy: wire
title: What goes by wire
stated_by: IT
rules:
  - id: nothing-by-wire
    says: Nothing Italian goes to Pakistan by electronic means.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: an act}]
    for: each step
    when: {activity: intangible-transfer, to.country: PK}
  - id: no-exports
    says: Nothing goes to Pakistan.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: an act}]
    for: each step
    when: {activity: export, to.country: PK}
    unless: {activity: return}
"""
SCENARIO = """\
redline: 1
scenario: drawings-sent
as_of: 2026-06-01
parties:
  maker: {country: IT, kind: company}
  institute: {country: PK, kind: research-body}
items:
  thing: {class: torpedo, form: design}
transfers:
  - {activity: export, item: thing, from: maker, to: institute, date: 2026-03-01}
"""


@pytest.mark.parametrize(
    ("activity", "form", "by_wire", "exports"),
    [
        ("export", "design", Verdict.UNDETERMINED, Verdict.CROSSES),
        ("export", "hardware", Verdict.NOT_CROSSED, Verdict.CROSSES),
        ("export", "unknown", Verdict.UNDETERMINED, Verdict.CROSSES),
        ("intangible-transfer", "design", Verdict.CROSSES, Verdict.UNDETERMINED),
        ("return", "hardware", Verdict.NOT_CROSSED, Verdict.NOT_CROSSED),
        ("staff-talks", "design", Verdict.NOT_CROSSED, Verdict.NOT_CROSSED),
        ("loan", "hardware", Verdict.NOT_CROSSED, Verdict.UNDETERMINED),
    ],
)
def test_an_export_of_a_design_is_not_certainly_outside_a_rule_on_intangible_transfers(
    activity: str, form: str, by_wire: Verdict, exports: Verdict, tmp_path: Path
) -> None:
    """One of hardware is; and no plain export is taken for a return."""
    said = SCENARIO.replace("activity: export", f"activity: {activity}").replace(
        "form: design", f"form: {form}"
    )
    made = answered(tmp_path, said, POLICY)
    assert finding(made, "nothing-by-wire", "step 1").verdict is by_wire
    assert finding(made, "no-exports", "step 1").verdict is exports
    agreed = Engine.load([tmp_path / "policy.yaml"], []).check(
        tmp_path / "scenario.yaml", second_opinion=True
    )
    assert agreed.about_this_run.second_opinion.status in ("agrees", "unavailable")


def test_the_answer_asks_whether_the_text_means_an_export_too(tmp_path: Path) -> None:
    """In words of the rule; what only keeps the matter open is no part of the rule in words."""
    made = answered(tmp_path, SCENARIO, POLICY)
    assert "does “intangible-transfer” mean export too?" in " ".join(rendered([made], "text").split())
    proof = explained(made, "wire/nothing-by-wire", "text")
    assert "? when       step 1 is an intangible transfer" in proof.replace("         ", "       ")
    assert "nothing of" not in proof


def test_why_an_export_of_hardware_does_not_go_by_wire_is_told_in_plain_words(tmp_path: Path) -> None:
    """Its form is cited, and the rule's own words are denied."""
    made = answered(tmp_path, SCENARIO.replace("form: design", "form: hardware"), POLICY)
    reading = finding(made, "nothing-by-wire", "step 1").main
    assert reading.failed == "step 1 is not an intangible transfer"
    assert any("hardware" in each.says for each in reading.because)


INTO = """\
redline: 1
policy: into
title: What is built into what
stated_by: IT
rules:
  - id: not-into-corvettes
    says: Nothing is built into a corvette.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: an act}]
    for: each step
    when: {into.class: corvette}
  - id: nowhere-but-corvettes
    says: It moves only as part of a corvette.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: an act}]
    for: each step
    when: {not: {into: {class: corvette}}}
"""
BUILT = SCENARIO.replace("  thing:", "  ship: {class: corvette, form: hardware}\n  thing:")


@pytest.mark.parametrize(
    ("step", "in_corvettes", "elsewhere"),
    [
        ("activity: export", Verdict.NOT_CROSSED, Verdict.CROSSES),
        ("activity: incorporation, into: ship", Verdict.CROSSES, Verdict.NOT_CROSSED),
        ("activity: incorporation, into: unknown", Verdict.UNDETERMINED, Verdict.UNDETERMINED),
        ("activity: unknown", Verdict.UNDETERMINED, Verdict.UNDETERMINED),
    ],
)
def test_what_is_certainly_not_built_in_has_no_into(
    step: str, in_corvettes: Verdict, elsewhere: Verdict, tmp_path: Path
) -> None:
    """A plain export is settled without a question about what it is built into."""
    made = answered(
        tmp_path, BUILT.replace("activity: export", step).replace("form: design", "form: hardware"), INTO
    )
    assert finding(made, "not-into-corvettes", "step 1").verdict is in_corvettes
    assert finding(made, "nowhere-but-corvettes", "step 1").verdict is elsewhere
    if step == "activity: export":
        assert finding(made, "not-into-corvettes", "step 1").main.failed == "step 1 is not incorporation"
