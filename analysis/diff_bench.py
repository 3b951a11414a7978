"""OLD and NEW on one bench, so that values are cut into the same classes for both; and each by itself, to
replay what was found.

In the bench of both, policies of NEW have an id that no file can have.  An interpretation that both have is
one, with the answers of both: an answer that one side does not know is one that none of its conditions names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from redline.analysis.diff_plain import Renaming, plain_rule, questions_of
from redline.engine.library import Library
from redline.engine.load import load
from redline.engine.reference import name
from redline.engine.run import Bench, Options, prepare
from redline.engine.typed import Lexicon
from redline.rules.frozen import dataclass, field, replace
from redline.rules.policy import Interpretation, Policy, Rule
from redline.rules.problems import Refused, errors

NEW = "~"
"""Ends the id of a policy of NEW."""
_ALL = Options(include_author=True)


@dataclass(frozen=True, slots=True)
class Side:
    """One edition by itself, and where its rules stand in the bench of both."""

    bench: Bench
    at: Mapping[str, int]
    """Of each rule, by the full name that it has in its edition, its place in the plan of both."""
    policies: Mapping[str, str] = field(default_factory=dict)
    """Policies that have another id in OLD, each with that id."""

    def called(self, interpretation: str) -> str:
        """The full name that an interpretation has in the bench of both."""
        return Renaming(self.policies, {}).full(interpretation)

    @property
    def rules(self) -> dict[str, Rule]:
        """Its rules as they are written, by full name."""
        return {name(rule): rule for policy in self.bench.library.policies for rule in policy.rules}


@dataclass(frozen=True, slots=True)
class Both:
    """OLD and NEW, and the bench of both together."""

    bench: Bench
    old: Side
    new: Side


def load_both(old: Iterable[str | Path], new: Iterable[str | Path]) -> tuple[Library, Library]:
    """The policies of both editions, each with what is wrong in it by itself; where nothing is, with the
    words of both.  Raises Refused where their words contradict each other."""
    old, new = tuple(old), tuple(new)
    first, second = load(old), load(new)
    if errors(first.problems) or errors(second.problems) or _words(first.lexicon) == _words(second.lexicon):
        return first, second
    wider = load(new, lexicon=first.lexicon)
    again = load(old, lexicon=wider.lexicon)
    wrong = errors((*wider.problems, *again.problems))
    if wrong:
        raise Refused(wrong)
    return again, replace(wider, problems=second.problems)


def both(old: Library, new: Library) -> Both:
    """Both libraries, which have the same words, on one bench."""
    as_in_old = _same_policies(old.policies, new.policies)
    renaming = Renaming(as_in_old, _same_questions(old.policies, new.policies))
    shells = {p.id: p for p in old.policies}
    for policy in new.policies:
        called = as_in_old.get(policy.id, policy.id)
        shell = shells.get(called, replace(policy, id=called, rules=(), interpretations={}))
        shells[called] = replace(shell, interpretations=_merged(shell, policy, called))
    policies = [
        replace(p, rules=tuple(plain_rule(r, r.policy, None) for r in p.rules)) for p in shells.values()
    ]
    for policy in new.policies:
        called = as_in_old.get(policy.id, policy.id) + NEW
        rules = tuple(plain_rule(r, called, renaming) for r in policy.rules)
        policies.append(replace(policy, id=called, rules=rules, interpretations={}))
    bench = prepare(replace(old, policies=tuple(policies), problems=()), _ALL)
    places = {name(rule): i for i, rule in bench.judging.rules()}
    of_old = {name(r): places[name(r)] for p in old.policies for r in p.rules}
    of_new = {
        name(r): places[f"{as_in_old.get(p.id, p.id)}{NEW}/{r.id}"] for p in new.policies for r in p.rules
    }
    return Both(bench, Side(prepare(old, _ALL), of_old), Side(prepare(new, _ALL), of_new, as_in_old))


def _words(lexicon: Lexicon) -> tuple[object, ...]:
    """What policies add to the vocabulary."""
    trees = {name: tree.parents for name, tree in lexicon.trees.items()}
    return trees, lexicon.lists, lexicon.declared


def _same_policies(old: Iterable[Policy], new: Iterable[Policy]) -> dict[str, str]:
    """Policies of NEW under another id, each with the id that it has in OLD: where one alone is left over
    on both sides."""
    before, after = {p.id for p in old}, {p.id for p in new}
    gone, come = before - after, after - before
    return {next(iter(come)): next(iter(gone))} if len(gone) == len(come) == 1 else {}


def _same_questions(old: Iterable[Policy], new: Iterable[Policy]) -> dict[str, str]:
    """Open questions of NEW in other words, each in those of OLD: where one alone is left over in both."""
    before = {q for p in old for r in p.rules for q in questions_of(r)}
    after = {q for p in new for r in p.rules for q in questions_of(r)}
    gone, come = before - after, after - before
    return {next(iter(come)): next(iter(gone))} if len(gone) == len(come) == 1 else {}


def _merged(shell: Policy, policy: Policy, called: str) -> dict[str, Interpretation]:
    found = dict(shell.interpretations)
    for key, each in policy.interpretations.items():
        answers = dict(found[key].answers) if key in found else {}
        found[key] = replace(each, policy=called, answers={**answers, **each.answers})
    return found
