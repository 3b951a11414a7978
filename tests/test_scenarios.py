"""Scenarios read: what is stated, what is not, and all that is wrong at once."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redline.engine.read import Document
from redline.engine.scenarios import judged_as_of, scenario_from
from redline.engine.typed import PLAIN
from redline.engine.write import to_yaml
from redline.rules.facts import Entity, Grade
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem
from redline.rules.quantities import days
from redline.rules.shapes import Field, amount, tree
from redline.rules.values import Terms
from redline.rules.vocabulary import STATED
from tests.scenario_texts import RADAR, RICH, documents, listed, read, said, scenario, told

HEAD = "redline: 1\nscenario: s\n"


def item(text: str) -> Entity:
    """The only item of a scenario, `it`, as written; other items may be `a` and `b`."""
    return scenario(f"{HEAD}items: {{it: {{{text}}}, a: {{what: one}}, b: {{what: another}}}}").items["it"]


def test_the_scenario_of_the_first_example_is_read_without_a_problem() -> None:
    """All its facts have their paths, and point at the value that was written."""
    found = scenario(RADAR)
    assert found.id == "radar-through-a-shipyard"
    assert found.parties["navy"].name == "Pakistan Navy"
    assert said(found.parties["navy"].facts["kind"].value) == "armed-forces"
    country = found.parties["navy"].facts["country"]
    assert (country.path, country.span.line, country.span.column) == ("parties.navy.country", 8, 41)
    assert country.span.length == 2
    assert [transfer.id for transfer in found.transfers] == ["1", "2", "3"]
    to = found.transfers[2].references["to"]
    assert (to.names, to.fact.path) == (("navy",), "transfers.3.to")
    assert to.fact.says == "Pakistan Navy receives in step 3"
    part = found.items["corvette"].lists["contains"].elements[0]
    assert isinstance(part, Entity)
    assert part.existence is not None
    assert (part.path, part.existence.says) == (
        "items.corvette.contains.1",
        "the corvette contains the radar",
    )
    closure = found.items["corvette"].lists["contains"].closure
    assert closure.says == "the parts of the corvette are complete as given"
    assert set(found.complete) == {"parties", "items", "transfers"}
    assert said(found.transfers[0].facts["contract"].value) == "2026-03"
    assert said(found.transfers[0].facts["delivery"].value) == "2026-03"
    assert "delivery" not in found.transfers[1].facts


def test_every_form_of_value_is_read() -> None:
    """Graded, not known, one of several, not this, and ranges."""
    found = scenario(RICH)
    maker, holding, port = (found.parties[name] for name in ("maker", "holding", "port"))
    country = maker.facts["country"]
    assert (said(country.value), country.grade, country.source) == (
        "IT",
        Grade.DOCUMENTED,
        "register of companies",
    )
    assert said(maker.facts["kind"].value) == "company"  # a bank is one
    assert said(holding.facts["country"].value) == "anything but IN|PK"
    assert said(found.parties["clerk"].facts["country"].value) == "anything"
    assert said(found.items["chip"].facts["value"].value) == "10 EUR to 20 EUR"
    assert {fact.grade for fact in port.facts.values()} == {Grade.REPORTED}
    assert port.existence is not None
    assert (port.existence.grade, port.existence.source) == (Grade.REPORTED, "port papers")
    first, second = found.transfers
    assert first.id == "first"
    assert first.path == "transfers.1"
    assert first.references["to"].names == ("port", "clerk")
    assert said(first.facts["delivery"].value) == "2026-02-01 to 2026-03-31"
    assert (second.references["to"].names, second.references["to"].country) == ((), "PK")
    assert second.references["end_user"].names == ()
    assert "transfers" not in found.complete
    assert "agreements" in found.complete
    assert "papers" not in found.complete


def test_every_form_of_list_is_read() -> None:
    """And says whether it is all."""
    found = scenario(RICH)
    maker, holding, clerk = (found.parties[name] for name in ("maker", "holding", "clerk"))
    assert listed(maker.lists["owners"]) == (["holding", "US"], False)
    assert listed(holding.lists["owners"]) == ([], True)
    assert listed(holding.lists["roles"]) == (["supplier"], True)
    assert listed(clerk.lists["nationalities"]) == (["CN|HK"], True)
    assert listed(clerk.lists["listed"]) == ([], False)
    assert "flags" not in maker.lists
    assert listed(found.items["know.how"].lists["origin"]) == (["IT"], False)
    assert listed(found.items["engine"].lists["made_with"]) == (["know.how"], True)
    first, second = found.transfers
    assert listed(first.lists["via"]) == (["TR", "port"], True)
    assert listed(first.lists["papers"]) == (["lic", "euc"], False)
    assert listed(second.lists["papers"]) == ([], True)
    assert listed(second.lists["items"]) == ([], False)
    assert listed(second.lists["via"]) == ([], True)  # of which nothing is said
    alleged = maker.lists["owners"].elements[1]
    assert isinstance(alleged, Entity)
    assert alleged.existence is not None
    assert alleged.existence.grade is Grade.ALLEGED
    assert alleged.references["party"].fact.grade is Grade.ALLEGED


def test_shorter_ways_of_writing_say_the_same() -> None:
    """What a paper covers and declares, and in what time it holds."""
    found = scenario(RICH).papers
    assert listed(found["lic"].lists["destinations"]) == (["AE"], True)
    assert listed(found["lic"].lists["consignees"]) == (["port"], True)
    assert said(found["lic"].facts["from"].value) == "2026"
    assert found["euc"].references["declared_end_user"].names == ("clerk",)
    assert said(found["euc"].facts["declared_place"].value) == "AE"
    (ban,) = found["euc"].lists["forbids"].elements
    assert isinstance(ban, Entity)
    assert listed(ban.lists["destinations"]) == (["PK"], True)
    assert listed(ban.lists["except_destinations"]) == ([], True)


def test_a_screening_tells_of_the_lists_screened_and_of_no_others() -> None:
    """No hit on two lists leaves all others open."""
    listing = scenario(RICH).parties["maker"].lists["listed"]
    assert (listing.elements, listing.closed, said(listing.no_more_in)) == ((), False, "eu|un")
    assert said(scenario(RICH).parties["maker"].facts["screened_on"].value) == "2026-05-02"
    hit = scenario(f"{HEAD}parties: {{p: {{screened: {{lists: EU, hits: [EU]}}}}}}").parties["p"]
    assert listed(hit.lists["listed"]) == (["eu"], False)
    silent = scenario(f"{HEAD}parties: {{p: {{screened: {{lists: EU, on: 2026}}}}}}").parties["p"]
    said_unknown = silent.lists["listed"]  # lest an assumption take it for nothing said
    assert (said_unknown.elements, said_unknown.closed, said_unknown.no_more_in) == ((), False, None)


@pytest.mark.parametrize(
    ("codes", "elements", "closed", "limit"),
    [
        ("[ML5.b]", ["wa_ml:ML5.b"], False, "wa_ml"),
        ("[ML5.b, 'us_ccl:3A001.a']", ["wa_ml:ML5.b", "us_ccl:3A001.a"], False, "us_ccl|wa_ml"),
        ("[ML5.b, usml:none]", ["wa_ml:ML5.b"], False, "usml|wa_ml"),
        ("usml:none", [], False, "usml"),
        ("none", [], True, "-"),
        ("unknown", [], False, "-"),
        ("us_ccl", ["us_ccl"], False, "-"),
        ("{one_of: [ML5.b, ML6]}", ["wa_ml:ML5.b|wa_ml:ML6"], False, "wa_ml"),
        ("{one_of: [ML5.b, 3A001]}", ["dual_use:3A001|wa_ml:ML5.b"], False, "-"),
        ("{known: [ML5.b], more: possible}", ["wa_ml:ML5.b"], False, "-"),
        ("{known: [ML5.b], more: none}", ["wa_ml:ML5.b"], True, "-"),
        ("[{value: ML5.b, grade: alleged}]", ["wa_ml:ML5.b"], False, "-"),
        ("[{value: 'usml:none', grade: alleged}]", [], False, "-"),
    ],
)
def test_codes_are_complete_for_each_list_that_is_named(
    codes: str, elements: list[str], closed: bool, limit: str
) -> None:
    """For that one alone; what is alleged, or may be on either of two lists, completes none."""
    listing = item(f"codes: {codes}").lists["codes"]
    assert listed(listing) == (elements, closed)
    assert said(listing.no_more_in) == limit


def test_a_code_that_looks_like_a_number_is_a_code() -> None:
    """`3E001` is none of YAML's numbers here, nor is `1:30` a quantity."""
    assert listed(item("codes: 3E001").lists["codes"])[0] == ["dual_use:3E001"]
    assert told(f"{HEAD}items: {{it: {{quantity: 1:30}}}}") == [
        ("wrong-quantity", "write digits alone, without a unit")
    ]


