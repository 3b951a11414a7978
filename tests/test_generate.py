"""Examples made: each decides what it was made for, and into a file they go without disturbing it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from redline.analysis.decided import Wanted
from redline.analysis.examples import examples_run
from redline.analysis.generate import Made, generated
from redline.analysis.untested import Coverage, Standing, total
from redline.analysis.write_examples import inserted, written, yaml_lines
from redline.engine.load import Library, load
from redline.front.cli import run

SMALL = Path(__file__).resolve().parent / "good" / "examples-made" / "policy.yaml"


def _covered(library: Library) -> Coverage:
    coverage = Coverage(library)
    for ran in examples_run(library):
        coverage.add(ran)
    return coverage


def _made(library: Library) -> tuple[Made, ...]:
    return tuple(generated(library, _covered(library)))


def test_the_same_policies_give_the_same_examples() -> None:
    """To the letter, and without repeating what is there."""
    library = load([SMALL])
    first, second = _made(library), _made(library)
    assert yaml_lines(first) == yaml_lines(second)
    assert len(first) > 5
    for each in first:
        there = [(e.scenario, e.changes, e.readings) for e in each.rule.examples]
        assert (each.example.scenario, each.example.changes, each.example.readings) not in there


def test_examples_that_were_written_pass_and_decide_what_they_were_made_for(tmp_path: Path) -> None:
    """Unconfirmed they wait; with the mark taken away nothing that they were made for is missing."""
    file = tmp_path / "policy.yaml"
    file.write_bytes(SMALL.read_bytes())
    library = load([file])
    made = _made(library)
    assert written(library, made, lambda: load([file])) == [f"{file}: {len(made)} examples added"]
    waiting = _covered(load([file]))
    assert all(wanted in standing.waiting for standing, wanted in _of(made, waiting))
    assert total(waiting.standings.values()) == total(_covered(library).standings.values())
    file.write_text(file.read_text(encoding="utf-8").replace(", unconfirmed: true", ""), encoding="utf-8")
    confirmed = _covered(load([file]))
    assert not any(wanted in standing.missing for standing, wanted in _of(made, confirmed))


def _of(made: tuple[Made, ...], coverage: Coverage) -> Iterator[tuple[Standing, Wanted]]:
    """What examples were made for, with the standing of its rule; places have moved since."""
    for each in made:
        standing = coverage.standings[f"{each.rule.policy}/{each.rule.id}"]
        for leaf, truth in each.decides:
            (now,) = (n for n in standing.wanted if n[0].words == leaf.words and n[1] is truth)
            yield standing, now


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_nothing_else_in_the_file_is_touched(ends: str, tmp_path: Path) -> None:
    """Every line that was there stands there still, in order; comments and line ends too."""
    before = SMALL.read_text(encoding="utf-8").replace("\n", ends)
    library = load([SMALL])
    after = inserted(before, "policy.yaml", "small", _made(library))
    assert after is not None
    old, new = before.split("\n"), after.split("\n")
    left = iter(new)
    assert all(line in left for line in old)
    assert len(new) > len(old)
    assert all(line.endswith("\r") for line in new[:-1]) is (ends == "\r\n")
    file = tmp_path / "policy.yaml"
    file.write_bytes(after.encode())
    assert not load([file]).problems


def test_examples_in_one_line_have_no_place_for_more() -> None:
    """They are refused, and to be pasted by hand."""
    library = load([SMALL])
    made = _made(library)
    text = SMALL.read_text(encoding="utf-8")
    start, end = text.index("    examples:"), text.index("  - id: repairs")
    in_line = f"{text[:start]}    examples: [{{crosses: sale}}]\n\n{text[end:]}"
    assert inserted(in_line, "policy.yaml", "small", made) is None


def test_a_file_that_would_not_read_as_meant_is_put_back(tmp_path: Path) -> None:
    """Here because what is loaded afterwards is something else."""
    file = tmp_path / "policy.yaml"
    file.write_bytes(SMALL.read_bytes())
    library = load([file])
    (told,) = written(library, _made(library), lambda: load([]))
    assert told.endswith("was put back")
    assert file.read_bytes() == SMALL.read_bytes()


@pytest.mark.parametrize(
    "options", [["--fail-under", "50"], ["--write"], ["--generate", "--format", "json"]], ids=" ".join
)
def test_options_that_do_not_go_alone_are_refused(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 2 and the reason."""
    assert run(["test", "--policy", str(SMALL), *options]) == 2
    assert "--" in capsys.readouterr().err


def test_an_unconfirmed_example_with_another_verdict_has_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The mark excuses nothing."""
    file = tmp_path / "policy.yaml"
    text = SMALL.read_text(encoding="utf-8")
    marked = text.replace("{crosses: sale}", "{crosses: sale, unconfirmed: true}")
    file.write_text(marked, encoding="utf-8")
    assert run(["test", "--policy", str(file)]) == 0
    assert "1 as expected, 0 not, 1 unconfirmed" in capsys.readouterr().out
    file.write_text(marked.replace("{crosses:", "{not_crossed:"), encoding="utf-8")
    assert run(["test", "--policy", str(file)]) == 1
    assert "1 as expected, 1 not" in capsys.readouterr().out
