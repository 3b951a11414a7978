"""The shelf: policies made ready to judge by and kept on disk, so that nothing is read anew each time: those
that ship, and those of any files.

What is kept is believed only if it is of this very program, Python and text of policies (all part of its
key) and whole (its digest).  Else it is made anew, silently; that it cannot be kept is no problem either.

It is a pickle, and whoever could write it could change what is judged.  So folder and file must belong to the
user who runs the program and be writable by nobody else, neither may be a link, and nothing is made from it
but records of this program: it can name no other class, and no function but the trees' own.  Where the system
does not tell owners (Windows), nothing is kept but under the user's own folder, which the system guards.
`REDLINE_CACHE` names another folder, or is `off`.
"""

from __future__ import annotations

import io
import os
import pickle  # see above
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from redline.engine.collector import at_rest
from redline.engine.library import Library, files_in, folder
from redline.engine.run import USUAL, Bench, prepare
from redline.rules.countries import remember, remembered
from redline.rules.terms import TREES
from redline.rules.trees import Tree

_FORMAT = b"redline shelf 2\n"
_SMALL = 1_000_000
"""Of policies with more bytes of text, what only some commands look at is not kept: they are read again."""
_MOST = 24
"""How many sets of policies are kept; the one longest unused goes first."""
_SOURCES = ("redline.rules.", "redline.engine.")
_RECORDS = frozenset({"Document", "Domain", "Entry", "Lexicon", "Library", "Asked", "Plan"})
"""The records of `engine/` that are kept, besides the formulas of the plan; of `rules/` all may be."""
_PLAIN: dict[tuple[str, str], object] = {
    ("builtins", "frozenset"): frozenset,
    ("builtins", "set"): set,
    ("fractions", "Fraction"): Fraction,
    ("datetime", "date"): date,
}
_CLIMBS = frozenset(tree.climb for tree in TREES.values())
_KINDS = ("policies", "seeds")
_LISTS = ("iso3166-1.json", "iso3166-3.json")
_DIGEST = 32
_UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, LookupError, TypeError, ValueError)


Paths = Sequence[str | Path] | None
"""Files and folders; None: what ships."""


@at_rest()
def usual_bench(policies: Paths = None, registers: Paths = None) -> Bench:
    """The bench of the policies in the files (None: those that ship) with the registers, under the usual
    options; from the shelf where it is there.  What has problems is never kept."""
    again = partial(_read, policies, registers)
    texts = _texts(policies, registers)
    given = policies is not None or registers is not None
    place = None if texts is None else _place(_names(policies, registers) if given else ())
    if place is None or texts is None:
        return prepare(again())
    key = _key(texts)
    bench = _kept(place, key, again)
    if bench is not None:
        return bench
    bench = prepare(again())
    if not bench.library.problems and _texts(policies, registers) == texts:  # not changed while it was read
        _keep(place, key, bench, small=sum(len(text) for _, text in texts) <= _SMALL)
    return bench


def _read(policies: Paths, registers: Paths) -> Library:
    from redline.engine.load import load

    return load() if policies is None and registers is None else load(policies, registers)


def _names(*given: Paths) -> tuple[str, ...]:
    return tuple(f"{[str(path) for path in paths]}" if paths is not None else "shipped" for paths in given)


def _texts(policies: Paths, registers: Paths) -> list[tuple[str, bytes]] | None:
    """The files by name with what they hold; None where one is no file: a pipe can be read only once."""
    found = []
    for path in (*files_in(policies or ()), *files_in(registers or ())):
        try:
            if not Path(path).is_file():
                return None
            found.append((str(path), Path(path).read_bytes()))
        except OSError:
            return None
    return found


# --- what it is known by -----------------------------------------------------------------------


