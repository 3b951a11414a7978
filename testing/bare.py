"""A record in which only some of what is known is left: what a proof cites, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from redline.rules.finding import Point
from redline.rules.frozen import replace
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.values import Amounts, Terms, Value

_Place = tuple[Key | int, ...]
_Kept = set[tuple[str, _Place]]


def bare(row: Row, points: Iterable[Point]) -> Row:
    """The record with everything forgotten but what is known at these points; that something is said, and how
    many elements a list is given with, stays."""
    kept = {(p.sort, (*p.path[:-1], p.key) if p.sort == "field" else p.path) for p in points}
    return _row(row, (), kept)


def _row(row: Row, path: _Place, kept: _Kept) -> Row:
    cells = {k: c if ("field", (*path, k)) in kept else _forgotten(c) for k, c in row.cells.items()}
    parts = {name: _row(part, (*path, name), kept) for name, part in row.parts.items()}
    lists = {name: _rows(rows, (*path, name), kept) for name, rows in row.lists.items()}
    present = row.present
    if present is not None and ("presence", path) not in kept:
        present = _forgotten(present)
    return replace(row, cells=cells, parts=parts, lists=lists, present=present)


def _rows(rows: Rows, path: _Place, kept: _Kept) -> Rows:
    listed = tuple(_row(each, (*path, number), kept) for number, each in enumerate(rows.rows))
    if ("rest", (*path, "*")) in kept:
        return Rows(listed, rows.closed, rows.rest)
    return Rows(listed, _forgotten(rows.closed), _nothing_known(rows.rest))


def _nothing_known(row: Row) -> Row:
    """A row of which nothing is known, not even which elements its lists have."""
    lists = {
        name: Rows((), _forgotten(rows.closed), _nothing_known(rows.rest)) for name, rows in row.lists.items()
    }
    cells = {key: _forgotten(cell) for key, cell in row.cells.items()}
    parts = {name: _nothing_known(part) for name, part in row.parts.items()}
    return replace(row, cells=cells, parts=parts, lists=lists)


def _forgotten(cell: Cell) -> Cell:
    return replace(cell, value=_anything(cell.value), facts=())


def _anything(value: Value) -> Value:
    return Terms(value.tree) if isinstance(value, Terms) else Amounts(value.unit, whole=value.whole)
