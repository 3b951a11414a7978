"""The laws that hold of every policy and every scenario, ready to be tried on yours.

    from redline.testing import laws

    test_laws = laws.on("policies/")

is one test a law.  `laws.a_missing_fact_never_clears(policies, scenario)` tries one of them on one scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redline.testing.draft import Draft
from redline.testing.judged import Tally
from redline.testing.law import Law, Trial, trial
from redline.testing.laws_of_facts import (
    a_missing_fact_never_clears,
    an_alleged_fact_never_clears,
    learning_never_turns_a_crossing_into_a_negative_or_back,
)
from redline.testing.laws_of_proofs import (
    every_fact_that_is_cited_is_there_and_has_a_place,
    every_fact_that_would_settle_a_finding_does,
    what_a_proof_cites_is_a_minimal_set_that_alone_gives_the_verdict,
    what_is_concluded_lies_within_what_the_reference_leaves_possible,
)
from redline.testing.laws_of_rules import (
    adding_a_permission_never_crosses,
    adding_a_prohibition_that_nothing_names_never_clears,
    outside_its_dates_no_rule_crosses,
    the_order_of_rules_of_files_and_of_keys_is_irrelevant,
    what_a_policy_says_survives_a_round_trip,
)
from redline.testing.laws_of_transfers import (
    adding_a_grant_never_worsens,
    adding_a_step_never_clears,
    the_content_of_a_part_is_content_of_the_whole,
)
from redline.testing.loading import Policies, bench_of
from redline.testing.scenarios import about

ALL: tuple[Law, ...] = (
    the_order_of_rules_of_files_and_of_keys_is_irrelevant,
    a_missing_fact_never_clears,
    learning_never_turns_a_crossing_into_a_negative_or_back,
    adding_a_prohibition_that_nothing_names_never_clears,
    adding_a_permission_never_crosses,
    adding_a_grant_never_worsens,
    adding_a_step_never_clears,
    the_content_of_a_part_is_content_of_the_whole,
    outside_its_dates_no_rule_crosses,
    an_alleged_fact_never_clears,
    what_is_concluded_lies_within_what_the_reference_leaves_possible,
    what_a_proof_cites_is_a_minimal_set_that_alone_gives_the_verdict,
    every_fact_that_is_cited_is_there_and_has_a_place,
    every_fact_that_would_settle_a_finding_does,
    what_a_policy_says_survives_a_round_trip,
)
"""Every law, in the order in which they are told."""
RELEVANT = 0.2
"""In how large a share of cases a law has to matter, if nothing else is said."""


def on(
    policies: Policies,
    laws: Iterable[Law] = ALL,
    *,
    without: Iterable[Law] = (),
    examples: int | None = None,
    relevant: float = RELEVANT,
) -> Callable[[Law], None]:
    """A test for pytest, of each law on the policies: `test_laws = laws.on("policies/")`.

    `without` leaves laws out; `examples` and `relevant` are passed on to `hold`.  A law that no case can put
    to the test under these policies is skipped, with the reason.
    """
    import pytest

    left = [law for law in laws if law not in tuple(without)]

    @pytest.mark.parametrize("law", left, ids=[law.name for law in left])
    def test(law: Law) -> None:
        """The law holds."""
        if not law.tested_by(bench_of(policies)):
            pytest.skip(f"{law.name}: {law.none}")
        hold(law, policies, examples=examples, relevant=relevant)

    return test


def hold(law: Law, policies: Policies, *, examples: int | None = None, relevant: float = RELEVANT) -> Tally:
    """Tries a law on scenarios drawn for the policies, and tells how often it was tried and mattered.

    `examples` is how many scenarios are drawn (None: as the profile of hypothesis says).  Raises an
    AssertionError with the shortest case that was found where the law is broken, and where it mattered in
    less than the share `relevant` of the cases: it then says nothing of the policies.
    """
    by = bench_of(policies)
    count = Tally(1)
    usual = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    chosen = usual if examples is None else settings(usual, max_examples=examples)

    @chosen
    @given(scenario=about(by, law.tested_by(by), law.unknowns), dice=st.integers(0, 1000))
    def tried(scenario: Draft, dice: int) -> None:
        for mattered in law.trials(trial(by, scenario, dice)):
            count.note(mattered)

    tried()
    assert count.mattered >= max(1, count.tried * relevant), (
        f"{law.name} was tried {count.tried} times and mattered {count.mattered} times, less than "
        f"{relevant:.0%}: it says little of these policies. Draw more (`examples`), lower `relevant`, or "
        f"leave the law out (`without`) and say why."
    )
    return count


__all__ = [
    "ALL",
    "RELEVANT",
    "Law",
    "Trial",
    "a_missing_fact_never_clears",
    "adding_a_grant_never_worsens",
    "adding_a_permission_never_crosses",
    "adding_a_prohibition_that_nothing_names_never_clears",
    "adding_a_step_never_clears",
    "an_alleged_fact_never_clears",
    "every_fact_that_is_cited_is_there_and_has_a_place",
    "every_fact_that_would_settle_a_finding_does",
    "hold",
    "learning_never_turns_a_crossing_into_a_negative_or_back",
    "on",
    "outside_its_dates_no_rule_crosses",
    "the_content_of_a_part_is_content_of_the_whole",
    "the_order_of_rules_of_files_and_of_keys_is_irrelevant",
    "what_a_policy_says_survives_a_round_trip",
    "what_a_proof_cites_is_a_minimal_set_that_alone_gives_the_verdict",
    "what_is_concluded_lies_within_what_the_reference_leaves_possible",
]
