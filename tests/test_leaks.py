"""Leaks along a network: found, held to enumeration, closed, told; and what is wrong with a network."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from redline.analysis.leak_judging import Judge, Judgement
from redline.analysis.leak_map import moves_of
from redline.analysis.leak_search import search
from redline.analysis.leak_steps import Steps, before
from redline.analysis.leaks import leaks, rejudged
from redline.analysis.network_chain import Hop
from redline.analysis.network_file import read_network
from redline.analysis.render_leaks import leaks_text
from redline.engine.load import load
from redline.engine.run import Bench, prepare
from redline.front.cli import run
from redline.rules.frozen import replace
from redline.rules.network import Build, Channel, Leaks, Network
from redline.rules.verdicts import Verdict

POLICY = """redline: 1
policy: ours
title: two lines
edition: 1
stated_by: IT
rules:
  - id: nothing-from-italy-to-pakistan
    says: Nothing that came from Italy is to reach Pakistan.
    kind: prohibits
    layer: political
    strength: commitment
    source: {text: "a speech"}
    for: each step
    when: {all: [{some upstream: {from.country: IT}}, {to.country: PK}]}
  - id: nothing-to-what-pakistan-owns
    says: Nothing is to go to what is owned from Pakistan.
    kind: prohibits
    layer: legal
    strength: law
    source: {text: "an act"}
    for: each step
    when: {to: {owned: {by: {country: PK}, at_least: 50%}}}
"""
HEAD = """redline: 1
network: small
as_of: 2026-06-01
assume: [recipient_is_end_user, used_where_received, nothing_else_inside, no_agreements, no_other_papers,
  no_other_owners]
parties:
  maker: {country: IT, kind: company}
  agent: {country: AE, kind: company}
  yard: {country: TR, kind: company}
  navy: {country: PK, kind: armed-forces}
items:
  radar: {form: hardware, class: radar, origin: [DE]}
  boat: {form: hardware, class: patrol-vessel, origin: [TR]}
"""
OPEN = """channels:
  - {id: a, from: maker, to: agent, item: radar, activity: export}
  - {id: b, from: agent, to: navy, item: radar, activity: re-export}
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The two lines, ready to judge by."""
    path = tmp_path_factory.mktemp("policy") / "ours.yaml"
    path.write_text(POLICY)
    return prepare(load([path], []))


def _read(bench: Bench, folder: Path, text: str) -> Network:
    path = folder / "network.yaml"
    path.write_text(text)
    network, problems, _ = read_network(path, bench.library.lexicon)
    assert network is not None, problems
    return network


def _found(bench: Bench, folder: Path, text: str) -> Leaks:
    return leaks(bench, _read(bench, folder, text))


def _steps(found: Leaks) -> set[tuple[str, ...]]:
    return {leak.steps for leak in found.leaks if leak.certain}


def test_a_path_leaks_whose_steps_alone_cross_nothing(bench: Bench, tmp_path: Path) -> None:
    """The whole crosses at its last step, and control is lost after the first, which no paper follows."""
    found = _found(bench, tmp_path, HEAD + OPEN)
    assert _steps(found) == {("a", "b")}
    leak = found.leaks[0]
    assert (leak.item, leak.holder, leak.lost) == ("radar", "navy", 1)
    assert [str(rule.layer) for rule in leak.rules] == ["political"]


def test_a_clause_in_force_closes_a_path_that_the_graph_leaves_open(bench: Bench, tmp_path: Path) -> None:
    """A promise not to pass on binds the holder; once it has run out, the path is open again."""
    papers = """papers:
  promise: {kind: no-re-export-clause, issuer: agent, state: held, binds: [agent], covers: {items: [radar]},
    valid: {from: 2026-01-01, to: %s}, forbids: [{activities: [re-export]}]}
