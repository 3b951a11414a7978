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
from redline.testing.things import (
    first_step,
    item_of,
    last_step,
    name_of,
    on_last,
    on_step,
    transfers_of,
    with_more,
    with_party,
    with_said,
    with_transfers,
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
            recipient, scenario = with_party(scenario, country)
            last = last_step(scenario)
            holder = last.get("to", last.get("by"))
            step: Mapped = {"activity": activity}
            if item := last.get("item") or item_of(scenario):
                step["item"] = item
            if isinstance(holder, str):
                step["from"] = holder
            step["to"] = recipient
            return with_transfers(scenario, [*transfers_of(scenario), step])
        case Inside(key, said, share):
            return _inside(scenario, key, dict(said), share)
        case Paper():
            return _papered(scenario, move)
        case Agreement(kind, country):
            sender = first_step(scenario).get("from") or name_of(scenario, "parties", 0) or "IT"
            other, scenario = with_party(scenario, country)
            made: Mapped = {"kind": kind, "partners": [sender, other]}
            if item := item_of(scenario):
                made["items"] = [item]
            return with_more(scenario, "agreements", "agreement", made)[1]
        case Owner(number, country, share):
            owned = name_of(scenario, "parties", number)
            if not owned:
                return scenario
            owner, scenario = with_party(scenario, country)
            holding: Mapped = {"party": owner, "share": share}
            return with_said(scenario, ("parties", owned), {"owners": [holding]})
        case Station(country, role):
            someone, scenario = with_party(scenario, country)
            station: Data = {"party": someone, "role": role} if role else someone
            return on_last(scenario, {"via": [*listed(last_step(scenario).get("via")), station]})
        case Someone(key, country, kind):
            someone, scenario = with_party(scenario, country, kind)
            return on_last(scenario, {key: someone})
        case Known(how, of):
            return on_last(scenario, {"knew": [{"how": how, "of": of}]})
        case Apart(start, end, days):
            ends: Mapped = {start: _DAY.isoformat(), end: (_DAY + timedelta(days)).isoformat()}
            return on_last(scenario, ends, without=("date",))
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
    last = last_step(made)
    match move:
        case Step():
            return on_last(made, {"grade": "alleged"} if doubt % 2 else {"to": "unknown"})
        case Inside(key):
            return with_said(
                made,
                ("items", item_of(scenario)),
                {key: _open(mapped(made["items"])[item_of(scenario)], key, doubt)},
            )
        case Paper():
            if doubt % 2:
                return on_last(made, {"papers": {"known": listed(last["papers"]), "more": "possible"}})
            name = [*mapped(made["papers"])][-1]
            return with_said(made, ("papers", name), {"grade": "alleged"})
        case Agreement():
            name = [*mapped(made["agreements"])][-1]
            return with_said(
                made, ("agreements", name), {"state": "unknown"} if doubt % 2 else {"grade": "alleged"}
            )
        case Owner(number):
            owned = name_of(scenario, "parties", number)
            return with_said(
                made, ("parties", owned), {"owners": _open(mapped(made["parties"])[owned], "owners", doubt)}
            )
        case Station():
            return on_last(made, {"via": _open(last, "via", doubt)})
        case Known():
            return on_last(made, {"knew": _open(last, "knew", doubt)})
        case Someone(key):
            return on_last(made, {key: "unknown" if doubt % 2 else {"value": last[key], "grade": "alleged"}})
        case Apart(_, end):
            return on_last(made, {end: "unknown"})
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
        found = transfers_of(scenario)
        return found[move.number % len(found)] if found else None
    section = SECTIONS[move.shape]
    return mapped(scenario.get(section)).get(name_of(scenario, section, move.number))


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
        return on_step(scenario, move.number, said, without)
    section = SECTIONS[move.shape]
    return with_said(scenario, (section, name_of(scenario, section, move.number)), said)


def _papered(scenario: Mapped, move: Paper) -> Mapped:
    paper: Mapped = {"kind": move.kind, "state": move.state}
    if move.issuer:
        paper["issuer"] = move.issuer
    if move.forbids:
        paper["forbids"] = [{key: [value] for key, value in move.forbids}]
    name, scenario = with_more(scenario, "papers", "paper", paper)
    attached = last_step(scenario).get("papers")
    old = [] if isinstance(attached, str) else listed(attached)
    more: Data = {**attached, "known": [*old, name]} if isinstance(attached, dict) else [*old, name]
    return on_last(scenario, {"papers": more})


def _inside(scenario: Mapped, key: str, said: Mapping[str, Data], share: str) -> Mapped:
    whole = item_of(scenario)
    if not whole:
        return scenario
    form: Mapped = {"form": "technology"} if key == "made_with" else {}
    name, scenario = with_more(scenario, "items", "part" if key == "contains" else "tool", {**form, **said})
    part: Data = {"item": name, "share": share} if share else name
    old = listed(mapped(mapped(scenario["items"])[whole]).get(key))
    return with_said(scenario, ("items", whole), {key: [*old, part]})
