"""Values are sets of possible values: a fact left out may be anything, `2018` is any of its days.

Two sorts of set: `Terms`, sets of terms of a tree, and `Amounts`, sets of numbers or days.  Each can
be cut by another of its sort (`meet`, `minus`) and may turn out `empty`; whether a value fits a test
follows from that alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from redline.rules.frozen import dataclass, field
from redline.rules.trees import Tree
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms at or under one of `within` (None: any of the tree), save those at or under `without`."""

    tree: Tree
    within: frozenset[str] | None = None
    without: frozenset[str] = field(default=frozenset())

    def __hash__(self) -> int:
        return hash((self.tree.name, self.within, self.without))

    def __post_init__(self) -> None:
        if self.within is None and self.tree.closed:
            object.__setattr__(self, "within", self.tree.tops)
        if not self.without:
            if self.within is not None and len(self.within) > 1:
                object.__setattr__(self, "within", _highest(self.tree, self.within))
            return
        if self.within is not None:
            object.__setattr__(self, "within", _highest(self.tree, self.within))
            kept = frozenset(
                w
                for w in self.without
                if _under_any(self.tree, w, self.within) or any(self.tree.under(v, w) for v in self.within)
            )
            object.__setattr__(self, "without", kept)
        object.__setattr__(self, "without", _highest(self.tree, self.without))

    def meet(self, other: Terms) -> Terms:
        """What is in both."""
        if self.within is None or other.within is None:
            within = other.within if self.within is None else self.within
        else:
            within = frozenset(
                a if self.tree.under(a, b) else b
                for a in self.within
                for b in other.within
                if self.tree.under(a, b) or self.tree.under(b, a)
            )
        return Terms(self.tree, within, self.without | other.without)

    def minus(self, other: Terms) -> Terms:
        """What is in this and not in the other, whose `without` must be empty (a test's set is)."""
        if other.within is None:
            return Terms(self.tree, frozenset())
        return Terms(self.tree, self.within, self.without | other.within)

    @property
    def empty(self) -> bool:
        """Whether no term is left."""
        return self.within is not None and all(self._gone(term) for term in self.within)

    def overlaps(self, other: Terms) -> bool:
        """Whether something is in both: `meet` without making what is met."""
        out = self.without | other.without
        if self.within is None or other.within is None:
            both = self.within if other.within is None else other.within
            return both is None or not all(_under_any(self.tree, term, out) for term in both)
        return any(
            not _under_any(self.tree, a if self.tree.under(a, b) else b, out)
            for a in self.within
            for b in other.within
            if self.tree.under(a, b) or self.tree.under(b, a)
        )

    def inside(self, other: Terms) -> bool:
        """Whether all of it is in the other, whose `without` must be empty: `minus` being empty."""
        if other.within is None:
            return True
        if self.within is None:
            return False
        out = self.without | other.within
        return all(_under_any(self.tree, term, out) for term in self.within)

    @property
    def single(self) -> str | None:
        """The one term that it names, if it names just one."""
        if self.within is not None and len(self.within) == 1 and not self.without:
            return next(iter(self.within))
        return None

    @property
    def anything(self) -> bool:
        """Whether nothing at all is known."""
        universe = self.tree.tops if self.tree.closed else None
        return self.within == universe and not self.without

    def _gone(self, term: str) -> bool:
        return _under_any(self.tree, term, self.without)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The numbers from `low` to `high` (None: no bound), the ends included unless marked open."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def meet(self, other: Stretch) -> Stretch:
        """What lies in both."""
        low, low_open = max(
            (s for s in ((self.low, self.low_open), (other.low, other.low_open)) if s[0] is not None),
            default=(None, False),
            key=lambda s: (s[0], s[1]),
        )
        high, high_open = min(
            (s for s in ((self.high, self.high_open), (other.high, other.high_open)) if s[0] is not None),
            default=(None, False),
            key=lambda s: (s[0], not s[1]),
        )
        return Stretch(low, high, low_open, high_open)

    @property
    def endless(self) -> bool:
        """Whether it is without any bound."""
        return self.low is None and self.high is None and not (self.low_open or self.high_open)

    def outside(self) -> tuple[Stretch, ...]:
        """What lies below it and above it."""
        below = () if self.low is None else (Stretch(None, self.low, False, not self.low_open),)
        above = () if self.high is None else (Stretch(self.high, None, not self.high_open, False),)
        return below + above


