"""The decision tables of zen-engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bench.engine import Engine
from bench.workload import Rule, Transfer, Unless

COLUMNS = {
    "origin": "origin",
    "destination": "destination",
    "activity": "activity",
    "end_user": "end_user",
    "item": "item_ancestors",
    "value": "value_usd",
    "certified": "end_use_certificate",
    "date": "date",
    "unless": "",
}


class Zen(Engine):
    """One table that collects every row that fits."""

    name = "zen-engine"
    package = "zen-engine"
    how = "one decision table, hit policy collect"

    def load(self, rules: Sequence[Rule]) -> None:
        """Make the table."""
        import zen

        content = zen.ZenDecisionContent(json.dumps(graph(rules)))
        self.engine = zen.ZenEngine()
        self.decision = self.engine.create_decision(content)

    def one(self, transfer: Transfer) -> list[str]:
        """Evaluate it."""
        result = self.decision.evaluate(transfer)["result"]
        return [row["id"] for row in result] if result else []


def graph(rules: Sequence[Rule]) -> dict[str, Any]:
    """A graph of one table between input and output."""
    inputs = [{"id": k, "name": k, **({"field": field} if field else {})} for k, field in COLUMNS.items()]
    table = {
        "hitPolicy": "collect",
        "rules": [_row(rule) for rule in rules],
        "inputs": inputs,
        "outputs": [{"id": "out", "name": "out", "field": "id"}],
    }
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {
                "id": "table",
                "name": "table",
                "type": "decisionTableNode",
                "position": {"x": 1, "y": 0},
                "content": table,
            },
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


def _row(rule: Rule) -> dict[str, str]:
    row = {"_id": rule.id, "out": json.dumps(rule.id), **dict.fromkeys(COLUMNS, "")}
    for field in ("origin", "destination", "activity", "end_user"):
        values = getattr(rule, field)
        if values is not None:
            row[field] = ", ".join(map(json.dumps, values))
    if rule.item is not None:
        row["item"] = f"contains($, {json.dumps(rule.item)})"
    if rule.value_gt is not None:
        row["value"] = f"> {rule.value_gt}"
    if rule.no_certificate:
        row["certified"] = "false"
    if rule.dates is not None:
        row["date"] = f"[{rule.dates[0]}..{rule.dates[1]}]"
    if rule.unless is not None:
        row["unless"] = f"not ({_exception(rule.unless)})"
    return row


def _exception(unless: Unless) -> str:
    tests = []
    if unless.destination is not None:
        tests.append(f"destination in {json.dumps(unless.destination)}")
    if unless.certificate is not None:
        tests.append(f"contains(certificates, {json.dumps(unless.certificate)})")
    if unless.end_user is not None:
        tests.append(f"end_user in {json.dumps(unless.end_user)}")
    if unless.value_le is not None:
        tests.append(f"value_usd <= {unless.value_le}")
    return " and ".join(tests)
