"""What stands for one and the same thing, whichever rule looks at it: keys of the choices of an outline."""

from __future__ import annotations

from collections.abc import Collection

from redline.analysis.joint import UNWRITABLE, Key
from redline.engine.case import Variable
from redline.rules.condition import Owned
from redline.rules.record import Row

DAY: Key = ("day",)
"""The key of the day on which everything happens."""
_DERIVED = frozenset({"crosses_border", "good", "covers", "breached", "via", "depth", "how", "part"})


def key_of(label: str, variable: Variable, optional: Collection[str], unsaid: Collection[str]) -> Key | None:
    """What a variable of the subject of that label stands for; None: for something of its rule alone.
    `optional` are the paths of what may be left out, `unsaid` the fields of which nothing is said."""
    cell = variable.cell
    match variable.sort:
        case "reading" | "open":
            return (variable.sort, variable.path)
        case "presence":
            assert cell is not None
            last = variable.rows[-1]
            about = last.cells["value"].about if last.shape == "value" else cell.about
            return ("there", about) if about in optional else ("derived there", (label, *_names(variable)))
        case "field":
            return _field(label, variable, unsaid)
        case _:
            return None


def _field(label: str, variable: Variable, unsaid: Collection[str]) -> Key:
    cell, column = variable.cell, variable.column
    assert cell is not None
    assert column is not None
    name = column[0]
    if isinstance(name, Owned) and not variable.rows[-1].name:
        return UNWRITABLE
    if not isinstance(name, str) or name in _DERIVED or (name == "share" and not _states_share(cell.about)):
        return ("derived", (label, *_names(variable)), column)
    if name in unsaid:
        return UNWRITABLE
    placed = name == "country" and cell.about.endswith(".place_of_use")
    if placed or name == "value" or cell.about.endswith(f".{name}"):
        return ("fact", cell.about, column)
    return UNWRITABLE


def _states_share(about: str) -> bool:
    """Whether a share is of a part or an owner; what a thing makes up of itself, or a tool, is not said."""
    return about.split(".")[-3:-2] in (["contains"], ["owners"])


def is_derived(key: Key) -> bool:
    """Whether it is worked out from other things, or nobody can state it."""
    return isinstance(key, tuple) and str(key[0]).startswith(("derived", "unwritable"))


def subject_of(key: Key) -> Key:
    """Of something derived, what it is about."""
    return key[1] if isinstance(key, tuple) and key[0] == "derived" else key


def _names(variable: Variable) -> tuple[str, ...]:
    """Where a variable stands, rows by their names."""
    names: list[str] = []
    depth = 0
    for step in variable.path if variable.sort != "field" else variable.path[:-1]:
        if isinstance(step, int):
            names.append(_name(variable.rows[depth]) or str(step))
        else:
            names.append(step)
            depth += 1
    return (*names, variable.rows[-1].name)


def _name(row: Row) -> str:
    """What a row is called, or what it follows from: where it stands changes with the rows before it."""
    return row.name or (row.present.about if row.present is not None else "")
