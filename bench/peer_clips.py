"""CLIPS, through clipspy: a Rete network kept in C."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bench.engine import Engine
from bench.workload import Rule, Transfer, above

TEMPLATE = (
    "(deftemplate s (slot i1) (slot i2) (slot i3) (slot destination) (slot origin) (slot activity) "
    "(slot end_user) (slot value_usd) (slot certified) (slot date) (multislot certificates))"
)
FIELDS = ("origin", "destination", "activity", "end_user")


class Clips(Engine):
    """One `defrule` a rule; a transfer is a fact that is asserted, and retracted after the run."""

    name = "CLIPS (clipspy)"
    package = "clipspy"
    how = "one defrule for each rule; a fact is asserted, the engine run, the fact retracted"

    def load(self, rules: Sequence[Rule]) -> None:
        """Build the network."""
        import clips

        environment = clips.Environment()
        self.hits: list[str] = []

        def hit(rule: Any) -> None:
            self.hits.append(str(rule))

        environment.define_function(hit)
        environment.build(TEMPLATE)
        for rule in rules:
            environment.build(defrule(rule))
        self.environment = environment
        self.template = environment.find_template("s")
        self.yes, self.no = clips.Symbol("TRUE"), clips.Symbol("FALSE")

    def one(self, transfer: Transfer) -> list[str]:
        """Assert, run, retract."""
        self.hits.clear()
        entries = transfer["item_ancestors"]
        fact = self.template.assert_fact(
            i1=entries[0],
            i2=entries[1],
            i3=entries[2],
            destination=transfer["destination"],
            origin=transfer["origin"],
            activity=transfer["activity"],
            end_user=transfer["end_user"],
            value_usd=transfer["value_usd"],
            certified=self.yes if transfer["end_use_certificate"] else self.no,
            date=transfer["date"],
            certificates=transfer["certificates"],
        )
        self.environment.run()
        fact.retract()
        return list(self.hits)


def defrule(rule: Rule) -> str:
    """One rule in the language of CLIPS.  What an exception compares is bound to a variable."""
    unless = rule.unless
    slots = [] if rule.item is None else [f"(i{len(above(rule.item))} {json.dumps(rule.item)})"]
    for field in FIELDS:
        values = getattr(rule, field)
        bound = f"?{field}" if unless and getattr(unless, field, None) is not None else ""
        choice = "" if values is None else "|".join(map(json.dumps, values))
        if bound or choice:
            slots.append(f"({field} {'&'.join(filter(None, (bound, choice)))})")
    if rule.value_gt is not None:
        slots.append(f"(value_usd ?value&:(> ?value {rule.value_gt}))")
    elif unless and unless.value_le is not None:
        slots.append("(value_usd ?value)")
    if rule.no_certificate:
        slots.append("(certified FALSE)")
    if rule.dates is not None:
        slots.append(f"(date ?date&:(<= {rule.dates[0]} ?date {rule.dates[1]}))")
    test = ""
    if unless is not None:
        tests = []
        if unless.destination is not None:
            tests.append(_one_of("?destination", unless.destination))
        if unless.certificate is not None:
            slots.append("(certificates $?held)")
            tests.append(f"(member$ {json.dumps(unless.certificate)} ?held)")
        if unless.end_user is not None:
            tests.append(_one_of("?end_user", unless.end_user))
        if unless.value_le is not None:
            tests.append(f"(<= ?value {unless.value_le})")
        test = f"(test (not {_joined('and', tests)}))"
    return f"(defrule {rule.id} (s {' '.join(slots)}) {test} => (hit {json.dumps(rule.id)}))"


def _one_of(variable: str, values: Iterable[str]) -> str:
    return _joined("or", [f"(eq {variable} {json.dumps(value)})" for value in values])


def _joined(word: str, tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else f"({word} {' '.join(tests)})"
