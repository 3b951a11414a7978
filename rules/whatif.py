"""What would change an answer: edits of a scenario, sets of them that clear a line, findings that flip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from redline.rules.frozen import dataclass, field
from redline.rules.node import Node
from redline.rules.report import DISCLAIMER, FindingReport, Report, Waits
from redline.rules.verdicts import Verdict

SORTS = {
    "date": "a step takes place on another day",
    "route": "someone is taken off the way, or takes another part on it",
    "transfer": "another fact of a step: its activity, use, status",
    "paper": "another state, validity or cover of a paper that is there",
    "new-paper": "a paper is held that a rule asks for, issued, covering and valid as it asks",
    "promise": "a paper is not there, or forbids nothing",
    "party": "another party in a step, or another fact of one",
    "owner": "someone owns no share, or another share",
    "part": "a part, or what an item was made with, is not in it, or has another share",
    "item": "another fact of an item",
    "agreement": "an agreement is not there, or another fact of one",
    "step": "a step does not take place",
    "new-step": "there is one step more, where a rule asks for one, of an item between parties there",
}
"""Every sort of edit: the closed set."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that would be otherwise: changes by path, made together; what it costs; and in words, to be
    read after `if`."""

    sort: str
    changes: tuple[tuple[str, Node], ...]
    cost: int
    says: str
    places: tuple[str, ...] = ()
    """The paths of what it touches, in the vocabulary's words."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What edits cost, by sort and by pattern of paths (`*` stands for one step of a path), and what may not
    change: patterns, or `destination` and `item`."""

    name: str
    edits: Mapping[str, int]
    places: tuple[tuple[str, int], ...] = ()
    may_not_change: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A smallest set of edits that clears a line: with the verdict then, re-read and judged; what crosses
    besides that did not before; and the scenario, written out."""

    edits: tuple[Edit, ...]
    cost: int
    verdict: Verdict
    crosses_besides: Annotated[tuple[str, ...], "rules that cross then and did not before"]
    left: Annotated[Verdict, "the verdict on the whole scenario then"]
    scenario: Annotated[str, "the changed scenario, as YAML"]


@dataclass(frozen=True, slots=True)
class Clearing:
    """What would clear one rule (`policy/rule`), or all together (no rule), the cheapest first."""

    rule: str
    says: str
    ways: tuple[Way, ...]
    more: Annotated[bool, "whether more exist than are shown"]
    edits: Annotated[int, "edits that were at hand"]
    tried: Annotated[int, "scenarios that were judged"]
    exhausted: Annotated[bool, "whether every set within the bound was tried or ruled out"]
    largest: Annotated[int, "the most edits in a set"]


@dataclass(frozen=True, slots=True)
class Learning:
    """What to learn of a rule that is undetermined: facts that would settle it, and are not for choosing."""

    rule: str
    says: str
    subject: str
    waits_for: tuple[Waits, ...]
    open_questions: tuple[str, ...]
    readings: Annotated[tuple[str, ...], "answers to interpretations that differ, and what each gives"] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would clear the lines that a scenario crosses, and what to learn where it cannot be told."""

    report: Report
    clearings: tuple[Clearing, ...]
    learnings: tuple[Learning, ...]
    costs: str
    disclaimer: str = DISCLAIMER


@dataclass(frozen=True, slots=True)
class Set:
    """One fact set by hand: its path, what stood there and what stands there now, as YAML in a line."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Flip:
    """A rule's verdict on a subject before and after; of what is there only before or only after, None."""

    rule: str
    says: str
    subject: str
    before: Verdict | None
    after: Verdict | None
    by: Annotated[tuple[str, ...], "the paths set on which the verdict before or after rests"]
    because: Annotated[tuple[str, ...], "the proof after, or what is not known"]
    finding: FindingReport | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """A scenario before and after facts were set by hand."""

    before: Report
    after: Report
    sets: tuple[Set, ...]
    flips: tuple[Flip, ...]
    scenario: Annotated[str, "the changed scenario, as YAML"]
    disclaimer: str = DISCLAIMER
