"""`redline ask`: the fact that decides most first, kept as it is given, and what is told is judged again."""

from __future__ import annotations

import json
import time
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner, Result

from redline.analysis.answers_kept import kept_in
from redline.analysis.ask import Asking, verified
from redline.analysis.questions import open_questions
from redline.answers.red_flags import QUESTIONS
from redline.engine.load import load
from redline.engine.paths import read_changes, rewritten, standing
from redline.engine.read import read_path, read_text
from redline.engine.run import Bench, judge, prepare
from redline.front import cli as command_line
from redline.front.cli import cli
from redline.rules.node import Text
from redline.rules.problems import Refused
from redline.rules.terms import FLAG
from redline.rules.verdicts import Verdict
from tests.asked_in_order import chance_of, figures
from tests.whatif_cases import CHAIN_POLICY, chains

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
UNDISCLOSED = "undisclosed-end-user"


@pytest.fixture(scope="module")
def bench() -> Bench:
    """The policies that ship."""
    return prepare(load())


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    """A copy of a scenario with an end user who is not known."""
    copy(SCENARIOS / f"{UNDISCLOSED}.yaml", tmp_path / "sale.yaml")
    return str(tmp_path / "sale.yaml")


def run(*arguments: str, said: str = "") -> Result:
    """What the command line gives to what is said."""
    return CliRunner().invoke(cli, ["ask", *arguments], input=said, standalone_mode=False)


def asking(bench: Bench, name: str = UNDISCLOSED) -> Asking:
    """Asking about a scenario that ships."""
    return Asking(bench, read_path(SCENARIOS / f"{name}.yaml").documents[0])


def test_the_fact_that_decides_most_stands_first(bench: Bench) -> None:
    """Who uses it decides four lines, for what it is used one of them."""
    first, second = asking(bench).open().questions
    assert first.path == "transfers.2.end_user"
    assert first.asks == "who is the end user in step 2?"
    assert len(first.lines) == 4
    assert second.path == "transfers.2.end_use"
    assert first.settles > second.settles


def test_a_question_that_no_longer_matters_is_not_asked(bench: Bench) -> None:
    """With the end user known to be harmless, what it is used for decides nothing."""
    one = asking(bench)
    assert not one.learn([("transfers.2.end_user", Text("police"))])
    assert one.open().questions == ()
    assert one.verdict is not Verdict.UNDETERMINED


def test_what_only_settles_with_what_is_not_known_is_not_asked(bench: Bench) -> None:
    """Not known is not asked again, nor what decides only together with it."""
    one = asking(bench)
    one.skip("transfers.2.end_user")
    found = one.open()
    assert found.questions == ()
    assert found.not_known == ("transfers.2.end_user",)
    assert one.verdict is Verdict.UNDETERMINED


def test_what_each_answer_would_settle_is_what_judging_gives(bench: Bench) -> None:
    """Each choice, written into the scenario, read again and judged by every rule, settles what was told."""
    tried = 0
    for name in (UNDISCLOSED, "consent-not-known", "army-lorries", "pump-in-a-frigate"):
        one = asking(bench, name)
        for question in one.tried().questions:
            for choice in question.choices:
                if choice.value is None:
                    continue
                other = asking(bench, name)
                assert not other.learn([(question.path, choice.value)])
                again = judge(bench, rewritten(other.document), explained=lambda _: False)
                assert again.conclusion is not None
                verdicts = {(f"{f.rule.policy}/{f.rule.id}", f.verdict) for f in again.conclusion.findings}
                assert {(s.rule, s.verdict) for s in choice.settles} <= verdicts
                tried += len(choice.settles)
    assert tried > 20


def test_fewer_questions_are_asked_than_at_random() -> None:
    """At least three tenths fewer, of questions that all still matter, to a verdict that is verified."""
    count, ranked, at_random = figures([0, 1], (8, 24))["all"]
    assert count >= 30
    assert at_random > 100
    assert ranked <= 0.7 * at_random


