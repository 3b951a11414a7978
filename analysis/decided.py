"""Which leaves of a rule decide an example: its verdict would be another one if the leaf alone were.

A leaf decides as true if the verdict changes when the leaf is taken for false wherever it is true; as false,
when it is taken for true wherever it is false; as unknown, if the verdict is undetermined and changes when
the leaf is taken for true, or for false, wherever it is unknown.  All else stays as it is (masking MC/DC),
and the verdicts are the evaluator's, sharpened.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

from redline.engine.ground import Memo, ground_entry
from redline.engine.leaves import Asks, Leaf, in_force_of, leaves_of
from redline.engine.plan import EVERYTHING, NOTHING, Entry, Plan
from redline.engine.reference import Readings, grants, name, outcomes
from redline.engine.run import Bench, Run, all_subjects
from redline.engine.sharpen import GaveUp, verdict
from redline.engine.unrolled import (
    CONSTANT,
    PRESENCE,
    PRESENCE_DOMAIN,
    Forced,
    Tree,
    Unrolling,
    asked_in,
    flat,
    formula_of,
    left_of,
    truth_left,
)
from redline.rules.condition import All, Any, Condition, Not
from redline.rules.frozen import dataclass, replace
from redline.rules.policy import Rule
from redline.rules.problems import Span
from redline.rules.record import Row, Subject
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction, negation
from redline.rules.verdicts import HARMLESS, Kind, Verdict, settle, worst

Wanted = tuple[Leaf, Truth]
"""A leaf, and the truth with which it is to decide."""
_OTHERWISE: Mapping[Truth, tuple[Truth, ...]] = {TRUE: (FALSE,), FALSE: (TRUE,), UNKNOWN: (TRUE, FALSE)}
_AS_ALLEGED = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})


@dataclass(frozen=True, slots=True)
class Asking:
    """A rule made ready: its leaves, the permissions that name it, and the plan that it is judged by."""

    rule: Rule
    permits: tuple[Rule, ...]
    leaves: tuple[Leaf, ...]
    plan: Plan
    entry: Entry
    readings: Readings
    by_place: Mapping[tuple[Asks | str, Span], Leaf]

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Each leaf with each truth of which an example is wanted."""
        return tuple((leaf, truth) for leaf in self.leaves for truth in leaf.demanded)


def asking(bench: Bench, rule: Rule) -> Asking:
    """The rule made ready; it is one of the bench's."""
    rules = [other for policy in bench.policies for other in policy.rules]
    permits = tuple(other for other in rules if name(rule) in other.defeats)
    leaves = leaves_of(rule, permits, bench.plan.domains)
    plan = replace(bench.plan, domains={**bench.plan.domains, PRESENCE: PRESENCE_DOMAIN})
    by_place = {(leaf.asks, leaf.span): leaf for leaf in leaves}
    return Asking(rule, permits, leaves, plan, plan.entries[rules.index(rule)], bench.readings, by_place)


def decided(asked: Asking, run: Run, sought: Collection[Wanted], *, apart: bool = False) -> set[Wanted]:
    """Those of the sought that decide the run, whose verdict is rolled up over its subjects; `apart`: the
    verdict of each subject counts by itself."""
    if run.derived is None or run.supported is None or not sought:
        return set()
    memo = Memo(asked.plan, asked.readings)
    subjects = all_subjects(run.derived)
    sure = subjects if run.supported is run.derived else all_subjects(run.supported)
    tried = [
        _Subject(asked, subject, backed, memo)
        for subject, backed in zip(subjects, sure, strict=True)
        if subject.kind == asked.rule.subject
        and not (subject.phantom and asked.rule.kind in (Kind.PERMITS, Kind.FLAGS))
    ]
    found: set[Wanted] = set()
    for one in ([subject] for subject in tried) if apart else (tried,):
        before = _rolled_up(one, None)
        for leaf, truth in {each: None for subject in one for each in subject.truths}:
            if (leaf, truth) not in sought or (leaf, truth) in found:
                continue
            if truth is UNKNOWN and before is not Verdict.UNDETERMINED:
                continue
            ways = (Forced(leaf, truth, other) for other in _OTHERWISE[truth])
            if any(_rolled_up(one, forced) is not before for forced in ways):
                found.add((leaf, truth))
    return found


def places(asked: Asking, run: Run) -> tuple[tuple[Leaf, str], ...]:
    """Each leaf with the places in the scenario where what it asks is stated, or would be."""
    if run.derived is None:
        return ()
    memo = Memo(asked.plan, asked.readings)
    rows = (s.row for s in all_subjects(run.derived) if s.kind == asked.rule.subject)
    nodes = (each for row in rows for part in _Rail(asked, row, memo).parts for each in asked_in(part))
    return tuple(dict.fromkeys((each.leaf, each.about) for each in nodes if each.leaf is not None))


def _rolled_up(subjects: Sequence[_Subject], forced: Forced | None) -> Verdict:
    verdicts = (subject.verdict(forced) for subject in subjects)
    return worst(verdict for verdict in verdicts if verdict is not None)


