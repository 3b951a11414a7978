"""Conflicts: a permission and a rule that binds, of one stater in one layer, on one subject."""

from __future__ import annotations

from redline.rules.finding import Effect, Finding
from redline.rules.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Conflict:
    """A permission that holds, or may, where a rule that it does not name crosses, or may.  It changes no
    verdict: which of the two goes before the other is for whoever states them to say."""

    permission: Effect
    against: Finding
