"""The witnesses of a comparison as files that `redline check` runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from redline.rules.comparison import Compared, Comparison, Shown


def write_witnesses(comparison: Comparison, folder: Path) -> dict[int, str]:
    """Writes each into a file of the folder; gives the names of the files by the identity of the witness.
    Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[int, str] = {}
    taken: set[str] = set()
    for called, shown in _all(comparison):
        name = next(n for n in _names(called) if n not in taken)
        taken.add(name)
        path = folder / f"{name}.yaml"
        path.write_text(_text(name, shown), encoding="utf-8", newline="\n")
        files[id(shown)] = str(path)
    return files


def _all(comparison: Comparison) -> Iterator[tuple[str, Shown]]:
    yield from _both("overall", comparison.overall)
    yield from _both("red-flags", comparison.flags)
    for change in comparison.changes:
        yield from _both((change.new or change.old)[0], change.compared)


def _both(called: str, compared: Compared) -> Iterator[tuple[str, Shown]]:
    for word, evidence in (("stricter", compared.stricter), ("laxer", compared.laxer)):
        if isinstance(evidence, Shown):
            yield f"{called}-{word}", evidence


def _names(called: str) -> Iterator[str]:
    """Names for a file, none of which leads out of its folder."""
    plain = re.sub(r"[^\w-]+", "-", called).strip("-") or "witness"
    yield plain
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1


def _text(name: str, shown: Shown) -> str:
    witness = shown.witness
    lines = [f"# {witness.subject}: OLD {shown.old}, NEW {shown.new}"]
    lines += [f"# with --reading {reading}={answer}" for reading, answer in witness.readings.items()]
    scenario = re.sub(r"^scenario: .*$", f"scenario: {name}", witness.scenario, count=1, flags=re.MULTILINE)
    return "\n".join([*lines, scenario])
