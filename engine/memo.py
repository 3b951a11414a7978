"""What was worked out before: of the formulas of a plan for good, of the rows of a scenario for one run."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from redline.engine.case import Case, Variable
from redline.engine.formula import Ground
from redline.engine.further import vectors
from redline.engine.plan import Formula, Plan, Question, by_answer, opposite
from redline.engine.reference import Readings
from redline.rules.facts import Fact
from redline.rules.frozen import dataclass, field
from redline.rules.record import Key, Row


@dataclass(frozen=True, slots=True)
class Brings:
    """What further elements may bring: each a mask of the formulas that some further element meets."""

    vectors: frozenset[int]
    keys: tuple[Key, ...]
    """The cells that limit it, of a row that may stand for others, with facts of their own."""
    facts: tuple[Fact, ...]
    """The facts that limit it, of any other row."""
    known_by: tuple[object, ...]
    """What it is known by, so that it stays alive."""


MOST = 1 << 12
"""How many answers to what lists bring are kept; past it all are thrown away."""


@dataclass(slots=True)
class Learnt:
    """What was worked out of the formulas of a plan, whatever the scenario: kept as long as the plan is.

    Formulas are known by identity: hashing them whole would cost more than it saves.  Each is kept, and where
    two threads make the same the first stands, so that none that is known by identity is ever lost.
    """

    opposites: dict[int, Formula] = field(default_factory=dict)
    answered: dict[tuple[int, Question], tuple[tuple[Formula, Formula], ...]] = field(default_factory=dict)
    brings: dict[Hashable, Brings] = field(default_factory=dict)
    spread: dict[Hashable, set[int]] = field(default_factory=dict)
    kept: list[object] = field(default_factory=list)


@dataclass(slots=True)
class Memo:
    """What was worked out before under one plan and the same readings; one serves a whole run.  `again` gives
    one for the next run of a search.

    Rows are known by identity here, as formulas are.
    """

    plan: Plan
    readings: Readings
    brings: dict[Hashable, Brings] = field(default_factory=dict)
    cases: dict[tuple[int, int], Case] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    """The records of the cases, so that they stay alive."""
    learnt: Learnt = field(init=False)
    """What is kept with the plan."""

    def __post_init__(self) -> None:
        learnt = self.plan.learnt.setdefault("ground", Learnt())
        assert isinstance(learnt, Learnt)
        self.learnt = learnt

    def again(self) -> Memo:
        """The memo for another run."""
        return Memo(self.plan, self.readings)

    def spread(self, formulas: Sequence[Ground], variables: Sequence[Variable]) -> set[int]:
        """`further.vectors` of them."""
        known, key = self.learnt.spread, (tuple(formulas), tuple((v.now, v.blocks) for v in variables))
        found = known.get(key)
        if found is None:
            if len(known) >= MOST:
                known.clear()
            found = known[key] = vectors(formulas, variables)
        return found

    def opposite(self, formula: Formula) -> Formula:
        """The formula that holds where this one does not."""
        learnt = self.learnt
        known = learnt.opposites.get(id(formula))
        if known is None:
            learnt.kept.append(formula)
            known = learnt.opposites.setdefault(id(formula), opposite(formula, self.plan.domains))
        return known

    def by_answer(self, formula: Formula, question: Question) -> tuple[tuple[Formula, Formula], ...]:
        """Each answer to the question, with what the formula comes to under it."""
        learnt, key = self.learnt, (id(formula), question)
        known = learnt.answered.get(key)
        if known is None:
            learnt.kept.append(formula)
            known = learnt.answered.setdefault(key, tuple(by_answer(formula, question, self.plan)))
        return known
