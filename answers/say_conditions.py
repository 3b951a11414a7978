"""Conditions in words: `something in step 3 embodies Italian content and is military`.

They tell which part of a rule failed, and what an open list would have to bring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from redline.answers.phrases import ANOTHER, PART_UNNAMED, SOME, Phrase, fill, of_field, of_term
from redline.answers.say_values import (
    content_of,
    dates,
    kept_terms,
    listed,
    number,
    term_words,
    when,
    with_article,
)
from redline.engine.characters import visible
from redline.engine.queries import within
from redline.rules.condition import (
    All,
    Any,
    Condition,
    Covered,
    Days,
    Every,
    Forbids,
    In,
    InForce,
    Is,
    Named,
    Not,
    Owned,
    Query,
    Reading,
    Share,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.quantities import DATE, base_unit, exactly
from redline.rules.shapes import Field, Shape
from redline.rules.values import Amounts, Terms, Value


def value_sentence(shape: str, field: Field, value: Value, of: str, whole: str) -> str:
    """That the field of `of` has the value."""
    phrase = of_field(shape, field)
    if isinstance(value, Amounts):
        said = number(value, field.type.of)
        dated = value.unit == base_unit(DATE)
        return fill(
            phrase.so, of=of, whole=whole, it=said, a=said, content=said, when=when(value) if dated else said
        )
    tree = value.tree.name
    if value.anything:
        return f"nothing is known of the {field.name.replace('_', ' ')} of {of}"
    within, without = kept_terms(value)
    if tree == "yes_no":
        return fill((phrase.so if within == ["yes"] else phrase.not_so), of=of, whole=whole)
    if value.within is None:
        own = [of_term(tree, term) for term in without]
        if all(own):
            return _about_one(of, [fill(each.not_so, of=of, whole=whole) for each in own if each], "and")
        return _with_terms(phrase, tree, without, but_not=[], of=of, whole=whole, so=False)
    own = [of_term(tree, term) for term in within]
    if own and all(own) and not without:
        return _about_one(of, [fill(each.so, of=of, whole=whole) for each in own if each])
    return _with_terms(phrase, tree, within, but_not=without, of=of, whole=whole, so=True)


def _about_one(of: str, clauses: list[str], last: str = "or") -> str:
    """Clauses joined; what they are about is said once where all begin with it."""
    if all(each.startswith(f"{of} ") for each in clauses):
        return f"{of} {listed([each.removeprefix(f'{of} ') for each in clauses], last)}"
    return listed(clauses, last)


def _with_terms(
    phrase: Phrase, tree: str, terms: list[str], *, but_not: list[str], of: str, whole: str, so: bool
) -> str:
    but = f" (but not {listed([term_words(tree, t) for t in but_not])})" if but_not else ""
    it = listed([term_words(tree, t) for t in terms] or ["nothing"]) + but
    a = listed([with_article(tree, t) for t in terms] or ["nothing"]) + but
    content = listed([content_of(t) for t in terms]) + but if tree == "country" and terms else it
    return fill(
        (phrase.so if so else phrase.not_so), of=of, whole=whole, it=it, a=a, content=content, when=it
    )


def words(condition: Condition, shape: str, of: str, shapes: Mapping[str, Shape], whole: str = "") -> str:
    """The condition as a clause about `of`, a row of that shape, which stands in `whole`."""
    return _Clause(shapes).say(condition, shape, of, whole or of)


def negated(condition: Condition, shape: str, of: str, shapes: Mapping[str, Shape]) -> str:
    """That the condition does not hold."""
    return _Clause(shapes).denied(condition, shape, of, of)


def not_listed(condition: Condition, owner: str, name: str, of: str, shapes: Mapping[str, Shape]) -> str:
    """The condition as a clause about one more element of a list of `of`, a row of the shape `owner`."""
    return _Clause(shapes).element_meets(condition, owner, name, ANOTHER.get(name, "another"), of)


def bodies(condition: Condition | None, name: str) -> Iterator[Condition]:
    """What the condition asks of the elements of lists of that name, wherever it asks it."""
    for each in () if condition is None else within(condition):
        if isinstance(each, Some | Every) and each.list == name:
            yield each.body


_SOMEONE = ("some", "every", "a ", "an ", "another")
"""How the words begin by which a condition speaks of elements of a list."""


_NONE_FOR = {"someone": "no one", "something": "nothing", "a": "no", "an": "no"}
_NO_ONE = re.compile(r"^(someone|something|a|an)\b")


def sayable(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The alternatives that may be so; one that is only ever open or false is no part of what is said."""
    return tuple(part for part in parts if not _never_so(part)) or parts


