"""Verifications and coverage of source documents as plain text, at most 100 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from redline.engine.characters import visible
from redline.engine.sources import Citation, Copy, Covered, Outcome, Status, Verification

WIDTH = 100


def render_verification(verifications: Iterable[Verification]) -> str:
    """As plain text: a line for each register, then a line for each citation that does not hold."""
    lines: list[str] = []
    for seen in verifications:
        held = sum(said.outcome is Outcome.OK for said in seen.citations)
        tally = f"{held} of {len(seen.citations)} citations hold"
        if seen.document is None:
            lines += _line(seen.register.id, f"no copy of the document found ({seen.register.file}); {tally}")
            continue
        name = visible(seen.document.name)
        if seen.copy is Copy.EXACT:
            lines += _line(seen.register.id, f"{name}, the very file that was read; {tally}")
        else:
            total = len(seen.register.paragraphs)
            change = f"the file changed: {seen.kept} of {total} paragraphs are as they were"
            lines += _line(seen.register.id, f"{name}, {change}; {tally}")
        lines += [line for said in seen.citations for line in _citation_lines(said)]
    return "".join(f"{line}\n" for line in lines)


def _citation_lines(said: Citation) -> list[str]:
    if said.outcome is Outcome.OK:
        return []
    return _line(f"  {said.cited_by}", f"paragraph {said.paragraph.number} {_became(said)}", 22)


def _became(said: Citation) -> str:
    match said.outcome:
        case Outcome.OK:
            return "is as it was"
        case Outcome.MOVED:
            return f"moved to {said.now}"
        case Outcome.CHANGED:
            return f"changed: {said.now} is nearest, with about {said.ratio:.0%} of the words in common"
        case Outcome.MISSING:
            return "missing"


def render_coverage(rows: Iterable[Covered]) -> str:
    """As plain text: each statement with what became of it, and a count at the end."""
    lines: list[str] = []
    counts = dict.fromkeys(Status, 0)
    for row in rows:
        counts[row.status] += 1
        outcome = str(row.status)
        if row.status is Status.ENCODED:
            outcome += f" by {', '.join(row.rules)}"
        if row.question is not None:
            outcome = (
                f"{outcome} {row.question}"
                if row.status is Status.OPEN
                else f"{outcome}; open question {row.question}"
            )
        if row.reason:
            outcome += (
                f": {row.reason}"
                if row.status is Status.NOT_ENCODED
                else "; the reason not to encode it is stale"
            )
        lines += _line(f"{row.register}  {row.statement:<18} {row.voice}", outcome, 31)
    tally = ", ".join(f"{count} {status}" for status, count in counts.items())
    lines += _line("", f"{sum(counts.values())} statements: {tally}", 0)
    return "".join(f"{line}\n" for line in lines)


def _line(label: str, text: str, width: int = 4) -> list[str]:
    """The label and the text beside it, wrapped below itself."""
    start = f"{label:<{width}} " if label else ""
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=" " * (width + 1), break_on_hyphens=False
    )
