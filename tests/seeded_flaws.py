"""A hundred flaws for the policies that ship, ten of each kind: each one small edit of one policy's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from redline.rules.evidence import FlawKind

Edit = Callable[[str], str]
MAIN, PLAN, COMMITTEE, BUYING = (
    "india-italy",
    "india-italy-cooperation",
    "joint-defence-committee",
    "india-procurement",
)
IDS = {MAIN: "india-italy-defence"}


@dataclass(frozen=True)
class Seed:
    """An edit of a policy, and the rule (or intent, scope, interpretation) that it makes flawed."""

    kind: FlawKind
    policy: str
    flawed: str
    edit: Edit
    near: tuple[str, ...] = ()
    """The rules that the flaw may turn on; none named: all of the policy."""

    @property
    def name(self) -> str:
        """The full name of what is flawed."""
        return f"{IDS.get(self.policy, self.policy)}/{self.flawed}"


def _block(text: str, rule: str) -> tuple[int, int]:
    start = text.index(f"  - id: {rule}\n")
    end = re.compile(r"^(  - id: |---)", re.MULTILINE).search(text, start + 5)
    return start, len(text) if end is None else end.start()


def put(rule: str, old: str, new: str) -> Edit:
    """In a rule, the one for the other."""

    def edit(text: str) -> str:
        start, end = _block(text, rule)
        assert old in text[start:end], f"`{old}` is not in {rule}"
        return text[:start] + text[start:end].replace(old, new, 1) + text[end:]

    return edit


def head(old: str, new: str) -> Edit:
    """The same before the rules."""

    def edit(text: str) -> str:
        assert text.count(old) >= 1, f"`{old}` is nowhere"
        return text.replace(old, new, 1)

    return edit


def also(rule: str, old: str, *conditions: str) -> Edit:
    """In a rule, further conditions behind a line of its list."""
    more = "".join(f"        - {condition}\n" for condition in conditions)
    return put(rule, f"        - {old}\n", f"        - {old}\n{more}")


def unless(rule: str, condition: str) -> Edit:
    """A rule that had no exception has one."""
    return put(rule, "    examples:\n", f"    unless: {condition}\n    examples:\n")


def copied(rule: str, ident: str, *changes: tuple[str, str]) -> Edit:
    """Beside a rule, one like it but for the changes."""

    def edit(text: str) -> str:
        start, end = _block(text, rule)
        copy = text[start:end].partition("    examples:\n")[0]
        copy = re.sub(r"    accept:\n(      .*\n)+", "", copy)
        for old, new in ((f"  - id: {rule}\n", f"  - id: {ident}\n"), *changes):
            assert old in copy, f"`{old}` is not in {rule}"
            copy = copy.replace(old, new, 1)
        return text[:start] + copy + "\n" + text[start:]

    return edit


def all_of(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(text: str) -> str:
        for each in edits:
            text = each(text)
        return text

    return edit


def _of(kind: FlawKind, *seeds: tuple[str, str, Edit, tuple[str, ...]]) -> Sequence[Seed]:
    assert len(seeds) == 10
    return [Seed(kind, *seed) for seed in seeds]


def _rule(policy: str, rule: str, edit: Edit, *near: str) -> tuple[str, str, Edit, tuple[str, ...]]:
    return policy, rule, edit, (rule, *near)


def _in_main(rule: str, edit: Edit, *near: str) -> tuple[str, str, Edit, tuple[str, ...]]:
    return _rule(MAIN, rule, edit, *near)


DEAD = _of(
    FlawKind.DEAD,
    _in_main(
        "no-defence-tech-to-pakistan",
        also("no-defence-tech-to-pakistan", "passes_on", "{activity: negotiation}"),
    ),
    _in_main(
        "systemic-supply-to-pakistan", also("systemic-supply-to-pakistan", "passes_on", "{activity: financing}")
    ),
    _in_main(
        "advanced-arms-in-pakistans-arsenal",
        also("advanced-arms-in-pakistans-arsenal", "some content: sensitive", "to.country: PK", "to.country: IR"),
    ),
    _in_main(
        "exclusive-co-development",
        also(
            "exclusive-co-development",
            "some partners: {country: {not: [IT, IN]}}",
            "every partners: {country: [IT, IN]}",
        ),
    ),
    _in_main(
        "european-partners-respect-the-line",
        also("european-partners-respect-the-line", "passes_on", "from: {all: [{country: NL}, {country: TR}]}"),
    ),
    _in_main(
        "dutch-links-with-pakistan",
        also("dutch-links-with-pakistan", "passes_on", "item: {all: [{military: yes}, {military: no}]}"),
    ),
    _in_main(
        "undisclosed-flow",
        put("undisclosed-flow", "all: [{flags: undisclosed}, ", "all: [{flags: undisclosed}, {not: {flags: undisclosed}}, "),
    ),
    _rule(
        BUYING,
        "dealings-resumed",
        put("dealings-resumed", "{part: sender}, restricted", "{part: sender}, restricted, {not: restricted}"),
    ),
    _rule(
        COMMITTEE,
        "talks-between-ministries",
        put("talks-between-ministries", "{activity: staff-talks}", "{activity: staff-talks}, {activity: export}"),
    ),
    _rule(
        PLAN,
        "made-rather-than-bought",
        also("made-rather-than-bought", "from: {country: {not: IN}}", "item: {form: software}"),
    ),
)  # fmt: skip

SHADOWED = _of(
    FlawKind.SHADOWED,
    *(
        _in_main(rule, unless(rule, condition))
        for rule, condition in (
            ("systemic-supply-to-pakistan", "reaches_pakistan"),
            ("advanced-arms-in-pakistans-arsenal", "passes_on"),
            ("arms-passed-on-to-militants", "{some content: defence}"),
            ("joint-technology-kept-from-adversaries", "{some co_developers: {country: IN}}"),
            ("exclusive-co-development", "{some partners: {country: IT}}"),
            ("exclusive-technology", "passes_on"),
            ("no-third-country-routes", "{interpretation: {routes_undertaken: yes}}"),
            ("european-partners-respect-the-line", "{some content: meant_by_the_request}"),
            ("dutch-links-with-pakistan", "reaches_pakistan"),
        )
    ),
    _rule(
        BUYING,
        "no-dealings-with-the-restricted-group",
        unless("no-dealings-with-the-restricted-group", "for_indian_defence"),
    ),
)

_NARROWER = (
    ("no-defence-tech-to-pakistan", "passes_on", "{activity: export}"),
    ("systemic-supply-to-pakistan", "passes_on", "{item.class: torpedo}"),
    ("advanced-arms-in-pakistans-arsenal", "some content: sensitive", "{activity: supply}"),
    ("arms-passed-on-to-militants", "passes_on", "{item.form: hardware}"),
    ("joint-technology-kept-from-adversaries", "passes_on", "{activity: loan}"),
    ("exclusive-co-development", "some partners: {country: {not: [IT, IN]}}", "some partners: {country: FR}"),
    ("european-partners-respect-the-line", "passes_on", "{item.class: radar}"),
    ("dutch-links-with-pakistan", "passes_on", "{to.country: PK}"),
    ("exclusive-technology", "passes_on", "{item.military: yes}"),
    ("no-third-country-routes", "passes_on", "{activity: export}"),
)
REDUNDANT = _of(
    FlawKind.REDUNDANT,
    *(
        _in_main(
            f"{rule}-narrowly",
            copied(rule, f"{rule}-narrowly", (f"        - {old}\n", f"        - {old}\n        - {more}\n")),
            rule,
        )
        for rule, old, more in _NARROWER
    ),
)

_FORBIDDEN = (
    "no-defence-tech-to-pakistan",
    "joint-technology-kept-from-adversaries",
    "exclusive-co-development",
    "exclusive-technology",
    "no-third-country-routes",
    "european-partners-respect-the-line",
    "promises-on-shared-designs-kept",
    "cooperation-hinges-on-restraint",
)
CONFLICT = _of(
    FlawKind.CONFLICT,
    *(
        _in_main(
            f"{rule}-allowed",
            copied(rule, f"{rule}-allowed", ("    kind: prohibits\n", "    kind: permits\n")),
            rule,
        )
        for rule in _FORBIDDEN
    ),
    _rule(
        BUYING,
        "dealings-allowed",
        copied(
            "no-dealings-with-the-restricted-group", "dealings-allowed",
            ("    kind: prohibits\n", "    kind: permits\n"),
            ("    running: {begun_before: exempt, ended_after: covered}\n", ""),
            ("            - unsettled: on which day of 2014 were the restrictions imposed?\n", ""),
        ),
        "no-dealings-with-the-restricted-group",
    ),
    _rule(
        BUYING,
        "dealings-resumed",
        put("dealings-resumed", "    validity: {from: 2021-11-12}\n", "    validity: {from: 2021-11-11}\n"),
        "no-dealings-with-the-restricted-group",
    ),
)  # fmt: skip


def _decides(policy: str, scope: str) -> tuple[str, str, Edit, tuple[str, ...]]:
    return policy, "decides", head("\nrules:\n", f"\ndecides: {{{scope}}}\n\nrules:\n"), ()


GAP = _of(
    FlawKind.GAP,
    _decides(MAIN, "when: {all: [{from.country: IT}, {to.country: PK}]}"),
    _decides(MAIN, "when: {some reach: {country: CN}}"),
    _decides(MAIN, "for: each agreement, when: joint_project"),
    _decides(MAIN, "when: {flags: undisclosed}"),
    _decides(MAIN, "when: {some content: {origin: NL}}"),
    _decides(PLAN, "when: {all: [{from.country: IT}, {to.country: IN}]}"),
    _decides(PLAN, "when: between_both_forces"),
    _decides(COMMITTEE, "when: between_both"),
    _decides(BUYING, "when: for_indian_defence"),
    _decides(BUYING, "when: {some parties: restricted}"),
)

IDLE_EXCEPTION = _of(
    FlawKind.IDLE_EXCEPTION,
    _in_main(
        "no-defence-tech-to-pakistan",
        put(
            "no-defence-tech-to-pakistan",
            "all: [{interpretation: {support: left_out}}, {activity: maintenance}]",
            "any: [{all: [{interpretation: {support: left_out}}, {activity: maintenance}]}, "
            "{activity: staff-talks}]",
        ),
    ),
    _in_main(
        "consent-before-shared-designs-move-on",
        put(
            "consent-before-shared-designs-move-on",
            "        - activity: return\n",
            "        - activity: return\n        - activity: negotiation\n",
        ),
    ),
    *(
        _in_main(rule, unless(rule, condition))
        for rule, condition in (
            ("systemic-supply-to-pakistan", "{activity: financing}"),
            ("advanced-arms-in-pakistans-arsenal", "{activity: exercise}"),
            ("arms-passed-on-to-militants", "{not: {some reach: {kind: non-state-armed-group}}}"),
            ("joint-technology-kept-from-adversaries", "{activity: negotiation}"),
            ("exclusive-co-development", "{every partners: {country: [IT, IN]}}"),
            ("european-partners-respect-the-line", "{activity: memorandum}"),
            ("dutch-links-with-pakistan", "{not: passes_on}"),
        )
    ),
    _rule(PLAN, "outside-the-plan", unless("outside-the-plan", "{activity: export}"), "cooperation-plan"),
)


def _idle(policy: str, reading: str, edit: Edit, *near: str) -> tuple[str, str, Edit, tuple[str, ...]]:
    return policy, reading, edit, near


_SPARE = head(
    "\ninterpretations:\n",
    "\ninterpretations:\n  spare:\n    question: Does it matter?\n    answers: {yes: so, no: not so}\n",
)
IDLE_INTERPRETATION = _of(
    FlawKind.IDLE_INTERPRETATION,
    _idle(
        MAIN,
        "support",
        put(
            "no-defence-tech-to-pakistan",
            "    unless:\n      all: [{interpretation: {support: left_out}}, {activity: maintenance}]\n",
            "",
        ),
        "no-defence-tech-to-pakistan",
    ),
    _idle(
        MAIN,
        "routes_undertaken",
        put("no-third-country-routes", ", {interpretation: {routes_undertaken: yes}}", ""),
        "no-third-country-routes",
    ),
    _idle(
        MAIN,
        "exclusively",
        put("exclusive-technology", ", {interpretation: {exclusively: technology}}", ""),
        "exclusive-technology",
    ),
    _idle(
        MAIN,
        "europe",
        head("      - all: [{interpretation: {europe: continent}}, {country: {in: rest_of_europe}}]\n", ""),
        "european-partners-respect-the-line",
    ),
    _idle(
        MAIN,
        "defence_means",
        head("{interpretation: {defence_means: dual_use_too}}, {codes", "is_military, {codes"),
        "systemic-supply-to-pakistan",
    ),
    _idle(
        MAIN,
        "pakistan_means",
        head("      - all: [{interpretation: {pakistan_means: any_contact}}, {some reach: {country: PK}}]\n", ""),
        "systemic-supply-to-pakistan",
    ),
    _idle(
        MAIN,
        "spare",
        all_of(
            _SPARE,
            also(
                "systemic-supply-to-pakistan",
                "passes_on",
                "any: [{interpretation: {spare: yes}}, {interpretation: {spare: no}}]",
            ),
        ),
        "systemic-supply-to-pakistan",
    ),
    _idle(
        MAIN,
        "spare",
        all_of(
            _SPARE,
            also(
                "exclusive-technology",
                "passes_on",
                "any: [passes_on, {all: [{interpretation: {spare: yes}}, {activity: export}]}]",
            ),
        ),
        "exclusive-technology",
    ),
    _idle(
        PLAN,
        "plan_years",
        put(
            "cooperation-plan",
            "{interpretation: {plan_years: calendar}}, {delivery: {within: [2026-01-01, 2027-12-31]}}",
            "{interpretation: {plan_years: calendar}}, {delivery: {within: [2026-05-01, 2026-12-31]}}",
        ),
    ),
    _idle(
        BUYING,
        "spare",
        all_of(
            _SPARE,
            put(
                "dealings-resumed",
                "some parties: {all: [{part: sender}, restricted]}",
                "some parties: {all: [{part: sender}, restricted, {any: [restricted, "
                "{interpretation: {spare: yes}}]}]}",
            ),
        ),
    ),
)  # fmt: skip

_STRETCHES = "    validity: [{state: unknown}, {from: 2026-01-01}]\n"


def _dated(rule: str, stretches: str) -> tuple[str, str, Edit, tuple[str, ...]]:
    return _in_main(rule, put(rule, _STRETCHES, f"    validity: [{stretches}]\n"))


VALIDITY_OVERLAP = _of(
    FlawKind.VALIDITY_OVERLAP,
    _dated("no-defence-tech-to-pakistan", "{to: 2026-06-30}, {state: suspended, from: 2026-01-01}"),
    _dated("systemic-supply-to-pakistan", "{to: 2026-01-01}, {state: suspended, from: 2026-01-01}"),
    _dated("advanced-arms-in-pakistans-arsenal", "{state: unknown, to: 2026-01-01}, {from: 2025-12-31}"),
    _dated("arms-passed-on-to-militants", "{from: 2020-01-01, to: 2026-03-31}, {state: unknown, from: 2026-03-31}"),
    _dated(
        "joint-technology-kept-from-adversaries",
        "{state: suspended, from: 2019-01-01, to: 2021-12-31}, {from: 2021-06-01}",
    ),
    _dated("exclusive-technology", "{state: unknown, to: 2026-02-28}, {from: 2026-02-01}"),
    _dated(
        "no-third-country-routes",
        "{from: 2010-01-01, to: 2012-12-31}, {from: 2013-01-01, to: 2016-12-31}, {state: suspended, from: 2016-12-01}",
    ),
    _dated("european-partners-respect-the-line", "{from: 2026-01-01}, {state: suspended, to: 2026-01-01}"),
    _dated("dutch-links-with-pakistan", "{to: 2027-12-31}, {state: suspended, from: 2027-01-01, to: 2028-12-31}"),
    _dated("consent-before-shared-designs-move-on", "{state: unknown, to: 2026-12-31}, {from: 2026-01-01}"),
)  # fmt: skip
VALIDITY_HOLE = _of(
    FlawKind.VALIDITY_HOLE,
    _dated("no-defence-tech-to-pakistan", "{state: unknown, to: 2025-12-30}, {from: 2026-01-01}"),
    _dated("systemic-supply-to-pakistan", "{from: 2015-01-01, to: 2016-12-31}, {from: 2018-01-01}"),
    _dated("advanced-arms-in-pakistans-arsenal", "{from: 2027-01-01}, {state: unknown, to: 2025-12-31}"),
    _dated("arms-passed-on-to-militants", "{to: 2020-02-28}, {from: 2020-03-01}"),
    _dated(
        "joint-technology-kept-from-adversaries",
        "{to: 2010-12-31}, {from: 2011-01-01, to: 2012-12-31}, {from: 2013-02-01}",
    ),
    _dated("exclusive-technology", "{state: suspended, to: 2020-12-31}, {from: 2026-01-01}"),
    _dated("no-third-country-routes", "{state: unknown, lifted: 2025-12-31}, {from: 2026-01-01}"),
    _dated("european-partners-respect-the-line", "{from: 2010-01-01, to: 2010-12-31}, {from: 2026-01-01}"),
    _dated("dutch-links-with-pakistan", "{state: unknown, to: 2025-06-30}, {from: 2026-01-01}"),
    _rule(
        BUYING,
        "no-dealings-with-the-restricted-group",
        put(
            "no-dealings-with-the-restricted-group",
            "validity: {from: 2014-01-01, lifted: 2021-11-12}",
            "validity: [{from: 2014-01-01, to: 2016-12-31}, {from: 2017-02-01, lifted: 2021-11-12}]",
        ),
    ),
)


def _intent(ident: str, when: str) -> tuple[str, str, Edit, tuple[str, ...]]:
    intent = f"\nintents:\n  - {{id: {ident}, says: This does not come about., when: {when}}}\n\nrules:\n"
    return MAIN, ident, head("\nrules:\n", intent), ()


LOOPHOLE = _of(
    FlawKind.LOOPHOLE,
    _intent("nothing-italian-there", "{all: [{some content: {origin: IT}}, {to.country: PK}]}"),
    _intent(
        "nothing-from-italian-plant", "{all: [{some content: {origin: IT, via: made-with-plant}}, {to.country: PK}]}"
    ),
    _intent("no-italian-arms-in-china", "{all: [{some content: {origin: IT, military: yes}}, {to.country: CN}]}"),
    _intent("no-french-arms-there", "{all: [{some content: {origin: FR, military: yes}}, {to.country: PK}]}"),
    _intent("no-arms-for-armed-groups", "{all: [{item.military: yes}, {to.kind: non-state-armed-group}]}"),
    _intent("nothing-indian-there", "{all: [{item.origin: IN}, {to.country: PK}]}"),
    _intent("no-talks-there", "{all: [{activity: staff-talks}, {to.country: PK}]}"),
    _intent("no-end-user-in-china", "{all: [{from.country: IT}, {end_user.country: CN}]}"),
    _intent("nothing-on-to-turkey", "{all: [{some upstream: {from.country: IT}}, {to.country: TR}]}"),
    _intent("nothing-from-china", "{all: [{from.country: CN}, {to.country: IN}]}"),
)  # fmt: skip


def _widened(rule: str, *conditions: str) -> tuple[str, str, Edit, tuple[str, ...]]:
    """A permission that names the rule, and holds wherever that does and further."""
    permits = ("    kind: prohibits\n", f"    kind: permits\n    defeats: [{rule}]\n")
    changes = [
        (f"        - {each}\n", f"        - any: [{each}, {{to.country: CN}}]\n") for each in conditions
    ]
    return _in_main(rule, copied(rule, f"{rule}-allowed", permits, *changes), f"{rule}-allowed")


FURTHER = [
    *(
        Seed(FlawKind.DEAD, *seed)
        for seed in (
            _in_main(
                "no-defence-tech-to-pakistan",
                also(
                    "no-defence-tech-to-pakistan",
                    "passes_on",
                    "{activity: export}",
                    "{activity: {not: export}}",
                ),
            ),
            _in_main(
                "dutch-links-with-pakistan",
                also("dutch-links-with-pakistan", "passes_on", "{to.country: FR}", "{not: {to.country: FR}}"),
            ),
            _in_main(
                "systemic-supply-to-pakistan",
                also("systemic-supply-to-pakistan", "passes_on", "{delivery: {before: 2020-01-01}}"),
            ),
            _in_main(
                "exclusive-technology",
                also("exclusive-technology", "passes_on", "{contract: {before: 2020-01-01}}"),
            ),
        )
    ),
    *(
        Seed(FlawKind.SHADOWED, *seed)
        for seed in (
            _widened("exclusive-technology", "passes_on"),
            _widened("european-partners-respect-the-line", "passes_on"),
        )
    ),
]
"""Flaws that were once left undetermined: tests that contradict each other where terms may be one another, or by
dates, and permissions wider than what they defeat."""

SEEDS = [
    *CONFLICT,
    *DEAD,
    *SHADOWED,
    *REDUNDANT,
    *GAP,
    *IDLE_EXCEPTION,
    *IDLE_INTERPRETATION,
    *VALIDITY_OVERLAP,
    *VALIDITY_HOLE,
    *LOOPHOLE,
]
