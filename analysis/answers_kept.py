"""Answers kept in a file beside a scenario, so that asking can be left and resumed.

The file is written whole after each answer and takes the place of the one before in one step: at no moment is
there less in it than was answered.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from redline.analysis.ask import Asking
from redline.engine.paths import Change
from redline.engine.possible import is_word
from redline.engine.read import read_path
from redline.engine.write import to_yaml
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import NOWHERE, Problem, Refused, Span, errors
from redline.rules.vocabulary import EDITION

ENDING = ".answers"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered: facts by path, paths of what is not known, and of which scenario."""

    given: tuple[Change, ...] = ()
    not_known: tuple[str, ...] = ()
    of: str = ""


def digest_of(text: bytes) -> str:
    """By which it is told whether the scenario is still the one that was asked about."""
    return sha256(text).hexdigest()


def beside(scenario: str) -> Path:
    """Where answers on a scenario are kept, if nothing else is said."""
    return Path(scenario).with_suffix(ENDING)


def keep(path: Path, asking: Asking, of: str) -> None:
    """Writes what was answered so far."""
    entries: list[Node] = [
        Map(((Text("path"), Text(where)), (Text("value"), value))) for where, value in asking.given
    ]
    entries += [Map(((Text("path"), Text(p)), (Text("not_known"), Text("yes")))) for p in asking.not_known]
    told = Map(
        (
            (Text("redline"), Text(EDITION)),
            (Text("answers"), Text(Path(asking.document.name).name)),
            (Text("digest"), Text(of)),
            (Text("given"), Seq(tuple(entries)) if entries else Text("none")),
        )
    )
    partial = path.with_name(path.name + ".part")
    partial.write_text(to_yaml(told), encoding="utf-8", newline="\n")
    partial.replace(path)


def kept_in(path: Path) -> Kept:
    """What a file of answers says; nothing where there is none.  Raises Refused where it cannot be read."""
    if not path.exists():
        return Kept()
    reading = read_path(path)
    if errors(reading.problems):
        raise Refused(reading.problems)
    root = reading.documents[0].root if len(reading.documents) == 1 else None
    entries = root.get("given") if isinstance(root, Map) else None
    if not isinstance(root, Map) or root.get("answers") is None or entries is None:
        raise _wrong("this is no file of answers", root.span if root is not None else NOWHERE)
    given: list[Change] = []
    not_known: list[str] = []
    of = root.get("digest")
    if not (isinstance(entries, Seq) or is_word(entries, "none")):
        raise _wrong("`given` is no list of answers", entries.span)
    for each in entries.items if isinstance(entries, Seq) else ():
        where = each.get("path") if isinstance(each, Map) else None
        if not isinstance(each, Map) or not isinstance(where, Text):
            raise _wrong("an answer has no `path`", each.span)
        value, skipped = each.get("value"), each.get("not_known")
        if value is not None:
            given.append((where.text, value))
        elif skipped is not None and is_word(skipped, "yes"):
            not_known.append(where.text)
        else:
            raise _wrong("an answer has no `value`, nor says `not_known: yes`", each.span)
    return Kept(tuple(given), tuple(not_known), of.text if isinstance(of, Text) else "")


def resume(asking: Asking, kept: Kept) -> None:
    """Takes up what was answered before.  Raises Refused where an answer does not fit."""
    for change in kept.given:
        problems = asking.learn([change])
        if errors(problems):
            raise Refused(problems)
    for path in kept.not_known:
        asking.skip(path)


def _wrong(message: str, span: Span) -> Refused:
    advice = "give another file with --answers, or begin anew with --afresh"
    return Refused([Problem("wrong-answers", message, span, advice)])
