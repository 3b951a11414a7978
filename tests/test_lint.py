"""`redline lint`: every form on its page gives what the page says, and what ships is clean."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from redline.analysis.lint import lint
from redline.analysis.lint_on import Settings
from redline.engine.load import Library, load
from redline.engine.read import read_text
from redline.engine.show import show
from redline.engine.write import to_yaml
from redline.front.cli import cli
from redline.rules.lint import LINTS
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Severity
from redline.rules.quantities import parse_date

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```yaml lint=(bad|good)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTIONS = {part.split("\n", 1)[0]: part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]}
_BASE = re.search(r"^```yaml file=base.yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FORMS = [
    (code, word, i, body)
    for code, section in _SECTIONS.items()
    for i, (word, body) in enumerate(_BLOCK.findall(section))
]


def _overlaid(base: Node | None, over: Node, *, deep: bool) -> Node:
    """The mapping with the keys of another in place of its own; `~remove` takes one away."""
    if not isinstance(base, Map) or not isinstance(over, Map):
        return over
    kept = {key.text: value for key, value in base}
    for key, value in over:
        if isinstance(value, Text) and value.text == "~remove":
            kept.pop(key.text, None)
        else:
            kept[key.text] = _overlaid(kept.get(key.text), value, deep=True) if deep else value
    return Map(tuple((Text(name), value) for name, value in kept.items()))


def _changed(policy: Map, form: Map) -> Node:
    listed = policy.get("rules")
    assert isinstance(listed, Seq)
    rules: list[Node | None] = list(listed.items)
    keys = []
    for key, value in form:
        if key.text in ("rule", "permit"):
            at = ("rule", "permit").index(key.text)
            removed = isinstance(value, Text) and value.text == "~remove"
            rules[at] = None if removed else _overlaid(rules[at], value, deep=False)
        elif key.text == "also":
            assert isinstance(value, Seq)
            rules += [_overlaid(listed.items[0], each, deep=False) for each in value.items]
        else:
            keys.append((key, value))
    whole = _overlaid(policy, Map(tuple(keys)), deep=True)
    return _overlaid(
        whole, Map(((Text("rules"), Seq(tuple(r for r in rules if r is not None))),)), deep=False
    )


def _loaded(form: str, folder: Path) -> Library:
    """The policy of the page with the differences of a form."""
    assert _BASE is not None
    policy, *beside = (document.root for document in read_text(_BASE[1].encode(), "base.yaml")[0])
    (difference,) = (document.root for document in read_text(form.encode(), "form.yaml")[0])
    assert isinstance(policy, Map)
    assert isinstance(difference, Map)
    path = folder / "policy.yaml"
    path.write_text("---\n".join(to_yaml(root) for root in (_changed(policy, difference), *beside)))
    loaded = load(policies=[path])
    assert loaded.usable, show(loaded.problems, loaded.texts)
    return loaded


@pytest.mark.parametrize(
    ("code", "word", "number", "form"), FORMS, ids=[f"{c}-{w}-{i}" for c, w, i, _ in FORMS]
)
def test_every_form_of_the_page_gives_what_it_says(
    code: str, word: str, number: int, form: str, tmp_path: Path
) -> None:
    """A bad form gives its code and no other, a good one nothing."""
    loaded = _loaded(form, tmp_path)
    found, _ = lint(loaded)
    shown = show(found, loaded.texts)
    assert {problem.code for problem in found} == ({code} if word == "bad" else set()), shown
    for problem in found:
        assert problem.span.line >= 1, f"{number}: {shown}"
        assert problem.help
        assert problem.severity is LINTS[code].severity


def test_the_page_has_every_code_with_its_forms() -> None:
    """None is left out or told in vain; each has its severity, its meaning, a bad and a good form."""
    assert list(_SECTIONS) == list(LINTS)
    for code, section in _SECTIONS.items():
        assert f"**{LINTS[code].severity}**: {LINTS[code].means}." in section, code
        assert f"To mend it: {LINTS[code].help}." in section, code
        assert {word for word, _ in _BLOCK.findall(section)} == {"bad", "good"}, code


def test_what_ships_is_clean() -> None:
    """Every finding in the policies that ship is accepted with its reason."""
    loaded = load()
    found, accepted = lint(loaded)
    assert found == [], show(found, loaded.texts)
    assert all(each.reason for each in accepted)


def test_what_can_clear_wrongly_is_an_error() -> None:
    """Whoever lets through errors alone still sees what is unsafe."""
    for code in ("upstream-clears", "silence-clears", "never-holds", "strength-differs", "weaker-permission"):
        assert LINTS[code].severity is Severity.ERROR


def test_a_list_is_held_against_the_day_that_is_given_and_never_the_clock(tmp_path: Path) -> None:
    """`--as-of` goes before the edition; the age allowed is the last day that is allowed."""
    loaded = _loaded("{}", tmp_path)
    for day, age, wanted in (("2027-01-02", 366, []), ("2027-01-03", 366, ["list-out-of-date"])):
        found, _ = lint(loaded, Settings(parse_date(day), age))
        assert [problem.code for problem in found] == wanted
    assert [p.code for p in lint(loaded, Settings(None, 30))[0]] == ["list-out-of-date"]


def test_an_acceptance_of_a_rule_covers_that_rule_alone(tmp_path: Path) -> None:
    """The other rule with the same finding is still told; one of the policy covers both."""
    bad = "{validity: {from: 2026-01-01}, id: %s, says: Radars stay %s., accept: %s}"
    twice = "\n".join(
        (
            "rule: {validity: {from: 2026-01-01}, accept: {no-running: the circular is silent}}",
            "also: [%s]" % (bad % ("again", "here", "{}")),
        )
    )
    found, accepted = lint(_loaded(twice.replace("accept: {}", "scope: {from.country: SM}"), tmp_path))
    assert [problem.code for problem in found] == ["no-running"]
    assert [each.reason for each in accepted] == ["the circular is silent"]
    whole = twice.replace("accept: {}", "scope: {from.country: SM}").replace(
        ", accept: {no-running: the circular is silent}", ""
    )
    found, accepted = lint(_loaded(f"{whole}\naccept: {{no-running: the circular is silent}}", tmp_path))
    assert found == []
    assert len(accepted) == 2


def test_a_code_that_is_not_looked_for_is_not_found_and_its_acceptance_stands(tmp_path: Path) -> None:
    """`--ignore` and `--select` narrow what is told, not what acceptances are held against."""
    form = "rule: {validity: {from: 2026-01-01}, accept: {no-running: the circular is silent}}"
    loaded = _loaded(form, tmp_path)
    assert lint(loaded, codes=[code for code in LINTS if code != "no-running"]) == ([], [])


def test_a_code_that_is_misspelt_in_an_acceptance_is_told(tmp_path: Path) -> None:
    """Codes of other commands are let stand; one that is nearly a code of lint is not."""
    found, _ = lint(_loaded("accept: {no-runing: silent, some-code-of-another-command: silent}", tmp_path))
    assert [(problem.code, problem.help) for problem in found] == [
        ("accepts-nothing", "did you mean `no-running`?")
    ]


def test_the_hooks_run_commands_that_there_are() -> None:
    """Each hook of `.pre-commit-hooks.yaml` runs a command of ours, and is named in the docs."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_bytes()
    (document,) = (document.root for document in read_text(text, "hooks")[0])
    assert isinstance(document, Seq)
    for hook in document.items:
        assert isinstance(hook, Map)
        name, entry = hook.get("id"), hook.get("entry")
        assert isinstance(name, Text)
        assert isinstance(entry, Text)
        program, command = entry.text.split()
        assert program == "redline"
        assert cli.get_command(click.Context(cli), command) is not None
        assert f"id: {name.text}" in PAGE


def test_the_template_of_a_policy_is_clean() -> None:
    """Nobody begins with what is then found."""
    loaded = load([ROOT / "front" / "new_policy.yaml"])
    found, accepted = lint(loaded)
    assert (found, accepted) == ([], []), show(found, loaded.texts)
