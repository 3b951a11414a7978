"""Rules called by their names: from a mask, whose highest bit is the first rule, to names."""

from __future__ import annotations

from collections.abc import Sequence

_DENSE = 32


class Called:
    """Rules in their order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(reversed(names))
        self.bit = tuple(1 << n for n in range(len(names)))

    def of(self, mask: int) -> tuple[str, ...]:
        """The names of the rules of a mask, first to last."""
        names, bit = self.names, self.bit
        found = []
        if mask.bit_count() > _DENSE:  # each turn below costs as much as there are rules
            digits = f"{mask:b}"
            last, at = len(digits) - 1, 0
            while at >= 0:
                found.append(names[last - at])
                at = digits.find("1", at + 1)
            return tuple(found)
        while mask:
            at = mask.bit_length() - 1
            found.append(names[at])
            mask ^= bit[at]
        return tuple(found)
