"""`redline lint`: the checks on style and safety of policies, and which of their findings are accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from redline.analysis.lint_dates import dates, requirements
from redline.analysis.lint_examples import examples
from redline.analysis.lint_exceptions import exceptions
from redline.analysis.lint_logic import logic
from redline.analysis.lint_names import lists, names
from redline.analysis.lint_on import Linted, Settings, finding, linted
from redline.analysis.lint_sources import sources
from redline.engine.characters import quote
from redline.engine.library import Library
from redline.engine.show import did_you_mean, in_order
from redline.rules.frozen import dataclass
from redline.rules.lint import LINTS
from redline.rules.node import Map, Node, Seq, Text
from redline.rules.problems import Problem, Span

_CHECKS: tuple[Callable[[Linted], Iterator[Problem]], ...] = (
    sources,
    lists,
    names,
    logic,
    exceptions,
    dates,
    requirements,
    examples,
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that the policy accepts, with its reason."""

    problem: Problem
    reason: str


def lint(
    library: Library, settings: Settings | None = None, codes: Iterable[str] = LINTS
) -> tuple[list[Problem], list[Accepted]]:
    """What is found of these codes in the loaded policies, in order of place; and what is accepted."""
    wanted = frozenset(codes)
    found: list[Problem] = []
    accepted: list[Accepted] = []
    for on in linted(library, settings or Settings()):
        acceptances = [*_acceptances(on)]
        used: set[Span] = set()
        for problem in (p for check in _CHECKS for p in check(on)):
            by = [a for a in acceptances if a.code == problem.code and a.covers(problem)]
            used |= {a.key.span for a in by}
            if problem.code not in wanted:
                continue
            if by:
                accepted.append(Accepted(problem, by[0].reason))
            else:
                found.append(problem)
        if "accepts-nothing" in wanted:
            found += [p for a in acceptances if a.key.span not in used and (p := _in_vain(a)) is not None]
    return in_order(found), accepted


@dataclass(frozen=True, slots=True)
class _Acceptance:
    """A code with its reason, and the lines for which it is accepted: those of a rule, or all."""

    key: Text
    reason: str
    lines: range | None

    @property
    def code(self) -> str:
        return self.key.text

    def covers(self, problem: Problem) -> bool:
        places = (problem.span, *(other.span for other in problem.related))
        return self.lines is None or any(
            place.line in self.lines and place.document == self.key.span.document for place in places
        )


def _acceptances(on: Linted) -> Iterator[_Acceptance]:
    """Those of the rules first, so that the nearest reason is given."""
    for rule in on.policy.rules:
        node = on.rule_as_written(rule)
        lines = range(node.span.line, _last_line(node) + 1)
        for key in _keys(node.get("accept")):
            yield _Acceptance(key, rule.accepts[key.text], lines)
    for key in _keys(on.written.get("accept")):
        yield _Acceptance(key, on.policy.accepts[key.text], None)


def _keys(node: Node | None) -> tuple[Text, ...]:
    return tuple(key for key, _ in node) if isinstance(node, Map) else ()


def _last_line(node: Node) -> int:
    match node:
        case Text(span=span):
            return span.line
        case Seq(items, span):
            return max((span.line, *(_last_line(item) for item in items)))
        case Map(entries, span):
            return max((span.line, *(_last_line(value) for _, value in entries)))


def _in_vain(acceptance: _Acceptance) -> Problem | None:
    """An acceptance that nothing was found for; None where another command may know the code."""
    code, span = acceptance.code, acceptance.key.span
    if code in LINTS:
        return finding("accepts-nothing", f"nothing is found of {quote(code)}", span)
    near = did_you_mean(code, LINTS)
    if near:
        return finding("accepts-nothing", f"there is no code {quote(code)}", span, advice=near)
    return None
