"""What rules look at in a scenario: places, and the values that they tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from redline.analysis.plausible import plausible
from redline.engine.case import Variable
from redline.engine.ground import Memo, ground_entry
from redline.engine.run import Bench, Run
from redline.rules.countries import COUNTRY
from redline.rules.frozen import dataclass
from redline.rules.record import Cell
from redline.rules.values import Value


@dataclass(frozen=True, slots=True)
class Looked:
    """What rules look at in a scenario: places, and by tree or unit the values that they tell apart."""

    places: tuple[str, ...]
    values: dict[str, tuple[tuple[str, ...], ...]]
    """Each a class of values that the rules do not tell apart, as texts, one of each finer class."""


def looked_at(bench: Bench, run: Run, rules: Iterable[int]) -> Looked:
    """What the rules look at on every subject of theirs."""
    assert run.derived is not None
    memo = Memo(bench.plan, bench.readings)
    places: dict[str, None] = {}
    values: dict[str, dict[tuple[str, ...], None]] = {}
    for index in rules:
        entry = bench.plan.entries[index]
        for subject in run.derived.subjects:
            if subject.kind != entry.subject:
                continue
            for variable in ground_entry(bench.plan, index, subject.row, bench.readings, memo).variables:
                places |= dict.fromkeys(of_variable(variable))
                if variable.column is None or variable.sort != "field":
                    continue
                classes = bench.plan.domains[variable.column].classes
                of = values.setdefault(variable.column[1], {})
                for block in variable.blocks or tuple(1 << i for i in range(len(classes))):
                    texts = (text_of(c) for i, c in enumerate(classes) if block >> i & 1)
                    some = tuple(dict.fromkeys(t for t in texts if t is not None))
                    if variable.column[1] == COUNTRY.name:  # a state of today, where there is one
                        some = tuple(text for text in some if len(text) == 2)
                    of[some] = None
    told = {name: tuple(texts for texts in of if texts) for name, of in values.items()}
    return Looked(tuple(places), told)


@lru_cache(maxsize=4096)
def text_of(value: Value) -> str | None:
    """A value of the set, as text."""
    return plausible(value)


def of_variable(variable: Variable) -> Iterator[str]:
    """The places that it follows from, or would."""
    yield from _of_cell(variable.cell)
    for row in variable.rows:
        yield from _of_cell(row.present)


def _of_cell(cell: Cell | None) -> Iterator[str]:
    if cell is None:
        return
    if cell.about:
        yield cell.about.removesuffix(".more")
    for fact in cell.facts:
        yield fact.path.removesuffix(".more")