def test_no_is_norway_where_a_country_is_meant() -> None:
    """And no where yes or no is."""
    made = item("made_in: NO, military: NO, origin: NO")
    assert said(made.facts["made_in"].value) == "NO"
    assert said(made.facts["military"].value) == "no"
    assert listed(made.lists["origin"]) == (["NO"], True)


def test_a_list_whose_every_element_is_alleged_is_complete_by_allegation_only() -> None:
    """Without these elements nothing would be said, so that they clear no more than that."""
    alleged = "{value: IT, grade: alleged}"
    assert item(f"origin: [{alleged}]").lists["origin"].closure.grade is Grade.ALLEGED
    assert item(f"origin: {alleged}").lists["origin"].closure.grade is Grade.ALLEGED
    assert item(f"origin: [{alleged}, FR]").lists["origin"].closure.grade is Grade.STATED
    assert item(f"origin: {{known: [{alleged}], more: none}}").lists["origin"].closure.grade is Grade.STATED
    plan = scenario(f"{HEAD}agreements: {{plan: {{grade: alleged}}}}")
    assert plan.complete["agreements"].grade is Grade.ALLEGED


def test_what_nothing_further_is_may_be_told_of_a_list() -> None:
    """Of an origin that is not known but is not this."""
    listing = item("origin: {known: [], no_more_in: [CN, RU]}").lists["origin"]
    assert (listed(listing), said(listing.no_more_in)) == (([], False), "CN|RU")


