"""durable_rules: a Rete network in C, fed with JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.engine import Engine
from bench.workload import CERTIFICATES, Rule, Transfer, Unless, above

Test = dict[str, Any]


class Durable(Engine):
    """It has no sets and no `not` of a group: sets are alternatives, exceptions are turned inside out."""

    name = "durable_rules"
    package = "durable-rules"
    how = "one rule for each; sets as alternatives, certificates as flags; a fact is asserted and retracted"
    largest = 1000  # ten thousand are not loaded in two minutes

    def load(self, rules: Sequence[Rule]) -> None:
        """Define the rule set."""
        from durable import engine

        self.hits: set[str] = set()
        self.host = engine.Host()
        self.host.set_rulesets({"t": {rule.id: self._rule(rule) for rule in rules}})
        self.unmoved = (engine.MessageNotHandledException, engine.MessageObservedException)
        self.count = 0

    def _rule(self, rule: Rule) -> dict[str, Any]:
        return {"all": [{"m": _joined("$and", tests(rule))}], "run": self._hit(rule.id)}

    def _hit(self, rule: str) -> Callable[[Any], None]:
        return lambda _: self.hits.add(rule)  # a rule fires once for each alternative that holds

    def one(self, transfer: Transfer) -> list[str]:
        """Assert and retract."""
        self.hits.clear()
        self.count += 1
        entries, held = transfer["item_ancestors"], transfer["certificates"]
        fact = {
            "id": self.count,
            "origin": transfer["origin"],
            "destination": transfer["destination"],
            "activity": transfer["activity"],
            "end_user": transfer["end_user"],
            "i1": entries[0],
            "i2": entries[1],
            "i3": entries[2],
            "value_usd": transfer["value_usd"],
            "certified": int(transfer["end_use_certificate"]),
            "date": transfer["date"],
        }
        for name in CERTIFICATES:
            fact[f"held_{name}"] = int(name in held)
        try:
            self.host.assert_fact("t", fact)
        except self.unmoved:
            return []
        out = list(self.hits)
        try:
            self.host.retract_fact("t", fact)
        except self.unmoved:
            return out
        return out


def tests(rule: Rule) -> list[Test]:
    """What a rule asks."""
    out: list[Test] = [] if rule.item is None else [{f"i{len(above(rule.item))}": rule.item}]
    for field in ("origin", "destination", "activity", "end_user"):
        values = getattr(rule, field)
        if values is not None:
            out.append(_joined("$or", [{field: value} for value in values]))
    if rule.value_gt is not None:
        out.append({"$gt": {"value_usd": rule.value_gt}})
    if rule.no_certificate:
        out.append({"certified": 0})
    if rule.dates is not None:
        out += [{"$gte": {"date": rule.dates[0]}}, {"$lte": {"date": rule.dates[1]}}]
    if rule.unless is not None:
        out.append(_joined("$or", _not_excepted(rule.unless)))
    return out


def _not_excepted(unless: Unless) -> list[Test]:
    out: list[Test] = []
    if unless.destination is not None:
        out.append(_joined("$and", [{"$neq": {"destination": value}} for value in unless.destination]))
    if unless.certificate is not None:
        out.append({f"held_{unless.certificate}": 0})
    if unless.end_user is not None:
        out.append(_joined("$and", [{"$neq": {"end_user": value}} for value in unless.end_user]))
    if unless.value_le is not None:
        out.append({"$gt": {"value_usd": unless.value_le}})
    return out


def _joined(word: str, several: list[Test]) -> Test:
    return several[0] if len(several) == 1 else {word: several}
