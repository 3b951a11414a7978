"""Sweeps: one or two facts of a scenario over many values, each way judged.

Values that no policy can tell apart are judged once (`sweep_classes`); the changed scenario is written out
and read again before it is judged.  A scenario that contradicts itself has no verdict, and is told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import product

from redline.analysis.sweep_classes import akin, classes
from redline.analysis.sweep_values import OPTION, Axis, axis
from redline.analysis.timeline import Place
from redline.engine.characters import quote
from redline.engine.paths import changed, rewritten
from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench, judge
from redline.engine.scenarios import scenario_from
from redline.rules.facts import Scenario
from redline.rules.frozen import dataclass
from redline.rules.node import Text
from redline.rules.problems import Problem, Refused, Span, errors
from redline.rules.quantities import DATE
from redline.rules.verdicts import Verdict, worst

ASK_FROM = 1_000_000
"""Of more cells than these it is asked first."""
_MOST_AXES = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is found of a cell: the verdict of the whole and of every rule on every subject; or why the
    scenario cannot be so (then there is no verdict, and nothing is found)."""

    verdict: Verdict | None
    found: Mapping[Place, Verdict]
    problems: tuple[Problem, ...] = ()

    @property
    def rules(self) -> Mapping[str, Verdict]:
        """The verdict of each rule."""
        told: dict[str, Verdict] = {}
        for (rule, _, _), verdict in self.found.items():
            told[rule] = worst([verdict, *([told[rule]] if rule in told else [])])
        return told


@dataclass(frozen=True, slots=True)
class Sweep:
    """The axes; what came out, each outcome once; and of each cell, row by row, which of them it is."""

    scenario: str
    axes: tuple[Axis, ...]
    outcomes: tuple[Outcome, ...]
    cells: tuple[int, ...]
    judged: int
    """How many scenarios were judged."""

    def at(self, *numbers: int) -> Outcome:
        """The outcome of a cell by the numbers of its values."""
        return self.outcomes[self.number(*numbers)]

    def number(self, *numbers: int) -> int:
        """Which outcome a cell has."""
        place = 0
        for one, number in zip(self.axes, numbers, strict=True):
            place = place * len(one) + number
        return self.cells[place]

    def all(self) -> Iterator[tuple[tuple[str, ...], Outcome]]:
        """Every cell by its values, row by row."""
        for values, which in zip(product(*(one.values for one in self.axes)), self.cells, strict=True):
            yield values, self.outcomes[which]


def axes_of(bench: Bench, document: Document, texts: Sequence[str]) -> tuple[Axis, ...]:
    """The axes that the texts (`PATH=VALUES`) name.  Raises Refused."""
    span = Span(OPTION, 1, 1, 1)
    if len(texts) > _MOST_AXES:
        message = f"a sweep is over one or two facts, not over {len(texts)}"
        raise Refused([Problem("no-change", message, span, f"give `{OPTION}` once or twice")])
    scenario, problems = scenario_from(document, bench.library.lexicon)
    if scenario is None and errors(problems) and all(p.span.document == document.name for p in problems):
        raise Refused(problems)
    found = tuple(axis(bench, document, text, number) for number, text in enumerate(texts, 1))
    for one, other in product(found, found):
        if one is not other and f"{other.path}.".startswith(f"{one.path}."):
            message = f"{quote(other.path)} is varied twice"
            raise Refused([Problem("no-change", message, span, "vary two different facts")])
    return found


def cells_of(axes: Sequence[Axis]) -> int:
    """How many cells a sweep over these axes has."""
    count = 1
    for each in axes:
        count *= len(each)
    return count


def sweep(
    bench: Bench,
    document: Document,
    axes: Sequence[Axis],
    *,
    each: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Sweep:
    """Every cell judged; `each`: by itself, also where no policy can tell it from another.  `progress` is
    told how many scenarios are judged, of how many."""
    axes = tuple(axes)
    numbers = [range(len(one)) for one in axes]
    keys: list[Hashable]
    if each:
        keys = list(product(*numbers))
    else:
        kinds = _kinds(bench, document, axes)
        keys = [_key(axes, kinds, cell) for cell in product(*numbers)]
    first: dict[Hashable, tuple[int, ...]] = {}
    for key, cell in zip(keys, product(*numbers), strict=True):
        first.setdefault(key, cell)
    outcomes: dict[tuple[object, ...], int] = {}
    told: list[Outcome] = []
    which: dict[Hashable, int] = {}
    progress(0, len(first))
    for done, (key, cell) in enumerate(first.items(), 1):
        outcome = _judged(bench, document, axes, cell)
        same = (outcome.verdict, *sorted(outcome.found.items()), *(p.message for p in outcome.problems))
        if same not in outcomes:
            outcomes[same] = len(told)
            told.append(outcome)
        which[key] = outcomes[same]
        progress(done, len(first))
    return Sweep(document.name, axes, tuple(told), tuple(which[key] for key in keys), len(first))


def _key(axes: Sequence[Axis], kinds: Sequence[Sequence[Hashable]], cell: tuple[int, ...]) -> Hashable:
    if len(axes) == _MOST_AXES and akin(axes[0], cell[0], axes[1], cell[1]):
        return cell
    return "class", *(kind[number] for kind, number in zip(kinds, cell, strict=True))


def _kinds(bench: Bench, document: Document, axes: Sequence[Axis]) -> list[Sequence[Hashable]]:
    scenario = _any_read(bench, document, axes)
    if scenario is None:
        return [one.values for one in axes]
    found: list[Sequence[Hashable]] = []
    for one in axes:
        others = [other for other in axes if other is not one]
        numbered: dict[Hashable, int] = {}
        of = classes(bench, scenario, one, others)
        found.append([numbered.setdefault(kind, len(numbered)) for kind in of])
    return found


def _any_read(bench: Bench, document: Document, axes: Sequence[Axis]) -> Scenario | None:
    """The scenario as read with the first values that it can be read with; a date that moves stands as far
    away as can be, so that it is no day on which something turns."""
    cells = [tuple(min(n, len(one) - 1) for one in axes) for n in range(8)]
    for cell in dict.fromkeys(cells):
        for far in ("9999-12-31", "0001-01-01"):
            changes = [
                (one.path, Text(far if one.type.of == DATE and one.type.sort == "amount" else one.values[n]))
                for one, n in zip(axes, cell, strict=True)
            ]
            edited, problems = changed(document, changes)
            scenario, told = scenario_from(edited, bench.library.lexicon)
            if scenario is not None and not errors((*problems, *told)):
                return scenario
    return None


def _judged(bench: Bench, document: Document, axes: Sequence[Axis], cell: tuple[int, ...]) -> Outcome:
    changes = [(one.path, Text(one.values[n])) for one, n in zip(axes, cell, strict=True)]
    edited, problems = changed(document, changes)
    if errors(problems):
        raise Refused(problems)
    run = judge(bench, rewritten(edited), explained=lambda _: False)
    if run.conclusion is None:
        return Outcome(None, {}, tuple(errors(run.problems)))
    found: dict[Place, Verdict] = {}
    for each in run.conclusion.findings:
        place = (name(each.rule), each.subject.kind, each.subject.label)
        found[place] = worst((each.verdict, *([found[place]] if place in found else [])))
    return Outcome(worst(found.values()), found)
