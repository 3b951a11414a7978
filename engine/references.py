"""References: who or what is meant where a scenario names a party, an item or a paper."""

from __future__ import annotations

from collections.abc import Mapping

from redline.engine import saying
from redline.engine.characters import quote
from redline.engine.possible import UNKNOWN, Grading, graded, is_word, members
from redline.engine.show import did_you_mean
from redline.engine.typed import Lexicon, scalar, tell
from redline.rules.countries import country_code, country_names, places
from redline.rules.facts import Fact, Reference
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Text
from redline.rules.problems import Problem
from redline.rules.shapes import NAME, Field
from redline.rules.values import Terms

_FEW = 12  # ids that a message may list


@dataclass(frozen=True, slots=True)
class Setting:
    """What is needed to read one thing of a scenario: the words that can be used, what each party,
    item and paper is called, by sort and id, and where problems are collected."""

    lexicon: Lexicon
    called: Mapping[str, Mapping[str, str]]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Place:
    """A thing while it is read: its path in the scenario, what messages call it (item `radar`), what
    answers call it (the radar), and the grade and source of what is said of it."""

    path: str
    what: str
    called: str
    grading: Grading

    def at(self, name: str, what: str, grading: Grading | None = None) -> Place:
        """A place below this one, of which answers speak as of this one."""
        return Place(f"{self.path}.{name}", what, self.called, grading or self.grading)


def stated(place: Place, node: Node, value: Terms | None = None, says: str = "") -> Fact:
    """A fact of structure, stated there."""
    return Fact(place.path, value, place.grading.grade, place.grading.source, node.span, says)


def reference(field: Field, shape: str, node: Node, place: Place, setting: Setting) -> Reference | None:
    """Who or what is meant: an id, a country for some party there, one of several ids, or not known.

    An id wins over the code of a country.
    """
    sort, problems = field.type.sort, setting.problems
    inner, grading = graded(node, place.grading, place.what, problems)
    place = replace(place, grading=grading)

    def made(names: tuple[str, ...], value: Terms, it: str, country: str = "") -> Reference:
        says = saying.holds(shape, field.name, place.called, it)
        return Reference(names, stated(place, inner, value, says), country)

    known = setting.called[sort]
    match inner:
        case Text() if is_word(inner, UNKNOWN):
            return made((), Terms(NAME), f"some {sort} that is not known")
        case Text(text=ident) if ident in known:
            return made((ident,), Terms(NAME, frozenset({ident})), known[ident])
        case Text():
            if scalar(inner, place.what, problems) is None:
                return None
            if (country := _country(inner, sort)) is not None:
                name = country_names().get(country, country)
                return made(
                    (),
                    Terms(setting.lexicon.trees["country"], places(country)),
                    f"some party in {name}",
                    country,
                )
            _tell_no_such(inner, sort, place, setting)
            return None
        case Map(entries=((Text(text="one_of"), several),)):
            ids = []
            for each in members(several, place.what, problems):
                text = scalar(each, place.what, problems)
                if text is not None and text.text in known:
                    ids.append(text.text)
                elif text is not None:
                    _tell_no_such(text, sort, place, setting, alone=False)
            names = tuple(dict.fromkeys(ids))
            it = " or ".join(known[ident] for ident in names)
            return made(names, Terms(NAME, frozenset(names)), it) if names else None
        case _:
            advice = f"write the id of one {sort}, `unknown`, or `{{one_of: [...]}}`"
            tell(problems, "wrong-shape", f"{place.what} is not one {sort}", inner.span, advice)
            return None


def _country(text: Text, sort: str) -> str | None:
    """The country that stands for some party there; only in capitals, as a code is written, so that an
    id mistyped (`to`, `in`) does not turn into a country."""
    written = text.text
    return country_code(written) if sort == "party" and written.isascii() and written.isupper() else None


def _tell_no_such(text: Text, sort: str, place: Place, setting: Setting, *, alone: bool = True) -> None:
    known = setting.called[sort]
    plural = {"party": "parties"}.get(sort, f"{sort}s")
    capitals = text.text.upper()
    advice = "" if _country(text, sort) is not None else did_you_mean(text.text, known)
    if not advice and _country(Text(capitals), sort) is not None:
        advice = f"write `{capitals}` for some party there, or add the party under `parties`"
        if not alone:
            advice = (
                "a country can only stand alone: add a party under `parties`, with "
                "`country: {one_of: [...]}` if it may be in several"
            )
    if not advice and known:
        shown = [f"`{ident}`" for ident in known][:_FEW]
        advice = f"the ids are {', '.join(shown)}{' and more' if len(known) > _FEW else ''}"
    message = f"{place.what}: there is no {sort} {quote(text.text)}"
    tell(setting.problems, "no-such-id", message, text.span, advice or f"add it under `{plural}`")
