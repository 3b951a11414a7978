"""The steps of a network judged, alone and with all that is behind them; each class of them once.

Transfers between parties of whom the loaded rules cannot tell one from the other are one class, and so are
pasts of which no rule can tell one from the other.  What a past says is a set of *marks*: for each condition
that rules put to what lies behind a step, how its comparisons come out; the papers; and what was built in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from redline.analysis.network_chain import Hop, mentioned, scenario_of, standing, texts, transfers_of
from redline.engine.assume import assume
from redline.engine.cells import is_under, truth_of
from redline.engine.check_scenario import check_scenario
from redline.engine.conclude import conclude
from redline.engine.derive import Derived, derive, without_alleged
from redline.engine.ground import Memo, ground_entry
from redline.engine.kleene import Kleene
from redline.engine.queries import all_within
from redline.engine.read import Document
from redline.engine.reference import IS_YES, holds, name
from redline.engine.run import Bench, all_subjects
from redline.engine.scenarios import judged_as_of, scenario_from
from redline.engine.sharpen import STEPS, Budget, GaveUp, verdict
from redline.rules.condition import All as AllOf
from redline.rules.condition import Any as AnyOf
from redline.rules.condition import Condition, Every, In, Is, Named, Not, Reading, Silent, Some, Unsettled
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY, country_code
from redline.rules.frozen import dataclass, field, replace
from redline.rules.network import Build, Channel, Network, Window
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Refused, errors
from redline.rules.quantities import DATE, base_unit, parse_date
from redline.rules.record import Row, Rows, Subject
from redline.rules.terms import PAPER_KIND, PAPER_STATE
from redline.rules.truth import FALSE, TRUE, UNKNOWN
from redline.rules.values import Amounts, Terms, Test, fits
from redline.rules.verdicts import Kind, Verdict, settle

Marks = frozenset[Any]
"""What rules can tell of a past."""
BINDING = (Kind.PROHIBITS, Kind.REQUIRES)
_BEHIND = ("upstream", "steps")
_WHO = ("by", "end_user", "via", "place_of_use")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is found of the last hop of a path: the rules that cross, and those that may."""

    crosses: frozenset[str]
    perhaps: frozenset[str]
    problems: tuple[Problem, ...] = ()


