"""The values that one fact of a sweep takes: `parties.buyer.country=all`, `items.x.codes=ML*`.

* `[FR, DE]`, or a value alone: these; `unknown` may be among them, and `none` of a list.
* `all`: every term of the field's tree (countries that there are today), or every party, item or paper of
  the scenario where one is referred to.
* `ML*`: every term that is so written, a `*` standing for any letters, and all under it.  Entries of
  control lists have no end: those that are known are the heads of a list and what the policies or the
  scenario name.
* `2012..2028`: years, months or days; `1..10`, `100 km..500 km by 50 km`: numbers.
* `@FILE`: a value a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path

from redline.engine.characters import quote
from redline.engine.paths import changed, standing
from redline.engine.possible import NONE, UNKNOWN, value_of
from redline.engine.queries import all_within
from redline.engine.read import Document, read_text
from redline.engine.run import Bench
from redline.engine.scenarios import KEYS
from redline.engine.typed import what_is
from redline.rules.codes import CODE
from redline.rules.condition import Is
from redline.rules.countries import COUNTRY, country_names
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Policy, Rule
from redline.rules.problems import Problem, Refused, Span, errors
from redline.rules.quantities import DATE
from redline.rules.shapes import Field, Type
from redline.rules.values import Terms, Value

OPTION = "--vary"
MOST = 1_000_000
"""More values than these of one fact are not written out."""
_HEADS = {
    "wa_ml": [f"ML{number}" for number in range(1, 23)],
    "usml": ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
             "XVI", "XVII", "XVIII", "XIX", "XX", "XXI"],
    **{name: [f"{number}{letter}" for number in range(10) for letter in "ABCDE"]
       for name in ("dual_use", "wa_dual_use", "us_ccl", "scomet")},
}  # fmt: skip
_DAYS = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([^\d\s.][^.]*?)?\s*")
_YEAR, _MONTH = 4, 7


@dataclass(frozen=True, slots=True)
class Axis:
    """A fact and the values that it takes, as they are written, with what each may be (None: it refers to a
    thing, or is a word for a whole list)."""

    path: str
    type: Type
    values: tuple[str, ...]
    means: tuple[Value | None, ...]

    def __len__(self) -> int:
        return len(self.values)


def axis(bench: Bench, document: Document, text: str, number: int = 1) -> Axis:
    """The fact and the values that an option names.  Raises Refused."""
    span = Span(OPTION, number, 1, len(text))
    path, equals, said = (part.strip() for part in text.partition("="))
    if not equals or not path or not said:
        advice = "write `parties.buyer.country=all` or `parties.buyer.country=[FR, DE]`"
        raise Refused([Problem("no-change", f"{quote(text)} is not PATH=VALUES", span, advice)])
    field = _field(bench, document, path, span)
    kind = field.type
    values = tuple(dict.fromkeys(_values(bench, document, kind, said, span)))
    if not values:
        advice = "write values of your own: `[ML5, ML10.c]`, or `@FILE` with one a line"
        raise Refused([Problem("no-values", f"nothing that is known is {quote(said)}", span, advice)])
    return Axis(path, kind, values, _typed(bench, kind, values, path, span))


def _field(bench: Bench, document: Document, path: str, span: Span) -> Field:
    _, problems = changed(document, [(path, Text(UNKNOWN, span))])
    if problems:
        raise Refused(problems)
    found = standing(document.root, path, bench.library.lexicon)
    if found is not None and isinstance(found.what, Field):
        return found.what
    reference = _reference(path)
    if reference is not None:
        return reference
    first = path.partition(".")[0]
    why = "a whole thing stands there" if found is not None else "no fact has that name"
    advice = "name a fact: `parties.buyer.country`, `items.x.codes`, `transfers.1.delivery`"
    message = f"the path {quote(path)} names no fact: {why}"
    assert first in KEYS, path  # else it was told that the path names nothing
    raise Refused([Problem("no-such-path", message, span, advice)])


def _reference(path: str) -> Field | None:
    """Who or what takes part in a transfer, by the names under which it is written."""
    word = path.rpartition(".")[2]
    sort = {
        "from": "party",
        "to": "party",
        "by": "party",
        "end_user": "party",
        "item": "item",
        "into": "item",
    }
    if not path.startswith("transfers.") or word not in sort:
        return None
    return Field(word, Type(sort[word]), "")


def _typed(
    bench: Bench, kind: Type, values: Sequence[str], path: str, span: Span
) -> tuple[Value | None, ...]:
    problems: list[Problem] = []
    found: list[Value | None] = []
    for value in values:
        if kind.sort not in ("tree", "amount", "name") or value == NONE:
            found.append(None)
        else:
            found.append(value_of(Text(value, span), kind, f"`{path}`", bench.library.lexicon, problems))
    if errors(problems):
        raise Refused(problems)
    return tuple(found)


# --- what is written --------------------------------------------------------------------------------


def _values(bench: Bench, document: Document, kind: Type, said: str, span: Span) -> Iterator[str]:
    if said.startswith("@"):
        try:
            lines = Path(said[1:]).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            message = f"{quote(said[1:])} cannot be read: {getattr(error, 'strerror', None) or error}"
            raise Refused(
                [Problem("no-values", message, span, "give a file with one value a line")]
            ) from error
        yield from (line.strip() for line in lines if line.strip() and not line.startswith("#"))
    elif said.startswith("["):
        yield from _listed(said, span)
    elif said.lower() == "all":
        yield from _all(bench, document, kind, span)
    elif ".." in said and kind.sort == "amount":
        yield from _dates(said, span) if kind.of == DATE else _numbers(said, span)
    elif "*" in said and kind.sort == "tree":
        yield from _matching(bench, document, kind, said, span)
    else:
        yield said


def _listed(said: str, span: Span) -> Iterator[str]:
    documents, problems = read_text(said.encode(errors="surrogatepass"), OPTION)
    if errors(problems):
        raise Refused(problems)
    node = documents[0].root if len(documents) == 1 else None
    if not isinstance(node, Seq) or not all(isinstance(each, Text) for each in node.items):
        advice = "write `[FR, DE]`"
        raise Refused([Problem("wrong-shape", f"{quote(said)} is not a list of values", span, advice)])
    yield from (each.text for each in node.items if isinstance(each, Text))


def _all(bench: Bench, document: Document, kind: Type, span: Span) -> Iterator[str]:
    if kind.sort == "tree" and kind.of == COUNTRY.name:
        yield from sorted(code for code in country_names() if len(code) == 2 and not _former(code))
    elif kind.sort == "tree" and kind.of != CODE.name:
        yield from bench.library.lexicon.trees[kind.of].parents
    elif kind.sort in ("party", "item", "paper") and isinstance(document.root, Map):
        things = document.root.get({"party": "parties", "item": "items", "paper": "papers"}[kind.sort])
        yield from (key.text for key, _ in things) if isinstance(things, Map) else ()
    else:
        message = f"`all` says nothing of {_what(kind)}: there is no end of them"
        advice = "write a list, a range such as `2012..2028`, or a node such as `ML*`"
        raise Refused([Problem("no-values", message, span, advice)])


def _what(kind: Type) -> str:
    if kind.sort == "tree":
        return "entries of control lists" if kind.of == CODE.name else what_is(kind.of)
    return {"amount": "numbers and dates", "name": "names"}.get(kind.sort, kind.sort)


def _former(code: str) -> bool:
    import pycountry

    return code != "XK" and pycountry.countries.get(alpha_2=code) is None


def _matching(bench: Bench, document: Document, kind: Type, said: str, span: Span) -> Iterator[str]:
    name = kind.of
    if name == CODE.name:
        known = dict.fromkeys(_codes(bench, document))
        for code in known:
            entry = code.partition(":")[2]
            if any(fnmatchcase(each.lower(), said.lower()) for each in (code, entry)):
                yield code
        return
    tree = bench.library.lexicon.trees[name]
    terms = list(_all(bench, document, kind, span))
    node = said.removesuffix("*").removesuffix(".")
    for term in terms:
        if fnmatchcase(term.lower(), said.lower()) or (node in tree.parents and tree.under(term, node)):
            yield term


def _codes(bench: Bench, document: Document) -> Iterator[str]:
    """The entries of control lists that are known: heads of lists, and what policies or the scenario name."""
    named: set[str] = {f"{name}:{head}" for name, heads in _HEADS.items() for head in heads}
    for rule in (rule for policy in bench.policies for rule in policy.rules):
        for terms in tested(rule, CODE.name):
            named |= terms.within or frozenset()
    from redline.rules.codes import code_named

    for word in _words(document.root):
        if len(word) <= 64 and (code := code_named(word, bench.library.lexicon.lists)):
            named.add(code)
    return (code for code in sorted(named, key=_natural) if ":" in code)


def tested(rule: Rule, tree: str) -> Iterator[Terms]:
    """The sets of terms of that tree that a rule compares with, inside its questions too."""
    for condition in (rule.scope, rule.when, rule.unless, rule.requires, *(c for _, c in rule.factors)):
        for each in () if condition is None else all_within(condition):
            if isinstance(each, Is):
                for value in (each.test.accepts, each.test.perhaps):
                    if isinstance(value, Terms) and value.tree.name == tree:
                        yield value


def rules_of(policies: Iterable[Policy]) -> Iterator[Rule]:
    """All rules of the policies."""
    return (rule for policy in policies for rule in policy.rules)


def _words(node: Node) -> Iterator[str]:
    match node:
        case Text(text=text):
            yield text
        case Seq(items):
            for each in items:
                yield from _words(each)
        case Map(entries):
            for _, each in entries:
                yield from _words(each)


def _natural(code: str) -> list[tuple[int, str]]:
    return [(int(part or 0), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", code)]


# --- ranges -----------------------------------------------------------------------------------------


def _dates(said: str, span: Span) -> Iterator[str]:
    first, _, last = (part.strip() for part in said.partition(".."))
    form = "years, months or days: `2012..2028`, `2012-01..2013-06`, `2012-01-01..2012-01-31`"
    if not _DAYS.fullmatch(first) or not _DAYS.fullmatch(last) or len(first) != len(last):
        raise Refused(
            [Problem("wrong-date", f"{quote(said)} is not a range of dates", span, f"write {form}")]
        )
    begin, end = _day(first, span), _day(last, span)
    if end < begin:
        raise Refused([Problem("empty-range", f"{last} comes before {first}", span, "swap them?")])
    if len(first) == _YEAR:
        yield from (f"{year:04}" for year in range(begin.year, end.year + 1))
    elif len(first) == _MONTH:
        months = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
        yield from (f"{month // 12:04}-{month % 12 + 1:02}" for month in months)
    else:
        yield from (str(begin + timedelta(each)) for each in range((end - begin).days + 1))


def _day(text: str, span: Span) -> date:
    try:
        return date.fromisoformat((text + "-01-01")[:10] if len(text) == _YEAR else (text + "-01")[:10])
    except ValueError as error:
        advice = "write `2018`, `2018-03` or `2018-03-05`"
        raise Refused([Problem("wrong-date", f"{quote(text)} is not a date", span, advice)]) from error


def _numbers(said: str, span: Span) -> Iterator[str]:
    ends, _, by = said.partition(" by ")
    parts = [_NUMBER.fullmatch(part) for part in (*ends.split("..", 1), by or "1")]
    units = {part[2] for part in parts if part is not None and part[2]}
    if None in parts or len(units) > 1:
        advice = "write `1..10`, or with a unit and a step `100 km..500 km by 50 km`"
        raise Refused([Problem("wrong-quantity", f"{quote(said)} is not a range of numbers", span, advice)])
    low, high, step = (Fraction(part[1]) for part in parts if part is not None)
    if high < low or step <= 0 or (high - low) / step > MOST:
        why = (
            "has no end"
            if step <= 0
            else "holds nothing"
            if high < low
            else "holds more than a million values"
        )
        raise Refused([Problem("empty-range", f"{quote(said)} {why}", span, "low..high by step")])
    unit = f" {units.pop()}" if units else ""
    while low <= high:
        yield f"{float(low):.12g}{unit}"
        low += step
