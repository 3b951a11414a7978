"""Questions that a scenario leaves open: what to find out, what each answer would settle."""

from __future__ import annotations

from typing import Annotated

from redline.rules.frozen import dataclass
from redline.rules.node import Node
from redline.rules.report import DISCLAIMER
from redline.rules.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Settled:
    """A finding that an answer would settle, whatever else is not known, and as what."""

    rule: str
    subject: Annotated[str, "what the subject is called"]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: a class of values that no open line tells apart; or that there is none."""

    says: str
    value: Annotated[Node | None, "what is written for it; None: which of them it is has to be said"]
    settles: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One fact that is not known: where it is stated, what to ask, and what hangs on it."""

    path: str
    asks: str
    choices: tuple[Choice, ...]
    lines: Annotated[tuple[str, ...], "the rules that turn on it"]
    settles: Annotated[float, "how many lines an answer is expected to settle, each class as likely"]
    several: Annotated[bool, "whether it is a list: the answer is all there are"] = False
    form: Annotated[str, "how an answer is written"] = ""


@dataclass(frozen=True, slots=True)
class Open:
    """What is left to ask of a scenario, the question first that decides most; and what no answer settles."""

    scenario: str
    verdict: Verdict
    undetermined: Annotated[int, "findings that are undetermined"]
    questions: tuple[Question, ...]
    not_known: Annotated[tuple[str, ...], "paths of what was answered to be not known"] = ()
    readings: Annotated[tuple[str, ...], "questions of interpretation on which lines turn"] = ()
    left_open: Annotated[tuple[str, ...], "what a text leaves open"] = ()
    flags: Annotated[tuple[str, ...], "red flags of which it is not known whether they are raised"] = ()
    disclaimer: str = DISCLAIMER
