"""One finding as text: why it is so, on whose word, and what it waits for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from redline.answers.columns import WIDTH, beside, clipped, width, wrapped
from redline.answers.say_questions import READ_AS
from redline.answers.text_style import paint
from redline.rules.facts import Grade
from redline.rules.frozen import dataclass
from redline.rules.report import Because, Cited, FindingReport, Reading, Source
from redline.rules.verdicts import Verdict

_BECAUSE = 8
"""Sentences of a proof that are shown unless all is asked for."""
_WAITS = 2
"""Sets of missing facts that are shown unless all is asked for."""


@dataclass(frozen=True, slots=True)
class Style:
    """How to show: in colour, in ASCII only, everything at length."""

    color: bool = False
    ascii_only: bool = False
    verbose: bool = False
    scenario: str = ""
    """The file of the scenario, of which places say `scenario`."""


PLAIN = Style()
"""No colour, every character, folded."""


def why_not_lines(reading: Reading, style: Style = PLAIN) -> Iterator[str]:
    """In short, the condition that failed, and the first facts."""
    if reading.failed:
        yield from wrapped(reading.failed, WIDTH, "    since ", "          ")
    yield from because_lines(reading.because[:_WAITS], "    ", style)


def brief_lines(finding: FindingReport) -> Iterator[str]:
    """One line on a finding beside which others decide."""
    reading = finding.main
    if reading.waits_for:
        questions = dict.fromkeys(f.question for f in reading.waits_for[0].facts)
        yield clipped(f"    waits for: {in_one_line(questions)}", WIDTH)
    elif reading.open_questions:
        yield clipped(f"    the text leaves open: {reading.open_questions[0]}", WIDTH)
    elif reading.because:
        yield clipped(f"    because {reading.because[0].says}", WIDTH)


def finding_lines(finding: FindingReport, style: Style) -> Iterator[str]:
    """Why a finding is as it is, under each reading that makes a difference."""
    several = len(finding.under) > 1
    for reading in finding.under:
        if several:
            read = "; ".join(f"{a.interpretation.rpartition('/')[2]} = {a.answer}" for a in reading.answers)
            yield from wrapped(f"read {read}: {reading.verdict.words}", WIDTH, "    ", "      ")
            if not style.verbose and reading is not finding.main:
                continue
        if reading.failed:
            yield from wrapped(reading.failed, WIDTH, "    since    ", "             ")
        kept = reading.because if style.verbose else reading.because[:_BECAUSE]
        yield from because_lines(kept, "    ", style)
        if len(reading.because) > len(kept):
            more = len(reading.because) - len(kept)
            yield f"             and {more} more: redline explain shows the whole proof"
        yield from waits_lines(reading, style)
        if reading.grade in ("alleged", "assumed"):
            yield f"    it rests on what is only {reading.grade}"


def because_lines(because: Iterable[Because], indent: str, style: Style = PLAIN) -> Iterator[str]:
    """Sentences with their places at the right edge."""
    word = "because  "
    for each in because:
        place = _places(each.facts, style)
        room = WIDTH - width(place) - 2 if place else WIDTH
        lines = wrapped(each.says, room, f"{indent}{word}", f"{indent}{' ' * len(word)}")
        last = beside(lines[0], place)[0] if place else lines[0]
        if place:
            last = last[: len(last) - len(place)] + paint(place, "place", color=style.color)
        yield from (last, *lines[1:])
        if style.verbose:
            for source in fact_sources(each.facts):
                yield from wrapped(
                    f"source: {source}",
                    WIDTH,
                    f"{indent}{' ' * len(word)}  ",
                    f"{indent}{' ' * len(word)}    ",
                )
        word = " " * len(word)


def fact_sources(facts: Iterable[Cited]) -> tuple[str, ...]:
    """The sources that the scenario gives for facts, each with how well the fact is supported; an assumption
    speaks for itself."""
    given = (f for f in facts if f.source and f.grade != Grade.ASSUMED.word)
    return tuple(dict.fromkeys(f"{f.source} ({f.grade})" for f in given))


def _places(facts: Sequence[Cited], style: Style) -> str:
    by: dict[str, list[int]] = {}
    for fact in facts:
        if fact.line:
            name = "scenario" if fact.file == style.scenario else fact.file.rpartition("/")[2]
            lines = by.setdefault(name, [])
            if fact.line not in lines:
                lines.append(fact.line)
    told = [
        f"{clipped(name, 32)}:{', '.join(map(str, sorted(lines)[:3]))}{'…' if len(lines) > 3 else ''}"
        for name, lines in by.items()
    ]
    return "; ".join(told[:1]) + ("; …" if len(told) > 1 else "")


def waits_lines(reading: Reading, style: Style) -> Iterator[str]:
    """What an undetermined finding waits for, and what each outcome would give."""
    if reading.verdict is not Verdict.UNDETERMINED:
        return
    sets: dict[tuple[str, ...], dict[str, None]] = {}
    for waits in reading.waits_for:
        asked = tuple(dict.fromkeys(f.question for f in waits.facts))
        outcomes = (
            f"if {values_said(o.values, joined=len(asked) == 1)}: {o.verdict.words}" for o in waits.outcomes
        )
        sets.setdefault(asked, {}).update(dict.fromkeys(outcomes))
    kept = list(sets.items())[: None if style.verbose else _WAITS]
    for questions, listed in kept:
        yield from wrapped(in_one_line(questions), WIDTH, "    waits for: ", "               ")
        told = list(listed)
        if told:
            cut = told if style.verbose else told[:3]
            yield from wrapped("; ".join(cut) + ("; …" if len(told) > len(cut) else ""), WIDTH, " " * 15)
    if len(sets) > len(kept):
        others = len(sets) - len(kept)
        many = "set" if others == 1 else "sets"
        yield f"               or for {others} other {many} of facts: redline explain"
    for question in reading.open_questions:
        yield from wrapped(f"the text leaves open: {question}", WIDTH, "    ", "      ")
    if not reading.searched:
        yield "    not every possibility was searched, so that it stays undetermined"


def in_one_line(questions: Iterable[str]) -> str:
    """Several questions as one: those after the first do not begin anew."""
    first, *others = questions
    return " and ".join((first, *(_BEGINS.sub(lambda word: word[0].lower(), each) for each in others)))


_BEGINS = re.compile(
    r"^(Are|By|Do|Does|Has|Have|How|In|Is|Of|On|To|Was|Were|What|When|Where|Whether|Which|Who|Whom|Whose|With)\b"
)


def values_said(values: Sequence[str], *, joined: bool) -> str:
    """What the answers would be, to be read after `if`; of several questions each in its turn, how the text
    is read last."""
    read = [value for value in values if value.startswith(READ_AS)]
    found = [value for value in values if not value.startswith(READ_AS)]
    quoted = not joined and len(found) > 1
    told = f"the answers are {' and '.join(f'“{v}”' for v in found)}" if quoted else " and ".join(found)
    return ", and ".join(part for part in (told, " and ".join(read)) if part)


def to_whom(addressee: str) -> str:
    """To whom something was stated, to stand after who stated it."""
    if addressee.startswith("not stated"):
        return f", to whom is {addressee.replace(';', ':', 1)}"
    return f" to {addressee}" if addressee else ""


def source_lines(sources: Sequence[Source], place: str, style: Style) -> Iterator[str]:
    """Who said it, to whom, and where: the statement first cited; the others by their ids."""
    if not sources:
        yield f"    {paint(clipped(place, 94), 'place', color=style.color)}"
        return
    first = sources[0]
    if first.speaker:
        said = f"stated by {first.speaker}{to_whom(first.addressee)}"
        if first.time:
            said += f"; {first.time.partition(';')[0]}"
        yield from wrapped(said, WIDTH, "    ", "      ")
        lines = beside(f"    {clipped(_paragraphs(sources, style), 90)}", clipped(place, 60))
    else:  # free text, whole: it is all that leads back to where it is stated
        cited = "; ".join(dict.fromkeys(source.statement for source in sources))
        *most, last = wrapped(f"source: {cited}", WIDTH, "    ", "      ")
        yield from most
        lines = beside(last, clipped(place, 60))
    yield from (paint(line, "place", color=style.color) for line in lines)


def _paragraphs(sources: Sequence[Source], style: Style) -> str:
    """`S0 paragraphs 3, 7, 24`; at length with the ids of the statements."""
    by: dict[str, list[int]] = {}
    for source in sources:
        by.setdefault(source.register or source.statement, []).extend(source.paragraphs)
    told = []
    for register, numbers in by.items():
        ids = [s.statement for s in sources if s.register == register]
        named = f" ({', '.join(ids)})" if style.verbose and ids else ""
        listed = ", ".join(map(str, sorted(set(numbers))))
        told.append(
            f"{register} paragraph{'' if len(set(numbers)) == 1 else 's'} {listed}{named}"
            if numbers
            else register
        )
    return "; ".join(told)