"""
    text = HEAD + papers + OPEN.replace("activity: export}", "activity: export, papers: [promise]}")
    assert not _steps(closed := _found(bench, tmp_path, text % "2026-12-31"))
    assert any("clause" in why for why in closed.stopped)
    assert _steps(_found(bench, tmp_path, text % "2026-05-31")) == {("a", "b")}


def test_a_promise_that_does_not_forbid_what_follows_keeps_control_and_stops_nothing(
    bench: Bench, tmp_path: Path
) -> None:
    """Control is lost where no promise binds any more, not where one that binds allows what is done."""
    text = (
        HEAD
        + """papers:
  promise: {kind: no-re-export-clause, issuer: agent, state: held, binds: [agent], covers: {items: [radar]},
    valid: {from: 2026-01-01, to: 2026-12-31}, forbids: [{destinations: [BR]}]}
channels:
  - {id: a, from: maker, to: agent, item: radar, activity: export, papers: [promise]}
  - {id: b, from: agent, to: yard, item: radar, activity: re-export}
  - {id: c, from: yard, to: navy, item: radar, activity: re-export}
"""
    )
    found = _found(bench, tmp_path, text)
    assert [(leak.steps, leak.lost) for leak in found.leaks] == [(("a", "b", "c"), 2)]


def test_a_date_closes_a_path_that_the_graph_leaves_open(bench: Bench, tmp_path: Path) -> None:
    """What may be passed on only before it comes is not passed on."""
    first = OPEN.replace("activity: export}", "activity: export, when: 2026-09}")
    late = first.replace("re-export}", "re-export, when: {to: 2026-08-31}}")
    found = _found(bench, tmp_path, HEAD + late)
    assert not found.leaks
    assert any("date" in why for why in found.stopped)
    found = _found(bench, tmp_path, HEAD + first.replace("re-export}", "re-export, when: {to: 2026-10-31}}"))
    assert found.leaks[0].days == ("2026-09-01", "2026-09-01")


def test_an_owner_closes_a_path_that_the_graph_leaves_open(bench: Bench, tmp_path: Path) -> None:
    """Where the first transfer is to what Pakistan owns it is seen by itself: nothing leaks unseen."""
    owned = HEAD.replace(
        "agent: {country: AE, kind: company}",
        "agent: {country: AE, kind: company, owners: [{party: navy, share: 60%}]}",
    )
    assert not _found(bench, tmp_path, owned + OPEN).leaks
    assert _found(bench, tmp_path, owned.replace("60%", "40%") + OPEN).leaks


def test_what_is_built_in_leaks_in_the_whole(bench: Bench, tmp_path: Path) -> None:
    """The boat by itself is Turkish; the radar in it came from Italy."""
    text = (
        HEAD
        + """channels:
  - {id: a, from: maker, to: yard, item: radar, activity: export}
  - {id: c, from: yard, to: navy, item: boat, activity: export}
built_in:
  - {id: b, by: yard, takes: radar, gives: boat}
"""
    )
    found = _found(bench, tmp_path, text)
    assert _steps(found) == {("a", "b", "c")}
    assert found.leaks[0].arrives == "boat"


def test_a_cycle_of_supply_ends(bench: Bench, tmp_path: Path) -> None:
    """No path goes round; the circle is told."""
    text = (
        HEAD
        + OPEN
        + """  - {id: c, from: agent, to: yard, item: radar, activity: re-export}
  - {id: d, from: yard, to: agent, item: radar, activity: re-export}
