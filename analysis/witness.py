"""Witnesses: scenarios made to order, and tried by the evaluator before anyone sees them.

The rules are put on an outline as one circuit.  Where the solver finds that they can say what is asked, the
scenario is written out, derived, and held to what the solver took for granted of derived facts; where it
comes out otherwise, that is learnt and the search goes on.  What is left is judged, and only a scenario of
which the evaluator says what was asked is a witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import product

from redline.analysis.boxed import Boxed, among, known
from redline.analysis.boxes import UNTOLD, Box, Truths, bits
from redline.analysis.fill import Data, Unwritable, Wish, filled
from redline.analysis.joint import UNWRITABLE, Joint, Key, Said, Thing
from redline.analysis.outline import outline, paths_in, silences, wants
from redline.analysis.plausible import plausible, usual, written
from redline.analysis.relations import answered_yes, relate
from redline.analysis.shrink import only, shrunk
from redline.analysis.witness_days import DAYS, USUAL, cut_days, running, whole_spans, written_day
from redline.engine.case import Variable
from redline.engine.cells import answer
from redline.engine.circuit import ALWAYS, Budget, Circuit, GaveUp, Literal, Rails
from redline.engine.derive import Derived, derive
from redline.engine.formula import Atom
from redline.engine.ground import Memo, ground_entry
from redline.engine.plain import document_of
from redline.engine.plan import Column
from redline.engine.records import Asked as AskedFor
from redline.engine.reference import name as full_name
from redline.engine.run import Bench, Run, judge
from redline.rules.condition import Covered, InForce, Owned
from redline.rules.frozen import dataclass, replace
from redline.rules.problems import Refused, errors
from redline.rules.quantities import days
from redline.rules.record import Row, Subject
from redline.rules.terms import YES_NO
from redline.rules.truth import Truth
from redline.rules.values import Amounts, Terms, Value, overlap
from redline.rules.vocabulary import STATED

TRIES = 24
"""How many scenarios are tried for one witness before it is given up."""
STEPS = 200_000
"""How many solver steps one question may take."""
MOST_SHRINKING = 40
"""How many scenarios may be judged to make one witness smaller."""

SHRINKING = 200
"""How many scenarios may be judged, in all, to make witnesses smaller."""
_DERIVED = frozenset({"crosses_border", "good", "covers", "breached", "via", "depth", "how", "part"})
VALUES = frozenset(
    name
    for shape in STATED.values()
    for name, many in shape.many.items()
    if many.type.sort in ("tree", "amount", "name")
)
DAY: Key = ("day",)
"""The key of the day on which everything happens."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A scenario that was written out and judged, under fixed answers to interpretations."""

    data: Data
    readings: Mapping[str, str]
    run: Run


Asked = tuple[int, int]
"""A rule, by its place in the plan, asked of a subject, by its number among those of its kind."""
LAST = -1


