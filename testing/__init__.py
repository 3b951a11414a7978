"""Property tests of your own policies: scenarios, policies and laws, for hypothesis and pytest.

Needs the extra `test`: `pip install 'redline[test]'`.  `docs/testing.md` teaches it in one page.
"""

from __future__ import annotations

try:
    import hypothesis as _hypothesis  # noqa: F401  # to tell what is missing
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "redline.testing needs hypothesis, which comes with the extra `test`: pip install 'redline[test]'",
        name=missing.name,
    ) from missing

from redline.testing import laws
from redline.testing.draft import Draft, draft
from redline.testing.policies import policies
from redline.testing.scenarios import NothingToDraw, scenarios_for

__all__ = ["Draft", "NothingToDraw", "draft", "laws", "policies", "scenarios_for"]
