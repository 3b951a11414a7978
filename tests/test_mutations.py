"""Valid files spoiled at random: whatever comes of it, a command ends soon, with an answer or a refusal.

Bytes are flipped; lines deleted, doubled, swapped and moved in; words swapped, taken from other files, and
replaced by what programs stumble over.  300 in the quick suite, 10,000 under `make laws`.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType

import pytest
from hypothesis import settings

from redline.engine.assume import assume
from redline.engine.check_scenario import check_scenario
from redline.engine.load import load, scenario_id, shipped
from redline.engine.read import edition, read_path
from redline.engine.scenarios import scenario_from
from redline.front.cli import run
from redline.rules.problems import errors
from redline.testing import author as generate_policies
from redline.testing.dice import Seeded, chance, pick
from redline.testing.written import text
from tests.laws import generate

pytestmark = pytest.mark.law

PARTS = 10
EACH = (10_000 if settings().max_examples > 1_000 else 300) // PARTS
SECONDS = 30
"""How long a command may take, on a busy machine too: a second is usual."""
HERE = Path(__file__).resolve().parent
NASTY = (
    b"unknown",
    b"none",
    b"more",
    b"~remove",
    b"NO",
    b"no",
    b"null",
    b"~",
    b"1:30",
    b"0x10",
    b"-1",
    b"1e400",
    b"0",
    b"1/0",
    b"%",
    b"1000%",
    b"99999999999999999999999999 EUR",
    b"2026-02-30",
    b"9999-12-31",
    b"0001-01-01",
    b"{}",
    b"[]",
    b'""',
    b"[[]]",
    b"{known: [], more: none}",
    b"{one_of: []}",
    b"{not: unknown}",
    b"{value: unknown, grade: alleged}",
    b"{at_least: 1 km, at_most: 1 EUR}",
    b"{from: 2030, to: 2020}",
    b"maker",
    b"PK",
    b"PK-SD",
    b"ML10",
    b"us_ccl",
    b"usml:none",
    b"every",
    b"some content",
    b"not",
    b"unless",
    b"unstated",
    b"&a",
    b"*a",
    b"!x",
    b"<<",
    b"? ",
    b"|",
    b">-",
    b"---\n",
    b"...\n",
    b"#",
    b"'",
    b'"',
    b"\t",
    b"\r",
    b"\x00",
    b"\xff",
    b"\xe2\x80\xae",
    b"\xc2\x85",
    b"\xf0\x9f\x98\x80",
)
VALUE = re.compile(rb"([\w-]+): +([^\s,{}\[\]#|>][^\n,{}\[\]#]*|\[[^\n\[\]]*\])")
TOKEN = re.compile(rb"[\w.%~*&!<>|-]+|[{}\[\],:\"']")


@dataclass(frozen=True)
class Pair:
    """A scenario and a policy that judges it, valid both."""

    scenario: bytes
    policy: bytes


@cache
def _files() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The scenarios and the policies that ship or are kept with the tests."""
    scenarios = [path.read_bytes() for path in shipped("scenarios")]
    policies = [
        path.read_bytes() for path in (*shipped("policies"), *sorted((HERE / "regimes").glob("row*.yaml")))
    ]
    return tuple(scenarios), tuple(policies)


def _pair(dice: Seeded) -> Pair:
    """Mostly generated, so that policies are small; now and then what ships."""
    scenarios, policies = _files()
    if chance(dice, 70):
        written = generate.scenario(dice), generate_policies.policy(dice)
        return Pair(*(text(each).encode() for each in written))
    scenario = (
        pick(dice, scenarios)
        if chance(dice, 60)
        else text(generate.scenario(dice, generate.FOREIGN)).encode()
    )
    return Pair(scenario, pick(dice, policies))


def spoiled(dice: Seeded, data: bytes, other: bytes) -> bytes:
    """The text with a few things changed; `other` lends lines and words."""
    for _ in range(pick(dice, (1, 1, 1, 2, 3))):
        data = _spoil(dice, data, other)
    return data


