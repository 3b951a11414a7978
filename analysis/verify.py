"""Whether policies are consistent: every rule tried for what it may never do, and against the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from redline.analysis.variants import beside
from redline.analysis.verify_ask import Asking
from redline.analysis.verify_dates import validity_flaws
from redline.analysis.verify_intents import gaps, loopholes, purposes
from redline.analysis.verify_pairs import conflicts_between
from redline.analysis.verify_parts import (
    answers_apart,
    exceptions_apart,
    idle_exceptions,
    idle_interpretations,
)
from redline.analysis.verify_rules import alive, redundant
from redline.engine.run import Bench
from redline.rules.evidence import Flaw, FlawKind
from redline.rules.policy import Rule
from redline.rules.vocabulary import SUBJECTS


def flaws(bench: Bench, wanted: Collection[FlawKind] = frozenset(FlawKind)) -> Iterator[Flaw]:
    """Everything of the wanted kinds that is found in the policies of the bench, subject by subject."""
    yield from (flaw for flaw in _flaws(bench, wanted) if flaw.kind in wanted)


def _flaws(bench: Bench, wanted: Collection[FlawKind]) -> Iterator[Flaw]:
    rules = [rule for _, rule in bench.judging.rules() if bench.wanted(rule)]
    policies = bench.library.policies
    variants: list[Rule] = []
    if FlawKind.IDLE_EXCEPTION in wanted:
        variants += exceptions_apart(rules)
    if FlawKind.IDLE_INTERPRETATION in wanted:
        variants += answers_apart(rules, policies)
    if FlawKind.GAP in wanted or FlawKind.LOOPHOLE in wanted:
        variants += purposes(policies)
    asking = Asking(beside(bench, variants) if variants else bench)
    for rule in rules:
        yield from validity_flaws(rule)
    for kind in SUBJECTS:
        if not any(rule.subject == kind for rule in rules):
            continue
        living, dead = alive(asking, kind)
        yield from dead
        if FlawKind.CONFLICT in wanted:
            yield from conflicts_between(asking, kind, living)
        if FlawKind.REDUNDANT in wanted:
            yield from redundant(asking, kind, living)
        if FlawKind.GAP in wanted:
            yield from gaps(asking, policies, kind)
        if FlawKind.IDLE_EXCEPTION in wanted:
            yield from idle_exceptions(asking, kind)
    if FlawKind.IDLE_INTERPRETATION in wanted:
        yield from idle_interpretations(asking, policies)
    if FlawKind.LOOPHOLE in wanted:
        yield from loopholes(asking, policies)
