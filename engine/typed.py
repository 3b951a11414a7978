"""From written text to typed values, the same for scenarios and for policies.

Nothing in a document has a type of its own: `NO` is Norway where a country is meant and no where yes
or no is, `3E001` is an entry of a control list, `1:30` is no number at all.  Every function here takes
a text and what is meant there, and gives the value, or None after telling what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from string import ascii_letters

from redline.engine.characters import quote
from redline.engine.show import did_you_mean
from redline.rules.codes import FORMS, LIST_ALIASES, LISTS, code_named
from redline.rules.countries import COUNTRY, country_code, country_names, country_of_name, places
from redline.rules.frozen import dataclass, field, replace
from redline.rules.node import Map, Node, Text
from redline.rules.problems import NOWHERE, Problem, Span
from redline.rules.quantities import DATE, MONEY, UNITS, WHOLE, exactly, parse_date, parse_quantity
from redline.rules.shapes import NAME, Field, Type, amount, tree
from redline.rules.terms import TREES, folded
from redline.rules.trees import Tree
from redline.rules.values import Amounts, Stretch, Terms, Value
from redline.rules.vocabulary import STATED

_LONGEST = 64  # no number, date or code is longer; Python refuses to read numbers of thousands of digits
_FEW = 16  # terms that a message may list
_COMMONLY = {"uk": "GB", "el": "GR", "turkey": "TR", "burma": "MM", "holland": "NL", "usa": "US", "uae": "AE"}
_FROM_ZERO = frozenset(UNITS) - {"duration", "number", "angle"}  # what cannot be negative


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that can be used: trees, control lists, and the facts that policies declare, by the
    stated shape they are added to (`party`, `item`, `paper`, `transfer`)."""

    trees: Mapping[str, Tree] = field(default_factory=lambda: TREES)
    lists: frozenset[str] = frozenset(LISTS)
    declared: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)

    def fields(self, shape: str) -> Mapping[str, Field]:
        """The fields of one value that things of the stated shape have, declared facts among them."""
        return {**STATED[shape].fields, **self.declared.get(shape, {})}

    def names(self, shape: str) -> tuple[str, ...]:
        """Every name that things of the stated shape have."""
        return (*STATED[shape].names(), *self.declared.get(shape, {}))

    def with_terms(self, name: str, terms: Mapping[str, str]) -> Lexicon:
        """With further terms in the tree of that name, each below one that is there."""
        return replace(self, trees={**self.trees, name: self.trees[name].extended(terms)})

    def with_lists(self, names: Iterable[str]) -> Lexicon:
        """With further control lists."""
        return replace(self, lists=self.lists | frozenset(names))

    def with_facts(self, shape: str, fields: Mapping[str, Field]) -> Lexicon:
        """With further facts on things of the stated shape."""
        return replace(self, declared={**self.declared, shape: {**self.declared.get(shape, {}), **fields}})


PLAIN = Lexicon()
"""The words of the vocabulary alone."""


def tell(problems: list[Problem], code: str, message: str, span: Span = NOWHERE, advice: str = "") -> None:
    """Adds a problem."""
    problems.append(Problem(code, message, span, advice))


def scalar(node: Node, what: str, problems: list[Problem]) -> Text | None:
    """The text that stands there; None, told, where it is a list, a mapping or empty.  `what` is told
    about, such as "`country` of party `navy`"."""
    if not isinstance(node, Text):
        tell(problems, "wrong-shape", f"{what} is not a single value", node.span, "write one value")
        return None
    if not node.text.strip():
        tell(problems, "empty-value", f"{what} is empty", node.span, "say it, or leave the key out")
        return None
    return node


def one(text: Text, kind: Type, lexicon: Lexicon, problems: list[Problem]) -> Value | None:
    """The value of that type that the text names: a term, a quantity, a date or a name."""
    match kind.sort:
        case "tree":
            found = term(text, kind.of, lexicon, problems)
            if found is None:
                return None
            meant = places(found) if kind.of == COUNTRY.name else frozenset({found})
            return Terms(lexicon.trees[kind.of], meant)
        case "amount":
            return day(text, problems) if kind.of == DATE else quantity(text, kind.of, problems)
        case "name":
            called = name(text, problems)
            if called is None:
                return None
            return Terms(NAME, frozenset({folded(called) if kind.of == "folded" else called}))
        case _:
            raise TypeError(f"a reference to a {kind.sort} has no value of its own")


# --- terms -------------------------------------------------------------------------------------


