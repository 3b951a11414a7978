"""Faults seeded in our evaluator, one at a time: the second opinion alone must notice each of them.

A fault counts only if it changes what we say of the batch.  Then some disagreement must be told, and
every verdict that it made certain and wrong must be among what is disputed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from redline.engine import case, ground, kleene, memo, reference, sharpen
from redline.engine import conclude as concluding
from redline.engine.case import Case
from redline.engine.formula import Ground, value_of
from redline.engine.ground import ground_entry
from redline.engine.kleene import Kleene
from redline.engine.plan import (
    EVERYTHING,
    NOTHING,
    Entry,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    Plan,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
    opposite,
)
from redline.rules.condition import Every, InForce, Is, Not, Some
from redline.rules.finding import Conclusion
from redline.rules.opinion import Status
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import TREES, YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, negation
from redline.rules.values import Terms, Test
from redline.rules.verdicts import Kind, Verdict
from tests.generate_rows import Wish, a_rule
from tests.second_opinion_cases import Batch, batch, needs_durable_rules, one

pytestmark = needs_durable_rules
Fault = Callable[[pytest.MonkeyPatch], None]
FAULTS: dict[str, Fault] = {}
SEEDS = range(40)
DOUBT = -1


def fault(name: str) -> Callable[[Fault], Fault]:
    """Register a fault under what it does."""

    def register(seeded: Fault) -> Fault:
        FAULTS[name] = seeded
        return seeded

    return register


# --- where faults are seeded ---------------------------------------------------------------------


def in_formulas(change: Callable[[Formula, Row], tuple[Formula, Row]]) -> Fault:
    """A fault in how a formula is unrolled over a row."""

    def seed(patch: pytest.MonkeyPatch) -> None:
        right = ground._Grounding.formula  # noqa: SLF001  # a fault is seeded inside

        def wrong(self: object, part: Formula, row: Row, *rest: object) -> object:
            return right(self, *change(part, row), *rest)  # type: ignore[arg-type]  # passed on as they came

        patch.setattr(ground._Grounding, "formula", wrong)  # noqa: SLF001  # as above
        truth = Kleene.truth
        patch.setattr(Kleene, "truth", lambda self, part, row: truth(self, *change(part, row)))

    return seed


def in_lists(change: Callable[[Rows], Rows]) -> Fault:
    """A fault in what is seen of a list."""

    def seen(part: Formula, row: Row) -> tuple[Formula, Row]:
        if isinstance(part, PSome | PEvery):
            row = replace(row, lists={**row.lists, part.list: change(row.lists[part.list])})
        return part, row

    return in_formulas(seen)


def in_opposites(change: Callable[[Formula, Formula], Formula]) -> Fault:
    """A fault in negation: of a formula and its right opposite, the wrong one."""

    def seed(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(memo, "opposite", lambda formula, domains: change(formula, opposite(formula, domains)))

    return seed


def in_entries(change: Callable[[Entry], Entry]) -> Fault:
    """A fault in how the parts of rules and permissions are put together."""

    def seed(patch: pytest.MonkeyPatch) -> None:
        def changed(plan: Plan) -> Plan:
            return replace(plan, entries=tuple(map(change, plan.entries)))

        def wrong(plan: Plan, *rest: object) -> Case:
            return ground_entry(changed(plan), *rest)  # type: ignore[arg-type]

        verdicts, applies = Kleene.verdicts, Kleene.applies

        def wrong_verdicts(self: Kleene, entry: Entry, row: Row) -> frozenset[Verdict]:
            return verdicts(Kleene(changed(self.plan), self.readings), change(entry), row)

        patch.setattr(concluding, "ground_entry", wrong)
        patch.setattr(Kleene, "verdicts", wrong_verdicts)
        patch.setattr(Kleene, "applies", lambda self, entry, row: applies(self, change(entry), row))

    return seed


def in_truths(change: Mapping[Truth, Truth]) -> Fault:
    """A fault in what is made of a formula's truth."""

    def seed(patch: pytest.MonkeyPatch) -> None:
        def wrong(formula: Ground, masks: Sequence[int]) -> Truth:
            right = value_of(formula, masks)
            return change.get(right, right)

        patch.setattr(case, "value_of", wrong)

    return seed


def in_outcomes(change: Callable[[Kind, Sequence[Truth]], tuple[Kind, Sequence[Truth]]]) -> Fault:
    """A fault in the step from the parts of a rule to its verdict."""

    def seed(patch: pytest.MonkeyPatch) -> None:
        def wrong(kind: Kind, *truths: Truth) -> frozenset[Verdict]:
            changed, parts = change(kind, truths)
            return reference.outcomes(changed, *parts)

        patch.setattr(case, "outcomes", wrong)
        patch.setattr(kleene, "outcomes", wrong)

    return seed


