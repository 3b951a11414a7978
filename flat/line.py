"""The straight line: code for the records of one form, an AND a field.

The look-up of a value is its check: only values that were read without a problem are there to be found.
What is not found, or is of another form, goes the long way.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from redline.flat.field_table import FieldTable
from redline.flat.fields import Flat
from redline.flat.forms import Decide, Form
from redline.flat.keys import KNOWN, key_of
from redline.rules.decision import Decision
from redline.rules.terms import YES_NO

NOTHING = Decision((), ())
_IN_A_HURRY = (
    "if {v}.__class__ is list: {v} = tuple({v})",
    "elif {v}.__class__ is dict and len({v}) == 2 and (k := {v}['known']).__class__ is list:",
    "    {v} = (tuple(k), {v}['more'], KNOWN)",
    "elif {v}.__class__ is not str: {v} = key_of({v})",
)
"""`key_of` of what is written as a list of texts or as `{known: [...], more: none}`."""


def line(form: Form) -> Decide:
    """The code.  Numbers of fields alone are in its text: no name or value of a record is."""
    known: dict[str, Any] = {
        "right": bisect_right, "key_of": key_of, "KNOWN": KNOWN, "long": form.long, "other": form.other,
        "finish": form.finish, "NOTHING": NOTHING, "start": form.possible,
        "Missed": (KeyError, TypeError, ValueError, AttributeError),
        "kept": form.kept.get if form.kept is not None else None,
    }  # fmt: skip
    lines, keys = [], []
    ands = ["start"] if form.possible != form.index.full or not any(t.groups for t in form.tables) else []
    for n, (field, table) in enumerate(zip(form.fields, form.tables, strict=True)):
        known |= {f"n{n}": field.name, f"t{n}": table.sure, f"c{n}": table.cuts, f"s{n}": table.sides}
        written, got, key = _looked_up(n, field, table)
        lines += written
        keys.append(key)
        if table.groups:
            ands.append(got)
        else:
            lines.append(got if not table.counted else f"0 & {got}")
    if len(ands) == 1 and ands != ["start"]:
        ands.append("start")  # a None that is not met with anything would pass for nothing being left
    lines.append(f"m = {' & '.join(ands)}")
    after = ["if not m: return NOTHING"]
    if form.kept is not None and not form.several:
        after += ["d = kept(m)", "if d is not None: return d"]
    after.append(f"return finish(m, ({''.join(f'{key}, ' for key in keys)}), record)")
    text = "def line(record):\n"
    text += f"    if record.__class__ is not dict or len(record) != {len(keys)}: return other(record)\n"
    text += f"    try:\n{_indented(lines, 8)}    except Missed:\n        return long(record)\n"
    text += _indented(after, 4)
    exec(text, known)  # noqa: S102 (see above)
    made: Decide = known["line"]
    return made


def _looked_up(n: int, field: Flat, table: FieldTable) -> tuple[list[str], str, str]:
    """Of a field: what is to be done first, what its value leaves possible, what it is known by."""
    value, key = f"record[n{n}]", f"v{n}"
    first, got = [f"{key} = {value}"], f"t{n}[{key}]"
    if field.many or field.whole:
        first += [line.format(v=key) for line in _IN_A_HURRY]
    elif field.type is not None and field.type.of == YES_NO.name:
        first.append(f"{key} = 'yes' if {key} is True else 'no' if {key} is False else {key}")
    elif table.counted:
        got = f"(s{n}[right(c{n}, {key})] if {key}.__class__ is int else {got})"
    else:
        return [], f"t{n}[{value}]", value
    return first, got, key


def _indented(lines: list[str], by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in lines)
