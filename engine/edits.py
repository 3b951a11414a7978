"""Changes to a scenario by path, made on what is written, before it is read.

A path names what is to change as answers name it: `parties.navy.country`, `items.radar.origin.1`,
`transfers.2.to`, a transfer by its number, counted from 1, or by its id.  Numbers count the elements as
they were before the first change, so that removing one moves none of the others.

* A key that is not there is added, and with it the mappings on the way to it.
* `+` in place of a number adds an element at the end.
* The value `~remove` removes.  A list left empty by it becomes `none` where such a list is complete as
  given, and is else left out: nothing is then known of it.
* Where a shorter way of writing and the vocabulary's own meet (`date` and `delivery`), what is not
  changed stays as it was, and the two never stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.characters import quote
from redline.engine.listings import KNOWN
from redline.engine.possible import MORE, NONE, UNKNOWN, is_word
from redline.engine.scenarios import KEYS, SECTIONS
from redline.engine.show import did_you_mean
from redline.engine.sugar import GRADING, SUGAR, expanded, spelled_out, vocabulary_key
from redline.engine.typed import tell
from redline.rules.codes import CODE
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import NOWHERE, Problem, Severity
from redline.rules.shapes import Field
from redline.rules.vocabulary import ASKED, STATED

REMOVE = "~remove"
"""The value that removes what the path names."""
APPEND = "+"
"""The place after the last element of a list."""

_GONE = Text(REMOVE)  # stands in a list for what was removed, told by identity, until all changes are made


@dataclass(frozen=True, slots=True)
class _Things:
    """Things of a shape under their ids."""

    shape: str
    complete: bool


@dataclass(frozen=True, slots=True)
class _Thing:
    """One thing of a shape."""

    shape: str


@dataclass(frozen=True, slots=True)
class _List:
    """Several things of a shape, or several values (no shape); `complete`: if given, these are all."""

    shape: str
    complete: bool


_Sort = _Things | _Thing | _List | None
"""What stands at a place: None is a value, of which nothing more is known here."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One change while it is made."""

    path: str
    value: Node
    problems: list[Problem]

    @property
    def removes(self) -> bool:
        return isinstance(self.value, Text) and self.value.text == REMOVE

    def refuse(self, why: str, advice: str = "") -> None:
        message = f"the path {quote(self.path)} names nothing: {why}"
        tell(self.problems, "no-such-path", message, self.value.span, advice)


def edit(root: Node, changes: Sequence[tuple[str, Node]]) -> tuple[Node, list[Problem]]:
    """The scenario with the changes made, one after the other, and a problem for each path that names
    nothing; what is not changed keeps its place."""
    problems: list[Problem] = []
    for path, value in changes:
        change = _Change(path, value, problems)
        way = tuple(path.split("."))
        if not isinstance(root, Map):
            change.refuse("the document is not a mapping")
        elif not all(way):
            change.refuse("a step of it is empty", "write `parties.navy.country`")
        elif way[0] not in KEYS:
            advice = did_you_mean(way[0], KEYS) or f"it begins with {', '.join(f'`{key}`' for key in KEYS)}"
            change.refuse(f"a scenario has no {quote(way[0])}", advice)
        else:
            root = _under(root, way[0], way[1:], _top(way[0]), change) or root
    return _purged(root), problems


def _top(key: str) -> _Sort:
    whole = ASKED["scenario"].lists
    if key in SECTIONS:
        return _Things(SECTIONS[key], whole[key].complete)
    return _List("transfer", whole["steps"].complete) if key == "transfers" else None


def _inside(shape: str, key: str) -> _Sort:
    """What stands under a key of a thing."""
    known = STATED[shape]
    if key in known.many:
        many: Field = known.many[key]
        # an entry tells that its list is complete; without it nothing is known of that list
        return _List("", many.complete and many.type.of != CODE.name)
    if key in known.lists:
        return _List(known.lists[key].shape, known.lists[key].complete)
    return None


def _changed(node: Node | None, way: tuple[str, ...], sort: _Sort, change: _Change) -> Node | None:
    """The node with what `way` names inside it changed; None where it is to go, or (told) cannot be."""
    if not way:
        return None if change.removes else change.value
    match sort:
        case _Things():
            return _in_things(node, way, sort, change)
        case _Thing(shape):
            return _in_thing(node, way, shape, change)
        case _List():
            return _in_list(node, way, sort, change)
        case None:
            return _in_value(node, way, change)


def _under(node: Map, key: str, way: tuple[str, ...], sort: _Sort, change: _Change) -> Map | None:
    """The mapping with what stands under the key changed; None where nothing was."""
    old = node.get(key)
    if old is None and change.removes:
        change.refuse(f"there is no {quote(key)}", did_you_mean(key, [name.text for name, _ in node]))
        return None
    before = len(change.problems)
    new = _changed(old, way, sort, change)
    if any(problem.severity is Severity.ERROR for problem in change.problems[before:]):
        return None
    entries = tuple((name, new if name.text == key and new is not None else each) for name, each in node)
    if new is None:
        entries = tuple(entry for entry in node if entry[0].text != key)
    elif old is None:
        entries = (*node.entries, (Text(key, change.value.span), new))
    return Map(entries, node.span)


