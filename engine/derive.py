"""Derivation: from what a scenario states to the records that rules see, one for each subject.

    derive(scenario, asked)      the subjects: every step, item and agreement, and the scenario
    without_alleged(scenario)    the scenario with everything alleged left in doubt

Everything is three-valued and follows from stated facts, which each cell cites.  Where a list of
possible subjects is open, a phantom stands for those that could not be formed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

from redline.engine.agreements import agreement_row
from redline.engine.blanks import blank, unknown_row
from redline.engine.cells import answer, unknown, with_cells
from redline.engine.consistent import inside_themselves
from redline.engine.content import item_row
from redline.engine.coverage import paper_row
from redline.engine.party import party_row
from redline.engine.records import (
    Asked,
    Case,
    day_cells,
    list_of_rows,
)
from redline.engine.step_row import step_row, there
from redline.engine.steps import Step, steps_of
from redline.engine.validity import all_in_force
from redline.engine.without_alleged import without_alleged
from redline.rules.facts import Entity, Grade, Scenario
from redline.rules.frozen import dataclass, replace
from redline.rules.problems import Refused
from redline.rules.record import Cell, Key, Row, Subject
from redline.rules.terms import YES_NO
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.values import Terms
from redline.rules.vocabulary import ASKED

__all__ = ["Asked", "Derived", "derive", "derived", "unknown_row", "without_alleged"]


@dataclass(frozen=True, slots=True)
class Derived:
    """The subjects of a scenario, and the phantoms that stand for those that open lists leave possible."""

    subjects: tuple[Subject, ...]
    phantoms: tuple[Subject, ...] = ()


def derive(scenario: Scenario, asked: Asked) -> Derived:
    """The records of everything that a rule may range over."""
    return derived(Case(scenario, asked))


def derived(case: Case) -> Derived:
    """As `derive`, of a case of which something may have been derived before.

    Refused: an item that contains itself (`inside-itself`), which reading a scenario tells before.
    """
    if problems := tuple(inside_themselves(case.scenario.items, ("contains",))):
        raise Refused(problems)
    steps = tuple(_steps(case))
    found = (*steps, *_items(case), *_agreements(case), _scenario(case, steps))
    return Derived(
        tuple(subject for subject in found if not subject.phantom),
        tuple(subject for subject in found if subject.phantom),
    )


# --- subjects ----------------------------------------------------------------------------------


def _steps(case: Case) -> Iterator[Subject]:
    certain = Counter(step.transfer for step in steps_of(case) if not step.possible)
    for number, step in enumerate(steps_of(case)):
        names = step.item.names if step.item is not None else ()
        label = step.entity.id
        if certain[step.transfer] > 1:
            label = f"{label}, {_called(case, step)}"
        row = step_row(case, number)
        if step.possible:
            label = step.entity.id
            listing = step.entity.lists.get("items")
            about = f"{step.entity.path}.items"
            sure = answer(UNKNOWN, about, stated=listing is not None)
            yield Subject(
                "step",
                f"{label}, an item that is not listed",
                replace(row, present=sure),
                step.transfer,
                None,
                step.entity.span,
                phantom=True,
            )
        else:
            item = names[0] if len(names) == 1 else None
            yield Subject("step", label, row, step.transfer, item, step.entity.span)
    if _may_go_on(case, "transfers"):
        # unlike one that is listed without a date, it may happen on any day
        yield _phantom(case, "step", "transfers", "a step that is not listed", {})


def _may_go_on(case: Case, name: str) -> bool:
    """Whether there may be subjects that are not listed; that there are none may be only alleged."""
    complete = case.scenario.complete.get(name)
    return complete is None or complete.grade is Grade.ALLEGED


def _called(case: Case, step: Step) -> str:
    names = step.item.names if step.item is not None else ()
    return " or ".join(case.scenario.items[name].name for name in names) or "an item that is not known"


def _phantom(case: Case, kind: str, about: str, label: str, cells: Mapping[Key, Cell]) -> Subject:
    row = with_cells(blank(case, kind, about), cells)
    return Subject(kind, label, replace(row, present=answer(UNKNOWN, about, stated=False)), phantom=True)


def _items(case: Case) -> Iterator[Subject]:
    cells = all_in_force(case.asked.rules, "item", case.today, case.today)
    for name, entity in case.scenario.items.items():
        row = Row.late(partial(_item, case, name, entity, cells), shape="item")
        yield Subject("item", name, row, None, name, entity.span)
    if _may_go_on(case, "items"):
        yield _phantom(case, "item", "items", "an item that is not listed", cells)


def _item(case: Case, name: str, entity: Entity, cells: Mapping[Key, Cell]) -> Row:
    return there(with_cells(item_row(case, name), cells), entity)


def _agreements(case: Case) -> Iterator[Subject]:
    cells = all_in_force(case.asked.rules, "agreement", case.today, case.today)
    for name, entity in case.scenario.agreements.items():
        row = Row.late(partial(_agreement, case, entity, cells), shape="agreement")
        yield Subject("agreement", name, row, None, None, entity.span)
    if _may_go_on(case, "agreements"):
        yield _phantom(case, "agreement", "agreements", "an agreement that is not listed", cells)


def _agreement(case: Case, entity: Entity, cells: Mapping[Key, Cell]) -> Row:
    return there(with_cells(agreement_row(case, entity, case.today), cells), entity)


def _scenario(case: Case, steps: tuple[Subject, ...]) -> Subject:
    scenario = case.scenario
    row = Row.late(lambda: _whole(case, steps), shape="scenario", name=scenario.title or scenario.id)
    return Subject("scenario", scenario.id, row, span=scenario.span)


def _whole(case: Case, steps: tuple[Subject, ...]) -> Row:
    scenario, today = case.scenario, case.today
    cells: dict[Key, Cell] = {**all_in_force(case.asked.rules, "scenario", today, today)}
    rows = {
        "steps": [
            _listed(subject.row, step.entity)
            for subject, step in zip(steps, steps_of(case), strict=False)  # a phantom of any step comes last
            if not step.unsupported
        ],
        "items": [_listed(item_row(case, name), each) for name, each in scenario.items.items()],
        "parties": [_listed(party_row(case, name, today), each) for name, each in scenario.parties.items()],
        "agreements": [
            _listed(agreement_row(case, each, today), each) for each in scenario.agreements.values()
        ],
        "papers": [_listed(_paper(case, each), each) for each in scenario.papers.values()],
    }
    lists = {}
    for name, sub in ASKED["scenario"].lists.items():
        key = "transfers" if name == "steps" else name
        complete = scenario.complete.get(key)
        closed = answer(UNKNOWN, key, stated=bool(rows[name]))
        if complete is not None:
            closed = answer(TRUE, key, (complete,), complete.says)
        lists[name] = list_of_rows(rows[name], closed, blank(case, sub.shape, key))
    cells |= day_cells(case, "scenario", cells)
    return Row("scenario", scenario.title or scenario.id, cells, {}, lists)


def _listed(row: Row, entity: Entity) -> Row:
    if entity.doubtful:
        return replace(row, present=answer(UNKNOWN, entity.path))
    facts = (entity.existence,) if entity.existence is not None else ()
    return replace(row, present=row.present or answer(TRUE, entity.path, facts))


def _paper(case: Case, paper: Entity) -> Row:
    """A paper by itself: which step it covers is not asked."""
    covers = unknown(Terms(YES_NO), f"{paper.path}.covers")
    return paper_row(case, paper, case.today, ("covers", covers), None)
