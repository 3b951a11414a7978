"""Puts each fault into a copy of the source and looks whether the tests that it names fail: `make mutants`.

In the copies there are no golden files.  A fault is caught if each of its tests fails by an assertion: a
crash, a hang, a test that cannot be collected or was not run is not enough.  First all these tests must pass
on the unchanged source.  Prints `N of N, 100 %` and ends with 0, or what went wrong and 1.

Copies have no file in common, and how tests ended is written outside them: when they were links to one
another, a run could read what another had just written.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.faults import ROOT, BadFault, Fault, faults

COPIED = (
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
    "src",
    "tests",
    "pyproject.toml",
)
LEFT_OUT = ("good", "bad", "reviewed", "regimes", "mutants.md", "__pycache__", ".hypothesis")
"""What holds expected outputs, and what is made."""
SECONDS = 300
"""How long the tests of one fault may take; they usually take three."""
ALL_SECONDS = 3600
"""How long all of them may take on the unchanged source."""


@dataclass(frozen=True)
class Result:
    """What came of a fault: `caught`, `survived`, `crashed`, `not tried`; and why."""

    fault: Fault
    ended: str
    why: str
    seconds: float


def main(arguments: Sequence[str] = ()) -> int:
    """Try all faults, or those whose name has one of the arguments in it."""
    chosen = [each for each in faults() if not arguments or any(name in str(each) for name in arguments)]
    if not chosen:
        print("there is no such fault")
        return 1
    started = time.monotonic()
    try:
        results = tried(chosen, _tell)
    except BadFault as why:
        print(why)
        return 1
    caught = sum(each.ended == "caught" for each in results)
    for area in sorted({each.fault.area for each in results}):
        here = [each for each in results if each.fault.area == area]
        print(f"  {area:12} {sum(each.ended == 'caught' for each in here)} of {len(here)}")
    share = 100 * caught // len(results)
    print(f"{caught} of {len(results)}, {share} %, in {time.monotonic() - started:.0f} s")
    return 0 if caught == len(results) else 1


def _tell(result: Result) -> None:
    """A line as soon as it is known."""
    print(f"{result.ended:10} {result.seconds:4.0f} s  {result.fault}", flush=True)
    if result.ended != "caught":
        print(f"    {result.fault.says}\n    {result.why}", flush=True)


def tried(
    chosen: Sequence[Fault], told: Callable[[Result], None] = lambda _: None, root: Path = ROOT
) -> list[Result]:
    """What comes of each fault.  Raises BadFault where one does not apply, names a test that there is not,
    or names one that fails without it."""
    patched = {str(each): each.patched((root / each.file).read_text(encoding="utf-8")) for each in chosen}
    tests = sorted({test for each in chosen for test in each.caught_by})
    with TemporaryDirectory(prefix="redline-mutants-") as folder:
        base = Path(folder) / "base"
        _copy(root, base)
        _ready(base, tests)
        sound = Path(folder) / "sound"
        shutil.copytree(base, sound, symlinks=True)

        def one(fault: Fault) -> Result:
            place = Path(folder) / str(fault).replace("/", "-")
            placed(base, place, fault.file, patched[str(fault)])
            began = time.monotonic()
            found, said = _tests(place, fault.caught_by)
            result = Result(fault, *judged(fault.caught_by, found, said), time.monotonic() - began)
            shutil.rmtree(place)
            told(result)
            return result

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            unchanged = pool.submit(_tests, sound, tests, ALL_SECONDS)
            results = list(pool.map(one, chosen))
            found, said = unchanged.result()
    wrong = {test: end for test, end in found.items() if end not in ("passed", "skipped")}
    if wrong or not found:
        raise BadFault(f"without any fault these tests do not pass: {wrong or said}")
    return results


def judged(tests: Collection[str], found: Mapping[str, str], said: str) -> tuple[str, str]:
    """What the ends of the tests come to."""
    if not found:
        return "crashed", said
    for test in tests:
        ends = {end for name, end in found.items() if name == test or name.startswith(f"{test}[")}
        if not ends:
            ends = {end for name, end in found.items() if test.startswith(name)}  # a file not collected
        if not ends:
            return "crashed", f"{test} was not run"
        other = ends - {"passed", "skipped", "assertion"}
        if other:
            return "crashed", f"{test}: {min(other)}"
        if ends == {"skipped"}:
            return "not tried", f"{test} is skipped here"
        if "assertion" not in ends:
            return "survived", f"{test} passes"
    return "caught", ""


def placed(base: Path, place: Path, file: str, text: str) -> None:
    """A copy of the base that shares nothing with it, with another text of that file."""
    shutil.copytree(base, place, symlinks=True)
    target = place / file
    target.write_text(text, encoding="utf-8")
    for compiled in target.parent.glob(f"__pycache__/{target.stem}.*"):
        compiled.unlink()  # of the same second and size, it would be taken for that of the fault


def _copy(root: Path, to: Path) -> None:
    """The source and the tests, without any expected output."""
    to.mkdir()
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(root / name, to / name, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            shutil.copy2(root / name, to / name)


def _ready(base: Path, tests: Sequence[str]) -> None:
    """Byte code for all copies; and every test is there."""
    found = _run(base, ["-m", "pytest", "--collect-only", "-q", *tests], {}, SECONDS)
    if found.returncode != 0:
        raise BadFault(f"not all tests that are named are there: {found.stdout[-2000:]}")


def _tests(place: Path, tests: Collection[str], most: int = SECONDS) -> tuple[dict[str, str], str]:
    """How each of the tests ended there; nothing, and what was said, where they did not end."""
    outcomes = place.with_name(f"{place.name}.json")
    few = ["-x"] if len(tests) == 1 else []
    quiet = ["-W", "ignore:Generating overly large repr", "-p", "no:cacheprovider"]
    command = ["-m", "pytest", "-q", "-p", "tests.mutants.outcomes", *quiet, *few, *tests]
    try:
        done = _run(place, command, {"REDLINE_OUTCOMES": str(outcomes)}, most)
    except subprocess.TimeoutExpired:
        return {}, f"it took more than {most} seconds"
    if not outcomes.exists():
        return {}, (done.stdout + done.stderr)[-500:]
    said = json.loads(outcomes.read_text(encoding="utf-8"))
    if said["elsewhere"]:
        return {}, f"not the copy was tried: {said['elsewhere']}"
    found: dict[str, str] = said["ended"]
    return found, done.stdout[-500:]


def _run(
    place: Path, command: Iterable[str], more: Mapping[str, str], most: int
) -> subprocess.CompletedProcess[str]:
    plain = {name: said for name, said in os.environ.items() if not name.startswith(("PYTEST", "HYPOTHESIS"))}
    environment = plain | {
        "PYTHONPATH": str(place / "src"),
        "HYPOTHESIS_PROFILE": "mutants",
        "PYTHONHASHSEED": "0",
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=place,
        env=environment | dict(more),
        capture_output=True,
        text=True,
        timeout=most,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
