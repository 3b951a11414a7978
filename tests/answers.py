"""What the tests of answers share: a rule, scenarios, and the way from texts to a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from redline.answers.render import rendered
from redline.answers.report import report
from redline.engine.load import load
from redline.engine.read import read_text
from redline.engine.run import Options, judge, prepare
from redline.rules.report import FindingReport, Report

POLICY = """\
redline: 1
policy: request
title: A request
edition: one
stated_by: IN
addressed_to: IT
registers: [S0]
interpretations:
  sensitive_only:
    question: Does the request cover sensitive technology only?
    answers: {yes: the statement's own words, no: the words of the headlines}
define:
  italian_defence_content:
    some content:
      all: [{origin: IT}, {any: [{military: yes}, {codes: wa_ml}]}]
rules:
  - id: no-defence-tech-to-pakistan
    says: Italy is asked not to pass sensitive defence technology to Pakistan.
    kind: prohibits
    layer: political
    strength: formal request
    source: [IN-IT-PK-01, IN-IT-PK-01a]
    for: each step
    when:
      all:
        - italian_defence_content
        - any: [{interpretation: {sensitive_only: no}}, {some content: {origin: IT, class: sensor}}]
        - some reach: {country: PK}
  - id: licence-for-arms
    says: Arms may leave only under a licence.
    kind: requires
    layer: legal
    strength: law
    source: [IN-IT-PK-01]
    for: each step
    scope: {activity: export}
    when: {item.military: yes}
    requires: {paper: licence}
  - id: care-with-sensors
    says: Sensors are weighed.
    kind: weighs
    layer: regime
    strength: guideline
    source: [IN-IT-PK-01]
    for: each item
    when: {class: sensor}
    factors: [{name: it is military, when: {military: yes}}]
"""

PEOPLE = """\
redline: 1
scenario: radar-through-a-shipyard
title: A coastal radar built into a corvette and delivered to Pakistan
as_of: 2026-06-01
assume: [recipient_is_end_user, no_agreements]
parties:
  maker: {name: an Italian radar maker, country: IT, kind: company}
  yard:  {name: a Turkish shipyard, country: TR, kind: company}
  navy:  {name: Pakistan Navy, country: PK, kind: armed_forces}
"""
SCENARIO = (
    PEOPLE
    + """\
items:
  radar:    {what: naval surveillance radar, class: sensor, military: yes, codes: [ML5.b], origin: [IT]}
  corvette: {what: corvette, class: naval-platform, military: yes, origin: [TR, IT], contains: [radar],
             made_with: none}
papers:
  export_licence: {kind: licence, state: refused, issuer: TR}
transfers:
  - {activity: export, item: radar, from: maker, to: yard, date: 2026-03}
  - {activity: incorporation, item: radar, into: corvette, by: yard}
  - {activity: export, item: corvette, from: yard, to: navy, date: 2028,
     papers: {known: [export_licence], more: none}}
"""
)


def answered(
    folder: Path, scenario: str = SCENARIO, policy: str = POLICY, options: Options | None = None
) -> Report:
    """The report on a scenario under a policy, both as texts; the files are kept in the folder."""
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    (folder / "scenario.yaml").write_text(scenario, encoding="utf-8")
    library = load([folder / "policy.yaml"])
    assert library.usable, library.problems
    bench = prepare(library, options or Options())
    assert not bench.problems
    documents, problems = read_text(scenario.encode(), str(folder / "scenario.yaml"))
    assert not problems, problems
    run = judge(bench, documents[0])
    assert run.conclusion is not None, run.problems
    return report(bench, run)


def finding(made: Report, rule: str, subject: str) -> FindingReport:
    """The finding of a rule on a subject as sentences call it."""
    found = [f for f in made.findings if f.rule.rule.endswith(f"/{rule}") and f.subject.called == subject]
    assert len(found) == 1, [(f.rule.rule, f.subject.called) for f in made.findings]
    return found[0]


def sentences(of: FindingReport) -> list[str]:
    """The sentences of its main reading."""
    return [each.says for each in of.main.because]


def as_json(made: Report) -> Any:
    """The published form, read again."""
    return json.loads(rendered([made], "json"))
