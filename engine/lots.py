"""Who holds what, with which past, and what may be asked of that while the steps are gone through.

The model is told in `custody.py`.
"""

from __future__ import annotations

from redline.engine.cells import truth_of
from redline.engine.parts import CONTAINED, content, pieces
from redline.engine.records import Case
from redline.engine.steps import (
    ANY,
    Step,
    Steps,
    items_of,
    may_be_only_one,
    only_one,
)
from redline.rules.frozen import dataclass, field
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth


@dataclass(frozen=True, slots=True)
class Past:
    """The steps that something certainly went through, and all that it may have."""

    sure: Steps = frozenset()
    possible: Steps = frozenset()

    def after(self, step: int, *, sure: bool = True) -> Past:
        """With one more step."""
        return Past(self.sure | ({step} if sure else set()), self.possible | {step})

    def beside(self, other: Past) -> Past:
        """Of two things together."""
        return Past(self.sure | other.sure, self.possible | other.possible)

    def instead(self, other: Past) -> Past:
        """Of one of two things."""
        return Past(self.sure & other.sure, self.possible | other.possible)


@dataclass(frozen=True, slots=True)
class Lot:
    """An item as someone holds it.  `settled` are the pieces whose past is already in its own (None: all);
    `sure` tells whether the holder certainly has it."""

    past: Past
    settled: frozenset[str] | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Upstream:
    """What lies behind a step, by the numbers of the steps; and whether its sender can have held the item."""

    past: Past
    held: bool = True


@dataclass
class Custody:
    """Who holds what, while the steps are gone through."""

    case: Case
    steps: tuple[Step, ...]
    order: tuple[int, ...]
    lots: dict[tuple[str, str], list[Lot]] = field(default_factory=dict)
    moved: dict[str, Steps] = field(default_factory=dict)
    """The steps that each item was in so far."""
    went: dict[str, Steps] = field(default_factory=dict)
    """The steps that each item certainly went through, if there is one of it."""
    built_in: set[str] = field(default_factory=set)
    """The items that may have been built in, and of which there may be one."""
    sent: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """The steps in which each holder certainly sent an item away."""
    begun: set[str] = field(default_factory=set)
    """The items of which someone has certainly been the first to send or to have them."""
    pasts: dict[int, Upstream] = field(default_factory=dict)


def lots_held(custody: Custody, item: str, holder: str) -> list[Lot]:
    """The item as the holder has it or may have it."""
    keys = {(i, h) for i in (item, ANY) for h in (holder, ANY)}
    return [lot for key in sorted(keys) for lot in custody.lots.get(key, ())]


def past_elsewhere(custody: Custody, item: str) -> Past:
    """The past of an item that its holder has from nobody knows where; the only one has all of its own."""
    alone = item in custody.built_in or only_one(custody.case, frozenset({item}))
    sure = custody.went.get(item, frozenset()) if alone else frozenset()
    return Past(sure, sure | _anywhere(custody, item))


def full_past(custody: Custody, item: str, lot: Lot, holders: frozenset[str], seen: frozenset[str]) -> Past:
    """The past of a lot with that of all inside it which is not already in it."""
    if lot.settled is None or item in seen or item == ANY:
        return lot.past
    past = lot.past
    here = pieces(custody.case, item)
    for piece in (*here.parts, *here.tools):
        if piece.key in lot.settled:
            continue
        if not piece.names:
            past = past.beside(Past(possible=frozenset(s for steps in custody.moved.values() for s in steps)))
        for name in piece.names:
            inner = _piece_past(custody, name, holders, seen | {item})
            sure = piece.sure and len(piece.names) == 1
            past = past.beside(inner if sure else Past(possible=inner.possible))
    return past


def _piece_past(custody: Custody, item: str, holders: frozenset[str], seen: frozenset[str]) -> Past:
    """The past of a part or tool, as the holder of the whole has it."""
    lots = [lot for holder in sorted(holders) for lot in lots_held(custody, item, holder)]
    if not lots and item not in custody.moved:
        return full_past(custody, item, Lot(Past(), frozenset()), holders, seen)
    surely = any(lot.sure for lot in lots) and len(holders) == 1 and item not in custody.built_in
    past = None if surely else past_elsewhere(custody, item)
    for lot in lots:
        full = full_past(custody, item, lot, holders, seen)
        past = full if past is None else past.instead(full)
    assert past is not None
    return past


