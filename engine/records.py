"""Rows from what is stated: the facts of one thing and its lists of values.  Here too are what a policy
asks of derivation, and the case that keeps what has been derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

from redline.engine.cells import EITHER, Facts, answer, between, joined, unknown
from redline.rules.condition import Covered, Days, Forbids, Owned, Share
from redline.rules.facts import Entity, Fact, Listing, Reference, Scenario
from redline.rules.frozen import dataclass, field, replace
from redline.rules.policy import Rule
from redline.rules.quantities import unknown_amount
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.shapes import Field, Type
from redline.rules.terms import TREES
from redline.rules.trees import Tree
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.values import Amounts, Terms, Value
from redline.rules.vocabulary import ASKED, EXTENSIBLE

T = TypeVar("T")
_STATED_AS = {record: stated for stated, records in EXTENSIBLE.items() for record in records}
PARTY_LIKE = frozenset(EXTENSIBLE["party"])


@dataclass(frozen=True, slots=True)
class Asked:
    """What the loaded policies ask of the catalogue, collected when they are loaded.

    `declared` are the facts that they add, by stated shape (`party`, `item`, `paper`, `transfer`);
    `trees` the vocabulary's trees with the terms that they add; `rules` those whose validity is asked.
    """

    shares: tuple[Share, ...] = ()
    owned: tuple[Owned, ...] = ()
    covered: tuple[Covered, ...] = ()
    days: tuple[Days, ...] = ()
    forbids: tuple[Forbids, ...] = ()
    rules: tuple[Rule, ...] = ()
    declared: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    trees: Mapping[str, Tree] = field(default_factory=lambda: TREES)

    def fields(self, shape: str) -> Mapping[str, Field]:
        """The fields of one value that records of the shape have, declared facts among them."""
        return {**ASKED[shape].fields, **self.declared.get(_STATED_AS.get(shape, ""), {})}


@dataclass(frozen=True)
class Case:
    """A scenario under derivation: what is stated, what is asked, and what has been derived so far."""

    scenario: Scenario
    asked: Asked
    _kept: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def kept(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for the key."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("T", self._kept[key])

    @cached_property
    def today(self) -> Cell:
        """The day as of which the scenario is judged; any day if none is given."""
        as_of = self.scenario.as_of
        if as_of is None or not isinstance(as_of.value, Amounts):
            return unknown(unknown_amount("date"), "as_of")
        return Cell(as_of.value, "as_of", (as_of,), "the date of the scenario")


# --- what is stated of one thing ---------------------------------------------------------------


def cell_of(case: Case, entity: Entity, name: str, kind: Type) -> Cell:
    """The cell of a fact of one value."""
    about, fact = f"{entity.path}.{name}", entity.facts.get(name)
    if fact is None or fact.value is None:
        return unknown(kind.anything(case.asked.trees), about, stated=fact is not None)
    return Cell(fact.value, about, () if fact.value.anything else (fact,))


def bare_row(case: Case, entity: Entity, shape: str) -> Row:
    """The facts of a thing and its lists of values, as a row of the shape; nothing derived."""
    plain: dict[Key, Cell] = {
        name: cell_of(case, entity, name, one.type)
        for name, one in case.asked.fields(shape).items()
        if one.type.sort in ("tree", "amount", "name")
    }
    lists = {
        name: values_of(case, entity, name, many.type)
        for name, many in ASKED[shape].many.items()
        if many.type.sort in ("tree", "amount", "name")
    }
    return Row(shape, entity.name, {**plain, **day_cells(case, shape, plain)}, {}, lists)


def values_of(case: Case, entity: Entity, name: str, kind: Type) -> Rows:
    """A list of values as stated; where nothing is said, it may hold anything."""
    about, listing = f"{entity.path}.{name}", entity.lists.get(name)
    anything = kind.anything(case.asked.trees)
    if listing is None:
        return Rows((), answer(UNKNOWN, about, stated=False), value_row(anything, about))
    rows = []
    for number, each in enumerate(listing.elements):
        assert isinstance(each, Fact)
        value = each.value if each.value is not None else anything
        present = answer(UNKNOWN if number in listing.doubtful else TRUE, about, (each,), each.says)
        rows.append(replace(value_row(value, each.path or about, joined((each,))), present=present))
    rest = anything
    if listing.no_more_in is not None and isinstance(anything, Terms):
        rest = anything.minus(Terms(anything.tree, listing.no_more_in.within))
    limits = () if rest == anything else (listing.closure,)
    return Rows(tuple(rows), closed_cell(listing, about), value_row(rest, about, limits))


def value_row(value: Value, about: str, facts: Facts = ()) -> Row:
    """An element of a list of values."""
    return Row("value", "", {"value": Cell(value, about, facts, stated=bool(facts))})


def closed_cell(listing: Listing | None, about: str) -> Cell:
    """Whether the list is all there is, with the fact by which it is, and the elements that it then has."""
    if listing is None:
        return answer(UNKNOWN, about, stated=False)
    if not listing.closed:
        return answer(UNKNOWN, about)
    elements = (fact for each in listing.elements if (fact := element_fact(each)) is not None)
    return answer(TRUE, about, joined((listing.closure,), elements), listing.closure.says)


def element_fact(element: Fact | Reference | Entity) -> Fact | None:
    """The fact by which an element stands in its list."""
    match element:
        case Fact():
            return element
        case Reference(fact=fact):
            return fact
        case Entity(existence=fact, references=references):
            return fact if fact is not None else next((r.fact for r in references.values()), None)


def named_in(element: Fact | Reference | Entity, key: str) -> Reference | None:
    """Whom or what an element of a list means."""
    match element:
        case Reference():
            return element
        case Entity(references=references):
            return references.get(key)
        case _:
            return None


def present_cell(listing: Listing, number: int, how: str = "") -> Cell:
    """Whether the element of that number is there: yes as stated, or not known where that is in doubt."""
    fact = element_fact(listing.elements[number])
    truth = UNKNOWN if number in listing.doubtful else TRUE
    if fact is None:
        return answer(truth, listing.closure.path, (), how)
    return answer(truth, fact.path, (fact,), fact.says or how)


def day_cells(case: Case, shape: str, cells: Mapping[Key, Cell]) -> dict[Key, Cell]:
    """The days from one date of the row to another, for each question that the shape can answer."""
    found: dict[Key, Cell] = {}
    for query in case.asked.days:
        start, end = cells.get(query.start), cells.get(query.end)
        if start is None or end is None:
            continue
        assert isinstance(start.value, Amounts)
        assert isinstance(end.value, Amounts)
        low = _less(end.value.low, start.value.high)
        if (query.start, query.end) == ("contract", "delivery"):
            low = max(low or 0, 0)  # nothing is delivered before its contract
        high = _less(end.value.high, start.value.low)
        value = between(low, high, "days")
        about = end.about if end.value.low is None or end.value.high is None else start.about
        facts = () if value.anything else joined(start.facts, end.facts)
        found[query] = Cell(
            value, about, facts, f"from {query.start} to {query.end}", start.stated and end.stated
        )
    return found


def _less(one: Any, other: Any) -> Any:
    return None if one is None or other is None else one - other


def list_of_rows(rows: Iterable[Row], closed: Cell, rest: Row) -> Rows:
    """A list whose completeness follows from the facts by which each of its rows is there."""
    rows = tuple(rows)
    if closed.value == EITHER:
        return Rows(rows, closed, rest)
    return Rows(
        rows, replace(closed, facts=joined(closed.facts, *(r.present.facts for r in rows if r.present))), rest
    )


def open_list(rest: Row, about: str, rows: tuple[Row, ...] = (), *, stated: bool = False) -> Rows:
    """A list that may go on."""
    return Rows(rows, answer(UNKNOWN, about, stated=stated), rest)
