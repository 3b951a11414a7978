"""The JSON Schema of policies."""

from __future__ import annotations

from redline.engine.catalogue import MODES
from redline.engine.intents import DECIDES_KEYS, INTENT_KEYS
from redline.engine.policies import KEYS as POLICY_KEYS
from redline.engine.rules import EXAMPLE_VERDICTS, RUNNING, STATES
from redline.engine.rules import KEYS as RULE_KEYS
from redline.engine.typed import Lexicon
from redline.engine.words import asked_shapes
from redline.front.schema_parts import DIALECT, SCALAR, Schema, mapping, one_of, ref
from redline.rules.verdicts import Kind, Layer, Strength, Voice
from redline.rules.vocabulary import EDITION, SUBJECTS

_TEXT: Schema = {"type": "string"}
_ANYTHING: Schema = {}
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": {"anyOf": [_TEXT, {"type": "object"}]}}]}
_CONDITION = ref("condition")


def policy_schema(lexicon: Lexicon) -> Schema:
    """The schema of a policy, for the words of the lexicon."""
    typed: dict[str, Schema] = {
        "redline": {"enum": [int(EDITION), EDITION]},
        "edition": SCALAR,
        "rules": {"type": "array", "items": _rule()},
        "registers": {"type": "array", "items": _TEXT},
        "define": {"type": "object", "additionalProperties": _CONDITION},
    }
    about = {"for": one_of([*SUBJECTS.values(), *SUBJECTS]), "when": _CONDITION}
    intent = mapping({**dict.fromkeys(("id", "says", "note"), _TEXT), **about}, INTENT_KEYS[0])
    typed["intents"] = {"type": "array", "items": intent}
    typed["decides"] = mapping({"note": _TEXT, **about}, DECIDES_KEYS[0])
    for name in ("extend", "lists", "groups", "facts", "interpretations", "not_encoded", "accept"):
        typed[name] = {"type": "object"}
    properties: Schema = {name: typed.get(name, _TEXT) for keys in POLICY_KEYS for name in keys}
    return {
        "$schema": DIALECT,
        "title": "a redline policy",
        **mapping(properties, POLICY_KEYS[0]),
        "$defs": {"condition": _condition(lexicon)},
    }


def _rule() -> Schema:
    stretch = mapping({"from": SCALAR, "to": SCALAR, "lifted": SCALAR, "state": one_of(STATES)}, ())
    running = mapping({"begun_before": one_of(RUNNING), "ended_after": one_of(RUNNING)}, ())
    example: Schema = dict.fromkeys(EXAMPLE_VERDICTS, _TEXT)
    example |= {"with": {"type": "object"}, "reading": {"type": "object"}, "note": _TEXT}
    example["unconfirmed"] = {"enum": [True, "true"]}
    factor = mapping({"name": _TEXT, "when": _CONDITION}, ("name", "when"))
    typed: dict[str, Schema] = {
        "kind": one_of(Kind),
        "layer": one_of(Layer),
        "strength": one_of([*Strength, *(strength.replace(" ", "_") for strength in Strength)]),
        "voice": one_of(Voice),
        "for": one_of([*SUBJECTS.values(), *SUBJECTS]),
        "source": _TEXTS,
        "defeats": _TEXTS,
        "validity": {"anyOf": [stretch, {"type": "array", "items": stretch}]},
        "running": {"anyOf": [one_of(RUNNING), running]},
        "accept": {"type": "object"},
        "burden": one_of(["exporter"]),
        "factors": {"type": "array", "items": factor},
        "examples": {"type": "array", "items": mapping(example, ())},
    }
    for name in ("scope", "when", "unless", "requires"):
        typed[name] = _CONDITION
    return mapping({name: typed.get(name, _TEXT) for keys in RULE_KEYS for name in keys}, RULE_KEYS[0])


def _condition(lexicon: Lexicon) -> Schema:
    shapes = asked_shapes(lexicon).values()
    names = sorted({name for shape in shapes for name in (*shape.fields, *shape.many, *shape.parts)})
    lists = sorted({name for shape in shapes for name in shape.lists})
    paper = mapping({"kind": _TEXT, "issuer": _ANYTHING, "where": _CONDITION}, ("kind",))
    owned = mapping({"by": _CONDITION, "at_least": SCALAR, "mode": one_of(MODES)}, ("by", "at_least"))
    properties: Schema = {
        "all": {"type": "array", "items": _CONDITION},
        "any": {"type": "array", "items": _CONDITION},
        "not": _CONDITION,
        "interpretation": {"type": "object"},
        "unsettled": _TEXT,
        "paper": {"anyOf": [_TEXT, paper]},
        "owned": owned,
        "content_share": {"type": "object", "required": ["of"]},
        "days": {"type": "object", "required": ["from", "to"]},
    }
    properties |= dict.fromkeys(names, _ANYTHING)
    properties |= {f"{word} {name}": _CONDITION for word in ("some", "every") for name in lists}
    known: Schema = {
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "patternProperties": {r"^(some|every) ": _CONDITION, r"\.": _ANYTHING},
        "additionalProperties": False,
    }
    return {"anyOf": [_TEXT, known]}
