"""Scenarios of several steps, with parts, papers, promises, owners and stations, and rules on them."""

from __future__ import annotations

from collections.abc import Iterator

CHAIN_POLICY = """\
redline: 1
policy: chain
title: Rules on chains
stated_by: IT
rules:
  - id: no-italian-content-to-pakistan
    says: Nothing of Italian origin reaches Pakistan.
    kind: prohibits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    validity: [{from: 2020-01-01, to: 2026-12-31}]
    when: {some content: {origin: IT}, some reach: {country: PK}}
    unless: {end_use: humanitarian}
  - id: licence-for-arms
    says: What is military leaves with a licence of Italy.
    kind: requires
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    scope: {item.military: yes, activity: [export, re-export]}
    requires: {paper: {kind: licence, issuer: IT}}
  - id: not-through-the-emirates
    says: Nothing passes through the Emirates after it was in Italy.
    kind: prohibits
    layer: political
    strength: formal request
    source: [by hand]
    for: each step
    when: {all: [{some via: {country: AE}}, {some upstream: {from.country: IT}}]}
  - id: not-to-owned
    says: No party that Russians own receives.
    kind: prohibits
    layer: legal
    strength: law
    source: [by hand]
    for: each step
    when: {some parties: {some owners: {country: RU, share: {at_least: 50%}}}}
  - id: promises-kept
    says: What was promised is kept.
    kind: prohibits
    layer: contract
    strength: commitment
    source: [by hand]
    for: each step
    when: {some undertakings: {breached: yes}}
"""

STEP_POLICY = """\
redline: 1
policy: steps
title: Rules that one step more may keep
stated_by: IT
rules:
  - id: comes-back-from-france
    says: What goes to France comes back.
    kind: prohibits
    layer: contract
    strength: commitment
    source: [by hand]
    for: the scenario
    when: {some steps: {to.country: FR}}
    unless: {some steps: {all: [{activity: return}, {from.country: FR}]}}
  - id: repaired-before
    says: Nothing is re-exported that was not in Turkey to be repaired.
    kind: prohibits
    layer: contract
    strength: commitment
    source: [by hand]
    for: each step
    when: {all: [{activity: re-export}, {to.country: FR}]}
    unless: {some upstream: {all: [{activity: maintenance}, {to.country: TR}]}}
"""

_CHAIN = """\
redline: 1
scenario: chain
as_of: 2026-06-01
assume: [recipient_is_end_user, used_where_received, no_other_papers, no_agreements, nothing_else_inside]
parties:
  maker: {{country: IT, kind: company, owners: none}}
  yard: {{country: TR, kind: company, owners: {owners}}}
  holding: {{country: RU, kind: company, owners: none}}
  navy: {{country: {country}, kind: armed-forces, owners: none}}
items:
  radar: {{class: radar, form: hardware, military: yes, origin: [IT], made_with: none, contains: none}}
  ship: {{class: corvette, form: hardware, military: {military}, origin: [TR, IT],
         contains: [radar], made_with: none}}
papers:
  licence: {{kind: licence, issuer: IT, state: {state}, covers: {{items: [radar, ship]}},
             valid: {{from: 2026-01-01, to: 2026-12-31}}}}
  promise: {{kind: no-re-export-clause, state: held, issuer: yard, binds: [yard],
             covers: {{items: [radar, ship]}}, forbids: [{{destinations: [PK]}}],
             valid: {{from: 2026-01-01, to: 2029-12-31}}}}
transfers:
  - {{activity: export, item: radar, from: maker, to: yard, date: 2026-03-01, papers: [licence, promise],
     end_use: military}}
  - {{activity: incorporation, item: radar, into: ship, by: yard, date: 2026-05-01, end_use: military}}
  - {{activity: re-export, item: ship, from: yard, to: navy, date: {date}, via: {via}, papers: {papers},
     end_use: military}}
"""


def chains() -> Iterator[str]:
    """Some, each crossing something else."""
    held = {"owners": "none", "country": "PK", "military": "yes", "state": "held", "date": "2026-09-01"}
    held |= {"via": "none", "papers": "[licence, promise]"}
    for changes in (
        {},
        {"state": "refused", "country": "FR"},
        {"date": "2027-02-01", "country": "FR"},
        {"owners": "[{party: holding, share: 60%}]", "country": "FR"},
        {"via": "[AE]", "country": "FR", "military": "no"},
        {"country": "FR", "papers": "none"},
    ):
        yield _CHAIN.format(**held | changes)
