"""Decisions: one flat record, every rule, by the index.

Records come in few forms: the same fields in the same order.  For each form a straight line of code is made,
an AND a field, in which the look-up of a value is its check: only values that were read without a problem
are there to be found.  What is not found goes the long way: it is read, refused or kept, and judged on both
rails, the rules that are possible and those of them that are in doubt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

from redline.engine.clauses import falls_back, sources
from redline.engine.flat import LARGEST, Flat, named, text_of
from redline.engine.index import MANY, Index, Late, keep
from redline.engine.masks import Group
from redline.engine.plan import Formula, PAll, PAny
from redline.rules.decision import Decision
from redline.rules.problems import NOWHERE, Problem, Refused
from redline.rules.terms import YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts

FORMS = 4096
"""For how many forms of records code is kept."""
NOTHING = Decision((), ())
_FEW = 512  # rules so few that decisions are kept by the rules that are left
_DENSE = 32
_LOT = 1024
_Line = Callable[[Mapping[str, object]], Decision]


class Decider:
    """Decides records by an index; threads may share it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.lines: dict[tuple[str, ...], _Line] = {}
        self.bit = tuple(1 << n for n in range(index.size))
        self.names = tuple(reversed(index.names))
        self.tables: dict[tuple[str, tuple[str, ...]], _Table] = {}
        self.columns: dict[tuple[str, ...], Any] = {}
        """What judges columns, by the fields that they say; kept by `columns_of`."""

    def decide(self, record: Mapping[str, object]) -> Decision:
        """Which rules the record crosses.  Raises Refused, with every problem, where it cannot be used."""
        try:
            line = self.lines.get(tuple(record))
        except TypeError:
            line = None
        return (line or self.line(record))(record)

    def line(self, record: object) -> _Line:
        """The code for records of the form of this one."""
        if not isinstance(record, Mapping):
            message = f"a record is a mapping from fields to values, not `{type(record).__name__}`"
            raise Refused([Problem("wrong-data", message, NOWHERE, "such as `{'to.country': 'PK'}`")])
        names = tuple(record)
        if problems := [p for each in names if (p := named(each, self.index.fields)) is not None]:
            raise Refused(problems)
        if len(self.lines) >= FORMS:
            self.lines.clear()
            self.tables.clear()
            self.index.found.clear()
        line = self.lines[names] = Form(self, names).line()
        return line

    def table(self, field: Flat, groups: tuple[str, ...]) -> _Table:
        """The table of a field, for what hangs on it alone."""
        key = (field.name, groups)
        if key not in self.tables:
            self.tables[key] = _Table(self.index, field, groups)
        return self.tables[key]

    def called(self, mask: int) -> tuple[str, ...]:
        """The names of the rules of a mask, first to last."""
        names, bit = self.names, self.bit
        found = []
        if mask.bit_count() > _DENSE:  # each turn below costs as much as there are rules
            digits = f"{mask:b}"
            last, at = len(digits) - 1, 0
            while at >= 0:
                found.append(names[last - at])
                at = digits.find("1", at + 1)
            return tuple(found)
        while mask:
            at = mask.bit_length() - 1
            found.append(names[at])
            mask ^= bit[at]
        return tuple(found)


def decide_all(decider: Decider, records: Iterable[Mapping[str, object]]) -> list[Decision]:
    """The decision on each record; records of one form, as most are, by one line of code."""
    found: list[Decision] = []
    left = iter(records)
    while lot := list(islice(left, _LOT)):
        try:
            forms = list(map(tuple, lot))
        except TypeError:
            forms = []
        if forms and forms.count(forms[0]) == len(lot):
            line = decider.lines.get(forms[0]) or decider.line(lot[0])
            found += map(line, lot)
        else:
            found += map(decider.decide, lot)
    return found


def key_of(value: object) -> Hashable:
    """What a value is known by: how it is written, so that 1 and yes differ; raises TypeError if it cannot
    be written."""
    if value.__class__ is str:
        return value
    match value:
        case list() | tuple():
            return tuple([key_of(each) for each in value])
        case {"known": list() | tuple() as known, "more": more} if len(value) == 2:  # type: ignore[arg-type]
            return (*[key_of(each) for each in known], key_of(more), dict)
        case Mapping():
            return (Mapping, *((key, key_of(each)) for key, each in value.items()))
        case _:
            return text_of(value)


