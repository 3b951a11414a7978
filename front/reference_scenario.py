"""The tables of `docs/scenario_reference.md`: what may be stated, and the terms, units and lists for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from redline.engine.assume import CATALOGUE
from redline.engine.scenarios import KEYS as SCENARIO_KEYS
from redline.engine.sugar import SUGAR
from redline.front.reference_words import code, link, table, typed
from redline.rules.codes import LIST_ALIASES, LISTS
from redline.rules.countries import STATE_OF_TERRITORY
from redline.rules.facts import Grade
from redline.rules.overlaps import OVERLAPS
from redline.rules.quantities import MONEY, UNITS
from redline.rules.shapes import Field, Shape, Sub
from redline.rules.terms import TREES
from redline.rules.trees import Tree
from redline.rules.vocabulary import EXTENSIBLE, STATED

_BY_CODE = ("country", "code")


_SCENARIO_KEYS = {
    "redline": "the edition of the language: always `1`. Needed",
    "scenario": "the id of the scenario. Needed",
    "title": "what it is about, in a line",
    "as_of": "the date on which it is judged; undated transfers take it",
    "assume": "what is taken for granted where nothing is said: see [assumptions](#assumptions)",
    "parties": "who takes part, each under an id: see [party](#party)",
    "items": "what may be transferred, each under an id: see [item](#item)",
    "agreements": "agreements to work together, each under an id: see [agreement](#agreement)",
    "papers": "licences, certificates, clauses, each under an id: see [paper](#paper)",
    "transfers": "what happens, or would, in order: see [transfer](#transfer)",
    "note": "a remark for people; not read",
    "twin": "for `redline test`: the same scenario with one fact changed, and what is then expected",
    "expect": "for `redline test`: what is expected of the scenario",
}


def _scenario_keys() -> str:
    return table(("key", "what it holds"), ((f"`{key}`", _SCENARIO_KEYS[key]) for key in SCENARIO_KEYS))


def _stated_shapes() -> str:
    return "\n\n".join(_stated(shape) for shape in STATED.values())


def _stated(shape: Shape) -> str:
    rows = [
        *((f"`{f.name}`", typed(f.type), f.means, "", f.asks) for f in shape.fields.values()),
        *(
            (f"`{f.name}`", f"several: {typed(f.type)}", f.means, _given(f), f.asks)
            for f in shape.many.values()
        ),
        *(
            (f"`{s.name}`", f"several: {link(s.shape)}", s.means, _given(s), s.asks)
            for s in shape.lists.values()
        ),
    ]
    text = f"### {shape.name}\n\n{shape.means[0].upper()}{shape.means[1:]}.\n\n"
    text += table(("key", "value", "what it means", "if given, it is", "the question that asks for it"), rows)
    if shape.name in SUGAR:
        shorter = ", ".join(f"`{key}` for {code(full)}" for key, full in SUGAR[shape.name].items())
        text += f"\n\nShorter: {shorter}."
    if shape.name in EXTENSIBLE:
        text += "\n\nPolicies may add [facts of their own](policy_reference.md#declared-facts) to it."
    return text


def _given(thing: Field | Sub) -> str:
    if isinstance(thing, Field) and thing.type.of == "code":
        return "complete for each list named"
    return "complete" if thing.complete else "open"


def _assumptions() -> str:
    return table(
        ("name", "what is assumed", "what it stands for"),
        ((f"`{a.name}`", a.means, a.expands) for a in CATALOGUE.values()),
    )


_GRADES = {
    Grade.DOCUMENTED: "a document shows it",
    Grade.REPORTED: "somebody reports it",
    Grade.STATED: "the scenario says so, and no more: the grade of everything that names none",
    Grade.ALLEGED: "it is claimed; it may make a rule crossed, and never clears",
    Grade.ASSUMED: "it follows from an assumption; it is shown first in every answer that rests on it",
}


def _grades() -> str:
    return table(("grade", "meaning"), ((f"`{grade.word}`", _GRADES[grade]) for grade in Grade))


def _terms() -> str:
    return "\n\n".join(_tree(tree) for name, tree in TREES.items() if name not in _BY_CODE)


def _tree(tree: Tree) -> str:
    lines = [f"### Terms: {tree.name.replace('_', ' ')}", ""]
    lines.append(
        "Closed: nothing can be added." if tree.closed else "A policy may add finer terms (`extend:`)."
    )
    lines.append("")
    for term in tree.parents:
        depth = len(tree.line(term)) - 1
        lines.append(f"{'  ' * depth}- `{term}`: {tree.labels[term]}{_besides(tree, term)}")
    return "\n".join(lines)


def _besides(tree: Tree, term: str) -> str:
    """What else the term may be: a rule on that cannot be told to be about something else."""
    may_be, _ = OVERLAPS.get(tree.name, {}).get(term, (frozenset(), frozenset()))
    return f"; may be {code(each for each in tree.parents if each in may_be)} too" if may_be else ""


def _units() -> str:
    rows = [(f"`{name}`", code(u for u in units if u) or "a number alone") for name, units in UNITS.items()]
    return table(("dimension", "units"), [*rows, (f"`{MONEY}`", "a currency code, such as `1200 EUR`")])


def _lists() -> str:
    aliases = {name: [a for a, full in LIST_ALIASES.items() if full == name] for name in LISTS}
    return table(
        ("list", "what it is", "also written"),
        ((f"`{name}`", means, code(aliases[name])) for name, means in LISTS.items()),
    )


def _territories() -> str:
    states = sorted(set(STATE_OF_TERRITORY.values()))
    return table(
        ("state", "territories with a code of their own"),
        ((f"`{s}`", code(sorted(t for t, of in STATE_OF_TERRITORY.items() if of == s))) for s in states),
    )


TABLES: Mapping[str, Callable[[], str]] = {
    "scenario-keys": _scenario_keys,
    "stated-shapes": _stated_shapes,
    "assumptions": _assumptions,
    "grades": _grades,
    "terms": _terms,
    "units": _units,
    "lists": _lists,
    "territories": _territories,
}
