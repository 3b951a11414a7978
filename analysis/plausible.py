"""A plain value out of a set of values, written as a scenario writes it: what a witness says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from string import ascii_lowercase

from redline.rules.codes import CODE
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY, SUCCESSORS
from redline.rules.quantities import DATE, base_unit
from redline.rules.shapes import NAME
from redline.rules.values import Amounts, Stretch, Terms, Value, contains

_COUNTRIES = (
    *("IT", "IN", "AE", "TR", "FR", "DE", "GB", "US", "JP", "BR", "ZA", "SG", "EG", "PK", "CN", "RU"),
    *("NL", "ES", "SE", "PL", "NO", "CH", "KR", "AU", "CA", "MY", "ID", "VN", "SA", "IL", "IR", "KP"),
)
_MORE = (
    *("MX", "AR", "CL", "CO", "PE", "UY", "PT", "GR", "AT", "BE", "DK", "FI", "IE", "CZ", "SK", "HU"),
    *("RO", "BG", "HR", "RS", "UA", "GE", "AM", "AZ", "KZ", "UZ", "MN", "NZ", "PH", "TH", "LK", "BD"),
    *("NP", "MM", "KE", "NG", "GH", "SN", "MA", "DZ", "TN", "ET", "TZ", "UG", "ZM", "MZ", "NA", "BW"),
    *("AO", "JO", "QA", "KW", "OM", "BH", "LB", "IQ", "SY", "YE", "AF", "CU", "VE", "EC", "BO", "PY"),
)
"""Further ordinary countries, for where those are not enough."""
_CODES = ("ML22", "ML4", "ML15", "ML21", "3A001", "5A002", "9E003", "EAR99", "ML1", "ML99")
_FIRST_DAY, _DAY, _LAST_DAY = (date(*d).toordinal() for d in ((1950, 1, 1), (2026, 6, 1), (2100, 12, 31)))


def plausible(value: Value) -> str | None:
    """A value of the set, as text; None if none is known that lies in it whole."""
    match value:
        case Terms():
            inside = (term for term in _terms(value) if contains(value, Terms(value.tree, frozenset({term}))))
            return next(inside, None)
        case Amounts(unit, stretches):
            amounts = (_amount(stretch, unit) for stretch in _preferred(stretches, unit))
            return next((text for text in amounts if text is not None), None)


def written(value: Value) -> str | dict[str, list[str]] | None:
    """A value of the set as a scenario states it; where no word lies in the set, what it is not."""
    text = plausible(value)
    if text is None and isinstance(value, Terms) and value.within is None and value.without:
        return {"not": sorted(value.without)}
    return text


def usual(value: Value) -> bool:
    """Whether a value of the set is as people meet it; of countries, no odd one."""
    text = plausible(value)
    if isinstance(value, Terms) and value.tree.name == COUNTRY.name:
        return text in _COUNTRIES or text in _MORE
    return text is not None


def _odd(country: str) -> bool:
    """Whether it is a former country, or a place that is no state."""
    return country in STATE_OF_TERRITORY or country in SUCCESSORS or country == "AQ"


def _terms(value: Terms) -> Iterator[str]:
    """Terms that may lie in the set, those that people meet most first."""
    tree = value.tree
    named = sorted(value.within or ())
    if tree.name == COUNTRY.name:
        yield from (c for c in (*_COUNTRIES, *_MORE) if value.within is None or c in value.within)
        named.sort(key=_odd)
    elif tree.name == CODE.name and not named:
        yield from _CODES
    yield from named
    yield from (
        term for term in tree.parents if value.within is None or any(tree.under(term, n) for n in named)
    )
    for term in named:
        yield from (f"{term}.{letter}" for letter in ascii_lowercase)
    if tree.name == NAME.name and not named:
        yield from ("other", "another", "a third")


def _preferred(stretches: tuple[Stretch, ...], unit: str) -> Iterator[Stretch]:
    if unit != base_unit(DATE):
        yield from (s for s in stretches if s.low is None or s.low >= 0)
    else:
        yield from (s for s in stretches if (s.low or _DAY) <= _DAY <= (s.high or _DAY))
        yield from (
            s for s in stretches if (s.low or _FIRST_DAY) <= _LAST_DAY and (s.high or _LAST_DAY) >= _FIRST_DAY
        )
    yield from stretches


def _amount(stretch: Stretch, unit: str) -> str | None:
    if unit == base_unit(DATE):
        low = int(stretch.low) if stretch.low is not None else min(_DAY, int(stretch.high or _DAY))
        high = int(stretch.high) if stretch.high is not None else max(_DAY, low)
        return date.fromordinal(min(max(_DAY, low), high)).isoformat()
    number = _number(stretch)
    if number is None:
        return None
    text = str(number.numerator) if number.denominator == 1 else f"{float(number):.10f}".rstrip("0")
    return f"{text} {unit}".strip()


def _number(stretch: Stretch) -> Fraction | None:
    """A number of the stretch that is not negative; None if it has none."""
    low = stretch.low if stretch.low is not None and stretch.low >= 0 else Fraction(0)
    high = stretch.high
    if not (stretch.low_open and low == stretch.low):
        if low == 0 and (high is None or high > 1):
            return Fraction(1)  # of nothing people say little
        return low if high is None or high > low or (high == low and not stretch.high_open) else None
    return low + 1 if high is None or high > low + 1 else (low + high) / 2