def _key(texts: Sequence[tuple[str, bytes]]) -> bytes:
    """The digest of all that what is kept follows from: this Python, the program's own files (by size and
    time: reading them all would cost what is to be saved), the text of what ships, and these texts."""
    found = sha256(repr((sys.version, sys.implementation.cache_tag)).encode())
    for each in (Path(__file__).parent, Path(__file__).parents[1] / "rules"):
        for entry in sorted(os.scandir(each), key=lambda e: e.name):
            if entry.name.endswith(".py"):
                state = entry.stat()
                found.update(f"{entry.name} {state.st_size} {state.st_mtime_ns}\n".encode())
    for kind in _KINDS:
        for entry in sorted(os.scandir(folder(kind)), key=lambda e: e.name):
            if entry.name.endswith(".yaml"):
                text = Path(entry.path).read_bytes()
                found.update(f"{kind} {entry.name} {len(text)}\n".encode() + text)
    for name, text in texts:
        found.update(f"given {name} {len(text)}\n".encode() + text)
    lists = find_spec("pycountry")
    if lists is not None and lists.origin is not None:
        for part in (Path(lists.origin), *(Path(lists.origin).with_name("databases") / n for n in _LISTS)):
            state = part.stat()
            found.update(f"{part} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.digest()


def _place(names: Sequence[str]) -> Path | None:
    """The file, or None where nothing is to be kept.  Each place of installation has one of its own, and so
    have other policies than those that ship, by these names."""
    asked = os.environ.get("REDLINE_CACHE", "")
    if asked.lower() == "off":
        return None
    if asked:
        base = Path(asked)
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", "")) / "redline" / "cache"
    elif sys.platform == "darwin":
        base = Path(os.environ.get("HOME", "")) / "Library" / "Caches" / "redline"
    else:
        base = (
            Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME", "")) / ".cache") / "redline"
        )
    if not base.is_absolute() or (asked and not hasattr(os, "geteuid")):
        return None
    whose = f"{Path(__file__).parent} {sys.implementation.cache_tag} {Path.cwd() if names else ''} {names}"
    where = sha256(whose.encode()).hexdigest()
    return base / f"library-{where[:16]}"


def _own(state: os.stat_result, kind: int) -> bool:
    """Whether it is of that kind, ours, and writable by nobody else."""
    if stat.S_IFMT(state.st_mode) != kind:
        return False
    return not hasattr(os, "geteuid") or (
        state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


# --- taken and put -----------------------------------------------------------------------------


def _kept(place: Path, key: bytes, again: Callable[[], Library]) -> Bench | None:
    try:
        if not _own(place.parent.lstat(), stat.S_IFDIR):
            return None
        with os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            data = file.read() if _own(os.fstat(file.fileno()), stat.S_IFREG) else b""
    except OSError:
        return None
    head = _FORMAT + key
    if not data.startswith(head):
        return None
    body = memoryview(data)[len(head) + _DIGEST :]
    if sha256(body).digest() != data[len(head) : len(head) + _DIGEST]:
        return None
    first, rest = _parted(body)
    second, third = _parted(rest)
    try:
        plan, asked, lexicon, registers, lists = _Records(io.BytesIO(first)).load()
    except _UNREADABLE:
        return None

    @at_rest()
    def whole() -> Library:
        try:
            found = _Records(io.BytesIO(third)).load()
        except (EOFError, *_UNREADABLE):
            return again()
        assert isinstance(found, Library)
        return found

    @at_rest()
    def ready() -> Bench:
        try:
            policies = _Records(io.BytesIO(second)).load()
        except _UNREADABLE:
            return prepare(again())
        return Bench(library, USUAL, policies, plan, asked, {})

    remember(lists)
    with suppress(OSError):
        os.utime(place)  # so that what is used is not what is thrown away
    library = Library.late(whole, lexicon=lexicon, registers=registers, problems=())
    known = {"library": library, "options": USUAL, "plan": plan, "asked": asked}
    return Bench.late(ready, **known, readings={}, problems=())


def _parted(data: memoryview) -> tuple[memoryview, memoryview]:
    """What stands behind its length, and the rest."""
    end = 8 + int.from_bytes(data[:8], "big")
    return data[8:end], data[end:]


def _keep(place: Path, key: bytes, bench: Bench, *, small: bool) -> None:
    library = bench.library
    kept = (bench.plan, bench.asked, library.lexicon, library.registers, remembered())
    parts = (_pickled(kept), _pickled(bench.policies))
    body = b"".join(len(part).to_bytes(8, "big") + part for part in parts) + (
        _pickled(library) if small else b""
    )
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _own(place.parent.lstat(), stat.S_IFDIR):
            return
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_FORMAT + key + sha256(body).digest() + body)
        unfinished.replace(place)
        _forget(place.parent)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()


def _forget(folder: Path) -> None:
    """Throws away what was longest unused, of more sets than are kept."""
    kept = sorted(folder.glob("library-*"), key=lambda each: each.lstat().st_mtime_ns)
    for each in kept[:-_MOST]:
        each.unlink(missing_ok=True)


def _pickled(thing: object) -> bytes:
    written = io.BytesIO()
    _Pickler(written, protocol=5).dump(thing)
    return written.getvalue()


class _Pickler(pickle.Pickler):
    """Writes what all have in common by its name, and numbers as numbers."""

    def reducer_override(self, thing: object) -> Any:
        """How to write a thing, where the usual way will not do."""
        match thing:
            case Tree(name) if TREES.get(name) is thing:
                return tree_named, (name,)
            case Enum():
                return type(thing), (thing.value,)
            case Fraction():
                return Fraction, (thing.numerator, thing.denominator)
            case _:
                return NotImplemented


def tree_named(name: str) -> Tree:
    """The tree of the vocabulary."""
    return TREES[name]


class _Records(pickle.Unpickler):
    """Reads records, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name, if it is one that may be kept; a tree's climbing is a function."""
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        if (module, name) == (__name__, "tree_named"):
            return tree_named
        if not module.startswith(_SOURCES) or "." in name:
            raise pickle.UnpicklingError(f"{module}.{name} is not kept")
        found = super().find_class(module, name)
        known = module.startswith("redline.rules.") or name in _RECORDS or module == "redline.engine.plan"
        if not known or found.__module__ != module or not (isinstance(found, type) or found in _CLIMBS):
            raise pickle.UnpicklingError(f"{module}.{name} is not kept")
        return found
