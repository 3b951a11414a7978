"""Small policies, as a strategy of hypothesis: over the whole language, and simple when shrunk."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import strategies as st

from redline.testing.author import Wish, policy
from redline.testing.dice import Drawn
from redline.testing.draft import Draft
from redline.testing.written import Data, Mapped, mapped, text

_WORD = re.compile(r"[a-z0-9_-]+")
_HELD = ("define", "groups", "interpretations", "lists")
"""What a policy names once and its rules use by name."""


def policies(rules: int = 5, name: str = "drawn") -> st.SearchStrategy[Draft]:
    """Policies of one to so many rules that are read without a problem, as `Draft`s: they can be given to
    `scenarios_for`, and `.yaml` is their text.

    Raises ValueError where no rule is wanted.
    """
    if rules < 1:
        raise ValueError(f"a policy has at least one rule, not {rules}")
    return _policies(Wish(rules=rules), name)


@st.composite
def _policies(draw: Callable[[st.SearchStrategy[int]], int], wish: Wish, name: str) -> Draft:
    return Draft(without_unused(policy(Drawn(draw), wish, name, least=1)))


def without_unused(whole: Mapped) -> Mapped:
    """The policy without definitions, groups, interpretations, terms, lists and facts that no rule uses."""
    used = _words(whole["rules"])
    define = mapped(whole.get("define"))
    while more := {n for n in define if n in used and not _words(define[n]) <= used}:
        used = used.union(*(_words(define[n]) for n in more))
    used |= {w for n, group in mapped(whole.get("groups")).items() if n in used for w in _words(group)}
    made: Mapped = {}
    for key, value in whole.items():
        if key in _HELD:
            made[key] = {n: each for n, each in mapped(value).items() if n in used}
        elif key in ("extend", "facts"):
            inner = {
                of: {n: each for n, each in mapped(words).items() if n in used}
                for of, words in mapped(value).items()
            }
            made[key] = {of: words for of, words in inner.items() if words}
        else:
            made[key] = value
    return {key: value for key, value in made.items() if value != {}}


def _words(written: Data) -> set[str]:
    return set(_WORD.findall(text(written)))