def swapped(old: type, new: Callable[..., Formula]) -> Fault:
    """One sort of node taken for another."""
    return in_formulas(
        lambda part, row: (
            (new(*(getattr(part, name) for name in part.__match_args__)), row)
            if isinstance(part, old)
            else (part, row)
        )
    )


# --- the faults ----------------------------------------------------------------------------------

FAULTS |= {
    "`all` is `any`": swapped(PAll, PAny),
    "`any` is `all`": swapped(PAny, PAll),
    "`all` looks at its first part": swapped(PAll, lambda parts: PAll(parts[:1])),
    "`any` looks at its first part": swapped(PAny, lambda parts: PAny(parts[:1])),
    "`some` is `every`": swapped(PSome, PEvery),
    "`every` is `some`": swapped(PEvery, PSome),
    "a comparison is turned round": swapped(
        PTest, lambda column, accepts, perhaps, *_: PTest(column, ~accepts & ~perhaps, perhaps)
    ),
    "what a group leaves in doubt is in it": swapped(
        PTest, lambda column, accepts, perhaps, *_: PTest(column, accepts | perhaps, 0)
    ),
    "what a group leaves in doubt is not in it": swapped(
        PTest, lambda column, accepts, *_: PTest(column, accepts, 0)
    ),
    "silence is speech": swapped(PSilent, lambda key, wanted: PSilent(key, not wanted)),
    "an interpretation is read the other way": swapped(
        PReading, lambda name, answers, wanted: PReading(name, answers, not wanted)
    ),
    "an open question is settled": swapped(PUnsettled, lambda _, wanted: EVERYTHING if wanted else NOTHING),
    "`not` does nothing": in_opposites(lambda formula, _: formula),
    "`not` leaves `all` and `any` as they are": in_opposites(
        lambda formula, right: (
            type(formula)(right.parts)
            if isinstance(formula, PAll | PAny) and isinstance(right, PAll | PAny)
            else right
        )
    ),
    "`not` drops what is in doubt": in_opposites(
        lambda formula, right: (
            replace(right, accepts=right.accepts | right.perhaps, perhaps=0)
            if isinstance(right, PTest)
            else right
        )
    ),
    "`not` stops at quantifiers": in_opposites(
        lambda formula, right: formula if isinstance(formula, PSome | PEvery) else right
    ),
    "`not` stops at parts": in_opposites(
        lambda formula, right: formula if isinstance(formula, PIn) else right
    ),
    "a list ends after its first row": in_lists(lambda rows: replace(rows, rows=rows.rows[:1])),
    "the last row of a list is left out": in_lists(lambda rows: replace(rows, rows=rows.rows[:-1])),
    "a row that may not be there is there": in_lists(
        lambda rows: replace(rows, rows=tuple(replace(row, present=None) for row in rows.rows))
    ),
    "a row that may not be there is not": in_lists(
        lambda rows: replace(rows, rows=tuple(row for row in rows.rows if row.present is None))
    ),
    "every list is complete": in_lists(lambda rows: replace(rows, closed=Cell(_word("yes")))),
    "no list is complete": in_lists(lambda rows: replace(rows, closed=Cell(Terms(YES_NO)))),
    "an exception of a red flag does not count": in_entries(
        lambda entry: replace(entry, unless=NOTHING) if entry.kind is Kind.FLAGS else entry
    ),
    "no exception counts": in_entries(lambda entry: replace(entry, unless=NOTHING)),
    "an exception of a permission does not count": in_entries(
        lambda entry: replace(entry, unless=NOTHING) if entry.kind is Kind.PERMITS else entry
    ),
    "no permission defeats": in_entries(lambda entry: replace(entry, permits=())),
    "only the first permission defeats": in_entries(lambda entry: replace(entry, permits=entry.permits[:1])),
    "a permission defeats beyond its scope": in_entries(
        lambda entry: replace(entry, bound=EVERYTHING) if entry.kind is Kind.PERMITS else entry
    ),
    "validity is ignored": in_entries(lambda entry: replace(entry, bound=_timeless(entry.bound))),
    "scope is ignored": in_entries(lambda entry: replace(entry, bound=EVERYTHING)),
    "every paper is a grant": in_entries(lambda entry: replace(entry, granted=EVERYTHING)),
    "what is not known is so": in_truths({UNKNOWN: TRUE}),
    "what is not known is not so": in_truths({UNKNOWN: FALSE}),
    "an exception that is not known does not hold": in_outcomes(
        lambda kind, parts: (kind, [parts[0], TRUE if parts[1] is UNKNOWN else parts[1], *parts[2:]])
    ),
    "an exception that is not known holds": in_outcomes(
        lambda kind, parts: (kind, [parts[0], FALSE if parts[1] is UNKNOWN else parts[1], *parts[2:]])
    ),
    "a validity that is not known is past": in_outcomes(
        lambda kind, parts: (kind, [FALSE if parts[0] is UNKNOWN else parts[0], *parts[1:]])
    ),
    "a paper that is not known is held": in_outcomes(
        lambda kind, parts: (kind, [*parts[:2], TRUE if parts[2] is UNKNOWN else parts[2], parts[3]])
    ),
    "what must be weighed is forbidden": in_outcomes(
        lambda kind, parts: (Kind.PROHIBITS if kind is Kind.WEIGHS else kind, parts)
    ),
}


