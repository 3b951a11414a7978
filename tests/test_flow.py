"""The picture of a chain: each step once, nothing over anything else, words inside their boxes."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redline.answers.flow import flow
from redline.answers.flow_boxes import LINE, TEXT, WIDTH, Arrow, Box, drawn
from redline.answers.flow_graph import step_words
from redline.answers.flow_svg import chain_svg
from redline.engine.load import shipped
from redline.front.api import Engine
from redline.rules.report import Held, Link
from redline.rules.verdicts import Verdict
from tests.conftest import ROOT

PICTURE = ROOT / "docs" / "chain.svg"
MAKER, YARD, NAVY = Held("maker", "a maker", "IT"), Held("yard", "a yard", "TR"), Held("navy", "a navy", "PK")
RADAR, ENGINE, SHIP = Held("radar", "the radar"), Held("engine", "the engine"), Held("ship", "the ship")


def _step(
    number: int,
    sender: Held | None,
    recipient: Held | None,
    item: Held = RADAR,
    into: Held | None = None,
    verdict: Verdict | None = None,
) -> Link:
    return Link(str(number), "export", (item,), sender, recipient, into, (), "2026-03", verdict)


def _held(names: str) -> st.SearchStrategy[Held]:
    called = st.sampled_from(("a maker", "w" * 300, "many words " * 30, "漢字" * 60, "M W" * 40, "i"))
    return st.builds(Held, st.sampled_from(list(names)), called, st.sampled_from(("IT", "", "FR or IT")))


PARTY, ITEM = st.none() | _held("abcde"), _held("xyz")
LINKS = st.builds(
    Link,
    st.integers(1, 99).map(str),
    st.sampled_from(("export", "", "re-export of something " * 3)),
    st.lists(ITEM, max_size=2).map(tuple),
    PARTY,
    PARTY,
    st.none() | ITEM,
    st.lists(_held("pq"), max_size=2).map(tuple),
    st.sampled_from(("", "2026-03", "2026-03-01 to 2028-12-31")),
    st.none() | st.sampled_from(Verdict),
)


def _kinds(boxes: tuple[Box, ...]) -> list[str]:
    return [box.words[0].text for box in boxes if box.kind != "step"]


@given(st.lists(LINKS, max_size=12))
def test_nothing_lies_over_anything_else(chain: list[Link]) -> None:
    """Boxes keep apart, words stay inside them, lines go by, and all is within the picture."""
    laid = flow(chain)
    assert [box.whole for box in laid.boxes if box.kind == "step"] == [step_words(link) for link in chain]
    for one, other in combinations(laid.boxes, 2):
        apart = abs(one.x - other.x) >= WIDTH + 10
        assert apart or one.y >= other.y + other.height + 10 or other.y >= one.y + one.height + 10
    for box in laid.boxes:
        assert box.x >= 0
        assert box.x + WIDTH <= laid.width
        assert box.y + box.height <= laid.height
        assert all(drawn(line.text, bold=line.bold) * TEXT <= WIDTH - 10 for line in box.words)
        assert len(box.words) * LINE < box.height
    for arrow in laid.arrows:
        assert all(0 <= x <= laid.width and 0 <= y <= laid.height for x, y in arrow.points)
        for i in range(0, len(arrow.points) - 1, 2):  # between rows there is no box
            assert not any(_passes(arrow, i, box) for box in laid.boxes)


def _passes(arrow: Arrow, at: int, box: Box) -> bool:
    (x, top), (_, bottom) = arrow.points[at], arrow.points[at + 1]
    return box.x < x < box.x + WIDTH and top < box.y + box.height - 1 and bottom > box.y + 1


@given(st.lists(LINKS, max_size=8))
def test_a_flow_goes_down_and_every_step_has_somewhere_to_come_from(chain: list[Link]) -> None:
    """No arrow leads up; the same chain gives the same picture, and it is well-formed."""
    laid = flow(chain)
    assert all(
        one[1] <= other[1] for a in laid.arrows for one, other in zip(a.points, a.points[1:], strict=False)
    )
    assert len(laid.arrows) >= len(chain)
    text = chain_svg(chain, "p-")
    assert text == chain_svg(chain, "p-")
    ElementTree.fromstring(text)  # noqa: S314 - made here


def test_a_chain_goes_on_from_what_was_made_of_what_was_received() -> None:
    """As in the demo: the ship that the radar is built into is what is sent."""
    laid = flow([_step(1, MAKER, YARD), _step(2, YARD, None, into=SHIP), _step(3, YARD, NAVY, SHIP)])
    assert _kinds(laid.boxes) == ["a maker", "a yard", "the ship", "a navy"]
    assert len({box.x for box in laid.boxes}) == 1


def test_what_two_send_to_one_comes_together_there() -> None:
    """One box of the yard, with two arrows into it."""
    supplier = Held("supplier", "a supplier", "DE")
    laid = flow([_step(1, MAKER, YARD), _step(2, supplier, YARD, ENGINE), _step(3, YARD, NAVY, SHIP)])
    assert _kinds(laid.boxes) == ["a maker", "a yard", "a supplier", "a navy"]


def test_who_gets_something_back_stands_there_a_second_time() -> None:
    """A flow never turns back."""
    laid = flow([_step(1, MAKER, YARD), _step(2, YARD, MAKER)])
    assert _kinds(laid.boxes) == ["a maker", "a yard", "a maker"]


@pytest.mark.parametrize(
    ("verdict", "sign"),
    [
        (Verdict.CROSSES, "✗ crosses"),
        (Verdict.UNDETERMINED, "? undetermined"),
        (Verdict.REQUIRES_ASSESSMENT, "! assessment needed"),
    ],
)
def test_a_step_that_is_no_negative_has_a_sign_in_words(verdict: Verdict, sign: str) -> None:
    """Beside its colour."""
    assert sign in chain_svg([_step(1, MAKER, NAVY, verdict=verdict)])
    assert sign not in chain_svg([_step(1, MAKER, NAVY, verdict=Verdict.NOT_CROSSED)])


def test_what_is_not_known_is_dashed() -> None:
    """A verdict, a holder, a place; nothing else is."""
    assert "stroke-dasharray" not in chain_svg([_step(1, MAKER, NAVY, verdict=Verdict.CROSSES)])
    for link in (
        _step(1, MAKER, NAVY, verdict=Verdict.UNDETERMINED),
        _step(1, None, NAVY),
        _step(1, MAKER, Held("who", "someone")),
        _step(1, MAKER, Held("navy or army", "a navy or an army", "PK")),
    ):
        assert "stroke-dasharray" in chain_svg([link])


def test_the_picture_in_the_docs_is_the_one_that_is_drawn(refresh: bool) -> None:
    """`make refresh` draws it anew."""
    path = next(p for p in shipped("scenarios") if p.name == "radar-through-a-shipyard.yaml")
    picture = f"{chain_svg(Engine.load().check(path).chain)}\n"
    if refresh:
        PICTURE.write_text(picture, encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8") == picture
