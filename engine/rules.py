"""One rule read, with its validity and its examples."""

from __future__ import annotations

import re

from redline.engine.characters import quote
from redline.engine.conditions import Conditions
from redline.engine.form import Form
from redline.engine.show import did_you_mean
from redline.engine.typed import between, day
from redline.rules.condition import Condition
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Example, Rule, Validity
from redline.rules.problems import Problem
from redline.rules.quantities import DATE, days
from redline.rules.shapes import Type
from redline.rules.values import Amounts
from redline.rules.verdicts import Kind, Layer, Strength, Verdict, Voice
from redline.rules.vocabulary import SUBJECTS

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_REQUIRED = ("id", "says", "kind", "source", "layer", "strength", "for")
_OPTIONAL = (
    "voice", "stated_by", "addressed_to", "scope", "when", "unless", "requires", "defeats", "validity",
    "running", "burden", "factors", "asks", "accept", "note", "examples",
)  # fmt: skip
KEYS = (_REQUIRED, _OPTIONAL)
"""What a rule must say, and what it may."""
EXAMPLE_VERDICTS = (
    *(str(v) for v in Verdict), "applies", "does_not_apply", "may_apply", "raised", "not_raised", "question",
)  # fmt: skip
"""What an example may expect: a verdict, or of a permission or a red flag, whether it holds."""
EXAMPLE_KEYS = ("with", "reading", "note", "unconfirmed")
"""What an example may have besides its verdict."""
STATES = ("in_force", "suspended", "unknown")
RUNNING = ("covered", "exempt")


def rule_from(node: Node, policy: Form, conditions: Conditions) -> Rule | None:
    """The rule written at a node of a policy; None, told, if it cannot be read."""
    problems = policy.problems
    if not isinstance(node, Map):
        problems.append(
            Problem("wrong-shape", "a rule is not a mapping", node.span, f"it has {', '.join(_REQUIRED)}")
        )
        return None
    before = len(problems)
    label = node.get("id")
    form = Form(node, f"rule {quote(label.text)}" if isinstance(label, Text) else "a rule", problems)
    form.check_keys(*KEYS)
    kind = form.word("kind", Kind)
    subject = _subject(form)
    read = {
        name: _condition(form, name, subject, conditions) for name in ("scope", "when", "unless", "requires")
    }
    rule = Rule(
        id=form.formed("id", _ID, "an id of letters, digits, `_`, `-` and `.`"),
        policy=policy.text("policy"),
        says=form.text("says"),
        kind=kind or Kind.PROHIBITS,
        subject=subject,
        layer=form.word("layer", Layer) or Layer.POLITICAL,
        strength=form.word("strength", Strength) or Strength.CONCERN,
        voice=(form.word("voice", Voice) or Voice.STATE) if node.get("voice") else Voice.STATE,
        stated_by=form.text("stated_by") or policy.text("stated_by"),
        addressed_to=form.text("addressed_to") or policy.text("addressed_to"),
        source=_texts(form, "source"),
        scope=read["scope"],
        when=read["when"],
        unless=read["unless"],
        requires=read["requires"],
        defeats=_texts(form, "defeats"),
        validity=_validity(form),
        running=_running(form),
        burden=_among(form, "burden", ("exporter",)),
        asks=form.text("asks"),
        factors=_factors(form, subject, conditions),
        examples=_examples(form),
        accepts=accepted(form),
        note=form.text("note"),
        span=label.span if isinstance(label, Text) else node.span,
    )
    if kind is not None:
        _fitting(rule, form)
    return rule if len(problems) == before else None


def _fitting(rule: Rule, form: Form) -> None:
    """Tells what does not go with the kind of the rule."""
    own = {
        "requires": Kind.REQUIRES,
        "burden": Kind.REQUIRES,
        "defeats": Kind.PERMITS,
        "factors": Kind.WEIGHS,
        "asks": Kind.FLAGS,
    }
    for key, kind in own.items():
        if form.map.get(key) is not None and rule.kind is not kind:
            form.tell(
                "wrong-key",
                f"a rule that {rule.kind} has no `{key}`",
                form.map.span,
                f"`{key}` belongs to a rule that {kind}",
            )
    if rule.kind is Kind.REQUIRES and form.map.get("requires") is None:
        form.tell(
            "missing-key",
            f"{form.what} does not say what it requires",
            form.map.span,
            "add `requires: {paper: ...}`",
        )
    if rule.kind is not Kind.REQUIRES and form.map.get("when") is None and form.map.get("scope") is None:
        form.tell(
            "missing-key",
            f"{form.what} has no condition, so it is about everything",
            form.map.span,
            "add `when:`",
        )
    if form.map.get("running") is not None and not rule.validity:
        form.tell(
            "wrong-key",
            f"{form.what} has `running` and no validity",
            form.map.span,
            "add `validity:`, or leave it out",
        )


def _subject(form: Form) -> str:
    written = form.text("for")
    for subject, phrase in SUBJECTS.items():
        if written in (phrase, subject):
            return subject
    if written:
        form.tell(
            "unknown-word",
            f"{form.what} is for {quote(written)}",
            form.map.span,
            did_you_mean(written, SUBJECTS.values()) or f"it is for {', '.join(SUBJECTS.values())}",
        )
    return "step"


