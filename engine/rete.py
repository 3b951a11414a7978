"""The second opinion: durable_rules, in a child process of its own, judges every case again, and what it
says is compared with every verdict of ours.

What is shared is the plan and the comparison of one value.  The unrolling of lists, the logic, exceptions,
permissions, validity and the step from the parts of a rule to its verdict are done a second time.  What
the plan itself has wrong is not noticed here; tests hold it to the reference interpreter.

A verdict of ours must be what comes out over there: by Kleene logic or, where it is sharper than that, in
every completion that it takes to follow it.  Where we say "undetermined", Kleene logic must not know
better.  Whatever goes wrong ends as `failed` or `unavailable`; what cannot be judged is named; and
`agrees` is said only when every other case was answered, each under its own key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from redline.engine.conclude import Judging
from redline.engine.rete_cases import AS_KNOWN, NotJudged, Planned, Unrolled, World, unrolled
from redline.engine.rete_process import Answer, Child, Failed, Unavailable
from redline.engine.rete_said import Said, everything_said
from redline.engine.rete_split import Search
from redline.engine.rete_wire import JUDGED
from redline.rules.finding import Conclusion
from redline.rules.frozen import dataclass, field
from redline.rules.opinion import Disagreement, Opinion, Status
from redline.rules.policy import Rule
from redline.rules.record import Row, Subject
from redline.rules.verdicts import HARMLESS, Verdict, settle

__all__ = ["TIMEOUT", "Disagreement", "Opinion", "Status", "second_opinion"]

TIMEOUT = 10.0
"""Seconds for all that is done for one scenario, the start of the child included."""
MOST_COMPARISONS = 80_000
"""How many comparisons are made in following verdicts, in all; that is a second or two."""
_BY_ALLEGATION = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})
"""The verdicts that facts which are only alleged may bring about."""
_HOLDING = {"holds": Verdict.CROSSES, "fails": Verdict.NOT_CROSSED}
"""A permission or red flag holds where a prohibition of the same condition would be crossed."""


class Asked(NamedTuple):
    """A question to the child: what we said, the record it is about, and in which world."""

    said: Said
    row: Row
    world: World


class Reply(NamedTuple):
    """The child's answer to it."""

    case: Unrolled
    answer: Answer

    @property
    def verdicts(self) -> frozenset[Verdict]:
        """The verdicts that are possible; of a permission or red flag, those of such a prohibition."""
        return frozenset(_HOLDING.get(word) or Verdict(word) for word in self.answer.verdicts)


def second_opinion(
    judging: Judging,
    subjects: Sequence[Subject],
    supported: Sequence[Subject],
    conclusion: Conclusion,
    wanted: Callable[[Rule], bool] = lambda _: True,
    timeout: float = TIMEOUT,
) -> Opinion:
    """The second opinion on a conclusion that `conclude` drew from the same arguments."""
    comparing = _Comparing(Planned(judging.plan))
    try:
        with Child(timeout) as child:
            comparing.compare(child, everything_said(judging, subjects, supported, conclusion, wanted))
            child.finish()
    except Unavailable as why:
        return Opinion(Status.UNAVAILABLE, reason=str(why))
    except Failed as why:
        return Opinion(Status.FAILED, reason=str(why), disagreements=tuple(comparing.disagreements))
    return comparing.opinion()


