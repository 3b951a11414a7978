"""Every small change that a general tool, mutmut, thinks of in the core: `make mutation`.

mutmut copies `src` and looks for the changed modules there under their import names.  Here `src` holds
links, so it is given a mirror in which the folders are real.  Each group of modules is tried with few tests,
those nearest to it, of few cases.  `docs/mutants.md` tells of what survives.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = (
    "analysis",
    "answers",
    "engine",
    "flat",
    "front",
    "rules",
    "testing",
    "policies",
    "scenarios",
    "seeds",
)
LEFT_OUT = ("__pycache__", "good", "bad", "reviewed", "regimes", "mutants")
HEAD = "[tool.mutmut]"


@dataclass(frozen=True)
class Group:
    """Modules that are changed, and the tests that are run."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS: Mapping[str, Group] = {
    "logic": Group(
        ("rules/truth.py", "rules/verdicts.py", "engine/kleene.py", "engine/reference.py"),
        ("tests/test_verdicts.py", "tests/test_kleene.py", "tests/test_plan.py"),
    ),
    "values": Group(
        ("rules/values.py", "rules/trees.py"),
        ("tests/test_values.py", "tests/test_bounds.py", "tests/test_countries.py"),
    ),
    "graph": Group(
        ("engine/content.py", "engine/ownership.py"),
        ("tests/test_content.py", "tests/test_ownership.py", "tests/test_derivation_brute_force.py"),
    ),
    "validity": Group(("engine/validity.py",), ("tests/test_validity.py", "tests/test_steps_brute_force.py")),
}


def main(arguments: Sequence[str]) -> int:
    """Try these groups, or all, in the folder named first."""
    place, *chosen = arguments
    for name in chosen or GROUPS:
        mirror = Path(place) / name
        if mirror.exists():
            shutil.rmtree(mirror)
        made(mirror, GROUPS[name])
        tool = Path(sys.executable).with_name("mutmut")
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutation"}
        done = subprocess.run([tool, "run", "--max-children", "1"], cwd=mirror, env=environment, check=False)
        if done.returncode != 0:
            return done.returncode
        print(f"\n{name}: what survives", flush=True)
        subprocess.run([tool, "results"], cwd=mirror, env=environment, check=False)
    return 0


def made(mirror: Path, group: Group) -> None:
    """The mirror: real folders under `src/redline`, the tests without expected outputs, what to change."""
    ignored = shutil.ignore_patterns(*LEFT_OUT)
    package = mirror / "src" / "redline"
    package.mkdir(parents=True)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, package / name, ignore=ignored)
    for name in ("__init__.py", "py.typed"):
        shutil.copy2(ROOT / "src" / "redline" / name, package / name)
    shutil.copytree(ROOT / "tests", mirror / "tests", ignore=ignored)
    for name in ("policies", "scenarios", "seeds"):
        shutil.copytree(ROOT / name, mirror / name, ignore=ignored)
    changed = [f"src/redline/{module}" for module in group.modules]
    settings = {
        "source_paths": ["src"],
        "only_mutate": changed,
        "also_copy": ["policies", "scenarios", "seeds"],
        "pytest_add_cli_args": ["-x", "-p", "no:cacheprovider", "-W", "ignore"],
        "pytest_add_cli_args_test_selection": list(group.tests),
    }
    lines = [HEAD, *(f"{key} = {value!r}" for key, value in settings.items())]
    said = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (mirror / "pyproject.toml").write_text("\n".join((said, *lines, "")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
