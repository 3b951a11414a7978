"""Which rule of NEW stands for which of OLD: that of the same id, else one that says the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from redline.analysis.diff_alike import Forms
from redline.analysis.diff_bench import NEW, Both
from redline.analysis.diff_paper import EFFECTS, Rules
from redline.rules.comparison import How
from redline.rules.frozen import dataclass
from redline.rules.policy import Rule


@dataclass(frozen=True, slots=True)
class Pair:
    """Rules of OLD and those of NEW that stand for them, by their places in the plan of both."""

    how: How
    old: tuple[int, ...]
    new: tuple[int, ...]


def paired(both: Both, rules: Rules, forms: Forms) -> list[Pair]:
    """Every rule of both editions, in OLD's order, each once; what is added comes last."""
    of_old, of_new = tuple(both.old.at.values()), tuple(both.new.at.values())
    by_id = _matched(of_old, of_new, lambda i: (_called(rules.by_index[i]), sort_of(rules.by_index[i])))
    found = {o: Pair(How.SAME, (o,), (n,)) for o, n in by_id}
    for key in _samenesses(rules, forms):
        left_old = [o for o in of_old if o not in found]
        taken = {n for pair in found.values() for n in pair.new}
        left_new = [n for n in of_new if n not in taken]
        found |= {o: Pair(How.RENAMED, (o,), (n,)) for o, n in _matched(left_old, left_new, key)}
    taken = {n for pair in found.values() for n in pair.new}
    return [
        *(found.get(o, Pair(How.REMOVED, (o,), ())) for o in of_old),
        *(Pair(How.ADDED, (), (n,)) for n in of_new if n not in taken),
    ]


def sort_of(rule: Rule) -> Hashable:
    """What rules must have in common to be compared: the subject, and whether they bind, permit or flag."""
    return rule.subject, rule.kind if rule.kind in EFFECTS else "binds"


def _samenesses(rules: Rules, forms: Forms) -> Iterator[Callable[[int], Hashable]]:
    """Of the rules that are left: the same in words and form, then in form alone."""
    yield lambda i: (forms.of(i), rules.by_index[i].says)
    yield forms.of


def _matched(
    old: Sequence[int], new: Sequence[int], key: Callable[[int], Hashable]
) -> Iterator[tuple[int, int]]:
    """Those of the same key, in their order."""
    waiting: dict[Hashable, list[int]] = {}
    for n in new:
        waiting.setdefault(key(n), []).append(n)
    for o in old:
        same = waiting.get(key(o))
        if same:
            yield o, same.pop(0)


def _called(rule: Rule) -> str:
    return f"{rule.policy.removesuffix(NEW)}/{rule.id}"