def test_whether_there_is_more_is_told_of_parties_items_agreements_and_papers() -> None:
    """What is hypothesised is complete as given; papers are open."""
    assert set(scenario(HEAD).complete) == {"transfers"}
    assert set(scenario(f"{HEAD}papers: none\nagreements: none").complete) == {
        "transfers",
        "papers",
        "agreements",
    }
    assert "papers" not in scenario(f"{HEAD}papers: {{p: {{kind: licence}}}}").complete
    assert "papers" in scenario(f"{HEAD}papers: {{p: {{kind: licence}}, more: none}}").complete
    assert (
        "agreements"
        not in scenario(f"{HEAD}agreements: {{a: {{kind: memorandum}}, more: possible}}").complete
    )
    assert "transfers" not in scenario(f"{HEAD}transfers: unknown").complete
    assert scenario(f"{HEAD}transfers: none").transfers == ()


def test_facts_that_policies_declare_are_further_keys() -> None:
    """Typed by what the policy says of them."""
    lexicon = PLAIN.with_facts(
        "item",
        {"max_range": Field("max_range", amount("length"), ""), "for": Field("for", tree("end_use"), "")},
    )
    text = f"{HEAD}items: {{it: {{max_range: {{at_least: 300 km}}, for: wmd}}}}"
    found, problems = scenario_from(documents(text)[0], lexicon)
    assert problems == []
    assert found is not None
    assert said(found.items["it"].facts["max_range"].value) == "at least 300 km"
    assert [code for code, _ in told(text)] == ["unknown-key", "unknown-key"]


