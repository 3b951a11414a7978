"""Registers read: from documents to `Register`, with everything that is wrong told at once.

A register with a problem is not given out at all: half a register would make what it lost look as
if the document did not state it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from redline.engine.characters import quote
from redline.engine.form import Form
from redline.engine.read import Document, edition, read_path
from redline.engine.statements import ID, duplicate, questions_of, statements_of
from redline.rules.node import Map, Text
from redline.rules.problems import Problem, Span, errors
from redline.rules.register import DocumentKind, Paragraph, Register

UNDATED = "undated"

_REQUIRED = (
    *("redline", "register", "publisher", "title", "kind", "date", "sha256", "file"),
    *("paragraph_count", "paragraphs", "statements"),
)
_OPTIONAL = ("dated", "open_questions")
_PARAGRAPH = (("fingerprint", "sketch"), ())

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[^/\\:]+")


def register_from(document: Document) -> tuple[Register | None, list[Problem]]:
    """The register that a document holds, or None with every problem found."""
    problems: list[Problem] = []
    if fault := edition(document):
        problems.append(fault)
    if not isinstance(document.root, Map):
        return None, problems or [Problem("wrong-shape", "a register is not a mapping", document.root.span)]
    form = Form(document.root, "a register", problems)
    # what is wrong with `redline` has been told
    form.check_keys(_REQUIRED[1:], (_REQUIRED[0], *_OPTIONAL))
    date, dated = _date(form)
    count, paragraphs = _paragraphs(form)
    questions = questions_of(form, count, paragraphs)
    statements = statements_of(form, count, paragraphs, {question.number for question in questions})
    register = Register(
        id=form.formed("register", ID, "an id such as `S0`"),
        publisher=form.text("publisher"),
        title=form.text("title"),
        kind=form.word("kind", DocumentKind)
        or DocumentKind.ANALYSIS,  # never seen: without a kind nothing is given out
        date=date,
        dated=dated,
        sha256=form.formed("sha256", _DIGEST, "64 hex digits in lower case"),
        file=form.formed("file", _FILE, "a pattern of file names without a folder"),
        paragraphs=tuple(paragraphs[number] for number in sorted(paragraphs)),
        statements=statements,
        open_questions=questions,
        span=document.root.span,
    )
    return (None if errors(problems) else register), problems


def load_registers(paths: Iterable[Path]) -> tuple[tuple[Register, ...], list[Problem]]:
    """The registers of files, and of the YAML files of folders, with all problems.

    A register or statement whose id was met before is a problem, and the later register is left out.
    """
    registers: list[Register] = []
    problems: list[Problem] = []
    spans: dict[str, Span] = {}
    for path in _files(paths, problems):
        reading = read_path(path)
        problems += reading.problems
        for document in reading.documents:
            register, found = register_from(document)
            problems += found
            if register is None:
                continue
            ids = {register.id: register.span} | {said.id: said.span for said in register.statements}
            again = [name for name in ids if name in spans]
            problems += [duplicate(name, ids[name], spans[name]) for name in again]
            if not again:
                registers.append(register)
                spans |= ids
    return tuple(registers), problems


def _files(paths: Iterable[Path], problems: list[Problem]) -> Iterable[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        try:
            inside = sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"})
        except OSError:
            inside = []
        if not inside:
            span = Span(str(path), 0, 0)
            message = "no register can be found in the folder"
            problems.append(Problem("no-register", message, span, "check the path"))
        yield from inside


def _date(form: Form) -> tuple[datetime.date | None, str]:
    dated = form.text("dated")
    value = form.scalar("date")
    if value is None:
        return None, dated
    if value.text == UNDATED:
        if form.map.get("dated") is None:
            form.tell(
                "missing-key",
                "a register without a date lacks `dated`",
                value.span,
                "say in `dated` what can be said of the date",
            )
        return None, dated
    try:
        if _DATE.fullmatch(value.text):
            return datetime.date.fromisoformat(value.text), dated
    except ValueError:
        pass  # the form of a date, but no day of the calendar
    form.tell(
        "wrong-value", f"{quote(value.text)} is no date", value.span, f"write 2026-01-31, or `{UNDATED}`"
    )
    return None, dated


def _paragraphs(form: Form) -> tuple[int | None, dict[int, Paragraph]]:
    """How many paragraphs there are, and those that could be read, by number."""
    count = form.number("paragraph_count")
    paragraphs: dict[int, Paragraph] = {}
    listed: set[int] = set()
    for number, name, node in form.numbered("paragraphs", "a paragraph"):
        inner = form.form(node, f"paragraph {number}", _PARAGRAPH)
        listed.add(number)
        if count is not None and number > count:
            form.tell(
                "no-such-paragraph",
                f"there is no paragraph {number}, only {count}",
                name.span,
                "check `paragraph_count`",
            )
        paragraphs[number] = Paragraph(
            number,
            inner.formed("fingerprint", _FINGERPRINT, "16 hex digits in lower case"),
            inner.formed("sketch", _DIGEST, "64 hex digits in lower case"),
            name.span,
        )
    # listed one by one only as far as a person would read
    absent = [] if count is None else [number for number in range(1, count + 1) if number not in listed]
    if absent and isinstance(form.map.get("paragraphs"), Map):
        shown = ", ".join(map(str, absent[:10])) + (
            f" and {len(absent) - 10:,} others" if len(absent) > 10 else ""
        )
        place = (form.map.key("paragraphs") or Text("")).span
        form.tell(
            "missing-paragraph", f"`paragraphs` lacks {shown}", place, "list every paragraph of the document"
        )
    return count, paragraphs