@dataclass(slots=True)
class _Comparing:
    """A comparison under way."""

    planned: Planned
    disagreements: list[Disagreement] = field(default_factory=list)
    not_judged: dict[tuple[str, str], None] = field(default_factory=dict)
    agreed: int = 0
    disputed: int = 0
    left: int = 0

    def compare(self, child: Child, everything: Iterable[Said | Disagreement]) -> None:
        """Ask of all that we said, and follow the verdicts that do not come out at once."""
        said: list[Said] = []
        for each in everything:
            if isinstance(each, Disagreement):
                self.disagreements.append(each)
            else:
                said.append(each)
        replies = self._ask(child, [Asked(each, row, AS_KNOWN) for each in said for row in each.rows])
        following: list[tuple[Said, list[tuple[Row, Search]]]] = []
        at = iter(replies)
        for each in said:
            found = [next(at) for _ in each.rows]
            try:
                searches = self._look(each, [_judged(reply) for reply in found])
            except NotJudged as why:
                self._leave(each, why)
            else:
                if searches:
                    following.append((each, searches))
        self._follow(child, following)
        if self.agreed + self.disputed + self.left != len(said):
            raise Failed("not everything that was said was compared")

    def opinion(self) -> Opinion:
        """What it came to."""
        judged = self.agreed + self.disputed
        status, reason = (Status.DISAGREES if self.disagreements else Status.AGREES), ""
        if self.left and not judged:
            status, reason = Status.FAILED, "nothing could be judged"
        return Opinion(status, judged, tuple(self.not_judged), tuple(self.disagreements), reason)

    def _ask(self, child: Child, asked: Sequence[Asked]) -> list[Reply | NotJudged]:
        """A reply to each question, in order."""
        cases: list[Unrolled | NotJudged] = []
        for said, row, world in asked:
            try:
                cases.append(unrolled(self.planned, said.index, row, said.readings, world))
            except NotJudged as why:
                cases.append(why)
        sent = {f"c{i}": case for i, case in enumerate(cases) if isinstance(case, Unrolled)}
        answers = iter(child.ask([case.message(key) for key, case in sent.items()]))
        return [
            Reply(case, _meant(case, next(answers))) if isinstance(case, Unrolled) else case for case in cases
        ]

    def _look(self, said: Said, replies: Sequence[Reply]) -> list[tuple[Row, Search]]:
        """Compare what Kleene logic says; the searches of which one must succeed, if that does not do."""
        stated, backed = replies[0].verdicts, replies[-1].verdicts
        by_allegation = settle(stated) in _BY_ALLEGATION
        theirs = settle(stated if by_allegation else backed)
        if said.subject.phantom and theirs in _BY_ALLEGATION:
            theirs = Verdict.UNDETERMINED
        ours = said.verdict
        if ours is theirs or (ours is None and theirs in HARMLESS):
            self._conclude(said, None)
            return []
        if ours is Verdict.UNDETERMINED or (by_allegation and ours is not settle(stated)):
            self._conclude(said, stated if by_allegation else backed)
            return []
        searches = []
        rows = said.rows if ours in _BY_ALLEGATION else said.rows[-1:]
        for row, reply in zip(rows, replies[-len(rows) :], strict=True):
            search = Search(ours, [])
            _learn(search, AS_KNOWN, reply)
            searches.append((row, search))
        return searches

    def _follow(self, child: Child, following: Sequence[tuple[Said, list[tuple[Row, Search]]]]) -> None:
        """Ask of the worlds that the searches wait for, until there are none."""
        open_ = list(following)
        compared = 0
        while open_:
            taken = [
                (said, row, search, search.take()) for said, searches in open_ for row, search in searches
            ]
            asked = [Asked(said, row, world) for said, row, _, worlds in taken for world in worlds]
            if compared > MOST_COMPARISONS:
                for said, _ in open_:
                    self._leave(said, NotJudged("to follow all verdicts would take too many completions"))
                return
            answered = self._ask(child, asked) if asked else []
            compared += sum(len(reply.case.comparisons) for reply in answered if isinstance(reply, Reply))
            replies = iter(answered)
            given_up: dict[int, NotJudged] = {}
            for said, _, search, worlds in taken:
                for world in worlds:
                    reply = next(replies)
                    try:
                        _learn(search, world, _judged(reply))
                    except NotJudged as why:
                        given_up[id(said)] = why
            open_ = [each for each in open_ if not self._ended(*each, given_up.get(id(each[0])))]

    def _ended(self, said: Said, searches: Sequence[tuple[Row, Search]], why: NotJudged | None) -> bool:
        done = [search for _, search in searches if not search.waiting]
        if any(search.against is None for search in done):
            self._conclude(said, None)
        elif why is not None:
            self._leave(said, why)
        elif len(done) == len(searches):
            self._conclude(said, done[-1].against)
        else:
            return False
        return True

    def _conclude(self, said: Said, against: frozenset[Verdict] | None) -> None:
        if against is None:
            self.agreed += 1
        else:
            self.disputed += 1
            self.disagreements.append(said.against(against))

    def _leave(self, said: Said, why: NotJudged) -> None:
        self.left += 1
        self.not_judged.setdefault((said.rule, str(why)))


def _judged(reply: Reply | NotJudged) -> Reply:
    if isinstance(reply, NotJudged):
        raise reply
    return reply


def _meant(case: Unrolled, answer: Answer) -> Answer:
    """The answer, if it is one that there can be to the case."""
    words = (
        {"holds", "fails"}
        if case.kind not in JUDGED
        else {verdict.value for verdict in Verdict if verdict is not Verdict.UNDETERMINED}
    )
    if not answer.verdicts <= words or any(not 0 <= n < len(case.comparisons) for n in answer.undecided):
        raise Failed("its answers are of another sort than was asked for")
    return answer


def _learn(search: Search, world: World, reply: Reply) -> None:
    compared = reply.case.comparisons
    search.learn(world, reply.verdicts, [compared[n] for n in reply.answer.undecided], compared)
