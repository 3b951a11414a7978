"""A proof alone gives the verdict, nothing in it can be left out, and no better supported one exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from hypothesis import settings

from redline.engine.case import Case
from redline.engine.prove import Proof, failing, prove
from redline.engine.reference import name
from redline.engine.sharpen import Budget, GaveUp, kleene, verdict
from redline.rules.condition import All, Any, Condition, Is, Not, Some
from redline.rules.facts import Fact, Grade
from redline.rules.policy import Rule
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import YES_NO
from redline.rules.values import Terms, Test, Value
from redline.rules.verdicts import Kind, Verdict, settle
from tests.brute_force import TooMany, complete
from tests.generate_rows import ANY, YES, Place, Situation, Wish, a_policy, a_rule, forgotten, seeded

CASES = 15 * settings().max_examples
WISH = Wish(unknown=30)


@dataclass(frozen=True)
class Proved:
    """A situation with its verdict and the proof of it."""

    s: Situation
    case: Case
    result: Verdict
    proof: Proof


@cache
def _all_proved() -> tuple[Proved, ...]:
    return tuple(_proved(CASES))


def _proved(cases: int) -> Iterator[Proved]:
    for seed in range(cases):
        s = seeded(seed, WISH)
        case = s.case()
        try:
            result = verdict(case, case.masks)
        except GaveUp:
            continue
        if result is not Verdict.UNDETERMINED:
            yield Proved(s, case, result, prove(case, case.masks, result))


def _only(s: Situation, case: Case, kept: tuple[int, ...]) -> Situation:
    """The situation with everything else forgotten in the record itself."""
    fields, rests, presences, readings = set(), set(), set(), set()
    for variable in (case.variables[i] for i in kept):
        match variable.sort:
            case "field":
                assert variable.column is not None
                fields.add((*variable.path[:-1], variable.column[0]))
            case "rest":
                rests.add(variable.path)
            case "presence":
                presences.add(variable.path)
            case _:
                readings.add(str(variable.path[0]))

    def bare(row: Row, path: Place) -> Row:
        cells = {k: c if (*path, k) in fields else forgotten(c) for k, c in row.cells.items()}
        parts = {n: bare(part, (*path, n)) for n, part in row.parts.items()}
        lists = {n: of(rows, (*path, n)) for n, rows in row.lists.items()}
        present = row.present
        if present is not None and path not in presences:
            present = forgotten(present)
        return Row(row.shape, row.name, cells, parts, lists, present)

    def of(rows: Rows, path: Place) -> Rows:
        listed = tuple(bare(element, (*path, i)) for i, element in enumerate(rows.rows))
        if (*path, "*") in rests:
            return replace(rows, rows=listed)
        return Rows(listed, forgotten(rows.closed), blank_row(rows.rest))

    return replace(s, row=bare(s.row, ()), readings={n: a for n, a in s.readings.items() if n in readings})


def blank_row(row: Row) -> Row:
    """A row of which nothing is known, not even which elements its lists have."""
    return Row(
        row.shape,
        row.name,
        {k: forgotten(c) for k, c in row.cells.items()},
        {n: blank_row(part) for n, part in row.parts.items()},
        {n: Rows((), forgotten(rows.closed), blank_row(rows.rest)) for n, rows in row.lists.items()},
    )


def test_a_proof_alone_gives_the_verdict() -> None:
    """All else forgotten, in the masks and in the record itself."""
    assert len(_all_proved()) > CASES * 0.4
    for one in _all_proved():
        assert verdict(one.case, one.proof.masks, Budget(10**6)) is one.result, one.s
        alone = _only(one.s, one.case, one.proof.variables).case()
        assert verdict(alone, alone.masks, Budget(10**6)) is one.result, one.s


def test_no_fact_of_a_proof_can_be_left_out() -> None:
    """Each of them forgotten, the verdict is another."""
    for one in _all_proved():
        for left_out in one.proof.variables:
            masks = list(one.proof.masks)
            masks[left_out] = one.case.variables[left_out].free
            assert verdict(one.case, masks, Budget(10**6)) is not one.result, one.s
    sizes = [len(one.proof.variables) for one in _all_proved()]
    assert sum(size > 0 for size in sizes) >= len(sizes) * 0.2  # the rest holds whatever the facts are
    assert sum(size > 1 for size in sizes) >= len(sizes) * 0.05


def test_all_that_a_proof_leaves_out_is_forgotten() -> None:
    """Its masks know its variables and nothing else."""
    for one in _all_proved():
        for i, variable in enumerate(one.case.variables):
            known = one.case.masks[i] if i in one.proof.variables else variable.free
            assert one.proof.masks[i] == known


def _weakest(case: Case, i: int) -> Grade:
    cell = case.variables[i].cell
    return Grade.DOCUMENTED if cell is None else max((f.grade for f in cell.facts), default=Grade.STATED)


def test_the_grade_of_a_proof_is_the_best_that_any_has() -> None:
    """It is the grade of its weakest fact, and with better facts alone the verdict does not stand."""
    better_grades = 0
    for one in _all_proved():
        grades = [_weakest(one.case, i) for i in one.proof.variables]
        assert one.proof.grade is max(grades, default=Grade.DOCUMENTED)
        better = tuple(i for i in range(len(one.case.variables)) if _weakest(one.case, i) < one.proof.grade)
        if one.proof.grade is not Grade.DOCUMENTED:
            alone = _only(one.s, one.case, better).case()
            assert verdict(alone, alone.masks, Budget(10**6)) is not one.result, one.s
            better_grades += bool(better)
    assert better_grades > len(_all_proved()) * 0.1


def _part(s: Situation, part: str) -> tuple[Rule, ...]:
    """A policy with the named part alone."""
    plain = a_rule("rule", Kind.PROHIBITS)
    match part:
        case "bound":
            return (replace(plain, scope=s.rule.scope, validity=s.rule.validity),)
        case "when":
            return (replace(plain, when=s.rule.when),)
        case "unless":
            return (replace(plain, unless=s.rule.unless),)
        case "met":
            return (replace(plain, kind=Kind.REQUIRES, requires=s.rule.requires),)
        case _:
            return (plain, next(p for p in s.permits if name(p) == part))


def test_the_part_named_as_failing_really_fails() -> None:
    """In every completion of what is known: not bound, condition false, excepted, permitted, or met."""
    named: dict[str, int] = {}
    for one in _all_proved():
        part = failing(one.case, one.proof)
        if one.result in (Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT):
            assert not part, one.s
        elif settle(kleene(one.case, one.proof.masks)) is one.result:
            harmless = kleene(one.case, one.proof.masks)
            assert part or len(harmless) > 1, one.s
        if not part:
            continue
        try:
            found = complete(replace(one.s, policy=a_policy(_part(one.s, part))), doubt=True).possible
        except TooMany:
            continue
        assert Verdict.CROSSES not in found, one.s
        sort = part if part in ("bound", "when", "unless", "met") else "permit"
        named[sort] = named.get(sort, 0) + 1
    assert set(named) == {"bound", "when", "unless", "met", "permit"}


# --- single cases --------------------------------------------------------------------------------


def _cell(path: str, grade: Grade, value: Value = YES) -> Cell:
    return Cell(value, path, (Fact(path, value, grade),))


def _crossing(when: Condition, row: Row) -> Proof:
    case = Situation(a_policy([a_rule("rule", Kind.PROHIBITS, when=when)]), row, {}).case()
    return prove(case, case.masks, verdict(case, case.masks))


def test_of_two_proofs_the_better_supported_is_taken() -> None:
    """Either alone crosses: the documented one, wherever it is written."""
    tests = [Is(key, Test(YES)) for key in ("one", "two", "three")]
    grades = {"one": Grade.ASSUMED, "two": Grade.REPORTED, "three": Grade.STATED}
    row = Row("step", "", {key: _cell(key, grade) for key, grade in grades.items()})
    for when in (Any(tuple(tests)), Any(tuple(reversed(tests)))):
        proof = _crossing(when, row)
        assert proof.grade is Grade.REPORTED
        assert len(proof.variables) == 1
    assert _crossing(All(tuple(tests)), row).grade is Grade.ASSUMED


def test_a_negative_cites_that_a_list_is_complete() -> None:
    """Nothing in the list, and nothing more to come: the closure is the proof, with its grade."""
    closed = Cell(YES, "content", (Fact("content", None, Grade.ASSUMED),))
    rest = Row("part", "", {"military": Cell(ANY)})
    row = Row("step", "", {}, {}, {"content": Rows((), closed, rest)})
    some = Some("content", Is("military", Test(YES)))
    case = Situation(a_policy([a_rule("rule", Kind.PROHIBITS, when=some)]), row, {}).case()
    proof = prove(case, case.masks, Verdict.NOT_CROSSED)
    assert [case.variables[i].sort for i in proof.variables] == ["rest"]
    assert proof.grade is Grade.ASSUMED
    assert failing(case, proof) == "when"


def test_a_negative_cites_what_limits_the_rest_of_an_open_list() -> None:
    """The list is open, and what may still come is limited by a fact: that fact and its grade are cited."""
    no = Terms(YES_NO, frozenset({"no"}))
    rest = Row("part", "", {"military": _cell("limit", Grade.ALLEGED, no)})
    row = Row("step", "", {}, {}, {"content": Rows((), Cell(ANY, "content", stated=False), rest)})
    some = Some("content", Is("military", Test(YES)))
    case = Situation(a_policy([a_rule("rule", Kind.PROHIBITS, when=some)]), row, {}).case()
    proof = prove(case, case.masks, Verdict.NOT_CROSSED)
    assert proof.grade is Grade.ALLEGED
    cells = [case.variables[i].cell for i in proof.variables]
    assert [[fact.path for fact in cell.facts] for cell in cells if cell is not None] == [["limit"]]


def test_what_holds_whatever_is_so_needs_no_fact() -> None:
    """It is or it is not: the proof is empty."""
    test = Is("one", Test(YES))
    row = Row("step", "", {"one": _cell("one", Grade.ASSUMED)})
    assert _crossing(Any((test, Not(test))), row).variables == ()
