"""What was found on a stage, written out: the scenario, and where in it each thing stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from redline.analysis.fill import Data, Wish, filled
from redline.analysis.stage import Found, Stage
from redline.analysis.witness_days import DAYS, written_day
from redline.rules.condition import InForce
from redline.rules.terms import YES_NO
from redline.rules.values import Amounts, Terms, Value


def written_out(stage: Stage, found: Found, day: Amounts) -> tuple[Data, Mapping[str, str]]:
    """The scenario as of the day, and the paths that its list elements had in the outline, by those that they
    have now.  Raises Unwritable."""
    facts: dict[str, Value] = {}
    wishes: list[Wish] = []
    there: list[str] = []
    value = stage.wording.value
    for key, mask in found.items():
        match key:
            case ("fact", str(path), (str(name), _) as column) if name not in DAYS or not stage.dated(path):
                facts.setdefault(path, value(column, mask))  # type: ignore[arg-type]
            case ("there", str(path)) if mask == 0b01:
                there.append(path)
            case ("derived there", (_, str(name), *_) as of) if mask == 0b01:
                wishes.append(Wish(name, of, Terms(YES_NO, frozenset({"yes"}))))  # type: ignore[arg-type]
            case ("derived", of, (name, _) as column) if not isinstance(name, InForce):
                wishes.append(Wish(name, of, value(column, mask)))  # type: ignore[arg-type]
            case _:
                pass
    if stage.kind == "agreement":
        there.append("agreements.agreement-1")
    # of a value of a list there is something to say if it is there
    facts = {
        path: each for path, each in facts.items() if path not in stage.outline.optional or path in there
    }
    return filled(stage.outline, facts, there, wishes, written_day(day), stage.unsaid)


def readings(stage: Stage, found: Found) -> dict[str, str]:
    """The answers to interpretations."""
    answers = stage.bench.plan.answers
    return {
        str(key[1][0]): answers[str(key[1][0])][mask.bit_length() - 1]
        for key, mask in found.items()
        if isinstance(key, tuple) and key[0] == "reading"
    }


def places(found: Found, moved: Mapping[str, str]) -> frozenset[str]:
    """Where in the scenario that was written what was found stands."""
    now = {old: new for new, old in moved.items()}
    at = set[str]()
    for key, mask in found.items():
        match key:
            case ("fact", str(path), *_):
                at.add(now.get(path, path))
            case ("there", str(path)) if mask == 0b01:
                at.add(now.get(path, path))
            case ("there", str(path)):
                at.add(path.rpartition(".")[0])  # there are no more
            case _:
                pass
    return frozenset(at)


def closed(at: Iterable[str]) -> frozenset[str]:
    """That the lists which have an element at one of the places have no more of them."""
    lists = (place.rpartition(".") for place in at)
    return frozenset(f"{holder}.more" for holder, _, number in lists if number.isdigit())
