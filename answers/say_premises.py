"""Premises in words: what is known at a point of a record, as a sentence about this scenario's things."""

from __future__ import annotations

from redline.answers import phrases
from redline.answers.naming import Naming, Step, list_owner, whole_of
from redline.answers.say_conditions import forbidden, value_sentence, words
from redline.answers.say_values import dates, number, term_words, when, with_article
from redline.engine.characters import visible
from redline.rules.condition import Covered, Days, Forbids, InForce, Owned, Query, Share
from redline.rules.facts import Fact
from redline.rules.finding import Point, Premise
from redline.rules.frozen import dataclass
from redline.rules.policy import Rule
from redline.rules.quantities import exactly
from redline.rules.record import Row
from redline.rules.shapes import Field
from redline.rules.terms import PAPER_KIND
from redline.rules.truth import FALSE
from redline.rules.values import Amounts, Terms, Test, Value, fits

_REASONS = 3
"""How many reasons why a list is all there is stand in one sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, what it is about (so that sentences about one thing can be joined), and its facts."""

    text: str
    of: str = ""
    facts: tuple[Fact, ...] = ()


def said_of(naming: Naming, premise: Premise, steps: tuple[Step, ...], rule: Rule | None) -> Said:
    """The premise as a sentence; `steps` lead to it.  Empty where there is nothing to tell."""
    point = premise.point
    facts = point.cell.facts if point.cell is not None else ()
    match point.sort:
        case "reading":
            known = naming.interpretations.get(point.name)
            why = known.answers.get(premise.answer, "") if known else ""
            told = f" ({visible(why)})" if why else ""
            return Said(
                f"“{visible(point.name.rpartition('/')[2])}” is read as {visible(premise.answer)}{told}"
            )
        case "open":
            return Said(f"it is taken as settled: {visible(point.name)}")
        case "presence":
            return _presence(premise, steps, facts)
        case "rest":
            return _no_more(naming, steps, point, facts)
        case _:
            if not isinstance(point.key, str):
                return Said(_query(naming, point.key, premise, steps[-1], rule), "", facts)
            return _field(naming, premise, steps, facts)


def _field(naming: Naming, premise: Premise, steps: tuple[Step, ...], facts: tuple[Fact, ...]) -> Said:
    shape, field = naming.field(steps, str(premise.point.key))
    if premise.value is None or not isinstance(field, Field):
        return Said("")
    at = len(steps) - 2 if steps[-1].row.shape == "value" and len(steps) > 1 else len(steps) - 1
    of, row = steps[at].called, steps[at].row
    whole = whole_of(naming, steps[: at + 1])
    text = value_sentence(shape, field, premise.value, of, whole)
    how = premise.point.cell.how if premise.point.cell is not None else ""
    if field.name == "breached" and how:
        return Said(f"{text}: {visible(how)}", "", facts)
    if row.shape == "reached" and field.name == "country":
        return Said(_reaches(row, premise.value, text, of, whole), "", facts)
    return Said(text, of, facts)


def _reaches(row: Row, value: Value, text: str, of: str, whole: str) -> str:
    """How a step reaches a country: `step 3 reaches Pakistan: its recipient, the navy, is in Pakistan`."""
    how = row.cells.get("how")
    by = how.value.single if how is not None and isinstance(how.value, Terms) else None
    role = {"holder": "its recipient, ", "end-user": "its end user, ", "transit": "on the way, "}.get(
        by or "", ""
    )
    ways = [] if how is None else [f.path.rpartition(".")[2] for f in how.facts]
    if by == "holder" and "by" in ways and "to" not in ways:
        role = ""  # an act without a recipient: who carries it out holds the result
        text = text.replace(of, f"{of}, which carries it out,", 1)
    if of.endswith(f" in {whole}"):  # not named, so called by its role already
        role = ""
    comma = "," if role.startswith("its ") else ""
    told = text.replace(of, f"{role}{of}{comma}", 1) if role and text.startswith(of) else text
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
    of = list_owner(naming, steps, name)
    rows = steps[-1].row.lists.get(name)
    others = rows is not None and any(row.cells.get("via") is None or _depth(row) for row in rows.rows)
    table = phrases.NO_MORE if rows is not None and (rows.rows or others) else phrases.NONE
    default = (
        "there is no other of the {name} of {of}" if rows is not None and rows.rows else "{of} has no {name}"
    )
    claim = phrases.fill(table.get(name, default), of=of, name=name.replace("_", " "))
    closing = sorted((f for f in facts if closes(f)), key=lambda f: _beside(f, name, of))
    reasons = list(dict.fromkeys(visible(f.says) for f in closing))
    if len(reasons) > _REASONS:
        reasons = [
            *reasons[: _REASONS - 1],
            f"and {len(reasons) - _REASONS + 1} more lists are complete as given",
        ]
    if not reasons and point.cell is not None and point.cell.how:
        reasons = [visible(point.cell.how)]
    return Said(f"{claim}: {'; '.join(reasons)}" if reasons else claim, "", facts)


