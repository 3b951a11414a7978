"""Changes to what a scenario says, for laws to compare what is judged before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from redline.rules.frozen import dataclass
from redline.testing.written import Data, Mapped, Place, listed, mapped, put

SHAPES: Mapping[str, str] = {
    "parties": "party",
    "items": "item",
    "agreements": "agreement",
    "papers": "paper",
}
CALLED = frozenset({"id", "name", "what", "grade", "source", "title"})
"""Keys that say what something is called, not what is so."""
SPEAKS: Mapping[tuple[str, str], str] = {
    ("party", "owners"): "no_other_owners",
    ("party", "listed"): "parties_screened",
    ("party", "screened"): "parties_screened",
    ("party", "flags"): "no_flags",
    ("item", "flags"): "no_flags",
    ("transfer", "flags"): "no_flags",
    ("party", "nationalities"): "no_other_nationalities",
    ("item", "contains"): "nothing_else_inside",
    ("item", "made_with"): "nothing_else_inside",
    ("transfer", "end_user"): "recipient_is_end_user",
    ("transfer", "place_of_use"): "used_where_received",
    ("transfer", "papers"): "no_other_papers",
    ("transfer", "knew"): "nobody_knew",
}
"""The assumption that speaks where nothing is said."""
SILENCE_SAYS = frozenset(
    {
        ("transfer", "via"),
        ("transfer", "by"),
        ("transfer", "into"),
        ("transfer", "contract"),
        ("transfer", "delivery"),
    }
    | {("paper", key) for key in ("forbids", "binds", "from", "to")}
)
"""What means something when it is left out."""
REFERENCES = frozenset(
    {
        "from",
        "to",
        "by",
        "end_user",
        "into",
        "item",
        "items",
        "party",
        "issuer",
        "partners",
        "contains",
        "made_with",
        "owners",
        "via",
        "papers",
    }
)
TREE_OF: Mapping[str, str] = {
    "country": "country",
    "made_in": "country",
    "place_of_use": "country",
    "class": "class",
    "form": "form",
    "military": "yes_no",
    "sensitivity": "sensitivity",
    "activity": "activity",
    "end_use": "end_use",
    "status": "status",
    "seeks_business": "yes_no",
    "state": "paper_state",
    "how": "knowledge",
    "of": "end_use",
}
COMPLETE = frozenset(
    {"contains", "made_with", "origin", "via", "nationalities", "partners", "items", "forbids"}
)
"""Lists that are complete as given."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a scenario: what is put where, and the keys that it touches."""

    key: str
    puts: tuple[tuple[Place, Data | None], ...]
    refers: bool = False
    """Whether it changes who or what is meant, so that other things may be silent than before."""

    def to(self, scenario: Data) -> Data:
        """The scenario changed."""
        for path, new in self.puts:
            scenario = put(scenario, path, new)
        return scenario


def changed(scenario: Data, changes: Sequence[Change]) -> Data:
    """The scenario with changes that do not touch the same places made."""
    for number, change in enumerate(changes):
        earlier = [path for other in changes[:number] for path, _ in other.puts]
        if not any(p[: len(q)] == q or q[: len(p)] == p for p, _ in change.puts for q in earlier):
            scenario = change.to(scenario)
    return scenario


def things(scenario: Mapped) -> Iterator[tuple[str, Place, Mapped]]:
    """Everything that has a shape: with the shape, its path, and what is said of it."""
    for section, shape in SHAPES.items():
        for name, said in mapped(scenario.get(section)).items():
            if name != "more" and isinstance(said, dict):
                yield shape, (section, name), said
    base: Place = ("transfers", "known") if isinstance(scenario.get("transfers"), dict) else ("transfers",)
    for number, said in enumerate(listed(scenario.get("transfers"))):
        if isinstance(said, dict):
            yield "transfer", (*base, number), said
