"""Registers: what a source document states, in our own words, and the paragraph where it is stated.

A register stands for a document without holding a sentence of it.  Each paragraph (the nth line
that is not blank) is known by two digests of its words:

* its *fingerprint* tells whether the paragraph is the same: the first 16 hex digits of the SHA-256
  of its normalised words, joined by one blank, in UTF-8;
* its *sketch* tells how much of it is left where it is not: 256 bits written as 64 hex digits; each
  word sets the bit that the first byte of its own SHA-256 names.

*Normalised words*: Unicode NFKC and case folding; apostrophes and invisible characters are dropped;
every other quotation mark, dash and punctuation mark separates words, as a blank does.  So curly
quotes, long dashes, a soft hyphen or a second blank change nothing, and one digit changes the
fingerprint.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from enum import StrEnum
from hashlib import sha256

from redline.rules.frozen import dataclass, field
from redline.rules.problems import NOWHERE, Span
from redline.rules.verdicts import Strength, Voice


class DocumentKind(StrEnum):
    """What sort of document it is."""

    OFFICIAL_STATEMENT = "official_statement"
    LEGISLATION = "legislation"
    AGREEMENT = "agreement"
    GUIDELINE = "guideline"
    NEWS_REPORT = "news_report"
    ANALYSIS = "analysis"


class Modality(StrEnum):
    """What a statement does."""

    PROHIBITS = "prohibits"  # says that something is not to be done
    REQUESTS_RESTRAINT = "requests_restraint"  # asks someone not to do something
    REQUIRES = "requires"  # asks for something to be done, or makes it a condition
    COMMITS = "commits"  # says what the speaker's own side will do or avoid
    PERMITS = "permits"  # opens, agrees to or welcomes something
    LIFTS = "lifts"  # ends an earlier restriction
    PREFERS = "prefers"  # ranks ways of doing something and shuts out none
    VOICES_CONCERN = "voices_concern"  # names a risk and asks for nothing in so many words
    EXPECTS = "expects"  # foretells what others may do
    STATES = "states"  # tells a fact
    OPEN = "open"  # raises a question and leaves it unanswered


WEIGHTLESS = frozenset({Modality.STATES, Modality.OPEN})
"""A fact and a question bind nobody: they have no strength, and need become no rule."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the document: its number, counted from 1 over lines that are not blank."""

    number: int
    fingerprint: str
    sketch: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the document states, in our words.  What it does not state is the empty text."""

    id: str
    paragraphs: tuple[Paragraph, ...]
    speaker: str
    modality: Modality
    voice: Voice
    strength: Strength | None
    subject: str
    activity: str
    paraphrase: str
    addressee: str = ""
    counterpart: str = ""
    condition: str = ""
    time: str = ""
    note: str = ""
    not_encoded: str = ""
    open_question: int | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What the document leaves open, and where; no answer may be invented."""

    number: int
    paragraphs: tuple[Paragraph, ...]
    question: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Register:
    """A source document: what it is, its paragraphs by number, and all that it states.

    `file` is a pattern of file names, `sha256` the digest of the very file that was read; `date` is
    None where the document shows none, and `dated` says what can be said all the same.
    """

    id: str
    publisher: str
    title: str
    kind: DocumentKind
    date: datetime.date | None
    dated: str
    sha256: str
    file: str
    paragraphs: tuple[Paragraph, ...]
    statements: tuple[Statement, ...]
    open_questions: tuple[OpenQuestion, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


_APOSTROPHES = frozenset("'\u2018\u2019\u201b\u02bc\u2032`\u00b4")
_DASHES = frozenset("\u2212\u02d7")  # minus signs, which Unicode does not count as punctuation


def words_of(text: str) -> tuple[str, ...]:
    """The normalised words of a paragraph (see the top of this module)."""
    # U+00B4 would come apart under NFKC into a blank and an accent.
    folded = unicodedata.normalize("NFKC", text.replace("\u00b4", "'")).casefold()
    kept: list[str] = []
    for char in unicodedata.normalize("NFKC", folded):
        category = unicodedata.category(char)
        if char in _APOSTROPHES or category == "Cf":
            continue
        kept.append(" " if category[0] in "PZC" or char in _DASHES else char)
    return tuple("".join(kept).split())


def fingerprint(text: str) -> str:
    """The fingerprint of a paragraph (see the top of this module)."""
    return sha256(" ".join(words_of(text)).encode("utf-8")).hexdigest()[:16]


def sketch(text: str) -> str:
    """The sketch of a paragraph (see the top of this module)."""
    bits = 0
    for word in words_of(text):
        bits |= 1 << sha256(word.encode("utf-8")).digest()[0]
    return f"{bits:064x}"


def overlap(one: str, other: str) -> float:
    """How many of the words of two sketches are in both, 0 to 1; words that share a bit blur it upwards."""
    first, second = int(one, 16), int(other, 16)
    either = (first | second).bit_count()
    return (first & second).bit_count() / either if either else 1.0


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a document's text: its lines that are not blank, counted from 1."""
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    return tuple(
        Paragraph(number, fingerprint(line), sketch(line)) for number, line in enumerate(lines, start=1)
    )
