"""What rules read of a record, and which of them read anything in which two records differ.

A rule that reads nothing that differs comes to the same on both: of a scenario that was changed a little only
the other rules need to be judged again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from redline.engine.plan import (
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
from redline.rules.frozen import dataclass, field
from redline.rules.record import Key, Row, Rows, Subject
from redline.rules.truth import TRUE
from redline.rules.values import fits


@dataclass(slots=True)
class Reads:
    """What is read of a record: by each cell, part and list, the rules (bits) that look at it."""

    cells: dict[Key, int] = field(default_factory=dict)
    parts: dict[str, Reads] = field(default_factory=dict)
    lists: dict[str, Reads] = field(default_factory=dict)
    rules: int = 0
    """Of a list: the rules to which it matters which elements there are."""


@dataclass(slots=True)
class _Known:
    """What the entries of a plan read, by the kind of their subjects."""

    entries: tuple[Entry, ...]
    kinds: dict[str, Reads] = field(default_factory=dict)


def reads_of(plan: Plan, kind: str) -> Reads:
    """What the plan's rules read of subjects of the kind; made once for its entries."""
    known = plan.learnt.get("reads")
    if not isinstance(known, _Known) or known.entries is not plan.entries:  # what was learnt outlives entries
        known = plan.learnt["reads"] = _Known(plan.entries)
    if kind not in known.kinds:
        known.kinds[kind] = _read_of(plan, kind)
    return known.kinds[kind]


def _read_of(plan: Plan, kind: str) -> Reads:
    found = Reads()
    for index, entry in enumerate(plan.entries):
        if entry.subject == kind:
            for each in (entry, *(plan.entries[p] for p in entry.permits)):
                for formula in (*each.formulas, each.granted):
                    _gather(found, formula, 1 << index)
    return found


def _gather(found: Reads, formula: Formula, rule: int) -> None:
    match formula:
        case PAll(parts) | PAny(parts):
            for part in parts:
                _gather(found, part, rule)
        case PTest(column):
            found.cells[column[0]] = found.cells.get(column[0], 0) | rule
        case PSilent(key):
            found.cells[key] = found.cells.get(key, 0) | rule
        case PIn(part, body):
            _gather(found.parts.setdefault(part, Reads()), body, rule)
        case PSome(name, body) | PEvery(name, body):
            listed = found.lists.setdefault(name, Reads())
            listed.rules |= rule
            _gather(listed, body, rule)
        case PReading() | PUnsettled():
            pass
        case _:
            assert_never(formula)


def moved(plan: Plan, before: Sequence[Subject], after: Sequence[Subject]) -> int:
    """The rules (bits, by place in the plan) that may come to something else on the subjects after."""
    found = 0
    for kind in {entry.subject for entry in plan.entries}:
        old = [s for s in before if s.kind == kind]
        new = [s for s in after if s.kind == kind]
        if [s.phantom for s in old] == [s.phantom for s in new]:
            reads = reads_of(plan, kind)
            for one, other in zip(old, new, strict=True):
                found |= _in_row(reads, one.row, other.row)
        else:
            found |= sum(1 << i for i, entry in enumerate(plan.entries) if entry.subject == kind)
    return found


def _in_row(reads: Reads, before: Row, after: Row) -> int:
    found = 0
    for key, rules in reads.cells.items():
        if rules & ~found and _says(before, key) != _says(after, key):
            found |= rules
    for name, part in reads.parts.items():
        found |= _in_row(part, before.parts[name], after.parts[name])
    for name, listed in reads.lists.items():
        found |= _in_list(listed, before.lists[name], after.lists[name])
    return found


def _says(row: Row, key: Key) -> object:
    """What is read of a cell; of a list that is only asked after, whether anything is said of it."""
    if isinstance(key, str) and key in row.lists:
        return bool(row.lists[key].rows) or row.lists[key].closed.stated
    return row.cells[key]


def _in_list(listed: Reads, before: Rows, after: Rows) -> int:
    if before.closed != after.closed or len(before.rows) != len(after.rows):
        return listed.rules
    found = 0
    for one, other in zip(before.rows, after.rows, strict=True):
        if one.present != other.present:
            return listed.rules
        found |= _in_row(listed, one, other)
    if fits(before.closed.value, IS_YES) is not TRUE:
        found |= _in_row(listed, before.rest, after.rest)
    return found
