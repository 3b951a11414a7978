"""The words that drawn policies use: what they test for, and the terms, lists and facts that they add."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from redline.engine.typed import PLAIN, Lexicon
from redline.testing.dice import Dice, pick
from redline.testing.written import Data, Mapped, document

COUNTRIES = ("IT", "IN", "PK", "TR", "NL", "FR", "HK", "CN")
"""Where parties are; what the policies test for lies among them."""
LISTS = ("restricted-by-india", "us_entity_list", "UN")
VALUES: Mapping[str, tuple[str, ...]] = {
    "country": COUNTRIES,
    "party_kind": ("company", "armed-forces", "government", "person", "research-body"),
    "role": ("manufacturer", "intermediate-consignee", "broker", "transit-point", "freight-forwarder"),
    "class": ("corvette", "coastal-radar", "radar", "sonar", "component", "naval-gun", "vehicle-parts"),
    "form": ("hardware", "design", "technology", "software"),
    "code": ("ML5.b", "ML9.a", "3E001", "us_ccl:3A001.a", "dual_use:6A008", "national_ml:A1"),
    "yes_no": ("yes", "no"),
    "sensitivity": ("sensitive", "very-sensitive", "not-sensitive"),
    "activity": (
        "export",
        "re-export",
        "retransfer",
        "intangible-transfer",
        "temporary-export",
        "transit",
        "licensed-production",
        "technical-assistance",
        "co-production",
    ),
    "still": ("exercise", "training", "memorandum", "brokering", "negotiation", "financing"),
    "end_use": ("military", "weapon-production", "civil", "border-control", "resale"),
    "status": ("proposed", "contracted", "delivered"),
    "flag": ("diversion-hub", "end-user-unverified", "undisclosed"),
    "knowledge": ("told", "aware", "high-probability", "suspects"),
    "grant": ("individual-licence", "licence", "re-export-consent", "consent", "authorisation"),
    "promise": ("end-use-certificate", "no-re-export-clause", "end-user-undertaking"),
    "paper_state": ("held", "held", "held", "refused", "expired", "pending", "revoked"),
    "agreement_kind": ("co-development", "co-production", "memorandum", "licensed-production"),
    "agreement_state": ("in-force", "signed", "ended"),
}
"""What scenarios say, by tree; the first is what a neutral scenario says."""
DAYS = ("2026-03-10", "2026-09-15", "2027-05-20", "2028-02-01")
DECLARED: Mapping[str, Mapping[str, Mapped]] = {
    "item": {
        "max_range": {"type": "length", "means": "how far it reaches", "asks": "how far does {of} reach?"}
    },
    "party": {"seeks_business": {"type": "yes/no", "asks": "does {of} seek business?"}},
    "transfer": {"return_by": {"type": "date"}, "net_value": {"type": "money"}},
    "paper": {"number": {"type": "name", "means": "its number"}},
}
"""Facts that every generated policy declares, and scenarios may state."""
WORDS: Mapped = {
    "extend": {"class": {"coastal-radar": "radar"}},
    "lists": {"national_ml": "a national munitions list"},
    "facts": {shape: dict(facts) for shape, facts in DECLARED.items()},
}
"""What every generated policy says before its rules: terms, a control list and facts of its own."""


@cache
def words() -> Lexicon:
    """The vocabulary with what generated policies add."""
    from redline.engine.words import with_words_of

    head: Data = {"redline": "1", "policy": "words", **WORDS}
    problems: list[object] = []
    lexicon = with_words_of(document(head, "policy.yaml"), PLAIN, problems)  # type: ignore[arg-type]
    assert not problems, problems
    return lexicon


def way(dice: Dice, *ways: Data) -> Data:
    """One of several ways to write something."""
    return pick(dice, ways)
