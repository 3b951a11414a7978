"""Decisions by the index: the same as the reference on the scenario that a record stands for."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from datetime import date
from itertools import permutations, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redline import Engine, Refused
from redline.engine.derive import derive
from redline.engine.plain import document_of
from redline.engine.reference import judge as judge_rule
from redline.engine.reference import name
from redline.engine.run import judge
from redline.flat.fields import Flat, fields_of, scenario_of, scenario_read
from redline.rules.decision import Decision
from redline.rules.verdicts import Kind, Verdict, settle
from redline.testing import policies
from redline.testing.dice import seeded
from redline.testing.values import Values
from tests.generate_policies import AMOUNTS, LISTS, TERMS, a_policy
from tests.generate_trials import a_record as a_told_record


@pytest.fixture(scope="module")
def shipped() -> Engine:
    """The engine of the policies that ship."""
    return Engine.load()


OPEN = {Verdict.CROSSES, Verdict.UNDETERMINED, Verdict.REQUIRES_ASSESSMENT}
COUNTRIES = ("IN", "IT", "PK", "FR", "TR", "CN", "HK", "US", "IN-GJ", "SU")
KINDS = ("end-use-certificate", "licence", "re-export-consent")


def by_reference(engine: Engine, record: Mapping[str, object]) -> Decision:
    """What the reference says of the record's scenario, rule by rule and subject by subject."""
    fields = fields_of(engine.library.lexicon)
    scenario, problems = scenario_read(record, fields, engine.library.lexicon)
    assert scenario is not None, problems
    derived = derive(scenario, engine.bench.asked)
    rules = [rule for _, rule in engine.bench.judging.rules()]
    certain, possible = [], []
    for rule in rules:
        if rule.kind in (Kind.PERMITS, Kind.FLAGS) or not engine.bench.wanted(rule):
            continue
        permits = [each for each in rules if name(rule) in each.defeats]
        sure = still = False
        for subject in (*derived.subjects, *derived.phantoms):
            if subject.kind == rule.subject:
                found = judge_rule(rule, permits, subject.row, {})
                sure |= found == {Verdict.CROSSES} and not subject.phantom
                still |= bool(found & OPEN)
        certain += [name(rule)] * sure
        possible += [name(rule)] * still
    return Decision(tuple(certain), tuple(possible))


def sharpened(engine: Engine, record: Mapping[str, object]) -> dict[str, Verdict]:
    """The verdict that `check` gives of each rule on the record's scenario."""
    document = document_of(scenario_of(record, fields_of(engine.library.lexicon)))
    run = judge(engine.bench, document, explained=lambda _: False)
    assert run.conclusion is not None, run.problems
    found: dict[str, set[Verdict]] = {}
    for finding in run.conclusion.findings:
        found.setdefault(name(finding.rule), set()).add(finding.verdict)
    return {rule: settle(frozenset(verdicts)) for rule, verdicts in found.items()}


def hold_to_the_law(engine: Engine, record: Mapping[str, object]) -> Decision:
    """Decides, and holds the decision to the reference and to what sharpening finds."""
    found = engine.decide(record)
    assert found == by_reference(engine, record), record
    assert engine.decide(record) == found, "the second time, from what was kept"
    verdicts = sharpened(engine, record)
    for rule in found.certain:
        assert verdicts[rule] is Verdict.CROSSES, (rule, record)
    for rule, verdict in verdicts.items():
        if verdict in OPEN:
            assert rule in found.possible, (rule, verdict, record)
    return found


