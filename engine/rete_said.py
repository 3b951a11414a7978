"""What we said, case by case, for the second opinion to be compared with: every rule on every subject
under every reading, nothing left out and nothing said twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod

from redline.engine.conclude import Judging
from redline.rules.finding import Conclusion, Effect, Finding
from redline.rules.frozen import dataclass, field
from redline.rules.opinion import Disagreement
from redline.rules.policy import Rule
from redline.rules.record import Row, Subject
from redline.rules.truth import Truth
from redline.rules.verdicts import ORDER, Kind, Verdict, settle

_AS_PROHIBITED = {
    Truth.TRUE: Verdict.CROSSES,
    Truth.FALSE: Verdict.NOT_CROSSED,
    Truth.UNKNOWN: Verdict.UNDETERMINED,
}
_HOLDING = {
    Verdict.CROSSES: "holds",
    Verdict.NOT_CROSSED: "does not hold",
    Verdict.UNDETERMINED: "cannot be told",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that we said: a verdict, or of a permission or red flag whether it holds; None where a
    phantom was left out since nothing on it could come to anything but harmless.

    `rows` are the subject's record as stated and, if anything is alleged, with that taken for unknown.
    """

    index: int
    rule: str
    subject: Subject
    rows: tuple[Row, ...]
    what: Verdict | Truth | None
    readings: Mapping[str, frozenset[str]]
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict; of a permission or red flag, that of a prohibition of the same condition."""
        return _AS_PROHIBITED[self.what] if isinstance(self.what, Truth) else self.what

    def against(self, theirs: Iterable[Verdict]) -> Disagreement:
        """The disagreement, where these are the verdicts over there."""
        words = [self._word(verdict) for verdict in sorted(theirs, key=ORDER.index)]
        ours = "nothing to tell" if self.verdict is None else self._word(self.verdict)
        return Disagreement(self.rule, label(self.subject), ours, " or ".join(words), self.answers)

    def _word(self, verdict: Verdict) -> str:
        return _HOLDING[verdict] if isinstance(self.what, Truth) else verdict.value


def label(subject: Subject) -> str:
    """What a subject is called in a disagreement."""
    return f"{subject.kind} {subject.label}"


def everything_said(
    judging: Judging,
    subjects: Sequence[Subject],
    supported: Sequence[Subject],
    conclusion: Conclusion,
    wanted: Callable[[Rule], bool],
) -> Iterator[Said | Disagreement]:
    """All that should have been said, with what was; what is amiss with that is a disagreement already."""
    found: dict[tuple[str, int], list[Finding | Effect]] = {}
    everything: tuple[Finding | Effect, ...] = (*conclusion.findings, *conclusion.effects)
    for each in everything:
        found.setdefault((_name(each.rule), id(each.subject)), []).append(each)
    for index, rule in judging.rules():
        entry = judging.plan.entries[index]
        for subject, sure in zip(subjects, supported, strict=True):
            if subject.kind != rule.subject or not wanted(rule):
                continue
            if (entry.rule, entry.kind, entry.subject) != (_name(rule), rule.kind, rule.subject):
                yield Disagreement(
                    _name(rule), label(subject), "another rule stands in its place", entry.rule
                )
                continue
            rows = (subject.row,) if sure is subject else (subject.row, sure.row)
            said = Said(index, entry.rule, subject, rows, None, judging.readings)
            yield from _said(said, rule.kind, found.pop((entry.rule, id(subject)), []), judging)
    for (rule_name, _), left in found.items():
        yield Disagreement(rule_name, label(left[0].subject), f"{len(left)} answers", "nothing was asked")


def _said(
    said: Said, kind: Kind, found: Sequence[Finding | Effect], judging: Judging
) -> Iterator[Said | Disagreement]:
    gives_verdict = kind not in (Kind.PERMITS, Kind.FLAGS)
    match found:
        case [Finding() as finding] if gives_verdict:
            yield from _under_readings(said, finding, judging)
        case [] if said.subject.phantom:
            if gives_verdict:
                yield said
        case [Effect(holds=holds)] if not gives_verdict and not said.subject.phantom:
            # A permission counts on what is supported alone; a red flag is raised by an allegation too.
            row = said.rows[-1] if kind is Kind.PERMITS else said.rows[0]
            yield Said(said.index, said.rule, said.subject, (row,), holds, said.readings)
        case _:
            yield Disagreement(said.rule, label(said.subject), f"{len(found)} answers", "one answer")


def _under_readings(said: Said, finding: Finding, judging: Judging) -> Iterator[Said | Disagreement]:
    """The verdict under each reading: all there are, each once, and rolled up right."""
    names = {name for under in finding.under for name in under.answers}
    possible = {
        name: judging.readings.get(name, frozenset(judging.plan.answers.get(name, ()))) for name in names
    }
    read = {tuple(sorted(under.answers.items())) for under in finding.under}
    count = prod(len(answers) for answers in possible.values())
    meant = all({*dict(each)} == names and all(a in possible[name] for name, a in each) for each in read)
    if not meant or not len(read) == len(finding.under) == count:
        yield Disagreement(
            said.rule, label(said.subject), f"{len(finding.under)} readings", f"{count} readings"
        )
    if (rolled_up := settle(under.verdict for under in finding.under)) is not finding.verdict:
        yield Disagreement(
            said.rule, label(said.subject), finding.verdict.value, f"{rolled_up.value}, rolled up"
        )
    for under in finding.under:
        readings = {**said.readings, **{name: frozenset({answer}) for name, answer in under.answers.items()}}
        yield Said(said.index, said.rule, said.subject, said.rows, under.verdict, readings, under.answers)


def _name(rule: Rule) -> str:
    return f"{rule.policy}/{rule.id}"
