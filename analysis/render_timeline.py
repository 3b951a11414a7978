"""A timeline as text, as plain data and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from redline.analysis.timeline import AS_OF, Flip, Spell, Timeline
from redline.answers.palette import FILL, IMPOSSIBLE
from redline.rules.policy import Rule
from redline.rules.verdicts import HARMLESS, ORDER, Verdict, worst

SCHEMA = 1
"""The version of the data's form."""
_QUIET = frozenset({None, Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE})
_NOT_JUDGED = "cannot be so"
_WHOLE = "all red lines"


def timeline_as_text(line: Timeline, rules: Mapping[str, Rule]) -> str:
    """The timeline as a person reads it; `rules` by their full names."""
    return "\n".join(_lines(line, rules))


def _lines(line: Timeline, rules: Mapping[str, Rule]) -> Iterator[str]:
    what = "the day that it is judged as of" if line.moved == AS_OF else f"`{line.moved}`"
    yield f"As {what} moves from {line.spells[0].first} to {line.spells[-1].last}:"
    yield ""
    for spell in line.spells:
        yield f"  {spell.first} to {spell.last}  {_verdict(spell)}"
        for problem in spell.problems:
            yield f"      {problem.message}"
    for day, flips in groupby(line.flips, key=lambda flip: flip.day):
        yield ""
        yield from _day(str(day), list(flips), rules)
    if not line.flips:
        yield ""
        yield "No finding changes between days on which the scenario can be so."


def _verdict(spell: Spell) -> str:
    if spell.verdict is None:
        return f"{_NOT_JUDGED}: the scenario contradicts itself, and nothing is found of it"
    counts = {
        verdict: len({p[0] for p, found in spell.found.items() if found is verdict}) for verdict in ORDER
    }
    told = [
        f"{verdict.words} ({count} rule{'s' * (count > 1)})"
        for verdict, count in counts.items()
        if count and verdict not in HARMLESS
    ]
    return ", ".join(told) or "no encoded red line crossed"


def _day(day: str, flips: Sequence[Flip], rules: Mapping[str, Rule]) -> Iterator[str]:
    told = [flip for flip in flips if not {flip.before, flip.after} <= _QUIET]
    rest = len(flips) - len(told)
    yield f"{day}" + ("" if told else f"  {_rest(rest, first=True)}")
    for flip in told:
        rule = rules[flip.place[0]]
        subject = " ".join(flip.place[1:])
        change = f"{_words(flip.before)} -> {_words(flip.after)}"
        yield f"  {rule.id}, {subject.strip()} ({rule.layer}, {rule.strength}): {change}"
    causes = dict.fromkeys(cause for flip in told or flips for cause in flip.causes)
    for cause in causes:
        place = f"  [{cause.span.document}:{cause.span.line}]" if cause.span.line else ""
        yield f"      {cause.words}{place}"
    if told and rest:
        yield f"  {_rest(rest)}"


def _rest(count: int, *, first: bool = False) -> str:
    more = "" if first else " more"
    return f"{count}{more} between not crossed, does not apply and not found"


def _words(verdict: Verdict | None) -> str:
    return "not found" if verdict is None else verdict.words


def timeline_as_data(line: Timeline) -> dict[str, object]:
    """The timeline as plain data: dates as YYYY-MM-DD, both ends of a spell included."""
    return {
        "schema": SCHEMA,
        "moved": line.moved,
        "days_judged": line.judged,
        "spells": [
            {
                "first": str(spell.first),
                "last": str(spell.last),
                "verdict": spell.verdict,
                "problems": [problem.message for problem in spell.problems],
                "findings": [
                    {"rule": rule, "kind": kind, "subject": label, "verdict": verdict}
                    for (rule, kind, label), verdict in spell.found.items()
                ],
            }
            for spell in line.spells
        ],
        "flips": [
            {
                "day": str(flip.day),
                "rule": flip.place[0],
                "kind": flip.place[1],
                "subject": flip.place[2],
                "before": flip.before,
                "after": flip.after,
                "causes": [
                    {"words": c.words, "file": c.span.document, "line": c.span.line} for c in flip.causes
                ],
            }
            for flip in line.flips
        ],
    }


def timeline_as_chart(line: Timeline, rules: Mapping[str, Rule]) -> Any:
    """The timeline as a chart of altair: a row for the whole and for each rule that is ever about it, a bar a
    spell.  Needs the extra `pictures`."""
    import altair as alt

    rows = list(_bars(line, rules))
    order = list(dict.fromkeys(row["rule"] for row in rows))
    words = [verdict.words for verdict in ORDER] + [_NOT_JUDGED]
    fills = [FILL[verdict] for verdict in ORDER] + [IMPOSSIBLE]
    y = alt.Y("rule:N", sort=order, title=None, axis=alt.Axis(labelLimit=420, ticks=False, domain=False))
    return (
        alt.Chart({"values": rows})
        .mark_bar(stroke="#555555", strokeWidth=0.5, height=16)
        .encode(
            x=alt.X("first:T", title=None, axis=alt.Axis(grid=True, labelOverlap=True)),
            x2="after:T",
            y=y,
            color=alt.Color(
                "verdict:N",
                scale=alt.Scale(domain=words, range=fills),
                legend=alt.Legend(title=None, orient="top", labelLimit=300, columns=4),
            ),
            tooltip=["rule:N", "verdict:N", "first:T", "last:T"],
        )
        .properties(width=720, height=alt.Step(24))
    )


def _bars(line: Timeline, rules: Mapping[str, Rule]) -> Iterator[dict[str, str]]:
    for rule in (None, *_shown(line)):
        for words, spells in groupby(line.spells, key=lambda spell: _said(spell, rule)):  # at once
            together = list(spells)
            first, last = together[0].first, together[-1].last
            shown = _WHOLE if rule is None else rules[rule].id
            after = str(last + timedelta(1))
            yield {"rule": shown, "verdict": words, "first": str(first), "last": str(last), "after": after}


def _said(spell: Spell, rule: str | None) -> str:
    """What a rule (none: all together) says on the days of a spell."""
    if spell.verdict is None:
        return _NOT_JUDGED
    if rule is None:
        return spell.verdict.words
    return worst(verdict for place, verdict in spell.found.items() if place[0] == rule).words


def _shown(line: Timeline) -> list[str]:
    """The rules that are ever about a subject, by their full names."""
    about = {
        place[0]
        for spell in line.spells
        for place, verdict in spell.found.items()
        if verdict is not Verdict.NOT_APPLICABLE
    }
    return sorted(about)