WRONG = [
    ("parties: {p: {country: Pakistan}}", "unknown-term", "did you mean `PK`?"),
    ("parties: {p: {countri: PK}}", "unknown-key", "did you mean `country`?"),
    ("partys: {p: {country: PK}}", "unknown-key", "did you mean `parties`?"),
    ("parties: {p: {country: [PK, IN]}}", "wrong-shape",
     "write one value, `unknown`, `{one_of: [...]}` or `{not: ...}`"),
    ("parties: {p: {country: }}", "empty-value", "say it, or leave the key out"),
    ("parties: {p: {roles: {not: broker}}}", "wrong-shape",
     "say what there is; `{known: [...], no_more_in: [...]}` tells what there is not"),
    ("parties: {p: {owners: [p, none]}}", "none-among-others", "let it stand alone, or leave it out"),
    ("parties: {p: {owners: []}}", "empty-list",
     "write `none` if there are none; if it is not known, `unknown`, or leave the key out"),
    ("parties: {p: {owners: {known: [], more: perhaps}}}", "unknown-term",
     "write `more: possible` or `more: none`"),
    ("parties: {p: {country: {value: PK, grade: aledged}}}", "unknown-term", "did you mean `alleged`?"),
    ("parties: {p: {screened: {hits: none}}}", "missing-key", "add `lists:`, what it was screened against"),
    ("parties: {p: {screened: {list: EU, on: 2026}}}", "unknown-key", "did you mean `lists`?"),
    ("parties: {none: {country: PK}}", "wrong-id", "choose another id"),
    ("parties: {a b: {country: PK}}", "wrong-id", "use letters, digits, `_`, `-` and `.`"),
    ("parties: {}", "empty-list", "write `none` if there are none, or leave the key out"),
    ("parties: [{country: PK}]", "wrong-shape",
     "write an id for each: `parties: {some_id: {...}}`, or `none`"),
    ("parties: {p: PK}", "wrong-shape", "write `{name: ..., country: ..., kind: ...}`"),
    ("items: {i: {contains: [i]}}", "inside-itself", "take one of them out of the other"),
    ("items: {i: {contains: [{item: j}]}, j: {made_with: i}}", "inside-itself",
     "take one of them out of the other"),
    ("items: {i: {contains: {one_of: [j, k]}}, j: {}, k: {contains: j, made_with: [i]}}", "inside-itself",
     "take one of them out of the other"),
    ("items: {i: {contains: [{item: j, share: 60%}, {item: k, share: {more_than: 50%}}]}, j: {}, k: {}}",
     "more-than-whole", "correct the shares"),
    ("items: {i: {origin: {known: [], no_more_in: unknown}}}", "wrong-shape",
     "name what there is not, or leave the key out"),
    ("items: {i: {codes: ['usml:none', VIII(h)]}}", "contradiction", "keep one of the two"),
    ("items: {i: {value: {one_of: [1 EUR, 2 USD]}}}", "different-units", "use one"),
    ("items: {i: {military: {not: [yes, no]}}}", "empty-range", "name what it may be"),
    ("items: {i: {sensitivity: {one_of: []}}}", "empty-list", "name what it may be"),
    ("papers: {p: {valid: 2026}}", "wrong-shape",
     "it has `from`, `to`; leave it out if nothing is known of it"),
    ("papers: {p: {valid: {until: 2026}}}", "unknown-key", "it has `from`, `to`"),
    ("papers: {p: {valid: {from: 2027, to: 2026}}}", "out-of-order", "correct one of the two"),
    ("papers: {p: {valid: {from: 2027}, from: 2026}}", "given-twice", "keep one of the two"),
    ("transfers: [{contract: 2027, delivery: 2026}]", "out-of-order", "correct one of the two"),
    ("transfers: [{date: 2027, delivery: 2026}]", "given-twice", "keep one of the two"),
    ("transfers: [{activity: exprt}]", "unknown-term", "did you mean `export`?"),
    ("transfers: [{to: nvay}]\nparties: {navy: {}}", "no-such-id", "did you mean `navy`?"),
    ("transfers: [{to: pk}]", "no-such-id",
     "write `PK` for some party there, or add the party under `parties`"),
    ("transfers: [{to: {one_of: [p, PK]}}]\nparties: {p: {}}", "no-such-id",
     ("a country can only stand alone: add a party under `parties`, with "
      "`country: {one_of: [...]}` if it may be in several")),
    ("transfers: [{item: PK}]", "no-such-id", "add it under `items`"),
    ("transfers: [{to: {not: p}}]\nparties: {p: {}}", "wrong-shape",
     "write the id of one party, `unknown`, or `{one_of: [...]}`"),
    ("transfers: [{id: a}, {id: a}]", "duplicate-id", "choose another id"),
    ("transfers: [{id: '2'}, {}]", "wrong-id", "choose an id with a letter in it, or leave it out"),
    ("transfers: [{activity: export}, [x]]", "wrong-shape",
     "write `{activity: ..., contract: ..., delivery: ...}`"),
    ("assume: [recipient_is_enduser]", "unknown-assumption", "did you mean `recipient_is_end_user`?"),
    ("assume: no_agreements\nagreements: {more: possible}", "contradiction", "keep one of the two"),
    ("as_of: 1:30", "wrong-date", "write `2018`, `2018-03` or `2018-03-05`"),
    ("title: [a]", "wrong-shape", "write one value"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "advice"), WRONG)
