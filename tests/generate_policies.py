"""Policies of many rules, made by chance: fifteen fields and three lists, as large as is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

COUNTRIES = [
    "IT",
    "IN",
    "PK",
    "CN",
    "FR",
    "DE",
    "NL",
    "AE",
    "TR",
    "US",
    "GB",
    "RU",
    "IR",
    "JP",
    "BR",
    "EG",
    "SG",
    "ZA",
]
TERMS: dict[str, list[str]] = {
    "activity": [
        "export",
        "re-export",
        "retransfer",
        "transit",
        "brokering",
        "technical-assistance",
        "training",
    ],
    "end_use": ["military", "civil", "research"],
    "place_of_use": COUNTRIES,
    "status": ["proposed", "contracted", "delivered"],
    "item.class": [
        "radar",
        "sonar",
        "torpedo",
        "missile",
        "drone",
        "submarine",
        "corvette",
        "helicopter",
        "engine",
    ],
    "item.form": ["hardware", "software", "technology", "service"],
    "item.made_in": COUNTRIES,
    "item.military": ["yes", "no"],
    "item.sensitivity": ["sensitive", "not-sensitive"],
    "from.country": COUNTRIES,
    "to.country": COUNTRIES,
    "to.kind": ["government", "company", "armed-forces", "bank", "research-body", "person"],
    "end_user.country": COUNTRIES,
}
AMOUNTS = {"item.quantity": [1, 2, 5, 10, 50, 100], "item.value": [1000, 5000, 25000, 100000]}
LISTS = {
    "item.codes": [f"ML{n}" for n in range(1, 23)],
    "item.origin": COUNTRIES,
    "flags": ["declines-installation", "diversion-hub", "prior-refusal"],
}


def a_policy(rules: int, seed: int = 1, *, name: str = "made", decides: str = "") -> str:
    """A policy of so many rules, as YAML; `decides`: the scope that it is said to decide."""
    chance = Random(seed)  # noqa: S311  # not for secrets
    lines = ["redline: 1", f"policy: {name}", "title: Made by chance", "stated_by: A state"]
    lines += [f"decides: {{when: {decides}}}"] if decides else []
    lines.append("rules:")
    for number in range(rules):
        lines += _rule(chance, number, rules)
    return "\n".join(lines) + "\n"


def _rule(chance: Random, number: int, rules: int) -> Iterator[str]:
    kind = chance.choices(("prohibits", "requires", "weighs", "permits"), (60, 10, 5, 25))[0]
    yield f"  - id: r{number}"
    yield f"    says: A state says rule {number}."
    yield f"    kind: {kind}"
    yield f"    layer: {chance.choice(('political', 'legal'))}"
    yield "    strength: law"
    yield "    source: [by chance]"
    yield "    for: each step"
    if chance.random() < 0.15:
        year = chance.randint(2015, 2028)
        yield f"    validity: [{{from: {year}-01-01, to: {year + chance.randint(0, 5)}-12-31}}]"
    yield f"    when: {_all(chance)}"
    if chance.random() < 0.2:
        yield f"    unless: {_all(chance, 2)}"
    if kind == "requires":
        yield f"    requires: {{paper: {{kind: licence, issuer: {chance.choice(COUNTRIES[:4])}}}}}"


def _all(chance: Random, most: int = 5) -> str:
    names = chance.sample([*TERMS, *AMOUNTS], chance.randint(2, most))
    parts = [_test(chance, each) for each in names]
    if chance.random() < 0.4:
        parts.append(_listed(chance))
    return f"{{all: [{', '.join(parts)}]}}"


def _test(chance: Random, name: str) -> str:
    if name in AMOUNTS:
        unit = " EUR" if name == "item.value" else ""
        edge = chance.choice(("at_least", "less_than"))
        return f"{{{name}: {{{edge}: {chance.choice(AMOUNTS[name])}{unit}}}}}"
    some = chance.sample(TERMS[name], chance.randint(1, max(1, len(TERMS[name]) // 2)))
    if chance.random() < 0.15:
        return f"{{{name}: {{not: [{some[0]}]}}}}"
    return f"{{{name}: [{', '.join(some)}]}}"


def _listed(chance: Random) -> str:
    name = chance.choice(list(LISTS))
    some = chance.sample(LISTS[name], chance.randint(1, 2))
    return f"{{{name}: [{', '.join(some)}]}}"
