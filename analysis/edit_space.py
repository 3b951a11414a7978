"""The edits that are at hand: what of a scenario a rule looks at, and how each of it could be otherwise.

What is looked at are the facts that the rule's conditions follow from on each of its subjects, and the places
where facts that are missing would stand.  Values are those that the rule can tell apart, one of each class of
values.  What a scenario would need of a paper is made to measure (`papers_asked.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise

from redline.analysis.costs import cost_of, frozen_places, is_frozen
from redline.analysis.papers_asked import papers_asked
from redline.analysis.plausible import plausible
from redline.engine.case import Variable
from redline.engine.cells import is_under
from redline.engine.edits import REMOVE
from redline.engine.entities import called
from redline.engine.ground import Memo, ground_entry
from redline.engine.paths import standing
from redline.engine.possible import NONE, UNKNOWN, is_word
from redline.engine.run import Bench, Run
from redline.engine.validity import spells
from redline.rules.condition import Days
from redline.rules.countries import COUNTRY
from redline.rules.facts import Entity, Fact
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Rule
from redline.rules.quantities import DATE, base_unit
from redline.rules.record import Cell
from redline.rules.shapes import Field, Sub
from redline.rules.terms import PAPER_KIND, TREES, folded
from redline.rules.truth import TRUE
from redline.rules.values import Amounts, Stretch, Value
from redline.rules.vocabulary import COVERS
from redline.rules.whatif import Costs, Edit

_SECTION_SORT = {"parties": "party", "items": "item", "agreements": "agreement", "papers": "paper"}
_PARTS = frozenset({"contains", "made_with"})
_GONE = Text(REMOVE)
_AS = {
    "from": "the sender in",
    "to": "the recipient in",
    "by": "who carries out",
    "end_user": "the end user in",
    "party": "who stands on the way of",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What rules look at in a scenario: places, and by tree or unit the values that they tell apart."""

    places: tuple[str, ...]
    values: dict[str, tuple[tuple[str, ...], ...]]
    """Each a class of values that the rules do not tell apart, as texts, one of each finer class."""


def edits_for(bench: Bench, run: Run, rules: Sequence[int], costs: Costs) -> tuple[Edit, ...]:
    """The edits of the scenario judged that touch what these rules (by place in the plan) look at, the
    cheapest first; the same for the same inputs."""
    assert run.scenario is not None
    space = _Space(bench, run, rules, costs)
    found: dict[tuple[tuple[str, Node], ...], Edit] = {}
    for edit in space.edits():
        found.setdefault(edit.changes, edit)
    return tuple(sorted(found.values(), key=lambda e: (e.cost, e.places, e.says)))


def looked_at(bench: Bench, run: Run, rules: Iterable[int]) -> Looked:
    """What the rules look at on every subject of theirs."""
    assert run.derived is not None
    memo = Memo(bench.plan, bench.readings)
    places: dict[str, None] = {}
    values: dict[str, dict[tuple[str, ...], None]] = {}
    for index in rules:
        entry = bench.plan.entries[index]
        for subject in run.derived.subjects:
            if subject.kind != entry.subject:
                continue
            for variable in ground_entry(bench.plan, index, subject.row, bench.readings, memo).variables:
                places |= dict.fromkeys(of_variable(variable))
                if variable.column is None or variable.sort != "field":
                    continue
                classes = bench.plan.domains[variable.column].classes
                of = values.setdefault(variable.column[1], {})
                for block in variable.blocks or tuple(1 << i for i in range(len(classes))):
                    texts = (_text(c) for i, c in enumerate(classes) if block >> i & 1)
                    some = tuple(dict.fromkeys(t for t in texts if t is not None))
                    if variable.column[1] == COUNTRY.name:  # a state of today, where there is one
                        some = tuple(text for text in some if len(text) == 2)
                    of[some] = None
    told = {name: tuple(texts for texts in of if texts) for name, of in values.items()}
    return Looked(tuple(places), told)


@lru_cache(maxsize=4096)
def _text(value: Value) -> str | None:
    return plausible(value)


def of_variable(variable: Variable) -> Iterator[str]:
    """The places that it follows from, or would."""
    yield from _of_cell(variable.cell)
    for row in variable.rows:
        yield from _of_cell(row.present)


