"""Conflicts found in a conclusion: what one stater both permits and forbids of one subject in one layer.

A permission that names a rule goes before it, so that between the two there is no conflict.  What is not
in force neither holds nor crosses: both are live wherever there is a conflict.
"""

from __future__ import annotations

from redline.engine.reference import name
from redline.rules.conflict import Conflict
from redline.rules.finding import Conclusion
from redline.rules.policy import Rule
from redline.rules.truth import FALSE
from redline.rules.verdicts import Kind, Verdict

BINDING = frozenset({Kind.PROHIBITS, Kind.REQUIRES})
_AGAINST = frozenset({Verdict.CROSSES, Verdict.UNDETERMINED})


def conflicts(conclusion: Conclusion) -> tuple[Conflict, ...]:
    """The conflicts, each on one subject, in the order of findings."""
    permissions = [e for e in conclusion.effects if e.rule.kind is Kind.PERMITS and e.holds is not FALSE]
    return tuple(
        Conflict(permission, found)
        for found in conclusion.findings
        if found.rule.kind in BINDING and found.verdict in _AGAINST
        for permission in permissions
        if permission.subject is found.subject and opposed(permission.rule, found.rule)
    )


def opposed(permission: Rule, rule: Rule) -> bool:
    """Whether they are a permission and a rule that binds, of one stater in one layer, neither naming the
    other."""
    return (
        rule.kind in BINDING
        and permission.layer is rule.layer
        and stater(permission) == stater(rule)
        and name(rule) not in permission.defeats
    )


def stater(rule: Rule) -> tuple[str, str]:
    """Who states a rule; where a policy names nobody, whoever it is that states that policy."""
    return (" ".join(rule.stated_by.split()).casefold(), "") if rule.stated_by else ("", rule.policy)
