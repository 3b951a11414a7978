"""Policies read: a file's document becomes a `Policy`, or its problems are told, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from redline.engine.characters import quote
from redline.engine.conditions import Conditions
from redline.engine.form import Form
from redline.engine.groups import group_from
from redline.engine.intents import decides_of, intents_of
from redline.engine.read import Document
from redline.engine.rules import accepted, rule_from
from redline.engine.show import did_you_mean
from redline.engine.typed import Lexicon
from redline.engine.words import asked_shapes
from redline.rules.frozen import replace
from redline.rules.node import Map, Seq, Text
from redline.rules.policy import Group, Interpretation, Policy, Rule
from redline.rules.problems import Problem, Related, errors
from redline.rules.shapes import Field

KEYS = (
    ("redline", "policy", "title", "rules"),
    (
        "edition", "stated_by", "addressed_to", "registers", "extend", "lists", "groups", "facts",
        "interpretations", "define", "intents", "decides", "not_encoded", "accept", "note",
    ),
)  # fmt: skip
"""What a policy must say, and what it may."""


def is_policy(document: Document) -> bool:
    """Whether the document is a policy."""
    return isinstance(document.root, Map) and document.root.get("policy") is not None


def policy_from(
    document: Document, lexicon: Lexicon, digest: str = ""
) -> tuple[Policy | None, list[Problem]]:
    """The policy of a document, read with all the words of `lexicon`; None if it has errors."""
    problems: list[Problem] = []
    if not isinstance(document.root, Map):
        return None, [
            Problem(
                "wrong-shape",
                "a policy is not a mapping",
                document.root.span,
                "write `redline: 1`, `policy: ...`",
            )
        ]
    form = Form(document.root, "a policy", problems)
    form.check_keys(*KEYS)
    name = form.text("policy")
    groups = _groups(form, lexicon)
    interpretations = _interpretations(form, name)
    written = {key.text: node for key, node in form.children("define", Map) if key is not None}
    conditions = Conditions(name, asked_shapes(lexicon), lexicon, groups, interpretations, written, problems)
    rules: list[Rule] = []
    by_id: dict[str, Rule] = {}
    for _, node in form.children("rules", Seq):
        rule = rule_from(node, form, conditions)
        if rule is not None:
            first = by_id.setdefault(rule.id, rule)
            if first is not rule:
                problems.append(
                    Problem(
                        "duplicate-id",
                        f"rule {quote(rule.id)} is there twice",
                        rule.span,
                        "give each rule an id of its own",
                        (Related(first.span, "the first"),),
                    )
                )
            rules.append(rule)
    accepts = accepted(form)
    intents, decides = intents_of(form, conditions), decides_of(form, conditions)
    _unused(form, conditions)
    if errors(problems):
        return None, problems
    return (
        Policy(
            id=name,
            title=form.text("title"),
            edition=form.text("edition"),
            stated_by=form.text("stated_by"),
            addressed_to=form.text("addressed_to"),
            registers=tuple(n.text for _, n in form.children("registers", Seq) if isinstance(n, Text)),
            rules=tuple(rules),
            intents=intents,
            decides=decides,
            interpretations=interpretations,
            groups=groups,
            definitions={},
            declared={shape: dict(fields) for shape, fields in _facts(form, lexicon).items()},
            not_encoded={
                k.text: n.text
                for k, n in form.children("not_encoded", Map)
                if k is not None and isinstance(n, Text)
            },
            accepts=accepts,
            document=document.name,
            digest=digest,
            span=form.map.span,
        ),
        problems,
    )


def link(policies: Iterable[Policy]) -> tuple[tuple[Policy, ...], list[Problem]]:
    """The policies, every rule that a permission names by its full name; what names nothing is told."""
    policies = tuple(policies)
    known = {f"{policy.id}/{rule.id}": rule for policy in policies for rule in policy.rules}
    problems: list[Problem] = []
    linked = []
    for policy in policies:
        twin = next((p for p in policies if p.id == policy.id and p is not policy), None)
        if twin is not None:
            problems.append(
                Problem(
                    "duplicate-id",
                    f"policy {quote(policy.id)} is loaded twice",
                    policy.span,
                    "leave one out",
                    (Related(twin.span, "the other"),),
                )
            )
        rules = []
        for rule in policy.rules:
            targets = [t if "/" in t else f"{policy.id}/{t}" for t in rule.defeats]
            problems.extend(p for t in targets if (p := _bad_target(rule, t, known)) is not None)
            rules.append(replace(rule, defeats=tuple(t for t in targets if t in known)))
        linked.append(replace(policy, rules=tuple(rules)))
    return tuple(linked), problems


def _bad_target(rule: Rule, target: str, known: Mapping[str, Rule]) -> Problem | None:
    other = known.get(target)
    if other is None:
        own = [name.removeprefix(f"{rule.policy}/") for name in known]
        advice = (
            did_you_mean(target.removeprefix(f"{rule.policy}/"), own)
            or "load the policy that has it, or correct the name"
        )
        return Problem(
            "unknown-rule",
            f"rule {quote(rule.id)} defeats {quote(target)}, which is not there",
            rule.span,
            advice,
        )
    if other.kind in ("permits", "flags"):
        return Problem(
            "wrong-target",
            f"rule {quote(rule.id)} defeats {quote(target)}, which {other.kind}",
            rule.span,
            "a permission defeats prohibitions, requirements and weighings; put exceptions to a permission "
            "under its `unless`",
            (Related(other.span, "the rule named"),),
        )
    if other.subject != rule.subject:
        return Problem(
            "wrong-target",
            f"rule {quote(rule.id)} is for another subject than {quote(target)}, which it defeats",
            rule.span,
            "a permission defeats on the same subject only: use the same `for:`",
            (Related(other.span, "the rule named"),),
        )
    return None


def _facts(form: Form, lexicon: Lexicon) -> Mapping[str, Mapping[str, Field]]:
    return {
        shape.text: {
            name.text: lexicon.declared[shape.text][name.text]
            for name, _ in fields
            if name.text in lexicon.declared.get(shape.text, {})
        }
        for shape, fields in form.children("facts", Map)
        if shape is not None and isinstance(fields, Map)
    }


def _groups(form: Form, lexicon: Lexicon) -> dict[str, Group]:
    groups = {}
    for name, node in form.children("groups", Map):
        if name is not None and isinstance(node, Map):
            group = group_from(name, node, lexicon, form.problems)
            if group is not None:
                groups[group.name] = group
        elif name is not None:
            form.tell(
                "wrong-shape",
                f"group {quote(name.text)} is not a mapping",
                node.span,
                "write `{of: country, members: [...]}`",
            )
    return groups


def _interpretations(form: Form, policy: str) -> dict[str, Interpretation]:
    found = {}
    for name, node in form.children("interpretations", Map):
        if name is None or not isinstance(node, Map):
            form.tell(
                "wrong-shape",
                "an interpretation is not a mapping",
                node.span,
                "write `{question: ..., answers: {yes: ..., no: ...}}`",
            )
            continue
        inner = Form(node, f"interpretation {quote(name.text)}", form.problems)
        inner.check_keys(("question", "answers"), ())
        listed = node.get("answers")
        if isinstance(listed, Seq):
            answers = {a.text: "" for a in listed.items if isinstance(a, Text)}
        else:
            answers = {
                a.text: n.text
                for a, n in inner.children("answers", Map)
                if a is not None and isinstance(n, Text)
            }
        if len(answers) < 2:
            inner.tell(
                "wrong-shape",
                f"interpretation {quote(name.text)} has fewer than two answers",
                node.span,
                "a question with one answer is none",
            )
        found[name.text] = Interpretation(name.text, policy, inner.text("question"), answers, name.span)
    return found


def _unused(form: Form, conditions: Conditions) -> None:
    """Reads the definitions that no rule uses too, so that what is wrong in them is told."""
    for key, node in form.children("define", Map):
        if key is not None and key.text not in conditions.used:
            scratch = replace(conditions, problems=[], _open=[], _read={}, used=set())
            if not any(
                scratch.read(node, shape) is not None
                for shape in ("step", "part", "item", "party", "agreement", "scenario", "reached")
            ):
                form.problems.extend(scratch.problems[:1])
