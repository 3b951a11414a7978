"""Policies: rules, each tied to the statement it comes from, with the names that they share."""

from __future__ import annotations

from collections.abc import Mapping

from redline.rules.condition import Condition
from redline.rules.frozen import dataclass, field
from redline.rules.node import Node
from redline.rules.problems import NOWHERE, Span
from redline.rules.shapes import Field
from redline.rules.values import Amounts, Terms
from redline.rules.verdicts import Kind, Layer, Strength, Voice


@dataclass(frozen=True, slots=True)
class Validity:
    """A stretch of days, both ends included, in which a rule is in force, suspended, or it is not known."""

    days: Amounts
    state: str
    """`in_force`, `suspended` or `unknown`."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Example:
    """A scenario, the changes to make to it, and the verdict that the rule must then give."""

    verdict: str
    scenario: str
    changes: tuple[tuple[str, Node], ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    unconfirmed: bool = False
    """Made by the program, and not yet confirmed by whoever keeps the policy."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing stated.  What each part means is told in `docs/semantics.md`.

    `scope` says to whom and what it applies (outside it: not applicable), `when` what must be so,
    `unless` its exceptions, `requires` what must be shown or held, `defeats` the rules that a
    permission sets aside.  A condition that is None is not written: true, or for `unless` false.
    """

    id: str
    policy: str
    says: str
    kind: Kind
    subject: str
    layer: Layer
    strength: Strength
    voice: Voice
    stated_by: str
    addressed_to: str
    source: tuple[str, ...]
    scope: Condition | None = None
    when: Condition | None = None
    unless: Condition | None = None
    requires: Condition | None = None
    defeats: tuple[str, ...] = ()
    validity: tuple[Validity, ...] = ()
    running: tuple[str, str] = ("", "")
    """Of transfers begun before it was in force, and of those ended after: `covered`, `exempt`, not said."""
    burden: str = ""
    asks: str = ""
    factors: tuple[tuple[str, Condition], ...] = ()
    examples: tuple[Example, ...] = field(default=(), compare=False)
    accepts: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Findings about how it is written that are accepted: the code of each, and why."""
    note: str = field(default="", compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A named question about what the text means, with closed answers."""

    name: str
    policy: str
    question: str
    answers: Mapping[str, str]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of terms of a tree (countries, codes, classes), as of a day, from a source.

    `perhaps` are terms of which the list does not tell (territories of a state that it names).
    """

    name: str
    label: str
    tree: str
    members: Terms
    perhaps: Terms | None
    as_of: str = ""
    source: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy, read."""

    id: str
    title: str
    edition: str
    stated_by: str
    addressed_to: str
    registers: tuple[str, ...]
    rules: tuple[Rule, ...]
    interpretations: Mapping[str, Interpretation] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    definitions: Mapping[str, Condition] = field(default_factory=dict)
    declared: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    """Facts that it adds, by the stated shape they are added to."""
    not_encoded: Mapping[str, str] = field(default_factory=dict)
    """Statements of its registers that it leaves out, each with the reason."""
    accepts: Mapping[str, str] = field(default_factory=dict)
    """Findings about how it is written that are accepted all through it: the code of each, and why."""
    document: str = ""
    digest: str = ""
    span: Span = field(default=NOWHERE, compare=False)
    intents: tuple[Rule, ...] = ()
    """What must not come about, whatever the letter of the rules: each like a red flag.  No verdict."""
    decides: tuple[Rule, ...] = ()
    """The scope that it means to decide, like a red flag raised in it; one at most.  No verdict."""
