"""Further examples by the book, of other fields than access control and defeasible logic: decision tables,
filters, comparison of cloud policies, contracts, commencement of statutes, flow of what is confined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from redline.analysis.diff import compare
from redline.analysis.diff_bench import load_both
from redline.analysis.verify import flaws
from redline.engine.load import load
from redline.engine.plain import document_of
from redline.engine.run import Bench, Options, judge, prepare
from redline.rules.comparison import Relation
from redline.rules.evidence import FlawKind, Proved, Witness
from redline.rules.finding import Conclusion
from redline.rules.problems import errors
from redline.rules.verdicts import Verdict, worst

CROSSES, CLEAR, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED
OUTSIDE = Verdict.NOT_APPLICABLE
HEAD = "redline: 1\npolicy: p\ntitle: A policy\nstated_by: A state\n"


def _rule(ident: str, when: str, kind: str = "prohibits", *more: str) -> str:
    return (
        f"  - id: {ident}\n    says: A state says {ident}.\n    kind: {kind}\n    layer: legal\n"
        f"    strength: law\n    source: [a source]\n    for: each step\n    when: {when}\n"
        + "".join(f"    {line}\n" for line in more)
    )


def _text(rules: Sequence[str], head: str = "") -> str:
    return f"{HEAD}{head}rules:\n{''.join(rules)}"


def _bench(tmp_path: Path, *rules: str, head: str = "") -> Bench:
    path = tmp_path / "policy.yaml"
    path.write_text(_text(rules, head), encoding="utf-8")
    library = load([path], None)
    assert not errors(library.problems), library.problems
    return prepare(library, Options())


def _concluded(bench: Bench, scenario: dict[str, object]) -> Conclusion:
    parties = {"a": {"country": "IT"}, "b": {"country": "AE"}, "c": {"country": "PK"}}
    run = judge(bench, document_of({"scenario": "s", "parties": parties, **scenario}))
    assert run.conclusion is not None, run.problems
    return run.conclusion


def _verdict(bench: Bench, step: Mapping[str, object], as_of: str = "2026-06-01", **item: object) -> Verdict:
    transfer = {"items": ["i"], "from": "a", "to": "b", "activity": "export", **step}
    told = _concluded(bench, {"as_of": as_of, "items": {"i": item}, "transfers": [transfer]})
    return worst(finding.verdict for finding in told.findings)


def _relation(tmp_path: Path, old: Sequence[str], new: Sequence[str]) -> Relation:
    for file, rules in (("old.yaml", old), ("new.yaml", new)):
        (tmp_path / file).write_text(_text(rules), encoding="utf-8")
    return compare(*load_both([tmp_path / "old.yaml"], [tmp_path / "new.yaml"])).overall.relation


# --- decision tables -------------------------------------------------------------


def test_a_table_that_leaves_out_the_bound_has_a_gap_there(tmp_path: Path) -> None:
    """Below ten and above ten: of ten itself nothing is decided, and the scenario shown says ten."""
    scope = "decides: {when: {item.quantity: {at_least: 1}}}\n"
    few = _rule("few", "{item.quantity: {less_than: 10}}")
    bench = _bench(tmp_path, few, _rule("many", "{item.quantity: {more_than: 10}}"), head=scope)
    (flaw,) = flaws(bench, {FlawKind.GAP})
    assert isinstance(flaw.evidence, Witness)
    assert "quantity: 10" in flaw.evidence.scenario
    whole = _bench(tmp_path, few, _rule("many", "{item.quantity: {at_least: 10}}"), head=scope)
    assert not [*flaws(whole, {FlawKind.GAP})]


def test_whole_numbers_have_no_room_between_nine_and_ten(tmp_path: Path) -> None:
    """Less than ten and at most nine are one for what is counted, and not for what is measured."""
    below, up_to = (
        _rule("one", f"{{item.quantity: {{{test}}}}}") for test in ("less_than: 10", "at_most: 9")
    )
    assert _relation(tmp_path, [below], [up_to]) is Relation.EQUIVALENT
    below, up_to = (
        _rule("one", f"{{item.value: {{{test} EUR}}}}") for test in ("less_than: 10", "at_most: 9")
    )
    assert _relation(tmp_path, [below], [up_to]) is Relation.LAXER


def test_two_rows_of_a_table_that_overlap_contradict_each_other_there_alone(tmp_path: Path) -> None:
    """One row permits up to ten, another forbids from ten: the scenario shown says ten."""
    bench = _bench(
        tmp_path,
        _rule("up-to-ten", "{item.quantity: {at_most: 10}}", "permits"),
        _rule("from-ten", "{item.quantity: {at_least: 10}}"),
    )
    (flaw,) = flaws(bench, {FlawKind.CONFLICT})
    assert isinstance(flaw.evidence, Witness)
    assert "quantity: 10" in flaw.evidence.scenario
    apart = _bench(
        tmp_path,
        _rule("up-to-ten", "{item.quantity: {at_most: 10}}", "permits"),
        _rule("above", "{item.quantity: {more_than: 10}}"),
    )
    assert not [*flaws(apart, {FlawKind.CONFLICT})]


# --- filters ---------------------------------------------------------------------


def test_a_rule_that_others_cover_together_is_redundant(tmp_path: Path) -> None:
    """No single rule covers it; the two of them do, by terms."""
    bench = _bench(
        tmp_path,
        _rule("civil", "{all: [{to.country: PK}, {item.military: no}]}"),
        _rule("military", "{all: [{to.country: PK}, {item.military: yes}]}"),
        _rule(
            "radars-of-either-sort",
            "{all: [{to.country: PK}, {item.class: radar}, {item.military: [yes, no]}]}",
        ),
    )
    found = [*flaws(bench, {FlawKind.REDUNDANT})]
    assert [flaw.rules[0] for flaw in found] == ["p/radars-of-either-sort"]
    assert set(found[0].among) == {"p/civil", "p/military"}
    assert isinstance(found[0].evidence, Proved)


# --- comparison of cloud policies --------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{to.country: FR}", "{to.country: {not: [PK]}}", Relation.LAXER),
        ("{to.country: [FR, DE]}", "{all: [{to.country: [FR, DE]}, {end_use: civil}]}", Relation.STRICTER),
        ("{to.country: [FR, DE]}", "{to.country: [DE, NL]}", Relation.INCOMPARABLE),
        ("{any: [{to.country: FR}, {to.country: DE}]}", "{to.country: [DE, FR]}", Relation.EQUIVALENT),
        ("{not: {to.country: [FR, DE]}}", "{to.country: {not: [DE, FR]}}", Relation.EQUIVALENT),
    ],
)
def test_what_an_edited_permission_lets_through_is_told(
    tmp_path: Path, old: str, new: str, expected: Relation
) -> None:
    """All but one place is wider than one place; a further condition narrows; a swapped list is neither."""
    stop = _rule("stop", "{item.military: yes}")
    first, second = (_rule("pass", when, "permits", "defeats: [stop]") for when in (old, new))
    assert _relation(tmp_path, [stop, first], [stop, second]) is expected


def test_an_exception_for_one_role_changes_what_is_said_of_that_role_alone(tmp_path: Path) -> None:
    """The reviewer with a conflict of interests, and the chair whom it does not bind."""
    closed = _rule("conflicted", "{flags: declines-installation}")
    chair = _rule(
        "conflicted", "{flags: declines-installation}", "prohibits", "unless: {to.kind: government}"
    )
    (tmp_path / "old.yaml").write_text(_text([closed]), encoding="utf-8")
    (tmp_path / "new.yaml").write_text(_text([chair]), encoding="utf-8")
    found = compare(*load_both([tmp_path / "old.yaml"], [tmp_path / "new.yaml"]))
    assert found.overall.relation is Relation.LAXER
    assert [change.compared.relation for change in found.changes] == [Relation.LAXER]
    bench = _bench(tmp_path, chair)
    assert _verdict(bench, {"flags": ["declines-installation"]}) is OPEN  # who receives it may be the chair


# --- statutes and contracts ----------------------------------------------------------


def test_two_exceptions_that_hold_at_once_do_not_contradict_each_other(tmp_path: Path) -> None:
    """A base case with two exceptions: one, the other or both set it aside, and neither is superfluous."""
    bench = _bench(
        tmp_path,
        _rule("base", "{item.military: yes}"),
        _rule("returned", "{activity: return}", "permits", "defeats: [base]"),
        _rule("civil", "{end_use: civil}", "permits", "defeats: [base]"),
    )
    said = ({"activity": "return"}, {"end_use": "civil"}, {"activity": "return", "end_use": "civil"})
    other = {"activity": "export", "end_use": "military"}
    for step in said:
        assert _verdict(bench, {**other, **step}, military="yes") is CLEAR
    assert _verdict(bench, other, military="yes") is CROSSES
    wanted = {FlawKind.CONFLICT, FlawKind.DEAD, FlawKind.SHADOWED, FlawKind.IDLE_EXCEPTION}
    assert not [*flaws(bench, wanted)]


def test_an_act_binds_from_the_day_of_its_commencement(tmp_path: Path) -> None:
    """On the first and the last day, and neither on the day before nor on the day after."""
    validity = "validity: [{from: 1983-01-01, to: 1990-12-31}]"
    bench = _bench(tmp_path, _rule("act", "{item.military: yes}", "prohibits", validity))
    days = {"1982-12-31": OUTSIDE, "1983-01-01": CROSSES, "1990-12-31": CROSSES, "1991-01-01": OUTSIDE}
    for day, expected in days.items():
        assert _verdict(bench, {"date": day}, day, military="yes") is expected, day


def test_a_delivery_that_is_late_by_a_day_breaches(tmp_path: Path) -> None:
    """Within ten days of the contract, the tenth included; without a date it cannot be told."""
    late = "{days: {from: contract, to: delivery, more_than: 10 days}}"
    bench = _bench(tmp_path, _rule("in-time", late))
    for day, expected in {"2026-06-11": CLEAR, "2026-06-12": CROSSES}.items():
        assert _verdict(bench, {"contract": "2026-06-01", "delivery": day}) is expected
    assert _verdict(bench, {"contract": "2026-06-01", "delivery": "unknown"}) is OPEN
    assert (
        _relation(tmp_path, [_rule("in-time", late)], [_rule("in-time", late.replace("10 days", "9 days"))])
        is Relation.STRICTER
    )


# --- what is confined ------------------------------------------------------------------


def test_what_is_kept_from_someone_directly_comes_to_them_through_another(tmp_path: Path) -> None:
    """A rule on who sends is got round in two steps; one on what was sent before is not."""
    intent = (
        "intents:\n  - {id: confined, says: Nothing from there ends here., "
        "when: {all: [{to.country: PK}, {any: [{from.country: IT}, {some upstream: {from.country: IT}}]}]}}\n"
    )
    direct = _rule("direct", "{all: [{from.country: IT}, {to.country: PK}]}")
    (flaw,) = flaws(_bench(tmp_path, direct, head=intent), {FlawKind.LOOPHOLE})
    assert isinstance(flaw.evidence, Witness)
    assert flaw.evidence.scenario.count("items:\n      - product") == 2
    past = _rule("past", "{all: [{to.country: PK}, {some upstream: {from.country: IT}}]}")
    assert not [*flaws(_bench(tmp_path, direct, past, head=intent), {FlawKind.LOOPHOLE})]
