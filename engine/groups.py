"""Groups read: named sets of countries, codes or other terms, as of a day, from a source."""

from __future__ import annotations

from redline.engine.form import Form
from redline.engine.show import did_you_mean
from redline.engine.typed import Lexicon, term
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY, places
from redline.rules.node import Map, Seq, Text
from redline.rules.policy import Group
from redline.rules.problems import Problem, Span
from redline.rules.values import Terms

TERRITORIES = ("follow", "separate")
"""What a list of countries may say of territories with a code of their own: they follow the state
that they belong to, or stand apart.  Where it says nothing, it cannot be told."""


def group_from(name: Text, node: Map, lexicon: Lexicon, problems: list[Problem]) -> Group | None:
    """The group written at a node; None, told, if it cannot be read."""
    form = Form(node, f"group `{name.text}`", problems)
    form.check_keys(("members",), ("label", "of", "as_of", "source", "territories", "note"))
    of = form.text("of") or "country"
    if of not in lexicon.trees:
        form.tell(
            "unknown-name",
            f"there are no groups of `{of}`",
            node.span,
            did_you_mean(of, lexicon.trees) or "a group is of country, code or class",
        )
        return None
    listed = node.get("members")
    if not isinstance(listed, Seq) or not listed.items:
        form.tell(
            "wrong-shape",
            f"`members` of group `{name.text}` is not a list",
            node.span,
            "write `members: [IT, FR]`",
        )
        return None
    members = [
        term(item, of, lexicon, problems) if isinstance(item, Text) else _not_a_term(item.span, problems)
        for item in listed.items
    ]
    if any(member is None for member in members):
        return None
    within = frozenset(member for member in members if member is not None)
    if of == COUNTRY.name:
        within = frozenset(place for member in within for place in places(member))
    territories = form.text("territories")
    if territories not in ("", *TERRITORIES):
        form.tell(
            "unknown-word",
            f"`{territories}` is nothing that territories do",
            node.span,
            f"it is one of {', '.join(TERRITORIES)}",
        )
    perhaps: Terms | None = None
    if of == COUNTRY.name and territories != "separate":
        unlisted = frozenset(
            t for t, state in STATE_OF_TERRITORY.items() if state in within and t not in within
        )
        if territories == "follow":
            within |= unlisted
        elif unlisted:
            perhaps = Terms(lexicon.trees[of], unlisted)
    return Group(
        name.text,
        form.text("label"),
        of,
        Terms(lexicon.trees[of], within),
        perhaps,
        form.text("as_of"),
        form.text("source"),
        name.span,
    )


def _not_a_term(span: Span, problems: list[Problem]) -> None:
    problems.append(
        Problem("wrong-shape", "a member of a group is not a single value", span, "write its code or term")
    )
