"""Values that no policy can tell apart: whichever of them stands in a scenario, the verdicts are the same.

A term reaches a verdict by two roads alone: a rule compares it with a set of terms, or derivation compares it
with what else the scenario states in that tree.  So two terms that lie the same way to every such set
(in it, above something in it, apart from it) can be exchanged in all that is asked.  A country brings the
states that it is of, after or before, and a code its list, since the engine looks at these by itself.

Where this does not hold, each value is a class of its own: of other trees, of sets of several terms, of
numbers, of words.  Single days are told apart by the days on which a timeline may turn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence

from redline.analysis.sweep_values import Axis, rules_of, tested
from redline.analysis.turning_days import causes_of, facts_of
from redline.engine.assume import assume
from redline.engine.run import Bench
from redline.rules.codes import CODE, list_of
from redline.rules.countries import COUNTRY, IN_TWO_PLACES, STATE_OF_TERRITORY, related_states
from redline.rules.facts import Entity, Listing, Reference, Scenario
from redline.rules.quantities import DATE
from redline.rules.trees import Tree
from redline.rules.values import Amounts, Terms

_TREES = (COUNTRY.name, CODE.name)
"""Trees of which the engine knows no term by itself, beyond what `kin` tells."""


def classes(bench: Bench, scenario: Scenario, axis: Axis, others: Sequence[Axis]) -> tuple[Hashable, ...]:
    """For each value of an axis its class; values of one class give the same, whatever the other axis says
    that is not akin to them.  `scenario` is read with some value there."""
    if axis.type.sort == "amount" and axis.type.of == DATE:
        alone = not any(other.type == axis.type for other in others)
        return tuple(_of_dates(bench, scenario, axis)) if alone else axis.values
    if axis.type.sort != "tree" or axis.type.of not in _TREES:
        return axis.values
    sets = {terms for rule in rules_of(bench.policies) for terms in tested(rule, axis.type.of)}
    paths = (axis.path, *(other.path for other in others))
    sets |= set(_stated(assume(scenario), axis.type.of, paths))
    ordered = sorted(sets, key=repr)
    return tuple(_class(axis, number, ordered) for number in range(len(axis)))


def akin(one: Axis, number: int, other: Axis, second: int) -> bool:
    """Whether the two values have to do with each other, so that the pair stands for itself."""
    if one.type.sort != "tree" or one.type != other.type or one.type.of not in _TREES:
        return False
    first, next_ = one.means[number], other.means[second]
    if not isinstance(first, Terms) or not isinstance(next_, Terms):
        return True
    if first.single is None or next_.single is None:
        return True
    near, far = (
        {term, *(each for each, _ in kin(term, first.tree))} for term in (first.single, next_.single)
    )
    return any(first.tree.under(a, b) or first.tree.under(b, a) for a in near for b in far)


def _class(axis: Axis, number: int, sets: Sequence[Terms]) -> Hashable:
    value = axis.means[number]
    if not isinstance(value, Terms) or value.single is None:
        return axis.values[number]
    return class_of(value.single, value.tree, sets)


def class_of(single: str, tree: Tree, sets: Sequence[Terms]) -> Hashable:
    """The class of a country or code, where these are all the sets that it meets, in some order."""
    told = {("", *_lies(single, tree, sets))}
    for term, how in kin(single, tree):
        if any(_near(term, tree, each) for each in sets):  # else it meets nothing that is asked or stated
            told.add((how, *_lies(term, tree, sets)))
    return tuple(sorted(told))


def kin(term: str, tree: Tree) -> Iterator[tuple[str, str]]:
    """What else than the term itself the engine may take it for, each with how."""
    if tree.name == CODE.name:
        yield list_of(term), "list" if list_of(term) != term else "whole list"
        return
    top = tree.line(term)[-1]
    if top != term:
        yield top, "top"
    state = STATE_OF_TERRITORY.get(top)
    for each in STATE_OF_TERRITORY:
        if STATE_OF_TERRITORY[each] in (top, state) and each != top:
            yield each, "territory"
    if state is not None:
        yield state, "state"
    yield from ((each, "related") for each in related_states(top))
    for place, other in IN_TWO_PLACES.items():
        if other == top:
            yield place, "place"
            yield tree.line(place)[-1], "land"
        elif tree.line(place)[-1] == top:
            yield other, "lost"


def _near(term: str, tree: Tree, terms: Terms) -> bool:
    named = (terms.within or frozenset()) | terms.without
    return any(tree.under(term, other) or tree.under(other, term) for other in named)


def _lies(term: str, tree: Tree, sets: Sequence[Terms]) -> tuple[object, ...]:
    """How the term lies to each of the sets: what of a set is at or above it tells only that it is in, what
    is below it is named."""
    line = frozenset(tree.line(term))
    found: list[object] = [len(term) if tree.name == COUNTRY.name else list_of(term)]
    for each in sets:
        for terms in (each.within, each.without):
            if terms is None:
                found.append("all")
            else:
                below = sorted(t for t in terms if t != term and term in tree.line(t))
                found.append((term in terms, bool(line & terms), *below))
    return tuple(map(repr, found))


def _stated(scenario: Scenario, tree: str, paths: Sequence[str]) -> Iterator[Terms]:
    """The sets of terms that the scenario states elsewhere, or by which its lists are complete."""
    for fact in facts_of(scenario):
        here = any(fact.path == path or fact.path.startswith(f"{path}.") for path in paths)
        if not here and isinstance(fact.value, Terms) and fact.value.tree.name == tree:
            yield fact.value
    for entity in _entities(scenario):
        for name, listing in entity.lists.items():
            yield from _limits(listing, tree, f"{entity.path}.{name}" in paths)
            yield from (t for each in listing.elements for t in _country(each, tree))
        yield from (t for each in entity.references.values() for t in _country(each, tree))


def _limits(listing: Listing, tree: str, here: bool) -> Iterator[Terms]:
    limit = listing.no_more_in
    if limit is not None and limit.tree.name == tree and not here:
        yield limit


def _country(element: object, tree: str) -> Iterator[Terms]:
    if isinstance(element, Reference) and element.country and tree == COUNTRY.name:
        yield Terms(COUNTRY, frozenset({element.country}))


def _entities(scenario: Scenario) -> Iterator[Entity]:
    things = (scenario.parties, scenario.items, scenario.agreements, scenario.papers)
    whole = [entity for each in things for entity in each.values()] + list(scenario.transfers)
    for entity in whole:
        yield entity
        for listing in entity.lists.values():
            yield from (each for each in listing.elements if isinstance(each, Entity))


def _of_dates(bench: Bench, scenario: Scenario, axis: Axis) -> Iterator[Hashable]:
    turns = sorted(causes_of(bench, scenario))
    for value, means in zip(axis.values, axis.means, strict=True):
        single = isinstance(means, Amounts) and means.low is not None and means.low == means.high
        yield (
            bisect_right(turns, int(means.low))
            if single and isinstance(means, Amounts) and means.low
            else value
        )
