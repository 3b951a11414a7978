"""Quantities with units, and dates, as sets of possible values.

A quantity is a number and a unit of its dimension (`300 km`, `25%`, `1200 EUR`); it is kept in the
dimension's first unit, exactly.  A date may be a day, a month or a year: `2018` is any of its days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from fractions import Fraction
from functools import cache

from redline.rules.values import Amounts, Stretch

UNITS: dict[str, dict[str, str]] = {
    "length": {
        "m": "1",
        "mm": "0.001",
        "cm": "0.01",
        "km": "1000",
        "nm": "0.000000001",
        "um": "0.000001",
        "nmi": "1852",
    },
    "mass": {"kg": "1", "g": "0.001", "t": "1000", "mg": "0.000001"},
    "duration": {
        "days": "1",
        "": "1",
        "day": "1",
        "weeks": "7",
        "week": "7",
        "hours": "1/24",
        "hour": "1/24",
    },
    "share": {"": "1", "%": "0.01"},
    "count": {"": "1"},
    "number": {"": "1"},
    "speed": {"m/s": "1", "km/h": "5/18", "kn": "463/900"},
    "frequency": {"Hz": "1", "kHz": "1000", "MHz": "1000000", "GHz": "1000000000"},
    "power": {"W": "1", "kW": "1000", "MW": "1000000"},
    "energy": {"J": "1", "kJ": "1000", "MJ": "1000000"},
    "pressure": {"Pa": "1", "kPa": "1000", "MPa": "1000000", "bar": "100000"},
    "temperature": {"K": "1"},
    "angle": {"deg": "1", "mrad": "180000/3141593"},
    "data_rate": {"bit/s": "1", "kbit/s": "1000", "Mbit/s": "1000000", "Gbit/s": "1000000000"},
    "compute": {"tpp": "1"},
}
"""The dimensions and their units, each as a multiple of the first.  Money has currencies instead."""

MONEY = "money"
DATE = "date"
WHOLE = frozenset({"count", DATE})
_QUANTITY = re.compile(r"([+-]?\d[\d_]*(?:\.\d+)?|[+-]?\.\d+)\s*([A-Za-z%/]*)")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@cache
def unknown_amount(dimension: str) -> Amounts:
    """Any quantity of the dimension; of money, in no currency in particular."""
    return Amounts(base_unit(dimension), whole=dimension in WHOLE)


def base_unit(dimension: str) -> str:
    """The unit in which quantities of the dimension are kept."""
    if dimension == DATE:
        return "day of the calendar"
    return "" if dimension == MONEY else next(iter(UNITS[dimension]))


def parse_quantity(text: str, dimension: str) -> tuple[Fraction, str] | None:
    """The number in the dimension's own unit and that unit (of money, its currency); None if
    `text` is not a quantity of that dimension."""
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        return None
    number, unit = Fraction(match[1].replace("_", "")), match[2]
    if dimension == MONEY:
        return (number, unit) if _CURRENCY.fullmatch(unit) else None
    if unit not in UNITS[dimension]:
        return None
    number *= Fraction(UNITS[dimension][unit])
    if dimension == "count" and number.denominator != 1:
        return None
    return number, base_unit(dimension)


def exactly(number: Fraction, unit: str, *, whole: bool = False) -> Amounts:
    """The one number."""
    return Amounts(unit, (Stretch(number, number),), whole)


def parse_date(text: str) -> Amounts | None:
    """The days that `text` may mean, written YYYY, YYYY-MM or YYYY-MM-DD; None if it is no date."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last = first if day else date(first.year, month or 12, monthrange(first.year, month or 12)[1])
    except ValueError:
        return None
    return days(first, last)


def days(first: date | None, last: date | None) -> Amounts:
    """The days from `first` to `last`, both included; None leaves that end open."""
    low = None if first is None else Fraction(first.toordinal())
    high = None if last is None else Fraction(last.toordinal())
    return Amounts(base_unit(DATE), (Stretch(low, high),), whole=True)


def say_amount(amounts: Amounts) -> str:
    """The quantity or date in words: `300 km`, `2018`, `at least 25 %`, `2026-01-01 to 2026-03-31`."""
    return " or ".join(_say_stretch(stretch, amounts.unit) for stretch in amounts.stretches) or "nothing"


def _say_stretch(stretch: Stretch, unit: str) -> str:
    low, high = (None if n is None else _say_number(n, unit) for n in (stretch.low, stretch.high))
    dated = unit == base_unit(DATE)
    if low is None and high is None:
        return "any date" if dated else "any amount"
    if low is None:
        return f"{'before' if stretch.high_open else 'by' if dated else 'at most'} {high}"
    if high is None:
        return f"{'after' if stretch.low_open else 'from' if dated else 'at least'} {low}"
    if low == high:
        return low
    if dated and stretch.low is not None and stretch.high is not None:
        first, last = date.fromordinal(int(stretch.low)), date.fromordinal(int(stretch.high))
        for text in (f"{first.year:04}", f"{first.year:04}-{first.month:02}"):
            if parse_date(text) == days(first, last):
                return text
    return f"{low} to {high}"


def _say_number(number: Fraction, unit: str) -> str:
    if unit == base_unit(DATE):
        ordinal = int(number)
        return date.fromordinal(ordinal).isoformat() if 1 <= ordinal <= date.max.toordinal() else "?"
    if unit == "m" and number % 1000 == 0 and number:
        number, unit = number / 1000, "km"
    text = f"{number.numerator}" if number.denominator == 1 else f"{float(number):.6g}"
    return f"{text} {unit}".strip()
