"""What an answer depends on: versions of the program, the language, the report's schema and the policies."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from redline.rules.policy import Policy
from redline.rules.vocabulary import EDITION

REPORT_SCHEMA = "1"
"""The edition of the report's JSON Schema."""


def versions(policies: Iterable[Policy]) -> dict[str, str]:
    """Names and versions, in the order in which they are shown."""
    try:
        program = version("redline")
    except PackageNotFoundError:
        program = "not installed"
    return {"redline": program, "language": EDITION, "report schema": REPORT_SCHEMA} | {
        f"policy {policy.id}": policy.edition or "without edition" for policy in policies
    }
