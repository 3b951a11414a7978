"""One finding or effect as the report has it: every sentence made, every place named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from redline.answers.naming import Naming
from redline.answers.report_rules import Telling, about, cited, rule_card
from redline.answers.say import because, weakest
from redline.answers.say_conditions import bodies, named, negated, not_listed, sayable, words
from redline.answers.say_premises import Said
from redline.answers.say_questions import ask, outcome_words
from redline.answers.say_values import listed
from redline.engine.characters import visible
from redline.engine.further import Lazily, blank_cell, blank_row
from redline.engine.reference import holds
from redline.rules.condition import All, Any, Condition, Named, Not
from redline.rules.finding import Effect, Finding, Need, Point, Under
from redline.rules.frozen import replace
from redline.rules.policy import Rule
from redline.rules.record import Row, Rows, Subject
from redline.rules.report import (
    Asked,
    Because,
    Clause,
    EffectReport,
    FindingReport,
    Outcome,
    Read,
    Reading,
    Tried,
    Waits,
)
from redline.rules.terms import YES_NO
from redline.rules.truth import FALSE, Truth, conjunction, disjunction, negation
from redline.rules.values import Terms
from redline.rules.verdicts import HARMLESS, Kind, Verdict

_TRUTH = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "unknown"}
_LONGEST_REASON = 160
"""Characters of a reason beside the name of the condition that it is in."""
_NEGATIVE = frozenset({Verdict.NOT_CROSSED, Verdict.NOT_APPLICABLE})


def finding_report(told: Telling, finding: Finding) -> FindingReport:
    """A finding as the report has it; what is said of it is made when it is first looked at."""
    rule, subject = finding.rule, finding.subject
    card, mentioned = rule_card(told, rule), about(told.naming, subject)
    under = tuple(_reading(told, finding, each) for each in finding.under)

    def whole() -> FindingReport:
        called = told.naming.subject(subject)
        return FindingReport(
            verdict=finding.verdict,
            rule=card,
            subject=mentioned,
            under=under,
            exception=_TRUTH[finding.exception] if rule.unless is not None else "",
            exception_says=_clause(told, rule.unless, rule, called) if rule.unless is not None else "",
            permissions_tried=tuple(_permission(told, name, truth) for name, truth in finding.permissions),
            factors=tuple(
                Tried(visible(name), _clause(told, condition, rule, called), _TRUTH[truth])
                for (name, truth), (_, condition) in zip(finding.factors, rule.factors, strict=True)
            ),
            clauses=() if subject.phantom else tuple(_clauses(told, rule, subject, called)),
        )

    return FindingReport.late(whole, verdict=finding.verdict, rule=card, subject=mentioned, under=under)


def effect_report(told: Telling, effect: Effect) -> EffectReport:
    """A permission or a red flag as the report has it; its reasons are made when they are looked at."""
    rule, naming = effect.rule, told.naming
    known = EffectReport(
        rule=rule_card(told, rule),
        subject=about(naming, effect.subject),
        holds=_TRUTH[effect.holds],
        question=visible(rule.asks) if rule.kind is Kind.FLAGS else "",
        defeats=tuple(visible(name) for name in rule.defeats),
    )
    if effect.holds is FALSE:
        return known
    return EffectReport.late(
        lambda: replace(
            known,
            because=told_because(because(naming, effect.premises, effect.subject, rule)),
            waits_for=_distinct(_asked(naming, p, effect.subject) for p in effect.needs),
        ),
        rule=known.rule,
        subject=known.subject,
        holds=known.holds,
        question=known.question,
        defeats=known.defeats,
    )


def told_because(said: Sequence[Said]) -> tuple[Because, ...]:
    """Sentences with the places of their facts."""
    return tuple(
        Because(s.text, tuple(dict.fromkeys(map(cited, s.facts))), weakest(s.facts).word) for s in said
    )


# --- readings ----------------------------------------------------------------------------------


def _reading(told: Telling, finding: Finding, under: Under) -> Reading:
    answers = tuple(_read(told.naming, name, answer) for name, answer in under.answers.items())
    return Reading.late(
        lambda: _whole_reading(told, finding, under, answers), answers=answers, verdict=under.verdict
    )


def _whole_reading(told: Telling, finding: Finding, under: Under, answers: tuple[Read, ...]) -> Reading:
    naming, rule, subject = told.naming, finding.rule, finding.subject
    waits = _once(_waits(naming, need, subject, rule) for need in under.needs)
    if subject.phantom and under.verdict is Verdict.UNDETERMINED:
        waits = (Waits((_asked_of_phantom(naming, subject),)),)
    return Reading(
        answers=answers,
        verdict=under.verdict,
        because=told_because(because(naming, under.premises, subject, rule)),
        grade=under.grade.word,
        decided_by=_decided_by(told, under.decisive),
        failed=_failed(told, finding, under) if under.verdict in _NEGATIVE else "",
        waits_for=waits,
        open_questions=tuple(visible(q) for q in under.questions),
        searched=under.searched,
        exhaustive=under.exhaustive,
    )


def _read(naming: Naming, name: str, answer: str) -> Read:
    known = naming.interpretations.get(name)
    return Read(visible(name), visible(known.question) if known else "", visible(answer))


def _decided_by(told: Telling, decisive: str) -> str:
    match decisive:
        case "bound":
            return "scope or dates"
        case "when":
            return "condition"
        case "unless":
            return "exception"
        case "met":
            return "requirement"
        case "":
            return ""
        case name:
            return f"permission {visible(name)}"


def _failed(told: Telling, finding: Finding, under: Under) -> str:
    """The condition that is not so (or the exception or permission that holds), in words."""
    rule, naming = finding.rule, told.naming
    called = naming.subject(finding.subject)
    match under.decisive:
        case "bound":
            if rule.scope is not None and _truth(told, finding, under, rule.scope) is FALSE:
                return _not_so(told, finding, under, rule.scope)
            return (
                f"the rule is not in force for {called}"
                if rule.validity
                else "it is outside the rule's scope"
            )
        case "when":
            assert rule.when is not None
            return _not_so(told, finding, under, rule.when)
        case "unless":
            assert rule.unless is not None
            return f"the rule excepts it: {words(rule.unless, rule.subject, called, naming.asked)}"
        case "met":
            assert rule.requires is not None
            return f"what the rule requires is so: {words(rule.requires, rule.subject, called, naming.asked)}"
        case "":
            words_of = "does not apply" if under.verdict is Verdict.NOT_APPLICABLE else "is not crossed"
            return f"however the facts that are not known turn out, the rule {words_of}"
        case name:
            permit = naming.rules.get(name)
            return f"a permission sets the rule aside: {visible(permit.says) if permit else visible(name)}"


def _not_so(told: Telling, finding: Finding, under: Under, condition: Condition) -> str:
    """The smallest part of a conjunction that alone is false, in words; where it stands in a defined
    condition, under that one's name."""
    called = told.naming.subject(finding.subject)
    match condition:
        case Named(name, body):
            below = _not_so(told, finding, under, body) if isinstance(body, All) else ""
            head = f"“{named(name)}” does not hold of {called}"
            return f"{head}: {below}" if below and len(below) < _LONGEST_REASON else head
        case All(parts):
            known = _as_proved(finding.subject.row, under)
            false = [part for part in parts if _truth(told, finding, under, part) is FALSE]
            proved = [part for part in false if _truth(told, finding, under, part, known) is FALSE]
            if false:
                return _not_so(told, finding, under, (proved or false)[0])
        case Any(parts) if len(sayable(parts)) > 1:
            each = dict.fromkeys(_not_so(told, finding, under, part) for part in parts)
            return ", and ".join(each)
        case _:
            pass
    return negated(condition, finding.rule.subject, called, told.naming.asked)


