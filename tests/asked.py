"""One rule asked of one scenario, both written short: what tests of what conditions mean share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from redline.front.api import Engine
from redline.rules.verdicts import Verdict

_POLICY = """\
redline: 1
policy: asked
title: What is asked
stated_by: IT
%s
rules:
  - id: asked
    says: It is asked.
    kind: %s
    layer: legal
    strength: law
    source: [{text: an act}]
    for: %s
    %s
"""
_SCENARIO = """\
redline: 1
scenario: answering
as_of: 2026-06-01
assume: %(assume)s
parties:
  maker: %(maker)s
  buyer: %(buyer)s
%(parties)s
items:
  radar: %(radar)s
%(items)s
%(papers)s
transfers:
  - {activity: export, item: radar, from: maker, to: %(to)s, date: 2026-03-01%(step)s}
"""
_SAID = {
    "assume": "[recipient_is_end_user, used_where_received, nothing_else_inside, no_other_papers]",
    "maker": "{country: IT, kind: company}",
    "buyer": "{country: AE, kind: company}",
    "parties": "",
    "radar": "{class: radar, form: hardware, military: yes, codes: [ML5.b], origin: [IT]}",
    "items": "",
    "papers": "",
    "to": "buyer",
    "step": "",
}


def verdict(
    folder: Path,
    when: str,
    said: Mapping[str, str],
    *,
    kind: str = "prohibits",
    asked_of: str = "each step",
    groups: str = "",
) -> Verdict:
    """The verdict of a rule whose condition is `when` on a sale of a radar of which that is `said`."""
    policy = folder / "asked.yaml"
    key = "requires" if kind == "requires" else "when"
    policy.write_text(_POLICY % (groups, kind, asked_of, f"{key}: {when}"), encoding="utf-8")
    scenario = folder / "answering.yaml"
    scenario.write_text(_SCENARIO % {**_SAID, **said}, encoding="utf-8")
    return Engine.load([policy]).check(scenario).verdict
