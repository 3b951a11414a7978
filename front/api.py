"""The Python API: an `Engine` holds policies and judges scenarios by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redline.engine.library import Library
from redline.engine.run import Bench, Options, Run, all_subjects, judge, prepare
from redline.front.beyond import Beyond, document_given
from redline.rules.frozen import dataclass
from redline.rules.problems import NOWHERE, Problem, Refused, errors
from redline.rules.quantities import parse_date

if TYPE_CHECKING:
    from redline.engine.rete import Opinion
    from redline.flat.decide import Decider
    from redline.rules.decision import Decision
    from redline.rules.report import Report


@dataclass(frozen=True)
class Engine(Beyond):
    """Policies, ready to judge by.  Immutable, without global state: threads may share it, and it pickles."""

    library: Library
    bench: Bench

    def __repr__(self) -> str:
        return f"<Engine of {', '.join(policy.id for policy in self.library.policies)}>"

    @classmethod
    def load(
        cls, policies: Iterable[str | Path] | None = None, registers: Iterable[str | Path] | None = None
    ) -> Engine:
        """An engine with the policies of the files or folders (None: those that ship), and the registers
        of statements that they cite.

        Raises Refused, with every problem, where a policy cannot be used.
        """
        from redline.engine.shelf import usual_bench

        paths, known = (None if given is None else tuple(given) for given in (policies, registers))
        bench = usual_bench(paths, known)
        if errors(bench.library.problems):
            raise Refused(bench.library.problems)
        return cls(bench.library, bench)

    def check(
        self,
        scenario: str | Path | Mapping[str, object],
        *,
        as_of: str | None = None,
        as_if_in_force: bool = False,
        readings: Mapping[str, str] | None = None,
        include_author: bool = False,
        second_opinion: bool = False,
    ) -> Report:
        """The report on a scenario: a path to a file of one scenario, or its content as plain data.

        `as_of` is a date (YYYY-MM-DD) that takes the place of the scenario's; `as_if_in_force` revives
        rules that bind and are not in force; `readings` fixes answers to interpretations;
        `include_author` runs the author's inferences too; `second_opinion` has an independent
        evaluator judge as well, in a child process.

        Raises Refused, with every problem, where the scenario or an option cannot be used.
        """
        from redline.answers.report import report

        document = document_given(scenario)
        day = None if as_of is None else parse_date(as_of)
        if as_of is not None and day is None:
            raise Refused([Problem("wrong-date", f"`{as_of}` is not a date", NOWHERE, "write YYYY-MM-DD")])
        options = Options(day, as_if_in_force, readings or {}, include_author)
        bench = self.bench if options == Options() else prepare(self.library, options, self.bench)
        run = judge(bench, document)
        problems = (*bench.problems, *run.problems)
        if run.conclusion is None or errors(problems):
            raise Refused(problems)
        return report(bench, run, opinion(bench, run) if second_opinion else None)

    def decide(self, record: Mapping[str, object]) -> Decision:
        """Which rules a flat record crosses for sure, and which are not cleared.

        A record is one transfer of one item: `{"activity": "export", "to.country": "PK", ...}`; a field
        that is not known is left out.  It stands for a scenario of one step, and what is said here is what
        strong Kleene logic tells of that scenario: `check` may tell more of a rule that is only possible.

        A rule that requires something crosses where that is not held.  One that weighs never crosses: it is
        possible where it is to be weighed.  A permission takes out the rules that it defeats; permissions and
        red flags are in neither list.

        Raises Refused, with every problem, where the record cannot be used.
        """
        return self._decider.decide(record)

    def decide_all(self, records: Iterable[Mapping[str, object]]) -> list[Decision]:
        """The decision on each of the records.  Raises Refused at the first that cannot be used."""
        from redline.flat.decide import decide_all

        return decide_all(self._decider, records)

    def screen(self, table: Any, mapping: str | Path | Mapping[str, object] | None = None) -> Any:
        """The table with four more columns: what `decide` says of the record that each row is.

        `verdict`: `crosses`, `undetermined`, `requires_assessment`, `no encoded red line crossed`, or
        `rejected` of a row that cannot be used; then `problem` says why.  `certain` and `possible`: lists of
        rules, as in a decision.

        A table is what hands out Arrow batches (a table, batch or reader of pyarrow, a frame of polars or
        pandas); what comes back is of the same sort, a reader for a reader, batch by batch.  Columns are
        called as fields of records are, or `mapping` tells which is which: a file, or its content as plain
        data.  A null is `unknown`.  Needs `redline[screen]`.

        Raises Refused, with every problem, where columns or mapping cannot be used.
        """
        from redline.front.screen import screen

        return screen(self._decider, table, mapping)

    @cached_property
    def _decider(self) -> Decider:
        from redline.engine.collector import at_rest
        from redline.flat.decide import Decider
        from redline.flat.index import Index

        bench = self.bench
        with at_rest():
            return Decider(Index(bench.judging, bench.asked, self.library.lexicon, bench.wanted))

    def __reduce__(self) -> tuple[type[Engine], tuple[Library, Bench]]:
        return Engine, (self.library, self.bench)  # what was made ready to decide by is made anew


def opinion(bench: Bench, run: Run, timeout: float = 10.0) -> Opinion:
    """The second opinion on a run that has a conclusion."""
    from redline.engine.rete import second_opinion

    assert run.derived is not None
    assert run.supported is not None
    assert run.conclusion is not None
    subjects = all_subjects(run.derived)
    supported = subjects if run.supported is run.derived else all_subjects(run.supported)
    return second_opinion(bench.judging, subjects, supported, run.conclusion, bench.wanted, timeout)
