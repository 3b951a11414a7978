"""Citations proved: registers held against real copies of their documents, and against the policies.

`verify` says of every citation whether the paragraph that it names is still there, word for word;
`coverage` says of every statement what became of it.  Both answer with data and never fail: what
could not be found is an answer, and never a good one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path

from redline.rules.frozen import dataclass
from redline.rules.register import Paragraph, Register, overlap, paragraphs_of
from redline.rules.verdicts import Voice

LARGEST = 20_000_000
"""Files of more bytes are not taken for copies of a document."""

ENOUGH_SHARED = 0.2
"""The part of a register's paragraphs that a file of another name and digest must still hold."""

ENOUGH_WORDS = 0.5
"""The overlap from which one paragraph counts as another changed; unrelated ones stay well below."""


class Copy(StrEnum):
    """How the copy of a document was found."""

    EXACT = "exact"  # by its sha256
    CHANGED = "changed"  # by its paragraphs or its name; its sha256 is another
    ABSENT = "absent"


class Outcome(StrEnum):
    """What became of the paragraph that is cited."""

    OK = "ok"
    MOVED = "moved"  # it stands under another number
    CHANGED = "changed"  # only one like it is there
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Citation:
    """One paragraph cited by a statement or open question: `now` is where it stands, if anywhere, and
    `ratio` how much of its words is left there."""

    cited_by: str
    paragraph: Paragraph
    outcome: Outcome
    now: int | None = None
    ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Verification:
    """A register against a copy of its document; `kept` counts the paragraphs that are as they were."""

    register: Register
    copy: Copy
    document: Path | None
    kept: int
    citations: tuple[Citation, ...]

    @property
    def holds(self) -> bool:
        """Whether a copy was found in which every paragraph cited stands where it is cited."""
        return self.document is not None and all(said.outcome is Outcome.OK for said in self.citations)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    sha256: str
    paragraphs: tuple[Paragraph, ...]


def verify(registers: Iterable[Register], documents_dir: Path) -> list[Verification]:
    """Holds each register against the files of a folder, its document found by sha256; failing that,
    among the files that are no other register's document, the one that shares most paragraphs."""
    wanted = tuple(registers)
    files = _files(documents_dir)
    exact = {register.sha256 for register in wanted}
    spare = [file for file in files if file.sha256 not in exact]
    return [_verify(register, files, spare) for register in wanted]


def _files(folder: Path) -> list[_File]:
    found = []
    # what cannot be read is no copy: the register's document is then absent
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            with suppress(OSError):
                if path.is_file() and path.stat().st_size <= LARGEST:
                    data = path.read_bytes()
                    text = data.decode("utf-8-sig", errors="replace")
                    found.append(_File(path, sha256(data).hexdigest(), paragraphs_of(text)))
    return found


def _verify(register: Register, files: Sequence[_File], spare: Sequence[_File]) -> Verification:
    same = next((file for file in files if file.sha256 == register.sha256), None)
    file = same or _likest(register, spare)
    if file is None:
        lost = tuple(Citation(by, paragraph, Outcome.MISSING) for by, paragraph in _citations(register))
        return Verification(register, Copy.ABSENT, None, 0, lost)
    known = {paragraph.fingerprint for paragraph in register.paragraphs}
    # a paragraph that the register knows is no changed form of another, however alike the two are
    strange = [paragraph for paragraph in file.paragraphs if paragraph.fingerprint not in known]
    checked = tuple(_check(by, paragraph, file.paragraphs, strange) for by, paragraph in _citations(register))
    return Verification(
        register, Copy.EXACT if same else Copy.CHANGED, file.path, _kept(register, file), checked
    )


def _kept(register: Register, file: _File) -> int:
    there = {paragraph.fingerprint for paragraph in file.paragraphs}
    return sum(paragraph.fingerprint in there for paragraph in register.paragraphs)


def _likest(register: Register, files: Iterable[_File]) -> _File | None:
    ranked: list[tuple[int, bool, _File]] = []
    for file in files:
        kept, named = _kept(register, file), fnmatchcase(file.path.name, register.file)
        if named or kept > len(register.paragraphs) * ENOUGH_SHARED:
            ranked.append((kept, named, file))
    return max(ranked, key=lambda rank: rank[:2])[2] if ranked else None


def _citations(register: Register) -> Iterator[tuple[str, Paragraph]]:
    for said in register.statements:
        yield from ((said.id, paragraph) for paragraph in said.paragraphs)
    for asked in register.open_questions:
        yield from ((f"open question {asked.number}", paragraph) for paragraph in asked.paragraphs)


def _check(
    cited_by: str, cited: Paragraph, paragraphs: Sequence[Paragraph], strange: Iterable[Paragraph]
) -> Citation:
    def distance(paragraph: Paragraph) -> int:
        return abs(paragraph.number - cited.number)

    same = [paragraph for paragraph in paragraphs if paragraph.fingerprint == cited.fingerprint]
    if same:
        now = min(same, key=distance).number
        return Citation(cited_by, cited, Outcome.OK if now == cited.number else Outcome.MOVED, now, 1.0)
    alike = [
        (overlap(cited.sketch, paragraph.sketch), -distance(paragraph), paragraph) for paragraph in strange
    ]
    if alike:
        ratio, _, nearest = max(alike, key=lambda found: found[:2])
        if ratio >= ENOUGH_WORDS:
            return Citation(cited_by, cited, Outcome.CHANGED, nearest.number, ratio)
    return Citation(cited_by, cited, Outcome.MISSING)


class Status(StrEnum):
    """What became of a statement."""

    ENCODED = "encoded"
    OPEN = "open question"
    NOT_ENCODED = "not encoded"
    UNCOVERED = "UNCOVERED"


@dataclass(frozen=True, slots=True)
class Covered:
    """A statement and what became of it.  A statement that is encoded keeps its open question, and a
    reason for not encoding it that stands no longer."""

    register: str
    statement: str
    voice: Voice
    status: Status
    rules: tuple[str, ...] = ()
    question: int | None = None
    reason: str = ""


def coverage(
    registers: Iterable[Register],
    encoded: Mapping[str, tuple[str, ...]],
    reasons: Mapping[str, str] | None = None,
) -> list[Covered]:
    """Each statement of the registers, in their order; `encoded` gives the rules that cite a statement,
    `reasons` why a policy leaves one out on purpose."""
    left_out = reasons or {}
    rows: list[Covered] = []
    for register in registers:
        for said in register.statements:
            rules = encoded.get(said.id, ())
            if rules:
                status = Status.ENCODED
            elif said.open_question is not None:
                status = Status.OPEN
            else:
                status = Status.NOT_ENCODED if said.not_encoded or said.id in left_out else Status.UNCOVERED
            reason = said.not_encoded or left_out.get(said.id, "")
            rows.append(Covered(register.id, said.id, said.voice, status, rules, said.open_question, reason))
    return rows


def unknown_statements(registers: Iterable[Register], encoded: Iterable[str]) -> tuple[str, ...]:
    """The ids that rules cite and no register has."""
    known = {said.id for register in registers for said in register.statements}
    return tuple(sorted(set(encoded) - known))
