"""The tables of the reference pages, made from the vocabulary, so that no page can lag behind it.

`docs/scenario_reference.md` and `docs/policy_reference.md` hold them between two marks:

    <!-- made: assumptions -->
    ...
    <!-- end -->

`filled` writes what stands between the marks anew; everything else on a page is written by hand.
`tests/test_docs.py` holds the pages to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from redline.engine.assume import CATALOGUE
from redline.engine.catalogue import MODES
from redline.engine.groups import TERRITORIES
from redline.engine.policies import KEYS as POLICY_KEYS
from redline.engine.rules import EXAMPLE_VERDICTS, RUNNING, STATES
from redline.engine.rules import KEYS as RULE_KEYS
from redline.engine.scenarios import KEYS as SCENARIO_KEYS
from redline.engine.sugar import SUGAR
from redline.rules.codes import LIST_ALIASES, LISTS
from redline.rules.countries import STATE_OF_TERRITORY
from redline.rules.facts import Grade
from redline.rules.overlaps import OVERLAPS
from redline.rules.quantities import DATE, MONEY, UNITS
from redline.rules.register import DocumentKind, Modality
from redline.rules.shapes import Field, Shape, Sub, Type
from redline.rules.terms import TREES
from redline.rules.trees import Tree
from redline.rules.verdicts import Kind, Layer, Strength, Verdict, Voice
from redline.rules.vocabulary import ASKED, EXTENSIBLE, STATED, SUBJECTS

_MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_BY_CODE = ("country", "code")


def filled(page: str) -> str:
    """The page with what stands between its marks made anew."""
    return _MADE.sub(lambda mark: f"{mark[1]}\n{TABLES[mark[2]]().strip()}\n\n{mark[3]}", page)


def table_names(page: str) -> tuple[str, ...]:
    """The tables that a page holds."""
    return tuple(mark[2] for mark in _MADE.finditer(page))


# --- how things are shown ----------------------------------------------------------------------


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _link(name: str) -> str:
    return f"[{name.replace('_', ' ')}](#{_anchor(name)})"


def _anchor(name: str) -> str:
    return name.replace("_", "-").replace(" ", "-")


def _typed(kind: Type) -> str:
    """What a value of the type is, with a link to where its terms stand."""
    match kind.sort:
        case "tree" if kind.of == "yes_no":
            return "`yes` or `no`"
        case "tree" if kind.of == "country":
            return "[country code](scenario_reference.md#countries)"
        case "tree" if kind.of == "code":
            return "[control-list entry](scenario_reference.md#control-lists)"
        case "tree":
            return f"[{kind.of.replace('_', ' ')}](scenario_reference.md#terms-{_anchor(kind.of)})"
        case "amount" if kind.of == DATE:
            return "[date](scenario_reference.md#dates)"
        case "amount":
            return f"[{kind.of.replace('_', ' ')}](scenario_reference.md#quantities)"
        case "name":
            return "text"
        case _:
            return f"id of {'an' if kind.sort == 'item' else 'a'} {kind.sort}"


# --- scenarios ---------------------------------------------------------------------------------

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
    return _table(("key", "what it holds"), ((f"`{key}`", _SCENARIO_KEYS[key]) for key in SCENARIO_KEYS))


def _stated_shapes() -> str:
    return "\n\n".join(_stated(shape) for shape in STATED.values())


def _stated(shape: Shape) -> str:
    rows = [
        *((f"`{f.name}`", _typed(f.type), f.means, "", f.asks) for f in shape.fields.values()),
        *(
            (f"`{f.name}`", f"several: {_typed(f.type)}", f.means, _given(f), f.asks)
            for f in shape.many.values()
        ),
        *(
            (f"`{s.name}`", f"several: {_link(s.shape)}", s.means, _given(s), s.asks)
            for s in shape.lists.values()
        ),
    ]
    text = f"### {shape.name}\n\n{shape.means[0].upper()}{shape.means[1:]}.\n\n"
    text += _table(
        ("key", "value", "what it means", "if given, it is", "the question that asks for it"), rows
    )
    if shape.name in SUGAR:
        shorter = ", ".join(f"`{key}` for {_code(full)}" for key, full in SUGAR[shape.name].items())
        text += f"\n\nShorter: {shorter}."
    if shape.name in EXTENSIBLE:
        text += "\n\nPolicies may add [facts of their own](policy_reference.md#declared-facts) to it."
    return text


def _given(thing: Field | Sub) -> str:
    if isinstance(thing, Field) and thing.type.of == "code":
        return "complete for each list named"
    return "complete" if thing.complete else "open"


def _assumptions() -> str:
    return _table(
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
    return _table(("grade", "meaning"), ((f"`{grade.word}`", _GRADES[grade]) for grade in Grade))


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
    return f"; may be {_code(each for each in tree.parents if each in may_be)} too" if may_be else ""


def _units() -> str:
    rows = [(f"`{name}`", _code(u for u in units if u) or "a number alone") for name, units in UNITS.items()]
    return _table(("dimension", "units"), [*rows, (f"`{MONEY}`", "a currency code, such as `1200 EUR`")])


def _lists() -> str:
    aliases = {name: [a for a, full in LIST_ALIASES.items() if full == name] for name in LISTS}
    return _table(
        ("list", "what it is", "also written"),
        ((f"`{name}`", means, _code(aliases[name])) for name, means in LISTS.items()),
    )


def _territories() -> str:
    states = sorted(set(STATE_OF_TERRITORY.values()))
    return _table(
        ("state", "territories with a code of their own"),
        ((f"`{s}`", _code(sorted(t for t, of in STATE_OF_TERRITORY.items() if of == s))) for s in states),
    )


# --- policies ----------------------------------------------------------------------------------

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
    return _table(("key", "needed", "what it holds"), rows)


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
    return _table(("key", "needed", "what it holds"), rows)


def _subjects() -> str:
    return _table(
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
    return _table(("kind", "what comes of it"), ((f"`{kind}`", _KINDS[kind]) for kind in Kind))


_VERDICTS = {
    Verdict.CROSSES: "the line is crossed",
    Verdict.UNDETERMINED: "it cannot be told; the answer names the facts that would tell",
    Verdict.REQUIRES_ASSESSMENT: "someone has to weigh it",
    Verdict.AUTHORISED: "what is asked for is held, by a grant that covers the step",
    Verdict.NOT_CROSSED: "the rule applies, and is not crossed",
    Verdict.NOT_APPLICABLE: "the rule is known not to apply: out of scope, or not in force",
}


def _verdicts() -> str:
    return _table(("verdict", "in answers", "meaning"), ((f"`{v}`", v.words, _VERDICTS[v]) for v in Verdict))


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
        _table((f"`{key}`", "meaning"), ((f"`{word}`", means) for word, means in words.items()))
        for key, words in (("layer", _LAYERS), ("strength", _STRENGTHS), ("voice", _VOICES))
    )


def _asked_shapes() -> str:
    return "\n\n".join(_asked(shape) for shape in ASKED.values())


def _asked(shape: Shape) -> str:
    rows = [
        *((f"`{f.name}: TEST`", _typed(f.type), f.means) for f in shape.fields.values()),
        *((f"`{f.name}: TEST`", f"several: {_typed(f.type)}", f.means) for f in shape.many.values()),
        *(
            (f"`{s.name}: ...`, `{s.name}.FIELD: TEST`", f"part: {_link(s.shape)}", s.means)
            for s in shape.parts.values()
        ),
        *(
            (f"`some {s.name}: ...`, `every {s.name}: ...`", f"list: {_link(s.shape)}", s.means)
            for s in shape.lists.values()
        ),
    ]
    added = next((stated for stated, shapes in EXTENSIBLE.items() if shape.name in shapes), "")
    article = "an" if added[:1] in "aeiou" else "a"
    more = f"\n\nAnd the facts that policies declare on {article} {added}." if added else ""
    head = f"### {shape.name}\n\n{shape.means[0].upper()}{shape.means[1:]}.\n\n"
    return head + _table(("written in a condition", "value", "what it means"), rows) + more


def _words() -> str:
    open_trees = [name for name, tree in TREES.items() if not tree.climb and not tree.closed]
    types = [*UNITS, MONEY, DATE, "yes/no", "name", *TREES]
    return _table(
        ("where", "what can stand there"),
        (
            ("a tree under `extend:`", _code(open_trees)),
            ("what `facts:` can be added to", _code(EXTENSIBLE)),
            ("`type:` of a declared fact", _code(types)),
            ("`of:` of a group", f"`country` if left out; {_code(TREES)}"),
            ("`territories:` of a group", _code(TERRITORIES)),
            ("`mode:` of `owned`", _code(MODES)),
            ("`state:` of a validity", _code(STATES)),
            ("`running:`, and its `begun_before:` and `ended_after:`", _code(RUNNING)),
            ("the verdict of an example", _code(EXAMPLE_VERDICTS)),
        ),
    )


# --- registers ---------------------------------------------------------------------------------

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
        _table((head, "meaning"), ((f"`{word}`", means) for word, means in words.items()))
        for head, words in (("`kind` of a register", _DOCUMENTS), ("`modality` of a statement", _MODALITIES))
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
"""Every table, by the name that its mark gives."""
