"""The choices of a question: classes of values that no open line tells apart, and words of whole lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redline.analysis.answer_places import closed, elements_of, may_be, naming_paths, referred
from redline.analysis.open_lines import Asked
from redline.answers.red_flags import flag_question
from redline.answers.say_values import kept_terms, number, plain, when
from redline.engine.paths import Standing
from redline.engine.plan import Plan
from redline.engine.reference import name
from redline.engine.run import Bench, Run
from redline.rules.countries import COUNTRY
from redline.rules.frozen import replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.quantities import DATE, base_unit
from redline.rules.questions import Choice, Settled
from redline.rules.shapes import Field
from redline.rules.terms import FLAG
from redline.rules.values import Amounts, Terms, Value, meet

_MOST_CHOICES = 12


def choices_of(
    bench: Bench, run: Run, place: str, there: Standing, asked: Asked, *, several: bool
) -> Iterator[Choice]:
    """The choices of the question at the place."""
    if several:
        yield Choice(_none_words(there.node), closed(there, place), tuple(_settled_by_none(asked)))
    if not isinstance(there.what, Field):
        return
    kind = there.what.type
    if kind.sort in ("party", "item", "paper"):
        section = {"party": "parties", "item": "items", "paper": "papers"}[kind.sort]
        assert run.scenario is not None
        known = referred(run.scenario, place)
        fitting = [p for p in naming_paths(run, section) if may_be(run.scenario, known, p)]
        for path in fitting[:_MOST_CHOICES]:
            yield Choice(path, _listed(there, Text(path)) if several else Text(path))
        if kind.sort != "party" or several:
            return
    columns = dict.fromkeys(
        v.column
        for line, i in asked.variables
        for v in (line.case.variables[i],)
        if v.sort == "field"
        and v.column is not None
        and isinstance(v.column[0], str)
        and (
            v.column[1] == kind.of
            or (kind.sort, v.column[1]) == ("party", "country")
            or (kind.sort == "amount" and v.column[1] == base_unit(kind.of))
        )
    )
    for column in columns:
        for group, settles in _classes(bench.plan, column, asked):
            value = _narrowed(bench.plan, column, group, asked)
            if value is None or _historic(value):
                continue
            text = _says(value, kind.of)
            node = None if several else _written(value)
            if kind.sort == "party":
                single = value.single if isinstance(value, Terms) else None
                node, text = (
                    (Text(single), f"some party in {text}")
                    if single
                    else (None, "a party elsewhere" if text == "something else" else f"a party in {text}")
                )
            if kind.of == FLAG.name and isinstance(value, Terms) and value.single:
                text = flag_question(value.single) or text
                node = _listed(there, Text(value.single)) if several else node
            yield Choice(text, node, settles)
    if not columns and kind.sort == "tree":
        tree = bench.library.lexicon.trees[kind.of]
        if tree.closed and len(tree.tops) <= _MOST_CHOICES and not several:
            for term in sorted(tree.tops):
                yield Choice(plain(Terms(tree, frozenset({term}))), Text(term))


def _classes(
    plan: Plan, column: tuple[object, str], asked: Asked
) -> Iterator[tuple[int, tuple[Settled, ...]]]:
    """The classes of the column that open lines tell apart, as masks, with what each settles."""
    own = [(line, i) for line, i in asked.variables if line.case.variables[i].column == column]
    possible = 0
    for line, i in own:
        possible |= line.case.variables[i].now
    groups: dict[tuple[int, ...], int] = {}
    for bit in (1 << n for n in range(possible.bit_length()) if possible >> n & 1):
        key = tuple(
            next((n for n, block in enumerate(line.case.variables[i].blocks) if block & bit), -1)
            for line, i in own
        )
        groups[key] = groups.get(key, 0) | bit
    for group in groups.values():
        settles = {
            Settled(name(line.finding.rule), line.called, verdict): None
            for line, i in own
            for each in line.sets
            if each.variables == (i,)
            for (mask,), verdict in each.outcomes
            if mask & group
        }
        yield group, tuple(settles)


def _narrowed(plan: Plan, column: tuple[object, str], group: int, asked: Asked) -> Value | None:
    """The values of a group of classes, as far as they are still possible."""
    classes = [c for n, c in enumerate(plan.domains[column].classes) if group >> n & 1]  # type: ignore[index]
    cell = next(
        (v.cell for line, i in asked.variables for v in (line.case.variables[i],) if v.column == column), None
    )
    known = None if cell is None else cell.value
    cut = [_cut(each, known) for each in classes]
    cut = [each for each in cut if not each.empty]
    if not cut:
        return None
    if all(isinstance(each, Amounts) for each in cut):
        first = cut[0]
        assert isinstance(first, Amounts)
        return replace(
            first, stretches=tuple(s for each in cut if isinstance(each, Amounts) for s in each.stretches)
        )
    terms = [each for each in cut if isinstance(each, Terms)]
    rest = next((each for each in terms if each.within is None), None)
    named = frozenset(t for each in terms for t in each.within or ())
    tree = terms[0].tree
    if rest is not None:
        return Terms(
            tree, None, frozenset(t for t in rest.without if not any(tree.under(t, n) for n in named))
        )
    out = frozenset(
        t
        for each in terms
        for t in each.without
        if not any(tree.under(t, n) for n in named if n in _own(terms, t))
    )
    return Terms(tree, named, out)


def _own(terms: Sequence[Terms], term: str) -> frozenset[str]:
    """The terms named by those of the classes that do not leave the term out."""
    return frozenset(n for each in terms if term not in each.without for n in each.within or ())


def _historic(value: Value) -> bool:
    """Whether it is a state of the past alone, which can be answered but is not offered."""
    return isinstance(value, Terms) and value.tree.name == COUNTRY.name and len(value.single or "") > 3


def _cut(cls: Value, known: Value | None) -> Value:
    if known is None:
        return cls
    try:
        return meet(cls, known)
    except TypeError:
        return cls


def _says(value: Value, of: str) -> str:
    if isinstance(value, Amounts):
        return when(value) if value.unit == base_unit(DATE) else number(value, of)
    return "something else" if value.within is None and value.without else plain(value)


def _written(value: Value) -> Node | None:
    """A class as a scenario writes it; None where it cannot be written in one."""
    if not isinstance(value, Terms):
        return None
    if value.within is None:
        others = Seq(tuple(Text(t) for t in sorted(value.without)))
        return Map(((Text("not"), others),)) if value.without else None
    names, out = kept_terms(value)
    if out or not names:
        return None
    if len(names) == 1:
        return Text(names[0])
    return Map(((Text("one_of"), Seq(tuple(Text(t) for t in names))),))


def _none_words(node: Node | None) -> str:
    return "there is no other" if elements_of(node) else "none"


def _listed(there: Standing, one: Node) -> Node:
    return closed(there, "", (one,))


def _settled_by_none(asked: Asked) -> Iterator[Settled]:
    """What is settled where there is nothing (else) in the list."""
    found: dict[Settled, None] = {}
    for line, i in asked.variables:
        variable = line.case.variables[i]
        for each in line.sets:
            if each.variables != (i,):
                continue
            for (mask,), verdict in each.outcomes:
                nothing = (variable.sort == "presence" and mask == 0b10) or (
                    variable.sort == "rest" and all(variable.values[n] == 0 for n in _bits(mask))
                )
                if nothing:
                    found[Settled(name(line.finding.rule), line.called, verdict)] = None
    yield from found


def _bits(mask: int) -> Iterator[int]:
    return (n for n in range(mask.bit_length()) if mask >> n & 1)
