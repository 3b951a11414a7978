"""Derivation against enumerators that share no code with it: every path, every lot, every round of owners."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from redline.engine.content import content_rows, item_row
from redline.engine.holdings import holdings
from redline.engine.ownership import owned
from redline.engine.records import Asked
from redline.engine.steps import steps_of
from redline.engine.upstream import upstream
from redline.rules.condition import Owned, Share
from tests.build import MORE, case, country, is_, item, party, scenario, seen, transfer, yes

TENTHS = [Fraction(n, 10) for n in range(1, 7)]
NAMES = ("a", "b", "c", "d", "e", "f")
many = settings(max_examples=max(300, settings().max_examples))
"""With fewer, quick runs let faults pass that are rarely met: see `make mutants`."""


# --- content and shares ------------------------------------------------------------------------


@dataclass(frozen=True)
class Graph:
    """Items in which later ones are contained, each with its share of the value."""

    shares: dict[str, dict[str, Fraction]]
    made_with: dict[str, list[str]]
    form: dict[str, str]
    american: frozenset[str]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Graphs with branches and merges, up to five deep, parts never over the whole."""
    shares: dict[str, dict[str, Fraction]] = {}
    tools: dict[str, list[str]] = {}
    for number, name in enumerate(NAMES):
        left, here = Fraction(1), {}
        for part in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3)):
            share = draw(st.sampled_from(TENTHS))
            if NAMES.index(part) > number and share <= left:
                here[part], left = share, left - share
        shares[name] = here
        tools[name] = draw(
            st.lists(st.sampled_from([n for n in NAMES if n != name]), unique=True, max_size=1)
        )
    forms = {name: draw(st.sampled_from(["hardware", "technology", "software"])) for name in NAMES}
    return Graph(shares, tools, forms, frozenset(draw(st.sets(st.sampled_from(NAMES), max_size=3))))


def _items(graph: Graph, *, tools: bool) -> dict[str, dict[str, object]]:
    return {
        name: item(
            contains=[{"item": part, "share": share} for part, share in graph.shares[name].items()],
            made_with=graph.made_with[name] if tools else [],
            form=graph.form[name],
            made_in="US" if name in graph.american else "TR",
        )
        for name in NAMES
    }


def _paths(graph: Graph, name: str) -> list[tuple[str, ...]]:
    """Every way down from the item, itself included."""
    return [(name,), *((name, *path) for part in graph.shares[name] for path in _paths(graph, part))]


def _product(graph: Graph, path: tuple[str, ...]) -> Fraction:
    share = Fraction(1)
    for whole, part in pairwise(path):
        share *= graph.shares[whole][part]
    return share


@many
@given(graphs())
def test_the_parts_of_an_item_are_all_that_some_path_leads_to_with_the_sum_of_their_shares(
    graph: Graph,
) -> None:
    """By every path, one by one."""
    rows = content_rows(case(scenario(items=_items(graph, tools=False))), "a")
    found = {row.name: (seen(row, "share"), seen(row, "depth"), yes(row.present)) for row in rows.rows}
    expected: dict[str, tuple[Fraction, int]] = {}
    for path in _paths(graph, "a"):
        share, depth = expected.get(path[-1], (Fraction(0), 99))
        expected[path[-1]] = (share + _product(graph, path), min(depth, len(path) - 1))
    assert found == {name: (share, depth, "yes") for name, (share, depth) in expected.items()}
    assert yes(rows.closed) == "yes"


@many
@given(graphs())
def test_what_an_item_was_made_with_is_all_that_a_walk_over_parts_and_tools_meets(graph: Graph) -> None:
    """Each walk remembers the forms of the first tool and all tools on its way: one way, or either."""
    expected: set[tuple[str, object]] = set()
    seen_at: set[tuple[str, object, frozenset[str]]] = set()

    def way(name: str) -> str:
        return "made-with-plant" if graph.form[name] == "hardware" else "made-with-technology"

    def walk(name: str, via: str, so_far: frozenset[str], tools: frozenset[str]) -> None:
        # `so_far` are the ways of the tools; a part of one adds its own, but not to its parts' ways
        ways = so_far | tools
        shown: object = via if not ways else (min(ways) if len(ways) == 1 else tuple(sorted(ways)))
        if (name, shown, so_far) in seen_at:
            return
        seen_at.add((name, shown, so_far))
        expected.add((name, shown))
        for part in graph.shares[name]:
            walk(part, "contained", so_far, frozenset({way(part)}) if so_far else frozenset())
        for tool in graph.made_with[name]:
            walk(tool, "", ways | {way(tool)}, frozenset())

    walk("a", "itself", frozenset(), frozenset())
    rows = content_rows(case(scenario(items=_items(graph, tools=True))), "a")
    assert {(row.name, seen(row, "via")) for row in rows.rows} == expected


