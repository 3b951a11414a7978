"""Papers: which are attached to a step and cover it, and whether one that a rule asks for is held.

What a paper says that it covers must not leave the step out.  What it covers, and its validity, are
complete as given: a limit that is not among them is none.  Of a paper that says nothing at all of them
it is not known what it covers, or whether it is valid.  A paper is good while it is held and on the day
of delivery within its validity.
"""

from __future__ import annotations

from redline.engine.bans import forbids
from redline.engine.blanks import blank
from redline.engine.cells import all_of, answer, any_of, is_under, joined, touched, truth_of, unknown
from redline.engine.judgements import Judged, both, done_to, exact, is_item, like, lists, lists_party
from redline.engine.parts import bare_item
from redline.engine.party import party_meant
from redline.engine.reach import Roles
from redline.engine.records import Case, bare_row, element_fact, list_of_rows, present_cell
from redline.engine.reference import holds
from redline.engine.steps import Step
from redline.rules.condition import Covered
from redline.rules.facts import Entity, Fact, Reference
from redline.rules.frozen import dataclass, replace
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.terms import COVERED, PAPER_KIND, PAPER_STATE
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Terms, Test, fits
from redline.rules.vocabulary import COVERS


@dataclass(frozen=True, slots=True)
class Scene:
    """What a paper is held against: one step, who takes part in it, and its cells."""

    step: Step
    who: Roles
    cells: dict[str, Cell]
    form: Cell
    """The form of the item."""
    reached: Rows

    @property
    def transfer(self) -> Entity:
        """The transfer that the step is one of."""
        return self.step.entity


# --- what a paper covers -------------------------------------------------------------------------


def covers(case: Case, paper: Entity, scene: Scene) -> Judged:
    """Whether nothing that the paper says it covers leaves the step out; if it says nothing, not known."""
    if not any(name in paper.lists for name in COVERS):
        return UNKNOWN, ()
    recipient, user = scene.who.recipient, scene.who.user
    country = recipient.row.cells["country"]
    return both(
        covers_item(case, paper, scene.step.item),
        lists(
            paper,
            "activities",
            done_to(scene.cells["activity"], scene.form, scene.who.recipient.row.cells["kind"]),
        ),
        lists(paper, "destinations", like(country, recipient.facts)),
        lists_party(case, paper, "consignees", recipient.reference),
        lists_party(case, paper, "end_users", user.reference),
    )


def covers_item(case: Case, paper: Entity, item: Reference | None) -> Judged:
    """Whether the paper covers the item: what it says of items, codes and classes must all fit."""
    if item is None or not item.names:
        said = any(name in paper.lists for name in ("items", "codes", "classes"))
        return (UNKNOWN if said else TRUE), ()
    here = (item.fact,)
    judged = []
    for name in item.names:
        row = bare_item(case, name)
        single = Reference((name,), item.fact)
        judged.append(
            both(
                lists(paper, "items", lambda each, s=single: is_item(case, each, s)),  # type: ignore[misc]
                _lists_code(paper, row),
                lists(paper, "classes", like(row.cells["class"], here)),
            )
        )
    truths = {truth for truth, _ in judged}
    return (truths.pop() if len(truths) == 1 else UNKNOWN), joined(*(facts for _, facts in judged))


def _lists_code(paper: Entity, row: Row) -> Judged:
    """Whether the paper lists a code of the item; one that is on no control list has none to be listed."""
    truth, facts = lists(paper, "codes", lambda each: has_code(row, each))
    codes = row.lists["codes"]
    if "codes" in paper.lists and not codes.rows and truth_of(codes.closed) is TRUE:
        truth = FALSE
    return truth, facts


