"""What an answer depends on: versions of the program, the language, the report's schema and the policies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from redline.rules.policy import Policy
from redline.rules.vocabulary import EDITION

REPORT_SCHEMA = "1"
"""The edition of the report's JSON Schema."""


def versions(policies: Iterable[Policy]) -> dict[str, str]:
    """Names and versions, in the order in which they are shown."""
    return {"redline": program(), "language": EDITION, "report schema": REPORT_SCHEMA} | {
        f"policy {policy.id}": policy.edition or "without edition" for policy in policies
    }


def program() -> str:
    """The version of the program that is installed, as `importlib.metadata` gives it (whose import takes
    longer than to judge a scenario): of the first folder of the path that tells one."""
    for folder in sys.path:
        try:
            found = [n for n in os.listdir(folder or ".") if n.startswith("redline") and _tells(n)]  # noqa: PTH208  # names alone
        except OSError:
            continue  # no folder: an archive, or not there
        if found:
            told = "METADATA" if found[0].endswith(".dist-info") else "PKG-INFO"
            ours = len(found) == 1 and found[0].startswith(("redline-", "redline.egg-info"))
            return (ours and _said(Path(folder, found[0], told))) or _slowly()
    return _slowly()


def _tells(name: str) -> bool:
    return name.endswith((".dist-info", ".egg-info"))


def _said(metadata: Path) -> str:
    try:
        lines = metadata.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return ""
    head = lines[: lines.index("")] if "" in lines else lines
    return next((line.removeprefix("Version:").strip() for line in head if line.startswith("Version:")), "")


def _slowly() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("redline")
    except PackageNotFoundError:
        return "not installed"
