"""Paths from the command line or from Python: changes read, made on what is written, and looked up.

A change is `path=value`, the value in YAML.  The path is one that answers name (`parties.buyer.country`,
`transfers.2.to`, a transfer by its number or its id); `path=` with nothing after it removes; `+` in place of
a number adds at the end; a whole thing is added under an id that is new
(`papers.licence={kind: licence, state: held}`).

* `read_changes`: the texts of an option, read; their places are lines of the option.
* `changed`: a document with changes made, what is not changed as it was, in its place.
* `rewritten`: that document written out as YAML and read again.
* `standing`: what stands at a path, and what the vocabulary says stands there.

A fact is set of what is there: a path below an id that is nowhere names nothing, and is told.  Whether a
value fits its type is told when the changed document is read, at the place of the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redline.engine.characters import quote
from redline.engine.edits import REMOVE, edit
from redline.engine.listings import KNOWN
from redline.engine.possible import MORE
from redline.engine.read import Document, read_text
from redline.engine.scenarios import KEYS, SECTIONS
from redline.engine.show import did_you_mean
from redline.engine.sugar import SUGAR, expanded, spelled_out, vocabulary_key
from redline.engine.typed import PLAIN, Lexicon, tell
from redline.engine.write import to_yaml
from redline.rules.frozen import dataclass, replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Span
from redline.rules.shapes import DAY, Field, Sub
from redline.rules.vocabulary import STATED

Change = tuple[str, Node]
"""A path, and what is to stand there; the text `~remove` (`edits.REMOVE`) removes what stands there."""
_FEW = 12  # ids that a message may list


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a path: the node, if one is written there, and the field or list of the vocabulary that
    it is (an element of a list: what the list is of); no `what` where it is a whole thing."""

    node: Node | None
    what: Field | Sub | None


def read_changes(
    texts: Sequence[str], option: str = "--set"
) -> tuple[list[Change], list[Problem], tuple[str, ...]]:
    """The changes that the texts of an option say; every problem found, placed as the option's lines; and
    these lines, for showing them.  `--unset` takes paths alone."""
    changes: list[Change] = []
    problems: list[Problem] = []
    lines = tuple(" ".join(text.splitlines()) for text in texts)
    for number, text in enumerate(texts, start=1):
        span = Span(option, number, 1, len(lines[number - 1]))
        path, equals, value = text.partition("=")
        if option == "--unset":
            changes.append((text.strip(), Text(REMOVE, span)))
        elif not equals or not path.strip():
            advice = "write `parties.buyer.country=FR`; `parties.buyer.country=` removes"
            tell(problems, "no-change", f"{quote(text)} is not PATH=VALUE", span, advice)
        elif not value.strip():
            changes.append((path.strip(), Text(REMOVE, span)))
        else:
            node = _value(path, value, option, number, problems)
            if node is not None:
                changes.append((path.strip(), node))
    return changes, problems, lines


def _value(path: str, value: str, option: str, number: int, problems: list[Problem]) -> Node | None:
    """The value as YAML, at its place in the option."""
    several = "\n" in value.strip()
    name = f"{option} {path.strip()}" if several else option
    text = value if several else "\n" * (number - 1) + " " * (len(path) + 1) + value.strip()
    documents, found = read_text(text.encode(errors="surrogatepass"), name)
    problems += found
    if len(documents) > 1:
        tell(problems, "no-change", f"more than one value is given for {quote(path)}", documents[1].root.span)
        return None
    return documents[0].root if documents else None


def changed(document: Document, changes: Sequence[Change]) -> tuple[Document, list[Problem]]:
    """The document with the changes made, one after the other; a problem for each path that names nothing."""
    root = document.root
    problems: list[Problem] = []
    good: list[Change] = []
    for path, value in changes:
        if (problem := _nowhere(root, good, path, value)) is not None:
            problems.append(problem)
        else:
            good.append((path, value))
    root, told = edit(root, good)
    problems += [each for each in told if each.code != "added"]  # what is added here is added whole
    paths = {(value.span.document, value.span.line): path for path, value in changes}
    return replace(document, root=root), [_at_its_path(each, paths) for each in problems]


def _at_its_path(problem: Problem, paths: Mapping[tuple[str, int], str]) -> Problem:
    """Of a path that names nothing the path is shown, not the value behind it."""
    path = paths.get((problem.span.document, problem.span.line), "")
    if problem.code != "no-such-path" or problem.span.column != len(path) + 2:
        return problem
    return replace(problem, span=replace(problem.span, column=1, length=len(path)))


