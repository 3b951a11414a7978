"""Policies in whatever form they are given, made ready to judge by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from redline.engine.library import Library, digest
from redline.engine.load import load
from redline.engine.policies import link, policy_from
from redline.engine.run import Bench, Options, prepare
from redline.engine.typed import PLAIN
from redline.engine.words import with_words_of
from redline.front.api import Engine
from redline.rules.frozen import replace
from redline.rules.node import Map
from redline.rules.policy import Policy
from redline.rules.problems import Problem, Refused, errors
from redline.testing.draft import Draft, draft
from redline.testing.written import Data, data, document, mapped

Policies = str | Path | Mapping[str, object] | Draft | Engine | Bench | Sequence["One"]
"""A file or folder, a policy as plain data, as YAML text (of more than one line) or as drawn, several of
these, or policies that are loaded already."""
One = str | Path | Mapping[str, object] | Draft


def bench_of(policies: Policies) -> Bench:
    """The policies made ready to judge by.

    Raises Refused, with every problem, where a policy cannot be used.
    """
    match policies:
        case Bench():
            return policies
        case Engine():
            return policies.bench
        case str() | Path() | Mapping() | Draft():
            each: Sequence[One] = [policies]
        case _:
            each = policies
    paths: list[str | Path] = []
    drafts: list[Draft] = []
    for one in each:
        match one:
            case Draft():
                drafts.append(one)
            case Mapping():
                drafts.append(draft(one))
            case str() if "\n" in one:
                drafts.append(draft(one))
            case _:
                paths.append(one)
    library = load(paths, registers=None if paths else [])
    if drafts:
        library = with_policies(library, [*_written(library), *(one.data for one in drafts)])
    if errors(library.problems):
        raise Refused(library.problems)
    return prepare(library, Options())


def _written(library: Library) -> list[Data]:
    return [data(library.written[policy.id]) for policy in library.policies]


def written(bench: Bench) -> tuple[dict[str, Data], ...]:
    """The policies of a bench as plain data, in their order."""
    return tuple(mapped(each) for each in _written(bench.library))


def with_policies(library: Library, policies: Iterable[Data]) -> Library:
    """The library with these policies, and no others; what is wrong with them is in its problems."""
    documents = [document(each, f"policy-{number}.yaml") for number, each in enumerate(policies, 1)]
    problems: list[Problem] = []
    lexicon = PLAIN
    for each in documents:
        lexicon = with_words_of(each, lexicon, problems)
    read: list[Policy] = []
    roots: dict[str, Map] = {}
    for each in documents:
        policy, found = policy_from(each, lexicon, digest(each))
        problems.extend(found)
        if policy is not None and isinstance(each.root, Map):
            read.append(policy)
            roots[policy.id] = each.root
    linked, found = link(read)
    texts = {each.name: each.lines for each in documents}
    return replace(
        library, policies=linked, lexicon=lexicon, texts=texts, problems=(*problems, *found), written=roots
    )


def changed(bench: Bench, policies: Iterable[Data]) -> Bench:
    """The bench with these policies in place of its own, judged under the same options.

    Raises Refused where they cannot be used.
    """
    library = with_policies(bench.library, policies)
    if errors(library.problems):
        raise Refused(library.problems)
    return prepare(library, bench.options)
