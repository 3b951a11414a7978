"""What the answers to questions of the catalogue have to do with each other, whatever the scenario.

A paper of one issuer is a paper of anyone; who owns half owns a quarter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from itertools import permutations

from redline.analysis.joint import Thing
from redline.analysis.witness_days import DAYS, days_in_force
from redline.engine.circuit import Circuit, Literal
from redline.engine.plan import Plan
from redline.rules.condition import Covered, InForce, Owned, Query
from redline.rules.policy import Rule
from redline.rules.quantities import DATE, base_unit
from redline.rules.terms import PAPER_KIND
from redline.rules.values import Amounts, Terms, overlap

_SO = frozenset({"yes", "held"})


def follows(one: Query, other: Query) -> bool:
    """Whether the second question is answered by yes wherever the first is, of the same subject."""
    match one, other:
        case Covered(), Covered():
            return (
                PAPER_KIND.under(one.kind, other.kind)
                and other.issuer in (None, one.issuer)
                and other.where in (None, one.where)
            )
        case Owned(), Owned():
            return one.by == other.by and one.mode == other.mode and one.at_least >= other.at_least
        case _:
            return False


def relate(circuit: Circuit, plan: Plan, asked: Iterable[tuple[Hashable, Thing]]) -> None:
    """Says so of the questions asked, each with what it is asked of."""
    by_subject: dict[Hashable, list[Thing]] = {}
    for of, thing in asked:
        if thing.variable.column is not None and isinstance(thing.variable.column[0], Covered | Owned):
            by_subject.setdefault(of, []).append(thing)
    for things in by_subject.values():
        for one, other in permutations(things, 2):
            if follows(_query(one), _query(other)):
                circuit.say(-answered_yes(circuit, plan, one), answered_yes(circuit, plan, other))


def relate_validities(
    circuit: Circuit, plan: Plan, rules: Mapping[str, Rule], asked: Iterable[tuple[Hashable, Thing]]
) -> None:
    """Says that of one subject all rules of the same days are in force alike, and only on such days."""
    asked = tuple(asked)
    _relate_days(circuit, plan, rules, asked)
    firsts: dict[Hashable, Thing] = {}
    for of, thing in asked:
        column = thing.variable.column
        if column is None or not isinstance(column[0], InForce):
            continue
        rule = rules[column[0].rule]
        classes = plan.domains[column].classes
        first = firsts.setdefault((of, rule.subject, rule.validity, rule.running, classes), thing)
        for number in range(len(classes) if first is not thing else 0):
            one, other = (circuit.among(each.choice, 1 << number) for each in (first, thing))
            circuit.say(-one, other)
            circuit.say(one, -other)


def _relate_days(
    circuit: Circuit, plan: Plan, rules: Mapping[str, Rule], asked: Iterable[tuple[Hashable, Thing]]
) -> None:
    """Says that what a rule is in force for begins and ends on days on which it is, but for what the rule
    says of what runs on."""
    dated: dict[Hashable, list[Thing]] = {}
    for of, thing in asked:
        if thing.variable.column is not None and thing.variable.column[0] in DAYS:
            dated.setdefault(of, []).append(thing)
    for of, thing in asked:
        column = thing.variable.column
        if column is None or not isinstance(column[0], InForce) or of not in dated:
            continue
        rule = rules[column[0].rule]
        if not rule.validity or any(rule.running):
            continue
        then = Amounts(base_unit(DATE), days_in_force(rule))
        for day in dated[of]:
            assert day.variable.column is not None
            classes = enumerate(plan.domains[day.variable.column].classes)
            mask = sum(1 << i for i, c in classes if overlap(c, then))
            circuit.say(-answered_yes(circuit, plan, thing), circuit.among(day.choice, mask))


def _query(thing: Thing) -> Query:
    assert thing.variable.column is not None
    query = thing.variable.column[0]
    assert not isinstance(query, str)
    return query


def answered_yes(circuit: Circuit, plan: Plan, thing: Thing) -> Literal:
    """Whether the question that the variable stands for is answered by yes."""
    assert thing.variable.column is not None
    classes = plan.domains[thing.variable.column].classes
    mask = sum(1 << i for i, c in enumerate(classes) if isinstance(c, Terms) and c.within and c.within <= _SO)
    return circuit.among(thing.choice, mask)
