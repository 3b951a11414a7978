"""Findings in words: each sentence is built from a premise or a need, and names this scenario's things.

A premise becomes what is known there; the rows on the way to it become sentences of their own where
they tell how one thing leads to another ("the corvette contains the radar").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from redline.engine import phrases
from redline.engine.characters import visible
from redline.engine.naming import Naming, Step
from redline.engine.say_conditions import negated, value_sentence, words
from redline.engine.say_values import dates, listed, number, plain, term_words, when, with_article
from redline.rules.condition import Covered, Days, InForce, Owned, Query, Share
from redline.rules.facts import Fact, Grade
from redline.rules.finding import Point, Premise
from redline.rules.policy import Rule
from redline.rules.record import Cell, Row, Subject
from redline.rules.shapes import Field
from redline.rules.values import Amounts, Terms, Value

_REASONS = 3
"""How many reasons why a list is all there is stand in one sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, what it is about (so that sentences about one thing can be joined), and its facts."""

    text: str
    of: str = ""
    facts: tuple[Fact, ...] = ()


def because(naming: Naming, premises: Sequence[Premise], subject: Subject, rule: Rule | None = None) -> list[Said]:
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
        said.append(_premise(naming, premise, steps, rule))
    kept: dict[str, Said] = {}
    for each in said:
        if each.text:
            before = kept.get(each.text)
            facts = _together(before.facts if before else (), each.facts)
            kept[each.text] = Said(each.text, each.of, facts)
    return _joined(kept.values())


def ask(naming: Naming, point: Point, subject: Subject) -> str:
    """The question that asks for what is missing at a point."""
    if point.sort == "reading":
        known = naming.interpretations.get(point.name)
        return visible(known.question) if known else f"how is “{visible(point.name)}” read?"
    if point.sort == "open":
        return visible(point.name)
    steps = naming.trail(point, subject)
    asked = _where_stated(naming, point, steps)
    if asked:
        return asked
    if not steps:
        return f"what is {visible(point.about or str(point.key))}?"
    last, of = steps[-1], steps[-1].called
    whole = steps[-2].called if len(steps) > 1 else of
    match point.sort:
        case "presence":
            return phrases.fill(phrases.PRESENT.get(last.row.shape, ("", "is {of} there?"))[1], of=of, whole=whole)
        case "rest":
            return _ask_rest(naming, steps, str(point.path[-2]))
        case _:
            return _ask_field(naming, steps, point)


def outcome_words(naming: Naming, point: Point, value: Value | str, subject: Subject) -> str:
    """A value that a missing fact may turn out to have, to stand after `if`."""
    if point.sort == "reading":
        return visible(str(value))
    if isinstance(value, str):
        match value:
            case "nothing more that matters":
                return "there is no other"
            case "more that matters":
                return "there is one that the rule is about"
            case "another":
                return "anything else"
            case _:
                return visible(value)
    steps = naming.trail(point, subject)
    field = naming.field(steps, str(point.key))[1] if steps and isinstance(point.key, str) else None
    dimension = field.type.of if isinstance(field, Field) else "share" if isinstance(point.key, Share) else ""
    if isinstance(value, Amounts):
        return when(value) if dimension == "date" else number(value, dimension)
    if isinstance(point.key, Covered):
        return "held, and covering it" if value.single == "held" else "not held"
    place = "in " if isinstance(field, Field) and field.name == "country" else ""
    if value.within is None and value.without:
        out = listed([term_words(value.tree.name, t) for t in sorted(value.without)])
        return "elsewhere" if place else f"not {out}"
    return place + plain(value)


def weakest(facts: Iterable[Fact]) -> Grade:
    """The grade of the least supported of the facts."""
    return max((fact.grade for fact in facts), default=Grade.STATED)


def _telling_first(premises: Sequence[Premise]) -> list[Premise]:
    """The premises in their order, those that a rule is in force last."""
    return sorted(premises, key=lambda p: isinstance(p.point.key, InForce) and _is(p.value, "yes"))


def _goes_without_saying(premise: Premise, premises: Sequence[Premise]) -> bool:
    """Whether a premise says no more than that there is something of which another premise speaks."""
    path = premise.point.path
    if premise.point.sort != "presence" or not _is(premise.value, "yes"):
        return False
    return any(o.point.sort != "presence" and o.point.path[: len(path)] == path for o in premises)


def _is(value: Value | None, term: str) -> bool:
    return isinstance(value, Terms) and value.single == term


# --- premises ----------------------------------------------------------------------------------


def _premise(naming: Naming, premise: Premise, steps: tuple[Step, ...], rule: Rule | None) -> Said:
    point = premise.point
    facts = point.cell.facts if point.cell is not None else ()
    match point.sort:
        case "reading":
            known = naming.interpretations.get(point.name)
            why = known.answers.get(premise.answer, "") if known else ""
            told = f" ({visible(why)})" if why else ""
            return Said(f"“{visible(point.name.rpartition('/')[2])}” is read as {visible(premise.answer)}{told}")
        case "open":
            return Said(f"it is taken as settled: {visible(point.name)}")
        case "presence":
            return _presence(premise, steps, facts)
        case "rest":
            return _no_more(naming, steps, point, facts)
        case _:
            if not isinstance(point.key, str):
                return Said(_query(naming, point.key, premise.value, steps[-1].called, point.cell, steps[-1].row, rule), "", facts)
            return _field(naming, premise, steps, facts)


def _field(naming: Naming, premise: Premise, steps: tuple[Step, ...], facts: tuple[Fact, ...]) -> Said:
    shape, field = naming.field(steps, str(premise.point.key))
    if premise.value is None or not isinstance(field, Field):
        return Said("")
    at = len(steps) - 2 if steps[-1].row.shape == "value" and len(steps) > 1 else len(steps) - 1
    of, row = steps[at].called, steps[at].row
    whole = steps[at - 1].called if at else of
    text = value_sentence(shape, field, premise.value, of, whole)
    if row.shape == "reached" and field.name == "country":
        return Said(_reaches(row, premise.value, text, of, whole), "", facts)
    return Said(text, of, facts)


def _reaches(row: Row, value: Value, text: str, of: str, whole: str) -> str:
    """How a step reaches a country: `step 3 reaches Pakistan: its recipient, Pakistan Navy, is in Pakistan`."""
    how = row.cells.get("how")
    by = how.value.single if how is not None and isinstance(how.value, Terms) else None
    role = {"holder": "its recipient, ", "end-user": "its end user, ", "transit": "on the way, "}.get(by or "", "")
    if of.endswith(f" in {whole}"):  # not named, so called by its role already
        role = ""
    comma = "," if role and by != "transit" else ""
    told = text.replace(of, f"{role}{of}{comma}", 1) if text.startswith(of) else text
    if not isinstance(value, Terms) or not value.single:
        return told if role else f"{whole}: {told}"
    place = term_words("country", value.single)
    match by:
        case "nationality":
            return f"{whole} reaches {place}: {of} is a national of {place}"
        case "place-of-use":
            return f"{whole} reaches {place}: it is to be used there"
        case _:
            return f"{whole} reaches {place}: {told}"


def _presence(premise: Premise, steps: tuple[Step, ...], facts: tuple[Fact, ...]) -> Said:
    of, row = steps[-1].called, steps[-1].row
    whole = steps[-2].called if len(steps) > 1 else of
    so = phrases.fill(phrases.PRESENT.get(row.shape, ("{of} is there", ""))[0], of=of, whole=whole)
    absent = isinstance(premise.value, Terms) and premise.value.single == "no"
    return Said(f"it is not so that {so}" if absent else so, "", facts)


def _no_more(naming: Naming, steps: tuple[Step, ...], point: Point, facts: tuple[Fact, ...]) -> Said:
    """That a list is all there is, and by what it is so."""
    name = str(point.path[-2])
    of = _about_list(naming, steps, name)
    rows = steps[-1].row.lists.get(name)
    others = rows is not None and any(row.cells.get("via") is None or _depth(row) for row in rows.rows)
    table = phrases.NO_MORE if rows is not None and (rows.rows or others) else phrases.NONE
    default = "there is no other of the {name} of {of}" if rows is not None and rows.rows else "{of} has no {name}"
    claim = phrases.fill(table.get(name, default), of=of, name=name.replace("_", " "))
    reasons = list(dict.fromkeys(visible(f.says) for f in facts if _closes(f)))
    if len(reasons) > _REASONS:
        reasons = [*reasons[: _REASONS - 1], f"and {len(reasons) - _REASONS + 1} more lists are complete as given"]
    if not reasons and point.cell is not None and point.cell.how:
        reasons = [visible(point.cell.how)]
    return Said(f"{claim}: {'; '.join(reasons)}" if reasons else claim, "", facts)


def _closes(fact: Fact) -> bool:
    return fact.value is None and bool(fact.says) and not fact.path.rpartition(".")[2].isdigit()


def _depth(row: Row) -> bool:
    depth = row.cells.get("depth")
    return not (depth is not None and isinstance(depth.value, Amounts) and depth.value.high == 0)


def _query(naming: Naming, query: Query, value: Value | None, of: str, cell: Cell | None, row: Row, rule: Rule | None) -> str:
    yes = isinstance(value, Terms) and value.single in ("yes", "held")
    how = f": {visible(cell.how)}" if cell is not None and cell.how else ""
    match query:
        case Covered(kind):
            if yes:
                return f"{with_article('paper_kind', kind)} that covers {of} is held{how}"
            return f"no {term_words('paper_kind', kind)} that covers {of} is held{how or _papers(naming, row, kind)}"
        case InForce(name):
            named = naming.rules.get(name, rule)
            return _in_force(named, row, of, yes=yes)
        case Days(start, end):
            said = number(value, "duration") if isinstance(value, Amounts) else "some time"
            return f"from {start} to {end} of {of} there are {said}"
        case Share(condition):
            share = number(value, "share") if isinstance(value, Amounts) else "a share"
            return f"{words(condition, 'part', 'what', naming.asked)} makes up {share} of the value of {of}"
        case Owned(by, at_least, _):
            said = words(by, "party", "someone who", naming.asked).replace("someone who is ", "someone who is ")
            owned = f"{of} is{'' if yes else ' not'} owned to at least {float(at_least) * 100:g} % by {said}"
            return f"{owned}{how}"


def _papers(naming: Naming, row: Row, kind: str) -> str:
    """What became of the papers that are attached, where the record tells."""
    rows = row.lists.get("papers")
    told = []
    for paper in rows.rows if rows is not None else ():
        state = paper.cells.get("state")
        if state is not None and isinstance(state.value, Terms) and state.value.single:
            phrase = phrases.of_term("paper_state", state.value.single)
            if phrase is not None:
                told.append(phrases.fill(phrase.so, of=naming.row(paper, "")))
    return f": {'; '.join(told)}" if told else ""


def _in_force(rule: Rule | None, row: Row, of: str, *, yes: bool) -> str:
    delivery = row.cells.get("delivery")
    day = f" ({dates(delivery.value)})" if delivery is not None and isinstance(delivery.value, Amounts) and not delivery.value.anything else ""
    states = {"in_force": "in force", "suspended": "suspended", "unknown": "of unknown state"}
    spans = [] if rule is None else [v for v in rule.validity if not yes or v.state == "in_force"]
    told = "; ".join(f"{states.get(v.state, v.state)} {when(v.days)}" for v in spans if not v.days.anything)
    return f"the rule is {'' if yes else 'not '}in force for {of}{day}{f': {told}' if told else ''}"


# --- the way there -----------------------------------------------------------------------------


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
            name = _about_list(naming, steps[:-1], "content")
            return [Said(phrases.fill(phrase.so, of=of, whole=name), "", via.facts)] if phrase else []
        case "reached" if point.key != "country":
            how = row.cells.get("how")
            by = how.value.single if how is not None and isinstance(how.value, Terms) else None
            phrase = phrases.of_term("reach_how", by or "")
            return [Said(phrases.fill(phrase.so, of=of, whole=whole), "", how.facts)] if phrase and how is not None else []
        case "earlier" | "paper" | "undertaking" | "holding":
            facts = row.present.facts if row.present is not None else ()
            return [Said(phrases.fill(phrases.PRESENT[row.shape][0], of=of, whole=whole), "", facts)]
        case _:
            return []


def _about_list(naming: Naming, steps: tuple[Step, ...], name: str) -> str:
    """Whom or what a list of the last row is about: of what is in a step, its item."""
    last = steps[-1]
    if last.row.shape == "step" and name in ("content", "agreements", "co_developers") and "item" in last.row.parts:
        return naming.row(last.row.parts["item"], last.called, "item")
    return last.called


# --- questions ---------------------------------------------------------------------------------


def _where_stated(naming: Naming, point: Point, steps: tuple[Step, ...]) -> str:
    """The vocabulary's question for the place where the fact would be stated, if the point tells one."""
    owners = [p for p in naming.called if point.about.startswith(f"{p}.")]
    if not owners:
        return ""
    owner = max(owners, key=len)
    name = point.about[len(owner) + 1 :].split(".")[0]
    shape = naming.stated[naming.paths[owner]]
    known = shape.fields.get(name) or shape.many.get(name) or shape.lists.get(name)
    if known is None:
        return ""
    of = naming.called[owner]
    listing = name in shape.many or name in shape.lists
    if point.sort == "rest" or (listing and point.sort == "presence"):
        rows = steps[-1].row.lists.get(str(point.path[-2])) if steps and point.sort == "rest" else None
        if rows is not None and rows.rows and name in phrases.ANY_MORE:
            return phrases.fill(phrases.ANY_MORE[name], of=of)
        if point.sort == "presence":
            return ""
    template = known.asks or phrases.ASK_FIRST.get(name) or phrases.ASK_FIELD.get(name) or ""
    return phrases.fill(template, of=of, whole=of)