def test_what_is_wrong_is_told_with_what_to_do(text: str, code: str, advice: str) -> None:
    """One problem for one fault."""
    assert told(f"{HEAD}{text}") == [(code, advice)]


def test_a_scenario_has_an_id_and_an_edition() -> None:
    """Both are told where they lack."""
    assert [code for code, _ in told("title: x")] == ["no-edition", "missing-key"]
    assert [code for code, _ in told("redline: 2\nscenario: s")] == ["unknown-edition"]
    assert [code for code, _ in told("redline: 1\nscenario: a b")] == ["wrong-id"]
    assert [code for code, _ in told("- a")] == ["no-edition"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Each at its place."""
    faults = ["parties: {p: {country: Pakistan, kind: firm}}", "items: {i: {quantity: many}}", "as_of: soon"]
    found, problems = read(HEAD + "\n".join(faults))
    assert found is None
    places = [(problem.code, problem.span.line, problem.span.column) for problem in problems]
    assert sorted(places) == [
        ("unknown-term", 3, 24),
        ("unknown-term", 3, 40),
        ("wrong-date", 5, 8),
        ("wrong-quantity", 4, 23),
    ]


def test_an_id_wins_over_the_code_of_a_country() -> None:
    """`IT` is this party where there is a party of that id."""
    found = scenario(f"{HEAD}parties: {{IT: {{country: FR}}}}\ntransfers: [{{from: IT, to: FR}}]").transfers[
        0
    ]
    assert (found.references["from"].names, found.references["from"].country) == (("IT",), "")
    assert (found.references["to"].names, found.references["to"].country) == ((), "FR")


def test_a_scenario_can_be_pickled() -> None:
    """It goes to other processes."""
    found = scenario(RICH)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  # what was pickled here


# --- another day -------------------------------------------------------------------------------


def judged(transfer: str, day: date, head: str = "as_of: 2026-06-01") -> tuple[str, str]:
    """Contract and delivery of the only transfer, judged as of the day."""
    found = judged_as_of(scenario(f"{HEAD}{head}\ntransfers: [{transfer}]"), days(day, day))
    assert found.as_of is not None
    assert said(found.as_of.value) == day.isoformat()
    facts = found.transfers[0].facts
    return tuple(said(facts[name].value) if name in facts else "" for name in ("contract", "delivery"))  # type: ignore[return-value]  # two


LATER = date(2027, 1, 1)


def test_what_was_delivered_stays_when_judged_as_of_another_day() -> None:
    """It lies before the scenario's own date, or is said to be delivered."""
    assert judged("{date: 2026-03}", LATER) == ("2026-03", "2026-03")
    assert judged("{date: 2026-09, status: delivered}", LATER) == ("2026-09", "2026-09")
    both = "2026-09 or 2027-01-01"  # with no date of the scenario it cannot be told
    assert judged("{date: 2026-09}", LATER, "title: without a date") == (both, both)


def test_what_is_not_yet_delivered_moves_to_a_later_day() -> None:
    """It lay ahead and the day has come after it, or is said not to be delivered."""
    assert judged("{date: 2026-09}", LATER) == ("2027-01-01", "2027-01-01")
    assert judged("{contract: 2026-01, delivery: 2026-09}", LATER) == ("2026-01", "2027-01-01")
    assert judged("{date: 2026-03, status: contracted}", LATER) == ("2026-03", "2027-01-01")
    assert judged("{date: 2026-03, status: proposed}", LATER) == ("2027-01-01", "2027-01-01")
    assert judged("{delivery: {from: 2026-09, to: 2027-03}}", LATER) == ("", "2027-01-01 to 2027-03-31")


def test_what_lies_after_the_day_stays_and_what_has_no_date_takes_it() -> None:
    """Nothing moves back."""
    assert judged("{date: 2028}", LATER) == ("2028", "2028")
    assert judged("{activity: export}", LATER) == ("", "")
    assert judged("{date: 2028}", date(2020, 1, 1)) == ("2028", "2028")


def test_where_it_cannot_be_told_whether_it_was_delivered_both_stay_possible() -> None:
    """A year in which the scenario's date lies, a status that is one of two."""
    assert judged("{delivery: 2026}", date(2028, 1, 1)) == ("", "2026 or 2028-01-01")
    status = "{one_of: [delivered, contracted]}"
    assert judged(f"{{delivery: 2026-03, status: {status}}}", LATER) == ("", "2026-03 or 2027-01-01")
    alleged = "{value: delivered, grade: alleged}"
    assert judged(f"{{delivery: 2026-03, status: {alleged}}}", LATER) == ("", "2026-03 or 2027-01-01")


def test_judged_as_of_its_own_date_a_scenario_says_the_same() -> None:
    """Save for the words of the date."""
    found = scenario(RADAR)
    assert found.as_of is not None
    again = judged_as_of(found, days(date(2026, 6, 1), date(2026, 6, 1)))
    assert again.transfers == found.transfers


# --- anything ----------------------------------------------------------------------------------

WORDS = [
    *STATED["transfer"].names(), *STATED["item"].names(), *STATED["paper"].names(),
    "known", "more", "one_of", "not", "value", "grade", "source", "no_more_in", "none", "unknown", "possible",
    "radar", "navy", "first", "chip", "PK", "NO", "usml:none", "3E001", "1:30", "2018", "12 EUR", "alleged",
    "covers", "valid", "screened", "declares", "lists", "hits", "at_least", "id", "assume", "~", "",
]  # fmt: skip
TEXTS = st.sampled_from(WORDS).map(Text) | st.text(max_size=6).map(Text)
NODES: st.SearchStrategy[Node] = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Seq(tuple(items)))
        | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3).map(
            lambda found: Map(tuple((Text(key), value) for key, value in found.items()))
        )
    ),
    max_leaves=5,
)


