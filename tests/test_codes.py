"""Control-list entries, countries and activities: every spelling of a thing is that thing, or is refused."""

from __future__ import annotations

import pytest

from redline.engine.comparisons import Comparing
from redline.engine.reference import holds
from redline.engine.scenarios import judged_as_of
from redline.engine.typed import PLAIN, one, term
from redline.rules.codes import CODE, FORMS, LISTS, code_named
from redline.rules.countries import SUCCESSORS, country_code, country_names, related_states
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.overlaps import MODES, may_be_meant
from redline.rules.policy import Group
from redline.rules.problems import NOWHERE, Problem
from redline.rules.quantities import parse_date
from redline.rules.record import Cell, Row
from redline.rules.shapes import tree
from redline.rules.terms import ACTIVITY, FORM, PARTY_KIND, TREES
from redline.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from redline.rules.values import Amounts, Terms
from tests.build import scenario

ACROSS = ("export", "permanent-export", "import", "re-export", "retransfer", "domestic-supply")
SPELLINGS = {
    "hs:88": ["hs:88"],
    "hs:8807": ["hs:8807", "hs:88.07"],
    "hs:880730": ["hs:880730", "hs:8807.30", "hs:88.07.30", "hs:8807 30"],
    "us_ccl:3A001": ["us_ccl:3A001", "ccl:3a001", "us_ccl:3-A-001", "us_ccl:3A-001"],
    "us_ccl:3A001.b": ["us_ccl:3A001b", "us_ccl:3A001(b)", "us_ccl:3A001.b."],
    "us_ccl:3A001.b.2": ["us_ccl:3A001b2", "us_ccl:3A001.b2", "us_ccl:3A001(b)(2)", "us_ccl:3A001.b.02"],
    "us_ccl:3A0xx": ["us_ccl:3A0", "us_ccl:3A0xx", "us_ccl:3-A-0XX"],
    "dual_use:3A1xx": ["dual_use:3A1xx", "eu_annex_i:3a1XX"],
    "us_ccl:9A6xx": ["us_ccl:9A6xx"],
    "wa_dual_use:3A0xx": ["wa_dual_use:3A0", "wa_dual_use:3A0xx"],
    "us_ccl:EAR99": ["EAR99", "us_ccl:ear99", "us_ccl:EAR 99"],
    "dual_use:3A001.b.2": ["3A001b2", "3A001.b.2", "eu_annex_i:3A001.b2"],
    "wa_ml:ML5": ["ML5", "ML05", "eu_cml:5", "uk_ml:5", "wa_ml:5", "wa_ml:ml-5"],
    "wa_ml:ML5.b.1": ["ML5b1", "wa_ml:5.b.1", "ML05(b)(1)"],
    "usml:VIII": ["VIII", "usml:8", "usml:Category VIII", "usml:Cat. VIII"],
    "usml:VIII.h": ["VIII(h)", "usml:8(h)", "usml:VIIIh", "usml:viii.h", "usml:Category VIII(h)", "usml:8h"],
    "usml:XI.i": ["usml:XI(i)", "usml:XIi"],
    "mtcr:2A1": ["mtcr:2A1", "mtcr:2.A.1", "mtcr:M2A1", "mtcr:Item 2.A.1"],
    "mtcr:2A1.b.1": ["mtcr:M2A1b1", "mtcr:2.A.1.b.1", "mtcr:2A1(b)(1)"],
    "wa_dual_use:3A001": ["wa_dual_use:3.A.1", "wa_dual_use:3A001"],
    "nsg:N1A3.a.1": ["nsg:N1A3a1", "nsg:1.A.3.a.1"],
    "nsg:T5.1.1.a": ["nsg:T5.1.1a", "nsg:5.1.1.a"],
    "ag:precursors.12": ["ag:precursors.12", "ag:Precursors 12"],
    "cwc:2B4": ["cwc:2.B.4", "cwc:2B04", "cwc:Schedule 2.B.4", "cwc:2.B(4)"],
    "scomet:6A007.a": ["scomet:6A007a", "scomet:6A007.a"],
}


@pytest.mark.parametrize(("spelled", "text"), [(code, t) for code, ts in SPELLINGS.items() for t in ts])
def test_every_spelling_of_an_entry_is_that_entry(spelled: str, text: str) -> None:
    """A common spelling clears nothing: it is the entry."""
    assert code_named(text) == spelled
    assert code_named(spelled) == spelled


