"""Things of which nothing is known: rows with every cell open, and the parts that are not listed."""

from __future__ import annotations

from redline.engine.cells import EITHER, answer, between, unknown
from redline.engine.records import PARTY_LIKE, Asked, Case, day_cells, open_list, value_row
from redline.rules.condition import InForce
from redline.rules.facts import Scenario
from redline.rules.frozen import replace
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.terms import CONTENT_VIA, COVERED
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.values import Amounts, Terms, Value
from redline.rules.vocabulary import ASKED, EXTENSIBLE


def unknown_row(shape: str, about: str, asked: Asked, *, stated: bool = False) -> Row:
    """The row of a thing of the shape of which nothing is known; every cell of it is asked for at `about`."""
    return _unknown_row(shape, about, Case(_NOTHING, asked), stated=stated)


def blank(case: Case, shape: str, about: str, *, stated: bool = False) -> Row:
    """As `unknown_row`, made once in a case, and when it is first looked at."""
    return case.kept(
        ("blank", shape, about, stated),
        lambda: Row.late(lambda: _unknown_row(shape, about, case, stated=stated), shape=shape, name=""),
    )


def _unknown_row(shape: str, about: str, case: Case, *, stated: bool) -> Row:
    known, asked = ASKED[shape], case.asked
    first = case.kept(("blank cells", shape, stated), lambda: _unknown_cells(shape, case, stated=stated))
    cells = {key: Cell(cell.value, about, (), cell.how, cell.stated) for key, cell in first.items()}
    parts = {name: blank(case, sub.shape, about, stated=stated) for name, sub in known.parts.items()}
    lists = {
        name: open_list(value_row(many.type.anything(asked.trees), about), about)
        for name, many in known.many.items()
        if many.type.sort in ("tree", "amount", "name")
    }
    lists |= {
        name: open_list(blank(case, sub.shape, about), about)
        for name, sub in known.lists.items()
        if name != "content"
    }
    if "content" in known.lists:
        lists["content"] = _unknown_content(case, about)
    return Row(shape, "", cells, parts, lists)


def _unknown_cells(shape: str, case: Case, *, stated: bool) -> dict[Key, Cell]:
    """The cells of a thing of which nothing is known, wherever that is."""
    cells: dict[Key, Cell] = {
        name: unknown(one.type.anything(case.asked.trees), "", stated=stated)
        for name, one in case.asked.fields(shape).items()
    }
    return cells | unknown_answers(case, shape, "") | day_cells(case, shape, cells)


def unknown_answers(case: Case, shape: str, about: str) -> dict[Key, Cell]:
    """For a row of that shape, the questions of the catalogue, unanswered (days between dates apart)."""
    asked, cells = case.asked, dict[Key, Cell]()
    if shape in ("item", "step"):
        cells |= {query: unknown(between(0, 1), about) for query in asked.shares}
    if shape in PARTY_LIKE:
        cells |= {query: unknown(EITHER, about) for query in asked.owned}
    if shape == "step":
        cells |= {query: unknown(Terms(COVERED), about) for query in asked.covered}
    if shape in EXTENSIBLE["paper"]:
        cells |= {query: unknown(EITHER, about) for query in asked.forbids}
    for rule in asked.rules:
        if rule.subject == shape:
            truth = UNKNOWN if rule.validity else TRUE
            cells[InForce(f"{rule.policy}/{rule.id}")] = answer(truth, about, stated=False)
    return cells


def _unknown_content(case: Case, about: str) -> Rows:
    """Of an item of which nothing is known it is still certain that it is part of itself."""
    part = blank(case, "part", about)
    zero = Amounts("", between(0, 0).stretches, whole=True)
    itself: dict[str, Value] = {
        "via": Terms(CONTENT_VIA, frozenset({"itself"})),
        "depth": zero,
        "share": between(1, 1),
    }
    cells: dict[Key, Cell] = {key: replace(part.cells[key], value=value) for key, value in itself.items()}
    return open_list(rest_part(case, about), about, (replace(part, cells={**part.cells, **cells}),))


def rest_part(case: Case, about: str) -> Row:
    """A part that is not listed: anything but the item itself."""
    part = blank(case, "part", about)
    deeper = Amounts("", between(1, None).stretches, whole=True)
    others: dict[str, Value] = {
        "via": Terms(CONTENT_VIA, CONTENT_VIA.tops - {"itself"}),
        "depth": deeper,
        "share": between(0, 1),
    }
    return replace(
        part,
        cells={**part.cells, **{key: replace(part.cells[key], value=value) for key, value in others.items()}},
    )


_NOTHING = Scenario("", "", None, {}, {}, {}, {}, (), {})
