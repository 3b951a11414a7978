"""What an `Engine` is asked beyond the report on a scenario: what would change it, what to find out, many
values, many days, what may come next, what leaks along a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from redline.engine.plain import document_of
from redline.engine.read import Document, edition, read_path
from redline.rules.problems import NOWHERE, Problem, Refused, errors
from redline.rules.quantities import parse_date
from redline.rules.values import Amounts

if TYPE_CHECKING:
    from redline.analysis.sweep import Sweep
    from redline.analysis.timeline import Timeline
    from redline.engine.paths import Change
    from redline.engine.run import Bench
    from redline.rules.exposure import Exposure
    from redline.rules.network import Leaks
    from redline.rules.questions import Open
    from redline.rules.whatif import Difference, WhatIf

Given = str | Path | Mapping[str, object]
"""A scenario: a path to a file of one, or its content as plain data."""


class Beyond:
    """The questions that an engine answers besides `check`.  Each answer is a frozen value; each raises
    Refused, with every problem, where what is given cannot be used."""

    bench: Bench

    def whatif(
        self,
        scenario: Given,
        rule: str = "",
        *,
        sets: Mapping[str, str | None] | None = None,
        costs: str | Path | None = None,
        most: int = 50,
        judgements: int = 200,
    ) -> WhatIf | Difference:
        """What would change the answer.

        With `sets` (paths, and values as YAML; None removes) a `Difference`: which findings flip, by which
        fact.  Else a `WhatIf`: the smallest changes that clear each line that is crossed (`rule`: that one
        alone), up to `most`, found within so many `judgements`, and what to learn where it cannot be told.
        """
        from redline.analysis.costs import SHIPPED
        from redline.analysis.whatif import difference, rule_meant, what_if
        from redline.engine.edits import REMOVE
        from redline.rules.node import Text

        document = document_given(scenario)
        if sets:
            changes = _changes({path: value for path, value in sets.items() if value is not None}, "sets")
            gone = [(path, Text(REMOVE)) for path, value in sets.items() if value is None]
            return difference(self.bench, document, [*changes, *gone])
        meant = rule_meant(self.bench, rule) if rule else ""
        return what_if(self.bench, document, meant, costs=costs or SHIPPED, most=most, judgements=judgements)

    def ask(
        self,
        scenario: Given,
        answers: Mapping[str, str] | None = None,
        *,
        not_known: Sequence[str] = (),
        settling: bool = False,
    ) -> Open:
        """What is left to find out, the question that decides most first, once the `answers` (paths, and
        values as YAML) are taken in.  Paths that are `not_known` are not asked again.  `settling`: with what
        each choice would settle, each judged on the scenario with it written out and read again.
        """
        from redline.analysis.ask import Asking

        asking = Asking(self.bench, document_given(scenario))
        problems = asking.learn(_changes(answers, "answers")) if answers else []
        if errors(problems):
            raise Refused(problems)
        for path in not_known:
            asking.skip(path)
        return asking.tried() if settling else asking.open()

    def exposure(
        self, scenario: Given, *, steps: int = 1, facts: int = 2, judgements: int = 3000
    ) -> Exposure:
        """What may come next, and what of it would cross a line: the smallest sets of up to so many `facts`
        about so many further `steps`, or about someone who is not known."""
        from redline.analysis.exposure import exposure

        document = document_given(scenario)
        return exposure(self.bench, document, steps=steps, largest=facts, judgements=judgements)

    def sweep(self, scenario: Given, vary: Mapping[str, str], *, each: bool = False) -> Sweep:
        """One or two facts over many values: paths, and values as after `--vary` (`all`, `ML*`, `[FR, DE]`).
        `each`: every cell judged by itself, also where no policy can tell it from another."""
        from redline.analysis.sweep import axes_of, sweep

        document = document_given(scenario)
        axes = axes_of(self.bench, document, [f"{path}={values}" for path, values in vary.items()])
        return sweep(self.bench, document, axes, each=each)

    def timeline(
        self, scenario: Given, first: str | date, last: str | date, *, moving: str = "as_of"
    ) -> Timeline:
        """What is found on each day from the first to the last as a date moves: the day that the scenario is
        judged as of, or a date of it by its path."""
        from redline.analysis.timeline import timeline

        begins, ends = _day(first), _day(last)
        if ends < begins:
            message = f"`{ends}` comes before `{begins}`"
            raise Refused([Problem("wrong-date", message, NOWHERE, "give the first day first")])
        return timeline(self.bench, document_given(scenario), begins, ends, moving)

    def leaks(
        self,
        network: str | Path,
        *,
        items: Sequence[str] = (),
        holders: Sequence[str] = (),
        most: int = 10,
        close: bool = True,
    ) -> Leaks:
        """The paths of a network (a file, or a folder of tables) along which no transfer alone crosses a line
        and the whole does, up to `most` of each item and holder (those named, else all); `close`: what closes
        them.  Needs `redline[network]`.
        """
        from redline.analysis.leaks import leaks
        from redline.analysis.network_file import read_network

        read, problems, _ = read_network(network, self.bench.library.lexicon)
        if read is None or errors(problems):
            raise Refused(problems)
        return leaks(self.bench, read, items=items, holders=holders, most=most, close=close)


def document_given(scenario: Given) -> Document:
    """The one document of what was given.  Raises Refused."""
    if isinstance(scenario, Mapping):
        return document_of(scenario)
    reading = read_path(scenario)
    wrong = [p for d in reading.documents if (p := edition(d)) is not None]
    if errors((*reading.problems, *wrong)):
        raise Refused((*reading.problems, *wrong))
    if len(reading.documents) != 1:
        message = f"the file holds {len(reading.documents)} documents, not one scenario"
        raise Refused([Problem("not-one-scenario", message, NOWHERE, "`redline check` takes several")])
    return reading.documents[0]


def _changes(given: Mapping[str, str], what: str) -> list[Change]:
    from redline.engine.paths import read_changes

    changes, problems, _ = read_changes([f"{path}={value}" for path, value in given.items()], what)
    if problems:
        raise Refused(problems)
    return list(changes)


def _day(given: str | date) -> date:
    if isinstance(given, date):
        return given
    day: Amounts | None = parse_date(given)
    if day is None or day.low is None or day.low != day.high:
        raise Refused([Problem("wrong-date", f"`{given}` is not a date", NOWHERE, "write YYYY-MM-DD")])
    return date.fromordinal(int(day.low))
