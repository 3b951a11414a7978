"""Shapes: what one sort of thing has, and of which type each of it is.

A shape lists `fields` (one value), `many` (several values of one type), `parts` (one thing of
another shape) and `lists` (several).  The vocabulary is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.frozen import dataclass, field
from redline.rules.quantities import DATE, unknown_amount
from redline.rules.terms import TREES
from redline.rules.trees import Tree
from redline.rules.values import Terms, Value

NAME = Tree("name")
"""Free names: an open tree in which nothing lies under anything else."""


@dataclass(frozen=True, slots=True)
class Type:
    """What a field's values are: terms of a `tree`, amounts of a `dimension` (`date` among them), a free
    `name` (`folded`: however it is spelled), or a `party`, `item` or `paper`, referred to by its id."""

    sort: str
    of: str = ""

    def anything(self, trees: Mapping[str, Tree] = TREES) -> Value:
        """The value of which nothing is known."""
        match self.sort:
            case "tree":
                return Terms(trees[self.of])
            case "amount":
                return unknown_amount(self.of)
            case "name":
                return Terms(NAME)
            case _:
                raise TypeError(f"a reference to a {self.sort} has no value of its own")


def tree(name: str) -> Type:
    """Terms of the tree of that name."""
    return Type("tree", name)


def amount(dimension: str) -> Type:
    """Quantities of that dimension."""
    return Type("amount", dimension)


YES = tree("yes_no")
DAY = amount(DATE)
TEXT = Type("name")
LISTED = Type("name", "folded")
"""Names in which case, hyphens and underscores make no difference."""
PARTY, ITEM, PAPER = Type("party"), Type("item"), Type("paper")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be stated or asked.

    `means` is its documentation, `asks` the question that asks for it (`{of}` is whom or what it is
    about).  Of several values, `complete` says whether a list, once given, is all there is unless
    it says `more: possible` (else it is open unless it says `more: none`).
    """

    name: str
    type: Type
    means: str
    asks: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Sub:
    """A part or a list of another shape."""

    name: str
    shape: str
    means: str
    asks: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """What one sort of thing has."""

    name: str
    means: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    many: Mapping[str, Field] = field(default_factory=dict)
    parts: Mapping[str, Sub] = field(default_factory=dict)
    lists: Mapping[str, Sub] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Every name that it has."""
        return (*self.fields, *self.many, *self.parts, *self.lists)
