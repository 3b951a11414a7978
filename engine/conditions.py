"""Conditions read: from what is written in a policy to the nodes of `rules/condition.py`.

A condition is read for the shape of the row that it will be asked of, so that every name in it is
checked against the vocabulary.  What is wrong is collected; where a condition cannot be read at
all, None comes back and nothing is built on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from redline.engine import catalogue
from redline.engine.characters import quote
from redline.engine.comparisons import UNSTATED, Comparing
from redline.engine.of_parties import of_parties
from redline.engine.show import did_you_mean
from redline.engine.typed import Lexicon
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Every,
    In,
    Is,
    Named,
    Not,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.frozen import dataclass, field
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Group, Interpretation
from redline.rules.problems import Problem, Span
from redline.rules.shapes import Shape
from redline.rules.terms import ACTIVITY
from redline.rules.values import Terms, Test
from redline.rules.vocabulary import states

_OWNABLE = frozenset({"party", "reached", "passed", "participant"})


@dataclass(slots=True)
class Conditions:
    """Reads the conditions of one policy."""

    policy: str
    shapes: Mapping[str, Shape]
    lexicon: Lexicon
    groups: Mapping[str, Group]
    interpretations: Mapping[str, Interpretation]
    written: Mapping[str, Node]
    """The defined conditions, as written: each is read for every shape that it is used on."""
    problems: list[Problem]
    _open: list[str] = field(default_factory=list)
    _read: dict[tuple[str, str], Condition | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def read(self, node: Node, shape: str) -> Condition | None:
        """The condition written at a node, to be asked of a row of that shape."""
        match node:
            case Text(text, span):
                return self._named(text, span, shape)
            case Seq(_, span):
                return self.wrong(
                    "a list of conditions stands under `all` or `any`",
                    span,
                    "write `all: [...]` or `any: [...]`",
                )
            case Map(entries, span):
                if not entries:
                    return self.wrong("a condition is empty", span, "say what must be so, or leave it out")
                parts = [self._entry(key, value, shape) for key, value in entries]
                return self._all(parts, span) if len(parts) > 1 else parts[0]

    def _entry(self, key: Text, value: Node, shape: str) -> Condition | None:
        word, _, rest = key.text.strip().partition(" ")
        match word, rest.strip():
            case "all" | "any", "":
                return self._several(word, value, shape, key.span)
            case "not", "":
                inner = self.read(value, shape)
                return None if inner is None else Not(inner, key.span)
            case "some" | "every", name if name:
                return self._quantified(word, name, value, shape, key.span)
            case "interpretation", "":
                return self._interpretation(value, key.span)
            case "unsettled", "":
                if isinstance(value, Text) and value.text.strip():
                    return Unsettled(value.text.strip(), key.span)
                return self.wrong(
                    "`unsettled` is not a question",
                    value.span,
                    "write the question that the text leaves open",
                )
            case "paper", "" if shape == "step":
                return catalogue.paper(self, value, key.span)
            case "owned", "" if shape in _OWNABLE:
                return catalogue.owned(self, value, key.span)
            case "content_share", "" if shape in ("step", "item"):
                return catalogue.share(self, value, key.span)
            case "days", "":
                return catalogue.days(self, value, shape, key.span)
            case "forbids", "" if shape in ("paper", "undertaking"):
                return catalogue.forbids(self, value, key.span)
            case _:
                return self._field(key, value, shape)

    def _several(self, word: str, value: Node, shape: str, span: Span) -> Condition | None:
        if not isinstance(value, Seq) or not value.items:
            return self.wrong(f"`{word}` is not a list of conditions", value.span, f"write `{word}: [...]`")
        parts = [self.read(item, shape) for item in value.items]
        return self._all(parts, span) if word == "all" else self._any(parts, span)

    def _quantified(self, word: str, name: str, value: Node, shape: str, span: Span) -> Condition | None:
        part, dot, rest = name.partition(".")
        if dot and part in self.shapes[shape].parts:
            inner = self._quantified(word, rest, value, self.shapes[shape].parts[part].shape, span)
            return None if inner is None else self._of_part(part, inner, shape, span)
        lists = self.shapes[shape].lists
        if name not in lists:
            return self.unknown(name, f"{a_(shape)} has no list", lists, span)
        body = self.element(value, lists[name].shape, every=word == "every")
        if body is None:
            return None
        if lists[name].shape == "reached":
            body = of_parties(body, some=word == "some")
        return Some(name, body, span) if word == "some" else Every(name, body, span)

    def _named(self, text: str, span: Span, shape: str) -> Condition | None:
        name = text.strip()
        if name not in self.written:
            return self.unknown(name, "no condition is defined as", self.written, span)
        self.used.add(name)
        if name in self._open:
            return self.wrong(
                f"{quote(name)} is defined by itself",
                span,
                "end the circle: " + " -> ".join([*self._open, name]),
            )
        if (name, shape) not in self._read:
            self._open.append(name)
            self._read[name, shape] = self.read(self.written[name], shape)
            self._open.pop()
        body = self._read[name, shape]
        return None if body is None else Named(name, body, span)

    def _interpretation(self, value: Node, span: Span) -> Condition | None:
        if not isinstance(value, Map) or not value.entries:
            return self.wrong(
                "`interpretation` names no interpretation",
                value.span,
                "write `interpretation: {NAME: ANSWER}`",
            )
        parts: list[Condition | None] = []
        for name, answer in value:
            if name.text not in self.interpretations:
                parts.append(
                    self.unknown(name.text, "there is no interpretation", self.interpretations, name.span)
                )
                continue
            self.used.add(f"interpretation {name.text}")
            known = self.interpretations[name.text].answers
            texts = answer.items if isinstance(answer, Seq) else (answer,)
            answers = []
            for text in texts:
                if isinstance(text, Text) and text.text in known:
                    answers.append(text.text)
                else:
                    said = text.text if isinstance(text, Text) else "this"
                    parts.append(self.unknown(said, f"{quote(name.text)} has no answer", known, text.span))
            if answers:
                parts.append(Reading(f"{self.policy}/{name.text}", frozenset(answers), span))
        return self._all(parts, span)

    def element(self, value: Node, shape: str, *, every: bool = False) -> Condition | None:
        """A condition on what is, or may be, an element of a list: not that something is stated of it, since
        of what is not listed nothing is."""
        body = self.read(value, shape)
        if body is None or (stated := _asks_for_word(body, negated=every)) is None:
            return body
        message = "whether something is stated of an element of a list cannot be asked: not all may be listed"
        return self.wrong(message, stated, "ask for what is so of it, not for what is said")

    def _field(self, key: Text, value: Node, shape: str) -> Condition | None:
        here = self.shapes[shape]
        name, dot, rest = key.text.strip().partition(".")
        if name in here.parts:
            inner_shape = here.parts[name].shape
            inner = (
                self._field(Text(rest, key.span), value, inner_shape)
                if dot
                else self.read(value, inner_shape)
            )
            return None if inner is None else self._of_part(name, inner, shape, key.span)
        if dot or name not in (*here.fields, *here.many):
            if name in here.lists:
                return self.wrong(
                    f"{quote(name)} is a list", key.span, f"write `some {name}: ...` or `every {name}: ...`"
                )
            if shape == "step" and name in self.shapes["item"].names():
                return self.wrong(
                    f"a step has no {quote(name)}", key.span, f"its item has one: write `item.{name}`"
                )
            known = (*here.fields, *here.many, *here.parts, *(f"some {n}" for n in here.lists))
            return self.unknown(key.text.strip(), f"{a_(shape)} has no", known, key.span)
        if (silence := _silence(value)) is not None and not (
            states(shape, name) and _silence(value, within=("not",)) is not None
        ):
            what = "an element of a list" if states(shape, name) else f"{quote(name)} of {a_(shape)}"
            return self.wrong(
                f"{what} is not stated by itself, so that it cannot be `{UNSTATED}`",
                silence.span,
                f"ask it of a field that scenarios state, such as `country: {UNSTATED}`",
            )
        comparing = Comparing(self.lexicon, self.groups, self.problems)
        if name in here.many:
            return comparing.many(name, here.many[name].type, value, key.span)
        return comparing.one(name, here.fields[name].type, value, key.span)

    def _of_part(self, name: str, body: Condition, shape: str, span: Span) -> Condition:
        """A condition on a part.  What is built into nothing has no `into`: nothing is so of it."""
        inner = In(name, body, span)
        if (shape, name) != ("step", "into") or isinstance(body, Silent):
            return inner
        built_in = Test(Terms(self.lexicon.trees[ACTIVITY.name], frozenset({"incorporation"})))
        return All((Is("activity", built_in, "incorporation", span), inner), span)

    def _all(self, parts: list[Condition | None], span: Span) -> Condition | None:
        whole = [p for p in parts if p is not None]
        return All(tuple(whole), span) if len(whole) == len(parts) and whole else None

    def _any(self, parts: list[Condition | None], span: Span) -> Condition | None:
        whole = [p for p in parts if p is not None]
        return Any(tuple(whole), span) if len(whole) == len(parts) and whole else None

    def wrong(self, message: str, span: Span, advice: str) -> None:
        """Tells what is wrong with a condition."""
        self.problems.append(Problem("wrong-condition", message, span, advice))

    def unknown(self, name: str, message: str, known: Collection[str], span: Span) -> None:
        """Tells a name that is not there, with the nearest that is."""
        advice = did_you_mean(name, known) or (f"there is {', '.join(known)}" if known else "none is defined")
        self.problems.append(Problem("unknown-name", f"{message} {quote(name)}", span, advice))


def _silence(value: Node, *, within: tuple[str, ...] = ("not", "only")) -> Text | None:
    """Where a test asks whether the scenario is silent; None where it does not."""
    match value:
        case Text(text):
            return value if text == UNSTATED else None
        case Map(entries=((Text(text=word), inner),)) if word in within:
            return _silence(inner, within=within)
        case _:
            return None


def _asks_for_word(condition: Condition, *, negated: bool) -> Span | None:
    """Where a condition is so only of that of which something is stated; None where it nowhere is."""
    match condition:
        case Silent(_, span):
            return span if negated else None
        case Not(part):
            return _asks_for_word(part, negated=not negated)
        case Named(_, part) | In(_, part):
            return _asks_for_word(part, negated=negated)
        case All(parts) | Any(parts):
            found = (_asks_for_word(part, negated=negated) for part in parts)
            return next((span for span in found if span is not None), None)
        case _:
            return None


def a_(shape: str) -> str:
    """The shape's name with its article."""
    return f"{'an' if shape[0] in 'aeiou' else 'a'} {shape}"
