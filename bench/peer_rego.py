"""Rego, through regorus, compiled for its register machine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bench.engine import Engine
from bench.workload import Rule, Transfer, Unless


class Rego(Engine):
    """A partial set `crossed`, compiled; one machine for a thousand rules."""

    name = "Rego (regorus)"
    package = "gordon-to-regorus"
    how = "compiled for regorus's register machine; one machine for 1000 rules, since a program has a bound"
    LOT = 1000

    def load(self, rules: Sequence[Rule]) -> None:
        """Compile."""
        import regorus

        self.machines: list[Any] = []
        for start in range(0, len(rules), self.LOT):
            text = module(rules[start : start + self.LOT])
            program = regorus.Program.compile_from_modules(
                "{}", [("rules.rego", text)], ["data.bench.crossed"]
            )
            machine = regorus.Rvm()
            machine.load_program(program)
            machine.set_data_json("{}")
            self.machines.append(machine)

    def one(self, transfer: Transfer) -> list[str]:
        """Run each machine."""
        text = json.dumps(transfer)
        out: list[str] = []
        for machine in self.machines:
            machine.set_input_json(text)
            out += json.loads(machine.execute())
        return out


def module(rules: Iterable[Rule]) -> str:
    """The rules as a module of Rego."""
    lines = ["package bench", "import rego.v1"]
    for rule in rules:
        tests = _tests(rule)
        if rule.unless is not None:
            lines.append(f"exception_{rule.id} if {{\n " + "\n ".join(_exception(rule.unless)) + "\n}")
            tests.append(f"not exception_{rule.id}")
        lines.append(f"crossed contains {json.dumps(rule.id)} if {{\n " + "\n ".join(tests) + "\n}")
    return "\n".join(lines)


def _tests(rule: Rule) -> list[str]:
    tests = [] if rule.item is None else [f"{json.dumps(rule.item)} in input.item_ancestors"]
    for field in ("destination", "origin", "activity", "end_user"):
        values = getattr(rule, field)
        if values is not None:
            tests.append(f"input.{field} in {_set(values)}")
    if rule.value_gt is not None:
        tests.append(f"input.value_usd > {rule.value_gt}")
    if rule.no_certificate:
        tests.append("not input.end_use_certificate")
    if rule.dates is not None:
        tests += [f"input.date >= {rule.dates[0]}", f"input.date <= {rule.dates[1]}"]
    return tests


def _exception(unless: Unless) -> list[str]:
    tests = []
    if unless.destination is not None:
        tests.append(f"input.destination in {_set(unless.destination)}")
    if unless.certificate is not None:
        tests.append(f"{json.dumps(unless.certificate)} in input.certificates")
    if unless.end_user is not None:
        tests.append(f"input.end_user in {_set(unless.end_user)}")
    if unless.value_le is not None:
        tests.append(f"input.value_usd <= {unless.value_le}")
    return tests


def _set(values: Iterable[str]) -> str:
    return "{" + ", ".join(map(json.dumps, values)) + "}"
