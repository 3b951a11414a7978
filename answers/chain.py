"""The chain of a scenario: its transfers as data, and drawn as a line of steps.

maker (IT) ──radar──▶ yard (TR) ──radar into corvette──▶ corvette ──▶ navy (PK)
   1 export 2026-03      2 incorporation                    3 export 2028  ✗
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from redline.answers.columns import WIDTH, clipped, width
from redline.answers.say_values import plain, said_name, term_words
from redline.engine.characters import visible
from redline.rules.facts import Entity, Fact, Reference, Scenario
from redline.rules.frozen import dataclass, field
from redline.rules.report import Held, Link
from redline.rules.values import Amounts, Terms
from redline.rules.verdicts import Verdict

MARKS = {Verdict.CROSSES: "✗", Verdict.UNDETERMINED: "?", Verdict.REQUIRES_ASSESSMENT: "!"}
_ASCII = str.maketrans(
    {
        "─": "-",
        "▶": ">",
        "✗": "X",
        "…": "~",
        "╰": "`",
        "✓": "+",
        "·": "-",
        "“": '"',
        "”": '"',
        "\u2013": "-",
        "\u2014": "-",
        "•": "*",
    }
)
_LONGEST = 24
"""Columns of one name in the drawing; sentences have the whole name."""
_UNKNOWN = Held("", "unknown")


def links(scenario: Scenario, verdicts: Mapping[int, Verdict], names: Mapping[str, str]) -> tuple[Link, ...]:
    """The transfers as the chain is drawn; `verdicts` by position of the transfer, `names` by path."""
    return tuple(
        _link(scenario, entity, verdicts.get(i), names) for i, entity in enumerate(scenario.transfers)
    )


def _link(scenario: Scenario, entity: Entity, verdict: Verdict | None, names: Mapping[str, str]) -> Link:
    def party(reference: Reference | None) -> Held | None:
        if reference is None:
            return None
        if reference.country:
            return Held("", "", reference.country)
        held = [_party(scenario, name, names) for name in reference.names]
        return _either(held)

    def item(reference: Reference | None) -> Held | None:
        if reference is None:
            return None
        return _either(
            [Held(visible(name), names.get(f"items.{name}", said_name(name))) for name in reference.names]
        )

    references = entity.references
    listed = entity.lists.get("items")
    items = tuple(
        found
        for e in (listed.elements if listed else ())
        if isinstance(e, Reference) and (found := item(e)) is not None
    )
    stations = entity.lists.get("via")
    via = tuple(
        found
        for e in (stations.elements if stations else ())
        if isinstance(e, Entity) and (found := party(e.references.get("party"))) is not None
    )
    return Link(
        step=visible(entity.id),
        activity=_fact(entity.facts.get("activity")),
        items=items,
        sender=party(references.get("from") or references.get("by")),
        recipient=party(references.get("to")),
        into=item(references.get("into")),
        via=via,
        date=_date(entity),
        verdict=verdict,
    )


def _party(scenario: Scenario, name: str, names: Mapping[str, str]) -> Held:
    entity = scenario.parties.get(name)
    fact = entity.facts.get("country") if entity is not None else None
    code = ""
    if fact is not None and isinstance(fact.value, Terms) and fact.value.within:
        code = " or ".join(sorted(fact.value.within)[:3])
    return Held(visible(name), names.get(f"parties.{name}", said_name(name)), code)


def _either(held: Sequence[Held]) -> Held:
    if len(held) <= 1:
        return held[0] if held else _UNKNOWN
    countries = dict.fromkeys(h.country for h in held)
    return Held(
        " or ".join(h.id for h in held),
        " or ".join(h.called for h in held),
        " or ".join(c for c in countries if c),
    )


def _fact(fact: Fact | None) -> str:
    if fact is None or not isinstance(fact.value, Terms):
        return ""
    one = fact.value.single
    return term_words("activity", one) if one else plain(fact.value)


def _date(entity: Entity) -> str:
    dates = [entity.facts[key] for key in ("contract", "delivery") if key in entity.facts]
    said = [plain(f.value) for f in dates if isinstance(f.value, Amounts) and not f.value.anything]
    return " to ".join(dict.fromkeys(said))


# --- drawing -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """An arrow and where it leads, with what stands below the arrow."""

    over: str
    below: str
    node: str
    link: Link


@dataclass(slots=True)
class _Line:
    """A run of steps, each going on from where the last one led."""

    start: str
    holder: str
    thing: str = ""
    pieces: list[_Piece] = field(default_factory=list)


def draw(
    chain: Sequence[Link], most: int = WIDTH, indent: str = "", *, ascii_only: bool = False
) -> list[str]:
    """The chain as lines of text.  Steps that go on from each other share a line; others begin their own."""
    drawn: list[str] = []
    for line in _lines(chain):
        drawn += list(_drawn(line, most, indent))
    return [plain_ascii(row) for row in drawn] if ascii_only else drawn


def plain_ascii(text: str) -> str:
    """The text for an output that cannot carry more than ASCII."""
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")


def _lines(chain: Iterable[Link]) -> list[_Line]:
    lines: list[_Line] = []
    for link in chain:
        sender = _key(link.sender)
        line = next((one for one in reversed(lines[-1:]) if _goes_on(one, link, sender)), None)
        if line is None:
            line = _Line(_node(link.sender), sender)
            lines.append(line)
        over = "+".join(clipped(item.id or item.called, _LONGEST) for item in link.items)
        if line.thing and line.thing == "+".join(item.id for item in link.items):
            over = ""  # the line stands at the item itself
        if link.via:
            over += f"{' ' if over else ''}via {', '.join(_node(v) for v in link.via)}"
        if link.into is not None:
            over = f"{over} into {clipped(link.into.id or link.into.called, _LONGEST)}"
            node, line.thing = clipped(link.into.id or link.into.called, _LONGEST), link.into.id
        else:
            node, line.thing, line.holder = _node(link.recipient), "", _key(link.recipient) or sender
            if link.recipient is None:
                node = "" if link.sender is not None else "unknown"
        below = " ".join(part for part in (link.step, link.activity, link.date) if part)
        mark = MARKS.get(link.verdict) if link.verdict is not None else None
        line.pieces.append(_Piece(over, f"{below}  {mark}" if mark else below, node, link))
    return lines


def _goes_on(line: _Line, link: Link, sender: str) -> bool:
    return bool(line.holder) and line.holder == sender


def _key(held: Held | None) -> str:
    return "" if held is None else held.id or held.country


def _node(held: Held | None) -> str:
    if held is None:
        return "unknown"
    name = clipped(held.id, _LONGEST) or ("someone" if held.country else "unknown")
    return f"{name} ({clipped(held.country, 16)})" if held.country else name


def _drawn(line: _Line, most: int, indent: str) -> Iterator[str]:
    room = most - width(indent)
    above, below = line.start, ""
    for piece in line.pieces:
        over, under = clipped(piece.over, max(8, room - 40)), clipped(piece.below, max(8, room - 12))
        arrow, start = _placed(above, below, over, under)
        if width(above) + width(arrow) + width(piece.node) + 2 > room or start + width(under) > room:
            yield f"{indent}{above}".rstrip()
            yield f"{indent}{below}".rstrip()
            above, below = "  …", ""
            arrow, start = _placed(above, below, over, under)
        above = f"{above} {arrow} {piece.node}".rstrip()
        below = f"{below}{' ' * (start - width(below))}{under}"
    yield f"{indent}{above}".rstrip()
    yield f"{indent}{below}".rstrip()


def _placed(above: str, below: str, over: str, under: str) -> tuple[str, int]:
    """The arrow, and the column at which what stands below it begins: two blanks at least after what
    is there already, for which the arrow grows where it must."""
    at = width(above) + 1
    start = max(at, width(below) + 2) if below else min(at, 3)
    return _arrow(over, max(0, start - at)), start


def _arrow(over: str, extra: int) -> str:
    return f"──{over}{'─' * extra}──▶" if over else f"──{'─' * extra}▶"
