"""Flaws of policies as problems at their place, as text and as data; witnesses as files to check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from redline.engine.characters import quote
from redline.engine.show import as_json, show
from redline.rules.evidence import MEANS, Flaw, Proved, Undetermined, Witness
from redline.rules.frozen import dataclass
from redline.rules.policy import Policy, Rule
from redline.rules.problems import Problem, Related, Severity

SHOWN = 5
"""How many others of a group are named one by one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A flaw, as a problem; why it is accepted, where it is; the file of its witness, where it has one."""

    flaw: Flaw
    problem: Problem
    reason: str = ""
    file: str = ""


def told(flaws: Iterable[Flaw], policies: Sequence[Policy], folder: str = "") -> list[Told]:
    """The flaws as they are shown, in their order.  With a `folder`, witnesses are named as files in it."""
    rules = {f"{policy.id}/{rule.id}": rule for policy in policies for rule in policy.rules}
    by_id = {policy.id: policy for policy in policies}
    counts: dict[str, int] = {}
    found = []
    for flaw in flaws:
        counts[flaw.kind] = counts.get(flaw.kind, 0) + 1
        file = ""
        if folder and isinstance(flaw.evidence, Witness):
            file = str(Path(folder) / f"{flaw.kind}-{counts[flaw.kind]}.yaml")
        found.append(Told(flaw, _problem(flaw, rules, file), _reason(flaw, rules, by_id), file))
    return found


def _problem(flaw: Flaw, rules: Mapping[str, Rule], file: str) -> Problem:
    focus, *others = flaw.rules
    also = (*others, *flaw.among)
    message = f"{quote(focus)}: {flaw.says}"
    related = tuple(Related(rules[name].span, name) for name in also[:SHOWN] if name in rules)
    if len(also) > SHOWN:
        message += f" ({len(also)} rules, {SHOWN} of them shown)"
    severity = Severity.WARNING if isinstance(flaw.evidence, Undetermined) else Severity.ERROR
    return Problem(flaw.kind, message, flaw.span, _known_by(flaw, file), related, severity=severity)


def _known_by(flaw: Flaw, file: str) -> str:
    match flaw.evidence:
        case Witness(readings=readings):
            under = ", ".join(f"{name.partition('/')[2]}={answer}" for name, answer in readings.items())
            where = (
                f"`redline check {file}` shows it"
                if file
                else "a scenario shows it: `--witnesses DIR` writes it"
            )
            return where + (f", with --reading {under}" if under else "")
        case Proved(bound):
            return "proved" + (f" for {bound}" if bound else ", for every scenario")
        case Undetermined(budget):
            return f"not determined: {budget}"


def _reason(flaw: Flaw, rules: Mapping[str, Rule], policies: Mapping[str, Policy]) -> str:
    """Why the flaw is accepted: by one of its rules, or by the policy of the first."""
    for name in flaw.rules:
        if name in rules and flaw.kind in rules[name].accepts:
            return rules[name].accepts[flaw.kind]
    policy = policies.get(flaw.rules[0].partition("/")[0])
    return policy.accepts.get(flaw.kind, "") if policy is not None else ""


def flaws_as_text(found: Sequence[Told], texts: Mapping[str, Sequence[str]]) -> str:
    """What was found, each with its place, and how many were accepted."""
    open_ones = [each.problem for each in found if not each.reason]
    sure = sum(1 for problem in open_ones if problem.severity is Severity.ERROR)
    accepted = len(found) - len(open_ones)
    last = f"{sure} found, {len(open_ones) - sure} not determined, {accepted} accepted with a reason"
    return "\n".join([*([show(open_ones, texts)] if open_ones else []), last])


def flaws_as_data(found: Sequence[Told]) -> dict[str, object]:
    """What was found and what was accepted, as plain data with the evidence."""
    return {
        "found": [_data(each) for each in found if not each.reason],
        "accepted": [_data(each) | {"reason": each.reason} for each in found if each.reason],
        "meanings": dict(MEANS),
    }


def _data(each: Told) -> dict[str, object]:
    flaw = each.flaw
    evidence: dict[str, object]
    match flaw.evidence:
        case Witness(scenario, readings, crossed):
            evidence = {
                "kind": "witness",
                "scenario": scenario,
                "readings": dict(readings),
                "crossed": list(crossed),
            }
        case Proved(bound):
            evidence = {"kind": "proved", "bound": bound}
        case Undetermined(budget):
            evidence = {"kind": "undetermined", "budget": budget}
    told_as = as_json([each.problem])[0]
    return {
        **told_as,
        "rules": [*flaw.rules],
        "among": [*flaw.among],
        "evidence": evidence,
        "file": each.file,
    }


def write_witnesses(found: Iterable[Told]) -> None:
    """Writes each witness into its file."""
    for each in found:
        if each.file and isinstance(each.flaw.evidence, Witness):
            path = Path(each.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each.flaw.evidence.scenario, encoding="utf-8")
