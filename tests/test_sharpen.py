"""Sharpening is the truth over all completions, and settling sets are all there are: held to brute force."""

from __future__ import annotations

from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings

from redline.engine import sharpen
from redline.engine.case import Variable
from redline.engine.circuit import PAIRWISE, Circuit, Rails
from redline.engine.formula import Atom, value_of
from redline.engine.sharpen import STEPS, Budget, GaveUp, kleene, possible, settling_sets, verdict
from redline.rules.condition import All, Any, Condition, Every, Is, Not, Some
from redline.rules.countries import COUNTRY
from redline.rules.record import Cell, Key, Row
from redline.rules.terms import TREES
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction
from redline.rules.values import Terms, Test
from redline.rules.verdicts import Kind, Verdict, settle
from redline.testing.dice import Seeded, chance, pick
from tests.brute_force import Table, TooMany, Unknown, answer, complete
from tests.generate_rows import (
    ANY,
    PLAIN,
    TERMS,
    YES,
    Situation,
    Wish,
    a_policy,
    a_rule,
    needs,
    record,
    seeded,
    situations,
)

CASES = 15 * settings().max_examples
WISHES = (PLAIN, Wish(unknown=65, open=70, atoms=4), Wish(unknown=25, open=15, perhaps=60))


def _tables(wish: Wish, first: int = 0) -> list[tuple[Situation, Table]]:
    """Situations small enough for brute force, without doubtful territories."""
    found = []
    for seed in range(first, first + CASES):
        s = seeded(seed, wish)
        try:
            table = complete(s)
        except TooMany:
            continue
        if not any(unknown[0] == "perhaps" for unknown in table.unknown):
            found.append((s, table))
    return found


def _holds_to(s: Situation, table: Table) -> None:
    case = s.case()
    found = possible(case, case.masks, Budget(STEPS))
    expected = answer(table.possible)
    assert settle(found) is verdict(case, case.masks) is expected, s
    if expected is Verdict.UNDETERMINED:
        assert found <= table.possible, s
    else:
        assert found == table.possible, s


def test_a_verdict_is_that_of_all_completions() -> None:
    """Every completion, one by one, on many records with up to six unknowns."""
    for wish in WISHES:
        tables = _tables(wish)
        assert len(tables) > CASES * 0.6
        sharper = 0
        for s, table in tables:
            _holds_to(s, table)
            case = s.case()
            sharper += settle(kleene(case, case.masks)) is not answer(table.possible)
        assert sharper > len(tables) * 0.05  # else sharpening was not put to the test


@given(situations())
def test_a_verdict_is_that_of_all_completions_found_by_search(s: Situation) -> None:
    """The same on cases that hypothesis makes, and shrinks."""
    try:
        table = complete(s, doubt=True)
    except TooMany:
        return
    if complete(s, most=10**5).possible == table.possible:
        _holds_to(s, table)


def _several_wanted(seed: int) -> Situation:
    """Two or three questions of one list, most of them not to be met by one element; the list is open."""
    dice = Seeded(Random(seed))  # noqa: S311  # no secret hangs on it
    name, key, of = pick(
        dice,
        (
            ("via", "country", "country"),
            ("content", "class", "class"),
            ("flags", "value", "flag"),
            ("agreements", "kind", "agreement_kind"),
            ("reach", "how", "reach_how"),
        ),
    )
    asked = [Is(key, Test(Terms(TREES[of], frozenset({term})))) for term in TERMS[of]]
    first = dice.number(0, len(asked) - 1)
    parts: list[Condition] = [Some(name, asked[first]), Some(name, asked[first - 1])]
    if chance(dice, 60):
        other = pick(dice, asked)
        more: tuple[Condition, ...] = (
            Not(Some(name, other)), Not(Every(name, other)), Some(name, Not(other)), Some(name, other),
        )  # fmt: skip
        parts.append(pick(dice, more))
    whole = Any((All(tuple(parts[:2])), parts[-1])) if chance(dice, 20) else All(tuple(parts))
    rule = a_rule(
        "rule", pick(dice, (Kind.PROHIBITS, Kind.WEIGHS)), when=Not(whole) if chance(dice, 20) else whole
    )
    policy = a_policy([rule])
    return Situation(policy, record(dice, "step", needs(policy.rules), Wish(open=90, unknown=10)), {})


