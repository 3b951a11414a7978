"""Edits of lists: without an element, with another, or without any; without a paper or an agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.analysis.edit_values import values
from redline.analysis.space import PARTS, Space
from redline.engine.cells import is_under
from redline.engine.edits import REMOVE
from redline.engine.paths import standing
from redline.engine.possible import NONE, UNKNOWN, is_word
from redline.rules.facts import Entity, Fact
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.shapes import Field
from redline.rules.terms import PAPER_KIND
from redline.rules.truth import TRUE
from redline.rules.vocabulary import COVERS
from redline.rules.whatif import Edit

_GONE = Text(REMOVE)


def in_list(space: Space, place: str, number: int) -> Iterator[Edit]:
    """Without an element (of a list of which nothing more is known: all of it; of the place of the list
    itself: none at all), and, of values, with another."""
    found = standing(space.root, place, space.lexicon)
    if found is None or found.what is None:
        return
    key, sort = found.what.name, space.sort(place)
    if place.rpartition(".")[2] in ("papers", "items") and sort == "transfer":
        return
    thing = space.called(place)
    if place.startswith("papers.") and key in COVERS:
        if _promised(space, place.split(".")[1]):
            return  # what limits a promise less makes it bind more
        says = f"{thing} did not limit which {key.replace('_', ' ')} it covers"
        yield from space.edit(sort, [(place, _GONE)], says)
        return
    complete = found.what.complete and key != "codes"
    elements = _elements(found.node)
    if number and number <= len(elements):
        element = elements[number - 1]
        what = space.meant(element)
        says = f"{what} were not among the {key.replace('_', ' ')} of {thing}"
        if key in PARTS:
            says = f"{thing} did not {'contain' if key == 'contains' else 'come from'} {what}"
        elif key == "via":
            says = f"{thing} did not pass through {what}"
        if complete:
            gone: list[tuple[str, Node]] = [(f"{place}.{number}", _GONE)]
            gone += [(path, _GONE) for path in _built_in(space, place, element)]
            yield from space.edit(sort, gone, says)
        else:
            rest = Seq(tuple(e for i, e in enumerate(elements, 1) if i != number))
            closed = Map(((Text("known"), rest), (Text("more"), Text(NONE))))
            says = f"{says}, and there were no others than those given"
            yield from space.edit(sort, [(place, closed if rest.items else Text(NONE))], says)
        if isinstance(found.what, Field) and found.what.type.sort in ("tree", "name"):
            for text in values(space, found.what, element.text if isinstance(element, Text) else ""):
                if not (isinstance(element, Text) and element.text == text):
                    says = f"{text} stood for {what} among the {key.replace('_', ' ')} of {thing}"
                    yield from space.edit(sort, [(f"{place}.{number}", Text(text))], says)
    elif not number and not is_word(found.node or Text(""), NONE) and len(elements) != 1:
        says = f"{thing} had no {key.replace('_', ' ')}"
        if key != "codes" or found.node is not None:
            yield from space.edit(sort, [(place, Text(NONE))], says)


def _promised(space: Space, ident: str) -> bool:
    paper = space.scenario.papers.get(ident)
    kind = paper.facts.get("kind") if paper is not None else None
    return kind is None or kind.value is None or is_under(kind.value, PAPER_KIND, "grant") is not TRUE


def _built_in(space: Space, place: str, element: Node) -> Iterator[str]:
    """The steps by which nothing else than this part is built into the item."""
    steps = place.split(".")
    part = element.get("item") if isinstance(element, Map) else element
    if steps[0] != "items" or steps[-1] != "contains" or not isinstance(part, Text):
        return
    for transfer in space.scenario.transfers:
        into, items = transfer.references.get("into"), transfer.lists.get("items")
        built = () if items is None else items.elements
        if into is not None and into.names == (".".join(steps[1:-1]),) and len(built) == 1:
            (one,) = built
            if not isinstance(one, Fact | Entity) and one.names == (part.text,):
                yield transfer.path


def without(space: Space, section: str, place: str) -> Iterator[Edit]:
    """Without a paper that binds, or an agreement."""
    ident = max(
        (i for i in getattr(space.scenario, section) if f"{place}.".startswith(f"{section}.{i}.")),
        key=len,
        default="",
    )
    if not ident:
        return
    name = space.name(section, ident)
    if section == "papers" and not _promised(space, ident):
        return  # to hold less never clears
    changes: list[tuple[str, Node]] = [(f"{section}.{ident}", _GONE)]
    if section == "papers":
        for transfer in space.scenario.transfers:
            listing = transfer.lists.get("papers")
            for number, each in enumerate(listing.elements if listing is not None else (), 1):
                if not isinstance(each, Fact | Entity) and ident in each.names:
                    changes.append((f"{transfer.path}.papers.{number}", _GONE))
    sort = "promise" if section == "papers" else "agreement"
    yield from space.edit(sort, changes, f"{name} were not there")


def _elements(node: Node | None) -> Sequence[Node]:
    if isinstance(node, Map) and node.get("known") is not None:
        node = node.get("known")
    match node:
        case Seq(items):
            return items
        case None:
            return ()
        case Text() if is_word(node, NONE) or is_word(node, UNKNOWN):
            return ()
        case _:
            return (node,)
