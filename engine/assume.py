"""Assumptions by name: what a scenario may take for granted, each a set of documented facts.

An assumption speaks only where the scenario is silent: what is stated, be it that something is not
known, stands.  Its facts are graded assumed; one that follows from an alleged fact is graded alleged,
since it may clear no more than that fact may.  Each names its assumption as its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from redline.engine import saying
from redline.engine.possible import MORE
from redline.rules.facts import Entity, Fact, Grade, Listing, Reference, Scenario
from redline.rules.frozen import dataclass, replace
from redline.rules.quantities import days
from redline.rules.shapes import NAME
from redline.rules.values import Terms, Value
from redline.rules.vocabulary import COVERS


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption: its name, what it means, and what it expands to."""

    name: str
    means: str
    expands: str
    _apply: Callable[[Scenario, Fact], Scenario]

    def to(self, scenario: Scenario, named: Fact) -> Scenario:
        """The scenario with the facts that it expands to; `named` is the fact that it is assumed."""
        return self._apply(scenario, named)


def assume(scenario: Scenario) -> Scenario:
    """The scenario with every assumption that it names expanded."""
    for named in scenario.assumptions:
        for assumption in CATALOGUE.values():
            if named.value == Terms(NAME, frozenset({assumption.name})):
                scenario = assumption.to(scenario, named)
    return scenario


def _assumed(
    named: Fact, path: str, says: str, value: Value | None = None, *, of: Fact | None = None
) -> Fact:
    """A fact that is assumed; `of` is the stated fact that it follows from, if any."""
    grade = Grade.ALLEGED if of is not None and of.grade is Grade.ALLEGED else Grade.ASSUMED
    assert isinstance(named.value, Terms)
    return Fact(path, value, grade, named.value.single or "", named.span, f"{says} (assumed)")


def _called(entity: Entity) -> str:
    if entity.shape == "transfer":
        return f"step {entity.path.rpartition('.')[2]}"
    return entity.name if "name" in entity.facts else f"the {entity.name}"


def _each(scenario: Scenario, shapes: tuple[str, ...], change: Callable[[Entity], Entity]) -> Scenario:
    """The scenario with every thing of these shapes changed."""

    def changed(entities: Mapping[str, Entity], shape: str) -> Mapping[str, Entity]:
        return {key: change(each) for key, each in entities.items()} if shape in shapes else entities

    return replace(
        scenario,
        parties=changed(scenario.parties, "party"),
        items=changed(scenario.items, "item"),
        papers=changed(scenario.papers, "paper"),
        transfers=tuple(change(each) for each in scenario.transfers)
        if "transfer" in shapes
        else scenario.transfers,
    )


def _closing(
    name: str, shapes: tuple[str, ...], *, what_is_given: bool = False
) -> Callable[[Scenario, Fact], Scenario]:
    """Takes a list that nothing is said of as empty, and where `what_is_given` one that is given, and
    does not tell whether there are more, as complete."""

    def apply(scenario: Scenario, named: Fact) -> Scenario:
        def change(entity: Entity) -> Entity:
            path = f"{entity.path}.{name}"
            stated = entity.lists.get(name)
            if stated is None:
                closure = _assumed(named, path, saying.nothing(name, _called(entity)))
                return replace(entity, lists={**entity.lists, name: Listing((), True, closure)})
            if not what_is_given or stated.closed or _tells_extent(stated, path):
                return entity
            closure = _assumed(named, path, saying.no_more(name, _called(entity)))
            return replace(
                entity, lists={**entity.lists, name: replace(stated, closed=True, closure=closure)}
            )

        return _each(scenario, shapes, change)

    return apply


def _tells_extent(listing: Listing, path: str) -> bool:
    """Whether the scenario itself says that there may be more, or that it is not known."""
    return listing.closure.path == f"{path}.{MORE}" or (not listing.elements and listing.no_more_in is None)