def _spoil(dice: Seeded, data: bytes, other: bytes) -> bytes:
    lines = data.split(b"\n")
    place = dice.number(0, len(lines) - 1)
    match dice.number(0, 19):
        case 0:
            at = dice.number(0, max(0, len(data) - 1))
            return data[:at] + bytes([dice.number(0, 255)]) + data[at + dice.number(0, 1) :]
        case 1:
            at = dice.number(0, max(0, len(data) - 1))
            return data[:at] + data[at + dice.number(1, 30) :]
        case 2:
            return b"\n".join([*lines[: place + 1], *lines[place:]])
        case 3:
            lines[place] = b" " * dice.number(0, 6) + lines[place].lstrip()
        case 4 | 5:
            lines[place] = pick(dice, other.split(b"\n"))
        case 6 | 7:
            return _word(dice, data, other)
        case 8 | 9:
            second = pick(dice, [n for n, line in enumerate(lines) if _indent(line) == _indent(lines[place])])
            lines[place], lines[second] = lines[second], lines[place]
        case 10 | 11 | 12:
            return b"\n".join(lines[:place] + lines[_end(lines, place) :])
        case _:
            return _value(dice, data, other)
    return b"\n".join(lines)


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip())


def _end(lines: list[bytes], place: int) -> int:
    """The first line after that one that does not lie deeper."""
    deeper = _indent(lines[place])
    return next((n for n in range(place + 1, len(lines)) if _indent(lines[n]) <= deeper), len(lines))


def _word(dice: Seeded, data: bytes, other: bytes) -> bytes:
    """One word replaced: by another of the file, by one of the other file, by something nasty."""
    words = list(TOKEN.finditer(data))
    if not words:
        return data
    word = pick(dice, words)
    foreign = [each.group() for each in TOKEN.finditer(other)]
    new = pick(dice, (pick(dice, words).group(), pick(dice, foreign or [b"x"]), pick(dice, NASTY)))
    return data[: word.start()] + new + data[word.end() :]


def _value(dice: Seeded, data: bytes, other: bytes) -> bytes:
    """One value replaced by another of the same key, here or in the other file, or by something nasty."""
    values = list(VALUE.finditer(data))
    if not values:
        return data
    old = pick(dice, values)
    same = [each[2] for each in (*values, *VALUE.finditer(other)) if each[1] == old[1] and each[2] != old[2]]
    new = pick(dice, same) if same and chance(dice, 75) else pick(dice, NASTY)
    return data[: old.start(2)] + new + data[old.end(2) :]


@contextmanager
def _bounded(seconds: int) -> Iterator[None]:
    """Raises TimeoutError where it takes longer; on systems without alarms it is not bounded."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"longer than {seconds} seconds")

    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _refused(scenario: Path, policy: Path) -> bool:
    """Whether any scenario of the file is refused, by the stages of reading alone."""
    library = load([policy])
    reading = read_path(scenario)
    if reading.problems or not reading.documents or errors(library.problems):
        return True
    for document in reading.documents:
        found, problems = scenario_from(document, library.lexicon)
        if (
            edition(document) is not None
            or scenario_id(document) is None
            or found is None
            or errors(problems)
        ):
            return True
        if errors(check_scenario(assume(found))):
            return True
    return False


@pytest.mark.parametrize("part", range(PARTS))
def test_a_spoiled_file_never_ends_in_a_traceback_or_a_false_clear(
    part: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No internal error and no hang; where the scenario or the policy is refused the exit code says so, and
    nothing is said not to be crossed."""
    scenario, policy = tmp_path / "scenario.yaml", tmp_path / "policy.yaml"
    refused = 0
    for number in range(EACH):
        seed = part * 1_000_000 + number
        dice = Seeded(Random(seed))  # noqa: S311  # no secret hangs on it
        pair, other = _pair(dice), _pair(dice)
        spoils_scenario = chance(dice, 60)
        scenario.write_bytes(
            spoiled(dice, pair.scenario, other.scenario) if spoils_scenario else pair.scenario
        )
        policy.write_bytes(pair.policy if spoils_scenario else spoiled(dice, pair.policy, other.policy))
        with _bounded(SECONDS):
            code = run(["check", str(scenario), "--policy", str(policy), "--no-second-opinion"])
        out, err = capsys.readouterr()
        where = f"seed {seed}: exit {code}\n{err}\n{scenario.read_bytes()!r}\n{policy.read_bytes()!r}"
        assert code in (0, 1, 2, 3, 4), where
        assert ("error[" in err) == (code == 2), where
        assert _refused(scenario, policy) == (code == 2), where
        if code == 2 and scenario.read_bytes().count(b"scenario:") == 1:
            assert "no encoded red line crossed" not in out, where
        refused += code == 2
    assert EACH * 0.2 <= refused < EACH
