"""What an analysis asks: is it possible, show it, or prove that there is none.

Three records answer.  An *outline*, by its stated facts alone: what the solver finds there is so, since
nothing has to be worked out.  The outline with what is derived left to the solver: what it finds there is
tried as a scenario.  And a record of which nothing is known, where every field is independent of every
other: what is impossible there is impossible in every scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import Protocol

from redline.analysis.boxed import EFFECTS, Boxed, on_paper
from redline.analysis.joint import Joint, Key, Said, at_path
from redline.analysis.outline import counts, silences
from redline.analysis.paper import OnPaper
from redline.analysis.relations import relate, relate_validities
from redline.analysis.slots import slotted
from redline.analysis.stage import LAST, VALUES
from redline.analysis.variants import ASIDE
from redline.analysis.witness import TRIES, Tried, World
from redline.analysis.worlds import Worlds
from redline.engine.circuit import Budget, Circuit, GaveUp, Literal, Rails
from redline.engine.plain import document_of
from redline.engine.plan import listed
from redline.engine.reference import IS_YES, name
from redline.engine.run import Bench, Run
from redline.engine.sharpen import STEPS
from redline.engine.write import to_yaml
from redline.rules.condition import InForce
from redline.rules.evidence import Proved, Undetermined, Witness
from redline.rules.frozen import dataclass
from redline.rules.policy import Rule
from redline.rules.truth import TRUE, UNKNOWN
from redline.rules.verdicts import Verdict
from redline.rules.vocabulary import SUBJECTS

MOST_SLOTS = 4
"""In proofs about several rules together: how many elements each list may have at most."""
CROSSED = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})
GAVE_UP = Undetermined("the search was given up")
ON_PAPER = Undetermined("it is possible on paper, and no scenario for it was found")


class Says(Protocol):
    """What a rule says, wherever it is asked: in an outline, or on a record of which nothing is known."""

    def __call__(self, index: int) -> Said:
        """What the rule of that index says."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a scenario may show: what is to be so of the rules asked, and how it is seen."""

    kind: str
    asked: tuple[int, ...]
    literals: Callable[[Circuit, Says], Sequence[Literal]]
    seen: Callable[[Run], bool]


