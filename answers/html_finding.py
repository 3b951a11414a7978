"""Findings on a page: what a rule says of its subjects, why, on whose word, and what was tried against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from redline.answers.html_words import (
    HOLDS,
    at,
    because_items,
    counted,
    folded,
    holds,
    listing,
    mark,
    said_by,
    short,
)
from redline.answers.markup import Markup, joined, tag
from redline.answers.text_finding import in_one_line, to_whom, values_said
from redline.rules.report import Clause, FindingReport, Reading, RuleCard, Source, Tried, Waits
from redline.rules.verdicts import HARMLESS, Verdict

NEGATIVE = frozenset({Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE})
"""Verdicts that are folded."""
Groups = Sequence[Sequence[FindingReport]]


def groups(findings: Iterable[FindingReport]) -> Groups:
    """Findings of one rule that say the same, together, in the report's order."""
    found: dict[object, list[FindingReport]] = {}
    for each in findings:
        readings = tuple((reading.answers, reading.verdict) for reading in each.under)
        found.setdefault((each.rule.rule, each.verdict, readings), []).append(each)
    return tuple(found.values())


def group_html(
    group: Sequence[FindingReport], cards: Mapping[str, str], *, first: bool, whole: bool
) -> Markup:
    """Findings of one rule and verdict.  `cards` has the ids of rules; if `first`, what the rule says
    too; the `whole` of a negative has the rule's parts.
    """
    card, verdict = group[0].rule, group[0].verdict
    return tag(
        "article",
        tag("h3", mark(verdict), f"{short(card.rule)}: {at(verdict, [f.subject for f in group])}"),
        card_html(card, cards[card.rule], shut=verdict in NEGATIVE) if first else card_link(card, cards),
        [_subject(each, alone=len(group) == 1, unfolded=i == 0, whole=whole) for i, each in enumerate(group)],
        class_=f"finding {verdict}",
    )


def card_link(card: RuleCard, cards: Mapping[str, str]) -> Markup:
    """The way to a rule that was told before."""
    return tag("p", f"“{card.says}” ", tag("a", "the rule and its sources", href=f"#{cards[card.rule]}"))


def card_html(card: RuleCard, anchor: str, *, shut: bool = False) -> Markup:
    """What a rule says, on whose word; folded: its statements, its words and its note."""
    paragraphs = [
        f"{register} {many(numbers)}" if numbers else register for register, numbers in _cited(card.sources)
    ]
    return tag(
        "div",
        tag("blockquote", f"“{card.says}”"),
        tag("p", _stated(card), class_="quiet"),
        folded(
            joined("Where it stands: ", tag("span", f"{card.file}:{card.line}", class_="place"))
            if not paragraphs
            else joined(
                f"Where it stands: {'; '.join(paragraphs)}; ",
                tag("span", f"{card.file}:{card.line}", class_="place"),
            ),
            listing(map(_source, card.sources)),
            tag("p", f"{card.kind}; voice: {card.voice}; rule {card.rule}", class_="quiet"),
            listing(f"“{each.name}”: {each.means}" for each in card.defined),
            tag("p", f"note: {card.note}") if card.note else None,
            shut=shut,
        ),
        id=anchor,
    )


def _stated(card: RuleCard) -> str:
    """Whose word it is: of the statement that is cited first, or as the policy has it."""
    first = next((source for source in card.sources if source.speaker), None)
    if first is None:
        return said_by(card)
    to = to_whom(first.addressee)
    when = f"; {first.time.partition(';')[0]}" if first.time else ""
    return f"{card.layer}, {card.strength}; stated by {first.speaker}{to}{when}"


def _cited(sources: Sequence[Source]) -> list[tuple[str, list[int]]]:
    """The registers, or free texts, that are cited, each with its paragraphs."""
    by: dict[str, set[int]] = {}
    for source in sources:
        by.setdefault(source.register or source.statement, set()).update(source.paragraphs)
    return [(name, sorted(numbers)) for name, numbers in by.items()]


def many(numbers: Sequence[int]) -> str:
    """`paragraph 3`, `paragraphs 3, 7`."""
    return f"paragraph{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"


def _source(source: Source) -> Markup:
    where = f"{source.register} {many(source.paragraphs)}, " if source.paragraphs else ""
    to = to_whom(source.addressee)
    who = f": {source.speaker}{to}" if source.speaker else ""
    when = f"; {source.time}" if source.time else ""
    return joined(
        f"{where}{source.statement}{who}{when}",
        tag("div", source.paraphrase, class_="quiet") if source.paraphrase else None,
    )


# --- one finding ---------------------------------------------------------------------------------


