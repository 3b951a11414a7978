"""Trials for the differential test: policies over the whole language, each with scenarios and flat records
that its rules tell apart.

Everything hangs on a seed.  What a rule excepts (an `unless`, a permission) is kept in a policy only where
its own scenarios try it both ways: some on which it defeats the rule, some on which it fails to.  The run
counts that again, by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from redline import Engine
from redline.engine.assume import CATALOGUE, assume
from redline.engine.derive import derive
from redline.engine.plain import document_of
from redline.engine.reference import judge, name
from redline.engine.run import Bench
from redline.flat.fields import Flat, fields_of, scenario_of, scenario_read
from redline.rules.condition import Covered
from redline.rules.frozen import replace
from redline.rules.policy import Rule
from redline.rules.problems import Refused, errors
from redline.rules.record import Row, Subject
from redline.rules.verdicts import Kind, Verdict
from redline.testing.apply import DOUBTS, applied, doubted
from redline.testing.author import Author, Wish, policy
from redline.testing.dice import Dice, chance, pick, seeded
from redline.testing.draft import Draft, consistent
from redline.testing.loading import bench_of
from redline.testing.menu import Menu
from redline.testing.moves import NEUTRAL
from redline.testing.policy_words import TERMS
from redline.testing.values import Values
from redline.testing.written import Data, Mapped, data, listed, mapped

EFFECTS = (Kind.PERMITS, Kind.FLAGS)
SPEAKS = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})
CROWDED = Wish(rules=36)
"""Many rules a policy, so that permissions find rules to name."""
ASSUMED: Mapped = {**NEUTRAL, "assume": list(CATALOGUE)}
"""The neutral scenario with all that can be taken for granted."""
Exception_ = tuple[str, str]
"""A rule's full name, and that of the permission; empty for its own `unless`."""
Alone = tuple[tuple[Exception_, Rule, tuple[Rule, ...]], ...]
"""The exceptions of a rule, each with the rule and permissions as if there were no other."""
SEARCHED, MORE = 6, 8
"""How many scenarios near the others are looked at for one that tries an exception the other way; and how
many are added at most."""


@dataclass(frozen=True)
class Case:
    """A scenario, as plain data; and the flat record that it stands for, if it does for one."""

    scenario: Mapped
    record: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Trial:
    """A policy, and the scenarios on which all interpreters are asked of it."""

    policy: Mapped
    cases: tuple[Case, ...]
    bench: Bench = field(repr=False, compare=False)

    @property
    def engine(self) -> Engine:
        """The policy as users have it."""
        return Engine(self.bench.library, self.bench)


def a_trial(seed: int, scenarios: int = 24, records: int = 24) -> Trial:
    """The trial of that number."""
    dice = seeded(seed)
    written = policy(dice, CROWDED, "drawn", least=30)
    written = {**written, "rules": [*listed(written["rules"]), *_rare(dice)]}
    bench = bench_of(Draft(written))
    menu = Menu(bench)
    cases = [case for _ in range(scenarios) if (case := _better(_scenario, dice, menu)) is not None]
    cases += [case for _ in range(records) if (case := _better(_recorded, dice, menu)) is not None]
    ways, more = exceptions_tried(dice, menu, cases)
    cases += more
    written = _with_exceptions(written, {each for each, both in ways.items() if len(both) == 2})
    return Trial(written, tuple(cases), bench_of(Draft(written)))


def _rare(dice: Dice) -> Iterator[Data]:
    """Rules of what is seldom drawn, and of what is often so."""
    author = Author(dice, CROWDED, policy="drawn")
    asked: list[tuple[str, Data]] = [(f"plain-{n}", author.comparison("step")) for n in range(6)]
    asked += [(f"near-{n}", author.of_part("step", 0)) for n in range(4)]
    either = author.comparison("step")  # so or not so, whichever: what only sharpening sees
    asked.append(("either-way", {"all": [author.comparison("step"), {"any": [either, {"not": either}]}]}))
    asked.append(("neither-way", {"any": [author.comparison("step"), {"all": [either, {"not": either}]}]}))
    if chance(dice, 35):
        asked.append(("banned", {pick(dice, ("some papers", "some undertakings")): _ban(author)}))
    if chance(dice, 25):
        asked.append(("left-open", {"all": [author.comparison("item"), {"unsettled": "who decides?"}]}))
    for called, condition in asked:
        rule = author.rule(
            called, pick(dice, ("prohibits", "weighs")), "item" if called == "left-open" else "step"
        )
        yield {
            **{k: v for k, v in rule.items() if k not in ("scope", "validity", "running")},
            "when": condition,
        }


