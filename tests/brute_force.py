"""The meaning of rules, written again from the documents: every completion of a record, one by one.

Nothing of the engine is used.  A completion gives each unknown cell a term or a number that represents
others like it (every term that a test or the value names and one that nobody names; every bound, what lies
beside it and between), each open list up to three further elements of every kind, each doubtful row its
presence, each interpretation an answer and each open question yes or no.  What is stated at one place is one
unknown, wherever the record has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, pairwise, product

from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Every,
    In,
    InForce,
    Is,
    Named,
    Not,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.policy import Rule
from redline.rules.record import Cell, Row
from redline.rules.trees import Tree
from redline.rules.values import Amounts, Stretch, Terms, Test, Value
from redline.rules.verdicts import Kind, Verdict
from tests.generate_rows import Need, Situation

Point = str | Fraction
Path = tuple[str | int, ...]
Unknown = tuple[object, ...]
"""What an unknown is known by: ("field", where it is stated, key, unit or tree), ("presence", path),
("rest", path), ("reading", name), ("open", question), ("perhaps", point, test)."""
Choice = Mapping[Unknown, object]
HARMLESS = {Verdict.AUTHORISED, Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE}
GRANTS = {"grant", "licence", "consent", "individual-licence"}
FURTHER = 3


class TooMany(Exception):
    """There are more completions than are looked at."""


def answer(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict where all these are possible."""
    found = set(verdicts)
    assert found
    if len(found) == 1:
        return found.pop()
    return Verdict.NOT_CROSSED if found <= HARMLESS else Verdict.UNDETERMINED


# --- points --------------------------------------------------------------------------------------


def inside(point: Point, value: Value) -> bool:
    """Whether the point is one of the values."""
    if isinstance(value, Terms):
        assert isinstance(point, str)
        above = set(_above(value.tree, point))
        return (value.within is None or bool(above & value.within)) and not above & value.without
    assert isinstance(point, Fraction)
    return any(_between(point, s) for s in value.stretches)


def _above(tree: Tree, term: str) -> Iterator[str]:
    here: str | None = term
    while here is not None:
        yield here
        if here in tree.parents:
            here = tree.parents[here]
        else:
            here = tree.climb(here) if tree.climb else None


def _between(point: Fraction, s: Stretch) -> bool:
    above = s.low is None or point > s.low or (point == s.low and not s.low_open)
    return above and (s.high is None or point < s.high or (point == s.high and not s.high_open))


def points(value: Value, tests: Sequence[Test]) -> list[Point]:
    """Representatives of what the value may be: one of each sort that the tests tell apart."""
    edges = [edge for t in tests for edge in (t.accepts, t.perhaps) if edge is not None]
    candidates: list[Point] = []
    if isinstance(value, Terms):
        named: set[str] = set(value.tree.parents) if value.tree.closed else {"nobody-names-this"}
        for found in (value, *edges):
            assert isinstance(found, Terms)
            named |= (found.within or frozenset()) | found.without
        candidates += sorted(named)
    else:
        bounds = {Fraction(0)}
        for found in (value, *edges):
            assert isinstance(found, Amounts)
            bounds |= {b for s in found.stretches for b in (s.low, s.high) if b is not None}
        ordered = sorted({b + d for b in bounds for d in (-1, 0, 1)})
        middle = [] if value.whole else [(a + b) / 2 for a, b in pairwise(ordered)]
        candidates += sorted([*ordered, *middle])
    kinds: dict[tuple[bool, ...], Point] = {}
    for point in candidates:
        if inside(point, value):
            kinds.setdefault(tuple(inside(point, edge) for edge in edges), point)
    assert kinds, (value, tests)
    return list(kinds.values())


# --- unknowns ------------------------------------------------------------------------------------


def _where(row: Row, key: object, path: Path) -> object:
    """Where it is stated, if that is a place of its own; else where the record has it."""
    about = row.cells[key].about  # type: ignore[index]
    return about if about.endswith(f".{key}") else path


def tested(test: Test) -> str:
    """What the test is about: a unit or a tree."""
    return test.accepts.unit if isinstance(test.accepts, Amounts) else test.accepts.tree.name


def choices(
    row: Row, need: Need, path: Path = (), met: dict[Unknown, list[Test]] | None = None
) -> dict[Unknown, list[object]]:
    """Everything about the row that a rule may look at, and what each may be; `met` are the tests so far of
    what is asked in several places."""
    found: dict[Unknown, list[object]] = {}
    met = {} if met is None else met
    for key, tests in need.cells.items():
        cell = row.cells[key]
        for about in dict.fromkeys(tested(t) for t in tests):
            unknown: Unknown = ("field", _where(row, key, path), key, about)
            asked = met.setdefault(unknown, [])
            asked += [t for t in tests if tested(t) == about]
            found[unknown] = list(points(_as(cell.value, asked[0]), asked))
    for name, inner in need.parts.items():
        found |= choices(row.parts[name], inner, (*path, name), met)
    for name, inner in need.lists.items():
        rows = row.lists[name]
        for i, element in enumerate(rows.rows):
            if element.present is not None:
                found["presence", (*path, name, i)] = _truths(element.present)
            found |= choices(element, inner, (*path, name, i), met)
        closed = _truths(rows.closed) == [True]
        found["rest", (*path, name, "*")] = [()] if closed else _further(rows.rest, inner)
    return found


