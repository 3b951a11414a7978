"""What decides an example: derived by hand on a small policy, and held to brute force on generated rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import settings

from redline.analysis.decided import Asking, _Subject, asking, decided
from redline.analysis.examples import examples_run
from redline.analysis.untested import Coverage, impossible
from redline.engine.derive import Derived
from redline.engine.ground import Memo
from redline.engine.leaves import Leaf
from redline.engine.load import Library, load
from redline.engine.plan import plan
from redline.engine.read import read_text
from redline.engine.run import Bench, Options, Run, prepare
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Every,
    In,
    Named,
    Not,
    Some,
)
from redline.rules.policy import Rule
from redline.rules.record import Subject
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.verdicts import Verdict, settle
from tests.brute_force import Table, TooMany, complete
from tests.generate_rows import Situation, Wish, seeded

CASES = 5 * settings().max_examples
SMALL = Wish(unknown=35, open=30, depth=1, atoms=4, perhaps=0)

POLICY = """\
redline: 1
policy: by-hand
title: a policy by hand
stated_by: XX
interpretations:
  near: {question: What is near?, answers: {yes: next door, no: anywhere}}
rules:
  - id: rule
    says: Nothing of ours goes to Pakistan or, read widely, to China.
    kind: prohibits
    layer: political
    strength: concern
    source: [{text: by hand}]
    for: each step
    validity: [{state: unknown}, {from: 2026-01-01}]
    scope: {from.country: IT}
    when:
      any:
        - to.country: PK
        - all: [{interpretation: {near: no}}, {to.country: CN}]
    unless: {end_use: humanitarian}
    examples:
      - {crosses: sale}
EXAMPLES
---
redline: 1
scenario: sale
as_of: 2026-06-01
assume: [recipient_is_end_user, used_where_received, no_agreements, no_other_papers]
parties:
  maker: {country: IT, kind: company}
  buyer: {country: PK, kind: armed-forces}
transfers:
  - {activity: export, items: none, from: maker, to: buyer, end_use: military,
    date: 2026-09-01}