def test_what_no_one_element_could_be_several_may_bring_to_an_open_list() -> None:
    """One from Pakistan and one from India: what only two further elements together bring is possible.  An
    error here clears."""
    checked = several = 0
    for seed in range(CASES // 3):
        s = _several_wanted(seed)
        try:
            table = complete(s)
        except TooMany:
            continue
        _holds_to(s, table)
        checked += 1
        few = [
            found
            for values, found in table.completions
            if all(len(v) <= 1 for v in values if isinstance(v, tuple))
        ]
        several += frozenset().union(*few) != table.possible
    assert checked > CASES * 0.2
    assert several > checked * 0.1


def test_a_doubtful_territory_is_meant_or_not_and_no_more() -> None:
    """With territories of which a group does not tell, the verdict lies between both ways of taking them
    for meant or not, and leaving each mention of them open by itself."""
    doubtful = 0
    for seed in range(CASES):
        s = seeded(seed, WISHES[2])
        try:
            sharp, loose = complete(s), complete(s, doubt=True)
        except TooMany:
            continue
        doubtful += any(unknown[0] == "perhaps" for unknown in sharp.unknown)
        case = s.case()
        found = possible(case, case.masks, Budget(STEPS))
        assert found <= loose.possible, seed
        if settle(found) is not Verdict.UNDETERMINED:
            assert sharp.possible <= found, seed
    assert doubtful > CASES * 0.1


def _name(variable: Variable) -> Unknown:
    match variable.sort:
        case "field":
            assert variable.column is not None
            assert variable.cell is not None
            return ("field", variable.cell.about, *variable.column)
        case "presence" | "rest":
            return (variable.sort, variable.path)
        case _:
            return (variable.sort, variable.path[0])


def test_settling_sets_are_all_the_smallest_there_are() -> None:
    """No set is missing, none is larger than it need be, none settles nothing; and each tells every verdict
    that it can settle, a crossing as well as a negative."""
    checked, several, either_way = 0, 0, 0
    for wish in WISHES[:2]:
        for s, table in _tables(wish, first=10_000):
            if answer(table.possible) is not Verdict.UNDETERMINED:
                continue
            case = s.case()
            sets, all_searched = settling_sets(case, case.masks)
            assert all_searched, s
            named = {frozenset(_name(case.variables[i]) for i in found.variables): found for found in sets}
            assert set(named) == table.settling(), s
            for names, found in named.items():
                promised = {verdict_ for _, verdict_ in found.outcomes}
                assert promised == table.settled_as(names), s
                either_way += len(promised) > 1
            checked += 1
            several += any(len(found.variables) > 1 for found in sets)
    assert checked > CASES * 0.2
    assert several > checked * 0.05
    assert either_way > checked * 0.05


def test_values_of_a_settling_set_give_the_verdict_that_they_promise() -> None:
    """Each outcome, put in, whatever the rest."""
    for seed in range(CASES // 2):
        case = seeded(seed).case()
        if settle(kleene(case, case.masks)) is Verdict.UNDETERMINED:
            for found in settling_sets(case, case.masks)[0]:
                for values, promised in found.outcomes:
                    masks = case.masks
                    for variable, value in zip(found.variables, values, strict=True):
                        assert value & masks[variable] == value
                        masks[variable] = value
                    assert promised is not Verdict.UNDETERMINED
                    assert verdict(case, masks) is promised


@pytest.mark.parametrize("size", [1, 2, 3, PAIRWISE, PAIRWISE + 1, 12])
def test_of_many_values_just_one_holds(size: int) -> None:
    """Said pair by pair or along a ladder: each may hold, no two of them, and never none."""
    with Circuit() as circuit:
        choice = circuit.choice(size)
        each = [circuit.among(choice, 1 << i) for i in range(size)]
        for one in each:
            assert circuit.possible([one], Budget(100))
            assert [other for other in each if circuit.held(other)] == [one]
        for pair in combinations(each, 2):
            assert not circuit.possible(pair, Budget(100))
        assert not circuit.possible([-one for one in each], Budget(100))
        for mask in range(1, 1 << min(size, 6)):
            assert circuit.possible([circuit.among(choice, mask)], Budget(100))
            assert mask >> circuit.found(choice).bit_length() - 1 & 1


def _truths(rails: Rails, circuit: Circuit, known: list[int]) -> Truth:
    """What the two rails of a truth come to where that is known."""
    yes, no = (not circuit.possible([*known, -rail], Budget(100)) for rail in (rails.yes, rails.no))
    assert not (yes and no)
    return TRUE if yes else FALSE if no else UNKNOWN


def test_on_two_rails_the_truth_is_that_of_the_strong_tables() -> None:
    """Of an atom, for each value; of `all` and `any` of three."""
    with Circuit() as circuit:
        choices = [circuit.choice(3) for _ in range(3)]
        for accepts, perhaps, value in product(range(8), range(8), range(3)):
            rails = circuit.atom(choices[0], Atom(0, accepts, perhaps))
            expected = value_of(Atom(0, accepts, perhaps), [1 << value])
            assert _truths(rails, circuit, [circuit.among(choices[0], 1 << value)]) is expected
        parts = [circuit.atom(choice, Atom(0, 0b001, 0b010)) for choice in choices]
        every, some = circuit.all(parts), circuit.any(parts)
        for values in product((TRUE, UNKNOWN, FALSE), repeat=3):
            known = [
                circuit.among(choice, 1 << (TRUE, UNKNOWN, FALSE).index(truth))
                for choice, truth in zip(choices, values, strict=True)
            ]
            assert _truths(every, circuit, known) is conjunction(values)
            assert _truths(some, circuit, known) is disjunction(values)


# --- bounds --------------------------------------------------------------------------------------


def test_a_small_budget_gives_up_or_gives_the_same_verdict() -> None:
    """Never another: what was not searched to the end is said to be so."""
    gave_up = 0
    for seed in range(CASES // 2):
        case = seeded(seed, WISHES[1]).case()
        full = verdict(case, case.masks, Budget(10**6))
        for left in (0, 1, 2, 4):
            try:
                assert verdict(case, case.masks, Budget(left)) is full
            except GaveUp:
                gave_up += 1
    assert gave_up > CASES // 2


def test_what_the_solver_gives_up_is_no_answer() -> None:
    """A riddle with one solution, found by trial: however few steps it is given, it is solved or given up,
    never said to have none."""
    solved = gave_up = 0
    for seed in range(12):
        random = Random(seed)  # noqa: S311  # no secret hangs on it
        hidden = [random.random() < 0.5 for _ in range(24)]
        clauses: list[list[tuple[int, bool]]] = []
        while len(clauses) < 160:
            three = random.sample(range(24), 3)
            signs = [random.random() < 0.5 for _ in three]
            if any(hidden[v] is sign for v, sign in zip(three, signs, strict=True)):
                clauses.append(list(zip(three, signs, strict=True)))
        for left in (*range(1, 12), 10_000):
            with Circuit() as circuit:
                each = [circuit.literal() for _ in hidden]
                for clause in clauses:
                    circuit.say(*(each[v] if sign else -each[v] for v, sign in clause))
                try:
                    assert circuit.possible([], Budget(left)), (seed, left)
                    solved += 1
                except GaveUp:
                    gave_up += 1
                    assert left < 10_000
    assert solved > 12
    assert gave_up > 12


def _riddle(countries: int) -> Situation:
    """One fact more than there are countries that each may be: two of them are the same, which takes long
    to see."""
    known = [*["IT", "FR", "DE", "ES", "NL", "SE", "PL", "GR", "PT"]][:countries]
    keys = [f"fact_{i}" for i in range(countries + 1)]
    one = {(key, c): Is(key, Test(Terms(COUNTRY, frozenset({c})))) for key in keys for c in known}
    same = [All((one[a, c], one[b, c])) for c in known for a, b in combinations(keys, 2)]
    rule = a_rule("rule", Kind.PROHIBITS, when=Not(Any(tuple(same))))
    cells: dict[Key, Cell] = {key: Cell(Terms(COUNTRY, frozenset(known))) for key in keys}
    return Situation(a_policy([rule]), Row("step", "", cells), {})


def test_past_its_bound_the_search_gives_up() -> None:
    """It does not answer: what cannot be searched stays undetermined with whoever asked."""
    case = _riddle(4).case()
    assert kleene(case, case.masks) > {Verdict.NOT_CROSSED}
    budget = Budget(STEPS)
    assert verdict(case, case.masks, budget) is Verdict.NOT_CROSSED
    taken = STEPS - budget.left
    assert taken > 10
    for left in (0, 1, taken // 2):
        with pytest.raises(GaveUp):
            verdict(case, case.masks, Budget(left))
    assert verdict(case, case.masks, Budget(taken)) is Verdict.NOT_CROSSED
    hard = _riddle(9).case()
    with pytest.raises(GaveUp):
        verdict(hard, hard.masks)


def test_settling_sets_say_when_not_all_were_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the bound of steps, and past the largest set looked for."""
    keys = [f"fact_{i}" for i in range(8)]
    rule = a_rule(
        "rule",
        Kind.PROHIBITS,
        when=Any((All(tuple(Is(k, Test(YES)) for k in keys[1:])), Is("fact_0", Test(YES)))),
    )
    s = Situation(a_policy([rule]), Row("step", "", {key: Cell(ANY) for key in keys}), {})
    case = s.case()
    found, all_searched = settling_sets(case, case.masks)
    assert [len(one.variables) for one in found][:1] == [1]
    assert not all_searched  # the seven others together would settle it too, and are too many to be tried
    monkeypatch.setattr(sharpen, "SETTLING_STEPS", 3)
    assert not settling_sets(case, case.masks)[1]


def test_where_the_search_gives_up_settling_sets_do_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are asked for just where the verdict was given up: they say that not all was searched."""

    monkeypatch.setattr(sharpen, "STEPS", 5)
    monkeypatch.setattr(sharpen, "SETTLING_STEPS", 5)
    case = _riddle(5).case()
    with pytest.raises(GaveUp):
        verdict(case, case.masks)
    assert settling_sets(case, case.masks) == ((), False)
