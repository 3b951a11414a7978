"""Statements and open questions of a register, read with everything that is wrong told at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from redline.engine.characters import quote
from redline.engine.form import NUMBER, Form
from redline.rules.node import Map, Seq, Text
from redline.rules.problems import Problem, Related, Span
from redline.rules.register import WEIGHTLESS, Modality, OpenQuestion, Paragraph, Statement
from redline.rules.verdicts import Strength, Voice

ID = re.compile(r"[A-Z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")
"""How the ids of registers and statements are written."""

_STATEMENT = (
    ("id", "paragraphs", "speaker", "modality", "voice", "subject", "activity", "paraphrase"),
    ("strength", "addressee", "counterpart", "condition", "time", "note", "not_encoded", "open_question"),
)
_QUESTION = (("paragraphs", "question"), ())


def _cited(form: Form, count: int | None, paragraphs: Mapping[int, Paragraph]) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    nodes = form.children("paragraphs", Seq)
    place = (form.map.key("paragraphs") or Text("")).span
    if not nodes and isinstance(form.map.get("paragraphs"), Seq):
        form.tell("empty-value", f"{form.what} cites no paragraph", place, "say where the document states it")
    for _, node in nodes:
        if not isinstance(node, Text) or not NUMBER.fullmatch(node.text):
            what = quote(node.text) if isinstance(node, Text) else "this"
            form.tell("wrong-value", f"{what} is not the number of a paragraph", node.span, "count from 1")
        elif count is not None and int(node.text) > count:
            form.tell(
                "no-such-paragraph",
                f"there is no paragraph {node.text}, only {count}",
                node.span,
                "cite a paragraph of the document",
            )
        elif int(node.text) in {paragraph.number for paragraph in found}:
            form.tell(
                "duplicate-paragraph", f"paragraph {node.text} is cited twice", node.span, "cite it once"
            )
        elif int(node.text) in paragraphs:  # else it is told that the paragraph is not listed
            found.append(paragraphs[int(node.text)])
    return tuple(found)


def questions_of(
    form: Form, count: int | None, paragraphs: Mapping[int, Paragraph]
) -> tuple[OpenQuestion, ...]:
    """The open questions, by number."""
    questions: list[OpenQuestion] = []
    for number, name, node in form.numbered("open_questions", "an open question"):
        inner = form.form(node, f"open question {number}", _QUESTION)
        cited = _cited(inner, count, paragraphs)
        questions.append(OpenQuestion(number, cited, inner.text("question"), name.span))
    return tuple(sorted(questions, key=lambda question: question.number))


def statements_of(
    form: Form, count: int | None, paragraphs: Mapping[int, Paragraph], questions: Collection[int]
) -> tuple[Statement, ...]:
    """The statements as they stand; `questions` are the numbers of the open questions."""
    statements: list[Statement] = []
    spans: dict[str, Span] = {}
    nodes = form.children("statements", Seq)
    for _, node in nodes:
        written = node.get("id") if isinstance(node, Map) else None
        what = f"statement {quote(written.text)}" if isinstance(written, Text) else "a statement"
        inner = form.form(node, what, _STATEMENT)
        said = _statement(inner, _cited(inner, count, paragraphs))
        span = written.span if written is not None else node.span
        if said.id in spans:
            form.problems.append(duplicate(said.id, span, spans[said.id]))
        elif said.id:
            spans[said.id] = span
        if said.open_question is not None and said.open_question not in questions:
            place = (inner.map.get("open_question") or Text("")).span
            form.tell(
                "no-such-question",
                f"there is no open question {said.open_question}",
                place,
                "number it under `open_questions`",
            )
        statements.append(said)
    return tuple(statements)


def _statement(form: Form, paragraphs: tuple[Paragraph, ...]) -> Statement:
    modality, voice = form.word("modality", Modality), form.word("voice", Voice)
    strength = form.word("strength", Strength)
    said = Statement(
        id=form.formed("id", ID, "an id such as `IN-IT-PK-01`"),
        paragraphs=paragraphs,
        speaker=form.text("speaker"),
        modality=modality or Modality.STATES,  # never seen, as the kind of a register
        voice=voice or Voice.AUTHOR,
        strength=strength,
        subject=form.text("subject"),
        activity=form.text("activity"),
        paraphrase=form.text("paraphrase"),
        addressee=form.text("addressee"),
        counterpart=form.text("counterpart"),
        condition=form.text("condition"),
        time=form.text("time"),
        note=form.text("note"),
        not_encoded=form.text("not_encoded"),
        open_question=form.number("open_question"),
        span=form.map.span,
    )
    if modality is not None and voice is not None:
        _consistent(form, said)
    return said


def _consistent(form: Form, said: Statement) -> None:
    """What each word allows of the others."""

    def place(key: str) -> Span:
        return (form.map.key(key) or Text("")).span

    weightless = said.modality in WEIGHTLESS
    if weightless and form.map.get("strength") is not None:
        form.tell(
            "strength-of-a-fact",
            f"{form.what} tells a fact or asks, and has no strength",
            place("strength"),
            "leave `strength` out",
        )
    if not weightless and form.map.get("strength") is None:
        form.tell("missing-key", f"{form.what} lacks `strength`", form.map.span, "add `strength:`")
    if said.strength is not None and (said.strength is Strength.INFERENCE) != (said.voice is Voice.AUTHOR):
        form.tell(
            "strength-of-an-inference",
            f"{form.what} is {said.voice} and {said.strength}, and only the author infers",
            place("strength"),
            "an author's strength is `inference`, and nobody else's is",
        )
    if said.not_encoded and said.open_question is not None:
        form.tell(
            "two-outcomes",
            f"{form.what} is both not encoded and an open question",
            place("not_encoded"),
            "keep one of `not_encoded` and `open_question`",
        )
    if said.not_encoded and said.voice is not Voice.AUTHOR and not weightless:
        # what others than the author said, and what constrains, must not get lost behind a reason
        form.tell(
            "not-encoded-statement",
            f"{form.what} constrains or permits and is not the author's own, so that it cannot be left out",
            place("not_encoded"),
            "encode it, or name an `open_question`",
        )


def duplicate(name: str, span: Span, first: Span) -> Problem:
    """An id that was given before, at `first`."""
    return Problem(
        "duplicate-id", f"the id {quote(name)} is taken", span, "choose another", (Related(first, "here"),)
    )
