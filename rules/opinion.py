"""The second opinion, as data: what another evaluator says of a conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from redline.rules.frozen import dataclass, field


class Status(StrEnum):
    """How a second opinion ended."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A rule on a subject of which the two evaluators do not say the same.

    `ours` and `theirs` are verdicts (joined by `or` where several are possible), whether a permission or
    red flag holds, or what is amiss; `answers` are those to the interpretations, where they were fixed.
    """

    rule: str
    subject: str
    ours: str
    theirs: str
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second opinion came to.

    `judged` cases were compared.  `not_judged` are rules of which some case was not, each with the
    reason: of these there is no second opinion, whatever the status.  `reason` says why it is
    unavailable or failed.
    """

    status: Status
    judged: int = 0
    not_judged: tuple[tuple[str, str], ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    reason: str = ""