@pytest.mark.parametrize(
    ("fine", "coarse"),
    [("hs:8807.30", "hs:88"), ("hs:8807", "hs:88"), ("us_ccl:3A001b2", "us_ccl:3A001.b"),
     ("3A001b", "dual_use:3A0"), ("dual_use:9A101.a", "dual_use:9A1xx"), ("us_ccl:9A610.x", "us_ccl:9A6xx"),
     ("us_ccl:3A1xx", "us_ccl:3A"), ("us_ccl:3A0", "us_ccl:3A"),
     ("usml:8(h)(1)", "usml:VIII(h)"), ("mtcr:2.A.1.b", "mtcr:2.A"), ("mtcr:2A1", "mtcr:2"),
     ("cwc:2B4", "cwc:2"),
     ("nsg:N1A3a", "nsg:N1A"), ("nsg:TA1.1", "nsg:T"), ("scomet:6A007", "scomet:6"),
     ("eu_cml:5b", "wa_ml:ML5"),
     ("wa_dual_use:3.A.1", "wa_dual_use:3A")],
)  # fmt: skip
def test_an_entry_lies_under_the_shorter_ones(fine: str, coarse: str) -> None:
    """However it is spelled, an entry is met by a rule on what it lies under."""
    one, other = code_named(fine), code_named(coarse)
    assert one is not None
    assert other is not None
    assert CODE.under(one, other)
    assert CODE.line(one)[-1] == one.partition(":")[0]


@pytest.mark.parametrize(
    "text",
    ["us_ccl:3A1", "us_ccl:9A6", "dual_use:3A2", "scomet:6A7", "us_ccl:3A01x", "us_ccl:3Axxx",
     "wa_dual_use:3A1xx",
     "us_ccl:3A00", "us_ccl:3F001", "us_ccl:3A0011", "us_ccl:3.A.1", "us_ccl:rifles", "wa_ml:ML23",
     "wa_ml:ML0",
     "usml:XXII", "usml:IIII", "usml:22", "hs:887", "hs:8", "hs:aircraft", "mtcr:21A1", "mtcr:2F1", "cwc:4A1",
     "nsg:1", "ag:12", "wa_dual_use:3A101", "dual_use:ML5", "us_ccl:3A001.bc",
     "us_ccl:\N{FULLWIDTH DIGIT THREE}A001"],
)  # fmt: skip
def test_what_a_list_cannot_have_is_refused_with_its_form(text: str) -> None:
    """What could never meet a rule is no entry, and the help shows the form."""
    problems: list[Problem] = []
    assert term(Text(text), "code", PLAIN, problems) is None
    (told,) = problems
    assert FORMS[text.partition(":")[0]] in told.help


def test_every_list_has_a_form() -> None:
    """No list is without a help."""
    assert set(FORMS) == set(LISTS)


def test_the_entries_of_a_declared_list_are_split_at_dots_alone() -> None:
    """Of a policy's own list no form is known."""
    lists = frozenset({*LISTS, "national"})
    assert code_named("national:12.A", lists) == code_named("national:12.a", lists)
    assert CODE.line("national:3A001.b") == ("national:3A001.b", "national:3A001", "national")


def test_a_former_state_has_one_spelling() -> None:
    """Four letters, three and two are one state."""
    assert {country_code(text) for text in ("SU", "SUHH", "su", "SUN")} == {"SU"}
    assert country_code("CSHH") == country_code("CSK") == "CSHH"
    assert country_code("BYAA") == "BYAA"
    assert country_code("BY") == "BY"
    assert country_code("ANT") == "AN"


def test_successors_are_codes_and_related_both_ways() -> None:
    """The table names codes in their one spelling."""
    for former, successors in SUCCESSORS.items():
        assert country_code(former) == former
        for state in successors:
            assert country_code(state) == state
            assert state in country_names()
            assert former in related_states(state)
            assert state in related_states(former)


def test_modes_are_activities_and_each_may_be_an_export() -> None:
    """The table names activities; a mode is no doubt of itself."""
    for mode, (may_be, but_not) in MODES.items():
        assert {mode, *may_be, *but_not} <= set(ACTIVITY.parents)
        assert mode in may_be_meant("export")
        assert mode not in may_be_meant(mode)
        assert mode not in may_be_meant("movement")
        assert mode not in may_be_meant("exercise")