def a_value(chance: Random, field: Flat, engine: Engine) -> Any:
    """A value that the field may have, written in one of the ways there are."""
    way = chance.random()
    if way < 0.08:
        return chance.choice(("unknown", None))
    if field.name == "papers":
        kinds = chance.sample(KINDS, chance.randint(1, 2))
        return chance.choice((kinds, "none", {"known": kinds, "more": "none"}))
    if field.name == "via":
        return chance.choice((["AE"], ["PK", "TR"], "none", {"known": ["AE"], "more": "possible"}))
    if field.type is None:
        return "none"
    one = _one(chance, field, engine)
    if field.many:
        several = list(dict.fromkeys([one, _one(chance, field, engine)]))
        return chance.choice((one, several, "none", {"known": several, "more": "none"}))
    if way < 0.2 and isinstance(one, str):
        other = _one(chance, field, engine)
        return {"one_of": [one, other]} if field.type.sort != "amount" else one
    return one


def _one(chance: Random, field: Flat, engine: Engine) -> Any:
    assert field.type is not None
    match field.type.sort, field.type.of:
        case "tree", "country":
            return chance.choice(COUNTRIES)
        case "tree", "code":
            return chance.choice(("ML10.c", "ML9", "ML5.b", "3A001.b.2", "us_ccl:EAR99"))
        case "tree", "yes_no":
            return chance.choice((True, False, "yes", "no"))
        case "tree", of:
            return chance.choice(sorted(engine.library.lexicon.trees[of].parents))
        case "amount", "date":
            day = date(chance.randint(2018, 2029), chance.randint(1, 12), 1)
            return chance.choice((day, str(day), str(day.year)))
        case "amount", "money":
            return f"{chance.choice((0, 999, 1000, 25000, 10**7))} {chance.choice(('EUR', 'USD'))}"
        case "amount", ("count" | "number"):
            return chance.choice((0, 1, 2, 5, 10, 49, 50, 51, 100, 10**9))
        case "amount", "share":
            return chance.choice(("10%", "25%", "50%"))
        case _:
            return chance.choice(("Alpha", "Beta", "entity-list"))


def a_record(chance: Random, engine: Engine, most: int = 14) -> dict[str, Any]:
    """A record of some fields, the plainer ones more often."""
    fields = fields_of(engine.library.lexicon)
    likely = ["activity", "date", "item.class", "item.codes", "from.country", "to.country", "to.kind"]
    likely += ["end_user.country", "end_user.kind", "item.form", "item.military", "item.contains", "as_of"]
    chosen = [each for each in likely if chance.random() < 0.6]
    chosen += chance.sample(sorted(fields), chance.randint(0, most))
    chance.shuffle(chosen)
    record = {each: a_value(chance, fields[each], engine) for each in dict.fromkeys(chosen)}
    if "date" in record:
        record = {k: v for k, v in record.items() if k not in ("contract", "delivery")}
    return record


def a_full_record(chance: Random) -> dict[str, Any]:
    """A record in which the policies made by chance find all that they ask, now and then a field less."""
    record: dict[str, Any] = {name: chance.choice(terms) for name, terms in TERMS.items()}
    record["item.quantity"] = chance.choice(AMOUNTS["item.quantity"])
    record["item.value"] = f"{chance.choice(AMOUNTS['item.value'])} EUR"
    record |= {name: [chance.choice(terms)] for name, terms in LISTS.items()}
    record |= {"date": f"{chance.randint(2014, 2030)}-06-01", "papers": "none"}
    return {name: value for name, value in record.items() if chance.random() < 0.95}


SOLD = {
    "activity": "export", "date": "2026-06-01", "from.country": "IT", "to.country": "PK", "papers": "none",
    "item.class": "drone", "item.origin": ["IT"], "item.military": True, "item.codes": ["ML10.c"],
    "item.contains": "none", "item.made_with": "none",
}  # fmt: skip
"""What crosses a shipped line for sure."""


def usable(engine: Engine, record: Mapping[str, object]) -> bool:
    """Whether the record can be judged; that it cannot, both ways must say."""
    try:
        engine.decide(record)
    except Refused:
        fields = fields_of(engine.library.lexicon)
        scenario, problems = scenario_read(record, fields, engine.library.lexicon)
        assert scenario is None or problems, record
        return False
    return True


