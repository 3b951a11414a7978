"""Changes to what a scenario says: facts forgotten, widened, alleged; a paper or a step added.

What is forgotten is said not to be known, or is left out where silence means the same: not where silence
says something (a way with nothing on it, a paper without limits, a transfer on the scenario's date), and
not where an assumption would speak instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Every,
    In,
    Is,
    Named,
    Not,
    Owned,
    Share,
    Silent,
    Some,
)
from redline.rules.policy import Policy, Rule
from redline.rules.terms import PAPER_KIND
from redline.rules.verdicts import Kind
from tests.generate_rows import Dice, chance, pick
from tests.laws.generate import COUNTRIES, DAYS, LISTS, VALUES
from tests.laws.written import Data, Mapped, Place, listed, mapped, put

T = TypeVar("T")
SHAPES: Mapping[str, str] = {
    "parties": "party",
    "items": "item",
    "agreements": "agreement",
    "papers": "paper",
}
CALLED = frozenset({"id", "name", "what", "grade", "source", "title"})
"""Keys that say what something is called, not what is so."""
SPEAKS: Mapping[tuple[str, str], str] = {
    ("party", "owners"): "no_other_owners",
    ("party", "listed"): "parties_screened",
    ("party", "screened"): "parties_screened",
    ("party", "flags"): "no_flags",
    ("item", "flags"): "no_flags",
    ("transfer", "flags"): "no_flags",
    ("party", "nationalities"): "no_other_nationalities",
    ("item", "contains"): "nothing_else_inside",
    ("item", "made_with"): "nothing_else_inside",
    ("transfer", "end_user"): "recipient_is_end_user",
    ("transfer", "place_of_use"): "used_where_received",
    ("transfer", "papers"): "no_other_papers",
    ("transfer", "knew"): "nobody_knew",
}
"""The assumption that speaks where nothing is said."""
SILENCE_SAYS = frozenset(
    {
        ("transfer", "via"),
        ("transfer", "by"),
        ("transfer", "into"),
        ("transfer", "contract"),
        ("transfer", "delivery"),
    }
    | {("paper", key) for key in ("forbids", "binds", "from", "to")}
)
"""What means something when it is left out."""
REFERENCES = frozenset(
    {
        "from",
        "to",
        "by",
        "end_user",
        "into",
        "item",
        "items",
        "party",
        "issuer",
        "partners",
        "contains",
        "made_with",
        "owners",
        "via",
        "papers",
    }
)
TREE_OF: Mapping[str, str] = {
    "country": "country",
    "made_in": "country",
    "place_of_use": "country",
    "class": "class",
    "form": "form",
    "military": "yes_no",
    "sensitivity": "sensitivity",
    "activity": "activity",
    "end_use": "end_use",
    "status": "status",
    "seeks_business": "yes_no",
    "state": "paper_state",
    "how": "knowledge",
    "of": "end_use",
}
COMPLETE = frozenset(
    {"contains", "made_with", "origin", "via", "nationalities", "partners", "items", "forbids"}
)
"""Lists that are complete as given."""


@dataclass(frozen=True)
class Change:
    """A change to a scenario: what is put where, and the keys that it touches."""

    key: str
    puts: tuple[tuple[Place, Data | None], ...]
    refers: bool = False
    """Whether it changes who or what is meant, so that other things may be silent than before."""

    def to(self, scenario: Data) -> Data:
        """The scenario changed."""
        for path, new in self.puts:
            scenario = put(scenario, path, new)
        return scenario


def changed(scenario: Data, changes: Sequence[Change]) -> Data:
    """The scenario with changes that do not touch the same places made."""
    for number, change in enumerate(changes):
        earlier = [path for other in changes[:number] for path, _ in other.puts]
        if not any(p[: len(q)] == q or q[: len(p)] == p for p, _ in change.puts for q in earlier):
            scenario = change.to(scenario)
    return scenario


def things(scenario: Mapped) -> Iterator[tuple[str, Place, Mapped]]:
    """Everything that has a shape: with the shape, its path, and what is said of it."""
    for section, shape in SHAPES.items():
        for name, said in mapped(scenario.get(section)).items():
            if name != "more" and isinstance(said, dict):
                yield shape, (section, name), said
    base: Place = ("transfers", "known") if isinstance(scenario.get("transfers"), dict) else ("transfers",)
    for number, said in enumerate(listed(scenario.get("transfers"))):
        if isinstance(said, dict):
            yield "transfer", (*base, number), said


# --- forgetting ----------------------------------------------------------------------------------


def forgettings(scenario: Mapped, silent: frozenset[str]) -> list[Change]:
    """Every single fact forgotten.  `silent` are keys that rules test for being unstated: of these it is
    said that they are not known, since leaving them out would be saying something else."""
    assumed = frozenset(map(str, listed(scenario.get("assume"))))
    found: list[Change] = []
    for shape, path, said in things(scenario):
        for key, value in said.items():
            if key not in CALLED:
                found += _forget(shape, (*path, key), value, silent, assumed)
    for key in ("as_of", "agreements"):
        if key in scenario and not (key == "agreements" and "no_agreements" in assumed):
            found.append(Change(key, (((key,), None),)))
    for number, name in enumerate(listed(scenario.get("assume"))):
        fewer = [*listed(scenario["assume"])[:number], *listed(scenario["assume"])[number + 1 :]]
        found.append(Change(str(name), ((("assume",), fewer or None),), refers=True))
    found += _papers_gone(scenario, assumed)
    found = [_with_origins(scenario, each) if each.key == "contains" else each for each in found]
    return [each for each in found if not (silent and each.refers)]


def _with_origins(scenario: Mapped, parts: Change) -> Change:
    """Parts forgotten, and with them every origin: one that leaves out the origin of a listed part is read
    as open, so that it would be complete again without the part."""
    items = mapped(scenario.get("items"))
    origins = tuple(
        (("items", name, "origin"), "unknown") for name in items if "origin" in mapped(items[name])
    )
    return Change(parts.key, (*parts.puts, *origins), parts.refers)


def _forget(
    shape: str, path: Place, value: Data, silent: frozenset[str], assumed: frozenset[str]
) -> Iterator[Change]:
    key = str(path[-1])
    refers = key in REFERENCES
    if key == "date":
        thing = path[:-1]
        yield Change(
            key, ((path, None), ((*thing, "contract"), "unknown"), ((*thing, "delivery"), "unknown"))
        )
        return
    if key in ("covers", "valid", "declares"):
        for inner in mapped(value):
            yield Change(inner, (((*path, inner), "unknown"),), refers=inner in REFERENCES)
        return
    if key == "screened":
        yield Change("listed", (((*path, "hits"), "unknown"),))
        if SPEAKS[shape, key] not in assumed and not silent & {"listed", "screened_on"}:
            yield Change("listed", ((path, None),))
        return
    yield Change(key, ((path, "unknown"),), refers)
    speaks = SPEAKS.get((shape, key))
    if (shape, key) not in SILENCE_SAYS and speaks not in assumed and key not in silent:
        yield Change(key, ((path, None),), refers)
    yield from _forget_inside(key, path, value, open_list=speaks not in assumed)


def _forget_inside(key: str, path: Place, value: Data, *, open_list: bool) -> Iterator[Change]:
    """What is said of the elements of a list; and elements of a list that may go on."""
    base: Place = (*path, "known") if isinstance(value, dict) else path
    elements = listed(value)
    for number, each in enumerate(elements):
        for inner in mapped(each):
            if inner in (
                "share",
                "from",
                "to",
                "how",
                "of",
                "role",
                "destinations",
                "activities",
                "except_destinations",
            ):
                yield Change(inner, (((*base, number, inner), "unknown"),))
    more = mapped(value).get("more")
    if more == "none":
        yield Change(key, (((*path, "more"), "possible"),))
    opens = more == "possible" or (
        more is None and open_list and key in ("owners", "roles", "flags", "listed", "papers", "knew")
    )
    if opens and len(elements) > 1:
        yield Change(key, ((base, elements[1:]),), refers=key in REFERENCES)


def _papers_gone(scenario: Mapped, assumed: frozenset[str]) -> Iterator[Change]:
    """A paper that nobody mentions, where papers that are not mentioned are possible everywhere."""
    papers = mapped(scenario.get("papers"))
    if papers.get("more") == "none" or "no_other_papers" in assumed:
        return
    for name in papers:
        puts: list[tuple[Place, Data | None]] = (
            [(("papers", name), None)] if len(papers) > 1 else [(("papers",), None)]
        )
        for shape, path, said in things(scenario):
            attached = said.get("papers")
            if shape != "transfer" or attached is None or name not in listed(attached):
                continue
            if mapped(attached).get("more") == "none":
                break
            puts.append(((*path, "papers"), None))
        else:
            if name != "more" and not (len(papers) == 2 and "more" in papers):
                yield Change("papers", tuple(puts), refers=True)


# --- widening ------------------------------------------------------------------------------------


def widenings(dice: Dice, scenario: Mapped, silent: frozenset[str]) -> list[Change]:
    """Every single value made wider, and every list that is complete opened: learning, backwards."""
    found: list[Change] = []
    for shape, path, said in things(scenario):
        for key, value in said.items():
            if key not in CALLED:
                found += _widen(dice, scenario, shape, (*path, key), value)
    return [each for each in found if not (silent and each.refers)]


def _widen(dice: Dice, scenario: Mapped, shape: str, path: Place, value: Data) -> Iterator[Change]:
    key = str(path[-1])
    if isinstance(value, str) and value not in ("unknown", "none"):
        if key in ("contract", "delivery", "date") and len(value) == 10:
            year = value[:4]
            ways: tuple[Data, ...] = (year, value[:7], {"from": f"{year}-01-01", "to": value})
            yield Change(key, ((path, pick(dice, ways)),))
        elif key == "kind":
            kinds = {"party": "party_kind", "agreement": "agreement_kind", "paper": "grant"}[shape]
            yield Change(key, ((path, {"one_of": [value, pick(dice, VALUES[kinds])]}),))
        elif key == "state" and shape == "agreement":
            yield Change(key, ((path, {"one_of": [value, "ended"]}),))
        elif key in TREE_OF:
            others = COUNTRIES if TREE_OF[key] == "country" else VALUES[TREE_OF[key]]
            other = pick(dice, [each for each in others if each != "coastal-radar"])
            yield Change(key, ((path, {"one_of": [value, other]}),))
        elif key in ("from", "to", "end_user", "by") and value in mapped(scenario["parties"]):
            other = pick(dice, [each for each in mapped(scenario["parties"]) if each != "more"])
            yield Change(key, ((path, {"one_of": [value, other]}),), refers=True)
    elements = listed(value)
    if elements and key in COMPLETE and not (isinstance(value, dict) and "more" in value):
        yield Change(key, ((path, {"known": elements, "more": "possible"}),))
    if isinstance(value, dict) and value.get("more") == "none":
        yield Change(key, (((*path, "more"), "possible"),))
    if key == "origin" and elements and isinstance(elements[0], str):
        one: Data = {"one_of": [elements[0], pick(dice, COUNTRIES)]}
        base: Place = (*path, "known") if isinstance(value, dict) else path
        yield Change(key, ((base, [one, *elements[1:]]),))


# --- alleging ------------------------------------------------------------------------------------


def allegations(scenario: Mapped) -> list[tuple[Change, Change | None]]:
    """Every single fact made an allegation, each with the change that forgets it instead (None: several)."""
    found: list[tuple[Change, Change | None]] = []
    for shape, path, said in things(scenario):
        for key, value in said.items():
            here = (*path, key)
            if (
                key in CALLED
                or key in ("covers", "valid", "declares", "screened", "date")
                or value == "unknown"
            ):
                continue
            gone = Change(key, ((here, "unknown"),))
            if isinstance(value, list) or value == "none":
                word = "known" if isinstance(value, list) else "value"
                found.append((Change(key, ((here, {word: value, "grade": "alleged"}),)), gone))
                if isinstance(value, list) and isinstance(value[0], str):
                    first: Data = [{"value": value[0], "grade": "alleged"}, *value[1:]]
                    found.append((Change(key, ((here, first),)), gone))
            elif isinstance(value, str) or not value.keys() & {"value", "known", "more", "grade"}:
                found.append((Change(key, ((here, {"value": value, "grade": "alleged"}),)), gone))
        if "grade" not in said:
            found.append((Change(shape, (((*path, "grade"), "alleged"),)), None))
    return found


def instead(dice: Dice, scenario: Mapped) -> list[Change]:
    """Every fact of one value, everyone and everything that is alleged to be meant, and every alleged list,
    each replaced: by not being known, and by something else that might have been stated in its place."""
    found: list[Change] = []
    for _, path, said in things(scenario):
        whole = said.get("grade") == "alleged"
        for key, value in said.items():
            if key not in CALLED:
                found += _instead(dice, scenario, (*path, key), value, alleged=whole)
    return found


def _instead(dice: Dice, scenario: Mapped, path: Place, value: Data, *, alleged: bool) -> Iterator[Change]:
    key = str(path[-1])
    inner = mapped(value)
    alleged = inner.get("grade", "alleged" if alleged else "") == "alleged"
    if key in ("covers", "valid", "declares", "screened", "date") or not _grades(value) <= {"alleged"}:
        return
    if alleged:
        other = _another(dice, scenario, path)
        yield Change(key, ((path, "unknown"),), refers=key in REFERENCES)
        if other is not None:
            yield Change(key, ((path, other),), refers=key in REFERENCES)
        return
    base: Place = (*path, "known") if "known" in inner else path
    for number, each in enumerate(listed(value)):
        if mapped(each).get("grade") == "alleged":
            other = _another(dice, scenario, (*base, number))
            yield Change(key, (((*base, number), "unknown"),), refers=key in REFERENCES)
            if isinstance(other, list):
                yield Change(key, (((*base, number), other[0]),), refers=key in REFERENCES)


def _grades(written: Data) -> set[str]:
    """Every grade that is given there."""
    inner = written.values() if isinstance(written, dict) else written if isinstance(written, list) else []
    here = {str(written["grade"])} if isinstance(written, dict) and "grade" in written else set()
    return here.union(*(_grades(each) for each in inner))


def _another(dice: Dice, scenario: Mapped, path: Place) -> Data | None:
    """What else might have been stated under the key; None where it is not known what."""
    key = next(str(step) for step in reversed(path) if isinstance(step, str) and step != "known")
    parties = [each for each in mapped(scenario.get("parties")) if each != "more"]
    items = [each for each in mapped(scenario.get("items")) if each != "more"]
    papers = [each for each in mapped(scenario.get("papers")) if each != "more"]
    if key in ("from", "to", "by", "end_user", "issuer") and path[0] == "transfers":
        return pick(dice, (*parties, pick(dice, COUNTRIES)))
    if key in ("items", "via", "partners", "owners", "papers", "origin", "nationalities", "listed", "codes"):
        ways: Mapping[str, Sequence[str]] = {
            "items": items,
            "papers": papers,
            "origin": COUNTRIES,
            "nationalities": COUNTRIES,
            "listed": LISTS,
            "codes": VALUES["code"][:4],
        }
        return [pick(dice, ways.get(key, parties))] if ways.get(key, parties) else None
    if key in ("item", "into") and path[0] == "transfers":
        return pick(dice, items)
    if key in ("contract", "delivery"):
        return pick(dice, DAYS)
    if key == "as_of":
        return pick(dice, ("2026-06-01", "2027-01-15"))
    if key == "quantity":
        return pick(dice, ("1", "3"))
    if key in TREE_OF and path[0] != "agreements":
        known = COUNTRIES if TREE_OF[key] == "country" else VALUES[TREE_OF[key]]
        still = VALUES["still"] if key == "activity" else ()
        return pick(dice, [each for each in (*known, *still) if each != "coastal-radar"])
    return None


# --- what rules test -----------------------------------------------------------------------------


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """The conditions that a rule's verdict turns on."""
    return tuple(c for c in (rule.scope, rule.when, rule.unless, rule.requires) if c is not None)


