"""Open lines: findings that are undetermined, what would settle them, and what each fact is worth to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import prod

from redline.answers.naming import Naming
from redline.engine.case import Case, Variable
from redline.engine.ground import Memo, ground_entry
from redline.engine.reference import name
from redline.engine.run import Bench, Run, all_subjects
from redline.engine.sharpen import Settling, settling_sets
from redline.rules.finding import Finding, Under
from redline.rules.frozen import dataclass, field
from redline.rules.record import Subject
from redline.rules.verdicts import Verdict

TOGETHER = 0.3
"""What a set of facts that settles only together is worth to each of them, for each that is asked besides."""
Solved = dict[object, tuple[Settling, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """An open line, under one reading: its case, and the smallest sets of facts that would settle it."""

    finding: Finding
    called: str
    case: Case
    sets: tuple[Settling, ...]
    places: tuple[str, ...]
    """Of each variable of the case: the path at which it is stated."""


@dataclass(slots=True)
class Asked:
    """What is gathered of one place."""

    variables: list[tuple[Line, int]] = field(default_factory=list)
    lines: dict[str, None] = field(default_factory=dict)
    worth: float = 0.0
    phantom: Subject | None = None


def lines_of(
    bench: Bench, run: Run, words: Naming, findings: Sequence[Finding], solved: Solved
) -> Iterator[Line]:
    """Every open line, once for each reading under which it is open."""
    assert run.derived is not None
    assert run.supported is not None
    backed = {
        id(one): other
        for one, other in zip(all_subjects(run.derived), all_subjects(run.supported), strict=True)
    }
    memo = Memo(bench.plan, bench.readings)
    index = {entry.rule: i for i, entry in enumerate(bench.plan.entries)}
    for finding in findings:
        if finding.subject.phantom:
            continue
        row = backed[id(finding.subject)].row
        case = ground_entry(bench.plan, index[name(finding.rule)], row, bench.readings, memo)
        for under in finding.under:
            if under.verdict is not Verdict.UNDETERMINED:
                continue
            masks = _answered(case, under)
            key = (name(finding.rule), case.formulas, tuple(masks), tuple(v.blocks for v in case.variables))
            if key not in solved:
                solved[key] = settling_sets(case, masks)[0]
            sets = tuple(s for s in solved[key] if s.variables)
            if sets:
                places = tuple(place_of(v) for v in case.variables)
                yield Line(finding, words.subject(finding.subject), case, sets, places)


def _answered(case: Case, under: Under) -> list[int]:
    """What is known of the case, with the reading's answers."""
    masks = case.masks
    for i, variable in enumerate(case.variables):
        answer = under.answers.get(str(variable.path[0])) if variable.sort == "reading" else None
        if answer is not None:
            masks[i] = 1 << variable.values.index(answer)
    return masks


def place_of(variable: Variable) -> str:
    """Where the fact would be stated; empty for what no scenario states."""
    if variable.cell is None or variable.sort in ("reading", "open"):
        return ""
    return variable.cell.about.removesuffix(".more")


def place_of_phantom(subject: Subject) -> str:
    """Where what may be there besides would be stated."""
    return "" if subject.row.present is None else subject.row.present.about.removesuffix(".more")


def worth_of(line: Line, not_known: Collection[str]) -> Mapping[str, float]:
    """What each place is worth to the line."""
    found: dict[str, float] = {}
    for each in line.sets:
        places = {line.places[i] for i in each.variables}
        if "" in places or not places.isdisjoint(not_known):
            continue  # it takes an answer to an interpretation, or one that cannot be had
        live = prod(line.case.variables[i].now.bit_count() for i in each.variables)
        settled = sum(prod(mask.bit_count() for mask in values) for values, _ in each.outcomes)
        share = settled / max(live, 1)
        worth = share * TOGETHER ** (len(places) - 1)
        for place in places:
            found[place] = 1 - (1 - found.get(place, 0.0)) * (1 - min(worth, 1.0))
    return found
