"""Small scenarios built in Python, without reading: what derivation is tested on.

Values are written short: a text is a term, a tuple several possible ones, a date a text such as
`2026-03`, a share a fraction or a pair of bounds.  A list is complete unless it ends in `MORE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from redline.engine.records import Asked, Case
from redline.rules.condition import Condition, Is
from redline.rules.facts import Entity, Fact, Grade, Listing, Reference, Scenario
from redline.rules.quantities import base_unit, exactly, parse_date
from redline.rules.record import Cell, Key, Row, Rows
from redline.rules.shapes import NAME, Field, Type
from redline.rules.terms import TREES, YES_NO
from redline.rules.truth import Truth
from redline.rules.values import Amounts, Stretch, Terms, Test, Value, fits
from redline.rules.vocabulary import ASKED, STATED

MORE = "..."
"""Ends a list that may go on."""
UNKNOWN = None
"""Stands for a party or an item that is not known."""

Several = Sequence[object]


def value(kind: Type, written: object) -> Value:
    """A value of the type, written short."""
    if isinstance(written, Terms | Amounts):
        return written
    match kind.sort:
        case "tree":
            terms = written if isinstance(written, tuple) else (written,)
            return Terms(TREES[kind.of], frozenset(str(term) for term in terms))
        case "name":
            return Terms(NAME, frozenset({str(written)}))
        case _ if kind.of == "date":
            found = parse_date(str(written))
            assert found is not None
            return found
        case _ if isinstance(written, tuple):
            low, high = (None if end is None else Fraction(end) for end in written)
            return Amounts(base_unit(kind.of), (Stretch(low, high),), kind.of == "count")
        case _:
            assert isinstance(written, int | float | str | Fraction)
            return exactly(Fraction(str(written)), base_unit(kind.of), whole=kind.of == "count")


def entity(shape: str, ident: str, path: str, grade: Grade = Grade.STATED, **said: object) -> Entity:
    """A thing of a stated shape; trailing underscores of names are dropped (`from_`)."""
    known = STATED[shape]
    facts, references, lists = {}, {}, {}
    for key, written in said.items():
        name = key.rstrip("_")
        if name in known.fields and known.fields[name].type.sort in ("party", "item", "paper"):
            references[name] = reference(written, f"{path}.{name}", grade)
        elif name in known.fields:
            facts[name] = fact(known.fields[name], written, f"{path}.{name}", grade)
        elif name in known.many:
            lists[name] = listing(known.many[name], written, f"{path}.{name}", grade)
        else:
            lists[name] = _things(known.lists[name].shape, written, f"{path}.{name}", grade)
    if shape == "transfer":
        lists.setdefault(
            "via", Listing((), True, Fact(f"{path}.via", None, says="nothing is said of the way"))
        )
    return Entity(shape, ident, path, facts, references, lists, existence=Fact(path, None, grade))


def fact(field: Field, written: object, path: str, grade: Grade = Grade.STATED) -> Fact:
    """A fact; `UNKNOWN` is one of which it is said that it is not known."""
    return Fact(path, field.type.anything() if written is None else value(field.type, written), grade)


def reference(written: object, path: str, grade: Grade = Grade.STATED) -> Reference:
    """Whom or what is meant: an id, a tuple of ids, a country in capitals, or `UNKNOWN`."""
    if written is None:
        return Reference((), Fact(path, Terms(NAME), grade))
    if isinstance(written, str) and written.isupper():
        return Reference(
            (), Fact(path, value(STATED["party"].fields["country"].type, written), grade), written
        )
    names = written if isinstance(written, tuple) else (written,)
    return Reference(tuple(str(name) for name in names), Fact(path, Terms(NAME, frozenset(names)), grade))


def listing(field: Field, written: object, path: str, grade: Grade = Grade.STATED) -> Listing:
    """Several values or references."""
    elements, closed = _elements(written)
    made: list[Fact | Reference] = []
    for number, each in enumerate(elements, start=1):
        if field.type.sort in ("party", "item", "paper"):
            made.append(reference(each, f"{path}.{number}", grade))
        else:
            made.append(fact(field, each, f"{path}.{number}", grade))
    return Listing(tuple(made), closed, Fact(path, None, grade, says="complete as given"))


def _things(shape: str, written: object, path: str, grade: Grade) -> Listing:
    elements, closed = _elements(written)
    made = []
    for number, each in enumerate(elements, start=1):
        said = dict(each) if isinstance(each, Mapping) else {_main(shape): each}
        here = said.pop("grade", grade)
        assert isinstance(here, Grade)
        made.append(entity(shape, str(number), f"{path}.{number}", here, **said))
    return Listing(tuple(made), closed, Fact(path, None, grade, says="complete as given"))


def _main(shape: str) -> str:
    return next(iter(STATED[shape].fields))


def _elements(written: object) -> tuple[list[object], bool]:
    several = list(written) if isinstance(written, list) else [written]
    closed = MORE not in several
    return [each for each in several if each != MORE], closed


def party(**said: object) -> dict[str, object]:
    """What is said of a party."""
    return said


def item(**said: object) -> dict[str, object]:
    """What is said of an item; there is nothing in it, and it was made with nothing, unless it says so."""
    return {"contains": [], "made_with": [], **said}


def transfer(activity: object, items: object, **said: object) -> dict[str, object]:
    """What is said of a transfer."""
    return {"activity": activity, "items": items, **said}


Said = Mapping[str, Any]


def scenario(
    *transfers: Mapping[str, object],
    parties: Said | None = None,
    items: Said | None = None,
    agreements: Said | None = None,
    papers: Said | None = None,
    as_of: str | None = "2026-06-01",
    open_lists: Iterable[str] = (),
) -> Scenario:
    """A scenario, complete but for the lists that are `open_lists`."""

    def things(shape: str, name: str, said: Said | None) -> dict[str, Entity]:
        return {ident: _said(shape, ident, f"{name}.{ident}", each) for ident, each in (said or {}).items()}

    names = ("transfers", "parties", "items", "agreements", "papers")
    days = None if as_of is None else parse_date(as_of)
    return Scenario(
        "test",
        "",
        None if days is None else Fact("as_of", days),
        things("party", "parties", parties),
        things("item", "items", items),
        things("agreement", "agreements", agreements),
        things("paper", "papers", papers),
        tuple(_said("transfer", str(n), f"transfers.{n}", each) for n, each in enumerate(transfers, start=1)),
        {name: Fact(name, None, says=f"the {name} are complete") for name in names if name not in open_lists},
    )


def _said(shape: str, ident: str, path: str, said: Mapping[str, object]) -> Entity:
    rest = dict(said)
    grade = rest.pop("grade", Grade.STATED)
    assert isinstance(grade, Grade)
    return entity(shape, ident, path, grade, **rest)


def case(what: Scenario, asked: Asked | None = None) -> Case:
    """The scenario under derivation."""
    return Case(what, asked or Asked())


# --- conditions, and what is seen in rows ----------------------------------------------------------


def is_(shape: str, field: str, *terms: str) -> Condition:
    """A field of a record's shape lies under one of the terms."""
    return Is(field, Test(value(ASKED[shape].fields[field].type, terms)), " ".join(terms))


def country(*codes: str) -> Condition:
    """A party is in one of the countries."""
    return is_("party", "country", *codes)


def yes(cell: Cell | None) -> str:
    """`yes`, `no` or `?`: what a cell over yes and no says (no cell: yes)."""
    if cell is None:
        return "yes"
    truth = fits(cell.value, Test(Terms(YES_NO, frozenset({"yes"}))))
    return {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "?"}[truth]


def seen(row: Row, key: Key) -> object:
    """What a cell says, written short: a term, a tuple of terms, bounds; `None` for anything."""
    found = row.cells[key].value
    if found.anything:
        return None
    if isinstance(found, Terms):
        return found.single or tuple(sorted(found.within or ()))
    return found.low if found.low == found.high else (found.low, found.high)


def named(rows: Rows) -> dict[str, str]:
    """The names of the rows of a list, with whether each is there."""
    return {row.name or "?": yes(row.present) for row in rows.rows}


def paths(cell: Cell | None) -> set[str]:
    """The paths of the facts that a cell follows from."""
    return set() if cell is None else {one.path for one in cell.facts}
