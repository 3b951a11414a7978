"""What can be wrong with an input: problems are data, collected first and shown together.

A problem names a stable code, says what is wrong in the words of the field, points at the place
where it was written, and says in `help` what to do.  Messages are public API: lower case, no full
stop, user text in backticks.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from redline.rules.frozen import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: `line` and `column` count from 1, `length` is in characters (0: a point)."""

    document: str
    line: int
    column: int
    length: int = 0

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


NOWHERE = Span("", 0, 0)
"""The place of what nobody wrote: defaults and values built in Python."""


class Severity(StrEnum):
    """An `error` refuses the document it stands in; a `warning` is shown and the answer goes on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that helps to understand a problem, with what stands there."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, as data."""

    code: str
    message: str
    span: Span = NOWHERE
    help: str = ""
    related: tuple[Related, ...] = field(default=())
    severity: Severity = Severity.ERROR


class Refused(Exception):
    """Raised where an input cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.span}: {p.message}" for p in self.problems))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of the problems that refuse their document."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)
