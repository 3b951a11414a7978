"""Real provisions, one small policy each: what they compute, and that a fact left out never clears.

The policies lie in `tests/regimes/`, one file a row of the table in `docs/regimes.md`; those under
`on_paper/` are shown there and only have to load.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from redline.analysis import examples
from redline.engine.load import Library, load
from redline.engine.run import Bench, Options, judge, prepare
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Example, Rule
from redline.rules.verdicts import Kind

FOLDER = Path(__file__).resolve().parent / "regimes"
PAGE = FOLDER.parent.parent / "docs" / "regimes.md"
WHOLE = sorted(FOLDER.glob("row*.yaml"))
ON_PAPER = sorted((FOLDER / "on_paper").glob("row*.yaml"))
ROWS = {1, 6, 7, 8, 9, 11, 13, 15, 17, *range(19, 27), 28, 30, *range(32, 40), 41}
PAPER_ROWS = {4, 5, 10, 14, 16, 18, 27, 40}

NEGATIVE = {"not_crossed", "authorised", "not_applicable"}
SORTS = {  # of each kind of rule: what a hit is, what a miss is, and what cannot be told
    Kind.PROHIBITS: ({"crosses"}, NEGATIVE, {"undetermined"}),
    Kind.REQUIRES: ({"crosses"}, NEGATIVE, {"undetermined"}),
    Kind.WEIGHS: ({"requires_assessment"}, NEGATIVE, {"undetermined"}),
    Kind.PERMITS: ({"applies"}, {"does_not_apply"}, {"may_apply"}),
    Kind.FLAGS: ({"raised"}, {"not_raised"}, {"question"}),
}
NOT_FACTS = {"redline", "scenario", "title", "note", "twin", "expect"}
DATES = {"date", "contract", "delivery"}
REMOVED, UNKNOWN = Text("~remove"), Text("unknown")
FILLED_IN = {
    "contains": "nothing_else_inside",
    "made_with": "nothing_else_inside",
    "place_of_use": "used_where_received",
    "owners": "no_other_owners",
    "flags": "no_flags",
    "papers": "no_other_papers",
    "screened": "parties_screened",
}
"""What an assumption fills in where nothing is said: in a scenario that names it these are said to be
unknown; in any other they are left out like all else."""
COMPLETE_AS_GIVEN = {"covers", "valid", "forbids"}
"""What a paper limits.  As a whole it is left out like all else; a single limit, which left out is none, is
said to be unknown."""
WHOLE_TOO = {"covers", "valid", "declares", "screened"}
"""What is left out as a whole too, beside each thing in it."""
BOUNDS = ("at_least", "at_most", "more_than", "less_than")
named = pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)


@cache
def _library(path: Path) -> Library:
    return load(policies=[path], registers=[])


def _row(path: Path) -> int:
    return int(path.stem.partition("_")[0].removeprefix("row"))


def test_every_row_is_there() -> None:
    """Each row that is to be computed has one file, and each that is shown on paper too."""
    assert {_row(path) for path in WHOLE} == ROWS
    assert len(WHOLE) == len(ROWS)
    assert {_row(path) for path in ON_PAPER} == PAPER_ROWS


@pytest.mark.parametrize("path", [*WHOLE, *ON_PAPER], ids=lambda path: path.stem)
def test_loads_without_problems(path: Path) -> None:
    """The file is one policy that bears its row's number, opened by a warning, and nothing in it is wrong."""
    library = _library(path)
    assert not library.problems, [(p.message, p.span.line) for p in library.problems]
    assert len(library.policies) == 1
    assert library.policies[0].id.startswith(path.stem.partition("_")[0] + "-")
    opening = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    assert "to be verified against the official text" in " ".join(opening)


def test_the_page_tells_every_row_and_shows_the_policies() -> None:
    """The table has all forty-two rows, each policy is linked, and what is on paper is shown as it stands."""
    page = PAGE.read_text("utf-8")
    rows = [
        int(line.split("|")[1]) for line in page.splitlines() if line.startswith("| ") and line[2].isdigit()
    ]
    assert rows == list(range(1, 43))
    assert not [path.name for path in WHOLE if f"(../tests/regimes/{path.name})" not in page]
    assert not [path.name for path in ON_PAPER if path.read_text("utf-8") not in page]


@named
def test_examples_give_their_verdicts(path: Path) -> None:
    """What each rule must say of its scenarios is what it says."""
    wrong = [_told(tested) for tested in examples.examples_tried(_library(path)) if not tested.passed]
    assert not wrong, "\n".join(wrong)


def _told(tested: examples.Tried) -> str:
    why = "".join(f"; {problem.message}" for problem in tested.problems)
    return f"line {tested.span.line}: {tested.what}: expected {tested.expected}, got {tested.got}{why}"


