"""Policies in whatever form they are given, made ready to judge by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from redline.engine.api import Engine
from redline.engine.library import Library, digest
from redline.engine.load import load
from redline.engine.policies import link, policy_from
from redline.engine.run import Bench, Options, prepare
from redline.engine.typed import PLAIN
from redline.engine.words import with_words_of
from redline.rules.frozen import replace
from redline.rules.policy import Policy
from redline.rules.problems import Problem, Refused, errors
from redline.testing.written import Data, document, mapped

Policies = str | Path | Mapping[str, object] | Engine | Bench | Sequence[str | Path | Mapping[str, object]]
"""A file or folder, a policy as plain data or as YAML text (of more than one line), several of these, or
policies that are loaded already."""


def bench_of(policies: Policies) -> Bench:
    """The policies made ready to judge by.

    Raises Refused, with every problem, where a policy cannot be used.
    """
    match policies:
        case Bench():
            return policies
        case Engine():
            return policies.bench
        case str() | Path() | Mapping():
            each: Sequence[str | Path | Mapping[str, object]] = [policies]
        case _:
            each = policies
    written = [one for one in each if isinstance(one, Mapping) or (isinstance(one, str) and "\n" in one)]
    paths = [one for one in each if isinstance(one, str | Path) and not (isinstance(one, str) and "\n" in one)]
    library = load(paths, registers=None if paths else [])
    if written:
        documents = [as_data(one) if isinstance(one, Mapping) else _parsed(one) for one in written]
        library = with_policies(library, [*_written(library), *documents])
    if errors(library.problems):
        raise Refused(library.problems)
    return prepare(library, Options())


def as_data(given: object) -> dict[str, Data]:
    """Plain Python data as texts, lists and mappings."""
    from redline.engine.plain import document_of
    from redline.testing.written import data

    assert isinstance(given, Mapping)
    return mapped(data(document_of(given).root))


def _parsed(text: str) -> dict[str, Data]:
    from redline.engine.read import read_text
    from redline.testing.written import data

    documents, problems = read_text(text.encode(), "given text")
    if errors(problems):
        raise Refused(problems)
    return mapped(data(documents[0].root))


def _written(library: Library) -> list[Data]:
    from redline.testing.written import data

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
    roots = {}
    for each in documents:
        policy, found = policy_from(each, lexicon, digest(each))
        problems.extend(found)
        if policy is not None:
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