def _never_so(condition: Condition) -> bool:
    match condition:
        case Is(_, test):
            return isinstance(test.accepts, Terms) and test.accepts.within == frozenset()
        case All(parts):
            return any(_never_so(part) for part in parts)
        case _:
            return False


def named(name: str) -> str:
    """The name of a defined condition, as sentences have it."""
    return visible(name.replace("_", " ").replace("-", " "))


def definitions(
    conditions: Iterable[Condition | None], shape: str, shapes: Mapping[str, Shape]
) -> dict[str, str]:
    """The defined conditions that the conditions use, by name, each in words about `it`."""
    found: dict[str, str] = {}
    for condition in conditions:
        if condition is not None:
            _define(condition, shape, shapes, found)
    return found


def _define(condition: Condition, shape: str, shapes: Mapping[str, Shape], found: dict[str, str]) -> None:
    match condition:
        case Named(name, body):
            if named(name) not in found:
                found[named(name)] = ""  # its place, before those that it uses
                found[named(name)] = words(body, shape, "it", shapes)
                _define(body, shape, shapes, found)
        case All(parts) | Any(parts):
            for part in parts:
                _define(part, shape, shapes, found)
        case Not(part):
            _define(part, shape, shapes, found)
        case In(part, body):
            _define(body, _Clause(shapes).part_shape(shape, part), shapes, found)
        case Some(name, body) | Every(name, body):
            known = shapes.get(shape)
            _define(
                body, known.lists[name].shape if known and name in known.lists else "value", shapes, found
            )
        case _:
            pass


