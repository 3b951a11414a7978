"""Problems as SARIF 2.1.0: levels, places, and fingerprints that stay where lines move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from redline.analysis.sarif import FINGERPRINT, as_sarif
from redline.rules.problems import NOWHERE, Problem, Related, Severity, Span

TEXTS = {"a.yaml": ["redline: 1", "policy: p", "rules: []"]}


def _problem(line: int = 2, **parts: Any) -> Problem:
    return Problem("some-code", "`p` is wrong", Span("a.yaml", line, 9, 1), "mend it", **parts)


def _results(problems: Sequence[Problem], texts: Mapping[str, Sequence[str]] = TEXTS) -> list[dict[str, Any]]:
    log: Any = as_sarif(problems, texts, {"some-code": "something is wrong", "other": "not found here"})
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
    results: list[dict[str, Any]] = run["results"]
    return results


def _mark(result: Mapping[str, Any]) -> str:
    mark: str = result["partialFingerprints"][FINGERPRINT]
    return mark


def test_a_problem_becomes_a_result_with_level_message_and_place() -> None:
    """Columns count from 1 in code points; the end is the column behind the last."""
    (result,) = _results([_problem(severity=Severity.WARNING)])
    assert result["level"] == "warning"
    assert result["message"]["text"] == "`p` is wrong\nmend it"
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "a.yaml"
    assert physical["region"] == {"startLine": 2, "startColumn": 9, "endColumn": 10}


def test_a_fingerprint_stays_where_lines_are_added_above() -> None:
    """And it is another one for another line of text."""
    (before,) = _results([_problem()])
    (after,) = _results([_problem(3)], {"a.yaml": ["redline: 1", "# new", "policy: p", "rules: []"]})
    (other,) = _results([_problem(3)])
    assert _mark(before) == _mark(after)
    assert _mark(before) != _mark(other)


def test_equal_findings_on_equal_lines_have_fingerprints_of_their_own() -> None:
    """They are counted."""
    first, second = _results([_problem(1), _problem(2)], {"a.yaml": ["x: 1", "x: 1"]})
    assert _mark(first).partition(":")[0] == _mark(second).partition(":")[0]
    assert _mark(first) != _mark(second)


def test_related_places_are_kept_and_those_that_nobody_wrote_left_out() -> None:
    """A place that is nowhere is no location."""
    related = (Related(Span("b c.yaml", 4, 1), "the other"), Related(NOWHERE, "built in"))
    (result,) = _results([_problem(related=related)])
    (place,) = result["relatedLocations"]
    assert place["message"]["text"] == "the other"
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "b%20c.yaml"
    (bare,) = _results([Problem("some-code", "nothing can be read")])
    assert bare["locations"] == []


def test_a_code_without_a_meaning_is_listed_all_the_same() -> None:
    """Problems of the reader have theirs in the docs."""
    (result,) = _results([Problem("unheard-of", "what is this?")])
    assert result["ruleId"] == "unheard-of"


def test_names_of_files_become_uris() -> None:
    """Relative ones stay relative; absolute ones are of the scheme `file`."""
    for name, uri in (
        ("policies/a.yaml", "policies/a.yaml"),
        ("/policies/a.yaml", "file:///policies/a.yaml"),
        ("C:\\x\\a.yaml", "file:///C:/x/a.yaml"),
    ):
        (result,) = _results([Problem("some-code", "x", Span(name, 1, 1))])
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
