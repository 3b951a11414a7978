"""What `redline lint` may find in a policy that reads well: each code, how grave it is, what it means.

A finding is an *error* where a fact that is missing or harmless could clear a transfer, or where a rule
says more than its source; else a *warning*.
"""

from __future__ import annotations

from redline.rules.frozen import dataclass
from redline.rules.problems import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True)
class Lint:
    """A code, its severity, what it means in a line, and what to do."""

    code: str
    severity: Severity
    means: str
    help: str


LINTS: dict[str, Lint] = {
    lint.code: lint
    for lint in (
        # sources and words
        Lint(
            "placeholder-source",
            ERROR,
            "a source that is a placeholder",
            "name the document and the paragraph",
        ),
        Lint(
            "cited-and-left-out",
            ERROR,
            "a rule cites a statement that the policy lists as not encoded",
            "take it out of `not_encoded`, or do not cite it",
        ),
        Lint(
            "modality-differs",
            ERROR,
            "a rule forbids what its statements open, or opens what they forbid",
            "cite the statement that says so, or change `kind`",
        ),
        Lint(
            "strength-differs",
            ERROR,
            "the strength of a rule is that of none of its statements",
            "take the strength of the statement that it rests on",
        ),
        Lint(
            "voice-differs",
            ERROR,
            "the voice of a rule is that of none of its statements",
            "take the voice of the statement that it rests on",
        ),
        Lint(
            "only-facts-cited",
            WARNING,
            "a rule rests on facts and open questions alone, which bind nobody",
            "cite the statement that draws the line, or make it a red flag",
        ),
        Lint(
            "layer-and-strength",
            ERROR,
            "a strength that does not go with the layer: a law outside the legal layer, or a signal in it",
            "a law is `layer: legal` and `strength: law`; a request or a concern is political",
        ),
        Lint(
            "inference-as-statement",
            ERROR,
            "an inference that runs without being asked for, or an author "
            "whose word counts for more than an inference",
            "`voice: author` and `strength: inference` go together",
        ),
        Lint("nobody-states", WARNING, "nobody is named who states the rule", "say `stated_by`"),
        Lint(
            "no-policy-edition",
            WARNING,
            "a policy without an edition, so that answers cannot tell which was used",
            "add `edition`, best as a day",
        ),
        Lint(
            "not-one-sentence",
            WARNING,
            "`says` is not one sentence with a full stop at its end",
            "say it in one sentence; what else there is goes into `note`",
        ),
        # lists
        Lint(
            "group-without-date",
            WARNING,
            "a list of countries or entries that does not say as of when",
            "add `as_of: YYYY-MM-DD`, the day of the list that was copied",
        ),
        Lint("group-without-source", WARNING, "a list that does not say where it comes from", "add `source`"),
        Lint(
            "wrong-as-of",
            ERROR,
            "an `as_of` that is no day, so that nobody can tell how old the list is",
            "write YYYY-MM-DD",
        ),
        Lint(
            "list-out-of-date",
            WARNING,
            "a list that is older than it may be when the policy was edited, or on `--as-of`",
            "compare it with its source, then set `as_of` anew",
        ),
        Lint(
            "territories-undecided",
            WARNING,
            "a state is named, and not whether it means its territories with "
            "codes of their own; there the rule stays undetermined",
            "put the state into a group, and say `territories: follow` or `separate`",
        ),
        Lint(
            "member-covered",
            WARNING,
            "a member of a group that stands under another member",
            "leave the finer one out, or the other if it says too much",
        ),
        # names
        Lint("unused-define", WARNING, "a definition that no rule uses", "use it, or leave it out"),
        Lint("unused-group", WARNING, "a group that no condition uses", "use it, or leave it out"),
        Lint(
            "unused-interpretation",
            WARNING,
            "an interpretation that no rule turns on",
            "use it, or leave it out",
        ),
        Lint("unused-fact", WARNING, "a declared fact that no rule asks for", "ask for it, or leave it out"),
        Lint(
            "answers-alike",
            WARNING,
            "two answers to an interpretation that no condition tells apart",
            "join them, or let a condition tell them apart",
        ),
        Lint("equal-groups", WARNING, "two groups with the same members", "keep one of the two"),
        Lint("equal-definitions", WARNING, "two definitions that are written alike", "keep one of the two"),
        Lint(
            "equal-rules",
            WARNING,
            "two rules with the same conditions and kind",
            "keep one, with the sources of both",
        ),
        Lint("same-words", WARNING, "two rules that say the same sentence", "say how they differ"),
        # logic
        Lint(
            "every-of-nothing",
            WARNING,
            "`every` or `only` without `some` on the same list: it is true of an empty list",
            "add `some` with the same list beside it, under `all`",
        ),
        Lint(
            "upstream-clears",
            ERROR,
            "an earlier step can clear: who adds a harmless one launders",
            "test the last holder (`from`), or turn the condition so that an earlier step can only bind",
        ),
        Lint(
            "silence-clears",
            ERROR,
            "`unstated` where it clears: who leaves a fact out is let off",
            "test the fact itself",
        ),
        Lint(
            "never-holds",
            ERROR,
            "conditions that contradict each other, so that they never hold",
            "one of the two is meant otherwise",
        ),
        # exceptions and permissions
        Lint(
            "exception-covers-rule",
            ERROR,
            "an exception that holds whenever the rule does, so that the rule never bites",
            "narrow `unless`",
        ),
        Lint(
            "exception-never-meets",
            WARNING,
            "an exception that never holds where the rule does",
            "leave it out, or say what was meant",
        ),
        Lint(
            "permission-covers-rule",
            ERROR,
            "a permission that holds whenever a rule that it defeats does",
            "narrow the permission",
        ),
        Lint(
            "permission-never-meets",
            WARNING,
            "a permission that never holds where a rule that it defeats does",
            "leave the rule out of `defeats`, or say what was meant",
        ),
        Lint(
            "permission-of-another-layer",
            WARNING,
            "a permission that defeats a rule of another layer",
            "a permission of politics lifts no law: name rules of its own layer",
        ),
        Lint(
            "permission-of-another-stater",
            WARNING,
            "a permission that defeats a rule which another state states",
            "who drew the line may open it: name rules of the same state",
        ),
        Lint(
            "weaker-permission",
            ERROR,
            "a permission that is weaker than a rule that it defeats",
            "a concern or a signal sets no law aside",
        ),
        # dates, amounts
        Lint(
            "no-running",
            WARNING,
            "a validity with a bound, and nothing said of steps that straddle it",
            "say `running: covered` or `exempt`; where the text is silent, accept this with that reason",
        ),
        Lint(
            "suspended-for-ever",
            WARNING,
            "a suspension without an end and with nothing after it",
            "say until when (`to`), or what comes after",
        ),
        Lint(
            "hidden-validity",
            WARNING,
            "a stretch of validity that later ones cover wholly, so that it decides no day",
            "write exceptions after what they except",
        ),
        Lint(
            "two-currencies",
            WARNING,
            "thresholds in different currencies in one policy: amounts in the other "
            "currency stay undetermined",
            "use one currency, or accept it with the reason",
        ),
        # requirements, red flags, subjects
        Lint(
            "paper-of-anyone",
            WARNING,
            "a grant that clears whoever has issued it",
            "add `issuer` to the paper",
        ),
        Lint(
            "paper-taken-as-good",
            WARNING,
            "a paper that clears though it may have run out, or may be about something else",
            "ask `paper: KIND`, or add `good: yes, covers: yes`",
        ),
        Lint("flag-without-question", WARNING, "a red flag that asks nothing", "add `asks`"),
        Lint(
            "scenario-for-one",
            WARNING,
            "a rule on the whole scenario that looks at single steps, items or agreements",
            "say `for: each step` (or item, or agreement), so that answers name which",
        ),
        # examples
        Lint(
            "no-examples",
            WARNING,
            "a rule without examples",
            "add `examples`: one that crosses, one that does not, one that cannot be told",
        ),
        Lint("no-crossing-example", WARNING, "no example in which the rule bites", "add one"),
        Lint("no-negative-example", WARNING, "no example in which the rule does not bite", "add one"),
        Lint(
            "no-open-example",
            WARNING,
            "no example in which it cannot be told",
            "add one, with a fact left out",
        ),
        Lint(
            "untested-edge",
            WARNING,
            "a threshold or the first or last day of a validity that no example stands on",
            "add an example on the edge, and one beside it",
        ),
        Lint(
            "untested-answer",
            WARNING,
            "an answer to an interpretation with which no example is run",
            "add an example with `reading: {NAME: ANSWER}`",
        ),
        Lint("duplicate-example", WARNING, "an example that stands there twice", "leave one out"),
        # acceptances
        Lint(
            "accepts-nothing",
            WARNING,
            "an accepted code that nothing is found of, or that is none",
            "leave it out",
        ),
    )
}
