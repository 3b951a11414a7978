"""Examples that the literature and other engines are known by, told as policies: what `check`, `verify` and
`diff` say of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from redline.analysis.diff import compare
from redline.analysis.diff_bench import load_both
from redline.analysis.verify import flaws
from redline.engine.conflicts import conflicts
from redline.engine.load import load
from redline.engine.plain import document_of
from redline.engine.reference import name
from redline.engine.run import Bench, Options, Run, judge, prepare
from redline.rules.comparison import Relation
from redline.rules.evidence import FlawKind, Proved, Witness
from redline.rules.problems import errors
from redline.rules.verdicts import Verdict, worst

HEAD = "redline: 1\npolicy: p\ntitle: A policy\nstated_by: A state\nrules:\n"
CROSSES, CLEAR, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED
FOUND = frozenset(FlawKind) - {FlawKind.IDLE_INTERPRETATION, FlawKind.LOOPHOLE}


def _rule(ident: str, when: str, kind: str = "prohibits", more: str = "") -> str:
    extra = f"    {more}\n" if more else ""
    return (
        f"  - id: {ident}\n    says: A state says {ident}.\n    kind: {kind}\n    layer: political\n"
        f"    strength: concern\n    source: [a source]\n    for: each step\n    when: {when}\n{extra}"
    )


def _bench(tmp_path: Path, *rules: str) -> Bench:
    path = tmp_path / "policy.yaml"
    path.write_text(HEAD + "".join(rules), encoding="utf-8")
    library = load([path], None)
    assert not errors(library.problems), library.problems
    return prepare(library, Options())


def _run(bench: Bench, *steps: Mapping[str, object], item: Mapping[str, object] | None = None) -> Run:
    transfers = [{"items": ["i"], "from": "a", "to": "b", **step} for step in steps]
    things = {"parties": {"a": {}, "b": {}}, "items": {"i": item or {}}, "transfers": transfers}
    return judge(bench, document_of({"scenario": "s", "as_of": "2026-06-01", **things}))


def _verdict(bench: Bench, step: Mapping[str, object] | None = None, **item: str) -> Verdict:
    run = _run(bench, step or {}, item=item)
    assert run.conclusion is not None
    return worst(f.verdict for f in run.conclusion.findings)


def _flaws(bench: Bench) -> set[tuple[FlawKind, str]]:
    return {(flaw.kind, flaw.rules[0].partition("/")[2]) for flaw in flaws(bench, FOUND)}


def _relation(tmp_path: Path, old: tuple[str, ...], new: tuple[str, ...]) -> Relation:
    for file, rules in (("old.yaml", old), ("new.yaml", new)):
        (tmp_path / file).write_text(HEAD + "".join(rules), encoding="utf-8")
    return compare(*load_both([tmp_path / "old.yaml"], [tmp_path / "new.yaml"])).overall.relation


# --- defeasible logic ----------------------------------------------------------


def test_tweety_is_a_bird_and_flies_until_it_is_known_for_a_penguin(tmp_path: Path) -> None:
    """What is so of the kind gives way to what is so of the finer kind that names it."""
    aircraft = _rule("aircraft", "{item.class: aircraft}")
    helicopters = _rule("helicopters", "{item.class: helicopter}", "permits", "defeats: [aircraft]")
    bench = _bench(tmp_path, aircraft, helicopters)
    assert _verdict(bench, None, **{"class": "trainer-aircraft"}) is CROSSES
    assert _verdict(bench, None, **{"class": "helicopter"}) is CLEAR
    assert _verdict(bench, None, **{"class": "aircraft"}) is OPEN  # it may be one
    assert _flaws(bench) == set()
    assert _relation(tmp_path, (aircraft,), (aircraft, helicopters)) is Relation.LAXER


def test_nixon_is_both_and_neither_goes_before_the_other(tmp_path: Path) -> None:
    """Of one stater that is a conflict, and it changes no verdict."""
    bench = _bench(
        tmp_path, _rule("quaker", "{end_use: civil}", "permits"), _rule("republican", "{to.country: PK}")
    )
    step = {"end_use": "civil", "to": "pk"}
    transfers = [{"items": ["i"], "from": "a", **step}]
    things = {"parties": {"a": {}, "pk": {"country": "PK"}}, "items": {"i": {}}, "transfers": transfers}
    run = judge(bench, document_of({"scenario": "s", "as_of": "2026-06-01", **things}))
    assert run.conclusion is not None
    assert worst(f.verdict for f in run.conclusion.findings) is CROSSES
    assert [(name(c.permission.rule), name(c.against.rule)) for c in conflicts(run.conclusion)] == [
        ("p/quaker", "p/republican")
    ]
    (flaw,) = flaws(bench, FOUND)
    assert (flaw.kind, flaw.rules) == (FlawKind.CONFLICT, ("p/quaker", "p/republican"))
    assert isinstance(flaw.evidence, Witness)


# --- exceptions ----------------------------------------------------------------


def test_an_exception_to_an_exception_brings_the_rule_back(tmp_path: Path) -> None:
    """A base case, an exception, and what that exception does not reach."""
    unless = "unless: {all: [{activity: return}, {not: {item.military: yes}}]}"
    bench = _bench(tmp_path, _rule("one", "{end_use: [civil, military]}", more=unless))
    assert _verdict(bench, {"activity": "brokering", "end_use": "civil"}) is CROSSES
    assert _verdict(bench, {"activity": "return", "end_use": "civil"}, military="no") is CLEAR
    assert _verdict(bench, {"activity": "return", "end_use": "civil"}, military="yes") is CROSSES
    assert _verdict(bench, {"activity": "return", "end_use": "civil"}) is OPEN
    assert _flaws(bench) == set()
    plain = (_rule("one", "{end_use: [civil, military]}", more="unless: {activity: return}"),)
    back = (_rule("one", "{end_use: [civil, military]}", more=unless),)
    assert _relation(tmp_path, plain, back) is Relation.STRICTER


def test_a_permit_defeats_one_subject_and_not_another(tmp_path: Path) -> None:
    """Of two steps, the one that it holds of."""
    bench = _bench(
        tmp_path,
        _rule("one", "{end_use: military}"),
        _rule("two", "{activity: return}", "permits", "defeats: [one]"),
    )
    first = {"end_use": "military", "activity": "export"}
    second = {"end_use": "military", "activity": "return", "from": "b", "to": "a"}
    run = _run(bench, first, second)
    assert run.conclusion is not None
    assert [f.verdict for f in run.conclusion.findings] == [CROSSES, CLEAR]


# --- combining -----------------------------------------------------------------


def test_what_is_forbidden_is_so_whatever_permits_it_without_naming_it(tmp_path: Path) -> None:
    """A deny overrides, in whichever order the rules stand."""
    deny, permit = _rule("deny", "{end_use: wmd}"), _rule("permit", "{activity: export}", "permits")
    for rules in ((deny, permit), (permit, deny)):
        assert _verdict(_bench(tmp_path, *rules), {"end_use": "wmd", "activity": "export"}) is CROSSES
    assert _relation(tmp_path, (deny, permit), (permit, deny)) is Relation.EQUIVALENT


def test_an_attribute_that_is_missing_is_indeterminate(tmp_path: Path) -> None:
    """Never not applicable, and never a clearance; where another rule crosses, that decides."""
    bench = _bench(tmp_path, _rule("one", "{end_use: wmd}"), _rule("two", "{item.military: yes}"))
    assert _verdict(bench) is OPEN
    assert _verdict(bench, military="yes") is CROSSES
    assert _verdict(bench, {"end_use": "civil"}, military="no") is CLEAR


def test_a_term_covers_what_lies_under_it(tmp_path: Path) -> None:
    """A prohibition of a wider action is one of the narrower, and leaves that nothing of its own."""
    bench = _bench(tmp_path, _rule("wide", "{activity: movement}"), _rule("fine", "{activity: retransfer}"))
    assert _verdict(bench, {"activity": "retransfer"}) is CROSSES
    assert _flaws(bench) == {(FlawKind.REDUNDANT, "fine")}


def test_a_duty_that_is_not_done_is_a_violation(tmp_path: Path) -> None:
    """A licence that is held fulfils it, one that is refused does not, and of one that nobody speaks of it
    cannot be told."""
    asked = "requires: {paper: {kind: licence}}"
    bench = _bench(tmp_path, _rule("one", "{end_use: military}", "requires", asked))
    for state, expected in (("held", Verdict.AUTHORISED), ("refused", CROSSES), (None, OPEN)):
        step: dict[str, object] = {"items": ["i"], "from": "a", "to": "b", "end_use": "military"}
        data: dict[str, object] = {"scenario": "s", "as_of": "2026-06-01", "parties": {"a": {}, "b": {}}}
        data["items"] = {"i": {}}
        if state is not None:
            paper: dict[str, object] = {
                "kind": "licence",
                "state": state,
                "from": "2020-01-01",
                "to": "2030-01-01",
            }
            data["papers"] = {"l": {**paper, "covers": {"items": ["i"]}}}
            step |= {"papers": {"known": ["l"], "more": "none"}}
        run = judge(bench, document_of({**data, "transfers": [step]}))
        assert run.conclusion is not None, run.problems
        assert worst(f.verdict for f in run.conclusion.findings) is expected
    assert _flaws(bench) == set()


# --- what analysers of rules look for ------------------------------------------


def test_a_rule_that_a_wider_one_goes_before_is_shadowed(tmp_path: Path) -> None:
    """A filter that never sees what it would stop."""
    bench = _bench(
        tmp_path,
        _rule("stop", "{all: [{to.country: PK}, {item.class: radar}]}"),
        _rule("pass", "{to.country: [PK, IR]}", "permits", "defeats: [stop]"),
    )
    assert _flaws(bench) == {(FlawKind.SHADOWED, "stop")}


def test_a_rule_that_says_what_others_say_is_redundant(tmp_path: Path) -> None:
    """Without it nothing changes, and a comparison says so too."""
    wide, fine = _rule("wide", "{to.country: [PK, IR]}"), _rule("fine", "{to.country: PK}")
    assert _flaws(_bench(tmp_path, wide, fine)) == {(FlawKind.REDUNDANT, "fine")}
    assert _relation(tmp_path, (wide, fine), (wide,)) in (Relation.EQUIVALENT, Relation.LAXER)


def test_rules_that_overlap_in_part_are_correlated(tmp_path: Path) -> None:
    """They conflict where both hold, and nowhere else: the scenario shown says both."""
    bench = _bench(
        tmp_path,
        _rule("stop", "{to.country: PK}"),
        _rule("pass", "{item.class: radar}", "permits"),
        _rule("apart", "{all: [{to.country: IR}, {item.class: sonar}]}"),
    )
    (flaw,) = flaws(bench, FOUND)
    assert (flaw.rules, flaw.among) == (("p/pass", "p/stop"), ())
    assert isinstance(flaw.evidence, Witness)
    assert "country: PK" in flaw.evidence.scenario
    assert "class: radar" in flaw.evidence.scenario


def test_a_narrower_permission_that_names_the_wider_rule_is_no_flaw(tmp_path: Path) -> None:
    """It generalises: that is how exceptions are written."""
    stop = _rule("stop", "{to.country: PK}")
    through = _rule("pass", "{all: [{to.country: PK}, {activity: return}]}", "permits", "defeats: [stop]")
    assert _flaws(_bench(tmp_path, stop, through)) == set()
    assert _relation(tmp_path, (stop, through), (stop,)) is Relation.STRICTER


def test_a_condition_that_is_never_so_matches_nothing(tmp_path: Path) -> None:
    """It is proved so, of terms that may be one another too."""
    bench = _bench(tmp_path, _rule("one", "{all: [{activity: export}, {activity: {not: export}}]}"))
    (flaw,) = flaws(bench, FOUND)
    assert flaw.kind is FlawKind.DEAD
    assert isinstance(flaw.evidence, Proved)


def test_an_exception_and_its_opposite_as_a_condition_are_one(tmp_path: Path) -> None:
    """What was refactored compares as equivalent; a wider condition as stricter."""
    one = (_rule("one", "{to.country: PK}", more="unless: {activity: return}"),)
    same = (_rule("one", "{all: [{to.country: PK}, {not: {activity: return}}]}"),)
    wider = (_rule("one", "{to.country: [PK, IR]}", more="unless: {activity: return}"),)
    assert _relation(tmp_path, one, same) is Relation.EQUIVALENT
    assert _relation(tmp_path, one, wider) is Relation.STRICTER
    assert _relation(tmp_path, wider, one) is Relation.LAXER
