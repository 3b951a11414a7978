"""A scenario brought nearer, fact by fact, to one in which a rule speaks: where the solver finds none, since
what it chooses is worked out from facts that it does not choose.

How far a rule is from speaking is counted on the rule as it is grounded on the scenario: by the comparisons
that do not come out as they should, and by the lists in which something is missing.  Facts that a comparison
looks at are written where it looks; what is asked of the catalogue is constructed; and the moves of the menu
are tried.  The search is bounded by counting, so that it comes out alike on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice

from redline.analysis.plausible import plausible
from redline.engine.assume import assume
from redline.engine.case import Case
from redline.engine.check_scenario import check_scenario
from redline.engine.derive import derive
from redline.engine.edits import edit
from redline.engine.formula import Atom, Both, Either, Ground
from redline.engine.ground import Memo, ground_entry
from redline.engine.plain import document_of
from redline.engine.plan import Column
from redline.engine.run import Bench
from redline.engine.scenarios import scenario_from
from redline.rules.frozen import dataclass
from redline.rules.node import Text
from redline.rules.problems import errors
from redline.rules.verdicts import Kind
from redline.testing.apply import applied
from redline.testing.construct import constructed
from redline.testing.menu import Menu
from redline.testing.moves import NEUTRAL, Move
from redline.testing.values import Values
from redline.testing.written import Mapped, data, mapped, node

ROUNDS = 6
"""How many facts are written at most, one after the other."""
IDLE = 1
"""How many rounds may come no nearer, one after the other."""
KEPT = 3
"""From how many scenarios, those that are nearest, it is gone on."""
TRIED = 110
"""How many changes of one scenario are tried."""
WRITTEN = 70
"""How many of them, at most, are facts written where a comparison looks."""
_NOTHING_THERE = 7
"""How far it is to an element that is not in a list."""
_NOWHERE = 10_000

_CLOSED: Mapped = {
    **{key: each for key, each in NEUTRAL.items() if key != "assume"},
    "assume": [
        "recipient_is_end_user",
        "used_where_received",
        "no_other_papers",
        "no_agreements",
        "no_flags",
    ],
    "parties": {
        "sender": {"country": "IT", "owners": "none", "nationalities": "none"},
        "recipient": {"country": "IN", "owners": "none", "nationalities": "none"},
    },
    "items": {"item": {"form": "hardware", "contains": "none", "made_with": "none"}},
}
"""The neutral scenario with lists in which there certainly is nothing."""
_DEEP: Mapped = {
    **_CLOSED,
    "items": {
        "item": {"contains": [{"item": "part", "share": "50%"}], "made_with": "none"},
        "part": {"contains": [{"item": "inner", "share": "50%"}], "made_with": "none"},
        "inner": {"contains": "none", "made_with": "none"},
    },
}
"""The same with a part inside a part."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What a variable stands for, and the values (a mask) of which it should have one."""

    sort: str
    about: str
    column: Column | None
    right: int


