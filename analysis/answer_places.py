"""What stands at the place of a question, and what an answer may name there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from redline.engine.listings import KNOWN
from redline.engine.paths import Standing, standing
from redline.engine.possible import MORE, NONE, UNKNOWN, is_word
from redline.engine.run import Bench, Run
from redline.engine.scenarios import SECTIONS
from redline.rules.codes import CODE
from redline.rules.facts import Grade, Reference, Scenario
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.shapes import Field
from redline.rules.values import overlap


def is_list(root: Node, place: str, there: Standing, bench: Bench) -> bool:
    """Whether several things or values stand at the place."""
    if not isinstance(there.what, Field):
        return True
    return standing(root, f"{place}.+", bench.library.lexicon) is not None


def referred(scenario: Scenario, place: str) -> Reference | None:
    """Who or what is meant at a place, as far as that is known; None where nothing is."""
    holder, _, key = place.rpartition(".")
    groups = (scenario.parties, scenario.items, scenario.papers, scenario.agreements)
    things = [thing for group in groups for thing in group.values()]
    for thing in (*things, *scenario.transfers):
        if thing.path == holder:
            found = thing.references.get(key)
            return found if found is not None and (found.names or found.country) else None
    return None


def may_be(scenario: Scenario, known: Reference | None, ident: str) -> bool:
    """Whether the one who is meant may be the thing of that id; what is alleged rules out nobody."""
    if known is None or known.fact.grade is Grade.ALLEGED:
        return True
    if known.names:
        return ident in known.names
    party = scenario.parties.get(ident)
    country = party.facts.get("country") if party is not None else None
    if country is None or country.value is None or known.fact.value is None:
        return True
    return overlap(known.fact.value, country.value)


def naming_paths(run: Run, section: str) -> Iterable[str]:
    """The ids of the things of a section."""
    assert run.scenario is not None
    things: Mapping[str, object] = getattr(run.scenario, section)
    return things


def elements_of(node: Node | None) -> tuple[Node, ...]:
    """What is written in a list, also in its long form."""
    inner = node.get(KNOWN) if isinstance(node, Map) and node.get(KNOWN) is not None else node
    if inner is None or is_word(inner, NONE) or is_word(inner, UNKNOWN):
        return ()
    if isinstance(inner, Map) and inner.get(MORE) is not None and inner.get(KNOWN) is None:
        return ()
    return inner.items if isinstance(inner, Seq) else (inner,)


def closed(there: Standing, place: str, further: Sequence[Node] = ()) -> Node:
    """The list as it is written, with what is further in it, and nothing else."""
    if place in SECTIONS:
        node = there.node
        entries = tuple(e for e in node if e[0].text != MORE) if isinstance(node, Map) else ()
        return Map((*entries, (Text(MORE), Text(NONE)))) if entries else Text(NONE)
    elements = (*elements_of(there.node), *further)
    if not elements:
        return Text(NONE)
    if place != "transfers" and there.what is not None and there.what.name == CODE.name:
        return Seq(elements)
    return Map(((Text(KNOWN), Seq(elements)), (Text(MORE), Text(NONE))))
