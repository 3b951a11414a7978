"""A disagreement made short, and written as files that `redline check` runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from redline.engine.plain import document_of
from redline.flat.fields import fields_of, scenario_of
from redline.rules.problems import Refused
from redline.testing.draft import Draft, consistent
from redline.testing.loading import bench_of
from redline.testing.policies import without_unused
from redline.testing.written import Data, Mapped, data, mapped, text
from tests.generate_trials import Case, Trial, case_of

TRIES = 600
"""How many shorter trials are judged."""
FOLDER = Path("build") / "differential"
_KEPT = frozenset({"redline", "policy", "title", "scenario", "says", "layer", "strength", "source", "for"})
"""What no policy or scenario is read without."""


class Found(Protocol):
    """What two interpreters disagree on."""

    @property
    def who(self) -> str: ...  # noqa: D102  # named as it is
    @property
    def rule(self) -> str: ...  # noqa: D102  # as above
    @property
    def case(self) -> Case: ...  # noqa: D102  # as above
    @property
    def why(self) -> str: ...  # noqa: D102  # as above


Judged = Callable[[Trial], Sequence[Found]]


def shrunk(trial: Trial, found: Found, judged: Judged) -> tuple[Trial, Found]:
    """The trial with as little in its policy and its one scenario or record as the disagreement needs."""
    tries = TRIES

    def still(
        policy: Mapped, scenario: Mapped, record: Mapping[str, object] | None
    ) -> tuple[Trial, Found] | None:
        nonlocal tries
        tries -= 1
        try:
            bench = bench_of(Draft(policy))
            case = Case(scenario) if record is None else case_of(record, bench)
            if case is None or consistent(case.scenario, bench.library.lexicon) is None:
                return None
            shorter = Trial(policy, (case,), bench)
            same = [each for each in judged(shorter) if each.who == found.who]
        except (Refused, KeyError):
            return None
        return (shorter, same[0]) if same else None

    best = still(trial.policy, found.case.scenario, found.case.record)
    if best is None:
        return replace(trial, cases=(found.case,)), found
    further = True
    while further and tries > 0:
        further = False
        for policy, case in _shorter(best[0]):
            if tries <= 0:
                break
            made = still(policy, case.scenario, case.record)
            if made is not None:
                best, further = made, True
                break
    return best


def _shorter(trial: Trial) -> Iterator[tuple[Mapped, Case]]:
    """The trial with something left out: half of the rules, a rule, a part of one, a fact."""
    (case,) = trial.cases
    rules = trial.policy["rules"]
    assert isinstance(rules, list)
    size = len(rules)
    while size > 1:
        size = (size + 1) // 2
        for first in range(0, len(rules), size):
            kept = [*rules[:first], *rules[first + size :]]
            if kept:
                yield _linked({**trial.policy, "rules": kept}), case
        if size == 1:
            break
    plain = without_unused(trial.policy)
    if plain != trial.policy:
        yield plain, case
    if case.record is not None:
        for name in case.record:
            yield trial.policy, Case(case.scenario, {k: v for k, v in case.record.items() if k != name})
    else:
        for scenario in _without(case.scenario):
            yield trial.policy, Case(mapped(scenario))
    for policy in _without(trial.policy):
        yield mapped(policy), case


def _linked(policy: Mapped) -> Mapped:
    """The policy without permissions for rules that it has no more."""
    rules = [mapped(each) for each in policy["rules"]] if isinstance(policy["rules"], list) else []
    ids = {each["id"] for each in rules}
    made: list[Data] = []
    for rule in rules:
        defeats = rule.get("defeats")
        left = [each for each in defeats if each in ids] if isinstance(defeats, list) else []
        made.append(
            {**{k: v for k, v in rule.items() if k != "defeats"}, **({"defeats": left} if left else {})}
        )
    return {**policy, "rules": made}


def _without(written: Data) -> Iterator[Data]:
    """The data with a part left out, or with a part in place of what it is in; larger parts first."""
    match written:
        case dict():
            for key in written:
                if key not in _KEPT:
                    yield {k: v for k, v in written.items() if k != key}
            for key, value in written.items():
                for less in _without(value) if key not in _KEPT else ():
                    yield {**written, key: less}
        case list():
            if len(written) == 1:
                yield written[0]
            for n in range(len(written) if len(written) > 1 else 0):
                yield [*written[:n], *written[n + 1 :]]
            for n, value in enumerate(written):
                for less in _without(value):
                    yield [*written[:n], less, *written[n + 1 :]]
        case _:
            return
    if isinstance(written, dict) and len(written) == 1:
        (inner,) = written.values()
        if isinstance(inner, dict):
            yield inner


def shown(trial: Trial, found: Found, judged: Judged, folder: Path) -> str:
    """The disagreement made short: its two files, which are written, and how they are run."""
    trial, found = shrunk(trial, found, judged)
    (case,) = trial.cases
    scenario = case.scenario
    if case.record is not None:
        fields = fields_of(trial.bench.library.lexicon)
        scenario = mapped(data(document_of(scenario_of(case.record, fields)).root))
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"disagreement about {found.rule}: {found.why}"]
    for name, written in (("policy", trial.policy), ("scenario", scenario)):
        path = folder / f"{name}.yaml"
        path.write_text(text(written), encoding="utf-8")
        lines += [f"# {path}", text(written)]
    if case.record is not None:
        lines.append(f"as a record: {dict(case.record)!r}")
    lines.append(f"redline check --policy {folder / 'policy.yaml'} {folder / 'scenario.yaml'}")
    return "\n".join(lines)