def compared(kind: str, said: str, test: Node, form: str = "", recipient: str = "company") -> Truth:
    """Whether what a scenario says passes a policy's test, with a group `g` of Russia and Croatia; of an
    activity, with an item of that form, and a recipient of that kind."""
    problems: list[Problem] = []
    members = Terms(TREES["country"], frozenset({"RU", "HR"}))
    groups = {"g": Group("g", "", "country", members, None, "", "", NOWHERE)}
    found = Comparing(PLAIN, groups, problems).one(kind, tree(kind), test, NOWHERE)
    value = one(Text(said), tree(kind), PLAIN, problems)
    assert found is not None
    assert value is not None
    assert not problems
    forms = Terms(FORM, frozenset({form})) if form else Terms(FORM)
    item = Row("item", "", {"form": Cell(forms)})
    kinds = Terms(PARTY_KIND, frozenset({recipient})) if recipient else Terms(PARTY_KIND)
    parts = {"item": item, "to": Row("party", "", {"kind": Cell(kinds)})}
    return holds(found, Row("step", "", {kind: Cell(value)}, parts), {})


@pytest.mark.parametrize(
    ("said", "tested", "truth"),
    [(mode, "export", UNKNOWN) for mode in MODES]
    + [(mode, mode, TRUE) for mode in MODES]
    + [(mode, "movement", TRUE) for mode in MODES]
    + [(mode, "exercise", FALSE) for mode in MODES]
    + [("return", of, UNKNOWN) for of in ("export", "re-export", "permanent-export")]
    + [("return", of, FALSE) for of in ("temporary-export", "loan", "intangible-transfer")]
    + [(of, "return", FALSE) for of in ("export", "re-export", "loan", "permanent-export")]
    + [("export", "temporary-export", UNKNOWN), ("permanent-export", "temporary-export", FALSE)]
    + [("permanent-export", "export", TRUE), ("loan", "permanent-export", FALSE)]
    + [("supply", of, UNKNOWN) for of in ("re-export", "retransfer", "domestic-supply", "loan", "return")]
    + [("export", "export", TRUE), ("re-export", "export", FALSE), ("donation", "temporary-export", FALSE)],
)
def test_a_mode_of_supply_is_neither_in_nor_out_of_the_exports(said: str, tested: str, truth: Truth) -> None:
    """A step called a supply is not certainly outside a rule on exports."""
    assert compared("activity", said, Text(tested)) is truth


@pytest.mark.parametrize(
    ("said", "form", "truth"),
    [(said, form, UNKNOWN) for said in (*ACROSS, "donation", "loan", "supply", "release")
     for form in ("technology", "design", "software", "service", "")]
    + [(said, "hardware", FALSE) for said in (*ACROSS, "donation", "loan", "supply", "release")]
    + [("intangible-transfer", form, TRUE) for form in ("technology", "hardware", "")]
    + [(said, "technology", FALSE) for said in ("staff-talks", "return", "transit", "training")],
)  # fmt: skip
def test_an_export_of_what_is_copied_may_be_by_electronic_means_and_one_of_hardware_is_not(
    said: str, form: str, truth: Truth
) -> None:
    """A rule on intangible transfers is neither met nor certainly not met by the export of a design."""
    assert compared("activity", said, Text("intangible-transfer"), form) is truth


def test_what_is_named_beside_an_intangible_transfer_is_in_no_doubt() -> None:
    """`activity: [export, intangible-transfer]` is met by an export of whatever form, `movement` by both."""
    both = Seq((Text("export"), Text("intangible-transfer")))
    for form in ("technology", "hardware", ""):
        assert compared("activity", "export", both, form) is TRUE
        assert compared("activity", "loan", both, form) is UNKNOWN
        assert compared("activity", "intangible-transfer", Text("movement"), form) is TRUE
    assert compared("activity", "re-export", both, "design") is UNKNOWN
    assert compared("activity", "re-export", both, "hardware") is FALSE


@pytest.mark.parametrize("said", [*ACROSS, "training", "technical-assistance"])
def test_an_export_of_a_design_to_a_person_may_be_a_release(said: str) -> None:
    """To a company it is none, and neither is one of hardware; a gift of it may be one, to whomever."""
    assert compared("activity", said, Text("release"), "design", "person") is UNKNOWN
    assert compared("activity", said, Text("release"), "", "") is UNKNOWN
    assert compared("activity", said, Text("release"), "design", "company") is FALSE
    assert compared("activity", said, Text("release"), "hardware", "person") is FALSE
    assert compared("activity", "donation", Text("release"), "design", "company") is UNKNOWN
    assert compared("activity", "donation", Text("release"), "hardware", "person") is FALSE
    both = Seq((Text(said), Text("release")))
    assert compared("activity", said, both, "design", "person") is TRUE


