"""The work that every engine is given: seeded rules and transfers, invented.

All is a function of the seed and a count.  Which draw follows which is part of the work: its counts and
its selectivity are compared with published figures, so that the order of the draws must not change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, TypeVar

SEED = 20261122
SIZES = (15, 100, 1000, 10_000)
ITEM_TREE_DEPTH = 3

# 190 states without a territory of another among them, so that no code lies in two of them.
COUNTRIES = tuple(
    """
    AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL
    CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW
    GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU
    LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK
    PL PT PW PY QA RO RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR
    TT TV TZ UA UG US UY UZ VC VE VN VU WS YE ZA
    """.split()  # noqa: SIM905 (a list of one word a line would be 190 lines)
)
ORIGINS = COUNTRIES[::5]
ACTIVITIES = (
    "export",
    "re_export",
    "transit",
    "brokering",
    "tech_transfer",
    "co_development",
    "licensed_production",
    "temporary_import",
)
END_USERS = (
    "armed_forces",
    "police",
    "intelligence",
    "state_owned",
    "private_company",
    "private_military",
    "research",
    "distributor",
    "un_mission",
    "unknown",
)
CERTIFICATES = ("EUC", "IIC", "DVC", "NRC", "GOV", "TAA")

T = TypeVar("T")
Transfer = dict[str, Any]  # what an engine is asked about: 13 keys, see `transfers`


@dataclass(frozen=True)
class Unless:
    """An exception: all that is stated of it holds."""

    destination: tuple[str, ...] | None = None
    certificate: str | None = None
    end_user: tuple[str, ...] | None = None
    value_le: int | None = None


@dataclass(frozen=True)
class Rule:
    """A conjunction: what is None is not asked."""

    id: str
    origin: tuple[str, ...] | None = None
    item: str | None = None
    destination: tuple[str, ...] | None = None
    activity: tuple[str, ...] | None = None
    end_user: tuple[str, ...] | None = None
    value_gt: int | None = None
    no_certificate: bool = False
    dates: tuple[int, int] | None = None
    unless: Unless | None = None


def leaves() -> list[str]:
    """The entries that items have: 440 like those of a munitions list, 800 like those of a dual-use list."""
    munitions = [f"ML{m}.{a}.{d}" for m in range(1, 23) for a in "abcde" for d in range(1, 5)]
    numbers = ("001", "002", "101", "225")
    return munitions + [
        f"{m}{g}.{n}.{a}" for m in range(10) for g in "ABCDE" for n in numbers for a in "abcd"
    ]


def above(item: str) -> list[str]:
    """The entry and those that it lies under, the highest first."""
    parts = item.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts) + 1)]


LEAVES = tuple(leaves())
NODES = tuple(sorted({node for leaf in LEAVES for node in above(leaf)}))


@cache
def weights() -> dict[str, dict[str, float]]:
    """How often each value of a field occurs in transfers."""
    dice = Random(SEED)
    return {
        "origin": _zipf(ORIGINS, 0.9, dice),
        "destination": _zipf(COUNTRIES, 0.8, dice),
        "activity": _zipf(ACTIVITIES, 0.8, dice),
        "end_user": _zipf(END_USERS, 0.6, dice),
        "leaf": _zipf(LEAVES, 0.5, dice),
    }


@cache
def node_weights() -> dict[str, float]:
    """How often an item lies under each entry."""
    result = dict.fromkeys(NODES, 0.0)
    for leaf, weight in weights()["leaf"].items():
        for node in above(leaf):
            result[node] += weight
    return result


def _zipf(values: Iterable[T], slope: float, dice: Random) -> dict[T, float]:
    values = list(values)
    dice.shuffle(values)
    raw = [1.0 / (i + 1.7) ** slope for i in range(len(values))]
    total = sum(raw)
    return {value: one / total for value, one in zip(values, raw, strict=True)}


def _set_of(
    dice: Random, weight: Mapping[str, float], mass: float, most: int
) -> tuple[tuple[str, ...], float]:
    """A random set of which the weight is about `mass`, and its weight."""
    values = list(weight)
    dice.shuffle(values)
    taken: list[str] = []
    got = 0.0
    for value in values:
        if taken and (got >= mass or len(taken) >= most):
            break
        if (got + weight[value] > mass * 1.6 and taken) or weight[value] > mass * 2.0:
            continue
        taken.append(value)
        got += weight[value]
    if not taken:
        taken = [min(weight, key=weight.__getitem__)]
        got = weight[taken[0]]
    return tuple(sorted(taken)), got


def _day(dice: Random) -> int:
    return dice.randint(2024, 2028) * 10_000 + dice.randint(1, 12) * 100 + dice.randint(1, 28)


SHARE = {"origin": 1.0, "item": 2.2, "destination": 1.8, "activity": 0.7, "end_user": 0.6}
MOST = {"origin": 12, "destination": 40, "activity": 5, "end_user": 6}


def rules(count: int) -> list[Rule]:
    """The rules of one size: 2-5 sets each, some with a value, a certificate, dates, an exception."""
    dice = Random(SEED * 31 + count)
    return [_rule(dice, number, count) for number in range(count)]


def _rule(dice: Random, number: int, count: int) -> Rule:
    target = (0.09 if count == 15 else min(0.09, 2.4 / count)) * math.exp(dice.gauss(0, 0.8))
    value_gt = dates = None
    no_certificate = False
    if dice.random() < 0.25:
        value_gt = dice.choice([10_000, 50_000, 100_000, 250_000, 1_000_000])
        target /= 0.5
    if dice.random() < 0.20:
        no_certificate = True
        target /= 0.45
    if dice.random() < 0.25:
        first, last = sorted((_day(dice), _day(dice)))
        dates = (first, last)
        target /= 0.4
    sets, item = _sets(dice, min(target, 0.5), count)
    unless = _unless(dice, sets.get("destination")) if dice.random() < 0.30 else None
    return Rule(
        f"r{number:05d}",
        sets.get("origin"),
        item,
        sets.get("destination"),
        sets.get("activity"),
        sets.get("end_user"),
        value_gt,
        no_certificate,
        dates,
        unless,
    )


def _sets(dice: Random, target: float, count: int) -> tuple[dict[str, tuple[str, ...]], str | None]:
    """The sets of a rule, as wide as the aimed selectivity needs, and its item."""
    wanted = dice.choice([2, 3, 3, 4, 4, 5]) if count >= 100 else dice.choice([2, 2, 3])
    fields = dice.sample(["origin", "item", "destination", "activity", "end_user"], wanted)
    if "destination" not in fields and "item" not in fields:
        fields[0] = "destination"
    todo = sorted(fields, key=lambda field: field == "destination")  # the finest knob last
    left = math.log(target)
    sets: dict[str, tuple[str, ...]] = {}
    item = None
    for at, field in enumerate(todo):
        part = math.exp(left * SHARE[field] / sum(SHARE[other] for other in todo[at:]))
        if field == "item":
            item, got = _item(dice, part)
        else:
            sets[field], got = _set_of(dice, weights()[field], part, MOST[field])
        left = min(left - math.log(min(got, 1.0)), -0.01)
    return sets, item


def _item(dice: Random, part: float) -> tuple[str, float]:
    weight = node_weights()
    node = min(dice.sample(NODES, 40), key=lambda one: abs(math.log(weight[one] / part)))
    return node, weight[node]


def _unless(dice: Random, destination: Sequence[str] | None) -> Unless:
    kind = dice.random()
    countries = certificate = users = value = None
    if kind < 0.35:
        among = destination or COUNTRIES
        countries = tuple(sorted(dice.sample(among, min(3, len(among)))))
    elif kind < 0.75:
        certificate = dice.choice(CERTIFICATES)
    else:
        users = tuple(sorted(dice.sample(END_USERS, 2)))
    if dice.random() < 0.4:
        value = dice.choice([10_000, 50_000, 250_000])
    return Unless(countries, certificate, users, value)


LOT = 1000  # drawn together, so that few transfers are the first of many


def transfers(count: int) -> list[Transfer]:
    """Transfers, as the plain records that engines are asked about.

    Two things are made easy for every engine: the entries above an item are given, since most have no
    operator for trees, and dates are whole numbers, since some can order nothing else.
    """
    dice = Random(SEED * 17)
    pick = {field: (list(weight), list(weight.values())) for field, weight in weights().items()}
    result: list[Transfer] = []
    for start in range(0, count, LOT):
        drawn = {field: dice.choices(values, weight, k=LOT) for field, (values, weight) in pick.items()}
        result += [
            _transfer(dice, start + i, {f: column[i] for f, column in drawn.items()}) for i in range(LOT)
        ]
    return result[:count]


def _transfer(dice: Random, number: int, drawn: Mapping[str, str]) -> Transfer:
    held = sorted(dice.sample(CERTIFICATES, dice.choice([0, 1, 1, 2, 3])))
    origin, destination = drawn["origin"], drawn["destination"]
    return {
        "id": f"s{number:06d}",
        "item": drawn["leaf"],
        "item_ancestors": above(drawn["leaf"]),
        "origin": origin,
        "destination": destination,
        "consignee": f"Consignee {dice.randint(1, 5000)} Ltd",
        "end_user": drawn["end_user"],
        "activity": drawn["activity"],
        "value_usd": int(10 ** dice.uniform(2.5, 7.0)),
        "end_use_certificate": "EUC" in held or dice.random() < 0.35,
        "certificates": held,
        "date": _day(dice),
        "route": [origin, *dice.sample(COUNTRIES, dice.randint(0, 3)), destination],
    }
