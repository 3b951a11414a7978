"""Conflicts: what one stater both permits and forbids in one layer, neither rule naming the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.engine.circuit import Circuit, Literal
from redline.engine.conflicts import conflicts, opposed
from redline.engine.reference import name
from redline.engine.run import Run
from redline.engine.verify_ask import Asking, Question, Says
from redline.rules.evidence import Flaw, FlawKind, Witness
from redline.rules.truth import TRUE
from redline.rules.verdicts import Kind, Verdict

ROUNDS = 3
"""How many scenarios may add to the rules that a permission stands against, once facts alone add none."""
FEW = 4
"""How many scenarios are tried for those of a group that stated facts alone do not show."""


def conflicts_between(asking: Asking, kind: str, living: Sequence[int]) -> Iterator[Flaw]:
    """For each permission, the rules that bind against which it stands: one scenario, and the others."""
    for p in living:
        permission = asking.rules[p]
        left = [i for i in living if permission.kind is Kind.PERMITS and opposed(permission, asking.rules[i])]
        found: list[int] = []
        while new := list(_together(asking, kind, p, left)):
            found += new
            left = [i for i in left if i not in new]
        if not asking.world(kind).works_out(p):
            left = [i for i in left if asking.world(kind).works_out(i)]
        found += _tried_together(asking, kind, p, left)
        shown = asking.shown(_both(asking, kind, p, found[:1]), small=True) if found else None
        if isinstance(shown, Witness):
            first, *others = (name(asking.rules[i]) for i in found)
            says = "it permits what a rule of the same stater forbids, and neither names the other"
            rules = (name(permission), first)
            yield Flaw(FlawKind.CONFLICT, rules, says, shown, permission.span, tuple(others))


def _tried_together(asking: Asking, kind: str, p: int, left: list[int]) -> Iterator[int]:
    """Those of the rules that scenarios, written out and judged, have cross together with the permission."""
    for _ in range(ROUNDS):
        question = _both(asking, kind, p, left)
        if not left or asking.impossible(question) is not None:
            return
        evidence = asking.shown(question, tries=FEW)
        crossed = [
            i for i in left if isinstance(evidence, Witness) and name(asking.rules[i]) in evidence.crossed
        ]
        if not crossed:
            return
        yield from crossed
        left = [i for i in left if i not in crossed]


def _both(asking: Asking, kind: str, p: int, against: Sequence[int]) -> Question:
    """That the permission holds and one of the rules crosses."""

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        return [says(p).holds(circuit).yes, circuit.either([says(i).crosses.yes for i in against])]

    def seen(run: Run) -> bool:
        assert run.conclusion is not None
        return any(
            c.permission.holds is TRUE and c.against.verdict is Verdict.CROSSES
            for c in conflicts(run.conclusion)
        )

    return Question(kind, (p, *against), literals, seen)


def _together(asking: Asking, kind: str, p: int, left: Sequence[int]) -> Iterator[int]:
    """Those of the rules that stated facts alone have cross together with the permission."""
    if asking.shown_by_facts(_both(asking, kind, p, left)):
        world = asking.world(kind)
        for i in left:
            if world.circuit.held(world.said(i, by_facts=True).crosses.yes):
                yield i