"""
    )
    found = _found(bench, tmp_path, text)
    assert _steps(found) == {("a", "b")}
    assert found.cycles == 1


def test_what_is_not_known_is_told_apart_and_ends_with_3(tmp_path: Path) -> None:
    """A sender of whom the country is not known may make the whole cross: no leak, and no clear."""
    (tmp_path / "ours.yaml").write_text(POLICY)
    text = (HEAD + OPEN).replace("maker: {country: IT", "maker: {country: unknown")
    (tmp_path / "network.yaml").write_text(text)
    arguments = ["leaks", str(tmp_path / "network.yaml"), "--policy", str(tmp_path / "ours.yaml"), "-q"]
    assert run(arguments) == 3
    (tmp_path / "network.yaml").write_text((HEAD + OPEN).replace("country: IT", "country: DE"))
    assert run(arguments) == 0


# --- held to enumeration -----------------------------------------------------------------------


def _drawn(draw: random.Random) -> str:
    countries = {f"p{n}": draw.choice(("IT", "AE", "TR", "PK", "DE")) for n in range(5)}
    countries |= {"p0": "IT", "p4": "PK"}
    lines = [HEAD.split("parties:", maxsplit=1)[0] + "parties:"]
    lines += [f"  {key}: {{country: {country}, kind: company}}" for key, country in countries.items()]
    lines += ["items:" + HEAD.split("items:")[1].rstrip(), "channels:"]
    for number in range(7):
        one, other = draw.sample(sorted(countries), 2)
        item = draw.choice(("radar", "radar", "boat"))
        when = draw.choice(("", "", ", when: 2026-07", ", when: 2026-08"))
        lines.append(f"  - {{id: c{number}, from: {one}, to: {other}, item: {item}, activity: export{when}}}")
    lines += ["built_in:", f"  - {{id: b0, by: {draw.choice(sorted(countries))}, takes: radar, gives: boat}}"]
    return "\n".join(lines) + "\n"


def _walks(
    network: Network, begun: tuple[Channel | Build, ...] = ()
) -> Iterator[tuple[Channel | Build, ...]]:
    """Every path on which nobody but the last comes to hold the same thing twice, by plain recursion."""
    steps: tuple[Channel | Build, ...] = (*network.channels, *network.builds)
    for step in steps:
        place = _place(step, before=True)
        if begun and place != _place(begun[-1], before=False):
            continue
        been = {_place(each, before=True) for each in begun} | {place}
        yield (*begun, step)  # the last holder may have held it before
        if _place(step, before=False) in been:
            continue
        yield from _walks(network, (*begun, step))


def _place(step: Channel | Build, *, before: bool) -> tuple[str, str]:
    if isinstance(step, Build):
        return step.holder, step.takes if before else step.gives
    return (step.sender if before else step.recipient), step.items[0]


def _enumerated(judge: Judge, network: Network) -> set[tuple[str, ...]]:
    """The paths that leak by the definition alone: each stretch written out, read and judged."""
    known: dict[tuple[str, ...], bool] = {}

    def crosses(path: tuple[Channel | Build, ...]) -> bool:
        key = tuple(each.id for each in path)
        if key not in known:
            day = None
            hops = []
            for each in path:
                day = max(filter(None, (day, each.window[0])), default=None)
                hops.append(Hop(each, each.takes if isinstance(each, Build) else each.items[0], day))
            conclusion = rejudged(judge, hops).conclusion
            assert conclusion is not None
            known[key] = any(each.verdict is Verdict.CROSSES for each in conclusion.findings)
        return known[key]

    found = set()
    for path in _walks(network):
        days = [each.window for each in path]
        late = [n for n in range(len(days)) if days[n][1] and any((d[0] or 0) > days[n][1] for d in days[:n])]  # type: ignore[operator]
        if late or len(path) < 2 or not crosses(path):
            continue
        stretches = (path[a:b] for a in range(len(path)) for b in range(a + 1, len(path) + 1))
        if not any(crosses(each) for each in stretches if len(each) < len(path)):
            found.add(tuple(each.id for each in path))
    return found


def test_the_search_finds_what_enumeration_finds(bench: Bench, tmp_path: Path) -> None:
    """On small networks drawn at random, of builds, windows and circles too, exactly the same paths leak."""
    draw, leaking = random.Random(7), 0  # noqa: S311 (seeded)
    for _ in range(16):
        network = _read(bench, tmp_path, _drawn(draw))
        judge = Judge(bench, network)
        found = {tuple(h.by.id for h in each.hops) for each in search(judge, 1000).all()}
        assert found == _enumerated(judge, network)
        leaking += bool(found)
    assert leaking >= 5


ASKING = """redline: 1
policy: asking
title: lines that look at much of a past
edition: 1
stated_by: IT
rules:
  - id: no-sensitive-radar-by-way-of-partners
    says: What is sensitive and came from Italy by way of partners is not to leave them.
    kind: prohibits
    layer: political
    strength: commitment
    source: {text: "a speech"}
    for: each step
    when:
      all:
        - some upstream: {all: [{from.country: IT}, {item.class: radar}]}
        - some upstream: {to.country: [TR, AE]}
        - to.country: PK
  - id: nothing-from-a-company-of-germany-to-a-company-after-july
    says: Nothing that a German company sent is to reach a company abroad.
    kind: prohibits
    layer: legal
    strength: law
    source: {text: "an act"}
    for: each step
    validity: {from: 2026-08-01}
    when: {all: [{some upstream: {all: [{from.country: DE}, {from.kind: company}]}}, {to.kind: company},
      {to.country: TR}]}
  - id: nothing-to-what-pakistan-owns
    says: Nothing is to go to what is owned from Pakistan.
    kind: prohibits
    layer: legal
    strength: law
    source: {text: "an act"}
    for: each step
    when: {to: {owned: {by: {country: PK}, at_least: 50%}}}
