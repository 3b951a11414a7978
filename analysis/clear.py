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

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush

from redline.analysis.edit_space import edits_for, of_variable
from redline.engine.asking import asked_of
from redline.engine.case import Case
from redline.engine.edits import REMOVE, edit
from redline.engine.formula import support
from redline.engine.ground import Memo, ground_entry
from redline.engine.paths import rewritten
from redline.engine.possible import MORE, NONE, is_word
from redline.engine.read import Document
from redline.engine.reads import moved
from redline.engine.reference import name
from redline.engine.run import Bench, Run, all_subjects, concluded, derived_run, judge
from redline.engine.scenarios import SECTIONS, scenario_from
from redline.engine.sharpen import STEPS, Budget, GaveUp, Sharpening, kleene
from redline.engine.sugar import SUGAR
from redline.engine.write import to_yaml
from redline.rules.finding import Finding
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Seq, Text
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
        self._before = by_rule(run)
        self._place = {entry.rule: i for i, entry in enumerate(bench.plan.entries)}
        named = {bench.plan.entries[p].rule for i in targets for p in (i, *bench.plan.entries[i].permits)}
        asking = (
            replace(p, rules=tuple(rule for rule in p.rules if name(rule) in named)) for p in bench.policies
        )
        self.narrow = replace(bench, asked=asked_of(tuple(asking), bench.library.lexicon))
        self.memo = Memo(bench.plan, bench.readings)
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
            mask = _mask(chosen)
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
            for i in _bits(against & ~mask & ~self._together_with(chosen)):
                if (more := mask | 1 << i) not in seen:
                    seen.add(more)
                    heappush(waiting, (cost + self.edits[i].cost, size + 1, tuple(_bits(more))))

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
        return Verdict.CROSSES not in self._by_all(self._edited(chosen)).values()

    def _target(self, rule: Rule) -> bool:
        return id(rule) in self.rules

    # --- what can be added ---

    def _together_with(self, chosen: Sequence[int]) -> int:
        """The edits that cannot be made together with the chosen ones."""
        found = 0
        for c in chosen:
            if c not in self._excluded:
                own = self.edits[c]
                self._excluded[c] = _mask(i for i, each in enumerate(self.edits) if _meet(each, own))
            found |= self._excluded[c]
        return found

    def _against(self, tried: _Tried, chosen: Sequence[int]) -> int:
        """The edits of which whatever clears has to have one more; what it rests on is kept."""
        everything = (1 << len(self.edits)) - 1
        if tried.findings is None:
            self._contradictory.append(_mask(chosen))
            return 0
        bad = [f for f in tried.findings if f.verdict not in HARMLESS]
        if not bad:
            return everything  # something else crosses
        removed = self._removed(chosen)
        own = _mask(chosen)
        masks = []
        for finding in bad:
            paths = self._rests_on(tried, finding)
            touching = self._touching(_before(path, removed) for path in paths)
            # what is bad now and was not before rests on what was changed
            masks.append(touching if touching & own or _of(finding) in self._bad else touching | own)
        touching = min(masks, key=lambda m: (m.bit_count(), m))
        self._reasons.append((touching, _mask(chosen) & touching))
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
        paths = {_vocabulary(path) for i in kept for path in of_variable(case.variables[i])}
        return frozenset(paths) | _subject(finding)

    def _touching(self, paths: Iterable[str]) -> int:
        found = 0
        for path in paths:
            if path not in self._touched:
                self._touched[path] = _mask(i for i, e in enumerate(self.edits) if _touches(e, path))
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
        found = self._by_all(again)
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

    def _by_all(self, document: Document) -> dict[str, Verdict]:
        """The verdict of each rule on a scenario; of those that read nothing in which it differs from the one
        that is there, it is as it was."""
        scenario, told = scenario_from(document, self.bench.library.lexicon)
        assert scenario is not None
        run = derived_run(self.bench, document, scenario, told)
        assert run.derived is not None
        assert run.supported is not None
        assert self.run.derived is not None
        assert self.run.supported is not None
        plan = self.bench.plan
        again = moved(plan, all_subjects(self.run.derived), all_subjects(run.derived))
        if self.run.supported is not self.run.derived or run.supported is not run.derived:
            again |= moved(plan, all_subjects(self.run.supported), all_subjects(run.supported))
        places = {id(rule): i for i, rule in self.bench.judging.rules()}

        def wanted(rule: Rule) -> bool:
            return bool(again >> places[id(rule)] & 1) and self.bench.wanted(rule)

        run = concluded(
            self.bench, run, wanted, explained=lambda _: False, apart=False, memo=self.memo.again()
        )
        return {r: v for r, v in self._before.items() if not again >> self._place[r] & 1} | by_rule(run)


