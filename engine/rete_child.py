"""The second opinion's child process: durable_rules gives the verdicts of the cases that it is sent.

A case comes as the formulas of one rule on one record, with every list unrolled and every comparison
already answered: `["all", ...]`, `["any", ...]`, and for each comparison `T`, `F` or `U`.  Everything
above the comparisons is inferred by the rules below, from facts of two sorts: a part of the rule may
hold (`+`), and it may fail (`-`).  A comparison that is not known may do both.  That is strong Kleene
logic without a negation: what holds for certain is what cannot fail.

This file stands alone.  It is run by its path, with nothing but the standard library and the C module
`durable_rules_engine`, which is asked directly: its Python front starts threads.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

VERSION = 1
"""Of what is said at the wire; both ends must be of one."""
JUDGED = ("prohibits", "requires", "weighs")
ROOTS = ("bound", "when", "unless", "met", "granted")
"""The parts of a rule, in the order in which their comparisons are counted; its permissions follow."""

Tree: TypeAlias = str | Sequence["str | Tree"]
"""`T`, `F` or `U`; or `all`, `any` or `not` and the parts."""
Pattern = dict[str, object]


def _every(*tokens: str) -> list[Pattern]:
    """Patterns of a rule that waits for all these inferences."""
    return [{f"m{i}": {"is": token}} for i, token in enumerate(tokens)]


def _either(*tokens: str) -> Pattern:
    return {"m": {"$or": [{"is": token} for token in tokens]}}


# The rules are few and never change: what a policy says comes as facts about gates.  So no limit on
# rules, patterns or tests is ever approached, and nothing is compared but strings of our own making.
RULES: Mapping[str, Mapping[str, Sequence[Pattern]]] = {
    "start": {"all": [{"m": {"start": "yes"}}]},
    "any": {"all": [{"gate": {"op": "any"}}, {"a": {"is": {"gate": "a"}}}]},
    "all": {"all": [{"gate": {"op": "all"}}, {"a": {"is": {"gate": "a"}}}, {"b": {"is": {"gate": "b"}}}]},
    "may bite": {"all": _every("when+", "unless-", "permitted-")},
    "may not bite": {"all": [_either("when-", "unless+", "permitted+")]},
    "not_applicable": {"all": _every("bound-")},
    "not_crossed: does not bite": {"all": _every("bound+", "bites-")},
    "not_crossed: met otherwise": {"all": _every("bound+", "bites+", "met+", "granted-")},
    "authorised": {"all": _every("bound+", "bites+", "met+", "granted+")},
    "crosses": {
        "all": [
            {"k": {"$or": [{"kind": "prohibits"}, {"kind": "requires"}]}},
            *_every("bound+", "bites+", "met-"),
        ]
    },
    "requires_assessment": {"all": [{"k": {"kind": "weighs"}}, *_every("bound+", "bites+", "met-")]},
    "holds": {"all": _every("applies+")},
    "fails": {"all": _every("applies-")},
}
INFERRED = {"may bite": "bites+", "may not bite": "bites-"}
"""What a rule infers, that is neither a verdict nor the output of a gate."""
_RAILS = ("+", "-")
_WORDS = (
    *("sid", "id", "start", "op", "a", "b", "out", "is", "kind", "yes", "any", "all", *JUDGED),
    *(part + rail for part in (*ROOTS, "permitted", "bites", "applies") for rail in _RAILS),
)


def signed(body: str, key: bytes) -> bytes:
    """The line that carries a message: a keyed digest, then the message."""
    data = body.encode()
    return f"{digest(data, key)} ".encode() + data + b"\n"


def digest(data: bytes, key: bytes) -> str:
    """The digest by which either end knows that a message came whole, and from the other end."""
    return hashlib.blake2b(data, key=key, digest_size=16).hexdigest()


def opened(line: bytes, key: bytes) -> dict[str, object]:
    """The message of a line.  Raises ValueError if it is not whole, or not one."""
    if not line.endswith(b"\n"):
        raise ValueError("the message is cut off")
    claimed, _, data = line[:-1].partition(b" ")
    if claimed != digest(data, key).encode():
        raise ValueError("the message was altered on its way")
    message = json.loads(data)
    if not isinstance(message, dict) or message.get("version") != VERSION:
        raise ValueError(f"the message is not of version {VERSION}")
    return message


class Tokens:
    """Names of our own making, no two of which (nor any word of the rules) share the 32-bit hash by
    which durable_rules tells names apart."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.seen = {fnv1a(word) for word in _WORDS}
        self.tried = 0

    def __getitem__(self, index: int) -> str:
        while len(self.made) <= index:
            token = f"t{self.tried}"
            self.tried += 1
            if (mark := fnv1a(token)) not in self.seen:
                self.seen.add(mark)
                self.made.append(token)
        return self.made[index]


