"""Changes seeded one at a time into the shipped policies are each told for what they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from redline.analysis.diff import compare
from redline.analysis.diff_bench import load_both
from redline.engine.library import folder
from redline.rules.comparison import Change, Comparison, How, Relation, Shown
from redline.rules.problems import errors

LINES, PLAN, BANS = "india-italy.yaml", "india-italy-cooperation.yaml", "india-procurement.yaml"
ACTIVITIES = "[exercise, training, staff-talks, maritime-security-cooperation]"
BACKWARDS = "[maritime-security-cooperation, staff-talks, training, exercise]"
DESIGN = "all: [sensitive, {any: [{form: technology}, {class: [subsystem, sensor, engine, component]}]}]"
DE_MORGAN = (
    "not: {any: [{not: sensitive}, {all: [{not: {form: technology}},"
    " {not: {class: [component, engine, sensor, subsystem]}}]}]}"
)
RESTRICTED = "when: joint_activity\n    note"
Edit = Callable[[str], str]


def put(old: str, new: str) -> Edit:
    """An edit that puts some text for another, which must be there."""

    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return edit


def _reordered(text: str) -> str:
    head, first, second, *rest = text.split("\n  - id: ")
    return "\n  - id: ".join([head, second, first, *rest])


def _split(text: str) -> str:
    start = text.index("  - id: outside-the-plan")
    rule = text[start : text.index("  - id: production-in-india")]
    parts = [
        put("when: joint_activity", f"when: {{activity: {half}}}")(rule)
        for half in ("[exercise, training]", "[staff-talks, maritime-security-cooperation]")
    ]
    parts[1] = put("id: outside-the-plan", "id: outside-the-plan-too")(parts[1])
    text = text.replace("defeats: [outside-the-plan]", "defeats: [outside-the-plan, outside-the-plan-too]")
    return text.replace(rule, "".join(parts))


EQUIVALENT: dict[str, tuple[str, Edit]] = {
    "nothing": (LINES, lambda text: text),
    "a comment": (LINES, put("define:", "# a remark\ndefine:")),
    "De Morgan": (LINES, put(DESIGN, DE_MORGAN)),
    "a definition inlined": (PLAN, put("when: joint_activity", f"when: {{activity: {ACTIVITIES}}}")),
    "a definition renamed": (LINES, put("meant_by_the_request", "covered_by_the_request")),
    "a set reordered": (PLAN, put(ACTIVITIES, BACKWARDS)),
    "a group reordered": (LINES, put("members: [CN, TR]", "members: [TR, CN]")),
    "a group renamed": (LINES, put("named_suppliers_of_pakistan", "suppliers")),
    "rules reordered": (LINES, _reordered),
    "a rule split": (PLAN, _split),
    "a validity in two stretches": (
        BANS,
        put(
            "{from: 2014-01-01, lifted: 2021-11-12}",
            "[{from: 2014-01-01, to: 2015-12-31}, {from: 2016-01-01, to: 2021-11-11}]",
        ),
    ),
}

NO_DEALINGS = "india-procurement/no-dealings-with-the-restricted-group"
OUTSIDE, WITHIN = "india-italy-cooperation/outside-the-plan", "india-italy-cooperation/cooperation-plan"
CONSENT = "india-italy-defence/consent-before-shared-designs-move-on"
EUROPE = "india-italy-defence/european-partners-respect-the-line"
LAXER, STRICTER = Relation.LAXER, Relation.STRICTER
# What begins before and ends after a validity is undetermined there, since `running` says both; what ends
# inside the longer one is not.  So to lift it later is not only stricter.
CHANGED: dict[str, tuple[str, Edit, str, Relation]] = {
    "a country taken off a list": (LINES, put(" SI, SK]", " SI]"), EUROPE, LAXER),
    "a country put on a list": (LINES, put(" SI, SK]", " SI, SK, CH]"), EUROPE, STRICTER),
    "lifted later": (BANS, put("lifted: 2021-11-12", "lifted: 2022-11-12"), NO_DEALINGS, Relation.DIFFERENT),
    "in force later": (
        BANS,
        put("{from: 2014-01-01, lifted", "{from: 2015-01-01, lifted"),
        NO_DEALINGS,
        LAXER,
    ),
    "running contracts covered": (
        BANS,
        put("begun_before: exempt", "begun_before: covered"),
        NO_DEALINGS,
        STRICTER,
    ),
    "a date test moved": (
        PLAN,
        put("within: [2026-04-01, 2027-03-31]", "within: [2026-04-01, 2027-06-30]"),
        WITHIN,
        LAXER,
    ),
    "an activity more": (
        PLAN,
        put("staff-talks, maritime", "staff-talks, co-production, maritime"),
        OUTSIDE,
        STRICTER,
    ),
    "an exception gone": (
        LINES,
        put("        - activity: return\n", "        - activity: loan\n"),
        CONSENT,
        Relation.INCOMPARABLE,
    ),
    "an exception added": (
        PLAN,
        put(RESTRICTED, "when: joint_activity\n    unless: {end_use: humanitarian}\n    note"),
        OUTSIDE,
        LAXER,
    ),
    "an interpretation asked": (
        PLAN,
        put(RESTRICTED, "when: {all: [joint_activity, {interpretation: {plan_years: fiscal}}]}\n    note"),
        OUTSIDE,
        LAXER,
    ),
    "a weighing made a prohibition": (PLAN, put("kind: weighs", "kind: prohibits"), OUTSIDE, STRICTER),
}

RESTATED = {
    "layer": (
        "layer: legal\n    strength: law\n    source: [LEO-BAN",
        "layer: political\n    strength: law\n    source: [LEO-BAN",
        "layer",
    ),
    "strength": (
        "strength: law\n    source: [LEO-BAN",
        "strength: commitment\n    source: [LEO-BAN",
        "strength",
    ),
    "words": ("until it lifted the\n", "until it had lifted the\n", "says"),
}


def against(name: str, edit: Edit, where: Path) -> Comparison:
    """A shipped policy against itself, edited."""
    new = where / name
    new.write_text(edit((folder("policies") / name).read_text(encoding="utf-8")), encoding="utf-8")
    old, edited = load_both([folder("policies") / name], [new])
    assert not errors(edited.problems), edited.problems
    return compare(old, edited)


def change_of(found: Comparison, rule: str) -> Change:
    """What is told of a rule."""
    return next(change for change in found.changes if rule in (*change.old, *change.new))


@pytest.mark.parametrize("case", EQUIVALENT)
def test_the_same_said_otherwise_is_equivalent(case: str, tmp_path: Path) -> None:
    """Nothing is told of it but that a rule was split, and that what names it now names its parts."""
    found = against(*EQUIVALENT[case], tmp_path)
    assert found.relations == {Relation.EQUIVALENT}
    told = {change.how for change in found.changes if not change.restated}
    assert told == ({How.SPLIT} if case == "a rule split" else set())


@pytest.mark.parametrize("case", CHANGED)
def test_each_change_is_found_and_shown(case: str, tmp_path: Path) -> None:
    """With a scenario of which both editions were asked."""
    name, edit, rule, expected = CHANGED[case]
    compared = change_of(against(name, edit, tmp_path), rule).compared
    assert compared.relation is expected, compared
    shown = [each for each in (compared.stricter, compared.laxer) if isinstance(each, Shown)]
    assert shown
    assert all(each.old != each.new and "transfers:" in each.witness.scenario for each in shown)


@pytest.mark.parametrize("case", RESTATED)
def test_a_change_of_words_is_told_as_restated(case: str, tmp_path: Path) -> None:
    """With what was said and what is said; no verdict changes."""
    old, new, what = RESTATED[case]
    found = against(BANS, put(old, new), tmp_path)
    change = change_of(found, NO_DEALINGS)
    assert [each.what for each in change.restated] == [what]
    assert found.relations == {Relation.EQUIVALENT}


def test_a_threshold_that_moves_by_nothing_but_its_edge_is_found(tmp_path: Path) -> None:
    """A firm held by exactly half is reached by the one and not by the other."""
    found = against(BANS, put("at_least: 50%}}]", "at_least: 50.1%}}]"), tmp_path)
    assert isinstance(change_of(found, NO_DEALINGS).compared.laxer, Shown)
