"""The smallest sets of edits that clear a line, in order of cost.

Sets are looked at in order of cost, then of size, each by judging the scenario that it makes.  Of a set that
does not clear, what the verdict rests on tells which facts whatever clears has to touch, so that only edits
that do are added, and sets that leave these facts as they are need not be judged (implicit hitting sets).

A set clears a rule if each finding of it is then harmless: a missing fact never clears.  It clears all
together if each rule that was crossed is then harmless and nothing crosses.  No part of a set clears, and no
part of it contradicts itself.  Every such set of up to `LARGEST` edits is found, unless the bound on
judgements is met first, which is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from heapq import heappop, heappush

from redline.analysis.edit_space import edits_for
from redline.analysis.judged_again import JudgedAgain, crossing
from redline.analysis.looked import of_variable
from redline.analysis.papers_listed import normal, shorter
from redline.analysis.touching import as_before, bits, exclude, in_full, mask_of, touches
from redline.engine.asking import asked_of
from redline.engine.case import Case
from redline.engine.edits import REMOVE, edit
from redline.engine.formula import support
from redline.engine.ground import Memo, ground_entry
from redline.engine.paths import rewritten
from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge
from redline.engine.sharpen import STEPS, Budget, GaveUp, Sharpening, kleene
from redline.engine.write import to_yaml
from redline.rules.finding import Finding
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Text
from redline.rules.policy import Rule
from redline.rules.verdicts import HARMLESS, Verdict, settle, worst
from redline.rules.whatif import Clearing, Costs, Edit, Way

LARGEST = 3
"""The most edits in a set."""
MOST = 50
"""The most sets that are told."""
JUDGEMENTS = 200
"""How many scenarios are judged in one search."""
ALL = ""
"""In place of a rule: all lines that are crossed, together."""


def clearing(
    bench: Bench,
    document: Document,
    run: Run,
    costs: Costs,
    targets: Sequence[int],
    *,
    most: int = MOST,
    judgements: int = JUDGEMENTS,
    edits: Sequence[Edit] | None = None,
) -> Clearing:
    """What would clear the target rules (by place in the plan; several: all together).

    `run` is of `normal(document)`.  `edits`, if given, are all that are at hand.
    """
    search = Search(bench, document, run, costs, targets, judgements, edits)
    ways: list[Way] = []
    more = False
    for found in search.found():
        if len(ways) == most:
            more = True
            break
        ways.append(search.way(found))
    rules = dict(bench.judging.rules())
    one = rules[targets[0]] if len(targets) == 1 else None
    return Clearing(
        name(one) if one is not None else ALL,
        one.says if one is not None else "",
        tuple(ways),
        more,
        len(search.edits),
        search.tried,
        search.exhausted and not more,
        LARGEST,
    )


@dataclass(frozen=True, slots=True)
class _Tried:
    """What came of a set: its findings of the targets; None where the scenario contradicts itself."""

    run: Run
    memo: Memo
    findings: tuple[Finding, ...] | None


class Search:
    """The search for the smallest sets that clear the targets."""

    def __init__(
        self, bench: Bench, document: Document, run: Run, costs: Costs, targets: Sequence[int],
        judgements: int, edits: Sequence[Edit] | None = None,
    ) -> None:  # fmt: skip
        self.bench, self.document, self.run, self.targets = bench, document, run, tuple(targets)
        rules = dict(bench.judging.rules())
        self.rules = {id(rules[i]) for i in targets}
        self.edits = tuple(edits) if edits is not None else edits_for(bench, run, targets, costs)
        self.budget = judgements
        self.tried = 0
        self.exhausted = True
        self.together = len(self.targets) > 1
        assert run.conclusion is not None
        self.crossed = crossing(run)
        named = {bench.plan.entries[p].rule for i in targets for p in (i, *bench.plan.entries[i].permits)}
        asking = (
            replace(p, rules=tuple(rule for rule in p.rules if name(rule) in named)) for p in bench.policies
        )
        self.narrow = replace(bench, asked=asked_of(tuple(asking), bench.library.lexicon))
        self.memo = Memo(bench.plan, bench.readings)
        self.again = JudgedAgain(bench, run, self.memo)
        self._reasons: list[tuple[int, int]] = []
        before = (f for f in run.conclusion.findings if self._target(f.rule) and f.verdict not in HARMLESS)
        self._bad = {_of(finding) for finding in before}
        self._contradictory: list[int] = []
        self._touched: dict[str, int] = {}
        self._excluded: dict[int, int] = {}

    def found(self) -> Iterable[tuple[int, ...]]:
        """The smallest sets that clear, by the numbers of their edits, in order of cost, then size."""
        waiting: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
        seen = {0}
        cleared: list[int] = []
        while waiting:
            cost, size, chosen = heappop(waiting)
            mask = mask_of(chosen)
            if any(each & mask == each for each in cleared):
                continue
            if any(each & mask == each for each in self._contradictory):
                continue
            against = self._known(mask)
            if against is None:
                if self.tried >= self.budget:
                    self.exhausted = False
                    return
                tried = self.judged(chosen)
                if self.clears(tried, chosen):
                    cleared.append(mask)
                    yield chosen
                    continue
                against = self._against(tried, chosen)
            if size == LARGEST:
                continue
            for i in bits(against & ~mask & ~self._together_with(chosen)):
                if (more := mask | 1 << i) not in seen:
                    seen.add(more)
                    heappush(waiting, (cost + self.edits[i].cost, size + 1, tuple(bits(more))))

    def _known(self, mask: int) -> int | None:
        """The edits of which one is needed, where it is known before that the set does not clear: it has
        the same of the edits that touch what that rests on as one that did not."""
        return next((touching for touching, same in self._reasons if mask & touching == same), None)

    def judged(self, chosen: Sequence[int]) -> _Tried:
        """The scenario with the edits, judged by the targets."""
        self.tried += 1
        memo = self.memo.again()
        run = judge(
            self.narrow, self._edited(chosen), self._target, explained=lambda _: False, apart=False,
            memo=memo,
        )  # fmt: skip
        return _Tried(run, memo, None if run.conclusion is None else run.conclusion.findings)

    def _edited(self, chosen: Sequence[int]) -> Document:
        changes = dict.fromkeys(change for i in chosen for change in self.edits[i].changes)
        root, problems = edit(normal(self.document.root), list(changes))
        assert not [p for p in problems if p.code != "added"], problems
        return replace(self.document, root=root)

    def clears(self, tried: _Tried, chosen: Sequence[int]) -> bool:
        """Whether the targets are then harmless; of all together, nothing may cross then."""
        if not chosen or tried.findings is None or any(f.verdict not in HARMLESS for f in tried.findings):
            return False
        if not self.together:
            return True
        self.tried += 1
        return Verdict.CROSSES not in self.again.verdicts(self._edited(chosen)).values()

    def _target(self, rule: Rule) -> bool:
        return id(rule) in self.rules

    # --- what can be added ---

    def _together_with(self, chosen: Sequence[int]) -> int:
        """The edits that cannot be made together with the chosen ones."""
        found = 0
        for c in chosen:
            if c not in self._excluded:
                own = self.edits[c]
                self._excluded[c] = mask_of(i for i, each in enumerate(self.edits) if exclude(each, own))
            found |= self._excluded[c]
        return found

    def _against(self, tried: _Tried, chosen: Sequence[int]) -> int:
        """The edits of which whatever clears has to have one more; what it rests on is kept."""
        everything = (1 << len(self.edits)) - 1
        if tried.findings is None:
            self._contradictory.append(mask_of(chosen))
            return 0
        bad = [f for f in tried.findings if f.verdict not in HARMLESS]
        if not bad:
            return everything  # something else crosses
        removed = self._removed(chosen)
        own = mask_of(chosen)
        masks = []
        for finding in bad:
            paths = self._rests_on(tried, finding)
            touching = self._touching(as_before(path, removed) for path in paths)
            # what is bad now and was not before rests on what was changed
            masks.append(touching if touching & own or _of(finding) in self._bad else touching | own)
        touching = min(masks, key=lambda m: (m.bit_count(), m))
        self._reasons.append((touching, mask_of(chosen) & touching))
        return touching

    def _rests_on(self, tried: _Tried, finding: Finding) -> frozenset[str]:
        """The paths of facts by which, as they are, the rule is not harmless: those that some completion
        needs in which it is not."""
        index = next(i for i in self.targets if self.bench.plan.entries[i].rule == name(finding.rule))
        subject = finding.subject
        case = ground_entry(self.bench.plan, index, subject.row, self.bench.readings, tried.memo)
        kept: Iterable[int] = range(len(case.variables))
        if tried.run.supported is tried.run.derived:
            found = _kept(case)
            kept = kept if found is None else found
        paths = {in_full(path) for i in kept for path in of_variable(case.variables[i])}
        return frozenset(paths) | _subject(finding)

    def _touching(self, paths: Iterable[str]) -> int:
        found = 0
        for path in paths:
            if path not in self._touched:
                self._touched[path] = mask_of(i for i, e in enumerate(self.edits) if touches(e, path))
            found |= self._touched[path]
        return found

    def _removed(self, chosen: Sequence[int]) -> dict[str, list[int]]:
        """Of lists, the numbers of the elements removed."""
        found: dict[str, list[int]] = {}
        for i in chosen:
            for path, value in self.edits[i].changes:
                place, _, last = path.rpartition(".")
                if isinstance(value, Text) and value.text == REMOVE and last.isdigit():
                    found.setdefault(place, []).append(int(last))
        return {place: sorted(numbers) for place, numbers in found.items()}

    # --- what is told ---

    def way(self, chosen: Sequence[int]) -> Way:
        """The set told: written out, read again, and judged by every rule."""
        again = rewritten(replace(self._edited(chosen), root=shorter(self._edited(chosen).root)))
        found = self.again.verdicts(again)
        own = (self.bench.plan.entries[i].rule for i in self.targets)
        verdict = worst(found.get(rule, Verdict.NOT_APPLICABLE) for rule in own)
        if verdict not in HARMLESS:  # what is read again has to be what was judged
            raise AssertionError(f"a change that was promised to clear gives {verdict}")
        besides = sorted({rule for rule, v in found.items() if v is Verdict.CROSSES} - self.crossed)
        edits = tuple(self.edits[i] for i in chosen)
        return Way(
            edits, sum(e.cost for e in edits), verdict, tuple(besides), worst(found.values()),
            to_yaml(again.root),
        )  # fmt: skip


def _of(finding: Finding) -> tuple[str, str, bool]:
    return name(finding.rule), finding.subject.label, finding.subject.phantom


def _kept(case: Case) -> Collection[int] | None:
    """The variables that keep the rule from being harmless; None where they were not found in time."""
    masks = case.masks
    if settle(kleene(case, masks)) is Verdict.CROSSES:
        return frozenset().union(*(support(part, masks) for part in case.formulas))
    with Sharpening(case) as sharpening:
        try:
            other = sharpening.other_than(HARMLESS, sharpening.assumed(masks), Budget(STEPS))
        except GaveUp:
            return None
    if other is None:
        return None
    return [i for i, v in enumerate(case.variables) if other[i] != v.free]


def _subject(finding: Finding) -> frozenset[str]:
    """The paths of that of which it is a finding."""
    if finding.subject.transfer is not None:
        step = f"transfers.{finding.subject.transfer + 1}"
        return frozenset({f"{step}.items", f"{step}.!"})
    if finding.subject.kind in ("item", "agreement"):
        return frozenset({f"{finding.subject.kind}s.{finding.subject.label}"})
    return frozenset()
