"""The reference interpreter: what a condition and a rule mean, walking the grammar's own tree.

Strong Kleene logic over sets of possible values.  Short, slow and obviously right: every other
interpreter is held to it.  `docs/semantics.md` tells the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Every,
    In,
    InForce,
    Is,
    Named,
    Not,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.policy import Rule
from redline.rules.record import Row, Rows
from redline.rules.terms import PAPER_KIND, YES_NO
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction, negation
from redline.rules.values import Terms, Test, fits
from redline.rules.verdicts import Kind, Verdict

Readings = Mapping[str, frozenset[str]]
"""The answers that each interpretation may have; one that is not there may have any."""

IS_YES = Test(Terms(YES_NO, frozenset({"yes"})))


def holds(condition: Condition, row: Row, readings: Readings) -> Truth:
    """Whether the condition is true of the row, false of it, or cannot be told."""
    match condition:
        case All(parts):
            return conjunction(holds(part, row, readings) for part in parts)
        case Any(parts):
            return disjunction(holds(part, row, readings) for part in parts)
        case Not(part):
            return negation(holds(part, row, readings))
        case Is(key, test):
            return fits(row.cells[key].value, test)
        case Silent(key):
            return FALSE if _said(row, key) else TRUE
        case In(part, body):
            return holds(body, row.parts[part], readings)
        case Some(name, body):
            return _some(row.lists[name], body, readings)
        case Every(name, body):
            return negation(_some(row.lists[name], Not(body), readings))
        case Reading(name, answers):
            return _reads(readings.get(name), answers)
        case Unsettled():
            return UNKNOWN
        case Named(_, body):
            return holds(body, row, readings)
        case _:
            assert_never(condition)


def _some(rows: Rows, body: Condition, readings: Readings) -> Truth:
    listed = [conjunction((_present(row), holds(body, row, readings))) for row in rows.rows]
    return disjunction((*listed, conjunction((_more(rows), holds(body, rows.rest, readings)))))


def _more(rows: Rows) -> Truth:
    """Whether there are more elements than those listed: never known to be so."""
    return FALSE if fits(rows.closed.value, IS_YES) is TRUE else UNKNOWN


def _present(row: Row) -> Truth:
    return TRUE if row.present is None else fits(row.present.value, IS_YES)


def _reads(possible: frozenset[str] | None, answers: frozenset[str]) -> Truth:
    if possible is None or (possible & answers and possible - answers):
        return UNKNOWN
    return TRUE if possible <= answers else FALSE


def _said(row: Row, key: str) -> bool:
    if key in row.lists:
        return bool(row.lists[key].rows) or row.lists[key].closed.stated
    return row.cells[key].stated


def applies(rule: Rule, row: Row, readings: Readings) -> Truth:
    """Whether a permission holds, or a red flag is raised, of the row."""
    return conjunction((_bound(rule, row, readings), _bites(rule, row, readings, ())))


def judge(rule: Rule, permits: Iterable[Rule], row: Row, readings: Readings) -> frozenset[Verdict]:
    """The verdicts that the rule may give of the row, as far as Kleene logic can tell.

    `permits` are the permissions that name the rule, of the same subject.
    """
    match rule.kind:
        case Kind.PROHIBITS:
            met, granted = FALSE, FALSE
        case Kind.REQUIRES:
            met = holds(rule.requires, row, readings) if rule.requires is not None else FALSE
            granted = disjunction(holds(grant, row, readings) for grant in grants(rule.requires))
        case Kind.WEIGHS:
            met, granted = FALSE, FALSE
        case Kind.PERMITS | Kind.FLAGS:
            raise ValueError(f"{rule.kind} gives no verdict")
        case _:
            assert_never(rule.kind)
    return outcomes(
        rule.kind, _bound(rule, row, readings), _bites(rule, row, readings, permits), met, granted
    )


def outcomes(kind: Kind, bound: Truth, bites: Truth, met: Truth, granted: Truth) -> frozenset[Verdict]:
    """The verdicts that are possible: `bound` tells whether the rule is about the subject and in force,
    `bites` whether its condition holds and nothing excepts it, `met` whether what it requires is so,
    `granted` whether a grant that it names is held."""
    possible = set()
    if bound is not TRUE:
        possible.add(Verdict.NOT_APPLICABLE)
    if bound is not FALSE:
        if bites is not TRUE:
            possible.add(Verdict.NOT_CROSSED)
        if bites is not FALSE and met is not TRUE:
            possible.add(Verdict.REQUIRES_ASSESSMENT if kind is Kind.WEIGHS else Verdict.CROSSES)
        if bites is not FALSE and met is not FALSE:
            if granted is not FALSE:
                possible.add(Verdict.AUTHORISED)
            if granted is not TRUE:
                possible.add(Verdict.NOT_CROSSED)
    return frozenset(possible)


def _bound(rule: Rule, row: Row, readings: Readings) -> Truth:
    in_force = fits(row.cells[InForce(name(rule))].value, IS_YES) if rule.validity else TRUE
    scope = TRUE if rule.scope is None else holds(rule.scope, row, readings)
    return conjunction((in_force, scope))


def _bites(rule: Rule, row: Row, readings: Readings, permits: Iterable[Rule]) -> Truth:
    when = TRUE if rule.when is None else holds(rule.when, row, readings)
    unless = FALSE if rule.unless is None else holds(rule.unless, row, readings)
    permitted = disjunction(applies(permit, row, readings) for permit in permits)
    return conjunction((when, negation(unless), negation(permitted)))


def name(rule: Rule) -> str:
    """The rule's full name, `policy/rule`."""
    return f"{rule.policy}/{rule.id}"


def grants(condition: Condition | None) -> tuple[Condition, ...]:
    """The tests for a grant being held that stand in a requirement, outside `not` and lists."""
    match condition:
        case Is(Covered(kind=kind)) if PAPER_KIND.under(kind, "grant"):
            return (condition,)
        case All(parts) | Any(parts):
            return tuple(grant for part in parts for grant in grants(part))
        case Named(_, body):
            return grants(body)
        case _:
            return ()
