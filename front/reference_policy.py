"""The tables of `docs/policy_reference.md`: keys of policies and rules, what conditions ask, registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from redline.engine.catalogue import MODES
from redline.engine.groups import TERRITORIES
from redline.engine.policies import KEYS as POLICY_KEYS
from redline.engine.rules import EXAMPLE_VERDICTS, RUNNING, STATES
from redline.engine.rules import KEYS as RULE_KEYS
from redline.front.reference_words import code, link, table, typed
from redline.rules.quantities import DATE, MONEY, UNITS
from redline.rules.register import DocumentKind, Modality
from redline.rules.shapes import Shape
from redline.rules.terms import TREES
from redline.rules.verdicts import Kind, Layer, Strength, Verdict, Voice
from redline.rules.vocabulary import ASKED, EXTENSIBLE, SUBJECTS

_POLICY_KEYS = {
    "redline": "the edition of the language: always `1`",
    "policy": "the id of the policy",
    "title": "what it holds, in a line",
    "rules": "the rules, a list: see [rules](#rules)",
    "edition": "the edition of this file, any text; shown in answers",
    "stated_by": "who states the rules: a country code, or a name",
    "addressed_to": "to whom they are stated: a country code, or a name",
    "registers": "the registers of statements that `source` may cite; without it `source` is free text",
    "extend": "finer terms below those of the vocabulary: see [words of your own](#words-of-your-own)",
    "lists": "further control lists, each with what it is: see [words of your own](#words-of-your-own)",
    "groups": "named sets of countries, codes or other terms: see [groups](#groups)",
    "facts": "facts on parties, items, papers and transfers: see [declared facts](#declared-facts)",
    "interpretations": "what the text leaves open, as questions: see [interpretations](#interpretations)",
    "define": "conditions with a name: see [conditions](#conditions)",
    "intents": "what must not come about, whatever the letter of the rules: see [intents](#intents)",
    "decides": "the scope that the policy means to decide: see [intents](#intents)",
    "accept": "findings of [`redline lint`](lint.md) that are accepted all through it: `{CODE: reason}`",
    "not_encoded": "statements of the registers that are left out, each with the reason",
    "note": "a remark for people",
}


def _policy_keys() -> str:
    needed, optional = POLICY_KEYS
    rows = [(f"`{key}`", "yes", _POLICY_KEYS[key]) for key in needed]
    rows += [(f"`{key}`", "", _POLICY_KEYS[key]) for key in optional]
    return table(("key", "needed", "what it holds"), rows)


_RULE_KEYS = {
    "id": "its name, one of a kind in the policy",
    "says": "what it says, in one plain sentence; answers quote it",
    "kind": "what it does: see [kinds](#kinds)",
    "source": "where it is stated, one or a list: statement ids of the registers, or free text",
    "layer": "whose sort of word it is: see [layers](#layers-strengths-voices)",
    "strength": "how strongly it is said: see [strengths](#layers-strengths-voices)",
    "for": "what it is asked of: see [subjects](#subjects)",
    "voice": "who says it in the source: see [voices](#layers-strengths-voices); `state` if left out",
    "stated_by": "in place of the policy's",
    "addressed_to": "in place of the policy's",
    "scope": "a condition: to whom and to what the rule applies; outside it the rule does not apply",
    "when": "a condition: what must be so for the rule to bite",
    "unless": "a condition: its exceptions",
    "requires": "a condition: what must be held or so (kind `requires` only, and needed there)",
    "defeats": "the rules that it sets aside: `rule-id`, or `policy-id/rule-id` (kind `permits` only)",
    "validity": "when it is in force: see [validity](#validity)",
    "running": "what becomes of steps across the boundary of its validity, only beside `validity`: see "
    "[validity](#validity)",
    "accept": "findings of [`redline lint`](lint.md) that are accepted in it: `{CODE: reason}`",
    "burden": '`exporter`: undetermined reads "barred unless shown" (kind `requires` only)',
    "factors": "what is weighed, a list of `{name, when}`; reported, never decides (kind `weighs` only)",
    "asks": "the question that it raises (kind `flags` only)",
    "note": "a remark, shown by `redline explain`",
    "examples": "scenarios with the verdict that must come: see [examples](#examples)",
}


def _rule_keys() -> str:
    needed, optional = RULE_KEYS
    rows = [(f"`{key}`", "yes", _RULE_KEYS[key]) for key in needed]
    rows += [(f"`{key}`", "", _RULE_KEYS[key]) for key in optional]
    return table(("key", "needed", "what it holds"), rows)


def _subjects() -> str:
    return table(
        ("written after `for:`", "what the rule is asked of"),
        ((f"`{phrase}`", ASKED[name].means) for name, phrase in SUBJECTS.items()),
    )


_KINDS = {
    Kind.PROHIBITS: "it bites: crosses",
    Kind.REQUIRES: "it bites, and what it requires is not so: crosses; it is so: authorised if by a grant,"
    " else not crossed",
    Kind.WEIGHS: "it bites: requires assessment; its factors are reported and never decide",
    Kind.PERMITS: "it applies: the rules that it names in `defeats` are set aside for the same subject;"
    " no verdict of its own",
    Kind.FLAGS: "it is raised: a question, and never a verdict",
}


def _kinds() -> str:
    return table(("kind", "what comes of it"), ((f"`{kind}`", _KINDS[kind]) for kind in Kind))


_VERDICTS = {
    Verdict.CROSSES: "the line is crossed",
    Verdict.UNDETERMINED: "it cannot be told; the answer names the facts that would tell",
    Verdict.REQUIRES_ASSESSMENT: "someone has to weigh it",
    Verdict.AUTHORISED: "what is asked for is held, by a grant that covers the step",
    Verdict.NOT_CROSSED: "the rule applies, and is not crossed",
    Verdict.NOT_APPLICABLE: "the rule is known not to apply: out of scope, or not in force",
}


def _verdicts() -> str:
    return table(("verdict", "in answers", "meaning"), ((f"`{v}`", v.words, _VERDICTS[v]) for v in Verdict))


_LAYERS = {
    Layer.LEGAL: "a law, a regulation, an order",
    Layer.REGIME: "what states agreed among themselves without making it law",
    Layer.CONTRACT: "what parties promised each other",
    Layer.POLITICAL: "what a government said, asked for or signalled",
}
_STRENGTHS = {
    Strength.LAW: "it binds as law",
    Strength.SIGNED_AGREEMENT: "it was signed",
    Strength.COMMITMENT: "a state said what it will do",
    Strength.FORMAL_REQUEST: "one side asked the other in so many words",
    Strength.GUIDELINE: "it is to be followed as far as possible",
    Strength.INDICATED: "it was let known",
    Strength.CONCERN: "it was named as a worry",
    Strength.INFERENCE: "an author concludes it",
}
_VOICES = {
    Voice.STATE: "the state says it itself",
    Voice.REPORTED: "a report says that the state said it",
    Voice.AUTHOR: "the author of the source concludes it; runs only with `--include author`",
}


def _layers() -> str:
    return "\n\n".join(
        table((f"`{key}`", "meaning"), ((f"`{word}`", means) for word, means in words.items()))
        for key, words in (("layer", _LAYERS), ("strength", _STRENGTHS), ("voice", _VOICES))
    )


def _asked_shapes() -> str:
    return "\n\n".join(_asked(shape) for shape in ASKED.values())


def _asked(shape: Shape) -> str:
    rows = [
        *((f"`{f.name}: TEST`", typed(f.type), f.means) for f in shape.fields.values()),
        *((f"`{f.name}: TEST`", f"several: {typed(f.type)}", f.means) for f in shape.many.values()),
        *(
            (f"`{s.name}: ...`, `{s.name}.FIELD: TEST`", f"part: {link(s.shape)}", s.means)
            for s in shape.parts.values()
        ),
        *(
            (f"`some {s.name}: ...`, `every {s.name}: ...`", f"list: {link(s.shape)}", s.means)
            for s in shape.lists.values()
        ),
    ]
    added = next((stated for stated, shapes in EXTENSIBLE.items() if shape.name in shapes), "")
    article = "an" if added[:1] in "aeiou" else "a"
    more = f"\n\nAnd the facts that policies declare on {article} {added}." if added else ""
    head = f"### {shape.name}\n\n{shape.means[0].upper()}{shape.means[1:]}.\n\n"
    return head + table(("written in a condition", "value", "what it means"), rows) + more


def _words() -> str:
    open_trees = [name for name, tree in TREES.items() if not tree.climb and not tree.closed]
    types = [*UNITS, MONEY, DATE, "yes/no", "name", *TREES]
    return table(
        ("where", "what can stand there"),
        (
            ("a tree under `extend:`", code(open_trees)),
            ("what `facts:` can be added to", code(EXTENSIBLE)),
            ("`type:` of a declared fact", code(types)),
            ("`of:` of a group", f"`country` if left out; {code(TREES)}"),
            ("`territories:` of a group", code(TERRITORIES)),
            ("`mode:` of `owned`", code(MODES)),
            ("`state:` of a validity", code(STATES)),
            ("`running:`, and its `begun_before:` and `ended_after:`", code(RUNNING)),
            ("the verdict of an example", code(EXAMPLE_VERDICTS)),
        ),
    )


_DOCUMENTS = {
    DocumentKind.OFFICIAL_STATEMENT: "an authority's own words: a press release, a speech",
    DocumentKind.LEGISLATION: "a law, a regulation, an order",
    DocumentKind.AGREEMENT: "what parties agreed",
    DocumentKind.GUIDELINE: "a guideline, a handbook",
    DocumentKind.NEWS_REPORT: "a report of what others said or did",
    DocumentKind.ANALYSIS: "comment and analysis",
}
_MODALITIES = {
    Modality.PROHIBITS: "says that something is not to be done",
    Modality.REQUESTS_RESTRAINT: "asks someone not to do something",
    Modality.REQUIRES: "asks for something to be done, or makes it a condition",
    Modality.COMMITS: "says what the speaker's own side will do or avoid",
    Modality.PERMITS: "opens, agrees to or welcomes something",
    Modality.LIFTS: "ends an earlier restriction",
    Modality.PREFERS: "ranks ways of doing something and shuts out none",
    Modality.VOICES_CONCERN: "names a risk and asks for nothing in so many words",
    Modality.EXPECTS: "foretells what others may do",
    Modality.STATES: "tells a fact; has no strength",
    Modality.OPEN: "raises a question and leaves it unanswered; has no strength",
}


def _registers() -> str:
    return "\n\n".join(
        table((head, "meaning"), ((f"`{word}`", means) for word, means in words.items()))
        for head, words in (("`kind` of a register", _DOCUMENTS), ("`modality` of a statement", _MODALITIES))
    )


TABLES: Mapping[str, Callable[[], str]] = {
    "policy-keys": _policy_keys,
    "rule-keys": _rule_keys,
    "subjects": _subjects,
    "kinds": _kinds,
    "verdicts": _verdicts,
    "layers": _layers,
    "asked-shapes": _asked_shapes,
    "words": _words,
    "registers": _registers,
}
