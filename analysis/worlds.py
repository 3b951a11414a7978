"""The outlines in which scenarios are searched for, each drawn when it is first asked for."""

from __future__ import annotations

from redline.analysis.witness import World
from redline.engine.run import Bench


class Worlds:
    """The outlines for one set of policies."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._drawn: dict[tuple[str, bool, bool, int], World] = {}

    def of(self, kind: str, *, silent: bool = False, bare: bool = False, papers: int = 0) -> World:
        """The outline for that kind of subject; the rest as in `World`."""
        key = (kind, silent, bare, papers)
        if key not in self._drawn:
            self._drawn[key] = World(self.bench, kind, silent=silent, bare=bare, papers=papers)
        return self._drawn[key]
