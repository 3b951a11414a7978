"""A scenario made short: everything is left out that what is wanted of it does not need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from redline.testing.written import Data, Mapped, Place, at, listed, mapped, put

_CLOSERS = {
    "owners": "no_other_owners",
    "nationalities": "no_other_nationalities",
    "flags": "no_flags",
    "listed": "parties_screened",
    "contains": "nothing_else_inside",
    "made_with": "nothing_else_inside",
    "knew": "nobody_knew",
}
"""Lists of which an assumption says that there is nothing in them."""
_CALLED = {"redline": "1", "scenario": "drawn"}


def neat(scenario: Mapped, still: Callable[[Mapped], bool]) -> Mapped:
    """The scenario with as little in it as `still` allows; what goes together is taken out at once."""
    scenario = _plain({**scenario, **_CALLED})
    for shorter in (_assuming, _last_step, _nobody_else, _bare):
        made = shorter(scenario)
        if made != scenario and still(made):
            scenario = made
    return _plain(_without(scenario, [*_leaves(scenario)], still))


def _without(scenario: Mapped, paths: Sequence[Place], still: Callable[[Mapped], bool]) -> Mapped:
    """Without as many of these places as can be, halves tried first; later places come first, so that the
    numbers of what is left stay."""
    made: Data = scenario
    for path in sorted(
        paths, key=lambda p: [str(n).zfill(4) if isinstance(n, int) else n for n in p], reverse=True
    ):
        if at(made, path) is not None:
            made = put(made, path, None)
    shorter = _unmentioned(mapped(made))
    if shorter == scenario or still(shorter):
        return shorter
    if len(paths) == 1:
        return scenario
    half = len(paths) // 2
    for some in (paths[half:], paths[:half]):
        scenario = _without(scenario, some, still)
    return scenario


def _assuming(scenario: Mapped) -> Mapped:
    """Lists that are said to be empty, said by assumptions instead."""
    assumed = [str(each) for each in listed(scenario.get("assume"))]
    made: Mapped = dict(scenario)
    for section in ("parties", "items"):
        kept: Mapped = {}
        for name, thing in mapped(scenario.get(section)).items():
            said = mapped(thing)
            empty = [key for key, value in said.items() if value == "none" and key in _CLOSERS]
            assumed += [_CLOSERS[key] for key in empty]
            kept[name] = {key: value for key, value in said.items() if key not in empty}
        made[section] = kept
    steps = [
        {
            k: v
            for k, v in mapped(step).items()
            if (k, v) not in (("papers", "none"), ("flags", "none"), ("knew", "none"))
        }
        for step in listed(scenario.get("transfers"))
    ]
    assumed += ["no_other_papers", "no_agreements", "no_flags", "nobody_knew"]
    made = {k: v for k, v in made.items() if (k, v) not in (("papers", "none"), ("agreements", "none"))}
    return {**made, "assume": [*dict.fromkeys(assumed)], "transfers": [*steps]}


def _last_step(scenario: Mapped) -> Mapped:
    return _unmentioned({**scenario, "transfers": listed(scenario.get("transfers"))[-1:]})


def _nobody_else(scenario: Mapped) -> Mapped:
    """The recipient for the end user, and the sender for whoever acts."""
    steps: list[Data] = [
        {k: v for k, v in mapped(step).items() if k not in ("by", "end_user")}
        for step in listed(scenario.get("transfers"))
    ]
    assumed = dict.fromkeys((*map(str, listed(scenario.get("assume"))), "recipient_is_end_user"))
    return _unmentioned({**scenario, "assume": [*assumed], "transfers": steps})


def _bare(scenario: Mapped) -> Mapped:
    """Without what is said of values: that lists of them are empty."""
    items = {
        name: {k: v for k, v in mapped(item).items() if v != "none"}
        for name, item in mapped(scenario.get("items")).items()
    }
    return {**scenario, "items": {**items}}


def _leaves(written: Data, path: Place = ()) -> Iterator[Place]:
    """Where something can be left out, but what every scenario needs."""
    if isinstance(written, dict):
        for key, each in written.items():
            here = (*path, key)
            if here[0] not in ("redline", "scenario") and len(here) > 1 and key != "activity":
                yield here
            yield from _leaves(each, here)
    elif path and path[0] == "assume":
        yield from ((*path, number) for number in range(len(written)))
    elif isinstance(written, list):
        for number, each in enumerate(written):
            yield from _leaves(each, (*path, number))


def _unmentioned(scenario: Mapped) -> Mapped:
    """Without parties, items, papers and agreements of which nothing speaks."""
    made = dict(scenario)
    for section in ("papers", "items", "parties"):
        while True:
            used = {word for key, each in made.items() if key != "assume" for word in _words(each)}
            things = mapped(made.get(section))
            kept = {name: each for name, each in things.items() if name in used or name == "more"}
            if len(kept) == len(things):
                break
            made[section] = kept
    return {k: v for k, v in made.items() if v not in ({}, [], {"more": "none"})} | {
        "transfers": made.get("transfers") or "none"
    }


def _words(written: Data) -> Iterator[str]:
    match written:
        case str():
            yield written
        case list():
            for each in written:
                yield from _words(each)
        case dict():
            for each in written.values():
                yield from _words(each)


def _plain(written: Mapped) -> Mapped:
    """In the order in which people write, and as they write it."""
    order = (
        "redline",
        "scenario",
        "as_of",
        "assume",
        "parties",
        "items",
        "agreements",
        "papers",
        "transfers",
    )
    steps = [
        {k: _shorter(v) for k, v in mapped(step).items() if k != "id"}
        for step in listed(written.get("transfers"))
    ]
    made: Mapped = {key: _shorter(each) for key, each in written.items()}
    made["transfers"] = [*steps] or "none"
    return {key: made[key] for key in (*order, *made) if key in made}


def _shorter(written: Data) -> Data:
    if isinstance(written, dict):
        if written.keys() == {"known"}:
            return written["known"]
        return {key: _shorter(each) for key, each in written.items()}
    return written