def _in_things(node: Node | None, way: tuple[str, ...], sort: _Things, change: _Change) -> Node | None:
    if node is not None and (is_word(node, NONE) or is_word(node, UNKNOWN)):
        node = None
    if node is None:
        node = Map((), change.value.span)
    if not isinstance(node, Map):
        change.refuse("what is there is not a mapping from ids")
        return None
    ids = [key.text for key, _ in node]
    taken = _longest(way, ids)
    if not taken:
        if change.removes:
            change.refuse(f"there is no {sort.shape} {quote(way[0])}", did_you_mean(way[0], ids))
            return None
        taken = 1
        if len(way) > 1 and (near := did_you_mean(way[0], ids)):
            message = f"there is no {sort.shape} {quote(way[0])}, so that it is added"
            warned = Problem("added", message, change.value.span, near, severity=Severity.WARNING)
            change.problems.append(warned)
    key = ".".join(way[:taken])
    found = _under(node, key, way[taken:], None if key == MORE else _Thing(sort.shape), change)
    if found is None or found.entries:
        return found
    return Text(NONE, change.value.span) if sort.complete else None


def _in_thing(node: Node | None, way: tuple[str, ...], shape: str, change: _Change) -> Node | None:
    node = Map((), change.value.span) if node is None else spelled_out(shape, node)
    if not isinstance(node, Map):
        change.refuse("what is there is not a mapping")
        return None
    key, rest = way[0], way[1:]
    shorter = SUGAR.get(shape, {})
    if key in shorter:
        meant = vocabulary_key(shape, key, rest[0]) if rest else ""
        given = {meant} if meant else set(shorter[key])
        node = Map(tuple(entry for entry in node if entry[0].text not in given), node.span)
    else:
        entries: list[tuple[Text, Node]] = []
        for name, each in node:
            wrong: list[Problem] = []
            in_full = tuple(expanded(shape, name, each, "", wrong))
            stands_for = (
                key in shorter.get(name.text, ()) and not wrong
            )  # what is wrong is told when it is read
            entries += in_full if stands_for else [(name, each)]
        node = Map(tuple(entries), node.span)
    return _under(node, key, rest, _inside(shape, key), change)


def _in_list(node: Node | None, way: tuple[str, ...], sort: _List, change: _Change) -> Node | None:
    long = node if isinstance(node, Map) and (node.get(KNOWN) or node.get(MORE)) is not None else None
    known = long.get(KNOWN) if long is not None else node
    match known:
        case Seq(items=elements):
            pass
        case None:
            elements = ()
        case Text() if is_word(known, NONE) or is_word(known, UNKNOWN):
            elements = ()
        case _:
            elements = (known,)
    position, taken = _position(way, elements)
    if position is None or (position < len(elements) and elements[position] is _GONE):
        there = sum(element is not _GONE for element in elements)
        change.refuse(f"there is no element {quote(way[0])} among {there}", f"`{APPEND}` adds one at the end")
        return None
    old = elements[position] if position < len(elements) else None
    if old is None and change.removes:
        change.refuse("what is added cannot be removed")
        return None
    before = len(change.problems)
    new = _changed(old, way[taken:], _Thing(sort.shape) if sort.shape else None, change)
    if any(problem.severity is Severity.ERROR for problem in change.problems[before:]):
        return None
    elements = (*elements[:position], _GONE if new is None else new, *elements[position + 1 :])
    return _listed(elements, node, long, sort)


def _listed(elements: tuple[Node, ...], node: Node | None, long: Map | None, sort: _List) -> Node | None:
    """The list written again with these elements, in its long form where it was."""
    empty = all(element is _GONE for element in elements)
    span = node.span if node is not None else NOWHERE
    if long is not None and (long.get(MORE) is not None or not empty):
        inner = Seq(() if empty else elements, span)
        key = long.key(KNOWN) or Text(KNOWN, span)
        others = tuple(entry for entry in long if entry[0].text != KNOWN)
        return Map(((key, inner), *others), span)
    if empty:
        return Text(NONE, span) if sort.complete else None
    return Seq(elements, span)


def _position(way: tuple[str, ...], elements: tuple[Node, ...]) -> tuple[int | None, int]:
    """Which element is meant, from 0, and how many steps of the path name it."""
    if way[0] == APPEND:
        return len(elements), 1
    if way[0].isascii() and way[0].isdigit() and len(way[0]) < 8:
        return (int(way[0]) - 1 if 0 < int(way[0]) <= len(elements) else None), 1
    ids: dict[str, int] = {}
    for number, element in enumerate(elements):
        ident = element.get("id") if isinstance(element, Map) else None
        if isinstance(ident, Text):
            ids.setdefault(ident.text, number)
    taken = _longest(way, list(ids))
    return (ids[".".join(way[:taken])], taken) if taken else (None, 1)


def _in_value(node: Node | None, way: tuple[str, ...], change: _Change) -> Node | None:
    """Inside a value: by key, by number, or a grade or source beside one that has none yet."""
    match node:
        case None:
            return _under(Map((), change.value.span), way[0], way[1:], None, change)
        case Map():
            return _under(node, way[0], way[1:], None, change)
        case Text() if way in [(name,) for name in GRADING] and not change.removes:
            value = (Text("value", node.span), node)
            return Map((value, (Text(way[0], change.value.span), change.value)), node.span)
        case Seq():
            return _in_list(node, way, _List("", complete=False), change)
        case Text():
            change.refuse("what is there is a single value")
            return None


def _longest(way: tuple[str, ...], ids: Sequence[str]) -> int:
    """How many steps of the path together are one of the ids, which may hold dots; 0 if none is meant."""
    return next((count for count in range(len(way), 0, -1) if ".".join(way[:count]) in ids), 0)


def _purged(node: Node) -> Node:
    """Without what was removed from lists."""
    match node:
        case Text():
            return node
        case Seq(items, span):
            return Seq(tuple(_purged(each) for each in items if each is not _GONE), span)
        case Map(entries, span):
            return Map(tuple((key, _purged(each)) for key, each in entries), span)
