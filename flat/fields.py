"""Flat records: one transfer of one item in dotted fields, such as `to.country`, and the scenario of one
step that each stands for.

    activity, date (or contract, delivery), as_of, end_use, place_of_use, status, flags, via, knew
    papers                       kinds of papers that are held, valid on every day and cover the item
    agreements                   `none`
    item.class, item.codes, ...  what a scenario states of an item; `item.contains`, `item.made_with`: `none`
    from.country, to.kind, ...   of the parties `from`, `to`, `by`, `end_user`; `to.owners`: `none`

A value is written as in a scenario: plain, a list, `unknown` (or None), `none`, `{one_of: [...]}`,
`{known: [...], more: none}`.  Grades and sources are for scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redline.engine.assume import assume
from redline.engine.characters import quote
from redline.engine.check_scenario import check_scenario
from redline.engine.entities import entity_from
from redline.engine.plain import DATA, document_of
from redline.engine.possible import NONE, UNKNOWN, Grading
from redline.engine.references import Place, Setting
from redline.engine.scenarios import scenario_from
from redline.engine.show import did_you_mean
from redline.engine.sugar import GRADING
from redline.engine.typed import Lexicon
from redline.rules.facts import Entity, Scenario
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import NOWHERE, Problem, Refused, Span, errors
from redline.rules.shapes import Type
from redline.rules.vocabulary import STATED

PARTIES = {"from": "sender", "to": "recipient", "by": "actor", "end_user": "user"}
"""The parties of a record, and their ids in its scenario."""
DATES = ("date", "contract", "delivery", "as_of")
ITEM = "item"
LARGEST = 2**63 - 1
"""No number of a record is larger: what is taken for one elsewhere would not be the same."""
_EMPTY_ONLY = {"contains", "made_with", "owners", "agreements", "knew"}
_WHOLE = {"papers", "agreements", "as_of", "via", "knew"}
"""Fields that are read as parts of a whole scenario."""


@dataclass(frozen=True, slots=True)
class Flat:
    """A field of a record: its name, the thing that it is stated of (`item`, `to`, ..., empty for the
    transfer), its key there, and its type, if it holds one value or a list of values."""

    name: str
    of: str
    key: str
    type: Type | None
    many: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is read as part of a whole scenario."""
        return self.type is None or (not self.of and self.key in _WHOLE)

    @property
    def shape(self) -> str:
        """The stated shape of the thing."""
        return "party" if self.of in PARTIES else self.of or "transfer"


def fields_of(lexicon: Lexicon) -> dict[str, Flat]:
    """Every field that a record may have, by its name."""
    found = [Flat("as_of", "", "as_of", STATED["transfer"].fields["contract"].type)]
    found.append(Flat("date", "", "date", STATED["transfer"].fields["contract"].type))
    found += [Flat(name, "", name, None) for name in ("papers", "agreements", "via", "knew")]
    for of in ("", ITEM, *PARTIES):
        shape = Flat("", of, "", None).shape
        before = f"{of}." if of else ""
        for name, one in lexicon.fields(shape).items():
            if one.type.sort in ("tree", "amount", "name"):
                found.append(Flat(before + name, of, name, one.type))
        for name, one in STATED[shape].many.items():
            if one.type.sort in ("tree", "amount", "name"):
                found.append(Flat(before + name, of, name, one.type, many=True))
        if of:
            found += [Flat(before + n, of, n, None) for n in STATED[shape].lists if n in _EMPTY_ONLY]
    return {each.name: each for each in found}


def scenario_of(record: Mapping[str, object], fields: Mapping[str, Flat]) -> dict[str, object]:
    """The scenario of one step that the record stands for, as plain data.

    A party is there if something is said of it (be it `unknown`), and so is the item.
    """
    transfer: dict[str, object] = {}
    things: dict[str, dict[str, object]] = {}
    scenario: dict[str, object] = {"scenario": "record"}
    for name, value in record.items():
        field = fields[name]
        if field.name in ("as_of", "agreements"):
            scenario[name] = value
        elif field.name == "papers":
            things.setdefault(ITEM, {})
            transfer["papers"], papers = _papers(value)
            if papers:
                scenario["papers"] = papers
        elif field.of:
            things.setdefault(field.of, {})[field.key] = value
        else:
            transfer[field.key] = value
    parties = {}
    for of, said in things.items():
        if of == ITEM:
            scenario["items"] = {ITEM: said}
            transfer["items"] = ITEM
        else:
            parties[PARTIES[of]] = said
            transfer[of] = PARTIES[of]
    if parties:
        scenario["parties"] = parties
    return {**scenario, "transfers": [transfer]}


