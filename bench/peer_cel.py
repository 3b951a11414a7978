"""CEL, through a binding of its implementation in Rust."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bench.engine import Engine
from bench.workload import Rule, Transfer, Unless

VARIABLES = (
    "origin",
    "destination",
    "activity",
    "end_user",
    "item_ancestors",
    "value_usd",
    "end_use_certificate",
    "date",
    "certificates",
)


class Cel(Engine):
    """One compiled program a rule, asked in a loop with one context."""

    name = "CEL (Rust)"
    package = "common-expression-language"
    how = "one compiled program for each rule, one context for each decision"

    def load(self, rules: Sequence[Rule]) -> None:
        """Compile."""
        import cel

        self.context = cel.Context
        self.programs = [(rule.id, cel.compile(expression(rule)).execute) for rule in rules]

    def one(self, transfer: Transfer) -> list[str]:
        """Execute each program."""
        context = self.context({name: transfer[name] for name in VARIABLES})
        return [rule for rule, execute in self.programs if execute(context)]


def expression(rule: Rule) -> str:
    """One rule as an expression of CEL."""
    tests = [] if rule.item is None else [f"{json.dumps(rule.item)} in item_ancestors"]
    for field in ("destination", "origin", "activity", "end_user"):
        values = getattr(rule, field)
        if values is not None:
            tests.append(f"{field} in {json.dumps(values)}")
    if rule.value_gt is not None:
        tests.append(f"value_usd > {rule.value_gt}")
    if rule.no_certificate:
        tests.append("!end_use_certificate")
    if rule.dates is not None:
        tests.append(f"date >= {rule.dates[0]} && date <= {rule.dates[1]}")
    if rule.unless is not None:
        tests.append(f"!({exception(rule.unless, ' && ')})")
    return " && ".join(tests)


def exception(unless: Unless, both: str) -> str:
    """An exception, as a conjunction."""
    tests = []
    if unless.destination is not None:
        tests.append(f"destination in {json.dumps(unless.destination)}")
    if unless.certificate is not None:
        tests.append(f"{json.dumps(unless.certificate)} in certificates")
    if unless.end_user is not None:
        tests.append(f"end_user in {json.dumps(unless.end_user)}")
    if unless.value_le is not None:
        tests.append(f"value_usd <= {unless.value_le}")
    return both.join(tests)