def _ban(author: Author) -> Data:
    asked = author.of_catalogue("paper")
    assert asked is not None
    return asked


# --- scenarios and records ------------------------------------------------------------------------


def _better(draw: Callable[[Dice, Menu], Case | None], dice: Dice, menu: Menu) -> Case | None:
    """Of two that are drawn the one of which more rules speak for sure: what is drawn blindly leaves most of
    them in doubt."""
    drawn = [case for _ in range(2) if (case := draw(dice, menu)) is not None]
    return max(drawn, key=lambda case: _sure(menu.bench, case), default=None)


def _sure(bench: Bench, case: Case) -> int:
    """How many rules speak for sure, of how many subjects."""
    rules = [rule for _, rule in bench.judging.rules() if rule.kind not in EFFECTS]
    subjects = _subjects(bench, case)
    return sum(
        judge(rule, (), subject.row, {}) <= SPEAKS
        for subject in subjects
        for rule in rules
        if rule.subject == subject.kind
    )


def _subjects(bench: Bench, case: Case) -> tuple[Subject, ...]:
    scenario = consistent(case.scenario, bench.library.lexicon)
    assert scenario is not None
    return derive(assume(scenario), bench.asked).subjects


def _scenario(dice: Dice, menu: Menu) -> Case | None:
    """A few moves from a neutral scenario, some of them into doubt; None if it contradicts itself."""
    made, doubt = pick(dice, (NEUTRAL, ASSUMED, ASSUMED)), pick(dice, (0, 0, 10, 40))
    for _ in range(pick(dice, (4, 12, 24, 24))):
        move = pick(dice, pick(dice, menu.places))
        made = doubted(made, move, dice.number(0, DOUBTS - 1)) if chance(dice, doubt) else applied(made, move)
    return None if consistent(made, menu.bench.library.lexicon) is None else Case(made)


def _recorded(dice: Dice, menu: Menu) -> Case | None:
    record = a_record(dice, menu.values)
    return case_of(record, menu.bench)


def case_of(record: Mapping[str, object], bench: Bench) -> Case | None:
    """The case of a record; None if it cannot be judged."""
    fields = fields_of(bench.library.lexicon)
    try:
        scenario, problems = scenario_read(record, fields, bench.library.lexicon)
        plain = mapped(data(document_of(scenario_of(record, fields)).root))
    except Refused:
        return None
    return None if scenario is None or errors(problems) else Case(plain, record)


def a_record(dice: Dice, values: Values) -> dict[str, object]:
    """A record with values that the rules tell apart, in one of the ways of writing them: nearly whole, in
    part or hardly said; parties are there or not as a whole."""
    fields = fields_of(values.bench.library.lexicon)
    share = pick(dice, (97, 97, 97, 70, 35))
    parties = {of for of in ("from", "to", "end_user", "by") if chance(dice, {"by": 25}.get(of, 75))}
    plain = chance(dice, 60)
    record: dict[str, object] = {}
    for each in fields.values():
        if each.name in ("contract", "delivery") and chance(dice, 70):
            continue
        here = chance(dice, share) and (not each.of or each.of == "item" or each.of in parties)
        if here and not (each.name == "date" and record.keys() & {"contract", "delivery"}):
            value = _value(dice, each, values, plain=plain)
            if value is not None:
                record[each.name] = value
    if "date" in record or chance(dice, 30):
        record = {k: v for k, v in record.items() if k not in ("contract", "delivery")}
    names = list(record)
    if chance(dice, 20):
        names.reverse()
    return {each: record[each] for each in names}


def _value(dice: Dice, of: Flat, values: Values, *, plain: bool) -> object | None:
    if not plain and chance(dice, 8):
        return "unknown"
    if of.name == "papers":
        kinds = [k.kind for k, _ in values.bench.plan.domains if isinstance(k, Covered)]
        some: list[object] = [pick(dice, [*kinds, "licence"]) for _ in range(dice.number(1, 2))]
        return pick(dice, ("none", list(dict.fromkeys(some)), {"known": some[:1], "more": "none"}))
    if of.name == "via":
        ways: tuple[object, ...] = ("none", ["AE"], ["PK", "TR"], {"known": ["CN"], "more": "possible"})
        return pick(dice, ways)
    if of.type is None:
        return "none"
    texts = _texts(of, values)
    if not texts:
        return None
    one, other = pick(dice, texts), pick(dice, texts)
    if of.many:
        both = list(dict.fromkeys([one, other]))
        return pick(dice, ("none", one, both, {"known": [one], "more": "none"}))
    if not plain and one != other and of.type.sort == "tree" and chance(dice, 12):
        return {"one_of": [one, other]}
    return one


