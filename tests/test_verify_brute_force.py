"""`redline verify` held to brute force on small policies: no code of the solver, every scenario judged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from random import Random

import pytest
import yaml

from redline.analysis.verify import flaws
from redline.engine.conflicts import conflicts
from redline.engine.load import load
from redline.engine.plain import document_of
from redline.engine.run import Bench, Options, judge, prepare
from redline.rules.evidence import FlawKind, Undetermined, Witness
from redline.rules.truth import TRUE
from redline.rules.verdicts import Verdict

HEAD = "redline: 1\npolicy: p\ntitle: A policy\nstated_by: A state\nrules:\n"
FACTS = {
    "activity": ("export", "transit", "brokering"),
    "to.country": ("PK", "FR", "JP"),
    "item.class": ("radar", "torpedo", "drone"),
    "item.military": ("yes", "no"),
    "end_use": ("military", "civil", "research"),
    "status": ("proposed", "delivered", "contracted"),
}
"""What rules test, and the last of each what none of them names."""


def _rule(ident: str, when: str, kind: str = "prohibits", more: str = "") -> str:
    return (
        f"  - id: {ident}\n    says: A state says {ident}.\n    kind: {kind}\n    layer: political\n"
        f"    strength: concern\n    source: [a source]\n    for: each step\n    when: {when}\n{more}"
    )


def _bench(tmp_path: Path, *rules: str) -> Bench:
    path = tmp_path / "policy.yaml"
    path.write_text(HEAD + "".join(rules), encoding="utf-8")
    return prepare(load([path], None), Options())


# --- witnesses with as few facts as can be ----------------------------------------------------


def _test(chance: Random) -> str:
    name = chance.choice(list(FACTS))
    value = chance.choice(FACTS[name][:2])
    return f"{{{name}: {{not: {value}}}}}" if chance.random() < 0.2 else f"{{{name}: {value}}}"


def _condition(chance: Random) -> str:
    parts = [
        f"{{all: [{', '.join(_test(chance) for _ in range(chance.randint(1, 3)))}]}}"
        for _ in range(chance.randint(1, 2))
    ]
    return f"{{any: [{', '.join(parts)}]}}"


def _scenario(facts: dict[str, str]) -> dict[str, object]:
    step: dict[str, object] = {"items": ["i"], "from": "a", "to": "b"}
    item: dict[str, object] = {}
    party: dict[str, object] = {}
    for name, value in facts.items():
        of, _, key = name.rpartition(".")
        {"": step, "item": item, "to": party}[of][key] = value
    things = {"parties": {"a": {}, "b": party}, "items": {"i": item}, "transfers": [step]}
    return {"scenario": "s", "as_of": "2026-06-01", **things}


def _conflict(bench: Bench, facts: dict[str, str]) -> bool:
    run = judge(bench, document_of(_scenario(facts)))
    return run.conclusion is not None and any(
        c.permission.holds is TRUE and c.against.verdict is Verdict.CROSSES for c in conflicts(run.conclusion)
    )


def _sets(text: str) -> Iterator[dict[str, str]]:
    """All that can be said of what the text names, the least of it first."""
    named = [name for name in FACTS if f"{name}:" in text]
    for size in range(len(named) + 1):
        for names in combinations(named, size):
            for values in product(*(FACTS[name] for name in names)):
                yield dict(zip(names, values, strict=True))


def _said(scenario: str) -> int:
    """How many facts a witness states, beside who sends what to whom and the day."""
    data = yaml.safe_load(scenario)
    things = [each for section in ("parties", "items") for each in data.get(section, {}).values()]
    steps = [
        {k: v for k, v in step.items() if k not in ("id", "from", "to", "items")}
        for step in data["transfers"]
    ]
    beside = [k for k in data if k not in ("redline", "scenario", "as_of", "parties", "items", "transfers")]
    return sum(map(len, things)) + sum(map(len, steps)) + len(beside)


@pytest.mark.parametrize("seed", range(24))
def test_a_conflict_is_shown_by_as_few_facts_as_can_be(tmp_path: Path, seed: int) -> None:
    """And where nothing that can be said shows one, none is told."""
    chance = Random(seed)  # noqa: S311  # not for secrets
    unless = f"    unless: {_test(chance)}\n" if chance.random() < 0.5 else ""
    rules = (
        _rule("one", _condition(chance), more=unless),
        _rule("go", _condition(chance), "permits"),
    )
    bench = _bench(tmp_path, *rules)
    found = list(flaws(bench, {FlawKind.CONFLICT}))
    least = next((len(facts) for facts in _sets("".join(rules)) if _conflict(bench, facts)), None)
    if least is None:
        assert not found
        return
    (flaw,) = found
    assert isinstance(flaw.evidence, Witness)
    assert _said(flaw.evidence.scenario) == least, flaw.evidence.scenario


# --- dead is dead -----------------------------------------------------------------------------

_TERMS: tuple[object, ...] = (
    "export", "supply", "temporary-export", "import", "transit", "movement", "intangible-transfer", "return",
    "brokering", "re-export", "domestic-supply", "unknown", {"one_of": ["export", "import"]},
    {"not": "export"}, {"not": ["supply", "export"]},
)  # fmt: skip
_DAYS = ("2019-05-01", "2021-05-01", "2023-05-01")


def _activity(chance: Random) -> str:
    if chance.random() < 0.25:
        day, side = chance.choice(("2020-01-01", "2022-01-01")), chance.choice(("before", "after"))
        return f"{{{chance.choice(('contract', 'delivery'))}: {{{side}: {day}}}}}"
    term = chance.choice(("export", "supply", "import", "transit", "movement", "return"))
    forms = (f"{{activity: {term}}}", f"{{activity: {{not: {term}}}}}", f"{{not: {{activity: {term}}}}}")
    return chance.choice(forms)


def _nested(chance: Random, depth: int) -> str:
    if not depth or chance.random() < 0.3:
        return _activity(chance)
    parts = ", ".join(_nested(chance, depth - 1) for _ in range(chance.randint(2, 3)))
    return f"{{{chance.choice(('all', 'all', 'any'))}: [{parts}]}}"


@pytest.mark.parametrize("seed", range(40))
def test_a_rule_crosses_somewhere_or_is_proved_not_to(tmp_path: Path, seed: int) -> None:
    """Over terms that may be one another, two dates, a validity, an exception and a permission."""
    chance = Random(seed)  # noqa: S311  # not for secrets
    more = "    validity: [{from: 2020-01-01, to: 2021-12-31}]\n" if chance.random() < 0.4 else ""
    more += f"    unless: {_nested(chance, 1)}\n" if chance.random() < 0.3 else ""
    rules = [_rule("one", _nested(chance, 2), more=more)]
    if chance.random() < 0.4:
        rules.append(_rule("go", _nested(chance, 1), "permits", "    defeats: [one]\n"))
    bench = _bench(tmp_path, *rules)
    idle = [f for f in flaws(bench, {FlawKind.DEAD, FlawKind.SHADOWED}) if f.rules == ("p/one",)]
    assert not any(isinstance(flaw.evidence, Undetermined) for flaw in idle)
    assert any(_crosses(bench, facts) for facts in _dated()) is not bool(idle)


def _dated() -> Iterator[dict[str, object]]:
    for activity in _TERMS:
        for contract, delivery in product(_DAYS, _DAYS):
            if contract <= delivery:
                yield {"activity": activity, "contract": contract, "delivery": delivery}


def _crosses(bench: Bench, facts: dict[str, object]) -> bool:
    data = _scenario({})
    data["transfers"] = [{"items": ["i"], "from": "a", "to": "b", **facts}]
    run = judge(bench, document_of(data))
    return run.conclusion is not None and any(
        f.verdict is Verdict.CROSSES and f.rule.id == "one" for f in run.conclusion.findings
    )
