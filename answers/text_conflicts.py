"""Conflicts as text: a line each; those of which neither side is certain are counted, unless all is shown."""

from __future__ import annotations

from collections.abc import Iterator

from redline.answers.columns import WIDTH, wrapped
from redline.rules.report import Report
from redline.rules.verdicts import Verdict


def conflict_lines(report: Report, *, verbose: bool) -> Iterator[str]:
    """What one stater both permits and forbids, and a line after it; nothing where there is no conflict."""
    shown = [
        each for each in report.conflicts if verbose or each.holds == "yes" or each.verdict is Verdict.CROSSES
    ]
    for each in shown:
        yield from wrapped(f"conflict: {each.says}", WIDTH, "", "  ")
    if left := len(report.conflicts) - len(shown):
        yield f"perhaps {left} conflict{'' if left == 1 else 's'} between rules besides: --all lists them"
    if report.conflicts:
        yield ""
