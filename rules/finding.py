"""Findings: what each rule says of each subject, on which facts, and what is not known.

Findings are data about one run; `engine/explain.py` puts them into words and `answers/report.py`
into the published form.
"""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.facts import Grade
from redline.rules.frozen import dataclass, field
from redline.rules.late import Late
from redline.rules.policy import Rule
from redline.rules.record import Cell, Key, Row, Subject
from redline.rules.truth import Truth
from redline.rules.values import Value
from redline.rules.verdicts import ORDER, Verdict


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a subject's record that a finding rests on, or waits for.

    `sort` is `field`, `presence` (of a row), `rest` (whether a list goes on), `reading` (an
    interpretation) or `open` (a question never settled); `rows` lead to it, the subject's own row
    first; `name` is the interpretation or the question.
    """

    sort: str
    path: tuple[str | int, ...]
    rows: tuple[Row, ...] = field(default=(), compare=False)
    key: Key = ""
    cell: Cell | None = field(default=None, compare=False)
    name: str = ""

    @property
    def about(self) -> str:
        """Where in the scenario it is stated, or would be."""
        return self.cell.about if self.cell is not None else self.name


@dataclass(frozen=True, slots=True)
class Premise:
    """Something known that a finding rests on: the point, and what is known there."""

    point: Point
    value: Value | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A smallest set of facts that would settle a finding: for each outcome, the values (or answers, or
    what a list may bring) of its points under which it is the verdict, whatever else is unknown."""

    points: tuple[Point, ...]
    outcomes: tuple[tuple[tuple[Value | str, ...], Verdict], ...]


@dataclass(frozen=True, slots=True)
class Under(Late):
    """What a rule says under certain answers to its interpretations (none, where it has none or they
    make no difference)."""

    answers: Mapping[str, str]
    verdict: Verdict
    premises: tuple[Premise, ...] = ()
    needs: tuple[Need, ...] = ()
    grade: Grade = Grade.STATED
    decisive: str = ""
    """The part of the rule that decided: `bound`, `when`, `unless`, `met`, or the permission's name."""
    searched: bool = True
    """Whether every completion was looked at; if not, the finding is undetermined for that reason."""
    exhaustive: bool = True
    """Whether every smallest set of facts was looked for."""
    questions: tuple[str, ...] = ()
    """The open questions on which it hangs: nothing that can be learnt settles them."""


@dataclass(frozen=True, slots=True)
class Finding(Late):
    """What one rule says of one subject, under each reading."""

    rule: Rule
    subject: Subject
    verdict: Verdict
    under: tuple[Under, ...]
    exception: Truth
    permissions: tuple[tuple[str, Truth], ...] = ()
    factors: tuple[tuple[str, Truth], ...] = ()

    @property
    def main(self) -> Under:
        """The reading whose verdict stands first in the order of verdicts."""
        return min(self.under, key=lambda u: ORDER.index(u.verdict))


@dataclass(frozen=True, slots=True)
class Effect(Late):
    """Whether a permission or a red flag holds of a subject: never a verdict."""

    rule: Rule
    subject: Subject
    holds: Truth
    premises: tuple[Premise, ...] = ()
    needs: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """All that the rules say of a scenario."""

    findings: tuple[Finding, ...]
    effects: tuple[Effect, ...]
