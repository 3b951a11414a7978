"""The shelf: the policies that ship, made ready to judge by and kept on disk, so that `redline check` does
not read them anew each time.

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
from contextlib import suppress
from datetime import date
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from redline.engine.library import Library, folder
from redline.engine.run import USUAL, Bench, prepare
from redline.rules.countries import remember, remembered
from redline.rules.terms import TREES
from redline.rules.trees import Tree

_FORMAT = b"redline shelf 1\n"
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


def usual_bench() -> Bench:
    """The bench of the policies that ship, under the usual options; from the shelf where it is there."""
    place = _place()
    key = _key()
    kept = None if place is None else _kept(place, key)
    if kept is not None:
        return kept
    from redline.engine.load import load

    bench = prepare(load())
    if place is not None and not bench.library.problems:
        _keep(place, key, bench)
    return bench


# --- what it is known by -----------------------------------------------------------------------


def _key() -> bytes:
    """The digest of all that what is kept follows from: this Python, the program's own files (by size and
    time: reading them all would cost what is to be saved), and the text of what ships."""
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
    lists = find_spec("pycountry")
    if lists is not None and lists.origin is not None:
        for part in (Path(lists.origin), *(Path(lists.origin).with_name("databases") / n for n in _LISTS)):
            state = part.stat()
            found.update(f"{part} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.digest()


def _place() -> Path | None:
    """The file, or None where nothing is to be kept.  Each place of installation has one of its own."""
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
    where = sha256(f"{Path(__file__).parent} {sys.implementation.cache_tag}".encode()).hexdigest()
    return base / f"library-{where[:16]}"


def _own(state: os.stat_result, kind: int) -> bool:
    """Whether it is of that kind, ours, and writable by nobody else."""
    if stat.S_IFMT(state.st_mode) != kind:
        return False
    return not hasattr(os, "geteuid") or (
        state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


# --- taken and put -----------------------------------------------------------------------------


def _kept(place: Path, key: bytes) -> Bench | None:
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
    length = int.from_bytes(body[:8], "big")
    try:
        policies, plan, asked, lexicon, registers, lists = _Records(io.BytesIO(body[8 : 8 + length])).load()
    except _UNREADABLE:
        return None

    def whole() -> Library:
        try:
            found = _Records(io.BytesIO(body[8 + length :])).load()
        except _UNREADABLE:
            from redline.engine.load import load

            return load()
        assert isinstance(found, Library)
        return found

    remember(lists)
    library = Library.late(whole, lexicon=lexicon, registers=registers, problems=())
    return Bench(library, USUAL, policies, plan, asked, {})


def _keep(place: Path, key: bytes, bench: Bench) -> None:
    library = bench.library
    kept = (bench.policies, bench.plan, bench.asked, library.lexicon, library.registers, remembered())
    first = _pickled(kept)
    body = len(first).to_bytes(8, "big") + first + _pickled(library)
    partial = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _own(place.parent.lstat(), stat.S_IFDIR):
            return
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_FORMAT + key + sha256(body).digest() + body)
        partial.replace(place)
    except OSError:
        with suppress(OSError):
            partial.unlink()


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
