"""The second opinion: what it infers, what it compares, what it leaves alone, and what it costs."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from redline.engine import rete, rete_cases, rete_split
from redline.engine.rete_cases import AS_KNOWN, Comparison, NotJudged, Place, Planned, World, unrolled
from redline.engine.rete_gates import Tokens, fnv1a
from redline.engine.rete_process import Child
from redline.engine.rete_split import split
from redline.front import cli as command_line
from redline.rules.condition import All, Any, Condition, Every, In, Is, Not, Reading, Some
from redline.rules.finding import Conclusion
from redline.rules.opinion import Opinion, Status
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import TREES, YES_NO
from redline.rules.truth import Truth
from redline.rules.values import Terms, Test
from redline.rules.verdicts import Kind, Verdict
from tests.generate_rows import Wish, a_rule
from tests.second_opinion_cases import Batch, batch, needs_durable_rules, one

TREE = TREES["country"]
YES = Terms(YES_NO, frozenset({"yes"}))


def country(*codes: str) -> Terms:
    """One of these countries; of none, any."""
    return Terms(TREE, frozenset(codes) or None)


def party(*codes: str) -> Row:
    """A party there."""
    return Row("party", cells={"country": Cell(country(*codes))})


def parties(*rows: Row, closed: bool = True, rest: Row | None = None) -> Rows:
    """A list of parties."""
    return Rows(rows, Cell(YES if closed else Terms(YES_NO)), rest or party())


def there(*codes: str) -> Is:
    """The country is one of these."""
    return Is("country", Test(country(*codes)))


def prohibits(when: Condition, name: str = "rule") -> Batch:
    """A rule on a step of which all is unknown: by way of whom, and to whom."""
    row = Row("step", parts={"to": party()}, lists={"via": parties(closed=False)})
    return one(a_rule(name, Kind.PROHIBITS, when=when), row)


# --- what is inferred ----------------------------------------------------------------------------


def table(kind: str, parts: Sequence[str], permit: Sequence[str]) -> set[str]:
    """What is possible, by looking at every way in which the unknown may turn out."""
    ways = [{"T": (True,), "F": (False,), "U": (True, False)}[letter] for letter in (*parts, *permit)]
    found = set()
    for bound, when, unless, met, granted, about, permitted, excepted in product(*ways):
        if kind in ("permits", "flags"):
            found.add("holds" if bound and when and not unless else "fails")
        elif not bound:
            found.add("not_applicable")
        elif not when or unless or (about and permitted and not excepted):
            found.add("not_crossed")
        elif not met:
            found.add("requires_assessment" if kind == "weighs" else "crosses")
        else:
            found.add("authorised" if granted else "not_crossed")
    return found


@needs_durable_rules
@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_every_combination_of_parts_gives_the_verdicts_that_it_may(kind: str) -> None:
    """Each part true, false or unknown by itself: then Kleene logic is exact."""
    combinations = [
        (parts, permit)
        for parts in product("TFU", repeat=5)
        for permit in (("F", "T", "F"), ("T", "T", "F"), ("T", "U", "F"), ("U", "T", "U"), ("T", "T", "T"))
    ]
    cases: list[dict[str, object]] = [
        {"key": f"c{i}", "kind": kind, "parts": parts, "permits": [permit]}
        for i, (parts, permit) in enumerate(combinations)
    ]
    with Child(120) as child:
        answers = child.ask(cases)
        child.finish()
    assert [answer.verdicts for answer in answers] == [table(kind, *each) for each in combinations]


@needs_durable_rules
@pytest.mark.parametrize(
    ("tree", "verdict"),
    [
        (["all"], "T"),
        (["any"], "F"),
        (["all", "T"], "T"),
        (["any", "U"], "U"),
        (["not", "U"], "U"),
        (["not", ["all"]], "F"),
        (["all", *["T"] * 300], "T"),
        (["all", *["T"] * 300, "U"], "U"),
        (["all", *["U"] * 300, "F"], "F"),
        (["any", *["F"] * 300, "T"], "T"),
        (["any", *["U"] * 300], "U"),
        (["any", ["all", "T", "U"], ["not", ["any", "F", ["all", "T"]]]], "U"),
    ],
)
def test_trees_of_any_width_and_depth_are_judged(tree: object, verdict: str) -> None:
    """No limit of durable_rules on patterns and groups stands in the way of a rule."""
    deep = tree
    for _ in range(100):
        deep = ["all", ["any", deep]]
    with Child(30) as child:
        for each in (tree, deep):
            (answer,) = child.ask(
                [{"key": "c", "kind": "flags", "parts": [each, "T", "F", "F", "F"], "permits": []}]
            )
            assert answer.verdicts == {"T": {"holds"}, "F": {"fails"}, "U": {"holds", "fails"}}[verdict]


def test_tokens_do_not_collide() -> None:
    """Neither with each other nor with the words that the rules use."""
    assert fnv1a("") == 2166136261
    assert fnv1a("foobar") == 0xBF9CF968
    plain = Tokens(())
    assert [plain[0], plain[1]] == ["t0", "t1"]
    taken = Tokens(("t0", "t7"))
    made = [taken[i] for i in range(20_000)]
    assert not {"t0", "t7"} & set(made)
    assert len({fnv1a(token) for token in made}) == len(made)


# --- what is compared ----------------------------------------------------------------------------


@needs_durable_rules
@pytest.mark.parametrize("seed", range(100, 112))
def test_it_agrees_on_generated_rules_and_records(seed: int) -> None:
    """Much and little known, lists open and closed, with doubts, permissions, readings and allegations."""
    wish = Wish(
        unknown=(10, 50, 80)[seed % 3], open=(20, 70)[seed % 2], permits=seed % 3, perhaps=(15, 60)[seed % 2]
    )
    made = batch(seed, 8, 4, wish)
    conclusion = made.conclusion()
    opinion = made.opinion(conclusion)
    assert (opinion.status, opinion.disagreements, opinion.reason) == (Status.AGREES, (), "")
    assert opinion.judged >= sum(len(f.under) for f in conclusion.findings) + len(conclusion.effects) - 8
    assert {reason for _, reason in opinion.not_judged} <= {
        "to follow the verdict would take too many completions"
    }


SHARPER: dict[str, tuple[Condition, Verdict]] = {
    "of a field": (In("to", All((there("PK"), there("IN")))), Verdict.NOT_CROSSED),
    "either way": (In("to", Any((there("PK"), Not(there("PK"))))), Verdict.CROSSES),
    "of what a list may bring": (
        All((Some("via", there("PK")), Every("via", Not(there("PK"))))),
        Verdict.NOT_CROSSED,
    ),
    "of one element that a list may bring": (
        Some("via", All((there("PK"), there("IN")))),
        Verdict.NOT_CROSSED,
    ),
    "whatever a list brings": (
        Any((Some("via", there("PK")), Every("via", Not(there("PK"))))),
        Verdict.CROSSES,
    ),
    "of a reading": (
        All((Reading("p/one", frozenset("a")), Some("via", Reading("p/one", frozenset("b"))))),
        Verdict.NOT_CROSSED,
    ),
}


@needs_durable_rules
@pytest.mark.parametrize("name", SHARPER)
def test_it_follows_a_verdict_that_is_sharper_than_kleene_logic(name: str) -> None:
    """And does not follow another."""
    when, verdict = SHARPER[name]
    made = prohibits(when)
    conclusion = made.conclusion()
    assert [finding.verdict for finding in conclusion.findings] == [verdict]
    assert made.opinion(conclusion) == Opinion(Status.AGREES, 1)
    for other in Verdict:
        if other not in (verdict, Verdict.UNDETERMINED):
            opinion = made.opinion(_saying(conclusion, other))
            assert (opinion.status, opinion.judged, len(opinion.disagreements)) == (Status.DISAGREES, 1, 1)


@needs_durable_rules
def test_what_is_stated_once_and_seen_in_two_places_is_one_unknown() -> None:
    """One party in two parts of a step; two parties are two."""
    when = All((In("to", there("PK")), In("end_user", Not(there("PK")))))
    rule = a_rule("rule", Kind.PROHIBITS, when=when)
    for other, verdict in (("recipient", Verdict.NOT_CROSSED), ("user", Verdict.UNDETERMINED)):
        seen = {
            part: Row("party", cells={"country": Cell(country(), f"parties.{who}.country")})
            for part, who in (("to", "recipient"), ("end_user", other))
        }
        made = one(rule, Row("step", parts=seen))
        conclusion = made.conclusion()
        assert [finding.verdict for finding in conclusion.findings] == [verdict]
        assert made.opinion(conclusion) == Opinion(Status.AGREES, 1)


@needs_durable_rules
@pytest.mark.parametrize("other", [verdict for verdict in Verdict if verdict is not Verdict.CROSSES])
def test_a_verdict_that_is_not_ours_is_disputed(other: Verdict) -> None:
    """Undetermined among them: Kleene logic knows better."""
    row = Row("step", parts={"to": party("PK")})
    made = one(a_rule("rule", Kind.PROHIBITS, when=In("to", there("PK"))), row)
    opinion = made.opinion(_saying(made.conclusion(), other))
    assert len(opinion.disagreements) == 1
    (found,) = opinion.disagreements
    assert (found.rule, found.subject, found.ours, found.theirs) == (
        "p/rule",
        "step 1",
        other.value,
        "crosses",
    )


@needs_durable_rules
def test_an_allegation_may_cross_and_never_clears() -> None:
    """The two records of a subject are judged apart and put together the same way."""
    rule = a_rule("rule", Kind.PROHIBITS, when=In("to", there("PK")))
    known, unknown, other = (Row("step", parts={"to": party(*codes)}) for codes in (("PK",), (), ("IN",)))
    for stated, supported, verdict in (
        (known, unknown, Verdict.CROSSES),
        (other, unknown, Verdict.UNDETERMINED),
        (unknown, unknown, Verdict.UNDETERMINED),
    ):
        made = one(rule, stated, supported=(supported,))
        conclusion = made.conclusion()
        assert [finding.verdict for finding in conclusion.findings] == [verdict]
        assert made.opinion(conclusion) == Opinion(Status.AGREES, 1)
        wrong = made.opinion(_saying(conclusion, Verdict.NOT_CROSSED))
        assert wrong.status is Status.DISAGREES


@needs_durable_rules
def test_a_phantom_never_crosses_and_is_left_out_only_where_it_is_harmless() -> None:
    """What is left out wrongly is missed; what is harmless is said where nothing else is of the rule."""
    for when, doubtful in ((In("to", there("PK")), True), (In("to", All((there("PK"), there("IN")))), False)):
        made = prohibits(when)
        subjects = tuple(replace(subject, phantom=True) for subject in made.subjects)
        made = Batch(made.judging, subjects, subjects)
        conclusion = made.conclusion()
        expected = Verdict.UNDETERMINED if doubtful else Verdict.NOT_CROSSED
        assert [finding.verdict for finding in conclusion.findings] == [expected]
        assert made.opinion(conclusion) == Opinion(Status.AGREES, 1)
        opinion = made.opinion(Conclusion((), ()))
        assert opinion.status is (Status.DISAGREES if doubtful else Status.AGREES)


@needs_durable_rules
@pytest.mark.parametrize("change", ["left out", "twice", "of nothing", "reading left out", "rolled up wrong"])
def test_what_is_not_said_once_is_disputed(change: str) -> None:
    """A finding, an effect or a reading too few or too many."""
    batches = ((made, made.conclusion()) for made in map(batch, range(50)))
    made, right = next(each for each in batches if any(len(f.under) > 1 for f in each[1].findings))
    findings, effects = list(right.findings), list(right.effects)
    several = next(i for i, finding in enumerate(findings) if len(finding.under) > 1)
    match change:
        case "left out":
            findings.pop(next(i for i, f in enumerate(findings) if not f.subject.phantom))
            effects.pop()
        case "twice":
            findings.append(findings[0])
        case "of nothing":
            findings.append(replace(findings[0], subject=replace(findings[0].subject)))
        case "reading left out":
            findings[several] = replace(findings[several], under=findings[several].under[1:])
        case _:
            other = Verdict.AUTHORISED if findings[0].verdict is not Verdict.AUTHORISED else Verdict.CROSSES
            findings[0] = replace(findings[0], verdict=other)
    opinion = made.opinion(Conclusion(tuple(findings), tuple(effects)))
    assert opinion.status is Status.DISAGREES
    assert len(opinion.disagreements) == (2 if change == "left out" else 1)


@needs_durable_rules
def test_whether_permissions_and_red_flags_hold_is_compared() -> None:
    """Each of their truths against each other."""
    row = Row("step", parts={"to": party("PK")})
    for kind in (Kind.PERMITS, Kind.FLAGS):
        made = one(a_rule("rule", kind, when=In("to", there("PK"))), row)
        (effect,) = made.conclusion().effects
        for truth in Truth:
            opinion = made.opinion(Conclusion((), (replace(effect, holds=truth),)))
            assert (opinion.status is Status.AGREES) is (truth is Truth.TRUE)


@needs_durable_rules
def test_only_wanted_rules_are_asked_about() -> None:
    """The same that were judged."""
    made = batch(5)
    none = rete.second_opinion(
        made.judging, made.subjects, made.supported, Conclusion((), ()), lambda _: False
    )
    assert none == Opinion(Status.AGREES)
    assert made.opinion(Conclusion((), ())).status is Status.DISAGREES


def _saying(conclusion: Conclusion, verdict: Verdict) -> Conclusion:
    (finding,) = conclusion.findings
    under = tuple(replace(each, verdict=verdict) for each in finding.under[:1])
    return Conclusion((replace(finding, verdict=verdict, under=(replace(under[0], answers={}),)),), ())


# --- what is left alone --------------------------------------------------------------------------


@needs_durable_rules
def test_past_its_bounds_a_rule_is_named_and_not_agreed_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparisons, completions of one case, completions in all; and what the record does not have."""
    small = a_rule("small", Kind.PROHIBITS, when=In("to", there("PK")))
    large = a_rule("large", Kind.PROHIBITS, when=Some("via", there("PK")))
    row = Row("step", parts={"to": party()}, lists={"via": parties(*[party("IN")] * 50)})
    made = one([small, large], row)
    conclusion = made.conclusion()
    assert made.opinion(conclusion) == Opinion(Status.AGREES, 2)
    with monkeypatch.context() as patch:
        patch.setattr(rete_cases, "MOST_COMPARISONS", 40)
        assert made.opinion(conclusion) == Opinion(
            Status.AGREES, 1, (("p/large", "it makes more than 40 comparisons"),)
        )
        patch.setattr(rete_cases, "MOST_COMPARISONS", 0)
        nothing = made.opinion(conclusion)
        assert (nothing.status, nothing.judged, len(nothing.not_judged)) == (Status.FAILED, 0, 2)
    sharp = prohibits(SHARPER["either way"][0])
    for module in (rete_split, rete):
        with monkeypatch.context() as patch:
            patch.setattr(module, "MOST_COMPARISONS", -1)
            opinion = sharp.opinion(sharp.conclusion())
            assert (opinion.status, opinion.judged) == (Status.FAILED, 0)
            assert "too many completions" in opinion.not_judged[0][1]
    without = replace(made.subjects[0], row=replace(row, parts={}))
    lost = Batch(made.judging, (without,), (without,))
    findings = tuple(replace(finding, subject=without) for finding in conclusion.findings)
    assert lost.opinion(Conclusion(findings, ())) == Opinion(
        Status.AGREES, 1, (("p/small", "the record has no 'to'"),)
    )


