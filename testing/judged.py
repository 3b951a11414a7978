"""From texts to verdicts, and how the verdicts before and after a change are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redline.engine.run import Bench, Run, judge
from redline.rules.finding import Finding
from redline.rules.policy import Rule
from redline.rules.verdicts import HARMLESS, Verdict, worst
from redline.testing.written import Data, document, text

Subject = tuple[str, str | int]
"""A transfer by its number from 0, or another thing by its kind and id."""
Verdicts = Mapping[tuple[str, Subject], Verdict]
"""What each rule (by its full name) says of each subject, several steps of one transfer together."""


def run(
    by: Bench, scenario: Data, *, explained: bool = False, wanted: Callable[[Rule], bool] | None = None
) -> Run:
    """The scenario judged, written as YAML and read again."""
    return judge(by, document(scenario), wanted, explained=lambda _: explained)


def verdicts(of: Run) -> Verdicts:
    """The verdicts, rolled up by rule and transfer."""
    assert of.conclusion is not None, of.problems
    found: defaultdict[tuple[str, Subject], list[Verdict]] = defaultdict(list)
    for finding in of.conclusion.findings:
        found[name(finding.rule), subject(finding)].append(finding.verdict)
    return {key: worst(each) for key, each in found.items()}


def subject(of: Finding) -> Subject:
    """What a finding is about, told alike before and after a change."""
    if of.subject.transfer is not None:
        return ("transfer", of.subject.transfer)
    return (of.subject.kind, of.subject.label)


def name(rule: Rule) -> str:
    """The rule's full name."""
    return f"{rule.policy}/{rule.id}"


def exactly(of: Run) -> dict[tuple[str, str], object]:
    """Everything that a run concludes, but how it is put and in which order."""
    assert of.conclusion is not None, of.problems
    found: dict[tuple[str, str], object] = {}
    for finding in of.conclusion.findings:
        under = sorted((tuple(sorted(u.answers.items())), u.verdict, u.searched) for u in finding.under)
        found[name(finding.rule), finding.subject.label] = (
            finding.verdict,
            under,
            finding.exception,
            sorted(finding.permissions),
            finding.factors,
        )
    for effect in of.conclusion.effects:
        found[name(effect.rule), effect.subject.label] = effect.holds
    return found


def harmful(found: Iterable[Verdict]) -> bool:
    """Whether any of the verdicts is no negative."""
    return any(each not in HARMLESS for each in found)


@dataclass
class Tally:
    """How often a law was tried, and how often its premise was true and mattered."""

    wanted: int
    tried: int = 0
    mattered: int = 0

    def note(self, mattered: bool) -> None:
        """One more case."""
        self.tried += 1
        self.mattered += mattered

    def enough(self) -> None:
        """Fails if the law was hardly put to the test."""
        assert self.tried >= self.wanted, self
        assert self.mattered >= self.tried * 0.2, self


def cleared(before: Verdicts, after: Verdicts) -> Iterator[str]:
    """Whatever was no negative before, and is one after.  Of what is not listed any more, the finding on
    what is not listed counts."""
    for key, was in before.items():
        unlisted = (key[0], (key[1][0], f"{_a(key[1][0])} that is not listed"))
        now = after.get(key, after.get(unlisted, Verdict.NOT_APPLICABLE))
        if was not in HARMLESS and now in HARMLESS:
            yield f"{key}: {was} became {now}"


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def told(scenario: Data, *policies: Data, why: Sequence[str]) -> str:
    """A case that breaks a law, so that it can be tried by hand."""
    return "\n".join(
        ["", *why, "--- scenario", text(scenario), *(f"--- policy\n{text(p)}" for p in policies)]
    )
