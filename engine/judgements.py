"""Whether what a paper says fits a step: three-valued, with the facts that were looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from redline.engine.cells import Facts, all_of, any_of, is_under, joined
from redline.engine.perhaps import related
from redline.engine.records import Case, element_fact
from redline.engine.referents import same
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY
from redline.rules.facts import Entity, Fact, Listing, Reference
from redline.rules.frozen import replace
from redline.rules.overlaps import MODES, if_copied, if_to_a_person, moving_no_hardware
from redline.rules.record import Cell
from redline.rules.terms import ACTIVITY, FORM, PARTY_KIND
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms, Test, Value, fits

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


_Matches = Callable[[Fact | Reference | Entity], Judged]


def like(cell: Cell, facts: Facts = (), *, happens: bool = True) -> _Matches:
    """Matches what the cell lies under; an element that is not known exactly is never sure to match, and
    of what a text on it may or may not mean it cannot be told.  A cell that does not tell what happens, but
    is itself the word of a text, is under what is listed only where all of it is."""
    return _under(cell, lambda value: perhaps(value) if happens else in_other_words(value), facts)


def done_to(cell: Cell, form: Cell, recipient: Cell) -> _Matches:
    """Matches what is done in a step to an item of a form, for a recipient of a kind: what is not hardware
    may go by wire, and to a person it may be released."""
    hardware = is_under(form.value, FORM, "hardware") is TRUE
    person = is_under(recipient.value, PARTY_KIND, "person") is not FALSE

    def open_to(value: Terms) -> Terms | None:
        named, tree = value.within or frozenset(), value.tree
        plainly = perhaps(Terms(tree, named - moving_no_hardware(named, tree)))
        found = plainly.within or frozenset() if plainly is not None else frozenset()
        if not hardware:
            found |= if_copied(named, tree) | (if_to_a_person(named, tree) if person else frozenset())
        return Terms(tree, found) if found else None

    return _under(cell, open_to, joined(form.facts, recipient.facts))


def _under(cell: Cell, open_to: Callable[[Terms], Terms | None], facts: Facts) -> _Matches:
    def matches(each: Fact | Reference | Entity) -> Judged:
        value = each.value if isinstance(each, Fact) else None
        if value is None:
            return UNKNOWN, ()
        truth = fits(cell.value, Test(value, open_to(value) if isinstance(value, Terms) else None))
        return (UNKNOWN if truth is TRUE and not exact(value) else truth), joined(cell.facts, facts)

    return matches


def perhaps(value: Terms) -> Terms | None:
    """What the terms that a paper names may mean besides: it cannot be told."""
    return _together(territories(value), related(value), _handed_over(value))


def in_other_words(value: Terms) -> Terms | None:
    """What may be meant in full by the terms that a paper names, where a text asks for it in its own."""
    states = related(value) if value.tree.name == COUNTRY.name else None
    supplied = Terms(value.tree, frozenset({"supply"})) if _moves(value) else None
    return _together(territories(value), states, _handed_over(value), supplied)


def _handed_over(value: Terms) -> Terms | None:
    """All movements that a supply may be, where one is named: of these no more is said."""
    if value.tree.name != ACTIVITY.name or value.within is None or "supply" not in value.within:
        return None
    return Terms(value.tree, MODES["supply"][0])


def _moves(value: Terms) -> bool:
    named = value.within or frozenset() if value.tree.name == ACTIVITY.name else frozenset()
    return any(value.tree.under(term, each) for term in named for each in MODES["supply"][0])


def _together(*values: Terms | None) -> Terms | None:
    found = [value for value in values if value is not None]
    terms = frozenset(term for value in found for term in value.within or ())
    return Terms(found[0].tree, terms) if terms else None


def territories(value: Value) -> Terms | None:
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
    its territories, and a former state and its successors: who in Hong Kong is meant by one in China, cannot
    be told."""
    meant = element if isinstance(element, Reference) else None
    facts = (party.fact,) if party is not None else ()
    truth = same(meant, party, case)
    if truth is FALSE and meant is not None and party is not None:
        around = [(replace(meant, country=code), party) for code in _around(meant, perhaps)]
        around += [(meant, replace(party, country=code)) for code in _around(party, related)]
        truth = UNKNOWN if any(same(*each, case) is not FALSE for each in around) else FALSE
    return truth, joined(facts, _country_facts(case, meant, party))


def _around(reference: Reference, near: Callable[[Terms], Terms | None]) -> list[str]:
    found = near(Terms(COUNTRY, frozenset({reference.country}))) if reference.country else None
    return sorted(found.within or ()) if found is not None else []


def lists_party(case: Case, entity: Entity, name: str, party: Reference | None) -> Judged:
    """Whether a list of the entity has the party: of one of several, whether it has each that it may be."""
    if party is None or len(party.names) < 2:
        return lists(entity, name, lambda each: is_party(case, each, party))
    single = (Reference((one,), party.fact) for one in party.names)
    judged = [lists(entity, name, lambda each, p=one: is_party(case, each, p)) for one in single]  # type: ignore[misc]
    truths = {truth for truth, _ in judged}
    return (truths.pop() if len(truths) == 1 else UNKNOWN), joined(*(facts for _, facts in judged))


def _country_facts(case: Case, *references: Reference | None) -> Facts:
    known = [name for r in references if r is not None for name in r.names if name in case.scenario.parties]
    return joined(f for name in known if (f := case.scenario.parties[name].facts.get("country")) is not None)


def is_item(case: Case, element: Fact | Reference | Entity, item: Reference) -> Judged:
    """Whether the item listed is the one meant."""
    return same(element if isinstance(element, Reference) else None, item, case), (item.fact,)
