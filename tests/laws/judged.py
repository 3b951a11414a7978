"""From texts to verdicts, and how the verdicts before and after a change are compared."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from redline.engine.load import Library, load, shipped
from redline.engine.policies import is_policy
from redline.engine.read import read_path
from redline.engine.run import Bench, Options, prepare
from redline.testing.written import Data, data, text


def bench(folder: Path, *policies: Data, options: Options | None = None, cited: bool = False) -> Bench:
    """Policies written to files of a folder and loaded; `cited`: with the registers that ship."""
    paths = []
    for number, policy in enumerate(policies):
        path = folder / f"policy-{number}.yaml"
        path.write_text(text(policy), encoding="utf-8")
        paths.append(path)
    library = load(paths, registers=None if cited else [])
    assert not library.problems, library.problems
    return prepare(library, options or Options())


@cache
def shipped_library() -> Library:
    """The policies that ship, with the scenarios beside them and those that they are tested by."""
    return load(scenarios=shipped("scenarios"))


@cache
def shipped_bench() -> Bench:
    """The policies that ship, made ready."""
    return prepare(shipped_library())


@cache
def shipped_policies() -> tuple[Data, ...]:
    """The policies that ship, as plain data."""
    documents = (each for path in shipped("policies") for each in read_path(path).documents)
    return tuple(data(each.root) for each in documents if is_policy(each))


@cache
def shipped_scenarios() -> tuple[Data, ...]:
    """The scenarios that ship, as plain data, without what they expect of themselves."""
    found = (data(each.root) for each in shipped_library().scenarios.values())
    return tuple(
        {k: v for k, v in each.items() if k not in ("twin", "expect")}
        for each in found
        if isinstance(each, dict)
    )
