"""Whether rules say what their sources say: kind, strength, voice and layer, and in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redline.analysis.lint_on import Linted, finding
from redline.engine.characters import quote
from redline.rules.policy import Rule
from redline.rules.problems import Problem, Related
from redline.rules.register import WEIGHTLESS, Modality, Statement
from redline.rules.verdicts import Kind, Layer, Strength, Voice

_PLACEHOLDERS = frozenset(
    {"todo", "tbd", "tba", "fixme", "xxx", "n/a", "none", "unknown", "source", "?", "...", "-"}
)
_OPENS = frozenset({Modality.PERMITS, Modality.LIFTS})
_FORBIDS = frozenset({Modality.PROHIBITS, Modality.REQUESTS_RESTRAINT, Modality.VOICES_CONCERN})
_BINDS = frozenset({Kind.PROHIBITS, Kind.REQUIRES})
_NO_LAW = frozenset({Strength.COMMITMENT, Strength.FORMAL_REQUEST, Strength.INDICATED, Strength.CONCERN})
# The end of a sentence with another after it; a word of one or two letters may be an abbreviation.
_TWO_SENTENCES = re.compile(r"\w{3,}[.!?]\s+[A-Z]")


def sources(on: Linted) -> Iterator[Problem]:
    """What is found about the sources of the policy's rules."""
    if not on.policy.edition:
        yield finding("no-policy-edition", f"policy {quote(on.policy.id)} has no edition", on.here("policy"))
    for rule in on.policy.rules:
        said = [on.statements[source] for source in rule.source if source in on.statements]
        yield from _cited(rule, on)
        yield from _words(rule, on)
        yield from _weight(rule, on)
        yield from _against(rule, said, on)


def _cited(rule: Rule, on: Linted) -> Iterator[Problem]:
    at = on.at(rule, "source")
    for source in rule.source:
        if source.casefold() in _PLACEHOLDERS:
            message = f"the source of rule {quote(rule.id)} is {quote(source)}"
            yield finding("placeholder-source", message, at)
        if source in on.policy.not_encoded:
            message = f"rule {quote(rule.id)} cites {quote(source)}, which the policy leaves out"
            why = Related(on.here("not_encoded"), "left out here")
            yield finding("cited-and-left-out", message, at, why)


def _words(rule: Rule, on: Linted) -> Iterator[Problem]:
    if not rule.says.endswith((".", "!", "?")) or _TWO_SENTENCES.search(rule.says):
        message = f"what rule {quote(rule.id)} says is not one sentence"
        yield finding("not-one-sentence", message, on.at(rule, "says"))
    if not rule.stated_by:
        yield finding("nobody-states", f"nobody is named who states rule {quote(rule.id)}", rule.span)


def _weight(rule: Rule, on: Linted) -> Iterator[Problem]:
    at = on.at(rule, "strength")
    if (rule.strength is Strength.LAW and rule.layer is not Layer.LEGAL) or (
        rule.layer is Layer.LEGAL and rule.strength in _NO_LAW and rule.kind is not Kind.FLAGS
    ):
        message = (
            f"rule {quote(rule.id)} is of the {rule.layer} layer and of the strength {quote(rule.strength)}"
        )
        yield finding("layer-and-strength", message, at)
    if (rule.voice is Voice.AUTHOR) != (rule.strength is Strength.INFERENCE):
        message = (
            f"rule {quote(rule.id)} has the voice {quote(rule.voice)} and the strength {quote(rule.strength)}"
        )
        yield finding("inference-as-statement", message, at)


def _against(rule: Rule, said: list[Statement], on: Linted) -> Iterator[Problem]:
    """A rule held against the statements that it cites."""
    if not said:
        return
    weighty = [each for each in said if each.modality not in WEIGHTLESS]
    places = [Related(each.span, f"{each.id}: {each.modality}") for each in said]
    if not weighty:
        if rule.kind in _BINDS or rule.defeats:
            message = f"rule {quote(rule.id)} cites facts and questions alone"
            yield finding("only-facts-cited", message, on.at(rule, "source"), *places)
        return
    modalities = {each.modality for each in weighty}
    if (rule.kind in _BINDS and modalities <= _OPENS) or (
        rule.kind is Kind.PERMITS and modalities <= _FORBIDS
    ):
        does = ", ".join(sorted(str(m).replace("_", " ") for m in modalities))
        message = f"rule {quote(rule.id)} {rule.kind}, and what it cites {does}"
        yield finding("modality-differs", message, on.at(rule, "kind"), *places)
    strengths = {each.strength for each in weighty if each.strength is not None}
    if strengths and rule.strength not in strengths:
        known = ", ".join(quote(s) for s in sorted(strengths))
        message = f"rule {quote(rule.id)} has the strength {quote(rule.strength)}, and what it cites {known}"
        yield finding("strength-differs", message, on.at(rule, "strength"), *places)
    voices = {each.voice for each in weighty}
    if rule.voice not in voices:
        known = ", ".join(quote(v) for v in sorted(voices))
        message = f"rule {quote(rule.id)} has the voice {quote(rule.voice)}, and what it cites {known}"
        yield finding("voice-differs", message, on.at(rule, "voice"), *places)
