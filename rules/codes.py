"""Control-list entries: which list a code belongs to, and what it lies under.

A code is written `list:entry`, or the entry alone where its form tells the list: `ML10.c` is an
entry of the Wassenaar munitions list, `3A001.b` of the dual-use list that the EU and the UK share,
`3A611` and `EAR99` exist only in the US Commerce Control List, `VIII(h)` in the US Munitions List.
`us_ccl:3A001.b.2` lies under `us_ccl:3A001.b`, `us_ccl:3A001`, `us_ccl:3A0` (category, group and
the character that tells the regime), `us_ccl:3A`, `us_ccl:3` and `us_ccl`.
"""

from __future__ import annotations

import re

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

_DUAL_USE = re.compile(r"(\d)([A-E])(\d)(\d\d)")
_ENTRY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _/-]*(\.[A-Za-z0-9_-]+)*")


def _climb(code: str) -> str | None:
    name, colon, entry = code.partition(":")
    if not colon:
        return None
    if "." in entry:
        return f"{name}:{entry.rpartition('.')[0]}"
    if re.fullmatch(r"\d([A-E](\d(\d\d)?)?)?", entry):
        shorter = {5: 3, 3: 2, 2: 1}.get(len(entry))
        return f"{name}:{entry[:shorter]}" if shorter else name
    return name


CODE = Tree("code", climb=_climb)
"""The tree of control-list entries; its tops are the lists."""


def code_named(text: str, lists: frozenset[str] = frozenset(LISTS)) -> str | None:
    """The entry that `text` names, in the one spelling used inside; None if no list of `lists`
    (and no alias) can have it."""
    text = re.sub(r"\(([^()]*)\)", r".\1", text.strip())
    name, colon, entry = text.partition(":")
    if not colon:
        known = LIST_ALIASES.get(text, text)
        if known in lists:
            return known
        name, entry = _list_of(text), text
    name = LIST_ALIASES.get(name, name)
    if name not in lists or not _ENTRY.fullmatch(entry):
        return None
    head, dot, rest = entry.partition(".")
    return f"{name}:{head.upper()}{dot}{rest.lower()}"


def list_of(code: str) -> str:
    """The list that an entry belongs to."""
    return code.partition(":")[0]


def _list_of(entry: str) -> str:
    head = entry.partition(".")[0].upper()
    if re.fullmatch(r"ML\d{1,2}", head):
        return "wa_ml"
    if head == "EAR99":
        return "us_ccl"
    if match := _DUAL_USE.fullmatch(head):
        return "us_ccl" if match[3] in "69" else "dual_use"
    if re.fullmatch(r"[XVI]+", head):
        return "usml"
    return ""