"""


def _alike(draw: random.Random, *, dated: bool) -> str:
    """Few classes and many of each: parties alike but for owner, kind or paper; days; a boat."""
    head = HEAD.split("parties:", maxsplit=1)[0]
    lines = [head.replace("2026-06", "2026-06" if dated else "2026-09") + "parties:"]
    keys = [f"p{n}" for n in range(6)]
    for key in keys:
        country = {"p0": "IT", "p5": "PK"}.get(key) or draw.choice(("AE", "TR", "TR", "DE"))
        kind = draw.choice(("company", "company", "company", "company", "unknown", "state-agency"))
        share = draw.choice(("", "", "", "", "40%", "60%"))
        owner = f", owners: [{{party: p5, share: {share}}}]" if share and key not in ("p0", "p5") else ""
        lines.append(f"  {key}: {{country: {country}, kind: {kind}{owner}}}")
    lines += ["items:" + HEAD.split("items:")[1].rstrip()]
    who, until = draw.choice(keys[1:5]), draw.choice(("2026-12-31", "2026-07-31"))
    promise = f"{{kind: no-re-export-clause, issuer: {who}, state: held, binds: [{who}], "
    promise += f"covers: {{items: [radar]}}, valid: {{from: 2026-01-01, to: {until}}}, "
    promise += "forbids: [{activities: [export]}]}"
    lines += ["papers:", f"  promise: {promise}", "channels:"] if dated else ["channels:"]
    for number in range(10):
        one, other = draw.sample(keys, 2)
        item = draw.choice(("radar", "radar", "radar", "boat"))
        if one == "p5" or draw.random() < 0.3:
            one, other = draw.choice(keys[:5]), "p5"
        days = (", when: 2026-07-10", ", when: 2026-08", ", when: {from: 2026-07-20}")
        more = draw.choice(("", *days)) if dated else ""
        more += ", papers: [promise]" if dated and other == who and draw.random() < 0.5 else ""
        lines.append(f"  - {{id: c{number}, from: {one}, to: {other}, item: {item}, activity: export{more}}}")
    lines += ["built_in:", f"  - {{id: b0, by: {draw.choice(keys)}, takes: radar, gives: boat}}"]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Lines that look at much of a past, ready to judge by."""
    path = tmp_path_factory.mktemp("policy") / "asking.yaml"
    path.write_text(ASKING)
    library = load([path], [])
    assert library.policies
    return prepare(library)


def test_the_search_finds_what_enumeration_finds_where_many_are_alike(asking: Bench, tmp_path: Path) -> None:
    """Parties of one class but for an owner, a kind that is not known, and an item built into another."""
    draw, leaking = random.Random(40), 0  # noqa: S311 (seeded)
    for _ in range(12):
        network = _read(asking, tmp_path, _alike(draw, dated=False))
        judge = Judge(asking, network)
        found = {tuple(h.by.id for h in each.hops) for each in search(judge, 1000).all()}
        assert found == _enumerated(judge, network)
        leaking += bool(found)
    assert leaking >= 4


