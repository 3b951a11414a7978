"""Witnesses: scenarios made to order, and tried by the evaluator before anyone sees them.

The rules are put on an outline as one circuit.  Where the solver finds that they can say what is asked, the
scenario is written out, derived, and held to what the solver took for granted of derived facts; where it
comes out otherwise, that is learnt and the search goes on.  What is left is judged, and only a scenario of
which the evaluator says what was asked is a witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from redline.analysis.boxed import Boxed, among, known
from redline.analysis.boxes import UNTOLD, Box, Key, Truths
from redline.analysis.fill import Data, Unwritable
from redline.analysis.joint import UNWRITABLE, Thing
from redline.analysis.keys import DAY, is_derived
from redline.analysis.lessons import Lessons
from redline.analysis.relations import answered_yes
from redline.analysis.script import closed, places, readings, written_out
from redline.analysis.shrink import only, shrunk
from redline.analysis.stage import LAST, Stage
from redline.analysis.witness_days import DAYS
from redline.engine.case import Variable
from redline.engine.circuit import Budget, GaveUp, Literal
from redline.engine.formula import Atom
from redline.engine.plain import document_of
from redline.engine.records import Asked as AskedFor
from redline.engine.reference import name as full_name
from redline.engine.run import Run, judge
from redline.rules.condition import Covered, InForce, Owned
from redline.rules.frozen import dataclass, replace
from redline.rules.policy import Rule
from redline.rules.problems import Refused, errors

TRIES = 24
"""How many scenarios are tried for one witness before it is given up."""
STEPS = 200_000
"""How many solver steps one question may take."""
MOST_SHRINKING = 40
"""How many scenarios may be judged to make one witness smaller."""
SHRINKING = 200
"""How many scenarios may be judged, in all, to make witnesses smaller."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A scenario that was written out and judged, under fixed answers to interpretations."""

    data: Data
    readings: Mapping[str, str]
    run: Run


Asked = tuple[int, int]
"""A rule, by its place in the plan, asked of a subject, by its number among those of its kind."""