@many
@given(graphs())
def test_a_share_counts_each_part_that_meets_the_condition_once_with_all_inside_it(graph: Graph) -> None:
    """By every path down to the first that meets it, which may be the item itself."""
    query = Share(is_("part", "made_in", "US"))
    row = item_row(case(scenario(items=_items(graph, tools=False)), Asked(shares=(query,))), "a")
    total = Fraction(0)
    for path in _paths(graph, "a"):
        if path[-1] in graph.american and not any(step in graph.american for step in path[:-1]):
            total += _product(graph, path)
    expected = (total, total)
    assert _ends(row.cells[query].value) == expected


@many
@given(graphs(), st.sets(st.sampled_from(NAMES)), st.data())
def test_a_share_that_is_not_given_lies_within_the_bounds(
    graph: Graph, hidden: set[str], data: st.DataObject
) -> None:
    """Shares of some items are not told: what was drawn is one of the possibilities."""
    told = _items(graph, tools=False)
    for name in hidden:
        told[name] = {**told[name], "contains": list(graph.shares[name])}
        if data.draw(st.booleans()):
            told[name] = {**told[name], "contains": [*graph.shares[name], MORE]}
    query = Share(is_("part", "made_in", "US"))
    true = item_row(case(scenario(items=_items(graph, tools=False)), Asked(shares=(query,))), "a")
    bounds = item_row(case(scenario(items=told), Asked(shares=(query,))), "a")
    low, high = _ends(bounds.cells[query].value)
    true_low, true_high = _ends(true.cells[query].value)
    assert low <= true_low
    assert true_high <= high
    for known, bounded in zip(true.lists["content"].rows, bounds.lists["content"].rows, strict=False):
        assert known.name == bounded.name
        assert _ends(bounded.cells["share"].value)[0] <= _ends(known.cells["share"].value)[0]
        assert _ends(known.cells["share"].value)[1] <= _ends(bounded.cells["share"].value)[1]


def _ends(value: object) -> tuple[Fraction, Fraction]:
    low, high = value.low, value.high  # type: ignore[attr-defined]
    assert isinstance(low, Fraction)
    assert isinstance(high, Fraction)
    return low, high


# --- ownership ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ownership:
    """Who owns how much of whom, circles and oneself included; and who is sought."""

    shares: dict[str, dict[str, Fraction]]
    russian: frozenset[str]


@st.composite
def ownerships(draw: st.DrawFn) -> Ownership:
    """Up to six parties, each owned to 100 % at most."""
    shares = {}
    for name in NAMES:
        left, here = Fraction(1), {}
        least = draw(st.sampled_from([0, 1, 2]))
        for owner in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=least, max_size=3)):
            share = draw(st.sampled_from([*TENTHS, Fraction(1)]))
            if share <= left:
                here[owner], left = share, left - share
        shares[name] = here
    sought = draw(st.sampled_from([0, 1, 1, 2, 3]))
    return Ownership(
        shares, frozenset(draw(st.sets(st.sampled_from(NAMES), min_size=sought, max_size=sought)))
    )


def _parties(who: Ownership) -> dict[str, dict[str, object]]:
    return {
        name: party(
            country="RU" if name in who.russian else "CY",
            owners=[{"party": owner, "share": share} for owner, share in who.shares[name].items()],
        )
        for name in NAMES
    }


def _asked(who: dict[str, dict[str, object]], limit: Fraction, mode: str) -> str:
    query = Owned(country("RU"), limit, mode)
    what = case(scenario(parties=who), Asked(owned=(query,)))
    return yes(owned(what, query, "a", what.today))


