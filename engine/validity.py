"""Whether a rule was in force for a subject, on the days that the subject may have.

A rule without validity is always in force.  On a day, the last stretch that holds it decides; a day
in no stretch is outside; suspended is not in force.  A step runs from its contract to its delivery;
where the boundary of a validity falls inside, the rule says whether such steps are covered.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from redline.engine.cells import answer, joined
from redline.rules.condition import InForce
from redline.rules.policy import Rule, Validity
from redline.rules.record import Cell, Key
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Stretch

_SAID = {"covered": TRUE, "exempt": FALSE}


def in_force(rule: Rule, start: Cell, end: Cell) -> Cell:
    """Whether the rule is in force from one day to the other, each known only to be one of several."""
    if not rule.validity:
        return answer(TRUE, start.about, (), "the rule is always in force")
    assert isinstance(start.value, Amounts)
    assert isinstance(end.value, Amounts)
    outcomes = _outcomes(rule.validity, rule.running, start.value, end.value, start is end)
    truth = next(iter(outcomes)) if len(outcomes) == 1 else UNKNOWN
    about = end.about if start.facts and not end.facts else start.about
    how = {TRUE: "the rule is in force then", FALSE: "the rule is not in force then"}.get(truth, "")
    return answer(truth, about, joined(start.facts, end.facts), how, stated=start.stated or end.stated)


def all_in_force(rules: tuple[Rule, ...], subject: str, start: Cell, end: Cell) -> dict[Key, Cell]:
    """For each rule on that sort of subject, whether it is in force."""
    return {
        InForce(f"{rule.policy}/{rule.id}"): in_force(rule, start, end)
        for rule in rules
        if rule.subject == subject
    }


@lru_cache(maxsize=4096)  # many rules have the same dates, and are asked of the same days
def _outcomes(
    validity: tuple[Validity, ...], running: tuple[str, str], start: Amounts, end: Amounts, one_day: bool
) -> frozenset[Truth]:
    """What may be, over every pair of a first and a last day; `one_day`: they are one and the same."""
    spells = _spells(validity)
    starts = [number for number, (spell, _) in enumerate(spells) if not _within(start, spell).empty]
    ends = [number for number, (spell, _) in enumerate(spells) if not _within(end, spell).empty]
    found = set()
    for first in starts:
        for last in ends:
            if last < first or (one_day and first != last):
                continue
            if first == last and not _can_follow(
                _within(start, spells[first][0]), _within(end, spells[first][0])
            ):
                continue
            found.add(_over([status for _, status in spells[first : last + 1]], running))
    return frozenset(found) or frozenset({UNKNOWN})


def _within(days: Amounts, spell: Stretch) -> Amounts:
    return days.meet(Amounts(days.unit, (spell,), days.whole))


def _can_follow(start: Amounts, end: Amounts) -> bool:
    return start.low is None or end.high is None or start.low <= end.high


def _over(statuses: list[Truth], running: tuple[str, str]) -> Truth:
    """Whether it counts as in force over spells of these statuses, first to last."""
    if len(set(statuses)) == 1:
        return statuses[0]
    if UNKNOWN in statuses:
        return UNKNOWN
    before, after = (_SAID.get(said, UNKNOWN) for said in running)
    begun, ended = statuses[0] is FALSE, statuses[-1] is FALSE
    match begun, ended:
        case True, False:
            return before
        case False, True:
            return after
        case True, True:
            return before if before is after else UNKNOWN
        case _:
            return UNKNOWN  # in force at both ends, not in between: nobody says what that means


def spells(rule: Rule) -> tuple[tuple[Stretch, Truth], ...]:
    """All days in spells of one status, each as long as it lasts."""
    found: list[tuple[Stretch, Truth]] = []
    for spell, status in _spells(rule.validity):
        if found and found[-1][1] is status:
            found[-1] = (Stretch(found[-1][0].low, spell.high), status)
        else:
            found.append((spell, status))
    return tuple(found)


def _spells(validity: tuple[Validity, ...]) -> list[tuple[Stretch, Truth]]:
    """All days, cut where a rule's status may change, each spell with its status."""
    cuts: set[Fraction] = set()
    for each in validity:
        for stretch in each.days.stretches:
            cuts |= {stretch.low} if stretch.low is not None else set()
            cuts |= {stretch.high + 1} if stretch.high is not None else set()
    edges = [None, *sorted(cuts), None]
    spells = []
    for low, after in pairwise(edges):
        spell = Stretch(low, None if after is None else after - 1)
        spells.append((spell, _status(validity, spell)))
    return spells


def _status(validity: tuple[Validity, ...], spell: Stretch) -> Truth:
    for each in reversed(validity):
        if not _within(each.days, spell).empty:
            return {"in_force": TRUE, "suspended": FALSE}.get(each.state, UNKNOWN)
    return FALSE
