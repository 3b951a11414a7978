"""What follows from conditions by their form alone: sound, and far from complete; proofs are not made here.

A *fact* is a condition that is known to hold, at a path of parts of the row.  `implied` and `excluded`
answer yes only where it is so for every row.
"""

from __future__ import annotations

from typing import assert_never

from redline.rules.condition import (
    All,
    Any,
    Condition,
    Every,
    In,
    Is,
    Named,
    Not,
    Reading,
    Silent,
    Some,
    Unsettled,
)
from redline.rules.values import Amounts, Test, Value, inside, overlap

Path = tuple[str, ...]
Fact = tuple[Path, Condition]


def bare(condition: Condition) -> Condition:
    """The condition with what it names written out."""
    match condition:
        case All(parts):
            return All(tuple(bare(part) for part in parts))
        case Any(parts):
            return Any(tuple(bare(part) for part in parts))
        case Not(body):
            return Not(bare(body))
        case In(part, body):
            return In(part, bare(body))
        case Some(name, body):
            return Some(name, bare(body))
        case Every(name, body):
            return Every(name, bare(body))
        case Named(_, body):
            return bare(body)
        case Is() | Silent() | Reading() | Unsettled():
            return condition
        case _:
            assert_never(condition)


def facts_of(condition: Condition, path: Path = ()) -> tuple[Fact, ...]:
    """What is known where the condition, with nothing named in it, holds."""
    match condition:
        case All(parts):
            return tuple(fact for part in parts for fact in facts_of(part, path))
        case In(part, body):
            return facts_of(body, (*path, part))
        case Not(Any(parts)):
            return tuple(fact for part in parts for fact in facts_of(Not(part), path))
        case Not(In(part, body)):
            return facts_of(Not(body), (*path, part))
        case Not(Not(body)):
            return facts_of(body, path)
        case _:
            return ((path, condition),)


def implied(goal: Condition, known: tuple[Fact, ...], path: Path = ()) -> bool:
    """Whether the goal holds wherever all that is known does."""
    if any(at == path and fact == goal for at, fact in known):
        return True
    here = [fact for at, fact in known if at == path]
    match goal:
        case All(parts):
            return all(implied(part, known, path) for part in parts)
        case Any(parts):
            return any(implied(part, known, path) for part in parts)
        case In(part, body):
            return implied(body, known, (*path, part))
        case Is(key, test):
            return any(isinstance(f, Is) and f.key == key and _inside(f.test, test) for f in here)
        case Not(Is(key, test)):
            return any(
                (isinstance(f, Is) and f.key == key and _apart(f.test, test))
                or (
                    isinstance(f, Not)
                    and isinstance(f.part, Is)
                    and f.part.key == key
                    and _inside(test, f.part.test)
                )
                for f in here
            )
        case Some(name, body):
            return any(
                isinstance(f, Some) and f.list == name and implied(body, facts_of(f.body)) for f in here
            )
        case Reading(name, answers):
            return any(isinstance(f, Reading) and f.name == name and f.answers <= answers for f in here)
        case Not() | Every() | Silent() | Unsettled():
            return False
        case Named(_, body):
            return implied(body, known, path)
        case _:
            assert_never(goal)


def excluded(goal: Condition, known: tuple[Fact, ...], path: Path = ()) -> bool:
    """Whether the goal fails wherever all that is known holds."""
    here = [fact for at, fact in known if at == path]
    if any(fact == Not(goal) or goal == Not(fact) for fact in here):
        return True
    match goal:
        case All(parts):
            facts = facts_of(goal, path)
            return any(excluded(part, known, path) for part in parts) or contradicted(facts)
        case Any(parts):
            return all(excluded(part, known, path) for part in parts)
        case In(part, body):
            return excluded(body, known, (*path, part))
        case Is(key, test):
            return any(
                (isinstance(f, Is) and f.key == key and _apart(f.test, test))
                or (
                    isinstance(f, Not)
                    and isinstance(f.part, Is)
                    and f.part.key == key
                    and _inside(test, f.part.test)
                )
                for f in here
            )
        case Not(Is(key, test)):
            return any(isinstance(f, Is) and f.key == key and _inside(f.test, test) for f in here)
        case Some(_, body):
            return contradicted(facts_of(body))
        case Reading(name, answers):
            return any(isinstance(f, Reading) and f.name == name and not f.answers & answers for f in here)
        case Not() | Every() | Silent() | Unsettled():
            return False
        case Named(_, body):
            return excluded(body, known, path)
        case _:
            assert_never(goal)


def contradicted(known: tuple[Fact, ...]) -> bool:
    """Whether what is known cannot all hold."""
    return any(excluded(fact, (*known[:i], *known[i + 1 :]), path) for i, (path, fact) in enumerate(known))


def _inside(one: Test, other: Test) -> bool:
    return _comparable(one.accepts, other.accepts) and inside(one.accepts, other.accepts)


def _apart(one: Test, other: Test) -> bool:
    """Whether no value passes both, nor may pass both."""
    ones = [v for v in (one.accepts, one.perhaps) if v is not None]
    others = [v for v in (other.accepts, other.perhaps) if v is not None]
    return all(_comparable(a, b) and not overlap(a, b) for a in ones for b in others)


def _comparable(one: Value, other: Value) -> bool:
    if isinstance(one, Amounts) and isinstance(other, Amounts):
        return one.unit == other.unit
    return type(one) is type(other)
