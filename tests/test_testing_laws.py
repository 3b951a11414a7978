"""The laws of `redline.testing`: each holds of a policy, is put to the test by it, and fails where the
evaluator is faulty."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import Phase, given, settings

from redline.engine import conclude as concluding
from redline.engine import run as running
from redline.engine import write as writing
from redline.engine.run import Bench
from redline.rules.finding import Conclusion, Finding, Premise, Under
from redline.rules.frozen import replace
from redline.rules.node import Text
from redline.rules.policy import Rule
from redline.rules.truth import TRUE
from redline.rules.verdicts import HARMLESS, Kind, Verdict
from redline.testing import Draft, laws, scenarios_for
from redline.testing.law import Law, trial
from redline.testing.loading import bench_of
from redline.testing.scenarios import about
from tests.test_second_opinion_faults import FAULTS as IN_EVALUATION

POLICY = """\
redline: 1
policy: ours
title: Arms and licences
stated_by: IT
rules:
  - id: no-arms
    says: No arms to Pakistan.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: a law}]
    for: each step
    when: {all: [{some content: {military: yes}}, {some reach: {country: PK}}]}
  - id: until-2027
    says: No radars to Turkey.
    kind: prohibits
    layer: legal
    strength: law
    source: [{text: a law}]
    for: each step
    validity: {from: 2020-01-01, to: 2027-06-30}
    when: {item.class: radar, to.country: TR}
  - id: licence
    says: Exports need a licence.
    kind: requires
    layer: legal
    strength: law
    source: [{text: a law}]
    for: each step
    when: {activity: export}
    requires: {paper: licence}
  - id: to-friends
    says: France may have radars without a licence.
    kind: permits
    layer: legal
    strength: law
    source: [{text: a law}]
    for: each step
    when: {to.country: FR, item.class: radar}
    defeats: [licence]
"""
Fault = Callable[[pytest.MonkeyPatch], None]
CASES = 40


def in_conclusions(change: Callable[[Conclusion, tuple[Rule, ...]], Conclusion]) -> Fault:
    """A fault in what is concluded, given the rules in their order."""

    def seed(patch: pytest.MonkeyPatch) -> None:
        right = concluding.conclude

        def wrong(*given: object, **named: object) -> Conclusion:
            found = right(*given, **named)  # type: ignore[arg-type]  # passed on as they came
            rules = tuple(rule for _, rule in given[0].rules())  # type: ignore[attr-defined]  # as above
            return change(found, rules)

        patch.setattr(running, "conclude", wrong)

    return seed


def in_findings(change: Callable[[Finding, Conclusion, tuple[Rule, ...]], Verdict]) -> Fault:
    """A fault in the verdicts."""

    def changed(found: Conclusion, rules: tuple[Rule, ...]) -> Conclusion:
        return replace(found, findings=tuple(_saying(f, change(f, found, rules)) for f in found.findings))

    return in_conclusions(changed)


def in_reasons(change: Callable[[Under], Under]) -> Fault:
    """A fault in why, and in what would settle it."""
    return in_conclusions(
        lambda found, _: replace(
            found, findings=tuple(replace(f, under=tuple(map(change, f.under))) for f in found.findings)
        )
    )


def _saying(finding: Finding, verdict: Verdict) -> Finding:
    if verdict is finding.verdict:
        return finding
    return replace(finding, verdict=verdict, under=tuple(replace(u, verdict=verdict) for u in finding.under))


def _taken_for(old: Verdict, new: Verdict) -> Fault:
    return in_findings(lambda finding, *_: new if finding.verdict is old else finding.verdict)


def _first_unread(finding: Finding, _: Conclusion, rules: tuple[Rule, ...]) -> Verdict:
    return Verdict.NOT_APPLICABLE if finding.rule is rules[0] else finding.verdict


def _one_crossing(finding: Finding, found: Conclusion, _: tuple[Rule, ...]) -> Verdict:
    rivals = [f for f in found.findings if f.subject is finding.subject and f.verdict is Verdict.CROSSES]
    return finding.verdict if not rivals or finding is rivals[-1] else Verdict.NOT_CROSSED


def _permission_forbids(finding: Finding, found: Conclusion, _: tuple[Rule, ...]) -> Verdict:
    named = any(
        e.holds is TRUE and f"{finding.rule.policy}/{finding.rule.id}" in e.rule.defeats
        for e in found.effects
    )
    return Verdict.CROSSES if named else finding.verdict


def _paper_incriminates(finding: Finding, *_: object) -> Verdict:
    papers = finding.subject.row.lists.get("papers")
    asks = finding.rule.kind is Kind.REQUIRES and papers is not None and papers.rows
    return Verdict.CROSSES if asks else finding.verdict


def _last_step_alone(finding: Finding, found: Conclusion, _: tuple[Rule, ...]) -> Verdict:
    last = max((f.subject.transfer or 0 for f in found.findings), default=0)
    return finding.verdict if (finding.subject.transfer or 0) == last else Verdict.NOT_CROSSED


def _cites_nobody(under: Under) -> Under:
    def lost(premise: Premise) -> Premise:
        cell = premise.point.cell
        if cell is None:
            return premise
        facts = tuple(replace(fact, path="parties.nobody.country", says="") for fact in cell.facts)
        return replace(premise, point=replace(premise.point, cell=replace(cell, facts=facts)))

    return replace(under, premises=tuple(map(lost, under.premises)))


def _cites_less(under: Under) -> Under:
    return replace(under, premises=under.premises[1:] if len(under.premises) > 1 else under.premises)


def _promises_wrongly(under: Under) -> Under:
    def other(verdict: Verdict) -> Verdict:
        return Verdict.CROSSES if verdict in HARMLESS else Verdict.NOT_CROSSED

    needs = tuple(
        replace(need, outcomes=tuple((values, other(verdict)) for values, verdict in need.outcomes))
        for need in under.needs
    )
    return replace(under, needs=needs)


def _writes_wrongly(patch: pytest.MonkeyPatch) -> None:
    right = writing._text  # noqa: SLF001  # a fault is seeded inside

    def wrong(text: Text, *, key: bool = False) -> str:
        return right(Text("EG") if text.text == "PK" else text, key=key)

    patch.setattr(writing, "_text", wrong)


def _allegations_clear(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(concluding, "_DECIDED_AS_ALLEGED", frozenset(Verdict))


FAULTS: dict[Law, Fault] = {
    laws.the_order_of_rules_of_files_and_of_keys_is_irrelevant: in_findings(_first_unread),
    laws.a_missing_fact_never_clears: _taken_for(Verdict.UNDETERMINED, Verdict.NOT_CROSSED),
    laws.learning_never_turns_a_crossing_into_a_negative_or_back: _taken_for(
        Verdict.UNDETERMINED, Verdict.CROSSES
    ),
    laws.adding_a_prohibition_that_nothing_names_never_clears: in_findings(_one_crossing),
    laws.adding_a_permission_never_crosses: in_findings(_permission_forbids),
    laws.adding_a_grant_never_worsens: in_findings(_paper_incriminates),
    laws.adding_a_step_never_clears: in_findings(_last_step_alone),
    laws.the_content_of_a_part_is_content_of_the_whole: IN_EVALUATION["a list ends after its first row"],
    laws.outside_its_dates_no_rule_crosses: IN_EVALUATION["validity is ignored"],
    laws.an_alleged_fact_never_clears: _allegations_clear,
    laws.what_is_concluded_lies_within_what_the_reference_leaves_possible: _taken_for(
        Verdict.NOT_CROSSED, Verdict.CROSSES
    ),
    laws.what_a_proof_cites_is_a_minimal_set_that_alone_gives_the_verdict: in_reasons(_cites_less),
    laws.every_fact_that_is_cited_is_there_and_has_a_place: in_reasons(_cites_nobody),
    laws.every_fact_that_would_settle_a_finding_does: in_reasons(_promises_wrongly),
    laws.what_a_policy_says_survives_a_round_trip: _writes_wrongly,
}

each_law = pytest.mark.parametrize("law", laws.ALL, ids=[law.name for law in laws.ALL])


@cache
def ours() -> Bench:
    """The policy, read without a fault."""
    return bench_of(POLICY)


@cache
def drafts(law: Law) -> tuple[Draft, ...]:
    """Scenarios that put the law to the test, always the same."""
    found: list[Draft] = []
    by = ours()

    @settings(max_examples=CASES, database=None, derandomize=True, deadline=None, phases=[Phase.generate])
    @given(about(by, law.tested_by(by), law.unknowns))
    def collected(scenario: Draft) -> None:
        found.append(scenario)

    collected()
    return tuple(found)


def _tried(law: Law) -> list[bool]:
    by = ours()
    return [
        mattered
        for number, scenario in enumerate(drafts(law))
        for mattered in law.trials(trial(by, scenario, number))
    ]


@each_law
def test_a_law_holds_and_is_put_to_the_test(law: Law) -> None:
    """Without a fault, and often enough to say something."""
    found = _tried(law)
    assert sum(found) >= len(found) * laws.RELEVANT > 0


@each_law
def test_a_law_fails_on_a_faulty_evaluator(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a message that shows the scenario as YAML; a law that cannot fail is no law."""
    drafts(law)
    FAULTS[law](monkeypatch)
    with pytest.raises(AssertionError, match=r"--- scenario\nredline: 1"):
        _tried(law)


