"""Which lines a transfer of a network may cross at all, whatever lies behind it and whoever sends.

A fact that is left open never clears: so a line that is clear of a transfer with its sender unknown, with any
steps before it and, where something is built into its item, with nothing known of that, is clear of it at the
end of every path.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from redline.analysis.leak_classes import Classes, conditions_of
from redline.analysis.leak_marks import keys_of
from redline.analysis.leak_records import Records
from redline.analysis.network_chain import Hop, scenario_of
from redline.engine.cells import truth_of
from redline.engine.derive import Derived
from redline.engine.kleene import Kleene
from redline.engine.plan import Formula, PAll, PAny, PEvery, PIn, PSilent, PSome, PTest
from redline.engine.queries import all_within
from redline.engine.run import Bench, all_subjects
from redline.flat.clauses import deps, sources, spread
from redline.rules.condition import Condition, Covered, Forbids
from redline.rules.frozen import dataclass, field, replace
from redline.rules.network import Build, Channel, Network, Window
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Rule
from redline.rules.record import Row, Subject
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.verdicts import Kind, Verdict

Line = tuple[int, Rule]
"""A rule that draws a line, with its number in the plan."""
BINDING = (Kind.PROHIBITS, Kind.REQUIRES)
UPSTREAM, UNDERTAKINGS = "upstream", "undertakings"
_SENDER = "from.country"
_FIELDS = (_SENDER, "to.country", "item.class", "activity", "papers", "agreements", "place_of_use", "date")
"""Fields that stand for all that is known of a channel that says nothing of others than its two ends."""


@dataclass
class Open:
    """The lines of a bench, and which of them each class of transfers may cross."""

    bench: Bench
    network: Network
    records: Records
    classes: Classes
    _known: dict[Any, tuple[Line, ...]] = field(default_factory=dict)
    _of_senders: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        judging = self.bench.judging
        rules = dict(judging.rules())
        self.lines = tuple((n, r) for n, r in rules.items() if r.kind in BINDING and self.bench.wanted(r))
        self.asked: dict[int, tuple[Condition, ...]] = {}
        """What each line, and each permission from it, asks."""
        for n, _ in self.lines:
            each = (rules[n], *(rules[permit] for permit in judging.plan.entries[n].permits))
            self.asked[n] = tuple(e for rule in each for c in conditions_of(rule) for e in all_within(c))
        self.built = frozenset(build.gives for build in self.network.builds)
        windows = [*(c.window for c in self.network.channels), *(b.window for b in self.network.builds)]
        self.dated = any(window != (None, None) for window in windows)

    @cached_property
    def _kleene(self) -> Kleene:
        """What tells which lines an open scenario may cross."""
        plan, readings = self.bench.plan, self.bench.readings
        return (_Unpromised if self.unpromised else _Unheard)(plan, readings)

    @cached_property
    def unpromised(self) -> bool:
        """Whether no paper is named, and none is left open: that is so of all transfers, or of none."""
        if self.network.papers or not self.network.channels:
            return False
        first = self.network.channels[0]
        row = self.records.last((Hop(first, first.items[0]),))
        promises = None if row is None else row.lists[UNDERTAKINGS]
        return promises is not None and not promises.rows and truth_of(promises.closed) is TRUE

    def asks_sender(self, line: int) -> bool:
        """Whether what a line says of a step may hang on its sender, who else is known."""
        if line not in self._of_senders:
            entries = self.bench.plan.entries
            each = (entries[line], *(entries[n] for n in entries[line].permits))
            parts = [spread(f) for e in each for f in (e.bound, e.when, e.unless, e.met, e.granted)]
            if self.unpromised:
                parts = [_without_papers(part) for part in parts]
            hangs = {field for part in parts for source in sources(part) for field in deps(source, _FIELDS)}
            self._of_senders[line] = entries[line].subject != "agreement" and _SENDER in hangs
        return self._of_senders[line]

    def of(self, hop: Hop) -> tuple[Line, ...]:
        """The lines that may be crossed by the hop at the end of some path."""
        key: Any = (self.classes.of(hop), self._days(hop))
        if isinstance(hop.by, Channel):
            recipient, facts = self.classes.party(hop.by.recipient), self.classes.facts(hop.by.facts)
            key = (recipient, hop.item, facts, hop.by.papers, self._days(hop))
        if key not in self._known:
            self._known[key] = tuple(self._crossable(hop))
        return self._known[key]

    def _days(self, hop: Hop) -> tuple[int | None, ...]:
        return tuple(map(self.classes.segment, hop.by.window))

    def past_of(self, line: int) -> frozenset[str]:
        """The lists that a line looks at and that hang on what lies behind a step."""
        return keys_of(self.asked[line]) & {UPSTREAM, UNDERTAKINGS, "steps"}

    def _crossable(self, hop: Hop) -> Iterator[Line]:
        derived, supported, _ = self.records.derived(self._opened(hop))
        if derived is None or supported is None:
            yield from self.lines
            return
        subjects = [
            s for each in {id(derived): derived, id(supported): supported}.values() for s in _here(each)
        ]
        for line in self.lines:
            number, rule = line
            entry = self.bench.plan.entries[number]
            if self._blind(number) or any(
                Verdict.CROSSES in self._kleene.verdicts(entry, subject.row)
                for subject in subjects
                if subject.kind == rule.subject
            ):
                yield line

    def _blind(self, line: int) -> bool:
        """Whether an open scenario does not tell of a line: it asks of promises, which hang on papers that
        lie behind."""
        return UNDERTAKINGS in self.past_of(line) and bool(self.network.papers)

    def _opened(self, hop: Hop) -> Map:
        """The scenario of one hop with its sender unknown and all open that may lie behind it."""
        root = scenario_of(self.network, (hop,), "end")
        transfers, items = root.get("transfers"), root.get("items")
        assert isinstance(transfers, Seq)
        known = Seq(tuple(self._at_any_time(each, hop) for each in transfers.items))
        opened: dict[str, Node] = {
            "transfers": Map(((Text("known"), known), (Text("more"), Text("possible"))))
        }
        if hop.item in self.built and isinstance(items, Map):
            anything = Map(((Text("contains"), Text("unknown")), (Text("made_with"), Text("unknown"))))
            told = tuple((k, anything if k.text in (hop.item, hop.gives) else v) for k, v in items.entries)
            opened["items"] = Map(told)
        return Map(tuple((k, opened.get(k.text, v)) for k, v in root.entries))

    def _at_any_time(self, transfer: Node, hop: Hop) -> Map:
        """The transfer by a sender who is not known, on a day that is not."""
        assert isinstance(transfer, Map)
        left = ("date",) if isinstance(hop.by, Build) else ("from", "date")
        entries = [(key, node) for key, node in transfer.entries if key.text not in left]
        if isinstance(hop.by, Channel):
            entries.append((Text("from"), Text("unknown")))
        if self.dated:
            entries.append((Text("date"), _between(hop.by.window)))
        return Map(tuple(entries))


class _Unheard(Kleene):
    """Strong Kleene logic where it is not known either what a scenario says and what it is silent about."""

    def truth(self, formula: Formula, row: Row) -> Truth:
        """Whether the formula is true of the record, false of it, or cannot be told."""
        return UNKNOWN if isinstance(formula, PSilent) else Kleene.truth(self, formula, row)


class _Unpromised(_Unheard):
    """The same, where there are no promises."""

    def truth(self, formula: Formula, row: Row) -> Truth:
        """Whether the formula is true of the record, false of it, or cannot be told."""
        match formula:
            case PSome(name) if name == UNDERTAKINGS:
                return FALSE
            case PEvery(name) if name == UNDERTAKINGS:
                return TRUE
            case _:
                return _Unheard.truth(self, formula, row)


def _without_papers(formula: Formula) -> Formula:
    """The formula without what it asks of papers: where there are none, that hangs on nothing."""
    match formula:
        case PAll(parts) | PAny(parts):
            return replace(formula, parts=tuple(map(_without_papers, parts)))
        case PIn(_, body):
            return replace(formula, body=_without_papers(body))
        case (
            PTest((Covered() | Forbids(), _))
            | PSome("papers" | "undertakings")
            | PEvery("papers" | "undertakings")
        ):
            return PAll(())
        case _:
            return formula


def _here(derived: Derived) -> Iterator[Subject]:
    """The subjects, without a step that is none of those listed: it is the end of other paths."""
    for subject in all_subjects(derived):
        if subject.kind != "step" or subject.transfer is not None:
            yield subject


def _between(window: Window) -> Node:
    """Any day on which a channel may be used."""
    said = zip(("from", "to"), window, strict=True)
    ends = tuple((Text(key), Text(date.fromordinal(day).isoformat())) for key, day in said if day is not None)
    return Map(ends) if ends else Text("unknown")