def _whole(who: Ownership, limit: Fraction) -> bool:
    """Who holds enough passes on all: the sought, then all whom they own, until nothing is added."""
    inside = set(who.russian)
    while True:
        held = {
            n
            for n in NAMES
            if sum((s for o, s in who.shares[n].items() if o in inside), Fraction(0)) >= limit
        }
        if held <= inside:
            return sum((s for o, s in who.shares["a"].items() if o in inside), Fraction(0)) >= limit
        inside |= held


def _multiplied(who: Ownership) -> float:
    """The sum over all chains from the party to the first who is sought, by powers of the matrix."""
    reaching = {"a": 1.0}
    total = 0.0
    for _ in range(3000):
        after: dict[str, float] = {}
        for name, weight in reaching.items():
            for owner, share in who.shares[name].items():
                if owner in who.russian:
                    total += weight * float(share)
                else:
                    after[owner] = after.get(owner, 0.0) + weight * float(share)
        reaching = after
    return total


def _any(who: Ownership) -> bool:
    todo, done = ["a"], set()
    while todo:
        for owner in who.shares[todo.pop()]:
            if owner in who.russian:
                return True
            if owner not in done:
                done.add(owner)
                todo.append(owner)
    return False


@many
@given(ownerships(), st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(51, 100)]))
def test_who_holds_enough_passes_on_all_that_it_owns(who: Ownership, limit: Fraction) -> None:
    """Against repeated expansion."""
    assert _asked(_parties(who), limit, "whole") == ("yes" if _whole(who, limit) else "no")


@many
@given(ownerships(), st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(51, 100)]))
def test_shares_along_chains_are_multiplied_and_added(who: Ownership, limit: Fraction) -> None:
    """Against powers of the matrix of shares; right on the limit a circle may leave it open."""
    total, found = _multiplied(who), _asked(_parties(who), limit, "multiplied")
    if abs(total - float(limit)) > 1e-9:
        assert found == ("yes" if total >= limit else "no")
    else:
        assert found in ("yes", "?")


@many
@given(ownerships())
def test_any_holding_counts_through_any_chain(who: Ownership) -> None:
    """Against a search."""
    assert _asked(_parties(who), Fraction(1), "any") == ("yes" if _any(who) else "no")


@many
@given(
    ownerships(),
    st.sampled_from([Fraction(1, 4), Fraction(1, 2)]),
    st.sampled_from(["whole", "multiplied", "any"]),
    st.data(),
)
def test_what_is_not_told_of_owners_never_turns_the_answer(
    who: Ownership, limit: Fraction, mode: str, data: st.DataObject
) -> None:
    """Shares, owners and countries are left out: the answer is the true one, or it is not known."""
    told = _parties(who)
    for name in data.draw(st.sets(st.sampled_from(NAMES), min_size=1)):
        kept = list(who.shares[name].items())
        cut = data.draw(st.integers(0, len(kept)))
        blind = data.draw(st.booleans())
        owners: list[object] = [
            {"party": owner} if blind else {"party": owner, "share": share} for owner, share in kept[:cut]
        ]
        told[name] = {**told[name], "owners": owners if cut == len(kept) else [*owners, MORE]}
        if data.draw(st.booleans()):
            del told[name]["country"]
    true = _asked(_parties(who), limit, mode)
    assert _asked(told, limit, mode) in (true, "?")


@many
@given(ownerships())
def test_circles_of_owners_end_and_the_holdings_are_those_given(who: Ownership) -> None:
    """However they are tied together."""
    what = case(scenario(parties=_parties(who)))
    for name in NAMES:
        assert len(holdings(what, name, what.today).known) == len(who.shares[name])


# --- custody -----------------------------------------------------------------------------------

HOLDERS = ("a", "b", "c")
THINGS = ("part", "unit", "whole", "plans")
"""A part of the whole; a part of which there is exactly one; the whole; plans that it was made with."""
INSIDE = {"whole": ("part", "unit", "plans")}


@dataclass(frozen=True)
class Move:
    """One step: an item sent, or built into the whole (`to` is None) by its holder."""

    thing: str
    sender: str
    to: str | None


@dataclass(frozen=True)
class Lot:
    """One thing with one holder, and the steps that it went through; `own` tells that it was never sent."""

    thing: str
    holder: str
    past: frozenset[int]
    built: frozenset[str] | None
    """What was built into it, of a lot that was never sent; None: all of it is in its past."""


