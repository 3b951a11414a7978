"""A case as gates: its formulas taken apart into parts, each of which may hold and may fail.

Run in the child of the second opinion: nothing but the standard library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

Tree: TypeAlias = "str | list[Tree]"
"""A comparison answered `T`, `F` or `U`; or `all`, `any` or `not`, and the parts."""
Fact = dict[str, str]


class Tokens:
    """Names of our own making, no two of which (nor any of the words given) share the 32-bit hash by
    which durable_rules tells names apart."""

    def __init__(self, words: Iterable[str]) -> None:
        self._made: list[str] = []
        self._hashes = {fnv1a(word) for word in words}
        self._tried = 0

    def __getitem__(self, index: int) -> str:
        while len(self._made) <= index:
            token = f"t{self._tried}"
            self._tried += 1
            if (found := fnv1a(token)) not in self._hashes:
                self._hashes.add(found)
                self._made.append(token)
        return self._made[index]


def fnv1a(word: str) -> int:
    """The 32-bit FNV-1a hash."""
    found = 2166136261
    for byte in word.encode():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


class Circuit:
    """The parts of a case as nodes.  Of each node there are two names: that it may hold, that it may fail."""

    def __init__(self, tokens: Tokens) -> None:
        self.nodes: list[tuple[str, tuple[int, ...]]] = []
        self.names: list[tuple[str, str]] = []
        self._tokens = tokens
        self._used = 0

    def add(self, tree: Tree, role: str = "") -> int:
        """The node of a tree, with all below it.  `all` of one part, and `all` right in `all`, need none of
        their own; so with `any`."""
        if isinstance(tree, str):
            return self.join(tree, (), role)
        op, *parts = tree
        if not isinstance(op, str):
            raise TypeError(f"{op!r} is no sort of node")
        if op in ("all", "any"):
            parts = [*_flattened(op, parts)]
            if len(parts) == 1:
                return self.add(parts[0], role)
        return self.join(op, [self.add(part) for part in parts], role)

    def join(self, op: str, parts: Sequence[int], role: str = "") -> int:
        """A node of nodes that are there.  A role is the word by which the rules for verdicts know it."""
        self.nodes.append((op, tuple(parts)))
        self.names.append((f"{role}+", f"{role}-") if role else (self._token(), self._token()))
        return len(self.nodes) - 1

    def facts(self) -> Iterator[Fact]:
        """What is told of the nodes: the gates between them, and what the comparisons may do."""
        for (op, parts), (holds, fails) in zip(self.nodes, self.names, strict=True):
            holding, failing = ([self.names[part][i] for part in parts] for i in (0, 1))
            match op:
                case "T" | "F" | "U":
                    if op != "F":
                        yield {"is": holds}
                    if op != "T":
                        yield {"is": fails}
                case "all":
                    yield from self._all(holding, holds)
                    yield from _any(failing, fails)
                case "any":
                    yield from _any(holding, holds)
                    yield from self._all(failing, fails)
                case "not":
                    yield from _any(holding, fails)
                    yield from _any(failing, holds)
                case _:
                    raise ValueError(f"{op!r} is no sort of node")

    def undecided(self, roots: Iterable[int], inferred: set[str]) -> list[int]:
        """The comparisons, as counted, on which it rests that a root may both hold and fail."""
        comparisons = [n for n, (op, _) in enumerate(self.nodes) if op in ("T", "F", "U")]
        counted = {node: i for i, node in enumerate(comparisons)}
        found: dict[int, None] = {}
        waiting = [*roots][::-1]
        while waiting:
            node = waiting.pop()
            if inferred.issuperset(self.names[node]):
                waiting.extend(reversed(self.nodes[node][1]))
                if node in counted:
                    found.setdefault(counted[node])
        return list(found)

    def _all(self, inputs: Sequence[str], output: str) -> Iterator[Fact]:
        """Gates of two inputs, one after the other; of none, the output is so."""
        if not inputs:
            yield {"is": output}
        elif len(inputs) == 1:
            yield from _any(inputs, output)
        else:
            *others, last = inputs
            first = others[0]
            for other in others[1:]:
                between = self._token()
                yield {"op": "all", "a": first, "b": other, "out": between}
                first = between
            yield {"op": "all", "a": first, "b": last, "out": output}

    def _token(self) -> str:
        self._used += 1
        return self._tokens[self._used - 1]


def _flattened(op: str, parts: Iterable[Tree]) -> Iterator[Tree]:
    for part in parts:
        if not isinstance(part, str) and part[:1] == [op]:
            yield from _flattened(op, part[1:])
        else:
            yield part


def _any(inputs: Sequence[str], output: str) -> Iterator[Fact]:
    for each in inputs:
        yield {"op": "any", "a": each, "out": output}