def listed(value: Any) -> Hashable:
    """As `key_of`, in a hurry, of what is written as a list or as `{known: [...], more: none}`."""
    if value.__class__ is dict and len(value) == 2 and value["known"].__class__ is list:
        return (*value["known"], value["more"], dict)
    return key_of(value)


class _Table:
    """What hangs on one field alone: for each value that was met, the rules that it leaves possible.

    `sure` has those values of which nothing is in doubt, so that they need no second mask.
    """

    def __init__(self, index: Index, field: Flat, groups: tuple[str, ...]) -> None:
        self.index, self.field, self.groups = index, field, groups
        self.sure: dict[Hashable, int] = {}
        self.cuts: list[int] = []
        self.sides: list[int | None] | None = None
        if field.type is not None and field.type.sort == "amount" and not field.whole:
            self._cut()

    def masks(self, value: object, key: Hashable) -> tuple[int, int]:
        """The rules that are possible, and in doubt, where the field has the value."""
        possible, doubt = self.index.full, 0
        for source in self.groups:
            one, other = self.index.masks(source, (self.field.name,), (value,), key)
            possible &= one
            doubt |= other
        if not doubt:
            keep(self.sure, key, possible)
            if value.__class__ is date:
                self.sure[value] = possible  # it was found by its text
        return possible, doubt

    def _cut(self) -> None:
        """Works out the sides of all bounds, where whole numbers are taken as they are."""
        one = self.amount(1)
        if one is None or one.low != 1 or one.high != 1:
            return
        points = {0}
        for source in self.groups:
            group = self.index.groups.get(source)
            if group is None:
                return
            points |= bounds_in(group, one.unit)
        ends = {cut for point in points for cut in (point, point + 1) if -LARGEST < cut <= LARGEST}
        self.cuts = [-LARGEST, *sorted(ends), LARGEST + 1]
        self.sides = [None, *(self._side(first) for first in self.cuts[:-1]), None]

    def _side(self, number: int) -> int | None:
        """The rules that a whole number leaves possible; None where it is refused, or leaves a doubt."""
        if self.amount(number) is None:
            return None
        possible, doubt = self.masks(number, str(number))
        return None if doubt else possible

    def amount(self, number: int) -> Amounts | None:
        """What a whole number is taken for, if it can be used."""
        try:
            self.index.check(self.field, number, str(number))
        except Refused:
            return None
        row = self.index.row(self.field.name, {self.field.name: number})
        row = row.parts.get(self.field.of, row)
        if self.field.key not in row.cells:
            return None
        value = row.cells[self.field.key].value
        return value if isinstance(value, Amounts) else None


def bounds_in(group: Group, unit: str) -> set[int]:
    """The whole numbers at or around each bound that the group's tests in that unit have."""
    points: set[int] = set()
    for (key, of), domain in group.kleene.plan.domains.items():
        if of == unit and isinstance(key, str):
            for each in domain.classes:
                assert isinstance(each, Amounts)
                ends = [end for stretch in each.stretches for end in (stretch.low, stretch.high)]
                points |= {whole for end in ends if end is not None for whole in _around(end)}
    return points


def _around(end: Fraction) -> tuple[int, int]:
    return end.__floor__(), end.__ceil__()


class Form:
    """Records of the same fields in the same order."""

    def __init__(self, decider: Decider, names: tuple[str, ...]) -> None:
        self.decider, self.index, self.names = decider, decider.index, names
        index = self.index
        self.fields = [index.fields[name] for name in names]
        at = {name: place for place, name in enumerate(names)}
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
                self.several.append(Several(index, source, hangs, [at[name] for name in hangs]))
        self.tables = [decider.table(f, tuple(alone[f.name])) for f in self.fields]
        self.at = at
        self.late: dict[int, Callable[[Values, Values], Truth]] = {}
        self.unsettled = sum(1 << bit for bit in index.late) & self.possible
        self.kept: dict[int, Decision] | None = {} if index.size <= _FEW else None
        if {"contract", "delivery"} <= at.keys():
            pair = ("contract", "delivery")
            self.several.append(Several(index, "", pair, [at[name] for name in pair]))

    # --- the straight line -----------------------------------------------------------------------

    def line(self) -> _Line:
        """The code for records of this form."""
        variables = [f"v{n}" for n in range(len(self.names))]
        known: dict[str, Any] = {
            "right": bisect_right, "listed": listed, "long": self.long,
            "finish": self.finish, "NOTHING": NOTHING,
            "Missed": (KeyError, TypeError, ValueError, AttributeError),
            "kept": self.kept.get if self.kept is not None else None, "start": self.possible,
        }  # fmt: skip
        lines = []
        if variables:
            lines.append(f"{', '.join(variables)}, = record.values()")
        ands = ["start"] if self.possible != self.index.full or not any(t.groups for t in self.tables) else []
        for n, (field, table) in enumerate(zip(self.fields, self.tables, strict=True)):
            known[f"t{n}"] = table.sure
            got = f"t{n}[v{n}]"
            if field.many or field.whole:
                lines.append(f"if v{n}.__class__ is list: v{n} = (*v{n},)")
                lines.append(f"elif v{n}.__class__ is not str: v{n} = listed(v{n})")
            elif field.type is not None and field.type.of == YES_NO.name:
                lines.append(f"v{n} = 'yes' if v{n} is True else 'no' if v{n} is False else v{n}")
            elif table.sides is not None:
                known[f"c{n}"], known[f"s{n}"] = table.cuts, table.sides
                got = f"(s{n}[right(c{n}, v{n})] if v{n}.__class__ is int else {got})"
            if table.groups:
                ands.append(got)
            else:
                lines.append(got if table.sides is None else f"0 & {got}")
        if len(ands) == 1 and ands != ["start"]:
            ands.append("start")  # a None that is not met with anything would pass for nothing being left
        lines.append(f"m = {' & '.join(ands)}")
        body = "".join(f"        {line}\n" for line in lines)
        after = ["if not m: return NOTHING"]
        if self.kept is not None and not self.several:
            after += ["d = kept(m)", "if d is not None: return d"]
        values = f"({', '.join(variables)}{',' if variables else ''})"
        after.append(f"return finish(m, {values}, record)")
        text = f"def line(record):\n    try:\n{body}    except Missed:\n        return long(record)\n"
        text += "".join(f"    {each}\n" for each in after)
        exec(text, known)  # noqa: S102  # numbers of fields alone: no name or value of a record is in the text
        made: _Line = known["line"]
        return made

    def finish(self, mask: int, keys: Values, record: Mapping[str, object]) -> Decision:
        """The decision, where each field leaves these rules and leaves nothing in doubt."""
        values = tuple(record.values()) if self.several or mask & self.unsettled else ()
        return self.settled(mask, self.doubt, keys, values)

    # --- the long way ----------------------------------------------------------------------------

    def long(self, record: object) -> Decision:
        """The decision, with every value read that was not met before."""
        if not isinstance(record, Mapping):
            return self.decider.line(record)({})  # it is refused
        values = tuple(record.values())
        problems: list[Problem] = []
        keys: list[Hashable] = []
        for field, value in zip(self.fields, values, strict=True):
            try:
                key = key_of(value)
                self.index.check(field, value, key)
                keys.append(key)
            except (Refused, TypeError, RecursionError) as wrong:
                problems += listed_problem(field, wrong)
        if problems:
            raise Refused(problems)
        mask, doubt = self.possible, self.doubt
        for table, value, key in zip(self.tables, values, keys, strict=True):
            found = table.sure.get(key)
            if found is None:
                found, more = table.masks(value, key)
                doubt |= more
            mask &= found
        return self.settled(mask, doubt, tuple(keys), values)

    def settled(self, mask: int, doubt: int, keys: Values, values: Values) -> Decision:
        """The decision, where each field by itself leaves these rules possible, and these in doubt."""
        decider = self.decider
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
            bit = unsettled.bit_length() - 1
            unsettled ^= decider.bit[bit]
            late = self.late.get(bit)
            if late is None:
                late = self.late[bit] = self.all_of(self.index.late[bit])
            truth = late(keys, values)
            if truth is FALSE:
                mask ^= decider.bit[bit]
            elif truth is UNKNOWN:
                doubt |= decider.bit[bit]
        possible_names = decider.called(mask)
        sure = mask & ~doubt
        found = Decision(possible_names if sure == mask else decider.called(sure), possible_names)
        if plain and self.kept is not None:
            keep(self.kept, first, found)
        return found

    # --- what is looked at last --------------------------------------------------------------------

    def all_of(self, parts: Sequence[Formula]) -> Callable[[Values, Values], Truth]:
        """How parts that are left for the last are looked at in records of this form."""
        made = [self._made(part) for part in parts]
        return made[0] if len(made) == 1 else _both(made)

    def _made(self, part: Formula) -> Callable[[Values, Values], Truth]:
        """How a part that is left for the last is looked at in records of this form."""
        match part:
            case PAll(parts):
                return _both([self._made(each) for each in parts])
            case PAny(parts):
                return _either([self._made(each) for each in parts])
            case _:
                hangs = sources(part)
                source = next(iter(hangs), "@nothing")
                names = self.index.deps(source, self.names)
                late = self.index.late_of(part, source)
                return _leaf(self.index, late, names, [self.at[name] for name in names])


Values = Sequence[Any]


def listed_problem(field: Flat, wrong: Exception) -> list[Problem]:
    """What is wrong with a value of the field."""
    if isinstance(wrong, Refused):
        return [_naming(field, problem) for problem in wrong.problems]
    message = f"`{field.name}` is given as what cannot be written in a scenario"
    return [Problem("wrong-data", message, NOWHERE, "give texts, numbers, dates, lists")]


def _naming(field: Flat, problem: Problem) -> Problem:
    if field.name in problem.message:
        return problem
    return Problem(problem.code, f"`{field.name}`: {problem.message}", problem.span, problem.help)


class Several:
    """A source that hangs on several fields of a form; one without a name is there to be checked alone."""

    def __init__(self, index: Index, source: str, names: tuple[str, ...], places: list[int]) -> None:
        self.index, self.source, self.names, self.places = index, source, names, places
        self.known = index.found.setdefault((source, names), {})
        self.tested = index.tested(source)
        self.activity = names.index("activity") if falls_back(source, names) and "activity" in names else None

    def masks(self, keys: Values, values: Values) -> tuple[int, int]:
        """What the source says of a record with these values, which are known by these keys."""
        key = tuple([keys[at] for at in self.places])
        found = self.known.get(key)
        if found is None:
            chosen = tuple([values[at] for at in self.places])
            if not self.source:
                self.index.row("@all", dict(zip(self.names, chosen, strict=True)))
                found = keep(self.known, key, (self.index.full, 0))
            else:
                found = self.index.masks(self.source, self.names, chosen, key)
        return found


def _leaf(
    index: Index, late: Late, names: tuple[str, ...], places: list[int]
) -> Callable[[Values, Values], Truth]:
    if len(places) == 1:
        (place,) = places
        known: dict[Hashable, Truth] = {}

        def one(keys: Values, values: Values) -> Truth:
            key = keys[place]
            found = known.get(key)
            if found is None:
                found = keep(known, key, index.truth(late, names, (values[place],), key))
            return found

        return one

    def several(keys: Values, values: Values) -> Truth:
        return index.truth(late, names, [values[at] for at in places], tuple([keys[at] for at in places]))

    return several


def _both(parts: Sequence[Callable[[Values, Values], Truth]]) -> Callable[[Values, Values], Truth]:
    def both(keys: Values, values: Values) -> Truth:
        found = TRUE
        for part in parts:
            truth = part(keys, values)
            if truth is FALSE:
                return FALSE
            if truth is UNKNOWN:
                found = UNKNOWN
        return found

    return both


def _either(parts: Sequence[Callable[[Values, Values], Truth]]) -> Callable[[Values, Values], Truth]:
    def either(keys: Values, values: Values) -> Truth:
        found = FALSE
        for part in parts:
            truth = part(keys, values)
            if truth is TRUE:
                return TRUE
            if truth is UNKNOWN:
                found = UNKNOWN
        return found

    return either


__all__ = [
    "FORMS",
    "MANY",
    "Decider",
    "Form",
    "Several",
    "bounds_in",
    "decide_all",
    "key_of",
    "listed_problem",
]