def _subject(finding: FindingReport, *, alone: bool, unfolded: bool, whole: bool) -> Markup:
    shown = whole or finding.verdict not in NEGATIVE
    parts = [
        *(_reading(reading, several=len(finding.under) > 1) for reading in finding.under),
        *_tree(finding.clauses if shown else ()),
        *_tries(finding),
    ]
    if alone:
        return tag("div", parts)
    verdict = "crossed" if finding.verdict is Verdict.CROSSES else finding.verdict.words
    return folded(tag("strong", f"{finding.subject.called}: {verdict}"), parts, unfolded=unfolded)


def _reading(reading: Reading, *, several: bool) -> Markup:
    parts: list[Markup | None] = []
    if several:
        read = "; ".join(
            f"{short(a.interpretation)} = {a.answer}" + (f" ({a.question})" if a.question else "")
            for a in reading.answers
        )
        parts.append(tag("p", f"read {read}: ", tag("strong", reading.verdict.words)))
    if reading.failed:
        parts.append(tag("p", f"since {reading.failed}"))
    if reading.because:
        told = f"Because: {counted(len(reading.because), 'sentence')} of the proof"
        parts.append(
            folded(
                told,
                listing(because_items(reading.because)),
                tag("p", f"grade: {reading.grade}", class_="quiet"),
                tag("p", f"decided by its {reading.decided_by}", class_="quiet")
                if reading.decided_by
                else None,
                unfolded=reading.verdict not in HARMLESS,
            )
        )
    if reading.grade in ("alleged", "assumed"):
        parts.append(tag("p", tag("strong", f"it rests on what is only {reading.grade}")))
    if reading.verdict is Verdict.UNDETERMINED:
        parts += _waits(reading.waits_for)
    parts += [tag("p", f"the text leaves open: {question}") for question in reading.open_questions]
    if not reading.searched:
        parts.append(tag("p", "not every possibility was searched, so that it stays undetermined"))
    return tag("div", parts)


def _waits(listed: Sequence[Waits]) -> Iterator[Markup]:
    """Facts that settle a finding together, and what each outcome would give."""
    sets: dict[tuple[str, ...], dict[str, None]] = {}
    for waits in listed:
        asked = tuple(dict.fromkeys(fact.question for fact in waits.facts))
        sets.setdefault(asked, {}).update(dict.fromkeys(outcomes(waits)))
    for asked, told in sets.items():
        yield tag("div", tag("p", tag("strong", "waits for: "), in_one_line(asked)), listing(told))


def outcomes(waits: Waits) -> list[str]:
    """What a finding becomes with each answer."""
    joined_ = len({fact.question for fact in waits.facts}) == 1
    return [f"if {values_said(o.values, joined=joined_)}: {o.verdict.words}" for o in waits.outcomes]


def _tries(finding: FindingReport) -> Iterator[Markup]:
    """The exceptions and permissions that were tried, and what is to be weighed."""
    tried = (
        [Tried("exception", finding.exception_says, finding.exception)] if finding.exception else []
    ) + list(finding.permissions_tried)
    for title, listed in (("Exceptions and permissions tried", tried), ("To be weighed", finding.factors)):
        if listed:
            told = ", ".join(dict.fromkeys(HOLDS[each.holds] for each in listed))
            yield folded(f"{title}: {len(listed)} ({told})", listing(map(_tried, listed)))


def _tried(each: Tried) -> Markup:
    says = f": {each.says}" if each.says else ""
    return joined(holds(each.holds), f"{each.name}{says}: {HOLDS[each.holds]}")


# --- the rule as a tree --------------------------------------------------------------------------


def _tree(clauses: Sequence[Clause]) -> Iterator[Markup]:
    """The rule's parts; each that has parts of its own folds."""
    if clauses:
        yield folded("The rule's parts, and whether they hold", _branches(clauses, 0))


def _branches(clauses: Sequence[Clause], depth: int) -> Markup:
    starts = [i for i, clause in enumerate(clauses) if clause.depth <= depth or not i]
    ends = [*starts[1:], len(clauses)]
    told = []
    for start, end in zip(starts, ends, strict=True):
        clause, inner = clauses[start], clauses[start + 1 : end]
        part = joined(tag("span", f"{clause.part} ", class_="quiet")) if depth == 0 else None
        words = joined(holds(clause.holds), part, clause.says)
        if inner:
            told.append(folded(words, _branches(inner, clause.depth + 1), unfolded=clause.holds != "no"))
        else:
            told.append(words)
    return tag("ul", [tag("li", each) for each in told], class_="tree")