@dataclass(frozen=True, slots=True)
class Amounts:
    """A set of numbers in one unit: the union of stretches.  Days are counted as in `date.toordinal`.

    Of a `whole` quantity (days, counts) only whole numbers are meant.  Amounts of different units
    (two currencies) say nothing about each other.
    """

    unit: str
    stretches: tuple[Stretch, ...] = (Stretch(),)
    whole: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "stretches", _tidy(self.stretches, whole=self.whole))

    def meet(self, other: Amounts) -> Amounts:
        """What is in both."""
        return Amounts(
            self.unit, tuple(a.meet(b) for a in self.stretches for b in other.stretches), self.whole
        )

    def minus(self, other: Amounts) -> Amounts:
        """What is in this and not in the other."""
        left = self.stretches
        for stretch in other.stretches:
            left = tuple(a.meet(b) for a in left for b in stretch.outside())
        return Amounts(self.unit, left, self.whole)

    @property
    def empty(self) -> bool:
        """Whether no number is left."""
        return not self.stretches

    @property
    def anything(self) -> bool:
        """Whether nothing at all is known."""
        return len(self.stretches) == 1 and self.stretches[0].endless

    @property
    def low(self) -> Fraction | None:
        """The lowest bound; None if there is none (or nothing is left)."""
        return self.stretches[0].low if self.stretches else None

    @property
    def high(self) -> Fraction | None:
        """The highest bound; None if there is none (or nothing is left)."""
        return self.stretches[-1].high if self.stretches else None


Value = Terms | Amounts


@dataclass(frozen=True, slots=True)
class Test:
    """What a comparison accepts: every value of `accepts`; of `perhaps` it cannot be told (a territory
    of a listed state that the list does not mention)."""

    __test__ = False
    accepts: Value
    perhaps: Value | None = None


def meet(one: Value, other: Value) -> Value:
    """What is in both; values of different sorts or units are compared by nobody, so that is an error."""
    match one, other:
        case (Terms(), Terms()) | (Amounts(), Amounts()):
            return one.meet(other)  # type: ignore[arg-type]  # the two cases pair like with like
        case _:
            raise TypeError(f"{one} and {other} are of different sorts")


def minus(one: Value, other: Value) -> Value:
    """What is in the first and not in the second."""
    match one, other:
        case (Terms(), Terms()) | (Amounts(), Amounts()):
            return one.minus(other)  # type: ignore[arg-type]  # the two cases pair like with like
        case _:
            raise TypeError(f"{one} and {other} are of different sorts")


def fits(value: Value, test: Test) -> Truth:
    """Whether the value passes the test: true if all that it may be does, false if nothing does."""
    if isinstance(value, Amounts) and isinstance(test.accepts, Amounts) and value.unit != test.accepts.unit:
        return UNKNOWN
    if inside(value, test.accepts):
        return UNKNOWN if value.empty else TRUE  # what contradicts itself tells nothing
    if overlap(value, test.accepts) or (test.perhaps is not None and overlap(value, test.perhaps)):
        return UNKNOWN
    return FALSE


def overlap(one: Value, other: Value) -> bool:
    """Whether something is in both."""
    if isinstance(one, Terms) and isinstance(other, Terms):
        return one.overlaps(other)
    return not meet(one, other).empty


def inside(one: Value, other: Value) -> bool:
    """Whether all of the first is in the second."""
    if isinstance(one, Terms) and isinstance(other, Terms) and not other.without:
        return one.inside(other)
    return minus(one, other).empty


def contains(outer: Value, inner: Value) -> bool:
    """Whether everything that the inner value may be, the outer may be."""
    if isinstance(inner, Terms) and isinstance(outer, Terms):
        held = outer.within is None or Terms(inner.tree, inner.within, inner.without | outer.within).empty
        return held and all(Terms(inner.tree, frozenset({w})).meet(inner).empty for w in outer.without)
    return minus(inner, outer).empty


