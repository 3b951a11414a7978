"""The oracle of the second work: what holds however the facts that are not known turn out, by naive loops.

A rule asks of each field that something holds (its *condition*), and of some that not all of a second thing
holds (its *exception*).  Fields are independent.  So it is possible that the rule is crossed if each field
can meet its condition, and one can without its share of the exception; and certain if each field meets its
condition whatever it is, and one is never in the exception.

`Engine.check` says just that.  `Engine.decide` says what strong Kleene logic tells (`kleene`): each question
about a field is asked by itself, and a rule stays possible unless its exception holds for sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from bench.second_work import PAPERS, Further
from bench.workload import Transfer, above

Pair = tuple[bool, bool]  # of one value of a field: whether it meets the condition, and the exception


class Field(NamedTuple):
    """What a rule asks of a field: the pairs of a value, and all pairs that there are over all values."""

    name: str
    pairs: Callable[[Any], set[Pair]]
    anything: set[Pair]
    excepts: bool = False  # whether the exception asks something of it


class Asked(NamedTuple):
    """A rule, field by field."""

    id: str
    fields: list[Field]
    excepts: bool
    kleene: bool


def asked(rules: Iterable[Further], *, kleene: bool = False) -> list[Asked]:
    """The rules, ready for the loop."""
    return [
        Asked(one.rule.id, list(_fields(one, kleene=kleene)), one.rule.unless is not None, kleene)
        for one in rules
    ]


def decided(rules: Iterable[Asked], transfer: Transfer) -> tuple[list[str], list[str]]:
    """The ids of the rules that are crossed for sure, and of those that are possibly."""
    certain, possible = [], []
    for rule in rules:
        sure, maybe = decided_one(rule, transfer)
        if sure:
            certain.append(rule.id)
        if maybe:
            possible.append(rule.id)
    return certain, possible


def decided_one(rule: Asked, transfer: Transfer) -> tuple[bool, bool]:
    """Whether the rule is crossed for sure, and whether possibly."""
    sure = maybe = True
    never_excepted = perhaps_free = not rule.excepts
    for field in rule.fields:
        pairs = field.pairs(transfer[field.name]) if field.name in transfer else field.anything
        sure = sure and all(met for met, _ in pairs)
        maybe = maybe and any(met for met, _ in pairs)
        if field.excepts:
            never_excepted = never_excepted or not any(inside for _, inside in pairs)
            perhaps_free = perhaps_free or any((met or rule.kleene) and not inside for met, inside in pairs)
    return sure and never_excepted, maybe and perhaps_free


BOTH: set[Pair] = {(True, True), (False, False), (True, False), (False, True)}


def _fields(one: Further, *, kleene: bool) -> Iterator[Field]:
    rule, unless = one.rule, one.rule.unless
    if rule.origin is not None:
        yield _among("origin", rule.origin, None)
    if rule.activity is not None:
        yield _among("activity", rule.activity, None)
    destination = unless.destination if unless else None
    if rule.destination is not None or destination is not None:
        yield _among("destination", rule.destination, destination)
    user = unless.end_user if unless else None
    if rule.end_user is not None or user is not None:
        yield _among("end_user", rule.end_user, user)
    if (node := rule.item) is not None:
        yield Field("item", lambda item: {(node in above(item), True)}, BOTH)
    most = unless.value_le if unless else None
    if rule.value_gt is not None or most is not None:
        yield _value(rule.value_gt, most)
    if one.validity:
        turns = [0, *(day for each in one.validity for day in (each.first, each.last, each.last + 1))]
        yield Field(
            "date",
            lambda date: _in_force(one, date),
            {pair for day in turns for pair in _in_force(one, day)},
        )
    certificate = unless.certificate if unless else None
    if rule.no_certificate or certificate is not None or one.papers is not None:
        if kleene and rule.no_certificate and one.papers is not None:
            yield _papers(replace(one, papers=None), certificate)
            yield _papers(replace(one, rule=replace(rule, no_certificate=False)), certificate)
        else:
            yield _papers(one, certificate)
    if (among := one.origins) is not None:
        every = all if one.every_origin else any
        yield Field("origins", lambda values: {(every(v in among for v in values), True)}, BOTH)


def _among(name: str, condition: Sequence[str] | None, exception: Sequence[str] | None) -> Field:
    def pair(value: str) -> Pair:
        return (
            condition is None or value in condition,
            exception is None or value in exception,
        )

    others = {"something else"}
    anything = {pair(value) for value in {*(condition or ()), *(exception or ()), *others}}
    return Field(name, lambda value: {pair(value)}, anything, exception is not None)


def _value(over: int | None, most: int | None) -> Field:
    def pair(value: int) -> Pair:
        return over is None or value > over, most is None or value <= most

    edges = {0, *(x + 1 for x in (over, most) if x is not None), *(x for x in (over, most) if x is not None)}
    return Field("value_usd", lambda value: {pair(value)}, {pair(edge) for edge in edges}, most is not None)


def _in_force(one: Further, date: int) -> set[Pair]:
    state = ""
    for stretch in one.validity:
        if stretch.first <= date <= stretch.last:
            state = stretch.state
    return {(True, True), (False, True)} if state == "unknown" else {(state == "in_force", True)}


def _papers(one: Further, certificate: str | None) -> Field:
    every = all if one.every_paper else any

    def pair(held: Sequence[str]) -> Pair:
        certified = "EUC" in held or "other" in held
        met = not (one.rule.no_certificate and certified)
        if one.papers is not None:
            met = met and every(kind in one.papers for kind in held)
        return met, certificate is None or certificate in held

    anything = {pair(held) for held in _any_papers()}
    return Field("papers", lambda held: {pair(held)}, anything, certificate is not None)


@cache
def _any_papers() -> tuple[tuple[str, ...], ...]:
    """Every choice of papers, those of no kind that a rule names among them."""
    kinds = (*PAPERS, "something else")
    return tuple(some for size in range(len(kinds) + 1) for some in combinations(kinds, size))
