"""JSON Schemas, so that editors complete and check: of scenarios, of policies, of reports.

They follow the vocabulary and the words that the loaded policies add.  A document that redline reads
without problems fits its schema; what no schema can say (that an id is there, that dates agree) is
left to `redline check` and `redline test`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from redline.engine.assume import CATALOGUE
from redline.engine.conditions import MODES
from redline.engine.policies import KEYS as POLICY_KEYS
from redline.engine.policies import asked_shapes
from redline.engine.rules import EXAMPLE_VERDICTS, RUNNING, STATES
from redline.engine.rules import KEYS as RULE_KEYS
from redline.engine.sugar import SUGAR
from redline.engine.typed import Lexicon
from redline.rules.facts import Grade
from redline.rules.quantities import DATE
from redline.rules.shapes import Shape, Type
from redline.rules.verdicts import Kind, Layer, Strength, Voice
from redline.rules.vocabulary import EDITION, STATED, SUBJECTS

Schema = dict[str, object]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_DATE = r"^\d{4}(-\d\d(-\d\d)?)?$"


def schema_of(what: str, lexicon: Lexicon) -> Schema:
    """The schema of a `scenario`, a `policy` or a `report`."""
    match what:
        case "scenario":
            return _scenario(lexicon)
        case "policy":
            return _policy(lexicon)
        case "report":
            from redline.rules.report import report_schema

            return report_schema()
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
                    "additionalProperties": _ref(shape),
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
        "transfers": _listing(_ref("transfer")),
        "note": {"type": "string"},
        "expect": {"type": "object"},
        "twin": {"type": ["object", "array"]},
        **things,
    }
    return {
        "$schema": _DIALECT,
        "title": "a redline scenario",
        **_object(properties, ("redline", "scenario")),
        "$defs": {shape.name: _stated(shape, lexicon) for shape in STATED.values()},
    }


def _stated(shape: Shape, lexicon: Lexicon) -> Schema:
    properties: Schema = {
        "id": {"type": "string"},
        "grade": _enum(g.word for g in Grade),
        "source": {"type": "string"},
    }
    for name, field in lexicon.fields(shape.name).items():
        properties[name] = {"description": field.means, "anyOf": [_value(field.type, lexicon)]}
    for name, field in shape.many.items():
        properties[name] = {"description": field.means, **_listing(_value(field.type, lexicon))}
    for name, sub in shape.lists.items():
        properties[name] = {"description": sub.means, **_listing({"anyOf": [_ref(sub.shape), _SCALAR]})}
    for name in SUGAR.get(shape.name, {}):
        properties[name] = {}
    whole = _object(properties, ())
    return (
        {"description": shape.means, "anyOf": [whole, _SCALAR]}
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
        return _enum(sorted({*(t := lexicon.trees[kind.of].parents), *(n.replace("-", "_") for n in t)}))
    if kind.sort == "amount" and kind.of == DATE:
        return {"anyOf": [{"type": "string", "pattern": _DATE}, {"type": "integer"}]}
    return _SCALAR


def _listing(element: Schema) -> Schema:
    many: Schema = {"type": "array", "items": element}
    return {"anyOf": [many, element, {"enum": ["none", "unknown"]}, {"type": "object"}]}


def _policy(lexicon: Lexicon) -> Schema:
    shapes = asked_shapes(lexicon)
    interval = _object({"from": {}, "to": {}, "lifted": {}, "state": _enum(STATES)}, ())
    running: Schema = {
        "anyOf": [
            _enum(RUNNING),
            _object({"begun_before": _enum(RUNNING), "ended_after": _enum(RUNNING)}, ()),
        ]
    }
    example = _object(
        {
            **{v: {"type": "string"} for v in EXAMPLE_VERDICTS},
            "with": {"type": "object"},
            "reading": {"type": "object"},
            "note": {"type": "string"},
        },
        (),
    )
    text: Schema = {"type": "string"}
    texts: Schema = {"anyOf": [text, {"type": "array", "items": {"anyOf": [text, {"type": "object"}]}}]}
    condition = _ref("condition")
    typed: dict[str, Schema] = {
        "kind": _enum(Kind), "layer": _enum(Layer), "strength": _enum([*Strength, *(s.replace(" ", "_") for s in Strength)]),
        "voice": _enum(Voice), "for": _enum([*SUBJECTS.values(), *SUBJECTS]), "source": texts, "defeats": texts,
        "validity": {"anyOf": [interval, {"type": "array", "items": interval}]}, "running": running, "burden": {"const": "exporter"},
        "factors": {"type": "array", "items": _object({"name": text, "when": condition}, ("name", "when"))},
        "examples": {"type": "array", "items": example},
        **{name: condition for name in ("scope", "when", "unless", "requires")},
    }  # fmt: skip
    rule = _object({name: typed.get(name, text) for keys in RULE_KEYS for name in keys}, RULE_KEYS[0])
    names = sorted({n for s in shapes.values() for n in (*s.fields, *s.many, *s.parts)})
    lists = sorted({n for s in shapes.values() for n in s.lists})
    tested: Schema = {}
    condition_schema: Schema = {
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "minProperties": 1,
                "properties": {
                    "all": {"type": "array", "items": condition},
                    "any": {"type": "array", "items": condition},
                    "not": condition,
                    "interpretation": {"type": "object"},
                    "unsettled": text,
                    "paper": {
                        "anyOf": [
                            text,
                            _object({"kind": text, "issuer": tested, "where": condition}, ("kind",)),
                        ]
                    },
                    "owned": _object(
                        {"by": condition, "at_least": tested, "mode": _enum(MODES)}, ("by", "at_least")
                    ),
                    "content_share": {"type": "object", "required": ["of"]},
                    "days": {"type": "object", "required": ["from", "to"]},
                    **{name: tested for name in names},
                    **{f"{word} {name}": condition for word in ("some", "every") for name in lists},
                },
                "patternProperties": {r"^(some|every) ": condition, r"\.": tested},
                "additionalProperties": False,
            },
        ]
    }
    by_key: dict[str, Schema] = {
        "redline": {"enum": [int(EDITION), EDITION]}, "rules": {"type": "array", "items": rule},
        "registers": {"type": "array", "items": text}, "define": {"type": "object", "additionalProperties": condition},
        **{name: {"type": "object"} for name in ("extend", "lists", "groups", "facts", "interpretations", "not_encoded")},
        "edition": _SCALAR, "intent": {},
    }  # fmt: skip
    properties = {name: by_key.get(name, text) for keys in POLICY_KEYS for name in keys}
    return {
        "$schema": _DIALECT,
        "title": "a redline policy",
        **_object(dict(properties), POLICY_KEYS[0]),
        "$defs": {"condition": condition_schema},
    }


def _object(properties: Schema, required: Collection[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _enum(words: Iterable[str]) -> Schema:
    return {"enum": [str(word) for word in words]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