def _word(word: str) -> Terms:
    return Terms(YES_NO, frozenset({word}))


def _timeless(bound: Formula) -> Formula:
    match bound:
        case PTest(column=(InForce(), _)):
            return EVERYTHING
        case PAll(parts):
            return PAll(tuple(_timeless(part) for part in parts))
        case _:
            return bound


@fault("exceptions count only where they certainly hold")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(case, "negation", lambda truth: TRUE if truth is UNKNOWN else negation(truth))


@fault("the first completion decides")
def _(patch: pytest.MonkeyPatch) -> None:
    right = sharpen.possible

    def wrong(*given: object) -> frozenset[Verdict]:
        return frozenset(sorted(right(*given))[:1])  # type: ignore[arg-type]  # passed on as they came

    patch.setattr(sharpen, "possible", wrong)


@fault("an allegation clears")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(concluding, "_DECIDED_AS_ALLEGED", frozenset(Verdict))


@fault("an allegation does not cross")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(concluding, "_DECIDED_AS_ALLEGED", frozenset())


@fault("only one reading is run")
def _(patch: pytest.MonkeyPatch) -> None:
    right = concluding._readings  # noqa: SLF001  # a fault is seeded inside
    patch.setattr(concluding, "_readings", lambda *given: right(*given)[:1])


# --- what is noticed -----------------------------------------------------------------------------


def in_doubt() -> Batch:
    """Rules on a step by way of Hong Kong, of which the group that they name does not tell."""
    tree = TREES["country"]
    group = Is("country", Test(Terms(tree, frozenset({"CN"})), Terms(tree, frozenset({"HK"}))))
    via = Row("party", cells={"country": Cell(Terms(tree, frozenset({"HK"})))})
    rest = Row("party", cells={"country": Cell(Terms(tree))})
    row = Row("step", lists={"via": Rows((via,), Cell(_word("yes")), rest)})
    return one(
        [
            a_rule("some", Kind.PROHIBITS, when=Some("via", group)),
            a_rule("every", Kind.PROHIBITS, when=Every("via", group)),
            a_rule("none", Kind.PROHIBITS, when=Not(Some("via", group))),
            a_rule("defeated", Kind.PROHIBITS),
            a_rule("permit", Kind.PERMITS, unless=Some("via", group), defeats=("p/defeated",)),
        ],
        row,
    )


@cache
def cases(seed: int) -> tuple[Batch, Conclusion]:
    """A batch, and what we say of it without a fault."""
    made = (
        in_doubt()
        if seed == DOUBT
        else batch(seed, 12, 4, Wish(unknown=(15, 40, 70)[seed % 3], open=(15, 50)[seed % 2]))
    )
    return made, made.conclusion()


def verdicts(conclusion: Conclusion) -> dict[tuple[str, str, str], Verdict]:
    """Each verdict, by rule, subject and reading."""
    return {
        (f"p/{finding.rule.id}", f"step {finding.subject.label}", str(under.answers)): under.verdict
        for finding in conclusion.findings
        for under in finding.under
    }


@pytest.mark.parametrize("seed", [*SEEDS, DOUBT])
def test_without_a_fault_it_agrees(seed: int) -> None:
    """On every batch that the faults are seeded on."""
    made, conclusion = cases(seed)
    opinion = made.opinion(conclusion)
    assert (opinion.status, opinion.disagreements) == (Status.AGREES, ())
    assert opinion.judged >= len(conclusion.findings) + len(conclusion.effects) > 4


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a disagreement; and each verdict that it made certain and wrong is among those disputed."""
    for seed in (*SEEDS, DOUBT):
        made, right = cases(seed)
        made.judging.plan.learnt.clear()  # what was worked out of it without the fault
        with monkeypatch.context() as patch:
            FAULTS[name](patch)
            wrong = made.conclusion()
        opinion = made.opinion(wrong)
        disputed = {(d.rule, d.subject, str(d.answers)) for d in opinion.disagreements}
        left = {rule for rule, _ in opinion.not_judged}
        before = verdicts(right)
        false = {
            key
            for key, verdict in verdicts(wrong).items()
            if verdict is not Verdict.UNDETERMINED and key in before and verdict is not before[key]
        }
        # Where a verdict is the same whichever way a doubt is settled, a fault in doubts makes it no worse.
        assert "doubt" in name or {key for key in false if key[0] not in left} <= disputed
        if opinion.disagreements:
            assert opinion.status is Status.DISAGREES
            return
    pytest.fail(f"not noticed: {name}")
