"""The verdict of every rule on a scenario that was changed a little: judged again are the rules that read
something in which it differs from the one that is there."""

from __future__ import annotations

from redline.engine.ground import Memo
from redline.engine.read import Document
from redline.engine.reads import moved
from redline.engine.reference import name
from redline.engine.run import Bench, Run, all_subjects, concluded, derived_run
from redline.engine.scenarios import scenario_from
from redline.rules.policy import Rule
from redline.rules.verdicts import Verdict, worst


class JudgedAgain:
    """A scenario that was judged, beside which others are put."""

    def __init__(self, bench: Bench, run: Run, memo: Memo) -> None:
        self.bench, self.run, self.memo = bench, run, memo
        self.before = by_rule(run)
        self.left_out = 0
        """How many rules were not judged again the last time."""
        self._place = {entry.rule: i for i, entry in enumerate(bench.plan.entries)}

    def verdicts(self, document: Document) -> dict[str, Verdict]:
        """The verdict of each rule on the other scenario."""
        scenario, told = scenario_from(document, self.bench.library.lexicon)
        assert scenario is not None
        run = derived_run(self.bench, document, scenario, told)
        again = self._moved(run)
        self.left_out = len(self._place) - again.bit_count()

        def wanted(rule: Rule) -> bool:
            return bool(again >> self._place[name(rule)] & 1) and self.bench.wanted(rule)

        run = concluded(
            self.bench, run, wanted, explained=lambda _: False, apart=False, memo=self.memo.again()
        )
        return {r: v for r, v in self.before.items() if not again >> self._place[r] & 1} | by_rule(run)

    def _moved(self, run: Run) -> int:
        """The rules that may come to something else on the other run."""
        assert run.derived is not None
        assert run.supported is not None
        assert self.run.derived is not None
        assert self.run.supported is not None
        plan = self.bench.plan
        found = moved(plan, all_subjects(self.run.derived), all_subjects(run.derived))
        if self.run.supported is not self.run.derived or run.supported is not run.derived:
            found |= moved(plan, all_subjects(self.run.supported), all_subjects(run.supported))
        return found


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
