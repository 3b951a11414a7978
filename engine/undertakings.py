"""Undertakings: which bind someone in a step, and whether the step breaches them.

An undertaking binds those that it names, or else the recipient of what it is attached to and all later
holders.  A step breaches one that is good on its day, and covers its item or something in it, by
falling under a ban, or by having another end user, use or place of use than was declared.
"""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.blanks import blank
from redline.engine.cells import Facts, all_of, answer, is_under, joined, truth_of
from redline.engine.coverage import Scene, all_attached, attached, covers_item, paper_row, valid
from redline.engine.judgements import Judged, both, exact, in_listing, is_party, like, lists, one_of
from redline.engine.parts import content
from redline.engine.reach import everyone
from redline.engine.records import Case, bare_row, list_of_rows
from redline.rules.facts import Entity, Fact, Reference
from redline.rules.record import Cell, Row, Rows
from redline.rules.terms import PAPER_KIND
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Terms, Test, fits
from redline.rules.vocabulary import COVERS


def undertaking_rows(
    case: Case, scene: Scene, earlier: Sequence[tuple[Entity, Truth, Facts]], complete: Cell
) -> Rows:
    """The undertakings that bind someone in the step: attached to it or to a step behind it (`earlier`,
    each with whether it certainly is), or naming a party to it and covering the item or what is in it.

    `complete` tells whether no other step can lie behind this one.
    """
    rows = []
    for paper in case.scenario.papers.values():
        truth, facts = _binding(case, paper, scene, earlier)
        if truth is FALSE:
            continue
        breach, cited = _breached(case, paper, scene)
        says = f"this step does what {paper.name} rules out" if breach is TRUE else ""
        cell = answer(breach, f"{paper.path}.forbids", cited if breach is not UNKNOWN else (), says)
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
    seen = [complete.facts, *(all_attached(case, t).facts for t in _transfers(scene, earlier))]
    every = [_binding(case, paper, scene, earlier)[1] for paper in case.scenario.papers.values()]
    return list_of_rows(rows, answer(TRUE, papers.path, joined((papers,), *seen, *every), papers.says), rest)


def _transfers(scene: Scene, earlier: Sequence[tuple[Entity, Truth, Facts]]) -> list[Entity]:
    return [scene.transfer, *(transfer for transfer, _, _ in earlier)]


def _binding(
    case: Case, paper: Entity, scene: Scene, earlier: Sequence[tuple[Entity, Truth, Facts]]
) -> Judged:
    """Whether the paper is an undertaking that binds someone in the step."""
    row = bare_row(case, paper, "undertaking")
    kind = row.cells["kind"]
    judged_kind = (is_under(kind.value, PAPER_KIND, "undertaking"), kind.facts)
    exists = (UNKNOWN if paper.doubtful else TRUE, (paper.existence,) if paper.existence is not None else ())
    there = [_attached_to(case, paper, scene.transfer)]
    there += [both((truth, facts), _attached_to(case, paper, transfer)) for transfer, truth, facts in earlier]
    attachment = one_of(there)
    binds = paper.lists.get("binds")
    if binds is None:
        return both(judged_kind, exists, attachment)
    named = in_listing(binds, lambda each: _is_someone(case, each, scene))
    inside = _covers_content(case, paper, scene, silent=FALSE)
    return both(judged_kind, exists, named, one_of([attachment, inside]))


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


def _covers_content(case: Case, paper: Entity, scene: Scene, *, silent: Truth = UNKNOWN) -> Judged:
    """Whether the paper covers the step's item or something in it.  Limits of other sorts are complete as
    given; of a paper that states none at all it is `silent`."""
    if not any(name in paper.lists for name in ("items", "codes", "classes")):
        return (TRUE if any(name in paper.lists for name in COVERS) else silent), ()
    item = scene.step.item
    if item is None or not item.names:
        return UNKNOWN, ()
    judged: list[Judged] = [covers_item(case, paper, item)]
    for name in item.names:
        found = content(case, name)
        for entry in found.entries[1:]:
            reference = entry.piece.reference if entry.piece is not None else None
            if not entry.key.startswith("?"):
                assert entry.facts
                reference = Reference((entry.key,), entry.facts[0])
            truth, facts = covers_item(case, paper, reference)
            judged.append((all_of(truth, TRUE if entry.sure else UNKNOWN), joined(facts, entry.facts)))
        ends = (found.parts_closed, found.tools_closed)
        judged += [(FALSE if truth_of(closed) is TRUE else UNKNOWN, closed.facts) for closed in ends]
    return one_of(judged)


