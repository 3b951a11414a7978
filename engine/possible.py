"""The ways in which one value is written: plain, not known, one of several, not this, a range; and the
grade and source that may stand beside any of them."""

from __future__ import annotations

from redline.engine.characters import quote
from redline.engine.show import did_you_mean
from redline.engine.sugar import GRADING
from redline.engine.typed import AMOUNT_BOUNDS, DATE_BOUNDS, Lexicon, between, is_range, one, scalar, tell
from redline.rules.facts import Grade
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem
from redline.rules.quantities import DATE, MONEY
from redline.rules.shapes import Type
from redline.rules.values import Amounts, Terms, Value, minus, union

UNKNOWN, NONE, MORE = "unknown", "none", "more"
"""Words that are no terms: not known, none at all; and the key that says whether there may be more."""


@dataclass(frozen=True, slots=True)
class Grading:
    """How well something is supported, and by what source."""

    grade: Grade = Grade.STATED
    source: str = ""


def is_word(node: Node, word: str) -> bool:
    """Whether the node is that one word, such as `none` or `unknown`."""
    return isinstance(node, Text) and node.text.strip().lower() == word


def graded(
    node: Node, default: Grading, what: str, problems: list[Problem], *, wrapper: bool = True
) -> tuple[Node, Grading]:
    """The node without the grade and source beside it, and these; `default` where they are not given.

    `{value: V, grade: G}` gives V, unless the thing could have a `value` of its own (not a `wrapper`).
    """
    if not isinstance(node, Map):
        return node, default
    found = default
    rest = []
    for key, value in node:
        if key.text not in GRADING:
            rest.append((key, value))
            continue
        text = scalar(value, f"`{key.text}` of {what}", problems)
        if text is None:
            continue
        if key.text == "source":
            found = replace(found, source=text.text.strip())
        elif (grade := _grade(text, problems)) is not None:
            found = replace(found, grade=grade)
    if wrapper and [key.text for key, _ in rest] == ["value"]:
        return rest[0][1], found
    return Map(tuple(rest), node.span), found


def _grade(text: Text, problems: list[Problem]) -> Grade | None:
    words = {grade.word: grade for grade in Grade}
    found = words.get(text.text.strip().lower())
    if found is None:
        advice = did_you_mean(text.text, words) or f"it is one of {', '.join(f'`{word}`' for word in words)}"
        tell(problems, "unknown-term", f"{quote(text.text)} is not a grade", text.span, advice)
    return found


def value_of(node: Node, kind: Type, what: str, lexicon: Lexicon, problems: list[Problem]) -> Value | None:
    """The set of possible values that is written there; None, told, where it cannot be read."""
    match node:
        case Text() if is_word(node, UNKNOWN):
            return kind.anything(lexicon.trees)
        case Text():
            text = scalar(node, what, problems)
            return None if text is None else one(text, kind, lexicon, problems)
        case Map() if is_range(node, kind):
            return between(node, kind, what, problems)
        case Map(entries=((Text(text="one_of"), several),)):
            return _one_of(several, kind, what, lexicon, problems)
        case Map(entries=((Text(text="not"), others),)):
            return _not(others, kind, what, lexicon, problems)
        case _:
            tell(problems, "wrong-shape", f"{what} is not written as one value", node.span, _forms(kind))
            return None


def members(node: Node, what: str, problems: list[Problem]) -> tuple[Node, ...]:
    """The elements of a list that must have some; a single value is a list of one."""
    if not isinstance(node, Seq):
        return (node,)
    if not node.items:
        tell(problems, "empty-list", f"{what} lists nothing", node.span, "name what it may be")
    return node.items


def _one_of(node: Node, kind: Type, what: str, lexicon: Lexicon, problems: list[Problem]) -> Value | None:
    found = [value_of(each, kind, what, lexicon, problems) for each in members(node, what, problems)]
    values = [value for value in found if value is not None]
    if not values or len(values) < len(found):
        return None
    if len({value.unit for value in values if isinstance(value, Amounts)}) > 1:
        tell(problems, "different-units", f"{what} is given in several currencies", node.span, "use one")
        return None
    if any(isinstance(value, Terms) and value.without for value in values):
        tell(problems, "wrong-shape", "`not` cannot stand inside `one_of`", node.span, "name what it may be")
        return None
    return union(values)


def _not(node: Node, kind: Type, what: str, lexicon: Lexicon, problems: list[Problem]) -> Value | None:
    if kind.of == MONEY:
        tell(problems, "wrong-shape", f"{what} cannot be given by `not`", node.span, _forms(kind))
        return None
    left = kind.anything(lexicon.trees)
    before = len(problems)
    for each in members(node, what, problems):
        text = scalar(each, f"`not` of {what}", problems)
        value = None if text is None else one(text, kind, lexicon, problems)
        if value is not None:
            left = minus(left, value)
    if len(problems) > before:
        return None
    if left.empty:
        tell(
            problems,
            "empty-range",
            f"{what} is left nothing that it could be",
            node.span,
            "name what it may be",
        )
        return None
    return left


def _forms(kind: Type) -> str:
    forms = "write one value, `unknown`, `{one_of: [...]}` or `{not: ...}`"
    if kind.sort != "amount":
        return forms
    bounds = DATE_BOUNDS if kind.of == DATE else AMOUNT_BOUNDS
    return f"{forms}, or bounds: {', '.join(f'`{bound}`' for bound in bounds)}"


def as_terms(node: Node, kind: Type, what: str, lexicon: Lexicon, problems: list[Problem]) -> Terms | None:
    """Terms written one or several, taken together: values that nothing further in a list has."""
    found: list[Value] = []
    for each in members(node, what, problems):
        text = scalar(each, what, problems)
        if text is None:
            continue
        if is_word(text, UNKNOWN) or is_word(text, NONE):
            message = f"{quote(text.text)} does not tell what else is not in {what}"
            tell(problems, "wrong-shape", message, text.span, "name what there is not, or leave the key out")
        elif (value := one(text, kind, lexicon, problems)) is not None:
            found.append(value)
    together = union(found) if found else None
    return together if isinstance(together, Terms) else None
