"""Policies as they would be written, over the vocabulary, from a dice: rules of every kind on what
`conditions.py` writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from redline.testing.conditions import PLAIN, USUAL, Conditions, Wish
from redline.testing.dice import Dice, chance, pick
from redline.testing.policy_words import DEFINED, GROUPS, INTERPRETATIONS
from redline.testing.terms import WORDS, way
from redline.testing.written import Data, Mapped

__all__ = ["PLAIN", "USUAL", "Author", "Wish", "framed", "policy"]


@dataclass
class Author(Conditions):
    """Writes rules, and conditions for them."""

    policy: str = ""
    rules: list[tuple[str, str]] = field(default_factory=list)
    """The rules so far that a permission may name, with their subjects."""

    def rule(self, name: str, kind: str = "", subject: str = "") -> Mapped:
        """A rule; a permission names some of those before it."""
        dice = self.dice
        kind = kind or pick(dice, self.wish.kinds)
        subject = subject or pick(dice, self.wish.subjects)
        if kind == "requires" and subject not in ("step", "item"):
            subject = "step"
        rule: Mapped = {
            "id": name,
            "says": f"Something is said by {name}.",
            "kind": kind,
            "layer": pick(dice, ("political", "legal", "regime", "contract")),
            "strength": pick(dice, ("law", "formal request", "guideline", "concern")),
            "source": [{"text": "an instrument, article 1"}],
            "for": "the scenario" if subject == "scenario" else f"each {subject}",
        }
        if chance(dice, 25):
            rule["scope"] = self.condition(subject, 1)
        rule["when"] = self.condition(subject)
        if chance(dice, 25):
            rule["unless"] = self.condition(subject, 1)
        if chance(dice, 20):
            self.validity(rule)
        self.of_kind(rule, kind, subject)
        if chance(dice, 5):
            rule["voice"] = pick(dice, ("state", "reported"))
        return rule

    def of_kind(self, rule: Mapped, kind: str, subject: str) -> None:
        """What belongs to the kind of the rule."""
        dice = self.dice
        match kind:
            case "requires" if subject == "step":
                paper: Data = {"paper": self.paper()}
                more: Data = self.atom("step", 1)
                rule["requires"] = way(dice, paper, paper, {"any": [paper, more]}, {"all": [paper, more]})
                if chance(dice, 15):
                    rule["burden"] = "exporter"
            case "requires":
                rule["requires"] = self.condition(subject, 1)
            case "weighs" if chance(dice, 60):
                rule["factors"] = [{"name": "a factor", "when": self.condition(subject, 1)}]
            case "flags":
                rule["asks"] = "is it so?"
            case "permits":
                fitting: list[Data] = [name for name, other in self.rules if other == subject]
                if fitting:
                    chosen = [each for each in fitting if chance(dice, 60)]
                    rule["defeats"] = chosen or fitting[:1]
            case _:
                pass

    def validity(self, rule: Mapped) -> None:
        """Since when and until when it is in force."""
        dice = self.dice
        ways: tuple[Data, ...] = (
            {"from": "2020-01-01"},
            {"from": "2026-01-01", "to": "2027-05-31"},
            {"from": "2014-01-01", "lifted": "2026-09-01"},
            [{"from": "2026-01-01"}, {"from": "2026-08-01", "to": "2026-12-31", "state": "suspended"}],
            [{"state": "unknown"}, {"from": "2026-05-01", "state": "in_force"}],
        )
        rule["validity"] = pick(dice, ways)
        if chance(dice, 40):
            running: tuple[Data, ...] = (
                "covered",
                "exempt",
                {"begun_before": "exempt", "ended_after": "covered"},
            )
            rule["running"] = pick(dice, running)


def policy(dice: Dice, wish: Wish = USUAL, name: str = "one", least: int = 2) -> Mapped:
    """A policy of at least so many rules that is read without a problem."""
    author = Author(dice, wish, policy=name)
    rules: list[Data] = []
    for number in range(1, dice.number(least, wish.rules) + 1):
        made = author.rule(f"rule-{number}")
        if made["kind"] in ("prohibits", "requires", "weighs"):
            author.rules.append((f"rule-{number}", str(made["for"]).split()[-1]))
        rules.append(made)
    return framed(name, rules)


def framed(name: str, rules: Sequence[Data]) -> Mapped:
    """A policy of these rules, with all that they may name."""
    return {
        "redline": "1",
        "policy": name,
        "title": f"Policy {name}",
        "edition": "1",
        "stated_by": "IN",
        "addressed_to": "IT",
        **WORDS,
        "groups": GROUPS,
        "interpretations": INTERPRETATIONS,
        "define": {key: condition for key, (_, condition) in DEFINED.items()},
        "rules": list(rules),
    }
