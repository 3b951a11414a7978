"""The faults that prove that tests can fail, and the runner that tries them: `make mutants`."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutants.faults import AREAS, AT_LEAST, JUDGES, NO_INTERPRETERS, ROOT, BadFault, Fault, faults
from tests.mutants.run import judged, placed, tried

ALL = tuple(faults())
VALIDITY = "tests/test_steps_brute_force.py::test_spells_are_all_days_each_with_its_status"


def _fault(old: str, new: str, *caught_by: str, file: str = "engine/validity.py") -> Fault:
    return Fault("validity", "made-here", "it is made here", file, old, new, caught_by or (VALIDITY,))


REAL = _fault("for each in reversed(validity):", "for each in validity:")


@pytest.mark.parametrize("fault", ALL, ids=str)
def test_every_fault_applies_to_the_source_in_its_area(fault: Fault) -> None:
    """Where the code has moved on, the fault must be written anew; and a law or a comparison catches it."""
    fault.patched((ROOT / fault.file).read_text(encoding="utf-8"))
    assert any(path.match(fault.file) for path in map(_path, AREAS[fault.area])), fault.file
    assert fault.says
    assert fault.caught_by
    assert all({test, test.partition("::")[0]} & set(JUDGES) and "::" in test for test in fault.caught_by)


class _path:  # noqa: N801  # a pattern that matches like a function
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def match(self, file: str) -> bool:
        from fnmatch import fnmatch

        return fnmatch(file, self.pattern)


def test_every_area_has_at_least_three_faults() -> None:
    """And every interpreter is one."""
    found = Counter(fault.area for fault in ALL)
    assert set(found) == set(AREAS)
    assert min(found.values()) >= AT_LEAST
    assert len({(fault.area, fault.says) for fault in ALL}) == len(ALL)


def _imported(path: Path) -> set[str]:
    found = (
        each
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.ImportFrom)
    )
    return {f"{each.module}.{name.name}" for each in found for name in each.names}


def test_every_interpreter_is_an_area_of_faults() -> None:
    """Whatever looks into lists and knows of truth judges rules, or it is told why it does not."""
    lists = {f"redline.engine.plan.{n}" for n in ("PSome", "PEvery")}
    lists |= {f"redline.rules.condition.{n}" for n in ("Some", "Every")}
    truths = {f"redline.rules.truth.{n}" for n in ("TRUE", "FALSE", "UNKNOWN", "Truth")}
    found = set()
    for path in (*(ROOT / "engine").glob("*.py"), *(ROOT / "flat").glob("*.py")):
        names = _imported(path)
        if names & lists and names & truths:
            found.add(path.relative_to(ROOT).as_posix())
    patterns = [_path(pattern) for area in AREAS.values() for pattern in area]
    entered = {file for file in found if any(pattern.match(file) for pattern in patterns)}
    assert found - entered == set(NO_INTERPRETERS)
    assert {f"engine/{n}.py" for n in ("reference", "kleene", "ground", "rete_cases")} <= entered
    assert "flat/masks.py" in entered


def test_a_fault_that_does_not_apply_just_once_is_refused() -> None:
    """None of its lines, or twice; or what comes of it is no Python, or no other code."""
    source = "def f():\n    a = 1\n    a = 1\n    return a\n"
    for old, new, message in (
        ("b = 1", "b = 2", "0 times"),
        ("a = 1", "a = 2", "2 times"),
        ("return a", "return (", "no Python"),
        ("return a", "return  a  # another", "changes no code"),
    ):
        with pytest.raises(BadFault, match=message):
            _fault(old, new).patched(source)
    assert _fault("return a", "return 2").patched(source).endswith("    return 2\n")


def test_the_runner_tells_a_survivor_from_a_fault_that_is_caught_and_from_a_crash() -> None:
    """A change that does no harm survives; one that breaks the import crashes, and so does one by which the
    test raises something else: neither is caught."""
    harmless = _fault("spells = _spells(validity)", "spells = list(_spells(validity))")
    broken = _fault('_SAID = {"covered": TRUE, "exempt": FALSE}', '_SAID = {"covered": MAYBE}')
    raising = _fault("for each in reversed(validity):", "for each in reversed(1):")
    made = [replace(each, name=f"made-here-{n}") for n, each in enumerate((REAL, harmless, broken, raising))]
    results = tried(made)
    assert [result.ended for result in results] == ["caught", "survived", "crashed", "crashed"]
    assert "MAYBE" in results[2].why or "collection" in results[2].why
    assert "TypeError" in results[3].why


def test_a_test_that_was_not_run_catches_nothing() -> None:
    """Nor does one of another name that begins alike; one that passes lets the fault survive."""
    assert judged(["t.py::test_a"], {"t.py::test_b": "assertion"}, "")[0] == "crashed"
    assert judged(["t.py::test_a"], {"t.py::test_a_and_b": "assertion"}, "")[0] == "crashed"
    assert judged(["t.py::test_a"], {}, "it hangs") == ("crashed", "it hangs")
    assert judged(["t.py::test_a"], {"t.py::test_a": "passed"}, "")[0] == "survived"
    assert (
        judged(["t.py::test_a"], {"t.py::test_a[1]": "passed", "t.py::test_a[2]": "assertion"}, "")[0]
        == "caught"
    )


def test_copies_share_nothing_and_the_fault_is_compiled_anew(tmp_path: Path) -> None:
    """What one run writes no other reads; and byte code of the unchanged file is not there."""
    base = tmp_path / "base"
    (base / "engine" / "__pycache__").mkdir(parents=True)
    for file in (
        "engine/a.py",
        "engine/__pycache__/a.cpython-311.pyc",
        "engine/__pycache__/ab.cpython-311.pyc",
    ):
        (base / file).write_text("sound", encoding="utf-8")
    placed(base, tmp_path / "one", "engine/a.py", "wrong")
    placed(base, tmp_path / "two", "engine/a.py", "other")
    assert [(tmp_path / n / "engine/a.py").read_text("utf-8") for n in ("base", "one", "two")] == [
        "sound",
        "wrong",
        "other",
    ]
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert len(files) == 3 + 2 * 2
    assert all(each.stat().st_nlink == 1 for each in files)
    assert [each.name for each in (tmp_path / "one").rglob("*.pyc")] == ["ab.cpython-311.pyc"]


def test_the_runner_refuses_tests_that_are_not_there_or_fail_without_a_fault() -> None:
    """Nothing is proved by them."""
    with pytest.raises(BadFault, match="not all tests"):
        tried([replace(REAL, caught_by=("tests/test_steps_brute_force.py::test_nothing",))])
    with pytest.raises(BadFault, match="do not pass"):
        tried([replace(REAL, caught_by=("tests/mutants/always_fails.py::test_that_always_fails",))])