def has_code(row: Row, element: Fact | Reference | Entity) -> Judged:
    """Whether the item has a code at or under the one listed."""
    value = element.value if isinstance(element, Fact) else None
    if value is None:
        return UNKNOWN, ()
    codes = row.lists["codes"]
    truths = [
        all_of(truth_of(each.present), fits(each.cells["value"].value, Test(value))) for each in codes.rows
    ]
    if truth_of(codes.closed) is not TRUE and fits(codes.rest.cells["value"].value, Test(value)) is not FALSE:
        truths.append(UNKNOWN)
    truth = any_of(*truths)
    cited = [
        f for r in codes.rows for f in (*r.cells["value"].facts, *(r.present.facts if r.present else ()))
    ]
    facts = joined(cited, codes.closed.facts, codes.rest.cells["value"].facts)
    return (UNKNOWN if truth is TRUE and not exact(value) else truth), facts


# --- papers of a step ------------------------------------------------------------------------------


def attached(case: Case, transfer: Entity) -> list[tuple[Entity, Cell]]:
    """The papers of a transfer, each with whether it certainly is one: those listed, and, where it is said
    that the scenario has no other papers, those that may be attached though that is not said."""
    listing = transfer.lists.get("papers")
    found: dict[str, Cell] = {}
    for number, each in enumerate(listing.elements if listing is not None else ()):
        assert listing is not None
        if not isinstance(each, Reference):
            continue
        present = present_cell(listing, number)
        for name in each.names:
            sure = len(each.names) == 1 and not case.scenario.papers[name].doubtful
            cell = present if sure else answer(UNKNOWN, present.about, present.facts)
            if name not in found or truth_of(found[name]) is not TRUE:
                found[name] = cell
    if not _listed_all(transfer) and "papers" in case.scenario.complete:
        for name in case.scenario.papers:
            found.setdefault(name, answer(UNKNOWN, f"{transfer.path}.papers", stated=False))
    return [(case.scenario.papers[name], present) for name, present in found.items()]


def _listed_all(transfer: Entity) -> bool:
    listing = transfer.lists.get("papers")
    if listing is None or not listing.closed:
        return False
    return all(isinstance(each, Reference) and each.names for each in listing.elements)


def all_attached(case: Case, transfer: Entity) -> Cell:
    """Whether no paper can be attached but those that `attached` gives."""
    listing, about = transfer.lists.get("papers"), f"{transfer.path}.papers"
    stated = listing is not None
    if _listed_all(transfer) and listing is not None:
        facts = [f for each in listing.elements if (f := element_fact(each)) is not None]
        return answer(TRUE, about, joined((listing.closure,), facts), listing.closure.says)
    complete = case.scenario.complete.get("papers")
    if complete is not None:
        return answer(TRUE, complete.path, (complete,), complete.says, stated=stated)
    return answer(UNKNOWN, about, stated=stated)


def paper_rows(case: Case, scene: Scene) -> Rows:
    """The papers attached to the step, each with whether it covers it."""
    rows = []
    for paper, present in attached(case, scene.transfer):
        truth, facts = covers(case, paper, scene)
        cited = joined(present.facts, facts)
        cell = answer(
            truth, f"{paper.path}.covers", cited if truth is not UNKNOWN else (), _covering(paper, truth)
        )
        rows.append(paper_row(case, paper, scene.who.day, ("covers", cell), present))
    closed = all_attached(case, scene.transfer)
    return list_of_rows(rows, closed, blank(case, "paper", closed.about))


def _covering(paper: Entity, truth: Truth) -> str:
    match truth:
        case Truth.TRUE:
            return f"nothing that {paper.name} says leaves the step out"
        case Truth.FALSE:
            return f"what {paper.name} covers leaves the step out"
        case Truth.UNKNOWN:
            return ""