# --- how a world is split ------------------------------------------------------------------------


def test_a_world_is_split_into_worlds_that_cover_it() -> None:
    """At a listed field by its values; inside what a list may bring, by sorts in one world."""
    field_ = Place(("to",), ("country", "country"))
    assert [w.masks for w in split(AS_KNOWN, field_, (1, 2))] == [{field_: 1}, {field_: 2}]
    inner = Place(("via", "*"), ("country", "country"))
    (told_apart,) = split(AS_KNOWN, inner, (1, 2))
    assert told_apart.further == {("via",): ("*0", "*1")}
    assert told_apart.masks == {
        Place(("via", "*0"), inner.what): 1,
        Place(("via", "*1"), inner.what): 2,
    }
    there_, gone = split(told_apart, Place(("via", "*0"), "there"), (0b01, 0b10))
    assert there_.further == told_apart.further
    assert gone.further == {("via",): ("*1",)}
    with pytest.raises(NotJudged):
        split(there_, Place(("via", "*0"), inner.what), (1, 2))


def test_what_is_inside_a_further_element_is_told_apart_there() -> None:
    """A list in what a list may bring: the outer element is what there are two sorts of."""
    nested = Place(("content", "*", "origin", "*"), "there")
    (told_apart,) = split(World({Place(("content", "*"), "x"): 4}), nested, (0b01, 0b10))
    assert told_apart.further == {("content",): ("*0", "*1"), ("content", "*1", "origin"): ()}
    assert told_apart.masks == {
        Place(("content", "*0"), "x"): 4,
        Place(("content", "*1"), "x"): 4,
        Place(("content", "*0", "origin", "*"), "there"): 0b01,
    }


