"""Terms that stand beside one another and may still mean the same thing.

A text that names one of them is open of the other, so that no rule is told to be about something else.
"""

from __future__ import annotations

from redline.rules.terms import ACTIVITY, END_USE, KNOWLEDGE
from redline.rules.trees import Tree

Overlaps = dict[str, tuple[frozenset[str], frozenset[str]]]
"""Of each term: what it may be besides, and what of that it is not."""


def _overlaps(*rows: tuple[str, str, str]) -> Overlaps:
    return {said: (frozenset(may_be.split()), frozenset(but_not.split())) for said, may_be, but_not in rows}


_ACROSS_OR_INSIDE = "export import re-export retransfer domestic-supply"
_FOR_GOOD = "temporary-export"
MODES = _overlaps(
    (
        "supply",
        f"{_ACROSS_OR_INSIDE} transit transshipment intangible-transfer release return donation loan",
        "",
    ),
    ("loan", f"{_ACROSS_OR_INSIDE} intangible-transfer release", "permanent-export"),
    ("donation", f"{_ACROSS_OR_INSIDE} intangible-transfer release", _FOR_GOOD),
    ("return", _ACROSS_OR_INSIDE, _FOR_GOOD),
    ("intangible-transfer", f"{_ACROSS_OR_INSIDE} release donation loan", _FOR_GOOD),
    ("release", f"{_ACROSS_OR_INSIDE} intangible-transfer donation loan", _FOR_GOOD),
    ("transshipment", "export import re-export transit", ""),
    ("transit", "export import re-export transshipment", ""),
)
"""Activities that say how something moves and not between whom.  So a step called a loan is not known to be,
or not to be, an export."""

OVERLAPS: dict[str, Overlaps] = {
    ACTIVITY.name: MODES
    | _overlaps(
        ("import", "export re-export", ""),
        ("export", "import", ""),
        ("re-export", "import", ""),
        ("training", "technical-assistance", "maintenance"),
        ("information-sharing", "technical-assistance intangible-transfer", "maintenance"),
    ),
    END_USE.name: _overlaps(
        (
            "resale",
            "military wmd internal-repression human-rights-violation terrorism",
            "",
        ),
        ("internal-repression", "human-rights-violation", ""),
    ),
    KNOWLEDGE.name: _overlaps(
        ("told", "aware suspects should-know", ""),
        ("aware", "suspects should-know", ""),
        ("suspects", "should-know", ""),
    ),
}
"""By tree.  What is an import to one country is an export to the other; instruction may be assistance, and
what is sold on is then put to some use; whoever was told of something is aware of it."""

OF_WHAT_IS_COPIED = {
    "intangible-transfer": frozenset(_ACROSS_OR_INSIDE.split()),
    "release": frozenset[str](),
}
"""Activities by which knowledge or software moves and no hardware: what, of such items, may be that activity
besides the modes that may be it.  An export of a design may go by wire; one of a radar does not."""

TO_A_PERSON = {
    "release": frozenset(f"{_ACROSS_OR_INSIDE} technical-assistance training information-sharing".split()),
}
"""Likewise, where whoever receives it is, or may be, a person: who exports a design to one releases it."""


def may_be_meant(term: str, tree: Tree = ACTIVITY) -> frozenset[str]:
    """The terms of which it cannot be told whether they are the one that is named."""
    return frozenset(
        said
        for said, (may_be, but_not) in OVERLAPS.get(tree.name, {}).items()
        if any(tree.under(term, each) or tree.under(each, term) for each in may_be)
        and not any(tree.under(term, each) for each in but_not)
        and not tree.under(said, term)
    )


def moving_no_hardware(terms: frozenset[str], tree: Tree) -> frozenset[str]:
    """Those of the terms by which only what is copied moves."""
    return frozenset(t for t in terms if any(tree.under(t, named) for named in OF_WHAT_IS_COPIED))


def if_copied(terms: frozenset[str], tree: Tree) -> frozenset[str]:
    """What may be one of these terms, if what moves is no hardware."""
    also = _named(OF_WHAT_IS_COPIED, terms, tree)
    return also.union(*(may_be_meant(term, tree) for term in moving_no_hardware(terms, tree)))


def if_to_a_person(terms: frozenset[str], tree: Tree) -> frozenset[str]:
    """What may besides, if it goes to a person."""
    return _named(TO_A_PERSON, terms, tree) - if_copied(terms, tree)


def _named(table: dict[str, frozenset[str]], terms: frozenset[str], tree: Tree) -> frozenset[str]:
    return frozenset(
        each for name, also in table.items() if any(tree.under(t, name) for t in terms) for each in also
    )
