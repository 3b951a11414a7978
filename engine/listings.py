"""Several things written together, and whether they are all: `[...]`, one alone, `none`, `unknown`, or
`{known: [...], more: possible}`."""

from __future__ import annotations

from redline.engine import saying
from redline.engine.characters import quote
from redline.engine.possible import MORE, NONE, UNKNOWN, Grading, graded, is_word
from redline.engine.show import did_you_mean
from redline.engine.typed import scalar, tell
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Span
from redline.rules.shapes import Field, Sub

KNOWN, NO_MORE_IN = "known", "no_more_in"
"""Keys of the long form: what there is, and values that nothing further has."""
POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Given:
    """A list as written: its elements; `more` as said there (`possible`, `none`, or None); what nothing
    further is; and the grade and source of all of it."""

    elements: tuple[Node, ...]
    grading: Grading
    span: Span
    more: str | None = None
    no_more_in: Node | None = None
    none: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Extent:
    """Whether a list is all there is, why in words, and whether that is said or only follows from its
    being given."""

    closed: bool
    says: str
    said: bool


def given(
    node: Node, default: Grading, what: str, problems: list[Problem], *, limits: bool = False
) -> Given | None:
    """The list that is written there; None, told, where it cannot be read.  `limits` says whether it
    may tell what nothing further is."""
    if not isinstance(node, Map) or (node.get(KNOWN) is None and node.get(MORE) is None):
        return _short(node, default, what, problems, limits=limits)
    inner, grading = graded(node, default, what, problems, wrapper=False)
    assert isinstance(inner, Map)
    keys = (KNOWN, MORE, *((NO_MORE_IN,) if limits else ()))
    before = len(problems)
    for key, _ in inner:
        if key.text not in keys:
            advice = did_you_mean(key.text, keys) or f"it has {', '.join(f'`{name}`' for name in keys)}"
            tell(problems, "unknown-key", f"{what} has no {quote(key.text)}", key.span, advice)
    more = more_of(inner, what, problems)
    known, limit = inner.get(KNOWN), inner.get(NO_MORE_IN)
    elements: tuple[Node, ...] = ()
    if isinstance(known, Seq):
        elements = known.items
    elif known is not None and not is_word(known, NONE):
        elements = (known,)
    _alone(elements, what, problems)
    nothing = known is not None and is_word(known, NONE)
    if not elements and not nothing and inner.get(MORE) is None and limit is None:
        _tell_empty(what, node.span, problems)
    if len(problems) > before:
        return None
    return Given(elements, grading, node.span, more, limit)


def more_of(node: Map, what: str, problems: list[Problem]) -> str | None:
    """What a mapping says of whether there may be more: `possible`, `none`, or None where it says nothing."""
    value = node.get(MORE)
    text = None if value is None else scalar(value, f"`{MORE}` of {what}", problems)
    if text is None:
        return None
    word = {UNKNOWN: POSSIBLE}.get(text.text.strip().lower(), text.text.strip().lower())
    if word not in (POSSIBLE, NONE):
        message = f"{quote(text.text)} does not say whether there are more"
        tell(problems, "unknown-term", message, text.span, "write `more: possible` or `more: none`")
        return None
    return word


def extent(found: Given, many: Field | Sub, of: str, *, limited: bool, whole: bool) -> Extent:
    """Whether the list is all there is.  `limited`: of some values there is nothing further in it;
    `whole`: that it is given may make it complete, which of entries on control lists it never does."""
    if found.unknown:
        return Extent(False, saying.not_known(many.name, of), True)
    if found.none:
        return Extent(True, saying.nothing(many.name, of), True)
    if found.more == NONE:
        return Extent(True, saying.no_more(many.name, of), True)
    if found.more == POSSIBLE:
        return Extent(False, saying.perhaps_more(many.name, of), True)
    if limited:
        return Extent(False, saying.limited(many.name, of), False)
    if many.complete and whole:
        return Extent(True, saying.complete(many.name, of), False)
    return Extent(False, saying.perhaps_more(many.name, of), False)


def _short(node: Node, default: Grading, what: str, problems: list[Problem], *, limits: bool) -> Given | None:
    """A list without the keys of the long form."""
    grading, inner = default, node
    if isinstance(node, Map) and node.get("value") is not None:
        inner, grading = graded(node, default, what, problems)
    match inner:
        case Text() if is_word(inner, NONE):
            return Given((), grading, inner.span, none=True)
        case Text() if is_word(inner, UNKNOWN):
            return Given((), grading, inner.span, unknown=True)
        case Map() if limits and inner.get(NO_MORE_IN) is not None:
            tell(problems, "missing-key", f"{what} lacks `{KNOWN}`", inner.span, f"add `{KNOWN}:`")
            return None
        case Seq(items=()):
            _tell_empty(what, inner.span, problems)
            return None
        case Seq(items=elements):
            before = len(problems)
            _alone(elements, what, problems)
            return None if len(problems) > before else Given(elements, grading, inner.span)
        case _:
            return Given((inner,), grading, inner.span)


def _alone(elements: tuple[Node, ...], what: str, problems: list[Problem]) -> None:
    for each in elements:
        if is_word(each, NONE):
            message = f"`none` cannot stand among others in {what}"
            tell(problems, "none-among-others", message, each.span, "let it stand alone, or leave it out")


def _tell_empty(what: str, span: Span, problems: list[Problem]) -> None:
    advice = "write `none` if there are none; if it is not known, `unknown`, or leave the key out"
    tell(problems, "empty-list", f"{what} lists nothing", span, advice)