def _truths(cell: Cell) -> list[object]:
    return [so for so, term in ((True, "yes"), (False, "no")) if inside(term, cell.value)]


def _as(value: Value, test: Test) -> Value:
    """The value, in the unit of the test: of another unit anything is possible."""
    match value, test.accepts:
        case Amounts(unit), Amounts(other, _, whole) if unit != other:
            return Amounts(other, whole=whole)
        case _:
            return value


def _further(rest: Row, need: Need) -> list[object]:
    """Up to three further elements of every kind (no more than there are quantifiers over the list)."""
    if need.asked > FURTHER:
        raise TooMany
    kinds = [tuple(kind.items()) for kind in _every(choices(rest, need), 60)]
    sizes = range(need.asked + 1)
    return list(chain.from_iterable(combinations(kinds, size) for size in sizes))


def _every(options: Mapping[Unknown, Sequence[object]], most: int) -> list[dict[Unknown, object]]:
    size = 1
    for option in options.values():
        size *= len(option)
        if size > most:
            raise TooMany
    return [dict(zip(options, chosen, strict=True)) for chosen in product(*options.values())]


# --- meaning -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """What is so outside any row: answers of interpretations, open questions and doubtful territories."""

    chosen: Choice

    def perhaps(self, point: Point, test: Test) -> bool | None:
        """Whether a doubtful point is meant by the test; None where it is left in doubt."""
        found = self.chosen.get(("perhaps", point, test))
        assert found is None or isinstance(found, bool)
        return found


def true(condition: Condition, row: Row, path: Path, of: Choice, world: World) -> bool | None:
    """Whether the condition is so; None only where a territory is left in doubt."""
    match condition:
        case All(parts):
            return _all([true(part, row, path, of, world) for part in parts])
        case Any(parts):
            return _not(_all([_not(true(part, row, path, of, world)) for part in parts]))
        case Not(part):
            return _not(true(part, row, path, of, world))
        case Named(_, part):
            return true(part, row, path, of, world)
        case Is(key, test):
            point = of["field", _where(row, key, path), key, tested(test)]
            assert isinstance(point, str | Fraction)
            if inside(point, test.accepts):
                return True
            doubtful = test.perhaps is not None and inside(point, test.perhaps)
            return world.perhaps(point, test) if doubtful else False
        case Silent(key):
            if key in row.lists:
                return not row.lists[key].rows and not row.lists[key].closed.stated
            return not row.cells[key].stated
        case In(name, part):
            return true(part, row.parts[name], (*path, name), of, world)
        case Some():
            return _not(_all([_not(so) for so in _elements(condition, row, path, of, world)]))
        case Every():
            return _all(_elements(condition, row, path, of, world))
        case Reading(name, answers):
            return world.chosen["reading", name] in answers
        case Unsettled(question):
            return bool(world.chosen["open", question])


def _elements(quantified: Some | Every, row: Row, path: Path, of: Choice, world: World) -> list[bool | None]:
    name, part = quantified.list, quantified.body
    rows = row.lists[name]
    found = [
        true(part, element, (*path, name, i), of, world)
        for i, element in enumerate(rows.rows)
        if of.get(("presence", (*path, name, i)), True)
    ]
    further = of["rest", (*path, name, "*")]
    assert isinstance(further, tuple)
    return found + [true(part, rows.rest, (), dict(kind), world) for kind in further]


def _not(so: bool | None) -> bool | None:
    return None if so is None else not so


