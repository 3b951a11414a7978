"""Conclusions: every rule on every subject, under every reading, on what is supported and on what is
only alleged.

An alleged fact may cross; it never clears.  So each subject comes twice: as stated, and with what is
alleged taken for unknown.  Where the first crosses, that is the finding; else the second is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import prod

from redline.engine.case import Case, Variable
from redline.engine.formula import unsettled_atoms, value_of
from redline.engine.ground import Memo, ground_entry
from redline.engine.kleene import Kleene
from redline.engine.plan import Plan
from redline.engine.prove import failing, prove
from redline.engine.reference import Readings, holds
from redline.engine.sharpen import STEPS, Budget, GaveUp, Settling, settling_sets, verdict
from redline.rules.facts import Grade
from redline.rules.finding import Conclusion, Effect, Finding, Need, Point, Premise, Under
from redline.rules.frozen import dataclass
from redline.rules.policy import Policy, Rule
from redline.rules.record import Subject
from redline.rules.truth import FALSE, TRUE, UNKNOWN
from redline.rules.values import Terms, Value, meet, union
from redline.rules.verdicts import Kind, Verdict, settle, worst

READINGS = 64
"""How many combinations of answers of one rule are run; past it the rule is judged with all answers open."""
_Answers = tuple[tuple[int, int], ...]
"""Interpretations (variables) with the answers given to them (masks)."""
_Judged = tuple[Verdict, bool, bool]
"""A verdict, whether all was searched for it, and whether it stands on what is supported alone."""
_DECIDED_AS_ALLEGED = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})


@dataclass(frozen=True, slots=True)
class Judging:
    """What is needed to judge: the policies, their plan, and the answers that were fixed."""

    policies: tuple[Policy, ...]
    plan: Plan
    readings: Readings

    def rules(self) -> Iterator[tuple[int, Rule]]:
        """Every rule, with its place in the plan."""
        return enumerate(rule for policy in self.policies for rule in policy.rules)


def conclude(
    judging: Judging,
    subjects: Sequence[Subject],
    supported: Sequence[Subject],
    wanted: Callable[[Rule], bool] = lambda _: True,
    *,
    explained: Callable[[Verdict], bool] = lambda _: True,
    apart: bool = True,
    memo: Memo | None = None,
) -> Conclusion:
    """What the wanted rules say of the subjects; where the verdict is `explained` with proofs and needs,
    each made when it is first looked at.  Answers to interpretations that differ are told `apart`, or only
    what they come to together.  `memo`, if given, is of the same judging.

    `supported` are the same subjects with what is alleged taken for unknown (the very same where
    nothing is alleged).
    """
    findings: list[Finding] = []
    effects: list[Effect] = []
    memo = memo or Memo(judging.plan, judging.readings)
    kleene = Kleene(judging.plan, judging.readings)
    for index, rule in judging.rules():
        if not wanted(rule):
            continue
        begun = len(findings)
        further: list[Finding] = []
        for subject, sure in zip(subjects, supported, strict=True):
            if subject.kind != rule.subject:
                continue
            rails = _Rails(judging, memo, kleene, index, subject, sure, explained, apart)
            if rule.kind in (Kind.PERMITS, Kind.FLAGS):
                if not subject.phantom:
                    effects.append(_effect(rails, rule))
                continue
            finding = _finding(rails, rule)
            told = not subject.phantom or finding.verdict is Verdict.UNDETERMINED
            (findings if told else further).append(finding)
        if all(finding.verdict is Verdict.NOT_APPLICABLE for finding in findings[begun:]):
            # what is not listed may be what the rule is about: it is not known to be outside
            findings += (one for one in further if one.verdict is not Verdict.NOT_APPLICABLE)
    return Conclusion(tuple(findings), tuple(effects))


@dataclass
class _Rails:
    """One rule on one subject, twice: as stated, and with what is alleged taken for unknown.

    What strong Kleene logic settles on the plan needs no cases: they are made when they are asked for.
    """

    judging: Judging
    memo: Memo
    kleene: Kleene
    index: int
    subject: Subject
    sure: Subject
    explained: Callable[[Verdict], bool]
    apart: bool

    @property
    def alleged(self) -> bool:
        """Whether something is alleged, so that there are two cases."""
        return self.sure is not self.subject

    @cached_property
    def stated(self) -> Case:
        """The case as stated."""
        return self._case(self.subject)

    @cached_property
    def backed(self) -> Case:
        """The case as supported."""
        return self._case(self.sure) if self.alleged else self.stated

    def _case(self, subject: Subject) -> Case:
        return ground_entry(self.judging.plan, self.index, subject.row, self.judging.readings, self.memo)

    def settled(self) -> _Judged | None:
        """The verdict where Kleene logic tells it on the plan."""
        entry = self.judging.plan.entries[self.index]
        stated = self.kleene.verdicts(entry, self.subject.row)
        if len(stated) != 1:
            return None
        if not self.alleged or stated <= _DECIDED_AS_ALLEGED:
            return settle(stated), True, False
        backed = self.kleene.verdicts(entry, self.sure.row)
        return (settle(backed), True, True) if len(backed) == 1 else None


def _finding(rails: _Rails, rule: Rule) -> Finding:
    subject, sure, readings = rails.subject, rails.sure, rails.judging.readings
    under = _readings(rails)
    result = settle({u.verdict for u in under})

    def whole() -> Finding:
        backed = rails.backed
        tried = tuple((permit, value_of(formula, backed.masks)) for permit, formula in backed.permits)
        factors = tuple((name, holds(c, sure.row, readings)) for name, c in rule.factors)
        exception = FALSE if rule.unless is None else holds(rule.unless, sure.row, readings)
        return Finding(rule, subject, result, under, exception, tried, factors)

    return Finding.late(whole, rule=rule, subject=subject, verdict=result, under=under)


def _readings(rails: _Rails) -> tuple[Under, ...]:
    """One entry, if the answers make no difference; else one for each combination of answers."""
    settled = rails.settled()
    if settled is not None:
        return (_under(rails, {}, *settled),)
    together = _verdict(rails, {})
    if not rails.apart and together[1]:
        return (_under(rails, {}, *together),)
    variables = rails.stated.variables
    asked = [i for i, v in enumerate(variables) if v.sort == "reading" and v.now & (v.now - 1)]
    combinations = prod(variables[i].now.bit_count() for i in asked)
    if asked and together[0] is Verdict.UNDETERMINED and combinations <= READINGS:
        choices = [[(i, bit) for bit in _bits(variables[i].now)] for i in asked]
        each = {tuple(answers): _verdict(rails, dict(answers)) for answers in product(*choices)}
        if len({found[0] for found in each.values()}) > 1:
            kept = _mattering(each, asked)
            return tuple(_under(rails, dict(answers), *found) for answers, found in kept.items())
    return (_under(rails, {}, *together),)


def _mattering(each: Mapping[_Answers, _Judged], asked: Sequence[int]) -> Mapping[_Answers, _Judged]:
    """The verdicts by those interpretations alone whose answers make a difference, whatever the others."""
    for i in asked:
        fewer: dict[_Answers, _Judged] = {}
        for answers, found in each.items():
            rest = tuple((j, bit) for j, bit in answers if j != i)
            if fewer.setdefault(rest, found)[0] is not found[0]:
                break
        else:
            each = fewer
    return each


def _verdict(rails: _Rails, answers: Mapping[int, int]) -> _Judged:
    """The verdict with some readings answered (variable -> mask)."""
    result, searched = _searched(rails.stated, _answered(rails.stated, rails.stated, answers))
    if not rails.alleged or result in _DECIDED_AS_ALLEGED:
        return result, searched, False
    return *_searched(rails.backed, _answered(rails.backed, rails.stated, answers)), True


def _under(rails: _Rails, answers: Mapping[int, int], result: Verdict, searched: bool, backed: bool) -> Under:
    """The verdict under the answers, with its proof or its needs, which are made when they are asked for."""
    words = {}
    for i, bit in answers.items():
        variable = rails.stated.variables[i]
        words[str(variable.path[0])] = str(variable.values[bit.bit_length() - 1])
    if rails.subject.phantom and result in _DECIDED_AS_ALLEGED:
        return Under(words, Verdict.UNDETERMINED)
    if not rails.explained(result):
        return Under(words, result, searched=searched)

    def whole() -> Under:
        case, plan = rails.backed if backed else rails.stated, rails.judging.plan
        masks = _answered(case, rails.stated, answers)
        if result is Verdict.UNDETERMINED:
            sets, exhaustive = settling_sets(case, masks)
            needs = tuple(_need(case, masks, s, plan) for s in sets)
            questions = _questions(case, masks)
            return Under(words, result, (), needs, Grade.STATED, "", searched, exhaustive, questions)
        proof = prove(case, masks, result)
        premises = tuple(_premise(case.variables[i], masks[i], plan) for i in proof.variables)
        return Under(words, result, premises, (), proof.grade, failing(case, proof))

    return Under.late(whole, answers=words, verdict=result, searched=searched)


def _searched(case: Case, masks: Sequence[int]) -> tuple[Verdict, bool]:
    """The verdict, and whether every completion was looked at."""
    try:
        return verdict(case, masks, Budget(STEPS)), True
    except GaveUp:
        return Verdict.UNDETERMINED, False


def _answered(chosen: Case, case: Case, answers: Mapping[int, int]) -> list[int]:
    """What is known of the chosen case, with the readings answered that `answers` tells of the first."""
    said = {case.variables[i].path: bit for i, bit in answers.items()}
    return [said.get(v.path, v.now) if v.sort == "reading" else v.now for v in chosen.variables]


def _effect(rails: _Rails, rule: Rule) -> Effect:
    """A permission counts on what is supported alone; a red flag is raised by an allegation too."""
    backed = rule.kind is Kind.PERMITS
    subject = rails.subject
    row = rails.sure.row if backed else subject.row
    truth = rails.kleene.applies(rails.judging.plan.entries[rails.index], row)
    if truth is UNKNOWN:
        # it holds where a prohibition of the same condition would be crossed
        case = rails.backed if backed else rails.stated
        crossed = _searched(case, case.masks)[0]
        truth = {Verdict.CROSSES: TRUE, Verdict.UNDETERMINED: UNKNOWN}.get(crossed, FALSE)
    if truth is FALSE:
        return Effect(rule, subject, truth)

    def whole() -> Effect:
        case = rails.backed if backed else rails.stated
        masks = case.masks
        if truth is UNKNOWN:
            unsettled = (atom for formula in case.formulas for atom in unsettled_atoms(formula, masks))
            needs = []
            for atom in unsettled:
                point = point_of(case.variables[atom.variable])
                if point not in needs:
                    needs.append(point)
            return Effect(rule, subject, truth, (), tuple(needs))
        holding = [v for i, v in enumerate(case.variables) if masks[i] != v.free and v.cell is not None]
        return Effect(rule, subject, truth, tuple(_premise(v, v.now, rails.judging.plan) for v in holding))

    return Effect.late(whole, rule=rule, subject=subject, holds=truth)


def point_of(variable: Variable) -> Point:
    """The place in the record that a variable stands for."""
    named = str(variable.path[0]) if variable.sort in ("reading", "open") else ""
    key = variable.column[0] if variable.column is not None else ""
    return Point(variable.sort, variable.path, variable.rows, key, variable.cell, named)


def _premise(variable: Variable, mask: int, plan: Plan) -> Premise:
    if variable.sort == "reading":
        return Premise(point_of(variable), answer=str(variable.values[mask.bit_length() - 1]))
    return Premise(point_of(variable), variable.cell.value if variable.cell is not None else None)


def _need(case: Case, masks: Sequence[int], settling: Settling, plan: Plan) -> Need:
    points = tuple(point_of(case.variables[i]) for i in settling.variables)
    outcomes = tuple(
        (
            tuple(
                _outcome(case.variables[i], v, plan) for i, v in zip(settling.variables, values, strict=True)
            ),
            result,
        )
        for values, result in settling.outcomes
    )
    return Need(points, outcomes)


def _outcome(variable: Variable, mask: int, plan: Plan) -> Value | str:
    """What the values of a mask say: a value; yes or no; an answer; whether a list brings more."""
    match variable.sort:
        case "field":
            assert variable.column is not None
            assert variable.cell is not None
            classes = plan.domains[variable.column].classes
            cut = [_cut(classes[b.bit_length() - 1], variable.cell.value) for b in _bits(mask)]
            plain = [c for c in cut if not getattr(c, "without", None)]
            return union(plain) if len(plain) == len(cut) else cut[0] if len(cut) == 1 else "another"
        case "presence":
            return "yes" if mask == 0b01 else "no"
        case "rest":
            brings = [variable.values[b.bit_length() - 1] for b in _bits(mask)]
            return "nothing more that matters" if brings == [0] else "more that matters"
        case _:
            return str(variable.values[mask.bit_length() - 1]) if variable.values else ""


def _cut(cls: Value, value: Value) -> Value:
    try:
        return meet(cls, value)
    except TypeError:
        return cls


def _questions(case: Case, masks: Sequence[int]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for formula in case.formulas:
        for atom in unsettled_atoms(formula, masks):
            variable = case.variables[atom.variable]
            if variable.sort == "open":
                found.setdefault(str(variable.path[0]))
            elif (mask := masks[atom.variable]) & atom.perhaps and not mask & ~(atom.accepts | atom.perhaps):
                value = variable.cell.value if variable.cell is not None else None
                meant = value.single if isinstance(value, Terms) and value.single else "it"
                found.setdefault(f"does “{atom.words}” mean {meant} too?")
    return tuple(found)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def rolled_up(findings: Sequence[Finding]) -> Verdict:
    """The verdict over several findings, the first in the order of verdicts."""
    return worst(finding.verdict for finding in findings)
