"""Trees of terms: `ML10.c` lies under `ML10`, a corvette under `naval-platform`, Sindh under Pakistan.

A tree answers one question, the line of a term: itself and all that it lies under.  Trees are open
below every term (a finer term may always exist) unless they are `closed`, like yes and no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from redline.rules.frozen import dataclass, field


@dataclass(frozen=True, slots=True)
class Tree:
    """A named tree of terms.

    `parents` gives each listed term its parent (None at the top).  Where terms follow from how they
    are written (control-list codes, subdivisions of countries), `climb` gives the parent instead.
    A `closed` tree has no terms but those listed.  Trees are equal when their names are.
    """

    name: str
    parents: Mapping[str, str | None] = field(default_factory=dict, compare=False)
    closed: bool = field(default=False, compare=False)
    climb: Callable[[str], str | None] | None = field(default=None, compare=False)
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Tree) and self.name == other.name)

    def line(self, term: str) -> tuple[str, ...]:
        """The term and everything that it lies under, nearest first."""
        known = self._lines.get(term)
        if known is None:
            parent = self._parent(term)
            known = (term,) if parent is None else (term, *self.line(parent))
            self._lines[term] = known  # it never changes, so that threads may race for it
        return known

    def under(self, term: str, other: str) -> bool:
        """Whether `term` is `other` or lies under it."""
        return term == other or other in self.line(term)

    @property
    def tops(self) -> frozenset[str]:
        """The listed terms that lie under nothing."""
        return frozenset(term for term, parent in self.parents.items() if parent is None)

    def extended(self, terms: Mapping[str, str]) -> Tree:
        """This tree with further terms, each below one that is there."""
        return Tree(self.name, {**self.parents, **terms}, self.closed, self.climb, self.labels)

    def _parent(self, term: str) -> str | None:
        if term in self.parents:
            return self.parents[term]
        return self.climb(term) if self.climb is not None else None
