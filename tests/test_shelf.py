"""The shelf gives what reading gives, believes nothing that is not its own, and never fails a command."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from redline.answers.render import rendered
from redline.engine.library import Library, shipped
from redline.engine.load import load
from redline.engine.run import Bench, prepare
from redline.engine.shelf import usual_bench
from redline.front.api import Engine
from tests.generate_policies import a_policy

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the system does not tell owners")


@pytest.fixture(scope="module")
def read() -> Bench:
    """The bench made from what ships, read anew."""
    return prepare(load())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf of its own, with the policies on it."""
    folder = tmp_path / "shelf"
    monkeypatch.setenv("REDLINE_CACHE", str(folder))
    usual_bench()
    (file,) = folder.iterdir()
    return file


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing may be read anew; told are the times that it was."""
    times: list[str] = []

    def counted() -> Library:
        times.append("read")
        return load()

    monkeypatch.setattr("redline.engine.load.load", counted)
    return times


def test_what_is_kept_is_what_is_read(place: Path, read: Bench, unread: list[str]) -> None:
    """Policies, plan, questions, words, registers, and what only some commands look at."""
    assert place.is_file()
    kept = usual_bench()
    assert not unread
    assert kept == read
    assert kept.library.texts == read.library.texts
    assert kept.library.scenarios == read.library.scenarios


def test_answers_from_the_shelf_are_the_same_bytes(place: Path, read: Bench, unread: list[str]) -> None:
    """Every shipped scenario, as JSON, which shows everything."""
    assert place.is_file()
    kept, anew = Engine.load(), Engine(read.library, read)
    assert not unread
    for path in shipped("scenarios"):
        assert rendered([kept.check(path)], "json") == rendered([anew.check(path)], "json"), path


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _altered(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _of_another_program(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[20] ^= 1
    file.write_bytes(data)


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _writable_by_all(file: Path) -> None:
    file.chmod(0o666)


def _in_a_folder_writable_by_all(file: Path) -> None:
    file.parent.chmod(0o777)


def _linked(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to(file.with_name("elsewhere"))


@pytest.mark.parametrize(
    "spoil",
    [_cut, _altered, _of_another_program, _emptied, _writable_by_all, _in_a_folder_writable_by_all, _linked],
)
def test_what_is_not_whole_and_our_own_is_not_believed(
    place: Path, read: Bench, unread: list[str], spoil: Callable[[Path], None]
) -> None:
    """It is read anew, and nothing is said."""
    spoil(place)
    assert usual_bench() == read
    assert unread == ["read"]


def test_a_change_of_a_policy_or_of_the_program_is_noticed(
    place: Path, unread: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key follows from the text of what ships, and from this program and Python."""
    assert place.is_file()
    monkeypatch.setattr(sys, "version", f"{sys.version} (another)")
    usual_bench()
    assert unread == ["read"]


class _Harm:
    """What runs something when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (os.environ["HARM"],)


def test_nothing_that_a_file_names_is_called(
    place: Path, read: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even of a file that passes for our own: it may hold records, and nothing else."""
    from hashlib import sha256

    monkeypatch.setenv("HARM", str(tmp_path / "harm"))
    data = place.read_bytes()
    head = len(b"redline shelf 1\n") + 32
    harm = pickle.dumps(_Harm())
    body = len(harm).to_bytes(8, "big") + harm
    place.write_bytes(data[:head] + sha256(body).digest() + body)
    assert usual_bench() == read
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("asked", ["off", "OFF", "relative/folder"])
def test_nothing_is_kept_where_it_is_not_wanted(
    asked: str, tmp_path: Path, read: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`off`, and what is no place that stays the same from folder to folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDLINE_CACHE", asked)
    assert usual_bench() == read
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_no_problem(
    tmp_path: Path, read: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("REDLINE_CACHE", str(tmp_path / "file" / "shelf"))
    assert usual_bench() == read


def test_from_the_shelf_nothing_is_imported_that_reads_policies(place: Path) -> None:
    """What is not imported takes no time."""
    script = (
        "import sys; from redline.front.cli import run; "
        "run(['--quiet', 'check', '--no-second-opinion', 'scenarios/army-lorries.yaml']); "
        "print(*(name for name in sys.modules if name.startswith('redline.engine.') or '.' not in name))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert place.is_file()
    imported = set(done.stdout.split())
    reading = {"load", "policies", "rules", "conditions", "comparisons", "catalogue", "groups", "words"}
    assert not imported & {f"redline.engine.{name}" for name in reading}
    assert not imported & {"pycountry", "pydantic", "rich", "logging", "email", "durable"}
    assert "redline.engine.conclude" in imported


# --- policies of other files ---------------------------------------------------------------------


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy of somebody's own, on a shelf of its own."""
    monkeypatch.setenv("REDLINE_CACHE", str(tmp_path / "shelf"))
    path = tmp_path / "ours.yaml"
    path.write_text(a_policy(3), encoding="utf-8")
    return path


def _read_times(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    times: list[object] = []

    def counted(*given: Any) -> Library:
        times.append(given)
        return load(*given)

    monkeypatch.setattr("redline.engine.load.load", counted)
    return times


def test_policies_of_any_file_are_read_once(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And those kept are those read, in whatever order what is kept is looked at."""
    times = _read_times(monkeypatch)
    anew = usual_bench([ours])
    kept = usual_bench([ours])
    assert len(times) == 1
    assert kept.plan == anew.plan
    assert kept == anew
    assert Engine.load([ours]).bench == anew
    assert len(times) == 1


def test_a_policy_that_changed_is_read_anew(ours: Path) -> None:
    """By what it says, not by when it was written; other registers are other policies too."""
    usual_bench([ours])
    before = ours.stat()
    ours.write_text(a_policy(3, 2), encoding="utf-8")
    os.utime(ours, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert usual_bench([ours]).policies == prepare(load([ours])).policies
    assert usual_bench([ours], []).library.registers == ()
    assert usual_bench([ours]).library.registers != ()


def test_a_policy_with_a_problem_is_never_kept(ours: Path) -> None:
    """So that the problem is told each time."""
    ours.write_text(ours.read_text(encoding="utf-8").replace("kind: prohibits", "kind: forbids", 1))
    for _ in range(2):
        assert usual_bench([ours]).library.problems
    assert not (ours.parent / "shelf").exists()


def test_what_can_be_read_only_once_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe is not emptied by looking whether it is known."""
    monkeypatch.setenv("REDLINE_CACHE", str(tmp_path / "shelf"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = Thread(target=pipe.write_text, args=(a_policy(2),))
    writing.start()
    assert len(usual_bench([pipe]).policies[0].rules) == 2
    writing.join()
    assert not (tmp_path / "shelf").exists()


def test_only_so_many_sets_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the one longest unused goes."""
    monkeypatch.setenv("REDLINE_CACHE", str(tmp_path / "shelf"))
    monkeypatch.setattr("redline.engine.shelf._MOST", 2)
    kept = []
    for number in range(3):
        path = tmp_path / f"p{number}.yaml"
        path.write_text(a_policy(1, number), encoding="utf-8")
        usual_bench([path])
        kept.append({each.name for each in (tmp_path / "shelf").iterdir()})
    assert [len(each) for each in kept] == [1, 2, 2]
    assert not kept[0] & kept[2]
