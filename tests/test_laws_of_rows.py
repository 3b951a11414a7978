"""The laws of the design, on rules and records: each says how often its premise was true and mattered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from hypothesis import settings

from redline.engine.formula import value_of
from redline.engine.prove import prove
from redline.engine.reference import applies
from redline.engine.sharpen import GaveUp, verdict
from redline.rules.condition import All, Any, Condition, Every, In, InForce, Is, Named, Not, Some, Unsettled
from redline.rules.facts import Grade
from redline.rules.policy import Rule
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import YES_NO
from redline.rules.truth import FALSE, TRUE
from redline.rules.values import Amounts, Stretch, Terms, Test, Value
from redline.rules.verdicts import HARMLESS, Kind, Verdict
from redline.testing.dice import Seeded, pick
from tests.brute_force import points
from tests.generate_rows import (
    ALWAYS,
    ANY,
    YES,
    Place,
    Situation,
    Wish,
    a_policy,
    a_rule,
    changed,
    forgotten,
    needs,
    places,
    record,
    seeded,
)

CASES = 10 * settings().max_examples
WISH = Wish(unknown=30, silent=False)
NO = Terms(YES_NO, frozenset({"no"}))
BITES = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})


@dataclass
class Tally:
    """How often a law was tried, and how often its premise was true and mattered."""

    tried: int = 0
    mattered: int = 0

    def note(self, mattered: bool) -> None:
        """One more case."""
        self.tried += 1
        self.mattered += mattered

    def enough(self) -> None:
        """Fails if the law was hardly put to the test."""
        assert self.tried >= CASES // 3
        assert self.mattered >= self.tried * 0.2, self


def _verdict(s: Situation) -> Verdict:
    case = s.case()
    try:
        return verdict(case, case.masks)
    except GaveUp:
        return Verdict.UNDETERMINED


def _dice(seed: int) -> Seeded:
    return Seeded(Random(seed))  # noqa: S311  # no secret hangs on it


def _situations(wish: Wish = WISH) -> Iterator[tuple[Seeded, Situation]]:
    for seed in range(CASES):
        yield _dice(seed), seeded(seed, wish)


def _biting(wish: Wish = WISH) -> Iterator[tuple[Seeded, Situation]]:
    """Situations with no exception, whose rule bites where it can: its condition or the opposite holds."""
    for dice, s in _situations(replace(wish, kinds=(Kind.PROHIBITS, Kind.WEIGHS), permits=0)):
        when = s.rule.when or All(())
        made, opposite = (
            _with(s, replace(s.rule, when=condition, unless=None, scope=None, validity=()))
            for condition in (when, Not(when))
        )
        yield dice, made if _verdict(made) in BITES else opposite


def _with(s: Situation, *rules: Rule) -> Situation:
    return replace(s, policy=a_policy(rules))


def _saying(s: Situation, **cells: Value) -> Situation:
    """The situation with further facts, which no generated rule asks for."""
    return replace(s, row=replace(s.row, cells={**s.row.cells, **{k: Cell(v) for k, v in cells.items()}}))


def _looked_at(s: Situation) -> set[Place]:
    """The places that the rule looks at and on which something hangs."""
    case = s.case()
    found: set[Place] = set()
    for v in case.variables:
        match v.sort:
            case "field":
                assert v.column is not None
                found.add((*v.path[:-1], v.column[0]))
            case "rest":
                found.add((*v.path[:-1], "closed"))
            case "presence":
                found.add((*v.path, "here"))
            case _:
                pass
    return found


# --- a missing fact never clears -----------------------------------------------------------------


def test_a_missing_fact_never_clears() -> None:
    """Forget any facts of a crossing or undetermined finding: it never becomes harmless."""
    tally = Tally()
    for dice, s in _situations():
        before = _verdict(s)
        known = [p for p, c in places(s.row) if not c.value.anything and p in _looked_at(s)]
        if before in HARMLESS or not known:
            tally.note(False)
            continue
        for _ in range(3):
            row = s.row
            for place in {pick(dice, known) for _ in range(dice.number(1, 3))}:
                row = changed(row, place, forgotten)
            assert _verdict(replace(s, row=row)) not in HARMLESS, s
        tally.note(True)
    tally.enough()


def test_an_element_left_out_of_a_list_that_may_go_on_never_clears() -> None:
    """Of an open list that says nothing of what may come, a row is a fact like others."""
    tally = Tally()
    for dice, s in _biting(replace(WISH, open=70)):
        rows = {n: r for n, r in s.row.lists.items() if r.rows and r.closed.value.anything}
        unlimited = [n for n, r in rows.items() if all(c.value.anything for _, c in _all_cells(r.rest))]
        if not unlimited:
            continue
        name = pick(dice, unlimited)
        listed = s.row.lists[name]
        fewer = replace(listed, rows=listed.rows[1:])
        before = _verdict(s)
        after = _verdict(replace(s, row=replace(s.row, lists={**s.row.lists, name: fewer})))
        if before not in HARMLESS:
            assert after not in HARMLESS, s
        tally.note(before in BITES)
    assert tally.mattered >= tally.tried * 0.2
    assert tally.tried > CASES * 0.05


def _all_cells(row: Row) -> Iterator[tuple[Place, Cell]]:
    yield from places(row)
    for rows in row.lists.values():
        yield from _all_cells(rows.rest)


# --- learning ------------------------------------------------------------------------------------


def _learnt(dice: Seeded, tests: Sequence[Test]) -> Callable[[Cell], Cell]:
    """Makes of a cell one of the things that it may be."""

    def learn(found: Cell) -> Cell:
        match found.value:
            case Terms(tree, _, without):
                term = str(pick(dice, points(found.value, tests)))
                return replace(found, value=Terms(tree, frozenset({term}), without))
            case Amounts(unit, _, whole):
                same = [t for t in tests if isinstance(t.accepts, Amounts) and t.accepts.unit == unit]
                number = Fraction(pick(dice, points(found.value, same)))
                return replace(found, value=Amounts(unit, (Stretch(number, number),), whole))

    return learn


def test_learning_never_turns_a_crossing_into_a_negative_or_back() -> None:
    """Narrow a value, close an open list, find that a row is there: what was decided stays decided."""
    tally = Tally()
    for dice, s in _situations(replace(WISH, unknown=45)):
        before = _verdict(s)
        open_ = [(p, c) for p, c in places(s.row) if p in _looked_at(s) and not _exact(c.value)]
        if before is Verdict.UNDETERMINED or not open_:
            tally.note(False)
            continue
        for _ in range(3):
            row = s.row
            for place, _ in {pick(dice, open_) for _ in range(dice.number(1, 3))}:
                row = changed(row, place, _learnt(dice, _tests_at(s, place)))
            after = _verdict(replace(s, row=row))
            assert after is before or {before, after} <= HARMLESS, s
        tally.note(True)
    tally.enough()


def _exact(value: Value) -> bool:
    if isinstance(value, Terms):
        return value.single is not None
    return value.low is not None and value.low == value.high


def _tests_at(s: Situation, place: Place) -> list[Test]:
    if place[-1] in ("closed", "here"):
        return [Test(YES)]
    need = s.need
    for step in place[:-1]:
        if isinstance(step, str):
            need = need.parts[step] if step in need.parts else need.lists[step]
    key = place[-1]
    assert not isinstance(key, int)
    return need.cells[key]


# --- exceptions and permissions ------------------------------------------------------------------


def test_an_exception_that_is_unknown_never_clears() -> None:
    """A fact not known or a question left open in `unless` or in a permission: undetermined."""
    tally = Tally()
    doubt = Is("in_doubt", Test(YES))
    for dice, s in _biting():
        before = _verdict(s)
        exceptions: tuple[Condition, ...] = (doubt, Unsettled("is it so?"), All((Is("so", Test(YES)), doubt)))
        exception = pick(dice, exceptions)
        told = _saying(s, in_doubt=ANY, so=YES)
        excepted = _with(told, replace(s.rule, unless=exception))
        permit = a_rule("permit", Kind.PERMITS, when=exception, defeats=("p/rule",))
        for after in (excepted, _with(told, s.rule, permit)):
            if before in BITES:
                assert _verdict(after) is Verdict.UNDETERMINED, s
            elif before is Verdict.UNDETERMINED:
                assert _verdict(after) not in BITES, s
        tally.note(before in BITES)
    tally.enough()


def test_a_permission_never_makes_anything_cross() -> None:
    """Nor does it make anything undetermined that was harmless."""
    tally = Tally()
    for _, s in _situations(replace(WISH, permits=2)):
        if not s.permits:
            continue
        before, after = _verdict(_with(s, s.rule)), _verdict(s)
        if before is not Verdict.CROSSES:
            assert after is not Verdict.CROSSES, s
        if before in HARMLESS:
            assert after in HARMLESS, s
        case = s.case()
        permitted = any(value_of(p, case.masks) is not FALSE for _, p in case.permits)
        tally.note(before is not Verdict.CROSSES and permitted)
    tally.enough()


def test_a_permission_that_holds_defeats_its_rule() -> None:
    """And one that does not hold changes nothing at all."""
    tally = Tally()
    for _, s in _situations(replace(WISH, permits=2)):
        if not s.permits:
            continue
        holding = [applies(p, s.row, s.readings) for p in s.permits]
        if TRUE in holding:
            assert _verdict(s) in HARMLESS, s
        if all(truth is FALSE for truth in holding):
            assert _verdict(s) is _verdict(_with(s, s.rule)), s
        tally.note(TRUE in holding)
    tally.enough()


def test_defeat_of_one_subject_leaves_another() -> None:
    """The same rule and permission: the step that it permits is defeated, the other is judged as before."""
    tally = Tally()
    for dice, s in _biting():
        other = replace(s, row=record(dice, "step", needs([s.rule]), WISH))
        permit = a_rule("permit", Kind.PERMITS, when=Is("named", Test(YES)), defeats=("p/rule",))
        one, two = _saying(s, named=YES), _saying(other, named=NO)
        assert _verdict(_with(one, s.rule, permit)) in HARMLESS, s
        assert _verdict(_with(two, permit, s.rule)) is _verdict(other), s
        tally.note(_verdict(s) in BITES and _verdict(other) in BITES)
    tally.enough()


def test_an_exception_to_an_exception_gives_the_rule_back() -> None:
    """In `unless` and in a permission: where the inner one holds, the outer one is as if unwritten; where
    it does not, the outer one holds; where it is not known, nothing can be told."""
    tally = Tally()
    outer, inner = Is("outer", Test(YES)), Is("inner", Test(YES))
    for _, s in _biting():
        before = _verdict(s)
        unless = _with(s, replace(s.rule, unless=All((outer, Not(inner)))))
        permit = a_rule("permit", Kind.PERMITS, when=outer, unless=inner, defeats=("p/rule",))
        for made in (unless, _with(s, s.rule, permit)):
            assert _verdict(_saying(made, outer=YES, inner=YES)) is before, s
            assert _verdict(_saying(made, outer=NO, inner=ANY)) is before, s
            assert _verdict(_saying(made, outer=YES, inner=NO)) in HARMLESS, s
            if before in BITES:
                assert _verdict(_saying(made, outer=YES, inner=ANY)) is Verdict.UNDETERMINED, s
                assert _verdict(_saying(made, outer=ANY, inner=NO)) is Verdict.UNDETERMINED, s
        tally.note(before in BITES)
    tally.enough()


# --- order ---------------------------------------------------------------------------------------


def _shuffled(dice: Seeded, condition: Condition) -> Condition:
    match condition:
        case All(parts):
            return All(tuple(_shuffled(dice, p) for p in _mixed(dice, parts)))
        case Any(parts):
            return Any(tuple(_shuffled(dice, p) for p in _mixed(dice, parts)))
        case Not(part):
            return Not(_shuffled(dice, part))
        case In(name, body):
            return In(name, _shuffled(dice, body))
        case Some(name, body):
            return Some(name, _shuffled(dice, body))
        case Every(name, body):
            return Every(name, _shuffled(dice, body))
        case Named(name, body):
            return Named(name, _shuffled(dice, body))
        case _:
            return condition


def _mixed(dice: Seeded, parts: Sequence[Condition]) -> list[Condition]:
    return dice.random.sample(parts, len(parts))


def _shuffled_rule(dice: Seeded, rule: Rule) -> Rule:
    parts = {
        name: _shuffled(dice, part)
        for name in ("scope", "when", "unless", "requires")
        if (part := getattr(rule, name)) is not None
    }
    return replace(rule, **parts)  # type: ignore[arg-type]  # the names are those of Rule's fields


def _shuffled_row(dice: Seeded, row: Row) -> Row:
    def of(rows: Rows) -> Rows:
        listed = [_shuffled_row(dice, element) for element in rows.rows]
        dice.random.shuffle(listed)
        return replace(rows, rows=tuple(listed))

    return replace(
        row,
        cells=dict(reversed(tuple(row.cells.items()))),
        parts={n: _shuffled_row(dice, p) for n, p in reversed(tuple(row.parts.items()))},
        lists={n: of(rows) for n, rows in reversed(tuple(row.lists.items()))},
    )


def test_the_order_of_rules_of_parts_and_of_rows_is_irrelevant() -> None:
    """To the verdict, and to how well it is supported."""
    tally = Tally()
    for dice, s in _situations():
        order = dice.random.sample(s.policy.rules, len(s.policy.rules))
        rules = [_shuffled_rule(dice, rule) for rule in order]
        mixed = replace(s, policy=a_policy(rules), row=_shuffled_row(dice, s.row))
        before = _verdict(s)
        assert _verdict(mixed) is before, s
        if before is not Verdict.UNDETERMINED:
            assert _grade(mixed, before) is _grade(s, before), s
        tally.note(mixed.policy != s.policy or mixed.row != s.row)
    tally.enough()


def _grade(s: Situation, result: Verdict) -> Grade:
    case = s.case()
    return prove(case, case.masks, result).grade


# --- validity and addressees ---------------------------------------------------------------------


def test_outside_its_dates_no_rule_crosses() -> None:
    """Not in force for certain: not applicable; not known whether: never a crossing."""
    tally = Tally()
    for _, s in _biting():
        told = _with(s, replace(s.rule, validity=ALWAYS))

        def when_in_force(value: Terms, told: Situation = told) -> Verdict:
            cells = {**told.row.cells, InForce("p/rule"): Cell(value)}
            return _verdict(replace(told, row=replace(told.row, cells=cells)))

        assert when_in_force(NO) is Verdict.NOT_APPLICABLE, s
        assert when_in_force(YES) is _verdict(s), s
        assert when_in_force(ANY) not in BITES, s
        tally.note(_verdict(s) in BITES)
    tally.enough()
