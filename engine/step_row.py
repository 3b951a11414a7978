"""The record of a step: its transfer, its item and what is in it, whom it reaches, what lies behind it."""

from __future__ import annotations

from redline.engine.agreements import agreements_of, co_developers
from redline.engine.bans import issued
from redline.engine.blanks import blank
from redline.engine.cells import Facts, answer, joined, truth_of
from redline.engine.content import item_meant
from redline.engine.coverage import Scene, attached, covered, paper_rows
from redline.engine.dates import dates
from redline.engine.parts import content
from redline.engine.reach import Roles, crosses_border, parties, reach, roles_in, via
from redline.engine.records import (
    Case,
    cell_of,
    closed_cell,
    day_cells,
    list_of_rows,
    open_list,
    present_cell,
    values_of,
)
from redline.engine.steps import Step, custody_facts, order_of, steps_of
from redline.engine.undertakings import undertaking_rows
from redline.engine.upstream import upstream
from redline.engine.validity import all_in_force
from redline.rules.facts import Entity
from redline.rules.frozen import replace
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.shapes import tree
from redline.rules.truth import TRUE, UNKNOWN


def there(row: Row, entity: Entity) -> Row:
    """The row, in doubt where it is only alleged that there is such a thing."""
    return replace(row, present=answer(UNKNOWN, entity.path)) if entity.doubtful else row


def _frame(case: Case, step: Step) -> tuple[dict[Key, Cell], Roles]:
    """The cells of a transfer, and who takes part in it."""
    return case.kept(("frame", step.transfer, step.nothing), lambda: _framed(case, step))


def _framed(case: Case, step: Step) -> tuple[dict[Key, Cell], Roles]:
    transfer = step.entity
    contract, delivery = dates(case, transfer)
    fields = case.asked.fields("step")
    cells: dict[Key, Cell] = {
        name: cell_of(case, transfer, name, one.type)
        for name, one in fields.items()
        if name != "crosses_border"
    }
    cells |= {"contract": contract, "delivery": delivery}
    cells |= day_cells(case, "step", cells)
    who = roles_in(case, step)
    cells["crosses_border"] = crosses_border(who, transfer.path)
    return cells, who


def _item_of(case: Case, step: Step) -> Row:
    about = f"{step.entity.path}.items"
    row = item_meant(case, step.item, step.item.fact.path if step.item is not None else about)
    if step.nothing:
        listing = step.entity.lists["items"]
        nothing = Rows((), closed_cell(listing, about), row.lists["content"].rest)
        row = replace(row, lists={**row.lists, "content": nothing})
    return row


def _parts(case: Case, step: Step, who: Roles) -> dict[str, Row]:
    """Its item and those who take part in it: of one step the same, however often it lies behind another."""
    return case.kept(("parts", id(step)), lambda: _parts_of(case, step, who))  # the case keeps its steps


def _parts_of(case: Case, step: Step, who: Roles) -> dict[str, Row]:
    found = {"from": who.sender, "to": who.recipient, "by": who.actor, "end_user": who.user}
    return {"item": _item_of(case, step), **{name: someone.row for name, someone in found.items()}}