def union(values: Iterable[Value]) -> Value:
    """What is in any of them: at least one, all of one sort and unit, terms without exclusions."""
    first, *rest = values
    match first:
        case Terms(tree):
            within: frozenset[str] = frozenset()
            for value in (first, *rest):
                assert isinstance(value, Terms)
                if value.within is None:
                    return Terms(tree, None, value.without)
                within |= value.within
            return Terms(tree, within, first.without)
        case Amounts(unit, stretches, whole):
            for value in rest:
                assert isinstance(value, Amounts)
                stretches = (*stretches, *value.stretches)
            return Amounts(unit, stretches, whole)


def partition(universe: Value, tests: Iterable[Test]) -> tuple[Value, ...]:
    """The universe cut into classes that none of the tests can tell apart inside."""
    tests = tuple(tests)
    if isinstance(universe, Terms) and universe.within is None:
        return _regions(universe.tree, tests)
    classes: list[Value] = [universe]
    for test in tests:
        for edge in (test.accepts, test.perhaps):
            if edge is not None:
                classes = [
                    part for old in classes for part in (meet(old, edge), minus(old, edge)) if not part.empty
                ]
    return tuple(classes)


def _regions(tree: Tree, tests: Iterable[Test]) -> tuple[Value, ...]:
    """For each term that a test names: what lies at or under it and under no finer term that is named; and
    everything else."""
    edges = [edge for test in tests for edge in (test.accepts, test.perhaps) if isinstance(edge, Terms)]
    named = sorted({term for edge in edges for term in (*(edge.within or ()), *edge.without)})
    finer: dict[str, set[str]] = {term: set() for term in named}
    for term in named:
        above = next((other for other in tree.line(term)[1:] if other in finer), None)
        if above is not None:
            finer[above].add(term)
    return (
        Terms(tree, None, frozenset(named)),
        *(Terms(tree, frozenset({term}), frozenset(below)) for term, below in finer.items()),
    )


def _under_any(tree: Tree, term: str, others: frozenset[str]) -> bool:
    return not others.isdisjoint(tree.line(term))


def _highest(tree: Tree, terms: frozenset[str]) -> frozenset[str]:
    if len(terms) < 2:
        return terms
    return frozenset([t for t in terms if terms.isdisjoint(tree.line(t)[1:])])


def _tidy(stretches: tuple[Stretch, ...], *, whole: bool) -> tuple[Stretch, ...]:
    """Sorted, without the empty, those that touch joined."""
    if len(stretches) == 1:
        (alone,) = stretches
        alone = _whole(alone) if whole else alone
        return () if alone.empty else (alone,)
    kept = [s for s in (_whole(s) if whole else s for s in stretches) if not s.empty]
    kept.sort(key=lambda s: (s.low is not None, s.low or 0, s.low_open))
    tidy: list[Stretch] = []
    for stretch in kept:
        if tidy and _touch(tidy[-1], stretch, whole=whole):
            tidy[-1] = _join(tidy[-1], stretch)
        else:
            tidy.append(stretch)
    return tuple(tidy)


def _whole(stretch: Stretch) -> Stretch:
    low, high = stretch.low, stretch.high
    at_whole = all(end is None or end.denominator == 1 for end in (low, high))
    if at_whole and not (stretch.low_open or stretch.high_open):
        return stretch
    if low is not None:
        floor = Fraction(low.__floor__())
        low = floor + 1 if floor != low or stretch.low_open else floor
    if high is not None:
        ceiling = Fraction(high.__ceil__())
        high = ceiling - 1 if ceiling != high or stretch.high_open else ceiling
    return Stretch(low, high)


def _touch(one: Stretch, other: Stretch, *, whole: bool) -> bool:
    if one.high is None or other.low is None:
        return True
    gap = Fraction(1) if whole else Fraction(0)
    if other.low < one.high + gap:
        return True
    return other.low == one.high + gap and (whole or not (one.high_open and other.low_open))


def _join(one: Stretch, other: Stretch) -> Stretch:
    if one.high is None or other.high is None:
        return Stretch(one.low, None, one.low_open, False)
    high, high_open = max((one.high, not one.high_open), (other.high, not other.high_open))
    return Stretch(one.low, high, one.low_open, not high_open)
