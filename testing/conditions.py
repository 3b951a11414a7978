"""Conditions as they would be written, over the vocabulary, from a dice: every construct of the language.

Conditions are made of few and wide comparisons over what scenarios commonly state, so that rules often bite,
often cannot be told, and often do not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redline.engine.words import asked_shapes
from redline.rules.shapes import Field, Type
from redline.testing.dice import Dice, chance, pick
from redline.testing.policy_words import (
    DEFINED,
    FAVOURED,
    FOLLOWS,
    GROUP_OF,
    LISTS_OF,
    PARTS,
    TERMS,
)
from redline.testing.terms import LISTS, VALUES, way, words
from redline.testing.written import Data, Mapped


@dataclass(frozen=True)
class Wish:
    """What sort of policies is wanted."""

    rules: int = 5
    silent: bool = True
    """Whether `unstated` is asked: the one test of what is said, not of what is so."""
    subjects: tuple[str, ...] = ("step",) * 7 + ("item", "agreement", "scenario")
    kinds: tuple[str, ...] = (
        ("prohibits",) * 8 + ("requires",) * 4 + ("weighs",) * 2 + ("permits",) * 3 + ("flags",)
    )


USUAL = Wish()
PLAIN = Wish(silent=False)


@dataclass
class Conditions:
    """Writes conditions for a shape."""

    dice: Dice
    wish: Wish
    listed: bool = False
    """Whether what is written is asked of an element of a list: of that nothing is asked to be unstated."""

    def condition(self, shape: str, depth: int = 2) -> Data:
        """A condition to be asked of that shape."""
        match self.dice.number(0, 13) if depth else 0:
            case 0 | 1 | 2 | 3 | 4 | 5 | 6:
                return self.atom(shape, depth)
            case 7 | 8:
                return {"all": [self.condition(shape, depth - 1), self.atom(shape, depth)]}
            case 9 | 10:
                return {"any": [self.condition(shape, depth - 1), self.atom(shape, depth)]}
            case 11:
                return {"not": self.condition(shape, depth - 1)}
            case _:
                one, other = self.atom(shape, depth), self.atom(shape, depth)
                if isinstance(one, dict) and isinstance(other, dict) and not one.keys() & other.keys():
                    return {**one, **other}
                return {"all": [one, other]}

    def atom(self, shape: str, depth: int) -> Data:
        """A condition of little structure."""
        dice = self.dice
        choice = dice.number(0, 29)
        if choice == 29:
            return self.question()
        if choice in (27, 28):
            named = [name for name, (shapes, _) in DEFINED.items() if shape in shapes.split()]
            if named:
                return pick(dice, named)
        if choice in (22, 23, 24, 25, 26) and (asked := self.of_catalogue(shape)) is not None:
            return asked
        if depth and choice in (11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21) and shape in LISTS_OF:
            name = pick(dice, LISTS_OF[shape])
            inner = asked_shapes(words())[shape].lists[name].shape
            word = "every" if chance(dice, 15) else "some"
            return {f"{word} {name}": self.of_element(inner, min(depth - 1, 1))}
        if choice in (5, 6, 7, 8, 9, 10) and shape in PARTS:
            return self.of_part(shape, depth)
        if shape == "scenario":
            name = pick(dice, LISTS_OF[shape])
            return {f"some {name}": self.of_element(asked_shapes(words())[shape].lists[name].shape, 1)}
        return self.comparison(shape)

    def of_element(self, shape: str, depth: int) -> Data:
        """A condition on an element of a list."""
        outer, self.listed = self.listed, True
        condition = self.condition(shape, depth)
        self.listed = outer
        return condition

    def of_part(self, shape: str, depth: int) -> Data:
        """A condition on a part, dotted or nested."""
        name = pick(self.dice, PARTS[shape])
        inner = asked_shapes(words())[shape].parts[name].shape
        if depth and chance(self.dice, 30):
            return {name: self.condition(inner, depth - 1)}
        found = self.comparison(inner)
        assert isinstance(found, dict)
        return {f"{name}.{key}": test for key, test in found.items()}

    def question(self) -> Data:
        """An interpretation, or what the text leaves open."""
        if chance(self.dice, 20):
            return {"unsettled": "who decides?"}
        answers: tuple[Data, ...] = ({"narrow": "yes"}, {"narrow": "no"}, {"route": ["any", "supplier"]})
        return {"interpretation": pick(self.dice, answers)}

    def of_catalogue(self, shape: str) -> Data | None:
        """A question of the catalogue of derived facts, if there is one for that shape."""
        dice = self.dice
        if shape == "step" and chance(dice, 35):
            return {"paper": self.paper()}
        if shape == "step" and chance(dice, 30):
            ends = pick(dice, (("contract", "delivery"), ("delivery", "return_by")))
            return {
                "days": {
                    "from": ends[0],
                    "to": ends[1],
                    **self.bounds("at_most", "more_than", ("30", "200 days", "52 weeks")),
                }
            }
        if shape in ("step", "item"):
            bounds = self.bounds("more_than", "at_most", ("10%", "25%", "0.5"))
            return {"content_share": {"of": self.of_element("part", 0), **bounds}}
        if shape in ("party", "reached", "passed", "participant"):
            mode = pick(dice, (None, "whole", "multiplied", "any"))
            by = self.of_element("party", 0)
            while isinstance(by, dict) and isinstance(again := by.get("owned"), dict):
                by = again["by"]  # of owners `owned` is not asked again
            owned: Mapped = {"by": by, "at_least": pick(dice, ("50%", "25%", "60%"))}
            return {"owned": owned if mode is None else {**owned, "mode": mode}}
        if shape in ("paper", "undertaking"):
            both: Data = {"activities": ["re-export"], "destinations": ["CN", "TR"]}
            return {"forbids": way(dice, {"destinations": "PK"}, both)}
        return None

    def bounds(self, one: str, other: str, amounts: Sequence[str]) -> Mapped:
        """A bound on an amount."""
        return {pick(self.dice, (one, other)): pick(self.dice, amounts)}

    def paper(self) -> Data:
        """Which paper is asked for."""
        dice = self.dice
        kind = pick(dice, ("licence", "licence", "grant", "grant", "consent", "end-use-certificate"))
        if chance(dice, 50):
            return kind
        asked: Mapped = {"kind": kind}
        if chance(dice, 35):
            friends: Data = {"country": {"in": "friends"}}
            asked["issuer"] = way(dice, "IT", ["IT", "TR"], friends, {"kind": "government"})
        if chance(dice, 15):
            asked["where"] = way(dice, {"issued": {"before": "2026-03-01"}}, {"declared_use": "civil"})
        return asked

    def comparison(self, shape: str) -> Data:
        """A field compared with what it may be."""
        here = asked_shapes(words())[shape]
        known = {**here.fields, **here.many}
        names = [n for n in FAVOURED.get(shape, ()) if n in known] if chance(self.dice, 85) else list(known)
        name = pick(self.dice, names or list(known))
        if self.wish.silent and not self.listed and name not in FOLLOWS and chance(self.dice, 5):
            return {name: "unstated"}
        test = self.test(known[name])
        if name in here.many and chance(self.dice, 12):
            return {name: {"only": test}}
        if chance(self.dice, 10):
            return {name: {"not": test}}
        return {name: test}

    def test(self, of: Field) -> Data:
        """What a field may be."""
        dice = self.dice
        if of.type.sort == "amount":
            return self.amount(of.type)
        if of.type.sort == "name":
            return pick(dice, LISTS) if of.name == "listed" else pick(dice, ("A-1", "radar", "the navy"))
        terms = TERMS.get(of.type.of) or VALUES[of.type.of]
        groups = GROUP_OF.get(of.type.of)
        if groups is not None and chance(dice, 30):
            return {"in": way(dice, pick(dice, groups), [*groups[:2]])}
        several: list[Data] = list(dict.fromkeys(pick(dice, terms) for _ in range(dice.number(1, 3))))
        if len(several) > 1:
            return several
        return {"under": several[0]} if chance(dice, 10) else several[0]

    def amount(self, kind: Type) -> Data:
        """A bound, or several, or one amount."""
        dice = self.dice
        days: tuple[Data, ...] = (
            {"before": "2027-01-01"},
            {"after": "2026-05-01"},
            {"within": ["2026-01-01", "2026-12-31"]},
            {"from": "2026-06-01", "to": "2027-12-31"},
            "2026",
        )
        amounts: Mapping[str, tuple[Data, ...]] = {
            "date": days,
            "share": ({"at_least": "25%"}, {"less_than": "10%"}, {"more_than": "0"}),
            "count": ({"at_most": "1"}, {"equals": "0"}, {"at_least": "2"}),
            "money": ({"more_than": "5000 EUR"}, {"at_most": "10000 EUR"}, {"at_least": "1000 USD"}),
            "length": (
                {"at_least": "300 km"},
                {"less_than": "300 km"},
                {"at_least": "100 km", "at_most": "350 km"},
            ),
        }
        return pick(dice, amounts[kind.of])