def _nowhere(root: Node, before: Sequence[Change], path: str, value: Node) -> Problem | None:
    """What is wrong with a path that goes below an id that is not there."""
    section, _, rest = path.partition(".")
    if section not in SECTIONS or not rest:
        return None
    things = root.get(section) if isinstance(root, Map) else None
    ids = [key.text for key, _ in things if key.text != MORE] if isinstance(things, Map) else []
    ids += [other.partition(".")[2] for other, _ in before if other.startswith(f"{section}.")]
    inside = any(rest == each or rest.startswith(f"{each}.") for each in ids) or rest == MORE
    if inside or (isinstance(value, Map) and "." not in rest):
        return None
    shape = SECTIONS[section]
    word = rest.split(".")[0]
    message = f"the path {quote(path)} names nothing: there is no {shape} {quote(word)}"
    listed = ", ".join(f"`{each}`" for each in dict.fromkeys(ids[:_FEW]))
    advice = did_you_mean(word, ids) or f"add it whole: `{section}.{word}={{...}}`"
    if listed and not advice.startswith("did"):
        advice = f"there are {listed}; or {advice}"
    return Problem("no-such-path", message, value.span, advice)


def rewritten(document: Document) -> Document:
    """The document written out as YAML and read again, under the same name."""
    (again,), _ = read_text(to_yaml(document.root).encode(), document.name)
    return again


# --- looking up --------------------------------------------------------------------------------


def standing(root: Node, path: str, lexicon: Lexicon = PLAIN) -> Standing | None:
    """What stands at the path, also where it is written in a shorter way; None where a path of that form
    names nothing that a scenario could have."""
    top, _, rest = path.partition(".")
    node = root.get(top) if isinstance(root, Map) else None
    if top not in KEYS:
        return None
    if top in SECTIONS:
        if not rest:
            return Standing(node, None)
        ids = [key.text for key, _ in node] if isinstance(node, Map) else []
        ident = max((i for i in ids if rest == i or rest.startswith(f"{i}.")), key=len, default="")
        ident = ident or rest.split(".")[0]
        thing = node.get(ident) if isinstance(node, Map) else None
        return _of_thing(thing, _split(rest[len(ident) + 1 :]), SECTIONS[top], lexicon)
    if top == "transfers":
        return Standing(node, None) if not rest else _in_list(node, _split(rest), "transfer", lexicon)
    return Standing(node, Field("as_of", DAY, "") if top == "as_of" else None) if not rest else None


def _split(path: str) -> list[str]:
    return path.split(".") if path else []


def _of_thing(node: Node | None, way: list[str], shape: str, lexicon: Lexicon) -> Standing | None:
    if not way:
        return Standing(node, None)
    key, *rest = way
    if key in SUGAR.get(shape, {}):
        inner = vocabulary_key(shape, key, rest[0]) if rest else ""
        if inner:
            return _of_thing(node, [inner, *rest[1:]], shape, lexicon)
        key = SUGAR[shape][key][0]
    value = _in_full(node, shape).get(key)
    known = STATED[shape]
    one, many = lexicon.fields(shape).get(key), known.many.get(key)
    if one is not None:
        return Standing(value, one) if not rest else None
    if many is not None:
        if not rest:
            return Standing(value, many)
        found = _in_list(value, rest, "", lexicon)
        return None if found is None else Standing(found.node, many)
    if key in known.lists:
        inside = known.lists[key]
        if not rest:
            return Standing(value, inside)
        return _in_list(value, rest, inside.shape, lexicon)
    return None


def _in_full(node: Node | None, shape: str) -> Mapping[str, Node]:
    """What a thing says, by the keys of the vocabulary."""
    node = None if node is None else spelled_out(shape, node)
    if not isinstance(node, Map):
        return {}
    return {
        name.text: inner for key, each in node for name, inner in expanded(shape, key, each, "", problems=[])
    }


def _in_list(node: Node | None, way: list[str], shape: str, lexicon: Lexicon) -> Standing | None:
    """What stands in a list, by number or by id; `+` is what would be added."""
    if isinstance(node, Map) and node.get(KNOWN) is not None:
        node = node.get(KNOWN)
    elements = node.items if isinstance(node, Seq) else () if node is None else (node,)
    word, *rest = way
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 8 else 0
    element = elements[number - 1] if 0 < number <= len(elements) else None
    if element is None and word != "+":
        for each in elements:
            ident = each.get("id") if isinstance(each, Map) else None
            here = ".".join(way)
            if isinstance(ident, Text) and (here == ident.text or here.startswith(f"{ident.text}.")):
                element, rest = each, _split(here[len(ident.text) + 1 :])
                break
        else:
            return None
    if shape:
        return _of_thing(element, rest, shape, lexicon)
    return Standing(element, None) if not rest else None
