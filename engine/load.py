"""Loading: policies, the registers they cite and the scenarios beside them, from files.

A policy that has errors is left out and told; what other files hold is not lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from redline.engine.characters import quote
from redline.engine.library import Library, digest, files_in, folder, scenario_id, shipped
from redline.engine.policies import is_policy, link, policy_from
from redline.engine.read import Document, Reading, edition, lines_of, read_path, read_text
from redline.engine.registers import register_from
from redline.engine.show import did_you_mean
from redline.engine.typed import PLAIN, Lexicon
from redline.engine.words import with_words_of
from redline.rules.node import Map, Seq, Text
from redline.rules.policy import Policy
from redline.rules.problems import Problem, Severity, Span
from redline.rules.register import Register

__all__ = ["Library", "digest", "load", "scenario_id", "scenarios_in", "shipped"]


def _read(path: str | Path) -> Reading:
    """A file read; one that ships is called by its folder and name, wherever it is installed."""
    for kind in ("policies", "seeds", "scenarios"):
        if isinstance(path, Path) and path.parent == folder(kind):
            try:
                data = path.read_bytes()
            except OSError:
                break
            name = f"{kind}/{path.name}"
            documents, problems = read_text(data, name)
            return Reading(name, tuple(documents), tuple(problems), lines_of(data))
    return read_path(path)


def load(
    policies: Iterable[str | Path] | None = None,
    registers: Iterable[str | Path] | None = None,
    scenarios: Iterable[str | Path] = (),
    *,
    lexicon: Lexicon = PLAIN,
) -> Library:
    """Everything in the files; None stands for what ships.  Folders are taken for all `*.yaml` in them.
    `lexicon` holds words that can be used besides those which the policies add.

    Raises nothing: what is wrong is in `problems`.
    """
    problems: list[Problem] = []
    texts: dict[str, Sequence[str]] = {}
    documents = _documents(shipped("policies") if policies is None else files_in(policies), problems, texts)
    known = _documents(shipped("seeds") if registers is None else files_in(registers), problems, texts)
    beside = _documents(files_in(scenarios), problems, texts)
    written = [d for d in documents if is_policy(d)]
    known += [d for d in documents if _is_register(d)]
    others = [d for d in documents if not is_policy(d) and not _is_register(d)]
    problems.extend(_not_a_policy(d) for d in others if scenario_id(d) is None)
    for document in written:
        lexicon = with_words_of(document, lexicon, problems)
    read = []
    as_written: dict[str, Map] = {}
    for document in written:
        policy, found = policy_from(document, lexicon, digest(document))
        problems.extend(found)
        if policy is not None and isinstance(document.root, Map):
            read.append(policy)
            as_written.setdefault(policy.id, document.root)
    linked, found = link(read)
    problems.extend(found)
    sources = []
    for document in known:
        register, found = register_from(document)
        problems.extend(found)
        if register is not None:
            sources.append(register)
    problems.extend(_uncited(linked, sources, written))
    scenarios_by_id = _by_id([*others, *beside], problems)
    return Library(linked, lexicon, tuple(sources), scenarios_by_id, texts, tuple(problems), as_written)


def scenarios_in(library: Library, paths: Iterable[str | Path]) -> frozenset[str]:
    """The scenarios that were loaded from these files or folders."""
    named = {str(path) for path in files_in(paths)}
    return frozenset(name for name, document in library.scenarios.items() if document.name in named)


def _documents(
    paths: Iterable[str | Path], problems: list[Problem], texts: dict[str, Sequence[str]]
) -> list[Document]:
    documents = []
    for path in paths:
        reading = _read(path)
        texts[reading.name] = reading.lines
        problems.extend(reading.problems)
        for document in reading.documents:
            wrong = edition(document)
            if wrong is None:
                documents.append(document)
            else:
                problems.append(wrong)
    return documents


def _by_id(documents: Iterable[Document], problems: list[Problem]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for document in documents:
        name = scenario_id(document)
        if name is None:
            continue
        if name in found:
            problems.append(
                Problem(
                    "duplicate-id",
                    f"scenario {quote(name)} is there twice",
                    document.root.span,
                    "give each scenario an id of its own",
                )
            )
        found.setdefault(name, document)
    return found


def _is_register(document: Document) -> bool:
    return isinstance(document.root, Map) and document.root.get("register") is not None


def _not_a_policy(document: Document) -> Problem:
    return Problem(
        "not-a-policy",
        "the document is no policy, scenario or register",
        document.root.span,
        "name it: `policy: ...`, `scenario: ...` or `register: ...`",
    )


def _naming(register: str, policy: Policy, written: Sequence[Document]) -> Span:
    """Where the policy names the register."""
    for document in written:
        if document.root.span == policy.span and isinstance(document.root, Map):
            named = document.root.get("registers")
            for each in named.items if isinstance(named, Seq) else (named,):
                if isinstance(each, Text) and each.text.strip() == register:
                    return each.span
    return policy.span


def _uncited(
    policies: Iterable[Policy], registers: Sequence[Register], written: Sequence[Document]
) -> Iterable[Problem]:
    """Sources that no register of the policy has.  Without a register, a source is free text."""
    known = {register.id: {statement.id for statement in register.statements} for register in registers}
    for policy in policies:
        missing = [r for r in policy.registers if r not in known]
        for name in missing:
            yield Problem(
                "unknown-register",
                f"policy {quote(policy.id)} cites register {quote(name)}, which is not there",
                _naming(name, policy, written),
                did_you_mean(name, known)
                or "put the register into the policy's file after `---`, or correct the name",
            )
        if missing or not policy.registers:
            continue
        statements = set().union(*(known[r] for r in policy.registers))
        for rule in policy.rules:
            for source in rule.source:
                if source not in statements:
                    yield Problem(
                        "unknown-statement",
                        f"rule {quote(rule.id)} cites {quote(source)}, which no register of the policy has",
                        rule.span,
                        did_you_mean(source, statements),
                    )
        for name in policy.not_encoded:
            if name not in statements:
                yield Problem(
                    "unknown-statement",
                    f"{quote(name)} is no statement of the policy's registers",
                    policy.span,
                    did_you_mean(name, statements),
                    severity=Severity.WARNING,
                )
