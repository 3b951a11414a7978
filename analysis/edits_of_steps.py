"""Edits of steps: on another day, not at all, or one more.

A step more clears only what tests for there being such a step, or for all steps being alike (by the laws, see
the semantics): it is made where a rule does, of an item of the scenario and between its parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from redline.analysis.edit_values import days
from redline.analysis.further_steps import last_moves
from redline.analysis.space import Space
from redline.engine.edits import REMOVE
from redline.engine.plan import Formula, PEvery, PSome, nodes
from redline.rules.node import Map, Text
from redline.rules.values import Amounts
from redline.rules.whatif import Edit

_GONE = Text(REMOVE)


def of_step(space: Space, number: int) -> Iterator[Edit]:
    """The step on another day, or not at all."""
    path = f"transfers.{number + 1}"
    called_ = f"step {number + 1}"
    fact = space.scenario.transfers[number].facts.get("delivery") or space.scenario.as_of
    value = fact.value if fact is not None else None
    now = value.low if isinstance(value, Amounts) else None
    places = (f"{path}.contract", f"{path}.delivery")
    for day in days(space, "" if now is None else date.fromordinal(int(now)).isoformat()):
        says = f"{called_} took place on {day}"
        yield from space.edit("date", [(f"{path}.date", Text(day))], says, places)
    if len(space.scenario.transfers) > 1:
        yield from space.edit("step", [(path, _GONE)], f"{called_} did not take place")


def new_steps(space: Space) -> Iterator[Edit]:
    """One step more: an item goes on from who holds it last, or was received before by who sends it first."""
    if not _asked_for(space):
        return
    scenario = space.scenario
    dated = [t.facts["delivery"].value for t in scenario.transfers if "delivery" in t.facts]
    lows = [int(d.low) for d in dated if isinstance(d, Amounts) and d.low is not None]
    highs = [int(d.high) for d in dated if isinstance(d, Amounts) and d.high is not None]
    for holder, items in last_moves(scenario):
        last = f"transfers.{len(scenario.transfers)}.to"  # who has it in the end is the destination
        for other in scenario.parties:
            if other != holder:
                for item in items:
                    yield from _new_step(space, item, holder, other, highs and max(highs) + 1, (last,))
    for item, holder in _first_holders(space).items():
        for other in scenario.parties:
            if other != holder:
                yield from _new_step(space, item, other, holder, lows and min(lows) - 1, ())


def _new_step(
    space: Space, item: str, sender: str, recipient: str, day: int | Sequence[int], places: tuple[str, ...]
) -> Iterator[Edit]:
    when = date.fromordinal(day).isoformat() if isinstance(day, int) else ""
    who = f"from {space.name('parties', sender)} to {space.name('parties', recipient)}"
    for activity in _activities(space):
        facts = {"activity": activity, "item": item, "from": sender, "to": recipient}
        facts |= {"date": when} if when else {}
        step = Map(tuple((Text(key), Text(text)) for key, text in facts.items()))
        says = f"there were one step more: {activity} of {space.name('items', item)} {who}"
        says += f" on {when}" if when else ""
        yield from space.edit("new-step", [("transfers.+", step)], says, ("transfers", *places))


def _activities(space: Space) -> tuple[str, ...]:
    """An activity of each class that the rules tell apart."""
    classes = space.looked.values.get("activity", ())
    return tuple(dict.fromkeys(texts[0] for texts in classes)) or ("export",)


def _first_holders(space: Space) -> dict[str, str]:
    """Who sends each item first."""
    found: dict[str, str] = {}
    for transfer in space.scenario.transfers:
        sender, listing = transfer.references.get("from"), transfer.lists.get("items")
        for each in listing.elements if listing is not None else ():
            names: tuple[str, ...] = getattr(each, "names", ())
            if sender is not None and len(sender.names) == len(names) == 1:
                found.setdefault(names[0], sender.names[0])
    return found


_OF_STEPS = frozenset({"steps", "upstream"})


def _asked_for(space: Space) -> bool:
    """Whether a step more can clear a rule: it tests that each of several steps is so, or what excepts it, or
    is required, is that some step is."""
    entries = space.bench.plan.entries
    asked = [entries[i] for i in space.indices]
    permits = [entries[p] for entry in asked for p in entry.permits]
    every = [formula for entry in asked for formula in (entry.bound, entry.when)]
    every += [permit.unless for permit in permits]
    some = [formula for entry in asked for formula in (entry.unless, entry.met)]
    some += [formula for permit in permits for formula in (permit.bound, permit.when)]
    return _tests(every, PEvery) or _tests(some, PSome)


def _tests(formulas: Sequence[Formula], sort: type[PEvery | PSome]) -> bool:
    found = (node for formula in formulas for node in nodes(formula))
    return any(isinstance(node, sort) and node.list in _OF_STEPS for node in found)
