"""The stage on which witnesses are searched for: an outline, and what the rules say of it as one circuit.

Facts that a scenario can state are choices of their own; what is derived from them is left to the solver, as
far as it is not known here how the one follows from the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from redline.analysis.boxes import Key
from redline.analysis.calendar import Calendar
from redline.analysis.joint import Joint, Said, Thing
from redline.analysis.keys import is_derived, key_of, subject_of
from redline.analysis.outline import outline, silences, wants
from redline.analysis.relations import relate
from redline.analysis.witness_days import DAYS, written_day
from redline.analysis.wording import Wording
from redline.engine.case import Variable
from redline.engine.circuit import Circuit, Literal, Rails
from redline.engine.derive import Derived, derive
from redline.engine.formula import Atom
from redline.engine.run import Bench
from redline.rules.condition import InForce
from redline.rules.record import Subject
from redline.rules.values import overlap
from redline.rules.vocabulary import STATED

VALUES = frozenset(
    name
    for shape in STATED.values()
    for name, many in shape.many.items()
    if many.type.sort in ("tree", "amount", "name")
)
Found = Mapping[Key, int]
"""What was chosen, of each thing."""
LAST = -1
"""The number of the last subject."""


class Stage:
    """What the rules on one kind of subject say of an outline."""

    def __init__(
        self,
        bench: Bench,
        kind: str,
        *,
        plot: Sequence[str] = (),
        silent: bool = False,
        bare: bool = False,
        papers: int = 0,
    ) -> None:
        """`plot`: what is moved, step by step (none: as many steps of the product as the rules ask after).
        `silent`: nothing is said of the fields of which a rule asks whether anything is.  `bare`: one step
        with nothing but facts, and no parts, owners or stations on the way, and no papers but for so many."""
        self.bench, self.kind = bench, kind
        self.rules = {i: rule for i, rule in bench.judging.rules() if rule.subject == kind}
        entries = [bench.plan.entries[i] for i in self.rules]
        asked = silences(entries)
        self.unsaid = asked if silent else frozenset[str]()
        wanted = {**wants(entries, bench.asked), **({"agreements": 1} if kind == "agreement" else {})}
        said = frozenset[str]() if silent else asked
        if bare:
            wanted = {name: count for name, count in wanted.items() if name in VALUES}
            wanted |= {"papers": papers, "agreements": int(kind == "agreement")}
        plot = plot or ("product",) * (1 + min(1, wanted.get("upstream", 0)))
        self.outline = outline(wanted, bench.library.lexicon, plot=plot, said=said)
        self.subjects = subjects_of(derive(self.outline.scenario, bench.asked), kind)
        self.circuit = Circuit("glucose42")
        self.things: dict[Key, Thing] = {}
        self.wording = Wording(bench.plan)
        self.calendar = Calendar(self.rules.values(), bench.plan)
        self.day = self.circuit.choice(len(self.calendar.days))
        self._joints: dict[int, Joint] = {}
        self._related: set[Key] = set()

    def said(self, index: int, at: int = LAST, *, by_facts: bool = False) -> Said:
        """What a rule says of a subject; `by_facts`: as far as stated facts alone tell."""
        said = self.joint(at).said(index, by_facts=by_facts)
        if len(self.things) > len(self._related):
            new = [key for key in self.things if key not in self._related]
            self._related.update(new)
            for key in new:
                self._relate(key, self.things[key])
            relate(
                self.circuit, self.bench.plan, ((subject_of(key), self.things[key]) for key in self.things)
            )
        return said

    def works_out(self, index: int, at: int = LAST) -> bool:
        """Whether what the rule says turns on something that is derived."""
        return any(is_derived(key) for key in self.joint(at).keys(index))

    def tells(self, index: int) -> bool:
        """Whether stated facts tell what the rule says, and a single day whether what it turns on is in
        force."""
        keys = self.joint(LAST).keys(index)
        dated = any(isinstance(key, tuple) and key[0] == "fact" and key[2][0] in DAYS for key in keys)
        return all(not dated and self._by_one_day(key) for key in keys if is_derived(key))

    def _by_one_day(self, key: Key) -> bool:
        match key:
            case ("derived", _, (InForce(rule), _)):
                return self.calendar.by_one_day(rule)
            case _:
                return False

    def joint(self, at: int) -> Joint:
        """The rules on the subject of that number."""
        number = at % len(self.subjects)
        if number not in self._joints:
            row = self.subjects[number].row
            label = self.subjects[number].label

            def key(variable: Variable) -> Key | None:
                return self.key(label, variable)

            self._joints[number] = Joint(
                self.circuit, self.bench.plan, row, key, self.things, self._told, is_derived, certain=True
            )
        return self._joints[number]

    def key(self, label: str, variable: Variable) -> Key | None:
        """What a variable of the subject of that label stands for."""
        return key_of(label, variable, self.outline.optional, self.unsaid)

    def dated(self, path: str) -> bool:
        """Whether it is a day of the step that is looked at, which has the scenario's date."""
        return path.rpartition(".")[0] == f"transfers.{len(self.outline.scenario.transfers)}"

    # --- what things have to do with each other ---

    def _relate(self, key: Key, thing: Thing) -> None:
        match key:
            case ("fact", str(path), (str(name), _) as column):
                able = self.wording.writable(column)  # type: ignore[arg-type]
                self.circuit.say(self.circuit.among(thing.choice, able))
                if name in DAYS and self.dated(path):
                    self._by_day(thing)
                elif name in DAYS:
                    self._in_order(path.rpartition(".")[0])
                elif name in ("from", "to") and ".owners." in path:
                    self._in_time(path, thing)
            case ("there", str(path)):
                for other in [k[1] for k in self.things if isinstance(k, tuple) and k[0] == "there"]:
                    if str(other).startswith(f"{path}."):  # `partners.3` of `agreements.a` is, if that is
                        self.circuit.say(-self._there(str(other)), self._there(path))
                    elif path.startswith(f"{other}."):
                        self.circuit.say(-self._there(path), self._there(str(other)))
            case ("derived there", (_, "upstream", *_)):
                self.circuit.say(self.circuit.among(thing.choice, 0b01))
            case _:
                pass

    def _there(self, path: str) -> Literal:
        return self.circuit.among(self.things["there", path].choice, 0b01)

    def _by_day(self, thing: Thing) -> None:
        """A day of the step that is looked at follows from the scenario's."""
        assert thing.variable.column is not None
        classes = self.bench.plan.domains[thing.variable.column].classes
        for i, day in enumerate(self.calendar.days):
            here = self.circuit.among(self.day, 1 << i)
            values = sum(1 << n for n, c in enumerate(classes) if overlap(c, day))
            self.circuit.say(-here, self.circuit.among(thing.choice, values))

    def _in_order(self, step: str) -> None:
        """No delivery of a step is written down that lies before its contract."""
        contract, delivery = (
            [thing for key, thing in self.things.items() if key[:2] == ("fact", f"{step}.{day}")]  # type: ignore[index]
            for day in DAYS
        )
        for one, other in product(contract, delivery):
            for i, begun in self._texts(one):
                late = sum(1 << j for j, done in self._texts(other) if done < begun)
                self.circuit.say(
                    -self.circuit.among(one.choice, 1 << i), -self.circuit.among(other.choice, late)
                )

    def _in_time(self, path: str, thing: Thing) -> None:
        """Who owns something owns it on the day, and neither later nor before."""
        owner = path.rpartition(".")[0]
        absent = [-self._there(owner)] if ("there", owner) in self.things else []
        for i, day in enumerate(self.calendar.days):
            today = written_day(day)
            late = path.endswith(".from")
            wrong = sum(1 << n for n, said in self._texts(thing) if (said > today if late else said < today))
            here = self.circuit.among(self.day, 1 << i)
            self.circuit.say(*absent, -here, -self.circuit.among(thing.choice, wrong))

    def _texts(self, thing: Thing) -> Iterator[tuple[int, str]]:
        assert thing.variable.column is not None
        return self.wording.texts(thing.variable.column)

    def _told(self, variable: Variable, atom: Atom) -> Rails | None:
        """Whether a rule is in force follows from the day."""
        if variable.column is None or not isinstance(variable.column[0], InForce):
            return None
        told = self.calendar.in_force(variable.column, atom)
        return Rails(self.circuit.among(self.day, told.yes), self.circuit.among(self.day, told.no))


def subjects_of(derived: Derived, kind: str) -> tuple[Subject, ...]:
    """The subjects of that kind, in their order."""
    return tuple(subject for subject in derived.subjects if subject.kind == kind)
