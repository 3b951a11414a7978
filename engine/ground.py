"""A rule meets a record: the plan's formula with every list unrolled, over variables with few values.

Each cell that the rule looks at becomes a variable whose values are the classes that the rule can
tell apart; so do the presence of a row, whether a list goes on and how, each interpretation and
each open question.  An unknown that the rule meets in two places is one variable.  What is known is a mask
of values a variable; forgetting a fact or learning one is another mask.  Proofs, sharpening and smallest
sets of facts all work on this.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import assert_never

from redline.engine.case import Case, Path, Variable
from redline.engine.cells import truth_of
from redline.engine.formula import NO, YES, Atom, Both, Either, Ground, atoms
from redline.engine.further import blank_row, blocks, is_flat, kind_of
from redline.engine.kleene import silent
from redline.engine.memo import MOST, Brings, Memo
from redline.engine.plan import (
    NOTHING,
    Column,
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
    questions,
)
from redline.engine.reference import IS_YES, Readings
from redline.rules.facts import Fact
from redline.rules.frozen import replace
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.terms import YES_NO
from redline.rules.truth import FALSE, TRUE
from redline.rules.values import Terms, Test, fits
from redline.rules.vocabulary import ASKED, states

__all__ = ["Memo", "ground_entry"]


def ground_entry(plan: Plan, index: int, row: Row, readings: Readings, memo: Memo | None = None) -> Case:
    """The entry of that index on the record; `memo`, if given, is of the same readings, and of the same plan
    or one that has other entries alone."""
    memo = memo or Memo(plan, readings)
    if plan is not memo.plan:
        return _grounded(plan, memo, index, row)
    found = memo.cases.get((index, id(row)))
    if found is None:
        memo.rows.append(row)
        found = memo.cases[index, id(row)] = _grounded(plan, memo, index, row)
    return found


def _grounded(plan: Plan, memo: Memo, index: int, row: Row) -> Case:
    entry = plan.entries[index]
    grounding = _Grounding(memo)

    def applying(permit: Entry) -> Ground:
        return Both((formula(permit.bound), formula(permit.when), formula(memo.opposite(permit.unless))))

    def formula(part: Formula) -> Ground:
        return grounding.formula(part, row, (), (row,))

    parts = [formula(part) for part in (entry.bound, entry.when, entry.unless, entry.met, entry.granted)]
    names = [plan.entries[p].rule for p in entry.permits]
    permits = [applying(plan.entries[p]) for p in entry.permits]
    bound, when, unless, met, granted, *done = grounding.finish([*parts, *permits])
    applied = tuple(zip(names, done, strict=True))
    return Case(entry, tuple(grounding.variables), bound, when, unless, met, granted, applied)


class _Grounding:
    """Gathers variables while formulas are unrolled; what an open list may still bring is worked out last,
    when all that is asked of it is known."""

    def __init__(self, memo: Memo) -> None:
        self.memo = memo
        self.plan = memo.plan
        self.readings = memo.readings
        self.variables: list[Variable] = []
        self.index: dict[tuple[Hashable, str, Column | None], int] = {}
        self.asked: dict[int, list[Formula]] = {}
        self.lists: dict[int, Rows] = {}

    def formula(self, part: Formula, row: Row, path: Path, rows: tuple[Row, ...]) -> Ground:
        match part:
            case PAll(parts):
                return Both(tuple(self.formula(p, row, path, rows) for p in parts))
            case PAny(parts):
                return Either(tuple(self.formula(p, row, path, rows) for p in parts))
            case PTest(column, accepts, perhaps, words):
                return Atom(self._field(column, row, path, rows), accepts, perhaps, words)
            case PSilent(key, wanted):
                return YES if silent(row, key) is wanted else NO
            case PIn(name, body):
                inner = row.parts[name]
                return self.formula(body, inner, (*path, name), (*rows, inner))
            case PSome(name, body):
                return Either(
                    (*self._rows(name, body, row, path, rows), self._rest(name, body, row, path, rows))
                )
            case PEvery(name, body):
                against = self.memo.opposite(body)
                found = Either(
                    (*self._rows(name, against, row, path, rows), self._rest(name, against, row, path, rows))
                )
                return _opposite(found, self.variables)
            case PReading(name, answers, wanted):
                variable = self._reading(name)
                mask = sum(1 << i for i, a in enumerate(self.plan.answers[name]) if (a in answers) is wanted)
                return Atom(variable, mask, words=name)
            case PUnsettled(question, wanted):
                variable = self._variable((question,), "open", 0b11, 0b11, None)
                return Atom(variable, 0b01 if wanted else 0b10, words=question)
            case _:
                assert_never(part)

    def _rows(
        self, name: str, body: Formula, row: Row, path: Path, rows: tuple[Row, ...]
    ) -> Iterator[Ground]:
        for i, element in enumerate(row.lists[name].rows):
            here = (*path, name, i)
            inner = self.formula(body, element, here, (*rows, element))
            if element.present is None:
                yield inner
            else:
                yes, no = (fits(element.present.value, t) is not FALSE for t in (IS_YES, _IS_NO))
                now = yes | no << 1
                variable = self._variable(here, "presence", now, 0b11, element.present, (*rows, element))
                yield Both((Atom(variable, 0b01), inner))

    def _rest(self, name: str, body: Formula, row: Row, path: Path, rows: tuple[Row, ...]) -> Ground:
        for question in questions(body):  # it has one answer, for every further element and outside the list
            return Either(
                tuple(
                    Both((self.formula(answer, row, path, rows), self._rest(name, under, row, path, rows)))
                    for answer, under in self.memo.by_answer(body, question)
                    if under != NOTHING
                )
            )
        listed = row.lists[name]
        variable = self._variable((*path, name, "*"), "rest", 0, 0, listed.closed, rows)
        self.lists[variable] = listed
        asked = self.asked.setdefault(variable, [])
        if body not in asked:
            asked.append(body)
        return Atom(variable, 1 << asked.index(body), -1)  # not yet masks of values: see `finish`

    def _field(self, column: Column, row: Row, path: Path, rows: tuple[Row, ...]) -> int:
        domain = self.plan.domains[column]
        cell = row.cells[column[0]]
        key = column[0] if isinstance(column[0], str) else type(column[0]).__name__.lower()
        now = domain.mask(cell.value)
        one = _one_fact(row, column[0], cell) if now & (now - 1) else None
        return self._variable((*path, key), "field", now, domain.everything, cell, rows, column, one)

    def _reading(self, name: str) -> int:
        answers = self.plan.answers[name]
        possible = self.readings.get(name)
        now = sum(1 << i for i, a in enumerate(answers) if possible is None or a in possible)
        found = self._variable((name,), "reading", now, (1 << len(answers)) - 1, None)
        self.variables[found].values = answers
        return found

    def _variable(  # in the order of the record that it builds
        self, path: Path, sort: str, now: int, free: int, cell: Cell | None,
        rows: tuple[Row, ...] = (), column: Column | None = None, one: Hashable = None,
    ) -> int:  # fmt: skip
        key = (path if one is None else one, sort, column)
        if key not in self.index:
            self.index[key] = len(self.variables)
            self.variables.append(Variable(path, sort, now, free, cell, column, rows))
        return self.index[key]

    def finish(self, formulas: list[Ground]) -> list[Ground]:
        for variable, asked in self.asked.items():
            rows = self.lists[variable]
            closed = truth_of(rows.closed) is TRUE
            brings, limits = (frozenset((0,)), ()) if closed else self._brings(rows.rest, asked, blank=False)
            free = sorted(brings | self._brings(rows.rest, asked, blank=True)[0])
            var = self.variables[variable]
            var.cell = replace(rows.closed, facts=tuple(dict.fromkeys((*rows.closed.facts, *limits))))
            var.values = tuple(free)
            var.free = (1 << len(free)) - 1
            var.now = sum(1 << i for i, v in enumerate(free) if v in brings)
        done = [self._patched(formula) for formula in formulas]
        edges_of: list[dict[tuple[int, int], None]] = [{} for _ in self.variables]
        for formula in done:
            for atom in atoms(formula):
                edges_of[atom.variable].setdefault((atom.accepts, atom.perhaps))
        for var, edges in zip(self.variables, edges_of, strict=True):
            var.blocks = blocks(var.free, edges)
        return done

    def _patched(self, ground: Ground) -> Ground:
        match ground:
            case Both(parts) | Either(parts):
                done = tuple([self._patched(p) for p in parts])
                same = all(one is other for one, other in zip(done, parts, strict=True))
                return ground if same else type(ground)(done)
            case Atom(variable, bit, -1 | -2 as sign, words):
                values = self.variables[variable].values
                has = sum(1 << i for i, v in enumerate(values) if isinstance(v, int) and v & bit)
                everything = self.variables[variable].free
                return Atom(variable, has if sign == -1 else everything & ~has, 0, words)
            case _:
                return ground

    def _brings(
        self, rest: Row, asked: Sequence[Formula], *, blank: bool
    ) -> tuple[frozenset[int], tuple[Fact, ...]]:
        """What further elements may bring, if nothing were known of them (`blank`) or as far as it is:
        each a mask of the formulas that some further element meets; and the facts that limit it."""
        row = blank_row(rest) if blank else rest
        common = blank or is_flat(row)  # of these there are few, the same in all scenarios
        known = self.memo.learnt.brings if common else self.memo.brings
        key = (kind_of(row, asked) if common else id(rest), tuple(id(formula) for formula in asked))
        found = known.get(key)
        if found is None:
            if len(known) >= MOST:
                known.clear()
            brings, limiting = self._worked_out(row, asked)
            keys = tuple(v.column[0] for v in limiting if v.column is not None)
            facts = tuple(fact for v in limiting if v.cell is not None for fact in v.cell.facts)
            found = (
                Brings(brings, keys, (), tuple(asked))
                if common
                else Brings(brings, (), facts, (rest, *asked))
            )
            known[key] = found
        return found.vectors, (*found.facts, *(fact for each in found.keys for fact in row.cells[each].facts))

    def _worked_out(self, rest: Row, asked: Sequence[Formula]) -> tuple[frozenset[int], list[Variable]]:
        inner = _Grounding(self.memo)
        done = inner.finish([inner.formula(formula, rest, (), (rest,)) for formula in asked])
        single = self.memo.spread(done, inner.variables)
        brings = {0}
        for vector in sorted(single, key=int.bit_count):
            if vector not in brings:  # else it is what some of those before bring together
                brings |= {vector | other for other in brings}
        return frozenset(brings), [v for v in inner.variables if v.cell is not None and v.now != v.free]


def _one_fact(row: Row, key: Key, cell: Cell) -> Hashable:
    """What an unknown cell is known by where a scenario states it: one party in two parts of a step, or one
    item and what is first in it, is one unknown.  None: the cell is an unknown of its own."""
    if not isinstance(key, str) or not cell.about.endswith(f".{key}"):
        return None  # it is asked for as a part of something that is not known as a whole
    if row.shape not in ASKED or key == _SHARE or not states(row.shape, key):
        return None
    return cell.about, cell.value, tuple(id(fact) for fact in cell.facts)


def _opposite(ground: Ground, variables: Sequence[Variable]) -> Ground:
    match ground:
        case Atom(variable, bit, -1, words):
            return Atom(variable, bit, -2, words)
        case Atom(variable, bit, -2, words):
            return Atom(variable, bit, -1, words)
        case Atom(variable, accepts, perhaps, words):
            return Atom(variable, variables[variable].free & ~accepts & ~perhaps, perhaps, words)
        case Both(parts):
            return Either(tuple(_opposite(p, variables) for p in parts))
        case Either(parts):
            return Both(tuple(_opposite(p, variables) for p in parts))


_IS_NO = Test(Terms(YES_NO, frozenset({"no"})))
_SHARE = "share"
"""Of a part: worked out along all the ways on which it is in the whole."""
