"""A sweep as text, as rows of a table, as plain data and as a heat map."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from redline.analysis.sweep import Outcome, Sweep
from redline.answers.palette import FILL, IMPOSSIBLE, INK, LETTER
from redline.rules.policy import Rule
from redline.rules.verdicts import HARMLESS, ORDER, Verdict

SCHEMA = 1
"""The version of the data's form."""
NOT_JUDGED = "cannot be so"
_BAD = "!"
_WIDE = 100
_LABEL = 34
_FEW = 40
"""Up to so many values of an axis each has a line of its own in a picture; of more, those alike share one."""
Group = tuple[int, ...]
"""Values of an axis, by number, that say the same all along the other."""


def words_of(outcome: Outcome) -> str:
    """What is told of a cell in a few words."""
    return NOT_JUDGED if outcome.verdict is None else outcome.verdict.words


def letter_of(outcome: Outcome) -> str:
    """A letter for it."""
    return _BAD if outcome.verdict is None else LETTER[outcome.verdict]


def groups(found: Sweep, number: int, told: Sequence[Hashable]) -> list[Group]:
    """The values of an axis, those together along which the same is told (`told`, of each outcome)."""
    together: dict[Hashable, list[int]] = {}
    sizes = [len(axis) for axis in found.axes]
    for value in range(sizes[number]):
        if len(sizes) == 1:
            along: Hashable = told[found.number(value)]
        else:
            others = range(sizes[1 - number])
            along = tuple(
                told[found.number(*((value, other) if number == 0 else (other, value)))] for other in others
            )
        together.setdefault(along, []).append(value)
    return [tuple(group) for group in together.values()]


# --- text ---------------------------------------------------------------------------------------------


def sweep_as_text(found: Sweep, rules: Mapping[str, Rule]) -> str:
    """The sweep as a person reads it; `rules` by their full names."""
    return "\n".join(_lines(found, rules))


