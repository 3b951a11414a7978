"""Commands on files that are wrong, and on some that are right, each with the answer it must give.

A case is a folder of `bad/` or `good/`: the files, the command, its standard input if it has one
(`stdin`), and what is expected: exit code, answer, problems.  Files of `_common` stand beside those of every
case.  `pytest --refresh` writes what is expected anew; the diff is then to be argued for.
"""

from __future__ import annotations

import io
import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from redline.front.cli import run

HERE = Path(__file__).resolve().parent
NOT_INPUT = ("command", "stdin", "expected")
VALID = HERE / "good" / "authorised" / "scenario.yaml"


def _fifty_megabytes() -> bytes:
    return VALID.read_bytes() + b"# nothing\n" * 5_000_000


def _a_hundred_thousand_levels() -> bytes:
    return b"redline: 1\nscenario: deep\nparties: " + b"[" * 100_000 + b"]" * 100_000


MADE: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "fifty-megabytes": ("scenario.yaml", _fifty_megabytes),
    "a-hundred-thousand-levels": ("scenario.yaml", _a_hundred_thousand_levels),
    "not-utf-8": (
        "scenario.yaml",
        lambda: VALID.read_text(encoding="utf-8").replace("a buyer", "Société").encode("latin-1"),
    ),
    "utf-16": ("scenario.yaml", lambda: VALID.read_text(encoding="utf-8").encode("utf-16")),
    "a-null-byte": ("scenario.yaml", lambda: VALID.read_bytes().replace(b"a buyer", b"a\0buyer")),
    "line-ends-and-byte-order-mark": (
        "scenario.yaml",
        lambda: b"\xef\xbb\xbf" + VALID.read_bytes().replace(b"\n", b"\r\n"),
    ),
}
"""Files that are made when they are needed: too large to keep, or no text."""


@dataclass(frozen=True)
class Answer:
    """What a command gives."""

    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"exit {self.code}\n--- answer\n{self.out}--- problems\n{self.err}"


def _cases(kind: str) -> list[str]:
    return sorted(each.name for each in (HERE / kind).iterdir() if each.is_dir() and each.name != "_common")


def _laid_out(kind: str, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of a case in a folder that is then the current one, and its command."""
    case = HERE / kind / name
    for source in (HERE / kind / "_common", case):
        for file in source.iterdir():
            if file.name not in NOT_INPUT:
                shutil.copy(file, folder / file.name)
    if name in MADE:
        file_name, make = MADE[name]
        (folder / file_name).write_bytes(make())
    monkeypatch.chdir(folder)
    stdin = case / "stdin"
    data = stdin.read_bytes() if stdin.exists() else b""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
    return shlex.split((case / "command").read_text(encoding="utf-8"))


def _answer(command: list[str], capsys: pytest.CaptureFixture[str]) -> Answer:
    capsys.readouterr()
    code = run(command)
    out, err = capsys.readouterr()
    return Answer(code, re.sub(r'("platform": )"[^"]*"', r'\1"..."', out), err)


def _held(answer: Answer, kind: str, name: str, *, refresh: bool) -> None:
    expected = HERE / kind / name / "expected"
    if refresh:
        expected.write_text(str(answer), encoding="utf-8", newline="\n")
    assert str(answer) == expected.read_text(encoding="utf-8"), (
        f"{kind}/{name}: `make refresh` writes it anew"
    )


@pytest.mark.parametrize("name", _cases("bad"))
def test_bad_input_is_refused_or_flagged(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    refresh: bool,
) -> None:
    """As expected to the letter; with exit code 2, what is wrong on standard error, and no traceback."""
    command = _laid_out("bad", name, tmp_path, monkeypatch)
    answer = _answer(command, capsys)
    assert answer.code == 2, answer
    assert "rror" in answer.err
    assert "Traceback" not in answer.err
    assert "internal" not in answer.err
    assert "no encoded red line crossed" not in answer.out or name.startswith("two-")
    _held(answer, "bad", name, refresh=refresh)


PLACELESS = frozenset({"cannot-read", "unknown-reading"})
"""Problems with what stands in no file that could be read."""


@pytest.mark.parametrize("name", [n for n in _cases("bad") if not n.endswith("-explained")])
def test_a_problem_has_a_code_a_place_and_help(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told as data: the line and column lie in the file, and there is advice."""
    command = _laid_out("bad", name, tmp_path, monkeypatch)
    if "--format" not in command:
        command = [*command, "--format", "json"]
    answer = _answer(command, capsys)
    if not answer.err.startswith("{"):
        assert "Error: " in answer.err  # the command itself is wrong, and is told how it is used
        return
    for problem in json.loads(answer.err)["problems"]:
        assert problem["code"]
        assert problem["message"]
        assert problem["help"], problem
        place = problem["place"]
        if problem["code"] in PLACELESS:
            continue
        assert place["line"] >= 1, problem
        assert place["column"] >= 1, problem
        if place["document"] != "<stdin>":
            lines = Path(place["document"]).read_bytes().count(b"\n") + 1
            assert place["line"] <= lines, problem


@pytest.mark.parametrize("name", _cases("good"))
def test_good_input_is_answered(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    refresh: bool,
) -> None:
    """As expected to the letter, on standard output alone save for warnings."""
    answer = _answer(_laid_out("good", name, tmp_path, monkeypatch), capsys)
    assert answer.code in (0, 1, 3, 4), answer
    assert "error" not in answer.err
    _held(answer, "good", name, refresh=refresh)


def test_two_documents_or_files_of_which_one_is_bad_lose_no_answer() -> None:
    """The answer of the good one is the answer that it has alone."""
    alone = (HERE / "good" / "authorised" / "expected").read_text(encoding="utf-8").split("--- ")[1]
    said = alone.removeprefix("answer\n").splitlines()[0].split()[0]
    for name in _cases("bad"):
        if name.startswith("two-") and name != "two-answers-to-one-reading":
            expected = (HERE / "bad" / name / "expected").read_text(encoding="utf-8")
            assert f"\n{said} " in expected, name


def test_every_case_is_of_use() -> None:
    """It has a command and an expected answer, and files that are read."""
    for kind in ("bad", "good"):
        for name in _cases(kind):
            assert (HERE / kind / name / "command").is_file(), name
            assert (HERE / kind / name / "expected").is_file(), name
