"""The calendar of an outline: its days, as far as rules tell them apart, and what holds on which of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from redline.analysis.boxes import Truths
from redline.analysis.keys import DAY
from redline.analysis.witness_days import DAYS, USUAL, cut_days, running, whole_spans, written_day
from redline.engine.case import Variable
from redline.engine.cells import answer
from redline.engine.formula import Atom
from redline.engine.plan import Column, Plan
from redline.engine.reference import name
from redline.rules.condition import InForce
from redline.rules.policy import Rule
from redline.rules.quantities import days
from redline.rules.truth import Truth
from redline.rules.values import Amounts, overlap


class Calendar:
    """The days that rules tell apart, and the spans from one to another that are looked at; in a mask of them
    the days come first."""

    def __init__(self, rules: Iterable[Rule], plan: Plan) -> None:
        self._rules = {name(rule): rule for rule in rules}
        self._domains = plan.domains
        self.days = cut_days(self._rules.values(), plan)
        self.spans = whole_spans(self._rules.values(), self.days)
        self.single = (1 << len(self.days)) - 1
        """Of what is kept of days, the days themselves."""
        self.all = (1 << len(self.days) + len(self.spans)) - 1
        self.near = 1 << self.days.index(self.today(None))
        """The day that is usual."""
        self._running: dict[str, Mapping[Truth, int]] = {}

    def today(self, mask: int | None) -> Amounts:
        """One of the days of the mask, as near to the usual one as can be."""
        usual = USUAL.toordinal()
        found = [day for i, day in enumerate(self.days) if mask is None or mask >> i & 1]
        return min(
            found or self.days,
            key=lambda day: max((day.low or usual) - usual, usual - (day.high or usual), 0),
        )

    def usual_day(self, mask: int | None) -> str:
        """The same, as it is written."""
        return written_day(self.today(mask))

    def span(self, mask: int | None) -> Mapping[str, str]:
        """From which day to which a step runs, where no single day of the mask will do."""
        if mask is None or mask & self.single or not mask:
            return {}
        span = self.spans[(mask >> len(self.days)).bit_length() - 1]
        return {
            name: date.fromordinal(day).isoformat() for name, day in zip(DAYS, self._ends(span), strict=True)
        }

    def _ends(self, span: Amounts) -> tuple[int, int]:
        """The first and the last day of a span, beyond all that is told apart where it has none."""
        edges = [int(n) for day in self.days for n in (day.low, day.high) if n is not None]
        edges = edges or [USUAL.toordinal()]
        return int(span.low or min(edges) - 366), int(span.high or max(edges) + 366)

    def on_days(self, variable: Variable, atom: Atom) -> Truths:
        """On which days an atom about the day of the step is so."""
        assert variable.column is not None
        classes = self._domains[variable.column].classes
        accepts, maybe = (
            [c for i, c in enumerate(classes) if mask >> i & 1]
            for mask in (atom.accepts, atom.accepts | atom.perhaps)
        )
        yes = no = 0
        for i, day in enumerate(self.days):
            yes |= any(overlap(c, day) for c in accepts) << i
            no |= (not any(overlap(c, day) for c in maybe)) << i
        for i, span in enumerate(self.spans, len(self.days)):
            ends = self._ends(span)
            day = days(*[date.fromordinal(ends[variable.column[0] == "delivery"])] * 2)
            yes |= any(overlap(c, day) for c in accepts) << i
            no |= (not any(overlap(c, day) for c in maybe)) << i
        return Truths(DAY, self.all, yes, no)

    def in_force(self, column: Column, atom: Atom) -> Truths:
        """On which days an atom about a rule's being in force is so."""
        assert isinstance(column[0], InForce)
        named = column[0].rule
        if named not in self._running:
            self._running[named] = running(self._rules[named], self.days, self.spans)
        classes = self._domains[column].classes
        yes = no = 0
        for truth, then in self._running[named].items():
            value = answer(truth, "").value
            values = sum(1 << n for n, c in enumerate(classes) if overlap(c, value))
            inside, outside = values & atom.accepts, values & ~atom.accepts
            yes |= then if inside and not outside else 0
            no |= then if outside and not inside else 0
        return Truths(DAY, self.all, yes, no)

    def by_one_day(self, rule: str) -> bool:
        """Whether a rule is in force, or not, by each single day that lies in its stretches."""
        return not any(self._rules[rule].running)
