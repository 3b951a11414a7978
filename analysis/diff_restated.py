"""What rules say of themselves and no verdict turns on: told as it was, and as it is."""

from __future__ import annotations

from collections.abc import Iterator

from redline.analysis.diff_plain import plain
from redline.rules.comparison import Restated
from redline.rules.policy import Rule


def restated(old: Rule, new: Rule) -> tuple[Restated, ...]:
    """What is said otherwise, the id apart."""
    return tuple(Restated(what, one, other) for what, one, other in _said(old, new) if one != other)


def _said(old: Rule, new: Rule) -> Iterator[tuple[str, str, str]]:
    for what in ("kind", "layer", "strength", "voice", "stated_by", "addressed_to", "says", "asks", "burden"):
        yield what, str(getattr(old, what)), str(getattr(new, what))
    yield "source", ", ".join(old.source), ", ".join(new.source)
    yield "defeats", ", ".join(sorted(old.defeats)), ", ".join(sorted(new.defeats))
    one, other = (", ".join(name for name, _ in rule.factors) for rule in (old, new))
    if one == other and [plain(c) for _, c in old.factors] != [plain(c) for _, c in new.factors]:
        one, other = f"{one} (as they were)", f"{other} (with other conditions)"
    yield "factors", one, other
