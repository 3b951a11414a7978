"""Draws of a strategy, the same each time."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from redline.testing.draft import Draft


def drawn(strategy: st.SearchStrategy[Draft], count: int) -> list[Draft]:
    """So many draws, the same each time."""
    found: list[Draft] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collected(each: Draft) -> None:
        found.append(each)

    collected()
    return found
