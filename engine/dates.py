"""The days of a transfer: of its contract and of its delivery, stated or the scenario's."""

from __future__ import annotations

from redline.engine.records import Case, cell_of
from redline.rules.facts import Entity
from redline.rules.frozen import replace
from redline.rules.record import Cell
from redline.rules.values import Amounts, Stretch
from redline.rules.vocabulary import ASKED


def dates(case: Case, transfer: Entity) -> tuple[Cell, Cell]:
    """The days of contract and delivery.  A transfer without either takes the scenario's date; a delivery
    is not before its contract."""
    contract, delivery = (
        cell_of(case, transfer, n, ASKED["step"].fields[n].type) for n in ("contract", "delivery")
    )
    match contract.stated, delivery.stated:
        case False, False:
            as_of = case.scenario.as_of
            if as_of is not None and as_of.value is not None:
                how = "no date is given: the date of the scenario"
                contract, delivery = (
                    Cell(as_of.value, c.about, (as_of,), how, stated=False) for c in (contract, delivery)
                )
        case True, False:
            delivery = _bounded(delivery, contract, after=True)
        case False, True:
            contract = _bounded(contract, delivery, after=False)
        case _:
            pass
    return contract, delivery


def _bounded(cell: Cell, by: Cell, *, after: bool) -> Cell:
    assert isinstance(by.value, Amounts)
    bound = by.value.low if after else by.value.high
    if bound is None:
        return cell
    days = Amounts(by.value.unit, (Stretch(bound, None) if after else Stretch(None, bound),), by.value.whole)
    how = "not before its contract" if after else "not after its delivery"
    return replace(cell, value=days, facts=by.facts, how=how)