@dataclass(frozen=True)
class Near:
    """A scenario, how far the rule is from speaking in it, and what should be otherwise."""

    far: int
    scenario: Mapped
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class Mending:
    """The search for a scenario in which the rule of that place in the plan speaks."""

    bench: Bench
    """With that rule, and the permissions that name it, alone."""
    index: int
    certain: bool
    """Whether it is to speak certainly; else an open question may keep it from that."""

    def found(self, starts: Sequence[Mapped], good: Callable[[Mapped], bool]) -> Mapped | None:
        """A scenario that is good, sought from these, from the neutral one and from closed ones."""
        seen: set[str] = set()
        first = [each for each in (*starts, NEUTRAL, _CLOSED, _DEEP) if _new(each, seen)]
        near = sorted(map(self._near, first), key=_distance)[:KEPT]
        idle = 0
        for _ in range(ROUNDS):
            further: list[Near] = []
            for one in near:
                for changed in self._changed(one, seen):
                    further.append(self._near(changed))
                    if not further[-1].far and good(changed):
                        return changed
            before = near[0].far
            near = sorted((*further, *near), key=_distance)[:KEPT]
            idle = 0 if near[0].far < before else idle + 1
            if not further or idle > IDLE:
                break
        return None

    @cached_property
    def _values(self) -> Values:
        return Values(self.bench)

    @cached_property
    def _moves(self) -> tuple[Move, ...]:
        """The moves of the menu, of each place some before more of any."""
        places = [iter(place) for place in Menu(self.bench).places]
        found: list[Move] = []
        while places:
            left = []
            for place in places:
                some = list(islice(place, 8))
                found += some
                left += [place] * bool(some)
            places = left
        return tuple(found)

    def _changed(self, near: Near, seen: set[str]) -> Iterator[Mapped]:
        written = (each for lack in near.lacks for each in self._written(near.scenario, lack))
        moved = (applied(near.scenario, move) for move in self._moves)
        made = chain(islice(written, WRITTEN), moved)
        yield from islice((each for each in made if _new(each, seen)), TRIED)

    def _written(self, scenario: Mapped, lack: Lack) -> Iterator[Mapped]:
        """The scenario with a fact written where the variable looks."""
        if lack.sort == "rest":
            yield from _edited(scenario, lack.about, "none")
        elif lack.column is not None and not isinstance(lack.column[0], str):
            yield from constructed(scenario, lack.column[0], lack.about, self._values)
        elif lack.sort == "field" and lack.column is not None:
            classes = self.bench.plan.domains[lack.column].classes
            texts = (plausible(each) for number, each in enumerate(classes) if lack.right >> number & 1)
            for text in islice((each for each in texts if each is not None), 4):
                yield from _edited(scenario, lack.about, text)

    def _near(self, written: Mapped) -> Near:
        scenario, problems = scenario_from(document_of(written), self.bench.library.lexicon)
        if scenario is None or errors(problems):
            return Near(_NOWHERE, written)
        scenario = assume(scenario)
        if errors(check_scenario(scenario)):
            return Near(_NOWHERE, written)
        memo = Memo(self.bench.plan, self.bench.readings)
        kind = self.bench.plan.entries[self.index].subject
        rows = [s.row for s in derive(scenario, self.bench.asked).subjects if s.kind == kind]
        cases = [ground_entry(self.bench.plan, self.index, row, self.bench.readings, memo) for row in rows]
        each = [self._of(case) for case in cases]
        far, lacks = min(each, key=lambda found: found[0], default=(_NOWHERE - 1, ()))
        return Near(far, written, lacks)

    def _of(self, case: Case) -> tuple[int, tuple[Lack, ...]]:
        parts = [(case.bound, True), (case.when, True), (case.unless, False)]
        parts += [(permit, False) for _, permit in case.permits]
        if case.entry.kind is Kind.REQUIRES:
            parts.append((case.met, False))
        each = [self._lacking(case, part, so=so) for part, so in parts]
        return sum(far for far, _ in each), tuple(dict.fromkeys(lack for _, lacks in each for lack in lacks))

    def _lacking(self, case: Case, ground: Ground, *, so: bool) -> tuple[int, tuple[Lack, ...]]:
        """How far a formula is from being so (or, not `so`, from being not), and what should be otherwise."""
        match ground:
            case Atom(number, accepts, perhaps):
                variable = case.variables[number]
                if variable.sort == "reading" or (variable.sort == "open" and not self.certain):
                    return 0, ()
                right = accepts if so else variable.free & ~(accepts | perhaps)
                if not variable.now & ~right:
                    return 0, ()
                about = "" if variable.cell is None else variable.cell.about
                lack = Lack(variable.sort, about, variable.column, right)
                return (2 if variable.now & right else 3), (lack,) if about else ()
            case Both(parts) | Either(parts):
                each = [self._lacking(case, part, so=so) for part in parts]
                lacks = tuple(lack for _, lacks in each for lack in lacks)
                if isinstance(ground, Both) is so:
                    return sum(far for far, _ in each), lacks
                nearest = min((far for far, _ in each), default=_NOTHING_THERE)
                return min(nearest, _NOTHING_THERE), lacks if nearest else ()


def _distance(near: Near) -> int:
    return near.far


def _new(scenario: Mapped, seen: set[str]) -> bool:
    """Whether the scenario was not met before; now it was."""
    key = json.dumps(scenario, sort_keys=True)
    fresh = key not in seen
    seen.add(key)
    return fresh


def _edited(scenario: Mapped, path: str, text: str) -> Iterator[Mapped]:
    """The scenario with that text there; nothing where there is no such place."""
    root, problems = edit(node(scenario), [(path, Text(text))])
    if not problems:
        yield mapped(data(root))
