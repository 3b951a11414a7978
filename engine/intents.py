"""What a policy is for: the scope that it means to decide, and what must not come about whatever its rules'
letter says.  Neither gives a verdict; `redline verify` holds the rules to them."""

from __future__ import annotations

import re

from redline.engine.characters import quote
from redline.engine.conditions import Conditions
from redline.engine.form import Form
from redline.engine.show import did_you_mean
from redline.rules.node import Map, Node, Seq
from redline.rules.policy import Rule
from redline.rules.verdicts import Kind, Layer, Strength, Voice
from redline.rules.vocabulary import SUBJECTS

INTENT_KEYS = (("id", "says", "when"), ("for", "note"))
"""What an intent must say, and what it may."""
DECIDES_KEYS = (("when",), ("for", "note"))
"""The same of the scope that a policy means to decide."""
_ID = re.compile(r"[\w.-]+")


def intents_of(policy: Form, conditions: Conditions) -> tuple[Rule, ...]:
    """What must not come about: each like a red flag that is raised where it does."""
    found = []
    for _, node in policy.children("intents", Seq):
        form = policy.form(node, "an intent", INTENT_KEYS)
        ident = form.formed("id", _ID, "an id of letters, digits, `_`, `-` and `.`")
        found.append(_raised(form, policy, ident, form.text("says"), conditions))
    return tuple(rule for rule in found if rule is not None)


def decides_of(policy: Form, conditions: Conditions) -> tuple[Rule, ...]:
    """The scope that the policy means to decide, like a red flag raised in it; none if it says none."""
    node = policy.map.get("decides")
    if node is None:
        return ()
    form = policy.form(node, "`decides`", DECIDES_KEYS)
    rule = _raised(form, policy, "decides", "what the policy means to decide", conditions)
    return () if rule is None else (rule,)


def _raised(form: Form, policy: Form, ident: str, says: str, conditions: Conditions) -> Rule | None:
    body: Node | None = form.map.get("when")
    subject = _subject(form)
    when = None if body is None else conditions.read(body, subject)
    if when is None:
        return None
    name = form.map.get("id")
    return Rule(
        id=ident, policy=policy.text("policy"), says=says, kind=Kind.FLAGS, subject=subject,
        layer=Layer.POLITICAL, strength=Strength.INFERENCE, voice=Voice.STATE,
        stated_by=policy.text("stated_by"), addressed_to="", source=(), when=when, note=form.text("note"),
        span=form.map.span if name is None or isinstance(name, Map | Seq) else name.span,
    )  # fmt: skip


def _subject(form: Form) -> str:
    written = form.text("for")
    found = next((s for s, phrase in SUBJECTS.items() if written in (phrase, s)), None)
    if written and found is None:
        advice = did_you_mean(written, SUBJECTS.values()) or f"it is for {', '.join(SUBJECTS.values())}"
        form.tell("unknown-word", f"{form.what} is for {quote(written)}", form.map.span, advice)
    return found or "step"
