"""How two editions of policies compare: what NEW says that OLD does not, and the other way, each with the
scenario that shows it, or the proof that there is none."""

from __future__ import annotations

from enum import StrEnum

from redline.rules.evidence import Proved, Undetermined, Witness
from redline.rules.frozen import dataclass
from redline.rules.problems import NOWHERE, Span


class Relation(StrEnum):
    """How NEW stands to OLD."""

    EQUIVALENT = "equivalent"
    STRICTER = "stricter"
    LAXER = "laxer"
    INCOMPARABLE = "incomparable"
    DIFFERENT = "different"
    UNDETERMINED = "undetermined"


MEANS = {
    Relation.EQUIVALENT: "on every subject both bind alike",
    Relation.STRICTER: "somewhere NEW binds more, and nowhere less",
    Relation.LAXER: "somewhere NEW binds less, and nowhere more",
    Relation.INCOMPARABLE: "somewhere NEW binds more, and somewhere less",
    Relation.DIFFERENT: "they differ; whether in the other direction too was not determined",
    Relation.UNDETERMINED: "no difference was found, and none was ruled out",
}


class How(StrEnum):
    """What became of rules."""

    SAME = "same"
    RENAMED = "renamed"
    SPLIT = "split"
    MERGED = "merged"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Shown:
    """A scenario on one subject of which OLD and NEW say different things, as the evaluator has it."""

    witness: Witness
    old: str
    new: str


Evidence = Shown | Proved | Undetermined
"""That there is such a subject, that there is none, or neither within the budget."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether NEW somewhere binds more than OLD (`stricter`), and whether somewhere less (`laxer`)."""

    stricter: Evidence
    laxer: Evidence

    @property
    def relation(self) -> Relation:
        """How NEW stands to OLD."""
        match self.stricter, self.laxer:
            case Shown(), Shown():
                return Relation.INCOMPARABLE
            case Shown(), Proved():
                return Relation.STRICTER
            case Proved(), Shown():
                return Relation.LAXER
            case Proved(), Proved():
                return Relation.EQUIVALENT
            case (Shown(), _) | (_, Shown()):
                return Relation.DIFFERENT
            case _:
                return Relation.UNDETERMINED


@dataclass(frozen=True, slots=True)
class Restated:
    """Something about a rule that changes no verdict: what, as it was, and as it is."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """Rules of OLD against the rules of NEW that stand for them, by full name; and how both compare."""

    how: How
    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    compared: Compared
    restated: tuple[Restated, ...] = ()
    old_span: Span = NOWHERE
    new_span: Span = NOWHERE

    @property
    def silent(self) -> bool:
        """Whether there is nothing to tell."""
        return self.how is How.SAME and self.compared.relation is Relation.EQUIVALENT and not self.restated


@dataclass(frozen=True, slots=True)
class Comparison:
    """OLD against NEW: what all rules that bind say together, what all red flags do, and each change."""

    overall: Compared
    flags: Compared
    changes: tuple[Change, ...]

    @property
    def relations(self) -> frozenset[Relation]:
        """Every relation in it."""
        each = (self.overall, self.flags, *(change.compared for change in self.changes))
        return frozenset(compared.relation for compared in each)