# --- the same as the reference ----------------------------------------------------------------------


def test_on_the_shipped_policies_a_decision_is_what_the_reference_says(shipped: Engine) -> None:
    """Rule by rule, and within the law of sharpening."""
    engine = shipped
    seen = {"certain": 0, "possible": 0, "cleared": 0}
    values = Values(engine.bench)
    for seed in range(36):
        told = a_told_record(seeded(seed), values)  # in the terms that the rules tell apart
        told = {k: told[k] for k in [*told][seed % 5 :: 3] if k not in ("contract", "delivery")}
        ways = ({**SOLD, **told}, told, a_record(Random(seed), engine))  # noqa: S311  # not for secrets
        record = ways[seed % 3]
        if not usable(engine, record):
            continue
        found = hold_to_the_law(engine, record)
        seen["certain"] += bool(found.certain)
        seen["possible"] += len(found.possible) > len(found.certain)
        seen["cleared"] += len(found.possible) < 10
    assert all(number > 3 for number in seen.values()), seen


@pytest.mark.parametrize("seed", range(8))
def test_on_policies_made_by_chance_a_decision_is_what_the_reference_says(seed: int, tmp_path: Path) -> None:
    """Flat rules with exceptions, permissions and validity."""
    path = tmp_path / "made.yaml"
    path.write_text(a_policy(30, seed), encoding="utf-8")
    engine = Engine.load([path])
    chance = Random(seed)  # noqa: S311  # not for secrets
    judged = certain = possible = 0
    for number in range(30):
        record = a_record(chance, engine, 6) if number % 3 else a_full_record(chance)
        if usable(engine, record):
            found = hold_to_the_law(engine, record)
            judged += 1
            certain += bool(found.certain)
            possible += len(found.possible) > len(found.certain)
    assert judged > 20
    assert certain
    assert possible > 8


@settings(max_examples=20, deadline=None)
@given(policies(rules=4), st.integers(0, 2**32))
def test_on_drawn_policies_a_decision_is_what_the_reference_says(
    tmp_path_factory: pytest.TempPathFactory, drawn: Any, seed: int
) -> None:
    """Rules over the whole language."""
    path = tmp_path_factory.mktemp("drawn") / "drawn.yaml"
    path.write_text(drawn.yaml, encoding="utf-8")
    engine = Engine.load([path])
    chance = Random(seed)  # noqa: S311  # not for secrets
    for _ in range(4):
        record = a_record(chance, engine, 10)
        if usable(engine, record):
            hold_to_the_law(engine, record)


PARTS = ("from", "to", "by", "end_user", "via")
ASKS = (
    *(f"{{{part}.country: PK}}" for part in PARTS[:-1]),
    *(f"{{{part}.country: unstated}}" for part in PARTS[:-1]),
    "{some via: {country: PK}}",
    "{every via: {country: PK}}",
    "{some via: {role: transit-point}}",
    "{some reach: {country: PK}}",
    "{every reach: {country: [PK, TR]}}",
    "{some parties: {country: PK}}",
    "{every parties: {country: PK}}",
    "{crosses_border: yes}",
    "{crosses_border: no}",
    "{not: {some reach: {country: PK, how: end-user}}}",
)
"""What hangs on who takes part, and on the way."""


@pytest.mark.parametrize("activity", ["export", "transit", "brokering", "exercise", "incorporation", None])
def test_where_silence_means_something_a_decision_is_what_the_reference_says(
    activity: str | None, tmp_path: Path
) -> None:
    """Who sends, receives, acts, uses and passes on: each said, unknown or not said at all."""
    rules = [f"id: r{n}\n    kind: prohibits\n    when: {asked}" for n, asked in enumerate(ASKS)]
    engine = engine_of(tmp_path, *rules)
    seen: set[Decision] = set()
    for said in product((None, "PK", "IT", "unknown"), repeat=len(PARTS)):
        if sum(each in ("unknown", "IT") for each in said) > 1:
            continue
        record: dict[str, object] = {} if activity is None else {"activity": activity}
        for part, country in zip(PARTS, said, strict=True):
            if country is not None:
                name, value = (part, country) if part == "via" else (f"{part}.country", country)
                record[name] = [value] if part == "via" and country != "unknown" else value
        if usable(engine, record):
            found = engine.decide(record)
            assert found == by_reference(engine, record), record
            seen.add(found)
    assert len(seen) > 20


