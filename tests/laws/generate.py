"""Whole scenarios, consistent and rich, as they would be written, from a dice.

A scenario is a neutral base (a radar, the ship that it is built into, those who make, buy and use them)
from which each statement departs now and then: it is left out, not known, one of several, alleged, open.
Dice come from `tests/generate_rows.py`: hypothesis' (shrinks) or a seeded one (quick, for many cases).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from redline.engine.assume import assume
from redline.engine.check_scenario import check_scenario
from redline.engine.scenarios import scenario_from
from redline.engine.typed import PLAIN, Lexicon
from redline.rules.problems import errors
from redline.testing.dice import Dice, Drawn, chance, pick
from redline.testing.terms import COUNTRIES, DAYS, LISTS, VALUES, way, words
from redline.testing.written import Data, Mapped, document, listed, mapped

PARTIES: Mapping[str, Mapping[str, str]] = {
    "maker": {"country": "IT", "kind": "company"},
    "yard": {"country": "TR", "kind": "company"},
    "navy": {"country": "PK", "kind": "armed-forces"},
    "agency": {"country": "IN", "kind": "government"},
    "trader": {"country": "HK", "kind": "company"},
    "engineer": {"country": "NL", "kind": "person"},
}
ITEMS: Mapping[str, Mapping[str, Data]] = {
    "corvette": {
        "class": "corvette",
        "form": "hardware",
        "made_in": "TR",
        "military": "yes",
        "codes": ["ML9.a"],
        "origin": ["TR", "IT"],
    },
    "radar": {
        "class": "coastal-radar",
        "form": "hardware",
        "made_in": "IT",
        "military": "yes",
        "codes": ["ML5.b"],
        "origin": ["IT"],
    },
    "pump": {
        "class": "component",
        "form": "hardware",
        "made_in": "NL",
        "military": "no",
        "codes": ["us_ccl:3A001.a"],
        "origin": ["NL"],
    },
    "design": {
        "class": "radar",
        "form": "design",
        "made_in": "FR",
        "military": "yes",
        "codes": ["3E001"],
        "origin": ["FR"],
    },
}
"""Each may be part of those before it, so that none is ever inside itself."""
ASSUMPTIONS = (
    "recipient_is_end_user",
    "nothing_else_inside",
    "no_agreements",
    "no_other_papers",
    "parties_screened",
    "no_flags",
    "no_other_owners",
    "nobody_knew",
    "used_where_received",
    "no_other_nationalities",
    "papers_in_order",
    "papers_in_order",
)


@dataclass(frozen=True)
class Wish:
    """What sort of scenarios is wanted; shares in percent."""

    unknown: int = 14
    alleged: int = 3
    open: int = 12
    more: int = 30
    """Whether a thing that may be said is said."""
    assume: int = 45
    steps: int = 4
    declared: bool = True
    """Whether the policies are generated ones, with the words that they add."""


USUAL = Wish()
CERTAIN = Wish(unknown=4, alleged=0, open=4, assume=70)
FOREIGN = Wish(declared=False)
"""For policies that declare nothing of what generated ones do."""


@dataclass
class Teller:
    """Says things of a scenario, each plainly or in one of the other ways."""

    dice: Dice
    wish: Wish

    def maybe(self, percent: int | None = None) -> bool:
        """Whether something that need not be said is said."""
        return chance(self.dice, self.wish.more if percent is None else percent)

    def term(self, tree: str, plain: str = "") -> Data | None:
        """A term of the tree; None: nothing is said."""
        terms = VALUES[tree]
        return self.one(plain or pick(self.dice, terms), terms)

    def one(self, plain: str, others: Sequence[str]) -> Data | None:
        """One value, said plainly or not so."""
        found: Data | None = plain
        if chance(self.dice, self.wish.unknown):
            other = pick(self.dice, others)
            ways: tuple[Data | None, ...] = (None, None, "unknown", {"one_of": [plain, other]})
            if other != plain and len(others) > 2:
                ways = (*ways, {"not": other})
            found = pick(self.dice, ways)
        return self.graded(found)

    def graded(self, found: Data | None) -> Data | None:
        """The value with a grade beside it, now and then."""
        if found is None or not chance(self.dice, self.wish.alleged * 2):
            return found
        grade = "alleged" if chance(self.dice, 50) else pick(self.dice, ("documented", "reported"))
        return {"value": found, "grade": grade, "source": "a newspaper"}

    def several(self, known: Sequence[Data], *, closes: bool = False) -> Data | None:
        """A list: plain, open or closed (as `closes` says it would not be by itself), not known, left out."""
        if chance(self.dice, self.wish.unknown // 2):
            return pick(self.dice, ("unknown", None))
        plain: Data = list(known) if known else "none"
        if closes and chance(self.dice, 50):
            return {"known": plain, "more": "none"}
        if chance(self.dice, self.wish.open):
            return {"known": plain, "more": "possible"}
        if known and chance(self.dice, self.wish.alleged):
            return {"known": plain, "grade": "alleged"}
        return plain

    def party(self, plain: str, ids: Sequence[str]) -> Data | None:
        """Who is meant."""
        if chance(self.dice, self.wish.unknown):
            either: Data = {"one_of": [plain, pick(self.dice, ids)]}
            ways: tuple[Data | None, ...] = (None, "unknown", pick(self.dice, COUNTRIES), either)
            return pick(self.dice, ways)
        return self.graded(plain)

    def day(self, plain: str) -> Data | None:
        """A day, or some of what may be written for one."""
        if chance(self.dice, self.wish.unknown * 2):
            year, month = plain[:4], plain[:7]
            rest: Data = {"from": plain, "to": f"{year}-12-31"}
            return way(self.dice, month, year, "unknown", rest, {"before": f"{year}-12-31"})
        return self.graded(plain)

    def put(self, thing: Mapped, key: str, found: Data | None) -> None:
        """Says it of the thing, if there is something to say."""
        if found is not None:
            thing[key] = found


@dataclass
class _Story:
    """What happens, while it is told."""

    parties: Sequence[str]
    items: Mapped
    papers: Sequence[str]
    holder: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)


def scenario(dice: Dice, wish: Wish = USUAL) -> Mapped:
    """A scenario that is read and checked without a problem; where some draws contradict each other,
    the dice is thrown again, and at last what contradicts is left out."""
    made = _scenario(dice, wish)
    for _ in range(4):
        if consistent(made, words() if wish.declared else PLAIN):
            return made
        made = _scenario(dice, wish)
    while made["transfers"] != "none" and not consistent(made, words() if wish.declared else PLAIN):
        made = _shorter(made)
    return made


def _shorter(made: Mapped) -> Mapped:
    fewer = listed(made["transfers"])[:-1]
    return {**made, "transfers": fewer or "none"}


def consistent(written: Data, lexicon: Lexicon) -> bool:
    """Whether the scenario is read and checked without an error."""
    found, problems = scenario_from(document(written), lexicon)
    if found is None or errors(problems):
        return False
    return not errors(check_scenario(assume(found)))


def _scenario(dice: Dice, wish: Wish) -> Mapped:
    tell = Teller(dice, wish)
    ids = ["maker", "yard", "navy", *(name for name in ("agency", "trader", "engineer") if tell.maybe(50))]
    items = {name: _item(tell, name) for name in ITEMS if name in ("corvette", "radar") or tell.maybe(60)}
    for name, item in items.items():
        _parts(tell, name, item, items)
    papers = {name: _paper(tell, name, ids, list(items)) for name in ("lic", "euc") if tell.maybe(60)}
    assumed: list[Data] = [*dict.fromkeys(name for name in ASSUMPTIONS if chance(dice, wish.assume))]
    made: Mapped = {"redline": "1", "scenario": "generated", "title": "A generated scenario"}
    tell.put(made, "as_of", pick(dice, ("2026-06-01", "2026-06-01", "2026-06", "2027-01-15", None)))
    if assumed:
        made["assume"] = assumed
    made["parties"] = {name: _party(tell, name, ids) for name in ids}
    made["items"] = dict(items)
    if tell.maybe():
        made["agreements"] = way(dice, "none", {"plan": _agreement(tell, ids, list(items))})
    if papers:
        closed = chance(dice, 50) or "no_other_papers" in assumed
        made["papers"] = (
            {**papers, "more": "none" if closed else "possible"} if tell.maybe() else dict(papers)
        )
    if mapped(made.get("papers")).get("more") == "possible" and "no_other_papers" in assumed:
        made["papers"] = dict(papers)
    made["transfers"] = _transfers(tell, _Story(ids, dict(items), list(papers)))
    return made


def _party(tell: Teller, name: str, ids: Sequence[str]) -> Mapped:
    dice, plain = tell.dice, PARTIES[name]
    party: Mapped = {"name": f"the {name}"} if tell.maybe() else {}
    country = plain["country"] if chance(dice, 75) else pick(dice, COUNTRIES)
    tell.put(party, "country", tell.term("country", country))
    tell.put(party, "kind", tell.term("party_kind", plain["kind"] if chance(dice, 85) else ""))
    if tell.maybe(20):
        owners: list[Data] = []
        for share in ("60%", "30%")[: dice.number(1, 2)]:
            owner: Mapped = {"party": pick(dice, [o for o in ids if o != name])}
            tell.put(owner, "share", tell.one(share, ("10%", "25%", "30%")))
            if tell.maybe(15):
                owner[pick(dice, ("from", "to"))] = pick(dice, ("2026-03-20", "2027-01-01", "2020"))
            owners.append(owner if len(owner) > 1 or chance(dice, 50) else owner["party"])
        tell.put(party, "owners", tell.several(owners if chance(dice, 85) else [], closes=True))
    if tell.maybe(20):
        hits: list[Data] = [pick(dice, LISTS)] if chance(dice, 40) else []
        if tell.maybe(50):
            party["screened"] = {"lists": list(LISTS), "on": "2026-05-02", "hits": hits or "none"}
        else:
            tell.put(party, "listed", tell.several(hits, closes=True))
    if tell.maybe(15):
        tell.put(party, "roles", tell.several([pick(dice, VALUES["role"])], closes=True))
    if tell.maybe(12):
        tell.put(
            party,
            "flags",
            tell.several([pick(dice, VALUES["flag"])] if chance(dice, 70) else [], closes=True),
        )
    if party.get("kind") == "person" and tell.maybe(70):
        nationalities: list[Data] = [pick(dice, COUNTRIES) for _ in range(dice.number(1, 2))]
        tell.put(party, "nationalities", tell.several(list(dict.fromkeys(map(str, nationalities)))))
    if tell.wish.declared and tell.maybe(20):
        tell.put(party, "seeks_business", tell.term("yes_no"))
    if chance(dice, tell.wish.alleged) and party:
        party["grade"] = pick(dice, ("alleged", "documented"))
    return party or {"name": f"the {name}"}


def _item(tell: Teller, name: str) -> Mapped:
    dice, plain = tell.dice, ITEMS[name]
    item: Mapped = {"what": name} if tell.maybe() else {}
    kind = str(plain["class"])
    if kind == "coastal-radar" and not tell.wish.declared:
        kind = "radar"
    classes = tuple(c for c in VALUES["class"] if tell.wish.declared or c != "coastal-radar")
    tell.put(item, "class", tell.one(kind if chance(dice, 80) else pick(dice, classes), classes))
    tell.put(item, "form", tell.term("form", str(plain["form"])))
    tell.put(item, "military", tell.term("yes_no", str(plain["military"]) if chance(dice, 75) else ""))
    origin: list[Data] = list(listed(plain["origin"]))
    if chance(dice, 30):
        origin = list(dict.fromkeys(pick(dice, COUNTRIES) for _ in range(dice.number(1, 2))))
    tell.put(item, "origin", tell.several(origin))
    if tell.maybe(50):
        tell.put(item, "made_in", tell.term("country", str(plain["made_in"])))
    if tell.maybe(60):
        codes = tuple(c for c in VALUES["code"] if tell.wish.declared or not c.startswith("national_ml"))
        entries: list[Data] = list(listed(plain["codes"])) if chance(dice, 70) else [pick(dice, codes)]
        if tell.maybe(15):
            entries = pick(dice, ([*entries, "mtcr:none"], ["usml:none"], ["us_ccl"], []))
        tell.put(item, "codes", tell.several(entries))
    if tell.maybe():
        tell.put(item, "sensitivity", tell.term("sensitivity"))
    if tell.maybe(20):
        tell.put(item, "quantity", tell.one(pick(dice, ("1", "1", "5")), ("1", "2", "10")))
    if tell.maybe(20):
        ways: tuple[Data, ...] = ("9000 EUR", "120000 EUR", "1000 USD", {"at_least": "5000 EUR"})
        item["value"] = pick(dice, ways)
    if tell.wish.declared and tell.maybe(20):
        lengths: tuple[Data, ...] = (
            "120 km",
            "400 km",
            "unknown",
            {"at_least": "200 km", "less_than": "350 km"},
        )
        item["max_range"] = pick(dice, lengths)
    if tell.maybe(8):
        tell.put(item, "flags", tell.several([pick(dice, VALUES["flag"])], closes=True))
    if chance(dice, tell.wish.alleged) and item:
        item["grade"] = pick(dice, ("alleged", "documented"))
    return item or {"what": name}


def _parts(tell: Teller, name: str, item: Mapped, items: Mapping[str, Mapped]) -> None:
    """What is in the item and what it was made with, of those after it."""
    dice, order = tell.dice, list(items)
    after = order[order.index(name) + 1 :]
    inside = [each for each in after if each != "design" and chance(dice, 70)]
    written: list[Data] = []
    for each in inside:
        who: Data = each
        if chance(dice, tell.wish.unknown // 3) and len(after) > 1:
            who = {"one_of": [each, pick(dice, after)]}
        share = pick(dice, ("5%", "10%", "30%", None, None, "unknown"))
        if share is None:
            written.append(who)
        else:
            shares: Data = {"at_most": "15%"} if share == "5%" and chance(dice, 30) else share
            written.append({"item": who, "share": shares})
    if inside or tell.maybe(60):
        tell.put(item, "contains", tell.several(written))
    tools: list[Data] = [each for each in after if each == "design" and chance(dice, 50)]
    if tools or tell.maybe(40):
        tell.put(item, "made_with", tell.several(tools))


def _agreement(tell: Teller, ids: Sequence[str], items: Sequence[str]) -> Mapped:
    dice = tell.dice
    agreement: Mapped = {}
    tell.put(agreement, "kind", tell.term("agreement_kind"))
    partners: list[Data] = [pick(dice, ids), pick(dice, (*ids, "IN"))]
    tell.put(agreement, "partners", tell.several(list(dict.fromkeys(map(str, partners)))))
    if tell.maybe(70):
        tell.put(agreement, "items", tell.several([pick(dice, items)]))
    elif tell.maybe(50):
        tell.put(agreement, "classes", tell.several(["radar"]))
    if tell.maybe():
        tell.put(agreement, "state", tell.term("agreement_state"))
    if tell.maybe():
        agreement["from"] = pick(dice, ("2020", "2026-01-01", "unknown"))
    return agreement or {"kind": "memorandum"}


def _paper(tell: Teller, name: str, ids: Sequence[str], items: Sequence[str]) -> Mapped:
    dice = tell.dice
    paper: Mapped = {"kind": pick(dice, VALUES["grant" if name == "lic" else "promise"])}
    tell.put(paper, "state", tell.term("paper_state"))
    if tell.maybe(70):
        tell.put(paper, "issuer", tell.party(pick(dice, ids), ids) if tell.maybe(70) else "IT")
    if tell.maybe(45):
        valid: tuple[Data, ...] = (
            {"from": "2026-01-01", "to": "2027-01-01"},
            {"from": "2026-01-01", "to": "2030-12-31"},
            {"from": "2020-01-01"},
            {"to": "2026-08"},
            {"from": "2026-09-01"},
            {"to": "unknown"},
        )
        paper["valid"] = pick(dice, valid)
    if tell.maybe(55):
        covers: Mapped = {}
        if tell.maybe(65):
            tell.put(covers, "items", tell.several([*items] if chance(dice, 60) else [pick(dice, items)]))
        if tell.maybe():
            tell.put(covers, "destinations", tell.several([pick(dice, COUNTRIES), "TR"]))
        if tell.maybe():
            tell.put(covers, "consignees", tell.several([pick(dice, ids)]))
        if tell.maybe(15):
            tell.put(covers, "activities", tell.several(["movement"]))
        if tell.maybe(15):
            tell.put(covers, "classes", tell.several(["sensor"]))
        if covers:
            paper["covers"] = covers
    if name == "euc":
        if tell.maybe(60):
            ban: Mapped = {}
            if tell.maybe(70):
                tell.put(ban, "destinations", tell.several([pick(dice, ("PK", "CN", "TR"))]))
            if tell.maybe():
                tell.put(ban, "activities", tell.several([pick(dice, ("re-export", "movement"))]))
            if tell.maybe(15):
                tell.put(ban, "except_destinations", tell.several([pick(dice, COUNTRIES)]))
            paper["forbids"] = [ban] if ban else "none"
        if tell.maybe():
            declares: Mapped = {"end_user": pick(dice, ids)}
            if tell.maybe(50):
                declares["end_use"] = pick(dice, VALUES["end_use"])
            if tell.maybe(50):
                declares["place"] = pick(dice, COUNTRIES)
            paper["declares"] = declares
        if tell.maybe():
            tell.put(paper, "binds", tell.several([pick(dice, ids)]))
    if tell.maybe(20):
        paper["issued"] = pick(dice, ("2025-11-01", "2026-04-01", "2026"))
    if tell.wish.declared and tell.maybe(10):
        paper["number"] = pick(dice, ("A-1", "unknown"))
    if chance(dice, tell.wish.alleged * 2):
        paper["grade"] = pick(dice, ("alleged", "reported"))
    return paper


def _transfers(tell: Teller, story: _Story) -> Data:
    dice = tell.dice
    steps = [_step(tell, story, number) for number in range(dice.number(1, tell.wish.steps))]
    if chance(dice, tell.wish.open // 3):
        return {"known": [*steps], "more": "possible"}
    return [*steps]


def _step(tell: Teller, story: _Story, number: int) -> Mapped:
    dice, ids = tell.dice, story.parties
    choice = dice.number(0, 9)
    transfer: Mapped = {}
    wholes = [w for w in story.items if _inside(story.items, w)]
    if choice == 9:
        transfer = {"activity": pick(dice, VALUES["still"]), "from": pick(dice, ids), "to": pick(dice, ids)}
        if chance(dice, 40):
            transfer["items"] = way(dice, "none", "unknown", [pick(dice, list(story.items))])
    elif choice in (3, 7, 8) and wholes:
        whole = pick(dice, wholes)
        part = pick(dice, _inside(story.items, whole))
        actor = _holder(tell, story, part)
        if whole not in story.begun or story.holder.get(whole) == actor:
            transfer = {"activity": "incorporation", "item": part, "into": whole, "by": actor}
            story.begun |= {part, whole}
            story.holder[whole] = actor
    if not transfer:
        transfer = _sent(tell, story)
    _when(tell, transfer, number)
    _around(tell, story, transfer)
    if tell.maybe(12):
        transfer["id"] = f"t{number + 1}"
    if chance(dice, tell.wish.alleged):
        transfer["grade"] = pick(dice, ("alleged", "documented"))
    return transfer


def _inside(items: Mapped, whole: str) -> list[str]:
    found = [
        mapped(each).get("item", each) if isinstance(each, dict) else each
        for each in listed(mapped(items[whole]).get("contains"))
    ]
    return [each for each in found if isinstance(each, str)]


def _holder(tell: Teller, story: _Story, item: str) -> str:
    first = {"design": "maker", "radar": "maker"}.get(item) or pick(tell.dice, ("yard", "maker"))
    return story.holder.setdefault(item, first)


def _sent(tell: Teller, story: _Story) -> Mapped:
    dice, ids = tell.dice, story.parties
    item = pick(dice, list(story.items))
    sender = _holder(tell, story, item)
    to = pick(dice, [each for each in ids if each != sender])
    transfer: Mapped = {}
    tell.put(transfer, "activity", tell.term("activity", "export" if chance(dice, 50) else ""))
    if chance(dice, tell.wish.unknown // 4):
        if chance(dice, 70):
            transfer["item"] = way(dice, "unknown", {"one_of": [item, pick(dice, list(story.items))]})
    elif chance(dice, 6):
        other = pick(dice, list(story.items))
        both: list[Data] = [item, other] if other != item else [item]
        transfer["items"] = way(dice, both, {"known": [item], "more": "possible"})
    else:
        transfer["item"] = item
    tell.put(transfer, "from", tell.party(sender, ids))
    tell.put(transfer, "to", tell.party(to, ids))
    story.begun.add(item)
    story.holder[item] = to
    return transfer


def _when(tell: Teller, transfer: Mapped, number: int) -> None:
    dice, day = tell.dice, DAYS[number]
    match dice.number(0, 9):
        case 0 | 1 | 2 | 3 | 4:
            tell.put(transfer, "date", tell.day(day))
        case 5 | 6:
            tell.put(transfer, "contract", tell.day(f"{day[:4]}-01-15"))
            tell.put(transfer, "delivery", tell.day(day))
        case 7:
            transfer[pick(dice, ("contract", "delivery"))] = day
        case _:
            pass  # it takes the scenario's date


def _around(tell: Teller, story: _Story, transfer: Mapped) -> None:
    dice, ids = tell.dice, story.parties
    if tell.maybe(20):
        who: tuple[Data, ...] = (
            pick(dice, ids),
            pick(dice, COUNTRIES),
            {"party": pick(dice, ids), "role": pick(dice, VALUES["role"])},
        )
        tell.put(transfer, "via", tell.several([pick(dice, who)]))
    if tell.maybe():
        tell.put(transfer, "end_user", tell.party(pick(dice, ids), ids))
    if tell.maybe(15) and "by" not in transfer:
        tell.put(transfer, "by", tell.party(pick(dice, ids), ids))
    if tell.maybe(20):
        tell.put(transfer, "place_of_use", tell.term("country"))
    if tell.maybe(20):
        tell.put(transfer, "end_use", tell.term("end_use"))
    if tell.maybe(10):
        tell.put(transfer, "status", tell.term("status"))
    if story.papers and tell.maybe(60):
        attached: list[Data] = [each for each in story.papers if chance(dice, 75)]
        tell.put(transfer, "papers", tell.several(attached, closes=True))
    elif tell.maybe(10):
        transfer["papers"] = "none"
    if tell.maybe(12):
        knew: list[Data] = [{"how": pick(dice, VALUES["knowledge"]), "of": pick(dice, VALUES["end_use"])}]
        tell.put(transfer, "knew", tell.several(knew if chance(dice, 70) else [], closes=True))
    if tell.maybe(10):
        tell.put(
            transfer,
            "flags",
            tell.several([pick(dice, VALUES["flag"])] if chance(dice, 60) else [], closes=True),
        )
    if tell.wish.declared and tell.maybe(15):
        transfer["return_by"] = pick(dice, ("2027-01-01", "2029", "unknown"))
    if tell.wish.declared and tell.maybe(10):
        transfer["net_value"] = pick(dice, ("900 EUR", "50000 EUR", "700 USD"))


@st.composite
def scenarios(draw: Callable[[st.SearchStrategy[int]], int], wish: Wish = USUAL) -> Mapped:
    """Scenarios, as a strategy of hypothesis."""
    return scenario(Drawn(draw), wish)
