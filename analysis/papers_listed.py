"""The papers of a transfer in the form to which papers can be added, and back again."""

from __future__ import annotations

from collections.abc import Callable

from redline.engine.possible import MORE, NONE, is_word
from redline.rules.node import Map, Node, Seq, Text


def normal(root: Node) -> Node:
    """The scenario with `papers: none` of a transfer in its long form, to which papers can be added without
    leaving it open whether there are others."""
    return _papers(root, lambda node: _NO_PAPER if is_word(node, NONE) else node)


def shorter(root: Node) -> Node:
    """The scenario with an empty long form of `papers` written `none` again."""
    return _papers(root, lambda node: Text(NONE) if node == _NO_PAPER else node)


_NO_PAPER = Map(((Text("known"), Seq(())), (Text(MORE), Text(NONE))))


def _papers(root: Node, of: Callable[[Node], Node]) -> Node:
    if not isinstance(root, Map):
        return root

    def step(node: Node) -> Node:
        if not isinstance(node, Map):
            return node
        return Map(tuple((k, of(v) if k.text == "papers" else v) for k, v in node), node.span)

    def steps(node: Node) -> Node:
        match node:
            case Seq(items, span):
                return Seq(tuple(map(step, items)), span)
            case Map() if node.get("known") is not None:
                return Map(tuple((k, steps(v) if k.text == "known" else v) for k, v in node), node.span)
            case _:
                return step(node)

    return Map(tuple((k, steps(v) if k.text == "transfers" else v) for k, v in root), root.span)
