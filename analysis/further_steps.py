"""Scenarios that go on: a further step of what was transferred last, of which nothing is known; and the facts
that could be so of it, in the classes that policies and the scenario's own papers tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from redline.analysis.plausible import plausible
from redline.answers.say_values import term_words
from redline.engine.edits import edit
from redline.engine.listings import KNOWN
from redline.engine.possible import MORE, NONE
from redline.engine.queries import all_within
from redline.engine.read import Document
from redline.engine.run import Bench
from redline.rules.condition import Covered, Is
from redline.rules.countries import COUNTRY
from redline.rules.exposure import Fact, Slot
from redline.rules.facts import Entity, Scenario
from redline.rules.frozen import replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.terms import ACTIVITY, PAPER_KIND, PARTY_KIND
from redline.rules.trees import Tree
from redline.rules.values import Amounts, Terms, Test, Value, contains, fits, partition

NEXT, OWNER = "next-holder", "owner-of-next-holder"
_LETTERS = 4
_HOLDER = {1: "the next holder", 2: "the holder after that"}


def last_moves(scenario: Scenario) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Whoever holds in the end, with the items that they hold: the recipient of each item's last transfer."""
    holds: dict[str, str] = {}
    for transfer in scenario.transfers:
        to, items = transfer.references.get("to"), transfer.lists.get("items")
        if to is None or len(to.names) != 1 or items is None:
            continue
        for each in items.elements:
            names: tuple[str, ...] = getattr(each, "names", ())
            if len(names) == 1:
                holds[names[0]] = to.names[0]
    built_in = {name for item in scenario.items.values() for name in _parts(item) if item.id in holds}
    found: dict[str, list[str]] = {}
    for item, holder in holds.items():
        if item not in built_in:
            found.setdefault(holder, []).append(item)
    return tuple((holder, tuple(items)) for holder, items in found.items())


def _parts(item: Entity) -> Iterator[str]:
    listing = item.lists.get("contains")
    for each in listing.elements if listing is not None else ():
        if isinstance(each, Entity) and "item" in each.references:
            yield from each.references["item"].names


def gone_on(
    document: Document, scenario: Scenario, holder: str, items: Sequence[str], steps: int
) -> Document:
    """The scenario with as many further steps of the items, from who holds them to someone of whom nothing is
    known, and from there on."""
    taken = {*scenario.parties}
    changes: list[tuple[str, Node]] = []
    sender, day = holder, _last_day(scenario)
    for number in range(1, steps + 1):
        new = next_party(taken, number)
        changes.append((f"parties.{new}", Map(((Text("name"), Text(f"holder {number} from now")),))))
        told = (
            (Text("items"), Seq(tuple(Text(i) for i in items))),
            (Text("from"), Text(sender)),
            (Text("to"), Text(new)),
            (Text("activity"), Text("unknown")),
            *(((Text("date"), Text(day)),) if day else ()),
        )
        changes.append(("transfers.+", Map(told)))
        sender = new
    root, problems = edit(document.root, changes)
    assert not [p for p in problems if p.code != "added"], problems
    return replace(document, root=root)


def _last_day(scenario: Scenario) -> str:
    """The last day on which anything happens that is known, so that what is further comes after it."""
    days = [scenario.as_of.value] if scenario.as_of is not None else []
    days += [
        t.facts[key].value for t in scenario.transfers for key in ("contract", "delivery") if key in t.facts
    ]
    highs = [each.high for each in days if isinstance(each, Amounts) and each.high is not None]
    return date.fromordinal(int(max(highs))).isoformat() if highs else ""


def next_party(taken: Iterable[str], number: int = 1, stem: str = NEXT) -> str:
    """An id that is free for a further party."""
    base = stem if number == 1 else f"{stem}-{number}"
    known = {*taken}
    return next(n for n in (base, *(f"{base}-{i}" for i in range(2, 1000))) if n not in known)


def slots_after(bench: Bench, scenario: Scenario, items: Sequence[str], steps: int) -> tuple[Slot, ...]:
    """What could be so of each further step."""
    found: list[Slot] = []
    for number in range(1, steps + 1):
        party = next_party(scenario.parties, number)
        place = f"transfers.{len(scenario.transfers) + number}"
        called = _HOLDER[number]
        found += _of_party(bench, scenario, party, called)
        activities = _classes(bench, ACTIVITY, _named(scenario, ACTIVITY))
        facts = tuple(Fact(((f"{place}.activity", Text(text)),), value, text) for value, text in activities)
        found.append(Slot("activity", f"what is done in step {len(scenario.transfers) + number}", facts))
        found.append(_papers(bench, scenario, place, items))
    return tuple(found)


def slots_of_unknown(bench: Bench, scenario: Scenario, place: str, called: str) -> tuple[Slot, ...]:
    """What could be so of a party of which it is not known who it is, at that place."""
    party = next_party(scenario.parties, stem="someone")
    return tuple(
        replace(
            slot,
            facts=tuple(
                replace(f, changes=((f"parties.{party}", _NAMELESS), (place, Text(party)), *f.changes))
                for f in slot.facts
            ),
        )
        for slot in _of_party(bench, scenario, party, called)
    )


def slots_of_party(bench: Bench, scenario: Scenario, party: str) -> tuple[Slot, ...]:
    """What could be so of a party of the scenario of which little is known."""
    thing = scenario.parties[party]
    known = {key for key, fact in thing.facts.items() if fact.value is not None and not fact.value.anything}
    known |= {"owner"} if "owners" in thing.lists else set()
    called = thing.name
    return tuple(slot for slot in _of_party(bench, scenario, party, called) if slot.sort not in known)


