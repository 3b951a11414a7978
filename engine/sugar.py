"""Shorter ways of writing, put into the words of the vocabulary before anything is typed.

    transfer  item: x                              items: x
              date: D                              contract: D, delivery: D
    party     screened: {lists, on, hits}          listed: {known: hits, no_more_in: lists}, screened_on: on
    paper     covers: {items, codes, ...}          items, codes, ...
              valid: {from, to}                    from, to
              declares: {end_user, end_use, place} declared_end_user, declared_use, declared_place
    a part, owner, tool or passage named alone     {item: x} or {party: x}

What is written keeps its place, so that problems and answers point at it.
"""

from __future__ import annotations

from collections.abc import Iterable

from redline.engine.characters import quote
from redline.engine.show import did_you_mean
from redline.engine.typed import tell
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Related
from redline.rules.vocabulary import COVERS, STATED

_DECLARES = {"end_user": "declared_end_user", "end_use": "declared_use", "place": "declared_place"}
_NESTED: dict[tuple[str, str], dict[str, str]] = {
    ("paper", "covers"): {name: name for name in COVERS},
    ("paper", "valid"): {"from": "from", "to": "to"},
    ("paper", "declares"): _DECLARES,
}
_SCREENED = ("lists", "on", "hits")

SUGAR: dict[str, dict[str, tuple[str, ...]]] = {
    "transfer": {"item": ("items",), "date": ("contract", "delivery")},
    "party": {"screened": ("listed", "screened_on")},
    "paper": {"covers": COVERS, "valid": ("from", "to"), "declares": tuple(_DECLARES.values())},
}
"""For each stated shape its shorter keys, and the keys of the vocabulary that each stands for."""

GRADING = ("grade", "source")
"""What may stand beside any value, and on any thing as the default for all that is said of it."""


def plain(shape: str, node: Map, what: str, problems: list[Problem]) -> Map:
    """The mapping with every shorter key put into the vocabulary's.  What is then given twice is told."""
    entries: list[tuple[Text, Node]] = []
    seen: dict[str, Text] = {}
    for key, value in node:
        for name, inner in expanded(shape, key, value, what, problems):
            if name.text in seen:
                _tell_twice(name, seen[name.text], what, problems)
            else:
                seen[name.text] = key
                entries.append((name, inner))
    return Map(tuple(entries), node.span)


def expanded(
    shape: str, key: Text, value: Node, what: str, problems: list[Problem]
) -> Iterable[tuple[Text, Node]]:
    """What one key and its value stand for in the vocabulary: themselves, where it is no shorter key."""
    if key.text not in SUGAR.get(shape, {}):
        return ((key, value),)
    if (keys := _NESTED.get((shape, key.text))) is not None:
        return _nested(keys, key, value, what, problems)
    if (shape, key.text) == ("party", "screened"):
        return _screened(key, value, what, problems)
    return tuple((Text(name, key.span), value) for name in SUGAR[shape][key.text])


def short_for(shape: str) -> str:
    """The one key that a thing of that shape, named alone, is the value of; empty if it cannot be."""
    first = next(iter(STATED[shape].fields.values()), None)
    return first.name if first is not None and first.type.sort in ("party", "item", "paper") else ""


def spelled_out(shape: str, node: Node) -> Node:
    """`radar` as `{item: radar}`, where things of that shape may be named alone; a grade beside the
    name is one of the whole thing."""
    if not (name := short_for(shape)):
        return node
    if isinstance(node, Text):
        return Map(((Text(name, node.span), node),), node.span)
    grading, inner = _apart(node)
    if inner is None or len(inner.entries) != 1:
        return node
    ((key, value),) = inner.entries
    match key.text:
        case "value":
            return Map(((Text(name, key.span), value), *grading), node.span)
        case "one_of":
            return Map(((Text(name, key.span), inner), *grading), node.span)
        case _:
            return node