def by_rule(run: Run) -> dict[str, Verdict]:
    """The verdict of each rule."""
    assert run.conclusion is not None
    found: dict[str, Verdict] = {}
    for finding in run.conclusion.findings:
        rule = name(finding.rule)
        found[rule] = worst((found.get(rule, finding.verdict), finding.verdict))
    return found


def crossing(run: Run) -> frozenset[str]:
    """The rules that cross."""
    assert run.conclusion is not None
    return frozenset(name(f.rule) for f in run.conclusion.findings if f.verdict is Verdict.CROSSES)


def normal(root: Node) -> Node:
    """The scenario with `papers: none` of a transfer in its long form, to which papers can be added without
    leaving it open whether there are others."""
    return _papers(root, lambda node: _NO_PAPER if is_word(node, NONE) else node)


def shorter(root: Node) -> Node:
    """The scenario with an empty long form of `papers` written `none` again."""
    return _papers(root, lambda node: Text(NONE) if node == _NO_PAPER else node)


_NO_PAPER = Map(((Text("known"), Seq(())), (Text(MORE), Text(NONE))))


def _papers(root: Node, of: Callable[[Node], Node]) -> Node:
    if not isinstance(root, Map):
        return root

    def step(node: Node) -> Node:
        if not isinstance(node, Map):
            return node
        return Map(tuple((k, of(v) if k.text == "papers" else v) for k, v in node), node.span)

    def steps(node: Node) -> Node:
        match node:
            case Seq(items, span):
                return Seq(tuple(map(step, items)), span)
            case Map() if node.get("known") is not None:
                return Map(tuple((k, steps(v) if k.text == "known" else v) for k, v in node), node.span)
            case _:
                return step(node)

    return Map(tuple((k, steps(v) if k.text == "transfers" else v) for k, v in root), root.span)


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


def _vocabulary(path: str) -> str:
    """A path in the vocabulary's words; of a shorter key, which stands for several, all of the thing."""
    section, _, rest = path.partition(".")
    thing, _, key = rest.rpartition(".")
    return f"{section}.{thing}" if key in SUGAR.get(SECTIONS.get(section, ""), {}) else path


def _subject(finding: Finding) -> frozenset[str]:
    """The paths of that of which it is a finding."""
    if finding.subject.transfer is not None:
        step = f"transfers.{finding.subject.transfer + 1}"
        return frozenset({f"{step}.items", f"{step}.!"})
    if finding.subject.kind in ("item", "agreement"):
        return frozenset({f"{finding.subject.kind}s.{finding.subject.label}"})
    return frozenset()


def _mask(numbers: Iterable[int]) -> int:
    return sum(1 << i for i in numbers)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit


def _touches(edit: Edit, path: str) -> bool:
    """Whether the edit may change what the fact at the path says; another day may change what comes before
    what, in whatever step."""
    if edit.sort in ("date", "step") and path.startswith("transfers."):
        return True
    return any(_overlap(place, path) for place in edit.places)


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _meet(one: Edit, other: Edit) -> bool:
    """Whether the two cannot be made together: they change one place differently."""
    changes = dict(one.changes)
    return any(
        _overlap(a, b) and not (a == b and (changes.get(p) == v or p.endswith(".+")))
        for p, v in other.changes
        for a in _spelled(p)
        for q in changes
        for b in _spelled(q)
    )


def _spelled(path: str) -> tuple[str, ...]:
    """The places of a change in the vocabulary's words."""
    if path.endswith(".date"):
        return (f"{path[:-5]}.contract", f"{path[:-5]}.delivery")
    return (path,)


def _before(path: str, removed: dict[str, list[int]]) -> str:
    """The path as it was before elements were removed from lists."""
    if not removed:
        return path
    steps: list[str] = []
    for step in path.split("."):
        gone = removed.get(".".join(steps), []) if step.isdigit() else []
        number = int(step) if step.isdigit() else 0
        for each in gone:
            number += each <= number
        steps.append(str(number) if gone else step)
    return ".".join(steps)
