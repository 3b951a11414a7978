"""What papers forbid, asked of the paper: a ban on a part leaves the rest free."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.rules.problems import Refused
from redline.rules.verdicts import Verdict
from tests.asked import verdict

CROSSES, NOT, OPEN = Verdict.CROSSES, Verdict.NOT_CROSSED, Verdict.UNDETERMINED
_CLAUSE = (
    "papers:\n  clause: {kind: no-re-export-clause, issuer: buyer, state: held, covers: {items: [radar]}, "
    "valid: {to: 2027-12-31}, forbids: %s}"
)


def _asked(folder: Path, question: str, bans: str) -> Verdict:
    """Of the one paper there is: crosses where it certainly does not forbid what is asked about."""
    when = f"{{paper: {{kind: no-re-export-clause, where: {{forbids: {question}}}}}}}"
    said = {"papers": _CLAUSE % bans, "step": ", papers: [clause]"}
    return verdict(folder, when, said, kind="requires")


@pytest.mark.parametrize(
    ("question", "bans", "expected"),
    [
        (
            "{destinations: RU, end_uses: military}",
            "[{destinations: [RU], end_uses: [military-intelligence]}]",
            CROSSES,
        ),
        (
            "{destinations: RU, end_uses: military-intelligence}",
            "[{destinations: [RU], end_uses: [military]}]",
            NOT,
        ),
        ("{activities: export}", "[{activities: [temporary-export]}]", CROSSES),
        ("{activities: export}", "[{activities: [temporary-export, permanent-export]}]", OPEN),
        (
            "{activities: export}",
            "[{activities: [temporary-export]}, {activities: [permanent-export]}]",
            OPEN,
        ),
        ("{activities: export}", "[{activities: [temporary-export]}, {activities: [export]}]", NOT),
        ("{activities: export}", "[{activities: {one_of: [temporary-export, permanent-export]}}]", CROSSES),
        ("{activities: export}", "[{activities: {one_of: [import, export]}}]", OPEN),
        ("{activities: export}", "[{activities: {known: [temporary-export], more: possible}}]", OPEN),
        ("{activities: export}", "{known: [{activities: [temporary-export]}], more: possible}", OPEN),
        ("{destinations: RU}", "[{destinations: [RU-MOW]}]", CROSSES),
        ("{destinations: RU}", "[{except_destinations: [RU-MOW]}]", CROSSES),
        ("{destinations: RU-MOW}", "[{destinations: [RU]}]", NOT),
        ("{destinations: HK}", "[{destinations: [CN]}]", OPEN),
        ("{destinations: HK}", "[{except_destinations: [CN]}]", OPEN),
    ],
)
def test_a_ban_on_a_part_of_what_is_asked_about_leaves_the_rest_free(
    question: str, bans: str, expected: Verdict, tmp_path: Path
) -> None:
    """Save where several parts that are barred may be all of it."""
    assert _asked(tmp_path, question, bans) is expected


@pytest.mark.parametrize(
    ("bans", "expected"),
    [
        ("[{activities: [re-export]}]", NOT),
        ("[{activities: [re-export], end_uses: unknown}]", OPEN),
        ("[{activities: [re-export], destinations: unknown}]", OPEN),
        ("[{activities: [re-export], recipients: unknown}]", OPEN),
        ("[{activities: [re-export], end_uses: {known: [military], more: possible}}]", OPEN),
        ("[{activities: [re-export], end_uses: [military]}]", CROSSES),
        ("[{activities: [re-export], recipients: [company]}]", CROSSES),
        ("[{activities: [re-export], except_destinations: unknown}]", OPEN),
        ("[{activities: [re-export], except_destinations: none}]", NOT),
        ("[{activities: [re-export], except_destinations: [IT]}]", CROSSES),
        ("[{activities: [re-export], except_destinations: {known: [IT], more: possible}}]", CROSSES),
        ("[{activities: unknown}]", OPEN),
        ("none", CROSSES),
        ("unknown", OPEN),
    ],
)
def test_a_limit_that_is_not_known_may_be_none(bans: str, expected: Verdict, tmp_path: Path) -> None:
    """One that is left out is none, and one that is told leaves something free."""
    assert _asked(tmp_path, "{activities: re-export}", bans) is expected


def test_two_lists_of_places_both_barred_are_all_barred(tmp_path: Path) -> None:
    """And a question may name a group, or several."""
    groups = "groups: {east: {members: [RU, BY]}, far: {members: [KP]}}"
    for question, bans, expected in (
        ("{destinations: {in: east}}", "[{destinations: [RU, BY]}]", NOT),
        ("{destinations: {in: east}}", "[{destinations: [RU]}]", CROSSES),
        ("{destinations: {in: [east, far]}}", "[{destinations: [RU, BY]}]", CROSSES),
        ("{destinations: {in: [east, far]}}", "[{destinations: [RU, BY, KP]}]", NOT),
        ("{destinations: {in: [east, far]}}", "[{}]", NOT),
    ):
        when = f"{{paper: {{kind: no-re-export-clause, where: {{forbids: {question}}}}}}}"
        said = {"papers": _CLAUSE % bans, "step": ", papers: [clause]"}
        assert verdict(tmp_path, when, said, kind="requires", groups=groups) is expected


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("[licence, no-re-export-clause]", NOT),
        ("[licence, end-use-certificate]", CROSSES),
        ("no-re-export-clause", NOT),
    ],
)
def test_a_paper_of_one_of_several_kinds_may_be_asked_for(
    kinds: str, expected: Verdict, tmp_path: Path
) -> None:
    """In the long form and in the short one."""
    said = {"papers": _CLAUSE % "none", "step": ", papers: [clause]"}
    assert verdict(tmp_path, f"{{paper: {{kind: {kinds}}}}}", said, kind="requires") is expected
    assert verdict(tmp_path, f"{{paper: {kinds}}}", said, kind="requires") is expected


def test_who_owns_cannot_be_asked_of_owners_by_ownership(tmp_path: Path) -> None:
    """It would never be known; chains are gone through anyway."""
    again = "{to: {owned: {by: {owned: {by: {country: RU}, at_least: 50%}}, at_least: 50%}}}"
    with pytest.raises(Refused, match="asks `owned` again"):
        verdict(tmp_path, again, {})
