"""A comparison as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redline.rules.comparison import MEANS, Change, Compared, Comparison, Evidence, How, Relation, Shown
from redline.rules.evidence import Proved, Undetermined
from redline.rules.problems import Span

Files = Mapping[int, str]
"""Of witnesses that were written to files, by identity, the file of each."""


def as_text(comparison: Comparison, files: Files) -> str:
    """The comparison as a person reads it; `files` says where scenarios stand that need not be shown."""
    return "\n".join(_lines(comparison, files))


def _lines(comparison: Comparison, files: Files) -> Iterator[str]:
    relation = comparison.overall.relation
    yield f"{relation}: {MEANS[relation]}"
    if relation is not Relation.EQUIVALENT:
        yield from _directions(comparison.overall, {**_below(comparison), **files})
    if comparison.flags.relation is not Relation.EQUIVALENT:
        yield f"red flags: {comparison.flags.relation}"
        yield from _directions(comparison.flags, {**_below(comparison), **files})
    for change in comparison.changes:
        yield ""
        yield from _change(change, files)
    yield ""
    yield summary(comparison)


def _below(comparison: Comparison) -> Files:
    """Witnesses on all rules together that are those of a change too."""
    of_changes: dict[str, str] = {}
    for change in comparison.changes:
        for evidence in (change.compared.stricter, change.compared.laxer):
            if isinstance(evidence, Shown):
                of_changes.setdefault(evidence.witness.scenario, f"the scenario of {_names(change)}, below")
    together = (comparison.overall, comparison.flags)
    every = (evidence for each in together for evidence in (each.stricter, each.laxer))
    return {
        id(evidence): of_changes[evidence.witness.scenario]
        for evidence in every
        if isinstance(evidence, Shown) and evidence.witness.scenario in of_changes
    }


def summary(comparison: Comparison) -> str:
    """How many changes there are of each sort."""
    counts = dict.fromkeys(Relation, 0)
    for change in comparison.changes:
        counts[change.compared.relation] += 1
    said = [f"{count} {relation}" for relation, count in counts.items() if count]
    return f"changes told: {', '.join(said) or 'none'}"


def _change(change: Change, files: Files) -> Iterator[str]:
    yield f"{change.compared.relation}  {_names(change)}  ({change.kind}, {_how(change)})"
    place = _place(change.new_span) or _place(change.old_span)
    if place:
        yield f"  {place}"
    if change.compared.relation is not Relation.EQUIVALENT:
        yield from _directions(change.compared, files)
    elif bound := _bound(change.compared):
        yield f"  proved for {bound}"
    for each in change.restated:
        yield f"  restated, {each.what}: {each.old or '(nothing)'} -> {each.new or '(nothing)'}"


def _names(change: Change) -> str:
    if change.old == change.new or not change.old or not change.new:
        return ", ".join(change.new or change.old)
    return f"{', '.join(change.old)} -> {', '.join(change.new)}"


def _how(change: Change) -> str:
    if change.how is not How.SAME:
        return str(change.how)
    return "restated" if change.compared.relation is Relation.EQUIVALENT else "changed"


def _directions(compared: Compared, files: Files) -> Iterator[str]:
    yield from _direction("more", compared.stricter, files)
    yield from _direction("less", compared.laxer, files)


def _direction(word: str, evidence: Evidence, files: Files) -> Iterator[str]:
    match evidence:
        case Proved(bound):
            yield f"  nowhere {word}: proved" + (f" for {bound}" if bound else "")
        case Undetermined(budget):
            yield f"  somewhere {word}: not determined; {budget}"
        case Shown(witness, old, new):
            answers = "".join(f", {name} answered {answer}" for name, answer in witness.readings.items())
            yield f"  somewhere {word}: OLD {_words(old)}, NEW {_words(new)}, of {witness.subject}{answers}"
            if id(evidence) in files:
                yield f"    {files[id(evidence)]}"
            else:
                yield from (f"    | {line}" for line in witness.scenario.splitlines())


def _words(said: str) -> str:
    return said.replace("_", " ")


def _bound(compared: Compared) -> str:
    each = (compared.stricter, compared.laxer)
    return next((e.bound for e in each if isinstance(e, Proved) and e.bound), "")


def _place(span: Span) -> str:
    return f"{span.document}:{span.line}:{span.column}" if span.document else ""


def as_data(comparison: Comparison, files: Files) -> dict[str, object]:
    """The comparison as plain data."""
    return {
        "overall": _compared(comparison.overall, files),
        "flags": _compared(comparison.flags, files),
        "changes": [
            {
                "how": str(change.how),
                "kind": change.kind,
                "old": list(change.old),
                "new": list(change.new),
                **_compared(change.compared, files),
                "restated": [{"what": r.what, "old": r.old, "new": r.new} for r in change.restated],
                "old_place": _place(change.old_span),
                "new_place": _place(change.new_span),
            }
            for change in comparison.changes
        ],
    }


def _compared(compared: Compared, files: Files) -> dict[str, object]:
    return {
        "relation": str(compared.relation),
        "stricter": _evidence(compared.stricter, files),
        "laxer": _evidence(compared.laxer, files),
    }


def _evidence(evidence: Evidence, files: Files) -> dict[str, object]:
    match evidence:
        case Proved(bound):
            return {"found": "proved", "bound": bound}
        case Undetermined(budget):
            return {"found": "undetermined", "why": budget}
        case Shown(witness, old, new):
            written = {"file": files[id(evidence)]} if id(evidence) in files else {}
            return {
                "found": "witness",
                "old": old,
                "new": new,
                "subject": witness.subject,
                "readings": dict(witness.readings),
                "scenario": witness.scenario,
                **written,
            }
