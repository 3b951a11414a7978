"""What is wrong with a scenario once it is put together and its assumptions are made: owners over the whole
on one day, and steps that cannot have happened as they are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from redline.engine.cells import is_under, truth_of
from redline.engine.parts import content, pieces
from redline.engine.records import Asked, Case, element_fact
from redline.engine.steps import (
    ANY,
    Step,
    activity_of,
    items_of,
    only_one,
    order_of,
    senders_of,
    steps_of,
)
from redline.engine.upstream import upstream
from redline.rules.facts import Entity, Fact, Scenario
from redline.rules.problems import NOWHERE, Problem, Related, Severity, Span
from redline.rules.terms import ACTIVITY
from redline.rules.truth import FALSE, TRUE
from redline.rules.values import Amounts

_ALL = Fraction(1)


def check_scenario(scenario: Scenario, case: Case | None = None) -> list[Problem]:
    """Every problem found in a scenario that does not contradict itself in what is stated; `case`, if given,
    is that under which it is then derived."""
    case = case or Case(scenario, Asked())
    return [
        *_shares_of_owners(scenario),
        *_incorporations(case),
        *_not_held(case),
        *_built_in_twice(case),
    ]


# --- owners ------------------------------------------------------------------------------------


def _shares_of_owners(scenario: Scenario) -> Iterator[Problem]:
    for party in scenario.parties.values():
        held = [
            (*_surely_held(each), *share)
            for each in _elements(party, "owners")
            if (share := _share(each)) is not None
        ]
        starts = {begun for begun, *_ in held}
        for day in sorted(starts, key=lambda start: (start is not None, start or 0)):
            then = [(low, fact) for begun, over, low, fact in held if _holds_on(day, begun, over)]
            total = sum((low for low, _ in then), Fraction(0))
            if total > _ALL:
                message = f"the owners of `{party.id}` hold at least {_percent(total)} of it on one day"
                help_ = "give shares that come to 100% at most, or the days of each with `from` and `to`"
                yield Problem("owners-over-100", message, then[-1][1].span, help_)
                break


def _surely_held(owner: Entity) -> tuple[Fraction | None, Fraction | None]:
    """The first and last day on which the share is certainly held; None: without bound."""
    begun, over = (owner.facts.get(name) for name in ("from", "to"))
    first = begun.value.high if begun is not None and isinstance(begun.value, Amounts) else None
    last = over.value.low if over is not None and isinstance(over.value, Amounts) else None
    return first, last


def _holds_on(day: Fraction | None, begun: Fraction | None, over: Fraction | None) -> bool:
    if day is None:
        return begun is None
    return (begun is None or begun <= day) and (over is None or day <= over)


# --- steps -------------------------------------------------------------------------------------


def _incorporations(case: Case) -> Iterator[Problem]:
    for step in steps_of(case):
        inside = is_under(activity_of(case, step.entity), ACTIVITY, "incorporation")
        into = step.entity.references.get("into")
        if inside is TRUE and into is None:
            message = f"step {step.entity.id} does not say into what its item is built"
            help_ = "add `into:` and the item that it becomes part of"
            yield Problem("missing-into", message, _span(step), help_, severity=Severity.WARNING)
        if inside is FALSE and into is not None:
            message = f"step {step.entity.id} builds nothing in, yet says into what"
            help_ = "make its activity `incorporation`, or leave `into` out"
            yield Problem("into-without-incorporation", message, into.fact.span, help_)
        if inside is TRUE and into is not None and len(into.names) == 1:
            yield from _no_part(case, step, into.names[0], into.fact)


def _no_part(case: Case, step: Step, whole: str, fact: Fact) -> Iterator[Problem]:
    """An item that is built into a whole whose parts, complete, are others."""
    found = content(case, whole)
    entries = found.entries
    nameless = any(entry.key.startswith("?") and not (entry.piece and entry.piece.names) for entry in entries)
    if truth_of(found.parts_closed) is not TRUE or nameless:
        return
    within = {entry.key for entry in entries} | {
        n for e in entries if e.piece is not None for n in e.piece.names
    }
    for item in sorted(items_of(case, step)):
        if item in case.scenario.items and item not in within:
            message = (
                f"step {step.entity.id} builds `{item}` into `{whole}`, whose parts are complete without it"
            )
            closure = pieces(case, whole).parts_closed.facts
            related = (Related(closure[0].span, f"the parts of `{whole}` are here"),) if closure else ()
            yield Problem(
                "not-a-part", message, fact.span, f"add `{item}` to `contains` of `{whole}`", related
            )


def _not_held(case: Case) -> Iterator[Problem]:
    """Steps by someone who cannot have what is sent: nobody sent it there, while another had it."""
    if "transfers" not in case.scenario.complete:
        return
    steps = steps_of(case)
    for number, step in enumerate(steps) if len(steps) > 1 else ():  # of a single one nothing lies behind
        if upstream(case)[number].held:
            continue
        who, what = (
            " or ".join(sorted(names)) for names in (senders_of(case, step)[0], items_of(case, step))
        )
        message = f"`{who}` does not hold `{what}` in step {step.entity.id}: it is with another"
        help_ = (
            "add the step that brings it there, correct the sender, or say `more: possible` of the transfers"
        )
        yield Problem("not-held", message, _span(step), help_)


def _built_in_twice(case: Case) -> Iterator[Problem]:
    """The only one of an item, built in though it already was, and nothing says that it was taken out."""
    if "transfers" not in case.scenario.complete:
        return
    order, open_pairs, against = order_of(case)
    inside: dict[str, int] = {}
    for number in () if against else order:
        step = steps_of(case)[number]
        activity, items = activity_of(case, step.entity), items_of(case, step)
        if is_under(activity, ACTIVITY, "modification") is not FALSE or items & {ANY}:
            inside.clear()  # it may have been taken out
            continue
        built = is_under(activity, ACTIVITY, "incorporation") is TRUE and not step.doubtful
        (item, *others) = sorted(items)
        if not others and item in inside and built and (inside[item], number) not in open_pairs:
            first = steps_of(case)[inside[item]]
            message = (
                f"step {step.entity.id} builds `{item}` in, of which there is one: "
                f"step {first.entity.id} has built it in already"
            )
            help_ = "give the quantity that there is, add a step that takes it out, or leave one of them out"
            related = (Related(_built(first), "it is built in here first"),)
            yield Problem("built-in-twice", message, _built(step), help_, related)
        inside = {each: at for each, at in inside.items() if each not in items}
        if built and not others and only_one(case, items):
            inside[item] = number


def _built(step: Step) -> Span:
    into = step.entity.references.get("into")
    return into.fact.span if into is not None and into.fact.span != NOWHERE else step.entity.span


def _span(step: Step) -> Span:
    sender = step.entity.references.get("from") or step.entity.references.get("by")
    if sender is not None and sender.fact.span != NOWHERE:
        return sender.fact.span
    return step.entity.span


# --- small things ------------------------------------------------------------------------------


def _elements(entity: Entity, name: str) -> Iterable[Entity]:
    listing = entity.lists.get(name)
    elements = listing.elements if listing is not None else ()
    return [each for each in elements if isinstance(each, Entity) and element_fact(each) is not None]


def _share(element: Entity) -> tuple[Fraction, Fact] | None:
    fact = element.facts.get("share")
    if fact is None or not isinstance(fact.value, Amounts):
        return None
    return fact.value.low or Fraction(0), fact


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.6g}%"
