"""Undertakings: which bind someone in a step, and whether the step breaches them.

An undertaking binds those that it names, or else the recipient of what it is attached to and all later
holders, in what it covers.  A step breaches one that is good on its day, and covers its item or something
in it, by falling under a ban, or by having another end user, use or place of use than was declared.
"""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.blanks import blank
from redline.engine.cells import Facts, all_of, answer, is_under, joined, truth_of
from redline.engine.coverage import Scene, all_attached, attached, covers_item, paper_row, valid
from redline.engine.judgements import (
    Judged,
    both,
    done_to,
    exact,
    in_listing,
    is_party,
    like,
    lists,
    one_of,
    perhaps,
)
from redline.engine.parts import content
from redline.engine.reach import everyone, roles_in
from redline.engine.records import Case, bare_row, list_of_rows
from redline.engine.steps import comes_before, steps_of
from redline.rules.countries import country_names
from redline.rules.facts import Entity, Fact, Reference
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import PAPER_KIND, REACH_HOW
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms, Test, fits
from redline.rules.vocabulary import COVERS

Earlier = Sequence[tuple[int, Truth, Facts]]
"""The steps behind a step, by their numbers, each with whether it certainly is, and by what that is known."""


def undertaking_rows(case: Case, scene: Scene, number: int, earlier: Earlier, complete: Cell) -> Rows:
    """The undertakings that bind someone in the step of that number.

    They are attached to it or to a step behind it (`earlier`), or cover its item or what is in it, and name
    a party to it, or, where they name nobody, were attached to what a party to it, or to a step behind it,
    received before.  `complete` tells whether no other step can lie behind this one.
    """
    rows, judged = [], []
    for paper in case.scenario.papers.values():
        truth, facts = _binding(case, paper, scene, number, earlier)
        judged.append(facts)
        if truth is FALSE:
            continue
        cell = _breached(case, paper, scene)
        present = answer(truth, paper.path, facts, f"{paper.name} binds a party to the step")
        rows.append(paper_row(case, paper, scene.who.day, ("breached", cell), present))
    about = f"{scene.transfer.path}.papers"
    rest = blank(case, "undertaking", about)
    papers = case.scenario.complete.get("papers")
    if papers is None or truth_of(complete) is not TRUE:
        asked = about if papers is None else complete.about
        return Rows(
            tuple(rows), answer(UNKNOWN, asked, stated=scene.transfer.lists.get("papers") is not None), rest
        )
    steps = steps_of(case)
    transfers = [scene.transfer, *(steps[n].entity for n, _, _ in earlier)]
    seen = [complete.facts, *(all_attached(case, t).facts for t in transfers)]
    return list_of_rows(rows, answer(TRUE, papers.path, joined((papers,), *seen, *judged), papers.says), rest)


def _binding(case: Case, paper: Entity, scene: Scene, number: int, earlier: Earlier) -> Judged:
    """Whether the paper is an undertaking that binds someone in the step."""
    row = bare_row(case, paper, "undertaking")
    kind = row.cells["kind"]
    judged_kind = (is_under(kind.value, PAPER_KIND, "undertaking"), kind.facts)
    exists = (UNKNOWN if paper.doubtful else TRUE, (paper.existence,) if paper.existence is not None else ())
    if judged_kind[0] is FALSE:
        return judged_kind
    steps = steps_of(case)
    there = [_attached_to(case, paper, scene.transfer)]
    there += [both((truth, facts), _attached_to(case, paper, steps[n].entity)) for n, truth, facts in earlier]
    binds = paper.lists.get("binds")
    inside = _covers_content(case, paper, scene)
    if binds is not None:
        named = in_listing(binds, lambda each: _is_someone(case, each, scene))
        return both(judged_kind, exists, named, one_of([*there, inside]))
    under = [_received_under(case, paper, number)]
    under += [both((truth, facts), _received_under(case, paper, n)) for n, truth, facts in earlier]
    if not any(name in paper.lists for name in ("items", "codes", "classes")):
        inside = (UNKNOWN, inside[1])  # what else than it is attached to is not said
    return both(judged_kind, exists, one_of([*there, both(one_of(under), inside)]))


def _received_under(case: Case, paper: Entity, number: int) -> Judged:
    """Whether a party to a step was, before, the recipient of a transfer that the paper is attached to."""
    return case.kept(("received under", paper.id, number), lambda: _recipient_before(case, paper, number))


