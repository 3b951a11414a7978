"""Validity, reach and papers against enumerators that share no code with them.

A world is drawn in which everything is known, and there the answer is what a plain reading gives.  Then
some of it is not told: the answer stays what it was, or is not known.  Validity is gone through day by day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from redline.engine.records import Asked
from redline.engine.reference import holds
from redline.engine.step_row import step_row
from redline.engine.validity import in_force, spells
from redline.rules.condition import All, Covered, Some
from redline.rules.policy import Validity
from redline.rules.record import Cell, Row
from redline.rules.truth import FALSE, TRUE, UNKNOWN
from redline.rules.values import Amounts, Stretch
from redline.rules.verdicts import Kind
from tests.build import MORE, case, country, is_, item, party, scenario, seen, transfer, yes
from tests.generate_rows import a_rule

many = settings(max_examples=max(300, settings().max_examples))
"""With fewer, quick runs let faults pass that are rarely met: see `make mutants`."""

# --- validity ------------------------------------------------------------------------------------

FIRST = date(2026, 1, 1).toordinal()
DAYS = range(10)
Span = tuple[int | None, int | None]
Stretches = list[tuple[Span, str]]


def _days(span: Span) -> Amounts:
    low, high = (None if end is None else Fraction(FIRST + end) for end in span)
    return Amounts("day of the calendar", (Stretch(low, high),), whole=True)


def _among(span: Span, *, beyond: int = 0) -> list[int]:
    """The days of it; of one without an end, `beyond` days outside those that matter."""
    low = -beyond if span[0] is None else span[0]
    high = len(DAYS) + beyond if span[1] is None else span[1]
    return list(range(low, high + 1))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """A few days, or all from or up to one."""
    low, high = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    without = draw(st.sampled_from(["none", "none", "none", "low", "high"]))
    return (None if without == "low" else low, None if without == "high" else high)


stretches = st.lists(
    st.tuples(spans(), st.sampled_from(["in_force", "in_force", "suspended", "unknown"])),
    min_size=1,
    max_size=3,
)
said = st.sampled_from(["covered", "exempt", ""])


def _status(validity: Stretches, day: int) -> str:
    state = next((state for span, state in reversed(validity) if day in _among(span, beyond=3)), "none")
    return {"in_force": "yes", "unknown": "?"}.get(state, "no")


def _runs(validity: Stretches, running: tuple[str, str], first: int, last: int) -> str:
    """Whether the rule is in force for what runs from one day to another."""
    statuses = [_status(validity, day) for day in range(first, last + 1)]
    if len(set(statuses)) == 1:
        return statuses[0]
    if "?" in statuses:
        return "?"
    begun, ended = ({"covered": "yes", "exempt": "no"}.get(each, "?") for each in running)
    match statuses[0], statuses[-1]:
        case "no", "yes":
            return begun
        case "yes", "no":
            return ended
        case "no", "no":
            return begun if begun == ended else "?"
        case _:
            return "?"


@many
@given(stretches, st.tuples(said, said), spans(), spans(), st.booleans())
def test_a_rule_is_in_force_as_it_is_on_every_pair_of_days_that_may_be(
    validity: Stretches, running: tuple[str, str], start: Span, end: Span, one_day: bool
) -> None:
    """From the first to the last day; what is so of some pairs and not of others is not known."""
    rule = replace(
        a_rule("r", Kind.PROHIBITS),
        validity=tuple(Validity(_days(span), state) for span, state in validity),
        running=running,
    )
    begin = Cell(_days(start), "contract")
    found = yes(in_force(rule, begin, begin if one_day else Cell(_days(end), "delivery")))
    if one_day:
        pairs = [(day, day) for day in _among(start, beyond=2)]
    else:
        pairs = [(a, b) for a in _among(start, beyond=2) for b in _among(end, beyond=2) if a <= b]
    ends = {_runs(validity, running, *pair) for pair in pairs}
    assert found == (ends.pop() if len(ends) == 1 else "?")


@many
@given(stretches)
def test_spells_are_all_days_each_with_its_status(validity: Stretches) -> None:
    """One after the other, no two of one status side by side."""
    rule = replace(
        a_rule("r", Kind.PROHIBITS), validity=tuple(Validity(_days(span), state) for span, state in validity)
    )
    found = spells(rule)
    assert [one[1] for one in found[1:]] != [one[1] for one in found] or len(found) == 1
    for day in _among((None, None), beyond=2):
        here = [status for spell, status in found if not _days((day, day)).meet(_of(spell)).empty]
        assert here == [{"yes": TRUE, "no": FALSE, "?": UNKNOWN}[_status(validity, day)]]


def _of(spell: Stretch) -> Amounts:
    return Amounts("day of the calendar", (spell,), whole=True)


# --- reach ---------------------------------------------------------------------------------------

COUNTRIES = ("IT", "TR", "PK", "IN")
PEOPLE = ("a", "b", "c", "d")


@dataclass(frozen=True)
class Person:
    """A party of which all is known."""

    country: str
    human: bool
    nationalities: tuple[str, ...]


@dataclass(frozen=True)
class Journey:
    """A step of which all is known."""

    activity: str
    people: dict[str, Person]
    sender: str
    to: str
    by: str
    user: str
    place: str
    way: tuple[str, ...]

    @property
    def stays(self) -> bool:
        """Whether nothing is sent."""
        return self.activity == "incorporation"


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """A step between any of four parties."""
    where = st.sampled_from(COUNTRIES)
    who = st.sampled_from(PEOPLE)
    people = {
        name: Person(
            draw(where),
            draw(st.booleans()),
            tuple(draw(st.lists(where, unique=True, min_size=1, max_size=2))),
        )
        for name in PEOPLE
    }
    activity = draw(st.sampled_from(["export", "export", "brokering", "incorporation"]))
    way = tuple(draw(st.lists(who, unique=True, max_size=2)))
    return Journey(activity, people, draw(who), draw(who), draw(who), draw(who), draw(where), way)


def _written(world: Journey) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    """The step and the parties, with nothing left out."""
    people = {
        name: party(
            country=one.country,
            kind="person" if one.human else "company",
            nationalities=list(one.nationalities) if one.human else [],
        )
        for name, one in world.people.items()
    }
    if world.stays:
        return transfer(world.activity, ["radar"], by=world.by, via=list(world.way)), people
    step = transfer(
        world.activity,
        ["radar"],
        from_=world.sender,
        to=world.to,
        by=world.by,
        end_user=world.user,
        place_of_use=world.place,
        via=list(world.way),
    )
    return step, people


def _reached(world: Journey) -> set[tuple[str, str]]:
    """How which country is reached: who receives, is on the way, uses, where; and persons."""
    holder = world.by if world.stays else world.to
    users = [] if world.stays else [world.user]
    found = {("holder", world.people[holder].country)}
    found |= {("transit", world.people[name].country) for name in world.way}
    found |= {("end-user", world.people[name].country) for name in users}
    found |= set() if world.stays else {("place-of-use", world.place)}
    persons = [world.people[name] for name in (holder, *users) if world.people[name].human]
    return found | {("nationality", each) for one in persons for each in one.nationalities}


def _taking_part(world: Journey) -> set[tuple[str, str]]:
    who = [("actor", world.by)]
    who += [(part, world.by) for part in ("sender", "recipient")] if world.stays else []
    who += (
        [] if world.stays else [("sender", world.sender), ("recipient", world.to), ("end-user", world.user)]
    )
    who += [("intermediary", name) for name in world.way]
    return {(part, world.people[name].country) for part, name in who}


def _row(step: dict[str, object], people: dict[str, dict[str, object]]) -> Row:
    return step_row(case(scenario(step, parties=people, items={"radar": item()})), 0)


HOWS = ("holder", "transit", "end-user", "place-of-use", "nationality")
PARTS = ("sender", "recipient", "intermediary", "end-user", "actor")


def _holds(row: Row, world: Journey, *, sure: bool) -> None:
    """Each question of who is reached, and who takes part, is answered as in the world; or not known."""
    reached, part_in = _reached(world), _taking_part(world)
    for where in COUNTRIES:
        for how in HOWS:
            query = Some("reach", All((is_("reached", "how", how), is_("reached", "country", where))))
            _answers(query, row, so=(how, where) in reached, sure=sure)
        for part in PARTS:
            asked = All((is_("participant", "part", part), is_("participant", "country", where)))
            _answers(Some("parties", asked), row, so=(part, where) in part_in, sure=sure)
        passed = any(world.people[name].country == where for name in world.way)
        _answers(Some("via", is_("passed", "country", where)), row, so=passed, sure=sure)
    here, there = (
        world.people[name].country
        for name in ((world.by, world.by) if world.stays else (world.sender, world.to))
    )
    assert seen(row, "crosses_border") in (("yes" if here != there else "no"), *(() if sure else (None,)))


def _answers(query: Some, row: Row, *, so: bool, sure: bool) -> None:
    expected = TRUE if so else FALSE
    assert holds(query, row, {}) in ((expected,) if sure else (expected, UNKNOWN)), query


@many
@given(journeys())
def test_a_step_reaches_just_whom_a_plain_reading_says_that_it_does(world: Journey) -> None:
    """All is known: who holds, is on the way, uses, where, of what nationality; who takes part."""
    _holds(_row(*_written(world)), world, sure=True)


@many
@given(journeys(), st.data())
def test_what_is_not_told_of_a_step_never_turns_whom_it_reaches(world: Journey, data: st.DataObject) -> None:
    """Parties are left out or one of two, countries, kinds and nationalities not told, the way left open."""
    step, people = _written(world)
    for name in data.draw(st.sets(st.sampled_from(PEOPLE))):
        for key in data.draw(st.sets(st.sampled_from(["country", "kind", "nationalities"]))):
            del people[name][key]
    for name in data.draw(st.sets(st.sampled_from(PEOPLE))):
        one = people[name]
        if "nationalities" in one and one.get("kind") != "company":
            one["nationalities"] = [MORE]
    for key in data.draw(st.sets(st.sampled_from(["from_", "to", "by", "end_user", "place_of_use"]))):
        if key not in step:
            continue
        if key == "by" and not (world.stays or world.activity == "brokering"):
            continue  # else it would be said that the sender does it
        if key == "place_of_use" or data.draw(st.booleans()):
            del step[key]
        else:
            other = data.draw(st.sampled_from(PEOPLE))
            step[key] = (step[key], other) if other != step[key] else step[key]
    if data.draw(st.booleans()):
        step["via"] = [*world.way[: data.draw(st.integers(0, len(world.way)))], MORE]
    _holds(_row(step, people), world, sure=False)


# --- papers --------------------------------------------------------------------------------------

THINGS = {
    "radar": item(codes=["wa_ml:ML5.b"], **{"class": "radar"}),
    "ship": item(codes=["wa_ml:ML9.a"], **{"class": "corvette"}),
}
WHO = {
    "maker": party(country="IT", kind="company"),
    "yard": party(country="TR", kind="company"),
    "navy": party(country="PK", kind="armed-forces"),
    "ministry": party(country="IT", kind="authority"),
    "office": party(country="IN", kind="authority"),
}
LIMITS: dict[str, tuple[str, ...]] = {
    "items": ("radar", "ship"),
    "codes": ("wa_ml:ML5", "wa_ml:ML9.a", "wa_ml:ML10"),
    "classes": ("radar", "naval-platform"),
    "activities": ("movement", "exercise"),
    "destinations": ("TR", "PK", "IT"),
    "consignees": ("yard", "navy"),
    "end_users": ("yard", "navy"),
}
QUERIES = (Covered("licence"), Covered("licence", issuer=country("IT")))


@dataclass(frozen=True)
class Paper:
    """A paper of which all is known; `limits` are what it says that it covers."""

    kind: str
    issuer: str
    state: str
    first: int | None
    last: int | None
    limits: dict[str, list[str]]

    def asked_for(self, query: Covered) -> bool:
        """Whether it is of the kind, and of the issuer."""
        return self.kind != "report" and (query.issuer is None or self.issuer == "ministry")

    def good(self, day: int) -> bool:
        """Whether it is held and valid on the day."""
        first, last = self.first, self.last
        return self.state == "held" and (first is None or first <= day) and (last is None or day <= last)

    def covers(self, step: Delivery) -> bool:
        """Whether each of its limits lets the step in."""
        radar = step.what == "radar"
        true = {
            "items": {step.what},
            "codes": {"wa_ml:ML5"} if radar else {"wa_ml:ML9.a"},
            "classes": {"radar"} if radar else {"naval-platform"},
            "activities": {"movement"},
            "destinations": {"TR" if step.to == "yard" else "PK"},
            "consignees": {step.to},
            "end_users": {step.user},
        }
        return all(true[name] & set(listed) for name, listed in self.limits.items())

    def written(self) -> dict[str, object]:
        """As it is said of a paper."""
        ends = {"from_": self.first, "to": self.last}
        days = {key: f"2026-03-{end:02}" for key, end in ends.items() if end is not None}
        return {"kind": self.kind, "issuer": self.issuer, "state": self.state, **days, **self.limits}


@dataclass(frozen=True)
class Delivery:
    """A step with the papers attached to it, all of it known."""

    what: str
    to: str
    user: str
    day: int
    papers: tuple[Paper, ...] = field(default=())

    def held(self, query: Covered) -> bool:
        """Whether one of them is such a paper, and good, and covers it."""
        return any(p.asked_for(query) and p.good(self.day) and p.covers(self) for p in self.papers)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """A paper that has some bound and some limit, so that it is silent of neither."""
    names = draw(st.lists(st.sampled_from(sorted(LIMITS)), unique=True, min_size=1, max_size=2))
    limits = {
        name: draw(st.lists(st.sampled_from(LIMITS[name]), unique=True, min_size=1, max_size=2))
        for name in names
    }
    bounds = draw(st.sampled_from([(5, None), (None, 15), (5, 15), (1, 28), (1, None), (None, 28)]))
    kind = draw(st.sampled_from(["individual-licence", "licence", "individual-licence", "report"]))
    state = draw(st.sampled_from(["held", "held", "held", "refused", "expired"]))
    return Paper(kind, draw(st.sampled_from(["ministry", "office"])), state, *bounds, limits)


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    """A step with up to two papers."""
    who = st.sampled_from(["yard", "navy"])
    day = draw(st.sampled_from([4, 5, 10, 15, 16]))
    attached = tuple(draw(st.lists(papers(), max_size=2)))
    return Delivery(draw(st.sampled_from(["radar", "ship"])), draw(who), draw(who), day, attached)


def _asked(
    query: Covered,
    step: dict[str, object],
    said_of: dict[str, dict[str, object]],
    things: dict[str, dict[str, object]],
) -> object:
    what = scenario(step, parties=WHO, items=things, papers=said_of)
    return seen(step_row(case(what, Asked(covered=(query,))), 0), query)


def _sent(world: Delivery, attached: list[str], day: str) -> dict[str, object]:
    return transfer(
        "export",
        [world.what],
        from_="maker",
        to=world.to,
        end_user=world.user,
        place_of_use="TR",
        contract=day,
        delivery=day,
        papers=attached,
    )


@many
@given(deliveries(), st.sampled_from(QUERIES))
def test_a_paper_is_held_just_where_one_is_that_fits_in_every_respect(
    world: Delivery, query: Covered
) -> None:
    """All is known: its kind, issuer, state and days, and each thing that it is limited to."""
    said_of = {f"p{n}": paper.written() for n, paper in enumerate(world.papers)}
    found = _asked(query, _sent(world, [*said_of], f"2026-03-{world.day:02}"), said_of, dict(THINGS))
    assert found == ("held" if world.held(query) else "not-held")


@many
@given(deliveries(), st.sampled_from(QUERIES), st.data())
def test_what_is_not_told_of_papers_never_turns_whether_one_is_held(
    world: Delivery, query: Covered, data: st.DataObject
) -> None:
    """State, days, kind and issuer not told, limits and codes left open, the class of the item and who
    receives it left out, the day of delivery known to its month: the answer stays or is not known."""
    said_of = {f"p{n}": paper.written() for n, paper in enumerate(world.papers)}
    things = dict(THINGS)
    day = f"2026-03-{world.day:02}" if data.draw(st.booleans()) else "2026-03"
    for paper in said_of.values():
        for key in data.draw(
            st.sets(st.sampled_from(["kind", "issuer", "state", "from_", "to"]), max_size=2)
        ):
            if key in ("from_", "to"):
                paper[key] = None
            else:
                del paper[key]
        for key in data.draw(st.sets(st.sampled_from(sorted(LIMITS)), max_size=2)):
            listed = paper.get(key)
            if isinstance(listed, list):
                paper[key] = [*listed[: data.draw(st.integers(0, len(listed)))], MORE]
    match data.draw(st.sampled_from(["class", "codes", "nothing"])):
        case "class":
            things[world.what] = {k: v for k, v in THINGS[world.what].items() if k != "class"}
        case "codes":
            things[world.what] = {k: v for k, v in THINGS[world.what].items() if k != "codes"}
        case _:
            pass
    step = _sent(world, [*said_of], day)
    for key in data.draw(st.sets(st.sampled_from(["to", "end_user"]))):
        step[key] = ("yard", "navy")
    assert _asked(query, step, said_of, things) in ("held" if world.held(query) else "not-held", None)
