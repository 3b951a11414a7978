"""A report cut down to one rule, as `explain` needs it."""

from __future__ import annotations

from redline.rules.frozen import replace
from redline.rules.report import LayerReport, Report
from redline.rules.verdicts import worst


def rules_named(report: Report, name: str) -> tuple[str, ...]:
    """The rules of the report that a name means: a full name, or the part after the policy."""
    cards = (
        *(finding.rule for finding in report.findings),
        *(effect.rule for effect in (*report.permissions, *report.red_flags)),
    )
    known = dict.fromkeys(card.rule for card in cards)
    return (name,) if name in known else tuple(rule for rule in known if rule.rpartition("/")[2] == name)


def of_rule(report: Report, name: str) -> Report:
    """The report with what it says of the rules that the name means, and no more."""
    names = rules_named(report, name)
    layers = tuple(_layer(layer, names) for layer in report.layers)
    findings = [finding for layer in layers for finding in layer.findings]
    return replace(
        report,
        verdict=worst(finding.verdict for finding in findings),
        answer=f"{name}: {worst(f.verdict for f in findings).words}" if findings else f"{name}: no verdict",
        layers=layers,
        permissions=tuple(effect for effect in report.permissions if effect.rule.rule in names),
        red_flags=tuple(effect for effect in report.red_flags if effect.rule.rule in names),
        conflicts=tuple(c for c in report.conflicts if c.permission in names or c.against in names),
        waiting=tuple(waits for waits in report.waiting if any(rule in names for rule in waits.rules)),
    )


def _layer(layer: LayerReport, names: tuple[str, ...]) -> LayerReport:
    own = tuple(finding for finding in layer.findings if finding.rule.rule in names)
    return replace(layer, findings=own, verdict=worst(f.verdict for f in own) if own else None)