def test_a_comparison_is_cut_into_what_makes_it_true_in_doubt_and_false() -> None:
    """By the classes that it may be of."""
    comparison = Comparison(Place((), "there"), 0b1111, 0b0011, 0b0110)
    assert comparison.choices == (0b0011, 0b0100, 0b1000)
    assert [replace(comparison, mask=m).truth for m in (0b11, 0b111, 0b100, 0b1000)] == list("TUUF")


def test_lists_are_unrolled_without_deciding_anything() -> None:
    """An element that may not be there, and one more that an open list may bring."""
    perhaps = replace(party("PK"), present=Cell(Terms(YES_NO)))
    row = Row("step", lists={"via": parties(party("IN"), perhaps, closed=False)})
    made = one(
        [
            a_rule("some", Kind.PROHIBITS, when=Some("via", there("PK"))),
            a_rule("every", Kind.PROHIBITS, when=Every("via", there("PK"))),
        ],
        row,
    )
    planned = Planned(made.judging.plan)
    some, every = (unrolled(planned, i, row, {}, AS_KNOWN) for i in (0, 1))
    assert some.parts[1] == ["any", "F", ["all", "U", "T"], ["all", "U", "U"]]
    assert every.parts[1] == ["all", "F", ["any", "U", "T"], ["any", "U", "U"]]
    assert len(some.comparisons) == 5


