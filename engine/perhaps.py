"""What a test leaves open: values of which it cannot be told whether the text that names a term means them.

Territories of a state that is named, former states and their successors, and terms that overlap: activities
that say how something moves and not what is done, an import and an export.
"""

from __future__ import annotations

from functools import cache

from redline.rules.condition import All, Any, Condition, In, Is, Not
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY, related_states
from redline.rules.overlaps import if_copied, if_to_a_person, may_be_meant, moving_no_hardware
from redline.rules.problems import Span
from redline.rules.trees import Tree
from redline.rules.values import Terms, Test, Value, union


def untold(value: Value) -> Value | None:
    """What cannot be told to be, or not to be, the one term that is named: of a country its territories with
    a code of their own (as of a group that says nothing of them), and what is `related` to the term."""
    if not isinstance(value, Terms) or (named := value.single) is None:
        return None
    found = _territories_of(named) if value.tree == COUNTRY else None
    territories = Terms(value.tree, found) if found else None
    found_open = [v for v in (territories, related(value)) if v is not None]
    return union(found_open) if found_open else None


@cache
def _territories_of(state: str) -> frozenset[str]:
    return frozenset(territory for territory, of in STATE_OF_TERRITORY.items() if of == state)


def related(value: Value, accepted: frozenset[str] = frozenset()) -> Terms | None:
    """Of countries the former states that they came after, and the states that came after them; of other
    terms those that may be the one that is named.  What is `accepted` besides is not in doubt."""
    if not isinstance(value, Terms) or value.within is None:
        return None
    found: frozenset[str] = frozenset()
    for term in value.within:
        if value.tree == COUNTRY:
            found |= related_states(COUNTRY.line(term)[-1])
        else:
            found |= may_be_meant(term, value.tree)
    return _but(found, value.tree, value.within | accepted)


def of_activity(test: Test, words: str, span: Span, form: Tree, kind: Tree) -> Condition:
    """A test of what is done in a step.  Where it asks for an activity by which only knowledge or software
    moves, what may be that activity is open of items that are not hardware, and is not of hardware; what may
    be a release is open if it goes to a person."""
    accepts = test.accepts
    assert isinstance(accepts, Terms)
    accepted, tree = accepts.within or frozenset(), accepts.tree
    copied = moving_no_hardware(accepted, tree)
    if not copied:
        return Is("activity", test, words, span)
    hardware = Is("form", Test(Terms(form, frozenset({"hardware"}))), "hardware", span)
    person = Is("kind", Test(Terms(kind, frozenset({"person"}))), "person", span)
    no_hardware, to_a_person = In("item", Not(hardware, span), span), In("to", person, span)
    plainly = related(Terms(tree, accepted - copied), accepted)
    ways: list[Condition] = [Is("activity", Test(accepts, plainly), words, span)]
    for terms, provided in (
        (if_copied(copied, tree), (no_hardware,)),
        (if_to_a_person(copied, tree), (no_hardware, to_a_person)),
    ):
        if (perhaps := _but(terms, tree, accepted)) is not None:
            may_be = Is("activity", Test(Terms(tree, frozenset()), perhaps), words, span)
            ways.append(All((may_be, *provided), span))
    return Any(tuple(ways), span) if len(ways) > 1 else ways[0]


def _but(terms: frozenset[str], tree: Tree, accepted: frozenset[str]) -> Terms | None:
    kept = frozenset(term for term in terms if not any(tree.under(term, each) for each in accepted))
    return Terms(tree, kept) if kept else None
