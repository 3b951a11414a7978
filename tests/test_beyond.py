"""The questions of an engine besides `check`: they say what the command line says, as frozen values."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from redline import Engine, Refused
from redline.analysis.render_ask import list_data
from redline.analysis.render_exposure import exposure_data
from redline.analysis.render_leaks import leaks_data
from redline.analysis.render_sweep import sweep_as_data
from redline.analysis.render_timeline import timeline_as_data
from redline.front.cli import cli
from tests.test_leaks import HEAD
from tests.test_leaks import OPEN as CHANNELS
from tests.test_leaks import POLICY as LINES

SCENARIOS = Path(__file__).parent.parent / "scenarios"
EXPIRED = SCENARIOS / "consent-expired.yaml"
OPEN = SCENARIOS / "undisclosed-end-user.yaml"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The policies that ship."""
    return Engine.load()


def told(*arguments: str) -> object:
    """What the command line gives as data."""
    result = CliRunner().invoke(cli, [*arguments, "--format", "json"], standalone_mode=False)
    return json.loads(result.stdout)


def test_questions_of_python_are_those_of_the_command_line(engine: Engine) -> None:
    """In the same order, settling the same."""
    found = engine.ask(OPEN, settling=True)
    expected = told("ask", str(OPEN), "--list")
    assert isinstance(expected, dict)
    assert found.questions
    assert list_data(found, expected["answer"]) == expected


def test_an_answer_is_taken_in_and_what_is_not_known_is_not_asked_again(engine: Engine) -> None:
    """What cannot be so is refused."""
    first = engine.ask(OPEN).questions[0]
    assert first.path not in [q.path for q in engine.ask(OPEN, not_known=[first.path]).questions]
    with pytest.raises(Refused):
        engine.ask(OPEN, {"parties.nobody.country": "FR"})


def test_a_sweep_of_python_is_that_of_the_command_line(engine: Engine) -> None:
    """Cell by cell."""
    found = engine.sweep(EXPIRED, {"as_of": "2015..2018"})
    assert sweep_as_data(found) == told("whatif", str(EXPIRED), "--vary", "as_of=2015..2018")
    with pytest.raises(Refused):
        engine.sweep(EXPIRED, {"parties.nobody.country": "all"})


def test_a_timeline_of_python_is_that_of_the_command_line(engine: Engine) -> None:
    """By texts or by dates; days in the wrong order, and what is no date, are refused."""
    found = engine.timeline(EXPIRED, "2015-01-01", date(2018, 12, 31))
    assert timeline_as_data(found) == told("whatif", str(EXPIRED), "--timeline", "2015..2018")
    for first, last in (("2018-01-01", "2015-01-01"), ("soon", "2015-01-01")):
        with pytest.raises(Refused) as refused:
            engine.timeline(EXPIRED, first, last)
        assert [p.code for p in refused.value.problems] == ["wrong-date"]


def test_exposure_of_python_is_that_of_the_command_line(engine: Engine) -> None:
    """With the same bounds."""
    found = engine.exposure(OPEN, facts=1)
    assert exposure_data(found, {}) == told("exposure", str(OPEN), "--facts", "1")


def test_leaks_of_python_are_those_of_the_command_line(engine: Engine, tmp_path: Path) -> None:
    """Path by path; a network that is not there is refused."""
    path, lines = tmp_path / "network.yaml", tmp_path / "lines.yaml"
    path.write_text(HEAD + CHANNELS, encoding="utf-8")
    lines.write_text(LINES, encoding="utf-8")
    found = Engine.load([lines]).leaks(path)
    assert found.leaks
    assert leaks_data(found, {}) == told("leaks", str(path), "--policy", str(lines))
    with pytest.raises(Refused):
        engine.leaks(tmp_path / "none.yaml")


def test_what_comes_back_cannot_be_changed(engine: Engine) -> None:
    """All of it are frozen values."""
    for found in (engine.ask(OPEN), engine.timeline(EXPIRED, "2018-01-01", "2018-01-02")):
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            found.verdict = None  # type: ignore[misc, union-attr]
