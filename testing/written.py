"""What a file says, as plain data that is easily changed: texts, lists and mappings."""

from __future__ import annotations

from typing import TypeAlias

from redline.engine.read import Document, read_text
from redline.engine.write import to_yaml
from redline.rules.node import Map, Node, Seq, Text

Data: TypeAlias = "str | list[Data] | dict[str, Data]"
Mapped: TypeAlias = "dict[str, Data]"
Place = tuple[str | int, ...]
"""Where something stands: keys, and numbers of elements from 0."""


def node(data: Data) -> Node:
    """The node that the data would be read as."""
    match data:
        case str():
            return Text(data)
        case list():
            return Seq(tuple(node(each) for each in data))
        case dict():
            return Map(tuple((Text(key), node(each)) for key, each in data.items()))


def data(of: Node) -> Data:
    """A node as plain data."""
    match of:
        case Text(text):
            return text
        case Seq(items):
            return [data(each) for each in items]
        case Map(entries):
            return {key.text: data(each) for key, each in entries}


def text(*written: Data) -> str:
    """The documents as YAML, one after the other."""
    return "---\n".join(to_yaml(node(each)) for each in written)


def document(written: Data, name: str = "scenario.yaml") -> Document:
    """The data written as YAML and read again, so that everything has its place."""
    documents, problems = read_text(text(written).encode(), name)
    assert not problems, problems
    return documents[0]


def at(written: Data, path: Place) -> Data | None:
    """What stands at the path; None where there is nothing."""
    found: Data | None = written
    for step in path:
        if isinstance(found, dict) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found


def put(written: Data, path: Place, new: Data | None) -> Data:
    """A copy with what stands at the path replaced, added where its key is not there, or taken out (None)."""
    if not path:
        assert new is not None
        return new
    step, rest = path[0], path[1:]
    if isinstance(written, dict):
        assert isinstance(step, str)
        if not rest and new is None:
            return {key: each for key, each in written.items() if key != step}
        return {**written, step: put(written.get(step, {}), rest, new)}
    assert isinstance(written, list)
    assert isinstance(step, int)
    if not rest and new is None:
        return [*written[:step], *written[step + 1 :]]
    return [*written[:step], put(written[step], rest, new), *written[step + 1 :]]


def mapped(written: Data | None) -> Mapped:
    """The mapping that stands there; an empty one where none does."""
    return written if isinstance(written, dict) else {}


def listed(written: Data | None) -> list[Data]:
    """The list that stands there, also in its long form; an empty one where none does."""
    if isinstance(written, dict):
        return listed(written.get("known"))
    return written if isinstance(written, list) else []
