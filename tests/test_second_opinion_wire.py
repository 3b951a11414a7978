"""Whatever happens to the second opinion's child, or to what it is told and says, ends loud and closed."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from redline.engine import rete, rete_process
from redline.engine.rete_process import Child, Failed
from redline.rules.finding import Conclusion
from redline.rules.opinion import Opinion, Status
from tests import lying_proxy
from tests.second_opinion_cases import Batch, batch, needs_durable_rules

LIES = {
    "request altered": "ended with code 1",
    "request altered and signed": "another question",
    "request cut off": "ended with code 1",
    "request repeated": "asked",
    "request without its last case": "as many cases",
    "request without its last case, counted again": "another question",
    "request in another order": "another question",
    "request with another nonce": "another question",
    "request of another version": "not of version",
    "request that is garbage": "not what was sent",
    "request dropped": "there is none",
    "answer altered": "not what was sent",
    "answer with no verdict": "says nothing",
    "answer with a verdict that there is not": "another sort",
    "answer hanging on a comparison that there is not": "another sort",
    "answer undetermined": "another sort",
    "answer cut off": "cut off",
    "answer without its last case": "not those",
    "answer with a case twice": "not those",
    "answer in another order": "not those",
    "answer with keys exchanged": "not those",
    "answer with another nonce": "another question",
    "answer to another request": "another question",
    "answer of another version": "not of version",
    "answer without answers": "not those",
    "answer that is no object": "not of version",
    "answer nested without end": "cannot be used",
    "answer repeated": "more than",
    "answer with more after it": "more than",
    "answer that is garbage": "not what was sent",
    "dies at once": "ended with code 7",
    "closes its output": "there is none",
    "says nothing and ends well": "there is none",
    "child killed": "there is none",
    "ends badly after the answer": "ended with code 9",
}
HANGING = {
    "hangs at once": "within 0.7 s",
    "closes its input": "",
    "talks without end": "",
    "complains without end": "within 0.7 s",
    "hangs after the answer": "within 0.7 s",
}


@cache
def judged() -> tuple[Batch, Conclusion]:
    """What the second opinion agrees with, if nobody lies."""
    made = batch(3, 6, 3)
    return made, made.conclusion()


def opinion_through(
    lie: str, patch: pytest.MonkeyPatch, timeout: float = 60.0, *, made: Batch | None = None
) -> Opinion:
    """The second opinion with a liar at the wire."""
    right = rete_process.command

    def command(key: bytes) -> list[str]:
        return [sys.executable, "-I", str(Path(lying_proxy.__file__)), lie, *right(key)]

    patch.setattr(rete_process, "command", command)
    if made is not None:
        return made.opinion(made.conclusion(), timeout)
    return judged()[0].opinion(judged()[1], timeout)


@needs_durable_rules
def test_a_proxy_that_does_not_lie_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """So what is noticed below is the lie."""
    assert opinion_through("no lie", monkeypatch).status is Status.AGREES


@needs_durable_rules
@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_told(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a failure, with its reason; nothing counts as judged."""
    opinion = opinion_through(lie, monkeypatch)
    assert (opinion.status, opinion.judged) == (Status.FAILED, 0)
    assert LIES[lie] in opinion.reason


