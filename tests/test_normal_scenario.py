"""The scenario that the reference shows as a normal one is not drowned in unknowns."""

from __future__ import annotations

import re
from pathlib import Path

from redline.front.api import Engine
from redline.rules.verdicts import Verdict

DOCS = Path(__file__).parent.parent / "docs" / "scenario_reference.md"


def test_no_rule_that_ships_is_undetermined_of_a_normal_scenario(tmp_path: Path) -> None:
    """And many are of one that takes nothing for granted."""
    found = re.search(r"```yaml file=normal.yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    normal, bare = tmp_path / "normal.yaml", tmp_path / "bare.yaml"
    normal.write_text(found[1], encoding="utf-8")
    said = re.sub(r"assume:.*\n", "", found[1]).replace("sensitivity: not-sensitive, ", "")
    bare.write_text(said, encoding="utf-8")
    engine = Engine.load()
    assert engine.check(normal).verdict is Verdict.NOT_CROSSED
    open_ones = [f for f in engine.check(normal).findings if f.verdict is Verdict.UNDETERMINED]
    assert open_ones == []
    assert sum(f.verdict is Verdict.UNDETERMINED for f in engine.check(bare).findings) > 6
