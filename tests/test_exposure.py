"""`redline exposure`: what of what may come next crosses, held to brute force and to every country."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from redline.analysis.exposure import exposure
from redline.analysis.further_steps import gone_on, last_moves, slots_after
from redline.engine.edits import edit
from redline.engine.load import load
from redline.engine.paths import rewritten
from redline.engine.read import Document, read_path, read_text
from redline.engine.reference import name
from redline.engine.run import Bench, judge, prepare
from redline.front.cli import cli
from redline.rules.exposure import Exposure, Slot
from redline.rules.frozen import replace
from redline.rules.node import Text
from redline.rules.verdicts import Verdict
from tests.whatif_cases import CHAIN_POLICY, chains

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"

POLICY = """\
redline: 1
policy: passing
title: On passing on
stated_by: IT
rules:
  - id: not-to-pakistan
    says: Nothing goes to Pakistan or China.
    kind: prohibits
    layer: political
    strength: formal request
    source: [by hand]
    for: each step
    when: {to.country: [PK, CN]}
  - id: no-training-of-armies
    says: No army outside Italy is trained.
    kind: prohibits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    when: {activity: training, to.kind: armed-forces, not: {to.country: IT}}
  - id: not-to-what-russians-own
    says: Nothing goes to what is Russian by half.
    kind: prohibits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    when: {to: {owned: {by: {country: RU}, at_least: 50%}}}
  - id: a-licence-for-what-goes-on
    says: Re-export takes a licence of Italy.
    kind: requires
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    scope: {activity: re-export}
    requires: {paper: {kind: licence, issuer: IT}}
"""
SALE = """\
redline: 1
scenario: sale
as_of: 2026-06-01
assume: [recipient_is_end_user, used_where_received, nothing_else_inside, no_agreements]
parties:
  maker: {country: IT, kind: company, owners: none}
  buyer: {country: FR, kind: company, owners: none}
items:
  radar: {class: radar, form: hardware, military: yes, origin: [IT]}
