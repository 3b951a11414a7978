"""The laws of the design, end to end: each is tried on generated policies and on those that ship, on
scenarios that are written, read, derived and judged before and after a change.

Each test says how often its premise was true and mattered, and fails where that was hardly ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from redline.engine.run import Bench, Run
from redline.rules.policy import Rule
from redline.rules.truth import FALSE
from redline.rules.values import Terms
from redline.rules.verdicts import HARMLESS, Kind, Verdict
from redline.testing import author as generate_policies
from redline.testing.adding import grants_asked, with_grant, with_step
from redline.testing.allege import allegations
from redline.testing.changes import Change, changed
from redline.testing.dice import Seeded, chance, pick
from redline.testing.forget import forgettings
from redline.testing.judged import (
    Subject,
    Tally,
    Verdicts,
    cleared,
    exactly,
    harmful,
    name,
    run,
    told,
    verdicts,
)
from redline.testing.leaning import leans, silences
from redline.testing.order import mixed, shuffled
from redline.testing.widen import widenings
from redline.testing.written import Data, Mapped, data, document, listed, mapped, node, text
from tests.laws import generate
from tests.laws.judged import bench, shipped_bench, shipped_policies, shipped_scenarios

# how often each is tried: 40 and 10 in the quick profile; in the long one no more than ends within the hour
GENERATED = min(400, settings().max_examples * 2 // 3)
SHIPPED = min(60, max(8, settings().max_examples // 6))
DECIDED = frozenset({Verdict.CROSSES, Verdict.REQUIRES_ASSESSMENT})

both = pytest.mark.parametrize("source", ["generated", "shipped"])


@dataclass(frozen=True)
class Case:
    """A scenario and policies ready to judge it."""

    dice: Seeded
    scenario: Mapped
    policies: tuple[Mapped, ...]
    by: Bench

    def told(self, changed: Data, *why: str) -> str:
        """The case in full, where it breaks a law."""
        return told(self.scenario, *self.policies, why=why) + "--- changed\n" + text(changed)


def dice(seed: int) -> Seeded:
    """The dice of that number."""
    return Seeded(Random(seed))  # noqa: S311  # no secret hangs on it


def cases(
    source: str,
    folder: Path,
    salt: int,
    *,
    wish: generate.Wish = generate.USUAL,
    written: generate_policies.Wish = generate_policies.USUAL,
) -> Iterator[Case]:
    """Cases without end: generated whole; or the policies that ship, on what ships and on generated ones."""
    seed = salt * 1_000_000
    while True:
        seed += 1
        die = dice(seed)
        if source == "generated":
            policy = generate_policies.policy(die, written)
            yield Case(die, generate.scenario(die, wish), (policy,), bench(folder, policy))
        elif chance(die, 60):
            yield Case(die, dict(mapped(pick(die, shipped_scenarios()))), (), shipped_bench())
        else:
            foreign = generate.Wish(
                wish.unknown, wish.alleged, wish.open, wish.more, wish.assume, wish.steps, declared=False
            )
            yield Case(die, generate.scenario(die, foreign), (), shipped_bench())


def tally(source: str) -> Tally:
    """A tally of as many cases as a law is tried on."""
    return Tally(GENERATED if source == "generated" else SHIPPED)


def judged(case: Case, scenario: Data) -> Verdicts | None:
    """The verdicts; None where the changed scenario contradicts itself, and so is no case."""
    made = run(case.by, scenario)
    return None if made.conclusion is None else verdicts(made)


# --- order -----------------------------------------------------------------------------------------

IN_ORDER = frozenset({"transfers", "known", "validity", "within", "via", "contains", "owners", "examples"})
"""Lists whose elements are numbered in answers, or whose order says something: transfers above all."""


@both
def test_the_order_of_rules_of_files_and_of_keys_is_irrelevant(source: str, tmp_path: Path) -> None:
    """Rules and everything named in policies mixed, the files given in another order, scenarios mixed."""
    count = tally(source)
    by_seed = dice(1)
    ships = [shuffled(by_seed, each, IN_ORDER) for each in mixed(by_seed, shipped_policies())]
    other = bench(tmp_path, *ships, cited=True)
    for case in cases(source, tmp_path, 1):
        if count.tried == count.wanted:
            break
        first, second = case.by, other
        if source == "generated":
            policies = [*case.policies, generate_policies.policy(case.dice, name="two")]
            ships = [shuffled(case.dice, each, IN_ORDER) for each in reversed(policies)]
            first, second = bench(tmp_path, *policies), bench(tmp_path, *ships)
        before = run(first, case.scenario)
        if before.conclusion is None:
            continue
        scenario = shuffled(case.dice, case.scenario, IN_ORDER)
        assert exactly(run(second, scenario)) == exactly(before), case.told(scenario, *map(text, ships))
        count.note(any(found in DECIDED for found in verdicts(before).values()))
    count.enough()


# --- missing facts, and learning -------------------------------------------------------------------


def _weighty(made: Run, changes: list[Change], *, harmless: bool) -> list[Change]:
    """Those of the changes that touch what findings rest on (all, or those that are no negatives); all, if
    there are none."""
    assert made.conclusion is not None
    found = [f for f in made.conclusion.findings if harmless or f.verdict not in HARMLESS]
    cited = {
        fact.path
        for f in found
        for p in f.main.premises
        if p.point.cell is not None
        for fact in p.point.cell.facts
    }
    return [
        c for c in changes if any(f.startswith(p) or p.startswith(f) for p in _paths(c) for f in cited)
    ] or changes


def _paths(change: Change) -> Iterator[str]:
    for path, _ in change.puts:
        yield ".".join(str(step + 1) if isinstance(step, int) else step for step in path if step != "known")


def _some(case: Case, changes: list[Change], most: int) -> list[Change]:
    return [pick(case.dice, changes) for _ in range(case.dice.number(1, most))]


@both
def test_a_missing_fact_never_clears(source: str, tmp_path: Path) -> None:
    """Any stated facts forgotten: what crosses, cannot be told or calls for an assessment never becomes
    harmless; what is harmless may become undetermined.

    The exception is documented: `unstated` tests what is said and not what is so.  A fact of that name is
    said not to be known; it is not left out.
    """
    count = tally(source)
    for case in cases(source, tmp_path, 2, written=generate_policies.PLAIN):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario, explained=True)
        if made.conclusion is None:
            continue
        before = verdicts(made)
        changes = forgettings(case.scenario, silences(case.by.policies))
        weighty = _weighty(made, changes, harmless=False)
        mattered = False
        for chosen in (_some(case, changes, 1), _some(case, changes, 4), _some(case, weighty, 2)):
            scenario = changed(case.scenario, chosen)
            after = judged(case, scenario)
            if after is None:
                continue
            wrong = [*cleared(before, after)]
            assert not wrong, case.told(scenario, *wrong)
            mattered |= harmful(before.values()) and any(after.get(key) != was for key, was in before.items())
        count.note(mattered)
    count.enough()


@both
def test_learning_never_turns_a_crossing_into_a_negative_or_back(source: str, tmp_path: Path) -> None:
    """Values narrowed, what was not known told, open lists closed: what was decided stays decided.

    It is tried backwards: a scenario is made less certain, and what that one says must still hold of the
    first.  What rules test for being `unstated` is not touched: learning that makes a difference there.
    """
    count = tally(source)
    for case in cases(source, tmp_path, 3, wish=generate.CERTAIN, written=generate_policies.PLAIN):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario, explained=True)
        if made.conclusion is None:
            continue
        after = verdicts(made)
        silent = silences(case.by.policies)
        wider = widenings(case.dice, case.scenario, silent)
        fewer = forgettings(case.scenario, silent)
        weighty = _weighty(made, wider, harmless=True)
        mattered = False
        for chosen in (
            _some(case, weighty, 2),
            _some(case, weighty + wider, 6),
            _some(case, wider + fewer, 4),
        ):
            scenario = changed(case.scenario, chosen)
            before = judged(case, scenario)
            if before is None:
                continue
            wrong = [
                f"{key}: {was} became {after[key]}"
                for key, was in before.items()
                if key in after
                if (was in HARMLESS and after[key] not in HARMLESS)
                or (was in DECIDED and after[key] in HARMLESS)
            ]
            assert not wrong, "\n".join(("LEARNT FROM THE CHANGED ONE", case.told(scenario, *wrong)))
            mattered |= any(key in after and after[key] != was for key, was in before.items())
        count.note(mattered)
    count.enough()


# --- rules that are added ----------------------------------------------------------------------------


def _with_rule(case: Case, folder: Path, source: str, kind: str, number: int) -> tuple[Bench, Mapped]:
    """The policies with a rule more, in a file of its own where it stands beside those that ship."""
    author = generate_policies.Author(case.dice, generate_policies.USUAL)
    known = [
        r for p in case.by.policies for r in p.rules if r.kind in (Kind.PROHIBITS, Kind.REQUIRES, Kind.WEIGHS)
    ]
    target = pick(case.dice, known) if known else None
    subject_ = "step" if target is None else target.subject
    rule = author.rule(f"added-{number}", kind, subject_)
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


def _added(key: tuple[str, Subject]) -> bool:
    return key[0].rpartition("/")[2].startswith("added-")


@both
def test_adding_a_prohibition_that_nothing_names_never_clears(source: str, tmp_path: Path) -> None:
    """What the other rules say stays, to the letter; the whole is never better than it was."""
    count = tally(source)
    for case in cases(source, tmp_path, 4):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario)
        if made.conclusion is None:
            continue
        more, rule = _with_rule(case, tmp_path, source, "prohibits", count.tried)
        again = run(more, case.scenario)
        before, after = exactly(made), exactly(again)
        others = {key: found for key, found in after.items() if not key[0].endswith(f"/{rule['id']}")}
        assert others == before, case.told(case.scenario, text(rule))
        count.note(
            any(_added(key) and found is not Verdict.NOT_APPLICABLE for key, found in verdicts(again).items())
        )
    count.enough()


@both
def test_adding_a_permission_never_crosses(source: str, tmp_path: Path) -> None:
    """Of the rules that it names none becomes worse, and none where it does not hold becomes other than it
    was; the rest stays to the letter."""
    count = tally(source)
    for case in cases(source, tmp_path, 5):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario)
        if made.conclusion is None:
            continue
        more, rule = _with_rule(case, tmp_path, source, "permits", count.tried)
        again = run(more, case.scenario)
        assert again.conclusion is not None
        named = {r if "/" in (r := str(each)) else f"one/{r}" for each in listed(rule.get("defeats"))}
        wrong = []
        mattered = False
        old = verdicts(made)
        # of what may not be there nothing is told once it is settled
        now = {**dict.fromkeys(old, Verdict.NOT_CROSSED), **verdicts(again)}
        for key, was in old.items():
            if key[0] not in named:
                assert now[key] is was, case.told(case.scenario, text(rule), str(key))
                continue
            better = (
                now[key] is was
                or now[key] in HARMLESS
                or (was in DECIDED and now[key] is Verdict.UNDETERMINED)
            )
            if not better or (was in HARMLESS and now[key] not in HARMLESS):
                wrong.append(f"{key}: {was} became {now[key]}")
            mattered |= was not in HARMLESS
        assert not wrong, case.told(case.scenario, text(rule), *wrong)
        holds = {e.holds for e in again.conclusion.effects if e.rule.id == rule["id"]}
        count.note(mattered and holds != {FALSE})
    count.enough()


# --- papers and steps that are added -------------------------------------------------------------------

FOREIGN_GRANTS = ("licence", "re-export-consent", "authorisation")


@both
def test_adding_a_grant_never_worsens(source: str, tmp_path: Path) -> None:
    """A grant that is held, attached wherever; an undertaking may worsen, since it can be breached.

    Left aside are rules whose condition, and not whose requirement, turns on a paper being there: a rule may
    well say that what is licensed calls for care.
    """
    count = tally(source)
    for case in cases(source, tmp_path, 6, wish=generate.Wish(steps=2), written=_papers_asked()):
        if count.tried >= count.wanted:
            break
        before = judged(case, case.scenario)
        if before is None or not mapped(case.scenario.get("items")):
            continue
        policies = case.by.policies
        fair = {
            name(r)
            for p in policies
            for r in p.rules
            if 1 not in leans(policies, r, frozenset({"papers"}), papers=True)
        }
        asking = {
            name(r)
            for p in policies
            for r in p.rules
            if -1 in leans(policies, r, frozenset({"papers"}), papers=True)
        }
        for _ in range(2):
            scenario = with_grant(case.dice, case.scenario, grants_asked(policies))
            after = judged(case, scenario)
            if after is None:
                continue
            wrong = [
                f"{key}: {was} became {after[key]}"
                for key, was in before.items()
                if key in after and key[0] in fair and _worse(was, after[key])
            ]
            assert not wrong, case.told(scenario, *wrong)
            improved = any(was not in HARMLESS and after.get(key) in HARMLESS for key, was in before.items())
            asked = (was for key, was in before.items() if key[0] in fair & asking)
            count.note(improved or (source == "shipped" and bool(set(asked) - {Verdict.NOT_APPLICABLE})))
    count.enough()


def _papers_asked() -> generate_policies.Wish:
    return generate_policies.Wish(kinds=("requires",) * 3 + ("prohibits", "permits"), subjects=("step",))


def _worse(was: Verdict, now: Verdict) -> bool:
    ranks = {Verdict.CROSSES: 3, Verdict.UNDETERMINED: 2, Verdict.REQUIRES_ASSESSMENT: 1}
    return ranks.get(now, 0) > ranks.get(was, 0)


@both
def test_adding_a_step_never_clears(source: str, tmp_path: Path) -> None:
    """Not an earlier step; nor a later one, unless its rule tests for there being no such step behind it, a
    share, or who held the item last."""
    count = tally(source)
    grows = frozenset({"upstream", "undertakings", "steps"})
    for case in cases(source, tmp_path, 7):
        if count.tried >= count.wanted:
            break
        before = judged(case, case.scenario)
        if before is None or not mapped(case.scenario.get("items")):
            continue
        policies = case.by.policies
        fair = {name(r) for p in policies for r in p.rules if -1 not in leans(policies, r, grows)}
        for _ in range(2):
            scenario, place = with_step(case.dice, case.scenario)
            after = judged(case, scenario)
            if after is None:
                continue
            moved = {(rule, _before_adding(of, place)): found for (rule, of), found in after.items()}
            judged_alike = {
                (rule, of): found
                for (rule, of), found in before.items()
                if rule in fair or (of[0] == "transfer" and isinstance(of[1], int) and of[1] < place)
            }
            wrong = [*cleared(judged_alike, moved)]
            assert not wrong, case.told(scenario, *wrong)
            count.note(
                any(found not in HARMLESS and of[0] == "transfer" for (_, of), found in before.items())
            )
    count.enough()


def _before_adding(of: Subject, place: int) -> Subject:
    """What a subject was before a step was added there; the added one was nothing."""
    kind, number = of
    if kind != "transfer" or not isinstance(number, int) or number < place:
        return of
    return ("added", 0) if number == place else (kind, number - 1)


# --- content -----------------------------------------------------------------------------------------


def _content_policy(case: Case) -> Mapped:
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
    count = tally(source)
    for case in cases(source, tmp_path, 9, wish=generate.Wish(alleged=0)):
        if count.tried >= count.wanted:
            break
        before = judged(case, case.scenario)
        if before is None:
            continue
        rules = {name(r): r for p in case.by.policies for r in p.rules if r.validity}
        day = pick(case.dice, ("1950-06-01", "2190-06-01"))
        scenario = _moved(case.scenario, day)
        after = judged(case, scenario)
        if after is None:
            continue
        wrong = []
        for key, found in after.items():
            if key[0] not in rules or _may_hold_on(rules[key[0]], future=day > "2100"):
                continue
            unknown = any(v.state == "unknown" for v in rules[key[0]].validity)
            there = key[1][0] == "transfer" or key[1][1] in {
                **mapped(scenario.get("items")),
                **mapped(scenario.get("agreements")),
            }
            if found in DECIDED or (there and found is not Verdict.NOT_APPLICABLE and not unknown):
                wrong.append(f"{key}: {found} on {day}")
        assert not wrong, case.told(scenario, *wrong)
        count.note(any(key[0] in rules and found not in HARMLESS for key, found in before.items()))
    count.enough()


def _may_hold_on(rule: Rule, *, future: bool) -> bool:
    """Whether the rule is in force without end on that side."""
    return future and any(
        s.high is None and v.state == "in_force" for v in rule.validity for s in v.days.stretches
    )


def _moved(scenario: Mapped, day: str) -> Mapped:
    def still(step: Data) -> Data:
        return {k: v for k, v in mapped(step).items() if k not in ("date", "contract", "delivery")} | {
            "date": day
        }

    steps = scenario.get("transfers")
    made: Data = [still(step) for step in listed(steps)]
    if isinstance(steps, dict):
        made = {**steps, "known": made}
    return {**scenario, "as_of": day, "transfers": made if listed(steps) else "none"}


# --- allegations -------------------------------------------------------------------------------------


_UNKNOWN_TOO = {Verdict.CROSSES: (), Verdict.REQUIRES_ASSESSMENT: (Verdict.UNDETERMINED,)}
"""What stands before it where several steps of a transfer are taken together: that these are all may be
alleged too, and a step that is not listed is then possible."""


@both
def test_an_alleged_fact_never_clears(source: str, tmp_path: Path) -> None:
    """A fact that is only alleged: what is harmless would be so were it not known at all; and what crossed
    when it was stated still crosses."""
    count = tally(source)
    for case in cases(source, tmp_path, 10, wish=generate.CERTAIN, written=generate_policies.PLAIN):
        if count.tried >= count.wanted:
            break
        before = judged(case, case.scenario)
        found = allegations(case.scenario)
        if before is None or not found:
            continue
        silent = silences(case.by.policies)
        for _ in range(3):
            alleging, forgetting = pick(case.dice, found)
            scenario = alleging.to(case.scenario)
            alleged = judged(case, scenario)
            if alleged is None:
                continue
            wrong = [
                f"{key}: {was} became {alleged.get(key)}"
                for key, was in before.items()
                if was in DECIDED and alleged.get(key) not in (was, *_UNKNOWN_TOO[was])
            ]
            assert not wrong, case.told(scenario, *wrong)
            if forgetting is not None and not silent:
                forgotten = forgetting.to(case.scenario)
                gone = judged(case, forgotten)
                wrong = (
                    []
                    if gone is None
                    else [*cleared(gone, {key: alleged.get(key, v) for key, v in gone.items()})]
                )
                assert not wrong, replace(case, scenario=mapped(forgotten)).told(scenario, *wrong)
            count.note(
                any(alleged.get(key) is not was for key, was in before.items())
                or any(v in DECIDED for v in before.values())
            )
    count.enough()


# --- interpreters --------------------------------------------------------------------------------------


@both
def test_what_is_concluded_lies_within_what_the_reference_leaves_possible(
    source: str, tmp_path: Path
) -> None:
    """Of everything that a scenario makes: the verdict is one that Kleene logic over the grammar's own tree
    leaves possible, and is that one where it leaves only one."""
    from redline.engine.reference import judge
    from redline.engine.run import all_subjects

    count = tally(source)
    for case in cases(source, tmp_path, 11, wish=generate.Wish(alleged=0)):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario)
        if made.conclusion is None or made.derived is None or made.supported is not made.derived:
            continue
        rules = {name(r): r for p in case.by.policies for r in p.rules}
        rows = {(s.kind, s.label): s.row for s in all_subjects(made.derived)}
        told_apart = False
        for finding in made.conclusion.findings:
            permits = [
                r for r in rules.values() if r.kind is Kind.PERMITS and name(finding.rule) in r.defeats
            ]
            left = judge(
                finding.rule, permits, rows[finding.subject.kind, finding.subject.label], case.by.readings
            )
            where = f"{name(finding.rule)} on {finding.subject.label}: {finding.verdict} of {sorted(left)}"
            if finding.verdict is Verdict.UNDETERMINED:
                assert len(left) > 1 or finding.subject.phantom, case.told(case.scenario, where)
            else:
                assert finding.verdict in left or (
                    finding.verdict is Verdict.NOT_CROSSED and left & HARMLESS
                ), case.told(case.scenario, where)
            told_apart |= len(left) > 1
        count.note(told_apart)
    count.enough()


@both
def test_the_second_opinion_agrees(source: str, tmp_path: Path) -> None:
    """From YAML to the child process and back, on a few cases."""
    pytest.importorskip("durable_rules_engine")
    from redline.engine.api import opinion

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
    count = tally(source)
    for case in cases(source, tmp_path, 13):
        if count.tried >= count.wanted:
            break
        made = run(case.by, case.scenario, explained=True)
        if made.conclusion is None:
            continue
        cited = 0
        for finding in made.conclusion.findings:
            for premise in (p for under in finding.under for p in under.premises):
                cell = premise.point.cell
                for fact in cell.facts if cell is not None else ():
                    cited += 1
                    where = f"{name(finding.rule)} on {finding.subject.label}: {fact}"
                    assert fact.path, case.told(case.scenario, where)
                    assert fact.span.document == made.document.name, case.told(case.scenario, where)
                    assert 1 <= fact.span.line <= len(made.document.lines), case.told(case.scenario, where)
                    assert _is_there(case.scenario, fact.path) or fact.says, case.told(case.scenario, where)
        count.note(cited > 0)
    count.enough()


def _is_there(scenario: Data, path: str) -> bool:
    """Whether the path leads somewhere in what is written: by keys, numbers from 1, or ids with dots."""
    if not path:
        return True
    if isinstance(scenario, dict) and "known" in scenario:
        return _is_there(scenario["known"], path)
    if isinstance(scenario, dict) and "value" in scenario and scenario.keys() <= {"value", "grade", "source"}:
        return _is_there(scenario["value"], path)
    if isinstance(scenario, dict):
        sugar = {
            "contract": "date",
            "delivery": "date",
            "items": "item",
            "listed": "screened",
            "screened_on": "screened",
        }
        keys = [key for key in scenario if path == key or path.startswith(f"{key}.")]
        if any(_is_there(scenario[key], path[len(key) + 1 :]) for key in keys):
            return True
        head, _, rest = path.partition(".")
        if (
            any(head in mapped(scenario.get(key)) for key in ("covers", "valid"))
            or sugar.get(head) in scenario
        ):
            return True
        return head.startswith("declared") and "declares" in scenario
    if isinstance(scenario, list):
        head, _, rest = path.partition(".")
        return head.isdigit() and 0 < int(head) <= len(scenario) and _is_there(scenario[int(head) - 1], rest)
    return path in ("1", "item", "party")  # named alone


@both
def test_every_fact_that_would_settle_a_finding_does(source: str, tmp_path: Path) -> None:
    """Each outcome that is promised for one missing fact, written into the scenario and read again, gives
    the promised verdict."""
    from redline.engine.edits import edit

    count = tally(source)
    for case in cases(source, tmp_path, 14, wish=generate.Wish(unknown=35, assume=70)):
        if count.tried >= count.wanted:
            break
        fewer = forgettings(case.scenario, silences(case.by.policies))
        scenario = mapped(changed(case.scenario, _some(case, fewer, 5)))
        made = run(case.by, scenario, explained=True)
        if made.conclusion is None:
            continue
        promised = list(_promised(made))
        for rule, of, about, value, verdict in [pick(case.dice, promised)] if promised else []:
            root, problems = edit(node(scenario), [(about, node(value))])
            if problems:
                continue
            again = run(case.by, data(root))
            if again.conclusion is None:
                continue
            found = {f.subject.label: f.verdict for f in again.conclusion.findings if name(f.rule) == rule}
            as_promised = found.get(of) is verdict or {found.get(of), verdict} <= HARMLESS
            assert as_promised, case.told(
                data(root), f"{rule} on {of}: {about} = {value} should give {verdict}, gives {found.get(of)}"
            )
        count.note(bool(promised))
    count.enough()


def _promised(made: Run) -> Iterator[tuple[str, str, str, Data, Verdict]]:
    """Outcomes of one missing fact that one term says, or of nothing more being in a list of which nothing
    is said."""
    assert made.conclusion is not None
    for finding in made.conclusion.findings:
        if finding.subject.phantom or len(finding.under) != 1:
            continue
        for need in finding.main.needs:
            point = need.points[0]
            section, _, last = point.about.split(".")[0], "", point.about.rpartition(".")[2]
            if (
                len(need.points) != 1
                or point.cell is None
                or point.cell.facts
                or section not in ("parties", "items", "transfers")
            ):
                continue
            for values, verdict in need.outcomes:
                value = values[0]
                told_there = point.key == last or (
                    point.key == "country" and last in ("from", "to", "by", "end_user")
                )
                if point.sort == "field" and told_there and isinstance(value, Terms) and value.single:
                    yield name(finding.rule), finding.subject.label, point.about, value.single, verdict
                if last == "origin":
                    continue  # with the origin of a listed part left out it would be read as open again
                if (
                    point.sort == "rest"
                    and last in point.path
                    and value == "nothing more that matters"
                    and not point.cell.stated
                ):
                    yield name(finding.rule), finding.subject.label, point.about, "none", verdict


# --- round trips -----------------------------------------------------------------------------------------


@both
def test_what_a_policy_says_survives_a_round_trip(source: str, tmp_path: Path) -> None:
    """Read, written, and read again: the same policy, and the same findings."""
    count = tally(source)
    again = bench(tmp_path, *shipped_policies(), cited=True)
    for case in cases(source, tmp_path, 15):
        if count.tried >= count.wanted:
            break
        if source == "generated":
            again = bench(tmp_path, data(document(data(document(case.policies[0]).root)).root))
        for one, other in zip(case.by.policies, again.policies, strict=True):
            assert replace(one, document="", digest="") == replace(other, document="", digest=""), case.told(
                ""
            )
        made = run(case.by, case.scenario)
        if made.conclusion is None:
            continue
        twice = run(again, data(document(case.scenario).root))
        assert exactly(twice) == exactly(made), case.told(case.scenario)
        count.note(any(found in DECIDED for found in verdicts(made).values()))
    count.enough()
