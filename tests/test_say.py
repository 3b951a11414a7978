"""Sentences and questions: of the proof, about this scenario's things, whole over all the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from redline.answers.naming import Naming, naming
from redline.answers.phrases import ANY_MORE, NO_MORE, NONE, PRESENT, UNNAMED, of_field
from redline.answers.report import report
from redline.answers.say_conditions import negated, value_sentence, words
from redline.answers.say_questions import ask
from redline.answers.say_values import country, plain, said_name, term_words, when, with_article
from redline.engine.load import load, shipped
from redline.engine.read import read_path, read_text
from redline.engine.run import judge, prepare
from redline.engine.scenarios import scenario_from
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Days,
    Every,
    Forbids,
    In,
    InForce,
    Is,
    Not,
    Owned,
    Share,
    Some,
)
from redline.rules.facts import Scenario
from redline.rules.finding import Point
from redline.rules.quantities import DATE, exactly, parse_date, unknown_amount
from redline.rules.record import Cell, Row, Rows, Subject
from redline.rules.shapes import TEXT, Field, Shape, Type, amount, tree
from redline.rules.terms import TREES, YES_NO
from redline.rules.values import Amounts, Stretch, Terms, Test, Value
from redline.rules.verdicts import Verdict
from redline.rules.vocabulary import ASKED, STATED
from tests.answers import PEOPLE, POLICY, SCENARIO, answered, finding, sentences

_EMPTY = Scenario("s", "", None, {}, {}, {}, {}, (), {})
_DECLARED = (
    Field("max_range", amount("length"), "how far it flies", "what is the range of {of}?"),
    Field("has_antijam", tree("yes_no"), "whether it has"),
    Field("tested_on", amount(DATE), "when it was tested"),
    Field("grade", TEXT, "its grade"),
    Field("ceiling", amount("money"), "its ceiling"),
    Field("built_for", tree("country"), "for whom"),
)


def _names() -> Naming:
    return naming(_EMPTY, ())


def _values(kind: Type) -> Iterator[Value]:
    """Values of a type of every form: one, one of two, not one, nothing known."""
    anything = kind.anything()
    yield anything
    if isinstance(anything, Amounts):
        one = parse_date("2028") if kind.of == DATE else exactly(Fraction(4), anything.unit)
        assert one is not None
        yield one
        yield Amounts(one.unit, (Stretch(one.low, None),), one.whole)
        yield Amounts(one.unit, (Stretch(None, one.high, high_open=not one.whole),), one.whole)
        return
    known = [*anything.tree.parents][:4] or {
        "country": ["IT", "PK", "PK-SD"],
        "code": ["wa_ml:ML5.b", "us_ccl", "usml:X"],
    }.get(anything.tree.name, ["alpha", "beta"])
    for term in [*anything.tree.parents] or known:
        yield Terms(anything.tree, frozenset({term}))
    yield Terms(anything.tree, frozenset(known[:2]))
    yield Terms(anything.tree, anything.within, frozenset(known[:1]))
    yield Terms(anything.tree, anything.within, frozenset(known[:2]))


def _fields() -> Iterator[tuple[Shape, Field]]:
    for shape in ASKED.values():
        for field in (*shape.fields.values(), *shape.many.values()):
            if field.type.sort in ("tree", "amount", "name"):
                yield shape, field
    for field in _DECLARED:
        yield ASKED["item"], field


def _is_whole(text: str) -> None:
    assert text.strip() == text
    assert text
    assert not re.search(r"[{}]|  |_|\bNone\b|  +| ,|\(\)|: ?$|\bis\s*$|“”", text), text


@pytest.mark.parametrize(
    ("shape", "field"), [pytest.param(s, f, id=f"{s.name}.{f.name}") for s, f in _fields()]
)
def test_every_field_of_the_vocabulary_ends_in_a_whole_sentence(shape: Shape, field: Field) -> None:
    """Whatever is known of it, declared facts among them, and in conditions both ways."""
    for value in _values(field.type):
        _is_whole(value_sentence(shape.name, field, value, "the thing", "the whole"))
        if isinstance(value, Terms) and value.within is not None and not value.without:
            key = field.name
            inner: Condition = Is("value", Test(value)) if key in shape.many else Is(key, Test(value))
            shapes = {
                **ASKED,
                "item": Shape(
                    "item", "", {**ASKED["item"].fields, **{d.name: d for d in _DECLARED}}, ASKED["item"].many
                ),
            }
            condition = Some(key, inner) if key in shape.many else inner
            _is_whole(words(condition, shape.name, "the thing", shapes))
            _is_whole(negated(condition, shape.name, "the thing", shapes))


@pytest.mark.parametrize(
    ("shape", "field"), [pytest.param(s, f, id=f"{s.name}.{f.name}") for s, f in _fields()]
)
def test_every_field_of_the_vocabulary_has_a_question(shape: Shape, field: Field) -> None:
    """Of the vocabulary, or a good default."""
    if field in _DECLARED:
        return
    cell = Cell(field.type.anything())
    row = Row(shape.name, "thing", {field.name: cell})
    point = Point("field", (field.name,), (row,), field.name, cell)
    if field.name in shape.many:
        rows = (row, Row("value", "", {"value": cell}))
        point = Point("field", (field.name, 0, "value"), rows, "value", cell)
    said = ask(_names(), point, Subject("item", "thing", row))
    _is_whole(said)
    assert said.endswith("?")


@pytest.mark.parametrize("shape", ASKED.values(), ids=lambda shape: shape.name)
def test_every_list_of_the_vocabulary_can_be_said_to_be_whole_empty_or_open(shape: Shape) -> None:
    """The same for the lists of values."""
    for name in (*shape.lists, *shape.many):
        for table in (NO_MORE, NONE, ANY_MORE):
            assert name in table or name == "parties", name
        row = Row(shape.name, "thing", {}, {}, {name: Rows((), Cell(Terms(YES_NO)), Row("value"))})
        point = Point("rest", (name, "*"), (row,), "", Cell(Terms(YES_NO)))
        said = ask(_names(), point, Subject("item", "thing", row))
        _is_whole(said)
        assert said.endswith("?")
    assert shape.name in PRESENT or shape.name == "scenario"
    assert shape.name in UNNAMED


def test_every_term_reads_without_hyphens_out_of_place() -> None:
    """Terms of all closed trees, alone and with their article."""
    for name, known in TREES.items():
        for term in known.parents:
            _is_whole(term_words(name, term))
            _is_whole(with_article(name, term))
    assert with_article("party_kind", "armed-forces") == "part of armed forces"
    assert with_article("activity", "export") == "an export"
    assert with_article("activity", "technical-assistance") == "technical assistance"


def test_countries_are_named_and_dates_are_as_written() -> None:
    """Former countries and subdivisions too."""
    assert country("PK") == "Pakistan"
    assert country("PK-SD") == "Sindh (Pakistan)"
    for written, said in {"2028": "in 2028", "2026-03": "in 2026-03", "2026-03-05": "on 2026-03-05"}.items():
        dated = parse_date(written)
        assert dated is not None
        assert when(dated) == said
    assert plain(unknown_amount(DATE)) == "any date"


@pytest.mark.parametrize(
    "name", ["not crossed", "a `tick`", "x](y)", "a|b", "\x1b[31mred", "crosses", "a\nb", "\u202eevil"]
)
def test_a_name_that_is_no_ordinary_name_is_put_in_quotation_marks(name: str) -> None:
    """So that it cannot be taken for an answer, and nothing in it is hidden."""
    said = said_name(name)
    assert said.isprintable()
    assert said == "a b" or (said[0], said[-1]) == ("“", "”")


def test_the_deciding_facts_are_told_as_sentences_about_this_scenario(tmp_path: Path) -> None:
    """Content, reach and papers of the demo."""
    made = answered(tmp_path)
    said = sentences(finding(made, "no-defence-tech-to-pakistan", "step 3"))
    assert "the corvette contains the radar" in said
    assert any(each.startswith("the radar embodies Italian content") for each in said)
    assert "step 3 reaches Pakistan: its recipient, Pakistan Navy, is in Pakistan" in said
    held = sentences(finding(made, "licence-for-arms", "step 3"))
    assert "no licence that covers step 3 is held: the export licence was refused" in held
    assert "the corvette is military" in held


def test_a_negative_names_the_condition_that_failed_and_the_fact_that_failed_it(tmp_path: Path) -> None:
    """With the closure that it rests on."""
    text = SCENARIO.replace("origin: [TR, IT], contains: [radar]", "origin: [TR], contains: none").replace(
        "assume: [", "assume: [used_where_received, "
    )
    text = re.sub("  - {activity: incorporation.*\n", "", text)
    found = finding(answered(tmp_path, text), "no-defence-tech-to-pakistan", "step 2")
    assert found.verdict is Verdict.NOT_CROSSED
    assert found.main.failed == "“italian defence content” does not hold of step 2"
    said = " ".join(sentences(found))
    assert "the corvette embodies Turkish content" in said
    assert "nothing else is in the corvette: the corvette has no parts" in said
    assert all(each.facts for each in found.main.because)


def test_a_question_is_the_vocabularys_with_what_each_answer_would_give(tmp_path: Path) -> None:
    """For a recipient whose country is not known."""
    text = SCENARIO.replace("{name: Pakistan Navy, country: PK, kind: armed_forces}", "{name: a coast guard}")
    found = finding(answered(tmp_path, text), "no-defence-tech-to-pakistan", "step 3")
    assert found.verdict is Verdict.UNDETERMINED
    waits = next(
        w for w in found.main.waits_for if len(w.facts) == 1 and w.facts[0].about == "parties.navy.country"
    )
    assert waits.facts[0].question == "in which country is a coast guard established?"
    assert next((o.values, o.verdict) for o in waits.outcomes) == (("in Pakistan",), Verdict.CROSSES)


def test_the_end_user_is_asked_for_by_the_step_in_which_he_is_missing(tmp_path: Path) -> None:
    """Where the scenario says nothing of him."""
    made = answered(
        tmp_path,
        SCENARIO.replace("recipient_is_end_user, ", "used_where_received, ").replace("to: navy", "to: maker"),
    )
    found = finding(made, "no-defence-tech-to-pakistan", "step 3")
    asked = {fact.question for waits in found.main.waits_for for fact in waits.facts}
    assert "who is the end user in step 3?" in asked


def test_renaming_everything_in_a_scenario_renames_it_in_the_explanation(tmp_path: Path) -> None:
    """Names and ids: none of the old is left, and nothing else changes."""
    new = {
        "maker": "alpha",
        "yard": "beta",
        "navy": "gamma",
        "radar": "delta",
        "corvette": "epsilon",
        "export_licence": "zeta",
    }
    names = {
        "an Italian alpha maker": "First House",
        "an Italian delta maker": "First House",
        "a Turkish shipbeta": "Second House",
        "a Turkish shipyard": "Second House",
        "Pakistan Navy": "Third House",
    }
    text = SCENARIO.replace("naval surveillance radar", "naval thing").replace(
        "what: corvette", "what: vessel"
    )
    for old, other in names.items():
        text = text.replace(old, other)
    text = (
        text.replace("an Italian radar maker", "First House")
        .replace("A coastal radar built into a corvette and delivered to Pakistan", "t")
        .replace("radar-through-a-shipyard", "renamed")
    )
    for old, other in new.items():
        text = re.sub(rf"(?<![\w-]){old}(?![\w-])", other, text)
    before, after = answered(tmp_path, SCENARIO), answered(tmp_path, text)
    told = {
        "an Italian radar maker": "First House",
        "a Turkish shipyard": "Second House",
        "Pakistan Navy": "Third House",
    }
    told |= {f"the {old.replace('_', ' ')}": f"the {other}" for old, other in new.items()}
    assert len(before.findings) == len(after.findings)
    for one, other_finding in zip(before.findings, after.findings, strict=True):
        expected = []
        for sentence in sentences(one):
            for old, other in told.items():
                sentence = sentence.replace(old, other)  # noqa: PLW2901  # the renamed sentence
            expected.append(sentence)
        assert sentences(other_finding) == expected
    words_left = " ".join(s for f in after.findings for s in sentences(f))
    assert not re.search(r"\b(radar|corvette|navy|yard|maker)\b", words_left, re.IGNORECASE)


def test_conditions_read_as_clauses() -> None:
    """All, any, not, some and every, nested."""
    italy, military = (
        Some("origin", Is("value", Test(Terms(TREES["country"], frozenset({"IT"}))))),
        Is("military", Test(Terms(YES_NO, frozenset({"yes"})))),
    )
    assert (
        words(Some("content", All((italy, military))), "step", "step 3", ASKED)
        == "something in step 3 embodies Italian content and is military"
    )
    assert negated(military, "item", "the radar", ASKED) == "the radar is not military"
    assert (
        words(Any((Not(military), italy)), "item", "the radar", ASKED)
        == "the radar is not military or embodies Italian content"
    )
    said = words(
        Every("reach", Is("country", Test(Terms(TREES["country"], frozenset({"PK"}))))),
        "step",
        "step 3",
        ASKED,
    )
    assert said == "everyone that step 3 reaches is in Pakistan"
    none = negated(
        Some("reach", Is("country", Test(Terms(TREES["country"], frozenset({"PK"}))))),
        "step",
        "step 3",
        ASKED,
    )
    assert none == "no one that step 3 reaches is in Pakistan"
    assert (
        words(
            In("to", Is("country", Test(Terms(TREES["country"], frozenset({"PK"}))))), "step", "step 3", ASKED
        )
        == "the recipient in step 3 is in Pakistan"
    )


def test_the_questions_of_the_catalogue_read_as_clauses_and_as_questions() -> None:
    """Shares, owners, papers, days, bans and validity, so and not so."""
    italy = Is("country", Test(Terms(TREES["country"], frozenset({"IT"}))))
    military = Is("military", Test(Terms(YES_NO, frozenset({"yes"}))))
    yes, held = (Test(Terms(t, frozenset({w}))) for t, w in ((YES_NO, "yes"), (TREES["covered"], "held")))
    quarter = Test(Amounts("", (Stretch(Fraction(1, 4), None, low_open=True),)))
    pakistan = Terms(TREES["country"], frozenset({"PK"}))
    said = {
        Is(Share(military), quarter): "what is military makes up more than 25 % of the value of X",
        Is(
            Owned(italy, Fraction(1, 2), "whole"), yes
        ): "X is owned to at least 50 % by someone who is in Italy",
        Is(
            Covered("licence", italy), held
        ): "a licence that covers X, issued by someone who is in Italy, is held",
        Is(Forbids(destinations=pakistan), yes): "X forbids any act to Pakistan",
        Is(InForce("a/b"), yes): "the rule is in force for X",
        Is(Days("contract", "delivery"), Test(exactly(Fraction(30), "days"))): (
            "from contract to delivery of X there are 30 days"
        ),
    }
    for condition, expected in said.items():
        assert words(condition, "step", "X", ASKED) == expected
        _is_whole(negated(condition, "step", "X", ASKED))
        assert negated(condition, "step", "X", ASKED) != expected
        row = Row("step", "", {condition.key: Cell(Terms(YES_NO))})
        point = Point("field", ("q",), (row,), condition.key, row.cells[condition.key])
        question = ask(_names(), point, Subject("step", "3", row))
        _is_whole(question)
        assert question.endswith("?")


@pytest.mark.parametrize(
    ("shape", "name"), [pytest.param(s, n, id=f"{s.name}.{n}") for s in ASKED.values() for n in s.lists]
)
def test_that_no_element_of_a_list_is_so_is_a_whole_clause(shape: Shape, name: str) -> None:
    """Whatever is asked of the elements: a quantified thing stands where a named one would, and the
    clause never says that something is in itself."""
    inner = ASKED[shape.lists[name].shape]
    bodies: list[Condition] = []
    for field in inner.fields.values():
        if field.type.sort == "tree":
            known = [v for v in _values(field.type) if isinstance(v, Terms) and v.within and not v.without]
            bodies += [
                made for v in known for made in (Is(field.name, Test(v)), Not(Is(field.name, Test(v))))
            ]
    for part in inner.parts:
        bodies.append(In(part, Is("name", Test(Terms(TEXT.anything().tree, frozenset({"someone else"}))))))  # type: ignore[union-attr]  # a name
    for one in bodies:
        for body in (one, All((bodies[0], one)), Any((bodies[0], one))):
            for said in (
                negated(Some(name, body), shape.name, "step 1", ASKED),
                words(Not(Some(name, body)), shape.name, "step 1", ASKED),
                negated(Not(Some(name, body)), shape.name, "step 1", ASKED),
            ):
                _is_whole(said)
                assert not re.search(
                    r"(technology|plant|contains|breaches) (something|someone|no one|nothing|an?) "
                    r"|^(no one|nothing|no \w+)\b.*\bthat one\b|so that how\b|it is not so that it is not",
                    said,
                ), said


def test_what_a_step_was_made_with_is_said_of_its_item() -> None:
    """Denied of all that is in it."""
    condition = Some(
        "content", Is("via", Test(Terms(TREES["content_via"], frozenset({"made-with-technology"}))))
    )
    assert (
        negated(condition, "step", "step 1", ASKED)
        == "nothing in step 1 is technology with which the item in step 1 was made"
    )


_ASKING = SCENARIO.replace(
    "papers:\n", "papers:\n  promise: {name: the promise, kind: end-user-undertaking}\n"
)


@pytest.mark.parametrize(
    ("about", "sort", "path", "shape", "asked"),
    [
        ("papers.promise.covers", "field", "undertakings 0 breached", "undertaking",
         "what does the promise cover?"),
        ("papers.promise.forbids", "field", "undertakings 0 breached", "undertaking",
         "what does the promise forbid?"),
        ("items.corvette.contains", "presence", "agreements 0 partners 0", "party",
         "what does the corvette contain?"),
        ("items.corvette.contains", "presence", "upstream 0", "earlier",
         "what does the corvette contain?"),
        ("items.corvette.made_with", "rest", "undertakings *", "", "with what was the corvette made?"),
        ("transfers", "presence", "upstream 0", "earlier", "which steps are there?"),
        ("parties.navy.country", "field", "reach 0 country", "reached",
         "in which country is Pakistan Navy established?"),
    ],
)  # fmt: skip
def test_a_question_asks_for_what_the_scenario_would_state(
    about: str, sort: str, path: str, shape: str, asked: str
) -> None:
    """Not for what was derived from it, wherever in the record that stands."""
    read, _ = scenario_from(read_text(_ASKING.encode(), "scenario.yaml")[0][0])
    assert read is not None
    step = Row("step", "", {}, {}, {"undertakings": Rows((), Cell(Terms(YES_NO)), Row("undertaking"))})
    at = tuple(int(each) if each.isdigit() else each for each in path.split())
    rows = (step,) if sort == "rest" else (step, *(Row(shape) for each in at if isinstance(each, int)))
    point = Point(sort, at, rows, str(at[-1]) if sort == "field" else "", Cell(Terms(YES_NO), about))
    assert ask(naming(read, ()), point, Subject("step", "2", step)) == asked


def test_a_named_part_that_may_be_there_is_asked_for_by_its_name() -> None:
    """Since it is that very list which leaves it open."""
    read, _ = scenario_from(read_text(_ASKING.encode(), "scenario.yaml")[0][0])
    assert read is not None
    radar = Row("part", "radar", {"what": Cell(TEXT.anything(), "items.radar.what")})
    corvette = Row("item", "corvette", {"what": Cell(TEXT.anything(), "items.corvette.what")})
    point = Point(
        "presence", ("content", 1), (corvette, radar), "", Cell(Terms(YES_NO), "items.corvette.contains")
    )
    assert (
        ask(naming(read, ()), point, Subject("item", "corvette", corvette)) == "is the radar in the corvette?"
    )


def test_a_territory_is_asked_about_only_where_it_is_known_to_be_one(tmp_path: Path) -> None:
    """Nothing that can be learnt settles it then; of an unknown country there is something to learn."""
    policy = POLICY.replace("country: PK", "country: CN")
    for country_of_navy, open_ones in (("HK", ("does “CN” mean HK too?",)), ("", ())):
        stated = f"country: {country_of_navy}, " if country_of_navy else ""
        text = SCENARIO.replace("country: PK, ", stated)
        found = finding(answered(tmp_path, text, policy), "no-defence-tech-to-pakistan", "step 3")
        assert found.verdict is Verdict.UNDETERMINED
        assert found.main.open_questions == open_ones


def test_the_generic_sentence_stands_only_where_no_condition_failed_by_itself() -> None:
    """Every other negative names a condition, and rests on facts."""
    bench = prepare(load())
    for path in shipped("scenarios"):
        for document in read_path(path).documents:
            run = judge(bench, document)
            assert run.conclusion is not None
            made = report(bench, run)
            decisive = [u.decisive for f in run.conclusion.findings for u in f.under]
            told = sorted(r.failed.startswith("however") for f in made.findings for r in f.under if r.failed)
            assert told.count(True) <= decisive.count("")


def test_a_fact_that_a_policy_declares_is_told_and_asked_for(tmp_path: Path) -> None:
    """A range, with its unit and its own question."""
    policy = """\