"""


def _loaded(tmp_path: Path, *examples: str) -> Library:
    file = tmp_path / "policy.yaml"
    written = "\n".join(f"      - {each}" for each in examples)
    file.write_text(POLICY.replace("EXAMPLES\n", written + "\n" if written else ""), encoding="utf-8")
    library = load([file])
    assert not library.problems
    return library


def _covered(library: Library) -> Coverage:
    coverage = Coverage(library)
    for ran in examples_run(library):
        assert ran.tried.passed, ran.tried
        coverage.add(ran)
    return coverage


def _decided(coverage: Coverage) -> set[str]:
    (standing,) = coverage.standings.values()
    return {
        f"{leaf.words} {truth}" for leaf, truth in standing.wanted if (leaf, truth) not in standing.missing
    }


FRENCH = "{parties.maker.country: FR}"
EGYPT, CHINA = "{parties.buyer.country: EG}", "{parties.buyer.country: CN}"
FIRST = {"validity: in force T", "from.country: IT T", "to.country: PK T", "end_use: humanitarian F"}


def test_a_crossing_is_decided_by_what_it_needs_and_by_nothing_else(tmp_path: Path) -> None:
    """Each conjunct as true and the exception as false; nothing of the other way round to a crossing."""
    assert _decided(_covered(_loaded(tmp_path))) == FIRST


def test_what_is_masked_does_not_decide(tmp_path: Path) -> None:
    """Out of scope nothing else decides; a leaf beside a false one decides only where that is true."""
    masked = _loaded(tmp_path, "{not_applicable: sale, with: {parties.maker.country: FR}}")
    assert _decided(_covered(masked)) == FIRST | {"from.country: IT F"}
    to_egypt = _loaded(
        tmp_path, "{not_crossed: sale, with: {parties.buyer.country: EG}, reading: {near: no}}"
    )
    assert _decided(_covered(to_egypt)) == FIRST | {"to.country: PK F", "to.country: CN F"}
    to_china = _loaded(
        tmp_path, "{not_crossed: sale, with: {parties.buyer.country: CN}, reading: {near: yes}}"
    )
    assert _decided(_covered(to_china)) == FIRST | {"to.country: PK F", "interpretation near: no F"}


def test_what_an_undetermined_verdict_hangs_on_decides_as_unknown(tmp_path: Path) -> None:
    """And what is known decides too where another value of it would settle the matter."""
    unknown = _loaded(tmp_path, "{undetermined: sale, with: {parties.maker.country: unknown}}")
    assert _decided(_covered(unknown)) == FIRST | {"from.country: IT U"}
    early = _loaded(tmp_path, "{undetermined: sale, with: {transfers.1.date: 2025-12-31}}")
    assert _decided(_covered(early)) == FIRST | {"validity: in force U"}


def test_only_what_can_be_is_asked_for(tmp_path: Path) -> None:
    """A rule whose days are all open or in force is never out of force; an answer is never unknown."""
    coverage = _covered(_loaded(tmp_path))
    (standing,) = coverage.standings.values()
    assert [words for _, _, words in impossible([standing])] == [
        "cannot be decided: `validity: in force` of `rule` is never false"
    ]
    demanded = {leaf.words: leaf.demanded for leaf in standing.leaves}
    assert demanded["interpretation near: no"] == (TRUE, FALSE)
    assert demanded["validity: in force"] == (TRUE, UNKNOWN)
    assert demanded["to.country: PK"] == (TRUE, FALSE, UNKNOWN)


def test_every_leaf_has_the_place_where_it_is_written(tmp_path: Path) -> None:
    """Line and column of the key, or of the stretch of a validity."""
    library = _loaded(tmp_path)
    (standing,) = _covered(library).standings.values()
    for leaf in standing.leaves:
        line = library.texts[leaf.span.document][leaf.span.line - 1][leaf.span.column - 1 :]
        key = leaf.words.partition(":")[0].partition(" ")[0]
        assert line.startswith(("{state", key)), (leaf, line)


def test_an_example_that_nobody_confirmed_does_not_count(tmp_path: Path) -> None:
    """What it alone decides waits for it; an example that fails decides nothing."""
    library = _loaded(
        tmp_path, "{not_applicable: sale, with: {parties.maker.country: FR}, unconfirmed: true}"
    )
    coverage = _covered(library)
    (standing,) = coverage.standings.values()
    assert {f"{leaf.words} {truth}" for leaf, truth in standing.waiting} == {"from.country: IT F"}
    assert _decided(coverage) == FIRST
    wrong = _loaded(tmp_path, "{crosses: sale, with: {parties.maker.country: FR}}")
    coverage = Coverage(wrong)
    for ran in examples_run(wrong):
        coverage.add(ran)
    assert _decided(coverage) == FIRST


# --- held to brute force ---------------------------------------------------------------------------


def _bench(s: Situation) -> Bench:
    bench = prepare(load([]), Options())
    return replace(bench, policies=(s.policy,), plan=plan((s.policy,)), readings=s.readings)


def _run(s: Situation) -> Run:
    (document,) = read_text(b"redline: 1\n", "x")[0]
    derived = Derived((Subject("step", "1", s.row),))
    return Run(document, (), None, derived, derived)


def _truths(asked: Asking, s: Situation) -> dict[Leaf, set[Truth]]:
    subject = Subject("step", "1", s.row)
    found: dict[Leaf, set[Truth]] = {}
    for leaf, truth in _Subject(asked, subject, subject, Memo(asked.plan, asked.readings)).truths:
        found.setdefault(leaf, set()).add(truth)
    return found


def _taken(condition: Condition | None, leaf: Leaf, so: bool) -> Condition | None:
    """The condition with the leaf written out as what is always, or never, so."""

    def inside(part: Condition) -> Condition:
        found = _taken(part, leaf, so)
        assert found is not None
        return found

    match condition:
        case All(parts):
            return All(tuple(inside(part) for part in parts))
        case Any(parts):
            return Any(tuple(inside(part) for part in parts))
        case Not(part):
            return Not(inside(part))
        case Named(name, part):
            return Named(name, inside(part))
        case In(name, part):
            return In(name, inside(part))
        case Some(name, part):
            return Some(name, inside(part))
        case Every(name, part):
            return Every(name, inside(part))
        case _:
            constant: Condition = All(()) if so else Any(())
            return constant if condition is not None and condition == leaf.asks else condition


def _rewritten(s: Situation, leaf: Leaf, so: bool) -> Situation:
    def with_leaf(rule: Rule) -> Rule:
        if leaf.part == "permission":
            if f"{rule.policy}/{rule.id}" != leaf.asks:
                return rule
            always: Condition = All(()) if so else Any(())
            return replace(rule, validity=(), scope=always, when=None, unless=None)
        if rule.id != s.rule.id:
            return rule
        if leaf.part == "validity":
            scope = rule.scope if so else Any(())
            return replace(rule, validity=(), scope=scope)
        return replace(
            rule,
            scope=_taken(rule.scope, leaf, so),
            when=_taken(rule.when, leaf, so),
            unless=_taken(rule.unless, leaf, so),
            requires=_taken(rule.requires, leaf, so),
        )

    return replace(s, policy=replace(s.policy, rules=tuple(with_leaf(rule) for rule in s.policy.rules)))


def _verdict(table: Table) -> Verdict:
    return settle(table.possible)


def test_a_leaf_decides_just_where_taking_it_for_another_truth_changes_the_verdict() -> None:
    """The rule rewritten with the leaf written out as true or false, and judged by every completion: so
    where the leaf has one truth on all rows.  Both answers come often enough to mean something."""
    yes = no = 0
    for seed in range(CASES):
        s = seeded(seed, SMALL)
        try:
            before = _verdict(complete(s))
        except TooMany:
            continue
        asked = asking(_bench(s), s.rule)
        wanted = {(leaf, truth) for leaf in asked.leaves for truth in (TRUE, FALSE, UNKNOWN)}
        found = decided(asked, _run(s), wanted)
        for leaf, truths in _truths(asked, s).items():
            if len(truths) != 1 or "paper: " in leaf.words:  # written out, no grant would be left of it
                continue
            (truth,) = truths
            others = {TRUE: (False,), FALSE: (True,), UNKNOWN: (True, False)}[truth]
            try:
                after = [_verdict(complete(_rewritten(s, leaf, so))) for so in others]
            except TooMany:
                continue
            changes = any(verdict is not before for verdict in after)
            changes = changes and (truth is not UNKNOWN or before is Verdict.UNDETERMINED)
            assert ((leaf, truth) in found) is changes, (seed, leaf, truth, s)
            yes, no = yes + changes, no + (not changes)
    assert yes > 100
    assert no > 100
