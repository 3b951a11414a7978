"""The second opinion's child process: durable_rules gives the verdicts of the cases that it is sent.

A case comes as the formulas of one rule on one record, with every list unrolled and every comparison
answered.  Everything above the comparisons is inferred by the rules below, from facts of two sorts: a
part may hold (`+`), and it may fail (`-`); a comparison that is not known may do both.  That is strong
Kleene logic without negation: what is certain to hold is what cannot fail, and the other way round.

Nothing but the standard library and the C module `durable_rules_engine`, which is asked directly: the
Python front of durable_rules starts threads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import count

from redline.engine.rete_gates import Circuit, Fact, Tokens
from redline.engine.rete_wire import JUDGED, PARTS, digest, opened, signed

Pattern = dict[str, object]


def _each(*facts: str) -> list[Pattern]:
    """A rule waits for all of these."""
    return [{f"m{i}": {"is": fact}} for i, fact in enumerate(facts)]


def _one_of(*facts: str) -> list[Pattern]:
    """A rule waits for one of these."""
    return [{"m": {"$or": [{"is": fact} for fact in facts]}}]


_SANCTIONED: Pattern = {"kind": {"$or": [{"kind": "prohibits"}, {"kind": "requires"}]}}
_WEIGHED: Pattern = {"kind": {"kind": "weighs"}}

# The rules are few and never change: what a policy says comes as facts about gates.  So the limits of
# durable_rules on rules, patterns and tests are far, and it compares nothing but words of our own.
RULES: Mapping[str, Sequence[Pattern]] = {
    "start": [{"m": {"start": "yes"}}],
    "any": [{"gate": {"op": "any"}}, {"a": {"is": {"gate": "a"}}}],
    "all": [{"gate": {"op": "all"}}, {"a": {"is": {"gate": "a"}}}, {"b": {"is": {"gate": "b"}}}],
    "bites": _each("when+", "unless-", "permitted-"),
    "spares": _one_of("when-", "unless+", "permitted+"),
    "not_applicable": _each("bound-"),
    "not_crossed: spared": _each("bound+", "bites-"),
    "not_crossed: met, by no grant": _each("bound+", "bites+", "met+", "granted-"),
    "authorised": _each("bound+", "bites+", "met+", "granted+"),
    "crosses": [_SANCTIONED, *_each("bound+", "bites+", "met-")],
    "requires_assessment": [_WEIGHED, *_each("bound+", "bites+", "met-")],
    "holds": _each("applies+"),
    "fails": _each("applies-"),
}
INFERRED = {"bites": "bites+", "spares": "bites-"}
"""What rules infer that are about neither a gate nor a verdict."""
_KINDS = (*JUDGED, "permits", "flags")
_WORDS = (
    *("sid", "id", "start", "yes", "kind", "op", "a", "b", "out", "any", "all", "is"),
    *_KINDS,
    *(part + may for part in (*PARTS, "permitted", "bites", "applies") for may in "+-"),
)


class Judge:
    """durable_rules with these rules; one session a case, deleted when the case is done."""

    def __init__(self) -> None:
        import durable_rules_engine  # late, so that its absence is told apart from any other failure

        self._engine = durable_rules_engine
        rules = json.dumps({name: {"all": patterns} for name, patterns in RULES.items()})
        self._rules = self._engine.create_ruleset("redline", rules)
        self._tokens = Tokens(_WORDS)
        self._sessions = 0

    def answer(self, case: Mapping[str, object]) -> dict[str, object]:
        """The verdicts that are possible in a case (of a rule that gives none: whether it may hold and may
        fail), and by number the comparisons that keep several of them possible."""
        kind, parts, permits = case["kind"], case["parts"], case["permits"]
        if not isinstance(kind, str) or kind not in _KINDS:
            raise ValueError(f"case {case['key']} is of no kind")
        if not isinstance(parts, list) or not isinstance(permits, list):
            raise TypeError(f"case {case['key']} has no parts")
        circuit = Circuit(self._tokens)
        judged = kind in JUDGED
        nodes = [circuit.add(tree, role if judged else "") for role, tree in zip(PARTS, parts, strict=True)]
        applying = [_applies(circuit, [circuit.add(tree) for tree in permit]) for permit in permits]
        roots = (
            [*nodes, circuit.join("any", applying, "permitted")]
            if judged
            else [_applies(circuit, nodes, "applies")]
        )
        inferred, fired = self._run(kind, [*circuit.facts()])
        if not all(inferred.intersection(names) for names in circuit.names):
            raise RuntimeError(f"in case {case['key']} a part neither holds nor fails")
        verdicts = sorted({rule.partition(":")[0] for rule in fired})
        undecided = circuit.undecided(roots, inferred) if len(verdicts) > 1 else []
        return {"key": case["key"], "verdicts": verdicts, "undecided": undecided}

    def _run(self, kind: str, facts: Sequence[Fact]) -> tuple[set[str], set[str]]:
        """All that is inferred from the facts, and the rules about verdicts that fired."""
        self._sessions += 1
        session = f"s{self._sessions}"
        engine, rules, ids = self._engine, self._rules, (self._tokens[number] for number in count())

        def fact(words: Fact) -> str:
            # By hand, since it is most of the work; none of these words needs escaping.
            rest = "".join(f',"{name}":"{word}"' for name, word in words.items())
            return f'{{"sid":"{session}","id":"{next(ids)}"{rest}}}'

        # First a fact on which a rule always fires: deleting a session in which none did crashes.
        state = _taken(engine.assert_fact(rules, fact({"start": "yes"})))
        _taken(engine.assert_facts(rules, f"[{','.join(map(fact, ({'kind': kind}, *facts)))}]"))
        inferred = {words["is"] for words in facts if "is" in words}
        fired: set[str] = set()
        first = engine.start_action_for_state(rules, state)
        message = first and first[1]
        while message:
            ((rule, matched),) = json.loads(message).items()
            new = matched["gate"]["out"] if "gate" in matched else INFERRED.get(rule)
            if new is None:
                fired.add(rule)
            elif new not in inferred:
                inferred.add(new)
                _taken(engine.assert_fact(rules, fact({"is": new})))
            message = engine.complete_and_start_action(rules, state)
        if "start" not in fired:
            raise RuntimeError("durable_rules did not fire the rule that always fires")
        engine.delete_state(rules, session)
        return inferred, fired - {"start"}


def _taken(result: tuple[int, int]) -> int:
    """The session's number, if what was asserted is new; that no rule waits for it is no error."""
    code, state = result
    if code not in (0, 1):
        raise RuntimeError(f"durable_rules took a fact with code {code}")
    return state


def _applies(circuit: Circuit, nodes: Sequence[int], role: str = "") -> int:
    """The node of a permission's or a red flag's holding."""
    bound, when, unless = nodes[:3]
    return circuit.join("all", [bound, when, circuit.join("not", [unless])], role)


def serve(key: bytes) -> None:
    """Answer each request on the standard input until it ends."""
    judge = None
    while line := sys.stdin.buffer.readline():
        request = opened(line, key)
        answer: dict[str, object] = {"nonce": request["nonce"], "request": digest(line, key)}
        cases = request["cases"]
        if not isinstance(cases, list) or len(cases) != request["count"]:
            raise ValueError("there are not as many cases as are said to be")
        try:
            judge = judge or Judge()
        except ImportError as error:
            why = str(error).replace(f"{error.path}: ", "")
            answer["unavailable"] = f"durable_rules cannot be imported: {why}"
        else:
            answer["answers"] = [judge.answer(case) for case in cases]
        sys.stdout.buffer.write(signed(answer, key))
        sys.stdout.buffer.flush()
