"""A witness made smaller: everything left out that it shows the same without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from typing import Any

Data = dict[str, Any]
Path = tuple[str | int, ...]
_KEPT = frozenset({"scenario", "transfers", "from", "to", "items", "id", "as_of"})
"""What makes a scenario one, and a transfer one: never left out."""


def shrunk(data: Data, shows: Callable[[Data], bool], cited: Collection[str], tries: int) -> tuple[Data, int]:
    """The scenario without what it shows the same without, and how many of the tries are left.  First all
    that no proof cites is left out together, then what many things say alike, then fact after fact."""
    while tries > 0 and len(data["transfers"]) > 1:  # the first step, where the others show it
        tries -= 1
        shorter = only_used({**data, "transfers": data["transfers"][1:]})
        if not shows(shorter):
            break
        data = shorter
    groups = (_uncited(data, cited), *_alike(data), *([path] for path in _facts(data, ())))
    for group in groups:
        if tries <= 0:
            break
        smaller = _without(data, group)
        if smaller is None:
            continue
        tries -= 1
        if shows(smaller):
            data = smaller
    return data, tries


def _uncited(data: Data, cited: Collection[str]) -> list[Path]:
    """The places of facts that are not cited, nor lie on the way to one that is or below it."""

    def kept(path: Path) -> bool:
        said = ".".join(str(step + 1) if isinstance(step, int) else step for step in path if step != "known")
        return any(f"{said}.".startswith(f"{each}.") or f"{each}.".startswith(f"{said}.") for each in cited)

    return [path for path in _facts(data, ()) if not kept(path)]


def _alike(data: Data) -> Iterator[list[Path]]:
    """The places of one key in all things of a section."""
    for section in ("parties", "items", "papers"):
        things = data.get(section)
        if isinstance(things, dict):
            keys = dict.fromkeys(k for each in things.values() if isinstance(each, dict) for k in each)
            for key in keys:
                if key not in _KEPT:
                    yield [(section, n, key) for n, t in things.items() if isinstance(t, dict) and key in t]
    steps = data["transfers"]
    for key in dict.fromkeys(k for step in steps for k in step):
        if key not in _KEPT:
            yield [("transfers", n, key) for n, step in enumerate(steps) if key in step]


def _facts(data: Any, path: Path) -> Iterator[Path]:
    """Every key with what stands under it, the outer ones first."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in _KEPT:
                yield (*path, key)
            yield from _facts(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _facts(value, (*path, number))


def _without(data: Data, paths: list[Path]) -> Data | None:
    """The data without what stands there; None where nothing of it is left to take."""
    smaller = deepcopy(data)
    gone = False
    for path in paths:
        holder: Any = smaller
        for step in path[:-1]:
            inside = isinstance(holder, dict) and step in holder
            inside |= isinstance(holder, list) and isinstance(step, int) and step < len(holder)
            holder = holder[step] if inside else None
        if isinstance(holder, dict) and path[-1] in holder:
            del holder[path[-1]]
            gone = True
    return smaller if gone else None


def only(data: Data, cited: Collection[str]) -> Data:
    """The scenario with nothing in it but what stands at these places, on the way to them or below them, and
    the things that this refers to."""
    cut = _Cut(cited)
    kept = {"transfers": cut.of(data["transfers"], "transfers")}
    sections = [name for name in _SECTIONS if isinstance(data.get(name), dict)]
    kept |= {section: cut.of(data[section], section) for section in sections}
    kept = _used(kept, empty=True)
    kept |= {key: value for key, value in data.items() if (key in _KEPT and key not in kept) or key in cited}
    return {key: kept[key] for key in data if kept.get(key)}


def only_used(data: Data) -> Data:
    """The scenario without the things that nothing refers to."""
    return _used(data, empty=False)


def _used(data: Data, *, empty: bool) -> Data:
    """Without the things that nothing refers to (`empty`: and of which nothing is said)."""
    sections = [name for name in _SECTIONS if isinstance(data.get(name), dict)]
    while True:
        named = {word for part in data.values() for word in _words(part)}
        left = {
            s: {n: each for n, each in data[s].items() if n in named or n == "more" or (empty and each)}
            for s in sections
        }
        if all(len(left[section]) == len(data[section]) for section in sections):
            return data
        data = {**data, **left}


class _Cut:
    """Takes out what does not stand at one of some places."""

    def __init__(self, cited: Collection[str]) -> None:
        self.cited = [f"{each}." for each in cited]
        parts = (each.split(".") for each in cited)
        self.things = {name for section, name, *_ in parts if section in _SECTIONS}

    def of(self, data: Any, place: str) -> Any:
        """What is left of what stands at a place."""
        if isinstance(data, list):
            return [self.of(each, f"{place}.{number}") for number, each in enumerate(data, 1)]
        if not isinstance(data, dict) or any(f"{place}.".startswith(each) for each in self.cited):
            return data
        found = {}
        for key, value in data.items():
            at = place if key == "known" else f"{place}.{key}"
            if self._stays(key, value, at) or place in _SECTIONS:
                found[key] = self.of(value, at)
        return found

    def _stays(self, key: str, value: Any, at: str) -> bool:
        refers = isinstance(value, str) and value in self.things
        near = (f"{at}.".startswith(each) or each.startswith(f"{at}.") for each in self.cited)
        return key in _KEPT or refers or any(near)


_SECTIONS = ("parties", "items", "papers", "agreements")


def _words(data: Any) -> set[str]:
    if isinstance(data, dict):
        return {word for value in data.values() for word in _words(value)}
    if isinstance(data, list):
        return {word for value in data for word in _words(value)}
    return {data} if isinstance(data, str) else set()