def _ask_rest(naming: Naming, steps: tuple[Step, ...], name: str) -> str:
    last = steps[-1]
    of = _about_list(naming, steps, name)
    rows = last.row.lists.get(name)
    if rows is not None and rows.rows and name in phrases.ANY_MORE:
        return phrases.fill(phrases.ANY_MORE[name], of=of)
    known = naming.field((*steps,), name)[1]
    template = (known.asks if known else "") or phrases.ASK_FIRST.get(name) or phrases.ANY_MORE.get(name)
    return phrases.fill((template or f"is there anything else among the {name.replace('_', ' ')} of {{of}}?"), of=of)


def _ask_field(naming: Naming, steps: tuple[Step, ...], point: Point) -> str:
    at = len(steps) - 2 if steps[-1].row.shape == "value" and len(steps) > 1 else len(steps) - 1
    of = steps[at].called
    whole = steps[at - 1].called if at else of
    if not isinstance(point.key, str):
        return _ask_query(naming, point.key, of)
    shape, field = naming.field(steps, point.key)
    own = phrases.ASK_FIELD.get(f"{shape}.{point.key}") or (field.asks if field else "") or phrases.ASK_FIELD.get(point.key)
    template = own or f"what is the {visible(point.key.replace('_', ' '))} of {{of}}?"
    return phrases.fill(template, of=of, whole=whole)


