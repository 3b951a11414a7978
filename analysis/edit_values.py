"""The values that an edit gives a fact: one of each class that rules tell apart, the nearest to what is
there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from redline.analysis.looked import text_of
from redline.analysis.space import Space
from redline.engine.validity import spells
from redline.rules.condition import Days
from redline.rules.quantities import DATE, base_unit
from redline.rules.shapes import Field
from redline.rules.terms import TREES, folded
from redline.rules.values import Amounts, Stretch


def values(space: Space, what: Field, now: str, section: str = "") -> Sequence[str]:
    """Values of which rules tell each from the others; of those that they do not tell apart, the one
    that is nearest to what is there, in its tree."""
    kind = what.type
    if kind.sort == "amount" and kind.of == DATE:
        return _extending(space, what.name, now) if section == "papers" else days(space, now)
    looked = space.looked.values
    if kind.of == "paper_state":
        return tuple(dict.fromkeys((*(t[0] for t in looked.get("paper_state", ())), "held")))
    if what.name == "value" and kind.sort == "amount":
        return tuple(t[0] for unit, texts in looked.items() if len(unit) == 3 for t in texts)
    of = (kind.of, base_unit(kind.of)) if kind.sort == "amount" else (kind.of or "name",)
    classes = [texts for each in dict.fromkeys(of) for texts in looked.get(each, ())]
    return tuple(dict.fromkeys(_nearest(texts, kind.of, now) for texts in classes))


def days(space: Space, now: str) -> tuple[str, ...]:
    """Of each stretch of days that neither rules nor papers tell apart, the day that is nearest to the
    one that is there, whose own stretch is left out."""
    if space.cuts is None:
        space.cuts = _cuts(space)
    days = space.cuts
    here = date.fromisoformat(now).toordinal() if now else date(2026, 6, 1).toordinal()
    found = []
    for first, after in pairwise([None, *days, None]):
        last = None if after is None else after - 1
        if (first is None or first <= here) and (last is None or here <= last):
            continue
        found.append(last if last is not None and last < here else first)
    return tuple(date.fromordinal(n).isoformat() for n in found if n is not None and 1 <= n < 3_000_000)


def _extending(space: Space, end: str, now: str) -> Sequence[str]:
    """Days by which a paper would be valid longer, so that it is on the days of steps."""
    try:
        here = date.fromisoformat(now).toordinal()
    except ValueError:
        return ()
    days: set[int] = set()
    for transfer in space.scenario.transfers:
        fact = transfer.facts.get("contract" if end == "from" else "delivery")
        if fact is not None and isinstance(fact.value, Amounts):
            bound = fact.value.low if end == "from" else fact.value.high
            days |= {int(bound)} if bound is not None else set()
    longer = [day for day in days if (day < here if end == "from" else day > here)]
    return tuple(date.fromordinal(n).isoformat() for n in sorted(longer))


def _cuts(space: Space) -> tuple[int, ...]:
    """The first days of the stretches that rules, and the validity of papers, tell apart."""
    stretches = [spell for rule in space.rules if rule.validity for spell, _ in spells(rule)]
    unit = base_unit(DATE)
    looked = {text for texts in space.looked.values.get(unit, ()) for text in texts}
    for (key, of), domain in space.bench.plan.domains.items():
        if of == unit and not isinstance(key, Days):
            for each in domain.classes:
                if isinstance(each, Amounts) and text_of(each) in looked:
                    stretches += each.stretches
    for paper in space.scenario.papers.values():
        ends = [paper.facts[name].value for name in ("from", "to") if name in paper.facts]
        for low, value in zip((True, False), ends, strict=False):
            if isinstance(value, Amounts) and value.stretches:
                stretches.append(Stretch(value.low, None) if low else Stretch(None, value.high))
    cuts = {int(s.low) for s in stretches if s.low is not None}
    return tuple(sorted(cuts | {int(s.high) + 1 for s in stretches if s.high is not None}))


def _nearest(texts: Sequence[str], tree: str, now: str) -> str:
    """Of the terms the first that lies under the same top of its tree as the one that is there."""
    known = TREES.get(tree)
    if known is None or not now:
        return texts[0]
    top = [term for term in known.parents if known.parents[term] is None and known.under(folded(now), term)]
    return next((t for t in texts if any(known.under(t, each) for each in top)), texts[0])
