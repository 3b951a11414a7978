"""Rules as boxes: of each thing that a rule looks at the values that it accepts, all of them independent.

A condition is a union of boxes.  Two of them meet where every thing has a value that both accept.  Of many
boxes it is kept for each thing, as integers, which of them accept which values; what all rules say of a point
is then an AND a thing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from enum import Enum, auto
from functools import cache, cached_property
from operator import or_

from redline.engine.circuit import Budget, Choice, Circuit, Literal
from redline.engine.formula import Atom, Both, Either, Ground
from redline.rules.frozen import dataclass

Key = Hashable
Box = Mapping[Key, int]
"""Of each thing, the values that are accepted, as a mask; things that are not named may have any."""

MOST = 256
"""How many boxes a condition may come to; one that comes to more is left to the solver."""


class TooMany(Exception):
    """A condition comes to more boxes than are kept."""


@dataclass(frozen=True, slots=True)
class Truths:
    """Of an atom: the thing that it is about, its values, and for which of these it is so and is not; of no
    thing where it is the same whatever the facts."""

    key: Key | None
    all: int
    yes: int
    no: int
    worked_out: bool = False
    """Whether it cannot be told because it is derived from what is not settled yet."""


ALWAYS, NEVER, UNTOLD = Truths(None, 1, 1, 0), Truths(None, 1, 0, 1), Truths(None, 1, 0, 0)
UNSETTLED = Truths(None, 1, 0, 0, worked_out=True)


class Sense(Enum):
    """In which sense a formula holds in its boxes: certainly; certainly, if what is derived comes out so; or
    possibly."""

    SURE = auto()
    DERIVED = auto()
    POSSIBLE = auto()


def boxes_of(
    ground: Ground, truths: Callable[[Atom], Truths], sense: Sense, *, wanted: bool = True
) -> tuple[Box, ...]:
    """Where the formula (not `wanted`: its opposite) holds in that sense.

    Raises TooMany.
    """
    match ground:
        case Atom():
            told = truths(ground)
            if sense is Sense.POSSIBLE or (sense is Sense.DERIVED and told.worked_out):
                mask = told.all & ~(told.no if wanted else told.yes)
            else:
                mask = told.yes if wanted else told.no
            if not mask:
                return ()
            return (_ANYWHERE,) if mask == told.all else ({told.key: mask},)
        case Both(parts) | Either(parts):
            each = (boxes_of(part, truths, sense, wanted=wanted) for part in parts)
            return meets(each) if isinstance(ground, Both) is wanted else joins(each)


def meets(unions: Iterable[tuple[Box, ...]]) -> tuple[Box, ...]:
    """What lies in every union."""
    found: tuple[Box, ...] = (_ANYWHERE,)
    for union in unions:
        if union == (_ANYWHERE,):
            continue
        found = joins(
            [tuple(met for one in found for other in union if (met := meet(one, other)) is not None)]
        )
        if not found:
            break
    return found


def joins(unions: Iterable[tuple[Box, ...]]) -> tuple[Box, ...]:
    """What lies in some union."""
    found = {frozenset(box.items()): box for union in unions for box in union}
    if frozenset() in found:
        return (_ANYWHERE,)
    if len(found) > MOST:
        raise TooMany
    return tuple(found.values())


def meet(one: Box, other: Box) -> Box | None:
    """What lies in both; None if nothing does."""
    if not one:
        return other
    met = dict(one)
    for key, mask in other.items():
        both = met.get(key, mask) & mask
        if not both:
            return None
        met[key] = both
    return met


_ANYWHERE: Box = {}


class Index:
    """Many boxes, each of an owner, and for each value of each thing which of them accept it."""

    def __init__(self, owned: Iterable[tuple[int, Box]], sizes: Mapping[Key, int]) -> None:
        """`sizes`: of each thing, the mask of its values."""
        self.boxes = tuple(owned)
        self.everything = (1 << len(self.boxes)) - 1
        self.of: dict[int, int] = {}
        """Of each owner its boxes, as an integer."""
        told: dict[Key, dict[int, int]] = {}
        for number, (owner, box) in enumerate(self.boxes):
            bit = 1 << number
            self.of[owner] = self.of.get(owner, 0) | bit
            for key, mask in box.items():
                masks = told.setdefault(key, {})
                masks[mask] = masks.get(mask, 0) | bit
        self.sizes = {key: sizes[key] for key in told}
        self._open = {key: self.everything & ~_union(masks.values()) for key, masks in told.items()}
        self._told = told
        self.accepting = cache(self._accepting)
        self._choices: dict[Key, Choice] = {}
        self._out: dict[int, Literal] = {}

    def _accepting(self, key: Key, mask: int) -> int:
        """The boxes that accept one of the values of a thing."""
        if key not in self._told:
            return self.everything
        some = (boxes for accepted, boxes in self._told[key].items() if accepted & mask)
        return self._open[key] | _union(some)

    def meeting(self, box: Box, among: int | None = None) -> int:
        """The boxes (of those named) that meet this one."""
        found = self.everything if among is None else among
        for key, mask in box.items():
            found &= self.accepting(key, mask)
            if not found:
                break
        return found

    def owned(self, owners: Iterable[int]) -> int:
        """The boxes of these owners."""
        return _union(self.of.get(owner, 0) for owner in owners)

    def owners(self, boxes: int) -> Iterator[int]:
        """Whose boxes these are, each once."""
        return iter(dict.fromkeys(self.boxes[number][0] for number in bits(boxes)))

    def outside(self, inside: Box, owners: Iterable[int], budget: Budget) -> Box | None:
        """A point of the box that lies outside of all boxes of these owners; None if there is none.  Raises
        GaveUp past the budget."""
        owners = tuple(owners)
        for owner in owners:
            self._keep_out(owner)
        circuit = self._circuit
        assumed = [circuit.among(self._choice(key, mask), mask) for key, mask in inside.items()]
        if not circuit.possible([*assumed, *(self._out[owner] for owner in owners)], budget):
            return None
        return {key: circuit.found(choice) for key, choice in self._choices.items()}

    def _keep_out(self, owner: int) -> None:
        """Says what it is to be outside of the owner's boxes."""
        if owner in self._out:
            return
        out = self._out[owner] = self._circuit.literal()
        for number in bits(self.of.get(owner, 0)):
            box = self.boxes[number][1]
            literals = (self._circuit.among(self._choice(key), mask) for key, mask in box.items())
            self._circuit.say(-out, *(-literal for literal in literals))

    def _choice(self, key: Key, mask: int = 0) -> Choice:
        if key not in self._choices:
            size = self.sizes.get(key, mask)
            choice = self._choices[key] = self._circuit.choice(size.bit_length())
            self._circuit.say(self._circuit.among(choice, size))
        return self._choices[key]

    @cached_property
    def _circuit(self) -> Circuit:
        return Circuit("glucose42")


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def _union(boxes: Iterable[int]) -> int:
    found = 0
    for each in boxes:
        found = or_(found, each)
    return found
