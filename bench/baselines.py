"""What can be written by hand in Python: the naive loop, generated code, an index of bit masks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bench.engine import Engine
from bench.oracle import excepted, matching, ready
from bench.workload import Rule, Transfer, Unless

FIELDS = ("origin", "destination", "activity", "end_user")


class Naive(Engine):
    """The oracle itself, timed."""

    name = "naive loop"
    how = "Python: each rule asked in turn"
    peer = False

    def load(self, rules: Sequence[Rule]) -> None:
        """Sets in place of tuples."""
        self.rules = ready(rules)

    def one(self, transfer: Transfer) -> list[str]:
        """One after another."""
        return matching(self.rules, transfer)


class Generated(Engine):
    """Python written by Python: one `if` a rule."""

    name = "generated Python"
    how = "one generated function: `if condition: add(id)` for each rule"
    peer = False
    LOT = 200  # rules a function: to compile a long one takes more than its share

    def load(self, rules: Sequence[Rule]) -> None:
        """Write the code and compile it."""
        names: dict[str, Any] = {}
        lots = [rules[i : i + self.LOT] for i in range(0, len(rules), self.LOT)]
        for n, lot in enumerate(lots):
            lines = [f"def f{n}(o, d, a, e, items, value, certified, date, held, add):"]
            lines += [f"  if {' and '.join(_tests(rule, names))}: add({rule.id!r})" for rule in lot]
            exec(compile("\n".join(lines), "<rules>", "exec"), names)  # noqa: S102 (its own text)
        self.functions = [names[f"f{n}"] for n in range(len(lots))]

    def one(self, t: Transfer) -> list[str]:
        """Call them."""
        out: list[str] = []
        asked = (
            t["origin"],
            t["destination"],
            t["activity"],
            t["end_user"],
            t["item_ancestors"],
            t["value_usd"],
            t["end_use_certificate"],
            t["date"],
            t["certificates"],
            out.append,
        )
        for function in self.functions:
            function(*asked)
        return out


def _tests(rule: Rule, names: dict[str, Any]) -> list[str]:
    tests = [] if rule.item is None else [f"{rule.item!r} in items"]
    for field, short in (("destination", "d"), ("origin", "o"), ("activity", "a"), ("end_user", "e")):
        values = getattr(rule, field)
        if values is not None:
            tests.append(f"{short} in {_constant(values, names)}")
    if rule.value_gt is not None:
        tests.append(f"value > {rule.value_gt}")
    if rule.no_certificate:
        tests.append("not certified")
    if rule.dates is not None:
        tests.append(f"{rule.dates[0]} <= date <= {rule.dates[1]}")
    if rule.unless is not None:
        tests.append(f"not ({' and '.join(_exception(rule.unless, names))})")
    return tests


def _exception(unless: Unless, names: dict[str, Any]) -> list[str]:
    tests = []
    if unless.destination is not None:
        tests.append(f"d in {_constant(unless.destination, names)}")
    if unless.certificate is not None:
        tests.append(f"{unless.certificate!r} in held")
    if unless.end_user is not None:
        tests.append(f"e in {_constant(unless.end_user, names)}")
    if unless.value_le is not None:
        tests.append(f"value <= {unless.value_le}")
    return tests


def _constant(values: Iterable[str], names: dict[str, Any]) -> str:
    name = f"c{len(names)}"
    names[name] = frozenset(values)
    return name


class Masks(Engine):
    """An index by hand: a rule is a bit, and each value of a field the rules that accept it."""

    name = "hand-written index"
    how = "Python ints as bit masks, one a field, of two truth values; exceptions tried on what is left"
    peer = False

    def load(self, rules: Sequence[Rule]) -> None:
        """Build the masks, and `one` as a closure over them."""
        self.one = _by_masks(rules)


def bits(numbers: Iterable[int]) -> int:
    """The integer with these bits."""
    result = 0
    for number in numbers:
        result |= 1 << number
    return result


def by_value(rules: Sequence[Rule], field: str) -> tuple[dict[str, int], int]:
    """Of a field: for each value the rules that accept it, and those that accept any."""
    free = bits(n for n, rule in enumerate(rules) if getattr(rule, field) is None)
    accepts: dict[str, int] = {}
    for n, rule in enumerate(rules):
        for value in getattr(rule, field) or ():
            accepts[value] = accepts.get(value, free) | 1 << n
    return accepts, free


def by_node(rules: Sequence[Rule]) -> tuple[dict[str, int], int]:
    """For each entry the rules on it, and those that are on any."""
    nodes: dict[str, int] = {}
    for n, rule in enumerate(rules):
        if rule.item is not None:
            nodes[rule.item] = nodes.get(rule.item, 0) | 1 << n
    return nodes, bits(n for n, rule in enumerate(rules) if rule.item is None)


def by_value_bound(rules: Sequence[Rule]) -> tuple[list[int], list[int]]:
    """The bounds of the value in order, and what is accepted below the first, ..., above the last."""
    bounds = sorted({rule.value_gt for rule in rules if rule.value_gt is not None})
    masks = [bits(n for n, rule in enumerate(rules) if rule.value_gt is None)]
    for bound in bounds:
        masks.append(masks[-1] | bits(n for n, rule in enumerate(rules) if rule.value_gt == bound))
    return bounds, masks


def by_date(rules: Sequence[Rule]) -> tuple[list[int], list[int]]:
    """The days on which something changes, and what is in force before the first, ..., from the last on."""
    changes: dict[int, int] = {}
    for n, rule in enumerate(rules):
        for cut in () if rule.dates is None else (rule.dates[0], rule.dates[1] + 1):
            changes[cut] = changes.get(cut, 0) ^ 1 << n
    days = sorted(changes)
    masks = [bits(n for n, rule in enumerate(rules) if rule.dates is None)]
    for one in days:
        masks.append(masks[-1] ^ changes[one])
    return days, masks


def _by_masks(rules: Sequence[Rule]) -> Callable[[Transfer], list[str]]:
    (
        (by_origin, any_origin),
        (by_destination, any_destination),
        (by_activity, any_activity),
        (
            by_user,
            any_user,
        ),
    ) = (by_value(rules, field) for field in FIELDS)
    origin, destination = by_origin.get, by_destination.get
    activity, user = by_activity.get, by_user.get
    nodes, any_item = by_node(rules)
    bounds, over = by_value_bound(rules)
    days, in_force = by_date(rules)
    certified = bits(n for n, rule in enumerate(rules) if not rule.no_certificate)
    ids = [rule.id for rule in rules]
    single = [1 << n for n in range(len(rules))]
    exceptions = [rule.unless for rule in ready(rules)]
    of_item: dict[str, int] = {}

    def item(transfer: Transfer) -> int:
        mask = any_item
        for node in transfer["item_ancestors"]:
            mask |= nodes.get(node, 0)
        of_item[transfer["item"]] = mask
        return mask

    def one(t: Transfer) -> list[str]:
        mask = of_item.get(t["item"])
        if mask is None:
            mask = item(t)
        mask &= destination(t["destination"], any_destination)
        if not mask:
            return []
        mask &= origin(t["origin"], any_origin)
        mask &= user(t["end_user"], any_user)
        if not mask:
            return []
        mask &= activity(t["activity"], any_activity)
        mask &= in_force[bisect_right(days, t["date"])]
        if not mask:
            return []
        mask &= over[bisect_left(bounds, t["value_usd"])]
        if t["end_use_certificate"]:
            mask &= certified
        out = []
        while mask:  # the highest bit first: its place is known at once, and one XOR takes it away
            n = mask.bit_length() - 1
            unless = exceptions[n]
            if unless is None or not excepted(unless, t):
                out.append(ids[n])
            mask ^= single[n]
        out.reverse()
        return out

    return one
