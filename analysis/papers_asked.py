"""Papers that rules ask for, made to measure: of the kind, from the issuer, covering the step, valid then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from redline.analysis.plausible import plausible
from redline.engine.ground import Memo, ground_entry
from redline.engine.paths import standing
from redline.engine.possible import NONE, is_word
from redline.engine.run import Bench, Run
from redline.rules.condition import All, Any, Condition, Covered, In, Is, Named
from redline.rules.frozen import dataclass
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.record import Subject
from redline.rules.values import Amounts


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper that would be held: the changes that add it, in words, and the places that they touch."""

    changes: tuple[tuple[str, Node], ...]
    says: str
    places: tuple[str, ...]


def papers_asked(bench: Bench, run: Run, rules: Sequence[int]) -> Iterator[NewPaper]:
    """For each step, each paper that the rules (by place in the plan), or their permissions, ask for."""
    assert run.derived is not None
    memo = Memo(bench.plan, bench.readings)
    seen: set[tuple[str, Covered]] = set()
    for index in rules:
        entry = bench.plan.entries[index]
        for subject in run.derived.subjects:
            if subject.kind != entry.subject or subject.transfer is None:
                continue
            for variable in ground_entry(bench.plan, index, subject.row, bench.readings, memo).variables:
                key = variable.column[0] if variable.column is not None else ""
                if isinstance(key, Covered) and (subject.label, key) not in seen:
                    seen.add((subject.label, key))
                    yield from _made(run, subject, key, len(seen))


def _made(run: Run, subject: Subject, asked: Covered, number: int) -> Iterator[NewPaper]:
    assert run.scenario is not None
    assert subject.transfer is not None
    transfer = run.scenario.transfers[subject.transfer]
    kind = "licence" if asked.kind == "grant" else asked.kind
    ident = f"if-{kind}-{number}"
    entries: list[tuple[str, Node]] = [("kind", Text(kind)), ("state", Text("held"))]
    issuer: dict[str, str] = {}
    if asked.issuer is not None and not _meeting(asked.issuer, issuer):
        return
    paper: dict[str, str] = {}
    if asked.where is not None and not _meeting(asked.where, paper):
        return
    changes: list[tuple[str, Node]] = []
    by = issuer.get("country", "")
    if set(issuer) - {"country"} or (issuer and "-" in by):
        party = f"{ident}-issuer"
        facts = Map(tuple((Text(key), Text(text)) for key, text in issuer.items()))
        changes.append((f"parties.{party}", facts))
        entries.append(("issuer", Text(party)))
    elif by:
        entries.append(("issuer", Text(by)))
    entries += [(key, Text(text)) for key, text in paper.items()]
    covers = Map(((Text("items"), Seq((Text(subject.item),))),)) if subject.item else None
    if covers is not None:
        entries.append(("covers", covers))
    entries.append(("valid", Map(_valid(subject))))
    changes.append((f"papers.{ident}", Map(tuple((Text(key), node) for key, node in entries))))
    root = run.document.root
    if isinstance(root, Map) and is_word(root.get("papers") or Text(""), NONE):
        changes.append(("papers.more", Text(NONE)))
    place = f"{transfer.path}.papers"
    changes.append((f"{place}.+", Text(ident)))
    said = standing(root, place)
    if said is None:
        return
    whose = f" of {by}" if by else ""
    says = f"{_a(kind)}{whose} that covers {subject.item or 'it'} in step {subject.transfer + 1} were held"
    yield NewPaper(tuple(changes), says, (place, f"papers.{ident}"))


def _valid(subject: Subject) -> tuple[tuple[Text, Node], ...]:
    """From the contract to the delivery, as far as they are known."""
    days = []
    for name in ("contract", "delivery"):
        cell = subject.row.cells.get(name)
        value = cell.value if cell is not None else None
        days.append(value if isinstance(value, Amounts) else None)
    low = next((int(d.low) for d in days if d is not None and d.low is not None), None)
    high = next((int(d.high) for d in reversed(days) if d is not None and d.high is not None), None)
    first = date.fromordinal(low).isoformat() if low is not None else "1950-01-01"
    last = date.fromordinal(high).isoformat() if high is not None else "2100-12-31"
    return ((Text("from"), Text(first)), (Text("to"), Text(last)))


def _meeting(condition: Condition, facts: dict[str, str]) -> bool:
    """Facts by which a thing meets the condition, in the first way that is found; whether one was."""
    match condition:
        case All(parts):
            return all(_meeting(part, facts) for part in parts)
        case Any(parts):
            return any(_meeting(part, facts) for part in parts)
        case Named(_, body):
            return _meeting(body, facts)
        case Is(key=str() as key, test=test):
            text = plausible(test.accepts)
            return text is not None and facts.setdefault(key, text) == text
        case In("issuer", body):
            return _meeting(body, facts)
        case _:
            return False


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind.replace('-', ' ')}"
