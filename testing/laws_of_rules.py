"""Laws about policies: their order, their dates, what is added to them, and how they are written."""

from __future__ import annotations

from redline.engine.run import Bench
from redline.rules.frozen import replace
from redline.rules.policy import Rule
from redline.rules.truth import FALSE
from redline.rules.verdicts import HARMLESS, Verdict
from redline.testing.dice import chance, pick
from redline.testing.judged import Subject, exactly, name, run, verdicts
from redline.testing.law import DECIDED, Trial, Tried, judged, law
from redline.testing.loading import changed, written
from redline.testing.order import mixed, shuffled
from redline.testing.written import Data, Mapped, data, document, listed, mapped, text

IN_ORDER = frozenset({"transfers", "known", "validity", "within", "via", "contains", "owners", "examples"})
"""Lists whose elements are numbered in answers, or whose order says something: transfers above all."""
_SHARED = ("says", "layer", "strength", "source", "for", "scope", "when")


@law()
def the_order_of_rules_of_files_and_of_keys_is_irrelevant(case: Trial) -> Tried:
    """Rules and everything named in policies mixed, the files given in another order, scenarios mixed."""
    first, second = case.reordered() if case.reordered else _reordered(case)
    before = run(first, case.scenario)
    if before.conclusion is None:
        return
    scenario = shuffled(case.dice, case.scenario, IN_ORDER)
    assert exactly(run(second, scenario)) == exactly(before), case.told(scenario)
    yield any(found in DECIDED for found in verdicts(before).values())


@law()
def adding_a_prohibition_that_nothing_names_never_clears(case: Trial) -> Tried:
    """What the other rules say stays, to the letter; the whole is never better than it was."""
    made = run(case.by, case.scenario)
    if made.conclusion is None:
        return
    more, rule = case.more("prohibits") if case.more else _more(case, "prohibits")
    again = run(more, case.scenario)
    before, after = exactly(made), exactly(again)
    others = {key: found for key, found in after.items() if not key[0].endswith(f"/{rule['id']}")}
    assert others == before, case.told(case.scenario, text(rule))
    yield any(_added(key) and found is not Verdict.NOT_APPLICABLE for key, found in verdicts(again).items())


@law()
def adding_a_permission_never_crosses(case: Trial) -> Tried:
    """Of the rules that it names none becomes worse, and none where it does not hold becomes other than it
    was; the rest stays to the letter."""
    made = run(case.by, case.scenario)
    if made.conclusion is None:
        return
    more, rule = case.more("permits") if case.more else _more(case, "permits")
    again = run(more, case.scenario)
    assert again.conclusion is not None
    named = {str(each) for each in listed(rule.get("defeats"))}
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
            now[key] is was or now[key] in HARMLESS or (was in DECIDED and now[key] is Verdict.UNDETERMINED)
        )
        if not better or (was in HARMLESS and now[key] not in HARMLESS):
            wrong.append(f"{key}: {was} became {now[key]}")
        mattered |= was not in HARMLESS
    assert not wrong, case.told(case.scenario, text(rule), *wrong)
    holds = {e.holds for e in again.conclusion.effects if e.rule.id == rule["id"]}
    yield mattered and holds != {FALSE}


@law(about=lambda rule, _: bool(rule.validity), none="no rule has dates")
def outside_its_dates_no_rule_crosses(case: Trial) -> Tried:
    """Everything moved to a day before any rule was in force, or after: no rule with dates crosses or calls
    for an assessment, and one that is certainly not in force then is not applicable."""
    before = judged(case, case.scenario)
    if before is None:
        return
    rules = {name(r): r for p in case.by.policies for r in p.rules if r.validity}
    day = pick(case.dice, ("1950-06-01", "2190-06-01"))
    scenario = _moved(case.scenario, day)
    after = judged(case, scenario)
    if after is None:
        return
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
    yield any(key[0] in rules and found not in HARMLESS for key, found in before.items())


@law()
def what_a_policy_says_survives_a_round_trip(case: Trial) -> Tried:
    """Read, written, and read again: the same policy, and the same findings."""
    again = case.again() if case.again else _again(case)
    for one, other in zip(case.by.policies, again.policies, strict=True):
        assert replace(one, document="", digest="") == replace(other, document="", digest=""), case.told("")
    made = run(case.by, case.scenario)
    if made.conclusion is None:
        return
    twice = run(again, data(document(case.scenario).root))
    assert exactly(twice) == exactly(made), case.told(case.scenario)
    yield any(found in DECIDED for found in verdicts(made).values())


def _reordered(case: Trial) -> tuple[Bench, Bench]:
    ships: list[Data] = [shuffled(case.dice, each, IN_ORDER) for each in mixed(case.dice, written(case.by))]
    return case.by, changed(case.by, ships)


def _again(case: Trial) -> Bench:
    return changed(case.by, [data(document(each).root) for each in written(case.by)])


def _more(case: Trial, kind: str) -> tuple[Bench, Mapped]:
    """The policies with a rule more, which asks what one of theirs asks; a permission names that one too."""
    ships = written(case.by)
    known = [
        (number, mapped(rule))
        for number, policy in enumerate(ships)
        for rule in listed(policy.get("rules"))
        if mapped(rule).get("kind") in ("prohibits", "requires", "weighs")
    ]
    number, target = pick(case.dice, known)
    rule: Mapped = {key: target[key] for key in _SHARED if key in target}
    rule |= {"id": "added-0", "kind": kind}
    if kind == "permits":
        of = ships[number]["policy"]
        others = [r for n, r in known if n == number and r["for"] == target["for"]]
        rule["defeats"] = [f"{of}/{r['id']}" for r in others if r is target or chance(case.dice, 50)]
    one = {**ships[number], "rules": [*listed(ships[number]["rules"]), rule]}
    return changed(case.by, [*ships[:number], one, *ships[number + 1 :]]), rule


def _added(key: tuple[str, Subject]) -> bool:
    return key[0].rpartition("/")[2].startswith("added-")


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
