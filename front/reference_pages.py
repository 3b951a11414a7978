"""The tables of the reference pages, made from the vocabulary, so that no page can lag behind it.

`docs/scenario_reference.md` and `docs/policy_reference.md` hold them between two marks:

    <!-- made: assumptions -->
    ...
    <!-- end -->

`filled` writes what stands between the marks anew; everything else on a page is written by hand.
`tests/test_docs.py` holds the pages to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from redline.front import reference_policy, reference_scenario

_MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
TABLES: Mapping[str, Callable[[], str]] = {**reference_scenario.TABLES, **reference_policy.TABLES}
"""Every table, by the name that its mark gives."""


def filled(page: str) -> str:
    """The page with what stands between its marks made anew."""
    return _MADE.sub(lambda mark: f"{mark[1]}\n{TABLES[mark[2]]().strip()}\n\n{mark[3]}", page)


def table_names(page: str) -> tuple[str, ...]:
    """The tables that a page holds."""
    return tuple(mark[2] for mark in _MADE.finditer(page))
