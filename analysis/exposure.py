"""Exposure: the smallest continuations of a scenario under which a line is crossed.

What may come next is written as a further step of which nothing is known, or a party of which nothing is
known stands where the scenario leaves open who it is.  Then facts are added: each alone, then in pairs and
so on.  A set that crosses is found; one by which a rule can no longer be crossed is left, for learning never
turns that; and of facts by which the rule comes to the same, one is tried first.  Every set is judged on the
scenario written out and read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product

from redline.analysis.further_steps import (
    gone_on,
    last_moves,
    slots_after,
    slots_of_party,
    slots_of_unknown,
    together,
)
from redline.answers.naming import naming
from redline.answers.report import report
from redline.answers.say_values import plain
from redline.engine.asking import asked_of
from redline.engine.case import simplified_case, splits
from redline.engine.characters import visible
from redline.engine.edits import edit
from redline.engine.formula import atoms
from redline.engine.ground import Memo, ground_entry
from redline.engine.paths import rewritten
from redline.engine.read import Document
from redline.engine.reference import name
from redline.engine.run import Bench, Run, judge
from redline.engine.write import to_yaml
from redline.rules.exposure import Beyond, Continuation, Exposure, Fact, Line, Slot, Told
from redline.rules.facts import Reference, Scenario
from redline.rules.frozen import replace
from redline.rules.policy import Rule
from redline.rules.problems import Refused, errors
from redline.rules.values import Terms
from redline.rules.verdicts import Kind, Verdict

LARGEST = 2
"""The most facts in a set, if nothing else is said."""
JUDGEMENTS = 3000
"""How many scenarios are judged of one way to go on."""
_Set = tuple[tuple[int, int], ...]
"""Facts chosen: slots with the fact of each, in the order of the slots."""
_CROSSES, _NEVER = "crosses", "never"
_State = object
"""Of a rule under a set of facts: that it crosses, that it cannot any more, or what it still hangs on."""
_JOINT = frozenset({"breached", "covers", "good"})


def exposure(
    bench: Bench, document: Document, *, steps: int = 1, largest: int = LARGEST, judgements: int = JUDGEMENTS
) -> Exposure:
    """What the scenario is exposed to.  Raises Refused where it cannot be judged."""
    run = _judged(bench, document)
    assert run.scenario is not None
    told = report(bench, run)
    found = [
        _beyond(bench, run, where, says, on, slots, largest, judgements)
        for where, says, on, slots in _ways(bench, run, steps)
    ]
    return Exposure(told, told.verdict, steps, largest, tuple(found))


def _ways(bench: Bench, run: Run, steps: int) -> Iterator[tuple[str, str, Document, tuple[Slot, ...]]]:
    """Each way to go on: where, in words, the scenario with nothing known of it, and what could be so."""
    scenario, document = run.scenario, run.document
    assert scenario is not None
    called = naming(scenario, bench.policies).called
    for place, says in _unknown(scenario):
        yield place, says, document, slots_of_unknown(bench, scenario, place, says)
    for ident, party in scenario.parties.items():
        country = party.facts.get("country")
        if country is None or country.value is None or country.value.anything:
            words = called[party.path]
            yield (
                party.path,
                f"{words}, of whom little is known",
                document,
                slots_of_party(bench, scenario, ident),
            )
    for holder, items in last_moves(scenario):
        on = gone_on(document, scenario, holder, items, steps)
        things = " and ".join(called.get(f"items.{i}", i) for i in items)
        from_whom = called.get(f"parties.{holder}", holder)
        number = len(scenario.transfers) + 1
        says = f"{things}, passed on by {from_whom}"
        yield f"transfers.{number}", says, on, slots_after(bench, scenario, items, steps)


_PARTS = {"to": "the recipient", "end_user": "the end user"}


def _unknown(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The places at which it is not known who takes part."""
    for transfer in scenario.transfers:
        if "into" in transfer.references:
            continue  # what is built in is received by nobody
        for key, words in _PARTS.items():
            meant: Reference | None = transfer.references.get(key)
            if meant is None or (not meant.names and not meant.country):
                yield f"{transfer.path}.{key}", f"{words} in step {transfer.id}"


def _beyond(
    bench: Bench, run: Run, where: str, says: str, document: Document, slots: tuple[Slot, ...], largest: int,
    judgements: int,
) -> Beyond:  # fmt: skip
    search = _Search(bench, run, document, slots, largest, judgements)
    lines, open_lines = [], []
    for rule in search.rules:
        found = search.found(name(rule))
        left = search.left_open(name(rule), found)
        if found:
            continuations = tuple(search.told(found))
            if continuations:
                lines.append(Line(name(rule), visible(rule.says), continuations, left))
                continue
        if left:
            open_lines.append(name(rule))
    return Beyond(where, says, tuple(lines), tuple(open_lines), search.judged, search.exhausted)


