"""What a test leaves open: values of which it cannot be told whether the text that names a term means them.

Territories of a state that is named, former states and their successors, and activities that say how
something moves and not what is done.
"""

from __future__ import annotations

from functools import cache

from redline.rules.condition import All, Any, Condition, In, Is, Not
from redline.rules.countries import COUNTRY, STATE_OF_TERRITORY, related_states
from redline.rules.problems import Span
from redline.rules.terms import ACTIVITY, OF_WHAT_IS_COPIED, modes_of
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
    """Of countries the former states that they came after, and the states that came after them; of
    activities those that say how something moves, and so may be the one that is named.  What is `accepted`
    besides is not in doubt."""
    if not isinstance(value, Terms) or value.within is None:
        return None
    found: frozenset[str] = frozenset()
    for term in value.within:
        if value.tree == COUNTRY:
            found |= related_states(COUNTRY.line(term)[-1])
        elif value.tree == ACTIVITY:
            found |= modes_of(term, value.tree)
    return _but(found, value.tree, value.within | accepted)


def of_activity(test: Test, words: str, span: Span, form: Tree) -> Condition:
    """A test of what is done in a step.  Where it asks for an activity by which only knowledge or software
    moves, what may be that activity is open of items that are not hardware, and is not of hardware."""
    accepts = test.accepts
    assert isinstance(accepts, Terms)
    accepted, tree = accepts.within or frozenset(), accepts.tree
    copied = {
        term: may_be
        for term in accepted
        for named, may_be in OF_WHAT_IS_COPIED.items()
        if tree.under(term, named)
    }
    open_ones = frozenset(each for term, may_be in copied.items() for each in may_be | modes_of(term, tree))
    perhaps = _but(open_ones, tree, accepted)
    if perhaps is None:
        return Is("activity", test, words, span)
    plainly = related(Terms(tree, accepted - copied.keys()), accepted)
    may_be = Is("activity", Test(Terms(tree, frozenset()), perhaps), words, span)
    hardware = Is("form", Test(Terms(form, frozenset({"hardware"}))), "hardware", span)
    known = Is("activity", Test(accepts, plainly), words, span)
    return Any((known, All((may_be, In("item", Not(hardware, span), span)), span)), span)


def _but(terms: frozenset[str], tree: Tree, accepted: frozenset[str]) -> Terms | None:
    kept = frozenset(term for term in terms if not any(tree.under(term, each) for each in accepted))
    return Terms(tree, kept) if kept else None
