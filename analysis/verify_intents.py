"""What policies are for, held against their rules: gaps in what they mean to decide, and loopholes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.analysis.boxed import EFFECTS
from redline.analysis.variants import ASIDE
from redline.analysis.verify_ask import GAVE_UP, Asking, Question, Says, as_witness, speaks, spoken
from redline.analysis.witness import World
from redline.engine.circuit import Circuit, GaveUp, Literal
from redline.engine.reference import name
from redline.engine.run import Run
from redline.rules.evidence import Evidence, Flaw, FlawKind, Proved, Witness
from redline.rules.frozen import replace
from redline.rules.policy import Policy, Rule
from redline.rules.verdicts import HARMLESS

PLOTS: tuple[tuple[str, ...], ...] = (
    ("product",),
    ("product", "product"),
    ("tool-1", "product"),
    ("part-1", "part-1 into product", "product"),
    ("product", "product", "product"),
    ("tool-1", "tool-1", "product"),
    ("part-1", "part-1", "part-1 into product", "product"),
    ("product", "product", "product", "product"),
    ("tool-1", "tool-1", "product", "product"),
)
"""The chains that are searched: what is moved step by step, a part that is built in on the way, technology or
plant (a tool) with which the product is made."""
LONGEST = f"chains of up to {max(map(len, PLOTS))} steps"


def purposes(policies: Sequence[Policy]) -> Iterator[Rule]:
    """Intents and scopes as variants beside the rules."""
    for policy in policies:
        for purpose in (*policy.intents, *policy.decides):
            yield replace(purpose, id=f"{ASIDE}{purpose.id}")


def gaps(asking: Asking, policies: Sequence[Policy], kind: str) -> Iterator[Flaw]:
    """Subjects in a policy's declared scope of which no rule decides anything."""
    index = {name(rule): i for i, rule in asking.rules.items()}
    for policy in policies:
        for scope in policy.decides:
            if scope.subject != kind:
                continue
            at = index[f"{policy.id}/{ASIDE}{scope.id}"]
            own = [i for i in asking.of_kind(kind) if asking.rules[i].policy == policy.id]
            evidence = _undecided(asking, at, own)
            if not isinstance(evidence, Proved):
                says = "inside what the policy means to decide, no rule of it decides this"
                yield Flaw(FlawKind.GAP, (f"{policy.id}/{scope.id}",), says, evidence, scope.span)


def _undecided(asking: Asking, scope: int, own: Sequence[int]) -> Evidence:
    """That a subject is in the scope, and no rule's condition holds of it: none decides, and none is set
    aside."""

    def literals(circuit: Circuit, says: Says) -> list[Literal]:
        decided = [circuit.all((says(i).bound, says(i).when)) for i in own]
        return [says(scope).holds(circuit).yes, *(rails.no for rails in decided)]

    def seen(run: Run) -> bool:
        assert run.conclusion is not None
        told = {f.subject.label for f in run.conclusion.findings if f.verdict not in HARMLESS}
        for i in own:
            if asking.rules[i].kind in EFFECTS:
                told |= spoken(run, asking.rules[i], certain=False)
        return bool(spoken(run, asking.rules[scope]) - told)

    question = Question(asking.rules[scope].subject, (scope, *own), literals, seen)
    if asking.impossible(question) is not None:
        return asking.proved(question.kind)
    return asking.shown(question, small=True) or GAVE_UP


def loopholes(asking: Asking, policies: Sequence[Policy]) -> Iterator[Flaw]:
    """Chains in which every rule's letter is kept and an intent is not."""
    index = {name(rule): i for i, rule in asking.rules.items()}
    binding = [i for i in asking.of_kind("step") if asking.rules[i].kind not in EFFECTS]
    for policy in policies:
        for intent in policy.intents:
            at = index[f"{policy.id}/{ASIDE}{intent.id}"]
            if intent.subject != "step":
                continue
            evidence = _got_round(asking, at, binding)
            if not isinstance(evidence, Proved):
                says = f"{intent.says} Every rule's letter is kept in a chain in which this is not so."
                yield Flaw(FlawKind.LOOPHOLE, (f"{policy.id}/{intent.id}",), says, evidence, intent.span)


def _got_round(asking: Asking, intent: int, binding: Sequence[int]) -> Evidence:
    """A chain, the shortest first, in which the intent's condition holds of the last step and no rule crosses
    or is open on any."""
    gave_up = False

    def seen(run: Run) -> bool:
        assert run.conclusion is not None
        return speaks(run, asking.rules[intent]) and all(
            f.verdict in HARMLESS for f in run.conclusion.findings
        )

    for plot in PLOTS:
        world = World(asking.bench, "step", plot=plot)
        steps = range(len(world.subjects))
        asked = [(intent, steps[-1]), *((i, at) for at in steps for i in binding)]
        literals = [world.said(intent, steps[-1]).holds(world.circuit).yes]
        literals += [world.said(i, at).crosses.no for at in steps for i in binding]
        try:
            tried = world.find(literals, asked, seen)
        except GaveUp:
            gave_up = True
            continue
        if tried is not None:
            return as_witness(world.smaller(tried, asked, seen))
    return GAVE_UP if gave_up else Proved(LONGEST)


__all__ = ["LONGEST", "PLOTS", "Witness", "gaps", "loopholes", "purposes"]
