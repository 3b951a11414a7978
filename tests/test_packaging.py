"""What is on disk is what ships: under one import name, with nothing left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
FOLDERS = {package: ROOT / folder for package, folder in SETUPTOOLS["package-dir"].items()}
NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__"}


def _files(folder: Path) -> list[Path]:
    """Every file below the folder, without what is only linked there and without caches."""
    return [
        Path(here) / name
        for here, _, names in os.walk(folder)
        if "__pycache__" not in Path(here).parts
        for name in names
        if not (Path(here) / name).is_symlink()
    ]


def _is_data(file: Path) -> bool:
    """Whatever is neither code nor a note for readers of the repository."""
    return file.suffix not in {".py", ".pyc", ".md"} and not file.name.startswith(".")


def _shipped() -> dict[str, Path]:
    """Where each file of code and data should be once installed."""
    return {
        (Path(*package.split(".")) / file.relative_to(folder)).as_posix(): file
        for package, folder in FOLDERS.items()
        for file in _files(folder)
        if file.suffix == ".py" or _is_data(file)
    }


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_package_on_disk_is_listed() -> None:
    """A folder with code that is not in `packages` would silently be missing from the wheel."""
    on_disk = {
        ".".join((package, *file.parent.relative_to(folder).parts))
        for package, folder in FOLDERS.items()
        for file in _files(folder)
        if file.suffix == ".py"
    }
    assert on_disk == set(SETUPTOOLS["packages"])


@pytest.mark.parametrize("package", SETUPTOOLS["packages"])
def test_every_package_says_that_it_is_one(package: str) -> None:
    """Without an `__init__.py` a folder is found when installed, and lost in an editable install."""
    root = max((known for known in FOLDERS if f"{package}.".startswith(f"{known}.")), key=len)
    below = package.removeprefix(root).strip(".").split(".")
    assert FOLDERS[root].joinpath(*below, "__init__.py").is_file()


def test_every_data_file_is_shipped() -> None:
    """A policy, register or scenario that no pattern matches would be missing without a word."""
    on_disk = {file for folder in FOLDERS.values() for file in _files(folder) if _is_data(file)}
    shipped = {
        file
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for file in FOLDERS[package].glob(pattern)
    }
    assert sorted(on_disk - shipped) == []


def test_the_typed_marker_is_there() -> None:
    """Type checkers believe the annotations only where `py.typed` says so."""
    assert (ROOT / "src" / "redline" / "py.typed").is_file()


def test_the_package_runs_as_a_module() -> None:
    """`python -m redline` is the command, with its exit codes."""
    scenario = str(ROOT / "scenarios" / "radar-through-a-shipyard.yaml")
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    for arguments, code in ((("--version",), 0), (("check", "--quiet", scenario), 1), (("chekc",), 2)):
        done = subprocess.run(
            [sys.executable, "-m", "redline", *arguments],
            capture_output=True, encoding="utf-8", check=False, env=known,
        )  # fmt: skip
        assert done.returncode == code, done.stderr


def test_all_is_every_extra() -> None:
    """What the two commands of the README install leaves no extra out."""
    extras = PROJECT["project"]["optional-dependencies"]
    named = extras["all"][0].removeprefix("redline[").removesuffix("]").split(",")
    assert set(named) == set(extras) - {"all"}


def test_an_install_adds_one_import_name_and_every_file(tmp_path: Path) -> None:
    """`pip install .` puts all code and data under `redline` and adds no other name, links or not."""
    copy = tmp_path / "copy"
    shutil.copytree(
        ROOT,
        copy,
        symlinks=True,
        ignore=lambda _, names: {name for name in names if name in NOT_OURS or name.endswith(".egg-info")},
    )
    for link in (copy / "src" / "redline").iterdir():
        if link.is_symlink():
            link.unlink()
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=os.name != "nt")
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--no-input"]
    _run(*pip, "install", "--quiet", "--no-deps", str(copy))
    site = Path(_run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())

    names = {path.name for path in site.iterdir() if path.suffix != ".dist-info"}
    assert names == {"redline"}
    installed = {
        file.relative_to(site).as_posix() for file in _files(site / "redline") if file.suffix != ".pyc"
    }
    assert installed == set(_shipped())
