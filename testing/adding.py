"""Scenarios to which something is added: a grant, a step."""

from __future__ import annotations

from collections.abc import Sequence

from redline.engine.queries import all_within
from redline.rules.condition import Covered, Is
from redline.rules.policy import Policy
from redline.rules.terms import PAPER_KIND
from redline.testing.changes import things
from redline.testing.dice import Dice, chance, pick
from redline.testing.leaning import conditions_of
from redline.testing.terms import VALUES
from redline.testing.written import Data, Mapped, listed, mapped, put


def grants_asked(policies: Sequence[Policy]) -> tuple[str, ...]:
    """The kinds of grant that rules ask for."""
    kinds = (
        node.key.kind
        for policy in policies
        for rule in policy.rules
        for condition in conditions_of(rule)
        for node in all_within(condition)
        if isinstance(node, Is) and isinstance(node.key, Covered)
    )
    return tuple(kind for kind in kinds if PAPER_KIND.under(kind, "grant"))


def with_grant(dice: Dice, scenario: Mapped, kinds: Sequence[str]) -> Data:
    """The scenario with a grant that is held, attached to some of its transfers; mostly one of those kinds,
    and good for everything."""
    parties = [each for each in mapped(scenario.get("parties")) if each != "more"]
    items: list[Data] = [each for each in mapped(scenario.get("items")) if each != "more"]
    kind = pick(dice, kinds) if kinds and chance(dice, 90) else pick(dice, VALUES["grant"])
    paper: Mapped = {"kind": kind, "state": "held"}
    if chance(dice, 90):
        paper["issuer"] = pick(dice, ("IT", "IT", "IT", "TR", *parties))
    if chance(dice, 30):
        paper["issued"] = "2026-01-10"
    if chance(dice, 92):
        paper["valid"] = {"to": "2099-12-31"}
    if chance(dice, 92):
        paper["covers"] = {"items": items if chance(dice, 85) else items[:1]}
    papers = {**mapped(scenario.get("papers")), "added": paper}
    if scenario.get("papers") == "none":
        papers["more"] = "none"
    steps = [(path, said) for shape, path, said in things(scenario) if shape == "transfer"]
    made = put(scenario, ("papers",), papers)
    for path, said in steps:
        if len(steps) == 1 or chance(dice, 80):
            made = put(made, (*path, "papers"), _with_one_more(said.get("papers"), "added"))
    return made


def _with_one_more(attached: Data | None, name: str) -> Data:
    match attached:
        case None:
            return [name]
        case "unknown":
            return {"known": [name], "more": "possible"}
        case "none":
            return {"known": [name], "more": "none"}
        case dict() if "known" in attached:
            return {**attached, "known": [*listed(attached), name]}
        case list():
            return [*attached, name]
        case _:
            return attached


def with_step(dice: Dice, scenario: Mapped) -> tuple[Data, int]:
    """The scenario with a step more, and its place."""
    old = scenario.get("transfers")
    steps = listed(old)
    place = dice.number(0, len(steps))
    parties = [each for each in mapped(scenario.get("parties")) if each != "more"]
    items = [each for each in mapped(scenario.get("items")) if each != "more"]
    near = mapped(steps[min(place, len(steps) - 1)]) if steps else {}
    item = near.get("item", pick(dice, items)) if chance(dice, 70) else pick(dice, items)
    sender = near.get("from", near.get("by")) if place < len(steps) else near.get("to")
    step: Mapped = {
        "activity": pick(dice, ("export", "re-export", "intangible-transfer", "incorporation", "exercise")),
        "item": item,
    }
    if step["activity"] == "incorporation":
        step |= {"by": sender or pick(dice, parties), "into": pick(dice, items)}
    else:
        step |= {"from": sender or pick(dice, parties), "to": pick(dice, parties)}
    if "date" in near and chance(dice, 70):
        step["date"] = near["date"]
    made: list[Data] = [*steps[:place], step, *steps[place:]]
    return put(scenario, ("transfers",), {**old, "known": made} if isinstance(old, dict) else made), place
