"""A plugin of pytest: writes down how each test ended, and of a failure whether it was an assertion; and
which modules were not those of the folder in which it runs, but of an installed redline.

Used as `-p tests.mutants.outcomes`; the file is named by REDLINE_OUTCOMES.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

_ENDED: dict[str, str] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:  # type: ignore[misc]  # a wrapper yields
    """Notes the end of a test."""
    report: pytest.TestReport = yield
    known = _ENDED.get(item.nodeid)
    if report.skipped and known is None:
        _ENDED[item.nodeid] = "skipped"
    elif report.failed and call.excinfo is not None:
        asserted = call.when == "call" and _asserts(call.excinfo.value)
        _ENDED[item.nodeid] = "assertion" if asserted else f"{call.when}: {call.excinfo.exconly()[:300]}"
    elif report.when == "call" and known is None:
        _ENDED[item.nodeid] = "passed"
    return report


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Notes what could not even be collected."""
    if report.failed:
        _ENDED[report.nodeid] = f"collection: {str(report.longrepr)[-300:]}"


def pytest_sessionfinish() -> None:
    """Writes it all down."""
    here = Path.cwd().resolve()
    ours = {n: m.__file__ for n, m in [*sys.modules.items()] if n.partition(".")[0] in ("redline", "tests")}
    elsewhere = sorted(n for n, file in ours.items() if file and here not in Path(file).resolve().parents)
    said = {"ended": _ENDED, "elsewhere": elsewhere}
    Path(os.environ["REDLINE_OUTCOMES"]).write_text(json.dumps(said), encoding="utf-8")


def _asserts(error: BaseException) -> bool:
    """Whether a test says that something is not so; several different ones at once come as a group.
    `pytest.raises` and `pytest.fail` say it too."""
    if isinstance(error, BaseExceptionGroup):
        return all(_asserts(each) for each in error.exceptions)
    return isinstance(error, AssertionError | pytest.fail.Exception)