@pytest.mark.parametrize("ends", ["from: contract, to: return_by", "from: return_by, to: delivery"])
def test_days_between_dates_that_a_policy_has_added_hang_on_both(ends: str, tmp_path: Path) -> None:
    """Said, left out, and both ways round."""
    head = HEAD.replace("rules:", "facts: {transfer: {return_by: {type: date}}}\nrules:")
    when = f"{{days: {{{ends}, at_most: 30}}}}"
    engine = engine_of(tmp_path, f"id: r\n    kind: prohibits\n    when: {when}", head=head)
    ways: set[Decision] = set()
    for day, back in product(("2026-01-01", "2026-03-01", "unknown", None), repeat=2):
        record = {"date": day, "return_by": back}
        for fewer in ({}, *({k: v} for k, v in record.items()), record):
            given_ = {k: v for k, v in fewer.items() if v is not None}
            if usable(engine, given_):
                ways.add(hold_to_the_law(engine, given_))
    assert ways == {((), ()), ((), ("p/r",)), (("p/r",), ("p/r",))}


@pytest.mark.parametrize("asked", ["interpretation: {route: any}", "unsettled: who decides?"])
def test_a_question_that_is_asked_of_a_part_has_one_answer_for_all(asked: str, tmp_path: Path) -> None:
    """It hangs on no field."""
    head = HEAD.replace("rules:", "interpretations: {route: {question: Which?, answers: [any, one]}}\nrules:")
    when = f"{{item: {{all: [{{{asked}}}, {{military: yes}}]}}, to: {{{asked}}}}}"
    engine = engine_of(tmp_path, f"id: r\n    kind: prohibits\n    when: {when}", head=head)
    for military, possible in ((True, ("p/r",)), (False, ())):
        assert hold_to_the_law(engine, {"item.military": military}) == ((), possible)


SHORT = (
    "to.country: PK",
    "to.country: [PK, IN]",
    "item.military: yes",
    "item.form: {not: software}",
    "via: {some: {country: TR}}",
)
"""Conditions of which several hold at once often enough."""
SAID: dict[str, tuple[Any, ...]] = {
    "to.country": ("PK", "IN", "FR", "unknown"),
    "item.military": (True, False, "unknown"),
    "item.form": ("hardware", "software"),
    "papers": ("none", ["licence"], ["re-export-consent", "licence"], {"known": ["licence"], "more": "none"}),
    "date": ("2026-01-01", "2026"),
}


def _short(chance: Random, number: int) -> str:
    """A prohibition, a requirement or what is weighed; every second time a permission that names it."""
    one, other = (f"{{{chance.choice(SHORT[:4])}}}" for _ in range(2))
    kind = chance.choice(("prohibits", "prohibits", "requires", "weighs"))
    text = f"id: r{number}\n    kind: {kind}\n    when: {one}"
    text += f"\n    unless: {other}" if chance.random() < 0.3 else ""
    text += "\n    requires: {paper: licence}" if kind == "requires" else ""
    return text


def _permission(chance: Random, number: int) -> str:
    one, other = (f"{{{chance.choice(SHORT[:4])}}}" for _ in range(2))
    text = f"id: q{number}\n    kind: permits\n    defeats: r{number}\n    when: {one}"
    return text + (f"\n    unless: {other}" if chance.random() < 0.4 else "")


