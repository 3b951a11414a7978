"""The laws of the design, end to end: each is tried on generated policies and on those that ship, on
scenarios that are written, read, derived and judged before and after a change.

Each test says how often its premise was true and mattered, and fails where that was hardly ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from redline.engine.run import Bench
from redline.rules.verdicts import Kind, Verdict
from redline.testing import author as generate_policies
from redline.testing import laws
from redline.testing.dice import chance, pick, seeded
from redline.testing.judged import Tally, cleared, name, run, told, verdicts
from redline.testing.law import Law, Trial
from redline.testing.laws_of_rules import IN_ORDER
from redline.testing.order import mixed, shuffled
from redline.testing.written import Data, Mapped, data, document, listed, mapped, text
from tests.laws import generate
from tests.laws.judged import bench, shipped_bench, shipped_policies, shipped_scenarios

# how often each is tried: 40 and 10 in the quick profile; in the long one no more than ends within the hour
GENERATED = min(400, settings().max_examples * 2 // 3)
SHIPPED = min(60, max(8, settings().max_examples // 6))

both = pytest.mark.parametrize("source", ["generated", "shipped"])


def cases(
    source: str,
    folder: Path,
    salt: int,
    *,
    wish: generate.Wish = generate.USUAL,
    written: generate_policies.Wish = generate_policies.USUAL,
) -> Iterator[Trial]:
    """Cases without end: generated whole; or the policies that ship, on what ships and on generated ones."""
    seed = salt * 1_000_000
    while True:
        seed += 1
        die = seeded(seed)
        if source == "generated":
            policy = generate_policies.policy(die, written)
            yield Trial(die, generate.scenario(die, wish), (policy,), bench(folder, policy), strict=True)
        elif chance(die, 60):
            yield Trial(die, dict(mapped(pick(die, shipped_scenarios()))), (), shipped_bench())
        else:
            foreign = generate.Wish(
                wish.unknown, wish.alleged, wish.open, wish.more, wish.assume, wish.steps, declared=False
            )
            yield Trial(die, generate.scenario(die, foreign), (), shipped_bench())


def tally(source: str) -> Tally:
    """A tally of as many cases as a law is tried on."""
    return Tally(GENERATED if source == "generated" else SHIPPED)


def tried(law: Law, cases: Iterator[Trial], count: Tally) -> None:
    """The law on so many cases; fails where it hardly mattered."""
    for case in cases:
        if count.tried >= count.wanted:
            break
        for mattered in law.trials(case):
            count.note(mattered)
    count.enough()


# --- order -----------------------------------------------------------------------------------------


@both
def test_the_order_of_rules_of_files_and_of_keys_is_irrelevant(source: str, tmp_path: Path) -> None:
    """Rules and everything named in policies mixed, the files given in another order, scenarios mixed."""
    by_seed = seeded(1)
    ships = [shuffled(by_seed, each, IN_ORDER) for each in mixed(by_seed, shipped_policies())]
    other = bench(tmp_path, *ships, cited=True)

    def reordered(case: Trial) -> tuple[Bench, Bench]:
        if source == "shipped":
            return case.by, other
        policies = [*case.policies, generate_policies.policy(case.dice, name="two")]
        ships = [shuffled(case.dice, each, IN_ORDER) for each in reversed(policies)]
        return bench(tmp_path, *policies), bench(tmp_path, *ships)

    drawn = (replace(each, reordered=partial(reordered, each)) for each in cases(source, tmp_path, 1))
    tried(laws.the_order_of_rules_of_files_and_of_keys_is_irrelevant, drawn, tally(source))


# --- missing facts, and learning -------------------------------------------------------------------


@both
def test_a_missing_fact_never_clears(source: str, tmp_path: Path) -> None:
    """Any stated facts forgotten: what crosses, cannot be told or calls for an assessment never becomes
    harmless; what is harmless may become undetermined.

    The exception is documented: `unstated` tests what is said and not what is so.  A fact of that name is
    said not to be known; it is not left out.
    """
    drawn = cases(source, tmp_path, 2, written=generate_policies.PLAIN)
    tried(laws.a_missing_fact_never_clears, drawn, tally(source))


@both
def test_learning_never_turns_a_crossing_into_a_negative_or_back(source: str, tmp_path: Path) -> None:
    """Values narrowed, what was not known told, open lists closed: what was decided stays decided.

    It is tried backwards: a scenario is made less certain, and what that one says must still hold of the
    first.  What rules test for being `unstated` is not touched: learning that makes a difference there.
    """
    drawn = cases(source, tmp_path, 3, wish=generate.CERTAIN, written=generate_policies.PLAIN)
    tried(laws.learning_never_turns_a_crossing_into_a_negative_or_back, drawn, tally(source))


# --- rules that are added ----------------------------------------------------------------------------


def _with_rule(case: Trial, folder: Path, source: str, kind: str) -> tuple[Bench, Mapped]:
    """The policies with a rule more, in a file of its own where it stands beside those that ship."""
    author = generate_policies.Author(case.dice, generate_policies.USUAL)
    known = [
        r for p in case.by.policies for r in p.rules if r.kind in (Kind.PROHIBITS, Kind.REQUIRES, Kind.WEIGHS)
    ]
    target = pick(case.dice, known) if known else None
    subject_ = "step" if target is None else target.subject
    rule = author.rule("added-0", kind, subject_)
    if kind == "permits":
        rule.pop("validity", None)
        rule.pop("running", None)
        rule["defeats"] = [
            name(r) for r in known if r.subject == subject_ and (r is target or chance(case.dice, 50))
        ]
    if source == "shipped":
        return bench(folder, *shipped_policies(), generate_policies.framed("more", [rule]), cited=True), rule
    first = case.policies[0]
    return bench(folder, {**first, "rules": [*listed(first["rules"]), rule]}), rule


@both
def test_adding_a_prohibition_that_nothing_names_never_clears(source: str, tmp_path: Path) -> None:
    """What the other rules say stays, to the letter; the whole is never better than it was."""
    drawn = (_adding(each, tmp_path, source) for each in cases(source, tmp_path, 4))
    tried(laws.adding_a_prohibition_that_nothing_names_never_clears, drawn, tally(source))


@both
def test_adding_a_permission_never_crosses(source: str, tmp_path: Path) -> None:
    """Of the rules that it names none becomes worse, and none where it does not hold becomes other than it
    was; the rest stays to the letter."""
    drawn = (_adding(each, tmp_path, source) for each in cases(source, tmp_path, 5))
    tried(laws.adding_a_permission_never_crosses, drawn, tally(source))


def _adding(case: Trial, folder: Path, source: str) -> Trial:
    return replace(case, more=partial(_with_rule, case, folder, source))


# --- papers and steps that are added -------------------------------------------------------------------


@both
def test_adding_a_grant_never_worsens(source: str, tmp_path: Path) -> None:
    """A grant that is held, attached wherever; an undertaking may worsen, since it can be breached.

    Left aside are rules whose condition, and not whose requirement, turns on a paper being there: a rule may
    well say that what is licensed calls for care.
    """
    drawn = cases(source, tmp_path, 6, wish=generate.Wish(steps=2), written=_papers_asked())
    tried(laws.adding_a_grant_never_worsens, drawn, tally(source))


def _papers_asked() -> generate_policies.Wish:
    return generate_policies.Wish(kinds=("requires",) * 3 + ("prohibits", "permits"), subjects=("step",))


@both
def test_adding_a_step_never_clears(source: str, tmp_path: Path) -> None:
    """Not an earlier step; nor a later one, unless its rule tests for there being no such step behind it, a
    share, or who held the item last."""
    tried(laws.adding_a_step_never_clears, cases(source, tmp_path, 7), tally(source))


# --- content -----------------------------------------------------------------------------------------


def _content_policy(case: Trial) -> Mapped:
    """Rules that ask for something in what is transferred, wherever in it."""
    author = generate_policies.Author(case.dice, generate_policies.PLAIN)
    rules: list[Data] = []
    while len(rules) < 4:
        what = author.condition("part", 1)
        if not any(word in text(what) for word in ("via", "depth", "share")):
            rule = author.rule(f"rule-{len(rules)}", "prohibits", "step")
            rules.append(
                {
                    **{k: rule[k] for k in ("id", "says", "kind", "layer", "strength", "source", "for")},
                    "when": {"some content": what},
                }
            )
    return generate_policies.framed("content", rules)


def test_the_content_of_a_part_is_content_of_the_whole(tmp_path: Path) -> None:
    """What crosses by what is in a part crosses by what is in anything that surely contains the part, and
    what cannot be told of the part is not cleared in the whole."""
    count = tally("generated")
    for case in cases("generated", tmp_path, 8):
        if count.tried >= count.wanted:
            break
        items = mapped(case.scenario["items"])
        inside = [(w, p) for w in items for p in _sure_parts(items, w)]
        if not inside:
            continue
        by = bench(tmp_path, _content_policy(case))
        whole, part = pick(case.dice, inside)
        one, other = (run(by, _one_step(case.scenario, item)) for item in (part, whole))
        if one.conclusion is None or other.conclusion is None:
            continue
        alone, within = verdicts(one), verdicts(other)
        wrong = [
            *cleared(alone, within),
            *(
                f"{k}: {v} became {within[k]}"
                for k, v in alone.items()
                if v is Verdict.CROSSES and within[k] is not v
            ),
        ]
        assert not wrong, told(
            _one_step(case.scenario, whole), _content_policy(case), why=(part, whole, *wrong)
        )
        count.note(Verdict.CROSSES in alone.values())
    count.enough()


def _sure_parts(items: Mapped, whole: str) -> Iterator[str]:
    """Parts that are stated, without a doubt and not as an allegation."""
    said = mapped(items[whole])
    written = said.get("contains")
    if "grade" in said or (isinstance(written, dict) and "grade" in written):
        return
    for each in listed(written):
        named = mapped(each).get("item", each)
        if isinstance(named, str) and "grade" not in mapped(each):
            yield named


def _one_step(scenario: Mapped, item: str) -> Mapped:
    step: Mapped = {"activity": "export", "item": item, "from": "maker", "to": "navy"}
    return {key: each for key, each in scenario.items() if key != "papers"} | {"transfers": [step]}


# --- dates -------------------------------------------------------------------------------------------


@both
def test_outside_its_dates_no_rule_crosses(source: str, tmp_path: Path) -> None:
    """Everything moved to a day before any rule was in force, or after: no rule with dates crosses or calls
    for an assessment, and one that is certainly not in force then is not applicable."""
    drawn = cases(source, tmp_path, 9, wish=generate.Wish(alleged=0))
    tried(laws.outside_its_dates_no_rule_crosses, drawn, tally(source))


# --- allegations -------------------------------------------------------------------------------------


@both
def test_an_alleged_fact_never_clears(source: str, tmp_path: Path) -> None:
    """A fact that is only alleged: what is harmless would be so were it not known at all; and what crossed
    when it was stated still crosses."""
    drawn = cases(source, tmp_path, 10, wish=generate.CERTAIN, written=generate_policies.PLAIN)
    tried(laws.an_alleged_fact_never_clears, drawn, tally(source))


# --- interpreters --------------------------------------------------------------------------------------


@both
def test_what_is_concluded_lies_within_what_the_reference_leaves_possible(
    source: str, tmp_path: Path
) -> None:
    """Of everything that a scenario makes: the verdict is one that Kleene logic over the grammar's own tree
    leaves possible, and is that one where it leaves only one."""
    drawn = cases(source, tmp_path, 11, wish=generate.Wish(alleged=0))
    tried(laws.what_is_concluded_lies_within_what_the_reference_leaves_possible, drawn, tally(source))


@both
def test_the_second_opinion_agrees(source: str, tmp_path: Path) -> None:
    """From YAML to the child process and back, on a few cases."""
    pytest.importorskip("durable_rules_engine")
    from redline.front.api import opinion

    wanted = max(2, (GENERATED if source == "generated" else SHIPPED) // 20)
    for number, case in enumerate(cases(source, tmp_path, 12)):
        if number == wanted:
            break
        made = run(case.by, case.scenario)
        if made.conclusion is not None:
            found = opinion(case.by, made, timeout=60.0)
            assert found.status not in ("disagrees", "failed"), case.told(case.scenario, str(found))


# --- proofs, and what would settle a finding -------------------------------------------------------------


@both
def test_every_fact_that_is_cited_is_there_and_has_a_place(source: str, tmp_path: Path) -> None:
    """Its path leads to something written, or to something that the scenario left out and that a rule of
    reading or an assumption speaks of; and it stands on a line of the file."""
    drawn = cases(source, tmp_path, 13)
    tried(laws.every_fact_that_is_cited_is_there_and_has_a_place, drawn, tally(source))


@both
def test_what_a_proof_cites_is_a_minimal_set_that_alone_gives_the_verdict(
    source: str, tmp_path: Path
) -> None:
    """All else forgotten, closures of lists included, the verdict is the same; without any of what is cited
    it is not certain."""
    drawn = cases(source, tmp_path, 16)
    tried(laws.what_a_proof_cites_is_a_minimal_set_that_alone_gives_the_verdict, drawn, tally(source))


@both
def test_every_fact_that_would_settle_a_finding_does(source: str, tmp_path: Path) -> None:
    """Each outcome that is promised for one missing fact, written into the scenario and read again, gives
    the promised verdict."""
    drawn = cases(source, tmp_path, 14, wish=generate.Wish(unknown=35, assume=70))
    tried(laws.every_fact_that_would_settle_a_finding_does, drawn, tally(source))


# --- round trips -----------------------------------------------------------------------------------------


@both
def test_what_a_policy_says_survives_a_round_trip(source: str, tmp_path: Path) -> None:
    """Read, written, and read again: the same policy, and the same findings."""
    ships = bench(tmp_path, *shipped_policies(), cited=True)

    def again(case: Trial) -> Bench:
        if source == "shipped":
            return ships
        return bench(tmp_path, data(document(data(document(case.policies[0]).root)).root))

    drawn = (replace(each, again=partial(again, each)) for each in cases(source, tmp_path, 15))
    tried(laws.what_a_policy_says_survives_a_round_trip, drawn, tally(source))
