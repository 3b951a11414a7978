"""The cost file: what edits cost and what may not change, read; and asked of a place."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from redline.engine.characters import quote
from redline.engine.read import edition, read_path
from redline.engine.show import did_you_mean
from redline.rules.facts import Scenario
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, errors
from redline.rules.whatif import SORTS, Costs

SHIPPED = Path(__file__).with_name("costs.yaml")
"""The costs that are used where no others are named."""
_KEYS = ("redline", "costs", "edits", "places", "may_not_change")
_ITEM = ("class", "form", "military", "sensitivity", "codes")


def read_costs(path: str | Path = SHIPPED) -> tuple[Costs | None, list[Problem], dict[str, Sequence[str]]]:
    """The costs of a file, every problem found, and the file's lines for showing them."""
    reading = read_path(path)
    texts: dict[str, Sequence[str]] = {reading.name: reading.lines}
    problems = list(reading.problems)
    if not reading.documents or errors(problems):
        return None, problems, texts
    document = reading.documents[0]
    if (wrong := edition(document)) is not None:
        return None, [wrong], texts
    root = document.root
    assert isinstance(root, Map)
    for key, _ in root:
        if key.text not in _KEYS:
            advice = did_you_mean(key.text, _KEYS) or f"it has {', '.join(f'`{k}`' for k in _KEYS)}"
            problems.append(Problem("unknown-key", f"a cost file has no {quote(key.text)}", key.span, advice))
    name = root.get("costs")
    if not isinstance(name, Text) or not name.text.strip():
        problems.append(
            Problem("missing-key", "the cost file lacks its name", root.span, "add `costs: NAME`")
        )
    usual = _usual(path)
    edits = dict(usual.edits) if usual is not None else {}
    for sort, cost in _numbers(root.get("edits"), "`edits`", problems):
        if sort.text not in SORTS:
            advice = did_you_mean(sort.text, SORTS) or f"there are {', '.join(f'`{s}`' for s in SORTS)}"
            problems.append(
                Problem("unknown-key", f"there is no sort of edit {quote(sort.text)}", sort.span, advice)
            )
        else:
            edits[sort.text] = cost
    places = tuple((p.text, c) for p, c in _numbers(root.get("places"), "`places`", problems))
    if usual is None and set(edits) != set(SORTS):
        problems.append(Problem("missing-key", "a sort of edit has no cost", root.span, "add it"))
    frozen = tuple(_patterns(root.get("may_not_change"), problems))
    if errors(problems):
        return None, problems, texts
    assert isinstance(name, Text)
    return Costs(name.text.strip(), edits, places, frozen), problems, texts


def _usual(path: str | Path) -> Costs | None:
    return None if Path(path) == SHIPPED else read_costs()[0]


def _numbers(node: Node | None, what: str, problems: list[Problem]) -> list[tuple[Text, int]]:
    if node is None:
        return []
    if not isinstance(node, Map):
        problems.append(
            Problem("wrong-shape", f"{what} is not a mapping to costs", node.span, "write `date: 1`")
        )
        return []
    found = []
    for key, value in node:
        text = value.text.strip() if isinstance(value, Text) else ""
        if text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000:
            found.append((key, int(text)))
        else:
            message = f"the cost of {quote(key.text)} is not a whole number from 1"
            problems.append(
                Problem("wrong-cost", message, value.span, "what may not change: `may_not_change`")
            )
    return found


def _patterns(node: Node | None, problems: list[Problem]) -> list[str]:
    elements = node.items if isinstance(node, Seq) else () if node is None else (node,)
    if isinstance(node, Text) and node.text == "none":
        return []
    found = []
    for each in elements:
        if isinstance(each, Text) and each.text.strip():
            found.append(each.text.strip())
        else:
            problems.append(
                Problem("wrong-shape", "what may not change is a list of patterns", each.span, "see costs")
            )
    return found


# --- asked of a place --------------------------------------------------------------------------


def cost_of(costs: Costs, sort: str, places: Sequence[str]) -> int:
    """What an edit of that sort costs, that touches these places."""
    for pattern, cost in costs.places:
        if any(_fits(place, pattern) for place in places):
            return cost
    return costs.edits[sort]


def frozen_places(costs: Costs, scenario: Scenario) -> tuple[str, ...]:
    """The patterns of places that may not change in this scenario."""
    found: list[str] = []
    for each in costs.may_not_change:
        if each == "destination":
            found += _destination(scenario)
        elif each == "item":
            found += [f"items.{item}.{key}" for item in scenario.items for key in _ITEM]
        else:
            found.append(each)
    return tuple(dict.fromkeys(found))


def is_frozen(place: str, patterns: Sequence[str]) -> bool:
    """Whether the place, or what it lies in, may not change."""
    return any(_fits(place, pattern) for pattern in patterns)


def _destination(scenario: Scenario) -> list[str]:
    """Who receives and sends no further, who uses, what they are, and where it is used."""
    found: list[str] = []
    senders = {
        name
        for transfer in scenario.transfers
        for key in ("from", "by")
        if key in transfer.references
        for name in transfer.references[key].names
    }
    for transfer in scenario.transfers:
        found += [f"{transfer.path}.end_user", f"{transfer.path}.place_of_use"]
        for key in ("to", "end_user"):
            meant = transfer.references.get(key)
            last = [] if meant is None else [n for n in meant.names if key == "end_user" or n not in senders]
            if key == "to" and (meant is None or last or not meant.names):
                found.append(f"{transfer.path}.to")
            found += [f"parties.{name}" for name in last]
    return found


def _fits(place: str, pattern: str) -> bool:
    """Whether the place, or something that it lies in, fits the pattern, step by step."""
    steps, wanted = place.split("."), pattern.split(".")
    if len(steps) < len(wanted):
        return False
    return all(fnmatchcase(s, w) for s, w in zip(steps, wanted, strict=False))
