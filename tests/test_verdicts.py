"""How verdicts are put together: every set of them, against the words of the semantics."""

from __future__ import annotations

from itertools import combinations, permutations, product

import pytest

from redline.engine.reference import grants, holds, judge, outcomes
from redline.rules.condition import All, Any, Covered, Is, Named, Not, Silent
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.terms import COVERED, YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms, Test
from redline.rules.verdicts import Kind, Verdict, settle, worst
from tests.generate_rows import a_rule

ROLLED_UP = (
    "crosses", "undetermined", "requires_assessment", "authorised", "not_crossed", "not_applicable",
)  # fmt: skip
HARM = {"crosses", "undetermined", "requires_assessment"}
SETS = [each for size in range(1, 7) for each in combinations(Verdict, size)]


def test_of_several_verdicts_the_first_in_the_order_of_the_roll_up_is_told() -> None:
    """In whatever order they come; of none, that nothing applies."""
    for some in SETS:
        expected = min(ROLLED_UP.index(each.value) for each in some)
        for each in list(permutations(some))[:24]:
            assert worst(each).value == ROLLED_UP[expected]
    assert worst(()) is Verdict.NOT_APPLICABLE


def test_what_is_possible_settles_as_the_only_one_as_harmless_or_not_at_all() -> None:
    """Several harmless ones are a negative; with anything else among them it cannot be told."""
    for some in SETS:
        found = settle(some).value
        if len(some) == 1:
            assert found == some[0].value
        elif HARM & {each.value for each in some}:
            assert found == "undetermined"
        else:
            assert found == "not_crossed"
    with pytest.raises(ValueError, match=r"^no verdict is possible$"):
        settle(())


@pytest.mark.parametrize("kind", [Kind.PERMITS, Kind.FLAGS])
def test_a_permission_and_a_red_flag_give_no_verdict(kind: Kind) -> None:
    """Whoever asks for one has made an error, and is told so."""
    with pytest.raises(ValueError, match="gives no verdict"):
        judge(a_rule("rule", kind), (), Row("step"), {})


WAYS = {TRUE: (True,), FALSE: (False,), UNKNOWN: (True, False)}


@pytest.mark.parametrize("kind", [Kind.PROHIBITS, Kind.REQUIRES, Kind.WEIGHS])
def test_of_the_parts_of_a_rule_every_combination_gives_the_verdicts_of_its_completions(kind: Kind) -> None:
    """Each part true, false or not known; a grant may be held where more is required than it."""
    for bound, bites, met, granted in product(Truth, repeat=4):
        if kind is not Kind.REQUIRES and (met is not FALSE or granted is not FALSE):
            continue
        expected = set()
        for about, bitten, held, by_grant in product(*(WAYS[each] for each in (bound, bites, met, granted))):
            if not about:
                expected.add("not_applicable")
            elif not bitten:
                expected.add("not_crossed")
            elif not held:
                expected.add("requires_assessment" if kind is Kind.WEIGHS else "crosses")
            else:
                expected.add("authorised" if by_grant else "not_crossed")
        found = outcomes(kind, bound, bites, met, granted)
        assert {each.value for each in found} == expected, (bound, bites, met, granted)


def test_where_more_is_asked_for_than_a_grant_that_is_held_the_rest_decides_between_two_verdicts() -> None:
    """Crossed or authorised; that it is met by no grant is not possible."""
    licence = Is(Covered("licence"), Test(Terms(COVERED, frozenset({"held"}))))
    yes = Is("military", Test(Terms(YES_NO, frozenset({"yes"}))))
    rule = a_rule("rule", Kind.REQUIRES, requires=All((licence, yes)))
    cells: dict[Key, Cell] = {
        Covered("licence"): Cell(Terms(COVERED, frozenset({"held"}))),
        "military": Cell(Terms(YES_NO)),
    }
    assert judge(rule, (), Row("step", cells=cells), {}) == {Verdict.CROSSES, Verdict.AUTHORISED}


def test_grants_are_found_in_what_is_asked_for_by_whatever_name() -> None:
    """Alone, among others and under a name; an undertaking is none, nor is what must not be held."""
    held = Test(Terms(COVERED, frozenset({"held"})))
    licence, consent, told = (Is(Covered(k), held) for k in ("licence", "consent", "end-use-certificate"))
    assert grants(licence) == (licence,)
    assert grants(told) == ()
    assert grants(Any((told, Named("both", All((licence, consent)))))) == (licence, consent)
    assert grants(Not(licence)) == ()
    assert grants(None) == ()


def test_a_list_with_something_in_it_is_not_silent() -> None:
    """Whether or not it is said to be complete."""
    part = Row("part")
    row = Row("step", lists={"content": Rows((part,), Cell(Terms(YES_NO), stated=False), part)})
    assert holds(Silent("content"), row, {}) is FALSE
    nothing = Row("step", lists={"content": Rows((), Cell(Terms(YES_NO), stated=False), part)})
    assert holds(Silent("content"), nothing, {}) is TRUE
