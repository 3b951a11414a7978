"""Scenarios read: from a document to everything that it states, typed and graded, with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from redline.engine.as_of import judged_as_of
from redline.engine.assume import CATALOGUE, CONTRADICTED
from redline.engine.characters import quote
from redline.engine.consistent import contradictions
from redline.engine.entities import called, entity_from
from redline.engine.listings import POSSIBLE, extent, given, more_of
from redline.engine.possible import MORE, NONE, UNKNOWN, Grading, is_word, members
from redline.engine.read import Document, edition
from redline.engine.references import Place, Setting
from redline.engine.show import did_you_mean
from redline.engine.typed import PLAIN, Lexicon, day, scalar, tell
from redline.rules.facts import Entity, Fact, Grade, Scenario
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Related, errors
from redline.rules.shapes import NAME
from redline.rules.values import Terms
from redline.rules.vocabulary import ASKED

__all__ = ["KEYS", "SECTIONS", "judged_as_of", "scenario_from"]

SECTIONS = {"parties": "party", "items": "item", "agreements": "agreement", "papers": "paper"}
"""The parts of a scenario that hold things under their ids, and the shape of what each holds."""
KEYS = (
    *("redline", "scenario", "title", "as_of", "assume"),
    *SECTIONS,
    *("transfers", "note", "twin", "expect"),
)
"""Every key of a scenario; the last three are for people and for tests, and are not read here."""

_ID = re.compile(r"[\w.-]+")
_RESERVED = (UNKNOWN, NONE, MORE)


@dataclass(frozen=True, slots=True)
class _Section:
    """The things under one key of a scenario, and the fact by which they are all, if they are."""

    things: tuple[tuple[Text, Node], ...] = ()
    complete: Fact | None = None


def scenario_from(document: Document, lexicon: Lexicon = PLAIN) -> tuple[Scenario | None, list[Problem]]:
    """The scenario that a document states, or None; and every problem found."""
    problems: list[Problem] = []
    if (fault := edition(document)) is not None:
        problems.append(fault)
    root = document.root
    if not isinstance(root, Map):
        return None, problems
    for key, _ in root:
        if key.text not in KEYS:
            advice = did_you_mean(key.text, KEYS) or f"it has {', '.join(f'`{name}`' for name in KEYS)}"
            tell(problems, "unknown-key", f"a scenario has no {quote(key.text)}", key.span, advice)
    sections = {name: _section(name, root, problems) for name in SECTIONS}
    names = {
        SECTIONS[name]: {key.text: called(key.text, node) for key, node in section.things}
        for name, section in sections.items()
    }
    setting = Setting(lexicon, {sort: names[sort] for sort in ("party", "item", "paper")}, problems)
    things = {
        name: _things(name, section, names[SECTIONS[name]], setting) for name, section in sections.items()
    }
    transfers, all_transfers = _transfers(root, setting)
    complete = {
        name: _graded_as_given(section.complete, things[name])
        for name, section in sections.items()
        if section.complete is not None
    }
    if all_transfers is not None:
        complete["transfers"] = all_transfers
    scenario = Scenario(
        id=_id(root, problems),
        title=_title(root, problems),
        as_of=_as_of(root, problems),
        parties=things["parties"],
        items=things["items"],
        agreements=things["agreements"],
        papers=things["papers"],
        transfers=transfers,
        complete=complete,
        assumptions=_assumptions(root, problems),
        document=document.name,
        span=root.span,
    )
    if not errors(problems):
        problems += contradictions(scenario)
    return (None if errors(problems) else scenario), problems


# --- the head ----------------------------------------------------------------------------------


def _id(root: Map, problems: list[Problem]) -> str:
    node = root.get("scenario")
    if node is None:
        tell(problems, "missing-key", "the scenario lacks its id", root.span, "add `scenario:`")
        return ""
    text = scalar(node, "`scenario`", problems)
    if text is None:
        return ""
    _check_id(text, "scenario", problems)
    return text.text


def _title(root: Map, problems: list[Problem]) -> str:
    node = root.get("title")
    text = None if node is None else scalar(node, "`title`", problems)
    return "" if text is None else text.text.strip()


def _as_of(root: Map, problems: list[Problem]) -> Fact | None:
    node = root.get("as_of")
    text = None if node is None else scalar(node, "`as_of`", problems)
    days = None if text is None else day(text, problems)
    return None if text is None or days is None else Fact("as_of", days, span=text.span)


def _assumptions(root: Map, problems: list[Problem]) -> tuple[Fact, ...]:
    node = root.get("assume")
    if node is None or is_word(node, NONE) or node == Seq(()):
        return ()
    facts: dict[str, Fact] = {}
    for number, each in enumerate(members(node, "`assume`", problems), start=1):
        text = scalar(each, "`assume`", problems)
        if text is None:
            continue
        name = text.text.strip().lower().replace("-", "_").replace(" ", "_")
        if name not in CATALOGUE:
            advice = (
                did_you_mean(name, CATALOGUE) or f"there are {', '.join(f'`{one}`' for one in CATALOGUE)}"
            )
            message = f"{quote(text.text)} is not an assumption"
            tell(problems, "unknown-assumption", message, text.span, advice)
            continue
        if (open_key := _said_open(root, CONTRADICTED.get(name, ""))) is not None:
            message = f"{quote(name)} contradicts `{MORE}: {POSSIBLE}`"
            related = (Related(open_key.span, "it is said here that there may be more"),)
            problems.append(Problem("contradiction", message, text.span, "keep one of the two", related))
        value = Terms(NAME, frozenset({name}))
        facts.setdefault(
            name, Fact(f"assume.{number}", value, Grade.ASSUMED, name, text.span, CATALOGUE[name].means)
        )
    return tuple(facts.values())


def _said_open(root: Map, name: str) -> Text | None:
    """The place where a part of the scenario says that there may be more in it."""
    node = root.get(name)
    said = node.get(MORE) if isinstance(node, Map) else node
    return (
        said if isinstance(said, Text) and any(is_word(said, word) for word in (POSSIBLE, UNKNOWN)) else None
    )


# --- parties, items, agreements, papers --------------------------------------------------------


def _section(name: str, root: Map, problems: list[Problem]) -> _Section:
    """The things under the key, by their ids, those with a bad one left out."""
    node = root.get(name)
    match node:
        case None:
            return _Section()
        case Text() if is_word(node, UNKNOWN):
            return _Section()
        case Text() if is_word(node, NONE):
            return _Section((), Fact(name, None, span=node.span, says=f"there are no {name}"))
        case Map():
            things = tuple((key, each) for key, each in node if key.text != MORE)
            more = more_of(node, f"`{name}`", problems)
            if not things and node.get(MORE) is None:
                advice = "write `none` if there are none, or leave the key out"
                tell(problems, "empty-list", f"`{name}` lists nothing", node.span, advice)
            kept = tuple(pair for pair in things if _check_id(pair[0], SECTIONS[name], problems))
            if more == NONE:
                says = f"there are no other {name} than those given"
                return _Section(kept, Fact(f"{name}.{MORE}", None, span=node.span, says=says))
            if more is None and ASKED["scenario"].lists[name].complete:
                return _Section(
                    kept, Fact(name, None, span=node.span, says=f"the {name} are complete as given")
                )
            return _Section(kept)
        case _:
            advice = f"write an id for each: `{name}: {{some_id: {{...}}}}`, or `none`"
            tell(problems, "wrong-shape", f"`{name}` is not a mapping from ids", node.span, advice)
            return _Section()


def _check_id(key: Text, what: str, problems: list[Problem]) -> bool:
    """Whether the text can be an id; told where it cannot."""
    if not _ID.fullmatch(key.text):
        message = f"{quote(key.text)} cannot be the id of {_an(what)}"
        tell(problems, "wrong-id", message, key.span, "use letters, digits, `_`, `-` and `.`")
        return False
    if key.text.lower() in _RESERVED:
        message = f"{quote(key.text)} cannot be the id of {_an(what)}: it has a meaning of its own"
        tell(problems, "wrong-id", message, key.span, "choose another id")
        return False
    return True


def _an(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _things(name: str, section: _Section, names: Mapping[str, str], setting: Setting) -> dict[str, Entity]:
    shape = SECTIONS[name]
    things = {}
    for key, node in section.things:
        place = Place(f"{name}.{key.text}", f"{shape} `{key.text}`", names[key.text], Grading())
        says = f"{names[key.text]} is {_an(shape)} of the scenario"
        things[key.text] = entity_from(shape, key.text, node, place, setting, says=says)
    return things


def _graded_as_given(complete: Fact, things: Mapping[str, Entity]) -> Fact:
    """The fact by which things are all there is; alleged, where it rests on their being given and all of
    them are alleged: without them nothing would be said."""
    grades = [thing.existence.grade for thing in things.values() if thing.existence is not None]
    if complete.path.endswith(f".{MORE}") or not grades or any(each is not Grade.ALLEGED for each in grades):
        return complete
    return replace(complete, grade=Grade.ALLEGED)


# --- transfers ---------------------------------------------------------------------------------


def _transfers(root: Map, setting: Setting) -> tuple[tuple[Entity, ...], Fact | None]:
    """The transfers, and the fact by which they are all, if they are."""
    node = root.get("transfers")
    if node is None:
        return (), Fact("transfers", None, span=root.span, says="the scenario states no transfer")
    found = given(node, Grading(), "`transfers`", setting.problems)
    if found is None:
        return (), None
    transfers = []
    taken: dict[str, Text] = {}
    for number, each in enumerate(found.elements, start=1):
        ident, rest = _own_id(each, number, taken, setting.problems)
        place = Place(f"transfers.{number}", f"transfer {number}", f"step {number}", found.grading)
        says = f"step {number} takes place"
        transfers.append(entity_from("transfer", ident, rest, place, setting, says=says))
    how = extent(found, ASKED["scenario"].lists["steps"], "the scenario", limited=False, whole=True)
    path = f"transfers.{MORE}" if found.more is not None else "transfers"
    grading = found.grading
    says = how.says.replace("of the scenario ", "")
    fact = Fact(path, None, grading.grade, grading.source, found.span, says)
    return tuple(transfers), fact if how.closed else None


def _own_id(node: Node, number: int, taken: dict[str, Text], problems: list[Problem]) -> tuple[str, Node]:
    """The id of a transfer, its own or else its number, and the rest of what it says."""
    written = node.get("id") if isinstance(node, Map) else None
    if not isinstance(node, Map) or written is None:
        return str(number), node
    rest = Map(tuple(entry for entry in node if entry[0].text != "id"), node.span)
    text = scalar(written, f"`id` of transfer {number}", problems)
    if text is None or not _check_id(text, "transfer", problems):
        return str(number), rest
    ident = text.text
    if ident.isdigit() and ident != str(number):
        message = f"{quote(ident)} cannot be the id of transfer {number}: numbers count the transfers"
        tell(problems, "wrong-id", message, text.span, "choose an id with a letter in it, or leave it out")
    first = taken.setdefault(ident, text)
    if first is not text:
        message = f"the id {quote(ident)} is given to two transfers"
        related = (Related(first.span, "it is given here first"),)
        problems.append(Problem("duplicate-id", message, text.span, "choose another id", related))
    return ident, rest