def term(text: Text, tree_name: str, lexicon: Lexicon, problems: list[Problem]) -> str | None:
    """The term of that tree which the text names, in the one spelling used inside.

    Countries are named by their codes, entries of control lists as `list:entry` or by an entry whose
    form tells the list; the name of a list alone stands for all of it.
    """
    written = text.text.strip()
    match tree_name:
        case "country":
            found = country_code(written) if written.isascii() else None
        case "code":
            found = code_named(written, lexicon.lists) if len(written) <= _LONGEST else None
        case "yes_no":
            found = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}.get(folded(written))
        case _:
            found = folded(written) if folded(written) in lexicon.trees[tree_name].parents else None
    if found is None:
        message = f"{quote(written)} is not {what_is(tree_name)}"
        tell(problems, "unknown-term", message, text.span, _suggested(written, tree_name, lexicon))
    return found


def what_is(tree_name: str) -> str:
    """A term of the tree in words, with its article: `a country code`, `an activity`."""
    words = {
        "country": "a country code",
        "code": "an entry of a control list",
        "yes_no": "yes or no",
        "form": "a form of item",
    }.get(tree_name, tree_name.replace("_", " "))
    if words.startswith(("a ", "an ", "yes")):
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _suggested(written: str, tree_name: str, lexicon: Lexicon) -> str:
    match tree_name:
        case "country":
            found = country_near(written)
            return f"did you mean `{found}`?" if found else "write an ISO 3166 code such as `PK`"
        case "code":
            return _code_near(written, lexicon)
        case "yes_no":
            return "write `yes` or `no`"
        case _:
            known = lexicon.trees[tree_name]
            listed = sorted(known.parents if len(known.parents) <= _FEW else known.tops)
            under = "" if len(known.parents) <= _FEW else ", or something under one of these"
            return did_you_mean(written, known.parents) or f"it is one of {_listed(listed)}{under}"


def country_near(written: str) -> str | None:
    """The code of the country that the text most likely means, to suggest it."""
    plain = written.strip().casefold()
    if (code := _COMMONLY.get(plain) or country_of_name(plain)) is not None:
        return code
    if not 3 < len(plain) <= _LONGEST:
        return None
    by_name = {called.casefold(): code for code, called in reversed(country_names().items())}
    if begins := sorted(called for called in by_name if called.startswith(plain)):
        return by_name[begins[0]]
    near = did_you_mean(plain, by_name)
    return by_name[near.split("`")[1]] if near else None


def _code_near(written: str, lexicon: Lexicon) -> str:
    head, colon, entry = (part.strip() for part in written.partition(":"))
    lists = sorted({*lexicon.lists, *LIST_ALIASES})
    if colon and head not in lists:
        near = did_you_mean(head, lists)
        return near.replace("`?", f":{entry}`?") if near else f"the lists are {_listed(lists)}"
    if colon:
        form = FORMS.get(LIST_ALIASES.get(head, head))
        return f"an entry of that list is written {form}" if form else "write letters, digits and dots"
    return did_you_mean(written, lists) or f"write `list:entry`; the lists are {_listed(lists)}"


# --- quantities, dates, names ------------------------------------------------------------------


def quantity(text: Text, dimension: str, problems: list[Problem]) -> Amounts | None:
    """The quantity of that dimension, exactly, in the dimension's own unit (of money: its currency)."""
    written = text.text.strip()
    parsed = parse_quantity(written, dimension) if len(written) <= _LONGEST else None
    if parsed is None:
        message = f"{quote(written)} is not {_a_quantity(dimension)}"
        tell(problems, "wrong-quantity", message, text.span, _units(written, dimension))
        return None
    number, unit = parsed
    if (dimension in _FROM_ZERO or dimension == MONEY) and number < 0:
        tell(problems, "out-of-range", f"{quote(written)} is negative", text.span, "write 0 or more")
        return None
    if dimension == "share" and number > 1:
        advice = f"did you mean `{written}%`?" if number <= 100 and "%" not in written else "write 0% to 100%"
        tell(problems, "out-of-range", f"{quote(written)} is more than the whole", text.span, advice)
        return None
    return exactly(number, unit, whole=dimension in WHOLE)


def _a_quantity(dimension: str) -> str:
    match dimension:
        case "count":
            return "a whole number"
        case "number":
            return "a number"
        case "share":
            return "a share"
        case "money":
            return "an amount of money"
        case _:
            return f"a quantity of {dimension.replace('_', ' ')}"