class World:
    """What the rules on one kind of subject say of an outline, and the search for scenarios in it."""

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
        self._unsaid = asked if silent else frozenset[str]()
        wanted = {**wants(entries, bench.asked), **({"agreements": 1} if kind == "agreement" else {})}
        said = frozenset[str]() if silent else asked
        if bare:
            wanted = {name: count for name, count in wanted.items() if name in VALUES}
            wanted |= {"papers": papers, "agreements": int(kind == "agreement")}
        plot = plot or ("product",) * (1 + min(1, wanted.get("upstream", 0)))
        self.outline = outline(wanted, bench.library.lexicon, plot=plot, said=said)
        self._drawn = frozenset(paths_in(self.outline.scenario))
        self.subjects = subjects_of(derive(self.outline.scenario, bench.asked), kind)
        self.circuit = Circuit("glucose42")
        self.things: dict[Key, Thing] = {}
        self._joints: dict[int, Joint] = {}
        self.budget = Budget(STEPS)
        self.shrinking = SHRINKING
        self._search: Literal = ALWAYS  # what is left out for one question only is said under it
        self._related: set[Key] = set()
        self._texts: dict[Column, int] = {}
        self._usual: dict[Column, int] = {}
        self._by_name = {full_name(rule): rule for rule in self.rules.values()}
        self._days = cut_days(self.rules.values(), bench.plan)
        self._day = self.circuit.choice(len(self._days))
        self._spans = whole_spans(self.rules.values(), self._days)
        self._running: dict[str, Mapping[Truth, int]] = {}
        self._derivable = {full_name(rule): rule for rule in bench.asked.rules}

    def said(self, index: int, at: int = LAST, *, by_facts: bool = False) -> Said:
        """What a rule says of a subject; `by_facts`: as far as stated facts alone tell."""
        said = self._joint(at).said(index, by_facts=by_facts)
        if len(self.things) > len(self._related):
            new = [key for key in self.things if key not in self._related]
            self._related.update(new)
            for key in new:
                self._writable(key, self.things[key])
                self._relate(key, self.things[key])
            relate(
                self.circuit, self.bench.plan, ((_subject_of(key), self.things[key]) for key in self.things)
            )
        return said

    def works_out(self, index: int, at: int = LAST) -> bool:
        """Whether what the rule says turns on something that is derived."""
        return any(_is_derived(key) for key in self._joint(at).keys(index))

    def tells(self, index: int) -> bool:
        """Whether stated facts tell what the rule says, and a single day whether what it turns on is in
        force."""
        keys = self._joint(LAST).keys(index)
        dated = any(isinstance(key, tuple) and key[0] == "fact" and key[2][0] in DAYS for key in keys)
        return all(not dated and self._by_one_day(key) for key in keys if _is_derived(key))

    def _by_one_day(self, key: Key) -> bool:
        match key:
            case ("derived", _, (InForce(named), _)):
                return not any(self._by_name[named].running)
            case _:
                return False

    def _joint(self, at: int) -> Joint:
        number = at % len(self.subjects)
        if number not in self._joints:
            row = self.subjects[number].row
            label = self.subjects[number].label

            def key(variable: Variable) -> Key | None:
                return self._key(label, variable)

            self._joints[number] = Joint(
                self.circuit, self.bench.plan, row, key, self.things, self._told, _is_derived, certain=True
            )
        return self._joints[number]

    def find(
        self,
        assumed: Sequence[Literal],
        asked: Sequence[Asked],
        good: Callable[[Run], bool],
        tries: int = TRIES,
    ) -> Tried | None:
        """A scenario in which what is assumed of what is asked is so, and that is good when it is judged;
        None if the outline has none.  Raises GaveUp where none was found within the bounds."""
        self._search = self.circuit.literal()
        self.budget = Budget(STEPS)
        assumed = (self._search, *assumed)
        for number in range(tries):
            if not self._possible(assumed, asked):
                if number:  # something was left out that is not known to be impossible
                    raise GaveUp
                return None
            try:
                tried = self._tried(asked)
            except Unwritable:
                tried = None
            if tried is not None and good(tried.run):
                return tried
        raise GaveUp

    # --- boxes ---

    @cached_property
    def boxed(self) -> Boxed:
        """The rules as boxes over what a scenario may state of its last subject."""
        return Boxed(self._joint(LAST), self._truths)

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

        return Boxed(self._joint(LAST), truths)

    def _truths(self, key: Key, variable: Variable, atom: Atom) -> Truths:
        """For which values of a stated fact an atom is so."""
        column = variable.column
        if variable.sort == "open" or key == UNWRITABLE:
            return UNTOLD
        if column is not None and isinstance(column[0], InForce):
            return self._by_days(column, atom)
        if _is_derived(key):
            return known(variable, atom)
        match key:
            case ("fact", str(path), (name, _)) if name in DAYS and self._dated(path):
                return self._on_days(variable, atom)
            case ("fact", *_) if column is not None:
                return among(key, variable.now & self._writable_classes(column), atom)
            case _:
                return among(key, variable.now, atom)

    def _on_days(self, variable: Variable, atom: Atom) -> Truths:
        """On which days an atom about the day of the step is so."""
        assert variable.column is not None
        classes = self.bench.plan.domains[variable.column].classes
        accepts, maybe = (
            [c for i, c in enumerate(classes) if mask >> i & 1]
            for mask in (atom.accepts, atom.accepts | atom.perhaps)
        )
        yes = no = 0
        for i, day in enumerate(self._days):
            yes |= any(overlap(c, day) for c in accepts) << i
            no |= (not any(overlap(c, day) for c in maybe)) << i
        for i, span in enumerate(self._spans, len(self._days)):
            ends = self._ends(span)
            day = days(*[date.fromordinal(ends[variable.column[0] == "delivery"])] * 2)
            yes |= any(overlap(c, day) for c in accepts) << i
            no |= (not any(overlap(c, day) for c in maybe)) << i
        return Truths(DAY, self._any_day, yes, no)

    @property
    def _any_day(self) -> int:
        """All days, and all spans from one to another that are looked at."""
        return (1 << len(self._days) + len(self._spans)) - 1

    def at(
        self, point: Box, asked: Sequence[Asked], good: Callable[[Run], bool], *, lean: bool = True
    ) -> Tried | None:
        """A scenario that says what lies in the box and (`lean`) no more; None if it is not good when it is
        judged."""
        found = {key: mask & -mask for key, mask in point.items() if key != DAY}
        worked_out: set[str] = set()
        for index, at in asked:
            case, keys = self._joint(at).grounded(index)
            for key, variable in zip(keys, case.variables, strict=True):
                if _is_derived(key) and variable.cell is not None and variable.now != variable.free:
                    worked_out.update(fact.path for fact in variable.cell.facts)
        try:
            data, moved = self._filled(found, self._today(point.get(DAY)))
        except Unwritable:
            return None
        data["transfers"][-1] |= self._span(point.get(DAY))
        readings = self._readings(found)
        cited = worked_out.union(_places(found, moved))
        for kept in (cited, cited | _closed(cited)) if lean else (None,):
            said = data if kept is None else only(data, kept)
            run = self.judged(said, readings, asked)
            if run is not None and good(run):
                return Tried(said, readings, run)
        return None

    def _span(self, mask: int | None) -> Mapping[str, str]:
        """From which day to which a step runs, where no single day of the mask will do."""
        single = (1 << len(self._days)) - 1
        if mask is None or mask & single or not mask:
            return {}
        span = self._spans[(mask >> len(self._days)).bit_length() - 1]
        return {
            name: date.fromordinal(day).isoformat() for name, day in zip(DAYS, self._ends(span), strict=True)
        }

    def _ends(self, span: Amounts) -> tuple[int, int]:
        """The first and the last day of a span, beyond all that is told apart where it has none."""
        edges = [int(n) for day in self._days for n in (day.low, day.high) if n is not None]
        edges = edges or [USUAL.toordinal()]
        return int(span.low or min(edges) - 366), int(span.high or max(edges) + 366)

    def _today(self, mask: int | None) -> Amounts:
        """One of the days of the mask, as near to the usual one as can be."""
        usual = USUAL.toordinal()
        days = [day for i, day in enumerate(self._days) if mask is None or mask >> i & 1]
        return min(
            days or self._days,
            key=lambda day: max((day.low or usual) - usual, usual - (day.high or usual), 0),
        )

    @property
    def single_days(self) -> int:
        """Of what is kept of days, the days themselves."""
        return (1 << len(self._days)) - 1

    def usual_day(self, mask: int | None) -> str:
        """One of the days of the mask, as it is written."""
        return written_day(self._today(mask))

    def _readings(self, found: Mapping[Key, int]) -> dict[str, str]:
        return {
            str(key[1][0]): self._answer(str(key[1][0]), mask)
            for key, mask in found.items()
            if isinstance(key, tuple) and key[0] == "reading"
        }

    # --- one try ---

    def _possible(self, assumed: Sequence[Literal], asked: Sequence[Asked]) -> bool:
        """Whether it is possible; found with as little in it as can be."""
        if not self.circuit.possible(assumed, self.budget):
            return False
        absent = [
            -self.circuit.among(thing.choice, 0b01)
            for key, thing in self._in_play(asked).items()
            if isinstance(key, tuple) and key[0] in ("there", "derived there")
        ]
        absent += [
            -answered_yes(self.circuit, self.bench.plan, thing)  # of no more papers than are needed
            for key, thing in self._in_play(asked).items()
            if isinstance(key, tuple) and key[0] == "derived" and isinstance(key[2][0], Covered | Owned)
        ]
        for well in (self._usual_classes, self._writable_classes):
            absent += [
                self.circuit.among(thing.choice, well(key[2]))
                for key, thing in self._in_play(asked).items()
                if isinstance(key, tuple) and key[0] == "fact"
            ]
        absent.append(self.circuit.among(self._day, self._near))
        while not self.circuit.possible((*assumed, *absent), self.budget):
            against = self.circuit.against()
            absent = [literal for literal in absent if literal not in against]
        return True

    def _tried(self, asked: Sequence[Asked]) -> Tried | None:
        """The scenario last found possible, judged; None, with something learnt, if it is no scenario."""
        found = {key: self.circuit.found(thing.choice) for key, thing in self._in_play(asked).items()}
        try:
            data, moved = self._filled(found, self._days[self.circuit.found(self._day).bit_length() - 1])
        except Unwritable:
            self._not_again(found)
            raise
        readings = self._readings(found)
        run = self.judged(data, readings, asked)
        if run is None or run.derived is None:
            self._not_again(found)
            return None
        if not self._learnt(asked, found, run.derived, moved):
            self._not_again(found)
        return Tried(data, readings, run)

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

    def smaller(self, tried: Tried, asked: Sequence[Asked], good: Callable[[Run], bool]) -> Tried:
        """The same with everything left out that it shows the same without, while there are tries left."""

        def shows(data: Data) -> bool:
            run = self.judged(data, readings, asked)
            return run is not None and good(run)

        readings = dict(tried.readings)
        for name in tried.readings:
            given = readings.pop(name)
            if not shows(tried.data):
                readings[name] = given
        whole = self.judged(tried.data, readings, asked, proved=True)
        cited = _cited(whole) if whole is not None else frozenset[str]()
        tries = min(MOST_SHRINKING, self.shrinking)
        data, left = shrunk(tried.data, shows, cited, tries)
        self.shrinking -= tries - left
        run = self.judged(data, readings, asked)
        return tried if run is None else Tried(data, readings, run)

    def _narrowed(self, indices: Iterable[int]) -> AskedFor:
        """What is to be derived for these rules and the permissions that name them."""
        entries = self.bench.plan.entries
        named = dict.fromkeys(entries[i].rule for index in indices for i in (index, *entries[index].permits))
        rules = tuple(self._derivable[each] for each in named if each in self._derivable)
        return replace(self.bench.asked, rules=rules)

    def _in_play(self, asked: Sequence[Asked]) -> Mapping[Key, Thing]:
        """The choices that the rules look at, and those behind them."""
        keys = {key for index, at in asked for key in self._joint(at).keys(index)}
        return {key: thing for key, thing in self.things.items() if key in keys}

    def _filled(self, found: Mapping[Key, int], day: Amounts) -> tuple[Data, Mapping[str, str]]:
        facts: dict[str, Value] = {}
        wishes: list[Wish] = []
        there: list[str] = []
        for key, mask in found.items():
            match key:
                case ("fact", str(path), (str(name), _) as column) if name not in DAYS or not self._dated(
                    path
                ):
                    facts.setdefault(path, self.value(column, mask))  # type: ignore[arg-type]
                case ("there", str(path)) if mask == 0b01:
                    there.append(path)
                case ("derived there", (_, str(name), *_) as of) if mask == 0b01:
                    wishes.append(Wish(name, of, Terms(YES_NO, frozenset({"yes"}))))  # type: ignore[arg-type]
                case ("derived", of, (name, _) as column) if not isinstance(name, InForce):
                    wishes.append(Wish(name, of, self.value(column, mask)))  # type: ignore[arg-type]
                case _:
                    pass
        if self.kind == "agreement":
            there.append("agreements.agreement-1")
        facts = {path: value for path, value in facts.items() if self._is_there(path, there)}
        return filled(self.outline, facts, there, wishes, written_day(day))

    def _is_there(self, path: str, there: Iterable[str]) -> bool:
        """Whether a fact is not one of a value of a list, or that value is there."""
        return path not in self.outline.optional or path in there

    def value(self, column: Column, mask: int) -> Value:
        """The last of these classes of values."""
        value = self.bench.plan.domains[column].classes[mask.bit_length() - 1]
        if mask & self._writable_classes(column) or not isinstance(value, Terms) or value.within is None:
            return value
        return Terms(value.tree, value.within)

    def stated(self, key: Key, mask: int) -> int:
        """Of these values of a fact, those of which a scenario can say that it is one of these."""
        if not isinstance(key, tuple) or key[0] != "fact":
            return mask
        domain = self.bench.plan.domains[key[2]]
        found = mask & self._writable_classes(key[2])
        for i in bits(mask & ~found):
            value = domain.classes[i]
            if isinstance(value, Terms) and value.within is not None:
                found |= 0 if domain.mask(Terms(value.tree, value.within)) & ~mask else 1 << i
            elif key[2][0] != "value":  # of no word: what it is not is said
                found |= 1 << i if written(value) is not None else 0
        return found

    def sayable(self, point: Box) -> Box:
        """What of a point can be said in words; of the rest nothing is."""
        return {
            key: mask
            for key, mask in point.items()
            if not isinstance(key, tuple)
            or key[0] != "fact"
            or (plausible if key[2][0] == "value" else written)(self.value(key[2], mask)) is not None
        }

    def _answer(self, name: str, mask: int) -> str:
        return self.bench.plan.answers[name][mask.bit_length() - 1]

    # --- what is learnt ---

    def _not_again(self, found: Mapping[Key, int]) -> None:
        things = self.things
        again = (-self.circuit.among(things[key].choice, mask) for key, mask in found.items())
        self.circuit.say(-self._search, *again)

    def _learnt(
        self, asked: Sequence[Asked], found: Mapping[Key, int], derived: Derived, moved: Mapping[str, str]
    ) -> bool:
        """Learns what came out otherwise than was taken for granted; whether there was anything."""
        subjects = subjects_of(derived, self.kind)
        memo = Memo(self.bench.plan, {})
        learnt = False
        for index, at in asked:
            subject = subjects[at]
            for variable in ground_entry(self.bench.plan, index, subject.row, {}, memo).variables:
                key = self._key(subject.label, variable)
                if not isinstance(key, tuple) or not str(key[0]).startswith("derived") or key not in found:
                    continue
                if variable.now & ~found[key]:
                    learnt |= self._lesson(key, variable, found, moved)
        return learnt

    def _lesson(
        self, key: Key, variable: Variable, found: Mapping[Key, int], moved: Mapping[str, str]
    ) -> bool:
        """That the facts which a derived one follows from give what they gave."""
        assert variable.cell is not None
        because: list[Literal] = []
        cited = {_moved(fact.path, moved) for fact in variable.cell.facts}
        for other, mask in found.items():
            match other:
                case ("fact" | "there", str(path), *_) if path in cited or path.rpartition(".")[0] in cited:
                    cited.discard(path)
                    because.append(-self.circuit.among(self.things[other].choice, mask))
                case _:
                    pass
        choice = self.things[key].choice
        if variable.now & found[key]:  # it cannot be told: not to be relied on here
            self.circuit.say(-self._search, *because, -self.circuit.among(choice, found[key]))
        elif because:
            # what was written down for this one scenario alone teaches nothing of others
            only_here = [] if cited <= self._drawn else [-self._search]
            self.circuit.say(*only_here, *because, self.circuit.among(choice, variable.now))
        else:
            return False
        return True

    # --- what stands for one and the same thing ---

    def _key(self, label: str, variable: Variable) -> Key | None:
        cell = variable.cell
        match variable.sort:
            case "reading" | "open":
                return (variable.sort, variable.path)
            case "presence":
                assert cell is not None
                last = variable.rows[-1]
                about = last.cells["value"].about if last.shape == "value" else cell.about
                return (
                    ("there", about)
                    if about in self.outline.optional
                    else ("derived there", (label, *_names(variable)))
                )
            case "field":
                assert cell is not None
                assert variable.column is not None
                name = variable.column[0]
                if isinstance(name, Owned) and not variable.rows[-1].name:
                    return UNWRITABLE
                if not isinstance(name, str) or name in _DERIVED:
                    return ("derived", (label, *_names(variable)), variable.column)
                if name in self._unsaid:
                    return UNWRITABLE
                if name == "country" and cell.about.endswith(".place_of_use"):
                    return ("fact", cell.about, (*variable.column[:1], variable.column[1]))
                stated = name == "value" or cell.about.endswith(f".{name}")
                return ("fact", cell.about, variable.column) if stated else UNWRITABLE
            case _:
                return None

    # --- what derived facts have to do with each other ---

    def _relate(self, key: Key, thing: Thing) -> None:
        match key:
            case ("fact", str(path), (name, _)) if name in DAYS and self._dated(path):
                classes = self.bench.plan.domains[thing.variable.column].classes  # type: ignore[index]
                self._by_day(thing, lambda day: sum(1 << i for i, c in enumerate(classes) if overlap(c, day)))
            case ("fact", str(path), (name, _)) if name in DAYS:
                self._in_order(path.rpartition(".")[0])
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

    def _in_order(self, step: str) -> None:
        """No delivery of a step is written down that lies before its contract."""
        contract, delivery = (
            [thing for key, thing in self.things.items() if key[:2] == ("fact", f"{step}.{day}")]  # type: ignore[index]
            for day in DAYS
        )
        for one, other in product(contract, delivery):
            for i, begun in self._written(one):
                late = sum(1 << j for j, done in self._written(other) if done < begun)
                self.circuit.say(
                    -self.circuit.among(one.choice, 1 << i), -self.circuit.among(other.choice, late)
                )

    def _written(self, thing: Thing) -> Iterator[tuple[int, str]]:
        """The values of a thing as they are written."""
        assert thing.variable.column is not None
        for i, value in enumerate(self.bench.plan.domains[thing.variable.column].classes):
            if (text := plausible(value)) is not None:
                yield i, text

    def _there(self, path: str) -> Literal:
        return self.circuit.among(self.things["there", path].choice, 0b01)

    def _writable(self, key: Key, thing: Thing) -> None:
        """Facts have values that can be written down."""
        if isinstance(key, tuple) and key[0] == "fact" and thing.variable.column is not None:
            column = thing.variable.column
            able = self._writable_classes(column)
            if column[0] != "value":
                classes = enumerate(self.bench.plan.domains[column].classes)
                able |= sum(1 << i for i, c in classes if written(c) is not None)
            self.circuit.say(self.circuit.among(thing.choice, able))

    def _writable_classes(self, column: Column) -> int:
        if column not in self._texts:
            classes = self.bench.plan.domains[column].classes
            self._texts[column] = sum(1 << i for i, c in enumerate(classes) if plausible(c) is not None)
        return self._texts[column]

    def _usual_classes(self, column: Column) -> int:
        """The classes of which a value is as people meet it."""
        if column not in self._usual:
            classes = self.bench.plan.domains[column].classes
            self._usual[column] = sum(1 << i for i, c in enumerate(classes) if usual(c))
        return self._usual[column]

    @cached_property
    def _near(self) -> int:
        """The day that is usual."""
        return 1 << self._days.index(self._today(None))

    def _dated(self, path: str) -> bool:
        """Whether it is a day of the step that is looked at, which has the scenario's date."""
        return path.rpartition(".")[0] == f"transfers.{len(self.outline.scenario.transfers)}"

    def _by_day(self, thing: Thing, values: Callable[[Amounts], int]) -> None:
        for i, day in enumerate(self._days):
            here = self.circuit.among(self._day, 1 << i)
            self.circuit.say(-here, self.circuit.among(thing.choice, values(day)))

    def _told(self, variable: Variable, atom: Atom) -> Rails | None:
        """Whether a rule is in force follows from the day."""
        if variable.column is None or not isinstance(variable.column[0], InForce):
            return None
        told = self._by_days(variable.column, atom)
        return Rails(self.circuit.among(self._day, told.yes), self.circuit.among(self._day, told.no))

    def _by_days(self, column: Column, atom: Atom) -> Truths:
        """On which days a rule is in force."""
        assert isinstance(column[0], InForce)
        named = column[0].rule
        if named not in self._running:
            self._running[named] = running(self._by_name[named], self._days, self._spans)
        classes = self.bench.plan.domains[column].classes
        yes = no = 0
        for truth, then in self._running[named].items():
            value = answer(truth, "").value
            values = sum(1 << n for n, c in enumerate(classes) if overlap(c, value))
            inside, outside = values & atom.accepts, values & ~atom.accepts
            yes |= then if inside and not outside else 0
            no |= then if outside and not inside else 0
        return Truths(DAY, self._any_day, yes, no)