transfers:
  - {activity: export, items: radar, from: maker, to: buyer, date: 2026-07-01, papers: none}
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Rules that turn on country, kind, owner, activity and papers of a step."""
    path = tmp_path_factory.mktemp("exposure") / "passing.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return prepare(load([path]))


@pytest.fixture(scope="module")
def widest(bench: Bench) -> Exposure:
    """What the sale is exposed to by sets of up to three facts."""
    return exposure(bench, read(SALE), largest=3)


def read(text: str) -> Document:
    """The one scenario of a text."""
    return read_text(text.encode(), "sale.yaml")[0][0]


def told(found: Exposure) -> dict[str, list[dict[str, tuple[str, ...]]]]:
    """By rule: each continuation, as the values that were judged by the sort of fact."""
    return {
        line.rule.rpartition("/")[2]: [{t.sort: t.written for t in c.facts} for c in line.continuations]
        for beyond in found.beyond
        for line in beyond.lines
    }


def test_the_smallest_continuations_are_told_by_class(widest: Exposure) -> None:
    """One fact where one is enough, else several together; of each sort."""
    found, by = widest, told(widest)
    assert {*by["not-to-pakistan"][0]} == {"country"}
    (country,) = by["not-to-pakistan"][0]["country"]
    assert country in ("CN", "PK")  # one stands for both, which no rule tells apart
    assert [*map(set, by["no-training-of-armies"])] == [{"country", "kind", "activity"}]
    assert by["not-to-what-russians-own"] == [{"owner": ("RU",)}]
    assert {"activity", "papers"} in [*map(set, by["a-licence-for-what-goes-on"])]
    assert found.verdict is not Verdict.CROSSES


def test_every_continuation_crosses_when_it_is_checked(bench: Bench, widest: Exposure) -> None:
    """Each scenario told, read again and judged by every rule."""
    found = widest
    judged = 0
    for beyond in found.beyond:
        for line in beyond.lines:
            for each in line.continuations:
                for text in each.scenarios:
                    run = judge(bench, read(text), explained=lambda _: False)
                    assert run.conclusion is not None
                    crossed = {name(f.rule) for f in run.conclusion.findings if f.verdict is Verdict.CROSSES}
                    assert line.rule in crossed
                    judged += 1
    assert judged >= 10


def test_the_sets_are_those_that_brute_force_finds(bench: Bench) -> None:
    """Every set of up to two facts of different sorts, judged by every rule, on chains and on a sale."""
    document = read(SALE)
    run = judge(bench, document, explained=lambda _: False)
    assert run.scenario is not None
    ((holder, items),) = last_moves(run.scenario)
    on = gone_on(document, run.scenario, holder, items, 1)
    slots = slots_after(bench, run.scenario, items, 1)
    expected = by_force(bench, on, slots)
    found = exposure(bench, document, largest=2)
    (beyond,) = (b for b in found.beyond if b.where.startswith("transfers."))
    got: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    for line in beyond.lines:
        for each in line.continuations:
            sets: list[frozenset[tuple[str, str]]] = [frozenset()]
            for fact in each.facts:
                sets = [s | {(fact.sort, text)} for s in sets for text in fact.written]
            got |= {(line.rule, s) for s in sets}
    assert got == expected
    assert len({rule for rule, _ in got}) >= 3
    assert any(len(s) == 2 for _, s in got)


def by_force(
    bench: Bench, on: Document, slots: tuple[Slot, ...]
) -> set[tuple[str, frozenset[tuple[str, str]]]]:
    """Every smallest set of up to two facts by which a rule is crossed."""

    def crossed(*chosen: tuple[int, int]) -> frozenset[str]:
        changes = dict.fromkeys(c for slot, fact in chosen for c in slots[slot].facts[fact].changes)
        root, _ = edit(on.root, list(changes))
        run = judge(bench, rewritten(replace(on, root=root)), explained=lambda _: False)
        if run.conclusion is None:
            return frozenset()
        return frozenset(name(f.rule) for f in run.conclusion.findings if f.verdict is Verdict.CROSSES)

    facts = [(slot, fact) for slot, each in enumerate(slots) for fact in range(len(each.facts))]
    alone = {fact: crossed(fact) for fact in facts}
    found = {(rule, words(slots, fact)) for fact, rules in alone.items() for rule in rules}
    for one, other in combinations(facts, 2):
        if one[0] != other[0]:
            found |= {(r, words(slots, one, other)) for r in crossed(one, other) - alone[one] - alone[other]}
    return found


def words(slots: tuple[Slot, ...], *chosen: tuple[int, int]) -> frozenset[tuple[str, str]]:
    """A set of facts as it is told."""
    return frozenset((slots[slot].sort, slots[slot].facts[fact].text) for slot, fact in chosen)


def test_a_class_stands_for_every_country_in_it() -> None:
    """On the policies that ship: each country of the reference list comes to what its class comes to."""
    from redline.rules.countries import country_names

    bench = prepare(load())
    document = read_path(SCENARIOS / "consent-held.yaml").documents[0]
    run = judge(bench, document, explained=lambda _: False)
    assert run.scenario is not None
    ((holder, items),) = last_moves(run.scenario)
    on = gone_on(document, run.scenario, holder, items, 1)
    (country,) = (s for s in slots_after(bench, run.scenario, items, 1) if s.sort == "country")
    tests = {fact.text: fact.value for fact in country.facts}
    verdicts: dict[str, list[Verdict]] = {}

    def given(code: str) -> list[Verdict]:
        changes = [("parties.next-holder.country", Text(code)), ("transfers.4.activity", Text("re-export"))]
        root, _ = edit(on.root, changes)
        judged = judge(bench, replace(on, root=root), explained=lambda _: False)
        assert judged.conclusion is not None
        return [f.verdict for f in judged.conclusion.findings]

    from redline.rules.countries import COUNTRY
    from redline.rules.values import Terms, contains

    seen = 0
    for code in sorted(c for c in country_names() if len(c) == 2)[::6]:
        one = Terms(COUNTRY, frozenset({code}))
        own = [text for text, value in tests.items() if value is not None and contains(value, one)]
        assert len(own) == 1, code
        if own[0] not in verdicts:
            verdicts[own[0]] = given(own[0])
        assert given(code) == verdicts[own[0]], code
        seen += 1
    assert seen > 40
    assert len(verdicts) >= 2


def test_someone_not_known_is_looked_at_where_they_stand() -> None:
    """The end user of a sale, and a party without a country."""
    bench = prepare(load())
    found = exposure(bench, read_path(SCENARIOS / "undisclosed-end-user.yaml").documents[0], largest=1)
    (first, *_) = found.beyond
    assert first.where == "transfers.2.end_user"
    (line,) = first.lines
    assert line.rule.endswith("no-defence-tech-to-pakistan")
    assert [c.facts[0].words for c in line.continuations] == [("Pakistan",)]


def test_a_line_that_is_crossed_as_it_is_is_left_out(bench: Bench) -> None:
    """It is no news of what may come."""
    crossed = SALE.replace("country: FR", "country: PK")
    found = exposure(bench, read(crossed), largest=1)
    assert found.verdict is Verdict.CROSSES
    assert "not-to-pakistan" not in told(found)


def test_nothing_found_is_not_told_as_a_clearance(bench: Bench, tmp_path: Path) -> None:
    """What cannot be told is named, and the bound is said."""
    path = tmp_path / "sale.yaml"
    path.write_text(SALE, encoding="utf-8")
    (tmp_path / "passing.yaml").write_text(POLICY, encoding="utf-8")
    result = run(str(path), "--policy", str(tmp_path / "passing.yaml"), "--facts", "1")
    assert result.return_value == 0
    assert "it cannot be told by up to 1 of these facts: no-training-of-armies" in " ".join(
        result.stdout.split()
    )
    assert "Bound: one further step" in result.stdout
    assert "Of what is not listed nothing is said" in " ".join(result.stdout.split())


def run(*arguments: str) -> Result:
    """What the command line gives."""
    return CliRunner().invoke(cli, ["exposure", *arguments], standalone_mode=False)


def test_text_markdown_and_data_tell_the_same_and_files_are_written(tmp_path: Path) -> None:
    """Each file that is named is there, and `check` finds the line crossed in it."""
    path = tmp_path / "sale.yaml"
    path.write_text(SALE, encoding="utf-8")
    policy = tmp_path / "passing.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    usual = (str(path), "--policy", str(policy), "--write", str(tmp_path / "out"))
    text, marked, data = (run(*usual, "--format", form).stdout for form in ("text", "markdown", "json"))
    found = json.loads(data)
    rules = [line["rule"] for b in found["beyond"] for line in b["lines"]]
    assert rules
    for rule in rules:
        word = rule.rpartition("/")[2]
        assert word in text
        assert word in marked
    files = [f for b in found["beyond"] for x in b["lines"] for c in x["crossed_if"] for f in c["files"]]
    assert len(files) >= 4
    check = ["check", files[0], "--policy", str(policy), "--quiet", "--no-second-opinion"]
    assert CliRunner().invoke(cli, check, standalone_mode=False).return_value == 1


def test_two_further_steps_reach_what_one_does_not(tmp_path: Path) -> None:
    """A holder after the next: a line on what was upstream is crossed only then."""
    policy = tmp_path / "passing.yaml"
    text = POLICY[: POLICY.index("  - id: no-training")]
    text = text.replace(
        "{to.country: [PK, CN]}", "{to.country: PK, some upstream: {from.country: FR, to.country: AE}}"
    )
    policy.write_text(text, encoding="utf-8")
    bench = prepare(load([policy]))
    assert told(exposure(bench, read(SALE), largest=3)) == {}
    found = told(exposure(bench, read(SALE), steps=2, largest=3))
    assert found["not-to-pakistan"]


def test_a_search_that_ends_early_says_so(bench: Bench) -> None:
    """More may exist than was found."""
    found = exposure(bench, read(SALE), largest=3, judgements=60)
    assert any(not b.exhausted for b in found.beyond)


def test_what_is_built_in_goes_on_with_the_whole(tmp_path: Path) -> None:
    """Each item is passed on by whoever has it last, what is built in with what it is built into."""
    path = tmp_path / "chain.yaml"
    path.write_text(CHAIN_POLICY, encoding="utf-8")
    bench = prepare(load([path]))
    text = [*chains()][1]
    run = judge(bench, read(text), explained=lambda _: False)
    assert run.scenario is not None
    assert last_moves(run.scenario) == (("navy", ("ship",)),)
    (beyond,) = exposure(bench, read(text), largest=1).beyond
    assert beyond.where == "transfers.4"
    assert {line.rule for line in beyond.lines} >= {"chain/not-to-owned"}