redline: 1
policy: ranges
title: Ranges
stated_by: IN
facts: {item: {max_range: {type: length, means: how far it flies, asks: "what is the range of {of}?"}}}
rules:
  - {id: far, says: Nothing that flies far., kind: prohibits, layer: political, strength: guideline,
     source: [{text: a speech}], for: each item, when: {max_range: {at_least: 300 km}}}
"""
    text = (
        PEOPLE.replace("no_agreements", "no_flags")
        + "items:\n  kite: {max_range: 350 km}\n  dart: {military: no}\ntransfers: none\n"
    )
    made = answered(tmp_path, text, policy)
    assert sentences(finding(made, "far", "the kite")) == ["the max range of the kite is 350 km"]
    waits = finding(made, "far", "the dart").main.waits_for[0]
    assert waits.facts[0].question == "what is the range of the dart?"
    assert {o.values: o.verdict for o in waits.outcomes} == {
        ("less than 300 km",): Verdict.NOT_CROSSED,
        ("at least 300 km",): Verdict.CROSSES,
    }


def test_the_tables_of_sentences_name_only_what_is_in_the_vocabulary() -> None:
    """So that no phrase is left behind when a field is renamed."""
    known = {
        f.name
        for shape in (*ASKED.values(), *STATED.values())
        for f in (*shape.fields.values(), *shape.many.values())
    }
    from redline.answers import phrases

    for line in phrases.FIELD_TABLE.strip().splitlines():
        assert line.partition(":")[0].rpartition(".")[2] in known, line
    for line in phrases.TERM_TABLE.strip().splitlines():
        name, term = line.partition(":")[0].split(" ")
        assert term in TREES[name].parents, line
    assert of_field("item", _DECLARED[0]).so == "the max range of {of} is {it}"