def _lines(found: Sweep, rules: Mapping[str, Rule]) -> Iterator[str]:
    over = " and ".join(f"`{axis.path}` over {_many(len(axis), 'value')}" for axis in found.axes)
    yield f"{over}: {_many(len(found.cells), 'cell')}, {_many(found.judged, 'scenario')} judged"
    yield from _one(found, rules) if len(found.axes) == 1 else _two(found, rules)
    yield from _impossible(found)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _deciding(outcome: Outcome, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """The rules that give an outcome its verdict, where that is no harmless one."""
    if outcome.verdict is None or outcome.verdict in HARMLESS:
        return ()
    return tuple(rules[rule].id for rule, verdict in outcome.rules.items() if verdict is outcome.verdict)


def _heading(outcome: Outcome, rules: Mapping[str, Rule]) -> tuple[Hashable, ...]:
    return (words_of(outcome), _deciding(outcome, rules), tuple(p.message for p in outcome.problems))


def _one(found: Sweep, rules: Mapping[str, Rule]) -> Iterator[str]:
    (axis,) = found.axes
    told = [_heading(outcome, rules) for outcome in found.outcomes]
    ordered = sorted(groups(found, 0, told), key=lambda group: _rank(found.at(group[0])))
    for group in ordered:
        outcome = found.at(group[0])
        yield ""
        yield f"{_said(outcome)}: {_many(len(group), 'value')}"
        yield from (f"  by {', '.join(by)}" for by in (_deciding(outcome, rules),) if by)
        listed = ", ".join(axis.values[number] for number in group)
        yield from wrap(listed, _WIDE, initial_indent="    ", subsequent_indent="    ")


def _said(outcome: Outcome) -> str:
    if outcome.verdict is None:
        return f"{NOT_JUDGED}: the scenario contradicts itself, and nothing is found of it"
    return "no encoded red line crossed" if outcome.verdict in HARMLESS else outcome.verdict.words


def _rank(outcome: Outcome) -> int:
    return -1 if outcome.verdict is None else ORDER.index(outcome.verdict)


def _two(found: Sweep, rules: Mapping[str, Rule]) -> Iterator[str]:
    letters = [letter_of(outcome) for outcome in found.outcomes]
    rows, columns = groups(found, 0, letters), groups(found, 1, letters)
    one, other = found.axes
    names = [_named(one.values, group) for group in rows]
    room = max(map(len, names))
    yield ""
    yield from (f"  {n:>2}  {_named(other.values, group, _WIDE - 8)}" for n, group in enumerate(columns, 1))
    yield ""
    yield f"  {'':{room}}  {' '.join(f'{n:>2}' for n in range(1, len(columns) + 1))}"
    for called, row in zip(names, rows, strict=True):
        cells = " ".join(f"{letters[found.number(row[0], column[0])]:>2}" for column in columns)
        yield f"  {called:{room}}  {cells}"
    yield ""
    yield "  " + ", ".join(dict.fromkeys(f"{letter_of(o)} {words_of(o)}" for o in _in_order(found)))
    yield ""
    counts: dict[tuple[str, tuple[str, ...]], int] = {}
    for which in found.cells:
        outcome = found.outcomes[which]
        key = (words_of(outcome), _deciding(outcome, rules))
        counts[key] = counts.get(key, 0) + 1
    for (words, by), count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        yield from wrap(f"{words} in {_many(count, 'cell')}" + (f": {', '.join(by)}" if by else ""), _WIDE)


def _in_order(found: Sweep) -> list[Outcome]:
    return sorted(found.outcomes, key=_rank)


def _named(values: Sequence[str], group: Group, room: int = _LABEL) -> str:
    """The values of a group: all where there is room, else the first ones and how many more."""
    shown = [values[number] for number in group]
    whole = ", ".join(shown)
    if len(whole) <= room or len(shown) == 1:
        return whole if len(whole) <= room else f"{whole[: room - 1]}…"
    few = list(shown)
    while len(few) > 1 and len(_cut(few, len(shown))) > room:
        few.pop()
    return _cut(few, len(shown))


def _cut(few: Sequence[str], of: int) -> str:
    return f"{', '.join(few)} and {of - len(few)} more"


def _impossible(found: Sweep) -> Iterator[str]:
    why = dict.fromkeys(problem.message for outcome in found.outcomes for problem in outcome.problems)
    if why:
        yield ""
        yield f"{NOT_JUDGED}:"
        yield from (f"  {message}" for message in why)


# --- tables and data ------------------------------------------------------------------------------------

COLUMNS = ("verdict", "crosses", "undetermined", "requires_assessment", "problems")
"""What is told of a cell in a table, after a column for each fact."""


def sweep_rows(found: Sweep) -> Iterator[dict[str, str]]:
    """A row a cell: the values, the verdict, and the rules that are not harmless, by full name."""
    told = [dict(zip(COLUMNS, _told(outcome), strict=True)) for outcome in found.outcomes]
    paths = [axis.path for axis in found.axes]
    at = {id(outcome): each for outcome, each in zip(found.outcomes, told, strict=True)}
    for values, outcome in found.all():
        yield {**dict(zip(paths, values, strict=True)), **at[id(outcome)]}


def _told(outcome: Outcome) -> Iterator[str]:
    yield "" if outcome.verdict is None else str(outcome.verdict)
    for verdict in (Verdict.CROSSES, Verdict.UNDETERMINED, Verdict.REQUIRES_ASSESSMENT):
        yield " ".join(rule for rule, what in outcome.rules.items() if what is verdict)
    yield "; ".join(problem.message for problem in outcome.problems)


def sweep_as_csv(found: Sweep) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [*(axis.path for axis in found.axes), *COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(sweep_rows(found))
    return text.getvalue()


def sweep_as_parquet(found: Sweep) -> bytes:
    """The rows as Parquet.  Needs the extra `tables`."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = list(sweep_rows(found))
    names = [*(axis.path for axis in found.axes), *COLUMNS]
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})
    buffer = io.BytesIO()
    parquet.write_table(table, buffer)
    return buffer.getvalue()


def sweep_as_data(found: Sweep) -> dict[str, object]:
    """The sweep as plain data: each outcome once, and of each cell, row by row, the number of its own."""
    return {
        "schema": SCHEMA,
        "axes": [{"path": axis.path, "values": list(axis.values)} for axis in found.axes],
        "judged": found.judged,
        "outcomes": [
            {
                "verdict": outcome.verdict,
                "problems": [problem.message for problem in outcome.problems],
                "rules": dict(outcome.rules),
            }
            for outcome in found.outcomes
        ],
        "cells": list(found.cells),
    }


# --- pictures -------------------------------------------------------------------------------------------


def scale() -> tuple[list[str], list[str]]:
    """The words that pictures tell, and the fill of each."""
    words = [verdict.words for verdict in ORDER] + [NOT_JUDGED]
    return words, [FILL[verdict] for verdict in ORDER] + [IMPOSSIBLE]


def sweep_as_chart(found: Sweep, rules: Mapping[str, Rule]) -> Any:
    """The sweep as a heat map of altair, a letter in each cell: of two facts, or of one by the rules that are
    ever about it.  Needs the extra `pictures`."""
    import altair as alt

    rows = list(_squares(found, rules))
    words, fills = scale()
    down = list(dict.fromkeys(row["down"] for row in rows))
    across = list(dict.fromkeys(row["across"] for row in rows))
    inks = [INK[verdict] for verdict in ORDER] + ["#FFFFFF"]
    first = found.axes[0].path
    second = found.axes[1].path if len(found.axes) > 1 else None
    here = [word for word in words if any(row["verdict"] == word for row in rows)]
    base = alt.Chart({"values": rows}).encode(
        x=alt.X(
            "across:N", sort=across, title=second,
            axis=alt.Axis(orient="top", labelAngle=-60, labelLimit=260, ticks=False, domain=False),
        ),
        y=alt.Y(
            "down:N", sort=down, title=first, axis=alt.Axis(labelLimit=260, ticks=False, domain=False)
        ),
        tooltip=["down:N", "across:N", "verdict:N"],
    )  # fmt: skip
    squares = base.mark_rect(stroke="#555555", strokeWidth=0.5).encode(
        color=alt.Color("verdict:N", scale=alt.Scale(domain=words, range=fills), legend=None)
    )
    letters = base.mark_text(fontSize=11).encode(
        text="letter:N",
        color=alt.Color("verdict:N", scale=alt.Scale(domain=words, range=inks), legend=None),
    )
    key = alt.Chart(
        {"values": [{"verdict": word, "letter": dict(_letters())[word]} for word in here]}
    ).encode(y=alt.Y("verdict:N", sort=here, title=None, axis=None))
    boxes = key.mark_rect(stroke="#555555", strokeWidth=0.5, width=22, height=18).encode(
        x=alt.value(12),
        color=alt.Color("verdict:N", scale=alt.Scale(domain=words, range=fills), legend=None),
    )
    marks = key.mark_text(fontSize=11).encode(
        x=alt.value(12), text="letter:N",
        color=alt.Color("verdict:N", scale=alt.Scale(domain=words, range=inks), legend=None),
    )  # fmt: skip
    said = key.mark_text(fontSize=11, align="left").encode(x=alt.value(30), text="verdict:N")
    legend = alt.layer(boxes, marks, said).resolve_scale(color="independent")
    legend = legend.properties(width=180, height=alt.Step(22))
    grid = alt.layer(squares, letters).resolve_scale(color="independent")
    grid = grid.properties(width=alt.Step(26), height=alt.Step(22))
    whole = alt.vconcat(grid, legend).resolve_scale(color="independent")
    return whole.configure_view(stroke=None).configure_axis(titleFontWeight="normal", titlePadding=12)


def _letters() -> Iterator[tuple[str, str]]:
    yield from ((verdict.words, LETTER[verdict]) for verdict in ORDER)
    yield NOT_JUDGED, _BAD


def _squares(found: Sweep, rules: Mapping[str, Rule]) -> Iterator[dict[str, str]]:
    if len(found.axes) == 1:
        yield from _by_rule(found, rules)
        return
    told = [words_of(outcome) for outcome in found.outcomes]
    rows, columns = (_drawn(found, number, told) for number in (0, 1))
    one, other = found.axes
    for row in rows:
        for column in columns:
            outcome = found.at(row[0], column[0])
            yield {
                "down": _named(one.values, row),
                "across": _named(other.values, column),
                "verdict": words_of(outcome),
                "letter": letter_of(outcome),
            }


def _drawn(found: Sweep, number: int, told: Sequence[Hashable]) -> list[Group]:
    size = len(found.axes[number])
    return [(value,) for value in range(size)] if size <= _FEW else groups(found, number, told)


def _by_rule(found: Sweep, rules: Mapping[str, Rule]) -> Iterator[dict[str, str]]:
    about = {
        rule
        for outcome in found.outcomes
        for rule, verdict in outcome.rules.items()
        if verdict is not Verdict.NOT_APPLICABLE
    }
    shown = [None, *(rule for rule in rules if rule in about)]
    told = [(words_of(o), *(o.rules.get(rule) for rule in shown if rule)) for o in found.outcomes]
    (axis,) = found.axes
    for group in _drawn(found, 0, told):
        outcome = found.at(group[0])
        for rule in shown:
            verdict = outcome.verdict if rule is None or outcome.verdict is None else outcome.rules.get(rule)
            if outcome.verdict is not None and verdict is None:
                verdict = Verdict.NOT_APPLICABLE
            yield {
                "down": _named(axis.values, group),
                "across": "all red lines" if rule is None else rules[rule].id,
                "verdict": NOT_JUDGED if verdict is None else verdict.words,
                "letter": _BAD if verdict is None else LETTER[verdict],
            }