class World(Stage):
    """A stage, and the search for scenarios on it."""

    shrinking = SHRINKING

    def find(
        self,
        assumed: Sequence[Literal],
        asked: Sequence[Asked],
        good: Callable[[Run], bool],
        tries: int = TRIES,
    ) -> Tried | None:
        """A scenario in which what is assumed of what is asked is so, and that is good when it is judged;
        None if the outline has none.  Raises GaveUp where none was found within the bounds."""
        search = self.circuit.literal()  # what is left out for this one question only is said under it
        budget = Budget(STEPS)
        assumed = (search, *assumed)
        for number in range(tries):
            if not self._possible(assumed, asked, budget):
                if number:  # something was left out that is not known to be impossible
                    raise GaveUp
                return None
            tried = self._tried(asked, search)
            if tried is not None and good(tried.run):
                return tried
        raise GaveUp

    def _possible(self, assumed: Sequence[Literal], asked: Sequence[Asked], budget: Budget) -> bool:
        """Whether it is possible; found with as little in it as can be."""
        if not self.circuit.possible(assumed, budget):
            return False
        in_play = self._in_play(asked).items()
        absent = [
            -self.circuit.among(thing.choice, 0b01)
            for key, thing in in_play
            if isinstance(key, tuple) and key[0] in ("there", "derived there")
        ]
        absent += [
            -answered_yes(self.circuit, self.bench.plan, thing)  # of no more papers than are needed
            for key, thing in in_play
            if isinstance(key, tuple) and key[0] == "derived" and isinstance(key[2][0], Covered | Owned)
        ]
        for well in (self.wording.usual, self.wording.plausible):
            absent += [
                self.circuit.among(thing.choice, well(key[2]))
                for key, thing in in_play
                if isinstance(key, tuple) and key[0] == "fact"
            ]
        absent.append(self.circuit.among(self.day, self.calendar.near))
        while not self.circuit.possible((*assumed, *absent), budget):
            against = self.circuit.against()
            absent = [literal for literal in absent if literal not in against]
        return True

    def _tried(self, asked: Sequence[Asked], search: Literal) -> Tried | None:
        """The scenario last found possible, judged; None, with something learnt, if it is no scenario."""
        found = {key: self.circuit.found(thing.choice) for key, thing in self._in_play(asked).items()}
        run: Run | None = None
        moved: Mapping[str, str] = {}
        data: Data = {}
        given = readings(self, found)
        try:
            data, moved = written_out(self, found, self.calendar.today(self.circuit.found(self.day)))
            run = self.judged(data, given, asked)
        except Unwritable:
            pass
        if run is None or run.derived is None:
            self._lessons.not_again(found, search)
            return None
        if not self._lessons.learnt(asked, found, run.derived, moved, search):
            self._lessons.not_again(found, search)
        return Tried(data, given, run)

    @cached_property
    def _lessons(self) -> Lessons:
        return Lessons(self)

    def _in_play(self, asked: Sequence[Asked]) -> Mapping[Key, Thing]:
        """The choices that the rules look at, and those behind them."""
        keys = {key for index, at in asked for key in self.joint(at).keys(index)}
        return {key: thing for key, thing in self.things.items() if key in keys}

    # --- judging ---

    def judged(
        self, data: Data, readings: Mapping[str, str], asked: Sequence[Asked], *, proved: bool = False
    ) -> Run | None:
        """The scenario judged by the rules asked under those answers; None if it is no scenario."""
        document = document_of(data)
        fixed = {name: frozenset({answer}) for name, answer in readings.items()}
        indices = dict.fromkeys(index for index, _ in asked)
        names = {full_name(self.rules[index]) for index in indices}
        idents = {self.rules[index].id for index in indices}
        narrowed = self._narrowed(indices)
        bench = replace(self.bench, readings={**self.bench.readings, **fixed}, asked=narrowed)
        try:
            run = judge(
                bench,
                document,
                lambda rule: rule.id in idents and full_name(rule) in names,
                explained=lambda _: proved,
            )
        except Refused:
            return None
        return None if run.conclusion is None or errors(run.problems) else run

    def _narrowed(self, indices: Iterable[int]) -> AskedFor:
        """What is to be derived for these rules and the permissions that name them."""
        entries = self.bench.plan.entries
        named = dict.fromkeys(entries[i].rule for index in indices for i in (index, *entries[index].permits))
        derivable = self._derivable
        return replace(self.bench.asked, rules=tuple(derivable[each] for each in named if each in derivable))

    @cached_property
    def _derivable(self) -> Mapping[str, Rule]:
        return {full_name(rule): rule for rule in self.bench.asked.rules}

    def smaller(self, tried: Tried, asked: Sequence[Asked], good: Callable[[Run], bool]) -> Tried:
        """The same with everything left out that it shows the same without, while there are tries left."""

        def shows(data: Data) -> bool:
            run = self.judged(data, given, asked)
            return run is not None and good(run)

        given = dict(tried.readings)
        for name in tried.readings:
            answer = given.pop(name)
            if not shows(tried.data):
                given[name] = answer
        whole = self.judged(tried.data, given, asked, proved=True)
        cited = _cited(whole) if whole is not None else frozenset[str]()
        tries = min(MOST_SHRINKING, self.shrinking)
        data, left = shrunk(tried.data, shows, cited, tries)
        self.shrinking -= tries - left
        run = self.judged(data, given, asked)
        return tried if run is None else Tried(data, given, run)

    # --- boxes ---

    @cached_property
    def boxed(self) -> Boxed:
        """The rules as boxes over what a scenario may state of its last subject."""
        return Boxed(self.joint(LAST), self._truths)

    @cached_property
    def with_papers(self) -> Boxed:
        """The same where papers that rules ask for may be there, which facts alone do not make so."""

        def truths(key: Key, variable: Variable, atom: Atom) -> Truths:
            column = variable.column
            if column is not None and isinstance(column[0], Covered):
                return among(key, variable.free, atom)
            if isinstance(key, tuple) and key[0] == "fact" and key[2][0] not in DAYS:
                return among(key, variable.now, atom)  # what has no word of its own too: see `stated`
            return self._truths(key, variable, atom)

        return Boxed(self.joint(LAST), truths)

    def _truths(self, key: Key, variable: Variable, atom: Atom) -> Truths:
        """For which values of a stated fact an atom is so."""
        column = variable.column
        if variable.sort == "open" or key == UNWRITABLE:
            return UNTOLD
        if column is not None and isinstance(column[0], InForce):
            return self.calendar.in_force(column, atom)
        if is_derived(key):
            return known(variable, atom)
        match key:
            case ("fact", str(path), (name, _)) if name in DAYS and self.dated(path):
                return self.calendar.on_days(variable, atom)
            case ("fact", *_) if column is not None:
                return among(key, variable.now & self.wording.plausible(column), atom)
            case _:
                return among(key, variable.now, atom)

    def at(
        self, point: Box, asked: Sequence[Asked], good: Callable[[Run], bool], *, lean: bool = True
    ) -> Tried | None:
        """A scenario that says what lies in the box and (`lean`) no more; None if it is not good when it is
        judged."""
        found = {key: mask & -mask for key, mask in point.items() if key != DAY}
        worked_out: set[str] = set()
        for index, at in asked:
            case, keys = self.joint(at).grounded(index)
            for key, variable in zip(keys, case.variables, strict=True):
                if is_derived(key) and variable.cell is not None and variable.now != variable.free:
                    worked_out.update(fact.path for fact in variable.cell.facts)
        then = point.get(DAY)
        try:
            data, moved = written_out(self, found, self.calendar.today(then))
        except Unwritable:
            return None
        data["transfers"][-1] |= self.calendar.span(then)
        given = readings(self, found)
        cited = worked_out.union(places(found, moved))
        for kept in (cited, cited | closed(cited)) if lean else (None,):
            said = data if kept is None else only(data, kept)
            run = self.judged(said, given, asked)
            if run is not None and good(run):
                return Tried(said, given, run)
        return None


def _cited(run: Run) -> frozenset[str]:
    """The paths of the facts that what was concluded rests on."""
    assert run.conclusion is not None
    premises = [p for finding in run.conclusion.findings for under in finding.under for p in under.premises]
    premises += [p for effect in run.conclusion.effects for p in effect.premises]
    cells = (premise.point.cell for premise in premises)
    return frozenset(fact.path for cell in cells if cell is not None for fact in cell.facts)
