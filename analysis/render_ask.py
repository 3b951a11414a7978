"""Questions as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.answers.columns import WIDTH, wrapped
from redline.answers.say_values import listed
from redline.engine.write import to_yaml
from redline.rules.questions import Choice, Open, Question, Settled

_FEW = 3
_MANY = 12
TO_FIND_OUT = "To find out, not to choose: only what is so settles a line."


def list_text(found: Open, answer: str) -> str:
    """The ranking, with what each answer would settle."""
    lines = [*_say(f"{found.scenario}: {answer}", 0), *_say(TO_FIND_OUT, 1)]
    if not found.questions:
        lines += _say("nothing that can be asked would settle a line that is open", 1)
    for number, question in enumerate(found.questions, 1):
        lines += ["", *_say(f"{number}. {question.asks}", 0)]
        lines += _say(f"`{question.path}`; bears on {_lines(question)}", 2)
        for said, settles in _alike(question.choices):
            lines += _say(f"{listed(said)}{settles}", 3)
    lines += [*_beside(found), "", found.disclaimer]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _alike(choices: Sequence[Choice]) -> list[tuple[list[str], str]]:
    """The choices that settle the same, together, in the order of the first of each."""
    by: dict[str, list[str]] = {}
    for choice in choices:
        nothing = "" if choice.value is None else ": settles nothing alone"
        settles = f": {settled_words(choice.settles)}" if choice.settles else nothing
        by.setdefault(settles, []).append(choice.says)
    return [(said, settles) for settles, said in by.items()]


def list_data(found: Open, answer: str) -> dict[str, object]:
    """The ranking as plain data."""
    return {
        "scenario": found.scenario,
        "verdict": str(found.verdict),
        "answer": answer,
        "undetermined": found.undetermined,
        "questions": [
            {
                "path": q.path,
                "asks": q.asks,
                "lines": list(q.lines),
                "expected_to_settle": q.settles,
                "several": q.several,
                "form": q.form,
                "choices": [
                    {
                        "says": c.says,
                        "value": None if c.value is None else to_yaml(c.value).strip(),
                        "settles": [
                            {"rule": s.rule, "subject": s.subject, "verdict": str(s.verdict)}
                            for s in c.settles
                        ],
                    }
                    for c in q.choices
                ],
            }
            for q in found.questions
        ],
        "not_known": list(found.not_known),
        "readings": list(found.readings),
        "left_open_by_the_text": list(found.left_open),
        "red_flags": list(found.flags),
        "disclaimer": found.disclaimer,
    }


def question_text(question: Question, left: int) -> str:
    """One question as it is put to a person."""
    more = f"{left} more could matter" if left else "the last that matters"
    lines = ["", *_say(question.asks, 0), *_say(f"bears on {_lines(question)}; {more}", 1)]
    for number, choice in enumerate(question.choices, 1):
        lines += _say(f"{number}  {choice.says}{_would(choice)}", 1)
    lines += _say(f"a number, or {question.form}; ? if it is not known; q to leave", 1)
    return "\n".join(lines)


def beside_text(found: Open) -> str:
    """What asking does not settle."""
    return "\n".join(_beside(found))


def settled_words(settled: Sequence[Settled]) -> str:
    """What is settled, in words: by rule."""
    by: dict[tuple[str, str], list[str]] = {}
    for each in settled:
        by.setdefault((each.rule.rpartition("/")[2], each.verdict.words), []).append(each.subject)
    return "; ".join(
        f"{rule} {words}" + (f" ({', '.join(dict.fromkeys(of))})" if len(of) > 1 else "")
        for (rule, words), of in by.items()
    )


def _would(choice: Choice) -> str:
    rules = list(dict.fromkeys(s.rule.rpartition("/")[2] for s in choice.settles))
    return f"  (settles {_counted(rules)})" if rules else ""


def _lines(question: Question) -> str:
    return _counted([rule.rpartition("/")[2] for rule in question.lines])


def _counted(rules: Sequence[str]) -> str:
    shown = ", ".join(rules[:_FEW])
    return f"{shown} and {len(rules) - _FEW} more" if len(rules) > _FEW else shown


def _beside(found: Open) -> Iterator[str]:
    groups = (
        ("answered: not known", found.not_known),
        ("turns on how the text is read, which no fact settles", found.readings),
        ("the text leaves open, and nothing that can be learnt settles it", found.left_open),
        ("red flags to look into, which decide no verdict", found.flags),
    )
    for head, group in groups:
        if group:
            yield ""
            yield from _say(head, 0)
            for each in group[:_MANY]:
                yield from _say(each, 1)


def _say(text: str, depth: int) -> list[str]:
    return wrapped(text, WIDTH, "  " * depth, "  " * (depth + 1))
