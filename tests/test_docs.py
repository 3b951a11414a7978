"""The docs hold: every block runs and shows what comes, every link leads somewhere, nothing is left out.

Blocks of a page are taken in order, in a folder of its own:

* ```yaml file=NAME       is written there under that name; it has to be read without an error (policies,
                          and scenarios and registers beside them)
* ```yaml scenario        a part of a scenario, read as one
* ```yaml condition=SHAPE one condition, or a list of them, asked of a SHAPE with the words of the last policy
* ```yaml                 anything else that is YAML
* ```yaml bad=NAME        as `file=`, for a file that is wrong on purpose
* ```yaml wrong=SHAPE     a condition that is wrong on purpose; ```text message after it shows what is told
* ```console              each `$ redline ...` is run there and compared with what stands below it;
                          `head=N` shows the first N lines, then `...`; `at=root` runs it in this repository;
                          `fails` lets examples of `redline test` fail, which else is never shown;
                          `$ echo $?` shows the last exit code; `printf '...' | redline ...` says it to it
* ```pycon                run as a doctest

`make refresh` writes what commands and tables show anew; the diff is then reviewed.
"""

from __future__ import annotations

import doctest
import io
import re
import shlex
from collections.abc import Iterable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import click
import pytest

from redline.analysis.costs import read_costs
from redline.analysis.network_file import read_network
from redline.engine.conditions import Conditions
from redline.engine.load import Library, load
from redline.engine.policies import KEYS as POLICY_KEYS
from redline.engine.policies import is_policy
from redline.engine.read import Document, read_text
from redline.engine.registers import register_from
from redline.engine.rules import EXAMPLE_VERDICTS
from redline.engine.rules import KEYS as RULE_KEYS
from redline.engine.scenarios import KEYS as SCENARIO_KEYS
from redline.engine.scenarios import scenario_from
from redline.engine.show import show
from redline.engine.typed import PLAIN, Lexicon
from redline.engine.words import asked_shapes
from redline.flat.fields import fields_of
from redline.flat.mapping import mapping_of
from redline.front import cli as command_line
from redline.front.reference_pages import TABLES, filled, table_names
from redline.rules.codes import LIST_ALIASES, LISTS
from redline.rules.node import Map, Seq
from redline.rules.policy import Group, Interpretation
from redline.rules.problems import Problem, errors
from redline.rules.quantities import UNITS
from redline.rules.terms import TREES
from redline.rules.vocabulary import ASKED, STATED

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.glob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_BLOCK = re.compile(r"^```(?P<word>[a-z]+)(?P<says>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r'\b(?:Problem|tell|Fault)\(\s*(?:[\w.]*problems,\s*)?"([a-z][a-z0-9-]+)"')
_HELD_BACK = ("second opinion", "no second opinion")


# --- blocks ------------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def _what_ships_is_loaded_once() -> Iterator[None]:
    """Commands that use the policies that ship share one reading of them."""
    once: dict[str, Library] = {}

    def kept(
        policies: list[str | Path] | None = None,
        registers: list[str | Path] | None = None,
        scenarios: Iterable[str | Path] = (),
    ) -> Library:
        if policies is not None or registers is not None or tuple(scenarios):
            return load(policies, registers, scenarios)
        if not once:
            once["ships"] = load()
        return once["ships"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("redline.engine.load.load", kept)
        yield


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(line: str, folder: Path, *, terminal: bool = False, said: str = "") -> tuple[str, int]:
    """What a command shows on both streams, and its exit code."""
    words = shlex.split(line)
    assert words[0] == "redline", f"only `redline` is run: {line}"
    shown = _Terminal() if terminal else io.StringIO()
    with chdir(folder), redirect_stdout(shown), redirect_stderr(shown), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(said))
        code = command_line.run(words[1:])
    text = "\n".join(part.rstrip() for part in shown.getvalue().rstrip("\n").split("\n"))
    return text.strip("\n"), code


def console(body: str, says: str, folder: Path) -> str:
    """A console block with what its commands show now."""
    head = re.search(r"head=(\d+)", says)
    shown, code = [], 0
    for line in re.findall(r"^\$ (.*)$", body, re.MULTILINE):
        shown.append(f"$ {line}")
        if line == "echo $?":
            shown.append(str(code))
            continue
        said, _, command = line.rpartition(" | ")
        said = said.removeprefix("printf '").removesuffix("'").replace("\\n", "\n")
        text, code = run(command, folder, said=said)
        assert code != command_line.INTERNAL, text
        assert ("✗ " in text) <= ("fails" in says or not line.startswith("redline test")), text
        lines = text.split("\n") if text else []
        if head and len(lines) > int(head[1]):
            lines = [*lines[: int(head[1])], "..."]
        shown += lines
    return "\n".join(shown) + "\n"


def check_yaml(body: str, says: str, folder: Path) -> None:
    """What a YAML block holds is read, and nothing is wrong with it."""
    said = dict(re.findall(r"(\w+)=(\S+)", says))
    name = said.get("file") or said.get("bad") or "block"
    if name != "block":
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        if "bad" in said:
            return
    documents, problems = read_text(body.encode(), name)
    assert not errors(problems), show(problems, {name: body.split("\n")})
    if "scenario" in says.split():
        body = f"redline: 1\nscenario: part\n{body}"
        documents, problems = read_text(body.encode(), name)
        problems += scenario_from(documents[0], PLAIN)[1]
        assert not errors(problems), show(problems, {name: body.split("\n")})
    elif "condition" in said:
        check_conditions(documents[0], said["condition"], folder, body)
    elif "file" in said:
        loaded = load(policies=[folder / name], registers=None) if _holds_policy(documents) else None
        found = list(loaded.problems) if loaded else []
        for document in documents:
            if isinstance(document.root, Map) and document.root.get("register") is not None:
                found += register_from(document)[1]
            elif isinstance(document.root, Map) and document.root.get("costs") is not None:
                found += read_costs(folder / name)[1]
            elif isinstance(document.root, Map) and document.root.get("network") is not None:
                found += read_network(folder / name, PLAIN)[1]
            elif isinstance(document.root, Map) and document.root.get("mapping") is not None:
                mapping_of(folder / name, fields_of(PLAIN))
            elif not is_policy(document):
                found += scenario_from(document, loaded.lexicon if loaded else _words(folder)[0])[1]
        assert not errors(found), show(found, {str(folder / name): body.split("\n"), name: body.split("\n")})


def _holds_policy(documents: list[Document]) -> bool:
    return any(is_policy(document) for document in documents)


def _words(folder: Path) -> tuple[Lexicon, dict[str, Group], dict[str, Interpretation], Map]:
    """The words of the last policy written: its lexicon, groups, interpretations and definitions."""
    groups: dict[str, Group] = {}
    interpretations: dict[str, Interpretation] = {}
    written = Map(())
    paths = [path for path in folder.glob("*.yaml") if "\npolicy:" in path.read_text(encoding="utf-8")]
    paths = sorted(paths, key=lambda path: path.stat().st_mtime_ns)[-1:]
    loaded = load(policies=paths)
    for path in paths:
        for document in read_text(path.read_bytes(), str(path))[0][:1]:
            define = document.root.get("define") if isinstance(document.root, Map) else None
            written = define if isinstance(define, Map) else written
    for policy in loaded.policies:
        groups |= policy.groups
        interpretations |= policy.interpretations
    return loaded.lexicon, groups, interpretations, written


def check_conditions(document: Document, shape: str, folder: Path, body: str) -> None:
    """Each condition of the document can be asked of the shape."""
    problems = condition_problems(document, shape, folder)
    assert not problems, show(problems, {"block": body.split("\n")})


def wrong(body: str, says: str, folder: Path) -> str:
    """What is told of a condition that is wrong on purpose."""
    documents, problems = read_text(body.encode(), "policy.yaml")
    for document in documents:
        problems += condition_problems(document, says.partition("wrong=")[2].split()[0], folder)
    assert problems, f"nothing is wrong with:\n{body}"
    return show(problems, {"policy.yaml": body.split("\n")}).strip("\n") + "\n"


def condition_problems(document: Document, shape: str, folder: Path) -> list[Problem]:
    """What is wrong with the condition, or the list of conditions, asked of a shape."""
    lexicon, groups, interpretations, written = _words(folder)
    nodes = document.root.items if isinstance(document.root, Seq) else (document.root,)
    problems: list[Problem] = []
    defined = {key.text: node for key, node in written}
    reader = Conditions("page", asked_shapes(lexicon), lexicon, groups, interpretations, defined, problems)
    for node in nodes:
        reader.read(node, shape)
    return problems


def checked(page: str, folder: Path) -> str:
    """The page with what its commands show now; every other block is checked on the way."""
    told = ""
    names: dict[str, object] = {}

    def block(found: re.Match[str]) -> str:
        nonlocal told
        word, says, body = found["word"], found["says"], found["body"]
        match word:
            case "yaml" if "wrong=" in says:
                told = wrong(body, says, folder)
            case "yaml":
                check_yaml(body, says, folder)
            case "text" if "message" in says:
                body = told
            case "console":
                body = console(body, says, ROOT if "at=root" in says else folder)
            case "pycon":
                check_python(body, folder, names)
            case "toml" | "text" | "mermaid" | "sh":
                pass
            case _:
                pytest.fail(f"nothing is known of a block of {word}")
        return f"```{word}{says}\n{body}```"

    return _BLOCK.sub(block, page)


def check_python(body: str, folder: Path, names: dict[str, object]) -> None:
    """A block of the Python prompt shows what comes; the blocks of a page share their names."""
    case = doctest.DocTestParser().get_doctest(body, {}, "block", "block", 0)
    case.globs = names
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    with chdir(folder):
        runner.run(case, out=told.append, clear_globs=False)
    assert not runner.failures, "".join(told)


@pytest.mark.parametrize("name", NAMES)
def test_every_block_of_the_page_holds(name: str, tmp_path: Path, refresh: bool) -> None:
    """What the page shows is what comes."""
    page = (ROOT / name).read_text(encoding="utf-8")
    now = checked(page, tmp_path)
    if refresh:
        (ROOT / name).write_text(now, encoding="utf-8", newline="\n")
    else:
        assert _lines(now) == _lines(page), f"{name} shows something else: `make refresh` writes it anew"


def _lines(page: str) -> list[str]:
    """The lines of a page, save those that tell of the second opinion, which not every machine can have."""
    return [line for line in page.split("\n") if line and not line.startswith(_HELD_BACK)]


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_of_the_page_are_current(name: str, refresh: bool) -> None:
    """What is made from the vocabulary is made from this one."""
    page = (ROOT / name).read_text(encoding="utf-8")
    now = filled(page)
    if refresh:
        (ROOT / name).write_text(now, encoding="utf-8", newline="\n")
    else:
        assert now == page, f"{name} is behind the vocabulary: `make refresh` writes its tables anew"


# --- nothing is left out -----------------------------------------------------------------------


def _page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _missing(page: str, names: Iterator[str] | list[str]) -> list[str]:
    return sorted({name for name in names if f"`{name}`" not in page and f"`{name}:" not in page})


def test_every_table_stands_on_a_page() -> None:
    """No table is made in vain."""
    on_pages = [name for page in PAGES for name in table_names(page.read_text(encoding="utf-8"))]
    assert sorted(on_pages) == sorted(TABLES)


def test_the_scenario_reference_names_everything() -> None:
    """Every key, term, unit and list can be looked up."""
    page = _page("scenario_reference.md")
    names = [*SCENARIO_KEYS, *LISTS, *LIST_ALIASES, *UNITS]
    names += [unit for units in UNITS.values() for unit in units if unit]
    names += [name for shape in STATED.values() for name in shape.names()]
    names += [term for tree in TREES.values() for term in tree.parents]
    assert _missing(page, names) == []


def test_the_policy_reference_names_everything() -> None:
    """Every key, every question and every word of a policy can be looked up."""
    page = _page("policy_reference.md")
    keys = [key for each in (*POLICY_KEYS, *RULE_KEYS) for key in each]
    assert _missing(page, [*keys, *EXAMPLE_VERDICTS]) == []
    for shape in ASKED.values():
        section = page.split(f"### {shape.name}\n")[1].split("\n### ")[0]
        for name in (*shape.fields, *shape.many):
            assert f"`{name}: TEST`" in section, f"{shape.name}.{name}"
        for name in shape.lists:
            assert f"`some {name}: ...`" in section, f"some {name} of {shape.name}"
        for name in shape.parts:
            assert f"`{name}: ...`" in section, f"{shape.name}.{name}"


def test_every_problem_is_explained() -> None:
    """Every code that the engine can tell has its section, and none has one in vain."""
    told = set(_CODE.findall(_source()))
    explained = set(re.findall(r"^### ([a-z0-9-]+)$", _page("problems.md"), re.MULTILINE))
    assert sorted(told - explained) == []
    assert sorted(explained - told - _named_apart()) == []


def _named_apart() -> set[str]:
    """Codes that are chosen where the problem is told: words of the source that look like one."""
    return {"internal", *re.findall(r'"([a-z]+(?:-[a-z0-9]+)*)"', _source())}


def _source() -> str:
    folders = ("engine", "flat", "answers", "analysis", "front")
    files = (path for folder in folders for path in sorted((ROOT / folder).glob("*.py")))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            assert inner is not None
            yield from _commands(inner, f"{name} {each}")


def test_every_command_and_option_is_told() -> None:
    """What `--help` lists, the docs tell."""
    page = _page("commands.md")
    for name, command in _commands(command_line.cli, "redline"):
        assert name in page, name
        for parameter in command.params:
            for option in parameter.opts if isinstance(parameter, click.Option) else ():
                assert f"`{option}" in page, f"{name} {option}"


# --- links -------------------------------------------------------------------------------------


def _anchors(page: str) -> set[str]:
    plain = _BLOCK.sub("", page)
    heads = re.findall(r"^#+ (.+)$", plain, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    """Every file and every heading that is linked to is there."""
    page = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", _BLOCK.sub("", page)):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), f"{name}: {target}"
        if anchor and file.suffix == ".md":
            assert anchor in _anchors(file.read_text(encoding="utf-8")), f"{name}: {target}"


# --- the answer, as a picture --------------------------------------------------------------------

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_DEMO = "check scenarios/radar-through-a-shipyard.yaml"


def test_the_picture_shows_the_answer_of_the_demo(refresh: bool) -> None:
    """`docs/answer.svg` is a picture of the terminal after `make demo`."""
    from html import unescape

    from rich.console import Console
    from rich.text import Text

    shown, code = run(f"redline --color always {_DEMO}", ROOT, terminal=True)
    assert code == 1, shown
    assert _ANSI.search(shown), "the picture is in colour"

    picture = DOCS / "answer.svg"
    if refresh:
        terminal = Console(record=True, width=102, file=io.StringIO(), force_terminal=True)
        terminal.print(Text.from_ansi(f"$ redline {_DEMO}\n{shown}\n"))
        drawn = terminal.export_svg(title="redline", unique_id="answer")
        picture.write_text(drawn, encoding="utf-8", newline="\n")
    svg = unescape(picture.read_text(encoding="utf-8")).replace("\xa0", " ")
    words = re.sub(r"\s+", "", "".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))
    for line in _ANSI.sub("", shown).split("\n"):
        if not line.startswith(_HELD_BACK):
            assert re.sub(r"\s+", "", line) in words, f"docs/answer.svg lacks: {line}"
