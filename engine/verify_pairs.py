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

FEW = 4
"""How many scenarios are tried for those of a group that stated facts alone do not show."""


def conflicts_between(asking: Asking, kind: str, living: Sequence[int]) -> Iterator[Flaw]:
    """For each permission, the rules that bind against which it stands: one scenario, and the others."""
    for p in living:
        permission = asking.rules[p]
        left = [i for i in living if permission.kind is Kind.PERMITS and opposed(permission, asking.rules[i])]
        shown: Witness | None = None
        found: list[int] = []
        while left:
            new = list(_together(asking, kind, p, left))
            if not new and asking.impossible(_both(asking, kind, p, left)) is not None:
                break
            if shown is None or not new:
                evidence = asking.shown(_both(asking, kind, p, new or left), tries=FEW)
                if not isinstance(evidence, Witness):
                    break
                shown = shown or evidence
                new = new or [i for i in left if name(asking.rules[i]) in evidence.crossed]
            found += new
            left = [i for i in left if i not in new]
        if shown is not None:
            alone = asking.shown(
                _both(asking, kind, p, found[:1]), small=True
            )  # with as little in it as can be
            shown = alone if isinstance(alone, Witness) else shown
            named = [name(asking.rules[i]) for i in found]
            first = next((n for n in named if n in shown.crossed), named[0])
            says = "it permits what a rule of the same stater forbids, and neither names the other"
            others = tuple(n for n in named if n != first)
            yield Flaw(FlawKind.CONFLICT, (name(permission), first), says, shown, permission.span, others)


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