class _Clause:
    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = shapes

    def say(self, condition: Condition, shape: str, of: str, whole: str) -> str:
        match condition:
            case All(parts):
                return self.joined(parts, shape, of, whole, "and")
            case Any(parts):
                return self.joined(sayable(parts), shape, of, whole, "or")
            case Not(part):
                return self.denied(part, shape, of, whole)
            case Is(key, test):
                return self.test(key, test.accepts, shape, of, whole, so=True)
            case Silent(key):
                return f"the {key.replace('_', ' ')} of {of} is not stated"
            case In(part, body):
                inner = fill(PART_UNNAMED.get(part, f"the {part} of {{whole}}"), whole=of)
                return self.say(body, self.part_shape(shape, part), inner, of)
            case Some(name, body):
                return self.quantified(name, body, shape, of, some=True)
            case Every(name, body):
                return self.quantified(name, body, shape, of, some=False)
            case Reading(name, answers):
                told = listed([visible(answer) for answer in sorted(answers)])
                return f"“{visible(name.rpartition('/')[2])}” is read as {told}"
            case Unsettled(question):
                return f"it is settled: {visible(question)}"
            case Named(name):
                return f"{of} meets “{named(name)}”" if _is_some(of) else f"“{named(name)}” holds of {of}"
            case _:
                assert_never(condition)

    def denied(self, condition: Condition, shape: str, of: str, whole: str) -> str:
        match condition:
            case Not(part):
                return self.say(part, shape, of, whole)
            case Named(name):
                told = f"{of} does not meet “{named(name)}”"
                return told if _is_some(of) else f"“{named(name)}” does not hold of {of}"
            case Is(key, test):
                return self.test(key, test.accepts, shape, of, whole, so=False)
            case In(part, body):
                inner = fill(PART_UNNAMED.get(part, f"the {part} of {{whole}}"), whole=of)
                return self.denied(body, self.part_shape(shape, part), inner, of)
            case Silent(key):
                return f"the {key.replace('_', ' ')} of {of} is stated"
            case Reading(name, answers):
                told = listed([visible(answer) for answer in sorted(answers)])
                return f"“{visible(name.rpartition('/')[2])}” is not read as {told}"
            case Some(name, body) if shape in self.shapes and name in self.shapes[shape].many:
                return self.many(name, body, shape, of, whole, so=False)
            case Some(name, body):
                said = self.quantified(name, body, shape, of, some=True)
                some = self.element(name, of, some=True)
                if said.startswith(f"{some} ") and said.count(some) == 1 and "that one" not in said:
                    return _NO_ONE.sub(lambda found: _NONE_FOR[found[1]], said, count=1)
                return f"it is not so that {said}"
            case All(parts) if len(parts) == 1:
                return self.denied(parts[0], shape, of, whole)
            case Any(parts):
                return self.say(All(tuple(Not(part) for part in sayable(parts))), shape, of, whole)
            case _:
                return f"it is not so that {self.say(condition, shape, of, whole)}"

    def joined(self, parts: tuple[Condition, ...], shape: str, of: str, whole: str, word: str) -> str:
        """Clauses joined; what they are about is said once where all begin with it."""
        said = [self.say(part, shape, of, whole) for part in parts]
        if of.startswith(_SOMEONE) and not all(each.startswith(f"{of} ") for each in said):
            said = said[:1] + [self.say(part, shape, "that one", whole) for part in parts[1:]]
        mixed = [isinstance(part, All | Any) and len(part.parts) > 1 for part in parts]
        if len(said) == 1:
            return said[0]
        if all(each.startswith(f"{of} ") for each in said):
            rest = [each.removeprefix(f"{of} ") for each in said]
            said = [f"({each})" if nested else each for each, nested in zip(rest, mixed, strict=True)]
            return f"{of} {f', {word} '.join(said) if any(mixed) else listed(said, word)}"
        said = [f"({each})" if nested else each for each, nested in zip(said, mixed, strict=True)]
        return f", {word} ".join(said)

    def quantified(self, name: str, body: Condition, shape: str, of: str, *, some: bool) -> str:
        known = self.shapes.get(shape)
        if known is not None and name in known.many:
            return self.many(name, body, shape, of, of, so=True, every=not some)
        return self.element_meets(body, shape, name, self.element(name, of, some=some), of)

    def element_meets(self, body: Condition, shape: str, name: str, element: str, of: str) -> str:
        """What is so of an element of a list of `of`."""
        known = self.shapes.get(shape)
        inner = known.lists[name].shape if known is not None and name in known.lists else "value"
        held_by = fill(PART_UNNAMED["item"], whole=of) if (shape, name) == ("step", "content") else of
        return self.say(body, inner, element, held_by)

    def element(self, name: str, of: str, *, some: bool) -> str:
        """What an element of the list is called, or each of them."""
        spoken = name.replace("_", " ")
        forms = SOME.get(name, (f"one of the {spoken} of {{of}}", f"each of the {spoken} of {{of}}"))
        return fill(forms[0 if some else 1], of=of)

    def many(
        self, name: str, body: Condition, shape: str, of: str, whole: str, *, so: bool, every: bool = False
    ) -> str:
        """A test of a field of several values."""
        field = self.shapes[shape].many[name]
        match _bare(body):
            case Is("value", test):
                said = _tested(shape, field, test.accepts, of, whole, so=so)
            case Not(part=Is("value", test)):
                said = _tested(shape, field, test.accepts, of, whole, so=not so)
            case other:
                return f"of the {name.replace('_', ' ')} of {of}: {self.say(other, 'value', 'one', of)}"
        return f"{said}, and nothing else" if every else said

    def test(self, key: str | Query, accepts: Value, shape: str, of: str, whole: str, *, so: bool) -> str:
        if isinstance(key, str):
            known = self.shapes.get(shape)
            field = known.fields.get(key) if known is not None else None
            if field is None:
                said = number(accepts) if isinstance(accepts, Amounts) else listed(_terms(accepts))
                return f"{of} {'is' if so else 'is not'} {said}"
            return _tested(shape, field, accepts, of, whole, so=so)
        return self.query(key, accepts, of, so=so)

    def query(self, query: Query, accepts: Value, of: str, *, so: bool) -> str:
        yes = so == (
            not isinstance(accepts, Terms) or bool(accepts.within and accepts.within & {"yes", "held"})
        )
        match query:
            case Share(condition):
                said = number(accepts, "share") if isinstance(accepts, Amounts) else "a share"
                part = self.say(condition, "part", "what", of)
                return f"{part} makes up {'' if so else 'not '}{said} of the value of {of}"
            case Owned(by, at_least, mode):
                how = {
                    "whole": "",
                    "multiplied": " (shares along a chain multiplied)",
                    "any": " (by any holding)",
                }[mode]
                share = number(exactly(at_least, ""), "share")
                owner = self.say(by, "party", "someone who", of)
                return f"{of} {'is' if yes else 'is not'} owned to at least {share} by {owner}{how}"
            case Covered(kind, issuer, where):
                issued = (
                    f", issued by {self.say(issuer, 'party', 'someone who', of)},"
                    if issuer is not None
                    else ""
                )
                that = (
                    f", of which it is so that {self.say(where, 'paper', 'it', of)},"
                    if where is not None
                    else ""
                )
                paper = with_article("paper_kind", kind) if yes else f"no {term_words('paper_kind', kind)}"
                return f"{paper} that covers {of}{issued}{that} is held".replace(",,", ",")
            case Days(start, end):
                said = dates(accepts) if isinstance(accepts, Amounts) else "some"
                return f"from {start} to {end} of {of} there {'are' if so else 'are not'} {said}"
            case Forbids():
                return f"{of} {'forbids' if yes else 'does not forbid'} {forbidden(query)}"
            case InForce():
                return f"the rule {'is' if yes else 'is not'} in force for {of}"
            case _:
                assert_never(query)

    def part_shape(self, shape: str, part: str) -> str:
        known = self.shapes.get(shape)
        return known.parts[part].shape if known is not None and part in known.parts else "party"


