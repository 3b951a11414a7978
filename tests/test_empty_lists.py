"""Nothing in place of something, in any form of condition: refused with a place, never an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest

from redline.front.cli import run

POLICY = """\
redline: 1
policy: p
title: T
stated_by: IT
rules:
  - {id: r, says: IT asks., kind: prohibits, layer: political, strength: formal request, source: [x],
     for: each step, when: %s}
"""
FORMS = [
    "{to.country: []}",
    "{to.country: {in: []}}",
    "{to.country: {in: [[]]}}",
    "{to.country: {in: {}}}",
    "{to.country: {not: []}}",
    "{to.country: {not: {in: []}}}",
    "{to.country: {}}",
    "{item.codes: {under: []}}",
    "{some via: {country: {in: []}}}",
    "{some parties: {listed: {in: []}}}",
    "{any: []}",
    "{all: []}",
    "{not: []}",
    "{delivery: {within: []}}",
    "{item.quantity: {at_least: []}}",
    "{paper: []}",
    "{paper: {kind: []}}",
    "{owned: {by: [], at_least: 50%}}",
    "{content_share: {of: [], at_least: 5%}}",
    "{days: []}",
    "{interpretation: []}",
    "{unsettled: []}",
    "{some papers: {forbids: {destinations: []}}}",
]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_in_place_of_something_is_refused(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its line and column."""
    path = tmp_path / "p.yaml"
    path.write_text(POLICY % form, encoding="utf-8")
    assert run(["policies", "list", "--policy", str(path)]) == 2
    told = capsys.readouterr().err
    assert f"{path}:" in told
    assert "error[internal]" not in told
