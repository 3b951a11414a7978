"""The coverage of rules by their examples, as text and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from redline.analysis.decided import Wanted
from redline.analysis.untested import TRUTHS, Coverage, Standing, impossible, missing, percent, total
from redline.rules.policy import Rule
from redline.rules.problems import Span

_HEADS = ("rule", "leaves", *TRUTHS.values(), "decided")


def coverage_text(coverage: Coverage) -> str:
    """A table for each policy, what is missing, and what cannot be decided."""
    lines: list[str] = []
    for policy in coverage.policies:
        standings = coverage.of(policy)
        if standings:
            lines += [policy.id, *_table(standings), ""]
    standings = tuple(coverage.standings.values())
    for found in (missing(standings), impossible(standings)):
        told = [f"{_place(wanted[0].span)}  {words}" for _, wanted, words in found]
        lines += [*told, ""] if told else []
    done, of = total(standings)
    lines.append(f"{done} of {of} decided, {_shown(percent(done, of))}")
    if waiting := sum(len(standing.waiting) for standing in standings):
        lines.append(f"{waiting} more wait for an example to be confirmed")
    return "\n".join(lines)


def _table(standings: Sequence[Standing]) -> Iterator[str]:
    rows = [_HEADS, *(_row(standing.rule.id, [standing]) for standing in standings)]
    if len(standings) > 1:
        rows.append(_row("all", standings))
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADS))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        yield "  " + "  ".join(cells)


def _row(label: str, standings: Sequence[Standing]) -> tuple[str, ...]:
    leaves = sum(len(standing.leaves) for standing in standings)
    counts = []
    for truth in TRUTHS:
        each = [standing.count(truth) for standing in standings]
        counts.append(f"{sum(done for done, _ in each)}/{sum(of for _, of in each)}")
    return (label, str(leaves), *counts, _shown(percent(*total(standings))))


def _shown(share: Fraction) -> str:
    """One digit after the point, rounded down, so that nothing but all is 100."""
    tenths = int(share * 10)
    return f"{tenths // 10}.{tenths % 10} %"


def _place(span: Span) -> str:
    return f"{span.document}:{span.line}:{span.column}"


def coverage_data(coverage: Coverage) -> dict[str, object]:
    """The same as data."""
    standings = tuple(coverage.standings.values())
    done, of = total(standings)
    return {
        "decided": done,
        "wanted": of,
        "percent": float(round(percent(done, of), 2)),
        "rules": [_rule(standing) for standing in standings],
        "missing": _told(missing(standings), coverage),
        "impossible": _told(impossible(standings), coverage),
    }


def _rule(standing: Standing) -> dict[str, object]:
    done, of = total([standing])
    by_truth = {
        word: dict(zip(("decided", "wanted"), standing.count(truth), strict=True))
        for truth, word in TRUTHS.items()
    }
    return {
        "rule": f"{standing.rule.policy}/{standing.rule.id}",
        "leaves": len(standing.leaves),
        **by_truth,
        "percent": float(round(percent(done, of), 2)),
    }


def _told(found: Iterable[tuple[Rule, Wanted, str]], coverage: Coverage) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    for rule, (leaf, truth), words in found:
        full = f"{rule.policy}/{rule.id}"
        span = leaf.span
        told.append(
            {
                "rule": full,
                "leaf": leaf.words,
                "part": leaf.part,
                "truth": TRUTHS[truth],
                "place": {"document": span.document, "line": span.line, "column": span.column},
                "waits_for_confirmation": (leaf, truth) in coverage.standings[full].waiting,
                "message": words,
            }
        )
    return told
