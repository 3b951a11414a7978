"""`redline check` starts and answers fast: measured as a ratio, in turn with what such programs import."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

resource = pytest.importorskip("resource", reason="the system does not tell the time of children")

ROOT = Path(__file__).resolve().parent.parent
BASE = ["-c", "import click, pydantic, yaml\nclass M(pydantic.BaseModel):\n    a: int"]
CHECK = [
    "-c",
    "from redline.front.cli import main; main()",
    "check",
    "scenarios/radar-through-a-shipyard.yaml",
]
AIM = {"alone": 2.0, "with a second opinion": 3.0}
SLACK = 2.0
"""Machines are shared and busy: what fails here is not noise, but something that is imported or made anew."""
ROUNDS = 5


def _cpu(arguments: list[str], environment: dict[str, str]) -> float:
    """Processor time of a run, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], capture_output=True, cwd=ROOT, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


@pytest.mark.parametrize("how", AIM)
def test_a_check_takes_little_more_than_its_imports(how: str, tmp_path: Path) -> None:
    """The best of several runs each, in turn; byte code and shelf are there, as after a first run."""
    if how != "alone" and find_spec("durable_rules_engine") is None:
        pytest.skip("there is no second opinion here")
    check = [*CHECK, "--no-second-opinion"] if how == "alone" else CHECK
    kept = {"PYTHONPYCACHEPREFIX": str(tmp_path / "code"), "REDLINE_CACHE": str(tmp_path / "shelf")}
    environment = {**os.environ, **kept}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for first in (BASE, check):
        _cpu(first, environment)
    turns = [(_cpu(BASE, environment), _cpu(check, environment)) for _ in range(ROUNDS)]
    ratio = min(ours for _, ours in turns) / min(base for base, _ in turns)
    assert ratio < AIM[how] * SLACK, f"{how}: {ratio:.1f} times"
