"""The missing examples made: small changes to what a rule's examples already have, smallest first.

Each is judged by the evaluator, and kept if a leaf decides it that no example decided.  The search is bounded
by counting, never by the clock, so that the same policies give the same examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from redline.analysis.decided import Wanted, asking, decided, places
from redline.analysis.examples import outcome, run_example
from redline.analysis.untested import Coverage, Standing
from redline.analysis.variations import Variation, values_in, variations
from redline.engine.leaves import Leaf
from redline.engine.library import Library
from redline.engine.reference import name
from redline.engine.run import Bench, Options, Run, prepare
from redline.rules.condition import Reading
from redline.rules.frozen import dataclass, replace
from redline.rules.policy import Example, Policy, Rule
from redline.rules.problems import Problem

EACH = 6
"""How many changes of one leaf are tried on each example that there is."""


@dataclass(frozen=True, slots=True)
class Made:
    """An example that was made, and what it is for."""

    rule: Rule
    example: Example
    decides: tuple[Wanted, ...]


class Search:
    """What a source of candidates works on: one rule, what no example of it decides, and the examples that
    there are, those with the fewest changes first."""

    def __init__(self, library: Library, bench: Bench, policy: Policy, standing: Standing) -> None:
        self.policy = policy
        self.rule = standing.rule
        self.lacking = [wanted for wanted in standing.wanted if standing.lacks(wanted)]
        self.known = values_in(library.scenarios.values())
        self.bases = tuple(_bases(library, policy, self.rule))
        self.asked = asking(bench, self.rule)
        self._bench = bench
        self._found: dict[str, tuple[tuple[Leaf, str], ...]] = {}
        self._seen: set[str] = set()

    def run(self, example: Example) -> Run | None:
        """What comes of an example; None where it cannot be judged."""
        run = run_example(self._fixed(example), example, self.rule)
        return None if isinstance(run, Problem) or run.conclusion is None or run.problems else run

    def made(self, example: Example) -> Made | None:
        """The example with its verdict, if it decides something that is lacking, and was not tried before."""
        key = _key(example)
        if key in self._seen:
            return None
        self._seen.add(key)
        run = self.run(example)
        if run is None:
            return None
        asked = replace(self.asked, readings=self._fixed(example).readings)
        found = decided(asked, run, set(self.lacking))
        if not found:
            return None
        decides = tuple(wanted for wanted in self.lacking if wanted in found)
        self.lacking = [wanted for wanted in self.lacking if wanted not in found]
        return Made(self.rule, replace(example, verdict=outcome(self.rule, run)), decides)

    def aimed(self, base: Example, wanted: Wanted) -> Iterator[Example]:
        """The base with one change more, by which the leaf may get that truth."""
        leaf, truth = wanted
        if isinstance(leaf.asks, str):
            permit = next(permit for permit in self.asked.permits if name(permit) == leaf.asks)
            for inner in sorted(asking(self._bench, permit).wanted, key=lambda w: w[1] is not truth):
                yield from self._varied(base, inner, permit)
        else:
            yield from self._varied(base, (leaf, truth), self.rule)

    def _varied(self, base: Example, wanted: Wanted, rule: Rule) -> Iterator[Example]:
        leaf, truth = wanted
        answers = self.policy.interpretations
        for about in self._places(base, leaf, rule):
            for variation in variations(leaf, truth, about, rule, answers, self.known):
                example = _with(base, variation)
                if example is not None:
                    yield example

    def _places(self, base: Example, leaf: Leaf, rule: Rule) -> Sequence[str]:
        key = f"{rule.id} {_key(base)}"
        if key not in self._found:
            run = self.run(base)
            asked = self.asked if rule is self.rule else asking(self._bench, rule)
            self._found[key] = () if run is None else places(asked, run)
        return [about for each, about in self._found[key] if each == leaf]

    def _fixed(self, example: Example) -> Bench:
        fixed = {f"{self.policy.id}/{k}": frozenset({v}) for k, v in example.readings.items()}
        return replace(self._bench, readings=fixed)


Seeder = Callable[[Search, Wanted], Iterator[Example]]
"""A source of candidates for one leaf and truth, the smallest first; verdicts are filled in later."""


def one_change(search: Search, wanted: Wanted) -> Iterator[Example]:
    """Examples that there are, as they are and with one change more."""
    for base in search.bases:
        yield base
        yield from islice(search.aimed(base, wanted), EACH)


def two_changes(search: Search, wanted: Wanted) -> Iterator[Example]:
    """Scenarios with two changes: one of the leaf, one of another, interpretations first."""
    others = [other for other in search.asked.wanted if other[0] != wanted[0]]
    others.sort(key=lambda other: not isinstance(other[0].asks, Reading))
    for base in search.bases:
        if not base.changes and not base.readings:
            for once in islice(search.aimed(base, wanted), 2):
                for other in others:
                    yield from islice(search.aimed(once, other), 1)


SEEDERS: tuple[tuple[Seeder, int], ...] = ((one_change, 200), (two_changes, 40))
"""All sources of candidates in the order in which they are asked, and how many of each are looked at for one
leaf and truth.  A source that reaches further (a solver that works out which facts a missing leaf needs)
takes its place at the end."""


def generated(library: Library, coverage: Coverage) -> Iterator[Made]:
    """Examples for what is missing, rule by rule."""
    bench = prepare(library, Options(include_author=True))
    for policy in bench.policies:
        for standing in coverage.of(policy):
            search = Search(library, bench, policy, standing)
            for seeder, tries in SEEDERS:
                for wanted in tuple(search.lacking):
                    for example in islice(seeder(search, wanted), tries):
                        if wanted not in search.lacking:
                            break
                        made = search.made(example)
                        if made is not None:
                            yield made


def _bases(library: Library, policy: Policy, rule: Rule) -> Iterator[Example]:
    """The rule's scenarios as they are, then its examples; without any, the scenarios of its file."""
    names = dict.fromkeys(example.scenario for example in rule.examples)
    if not names:
        names = dict.fromkeys(n for n, d in library.scenarios.items() if d.name == policy.document)
    yield from (Example("", scenario) for scenario in names if scenario in library.scenarios)
    changed = (e for e in rule.examples if (e.changes or e.readings) and e.scenario in library.scenarios)
    for example in sorted(changed, key=lambda e: len(e.changes) + len(e.readings)):
        yield Example("", example.scenario, example.changes, example.readings)


def _with(base: Example, variation: Variation) -> Example | None:
    """The example with the variation too; None where that contradicts what is changed already."""
    if variation.reading[0]:
        name_, answer = variation.reading
        return None if name_ in base.readings else replace(base, readings={**base.readings, name_: answer})
    path = variation.path
    for other, _ in base.changes:
        if other != path and (other.startswith(f"{path}.") or path.startswith(f"{other}.")):
            return None
    kept = tuple(change for change in base.changes if change[0] != path)
    return replace(base, changes=(*kept, (path, variation.value)))


def _key(example: Example) -> str:
    return f"{example.scenario} {sorted(example.changes, key=str)} {sorted(example.readings.items())}"
