"""An outline filled in: the scenario that a choice of facts makes, as plain data.

What derivation works out (that a paper covers the step, that a promise is breached, who owns whom) cannot
be written down.  What can be is what it follows from; that is done here, plainly, and whoever asked for it
looks whether it came out as it should.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any

from redline.analysis.outline import Outline
from redline.analysis.plausible import plausible, written
from redline.analysis.witness_days import DAYS
from redline.rules.condition import (
    All,
    Condition,
    Covered,
    Days,
    Every,
    Forbids,
    In,
    Is,
    Named,
    Not,
    Owned,
    Query,
    Share,
    Some,
)
from redline.rules.condition import Any as AnyOf
from redline.rules.frozen import dataclass, replace
from redline.rules.values import Amounts, Terms, Value

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """Something derived that is to come out so: the question or the name of the field, whom or what it is
    about (names of the outline), and the value."""

    key: str | Query
    of: tuple[str, ...]
    value: Value

    @property
    def yes(self) -> bool:
        """Whether it is to be so."""
        return isinstance(self.value, Terms) and self.value.single in ("yes", "held")


class Unwritable(Exception):
    """Nothing that can be written gives what is wished."""


def filled(
    outline: Outline,
    facts: Mapping[str, Value],
    there: Collection[str],
    wishes: Sequence[Wish],
    day: str,
    unsaid: Collection[str] = (),
) -> tuple[Data, Mapping[str, str]]:
    """The scenario with these facts, by path, and those optional elements, as of the day; and the paths of
    its list elements in the outline, by the path that they have now.  Of the fields `unsaid` nothing is said.
    Raises Unwritable."""
    filling = _Filling(outline, deepcopy(outline.data), day)
    for path, value in facts.items():
        holder, _, name = path.rpartition(".")
        if name.isdigit():
            filling.set(path, _text(value))
        else:  # what the outline says stays: of what is not told apart from it, it is what is meant
            filling.at(holder).setdefault(name, _said(value))
    for wish in sorted(wishes, key=_turn):
        filling.grant(wish)
    filling.rest(unsaid)
    moved = filling.drop(there)
    filling.tidy()
    return filling.data, moved


def _turn(wish: Wish) -> tuple[bool, bool, Fraction]:
    """From contract to delivery before other dates.  What is owned after what is not, the largest share last,
    so that no more is than may be; what is breached last of all."""
    owned = isinstance(wish.key, Owned) and wish.yes
    share = wish.key.at_least if owned and isinstance(wish.key, Owned) else Fraction(0)
    other = isinstance(wish.key, Days) and not {wish.key.start, wish.key.end} <= {*DAYS}
    return wish.key == "breached", other, share


def _said(value: Value) -> object:
    said = written(value)
    if said is None:
        raise Unwritable(str(value))
    return said


def _text(value: Value) -> str:
    text = plausible(value)
    if text is None:
        raise Unwritable(str(value))
    return text


class _Filling:
    """A scenario while it is filled in."""

    def __init__(self, outline: Outline, data: Data, day: str) -> None:
        self.outline, self.data = outline, data
        self.data["as_of"] = day
        self.data["assume"] = ["used_where_received"]
        self.kept: set[str] = set()
        self.not_owned: set[str] = set()
        self.step = str(len(data["transfers"]))

    def at(self, path: str) -> Any:
        """What stands at a path of the outline."""
        found: Any = self.data
        for part in path.split("."):
            if isinstance(found, dict) and "known" in found and part not in found:
                found = found["known"]
            found = found[int(part) - 1] if isinstance(found, list) else found.setdefault(part, {})
        return found

    def set(self, path: str, text: object) -> None:
        holder, _, name = path.rpartition(".")
        if name.isdigit():  # a value of a list
            thing, _, of = holder.rpartition(".")
            values = self.at(thing).setdefault(of, {"known": [], "more": "none"})["known"]
            values += [None] * (int(name) - len(values))
            values[int(name) - 1] = text
        else:
            self.at(holder)[name] = text

    def grant(self, wish: Wish) -> None:
        """Writes down what makes the wish come true."""
        match wish.key:
            case Covered() as query if wish.yes:
                self._paper_held(query)
            case "covers" if wish.of:
                paper = self._paper(wish.of[-1])
                paper["covers"] = {"items": ["product"]} if wish.yes else {"consignees": [paper["issuer"]]}
            case "good" if wish.of:
                paper = self._paper(wish.of[-1])
                paper.setdefault("state", "held" if wish.yes else "refused")
                paper["valid"] = {"from": "1950-01-01", "to": "2100-12-31"}
            case "undertakings":
                self._promise(self._paper(wish.of[-1]), breached=False)
            case "breached" if wish.of:
                self._promise(self._paper(wish.of[-1]), breached=wish.yes)
            case Forbids() as query if wish.of:
                self._paper(wish.of[-1])["forbids"] = [_ban(query)] if wish.yes else "none"
            case Owned() as query if wish.of:
                self._owner(wish.of[-1], query, owned=wish.yes)
            case Days(start, end):
                self._apart(start, end, wish.value)
            case Share(of) if not wish.yes:
                self._share(of, wish.value)
            case _:
                pass

    def _paper(self, name: str) -> Data:
        ident = name.replace(" ", "-")
        found: Data = self.data["papers"][ident]
        self.kept.add(f"transfers.{self.step}.papers.{list(self.data['papers']).index(ident) + 1}")
        return found

    def _paper_held(self, query: Covered) -> None:
        for number, name in enumerate(self.data["papers"] if self.data["papers"] != "none" else (), 1):
            path = f"transfers.{self.step}.papers.{number}"
            if path in self.kept:
                continue
            self.kept.add(path)
            paper = self.data["papers"][name]
            paper |= {"kind": query.kind, "state": "held", "covers": {"items": ["product"]}}
            paper["valid"] = {"from": "1950-01-01", "to": "2100-12-31"}
            if query.issuer is not None:
                self._meeting(query.issuer, f"parties.{paper['issuer']}")
            if query.where is not None:
                self._meeting(query.where, f"papers.{name}")
            return
        raise Unwritable("there is no room for another paper")

    def _promise(self, paper: Data, *, breached: bool) -> None:
        transfer = self.data["transfers"][-1]
        paper.setdefault("kind", "no-re-export-clause")
        paper.setdefault("state", "held")
        paper.setdefault("valid", {"from": "1950-01-01", "to": "2100-12-31"})
        paper.setdefault("covers", {"items": ["product"]})
        paper["binds"] = [transfer[name] for name in ("from", "by", "to") if name in transfer]
        paper["forbids"] = (
            [{"activities": [transfer.setdefault("activity", "export")]}] if breached else "none"
        )

    def _owner(self, party: str, query: Owned, *, owned: bool) -> None:
        name = party.replace(" ", "-")
        if not owned:
            self.not_owned.add(name)
            return
        owners = self.data["parties"].get(name, {}).get("owners")
        if not isinstance(owners, dict):
            raise Unwritable(f"there is no room for an owner of {party}")
        self.kept.add(f"parties.{name}.owners.1")
        # of who is not owned to another share, or by others, no more is owned than is asked for
        least = f"{float(query.at_least * 100):g} %" if name in self.not_owned else "100 %"
        owners["known"][0]["share"] = least
        self._meeting(query.by, f"parties.{owners['known'][0]['party']}")

    def _apart(self, start: str, end: str, value: Value) -> None:
        """So many days from the one date of the step to the other; what is not said is the scenario's."""
        step = self.data["transfers"][-1]
        assert isinstance(value, Amounts)
        number, unit = _text(replace(value, whole=True)).split()  # from one day to another
        if not unit.startswith("day"):
            raise Unwritable(f"{number} {unit}")
        backwards = end in DAYS and start not in DAYS
        known, other = (end, start) if backwards else (start, end)
        day = date.fromisoformat(step.setdefault(known, self.data["as_of"])).toordinal()
        day += -int(number) if backwards else int(number)
        if not 1 <= day <= date.max.toordinal():
            raise Unwritable(f"{number} {unit} from {step[known]}")
        step[other] = date.fromordinal(day).isoformat()

    def _share(self, of: Condition, value: Value) -> None:
        text = _text(value)
        if text.split()[0] == "0":
            return
        if not isinstance(self.data["items"]["product"]["contains"], list):
            raise Unwritable("there is no room for a part")
        self.kept.add("items.product.contains.1")
        self.data["items"]["product"]["contains"][0]["share"] = text
        self._meeting(of, "items.part-1")

    def _meeting(self, condition: Condition, thing: str) -> None:
        """Makes a thing meet a condition, in the first way that is found."""
        match condition:
            case All(parts):
                for part in parts:
                    self._meeting(part, thing)
            case AnyOf(parts) if parts:
                self._meeting(parts[0], thing)
            case Named(_, body):
                self._meeting(body, thing)
            case Is(key=str() as key, test=test):
                self.set(f"{thing}.{key}", _text(test.accepts))
            case In(part, body) if part == "issuer":
                self._meeting(body, f"parties.{self.at(thing)['issuer']}")
            case Some(name, Is(key="value", test=test)):
                self.kept.add(f"{thing}.{name}.1")
                self.set(f"{thing}.{name}.1", _text(test.accepts))
            case Not() | Every():
                pass  # left to what is not said
            case _:
                raise Unwritable(f"{type(condition).__name__} of {thing}")

    def rest(self, unsaid: Collection[str]) -> None:
        """Says the ordinary thing where nothing was chosen and derivation looks."""
        agreements = self.data["agreements"].values() if self.data["agreements"] != "none" else ()
        for things, name, ordinary in (
            (self.data["transfers"], "activity", "export"),
            ([self.data["items"]["product"]], "form", "hardware"),
            (agreements, "kind", "co-development"),
        ):
            for thing in things if name not in unsaid else ():
                thing.setdefault(name, ordinary)

    def drop(self, there: Collection[str]) -> Mapping[str, str]:
        """Takes out what is optional and not there; gives where the rest stood."""
        kept = self.kept.union(there)
        kept |= {path for path in self.outline.optional if any(k.startswith(f"{path}.") for k in kept)}
        moved: dict[str, str] = {}
        lists: dict[str, list[int]] = {}
        for path in sorted(self.outline.optional):
            holder, _, name = path.rpartition(".")
            if name.isdigit():
                lists.setdefault(holder, []).append(int(name))
            elif path not in kept:
                del self.at(holder)[name]
        for holder, numbers in lists.items():
            thing, _, name = holder.rpartition(".")
            if thing and self._gone(thing):
                continue
            listed = self.at(thing).get(name, {"known": []})
            old = listed["known"] if isinstance(listed, dict) else listed
            left = [
                n for n, each in enumerate(old, 1) if each and (n not in numbers or f"{holder}.{n}" in kept)
            ]
            moved |= {f"{holder}.{now}": f"{holder}.{n}" for now, n in enumerate(left, 1)}
            known = [old[n - 1] for n in left]
            self.at(thing)[name] = {"known": known, "more": "none"} if known else "none"
        return moved

    def _gone(self, thing: str) -> bool:
        found: Any = self.data
        for part in thing.split("."):
            if isinstance(found, dict) and "known" in found and part not in found:
                found = found["known"]
            if isinstance(found, list):
                if int(part) > len(found):
                    return True
                found = found[int(part) - 1]
            elif isinstance(found, dict) and part in found:
                found = found[part]
            else:
                return True
        return False

    def tidy(self) -> None:
        """Takes out what nothing refers to any more."""
        for section in ("papers", "agreements"):
            if not self.data[section]:
                self.data[section] = "none"
        used = _words(self.data["transfers"]) | _words(self.data["agreements"])
        if isinstance(self.data["papers"], dict):
            papers = {k: v for k, v in self.data["papers"].items() if k in used}
            self.data["papers"] = {**papers, "more": "none"} if papers else "none"
        for section in ("items", "parties"):
            while True:
                seen = used | _words(self.data["items"]) | _words(self.data["papers"])
                seen |= {w for p in self.data["parties"].values() for w in _words(p)}
                left = {k: v for k, v in self.data[section].items() if k in seen}
                if len(left) == len(self.data[section]):
                    break
                self.data[section] = left


def _words(data: Any) -> set[str]:
    if isinstance(data, dict):
        return {w for v in data.values() for w in _words(v)}
    if isinstance(data, list):
        return {w for v in data for w in _words(v)}
    return {data} if isinstance(data, str) else set()


def _ban(query: Forbids) -> Data:
    limits = {"activities": query.activities, "destinations": query.destinations, "end_uses": query.end_uses}
    ban = {name: sorted(terms.within or ()) for name, terms in limits.items() if terms is not None}
    return ban or {"activities": ["export", "re-export", "retransfer"]}
