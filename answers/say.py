"""Proofs in words: each sentence is built from a premise and names this scenario's things.

A premise becomes what is known there; the rows on the way to it become sentences of their own where
they tell how one thing leads to another ("the corvette contains the radar").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from redline.answers import phrases
from redline.answers.naming import Naming, Step, whole_of
from redline.answers.say_premises import Said, is_term, said_of
from redline.answers.say_values import listed
from redline.engine.characters import visible
from redline.rules.condition import InForce
from redline.rules.facts import Fact, Grade
from redline.rules.finding import Point, Premise
from redline.rules.policy import Rule
from redline.rules.record import Subject
from redline.rules.values import Terms


def because(
    naming: Naming, premises: Sequence[Premise], subject: Subject, rule: Rule | None = None
) -> list[Said]:
    """The premises as sentences, in their order, none twice; those about one thing joined."""
    said: list[Said] = []
    placed = {premise.point.path[:-1] for premise in premises if premise.point.key == "country"}
    for premise in _telling_first(premises):
        if _goes_without_saying(premise, premises):
            continue
        steps = naming.trail(premise.point, subject)
        for i in range(1, len(steps)):
            if not (steps[i].row.shape == "reached" and premise.point.path[: i * 2] in placed):
                said += _leading(naming, steps[: i + 1], premise.point)
        if not _told_on_the_way(premise):
            said.append(said_of(naming, premise, steps, rule))
    kept: dict[str, Said] = {}
    for each in said:
        if each.text:
            before = kept.get(each.text)
            facts = _together(before.facts if before else (), each.facts)
            kept[each.text] = Said(each.text, each.of, facts)
    return _joined(kept.values())


def weakest(facts: Iterable[Fact]) -> Grade:
    """The grade of the least supported of the facts."""
    return max((fact.grade for fact in facts), default=Grade.STATED)


def _telling_first(premises: Sequence[Premise]) -> list[Premise]:
    """The premises in their order, those that a rule is in force last."""
    return sorted(premises, key=lambda p: isinstance(p.point.key, InForce) and is_term(p.value, "yes"))


def _goes_without_saying(premise: Premise, premises: Sequence[Premise]) -> bool:
    """Whether another premise tells it too: that there is a thing, or how a step reaches a country."""
    path = premise.point.path
    if premise.point.key == "how":  # told with the country: `its recipient, ...`
        return any(o.point.key == "country" and o.point.path[:-1] == path[:-1] for o in premises)
    if premise.point.sort != "presence" or not is_term(premise.value, "yes"):
        return False
    return any(o.point.sort != "presence" and o.point.path[: len(path)] == path for o in premises)


def _told_on_the_way(premise: Premise) -> bool:
    """Whether it is how a part is in its whole: the way to the part tells that."""
    point = premise.point
    way = premise.value.single if isinstance(premise.value, Terms) else None
    return point.key == "via" and point.rows[-1].shape == "part" and way not in (None, "itself")


def _leading(naming: Naming, steps: tuple[Step, ...], point: Point) -> list[Said]:
    """How the last of the rows comes into it, where that is more than its name."""
    last, whole = steps[-1], steps[-2].called
    row, of = last.row, last.called
    if len(point.rows) == len(steps) and point.sort == "presence":
        return []
    match row.shape:
        case "part":
            via = row.cells.get("via")
            by = via.value.single if via is not None and isinstance(via.value, Terms) else None
            if via is None or by in (None, "itself"):
                return []
            told = [f for f in via.facts if f.says and re.search(r"\.(contains|made_with)\b", f.path)]
            if told and by == "contained":
                return [Said(visible(f.says), "", (f,)) for f in told]
            phrase = phrases.of_term("content_via", by or "")
            name = whole_of(naming, steps)
            return [Said(phrases.fill(phrase.so, of=of, whole=name), "", via.facts)] if phrase else []
        case "reached" if point.key != "country":
            how = row.cells.get("how")
            by = how.value.single if how is not None and isinstance(how.value, Terms) else None
            phrase = phrases.of_term("reach_how", by or "")
            return (
                [Said(phrases.fill(phrase.so, of=of, whole=whole), "", how.facts)]
                if phrase and how is not None
                else []
            )
        case "earlier" | "paper" | "undertaking" | "holding":
            facts = row.present.facts if row.present is not None else ()
            return [Said(phrases.fill(phrases.PRESENT[row.shape][0], of=of, whole=whole), "", facts)]
        case _:
            return []


def _joined(said: Iterable[Said]) -> list[Said]:
    """Sentences that begin with the same thing and follow each other become one."""
    done: list[Said] = []
    predicates: list[str] = []
    for each in said:
        last = done[-1] if done else None
        can = bool(each.of) and each.text.startswith(f"{each.of} ") and "; " not in each.text
        if can and last is not None and last.of == each.of and predicates:
            predicates.append(each.text.removeprefix(f"{each.of} "))
            done[-1] = Said(
                f"{each.of} {listed(predicates, 'and')}", each.of, _together(last.facts, each.facts)
            )
        else:
            done.append(each)
            predicates = [each.text.removeprefix(f"{each.of} ")] if can else []
    return done


def _together(one: Sequence[Fact], other: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple({(f.path, f.span): f for f in (*one, *other)}.values())
