"""A scenario while it is filled in: an outline in which facts are said; what is not needed is taken out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from redline.analysis.outline import Outline
from redline.analysis.plausible import plausible, written
from redline.rules.values import Value

Data = dict[str, Any]


class Unwritable(Exception):
    """Nothing that can be written gives what is wished."""


class Filling:
    """A scenario while it is filled in."""

    def __init__(self, outline: Outline, data: Data, day: str) -> None:
        self.outline, self.data = outline, data
        self.data["as_of"] = day
        self.data["assume"] = ["used_where_received"]
        self.kept: set[str] = set()
        self.step = str(len(data["transfers"]))

    def at(self, path: str) -> Any:
        """What stands at a path of the outline."""
        found: Any = self.data
        for part in path.split("."):
            if isinstance(found, dict) and "known" in found and part not in found:
                found = found["known"]
            found = found[int(part) - 1] if isinstance(found, list) else found.setdefault(part, {})
        return found

    def set(self, path: str, text: object) -> None:
        """Says it there, of a value of a list too."""
        holder, _, name = path.rpartition(".")
        if name.isdigit():  # a value of a list
            thing, _, of = holder.rpartition(".")
            values = self.at(thing).setdefault(of, {"known": [], "more": "none"})["known"]
            values += [None] * (int(name) - len(values))
            values[int(name) - 1] = text
        else:
            self.at(holder)[name] = text

    def rest(self, unsaid: Collection[str]) -> None:
        """Says the ordinary thing where nothing was chosen and derivation looks."""
        agreements = self.data["agreements"].values() if self.data["agreements"] != "none" else ()
        for things, name, ordinary in (
            (self.data["transfers"], "activity", "export"),
            ([self.data["items"]["product"]], "form", "hardware"),
            (agreements, "kind", "co-development"),
        ):
            for thing in things if name not in unsaid else ():
                thing.setdefault(name, ordinary)

    def drop(self, there: Collection[str]) -> Mapping[str, str]:
        """Takes out what is optional and not there; gives where the rest stood."""
        kept = self.kept.union(there)
        kept |= {path for path in self.outline.optional if any(k.startswith(f"{path}.") for k in kept)}
        moved: dict[str, str] = {}
        lists: dict[str, list[int]] = {}
        for path in sorted(self.outline.optional):
            holder, _, name = path.rpartition(".")
            if name.isdigit():
                lists.setdefault(holder, []).append(int(name))
            elif path not in kept:
                del self.at(holder)[name]
        for holder, numbers in lists.items():
            thing, _, name = holder.rpartition(".")
            if thing and self._gone(thing):
                continue
            listed = self.at(thing).get(name, {"known": []})
            old = listed["known"] if isinstance(listed, dict) else listed
            left = [
                n for n, each in enumerate(old, 1) if each and (n not in numbers or f"{holder}.{n}" in kept)
            ]
            moved |= {f"{holder}.{now}": f"{holder}.{n}" for now, n in enumerate(left, 1)}
            known = [old[n - 1] for n in left]
            self.at(thing)[name] = {"known": known, "more": "none"} if known else "none"
        return moved

    def _gone(self, thing: str) -> bool:
        found: Any = self.data
        for part in thing.split("."):
            if isinstance(found, dict) and "known" in found and part not in found:
                found = found["known"]
            if isinstance(found, list):
                if int(part) > len(found):
                    return True
                found = found[int(part) - 1]
            elif isinstance(found, dict) and part in found:
                found = found[part]
            else:
                return True
        return False

    def tidy(self) -> None:
        """Takes out what nothing refers to any more."""
        for section in ("papers", "agreements"):
            if not self.data[section]:
                self.data[section] = "none"
        used = _words(self.data["transfers"]) | _words(self.data["agreements"])
        if isinstance(self.data["papers"], dict):
            papers = {k: v for k, v in self.data["papers"].items() if k in used}
            self.data["papers"] = {**papers, "more": "none"} if papers else "none"
        for section in ("items", "parties"):
            while True:
                seen = used | _words(self.data["items"]) | _words(self.data["papers"])
                seen |= {w for p in self.data["parties"].values() for w in _words(p)}
                left = {k: v for k, v in self.data[section].items() if k in seen}
                if len(left) == len(self.data[section]):
                    break
                self.data[section] = left


def _words(data: Any) -> set[str]:
    if isinstance(data, dict):
        return {w for v in data.values() for w in _words(v)}
    if isinstance(data, list):
        return {w for v in data for w in _words(v)}
    return {data} if isinstance(data, str) else set()


def said(value: Value) -> object:
    """The value as it is written, if only by what it is not.  Raises Unwritable."""
    found = written(value)
    if found is None:
        raise Unwritable(str(value))
    return found


def text_of(value: Value) -> str:
    """A plain value of those.  Raises Unwritable."""
    text = plausible(value)
    if text is None:
        raise Unwritable(str(value))
    return text
