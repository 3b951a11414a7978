"""What hangs on several fields of a record, and what is looked at last, of rules that are left."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from redline.engine.plan import Formula, PAll, PAny
from redline.flat.clauses import sources
from redline.flat.index import Index, Late, keep
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth

Values = Sequence[Any]
Looked = Callable[[Values, Values], Truth]
"""What a part comes to, by what the values of a record are known by, and the values."""


class Several:
    """A source that hangs on several fields of a form; one without a name is there to be checked alone."""

    def __init__(self, index: Index, source: str, names: tuple[str, ...], places: list[int]) -> None:
        self.index, self.source, self.names, self.places = index, source, names, places
        self.known = index.found.setdefault((source, names), {})
        self.tested = index.tested(source)

    def masks(self, keys: Values, values: Values) -> tuple[int, int]:
        """What the source says of a record with these values, which are known by these keys."""
        key = tuple([keys[at] for at in self.places])
        found = self.known.get(key)
        if found is None:
            chosen = tuple([values[at] for at in self.places])
            if not self.source:
                self.index.row("@all", dict(zip(self.names, chosen, strict=True)))
                found = keep(self.known, key, (self.index.full, 0))
            else:
                found = self.index.masks(self.source, self.names, chosen, key)
        return found


def last_of(index: Index, parts: Sequence[Formula], at: Mapping[str, int]) -> Looked:
    """How parts that are left for the last, all of which must hold, are looked at in records whose fields
    stand at these places."""
    return _made(index, PAll(tuple(parts)), at)


def _made(index: Index, part: Formula, at: Mapping[str, int]) -> Looked:
    match part:
        case PAll((only,)):
            return _made(index, only, at)
        case PAll(parts):
            return _both([_made(index, each, at) for each in parts])
        case PAny(parts):
            return _either([_made(index, each, at) for each in parts])
        case _:
            source = next(iter(sources(part)), "@nothing")
            names = index.deps(source, tuple(at))
            return _leaf(index, index.late_of(part, source), names, [at[name] for name in names])


def _leaf(index: Index, late: Late, names: tuple[str, ...], places: list[int]) -> Looked:
    if len(places) == 1:
        (place,) = places
        known: dict[Hashable, Truth] = {}

        def one(keys: Values, values: Values) -> Truth:
            key = keys[place]
            found = known.get(key)
            if found is None:
                found = keep(known, key, index.truth(late, names, (values[place],), key))
            return found

        return one

    def several(keys: Values, values: Values) -> Truth:
        return index.truth(late, names, [values[at] for at in places], tuple([keys[at] for at in places]))

    return several


def _both(parts: Sequence[Looked]) -> Looked:
    def both(keys: Values, values: Values) -> Truth:
        found = TRUE
        for part in parts:
            truth = part(keys, values)
            if truth is FALSE:
                return FALSE
            if truth is UNKNOWN:
                found = UNKNOWN
        return found

    return both


def _either(parts: Sequence[Looked]) -> Looked:
    def either(keys: Values, values: Values) -> Truth:
        found = FALSE
        for part in parts:
            truth = part(keys, values)
            if truth is TRUE:
                return TRUE
            if truth is UNKNOWN:
                found = UNKNOWN
        return found

    return either
