"""What was loaded, and the files that ship; reading them is `engine/load.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from redline.engine.read import Document
from redline.engine.typed import Lexicon
from redline.rules.frozen import dataclass, field
from redline.rules.late import Late
from redline.rules.node import Map, Text
from redline.rules.policy import Policy
from redline.rules.problems import Problem, errors
from redline.rules.register import Register


@dataclass(frozen=True, slots=True)
class Library(Late):
    """What was loaded: policies with the words they add, registers, and scenarios by id, not yet read.

    `texts` holds the lines of every file by its name, to show problems with; `written` holds each policy
    as it is written, by its id.
    """

    policies: tuple[Policy, ...]
    lexicon: Lexicon
    registers: tuple[Register, ...]
    scenarios: Mapping[str, Document]
    texts: Mapping[str, Sequence[str]]
    problems: tuple[Problem, ...] = field(default=())
    written: Mapping[str, Map] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether no policy had to be left out."""
        return not errors(self.problems)


def shipped(kind: str) -> tuple[Path, ...]:
    """The files of a folder that ships: `policies`, `seeds` or `scenarios`, in order of name."""
    return tuple(sorted(folder(kind).glob("*.yaml")))


def files_in(paths: Iterable[str | Path]) -> Iterable[str | Path]:
    """The files, and the `*.yaml` of each folder and of what is in it."""
    for path in paths:
        if str(path) != "-" and Path(path).is_dir():
            yield from sorted(Path(path).glob("**/*.yaml"))
        else:
            yield path


@cache
def folder(kind: str) -> Path:
    """The folder of that kind that ships."""
    return Path(import_module(f"redline.{kind}").__path__[0])


def digest(document: Document) -> str:
    """The SHA-256 of a document's file as text, and of which document of the file it is."""
    return sha256(f"{document.index}\n".encode() + "\n".join(document.lines).encode()).hexdigest()


def scenario_id(document: Document) -> str | None:
    """The id of the scenario that the document is; None if it is none."""
    found = document.root.get("scenario") if isinstance(document.root, Map) else None
    return found.text if isinstance(found, Text) else None
