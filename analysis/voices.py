"""Whether something is said, as a fact like others: for proofs, in which it may be either way of each row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from redline.engine.cells import answer
from redline.engine.plan import (
    Column,
    Domain,
    Entry,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    Plan,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
)
from redline.engine.reference import IS_YES
from redline.rules.frozen import replace
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.terms import YES_NO
from redline.rules.truth import UNKNOWN
from redline.rules.values import Terms, partition

_CLASSES = partition(Terms(YES_NO), (IS_YES,))
_YES = next(1 << i for i, c in enumerate(_CLASSES) if c == IS_YES.accepts)
_NO = (1 << len(_CLASSES)) - 1 - _YES


def voiced(plan: Plan, keys: Collection[str]) -> Plan:
    """The plan in which it is a fact whether something is said of the fields or lists of these names."""
    columns = {key: _column(key) for key in keys}
    domains = {column: Domain(column, _CLASSES) for column in columns.values()}
    return replace(plan, entries=tuple(map(_entry, plan.entries)), domains={**plan.domains, **domains})


def with_voices(row: Row, keys: Collection[str]) -> Row:
    """The record in which these facts are not known, of each row by itself."""
    said: dict[Key, Cell] = {
        f"~{key}": answer(UNKNOWN, f"~{key}") for key in keys if key in row.cells or key in row.lists
    }
    return replace(
        row,
        cells={**row.cells, **said},
        parts={name: with_voices(part, keys) for name, part in row.parts.items()},
        lists={name: _rows(rows, keys) for name, rows in row.lists.items()},
    )


def _rows(rows: Rows, keys: Collection[str]) -> Rows:
    return Rows(tuple(with_voices(row, keys) for row in rows.rows), rows.closed, with_voices(rows.rest, keys))


def _column(key: str) -> Column:
    return f"~{key}", YES_NO.name


def _entry(entry: Entry) -> Entry:
    parts: Mapping[str, Formula] = {
        name: _formula(getattr(entry, name)) for name in ("bound", "when", "unless", "met", "granted")
    }
    return replace(entry, **parts)  # type: ignore[arg-type]  # the names are those of its formulas


def _formula(formula: Formula) -> Formula:
    match formula:
        case PSilent(key, wanted):
            return PTest(_column(key), _YES if wanted else _NO, 0)
        case PAll(parts) | PAny(parts):
            return replace(formula, parts=tuple(map(_formula, parts)))
        case PIn(_, body) | PSome(_, body) | PEvery(_, body):
            return replace(formula, body=_formula(body))
        case PTest() | PReading() | PUnsettled():
            return formula
        case _:
            assert_never(formula)
