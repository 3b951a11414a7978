"""Ten flaws of each kind, put one at a time into the policies that ship: each is found, shown or proved."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from redline.analysis.verify import flaws
from redline.engine.load import load, shipped
from redline.engine.reference import name
from redline.engine.run import Bench, Options, prepare
from redline.rules.evidence import FlawKind, Undetermined, Witness
from redline.rules.frozen import replace
from redline.rules.policy import Policy
from redline.rules.problems import errors
from tests.seeded_flaws import FURTHER, SEEDS, Seed
from tests.witnesses import shows

SHOWN = {FlawKind.CONFLICT, FlawKind.GAP, FlawKind.LOOPHOLE}
NUMBERED = [(seed, sum(s.kind is seed.kind for s in SEEDS[:i])) for i, seed in enumerate(SEEDS)]


@cache
def _texts() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in map(Path, shipped("policies"))}


def _flawed(seed: Seed, folder: Path) -> Path:
    """What ships, the policy of the seed edited."""
    for stem, text in _texts().items():
        edited = seed.edit(text) if stem == seed.policy else text
        (folder / f"{stem}.yaml").write_text(edited, encoding="utf-8")
    assert seed.edit(_texts()[seed.policy]) != _texts()[seed.policy]
    return folder


def _touched(seed: Seed, folder: Path) -> Bench:
    """The rules that the flaw can turn on: what one stater says elsewhere takes none of these flaws away, but
    for a loophole, which every rule of every policy may close."""
    whole = seed.kind is FlawKind.LOOPHOLE
    paths = sorted(folder.glob("*.yaml")) if whole else [folder / f"{seed.policy}.yaml"]
    library = load(paths, None)
    assert not errors(library.problems), library.problems
    policies = tuple(_near(policy, seed) for policy in library.policies)
    return prepare(replace(library, policies=policies), Options(include_author=True))


def _near(policy: Policy, seed: Seed) -> Policy:
    kept = tuple(rule for rule in policy.rules if not seed.near or rule.id in seed.near)
    defeats = {name(rule) for rule in kept}
    return replace(
        policy, rules=tuple(replace(r, defeats=tuple(d for d in r.defeats if d in defeats)) for r in kept)
    )


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, id=f"{seed.kind}-{n}", marks=() if n == 0 else (pytest.mark.slow,))
        for seed, n in NUMBERED
    ]
    + [
        pytest.param(seed, id=f"{seed.kind}-further-{n}", marks=() if n in (0, 4) else (pytest.mark.slow,))
        for n, seed in enumerate(FURTHER)
    ],
)
def test_a_flaw_put_into_what_ships_is_found(seed: Seed, tmp_path: Path) -> None:
    """With its kind and its rule; and what is claimed of a scenario, `redline check` says of it too."""
    folder = _flawed(seed, tmp_path)
    found = [f for f in flaws(_touched(seed, folder), {seed.kind}) if f.rules[0] == seed.name]
    assert found, f"{seed.kind} of {seed.name}"
    assert not any(isinstance(flaw.evidence, Undetermined) for flaw in found)
    for flaw in found:
        assert isinstance(flaw.evidence, Witness) == (seed.kind in SHOWN)
        shows(flaw, folder)


def test_there_are_ten_flaws_of_each_kind() -> None:
    """No two the same."""
    assert Counter(seed.kind for seed in SEEDS) == dict.fromkeys(FlawKind, 10)
    assert len({(seed.policy, seed.edit(_texts()[seed.policy])) for seed in SEEDS}) == 100