def _anywhere(custody: Custody, item: str) -> Steps:
    """Every step so far of the item, of what is in it, and of what it is in; and what lies behind these."""
    case = custody.case
    related = {entry.key for entry in content(case, item).entries}
    related |= {w for w in case.scenario.items if any(e.key == item for e in content(case, w).entries)}
    steps = {step for each in (*related, ANY) for step in custody.moved.get(each, ())}
    return frozenset(steps | {past for step in steps for past in _possible(custody, step)})


def gone_through(custody: Custody, item: str, among: Steps | None = None) -> Steps:
    """The steps so far of the item, and what lies behind these."""
    own = custody.moved.get(item, frozenset())
    own = own if among is None else own & among
    return frozenset(own | {past for step in own for past in _possible(custody, step)})


def back_again(custody: Custody, item: str, senders: frozenset[str]) -> Steps:
    """The steps since the sender sent the item away, if there may be one of it: it may be back."""
    if not may_be_only_one(custody.case, item):
        return frozenset()
    away = [n for sender in senders for n in custody.sent.get((item, sender), ())]
    first = min((custody.order.index(n) for n in away), default=None)
    if first is None:
        return frozenset()
    return gone_through(custody, item, frozenset(custody.order[first:]))


def _possible(custody: Custody, step: int) -> Steps:
    return custody.pasts[step].past.possible if step in custody.pasts else frozenset()


def taken_out(custody: Custody, item: str, holders: frozenset[str]) -> list[Lot]:
    """The item as it may be taken out of what its holder has, with the steps that it went through in it."""
    case = custody.case
    if item == ANY or item not in case.scenario.items:
        return []
    last = max((custody.order.index(n) for n in custody.moved.get(item, ())), default=-1)
    since = frozenset(custody.order[last + 1 :])
    one, own = only_one(case, frozenset({item})), past_elsewhere(custody, item).sure
    found = []
    for whole in case.scenario.items:
        within = _within(case, item, whole)
        if within is FALSE:
            continue
        for lot in (lot for holder in sorted(holders) for lot in lots_held(custody, whole, holder)):
            possible = frozenset(n for n in lot.past.possible if _carries(custody, n, item) is not FALSE)
            if possible:
                inside = frozenset(n for n in lot.past.sure & since if _carries(custody, n, item) is TRUE)
                certain = one and within is TRUE and lot.sure and len(holders) == 1
                sure = inside | own if certain else own if one else lot.past.sure & own
                found.append(Lot(Past(sure, possible | sure), sure=certain))
    return found


def _within(case: Case, item: str, whole: str) -> Truth:
    """Whether the item is a part of the whole, at any depth."""
    if item == whole or any(entry.key == whole for entry in content(case, item).entries):
        return FALSE
    found = content(case, whole)
    inside = [entry for entry in found.entries if entry.via == CONTAINED]
    if any(entry.key == item and entry.sure for entry in inside):
        return TRUE
    named = any(entry.key.startswith("?") or entry.key == item for entry in inside)
    return UNKNOWN if named or truth_of(found.inside_closed) is not TRUE else FALSE


def _carries(custody: Custody, number: int, item: str) -> Truth:
    """Whether a step moved the item by itself or in a whole."""
    step = custody.steps[number]
    items = items_of(custody.case, step)
    if ANY in items:
        return UNKNOWN
    truths = {TRUE if each == item else _within(custody.case, item, each) for each in items}
    found = truths.pop() if len(truths) == 1 else UNKNOWN
    return UNKNOWN if found is TRUE and (step.possible or step.doubtful) else found


def may_have_made(custody: Custody, item: str, senders: frozenset[str]) -> bool:
    """Whether the sender holds something that the item is made of or with, or that it may be taken out of."""
    case = custody.case
    related = {entry.key for entry in content(case, item).entries}
    related |= {w for w in case.scenario.items if any(e.key == item for e in content(case, w).entries)}
    return any(lots_held(custody, each, sender) for each in related for sender in senders)
