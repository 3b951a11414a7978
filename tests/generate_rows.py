"""Synthetic rules and records over the real vocabulary, for attacking the evaluator.

A situation is made in three steps: a few *atoms* (comparisons, quantifiers, readings, open questions) in
the shapes of `ASKED`, used again and again, so that what is unknown hangs together; rules put together of
them; and a record with just the cells and lists that the rules ask for, as much of it unknown as wished.
Choices come from a `Dice`: hypothesis' (shrinks) or a seeded one (quick, for many cases).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from redline.engine.case import Case
from redline.engine.ground import ground_entry
from redline.engine.plan import plan
from redline.engine.reference import Readings
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Days,
    Every,
    In,
    InForce,
    Is,
    Named,
    Not,
    Owned,
    Query,
    Reading,
    Share,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.facts import Fact, Grade
from redline.rules.policy import Interpretation, Policy, Rule, Validity
from redline.rules.quantities import base_unit, days
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.shapes import NAME, Type, amount
from redline.rules.terms import COVERED, TREES, YES_NO
from redline.rules.trees import Tree
from redline.rules.values import Amounts, Stretch, Terms, Test, Value
from redline.rules.verdicts import Kind, Layer, Strength, Voice
from redline.rules.vocabulary import ASKED
from redline.testing.dice import Dice, Drawn, Seeded, chance, pick

YES = Terms(YES_NO, frozenset({"yes"}))
ANY = Terms(YES_NO)
YESNO = Type("tree", "yes_no")

TERMS: Mapping[str, tuple[str, ...]] = {
    "country": ("PK", "PK-SD", "IN", "CN", "HK"),
    "class": ("naval-platform", "warship", "corvette", "drone"),
    "activity": ("export", "transfer", "exercise", "training"),
    "code": ("wa_ml", "wa_ml:ML10", "wa_ml:ML10.c", "us_ccl:3A001"),
    "party_kind": ("state", "government", "armed-forces", "company"),
    "role": ("consignee", "intermediate-consignee", "broker"),
    "paper_kind": ("grant", "licence", "individual-licence", "undertaking"),
    "paper_state": ("held", "refused", "expired"),
    "agreement_kind": ("co-development", "memorandum"),
    "sensitivity": ("sensitive", "very-sensitive", "not-sensitive"),
    "content_via": ("itself", "contained", "made-with-technology"),
    "reach_how": ("holder", "transit", "end-user"),
    "end_use": ("military", "weapon-production", "civil"),
    "knowledge": ("told", "aware", "high-probability"),
    "yes_no": ("yes", "no"),
    "covered": ("held", "not-held"),
    "flag": ("diversion-hub", "undisclosed"),
    "name": ("list-a", "list-b"),
}
"""A few terms a tree, some under others, so that tests and values meet."""
NUMBERS: Mapping[str, tuple[Fraction, ...]] = {
    "share": tuple(Fraction(n, 4) for n in range(5)),
    "count": tuple(Fraction(n) for n in range(4)),
    "money": tuple(Fraction(100 * n) for n in range(4)),
    "duration": tuple(Fraction(n) for n in (-5, 0, 30, 31)),
    "date": tuple(Fraction(date(2020, 1, d).toordinal()) for d in (1, 2, 3, 31)),
}
PK = Terms(TREES["country"], frozenset({"PK"}))
QUERIES: Mapping[str, Mapping[Query, Type]] = {
    "step": {
        Days("contract", "delivery"): amount("duration"),
        Covered("licence"): Type("tree", "covered"),
        Covered("consent", issuer=Is("country", Test(PK))): Type("tree", "covered"),
        Covered("end-use-certificate"): Type("tree", "covered"),
        Share(Is("made_in", Test(PK))): amount("share"),
    },
    "item": {Share(Is("made_in", Test(PK))): amount("share")},
    "party": {Owned(Is("country", Test(PK)), Fraction(1, 2), "whole"): Type("tree", "yes_no")},
}


@dataclass(frozen=True)
class Wish:
    """What sort of situations are wanted; shares in percent."""

    unknown: int = 40
    open: int = 30
    depth: int = 2
    atoms: int = 5
    permits: int = 2
    silent: bool = True
    perhaps: int = 15
    asked: bool = True
    kinds: tuple[Kind, ...] = (Kind.PROHIBITS, Kind.REQUIRES, Kind.WEIGHS)
    """Whether interpretations and open questions stand in conditions."""


PLAIN = Wish()


@dataclass
class Need:
    """What conditions ask of a row: its cells with the tests they meet, its parts and its lists."""

    cells: dict[Key, list[Test]] = field(default_factory=dict)
    parts: dict[str, Need] = field(default_factory=dict)
    lists: dict[str, Need] = field(default_factory=dict)
    asked: int = 0
    """How many quantifiers range over it, of a list."""


@dataclass(frozen=True)
class Situation:
    """A policy, its rule in question, the permissions that name it, a record, and the answers fixed."""

    policy: Policy
    row: Row
    readings: Readings

    @property
    def rule(self) -> Rule:
        """The rule in question."""
        return next(rule for rule in self.policy.rules if rule.kind is not Kind.PERMITS)

    @property
    def permits(self) -> tuple[Rule, ...]:
        """The permissions that name it."""
        return tuple(rule for rule in self.policy.rules if rule.kind is Kind.PERMITS)

    @property
    def need(self) -> Need:
        """What all its rules ask of the record."""
        return needs(self.policy.rules)

    def case(self) -> Case:
        """The rule on the record, grounded."""
        return ground_entry(plan([self.policy]), self.policy.rules.index(self.rule), self.row, self.readings)

    def __repr__(self) -> str:
        rules = "\n".join(
            f"{r.kind} scope={r.scope} when={r.when} unless={r.unless} requires={r.requires} {r.validity}"
            for r in self.policy.rules
        )
        return f"RULES {rules}\nROW {self.row}\nREADINGS {self.readings}"


# --- values and tests ----------------------------------------------------------------------------


def tree_of(kind: Type) -> Tree:
    """The tree of a type of terms."""
    return NAME if kind.sort == "name" else TREES[kind.of]


def known(kind: Type) -> bool:
    """Whether values of that type are made here."""
    if kind.sort == "amount":
        return kind.of in NUMBERS
    return kind.sort == "name" or (kind.sort == "tree" and kind.of in TERMS)


def unit_of(dice: Dice, kind: Type) -> str:
    """The unit of amounts of that type; of money, a currency."""
    return pick(dice, ("EUR", "EUR", "USD")) if kind.of == "money" else base_unit(kind.of)


def dimension_of(unit: str, *, whole: bool) -> str:
    """The dimension of amounts of that unit."""
    plain = (
        d for d in NUMBERS if d != "money" and base_unit(d) == unit and (d in ("count", "date")) is whole
    )
    return next(plain, "money")


def stretch(dice: Dice, dimension: str) -> Stretch:
    """A stretch of amounts that is not empty."""
    whole = dimension in ("count", "date")
    low, high = sorted((pick(dice, NUMBERS[dimension]), pick(dice, NUMBERS[dimension])))
    match dice.number(0, 4):
        case 0 | 1:
            return Stretch(low, low)
        case 2:
            return Stretch(low, None, low_open=not whole and chance(dice, 40))
        case 3:
            return Stretch(None, high, high_open=not whole and chance(dice, 40))
        case _:
            return Stretch(low, high)


def value(dice: Dice, kind: Type, unknown: int) -> Value:
    """A value, so often wholly unknown; else one, one of two, or all but one."""
    if kind.sort == "amount":
        whole = kind.of in ("count", "date")
        unit = unit_of(dice, kind)
        if chance(dice, unknown):
            return Amounts("" if kind.of == "money" else unit, whole=whole)
        both = [stretch(dice, kind.of) for _ in range(2 if chance(dice, 15) else 1)]
        return Amounts(unit, tuple(both), whole)
    tree = tree_of(kind)
    if chance(dice, unknown):
        return Terms(tree)
    terms = TERMS[tree.name]
    match dice.number(0, 5):
        case 0 | 1 | 2 | 3:
            return Terms(tree, frozenset({pick(dice, terms)}))
        case 4:
            return Terms(tree, frozenset({pick(dice, terms), pick(dice, terms)}))
        case _:
            left = Terms(tree, None, frozenset({pick(dice, terms)}))
            return Terms(tree) if left.empty else left


def test(dice: Dice, kind: Type, perhaps: int) -> Test:
    """A test of values of that type."""
    if kind.sort == "amount":
        unit = "EUR" if kind.of == "money" and chance(dice, 80) else unit_of(dice, kind)
        return Test(Amounts(unit, (stretch(dice, kind.of),), kind.of in ("count", "date")))
    tree = tree_of(kind)
    terms = TERMS[tree.name]
    accepts = frozenset(pick(dice, terms) for _ in range(dice.number(1, 2 if len(terms) > 2 else 1)))
    if tree.name == "country" and chance(dice, perhaps):
        return Test(Terms(tree, accepts | {"CN"}), Terms(tree, frozenset({"HK"})))
    return Test(Terms(tree, accepts))


# --- conditions ----------------------------------------------------------------------------------


def fields_of(shape: str) -> dict[Key, Type]:
    """The fields and questions of a shape that conditions are made of."""
    if shape.startswith("value of "):
        return {"value": Type("name") if shape.endswith(" name") else Type("tree", shape[9:])}
    found: dict[Key, Type] = {f.name: f.type for f in ASKED[shape].fields.values() if known(f.type)}
    return found | dict(QUERIES.get(shape, {}))


def lists_of(shape: str) -> dict[str, str]:
    """The lists of a shape and the shape of their rows; of a field of several values, `value of TREE`."""
    if shape.startswith("value of "):
        return {}
    many = {f.name: f"value of {tree_of(f.type).name}" for f in ASKED[shape].many.values() if known(f.type)}
    return many | {s.name: s.shape for s in ASKED[shape].lists.values()}


def parts_of(shape: str) -> dict[str, str]:
    """The parts of a shape and their shapes."""
    return {} if shape.startswith("value of ") else {s.name: s.shape for s in ASKED[shape].parts.values()}


def comparison(dice: Dice, shape: str, wish: Wish) -> Condition:
    """A comparison of a field (now and then: whether anything is said of it)."""
    key, kind = pick(dice, tuple(fields_of(shape).items()))
    if wish.silent and isinstance(key, str) and chance(dice, 4):
        return Silent(key)
    return Is(key, test(dice, kind, wish.perhaps))


def question(dice: Dice) -> Condition:
    """An interpretation or a question left open."""
    if chance(dice, 70):
        answers = ("a", "b", "c")
        return Reading(
            pick(dice, ("p/one", "p/two")), frozenset(pick(dice, answers) for _ in range(dice.number(1, 2)))
        )
    return Unsettled(pick(dice, ("what is near?", "who decides?")))


def atom(dice: Dice, shape: str, depth: int, wish: Wish) -> Condition:
    """A condition with little structure of its own."""
    lists, parts = lists_of(shape), parts_of(shape)
    choice = dice.number(0, 9)
    if wish.asked and choice == 9:
        return question(dice)
    if depth and lists and choice in (4, 5, 6):
        name, inner = pick(dice, tuple(lists.items()))
        if wish.silent and chance(dice, 4):
            return Silent(name)
        return (Every if chance(dice, 40) else Some)(name, body(dice, inner, depth - 1, wish))
    if depth and parts and choice in (2, 3):
        name, inner = pick(dice, tuple(parts.items()))
        return In(name, atom(dice, inner, depth - 1, wish))
    return comparison(dice, shape, wish)


def body(dice: Dice, shape: str, depth: int, wish: Wish) -> Condition:
    """What is asked of the elements of a list."""
    return combined(dice, [atom(dice, shape, depth, wish) for _ in range(dice.number(1, 2))], 1)


def combined(dice: Dice, atoms: Sequence[Condition], depth: int) -> Condition:
    """A condition put together of atoms; they may stand in it several times."""
    choice = dice.number(0, 7) if depth else 0
    if len(atoms) == 1:
        return Not(atoms[0]) if choice == 2 else atoms[0]
    if choice <= 1:
        return pick(dice, atoms)
    if choice == 2:
        return Not(combined(dice, atoms, depth - 1))
    if choice == 3:
        return Named("named", combined(dice, atoms, depth - 1))
    first = dice.number(0, len(atoms) - 1)
    near = [atoms[(first + i) % len(atoms)] for i in range(dice.number(2, 3))]
    parts = tuple(combined(dice, [one] if chance(dice, 75) else atoms, depth - 1) for one in near)
    return All(parts) if choice <= 5 else Any(parts)


def variant(dice: Dice, condition: Condition, wish: Wish) -> Condition:
    """The same question with another answer."""
    match condition:
        case Is(key, asked):
            match asked.accepts:
                case Terms(tree):
                    return Is(
                        key,
                        test(dice, Type("name") if tree is NAME else Type("tree", tree.name), wish.perhaps),
                    )
                case Amounts(unit, _, whole):
                    dimension = dimension_of(unit, whole=whole)
                    return Is(key, Test(Amounts(unit, (stretch(dice, dimension),), whole)))
        case Some(name, inner) | Every(name, inner):
            other = Not(inner) if chance(dice, 30) else variant(dice, inner, wish)
            return Every(name, other) if chance(dice, 50) else Some(name, other)
        case In(name, inner):
            return In(name, variant(dice, inner, wish))
        case _:
            return condition


# --- rules ---------------------------------------------------------------------------------------


def a_rule(name: str, kind: Kind, **parts: object) -> Rule:
    """A rule of policy `p` for each step."""
    plain = Rule(
        id=name,
        policy="p",
        says="",
        kind=kind,
        subject="step",
        layer=Layer.LEGAL,
        strength=Strength.LAW,
        voice=Voice.STATE,
        stated_by="",
        addressed_to="",
        source=(),
    )
    return replace(plain, **parts)  # type: ignore[arg-type]  # the names are those of Rule's fields


ALWAYS = (Validity(days(date(2020, 1, 1), None), "in_force"),)


def a_policy(rules: Sequence[Rule]) -> Policy:
    """A policy of these rules, with its interpretations."""
    answers = dict.fromkeys(("a", "b", "c"), "")
    names = ("one", "two")
    return Policy(
        "p", "", "", "", "", (), tuple(rules), {n: Interpretation(n, "p", "", answers) for n in names}
    )


def policy(dice: Dice, wish: Wish) -> Policy:
    """A rule and the permissions that name it."""
    atoms = [atom(dice, "step", wish.depth, wish) for _ in range(dice.number(3, wish.atoms))]
    atoms += [variant(dice, pick(dice, atoms), wish) for _ in range(2)]
    kind = pick(dice, wish.kinds)

    def condition(percent: int) -> Condition | None:
        first = dice.number(0, len(atoms) - 1)
        mine = [*atoms, *atoms][first : first + 2] if chance(dice, 75) else atoms
        return combined(dice, mine, 2) if chance(dice, percent) else None

    requires = None
    if kind is Kind.REQUIRES:
        paper = Is(
            Covered(pick(dice, ("licence", "end-use-certificate"))), Test(Terms(COVERED, frozenset({"held"})))
        )
        requires = pick(dice, (paper, combined(dice, [paper, *atoms], 1), Any((paper, pick(dice, atoms)))))
    rule = a_rule(
        "rule",
        kind,
        scope=condition(30),
        when=condition(90),
        unless=condition(35),
        requires=requires,
        validity=ALWAYS if chance(dice, 25) else (),
    )
    permits = [
        a_rule(
            f"permit-{i}",
            Kind.PERMITS,
            scope=condition(25),
            when=condition(96),
            unless=condition(40),
            validity=ALWAYS if chance(dice, 20) else (),
            defeats=("p/rule",),
        )
        for i in range(max(0, dice.number(-1, wish.permits)))
    ]
    rules = [*permits, rule] if chance(dice, 50) else [rule, *permits]
    return a_policy(rules)


def needs(rules: Sequence[Rule]) -> Need:
    """What the rules ask of a record."""
    need = Need()
    for rule in rules:
        for condition in (rule.scope, rule.when, rule.unless, rule.requires):
            _need(condition, need)
        if rule.validity:
            need.cells.setdefault(InForce(f"p/{rule.id}"), []).append(Test(YES))
    return need


def _need(condition: Condition | None, need: Need, shape: str = "step") -> None:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                _need(part, need, shape)
        case Not(inner) | Named(_, inner):
            _need(inner, need, shape)
        case Is(key, asked):
            need.cells.setdefault(key, []).append(asked)
        case Silent(key):
            if key in lists_of(shape):
                need.lists.setdefault(key, Need())
            else:
                need.cells.setdefault(key, [])
        case In(name, inner):
            _need(inner, need.parts.setdefault(name, Need()), parts_of(shape)[name])
        case Some(name, inner) | Every(name, inner):
            found = need.lists.setdefault(name, Need())
            found.asked += 1
            _need(inner, found, lists_of(shape)[name])
        case _:
            pass


# --- records -------------------------------------------------------------------------------------


def anything(kind: Type) -> Value:
    """The value of which nothing is known."""
    return kind.anything()


def _fact(dice: Dice, path: str, found: Value | None) -> Fact:
    return Fact(path, found, Grade(dice.number(1, 5)))


def cell(dice: Dice, path: str, kind: Type, tests: Sequence[Test], unknown: int) -> Cell:
    """A cell with the fact it follows from, or with none and nothing known; often one that is asked for."""
    found = value(dice, kind, unknown)
    if tests and not found.anything and chance(dice, 45):
        found = pick(dice, tests).accepts
    if found.anything:
        return Cell(found, path, stated=False)
    return Cell(found, path, (_fact(dice, path, found),))


def record(dice: Dice, shape: str, need: Need, wish: Wish, path: str = "") -> Row:
    """A row of the shape with what is needed of it."""
    kinds = fields_of(shape)
    cells = {
        key: cell(
            dice, f"{path}.{key}", YESNO if isinstance(key, InForce) else kinds[key], tests, wish.unknown
        )
        for key, tests in need.cells.items()
    }
    shapes = parts_of(shape)
    parts = {n: record(dice, shapes[n], inner, wish, f"{path}.{n}") for n, inner in need.parts.items()}
    if {"to", "end_user"} <= parts.keys() and chance(dice, 40):
        parts["end_user"] = _also(parts["to"], parts["end_user"])
    lists = {
        n: a_list(dice, lists_of(shape)[n], inner, wish, f"{path}.{n}") for n, inner in need.lists.items()
    }
    return Row(shape, "", cells, parts, lists)


def _also(one: Row, other: Row) -> Row:
    """The other party, if it is the same as the first: what both rows state is stated at one place."""
    same: dict[Key, Cell] = {k: c for k, c in one.cells.items() if isinstance(k, str) and k in other.cells}
    return replace(other, cells={**other.cells, **same})


def a_list(dice: Dice, shape: str, need: Need, wish: Wish, path: str) -> Rows:
    """A list of rows: closed or open, some perhaps not there, with or without limits to what may come."""
    rows = []
    for i in range(pick(dice, (0, 1, 1, 2) if path.count(".") < 2 else (0, 1))):
        row = record(dice, shape, need, wish, f"{path}.{i}")
        if chance(dice, 20):
            sure = chance(dice, 30)
            facts = (_fact(dice, f"{path}.{i}", None),) if sure else ()
            row = replace(row, present=Cell(YES if sure else ANY, f"{path}.{i}", facts))
        rows.append(row)
    limits = replace(wish, unknown=60 if chance(dice, 40) else 100, open=100)
    rest = record(dice, shape, need, limits, f"{path}.*")
    if chance(dice, wish.open):
        return Rows(tuple(rows), Cell(ANY, path, stated=bool(rows)), rest)
    return Rows(tuple(rows), Cell(YES, path, (_fact(dice, f"{path} is complete", None),)), rest)


def situation(dice: Dice, wish: Wish = PLAIN) -> Situation:
    """A policy and a record for it."""
    made = policy(dice, wish)
    row = record(dice, "step", needs(made.rules), wish)
    readings = {name: _answers(dice) for name in ("p/one", "p/two") if chance(dice, 40)}
    return Situation(made, row, readings)


def _answers(dice: Dice) -> frozenset[str]:
    """The answers that an interpretation may have: often one, else one of two."""
    one = pick(dice, "abc")
    return frozenset({one, pick(dice, "abc")} if chance(dice, 40) else {one})


def seeded(seed: int, wish: Wish = PLAIN) -> Situation:
    """The situation of that number."""
    return situation(Seeded(Random(seed)), wish)  # noqa: S311  # no secret hangs on it


@st.composite
def situations(draw: Callable[[st.SearchStrategy[int]], int], wish: Wish = PLAIN) -> Situation:
    """Situations, as a strategy of hypothesis."""
    return situation(Drawn(draw), wish)


@st.composite
def values_and_tests(draw: Callable[[st.SearchStrategy[int]], int]) -> tuple[Value, tuple[Test, ...]]:
    """A value and tests of its type."""
    dice = Drawn(draw)
    kind = pick(dice, KINDS)
    return value(dice, kind, 15), tuple(test(dice, kind, 30) for _ in range(dice.number(1, 3)))


KINDS = (
    Type("tree", "country"),
    Type("tree", "class"),
    Type("tree", "code"),
    Type("tree", "sensitivity"),
    Type("tree", "yes_no"),
    Type("name"),
    *(amount(dimension) for dimension in NUMBERS),
)


# --- changing records ----------------------------------------------------------------------------

Place = tuple[str | int | Query, ...]
"""Where something stands in a record: names of parts and lists, numbers of rows or `*`, last a key."""


def places(row: Row, path: Place = ()) -> Iterator[tuple[Place, Cell]]:
    """Every cell outside what may still come, presences (`here`) and closures (`closed`) among them."""
    for key, found in row.cells.items():
        yield (*path, key), found
    for name, part in row.parts.items():
        yield from places(part, (*path, name))
    for name, rows in row.lists.items():
        yield (*path, name, "closed"), rows.closed
        for i, element in enumerate(rows.rows):
            if element.present is not None:
                yield (*path, name, i, "here"), element.present
            yield from places(element, (*path, name, i))


def changed(row: Row, path: Place, new: Callable[[Cell], Cell]) -> Row:
    """The record with the cell of that place changed."""
    head, *tail = path
    if not tail:
        if head == "here":
            assert row.present is not None
            return replace(row, present=new(row.present))
        assert not isinstance(head, int)
        return replace(row, cells={**row.cells, head: new(row.cells[head])})
    assert isinstance(head, str)
    if head in row.parts:
        return replace(row, parts={**row.parts, head: changed(row.parts[head], tuple(tail), new)})
    rows = row.lists[head]
    if tail == ["closed"]:
        rows = replace(rows, closed=new(rows.closed))
    else:
        at = tail[0]
        assert isinstance(at, int)
        inner = changed(rows.rows[at], tuple(tail[1:]), new)
        rows = replace(rows, rows=(*rows.rows[:at], inner, *rows.rows[at + 1 :]))
    return replace(row, lists={**row.lists, head: rows})


def blank(found: Value) -> Value:
    """The value of the same sort of which nothing is known."""
    match found:
        case Terms(tree):
            return Terms(tree)
        case Amounts(unit, _, whole):
            return Amounts(unit, whole=whole)


def forgotten(found: Cell) -> Cell:
    """The cell with nothing known; whether the scenario speaks of it stays."""
    return replace(found, value=blank(found.value), facts=())
