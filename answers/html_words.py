"""Small parts of a page that several of its sections use: a sign, a place, a list, what folds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from redline.answers.chain import MARKS
from redline.answers.markup import Markup, Part, joined, tag
from redline.answers.text_finding import fact_sources
from redline.rules.report import About, Because, Cited, RuleCard
from redline.rules.verdicts import Verdict

HOLDS = {"yes": "holds", "no": "does not hold", "unknown": "cannot be told"}
_SIGN = {"yes": "✓", "no": "-", "unknown": "?"}


def mark(verdict: Verdict) -> Markup:
    """The sign of a verdict on its colour; the words beside it say the same."""
    sign = MARKS.get(verdict, "·")
    return tag("span", sign, class_=f"mark v-{verdict}", aria_hidden="true")


def holds(word: str) -> Markup:
    """Whether something holds: a sign, and in words for who does not see it."""
    return tag("span", _SIGN[word], role="img", aria_label=HOLDS[word], title=HOLDS[word], class_="mark")


def folded(
    summary: Part, *parts: Part | Iterable[Part], unfolded: bool = False, shut: bool = False
) -> Markup:
    """What can be opened and shut without a script; open on paper, unless it is to stay `shut`."""
    return tag("details", tag("summary", summary), *parts, open=unfolded, class_="shut" if shut else None)


def listing(items: Iterable[Part], *, class_: str | None = None) -> Markup | None:
    """A list; nothing where there is nothing to list."""
    told = [tag("li", item) for item in items]
    return tag("ul", told, class_=class_) if told else None


def because_items(because: Iterable[Because]) -> list[Markup]:
    """Sentences of a proof, each with the places and the sources of its facts."""
    return [joined(each.says, places(each.facts), _sources(each)) for each in because]


def _sources(each: Because) -> Markup | None:
    given = fact_sources(each.facts)
    if given:
        return tag("span", f" (source: {'; '.join(given)})", class_="quiet")
    return tag("span", f" ({each.grade})", class_="quiet") if each.grade != "stated" else None


def places(facts: Sequence[Cited]) -> Markup | None:
    """Where facts stand: files by their names alone, the lines of each together."""
    lines: dict[str, dict[int, None]] = {}
    for fact in facts:
        if fact.line:
            lines.setdefault(fact.file.rpartition("/")[2], {}).setdefault(fact.line)
    told = "; ".join(f"{name}:{', '.join(map(str, sorted(found)))}" for name, found in lines.items())
    return joined(" ", tag("span", told, class_="place")) if told else None


def at(verdict: Verdict, subjects: Sequence[About]) -> str:
    """`crossed at step 3`, `undetermined at steps 2 and 3`."""
    words = "crossed" if verdict is Verdict.CROSSES else verdict.words
    if subjects[0].kind == "scenario":
        return words
    return f"{words} {'at' if subjects[0].kind == 'step' else 'for'} {called(subjects)}"


def called(subjects: Sequence[About]) -> str:
    """`step 3`, `steps 1, 3`."""
    names = [subject.called for subject in subjects]
    if len(names) > 1 and all(name.startswith("step ") for name in names):
        return f"steps {', '.join(name.removeprefix('step ') for name in names)}"
    return ", ".join(names)


def short(rule: str) -> str:
    """A rule's name without its policy."""
    return rule.rpartition("/")[2]


def said_by(card: RuleCard) -> str:
    """Whose word a rule is, and how strong."""
    to = f" to {card.addressed_to}" if card.addressed_to else ""
    return f"{card.layer}, {card.strength}; stated by {card.stated_by}{to}"


def counted(number: int, noun: str) -> str:
    """`1 rule`, `3 rules`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
