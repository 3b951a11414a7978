"""Worlds split where a verdict still hangs: how the second opinion follows a verdict that only comes
out when every completion of what is not known is looked at.

Kleene logic does not see that two comparisons are about the same value.  So a world is split by what
may be so at one place, and each of the worlds is judged for itself.  Any split will do: together the
worlds cover all that is possible, whichever place was chosen.

The further elements of an open list are many: their sorts are told apart in one world ("there may be
more" is "there may be more of this sort, and of that one"), and only then is it supposed of a sort that
it is there, or is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from redline.engine.rete_cases import (
    FURTHER,
    NOT_THERE,
    THERE,
    Comparison,
    Doubt,
    NotJudged,
    Path,
    Place,
    World,
)
from redline.rules.frozen import dataclass, field
from redline.rules.verdicts import HARMLESS, Verdict, settle

MOST_COMPARISONS = 20_000
"""How many comparisons, in all its worlds together, are made for one case before it is left alone."""


@dataclass(slots=True)
class Search:
    """Whether one verdict is what comes out in every world.

    `expected` is that verdict, or None where any harmless one will do.  `waiting` are worlds still to
    be judged, `found` what came out so far; `refuted` is what came out that cannot be.
    """

    expected: Verdict | None
    waiting: list[World]
    found: set[Verdict] = field(default_factory=set)
    refuted: frozenset[Verdict] | None = None
    compared: int = 0

    def learn(
        self, world: World, verdicts: frozenset[Verdict], at: Iterable[Comparison], all_: Sequence[Comparison]
    ) -> None:
        """The verdicts of a world; of `all_` its comparisons, they hang on those `at`.  Raises NotJudged."""
        if self.refuted is not None:
            return
        self.compared += len(all_)
        allowed = HARMLESS if self.expected in (None, Verdict.NOT_CROSSED) else {self.expected}
        if verdicts <= allowed:
            self.found |= verdicts
            return
        chosen = _chosen(at, all_) if verdicts & allowed else None
        if chosen is None:
            self.refuted = verdicts
            self.waiting.clear()
            return
        self.waiting += split(world, *chosen)
        if self.compared + len(self.waiting) * len(all_) > MOST_COMPARISONS:
            raise NotJudged("to follow the verdict would take too many completions")

    def take(self) -> list[World]:
        """The worlds to be judged next."""
        taken, self.waiting = self.waiting, []
        return taken

    @property
    def against(self) -> frozenset[Verdict] | None:
        """When nothing is waiting: what speaks against the expected verdict, if anything does."""
        if self.refuted is None and self.expected is not None and settle(self.found) is not self.expected:
            return frozenset(self.found)
        return self.refuted


class Split(NamedTuple):
    """A place, and what may be so there, in parts."""

    place: Place
    choices: tuple[int, ...]


def _chosen(at: Iterable[Comparison], all_: Sequence[Comparison]) -> Split | None:
    """Where to split; before a further element is supposed to be there, all that may be so of it is told
    apart, since one that is there stands for any number of its sort.  Doubts come last."""
    found = [split for comparison in at if (split := _possible(comparison)) is not None]
    first = next(
        (split for split in found if not isinstance(split.place.what, Doubt)), next(iter(found), None)
    )
    while (
        first is not None and _is_further(first.place) and (inside := _inside(first.place, all_)) is not None
    ):
        first = inside
    return first


def _possible(comparison: Comparison) -> Split | None:
    if comparison.place is not None and len(comparison.choices) > 1:
        return Split(comparison.place, comparison.choices)
    return Split(comparison.doubts[0], (THERE, NOT_THERE)) if comparison.doubts else None


def _inside(further: Place, all_: Sequence[Comparison]) -> Split | None:
    size = len(further.path)
    for comparison in all_:
        place = comparison.place
        if (
            place is not None
            and place != further
            and place.path[:size] == further.path
            and len(comparison.choices) > 1
        ):
            return Split(place, comparison.choices)
    return None


def split(world: World, place: Place, choices: Sequence[int]) -> list[World]:
    """The worlds that together are this one, in each of which less may be so at the place."""
    sort = _sort(place)
    if sort is None:
        return [_narrowed(world, place, choice) for choice in choices]
    if Place(sort, "there") in world.masks:
        raise NotJudged("it hangs on several further elements of one sort")
    within, name = sort[:-1], str(sort[-1])
    names = world.further.get(within, (FURTHER,))
    sorts = {f"{name}{i}": choice for i, choice in enumerate(choices)}
    apart = World({}, {within: tuple(new for old in names for new in (sorts if old == name else (old,)))})
    for new in sorts:
        apart = _copied(world, apart, sort, (*within, new))
    for new, choice in sorts.items():
        apart = _narrowed(apart, Place(_moved(place.path, sort, (*within, new)), place.what), choice)
    return [apart]


def _sort(place: Place) -> Path | None:
    """The sort of further elements that the place is about, if it is about one: the innermost."""
    if place.what in ("answer", "question") or isinstance(place.what, Doubt):
        return None
    path = place.path[:-1] if place.what == "there" else place.path
    for size in range(len(path), 0, -1):
        if str(path[size - 1]).startswith(FURTHER):
            return path[:size]
    return None


def _is_further(place: Place) -> bool:
    return place.what == "there" and str(place.path[-1]).startswith(FURTHER)


def _narrowed(world: World, place: Place, choice: int) -> World:
    """The world in which only that is so at the place; further elements that are not there are left out."""
    if _is_further(place) and choice == NOT_THERE:
        within = place.path[:-1]
        left = tuple(name for name in world.further.get(within, (FURTHER,)) if name != place.path[-1])
        return World(world.masks, {**world.further, within: left})
    return World({**world.masks, place: choice}, world.further)


def _copied(old: World, new: World, sort: Path, to: Path) -> World:
    """The new world, with what the old one supposes of a sort supposed of another; and all the rest."""
    masks = {Place(_moved(p.path, sort, to), p.what): mask for p, mask in old.masks.items()}
    further = {_moved(path, sort, to): names for path, names in old.further.items()}
    return World({**masks, **new.masks}, {**further, **new.further})


def _moved(path: Path, sort: Path, to: Path) -> Path:
    return (*to, *path[len(sort) :]) if path[: len(sort)] == sort else path