# --- what it costs -------------------------------------------------------------------------------


@needs_durable_rules
def test_twenty_five_rules_on_three_steps_take_a_moment() -> None:
    """Some 60 ms on a quiet machine; the bound is there to notice a change for the much worse."""
    made = batch(1, 25, 3, Wish(permits=1))
    conclusion = made.conclusion()
    best = 10.0
    for _ in range(3):
        started = time.perf_counter()
        assert made.opinion(conclusion).status is Status.AGREES
        best = min(best, time.perf_counter() - started)
    assert best < 1.5


@needs_durable_rules
@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the memory of a process is read from /proc"
)
def test_sessions_are_deleted() -> None:
    """200 requests in one process do not make it larger."""
    parts: list[object] = [["all", *([["any", "U", "T"]] * 10)], "U", "U", "U", "U"]
    cases: list[dict[str, object]] = [
        {"key": f"c{i}", "kind": "prohibits", "parts": parts, "permits": []} for i in range(8)
    ]
    pages = []
    with Child(120) as child:
        statm = Path(f"/proc/{child._process.pid}/statm")  # noqa: SLF001  # its memory, seen from outside
        for _ in range(200):
            child.ask(cases)
            pages.append(int(statm.read_text(encoding="ascii").split()[1]))
    assert pages[-1] - pages[20] < 500  # 2 MB; undeleted, 1,600 sessions would take hundreds


@needs_durable_rules
def test_nothing_heavy_is_imported_to_ask() -> None:
    """Beyond what judging itself imports: processes and threads."""
    import subprocess

    script = (
        "import sys, redline.engine.conclude; before = set(sys.modules); import redline.engine.rete;"
        "print(*sorted(m for m in set(sys.modules) - before if '.' not in m and not m.startswith('_')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"multiprocessing", "asyncio", "concurrent", "tempfile", "durable_rules_engine"} & set(
        done.stdout.split()
    )


@pytest.mark.parametrize("scenario", ["radar-through-a-shipyard", "relief-after-a-flood"])
def test_a_required_second_opinion_that_cannot_be_had_ends_with_3(
    scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is found: a crossing too was not to be answered without."""
    path = str(Path(__file__).parent.parent / "scenarios" / f"{scenario}.yaml")
    code = command_line.run(["check", "--no-second-opinion", "--require-second-opinion", path])
    required = capsys.readouterr().out
    assert code == 3
    assert command_line.run(["check", "--no-second-opinion", path]) in (0, 1)
    assert capsys.readouterr().out == required
