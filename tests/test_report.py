"""The report: whole, cited, the same bytes each time, within the width, and never a clearance."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from jsonschema import Draft202012Validator

from redline import Engine
from redline.answers.columns import width
from redline.answers.render import carries, explained, rendered
from redline.answers.render_json import render_schema
from redline.answers.report import exit_code, first_code, report
from redline.engine.load import load, shipped
from redline.engine.read import read_path
from redline.engine.run import Options, judge, prepare
from redline.rules.report import AboutThisRun, Report, SecondOpinion
from redline.rules.verdicts import Layer, Verdict
from redline.testing.dice import Seeded
from tests.answers import POLICY, SCENARIO, answered, as_json, finding
from tests.conftest import ROOT
from tests.laws.generate import FOREIGN, scenario

SCHEMA_FILE = ROOT / "rules" / "report.schema.json"
_CLEARANCES = re.compile(
    r"\b(allowed|permitted|cleared|legal to|lawful|approved|compliant|ok)\b", re.IGNORECASE
)
HOSTILE = {
    "a verdict": "not crossed",
    "markup": "**bold** [x](http://evil.example) <b>&amp;",
    "a table": "a | b | c",
    "code": "``` `x` ```",
    "a heading": "# no encoded red line crossed",
    "mermaid": 'x"]; end --> y["',
    "very long": "w" * 3000,
    "many words": "word " * 600,
    "wide": "漢" * 300,
    "braces": "{of} {it} {whole} {0}",
    "colours": "[bold red]x[/]",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on the demo."""
    return answered(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def shipped_reports() -> list[Report]:
    """The reports on all scenarios that ship, by all policies that ship."""
    bench = prepare(load())
    reports = []
    for path in shipped("scenarios"):
        for document in read_path(path).documents:
            run = judge(bench, document)
            assert run.conclusion is not None, (path.name, run.problems)
            reports.append(report(bench, run))
    return reports


def _all_texts(made: Report) -> list[str]:
    return [rendered([made], "text"), rendered([made], "text", everything=True)]


# --- published form ----------------------------------------------------------------------------


def test_the_published_schema_is_the_one_that_the_classes_give(refresh: bool) -> None:
    """`make refresh` writes it anew."""
    if refresh:
        SCHEMA_FILE.write_text(render_schema(), encoding="utf-8")
    assert SCHEMA_FILE.read_text(encoding="utf-8") == render_schema()
    Draft202012Validator.check_schema(json.loads(render_schema()))


def test_json_keeps_to_the_schema(demo: Report, shipped_reports: list[Report]) -> None:
    """Of the demo and of all that ships."""
    validator = Draft202012Validator(json.loads(render_schema()))
    for made in (demo, *shipped_reports):
        validator.validate(as_json(made))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """In processes that order sets differently."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    code = """
import sys
from redline.engine.load import load
from redline.engine.read import read_path
from redline.answers.render import rendered
from redline.answers.report import report
from redline.engine.run import judge, prepare
bench = prepare(load(["policy.yaml"]))
made = report(bench, judge(bench, read_path("scenario.yaml").documents[0]))
for form in ("text", "markdown", "json", "html"):
    sys.stdout.buffer.write(rendered([made], form, everything=True).encode())
"""
    outputs = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert b"/tmp" not in next(iter(outputs))


def test_several_reports_are_a_list_and_one_is_an_object(demo: Report) -> None:
    """In the order in which they were asked for."""
    assert isinstance(json.loads(rendered([demo], "json")), dict)
    assert [each["scenario"] for each in json.loads(rendered([demo, demo], "json"))] == [demo.scenario] * 2


def test_every_cited_place_exists_and_holds_what_is_cited(
    demo: Report, shipped_reports: list[Report]
) -> None:
    """Facts in the scenario, rules in the policy, paragraphs in the register."""
    statements = {
        (r.id, s.id): {p.number for p in s.paragraphs} for r in load().registers for s in r.statements
    }
    lines: dict[str, list[str]] = {}

    def line(file: str, number: int) -> str:
        path = ROOT / file if not Path(file).is_absolute() else Path(file)
        if file not in lines:
            lines[file] = path.read_text(encoding="utf-8").splitlines()
        return lines[file][number - 1]

    for made in (demo, *shipped_reports):
        for each in made.findings:
            assert each.rule.rule.partition("/")[2] in line(each.rule.file, each.rule.line)
            assert each.rule.sources
            for source in each.rule.sources:
                assert set(source.paragraphs) == statements[source.register, source.statement]
                assert source.paraphrase
            for fact in (f for r in each.under for b in r.because for f in b.facts if f.line):
                assert line(fact.file, fact.line).strip(), fact


def test_files_that_ship_are_named_by_their_folder(shipped_reports: list[Report]) -> None:
    """No path of this machine is told."""
    for made in shipped_reports:
        assert made.scenario_file.startswith("scenarios/")
        assert str(ROOT) not in rendered([made], "json")


# --- what an answer says -----------------------------------------------------------------------


def test_the_demo_fits_forty_lines_and_tells_who_where_which_step_which_fact_and_what_is_unknown() -> None:
    """As a person who knows the field but not the program reads it."""
    bench = prepare(load())
    path = next(p for p in shipped("scenarios") if p.name == "radar-through-a-shipyard.yaml")
    run = judge(bench, read_path(path).documents[0])
    text = rendered([report(bench, run)], "text")
    assert len(text.splitlines()) <= 40
    assert "stated by India (Rajnath Singh, Minister of Defence)" in text
    assert re.search(r"S0 paragraphs .*policies/india-italy\.yaml:\d+", text)
    assert "crossed at step 3" in text
    assert "the corvette contains the radar" in text
    assert re.search(r"the radar embodies Italian content.*scenario:\d+", text)
    assert "step 3 reaches Pakistan: its recipient, Pakistan Navy, is in" in text
    assert "not legal advice" in text


def test_no_line_is_wider_than_a_hundred_columns(demo: Report, shipped_reports: list[Report]) -> None:
    """Folded or whole, explained or not."""
    for made in (demo, *shipped_reports):
        texts = _all_texts(made) + [
            explained(made, rule, "text") for rule in {f.rule.rule for f in made.findings}
        ]
        for text in texts:
            assert max(map(width, text.splitlines())) <= 100


def test_a_negative_is_never_worded_as_a_clearance(shipped_reports: list[Report]) -> None:
    """The words of the program; what policies and scenarios say in their own words is theirs."""
    negatives = [r for r in shipped_reports if r.verdict in (Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE)]
    assert negatives
    for made in negatives:
        assert made.answer.startswith("no encoded red line crossed")
    for word in (v.words for v in Verdict):
        assert not _CLEARANCES.search(word)
    for folder in ("answers", "analysis", "rules"):
        for path in (ROOT / folder).glob("re[np]*.py"):
            for quoted in re.findall(r'"([^"\n]{3,})"', path.read_text(encoding="utf-8")):
                assert not _CLEARANCES.search(quoted), (path.name, quoted)


def test_every_negative_names_the_condition_that_failed(demo: Report, shipped_reports: list[Report]) -> None:
    """And every reading of it is whole."""
    for made in (demo, *shipped_reports):
        for each in made.findings:
            for reading in each.under:
                if reading.verdict in (Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE):
                    assert reading.failed, (made.scenario, each.rule.rule, each.subject.called)
                for because in reading.because:
                    assert because.says.strip() == because.says != ""
                    assert not re.search(r"[{}]|\bNone\b|is not named$", because.says), because.says


def test_every_undetermined_finding_says_what_it_waits_for(shipped_reports: list[Report]) -> None:
    """A question, or what the text leaves open, or that it was not searched to the end."""
    for made in shipped_reports:
        for each in made.findings:
            if each.verdict is Verdict.UNDETERMINED:
                told = [
                    r
                    for r in each.under
                    if r.waits_for or r.open_questions or not r.searched or not r.exhaustive
                ]
                assert told or len(each.under) > 1, (made.scenario, each.rule.rule, each.subject.called)
                for fact in (f for r in each.under for w in r.waits_for for f in w.facts):
                    assert fact.question.endswith("?"), fact
        assert {rule for waits in made.waiting for rule in waits.rules} <= {
            f.rule.rule for f in made.findings
        }


def test_whatever_is_waited_for_is_asked() -> None:
    """Whether a step comes before a transfer of two items is one question, and not none."""
    engine, told = Engine.load(), 0
    for seed in range(16, 26):
        made = scenario(Seeded(Random(seed)), FOREIGN)  # noqa: S311  # no secret hangs on it
        answer = engine.check(made)
        readings = [r for layer in answer.layers for f in layer.findings for r in f.under]
        assert all(waits.facts for reading in readings for waits in reading.waits_for), seed
        assert rendered([answer], "text", everything=True)
        told += sum(len(reading.waits_for) for reading in readings)
    assert told > 40


def test_findings_stand_by_layer_the_deciding_first(demo: Report) -> None:
    """A layer without a policy is said to be without one."""
    assert [layer.layer for layer in demo.layers] == list(Layer)
    assert [layer.layer for layer in demo.layers if not layer.loaded] == [Layer.CONTRACT]
    assert demo.not_covered.layers == (Layer.CONTRACT,)
    assert "contract: no policy loaded" in rendered([demo], "text")
    for layer in demo.layers:
        order = [list(Verdict).index(f.verdict) for f in layer.findings]
        assert order == sorted(order)


def test_what_is_not_shown_is_counted_and_all_of_it_is_shown_on_demand(demo: Report) -> None:
    """With each rule and each subject."""
    assert "further: 2 rules not crossed, 1 does not apply: --all lists them" in rendered([demo], "text")
    everything = rendered([demo], "text", everything=True)
    assert "further" not in everything
    for each in demo.findings:
        assert each.rule.rule.partition("/")[2] in everything
    assert "does not apply at step 2" in everything


def test_a_clean_answer_names_what_failed_and_why_on_its_first_screen(tmp_path: Path) -> None:
    """For the negatives nearest to the question, and the condition is the one that the facts tell of."""
    text = rendered([answered(tmp_path, SCENARIO.replace("country: PK", "country: FR"))], "text")
    assert "however the facts" not in text
    since = text[text.index("no-defence-tech-to-pakistan") :]
    clean = finding(
        answered(
            tmp_path,
            SCENARIO.replace("country: PK", "country: FR").replace("no_agreements", "used_where_received"),
        ),
        "no-defence-tech-to-pakistan",
        "step 3",
    )
    assert clean.verdict is Verdict.NOT_CROSSED
    assert clean.main.failed == "no one that step 3 reaches is in Pakistan"
    assert any("is in France" in each.says for each in clean.main.because)
    assert "since" in since or "waits for" in since


def test_what_waits_for_the_same_with_the_same_outcome_is_told_once(shipped_reports: list[Report]) -> None:
    """And one question stands once, with all its outcomes."""
    for made in shipped_reports:
        for reading in (r for f in made.findings for r in f.under):
            told = [
                (
                    frozenset(f.question for f in w.facts),
                    frozenset((frozenset(o.values), o.verdict) for o in w.outcomes),
                )
                for w in reading.waits_for
            ]
            assert len(set(told)) == len(told)


def test_one_is_not_spoken_of_as_several_and_no_source_stands_twice(demo: Report, tmp_path: Path) -> None:
    """Cases, rules and free-text sources."""
    second = SecondOpinion("agrees", 1, (), ("a/b: why",))
    made = replace(demo, about_this_run=AboutThisRun(second_opinion=second))
    assert "second opinion: agrees on 1 case, 1 rule not judged\n" in rendered([made], "text")
    policy = re.sub(r"\[IN-IT-PK-01.*\]", "[{text: a speech in Rome}]", POLICY).replace(
        "registers: [S0]\n", ""
    )
    text = explained(answered(tmp_path, SCENARIO, policy), "care-with-sensors", "text")
    assert text.count("a speech in Rome") == 1
    text = rendered([answered(tmp_path, SCENARIO, policy)], "text")
    assert text.count("a speech in Rome") == text.count("source: a speech in Rome") > 0


def test_assumptions_stand_first(demo: Report) -> None:
    """Before any finding."""
    text = rendered([demo], "text")
    assert text.index("assumed: whoever receives in a step is its end user") < text.index("crossed at step 3")
    assert all(each.facts[0].grade == "assumed" for each in demo.assumptions)


def test_what_no_rule_ranges_over_is_told(tmp_path: Path) -> None:
    """Items, parties, activities and steps that every rule leaves alone; and a scenario without rules."""
    licence = POLICY[POLICY.index("  - id: licence-for-arms") : POLICY.index("  - id: care")]
    policy = f"{POLICY[: POLICY.index('define:')]}rules:\n{licence}"
    made = answered(tmp_path, SCENARIO, policy)
    assert made.not_covered.steps == ("step 2",)
    assert made.not_covered.activities == ("incorporation",)
    assert made.not_covered.items == ()
    text = rendered([made], "text")
    assert "steps that no rule is about: step 2" in text


def test_exceptions_permissions_and_parts_of_the_rule_are_explained(demo: Report) -> None:
    """The whole proof of one rule, on every subject."""
    text = explained(demo, "request/no-defence-tech-to-pakistan", "text")
    for words in (
        "step 1: undetermined",
        "step 2: not crossed",
        "step 3: crossed",
        "because  the corvette",
        "grade: stated",
    ):
        assert words in text
    assert "“italian defence content”: something in it embodies Italian content" in text
    assert "India formally requested of Italy" in text
    assert exit_code(demo, "request/care-with-sensors") == 4
    assert "was asked of nothing" in explained(demo, "request/no-such-rule", "text")
    one = json.loads(explained(demo, "request/licence-for-arms", "json"))
    assert {f["rule"]["rule"] for layer in one["layers"] for f in layer["findings"]} == {
        "request/licence-for-arms"
    }
    assert "not crossed" in explained(demo, "request/no-defence-tech-to-pakistan", "markdown")


def test_readings_that_were_fixed_and_dates_that_were_asked_for_are_told(tmp_path: Path) -> None:
    """Whatever changes the answer stands in it."""
    made = answered(tmp_path, options=Options(as_if_in_force=True, readings={"sensitive_only": "no"}))
    assert made.judged_with == (
        "rules that bind are judged as if they were in force on every day",
        "request/sensitive_only is read as no",
    )
    assert "asked for: request/sensitive_only is read as no" in rendered([made], "text")


# --- hostile names -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_no_name_can_break_or_forge_an_answer(name: str, tmp_path: Path) -> None:
    """Text stays within its width and shows the verdict, Markdown has no more headings, links or code."""
    quoted = json.dumps(name, ensure_ascii=False)
    text = SCENARIO.replace("name: Pakistan Navy", f"name: {quoted}").replace(
        "what: corvette", f"what: {quoted}"
    )
    text = text.replace("title: A coastal", f"title: {quoted} #")
    made, plain = answered(tmp_path, text), answered(tmp_path)
    assert [f.verdict for f in made.findings] == [f.verdict for f in plain.findings]
    for shown, expected in zip(_all_texts(made), _all_texts(plain), strict=True):
        assert max(map(width, shown.splitlines())) <= 100
        for start in ("  ✗ ", "  ? ", "  · ", "  ! ", "legal", "political", "not covered", "further"):
            assert _starting(shown, start) == _starting(expected, start)
        assert shown.splitlines()[0].endswith("CROSSES 2 lines")
    mark, usual = rendered([made], "markdown"), rendered([plain], "markdown")
    for start in ("#", "```", "- ", "  - ", "> ", "|"):
        assert _starting(mark, start) == _starting(usual, start)
    diagram = mark[mark.index("```mermaid") : mark.index("```", mark.index("```mermaid") + 5)]
    assert [line.count('"') for line in diagram.splitlines()] == [
        line.count('"')
        for line in usual[usual.index("```mermaid") :].splitlines()[: len(diagram.splitlines())]
    ]
    assert not re.search(r"(?<!\\)\[[^\]]*\]\(|<b>|(?<![\\])\*\*bold", mark)
    assert as_json(made)["verdict"] == "crosses"


def _starting(text: str, start: str) -> int:
    return sum(line.startswith(start) for line in text.splitlines())


@pytest.mark.parametrize("character", ["\x1b[31m", "\u202e", "\u0007", "\u200b", "\u2028"])
def test_what_could_move_the_cursor_or_hide_never_leaves_the_program(character: str, demo: Report) -> None:
    """It is refused on reading; what slips through is written by its code point."""
    from redline.answers.say_values import said_name

    assert all(c.isprintable() for c in said_name(f"a{character}b"))
    for text in _all_texts(demo):
        assert character not in text


def test_colour_only_repeats_what_words_say(demo: Report) -> None:
    """Without its codes coloured text is the plain one."""
    coloured = rendered([demo], "text", colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == rendered([demo], "text")
    assert "\x1b" not in rendered([demo], "text")


def test_text_for_a_narrow_encoding_is_ascii(demo: Report) -> None:
    """And of the same lines."""
    assert carries("utf-8")
    assert not carries("ascii")
    assert not carries("latin-1")
    text = rendered([demo], "text", encoding="ascii")
    assert text.isascii()
    assert len(text.splitlines()) == len(rendered([demo], "text").splitlines())


# --- exit codes and the run --------------------------------------------------------------------


def test_exit_codes_follow_the_verdict_and_the_first_of_several_counts(demo: Report) -> None:
    """Disagreement is never a negative."""
    codes = {
        Verdict.CROSSES: 1,
        Verdict.UNDETERMINED: 3,
        Verdict.REQUIRES_ASSESSMENT: 4,
        Verdict.AUTHORISED: 0,
        Verdict.NOT_CROSSED: 0,
        Verdict.NOT_APPLICABLE: 0,
    }
    for verdict, code in codes.items():
        assert exit_code(replace(demo, verdict=verdict)) == code
        for status in ("disagrees", "failed"):
            differing = AboutThisRun(SecondOpinion(status, 9, ("a/b of step 1: crosses, but not_crossed",)))
            apart = replace(demo, verdict=verdict, about_this_run=differing)
            assert exit_code(apart) == (1 if code == 1 else 3)
    assert first_code([0, 4, 3, 1]) == 1
    assert first_code([0, 4, 3]) == 3
    assert first_code([0, 4]) == 4
    assert first_code([0]) == 0


@pytest.mark.parametrize(
    ("opinion", "said"),
    [
        (
            SecondOpinion("unavailable", why="durable-rules is not installed"),
            "no second opinion: durable-rules",
        ),
        (
            SecondOpinion("disagrees", 2, ("a/b of step 1: crosses, but not_crossed",)),
            "THE EVALUATORS DISAGREE",
        ),
        (SecondOpinion("failed", why="the child was killed"), "THE SECOND OPINION FAILED"),
    ],
)
def test_a_report_opens_with_what_is_amiss_with_the_second_opinion(
    opinion: SecondOpinion, said: str, demo: Report
) -> None:
    """In text and in Markdown."""
    made = replace(demo, about_this_run=AboutThisRun(opinion))
    assert rendered([made], "text").startswith(said)
    assert said in rendered([made], "markdown").split("## ")[0]


def test_without_any_rule_nothing_is_said_to_be_uncrossed(tmp_path: Path) -> None:
    """It is undetermined, and said so."""
    empty = "redline: 1\npolicy: empty\ntitle: Nothing\nrules: []\n"
    made = answered(tmp_path, SCENARIO, empty)
    assert made.verdict is Verdict.UNDETERMINED
    assert exit_code(made) == 3
    assert "nothing was checked" in rendered([made], "text")


def test_the_date_judged_and_where_it_comes_from_are_told(tmp_path: Path, demo: Report) -> None:
    """Never the clock."""
    assert (demo.as_of, demo.as_of_from) == ("2026-06-01", "the scenario's own date")
    undated = answered(tmp_path, SCENARIO.replace("as_of: 2026-06-01\n", ""))
    assert undated.as_of == ""
    assert "no date is given" in rendered([undated], "text")


def test_hashes_tell_one_input_from_another(tmp_path: Path, demo: Report) -> None:
    """Of policies and of the scenario."""
    other = answered(tmp_path, SCENARIO.replace("2028", "2029"))
    assert demo.scenario_sha256 != other.scenario_sha256
    assert demo.policies[0].sha256 == other.policies[0].sha256
    assert len(demo.scenario_sha256) == 64


def test_rendering_text_imports_nothing_slow() -> None:
    """So that `redline check` starts fast."""
    code = (
        "import sys, redline.answers.render_text, redline.answers.report\n"
        "print(*(m for m in ('rich', 'pydantic', 'pycountry') if m in sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout.strip() == ""


def test_the_alleged_and_the_assumed_are_told_apart_from_the_stated(tmp_path: Path) -> None:
    """An answer that rests on an allegation says so."""
    text = SCENARIO.replace(
        "origin: [IT]}", "origin: [{value: IT, grade: alleged, source: a newspaper}]}"
    ).replace("origin: [TR, IT]", "origin: {known: [TR], more: possible}")
    found = finding(answered(tmp_path, text), "no-defence-tech-to-pakistan", "step 3")
    assert found.verdict is Verdict.CROSSES
    assert found.main.grade == "alleged"
    assert any(
        f.grade == "alleged" and f.source == "a newspaper" for b in found.main.because for f in b.facts
    )


def test_sources_in_free_words_are_shown_whole_and_beside_what_they_support(tmp_path: Path) -> None:
    """Of rules in every form, without a blank line; of facts with their grade, where the proof is whole."""
    policy = (
        POLICY.replace("registers: [S0]\n", "")
        .replace(
            "source: [IN-IT-PK-01, IN-IT-PK-01a]",
            'source: [{text: "act on exports, 3"}, {text: "circular 12"}]',
        )
        .replace("source: [IN-IT-PK-01]", 'source: [{text: "another act"}]')
    )
    said = SCENARIO.replace("country: PK", 'country: {value: PK, grade: reported, source: "a paper"}')
    made = answered(tmp_path, said, policy)
    text = rendered([made], "text")
    assert re.search(r"(?m)^    source: act on exports, 3; circular 12(  |$)", text)
    assert not [line for line in text.splitlines() if re.fullmatch(r"\s+\S*policy.yaml:\d+", line)]
    rule = "request/no-defence-tech-to-pakistan"
    whole = explained(made, rule, "text")
    assert "  source: act on exports, 3\n  source: circular 12\n" in whole
    for shown in (whole, rendered([made], "text", everything=True), rendered([made], "markdown")):
        assert "source: a paper (reported)" in shown.replace("\\", "")
    assert "recipient_is_end_user (assumed)" not in whole
    facts = [f for each in made.findings for r in each.under for b in r.because for f in b.facts]
    assert ("reported", "a paper") in {(fact.grade, fact.source) for fact in facts}


def test_no_two_outcomes_of_a_missing_fact_have_the_same_words(shipped_reports: list[Report]) -> None:
    """What would settle a finding tells which way; where one condition does not, what else the rule asks."""
    seen = 0
    for made in shipped_reports:
        for each in made.findings:
            for reading in each.under:
                for need in reading.waits_for:
                    told = [outcome.values for outcome in need.outcomes]
                    assert len(set(told)) == len(told), told
                    seen += len(told) > 1
    assert seen