def test_a_class_is_judged_as_each_path_of_it_is_enumeration(asking: Bench, tmp_path: Path) -> None:
    """Whatever path is walked, with days and papers: what was judged of its class is what the scenario of the
    path says of its last step, read and judged by itself."""
    draw, paths, told = random.Random(29), 0, 0  # noqa: S311 (seeded)
    for _ in range(6):
        network = _read(asking, tmp_path, _alike(draw, dated=True))
        judge = Judge(asking, network)
        for hops, found in _classed(judge, network):
            run_ = rejudged(judge, hops)
            conclusion = run_.conclusion
            assert conclusion is not None, run_.problems
            last = [f for f in conclusion.findings if f.subject.transfer == len(hops) - 1]
            crosses = {f"{f.rule.policy}/{f.rule.id}" for f in last if f.verdict is Verdict.CROSSES}
            perhaps = {f"{f.rule.policy}/{f.rule.id}" for f in last if f.verdict is Verdict.UNDETERMINED}
            assert found == Judgement(frozenset(crosses), frozenset(perhaps)), [hop.by.id for hop in hops]
            paths += 1
            told += bool(crosses or perhaps)
    assert paths > 100
    assert told > 15


def _classed(judge: Judge, network: Network) -> Iterator[tuple[tuple[Hop, ...], Judgement]]:
    """Paths of up to four steps with what was judged of their class."""
    steps = Steps(judge)
    moves = moves_of(network)
    todo = [stretch for place in {before(move) for move in moves} for stretch in steps.begun(place)]
    while todo:
        stretch = todo.pop(0)
        for move in moves:
            if before(move) != stretch.place or any(before(hop) == before(move) for hop in stretch.hops):
                continue
            for dated, hop in steps.dated(stretch, move):
                hops = (*dated.hops, hop)
                yield hops, judge.last(hops, dated.past, steps.sort(hop))
                _, further = steps.taken(dated, hop)
                if further is not None and len(hops) < 4:
                    todo.append(further)


def test_the_cheapest_closing_is_that_of_enumeration_and_closes(bench: Bench, tmp_path: Path) -> None:
    """Where only channels may be closed: no smaller set of channels stops every path, and the one that is
    told leaves none."""
    from itertools import combinations

    draw, closed = random.Random(11), 0  # noqa: S311 (seeded)
    for _ in range(14):
        network = _read(bench, tmp_path, _drawn(draw))
        network = replace(network, channels=tuple(replace(c, clause=None) for c in network.channels))
        found = leaks(bench, network)
        if found.closing is None:
            continue
        closed += 1
        assert found.closing.exact
        assert found.closing.measures is not None
        judge = Judge(bench, network)
        every = _enumerated(judge, network)
        names = sorted({step for path in every for step in path})
        least = next(
            size
            for size in range(1, len(names) + 1)
            if any(all(set(path) & set(some) for path in every) for some in combinations(names, size))
        )
        assert found.closing.cost == least
        away = {each.channel for each in found.closing.measures}
        left = replace(
            network,
            channels=tuple(c for c in network.channels if c.id not in away),
            builds=tuple(b for b in network.builds if b.id not in away),
        )
        assert not _enumerated(Judge(bench, left), left)
    assert closed >= 4


def test_a_promise_that_is_told_closes_when_it_is_written_into_the_network(
    bench: Bench, tmp_path: Path
) -> None:
    """The clause, put on the channel as a paper, leaves no leak."""
    dear = OPEN.replace("activity", "cost: 5, activity")
    found = _found(bench, tmp_path, HEAD + dear)
    assert found.closing is not None
    assert [(m.sort, m.channel) for m in found.closing.measures or ()] == [("clause", "a")]
    assert found.closing.exact
    papers = """papers:
  promise: {kind: no-re-export-clause, issuer: agent, state: held, binds: [agent], covers: {items: [radar]},
    valid: {from: 2026-06-01}, forbids: [{activities: [re-export, retransfer]}]}
"""
    text = HEAD + papers + OPEN.replace("activity: export}", "activity: export, papers: [promise]}")
    assert not _found(bench, tmp_path, text).leaks
    none = dear.replace("cost: 5", "cost: no, clause: no")
    stuck = _found(bench, tmp_path, HEAD + none).closing
    assert stuck is not None
    assert stuck.measures is None
    assert stuck.cannot == ("a", "b")


# --- doors -------------------------------------------------------------------------------------