def _units(written: str, dimension: str) -> str:
    """How the quantity is to be written, naming the units there are."""
    match dimension:
        case "count" | "number":
            return "write digits alone, without a unit"
        case "share":
            return "write it such as `25%` or `0.25`"
        case "money":
            return "write a number and the code of a currency, such as `1200 EUR`"
        case _:
            units = UNITS[dimension]
            number = written.rstrip(f"{ascii_letters}%/").strip()
            unit = written[len(number) :].strip()
            meant = next((u for u in units if u.casefold() == unit.casefold() and u != unit), "")
            if meant and number:
                return f"did you mean `{number} {meant}`?"
            return f"write a number and a unit: {_listed(units)}"


def day(text: Text, problems: list[Problem]) -> Amounts | None:
    """The days that the text may mean: `2018` is any of its days."""
    written = text.text.strip()
    found = parse_date(written) if len(written) <= _LONGEST else None
    if found is None:
        message = f"{quote(written)} is not a date"
        tell(problems, "wrong-date", message, text.span, "write `2018`, `2018-03` or `2018-03-05`")
    return found


def name(text: Text, problems: list[Problem]) -> str | None:
    """A free name, blanks around it dropped; an empty one is told."""
    written = " ".join(text.text.split())
    if not written:
        tell(problems, "empty-value", "a name is empty", text.span, "say it, or leave the key out")
        return None
    return written


# --- ranges ------------------------------------------------------------------------------------

_LOWER = {"at_least": False, "more_than": True}
_UPPER = {"at_most": False, "less_than": True}
AMOUNT_BOUNDS = (*_LOWER, *_UPPER)
"""The keys of a range of amounts: `at_least` and `at_most` with the bound itself, the others without."""
DATE_BOUNDS = ("from", "to", "after", "before")
"""The keys of a range of days: `from` and `to` with the days named, `after` and `before` without."""


def is_range(node: Node, kind: Type) -> bool:
    """Whether the node is written as a range of values of that type."""
    if not isinstance(node, Map) or kind.sort != "amount" or not node.entries:
        return False
    bounds = DATE_BOUNDS if kind.of == DATE else AMOUNT_BOUNDS
    return all(key.text in bounds for key, _ in node)


def between(node: Map, kind: Type, what: str, problems: list[Problem]) -> Amounts | None:
    """The range: every key of it is one of `AMOUNT_BOUNDS`, or of a date one of `DATE_BOUNDS` (see
    `is_range`).  Bounds of different currencies, and bounds that leave nothing, are told."""
    stretch, unit = Stretch(), None
    before = len(problems)
    for key, value in node:
        text = scalar(value, f"`{key.text}` of {what}", problems)
        if text is None:
            continue
        bound = day(text, problems) if kind.of == DATE else quantity(text, kind.of, problems)
        if bound is None:
            continue
        if unit not in (None, bound.unit):
            message = f"{what} is bounded in `{unit}` and in `{bound.unit}`"
            tell(problems, "different-units", message, text.span, "use one currency")
            continue
        unit = bound.unit
        stretch = stretch.meet(_side(key.text, bound))
    if len(problems) > before or unit is None:
        return None
    amounts = Amounts(unit, (stretch,), kind.of in WHOLE)
    if amounts.empty:
        tell(problems, "empty-range", f"nothing lies between the bounds of {what}", node.span, "swap them?")
        return None
    return amounts


def _side(key: str, bound: Amounts) -> Stretch:
    """The numbers on the side of the bound that the key tells; of a year or a month `from` counts its
    first day, `to` its last."""
    first, last = bound.low, bound.high
    match key:
        case "at_least" | "more_than":
            return Stretch(low=first, low_open=_LOWER[key])
        case "at_most" | "less_than":
            return Stretch(high=last, high_open=_UPPER[key])
        case "from":
            return Stretch(low=first)
        case "to":
            return Stretch(high=last)
        case "after":
            return Stretch(low=last, low_open=True)
        case _:
            return Stretch(high=first, high_open=True)


# --- types, as policies name them --------------------------------------------------------------


def type_named(text: Text, lexicon: Lexicon, problems: list[Problem]) -> Type | None:
    """The type that a declared fact names: a dimension, `date`, `yes/no`, `name`, or a tree."""
    written = folded(text.text).replace("-", "_").replace("/", "_")
    dimensions = (*UNITS, MONEY, DATE)
    if written == "name":
        return Type("name")
    if written in dimensions:
        return amount(written)
    if written in lexicon.trees:
        return tree(written)
    known = (*dimensions, "name", *lexicon.trees)
    advice = did_you_mean(text.text, known) or f"it is one of {_listed(known)}"
    tell(problems, "unknown-type", f"{quote(text.text)} is not a type of fact", text.span, advice)
    return None


def percent(share: Fraction) -> str:
    """A share as it is written: `25%`."""
    return f"{float(share * 100):.6g}%"


def _listed(words: Iterable[str] | Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words if word)
