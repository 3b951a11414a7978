"""What items consist of and were made with, as the scenario states it."""

from __future__ import annotations

from collections.abc import Mapping

from redline.answers.say_values import said_name
from redline.engine.characters import visible
from redline.engine.records import named_in
from redline.rules.facts import Entity, Scenario
from redline.rules.report import Made, MadeOf


def made_of(scenario: Scenario, names: Mapping[str, str]) -> tuple[Made, ...]:
    """The items of which parts, or what they were made with, are listed; `names` by path."""
    found = []
    for item in scenario.items.values():
        contains, made_with = (_listed(item, key, names) for key in ("contains", "made_with"))
        if contains or made_with:
            open_ended = [
                key
                for key in ("contains", "made_with")
                if key not in item.lists or not item.lists[key].closed
            ]
            called = names.get(item.path, said_name(item.id))
            found.append(Made(visible(item.id), called, contains, made_with, tuple(open_ended)))
    return tuple(found)


def _listed(item: Entity, key: str, names: Mapping[str, str]) -> tuple[MadeOf, ...]:
    listing = item.lists.get(key)
    found = []
    for number, each in enumerate(listing.elements if listing is not None else ()):
        reference = named_in(each, "item")
        ids = reference.names if reference is not None else ()
        called = " or ".join(names.get(f"items.{name}", said_name(name)) for name in ids)
        sure = listing is not None and number not in listing.doubtful
        found.append(MadeOf(tuple(map(visible, ids)), called or "something that is not named", sure))
    return tuple(found)