def _both(*steps: Callable[[Scenario, Fact], Scenario]) -> Callable[[Scenario, Fact], Scenario]:
    def apply(scenario: Scenario, named: Fact) -> Scenario:
        for step in steps:
            scenario = step(scenario, named)
        return scenario

    return apply


def _whole(name: str) -> Callable[[Scenario, Fact], Scenario]:
    """Takes the agreements or papers of the scenario as complete.  That a scenario says of itself that
    there may be more beside this assumption is refused when it is read."""

    def apply(scenario: Scenario, named: Fact) -> Scenario:
        if name in scenario.complete:
            return scenario
        closure = _assumed(named, name, f"there are no other {name} than those given")
        return replace(scenario, complete={**scenario.complete, name: closure})

    return apply


def _recipient_is_end_user(scenario: Scenario, named: Fact) -> Scenario:
    def change(entity: Entity) -> Entity:
        to = entity.references.get("to")
        if to is None or "end_user" in entity.references or not (to.names or to.country):
            return entity
        says = f"the recipient of {_called(entity)} is its end user"
        fact = _assumed(named, f"{entity.path}.end_user", says, to.fact.value, of=to.fact)
        reference = Reference(to.names, fact, to.country)
        return replace(entity, references={**entity.references, "end_user": reference})

    return _each(scenario, ("transfer",), change)


def _used_where_received(scenario: Scenario, named: Fact) -> Scenario:
    def change(entity: Entity) -> Entity:
        to = entity.references.get("to")
        if to is None or "place_of_use" in entity.facts:
            return entity
        countries = _countries(to, scenario)
        if not countries:
            return entity
        says = f"what is received in {_called(entity)} is used in the country of its recipient"
        weakest = max((to.fact, *countries), key=lambda fact: fact.grade is Grade.ALLEGED)
        value = _one_of(tuple(fact.value for fact in countries if isinstance(fact.value, Terms)))
        fact = _assumed(named, f"{entity.path}.place_of_use", says, value, of=weakest)
        return replace(entity, facts={**entity.facts, "place_of_use": fact})

    return _each(scenario, ("transfer",), change)


def _countries(to: Reference, scenario: Scenario) -> tuple[Fact, ...]:
    """The facts that tell the country of whoever is meant, be it only where it is not; none where of one of
    them nothing is told."""
    if to.country:
        return (to.fact,)
    stated = [scenario.parties[name].facts.get("country") for name in to.names]
    told = tuple(f for f in stated if f is not None and isinstance(f.value, Terms) and not f.value.anything)
    return told if len(told) == len(stated) else ()


def _one_of(values: tuple[Terms, ...]) -> Terms:
    """What may be any of the values: it is nowhere that none of them may be."""
    within: frozenset[str] | None = frozenset()
    for value in values:
        within = None if within is None or value.within is None else within | value.within
    tree = values[0].tree
    shut_out = {term for value in values for term in value.without}
    everywhere = (t for t in shut_out if all(v.meet(Terms(tree, frozenset({t}))).empty for v in values))
    return Terms(tree, within, frozenset(everywhere))


def _no_other_nationalities(scenario: Scenario, named: Fact) -> Scenario:
    def change(entity: Entity) -> Entity:
        country = entity.facts.get("country")
        path = f"{entity.path}.nationalities"
        told = country is not None and isinstance(country.value, Terms) and not country.value.anything
        if "nationalities" in entity.lists or country is None or not told:
            return entity
        says = f"{_called(entity)} has no nationality but that of its country"
        element = _assumed(named, f"{path}.1", says, country.value, of=country)
        closure = _assumed(named, path, says, of=country)
        listing = Listing((element,), True, closure)
        return replace(entity, lists={**entity.lists, "nationalities": listing})

    return _each(scenario, ("party",), change)


