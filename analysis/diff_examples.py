"""The examples of rules as scenarios that may show a difference: they stand at its edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from redline.analysis.diff_bench import Both, Side
from redline.analysis.diff_replay import Scene
from redline.analysis.examples import edited
from redline.engine.write import to_yaml
from redline.rules.frozen import replace
from redline.rules.policy import Rule

MOST = 40
"""How many examples are tried for one difference."""
SUBJECTS = (-1, -2)
"""Which subjects of each are looked at, from the last."""


def scenes(both: Both, old: Iterable[str], new: Iterable[str]) -> Iterator[Scene]:
    """The examples of the rules of these full names, each as it is written out."""
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    for side, names in ((both.new, new), (both.old, old)):
        for full in names:
            for scene in _of(side, side.rules[full]):
                key = scene.text, frozenset(scene.readings.items())
                if key not in seen and len(seen) < MOST:
                    seen.add(key)
                    yield from (replace(scene, at=at) for at in SUBJECTS)


def _of(side: Side, rule: Rule) -> Iterator[Scene]:
    for example in rule.examples:
        document = side.bench.library.scenarios.get(example.scenario)
        if document is None:
            continue
        changed, problems = edited(document, example.changes)
        if not problems:
            readings = {side.called(f"{rule.policy}/{k}"): v for k, v in example.readings.items()}
            yield Scene(to_yaml(changed.root), readings, rule.subject)
