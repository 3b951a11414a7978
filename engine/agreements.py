"""Agreements: which are about an item or something in it, and with whom it is developed or produced.

An agreement is about the items and the classes that it names; where it names either, that is all it
is about, and where it names neither, what it is about is not known.
"""

from __future__ import annotations

from redline.engine.blanks import blank
from redline.engine.cells import Facts, all_of, answer, any_of, is_under, joined, truth_of
from redline.engine.content import item_meant
from redline.engine.judgements import Judged, both, in_listing
from redline.engine.parts import Content, bare_item, content
from redline.engine.party import party_meant
from redline.engine.records import Case, bare_row, closed_cell, list_of_rows, present_cell
from redline.engine.steps import Step
from redline.rules.facts import Entity, Fact, Reference
from redline.rules.frozen import replace
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import AGREEMENT_KIND, AGREEMENT_STATE
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Terms, Test, fits

_TOGETHER = ("co-development", "co-production", "licensed-production")


def agreement_row(case: Case, agreement: Entity, day: Cell, present: Cell | None = None) -> Row:
    """The row of an agreement, with its partners and items."""
    row = bare_row(case, agreement, "agreement")
    lists = {**row.lists, "partners": partners(case, agreement, day), "items": _items(case, agreement)}
    return replace(row, lists=lists, present=present)


def partners(case: Case, agreement: Entity, day: Cell) -> Rows:
    """The parties to an agreement."""
    return _meant(case, agreement, "partners", "party", day)


def _items(case: Case, agreement: Entity) -> Rows:
    return _meant(case, agreement, "items", "item", case.today)


def _meant(case: Case, agreement: Entity, name: str, shape: str, day: Cell) -> Rows:
    about, listing = f"{agreement.path}.{name}", agreement.lists.get(name)
    rows = []
    for number, each in enumerate(listing.elements if listing is not None else ()):
        assert listing is not None
        present = present_cell(listing, number)
        reference = each if isinstance(each, Reference) else None
        if shape == "party":
            row = party_meant(case, reference, present.about, day)
        else:
            row = item_meant(case, reference, present.about)
        rows.append(replace(row, present=present))
    return list_of_rows(rows, closed_cell(listing, about), blank(case, shape, about))


def about_step(case: Case, agreement: Entity, step: Step) -> Judged:
    """Whether the agreement is about the step's item or something in it."""
    exists = UNKNOWN if agreement.doubtful else TRUE
    there = (agreement.existence,) if agreement.existence is not None else ()
    items, classes = agreement.lists.get("items"), agreement.lists.get("classes")
    if step.nothing:
        return FALSE, ()
    if (items is None and classes is None) or step.item is None or not step.item.names:
        return UNKNOWN, ()
    judged: list[Judged] = []
    for name in step.item.names:
        found = content(case, name)
        one: list[Judged] = []
        if items is not None:
            one.append(in_listing(items, lambda each, f=found: _inside(each, f)))  # type: ignore[misc]
        if classes is not None:
            one.append(in_listing(classes, lambda each, f=found: _classed(case, each, f)))  # type: ignore[misc]
        judged.append((any_of(*(truth for truth, _ in one)), joined(*(facts for _, facts in one))))
    truths = {truth for truth, _ in judged}
    truth = truths.pop() if len(truths) == 1 else UNKNOWN
    facts = joined(there, (step.item.fact,), *(facts for _, facts in judged))
    return all_of(truth, exists), facts


def _inside(element: Fact | Reference | Entity, found: Content) -> Judged:
    names = element.names if isinstance(element, Reference) else ()
    facts: list[Facts] = [found.parts_closed.facts, found.tools_closed.facts]
    truth = FALSE
    for entry in found.entries:
        possible = names if entry.key.startswith("?") else (entry.key,)
        if not names or set(possible) & set(names):
            sure = entry.sure and len(names) == 1 and entry.key == names[0]
            truth = any_of(truth, TRUE if sure else UNKNOWN)
            facts.append(entry.facts)
    return any_of(truth, _open(found)), joined(*facts)