def test_where_permissions_and_papers_turn_it_a_decision_is_what_the_reference_says(tmp_path: Path) -> None:
    """Short rules, so that a permission meets what it defeats, and a paper what asks for it."""
    turned = 0
    for seed in range(4):
        chance = Random(seed)  # noqa: S311  # not for secrets
        rules = [_short(chance, n) for n in range(8)]
        permits = [_permission(chance, n) for n in range(0, 8, 2)]
        engine, without = engine_of(tmp_path, *rules, *permits), engine_of(tmp_path, *rules)
        for _ in range(15):
            record = {n: chance.choice(values) for n, values in SAID.items() if chance.random() < 0.85}
            found = hold_to_the_law(engine, record)
            turned += found != without.decide(record)
    assert turned > 15


def test_papers_in_another_order_make_no_difference(tmp_path: Path) -> None:
    """Each of them is there."""
    kinds = ("licence", "re-export-consent", "end-use-certificate")
    rules = (f"id: r{n}\n    kind: requires\n    requires: {{paper: {kind}}}" for n, kind in enumerate(kinds))
    engine = engine_of(tmp_path, *rules)
    held = set()
    for papers in permutations(kinds, 2):
        record = {"to.country": "PK", "date": "2026-01-01"}
        found = engine.decide({**record, "papers": {"known": list(papers), "more": "none"}})
        assert found == engine.decide({**record, "papers": {"known": list(reversed(papers)), "more": "none"}})
        missing = next(n for n, kind in enumerate(kinds) if kind not in papers)
        assert found == ((f"p/r{missing}",), (f"p/r{missing}",))
        held.add(missing)
    assert held == {0, 1, 2}


def test_at_every_bound_a_decision_is_what_the_reference_says(tmp_path: Path) -> None:
    """Of each kind of bound, on it and beside it; counted and told in money."""
    edges = (2, 3, 10)
    bounds = ("at_least", "more_than", "at_most", "less_than")
    rules = [
        f"id: {field.partition('.')[2]}-{bound.replace('_', '-')}-{edge}\n    kind: prohibits\n"
        f"    when: {{{field}: {{{bound}: {edge}{unit}}}}}"
        for field, unit in (("item.quantity", ""), ("item.value", " EUR"))
        for bound in bounds
        for edge in edges
    ]
    engine = engine_of(tmp_path, *rules)
    seen = set()
    for number in range(13):
        for record in ({"item.quantity": number}, {"item.value": f"{number} EUR"}):
            found = engine.decide(record)
            assert found == by_reference(engine, record), record
            seen.add(found.certain)
    assert len(seen) > 10


def test_fields_in_another_order_make_no_difference(shipped: Engine) -> None:
    """Each order has code of its own."""
    engine = shipped
    for seed in range(5):
        record = a_record(Random(seed), engine)  # noqa: S311  # not for secrets
        if usable(engine, record):
            assert engine.decide(dict(reversed(record.items()))) == engine.decide(record)


def test_a_field_left_out_never_clears(shipped: Engine) -> None:
    """What was crossed for sure stays at least possible."""
    engine = shipped
    fewer = 0
    for seed in range(3):
        record = a_record(Random(seed), engine, 4)  # noqa: S311  # not for secrets
        if not usable(engine, record):
            continue
        found = engine.decide(record)
        for each in record:
            if each == "via" or each.startswith(("by.", "end_user.", "from.")) or record[each] == "none":
                continue  # silence says something of these: nothing on the way, another in that part
            less = engine.decide({k: v for k, v in record.items() if k != each})
            if each.startswith("to.") and sum(k.startswith("to.") for k in record) == 1:
                continue
            assert set(less.possible) >= set(found.certain), (each, record)
            fewer += less != found
    assert fewer


# --- textbook cases -----------------------------------------------------------------------------------

HEAD = "redline: 1\npolicy: p\ntitle: T\nstated_by: IT\nrules:\n"
RULE = "    says: A line.\n    layer: legal\n    strength: law\n    source: made\n    for: each step\n"


