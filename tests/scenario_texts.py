"""What the tests of scenarios share: valid texts, and short forms of what came of them."""

from __future__ import annotations

from redline.engine.read import Document, read_text
from redline.engine.scenarios import scenario_from
from redline.rules.facts import Entity, Fact, Listing, Reference, Scenario
from redline.rules.problems import Problem
from redline.rules.quantities import say_amount
from redline.rules.values import Amounts, Terms, Value

RADAR = """\
redline: 1
scenario: radar-through-a-shipyard
title: A coastal radar built into a corvette and delivered to Pakistan
as_of: 2026-06-01
parties:
  maker: {name: an Italian radar maker, country: IT, kind: company}
  yard:  {name: a Turkish shipyard, country: TR, kind: company}
  navy:  {name: Pakistan Navy, country: PK, kind: armed_forces}
items:
  radar:    {what: naval surveillance radar, class: sensor, military: yes, codes: [ML5.b], origin: [IT]}
  corvette: {what: corvette, class: naval-platform, military: yes, codes: [ML9.a], origin: [TR, IT],
             contains: [radar]}
transfers:
  - {activity: export, item: radar, from: maker, to: yard, date: 2026-03}
  - {activity: incorporation, item: radar, into: corvette, by: yard}
  - {activity: export, item: corvette, from: yard, to: navy, date: 2028}
"""

RICH = """\
redline: 1
scenario: rich
as_of: 2026-06
assume: [recipient_is_end_user, nothing-else-inside]
note: everything that can be written, once at least
parties:
  maker:
    country: {value: IT, grade: documented, source: register of companies}
    kind: {one_of: [company, bank]}
    owners: [{party: holding, share: 60%, from: 2019}, {value: US, grade: alleged}]
    screened: {lists: [EU, UN], on: 2026-05-02, hits: none}
  holding: {country: {not: [PK, IN]}, owners: none, roles: {known: [supplier], more: none}}
  port: {country: AE, grade: reported, source: port papers, flags: [diversion-hub]}
  clerk: {kind: person, country: unknown, nationalities: {one_of: [CN, HK]}, listed: unknown}
items:
  chip: {codes: [us_ccl, usml:none], value: {at_least: 10 EUR, less_than: 20 EUR}, quantity: 5}
  know.how: {form: technology, codes: none, origin: {known: [IT], more: possible}}
  engine: {contains: [{item: chip, share: {at_most: 10%}}], made_with: know.how, sensitivity: sensitive}
agreements:
  plan: {kind: co-development, partners: [maker, IN], items: [engine], from: 2020}
papers:
  lic: {kind: licence, state: held, issuer: IT, valid: {from: 2026, to: {after: 2027}},
        covers: {items: [engine], destinations: [AE], consignees: [port]}}
  euc: {kind: end-use-certificate, declares: {end_user: clerk, end_use: civil, place: AE},
        forbids: {destinations: [PK], except_destinations: none}, grade: alleged}
transfers:
  known:
    - {id: first, activity: export, items: [engine], from: maker, to: {one_of: [port, clerk]},
       via: [TR, {party: port, role: transit-point}], papers: [lic, euc], knew: [{how: told, of: military}],
       contract: 2026-01-05, delivery: {from: 2026-02, to: 2026-03}, status: contracted}
    - {activity: re-export, item: unknown, from: port, to: PK, end_user: unknown, papers: none, knew: none}
  more: possible
"""


def documents(text: str) -> list[Document]:
    """The documents of a text that reads without a problem."""
    found, problems = read_text(text.encode(), "s.yaml")
    assert problems == []
    return found


def read(text: str) -> tuple[Scenario | None, list[Problem]]:
    """The scenario of a text, and its problems."""
    (document,) = documents(text)
    return scenario_from(document)


def scenario(text: str) -> Scenario:
    """The scenario of a text that has no problem."""
    found, problems = read(text)
    assert problems == []
    assert found is not None
    return found


def told(text: str) -> list[tuple[str, str]]:
    """Code and help of each problem of a text that is refused."""
    found, problems = read(text)
    assert found is None
    return [(problem.code, problem.help) for problem in problems]


def said(value: Value | None) -> str:
    """A value in short."""
    match value:
        case None:
            return "-"
        case Amounts():
            return say_amount(value)
        case Terms(_, within, without):
            names = "anything" if within is None else "|".join(sorted(within))
            return names + (f" but {'|'.join(sorted(without))}" if without else "")


def element(found: Fact | Reference | Entity) -> str:
    """An element of a list in short."""
    match found:
        case Fact(value=value):
            return said(value)
        case Reference(names, _, country):
            return "|".join(names) or country or "?"
        case Entity(references=references):
            return ", ".join(element(each) for each in references.values()) or "{}"


def listed(found: Listing) -> tuple[list[str], bool]:
    """The elements of a list in short, and whether they are all."""
    return [element(each) for each in found.elements], found.closed
