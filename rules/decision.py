"""A decision: which rules a flat record crosses, for sure or possibly."""

from __future__ import annotations

from typing import NamedTuple


class Decision(NamedTuple):
    """Full names of rules (`policy/rule`), in the order of the policies.

    `certain`: rules that cross for sure.  `possible`: all that are not cleared: those, rules of which it
    cannot be told, and rules that someone has to weigh (`weighs`; they never cross, and are never certain).
    A rule in neither is cleared.  Permissions and red flags give no verdict and are in neither: a permission
    takes out of both the rules that it defeats for sure, and out of `certain` those that it may defeat.
    """

    certain: tuple[str, ...]
    possible: tuple[str, ...]