def _recipient_before(case: Case, paper: Entity, number: int) -> Judged:
    steps, here = steps_of(case), steps_of(case)[number]
    judged: list[Judged] = [(FALSE, ())]
    for other, step in enumerate(steps):
        if step.transfer == here.transfer or any(step.transfer == s.transfer for s in steps[:other]):
            continue
        attachment = _attached_to(case, paper, step.entity)
        before = comes_before(case, other, number)
        if attachment[0] is FALSE or before[0] is FALSE:
            judged.append(attachment if attachment[0] is FALSE else before)
            continue
        recipient = roles_in(case, step).recipient.reference
        someone = [
            both(
                (present, who.facts),
                is_party(case, recipient, who.reference) if recipient is not None else (UNKNOWN, ()),
            )
            for who, present in everyone(case, here.entity, roles_in(case, here))
        ]
        there = (UNKNOWN if step.doubtful else TRUE, ())
        judged.append(both(attachment, before, there, one_of(someone)))
    return one_of(judged)


def _attached_to(case: Case, paper: Entity, transfer: Entity) -> Judged:
    for each, present in attached(case, transfer):
        if each.id == paper.id:
            return truth_of(present), present.facts
    complete = all_attached(case, transfer)
    return (FALSE if truth_of(complete) is TRUE else UNKNOWN), complete.facts


def _is_someone(case: Case, element: Fact | Reference | Entity, scene: Scene) -> Judged:
    judged = []
    for someone, present in everyone(case, scene.transfer, scene.who):
        truth, facts = is_party(case, element, someone.reference)
        judged.append((all_of(truth, present), joined(facts, someone.facts)))
    return one_of(judged)


def _covers_content(case: Case, paper: Entity, scene: Scene) -> Judged:
    """Whether the paper covers the step's item or something in it.  Limits of other sorts are complete as
    given; of a paper that states none at all it is not known."""
    if not any(name in paper.lists for name in ("items", "codes", "classes")):
        return (UNKNOWN if _says_nothing_of_cover(paper) else TRUE), ()
    item = scene.step.item
    if item is None or not item.names:
        return UNKNOWN, ()
    judged: list[Judged] = [covers_item(case, paper, item)]
    for name in item.names:
        found = content(case, name)
        for entry in found.entries[1:]:
            reference = entry.piece.reference if entry.piece is not None else None
            if not entry.key.startswith("?"):
                reference = Reference((entry.key,), next(iter(entry.facts), item.fact))
            truth, facts = covers_item(case, paper, reference)
            judged.append((all_of(truth, TRUE if entry.sure else UNKNOWN), joined(facts, entry.facts)))
        ends = (found.parts_closed, found.tools_closed)
        judged += [(FALSE if truth_of(closed) is TRUE else UNKNOWN, closed.facts) for closed in ends]
    return one_of(judged)


def _says_nothing_of_cover(paper: Entity) -> bool:
    return not any(name in paper.lists for name in COVERS)


def _breached(case: Case, paper: Entity, scene: Scene) -> Cell:
    """Whether the step does what the paper forbids, or contradicts what it declares, while it is good; and
    in what, or, where that is not known, of what the paper is silent."""
    row = bare_row(case, paper, "undertaking")
    listing = paper.lists.get("forbids")
    bans = (UNKNOWN, ()) if listing is None else in_listing(listing, lambda each: _banned(case, each, scene))
    contradicted = _contradicted(case, paper, row, scene)
    good, covering = valid(case, row, scene.who.day), _covers_content(case, paper, scene)
    truth, cited = both(good, covering, one_of([bans, *(judged for judged, _ in contradicted)]))
    about = f"{paper.path}.forbids"
    if truth is not UNKNOWN:
        says = ""
        if truth is TRUE:
            said = _ban_broken(case, paper, scene) if bans[0] is TRUE else ""
            says = said or next((how for judged, how in contradicted if judged[0] is TRUE), "")
            says = says or f"this step does what {paper.name} rules out"
        return answer(truth, about, cited, says)
    if covering[0] is UNKNOWN and _says_nothing_of_cover(paper):
        about = f"{paper.path}.covers"
    elif good[0] is UNKNOWN and not row.cells["state"].stated:
        about = row.cells["state"].about
    elif listing is not None and _declares_nothing(paper, row):
        about = f"{paper.path}.declared_end_user"
    return answer(UNKNOWN, about)


def _ban_broken(case: Case, paper: Entity, scene: Scene) -> str:
    """What the step does that the paper forbids."""
    step = f"step {scene.transfer.id}"
    for ban in paper.lists["forbids"].elements:
        if not isinstance(ban, Entity) or _banned(case, ban, scene)[0] is not TRUE:
            continue
        if _limits_where(ban):
            row = next((r for r in scene.reached.rows if _forbidden_there(ban, r)[0] is TRUE), None)
            country = _country_of(row.cells["country"]) if row is not None else ""
            if row is not None and country:
                sends = is_under(row.cells["how"].value, REACH_HOW, "holder") is TRUE
                return f"{step} {'sends' if sends else 'brings'} it to {country}, which {paper.name} forbids"
        for name, what in _LIMITS.items():
            if name in ban.lists:
                return f"{paper.name} forbids {what} of {step}"
        return f"{paper.name} forbids {step}"
    return ""


