"""A scenario judged as of another day: what is not yet delivered cannot lie in the past of that day."""

from __future__ import annotations

from redline.rules.facts import Entity, Fact, Grade, Scenario
from redline.rules.frozen import replace
from redline.rules.terms import STATUS
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Stretch, Terms, Test, fits, union

_HAPPENED = {
    "delivery": Test(Terms(STATUS, frozenset({"delivered", "cancelled"}))),
    "contract": Test(Terms(STATUS, frozenset({"contracted", "under-way", "delivered", "cancelled"}))),
}
"""The statuses by which a transfer is delivered, or its contract concluded, or by which neither will ever
be: what was given up is not still to come, and keeps its dates."""


def judged_as_of(scenario: Scenario, day: Amounts) -> Scenario:
    """The scenario as of that day (of a month or a year: any day of it), in place of its own date.

    A transfer without a date takes the scenario's date, and so the day.  One with a date keeps it,
    unless it is not yet delivered and the day has come after it; then it moves:

    * not yet delivered is what its status tells to be so, and where the status is not stated, what lies
      wholly on or after the scenario's own date; with no such date, it cannot be told;
    * what is cancelled does not move;
    * what moves keeps those of its possible days that do not lie before the day, and where there are
      none takes the day;
    * where it cannot be told whether it is delivered, both stay possible.

    The day of a contract moves in the same way, by itself, where the contract is not yet concluded: one that
    is contracted or under way keeps it.  With neither a status nor a date of the scenario both days of the
    contract stay possible, as of the delivery.  So nothing changes where the day is the
    scenario's own date, save what was overdue on it.
    """
    own = scenario.as_of.value if scenario.as_of is not None else None
    ahead = own if isinstance(own, Amounts) else None
    as_of = Fact("as_of", day, says="the date to judge as of was asked for")
    moved = tuple(_moved(transfer, ahead, day) for transfer in scenario.transfers)
    return replace(scenario, as_of=as_of, transfers=moved)


def _moved(transfer: Entity, own: Amounts | None, day: Amounts) -> Entity:
    facts = dict(transfer.facts)
    for name, happened in _HAPPENED.items():
        fact = facts.get(name)
        if fact is None or not isinstance(fact.value, Amounts):
            continue
        stands = fact.value
        left = stands.meet(replace(day, stretches=(Stretch(low=day.low),)))
        moved = day if left.empty else left
        truth = _happened(transfer, happened, stands, own)
        value = {TRUE: stands, FALSE: moved, UNKNOWN: union((stands, moved))}[truth]
        if value != stands:
            step = f"step {transfer.path.rpartition('.')[2]}"
            says = f"the {name} of {step} had not taken place, and moves to the date judged"
            facts[name] = replace(fact, value=value, says=says)
    return replace(transfer, facts=facts)


def _happened(transfer: Entity, happened: Test, stands: Amounts, own: Amounts | None) -> Truth:
    """Whether it has taken place: as the status tells; where it is silent, as the scenario's date does."""
    status = transfer.facts.get("status")
    if status is not None:
        if status.value is None or status.grade is Grade.ALLEGED:
            return UNKNOWN
        return fits(status.value, happened)
    if own is None:
        return UNKNOWN
    before = replace(own, stretches=(Stretch(high=own.low, high_open=True),))
    return fits(stands, Test(before))