def test_every_path_that_is_written_crosses_as_a_whole_and_no_step_alone(tmp_path: Path) -> None:
    """What `--write` leaves is run by `redline check`: 1 for the whole; the picture is drawn."""
    (tmp_path / "ours.yaml").write_text(POLICY)
    (tmp_path / "network.yaml").write_text(HEAD + OPEN)
    ours = ["--policy", str(tmp_path / "ours.yaml"), "-q"]
    more = ["--write", str(tmp_path / "out"), "--draw", str(tmp_path / "leaks.svg")]
    assert run(["leaks", str(tmp_path / "network.yaml"), *ours, *more]) == 1
    files = sorted((tmp_path / "out").glob("*.yaml"))
    assert files
    assert all(run(["check", str(file), *ours]) == 1 for file in files)
    assert "<svg" in (tmp_path / "leaks.svg").read_text()


def test_tables_say_what_yaml_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of CSV tables gives the same leaks."""
    (tmp_path / "ours.yaml").write_text(POLICY)
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "network.yaml").write_text(HEAD.split("parties:", maxsplit=1)[0])
    (folder / "parties.csv").write_text(
        'id,country,kind,owners\nmaker,IT,company,\nagent,AE,company,"[{party: navy, share: 40%}]"\n'
        "navy,PK,armed-forces,\n"
    )
    (folder / "items.csv").write_text("id,form,class,origin\nradar,hardware,radar,DE;FR\n")
    (folder / "channels.csv").write_text(
        "id,from,to,item,activity,when.from,when.to\na,maker,agent,radar,export,2026-07-01,2026-07-31\n"
        "b,agent,navy,radar,re-export,,\n"
    )
    code = run(["leaks", str(folder), "--policy", str(tmp_path / "ours.yaml"), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 1
    assert [leak["steps"] for leak in told["leaks"]] == [["a", "b"]]
    assert told["leaks"][0]["days"] == ["2026-07-01", "2026-07-01"]
    assert told["closing"]["exact"] is True


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("to: agent", "to: agnet", ["no-such-id", "did you mean `agent`", "network.yaml:15"]),
        ("item: radar, activity: export", "item: rdar, activity: export", ["no-such-id", "`radar`"]),
        ("id: b", "id: a", ["duplicate-id"]),
        ("id: b", "id: b, whne: 2026", ["unknown-key", "did you mean `when`"]),
        ("id: b", "id: b, when: soon", ["wrong-date"]),
        ("id: b", "id: b, date: 2026", ["unknown-key", "when"]),
        ("id: b", "id: b, cost: free", ["wrong-cost"]),
        ("re-export", "re-exprot", ["did you mean `re-export`"]),
        ("country: AE", "country: Utopia", ["Utopia", "network.yaml:8"]),
        (OPEN, "channels: none\n", ["the network has no channel"]),
        ("as_of", "as_off", ["unknown-key", "did you mean `as_of`"]),
    ],
)
def test_what_is_wrong_with_a_network_is_told_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, told: list[str]
) -> None:
    """With file and line, and what was meant."""
    text = HEAD + OPEN
    assert before in text
    (tmp_path / "network.yaml").write_text(text.replace(before, after, 1))
    assert run(["leaks", str(tmp_path / "network.yaml")]) == 2
    err = capsys.readouterr().err
    assert all(each in err for each in told), err


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One wrong line hides no other."""
    text = (HEAD + OPEN).replace("to: agent", "to: agnet").replace("to: navy", "to: nvay")
    (tmp_path / "network.yaml").write_text(text)
    assert run(["leaks", str(tmp_path / "network.yaml")]) == 2
    err = capsys.readouterr().err
    assert "`agnet`" in err
    assert "`nvay`" in err


def test_a_search_that_was_cut_short_never_calls_its_answer_whole_or_exact(
    bench: Bench, tmp_path: Path
) -> None:
    """Neither that nothing else leaks, nor that what closes what was found closes all."""
    draw, cut = random.Random(5), 0  # noqa: S311 (seeded)
    for _ in range(6):
        network = _read(bench, tmp_path, _drawn(draw))
        for labels in (1, 3, 6, 12):
            found = leaks(bench, network, labels=labels)
            if found.whole:
                continue
            cut += 1
            text = leaks_text(found, {})
            assert "not every path was looked at" in text or "within what was looked at" in text
            if found.closing is not None and not found.closing.whole:
                assert not found.closing.exact
                assert "no cheaper set does" not in text
    assert cut > 5