def _nested(
    keys: dict[str, str], key: Text, value: Node, what: str, problems: list[Problem]
) -> list[tuple[Text, Node]]:
    grading, inner = _apart(value)
    if inner is None:
        advice = f"it has {', '.join(f'`{name}`' for name in keys)}; leave it out if nothing is known of it"
        tell(problems, "wrong-shape", f"`{key.text}` of {what} is not a mapping", value.span, advice)
        return []
    found: list[tuple[Text, Node]] = []
    for name, each in inner:
        if name.text in keys:
            found.append((Text(keys[name.text], name.span), _graded(each, grading)))
        else:
            _tell_unknown(name, f"`{key.text}` of {what}", keys, problems)
    return found


def _screened(key: Text, value: Node, what: str, problems: list[Problem]) -> list[tuple[Text, Node]]:
    """Of the lists screened nothing but the hits holds; of other lists nothing is said."""
    grading, inner = _apart(value)
    if inner is None:
        advice = "write `{lists: [...], on: 2026-01-31, hits: none}`"
        tell(problems, "wrong-shape", f"`screened` of {what} is not a mapping", value.span, advice)
        return []
    given = {name.text: each for name, each in inner}
    for name, _ in inner:
        if name.text not in _SCREENED:
            _tell_unknown(name, f"`screened` of {what}", _SCREENED, problems)
    found: list[tuple[Text, Node]] = []
    if "on" in given:
        found.append((Text("screened_on", key.span), _graded(given["on"], grading)))
    hits = given.get("hits")
    if hits is None or (isinstance(hits, Text) and hits.text.strip().lower() == "unknown"):
        # screened, with what result is not known: said so, lest an assumption take it for nothing said
        return [*found, (Text("listed", key.span), Text("unknown", key.span))]
    if "lists" not in given:
        advice = "add `lists:`, what it was screened against"
        tell(problems, "missing-key", f"`screened` of {what} tells hits and no lists", value.span, advice)
        return found
    known = hits if isinstance(hits, Seq) else Seq((hits,), hits.span)
    if isinstance(hits, Text) and hits.text.strip().lower() == "none":
        known = Seq((), hits.span)
    entries: list[tuple[Text, Node]] = [(Text("known", key.span), known)]
    entries.append((Text("no_more_in", key.span), given["lists"]))
    found.append((Text("listed", key.span), Map((*entries, *grading), hits.span)))
    return found


def _apart(node: Node) -> tuple[tuple[tuple[Text, Node], ...], Map | None]:
    """The grade and source beside the keys of a mapping, and the rest of it."""
    if not isinstance(node, Map):
        return (), None
    grading = tuple(entry for entry in node if entry[0].text in GRADING)
    return grading, Map(tuple(entry for entry in node if entry[0].text not in GRADING), node.span)


def _graded(node: Node, grading: tuple[tuple[Text, Node], ...]) -> Node:
    """The value with this grade and source, where it does not say its own."""
    if not grading:
        return node
    match node:
        case Map():
            own = {key.text for key, _ in node}
            return Map((*node, *(entry for entry in grading if entry[0].text not in own)), node.span)
        case Seq():
            return Map(((Text("known", node.span), node), *grading), node.span)
        case Text():
            return Map(((Text("value", node.span), node), *grading), node.span)


def _tell_unknown(key: Text, what: str, known: Iterable[str], problems: list[Problem]) -> None:
    known = tuple(known)
    advice = did_you_mean(key.text, known) or f"it has {', '.join(f'`{name}`' for name in known)}"
    tell(problems, "unknown-key", f"{what} has no {quote(key.text)}", key.span, advice)


def _tell_twice(key: Text, first: Text, what: str, problems: list[Problem]) -> None:
    related = (Related(first.span, "it is given here first"),)
    message = f"{quote(key.text)} of {what} is given twice"
    problems.append(Problem("given-twice", message, key.span, "keep one of the two", related))


def vocabulary_key(shape: str, key: str, inner: str) -> str:
    """The key of the vocabulary that `inner` under a shorter key stands for; empty if for none."""
    if (keys := _NESTED.get((shape, key))) is not None:
        return keys.get(inner, "")
    if (shape, key) == ("party", "screened"):
        return "screened_on" if inner == "on" else "listed"
    return ""