def silences(policies: Sequence[Policy]) -> frozenset[str]:
    """The keys that some rule tests for being unstated."""
    return frozenset(
        node.key
        for policy in policies
        for rule in policy.rules
        for c in conditions_of(rule)
        for node in walk(c)
        if isinstance(node, Silent)
    )


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all in it, those inside questions of the catalogue too."""
    yield condition
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from walk(part)
        case Not(body) | In(_, body) | Some(_, body) | Every(_, body) | Named(_, body):
            yield from walk(body)
        case Is(key=Share(inner) | Owned(by=inner)):
            yield from walk(inner)
        case Is(key=Covered(_, issuer, where)):
            for each in (issuer, where):
                if each is not None:
                    yield from walk(each)
        case _:
            pass


def leans(
    policies: Sequence[Policy], rule: Rule, grows: frozenset[str], *, papers: bool = False
) -> frozenset[int]:
    """Which way a rule's verdict may turn when the lists grow (and with `papers`, when more papers are held):
    +1 toward harm, -1 away from it; nothing where it does not test them."""
    ways = {(1, rule.scope), (1, rule.when), (-1, rule.unless), (-1, rule.requires)}
    full = f"{rule.policy}/{rule.id}"
    for other in (each for policy in policies for each in policy.rules):
        if other.kind is Kind.PERMITS and full in other.defeats:
            ways |= {(-1, other.scope), (-1, other.when), (1, other.unless)}
    return frozenset(
        sign for way, part in ways if part is not None for sign in _leans(part, way, grows, papers=papers)
    )


def _leans(condition: Condition, way: int, grows: frozenset[str], *, papers: bool) -> Iterator[int]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leans(part, way, grows, papers=papers)
        case Not(body):
            yield from _leans(body, -way, grows, papers=papers)
        case In(_, body) | Named(_, body):
            yield from _leans(body, way, grows, papers=papers)
        case Some(name, body):
            if name in grows:
                yield way
            yield from _leans(body, way, grows, papers=papers)
        case Every(name, body):
            if name in grows:
                yield -way
            yield from _leans(body, way, grows, papers=papers)
        case Silent(key) if key in grows:
            yield from (1, -1)
        case Is(key=Covered()) if papers:
            yield way
        case _:
            pass


# --- order ---------------------------------------------------------------------------------------


def shuffled(dice: Dice, written: Data, ordered: frozenset[str]) -> Data:
    """The same with every key, and every list that is not `ordered`, in another order."""
    if isinstance(written, dict):
        return {
            key: each if key in ordered and isinstance(each, str) else _shuffled(dice, key, each, ordered)
            for key, each in mixed(dice, list(written.items()))
        }
    return written


def _shuffled(dice: Dice, key: str, written: Data, ordered: frozenset[str]) -> Data:
    if isinstance(written, list):
        inner = [shuffled(dice, each, ordered) for each in written]
        return inner if key in ordered else mixed(dice, inner)
    return shuffled(dice, written, ordered | ({"known"} if key in ordered else set()))


def mixed(dice: Dice, things: Sequence[T]) -> list[T]:
    """The things in another order."""
    left = list(things)
    return [left.pop(dice.number(0, len(left) - 1)) for _ in things]


# --- what is added -------------------------------------------------------------------------------


def grants_asked(policies: Sequence[Policy]) -> tuple[str, ...]:
    """The kinds of grant that rules ask for."""
    kinds = (
        node.key.kind
        for policy in policies
        for rule in policy.rules
        for condition in conditions_of(rule)
        for node in walk(condition)
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