_LIMITS = {"activities": "the activity", "end_uses": "the end use", "recipients": "such a recipient"}


def _country_of(cell: Cell) -> str:
    """The name of the country, if it is known which."""
    code = cell.value.single if isinstance(cell.value, Terms) else None
    return country_names().get(code, code) if code is not None else ""


def _banned(case: Case, ban: Fact | Reference | Entity, scene: Scene) -> Judged:
    """Whether the step falls under a ban: under every limit that it states."""
    if not isinstance(ban, Entity):
        return UNKNOWN, ()
    kinds = [scene.who.recipient.row.cells["kind"]] + (
        [scene.who.user.row.cells["kind"]] if scene.who.uses is TRUE else []
    )
    return both(
        lists(
            ban,
            "activities",
            done_to(scene.cells["activity"], scene.form, scene.who.recipient.row.cells["kind"]),
        ),
        lists(ban, "end_uses", like(scene.cells["end_use"])),
        lists(ban, "recipients", lambda each: one_of(like(kind)(each) for kind in kinds)),
        _bound_for(ban, scene.reached),
    )


def _bound_for(ban: Entity, reached: Rows) -> Judged:
    """Whether the step reaches a country that the ban is about and does not except."""
    if not _limits_where(ban):
        return TRUE, ()
    found = [_forbidden_there(ban, row) for row in reached.rows]
    if truth_of(reached.closed) is not TRUE:
        found.append((UNKNOWN if _forbidden_there(ban, reached.rest)[0] is not FALSE else FALSE, ()))
    return one_of([*found, (FALSE, reached.closed.facts)])


def _limits_where(ban: Entity) -> bool:
    return "destinations" in ban.lists or "except_destinations" in ban.lists


def _forbidden_there(ban: Entity, row: Row) -> Judged:
    """Whether the row is of a country that the ban is about and does not except."""
    country = like(row.cells["country"])
    excepted: Judged = (FALSE, ())
    if "except_destinations" in ban.lists:
        excepted = lists(ban, "except_destinations", country)
    meant = lists(ban, "destinations", country)
    spared = {TRUE: FALSE, FALSE: TRUE}.get(excepted[0], UNKNOWN)
    there = row.present.facts if row.present is not None else ()
    return all_of(meant[0], spared, truth_of(row.present)), joined(meant[1], excepted[1], there)


def _declares_nothing(paper: Entity, row: Row) -> bool:
    """Whether it may be an end-use certificate of which it is not said what it declares."""
    silent = not any(row.cells[name].stated for name in ("declared_use", "declared_place"))
    certificate = is_under(row.cells["kind"].value, PAPER_KIND, "end-use-certificate")
    return "declared_end_user" not in paper.references and silent and certificate is not FALSE


def _contradicted(case: Case, paper: Entity, row: Row, scene: Scene) -> list[tuple[Judged, str]]:
    """Whether the step's end user, end use and place of use are others than those declared, each with what
    the step then does."""
    step = f"step {scene.transfer.id}"
    judged: list[tuple[Judged, str]] = []
    declared = paper.references.get("declared_end_user")
    if _declares_nothing(paper, row):
        judged.append(((UNKNOWN, ()), ""))  # such a certificate declares something; what, is not said
    if declared is not None and scene.who.uses is TRUE:
        user = scene.who.user
        one, facts = is_party(case, declared, user.reference)
        other = {TRUE: FALSE, FALSE: TRUE}.get(one, UNKNOWN)
        how = f"the end user of {step} is another than {paper.name} declares"
        judged.append(((other, joined((declared.fact,), facts, user.facts)), how))
    place = _country_of(scene.cells["place_of_use"])
    for name, cell, how in (
        ("declared_use", scene.cells["end_use"], f"the end use of {step} is another than"),
        ("declared_place", scene.cells["place_of_use"], f"{step} is for use in {place}, another place than"),
    ):
        said = row.cells[name]
        if said.stated and isinstance(said.value, Terms) and (cell.stated or scene.who.uses is TRUE):
            accepted = Terms(said.value.tree, said.value.within)
            same_use = fits(cell.value, Test(accepted, perhaps(accepted)))
            truth = {TRUE: FALSE, FALSE: TRUE}.get(same_use, UNKNOWN)
            if truth is FALSE and not exact(said.value):
                truth = UNKNOWN
            judged.append(((truth, joined(said.facts, cell.facts)), f"{how} {paper.name} declares"))
    return judged