def _of_cell(cell: Cell | None) -> Iterator[str]:
    if cell is None:
        return
    if cell.about:
        yield cell.about.removesuffix(".more")
    for fact in cell.facts:
        yield fact.path.removesuffix(".more")


class _Space:
    """The edits of one scenario."""

    def __init__(self, bench: Bench, run: Run, rules: Sequence[int], costs: Costs) -> None:
        assert run.scenario is not None
        self.bench, self.run, self.costs, self.scenario = bench, run, costs, run.scenario
        self.root = run.document.root
        self.lexicon = bench.library.lexicon
        self.frozen = frozen_places(costs, self.scenario)
        permits = {p for i in rules for p in bench.plan.entries[i].permits}
        asked = {i: rule for i, rule in bench.judging.rules() if i in permits or i in rules}
        self.rules: tuple[Rule, ...] = tuple(asked.values())
        self.indices = tuple(rules)
        self.looked = looked_at(bench, run, rules)

    def edits(self) -> Iterator[Edit]:
        """Every edit, in the order of the places."""
        steps: set[int] = set()
        for place in self.looked.places:
            section, _, rest = place.partition(".")
            if section == "transfers" and rest:
                number = self._number(rest)
                if number is not None:
                    steps.add(number)
            if place == "as_of":
                steps |= set(range(len(self.scenario.transfers)))
            yield from self._at(place)
        for number in sorted(steps):
            yield from self._of_step(number)
        for new in papers_asked(self.bench, self.run, self.indices):
            yield from self._edit("new-paper", new.changes, new.says, new.places)

    def _number(self, rest: str) -> int | None:
        word = rest.partition(".")[0]
        return int(word) - 1 if word.isdigit() and 0 < int(word) <= len(self.scenario.transfers) else None

    def _edit(
        self, sort: str, changes: Sequence[tuple[str, Node]], says: str, places: Sequence[str] = ()
    ) -> Iterator[Edit]:
        touched = tuple(places) or tuple(path for path, _ in changes)
        if not any(is_frozen(place, self.frozen) for place in touched):
            yield Edit(sort, tuple(changes), cost_of(self.costs, sort, touched), says, touched)

    # --- one place ---

    def _at(self, place: str) -> Iterator[Edit]:
        steps = place.split(".")
        if steps[0] in ("papers", "agreements") and len(steps) > 1:
            yield from self._without(steps[0], place)
        if steps[-1].isdigit() and len(steps) > 2:
            yield from self._in_list(".".join(steps[:-1]), int(steps[-1]))
            return
        found = standing(self.root, place, self.lexicon)
        if found is None or found.what is None or place == "as_of" or not self._known(place):
            return
        match found.what:
            case Sub():
                yield from self._in_list(place, 0)
            case Field() if self._many(steps, found.what):
                yield from self._in_list(place, 0)
            case Field(type=kind) if kind.sort == "party":
                yield from self._another(place, found.what, found.node)
            case Field(type=kind) if kind.sort in ("tree", "amount", "name"):
                if steps[0] != "transfers" or kind.of != DATE:
                    yield from self._valued(place, found.what, found.node)
            case _:
                return

    def _known(self, place: str) -> bool:
        """Whether something is known there: what is not is to be learnt, not to be changed."""
        holder, _, key = place.rpartition(".")
        thing = self._entity(holder)
        if thing is None:
            return True
        if key in thing.facts:
            value = thing.facts[key].value
            return value is not None and not value.anything
        if key in thing.references:
            return bool(thing.references[key].names or thing.references[key].country)
        listing = thing.lists.get(key)
        return listing is not None and bool(listing.elements)

    def _many(self, steps: Sequence[str], what: Field) -> bool:
        holder = standing(self.root, ".".join([*steps[:-1], what.name, "1"]), self.lexicon)
        thing = self._entity(".".join(steps[:-1]))
        return holder is not None or (thing is not None and what.name in thing.lists)

    def _valued(self, place: str, what: Field, now: Node | None) -> Iterator[Edit]:
        sort = self._sort(place)
        written = now.text.strip() if isinstance(now, Text) and not is_word(now, UNKNOWN) else ""
        for text in self._values(what, written, place.partition(".")[0]):
            if written.lower() == text.lower():
                continue
            was = f", not {written}" if written else ""
            says = self._valued_words(place, what, text, was)
            yield from self._edit(sort, [(place, Text(text))], says)

    def _valued_words(self, place: str, what: Field, text: str, was: str) -> str:
        thing, word = self._called(place), what.name.replace("_", " ")
        if place.startswith("papers.") and what.name in ("from", "to"):
            return f"{thing} were valid {'from' if what.name == 'from' else 'until'} {text}{was}"
        if what.name == "state":
            return f"{thing} were {text}{was}"
        return f"the {word} of {thing} were {text}{was}"

    def _values(self, what: Field, now: str, section: str = "") -> Sequence[str]:
        """Values of which rules tell each from the others; of those that they do not tell apart, the one
        that is nearest to what is there, in its tree."""
        kind = what.type
        if kind.sort == "amount" and kind.of == DATE:
            return self._extending(what.name, now) if section == "papers" else self._days(now)
        looked = self.looked.values
        if kind.of == "paper_state":
            return tuple(dict.fromkeys((*(t[0] for t in looked.get("paper_state", ())), "held")))
        if what.name == "value" and kind.sort == "amount":
            return tuple(t[0] for unit, texts in looked.items() if len(unit) == 3 for t in texts)
        of = (kind.of, base_unit(kind.of)) if kind.sort == "amount" else (kind.of or "name",)
        classes = [texts for each in dict.fromkeys(of) for texts in looked.get(each, ())]
        return tuple(dict.fromkeys(_nearest(texts, kind.of, now) for texts in classes))

    def _another(self, place: str, what: Field, now: Node | None) -> Iterator[Edit]:
        """Another party of the scenario in its place: of who holds, in every step in which it does."""
        if not isinstance(now, Text) or place.startswith("papers."):
            return  # a paper of another issuer is a new paper
        places = [place]
        if what.name in ("from", "to", "by"):
            named = ((t, key) for t in self.scenario.transfers for key in ("from", "to", "by"))
            places = [
                f"{t.path}.{key}"
                for t, key in named
                if key in t.references and t.references[key].names == (now.text,)
            ] or places
        taken = {name for each in places for name in self._taking_part(each)}
        for ident in self.scenario.parties:
            if now.text != ident and ident not in taken:
                where = (
                    "" if len(places) > 1 else f" as {_AS.get(what.name, what.name)} {self._called(place)}"
                )
                one, other = self._name("parties", ident), self._name("parties", now.text)
                says = f"{one} stood in the place of {other}{where}"
                changes = [(each, Text(ident)) for each in places]
                yield from self._edit("party", changes, says)

    def _taking_part(self, place: str) -> Iterator[str]:
        """The parties that take part in the step of a place."""
        transfer = self._entity(".".join(place.split(".")[:2]))
        if transfer is None or transfer.shape != "transfer":
            return
        for meant in transfer.references.values():
            yield from meant.names
        via = transfer.lists.get("via")
        for each in via.elements if via is not None else ():
            if isinstance(each, Entity) and "party" in each.references:
                yield from each.references["party"].names

    # --- lists ---

    def _in_list(self, place: str, number: int) -> Iterator[Edit]:
        """Without an element (of a list of which nothing more is known: all of it; of the place of the list
        itself: none at all), and, of values, with another."""
        found = standing(self.root, place, self.lexicon)
        if found is None or found.what is None:
            return
        key, sort = found.what.name, self._sort(place)
        if place.rpartition(".")[2] in ("papers", "items") and sort == "transfer":
            return
        thing = self._called(place)
        if place.startswith("papers.") and key in COVERS:
            if self._promised(place.split(".")[1]):
                return  # what limits a promise less makes it bind more
            says = f"{thing} did not limit which {key.replace('_', ' ')} it covers"
            yield from self._edit(sort, [(place, _GONE)], says)
            return
        complete = found.what.complete and key != "codes"
        elements = _elements(found.node)
        if number and number <= len(elements):
            element = elements[number - 1]
            what = self._meant(element)
            says = f"{what} were not among the {key.replace('_', ' ')} of {thing}"
            if key in _PARTS:
                says = f"{thing} did not {'contain' if key == 'contains' else 'come from'} {what}"
            elif key == "via":
                says = f"{thing} did not pass through {what}"
            if complete:
                gone: list[tuple[str, Node]] = [(f"{place}.{number}", _GONE)]
                gone += [(path, _GONE) for path in self._built_in(place, element)]
                yield from self._edit(sort, gone, says)
            else:
                rest = Seq(tuple(e for i, e in enumerate(elements, 1) if i != number))
                closed = Map(((Text("known"), rest), (Text("more"), Text(NONE))))
                says = f"{says}, and there were no others than those given"
                yield from self._edit(sort, [(place, closed if rest.items else Text(NONE))], says)
            if isinstance(found.what, Field) and found.what.type.sort in ("tree", "name"):
                for text in self._values(found.what, element.text if isinstance(element, Text) else ""):
                    if not (isinstance(element, Text) and element.text == text):
                        says = f"{text} stood for {what} among the {key.replace('_', ' ')} of {thing}"
                        yield from self._edit(sort, [(f"{place}.{number}", Text(text))], says)
        elif not number and not is_word(found.node or Text(""), NONE) and len(elements) != 1:
            says = f"{thing} had no {key.replace('_', ' ')}"
            if key != "codes" or found.node is not None:
                yield from self._edit(sort, [(place, Text(NONE))], says)

    def _promised(self, ident: str) -> bool:
        paper = self.scenario.papers.get(ident)
        kind = paper.facts.get("kind") if paper is not None else None
        return kind is None or kind.value is None or is_under(kind.value, PAPER_KIND, "grant") is not TRUE

    def _built_in(self, place: str, element: Node) -> Iterator[str]:
        """The steps by which nothing else than this part is built into the item."""
        steps = place.split(".")
        part = element.get("item") if isinstance(element, Map) else element
        if steps[0] != "items" or steps[-1] != "contains" or not isinstance(part, Text):
            return
        for transfer in self.scenario.transfers:
            into, items = transfer.references.get("into"), transfer.lists.get("items")
            built = () if items is None else items.elements
            if into is not None and into.names == (".".join(steps[1:-1]),) and len(built) == 1:
                (one,) = built
                if not isinstance(one, Fact | Entity) and one.names == (part.text,):
                    yield transfer.path

    def _without(self, section: str, place: str) -> Iterator[Edit]:
        """Without a paper that binds, or an agreement."""
        ident = max(
            (i for i in getattr(self.scenario, section) if f"{place}.".startswith(f"{section}.{i}.")),
            key=len,
            default="",
        )
        if not ident:
            return
        name = self._name(section, ident)
        if section == "papers" and not self._promised(ident):
            return  # to hold less never clears
        changes: list[tuple[str, Node]] = [(f"{section}.{ident}", _GONE)]
        if section == "papers":
            for transfer in self.scenario.transfers:
                listing = transfer.lists.get("papers")
                for number, each in enumerate(listing.elements if listing is not None else (), 1):
                    if not isinstance(each, Fact | Entity) and ident in each.names:
                        changes.append((f"{transfer.path}.papers.{number}", _GONE))
        sort = "promise" if section == "papers" else "agreement"
        yield from self._edit(sort, changes, f"{name} were not there")

    # --- steps and days ---

    def _of_step(self, number: int) -> Iterator[Edit]:
        path = f"transfers.{number + 1}"
        called_ = f"step {number + 1}"
        fact = self.scenario.transfers[number].facts.get("delivery") or self.scenario.as_of
        value = fact.value if fact is not None else None
        now = value.low if isinstance(value, Amounts) else None
        places = (f"{path}.contract", f"{path}.delivery")
        for day in self._days("" if now is None else date.fromordinal(int(now)).isoformat()):
            says = f"{called_} took place on {day}"
            yield from self._edit("date", [(f"{path}.date", Text(day))], says, places)
        if len(self.scenario.transfers) > 1:
            yield from self._edit("step", [(path, _GONE)], f"{called_} did not take place")

    def _days(self, now: str) -> tuple[str, ...]:
        """Of each stretch of days that neither rules nor papers tell apart, the day that is nearest to the
        one that is there, whose own stretch is left out."""
        days = self.cuts
        here = date.fromisoformat(now).toordinal() if now else date(2026, 6, 1).toordinal()
        found = []
        for first, after in pairwise([None, *days, None]):
            last = None if after is None else after - 1
            if (first is None or first <= here) and (last is None or here <= last):
                continue
            found.append(last if last is not None and last < here else first)
        return tuple(date.fromordinal(n).isoformat() for n in found if n is not None and 1 <= n < 3_000_000)

    def _extending(self, end: str, now: str) -> Sequence[str]:
        """Days by which a paper would be valid longer, so that it is on the days of steps."""
        try:
            here = date.fromisoformat(now).toordinal()
        except ValueError:
            return ()
        days: set[int] = set()
        for transfer in self.scenario.transfers:
            fact = transfer.facts.get("contract" if end == "from" else "delivery")
            if fact is not None and isinstance(fact.value, Amounts):
                bound = fact.value.low if end == "from" else fact.value.high
                days |= {int(bound)} if bound is not None else set()
        longer = [day for day in days if (day < here if end == "from" else day > here)]
        return tuple(date.fromordinal(n).isoformat() for n in sorted(longer))

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """The first days of the stretches that rules, and the validity of papers, tell apart."""
        stretches = [spell for rule in self.rules if rule.validity for spell, _ in spells(rule)]
        unit = base_unit(DATE)
        looked = {text for texts in self.looked.values.get(unit, ()) for text in texts}
        for (key, of), domain in self.bench.plan.domains.items():
            if of == unit and not isinstance(key, Days):
                for each in domain.classes:
                    if isinstance(each, Amounts) and _text(each) in looked:
                        stretches += each.stretches
        for paper in self.scenario.papers.values():
            ends = [paper.facts[name].value for name in ("from", "to") if name in paper.facts]
            for low, value in zip((True, False), ends, strict=False):
                if isinstance(value, Amounts) and value.stretches:
                    stretches.append(Stretch(value.low, None) if low else Stretch(None, value.high))
        cuts = {int(s.low) for s in stretches if s.low is not None}
        return tuple(sorted(cuts | {int(s.high) + 1 for s in stretches if s.high is not None}))

    # --- words ---

    def _sort(self, place: str) -> str:
        steps = place.split(".")
        if "owners" in steps:
            return "owner"
        if _PARTS & set(steps):
            return "part"
        if steps[0] == "transfers":
            return "route" if "via" in steps else "transfer"
        if "forbids" in steps:
            return "promise"
        return _SECTION_SORT.get(steps[0], "transfer")

    def _entity(self, path: str) -> Entity | None:
        section, _, ident = path.partition(".")
        if section == "transfers":
            number = self._number(ident)
            return None if number is None or "." in ident else self.scenario.transfers[number]
        things = getattr(self.scenario, section, None)
        return things.get(ident) if isinstance(things, dict) else None

    def _called(self, place: str) -> str:
        section, _, rest = place.partition(".")
        if section == "transfers":
            return f"step {rest.split('.')[0]}"
        things = getattr(self.scenario, section, {})
        ident = max((i for i in things if f"{rest}.".startswith(f"{i}.")), key=len, default=rest)
        return self._name(section, ident)

    def _name(self, section: str, ident: str) -> str:
        things = self.root.get(section) if isinstance(self.root, Map) else None
        node = things.get(ident) if isinstance(things, Map) else None
        return called(ident, node) if node is not None else ident

    def _meant(self, element: Node) -> str:
        if isinstance(element, Map):
            inner = [element.get(key) for key in ("item", "party", "value")]
            element = next((each for each in inner if each is not None), element)
        if not isinstance(element, Text):
            return "this"
        for section in ("items", "parties", "papers"):
            if element.text in getattr(self.scenario, section):
                return self._name(section, element.text)
        return element.text


def _elements(node: Node | None) -> Sequence[Node]:
    if isinstance(node, Map) and node.get("known") is not None:
        node = node.get("known")
    match node:
        case Seq(items):
            return items
        case None:
            return ()
        case Text() if is_word(node, NONE) or is_word(node, UNKNOWN):
            return ()
        case _:
            return (node,)


def _nearest(texts: Sequence[str], tree: str, now: str) -> str:
    """Of the terms the first that lies under the same top of its tree as the one that is there."""
    known = TREES.get(tree)
    if known is None or not now:
        return texts[0]
    top = [term for term in known.parents if known.parents[term] is None and known.under(folded(now), term)]
    return next((t for t in texts if any(known.under(t, each) for each in top)), texts[0])