class _Subject:
    """A rule on one subject, as stated and on what is supported."""

    def __init__(self, asked: Asking, subject: Subject, backed: Subject, memo: Memo) -> None:
        self.phantom = subject.phantom
        self.holds_or_not = asked.rule.kind in (Kind.PERMITS, Kind.FLAGS)
        stated = asked.rule.kind is not Kind.PERMITS
        self.first = _Rail(asked, subject.row if stated else backed.row, memo)
        split = backed is not subject and not self.holds_or_not
        self.backed = _Rail(asked, backed.row, memo) if split else self.first
        self.base = self._judged(None)

    @property
    def truths(self) -> Sequence[Wanted]:
        """Every leaf with each truth that it has on some row, where the verdict stands."""
        rail = self.first if self.backed is self.first or self.base in _AS_ALLEGED else self.backed
        return rail.truths

    def verdict(self, forced: Forced | None) -> Verdict | None:
        """The verdict; of a subject that may not be there, None unless it is open."""
        found = self.base if forced is None else self._judged(forced)
        if self.holds_or_not and found in HARMLESS:
            return Verdict.NOT_CROSSED
        if not self.phantom:
            return found
        harmful = found is Verdict.UNDETERMINED
        return Verdict.UNDETERMINED if harmful else None

    def _judged(self, forced: Forced | None) -> Verdict:
        found = self.first.verdict(forced)
        return found if found in _AS_ALLEGED else self.backed.verdict(forced)


class _Rail:
    """A rule on one record."""

    def __init__(self, asked: Asking, row: Row, memo: Memo) -> None:
        self.asked = asked
        self.memo = memo
        self.row = flat(row)
        known = asked.by_place
        leaves = Unrolling(asked.plan.domains, asked.readings, lambda c: known.get((c, c.span)))
        plain = Unrolling(asked.plan.domains, asked.readings, lambda _: None)
        rule = asked.rule
        met = rule.requires if rule.requires is not None else Any(())
        self.parts: tuple[Tree, ...] = (
            leaves.tree(_bound(rule), row),
            leaves.tree(rule.when if rule.when is not None else All(()), row),
            leaves.tree(rule.unless if rule.unless is not None else Any(()), row),
            leaves.tree(met, row),
            leaves.tree(Any(grants(rule.requires)), row),
        )
        self.permits = tuple(plain.tree(_applying(permit), row) for permit in asked.permits)
        self.named = tuple(asked.by_place[name(permit), permit.span] for permit in asked.permits)
        self.left = self._left(None)
        self.known: dict[tuple[Hashable, ...], Verdict] = {}

    @property
    def truths(self) -> Sequence[Wanted]:
        """Every leaf with each truth that it has on some row."""
        asked = [each for part in self.parts for each in asked_in(part)]
        found = [(each.leaf, each.so) for each in asked if each.leaf is not None]
        permitted = (truth_left(left_of(permit)) for permit in self.permits)
        return tuple(dict.fromkeys([*found, *zip(self.named, permitted, strict=True)]))

    def verdict(self, forced: Forced | None) -> Verdict:
        """The verdict with a leaf on a row taken for something else."""
        left = self.left if forced is None else self._left(forced)
        if left not in self.known:
            self.known[left] = self._verdict(left, forced)
        return self.known[left]

    def _left(self, forced: Forced | None) -> tuple[Hashable, ...]:
        parts = tuple(left_of(part, forced) for part in self.parts)
        return (
            *parts,
            *(self._permitted(number, forced) or left_of(p) for number, p in enumerate(self.permits)),
        )

    def _permitted(self, number: int, forced: Forced | None) -> Truth | None:
        """What a permission is taken for; None where it stays as it is."""
        if forced is None or forced.leaf != self.named[number]:
            return None
        so = truth_left(left_of(self.permits[number]))
        return forced.for_ if so is forced.where else None

    def _verdict(self, left: tuple[Hashable, ...], forced: Forced | None) -> Verdict:
        bound, when, unless, met, granted, *permits = (truth_left(part) for part in left)
        bites = conjunction((when, negation(unless), negation(disjunction(permits))))
        kleene = outcomes(self.asked.entry.kind, bound, bites, met, granted)
        if len(kleene) == 1:
            return settle(kleene)
        case = ground_entry(self._plan(forced), 0, self.row, self.asked.readings, self.memo)
        try:
            return verdict(case, case.masks)
        except GaveUp:
            return Verdict.UNDETERMINED

    def _plan(self, forced: Forced | None) -> Plan:
        """The rule and its permissions as entries over the unrolled record."""
        bound, when, unless, met, granted = (formula_of(part, forced) for part in self.parts)
        rest = tuple(self._permitting(forced))
        entry = replace(
            self.asked.entry, bound=bound, when=when, unless=unless, met=met, granted=granted,
            permits=tuple(range(1, len(rest) + 1)),
        )  # fmt: skip
        return replace(self.asked.plan, entries=(entry, *rest))

    def _permitting(self, forced: Forced | None) -> Iterator[Entry]:
        for number, permit in enumerate(self.permits):
            truth = self._permitted(number, forced)
            when = permit.formula if truth is None else CONSTANT[truth]
            yield replace(self.asked.entry, bound=EVERYTHING, when=when, unless=NOTHING, permits=())


def _bound(rule: Rule) -> Condition:
    scope = rule.scope if rule.scope is not None else All(())
    return All((in_force_of(rule), scope)) if rule.validity else scope


def _applying(permit: Rule) -> Condition:
    when = permit.when if permit.when is not None else All(())
    unless = permit.unless if permit.unless is not None else Any(())
    return All((_bound(permit), when, Not(unless)))