def engine_of(tmp_path: Path, *rules: str, head: str = HEAD) -> Engine:
    """An engine of a policy of these rules."""
    path = tmp_path / "p.yaml"
    path.write_text(head + "".join(f"  - {rule}\n{RULE}" for rule in rules), encoding="utf-8")
    return Engine.load([path])


def test_what_is_known_crosses_or_does_not_and_what_is_not_known_does_neither(tmp_path: Path) -> None:
    """Left out, unknown, and one of several."""
    engine = engine_of(tmp_path, "id: r\n    kind: prohibits\n    when: {to.country: PK}")
    assert engine.decide({"to.country": "PK"}) == (("p/r",), ("p/r",))
    assert engine.decide({"to.country": "FR"}) == ((), ())
    for unknown in (
        {},
        {"to.country": None},
        {"to.country": "unknown"},
        {"to.country": {"one_of": ["PK", "FR"]}},
    ):
        assert engine.decide(unknown) == ((), ("p/r",))


def test_a_permission_defeats_and_one_that_may_apply_leaves_the_rule_possible(tmp_path: Path) -> None:
    """The three ways of a permission."""
    engine = engine_of(
        tmp_path,
        "id: r\n    kind: prohibits\n    when: {to.country: PK}",
        "id: q\n    kind: permits\n    defeats: r\n    when: {item.military: no}",
    )
    assert engine.decide({"to.country": "PK", "item.military": True}) == (("p/r",), ("p/r",))
    assert engine.decide({"to.country": "PK", "item.military": False}) == ((), ())
    assert engine.decide({"to.country": "PK"}) == ((), ("p/r",))


def test_a_requirement_crosses_where_it_is_not_held(tmp_path: Path) -> None:
    """Held, not held, and not known."""
    engine = engine_of(
        tmp_path, "id: r\n    kind: requires\n    when: {to.country: PK}\n    requires: {paper: licence}"
    )
    record = {"to.country": "PK", "date": "2026-01-01"}
    assert engine.decide({**record, "papers": "none"}) == (("p/r",), ("p/r",))
    assert engine.decide({**record, "papers": ["licence"]}) == ((), ())
    assert engine.decide(record) == ((), ("p/r",))


def test_a_rule_that_weighs_is_possible_and_never_certain(tmp_path: Path) -> None:
    """Someone has to weigh it."""
    engine = engine_of(tmp_path, "id: r\n    kind: weighs\n    when: {to.country: PK}")
    assert engine.decide({"to.country": "PK"}) == ((), ("p/r",))
    assert engine.decide({"to.country": "FR"}) == ((), ())


def test_bounds_of_numbers_are_kept_exactly(tmp_path: Path) -> None:
    """At the bound, and one to each side."""
    engine = engine_of(
        tmp_path,
        "id: more\n    kind: prohibits\n    when: {item.quantity: {more_than: 10}}",
        "id: least\n    kind: prohibits\n    when: {item.quantity: {at_least: 10}}",
    )
    assert engine.decide({"item.quantity": 9}).certain == ()
    assert engine.decide({"item.quantity": 10}).certain == ("p/least",)
    assert engine.decide({"item.quantity": 11}).certain == ("p/more", "p/least")
    assert engine.decide({"item.quantity": 2**63 - 1}).certain == ("p/more", "p/least")


def test_a_number_alone_that_cannot_be_used_is_refused_and_never_cleared(tmp_path: Path) -> None:
    """A record of one field, whose value has no side among the bounds."""
    engine = engine_of(tmp_path, "id: more\n    kind: prohibits\n    when: {item.quantity: {more_than: 10}}")
    assert engine.decide({"item.quantity": 11}).certain == ("p/more",)
    assert engine.decide({"item.quantity": 10}).possible == ()
    for number in (-1, 2**63, -(2**63)):
        with pytest.raises(Refused):
            engine.decide({"item.quantity": number})


