"""What no example decides: the coverage of rules by their examples, leaf by leaf and truth by truth.

An example counts where its verdict is as expected.  One that nobody has confirmed does not count: what
it alone decides stands apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from redline.analysis.decided import Asking, Wanted, asking, decided
from redline.analysis.examples import Ran
from redline.engine.leaves import Leaf
from redline.engine.library import Library
from redline.engine.reference import name
from redline.engine.run import Bench, Options, Run, judge, prepare
from redline.rules.frozen import dataclass, field
from redline.rules.node import Map, Seq
from redline.rules.policy import Policy, Rule
from redline.rules.problems import Problem
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.verdicts import Kind

TRUTHS = {TRUE: "true", FALSE: "false", UNKNOWN: "unknown"}
"""The truths of a leaf in words, in the order of the table."""


@dataclass(slots=True)
class Standing:
    """How far one rule is covered: what is still missing, and what unconfirmed examples alone decide."""

    rule: Rule
    leaves: tuple[Leaf, ...]
    missing: set[Wanted]
    waiting: set[Wanted] = field(default_factory=set)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Each leaf with each truth of which an example is wanted, as written."""
        return tuple((leaf, truth) for leaf in self.leaves for truth in leaf.demanded)

    def lacks(self, wanted: Wanted) -> bool:
        """Whether no example decides it, not even one that is unconfirmed."""
        return wanted in self.missing and wanted not in self.waiting

    def count(self, *truths: Truth) -> tuple[int, int]:
        """How many are decided, of how many that are wanted, with one of these truths."""
        of = [wanted for wanted in self.wanted if wanted[1] in truths]
        return sum(wanted not in self.missing for wanted in of), len(of)


class Coverage:
    """Gathers what examples decide, one after the other."""

    def __init__(self, library: Library, only: str = "") -> None:
        bench = prepare(library, Options(include_author=True))
        self.policies: tuple[Policy, ...] = bench.policies
        self.standings: dict[str, Standing] = {}
        self._asking: dict[tuple[int, str], Asking] = {}
        self._benches: list[Bench] = []
        for policy in bench.policies:
            for rule in policy.rules:
                if only in ("", rule.id, name(rule)):
                    made = asking(bench, rule)
                    self.standings[name(rule)] = Standing(rule, made.leaves, set(made.wanted))

    def of(self, policy: Policy) -> tuple[Standing, ...]:
        """The standings of the policy's rules."""
        return tuple(found for rule in policy.rules if (found := self.standings.get(name(rule))) is not None)

    def add(self, ran: Ran) -> None:
        """Counts what an example decides."""
        if isinstance(ran.run, Problem) or not ran.tried.passed:
            return
        standing = self.standings[name(ran.rule)]
        if not ran.example.unconfirmed:
            standing.missing -= self.deciding(ran.bench, ran.rule, ran.run, standing.missing)
            standing.waiting &= standing.missing
        else:
            sought = standing.missing - standing.waiting
            standing.waiting |= self.deciding(ran.bench, ran.rule, ran.run, sought)

    def add_worked(self, bench: Bench, names: Iterable[str]) -> None:
        """Counts what worked scenarios decide that expect findings: each finding by itself."""
        for document in (bench.library.scenarios[each] for each in sorted(names)):
            expect = document.root.get("expect") if isinstance(document.root, Map) else None
            if not isinstance(expect, Map) or not isinstance(expect.get("findings"), Seq):
                continue
            run = judge(bench, document, lambda _: False)
            for standing in self.standings.values():
                if bench.wanted(standing.rule) and standing.rule.kind not in (Kind.PERMITS, Kind.FLAGS):
                    found = self.deciding(bench, standing.rule, run, standing.missing, apart=True)
                    standing.missing -= found
                    standing.waiting -= found

    def deciding(
        self, bench: Bench, rule: Rule, run: Run, sought: set[Wanted], *, apart: bool = False
    ) -> set[Wanted]:
        """Those of the sought that decide the run."""
        key = (id(bench), name(rule))
        if key not in self._asking:
            self._benches.append(bench)  # known by identity, so that it stays alive
            self._asking[key] = asking(bench, _same(bench, rule))
        return decided(self._asking[key], run, sought, apart=apart)


def _same(bench: Bench, rule: Rule) -> Rule:
    """The rule as the bench has it."""
    return next(other for _, other in bench.judging.rules() if name(other) == name(rule))


def total(standings: Iterable[Standing]) -> tuple[int, int]:
    """How many are decided, of how many that are wanted."""
    counts = [standing.count(*TRUTHS) for standing in standings]
    return sum(done for done, _ in counts), sum(of for _, of in counts)


def percent(done: int, of: int) -> Fraction:
    """The share in percent; of nothing, all is done."""
    return Fraction(100 * done, of) if of else Fraction(100)


def missing(standings: Sequence[Standing]) -> Iterator[tuple[Rule, Wanted, str]]:
    """What no confirmed example decides, in words, as written."""
    for standing in standings:
        for leaf, truth in standing.wanted:
            if (leaf, truth) in standing.missing:
                waits = "confirmed " if (leaf, truth) in standing.waiting else ""
                words = (
                    f"no {waits}example in which `{leaf.words}` is {TRUTHS[truth]} and decides "
                    f"`{standing.rule.id}`"
                )
                yield standing.rule, (leaf, truth), words


def impossible(standings: Sequence[Standing]) -> Iterator[tuple[Rule, Wanted, str]]:
    """What cannot be decided, and why, as far as it is known."""
    for standing in standings:
        for leaf in standing.leaves:
            for truth in leaf.impossible:
                words = f"cannot be decided: `{leaf.words}` of `{standing.rule.id}` is never {TRUTHS[truth]}"
                yield standing.rule, (leaf, truth), words
