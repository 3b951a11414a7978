"""What the things of this scenario are called in its answers, and the way from a subject to a fact.

Every name comes from the scenario: a party by its name, a thing without one by its id, a step by its
number.  Nothing here knows a word of any rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from redline.answers.phrases import PART_UNNAMED, UNNAMED, fill
from redline.answers.say_values import in_sentence, said_name
from redline.engine.characters import visible
from redline.rules.facts import Entity, Scenario
from redline.rules.finding import Point
from redline.rules.frozen import dataclass, replace
from redline.rules.policy import Interpretation, Policy, Rule
from redline.rules.record import Row, Subject
from redline.rules.shapes import Field, Shape, Sub
from redline.rules.values import Terms
from redline.rules.vocabulary import ASKED, EXTENSIBLE, STATED


@dataclass(frozen=True, slots=True)
class Step:
    """One row on the way to a fact: the part or list by which it was reached, and what it is called."""

    by: str
    row: Row
    called: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What is needed to speak of one scenario under the loaded policies."""

    called: Mapping[str, str]
    """By path (`parties.navy`): what it is called."""
    bare: Mapping[str, str]
    """By the name that records carry: what it is called."""
    stated: Mapping[str, Shape]
    asked: Mapping[str, Shape]
    paths: Mapping[str, str]
    """By path: its stated shape."""
    rules: Mapping[str, Rule]
    interpretations: Mapping[str, Interpretation]

    def subject(self, subject: Subject) -> str:
        """What the subject of a finding is called."""
        if subject.phantom and subject.transfer is None:
            return visible(subject.label)
        match subject.kind:
            case "step":
                return f"step {said_name(subject.label)}"
            case "scenario":
                return "the scenario"
            case kind:
                return self.called.get(f"{kind}s.{subject.label}") or f"the {said_name(subject.label)}"

    def trail(self, point: Point, subject: Subject) -> tuple[Step, ...]:
        """The rows that lead to a point, the subject's first, each with what it is called."""
        rows, path = point.rows, point.path
        if not rows:
            return ()
        steps = [Step("", rows[0], self.subject(subject))]
        at = 0
        for row in rows[1:]:
            by = str(path[at])
            at += 2 if at + 1 < len(path) and isinstance(path[at + 1], int) else 1
            steps.append(Step(by, row, self.row(row, steps[-1].called, by)))
        return tuple(steps)

    def row(self, row: Row, whole: str, by: str = "") -> str:
        """What a row's thing is called; one that is not named, by what it is to the whole."""
        path = self.path_of(row)
        if path is not None:
            return self.called[path]
        name = row.name.removeprefix("the ")
        if name and not name.startswith("a party in "):
            return " or ".join(self.bare.get(each, said_name(each)) for each in name.split(" or "))
        place = row.cells.get("country")
        if name and place is not None and isinstance(place.value, Terms) and place.value.single:
            return f"some party in {in_sentence(place.value.single)}"
        if row.shape == "reached" and (how := row.cells.get("how")) is not None:
            held = how.value.single if isinstance(how.value, Terms) else None
            named = {
                "holder": "the recipient",
                "end-user": "the end user",
                "place-of-use": "the place of use",
            }
            if held in named:
                return f"{named[held]} in {whole}"
        return fill(PART_UNNAMED[by], whole=whole) if by in PART_UNNAMED else UNNAMED.get(row.shape, "this")

    def path_of(self, row: Row) -> str | None:
        """The path of the thing that the row is about, where its cells tell one."""
        for key, cell in row.cells.items():
            if isinstance(key, str) and cell.about.endswith(f".{key}"):
                path = cell.about[: -len(key) - 1]
                if path in self.called:
                    return path
        return None

    def field(self, steps: tuple[Step, ...], key: str) -> tuple[str, Field | Sub | None]:
        """The shape and the field that a key of the last row means; of a list of values, the list's."""
        last = steps[-1]
        if last.row.shape == "value" and len(steps) > 1:
            shape = steps[-2].row.shape
            return shape, self.asked[shape].many.get(last.by)
        known = self.asked.get(last.row.shape)
        if known is None:
            return last.row.shape, None
        return last.row.shape, known.fields.get(key) or known.many.get(key) or known.lists.get(key)


def naming(scenario: Scenario, policies: Iterable[Policy]) -> Naming:
    """The names of a scenario under the policies, whose declared facts are spoken of too."""
    policies = tuple(policies)
    entities = [
        entity
        for group in (scenario.parties, scenario.items, scenario.agreements, scenario.papers)
        for entity in group.values()
    ]
    called = {entity.path: _called(entity) for entity in entities}
    called |= {entity.path: f"step {said_name(entity.id)}" for entity in scenario.transfers}
    asked, stated = dict(ASKED), dict(STATED)
    for policy in policies:
        for shape, fields in policy.declared.items():
            stated[shape] = replace(stated[shape], fields={**stated[shape].fields, **fields})
            for record in EXTENSIBLE.get(shape, ()):
                asked[record] = replace(asked[record], fields={**asked[record].fields, **fields})
    return Naming(
        called,
        {entity.name: called[entity.path] for entity in entities},
        stated,
        asked,
        {entity.path: entity.shape for entity in (*entities, *scenario.transfers)},
        {f"{rule.policy}/{rule.id}": rule for policy in policies for rule in policy.rules},
        {f"{p.id}/{i.name}": i for p in policies for i in p.interpretations.values()},
    )


def _called(entity: Entity) -> str:
    name = said_name(entity.name)
    return name if "name" in entity.facts else f"the {name}"


def whole_of(naming: Naming, steps: tuple[Step, ...]) -> str:
    """What the last of the rows stands in: of a part, the item; of all else, the row before."""
    if len(steps) < 2:
        return steps[-1].called
    return list_owner(naming, steps[:-1], "content") if steps[-1].row.shape == "part" else steps[-2].called


def list_owner(naming: Naming, steps: tuple[Step, ...], name: str) -> str:
    """Whom or what a list of the last row is about: of what is in a step, its item."""
    last = steps[-1]
    if (
        last.row.shape == "step"
        and name in ("content", "agreements", "co_developers")
        and "item" in last.row.parts
    ):
        return naming.row(last.row.parts["item"], last.called, "item")
    return last.called