def _papers(value: object) -> tuple[object, dict[str, object]]:
    """What the transfer says of its papers, and the papers: each held, without an end, for the item."""
    known = value.get("known") if isinstance(value, Mapping) and "known" in value else value
    if known is None or (isinstance(known, str) and known.strip().lower() in (NONE, UNKNOWN)):
        return value, {}
    kinds = known if isinstance(known, (list, tuple)) else [known]
    papers: dict[str, object] = {
        f"paper-{n}": {"kind": k, "state": "held", "from": "0001-01-01", "covers": {"items": ITEM}}
        for n, k in enumerate(kinds, 1)
    }
    names = list(papers)
    return ({**value, "known": names} if isinstance(value, Mapping) and "known" in value else names), papers


# --- read ----------------------------------------------------------------------------------------


def named(name: object, fields: Mapping[str, Flat]) -> Problem | None:
    """What is wrong with a name that no field has."""
    if isinstance(name, str) and name in fields:
        return None
    text = str(name)
    advice = did_you_mean(text, fields) or _of_the_thing(text, fields)
    return Problem("unknown-key", f"a record has no field {quote(text)}", Span(DATA, 0, 0), advice)


def _of_the_thing(name: str, fields: Mapping[str, Flat]) -> str:
    of = name.partition(".")[0]
    known = [each for each in fields if each.partition(".")[0] == of]
    if not known:
        known = [each for each, field in fields.items() if not field.of] + [f"{of}. ..." for of in PARTIES]
    return f"there are {', '.join(f'`{each}`' for each in known)}"


def text_of(value: object) -> str | None:
    """How a plain value is written, if it is one that can be looked up by that."""
    if isinstance(value, str):
        return str(value)
    node = _node_of(value) if not isinstance(value, (Mapping, list, tuple)) else None
    return node.text if isinstance(node, Text) else None


def _node_of(value: object) -> Node:
    root = document_of({"value": value}).root
    found = root.get("value") if isinstance(root, Map) else None
    assert found is not None
    return found


def read(field: Flat, value: object, lexicon: Lexicon) -> Entity | None:
    """The thing of which the field says the value, and no more; None for a field that is read with the
    whole scenario.  Raises Refused, with every problem, each naming the field."""
    problems: list[Problem] = []
    found: Entity | None = None
    try:
        _refuse_numbers(value)
        node = _node_of(value)
        if any(key.text in GRADING for key in _keys(node)):
            advice = "leave it out, or have the scenario checked"
            problems.append(Problem("unknown-key", "a record has no grades or sources", NOWHERE, advice))
        elif field.type is None and field.key in _EMPTY_ONLY and not _says_none(node):
            advice = "write `none` or `unknown`; what there is can be said in a scenario"
            problems.append(Problem("wrong-shape", "a record can say no more than `none`", NOWHERE, advice))
        elif field.whole:
            _, problems = scenario_read({field.name: value}, {field.name: field}, lexicon)
        else:
            place = Place("", "the record", "the record", Grading())
            names: Mapping[str, Mapping[str, str]] = {"party": {}, "item": {}, "paper": {}}
            said = Map(((Text(field.key, node.span), node),), node.span)
            found = entity_from(field.shape, "", said, place, Setting(lexicon, names, problems))
    except Refused as refused:
        problems = list(refused.problems)
    if wrong := errors(problems):
        spot = Span(DATA, 0, 0)
        raise Refused([replace(p, message=f"`{field.name}`: {p.message}", span=spot) for p in wrong])
    return found


def scenario_read(
    record: Mapping[str, object], fields: Mapping[str, Flat], lexicon: Lexicon
) -> tuple[Scenario | None, list[Problem]]:
    """The scenario of the record, and every problem found."""
    scenario, problems = scenario_from(document_of(scenario_of(record, fields)), lexicon)
    if scenario is not None:
        scenario = assume(scenario)
        problems.extend(check_scenario(scenario))
    return scenario, problems


def _keys(node: Node) -> Iterator[Text]:
    match node:
        case Map():
            for key, value in node:
                yield key
                yield from _keys(value)
        case Seq():
            for each in node.items:
                yield from _keys(each)
        case Text():
            pass


def _says_none(node: Node) -> bool:
    return isinstance(node, Text) and node.text.strip().lower() in (NONE, UNKNOWN)


def _refuse_numbers(value: object) -> None:
    """Numbers that are not the same everywhere."""
    match value:
        case bool():
            return
        case int() if not -LARGEST <= value <= LARGEST:
            advice = "numbers go up to 9223372036854775807"
            raise Refused([Problem("out-of-range", "the number is too large", Span(DATA, 0, 0), advice)])
        case Mapping():
            for each in value.values():
                _refuse_numbers(each)
        case list() | tuple():
            for each in value:
                _refuse_numbers(each)
        case _:
            return
