"""The page: whole, closed to the network, well-formed, and readable whoever reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from redline.answers.flow_graph import step_words
from redline.answers.html_style import style
from redline.answers.markup import joined, tag
from redline.answers.palette import EDGE, FILL, INK
from redline.answers.render import rendered
from redline.answers.report import report
from redline.engine.load import load, shipped
from redline.engine.read import read_path
from redline.engine.run import judge, prepare
from redline.front.cli import cli
from redline.rules.report import Report
from redline.rules.verdicts import Verdict
from tests.answers import SCENARIO, answered, as_json

_EMPTY = {"meta"}
_HOSTILE = '<script>alert("1")</script><img src=x onerror=\'y\'>"]]>--><style>&amp;{{7*7}}'
_SENTENCES = {
    "says",
    "question",
    "failed",
    "paraphrase",
    "means",
    "note",
    "exception_says",
    "answer",
    "title",
}
_LISTED = {"open_questions", "judged_with", "interpretations", "author_rules", "differs_on"}
ALLEGED = "https?:|//|url\\(|@import|javascript:"


class _Page(HTMLParser):
    """What a browser would find on a page: its elements, their attributes, and the text that is read."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the one that was begun last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self.open or self.open[-1] not in ("style", "head"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All text that is read, in one line."""
        return " ".join(" ".join(self.texts).split())

    def of(self, element: str) -> list[dict[str, str | None]]:
        """The attributes of each such element."""
        return [attributes for name, attributes in self.elements if name == element]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    """The demo's, and those of all scenarios that ship."""
    bench = prepare(load())
    made = [answered(tmp_path_factory.mktemp("demo"))]
    for path in shipped("scenarios"):
        for document in read_path(path).documents:
            run = judge(bench, document)
            assert run.conclusion is not None
            made.append(report(bench, run))
    return made


def _sentences(data: Any, key: str = "") -> Iterator[str]:
    """The sentences of a report as data; of permissions and flags that do not hold nothing is told."""
    match data:
        case {"holds": "no", "defeats": _}:
            return
        case dict():
            for name, value in data.items():
                yield from _sentences(value, name)
        case list():
            for each in data:
                yield from _sentences(each, key)
        case str() if key in _SENTENCES | _LISTED and data:
            yield data


def test_every_sentence_of_the_report_is_on_the_page(reports: list[Report]) -> None:
    """Of the rule's parts too, where everything is asked for."""
    count = 0
    for made in reports:
        page = _Page(rendered([made], "html", everything=True)).text.casefold()
        for sentence in _sentences(as_json(made)):
            count += 1
            assert " ".join(sentence.split()).casefold() in page, (made.scenario, sentence)
    assert count > 5000


def test_every_sentence_of_the_text_is_on_the_page(reports: list[Report]) -> None:
    """Whatever the text quotes from the report, unfolded or not."""
    count = 0
    for made in reports:
        page = _Page(rendered([made], "html")).text.casefold()
        text = " ".join(rendered([made], "text", everything=True).split())
        for sentence in set(_sentences(as_json(made))):
            if (told := " ".join(sentence.split())) in text:
                count += 1
                assert told.casefold() in page, (made.scenario, sentence)
    assert count > 500


def test_every_place_of_a_finding_that_is_told_is_on_the_page(reports: list[Report]) -> None:
    """The rule's file and line, its paragraphs, and each deciding fact."""
    for made in reports:
        page = _Page(rendered([made], "html")).text
        for each in made.findings:
            assert f"{each.rule.file}:{each.rule.line}" in page
            for source in each.rule.sources:
                assert source.statement in page
                assert all(re.search(rf"paragraphs? [\d, ]*\b{n}\b", page) for n in source.paragraphs)
            if each.verdict in (Verdict.CROSSES, Verdict.UNDETERMINED, Verdict.REQUIRES_ASSESSMENT):
                for fact in (f for r in each.under for b in r.because for f in b.facts if f.line):
                    assert f"{fact.file}:{fact.line}" in page
                    assert fact.path in page


