"""Countries (ISO 3166-1), their subdivisions (3166-2), former countries (3166-3) and territories.

A subdivision lies under the one that it is part of and under its country (`GB-LND` under `GB-ENG` and `GB`).
A territory with a code of its own (`HK`) does not lie under the state it belongs to: whether a list that
names the state means the territory too is for the list to say; `CN-HK` is another way to write it.  Nor
does a former state (`SU`) lie under one that came after it: whether a text that names the one means the
other is for the text to say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from redline.rules.trees import Tree

STATE_OF_TERRITORY = {
    territory: state
    for state, territories in {
        "AU": "CC CX HM NF",
        "CN": "HK MO",
        "DK": "FO GL",
        "FI": "AX",
        "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
        "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
        "NL": "AW BQ CW SX",
        "NO": "BV SJ",
        "NZ": "CK NU TK",
        "US": "AS GU MP PR UM VI",
    }.items()
    for territory in territories.split()
}
"""Territories with an ISO code of their own, and the state that each belongs to (ISO 3166-1 remarks)."""

WRITTEN_AS_A_PART = {
    "CN-HK": "HK",
    "CN-MO": "MO",
    "FI-01": "AX",
    "FR-971": "GP",
    "FR-972": "MQ",
    "FR-973": "GF",
    "FR-974": "RE",
    "FR-976": "YT",
    "FR-BL": "BL",
    "FR-MF": "MF",
    "FR-NC": "NC",
    "FR-PF": "PF",
    "FR-PM": "PM",
    "FR-TF": "TF",
    "FR-WF": "WF",
    "NL-AW": "AW",
    "NL-BQ1": "BQ-BO",
    "NL-BQ2": "BQ-SA",
    "NL-BQ3": "BQ-SE",
    "NL-CW": "CW",
    "NL-SX": "SX",
    "US-AS": "AS",
    "US-GU": "GU",
    "US-MP": "MP",
    "US-PR": "PR",
    "US-UM": "UM",
    "US-VI": "VI",
}
"""Entries of ISO 3166-2 for territories with a code of their own in ISO 3166-1: that code is meant."""

PARTS_OF_TERRITORIES = {"NO-21": "SJ", "NO-22": "SJ"}
"""Entries of ISO 3166-2 under a state for parts of a territory with a code of its own, and that code."""

IN_TWO_PLACES = {
    "CN-TW": "TW",
    "MA-10": "EH",
    "MA-11": "EH",
    "MA-12": "EH",
    "RS-KM": "XK",
}
"""Entries of ISO 3166-2 under one state for (some of) what has a code of its own and is no territory of that
state by ISO: who writes one, or what lies under it, may mean a place in either."""

SUCCESSORS = {
    former: frozenset(successors.split())
    for former, successors in {
        "AIDJ": "DJ",
        "AN": "BQ CW SX",
        "BU": "MM",
        "BYAA": "BY",
        "CS": "CSHH CSXX CZ ME RS SK XK",
        "CSHH": "CS CZ SK",
        "CSXX": "CS ME RS XK",
        "CT": "KI",
        "DD": "DE",
        "DY": "BJ",
        "FX": "FR",
        "GEHH": "KI TV",
        "HV": "BF",
        "JT": "UM US",
        "MI": "UM US",
        "NH": "VU",
        "NT": "IQ SA",
        "PC": "FM MH MP PW",
        "PU": "UM US",
        "PZ": "PA",
        "RH": "ZW",
        "SKIN": "IN",
        "SU": "AM AZ BY EE GE KG KZ LT LV MD RU TJ TM UA UZ BYAA",
        "TP": "TL",
        "VD": "VN",
        "WK": "UM US",
        "YD": "YE",
        "YU": "BA CS CSXX HR ME MK RS SI XK",
        "ZR": "CD",
    }.items()
}
"""Former states, and the states that came after them (ISO 3166-3 remarks): of the code of the one it cannot
be told to mean, or not to mean, the other.  `CS` was given to two states in turn, and may be either."""

_BEYOND_ISO = {"XK": "Kosovo"}


def _climb(code: str) -> str | None:
    head, dash, _ = code.partition("-")
    if not dash:
        return None
    return PARTS_OF_TERRITORIES.get(code) or _subdivisions().get(code) or head


COUNTRY = Tree("country", climb=_climb)
"""The tree of countries: open at the top, since no list of codes is for ever."""


_REMEMBERED: dict[str, dict[str, str]] = {}


def country_names() -> dict[str, str]:
    """The name of each country, present and former, by code."""
    return _remembered("names", _names)


def remembered() -> dict[str, dict[str, str]]:
    """What every scenario needs of the lists of countries, for `remember`."""
    return {"names": country_names(), "former": _former()}


def remember(known: dict[str, dict[str, str]]) -> None:
    """Take what was `remembered` of the very same lists of countries: to read them takes long."""
    _REMEMBERED.update(known)


def _remembered(what: str, read: Callable[[], dict[str, str]]) -> dict[str, str]:
    if what not in _REMEMBERED:
        _REMEMBERED[what] = read()
    return _REMEMBERED[what]


def _names() -> dict[str, str]:
    import pycountry

    names = {str(c.alpha_2): str(getattr(c, "common_name", c.name)) for c in pycountry.countries}
    names |= _BEYOND_ISO
    for former in pycountry.historic_countries:
        names[str(former.alpha_4)] = str(former.name)
        names.setdefault(str(former.alpha_2), str(former.name))
    return names


def country_code(text: str) -> str | None:
    """The code that `text` names (a code in either case, two, three or four letters, or a
    subdivision's), or None.  Names of countries are not codes.

    A former state has one spelling: its two letters (`SU` for `SUHH` and `SUN`), or all four where the two
    were given to another state as well (`CSHH`, `BYAA`).
    """
    code = text.upper()
    if code in country_names():
        return _former().get(code, code)
    if "-" in code:
        return WRITTEN_AS_A_PART.get(code, code) if code in _subdivisions() else None
    return _by_three_letters().get(code) or _former().get(code)


def related_states(code: str) -> frozenset[str]:
    """The former states that a state came after, and the states that came after a former state."""
    return SUCCESSORS.get(code, frozenset()) | {old for old, new in SUCCESSORS.items() if code in new}


def places(code: str) -> frozenset[str]:
    """What a code may mean: itself, and what else (some of) the same land is called."""
    return frozenset((code, *(IN_TWO_PLACES[c] for c in COUNTRY.line(code) if c in IN_TWO_PLACES)))


@cache
def _subdivisions() -> dict[str, str]:
    """The subdivisions, each with the larger one that it is part of, or nothing."""
    import pycountry

    return {str(part.code): str(part.parent_code or "") for part in pycountry.subdivisions}


@cache
def _by_three_letters() -> dict[str, str]:
    import pycountry

    return {str(country.alpha_3): str(country.alpha_2) for country in pycountry.countries}


def _former() -> dict[str, str]:
    """The one spelling of each former state, by its codes of four and of three letters."""
    return _remembered("former", _read_former)


def _read_former() -> dict[str, str]:
    import pycountry

    former = list(pycountry.historic_countries)
    taken = [str(c.alpha_2) for c in (*former, *pycountry.countries)]
    spelled = {
        str(f.alpha_4): str(f.alpha_2) if taken.count(f.alpha_2) == 1 else str(f.alpha_4) for f in former
    }
    return spelled | {str(f.alpha_3): spelled[f.alpha_4] for f in former}


def country_of_name(text: str) -> str | None:
    """The code of the country of that name, to suggest it; None if there is none."""
    folded = text.casefold()
    return next((code for code, name in country_names().items() if name.casefold() == folded), None)
