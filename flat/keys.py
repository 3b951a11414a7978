"""Keys: what values of records are known by, and what is told of those that cannot be used."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from redline.flat.fields import Flat, text_of
from redline.rules.problems import NOWHERE, Problem, Refused

KNOWN = object()
"""Marks the key of what is written as `{known: [...], more: ...}`: no value of a record has it."""


def key_of(value: object) -> Hashable:
    """What a value is known by: how it is written, so that 1 and yes differ; raises TypeError if it cannot
    be written."""
    if value.__class__ is str:
        return value
    match value:
        case list() | tuple():
            return tuple([key_of(each) for each in value])
        case {"known": list() | tuple() as known, "more": more} if len(value) == 2:  # type: ignore[arg-type]
            return (tuple([key_of(each) for each in known]), key_of(more), KNOWN)
        case Mapping():
            return (Mapping, *((key, key_of(each)) for key, each in value.items()))
        case _:
            return text_of(value)


def listed_problem(field: Flat, wrong: Exception) -> list[Problem]:
    """What is wrong with a value of the field."""
    if isinstance(wrong, Refused):
        return [_naming(field, problem) for problem in wrong.problems]
    message = f"`{field.name}` is given as what cannot be written in a scenario"
    return [Problem("wrong-data", message, NOWHERE, "give texts, numbers, dates, lists")]


def _naming(field: Flat, problem: Problem) -> Problem:
    if field.name in problem.message:
        return problem
    return Problem(problem.code, f"`{field.name}`: {problem.message}", problem.span, problem.help)
