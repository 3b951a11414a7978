"""What a run measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.engines import PLACES, engine

Cell = dict[str, Any]


class Run:
    """The cells of one run, by engine and number of rules."""

    def __init__(self, file: Path) -> None:
        self.cells: dict[tuple[str, int], list[Cell]] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            cell = json.loads(line)
            self.cells.setdefault((cell["engine"], cell["rules"]), []).append(cell)
        self.engines = [name for name in PLACES if any(key[0] == name for key in self.cells)]
        self.sizes = sorted({key[1] for key in self.cells})

    def good(self, name: str, size: int) -> list[Cell]:
        """The passes of a cell, if none of them disagreed with the oracle or failed."""
        cells = self.cells.get((name, size), [])
        return [] if any("error" in cell or cell["wrong"] for cell in cells) else cells

    def values(self, name: str, size: int, key: str) -> list[float]:
        """A figure in each pass, the smallest first."""
        return sorted(cell[key] for cell in self.good(name, size) if key in cell)

    def least(self, name: str, size: int, key: str) -> float | None:
        """The smallest of the passes."""
        return next(iter(self.values(name, size, key)), None)

    def most(self, name: str, size: int, key: str) -> float | None:
        """The largest of the passes."""
        return next(reversed(self.values(name, size, key)), None)

    def peers(self) -> list[str]:
        """The engines that are another's work."""
        return [name for name in self.engines if engine(name).peer]