def _breached(case: Case, paper: Entity, scene: Scene) -> Judged:
    """Whether the step does what the paper forbids, or contradicts what it declares, while it is good."""
    row = bare_row(case, paper, "undertaking")
    listing = paper.lists.get("forbids")
    bans = (UNKNOWN, ()) if listing is None else in_listing(listing, lambda each: _banned(case, each, scene))
    return both(
        valid(case, row, scene.who.day),
        _covers_content(case, paper, scene),
        one_of([bans, *_contradicted(case, paper, row, scene)]),
    )


def _banned(case: Case, ban: Fact | Reference | Entity, scene: Scene) -> Judged:
    """Whether the step falls under a ban: under every limit that it states."""
    if not isinstance(ban, Entity):
        return UNKNOWN, ()
    kinds = [scene.who.recipient.row.cells["kind"]] + (
        [scene.who.user.row.cells["kind"]] if scene.who.uses is TRUE else []
    )
    return both(
        lists(ban, "activities", like(scene.cells["activity"])),
        lists(ban, "end_uses", like(scene.cells["end_use"])),
        lists(ban, "recipients", lambda each: one_of(like(kind)(each) for kind in kinds)),
        _bound_for(ban, scene.reached),
    )


def _bound_for(ban: Entity, reached: Rows) -> Judged:
    """Whether the step reaches a country that the ban is about and does not except."""
    if "destinations" not in ban.lists and "except_destinations" not in ban.lists:
        return TRUE, ()

    def judged(row: Row) -> Judged:
        country = like(row.cells["country"])
        excepted: Judged = (FALSE, ())
        if "except_destinations" in ban.lists:
            excepted = lists(ban, "except_destinations", country)
        meant = lists(ban, "destinations", country)
        spared = {TRUE: FALSE, FALSE: TRUE}.get(excepted[0], UNKNOWN)
        there = row.present.facts if row.present is not None else ()
        return all_of(meant[0], spared, truth_of(row.present)), joined(meant[1], excepted[1], there)

    found = [judged(row) for row in reached.rows]
    if truth_of(reached.closed) is not TRUE:
        found.append((UNKNOWN if judged(reached.rest)[0] is not FALSE else FALSE, ()))
    return one_of([*found, (FALSE, reached.closed.facts)])


def _contradicted(case: Case, paper: Entity, row: Row, scene: Scene) -> list[Judged]:
    """Whether the step's end user, end use and place of use are others than those declared."""
    judged: list[Judged] = []
    declared = paper.references.get("declared_end_user")
    silent = not any(row.cells[name].stated for name in ("declared_use", "declared_place"))
    certificate = is_under(row.cells["kind"].value, PAPER_KIND, "end-use-certificate")
    if declared is None and silent and certificate is not FALSE:
        judged.append((UNKNOWN, ()))  # such a certificate declares something; what, is not said
    if declared is not None and scene.who.uses is TRUE:
        user = scene.who.user
        one, facts = is_party(case, declared, user.reference)
        other = {TRUE: FALSE, FALSE: TRUE}.get(one, UNKNOWN)
        judged.append((other, joined((declared.fact,), facts, user.facts)))
    for name, cell in (
        ("declared_use", scene.cells["end_use"]),
        ("declared_place", scene.cells["place_of_use"]),
    ):
        said = row.cells[name]
        if said.stated and isinstance(said.value, Terms) and (cell.stated or scene.who.uses is TRUE):
            same_use = fits(cell.value, Test(Terms(said.value.tree, said.value.within)))
            truth = {TRUE: FALSE, FALSE: TRUE}.get(same_use, UNKNOWN)
            if truth is FALSE and not exact(said.value):
                truth = UNKNOWN
            judged.append((truth, joined(said.facts, cell.facts)))
    return judged