def paper_row(case: Case, paper: Entity, day: Cell, derived: tuple[str, Cell], present: Cell | None) -> Row:
    """The row of a paper; `derived` is whether it `covers` the step, or is `breached` by it."""
    name, cell = derived
    bare = bare_row(case, paper, "undertaking" if name == "breached" else "paper")
    issuer = party_meant(case, paper.references.get("issuer"), f"{paper.path}.issuer", day)
    bans: dict[Key, Cell] = {query: forbids(paper, query) for query in case.asked.forbids}
    truth, facts = valid(case, bare, day)
    says = {TRUE: f"{paper.name} is held and valid on the day", FALSE: f"{paper.name} is not good on the day"}
    good = answer(truth, f"{paper.path}.state", facts if truth is not UNKNOWN else (), says.get(truth, ""))
    cells = {**bare.cells, **bans, name: cell, "good": good}
    return replace(bare, cells=cells, parts={"issuer": issuer}, present=present)


def valid(case: Case, row: Row, day: Cell) -> Judged:
    """Whether the paper is held and good on the day; of one of which no bound is stated, not known."""
    state = row.cells["state"]
    truths, facts = [is_under(state.value, PAPER_STATE, "held")], [*state.facts]
    if not (row.cells["from"].stated or row.cells["to"].stated):
        truths.append(UNKNOWN)
    assert isinstance(day.value, Amounts)
    for name, first in (("from", True), ("to", False)):
        cell = row.cells[name]
        if not cell.stated:
            continue
        assert isinstance(cell.value, Amounts)
        earlier, later = (cell.value, day.value) if first else (day.value, cell.value)
        truths.append(_in_order(earlier, later))
        facts += [*cell.facts, *day.facts]
    return all_of(*truths), joined(facts)


def _in_order(first: Amounts, then: Amounts) -> Truth:
    if first.high is not None and then.low is not None and first.high <= then.low:
        return TRUE
    if first.low is not None and then.high is not None and first.low > then.high:
        return FALSE
    return UNKNOWN


def covered(case: Case, query: Covered, listed: Rows, day: Cell) -> Cell:
    """Whether a paper that the query asks for is held and covers the step: held; not held where one is
    certainly not (refused, expired, ...) or there certainly is none; else not known."""
    sure = possible = lost = False
    facts = [listed.closed.facts]
    missing = ""
    for row in listed.rows:
        kind = row.cells["kind"]
        asked_for = all_of(
            fits(kind.value, Test(Terms(PAPER_KIND, frozenset({query.kind})))),
            TRUE if query.issuer is None else holds(query.issuer, row.parts["issuer"], {}),
            TRUE if query.where is None else holds(query.where, row, {}),
            truth_of(row.present),
        )
        covers_it = truth_of(row.cells["covers"])
        matches = all_of(asked_for, covers_it)
        good, cited = valid(case, row, day)
        facts += [kind.facts, cited, row.cells["covers"].facts, row.present.facts if row.present else ()]
        facts += [touched(query.issuer, row.parts["issuer"]), touched(query.where, row)]
        missing = missing or (_missing(row, asked_for) if all_of(matches, good) is UNKNOWN else "")
        sure |= matches is TRUE and good is TRUE
        possible |= all_of(matches, good) is not FALSE
        # one that was refused is taken for the one that was asked for, unless it is about something else
        lost |= asked_for is TRUE and covers_it is not FALSE and good is FALSE
    none = truth_of(listed.closed) is TRUE
    about = listed.closed.about
    if sure:
        return Cell(
            Terms(COVERED, frozenset({"held"})), about, joined(*facts), "a paper that is asked for is held"
        )
    if not possible and (none or lost):
        says = (
            "the paper that is asked for is not good"
            if lost
            else "there is no paper of the kind that is asked for"
        )
        return Cell(Terms(COVERED, frozenset({"not-held"})), about, joined(*facts), says)
    return unknown(Terms(COVERED), missing or about, stated=listed.closed.stated)


def _missing(row: Row, asked_for: Truth) -> str:
    """Where the first thing would be stated that is not known of a paper."""
    state, covers_it = row.cells["state"], row.cells["covers"]
    if asked_for is UNKNOWN:
        return ""
    if state.value.anything or is_under(state.value, PAPER_STATE, "held") is UNKNOWN:
        return state.about
    return covers_it.about if truth_of(covers_it) is UNKNOWN else row.cells["to"].about