def _truth(
    told: Telling, finding: Finding, under: Under, condition: Condition, row: Row | None = None
) -> Truth:
    answers = {name: frozenset({answer}) for name, answer in under.answers.items()}
    return holds(condition, row or finding.subject.row, {**told.readings, **answers})


def _as_proved(row: Row, under: Under) -> Row:
    """The record with nothing in it but what the proof rests on."""
    points = {(p.point.path, p.point.sort) for p in under.premises}
    queries = {(p.point.path[:-1], p.point.key) for p in under.premises if p.point.sort == "field"}

    def kept(row: Row, path: tuple[str | int, ...]) -> Row:
        def known(name: str, rows: Rows) -> Rows:
            each = tuple(kept(row, (*path, name, i)) for i, row in enumerate(rows.rows))
            if ((*path, name, "*"), "rest") in points:
                return Rows(each, rows.closed, rows.rest)
            return Rows(each, replace(rows.closed, value=Terms(YES_NO)), blank_row(rows.rest))

        present = row.present
        if present is not None and (path, "presence") not in points:
            present = replace(present, value=Terms(YES_NO))
        return replace(
            row,
            cells=Lazily(row.cells, lambda key, cell: cell if (path, key) in queries else blank_cell(cell)),
            parts=Lazily(row.parts, lambda name, part: kept(part, (*path, name))),
            lists=Lazily(row.lists, known),
            present=present,
        )

    return kept(row, ())


# --- needs -------------------------------------------------------------------------------------


def _asked_of_phantom(naming: Naming, subject: Subject) -> Asked:
    """What to ask of subjects that could not be formed: what there is, not how it is."""
    at = "" if subject.row.present is None else visible(subject.row.present.about)
    owner = next((naming.called[p] for p in naming.called if at.startswith(f"{p}.")), "")
    if owner:
        return Asked(f"what else is transferred in {owner}?", at)
    return Asked(f"which {'other steps' if subject.kind == 'step' else f'{subject.kind}s'} are there?", at)


def _asked(naming: Naming, point: Point, subject: Subject) -> Asked:
    sort = "reading" if point.sort == "reading" else "fact"
    return Asked(ask(naming, point, subject), visible(point.about), sort)


