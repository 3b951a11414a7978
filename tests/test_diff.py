"""Two editions of policies are told apart as they should be, and what is told is shown."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from redline.analysis.diff import compare
from redline.analysis.diff_bench import load_both
from redline.front.cli import run
from redline.rules.comparison import Comparison, How, Relation, Shown
from redline.rules.evidence import Proved, Undetermined
from redline.rules.problems import errors
from tests.generate_many import policy

HEAD = """redline: 1
policy: arms
title: Arms
edition: "1"
stated_by: IT
"""
RULE = """  - id: {id}
    says: Something is asked.
    kind: {kind}
    layer: political
    strength: formal request
    source: the tests
    for: each step
"""


def rule(when: str, name: str = "rule", kind: str = "prohibits", more: str = "") -> str:
    """A rule on each step."""
    extra = f"    {more}\n" if more else ""
    return RULE.format(id=name, kind=kind) + f"    when: {when}\n" + extra


def text(*rules: str, head: str = "") -> str:
    """A policy of these rules."""
    return HEAD + head + "rules:\n" + "".join(rules)


def compared(folder: Path, old: str, new: str) -> Comparison:
    """OLD against NEW, as files."""
    for name, content in (("old.yaml", old), ("new.yaml", new)):
        (folder / name).write_text(content, encoding="utf-8")
    first, second = load_both([folder / "old.yaml"], [folder / "new.yaml"])
    assert not errors(first.problems), first.problems
    assert not errors(second.problems), second.problems
    return compare(first, second)


def relation(folder: Path, old: str, new: str) -> Relation:
    """How NEW stands to OLD, overall; its one change, if there is one, says the same."""
    found = compared(folder, old, new)
    assert {c.compared.relation for c in found.changes} <= {found.overall.relation}
    return found.overall.relation


PK = "{to.country: PK}"
TEXTBOOK = {
    "one country more is forbidden": (PK, "{to.country: [PK, CN]}", Relation.STRICTER),
    "one country less is forbidden": ("{to.country: [PK, CN]}", PK, Relation.LAXER),
    "one country stands for another": (PK, "{to.country: CN}", Relation.INCOMPARABLE),
    "a condition more": (PK, "{to.country: PK, item.military: yes}", Relation.LAXER),
    "an exception in other words": (
        "{all: [{to.country: PK}, {not: {item.military: no}}]}",
        "{not: {any: [{item.military: no}, {not: {to.country: PK}}]}}",
        Relation.EQUIVALENT,
    ),
    "what is distributed": (
        "{all: [{to.country: PK}, {any: [{item.military: yes}, {item.class: drone}]}]}",
        "{any: [{all: [{to.country: PK}, {item.military: yes}]}, {to.country: PK, item.class: drone}]}",
        Relation.EQUIVALENT,
    ),
    "what is absorbed": (
        "{any: [{to.country: PK}, {to.country: PK, item.military: yes}]}",
        PK,
        Relation.EQUIVALENT,
    ),
    "a term and one that lies under it": (
        "{item.class: [naval-platform, warship]}",
        "{item.class: naval-platform}",
        Relation.EQUIVALENT,
    ),
    "a term below": ("{item.class: naval-platform}", "{item.class: warship}", Relation.LAXER),
    "one part that is both, and two that are either": (
        "{some content: {military: yes, class: drone}}",
        "{all: [{some content: {military: yes}}, {some content: {class: drone}}]}",
        Relation.STRICTER,
    ),
    "some of a list and every": (
        "{some via: {country: PK}}",
        "{every reach: {country: PK}}",
        Relation.INCOMPARABLE,
    ),
    "the dual of a quantifier": (
        "{every via: {country: PK}}",
        "{not: {some via: {country: {not: PK}}}}",
        Relation.EQUIVALENT,
    ),
    "an amount in another unit": (
        "{item.quantity: {at_least: 3}}",
        "{item.quantity: {more_than: 2}}",
        Relation.EQUIVALENT,
    ),
    "an edge moved": ("{item.quantity: {at_least: 3}}", "{item.quantity: {more_than: 3}}", Relation.LAXER),
    "what can never be": (
        "{to.country: PK}",
        "{any: [{to.country: PK}, {all: [{item.military: yes}, {item.military: no}]}]}",
        Relation.EQUIVALENT,
    ),
}


@pytest.mark.parametrize("case", TEXTBOOK)
def test_textbook_cases_are_told_apart(case: str, tmp_path: Path) -> None:
    """Equivalent, stricter, laxer and incomparable conditions of one rule."""
    old, new, expected = TEXTBOOK[case]
    assert relation(tmp_path, text(rule(old)), text(rule(new))) is expected


RANGE = "facts:\n  item:\n    reach_of: {type: length}\n"
UNITS = {"300000 m": Relation.EQUIVALENT, "300 nmi": Relation.LAXER, "200 km": Relation.STRICTER}


@pytest.mark.parametrize("other", UNITS)
def test_units_are_compared_by_what_they_measure(other: str, tmp_path: Path) -> None:
    """Kilometres and metres are the same; nautical miles are not."""
    old, new = (text(rule(f"{{item.reach_of: {{at_least: {n}}}}}"), head=RANGE) for n in ("300 km", other))
    assert relation(tmp_path, old, new) is UNITS[other]


def test_a_permission_counts_by_what_it_defeats(tmp_path: Path) -> None:
    """A permission added makes the rule that it names laxer, and itself is told as added."""
    permit = rule("{item.military: no}", "permit", "permits", "defeats: [rule]")
    found = compared(tmp_path, text(rule(PK)), text(rule(PK), permit))
    assert {c.how: c.compared.relation for c in found.changes} == {
        How.SAME: Relation.LAXER,
        How.ADDED: Relation.LAXER,
    }
    assert found.overall.relation is Relation.LAXER


def test_red_flags_are_compared_apart(tmp_path: Path) -> None:
    """A red flag that is raised more often leaves what binds equivalent."""
    old, new = (
        text(rule(PK), rule(when, "flag", "flags", "asks: why so?"))
        for when in (PK, "{to.country: [PK, CN]}")
    )
    found = compared(tmp_path, old, new)
    assert found.overall.relation is Relation.EQUIVALENT
    assert found.flags.relation is Relation.STRICTER


def test_a_rule_that_an_older_one_covers_changes_nothing_overall(tmp_path: Path) -> None:
    """What is added and never the sole reason is told as stricter by itself, and not overall."""
    found = compared(
        tmp_path, text(rule(PK)), text(rule(PK), rule("{to.country: PK, item.military: yes}", "narrow"))
    )
    assert found.overall.relation is Relation.EQUIVALENT
    assert [c.compared.relation for c in found.changes] == [Relation.STRICTER]


def test_a_rule_added_is_told_with_a_scenario_where_it_crosses(tmp_path: Path) -> None:
    """And a rule removed likewise."""
    two, one = text(rule(PK), rule("{to.country: CN}", "other")), text(rule(PK))
    (added,) = compared(tmp_path, one, two).changes
    assert (added.how, added.compared.relation) == (How.ADDED, Relation.STRICTER)
    assert isinstance(added.compared.stricter, Shown)
    assert (added.compared.stricter.old, added.compared.stricter.new) == ("not_applicable", "crosses")
    (removed,) = compared(tmp_path, two, one).changes
    assert (removed.how, removed.compared.relation) == (How.REMOVED, Relation.LAXER)


def test_a_rule_split_is_equivalent_to_its_parts(tmp_path: Path) -> None:
    """Under a new id each, or one of them under the old; and merged again."""
    whole = text(rule("{to.country: [PK, CN]}"))
    for names in (("one", "other"), ("rule", "other")):
        parts = text(*(rule(f"{{to.country: {c}}}", n) for c, n in zip(("PK", "CN"), names, strict=True)))
        for old, new, how in ((whole, parts, How.SPLIT), (parts, whole, How.MERGED)):
            found = compared(tmp_path, old, new)
            assert [(c.how, c.compared.relation) for c in found.changes] == [(how, Relation.EQUIVALENT)]
            assert found.overall.relation is Relation.EQUIVALENT


def test_a_rule_under_another_id_is_the_same(tmp_path: Path) -> None:
    """It is told as renamed."""
    (change,) = compared(tmp_path, text(rule(PK)), text(rule(PK, "another"))).changes
    assert (change.how, change.compared.relation) == (How.RENAMED, Relation.EQUIVALENT)
    assert (change.old, change.new) == (("arms/rule",), ("arms/another",))


def test_a_policy_under_another_id_is_the_same(tmp_path: Path) -> None:
    """Where just one has no other that it could be."""
    old = text(rule("{to.country: PK, interpretation: {meant: a}}"), head=ASKED)
    found = compared(tmp_path, old, old.replace("policy: arms", "policy: weapons"))
    assert [c.compared.relation for c in found.changes] in ([], [Relation.EQUIVALENT])
    assert found.overall.relation is Relation.EQUIVALENT


ASKED = "interpretations:\n  meant:\n    question: What is meant?\n    answers: {a: this, b: that}\n"


def test_an_interpretation_that_is_added_is_found(tmp_path: Path) -> None:
    """Under one of its answers the rule crosses less."""
    old = text(rule(PK))
    new = text(rule("{to.country: PK, interpretation: {meant: a}}"), head=ASKED)
    found = compared(tmp_path, old, new)
    assert found.overall.relation is Relation.LAXER
    (change,) = found.changes
    assert isinstance(change.compared.laxer, Shown)
    assert dict(change.compared.laxer.witness.readings) == {"arms/meant": "b"}


def test_interpretations_are_compared_answer_by_answer(tmp_path: Path) -> None:
    """Where the answers have changed places, the rule says other things under each."""
    old, new = (text(rule(f"{{to.country: PK, interpretation: {{meant: {a}}}}}"), head=ASKED) for a in "ab")
    assert relation(tmp_path, old, new) is Relation.INCOMPARABLE


def test_an_open_question_in_other_words_is_the_same(tmp_path: Path) -> None:
    """What is left open stays open; a question more is a difference."""
    asked, other = (
        rule(f"{{all: [{{to.country: PK}}, {{unsettled: {q}}}]}}") for q in ("what is it?", "what is that?")
    )
    assert relation(tmp_path, text(asked), text(other)) is Relation.EQUIVALENT
    assert relation(tmp_path, text(asked), text(rule(PK))) is Relation.STRICTER


def test_words_that_only_one_edition_adds_are_known_to_both(tmp_path: Path) -> None:
    """A fact that NEW declares, and a class below a class."""
    head = "extend:\n  class: {river-boat: naval-platform}\n"
    new = text(rule("{item.class: river-boat}"), head=head)
    assert relation(tmp_path, text(rule("{item.class: naval-platform}")), new) is Relation.LAXER


def test_a_weighing_made_a_prohibition_is_stricter(tmp_path: Path) -> None:
    """What called for an assessment crosses."""
    old, new = text(rule(PK, kind="weighs")), text(rule(PK))
    (change,) = compared(tmp_path, old, new).changes
    assert change.compared.relation is Relation.STRICTER
    assert isinstance(change.compared.stricter, Shown)
    assert (change.compared.stricter.old, change.compared.stricter.new) == ("requires_assessment", "crosses")
    assert [r.what for r in change.restated] == ["kind"]


def test_dates_on_which_a_rule_is_in_force_are_compared_by_day(tmp_path: Path) -> None:
    """Stretches that touch are one; a later beginning is laxer, and nowhere stricter."""

    def dated(validity: str) -> str:
        return text(rule(PK, more=f"validity: {validity}\n    running: covered"))

    whole = dated("{from: 2026-01-01, to: 2027-12-31}")
    parts = dated("[{from: 2026-01-01, to: 2026-06-30}, {from: 2026-07-01, to: 2027-12-31}]")
    assert relation(tmp_path, whole, parts) is Relation.EQUIVALENT
    assert relation(tmp_path, whole, dated("{from: 2026-02-01, to: 2027-12-31}")) is Relation.LAXER
    assert relation(tmp_path, whole, dated("{from: 2026-01-01, to: 2028-12-31}")) is Relation.STRICTER


def test_every_direction_is_shown_proved_or_told_as_open(tmp_path: Path) -> None:
    """There is no third way for a direction to come out."""
    found = compared(tmp_path, text(rule(PK)), text(rule("{to.country: [PK, CN]}")))
    each = [
        e
        for c in (found.overall, found.flags, *(c.compared for c in found.changes))
        for e in (c.stricter, c.laxer)
    ]
    assert all(isinstance(e, Shown | Proved | Undetermined) for e in each)


def test_each_edit_among_many_rules_is_shown(tmp_path: Path) -> None:
    """Nothing else is told, and each of the edited rules has a scenario in both directions."""
    found = compared(tmp_path, policy(300, 0), policy(300, 0, 3))
    assert [change.old for change in found.changes] == [(f"many/rule-{n}",) for n in (99, 199, 299)]
    assert {change.compared.relation for change in found.changes} == {Relation.INCOMPARABLE}


def test_witnesses_in_a_folder_are_scenarios_that_check_runs(tmp_path: Path) -> None:
    """And `check` says of each what was told of it."""
    old, new = text(rule(PK)), text(rule("{to.country: [PK, CN]}"))
    compared(tmp_path, old, new)
    folder = tmp_path / "witnesses"
    editions = [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]
    assert run(["-q", "diff", *editions, "--witnesses", str(folder)]) == 1
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["arms-rule-stricter.yaml", "overall-stricter.yaml"]
    for file in files:
        judged = ["-q", "check", str(file), "--no-second-opinion", "--policy"]
        crosses = [run([*judged, edition]) == 1 for edition in editions]
        assert crosses == [False, True]


def test_what_is_not_determined_has_a_code_of_its_own(tmp_path: Path) -> None:
    """The reach of a step always holds the recipient, which the proof does not know."""
    texts = (
        text(rule("{every reach: {country: PK}}")),
        text(rule("{all: [{every reach: {country: PK}}, {some reach: {country: PK}}]}")),
    )
    assert compared(tmp_path, *texts).overall.relation is Relation.UNDETERMINED
    assert run(["-q", "diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]) == 3


def test_verdicts_that_do_not_bind_are_not_told_apart(tmp_path: Path) -> None:
    """What was outside the scope is now not crossed; neither binds."""
    old = text(rule("{item.military: yes}", more="scope: {to.country: PK}"))
    assert relation(tmp_path, old, text(rule("{item.military: yes, to.country: PK}"))) is Relation.EQUIVALENT


def test_what_is_asked_of_silence_is_compared(tmp_path: Path) -> None:
    """A rule that counts what nothing is said of is stricter than one that does not."""
    old, new = (text(rule(f"{{to.country: PK, item.sensitivity: {s}}}")) for s in ("sensitive", "unstated"))
    either = text(
        rule(
            "{all: [{to.country: PK}, {any: [{item.sensitivity: sensitive}, {item.sensitivity: unstated}]}]}"
        )
    )
    assert relation(tmp_path, old, either) is Relation.STRICTER
    assert relation(tmp_path, new, either) is Relation.STRICTER


THRESHOLDS = {
    "owned by half, then by a quarter": (
        *(f"{{some reach: {{owned: {{by: {{country: PK}}, at_least: {n}%}}}}}}" for n in (50, 25)),
        Relation.STRICTER,
    ),
    "owned by a quarter, then by half": (
        *(f"{{to: {{owned: {{by: {{country: PK}}, at_least: {n}%}}}}}}" for n in (25, 50)),
        Relation.LAXER,
    ),
    "not owned by half, then by a quarter": (
        *(f"{{not: {{to: {{owned: {{by: {{country: PK}}, at_least: {n}%}}}}}}}}" for n in (50, 25)),
        Relation.LAXER,
    ),
    "a share of half, then of a quarter": (
        *(f"{{content_share: {{of: {{military: yes}}, more_than: {n}%}}}}" for n in (50, 25)),
        Relation.STRICTER,
    ),
    "a licence, then any grant": ("{paper: licence}", "{paper: grant}", Relation.STRICTER),
    "from one issuer, then from any": (
        "{paper: {kind: licence, issuer: IT}}",
        "{paper: licence}",
        Relation.STRICTER,
    ),
    "owned by another": (
        *(f"{{to: {{owned: {{by: {{country: {c}}}, at_least: 50%}}}}}}" for c in ("PK", "CN")),
        Relation.INCOMPARABLE,
    ),
}


@pytest.mark.parametrize("case", THRESHOLDS)
def test_questions_whose_bounds_are_ordered_are_proved_to_be_stricter_or_laxer(
    case: str, tmp_path: Path
) -> None:
    """One direction has a scenario, the other a proof."""
    old, new, expected = THRESHOLDS[case]
    assert relation(tmp_path, text(rule(old)), text(rule(new))) is expected


def test_a_paper_of_a_narrower_kind_that_is_required_is_stricter(tmp_path: Path) -> None:
    """A licence is a grant; a grant need be none."""
    old, new = (
        text(rule(PK, kind="requires", more=f"requires: {{paper: {kind}}}")) for kind in ("grant", "licence")
    )
    assert relation(tmp_path, old, new) is Relation.STRICTER


def test_a_rule_that_asks_two_such_questions_is_not_proved_by_what_holds_between_them(tmp_path: Path) -> None:
    """Where it is in doubt who owns how much, it takes them for independent: so the proof may not."""
    owned = [f"{{to: {{owned: {{by: {{country: PK}}, at_least: {n}%}}}}}}" for n in (50, 25)]
    both, one = f"{{all: [{owned[0]}, {owned[1]}]}}", owned[0]
    found = compared(tmp_path, text(rule(both)), text(rule(one)))
    assert not isinstance(found.overall.stricter, Proved)


def test_words_that_the_editions_declare_otherwise_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fact that is a length in OLD and an amount of money in NEW is no fact to compare."""
    head = "facts:\n  item:\n    reach_of: {{type: {}}}\n"
    for name, kind, bound in (("old", "length", "300 km"), ("new", "money", "300 EUR")):
        made = text(rule(f"{{item.reach_of: {{at_least: {bound}}}}}"), head=head.format(kind))
        (tmp_path / f"{name}.yaml").write_text(made, encoding="utf-8")
    assert run(["diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]) == 2
    told = capsys.readouterr()
    assert "reach_of" in told.out + told.err


def test_a_folder_for_witnesses_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here because a file has its name; nothing else is told."""
    compared(tmp_path, text(rule(PK)), text(rule("{to.country: [PK, CN]}")))
    editions = [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]
    (tmp_path / "taken").write_text("", encoding="utf-8")
    for folder in (tmp_path / "taken", tmp_path / "taken" / "below"):
        assert run(["diff", *editions, "--witnesses", str(folder)]) == 2
        told = capsys.readouterr()
        assert "cannot be written" in told.err
        assert not told.out


@pytest.mark.parametrize("place", [0, 1], ids=["OLD", "NEW"])
def test_an_edition_may_come_from_standard_input(
    place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Either of them, and not both."""
    texts = [text(rule(PK)), text(rule("{to.country: [PK, CN]}"))]
    (tmp_path / "other.yaml").write_text(texts[1 - place], encoding="utf-8")
    paths = [str(tmp_path / "other.yaml")] * 2
    paths[place] = "-"
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(texts[place].encode()), encoding="utf-8"))
    assert run(["diff", *paths, "--format", "json"]) == 1
    assert '"relation": "stricter"' in capsys.readouterr().out
    assert run(["diff", "-", "-"]) == 2
