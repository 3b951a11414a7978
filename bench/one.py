"""One cell: an engine and a number of rules, measured in this process.  `python -m bench.one zen 100`"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter_ns, process_time
from typing import Any

from bench.engine import Engine
from bench.engines import PLACES, engine
from bench.workload import Transfer, rules, transfers

_TEMPORARY = re.compile(rf"{re.escape(gettempdir())}/[^/\s]+/")
CHECKED = 1000  # transfers on which an engine is held to the oracle, or as many as there is time for
MANY = 10_000
MANY_ROWS = 100_000  # of engines that take columns
Cell = dict[str, Any]


def main() -> None:
    """Measure, and add a line to the file of results."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("engine", choices=list(PLACES))
    said.add_argument("rules", type=int)
    said.add_argument(
        "--seconds", type=float, default=1.0, help="for single decisions, and for batches, each"
    )
    said.add_argument("--check", type=float, default=10.0, help="seconds at most to hold it to the oracle")
    said.add_argument("--pass", dest="number", type=int, default=0)
    said.add_argument("--cpu", type=int, help="the core that it is pinned to")
    said.add_argument(
        "--kept", type=Path, default=Path("build/bench"), help="where the oracle's answers are kept"
    )
    said.add_argument("--out", type=Path)
    asked = said.parse_args()
    if asked.cpu is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {asked.cpu})
    os.environ["POLARS_MAX_THREADS"] = "1"
    found: Cell = {"engine": asked.engine, "rules": asked.rules, "pass": asked.number}
    try:
        found |= measure(engine(asked.engine), asked.rules, asked.seconds, asked.check, asked.kept)
    except Exception as wrong:  # noqa: BLE001 (any failure of an engine is a result: the cell says it)
        found["error"] = f"{type(wrong).__name__}: {_anywhere(str(wrong))[:300]}"
    line = json.dumps(found)
    if asked.out is None:
        sys.stdout.write(line + "\n")
    else:
        with asked.out.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    sys.stdout.flush()
    os._exit(0)  # some engines keep threads


def _anywhere(message: str) -> str:
    """What is said, whatever the machine and the run."""
    return _TEMPORARY.sub("", message)


def measure(kind: type[Engine], count: int, seconds: float, check: float, kept: Path) -> Cell:
    """The figures of a cell."""
    work, asked = rules(count), transfers(MANY_ROWS if kind.columns else MANY)
    expected = oracle(kind, count, kept)
    one = kind()
    inputs = one.inputs(asked)
    gc.collect()
    gc.freeze()  # the data of the benchmark are no work of any engine's: the collector passes them over
    before = memory()
    start = process_time()
    one.load(work)
    found: Cell = {
        "version": kind.version(),
        "python": platform.python_version(),
        "load_s": process_time() - start,
    }
    found["load_mb"], found["loaded_mb"] = memory() - before, peak()
    found["checked"], found["wrong"] = held(one, inputs, expected, check)
    if kind.single:
        found |= singles(one, inputs, seconds)
    found |= batches(one, inputs, seconds)
    found["peak_mb"] = peak()
    return found


def oracle(kind: type[Engine], count: int, kept: Path) -> list[Any]:
    """What must come out, worked out once."""
    file = kept / f"{'second' if kind.second else 'first'}-{count}.json"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(
            json.dumps(expected_of(second=kind.second, count=count, first=CHECKED)), encoding="utf-8"
        )
        part.replace(file)
    answers: list[Any] = json.loads(file.read_text(encoding="utf-8"))
    return answers


def expected_of(*, second: bool, count: int, first: int) -> list[Any]:
    """The oracle's answers on the first transfers."""
    if second:
        from bench.second_oracle import asked, decided
        from bench.second_work import further_rules, partial_transfers

        three_valued = asked(further_rules(count), kleene=True)
        return [list(decided(three_valued, transfer)) for transfer in partial_transfers(MANY)[:first]]
    from bench.oracle import matching, ready

    two_valued = ready(rules(count))
    return [matching(two_valued, transfer) for transfer in transfers(MANY)[:first]]


def held(one: Engine, inputs: Sequence[Any], expected: Sequence[Any], seconds: float) -> tuple[int, int]:
    """How many answers were held to the oracle, and how many were not its."""
    wrong = n = 0
    end = process_time() + seconds
    while n < len(expected) and (n == 0 or process_time() < end):
        lot = inputs[n : n + (1 if one.single else 200)]
        answers = [one.one(each) for each in lot] if one.single else one.batch(lot)
        wrong += sum(as_lists(one.ids(a)) != e for a, e in zip(answers, expected[n:], strict=False))
        n += len(lot)
    n = min(n, len(expected))
    if one.single:  # the way of its own to answer about many is held to it too
        some = min(n, 200)
        answers = one.batch(inputs[:some])
        wrong += sum(as_lists(one.ids(a)) != e for a, e in zip(answers, expected[:some], strict=True))
    return n, wrong


def as_lists(answer: Any) -> list[Any]:
    """Tuples as the lists that JSON keeps."""
    return [list(part) if isinstance(part, (list, tuple)) else part for part in answer]


def singles(one: Engine, inputs: Sequence[Transfer], seconds: float) -> Cell:
    """The time of single decisions, each timed by itself; then of the same ones again, for engines that
    keep what they found out."""
    times = timed(one, inputs, seconds)
    n = len(times)
    again = timed(one, inputs[:n], seconds)
    return {
        "p50_us": times[n // 2] / 1e3,
        "p99_us": times[min(n - 1, n * 99 // 100)] / 1e3,
        "timed": n,
        "again_us": again[len(again) // 2] / 1e3,
    }


def timed(one: Engine, inputs: Sequence[Transfer], seconds: float) -> list[int]:
    """Nanoseconds of each decision, the shortest first; of as many as there is time for."""
    times = []
    decide = one.one
    end = process_time() + seconds
    for each in inputs:
        start = perf_counter_ns()
        decide(each)
        times.append(perf_counter_ns() - start)
        if process_time() > end:
            break
    return sorted(times)


def batches(one: Engine, inputs: Sequence[Any], seconds: float) -> Cell:
    """Decisions a second: from dicts to lists of ids, and from columns to pairs."""
    sample = inputs[-20:]  # of which it has seen nothing yet
    start = process_time()
    one.batch(sample)
    each = (process_time() - start) / len(sample)
    size = len(inputs) if not one.single else max(20, min(len(inputs), int(seconds / each)))
    lot = inputs[:size]
    found = {"batch_per_s": size / best(lambda: one.batch(lot), seconds), "batch": size}
    if one.columns:
        columns = one.encode(lot)
        found["columns_per_s"] = size / best(lambda: one.pairs(columns), seconds)
    return found


def best(run: Any, seconds: float) -> float:
    """The shortest of three runs, or of as many as there is time for: processor time."""
    shortest = float("inf")
    end = process_time() + seconds
    for turn in range(3):
        if turn and process_time() > end:
            break
        start = process_time()
        run()
        shortest = min(shortest, process_time() - start)
    return shortest


def memory() -> float:
    """What the process holds, in MB; 0 where it is not told."""
    return _status("VmRSS")


def peak() -> float:
    """The most that it ever held."""
    return _status("VmHWM")


def _status(key: str) -> float:
    file = Path("/proc/self/status")
    if not file.exists():
        return 0.0
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:"))


if __name__ == "__main__":
    main()
