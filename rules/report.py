"""The published report: the answer to one scenario as data, every sentence ready to be shown.

It holds all that text, Markdown and JSON show, and nothing that changes from run to run: what does
stands apart in `AboutThisRun`.  The JSON Schema of edition `SCHEMA` follows from these classes
(`answers/report_schema.py`); a change that an old reader would not understand is a new edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from redline.rules.frozen import dataclass, field
from redline.rules.late import Late
from redline.rules.verdicts import Kind, Layer, Strength, Verdict, Voice

SCHEMA = "1"
"""The edition of the report's schema."""

DISCLAIMER = "A hypothetical judged by an encoded reading of public statements; not legal advice."
"""Stands in every report."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A stated fact that something rests on, and where it stands."""

    path: Annotated[str, "its path in the scenario, such as `items.radar.origin`"]
    file: Annotated[str, "the file in which it is stated; empty where nobody wrote it"]
    line: Annotated[int, "its line, from 1; 0 where nobody wrote it"]
    grade: Annotated[str, "documented, reported, stated, alleged or assumed"]
    source: Annotated[str, "the source that the scenario gives for it; may be empty"] = ""


@dataclass(frozen=True, slots=True)
class Because:
    """A sentence of a proof, and the facts that it rests on."""

    says: str
    facts: tuple[Cited, ...] = ()
    grade: Annotated[str, "the grade of the weakest of the facts"] = "stated"


@dataclass(frozen=True, slots=True)
class Source:
    """A statement that a rule comes from."""

    statement: Annotated[str, "the id of the statement, or free text where no register is cited"]
    register: Annotated[str, "the id of the register; empty for free text"] = ""
    paragraphs: tuple[int, ...] = ()
    speaker: str = ""
    addressee: str = ""
    time: Annotated[str, "when and where it was said, as far as the document tells"] = ""
    paraphrase: Annotated[str, "our words: no text of a document is copied"] = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that is missing, as a question."""

    question: str
    about: Annotated[str, "where in the scenario the answer would be stated"] = ""
    sort: Annotated[str, "fact, or reading: an interpretation for which no answer was fixed"] = "fact"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finding becomes if the missing facts turn out so."""

    values: Annotated[tuple[str, ...], "one for each fact asked, to be read after `if`"]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Waits:
    """A smallest set of facts that may settle a finding, and what each outcome would give."""

    facts: tuple[Asked, ...]
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """How an interpretation is read."""

    interpretation: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the rule, in words, and whether it holds of the subject."""

    part: Annotated[str, "scope, when, unless, requires or factor"]
    says: str
    holds: Annotated[str, "yes, no or unknown"]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Reading(Late):
    """What the rule gives under some answers to its interpretations; without answers, under all of them."""

    answers: tuple[Read, ...]
    verdict: Verdict
    because: tuple[Because, ...] = ()
    grade: Annotated[str, "the grade of the weakest fact of the proof"] = "stated"
    decided_by: Annotated[str, "the part of the rule that decided, or the permission that did"] = ""
    failed: Annotated[str, "the condition that is not so; of a negative only"] = ""
    waits_for: tuple[Waits, ...] = ()
    open_questions: Annotated[
        tuple[str, ...], "what the text leaves open: nothing that can be learnt settles it"
    ] = ()
    searched: Annotated[bool, "whether every completion was looked at"] = True
    exhaustive: Annotated[bool, "whether every smallest set of facts was looked for"] = True


@dataclass(frozen=True, slots=True)
class Tried:
    """A permission that may set the rule aside, and whether it does."""

    name: str
    says: str
    holds: Annotated[str, "yes, no or unknown"]


@dataclass(frozen=True, slots=True)
class Defined:
    """A condition that the policy defines under a name."""

    name: str
    means: Annotated[str, "in words about `it`"]


@dataclass(frozen=True, slots=True)
class RuleCard(Late):
    """What a rule says, on whose word, and where it stands."""

    rule: Annotated[str, "policy/rule"]
    policy: str
    kind: Kind
    layer: Layer
    strength: Strength
    voice: Voice
    stated_by: str
    addressed_to: str
    says: str
    file: str
    line: int
    sources: tuple[Source, ...] = field(default=())
    note: str = field(default="")
    defined: tuple[Defined, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class About:
    """The subject of a finding."""

    kind: Annotated[str, "step, item, agreement or scenario"]
    label: Annotated[str, "its number or id"]
    called: Annotated[str, "what it is called in sentences"]
    transfer: Annotated[int | None, "of a step: the position of its transfer, from 0"] = None
    item: Annotated[str | None, "of a step: the id of its item"] = None
    phantom: Annotated[bool, "whether it stands for all that an open list leaves possible"] = False


@dataclass(frozen=True, slots=True)
class FindingReport(Late):
    """What one rule says of one subject."""

    verdict: Verdict
    rule: RuleCard
    subject: About
    under: tuple[Reading, ...]
    exception: Annotated[
        str, "whether the rule's own exception holds: yes, no or unknown; empty: it has none"
    ] = ""
    exception_says: str = ""
    permissions_tried: tuple[Tried, ...] = ()
    factors: tuple[Tried, ...] = ()
    clauses: tuple[Clause, ...] = ()

    @property
    def main(self) -> Reading:
        """The reading whose verdict stands first in the order of verdicts."""
        order = tuple(Verdict)
        return min(self.under, key=lambda reading: order.index(reading.verdict))


@dataclass(frozen=True, slots=True)
class EffectReport(Late):
    """A permission or a red flag, and whether it holds of a subject: never a verdict."""

    rule: RuleCard
    subject: About
    holds: Annotated[str, "yes, no or unknown"]
    question: Annotated[str, "of a red flag: what to ask"] = ""
    defeats: Annotated[tuple[str, ...], "of a permission: the rules that it sets aside"] = ()
    because: tuple[Because, ...] = ()
    waits_for: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictReport:
    """A permission and a rule that binds, of one stater in one layer, both live on the same subjects, of
    which neither names the other: it changes no verdict."""

    permission: Annotated[str, "policy/rule"]
    against: Annotated[str, "policy/rule"]
    layer: Layer
    stated_by: str
    subjects: tuple[About, ...]
    holds: Annotated[str, "whether the permission holds: yes or unknown"]
    verdict: Annotated[Verdict, "of the rule that binds: crosses or undetermined"]
    says: Annotated[str, "the conflict in a sentence"]


@dataclass(frozen=True, slots=True)
class LayerReport:
    """The findings of one layer; `loaded` is false where no policy speaks of it."""

    layer: Layer
    loaded: bool
    verdict: Verdict | None
    findings: tuple[FindingReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A missing fact (or an answer to a question of interpretation), and the rules that wait for it."""

    question: str
    about: str
    sort: Annotated[str, "fact or reading"]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that the answer does not cover, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class NotCovered:
    """What no answer was given on, computed."""

    layers: Annotated[tuple[Layer, ...], "layers for which no policy is loaded"] = ()
    author_rules: Annotated[tuple[str, ...], "inferences of the author, which run only when asked for"] = ()
    statements: tuple[LeftOut, ...] = ()
    items: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    interpretations: Annotated[
        tuple[str, ...], "questions of interpretation for which no answer was fixed"
    ] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A party of the chain, or an item that something was built into."""

    id: str
    called: str
    country: Annotated[str, "the code of its country; empty where not known; `or` between several"] = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One transfer, as the chain is drawn."""

    step: str
    activity: str
    items: tuple[Held, ...]
    sender: Held | None
    recipient: Held | None
    into: Held | None = None
    via: tuple[Held, ...] = ()
    date: str = ""
    verdict: Annotated[Verdict | None, "the first verdict, in their order, of the step"] = None


