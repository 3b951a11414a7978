"""Examples as YAML, and into the file of their policy: appended under their rule, nothing else touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from textwrap import wrap

from redline.analysis.examples import examples_tried
from redline.analysis.generate import Made
from redline.analysis.untested import TRUTHS
from redline.engine.library import Library
from redline.engine.read import read_text
from redline.engine.reference import name
from redline.engine.write import to_yaml
from redline.rules.frozen import replace
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.policy import Example, Policy

WIDTH = 110


def example_lines(made: Made, indent: int) -> list[str]:
    """The example as an element of a list, with a comment that says what it is for."""
    space = " " * indent
    words = "; ".join(f"{leaf.words} is {TRUTHS[truth]}" for leaf, truth in made.decides)
    comment = wrap(words, WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
    written = wrap(
        _flow(made.example), WIDTH, initial_indent=f"{space}- ", subsequent_indent=f"{space}   ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [*(f"{space}# {line}" for line in comment), *written]


def _flow(example: Example) -> str:
    entries = [f"{example.verdict}: {_scalar(example.scenario)}"]
    if example.changes:
        entries.append(f"with: {{{', '.join(f'{_scalar(p)}: {_node(v)}' for p, v in example.changes)}}}")
    if example.readings:
        entries.append(
            f"reading: {{{', '.join(f'{_scalar(k)}: {_scalar(v)}' for k, v in example.readings.items())}}}"
        )
    return f"{{{', '.join((*entries, 'unconfirmed: true'))}}}"


def _node(node: Node) -> str:
    match node:
        case Text():
            return to_yaml(node).strip() if node.text != "~remove" else node.text
        case Seq(items):
            return f"[{', '.join(_node(item) for item in items)}]"
        case Map(entries):
            return f"{{{', '.join(f'{_scalar(key.text)}: {_node(value)}' for key, value in entries)}}}"


def _scalar(text: str) -> str:
    return to_yaml(Text(text)).strip()


def yaml_lines(made: Iterable[Made]) -> list[str]:
    """All of them, under the names of their rules, ready to be pasted."""
    lines: list[str] = []
    rule = None
    for each in made:
        if each.rule is not rule:
            rule = each.rule
            lines += ["", f"# {rule.policy}/{rule.id}   {rule.span}"]
        lines += example_lines(each, 6)
    return lines


# --- into a file ---------------------------------------------------------------------------------


def written(library: Library, made: Sequence[Made], again: Callable[[], Library]) -> list[str]:
    """Appends the examples in the files of their policies, and tells of each file what became of it; `again`
    loads everything anew.

    A file that does not read afterwards, or whose rules are no longer the same, is put back as it was.
    """
    told = []
    for policy in library.policies:
        own = [each for each in made if each.rule.policy == policy.id]
        if own:
            told.append(f"{policy.document}: {_written(policy, own, again)}")
    return told or ["there was nothing to write"]


def _written(policy: Policy, made: Sequence[Made], again: Callable[[], Library]) -> str:
    path = Path(policy.document)
    if not path.is_file():
        return "not written: name the file by `--policy` or `--add-policy`"
    before = path.read_bytes()
    text = inserted(before.decode("utf-8"), policy.document, policy.id, made)
    if text is None:
        return "not written: no place was found after the examples; paste them by hand"
    path.write_bytes(text.encode("utf-8"))
    if not _as_meant(again(), policy, made):
        path.write_bytes(before)
        return "not written: it would not have read as meant, and was put back"
    return f"{len(made)} examples added"


def _as_meant(library: Library, policy: Policy, made: Sequence[Made]) -> bool:
    """Whether the policy reads as the same rules, with the examples there were and after them the new ones,
    which come as expected."""
    after = next((found for found in library.policies if found.id == policy.id), None)
    if after is None or len(after.rules) != len(policy.rules):
        return False
    for old, new in zip(policy.rules, after.rules, strict=True):
        added = [replace(each.example, unconfirmed=True) for each in made if each.rule.id == old.id]
        if new != old or new.examples != (*old.examples, *added):
            return False
        if added and not all(
            tried.passed for tried in examples_tried(library, name(new)) if tried.unconfirmed
        ):
            return False
    return True


def inserted(text: str, name: str, policy: str, made: Iterable[Made]) -> str | None:
    """The text of a policy's file with the examples appended under their rules; None where the examples of
    one of them stand in one line, so that there is no place for more."""
    documents, problems = read_text(text.encode(), name)
    lines = text.split("\n")
    at: list[tuple[int, list[str]]] = []
    by_rule: dict[str, list[Made]] = {}
    for each in made:
        by_rule.setdefault(each.rule.id, []).append(each)
    roots = [d.root for d in documents if isinstance(d.root, Map) and _text(d.root, "policy") == policy]
    if problems or len(roots) != 1:
        return None
    rules = roots[0].get("rules")
    for rule in rules.items if isinstance(rules, Seq) else ():
        if isinstance(rule, Map) and (found := by_rule.pop(_text(rule, "id"), None)) is not None:
            place = _place(rule, lines)
            if place is None:
                return None
            line, indent, head = place
            new = [written for each in found for written in example_lines(each, indent)]
            at.append((line, [*head, *new]))
    ending = "\r" if lines and lines[0].endswith("\r") else ""
    for line, new in sorted(at, reverse=True):
        lines[line:line] = [written + ending for written in new]
    return None if by_rule else "\n".join(lines)


def _place(rule: Map, lines: Sequence[str]) -> tuple[int, int, list[str]] | None:
    """After which line examples go, how far in, and what must stand before them."""
    examples = rule.get("examples")
    if isinstance(examples, Seq) and examples.items:
        last = examples.items[-1].span.line - 1
        if not lines[last].lstrip().startswith("- "):
            return None
        indent = _indent(lines[last])
        return _end(lines, last, indent), indent, []
    if examples is not None:
        return None
    last_key = rule.entries[-1][0]
    column = last_key.span.column - 1
    return _end(lines, last_key.span.line - 1, column), column + 2, [f"{' ' * column}examples:"]


def _end(lines: Sequence[str], first: int, indent: int) -> int:
    """The first line after that one that does not lie deeper; blank lines before it are not counted in."""
    after = first + 1
    for number in range(first + 1, len(lines)):
        if lines[number].strip() and _indent(lines[number]) <= indent:
            break
        if lines[number].strip():
            after = number + 1
    return after


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _text(node: Map, key: str) -> str:
    found = node.get(key)
    return found.text if isinstance(found, Text) else ""
