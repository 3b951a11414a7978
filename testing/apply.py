"""A move made: the scenario with it, as plain data that is shared where nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import assert_never

from redline.testing.moves import (
    SECTIONS,
    Agreement,
    Apart,
    Inside,
    Known,
    Move,
    Owner,
    Paper,
    Say,
    Someone,
    Station,
    Step,
)
from redline.testing.written import Data, Mapped, listed, mapped

DOUBTS = 6
"""In how many ways a move may leave something in doubt."""
_DAY = date(2026, 6, 1)


def applied(scenario: Mapped, move: Move) -> Mapped:
    """The scenario with the move made; unchanged where there is nothing that it could be made on."""
    match move:
        case Say():
            return _said(scenario, move)
        case Step(activity, country):
            recipient, scenario = _party(scenario, country)
            last = _last(scenario)
            holder = last.get("to", last.get("by"))
            step: Mapped = {"activity": activity}
            if item := last.get("item") or _item(scenario):
                step["item"] = item
            if isinstance(holder, str):
                step["from"] = holder
            step["to"] = recipient
            return _with_transfers(scenario, [*_transfers(scenario), step])
        case Inside(key, said, share):
            return _inside(scenario, key, dict(said), share)
        case Paper():
            return _papered(scenario, move)
        case Agreement(kind, country):
            sender = _first(scenario).get("from") or _name(scenario, "parties", 0) or "IT"
            other, scenario = _party(scenario, country)
            made: Mapped = {"kind": kind, "partners": [sender, other]}
            if item := _item(scenario):
                made["items"] = [item]
            return _added(scenario, "agreements", "agreement", made)[1]
        case Owner(number, country, share):
            owned = _name(scenario, "parties", number)
            if not owned:
                return scenario
            owner, scenario = _party(scenario, country)
            holding: Mapped = {"party": owner, "share": share}
            return _changed(scenario, ("parties", owned), {"owners": [holding]})
        case Station(country, role):
            someone, scenario = _party(scenario, country)
            station: Data = {"party": someone, "role": role} if role else someone
            return _on_last(scenario, {"via": [*listed(_last(scenario).get("via")), station]})
        case Someone(key, country, kind):
            someone, scenario = _party(scenario, country, kind)
            return _on_last(scenario, {key: someone})
        case Known(how, of):
            return _on_last(scenario, {"knew": [{"how": how, "of": of}]})
        case Apart(start, end, days):
            ends: Mapped = {start: _DAY.isoformat(), end: (_DAY + timedelta(days)).isoformat()}
            return _on_last(scenario, ends, without=("date",))
        case _:
            assert_never(move)


def doubted(scenario: Mapped, move: Move, doubt: int) -> Mapped:
    """The scenario with the move made and something of it left in doubt: not known, one of two, alleged; of
    what is added it is alleged, or there may be more of it."""
    if isinstance(move, Say):
        return _said(scenario, Say(move.shape, move.number, move.key, _doubt(scenario, move, doubt)))
    made = applied(scenario, move)
    if made is scenario:
        return scenario
    last = _last(made)
    match move:
        case Step():
            return _on_last(made, {"grade": "alleged"} if doubt % 2 else {"to": "unknown"})
        case Inside(key):
            return _changed(
                made,
                ("items", _item(scenario)),
                {key: _open(mapped(made["items"])[_item(scenario)], key, doubt)},
            )
        case Paper():
            if doubt % 2:
                return _on_last(made, {"papers": {"known": listed(last["papers"]), "more": "possible"}})
            name = [*mapped(made["papers"])][-1]
            return _changed(made, ("papers", name), {"grade": "alleged"})
        case Agreement():
            name = [*mapped(made["agreements"])][-1]
            return _changed(
                made, ("agreements", name), {"state": "unknown"} if doubt % 2 else {"grade": "alleged"}
            )
        case Owner(number):
            owned = _name(scenario, "parties", number)
            return _changed(
                made, ("parties", owned), {"owners": _open(mapped(made["parties"])[owned], "owners", doubt)}
            )
        case Station():
            return _on_last(made, {"via": _open(last, "via", doubt)})
        case Known():
            return _on_last(made, {"knew": _open(last, "knew", doubt)})
        case Someone(key):
            return _on_last(made, {key: "unknown" if doubt % 2 else {"value": last[key], "grade": "alleged"}})
        case Apart(_, end):
            return _on_last(made, {end: "unknown"})
        case _:
            assert_never(move)


def _open(thing: Data, key: str, doubt: int) -> Data:
    known: Data = listed(mapped(thing)[key])
    return {"known": known, "more": "possible"} if doubt % 2 else {"known": known, "grade": "alleged"}


def _doubt(scenario: Mapped, move: Say, doubt: int) -> Data:
    value = move.value
    if isinstance(value, list):
        ways: tuple[Data, ...] = (
            "unknown",
            {"known": value, "more": "possible"},
            {"known": value, "grade": "alleged"},
        )
        return ways[doubt % 3]
    before = mapped(_thing(scenario, move)).get(move.key)
    other = before if isinstance(before, str) and before not in (value, "unknown", "none") else None
    if doubt % 3 == 1 and other is not None and isinstance(value, str) and value != "none":
        return {"one_of": [other, value]}
    return {"value": value, "grade": "alleged"} if doubt % 3 == 2 else "unknown"


def _thing(scenario: Mapped, move: Say) -> Data | None:
    if move.shape == "scenario":
        return scenario
    if move.shape == "transfer":
        found = _transfers(scenario)
        return found[move.number % len(found)] if found else None
    section = SECTIONS[move.shape]
    return mapped(scenario.get(section)).get(_name(scenario, section, move.number))


def _said(scenario: Mapped, move: Say) -> Mapped:
    if _thing(scenario, move) is None:
        return scenario
    said: Mapped = {move.key: move.value}
    if move.shape == "scenario":
        return {**scenario, **said}
    if move.shape == "transfer":
        without = (
            ("contract", "delivery")
            if move.key == "date"
            else ("date",) * (move.key in ("contract", "delivery"))
        )
        return _on(scenario, move.number, said, without)
    section = SECTIONS[move.shape]
    return _changed(scenario, (section, _name(scenario, section, move.number)), said)


def _papered(scenario: Mapped, move: Paper) -> Mapped:
    paper: Mapped = {"kind": move.kind, "state": move.state}
    if move.issuer:
        paper["issuer"] = move.issuer
    if move.forbids:
        paper["forbids"] = [{key: [value] for key, value in move.forbids}]
    name, scenario = _added(scenario, "papers", "paper", paper)
    attached = _last(scenario).get("papers")
    old = [] if isinstance(attached, str) else listed(attached)
    more: Data = {**attached, "known": [*old, name]} if isinstance(attached, dict) else [*old, name]
    return _on_last(scenario, {"papers": more})


def _inside(scenario: Mapped, key: str, said: Mapping[str, Data], share: str) -> Mapped:
    whole = _item(scenario)
    if not whole:
        return scenario
    form: Mapped = {"form": "technology"} if key == "made_with" else {}
    name, scenario = _added(scenario, "items", "part" if key == "contains" else "tool", {**form, **said})
    part: Data = {"item": name, "share": share} if share else name
    old = listed(mapped(mapped(scenario["items"])[whole]).get(key))
    return _changed(scenario, ("items", whole), {key: [*old, part]})


# --- how data is changed -------------------------------------------------------------------------


def _name(scenario: Mapped, section: str, number: int) -> str:
    names = [name for name in mapped(scenario.get(section)) if name != "more"]
    # -1 is the recipient of the neutral scenario, 0 its sender; the item is the first of its section
    place = number + 1 if section == "items" else -number
    return names[place % len(names)] if names else ""


def _item(scenario: Mapped) -> str:
    last = _last(scenario)
    named = last.get("item", listed(last.get("items"))[:1])
    named = named[0] if isinstance(named, list) and named else named
    return (
        named
        if isinstance(named, str) and named in mapped(scenario.get("items"))
        else _name(scenario, "items", -1)
    )


def _transfers(scenario: Mapped) -> list[Data]:
    return listed(scenario.get("transfers"))


def _first(scenario: Mapped) -> Mapped:
    return mapped(next(iter(_transfers(scenario)), None))


def _last(scenario: Mapped) -> Mapped:
    return mapped(next(reversed(_transfers(scenario)), None))


def _with_transfers(scenario: Mapped, made: list[Data]) -> Mapped:
    old = scenario.get("transfers")
    return {**scenario, "transfers": {**old, "known": made} if isinstance(old, dict) else made}


def _on_last(scenario: Mapped, said: Mapped, without: tuple[str, ...] = ()) -> Mapped:
    return _on(scenario, -1, said, without)


def _on(scenario: Mapped, number: int, said: Mapped, without: tuple[str, ...]) -> Mapped:
    steps = _transfers(scenario)
    if not steps:
        return scenario
    place = number % len(steps)
    step = {key: each for key, each in mapped(steps[place]).items() if key not in without}
    return _with_transfers(scenario, [*steps[:place], {**step, **said}, *steps[place + 1 :]])


def _changed(scenario: Mapped, path: tuple[str, str], said: Mapped) -> Mapped:
    section, name = path
    things = mapped(scenario.get(section))
    return {**scenario, section: {**things, name: {**mapped(things.get(name)), **said}}}


def _added(scenario: Mapped, section: str, called: str, made: Mapped) -> tuple[str, Mapped]:
    things = mapped(scenario.get(section))
    number = 1
    while f"{called}-{number}" in things:
        number += 1
    name = f"{called}-{number}"
    kept = {key: each for key, each in things.items() if key != "more"}
    more = {"more": things["more"]} if "more" in things else {}
    return name, {**scenario, section: {**kept, name: made, **more}}


def _party(scenario: Mapped, country: str, kind: str = "") -> tuple[str, Mapped]:
    said: Mapped = {"country": country}
    if kind:
        said["kind"] = kind
    return _added(scenario, "parties", "other", said)
