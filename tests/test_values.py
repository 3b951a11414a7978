"""Values are sets: what is said of them holds of the points that lie in them, each counted one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest

from redline.rules.trees import Tree
from redline.rules.truth import FALSE, TRUE, UNKNOWN
from redline.rules.values import (
    Amounts,
    Stretch,
    Terms,
    Test,
    Value,
    contains,
    fits,
    inside,
    meet,
    minus,
    overlap,
    partition,
    union,
)

PARENTS = {"a": None, "a1": "a", "a11": "a1", "a2": "a", "b": None, "b1": "b"}
OPEN, CLOSED = Tree("open", PARENTS), Tree("closed", PARENTS, closed=True)
ELSEWHERE = "elsewhere"
"""What an open tree has besides the terms that are listed."""
GRID = [Fraction(n, 4) for n in range(-8, 21)]
"""Numbers between which and beyond which the bounds below tell nothing apart."""


def _subsets(names: str, most: int) -> list[frozenset[str]]:
    return [frozenset(some) for n in range(most + 1) for some in combinations(names.split(), n)]


def _terms(tree: Tree) -> list[Terms]:
    within = [None, *_subsets("a a1 a11 b", 2)]
    return [Terms(tree, some, out) for some in within for out in _subsets("a a1 a11 b1", 2)]


def _ends() -> list[Stretch]:
    bounds = [None, Fraction(0), Fraction(1), Fraction(3, 2), Fraction(3)]
    return [
        Stretch(low, high, low_open, high_open)
        for low, high, low_open, high_open in product(bounds, bounds, (False, True), (False, True))
        if (low is not None or not low_open) and (high is not None or not high_open)
    ]


def _amounts(*, whole: bool) -> list[Amounts]:
    stretches = _ends()
    pairs = list(zip(stretches[::3], reversed(stretches), strict=False))
    return [
        *(Amounts("", (each,), whole) for each in stretches),
        *(Amounts("", pair, whole) for pair in pairs),
        Amounts("", (), whole),
    ]


def _points(value: Value) -> frozenset[str | Fraction]:
    """The points that lie in it, by what the words mean."""
    if isinstance(value, Terms):
        tree = value.tree
        all_of = [*PARENTS, *([] if tree.closed else [ELSEWHERE])]

        def under(point: str, terms: frozenset[str]) -> bool:
            line = {point}
            above = PARENTS.get(point)
            while above is not None:
                line.add(above)
                above = PARENTS[above]
            return bool(line & terms)

        return frozenset(
            p
            for p in all_of
            if (value.within is None or under(p, value.within)) and not under(p, value.without)
        )
    return frozenset(
        n
        for n in GRID
        if not value.whole or n.denominator == 1
        if any(
            (s.low is None or s.low < n or (s.low == n and not s.low_open))
            and (s.high is None or n < s.high or (s.high == n and not s.high_open))
            for s in value.stretches
        )
    )


ALL: Mapping[str, Sequence[Value]] = {
    "terms": _terms(OPEN),
    "terms of a closed tree": _terms(CLOSED),
    "numbers": _amounts(whole=False),
    "whole numbers": _amounts(whole=True),
}
"""Values, of which any two may be compared."""


def _plain(value: Value) -> bool:
    """Whether nothing is taken out: so are the sets of tests."""
    return not isinstance(value, Terms) or not value.without


@pytest.mark.parametrize("sort", ALL)
def test_what_is_in_both_is_what_is_in_each(sort: str) -> None:
    """Of any two values."""
    for one, other in product(ALL[sort][::2], ALL[sort]):
        both = _points(one) & _points(other)
        assert _points(meet(one, other)) == both, (one, other)
        assert overlap(one, other) is bool(both), (one, other)
        assert meet(one, other).empty is not bool(both), (one, other)


@pytest.mark.parametrize("sort", ALL)
def test_what_is_left_is_not_in_the_other(sort: str) -> None:
    """Of any value, and any that has nothing taken out; and of any two, whether the one holds the other."""
    for one, other in product(ALL[sort][::2], ALL[sort]):
        assert contains(other, one) is (_points(one) <= _points(other)), (one, other)
        if _plain(other):
            left = _points(one) - _points(other)
            assert _points(minus(one, other)) == left, (one, other)
            assert inside(one, other) is not bool(left), (one, other)


@pytest.mark.parametrize("sort", ALL)
def test_a_union_is_what_is_in_any(sort: str) -> None:
    """Of two, of three, and of one alone."""
    plain = [value for value in ALL[sort] if _plain(value)]
    for one, other in product(plain, plain[::3]):
        assert _points(union([one, other])) == _points(one) | _points(other), (one, other)
        assert _points(union([other, plain[4], one])) == _points(one) | _points(other) | _points(plain[4])
    for value in ALL[sort]:
        assert union([value]) == value


@pytest.mark.parametrize("sort", ALL)
def test_a_value_fits_if_all_that_it_may_be_does(sort: str) -> None:
    """And does not if nothing does; what cannot be told of the test is told of nothing."""
    tests = [value for value in ALL[sort] if _plain(value)]
    for value, accepts, perhaps in product(ALL[sort][::5], tests[::3], [None, *tests[::8]]):
        points, yes = _points(value), _points(accepts)
        maybe = yes if perhaps is None else yes | _points(perhaps)
        expected = TRUE if points and points <= yes else FALSE if points and not points & maybe else UNKNOWN
        if points:
            assert fits(value, Test(accepts, perhaps)) is expected, (value, accepts, perhaps)
        else:
            assert fits(value, Test(accepts, perhaps)) is not TRUE


@pytest.mark.parametrize("sort", ALL)
def test_classes_are_whole_apart_and_told_apart_by_no_test(sort: str) -> None:
    """The universe cut by two tests."""
    tests = [value for value in ALL[sort] if _plain(value) and not value.empty]
    universe = {"terms": Terms(OPEN), "terms of a closed tree": Terms(CLOSED)}.get(sort)
    everything: Value = universe or Amounts("", whole=sort == "whole numbers")
    for one, other in product(tests[::3], tests[::4]):
        classes = [_points(each) for each in partition(everything, (Test(one), Test(other, one)))]
        assert {point for each in classes for point in each} == _points(everything)
        assert sum(map(len, classes)) == len(_points(everything))
        for accepted in (_points(one), _points(other)):
            assert all(each <= accepted or not each & accepted for each in classes)


@pytest.mark.parametrize("sort", ["numbers", "whole numbers"])
def test_amounts_of_the_same_numbers_are_equal(sort: str) -> None:
    """However they were written; and their bounds are those of the numbers."""
    said: dict[frozenset[str | Fraction], Value] = {}
    for value in ALL[sort]:
        assert said.setdefault(_points(value), value) == value
        assert isinstance(value, Amounts)
        assert value.anything is (_points(value) == _points(Amounts("", whole=value.whole)))
        numbers = [n for n in GRID if n in _points(value)]
        if numbers:
            step = 1 if value.whole else Fraction(1, 4)
            assert value.low is None or 0 <= numbers[0] - value.low < 2 * step, value
            assert value.high is None or 0 <= value.high - numbers[-1] < 2 * step, value
            assert (value.low is None) is (numbers[0] == -2)
            assert (value.high is None) is (numbers[-1] == 5)


def test_terms_and_amounts_have_nothing_to_do_with_each_other() -> None:
    """Whoever compares them is told so, whichever comes first."""
    terms, amounts = Terms(OPEN, frozenset({"a"})), Amounts("")
    for one, other in ((terms, amounts), (amounts, terms)):
        for compared in (meet, minus, contains, overlap, inside):
            with pytest.raises(TypeError, match="different sorts"):
                compared(one, other)


def test_a_tree_with_further_terms_is_that_tree_and_more() -> None:
    """It keeps its name, what is in it, whether it is closed, how it is climbed and what terms are called."""

    def climb(term: str) -> str | None:
        return term.rpartition(".")[0] or None

    tree = Tree("codes", {"ML1": None}, closed=True, climb=climb, labels={"ML1": "arms"})
    more = tree.extended({"own": "ML1"})
    assert (more.name, more.parents) == ("codes", {"ML1": None, "own": "ML1"})
    assert (more.closed, more.climb, more.labels) == (True, climb, {"ML1": "arms"})
    assert more.line("own") == ("own", "ML1")
    assert more.line("ML2.c") == ("ML2.c", "ML2")
    assert more.tops == tree.tops == {"ML1"}
    assert "own" not in tree.parents
    assert more == tree