def _all(parts: Sequence[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def verdicts(rule: Rule, permits: Sequence[Rule], row: Row, chosen: Choice) -> frozenset[Verdict]:
    """The verdict of one completion (several only where a territory is left in doubt)."""
    world = World(chosen)

    def so(condition: Condition | None, otherwise: bool) -> bool | None:
        return otherwise if condition is None else true(condition, row, (), chosen, world)

    def about(one: Rule) -> bool | None:
        key = InForce(f"p/{one.id}")
        in_force = not one.validity or chosen["field", _where(row, key, ()), key, "yes_no"] == "yes"
        return _all([in_force, so(one.scope, True)])

    def permitted(one: Rule) -> bool | None:
        return _all([about(one), so(one.when, True), _not(so(one.unless, False))])

    excepted = [_not(so(rule.unless, False)), *(_not(permitted(p)) for p in permits)]
    parts = (
        about(rule),
        _all([so(rule.when, True), *excepted]),
        so(rule.requires, False),
        _not(_all([_not(so(g, False)) for g in _grants(rule.requires)])),
    )
    known = ((p,) if p is not None else (True, False) for p in parts)
    return frozenset(_verdict(rule.kind, *each) for each in product(*known))


def _verdict(kind: Kind, about: bool, bites: bool, met: bool, granted: bool) -> Verdict:
    if not about:
        return Verdict.NOT_APPLICABLE
    if not bites:
        return Verdict.NOT_CROSSED
    if kind is Kind.WEIGHS:
        return Verdict.REQUIRES_ASSESSMENT
    if kind is Kind.PROHIBITS or not met:
        return Verdict.CROSSES
    return Verdict.AUTHORISED if granted else Verdict.NOT_CROSSED


def _grants(condition: Condition | None) -> list[Condition]:
    match condition:
        case Is(Covered(kind)):
            return [condition] if kind in GRANTS else []
        case All(parts) | Any(parts):
            return [grant for part in parts for grant in _grants(part)]
        case Named(_, part):
            return _grants(part)
        case _:
            return []


# --- all completions -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Every completion with its verdicts; `unknown` are those that may be more than one thing."""

    unknown: tuple[Unknown, ...]
    completions: tuple[tuple[tuple[object, ...], frozenset[Verdict]], ...]

    @property
    def possible(self) -> frozenset[Verdict]:
        """The verdicts of all completions."""
        return frozenset().union(*(found for _, found in self.completions))

    def settling(self) -> set[frozenset[Unknown]]:
        """The smallest sets of unknowns of which some values settle the verdict, whatever the rest is."""
        found: list[frozenset[Unknown]] = []
        facts = [i for i, u in enumerate(self.unknown) if u[0] not in ("open", "perhaps")]
        for size in range(len(facts) + 1):
            for chosen in combinations(facts, size):
                names = frozenset(self.unknown[i] for i in chosen)
                if not any(smaller <= names for smaller in found) and self._settles(chosen):
                    found.append(names)
        return set(found)

    def settled_as(self, names: frozenset[Unknown]) -> set[Verdict]:
        """The verdicts that values of these unknowns can settle it as."""
        chosen = [i for i, unknown in enumerate(self.unknown) if unknown in names]
        return {answer(group) for group in self._groups(chosen)} - {Verdict.UNDETERMINED}

    def _settles(self, chosen: Sequence[int]) -> bool:
        return any(answer(group) is not Verdict.UNDETERMINED for group in self._groups(chosen))

    def _groups(self, chosen: Sequence[int]) -> list[set[Verdict]]:
        groups: dict[tuple[object, ...], set[Verdict]] = {}
        for values, found in self.completions:
            groups.setdefault(tuple(values[i] for i in chosen), set()).update(found)
        return list(groups.values())


def complete(situation: Situation, most: int = 1500, unknowns: int = 6, *, doubt: bool = False) -> Table:
    """Every completion of the record.  In `doubt`, territories of which a group does not tell stay so;
    else each is meant or is not.  Raises TooMany."""
    conditions = [
        c for r in situation.policy.rules for c in (r.scope, r.when, r.unless, r.requires) if c is not None
    ]
    options = choices(situation.row, situation.need)
    for asked in dict.fromkeys(a for c in conditions for a in _asked(c)):
        match asked:
            case Reading(name):
                options["reading", name] = list(situation.readings.get(name, frozenset("abc")))
            case Unsettled(question):
                options["open", question] = [True, False]
            case Is(_, Test(_, Terms(within=terms)) as test) if terms is not None and not doubt:
                options |= {("perhaps", term, test): [True, False] for term in terms}
    open_ = {unknown: found for unknown, found in options.items() if len(found) > 1}
    if sum(unknown[0] != "perhaps" for unknown in open_) > unknowns:
        raise TooMany
    fixed = {unknown: found[0] for unknown, found in options.items() if len(found) == 1}
    rule, permits = situation.rule, situation.permits
    done = tuple(
        (tuple(chosen.values()), verdicts(rule, permits, situation.row, fixed | chosen))
        for chosen in _every(open_, most)
    )
    return Table(tuple(open_), done)


def _asked(condition: Condition) -> Iterator[Condition]:
    """The interpretations, open questions and doubtful comparisons in a condition."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _asked(part)
        case Not(part) | Named(_, part) | In(_, part) | Some(_, part) | Every(_, part):
            yield from _asked(part)
        case Is(_, test):
            if test.perhaps is not None:
                yield condition
        case Silent():
            pass
        case _:
            yield condition