def _classed(case: Case, element: Fact | Reference | Entity, found: Content) -> Judged:
    value = element.value if isinstance(element, Fact) else None
    if value is None:
        return UNKNOWN, ()
    facts: list[Facts] = [found.parts_closed.facts, found.tools_closed.facts]
    truth = FALSE
    for entry in found.entries:
        if entry.key.startswith("?"):
            truth = any_of(truth, UNKNOWN)
            continue
        cell = bare_item(case, entry.key).cells["class"]
        is_so = all_of(fits(cell.value, Test(value)), TRUE if entry.sure else UNKNOWN)
        exact = isinstance(value, Terms) and value.single is not None
        truth = any_of(truth, is_so if exact or is_so is FALSE else UNKNOWN)
        facts += [cell.facts, entry.facts]
    return any_of(truth, _open(found)), joined(*facts)


def _open(found: Content) -> Truth:
    closed = truth_of(found.parts_closed) is TRUE and truth_of(found.tools_closed) is TRUE
    return FALSE if closed else UNKNOWN


def agreements_of(case: Case, step: Step, day: Cell) -> Rows:
    """The agreements that are about the step's item or something in it."""
    rows: list[Row] = []
    facts: list[Fact] = []
    for agreement in case.scenario.agreements.values():
        truth, cited = about_step(case, agreement, step)
        facts += cited
        if truth is not FALSE:
            present = answer(
                truth, agreement.path, cited, f"{agreement.name} is about the item or a part of it"
            )
            rows.append(agreement_row(case, agreement, day, present))
    return list_of_rows(rows, _closed(case, tuple(facts)), blank(case, "agreement", "agreements"))


def co_developers(case: Case, step: Step, day: Cell) -> Rows:
    """The partners of agreements to develop or produce the item, or something in it, together.

    Of an agreement that is over the partners stay: they did develop it.  Of one that is only proposed, or
    has not begun on the day, it is not known whether they ever will.
    """
    rows: dict[str, Row] = {}
    closed, facts = True, list[Facts]()
    asked = "agreements"
    for agreement in case.scenario.agreements.values():
        truth, cited = about_step(case, agreement, step)
        row = bare_row(case, agreement, "agreement")
        kind = row.cells["kind"]
        together = is_under(kind.value, AGREEMENT_KIND, *_TOGETHER)
        begun, why_begun = _begun(row, day)
        if all_of(truth, together) is FALSE:
            facts += [cited, kind.facts]
            continue
        relevant = all_of(truth, together, begun)
        facts += [cited, kind.facts, why_begun]
        listed = partners(case, agreement, day)
        if truth_of(listed.closed) is not TRUE:
            closed, asked = False, listed.closed.about
        facts.append(listed.closed.facts)
        for row in listed.rows:
            sure = all_of(relevant, truth_of(row.present))
            there = row.present.facts if row.present is not None else ()
            why = joined(cited, kind.facts, why_begun, there)
            listed_surely = truth_of(row.present) is TRUE
            about = agreement.path if row.present is None or listed_surely else row.present.about
            present = answer(sure, about, why, f"{row.name} is a partner in {agreement.name}")
            key = row.name or agreement.path
            if key not in rows or (sure is TRUE and truth_of(rows[key].present) is not TRUE):
                rows[key] = replace(row, present=present)
    ends = _closed(case, joined(*facts)) if closed else answer(UNKNOWN, asked)
    return list_of_rows(rows.values(), ends, blank(case, "party", asked))


def _begun(row: Row, day: Cell) -> Judged:
    """Whether the agreement was made, and had begun by the day; one that says neither when it begins nor
    how far it has come is taken for made, as given."""
    state, first = row.cells["state"], row.cells["from"]
    judged: list[Judged] = [(TRUE, ())]
    if state.stated:
        proposed = is_under(state.value, AGREEMENT_STATE, "proposed")
        judged.append((TRUE if proposed is FALSE else UNKNOWN, state.facts))
    if first.stated:
        early, late = first.value, day.value
        assert isinstance(early, Amounts)
        assert isinstance(late, Amounts)
        sure = early.high is not None and late.low is not None and early.high <= late.low
        judged.append((TRUE if sure else UNKNOWN, joined(first.facts, day.facts)))
    return both(*judged)


def _closed(case: Case, facts: Facts) -> Cell:
    complete = case.scenario.complete.get("agreements")
    if complete is None:
        return answer(UNKNOWN, "agreements", stated=bool(case.scenario.agreements))
    return answer(TRUE, "agreements", joined((complete,), facts), complete.says)
