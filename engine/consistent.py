"""What a scenario cannot say of itself: things inside themselves, more than the whole, ends before
beginnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from redline.engine.typed import percent
from redline.rules.facts import Entity, Fact, Scenario
from redline.rules.problems import Problem, Related
from redline.rules.values import Amounts

_IN_ORDER = (("contract", "delivery"), ("from", "to"))


def contradictions(scenario: Scenario) -> list[Problem]:
    """Every contradiction found in what is stated."""
    return [
        *inside_themselves(scenario.items),
        *(problem for item in scenario.items.values() for problem in _more_than_whole(item)),
        *(problem for entity in _all(scenario) for problem in _out_of_order(entity)),
    ]


def _all(scenario: Scenario) -> Iterator[Entity]:
    for entity in (
        *scenario.parties.values(),
        *scenario.items.values(),
        *scenario.agreements.values(),
        *scenario.papers.values(),
        *scenario.transfers,
    ):
        yield entity
        for listing in entity.lists.values():
            yield from (element for element in listing.elements if isinstance(element, Entity))


def _parts(item: Entity, names: Iterable[str]) -> Iterable[tuple[str, Fact]]:
    """What is, or may be, in these lists of the item, each with the fact that says so."""
    for name in names:
        if name in item.lists:
            for element in item.lists[name].elements:
                if isinstance(element, Entity) and (named := element.references.get("item")) is not None:
                    yield from ((one, named.fact) for one in named.names)


def inside_themselves(
    items: Mapping[str, Entity], by: Sequence[str] = ("contains", "made_with")
) -> Iterator[Problem]:
    """Items that are part, or means of production, of themselves; each such ring is told once.

    That one may be is enough: nothing is ever a part of itself, and what follows relies on it.
    """
    done: set[str] = set()
    for start in items:
        line: list[str] = []
        stack = [(start, iter(_parts(items[start], by)))] if start not in done else []
        line += [start] if stack else []
        while stack:
            name, parts = stack[-1]
            part = next(parts, None)
            if part is None:
                stack.pop()
                line.pop()
                done.add(name)
            elif part[0] in line:
                ring = [*line[line.index(part[0]) :], part[0]]
                chain = ", which has ".join(f"`{one}`" for one in ring[1:])
                message = f"`{ring[0]}` would be part of itself: it has {chain}"
                yield Problem("inside-itself", message, part[1].span, "take one of them out of the other")
            elif part[0] not in done:
                stack.append((part[0], iter(_parts(items[part[0]], by))))
                line.append(part[0])


def _more_than_whole(item: Entity) -> Iterator[Problem]:
    """Parts that together certainly make up more than the whole."""
    listing = item.lists.get("contains")
    shares = [
        element.facts["share"]
        for element in (listing.elements if listing is not None else ())
        if isinstance(element, Entity) and "share" in element.facts
    ]
    low = sum((_low(share) for share in shares), Fraction(0))
    if low > 1:
        message = f"the parts of item `{item.id}` make up {percent(low)} of it"
        yield Problem("more-than-whole", message, shares[-1].span, "correct the shares")


def _low(share: Fact) -> Fraction:
    return share.value.low or Fraction(0) if isinstance(share.value, Amounts) else Fraction(0)


def _out_of_order(entity: Entity) -> Iterator[Problem]:
    for begin, end in _IN_ORDER:
        first, last = entity.facts.get(begin), entity.facts.get(end)
        if first is None or last is None:
            continue
        low = first.value.low if isinstance(first.value, Amounts) else None
        high = last.value.high if isinstance(last.value, Amounts) else None
        if low is not None and high is not None and low > high:
            message = f"`{end}` of `{entity.path}` lies before its `{begin}`"
            related = (Related(first.span, f"its `{begin}` is here"),)
            yield Problem("out-of-order", message, last.span, "correct one of the two", related)