def _papers_in_order(scenario: Scenario, named: Fact) -> Scenario:
    def change(paper: Entity) -> Entity:
        facts, lists = dict(paper.facts), dict(paper.lists)
        if not ("from" in facts or "to" in facts):
            path = f"{paper.path}.to"
            facts["to"] = _assumed(named, path, f"{_called(paper)} has not run out", days(date.max, date.max))
        items = _attached_items(scenario, paper)
        if items and not any(name in lists for name in COVERS):
            says = f"{_called(paper)} covers what it is attached to"
            closure = _assumed(named, f"{paper.path}.covers", says)
            lists["items"] = Listing(items, True, closure)
        return replace(paper, facts=facts, lists=lists)

    return _each(scenario, ("paper",), change)


def _attached_items(scenario: Scenario, paper: Entity) -> tuple[Reference, ...]:
    """What is transferred where the paper is certainly attached."""
    found: dict[tuple[str, ...], Reference] = {}
    for transfer in scenario.transfers:
        papers, items = transfer.lists.get("papers"), transfer.lists.get("items")
        attached = papers is not None and any(
            isinstance(each, Reference) and each.names == (paper.id,) for each in papers.elements
        )
        for each in items.elements if attached and items is not None else ():
            if isinstance(each, Reference) and each.names:
                found.setdefault(each.names, each)
    return tuple(found.values())


CATALOGUE: dict[str, Assumption] = {
    assumption.name: assumption
    for assumption in (
        Assumption(
            "recipient_is_end_user",
            "whoever receives in a step is its end user",
            "`end_user` of every transfer that names a recipient and no end user: the recipient",
            _recipient_is_end_user,
        ),
        Assumption(
            "nothing_else_inside",
            "what is not said to have parts has none, and what is not said to be made with anything is not",
            "`contains` and `made_with` of every item that says nothing of them: none",
            _both(_closing("contains", ("item",)), _closing("made_with", ("item",))),
        ),
        Assumption(
            "parties_screened",
            "a party of which nothing is said stands on no list",
            "`listed` of every party that says nothing of lists or screening: none",
            _closing("listed", ("party",)),
        ),
        Assumption(
            "no_agreements",
            "there are no other agreements than those given",
            "`agreements` of the scenario: complete as given, none if none is given",
            _whole("agreements"),
        ),
        Assumption(
            "no_other_papers",
            "there are no other papers than those given, and none other is attached to a transfer",
            "`papers` of the scenario and of every transfer: complete as given, none if none is given",
            _both(_whole("papers"), _closing("papers", ("transfer",), what_is_given=True)),
        ),
        Assumption(
            "papers_in_order",
            "a paper that says nothing of what it covers, or of its validity, covers what it is attached to, "
            "and has not run out",
            "what is covered by every paper that says nothing of it: the items of the transfers that it is "
            "attached to; `to` of every paper that says nothing of its validity: never",
            _papers_in_order,
        ),
        Assumption(
            "no_flags",
            "there is no red flag about what says nothing of flags",
            "`flags` of every party, item and transfer that says nothing of them: none",
            _closing("flags", ("party", "item", "transfer")),
        ),
        Assumption(
            "no_other_owners",
            "nobody owns a party but those given",
            "`owners` of every party: complete as given, none if none is given",
            _closing("owners", ("party",), what_is_given=True),
        ),
        Assumption(
            "nobody_knew",
            "where nothing is said of what the actor knew, it knew nothing",
            "`knew` of every transfer that says nothing of it: none",
            _closing("knew", ("transfer",)),
        ),
        Assumption(
            "no_other_nationalities",
            "nobody has another nationality than that of the country where it is established",
            "`nationalities` of every party that tells its country and no nationality: that country alone, "
            "be it only told which that is not",
            _no_other_nationalities,
        ),
        Assumption(
            "used_where_received",
            "what is received is used in the country of the recipient",
            "`place_of_use` of every transfer that says nothing of it: the country of its recipient, "
            "be it only told where that is not",
            _used_where_received,
        ),
    )
}
"""The assumptions that there are, by name."""

CONTRADICTED = {"no_agreements": "agreements", "no_other_papers": "papers"}
"""Assumptions that cannot stand beside `more: possible` in that part of a scenario."""
