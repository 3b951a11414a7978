"""Facts of a scenario made less certain: learning, backwards."""

from __future__ import annotations

from collections.abc import Iterator

from redline.testing.changes import CALLED, COMPLETE, TREE_OF, Change, things
from redline.testing.dice import Dice, pick
from redline.testing.terms import COUNTRIES, VALUES
from redline.testing.written import Data, Mapped, Place, listed, mapped


def widenings(dice: Dice, scenario: Mapped, silent: frozenset[str]) -> list[Change]:
    """Every single value made wider, and every list that is complete opened: learning, backwards."""
    found: list[Change] = []
    for shape, path, said in things(scenario):
        for key, value in said.items():
            if key not in CALLED:
                found += _widen(dice, scenario, shape, (*path, key), value)
    return [each for each in found if not (silent and each.refers)]


def _widen(dice: Dice, scenario: Mapped, shape: str, path: Place, value: Data) -> Iterator[Change]:
    key = str(path[-1])
    if isinstance(value, str) and value not in ("unknown", "none"):
        if key in ("contract", "delivery", "date") and len(value) == 10:
            year = value[:4]
            ways: tuple[Data, ...] = (year, value[:7], {"from": f"{year}-01-01", "to": value})
            yield Change(key, ((path, pick(dice, ways)),))
        elif key == "kind":
            kinds = {"party": "party_kind", "agreement": "agreement_kind", "paper": "grant"}[shape]
            yield Change(key, ((path, {"one_of": [value, pick(dice, VALUES[kinds])]}),))
        elif key == "state" and shape == "agreement":
            yield Change(key, ((path, {"one_of": [value, "ended"]}),))
        elif key in TREE_OF:
            others = COUNTRIES if TREE_OF[key] == "country" else VALUES[TREE_OF[key]]
            other = pick(dice, [each for each in others if each != "coastal-radar"])
            yield Change(key, ((path, {"one_of": [value, other]}),))
        elif key in ("from", "to", "end_user", "by") and value in mapped(scenario["parties"]):
            other = pick(dice, [each for each in mapped(scenario["parties"]) if each != "more"])
            yield Change(key, ((path, {"one_of": [value, other]}),), refers=True)
    elements = listed(value)
    if elements and key in COMPLETE and not (isinstance(value, dict) and "more" in value):
        yield Change(key, ((path, {"known": elements, "more": "possible"}),))
    if isinstance(value, dict) and value.get("more") == "none":
        yield Change(key, (((*path, "more"), "possible"),))
    if key == "origin" and elements and isinstance(elements[0], str):
        one: Data = {"one_of": [elements[0], pick(dice, COUNTRIES)]}
        base: Place = (*path, "known") if isinstance(value, dict) else path
        yield Change(key, ((base, [one, *elements[1:]]),))
