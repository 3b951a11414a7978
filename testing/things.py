"""What scenarios as plain data hold: found, changed and added to; what did not change is shared."""

from __future__ import annotations

from redline.testing.written import Data, Mapped, listed, mapped


def name_of(scenario: Mapped, section: str, number: int) -> str:
    """The name of the thing of that number in a section, counted round."""
    names = [name for name in mapped(scenario.get(section)) if name != "more"]
    # -1 is the recipient of the neutral scenario, 0 its sender; the item is the first of its section
    place = number + 1 if section == "items" else -number
    return names[place % len(names)] if names else ""


def item_of(scenario: Mapped) -> str:
    """The name of the item that the last transfer is of."""
    last = last_step(scenario)
    named = last.get("item", listed(last.get("items"))[:1])
    named = named[0] if isinstance(named, list) and named else named
    return (
        named
        if isinstance(named, str) and named in mapped(scenario.get("items"))
        else name_of(scenario, "items", -1)
    )


def transfers_of(scenario: Mapped) -> list[Data]:
    """The transfers that are listed."""
    return listed(scenario.get("transfers"))


def first_step(scenario: Mapped) -> Mapped:
    """The first transfer."""
    return mapped(next(iter(transfers_of(scenario)), None))


def last_step(scenario: Mapped) -> Mapped:
    """The last transfer."""
    return mapped(next(reversed(transfers_of(scenario)), None))


def with_transfers(scenario: Mapped, made: list[Data]) -> Mapped:
    """The scenario with these transfers."""
    old = scenario.get("transfers")
    return {**scenario, "transfers": {**old, "known": made} if isinstance(old, dict) else made}


def on_last(scenario: Mapped, said: Mapped, without: tuple[str, ...] = ()) -> Mapped:
    """The scenario with that said of the last transfer."""
    return on_step(scenario, -1, said, without)


def on_step(scenario: Mapped, number: int, said: Mapped, without: tuple[str, ...]) -> Mapped:
    """The scenario with that said of the transfer of that number."""
    steps = transfers_of(scenario)
    if not steps:
        return scenario
    place = number % len(steps)
    step = {key: each for key, each in mapped(steps[place]).items() if key not in without}
    return with_transfers(scenario, [*steps[:place], {**step, **said}, *steps[place + 1 :]])


def with_said(scenario: Mapped, path: tuple[str, str], said: Mapped) -> Mapped:
    """The scenario with that said of a thing."""
    section, name = path
    things = mapped(scenario.get(section))
    return {**scenario, section: {**things, name: {**mapped(things.get(name)), **said}}}


def with_more(scenario: Mapped, section: str, called: str, made: Mapped) -> tuple[str, Mapped]:
    """The scenario with a thing more in a section, and its name."""
    things = mapped(scenario.get(section))
    number = 1
    while f"{called}-{number}" in things:
        number += 1
    name = f"{called}-{number}"
    kept = {key: each for key, each in things.items() if key != "more"}
    more = {"more": things["more"]} if "more" in things else {}
    return name, {**scenario, section: {**kept, name: made, **more}}


def with_party(scenario: Mapped, country: str, kind: str = "") -> tuple[str, Mapped]:
    """The scenario with a party more, and its name."""
    said: Mapped = {"country": country}
    if kind:
        said["kind"] = kind
    return with_more(scenario, "parties", "other", said)