@named
def test_every_rule_has_every_sort_of_example(path: Path) -> None:
    """A hit, a miss, one that cannot be told, and a boundary from both sides."""
    for rule in _library(path).policies[0].rules:
        said = {example.verdict for example in rule.examples}
        hit, miss, open_ = SORTS[rule.kind]
        assert said & hit, f"{rule.id}: no hit"
        assert said & miss, f"{rule.id}: no miss"
        assert said & open_, f"{rule.id}: none that cannot be told"
        edges = {example.verdict for example in rule.examples if example.note.startswith("boundary")}
        assert len(edges) > 1, f"{rule.id}: no boundary with two sides"


# --- a missing fact never clears ---------------------------------------------------------------


@named
def test_a_missing_fact_never_clears(path: Path) -> None:
    """With any one fact left out, what the file's first hit crossed it crosses still, or cannot be told;
    and some facts decide."""
    binding = (rule for rule in _library(path).policies[0].rules if rule.kind is not Kind.PERMITS)
    rule, hit = next((r, e) for r in binding for e in r.examples if e.verdict in SORTS[r.kind][0])
    _, miss, open_ = SORTS[rule.kind]
    left = dict(_with_one_left_out(path, rule, hit))
    assert not _among(left, miss), f"{rule.id} on line {hit.span.line}"
    assert _among(left, open_), f"{rule.id}: no single fact decides"


@pytest.mark.slow
@named
def test_no_missing_fact_ever_clears(path: Path) -> None:
    """The same of every example that crosses; and no permission that does not apply comes to apply."""
    for rule in _library(path).policies[0].rules:
        hit, miss, _ = SORTS[rule.kind]
        grave, mild = (miss, hit) if rule.kind is Kind.PERMITS else (hit, miss)
        for example in (e for e in rule.examples if e.verdict in grave):
            left = dict(_with_one_left_out(path, rule, example))
            assert not _among(left, mild), f"{rule.id} on line {example.span.line}"


def _among(left: dict[str, str], verdicts: set[str]) -> dict[str, str]:
    return {removed: got for removed, got in left.items() if got in verdicts}


def _with_one_left_out(path: Path, rule: Rule, example: Example) -> Iterator[tuple[str, str]]:
    """For each fact of the example's scenario, what the rule says without it."""
    bench = _bench(path, tuple(sorted(example.readings.items())))
    document, problems = examples.edited(bench.library.scenarios[example.scenario], example.changes)
    assert not problems
    assert isinstance(document.root, Map)
    assumed = _texts(document.root.get("assume"))
    for fact in _facts(document.root):
        changes: list[tuple[str, Node]] = [(fact, UNKNOWN if _silence_speaks(fact, assumed) else REMOVED)]
        if fact.rpartition(".")[2] in DATES and document.root.get("as_of") is not None:
            changes.append(("as_of", REMOVED))  # else an undated transfer takes the scenario's day
        without, problems = examples.edited(document, changes)
        assert not problems, f"{fact}: {problems[0].message}"
        run = judge(bench, without, lambda other: other is rule, explained=lambda _: False)
        yield fact, "no answer" if run.conclusion is None else examples.outcome(rule, run)


def _silence_speaks(fact: str, assumed: set[str]) -> bool:
    """Whether something would be taken to be so if the fact were left out: that nothing lies on the way,
    what the scenario assumes, or that a paper has no such limit."""
    steps = fact.split(".")
    inside = steps[0] == "papers" and len(steps) > 3 and steps[2] in COMPLETE_AS_GIVEN
    return inside or steps[-1] == "via" or FILLED_IN.get(steps[-1]) in assumed


def _texts(node: Node | None) -> set[str]:
    return {each.text for each in node.items if isinstance(each, Text)} if isinstance(node, Seq) else set()


@cache
def _bench(path: Path, readings: tuple[tuple[str, str], ...]) -> Bench:
    return prepare(_library(path), Options(readings=dict(readings), include_author=True))


def _facts(node: Node, path: str = "") -> Iterator[str]:
    """The paths of everything that is stated: values, and lists of values as a whole."""
    match node:
        case Map(entries):
            for key, value in entries:
                if path or key.text not in NOT_FACTS:
                    yield from _fact(key.text, value, f"{path}.{key.text}" if path else key.text)
        case Seq(items):
            for number, each in enumerate(items, start=1):
                yield from _facts(each, f"{path}.{number}")
        case Text():
            return


def _fact(key: str, value: Node, path: str) -> Iterator[str]:
    match value:
        case Text():
            yield path
        case Seq(items):
            if path != "transfers":
                yield path
            if any(isinstance(each, Map) for each in items):
                yield from _facts(value, path)
        case Map() if path.count(".") > 1 and any(k.text in ("known", "one_of", *BOUNDS) for k, _ in value):
            yield path
        case Map():
            if key in WHOLE_TOO:
                yield path
            yield from _facts(value, path)
