"""Many rules on one record as one circuit: what all of them say together, asked of a SAT solver.

Variables that stand for one and the same thing are one choice, whichever rule looks at them.  What a
rule says is given on two rails, as everything in the circuit; which completions are looked at is for
the caller to assume.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from redline.engine.case import Case, Variable
from redline.engine.circuit import ALWAYS, Choice, Circuit, Rails
from redline.engine.formula import Atom
from redline.engine.ground import Memo, ground_entry
from redline.engine.plan import Plan
from redline.rules.frozen import dataclass
from redline.rules.record import Row
from redline.rules.verdicts import Kind

Key = Hashable
"""What tells the choices of a circuit apart."""

UNWRITABLE: Key = ("unwritable",)
"""The key of what nobody can state: it is never known."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of the record: whether it is about it and in force, whether its condition holds,
    whether something excepts or permits it, whether what it requires is so; and whether it crosses (or calls
    for an assessment)."""

    bound: Rails
    when: Rails
    unless: Rails
    permitted: Rails
    met: Rails
    crosses: Rails
    permits: tuple[tuple[str, Rails], ...] = ()

    def holds(self, circuit: Circuit) -> Rails:
        """Whether a permission applies, or a red flag is raised."""
        return circuit.all((self.bound, self.when, opposite(self.unless)))


def opposite(rails: Rails) -> Rails:
    """The truth of the negation."""
    return Rails(rails.no, rails.yes)


@dataclass(slots=True)
class Thing:
    """A choice of the circuit, with one of the variables that it stands for and the values left to it."""

    choice: Choice
    variable: Variable


class Joint:
    """The rules of a plan on one record, grounded as they are asked for."""

    def __init__(
        self,
        circuit: Circuit,
        plan: Plan,
        row: Row,
        key: Callable[[Variable], Key | None],
        things: dict[Key, Thing] | None = None,
        told: Callable[[Variable, Atom], Rails | None] = lambda variable, atom: None,
        derived: Callable[[Key], bool] = lambda key: False,
        *,
        certain: bool,
    ) -> None:
        """`key` tells which variables are one (None: each by itself), `things` what was chosen before, `told`
        the truth of what follows from something else, `derived` what is worked out from other things;
        `certain`: an open question is never answered, instead of either way, and lists are as given."""
        self.circuit, self.plan, self.row = circuit, plan, row
        self.things: dict[Key, Thing] = {} if things is None else things
        self._key, self._told, self._derived, self._certain = key, told, derived, certain
        self._memo = Memo(plan, {})
        self._said: dict[tuple[int, bool], Said] = {}
        self._grounded: dict[int, tuple[Case, tuple[Key, ...]]] = {}

    def said(self, index: int, *, by_facts: bool = False) -> Said:
        """What the rule of that index in the plan says; `by_facts`: as far as stated facts alone tell, with
        whatever is derived left open."""
        if (index, by_facts) not in self._said:
            case, keys = self.grounded(index)
            if by_facts and not any(self._derived(key) for key in keys):
                self._said[index, True] = self.said(index)
            else:
                self._said[index, by_facts] = self._put(case, keys, by_facts=by_facts)
        return self._said[index, by_facts]

    def grounded(self, index: int) -> tuple[Case, tuple[Key, ...]]:
        """The rule of that index on the record, and of each of its variables the thing that it stands for."""
        if index not in self._grounded:
            case = ground_entry(self.plan, index, self.row, {}, self._memo)
            keys = [self._key(v) for v in case.variables]
            self._grounded[index] = (
                case,
                tuple(
                    _own(v, id(self), index, i) if key is None else key
                    for i, (v, key) in enumerate(zip(case.variables, keys, strict=True))
                ),
            )
        return self._grounded[index]

    def keys(self, index: int) -> tuple[Key, ...]:
        """What the rule of that index looks at."""
        return self.grounded(index)[1]

    def looked_at(self) -> Iterator[tuple[Key, ...]]:
        """What each rule that was grounded so far looks at."""
        return (keys for _, keys in self._grounded.values())

    def thing(self, key: Key, variable: Variable, size: int) -> Thing:
        """The choice of that key, made when it is first asked for."""
        if key not in self.things:
            self.things[key] = Thing(self.circuit.choice(size), variable)
            self._limit(self.things[key], variable)
        return self.things[key]

    def _put(self, case: Case, keys: Sequence[Key], *, by_facts: bool) -> Said:
        circuit = self.circuit

        def truth(atom: Atom) -> Rails:
            if by_facts and self._derived(keys[atom.variable]):
                return _known(case.variables[atom.variable], atom)
            return self._truth(case, keys, atom)

        bound, when, unless, met, _, *permits = (circuit.rails(f, truth) for f in case.formulas)
        permitted = circuit.any(permits)
        bites = circuit.all((bound, when, opposite(unless), opposite(permitted)))
        crosses = bites if case.entry.kind is not Kind.REQUIRES else circuit.all((bites, opposite(met)))
        return Said(
            bound, when, unless, permitted, met, crosses,
            tuple((name, rails) for (name, _), rails in zip(case.permits, permits, strict=True)),
        )  # fmt: skip

    def _truth(self, case: Case, keys: Sequence[Key], atom: Atom) -> Rails:
        variable = case.variables[atom.variable]
        if variable.sort == "open" and self._certain:
            return Rails(-ALWAYS, -ALWAYS)
        if (rails := self._told(variable, atom)) is not None:
            return rails
        if keys[atom.variable] == UNWRITABLE:
            return Rails(-ALWAYS, -ALWAYS)
        thing = self.thing(keys[atom.variable], variable, variable.free.bit_length())
        return self.circuit.atom(thing.choice, atom)

    def _limit(self, thing: Thing, variable: Variable) -> None:
        if variable.sort == "rest" and self._certain:  # lists are as they are given
            self.circuit.say(self.circuit.among(thing.choice, 1 << variable.values.index(0)))
        elif variable.now != variable.free:
            self.circuit.say(self.circuit.among(thing.choice, variable.now))


def _known(variable: Variable, atom: Atom) -> Rails:
    """The truth of an atom as far as the record tells it, whatever else there is to be known."""
    yes, maybe = not variable.now & ~atom.accepts, variable.now & (atom.accepts | atom.perhaps)
    return Rails(ALWAYS if yes else -ALWAYS, -ALWAYS if maybe else ALWAYS)


def _own(variable: Variable, *of: int) -> Key:
    """The key of a variable that is a rule's own; whether an open list goes on is worked out."""
    closed = variable.sort != "rest" or variable.now == 1 << variable.values.index(0)
    return ("of rule" if closed else "derived of rule", *of)


def at_path(variable: Variable) -> Key:
    """Variables are one where they stand at the same place of the record; what further elements an open list
    may bring is each rule's own affair."""
    return None if variable.sort == "rest" else (variable.path, variable.sort, variable.column)