def fnv1a(word: str) -> int:
    """The 32-bit FNV-1a hash."""
    found = 2166136261
    for byte in word.encode():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


class Circuit:
    """The formulas of a case as nodes, each with the tokens that say that it may hold and may fail."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.used = 0
        self.nodes: list[tuple[str, tuple[int, ...]]] = []
        self.names: list[tuple[str, str]] = []

    def add(self, tree: Tree, role: str = "") -> int:
        """The node of a tree, with all below it; of a role, it goes by that name."""
        if isinstance(tree, str):
            return self.join(tree, (), role)
        op, *parts = tree
        assert isinstance(op, str)
        return self.join(op, tuple(self.add(part) for part in parts), role)

    def join(self, op: str, parts: tuple[int, ...], role: str = "") -> int:
        """A node of nodes that are there."""
        self.nodes.append((op, parts))
        self.names.append((role + "+", role + "-") if role else (self._token(), self._token()))
        return len(self.nodes) - 1

    def _token(self) -> str:
        self.used += 1
        return self.tokens[self.used - 1]

    def facts(self) -> Iterator[dict[str, str]]:
        """What is asserted of the nodes: the gates between them, and what the comparisons may do."""
        for (op, parts), (holds, fails) in zip(self.nodes, self.names, strict=True):
            plus = [self.names[part][0] for part in parts]
            minus = [self.names[part][1] for part in parts]
            match op:
                case "T" | "F" | "U":
                    if op != "F":
                        yield {"is": holds}
                    if op != "T":
                        yield {"is": fails}
                case "all" | "any" if not parts:  # all of nothing holds, any of nothing fails
                    yield {"is": holds if op == "all" else fails}
                case "all":
                    yield from self._all(plus, holds)
                    yield from _any(minus, fails)
                case "any":
                    yield from _any(plus, holds)
                    yield from self._all(minus, fails)
                case "not":
                    yield from _any(plus, fails)
                    yield from _any(minus, holds)
                case _:
                    raise ValueError(f"{op!r} is no node")

    def _all(self, inputs: list[str], output: str) -> Iterator[dict[str, str]]:
        first, *rest = inputs
        if not rest:
            yield from _any(inputs, output)
        for i, other in enumerate(rest):
            out = output if i == len(rest) - 1 else self._token()
            yield {"op": "all", "a": first, "b": other, "out": out}
            first = out

    def undecided(self, roots: Sequence[int], known: set[str]) -> list[int]:
        """The comparisons, by number, on which it rests that a root may both hold and fail."""
        number = {n: i for i, n in enumerate(n for n, (op, _) in enumerate(self.nodes) if op in ("T", "F", "U"))}
        found = []
        waiting = list(reversed(roots))
        while waiting:
            node = waiting.pop()
            if all(name in known for name in self.names[node]):
                waiting.extend(reversed(self.nodes[node][1]))
                if node in number:
                    found.append(number[node])
        return found


def _any(inputs: list[str], output: str) -> Iterator[dict[str, str]]:
    for each in inputs:
        yield {"op": "any", "a": each, "out": output}


class Judge:
    """durable_rules with the rules above; one session a case, deleted when the case is done."""

    def __init__(self) -> None:
        import durable_rules_engine  # late: it is told apart from any other failure

        self.engine = durable_rules_engine
        self.rules = self.engine.create_ruleset("redline", json.dumps(RULES))
        self.tokens = Tokens()
        self.sessions = 0

    def answer(self, case: Mapping[str, object]) -> dict[str, object]:
        """The verdicts that are possible in a case (of a permission or a red flag: whether it may hold and
        may fail), and the comparisons that keep more than one possible."""
        kind, parts, permits = case["kind"], case["parts"], case["permits"]
        assert isinstance(kind, str)
        assert isinstance(parts, list)
        assert isinstance(permits, list)
        circuit = Circuit(self.tokens)
        judged = kind in JUDGED
        roots = [circuit.add(part, name if judged else "") for name, part in zip(ROOTS, parts, strict=True)]
        exceptions = [_applies(circuit, *(circuit.add(part) for part in permit)) for permit in permits]
        if judged:
            roots.append(circuit.join("any", tuple(exceptions), "permitted"))
        else:
            roots = [_applies(circuit, *roots[:3], role="applies")]
        known, fired = self._run(kind, list(circuit.facts()))
        for names in circuit.names:
            if not known.intersection(names):
                raise RuntimeError(f"durable_rules lost a part of case {case['key']}")
        verdicts = sorted({rule.partition(":")[0] for rule in fired})
        open_ = circuit.undecided(roots, known) if len(verdicts) > 1 else []
        return {"key": case["key"], "verdicts": verdicts, "open": open_}

    def _run(self, kind: str, facts: Sequence[Mapping[str, str]]) -> tuple[set[str], set[str]]:
        """All that is inferred, and the rules for verdicts that fired."""
        self.sessions += 1
        session = f"s{self.sessions}"
        asserted = 0

        def sent(fact: Mapping[str, str]) -> dict[str, str]:
            nonlocal asserted
            asserted += 1
            return {"sid": session, "id": self.tokens[asserted], **fact}

        known = {fact["is"] for fact in facts if "is" in fact}
        fired: set[str] = set()
        # First a fact on which a rule always fires: a session in which none did cannot be deleted.
        state = self._told(self.engine.assert_fact(self.rules, json.dumps(sent({"start": "yes"}))))
        self._told(self.engine.assert_facts(self.rules, json.dumps([sent(f) for f in ({"kind": kind}, *facts)])))
        found = self.engine.start_action_for_state(self.rules, state)
        message = None if found is None else found[1]
        while message is not None:
            ((rule, match),) = json.loads(message).items()
            inferred = match["gate"]["out"] if "gate" in match else INFERRED.get(rule)
            if inferred is None:
                fired.add(rule)
            elif inferred not in known:
                known.add(inferred)
                self._told(self.engine.assert_fact(self.rules, json.dumps(sent({"is": inferred}))))
            message = self.engine.complete_and_start_action(self.rules, state)
        self.engine.delete_state(self.rules, session)
        return known, fired - {"start"}

    @staticmethod
    def _told(result: tuple[int, int]) -> int:
        """The session's number, if a fact was taken; that no rule waits for it is no error."""
        code, state = result
        if code not in (0, 1):
            raise RuntimeError(f"durable_rules took a fact with code {code}")
        return state


def _applies(circuit: Circuit, bound: int, when: int, unless: int, *_: int, role: str = "") -> int:
    """The node of a permission's or red flag's holding."""
    return circuit.join("all", (bound, when, circuit.join("not", (unless,))), role)


def serve(key: bytes) -> None:
    """Answer each message of the standard input, until it ends."""
    judge = None
    for line in sys.stdin.buffer:
        request = opened(line, key)
        said: dict[str, object] = {
            "version": VERSION,
            "nonce": request["nonce"],
            "request": hashlib.blake2b(line, digest_size=16).hexdigest(),
        }
        cases = request["cases"]
        assert isinstance(cases, list)
        try:
            judge = judge or Judge()
        except ImportError as error:
            said["unavailable"] = str(error)
        else:
            said["answers"] = [judge.answer(case) for case in cases]
        sys.stdout.buffer.write(signed(json.dumps(said, separators=(",", ":")), key))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.path.append(sys.argv[2])
    serve(bytes.fromhex(sys.argv[1]))
