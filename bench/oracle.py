"""The oracle: naive loops over rules, as plain as can be.  Engines are checked against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bench.workload import Rule, Transfer, Unless

Sets = frozenset[str]


class Ready(NamedTuple):
    """A rule with sets in place of tuples, so that the naive loop is a fair one."""

    id: str
    origin: Sets | None
    item: str | None
    destination: Sets | None
    activity: Sets | None
    end_user: Sets | None
    value_gt: int | None
    no_certificate: bool
    dates: tuple[int, int] | None
    unless: ReadyUnless | None


class ReadyUnless(NamedTuple):
    """An exception, likewise."""

    destination: Sets | None
    certificate: str | None
    end_user: Sets | None
    value_le: int | None


def ready(rules: Iterable[Rule]) -> list[Ready]:
    """The rules, ready for the loop."""
    return [
        Ready(
            rule.id,
            _set(rule.origin),
            rule.item,
            _set(rule.destination),
            _set(rule.activity),
            _set(rule.end_user),
            rule.value_gt,
            rule.no_certificate,
            rule.dates,
            None if rule.unless is None else _ready_unless(rule.unless),
        )
        for rule in rules
    ]


def _ready_unless(unless: Unless) -> ReadyUnless:
    return ReadyUnless(_set(unless.destination), unless.certificate, _set(unless.end_user), unless.value_le)


def _set(values: Sequence[str] | None) -> Sets | None:
    return None if values is None else frozenset(values)


def matching(rules: Iterable[Ready], transfer: Transfer) -> list[str]:
    """The ids of the rules that a transfer matches, in their order."""
    return [rule.id for rule in rules if matches(rule, transfer)]


def matches(rule: Ready, transfer: Transfer) -> bool:
    """Whether a transfer matches a rule."""
    t = transfer
    if rule.origin is not None and t["origin"] not in rule.origin:
        return False
    if rule.item is not None and not _under(t["item"], rule.item):
        return False
    if rule.destination is not None and t["destination"] not in rule.destination:
        return False
    if rule.activity is not None and t["activity"] not in rule.activity:
        return False
    if rule.end_user is not None and t["end_user"] not in rule.end_user:
        return False
    if rule.value_gt is not None and not t["value_usd"] > rule.value_gt:
        return False
    if rule.no_certificate and t["end_use_certificate"]:
        return False
    if rule.dates is not None and not rule.dates[0] <= t["date"] <= rule.dates[1]:
        return False
    return rule.unless is None or not excepted(rule.unless, t)


def _under(item: str, node: str) -> bool:
    return item == node or item.startswith(node + ".")


def excepted(unless: ReadyUnless, t: Transfer) -> bool:
    """Whether an exception holds of a transfer."""
    return (
        (unless.destination is None or t["destination"] in unless.destination)
        and (unless.certificate is None or unless.certificate in t["certificates"])
        and (unless.end_user is None or t["end_user"] in unless.end_user)
        and (unless.value_le is None or t["value_usd"] <= unless.value_le)
    )
