"""Questions: what to ask for a fact that is missing, and what each answer is called."""

from __future__ import annotations

from redline.answers import phrases
from redline.answers.naming import Naming, Step, list_owner, whole_of
from redline.answers.say_conditions import forbidden, words
from redline.answers.say_values import listed, number, plain, term_words, when, with_article
from redline.engine.characters import visible
from redline.rules.condition import Covered, Days, Forbids, InForce, Owned, Query, Share
from redline.rules.finding import Point
from redline.rules.record import Subject
from redline.rules.shapes import Field
from redline.rules.values import Amounts, Value

READ_AS = "read as "
"""How the outcome begins that is an answer to an interpretation."""


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
    whole = whole_of(naming, steps) if len(steps) > 1 else of
    match point.sort:
        case "presence":
            return phrases.fill(
                phrases.PRESENT.get(last.row.shape, ("", "is {of} there?"))[1], of=of, whole=whole
            )
        case "rest":
            return _ask_rest(naming, steps, str(point.path[-2]))
        case _:
            return _ask_field(naming, steps, point)


def outcome_words(naming: Naming, point: Point, value: Value | str, subject: Subject) -> str:
    """A value that a missing fact may turn out to have, to stand after `if`."""
    if point.sort == "reading":
        return f"{READ_AS}{_answer(naming, point.name, str(value))}"
    if isinstance(value, str):
        match value:
            case "nothing more that matters":
                return "there is no other"
            case "more that matters":
                return "there is one that the rule is about"
            case "yes" | "no" if point.sort == "presence":
                return "there is one" if value == "yes" else "there is none"
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


def _answer(naming: Naming, interpretation: str, answer: str) -> str:
    """An answer by its name, with what it means where the policy tells."""
    known = naming.interpretations.get(interpretation)
    means = known.answers.get(answer, "") if known else ""
    return f"“{visible(answer)}” ({visible(means)})" if means else f"“{visible(answer)}”"


def _where_stated(naming: Naming, point: Point, steps: tuple[Step, ...]) -> str:
    """The vocabulary's question for the place where the fact would be stated, if the point tells one."""
    owners = [p for p in naming.called if point.about.startswith(f"{p}.")]
    if not owners:
        return phrases.ASK_ALL.get(point.about, "") if point.sort == "presence" else ""
    owner = max(owners, key=len)
    name, *deeper = point.about[len(owner) + 1 :].split(".")
    if deeper and deeper[-1] == point.key:
        return ""  # of an element of the list, which the point leads to
    shape = naming.stated[naming.paths[owner]]
    known = shape.fields.get(name) or shape.many.get(name) or shape.lists.get(name)
    of = naming.called[owner]
    if known is None:
        return phrases.fill(phrases.ASK_FIRST.get(name, ""), of=of)
    listing = name in shape.many or name in shape.lists
    if point.sort == "rest" or (listing and point.sort == "presence"):
        rows = steps[-1].row.lists.get(str(point.path[-2])) if steps and point.sort == "rest" else None
        if rows is not None and rows.rows and name in phrases.ANY_MORE:
            return phrases.fill(phrases.ANY_MORE[name], of=of)
        if point.sort == "presence" and _is_element(naming, steps, name):
            return ""
    template = known.asks or phrases.ASK_FIRST.get(name) or phrases.ASK_FIELD.get(name) or ""
    return phrases.fill(template, of=of, whole=of)


def _is_element(naming: Naming, steps: tuple[Step, ...], name: str) -> bool:
    """Whether the point's row is a named element of the very list of that name."""
    if not steps or (naming.path_of(steps[-1].row) is None and steps[-1].row.shape != "value"):
        return False
    return name in _ELEMENT_OF.get(steps[-1].row.shape, (steps[-1].by,))


_ELEMENT_OF = {
    "part": ("contains", "made_with"),
    "undertaking": ("papers", "binds"),
    "holding": ("owners",),
    "passed": ("via",),
    "earlier": (),
}
"""In which lists a scenario names what a row of that shape is, where it is not the list asked."""


def _ask_rest(naming: Naming, steps: tuple[Step, ...], name: str) -> str:
    last = steps[-1]
    of = list_owner(naming, steps, name)
    rows = last.row.lists.get(name)
    if rows is not None and rows.rows and name in phrases.ANY_MORE:
        return phrases.fill(phrases.ANY_MORE[name], of=of)
    known = naming.field((*steps,), name)[1]
    template = (known.asks if known else "") or phrases.ASK_FIRST.get(name) or phrases.ANY_MORE.get(name)
    return phrases.fill(
        (template or f"is there anything else among the {name.replace('_', ' ')} of {{of}}?"), of=of
    )


def _ask_field(naming: Naming, steps: tuple[Step, ...], point: Point) -> str:
    at = len(steps) - 2 if steps[-1].row.shape == "value" and len(steps) > 1 else len(steps) - 1
    of, whole = steps[at].called, whole_of(naming, steps[: at + 1])
    if not isinstance(point.key, str):
        return _ask_query(naming, point.key, of)
    shape, field = naming.field(steps, point.key)
    own = (
        phrases.ASK_FIELD.get(f"{shape}.{point.key}")
        or (field.asks if field else "")
        or phrases.ASK_FIELD.get(point.key)
    )
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
        case Forbids():
            return f"does {of} forbid {forbidden(query)}?"
        case Share(condition):
            part = words(condition, "part", "what", naming.asked)
            return f"what share of the value of {of} is made up by {part}?"
        case Owned(by, at_least, _):
            owner = words(by, "party", "someone who", naming.asked)
            return f"is {of} owned to at least {float(at_least) * 100:g} % by {owner}?"
