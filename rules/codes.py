"""Control-list entries: which list a code belongs to, how it is written, and what it lies under.

A code is written `list:entry`, or the entry alone where its form tells the list: `ML10.c` is an
entry of the Wassenaar munitions list, `3A001.b` of the dual-use list that the EU and the UK share,
`3A611` and `EAR99` exist only in the US Commerce Control List, `VIII(h)` in the US Munitions List.

Every known list has a grammar.  What fits it is brought to one spelling, so that two ways to write an
entry are one entry; what does not fit is refused, since it could never meet a rule.  Case, blanks,
hyphens and leading zeros do not count, and paragraphs may be written `.b.2`, `(b)(2)` or `b2`:

* `wa_ml`: `ML` (or nothing), 1 to 22, paragraphs: `ML05b` is `ML5.b`.
* `dual_use`, `us_ccl`, `scomet`: a digit, A to E, three digits, paragraphs: `3-A-001b2` is `3A001.b.2`;
  `3`, `3A` and `3A1xx` (or `3A0` for `3A0xx`) stand for all below them, while `3A1` is refused: it is how
  the Wassenaar list writes 3A001.  In `us_ccl` also `EAR99`.
* `wa_dual_use`: the same, and as that list writes it: `3.A.1.b` is `3A001.b`.
* `usml`: I to XXI, roman or arabic, with `Category` or without, paragraphs: `8(h)` is `VIII.h`.
* `mtcr`: item 1 to 20, A to E, a number, paragraphs: `M2.A.1.b` is `2A1.b`; `2` and `2A` too.
* `nsg`: `N` and the same form for dual use (`N1A3.a`; the `N` may be left out before a letter), `T` and
  numbers for the trigger list (`T5.1.1.a`, `TA1.1`; the `T` may be left out of `5.1`).
* `ag`: one of its lists, then a number or such as `V12`, paragraphs: `ag:precursors.12`.
* `cwc`: schedule 1 to 3, A or B, a number: `Schedule 2.B.04` is `2B4`; `2` and `2B` too.
* `hs`: 2, 4, 6, 8 or 10 digits, with dots or without: `8807.30` is `880730`, under `8807` and `88`.

A list that a policy declares has no grammar: its entries are split at dots (or parentheses) alone.
`us_ccl:3A001.b.2` lies under `us_ccl:3A001.b`, `us_ccl:3A001`, `us_ccl:3A0xx` (category, group and
the digit that tells the regime), `us_ccl:3A`, `us_ccl:3` and `us_ccl`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from redline.rules.trees import Tree

LISTS = {
    "wa_ml": "Wassenaar munitions list (the EU Common Military List uses the same entries)",
    "dual_use": "EU dual-use list, Annex I to Regulation 2021/821 (the UK list uses the same entries)",
    "wa_dual_use": "Wassenaar dual-use list",
    "us_ccl": "US Commerce Control List",
    "usml": "US Munitions List",
    "scomet": "India's SCOMET list",
    "mtcr": "MTCR annex",
    "nsg": "Nuclear Suppliers Group lists",
    "ag": "Australia Group lists",
    "cwc": "schedules of the Chemical Weapons Convention",
    "hs": "Harmonised System",
}
LIST_ALIASES = {
    "eu_cml": "wa_ml",
    "uk_ml": "wa_ml",
    "eu_annex_i": "dual_use",
    "eu_dual_use": "dual_use",
    "ccl": "us_ccl",
}
FORMS = {
    "wa_ml": "`wa_ml:ML5` or `wa_ml:ML5.b.1`, from ML1 to ML22",
    "dual_use": "`dual_use:3A001.b.2`; `dual_use:3A1xx`, `dual_use:3A`, `dual_use:3` for all below",
    "wa_dual_use": "`wa_dual_use:3A001.b` or `wa_dual_use:3.A.1.b`; `wa_dual_use:3A0xx`, `wa_dual_use:3A` "
    "for all below",
    "us_ccl": "`us_ccl:3A001.b.2` or `us_ccl:EAR99`; `us_ccl:3A1xx`, `us_ccl:3A`, `us_ccl:3` for all below",
    "usml": "`usml:VIII(h)(1)`, from I to XXI",
    "scomet": "`scomet:6A007.a`, or `scomet:6A0xx`, `scomet:6A`, `scomet:6` for all below",
    "mtcr": "`mtcr:2.A.1.b`, or `mtcr:2.A`, `mtcr:2` for all below, from 1 to 20",
    "nsg": "`nsg:N1A3.a` (dual use) or `nsg:T5.1.1.a` (trigger list)",
    "ag": "`ag:precursors.12`; its lists are `precursors`, `chemical-equipment`, `biological-equipment`, "
    "`pathogens`, `plant-pathogens`",
    "cwc": "`cwc:2.B.4`, or `cwc:2.B`, `cwc:2` for all below",
    "hs": "`hs:8807.30`: 2, 4, 6, 8 or 10 digits",
}
"""How an entry of each known list is written."""

_LETTERS = "ABCDE"
_BELOW = "xx"
"""Stands for the last two digits of all entries of one regime: `3A1xx`."""
_FREE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _/-]*(\.[A-Za-z0-9_-]+)*")
_PARAGRAPH = re.compile(r"\d+|[A-Z]+")
_ROMAN = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI",
    "XVII", "XVIII", "XIX", "XX", "XXI",
)  # fmt: skip
_ITEMS_OF_MTCR, _ITEMS_OF_NSG, _SCHEDULES, _ENTRIES_OF_ML = 20, 6, 3, 22


# --- what lies under what ----------------------------------------------------------------------


def _climb(code: str) -> str | None:
    name, colon, entry = code.partition(":")
    if not colon:
        return None
    if name in LISTS:
        shorter = _shorter(name, entry)
    else:
        shorter = entry.rpartition(".")[0]
    return f"{name}:{shorter}" if shorter else name


def _shorter(name: str, entry: str) -> str:
    """What an entry of a known list, in its one spelling, lies under; empty if only under the list."""
    if "." in entry:
        return entry.rpartition(".")[0]
    if name == "hs":
        return entry[:-2]
    if name in ("dual_use", "wa_dual_use", "us_ccl", "scomet") and entry[:1].isdigit():
        if len(entry) == len("3A001"):
            return entry[:2] if entry.endswith(_BELOW) else f"{entry[:3]}{_BELOW}"
        return entry[:-1]
    if name in ("mtcr", "nsg", "cwc"):
        cut = re.fullmatch(r"(.*?)(\d+|[A-Z])", entry)
        return cut[1] if cut else ""
    return ""


CODE = Tree("code", climb=_climb)
"""The tree of control-list entries; its tops are the lists."""


# --- the one spelling --------------------------------------------------------------------------


def code_named(text: str, lists: frozenset[str] = frozenset(LISTS)) -> str | None:
    """The entry that `text` names, in the one spelling used inside; None if no list of `lists`
    (and no alias) can have it, or if it is not written as that list writes its entries."""
    text = text.strip()
    name, colon, entry = (part.strip() for part in text.partition(":"))
    if not colon:
        known = LIST_ALIASES.get(text, text)
        if known in lists:
            return known
        name, entry = _list_of(text), text
    name = LIST_ALIASES.get(name, name)
    if name not in lists or not entry.isascii():
        return None
    grammar = _GRAMMARS.get(name, _free)
    spelled = grammar(entry)
    return f"{name}:{spelled}" if spelled else None


def list_of(code: str) -> str:
    """The list that an entry belongs to."""
    return code.partition(":")[0]


def _list_of(entry: str) -> str:
    """The list of an entry that stands alone, where its form tells it."""
    if entry[:1].upper() == "M" and _munitions(entry):
        return "wa_ml"
    rated = _commerce(entry)
    if rated == "EAR99":
        return "us_ccl"
    if rated and len(head := rated.partition(".")[0]) == len("3A001"):
        return "us_ccl" if head[2] in "69" else "dual_use"
    return "usml" if not entry[:1].isdigit() and _us_munitions(entry) else ""


def _free(entry: str) -> str | None:
    entry = re.sub(r"\(([^()]*)\)", r".\1", entry)
    if not _FREE.fullmatch(entry):
        return None
    head, dot, rest = entry.partition(".")
    return f"{head.upper()}{dot}{rest.lower()}"


def _plain(entry: str) -> str:
    """In capitals; blanks, hyphens and parentheses as dots, of which none is doubled or at an end."""
    opened = re.sub(r"\(([^()]*)\)", r".\1.", entry)
    return re.sub(r"[.\s_-]+", ".", opened.upper()).strip(".")


def _paragraphs(rest: str) -> str | None:
    """The paragraphs after an entry's head, each behind a dot; None if they are not well written: a
    letter, a number, or a small roman numeral each."""
    if not re.fullmatch(r"[A-Z0-9.]*", rest):
        return None
    found = _PARAGRAPH.findall(rest)
    if any(len(word) > 1 and not word.isdigit() and not re.fullmatch(r"[IVX]+", word) for word in found):
        return None
    return "".join(f".{int(word) if word.isdigit() else word.lower()}" for word in found)


def _split(pattern: str, entry: str) -> tuple[re.Match[str], str] | None:
    """The head of an entry by its pattern, and its paragraphs in the one spelling."""
    head = re.match(pattern, entry)
    rest = _paragraphs(entry[head.end() :]) if head else None
    return None if head is None or rest is None else (head, rest)


def _munitions(entry: str) -> str | None:
    found = _split(r"(?:ML\.?)?0*([1-9]\d?)(?!\d)", _plain(entry))
    if found is None or int(found[0][1]) > _ENTRIES_OF_ML:
        return None
    return f"ML{found[0][1]}{found[1]}"


def _rated(entry: str) -> str | None:
    plain = _plain(entry)
    if found := _split(rf"(\d)\.?([{_LETTERS}])\.?(\d\d\d)(?!\d)", plain):
        return f"{found[0][1]}{found[0][2]}{found[0][3]}{found[1]}"
    if re.fullmatch(rf"\d(\.?[{_LETTERS}])?", plain):
        return plain.replace(".", "")
    group = re.fullmatch(rf"(\d)\.?([{_LETTERS}])\.?(0|\dXX)", plain)
    return f"{group[1]}{group[2]}{group[3][0]}{_BELOW}" if group else None


def _commerce(entry: str) -> str | None:
    return "EAR99" if _plain(entry).replace(".", "") == "EAR99" else _rated(entry)


def _wassenaar(entry: str) -> str | None:
    found = _split(rf"([1-9])\.?([{_LETTERS}])\.?0*([1-9]\d?)(?!\d|XX$)", _plain(entry))
    if found is not None:
        return f"{found[0][1]}{found[0][2]}{int(found[0][3]):03}{found[1]}"
    return _rated(entry) if re.fullmatch(rf"\d(\.?[{_LETTERS}](0(XX)?)?)?", _plain(entry)) else None


def _us_munitions(entry: str) -> str | None:
    entry = re.sub(r"(?i)^cat(egory|\.)?\s*(?=[ivx\d])", "", entry)
    numeral = re.match(r"[IVX]+|[ivx]+|0*[1-9]\d?(?!\d)", entry)
    if numeral is None:
        return None
    rest = _paragraphs(_plain(entry[numeral.end() :]))
    written = numeral[0].upper()
    if written.isdigit():
        written = dict(enumerate(_ROMAN, start=1)).get(int(written), "")
    return f"{written}{rest}" if rest is not None and written in _ROMAN else None


def _item(pattern: str, most: int, letters: str, entry: str) -> str | None:
    """An entry such as `2.A.1.b`: item, letter, number, paragraphs; or the first or two of these."""
    found = _split(rf"{pattern}0*([1-9]\d?)(?:\.?([{letters}])(?:\.?0*([1-9]\d*))?)?(?!\d)", entry)
    if found is None:
        return None
    head, rest = found
    item, letter, number = head.groups()
    if int(item) > most or (rest and not number):
        return None
    return f"{item}{letter or ''}{number or ''}{rest}"


def _missiles(entry: str) -> str | None:
    return _item(r"(?:ITEM\.?|M\.?)?", _ITEMS_OF_MTCR, _LETTERS, _plain(entry))


def _nuclear(entry: str) -> str | None:
    plain = _plain(entry)
    if plain in ("N", "T", "TA"):
        return plain
    trigger = re.fullmatch(r"(TA?)?\.?(\d{1,2}(?:\.\d{1,2})*)\.?((?:[A-Z]\.?\d*)?)", plain)
    if trigger and (trigger[1] or ("." in trigger[2])):
        rest = _paragraphs(trigger[3])
        numbers = ".".join(str(int(number)) for number in trigger[2].split("."))
        return None if rest is None else f"{trigger[1] or 'T'}{numbers}{rest}"
    if not plain.startswith("N") and not re.match(rf"\d\.?[{_LETTERS}]", plain):
        return None
    spelled = _item(r"(?:N\.?)?", _ITEMS_OF_NSG, _LETTERS, plain)
    return spelled and f"N{spelled}"


def _australia(entry: str) -> str | None:
    lists = r"(PRECURSORS|CHEMICAL\.EQUIPMENT|BIOLOGICAL\.EQUIPMENT|PATHOGENS|PLANT\.PATHOGENS)"
    head = re.fullmatch(rf"{lists}(?:\.([A-Z]{{0,3}})\.?0*([1-9]\d*)(.*))?", _plain(entry))
    if head is None:
        return None
    rest = _paragraphs(head[4] or "")
    number = f".{head[2].lower()}{head[3]}" if head[3] else ""
    return None if rest is None else f"{head[1].lower().replace('.', '-')}{number}{rest}"


def _schedules(entry: str) -> str | None:
    return _item(r"(?:SCHEDULE\.?)?", _SCHEDULES, "AB", _plain(entry))


def _harmonised(entry: str) -> str | None:
    digits = re.sub(r"[.\s]", "", entry)
    return digits if re.fullmatch(r"(?!00)(\d\d){1,5}", digits) else None


_GRAMMARS: dict[str, Callable[[str], str | None]] = {
    "wa_ml": _munitions,
    "dual_use": _rated,
    "wa_dual_use": _wassenaar,
    "us_ccl": _commerce,
    "usml": _us_munitions,
    "scomet": _rated,
    "mtcr": _missiles,
    "nsg": _nuclear,
    "ag": _australia,
    "cwc": _schedules,
    "hs": _harmonised,
}
