"""Two editions of policies compared: rule by rule, and all of them together.

What is alike by its form is equivalent without any search.  Of what differs each direction is asked by
itself: is there a subject of which NEW crosses, or calls for an assessment, and OLD does not; and the other
way.  All rules together follow from their parts where these tell; else they are asked together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.analysis.diff_alike import Forms
from redline.analysis.diff_ask import Ask
from redline.analysis.diff_bench import Both, both
from redline.analysis.diff_pairs import Pair, paired, sort_of
from redline.analysis.diff_replay import Scene
from redline.analysis.diff_restated import restated
from redline.analysis.diff_split import regrouped
from redline.engine.library import Library
from redline.rules.comparison import Change, Compared, Comparison, Evidence, How, Shown
from redline.rules.evidence import Proved, Undetermined
from redline.rules.problems import NOWHERE
from redline.rules.verdicts import Kind, Verdict
from redline.rules.vocabulary import SUBJECTS

ALIKE = Compared(Proved(), Proved())
SCENES = 3
"""Of how many changes the scenarios are tried on all rules together."""
TOGETHER = 2
"""How many elements lists have where all rules are looked at together."""


def compare(old: Library, new: Library) -> Comparison:
    """OLD against NEW, which were loaded with the same words."""
    return _Comparing(both(old, new)).comparison()


class _Comparing:
    """One comparison under way."""

    def __init__(self, editions: Both) -> None:
        self.both = editions
        self.ask = Ask(editions)
        self.found: list[tuple[Pair, Compared]] = []

    def comparison(self) -> Comparison:
        pairs = paired(self.both, self.ask.rules, forms := Forms(self.both.bench))
        alike = {p for p in pairs if p.old and p.new and forms.of(p.old[0]) == forms.of(p.new[0])}
        self.ask.twins = {p.old[0]: p.new[0] for p in alike}
        self.found = [(p, ALIKE if p in alike else self.ask.compared(p.old, p.new)) for p in pairs]
        same = {p for p, compared in self.found if _proved(compared)}
        groups = regrouped(self.ask, pairs, lambda pair: pair in same)
        gone = {i for pair, _ in groups for i in (*pair.old, *pair.new)}
        kept = [(p, c) for p, c in self.found if not gone & {*p.old, *p.new}]
        self.found = [*kept, *groups, *self._left_over(gone)]
        changes = tuple(c for c in (self._change(*each) for each in self.found) if not c.silent)
        return Comparison(self._overall(None), self._overall(Kind.FLAGS), changes)

    def _left_over(self, gone: set[int]) -> Iterator[tuple[Pair, Compared]]:
        """What stood in a pair with a rule that is part of a group, and is in none."""
        for pair, _ in self.found:
            left = Pair(
                How.REMOVED if set(pair.new) & gone else How.ADDED,
                tuple(i for i in pair.old if i not in gone),
                tuple(i for i in pair.new if i not in gone),
            )
            if gone & {*pair.old, *pair.new} and (left.old or left.new):
                yield left, self.ask.compared(left.old, left.new)

    # --- all rules together ---

    def _overall(self, effects: Kind | None) -> Compared:
        """All rules that bind, or all red flags, on subjects of each kind; what differs first tells."""
        found = [self._together(kind, effects) for kind in SUBJECTS]
        return Compared(_first(c.stricter for c in found), _first(c.laxer for c in found))

    def _together(self, kind: str, effects: Kind | None) -> Compared:
        rules = self.ask.rules.by_index
        wanted = (kind, effects or "binds")
        mine = [(p, c) for p, c in self.found if sort_of(rules[(*p.old, *p.new)[0]]) == wanted]
        # a rule that is alike in both stands once for both
        old = tuple(dict.fromkeys(i for p, _ in mine for i in p.old))
        new = tuple(
            p.old[0] if p.old[:1] and p.old[0] in self.ask.twins else i for p, _ in mine for i in p.new
        )
        each = []
        for stricter in (True, False):
            parts = [(p, c.stricter if stricter else c.laxer) for p, c in mine]
            each.append(self._direction(parts, old, tuple(dict.fromkeys(new)), stricter=stricter))
        return Compared(*each)

    def _direction(
        self,
        parts: Sequence[tuple[Pair, Evidence]],
        old: tuple[int, ...],
        new: tuple[int, ...],
        *,
        stricter: bool,
    ) -> Evidence:
        if all(isinstance(evidence, Proved) for _, evidence in parts):
            return _first(evidence for _, evidence in parts)
        seen = [(pair, e) for pair, e in parts if isinstance(e, Shown)]
        seen.sort(key=lambda each: (each[1].new if stricter else each[1].old) != Verdict.CROSSES)
        for pair, each in seen[:SCENES]:
            kind = self.ask.rules.by_index[(*old, *new)[0]].subject
            scene = Scene(each.witness.scenario, each.witness.readings, kind)
            one, other = old, new
            if stricter and each.new == Verdict.CROSSES:  # nothing is worse: the others need not be asked
                other = pair.new
            elif not stricter and each.old == Verdict.CROSSES:
                one = pair.old
            if (shown := self.ask.of(scene, one, other, stricter=stricter)) is not None:
                return shown
        return self.ask.evidence(old, new, stricter=stricter, most=TOGETHER)

    # --- one change ---

    def _change(self, pair: Pair, compared: Compared) -> Change:
        old = [(full, self.both.old.rules[full]) for full, i in self.both.old.at.items() if i in pair.old]
        new = [(full, self.both.new.rules[full]) for full, i in self.both.new.at.items() if i in pair.new]
        rules = [rule for _, rule in (*old, *new)]
        words = restated(old[0][1], new[0][1]) if len(old) == len(new) == 1 else ()
        return Change(
            pair.how,
            str(rules[-1].kind),
            tuple(full for full, _ in old),
            tuple(full for full, _ in new),
            compared,
            words,
            old[0][1].span if old else NOWHERE,
            new[0][1].span if new else NOWHERE,
        )


def _proved(compared: Compared) -> bool:
    return isinstance(compared.stricter, Proved) and isinstance(compared.laxer, Proved)


def _first(evidence: Iterator[Evidence]) -> Evidence:
    """What tells most: a scenario; else that it is not known; else the proof with a bound, if one has one."""
    each = list(evidence)
    for sort in (Shown, Undetermined):
        found = next((e for e in each if isinstance(e, sort)), None)
        if found is not None:
            return found
    return next((e for e in each if isinstance(e, Proved) and e.bound), Proved())