def _beside(fact: Fact, name: str, of: str) -> int:
    """How far a closure is from the list that it closes: of that very list, of that very thing, or not."""
    if fact.path.rpartition(".")[2] in (name, *_STATED_AS.get(name, ())):
        return 0 if of in visible(fact.says) else 1
    return 2 if of in visible(fact.says) else 3


_STATED_AS = {
    "content": ("contains", "made_with"),
    "undertakings": ("papers", "forbids", "binds"),
    "upstream": ("transfers",),
    "co_developers": ("agreements", "partners"),
}
"""Under which names the scenario states what a derived list is made from."""


def closes(fact: Fact) -> bool:
    """Whether it is the fact by which a list is all there is."""
    return fact.value is None and bool(fact.says) and not fact.path.rpartition(".")[2].isdigit()


def _depth(row: Row) -> bool:
    depth = row.cells.get("depth")
    return not (depth is not None and isinstance(depth.value, Amounts) and depth.value.high == 0)


def _query(naming: Naming, query: Query, premise: Premise, step: Step, rule: Rule | None) -> str:
    """The answer to a question of the catalogue, with what it follows from."""
    value, of, row = premise.value, step.called, step.row
    facts = premise.point.cell.facts if premise.point.cell is not None else ()
    yes = is_term(value, "yes") or is_term(value, "held")
    match query:
        case Covered(kind):
            paper = with_article("paper_kind", kind) if yes else f"no {term_words('paper_kind', kind)}"
            return f"{paper} that covers {of} is held{_papers(naming, row, kind, facts, held=yes)}"
        case InForce(name):
            return _in_force(naming.rules.get(name, rule), row, of, yes=yes)
        case Days(start, end):
            said = number(value, "duration") if isinstance(value, Amounts) else "some time"
            return f"from {start} to {end} of {of} there are {said}"
        case Forbids():
            return f"{of} {'forbids' if yes else 'does not forbid'} {forbidden(query)}"
        case Share(condition):
            share = number(value, "share") if isinstance(value, Amounts) else "a share"
            return f"{words(condition, 'part', 'what', naming.asked)} makes up {share} of the value of {of}"
        case Owned(by, at_least, _):
            said = words(by, "party", "someone who", naming.asked)
            held = [visible(f.says) for f in facts if f.says and ".owners" in f.path][:_REASONS]
            told = f": {'; '.join(dict.fromkeys(held))}" if held else ""
            least = number(exactly(at_least, ""), "share")
            return f"{of} is{'' if yes else ' not'} owned to at least {least} by {said}{told}"


def _papers(naming: Naming, row: Row, kind: str, facts: tuple[Fact, ...], *, held: bool) -> str:
    """The papers of that kind on which the answer rests, and what became of each."""
    rows = row.lists.get("papers")
    told = []
    for paper in rows.rows if rows is not None else ():
        what = paper.cells["kind"].value
        if fits(what, Test(Terms(PAPER_KIND, frozenset({kind})))) is FALSE:
            continue
        name = naming.row(paper, "", "papers")
        state, last, covers = (paper.cells.get(key) for key in ("state", "to", "covers"))
        if held:
            if state is not None and is_term(state.value, "held"):
                told.append(name)
        elif covers is not None and is_term(covers.value, "no"):
            told.append(f"{name} does not cover it")
        elif (
            state is not None and isinstance(state.value, Terms) and state.value.single not in (None, "held")
        ):
            phrase = phrases.of_term("paper_state", state.value.single or "")
            told.append(phrases.fill(phrase.so, of=name) if phrase else name)
        elif last is not None and isinstance(last.value, Amounts) and not last.value.anything:
            told.append(f"the last day on which {name} is valid is {dates(last.value)}")
    reasons = told or [visible(fact.says) for fact in facts if closes(fact)]
    return f": {'; '.join(dict.fromkeys(reasons[:_REASONS]))}" if reasons else ""


def _in_force(rule: Rule | None, row: Row, of: str, *, yes: bool) -> str:
    delivery = row.cells.get("delivery")
    day = (
        f" ({dates(delivery.value)})"
        if delivery is not None and isinstance(delivery.value, Amounts) and not delivery.value.anything
        else ""
    )
    states = {"in_force": "in force", "suspended": "suspended", "unknown": "of unknown state"}
    spans = [] if rule is None else [v for v in rule.validity if not yes or v.state == "in_force"]
    told = "; ".join(f"{states.get(v.state, v.state)} {when(v.days)}" for v in spans if not v.days.anything)
    return f"the rule is {'' if yes else 'not '}in force for {of}{day}{f': {told}' if told else ''}"


def is_term(value: Value | None, term: str) -> bool:
    """Whether the value is that one term."""
    return isinstance(value, Terms) and value.single == term
