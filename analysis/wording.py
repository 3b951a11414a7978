"""What of the values that rules tell apart a scenario can say."""

from __future__ import annotations

from collections.abc import Iterator

from redline.analysis.boxes import Box, Key, bits
from redline.analysis.plausible import plausible, usual, written
from redline.engine.plan import Column, Plan
from redline.rules.values import Terms, Value


class Wording:
    """The words for the values of a plan's fields."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._plausible: dict[Column, int] = {}
        self._usual: dict[Column, int] = {}

    def value(self, column: Column, mask: int) -> Value:
        """The last of these classes of values."""
        value = self.plan.domains[column].classes[mask.bit_length() - 1]
        if mask & self.plausible(column) or not isinstance(value, Terms) or value.within is None:
            return value
        return Terms(value.tree, value.within)

    def plausible(self, column: Column) -> int:
        """The classes of which a value can be named."""
        if column not in self._plausible:
            classes = self.plan.domains[column].classes
            self._plausible[column] = sum(1 << i for i, c in enumerate(classes) if plausible(c) is not None)
        return self._plausible[column]

    def usual(self, column: Column) -> int:
        """The classes of which a value is as people meet it."""
        if column not in self._usual:
            classes = self.plan.domains[column].classes
            self._usual[column] = sum(1 << i for i, c in enumerate(classes) if usual(c))
        return self._usual[column]

    def writable(self, column: Column) -> int:
        """The classes of which a scenario can say that a fact is one of these, if only by what it is not."""
        able = self.plausible(column)
        if column[0] != "value":
            classes = enumerate(self.plan.domains[column].classes)
            able |= sum(1 << i for i, c in classes if written(c) is not None)
        return able

    def texts(self, column: Column) -> Iterator[tuple[int, str]]:
        """The classes that can be named, by their numbers, each as it is written."""
        for i, value in enumerate(self.plan.domains[column].classes):
            if (text := plausible(value)) is not None:
                yield i, text

    def stated(self, key: Key, mask: int) -> int:
        """Of these values of a fact, those of which a scenario can say that it is one of these."""
        if not isinstance(key, tuple) or key[0] != "fact":
            return mask
        domain = self.plan.domains[key[2]]
        found = mask & self.plausible(key[2])
        for i in bits(mask & ~found):
            value = domain.classes[i]
            if isinstance(value, Terms) and value.within is not None:
                found |= 0 if domain.mask(Terms(value.tree, value.within)) & ~mask else 1 << i
            elif key[2][0] != "value":  # of no word: what it is not is said
                found |= 1 << i if written(value) is not None else 0
        return found

    def sayable(self, point: Box) -> Box:
        """What of a point can be said in words; of the rest nothing is."""
        return {
            key: mask
            for key, mask in point.items()
            if not isinstance(key, tuple)
            or key[0] != "fact"
            or (plausible if key[2][0] == "value" else written)(self.value(key[2], mask)) is not None
        }