def _condition(form: Form, name: str, subject: str, conditions: Conditions) -> Condition | None:
    node = form.map.get(name)
    return None if node is None else conditions.read(node, subject)


def _factors(form: Form, subject: str, conditions: Conditions) -> tuple[tuple[str, Condition], ...]:
    factors = []
    for _, node in form.children("factors", Seq):
        inner = form.form(node, "a factor", (("name", "when"), ()))
        body = inner.map.get("when")
        condition = None if body is None else conditions.read(body, subject)
        if condition is not None:
            factors.append((inner.text("name"), condition))
    return tuple(factors)


def _texts(form: Form, key: str) -> tuple[str, ...]:
    node = form.map.get(key)
    if node is None:
        return ()
    found = []
    for item in node.items if isinstance(node, Seq) else (node,):
        text = item.get("text") if isinstance(item, Map) else item
        if isinstance(text, Text) and text.text.strip():
            found.append(text.text.strip())
        else:
            form.tell(
                "wrong-shape",
                f"`{key}` of {form.what} is not a list of texts",
                item.span,
                f"write `{key}: [...]`",
            )
    return tuple(found)


def accepted(form: Form) -> dict[str, str]:
    """The findings of `redline lint` that are accepted where they stand: each code with the reason."""
    node = form.map.get("accept")
    if isinstance(node, Map):
        inner = Form(node, f"`accept` of {form.what}", form.problems)
        return {key.text: inner.text(key.text) for key, _ in node}
    if node is not None:
        form.tell(
            "wrong-shape", f"`accept` of {form.what} is not a mapping", node.span, "write `{CODE: reason}`"
        )
    return {}


def _among(form: Form, key: str, words: tuple[str, ...]) -> str:
    written = form.text(key)
    if written and written not in words:
        form.tell(
            "unknown-word",
            f"{quote(written)} is no `{key}` of {form.what}",
            form.map.span,
            did_you_mean(written, words) or f"it is one of {', '.join(words)}",
        )
        return ""
    return written


def _running(form: Form) -> tuple[str, str]:
    node = form.map.get("running")
    if isinstance(node, Map):
        inner = Form(node, f"`running` of {form.what}", form.problems)
        inner.check_keys((), ("begun_before", "ended_after"))
        return _among(inner, "begun_before", RUNNING), _among(inner, "ended_after", RUNNING)
    if node is None:
        return "", ""
    said = _among(form, "running", RUNNING)
    return said, said


def _validity(form: Form) -> tuple[Validity, ...]:
    node = form.map.get("validity")
    if node is None:
        return ()
    stretches = []
    for item in node.items if isinstance(node, Seq) else (node,):
        inner = form.form(item, f"a validity of {form.what}", ((), ("from", "to", "lifted", "state")))
        state = _among(inner, "state", STATES) or "in_force"
        span = _days(inner)
        if span is not None:
            stretches.append(Validity(span, state, inner.map.span))
    return tuple(stretches)


def _days(form: Form) -> Amounts | None:
    """`from` to `to`, both inclusive; `lifted` is the first day not in force."""
    if form.map.get("to") is not None and form.map.get("lifted") is not None:
        form.tell(
            "wrong-key",
            f"{form.what} has both `to` and `lifted`",
            form.map.span,
            "`to` is the last day in force, `lifted` the first not in force: keep one",
        )
        return None
    bounds = [
        (Text("before" if k.text == "lifted" else k.text, k.span), v)
        for k, v in form.map
        if k.text in ("from", "to", "lifted")
    ]
    if not bounds:
        return days(None, None)
    for _, text in bounds:
        if isinstance(text, Text) and day(text, []) is not None and len(text.text.strip()) < 10:
            form.tell(
                "inexact-date",
                f"{quote(text.text)} is not one day",
                text.span,
                "a validity begins and ends on a day: write YYYY-MM-DD, and put days that are not known "
                "under `state: unknown`",
            )
            return None
    return between(Map(tuple(bounds), form.map.span), Type("amount", DATE), form.what, form.problems)


def _examples(form: Form) -> tuple[Example, ...]:
    examples = []
    for _, node in form.children("examples", Seq):
        verdicts = [key for key, _ in node if key.text in EXAMPLE_VERDICTS] if isinstance(node, Map) else []
        if not isinstance(node, Map) or len(verdicts) != 1:
            form.tell(
                "wrong-shape",
                f"an example of {form.what} does not name one verdict",
                node.span,
                "write `{crosses: SCENARIO}`; it may have `with`, `reading` and `note`",
            )
            continue
        inner = Form(node, f"an example of {form.what}", form.problems)
        inner.check_keys((verdicts[0].text,), EXAMPLE_KEYS)
        changes = tuple((key.text, value) for key, value in inner.children("with", Map) if key is not None)
        readings = {
            k.text: v.text for k, v in inner.children("reading", Map) if k is not None and isinstance(v, Text)
        }
        examples.append(
            Example(
                verdicts[0].text,
                inner.text(verdicts[0].text),
                changes,
                readings,
                inner.text("note"),
                _among(inner, "unconfirmed", ("true",)) == "true",
                verdicts[0].span,
            )
        )
    return tuple(examples)