def test_every_law_has_a_sentence_for_a_name_and_says_what_it_means() -> None:
    """And all that `redline.testing.laws` offers is tried by `laws.on`."""
    assert {law.name for law in laws.ALL} == {n for n in laws.__all__ if isinstance(getattr(laws, n), Law)}
    assert all(law.says and law.name.count("_") >= 4 for law in laws.ALL)


def test_a_law_is_called_with_policies_and_a_scenario() -> None:
    """As plain text or as it was drawn; nothing comes back where it holds."""
    scenario = drafts(laws.a_missing_fact_never_clears)[0]
    for given_ in (scenario, scenario.yaml, scenario.data):
        laws.a_missing_fact_never_clears(POLICY, given_)


def test_a_law_that_hardly_matters_is_no_silent_pass() -> None:
    """It fails, and says how often it was tried."""
    never = replace(laws.a_missing_fact_never_clears, trials=lambda _: iter([False]))
    with pytest.raises(AssertionError, match=r"tried 5 times and mattered 0 times"):
        laws.hold(never, POLICY, examples=5)


def test_a_law_without_a_rule_to_test_it_is_skipped_with_the_reason() -> None:
    """No rule of this policy has dates."""
    undated = POLICY.replace("    validity: {from: 2020-01-01, to: 2027-06-30}\n", "")
    test = laws.on(undated, [laws.outside_its_dates_no_rule_crosses], examples=1)
    with pytest.raises(pytest.skip.Exception, match="no rule has dates"):
        test(laws.outside_its_dates_no_rule_crosses)


test_laws = laws.on(POLICY, examples=10, relevant=0.05)


def test_scenarios_may_be_drawn_for_the_policy_of_a_law() -> None:
    """A law may be tried in a test of one's own, too."""

    @settings(max_examples=5, database=None, derandomize=True, deadline=None)
    @given(scenarios_for(POLICY, unknowns=0.2))
    def tried(scenario: Draft) -> None:
        laws.an_alleged_fact_never_clears(POLICY, scenario)

    tried()
