"""Forms: records that say the same fields, judged by the index."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from redline.flat.called import Called
from redline.flat.field_table import Tables
from redline.flat.index import Index, keep
from redline.flat.keys import key_of, listed_problem
from redline.flat.several import Looked, Several, last_of
from redline.rules.decision import Decision
from redline.rules.problems import Problem, Refused
from redline.rules.truth import FALSE, UNKNOWN

_FEW = 512  # rules so few that decisions are kept by the rules that are left
Values = Sequence[Any]
Record = Mapping[str, object]
Decide = Callable[[Record], Decision]


class Form:
    """Records of these fields; what has others is judged by `other`."""

    def __init__(
        self, index: Index, tables: Tables, called: Called, names: tuple[str, ...], other: Decide
    ) -> None:
        self.index, self.called, self.names, self.other = index, called, names, other
        self.fields = [index.fields[name] for name in names]
        self.at = {name: place for place, name in enumerate(names)}
        self.possible, self.doubt = index.start
        alone: dict[str, list[str]] = {name: [] for name in names}
        self.several: list[Several] = []
        for source in index.sources:
            hangs = index.deps(source, names)
            if not hangs:
                possible, doubt = index.masks(source, (), (), ())
                self.possible &= possible
                self.doubt |= doubt
            elif len(hangs) == 1:
                alone[hangs[0]].append(source)
            else:
                self._hangs(source, hangs)
        self.tables = [tables.of(f, tuple(alone[f.name])) for f in self.fields]
        self.last: dict[int, Looked] = {}
        self.unsettled = sum(1 << bit for bit in index.late) & self.possible
        self.kept: dict[int, Decision] | None = {} if index.size <= _FEW else None
        if {"contract", "delivery"} <= self.at.keys():
            self._hangs("", ("contract", "delivery"))

    def _hangs(self, source: str, names: tuple[str, ...]) -> None:
        self.several.append(Several(self.index, source, names, [self.at[name] for name in names]))

    def finish(self, mask: int, keys: Values, record: Record) -> Decision:
        """The decision, where each field by itself leaves these rules and leaves nothing in doubt."""
        ask = self.several or mask & self.unsettled
        return self.settled(mask, self.doubt, keys, [record[name] for name in self.names] if ask else ())

    def long(self, record: Record) -> Decision:
        """The decision on a record of any form, with every value read that was not met before."""
        if record.keys() != self.at.keys():
            return self.other(record)
        problems: list[Problem] = []
        keys: dict[str, Hashable] = {}
        mask, doubt = self.possible, self.doubt
        for name, value in record.items():
            field, table = self.fields[self.at[name]], self.tables[self.at[name]]
            try:
                key = keys[name] = key_of(value)
                found = table.met(value, key)
                if found is None:
                    self.index.check(field, value, key)
            except (Refused, TypeError, RecursionError) as wrong:
                problems += listed_problem(field, wrong)
                continue
            if found is None:
                found, more = table.masks(value, key)
                doubt |= more
            mask &= found
        if problems:
            raise Refused(problems)
        in_order = [keys[name] for name in self.names]
        return self.settled(mask, doubt, in_order, [record[name] for name in self.names])

    def settled(self, mask: int, doubt: int, keys: Values, values: Values) -> Decision:
        """The decision, where each field by itself leaves these rules possible, and these in doubt."""
        bits = self.called.bit
        first, plain = mask, doubt == self.doubt and not self.several
        for several in self.several:
            if several.source and not mask & several.tested:
                continue  # it says nothing of the rules that are left
            possible, more = several.masks(keys, values)
            mask &= possible
            doubt |= more
        unsettled = mask & self.unsettled
        plain = plain and not unsettled
        while unsettled:
            at = unsettled.bit_length() - 1
            unsettled ^= bits[at]
            truth = self.looked(at)(keys, values)
            if truth is FALSE:
                mask ^= bits[at]
            elif truth is UNKNOWN:
                doubt |= bits[at]
        possible_names = self.called.of(mask)
        sure = mask & ~doubt
        found = Decision(possible_names if sure == mask else self.called.of(sure), possible_names)
        if plain and self.kept is not None:
            keep(self.kept, first, found)
        return found

    def looked(self, bit: int) -> Looked:
        """How what a rule leaves for the last is looked at."""
        found = self.last.get(bit)
        if found is None:
            found = self.last[bit] = last_of(self.index, self.index.late[bit], self.at)
        return found
