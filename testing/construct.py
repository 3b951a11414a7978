"""What a question of the catalogue asks, written down: a part, an owner, a paper or two dates.

Derived facts cannot be stated; what they follow from can.  Each way is tried by whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from redline.analysis.plausible import plausible
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Days,
    Forbids,
    In,
    Is,
    Named,
    Not,
    Owned,
    Query,
    Share,
    Some,
)
from redline.rules.values import Amounts, Terms, Value, contains, partition
from redline.testing.values import Values
from redline.testing.written import Data, Mapped, listed, mapped

_DAY = date(2026, 6, 1)
_WAYS = 6
"""In how many ways a condition is met, at most."""
_GOOD: Mapped = {"valid": {"from": "1950-01-01", "to": "2100-12-31"}}


def meeting(condition: Condition, *, so: bool = True) -> Iterator[Mapped]:
    """What may be said of a thing so that it meets the condition (or, not `so`, does not), each way apart."""
    match condition:
        case All(parts) | Any(parts):
            if isinstance(condition, All) is so:
                yield from _together([[*islice(meeting(part, so=so), 3)] for part in parts])
            else:
                for part in parts:
                    yield from meeting(part, so=so)
        case Not(body):
            yield from meeting(body, so=not so)
        case Named(_, body):
            yield from meeting(body, so=so)
        case Is(key=str() as key, test=test):
            for text in _texts(test.accepts, [*partition(_any_of(test.accepts), (test,))], so=so):
                yield {key: text}
        case Some(name, Is(key="value", test=test)):
            for text in _texts(test.accepts, [*partition(_any_of(test.accepts), (test,))], so=so):
                yield {name: [text]}
            if not so:
                yield {name: "none"}
        case In(part, body):
            for said in meeting(body, so=so):
                country = said.get("country")
                yield {part: country} if isinstance(country, str) and len(said) == 1 else {f"{part}:": said}
        case _:
            return


def _together(ways: list[list[Mapped]]) -> Iterator[Mapped]:
    """One way of each, the first of all and then each other way of one."""
    if all(ways):
        first: Mapped = {key: each for way in ways for key, each in way[0].items()}
        yield first
        for way in ways:
            for other in way[1:]:
                yield {**first, **other}


def _any_of(value: Value) -> Value:
    return Terms(value.tree) if isinstance(value, Terms) else value


def _texts(accepts: Value, classes: list[Value], *, so: bool) -> Iterator[str]:
    if so or isinstance(accepts, Amounts):
        chosen = [accepts] if so else []
    else:
        chosen = [each for each in classes if not contains(accepts, each)]
    found = (plausible(each) for each in chosen)
    yield from dict.fromkeys(text for text in found if text is not None)


def constructed(scenario: Mapped, query: Query, about: str, values: Values) -> Iterator[Mapped]:
    """The scenario with what the question follows from, so that its answer, of what is `about` there, may be
    the one that is wanted."""
    way = about.split(".")
    match query:
        case Days(start, end) if len(way) > 1:
            for number in _spans(values, query):
                days: Mapped = {start: _DAY.isoformat(), end: (_DAY + timedelta(number)).isoformat()}
                yield _last_step(scenario, days, ("date",) if {start, end} & {"contract", "delivery"} else ())
        case Share(of):
            yield from _shared(scenario, of, values)
        case Owned(by) if way[0] == "parties" and len(way) > 1:
            for number, said in enumerate(islice(meeting(by), _WAYS)):
                owner, made = _added(scenario, "parties", "owner", said)
                yield _of(made, "parties", way[1], {"owners": [{"party": owner, "share": "100%"}]})
                if not number:
                    yield _of(scenario, "parties", way[1], {"owners": "none"})
            for said in islice(meeting(by, so=False), 2):
                owner, made = _added(scenario, "parties", "owner", said)
                yield _of(made, "parties", way[1], {"owners": [{"party": owner, "share": "100%"}]})
        case Covered(kind):
            yield from _papered(scenario, query, kind)
        case Forbids():
            limits = {
                "activities": query.activities,
                "destinations": query.destinations,
                "end_uses": query.end_uses,
            }
            texts = {name: plausible(terms) for name, terms in limits.items() if terms is not None}
            ban: Mapped = {name: [text] for name, text in texts.items() if text is not None}
            if way[0] == "papers" and len(way) > 1 and ban:
                yield _of(scenario, "papers", way[1], {"forbids": [ban]})
                yield _of(scenario, "papers", way[1], {"forbids": "none"})
        case _:
            return


def _spans(values: Values, query: Days) -> Iterator[int]:
    for key, numbers in values.apart:
        if key == query:
            yield from (n for n in numbers if _DAY.toordinal() + n > 1)


def _shared(scenario: Mapped, of: Condition, values: Values) -> Iterator[Mapped]:
    """A whole that meets it or not, and in it parts that do or do not."""
    items = [name for name in mapped(scenario.get("items")) if name != "more"]
    if not items:
        return
    whole = items[0]
    closed: Mapped = {"contains": "none", "made_with": "none"}
    for so in (True, False):
        for said in islice(meeting(of, so=so), _WAYS):
            plain = {key: each for key, each in said.items() if not key.endswith(":")}
            yield _of(scenario, "items", whole, {**closed, **plain})
            yield _of(scenario, "items", whole, plain)
            for share in (*values.shares, "100%", "30%", "5%"):
                part, made = _added(scenario, "items", "part", {**closed, **plain})
                rest = next(meeting(of, so=False), {})
                yield _of(made, "items", whole, {**rest, "contains": [{"item": part, "share": share}]})
    for share in (*values.shares, "100%"):  # of conditions on where a part is in the whole
        part, made = _added(scenario, "items", "part", {**closed, "form": "hardware"})
        yield _of(made, "items", whole, {"made_with": "none", "contains": [{"item": part, "share": share}]})
        deep, made = _added(made, "items", "part", {**closed, "form": "hardware"})
        yield _of(
            _of(made, "items", part, {"contains": [{"item": deep, "share": share}]}),
            "items", whole, {"made_with": "none", "contains": [{"item": part, "share": share}]},
        )  # fmt: skip


def _papered(scenario: Mapped, query: Covered, kind: str) -> Iterator[Mapped]:
    items: list[Data] = [name for name in mapped(scenario.get("items")) if name != "more"]
    issuers = [{}] if query.issuer is None else [*islice(meeting(query.issuer), 3)]
    wheres = [{}] if query.where is None else [*islice(meeting(query.where), 3)]
    for issuer in issuers:
        for where in wheres:
            for state in ("held", "refused", "expired"):
                made = scenario
                paper: Mapped = {"kind": kind, **_GOOD, "covers": {"items": items}, "state": state, **where}
                if set(issuer) == {"country"}:
                    paper["issuer"] = issuer["country"]
                elif issuer:
                    paper["issuer"], made = _added(made, "parties", "issuer", {"country": "IT", **issuer})
                name, made = _added(made, "papers", "paper", paper)
                steps = listed(made.get("transfers"))
                old = listed(mapped(steps[-1]).get("papers")) if steps else []
                yield _last_step(made, {"papers": [*old, name]})
    yield _last_step(scenario, {"papers": "none"})


# --- how data is changed -------------------------------------------------------------------------


def _added(scenario: Mapped, section: str, called: str, said: Mapped) -> tuple[str, Mapped]:
    things = {key: each for key, each in mapped(scenario.get(section)).items() if key != "more"}
    name = next(f"{called}-{n}" for n in range(1, len(things) + 2) if f"{called}-{n}" not in things)
    return name, {**scenario, section: {**things, name: said}}


def _of(scenario: Mapped, section: str, name: str, said: Mapped) -> Mapped:
    things = mapped(scenario.get(section))
    return {**scenario, section: {**things, name: {**mapped(things.get(name)), **said}}}


def _last_step(scenario: Mapped, said: Mapped, without: tuple[str, ...] = ()) -> Mapped:
    steps = listed(scenario.get("transfers"))
    if not steps:
        return scenario
    last = {key: each for key, each in mapped(steps[-1]).items() if key not in without}
    return {**scenario, "transfers": [*steps[:-1], {**last, **said}]}