@dataclass(frozen=True, slots=True)
class MadeOf:
    """Something that an item contains, or that it was made with."""

    ids: Annotated[tuple[str, ...], "several: it is one of them; none: it is not named"]
    called: str
    sure: Annotated[bool, "whether it is known to be so"] = True


@dataclass(frozen=True, slots=True)
class Made:
    """An item of which the scenario lists parts, or what it was made with."""

    id: str
    called: str
    contains: tuple[MadeOf, ...] = ()
    made_with: tuple[MadeOf, ...] = ()
    open: Annotated[tuple[str, ...], "contains, made_with: the lists that may be longer"] = ()


@dataclass(frozen=True, slots=True)
class PolicyUsed:
    """A policy that was judged by."""

    id: str
    title: str
    edition: str
    sha256: str
    rules: int


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another evaluator said of the same cases."""

    status: Annotated[str, "agrees, disagrees, unavailable, failed, or none: it was not asked for"] = "none"
    judged: Annotated[int, "cases that were compared"] = 0
    differs_on: Annotated[tuple[str, ...], "a rule, its subject, and the two verdicts"] = ()
    not_judged: Annotated[tuple[str, ...], "rules of which some case was left out, with the reason"] = ()
    why: Annotated[str, "why it is unavailable or failed"] = ""


@dataclass(frozen=True, slots=True)
class AboutThisRun:
    """What may differ from run to run and from machine to machine, and changes no finding."""

    second_opinion: SecondOpinion = SecondOpinion()
    platform: str = ""
    lists: Annotated[tuple[str, ...], "lists that policies use, and their age"] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer to one scenario."""

    schema: Annotated[str, "the edition of this schema"]
    scenario: str
    title: str
    as_of: Annotated[str, "the date judged; empty: none is known"]
    as_of_from: Annotated[str, "where that date comes from"]
    judged_with: Annotated[tuple[str, ...], "what was asked for beyond the usual, such as a reading fixed"]
    verdict: Verdict
    answer: Annotated[str, "the verdict in words: never a clearance"]
    assumptions: tuple[Because, ...]
    chain: tuple[Link, ...]
    items: Annotated[tuple[Made, ...], "those that consist of others or were made with them"]
    layers: tuple[LayerReport, ...]
    permissions: Annotated[tuple[EffectReport, ...], "those that hold first; those that do not are there too"]
    red_flags: Annotated[tuple[EffectReport, ...], "those raised first; those that are not are there too"]
    conflicts: Annotated[tuple[ConflictReport, ...], "those that are certain first; they change no verdict"]
    waiting: tuple[Waiting, ...]
    not_covered: NotCovered
    policies: tuple[PolicyUsed, ...]
    scenario_file: str
    scenario_sha256: str
    versions: Annotated[Mapping[str, str], "of the program, the language and the schema"]
    disclaimer: str = DISCLAIMER
    about_this_run: AboutThisRun = field(default_factory=AboutThisRun)

    @property
    def findings(self) -> tuple[FindingReport, ...]:
        """All findings, layer by layer."""
        return tuple(finding for layer in self.layers for finding in layer.findings)