class _Search:
    """The search of one way to go on, by every rule that may be crossed then and is not as it is."""

    def __init__(
        self,
        bench: Bench,
        run: Run,
        document: Document,
        slots: tuple[Slot, ...],
        largest: int,
        judgements: int,
    ) -> None:
        self.bench, self.document, self.slots, self.largest = bench, document, slots, largest
        self.budget, self.judged, self.exhausted = judgements, 0, True
        self._asked: dict[frozenset[str], Bench] = {}
        self._memo = Memo(bench.plan, bench.readings)
        self.index = {entry.rule: i for i, entry in enumerate(bench.plan.entries)}
        assert run.conclusion is not None
        crossed = {name(f.rule) for f in run.conclusion.findings if f.verdict is Verdict.CROSSES}
        binding = [
            rule
            for _, rule in bench.judging.rules()
            if rule.kind in (Kind.PROHIBITS, Kind.REQUIRES)
            and bench.wanted(rule)
            and name(rule) not in crossed
        ]
        start = self._states((), binding)
        open_now = [r for r in binding if start.get(name(r), _NEVER) not in (_CROSSES, _NEVER)]
        self.rules = tuple(r for r in binding if start.get(name(r)) is not None and r in open_now)
        self._states_of: dict[str, dict[_Set, _State]] = {name(r): {(): start[name(r)]} for r in self.rules}
        for slot, each in enumerate(slots):
            for fact in range(len(each.facts)):
                for named, state in self._states(((slot, fact),), self.rules).items():
                    self._states_of[named][((slot, fact),)] = state
        for one in self.rules:
            self._further(one)

    def found(self, rule: str) -> list[_Set]:
        """The sets under which the rule is crossed, no part of which does it."""
        crossing = [s for s, state in self._states_of[rule].items() if state == _CROSSES]
        return [s for s in crossing if not any(set(o) < set(s) for o in crossing)]

    def left_open(self, rule: str, found: Sequence[_Set]) -> bool:
        """Whether the rule may be crossed by what was not found: under other values of the same facts it
        still cannot be told; where nothing was found, whether any set leaves it open."""
        states = self._states_of[rule]
        told = {tuple(slot for slot, _ in chosen) for chosen in found}
        return any(
            state not in (_CROSSES, _NEVER)
            for chosen, state in states.items()
            if not told or tuple(slot for slot, _ in chosen) in told
        )

    def _further(self, rule: Rule) -> None:
        """Pairs and larger sets: of facts that come to the same for the rule, one is tried first."""
        states = self._states_of[name(rule)]
        groups = [self._groups(states, slot) for slot in range(len(self.slots))]
        for size in range(2, self.largest + 1):
            for some in combinations(range(len(self.slots)), size):
                for chosen in product(*(groups[slot] for slot in some)):
                    first: _Set = tuple(
                        (slot, members[0]) for slot, members in zip(some, chosen, strict=True)
                    )
                    if not self._worth(states, first):
                        continue
                    if not self._note(rule, states, first):
                        return
                    if states[first] != _CROSSES:
                        continue
                    for members in product(*chosen):
                        each: _Set = tuple(zip(some, members, strict=True))
                        if (
                            each not in states
                            and self._worth(states, each)
                            and not self._note(rule, states, each)
                        ):
                            return

    def _worth(self, states: dict[_Set, _State], chosen: _Set) -> bool:
        """Whether no part of the set crosses, or rules out that it does."""
        return not any(
            states.get(part) in (_CROSSES, _NEVER)
            for size in range(1, len(chosen))
            for part in combinations(chosen, size)
        )

    def _note(self, rule: Rule, states: dict[_Set, _State], chosen: _Set) -> bool:
        if self.judged >= self.budget:
            self.exhausted = False
            return False
        states[chosen] = self._states(chosen, (rule,)).get(name(rule), _NEVER)
        return True

    def _groups(self, states: dict[_Set, _State], slot: int) -> list[list[int]]:
        """The facts of a slot that leave the rule open, those together by which it comes to the same; none of
        those by which it stays what it was."""
        by: dict[_State, list[int]] = {}
        for fact in range(len(self.slots[slot].facts)):
            state = states.get(((slot, fact),), _NEVER)
            if state not in (_CROSSES, _NEVER) and state != states[()]:
                by.setdefault(state, []).append(fact)
        return list(by.values())

    # --- judging ---

    def _states(self, chosen: _Set, rules: Sequence[Rule]) -> dict[str, _State]:
        """What each of the rules comes to under the facts; nothing of a scenario that contradicts itself."""
        self.judged += 1
        memo = self._memo.again()
        run = self._run(rewritten(self._with(chosen)), rules, memo)
        if run.conclusion is None or errors(run.problems):
            return {}
        found: dict[str, _State] = {}
        by: dict[str, list[_State]] = {}
        for finding in run.conclusion.findings:
            if finding.subject.phantom:
                continue
            if finding.verdict is Verdict.CROSSES:
                found[name(finding.rule)] = _CROSSES
            elif finding.verdict is Verdict.UNDETERMINED:
                hangs = self._hangs_on(finding.rule, finding.subject.row, memo, chosen)
                by.setdefault(name(finding.rule), []).append(hangs)
        for rule in rules:
            if name(rule) not in found:
                left = by.get(name(rule))
                found[name(rule)] = tuple(left) if left else _NEVER
        return found

    def _hangs_on(self, rule: Rule, row: object, memo: Memo, chosen: _Set) -> _State:
        """What the rule still hangs on; told apart from all others where it is joint."""
        case = ground_entry(self.bench.plan, self.index[name(rule)], row, self.bench.readings, memo)  # type: ignore[arg-type]
        case = simplified_case(case, case.masks)
        masks = case.masks
        left = {a.variable for f in case.formulas for a in atoms(f) if splits(case.variables, a, masks)}
        for i in left:
            column = case.variables[i].column
            if column is not None and (not isinstance(column[0], str) or column[0] in _JOINT):
                return chosen, tuple(masks)
        return case.formulas, tuple((i, masks[i]) for i in sorted(left))

    def _with(self, chosen: _Set) -> Document:
        changes = dict.fromkeys(c for slot, fact in chosen for c in self.slots[slot].facts[fact].changes)
        root, problems = edit(self.document.root, list(changes))
        assert not [p for p in problems if p.code != "added"], problems
        return replace(self.document, root=root)

    def _run(self, document: Document, rules: Sequence[Rule], memo: Memo) -> Run:
        names = {name(rule) for rule in rules}
        permits = {
            self.bench.plan.entries[p].rule
            for rule in names
            for p in self.bench.plan.entries[self.index[rule]].permits
        }
        key = frozenset(names)
        if key not in self._asked:
            few = (
                replace(p, rules=tuple(r for r in p.rules if name(r) in names | permits))
                for p in self.bench.policies
            )
            self._asked[key] = replace(self.bench, asked=asked_of(tuple(few), self.bench.library.lexicon))
        return judge(
            self._asked[key], document, lambda r: name(r) in names, explained=lambda _: False, apart=False,
            memo=memo,
        )  # fmt: skip

    # --- what is told ---

    def told(self, found: Sequence[_Set]) -> Iterator[Continuation]:
        """The sets, grouped to classes: each was written out, read again and judged."""
        by: dict[tuple[int, ...], list[_Set]] = {}
        for chosen in found:
            by.setdefault(tuple(slot for slot, _ in chosen), []).append(chosen)
        for slots, sets in sorted(by.items(), key=lambda each: (len(each[0]), each[0])):
            for block in _products([tuple(fact for _, fact in chosen) for chosen in sets]):
                facts = tuple(
                    _told(self.slots[slot], [self.slots[slot].facts[i] for i in members])
                    for slot, members in zip(slots, block, strict=True)
                )
                scenarios = tuple(
                    to_yaml(self._with(tuple(zip(slots, members, strict=True))).root)
                    for members in product(*block)
                )
                yield Continuation(facts, scenarios)


def _told(slot: Slot, facts: Sequence[Fact]) -> Told:
    terms = [f.value for f in facts if isinstance(f.value, Terms)]
    words = [f.text for f in facts if f.value is None]
    if terms:
        words.insert(0, plain(together(terms[0].tree, terms)))
    return Told(slot.sort, slot.says, tuple(words), tuple(f.text for f in facts))


def _products(sets: Iterable[tuple[int, ...]]) -> list[tuple[tuple[int, ...], ...]]:
    """The tuples as products of sets, one position after the other put together."""
    blocks: list[tuple[tuple[int, ...], ...]] = [tuple((each,) for each in one) for one in sets]
    for at in range(len(blocks[0]) if blocks else 0):
        by: dict[tuple[object, ...], list[int]] = {}
        for block in blocks:
            by.setdefault((*block[:at], None, *block[at + 1 :]), []).extend(block[at])
        blocks = [tuple(tuple(members) if e is None else e for e in rest) for rest, members in by.items()]  # type: ignore[misc]
    return blocks


def _judged(bench: Bench, document: Document) -> Run:
    run = judge(bench, document)
    if run.conclusion is None or errors((*bench.problems, *run.problems)):
        raise Refused((*bench.problems, *run.problems))
    return run
