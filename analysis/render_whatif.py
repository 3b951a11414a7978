"""What would change an answer, as text, Markdown and plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from redline.answers.columns import WIDTH, wrapped
from redline.answers.render_markdown import escaped
from redline.answers.report_schema import as_data as report_data
from redline.engine.edits import REMOVE
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.report import Waits
from redline.rules.verdicts import Verdict
from redline.rules.whatif import Clearing, Difference, Flip, Learning, Way, WhatIf

FEW = 5
"""Ways that text shows of a line, unless all are asked for."""
NO_LINE = "no encoded red line crossed"
Files = Mapping[int, str]
"""Of ways that were written to files, by identity, the file of each."""
_ANOTHER = "A change is another transaction, not another description of this one."


# --- what was set by hand ----------------------------------------------------------------------


def difference_text(found: Difference) -> str:
    """A difference as a person reads it."""
    return "\n".join(line.rstrip() for line in _difference(found, _plain)) + "\n"


def difference_markdown(found: Difference) -> str:
    """A difference as Markdown."""
    return "\n".join(_difference(found, _marked)) + "\n"


def difference_data(found: Difference) -> dict[str, object]:
    """A difference as plain data."""
    return {
        "scenario": found.before.scenario,
        "sets": [{"path": s.path, "before": s.before, "after": s.after} for s in found.sets],
        "before": {"verdict": str(found.before.verdict), "answer": found.before.answer},
        "after": {"verdict": str(found.after.verdict), "answer": found.after.answer},
        "flips": [
            {
                "rule": f.rule,
                "subject": f.subject,
                "before": None if f.before is None else str(f.before),
                "after": None if f.after is None else str(f.after),
                "by": list(f.by),
                "because": list(f.because),
            }
            for f in found.flips
        ],
        "changed": found.scenario,
        "report": report_data(found.after),
        "disclaimer": found.disclaimer,
    }


_Say = Callable[[str, int], list[str]]


def _plain(text: str, depth: int) -> list[str]:
    return wrapped(text, WIDTH, "  " * depth, "  " * (depth + 1))


def _marked(text: str, depth: int) -> list[str]:
    return [f"## {escaped(text)}", ""] if depth == 0 else [f"{'  ' * (depth - 1)}- {escaped(text)}"]


def _difference(found: Difference, say: _Say) -> Iterator[str]:
    yield from say(f"{found.before.scenario}: what if", 0)
    for each in found.sets:
        after = each.after or "nothing is said"
        was = f", in place of {each.before}" if each.before else ""
        yield from say(f"if `{each.path}` were {after}{was}", 1)
    yield ""
    yield from say(f"before: {found.before.answer}", 1)
    yield from say(f"then:   {found.after.answer}", 1)
    yield ""
    if not found.flips:
        yield from say("nothing flips: every rule says the same of every step and thing as before", 1)
    for flip in found.flips:
        yield from _flip(flip, say)
    yield ""
    yield found.disclaimer


def _flip(flip: Flip, say: _Say) -> Iterator[str]:
    before = "not there" if flip.before is None else flip.before.words
    after = "no longer there" if flip.after is None else flip.after.words
    rule = flip.rule.rpartition("/")[2]
    yield from say(f"{rule}, {flip.subject}: {before} -> {after}", 1)
    yield from say(f"by {', '.join(f'`{path}`' for path in flip.by)}", 2)
    for each in flip.because[:4]:
        yield from say(f"because {each}", 2)


# --- the smallest changes ----------------------------------------------------------------------


def whatif_text(found: WhatIf, files: Files, *, everything: bool = False) -> str:
    """What would clear and what to learn, as a person reads it."""
    return "\n".join(line.rstrip() for line in _whatif(found, files, _plain, everything)) + "\n"


def whatif_markdown(found: WhatIf, files: Files) -> str:
    """What would clear and what to learn, as Markdown."""
    return "\n".join(_whatif(found, files, _marked, everything=True)) + "\n"


def whatif_data(found: WhatIf, files: Files) -> dict[str, object]:
    """What would clear and what to learn, as plain data."""
    return {
        "scenario": found.report.scenario,
        "verdict": str(found.report.verdict),
        "answer": found.report.answer,
        "costs": found.costs,
        "change": [_clearing_data(each, files) for each in found.clearings],
        "learn": [
            {
                "rule": each.rule,
                "subject": each.subject,
                "waits_for": [
                    {
                        "facts": [{"question": f.question, "about": f.about} for f in waits.facts],
                        "outcomes": [
                            {"values": list(o.values), "verdict": str(o.verdict)} for o in waits.outcomes
                        ],
                    }
                    for waits in each.waits_for
                ],
                "open_questions": list(each.open_questions),
                "readings": list(each.readings),
            }
            for each in found.learnings
        ],
        "disclaimer": found.disclaimer,
    }


def _clearing_data(clearing: Clearing, files: Files) -> dict[str, object]:
    return {
        "rule": clearing.rule or None,
        "ways": [
            {
                "cost": way.cost,
                "edits": [
                    {
                        "if": edit.says,
                        "sort": edit.sort,
                        "cost": edit.cost,
                        "changes": [{"path": path, "value": _value(node)} for path, node in edit.changes],
                    }
                    for edit in way.edits
                ],
                "verdict": str(way.verdict),
                "scenario_verdict": str(way.left),
                "crosses_besides": list(way.crosses_besides),
                "scenario": way.scenario,
                **({"file": files[id(way)]} if id(way) in files else {}),
            }
            for way in clearing.ways
        ],
        "more_exist": clearing.more,
        "edits_at_hand": clearing.edits,
        "judged": clearing.tried,
        "all_searched": clearing.exhausted,
        "largest_set": clearing.largest,
    }


def _value(node: Node) -> object:
    match node:
        case Text(text):
            return None if text == REMOVE else text
        case Seq(items):
            return [_value(each) for each in items]
        case Map(entries):
            return {key.text: _value(value) for key, value in entries}


def _whatif(found: WhatIf, files: Files, say: _Say, everything: bool) -> Iterator[str]:
    yield from say(f"{found.report.scenario}: {found.report.answer}", 0)
    if not found.clearings and not found.learnings:
        yield from say("no line is crossed and none is undetermined: there is nothing to change or learn", 1)
    if found.clearings:
        yield ""
        yield from say("What would clear it (to change)", 0)
        yield from say(f"{_ANOTHER} Costs: {found.costs}.", 1)
    for clearing in found.clearings:
        yield from _clearing(clearing, files, say, everything)
    if found.learnings:
        yield ""
        yield from say("What would settle it (to learn, not to choose)", 0)
    for learning in found.learnings if everything else found.learnings[:FEW]:
        yield from _learning(learning, say)
    if not everything and len(found.learnings) > FEW:
        yield from say(f"and {len(found.learnings) - FEW} more undetermined: --all lists them", 1)
    yield ""
    yield found.report.disclaimer


def _clearing(clearing: Clearing, files: Files, say: _Say, everything: bool) -> Iterator[str]:
    head = clearing.rule.rpartition("/")[2] if clearing.rule else "all lines together"
    yield ""
    yield from say(head, 1)
    if not clearing.ways:
        yield from say(f"none within these edits: {bound_words(clearing)}", 2)
        return
    shown = clearing.ways if everything else clearing.ways[:FEW]
    for way in shown:
        yield from _way(way, files, say)
    if len(clearing.ways) > len(shown):
        yield from say(f"and {len(clearing.ways) - len(shown)} more: --all lists them", 2)
    yield from say(("more exist; " if clearing.more else "") + bound_words(clearing), 2)


def bound_words(clearing: Clearing) -> str:
    """How far the search went."""
    of = f"of up to {clearing.largest} of the {clearing.edits} edits at hand"
    if clearing.exhausted:
        return f"every set {of} was tried or ruled out ({clearing.tried} scenarios judged)"
    ended = "" if clearing.more else ": there may be more"
    return f"sets {of} were searched, up to {clearing.tried} scenarios judged{ended}"


def _way(way: Way, files: Files, say: _Say) -> Iterator[str]:
    yield from say(f"if {', and '.join(edit.says for edit in way.edits)}  (cost {way.cost})", 2)
    then = f"{way.verdict.words} by this rule" if way.verdict is Verdict.AUTHORISED else "not crossed"
    whole = NO_LINE if way.left not in (Verdict.CROSSES, Verdict.UNDETERMINED) else ""
    whole = whole or ("other lines still cross" if way.left is Verdict.CROSSES else "others are undetermined")
    yield from say(f"then {then}; of the scenario: {whole}", 3)
    if way.crosses_besides:
        names = ", ".join(each.rpartition("/")[2] for each in way.crosses_besides)
        yield from say(f"it would cross besides: {names}", 3)
    if id(way) in files:
        yield from say(files[id(way)], 3)


def _learning(learning: Learning, say: _Say) -> Iterator[str]:
    yield ""
    yield from say(f"{learning.rule.rpartition('/')[2]}, {learning.subject}", 1)
    for waits in learning.waits_for[:3]:
        yield from _waits(waits, say)
    for question in learning.open_questions[:2]:
        yield from say(f"the text leaves open, and nothing that can be learnt settles it: {question}", 2)
    for each in learning.readings:
        yield from say(each, 2)
    if not (learning.waits_for or learning.open_questions or learning.readings):
        yield from say("no small set of facts settles it", 2)


def _waits(waits: Waits, say: _Say) -> Iterator[str]:
    yield from say(" and ".join(asked.question for asked in waits.facts), 2)
    outcomes: Sequence[tuple[str, Verdict]] = [(", ".join(o.values), o.verdict) for o in waits.outcomes]
    for values, verdict in outcomes[:3]:
        yield from say(f"if {values}: {verdict.words}", 3)