@pytest.mark.parametrize(
    ("kind", "said", "tested", "truth"),
    [("activity", "import", of, UNKNOWN) for of in ("export", "temporary-export", "re-export")]
    + [("activity", said, "import", UNKNOWN) for said in ("export", "permanent-export", "re-export")]
    + [("activity", "import", of, FALSE) for of in ("retransfer", "domestic-supply", "brokering")]
    + [("activity", "transit", "export", UNKNOWN), ("activity", "export", "transit", FALSE)]
    + [("activity", "training", of, truth) for of, truth in (("technical-assistance", UNKNOWN),
       ("maintenance", FALSE), ("cooperation", TRUE), ("movement", FALSE))]
    + [("activity", "information-sharing", of, UNKNOWN) for of in ("technical-assistance", "movement")]
    + [("knowledge", "told", of, UNKNOWN) for of in ("aware", "high-probability", "suspects", "should-know")]
    + [("knowledge", "aware", "told", FALSE), ("knowledge", "should-know", "suspects", FALSE)]
    + [("end_use", "resale", of, UNKNOWN) for of in ("military", "nuclear-weapons", "terrorism")]
    + [("end_use", "resale", of, FALSE) for of in ("civil", "law-enforcement")]
    + [("end_use", "military", "resale", FALSE), ("end_use", "nuclear-weapons", "military", FALSE)]
    + [("end_use", "internal-repression", "human-rights-violation", UNKNOWN)],
)  # fmt: skip
def test_terms_that_overlap_are_not_certainly_something_else(
    kind: str, said: str, tested: str, truth: Truth
) -> None:
    """Of an import into one country a rule on exports from the other cannot be told."""
    assert compared(kind, said, Text(tested), "hardware") is truth


def test_a_mode_that_is_named_beside_the_export_is_accepted() -> None:
    """`activity: [export, supply]` leaves no doubt of a supply."""
    both = Seq((Text("export"), Text("supply")))
    assert compared("activity", "supply", both) is TRUE
    assert compared("activity", "loan", both) is UNKNOWN


@pytest.mark.parametrize(
    ("said", "tested", "truth"),
    [("SU", "RU", UNKNOWN), ("SUHH", "UA", UNKNOWN), ("RU", "SU", UNKNOWN), ("SUHH", "SU", TRUE),
     ("YU", "HR", UNKNOWN),
     ("CS", "RS", UNKNOWN), ("CS", "SK", UNKNOWN), ("CSHH", "RS", FALSE),
     ("SU", "IT", FALSE), ("UA", "RU", FALSE)],
)  # fmt: skip
def test_a_former_state_is_neither_in_nor_out_of_its_successor(said: str, tested: str, truth: Truth) -> None:
    """Whether a text on the one means the other cannot be told; of any other state it can."""
    assert compared("country", said, Text(tested)) is truth


def test_a_former_state_is_neither_in_nor_out_of_a_group_with_its_successor() -> None:
    """As of the successor alone."""
    in_group = Map(((Text("in"), Text("g")),))
    assert compared("country", "SU", in_group) is UNKNOWN
    assert compared("country", "YU", in_group) is UNKNOWN
    assert compared("country", "DD", in_group) is FALSE


def moved(own: str | None, **step: object) -> Amounts:
    """The possible days of a delivery in May 2026, judged as of 2027."""
    day = parse_date("2027-01-01")
    assert day is not None
    found = judged_as_of(scenario({"delivery": "2026-05-01", **step}, as_of=own), day)
    value = found.transfers[0].facts["delivery"].value
    assert isinstance(value, Amounts)
    return value


def test_as_of_without_a_date_or_a_status_leaves_both_days_possible() -> None:
    """Whether it is delivered cannot be told; a status tells, and what is cancelled stays."""
    then, day = parse_date("2026-05-01"), parse_date("2027-01-01")
    assert then is not None
    assert day is not None
    assert len(moved(None).stretches) == 2
    assert moved(None, status="delivered") == then
    assert moved(None, status="contracted") == day
    assert moved("2026-06-01") == then
    assert moved("2026-04-01") == day
    assert moved("2026-04-01", status="cancelled") == then
    assert len(moved(None, status=("cancelled", "contracted")).stretches) == 2
