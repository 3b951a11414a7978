"""What is drawn, a scenario or a policy: plain data, and the YAML that says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from redline.engine.assume import assume
from redline.engine.check_scenario import check_scenario
from redline.engine.plain import document_of
from redline.engine.read import read_text
from redline.engine.scenarios import scenario_from
from redline.engine.typed import PLAIN, Lexicon
from redline.rules.facts import Scenario
from redline.rules.frozen import dataclass, field
from redline.rules.problems import Refused, errors
from redline.testing.written import Data, Mapped, data, mapped, text


class Printer(Protocol):
    """What hypothesis and IPython show a value with."""

    def text(self, obj: str, /) -> object:
        """Show this."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario or a policy: `data` is what `Engine.check` takes; `scenario` what a scenario was read as
    (None: it was not)."""

    data: Mapped
    scenario: Scenario | None = field(default=None, compare=False)

    @property
    def yaml(self) -> str:
        """What a file would hold."""
        return text(self.data)

    def __repr__(self) -> str:
        return f'draft("""\\\n{self.yaml}""")'

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:  # the protocol's own
        printer.text(repr(self))  # else hypothesis shows every field, the scenario as it was read too


def draft(written: str | Mapping[str, object]) -> Draft:
    """The scenario or policy of a YAML text, or of plain data: a failing example that was shown, to be tried
    again.

    Raises Refused where it cannot be read.
    """
    if isinstance(written, Mapping):
        return Draft(mapped(data(document_of(written).root)))
    documents, problems = read_text(written.encode(), "given text")
    if errors(problems):
        raise Refused(problems)
    return Draft(mapped(data(documents[0].root)))


def consistent(written: Data, lexicon: Lexicon = PLAIN) -> Scenario | None:
    """The scenario as it is read; None where it is read or checked with an error."""
    assert isinstance(written, dict)
    scenario, problems = scenario_from(document_of(written), lexicon)
    if scenario is None or errors(problems) or errors(check_scenario(assume(scenario))):
        return None
    return scenario