def test_a_rule_is_in_force_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    """Both days count, written either way."""
    rule = "id: r\n    kind: prohibits\n    when: {to.country: PK}\n    validity: "
    rule += "[{from: 2026-01-02, to: 2026-01-03}]"
    engine = engine_of(tmp_path, rule)
    days = {"2026-01-01": (), "2026-01-02": ("p/r",), "2026-01-03": ("p/r",), "2026-01-04": ()}
    for day, crossed in days.items():
        for written in (day, date.fromisoformat(day)):
            assert engine.decide({"to.country": "PK", "date": written}) == (crossed, crossed)
    assert engine.decide({"to.country": "PK", "date": "2026"}) == ((), ("p/r",))
    assert engine.decide({"to.country": "PK"}) == ((), ("p/r",))


def test_an_engine_that_has_decided_is_pickled_and_decides_the_same(shipped: Engine) -> None:
    """What was made ready is left behind."""
    engine = shipped
    record = {"activity": "export", "from.country": "IT", "to.country": "PK", "item.class": "radar"}
    assert pickle.loads(pickle.dumps(engine)).decide(record) == engine.decide(record)  # noqa: S301


# --- bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "code", "said"),
    [
        ("to.contry", "PK", "unknown-key", "did you mean `to.country`?"),
        ("to.country", "Pakistan", "unknown-term", "did you mean `PK`?"),
        ("to.country", 7, "unknown-term", ""),
        ("item.military", 1, "unknown-term", "write `yes` or `no`"),
        ("item.quantity", True, "wrong-quantity", ""),
        ("item.quantity", float("nan"), "wrong-data", ""),
        ("item.quantity", float("inf"), "wrong-data", ""),
        ("item.quantity", 2**63, "out-of-range", "9223372036854775807"),
        ("item.quantity", -1, "out-of-range", "write 0 or more"),
        ("item.quantity", object(), "wrong-data", ""),
        ("item.value", 1000, "wrong-quantity", "currency"),
        ("item.codes", [], "empty-list", "write `none`"),
        ("item.codes", ["none", "ML1"], "none-among-others", ""),
        ("date", "soon", "wrong-date", ""),
        ("to.country", {"value": "PK", "grade": "alleged"}, "unknown-key", "have the scenario checked"),
        ("to.owners", ["someone"], "wrong-shape", ""),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_field_and_what_to_do(
    shipped: Engine, field: str, value: object, code: str, said: str
) -> None:
    """Also after good values were kept."""
    engine = shipped
    for good in ({}, {"item.military": True, "item.quantity": 1, "to.country": "PK"}):
        if good:
            engine.decide(good)  # what was kept of good values lets no bad one through
        with pytest.raises(Refused) as refused:
            engine.decide({**good, field: value})
        (problem,) = refused.value.problems
        assert problem.code == code
        assert f"`{field}`" in problem.message
        assert said in problem.help


def test_every_problem_is_told_at_once(shipped: Engine) -> None:
    """In the order of the fields."""
    with pytest.raises(Refused) as refused:
        shipped.decide({"to.country": "Pakistan", "date": "soon", "item.quantity": -1})
    assert [each.code for each in refused.value.problems] == ["unknown-term", "wrong-date", "out-of-range"]


@pytest.mark.parametrize("record", [None, 5, ["activity"], "activity", [["a"]], {1: "x"}])
def test_what_is_no_record_is_refused(shipped: Engine, record: object) -> None:
    """Whatever it is."""
    engine = shipped
    engine.decide({"activity": "export"})
    with pytest.raises(Refused):
        engine.decide(record)  # type: ignore[arg-type]


def test_contract_after_delivery_is_refused(shipped: Engine) -> None:
    """What two fields say together is checked too."""
    with pytest.raises(Refused):
        shipped.decide({"contract": "2026-02-01", "delivery": "2026-01-01"})
