"""The edits that are at hand: what of a scenario a rule looks at, and how each of it could be otherwise.

What is looked at are the facts that the rule's conditions follow from on each of its subjects, and the places
where facts that are missing would stand.  Values are those that the rule can tell apart, one of each class of
values.  What a scenario would need of a paper is made to measure (`papers_asked.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.analysis.edit_values import values
from redline.analysis.edits_of_lists import in_list, without
from redline.analysis.edits_of_steps import new_steps, of_step
from redline.analysis.papers_asked import papers_asked
from redline.analysis.space import Space
from redline.engine.paths import standing
from redline.engine.possible import UNKNOWN, is_word
from redline.engine.run import Bench, Run
from redline.rules.facts import Entity
from redline.rules.node import Node, Text
from redline.rules.quantities import DATE
from redline.rules.shapes import Field, Sub
from redline.rules.whatif import Costs, Edit

_AS = {
    "from": "the sender in",
    "to": "the recipient in",
    "by": "who carries out",
    "end_user": "the end user in",
    "party": "who stands on the way of",
}


def edits_for(bench: Bench, run: Run, rules: Sequence[int], costs: Costs) -> tuple[Edit, ...]:
    """The edits of the scenario judged that touch what these rules (by place in the plan) look at, the
    cheapest first; the same for the same inputs."""
    assert run.scenario is not None
    space = Space(bench, run, rules, costs)
    found: dict[tuple[tuple[str, Node], ...], Edit] = {}
    for edit in _edits(space):
        found.setdefault(edit.changes, edit)
    return tuple(sorted(found.values(), key=lambda e: (e.cost, e.places, e.says)))


def _edits(space: Space) -> Iterator[Edit]:
    """Every edit, in the order of the places."""
    steps: set[int] = set()
    for place in space.looked.places:
        section, _, rest = place.partition(".")
        if section == "transfers" and rest:
            number = space.number(rest)
            if number is not None:
                steps.add(number)
        if place == "as_of":
            steps |= set(range(len(space.scenario.transfers)))
        yield from _at(space, place)
    for number in sorted(steps):
        yield from of_step(space, number)
    yield from new_steps(space)
    for new in papers_asked(space.bench, space.run, space.indices):
        yield from space.edit("new-paper", new.changes, new.says, new.places)


def _at(space: Space, place: str) -> Iterator[Edit]:
    steps = place.split(".")
    if steps[0] in ("papers", "agreements") and len(steps) > 1:
        yield from without(space, steps[0], place)
    if steps[-1].isdigit() and len(steps) > 2:
        yield from in_list(space, ".".join(steps[:-1]), int(steps[-1]))
        return
    found = standing(space.root, place, space.lexicon)
    if found is None or found.what is None or place == "as_of" or not _known(space, place):
        return
    match found.what:
        case Sub():
            yield from in_list(space, place, 0)
        case Field() if _many(space, steps, found.what):
            yield from in_list(space, place, 0)
        case Field(type=kind) if kind.sort == "party":
            yield from _another(space, place, found.what, found.node)
        case Field(type=kind) if kind.sort in ("tree", "amount", "name"):
            if steps[0] != "transfers" or kind.of != DATE:
                yield from _valued(space, place, found.what, found.node)
        case _:
            return


def _known(space: Space, place: str) -> bool:
    """Whether something is known there: what is not is to be learnt, not to be changed."""
    holder, _, key = place.rpartition(".")
    thing = space.entity(holder)
    if thing is None:
        return True
    if key in thing.facts:
        value = thing.facts[key].value
        return value is not None and not value.anything
    if key in thing.references:
        return bool(thing.references[key].names or thing.references[key].country)
    listing = thing.lists.get(key)
    return listing is not None and bool(listing.elements)


def _many(space: Space, steps: Sequence[str], what: Field) -> bool:
    holder = standing(space.root, ".".join([*steps[:-1], what.name, "1"]), space.lexicon)
    thing = space.entity(".".join(steps[:-1]))
    return holder is not None or (thing is not None and what.name in thing.lists)


def _valued(space: Space, place: str, what: Field, now: Node | None) -> Iterator[Edit]:
    sort = space.sort(place)
    written = now.text.strip() if isinstance(now, Text) and not is_word(now, UNKNOWN) else ""
    for text in values(space, what, written, place.partition(".")[0]):
        if written.lower() == text.lower():
            continue
        was = f", not {written}" if written else ""
        says = _valued_words(space, place, what, text, was)
        yield from space.edit(sort, [(place, Text(text))], says)


def _valued_words(space: Space, place: str, what: Field, text: str, was: str) -> str:
    thing, word = space.called(place), what.name.replace("_", " ")
    if place.startswith("papers.") and what.name in ("from", "to"):
        return f"{thing} were valid {'from' if what.name == 'from' else 'until'} {text}{was}"
    if what.name == "state":
        return f"{thing} were {text}{was}"
    return f"the {word} of {thing} were {text}{was}"


def _another(space: Space, place: str, what: Field, now: Node | None) -> Iterator[Edit]:
    """Another party of the scenario in its place: of who holds, in every step in which it does."""
    if not isinstance(now, Text) or place.startswith("papers."):
        return  # a paper of another issuer is a new paper
    places = [place]
    if what.name in ("from", "to", "by"):
        named = ((t, key) for t in space.scenario.transfers for key in ("from", "to", "by"))
        places = [
            f"{t.path}.{key}"
            for t, key in named
            if key in t.references and t.references[key].names == (now.text,)
        ] or places
    taken = {name for each in places for name in _taking_part(space, each)}
    for ident in space.scenario.parties:
        if now.text != ident and ident not in taken:
            where = "" if len(places) > 1 else f" as {_AS.get(what.name, what.name)} {space.called(place)}"
            one, other = space.name("parties", ident), space.name("parties", now.text)
            says = f"{one} stood in the place of {other}{where}"
            changes = [(each, Text(ident)) for each in places]
            yield from space.edit("party", changes, says)


def _taking_part(space: Space, place: str) -> Iterator[str]:
    """The parties that take part in the step of a place."""
    transfer = space.entity(".".join(place.split(".")[:2]))
    if transfer is None or transfer.shape != "transfer":
        return
    for meant in transfer.references.values():
        yield from meant.names
    via = transfer.lists.get("via")
    for each in via.elements if via is not None else ():
        if isinstance(each, Entity) and "party" in each.references:
            yield from each.references["party"].names