def _valid(moves: list[Move]) -> list[Move]:
    """The moves whose sender can hold the thing, whatever was sent before."""
    kept: list[Move] = []
    for move in moves:
        worlds = _worlds([*kept, move])
        if worlds:
            kept.append(move)
    return kept


def _worlds(moves: list[Move]) -> list[dict[int, frozenset[int]]]:
    """What lies behind each step in every world: every choice of the lot that is sent and of those inside it.
    None where in some world a sender has nothing to send, or a part of the whole is elsewhere."""
    states: list[tuple[frozenset[Lot], frozenset[str], dict[int, frozenset[int]]]] = [
        (frozenset(), frozenset(), {})
    ]
    for number, move in enumerate(moves):
        after = []
        for lots, begun, pasts in states:
            here = set(lots)
            if move.thing not in begun:
                here.add(Lot(move.thing, move.sender, frozenset(), frozenset()))
            own = [lot for lot in here if (lot.thing, lot.holder) == (move.thing, move.sender)]
            if not own:
                return []
            if move.thing not in begun:
                out = _taken_out(moves[:number], move, here)
                own = out if out and move.thing == "unit" else [*own, *out]
            for lot in own:
                options = _with_parts(lot, here, begun)
                if options is None:
                    return []
                for past in options:
                    seen_now = past | {number}
                    left = {x for x in here if not (move.thing == "unit" and x.thing == "unit")}
                    started = begun | {move.thing}
                    if move.to is not None:
                        new = {*left, Lot(move.thing, move.to, seen_now, None)}
                    else:
                        new, started = _built(left, move, seen_now), started | {"whole"}
                    after.append((frozenset(new), started, {**pasts, number: past}))
        states = list(
            {(lots, begun, tuple(p.items())): (lots, begun, p) for lots, begun, p in after}.values()
        )
        if len(states) > 500:
            return []
    return [pasts for _, _, pasts in states]


def _taken_out(before: list[Move], move: Move, lots: set[Lot]) -> list[Lot]:
    """The thing, never sent by itself, out of each whole that its holder received or sent and got back."""
    if move.thing not in ("part", "unit"):
        return []
    wholes = [lot for lot in lots if (lot.thing, lot.holder) == ("whole", move.sender)]
    sent = [frozenset(n for n in lot.past if before[n].thing == "whole") for lot in wholes]
    return [Lot(move.thing, move.sender, past, None) for past in sent if past]


def _with_parts(lot: Lot, lots: set[Lot], begun: frozenset[str]) -> list[frozenset[int]] | None:
    """The past of a lot, for every choice of the holder's lots of what is inside it."""
    found = [lot.past]
    if lot.built is None:
        return found
    for inner in INSIDE.get(lot.thing, ()):
        if inner in lot.built:
            continue
        theirs = [x for x in lots if (x.thing, x.holder) == (inner, lot.holder)]
        if not theirs and inner in begun:
            return None
        if theirs:
            found = [past | x.past for past in found for x in theirs]
    return found


def _built(lots: set[Lot], move: Move, past: frozenset[int]) -> set[Lot]:
    """The whole, with the thing built in."""
    own = [lot for lot in lots if (lot.thing, lot.holder) == ("whole", move.sender)]
    if not own:
        return {*lots, Lot("whole", move.sender, past, frozenset({move.thing}))}
    new = set(lots)
    for lot in own:
        first = lot.built is not None and move.thing not in lot.built
        if first:
            new.discard(lot)
        settled = None if lot.built is None else lot.built | {move.thing}
        new.add(Lot("whole", move.sender, lot.past | past, settled))
    return new


@st.composite
def journeys(draw: st.DrawFn) -> list[Move]:
    """Steps in the order in which they happen, each by someone who can hold what is sent."""
    holders: dict[str, set[str]] = {}
    moves: list[Move] = []
    for _ in range(draw(st.integers(1, 7))):
        thing = draw(st.sampled_from(THINGS))
        sender = draw(st.sampled_from(sorted(holders.get(thing, HOLDERS))))
        to = draw(st.sampled_from([h for h in HOLDERS if h != sender]))
        if thing in INSIDE["whole"][:2] and draw(st.booleans()):
            moves.append(Move(thing, sender, None))
            holders.setdefault("whole", set()).add(sender)
            holders.setdefault(thing, {sender})
        else:
            moves.append(Move(thing, sender, to))
            holders.setdefault(thing, {sender}).add(to)
        if thing == "unit":
            holders["unit"] = {to} if moves[-1].to else {sender}
    return _valid(moves)


