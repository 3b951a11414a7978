"""The moves that matter to loaded policies: what their rules can tell apart, and nothing else.

Moves about one and the same place stand together, so that a place of many values is drawn no more often than
one of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from redline.analysis.outline import silences
from redline.engine.run import Bench
from redline.rules.condition import Covered, Forbids, Query
from redline.rules.frozen import dataclass
from redline.rules.quantities import DATE
from redline.rules.shapes import Field
from redline.rules.terms import PAPER_KIND
from redline.rules.vocabulary import STATED
from redline.testing.moves import (
    Agreement,
    Apart,
    Inside,
    Known,
    Move,
    Owner,
    Paper,
    Say,
    Someone,
    Station,
    Step,
)
from redline.testing.values import Values
from redline.testing.written import Data

Place = tuple[Move, ...]
"""Moves of which one makes no sense after the other: they say something of the same."""
_NUMBERS = {"party": 2, "item": 2, "transfer": 2, "paper": 1, "agreement": 1}
"""How many things of a shape facts are said of; further ones come by moves of their own."""
_OF_THEIR_OWN = frozenset({"items", "papers", "partners", "binds", "consignees", "end_users", "from", "to"})
_STATES = ("held", "refused", "expired", "pending", "revoked", "absent")
_FEW = 12


@dataclass(frozen=True)
class Menu:
    """The moves for the policies of a bench."""

    bench: Bench

    @cached_property
    def values(self) -> Values:
        """What the policies compare facts with."""
        return Values(self.bench)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All moves, place by place; there always is one."""
        found = (*self._facts(), *self._structure(), *self.edges)
        return tuple(place for place in found if place) or ((Say("scenario", 0, "as_of", "2026-06-01"),),)

    @cached_property
    def edges(self) -> tuple[Place, ...]:
        """Those that put a date or an amount next to a bound."""
        days, values = self.values.days, self.values
        dated = [tuple(Say("scenario", 0, "as_of", day) for day in days)]
        dated += [tuple(Say("transfer", n, "date", day) for day in days) for n in (-1, 0)]
        found: list[Place] = list(dated)
        for shape, number, field in self._fields():
            if field.type.sort == "amount" and field.type.of != DATE:
                found.append(
                    tuple(Say(shape, number, field.name, text) for text in values.amounts(field.name))
                )
            elif field.type.of == DATE and field.name not in ("contract", "delivery"):
                found.append(tuple(Say(shape, number, field.name, day) for day in days))
        found += [
            tuple(Apart(key.start, key.end, n) for n in numbers if date.min.toordinal() < 730_000 + n)
            for key, numbers in values.apart
        ]
        countries = self._terms("country", "IT")
        found.append(tuple(Owner(n, c, s) for s in values.holdings for c in countries for n in (-1, 0)))
        if values.shares:
            found += [
                tuple(
                    Inside("contains", said, share)
                    for share in values.shares
                    for said in self._parts()[:_FEW]
                )
            ]
        return tuple(place for place in found if place)

    def _terms(self, tree: str, otherwise: str) -> tuple[str, ...]:
        return self.values.terms.get(tree) or (otherwise,)

    @cached_property
    def _keys(self) -> frozenset[str | Query]:
        plan = self.bench.plan
        return frozenset(key for key, _ in plan.domains) | silences(plan.entries)

    def _fields(self) -> Iterator[tuple[str, int, Field]]:
        """The fields that a rule may look at, of every thing that they may be said of."""
        lexicon = self.bench.library.lexicon
        for shape, count in _NUMBERS.items():
            for field in (*lexicon.fields(shape).values(), *STATED[shape].many.values()):
                asked = field.name in self._keys or field.name in STATED[shape].many
                asked |= field.name in ("place_of_use", "declared_use", "declared_place", "share")
                if asked and field.name not in _OF_THEIR_OWN:
                    for number in range(-1, count - 1):
                        yield shape, number, field

    def _facts(self) -> Iterator[Place]:
        silent = silences(self.bench.plan.entries)
        for shape, number, field in self._fields():
            texts: tuple[str, ...] = ()
            if field.type.sort == "tree":
                texts = self.values.terms.get(field.type.of, ())
            elif field.type.sort == "name" and (field.name in self._keys or field.name == "listed"):
                texts = self.values.terms.get("name", ())
            if not texts and field.name in silent:
                texts = ("unknown",)
            if field.name in STATED[shape].many:
                lists = [[text] for text in texts]
                none: list[Move] = [Say(shape, number, field.name, "none")] if texts else []
                yield (*(Say(shape, number, field.name, [*each]) for each in lists), *none)
            else:
                yield tuple(Say(shape, number, field.name, text) for text in texts)

    def _parts(self) -> tuple[tuple[tuple[str, Data], ...], ...]:
        """What may be said of a further item, one thing each."""
        found: list[tuple[tuple[str, Data], ...]] = []
        for tree, key in (("class", "class"), ("country", "made_in"), ("yes_no", "military")):
            found += [((key, text),) for text in self.values.terms.get(tree, ()) if key in self._keys]
        for tree, key in (("country", "origin"), ("code", "codes")):
            found += [((key, [text]),) for text in self.values.terms.get(tree, ())]
        return tuple(found) or ((("form", "hardware"),),)

    def _structure(self) -> Iterator[Place]:
        countries = self._terms("country", "IT")
        activities = self._terms("activity", "export")
        yield tuple(Step(a, c) for a in activities[:_FEW] for c in countries)
        for key in ("contains", "made_with"):
            yield tuple(Inside(key, said) for said in self._parts())
        yield from self._papers(countries)
        kinds = self._terms("agreement_kind", "co-development")
        yield tuple(Agreement(k, c) for k in kinds for c in countries)
        yield tuple(Owner(n, c, "100%") for c in countries for n in (-1, 0))
        yield tuple(Station(c, r) for c in countries for r in self._terms("role", ""))
        party_kinds = ("", *self.values.terms.get("party_kind", ()))
        for key in ("end_user", "by"):
            yield tuple(Someone(key, c, k) for k in party_kinds for c in countries)
        if self.values.terms.get("knowledge"):
            uses = self._terms("end_use", "military")
            yield tuple(Known(how, use) for how in self.values.terms["knowledge"] for use in uses)

    def _papers(self, countries: Sequence[str]) -> Iterator[Place]:
        asked = [key for key, _ in self.bench.plan.domains if isinstance(key, Covered)]
        kinds = dict.fromkeys((*(key.kind for key in asked), *self.values.terms.get("paper_kind", ())))
        issuers = countries[:_FEW]
        for kind in kinds:
            yield tuple(Paper(kind, state, issuer) for state in _STATES for issuer in issuers)
        bans = [("destinations", c) for c in countries]
        bans += [("activities", a) for a in self._terms("activity", "export")]
        promises = [k for k in kinds if PAPER_KIND.under(k, "undertaking")] or ["end-use-certificate"]
        undertaken = any(isinstance(key, Forbids) or key == "breached" for key in self._keys)
        if undertaken:
            yield tuple(Paper(k, "held", "", (ban,)) for k in promises for ban in bans)
