"""Cedar, through cedarpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bench.engine import Engine
from bench.workload import NODES, Rule, Transfer, Unless, above

CONTEXT = ("origin", "destination", "end_user", "value_usd", "end_use_certificate", "date", "certificates")


class Cedar(Engine):
    """A policy that forbids for each rule; the reasons of the decision are the rules that match."""

    name = "Cedar (cedarpy)"
    package = "cedarpy"
    how = "a `forbid` for each rule; policies and the tree of items parsed beforehand; native batch call"

    def load(self, rules: Sequence[Rule]) -> None:
        """Parse the policies, and the items as entities."""
        import cedarpy

        self.cedar = cedarpy
        self.policies = cedarpy.PolicySet.from_str("\n".join(map(policy, rules)))
        self.entities = cedarpy.Entities.from_json_str(json.dumps([_entity(node) for node in NODES]))
        self.names = {f"policy{n}": rule.id for n, rule in enumerate(rules)}

    def one(self, transfer: Transfer) -> list[str]:
        """Ask for one decision."""
        answer = self.cedar.is_authorized(_request(transfer), self.policies, self.entities)
        return [self.names[reason] for reason in answer.diagnostics.reasons]

    def batch(self, transfers: Sequence[Transfer]) -> list[list[str]]:
        """Ask for many at once."""
        requests = [_request(transfer) for transfer in transfers]
        names = self.names
        return [
            [names[reason] for reason in answer.diagnostics.reasons]
            for answer in self.cedar.is_authorized_batch(requests, self.policies, self.entities)
        ]


def _request(transfer: Transfer) -> dict[str, Any]:
    return {
        "principal": {"type": "Party", "id": "x"},
        "action": {"type": "Action", "id": transfer["activity"]},
        "resource": {"type": "Item", "id": transfer["item"]},
        "context": {key: transfer[key] for key in CONTEXT},
    }


def _entity(node: str) -> dict[str, Any]:
    parents = [{"type": "Item", "id": above(node)[-2]}] if "." in node else []
    return {"uid": {"type": "Item", "id": node}, "attrs": {}, "parents": parents}


def policy(rule: Rule) -> str:
    """One rule in Cedar's language."""
    action = "action"
    if rule.activity:
        action += f" in [{', '.join(f'Action::{json.dumps(one)}' for one in rule.activity)}]"
    resource = f"resource in Item::{json.dumps(rule.item)}" if rule.item else "resource"
    tests = []
    for field in ("destination", "origin", "end_user"):
        values = getattr(rule, field)
        if values is not None:
            tests.append(f"{json.dumps(values)}.contains(context.{field})")
    if rule.value_gt is not None:
        tests.append(f"context.value_usd > {rule.value_gt}")
    if rule.no_certificate:
        tests.append("!context.end_use_certificate")
    if rule.dates is not None:
        tests.append(f"context.date >= {rule.dates[0]} && context.date <= {rule.dates[1]}")
    text = f"forbid(principal, {action}, {resource})"
    if tests:
        text += f" when {{{' && '.join(tests)}}}"
    if rule.unless is not None:
        text += f" unless {{{' && '.join(_exception(rule.unless))}}}"
    return text + ";"


def _exception(unless: Unless) -> list[str]:
    tests = []
    if unless.destination is not None:
        tests.append(f"{json.dumps(unless.destination)}.contains(context.destination)")
    if unless.certificate is not None:
        tests.append(f"context.certificates.contains({json.dumps(unless.certificate)})")
    if unless.end_user is not None:
        tests.append(f"{json.dumps(unless.end_user)}.contains(context.end_user)")
    if unless.value_le is not None:
        tests.append(f"context.value_usd <= {unless.value_le}")
    return tests
