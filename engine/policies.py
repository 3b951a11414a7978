"""Policies read: a file's document becomes a `Policy`, or its problems are told, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from redline.engine.characters import quote
from redline.engine.conditions import Conditions
from redline.engine.form import Form
from redline.engine.groups import group_from
from redline.engine.read import Document
from redline.engine.rules import rule_from
from redline.engine.show import did_you_mean
from redline.engine.typed import Lexicon
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Group, Interpretation, Policy, Rule
from redline.rules.problems import Problem, Related, errors
from redline.rules.quantities import DATE, MONEY, UNITS
from redline.rules.shapes import Field, Shape, Type
from redline.rules.terms import folded
from redline.rules.vocabulary import ASKED, EXTENSIBLE

KEYS = (
    ("redline", "policy", "title", "rules"),
    (
        "edition", "stated_by", "addressed_to", "registers", "extend", "lists", "groups", "facts",
        "interpretations", "define", "not_encoded", "note",
    ),
)  # fmt: skip
"""What a policy must say, and what it may."""


def is_policy(document: Document) -> bool:
    """Whether the document is a policy."""
    return isinstance(document.root, Map) and document.root.get("policy") is not None


def with_words_of(document: Document, lexicon: Lexicon, problems: list[Problem]) -> Lexicon:
    """The words of the lexicon and those that the policy adds: terms, control lists, declared facts."""
    form = Form(document.root, "a policy", problems) if isinstance(document.root, Map) else None
    if form is None:
        return lexicon
    for tree, terms in form.children("extend", Map):
        if (
            tree is None
            or tree.text not in lexicon.trees
            or lexicon.trees[tree.text].climb
            or not isinstance(terms, Map)
        ):
            said = "" if tree is None else tree.text
            open_trees = [n for n, t in lexicon.trees.items() if not t.climb and not t.closed]
            form.tell(
                "unknown-name",
                f"{quote(said)} cannot be extended",
                form.map.span,
                did_you_mean(said, open_trees) or f"one can extend {', '.join(open_trees)}",
            )
            continue
        for term, parent in terms:
            lexicon = _extended(lexicon, tree.text, term, parent, problems)
    lexicon = lexicon.with_lists(name.text for name, _ in form.children("lists", Map) if name is not None)
    for shape, fields in form.children("facts", Map):
        if shape is None or shape.text not in EXTENSIBLE or not isinstance(fields, Map):
            said = "" if shape is None else shape.text
            form.tell(
                "unknown-name",
                f"facts cannot be added to {quote(said)}",
                form.map.span,
                f"they can be added to {', '.join(EXTENSIBLE)}",
            )
            continue
        for name, node in fields:
            declared = _declared(name, node, shape.text, lexicon, problems)
            if declared is not None:
                lexicon = lexicon.with_facts(shape.text, {declared.name: declared})
    return lexicon


def asked_shapes(lexicon: Lexicon) -> Mapping[str, Shape]:
    """The shapes that rules see, with the facts that policies declare."""
    shapes = dict(ASKED)
    for stated, fields in lexicon.declared.items():
        for name in EXTENSIBLE[stated]:
            shapes[name] = replace(shapes[name], fields={**shapes[name].fields, **fields})
    return shapes


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
    for _, node in form.children("rules", Seq):
        rule = rule_from(node, form, conditions)
        if rule is not None:
            first = next((r for r in rules if r.id == rule.id), None)
            if first is not None:
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
            interpretations=interpretations,
            groups=groups,
            definitions={},
            declared={shape: dict(fields) for shape, fields in _facts(form, lexicon).items()},
            not_encoded={
                k.text: n.text
                for k, n in form.children("not_encoded", Map)
                if k is not None and isinstance(n, Text)
            },
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


def _extended(lexicon: Lexicon, tree: str, term: Text, parent: Node, problems: list[Problem]) -> Lexicon:
    known = lexicon.trees[tree].parents
    new = folded(term.text)
    above = folded(parent.text) if isinstance(parent, Text) else ""
    if above not in known:
        problems.append(
            Problem(
                "unknown-term",
                f"{quote(term.text)} is put below {quote(above)}, which is not there",
                term.span,
                did_you_mean(above, known) or "put it below a term of the vocabulary",
            )
        )
        return lexicon
    if new in known and known[new] != above:
        problems.append(
            Problem(
                "duplicate-term",
                f"{quote(term.text)} is there already, below {quote(known[new] or tree)}",
                term.span,
                "give it another name",
            )
        )
        return lexicon
    return lexicon.with_terms(tree, {new: above})


def _declared(name: Text, node: Node, shape: str, lexicon: Lexicon, problems: list[Problem]) -> Field | None:
    what = f"fact {quote(name.text)}"
    if not isinstance(node, Map):
        problems.append(
            Problem("wrong-shape", f"{what} has no type", node.span, "write `{type: length, asks: ...}`")
        )
        return None
    form = Form(node, what, problems)
    form.check_keys(("type",), ("means", "asks"))
    written = form.text("type")
    kinds = {
        **{d: Type("amount", d) for d in (*UNITS, MONEY, DATE)},
        **{t: Type("tree", t) for t in lexicon.trees},
        "yes/no": Type("tree", "yes_no"),
        "name": Type("name"),
    }
    kind = kinds.get(written) or kinds.get(written.replace("-", "_"))
    if kind is None:
        form.tell(
            "unknown-name",
            f"there is no type {quote(written)}",
            node.span,
            did_you_mean(written, kinds) or f"it is one of {', '.join(kinds)}",
        )
        return None
    if name.text in ASKED[EXTENSIBLE[shape][0]].names():
        form.tell(
            "duplicate-name",
            f"{what} is in the vocabulary already",
            name.span,
            "use it, or give yours another name",
        )
        return None
    before = lexicon.declared.get(shape, {}).get(name.text)
    if before is not None and before.type != kind:
        form.tell(
            "duplicate-name",
            f"{what} is declared elsewhere with another type",
            name.span,
            "give it another name",
        )
        return None
    asks = form.text("asks") or f"what is the {name.text.replace('_', ' ')} of {{of}}?"
    return Field(name.text, kind, form.text("means") or name.text.replace("_", " "), asks)


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
