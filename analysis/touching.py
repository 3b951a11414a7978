"""Which edits touch what a fact says, which exclude each other, and where a path was before elements went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from redline.engine.scenarios import SECTIONS
from redline.engine.sugar import SUGAR
from redline.rules.whatif import Edit


def touches(edit: Edit, path: str) -> bool:
    """Whether the edit may change what the fact at the path says; another day may change what comes before
    what, in whatever step."""
    if edit.sort in ("date", "step") and path.startswith("transfers."):
        return True
    return any(_overlap(place, path) for place in edit.places)


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def exclude(one: Edit, other: Edit) -> bool:
    """Whether the two cannot be made together: they change one place differently."""
    changes = dict(one.changes)
    return any(
        _overlap(a, b) and not (a == b and (changes.get(p) == v or p.endswith(".+")))
        for p, v in other.changes
        for a in _spelled(p)
        for q in changes
        for b in _spelled(q)
    )


def _spelled(path: str) -> tuple[str, ...]:
    """The places of a change in the vocabulary's words."""
    if path.endswith(".date"):
        return (f"{path[:-5]}.contract", f"{path[:-5]}.delivery")
    return (path,)


def as_before(path: str, removed: dict[str, list[int]]) -> str:
    """The path as it was before elements were removed from lists."""
    if not removed:
        return path
    steps: list[str] = []
    for step in path.split("."):
        gone = removed.get(".".join(steps), []) if step.isdigit() else []
        number = int(step) if step.isdigit() else 0
        for each in gone:
            number += each <= number
        steps.append(str(number) if gone else step)
    return ".".join(steps)


def in_full(path: str) -> str:
    """A path in the vocabulary's words; of a shorter key, which stands for several, all of the thing."""
    section, _, rest = path.partition(".")
    thing, _, key = rest.rpartition(".")
    return f"{section}.{thing}" if key in SUGAR.get(SECTIONS.get(section, ""), {}) else path


def mask_of(numbers: Iterable[int]) -> int:
    """The numbers as bits."""
    return sum(1 << i for i in numbers)


def bits(mask: int) -> Iterator[int]:
    """The numbers of a mask."""
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit
