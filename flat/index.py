"""The index: every rule on a flat record at once, as ANDs of integers whose bits are the rules.

    for each field  value -> the rules whose parts on that field the value does not fail
    a decision      an AND a field; then what hangs on several fields, of the rules that are left

What follows from several fields (whom a step reaches, what it contains, whether a rule was in force) is not
worked out a second time here: it is derived, by the one derivation there is, from the fields that it may
follow from, and kept.  Fields that are not among them are left out, so that forgetting one of them could
cost an answer and never clear a rule.  The same holds of rules that do not range over steps: they are judged
whole, by Kleene logic.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Any

from redline.engine.conclude import Judging
from redline.engine.dates import dates
from redline.engine.derive import derive
from redline.engine.kleene import Kleene
from redline.engine.plan import Entry, Formula, PAll, PAny, PTest
from redline.engine.records import Asked, Case, cell_of, day_cells, values_of
from redline.engine.reference import name
from redline.engine.step_row import step_row
from redline.engine.typed import Lexicon
from redline.engine.validity import in_force
from redline.flat.clauses import (
    ON_DATES,
    WHOLE,
    crossing,
    deps,
    of_the_step,
    sources,
    spread,
)
from redline.flat.fields import Flat, fields_of, read, scenario_read
from redline.flat.masks import Group, Masks, bits
from redline.rules.condition import InForce
from redline.rules.facts import Entity, Scenario
from redline.rules.frozen import replace
from redline.rules.policy import Rule
from redline.rules.problems import Refused, errors
from redline.rules.record import Key, Row
from redline.rules.truth import FALSE, UNKNOWN, Truth
from redline.rules.verdicts import Kind, Verdict

MANY = 1 << 16
"""How much of a sort is kept; then it is begun anew."""
_ROWS = 1 << 10
Names = tuple[str, ...]
Values = Sequence[object]
_NO_SCENARIO = Scenario("", "", None, {}, {}, {}, {}, (), {})
_EMPTY = Row("step")
_NOT_CLEARED = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})
_ONLY_CROSSES = frozenset({Verdict.CROSSES})


def keep(where: dict[Any, Any], key: object, value: Any, most: int = MANY) -> Any:
    """Keeps the value, and forgets what was kept before where that is too much."""
    if len(where) >= most:
        where.clear()
    where[key] = value
    return value


class Late:
    """A part of a rule that is looked at where nothing else has cleared the rule: by the fields that it
    hangs on, what it comes to."""

    def __init__(self, part: Formula, source: str) -> None:
        self.part, self.source = part, source
        self.known: dict[Hashable, Truth] = {}


class Index:
    """Rules made ready to be asked of flat records; what it finds out it keeps, for all who share it."""

    def __init__(
        self, judging: Judging, asked: Asked, lexicon: Lexicon, wanted: Callable[[Rule], bool]
    ) -> None:
        self.lexicon, self.asked = lexicon, asked
        self.fields = fields_of(lexicon)
        self.kleene = Kleene(judging.plan, judging.readings)
        plan = judging.plan
        self.rules = tuple(
            (i, r) for i, r in judging.rules() if r.kind not in (Kind.PERMITS, Kind.FLAGS) and wanted(r)
        )
        self.names: Names = tuple(name(rule) for _, rule in self.rules)
        self.size = len(self.rules)
        self.full = (1 << self.size) - 1
        self.case = Case(_NO_SCENARIO, replace(asked, rules=()))
        self.by_name = {name(rule): rule for _, rule in judging.rules()}
        self.groups: dict[str, Group] = {}
        self.whole: dict[str, list[tuple[int, Entry]]] = {}
        self.late: dict[int, list[Formula]] = {}
        self._late: dict[tuple[str, Formula], Late] = {}
        self.found: dict[tuple[str, Names], dict[Hashable, Masks]] = {}
        self.checked: dict[str, dict[Hashable, bool]] = {}
        self.rows: dict[tuple[str, Names, Hashable], Row] = {}
        self.last_read: tuple[str, object, Entity | None] | None = None
        """What was read last: a value that is checked is often looked up at once."""
        self.lock = Lock()
        gone, doubted, weighs = [], [], []
        for number, (at, rule) in enumerate(self.rules):
            bit = self.size - 1 - number  # so that the highest bit is the first rule
            entry = plan.entries[at]
            if rule.kind is Kind.WEIGHS:
                weighs.append(bit)
            parts = crossing(entry, plan)
            if rule.subject != "step":
                step = of_the_step(PAll(parts)) if rule.subject == "scenario" else None
                if not isinstance(step, PAll):
                    self.whole.setdefault(WHOLE[rule.subject], []).append((bit, entry))
                    continue
                parts = _parts(PAll((spread(step),)))
            forces = 0
            for part in parts:
                hangs = sources(part)
                if not hangs:
                    truth = self.kleene.truth(part, _EMPTY)
                    if truth is FALSE:
                        gone.append(bit)
                    elif truth is UNKNOWN:
                        doubted.append(bit)
                    continue
                force = hangs == {ON_DATES} and _asks_force(part)
                forces += force
                if len(hangs) == 1 and not (force and (forces > 1 or not isinstance(part, PTest))):
                    (source,) = hangs
                    if source not in self.groups:
                        self.groups[source] = Group(self.kleene, self.size, self.by_name)
                    self.groups[source].parts.append((bit, part))
                else:
                    self.late.setdefault(bit, []).append(part)
        self.weighs = bits(weighs, self.size)
        self.unknown = bits(doubted, self.size)
        """Rules of which it can be told of no record that they cross."""
        self.start: Masks = (self.full ^ bits(set(gone), self.size) & self.full, self.unknown | self.weighs)
        self.sources = (*self.groups, *self.whole)

    def tested(self, source: str) -> int:
        """The rules of which the source says anything."""
        if source in self.whole:
            return bits({bit for bit, _ in self.whole[source]}, self.size)
        return bits({bit for bit, _ in self.groups[source].parts}, self.size) if source in self.groups else 0

    # --- what a source says ----------------------------------------------------------------------

    def masks(self, source: str, names: Names, values: Values, keys: Hashable) -> Masks:
        """What the source says where these fields have these values, and nothing is said of others."""
        known = self.found.setdefault((source, names), {})
        found = known.get(keys)
        if found is None:
            record = dict(zip(names, values, strict=True))
            if source in self.whole:
                found = self._judged(source, record)
            else:
                with self.lock:
                    found = self.groups[source].masks(self.row(source, record))
            keep(known, keys, found)
        return found

    def truth(self, late: Late, names: Names, values: Values, keys: Hashable) -> Truth:
        """What the part comes to where these fields have these values."""
        found = late.known.get((names, keys))
        if found is None:
            row = self._row_once(late.source, names, values, keys)
            match late.part:
                case PTest((InForce(rule), _)):
                    cell = in_force(self.by_name[rule], row.cells["contract"], row.cells["delivery"])
                    found = self.kleene.truth(late.part, replace(row, cells={InForce(rule): cell}))
                case _:
                    found = self.kleene.truth(late.part, row)
            keep(late.known, (names, keys), found)
        return found

    def late_of(self, part: Formula, source: str) -> Late:
        """What is known of the part."""
        key = (source, part)
        if key not in self._late:
            self._late[key] = Late(part, source)
        return self._late[key]

    def _row_once(self, source: str, names: Names, values: Values, keys: Hashable) -> Row:
        """As `row`; many parts are looked at on one."""
        row = self.rows.get((source, names, keys))
        if row is None:
            row = self.row(source, dict(zip(names, values, strict=True)))
            keep(self.rows, (source, names, keys), row, _ROWS)
        return row

    def row(self, source: str, record: Mapping[str, object]) -> Row:
        """The record of the step, as far as the source needs it."""
        if len(record) == 1:
            ((named, value),) = record.items()
            field = self.fields[named]
            if not field.whole and (source == named or (named == "date" and source == ON_DATES)):
                return self._small(field, value)
        return step_row(Case(self._scenario(record), self.case.asked), 0)

    def _small(self, field: Flat, value: object) -> Row:
        """The record of a step of which one field is stated, and no more of it than that."""
        last = self.last_read
        read_now = last is not None and last[0] == field.name and last[1] is value
        entity = last[2] if last is not None and read_now else read(field, value, self.lexicon)
        assert entity is not None
        assert field.type is not None
        if field.key == "date":
            contract, delivery = dates(self.case, entity)
            cells: dict[Key, Any] = {"contract": contract, "delivery": delivery}
            return Row("step", "", {**cells, **day_cells(self.case, "step", cells)})
        if field.many:
            row = Row(field.shape, lists={field.key: values_of(self.case, entity, field.key, field.type)})
        else:
            row = Row(field.shape, cells={field.key: cell_of(self.case, entity, field.key, field.type)})
        return Row("step", parts={field.of: row}) if field.of else row

    def _scenario(self, record: Mapping[str, object]) -> Scenario:
        scenario, problems = scenario_read(record, self.fields, self.lexicon)
        if scenario is None or errors(problems):
            raise Refused(errors(problems))
        return scenario

    def _judged(self, source: str, record: Mapping[str, object]) -> Masks:
        """The rules of that subject, judged whole on every subject there is."""
        derived = derive(self._scenario(record), self.asked)
        possible, doubt = self.full, 0
        for bit, entry in self.whole[source]:
            sure = open_ = False
            for subject in (*derived.subjects, *derived.phantoms):
                if subject.kind == entry.subject:
                    verdicts = self.kleene.verdicts(entry, subject.row)
                    sure |= verdicts == _ONLY_CROSSES and not subject.phantom
                    open_ |= not verdicts.isdisjoint(_NOT_CLEARED)
            possible ^= 0 if open_ else 1 << bit
            doubt |= 1 << bit if open_ and not sure else 0
        return possible, doubt

    # --- what fields a source hangs on -----------------------------------------------------------

    def deps(self, source: str, names: Names) -> Names:
        """The fields of a record, in its order, from which the source may follow."""
        found = deps(source, names)
        return tuple(each for each in names if each in found)

    def check(self, field: Flat, value: object, key: Hashable) -> None:
        """Refused, if the value cannot be one of the field."""
        known = self.checked.setdefault(field.name, {})
        if key not in known:
            self.last_read = (field.name, value, read(field, value, self.lexicon))
            keep(known, key, True)


def _parts(formula: PAll) -> tuple[Formula, ...]:
    """The parts of a formula that all must hold, flat."""
    found: list[Formula] = []
    for part in formula.parts:
        found += _parts(part) if isinstance(part, PAll) else (part,)
    return tuple(found)


def _asks_force(part: Formula) -> bool:
    """Whether the part asks, perhaps among other things, whether a rule is in force."""
    match part:
        case PTest((InForce(), _)):
            return True
        case PAll(parts) | PAny(parts):
            return any(_asks_force(each) for each in parts)
        case _:
            return False
