"""What papers forbid, asked of the paper itself; and which papers a party to a step has issued."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from redline.engine.cells import all_of, answer, joined, truth_of
from redline.engine.judgements import Judged, both, in_listing, like, lists
from redline.engine.records import Case
from redline.engine.referents import same
from redline.rules.condition import Forbids
from redline.rules.facts import Entity, Fact, Listing, Reference
from redline.rules.frozen import replace
from redline.rules.record import Cell, Row, Rows
from redline.rules.truth import FALSE, TRUE, UNKNOWN
from redline.rules.values import Terms

_Asked = tuple[Terms | None, Terms | None, Terms | None]
"""An activity, a destination and a use that are asked about; None: any at all."""


def forbids(paper: Entity, query: Forbids) -> Cell:
    """Whether every combination that is asked about falls under a ban of the paper.  Where the scenario
    does not say what the paper forbids, it is not known."""
    about, listing = f"{paper.path}.forbids", paper.lists.get("forbids")
    if listing is None:
        return answer(UNKNOWN, about, stated=False)
    judged = [in_listing(listing, lambda each, a=asked: _falls_under(each, a)) for asked in _each(query)]  # type: ignore[misc]
    truth, facts = both(*judged)
    if truth is FALSE and any(_in_pieces(listing, *asked) for asked in _each(query)):
        truth = UNKNOWN
    says = {TRUE: f"{paper.name} forbids it", FALSE: f"{paper.name} does not forbid it"}.get(truth, "")
    return answer(truth, about, facts if truth is not UNKNOWN else (), says)


def _each(query: Forbids) -> Iterator[_Asked]:
    def single(terms: Terms | None) -> list[Terms | None]:
        if terms is None or terms.within is None:
            return [None]
        return [Terms(terms.tree, frozenset({term})) for term in sorted(terms.within)]

    yield from product(single(query.activities), single(query.destinations), single(query.end_uses))


def _falls_under(ban: Fact | Reference | Entity, asked: _Asked) -> Judged:
    """A limit of the ban that is not asked about leaves something of it free, and so does any limit on
    who may receive."""
    if not isinstance(ban, Entity):
        return UNKNOWN, ()
    activity, destination, use = asked
    spared = _spared(ban, destination)
    return both(
        _limited(ban, "activities", activity),
        _limited(ban, "destinations", destination),
        _limited(ban, "end_uses", use),
        _limited(ban, "recipients", None),
        ({TRUE: FALSE, FALSE: TRUE}.get(spared[0], UNKNOWN), spared[1]),
    )


def _limited(ban: Entity, name: str, asked: Terms | None) -> Judged:
    """Whether all that is asked about is within the limit; one that may go on may be none."""
    if name not in ban.lists:
        return TRUE, ()
    if asked is None:
        return (FALSE if ban.lists[name].closed else UNKNOWN), ()

    def bars(each: Fact | Reference | Entity) -> Judged:
        truth, facts = like(Cell(asked), happens=False)(each)
        return FALSE if _narrower(each, asked) else truth, facts

    return lists(ban, name, bars)


def _spared(ban: Entity, destination: Terms | None) -> Judged:
    """Whether something of what is asked about is excepted."""
    listing = ban.lists.get("except_destinations")
    if listing is None:
        return FALSE, ()
    if destination is None:
        certain = len(listing.elements) > len(listing.doubtful)
        return TRUE if certain else FALSE if listing.closed and not listing.elements else UNKNOWN, ()

    def spares(each: Fact | Reference | Entity) -> Judged:
        truth, facts = like(Cell(destination), happens=False)(each)
        return TRUE if _narrower(each, destination) else truth, facts

    return lists(ban, "except_destinations", spares)


def _narrower(each: Fact | Reference | Entity, asked: Terms) -> bool:
    """Whether what is listed is a part of what is asked about, and not all of it."""
    value = each.value if isinstance(each, Fact) else None
    if not isinstance(value, Terms) or value.empty:
        return False
    return value.inside(asked) and not asked.inside(Terms(value.tree, value.within))


def _in_pieces(listing: Listing, *asked: Terms | None) -> bool:
    """Whether the bans name several parts of what is asked about, which may be all of it together."""
    for name, terms in zip(("activities", "destinations", "end_uses"), asked, strict=True):
        bans = (ban.lists[name] for ban in listing.elements if isinstance(ban, Entity) and name in ban.lists)
        elements = [each for limit in bans for each in limit.elements]
        if (
            terms is not None
            and len({e.value for e in elements if isinstance(e, Fact) and _narrower(e, terms)}) > 1
        ):
            return True
    return False


def issued(case: Case, party: Reference | None, papers: Rows, listed: list[Entity]) -> Rows:
    """The papers of a step that a party to it has issued; `listed` are the papers of `papers`, in order."""
    rows: list[Row] = []
    for row, paper in zip(papers.rows, listed, strict=True):
        issuer = paper.references.get("issuer")
        truth = same(issuer, party, case) if issuer is not None and party is not None else UNKNOWN
        if truth is FALSE:
            continue
        there = all_of(truth, truth_of(row.present))
        cited = joined(
            row.present.facts if row.present is not None else (),
            (issuer.fact,) if issuer is not None else (),
            (party.fact,) if party is not None else (),
        )
        says = f"{paper.name} was issued by this party"
        rows.append(replace(row, present=answer(there, f"{paper.path}.issuer", cited, says)))
    return Rows(tuple(rows), papers.closed, papers.rest)
