"""Small changes to a scenario by which a leaf may come to be true, false or unknown.

Values are such as scenarios already have under the same key, so that they are plausible; of dates, the days
at a boundary; of terms that no scenario uses, the first that the leaf accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from redline.engine.edits import REMOVE
from redline.engine.leaves import Leaf
from redline.engine.possible import NONE
from redline.engine.possible import UNKNOWN as NOT_KNOWN
from redline.engine.read import Document
from redline.rules.condition import InForce, Is, Reading, Silent
from redline.rules.frozen import dataclass, field
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Interpretation, Rule
from redline.rules.quantities import DATE, base_unit
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Terms

OTHERS = 4
"""How many values of scenarios are tried at one place."""


@dataclass(frozen=True, slots=True)
class Variation:
    """A change by path, or an answer to an interpretation."""

    path: str = ""
    value: Node = field(default=Text(""))
    reading: tuple[str, str] = ("", "")


def values_in(documents: Iterable[Document]) -> Mapping[str, tuple[str, ...]]:
    """The texts that scenarios have under each key, in the order in which they first come."""
    found: dict[str, dict[str, None]] = {}

    def visit(key: str, node: Node) -> None:
        match node:
            case Text(text):
                found.setdefault(key, {}).setdefault(text)
            case Seq(items):
                for item in items:
                    visit(key, item)
            case Map(entries):
                for name, inner in entries:
                    visit(name.text, inner)

    for document in documents:
        visit("", document.root)
    return {key: tuple(texts) for key, texts in found.items()}


def variations(
    leaf: Leaf,
    truth: Truth,
    about: str,
    rule: Rule,
    interpretations: Mapping[str, Interpretation],
    known: Mapping[str, Sequence[str]],
) -> Iterator[Variation]:
    """Changes at the place `about` by which the leaf may get the truth; `known` are plausible values."""
    match leaf.asks:
        case Reading(reading, answers):
            short = reading.rpartition("/")[2]
            for answer in interpretations[short].answers:
                if (answer in answers) is (truth is TRUE):
                    yield Variation(reading=(short, answer))
        case Silent() if truth is TRUE:
            yield Variation(about, Text(REMOVE))
        case Silent(key):
            yield from (Variation(about, Text(text)) for text in known.get(key, ())[:OTHERS])
        case Is(InForce()):
            yield from _dated(about, truth, [v.days for v in rule.validity])
        case Is(_, test) if isinstance(test.accepts, Amounts) and test.accepts.unit == base_unit(DATE):
            yield from _dated(about, truth, [test.accepts])
        case Is():
            yield from _termed(leaf.asks, truth, about, known)
        case _:
            return


def _dated(about: str, truth: Truth, spans: Sequence[Amounts]) -> Iterator[Variation]:
    """The days at the boundaries; a step is dated by one day where it need not be by two."""
    path = about.removesuffix(".contract") + ".date" if about.endswith(".contract") else about
    if truth is UNKNOWN:
        yield Variation(path, Text(NOT_KNOWN))
    ends = {end for span in spans for s in span.stretches for end in (s.low, s.high) if end is not None}
    for end in sorted(ends):
        for day in (end, end - 1, end + 1):
            yield Variation(path, Text(date.fromordinal(int(day)).isoformat()))


def _termed(asks: Is, truth: Truth, about: str, known: Mapping[str, Sequence[str]]) -> Iterator[Variation]:
    way, _, last = about.rpartition(".")
    place = way if last.isdigit() else about
    key = place.rpartition(".")[2]
    if truth is UNKNOWN:
        yield Variation(about, Text(NOT_KNOWN))
        if place != about:
            yield Variation(place, Text(NOT_KNOWN))
    if truth is FALSE or not isinstance(asks.key, str):
        yield Variation(place, Text(NONE))
    accepts = asks.test.accepts
    if isinstance(accepts, Terms) and truth is not UNKNOWN and isinstance(asks.key, str):
        name = key if asks.key == "value" else asks.key
        for text in _texts(accepts, truth, known.get(name, ())):
            yield Variation(about, Text(text))
            if asks.key == "value":
                yield Variation(place, Seq((Text(text),)))


def _texts(accepts: Terms, truth: Truth, known: Sequence[str]) -> Iterator[str]:
    """Plausible values first; which of them the leaf accepts is seen when the example is judged."""
    within = accepts.within or frozenset()
    used = [text for text in known if text not in (NONE, NOT_KNOWN)]
    if truth is TRUE:
        yield from [text for text in used if text in within][:2] or sorted(within)[:1]
        yield from [text for text in used if text not in within][:OTHERS]
    else:
        yield from [text for text in used if text not in within][:OTHERS]
