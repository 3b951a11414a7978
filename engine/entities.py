"""Things of a stated shape read from their mappings: parties, items, papers, transfers, and the parts,
owners and bans inside them.  Nothing here knows one field from another: the vocabulary tells."""

from __future__ import annotations

from collections.abc import Mapping

from redline.engine import saying
from redline.engine.characters import quote
from redline.engine.listings import extent, given
from redline.engine.possible import NONE, UNKNOWN, as_terms, graded, is_word, value_of
from redline.engine.references import Place, Setting, reference, stated
from redline.engine.show import did_you_mean
from redline.engine.sugar import GRADING, SUGAR, plain, short_for, spelled_out
from redline.engine.typed import tell, term
from redline.rules.codes import CODE, list_of
from redline.rules.facts import Entity, Fact, Grade, Listing, Reference
from redline.rules.frozen import replace
from redline.rules.node import Map, Node, Text
from redline.rules.shapes import Field, Sub
from redline.rules.values import Terms
from redline.rules.vocabulary import STATED

_NOTHING_IF_SILENT = frozenset({("transfer", "via")})
"""Lists that are empty where nothing is said: the vocabulary tells so of them."""


def entity_from(
    shape: str, ident: str, node: Node, place: Place, setting: Setting, *, says: str = ""
) -> Entity:
    """The thing that is written there; of what cannot be read every problem is told, and it is left out."""
    problems = setting.problems
    inner, grading = graded(node, place.grading, place.what, problems, wrapper=False)
    place = replace(place, grading=grading)
    if not isinstance(inner, Map):
        advice = f"write `{{{', '.join(f'{name}: ...' for name in _keys(shape, setting)[:3])}}}`"
        tell(problems, "wrong-shape", f"{place.what} is not a mapping", node.span, advice)
        inner = Map((), node.span)
    fields = setting.lexicon.fields(shape)
    known = STATED[shape]
    facts: dict[str, Fact] = {}
    references: dict[str, Reference] = {}
    lists: dict[str, Listing] = {}
    written = {id(value): key.text for key, value in inner}
    faulty: set[int] = set()
    for key, value in tuple(plain(shape, inner, place.what, problems)):
        if id(value) in faulty:
            continue  # one value that stands for two: what is wrong with it has been told
        before = len(problems)
        below = place.at(key.text, f"`{written.get(id(value), key.text)}` of {place.what}")
        if (one := fields.get(key.text)) is not None:
            if one.type.sort in setting.called:
                if (found := reference(one, shape, value, below, setting)) is not None:
                    references[key.text] = found
            elif (single := _fact(one, value, below, setting)) is not None:
                facts[key.text] = single
        elif (many := known.many.get(key.text) or known.lists.get(key.text)) is not None:
            if (listing := _listing(many, shape, value, below, setting)) is not None:
                lists[key.text] = listing
        else:
            _tell_unknown(key, shape, place.what, setting)
        if len(problems) > before:
            faulty.add(id(value))
    for name in known.lists:
        if (shape, name) in _NOTHING_IF_SILENT and inner.get(name) is None:
            silent = stated(
                place.at(name, ""), node, says=f"nothing is said of {saying.noun(name)} in {place.called}"
            )
            lists[name] = Listing((), True, replace(silent, grade=Grade.STATED, source=""))
    existence = stated(place, node, says=says)
    return Entity(shape, ident, place.path, facts, references, lists, node.span, existence)


def called(ident: str, node: Node) -> str:
    """What answers call a thing: its name as given, else `the` and its id."""
    name = node.get("name") if isinstance(node, Map) else None
    if isinstance(name, Map):
        name = name.get("value")
    if isinstance(name, Text) and name.text.strip() and not is_word(name, UNKNOWN):
        return " ".join(name.text.split())
    return f"the {ident.replace('_', ' ').replace('-', ' ')}"


def _keys(shape: str, setting: Setting) -> tuple[str, ...]:
    return (*setting.lexicon.names(shape), *SUGAR.get(shape, {}), *GRADING)


def _tell_unknown(key: Text, shape: str, what: str, setting: Setting) -> None:
    known = _keys(shape, setting)
    advice = did_you_mean(key.text, known) or f"it can have {', '.join(f'`{name}`' for name in known)}"
    tell(setting.problems, "unknown-key", f"{what} has no {quote(key.text)}", key.span, advice)


def _fact(field: Field, node: Node, place: Place, setting: Setting) -> Fact | None:
    inner, grading = graded(node, place.grading, place.what, setting.problems)
    value = value_of(inner, field.type, place.what, setting.lexicon, setting.problems)
    return None if value is None else Fact(place.path, value, grading.grade, grading.source, inner.span)