@needs_durable_rules
@pytest.mark.parametrize(
    "lie", ["answer altered and signed", "request altered, signed, and its digest put right"]
)
def test_a_liar_who_has_the_key_brings_about_disagreement(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a perfect forgery can only make the two evaluators differ, since ours does not listen."""
    opinion = opinion_through(lie, monkeypatch)
    assert opinion.status is Status.DISAGREES
    assert len(opinion.disagreements) > 3


@needs_durable_rules
def test_an_answer_of_an_earlier_round_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is asked several times, each answer must be to its own request."""
    made = next(found for seed in range(50) if _rounds(found := batch(seed, 6, 3), monkeypatch) > 1)
    opinion = opinion_through("answer to the request before", monkeypatch, made=made)
    assert opinion.status is Status.FAILED
    assert "another question" in opinion.reason


def _rounds(made: Batch, patch: pytest.MonkeyPatch) -> int:
    asked: list[int] = []
    right = Child.ask
    with patch.context() as inner:

        def ask(self: Child, cases: Sequence[dict[str, object]]) -> list[rete_process.Answer]:
            asked.append(len(cases))
            return right(self, cases)

        inner.setattr(Child, "ask", ask)
        made.opinion(made.conclusion())
    return len(asked)


@needs_durable_rules
@pytest.mark.parametrize("lie", HANGING)
def test_a_child_that_hangs_is_killed(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In time, and told."""
    started = time.monotonic()
    opinion = opinion_through(lie, monkeypatch, timeout=0.7)
    assert time.monotonic() - started < 5
    assert (opinion.status, opinion.judged) == (Status.FAILED, 0)
    assert HANGING[lie] in opinion.reason


@needs_durable_rules
def test_no_time_at_all_is_a_failure() -> None:
    """Not an agreement about nothing."""
    made, conclusion = judged()
    assert made.opinion(conclusion, timeout=0.0).status is Status.FAILED


@needs_durable_rules
def test_the_child_is_gone_when_the_opinion_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it ended well, was killed, or the parent was interrupted."""
    children: list[Child] = []
    right = Child.__init__

    def kept(self: Child, timeout: float) -> None:
        right(self, timeout)
        children.append(self)

    monkeypatch.setattr(Child, "__init__", kept)
    made, conclusion = judged()
    made.opinion(conclusion)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Child, "ask", interrupted)
        with pytest.raises(KeyboardInterrupt):
            made.opinion(conclusion)
    opinion_through("hangs at once", monkeypatch, timeout=0.3)
    assert [child._process.poll() is not None for child in children] == [True] * 3  # noqa: SLF001  # is it gone?


def test_a_child_that_cannot_be_started_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told with the reason."""
    monkeypatch.setattr(rete_process, "command", lambda _: ["/there/is/no/such/program"])
    made, conclusion = judged()
    opinion = made.opinion(conclusion)
    assert opinion.status is Status.FAILED
    assert "could not be started" in opinion.reason


def test_without_durable_rules_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says how to get it."""
    monkeypatch.setattr(rete_process, "find_spec", lambda _: None)
    made, conclusion = judged()
    opinion = made.opinion(conclusion)
    assert opinion == Opinion(
        Status.UNAVAILABLE, reason="durable-rules is not installed (extra `second-opinion`)"
    )


_TAKES_ALL = """
create_ruleset = lambda *_: 1
assert_fact = assert_facts = lambda *_: (0, 1)
complete_and_start_action = delete_state = lambda *_: None
"""
ENGINES: dict[str, tuple[str, Status, str]] = {
    "cannot be imported": ("raise ImportError('undefined symbol')", Status.UNAVAILABLE, "undefined symbol"),
    "is broken": ("raise OSError('bad file')", Status.FAILED, "bad file"),
    "takes no rules": ("def create_ruleset(*_): raise Exception('no')", Status.FAILED, "Exception: no"),
    "fires nothing": (
        _TAKES_ALL + "start_action_for_state = lambda *_: None",
        Status.FAILED,
        "did not fire the rule that always fires",
    ),
    "refuses a fact": (
        _TAKES_ALL + "assert_facts = lambda *_: (2, 1)",
        Status.FAILED,
        "with code 2",
    ),
    "fires the first rule alone": (
        _TAKES_ALL + "start_action_for_state = lambda *_: ('', '{\"start\": {}}')",
        Status.FAILED,
        "neither holds nor fails",
    ),
    "crashes": ("import os; create_ruleset = lambda *_: os.abort()", Status.FAILED, "ended with code"),
    "talks on the wire": (
        "print('hello', flush=True)\nraise ImportError('x')",
        Status.FAILED,
        "cannot be used",
    ),
}


@pytest.mark.parametrize("name", ENGINES)
def test_a_durable_rules_that_is_not_in_order_is_told(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whether it cannot be imported, crashes, or infers less than it should."""
    source, status, reason = ENGINES[name]
    (tmp_path / "durable_rules_engine.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(rete_process, "library", lambda: tmp_path)
    made, conclusion = judged()
    opinion = made.opinion(conclusion)
    assert opinion.status is status
    assert reason in opinion.reason


@needs_durable_rules
def test_a_child_asked_nothing_still_answers() -> None:
    """So that a second opinion on nothing is not one that was never asked for."""
    with Child(30) as child:
        assert child.ask([]) == []
        child.finish()


@needs_durable_rules
@pytest.mark.parametrize("broken", [{"kind": 1}, {"parts": "T"}, {"permits": None}, {"parts": ["?"] * 5}])
def test_a_case_that_is_not_well_formed_is_a_failure(broken: dict[str, object]) -> None:
    """The child does not guess."""
    whole: dict[str, object] = {"key": "c0", "kind": "prohibits", "parts": ["T"] * 5, "permits": []}
    with Child(30) as child, pytest.raises(Failed):
        child.ask([whole | broken])


def test_the_opinion_may_be_imported_without_durable_rules() -> None:
    """It is only ever imported in the child."""
    assert callable(rete.second_opinion)
    assert "durable_rules_engine" not in vars(rete_process)
