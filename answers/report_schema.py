"""The report as plain data, and the JSON Schema of that data: both follow from the classes of
`rules/report.py`, so that they cannot come apart."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache

from redline.rules.report import SCHEMA, Report

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None


def as_data(thing: object) -> Json:
    """A report, or a part of one, as plain data, in the order of its fields."""
    if is_dataclass(thing) and not isinstance(thing, type):
        return {name: as_data(getattr(thing, name)) for name in _names(type(thing))}
    match thing:
        case Enum():
            return str(thing.value)
        case str() | bool() | int() | None:
            return thing
        case Mapping():
            return {str(key): as_data(value) for key, value in thing.items()}
        case tuple() | list():
            return [as_data(each) for each in thing]
        case _:
            raise TypeError(f"a report holds no {type(thing).__name__}")


def schema() -> dict[str, Json]:
    """The JSON Schema (draft 2020-12) of a report of this edition."""
    found: dict[str, Json] = {}
    _define(Report, found)
    own = found.pop("Report")
    assert isinstance(own, dict)
    properties = own["properties"]
    assert isinstance(properties, dict)
    properties["schema"] = {"const": SCHEMA, "description": "the edition of this schema"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"redline report, edition {SCHEMA}",
        **own,
        "$defs": dict(sorted(found.items())),
    }


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def _define(cls: type, found: dict[str, Json]) -> None:
    if cls.__name__ in found:
        return
    found[cls.__name__] = None  # so that what refers to itself ends
    hints = typing.get_type_hints(cls, include_extras=True)
    own = fields(cls)
    found[cls.__name__] = {
        "type": "object",
        "description": " ".join((cls.__doc__ or "").split()),
        "properties": {field.name: _of(hints[field.name], found) for field in own},
        # what has a default is written all the same: a reader need not know defaults
        "required": [field.name for field in own],
        "additionalProperties": False,
    }


def _of(hint: object, found: dict[str, Json]) -> dict[str, Json]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return {**_of(arguments[0], found), "description": arguments[1]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], found)}
    if origin is types.UnionType or origin is typing.Union:
        return {"anyOf": [_of(each, found) for each in arguments]}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _of(arguments[1], found)}
    if isinstance(hint, type):
        if hint is types.NoneType:
            return {"type": "null"}
        if is_dataclass(hint):
            _define(hint, found)
            return {"$ref": f"#/$defs/{hint.__name__}"}
        if issubclass(hint, Enum):
            return {"type": "string", "enum": [str(each.value) for each in hint]}
        plain = {bool: "boolean", int: "integer", str: "string"}
        return {"type": plain[hint]}
    raise TypeError(f"no schema for {hint}")