@dataclass
class Judge:
    """A network on a bench, with what was judged of it so far."""

    bench: Bench
    network: Network
    made: int = 0
    """Scenarios that were judged."""
    failed: int = 0
    """Scenarios that could not be judged."""
    derivations: int = 0
    known: dict[Any, Judgement] = field(default_factory=dict)
    looked: dict[Any, Any] = field(default_factory=dict)
    _classes: dict[Any, int] = field(default_factory=dict)
    _of_party: dict[str, int] = field(default_factory=dict)
    _of_party_behind: dict[str, int] = field(default_factory=dict)
    _of_facts: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        policies = self.bench.policies
        rules = [rule for policy in policies for rule in policy.rules]
        self.rules = {name(rule): rule for rule in rules}
        conditions = [c for rule in rules for c in _conditions(rule)]
        inner = [each for c in conditions for each in all_within(c)]
        asking = [rule for rule in rules if self.wanted(rule) or rule.kind is Kind.PERMITS]
        asked = [e for rule in asking for c in _conditions(rule) for e in all_within(c)]
        self.asked_behind = tuple(
            dict.fromkeys(e for e in asked if isinstance(e, Some | Every) and e.list in _BEHIND)
        )
        behind = [each for asked in self.asked_behind for each in all_within(asked.body)]
        self.of_countries, self.countries_behind = _of_countries(inner), _of_countries(behind)
        self.keys_behind = _keys(behind)
        self.questions_behind = any(isinstance(e, Is) and not isinstance(e.key, str) for e in behind)
        parts = {each.part for each in behind if isinstance(each, In)}
        derived = {
            "place_of_use",
            "crosses_border",
            "end_user",
            "via",
            "papers",
            "agreements",
            "co_developers",
        }
        self.apart = (
            parts <= {"item", "from", "to"}
            and not self.keys_behind & (derived | {"reach", "parties", "upstream", "undertakings"})
            and all(each.list == "upstream" for each in self.asked_behind)
        )
        self.subjects = frozenset(
            rule.subject for rule in rules if rule.kind in BINDING and self.wanted(rule)
        )
        judging = self.bench.judging
        self.lines = tuple((index, rule) for index, rule in judging.rules() if self.wanted(rule))
        self.kleene = Kleene(judging.plan, judging.readings)
        self.memo = Memo(judging.plan, judging.readings)
        self.named = mentioned(self.network)
        self.general = bool(standing(self.network))
        self.built = frozenset(build.gives for build in self.network.builds)
        windows = [*(c.window for c in self.network.channels), *(b.window for b in self.network.builds)]
        self.dated = any(window != (None, None) for window in windows)
        self.countries = frozenset(self._named_countries())
        self.cuts = sorted(set(self._cuts(rules, inner)))

    def wanted(self, rule: Rule) -> bool:
        """Whether the rule draws a line, and runs."""
        return rule.kind in BINDING and self.bench.wanted(rule)

    # --- classes -------------------------------------------------------------------------------

    def sort_of(self, hop: Hop) -> tuple[Any, ...]:
        """The class of a hop by itself."""
        segment = None if hop.day is None else bisect_right(self.cuts, hop.day)
        match hop.by:
            case Build():
                return "build", hop.by.id, self.party(hop.by.holder), segment
            case Channel(sender=sender, recipient=recipient):
                return (
                    self.party(sender),
                    self.party(recipient),
                    self._related(sender, recipient),
                    hop.item,
                    self._facts(hop.by.facts),
                    hop.by.papers,
                    segment,
                )

    def party(self, key: str) -> int:
        """The class of a party: its id, where it is named somewhere; else what rules can tell of it."""
        if key not in self._of_party:
            node = self.network.parties[key]
            sort = ("id", key) if key in self.named or not isinstance(node, Map) else self._told(node)
            self._of_party[key] = self._classes.setdefault(sort, len(self._classes))
        return self._of_party[key]

    def _told(self, node: Map) -> Any:
        facts = tuple((k.text, v) for k, v in node.entries if k.text not in ("name", "country"))
        country = node.get("country")
        code = country_code(country.text) if isinstance(country, Text) else None
        if code is None or code in self.countries:
            return facts, country
        value = Terms(COUNTRY, frozenset({code}))
        return facts, tuple(fits(value, test) for test in self.of_countries)

    def _facts(self, node: Map) -> int:
        if id(node) not in self._of_facts:
            self._of_facts[id(node)] = self._classes.setdefault(("facts", node), len(self._classes))
        return self._of_facts[id(node)]

    def _sort_behind(self, hop: Hop, sort: tuple[Any, ...]) -> tuple[Any, ...]:
        """The class of a hop as far as rules look at what lies behind a step."""
        if isinstance(hop.by, Build):
            return sort
        ends = tuple(self._party_behind(key) for key in (hop.by.sender, hop.by.recipient))
        _, _, related, item, facts, papers, segment = sort
        return (*ends, related, item, facts, papers, segment)

    def _party_behind(self, key: str) -> int:
        if self.questions_behind:
            return self.party(key)
        if key not in self._of_party_behind:
            node = self.network.parties[key]
            told: Any = node
            if isinstance(node, Map):
                facts = tuple(
                    (k.text, v) for k, v in node.entries if k.text in self.keys_behind - {"country"}
                )
                country = node.get("country")
                code = country_code(country.text) if isinstance(country, Text) else None
                value = Terms(COUNTRY, frozenset({code})) if code is not None else None
                where = (
                    country if value is None else tuple(fits(value, test) for test in self.countries_behind)
                )
                told = facts, where
            self._of_party_behind[key] = self._classes.setdefault(("behind", told), len(self._classes))
        return self._of_party_behind[key]

    def _related(self, one: str, other: str) -> str:
        """Whether two parties are in one country, or in a state and its territory."""
        codes = []
        for key in (one, other):
            node = self.network.parties[key]
            country = node.get("country") if isinstance(node, Map) else None
            codes.append(country.text.strip() if isinstance(country, Text) else "")
        if codes[0] == codes[1]:
            return "same"
        near = STATE_OF_TERRITORY.get(codes[0]) == codes[1] or STATE_OF_TERRITORY.get(codes[1]) == codes[0]
        return "near" if near else ""

    def _named_countries(self) -> Iterator[str]:
        nodes: list[Node] = [*self.network.papers.values(), *self.network.items.values()]
        nodes += {id(c.facts): c.facts for c in self.network.channels}.values()
        nodes += [] if self.network.agreements is None else [self.network.agreements]
        for node in nodes:
            for text in texts(node):
                if len(text) <= 6 and (code := country_code(text)) is not None:
                    yield code

    def _cuts(self, rules: Iterable[Rule], inner: Iterable[Condition]) -> Iterator[int]:
        """The first days of stretches in which no rule, paper or owner changes with the day."""
        amounts = [validity.days for rule in rules for validity in rule.validity]
        for each in inner:
            if isinstance(each, Is):
                amounts += [a for a in (each.test.accepts, each.test.perhaps) if isinstance(a, Amounts)]
        written: list[Node] = [*self.network.papers.values()]
        parties = (node for node in self.network.parties.values() if isinstance(node, Map))
        written += [owners for node in parties if (owners := node.get("owners")) is not None]
        amounts += [day for node in written for text in texts(node) if (day := parse_date(text)) is not None]
        for value in amounts:
            if value.unit == base_unit(DATE):
                for stretch in value.stretches:
                    if stretch.low is not None:
                        yield from (int(stretch.low), int(stretch.low) + 1)
                    if stretch.high is not None:
                        yield from (int(stretch.high), int(stretch.high) + 1)

    # --- judged --------------------------------------------------------------------------------

    def last(self, hops: Sequence[Hop], past: Marks, sort: tuple[Any, ...]) -> Judgement:
        """What is found of the last hop of a path whose past has these marks; judged once a class."""
        found = self.known.get((past, sort))
        if found is None:
            found = self.known[past, sort] = self._judged(scenario_of(self.network, hops, "path"), hops)
        return found

    def derived(self, root: Map) -> tuple[Derived | None, Derived | None, tuple[Problem, ...]]:
        """A scenario derived, as stated and as supported; or what is wrong with it."""
        document = Document(root, "path of the network", 0, ())
        scenario, problems = scenario_from(document, self.bench.library.lexicon)
        if scenario is None:
            return None, None, tuple(problems)
        if self.bench.options.as_of is not None:
            scenario = judged_as_of(scenario, self.bench.options.as_of)
        scenario = assume(scenario)
        problems.extend(check_scenario(scenario))
        if errors(problems):
            return None, None, tuple(problems)
        derived = derive(scenario, self.bench.asked)
        backed = without_alleged(scenario)
        return derived, derived if backed == scenario else derive(backed, self.bench.asked), ()

    def _judged(self, root: Map, hops: Sequence[Hop]) -> Judgement:
        self.made += 1
        derived, supported, problems = self.derived(root)
        if derived is None or supported is None:
            self.failed += 1
            return Judgement(frozenset(), frozenset({""}), problems)
        place = transfers_of(hops)[-1]

        def asked(subject: Subject) -> bool:
            return subject.kind in self.subjects and (
                subject.kind != "step" or subject.transfer == place or subject.phantom
            )

        subjects = [each for each in all_subjects(derived) if asked(each)]
        sure = subjects if supported is derived else [each for each in all_subjects(supported) if asked(each)]
        if supported is derived:
            return self._told_apart(subjects)
        found = conclude(self.bench.judging, subjects, sure, self.wanted, explained=lambda _: False).findings
        return Judgement(
            frozenset(name(f.rule) for f in found if f.verdict is Verdict.CROSSES),
            frozenset(name(f.rule) for f in found if f.verdict is Verdict.UNDETERMINED),
        )

    def _told_apart(self, subjects: Sequence[Subject]) -> Judgement:
        """The verdicts as `conclude` finds them, without what each answer to an interpretation would give."""
        crosses, perhaps = set(), set()
        judging = self.bench.judging
        for index, rule in self.lines:
            for subject in subjects:
                if subject.kind != rule.subject:
                    continue
                possible = self.kleene.verdicts(judging.plan.entries[index], subject.row)
                if Verdict.CROSSES not in possible:
                    continue
                found = settle(possible)
                if len(possible) > 1:
                    case = ground_entry(judging.plan, index, subject.row, judging.readings, self.memo)
                    try:
                        found = verdict(case, case.masks, Budget(STEPS))
                    except GaveUp:
                        found = Verdict.UNDETERMINED
                if found is Verdict.CROSSES and not subject.phantom:
                    crosses.add(name(rule))
                elif found in (Verdict.CROSSES, Verdict.UNDETERMINED):
                    perhaps.add(name(rule))
        return Judgement(frozenset(crosses), frozenset(perhaps))

    def _may_cross(self, root: Map) -> bool:
        """Whether strong Kleene logic leaves it possible that a line is crossed."""
        self.derivations += 1
        derived, supported, _ = self.derived(root)
        if derived is None or supported is None:
            return True
        return any(
            Verdict.CROSSES in self.kleene.verdicts(self.bench.plan.entries[index], subject.row)
            for each in {id(derived): derived, id(supported): supported}.values()
            for index, rule in self.lines
            for subject in all_subjects(each)
            if subject.kind == rule.subject
        )

    def keeps(self, hops: Sequence[Hop], past: Marks, sort: tuple[Any, ...]) -> bool:
        """Whether a paper in force certainly keeps the sender of the last hop from it."""
        if not self.general and not any(isinstance(mark, tuple) and mark[0] == "paper" for mark in past):
            last = hops[-1].by
            if isinstance(last, Build) or not last.papers:
                return False
        key = ("keeps", past, sort)
        if key not in self.looked:
            row = self._row(hops)
            self.looked[key] = row is not None and keeps(row)
        return bool(self.looked[key])

    def marks(self, hops: Sequence[Hop], past: Marks, sort: tuple[Any, ...]) -> Iterator[Any]:
        """The marks that the last hop leaves on the past of what comes after it."""
        built = frozenset(mark for mark in past if isinstance(mark, tuple) and mark[0] == "build")
        key = ("mark", built, self._sort_behind(hops[-1], sort))
        if key not in self.looked:
            row = self._put_together(hops[-1]) if not built else self._row(hops)
            self.looked[key] = None if row is None else self._mark(row)
        if self.looked[key] is not None:
            yield self.looked[key]
        yield from _marked(hops[-1], self.network)

    def _put_together(self, hop: Hop) -> Row | None:
        """The record of a hop alone, as far as it is looked at behind a step: who sends, who receives and
        what else it is are each derived once."""
        if not self.apart or not isinstance(hop.by, Channel) or any(k.text in _WHO for k, _ in hop.by.facts):
            return self._row((hop,))
        segment = self.sort_of(hop)[-1]
        sender, recipient = (self._party_behind(key) for key in (hop.by.sender, hop.by.recipient))
        keys = (
            ("sends", sender, segment),
            ("receives", recipient, segment),
            ("moves", hop.item, self._facts(hop.by.facts), hop.by.papers, segment),
        )
        if any(key not in self.looked for key in keys):
            row = self._row((hop,))
            if row is None:
                return None
            for key, part in zip(keys, (row.parts["from"], row.parts["to"], row), strict=True):
                self.looked.setdefault(key, part)
            return row
        sends, receives, moves = (self.looked[key] for key in keys)
        assert isinstance(moves, Row)
        return replace(moves, parts={**moves.parts, "from": sends, "to": receives})

    def _row(self, hops: Sequence[Hop]) -> Row | None:
        """The record of the last hop of a path; None: it is no transfer, or cannot be told."""
        place = transfers_of(hops)[-1]
        if place is None:
            return None
        self.derivations += 1
        derived, _, _ = self.derived(scenario_of(self.network, hops, "path"))
        if derived is None:
            self.failed += 1
            return None
        return next(s.row for s in derived.subjects if s.kind == "step" and s.transfer == place)

    def _mark(self, row: Row) -> Any:
        """What rules can tell of the step where it lies behind another; None: nothing."""
        readings = self.bench.readings
        told = []
        for each in self.asked_behind:
            truth = holds(each.body, row, readings)
            nothing = FALSE if isinstance(each, Some) else TRUE
            told.append(
                None if truth is nothing else truth if truth is not UNKNOWN else self._leaves(each.body, row)
            )
        return tuple(told) if any(each is not None for each in told) else None

    def _leaves(self, condition: Condition, row: Row) -> Any:
        match condition:
            case AllOf(parts) | AnyOf(parts):
                return tuple(self._leaves(part, row) for part in parts)
            case Not(body) | Named(_, body):
                return self._leaves(body, row)
            case In(part, body):
                return self._leaves(body, row.parts[part])
            case Is(key, test):
                cell = row.cells[key]
                truth = fits(cell.value, test)
                return truth if truth is not UNKNOWN else (truth, cell.value, cell.about)
            case Silent():
                return holds(condition, row, self.bench.readings)
            case Some(key, body) | Every(key, body):
                return self._rows(row.lists[key], body)
            case Reading() | Unsettled():
                return None

    def _rows(self, rows: Rows, body: Condition) -> Any:
        each = frozenset(
            (truth_of(row.present) if row.present is not None else TRUE, self._leaves(body, row))
            for row in rows.rows
        )
        return each, truth_of(rows.closed)

    def may_end(self, hop: Hop) -> bool:
        """Whether a line may be crossed by the hop, whatever lies behind it and whoever sends: a fact that is
        left open never clears, so that what is cleared so is clear."""
        assert isinstance(hop.by, Channel)
        _, recipient, _, item, facts, papers, _ = self.sort_of(hop)
        key = (recipient, item, facts, papers, hop.by.window)
        found = self.looked.get(("end", key))
        if found is None:
            found = self.looked["end", key] = self._may_cross(self._opened(hop))
        return bool(found)

    def _opened(self, hop: Hop) -> Map:
        """The scenario of one hop with its sender unknown and all open that may lie behind it."""
        root = scenario_of(self.network, (hop,), "end")
        transfers = root.get("transfers")
        assert isinstance(transfers, Seq)
        entries: list[tuple[Text, Node]] = []
        for key, node in transfers.items[0]:  # type: ignore[union-attr]
            if key.text not in ("from", "date"):
                entries.append((key, node))
        entries.append((Text("from"), Text("unknown")))
        assert isinstance(hop.by, Channel)
        if self.dated:
            entries.append((Text("date"), _between(hop.by.window)))
        known = Seq((Map(tuple(entries)),))
        opened = Map(((Text("known"), known), (Text("more"), Text("possible"))))
        return Map(tuple((k, opened if k.text == "transfers" else v) for k, v in root.entries))


