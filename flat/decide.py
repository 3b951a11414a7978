"""Decisions: one flat record, every rule, by the index.

Records come in few forms: those that say the same fields.  For each form a straight line of code is made.
What was the form of the last two records is taken for that of the next: the line tells if it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from redline.engine.collector import at_rest
from redline.flat.called import Called
from redline.flat.field_table import Tables
from redline.flat.fields import named
from redline.flat.forms import Decide, Form, Record
from redline.flat.index import Index
from redline.flat.line import line
from redline.rules.decision import Decision
from redline.rules.problems import NOWHERE, Problem, Refused

_FORMS = 4096  # for how many forms of records code is kept


class Decider:
    """Decides records by an index; threads may share it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.called = Called(index.names)
        self.tables = Tables(index)
        self.lines: dict[tuple[str, ...], Decide] = {}
        self.last: tuple[str, ...] = ()
        self.columns: dict[tuple[str, ...], Any] = {}
        """What judges columns, by the fields that they say; kept by `columns_of`."""
        self.decide: Decide = self.by_form
        """Which rules a record crosses.  Raises Refused, with every problem, where it cannot be used."""

    def by_form(self, record: Record) -> Decision:
        """The decision, by the code for records of this form."""
        if record.__class__ is not dict:
            record = _plain(record)
        names = tuple(record)
        code = self.lines.get(names)
        if code is None:
            code = self._line(names)
        self.decide = code if names == self.last else self.by_form
        self.last = names
        return code(record)

    def _line(self, names: tuple[str, ...]) -> Decide:
        if len(self.lines) >= _FORMS:
            self.lines.clear()
            self.tables.known.clear()
            self.index.found.clear()
        with at_rest():
            code = self.lines[names] = line(self.form(names))
        return code

    def form(self, names: tuple[str, ...]) -> Form:
        """Records of these fields."""
        if problems := [p for each in names if (p := named(each, self.index.fields)) is not None]:
            raise Refused(problems)
        return Form(self.index, self.tables, self.called, names, self.by_form)


def decide_all(decider: Decider, records: Iterable[Record]) -> list[Decision]:
    """The decision on each record."""
    return [decider.decide(record) for record in records]


def _plain(record: object) -> Record:
    if isinstance(record, Mapping):
        return dict(record)
    message = f"a record is a mapping from fields to values, not `{type(record).__name__}`"
    raise Refused([Problem("wrong-data", message, NOWHERE, "such as `{'to.country': 'PK'}`")])
