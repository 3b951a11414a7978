"""Scenarios for policies, as strategies of hypothesis: the neutral one, or one that the solver made to order,
and a few moves from there.

A draw is one number for where it starts and one for each move, so that it is quick to make and shrinks to few
moves from the neutral scenario.  Moves after which a scenario would contradict itself are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Literal, TypeVar, get_args

from hypothesis import strategies as st

from redline.engine.reference import name
from redline.engine.run import Bench
from redline.rules.frozen import dataclass
from redline.testing.apply import DOUBTS, applied, doubted
from redline.testing.draft import Draft, consistent
from redline.testing.loading import Policies, bench_of
from redline.testing.menu import Menu, Place
from redline.testing.moves import NEUTRAL
from redline.testing.pool import Pool
from redline.testing.written import Mapped

T = TypeVar("T")
Target = Literal["any", "rule", "boundary", "gap", "conflict"]
MOST = 5
"""How many moves a draw makes at most."""
_WIDEST = 512
_SOON = 40
"""Up to so many starts are made before the first draw: what a draw waits for counts against its health."""
_GAPS = 8
_Start = Callable[[], "Mapped | None"]


class NothingToDraw(ValueError):
    """The policies have nothing of what is aimed at: no such rule, no possible conflict, no gap."""


def scenarios_for(
    policies: Policies, target: Target = "any", rule: str | None = None, unknowns: float = 0.0
) -> st.SearchStrategy[Draft]:
    """Scenarios that the policies can tell apart, each consistent, as `Draft`s.

    `target` is what they aim at:

    * `any`: half of them start from a neutral scenario, half from one in which some rule speaks;
    * `rule`: each starts from one in which a rule speaks (`rule` names which, by its id or `policy/id`);
    * `boundary`: each has a date or an amount at a bound that a rule draws, or right beside it;
    * `gap`: each is one of which no rule says anything;
    * `conflict`: each starts from one that one stater both permits and forbids.

    `unknowns` is the share of what is drawn that is left in doubt (not known, one of two, alleged, an open
    list), from 0 to 1.

    Raises Refused where a policy cannot be used; ValueError for another target or share; NothingToDraw, when
    it is first drawn from, where nothing can be aimed at.
    """
    if target not in get_args(Target):
        raise ValueError(f"there is no target {target!r}: it is one of {', '.join(get_args(Target))}")
    if not 0 <= unknowns <= 1:
        raise ValueError(f"`unknowns` is a share from 0 to 1, not {unknowns}")
    bench = bench_of(policies)
    doubt = round(unknowns * 100)
    soon = not isinstance(policies, Draft)  # of policies that are drawn there are many, each drawn from once
    named = None if rule is None else frozenset({rule})
    return st.deferred(lambda: _strategy(_workshop(bench), target, named, doubt, soon=soon))


def about(bench: Bench, rules: Collection[str], unknowns: float) -> st.SearchStrategy[Draft]:
    """Scenarios each of which starts from one in which one of these rules (by their full names) speaks."""
    named = frozenset(rules)
    return st.deferred(lambda: _strategy(_workshop(bench), "rule", named, round(unknowns * 100), soon=True))


@dataclass(frozen=True)
class Workshop:
    """What scenarios for one set of policies are made with."""

    bench: Bench
    menu: Menu
    pool: Pool


def workshop(policies: Policies) -> Workshop:
    """What scenarios for the policies are made with; the same for the same policies."""
    return _workshop(bench_of(policies))


_KEPT: dict[tuple[object, ...], Workshop] = {}


def _workshop(bench: Bench) -> Workshop:
    key = (*(p.digest for p in bench.policies), bench.options.include_author, bench.options.as_if_in_force)
    if key not in _KEPT:
        if len(_KEPT) > 15:
            del _KEPT[next(iter(_KEPT))]
        _KEPT[key] = Workshop(bench, Menu(bench), Pool(bench))
    return _KEPT[key]


def _strategy(
    shop: Workshop, target: Target, rules: frozenset[str] | None, doubt: int, *, soon: bool
) -> st.SearchStrategy[Draft]:
    starts = _starts(shop, target, rules, soon=soon)
    first = shop.menu.edges if target == "boundary" else ()
    if target == "boundary" and not first:
        raise NothingToDraw("no rule compares a date or an amount, or has dates")
    most = {"gap": 3, "conflict": 1}.get(target, MOST)
    neutral = len(starts) if target in ("any", "boundary") else 0
    moves = _moves(shop.menu.places, doubt)
    forced = _moves(first, 0) if first else st.none()
    maker = _Maker(shop, starts, max(neutral, target in ("any", "boundary")), first, doubt, target == "gap")
    return st.tuples(st.integers(0, maker.ways - 1), forced, st.lists(moves, max_size=most)).map(maker.made)


def _moves(places: Sequence[Place], doubt: int) -> st.SearchStrategy[int]:
    """A number that says which place, which move there and, so often, which doubt."""
    count = len(places) * _WIDEST
    return st.integers(0, count * 100 - 1) if doubt else st.integers(0, count - 1)


@dataclass(frozen=True)
class _Maker:
    """Makes a draft of the numbers that were drawn."""

    shop: Workshop
    starts: Sequence[_Start]
    neutral: int
    first: Sequence[Place]
    doubt: int
    quiet: bool = False
    """Whether moves after which a rule says something are left out."""

    def __repr__(self) -> str:
        return "<what makes scenarios>"  # hypothesis shows it, and everything in it would fill pages

    @property
    def ways(self) -> int:
        """How many numbers say where a draw starts; the lowest say: from the neutral scenario."""
        return self.neutral + len(self.starts)

    def made(self, drawn: tuple[int, int | None, list[int]]) -> Draft:
        """The scenario with all the moves that do not contradict it; the one forced comes last, so that
        nothing undoes it."""
        start, forced, codes = drawn
        base = NEUTRAL if start < self.neutral else self.starts[start - self.neutral]() or NEUTRAL
        lexicon = self.shop.bench.library.lexicon
        while True:
            made = base
            for code in codes:
                further = self._moved(made, code, self.shop.menu.places)
                if not self.quiet or further is made or self.shop.pool.quiet(further):
                    made = further
            if forced is not None:
                made = self._moved(made, forced, self.first)
            read = consistent(made, lexicon)
            if read is not None:
                return Draft(made, read)
            if codes:
                codes = codes[:-1]
            elif base is not NEUTRAL:
                base = NEUTRAL
            else:
                forced = None

    def _moved(self, scenario: Mapped, code: int, places: Sequence[Place]) -> Mapped:
        way, rest = divmod(code, len(places) * _WIDEST)
        place, number = divmod(rest, _WIDEST)
        moves = places[place]
        move = moves[number * len(moves) // _WIDEST if len(moves) > _WIDEST else number % len(moves)]
        if way < 100 - self.doubt or not self.doubt:
            return applied(scenario, move)
        return doubted(scenario, move, (code ^ (code >> 7)) % DOUBTS)


def _starts(shop: Workshop, target: Target, rules: frozenset[str] | None, *, soon: bool) -> Sequence[_Start]:
    """Where draws of the target start, those without a scenario left out if it is soon known which."""
    pool = shop.pool
    chosen = [i for i, each in pool.rules.items() if rules is None or rules & {each.id, name(each)}]
    if not chosen:
        raise NothingToDraw(
            f"there is no rule `{', '.join(sorted(rules))}`" if rules else "there is no rule that runs"
        )
    match target:
        case "conflict":
            pairs = [pair for pair in pool.pairs if rules is None or {*pair} & {*chosen}]
            starts = [_start(pool.conflicting, pair) for pair in pairs]
            nothing = "no permission can hold where a rule of its stater crosses that it does not name"
        case "gap":
            some = chosen[:: max(1, len(chosen) // _GAPS)][:_GAPS]
            starts = [_start(pool.silent, index) for index in some]
            nothing = "there is no scenario of which no rule says anything"
        case _:
            starts = [_start(pool.speaking, index) for index in chosen]
            nothing = "no scenario was found in which the rule speaks"
    if (soon and len(starts) <= _SOON) or target in ("gap", "conflict"):
        starts = [start for start in starts if start() is not None]
    if not starts and (target not in ("any", "boundary") or rules is not None):
        raise NothingToDraw(nothing)
    return starts


def _start(made: Callable[[T], Mapped | None], of: T) -> _Start:
    return lambda: made(of)