def _of_countries(conditions: Iterable[Condition]) -> tuple[Test, ...]:
    """The tests that conditions put to countries."""
    return tuple(
        dict.fromkeys(
            e.test
            for e in conditions
            if isinstance(e, Is) and isinstance(e.test.accepts, Terms) and e.test.accepts.tree == COUNTRY
        )
    )


def _keys(conditions: Iterable[Condition]) -> frozenset[str]:
    """The fields and lists that conditions look at."""
    found = set()
    for each in conditions:
        match each:
            case Is(key):
                if isinstance(key, str):
                    found.add(key)
            case Silent(key) | Some(key) | Every(key):
                found.add(key)
            case _:
                pass
    return frozenset(found)


def keeps(row: Row) -> bool:
    """Whether a paper in force certainly forbids the step, and no consent may be had for it."""
    if any(
        truth_of(paper.present) is not FALSE
        and is_under(paper.cells["kind"].value, PAPER_KIND, "consent") is not FALSE
        and is_under(paper.cells["state"].value, PAPER_STATE, "held") is not FALSE
        and fits(paper.cells["covers"].value, IS_YES) is not FALSE
        for paper in row.lists["papers"].rows
    ):
        return False
    return any(
        truth_of(each.present) is TRUE and fits(each.cells["breached"].value, IS_YES) is TRUE
        for each in row.lists["undertakings"].rows
    )


