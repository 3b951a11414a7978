"""Masks: which rules' parts hold, of one thing that is looked at, as integers whose bits are the rules.

A group is of the parts that hang on one source.  What it says of a row is two masks: the rules whose parts
are not false (`possible`), and those of them whose parts are not sure to be true (`doubt`).  Most parts are
a test of one cell: of these a domain's class gives the rules that accept it, without looking at any rule.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from redline.engine.kleene import Kleene
from redline.engine.plan import Column, Domain, Formula, PEvery, PIn, PSome, PTest
from redline.engine.reference import IS_YES, name
from redline.engine.validity import in_force, spells
from redline.rules.condition import InForce
from redline.rules.policy import Rule
from redline.rules.record import Cell, Row, Rows
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Value, fits

Masks = tuple[int, int]
"""The rules that are possible, and those of them that are in doubt."""
_Place = tuple[str, ...]
"""The parts by which a cell is reached, and the list that it is an element of."""


def bits(places: Iterable[int], size: int) -> int:
    """The integer with these bits."""
    found = bytearray((size >> 3) + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


class Tests:
    """Parts of rules that test one cell, or the elements of one list of values: at most one a rule."""

    def __init__(self, place: _Place, column: Column, how: type | None) -> None:
        self.place, self.column, self.how = place, column, how
        self.tests: list[tuple[int, PTest]] = []
        self.accept: list[int] = []
        self.perhaps: list[int] = []
        self.free = 0

    def build(self, domain: Domain, size: int) -> None:
        """Turns the tests round: for each class, the rules that accept it, and those that perhaps do."""
        accept: list[list[int]] = [[] for _ in domain.classes]
        perhaps: list[list[int]] = [[] for _ in domain.classes]
        for bit, test in self.tests:
            for classes, found in ((test.accepts, accept), (test.perhaps, perhaps)):
                left = classes
                while left:
                    at = left.bit_length() - 1
                    found[at].append(bit)
                    left ^= 1 << at
        self.accept = [bits(found, size) for found in accept]
        self.perhaps = [bits(found, size) for found in perhaps]
        self.free = ((1 << size) - 1) ^ bits((bit for bit, _ in self.tests), size)
        self.domain = domain

    def of(self, row: Row) -> tuple[int, int]:
        """The rules that are sure, and those that are possible, on the row."""
        *parts, last = self.place
        for part in parts:
            row = row.parts[part]
        if self.how is None:
            sure, possible = self.value(row.cells[last].value)
        else:
            sure, possible = self.elements(row.lists[last])
        return sure | self.free, possible | self.free

    def value(self, value: Value) -> tuple[int, int]:
        """The same of one value, of the rules that test it alone."""
        return self.classes(self.domain.mask(value))

    def classes(self, mask: int) -> tuple[int, int]:
        """The same of a value that is of one of these classes."""
        if not mask & (mask - 1):
            at = mask.bit_length() - 1
            return self.accept[at], self.accept[at] | self.perhaps[at]
        sure, possible = -1, 0
        while mask:
            low = mask & -mask
            at = low.bit_length() - 1
            sure &= self.accept[at]
            possible |= self.accept[at] | self.perhaps[at]
            mask ^= low
        return sure, possible

    def elements(self, rows: Rows) -> tuple[int, int]:
        """The same of a list: of some element, or of every."""
        some = self.how is PSome
        sure, possible = (0, 0) if some else (-1, -1)
        for row in rows.rows:
            there = TRUE if row.present is None else fits(row.present.value, IS_YES)
            if there is FALSE:
                continue
            low, high = self.value(row.cells["value"].value)
            if some:
                possible |= high
                sure |= low if there is TRUE else 0
            else:
                sure &= low
                possible &= high if there is TRUE else -1
        if fits(rows.closed.value, IS_YES) is not TRUE:
            low, high = self.value(rows.rest.cells["value"].value)
            if some:
                possible |= high
            else:
                sure &= low
        tested = ~self.free
        return sure & tested, possible & tested


class Validities:
    """When rules are in force, each rule once: of a step on one day, by the cuts between spells."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        self.tests: list[tuple[int, Rule, PTest]] = []

    def build(self, plan_domains: Mapping[Column, Domain], size: int) -> None:
        """Works out the cuts, and the rules on each side of them."""
        self.domains, self.size = plan_domains, size
        self.full = (1 << size) - 1
        turns: dict[Fraction, list[tuple[int, Truth]]] = {}
        sure, possible = self.full, self.full
        at: dict[int, Truth] = {}
        for bit, rule, test in self.tests:
            for spell, truth in spells(rule):
                if spell.low is None:
                    at[bit] = _tested(self.domains, test, truth)
                else:
                    turns.setdefault(spell.low, []).append((bit, _tested(self.domains, test, truth)))
        sure &= ~bits((b for b, t in at.items() if t is not TRUE), size)
        possible &= ~bits((b for b, t in at.items() if t is FALSE), size)
        self.cuts = sorted(turns)
        self.sides = [(sure, possible)]
        for cut in self.cuts:
            changed = [bit for bit, _ in turns[cut]]
            keep = ~bits(changed, size)
            sure = sure & keep | bits((b for b, t in turns[cut] if t is TRUE), size)
            possible = possible & keep | bits((b for b, t in turns[cut] if t is not FALSE), size)
            self.sides.append((sure, possible))

    def of(self, start: Cell, end: Cell) -> tuple[int, int]:
        """The rules that are sure to be in force, and those that possibly are, from one day to the other."""
        day = _single(start.value)
        if day is not None and day == _single(end.value):
            return self.sides[bisect_right(self.cuts, day)]
        sure, possible = self.full, self.full
        gone, doubted = [], []
        known: dict[object, Truth] = {}
        for bit, rule, test in self.tests:
            key = (rule.validity, rule.running, test.accepts)
            if key not in known:
                found = fits(in_force(rule, start, end).value, IS_YES)
                known[key] = _tested(self.domains, test, found)
            truth = known[key]
            if truth is FALSE:
                gone.append(bit)
            elif truth is UNKNOWN:
                doubted.append(bit)
        absent = bits(gone, self.size)
        return sure & ~absent & ~bits(doubted, self.size), possible & ~absent