def _ask_query(naming: Naming, query: Query, of: str) -> str:
    match query:
        case Covered(kind):
            return f"is {with_article('paper_kind', kind)} held that covers {of}?"
        case InForce():
            return f"was the rule in force for {of}?"
        case Days(start, end):
            return f"how many days are there from {start} to {end} of {of}?"
        case Share(condition):
            return f"how much of the value of {of} does what {words(condition, 'part', 'it', naming.asked).removeprefix('it ')} make up?"
        case Owned(by, at_least, _):
            owner = words(by, "party", "someone who", naming.asked)
            return f"is {of} owned to at least {float(at_least) * 100:g} % by {owner}?"


# --- joining -----------------------------------------------------------------------------------


def _joined(said: Iterable[Said]) -> list[Said]:
    """Sentences that begin with the same thing and follow each other become one."""
    done: list[Said] = []
    predicates: list[str] = []
    for each in said:
        last = done[-1] if done else None
        can = bool(each.of) and each.text.startswith(f"{each.of} ") and "; " not in each.text
        if can and last is not None and last.of == each.of and predicates:
            predicates.append(each.text.removeprefix(f"{each.of} "))
            done[-1] = Said(f"{each.of} {listed(predicates, 'and')}", each.of, _together(last.facts, each.facts))
        else:
            done.append(each)
            predicates = [each.text.removeprefix(f"{each.of} ")] if can else []
    return done


def _together(one: Sequence[Fact], other: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple({(f.path, f.span): f for f in (*one, *other)}.values())
