"""Questions of the catalogue of derived fields, as a condition asks them: what share of an item, whether
owned, whether a paper is held, what it forbids, how many days."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from redline.engine.comparisons import Comparing
from redline.engine.queries import queries_in
from redline.engine.reference import IS_YES
from redline.engine.typed import quantity, term
from redline.rules.condition import Any, Condition, Covered, Days, Forbids, Is, Owned, Share
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Span
from redline.rules.quantities import DATE
from redline.rules.shapes import Type
from redline.rules.terms import COVERED
from redline.rules.values import Amounts, Terms, Test

if TYPE_CHECKING:
    from redline.engine.conditions import Conditions

BARRED = {"activities": "activity", "destinations": "country", "end_uses": "end_use"}
"""What a paper may be asked to forbid, and the trees of the terms."""
MODES = ("whole", "multiplied", "any")
"""How shares run through chains of owners: see `Owned`."""
_HELD = Test(Terms(COVERED, frozenset({"held"})))


def paper(reader: Conditions, value: Node, span: Span) -> Condition | None:
    """`paper: licence` or `paper: {kind: licence, issuer: IT, where: CONDITION}`, asked of a step.  Of
    several kinds, a paper of one of them."""
    written = value if isinstance(value, Map) else Map(((Text("kind", value.span), value),), value.span)
    found = settings(reader, written, "`paper`", ("kind",), ("issuer", "where"))
    kind = found.get("kind", value)
    kinds = kind.items if isinstance(kind, Seq) else (kind,)
    named = [k for k in kinds if isinstance(k, Text)]
    if not named or len(named) < len(kinds):
        advice = "write `paper: licence` or `paper: {kind: licence, issuer: IT}`"
        return reader.wrong("`paper` names no kind", value.span, advice)
    known = [term(k, "paper_kind", reader.lexicon, reader.problems) for k in named]
    issuer, where = found.get("issuer"), found.get("where")
    if isinstance(issuer, Text | Seq):
        issuer = Map(((Text("country", issuer.span), issuer),), issuer.span)
    by = None if issuer is None else reader.read(issuer, "party")
    that = None if where is None else reader.read(where, "paper")
    if None in known or (issuer is not None and by is None) or (where is not None and that is None):
        return None
    held = [Is(Covered(k, by, that), _HELD, f"a {k} held", span) for k in known if k is not None]
    return held[0] if len(held) == 1 else Any(tuple(held), span)


def owned(reader: Conditions, value: Node, span: Span) -> Condition | None:
    """`owned: {by: CONDITION, at_least: 50%, mode: whole}`, asked of a party."""
    found = settings(reader, value, "`owned`", ("by", "at_least"), ("mode",))
    by = reader.element(found["by"], "party") if "by" in found else None
    at_least = _share_of(reader, found.get("at_least"))
    mode = found.get("mode", Text("whole"))
    if not isinstance(mode, Text) or mode.text not in MODES:
        advice = f"it is one of {', '.join(MODES)}"
        return reader.wrong("`mode` is none of the ways that ownership runs", mode.span, advice)
    if by is None or at_least is None:
        return None
    if any(isinstance(query, Owned) for query in queries_in(by)):
        advice = "ask for facts of the owner alone: `owned` itself goes through chains of owners"
        return reader.wrong("`by` of `owned` asks `owned` again", found["by"].span, advice)
    return Is(Owned(by, at_least, mode.text), IS_YES, "owned", span)


def share(reader: Conditions, value: Node, span: Span) -> Condition | None:
    """`content_share: {of: CONDITION, more_than: 25%}`, asked of a step or an item."""
    if not isinstance(value, Map) or (of := value.get("of")) is None:
        advice = "write `content_share: {of: CONDITION, more_than: 25%}`"
        return reader.wrong("`content_share` does not say of what", value.span, advice)
    body = reader.element(of, "part")
    rest = Map(tuple(entry for entry in value.entries if entry[0].text != "of"), value.span)
    if body is None:
        return None
    comparing = Comparing(reader.lexicon, reader.groups, reader.problems)
    return comparing.one(Share(body), Type("amount", "share"), rest, span)


def days(reader: Conditions, value: Node, shape: str, span: Span) -> Condition | None:
    """`days: {from: contract, to: delivery, at_most: 30}`, asked of anything with dates."""
    if not isinstance(value, Map):
        advice = "write `days: {from: contract, to: delivery, at_most: 30}`"
        return reader.wrong("`days` names no dates", value.span, advice)
    dates = [n for n, f in reader.shapes[shape].fields.items() if f.type == Type("amount", DATE)]
    ends = []
    for end in ("from", "to"):
        name = value.get(end)
        if isinstance(name, Text) and name.text in dates:
            ends.append(name.text)
        else:
            said = name.text if isinstance(name, Text) else ""
            reader.unknown(said, f"`{end}` of `days` is no date of a {shape}:", dates, value.span)
    if len(ends) < 2:
        return None
    rest = Map(tuple(entry for entry in value.entries if entry[0].text not in ("from", "to")), value.span)
    comparing = Comparing(reader.lexicon, reader.groups, reader.problems)
    return comparing.one(Days(ends[0], ends[1]), Type("amount", "duration"), rest, span)


def forbids(reader: Conditions, value: Node, span: Span) -> Condition | None:
    """`forbids: {activities: re-export, destinations: PK}`, asked of a paper or an undertaking."""
    found = settings(reader, value, "`forbids`", (), tuple(BARRED))
    terms: dict[str, Terms | None] = dict.fromkeys(BARRED)
    for name, node in found.items():
        if name not in BARRED:
            return None
        comparing = Comparing(reader.lexicon, reader.groups, reader.problems)
        within = comparing.all_of(Type("tree", BARRED[name]), node)
        if within is None:
            advice = "write its terms, or `{in: GROUP}`"
            return reader.wrong(f"`{name}` of `forbids` is not a list of terms", node.span, advice)
        terms[name] = Terms(reader.lexicon.trees[BARRED[name]], within)
    if not found:
        return reader.wrong("`forbids` says nothing", value.span, f"it has {', '.join(BARRED)}")
    return Is(Forbids(**terms), IS_YES, "forbidden", span)


def settings(
    reader: Conditions, value: Node, what: str, needed: tuple[str, ...], others: tuple[str, ...]
) -> dict[str, Node]:
    """The settings of a question by name; those that are missing or not known are told."""
    if not isinstance(value, Map):
        reader.wrong(f"{what} has no settings", value.span, f"it has {', '.join((*needed, *others))}")
        return {}
    for key, _ in value:
        if key.text not in (*needed, *others):
            reader.unknown(key.text, f"{what} has no", (*needed, *others), key.span)
    for name in needed:
        if value.get(name) is None:
            reader.wrong(f"{what} lacks `{name}`", value.span, f"add `{name}:`")
    return {key.text: node for key, node in value}


def _share_of(reader: Conditions, node: Node | None) -> Fraction | None:
    found = quantity(node, "share", reader.problems) if isinstance(node, Text) else None
    return found.low if isinstance(found, Amounts) else None