def subjects_of(derived: Derived, kind: str) -> tuple[Subject, ...]:
    """The subjects of that kind, in their order."""
    return tuple(subject for subject in derived.subjects if subject.kind == kind)


def _names(variable: Variable) -> tuple[str, ...]:
    """Where a variable stands, rows by their names."""
    names: list[str] = []
    depth = 0
    for step in variable.path if variable.sort != "field" else variable.path[:-1]:
        if isinstance(step, int):
            names.append(_name(variable.rows[depth]) or str(step))
        else:
            names.append(step)
            depth += 1
    return (*names, variable.rows[-1].name)


def _name(row: Row) -> str:
    """What a row is called, or what it follows from: where it stands changes with the rows before it."""
    return row.name or (row.present.about if row.present is not None else "")


def _cited(run: Run) -> frozenset[str]:
    """The paths of the facts that what was concluded rests on."""
    assert run.conclusion is not None
    premises = [p for finding in run.conclusion.findings for under in finding.under for p in under.premises]
    premises += [p for effect in run.conclusion.effects for p in effect.premises]
    cells = (premise.point.cell for premise in premises)
    return frozenset(fact.path for cell in cells if cell is not None for fact in cell.facts)


def _subject_of(key: Key) -> Key:
    return key[1] if isinstance(key, tuple) and key[0] == "derived" else key


def _places(found: Mapping[Key, int], moved: Mapping[str, str]) -> frozenset[str]:
    """Where in the scenario that was written what was found stands."""
    now = {old: new for new, old in moved.items()}
    places = set[str]()
    for key, mask in found.items():
        match key:
            case ("fact", str(path), *_):
                places.add(now.get(path, path))
            case ("there", str(path)) if mask == 0b01:
                places.add(now.get(path, path))
            case ("there", str(path)):
                places.add(path.rpartition(".")[0])  # there are no more
            case _:
                pass
    return frozenset(places)


def _closed(places: Iterable[str]) -> frozenset[str]:
    """That the lists which have an element at one of the places have no more of them."""
    lists = (place.rpartition(".") for place in places)
    return frozenset(f"{holder}.more" for holder, _, number in lists if number.isdigit())


def _is_derived(key: Key) -> bool:
    return isinstance(key, tuple) and str(key[0]).startswith(("derived", "unwritable"))


def _moved(path: str, moved: Mapping[str, str]) -> str:
    holder = path
    while holder:
        if holder in moved:
            return moved[holder] + path[len(holder) :]
        holder = holder.rpartition(".")[0]
    return path