def places(node: Node) -> int:
    """How many nodes there are."""
    match node:
        case Text():
            return 1
        case Seq(items):
            return 1 + sum(map(places, items))
        case Map(entries):
            return 1 + sum(places(value) for _, value in entries)


def mutated(node: Node, at: int, by: Node, key: str) -> Node:
    """The tree with the node at this place, counted in the order written, put in place of; if it is a
    mapping, with a key added instead."""
    if at == 0:
        if isinstance(node, Map) and key and node.get(key) is None:
            return Map((*node.entries, (Text(key), by)), node.span)
        return by
    at -= 1
    match node:
        case Text():
            raise AssertionError
        case Seq(items, span):
            found = list(items)
            for number, each in enumerate(items):
                if at < places(each):
                    found[number] = mutated(each, at, by, key)
                    return Seq(tuple(found), span)
                at -= places(each)
        case Map(entries, span):
            kept = list(entries)
            for number, (name, each) in enumerate(entries):
                if at < places(each):
                    kept[number] = (name, mutated(each, at, by, key))
                    return Map(tuple(kept), span)
                at -= places(each)
    raise AssertionError


@given(
    st.sampled_from([RADAR, RICH]),
    st.lists(st.tuples(st.integers(0, 10_000), NODES, TEXTS), min_size=1, max_size=3),
)
def test_whatever_a_scenario_is_turned_into_it_is_read_or_told(
    text: str, changes: list[tuple[int, Node, Text]]
) -> None:
    """A scenario or an error, never both, and nothing is raised; another day can always be judged."""
    root = documents(text)[0].root
    for place, by, key in changes:
        root = mutated(root, place % places(root), by, key.text)
    found, problems = scenario_from(Document(root, "f", 0, ()))
    assert (found is None) == any(problem.severity == "error" for problem in problems)
    for problem in problems:
        assert_well_worded(problem)
    if found is not None:
        judged_as_of(found, days(LATER, LATER))


