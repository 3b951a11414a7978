"""The work in redline's words: rules as a YAML policy, transfers as records, records as scenarios.

Names are mapped one to one: what is a word of the workload is a term of a tree, or one declared below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bench.workload import Rule, Transfer, Unless

POLICY = "bench"

ACTIVITY = {
    "export": "permanent-export",
    "re_export": "re-export",
    "transit": "domestic-supply",
    "brokering": "brokering",
    "tech_transfer": "technical-assistance",
    "co_development": "co-development",
    "licensed_production": "licensed-production",
    "temporary_import": "retransfer",
}
"""One to one, and of terms of which none may mean another, as the words of the work do not."""
END_USER = {
    "armed_forces": "armed-forces",
    "police": "police",
    "intelligence": "intelligence",
    "state_owned": "state-agency",
    "private_company": "private-firm",
    "private_military": "private-military-firm",
    "research": "research-body",
    "distributor": "distributor",
    "un_mission": "international-organisation",
    "unknown": "unidentified-person",
}
PAPER = {
    "EUC": "end-user-undertaking",
    "IIC": "consignee-statement",
    "DVC": "delivery-verification",
    "NRC": "no-re-export-clause",
    "GOV": "government-assurance",
    "TAA": "agreement-approval",
}
ANY_CERTIFICATE = "end-use-certificate"  # an EUC of the workload is one: its word lies under this one
OTHER_CERTIFICATE = "ministry-certificate"  # the one that is held by whoever holds one and no EUC
EXTENDED = """\
extend:
  party_kind:
    private-firm: company
    private-military-firm: company
    distributor: company
    unidentified-person: person
  paper_kind:
    government-assurance: undertaking
    ministry-certificate: end-use-certificate
facts:
  item:
    value_usd: {type: count, means: its value in US dollars}
"""


def code(item: str) -> str:
    """The control-list entry of an item or a node: `ML9.a.1` as it is, `0A.001.a` as `dual_use:0A001.a`."""
    if item.startswith("ML"):
        return item
    return f"dual_use:{item.replace('.', '', 1)}"


def codes(item: str) -> list[str]:
    """What is said of an item's classification: its entry on one list, and that it is not on the other."""
    return [code(item), "dual_use:none" if item.startswith("ML") else "wa_ml:none"]


def day(date: int) -> str:
    """The date 20261122 as `2026-11-22`."""
    return f"{date // 10_000}-{date // 100 % 100:02d}-{date % 100:02d}"


def stretch(first: int, last: int, state: str = "in_force") -> str:
    """One stretch of a validity."""
    return f"{{from: {day(first)}, to: {day(last)}, state: {state}}}"


def policy(rules: Iterable[str]) -> str:
    """Texts of rules as the text of one policy."""
    head = f"redline: 1\npolicy: {POLICY}\ntitle: Generated rules\nstated_by: a benchmark\n{EXTENDED}rules:\n"
    return head + "".join(rules)


def rule_text(rule: Rule, further: Iterable[str] = (), validity: str = "") -> str:
    """One rule, as redline's YAML; `further` lines of its condition, and another validity."""
    lines = [
        f"- id: {rule.id}",
        "  says: A generated rule.",
        "  kind: prohibits",
        "  layer: political",
        "  strength: indicated",
        "  source: [{text: generated}]",
        "  for: each step",
        "  when:",
        *(f"    {line}" for line in (*_when(rule), *further)),
    ]
    if rule.unless is not None:
        lines += ["  unless:", *(f"    {line}" for line in _exception(rule.unless))]
    if not validity and rule.dates is not None:
        validity = stretch(*rule.dates)
    if validity:
        lines.append(f"  validity: {validity}")
    return "\n".join(lines) + "\n"


def _when(rule: Rule) -> list[str]:
    asked = {
        "from.country": rule.origin,
        "to.country": rule.destination,
        "activity": _mapped(rule.activity, ACTIVITY),
        "end_user.kind": _mapped(rule.end_user, END_USER),
    }
    lines = [f"{field}: {listed(values)}" for field, values in asked.items() if values is not None]
    if rule.item is not None:
        lines.append(f"item.codes: {{under: {code(rule.item)}}}")
    if rule.value_gt is not None:
        lines.append(f"item.value_usd: {{more_than: {rule.value_gt}}}")
    if rule.no_certificate:
        lines.append(f"not: {{some papers: {{kind: {ANY_CERTIFICATE}}}}}")
    return lines


def _exception(unless: Unless) -> list[str]:
    lines = []
    if unless.destination is not None:
        lines.append(f"to.country: {listed(unless.destination)}")
    if unless.certificate is not None:
        lines.append(f"some papers: {{kind: {PAPER[unless.certificate]}}}")
    if unless.end_user is not None:
        lines.append(f"end_user.kind: {listed(END_USER[kind] for kind in unless.end_user)}")
    if unless.value_le is not None:
        lines.append(f"item.value_usd: {{at_most: {unless.value_le}}}")
    return lines


def _mapped(values: Iterable[str] | None, words: Mapping[str, str]) -> list[str] | None:
    return None if values is None else [words[value] for value in values]


def listed(values: Iterable[str]) -> str:
    """A list, as YAML writes it in one line."""
    return f"[{', '.join(values)}]"


def paper_kinds(transfer: Transfer) -> list[str]:
    """The kinds of the papers that a transfer holds."""
    held = transfer["certificates"]
    kinds = [PAPER[name] for name in held]
    if transfer["end_use_certificate"] and "EUC" not in held:
        kinds.append(OTHER_CERTIFICATE)
    return kinds


def papers_of(transfer: Transfer) -> object:
    """The papers of a record: these, and no others."""
    kinds = paper_kinds(transfer)
    return {"known": kinds, "more": "none"} if kinds else "none"


def record(transfer: Transfer) -> dict[str, object]:
    """The flat record that a transfer is, as `Engine.decide` takes it."""
    return {
        "activity": ACTIVITY[transfer["activity"]],
        "from.country": transfer["origin"],
        "to.country": transfer["destination"],
        "end_user.kind": END_USER[transfer["end_user"]],
        "item.codes": codes(transfer["item"]),
        "item.value_usd": transfer["value_usd"],
        "papers": papers_of(transfer),
        "date": day(transfer["date"]),
    }


def scenario(record: Mapping[str, object]) -> dict[str, object]:
    """The scenario of one step that a record stands for, as `Engine.check` takes it: another way round."""
    things: dict[str, dict[str, object]] = {"": {}, "item": {}, "from": {}, "to": {}, "end_user": {}}
    for name, value in record.items():
        of, _, key = name.rpartition(".")
        things[of][key] = value
    step = {**things.pop(""), "item": "goods"}
    papers: dict[str, object] = {}
    if isinstance(stated := step.get("papers"), dict):
        papers = {f"paper{n}": {"kind": kind, "state": "held"} for n, kind in enumerate(stated["known"], 1)}
        step["papers"] = {"known": list(papers), "more": "none"}
    goods = things.pop("item")
    parties = {name: said for name, said in things.items() if said}
    return {
        "scenario": "one-step",
        **({"parties": parties} if parties else {}),
        "items": {"goods": goods},
        **({"papers": papers} if papers else {}),
        "transfers": [{**step, **dict(zip(parties, parties, strict=True))}],
    }