def test_the_next_question_comes_at_once(bench: Bench) -> None:
    """In less than a tenth of a second of processor time, once warm, on each scenario that ships."""
    times = []
    for path in sorted(SCENARIOS.glob("*.yaml")):
        one = Asking(bench, read_path(path).documents[0])
        one.open()
        begin = time.process_time()
        questions = one.open().questions
        times.append(time.process_time() - begin)
        for question in questions[:1]:
            value = next((c.value for c in question.choices if c.value is not None), None)
            if value is None:
                continue
            begin = time.process_time()
            assert not one.learn([(question.path, value)])
            one.open()
            times.append(time.process_time() - begin)
    assert len(times) > 35
    assert sorted(times)[len(times) // 2] < 0.1


def test_every_red_flag_has_a_question_of_its_own() -> None:
    """In other words than what it means."""
    assert {*QUESTIONS} == {*FLAG.parents} | {*FLAG.tops}
    assert len({*QUESTIONS.values()}) == len(QUESTIONS)


def test_an_answer_outside_its_type_is_told_and_asked_again(scenario: str) -> None:
    """With what it could be; the next answer counts."""
    result = run(scenario, said="nobody\nPK\n")
    assert result.return_value == 1
    assert "there is no party `nobody`" in result.stderr
    assert "the ids are `maker`, `seller`, `buyer`, `police`" in result.stderr
    assert [path for path, _ in kept_in(Path(scenario).with_suffix(".answers")).given] == [
        "transfers.2.end_user"
    ]


def test_an_answer_against_what_is_known_is_told(tmp_path: Path) -> None:
    """What is known to be one of two is not a third: the scenario is to be corrected instead."""
    (tmp_path / "chain.yaml").write_text(CHAIN_POLICY, encoding="utf-8")
    bench = prepare(load([tmp_path / "chain.yaml"]))
    text = next(iter(chains())).replace("country: PK", "country: {one_of: [PK, FR]}")
    one = Asking(bench, read_text(text.encode(), "chain.yaml")[0][0])
    (problem,) = one.learn([("parties.navy.country", Text("DE"))])
    assert problem.code == "not-narrower"
    assert not one.given
    assert not one.learn([("parties.navy.country", Text("FR"))])


def test_an_answer_takes_nothing_away(tmp_path: Path) -> None:
    """No fact, no thing and no element of a list that is there; more of a list may be told."""
    (tmp_path / "chain.yaml").write_text(CHAIN_POLICY, encoding="utf-8")
    bench = prepare(load([tmp_path / "chain.yaml"]))
    text = next(iter(chains())).replace("origin: [TR, IT]", "origin: {known: [TR], more: possible}")
    one = Asking(bench, read_text(text.encode(), "chain.yaml")[0][0])
    changes, _, _ = read_changes(
        [
            "parties.navy.country=",
            "parties.navy={country: PK}",
            "items.ship.origin=[IT]",
            "items.ship.origin=none",
        ]
    )
    assert [one.learn([change])[0].code for change in changes] == ["not-narrower"] * 4
    (more,), _, _ = read_changes(["items.ship.origin=[TR, IT]"])
    assert not one.learn([more])


def test_someone_of_one_country_does_not_turn_out_to_be_of_another(bench: Bench) -> None:
    """Nor is anyone offered who cannot be meant; who is alleged may turn out to be someone else."""
    one = asking(bench)
    assert not one.learn([("transfers.2.end_user", Text("PK"))])
    (problem,) = one.learn([("transfers.2.end_user", Text("maker"))])
    assert problem.code == "not-narrower"
    assert all(c.says != "maker" for q in one.open().questions for c in q.choices)
    other = asking(bench, "alleged-harmless-user")
    assert not other.learn([("transfers.1.end_user", Text("PK"))])
    assert other.verdict is Verdict.CROSSES


def test_asking_can_be_left_and_resumed(scenario: str, tmp_path: Path) -> None:
    """What was answered is there again, and is not asked again; afresh begins anew."""
    left = run(scenario, said="parties.navy={country: PK, kind: armed-forces}\nq\n")
    assert left.return_value == 3
    resumed = run(scenario, "--output", str(tmp_path / "whole.yaml"), said="navy\n")
    assert "resumed: 1 answer" in resumed.stdout
    assert resumed.return_value == 1
    check = CliRunner().invoke(cli, ["check", str(tmp_path / "whole.yaml"), "--quiet"], standalone_mode=False)
    assert check.return_value == 1
    assert run(scenario).return_value == 1
    assert run(scenario, "--afresh", said="q\n").return_value == 3


def test_nothing_is_lost_where_asking_is_interrupted(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers given are in the file, and the exit code is 130."""
    said = iter(["parties.navy={country: PK}"])

    def line(_: str) -> str:
        for each in said:
            return each
        raise KeyboardInterrupt

    monkeypatch.setattr("redline.front.cli_ask._line", line)
    result = run(scenario)
    assert result.return_value == command_line.INTERRUPTED
    assert "what was answered (1) is kept in" in result.stderr
    assert len(kept_in(Path(scenario).with_suffix(".answers")).given) == 1


def test_a_scenario_that_changed_since_is_told_of(scenario: str) -> None:
    """The answers are applied to it as it is now; where one does not fit any more, nothing is judged."""
    run(scenario, said="police\n")
    path = Path(scenario)
    text = path.read_text(encoding="utf-8").replace("  police: {", "  patrol: {")
    text = text.replace("end_user: police", "end_user: patrol")
    path.write_text(text, encoding="utf-8")
    result = run(scenario)
    assert result.return_value == 2
    assert "the scenario has changed since" in result.stderr
    assert "there is no party `police`" in result.stderr


@pytest.mark.parametrize(
    "text", ["redline: 1\n", "[]", "answers: x\ngiven: [{value: x}]", "answers: x\ngiven: [{path: a.b}]"]
)
def test_a_file_that_holds_no_answers_is_refused(text: str, tmp_path: Path, bench: Bench) -> None:
    """With what is wrong; the file stays as it is."""
    (tmp_path / "x.answers").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        kept_in(tmp_path / "x.answers")
    assert refused.value.problems[0].code == "wrong-answers"


def test_the_list_is_the_same_as_text_and_as_data(scenario: str) -> None:
    """The same questions in the same order; nothing is asked and nothing kept."""
    text, listed = run(scenario, "--list"), run(scenario, "--list", "--format", "json")
    assert text.return_value == listed.return_value == 3
    found = json.loads(listed.stdout)
    assert [q["path"] for q in found["questions"]] == ["transfers.2.end_user", "transfers.2.end_use"]
    places = [text.stdout.index(q["asks"]) for q in found["questions"]]
    assert places == sorted(places)
    assert "not to choose" in text.stdout
    assert not Path(scenario).with_suffix(".answers").exists()


def test_enough_ends_with_the_verdict_on_the_whole(scenario: str) -> None:
    """One that is crossed settles it, whatever other lines still wait for."""
    text = Path(scenario).read_text(encoding="utf-8")
    assert "unknown" in text or "end_user" not in text
    result = run(scenario, "--enough", said="PK\n")
    assert result.return_value == 1


def test_classes_that_no_open_line_tells_apart_are_one_choice(bench: Bench) -> None:
    """Each value of a field that has a class falls into one choice alone."""
    found = open_questions(bench, judge(bench, asking(bench, "army-lorries").document))
    (question,) = found.questions
    assert [c.says for c in question.choices] == ["sensitive", "not sensitive"]
    assert standing(asking(bench, "army-lorries").document.root, question.path) is not None


def test_what_was_settled_along_the_way_is_what_is_judged_in_the_end(bench: Bench) -> None:
    """In whatever order is asked; on each scenario that ships, with each first choice taken."""
    chance, learnt = chance_of("order"), 0
    for path in sorted(SCENARIOS.glob("*.yaml")):
        one = Asking(bench, read_path(path).documents[0])
        for _ in range(6):
            questions = one.open().questions
            if not questions:
                break
            question = chance.choice(questions)
            values = [c.value for c in question.choices if c.value is not None]
            if values and not one.learn([(question.path, chance.choice(values))]):
                learnt += 1
            else:
                one.skip(question.path)
        verified(one)
    assert learnt >= 5