def _told(moves: list[Move], written: list[int], undated: int | None) -> list[dict[str, object]]:
    """The steps as transfers, dated by their order, written in another; one may be left without a date."""
    told = []
    for number in written:
        move, day = moves[number], _day(number)
        days = {} if number == undated else {"contract": day, "delivery": day}
        if move.to is None:
            told.append(transfer("incorporation", [move.thing], by=move.sender, into="whole", **days))
        else:
            told.append(transfer("export", [move.thing], from_=move.sender, to=move.to, **days))
    return told


def _day(number: int) -> str:
    return f"2026-01-{number + 1:02}"


ITEMS = {
    "part": item(form="hardware"),
    "unit": item(form="hardware", quantity=1),
    "plans": item(form="technology"),
    "whole": item(form="hardware", contains=["part", "unit"], made_with=["plans"]),
}


@many
@given(journeys(), st.sampled_from([None, 5]), st.data())
def test_what_lies_behind_a_step_is_what_every_and_what_any_assignment_of_lots_gives(
    moves: list[Move], parts: int | None, data: st.DataObject
) -> None:
    """Against every choice of lots; the transfers are written in any order, their dates tell the true one,
    and that of the scenario the day of one that has none.

    Of how many parts and wholes there are nothing may be said: what is built in, or in a whole that its
    holder has, and then used again may be the same one, taken out, and what its sender sent away before may
    be back; so that everything from then on is certain at most, and possible at least.
    """
    worlds = _worlds(moves)
    if not worlds:
        return
    written = data.draw(st.permutations(range(len(moves))))
    people = {name: party(country="TR") for name in HOLDERS}
    told = {} if parts is None else {"quantity": parts}
    things = ITEMS | {name: {**ITEMS[name], **told} for name in ("part", "whole")}
    undated = data.draw(st.sampled_from([None, *range(len(moves))]))
    today = None if undated is None else _day(undated)
    what = case(scenario(*_told(moves, list(written), undated), parties=people, items=things, as_of=today))
    found = upstream(what)
    assert len(steps_of(what)) == len(moves)
    for place, number in enumerate(written):
        behind = [frozenset(written.index(n) for n in world[number]) for world in worlds]
        sure, possible = frozenset.intersection(*behind), frozenset.union(*behind)
        here, built = found[place], _built_in_before(moves, number)
        assert here.held
        if not _in_doubt(moves[: number + 1], "unit") and (
            parts is not None
            or not (built or any(_in_doubt(moves[: number + 1], x) for x in ("part", "whole")))
        ):
            assert here.past.sure == sure
            assert here.past.possible == possible
        else:
            assert here.past.sure <= sure
            assert here.past.possible >= possible
            if moves[number].thing == "part" and parts is None:
                away = [n for n, move in enumerate(moves[:number]) if _alike(move, moves[number])]
                assert here.past.possible >= {written.index(n) for n in (*built, *away)}


def _alike(one: Move, other: Move) -> bool:
    return one.to is not None and (one.thing, one.sender) == (other.thing, other.sender)


def _in_doubt(moves: list[Move], thing: str) -> bool:
    """Whether the thing is used again after it was sent away by the same, or after the whole was."""
    used = [n for n, move in enumerate(moves) if move.thing == thing]
    again = [n for n, move in enumerate(moves) if used and n > used[0] and move.thing in (thing, "whole")]
    whole = any(move.thing == "whole" for move in moves)
    twice = any(_alike(moves[a], moves[b]) for a in used for b in used if a < b)
    return bool(again) and (whole or twice)


def _built_in_before(moves: list[Move], number: int) -> list[int]:
    """The steps before in which the part was built in, if it was used again since, or is used now."""
    built = [n for n, move in enumerate(moves[:number]) if (move.thing, move.to) == ("part", None)]
    again = [n for n, move in enumerate(moves[: number + 1]) if built and n > built[0]]
    return built if any(moves[n].thing in ("part", "whole") for n in again) else []
