"""What the loaded policies ask of the catalogue of derived fields, collected once when they are loaded."""

from __future__ import annotations

from collections.abc import Iterable

from redline.engine.queries import queries_in
from redline.engine.records import Asked
from redline.engine.typed import Lexicon
from redline.rules.condition import Covered, Days, Forbids, Owned, Share
from redline.rules.policy import Policy


def asked_of(policies: Iterable[Policy], lexicon: Lexicon) -> Asked:
    """The questions that the policies' rules ask, each once, in the order in which they are met."""
    rules = tuple(rule for policy in policies for rule in policy.rules)
    written = (c for r in rules for c in (r.scope, r.when, r.unless, r.requires, *(f for _, f in r.factors)))
    queries = dict.fromkeys(
        query for condition in written if condition is not None for query in queries_in(condition)
    )
    return Asked(
        shares=tuple(q for q in queries if isinstance(q, Share)),
        owned=tuple(q for q in queries if isinstance(q, Owned)),
        covered=tuple(q for q in queries if isinstance(q, Covered)),
        days=tuple(q for q in queries if isinstance(q, Days)),
        forbids=tuple(q for q in queries if isinstance(q, Forbids)),
        rules=tuple(rule for rule in rules if rule.validity),
        declared=lexicon.declared,
        trees=lexicon.trees,
    )
