"""A witness held to what it claims: the scenario is put to `redline check`, beside the policies."""

from __future__ import annotations

import json
from pathlib import Path

from redline.front.cli import run
from redline.rules.evidence import Flaw, FlawKind, Witness


def checked(scenario: str, policies: Path, readings: dict[str, str]) -> tuple[int, dict[str, object]]:
    """The exit code of `redline check` and its answer, by nothing but those policies."""
    file = policies / "witness.scenario"
    file.write_text(scenario, encoding="utf-8")
    command = ["check", str(file), "--include", "author", "--format", "json", "--no-second-opinion"]
    for policy in sorted(policies.glob("*.yaml")):
        command += ["--policy", str(policy)]
    for reading, answer in readings.items():
        command += ["--reading", f"{reading}={answer}"]
    written = policies / "answer.json"
    code = run([*command, "--output", str(written)])
    assert code in {0, 1, 3, 4}
    return code, json.loads(written.read_text(encoding="utf-8"))


def shows(flaw: Flaw, policies: Path) -> None:
    """Asserts that the scenario of a flaw shows it; nothing, where it has none."""
    if not isinstance(flaw.evidence, Witness):
        return
    scenario = flaw.evidence.scenario
    assert "/" not in scenario  # no path of a machine
    code, report = checked(scenario, policies, dict(flaw.evidence.readings))
    if flaw.kind is FlawKind.CONFLICT:
        told = json.dumps(report["conflicts"])
        assert flaw.rules[0].partition("/")[2] in told
        assert flaw.rules[1].partition("/")[2] in told
        assert code == 1
    else:
        assert code in {0, 3}