class Asking:
    """Asks questions about one set of policies, keeping the records that it asks them of."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.rules = dict(bench.judging.rules())
        self._by_name = {name(rule): rule for rule in self.rules.values()}
        self._worlds = Worlds(bench)
        self.paper = OnPaper(bench)
        self._papers: dict[str, Joint] = {}
        self._on_paper: dict[str, Boxed] = {}
        self._plain: dict[int, bool] = {}
        self._related: dict[str, int] = {}
        self._counts: dict[str, int] = {}

    def of_kind(self, kind: str) -> Iterator[int]:
        """The rules on that kind of subject that run, variants apart."""
        for index, rule in self.rules.items():
            if rule.subject == kind and self.bench.wanted(rule) and ASIDE not in rule.id:
                yield index

    def world(self, kind: str, *, silent: bool = False) -> World:
        """The outline for that kind of subject."""
        return self._worlds.of(kind, silent=silent)

    def bare(self, kind: str, *, papers: int = 0) -> World:
        """The outline for that kind of subject with nothing but facts in it, and so many papers."""
        return self._worlds.of(kind, bare=True, papers=papers)

    def in_force(self, index: int) -> Literal:
        """That a rule with a validity is in force, on paper."""
        joint = self._paper(self.rules[index].subject)
        case, keys = joint.grounded(index)
        own = InForce(name(self.rules[index]))
        key, variable = next(
            (k, v)
            for k, v in zip(keys, case.variables, strict=True)
            if v.column is not None and v.column[0] == own
        )
        assert variable.column is not None
        yes = self.bench.plan.domains[variable.column].within(IS_YES.accepts)
        return joint.circuit.among(joint.thing(key, variable, variable.free.bit_length()).choice, yes)

    def plain(self, index: int) -> bool:
        """Whether the rule looks at stated facts and one day alone, and at no list but those of values."""
        if index not in self._plain:
            entry = self.bench.plan.entries[index]
            lists = {name for formula in entry.formulas for name in listed(formula)}
            self._plain[index] = lists <= VALUES and self.bare(entry.subject).tells(index)
        return self._plain[index]

    def on_paper(self, kind: str) -> Boxed:
        """The rules as boxes over a record on which everything is possible."""
        if kind not in self._on_paper:
            self._on_paper[kind] = Boxed(self._paper(kind), on_paper)
        return self._on_paper[kind]

    def shown_by_facts(self, question: Question) -> bool:
        """Whether stated facts alone can make it so; what is found can be read off the outline's circuit."""
        world = self.world(question.kind)
        literals = question.literals(world.circuit, partial(world.said, by_facts=True))
        try:
            return world.circuit.possible(literals, Budget(STEPS))
        except GaveUp:
            return False

    def shown(
        self, question: Question, *, small: bool = False, tries: int = TRIES
    ) -> Witness | Undetermined | None:
        """A witness, in an outline of which everything is said or of which nothing is; None if neither has
        one.  `small`: with everything left out that it shows the same without."""
        gave_up = False
        for world, by_facts in self._places(question):
            literals = question.literals(world.circuit, partial(world.said, by_facts=by_facts))
            try:
                tried = world.find(literals, [(i, LAST) for i in question.asked], question.seen, tries)
            except GaveUp:
                gave_up = True
                continue
            if tried is not None:
                asked = [(i, LAST) for i in question.asked]
                return as_witness(world.smaller(tried, asked, question.seen) if small else tried)
        return GAVE_UP if gave_up else None

    def _places(self, question: Question) -> Iterator[tuple[World, bool]]:
        """Where it may be shown, those first where there is least to be worked out."""
        for silent in (False, True) if self._silences[question.kind] else (False,):
            world = self.world(question.kind, silent=silent)
            yield world, True
            if any(world.works_out(i) for i in question.asked):
                yield world, False

    def impossible(self, question: Question) -> frozenset[Literal] | None:
        """Where no record at all can make it so: of what was asked, what cannot hold together; else None."""
        joint = self._paper(question.kind)
        literals = question.literals(joint.circuit, joint.said)
        if len(joint.things) > self._related.get(question.kind, 0):
            self._related[question.kind] = len(joint.things)
            things = [(_place(key), thing) for key, thing in joint.things.items()]
            relate(joint.circuit, self.paper.plan, things)
            relate_validities(joint.circuit, self.paper.plan, self._by_name, things)
        try:
            return None if joint.circuit.possible(literals, Budget(STEPS)) else joint.circuit.against()
        except GaveUp:
            return None

    def evidence(self, question: Question, *, tries: int = TRIES) -> Witness | Proved | Undetermined:
        """A proof that there is none, or a witness, or neither."""
        if self.impossible(question) is not None:
            return self.proved(question.kind)
        return self.shown(question, tries=tries) or ON_PAPER

    def _paper(self, kind: str) -> Joint:
        """A record on which everything is possible, and what the rules say of it."""
        if kind not in self._papers:
            row = self.paper.row(slotted(kind, self.bench.asked, self._slots(kind)))
            self._papers[kind] = Joint(Circuit("glucose42"), self.paper.plan, row, at_path, certain=False)
        return self._papers[kind]

    def proved(self, kind: str) -> Proved:
        """The proof that a record on paper gives, with its bound."""
        return Proved(f"lists of up to {self._slots(kind)} elements")

    def _slots(self, kind: str) -> int:
        """As many elements in a list as a rule asks after by `some`, and one more."""
        if kind not in self._counts:
            entries = (e for e in self.bench.plan.entries if e.subject == kind)
            most = max(counts(entries).values(), default=1)
            self._counts[kind] = min(MOST_SLOTS, most + 1)
        return self._counts[kind]

    @cached_property
    def _silences(self) -> dict[str, bool]:
        entries = self.bench.plan.entries
        return {kind: bool(silences(e for e in entries if e.subject == kind)) for kind in SUBJECTS}


def _place(key: Key) -> Key:
    """The row that a variable of a record on paper is of."""
    return key[0][:-1] if isinstance(key, tuple) and isinstance(key[0], tuple) else key


def speaking(circuit: Circuit, said: Said, rule: Rule) -> Rails:
    """Whether the rule crosses or calls for an assessment or, of a permission or a red flag, holds."""
    return said.holds(circuit) if rule.kind in EFFECTS else said.crosses


def speaks(run: Run, rule: Rule, *, certain: bool = True) -> bool:
    """Whether, of some subject, the rule certainly (or, not `certain`, possibly) crosses or holds."""
    return bool(spoken(run, rule, certain=certain))


def spoken(run: Run, rule: Rule, *, certain: bool = True) -> frozenset[str]:
    """The subjects, by their labels, of which it does."""
    assert run.conclusion is not None
    if rule.kind in EFFECTS:
        so = {TRUE} if certain else {TRUE, UNKNOWN}
        effects = run.conclusion.effects
        return frozenset(e.subject.label for e in effects if name(e.rule) == name(rule) and e.holds in so)
    said = CROSSED if certain else CROSSED | {Verdict.UNDETERMINED}
    findings = run.conclusion.findings
    return frozenset(f.subject.label for f in findings if name(f.rule) == name(rule) and f.verdict in said)


def as_witness(tried: Tried) -> Witness:
    """The scenario that was tried, written out."""
    assert tried.run.conclusion is not None
    crossed = dict.fromkeys(name(f.rule) for f in tried.run.conclusion.findings if f.verdict in CROSSED)
    return Witness(to_yaml(document_of(tried.data).root), dict(tried.readings), tuple(crossed))