_NAMELESS = Map(((Text("name"), Text("someone")),))


def _of_party(bench: Bench, scenario: Scenario, party: str, called: str) -> Iterator[Slot]:
    countries = _classes(bench, COUNTRY, _named(scenario, COUNTRY))
    at = f"parties.{party}"
    yield Slot(
        "country",
        f"the country of {called}",
        tuple(Fact(((f"{at}.country", Text(text)),), value, text) for value, text in countries),
    )
    kinds = _classes(bench, PARTY_KIND, _named(scenario, PARTY_KIND))
    yield Slot(
        "kind",
        f"the kind of {called}",
        tuple(Fact(((f"{at}.kind", Text(text)),), value, text) for value, text in kinds),
    )
    owner = next_party(scenario.parties, stem=f"owner-of-{party}")
    yield Slot(
        "owner",
        f"the country of who owns all of {called}",
        tuple(
            Fact(
                (
                    (f"parties.{owner}", Map(((Text("country"), Text(text)),))),
                    (f"{at}.owners", _all_of(owner)),
                ),
                value,
                text,
            )
            for value, text in countries
        ),
    )


def _all_of(owner: str) -> Node:
    share = Map(((Text("party"), Text(owner)), (Text("share"), Text("100%"))))
    return Map(((Text(KNOWN), Seq((share,))), (Text(MORE), Text(NONE))))


def _papers(bench: Bench, scenario: Scenario, place: str, items: Sequence[str]) -> Slot:
    """That no paper is held for the step; or, of each kind that a rule asks for, that it was refused."""
    kinds = sorted({c[0].kind for c in bench.plan.domains if isinstance(c[0], Covered)})
    facts = [Fact(((f"{place}.papers", Text(NONE)),), None, "no paper is held for it")]
    for kind in kinds:
        ident = next_party(scenario.papers, stem=f"refused-{kind}")
        told = Map(
            (
                (Text("kind"), Text(kind)),
                (Text("state"), Text("refused")),
                (Text("items"), Seq(tuple(Text(i) for i in items))),
            )
        )
        attached = Map(((Text(KNOWN), Seq((Text(ident),))), (Text(MORE), Text(NONE))))
        changes = ((f"papers.{ident}", told), (f"{place}.papers", attached))
        facts.append(Fact(changes, None, f"the {term_words(PAPER_KIND.name, kind)} for it was refused"))
    return Slot("papers", f"the papers of step {int(place.partition('.')[2])}", tuple(facts))


def _classes(bench: Bench, tree: Tree, named: frozenset[str]) -> tuple[tuple[Value, str], ...]:
    """The classes of a tree's terms that neither a rule nor the scenario tells apart, each with one of it."""
    tests = [
        test
        for test in _tests(bench)
        if isinstance(test.accepts, Terms) and test.accepts.tree.name == tree.name
    ]
    own = [Test(Terms(tree, frozenset({term}))) for term in sorted(named)]
    groups: dict[tuple[object, ...], list[tuple[Terms, str]]] = {}
    for value in partition(Terms(tree), dict.fromkeys([*tests, *own])):
        text = plausible(value)
        if text is None or not isinstance(value, Terms):
            continue
        one = Terms(tree, frozenset({text}))
        if contains(value, one):
            groups.setdefault(tuple(fits(one, test) for test in (*tests, *own)), []).append((value, text))
    return tuple(
        (together(tree, [v for v, _ in members]), min((t for _, t in members), key=_historic))
        for members in groups.values()
    )


def _historic(text: str) -> bool:
    """Whether it looks like a state of the past, which has a longer code."""
    return text.isupper() and len(text) == _LETTERS


def together(tree: Tree, values: Sequence[Terms]) -> Terms:
    """What is in any of the regions of a tree."""
    rest = next((v for v in values if v.within is None), None)
    named = frozenset(t for v in values for t in v.within or ())
    if rest is not None:
        return Terms(tree, None, rest.without - named)
    return values[0] if len(values) == 1 else Terms(tree, named)


def _tests(bench: Bench) -> tuple[Test, ...]:
    """Every test that a rule makes, also inside what it asks of the catalogue."""
    conditions = [
        condition
        for policy in bench.policies
        for rule in policy.rules
        for condition in (rule.scope, rule.when, rule.unless, rule.requires)
        if condition is not None
    ]
    found = (each.test for condition in conditions for each in all_within(condition) if isinstance(each, Is))
    return tuple(dict.fromkeys(found))


def _named(scenario: Scenario, tree: Tree) -> frozenset[str]:
    """The terms of the tree that the scenario names somewhere: of parties, papers, promises."""

    def of(thing: Entity) -> Iterator[Value | None]:
        yield from (fact.value for fact in thing.facts.values())
        yield from (
            Terms(tree, frozenset({r.country}))
            for r in thing.references.values()
            if r.country and tree.name == COUNTRY.name
        )
        for listing in thing.lists.values():
            for each in listing.elements:
                if isinstance(each, Entity):
                    yield from of(each)
                else:
                    yield getattr(each, "value", None)

    groups: tuple[Mapping[str, Entity], ...] = (
        scenario.parties,
        scenario.items,
        scenario.papers,
        scenario.agreements,
    )
    things = [thing for group in groups for thing in group.values()]
    values = [value for thing in (*things, *scenario.transfers) for value in of(thing)]
    return frozenset(
        term
        for value in values
        if isinstance(value, Terms) and value.tree.name == tree.name
        for term in (*(value.within or ()), *value.without)
    )
