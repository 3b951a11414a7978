"""Conflicts as the report has them: those of the same two rules together, each with its sentence."""

from __future__ import annotations

from collections.abc import Sequence

from redline.answers.report_rules import Telling, about, rule_card
from redline.answers.say_values import listed
from redline.rules.conflict import Conflict
from redline.rules.report import About, ConflictReport, RuleCard
from redline.rules.truth import TRUE
from redline.rules.verdicts import ORDER, Kind, Verdict


def conflict_reports(told: Telling, found: Sequence[Conflict]) -> tuple[ConflictReport, ...]:
    """The conflicts, the certain ones first, then by name."""
    groups: dict[tuple[str, str, bool, Verdict], list[Conflict]] = {}
    for each in found:
        permission, against = (rule_card(told, of.rule) for of in (each.permission, each.against))
        key = (permission.rule, against.rule, each.permission.holds is TRUE, each.against.verdict)
        groups.setdefault(key, []).append(each)
    ordered = sorted(groups, key=lambda key: (not key[2], ORDER.index(key[3]), key[0], key[1]))
    return tuple(_reported(told, groups[key]) for key in ordered)


def _reported(told: Telling, group: Sequence[Conflict]) -> ConflictReport:
    first = group[0]
    permission, against = rule_card(told, first.permission.rule), rule_card(told, first.against.rule)
    subjects = tuple(about(told.naming, each.against.subject) for each in group)
    holds, verdict = first.permission.holds is TRUE, first.against.verdict
    return ConflictReport(
        permission.rule,
        against.rule,
        against.layer,
        against.stated_by,
        subjects,
        "yes" if holds else "unknown",
        verdict,
        _sentence(permission, against, subjects, holds, verdict),
    )


def _sentence(
    permission: RuleCard, against: RuleCard, subjects: Sequence[About], holds: bool, verdict: Verdict
) -> str:
    """Who says both, of what; and that nobody says which goes first."""
    one, other = (
        card.rule.rpartition("/")[2] if permission.policy == against.policy else card.rule
        for card in (permission, against)
    )
    crosses = verdict is Verdict.CROSSES
    if against.kind is Kind.PROHIBITS:
        binds = "prohibits" if crosses else "may prohibit"
    else:
        binds = "requires what is not so" if crosses else "may require what is not so"
    of = f"{'at' if subjects[0].kind == 'step' else 'for'} {listed((s.called for s in subjects), 'and')}"
    return (
        f"{of} {against.stated_by or 'one stater'} {'permits' if holds else 'may permit'} ({one}) and "
        f"{binds} ({other}): neither names the other, and no verdict changes"
    )
