"""JSON Schemas, so that editors complete and check: of scenarios, of policies, of reports.

They follow the vocabulary and the words that the loaded policies add.  A document that redline reads
without problems fits its schema; what no schema can say (that an id is there, that dates agree) is
left to `redline check` and `redline test`.
"""

from __future__ import annotations

from redline.engine.assume import CATALOGUE
from redline.engine.sugar import SUGAR
from redline.engine.typed import Lexicon
from redline.front.schema_parts import DIALECT, SCALAR, Schema, mapping, one_of, ref
from redline.rules.facts import Grade
from redline.rules.quantities import DATE
from redline.rules.shapes import Shape, Type
from redline.rules.vocabulary import EDITION, STATED

_DATE = r"^\d{4}(-\d\d(-\d\d)?)?$"


def schema_of(what: str, lexicon: Lexicon) -> Schema:
    """The schema of a `scenario`, a `policy` or a `report`."""
    match what:
        case "scenario":
            return _scenario(lexicon)
        case "policy":
            from redline.front.schema_policy import policy_schema

            return policy_schema(lexicon)
        case "report":
            from redline.answers.report_schema import schema

            return dict(schema())
        case _:
            raise ValueError(f"there is no schema of a {what}")


def _scenario(lexicon: Lexicon) -> Schema:
    things = {
        kind: {
            "anyOf": [
                {"enum": ["none", "unknown"]},
                {
                    "type": "object",
                    "properties": {"more": {"enum": ["possible", "none"]}},
                    "additionalProperties": ref(shape),
                },
            ]
        }
        for kind, shape in (
            ("parties", "party"),
            ("items", "item"),
            ("agreements", "agreement"),
            ("papers", "paper"),
        )
    }
    properties: Schema = {
        "redline": {"enum": [int(EDITION), EDITION]},
        "scenario": {"type": "string"},
        "title": {"type": "string"},
        "as_of": {"anyOf": [_value(Type("amount", DATE), lexicon)]},
        "assume": {"type": "array", "items": {"enum": list(CATALOGUE)}},
        "transfers": _listing(ref("transfer")),
        "note": {"type": "string"},
        "expect": {"type": "object"},
        "twin": {"type": ["object", "array"]},
        **things,
    }
    return {
        "$schema": DIALECT,
        "title": "a redline scenario",
        **mapping(properties, ("redline", "scenario")),
        "$defs": {shape.name: _stated(shape, lexicon) for shape in STATED.values()},
    }


def _stated(shape: Shape, lexicon: Lexicon) -> Schema:
    properties: Schema = {
        "id": {"type": "string"},
        "grade": one_of(g.word for g in Grade),
        "source": {"type": "string"},
    }
    for name, field in lexicon.fields(shape.name).items():
        properties[name] = {"description": field.means, "anyOf": [_value(field.type, lexicon)]}
    for name, field in shape.many.items():
        properties[name] = {"description": field.means, **_listing(_value(field.type, lexicon))}
    for name, sub in shape.lists.items():
        properties[name] = {"description": sub.means, **_listing({"anyOf": [ref(sub.shape), SCALAR]})}
    for name in SUGAR.get(shape.name, {}):
        properties[name] = {}
    whole = mapping(properties, ())
    return (
        {"description": shape.means, "anyOf": [whole, SCALAR]}
        if shape.name not in ("party", "item")
        else whole
    )


def _value(kind: Type, lexicon: Lexicon) -> Schema:
    """A value as it may be written: plain, or in one of the longer forms."""
    return {"anyOf": [_plain(kind, lexicon), {"const": "unknown"}, {"type": "object"}]}


def _plain(kind: Type, lexicon: Lexicon) -> Schema:
    if kind.sort == "tree" and kind.of == "yes_no":
        return {"enum": ["yes", "no", True, False]}
    if kind.sort == "tree" and not lexicon.trees[kind.of].climb:
        return one_of(sorted({*(t := lexicon.trees[kind.of].parents), *(n.replace("-", "_") for n in t)}))
    if kind.sort == "amount" and kind.of == DATE:
        return {"anyOf": [{"type": "string", "pattern": _DATE}, {"type": "integer"}]}
    return SCALAR


def _listing(element: Schema) -> Schema:
    many: Schema = {"type": "array", "items": element}
    return {"anyOf": [many, element, {"enum": ["none", "unknown"]}, {"type": "object"}]}