def test_a_page_is_closed_to_the_network_and_runs_nothing(reports: list[Report]) -> None:
    """No address, no script, no handler; and a browser is told so."""
    text = rendered(reports, "html")
    page = _Page(text)
    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "base"} & {
        name for name, _ in page.elements
    }
    for _, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name != "xmlns":
                assert name not in ("src", "action", "data", "style")
                assert name != "href" or (value or "").startswith("#")
    assert not re.search(ALLEGED, style())
    (policy,) = [a["content"] for a in page.of("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_ids_are_unique_and_every_link_leads_to_one(reports: list[Report]) -> None:
    """With several reports on a page, the same one twice among them."""
    page = _Page(rendered([*reports, reports[0]], "html"))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert not [each for each, count in Counter(ids).items() if count > 1]
    named = {f"#{each}" for each in ids}
    links = [a["href"] for a in page.of("a")]
    assert len(links) > 100
    assert set(links) <= named
    for _, attributes in page.elements:
        for each in (attributes.get("aria-labelledby") or "").split():
            assert each in ids


def test_a_page_has_one_report_after_the_other_and_says_what_each_answers(reports: list[Report]) -> None:
    """In the order in which they were asked for."""
    text = _Page(rendered(reports[:3], "html")).text
    places = [text.index(f"{made.scenario}: {made.answer}") for made in reports[:3]]
    assert places == sorted(places)


def test_headings_go_down_by_one_and_a_page_says_its_language(reports: list[Report]) -> None:
    """As those read it who hear it."""
    for made in reports:
        page = _Page(rendered([made], "html"))
        levels = [int(name[1]) for name, _ in page.elements if re.fullmatch("h[1-6]", name)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels
        assert page.of("html") == [{"lang": "en"}]
        assert len(page.of("main")) == 1
        (drawn,) = page.of("svg")
        assert drawn["role"] == "img"
        assert all(step_words(link) in page.text for link in made.chain)


def test_names_are_never_taken_for_markup(tmp_path: Path) -> None:
    """A scenario of which every name is hostile: it is read as it is written, and makes no element."""
    hostile = _HOSTILE.replace("'", "''")
    scenario = SCENARIO.replace("name: an Italian radar maker", f"name: '{hostile}'")
    scenario = scenario.replace("what: naval surveillance radar", f"what: '{hostile}'")
    scenario = scenario.replace("title: A coastal radar built into", f"title: '{hostile}' #")
    tame, wild = (_Page(rendered([answered(tmp_path, s)], "html")) for s in (SCENARIO, scenario))
    assert wild.text.count('<script>alert("1")</script>') > 3
    assert {name for name, _ in wild.elements} == {name for name, _ in tame.elements}
    for _, attributes in wild.elements:
        assert not {"onerror", "src"} & set(attributes)


def test_a_policy_is_never_taken_for_markup(tmp_path: Path) -> None:
    """What its rule says."""
    from tests.answers import POLICY

    policy = POLICY.replace(
        "says: Italy is asked not to pass sensitive defence technology to Pakistan.",
        "says: '" + _HOSTILE.replace("'", "''") + "'",
    )
    page = _Page(rendered([answered(tmp_path, policy=policy)], "html"))
    assert '<script>alert("1")</script>' in page.text
    assert not page.of("script")
    assert not page.of("img")


def test_parts_are_escaped_unless_they_are_markup() -> None:
    """In text and in attributes."""
    inner = tag("b", '"<&')
    assert tag("p", inner, "<", class_='"') == '<p class="&quot;"><b>&quot;&lt;&amp;</b>&lt;</p>'
    assert joined(["a", None, tag("rect", x=1.0, y=0.25)]) == 'a<rect x="1" y="0.2"/>'
    assert tag("details", open=False) == "<details></details>"
    assert tag("details", open=True) == "<details open></details>"


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def test_words_stand_out_from_what_they_stand_on() -> None:
    """By the measure of the Web Content Accessibility Guidelines: 4.5 for words."""
    for verdict in Verdict:
        assert _contrast(FILL[verdict], INK[verdict]) >= 4.5
    for colour in (*EDGE.values(), *re.findall(r"[;{]color:(#[0-9a-f]{6})", style())):
        if colour.lower() not in {ink.lower() for ink in INK.values()}:
            assert _contrast(colour, "#FFFFFF") >= 4.5, colour


def test_a_negative_is_shown_without_a_sign_and_in_no_green(reports: list[Report]) -> None:
    """No colour and no mark tells anyone to go ahead."""
    made = next(each for each in reports if each.verdict is Verdict.NOT_CROSSED)
    text = rendered([made], "html")
    assert "no encoded red line crossed" in text
    head = text.partition("</header>")[0].rpartition("<header>")[2]
    assert "✓" not in head
    assert "not legal advice" in head


def test_the_command_writes_a_page(tmp_path: Path) -> None:
    """With the exit code of the answer."""
    (tmp_path / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    page = tmp_path / "report.html"
    done = CliRunner().invoke(
        cli, ["check", str(tmp_path / "scenario.yaml"), "--format", "html", "-o", str(page)],
        standalone_mode=False,
    )  # fmt: skip
    assert done.return_value == 1
    assert _Page(page.read_text(encoding="utf-8")).of("svg")


def test_a_timeline_stands_on_the_page_in_a_picture_and_in_words(tmp_path: Path) -> None:
    """Each scenario's own."""
    pytest.importorskip("vl_convert", reason="the extra `pictures` is not installed")
    names = ("guns-while-restricted", "consent-expired")
    paths = [str(p) for name in names for p in shipped("scenarios") if p.stem == name]
    page = tmp_path / "report.html"
    asked = ["check", *paths, "--format", "html", "--timeline", "2012..2028", "--output", str(page)]
    done = CliRunner().invoke(cli, asked, standalone_mode=False)
    assert done.return_value == 1
    text = page.read_text(encoding="utf-8")
    read = _Page(text)
    assert len(read.of("svg")) == 4
    assert "2021-11-12" in read.text
    assert "no-dealings-with-the-restricted-group" in text
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    CliRunner().invoke(cli, [*asked[:-1], str(tmp_path / "again.html")], standalone_mode=False)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_a_map_stands_on_the_page_in_a_picture_and_in_words(tmp_path: Path) -> None:
    """Each country by its verdict, as a sweep finds it, and nothing is fetched for it."""
    pytest.importorskip("vl_convert", reason="the extra `pictures` is not installed")
    path = next(str(p) for p in shipped("scenarios") if p.stem == "radar-through-a-shipyard")
    page = tmp_path / "report.html"
    asked = ["check", path, "--format", "html", "--map", "parties.navy.country", "--output", str(page)]
    done = CliRunner().invoke(cli, asked, standalone_mode=False)
    assert done.return_value == 1
    text = page.read_text(encoding="utf-8")
    assert len(_Page(text).of("svg")) == 2
    assert "crosses (1): PK" in text
    assert "undetermined (249)" in text
    assert not re.search(r'(?:src|href|url\()=?["\']?https?:', text)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("parties.nobody.country", "there is no party `nobody`"),
        ("transfers.1.activity", "a map shows one country"),
    ],
)
def test_a_map_of_no_country_is_refused(path: str, told: str) -> None:
    """As bad input."""
    pytest.importorskip("vl_convert", reason="the extra `pictures` is not installed")
    scenario = next(str(p) for p in shipped("scenarios") if p.stem == "radar-through-a-shipyard")
    asked = ["check", scenario, "--format", "html", "--map", path]
    done = CliRunner().invoke(cli, asked, standalone_mode=False)
    assert done.return_value == 2
    assert told in done.output


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--timeline", "2012..2028"], "add `--format html`"),
        (["--map", "parties.navy.country"], "add `--format html`"),
        (["--timeline", "2028..2012", "--format", "html"], "2012 comes before 2028"),
        (["--timeline", "2012", "--format", "html"], "write `2012..2028`"),
        (["--timeline", "a..b", "--format", "html"], "write `2012..2028`"),
    ],
)
def test_a_timeline_that_cannot_be_drawn_is_refused(given: list[str], told: str) -> None:
    """Before anything is judged."""
    path = str(shipped("scenarios")[0])
    done = CliRunner().invoke(cli, ["check", path, *given])
    assert done.exit_code == 2
    assert told in done.output


def test_what_items_consist_of_is_told_to_the_depth_to_which_it_is_known(tmp_path: Path) -> None:
    """Four deep, with what the innermost was made with, and that a list may be longer."""
    things = """\
  mast: {what: mast, contains: {known: [radar], more: possible}, made_with: none}
  tower: {what: tower, contains: [mast], made_with: none}
"""
    scenario = SCENARIO.replace("contains: [radar]", "contains: [tower]")
    scenario = scenario.replace("  corvette: {", f"{things}  corvette: {{")
    made = answered(tmp_path, scenario)
    assert [each.id for each in made.items] == ["mast", "tower", "corvette"]
    text = _Page(rendered([made], "html")).text
    assert "the corvette contains the tower contains the mast contains the radar" in text
    assert "perhaps contains more than is listed" in text


def test_what_turns_on_a_reading_is_told_with_what_each_reading_gives(reports: list[Report]) -> None:
    """Though no fact is missing."""
    made = next(each for each in reports if each.scenario == "drone-across-pakistan")
    assert not made.waiting
    text = _Page(rendered([made], "html")).text
    assert "It turns on how this is read: When does something reach Pakistan?" in text
    assert "if pakistan_means is read as any_contact: crosses" in text
