"""The second work: the first with facts that are not known, lists that are asked, validity in stretches.

A fifth of the fields of a transfer is left out.  It is for redline alone: no other engine has three truth
values, so that there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bench.workload import CERTIFICATES, COUNTRIES, SEED, Rule, Transfer, rules, transfers

UNKNOWN = 0.2
PAPERS = (*CERTIFICATES, "other")  # `other`: a certificate of an end use that is no EUC
STRETCHES = ("in_force", "suspended", "unknown")


@dataclass(frozen=True)
class Stretch:
    """Days, and what a rule is on them."""

    first: int
    last: int
    state: str


@dataclass(frozen=True)
class Further:
    """A rule of the first work, and what it asks besides: a list of papers, a list of origins of content."""

    rule: Rule
    validity: tuple[Stretch, ...] = ()
    every_paper: bool = False
    papers: tuple[str, ...] | None = None  # some paper is of these kinds, or every one is
    every_origin: bool = False
    origins: tuple[str, ...] | None = None  # some origin is among these, or every one is


def further_rules(count: int) -> list[Further]:
    """The rules of one size."""
    dice = Random(SEED * 37 + count)
    return [_further(dice, rule) for rule in rules(count)]


def _further(dice: Random, rule: Rule) -> Further:
    papers = origins = None
    if dice.random() < 0.3:
        papers = tuple(sorted(dice.sample(PAPERS, dice.randint(2, 4))))
    if dice.random() < 0.3:
        origins = tuple(sorted(dice.sample(COUNTRIES, 40)))
    validity = () if rule.dates is None else _validity(dice, *rule.dates)
    return Further(rule, validity, dice.random() < 0.5, papers, dice.random() < 0.5, origins)


def _validity(dice: Random, first: int, last: int) -> tuple[Stretch, ...]:
    """The dates of the rule, and as often as not a stretch of which a suspension or nothing is told."""
    whole = Stretch(first, last, "in_force")
    if dice.random() < 0.5:
        return (whole,)
    year = first // 10_000
    return (whole, Stretch(year * 10_000 + 101, year * 10_000 + 628, dice.choice(STRETCHES[1:])))


def partial_transfers(count: int) -> list[Transfer]:
    """Transfers of which a fifth of the fields is not there; `papers` and `origins` are lists, complete."""
    dice = Random(SEED * 41)
    return [_partial(dice, transfer) for transfer in transfers(count)]


def _partial(dice: Random, transfer: Transfer) -> Transfer:
    held: Sequence[str] = transfer["certificates"]
    if transfer["end_use_certificate"] and "EUC" not in held:
        held = [*held, "other"]
    whole = {
        **{field: transfer[field] for field in ("item", "origin", "destination", "end_user", "activity")},
        "value_usd": transfer["value_usd"],
        "date": transfer["date"],
        "papers": list(held),
        "origins": sorted(dice.sample(COUNTRIES, dice.choice([1, 1, 2]))),
    }
    return {field: value for field, value in whole.items() if dice.random() >= UNKNOWN}
