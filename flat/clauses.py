"""Clauses: each rule's formula for crossing, cut into parts that hang on one source each.

A source is what a part of a formula looks at: a field of a record (`to.country`), or something derived from
several (`@reach`).  `deps` tells from which fields it may follow; it errs on the side of more, and a field
left out of it would be forgotten, which never clears.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import assert_never

from redline.engine.plan import (
    Entry,
    Formula,
    PAll,
    PAny,
    PEvery,
    PIn,
    Plan,
    PReading,
    PSilent,
    PSome,
    PTest,
    PUnsettled,
    opposite,
)
from redline.flat.fields import DATES, ITEM, PARTIES
from redline.rules.condition import Covered, Days, Forbids, InForce, Owned, Share
from redline.rules.frozen import replace
from redline.rules.verdicts import Kind

ON_DATES, CONTENT, REACH, AROUND, BORDER, TOGETHER, NOWHERE, ALL = (
    "@dates", "@content", "@reach", "@parties", "@border", "@agreements", "@nothing", "@all",
)  # fmt: skip
APART = "@days"
"""How long one date is from another, which a policy has added; the names of both follow."""
WHOLE = {"item": "@item", "agreement": "@agreement", "scenario": "@scenario"}
"""What a rule that does not range over steps hangs on: the rule is judged whole."""
_LISTS = {
    "content": CONTENT, "reach": REACH, "via": "via", "upstream": NOWHERE, "papers": ALL, "undertakings": ALL,
    "agreements": TOGETHER, "co_developers": TOGETHER, "parties": AROUND, "knew": "knew", "flags": "flags",
}  # fmt: skip
_CELLS = {"contract": ON_DATES, "delivery": ON_DATES, "crosses_border": BORDER}
_DERIVED_OF_PAPERS = ("covers", "good")
FALLING_BACK = ("from", "to", "by")
"""Parties whose part another may play, where nothing is said of them."""


def crossing(entry: Entry, plan: Plan) -> tuple[Formula, ...]:
    """The formulas that all hold exactly where the rule crosses (or, where it weighs, asks to be weighed):
    true where it does for sure, false where it does not."""
    permits = (plan.entries[p] for p in entry.permits)
    parts = [entry.bound, entry.when, opposite(entry.unless, plan.domains)]
    for permit in permits:
        applying = PAll((permit.bound, permit.when, opposite(permit.unless, plan.domains)))
        parts.append(opposite(applying, plan.domains))
    if entry.kind is Kind.REQUIRES:
        parts.append(opposite(entry.met, plan.domains))
    return tuple(each for part in parts for each in _flat(spread(part)))


def _flat(formula: Formula) -> Iterator[Formula]:
    if isinstance(formula, PAll):
        for part in formula.parts:
            yield from _flat(part)
    else:
        yield formula


def spread(formula: Formula) -> Formula:
    """The same formula, with what is said of a part said of each thing in it."""
    match formula:
        case PAll(parts) | PAny(parts):
            inner = tuple(spread(part) for part in parts)
            return inner[0] if len(inner) == 1 else replace(formula, parts=inner)
        case PIn(part, body):
            return _in(part, spread(body))
        case _:
            return formula


def _in(part: str, body: Formula) -> Formula:
    match body:
        case PAll(parts) | PAny(parts):
            return replace(body, parts=tuple(_in(part, each) for each in parts))
        case PReading() | PUnsettled():  # of whatever part it is asked, it has one answer
            return body
        case _:
            return PIn(part, body)


def of_the_step(formula: Formula) -> Formula | None:
    """A formula on a scenario of one step as one on that step; None if it looks at more than its steps."""
    match formula:
        case PAll(parts) | PAny(parts):
            inner = [of_the_step(part) for part in parts]
            kept = tuple(each for each in inner if each is not None)
            return replace(formula, parts=kept) if len(kept) == len(inner) else None
        case PSome("steps", body) | PEvery("steps", body):
            return body
        case PReading() | PUnsettled():
            return formula
        case _:
            return None


def sources(formula: Formula, part: str = "") -> frozenset[str]:
    """What a spread formula on a step looks at."""
    match formula:
        case PAll(parts) | PAny(parts):
            return frozenset().union(*(sources(each, part) for each in parts))
        case PIn(name, body):
            return sources(body, f"{part}.{name}" if part else name)
        case PTest(column):
            return frozenset({_source(column[0], part)})
        case PSilent(key):
            return frozenset({_listed(key, part) if key in _LISTS else _source(key, part)})
        case PSome("papers", body) | PEvery("papers", body) if not part and _of_papers_alone(body):
            return frozenset({"papers"})
        case PSome(name, body) | PEvery(name, body):
            return frozenset({ALL if _asks(body) else _listed(name, part)})
        case PReading() | PUnsettled():
            return frozenset()
        case _:
            assert_never(formula)


def _of_papers_alone(body: Formula) -> bool:
    """Whether no more is asked of a paper than what is stated of it: not whether it covers the step, nor
    whether it is good on the day."""
    match body:
        case PAll(parts) | PAny(parts):
            return all(_of_papers_alone(each) for each in parts)
        case PTest((str(key), _)):
            return key not in _DERIVED_OF_PAPERS
        case PReading() | PUnsettled():
            return True
        case _:
            return False


def _source(key: object, part: str) -> str:
    match key:
        case str() if not part:
            return _CELLS.get(key, key)
        case str() if part in PARTIES or part == ITEM:
            return f"{part}.{key}"
        case str() if part == "into":
            return NOWHERE
        case InForce() if not part:
            return ON_DATES
        case Days(start, end) if not part:
            return ON_DATES if {start, end} <= {"contract", "delivery"} else f"{APART} {start} {end}"
        case Share() if part in ("", ITEM):
            return CONTENT
        case _:
            return ALL


def _listed(name: str, part: str) -> str:
    if not part:
        return _LISTS.get(name, ALL)
    if part == ITEM and name == "content":
        return CONTENT
    if part == "into":
        return NOWHERE
    return ALL if name == "owners" or "." in part else f"{part}.{name}"


def _asks(formula: Formula) -> bool:
    """Whether the formula asks something of the catalogue."""
    match formula:
        case PAll(parts) | PAny(parts):
            return any(_asks(each) for each in parts)
        case PIn(_, body) | PSome(_, body) | PEvery(_, body):
            return _asks(body)
        case PTest((Share() | Owned() | Covered() | Days() | Forbids(), _)):
            return True
        case _:
            return False


def deps(source: str, fields: Collection[str]) -> frozenset[str]:
    """The fields, of those that a record has, from which the source may follow."""
    of = source.partition(".")[0]
    said = {name.partition(".")[0] for name in fields if "." in name}
    match source:
        case "@all" | "@scenario":
            return frozenset(fields)
        case "@nothing":
            return frozenset()
        case "@dates":
            return frozenset(DATES).intersection(fields)
        case _ if of.startswith(APART):
            return frozenset((*DATES, *source.split()[1:])).intersection(fields)
        case "@content":
            return _said_of(fields, ITEM, "papers")
        case "@item":
            return _said_of(fields, ITEM, "papers", "as_of")
        case "@agreement":
            return _said_of(fields, "agreements", "as_of")
        case "@agreements":
            return _said_of(fields, ITEM, "papers", "agreements")
        case "@border":
            return _said_of(fields, "activity", *FALLING_BACK)
        case "@reach":
            others = () if "to" in said else FALLING_BACK
            return _said_of(fields, "activity", "to", "end_user", "via", "place_of_use", ITEM, *others)
        case "@parties":
            return _said_of(fields, "activity", "end_user", "via", "papers", ITEM, *FALLING_BACK)
        case _ if of in FALLING_BACK and of not in said:
            return _said_of(fields, "activity", *FALLING_BACK)
        case _:
            return frozenset({source}.intersection(fields))


def _said_of(fields: Collection[str], *things: str) -> frozenset[str]:
    return frozenset(name for name in fields if name.partition(".")[0] in things)
