"""A witness held to what it claims: the scenario is put to `redline check`, beside the policies."""

from __future__ import annotations

import json
import re
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
    scenario, readings = flaw.evidence.scenario, dict(flaw.evidence.readings)
    assert "/" not in scenario  # no path of a machine
    code, report = checked(scenario, policies, readings)
    if flaw.kind is FlawKind.CONFLICT:
        shown = json.dumps(report["conflicts"])
        assert flaw.rules[0].partition("/")[2] in shown
        assert flaw.rules[1].partition("/")[2] in shown
        assert code == 1
        return
    purpose = _put_as_a_rule(flaw, policies)
    code, probed = checked(scenario, policies, readings)
    there = {subject for rule, subject, verdict in _said(probed) if rule == PROBE and verdict == "crosses"}
    assert code == 1
    assert there, f"it is not so that {purpose}"
    policy = flaw.rules[0].partition("/")[0]
    told = [each for each in _said(report) if each[2] not in HARMLESS]
    if flaw.kind is FlawKind.GAP:  # of one of the subjects in the scope no rule of the policy says anything
        assert there - {subject for rule, subject, _ in told if rule.startswith(f"{policy}/")}
    else:
        assert not told


PROBE = "probe/probe"
HARMLESS = {"not_crossed", "not_applicable", "authorised", "not crossed", "not applicable"}


def _put_as_a_rule(flaw: Flaw, policies: Path) -> str:
    """Writes what the scope or intent says as a rule of a policy of its own, with the names of the policy."""
    policy, _, ident = flaw.rules[0].partition("/")
    (file,) = (each for each in policies.glob("*.yaml") if f"\npolicy: {policy}\n" in each.read_text("utf-8"))
    text = file.read_text("utf-8")
    head, _, rules = text.partition("\nrules:\n")
    sought = r"decides: \{(?:for: ([^,]*), )?when: (.*)\}" if flaw.kind is FlawKind.GAP else None
    found = re.search(sought or rf"- \{{id: {ident}, says: [^,]*()?, when: (.*)\}}", head)
    assert found is not None, head
    purpose = found[2]
    source = re.search(r"\n    source: (.*)\n", rules)
    assert source is not None
    probe = (
        "  - id: probe\n    says: It is so.\n    kind: prohibits\n    layer: political\n"
        "    strength: concern\n"
        f"    source: {source[1]}\n    for: {found[1] or 'each step'}\n    when: {purpose}\n"
    )
    file.write_text(f"{head}\nrules:\n{probe}\n{rules}", encoding="utf-8")
    return purpose


def _said(report: dict[str, object]) -> list[tuple[str, str, str]]:
    """Of each finding the rule, the subject and the verdict."""
    layers = report["layers"]
    assert isinstance(layers, list)
    found = []
    for finding in (each for layer in layers for each in layer["findings"]):
        name = finding["rule"]["rule"]
        subject = json.dumps(finding["subject"], sort_keys=True)
        found.append((PROBE if name.endswith("/probe") else name, subject, finding["verdict"]))
    return found
