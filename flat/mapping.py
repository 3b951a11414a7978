"""A mapping from columns to fields: read from a file, from plain data, or taken from the names of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from redline.engine.characters import quote
from redline.engine.plain import document_of
from redline.engine.read import Document, edition, read_path
from redline.engine.show import did_you_mean
from redline.flat.fields import Flat, named
from redline.rules.frozen import replace
from redline.rules.mapping import Columns, Said
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import NOWHERE, Problem, Refused, Span, errors

_KEYS = ("redline", "mapping", "fields", "unknown")
_OF_FIELD = ("column", "value", "split", "whole", "words")


def mapping_of(given: str | Path | Mapping[str, object], fields: Mapping[str, Flat]) -> Columns:
    """The mapping of a file, or of its content as plain data.  Raises Refused, with every problem."""
    if isinstance(given, Mapping):
        document = document_of(given)
    else:
        reading = read_path(given)
        problems = list(reading.problems)
        if len(reading.documents) == 1:
            problems += [p for p in (edition(reading.documents[0]),) if p is not None]
        elif not errors(problems):
            problems.append(Problem("wrong-shape", "the file is not one mapping", Span(reading.name, 1, 1)))
        if errors(problems):
            raise Refused(problems)
        document = reading.documents[0]
    return _read(document, fields)


def _read(document: Document, fields: Mapping[str, Flat]) -> Columns:
    problems: list[Problem] = []
    root = document.root
    assert isinstance(root, Map)
    _known(root, _KEYS, "a mapping of columns", problems)
    said: list[Said] = []
    listed = root.get("fields")
    if not isinstance(listed, Map):
        advice = "add `fields: {to.country: COLUMN}`"
        at = listed.span if listed is not None else root.span
        problems.append(Problem("missing-key", "the mapping says no fields", at, advice))
    else:
        for key, node in listed:
            if (wrong := named(key.text, fields)) is not None:
                problems.append(replace(wrong, span=key.span))
            else:
                said += _said(fields[key.text], node, problems)
    unknown = _texts(root.get("unknown"), problems) if root.get("unknown") is not None else ("",)
    if not said and not problems:
        problems.append(Problem("empty-value", "the mapping names no column", root.span, "add `fields`"))
    if problems:
        raise Refused(problems)
    return Columns(tuple(said), unknown)


def _said(field: Flat, node: Node, problems: list[Problem]) -> list[Said]:
    if isinstance(node, Text):
        return [Said(field.name, node.text)]
    if not isinstance(node, Map):
        message = f"{quote(field.name)} is neither a column nor a mapping"
        problems.append(Problem("wrong-shape", message, node.span, "write `COLUMN` or `{value: ...}`"))
        return []
    _known(node, _OF_FIELD, "a field of a mapping", problems)
    column, value, split = node.get("column"), node.get("value"), node.get("split")
    whole, words = node.get("whole"), node.get("words")
    if (column is None) == (value is None):
        message = f"{quote(field.name)} needs a column or a value, and not both"
        problems.append(Problem("missing-key", message, node.span, "add `column: NAME` or `value: ...`"))
        return []
    if column is not None and not isinstance(column, Text):
        problems.append(Problem("wrong-shape", "a column is named by a text", column.span))
        return []
    sure = False
    if whole is not None:
        sure = isinstance(whole, Text) and whole.text in ("yes", "true")
        if not isinstance(whole, Text) or whole.text not in ("yes", "no", "true", "false"):
            problems.append(Problem("wrong-value", "`whole` is neither yes nor no", whole.span))
        elif sure and not _listed(field):
            message = f"{quote(field.name)} is no list, so that it cannot be whole"
            problems.append(Problem("wrong-value", message, whole.span, "leave `whole` out"))
    if split is not None and (not isinstance(split, Text) or not split.text):
        problems.append(Problem("wrong-value", "`split` is no text", split.span, 'such as `split: ";"`'))
    means: dict[str, str] = {}
    if words is not None:
        for key, each in words if isinstance(words, Map) else ():
            if isinstance(each, Text):
                means[key.text] = each.text
        if not isinstance(words, Map) or len(means) != len(words.entries):
            advice = "such as `words: {army: armed-forces}`"
            problems.append(Problem("wrong-shape", "`words` is no mapping of texts", words.span, advice))
    between = split.text if isinstance(split, Text) else ""
    plain = None if value is None else plain_of(value)
    return [Said(field.name, None if column is None else column.text, plain, between, sure, means)]


def _listed(field: Flat) -> bool:
    return field.many or field.key in ("papers", "via")


def _known(node: Map, keys: Sequence[str], what: str, problems: list[Problem]) -> None:
    for key, _ in node:
        if key.text not in keys:
            advice = did_you_mean(key.text, keys) or f"it has {', '.join(f'`{k}`' for k in keys)}"
            problems.append(Problem("unknown-key", f"{what} has no {quote(key.text)}", key.span, advice))


def _texts(node: Node | None, problems: list[Problem]) -> tuple[str, ...]:
    items = node.items if isinstance(node, Seq) else (node,)
    found = [each.text for each in items if isinstance(each, Text)]
    if len(found) != len(items):
        at = node.span if node is not None else NOWHERE
        problems.append(Problem("wrong-shape", "`unknown` is a list of texts", at))
    return tuple(found)


def plain_of(node: Node) -> object:
    """A node as plain data."""
    match node:
        case Text():
            return node.text
        case Seq():
            return [plain_of(each) for each in node.items]
        case Map():
            return {key.text: plain_of(value) for key, value in node}


def by_name(columns: Iterable[str], fields: Mapping[str, Flat]) -> Columns:
    """The mapping where columns are called as fields are; other columns say nothing.  Raises Refused where
    no column does, or where one looks as if it should."""
    columns = list(columns)
    said = tuple(Said(name, name) for name in columns if name in fields)
    problems = []
    for name in columns:
        of, dot, _ = name.partition(".")
        if name not in fields and dot and any(each.startswith(f"{of}.") for each in fields):
            problems += [p for p in (named(name, fields),) if p is not None]
        elif name not in fields and (advice := did_you_mean(name, fields)):
            advice = f"{advice} If it is another thing, name the columns in a mapping"
            problems.append(Problem("unknown-key", f"a record has no field {quote(name)}", NOWHERE, advice))
    if not said and not problems:
        advice = "call a column `to.country`, say, or name columns in a mapping"
        message = f"no column is called as a field of a record: there are {', '.join(map(quote, columns))}"
        problems.append(Problem("unknown-key", message, NOWHERE, advice))
    if problems:
        raise Refused(problems)
    return Columns(said)


def held_to(mapping: Columns, columns: Sequence[str], results: Sequence[str]) -> None:
    """Raises Refused where the mapping does not fit the table."""
    problems = []
    for name in sorted({each for each in columns if list(columns).count(each) > 1}):
        message = f"two columns are called {quote(name)}"
        problems.append(Problem("given-twice", message, NOWHERE, "rename one"))
    for said in mapping.fields:
        if said.column is not None and said.column not in columns:
            advice = did_you_mean(said.column, columns) or f"there are {', '.join(map(quote, columns))}"
            message = f"the table has no column {quote(said.column)}, which `{said.field}` is said by"
            problems.append(Problem("unknown-name", message, NOWHERE, advice))
    for name in results:
        if name in columns:
            message = f"a column is called {quote(name)}, as one of the answer"
            problems.append(Problem("given-twice", message, NOWHERE, "rename it"))
    if problems:
        raise Refused(problems)
