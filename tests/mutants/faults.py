"""Faults: small text files that say what is wrong, where, and which test catches it.

The folder is the area.  `from` are whole lines of `file`, as they stand there save for how deep they are
indented, and are found there exactly once; `to` comes in their place.  `caught_by` are laws and tests
that compare with brute force or another interpreter: never an expected output, never a shipped example.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AT_LEAST = 3
"""How many faults each area has."""
AREAS: Mapping[str, tuple[str, ...]] = {
    "content": ("engine/content.py", "engine/parts.py", "engine/shares.py"),
    "reach": ("engine/reach.py",),
    "ownership": ("engine/ownership.py", "engine/holdings.py"),
    "coverage": ("engine/coverage.py", "engine/judgements.py", "engine/undertakings.py"),
    "validity": ("engine/validity.py",),
    "exceptions": ("engine/reference.py", "engine/plan.py", "engine/ground.py", "engine/conclude.py"),
    "sharpening": tuple(
        f"engine/{name}.py"
        for name in ("sharpen", "extremes", "ground", "memo", "further", "case", "formula")
    ),
    "partition": ("engine/plan.py", "rules/values.py"),
    "proofs": ("engine/prove.py",),
    "reference": ("engine/reference.py", "rules/truth.py", "rules/values.py"),
    "kleene": ("engine/kleene.py",),
    "circuit": ("engine/circuit.py",),
    "rete": ("engine/rete*.py",),
    "index": tuple(
        f"flat/{name}.py"
        for name in ("fields", "clauses", "masks", "index", "keys", "field_table", "several", "forms", "line")
    ),
    "columns": tuple(f"flat/{name}.py" for name in ("coded", "layers", "columns", "batch", "tables")),
}
"""Where faults of each area are put.  A new interpreter is one line more, and a folder beside the others."""
NO_INTERPRETERS: Mapping[str, str] = {
    "engine/cells.py": "gathers the facts that a condition looks at; whether it holds the reference says",
    "engine/reads.py": "tells which rules look at what changed; what they say the evaluator does",
    "engine/leaves.py": "names what a rule asks; whether it holds the reference says",
    "engine/unrolled.py": "writes a condition anew over a record without lists, for another to judge",
}
"""What looks into lists and knows of truth, and yet judges no rule."""
JUDGES = (
    "tests/laws/test_laws.py",
    "tests/laws/test_allegations.py",
    "tests/test_laws_of_rows.py",
    "tests/test_testing_laws.py",
    "tests/test_plan.py",
    "tests/test_kleene.py",
    "tests/test_sharpen.py",
    "tests/test_prove.py",
    "tests/test_second_opinion.py",
    "tests/test_diff_brute_force.py",
    "tests/test_derivation_brute_force.py",
    "tests/test_steps_brute_force.py",
    "tests/test_decide.py::test_on_policies_made_by_chance_a_decision_is_what_the_reference_says",
    "tests/test_decide.py::test_on_drawn_policies_a_decision_is_what_the_reference_says",
    "tests/test_decide.py::test_at_every_bound_a_decision_is_what_the_reference_says",
    "tests/test_decide.py::test_where_permissions_and_papers_turn_it_a_decision_is_what_the_reference_says",
    "tests/test_decide.py::test_papers_in_another_order_make_no_difference",
    "tests/test_differential.py::test_columns_say_of_records_over_the_whole_language_what_the_index_says",
    "tests/test_screen.py::test_on_policies_made_by_chance_a_row_is_what_decide_and_check_say",
)
"""The laws and the differential tests.  No other test may be what catches a fault."""


class BadFault(Exception):
    """A fault that cannot be put in, or is none."""


@dataclass(frozen=True)
class Fault:
    """Something wrong, in an area; `old` lines of `file` become `new` ones."""

    area: str
    name: str
    says: str
    file: str
    old: str
    new: str
    caught_by: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.area}/{self.name}"

    def patched(self, source: str) -> str:
        """The source with the fault in it.  Raises BadFault where it does not apply, or changes nothing but
        words and layout."""
        lines, old = source.splitlines(), self.old.splitlines()
        size = len(old)
        places = [
            n
            for n in range(len(lines) - size + 1)
            if dedent("\n".join(lines[n : n + size])) == self.old and lines[n].strip()
        ]
        if len(places) != 1:
            raise BadFault(f"{self}: its lines are {len(places)} times in {self.file}, not once")
        first = lines[places[0]]
        depth = first[: len(first) - len(first.lstrip())]
        lines[places[0] : places[0] + size] = indent(self.new, depth).splitlines()
        patched = "\n".join(lines) + "\n"
        try:
            same = _meaning(patched) == _meaning(source)
        except SyntaxError as error:
            raise BadFault(f"{self}: what comes of it is no Python: {error}") from error
        if same:
            raise BadFault(f"{self}: it changes no code")
        return patched


def _meaning(source: str) -> str:
    """The code without its docstrings and its layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.dump(tree)


def fault(path: Path) -> Fault:
    """The fault of a file.  Raises BadFault where it says too little or too much."""
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict) or set(said) != {"says", "file", "from", "to", "caught_by"}:
        raise BadFault(f"{path.name}: a fault says `says`, `file`, `from`, `to` and `caught_by`")
    old, new = (dedent(str(said[key])).strip("\n") for key in ("from", "to"))
    return Fault(path.parent.name, path.stem, said["says"], said["file"], old, new, tuple(said["caught_by"]))


def faults(folder: Path = HERE) -> Iterator[Fault]:
    """All of them, by area and name."""
    for path in sorted(folder.glob("*/*.yaml")):
        yield fault(path)
