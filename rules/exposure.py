"""Exposure: what may come next, and which continuations cross a line."""

from __future__ import annotations

from typing import Annotated

from redline.rules.frozen import dataclass
from redline.rules.node import Node
from redline.rules.report import DISCLAIMER, Report
from redline.rules.values import Value
from redline.rules.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be so: what is written for it, the class of values it stands for (None: itself
    alone), and the one of them that is written, or words."""

    changes: tuple[tuple[str, Node], ...]
    value: Value | None
    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that is not known, and what could be so of it."""

    sort: str
    says: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A slot, and the classes of values of it under which a line is crossed, in words."""

    sort: str
    what: str
    words: Annotated[tuple[str, ...], "in words: any of them will do"]
    written: Annotated[tuple[str, ...], "of each class, the value that was judged"]


@dataclass(frozen=True, slots=True)
class Continuation:
    """A smallest set of facts of what may come next under which a line is crossed, whatever else is not
    known.  Each combination of its classes was written out, read again and judged."""

    facts: tuple[Told, ...]
    scenarios: Annotated[tuple[str, ...], "the scenarios, as YAML, in the order of the combinations"]


@dataclass(frozen=True, slots=True)
class Line:
    """One rule, and what it takes for it to be crossed."""

    rule: str
    says: str
    continuations: tuple[Continuation, ...]
    undetermined: Annotated[bool, "whether there is more, of which it cannot be told within the bound"]


@dataclass(frozen=True, slots=True)
class Beyond:
    """One way in which a scenario may go on: by a further step, or by who a party turns out to be."""

    where: Annotated[str, "the path of what is not known"]
    says: str
    lines: tuple[Line, ...]
    open_lines: Annotated[tuple[str, ...], "rules that may cross, but by nothing that was looked at alone"]
    judged: Annotated[int, "scenarios that were judged"]
    exhausted: Annotated[bool, "whether every set of facts within the bound was judged or ruled out"]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a scenario is exposed to, beyond what is known."""

    report: Report
    verdict: Verdict
    steps: Annotated[int, "how many further steps were looked at"]
    largest: Annotated[int, "the most facts in a set"]
    beyond: tuple[Beyond, ...]
    disclaimer: str = DISCLAIMER