# --- lists -------------------------------------------------------------------------------------


def _listing(many: Field | Sub, shape: str, node: Node, place: Place, setting: Setting) -> Listing | None:
    """Several things stated together, and whether they are all."""
    problems = setting.problems
    found = given(node, place.grading, place.what, problems, limits=isinstance(many, Field))
    if found is None:
        return None
    place = replace(place, grading=found.grading)
    coded = isinstance(many, Field) and many.type.of == CODE.name
    elements: list[Fact | Reference | Entity] = []
    shut: dict[str, Node] = {}
    before = len(problems)
    for number, each in enumerate(found.elements, start=1):
        below = place.at(str(number), place.what)
        if coded and (lists := _shut(each, below, setting)) is not None:
            shut |= lists
        elif (element := _element(many, shape, each, below, setting)) is not None:
            elements.append(element)
    limit = None
    if found.no_more_in is not None and isinstance(many, Field):
        limit = as_terms(found.no_more_in, many.type, place.what, setting.lexicon, problems)
    elif coded and found.more is None:
        limit = _lists_named(elements, shut, place, setting)
    if len(problems) > before:
        return None
    whole = not coded and found.no_more_in is None
    how = extent(found, many, place.called, limited=limit is not None, whole=whole)
    grade = found.grading.grade
    if not how.said and elements and all(_grade(element) is Grade.ALLEGED for element in elements):
        grade = Grade.ALLEGED  # it is complete as given, and all that is given is alleged
    path = f"{place.path}.more" if found.more is not None else place.path
    closure = Fact(path, None, grade, found.grading.source, found.span, how.says)
    return Listing(tuple(elements), how.closed, closure, limit)


def _element(
    many: Field | Sub, shape: str, node: Node, place: Place, setting: Setting
) -> Fact | Reference | Entity | None:
    number = place.path.rpartition(".")[2]
    match many:
        case Sub(name=name, shape=inner):
            what = f"element {number} of {place.what}"
            says = f"{saying.noun(name)} of {place.called}: number {number}"
            found = entity_from(
                inner, number, spelled_out(inner, node), replace(place, what=what), setting, says=says
            )
            named = found.references.get(short_for(inner))
            if named is None or found.existence is None:
                return found
            return replace(found, existence=replace(found.existence, says=named.fact.says))
        case Field() if many.type.sort in setting.called:
            return reference(many, shape, node, place, setting)
        case Field():
            if isinstance(node, Map) and node.get("not") is not None:
                advice = "say what there is; `{known: [...], no_more_in: [...]}` tells what there is not"
                message = f"`not` cannot be said in {place.what}"
                tell(setting.problems, "wrong-shape", message, node.span, advice)
                return None
            return _fact(many, node, place, setting)


def _grade(element: Fact | Reference | Entity) -> Grade:
    match element:
        case Fact(grade=grade):
            return grade
        case Reference(fact=fact):
            return fact.grade
        case Entity(existence=existence):
            return existence.grade if existence is not None else Grade.STATED


def _shut(node: Node, place: Place, setting: Setting) -> dict[str, Node] | None:
    """`usml:none` says that there is no entry on that list; None where nothing of the kind is said.
    What is alleged shuts no list."""
    inner, grading = graded(node, place.grading, place.what, setting.problems)
    if not isinstance(inner, Text):
        return None
    name, colon, entry = inner.text.strip().partition(":")
    if not colon or entry.strip().lower() != NONE:
        return None
    found = term(replace(inner, text=name), CODE.name, setting.lexicon, setting.problems)
    return {found: inner} if found is not None and grading.grade is not Grade.ALLEGED else {}


def _lists_named(
    elements: list[Fact | Reference | Entity], shut: Mapping[str, Node], place: Place, setting: Setting
) -> Terms | None:
    """The control lists whose entries are complete: those of which an entry is named, or said not to
    exist.  The name of a list alone, an alleged entry, and one that may be on either of two lists do
    not make a list complete."""
    named = set(shut)
    for element in elements:
        if (
            not isinstance(element, Fact)
            or not isinstance(element.value, Terms)
            or element.value.within is None
        ):
            continue
        lists = {list_of(code) for code in element.value.within}
        for name in lists & set(shut):
            message = f"{place.what} has both an entry of `{name}` and none"
            tell(setting.problems, "contradiction", message, shut[name].span, "keep one of the two")
        if len(lists) == 1 and not lists & element.value.within and element.grade is not Grade.ALLEGED:
            named |= lists
    return Terms(setting.lexicon.trees[CODE.name], frozenset(named)) if named else None
