"""Whether some rules can bind more than others at all: asked of a record of which nothing is known.

Every field there is independent of every other, each list has as many places as there are quantifiers over
it, each interpretation any answer and each open question either; on both rails, so that what is left in
doubt by a list is compared too.  What is impossible there is impossible in every scenario.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import combinations, permutations

from redline.analysis.diff_alike import together, validity
from redline.analysis.joint import Joint, Key, Said, Thing, at_path
from redline.analysis.paper import OnPaper
from redline.analysis.relations import follows, relate
from redline.analysis.slots import slotted
from redline.engine.case import Variable
from redline.engine.circuit import Budget, Circuit, GaveUp, Literal, Rails
from redline.engine.plan import Entry, listed
from redline.engine.reference import IS_YES, name
from redline.engine.run import Bench
from redline.engine.sharpen import STEPS
from redline.rules.condition import InForce, Query
from redline.rules.evidence import Proved, Undetermined
from redline.rules.frozen import dataclass, field
from redline.rules.policy import Rule
from redline.rules.record import Row
from redline.rules.verdicts import Kind

MOST = 4
"""How many places a list has at most; where more were needed, the proof says its bound."""
EFFECTS = (Kind.PERMITS, Kind.FLAGS)


def more(
    circuit: Circuit, said: Callable[[int], Said], rules: Rules, low: Sequence[int], high: Sequence[int]
) -> Literal:
    """That the rules of `high` bind more than those of `low`: certainly more, or perhaps where the others
    certainly do not."""
    found = []
    for level in (1, 2):
        less, greater = (_at_least(circuit, said, rules, side, level) for side in (low, high))
        found += [circuit.both((greater.yes, -less.yes)), circuit.both((-greater.no, less.no))]
    return circuit.either(found)


def _at_least(
    circuit: Circuit, said: Callable[[int], Said], rules: Rules, side: Sequence[int], level: int
) -> Rails:
    """Whether some rule calls for an assessment or crosses (level 1), or crosses (2); of permissions and red
    flags, whether some applies."""
    each = []
    for index in side:
        kind = rules.by_index[index].kind
        if kind in EFFECTS:
            each.append(said(index).holds(circuit))
        elif level == 1 or kind is not Kind.WEIGHS:
            each.append(said(index).crosses)
    return circuit.any(each)


@dataclass
class Rules:
    """The rules of a bench by their place in its plan, and by full name."""

    bench: Bench
    by_index: dict[int, Rule] = field(default_factory=dict)
    by_name: dict[str, Rule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_index = dict(self.bench.judging.rules())
        self.by_name = {name(rule): rule for rule in self.by_index.values()}


@dataclass
class Paper:
    """What is possible on paper, of the rules of one bench."""

    rules: Rules
    _rows: dict[object, Row] = field(default_factory=dict)

    def never(
        self, low: Sequence[int], high: Sequence[int], most: int = MOST
    ) -> Proved | Undetermined | None:
        """That `high` never binds more than `low`; None if on paper it does."""
        kind = self.rules.by_index[(*low, *high)[0]].subject
        entries = [self.rules.bench.plan.entries[i] for i in (*low, *high)]
        wanted = _quantified(
            (*entries, *(self.rules.bench.plan.entries[p] for e in entries for p in e.permits))
        )
        places = {each: min(count, most) for each, count in wanted.items()}
        with Circuit("glucose42") as circuit:
            joint = Joint(circuit, self._on_paper.plan, self._row(kind, places), self._key, certain=False)
            literal = more(circuit, joint.said, self.rules, low, high)
            self._in_force(circuit, joint)
            _related(circuit, joint)
            try:
                if circuit.possible([literal], Budget(STEPS)):
                    return None
            except GaveUp:
                return Undetermined("the search was given up")
        cut = any(count > most for count in wanted.values())
        return Proved(f"lists of up to {most} elements" if cut else "")

    @cached_property
    def _on_paper(self) -> OnPaper:
        return OnPaper(self.rules.bench)

    def _row(self, kind: str, places: dict[str, int]) -> Row:
        key = (kind, frozenset(places.items()))
        if key not in self._rows:
            row = slotted(kind, self.rules.bench.asked, places)
            self._rows[key] = self._on_paper.row(row)
        return self._rows[key]

    def _key(self, variable: Variable) -> Key | None:
        if variable.column is not None and isinstance(variable.column[0], InForce):
            return ("in force", validity(self.rules.by_name[variable.column[0].rule]))
        return at_path(variable)

    def _in_force(self, circuit: Circuit, joint: Joint) -> None:
        """Rules are in force together only as some days have it."""
        dated = []
        for key, thing in joint.things.items():
            column = thing.variable.column
            if isinstance(key, tuple) and key[0] == "in force" and column is not None:
                assert isinstance(column[0], InForce)
                mask = joint.plan.domains[column].mask(IS_YES.accepts)
                dated.append((self.rules.by_name[column[0].rule], circuit.among(thing.choice, mask)))
        for (one, is_one), (other, is_other) in combinations(dated, 2):
            for so_one in (True, False):
                for so_other in (True, False):
                    if (so_one, so_other) not in together(one, other):
                        circuit.say(-is_one if so_one else is_one, -is_other if so_other else is_other)


def _related(circuit: Circuit, joint: Joint) -> None:
    """What holds between answers of the catalogue (who owns half owns a quarter) is known, unless one rule
    asks two such questions of one subject: where both are in doubt it takes them for independent."""
    asked = {
        key: (key[0][:-1], thing)
        for key, thing in joint.things.items()
        if isinstance(key, tuple) and isinstance(key[0], tuple)
    }
    for keys in joint.looked_at():
        questions = [(asked[key][0], _query(asked[key][1])) for key in keys if key in asked]
        if any(
            of == at and one != other and one is not None and other is not None and follows(one, other)
            for (of, one), (at, other) in permutations(questions, 2)
        ):
            return
    relate(circuit, joint.plan, asked.values())


def _query(thing: Thing) -> Query | None:
    column = thing.variable.column
    return None if column is None or isinstance(column[0], str) else column[0]


def _quantified(entries: Iterable[Entry]) -> Counter[str]:
    """Of each list, how many quantifiers range over it: no more elements than that can matter at once."""
    return Counter(found for e in entries for formula in e.formulas for found in listed(formula))
