"""The words of an answer: kinds of rule, verdicts, layers and strengths, each in its order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    """What a rule does."""

    PROHIBITS = "prohibits"
    REQUIRES = "requires"
    WEIGHS = "weighs"
    PERMITS = "permits"
    FLAGS = "flags"


class Verdict(StrEnum):
    """What a rule says of a subject; the first that is found decides a roll-up."""

    CROSSES = "crosses"
    UNDETERMINED = "undetermined"
    REQUIRES_ASSESSMENT = "requires_assessment"
    AUTHORISED = "authorised"
    NOT_CROSSED = "not_crossed"
    NOT_APPLICABLE = "not_applicable"

    @property
    def words(self) -> str:
        """The verdict as a reader sees it: never as a clearance, never as a finding of law."""
        return {
            Verdict.CROSSES: "crosses",
            Verdict.UNDETERMINED: "undetermined",
            Verdict.REQUIRES_ASSESSMENT: "assessment needed",
            Verdict.AUTHORISED: "authorisation held",
            Verdict.NOT_CROSSED: "not crossed",
            Verdict.NOT_APPLICABLE: "does not apply",
        }[self]


HARMLESS = frozenset({Verdict.AUTHORISED, Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE})
ORDER = tuple(Verdict)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The first of them in the order of the roll-up; `not_applicable` of none at all."""
    return min(verdicts, key=ORDER.index, default=Verdict.NOT_APPLICABLE)


def settle(possible: Iterable[Verdict]) -> Verdict:
    """The verdict, given all that are possible: the only one; `not_crossed` if all are harmless and
    differ; else it cannot be told."""
    verdicts = frozenset(possible)
    if not verdicts:
        raise ValueError("no verdict is possible")
    if len(verdicts) == 1:
        return next(iter(verdicts))
    return Verdict.NOT_CROSSED if verdicts <= HARMLESS else Verdict.UNDETERMINED


class Layer(StrEnum):
    """Whose word a rule is: a government's politics, a regime's guideline, a contract, or the law."""

    LEGAL = "legal"
    REGIME = "regime"
    CONTRACT = "contract"
    POLITICAL = "political"


class Strength(StrEnum):
    """How strongly it is said, the strongest first."""

    LAW = "law"
    SIGNED_AGREEMENT = "signed agreement"
    COMMITMENT = "commitment"
    FORMAL_REQUEST = "formal request"
    GUIDELINE = "guideline"
    INDICATED = "indicated"
    CONCERN = "concern"
    INFERENCE = "inference"


class Voice(StrEnum):
    """Who says it in the source: the state itself, a report, or the author, whose inferences are opt-in."""

    STATE = "state"
    REPORTED = "reported"
    AUTHOR = "author"
