"""Values in words: countries by name, dates as they were written, terms without their hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterable

from redline.answers.adjectives import adjective
from redline.engine.characters import visible
from redline.rules.codes import LISTS, code_named
from redline.rules.countries import country_names
from redline.rules.quantities import DATE, base_unit, say_amount
from redline.rules.shapes import NAME
from redline.rules.values import Amounts, Stretch, Terms, Value
from redline.rules.verdicts import Verdict

_HYPHENS = (
    (re.compile(r"\b(co|re|non) (?=development|production|export|state|replication|modification)"), r"\1-"),
    (re.compile(r"\bend use (?=certificate|detail)"), "end-use "),
    (re.compile(r"\bno re-export"), "no-re-export"),
    (re.compile(r"\bon site"), "on-site"),
    (re.compile(r"\bend user (?=undertaking)"), "end-user "),
    (re.compile(r"\bsurface to air"), "surface-to-air"),
    (re.compile(r"\belectro optical"), "electro-optical"),
    (re.compile(r"\bwmd\b"), "weapons of mass destruction"),
)
_ARTICLES = {
    "armed-forces": "part of armed forces",
    "police": "a police force",
    "intelligence": "an intelligence service",
    "person": "a natural person",
    "state": "a body of a state",
}
_UNCOUNTED = frozenset((
    "transit", "transshipment", "domestic-supply", "temporary-export", "supply", "brokering",
    "technical-assistance", "maintenance", "licensed-production", "relocation-of-production",
    "co-production", "co-development", "incorporation", "modification", "replication", "negotiation",
    "acquisition-of-control", "financing", "cooperation", "training", "staff-talks",
    "information-sharing", "maritime-security-cooperation", "industrial-cooperation", "hardware",
    "software", "technology", "know-how", "small-arms", "ammunition", "artillery", "communications",
    "navigation", "command-and-control", "civil-goods", "relief-goods", "medical-goods",
    "consumer-goods", "vehicle-parts", "protective-equipment", "training-equipment",
    "production-equipment", "information-security", "cyber-surveillance", "consent",
))  # fmt: skip
_WITH_THE = frozenset((
    "AE", "BS", "CC", "CF", "CG", "CK", "DO", "FK", "FO", "GB", "GM", "IM", "IO", "KM", "KY", "MH", "MP",
    "MV", "NL", "PH", "RU", "SB", "SC", "TC", "UM", "US",
))  # fmt: skip
"""Countries whose names take an article."""
_ORDINARY = re.compile(r"[\w .,'&/()+:-]+")
_LOOKS_LIKE_AN_ANSWER = re.compile("|".join(re.escape(v.words) for v in Verdict), re.IGNORECASE)


def said_name(text: str) -> str:
    """A name as sentences use it: on one line, visible, and in quotation marks where it could be taken
    for something else than a name."""
    shown = visible(" ".join(text.split()))
    if _ORDINARY.fullmatch(shown) and not _LOOKS_LIKE_AN_ANSWER.search(shown):
        return shown
    return f"“{shown}”"


def term_words(tree: str, term: str) -> str:
    """One term in words."""
    match tree:
        case "country":
            return in_sentence(term)
        case "code":
            return _code(term)
        case NAME.name:
            return said_name(term)
        case _:
            text = visible(term.replace("-", " "))
            for pattern, replacement in _HYPHENS:
                text = pattern.sub(replacement, text)
            return text


def country(code: str) -> str:
    """The name of a country, of a subdivision with its country's."""
    name = country_names().get(code)
    if name is not None:
        return name
    state, dash, _ = code.partition("-")
    if dash and state in country_names():
        import pycountry

        found = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]  # it has no types
        return f"{found.name if found else code} ({country_names()[state]})"
    return visible(code)


def in_sentence(code: str) -> str:
    """The name of a country as sentences have it: `the United States`."""
    return f"the {country(code)}" if code in _WITH_THE else country(code)


def with_article(tree: str, term: str) -> str:
    """A term as what something is: `a licence`, `an export`, `technical assistance`."""
    if tree == "party_kind" and term in _ARTICLES:
        return _ARTICLES[term]
    words = term_words(tree, term)
    if term in _UNCOUNTED:
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def content_of(code: str) -> str:
    """`Italian content`, or `content of Tuvalu`."""
    found = adjective(code)
    return f"{found} content" if found else f"content of {in_sentence(code)}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`; of more than six, three and how many others."""
    *most, end = words
    if len(most) > 5:
        return f"{', '.join(most[:3])} {last} {len(most) - 2} others"
    return f"{', '.join(most)} {last} {end}" if most else end


def kept_terms(value: Terms) -> tuple[list[str], list[str]]:
    """The terms that a value may be at or under, and those under them that it is not, each in order."""
    gone = value.without
    within = sorted(t for t in value.within or () if not any(value.tree.under(t, out) for out in gone))
    return within, sorted(gone if value.within is None else (
        out for out in gone if any(value.tree.under(out, t) and out != t for t in within)
    ))  # fmt: skip


def number(amounts: Amounts, dimension: str = "") -> str:
    """An amount in words; shares in per cent, durations in days."""
    if dimension == "share" and not amounts.unit:
        hundredfold = tuple(
            Stretch(
                None if s.low is None else s.low * 100,
                None if s.high is None else s.high * 100,
                s.low_open,
                s.high_open,
            )
            for s in amounts.stretches
        )
        return _bounded(Amounts("%", hundredfold))
    if amounts.unit == base_unit(DATE):
        return dates(amounts)
    return _bounded(amounts)


def dates(amounts: Amounts) -> str:
    """Days in words, without a preposition."""
    return say_amount(amounts)


def when(amounts: Amounts) -> str:
    """Days in words, with the preposition that goes with them: `on 2026-03-05`, `in 2028`."""
    return listed(
        [_preposed(Amounts(amounts.unit, (s,), amounts.whole)) for s in amounts.stretches] or ["never"]
    )


def plain(value: Value, dimension: str = "") -> str:
    """A value in words, whatever it is: for tables and defaults."""
    if isinstance(value, Amounts):
        return number(value, dimension)
    if value.anything:
        return "not known"
    within, without = kept_terms(value)
    tree = value.tree.name
    out = [term_words(tree, t) for t in without]
    if value.within is None:
        return f"anything but {listed(out)}"
    text = listed([term_words(tree, t) for t in within] or ["nothing"])
    return f"{text} (but not {listed(out)})" if out else text


def _preposed(amounts: Amounts) -> str:
    text = say_amount(amounts)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"on {text}"
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        return f"in {text}"
    if between := re.fullmatch(r"([\d-]+) to ([\d-]+)", text):
        return f"between {between[1]} and {between[2]}"
    return f"{text} on" if text.startswith("from ") else text


def _bounded(amounts: Amounts) -> str:
    """As `say_amount`, with open ends told and money's unit kept."""
    words = []
    for stretch in amounts.stretches:
        text = say_amount(Amounts(amounts.unit, (stretch,), amounts.whole))
        if stretch.high_open and stretch.low is None:
            text = text.replace("before ", "less than ")
        elif stretch.low_open and stretch.high is None:
            text = text.replace("after ", "more than ")
        words.append(text)
    return listed(words or ["nothing"])


def _code(code: str) -> str:
    name, colon, entry = code.partition(":")
    if not colon:
        return f"the {LISTS[code].partition(' (')[0]}" if code in LISTS else visible(code.replace("_", " "))
    return visible(entry) if code_named(entry) == code else f"{visible(entry)} ({visible(name)})"
