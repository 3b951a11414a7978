"""Laws about what is transferred: a paper or a step more, and what is inside an item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from redline.engine.queries import all_within
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Days,
    Every,
    In,
    Is,
    Named,
    Not,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.frozen import replace
from redline.rules.policy import Policy, Rule
from redline.rules.terms import PAPER_KIND
from redline.rules.verdicts import HARMLESS, Kind, Verdict
from redline.testing.adding import grants_asked, with_grant, with_step
from redline.testing.judged import Subject, cleared, name
from redline.testing.law import Trial, Tried, judged, law
from redline.testing.leaning import leans
from redline.testing.written import Mapped, listed, mapped

_GROWS = frozenset({"upstream", "undertakings", "steps"})


@law(about=lambda rule, _: _asks_for_a_grant(rule), none="no rule asks for a grant", unknowns=0.0)
def adding_a_grant_never_worsens(case: Trial) -> Tried:
    """A grant that is held, attached wherever; an undertaking may worsen, since it can be breached.

    Left aside are rules whose condition, and not whose requirement, turns on a paper being there: a rule may
    well say that what is licensed calls for care.
    """
    before = judged(case, case.scenario)
    if before is None or not mapped(case.scenario.get("items")):
        return
    policies = case.by.policies
    fair = {
        name(r)
        for p in policies
        for r in p.rules
        if 1 not in leans(policies, r, frozenset({"papers"}), papers=True)
    }
    asking = {
        name(r)
        for p in policies
        for r in p.rules
        if -1 in leans(policies, r, frozenset({"papers"}), papers=True)
    }
    for _ in range(2):
        scenario = with_grant(case.dice, case.scenario, grants_asked(policies))
        after = judged(case, scenario)
        if after is None:
            continue
        wrong = [
            f"{key}: {was} became {after[key]}"
            for key, was in before.items()
            if key in after and key[0] in fair and _worse(was, after[key])
        ]
        assert not wrong, case.told(scenario, *wrong)
        improved = any(was not in HARMLESS and after.get(key) in HARMLESS for key, was in before.items())
        asked = (was for key, was in before.items() if key[0] in fair & asking)
        yield improved or (not case.strict and bool({*asked} - {Verdict.NOT_APPLICABLE}))


@law()
def adding_a_step_never_clears(case: Trial) -> Tried:
    """Not an earlier step; nor a later one, unless its rule tests for there being no such step behind it, a
    share, or who held the item last."""
    before = judged(case, case.scenario)
    if before is None or not all(mapped(case.scenario.get(key)) for key in ("items", "parties")):
        return
    policies = case.by.policies
    fair = {name(r) for p in policies for r in p.rules if -1 not in leans(policies, r, _GROWS)}
    for _ in range(2):
        scenario, place = with_step(case.dice, case.scenario)
        after = judged(case, scenario)
        if after is None:
            continue
        moved = {(rule, _before_adding(of, place)): found for (rule, of), found in after.items()}
        judged_alike = {
            (rule, of): found
            for (rule, of), found in before.items()
            if rule in fair or (of[0] == "transfer" and isinstance(of[1], int) and of[1] < place)
        }
        wrong = [*cleared(judged_alike, moved)]
        assert not wrong, case.told(scenario, *wrong)
        yield any(found not in HARMLESS and of[0] == "transfer" for (_, of), found in before.items())


@law(
    about=lambda rule, policies: _by_content(policies, rule),
    none="no rule prohibits by what is in an item alone",
)
def the_content_of_a_part_is_content_of_the_whole(case: Trial) -> Tried:
    """What crosses by what is in an item crosses by what is in anything that contains it, and what cannot be
    told of the item is not cleared in the whole.

    Left aside are rules that ask anything else of the item: its own class, its papers, who made it with whom.
    """
    policies = case.by.policies
    fair = {name(r) for p in policies for r in p.rules if _by_content(policies, r)}
    steps, items = listed(case.scenario.get("transfers")), mapped(case.scenario.get("items"))
    step = mapped(steps[-1]) if steps else {}
    part = step.get("item", next(iter(listed(step.get("items"))), ""))
    if not isinstance(part, str) or part not in items:
        return
    whole: Mapped = {k: v for k, v in mapped(items[part]).items() if k == "form"}
    whole["contains"] = [part]
    last = {key: each for key, each in step.items() if key not in ("items", "papers")}
    one: Mapped = {**case.scenario, "transfers": [{**last, "item": part}]}
    other: Mapped = {
        **one,
        "items": {**items, "whole-of-it": whole},
        "transfers": [{**last, "item": "whole-of-it"}],
    }
    alone, within = judged(case, one), judged(case, other)
    if alone is None or within is None:
        return
    alone = {key: found for key, found in alone.items() if key[0] in fair and key[1][0] == "transfer"}
    wrong = [
        *cleared(alone, within),
        *(
            f"{k}: {v} became {within[k]}"
            for k, v in alone.items()
            if v is Verdict.CROSSES and within[k] is not v
        ),
    ]
    assert not wrong, replace(case, scenario=one).told(other, *wrong)
    yield any(found not in HARMLESS for found in alone.values())


def _asks_for_a_grant(rule: Rule) -> bool:
    nodes = all_within(rule.requires) if rule.requires is not None else ()
    keys = (node.key for node in nodes if isinstance(node, Is))
    return any(isinstance(key, Covered) and PAPER_KIND.under(key.kind, "grant") for key in keys)


def _by_content(policies: Sequence[Policy], rule: Rule) -> bool:
    """Whether a rule asks of the item what is in it, and nothing else; and nothing sets it aside."""
    named = any(name(rule) in other.defeats for policy in policies for other in policy.rules)
    parts = [part for part in (rule.scope, rule.when) if part is not None]
    asks = any(
        isinstance(node, Some) and node.list == "content" for part in parts for node in all_within(part)
    )
    return (
        rule.subject == "step"
        and rule.kind is Kind.PROHIBITS
        and rule.unless is None
        and not named
        and asks
        and all(_grows(part) for part in parts)
    )


def _grows(condition: Condition) -> bool:
    """Whether a condition that holds of an item holds of what contains it."""
    match condition:
        case All(parts) | Any(parts):
            return all(_grows(part) for part in parts)
        case Named(_, body):
            return _grows(body)
        case Some("content", body):
            keys = {node.key for node in all_within(body) if isinstance(node, Is)}
            return not keys & {"via", "depth", "share"} and not any(
                isinstance(n, Silent) for n in all_within(body)
            )
        case Some(name_, _) | Every(name_, _):
            return name_ in ("reach", "via", "parties", "knew", "flags") and _of_parties(condition)
        case In(part, _):
            return part in ("from", "to", "by", "end_user") and _of_parties(condition)
        case Not(body):
            return "content" not in {
                n.list for n in all_within(body) if isinstance(n, Some | Every)
            } and _grows(body)
        case Is(key):
            return isinstance(key, str | Days)
        case Silent():
            return False
        case Reading() | Unsettled():
            return True
        case _:
            assert_never(condition)


def _of_parties(condition: Condition) -> bool:
    return not any(isinstance(node, Silent) for node in all_within(condition))


def _worse(was: Verdict, now: Verdict) -> bool:
    ranks = {Verdict.CROSSES: 3, Verdict.UNDETERMINED: 2, Verdict.REQUIRES_ASSESSMENT: 1}
    return ranks.get(now, 0) > ranks.get(was, 0)


def _before_adding(of: Subject, place: int) -> Subject:
    """What a subject was before a step was added there; the added one was nothing."""
    kind, number = of
    if kind != "transfer" or not isinstance(number, int) or number < place:
        return of
    return ("added", 0) if number == place else (kind, number - 1)
