"""What a scenario is exposed to, as text, Markdown and plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from redline.answers.columns import WIDTH, wrapped
from redline.answers.render_markdown import escaped
from redline.rules.exposure import Beyond, Continuation, Exposure, Line
from redline.rules.verdicts import Verdict

Files = Mapping[str, str]
"""Of scenarios that were written to files, by their text, the file of each."""
_Say = Callable[[str, int], list[str]]
NOT_CLEARED = "Of what is not listed nothing is said: these are continuations that were looked at."


def exposure_text(found: Exposure, files: Files) -> str:
    """As a person reads it."""
    return "\n".join(line.rstrip() for line in _lines(found, files, _plain)) + "\n"


def exposure_markdown(found: Exposure, files: Files) -> str:
    """As Markdown."""
    return "\n".join(_lines(found, files, _marked)) + "\n"


def exposure_data(found: Exposure, files: Files) -> dict[str, object]:
    """As plain data."""
    return {
        "scenario": found.report.scenario,
        "verdict": str(found.verdict),
        "answer": found.report.answer,
        "further_steps": found.steps,
        "largest_set": found.largest,
        "beyond": [
            {
                "where": b.where,
                "what": b.says,
                "lines": [
                    {
                        "rule": line.rule,
                        "crossed_if": [
                            {
                                "facts": [
                                    {
                                        "sort": t.sort,
                                        "what": t.what,
                                        "is": list(t.words),
                                        "judged": list(t.written),
                                    }
                                    for t in c.facts
                                ],
                                "scenarios": list(c.scenarios),
                                **({"files": _named(c, files)} if _named(c, files) else {}),
                            }
                            for c in line.continuations
                        ],
                        "more_cannot_be_told": line.undetermined,
                    }
                    for line in b.lines
                ],
                "cannot_be_told": list(b.open_lines),
                "judged": b.judged,
                "all_searched": b.exhausted,
            }
            for b in found.beyond
        ],
        "disclaimer": found.disclaimer,
    }


def _named(continuation: Continuation, files: Files) -> list[str]:
    return [files[text] for text in continuation.scenarios if text in files]


def _plain(text: str, depth: int) -> list[str]:
    return wrapped(text, WIDTH, "  " * depth, "  " * (depth + 1))


def _marked(text: str, depth: int) -> list[str]:
    return [f"## {escaped(text)}", ""] if depth == 0 else [f"{'  ' * (depth - 1)}- {escaped(text)}"]


def _lines(found: Exposure, files: Files, say: _Say) -> Iterator[str]:
    yield from say(f"{found.report.scenario}: {found.report.answer}", 0)
    if found.verdict is not Verdict.CROSSES:
        yield from say("That is on the known facts. What may come next:", 1)
    else:
        yield from say("Lines that are crossed as it is are left out below. What may come next:", 1)
    for each in found.beyond:
        yield ""
        yield from say(f"{each.says} (`{each.where}`)", 0)
        yield from _beyond(each, found, files, say)
    if not found.beyond:
        yield from say("nobody is known to hold anything in the end, and nobody is unknown", 1)
    steps = "one further step" if found.steps == 1 else f"{found.steps} further steps"
    yield ""
    yield from say(f"Bound: {steps}, sets of up to {found.largest} facts. {NOT_CLEARED}", 1)
    yield ""
    yield found.disclaimer


def _beyond(each: Beyond, found: Exposure, files: Files, say: _Say) -> Iterator[str]:
    for line in each.lines:
        yield from _line(line, found, files, say)
    if each.open_lines:
        names = ", ".join(rule.rpartition("/")[2] for rule in each.open_lines)
        yield from say(f"it cannot be told by up to {found.largest} of these facts: {names}", 1)
    if not each.lines and not each.open_lines:
        yield from say("no encoded red line is crossed by any set of these facts", 1)
    if not each.exhausted:
        yield from say(f"the search ended after {each.judged} scenarios: there may be more", 1)


def _line(line: Line, found: Exposure, files: Files, say: _Say) -> Iterator[str]:
    yield from say(f"{line.rule.rpartition('/')[2]} is crossed if", 1)
    for continuation in line.continuations:
        yield from say(continuation_words(continuation), 2)
        for file in _named(continuation, files)[:1]:
            yield from say(file, 3)
    if line.undetermined:
        yield from say("under other values of these facts it cannot be told", 2)


def continuation_words(continuation: Continuation) -> str:
    """The facts of a continuation, to be read after `if`."""
    parts = []
    for told in continuation.facts:
        words = " or ".join(told.words)
        parts.append(words if told.sort == "papers" else f"{told.what} is {words}")
    return ", and ".join(parts)