def _waits(naming: Naming, need: Need, subject: Subject, rule: Rule) -> Waits:
    facts = tuple(_asked(naming, point, subject) for point in need.points)
    # that there is such a thing goes without saying where it is asked how it is
    kept = [
        i
        for i, point in enumerate(need.points)
        if point.sort != "presence" or sum(f.question == facts[i].question for f in facts) == 1
    ]
    facts, outcomes = tuple(facts[i] for i in kept), dict[tuple[str, ...], Outcome]()
    for values, verdict in need.outcomes:
        said = tuple(_outcome(naming, need.points[i], values[i], subject, rule) for i in kept)
        outcomes.setdefault((*said, verdict), Outcome(said, verdict))
    return Waits(facts, _gathered(_told_apart(tuple(outcomes.values()))))


def _told_apart(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """The outcomes, none under the same words as another: where these do not tell, what else the rule asks
    does.  Of what is harmless either way the first is kept."""
    found: dict[tuple[str, ...], Outcome] = {}
    for each in outcomes:
        same = {other.verdict for other in outcomes if other.values == each.values}
        values = each.values
        if len(same) > 1 and not same <= HARMLESS:
            more = "not all else" if each.verdict in HARMLESS else "all else"
            values = (*values[:-1], f"{values[-1]} and {more} that the rule asks")
        found.setdefault(values, Outcome(values, each.verdict))
    return tuple(found.values())


def _outcome(naming: Naming, point: Point, value: object, subject: Subject, rule: Rule) -> str:
    if point.sort == "rest" and value == "more that matters":
        asked = next(
            (
                b
                for c in (rule.scope, rule.when, rule.unless, rule.requires)
                for b in bodies(c, str(point.path[-2]))
            ),
            None,
        )
        steps = naming.trail(point, subject)
        known = naming.asked.get(steps[-1].row.shape) if steps else None
        listing = known.lists.get(str(point.path[-2])) if known is not None else None
        if asked is not None and listing is not None:
            last = steps[-1]
            return not_listed(asked, last.row.shape, str(point.path[-2]), last.called, naming.asked)
    return outcome_words(naming, point, value, subject)  # type: ignore[arg-type]  # a value or a word


def _gathered(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """Outcomes of one fact and one verdict as one."""
    if any(len(o.values) != 1 for o in outcomes):
        return outcomes
    by: dict[Verdict, list[str]] = {}
    for outcome in outcomes:
        by.setdefault(outcome.verdict, []).append(outcome.values[0])
    return tuple(Outcome((listed(dict.fromkeys(values)),), verdict) for verdict, values in by.items())


def _once(waits: Iterable[Waits]) -> tuple[Waits, ...]:
    """None twice that asks the same and has the same outcomes, whatever the facts behind them."""
    kept: dict[object, Waits] = {}
    for each in waits:
        outcomes = frozenset((frozenset(o.values), o.verdict) for o in each.outcomes)
        kept.setdefault((frozenset(f.question for f in each.facts), outcomes), each)
    return tuple(kept.values())


def _distinct(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    return tuple({each.question: each for each in asked}.values())


# --- the rule's parts --------------------------------------------------------------------------


def _clause(told: Telling, condition: Condition, rule: Rule, called: str) -> str:
    return words(condition, rule.subject, called, told.naming.asked)


def _clauses(told: Telling, rule: Rule, subject: Subject, called: str) -> Iterator[Clause]:
    """The rule's conditions, opened as far as all, any, not and names go, each with whether it holds."""
    parts = (("scope", rule.scope), ("when", rule.when), ("unless", rule.unless), ("requires", rule.requires))
    for name, condition in parts:
        if condition is not None:
            yield from _opened(told, name, condition, subject, called, depth=0)[1]


def _opened(
    told: Telling, part: str, condition: Condition, subject: Subject, called: str, *, depth: int
) -> tuple[Truth, list[Clause]]:
    """Whether the condition holds, and its clauses; what has parts is judged from them, each once."""

    def each(inner: Condition, deeper: int = 1) -> tuple[Truth, list[Clause]]:
        return _opened(told, part, inner, subject, called, depth=depth + deeper)

    match condition:
        case Named(name, body):
            truth, below = each(body)
            head = f"“{named(name)}”:"
        case All((one,)) | Any((one,)):
            return each(one, 0)
        case Any(parts) if len(shown := sayable(parts)) < len(parts):
            truth, below = holds(condition, subject.row, told.readings), []
            head = words(Any(shown), subject.kind, called, told.naming.asked)
        case All(several) | Any(several) if several:
            opened = [each(inner) for inner in several]
            every = isinstance(condition, All)
            truth = (conjunction if every else disjunction)(found for found, _ in opened)
            below = [clause for _, clauses in opened for clause in clauses]
            head = "all of:" if every else "any of:"
        case Not(All() | Any() | Named() as inner):
            found, below = each(inner)
            truth, head = negation(found), "not:"
        case _:
            truth, below = holds(condition, subject.row, told.readings), []
            head = words(condition, subject.kind, called, told.naming.asked)
    return truth, [Clause(part, head, _TRUTH[truth], depth), *below]


def _permission(told: Telling, name: str, truth: Truth) -> Tried:
    rule = told.naming.rules.get(name)
    return Tried(visible(name), visible(rule.says) if rule else "", _TRUTH[truth])
