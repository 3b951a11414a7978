"""Whether what a paper says fits a step: three-valued, with the facts that were looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from redline.engine.cells import Facts, all_of, any_of, joined
from redline.engine.perhaps import related
from redline.engine.records import Case, element_fact
from redline.engine.referents import same
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY
from redline.rules.facts import Entity, Fact, Listing, Reference
from redline.rules.frozen import replace
from redline.rules.record import Cell
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms, Test, Value, fits, union

Judged = tuple[Truth, Facts]
"""Whether something is so, and the facts that were looked at."""


def both(*judged: Judged) -> Judged:
    """Whether all of it is so."""
    return all_of(*(truth for truth, _ in judged)), joined(*(facts for _, facts in judged))


def one_of(judged: Iterable[Judged]) -> Judged:
    """Whether one of them is so."""
    found = list(judged)
    return any_of(*(truth for truth, _ in found)), joined(*(facts for _, facts in found))


def lists(entity: Entity, name: str, matches: Callable[[Fact | Reference | Entity], Judged]) -> Judged:
    """Whether a list of the entity has an element that matches; a list that is not given does not limit."""
    listing = entity.lists.get(name)
    if listing is None:
        return TRUE, ()
    return in_listing(listing, matches)


def in_listing(listing: Listing, matches: Callable[[Fact | Reference | Entity], Judged]) -> Judged:
    """Whether an element of the list matches; one that is not listed may, unless the list is complete."""
    truths, facts = [], [listing.closure]
    for number, each in enumerate(listing.elements):
        truth, cited = matches(each)
        stated = element_fact(each)
        facts += [*cited, *([stated] if stated is not None else [])]
        truths.append(UNKNOWN if truth is TRUE and number in listing.doubtful else truth)
    return any_of(*truths, *(() if listing.closed else (UNKNOWN,))), joined(facts)


def like(
    cell: Cell, facts: Facts = (), *, happens: bool = True
) -> Callable[[Fact | Reference | Entity], Judged]:
    """Matches what the cell lies under; an element that is not known exactly is never sure to match, and
    of what a text on it may or may not mean it cannot be told.  A cell that does not tell what happens, but
    is itself the word of a text, is under what is listed only where all of it is."""

    def matches(each: Fact | Reference | Entity) -> Judged:
        value = each.value if isinstance(each, Fact) else None
        if value is None:
            return UNKNOWN, ()
        untold = [v for v in (territories(value), related(value) if happens else None) if v is not None]
        truth = fits(cell.value, Test(value, union(untold) if untold else None))
        return (UNKNOWN if truth is TRUE and not exact(value) else truth), joined(cell.facts, facts)

    return matches


def territories(value: Value) -> Value | None:
    """The territories, with a code of their own, of the states that a paper names: it cannot be told
    whether they are meant."""
    if not isinstance(value, Terms) or value.tree.name != COUNTRY.name or value.within is None:
        return None
    found = frozenset(t for t, state in STATE_OF_TERRITORY.items() if state in value.within)
    return Terms(value.tree, found) if found else None


def exact(value: Value) -> bool:
    """Whether a term is known exactly, so that lying under it is sure."""
    return not isinstance(value, Terms) or value.single is not None


def is_party(case: Case, element: Fact | Reference | Entity, party: Reference | None) -> Judged:
    """Whether the party listed is the one meant; countries that differ tell two apart, save a state and
    its territories: who in Hong Kong is meant by one in China, cannot be told."""
    meant = element if isinstance(element, Reference) else None
    facts = (party.fact,) if party is not None else ()
    truth = same(meant, party, case)
    if truth is FALSE and meant is not None and party is not None and meant.country:
        wider = territories(Terms(COUNTRY, frozenset({meant.country})))
        there = wider.within if isinstance(wider, Terms) and wider.within is not None else ()
        around = (replace(meant, country=territory) for territory in sorted(there))
        truth = UNKNOWN if any(same(each, party, case) is not FALSE for each in around) else FALSE
    return truth, joined(facts, _country_facts(case, meant, party))


def _country_facts(case: Case, *references: Reference | None) -> Facts:
    known = [name for r in references if r is not None for name in r.names if name in case.scenario.parties]
    return joined(f for name in known if (f := case.scenario.parties[name].facts.get("country")) is not None)


def is_item(case: Case, element: Fact | Reference | Entity, item: Reference) -> Judged:
    """Whether the item listed is the one meant."""
    return same(element if isinstance(element, Reference) else None, item, case), (item.fact,)
