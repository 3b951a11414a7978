"""The words that policies add: finer terms, control lists, facts that can be declared."""

from __future__ import annotations

from collections.abc import Mapping

from redline.engine.characters import quote
from redline.engine.form import Form
from redline.engine.read import Document
from redline.engine.show import did_you_mean
from redline.engine.typed import Lexicon
from redline.rules.frozen import replace
from redline.rules.node import Map, Node, Text
from redline.rules.problems import Problem
from redline.rules.quantities import DATE, MONEY, UNITS
from redline.rules.shapes import Field, Shape, Type
from redline.rules.terms import folded
from redline.rules.vocabulary import ASKED, EXTENSIBLE


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