def _texts(of: Flat, values: Values) -> tuple[str, ...]:
    """What may be said of the field; the usual things, too, where the rules ask nothing of it."""
    assert of.type is not None
    match of.type.sort:
        case "tree":
            return (*values.terms.get(of.type.of, ()), *TERMS.get(of.type.of, ())[:2])
        case "name":
            return (*values.terms.get("name", ()), "A-1")
        case _ if of.type.of == "date":
            return (*values.days, "2026-06-01", "2026")
        case _:
            return values.amounts(of.key)


# --- exceptions -----------------------------------------------------------------------------------


def exceptions(rule: Rule, rules: Mapping[str, Rule]) -> Alone:
    """Each exception of a rule, with the rule and permissions as if it were the only one."""
    if rule.kind in EFFECTS:
        return ()
    found: list[tuple[Exception_, Rule, tuple[Rule, ...]]] = []
    if rule.unless is not None:
        found.append(((name(rule), ""), rule, ()))
    without = replace(rule, unless=None)
    permits = (permit for permit in rules.values() if name(rule) in permit.defeats)
    return (*found, *(((name(rule), name(permit)), without, (permit,)) for permit in permits))


def tried(every: Alone, row: Row) -> Iterator[tuple[Exception_, str]]:
    """Which exceptions `defeats` a rule that would speak for sure without any, and which `fails` to."""
    if not every or not judge(replace(every[0][1], unless=None), (), row, {}) <= SPEAKS:
        return
    for key, rule, permits in every:
        found = judge(rule, permits, row, {})
        if not found & SPEAKS:
            yield key, "defeats"
        elif found <= SPEAKS:
            yield key, "fails"


def exceptions_tried(
    dice: Dice, menu: Menu, cases: Sequence[Case]
) -> tuple[dict[Exception_, set[str]], list[Case]]:
    """In what ways the cases try each exception of the policies; with them cases near them that try some the
    other way."""
    rules = {name(rule): rule for _, rule in menu.bench.judging.rules()}
    every = [each for rule in rules.values() if (each := exceptions(rule, rules))]
    found: dict[Exception_, set[str]] = {key: set() for each in every for key, *_ in each}
    near: dict[Exception_, Case] = {}
    for case in cases:
        for key, way in _ways(menu.bench, case, every):
            found[key].add(way)
            if case.record is None:
                near.setdefault(key, case)
    more: list[Case] = []
    for key, ways in found.items():
        for _ in range(SEARCHED if len(ways) == 1 and key in near and len(more) < MORE else 0):
            made = near[key].scenario
            for _ in range(dice.number(1, 2)):
                made = applied(made, pick(dice, pick(dice, menu.places)))
            if consistent(made, menu.bench.library.lexicon) is not None:
                here = [*_ways(menu.bench, Case(made), every)]
                if any(way not in found[of] for of, way in here):
                    more.append(Case(made))
                for of, way in here:
                    found[of].add(way)
    return found, more


def _ways(bench: Bench, case: Case, every: Sequence[Alone]) -> Iterator[tuple[Exception_, str]]:
    for subject in _subjects(bench, case):
        for each in every:
            if subject.kind == each[0][1].subject:
                yield from tried(each, subject.row)


def _with_exceptions(written: Mapped, kept: set[Exception_]) -> Mapped:
    rules: list[Data] = []
    for each in map(mapped, listed(written["rules"])):
        rule, full = dict(each), f"{written['policy']}/{each['id']}"
        if (full, "") not in kept and rule["kind"] not in EFFECTS:
            rule.pop("unless", None)
        targets: list[Data] = [
            t for t in listed(rule.pop("defeats", None)) if (f"{written['policy']}/{t}", full) in kept
        ]
        if targets:
            rule["defeats"] = targets
        rules.append(rule)
    return {**written, "rules": rules}