def binds(row: Row) -> bool:
    """Whether a promise that is good on the day certainly binds someone in the step."""
    return any(
        truth_of(each.present) is TRUE and fits(each.cells["good"].value, IS_YES) is TRUE
        for each in row.lists["undertakings"].rows
    )


def refuse(judgement: Judgement) -> None:
    """Raises Refused where what is alone on a path contradicts itself."""
    if judgement.problems:
        raise Refused(judgement.problems)


def _between(window: Window) -> Node:
    """Any day on which a channel may be used."""
    said = zip(("from", "to"), window, strict=True)
    ends = tuple((Text(key), Text(date.fromordinal(day).isoformat())) for key, day in said if day is not None)
    return Map(ends) if ends else Text("unknown")


def _conditions(rule: Rule) -> Iterator[Condition]:
    yield from (c for c in (rule.scope, rule.when, rule.unless, rule.requires) if c is not None)


def _marked(hop: Hop, network: Network) -> Iterator[Any]:
    """What a hop leaves behind besides: what is built in, and papers that may bind."""
    if isinstance(hop.by, Build):
        yield "build", hop.by.id
        return
    for paper in hop.by.papers:
        node: Node | Mapping[str, Node] = network.papers[paper]
        kind = node.get("kind") if isinstance(node, Map) else None
        value = kind.text.strip().replace("_", "-") if isinstance(kind, Text) else ""
        if not PAPER_KIND.under(value, "grant") if value in PAPER_KIND.parents else True:
            yield "paper", paper