def forbidden(query: Forbids) -> str:
    """What a paper is asked to forbid: `re-export to Pakistan for military use`."""
    parts = (
        ("", query.activities, "any act"),
        ("to ", query.destinations, ""),
        ("for the use ", query.end_uses, ""),
    )
    told = [
        f"{before}{listed(_terms(terms))}" if terms is not None else bare for before, terms, bare in parts
    ]
    return " ".join(part for part in told if part)


def _tested(shape: str, field: Field, accepts: Value, of: str, whole: str, *, so: bool) -> str:
    """That a field passes a test, or does not."""
    if so:
        return value_sentence(shape, field, accepts, of, whole)
    if isinstance(accepts, Terms):
        if accepts.tree.name == "yes_no":
            return value_sentence(shape, field, _other(accepts), of, whole)
        within, _ = kept_terms(accepts)
        own = [of_term(accepts.tree.name, term) for term in within]
        if own and all(own):
            return _about_one(of, [fill(each.not_so, of=of, whole=whole) for each in own if each], "and")
        return _with_terms(
            of_field(shape, field), accepts.tree.name, within, but_not=[], of=of, whole=whole, so=False
        )
    said = number(accepts, field.type.of)
    dated = accepts.unit == base_unit(DATE)
    phrase = of_field(shape, field)
    return fill(
        phrase.not_so,
        of=of,
        whole=whole,
        it=said,
        a=said,
        content=said,
        when=when(accepts) if dated else said,
    )


def _terms(value: Terms) -> list[str]:
    return [term_words(value.tree.name, t) for t in sorted(value.within or ())] or ["anything"]


def _is_some(of: str) -> bool:
    """Whether a clause speaks of an element of a list, or goes on speaking of it."""
    return of.startswith(_SOMEONE) or of == "that one"


def _bare(condition: Condition) -> Condition:
    while isinstance(condition, Named):
        condition = condition.body
    return condition


def _other(answer: Terms) -> Terms:
    return Terms(answer.tree, answer.tree.tops - (answer.within or frozenset()))