def assert_well_worded(problem: Problem) -> None:
    """In the words of the field: no full stop, no capital, no type of Python."""
    assert problem.code == problem.code.lower()
    assert not problem.message.endswith(".")
    assert problem.message[0] == "`" or problem.message[0].islower()
    assert not any(word in problem.message.split("`")[0] for word in ("Text", "Seq", "Map", "None", "str"))


@given(st.integers(0, 10_000), NODES, TEXTS)
def test_a_scenario_written_and_read_again_is_the_same(place: int, by: Node, key: Text) -> None:
    """Its tree, and what it states."""
    root = documents(RICH)[0].root
    changed = mutated(root, 1 + place % (places(root) - 1), by, key.text)
    for tree_ in (root, changed):
        again = documents_or_none(to_yaml(tree_))
        if again is not None:
            assert again.root == tree_
    again = documents(to_yaml(root))[0]
    assert scenario_from(again)[0] is not None
    assert bare(scenario_from(again)[0]) == bare(scenario(RICH))


def documents_or_none(text: str) -> Document | None:
    """The document of a text, unless it holds what no document may (such characters in keys)."""
    from redline.engine.read import read_text

    found, problems = read_text(text.encode("utf-8", errors="replace"), "f")
    assert all(problem.code == "invisible-character" for problem in problems), problems
    return None if problems else found[0]


def bare(found: object) -> object:
    """A scenario without the name of its document."""
    from dataclasses import replace

    from redline.rules.facts import Scenario

    assert isinstance(found, Scenario)
    return replace(found, document="")


def test_terms_of_a_scenario_are_in_the_trees_of_the_policies() -> None:
    """A finer term lies under its parent in the value read."""
    lexicon = PLAIN.with_terms("class", {"coastal-radar": "radar"})
    found, problems = scenario_from(documents(f"{HEAD}items: {{it: {{class: coastal_radar}}}}")[0], lexicon)
    assert problems == []
    assert found is not None
    value = found.items["it"].facts["class"].value
    assert isinstance(value, Terms)
    assert value.tree.under("coastal-radar", "sensor")