def _tested(domains: Mapping[Column, Domain], test: PTest, truth: Truth) -> Truth:
    """What a test of whether a rule is in force comes to."""
    if truth is UNKNOWN:
        return UNKNOWN
    wanted = bool(test.accepts & domains[test.column].within(IS_YES.accepts))
    return TRUE if (truth is TRUE) is wanted else FALSE


def _single(value: Value) -> Fraction | None:
    if not isinstance(value, Amounts) or value.low is None or value.low != value.high:
        return None
    return value.low


class Group:
    """The parts of rules that hang on one source, each with the bit of its rule."""

    def __init__(self, kleene: Kleene, size: int, rules: Mapping[str, Rule]) -> None:
        self.kleene, self.size, self.rules = kleene, size, rules
        self.full = (1 << size) - 1
        self.parts: list[tuple[int, Formula]] = []
        self._built = False

    def build(self) -> None:
        """Sorts the parts by what they are."""
        self.others: list[tuple[int, Formula]] = []
        self.validities = Validities(self.rules)
        found: dict[tuple[_Place, Column, type | None], list[Tests]] = {}
        taken: list[set[int]] = []
        for bit, part in self.parts:
            plain = _plain(part)
            if plain is None:
                self.others.append((bit, part))
            elif isinstance(plain[1].column[0], InForce):
                rule = self.rules[plain[1].column[0].rule]
                self.validities.tests.append((bit, rule, plain[1]))
            else:
                place, test, how = plain
                layers = found.setdefault((place, test.column, how), [])
                for layer in layers:
                    if bit not in taken[layer.free]:
                        break
                else:
                    layer = Tests(place, test.column, how)
                    layer.free = len(taken)  # until it is built: its place among those taken
                    taken.append(set())
                    layers.append(layer)
                taken[layer.free].add(bit)
                layer.tests.append((bit, test))
        twice: set[tuple[int, Rule]] = set()
        for bit, rule, _ in self.validities.tests:
            assert (bit, rule) not in twice
        self.tests = [layer for layers in found.values() for layer in layers]
        for layer in self.tests:
            layer.build(self.kleene.plan.domains[layer.column], self.size)
        if self.validities.tests:
            self.validities.build(self.kleene.plan.domains, self.size)
        self._built = True

    def turns(self) -> set[int]:
        """The days on which some rule of the group comes into force, or is no longer."""
        if not self._built:
            self.build()
        return {int(cut) for cut in self.validities.cuts} if self.validities.tests else set()

    def masks(self, row: Row) -> Masks:
        """What the group says of a row."""
        if not self._built:
            self.build()
        sure, possible = self.full, self.full
        for tests in self.tests:
            low, high = tests.of(row)
            sure &= low
            possible &= high
        if self.validities.tests:
            low, high = self.validities.of(row.cells["contract"], row.cells["delivery"])
            sure &= low
            possible &= high
        gone, doubted = [], []
        known: dict[int, Truth] = {}
        for bit, part in self.others:
            truth = known.get(id(part))
            if truth is None:
                truth = known[id(part)] = self.kleene.truth(part, row)
            if truth is FALSE:
                gone.append(bit)
            elif truth is UNKNOWN:
                doubted.append(bit)
        possible &= ~bits(gone, self.size)
        sure &= possible & ~bits(doubted, self.size)
        return possible, possible & ~sure


def _plain(part: Formula) -> tuple[_Place, PTest, type | None] | None:
    """Where the cell or list is that the part tests, if it does no more than that."""
    parts: list[str] = []
    while isinstance(part, PIn):
        parts.append(part.part)
        part = part.body
    match part:
        case PTest((str(key), _)):
            return (*parts, key), part, None
        case PTest((InForce(), _)) if not parts:
            return ("",), part, None
        case PSome(listed, PTest(("value", _)) as test) | PEvery(listed, PTest(("value", _)) as test):
            return (*parts, listed), test, type(part)
        case _:
            return None


def in_order(rules: Sequence[Rule]) -> dict[str, Rule]:
    """The rules by their full names."""
    return {name(rule): rule for rule in rules}
