"""Every engine at every size, each cell in its own process, engines in turn, passes repeated.

python -m bench.run --engines redline,zen --R 15,100 --passes 1     # a part
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from bench.engines import PLACES, engine
from bench.report import write
from bench.workload import SIZES

KEPT = Path("build/bench")
LONGEST = 600  # seconds that a cell may take


def main() -> None:
    """Measure, then write the table and the chart."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--engines", default=",".join(PLACES))
    said.add_argument("--R", default=",".join(map(str, SIZES)), help="numbers of rules")
    said.add_argument("--passes", type=int, default=3)
    said.add_argument("--seconds", type=float, default=1.0)
    said.add_argument(
        "--check",
        type=float,
        default=10.0,
        help="seconds at most to hold each to the oracle, in the first pass",
    )
    said.add_argument("--cpu", type=int, default=max(0, (os.cpu_count() or 1) - 1), help="the core to pin to")
    said.add_argument("--results", type=Path, default=KEPT / "results.jsonl")
    said.add_argument(
        "--docs", type=Path, help="where the table and the chart go; build/bench if it is a part"
    )
    asked = said.parse_args()
    names = [name for name in PLACES if name in asked.engines.split(",")]
    for name in [name for name in names if not engine(name).there()]:
        print(f"left out: {name}, which cannot be asked yet", flush=True)
        names.remove(name)
    sizes = [int(size) for size in asked.R.split(",")]
    asked.results.parent.mkdir(parents=True, exist_ok=True)
    asked.results.unlink(missing_ok=True)
    for number in range(asked.passes):
        for size in sizes:
            turn = [name for name in names if engine(name).largest >= size]
            for name in turn if number % 2 == 0 else reversed(turn):
                start = perf_counter()
                cell(name, size, number, asked)
                print(f"pass {number + 1}, {size} rules, {name}: {perf_counter() - start:.1f} s", flush=True)
    whole = asked.engines == ",".join(PLACES) and sizes == list(SIZES)
    write(asked.results, asked.docs or (Path("docs") if whole else KEPT))


def cell(name: str, size: int, number: int, asked: argparse.Namespace) -> None:
    """One cell in its own process; one that takes too long, or dies, says so."""
    command = [sys.executable, "-m", "bench.one", name, str(size), "--pass", str(number)]
    command += ["--seconds", str(asked.seconds), "--cpu", str(asked.cpu), "--out", str(asked.results)]
    command += ["--check", str(asked.check if number == 0 else 1), "--kept", str(KEPT)]
    try:
        done = subprocess.run(command, timeout=LONGEST, check=False, stdout=subprocess.DEVNULL)  # noqa: S603
        wrong = f"the process ended with {done.returncode}" if done.returncode else ""
    except subprocess.TimeoutExpired:
        wrong = f"not done in {LONGEST} s"
    if wrong:
        with asked.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"engine": name, "rules": size, "pass": number, "error": wrong}) + "\n")


if __name__ == "__main__":
    main()
