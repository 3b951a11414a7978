"""A scenario with everything alleged left in doubt: an alleged fact may cross, it never clears."""

from __future__ import annotations

from collections.abc import Mapping

from redline.engine.records import element_fact
from redline.rules.facts import Entity, Fact, Grade, Listing, Reference, Scenario
from redline.rules.frozen import replace


def without_alleged(scenario: Scenario) -> Scenario:
    """The scenario in which alleged values are not known, of alleged elements and things it is not known
    whether they are there, and alleged completeness is none.  Nor is a list complete of which an element is
    alleged, save what is transferred: in the place of what is alleged there may be something else.

    What is alleged still counts as said: a transfer with an alleged date does not take the scenario's.
    """
    as_of = scenario.as_of
    return replace(
        scenario,
        as_of=None if as_of is not None and _alleged(as_of) else as_of,
        parties=_things(scenario.parties),
        items=_things(scenario.items),
        agreements=_things(scenario.agreements),
        papers=_things(scenario.papers),
        transfers=tuple(_thing(transfer) for transfer in scenario.transfers),
        complete={name: fact for name, fact in scenario.complete.items() if not _alleged(fact)},
    )


def _alleged(fact: Fact | None) -> bool:
    return fact is not None and fact.grade is Grade.ALLEGED


def _things(things: Mapping[str, Entity]) -> dict[str, Entity]:
    return {name: _thing(entity) for name, entity in things.items()}


def _thing(entity: Entity, *, keep: frozenset[str] = frozenset()) -> Entity:
    return replace(
        entity,
        facts={name: _fact(fact) for name, fact in entity.facts.items()},
        references={
            name: _cited_not(reference) if name in keep else _reference(reference)
            for name, reference in entity.references.items()
        },
        lists={
            name: _listing(listing, subjects=entity.shape == "transfer" and name == "items")
            for name, listing in entity.lists.items()
        },
        existence=None if entity.existence is None else _structural(entity.existence),
        doubtful=entity.doubtful or _alleged(entity.existence),
    )


def _fact(fact: Fact) -> Fact:
    return replace(fact, value=None, doubted=True) if _alleged(fact) else fact


def _structural(fact: Fact) -> Fact:
    return replace(fact, doubted=True) if _alleged(fact) else fact


def _reference(reference: Reference) -> Reference:
    return Reference((), _fact(reference.fact)) if _alleged(reference.fact) else reference


def _cited_not(reference: Reference) -> Reference:
    return replace(reference, fact=_structural(reference.fact))


def _listing(listing: Listing, *, subjects: bool) -> Listing:
    """`subjects`: each element makes a step, which is there with and without what is alleged; of what item
    is not known."""
    doubtful = {n for n, each in enumerate(listing.elements) if _alleged(element_fact(each))}
    alleged = _alleged(listing.closure) or (bool(doubtful) and not subjects)
    return replace(
        listing,
        elements=tuple(
            _element(each, doubted=number in doubtful, subject=subjects)
            for number, each in enumerate(listing.elements)
        ),
        closed=listing.closed and not alleged,
        closure=_structural(listing.closure),
        no_more_in=None if alleged else listing.no_more_in,
        doubtful=listing.doubtful | doubtful,
    )


def _element(each: Fact | Reference | Entity, *, doubted: bool, subject: bool) -> Fact | Reference | Entity:
    """An element, with nothing alleged in it; what is meant by one that may not be there is still said."""
    match each:
        case Fact():
            return _fact(each)
        case Reference():
            return _reference(each) if subject else _cited_not(each)
        case Entity():
            # whose share is alleged is still said; only whether there is such a share is in doubt
            return _thing(each, keep=frozenset({"party", "item"}) if doubted else frozenset())