def step_row(case: Case, number: int) -> Row:
    """The record of a step, by its number in `steps_of`."""
    step = steps_of(case)[number]
    transfer = step.entity
    cells, who = _frame(case, step)
    parts = _parts(case, step, who)
    reached = Rows.late(lambda: reach(case, transfer, who))
    said = {name: cells[name] for name in ("activity", "end_use", "place_of_use")}
    scene = Scene(step, who, said, parts["item"].cells["form"], reached)
    papers = Rows.late(lambda: paper_rows(case, scene))
    behind = Rows.late(lambda: _behind(case, number))
    lists = {
        "content": parts["item"].lists["content"],
        "reach": reached,
        "via": Rows.late(lambda: via(case, transfer, who.day)),
        "upstream": behind,
        "papers": papers,
        "undertakings": Rows.late(lambda: _undertakings(case, scene, number, behind)),
        "agreements": Rows.late(lambda: agreements_of(case, step, who.day)),
        "co_developers": Rows.late(lambda: co_developers(case, step, who.day)),
        "parties": Rows.late(lambda: _participants(case, scene, papers)),
        "knew": _knew(case, transfer),
        "flags": values_of(case, transfer, "flags", tree("flag")),
    }
    answers: dict[Key, Cell] = {query: parts["item"].cells[query] for query in case.asked.shares}
    answers |= {query: covered(case, query, papers, who.day) for query in case.asked.covered}
    answers |= all_in_force(case.asked.rules, "step", cells["contract"], cells["delivery"])
    into = item_meant(case, transfer.references.get("into"), f"{transfer.path}.into")
    row = Row("step", f"step {transfer.id}", {**cells, **answers}, {**parts, "into": into}, lists)
    return replace(row, present=answer(UNKNOWN, f"{transfer.path}.items")) if step.doubtful else row


def _undertakings(case: Case, scene: Scene, number: int, behind: Rows) -> Rows:
    custody, past = _custody(case, number), upstream(case)[number].past
    earlier = [
        (n, TRUE if n in past.sure else UNKNOWN, custody) for n in order_of(case)[0] if n in past.possible
    ]
    return undertaking_rows(case, scene, number, earlier, behind.closed)


def _participants(case: Case, scene: Scene, papers: Rows) -> Rows:
    transfer = scene.step.entity
    listed = [paper for paper, _ in attached(case, transfer)]
    return parties(case, transfer, scene.who, lambda party: issued(case, party, papers, listed))


def _earlier(case: Case, number: int) -> list[tuple[Step, bool]]:
    """The steps behind a step, in their order, and whether each certainly is."""
    past = upstream(case)[number].past
    steps = steps_of(case)
    return [(steps[n], n in past.sure) for n in order_of(case)[0] if n in past.possible]


def _behind(case: Case, number: int) -> Rows:
    step, steps = steps_of(case)[number], steps_of(case)
    facts = _custody(case, number)
    rows = []
    for other, sure in _earlier(case, number):
        cells, who = _frame(case, other)
        fields = case.asked.fields("earlier")
        kept: dict[Key, Cell] = {k: c for k, c in cells.items() if not isinstance(k, str) or k in fields}
        how = f"step {other.entity.id} lies behind step {step.entity.id}"
        present = answer(TRUE if sure else UNKNOWN, other.entity.path, facts, how)
        rows.append(Row("earlier", f"step {other.entity.id}", kept, _parts(case, other, who), {}, present))
    complete = case.scenario.complete.get("transfers")
    rest = blank(case, "earlier", "transfers")
    if complete is None:
        return open_list(rest, "transfers", tuple(rows), stated=bool(steps))
    return list_of_rows(rows, answer(TRUE, "transfers", joined((complete,), facts), complete.says), rest)


def _custody(case: Case, number: int) -> Facts:
    """Everything by which it is known what lies behind a step."""
    step, steps = steps_of(case)[number], steps_of(case)
    inside = [content(case, name) for name in (step.item.names if step.item is not None else ())]
    structure = [f for c in inside for e in c.entries for f in e.facts]
    structure += [
        f
        for c in inside
        for cell in (c.parts_closed, c.tools_closed)
        if truth_of(cell) is TRUE
        for f in cell.facts
    ]
    return joined(*(custody_facts(case, other) for other in steps), structure)


def _knew(case: Case, transfer: Entity) -> Rows:
    about, listing = f"{transfer.path}.knew", transfer.lists.get("knew")
    rows = []
    for number, each in enumerate(listing.elements if listing is not None else ()):
        assert listing is not None
        if isinstance(each, Entity):
            fields = case.asked.fields("knowledge")
            cells: dict[Key, Cell] = {n: cell_of(case, each, n, one.type) for n, one in fields.items()}
            rows.append(Row("knowledge", "", cells, {}, {}, present_cell(listing, number)))
    return list_of_rows(rows, closed_cell(listing, about), blank(case, "knowledge", about))
