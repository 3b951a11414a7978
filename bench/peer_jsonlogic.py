"""JsonLogic, through datalogic-py, its implementation in Rust."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bench.engine import Engine
from bench.workload import Rule, Transfer, Unless

Logic = dict[str, Any]


class JsonLogic(Engine):
    """One compiled rule: the ids of all that hold, merged."""

    name = "JsonLogic (datalogic-py)"
    package = "datalogic-py"
    how = "one compiled rule that merges the ids, evaluated in a session"

    def load(self, rules: Sequence[Rule]) -> None:
        """Compile."""
        import datalogic_py

        engine = datalogic_py.Engine()
        merged = {"merge": [{"if": [logic(rule), [rule.id], []]} for rule in rules]}
        self.engine = engine
        self.compiled = engine.compile(json.dumps(merged))
        self.session = engine.session()

    def one(self, transfer: Transfer) -> Any:
        """Evaluate."""
        return self.session.evaluate(self.compiled, transfer)


def _var(name: str) -> Logic:
    return {"var": name}


def logic(rule: Rule) -> Logic:
    """One rule as JsonLogic."""
    tests: list[Logic] = [] if rule.item is None else [{"in": [rule.item, _var("item_ancestors")]}]
    for field in ("destination", "origin", "activity", "end_user"):
        values = getattr(rule, field)
        if values is not None:
            tests.append({"in": [_var(field), list(values)]})
    if rule.value_gt is not None:
        tests.append({">": [_var("value_usd"), rule.value_gt]})
    if rule.no_certificate:
        tests.append({"!": [_var("end_use_certificate")]})
    if rule.dates is not None:
        tests.append({"<=": [rule.dates[0], _var("date"), rule.dates[1]]})
    if rule.unless is not None:
        tests.append({"!": [{"and": _exception(rule.unless)}]})
    return {"and": tests}


def _exception(unless: Unless) -> list[Logic]:
    tests: list[Logic] = []
    if unless.destination is not None:
        tests.append({"in": [_var("destination"), list(unless.destination)]})
    if unless.certificate is not None:
        tests.append({"in": [unless.certificate, _var("certificates")]})
    if unless.end_user is not None:
        tests.append({"in": [_var("end_user"), list(unless.end_user)]})
    if unless.value_le is not None:
        tests.append({"<=": [_var("value_usd"), unless.value_le]})
    return tests
